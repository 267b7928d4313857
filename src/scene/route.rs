//! One orthogonal line from a port to a port: straight, with one, two or more bends, around what stands in its way.
//!
//! Simple shapes are tried first, as nearly every flow has one that is free; a [search] finds a way for the rest.
//!
//! [search]: super::search

use crate::model::Side;

use super::geometry::{Pos, Rect, is_level, outwards, simplify};
use super::search::{TRIES, WAY_EFFORT, search};

/// How far a line runs out of a card before it may turn.
pub(super) const STUB: f32 = 16.0;
/// How far lines keep from what is not theirs.
pub(super) const CLEAR: f32 = 6.0;
/// From line to line where several run side by side.
pub(super) const LANE: f32 = 12.0;
/// What a bend costs, in pixels of detour.
pub(super) const BEND: f32 = 50.0;
pub(super) const TITLE: f32 = 120.0;
const CROSSED: f32 = 2000.0;

/// Where a line starts or ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Port {
    pub(super) pos: Pos,
    pub(super) side: Side,
    /// The box it belongs to, which the line must not run through either.
    pub(super) own: Rect,
    pub(super) lane: Lane,
    pub(super) twins: Twins,
}

impl Port {
    /// Of a line beside which no other runs.
    pub(super) fn alone(pos: Pos, side: Side, own: Rect) -> Self {
        Self { pos, side, own, lane: Lane::default(), twins: Twins::default() }
    }
}

/// In the middle of each side of a box.
pub(super) fn middles(rect: Rect) -> [Port; 4] {
    [Side::Right, Side::Bottom, Side::Left, Side::Top].map(|it| Port::alone(rect.middle(it), it, rect))
}

/// How far a line runs out from a side beyond the innermost of those that turn the same way there, and how far the
/// outermost of them does.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Lane {
    pub(super) out: f32,
    pub(super) most: f32,
}

impl Lane {
    /// From the middle of its lanes.
    fn centred(self) -> f32 {
        self.out - self.most / 2.0
    }
}

/// The lines that run between the same two sides as one does: how far along its side it is from the middle of them, and
/// how far the outermost of them is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Twins {
    pub(super) off: f32,
    pub(super) most: f32,
}

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Obstacle {
    pub(super) rect: Rect,
    /// Lines may run through, but should not.
    pub(super) is_title: bool,
}

/// Calls back with what stands in an area, until it is told that it is enough.
pub(super) type Near<'a> = &'a dyn Fn(&Rect, &mut dyn FnMut(Obstacle) -> bool);

/// A few points without a heap.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    points: [Pos; 6],
    count: usize,
}

impl Line {
    fn new(points: &[Pos]) -> Self {
        let mut line = Self { points: [Pos::ZERO; 6], count: points.len().min(6) };
        line.points[..line.count].copy_from_slice(&points[..line.count]);
        line
    }

    pub(super) fn points(&self) -> &[Pos] {
        &self.points[..self.count]
    }

    pub(super) fn cost(&self) -> f32 {
        cost_of(self.points())
    }
}

/// How dear a line is by its length and its bends alone.
pub(super) fn cost_of(points: &[Pos]) -> f32 {
    super::geometry::length(points) + BEND * (points.len() as f32 - 2.0)
}

/// The simple lines between two ports, the nicest first. Those in outer lanes turn further out.
pub(super) fn simple(from: Port, to: Port, out: &mut Vec<Line>) {
    out.clear();
    // Turned so that the source faces right.
    let turn = Turn::of(from.side);
    let (p, q, way) = (turn.there(from.pos), turn.there(to.pos), turn.there(outwards(to.side)));
    let mut add = |points: &[Pos]| {
        let back: Vec<Pos> = points.iter().map(|it| turn.back(*it)).collect();
        out.push(Line::new(&back));
    };
    let at = Pos::new;
    let is_from = from.lane.most >= to.lane.most;
    let lane = if is_from { from.lane } else { to.lane };
    if way.x < -0.5 {
        let gap = q.x - p.x;
        // Away from the source, however it was told.
        let (far, near) =
            if is_from { (lane.out, lane.most - lane.out) } else { (lane.most - lane.out, lane.out) };
        if gap > 0.0 && (p.y - q.y).abs() < 0.5 {
            add(&[p, q]);
        } else if gap >= STUB {
            let room = (gap / 2.0 - 8.0).max(0.0);
            let middle = p.x + gap / 2.0;
            let stub = STUB.min(gap / 2.0);
            let m = middle + (far - lane.most / 2.0).clamp(-room, room);
            let spare = (gap - 2.0 * stub).max(0.0);
            for m in [m, q.x - stub - near.min(spare), p.x + stub + far.min(spare)] {
                add(&[p, at(m, p.y), at(m, q.y), q]);
            }
        }
        let y = p.y.midpoint(q.y) + if q.y >= p.y { lane.centred() } else { -lane.centred() };
        let (right, left) = (p.x + STUB + from.lane.out, q.x - STUB - to.lane.out);
        add(&[p, at(right, p.y), at(right, y), at(left, y), at(left, q.y), q]);
    } else if way.x > 0.5 {
        for more in [0.0, 24.0, 64.0] {
            let m = p.x.max(q.x) + STUB + 8.0 + lane.out + more;
            add(&[p, at(m, p.y), at(m, q.y), q]);
        }
    } else {
        // It arrives downwards if the target faces up.
        let ahead = if way.y < 0.0 { q.y - p.y } else { p.y - q.y };
        if ahead >= STUB - 4.0 && q.x - p.x >= STUB - 4.0 {
            add(&[p, at(q.x, p.y), q]);
        }
        let y = q.y + way.y * (STUB + 8.0 + to.lane.out);
        let beyond = (p.x + STUB).max(q.x + STUB);
        for m in [p.x + STUB + 8.0, p.x.midpoint(q.x).max(p.x + STUB), beyond] {
            let m = m + from.lane.out;
            add(&[p, at(m, p.y), at(m, y), at(q.x, y), q]);
        }
    }
}

/// A quarter turn that makes a side face right.
#[derive(Clone, Copy)]
struct Turn(Pos);

impl Turn {
    fn of(side: Side) -> Self {
        Self(outwards(side))
    }

    fn there(self, it: Pos) -> Pos {
        let Pos { x: c, y: s } = self.0;
        Pos::new(it.x * c + it.y * s, it.y * c - it.x * s)
    }

    fn back(self, it: Pos) -> Pos {
        let Pos { x: c, y: s } = self.0;
        Pos::new(it.x * c - it.y * s, it.y * c + it.x * s)
    }
}

/// How often a line runs through things.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Crossed {
    /// Cards, gates and its own ends: its way is not free then.
    boxes: u32,
    /// Titles, and what stands very near its ends.
    titles: u32,
}

impl Crossed {
    pub(super) fn is_free(self) -> bool {
        self.boxes == 0
    }

    pub(super) fn cost(self) -> f32 {
        self.boxes as f32 * CROSSED + self.titles as f32 * TITLE
    }
}

/// What a line runs through.
pub(super) fn crossing(points: &[Pos], ends: [Rect; 2], near: Near<'_>) -> Crossed {
    let mut crossed = Crossed::default();
    let last = points.len().saturating_sub(2);
    for (n, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        // A line touches its own box at its ends, and only there.
        let own = |it: Rect| it.grown(-0.5).is_crossed(a, b);
        if own(ends[0]) || own(ends[1]) {
            crossed.boxes += 1;
        }
        near(&Rect::spanning(a, b).grown(CLEAR), &mut |it| {
            if it.is_title {
                crossed.titles += u32::from(it.rect.is_crossed(a, b));
            } else if !ends.contains(&it.rect) && it.rect.grown(CLEAR).is_crossed(a, b) {
                // At the first and the last piece, what stands very near cannot be kept from.
                let is_through = it.rect.is_crossed(a, b) || (n != 0 && n != last);
                if is_through { crossed.boxes += 1 } else { crossed.titles += 1 }
            }
            true
        });
    }
    crossed
}

/// The best line between two ports.
pub(super) fn route(from: Port, to: Port, near: Near<'_>) -> Vec<Pos> {
    let mut lines = Vec::new();
    simple(from, to, &mut lines);
    let ends = [from.own, to.own];
    let mut best: Option<(f32, bool, Line)> = None;
    for line in &lines {
        let plain = line.cost();
        if best.is_some_and(|it| it.0 <= plain) {
            continue;
        }
        let crossed = crossing(line.points(), ends, near);
        let cost = plain + crossed.cost();
        if best.is_none_or(|it| cost < it.0) {
            best = Some((cost, crossed.is_free(), *line));
        }
    }
    // What a free way may cost for which nothing better is searched.
    let enough = lines.first().map_or(0.0, Line::cost) + BEND;
    let is_good = best.is_some_and(|it| it.1 && it.2.cost() < enough);
    let mut found = None;
    if !is_good {
        let costs = |it: &Vec<Pos>| cost_of(it) + crossing(it, ends, near).cost();
        let mut effort = WAY_EFFORT;
        found = around(from, to, (f32::INFINITY, &mut effort), near)
            .filter(|it| best.is_none_or(|best| costs(it) < best.0));
    }
    let line = || best.map_or_else(|| vec![from.pos, to.pos], |it| it.2.points().to_vec());
    let mut points = found.unwrap_or_else(line);
    simplify(&mut points);
    points
}

/// A way around what stands there, if there is one. Lines that run between the same two sides take the same way, side by
/// side: it is searched for the middle one of them. What is dearer than `most` is not searched to its end, and nothing is once
/// `effort` crossings were looked at.
pub(super) fn around(
    from: Port,
    to: Port,
    (most, effort): (f32, &mut u32),
    near: Near<'_>,
) -> Option<Vec<Pos>> {
    let ends = [from.own, to.own];
    let middle = |it: Port| {
        let off = if is_level(it.side) { Pos::new(it.twins.off, 0.0) } else { Pos::new(0.0, it.twins.off) };
        Port { pos: it.pos - off, ..it }
    };
    let are_twins = from.twins.most > 0.0 && from.twins.most == to.twins.most;
    let (one, two) = if are_twins { (middle(from), middle(to)) } else { (from, to) };
    let is_free = |points: &[Pos]| crossing(points, ends, near).is_free();
    // Something may lie on an end.
    let comes_out = |it: Port| {
        let out = outwards(it.side);
        is_free(&[it.pos, it.pos + Pos::new(out.x * CLEAR, out.y * CLEAR)])
    };
    if !comes_out(from) || !comes_out(to) {
        return None;
    }
    // Always the same way round, so that one that goes back takes the same way.
    let is_back = (one.pos.x, one.pos.y) > (two.pos.x, two.pos.y);
    let (first, last) = if is_back { (two, one) } else { (one, two) };
    for attempt in TRIES {
        let Some(mut way) = search(first, last, (attempt, most, &mut *effort), near).filter(|it| is_free(it))
        else {
            continue;
        };
        if is_back {
            way.reverse();
        }
        if !are_twins {
            let mut way = way;
            simplify(&mut way);
            return Some(way);
        }
        let most = from.twins.most;
        // To the left of the way, as one leaves.
        let off = match from.side {
            Side::Right | Side::Top => -from.twins.off,
            Side::Left | Side::Bottom => from.twins.off,
        };
        // Side by side in the middle; where there is no room for the outermost, all to one side.
        for base in [0.0, most, -most] {
            let beside = |off: f32| beside(&way, (from.pos, to.pos), base + off);
            if [most, -most].into_iter().all(|it| is_free(&beside(it))) {
                return Some(beside(off));
            }
        }
        return Some(beside(&way, (from.pos, to.pos), 0.0));
    }
    None
}

/// The way that runs so far to the left of another, between ends of its own.
fn beside(way: &[Pos], (from, to): (Pos, Pos), off: f32) -> Vec<Pos> {
    let mut way = way.to_vec();
    simplify(&mut way);
    let count = way.len();
    let pieces = way.windows(2).enumerate().map(|(n, it)| {
        let (a, b) = (it[0], it[1]);
        let is_level = (a.y - b.y).abs() < 0.01;
        let end = if n == 0 { Some(from) } else { (n + 2 == count).then_some(to) };
        let at = match (end, is_level) {
            (Some(end), true) => end.y,
            (Some(end), false) => end.x,
            // The left of a way to the right is up, and that of a way down is right.
            (None, true) => a.y - off * (b.x - a.x).signum(),
            (None, false) => a.x + off * (b.y - a.y).signum(),
        };
        (is_level, at)
    });
    let pieces: Vec<(bool, f32)> = pieces.collect();
    let corner = |pair: &[(bool, f32)]| {
        let ((is_level, at), (_, next)) = (pair[0], pair[1]);
        if is_level { Pos::new(next, at) } else { Pos::new(at, next) }
    };
    let corners = pieces.windows(2).filter(|it| it[0].0 != it[1].0).map(corner);
    [from].into_iter().chain(corners).chain([to]).collect()
}

/// A line through given corners; between two that are not in line, it goes on as it came and then turns.
pub(super) fn through(from: Port, corners: &[Pos], to: Port) -> Vec<Pos> {
    let mut points = vec![from.pos];
    let mut is_level = outwards(from.side).x != 0.0;
    for next in corners.iter().chain([&to.pos]) {
        let at = points.last().copied().unwrap_or(*next);
        if (at.x - next.x).abs() > 0.5 && (at.y - next.y).abs() > 0.5 {
            points.push(if is_level { Pos::new(next.x, at.y) } else { Pos::new(at.x, next.y) });
            is_level = !is_level;
        } else {
            is_level = (at.y - next.y).abs() <= 0.5;
        }
        points.push(*next);
    }
    // The last piece meets the target's side head on.
    let n = points.len();
    let enters_level = outwards(to.side).x != 0.0;
    if n >= 3 && (points[n - 2].y - to.pos.y).abs() > 0.5 && enters_level {
        let before = points[n - 3];
        points[n - 2] = Pos::new(before.x, to.pos.y);
    } else if n >= 3 && (points[n - 2].x - to.pos.x).abs() > 0.5 && !enters_level {
        let before = points[n - 3];
        points[n - 2] = Pos::new(to.pos.x, before.y);
    }
    simplify(&mut points);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(rect: Rect, side: Side) -> Port {
        Port::alone(rect.middle(side), side, rect)
    }

    fn between(a: (Rect, Side), b: (Rect, Side), others: &[Rect]) -> (Vec<Pos>, f32) {
        let near = |_: &Rect, found: &mut dyn FnMut(Obstacle) -> bool| {
            for it in others {
                found(Obstacle { rect: *it, is_title: false });
            }
        };
        let (from, to) = (port(a.0, a.1), port(b.0, b.1));
        let points = route(from, to, &near);
        let crossed = crossing(&points, [a.0, b.0], &near).cost();
        (points, crossed)
    }

    const A: Rect = Rect::new(0.0, 0.0, 100.0, 50.0);

    #[test]
    fn straight_when_in_line() {
        let (points, crossed) =
            between((A, Side::Right), (Rect::new(200.0, 0.0, 100.0, 50.0), Side::Left), &[]);
        assert_eq!((points.len(), crossed), (2, 0.0));
    }

    #[test]
    fn the_fewest_bends_for_each_pair_of_sides() {
        let b = Rect::new(300.0, 200.0, 100.0, 50.0);
        for (one, two, count) in [
            (Side::Right, Side::Left, 4),
            (Side::Bottom, Side::Top, 4),
            (Side::Right, Side::Top, 3),
            (Side::Bottom, Side::Left, 3),
            (Side::Right, Side::Right, 4),
            (Side::Top, Side::Top, 4),
            (Side::Top, Side::Left, 5),
            (Side::Left, Side::Left, 4),
        ] {
            let (points, crossed) = between((A, one), (b, two), &[]);
            assert_eq!((points.len(), crossed), (count, 0.0), "{one:?} {two:?} {points:?}");
        }
    }

    #[test]
    fn goes_around_what_stands_in_the_way() {
        let b = Rect::new(400.0, 0.0, 100.0, 50.0);
        let wall = Rect::new(200.0, -60.0, 80.0, 200.0);
        let (points, crossed) = between((A, Side::Right), (b, Side::Left), &[wall, A, b]);
        assert!(crossed == 0.0 && points.len() >= 4, "{points:?}");
        assert_eq!((points[0], points[points.len() - 1]), (A.middle(Side::Right), b.middle(Side::Left)));
    }

    #[test]
    fn runs_through_given_corners() {
        let (a, b) = (port(A, Side::Bottom), port(Rect::new(300.0, 100.0, 100.0, 50.0), Side::Left));
        let points = through(a, &[Pos::new(50.0, 300.0), Pos::new(200.0, 300.0)], b);
        let text: Vec<(f32, f32)> = points.iter().map(|it| (it.x, it.y)).collect();
        assert_eq!(text, [(50.0, 50.0), (50.0, 300.0), (200.0, 300.0), (200.0, 125.0), (300.0, 125.0)]);
    }
}
