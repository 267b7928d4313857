//! Snapping: to the grid, to the edges and middles of what stands beside, and to gaps like those of the row.

use super::spacing;
use crate::scene::{Pos, Rect, SNAP};

/// How near, on the screen, a box has to be to be taken for aligned or evenly spaced.
pub(super) const NEAR: f32 = 8.0;

/// What a box that is dragged snaps to.
#[derive(Debug, Default)]
pub(super) struct Around<'a> {
    /// Those with whose edges and middles it may agree.
    pub(super) neighbours: &'a [Rect],
    /// Those beside it in the same boundary, for rows and columns.
    pub(super) beside: &'a [Rect],
}

/// Where a box comes to lie, and the lines that show why.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Snapped {
    pub(super) by: Pos,
    pub(super) guides: Vec<(Pos, Pos)>,
    /// Gaps that are as wide as each other.
    pub(super) gaps: Vec<(Pos, Pos)>,
}

/// Moves a box that is dragged by `by` to the nearest alignment with its neighbours or to equal gaps in its row, whichever
/// is nearer, else to the grid.
///
/// With `along` an axis may be fixed: (true, true) moves both ways.
pub(super) fn moved(
    start: &Rect,
    by: Pos,
    around: &Around<'_>,
    (to_grid, zoom): (bool, f32),
    along: (bool, bool),
) -> Snapped {
    let (near, neighbours) = (NEAR / zoom, around.neighbours);
    let at = start.moved(by);
    let grid = |at: f32, low: f32| if to_grid { (at / SNAP).round() * SNAP - low } else { at - low };
    let off = |is_x: bool| {
        let aligned = nearest(lines(&at, is_x), neighbours, is_x, near);
        let spaced = spacing::nearest(&at, &spacing::row(&at, around.beside, is_x), is_x, near);
        // Of two that are as near, the first.
        aligned.into_iter().chain(spaced).min_by(|a, b| a.abs().total_cmp(&b.abs()))
    };
    let x_off = along.0.then(|| off(true)).flatten();
    let y_off = along.1.then(|| off(false)).flatten();
    let x = x_off.map_or_else(|| if along.0 { grid(at.min.x, start.min.x) } else { by.x }, |it| by.x + it);
    let y = y_off.map_or_else(|| if along.1 { grid(at.min.y, start.min.y) } else { by.y }, |it| by.y + it);
    let by = Pos::new(x, y);
    let at = start.moved(by);
    let (mut guides, mut gaps) = (Vec::new(), Vec::new());
    for is_x in [(x_off, true), (y_off, false)].into_iter().filter(|it| it.0.is_some()).map(|it| it.1) {
        guides.extend(guide(&at, neighbours, is_x));
        gaps.extend(spacing::equal(&at, &spacing::row(&at, around.beside, is_x), is_x));
    }
    Snapped { by, guides, gaps }
}

/// A value at the nearest step of the grid.
pub(super) fn to_grid(pos: Pos, is_on: bool) -> Pos {
    if is_on { pos.snapped(SNAP) } else { pos }
}

/// Both edges and the middle of a box: its xs, or its ys.
fn lines(rect: &Rect, is_x: bool) -> [f32; 3] {
    let centre = rect.centre();
    if is_x { [rect.min.x, centre.x, rect.max.x] } else { [rect.min.y, centre.y, rect.max.y] }
}

/// The shortest way to a line of a neighbour.
fn nearest(own: [f32; 3], neighbours: &[Rect], is_x: bool, near: f32) -> Option<f32> {
    let mut best: Option<f32> = None;
    for rect in neighbours {
        for theirs in lines(rect, is_x) {
            for ours in own {
                let way = theirs - ours;
                if way.abs() <= best.map_or(near, f32::abs) {
                    best = Some(way);
                }
            }
        }
    }
    best
}

/// The lines on which a box now agrees with neighbours, each as long as all that it joins; at most one for each of its
/// own lines.
fn guide(at: &Rect, neighbours: &[Rect], is_x: bool) -> Vec<(Pos, Pos)> {
    let mut guides = Vec::new();
    for line in lines(at, is_x) {
        let mut joined = *at;
        let mut agrees = false;
        for rect in neighbours {
            if lines(rect, is_x).iter().any(|it| (it - line).abs() < 0.1) {
                joined = joined.union(rect);
                agrees = true;
            }
        }
        if agrees && is_x {
            guides.push((Pos::new(line, joined.min.y - SNAP), Pos::new(line, joined.max.y + SNAP)));
        } else if agrees {
            guides.push((Pos::new(joined.min.x - SNAP, line), Pos::new(joined.max.x + SNAP, line)));
        }
    }
    guides
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(neighbours: &[Rect]) -> Around<'_> {
        Around { neighbours, beside: neighbours }
    }

    const CARD: Rect = Rect { min: Pos::new(0.0, 0.0), max: Pos::new(152.0, 56.0) };

    #[test]
    fn a_box_falls_on_the_grid() {
        let it = moved(&CARD, Pos::new(101.0, 43.0), &beside(&[]), (true, 1.0), (true, true));
        assert_eq!((it.by, it.guides.len()), (Pos::new(104.0, 40.0), 0));
        let free = moved(&CARD, Pos::new(101.0, 43.0), &beside(&[]), (false, 1.0), (true, true));
        assert_eq!(free.by, Pos::new(101.0, 43.0));
    }

    #[test]
    fn a_neighbour_is_stronger_than_the_grid() {
        let others = [Rect::new(301.0, 100.0, 152.0, 56.0)];
        let it = moved(&CARD, Pos::new(305.0, 3.0), &beside(&others), (true, 1.0), (true, true));
        assert_eq!(it.by, Pos::new(301.0, 0.0));
        // Boxes of one width agree on both edges and the middle.
        assert_eq!(it.guides.len(), 3);
        assert_eq!(it.guides[0], (Pos::new(301.0, -8.0), Pos::new(301.0, 164.0)));
        // From three times as near, the same way is three times as long on the screen.
        let near = moved(&CARD, Pos::new(305.0, 3.0), &beside(&others), (true, 3.0), (true, true));
        assert_eq!(near.by.x, 304.0);
    }

    #[test]
    fn a_fixed_axis_stays() {
        let others = [Rect::new(301.0, 4.0, 152.0, 56.0)];
        let it = moved(&CARD, Pos::new(301.0, 0.0), &beside(&others), (true, 1.0), (true, false));
        assert_eq!(it.by, Pos::new(301.0, 0.0));
    }

    #[test]
    fn what_is_nearer_wins_the_edge_or_the_gap() {
        // In a row with a gap of 48, above one whose left edge is a little off the place for the same gap.
        let others = [
            Rect::new(-400.0, 0.0, 152.0, 56.0),
            Rect::new(-200.0, 0.0, 152.0, 56.0),
            Rect::new(6.0, 200.0, 20.0, 20.0),
        ];
        let at = |x: f32| moved(&CARD, Pos::new(x, 0.0), &beside(&others), (true, 1.0), (true, true));
        assert_eq!((at(2.0).by.x, at(2.0).gaps.len()), (0.0, 2));
        assert_eq!((at(4.0).by.x, at(4.0).gaps.len()), (6.0, 0));
        assert_eq!(at(0.0).gaps[0], (Pos::new(-248.0, 28.0), Pos::new(-200.0, 28.0)));
    }
}
