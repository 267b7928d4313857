//! Where what is put into a flow stands: in its line, between the two ends. Where these are too near to each other, what
//! lies beyond moves on in the direction of the flow.

use std::sync::Arc;

use super::room_between::{LastRoom, Wanted};
use super::{Editor, Way};
use crate::model::{Component, Id};
use crate::scene::geometry::distance_to;
use crate::scene::{self, Overlay, Pos, Rect, Route, SNAP};
use crate::tokens::size;

/// From an end to what stands between, at least; across and down.
const LEAST: (f32, f32) = (56.0, 40.0);
/// The same where room is made: as much as a pill and an arrow need, if that is no long text.
const PLENTY: (f32, f32) = (112.0, 72.0);
const WIDEST: f32 = 200.0;
/// From a corner of the line, or the edge of a boundary.
const BESIDE: f32 = 32.0;
/// How far from the middle of an end its lines run at most, where they run beside each other.
const LANES: f32 = 24.0;
/// What comes nearer to something than this lies on it.
const CLEAR: f32 = 8.0;

/// A place in the line of a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct Between {
    pub centre: Pos,
    pub(super) corner: Pos,
    /// How the drawing looks with the room that is made for it, if that is needed.
    room: Option<Arc<Overlay>>,
}

impl Between {
    /// How the drawing looks with the room that is made for it.
    pub fn with_room(&self) -> Overlay {
        self.room.as_deref().cloned().unwrap_or_default()
    }
}

/// What is to stand in a line.
pub(super) struct Comer<'a> {
    size: (f32, f32),
    /// Which element it is, if it is drawn already: it is in nobody's way, and nothing takes it along.
    id: Option<&'a Id>,
}

/// The part of a line in which something is to stand.
struct Stretch {
    way: Way,
    /// The flow goes to the left, or up.
    is_back: bool,
    /// Where it begins and ends along its way.
    low: End,
    high: End,
    /// The last edges before it and behind it: what moves lies beyond a line between these.
    edges: (f32, f32),
    /// How far aside it is, and whether that is where the line runs.
    aside: f32,
    is_on_line: bool,
}

#[derive(Clone, Copy)]
struct End {
    at: f32,
    /// What is to stay free before it, at least and where room is made.
    least: f32,
    plenty: f32,
}

impl Way {
    fn along(self, pos: Pos) -> f32 {
        if self == Self::Across { pos.x } else { pos.y }
    }

    fn aside(self, pos: Pos) -> f32 {
        if self == Self::Across { pos.y } else { pos.x }
    }

    fn pos(self, along: f32, aside: f32) -> Pos {
        if self == Self::Across { Pos::new(along, aside) } else { Pos::new(aside, along) }
    }

    fn of(self, (across, down): (f32, f32)) -> f32 {
        if self == Self::Across { across } else { down }
    }
}

impl End {
    fn element(way: Way, at: f32, pill: f32) -> Self {
        let plenty = way.of((PLENTY.0.max(pill + BESIDE).min(WIDEST), PLENTY.1));
        Self { at, least: way.of(LEAST), plenty }
    }

    fn beside(at: f32) -> Self {
        Self { at, least: BESIDE, plenty: BESIDE }
    }
}

impl Editor {
    /// Where a component of a kind would stand in a flow if it were dropped there; `None` where it can stand only aside.
    pub fn between(
        &self,
        (kind, technology): (&str, &str),
        flow: &Id,
        at: Pos,
        last: &mut LastRoom,
    ) -> Option<Between> {
        let find = || self.new_comer(&self.named(kind, technology)).size;
        let size = last.size_of((self.drawn(), kind.to_owned(), technology.to_owned()), find);
        self.seat_between(&Comer { size, id: None }, flow, at, last)
    }

    /// Where a component that is drawn already would stand in a flow if it were dropped there.
    pub fn between_with(&self, id: &Id, flow: &Id, at: Pos, last: &mut LastRoom) -> Option<Between> {
        self.seat_between(&self.known_comer(id)?, flow, at, last)
    }

    /// Whether a component may be put into a flow by dropping it there: nothing leads to it yet or from it, so that no flow
    /// but that one changes.
    pub fn may_go_between(&self, id: &Id) -> bool {
        let guards = self.model.component(id).is_some_and(|it| it.gate_of.is_some());
        self.can_end(id) && !guards && self.layout.flows_of(id).next().is_none()
    }

    pub(super) fn new_comer(&self, component: &Component) -> Comer<'static> {
        Comer { size: scene::card_size(&self.model, &self.nesting, &self.view, component), id: None }
    }

    fn known_comer<'a>(&self, id: &'a Id) -> Option<Comer<'a>> {
        let card = self.layout.cards.get(id)?.rect;
        Some(Comer { size: (card.width(), card.height()), id: Some(id) })
    }

    pub(super) fn seat_between(
        &self,
        comer: &Comer<'_>,
        flow: &Id,
        at: Pos,
        last: &mut LastRoom,
    ) -> Option<Between> {
        let route = self.layout.flows.get(flow).filter(|it| it.merged.is_empty())?;
        let mut stretch = stretch(route, at)?;
        let way = stretch.way;
        self.keep_within(&mut stretch, way.along(at));
        let (size, own) = (comer.size, comer.id);
        let (extent, across) = if way == Way::Across { size } else { (size.1, size.0) };
        let Stretch { low, high, is_back, edges, .. } = stretch;
        let on_grid = |it: f32| (it / SNAP).round() * SNAP;
        let aside = if stretch.is_on_line {
            self.in_row_with_an_end(route, way, stretch.aside)
        } else {
            on_grid(stretch.aside - across / 2.0) + across / 2.0
        };
        let card = |corner: f32| Rect::centred(way.pos(corner + extent / 2.0, aside), size.0, size.1);
        let (lowest, highest) = (low.at + low.least, high.at - high.least - extent);
        if lowest <= highest {
            let wished = on_grid(way.along(at) - extent / 2.0);
            let rect = card(wished.clamp(lowest, highest));
            return self.is_clear((&rect, own), at, &Overlay::default()).then(|| Between {
                centre: rect.centre(),
                corner: rect.min,
                room: None,
            });
        }
        let missing = extent + low.plenty + high.plenty - (high.at - low.at);
        let by = (missing / SNAP).ceil() * SNAP;
        let line = edges.0.midpoint(edges.1);
        let drawn = self.drawn();
        let wanted = Wanted { drawn, flow: flow.clone(), own: own.cloned(), way, is_back, line, by };
        let overlay = self.room_between(route, wanted, last)?;
        let corner = if is_back { high.at - high.plenty - extent } else { low.at + low.plenty };
        let snap = if is_back { f32::floor } else { f32::ceil };
        let rect = card(snap(corner / SNAP) * SNAP);
        self.is_clear((&rect, own), at, &overlay).then(|| Between {
            centre: rect.centre(),
            corner: rect.min,
            room: Some(overlay),
        })
    }

    /// Where lines run beside each other, what stands in one of them stands in a row with its ends.
    fn in_row_with_an_end(&self, route: &Route, way: Way, aside: f32) -> f32 {
        let ends = [&route.from, &route.to].into_iter().filter_map(|it| self.layout.rect(it));
        let middles = ends.map(|it| way.aside(it.centre()));
        let near = middles.filter(|it| (it - aside).abs() <= LANES);
        near.min_by(|a, b| (a - aside).abs().total_cmp(&(b - aside).abs())).unwrap_or(aside)
    }

    /// Leaves of a stretch what lies on this side of edges of boundaries, and of gates on them.
    fn keep_within(&self, stretch: &mut Stretch, at: f32) {
        let way = stretch.way;
        let aside = if way == Way::Across { Way::Down } else { Way::Across };
        let is_met = |rect: &Rect| {
            let (low, high) = aside.span(rect);
            low < stretch.aside && stretch.aside < high
        };
        let (mut low, mut high, mut edges) = (stretch.low, stretch.high, stretch.edges);
        let mut keep = |edge: f32, beside: f32| {
            if edge <= stretch.low.at || edge >= stretch.high.at {
                return;
            }
            let end = End { at: edge, least: beside, plenty: beside };
            if edge <= at {
                edges.0 = edges.0.max(edge);
                if edge + beside > low.at + low.least {
                    low = end;
                }
            } else {
                edges.1 = edges.1.min(edge);
                if edge - beside < high.at - high.least {
                    high = end;
                }
            }
        };
        let title = if way == Way::Down { size::BOUNDARY_TITLE_HEIGHT } else { 0.0 };
        for it in self.layout.boundaries.values().filter(|it| is_met(&it.rect)) {
            let (first, last) = way.span(&it.rect);
            // Below its upper edge, its title has to show.
            keep(first, if first <= at { BESIDE + title } else { BESIDE });
            keep(last, BESIDE);
        }
        for gate in self.layout.gates.values().filter(|it| is_met(&it.rect)) {
            let (first, last) = way.span(&gate.rect);
            keep(if first.midpoint(last) <= at { last } else { first }, way.of(LEAST));
        }
        (stretch.low, stretch.high, stretch.edges) = (low, high, edges);
    }

    /// Whether a box lies on nothing but itself and the boundaries around a position, as the drawing then is.
    fn is_clear(&self, (rect, own): (&Rect, Option<&Id>), at: Pos, overlay: &Overlay) -> bool {
        let within = self.boundary_at(at);
        let is_around = |id: &Id| within.as_ref().is_some_and(|it| it == id || self.nesting.is_in(it, id));
        let near = rect.grown(CLEAR);
        let by = overlay.moved.values().next().copied().unwrap_or(Pos::ZERO);
        let here = self.layout.boxes_at(&near).filter(|it| !self.goes_along(it, overlay));
        let here = here
            .filter_map(|id| Some((id, overlay.resized.get(id).copied().or_else(|| self.layout.rect(id))?)));
        let before = near.moved(Pos::ZERO - by);
        let come = self.layout.boxes_at(&before).filter(|it| self.goes_along(it, overlay));
        let come = come.filter_map(|id| Some((id, self.layout.rect(id)?.moved(by))));
        let mut boxes = here.chain(come);
        !boxes.any(|(id, it)| Some(id) != own && it.overlaps(&near) && !is_around(id))
    }
}

/// The part of a line in which what is dropped near a position would stand.
fn stretch(route: &Route, at: Pos) -> Option<Stretch> {
    let points = &route.points;
    let last = points.len().checked_sub(2)?;
    let away = |n: &usize| distance_to(&points[*n..*n + 2], at);
    let piece = (0..=last).min_by(|a, b| away(a).total_cmp(&away(b)))?;
    let heading = |n: usize| {
        let by = points[n + 1] - points[n];
        if by.x.abs() > by.y.abs() { (Way::Across, by.x < 0.0) } else { (Way::Down, by.y < 0.0) }
    };
    // One that steps aside on its way is one stretch: what is put there stands between its ends.
    let goes_on = heading(0) == heading(last)
        && (0..=last).all(|n| heading(n).0 != heading(0).0 || heading(n) == heading(0));
    let (way, is_back) = heading(if goes_on { 0 } else { piece });
    let (from, to) = if goes_on { (0, last + 1) } else { (piece, piece + 1) };
    let pill = route.label.as_ref().map_or(0.0, |it| it.whole().width());
    let end = |n: usize| {
        let along = way.along(points[n]);
        if n == 0 || n == last + 1 { End::element(way, along, pill) } else { End::beside(along) }
    };
    let (first, second) = (end(from), end(to));
    let (low, high) = if is_back { (second, first) } else { (first, second) };
    let is_on_line = heading(piece).0 == way;
    let aside = way.aside(if is_on_line { points[piece] } else { at });
    let edges = (low.at, high.at);
    (low.at < high.at).then_some(Stretch { way, is_back, low, high, edges, aside, is_on_line })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::editor::Surroundings;
    use crate::model;

    /// A row of three with little between them, the last in a tier, and one above another far below.
    const ROW: &str = r#"(
        format: 1,
        components: {
            "user": (kind: "user"), "web": (kind: "web-server"), "db": (kind: "sql-database", within: "tier"),
            "top": (kind: "cache"), "low": (kind: "cache"),
        },
        boundaries: {"tier": (kind: "subnet-tier")},
        flows: {
            "in": (from: "user", to: "web"), "out": (from: "web", to: "db"), "back": (from: "web", to: "user"),
            "up": (from: "low", to: "top"),
        },
        views: {"main": (name: "Main")},
        places: {
            ("main", "user"): (x: 0, y: 80, width: 160), ("main", "web"): (x: 240, y: 80, width: 160),
            ("main", "tier"): (x: 480, y: 40, width: 240, height: 160), ("main", "db"): (x: 520, y: 80, width: 160),
            ("main", "top"): (x: 0, y: 400, width: 160), ("main", "low"): (x: 0, y: 520, width: 160),
        },
    )"#;

    fn editor() -> Editor {
        Editor::with(model::read(ROW.as_bytes()).unwrap(), Surroundings::fixed())
    }

    fn rect(editor: &Editor, id: &str) -> Rect {
        editor.layout().rect(&Id::slug(id)).unwrap()
    }

    fn between(editor: &Editor, kind: &str, flow: &str, at: Pos) -> Option<Between> {
        editor.between((kind, ""), &Id::slug(flow), at, &mut LastRoom::default())
    }

    fn between_with(editor: &Editor, id: &Id, flow: &str, at: Pos) -> Option<Between> {
        editor.between_with(id, &Id::slug(flow), at, &mut LastRoom::default())
    }

    fn middle(editor: &Editor, flow: &str) -> Pos {
        scene::geometry::point_at(&editor.layout().flows[&Id::slug(flow)].points, 0.5)
    }

    #[test]
    fn what_lies_beyond_makes_room_for_what_is_put_into_a_flow() {
        let mut editor = editor();
        let before = editor.model().clone();
        let at = middle(&editor, "in");
        let shown = between(&editor, "firewall", "in", at).unwrap();
        let new = editor.place_into_flow(("firewall", ""), &Id::slug("in"), at);
        let (user, card, web) =
            (rect(&editor, "user"), editor.layout().rect(&new).unwrap(), rect(&editor, "web"));
        assert_eq!(card.centre(), shown.centre, "as it was shown");
        assert!(
            card.min.x - user.max.x >= PLENTY.0 && web.min.x - card.max.x >= PLENTY.0,
            "{user:?} {card:?} {web:?}"
        );
        assert_eq!((user.min.x, rect(&editor, "top").min.x), (0.0, 0.0));
        let by = web.min.x - 240.0;
        assert_eq!((rect(&editor, "tier").min.x, rect(&editor, "db").min.x), (480.0 + by, 520.0 + by));
        // Both halves are one straight line.
        let flows: Vec<&Id> = editor.layout().flows_of(&new).collect();
        for flow in &flows {
            assert_eq!(editor.layout().flows[*flow].points.len(), 2, "{flow}");
        }
        assert_eq!(flows.len(), 2);
        editor.undo();
        assert_eq!(*editor.model(), before, "one step");
    }

    #[test]
    fn room_is_made_in_the_direction_of_the_flow() {
        let mut editor = editor();
        let back = middle(&editor, "back");
        let new = editor.place_into_flow(("firewall", ""), &Id::slug("back"), back);
        let card = editor.layout().rect(&new).unwrap();
        assert_eq!((rect(&editor, "web").min.x, rect(&editor, "tier").min.x), (240.0, 480.0));
        assert!(rect(&editor, "user").max.x < card.min.x && card.max.x < 240.0, "{card:?}");
        editor.undo();
        let up = middle(&editor, "up");
        let new = editor.place_into_flow(("firewall", ""), &Id::slug("up"), up);
        let card = editor.layout().rect(&new).unwrap();
        assert_eq!(rect(&editor, "low").min.y, 520.0);
        assert!(rect(&editor, "top").max.y < card.min.y && card.max.y < 520.0, "{card:?}");
    }

    #[test]
    fn what_is_put_before_a_boundary_or_in_it_stays_on_its_side() {
        let tier = Id::slug("tier");
        for (x, is_inside) in [(440.0, false), (500.0, true)] {
            let mut editor = editor();
            let at = Pos::new(x, middle(&editor, "out").y);
            let new = editor.place_into_flow(("cache", ""), &Id::slug("out"), at);
            let (card, around) = (editor.layout().rect(&new).unwrap(), rect(&editor, "tier"));
            assert_eq!(editor.nesting().parent(&new), is_inside.then_some(&tier));
            assert_eq!(
                (around.contains_rect(&card), around.overlaps(&card)),
                (is_inside, is_inside),
                "{card:?} {around:?}"
            );
            assert_eq!(around.min.x == 480.0, is_inside, "it moves, or it grows");
            assert!(!card.overlaps(&rect(&editor, "db")) && !card.overlaps(&rect(&editor, "web")));
        }
    }

    #[test]
    fn where_there_is_room_or_something_is_locked_nothing_moves() {
        let mut editor = editor();
        editor.select([Id::slug("web")]);
        editor.toggle_lock();
        let places = |editor: &Editor| ["user", "web", "db", "top", "low"].map(|it| rect(editor, it));
        let (before, at) = (places(&editor), middle(&editor, "in"));
        let new = editor.place_into_flow(("firewall", ""), &Id::slug("in"), at);
        assert_eq!(places(&editor), before);
        let card = editor.layout().rect(&new).unwrap();
        assert!(before.iter().all(|it| !it.overlaps(&card)), "{card:?}");
        editor.undo();
        editor.toggle_layout_lock();
        assert_eq!(between(&editor, "firewall", "up", middle(&editor, "up")), None);
        editor.toggle_layout_lock();
        // With room between the ends it stands in the line, where it was dropped.
        editor.move_by(
            &BTreeSet::from([Id::slug("low")]),
            Pos::new(0.0, 400.0),
            &crate::editor::Membership::Keep,
        );
        let (before, at) = (places(&editor), middle(&editor, "up") + Pos::new(4.0, 40.0));
        let new = editor.place_into_flow(("cache", ""), &Id::slug("up"), at);
        assert_eq!(places(&editor), before);
        let centre = editor.layout().rect(&new).unwrap().centre();
        assert_eq!(centre.x, before[3].centre().x);
        assert!((centre.y - at.y).abs() <= SNAP / 2.0, "{centre:?} {at:?}");
    }

    /// The same row with a card that has no flows, in a boundary on the right of it all.
    fn with_a_loose_one() -> (Editor, Id) {
        let text = ROW
            .replace(r#""top": (kind"#, r#""free": (kind: "cache", name: "Free", within: "far"), "top": (kind"#)
            .replace(r#""tier": (kind: "subnet-tier")"#, r#""tier": (kind: "subnet-tier"), "far": (kind: "network")"#)
            .replace(
                r#"("main", "top")"#,
                r#"("main", "far"): (x: 800, y: 40, width: 280, height: 160), ("main", "free"): (x: 840, y: 96), ("main", "top")"#,
            );
        (Editor::with(model::read(text.as_bytes()).unwrap(), Surroundings::fixed()), Id::slug("free"))
    }

    #[test]
    fn what_is_drawn_already_and_has_no_flows_is_put_into_one_in_one_step() {
        let (mut editor, free) = with_a_loose_one();
        let before = editor.model().clone();
        let flow = Id::slug("out");
        let at = Pos::new(500.0, middle(&editor, "out").y);
        let shown = between_with(&editor, &free, "out", at).unwrap();
        assert!(!shown.with_room().moved.contains_key(&free));
        editor.put_into_flow(&free, &flow, at, Pos::ZERO);
        let (card, tier) = (rect(&editor, "free"), rect(&editor, "tier"));
        assert_eq!(card.centre(), shown.centre, "as it was shown");
        // What lies beyond has made room, the boundary that it left too.
        assert!(rect(&editor, "far").min.x > 800.0 && rect(&editor, "db").min.x > card.max.x);
        assert!(tier.contains_rect(&card) && !rect(&editor, "far").overlaps(&card));
        assert_eq!(editor.nesting().parent(&free), Some(&Id::slug("tier")));
        let ends = |id: &Id| editor.model().flow(id).map(|it| (it.from.to_string(), it.to.to_string()));
        let mut ends: Vec<_> = editor.layout().flows_of(&free).filter_map(ends).collect();
        ends.sort();
        let pair = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(ends, [pair("free", "db"), pair("web", "free")]);
        assert_eq!(editor.history().next_undo(), Some("Put Free into Web server → SQL database"));
        editor.undo();
        assert_eq!(*editor.model(), before, "one step");
    }

    #[test]
    fn only_what_has_no_flows_and_is_not_held_goes_into_one_that_is_not() {
        let (mut editor, free) = with_a_loose_one();
        let note = editor.add_component("note", Pos::new(0.0, 900.0));
        let gate = editor.add_gate("firewall", &Id::slug("far"), model::Side::Top, 0.5);
        for id in [&Id::slug("db"), &Id::slug("far"), &note, &gate] {
            assert!(!editor.may_go_between(id), "{id}");
        }
        assert!(editor.may_go_between(&free));
        let at = middle(&editor, "up");
        for held in [&free, &Id::slug("up")] {
            editor.select([held.clone()]);
            editor.toggle_lock();
            let before = editor.model().clone();
            editor.put_into_flow(&free, &Id::slug("up"), at, Pos::ZERO);
            assert_eq!(*editor.model(), before, "{held}");
            assert!(editor.notice().is_some_and(|it| it.text.starts_with("A lock holds")));
            editor.toggle_lock();
        }
        // Where neither end can make room it stands where it was dropped.
        editor.select([Id::slug("top"), Id::slug("low")]);
        editor.toggle_lock();
        assert_eq!(between_with(&editor, &free, "up", at), None);
        editor.put_into_flow(&free, &Id::slug("up"), at, Pos::new(24.0, 480.0));
        assert_eq!(rect(&editor, "free").min, Pos::new(24.0, 480.0));
        assert_eq!(editor.layout().flows_of(&free).count(), 2);
        assert!(!editor.may_go_between(&free));
    }

    #[test]
    fn room_is_made_once_for_a_flow_and_is_always_that_of_the_drawing() {
        let (mut editor, free) = with_a_loose_one();
        let mut last = LastRoom::default();
        let ask = |editor: &Editor, last: &mut LastRoom| {
            let of = |flow: &'static str| (0_u8..=8).map(move |n| (flow, f32::from(n) / 8.0));
            let mut made = 0;
            for (flow, share) in ["in", "out", "back", "up", "in"].into_iter().flat_map(of) {
                let at = scene::geometry::point_at(&editor.layout().flows[&Id::slug(flow)].points, share);
                let new = editor.between(("firewall", ""), &Id::slug(flow), at, last);
                assert_eq!(new, between(editor, "firewall", flow, at), "{flow} {share}");
                let known = editor.between_with(&free, &Id::slug(flow), at, last);
                assert_eq!(known, between_with(editor, &free, flow, at), "{flow} {share}");
                made += [new, known].into_iter().flatten().filter(|it| it.room.is_some()).count();
            }
            made
        };
        assert!(ask(&editor, &mut last) > 40);
        editor.move_by(
            &BTreeSet::from([Id::slug("tier")]),
            Pos::new(0.0, 40.0),
            &crate::editor::Membership::Keep,
        );
        ask(&editor, &mut last);
        editor.undo();
        editor.select([Id::slug("web")]);
        editor.toggle_lock();
        ask(&editor, &mut last);
        editor.toggle_lock();
        // Along one stretch of a line it is the very same.
        let at = middle(&editor, "in");
        let room = |x: f32, last: &mut LastRoom| {
            editor
                .between_with(&free, &Id::slug("in"), at + Pos::new(x, 0.0), last)
                .and_then(|it| it.room)
                .unwrap()
        };
        let first = room(0.0, &mut last);
        assert!(Arc::ptr_eq(&first, &room(8.0, &mut last)) && Arc::ptr_eq(&first, &room(-8.0, &mut last)));
    }
}
