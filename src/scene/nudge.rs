//! Where pieces of lines go that share a channel: side by side, in the order in which they cross each other least.
//!
//! The order is that of Wybrow, Marriott and Stuckey, *Orthogonal connector routing* (2009), section 4: of two that run
//! along each other, one lies on the side to which it turns first. Where each then goes is the middle between having all
//! of them pushed one way and all the other way.

use std::collections::BTreeSet;

use crate::model::Id;

use super::geometry::Pos;
use super::route::LANE;

/// From line to line where there is little room, down to the least at which two can be told apart.
const GAPS: [f32; 3] = [LANE, 9.0, 6.0];
const NARROW: [f32; 4] = [6.0, 4.0, 3.0, LEAST_GAP];
pub(super) const LEAST_GAP: f32 = 2.0;
/// What lies nearer to each other is at the same place.
const SAME: f32 = 0.5;
/// So many bends two lines are followed together to find out which turns away first.
const BENDS: usize = 16;

/// A piece of a line.
#[derive(Debug, Clone)]
pub(super) struct Run<'a> {
    pub(super) id: &'a Id,
    pub(super) piece: usize,
    /// The corners of its line.
    pub(super) points: &'a [Pos],
    pub(super) axis: Axis,
    /// Between which places across it may lie; both are its own if it is held.
    pub(super) room: (f32, f32),
}

/// The direction in which all pieces of a channel run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    Level,
    Upright,
}

impl Axis {
    pub(super) fn of(a: Pos, b: Pos) -> Self {
        if (a.y - b.y).abs() <= (a.x - b.x).abs() { Self::Level } else { Self::Upright }
    }

    pub(super) fn along(self, it: Pos) -> f32 {
        if self == Self::Level { it.x } else { it.y }
    }

    pub(super) fn across(self, it: Pos) -> f32 {
        if self == Self::Level { it.y } else { it.x }
    }

    pub(super) fn other(self) -> Self {
        if self == Self::Level { Self::Upright } else { Self::Level }
    }

    pub(super) fn at(self, along: f32, across: f32) -> Pos {
        if self == Self::Level { Pos::new(along, across) } else { Pos::new(across, along) }
    }
}

impl Run<'_> {
    fn ends(&self) -> [Pos; 2] {
        [self.points[self.piece], self.points[self.piece + 1]]
    }

    pub(super) fn across(&self) -> f32 {
        self.axis.across(self.ends()[0])
    }

    /// From where to where it runs.
    pub(super) fn span(&self) -> (f32, f32) {
        let [a, b] = self.ends().map(|it| self.axis.along(it));
        (a.min(b), a.max(b))
    }

    fn is_held(&self) -> bool {
        self.room.0 >= self.room.1
    }

    /// Which of its corners is its lower end along the channel or its upper one, and in which direction of its line the
    /// next one is.
    fn end(&self, is_low: bool) -> (usize, bool) {
        let [a, b] = self.ends().map(|it| self.axis.along(it));
        if (a <= b) == is_low { (self.piece, false) } else { (self.piece + 1, true) }
    }
}

fn next(corner: usize, is_forth: bool, points: &[Pos]) -> Option<usize> {
    let next = if is_forth { corner + 1 } else { corner.checked_sub(1)? };
    (next < points.len()).then_some(next)
}

fn sign(it: f32) -> i8 {
    i8::from(it > 0.0) - i8::from(it < 0.0)
}

/// On which side of another run one is to lie so that their lines do not cross where they part at one end: -1 before it,
/// 1 behind it, 0 if that is all the same.
fn side_at(a: &Run<'_>, b: &Run<'_>, is_low: bool) -> i8 {
    let (mut axis, mut inwards) = (a.axis, if is_low { 1.0 } else { -1.0 });
    let [(mut at_a, forth_a), (mut at_b, forth_b)] = [a.end(is_low), b.end(is_low)];
    let mut turned = 1;
    for _ in 0..BENDS {
        let turns = |points: &[Pos], at: usize, is_forth: bool| {
            next(at, is_forth, points).map_or(0, |it| sign(axis.across(points[it]) - axis.across(points[at])))
        };
        let (turn_a, turn_b) = (turns(a.points, at_a, forth_a), turns(b.points, at_b, forth_b));
        let first = (axis.along(a.points[at_a]) - axis.along(b.points[at_b])) * inwards;
        if first > SAME {
            return turned * turn_a;
        }
        if first < -SAME {
            return turned * -turn_b;
        }
        if turn_a != turn_b {
            return turned * (turn_a - turn_b).signum();
        }
        if turn_a == 0 {
            return 0;
        }
        // They turn together: what lies inside of one bend lies inside of it on both sides.
        let (Some(next_a), Some(next_b)) = (next(at_a, forth_a, a.points), next(at_b, forth_b, b.points))
        else {
            return 0;
        };
        turned *= turn_a * sign(inwards);
        (at_a, at_b) = (next_a, next_b);
        (axis, inwards) = (axis.other(), -f32::from(turn_a));
    }
    0
}

/// On which side of another run one is to lie.
fn side(a: &Run<'_>, b: &Run<'_>) -> i8 {
    let apart = a.across() - b.across();
    if apart.abs() > SAME {
        return sign(apart);
    }
    (side_at(a, b, true) + side_at(a, b, false)).signum()
}

/// Where runs of one channel go, across it: each within its room, and apart from all that it runs along, as far as there
/// is room for that. `reach` is how far beyond its ends a run keeps others away.
pub(super) fn apart(runs: &[Run<'_>], reach: f32) -> Vec<f32> {
    let (pairs, before) = pairs(runs, reach);
    let crosses_least = Channel::of(runs, &pairs, order(runs.len(), &before));
    let wide = || GAPS.iter().find_map(|gap| crosses_least.spread(*gap, false));
    let narrow = || {
        // Whoever has no room on one side goes to the other.
        let mut by_room: Vec<usize> = (0..runs.len()).collect();
        let middle = |it: usize| runs[it].room.0 + runs[it].room.1;
        by_room.sort_by(|a, b| middle(*a).total_cmp(&middle(*b)).then(a.cmp(b)));
        let by_room = Channel::of(runs, &pairs, by_room);
        NARROW
            .iter()
            .find_map(|gap| crosses_least.spread(*gap, false).or_else(|| by_room.spread(*gap, false)))
    };
    let most = || crosses_least.spread(LEAST_GAP, true);
    wide().or_else(narrow).or_else(most).unwrap_or_else(|| runs.iter().map(Run::across).collect())
}

/// Two runs, by their numbers.
type Pair = (usize, usize);

/// The pairs of runs that are to be apart, and those of which the first is to lie before the second.
fn pairs(runs: &[Run<'_>], reach: f32) -> (Vec<Pair>, Vec<Pair>) {
    let mut by_start: Vec<usize> = (0..runs.len()).collect();
    by_start.sort_by(|a, b| runs[*a].span().0.total_cmp(&runs[*b].span().0).then(a.cmp(b)));
    let (mut all, mut before) = (Vec::new(), Vec::new());
    for (n, one) in by_start.iter().copied().enumerate() {
        let end = runs[one].span().1 + reach;
        for other in by_start[n + 1..].iter().copied() {
            let (a, b) = (&runs[one], &runs[other]);
            if b.span().0 >= end {
                break;
            }
            if a.id == b.id || a.is_held() && b.is_held() {
                continue;
            }
            all.push((one, other));
            match side(a, b) {
                0 => {}
                1 => before.push((other, one)),
                _ => before.push((one, other)),
            }
        }
    }
    (all, before)
}

/// All in an order that keeps as many of those as it can; else by number.
fn order(count: usize, before: &[Pair]) -> Vec<usize> {
    let mut waits = vec![0_usize; count];
    let mut then = vec![Vec::new(); count];
    for (first, second) in before {
        waits[*second] += 1;
        then[*first].push(*second);
    }
    let mut left: BTreeSet<usize> = (0..count).collect();
    let mut ready: BTreeSet<usize> = (0..count).filter(|it| waits[*it] == 0).collect();
    let mut order = Vec::with_capacity(count);
    // Where they wait for each other in a circle, the first begins.
    while let Some(next) = ready.pop_first().or_else(|| left.first().copied()) {
        if !left.remove(&next) {
            continue;
        }
        order.push(next);
        for it in &then[next] {
            waits[*it] = waits[*it].saturating_sub(1);
            if waits[*it] == 0 {
                ready.insert(*it);
            }
        }
    }
    order
}

struct Channel<'a> {
    runs: &'a [Run<'a>],
    order: Vec<usize>,
    /// Which runs lie before and behind each.
    beside: Vec<(Vec<usize>, Vec<usize>)>,
}

impl<'a> Channel<'a> {
    fn of(runs: &'a [Run<'a>], pairs: &[Pair], order: Vec<usize>) -> Self {
        let mut ranks = vec![0; runs.len()];
        order.iter().enumerate().for_each(|(rank, run)| ranks[*run] = rank);
        let mut beside = vec![(Vec::new(), Vec::new()); runs.len()];
        for (a, b) in pairs.iter().copied() {
            let (first, second) = if ranks[a] < ranks[b] { (a, b) } else { (b, a) };
            beside[second].0.push(first);
            beside[first].1.push(second);
        }
        Self { runs, order, beside }
    }

    /// Where they are if so much lies between any two; none if there is no room for that, unless it is enough to have them
    /// so far apart where there is.
    fn spread(&self, gap: f32, is_enough: bool) -> Option<Vec<f32>> {
        let Self { runs, order, beside } = self;
        let room = |it: usize| runs[it].room;
        // The farthest that each may be pushed either way.
        let (mut low, mut high): (Vec<f32>, Vec<f32>) = (0..runs.len()).map(room).unzip();
        for it in order.iter().copied() {
            let least = beside[it].0.iter().fold(low[it], |least, one| least.max(low[*one] + gap));
            low[it] = least.min(room(it).1);
            if !is_enough && least > low[it] + 0.01 {
                return None;
            }
        }
        for it in order.iter().rev().copied() {
            let most = beside[it].1.iter().fold(high[it], |most, one| most.min(high[*one] - gap));
            high[it] = most.max(low[it]);
            if !is_enough && most < high[it] - 0.01 {
                return None;
            }
        }
        // Where each is if all are pushed one way by those before them, and the other way by those behind.
        let (mut forth, mut back) = (low.clone(), high.clone());
        for it in order.iter().copied() {
            let pushed = beside[it].0.iter().fold(runs[it].across(), |at, one| at.max(forth[*one] + gap));
            forth[it] = pushed.clamp(low[it], high[it]);
        }
        for it in order.iter().rev().copied() {
            let pushed = beside[it].1.iter().fold(runs[it].across(), |at, one| at.min(back[*one] - gap));
            back[it] = pushed.clamp(low[it], high[it]);
        }
        Some(forth.iter().zip(&back).map(|(a, b)| a.midpoint(*b)).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scene::geometry::Rect;

    /// Lines into a level channel at 0 and out of it again: from where to where, and whether each end comes from above.
    type Line = ((u8, bool), (u8, bool));

    /// No two enter or leave at the same place.
    fn lines() -> impl Strategy<Value = Vec<Line>> {
        let places = Just((0..12).collect::<Vec<u8>>()).prop_shuffle();
        let ups = prop::collection::vec(any::<bool>(), 12);
        (2_usize..6, places, ups).prop_map(|(count, places, ups)| {
            let end = |it: usize| (places[it], ups[it]);
            (0..count).map(|it| (end(2 * it), end(2 * it + 1))).collect()
        })
    }

    fn corners(line: &Line, y: f32) -> Vec<Pos> {
        let (x, far) = (|it: u8| f32::from(it) * 20.0, |up: bool| if up { -500.0 } else { 500.0 });
        let ((a, up_a), (b, up_b)) = *line;
        vec![Pos::new(x(a), far(up_a)), Pos::new(x(a), y), Pos::new(x(b), y), Pos::new(x(b), far(up_b))]
    }

    fn crossings(lines: &[Vec<Pos>]) -> usize {
        let pieces = |it: &Vec<Pos>| it.windows(2).map(|it| Rect::spanning(it[0], it[1])).collect::<Vec<_>>();
        let crosses = |level: &Rect, upright: &Rect| {
            level.height() == 0.0
                && upright.width() == 0.0
                && level.min.x < upright.min.x
                && upright.min.x < level.max.x
                && upright.min.y < level.min.y
                && level.min.y < upright.max.y
        };
        let all: Vec<Vec<Rect>> = lines.iter().map(pieces).collect();
        let of = |a: &Vec<Rect>, b: &Vec<Rect>| {
            a.iter().map(|a| b.iter().filter(|b| crosses(a, b)).count()).sum::<usize>()
        };
        all.iter()
            .enumerate()
            .flat_map(|(n, a)| all.iter().enumerate().filter(move |it| it.0 != n).map(move |b| of(a, b.1)))
            .sum()
    }

    fn fewest(lines: &[Line], taken: &mut Vec<usize>) -> usize {
        if taken.len() == lines.len() {
            let at = |(rank, line): (usize, &usize)| corners(&lines[*line], rank as f32 * LANE);
            return crossings(&taken.iter().enumerate().map(at).collect::<Vec<_>>());
        }
        let mut least = usize::MAX;
        for it in 0..lines.len() {
            if !taken.contains(&it) {
                taken.push(it);
                least = least.min(fewest(lines, taken));
                taken.pop();
            }
        }
        least
    }

    fn ids(count: usize) -> Vec<Id> {
        (0..count).map(|it| Id::slug(&format!("f-{it}"))).collect()
    }

    proptest! {
        #[test]
        fn lines_cross_no_more_often_than_they_must(lines in lines()) {
            let points: Vec<Vec<Pos>> = lines.iter().map(|it| corners(it, 0.0)).collect();
            let ids = ids(lines.len());
            let run = |(points, id)| Run { id, piece: 1, points, axis: Axis::Level, room: (-200.0, 200.0) };
            let runs: Vec<Run<'_>> = points.iter().map(Vec::as_slice).zip(&ids).map(run).collect();
            let places = apart(&runs, 6.0);
            let moved: Vec<Vec<Pos>> = lines.iter().zip(&places).map(|it| corners(it.0, *it.1)).collect();
            prop_assert_eq!(crossings(&moved), fewest(&lines, &mut Vec::new()), "{:?}", places);
        }

        /// As far as any of them has room, whatever is held among them.
        #[test]
        fn each_keeps_to_its_room_and_from_the_others(lines in lines(), rooms in prop::collection::vec((0_u8..60, 0_u8..60), 6)) {
            let points: Vec<Vec<Pos>> = lines.iter().map(|it| corners(it, 0.0)).collect();
            let ids = ids(lines.len());
            let run = |((points, id), room): ((_, _), &(u8, u8))| {
                Run { id, piece: 1, points, axis: Axis::Level, room: (-f32::from(room.0), f32::from(room.1)) }
            };
            let runs: Vec<Run<'_>> = points.iter().map(Vec::as_slice).zip(&ids).zip(&rooms).map(run).collect();
            let places = apart(&runs, 6.0);
            let count = runs.len() as f32;
            for (n, (run, at)) in runs.iter().zip(&places).enumerate() {
                prop_assert!(run.room.0 <= *at && *at <= run.room.1, "{at} of {:?}", run.room);
                for (other, there) in runs.iter().zip(&places).take(n) {
                    let (a, b) = (run.span(), other.span());
                    let has_room = |it: &Run<'_>| it.room.0 <= -count * LEAST_GAP && it.room.1 >= count * LEAST_GAP;
                    if a.0 < b.1 && b.0 < a.1 && runs.iter().all(has_room) {
                        prop_assert!((at - there).abs() > LEAST_GAP - 0.01, "{places:?}");
                    }
                }
            }
        }
    }
}
