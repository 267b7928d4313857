//! Steps: from element to element along flows, by arrows; and what an arrow draws on from an element.

use super::create::{put_view, suggested_flow};
use super::{Editor, Wish};
use crate::model::{Component, Flow, Id, Kind, Place};
use crate::scene::{self, Pos, Rect, SNAP};
use crate::tokens::size;

/// From a component to what is drawn on beside it, above it or below it: room for a pill and an arrow.
const BESIDE: f32 = 112.0;
const BELOW: f32 = 72.0;
/// Between those that were drawn on from one.
const APART: f32 = 32.0;
/// What comes nearer to something than this lies on it.
const CLEAR: f32 = 12.0;
/// How many are tried to each side, and how many rows further out.
const TO_SIDES: i16 = 6;
const ROWS: i16 = 3;

/// Where an arrow points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    Left,
    Right,
    Up,
    Down,
}

impl Heading {
    fn way(self) -> Pos {
        match self {
            Self::Left => Pos::new(-1.0, 0.0),
            Self::Right => Pos::new(1.0, 0.0),
            Self::Up => Pos::new(0.0, -1.0),
            Self::Down => Pos::new(0.0, 1.0),
        }
    }

    fn is_level(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

/// Components that are being drawn on from one, while the key is held: further ones come beside the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnOn {
    pub from: Id,
    pub last: Id,
}

impl Editor {
    /// Selects the neighbour that a flow leads to or comes from, the nearest on that side; if there is none, the nearest of
    /// all that stands there. From a flow, the end of it on that side.
    pub fn walk(&mut self, heading: Heading) {
        let Some(id) = self.selected_one().cloned() else { return self.walk_in_order(true) };
        let layout = &self.layout;
        let Some(from) = self.standing(&id) else { return };
        let neighbours: Vec<&Id> = match self.model.flow(&id) {
            Some(flow) => vec![&flow.from, &flow.to],
            None => self.flows_of(&id).flat_map(|it| [&it.1.from, &it.1.to]).collect(),
        };
        let neighbours = neighbours.into_iter().filter_map(|it| self.shown_as(it));
        let neighbours: Vec<Id> = neighbours.filter(|it| !self.is_hidden(it)).collect();
        let connected = self.nearest(neighbours.iter(), &id, from, heading);
        let all = layout.cards.keys().chain(layout.gates.keys()).filter(|it| !self.is_hidden(it));
        let all = || self.nearest(all, &id, from, heading);
        if let Some(next) = connected.or_else(all).cloned() {
            self.go_to(next);
        }
    }

    /// Selects the next card or gate as one reads, or the one before.
    pub fn walk_in_order(&mut self, forwards: bool) {
        let mut order = self.layout.reading_order();
        order.retain(|it| !self.is_hidden(it));
        if let Some(next) = after(&order, self.selected_one(), forwards) {
            self.go_to(next);
        }
    }

    /// Selects the next flow of the element that is selected, or of the one from which the selected flow was reached.
    pub fn walk_flows(&mut self, forwards: bool) {
        let Some(one) = self.selected_one().cloned() else { return };
        let is_end = |flow: &Flow, it: &Id| {
            [&flow.from, &flow.to].into_iter().any(|end| self.shown_as(end).as_ref() == Some(it))
        };
        let of = match self.model.flow(&one) {
            None => one.clone(),
            Some(flow) => match &self.shown.flows_of {
                Some(it) if is_end(flow, it) => it.clone(),
                _ => flow.from.clone(),
            },
        };
        let flows = self.flows_of(&of).map(|it| it.0).filter(|it| !self.is_hidden(it));
        let flows = self.layout.order_as_read(flows);
        if let Some(next) = after(&flows, Some(&one), forwards) {
            self.go_to(next);
            self.shown.flows_of = Some(of);
        }
    }

    fn go_to(&mut self, id: Id) {
        self.select([id.clone()]);
        self.shown.wishes.push(Wish::Follow(vec![id]));
    }

    /// The flows to and from what an element stands for on the view.
    fn flows_of<'a>(&'a self, id: &'a Id) -> impl Iterator<Item = (&'a Id, &'a Flow)> {
        let ends_there = move |it: &Flow| {
            let [from, to] = [&it.from, &it.to].map(|it| self.shown_as(it));
            from != to && [from, to].iter().any(|it| it.as_ref() == Some(id))
        };
        self.model.flows().iter().map(|(id, it)| (id, &**it)).filter(move |it| ends_there(it.1))
    }

    /// Where an element stands: the middle of its box, or of its line.
    fn standing(&self, id: &Id) -> Option<Pos> {
        let line = self.layout.drawn_as(id).and_then(|it| self.layout.flows.get(it));
        let middle = line.map(|it| scene::geometry::point_at(&it.points, 0.5));
        middle.or_else(|| self.layout.rect(id).map(|it| it.centre()))
    }

    /// The nearest of some within a quarter turn and a little more, rather straight ahead than near.
    fn nearest<'a>(
        &self,
        ids: impl Iterator<Item = &'a Id>,
        except: &Id,
        from: Pos,
        heading: Heading,
    ) -> Option<&'a Id> {
        let way = heading.way();
        let ahead = ids.filter(|it| *it != except).filter_map(|id| {
            let off = self.layout.rect(id)?.centre() - from;
            let (along, aside) = (off.x * way.x + off.y * way.y, (off.x * way.y - off.y * way.x).abs());
            (along > 1.0 && aside <= along * 1.5).then_some((along + 2.0 * aside, id))
        });
        ahead.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1))).map(|it| it.1)
    }

    /// Whether something can be drawn on from what is selected.
    pub fn can_draw_on(&self) -> bool {
        self.selected_one().is_some_and(|it| self.can_end(it))
    }

    /// Makes a component of the same kind on that side of the selected one, with a flow to it, on free ground; selects it.
    /// Again before [`Editor::end_drawing_on`], makes another one beside it, from the same.
    pub fn draw_on(&mut self, heading: Heading) {
        let selected = self.selected_one().cloned();
        let goes_on = self.shown.drawn_on.as_ref().filter(|it| Some(&it.last) == selected.as_ref());
        let Some(from) = goes_on.map(|it| it.from.clone()).or(selected) else { return };
        let Some((source, rect)) = self.model.component(&from).cloned().zip(self.layout.rect(&from)) else {
            return;
        };
        let Spot { rect, within } = self.spot_beside(&from, rect, heading);
        let component = Component { within, ..self.named(&source.kind, "") };
        let label = format!("Add {}", Kind::of(&source.kind).label.to_lowercase());
        let last = self.put_beside(label, component, rect, |id, component| {
            vec![suggested_flow(&from, &source, id, component)]
        });
        self.shown.drawn_on = Some(DrawnOn { from, last });
    }

    /// Adds a component at a spot with flows to it or from it, as one step; selects it.
    pub(super) fn put_beside(
        &mut self,
        label: String,
        component: Component,
        rect: Rect,
        flows: impl FnOnce(&Id, &Component) -> Vec<Flow>,
    ) -> Id {
        let view = self.view.clone();
        self.shown.recent.note(&component.kind);
        let id = self.change(label, |draft, ids| {
            let id = draft.mint(ids, &component.name);
            for flow in flows(&id, &component) {
                let flow_id = draft.mint(ids, &format!("{}-{}", flow.from, flow.to));
                draft.put(flow_id, flow);
            }
            draft.put(id.clone(), component);
            put_view(draft, &view);
            draft.put((view, id.clone()), Place::at(rect.min.x, rect.min.y));
            id
        });
        self.go_to(id.clone());
        id
    }

    /// The key was let go: what was drawn on last is named now.
    pub fn end_drawing_on(&mut self) {
        if let Some(DrawnOn { last, .. }) =
            self.shown.drawn_on.take().filter(|it| self.selected_one() == Some(&it.last))
        {
            self.shown.wishes.push(Wish::Rename(last));
        }
    }

    /// Free ground beside a component: at its height, then to both sides by turns, then a row further out. What comes there
    /// stands where the component stands, if that boundary can grow around it, else in what is there.
    pub(super) fn spot_beside(&self, from: &Id, source: Rect, heading: Heading) -> Spot {
        // It is as wide as its name will ask for, so about as wide as what is of its kind.
        let is_gate = self.layout.gates.contains_key(from);
        let width = if is_gate { size::CARD_WIDTH } else { source.width().min(size::CARD_WIDTH_MAX) };
        let height = size::CARD_HEIGHT;
        let (way, centre) = (heading.way(), source.centre());
        let (out, row, step) = if heading.is_level() {
            (f32::midpoint(source.width(), width) + BESIDE, width + BESIDE, Pos::new(0.0, height + APART))
        } else {
            (f32::midpoint(source.height(), height) + BELOW, height + BELOW, Pos::new(width + APART, 0.0))
        };
        let aside = (0..=TO_SIDES).flat_map(|n| if n == 0 { vec![0] } else { vec![n, -n] });
        let tried = (0..ROWS).flat_map(|row| aside.clone().map(move |aside| (row, aside)));
        let spots: Vec<Rect> = tried
            .map(|(n, aside)| {
                let (far, aside) = (out + row * f32::from(n), f32::from(aside));
                let at = centre + Pos::new(way.x * far + step.x * aside, way.y * far + step.y * aside);
                let corner = at - Pos::new(width / 2.0, height / 2.0);
                Rect::at(corner.snapped(SNAP), width, height)
            })
            .collect();
        let own = self.nesting.parent(from);
        let in_own = spots.iter().find(|it| self.takes(own, it)).map(|it| (*it, own.cloned()));
        let there = || {
            spots.iter().find_map(|it| {
                let within = self.boundary_at(it.centre());
                let whole = within.as_ref().and_then(|it| self.layout.rect(it));
                let fits = whole.is_none_or(|whole| whole.contains_rect(&scene::around(it)));
                (fits && self.takes(within.as_ref(), it)).then_some((*it, within))
            })
        };
        let nowhere = || (spots.first().copied().unwrap_or(source), own.cloned());
        let (rect, within) = in_own.or_else(there).unwrap_or_else(nowhere);
        Spot { rect, within }
    }

    /// Whether a boundary can take in a new card there: on free ground, and without growing over anything else.
    fn takes(&self, within: Option<&Id>, rect: &Rect) -> bool {
        let layout = &self.layout;
        let holders: Vec<&Id> =
            within.into_iter().chain(within.into_iter().flat_map(|it| self.nesting.ancestors(it))).collect();
        let near = rect.grown(CLEAR);
        let is_free = |it: &Rect| !it.overlaps(&near);
        let solid = layout.cards.values().map(|it| it.outer()).chain(layout.gates.values().map(|it| it.rect));
        let others = || layout.boundaries.iter().filter(|it| !holders.contains(&it.0));
        if !solid.into_iter().all(|it| is_free(&it)) || !others().all(|it| is_free(&it.1.rect)) {
            return false;
        }
        let mut needed = scene::around(rect);
        for holder in &holders {
            // One that is not on the view is in no way of anything.
            let Some(now) = layout.boundaries.get(*holder).map(|it| it.rect) else { continue };
            if now.contains_rect(&needed) {
                return true;
            }
            let grown = now.union(&needed);
            let is_outside = |id: &Id, it: &Rect| {
                it.overlaps(&grown)
                    && !it.overlaps(&now)
                    && !self.nesting.ancestors(id).any(|it| it == *holder)
            };
            let cards = layout.cards.iter().map(|(id, it)| (id, it.rect));
            let gates = layout.gates.iter().map(|(id, it)| (id, it.rect));
            let boundaries = others().map(|(id, it)| (id, it.rect));
            if cards.chain(gates).chain(boundaries).any(|(id, it)| is_outside(id, &it)) {
                return false;
            }
            needed = scene::around(&grown);
        }
        true
    }
}

/// Where something new comes to stand, and in what.
pub(super) struct Spot {
    pub(super) rect: Rect,
    pub(super) within: Option<Id>,
}

/// The one after another in a list that has no end, or the one before.
fn after(list: &[Id], one: Option<&Id>, forwards: bool) -> Option<Id> {
    let last = list.len().checked_sub(1)?;
    let at = one.and_then(|it| list.iter().position(|other| other == it));
    let next = match (at, forwards) {
        (None, true) => 0,
        (Some(at), true) if at == last => 0,
        (Some(at), true) => at + 1,
        (None | Some(0), false) => last,
        (Some(at), false) => at - 1,
    };
    list.get(next).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::model;

    /// A web server between a user on its left and two stores on its right; something nearer that has nothing to do with it.
    const WAYS: &str = r#"(
        format: 1,
        components: {
            "user": (kind: "user"), "web": (kind: "web-server", name: "Web"), "db": (kind: "sql-database"),
            "cache": (kind: "cache"), "near": (kind: "logging"), "note": (kind: "note"),
        },
        flows: {"in": (from: "user", to: "web"), "out": (from: "web", to: "db"), "also": (from: "web", to: "cache")},
        places: {
            ("main", "user"): (x: -400, y: 0), ("main", "web"): (x: 0, y: 0), ("main", "near"): (x: 200, y: 0),
            ("main", "db"): (x: 600, y: 0), ("main", "cache"): (x: 600, y: 240), ("main", "note"): (x: 0, y: 600),
        },
    )"#;

    fn editor_of(text: &str, selected: &str) -> Editor {
        let mut editor = Editor::with(model::read(text.as_bytes()).unwrap(), Surroundings::fixed());
        editor.select([Id::slug(selected)]);
        editor
    }

    fn one(editor: &Editor) -> String {
        editor.selected_one().unwrap().to_string()
    }

    #[test]
    fn one_walks_along_flows_and_else_to_what_is_near() {
        let mut editor = editor_of(WAYS, "web");
        for (heading, there) in [
            (Heading::Right, "db"),
            (Heading::Left, "web"),
            (Heading::Left, "user"),
            (Heading::Right, "web"),
            (Heading::Down, "note"),
            (Heading::Down, "note"),
        ] {
            editor.shown.wishes.clear();
            let before = one(&editor);
            editor.walk(heading);
            assert_eq!(one(&editor), there, "{heading:?}");
            let shown = (before != there).then(|| Wish::Follow(vec![Id::slug(there)]));
            assert_eq!(editor.shown.wishes, shown.into_iter().collect::<Vec<_>>());
        }
        editor.select([Id::slug("out")]);
        editor.walk(Heading::Right);
        assert_eq!(one(&editor), "db", "from a flow to its end");
        editor.clear_selection();
        editor.walk(Heading::Right);
        assert_eq!(one(&editor), "user", "the first as one reads");
    }

    #[test]
    fn flows_of_an_element_are_walked_through_and_round() {
        let mut editor = editor_of(WAYS, "web");
        let mut walk = |forwards: bool| {
            editor.walk_flows(forwards);
            one(&editor)
        };
        let there: Vec<String> = (0..4).map(|_| walk(true)).collect();
        assert_eq!(there, ["in", "out", "also", "in"]);
        assert_eq!([walk(false), walk(false)], ["also", "out"]);
        editor.select([Id::slug("db")]);
        editor.walk_flows(true);
        editor.walk_flows(true);
        assert_eq!(one(&editor), "out", "of the store, the only one");
        editor.select([Id::slug("in")]);
        editor.walk_flows(true);
        assert_eq!(one(&editor), "in", "of its source, as nobody came from the other end");
        editor.select([Id::slug("near")]);
        editor.walk_flows(true);
        assert_eq!(one(&editor), "near");
    }

    #[test]
    fn what_is_drawn_on_is_alike_connected_and_one_step() {
        let mut editor = editor_of(WAYS, "user");
        let before = editor.model().clone();
        editor.draw_on(Heading::Left);
        let made = editor.selected_one().unwrap().clone();
        let component = editor.model().component(&made).unwrap();
        assert_eq!((component.kind.as_str(), component.name.as_str()), ("user", "User"));
        let flow = editor.model().flows().values().find(|it| it.to == made).unwrap();
        assert_eq!(flow.from, Id::slug("user"));
        let (old, new) =
            (editor.layout().rect(&Id::slug("user")).unwrap(), editor.layout().rect(&made).unwrap());
        assert!(new.max.x < old.min.x - 80.0 && (new.centre().y - old.centre().y).abs() < 8.0, "{new:?}");
        editor.end_drawing_on();
        assert_eq!(editor.shown.wishes.last(), Some(&Wish::Rename(made)));
        editor.undo();
        assert_eq!(editor.model(), &before);
        editor.select([Id::slug("note")]);
        assert!(!editor.can_draw_on());
    }

    #[test]
    fn what_is_drawn_on_stands_with_its_source_though_that_boundary_is_not_on_the_view() {
        let text = TIERS.replace(r#"("main", "tier"): (x: 0, y: 0, width: 220, height: 160), "#, "");
        let mut editor = editor_of(&text, "web");
        editor.draw_on(Heading::Left);
        assert_eq!(editor.nesting().parent(editor.selected_one().unwrap()), Some(&Id::slug("tier")));
    }

    #[test]
    fn several_fan_out_and_lie_on_nothing() {
        for heading in [Heading::Left, Heading::Right, Heading::Up, Heading::Down] {
            let mut editor = editor_of(WAYS, "web");
            (0..7).for_each(|_| editor.draw_on(heading));
            let web = Id::slug("web");
            let made: Vec<Rect> = editor
                .model()
                .flows()
                .iter()
                .filter(|it| it.1.from == web && !["out", "also"].contains(&it.0.as_str()))
                .map(|it| editor.layout().rect(&it.1.to).unwrap())
                .collect();
            assert_eq!(made.len(), 7, "all from the same");
            let way = heading.way();
            let from = editor.layout().rect(&web).unwrap();
            for rect in &made {
                let off = rect.centre() - from.centre();
                assert!(off.x * way.x + off.y * way.y > 100.0, "{heading:?}: {rect:?}");
                let met = editor.layout().cards.values().filter(|it| it.rect.overlaps(rect)).count();
                assert_eq!(met, 1, "{heading:?}: only itself");
            }
            editor.end_drawing_on();
            editor.draw_on(heading);
            let last = editor.selected_one().unwrap().clone();
            assert!(
                !editor.model().flows().values().any(|it| it.from == web && it.to == last),
                "the next row"
            );
        }
    }

    const TIERS: &str = r#"(
        format: 1,
        components: {"web": (kind: "web-server", within: "tier"), "db": (kind: "sql-database", within: "data")},
        boundaries: {"tier": (kind: "subnet-tier"), "data": (kind: "subnet-tier")},
        places: {
            ("main", "tier"): (x: 0, y: 0, width: 220, height: 160), ("main", "web"): (x: 32, y: 56),
            ("main", "data"): (x: 240, y: 0, width: 400, height: 160), ("main", "db"): (x: 460, y: 56),
        },
    )"#;

    #[test]
    fn a_boundary_grows_around_what_is_drawn_on_unless_something_is_in_the_way() {
        let mut editor = editor_of(TIERS, "web");
        let (tier, data) = (Id::slug("tier"), Id::slug("data"));
        editor.draw_on(Heading::Left);
        let made = editor.selected_one().unwrap().clone();
        assert_eq!(editor.nesting().parent(&made), Some(&tier));
        let around = editor.layout().rect(&tier).unwrap();
        assert!(around.contains_rect(&editor.layout().rect(&made).unwrap()) && around.min.x < -80.0);
        editor.end_drawing_on();
        editor.select([Id::slug("web")]);
        editor.draw_on(Heading::Right);
        let made = editor.selected_one().unwrap().clone();
        let [tier, data] = [&tier, &data].map(|it| editor.layout().rect(it).unwrap());
        assert!(!tier.overlaps(&data), "{tier:?} {data:?}");
        let rect = editor.layout().rect(&made).unwrap();
        assert!(editor.layout().cards.iter().all(|it| *it.0 == made || !it.1.rect.overlaps(&rect)));
    }
}
