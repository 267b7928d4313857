//! The way of a line around what stands between its ends: A* over a sparse grid of borders and middles.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::geometry::{Pos, Rect, outwards};
use super::route::{BEND, CLEAR, Near, Obstacle, Port, STUB, TITLE};

/// A way is searched around no more things than these.
const OBSTACLES: usize = 60;

/// So many crossings are looked at for the way of one line, and for the sides between which it runs: what is walled in
/// would be found out last of all, and frames wait for it.
pub(super) const WAY_EFFORT: u32 = 16_000;
pub(super) const SIDES_EFFORT: u32 = 5_000;

/// So many crossings around an end are looked at to find out whether it is walled in.
const NOOK: usize = 64;
/// No crossing.
const NOWHERE: u32 = u32::MAX;

/// How a way is searched: how much further than its ends one looks, and how far from all boxes the way keeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Try {
    window: f32,
    margin: f32,
    /// Nearer than that to a box no way is.
    least: f32,
}

/// In the order in which they are made, until one finds a way.
pub(super) const TRIES: [Try; 4] = [
    Try { window: 96.0, margin: STUB - 4.0, least: STUB - 6.0 },
    Try { window: WIDE, margin: STUB - 4.0, least: STUB - 6.0 },
    Try { window: 96.0, margin: CLEAR, least: CLEAR },
    Try { window: WIDE, margin: CLEAR, least: CLEAR },
];
const WIDE: f32 = 320.0;

const WAYS: [Pos; 4] = [Pos::new(1.0, 0.0), Pos::new(0.0, 1.0), Pos::new(-1.0, 0.0), Pos::new(0.0, -1.0)];

fn way_of(pos: Pos) -> usize {
    WAYS.iter().position(|it| it.x * pos.x + it.y * pos.y > 0.5).unwrap_or(0)
}

/// A* over the grid that the borders and middles of obstacles make, states being a crossing and a way of travel.
///
/// Where few things stand between the ends, all are looked at from the beginning. Where many do, a way is searched around none
/// of them, then around those that it runs through, and so on until it runs through nothing: most of them are never looked at.
/// Given up is what would be dearer than `most`, and all once as many crossings were looked at as `effort` tells.
pub(super) fn search(
    from: Port,
    to: Port,
    (attempt, most, effort): (Try, f32, &mut u32),
    near: Near<'_>,
) -> Option<Vec<Pos>> {
    if *effort == 0 {
        return None;
    }
    let Try { window, margin, least } = attempt;
    let step = |it: Port, far: f32| it.pos + Pos::new(outwards(it.side).x * far, outwards(it.side).y * far);
    let (start, goal) = (step(from, margin), step(to, margin));
    let own = [from.own, to.own];
    let area = Rect::spanning(start, goal).union(&from.own).union(&to.own).grown(window);
    let mut obstacles = Vec::new();
    near(&area, &mut |it| {
        obstacles.push(it);
        obstacles.len() <= OBSTACLES
    });
    let are_all = obstacles.len() <= OBSTACLES;
    if !are_all {
        // The wide window is no dearer then.
        if window < WIDE {
            return None;
        }
        obstacles.clear();
    }
    let ways = (way_of(outwards(from.side)), (way_of(outwards(to.side)) + 2) % 4);
    loop {
        let grid = Grid::new((start, goal), &area, (&obstacles, &own), attempt);
        // To make a grid takes as long as to look at so many of its crossings.
        *effort = effort.saturating_sub(grid.toll.len() as u32 / 16);
        let corners = grid.path((start, goal), ways, (most, &mut *effort))?;
        let points: Vec<Pos> = [from.pos].into_iter().chain(corners).chain([to.pos]).collect();
        if are_all {
            return Some(points);
        }
        let known = obstacles.len();
        for pair in points.windows(2) {
            near(&Rect::spanning(pair[0], pair[1]).grown(least), &mut |it| {
                let zone = if it.is_title { it.rect } else { it.rect.grown(least) };
                if zone.is_crossed(pair[0], pair[1]) && !own.contains(&it.rect) && !obstacles.contains(&it) {
                    obstacles.push(it);
                }
                obstacles.len() <= OBSTACLES
            });
        }
        if obstacles.len() == known {
            return Some(points);
        }
        if obstacles.len() > OBSTACLES {
            return None;
        }
    }
}

/// How often one bends at least who travels one way, and is to come by so far to where one enters in another.
fn least_bends(by: Pos, way: usize, enters: usize) -> f32 {
    let along = |way: usize| by.x * WAYS[way].x + by.y * WAYS[way].y;
    if way == enters {
        let is_ahead = along((way + 1) % 4) == 0.0 && along(way) >= 0.0;
        return if is_ahead { 0.0 } else { 2.0 };
    }
    if (way + 2) % 4 == enters {
        return 2.0;
    }
    if along(way) >= 0.0 && along(enters) >= 0.0 { 1.0 } else { 3.0 }
}

struct Grid {
    xs: Vec<f32>,
    ys: Vec<f32>,
    /// By crossing, row by row: infinite where no line may run, dearer in titles.
    toll: Vec<f32>,
}

impl Grid {
    fn new(
        (start, goal): (Pos, Pos),
        area: &Rect,
        (obstacles, own): (&[Obstacle], &[Rect]),
        Try { margin, least, .. }: Try,
    ) -> Self {
        let mut xs = vec![start.x, goal.x, start.x.midpoint(goal.x)];
        let mut ys = vec![start.y, goal.y, start.y.midpoint(goal.y)];
        let rects = || obstacles.iter().map(|it| it.rect).chain(own.iter().copied());
        for rect in rects() {
            xs.extend([rect.min.x - margin, rect.centre().x, rect.max.x + margin]);
            ys.extend([rect.min.y - margin, rect.centre().y, rect.max.y + margin]);
        }
        let ends = [[start.x, goal.x], [start.y, goal.y]];
        let sides = [(&mut xs, area.min.x, area.max.x), (&mut ys, area.min.y, area.max.y)];
        for ((lines, low, high), ends) in sides.into_iter().zip(ends) {
            // What nearly is the line of an end would let the way begin or end aslant.
            let is_free = |it: f32| ends.contains(&it) || ends.iter().all(|end| (end - it).abs() >= 0.5);
            lines.retain(|it| low <= *it && *it <= high && is_free(*it));
            lines.sort_by(f32::total_cmp);
            lines.dedup_by(|a, b| a == b || (*a - *b).abs() < 0.5 && !ends.contains(a) && !ends.contains(b));
        }
        let mut toll = vec![0.0; xs.len() * ys.len()];
        let hard = obstacles.iter().filter(|it| !it.is_title).map(|it| (it.rect.grown(least), f32::INFINITY));
        let soft = obstacles.iter().filter(|it| it.is_title).map(|it| (it.rect, TITLE));
        let own = own.iter().map(|it| (it.grown(least), f32::INFINITY));
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
            let n = lines.partition_point(|it| *it < at);
            lines.get(n).filter(|it| **it == at).map(|_| n)
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
    fn path(
        &self,
        (start, goal): (Pos, Pos),
        (leaves, enters): (usize, usize),
        (most, effort): (f32, &mut u32),
    ) -> Option<Vec<Pos>> {
        let (first, last) = (self.crossing_at(start)?, self.crossing_at(goal)?);
        let state = |crossing: usize, way: usize| crossing * 4 + way;
        let guess = |at: usize| {
            let by = goal - self.pos(at / 4);
            by.x.abs() + by.y.abs() + BEND * least_bends(by, at % 4, enters)
        };
        // In hundredths of a pixel: whole numbers order the heap the same everywhere.
        let whole = |cost: f32| (cost * 100.0) as u32;
        // What stands so near an end leaves no room to turn there.
        let has_room = |it: usize| self.toll.get(it).is_some_and(|it| it.is_finite());
        if !has_room(first) || !has_room(last) || self.is_walled_in(last, first) {
            return None;
        }
        let mut best = vec![f32::INFINITY; self.toll.len() * 4];
        let mut came_from = vec![NOWHERE; self.toll.len() * 4];
        let mut open = BinaryHeap::new();
        best[state(first, leaves)] = 0.0;
        open.push(Reverse((whole(guess(state(first, leaves))), 0u32, state(first, leaves))));
        let mut count = 0;
        while let Some(Reverse((cost, _, at))) = open.pop() {
            let (crossing, way) = (at / 4, at % 4);
            if cost > whole(most) || *effort == 0 {
                return None;
            }
            *effort -= 1;
            // It was reached in a cheaper way meanwhile.
            if cost > whole(best[at] + guess(at)) {
                continue;
            }
            if crossing == last && way == enters {
                return Some(self.walk_back(at, &came_from));
            }
            for next_way in 0..4 {
                if next_way == (way + 2) % 4 {
                    continue;
                }
                // At the end it may turn on the spot, as it may at the start.
                let arrives = crossing == last && next_way == enters;
                let next = if arrives { Some(last) } else { self.neighbour(crossing, next_way) };
                let Some(next) = next else { continue };
                let toll = if next == last { 0.0 } else { self.toll[next] };
                if toll.is_infinite() {
                    continue;
                }
                let bend = if next_way == way { 0.0 } else { BEND };
                let cost = best[at] + self.pos(crossing).distance(self.pos(next)) + bend + toll;
                let next = state(next, next_way);
                if cost < best[next] - 0.01 {
                    best[next] = cost;
                    came_from[next] = at as u32;
                    count += 1;
                    open.push(Reverse((whole(cost + guess(next)), count, next)));
                }
            }
        }
        None
    }

    /// Whether no way leads out of the nook around an end, as far as that is quickly found out: a search from the other
    /// end would look everywhere first.
    fn is_walled_in(&self, end: usize, other: usize) -> bool {
        let mut seen = vec![end];
        let mut looked = 0;
        while let Some(at) = seen.get(looked).copied() {
            looked += 1;
            for next in (0..4).filter_map(|way| self.neighbour(at, way)) {
                if next == other {
                    return false;
                }
                if self.toll[next].is_finite() && !seen.contains(&next) {
                    seen.push(next);
                }
            }
            if seen.len() > NOOK {
                return false;
            }
        }
        true
    }

    fn walk_back(&self, at: usize, came_from: &[u32]) -> Vec<Pos> {
        let mut points = Vec::new();
        let mut at = at as u32;
        while at != NOWHERE {
            points.push(self.pos(at as usize / 4));
            at = came_from[at as usize];
        }
        points.reverse();
        points
    }
}
