//! Where new elements find room.

mod blocks;
mod engine;
mod ground;
mod layered;
mod layering;
mod layers;
mod rows;
mod seats;
mod spacing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Flow, Id, Model, Nesting, Place};
use crate::tokens::size;

pub(super) use self::blocks::{least_boundary, rank, room_for_gate};
pub use self::engine::{CompoundGraph, Edge, IsOver, LayoutEngine, Node};
pub(super) use self::ground::Ground;
pub use self::layered::Layered;

use self::blocks::Blocks;
use self::layering::Size;
use self::seats::Seats;
use super::geometry::{Pos, Rect};
use super::nest::Stage;

/// From box to box in a row.
const BESIDE: f32 = 32.0;
/// The same where the two copy to each other: an arrow lies between them.
const TEAM_BESIDE: f32 = 56.0;
/// From row to row: room for a pill and an arrow.
const BELOW: f32 = 72.0;
/// How much wider than high a drawing likes to be.
const ASPECT: f32 = 1.5;
/// Between what has no flow in common.
const APART: f32 = 56.0;
/// From the edge of a boundary to what it holds.
pub(super) const PADDING: f32 = size::BOUNDARY_PADDING;
/// The same from its upper edge, with its title.
pub(super) const TOP: f32 = size::BOUNDARY_TITLE_HEIGHT + size::SPACE_24;

/// An element that is new on a view.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// A component or a boundary.
    pub id: Id,
    pub wish: Wish,
}

/// Where a new element would like to stand. What stands in a boundary that is new itself is laid out with it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Wish {
    /// Wherever the flow of things leads.
    #[default]
    Anywhere,
    /// The same within an area, if there is free room in it: as near its middle as it goes.
    In(Rect),
    /// With its centre there, or as near as there is room.
    At(Pos),
    /// Near an element that has a place.
    Near(Id),
}

/// Free and tidy places for new elements of a view, on the grid; nothing that has a place is moved.
///
/// `model` holds the new elements already (apply the draft to a clone, which costs little) but not their places. What
/// has no wish is laid out along its flows, in layers from top to bottom, and stands below what leads to it; so are
/// whole imported models.
///
/// No card lies on another. Members find room inside their boundary; where there is none, the boundary is drawn larger,
/// as it always is around its members, if possible without reaching over what is not in it.
pub fn place_new(model: &Model, nesting: &Nesting, view: &Id, new: &[New]) -> Vec<(Id, Place)> {
    let stage = Stage { model, view, nesting, is_unfolded: false };
    let is_box = |it: &Id| model.component(it).is_some() || model.boundary(it).is_some();
    let wishes: BTreeMap<&Id, &Wish> = new
        .iter()
        .filter(|it| is_box(&it.id) && stage.place(&it.id).is_none())
        .map(|it| (&it.id, &it.wish))
        .collect();
    // What lies in a collapsed boundary stands where that shows once it is open.
    let (hidden, seen): (BTreeMap<_, _>, BTreeMap<_, _>) =
        wishes.into_iter().partition(|it| stage.is_hidden(it.0));
    let mut places = BTreeMap::new();
    for (wishes, is_unfolded) in [(seen, false), (hidden, true)] {
        if !wishes.is_empty() {
            Placing::of(Stage { is_unfolded, ..stage }, &wishes).run(&mut places);
        }
    }
    let mut given = Vec::with_capacity(places.len());
    for it in new {
        given.extend(places.remove(&it.id).map(|place| (it.id.clone(), place)));
    }
    given
}

struct Placing<'a> {
    stage: Stage<'a>,
    ground: Ground<'a>,
    blocks: Blocks<'a>,
    /// What each block stands in, and its wish.
    wished: Vec<(Option<&'a Id>, &'a Wish)>,
    /// New gates, by the boundary that they guard.
    gates: BTreeMap<&'a Id, Vec<&'a Id>>,
    /// New boundaries around what has a place.
    held: BTreeSet<&'a Id>,
}

impl<'a> Placing<'a> {
    fn of(stage: Stage<'a>, wishes: &BTreeMap<&'a Id, &'a Wish>) -> Self {
        let mut placing = Self {
            stage,
            ground: Ground::of(stage),
            blocks: Blocks::default(),
            wished: Vec::new(),
            gates: BTreeMap::new(),
            held: BTreeSet::new(),
        };
        placing.enclose(wishes);
        placing.gather(wishes);
        placing
    }

    /// Stands new boundaries around what has a place already, the innermost first.
    fn enclose(&mut self, wishes: &BTreeMap<&'a Id, &'a Wish>) {
        let nesting = self.stage.nesting;
        let mut held: BTreeMap<&Id, Rect> = BTreeMap::new();
        let ids = self.ground.layout.cards.keys().chain(self.ground.layout.boundaries.keys());
        for id in ids.cloned().collect::<Vec<_>>() {
            let mut inner = nesting.ancestors(&id).take_while(|it| !self.ground.is_area(it));
            if let Some((outer, _)) = inner.find_map(|it| wishes.get_key_value(it)) {
                let rect = self.ground.rect(&id).unwrap_or(Rect::NOTHING);
                held.entry(outer).and_modify(|it| *it = it.union(&rect)).or_insert(rect);
            }
        }
        let depth = |it: &Id| nesting.ancestors(it).count();
        while let Some(id) = held.keys().copied().max_by_key(|it| (depth(it), *it)) {
            let Some(around) = held.remove(id) else { break };
            self.ground.enclose(id, around);
            self.held.insert(id);
            let mut outer = nesting.ancestors(id).take_while(|it| !self.ground.is_area(it));
            if let Some((outer, _)) = outer.find_map(|it| wishes.get_key_value(it)) {
                let rect = self.ground.rect(id).unwrap_or(around);
                held.entry(outer).and_modify(|it| *it = it.union(&rect)).or_insert(rect);
            }
        }
    }

    /// Sorts what is new into gates and blocks.
    fn gather(&mut self, wishes: &BTreeMap<&'a Id, &'a Wish>) {
        let Stage { model, nesting, .. } = self.stage;
        let mut boxes: Vec<(usize, &'a Id)> = Vec::with_capacity(wishes.len());
        for id in wishes.keys().filter(|it| !self.held.contains(*it)) {
            let guarded = model.component(id).and_then(|it| it.gate_of.as_ref());
            let is_there = |it: &Id| wishes.contains_key(it) || self.stage.place(it).is_some();
            match guarded.filter(|it| model.boundary(it).is_some() && is_there(it)) {
                Some(boundary) => self.gates.entry(boundary).or_default().push(id),
                None => boxes.push((nesting.ancestors(id).count(), id)),
            }
        }
        boxes.sort_unstable();
        let mut shared: BTreeMap<Option<&Id>, usize> = BTreeMap::new();
        for (_, id) in boxes {
            let is_there = |it: &&Id| self.ground.is_area(it) || self.blocks.holds(it);
            let within = nesting.ancestors(id).find(is_there);
            if within.is_some_and(|it| self.blocks.add_within(&self.stage, id, it)) {
                continue;
            }
            let wish = wishes.get(id).copied().unwrap_or(&Wish::Anywhere);
            let block = match wish {
                Wish::At(_) => self.begin(within, wish),
                Wish::Near(other) if self.ground.rect(other).is_some() => self.begin(within, wish),
                Wish::In(_) => *shared.entry(within).or_insert_with(|| self.begin(within, wish)),
                _ => *shared.entry(within).or_insert_with(|| self.begin(within, &Wish::Anywhere)),
            };
            self.blocks.add(&self.stage, id, block);
        }
        for (boundary, gates) in &self.gates {
            for (id, gate) in gates.iter().filter_map(|it| Some((*it, model.component(it)?))) {
                self.blocks.add_gate(id, gate, boundary);
            }
        }
    }

    fn begin(&mut self, within: Option<&'a Id>, wish: &'a Wish) -> usize {
        self.wished.push((within, wish));
        self.blocks.begin()
    }

    fn run(mut self, places: &mut BTreeMap<Id, Place>) {
        self.blocks.settle(self.stage.model.flows());
        let links = self.links();
        let mut order: Vec<usize> = (0..self.wished.len()).collect();
        order.sort_by_key(|n| match self.wished[*n].1 {
            Wish::At(_) => 0,
            Wish::Near(_) => 1,
            Wish::Anywhere | Wish::In(_) => 2,
        });
        for block in order {
            let at = self.spot(block, &links);
            for it in self.blocks.boxes(block, at) {
                self.ground.put(it.id, it.rect, it.is_boundary);
                let (x, y) = (it.rect.min.x, it.rect.min.y);
                let boxed = || Place::boxed(x, y, it.rect.width(), it.rect.height());
                places.insert(it.id.clone(), if it.is_boundary { boxed() } else { Place::at(x, y) });
            }
        }
        for id in &self.held {
            if let Some(it) = self.ground.rect(id) {
                let place = Place::boxed(it.min.x, it.min.y, it.width(), it.height());
                places.insert((*id).clone(), place);
            }
        }
        self.seat_gates(places);
    }

    /// What has a place and leads to each block, and what it leads to.
    fn links(&self) -> BTreeMap<usize, (Rect, Rect)> {
        let mut links: BTreeMap<usize, (Rect, Rect)> = BTreeMap::new();
        if self.ground.layout.bounds().is_none() {
            return links;
        }
        let mut link = |inner: &Id, outer: &Id, is_source: bool| {
            let Some(block) = self.blocks.block_of(inner) else { return };
            let Some(rect) = self.ground.rect(outer) else { return };
            let (sources, targets) = links.entry(block).or_insert((Rect::NOTHING, Rect::NOTHING));
            let side = if is_source { sources } else { targets };
            *side = side.union(&rect);
        };
        for flow in self.stage.model.flows().values() {
            link(&flow.to, &flow.from, true);
            link(&flow.from, &flow.to, false);
        }
        links
    }

    /// The upper left corner of a block.
    fn spot(&self, block: usize, links: &BTreeMap<usize, (Rect, Rect)>) -> Pos {
        let (within, wish) = self.wished[block];
        let size = self.blocks.size(block);
        let centred = |at: Pos| Rect::centred(at, size.0, size.1).min.snapped(super::SNAP);
        let area = if let Wish::In(area) = wish { Some(area) } else { None };
        let wish = match wish {
            Wish::At(at) => centred(*at),
            Wish::Near(id) => match self.ground.rect(id) {
                Some(other) => {
                    let spots = beside(&other, size);
                    let free = |at: &Pos| self.ground.takes(&Rect::at(*at, size.0, size.1), within);
                    spots.into_iter().find(free).unwrap_or(spots[0])
                }
                None => self.ground.beside_all(size, within),
            },
            Wish::Anywhere | Wish::In(_) => match links.get(&block) {
                Some((sources, _)) if !sources.is_nothing() => {
                    centred(Pos::new(sources.centre().x, sources.max.y + BELOW + size.1 / 2.0))
                }
                Some((_, targets)) => {
                    centred(Pos::new(targets.centre().x, targets.min.y - BELOW - size.1 / 2.0))
                }
                None => self.ground.beside_all(size, within),
            },
        };
        let spot = self.ground.room(size, within, wish);
        let beyond = area.filter(|it| !it.contains_rect(&Rect::at(spot, size.0, size.1)));
        beyond.and_then(|it| self.ground.room_in(it, size, within)).unwrap_or(spot)
    }

    fn seat_gates(&mut self, places: &mut BTreeMap<Id, Place>) {
        let mut entering: BTreeMap<&Id, Vec<&Flow>> = BTreeMap::new();
        for flow in self.stage.model.flows().values() {
            let inner = self.stage.nesting.ancestors(&flow.to);
            let guarded = inner.filter(|it| self.gates.contains_key(*it));
            for boundary in guarded.filter(|it| !self.stage.nesting.is_in(&flow.from, it)) {
                entering.entry(boundary).or_default().push(flow);
            }
            for end in [&flow.from, &flow.to] {
                let gate_of = self.stage.model.component(end).and_then(|it| it.gate_of.as_ref());
                if let Some(boundary) = gate_of.filter(|it| self.gates.contains_key(*it)) {
                    entering.entry(boundary).or_default().push(flow);
                }
            }
        }
        let mut seats = Seats::of(&self.ground);
        for (boundary, gates) in &self.gates {
            let flows = entering.get(boundary).map_or(&[][..], Vec::as_slice);
            let given = seats.seat(&mut self.ground, boundary, gates, flows);
            places.extend(given.into_iter().map(|it| (it.0.clone(), it.1)));
        }
    }
}

/// Right of a box, below it, left of it and above it, in line with its middle.
fn beside(other: &Rect, (width, height): Size) -> [Pos; 4] {
    let centre = Pos::new(other.centre().x - width / 2.0, other.centre().y - height / 2.0);
    let spots = [
        Pos::new(other.max.x + TEAM_BESIDE, centre.y),
        Pos::new(centre.x, other.max.y + BELOW),
        Pos::new(other.min.x - TEAM_BESIDE - width, centre.y),
        Pos::new(centre.x, other.min.y - BELOW - height),
    ];
    spots.map(|it| it.snapped(super::SNAP))
}
