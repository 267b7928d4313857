//! One orthogonal line from a port to a port: straight, with one, two or more bends, around what stands in its way.
//!
//! Simple shapes are tried first, as nearly every flow has one that is free; a search over a sparse grid of what
//! stands near (its borders and middles) finds a way for the rest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::model::Side;

use super::geometry::{Pos, Rect, outwards, simplify};

/// How far a line runs out of a card before it may turn.
pub(super) const STUB: f32 = 16.0;
/// How far lines keep from what is not theirs.
const CLEAR: f32 = 6.0;
/// From line to line where several run side by side.
pub(super) const LANE: f32 = 12.0;
/// What a bend costs, in pixels of detour.
const BEND: f32 = 50.0;
const TITLE: f32 = 120.0;
const CROSSED: f32 = 2000.0;
/// More obstacles than these are not looked at; the nearest are.
const OBSTACLES: usize = 60;
/// How much further than its ends the search looks for a way, at its second try.
const WINDOWS: [f32; 2] = [96.0, 320.0];

/// Where a line starts or ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Port {
    pub(super) pos: Pos,
    pub(super) side: Side,
    /// The box it belongs to, which the line must not run through either.
    pub(super) own: Rect,
}

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Obstacle {
    pub(super) rect: Rect,
    /// Lines may run through, but should not.
    pub(super) is_title: bool,
}

/// Calls back with what stands in an area.
pub(super) type Near<'a> = &'a dyn Fn(&Rect, &mut dyn FnMut(Obstacle));

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
        super::geometry::length(self.points()) + BEND * (self.count as f32 - 2.0)
    }
}

/// The simple lines between two ports, the nicest first. `lane` moves a middle piece away from the source.
pub(super) fn simple(from: Port, to: Port, lane: f32, out: &mut Vec<Line>) {
    out.clear();
    // Turned so that the source faces right.
    let turn = Turn::of(from.side);
    let (p, q, way) = (turn.there(from.pos), turn.there(to.pos), turn.there(outwards(to.side)));
    let mut add = |points: &[Pos]| {
        let back: Vec<Pos> = points.iter().map(|it| turn.back(*it)).collect();
        out.push(Line::new(&back));
    };
    let at = Pos::new;
    if way.x < -0.5 {
        let gap = q.x - p.x;
        if gap > 0.0 && (p.y - q.y).abs() < 0.5 {
            add(&[p, q]);
        } else if gap >= STUB {
            let room = (gap / 2.0 - 8.0).max(0.0);
            let middle = p.x + gap / 2.0;
            for m in [middle + lane.clamp(-room, room), q.x - STUB.min(gap / 2.0), p.x + STUB.min(gap / 2.0)]
            {
                add(&[p, at(m, p.y), at(m, q.y), q]);
            }
        }
        let y = p.y.midpoint(q.y) + lane;
        add(&[p, at(p.x + STUB, p.y), at(p.x + STUB, y), at(q.x - STUB, y), at(q.x - STUB, q.y), q]);
    } else if way.x > 0.5 {
        for more in [0.0, 24.0, 64.0] {
            let m = p.x.max(q.x) + STUB + 8.0 + lane.abs() + more;
            add(&[p, at(m, p.y), at(m, q.y), q]);
        }
    } else {
        // It arrives downwards if the target faces up.
        let ahead = if way.y < 0.0 { q.y - p.y } else { p.y - q.y };
        if ahead >= STUB && q.x - p.x >= STUB {
            add(&[p, at(q.x, p.y), q]);
        }
        let y = q.y + way.y * (STUB + 8.0);
        let beyond = (p.x + STUB).max(q.x + STUB);
        for m in [p.x + STUB + 8.0, p.x.midpoint(q.x).max(p.x + STUB), beyond] {
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

/// What it costs that a line runs through things: 0 if its way is free.
pub(super) fn crossing(points: &[Pos], ends: [Rect; 2], near: Near<'_>) -> f32 {
    let mut cost = 0.0;
    let last = points.len().saturating_sub(2);
    for (n, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        // A line touches its own box at its ends, and only there.
        let own = |it: Rect| it.grown(-0.5).is_crossed(a, b);
        if own(ends[0]) || own(ends[1]) {
            cost += CROSSED;
        }
        near(&Rect::spanning(a, b).grown(CLEAR), &mut |it| {
            if it.is_title {
                cost += if it.rect.is_crossed(a, b) { TITLE } else { 0.0 };
            } else if !ends.contains(&it.rect) && it.rect.grown(CLEAR).is_crossed(a, b) {
                // At the first and the last piece, what stands very near cannot be kept from.
                let through = it.rect.is_crossed(a, b);
                cost += if through || (n != 0 && n != last) { CROSSED } else { TITLE };
            }
        });
    }
    cost
}

/// The best line between two ports. `searches` is how many more searches may be afforded.
pub(super) fn route(from: Port, to: Port, lane: f32, near: Near<'_>, searches: &mut u32) -> Vec<Pos> {
    let mut lines = Vec::new();
    simple(from, to, lane, &mut lines);
    let ends = [from.own, to.own];
    let mut best: Option<(f32, f32, Line)> = None;
    for line in &lines {
        let plain = line.cost();
        if best.is_some_and(|it| it.0 <= plain) {
            continue;
        }
        let crossed = crossing(line.points(), ends, near);
        if best.is_none_or(|it| plain + crossed < it.0) {
            best = Some((plain + crossed, crossed, *line));
        }
    }
    let is_free = best.is_some_and(|it| it.1 < CROSSED);
    let mut found = None;
    if !is_free && *searches > 0 {
        *searches -= 1;
        found = WINDOWS.iter().find_map(|window| search(from, to, *window, near));
    }
    let line = || best.map_or_else(|| vec![from.pos, to.pos], |it| it.2.points().to_vec());
    let mut points = found.unwrap_or_else(line);
    simplify(&mut points);
    points
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

const WAYS: [Pos; 4] = [Pos::new(1.0, 0.0), Pos::new(0.0, 1.0), Pos::new(-1.0, 0.0), Pos::new(0.0, -1.0)];

fn way_of(pos: Pos) -> usize {
    WAYS.iter().position(|it| it.x * pos.x + it.y * pos.y > 0.5).unwrap_or(0)
}

/// A* over the grid that the borders and middles of obstacles make, states being a crossing and a way of travel.
fn search(from: Port, to: Port, window: f32, near: Near<'_>) -> Option<Vec<Pos>> {
    let step = |it: Port, far: f32| it.pos + Pos::new(outwards(it.side).x * far, outwards(it.side).y * far);
    let (start, goal) = (step(from, STUB - 4.0), step(to, STUB - 4.0));
    let area = Rect::spanning(start, goal).union(&from.own).union(&to.own).grown(window);
    let mut obstacles = Vec::new();
    near(&area, &mut |it| obstacles.push(it));
    let middle = area.centre();
    obstacles.sort_by(|a, b| {
        let key = |it: &Obstacle| (it.rect.distance(middle), it.rect.min.x, it.rect.min.y);
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2))
    });
    obstacles.truncate(OBSTACLES);
    let grid = Grid::new(start, goal, &area, &obstacles, &[from.own, to.own]);
    let corners = grid.path(start, goal, way_of(outwards(from.side)), (way_of(outwards(to.side)) + 2) % 4)?;
    let mut points = vec![from.pos];
    points.extend(corners);
    points.push(to.pos);
    Some(points)
}

struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// By crossing, row by row: infinite where no line may run, dearer in titles.
    toll: Vec<f32>,
}

impl Grid {
    fn new(start: Pos, goal: Pos, area: &Rect, obstacles: &[Obstacle], own: &[Rect]) -> Self {
        let mut xs = vec![start.x, goal.x, start.x.midpoint(goal.x)];
        let mut ys = vec![start.y, goal.y, start.y.midpoint(goal.y)];
        let margin = STUB - 4.0;
        let rects = || obstacles.iter().map(|it| it.rect).chain(own.iter().copied());
        for rect in rects() {
            xs.extend([rect.min.x - margin, rect.centre().x, rect.max.x + margin]);
            ys.extend([rect.min.y - margin, rect.centre().y, rect.max.y + margin]);
        }
        for (lines, low, high) in [(&mut xs, area.min.x, area.max.x), (&mut ys, area.min.y, area.max.y)] {
            lines.retain(|it| low <= *it && *it <= high);
            lines.sort_by(f32::total_cmp);
            lines.dedup_by(|a, b| (*a - *b).abs() < 0.5 && *a != start.x && *a != start.y);
        }
        let mut toll = vec![0.0; xs.len() * ys.len()];
        let hard =
            obstacles.iter().filter(|it| !it.is_title).map(|it| (it.rect.grown(margin - 2.0), f32::INFINITY));
        let soft = obstacles.iter().filter(|it| it.is_title).map(|it| (it.rect, TITLE));
        let own = own.iter().map(|it| (it.grown(margin - 2.0), f32::INFINITY));
        for (rect, price) in soft.chain(hard).chain(own) {
            let span = |lines: &[f32], low: f32, high: f32| {
                lines.partition_point(|it| *it <= low)..lines.partition_point(|it| *it < high)
            };
            let columns = span(&xs, rect.min.x, rect.max.x);
            for row in span(&ys, rect.min.y, rect.max.y) {
                for toll in &mut toll[row * xs.len()..][columns.clone()] {
                    *toll = price;
                }
            }
        }
        Self { xs, ys, toll }
    }

    fn crossing_at(&self, pos: Pos) -> Option<usize> {
        let find = |lines: &[f32], at: f32| {
            let n = lines.partition_point(|it| *it < at - 0.5);
            lines.get(n).filter(|it| (**it - at).abs() <= 0.5).map(|_| n)
        };
        Some(find(&self.ys, pos.y)? * self.xs.len() + find(&self.xs, pos.x)?)
    }

    fn pos(&self, crossing: usize) -> Pos {
        Pos::new(self.xs[crossing % self.xs.len()], self.ys[crossing / self.xs.len()])
    }

    fn neighbour(&self, crossing: usize, way: usize) -> Option<usize> {
        let (column, row) = (crossing % self.xs.len(), crossing / self.xs.len());
        match way {
            0 => (column + 1 < self.xs.len()).then_some(crossing + 1),
            1 => (row + 1 < self.ys.len()).then_some(crossing + self.xs.len()),
            2 => column.checked_sub(1).map(|_| crossing - 1),
            _ => row.checked_sub(1).map(|_| crossing - self.xs.len()),
        }
    }

    /// The corners of the cheapest way. Ties go to what was found first, so it is the same on every run.
    fn path(&self, start: Pos, goal: Pos, leaves: usize, enters: usize) -> Option<Vec<Pos>> {
        let (first, last) = (self.crossing_at(start)?, self.crossing_at(goal)?);
        let state = |crossing: usize, way: usize| crossing * 4 + way;
        let guess = |crossing: usize| {
            let at = self.pos(crossing);
            (at.x - goal.x).abs() + (at.y - goal.y).abs()
        };
        // In hundredths of a pixel: whole numbers order the heap the same everywhere.
        let whole = |cost: f32| (cost * 100.0) as u32;
        let mut best = vec![f32::INFINITY; self.toll.len() * 4];
        let mut came_from = vec![usize::MAX; self.toll.len() * 4];
        let mut open = BinaryHeap::new();
        best[state(first, leaves)] = 0.0;
        open.push(Reverse((whole(guess(first)), 0u32, state(first, leaves))));
        let mut count = 0;
        while let Some(Reverse((_, _, at))) = open.pop() {
            let (crossing, way) = (at / 4, at % 4);
            if crossing == last && way == enters {
                return Some(self.walk_back(at, &came_from));
            }
            for next_way in 0..4 {
                if next_way == (way + 2) % 4 {
                    continue;
                }
                let Some(next) = self.neighbour(crossing, next_way) else { continue };
                let toll = if next == last { 0.0 } else { self.toll[next] };
                if toll.is_infinite() {
                    continue;
                }
                let bend = if next_way == way { 0.0 } else { BEND };
                let cost = best[at] + self.pos(crossing).distance(self.pos(next)) + bend + toll;
                let next = state(next, next_way);
                if cost < best[next] - 0.01 {
                    best[next] = cost;
                    came_from[next] = at;
                    count += 1;
                    open.push(Reverse((whole(cost + guess(next / 4)), count, next)));
                }
            }
        }
        None
    }

    fn walk_back(&self, mut at: usize, came_from: &[usize]) -> Vec<Pos> {
        let mut points = Vec::new();
        while at != usize::MAX {
            points.push(self.pos(at / 4));
            at = came_from[at];
        }
        points.reverse();
        points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(rect: Rect, side: Side) -> Port {
        Port { pos: rect.middle(side), side, own: rect }
    }

    fn between(a: (Rect, Side), b: (Rect, Side), others: &[Rect]) -> (Vec<Pos>, f32) {
        let near = |_: &Rect, found: &mut dyn FnMut(Obstacle)| {
            for it in others {
                found(Obstacle { rect: *it, is_title: false });
            }
        };
        let (from, to) = (port(a.0, a.1), port(b.0, b.1));
        let points = route(from, to, 0.0, &near, &mut 1);
        let crossed = crossing(&points, [a.0, b.0], &near);
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
