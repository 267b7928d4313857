//! Auto layout: new places for what stands on a view already, all of it, what is in a boundary, or a selection.
//!
//! What is locked stays where it is, and the others stand around it. A [`LayoutEngine`] says where boxes would like to
//! stand; this room knows the rest: what is meant, what is pinned, gates, and the corners of flows.

mod pins;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Draft, Flow, Id, Model, Nesting, Place};

use self::pins::Settled;
use self::tree::Tree;
use super::geometry::{Pos, Rect};
use super::nest::Stage;
use super::placing::{Ground, IsOver, LayoutEngine, New, Wish, place_new};
use super::{Layout, SNAP};
use crate::model::Direction;

/// What of a view is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayoutScope {
    View,
    /// A boundary with all in it. It grows and shrinks with that, and stays where it is if it has room there.
    Boundary(Id),
    /// These elements, boundaries with all in them: those of one boundary as one block, where they stood.
    Selection(BTreeSet<Id>),
}

/// Places that differ; none for what needs no place of its own any more.
pub type Places = BTreeMap<Id, Option<Place>>;

/// Lays out a part of a view along its flows; `None` if it was to be given up.
///
/// Cards and boundaries get places on the grid, boundaries sizes to hold what is in them, gates seats on the side that
/// faces what comes in. Locked elements stay, with the boundaries around them. What is not meant stays, too; where a block
/// has no room where it stood, it stands where there is some. Corners of flows go along where both ends go the same way;
/// else they are let go, as they were laid around what now stands elsewhere, unless the flow is locked.
pub fn auto_layout(
    model: &Model,
    nesting: &Nesting,
    view: &Id,
    (scope, direction): (&LayoutScope, Direction),
    engine: &dyn LayoutEngine,
    is_over: IsOver<'_>,
) -> Option<Places> {
    let stage = Stage { model, view, nesting, is_unfolded: false };
    let mut laying = Laying { stage, layout: Layout::of_boxes(&stage), places: BTreeMap::new() };
    let blocks = laying.blocks(scope);
    let mut trees: Vec<(Option<Id>, Tree)> = Vec::with_capacity(blocks.len());
    for (within, roots) in blocks {
        trees.push((within, Tree::of(&stage, &laying.layout, &roots, direction)));
    }
    let mut settled = Vec::with_capacity(trees.len());
    for (within, tree) in &trees {
        let boxes = engine.lay_out(&tree.graph, is_over)?;
        let beside = laying.beside(within.as_ref(), tree);
        settled.push(Settled::of(tree, &boxes, &beside, laying.others(&trees)));
    }
    laying.stand(scope, &trees, settled);
    if is_over() {
        return None;
    }
    laying.seat_gates(&trees);
    laying.let_go_of_corners();
    laying.places.retain(|id, place| place.as_ref() != stage.place(id));
    Some(laying.places)
}

/// The way that most flows of a view run already, downwards if they are even.
pub fn prevailing_direction(layout: &Layout) -> Direction {
    let mut balance = 0_i32;
    for route in layout.flows.values() {
        let (Some(from), Some(to)) = (layout.rect(&route.from), layout.rect(&route.to)) else { continue };
        let by = to.centre() - from.centre();
        balance += if by.x.abs() > by.y.abs() { 1 } else { -1 };
    }
    if balance > 0 { Direction::Right } else { Direction::Down }
}

struct Laying<'a> {
    stage: Stage<'a>,
    /// The boxes as they stand.
    layout: Layout,
    places: Places,
}

impl Laying<'_> {
    /// What is laid out as one, by the boundary that it stands in.
    fn blocks(&self, scope: &LayoutScope) -> Vec<(Option<Id>, Vec<Id>)> {
        let is_box = |it: &Id| self.layout.cards.contains_key(it) || self.layout.boundaries.contains_key(it);
        let all: BTreeSet<Id> = match scope {
            LayoutScope::View => {
                let ids = self.layout.cards.keys().chain(self.layout.boundaries.keys());
                ids.filter(|it| self.stage.parent(it).is_none()).cloned().collect()
            }
            LayoutScope::Boundary(id) => [id.clone()].into_iter().filter(is_box).collect(),
            LayoutScope::Selection(ids) => ids.iter().filter(|it| is_box(it)).cloned().collect(),
        };
        let mut blocks: BTreeMap<Option<Id>, Vec<Id>> = BTreeMap::new();
        let is_inner = |id: &Id| self.stage.nesting.ancestors(id).any(|it| all.contains(it));
        for id in all.iter().filter(|it| !is_inner(it)) {
            blocks.entry(self.stage.parent(id).cloned()).or_default().push(id.clone());
        }
        let mut blocks: Vec<(Option<Id>, Vec<Id>)> = blocks.into_iter().collect();
        // What one block makes larger, those further out keep from.
        let depth = |it: &Option<Id>| it.as_ref().map_or(0, |it| 1 + self.stage.depth(it));
        blocks.sort_by_key(|it| std::cmp::Reverse(depth(&it.0)));
        blocks
    }

    /// What stays beside a block, in the same boundary.
    fn beside(&self, within: Option<&Id>, tree: &Tree) -> Vec<Rect> {
        let boxes = self.layout.cards.iter().map(|it| (it.0, it.1.outer(), it.1.parent.as_ref()));
        let areas = self.layout.boundaries.iter().map(|it| (it.0, it.1.rect, it.1.parent.as_ref()));
        let beside = boxes.chain(areas).filter(|it| it.2 == within && !tree.holds(it.0));
        beside.map(|it| it.1).collect()
    }

    /// The cards that are not laid out.
    fn others(&self, trees: &[(Option<Id>, Tree)]) -> Vec<Rect> {
        let cards = self.layout.cards.iter().filter(|it| !trees.iter().any(|tree| tree.1.holds(it.0)));
        cards.map(|it| it.1.outer()).collect()
    }

    /// Gives each block its place: the one that what is pinned in it asks for, or the one nearest to where it stood.
    fn stand(&mut self, scope: &LayoutScope, trees: &[(Option<Id>, Tree)], settled: Vec<Settled>) {
        let rest = match scope {
            LayoutScope::View => None,
            LayoutScope::Boundary(_) | LayoutScope::Selection(_) => Some(self.without(trees)),
        };
        let nesting = self.stage.nesting;
        let mut ground = rest.as_ref().map(|it| Ground::of(Stage { model: it, nesting, ..self.stage }));
        for ((within, tree), mut settled) in trees.iter().zip(settled) {
            let before = tree.around();
            let all = settled.around();
            if !settled.is_held() {
                let (width, height) = (all.width(), all.height());
                let wish = match scope {
                    LayoutScope::Boundary(_) => before.min,
                    _ => Rect::centred(before.centre(), width, height).min,
                };
                let wish = wish.snapped(SNAP);
                let at = ground.as_ref().map_or(wish, |it| it.room((width, height), within.as_ref(), wish));
                settled.shift(at - all.min);
            }
            for (n, id) in tree.ids.iter().enumerate() {
                let rect = settled.boxes[n];
                if let Some(ground) = &mut ground {
                    ground.put(id, rect, tree.is_open[n]);
                }
                if tree.pinned[n] {
                    continue;
                }
                self.put(id, tree.is_open[n], &rect);
                if tree.is_collapsed[n] {
                    self.take_along(id, rect.min - tree.boxes[n].min);
                }
            }
        }
    }

    fn put(&mut self, id: &Id, is_open: bool, rect: &Rect) {
        let Some(mut place) = self.stage.place(id).cloned() else { return };
        (place.x, place.y) = (rect.min.x.into(), rect.min.y.into());
        if is_open {
            (place.width, place.height) = (Some(rect.width().into()), Some(rect.height().into()));
        }
        self.places.insert(id.clone(), Some(place));
    }

    /// What a collapsed boundary hides goes with it.
    fn take_along(&mut self, id: &Id, by: Pos) {
        for inner in self.stage.nesting.all_in(id) {
            if let Some(mut place) = self.stage.place(&inner).filter(|it| it.side.is_none()).cloned() {
                (place.x, place.y) = ((place.x.px() + by.x).into(), (place.y.px() + by.y).into());
                self.places.insert(inner, Some(place));
            }
        }
    }

    /// The model without the places of what is laid out.
    fn without(&self, trees: &[(Option<Id>, Tree)]) -> Model {
        let ids = trees.iter().flat_map(|it| &it.1.ids);
        self.with_places(ids.map(|it| (it, None)))
    }

    fn with_places<'i>(&self, places: impl Iterator<Item = (&'i Id, Option<&'i Place>)>) -> Model {
        let mut model = self.stage.model.clone();
        let mut draft = Draft::of(self.stage.model);
        for (id, place) in places {
            let key = (self.stage.view.clone(), id.clone());
            match place {
                Some(place) => draft.put(key, place.clone()),
                None => draft.remove::<Place>(&key),
            }
        }
        let edit = draft.finish();
        model.apply(&edit);
        model
    }

    /// Seats the gates of what was laid out anew, on the side that faces what comes in.
    fn seat_gates(&mut self, trees: &[(Option<Id>, Tree)]) {
        let boundaries = trees.iter().flat_map(|it| &it.1.ids);
        let gates = boundaries.flat_map(|it| self.layout.gates_on.get(it).into_iter().flatten());
        let is_free = |it: &&Id| self.stage.place(it).is_some_and(|it| !it.locked);
        let gates: Vec<Id> = gates.filter(is_free).cloned().collect();
        if gates.is_empty() {
            return;
        }
        let seats = {
            let moved = self.places.iter().map(|it| (it.0, it.1.as_ref()));
            let model = self.with_places(moved.chain(gates.iter().map(|it| (it, None))));
            let new: Vec<New> = gates.into_iter().map(|id| New { id, wish: Wish::Anywhere }).collect();
            place_new(&model, self.stage.nesting, self.stage.view, &new)
        };
        for (id, seat) in seats {
            let Some(mut place) = self.stage.place(&id).cloned() else { continue };
            (place.side, place.offset) = (seat.side, seat.offset);
            self.places.insert(id, Some(place));
        }
    }

    /// What becomes of corners that were laid by hand.
    fn let_go_of_corners(&mut self) {
        let is_bent = |it: &Place| !it.waypoints.is_empty() || !it.pinned.is_empty();
        let flows = self.stage.model.flows().iter();
        let bent: Vec<(&Id, &Flow, &Place)> = flows
            .filter_map(|(id, flow)| Some((id, &**flow, self.stage.place(id)?)))
            .filter(|it| is_bent(it.2))
            .collect();
        if bent.is_empty() {
            return;
        }
        let moved = self.places.iter().map(|it| (it.0, it.1.as_ref()));
        let model = self.with_places(moved);
        let after = Layout::of_boxes(&Stage { model: &model, ..self.stage });
        let way = |end: &Id| {
            let drawn = self.stage.drawn_as(end)?;
            Some(after.rect(&drawn)?.min - self.layout.rect(&drawn)?.min)
        };
        let mut corners: Vec<(Id, Option<Place>)> = Vec::new();
        for (id, flow, place) in bent {
            let (Some(from), Some(to)) = (way(&flow.from), way(&flow.to)) else { continue };
            if from == to {
                let mut place = place.clone();
                for (x, y) in &mut place.waypoints {
                    (*x, *y) = ((x.px() + from.x).into(), (y.px() + from.y).into());
                }
                corners.push((id.clone(), Some(place)));
            } else if !place.locked {
                let place = Place { waypoints: Vec::new(), pinned: Vec::new(), ..place.clone() };
                corners.push((id.clone(), (place != Place::default()).then_some(place)));
            }
        }
        self.places.extend(corners);
    }
}
