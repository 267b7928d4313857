//! Equal spacing: where what is dragged leaves gaps as wide as others in its row.
//!
//! A row is what shares height with the box that is dragged, or width where it is a column. What of it overlaps along the
//! row is one block; gaps are between blocks. A box leaves equal gaps in the middle between two blocks, and beside a block
//! at the distance that this keeps from the next one.

use crate::scene::{Pos, Rect};

/// Less than this, in pixels at 100 %, is no gap.
const LEAST: f32 = 1.0;
/// What differs by less is equal.
const ALIKE: f32 = 0.1;
/// So many boxes of a row are looked at on each side.
const MOST: usize = 24;

/// From where to where a box reaches from left to right or, if not `is_x`, from top to bottom.
fn along(rect: &Rect, is_x: bool) -> (f32, f32) {
    if is_x { (rect.min.x, rect.max.x) } else { (rect.min.y, rect.max.y) }
}

/// Those that stand in one row with a box, or in one column; of very many, the nearest.
pub(super) fn row(at: &Rect, beside: &[Rect], is_x: bool) -> Vec<Rect> {
    let (low, high) = along(at, !is_x);
    let shares = |it: &&Rect| {
        let (from, to) = along(it, !is_x);
        from < high && low < to
    };
    let mut row: Vec<Rect> = beside.iter().filter(shares).copied().collect();
    row.sort_by(|a, b| along(a, is_x).0.total_cmp(&along(b, is_x).0));
    let here = row.partition_point(|it| along(it, is_x).0 < along(at, is_x).0);
    row.truncate(here + MOST);
    row.drain(..here.saturating_sub(MOST));
    row
}

/// The row as blocks, in order.
fn blocks(row: &[Rect], is_x: bool) -> Vec<(f32, f32)> {
    let mut blocks: Vec<(f32, f32)> = Vec::with_capacity(row.len());
    for (low, high) in row.iter().map(|it| along(it, is_x)) {
        match blocks.last_mut() {
            Some(last) if low <= last.1 => last.1 = last.1.max(high),
            _ => blocks.push((low, high)),
        }
    }
    blocks
}

/// The shortest way, along the row alone and no longer than `near`, to where a box leaves equal gaps. It then lies on none
/// of them.
pub(super) fn nearest(at: &Rect, row: &[Rect], is_x: bool, near: f32) -> Option<f32> {
    let (low, high) = along(at, is_x);
    let (long, blocks) = (high - low, blocks(row, is_x));
    let mut best: Option<f32> = None;
    let mut offer = |to: f32| {
        let way = to - low;
        if way.abs() <= best.map_or(near, |it| it.abs() - f32::EPSILON) {
            best = Some(way);
        }
    };
    for (n, pair) in blocks.windows(2).enumerate() {
        let (one, two) = (pair[0], pair[1]);
        let gap = two.0 - one.1;
        if gap < LEAST {
            continue;
        }
        if gap - long >= 2.0 * LEAST {
            offer(one.1 + (gap - long) / 2.0);
        }
        let after = two.1 + gap;
        if blocks.get(n + 2).is_none_or(|it| after + long <= it.0) {
            offer(after);
        }
        let before = one.0 - gap - long;
        if n.checked_sub(1).and_then(|it| blocks.get(it)).is_none_or(|it| it.1 <= before) {
            offer(before);
        }
    }
    best
}

/// The gaps of a row that are as wide as one beside the box, if that makes at least two: from where to where each goes.
pub(super) fn equal(at: &Rect, row: &[Rect], is_x: bool) -> Vec<(Pos, Pos)> {
    let mut blocks = blocks(row, is_x);
    let own = along(at, is_x);
    let here = blocks.partition_point(|it| it.0 < own.0);
    let lies_on = |it: &(f32, f32)| it.0 + ALIKE < own.1 && own.0 + ALIKE < it.1;
    if blocks.iter().any(lies_on) {
        return Vec::new();
    }
    blocks.insert(here, own);
    let gap = |n: Option<usize>| {
        let n = n?;
        let (one, two) = (blocks.get(n)?, blocks.get(n + 1)?);
        Some(two.0 - one.1).filter(|it| *it >= LEAST)
    };
    // The gaps before it and behind it, and the next one further out on each side.
    let [outer, before, behind, further] =
        [here.checked_sub(2), here.checked_sub(1), Some(here), Some(here + 1)].map(gap);
    let alike = |one: Option<f32>, two: Option<f32>| one.zip(two).is_some_and(|(a, b)| (a - b).abs() < ALIKE);
    let is_shown = |it: &f32| {
        let is_before = alike(before, Some(*it)) && (alike(before, behind) || alike(before, outer));
        let is_behind = alike(behind, Some(*it)) && (alike(before, behind) || alike(behind, further));
        is_before || is_behind
    };
    let spans = blocks.windows(2).map(|it| (it[0].1, it[1].0));
    let shown: Vec<(f32, f32)> = spans.filter(|it| is_shown(&(it.1 - it.0))).collect();
    let aside = line(at, row, &shown, is_x);
    let point = |it: f32| if is_x { Pos::new(it, aside) } else { Pos::new(aside, it) };
    shown.into_iter().map(|(from, to)| (point(from), point(to))).collect()
}

/// On which line the gaps are shown: where all that they lie between has a part, if there is such a line.
fn line(at: &Rect, row: &[Rect], gaps: &[(f32, f32)], is_x: bool) -> f32 {
    let touches = |it: &&Rect| {
        let (low, high) = along(it, is_x);
        gaps.iter().any(|gap| (gap.0 - high).abs() < ALIKE || (gap.1 - low).abs() < ALIKE)
    };
    let own = along(at, !is_x);
    let common = row.iter().filter(touches).map(|it| along(it, !is_x));
    let (low, high) = common.fold(own, |all, it| (all.0.max(it.0), all.1.min(it.1)));
    if low < high { f32::midpoint(low, high) } else { f32::midpoint(own.0, own.1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A card of 40 by 20 with its left edge there.
    fn card(x: f32, y: f32) -> Rect {
        Rect::new(x, y, 40.0, 20.0)
    }

    fn to(at: &Rect, others: &[Rect]) -> Option<f32> {
        nearest(at, &row(at, others, true), true, 8.0).map(|it| at.min.x + it)
    }

    fn shown(at: &Rect, others: &[Rect]) -> Vec<(f32, f32)> {
        equal(at, &row(at, others, true), true).into_iter().map(|it| (it.0.x, it.1.x)).collect()
    }

    #[test]
    fn the_middle_between_two_neighbours() {
        let others = [card(0.0, 0.0), card(160.0, 10.0)];
        assert_eq!(to(&card(85.0, 5.0), &others), Some(80.0));
        assert_eq!(to(&card(89.0, 5.0), &others), None, "too far");
        assert_eq!(to(&card(85.0, 40.0), &others), None, "in another row");
        assert_eq!(shown(&card(80.0, 5.0), &others), [(40.0, 80.0), (120.0, 160.0)]);
    }

    #[test]
    fn the_gap_that_a_neighbour_keeps_from_the_next() {
        let others = [card(0.0, 0.0), card(70.0, 0.0)];
        assert_eq!(to(&card(143.0, 0.0), &others), Some(140.0));
        assert_eq!(to(&card(-72.0, 0.0), &others), Some(-70.0));
        assert_eq!(shown(&card(140.0, 0.0), &others), [(40.0, 70.0), (110.0, 140.0)]);
        // Where something stands already, there is no place for it.
        let full = [card(0.0, 0.0), card(70.0, 0.0), card(175.0, 0.0)];
        assert_eq!(to(&card(143.0, 0.0), &full), None);
    }

    #[test]
    fn all_equal_gaps_are_shown_and_others_not() {
        let others = [card(0.0, 0.0), card(70.0, 0.0), card(140.0, 0.0), card(230.0, 0.0), card(300.0, 0.0)];
        let gaps = [(40.0, 70.0), (110.0, 140.0), (270.0, 300.0), (340.0, 370.0)];
        assert_eq!(shown(&card(370.0, 0.0), &others), gaps);
        assert!(shown(&card(371.0, 0.0), &others).is_empty());
    }

    #[test]
    fn columns_are_rows_that_stand() {
        let turned = |it: Rect| Rect::new(it.min.y, it.min.x, it.height(), it.width());
        let others = [card(0.0, 0.0), card(160.0, 10.0)].map(turned);
        let at = turned(card(85.0, 5.0));
        assert_eq!(nearest(&at, &row(&at, &others, false), false, 8.0), Some(-5.0));
        let gaps = equal(&at.moved(Pos::new(0.0, -5.0)), &others, false);
        assert_eq!(gaps[0], (Pos::new(15.0, 40.0), Pos::new(15.0, 80.0)));
    }

    #[test]
    fn of_very_many_the_nearest_are_looked_at() {
        let others: Vec<Rect> = (0..5_000_i16).map(|n| card(f32::from(n) * 60.0, 0.0)).collect();
        let at = card(60_010.0, 5.0);
        assert_eq!(row(&at, &others, true).len(), 2 * MOST);
    }

    /// Whether a box leaves equal gaps there, looked at anew each time and by every box.
    fn is_equal(at: &Rect, others: &[Rect]) -> bool {
        let rest: Vec<&Rect> =
            others.iter().filter(|it| it.min.y < at.max.y && at.min.y < it.max.y).collect();
        let is_free = |low: f32, high: f32| !rest.iter().any(|it| it.min.x < high && low < it.max.x);
        if !is_free(at.min.x, at.max.x) {
            return false;
        }
        // From an edge to the next thing on that side, and where that thing, with all that it hangs together with, ends.
        let left_of = |x: f32| rest.iter().map(|it| it.max.x).filter(|it| *it <= x).reduce(f32::max);
        let right_of = |x: f32| rest.iter().map(|it| it.min.x).filter(|it| *it >= x).reduce(f32::min);
        let begin = |mut x: f32| {
            while let Some(more) = rest.iter().find(|it| it.min.x < x && x <= it.max.x) {
                x = more.min.x;
            }
            x
        };
        let end = |mut x: f32| {
            while let Some(more) = rest.iter().find(|it| it.min.x <= x && x < it.max.x) {
                x = more.max.x;
            }
            x
        };
        let gap = |it: Option<f32>| it.filter(|it| *it >= LEAST);
        let before = gap(left_of(at.min.x).map(|it| at.min.x - it));
        let behind = gap(right_of(at.max.x).map(|it| it - at.max.x));
        let outer = left_of(at.min.x).map(begin).and_then(|it| gap(left_of(it).map(|left| it - left)));
        let further = right_of(at.max.x).map(end).and_then(|it| gap(right_of(it).map(|right| right - it)));
        before.is_some() && (before == behind || before == outer) || behind.is_some() && behind == further
    }

    fn boxes() -> impl Strategy<Value = Vec<Rect>> {
        let one = (-60_i16..60, -3_i16..3, 4_i16..24, 1_i16..4);
        let rect = |(x, y, width, height)| {
            Rect::new(f32::from(x), f32::from(y), f32::from(width), f32::from(height))
        };
        prop::collection::vec(one.prop_map(rect), 0..9)
    }

    proptest! {
        #[test]
        fn no_nearer_place_with_equal_gaps_is_overlooked(others in boxes(), x in -80_i16..80, long in 4_i16..24) {
            let at = Rect::new(f32::from(x), -1.0, f32::from(long), 2.0);
            let found = nearest(&at, &row(&at, &others, true), true, 8.0);
            // With whole numbers, the middle is at a half at most.
            let tried = (0..=16_i16).map(|it| f32::from(it) / 2.0);
            let there = |way: f32| is_equal(&at.moved(Pos::new(way, 0.0)), &others);
            let best = tried.clone().find(|it| there(*it) || there(-*it));
            prop_assert_eq!(found.map(f32::abs), best);
            if let Some(way) = found {
                let at = at.moved(Pos::new(way, 0.0));
                prop_assert!(there(way));
                prop_assert!(equal(&at, &row(&at, &others, true), true).len() >= 2);
            }
            for way in tried {
                let at = at.moved(Pos::new(way, 0.0));
                let is_shown = !equal(&at, &row(&at, &others, true), true).is_empty();
                prop_assert_eq!(is_shown, is_equal(&at, &others), "{:?}", at);
            }
        }
    }
}
