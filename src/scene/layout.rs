//! Where everything stands on one view.

use std::collections::BTreeMap;

use rstar::{AABB, RTree, RTreeObject};

use crate::model::{Edit, Id, Model, Nesting};

use super::boxes::{BoundaryBox, CardBox, GateBox, Route};
use super::geometry::Rect;

/// The geometry of one view, in pixels at 100 %.
///
/// An element is on the view if it has a place there; a flow, if both of its ends are. What stands in a collapsed
/// boundary is drawn as that boundary.
#[derive(Debug, Clone)]
pub struct Layout {
    view: Id,
    pub cards: BTreeMap<Id, CardBox>,
    pub boundaries: BTreeMap<Id, BoundaryBox>,
    pub gates: BTreeMap<Id, GateBox>,
    pub flows: BTreeMap<Id, Route>,
    index: RTree<Entry>,
}

/// The box of an element in the index.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) rect: Rect,
    pub(super) id: Id,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f32; 2]>;

    fn envelope(&self) -> Self::Envelope {
        envelope(&self.rect)
    }
}

fn envelope(rect: &Rect) -> AABB<[f32; 2]> {
    AABB::from_corners([rect.min.x, rect.min.y], [rect.max.x, rect.max.y])
}

impl Layout {
    /// Lays out a whole view.
    pub fn of(model: &Model, view: &Id, nesting: &Nesting) -> Self {
        let _ = (model, nesting);
        Self {
            view: view.clone(),
            cards: BTreeMap::new(),
            boundaries: BTreeMap::new(),
            gates: BTreeMap::new(),
            flows: BTreeMap::new(),
            index: RTree::new(),
        }
    }

    /// Brings it up to date with a model to which an edit was applied: lays out and routes what the edit touches.
    pub fn update(&mut self, model: &Model, nesting: &Nesting, changed: &Edit) {
        let _ = changed;
        *self = Self::of(model, &self.view, nesting);
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
        self.flows.iter().find(|it| it.1.merged.contains(flow)).map(|it| it.0)
    }

    /// The box around everything; `None` for an empty view.
    pub fn bounds(&self) -> Option<Rect> {
        let root = self.index.root().envelope();
        if self.index.size() == 0 {
            return None;
        }
        let ([x, y], [right, bottom]) = (root.lower(), root.upper());
        Some(Rect::new(x, y, right - x, bottom - y))
    }

    /// Cards and gates as one reads: row by row, then from left to right.
    pub fn reading_order(&self) -> Vec<Id> {
        let cards = self.cards.iter().map(|it| (it.0, it.1.rect));
        let mut all: Vec<(&Id, Rect)> = cards.chain(self.gates.iter().map(|it| (it.0, it.1.rect))).collect();
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

    /// Calls back with each element whose box meets an area, in no order.
    pub(super) fn visit<'a>(&'a self, area: &Rect, mut found: impl FnMut(&'a Id)) {
        for entry in self.index.locate_in_envelope_intersecting(envelope(area)) {
            found(&entry.id);
        }
    }
}
