//! Where everything stands on one view, and how that is brought up to date.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use foldhash::quality::FixedState;

use crate::model::{Artwork, Asset, Boundary, Component, Edit, Flow, Id, Model, Nesting, Place};

use super::areas::{Areas, Entry};
use super::boxes::{BoundaryBox, CardBox, GateBox, Route};
use super::channels::{PieceKey, Shared};
use super::geometry::{Rect, point_at};
use super::jumps::LineJumps;
use super::nest::Stage;
use super::settling::Todo;
use super::sights::Sights;
use super::wiring::Wiring;

/// The geometry of one view, in pixels at 100 %.
///
/// An element is on the view if it has a place there; a flow, if both of its ends are, though its line may come later
/// ([`Layout::settle`]). What stands in a collapsed boundary is drawn as that boundary.
#[derive(Debug, Clone)]
pub struct Layout {
    view: Id,
    pub cards: BTreeMap<Id, CardBox>,
    pub boundaries: BTreeMap<Id, BoundaryBox>,
    pub gates: BTreeMap<Id, GateBox>,
    pub flows: BTreeMap<Id, Route>,
    /// The cards that were sent behind those that nobody has put in order: few, as a rule.
    pub(super) lowered: BTreeSet<Id>,
    /// What stands directly in each open boundary.
    pub(super) members: BTreeMap<Id, BTreeSet<Id>>,
    /// The gates on each open boundary.
    pub(super) gates_on: BTreeMap<Id, BTreeSet<Id>>,
    /// The boundaries whose parent was taken away to cut a cycle.
    cut: BTreeSet<Id>,
    pub(super) wiring: Wiring,
    /// Cards with what stands behind them, and gates.
    pub(super) solids: Areas,
    /// The boxes of boundaries, and of their titles.
    pub(super) areas: Areas,
    pub(super) titles: Areas,
    /// The pieces of lines, where they are and where they were before lines were moved apart.
    pub(super) pieces: Areas,
    pub(super) runs: Areas,
    /// How far around pieces that found their places in a channel others were looked for.
    pub(super) reaches: Areas,
    /// The pieces of ways that may be moved and lie in a channel beside others.
    pub(super) shared: HashMap<PieceKey, Shared, FixedState>,
    /// The pills that found room.
    pub(super) pills: Areas,
    /// What was looked at for each line: where to look again when something comes or goes there.
    pub(super) sights: Sights,
    /// Whether lines jump over each other, and where those do that do.
    pub(super) is_jumping: bool,
    pub(super) jumps: BTreeMap<Id, LineJumps>,
    /// What is still to be done for lines.
    pub(super) todo: Todo,
}

/// What an edit touches.
#[derive(Debug, Default)]
struct Touched {
    /// Components and boundaries.
    elements: BTreeSet<Id>,
    /// Components that stay where and what they are: only if their boxes become others do lines follow.
    restyled: BTreeSet<Id>,
    flows: BTreeSet<Id>,
}

impl Layout {
    /// Lays out a whole view.
    pub fn of(model: &Model, view: &Id, nesting: &Nesting) -> Self {
        let mut layout = Self::unsettled(model, view, nesting);
        layout.settle(model, nesting, &|| false);
        layout
    }

    /// Lays out the boxes of a view; its lines come as it [settles](Layout::settle).
    pub fn unsettled(model: &Model, view: &Id, nesting: &Nesting) -> Self {
        let mut layout = Self::empty(view);
        let flows = model.flows().keys().cloned().collect();
        layout.todo = Todo::of_new();
        layout.cut.clone_from(nesting.cut());
        let touched = Touched { elements: elements(model), flows, ..Touched::default() };
        layout.refresh(model, nesting, &touched);
        layout
    }

    /// The boxes of a view, without its flows.
    pub(super) fn of_boxes(stage: &Stage<'_>) -> Self {
        let mut layout = Self::empty(stage.view);
        layout.refresh_boxes(stage, &elements(stage.model), &BTreeSet::new());
        layout
    }

    fn empty(view: &Id) -> Self {
        Self {
            view: view.clone(),
            cards: BTreeMap::new(),
            boundaries: BTreeMap::new(),
            gates: BTreeMap::new(),
            flows: BTreeMap::new(),
            lowered: BTreeSet::new(),
            members: BTreeMap::new(),
            gates_on: BTreeMap::new(),
            cut: BTreeSet::new(),
            wiring: Wiring::default(),
            solids: Areas::default(),
            areas: Areas::default(),
            titles: Areas::default(),
            pieces: Areas::default(),
            runs: Areas::default(),
            reaches: Areas::default(),
            shared: HashMap::default(),
            pills: Areas::default(),
            sights: Sights::default(),
            is_jumping: false,
            jumps: BTreeMap::new(),
            todo: Todo::default(),
        }
    }

    /// Brings it up to date with a model to which an edit was applied: lays out the boxes that the edit touches. Lines
    /// follow as it [settles](Layout::settle).
    pub fn update(&mut self, model: &Model, nesting: &Nesting, changed: &Edit) {
        let mut touched = self.touched(model, nesting, changed);
        if self.cut != *nesting.cut() {
            // A cycle of boundaries came or went, and with it parents that the edit does not name.
            self.cut.clone_from(nesting.cut());
            touched.elements.extend(elements(model));
        }
        self.refresh(model, nesting, &touched);
    }

    fn refresh(&mut self, model: &Model, nesting: &Nesting, touched: &Touched) {
        // Taken out for the time being, so that a stage may borrow it.
        let view = self.view.clone();
        let stage = Stage { model, view: &view, nesting, is_unfolded: false };
        self.todo.begin();
        let mut moved = self.refresh_boxes(&stage, &touched.elements, &touched.restyled);
        moved.elements.extend(touched.elements.iter().cloned());
        self.refresh_flows(&stage, &touched.flows, &moved);
    }

    fn touched(&self, model: &Model, nesting: &Nesting, changed: &Edit) -> Touched {
        let mut touched = Touched::default();
        let mut is_moved_within = false;
        let mut opened: BTreeSet<Id> = BTreeSet::new();
        for delta in changed.of::<Component>() {
            let within = |it: &Option<Arc<Component>>| it.as_ref().map(|it| it.within.clone());
            let is_same = delta.before.as_ref().zip(delta.after.as_ref()).is_some_and(|(before, after)| {
                before.kind == after.kind && before.within == after.within && before.gate_of == after.gate_of
            });
            let set = if is_same { &mut touched.restyled } else { &mut touched.elements };
            set.insert(delta.key.clone());
            is_moved_within |= within(&delta.before) != within(&delta.after);
        }
        for delta in changed.of::<Flow>() {
            touched.flows.insert(delta.key.clone());
        }
        for delta in changed.of::<Boundary>() {
            touched.elements.insert(delta.key.clone());
            let within = |it: &Option<Arc<Boundary>>| it.as_ref().map(|it| it.within.clone());
            if within(&delta.before) != within(&delta.after) {
                is_moved_within = true;
                opened.insert(delta.key.clone());
            }
        }
        if is_moved_within {
            // A collapsed boundary says how much is in it.
            let collapsed = self.cards.iter().filter(|it| it.1.is_collapsed());
            touched.elements.extend(collapsed.map(|it| it.0.clone()));
        }
        for delta in changed.of::<Place>().filter(|it| it.key.0 == self.view) {
            let id = &delta.key.1;
            if model.flows().contains_key(id) {
                touched.flows.insert(id.clone());
                continue;
            }
            touched.elements.insert(id.clone());
            let is_open = |it: &Option<Arc<Place>>| it.as_ref().map(|it| !it.collapsed);
            // Nothing stands in a component.
            if is_open(&delta.before) != is_open(&delta.after) && !model.components().contains_key(id) {
                opened.insert(id.clone());
            }
        }
        self.touch_inside(model, nesting, opened, &mut touched);
        let artworks: BTreeSet<&Id> = changed.of::<Artwork>().map(|it| &it.key).collect();
        if !artworks.is_empty() {
            let is_drawn = |it: &Option<Id>| it.as_ref().is_some_and(|it| artworks.contains(it));
            let components = model.components().iter().filter(|it| is_drawn(&it.1.icon)).map(|it| it.0);
            touched.restyled.extend(components.cloned());
            let boundaries = model.boundaries().iter().filter(|it| is_drawn(&it.1.icon)).map(|it| it.0);
            touched.elements.extend(boundaries.cloned());
        }
        let assets: BTreeSet<&Id> = changed.of::<Asset>().map(|it| &it.key).collect();
        if !assets.is_empty() {
            let keeps = |it: &Component| it.stores.iter().any(|it| assets.contains(it));
            let keepers = model.components().iter().filter(|it| keeps(it.1));
            touched.elements.extend(keepers.map(|it| it.0.clone()));
        }
        touched.restyled.retain(|it| !touched.elements.contains(it));
        touched
    }

    /// All that stands in boundaries or guards one of them: before the edit and after it.
    fn touch_inside(&self, model: &Model, nesting: &Nesting, opened: BTreeSet<Id>, touched: &mut Touched) {
        if opened.is_empty() {
            return;
        }
        let mut inside: BTreeSet<Id> = opened.iter().flat_map(|it| nesting.all_in(it)).collect();
        let mut open: Vec<&Id> = opened.iter().collect();
        while let Some(next) = open.pop() {
            for member in self.members.get(next).into_iter().flatten() {
                if inside.insert(member.clone()) {
                    open.push(member);
                }
            }
        }
        inside.extend(opened);
        let guards = |it: &Component| it.gate_of.as_ref().is_some_and(|it| inside.contains(it));
        let gates = model.components().iter().filter(|it| guards(it.1)).map(|it| it.0.clone());
        touched.elements.extend(gates);
        touched.elements.extend(inside);
    }

    pub fn view(&self) -> &Id {
        &self.view
    }

    /// The box of a card, gate or boundary, or the box around a flow.
    pub fn rect(&self, id: &Id) -> Option<Rect> {
        let card = || self.cards.get(id).map(|it| it.rect);
        let gate = || self.gates.get(id).map(|it| it.rect);
        let boundary = || self.boundaries.get(id).map(|it| it.rect);
        card().or_else(gate).or_else(boundary).or_else(|| self.flows.get(id).map(|it| it.bounds))
    }

    /// The flow that a flow is drawn as: itself, or the one it was merged into.
    pub fn drawn_as(&self, flow: &Id) -> Option<&Id> {
        if let Some((id, _)) = self.flows.get_key_value(flow) {
            return Some(id);
        }
        let (id, _) = self.wiring.drawn(flow).and_then(|it| self.flows.get_key_value(it))?;
        Some(id)
    }

    /// The box around everything; `None` for an empty view.
    pub fn bounds(&self) -> Option<Rect> {
        let all = [&self.solids, &self.areas, &self.pieces, &self.pills];
        let bounds = all.iter().fold(Rect::NOTHING, |all, it| all.union(&it.bounds()));
        (!bounds.is_nothing()).then_some(bounds)
    }

    /// The id of an element on the view, as long as the layout lives.
    pub(super) fn keys_of(&self, id: &Id) -> Option<&Id> {
        let flow = || self.flows.get_key_value(id).map(|it| it.0);
        let card = || self.cards.get_key_value(id).map(|it| it.0);
        let gate = || self.gates.get_key_value(id).map(|it| it.0);
        flow().or_else(card).or_else(gate).or_else(|| self.boundaries.get_key_value(id).map(|it| it.0))
    }

    /// Cards and gates as one reads: row by row, then from left to right.
    pub fn reading_order(&self) -> Vec<Id> {
        let cards = self.cards.iter().map(|it| (it.0, it.1.rect));
        in_reading_order(cards.chain(self.gates.iter().map(|it| (it.0, it.1.rect))).collect())
    }

    /// Elements of the view as one reads, boundaries by their titles and flows by their pills; in the end those flows whose
    /// lines are still to come.
    pub fn order_as_read<'a>(&self, ids: impl IntoIterator<Item = &'a Id>) -> Vec<Id> {
        let (mut drawn, mut to_come) = (Vec::new(), Vec::new());
        for id in ids {
            match self.read_at(id) {
                Some(rect) => drawn.push((id, rect)),
                None => to_come.push(id.clone()),
            }
        }
        let mut order = in_reading_order(drawn);
        order.append(&mut to_come);
        order
    }

    /// Where one reads what an element is.
    fn read_at(&self, id: &Id) -> Option<Rect> {
        if let Some(boundary) = self.boundaries.get(id) {
            return Some(boundary.title_rect);
        }
        let Some(route) = self.drawn_as(id).and_then(|it| self.flows.get(it)) else { return self.rect(id) };
        let pill = route.label.as_ref().filter(|it| it.fits).map(|it| it.rect);
        Some(pill.unwrap_or_else(|| Rect::centred(point_at(&route.points, 0.5), 0.0, 0.0)))
    }

    /// Whether anything of it is in an area: a box, a line, or a part of one.
    pub fn has_something_in(&self, area: &Rect) -> bool {
        self.boxes_in(area).next().is_some() || self.flows_in(area).next().is_some()
    }

    /// The cards, gates and boundaries that meet an area or touch it, in no order.
    pub fn boxes_at(&self, area: &Rect) -> impl Iterator<Item = &Id> {
        self.boxes_in(area).map(|it| &it.id)
    }

    /// The cards, gates and boundaries that meet an area, in no order.
    pub(super) fn boxes_in(&self, area: &Rect) -> impl Iterator<Item = &Entry> {
        self.solids.near(area).chain(self.areas.near(area))
    }

    /// The flows whose line or pill meets an area, in no order, and some of them more than once.
    pub fn flows_in(&self, area: &Rect) -> impl Iterator<Item = &Id> {
        self.pieces.near(area).chain(self.pills.near(area)).map(|it| &it.id)
    }
}

fn elements(model: &Model) -> BTreeSet<Id> {
    model.components().keys().chain(model.boundaries().keys()).cloned().collect()
}

/// Boxes row by row, then from left to right.
fn in_reading_order(mut all: Vec<(&Id, Rect)>) -> Vec<Id> {
    all.sort_by(|a, b| a.1.centre().y.total_cmp(&b.1.centre().y).then_with(|| a.0.cmp(b.0)));
    // A row is what overlaps the middle of its first.
    let mut order: Vec<Id> = Vec::with_capacity(all.len());
    let mut rest = all.as_slice();
    while let Some(first) = rest.first() {
        let end = rest.iter().position(|it| it.1.min.y >= first.1.max.y.min(first.1.centre().y + 24.0));
        let (row, later) = rest.split_at(end.unwrap_or(rest.len()).max(1));
        let mut row = row.to_vec();
        row.sort_by(|a, b| a.1.min.x.total_cmp(&b.1.min.x).then_with(|| a.0.cmp(b.0)));
        order.extend(row.into_iter().map(|it| it.0.clone()));
        rest = later;
    }
    order
}
