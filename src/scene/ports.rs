//! Where lines meet boxes: on which side, and where along it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Id, Side};

use super::Layout;
use super::geometry::{Pos, Rect, is_level, opposite};
use super::nest::Stage;
use super::route::{LANE, Line, Obstacle, Port, crossing, simple};
use super::sights::Sight;
use super::wiring::{End, Wire, WireKey};

const SIDES: [Side; 4] = [Side::Right, Side::Bottom, Side::Left, Side::Top];
/// The least room from a port to the corner of its box.
const INSET: f32 = 12.0;
/// From port to port, for lines that lead to different boxes, while there is room.
const SPACING: f32 = 28.0;
/// What the second best side costs more before the best is given up for it.
const SIDEWAYS: f32 = 8.0;

/// The lines at one side of one box, in order.
#[derive(Debug, Clone, Default)]
struct Group {
    spots: Vec<Spot>,
    /// The one side that all of them lead to.
    partner: Option<(Id, Side)>,
}

#[derive(Debug, Clone)]
struct Spot {
    wire: WireKey,
    is_from: bool,
    port: f32,
    /// Where it leads, along this side.
    towards: f32,
}

impl Layout {
    /// The sides between which a wire has the shortest and straightest way.
    pub(super) fn best_sides(
        &self,
        stage: &Stage<'_>,
        leg: (&Id, &Id),
        whole: (&Id, &Id),
        corners: &[Pos],
        sight: &Sight,
    ) -> (Side, Side) {
        let (Some(a), Some(b)) = (self.port_box(leg.0), self.port_box(leg.1)) else {
            return (Side::Right, Side::Left);
        };
        if leg.0 == leg.1 && corners.is_empty() {
            return (Side::Right, Side::Top);
        }
        let gate_a = self.gate_side(stage, leg.0, if leg.1 == whole.1 { whole.1 } else { leg.1 });
        let gate_b = self.gate_side(stage, leg.1, if leg.0 == whole.0 { whole.0 } else { leg.0 });
        if let (Some(first), Some(last)) = (corners.first(), corners.last()) {
            return (
                gate_a.unwrap_or_else(|| towards(&a.1, *first)),
                gate_b.unwrap_or_else(|| towards(&b.1, *last)),
            );
        }
        let near = |area: &Rect, found: &mut dyn FnMut(Obstacle)| self.obstacles(area, sight, found);
        let mut lines: Vec<Line> = Vec::new();
        let mut pairs: Vec<(f32, Side, Side, Line)> = Vec::with_capacity(16);
        for one in SIDES.into_iter().filter(|it| gate_a.is_none_or(|side| side == *it)) {
            for two in SIDES.into_iter().filter(|it| gate_b.is_none_or(|side| side == *it)) {
                let (from, to) = middle_ports(a, one, b, two);
                simple(from, to, 0.0, &mut lines);
                if let Some(line) = lines.first() {
                    // The behind of a stack is no good place to meet it, and equal ways prefer left to right.
                    let bias = if one == Side::Right || two == Side::Left { 0.0 } else { SIDEWAYS / 2.0 };
                    pairs.push((line.cost() + bias, one, two, *line));
                }
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best: Option<(f32, Side, Side)> = None;
        for (cost, one, two, line) in &pairs {
            if best.is_some_and(|it| it.0 <= *cost) {
                break;
            }
            let cost = cost + crossing(line.points(), [a.0, b.0], &near);
            if best.is_none_or(|it| cost < it.0) {
                best = Some((cost, *one, *two));
            }
        }
        best.map_or((Side::Right, Side::Left), |it| (it.1, it.2))
    }

    /// The side of a gate that faces another box; `None` for what is no gate.
    fn gate_side(&self, stage: &Stage<'_>, id: &Id, other: &Id) -> Option<Side> {
        let gate = self.gates.get(id)?;
        let is_inside = match self.gates.get(other) {
            Some(it) => it.boundary != gate.boundary && stage.nesting.is_in(&it.boundary, &gate.boundary),
            None => stage.nesting.is_in(other, &gate.boundary),
        };
        Some(if is_inside { opposite(gate.side) } else { gate.side })
    }

    /// Calls back with the cards, gates and titles in an area, which has then been seen.
    pub(super) fn obstacles(&self, area: &Rect, sight: &Sight, found: &mut dyn FnMut(Obstacle)) {
        sight.look(area);
        for (index, is_title) in [(&self.solids, false), (&self.titles, true)] {
            index.near(area).for_each(|it| found(Obstacle { rect: it.rect, is_title }));
        }
    }

    /// Spreads the wires of these sides, and of those opposite, along them; returns the lines that moved.
    pub(super) fn assign_ports(&mut self, sides: &BTreeSet<(Id, Side)>) -> BTreeSet<Id> {
        let mut all = sides.clone();
        for side in sides {
            for key in self.wiring.sides.get(side).into_iter().flatten() {
                if let Some(wire) = self.wiring.wires.get(key) {
                    all.extend([&wire.from, &wire.to].map(|it| (it.id.clone(), it.side)));
                }
            }
        }
        let mut groups: BTreeMap<(Id, Side), Group> = BTreeMap::new();
        for side in &all {
            let group = self.group(side);
            if let Some(partner) = group.partner.clone().filter(|it| !groups.contains_key(it)) {
                let partners = self.group(&partner);
                groups.insert(partner, partners);
            }
            groups.insert(side.clone(), group);
        }
        let mut moved = BTreeSet::new();
        for side in &all {
            let Some(group) = groups.get(side) else { continue };
            let ports = self.aligned(side, group, &groups);
            let lanes = lanes(group, &ports);
            for ((spot, port), lane) in group.spots.iter().zip(ports).zip(lanes) {
                let Some(wire) = self.wiring.wires.get_mut(&spot.wire) else { continue };
                let end = if spot.is_from { &mut wire.from } else { &mut wire.to };
                if end.port != port || end.lane != lane {
                    (end.port, end.lane) = (port, lane);
                    moved.insert(spot.wire.0.clone());
                }
            }
        }
        moved
    }

    fn group(&self, side: &(Id, Side)) -> Group {
        let Some((_, front)) = self.port_box(&side.0) else { return Group::default() };
        let mut spots = Vec::new();
        let mut partners: BTreeSet<(&Id, Side)> = BTreeSet::new();
        for key in self.wiring.sides.get(side).into_iter().flatten() {
            let Some(wire) = self.wiring.wires.get(key) else { continue };
            // A flow to itself may meet one side twice.
            for (is_from, own, other) in [(true, &wire.from, &wire.to), (false, &wire.to, &wire.from)] {
                if own.id != side.0 || own.side != side.1 {
                    continue;
                }
                partners.insert((&other.id, other.side));
                let towards = self.leads(wire, other, is_from, side.1);
                spots.push(Spot { wire: key.clone(), is_from, port: 0.0, towards });
            }
        }
        spots.sort_by(|a, b| {
            a.towards.total_cmp(&b.towards).then_with(|| a.wire.cmp(&b.wire)).then(b.is_from.cmp(&a.is_from))
        });
        let (low, high) = front.span(side.1);
        let room = high - low - 2.0 * INSET.min((high - low) / 4.0);
        let mut at = 0.0;
        for n in 1..spots.len() {
            let partner = |spot: &Spot| {
                self.wiring.wires.get(&spot.wire).map(|it| if spot.is_from { &it.to.id } else { &it.from.id })
            };
            at += if partner(&spots[n - 1]) == partner(&spots[n]) { LANE } else { SPACING };
            spots[n].port = at;
        }
        let squeeze = if at > room { room / at } else { 1.0 };
        for spot in &mut spots {
            spot.port = low.midpoint(high) + (spot.port - at / 2.0) * squeeze;
        }
        let partner = partners.first().filter(|_| partners.len() == 1).map(|it| (it.0.clone(), it.1));
        Group { spots, partner }
    }

    /// Where a wire leads, along a side that it starts from.
    fn leads(&self, wire: &Wire, other: &End, is_from: bool, side: Side) -> f32 {
        let corner = if is_from { wire.corners.first() } else { wire.corners.last() };
        // The middle of the side it arrives at: what comes from below meets a lower port.
        let arrives = || self.port_box(&other.id).map(|it| it.1.middle(other.side));
        let target = corner.copied().or_else(arrives).unwrap_or_default();
        if is_level(side) { target.x } else { target.y }
    }

    /// The ports of a group, moved to where its lines run straight.
    fn aligned(&self, side: &(Id, Side), group: &Group, groups: &BTreeMap<(Id, Side), Group>) -> Vec<f32> {
        let base: Vec<f32> = group.spots.iter().map(|it| it.port).collect();
        let aligned = || {
            let partner = group.partner.as_ref().filter(|it| opposite(it.1) == side.1)?;
            let (_, front) = self.port_box(&side.0)?;
            let (_, other) = self.port_box(&partner.0)?;
            let theirs = groups.get(partner)?;
            let (low, high) = inner(&front, side.1);
            if theirs.partner.as_ref() == Some(side) {
                let centre = common(&front, &other, side.1)?;
                let middle = low.midpoint(high);
                return Some(base.iter().map(|it| it + centre - middle).collect::<Vec<_>>());
            }
            let of = |spot: &Spot| theirs.spots.iter().find(|it| it.wire == spot.wire).map(|it| it.port);
            let ports: Option<Vec<f32>> = group.spots.iter().map(of).collect();
            ports.filter(|it| it.iter().all(|it| low <= *it && *it <= high))
        };
        aligned().unwrap_or(base)
    }
}

/// The lane of each wire of a group: those that turn to one side nest into each other and never cross.
fn lanes(group: &Group, ports: &[f32]) -> Vec<(f32, usize)> {
    let way = |n: usize| {
        let off = group.spots[n].towards - ports[n];
        if off.abs() < 1.0 { Ordering::Equal } else { off.total_cmp(&0.0) }
    };
    let count = |way_of: Ordering| (0..ports.len()).filter(|it| way(*it) == way_of).count();
    let (left, right) = (count(Ordering::Less), count(Ordering::Greater));
    let (mut lefts, mut rights) = (0, 0);
    let mut lanes = Vec::with_capacity(ports.len());
    for n in 0..ports.len() {
        let lane = |rank: usize, count: usize| ((rank as f32 - (count as f32 - 1.0) / 2.0) * LANE, count);
        lanes.push(match way(n) {
            Ordering::Less => {
                lefts += 1;
                lane(lefts - 1, left)
            }
            Ordering::Greater => {
                rights += 1;
                lane(right - rights, right)
            }
            Ordering::Equal => (0.0, 0),
        });
    }
    lanes
}

/// The part of a side that ports may lie on.
fn inner(front: &Rect, side: Side) -> (f32, f32) {
    let (low, high) = front.span(side);
    let inset = INSET.min((high - low) / 4.0);
    (low + inset, high - inset)
}

/// Where a straight line between two facing sides runs, if there can be one: through the middle of the smaller box
/// if that can be.
fn common(a: &Rect, b: &Rect, side: Side) -> Option<f32> {
    let (one, two) = (inner(a, side), inner(b, side));
    let (low, high) = (one.0.max(two.0), one.1.min(two.1));
    if low > high {
        return None;
    }
    let (mut first, mut second) = (one.0.midpoint(one.1), two.0.midpoint(two.1));
    // The same whichever is asked first.
    let is_larger = (one.1 - one.0).total_cmp(&(two.1 - two.0)).then(first.total_cmp(&second)).is_gt();
    if is_larger {
        (first, second) = (second, first);
    }
    let fits = |it: &f32| low <= *it && *it <= high;
    Some([first, second].into_iter().find(fits).unwrap_or_else(|| low.midpoint(high)))
}

/// Ports in the middle of two sides or, if these face each other, where a line between them runs straight.
pub(super) fn middle_ports(a: (Rect, Rect), one: Side, b: (Rect, Rect), two: Side) -> (Port, Port) {
    let middle = |rect: &Rect, side: Side| {
        let (low, high) = rect.span(side);
        low.midpoint(high)
    };
    let straight = if opposite(one) == two { common(&a.1, &b.1, one) } else { None };
    let port = |own: (Rect, Rect), side: Side| {
        let along = straight.unwrap_or_else(|| middle(&own.1, side));
        Port { pos: own.0.on_side(side, along), side, own: own.0 }
    };
    (port(a, one), port(b, two))
}

/// The side of a box through which a line leaves towards a position.
fn towards(rect: &Rect, pos: Pos) -> Side {
    let (right, left) = (pos.x - rect.max.x, rect.min.x - pos.x);
    let (below, above) = (pos.y - rect.max.y, rect.min.y - pos.y);
    let ways = [(right, Side::Right), (left, Side::Left), (below, Side::Bottom), (above, Side::Top)];
    ways.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or(Side::Right, |it| it.1)
}
