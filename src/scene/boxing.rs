//! Brings the boxes of a layout up to date: cards, boundaries around their members, gates on their edges.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Id;

use super::Layout;
use super::areas::Areas;
use super::boxes::{BoundaryBox, CardBox, GateBox};
use super::cards::{boundary, card};
use super::gates::gates;
use super::geometry::Rect;
use super::nest::{Role, Stage};

/// What came, went or changed its box.
#[derive(Debug, Default)]
pub(super) struct Moved {
    pub(super) elements: BTreeSet<Id>,
    /// Where they were and where they are: what lines now have to keep from, or no longer.
    pub(super) areas: Vec<Rect>,
    /// The borders of boundaries that came, went or moved.
    pub(super) borders: Vec<Rect>,
    /// Boundaries whose gates changed: the lines into them may take another way.
    pub(super) regated: BTreeSet<Id>,
}

/// A box as it was.
#[derive(Default)]
struct Before {
    solids: BTreeMap<Id, Rect>,
    boundaries: BTreeMap<Id, BoundaryBox>,
    gates: BTreeMap<Id, Option<GateBox>>,
}

impl Layout {
    /// `restyled` stay where and what they are; their boxes may be others.
    pub(super) fn refresh_boxes(
        &mut self,
        stage: &Stage<'_>,
        touched: &BTreeSet<Id>,
        restyled: &BTreeSet<Id>,
    ) -> Moved {
        let mut before = Before::default();
        // Boundaries whose members or gates are to be looked at again.
        let mut grown: BTreeSet<Id> = BTreeSet::new();
        let mut gated: BTreeSet<Id> = BTreeSet::new();
        for id in touched.iter().chain(restyled) {
            self.forget(id, &mut before, &mut grown, &mut gated);
            self.remember(stage, id, &mut grown, &mut gated);
        }
        // A boundary makes room for its gates.
        grown.extend(gated.iter().cloned());
        self.grow(stage, grown, &mut before, gated);
        let mut moved = Moved::default();
        self.compare(before, (touched, restyled), &mut moved);
        moved
    }

    fn forget(&mut self, id: &Id, before: &mut Before, grown: &mut BTreeSet<Id>, gated: &mut BTreeSet<Id>) {
        let mut parent = None;
        if let Some(card) = self.cards.remove(id) {
            before.solids.insert(id.clone(), card.outer());
            if card.order < 0 {
                self.lowered.remove(id);
            }
            parent = card.parent;
        }
        if let Some(gate) = self.gates.remove(id) {
            if let Some(row) = self.gates_on.get_mut(&gate.boundary) {
                row.remove(id);
            }
            gated.insert(gate.boundary.clone());
            before.gates.insert(id.clone(), Some(gate));
        }
        if let Some(boundary) = self.boundaries.remove(id) {
            parent.clone_from(&boundary.parent);
            before.boundaries.insert(id.clone(), boundary);
            gated.insert(id.clone());
        }
        if let Some(parent) = parent {
            if let Some(members) = self.members.get_mut(&parent) {
                members.remove(id);
            }
            grown.insert(parent);
        }
    }

    fn remember(&mut self, stage: &Stage<'_>, id: &Id, grown: &mut BTreeSet<Id>, gated: &mut BTreeSet<Id>) {
        let parent = match stage.role(id) {
            Role::Hidden => return,
            Role::Gate => {
                let Some(guarded) = stage.model.component(id).and_then(|it| it.gate_of.clone()) else {
                    return;
                };
                self.gates_on.entry(guarded.clone()).or_default().insert(id.clone());
                gated.insert(guarded);
                return;
            }
            Role::Card => {
                let Some(card) = card(stage, id) else { return };
                let parent = card.parent.clone();
                if card.order < 0 {
                    self.lowered.insert(id.clone());
                }
                self.cards.insert(id.clone(), card);
                parent
            }
            Role::Open => {
                grown.insert(id.clone());
                gated.insert(id.clone());
                stage.parent(id).cloned()
            }
        };
        if let Some(parent) = parent {
            self.members.entry(parent.clone()).or_default().insert(id.clone());
            grown.insert(parent);
        }
    }

    /// Puts boundaries around their members, the innermost first, and gates on their edges.
    fn grow(
        &mut self,
        stage: &Stage<'_>,
        mut grown: BTreeSet<Id>,
        before: &mut Before,
        mut gated: BTreeSet<Id>,
    ) {
        for id in grown.clone() {
            let mut at = stage.parent(&id);
            while let Some(parent) = at.filter(|it| grown.insert((*it).clone())) {
                at = stage.parent(parent);
            }
        }
        let mut by_depth: Vec<(u16, Id)> = grown.into_iter().map(|it| (stage.depth(&it), it)).collect();
        by_depth.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        for (_, id) in by_depth {
            if stage.role(&id) != Role::Open {
                continue;
            }
            let around = self.around_members(stage, &id);
            let Some(new) = boundary(stage, &id, &around, self.reach(stage, &id)) else { continue };
            let rect = new.rect;
            let old = self.boundaries.insert(id.clone(), new);
            if old.as_ref().is_none_or(|it| it.rect != rect) || gated.remove(&id) {
                self.place_gates(stage, &id, before);
            }
            if let Some(old) = old {
                before.boundaries.entry(id).or_insert(old);
            }
        }
        // No gates are left on what is not open any more.
        gated.iter().for_each(|it| self.place_gates(stage, it, before));
    }

    fn around_members(&self, stage: &Stage<'_>, id: &Id) -> Rect {
        let members = self.members.get(id).into_iter().flatten();
        members.fold(Rect::NOTHING, |all, it| {
            let card = self.cards.get(it).map(CardBox::outer);
            let boundary = || Some(self.reach(stage, it).outwards(self.boundaries.get(it)?.rect));
            card.or_else(boundary).map_or(all, |it| all.union(&it))
        })
    }

    fn place_gates(&mut self, stage: &Stage<'_>, id: &Id, before: &mut Before) {
        let ids = self.gates_on.get(id).cloned().unwrap_or_default();
        if ids.is_empty() {
            self.gates_on.remove(id);
        }
        let Some(rect) = self.boundaries.get(id).map(|it| it.rect) else { return };
        for (gate_id, gate) in gates(stage, (id, &rect), &ids) {
            let old = self.gates.insert(gate_id.clone(), gate);
            before.gates.entry(gate_id).or_insert(old);
        }
    }

    /// Says what differs, and brings the indexes up to date.
    fn compare(
        &mut self,
        before: Before,
        (touched, restyled): (&BTreeSet<Id>, &BTreeSet<Id>),
        moved: &mut Moved,
    ) {
        let mut solids = Vec::new();
        for id in touched.iter().chain(restyled) {
            let (old, new) = (before.solids.get(id).copied(), self.cards.get(id).map(CardBox::outer));
            moved.compare(&mut self.solids, id, old, new, &mut solids);
        }
        for (id, old) in before.gates {
            let new = self.gates.get(&id);
            let (is_old, is_new) = (old.as_ref().map(|it| it.rect), new.map(|it| it.rect));
            // What it allows decides, too, which lines go through it.
            if is_old != is_new || touched.contains(&id) || restyled.contains(&id) {
                moved.regated.extend(old.iter().chain(new).map(|it| it.boundary.clone()));
            }
            moved.compare(&mut self.solids, &id, is_old, is_new, &mut solids);
        }
        self.solids.extend(solids);
        let (mut areas, mut titles) = (Vec::new(), Vec::new());
        let boundaries: BTreeSet<&Id> = touched.iter().chain(before.boundaries.keys()).collect();
        for id in boundaries {
            let (old, new) = (before.boundaries.get(id), self.boundaries.get(id));
            let (title, new_title) = (old.map(|it| it.title_rect), new.map(|it| it.title_rect));
            moved.compare(&mut self.titles, id, title, new_title, &mut titles);
            let (old, new) = (old.map(|it| it.rect), new.map(|it| it.rect));
            if old != new {
                if let Some(it) = old {
                    self.areas.remove(id, [it]);
                }
                areas.extend(new.map(|rect| (rect, id.clone())));
                moved.borders.extend(old.iter().chain(&new).flat_map(Rect::borders));
            }
        }
        self.areas.extend(areas);
        self.titles.extend(titles);
    }
}

impl Moved {
    /// Notes that something came, went or moved, and takes it out of an index; `added` is what to put in.
    fn compare(
        &mut self,
        index: &mut Areas,
        id: &Id,
        old: Option<Rect>,
        new: Option<Rect>,
        added: &mut Vec<(Rect, Id)>,
    ) {
        if old == new {
            return;
        }
        self.elements.insert(id.clone());
        self.areas.extend(old.iter().chain(&new));
        if let Some(rect) = old {
            index.remove(id, [rect]);
        }
        added.extend(new.map(|rect| (rect, id.clone())));
    }
}
