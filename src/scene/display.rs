//! From a layout to the display list: what is seen, layer by layer.

use std::collections::BTreeSet;

use crate::model::Id;
use crate::tokens::{Ink, size};

use super::Layout;
use super::boxes::{BoundaryBox, CardBox, GateBox, Route};
use super::brush::Brush;
use super::draw::{
    Detail, State, draw_badge, draw_boundary, draw_card, draw_flow, draw_gap, draw_gate, draw_halo,
    draw_pill, draw_pin, draw_sign,
};
use super::geometry::{Pos, Rect, point_at};
use super::jumps::{Jump, Jumps};
use super::labels::LOCK_ALONE;
use super::linking::draw_connect;
use super::list::{Fill, Layer, Sink, Stroke};
use super::marks::{Badge, Evidence, Highlight, Marks, Overlay, Tinted};
use super::preview::Preview;
use super::rising::Rising;
use super::seen::Seen;

/// How far stacks, badges and glows reach out of the boxes that the index knows.
const REACH: f32 = 24.0;
/// How far from the right end of a box its badge is: beside the handle in its corner.
const BESIDE_HANDLE: f32 = 20.0;
/// From the right end of a lock that stands alone to the count of findings, so that it shows.
const BESIDE_LOCK: f32 = 4.0;
/// How much is left of what is neither evidence nor found.
const STEPS_BACK: f32 = 0.6;
/// From this zoom on jumps are drawn: half a circle is then five pixels wide.
const JUMPS_FROM: f32 = 0.5;

/// How much is left of what a filter leaves out and dims.
const DIMMED: f32 = 0.25;

/// Which part of a picture is wanted, while a gesture goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Share {
    #[default]
    All,
    /// What the overlay leaves where it is.
    Still,
    /// What it shows elsewhere, with the lines to it, and what tools add.
    Moving,
}

/// How a layout is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub marks: &'a Marks,
    pub highlight: &'a Highlight,
    pub overlay: Option<&'a Overlay>,
    pub share: Share,
    /// The part of the world that is seen; all of it if none.
    pub viewport: Option<Rect>,
    /// Pixels on the screen for one of the world: decides how much detail is worth painting.
    pub zoom: f32,
    /// How lines are drawn where they cross, if the layout is [jumping](Layout::set_jumping).
    pub jumps: Jumps,
}

impl<'a> Look<'a> {
    /// All of a layout, with nothing going on.
    pub fn whole(marks: &'a Marks, highlight: &'a Highlight, zoom: f32) -> Self {
        Self { marks, highlight, overlay: None, share: Share::All, viewport: None, zoom, jumps: Jumps::Off }
    }
}

/// Hands on what is seen of a layout, in painting order.
pub fn display(layout: &Layout, look: &Look<'_>, out: &mut Sink<'_>) {
    let preview =
        look.overlay.filter(|it| !it.is_empty()).map(|it| Preview::of(layout, it)).unwrap_or_default();
    let evidence = look.marks.evidence.as_ref();
    let found = look.highlight.found.as_ref().filter(|_| evidence.is_none());
    let lit = evidence
        .map(|it| it.components.iter().chain(&it.flows).chain(&it.boundaries).collect())
        .or_else(|| found.map(|it| it.iter().collect()));
    let few = Few::of(layout, look.highlight);
    let mut scene = Scene { layout, look, preview: &preview, lit, few, evidence, out };
    let seen = scene.seen();
    scene.boundaries(&seen.boundaries);
    scene.flows(&seen.flows);
    scene.cards(&seen.cards);
    scene.gates(&seen.gates);
    scene.pills(&seen.flows);
    scene.signs(&seen);
    scene.badges(&seen);
    scene.pins(&seen);
    if look.share != Share::Still {
        scene.tools();
    }
}

struct Scene<'a> {
    layout: &'a Layout,
    look: &'a Look<'a>,
    preview: &'a Preview,
    lit: Option<BTreeSet<&'a Id>>,
    few: Few<'a>,
    evidence: Option<&'a Evidence>,
    out: &'a mut Sink<'a>,
}

/// What at most one element is or two are, as the keys of the layout: so all others are told from them by their address.
#[derive(Clone, Copy)]
struct Few<'a> {
    hovered: Option<&'a Id>,
    targets: [Option<&'a Id>; 2],
}

impl<'a> Few<'a> {
    fn of(layout: &'a Layout, highlight: &Highlight) -> Self {
        let key = |id: Option<&Id>| id.and_then(|it| layout.keys_of(it));
        let connected = highlight.connect.as_ref().and_then(|it| it.target.as_ref());
        Self {
            hovered: key(highlight.hovered.as_ref()),
            targets: [key(highlight.drop_target.as_ref()), key(connected)],
        }
    }
}

fn is(id: &Id, one: Option<&Id>) -> bool {
    one.is_some_and(|it| std::ptr::eq(it, id))
}

/// How many are fetched at once.
const AHEAD: usize = 128;

/// Looks at something of each of many, so that the processor fetches them from memory all at once, and not each as it comes
/// up between much other work: that took a quarter of the time of a large picture.
fn fetch(some: impl Iterator<Item = f32>) {
    std::hint::black_box(some.sum::<f32>());
}

impl<'a> Scene<'a> {
    fn seen(&self) -> Seen<'a> {
        let area = self.look.viewport.map(|it| it.grown(REACH));
        let mut seen = match self.look.share {
            Share::Moving => Seen::moving(self.layout, self.preview),
            Share::All => Seen::of(self.layout, area, self.preview),
            Share::Still => Seen::of(self.layout, area, self.preview).without(self.preview),
        };
        if self.look.share != Share::Moving {
            self.leave_out(&mut seen);
        }
        seen.boundaries.sort_by_key(|it| (it.1.depth, it.1.order));
        seen
    }

    /// Drops what a filter hides, but for what is looked at.
    fn leave_out(&self, seen: &mut Seen<'_>) {
        let marks = self.look.marks;
        if marks.left_out.as_ref().is_none_or(|it| it.dims) {
            return;
        }
        let selected = &self.look.highlight.selected;
        let stays = |id: &Id| !marks.hides(id) || selected.contains(id) || self.is_lit(id);
        seen.boundaries.retain(|it| stays(it.0));
        seen.cards.retain(|it| stays(it.0));
        seen.gates.retain(|it| stays(it.0));
        seen.flows.retain(|it| stays(it.0) || it.1.merged.iter().any(stays));
    }

    fn state(&self, id: &Id) -> State {
        self.state_of(id, (self.look.highlight.selected.contains(id), self.is_lit(id)))
    }

    fn is_lit(&self, id: &Id) -> bool {
        self.lit.as_ref().is_some_and(|it| it.contains(id))
    }

    /// For whoever knows already whether it is selected and evidence.
    fn state_of(&self, id: &Id, (is_selected, is_lit): (bool, bool)) -> State {
        State {
            is_selected,
            is_hovered: is(id, self.few.hovered),
            is_target: self.few.targets.iter().any(|it| is(id, *it)),
            is_inferred: false,
            is_found: is_lit && self.evidence.is_none(),
            is_dimmed: self.look.marks.leaves_out(id),
            lit: is_lit.then(|| self.evidence.map_or(Ink::Accent, |it| it.level.ink())),
            tint: None,
        }
    }

    fn selected<T>(&self, seen: &[(&Id, T)]) -> Rising<()> {
        let selected = &self.look.highlight.selected;
        Rising::of_some(seen, selected.iter(), |it| selected.contains(it))
    }

    fn lit<T>(&self, seen: &[(&Id, T)]) -> Rising<()> {
        let of = |lit: &BTreeSet<&Id>| Rising::of_some(seen, lit.iter().copied(), |it| lit.contains(it));
        self.lit.as_ref().map_or_else(Rising::none, of)
    }

    fn tints<T>(&self, seen: &[(&Id, T)]) -> Rising<&'a Tinted> {
        self.look.marks.tints.as_ref().map_or_else(Rising::none, |it| Rising::of(seen, it))
    }

    fn flow_state(&self, id: &Id, route: &Route) -> State {
        self.with_merged(self.state(id), route)
    }

    /// A line stands for all flows that were merged into it, too.
    fn with_merged(&self, state: State, route: &Route) -> State {
        route.merged.iter().map(|it| self.state(it)).fold(state, |one, other| State {
            is_selected: one.is_selected || other.is_selected,
            is_found: one.is_found || other.is_found,
            is_dimmed: one.is_dimmed && other.is_dimmed,
            lit: one.lit.or(other.lit),
            ..one
        })
    }

    /// How flows are tinted for which another's line stands.
    fn tint_of(&self, merged: &[Id]) -> Option<&'a Tinted> {
        let tints = self.look.marks.tints.as_ref()?;
        merged.iter().find_map(|it| tints.get(it))
    }

    /// How much is left of something while evidence or what was found is shown.
    fn opacity(&self, state: &State) -> f32 {
        if state.is_dimmed && state.lit.is_none() && !state.is_selected && !state.is_hovered {
            return DIMMED;
        }
        let steps_back = self.lit.is_some() && state.lit.is_none() && !state.is_selected && !state.is_hovered;
        if steps_back { STEPS_BACK } else { 1.0 }
    }

    fn brush<'b>(&'b mut self, layer: Layer, opacity: f32, element: Option<&'b Id>) -> Brush<'b> {
        Brush { out: self.out, layer, opacity, element }
    }

    fn detail(&self) -> Detail {
        Detail::at(self.look.zoom)
    }

    fn boundaries(&mut self, seen: &[(&'a Id, &'a BoundaryBox)]) {
        let detail = self.detail();
        for (id, it) in seen.iter().copied() {
            let rect = self.preview.boxes.get(id).copied().unwrap_or(it.rect);
            let state = self.state(id);
            // Areas carry the structure of the whole: they stay when evidence lights up.
            let opacity = if state.is_dimmed { self.opacity(&state) } else { 1.0 };
            draw_boundary(&mut self.brush(Layer::Boundary, opacity, Some(id)), it, rect, &state, detail);
        }
    }

    fn flows(&mut self, seen: &[(&'a Id, &'a Route)]) {
        let glowing = if self.lit.is_some() { seen } else { &[] };
        for (id, route) in glowing.iter().copied() {
            let state = self.flow_state(id, route);
            if state.lit.is_some() {
                let points = self.preview.flows.get(id).map_or(&*route.points, |it| &**it);
                draw_halo(&mut self.brush(Layer::Halo, 1.0, Some(id)), points, &state);
            }
        }
        let mut selected = self.selected(seen);
        let mut lit = self.lit(seen);
        let mut redrawn = Rising::of(seen, &self.preview.flows);
        let mut tints = self.tints(seen);
        // From afar they are too small to be seen.
        let jumps = if self.look.zoom < JUMPS_FROM { Jumps::Off } else { self.look.jumps };
        let mut above = Vec::new();
        for (place, (id, route)) in seen.iter().copied().enumerate() {
            if place % AHEAD == 0 {
                fetch(seen.iter().skip(place).take(AHEAD).map(|it| it.1.fetched()));
            }
            let state = self.state_of(id, (selected.at(place).is_some(), lit.at(place).is_some()));
            let tinted = tints.at(place).or_else(|| self.tint_of(&route.merged));
            let state = State { tint: tinted.map(|it| it.ink), ..self.with_merged(state, route) };
            let anew = redrawn.at(place);
            let points = anew.map_or(&*route.points, |it| &**it);
            let jumps =
                if jumps == Jumps::Off || anew.is_some() { &[][..] } else { self.layout.jumps_of(id) };
            if state.lit.is_some() || state.is_selected {
                above.push((id, state, route, points, jumps));
                continue;
            }
            let opacity = self.opacity(&state);
            self.flow((id, route), (points, jumps), &state, opacity);
        }
        for (id, state, route, points, jumps) in above {
            self.flow((id, route), (points, jumps), &state, 1.0);
        }
    }

    fn flow(&mut self, (id, route): (&Id, &Route), line: (&[Pos], &[Jump]), state: &State, opacity: f32) {
        let (detail, style) = (self.detail(), self.look.jumps);
        draw_flow(&mut self.brush(Layer::Flow, opacity, Some(id)), route, (line, style), state, detail);
    }

    fn cards(&mut self, seen: &[(&'a Id, &'a CardBox)]) {
        let mut selected = self.selected(seen);
        let mut lit = self.lit(seen);
        let mut boxes = Rising::of(seen, &self.preview.boxes);
        let mut badges = Rising::of(seen, &self.look.marks.badges);
        let mut tints = self.tints(seen);
        let is_tinted = self.look.marks.tints.is_some();
        self.lowered(seen);
        let (mut raised, mut above) = (Vec::new(), Vec::new());
        for (place, (id, card)) in seen.iter().copied().enumerate() {
            if place % AHEAD == 0 {
                fetch(seen.iter().skip(place).take(AHEAD).map(|it| it.1.rect.min.x));
            }
            let state = self.state_of(id, (selected.at(place).is_some(), lit.at(place).is_some()));
            let tinted = tints.at(place);
            let state = State { tint: tinted.map(|it| it.ink), ..state };
            // From afar, a card has one colour: that of what is looked for.
            let level = badges.at(place).map(|it| it.level.ink()).filter(|_| !is_tinted);
            let colours = (level, tinted);
            // What is dragged or selected lies above what is not: a copy above what it was made of. Where somebody has put
            // it in order, it shows where it lies.
            let dragged = boxes.at(place);
            let rect = dragged.copied().unwrap_or(card.rect);
            if dragged.is_some() || (state.is_selected && card.order == 0) {
                above.push((id, card, rect, state, colours));
            } else if card.order > 0 {
                raised.push((id, card, rect, state, colours));
            } else if card.order == 0 {
                self.card((id, card), rect, state, colours);
            }
        }
        for mut cards in [raised, above] {
            cards.sort_by_key(|it| it.1.order);
            for (id, card, rect, state, colours) in cards {
                self.card((id, card), rect, state, colours);
            }
        }
    }

    /// Those that lie below all that nobody has put in order.
    fn lowered(&mut self, seen: &[(&'a Id, &'a CardBox)]) {
        let here =
            |id: &Id| seen.binary_search_by(|it| it.0.cmp(id)).ok().and_then(|it| seen.get(it)).copied();
        let (layout, marks) = (self.layout, self.look.marks);
        let still = layout.lowered.iter().filter(|it| !self.preview.boxes.contains_key(*it));
        let mut lowered: Vec<(&Id, &CardBox)> = still.filter_map(here).collect();
        lowered.sort_by_key(|it| it.1.order);
        for (id, card) in lowered {
            let tinted = marks.tints.as_ref().and_then(|it| it.get(id));
            let state = State { tint: tinted.map(|it| it.ink), ..self.state(id) };
            let level = marks.badges.get(id).map(|it| it.level.ink()).filter(|_| marks.tints.is_none());
            self.card((id, card), card.rect, state, (level, tinted));
        }
    }

    /// `level` and `tinted` as [`draw_card`] has them.
    fn card(
        &mut self,
        (id, card): (&Id, &CardBox),
        rect: Rect,
        state: State,
        (level, tinted): (Option<Ink>, Option<&Tinted>),
    ) {
        let detail = self.detail();
        let is_inferred = detail.icons && self.look.marks.inferred.contains(id);
        let (state, opacity) = (State { is_inferred, ..state }, self.opacity(&state));
        draw_card(
            &mut self.brush(Layer::Card, opacity, Some(id)),
            card,
            rect,
            &state,
            (detail, level, tinted),
        );
    }

    fn gates(&mut self, seen: &[(&'a Id, &'a GateBox)]) {
        let detail = self.detail();
        for (id, gate) in seen.iter().copied() {
            let rect = self.preview.boxes.get(id).copied().unwrap_or(gate.rect);
            let tinted = self.look.marks.tints.as_ref().and_then(|it| it.get(id));
            let state = State { tint: tinted.map(|it| it.ink), ..self.state(id) };
            let opacity = self.opacity(&state);
            let ports = self.evidence.map(|it| (&it.ports, it.level.ink()));
            let mut brush = self.brush(Layer::Gate, opacity, Some(id));
            draw_gate(&mut brush, gate, rect, &state, (detail, ports));
        }
    }

    fn pills(&mut self, seen: &[(&'a Id, &'a Route)]) {
        let detail = self.detail();
        if !detail.small_text {
            return;
        }
        for (id, route) in seen.iter().copied() {
            let carried = self.preview.pills.get(id);
            let Some(pill) = carried.or(route.label.as_ref()) else { continue };
            let state = self.flow_state(id, route);
            if !pill.fits && !state.is_selected && !state.is_hovered {
                continue;
            }
            let by = self.preview.shift(id);
            let opacity = self.opacity(&state);
            draw_pill(&mut self.brush(Layer::Label, opacity, Some(id)), pill, by, &state);
        }
    }

    fn signs(&mut self, seen: &Seen<'a>) {
        let detail = self.detail();
        let Some(tints) = self.look.marks.tints.as_ref().filter(|_| detail.small_text) else { return };
        let cards = seen.cards.iter().map(|it| (it.0, it.1.rect));
        for (id, rect) in cards.chain(seen.gates.iter().map(|it| (it.0, it.1.rect))) {
            let Some(tinted) = tints.get(id) else { continue };
            let rect = self.preview.boxes.get(id).copied().unwrap_or(rect);
            let corner = Pos::new(rect.min.x + size::SPACE_8, rect.max.y);
            let opacity = self.opacity(&self.state(id));
            draw_sign(&mut self.brush(Layer::Badge, opacity, Some(id)), tinted, corner, detail);
        }
    }

    fn badges(&mut self, seen: &Seen<'a>) {
        let detail = self.detail();
        if !detail.icons || self.look.marks.badges.is_empty() {
            return;
        }
        // How far from the right end of a box its badge is.
        let cards = seen.cards.iter().map(|it| (it.0, it.1.rect, BESIDE_HANDLE, None));
        let gates = seen.gates.iter().map(|it| (it.0, it.1.rect, 2.0, None));
        let boundaries = seen.boundaries.iter().map(|it| (it.0, it.1.rect, BESIDE_HANDLE, None));
        let flows = seen.flows.iter().map(|(id, it)| (*id, it.bounds, 0.0, Some(*it)));
        for (id, rect, inset, route) in cards.chain(gates).chain(boundaries).chain(flows) {
            let badges = &self.look.marks.badges;
            // A line wears what all flows have that it stands for.
            let merged = route.iter().flat_map(|it| &it.merged).filter_map(|it| badges.get(it));
            let own = badges.get(id).into_iter().chain(merged).copied();
            let Some(badge) = own.reduce(Badge::and) else { continue };
            let state = route.map_or_else(|| self.state(id), |it| self.flow_state(id, it));
            let (rect, inset) = match route {
                Some(it) => self.pill_of(id, it, &state),
                None => (self.preview.boxes.get(id).copied().unwrap_or(rect), inset),
            };
            let corner = Pos::new(rect.max.x - inset, rect.min.y);
            let opacity = self.opacity(&state);
            draw_badge(&mut self.brush(Layer::Badge, opacity, Some(id)), badge, corner, detail);
        }
    }

    /// The pill of a line, else its middle, and how far from the right end of that its badge is.
    fn pill_of(&self, id: &Id, route: &Route, state: &State) -> (Rect, f32) {
        let pill = self.preview.pill(id, route, state.is_selected || state.is_hovered);
        let middle = || Rect::centred(point_at(&route.points, 0.5), 0.0, 0.0);
        let inset = match pill {
            Some(it) if it.width() <= LOCK_ALONE => -BESIDE_LOCK,
            Some(_) => 2.0,
            None => 0.0,
        };
        (pill.unwrap_or_else(middle).moved(self.preview.shift(id)), inset)
    }

    fn pins(&mut self, seen: &Seen<'a>) {
        let (detail, marks) = (self.detail(), self.look.marks);
        if !detail.icons || marks.pins.is_empty() && marks.points.is_empty() {
            return;
        }
        let preview = self.preview;
        // Away from where counts, signs and locks are.
        let boxes = seen.cards.iter().map(|it| (it.0, it.1.rect));
        let boxes = boxes.chain(seen.gates.iter().map(|it| (it.0, it.1.rect)));
        let boxes = boxes.map(|(id, rect)| (id, rect, [rect.max.x - 4.0, rect.max.y], &[][..]));
        let boundaries = seen.boundaries.iter().map(|it| (it.0, it.1.rect));
        let boundaries = boundaries.map(|(id, rect)| (id, rect, [rect.max.x - 60.0, rect.min.y], &[][..]));
        let flows = seen.flows.iter().map(|(id, it)| {
            let middle = point_at(&it.points, 0.5) + Pos::new(0.0, size::BADGE_HEIGHT);
            let rect = preview.pill(id, it, false).unwrap_or_else(|| Rect::centred(middle, 0.0, 0.0));
            let rect = rect.moved(preview.shift(id));
            (*id, rect, [rect.min.x + 4.0, rect.max.y], &*it.merged)
        });
        for (id, rect, [x, y], merged) in boxes.chain(boundaries).chain(flows) {
            let all = std::iter::once(id).chain(merged).filter_map(|it| marks.pins.get(it));
            let Some(count) = all.copied().reduce(u32::saturating_add) else { continue };
            let by = self.preview.boxes.get(id).map_or(Pos::ZERO, |it| {
                // What is resized takes along the corner that its pin is at.
                let x = if x > rect.centre().x { it.max.x - rect.max.x } else { it.min.x - rect.min.x };
                let y = if y > rect.centre().y { it.max.y - rect.max.y } else { it.min.y - rect.min.y };
                Pos::new(x, y)
            });
            let opacity = self.opacity(&self.state(id));
            draw_pin(&mut self.brush(Layer::Pin, opacity, Some(id)), count, Pos::new(x, y) + by, detail);
        }
        let area = self.look.viewport.map(|it| it.grown(REACH));
        for (id, pin) in &marks.points {
            let by = self.look.overlay.and_then(|it| it.moved.get(id));
            let is_here = match self.look.share {
                Share::All => true,
                Share::Still => by.is_none(),
                Share::Moving => by.is_some(),
            };
            let at = pin.at + by.copied().unwrap_or_default();
            if is_here && area.is_none_or(|it| it.contains(at)) {
                draw_pin(&mut self.brush(Layer::Pin, 1.0, Some(id)), pin.count, at, detail);
            }
        }
    }

    fn tools(&mut self) {
        let highlight = self.look.highlight;
        // As wide on the screen at every zoom.
        let px = 1.0 / self.look.zoom.max(0.01);
        if let Some(connect) = &highlight.connect {
            let layout = self.layout;
            draw_connect(&mut self.brush(Layer::Tool, 1.0, None), layout, connect, px);
        }
        let mut brush = self.brush(Layer::Tool, 1.0, None);
        if let Some(rect) = highlight.marquee {
            let fill = Fill::tint(Ink::Accent, 0.08);
            brush.rect(rect, 2.0 * px, Some(fill), Some(Stroke::of(Ink::Accent, px)));
        }
        for (from, to) in &highlight.guides {
            brush.path(&[*from, *to], 0.0, Stroke::of(Ink::Accent, px), 0.0);
        }
        for gap in &highlight.gaps {
            draw_gap(&mut brush, *gap, px);
        }
    }
}
