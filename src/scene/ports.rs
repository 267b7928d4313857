//! Where lines meet boxes: on which side, and where along it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{BorderPoint, Id, Side};

use super::Layout;
use super::geometry::{Pos, Rect, is_level, opposite};
use super::nest::Stage;
use super::route::{LANE, Lane, Line, Obstacle, Port, Twins, around, cost_of, crossing, simple};
use super::search::SIDES_EFFORT;
use super::sights::Sight;
use super::wiring::{End, Wire, WireKey};

const SIDES: [Side; 4] = [Side::Right, Side::Bottom, Side::Left, Side::Top];
/// The least room from a port to the corner of its box.
const INSET: f32 = 12.0;
/// From port to port, for lines that lead to different boxes, while there is room.
const SPACING: f32 = 28.0;
/// What the second best side costs more before the best is given up for it.
const SIDEWAYS: f32 = 8.0;
/// Between so many pairs of sides a way is searched, where no simple line is free.
const SEARCHED_SIDES: usize = 8;
/// From a port to one that is held, at least.
const LEAST_GAP: f32 = 8.0;
/// How far from one that is held others go, if they are in its way.
const GAPS: [f32; 4] = [LANE, -LANE, LEAST_GAP, -LEAST_GAP];
/// So many ways to keep clear of what is held are tried.
const MOST_STEPS: usize = 64;

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
    /// The side that it leads to.
    partner: (Id, Side),
    /// Where it leads, along this side.
    towards: f32,
    /// Lines to one side lie there as they do here, and so do not cross; this is the end at which they lie the other way
    /// round.
    is_turned: bool,
    /// Where it is held: its owner fixed it, or it runs straight to such an end, or around a corner to its own box.
    held: Option<f32>,
    /// Where it is if nothing is held.
    even: f32,
    port: f32,
}

impl Layout {
    /// The sides between which a wire has the shortest and straightest way.
    pub(super) fn best_sides(
        &self,
        stage: &Stage<'_>,
        leg: (&Id, &Id),
        whole: (&Id, &Id),
        (corners, fixed): (&[Pos], [Option<BorderPoint>; 2]),
        sight: &Sight,
    ) -> (Side, Side) {
        let (Some(a), Some(b)) = (self.port_box(leg.0), self.port_box(leg.1)) else {
            return (Side::Right, Side::Left);
        };
        let gate_a = self.gate_side(stage, leg.0, if leg.1 == whole.1 { whole.1 } else { leg.1 });
        let gate_b = self.gate_side(stage, leg.1, if leg.0 == whole.0 { whole.0 } else { leg.0 });
        let [fixed_a, fixed_b] = fixed.map(|it| it.map(|it| it.side));
        let (side_a, side_b) = (gate_a.or(fixed_a), gate_b.or(fixed_b));
        if let (Some(first), Some(last)) = (corners.first(), corners.last()) {
            return (
                side_a.unwrap_or_else(|| towards(&a.1, *first)),
                side_b.unwrap_or_else(|| towards(&b.1, *last)),
            );
        }
        let is_loop = leg.0 == leg.1;
        let near = |area: &Rect, found: &mut dyn FnMut(Obstacle) -> bool| self.obstacles(area, sight, found);
        let mut lines: Vec<Line> = Vec::new();
        let mut pairs: Vec<(f32, Side, Side, Line)> = Vec::with_capacity(16);
        for one in SIDES.into_iter().filter(|it| side_a.is_none_or(|side| side == *it)) {
            for two in SIDES.into_iter().filter(|it| side_b.is_none_or(|side| side == *it)) {
                // A flow to itself goes around a corner, if its ends leave it the choice.
                if is_loop && is_level(one) == is_level(two) && (side_a.is_none() || side_b.is_none()) {
                    continue;
                }
                let (from, to) = middle_ports((a, fixed[0]), one, (b, fixed[1]), two);
                simple(from, to, &mut lines);
                if let Some(line) = lines.first() {
                    // The behind of a stack is no good place to meet it, and equal ways prefer left to right; a flow to
                    // itself the upper right corner, where what it is called does not stand in its way.
                    let is_liked = if is_loop { two == Side::Top } else { two == Side::Left };
                    let bias = if one == Side::Right || is_liked { 0.0 } else { SIDEWAYS / 2.0 };
                    let bias = if is_loop && !is_liked { bias + SIDEWAYS } else { bias };
                    pairs.push((line.cost() + bias, one, two, *line));
                }
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut best: Option<(f32, Side, Side)> = None;
        let mut is_free = false;
        for (cost, one, two, line) in &pairs {
            if best.is_some_and(|it| it.0 <= *cost) {
                break;
            }
            let crossed = crossing(line.points(), [a.0, b.0], &near);
            let all = cost + crossed.cost();
            if best.is_none_or(|it| all < it.0) {
                best = Some((all, *one, *two));
                is_free = crossed.is_free();
            }
        }
        if !is_free {
            // No simple line will do: those sides then between which there is the best way around what stands there.
            let mut found: Option<(f32, Side, Side)> = None;
            let mut effort = SIDES_EFFORT;
            for (cost, one, two, _) in pairs.iter().take(SEARCHED_SIDES) {
                // No way is much shorter than the simple line.
                if found.is_some_and(|it| it.0 <= *cost) {
                    break;
                }
                let (from, to) = middle_ports((a, fixed[0]), *one, (b, fixed[1]), *two);
                let most = found.map_or(f32::INFINITY, |it| it.0);
                let cost = around(from, to, (most, &mut effort), &near).map(|it| cost_of(&it));
                if let Some(cost) = cost.filter(|it| found.is_none_or(|found| *it < found.0)) {
                    found = Some((cost, *one, *two));
                }
            }
            best = found.or(best);
        }
        best.map_or((Side::Right, Side::Left), |it| (it.1, it.2))
    }

    /// Where the ends of a flow meet the borders of cards: its source's, its target's. None for what is not drawn, is
    /// drawn as several flows in one, or meets a gate.
    pub fn border_points(&self, flow: &Id) -> [Option<BorderPoint>; 2] {
        let Some(route) = self.flows.get(flow).filter(|_| self.wiring.is_own(flow)) else {
            return [None, None];
        };
        let ends = [
            (&route.from, route.from_side, route.points.first()),
            (&route.to, route.to_side, route.points.last()),
        ];
        ends.map(|(id, side, at)| {
            let (low, high) = self.cards.get(id)?.rect.span(side);
            let along = if is_level(side) { at?.x } else { at?.y };
            Some(BorderPoint::new(side, (along - low) / (high - low).max(1.0)))
        })
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

    /// Calls back with the cards, gates and titles in an area, which has then been seen, for as long as more are wanted.
    pub(super) fn obstacles(&self, area: &Rect, sight: &Sight, found: &mut dyn FnMut(Obstacle) -> bool) {
        sight.look(area);
        let solids = self.solids.near(area).map(|it| Obstacle { rect: it.rect, is_title: false });
        let titles = self.titles.near(area).map(|it| Obstacle { rect: it.rect, is_title: true });
        for it in solids.chain(titles) {
            if !found(it) {
                return;
            }
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
            for (n, (port, lane)) in ports.iter().zip(lanes).enumerate() {
                let (spot, twins) = (&group.spots[n], group.twins(n));
                let Some(wire) = self.wiring.wires.get_mut(&spot.wire) else { continue };
                let end = if spot.is_from { &mut wire.from } else { &mut wire.to };
                if end.port != *port || end.lane != lane || end.twins != twins {
                    (end.port, end.lane, end.twins) = (*port, lane, twins);
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
                let is_first = (&own.id, own.side) <= (&other.id, other.side);
                spots.push(Spot {
                    wire: key.clone(),
                    is_from,
                    partner: (other.id.clone(), other.side),
                    towards: self.leads(wire, other, is_from, side.1),
                    is_turned: !is_first && !run_alike(own.side, other.side),
                    held: self.held(&front, own, other),
                    even: 0.0,
                    port: 0.0,
                });
            }
        }
        let in_order = |a: &Spot, b: &Spot| {
            let by_wire = a.wire.cmp(&b.wire).then(b.is_from.cmp(&a.is_from));
            let by_wire = if a.is_turned { by_wire.reverse() } else { by_wire };
            a.towards.total_cmp(&b.towards).then_with(|| a.partner.cmp(&b.partner)).then(by_wire)
        };
        spots.sort_by(in_order);
        let is_fixed = |it: &Spot| {
            let wire = self.wiring.wires.get(&it.wire);
            wire.is_some_and(|wire| if it.is_from { &wire.from } else { &wire.to }.fixed.is_some())
        };
        let fixed: Vec<bool> = spots.iter().map(is_fixed).collect();
        part(&mut spots, &fixed);
        around_corner(&mut spots, side, &front);
        let (low, high) = front.span(side.1);
        let room = high - low - 2.0 * INSET.min((high - low) / 4.0);
        let mut at = 0.0;
        let mut last: Option<usize> = None;
        for n in (0..spots.len()).filter(|it| spots[*it].held.is_none()).collect::<Vec<_>>() {
            if let Some(last) = last {
                at += if spots[last].partner.0 == spots[n].partner.0 { LANE } else { SPACING };
            }
            spots[n].even = at;
            last = Some(n);
        }
        let squeeze = if at > room { room / at } else { 1.0 };
        for spot in &mut spots {
            let even = low.midpoint(high) + (spot.even - at / 2.0) * squeeze;
            spot.even = spot.held.unwrap_or(even);
        }
        for (spot, port) in clear(&spots, 0.0, inner(&front, side.1)).into_iter().enumerate() {
            spots[spot].port = port;
        }
        let partner = partners.first().filter(|_| partners.len() == 1).map(|it| (it.0.clone(), it.1));
        Group { spots, partner }
    }

    /// Where along its side an end is held.
    fn held(&self, front: &Rect, own: &End, other: &End) -> Option<f32> {
        let at = |front: &Rect, end: &End| {
            let (low, high) = front.span(end.side);
            end.fixed.map(|it| low + (high - low) * it)
        };
        at(front, own).or_else(|| {
            let (_, theirs) = self.port_box(&other.id)?;
            let (low, high) = inner(front, own.side);
            at(&theirs, other).filter(|it| {
                opposite(other.side) == own.side && own.id != other.id && is_within(*it, (low, high))
            })
        })
    }

    /// Where a wire leads, along a side that it starts from.
    fn leads(&self, wire: &Wire, other: &End, is_from: bool, side: Side) -> f32 {
        let corner = if is_from { wire.bends.corners.first() } else { wire.bends.corners.last() };
        // The middle of the side it arrives at: what comes from below meets a lower port.
        let arrives = || self.port_box(&other.id).map(|it| it.1.middle(other.side));
        let target = corner.copied().or_else(arrives).unwrap_or_default();
        if is_level(side) { target.x } else { target.y }
    }

    /// The ports of a group, moved to where its lines run straight.
    fn aligned(&self, side: &(Id, Side), group: &Group, groups: &BTreeMap<(Id, Side), Group>) -> Vec<f32> {
        let aligned = || {
            let partner = group.partner.as_ref().filter(|it| opposite(it.1) == side.1)?;
            let (_, front) = self.port_box(&side.0)?;
            let (_, other) = self.port_box(&partner.0)?;
            let theirs = groups.get(partner)?;
            let (low, high) = inner(&front, side.1);
            if theirs.partner.as_ref() == Some(side) {
                let centre = common(&front, &other, side.1)?;
                return Some(clear(&group.spots, centre - low.midpoint(high), (low, high)));
            }
            let of = |spot: &Spot| {
                let theirs = theirs.spots.iter().find(|it| it.wire == spot.wire).map(|it| it.port);
                spot.held.or_else(|| theirs.filter(|it| low <= *it && *it <= high))
            };
            let ports = group.spots.iter().map(of).collect::<Option<Vec<f32>>>()?;
            let is_held = |at: f32| {
                let mut held = group.spots.iter().filter_map(|it| it.held);
                held.any(|it| (it - at).abs() < LEAST_GAP)
            };
            let is_clear = |(spot, port): (&Spot, &f32)| spot.held.is_some() || !is_held(*port);
            group.spots.iter().zip(&ports).all(is_clear).then_some(ports)
        };
        aligned().unwrap_or_else(|| group.spots.iter().map(|it| it.port).collect())
    }
}

impl Group {
    /// The lines that run as one of them does, between the same two sides.
    fn twins(&self, n: usize) -> Twins {
        let is_twin = |it: &&Spot| it.partner == self.spots[n].partner && it.held.is_none();
        if self.spots[n].held.is_some() {
            return Twins::default();
        }
        let before = self.spots[..n].iter().filter(is_twin).count() as f32;
        let most = (self.spots.iter().filter(is_twin).count() as f32 - 1.0) / 2.0;
        Twins { off: (before - most) * LANE, most: most * LANE }
    }
}

/// Whether lines between two sides that do not cross lie in the same order along both, from the left and from above.
fn run_alike(one: Side, two: Side) -> bool {
    let is_upper_right = |it: Side| matches!(it, Side::Right | Side::Top);
    is_upper_right(one) != is_upper_right(two)
}

/// Lets go of those that would run straight where another already does.
fn part(spots: &mut [Spot], fixed: &[bool]) {
    let mut taken: Vec<f32> = spots.iter().zip(fixed).filter(|it| *it.1).filter_map(|it| it.0.held).collect();
    for (spot, _) in spots.iter_mut().zip(fixed).filter(|it| !*it.1) {
        let Some(at) = spot.held else { continue };
        if taken.iter().any(|it| (it - at).abs() < LEAST_GAP) {
            spot.held = None;
        } else {
            taken.push(at);
        }
    }
}

/// Holds the ends of flows to their own box at the corner that they go around, one outside the other.
fn around_corner(spots: &mut [Spot], side: &(Id, Side), front: &Rect) {
    let (low, high) = front.span(side.1);
    let corner_of = |spot: &Spot| {
        let is_loop = spot.partner.0 == side.0 && is_level(spot.partner.1) != is_level(side.1);
        (is_loop && spot.held.is_none()).then_some(spot.partner.1)
    };
    for corner in SIDES {
        let mut all: Vec<usize> =
            (0..spots.len()).filter(|it| corner_of(&spots[*it]) == Some(corner)).collect();
        let is_low = matches!(corner, Side::Left | Side::Top);
        if !is_low {
            all.reverse();
        }
        let inset = INSET.min((high - low) / 4.0);
        // No further than the middle.
        let step = LANE.min(((high - low) / 2.0 - inset) / (all.len() as f32 - 1.0).max(1.0));
        for (n, spot) in all.into_iter().enumerate() {
            let away = inset + step * n as f32;
            spots[spot].held = Some(if is_low { low + away } else { high - away });
        }
    }
}

/// The ports of spots, shifted by so much but for those that are held, and kept clear of these: all of them by one step
/// if that can be, else one by one.
fn clear(spots: &[Spot], by: f32, (low, high): (f32, f32)) -> Vec<f32> {
    let mut ports: Vec<f32> =
        spots.iter().map(|it| if it.held.is_some() { it.even } else { it.even + by }).collect();
    let held: Vec<f32> = spots.iter().filter_map(|it| it.held).collect();
    let free: Vec<usize> = (0..spots.len()).filter(|it| spots[*it].held.is_none()).collect();
    let is_clear = |at: f32| held.iter().all(|it| (at - it).abs() >= LEAST_GAP - 0.01);
    if held.is_empty() || free.iter().all(|it| is_clear(ports[*it])) {
        return ports;
    }
    let fits = |at: f32| low - 0.01 <= at && at <= high + 0.01 && is_clear(at);
    let nearest =
        |steps: &mut Vec<f32>| steps.sort_by(|a, b| a.abs().total_cmp(&b.abs()).then(b.total_cmp(a)));
    if held.len() * free.len() <= MOST_STEPS {
        let step = |n: &usize, to: f32| GAPS.map(|it| to + it - ports[*n]);
        let mut steps: Vec<f32> =
            free.iter().flat_map(|n| held.iter().flat_map(move |it| step(n, *it))).collect();
        nearest(&mut steps);
        if let Some(step) = steps.into_iter().find(|it| free.iter().all(|n| fits(ports[*n] + it))) {
            free.iter().for_each(|it| ports[*it] += step);
            return ports;
        }
    }
    for n in free {
        let at = ports[n];
        if is_clear(at) {
            continue;
        }
        let is_alone = |it: f32| {
            ports.iter().enumerate().all(|(m, other)| m == n || (it - other).abs() >= LEAST_GAP - 0.01)
        };
        let mut steps: Vec<f32> = held.iter().flat_map(|it| GAPS.map(|gap| it + gap - at)).collect();
        nearest(&mut steps);
        if let Some(step) = steps.into_iter().find(|it| fits(at + it) && is_alone(at + it)) {
            ports[n] = at + step;
        }
    }
    ports
}

/// The lane of each wire of a group: those that turn to one side nest into each other and never cross.
fn lanes(group: &Group, ports: &[f32]) -> Vec<Lane> {
    let way = |n: usize| {
        let off = group.spots[n].towards - ports[n];
        if off.abs() < 1.0 { Ordering::Equal } else { off.total_cmp(&0.0) }
    };
    // As they lie, which is as they lead but for those that are held.
    let mut order: Vec<usize> = (0..ports.len()).collect();
    order.sort_by(|a, b| ports[*a].total_cmp(&ports[*b]).then(a.cmp(b)));
    let count = |way_of: Ordering| order.iter().filter(|it| way(**it) == way_of).count();
    let (left, right) = (count(Ordering::Less), count(Ordering::Greater));
    let (mut lefts, mut rights) = (0, 0);
    let mut lanes = vec![Lane::default(); ports.len()];
    for n in order {
        let lane =
            |rank: usize, count: usize| Lane { out: rank as f32 * LANE, most: (count as f32 - 1.0) * LANE };
        lanes[n] = match way(n) {
            Ordering::Less => {
                lefts += 1;
                lane(lefts - 1, left)
            }
            Ordering::Greater => {
                rights += 1;
                lane(right - rights, right)
            }
            Ordering::Equal => Lane::default(),
        };
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

/// Ports where two ends are fixed, else in the middle of their sides or, if these face each other, where a line between
/// them runs straight.
fn middle_ports(
    (a, from): ((Rect, Rect), Option<BorderPoint>),
    one: Side,
    (b, to): ((Rect, Rect), Option<BorderPoint>),
    two: Side,
) -> (Port, Port) {
    let along = |rect: &Rect, side: Side, share: f32| {
        let (low, high) = rect.span(side);
        low + (high - low) * share
    };
    let fixed = |rect: &Rect, side: Side, point: Option<BorderPoint>| {
        point.map(|it| along(rect, side, it.offset.px().clamp(0.0, 1.0)))
    };
    let (fixed_a, fixed_b) = (fixed(&a.1, one, from), fixed(&b.1, two, to));
    let straight = match (fixed_a, fixed_b) {
        _ if opposite(one) != two => None,
        (None, None) => common(&a.1, &b.1, one),
        (Some(at), None) => Some(at).filter(|it| is_within(*it, inner(&b.1, two))),
        (None, Some(at)) => Some(at).filter(|it| is_within(*it, inner(&a.1, one))),
        (Some(_), Some(_)) => None,
    };
    let port = |own: (Rect, Rect), side: Side, fixed: Option<f32>| {
        let at = fixed.or(straight).unwrap_or_else(|| along(&own.1, side, 0.5));
        Port::alone(own.0.on_side(side, at), side, own.0)
    };
    (port(a, one, fixed_a), port(b, two, fixed_b))
}

fn is_within(at: f32, (low, high): (f32, f32)) -> bool {
    low <= at && at <= high
}

/// The side of a box through which a line leaves towards a position.
fn towards(rect: &Rect, pos: Pos) -> Side {
    let (right, left) = (pos.x - rect.max.x, rect.min.x - pos.x);
    let (below, above) = (pos.y - rect.max.y, rect.min.y - pos.y);
    let ways = [(right, Side::Right), (left, Side::Left), (below, Side::Bottom), (above, Side::Top)];
    ways.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or(Side::Right, |it| it.1)
}
