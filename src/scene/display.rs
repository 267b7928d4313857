//! From a layout to the display list: what is seen, layer by layer.

use std::collections::BTreeSet;

use crate::model::Id;
use crate::tokens::Ink;

use super::Layout;
use super::boxes::{BoundaryBox, CardBox, GateBox, Route};
use super::brush::Brush;
use super::draw::{
    Detail, State, draw_boundary, draw_card, draw_flow, draw_gap, draw_gate, draw_halo, draw_pill,
};
use super::geometry::{Pos, Rect};
use super::hung::Part;
use super::jumps::Jumps;
use super::linking::draw_connect;
use super::list::{Fill, Layer, Sink, Stroke};
use super::marks::{Evidence, Highlight, Marks, Overlay, Tinted};
use super::preview::Preview;
use super::rising::Rising;
use super::seen::{Extent, Seen};
use super::turn::{Progress, Taken, Turn};

/// How far stacks, badges and glows reach out of the boxes that the index knows.
pub(super) const REACH: f32 = 24.0;
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
    display_part(layout, look, (&mut Progress::default(), 1), out);
}

/// Hands on one of so many parts, about as much in each, after those before. Returns whether it was the last.
///
/// Together they are what [`display`] hands on, if nothing changes in between, and more: some of what is out of view, too.
pub fn display_part(
    layout: &Layout,
    look: &Look<'_>,
    (progress, parts): (&mut Progress, usize),
    out: &mut Sink<'_>,
) -> bool {
    let preview =
        look.overlay.filter(|it| !it.is_empty()).map(|it| Preview::of(layout, it)).unwrap_or_default();
    let evidence = look.marks.evidence.as_ref();
    let found = look.highlight.found.as_ref().filter(|_| evidence.is_none());
    let lit = evidence
        .map(|it| it.components.iter().chain(&it.flows).chain(&it.boundaries).collect())
        .or_else(|| found.map(|it| it.iter().collect()));
    let few = Few::of(layout, look.highlight);
    let held_back = std::mem::take(&mut progress.held_back);
    let mut scene = Scene { layout, look, preview: &preview, lit, few, evidence, area: None, held_back, out };
    let seen = scene.seen(parts == 1);
    let mut all = Turn::counting();
    scene.hand_on(&seen, &mut all);
    let places = all.places().div_ceil(parts.max(1));
    let mut turn = Turn::new(progress.at, places);
    scene.hand_on(&seen, &mut turn);
    *progress = Progress { at: progress.at + places, held_back: scene.held_back };
    turn.is_last()
}

/// A card, and how it is drawn.
struct Drawn<'a> {
    id: &'a Id,
    card: &'a CardBox,
    /// Where a gesture has it.
    dragged: Option<Rect>,
    state: State,
    /// As [`draw_card`] has them.
    colours: (Option<Ink>, Option<&'a Tinted>),
}

impl Drawn<'_> {
    /// What is dragged or selected lies above what is not: a copy above what it was made of. Where somebody has put it in
    /// order, it shows where it lies.
    fn is_above(&self) -> bool {
        self.dragged.is_some() || (self.state.is_selected && self.card.order == 0)
    }
}

/// What is handed on, and to whom.
pub(super) struct Scene<'a> {
    pub(super) layout: &'a Layout,
    pub(super) look: &'a Look<'a>,
    pub(super) preview: &'a Preview,
    lit: Option<BTreeSet<&'a Id>>,
    few: Few<'a>,
    pub(super) evidence: Option<&'a Evidence>,
    /// What does not meet this need not be handed on.
    area: Option<Rect>,
    held_back: Vec<Id>,
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
    /// All steps, from the ground up.
    fn hand_on(&mut self, seen: &Seen<'a>, turn: &mut Turn) {
        let (detail, marks) = (self.detail(), self.look.marks);
        let Seen { boundaries, flows, cards, gates } = seen;
        self.boundaries(&self.met(turn.of(boundaries)).some);
        self.halos(&self.met(turn.of_wanted(self.lit.is_some(), flows)).some);
        self.flows(&self.met(turn.of(flows)));
        self.cards(&self.met(turn.of(cards)), cards);
        self.gates(&self.met(turn.of(gates)).some);
        self.pills(&self.met(turn.of_wanted(detail.locks, flows)).some);
        let has_signs = detail.icons && marks.tints.is_some();
        self.signs(&self.part(has_signs, seen, turn));
        let has_badges = detail.icons && !marks.badges.is_empty();
        self.badges(&self.part(has_badges, seen, turn));
        let has_pins = detail.icons && !(marks.pins.is_empty() && marks.points.is_empty());
        self.pins(&self.part(has_pins, seen, turn));
        if turn.of::<()>(&[]).ends {
            if has_pins {
                self.points();
            }
            if self.look.share != Share::Still {
                self.trail();
                self.tools();
            }
        }
    }

    /// What of it is in view, where that is not known yet.
    fn met<'s, T: Extent>(&self, taken: Taken<'s, (&'a Id, &'a T)>) -> Taken<'s, (&'a Id, &'a T)> {
        let Some(area) = &self.area else { return taken };
        let is_elsewhere =
            |id: &Id| self.preview.boxes.contains_key(id) || self.preview.flows.contains_key(id);
        let has_preview = !(self.preview.boxes.is_empty() && self.preview.flows.is_empty());
        taken.only(|it| it.1.meets(area) || has_preview && is_elsewhere(it.0))
    }

    fn part<'s>(&self, is_wanted: bool, seen: &'s Seen<'a>, turn: &mut Turn) -> Part<'s, 'a> {
        Part {
            cards: self.met(turn.of_wanted(is_wanted, &seen.cards)).some,
            gates: self.met(turn.of_wanted(is_wanted, &seen.gates)).some,
            boundaries: self.met(turn.of_wanted(is_wanted, &seen.boundaries)).some,
            flows: self.met(turn.of_wanted(is_wanted, &seen.flows)).some,
        }
    }

    fn seen(&mut self, is_whole: bool) -> Seen<'a> {
        let area = self.look.viewport.map(|it| it.grown(REACH));
        let still = |it: Seen<'a>| match self.look.share {
            Share::Still => it.without(self.preview),
            Share::All | Share::Moving => it,
        };
        let mut seen = if self.look.share == Share::Moving {
            Seen::moving(self.layout, self.preview)
        } else if is_whole {
            still(Seen::of(self.layout, area, self.preview))
        } else {
            let (seen, area) = Seen::of_parts(self.layout, area, self.preview);
            self.area = area;
            still(seen)
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

    pub(super) fn state(&self, id: &Id) -> State {
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

    pub(super) fn flow_state(&self, id: &Id, route: &Route) -> State {
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
    pub(super) fn opacity(&self, state: &State) -> f32 {
        if state.is_dimmed && state.lit.is_none() && !state.is_selected && !state.is_hovered {
            return DIMMED;
        }
        let steps_back = self.lit.is_some() && state.lit.is_none() && !state.is_selected && !state.is_hovered;
        if steps_back { STEPS_BACK } else { 1.0 }
    }

    pub(super) fn brush<'b>(&'b mut self, layer: Layer, opacity: f32, element: Option<&'b Id>) -> Brush<'b> {
        Brush { out: self.out, layer, opacity, element }
    }

    pub(super) fn detail(&self) -> Detail {
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

    fn halos(&mut self, seen: &[(&'a Id, &'a Route)]) {
        for (id, route) in seen.iter().copied() {
            let state = self.flow_state(id, route);
            if state.lit.is_some() {
                let points = self.preview.flows.get(id).map_or(&*route.points, |it| &**it);
                draw_halo(&mut self.brush(Layer::Halo, 1.0, Some(id)), points, &state);
            }
        }
    }

    fn flows(&mut self, taken: &Taken<'_, (&'a Id, &'a Route)>) {
        let seen = &*taken.some;
        let mut selected = self.selected(seen);
        let mut lit = self.lit(seen);
        let mut redrawn = Rising::of(seen, &self.preview.flows);
        let mut tints = self.tints(seen);
        let mut above = Vec::new();
        for (place, (id, route)) in seen.iter().copied().enumerate() {
            if place % AHEAD == 0 {
                fetch(seen.iter().skip(place).take(AHEAD).map(|it| it.1.fetched()));
            }
            let state = self.state_of(id, (selected.at(place).is_some(), lit.at(place).is_some()));
            let tinted = tints.at(place).or_else(|| self.tint_of(&route.merged));
            let state = State { tint: tinted.map(|it| it.ink), ..self.with_merged(state, route) };
            let anew = redrawn.at(place).map(|it| &**it);
            if state.lit.is_some() || state.is_selected {
                above.push((id, route, anew, state));
                continue;
            }
            let opacity = self.opacity(&state);
            self.flow((id, route), anew, &state, opacity);
        }
        if !taken.ends {
            self.held_back.extend(above.into_iter().map(|it| it.0.clone()));
            return;
        }
        for id in std::mem::take(&mut self.held_back) {
            let Some((id, route)) = self.layout.flows.get_key_value(&id) else { continue };
            let tints = self.look.marks.tints.as_ref();
            let tinted = tints.and_then(|it| it.get(id)).or_else(|| self.tint_of(&route.merged));
            let state = State { tint: tinted.map(|it| it.ink), ..self.flow_state(id, route) };
            self.flow((id, route), self.preview.flows.get(id).map(|it| &**it), &state, 1.0);
        }
        for (id, route, anew, state) in above {
            self.flow((id, route), anew, &state, 1.0);
        }
    }

    /// `anew` is its line while a gesture bends it.
    fn flow(&mut self, (id, route): (&Id, &Route), anew: Option<&[Pos]>, state: &State, opacity: f32) {
        let (detail, style) = (self.detail(), self.look.jumps);
        // From afar they are too small to be seen.
        let has_jumps = style != Jumps::Off && self.look.zoom >= JUMPS_FROM && anew.is_none();
        let jumps = if has_jumps { self.layout.jumps_of(id) } else { &[] };
        let line = (anew.unwrap_or(&route.points), jumps);
        draw_flow(&mut self.brush(Layer::Flow, opacity, Some(id)), route, (line, style), state, detail);
    }

    fn cards(&mut self, taken: &Taken<'_, (&'a Id, &'a CardBox)>, all: &[(&'a Id, &'a CardBox)]) {
        let seen = &*taken.some;
        let mut selected = self.selected(seen);
        let mut lit = self.lit(seen);
        let mut boxes = Rising::of(seen, &self.preview.boxes);
        let mut badges = Rising::of(seen, &self.look.marks.badges);
        let mut tints = self.tints(seen);
        let is_tinted = self.look.marks.tints.is_some();
        if taken.begins {
            self.lowered(all);
        }
        let mut raised = Vec::new();
        for (place, (id, card)) in seen.iter().copied().enumerate() {
            if place % AHEAD == 0 {
                fetch(seen.iter().skip(place).take(AHEAD).map(|it| it.1.rect.min.x));
            }
            let state = self.state_of(id, (selected.at(place).is_some(), lit.at(place).is_some()));
            let tinted = tints.at(place);
            let state = State { tint: tinted.map(|it| it.ink), ..state };
            // From afar, a card has one colour: that of what is looked for.
            let level = badges.at(place).map(|it| it.level.ink()).filter(|_| !is_tinted);
            let drawn =
                Drawn { id, card, dragged: boxes.at(place).copied(), state, colours: (level, tinted) };
            if drawn.is_above() || card.order > 0 {
                raised.push(drawn);
            } else if card.order == 0 {
                self.card(&drawn);
            }
        }
        if !taken.ends {
            self.held_back.extend(raised.into_iter().map(|it| it.id.clone()));
            return;
        }
        let held_back = std::mem::take(&mut self.held_back);
        let held_back = held_back.iter().filter_map(|it| self.layout.cards.get_key_value(it));
        let mut raised: Vec<Drawn<'a>> = held_back.map(|it| self.drawn(it)).chain(raised).collect();
        raised.sort_by_key(|it| (it.is_above(), it.card.order));
        raised.iter().for_each(|it| self.card(it));
    }

    /// Those that lie below all that nobody has put in order.
    fn lowered(&mut self, seen: &[(&'a Id, &'a CardBox)]) {
        let here =
            |id: &Id| seen.binary_search_by(|it| it.0.cmp(id)).ok().and_then(|it| seen.get(it)).copied();
        let still = self.layout.lowered.iter().filter(|it| !self.preview.boxes.contains_key(*it));
        let mut lowered: Vec<Drawn<'a>> = still.filter_map(here).map(|it| self.drawn(it)).collect();
        lowered.sort_by_key(|it| it.card.order);
        lowered.iter().for_each(|it| self.card(it));
    }

    /// For one of few.
    fn drawn(&self, (id, card): (&'a Id, &'a CardBox)) -> Drawn<'a> {
        let marks = self.look.marks;
        let tinted = marks.tints.as_ref().and_then(|it| it.get(id));
        let state = State { tint: tinted.map(|it| it.ink), ..self.state(id) };
        let level = marks.badges.get(id).map(|it| it.level.ink()).filter(|_| marks.tints.is_none());
        Drawn { id, card, dragged: self.preview.boxes.get(id).copied(), state, colours: (level, tinted) }
    }

    fn card(&mut self, it: &Drawn<'a>) {
        let (detail, (level, tinted)) = (self.detail(), it.colours);
        let is_inferred = detail.icons && self.look.marks.inferred.contains(it.id);
        let (state, opacity) = (State { is_inferred, ..it.state }, self.opacity(&it.state));
        let rect = it.dragged.unwrap_or(it.card.rect);
        let mut brush = self.brush(Layer::Card, opacity, Some(it.id));
        draw_card(&mut brush, it.card, rect, &state, (detail, level, tinted));
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
        for (id, route) in seen.iter().copied() {
            let carried = self.preview.pills.get(id);
            let Some(pill) = carried.or(route.label.as_ref()) else { continue };
            let state = self.flow_state(id, route);
            if !pill.fits && !state.is_selected && !state.is_hovered {
                continue;
            }
            let by = self.preview.shift(id);
            let opacity = self.opacity(&state);
            draw_pill(&mut self.brush(Layer::Label, opacity, Some(id)), pill, by, &state, detail);
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
