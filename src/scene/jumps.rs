//! Where lines jump over each other: where a level piece of one crosses an upright piece of another, the level one jumps.
//!
//! Which line jumps follows from nothing but how the two lie, so it is the same in every picture. No line jumps near the
//! ends of a piece or near a pill, where an arc would be taken for a bend.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::model::Id;

use super::Layout;
use super::areas::Entry;
use super::geometry::{Pos, Rect};

/// How a line is drawn where it crosses another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Jumps {
    /// It runs through.
    #[default]
    Off,
    /// It goes over the other in a half circle.
    Arc,
    /// It is broken.
    Gap,
}

/// How far from a crossing a jump reaches.
pub(super) const REACH: f32 = 5.0;
/// How far from the ends of pieces and from pills a crossing is, at least, over which a line jumps.
pub(super) const CLEAR: f32 = 8.0;
/// Crossings nearer to each other than that are jumped over at once.
const TOGETHER: f32 = 2.0 * REACH + 2.0;
/// A line jumps so often, and then runs through: where more lines cross, jumps help nobody.
const MOST: usize = 64;
/// Pieces of the quarter of an arc.
const STEPS: u32 = 3;

/// A jump: which piece of the line, and from the first crossing to the last, from left to right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jump {
    pub piece: usize,
    pub from: f32,
    pub to: f32,
}

/// The jumps of a line, piece by piece, from left to right.
pub(super) type LineJumps = SmallVec<[Jump; 4]>;

impl Layout {
    /// Lets lines jump from now on, or no longer; where they do comes as the layout [settles](Layout::settle).
    pub fn set_jumping(&mut self, is_jumping: bool) {
        if self.is_jumping == is_jumping {
            return;
        }
        self.is_jumping = is_jumping;
        self.jumps.clear();
        self.todo.jump =
            if is_jumping { self.flows.keys().cloned().collect() } else { std::collections::BTreeSet::new() };
    }

    /// Where a line jumps over others.
    pub fn jumps_of(&self, line: &Id) -> &[Jump] {
        self.jumps.get(line).map_or(&[], |it| it)
    }

    /// The lines that run through an area in which something came or went jump anew.
    pub(super) fn jump_again(&mut self, area: &Rect) {
        if self.is_jumping {
            let near = area.grown(CLEAR);
            self.todo.jump.extend(self.pieces.near(&near).map(|it| it.id.clone()));
        }
    }

    /// Finds out where a line jumps. All pieces must be in the index.
    pub(super) fn jump_anew(&mut self, id: Id) {
        let Some(route) = self.flows.get(&id) else { return };
        let mut jumps = LineJumps::new();
        let mut crossings: Vec<f32> = Vec::new();
        let mut left = MOST;
        for (piece, pair) in route.points.windows(2).enumerate() {
            let level = Rect::spanning(pair[0], pair[1]);
            if level.height() > 0.0 || level.width() < 2.0 * CLEAR {
                continue;
            }
            let (low, high, y) = (level.min.x + CLEAR, level.max.x - CLEAR, level.min.y);
            let is_crossed = |it: &&Entry| {
                let Rect { min, max } = it.rect;
                min.x == max.x
                    && low <= min.x
                    && min.x <= high
                    && min.y + CLEAR <= y
                    && y <= max.y - CLEAR
                    && it.id != id
            };
            let has_room = |x: f32| {
                let around = Rect::centred(Pos::new(x, y), 2.0 * CLEAR, 2.0 * CLEAR);
                !self.pills.near(&around).any(|it| it.rect.overlaps(&around))
            };
            crossings.clear();
            crossings.extend(
                self.pieces
                    .near(&level)
                    .filter(is_crossed)
                    .map(|it| it.rect.min.x)
                    .filter(|it| has_room(*it)),
            );
            crossings.sort_by(f32::total_cmp);
            for x in &crossings {
                match jumps.last_mut() {
                    Some(last) if last.piece == piece && x - last.to < TOGETHER => last.to = *x,
                    _ if left == 0 => break,
                    _ => {
                        left -= 1;
                        jumps.push(Jump { piece, from: *x, to: *x });
                    }
                }
            }
        }
        if jumps.is_empty() {
            self.jumps.remove(&id);
        } else {
            self.jumps.insert(id, jumps);
        }
    }
}

/// The line with an arc for each of its jumps.
pub(super) fn arched(points: &[Pos], jumps: &[Jump]) -> Vec<Pos> {
    let mut line: Vec<Pos> = Vec::with_capacity(points.len() + 8 * jumps.len());
    for (piece, at) in points.iter().enumerate() {
        line.push(*at);
        let (of_piece, is_right) = on_piece(points, jumps, piece);
        let mut arc = |it: &Jump| {
            let (from, to) = if is_right { (it.from, it.to) } else { (it.to, it.from) };
            let way = if is_right { REACH } else { -REACH };
            let quarter = |n: u32| (f64::from(n) / f64::from(STEPS) * std::f64::consts::FRAC_PI_2).sin_cos();
            let corner = |x: f32, n: u32, out: f32| {
                let (sin, cos) = quarter(n);
                Pos::new(x + out * cos as f32, at.y - REACH * sin as f32)
            };
            line.extend((0..=STEPS).map(|n| corner(from, n, -way)));
            let is_wide = from != to;
            line.extend((0..=STEPS).rev().filter(|it| is_wide || *it < STEPS).map(|n| corner(to, n, way)));
        };
        if is_right { of_piece.iter().for_each(&mut arc) } else { of_piece.iter().rev().for_each(&mut arc) }
    }
    line
}

/// The parts of the line that its jumps leave of it.
pub(super) fn broken(points: &[Pos], jumps: &[Jump]) -> Vec<Vec<Pos>> {
    let mut parts: Vec<Vec<Pos>> = Vec::with_capacity(jumps.len() + 1);
    let mut part: Vec<Pos> = Vec::new();
    for (piece, at) in points.iter().enumerate() {
        part.push(*at);
        let (of_piece, is_right) = on_piece(points, jumps, piece);
        let mut gap = |it: &Jump| {
            let (left, right) = (Pos::new(it.from - REACH, at.y), Pos::new(it.to + REACH, at.y));
            let (end, start) = if is_right { (left, right) } else { (right, left) };
            part.push(end);
            parts.push(std::mem::replace(&mut part, vec![start]));
        };
        if is_right { of_piece.iter().for_each(&mut gap) } else { of_piece.iter().rev().for_each(&mut gap) }
    }
    parts.push(part);
    parts
}

/// The jumps on a piece, and whether that runs to the right.
fn on_piece<'j>(points: &[Pos], jumps: &'j [Jump], piece: usize) -> (&'j [Jump], bool) {
    let first = jumps.partition_point(|it| it.piece < piece);
    let end = jumps.partition_point(|it| it.piece <= piece);
    let is_right = points.get(piece).zip(points.get(piece + 1)).is_none_or(|(a, b)| a.x <= b.x);
    (jumps.get(first..end).unwrap_or_default(), is_right)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Nesting, Place};
    use crate::scene::sketch::{laid_out, placed, sketches};
    use crate::scene::tests::{layout, model};

    /// All crossings of a line that it jumps over, found by looking at all pairs of pieces.
    fn crossings(layout: &Layout, id: &Id) -> Vec<(usize, f32)> {
        let mut found = Vec::new();
        for (piece, level) in layout.flows[id].points.windows(2).enumerate() {
            if level[0].y != level[1].y {
                continue;
            }
            let mut here: Vec<f32> = Vec::new();
            for upright in layout.flows.iter().filter(|it| it.0 != id).flat_map(|it| it.1.points.windows(2)) {
                let at = Pos::new(upright[0].x, level[0].y);
                let is_inside = |a: f32, b: f32, at: f32| a.min(b) + 8.0 <= at && at <= a.max(b) - 8.0;
                let crosses = upright[0].x == upright[1].x
                    && is_inside(level[0].x, level[1].x, at.x)
                    && is_inside(upright[0].y, upright[1].y, at.y);
                let pills = layout.flows.values().filter_map(|it| it.label.as_ref()).filter(|it| it.fits);
                let is_bare = |it: &Rect| !it.overlaps(&Rect::centred(at, 16.0, 16.0));
                if crosses && pills.map(|it| it.rect).all(|it| is_bare(&it)) {
                    here.push(at.x);
                }
            }
            here.sort_by(f32::total_cmp);
            found.extend(here.into_iter().map(|it| (piece, it)));
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn lines_jump_where_they_cross(
            sketch in sketches(14),
            spots in prop::collection::vec((-12_i16..12, -12_i16..12), 14),
        ) {
            let mut model = laid_out(sketch.model());
            let spread = model.components().keys().cloned().zip(spots);
            let spread = spread.map(|(id, at)| (id, Place::at(f32::from(at.0) * 80.0, f32::from(at.1) * 40.0)));
            let spread = spread.collect();
            placed(&mut model, spread);
            let nesting = Nesting::of(&model);
            let mut layout = layout(&model);
            layout.set_jumping(true);
            layout.settle(&model, &nesting, &|| false);
            for id in layout.flows.keys() {
                let jumps = layout.jumps_of(id);
                let expected = crossings(&layout, id);
                // Each crossing is jumped over by one jump, and each jump begins and ends with one.
                for (piece, x) in &expected {
                    let over = jumps.iter().filter(|it| it.piece == *piece && it.from <= *x && *x <= it.to);
                    prop_assert_eq!(over.count(), 1, "{} {:?} {:?}", id, jumps, expected);
                }
                for it in jumps {
                    prop_assert!(expected.contains(&(it.piece, it.from)) && expected.contains(&(it.piece, it.to)));
                }
                for pair in jumps.windows(2).filter(|it| it[0].piece == it[1].piece) {
                    prop_assert!(pair[1].from - pair[0].to >= TOGETHER);
                }
            }
        }
    }

    const CROSS: &str = r#"components: {"a": (kind: "cache"), "b": (kind: "cache"), "c": (kind: "cache"), "d": (kind: "cache")},
        flows: {"level": (from: "b", to: "a"), "upright": (from: "c", to: "d")},
        places: {("main", "a"): (x: 0, y: 200), ("main", "b"): (x: 800, y: 200), ("main", "c"): (x: 330, y: 0), ("main", "d"): (x: 330, y: 400)}"#;

    #[test]
    fn the_level_line_jumps_and_goes_on() {
        let model = model(CROSS);
        let mut layout = layout(&model);
        let id = Id::slug("level");
        assert!(layout.jumps_of(&id).is_empty(), "nobody asked for it");
        layout.set_jumping(true);
        layout.settle(&model, &Nesting::of(&model), &|| false);
        let points = layout.flows[&id].points.clone();
        let jumps = layout.jumps_of(&id);
        assert_eq!((jumps.len(), layout.jumps_of(&Id::slug("upright")).len()), (1, 0));
        let line = arched(&points, jumps);
        assert_eq!((line.first(), line.last()), (points.first(), points.last()));
        let (top, x) = line.iter().map(|it| (it.y, it.x)).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        assert!((points[0].y - REACH - top).abs() < 0.01 && (x - jumps[0].from).abs() < 0.01, "{line:?}");
        assert!(line.windows(2).all(|it| it[1].x <= it[0].x + 0.01), "it goes on to the left: {line:?}");
        let parts = broken(&points, jumps);
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0][1].x - parts[1][0].x, 2.0 * REACH);
    }
}
