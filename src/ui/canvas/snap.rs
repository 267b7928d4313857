//! Snapping: to the grid, and to the edges and middles of what stands beside.

use crate::scene::{Pos, Rect, SNAP};

/// How near, on the screen, an edge has to be to be taken for aligned.
const NEAR: f32 = 6.0;

/// Where a box comes to lie, and the lines that show why.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Snapped {
    pub(super) by: Pos,
    pub(super) guides: Vec<(Pos, Pos)>,
}

/// Moves a box that is dragged by `by` to the nearest alignment with its neighbours, else to the grid.
///
/// With `along` an axis may be fixed: (true, true) moves both ways.
pub(super) fn moved(
    start: &Rect,
    by: Pos,
    neighbours: &[Rect],
    (to_grid, zoom): (bool, f32),
    along: (bool, bool),
) -> Snapped {
    let near = NEAR / zoom;
    let at = start.moved(by);
    let grid = |at: f32, low: f32| if to_grid { (at / SNAP).round() * SNAP - low } else { at - low };
    let x_off = along.0.then(|| nearest(lines(&at, true), neighbours, true, near)).flatten();
    let y_off = along.1.then(|| nearest(lines(&at, false), neighbours, false, near)).flatten();
    let x = x_off.map_or_else(|| if along.0 { grid(at.min.x, start.min.x) } else { by.x }, |it| by.x + it);
    let y = y_off.map_or_else(|| if along.1 { grid(at.min.y, start.min.y) } else { by.y }, |it| by.y + it);
    let by = Pos::new(x, y);
    let at = start.moved(by);
    let mut guides = Vec::new();
    if x_off.is_some() {
        guides.extend(guide(&at, neighbours, true));
    }
    if y_off.is_some() {
        guides.extend(guide(&at, neighbours, false));
    }
    Snapped { by, guides }
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

    const CARD: Rect = Rect { min: Pos::new(0.0, 0.0), max: Pos::new(152.0, 56.0) };

    #[test]
    fn a_box_falls_on_the_grid() {
        let it = moved(&CARD, Pos::new(101.0, 43.0), &[], (true, 1.0), (true, true));
        assert_eq!((it.by, it.guides.len()), (Pos::new(104.0, 40.0), 0));
        let free = moved(&CARD, Pos::new(101.0, 43.0), &[], (false, 1.0), (true, true));
        assert_eq!(free.by, Pos::new(101.0, 43.0));
    }

    #[test]
    fn a_neighbour_is_stronger_than_the_grid() {
        let beside = Rect::new(301.0, 100.0, 152.0, 56.0);
        let it = moved(&CARD, Pos::new(305.0, 3.0), &[beside], (true, 1.0), (true, true));
        assert_eq!(it.by, Pos::new(301.0, 0.0));
        // Boxes of one width agree on both edges and the middle.
        assert_eq!(it.guides.len(), 3);
        assert_eq!(it.guides[0], (Pos::new(301.0, -8.0), Pos::new(301.0, 164.0)));
        // From twice as near, the same way is twice as long on the screen.
        let near = moved(&CARD, Pos::new(305.0, 3.0), &[beside], (true, 2.0), (true, true));
        assert_eq!(near.by.x, 304.0);
    }

    #[test]
    fn a_fixed_axis_stays() {
        let beside = Rect::new(301.0, 4.0, 152.0, 56.0);
        let it = moved(&CARD, Pos::new(301.0, 0.0), &[beside], (true, 1.0), (true, false));
        assert_eq!(it.by, Pos::new(301.0, 0.0));
    }
}
