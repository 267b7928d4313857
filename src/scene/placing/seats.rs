//! Where new gates sit: on the side that faces what comes in, over what it leads to.

use super::ground::Ground;
use crate::model::{Component, Figure, Flow, Id, Place, Side};
use crate::scene::SNAP;
use crate::scene::cards::title_width;
use crate::scene::gates::pill_width;
use crate::scene::geometry::{Pos, Rect, is_level};
use crate::scene::wiring::lets_in;
use crate::tokens::size;

const GAP: f32 = size::SPACE_8;
const SIDES: [Side; 4] = [Side::Top, Side::Left, Side::Right, Side::Bottom];

/// What is taken by gates, as seats are given: on the side itself, and by those of a neighbour that reach out to it.
#[derive(Default)]
pub(super) struct Seats {
    taken: Vec<Rect>,
}

impl Seats {
    /// The gates that sit already.
    pub(super) fn of(ground: &Ground<'_>) -> Self {
        Self { taken: ground.layout.gates.values().map(|it| it.rect).collect() }
    }

    /// Seats for the new gates of a boundary; `flows` are those that enter it, and those at its gates.
    pub(super) fn seat<'a>(
        &mut self,
        ground: &mut Ground<'_>,
        boundary: &Id,
        gates: &[&'a Id],
        flows: &[&Flow],
    ) -> Vec<(&'a Id, Place)> {
        let model = ground.stage.model;
        let gates: Vec<(&'a Id, &Component)> =
            gates.iter().filter_map(|it| Some((*it, model.component(it)?))).collect();
        let ways: Vec<Ways> = gates.iter().map(|it| ways(ground, *it, boundary, flows)).collect();
        let mut seats = Vec::with_capacity(gates.len());
        for (n, (id, gate)) in gates.iter().enumerate() {
            let Some(area) = ground.rect(boundary) else { break };
            let same = |it: &&Ways| **it == ways[n];
            let (before, count) = (ways[..n].iter().filter(same).count(), ways.iter().filter(same).count());
            // Gates that let in the same lead each to its share of it.
            let targets = &ways[n].targets;
            let share = &targets[before * targets.len() / count..(before + 1) * targets.len() / count];
            let aim = mean(if share.is_empty() { targets } else { share });
            let first = mean(&ways[n].sources).map_or(Side::Top, |it| area.nearest_side(it).0);
            let aim = aim.unwrap_or_else(|| area.centre());
            let place = self.seat_one(ground, (boundary, &area), gate, first, aim);
            if let Some(side) = place.side {
                ground.seat(boundary, side, pill_width(gate));
            }
            seats.push((*id, place));
        }
        seats
    }

    fn seat_one(
        &mut self,
        ground: &Ground<'_>,
        (boundary, area): (&Id, &Rect),
        gate: &Component,
        first: Side,
        aim: Pos,
    ) -> Place {
        // Past the title if that can be, then over it, then on another side.
        let title = ground.stage.model.boundary(boundary).map_or(0.0, |it| title_width(it.title())) + GAP;
        let tries = [(first, title), (first, 0.0)].into_iter().chain(SIDES.map(|it| (it, title)));
        let width = pill_width(gate);
        for (side, before) in tries.filter(|it| ground.seats(boundary, it.0, width)) {
            let before = if side == Side::Top { before } else { 0.0 };
            if let Some(along) = self.free(area, (side, before), gate, aim) {
                return self.take(area, side, gate, along);
            }
        }
        let side = if ground.seats(boundary, first, width) { first } else { Side::Top };
        self.take(area, side, gate, area.span(side).0.midpoint(area.span(side).1))
    }

    /// The free position along a side that is nearest to an aim.
    fn free(&self, area: &Rect, (side, before): (Side, f32), gate: &Component, aim: Pos) -> Option<f32> {
        let half = extent(gate, side) / 2.0;
        let (from, to) = area.span(side);
        let (low, high) =
            (from + half + before.max(size::RADIUS_BOUNDARY), to - half - size::RADIUS_BOUNDARY);
        if low > high {
            return None;
        }
        let reach = pill(gate, area, side, low).union(&pill(gate, area, side, high)).grown(GAP);
        let near: Vec<&Rect> = self.taken.iter().filter(|it| it.overlaps(&reach)).collect();
        let is_free = |at: f32| {
            let seat = pill(gate, area, side, at).grown(GAP);
            near.iter().all(|it| !it.overlaps(&seat))
        };
        let aim = if is_level(side) { aim.x } else { aim.y }.clamp(low, high);
        let steps = ((high - low) / SNAP) as u32 + 1;
        let around = (0..=steps).flat_map(|it| [it as f32 * SNAP, it as f32 * -SNAP]).map(|it| aim + it);
        around.filter(|it| (low..=high).contains(it)).find(|it| is_free(*it))
    }

    fn take(&mut self, area: &Rect, side: Side, gate: &Component, along: f32) -> Place {
        self.taken.push(pill(gate, area, side, along));
        let (from, to) = area.span(side);
        let share = f64::from((along - from) / (to - from).max(1.0)).clamp(0.0, 1.0);
        // Finer than a coordinate: a hundredth of a long side is many pixels.
        let offset = Figure::new((share * 10_000.0).round() / 10_000.0);
        Place { side: Some(side), offset, ..Place::default() }
    }
}

fn pill(gate: &Component, area: &Rect, side: Side, along: f32) -> Rect {
    Rect::centred(area.on_side(side, along), pill_width(gate), size::GATE_HEIGHT)
}

fn extent(gate: &Component, side: Side) -> f32 {
    if is_level(side) { pill_width(gate) } else { size::GATE_HEIGHT }
}

/// Where flows through a gate come from and lead to, the targets from left to right.
#[derive(PartialEq)]
struct Ways {
    sources: Vec<Pos>,
    targets: Vec<Pos>,
}

/// The ways of what ends or starts at a gate or, without such, of what enters its boundary and is let in.
fn ways(ground: &Ground<'_>, (id, gate): (&Id, &Component), boundary: &Id, flows: &[&Flow]) -> Ways {
    let is_inside = |it: &Id| ground.stage.nesting.is_in(it, boundary);
    let is_own = |it: &&&Flow| it.from == *id || it.to == *id;
    let own: Vec<&Flow> = flows.iter().filter(is_own).copied().collect();
    let own = if own.is_empty() {
        flows.iter().filter(|it| is_inside(&it.to) && lets_in(gate, it)).copied().collect()
    } else {
        own
    };
    let centre = |it: &Id| Some(ground.rect(it)?.centre());
    let sources = own.iter().map(|it| &it.from).filter(|it| *it != id && !is_inside(it));
    let targets = own.iter().map(|it| &it.to).filter(|it| is_inside(it));
    let (sources, mut targets): (Vec<Pos>, Vec<Pos>) =
        (sources.filter_map(centre).collect(), targets.filter_map(centre).collect());
    targets.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    targets.dedup();
    Ways { sources, targets }
}

fn mean(of: &[Pos]) -> Option<Pos> {
    let sum = of.iter().fold(Pos::ZERO, |all, it| all + *it);
    let count = of.len() as f32;
    (!of.is_empty()).then(|| Pos::new(sum.x / count, sum.y / count))
}
