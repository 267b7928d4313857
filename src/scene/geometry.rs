//! Positions, boxes and polylines on the canvas, in pixels at 100 %; y grows downwards.

use crate::model::Side;

/// A position, or the way from one to another.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pos {
    pub x: f32,
    pub y: f32,
}

/// Not by `hypot`: it guards from overflow, which no drawing comes to, by a call to the system's library.
fn length_of(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

impl Pos {
    pub const ZERO: Self = Self::new(0.0, 0.0);

    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    pub fn distance(self, other: Self) -> f32 {
        length_of(self.x - other.x, self.y - other.y)
    }

    pub fn min(self, other: Self) -> Self {
        Self::new(self.x.min(other.x), self.y.min(other.y))
    }

    pub fn max(self, other: Self) -> Self {
        Self::new(self.x.max(other.x), self.y.max(other.y))
    }

    /// The point at the share `t` of the way to another.
    pub fn towards(self, other: Self, t: f32) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }

    /// The nearest point on a grid of that step.
    pub fn snapped(self, step: f32) -> Self {
        Self::new((self.x / step).round() * step, (self.y / step).round() * step)
    }
}

impl std::ops::Add for Pos {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl std::ops::Sub for Pos {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

/// A box with upright sides.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    pub min: Pos,
    pub max: Pos,
}

impl Rect {
    /// Holds nothing; the union with another is the other.
    pub const NOTHING: Self = Self {
        min: Pos::new(f32::INFINITY, f32::INFINITY),
        max: Pos::new(f32::NEG_INFINITY, f32::NEG_INFINITY),
    };

    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { min: Pos::new(x, y), max: Pos::new(x + width, y + height) }
    }

    pub fn at(min: Pos, width: f32, height: f32) -> Self {
        Self::new(min.x, min.y, width, height)
    }

    pub fn centred(centre: Pos, width: f32, height: f32) -> Self {
        Self::new(centre.x - width / 2.0, centre.y - height / 2.0, width, height)
    }

    /// The smallest box that holds both corners, whichever they are.
    pub fn spanning(a: Pos, b: Pos) -> Self {
        Self { min: a.min(b), max: a.max(b) }
    }

    /// The smallest box around points; [`Rect::NOTHING`] around none.
    pub fn around(points: &[Pos]) -> Self {
        points.iter().fold(Self::NOTHING, |all, it| Self { min: all.min.min(*it), max: all.max.max(*it) })
    }

    pub fn width(&self) -> f32 {
        self.max.x - self.min.x
    }

    pub fn height(&self) -> f32 {
        self.max.y - self.min.y
    }

    pub fn centre(&self) -> Pos {
        self.min.towards(self.max, 0.5)
    }

    /// Whether it holds nothing.
    pub fn is_nothing(&self) -> bool {
        self.min.x > self.max.x || self.min.y > self.max.y
    }

    pub fn contains(&self, pos: Pos) -> bool {
        self.min.x <= pos.x && pos.x <= self.max.x && self.min.y <= pos.y && pos.y <= self.max.y
    }

    pub fn contains_rect(&self, other: &Self) -> bool {
        self.contains(other.min) && self.contains(other.max)
    }

    /// Whether they share an area; boxes that only touch do not.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.min.x < other.max.x
            && other.min.x < self.max.x
            && self.min.y < other.max.y
            && other.min.y < self.max.y
    }

    /// Whether they share at least a point.
    pub fn meets(&self, other: &Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    /// Larger by `by` on every side; smaller if negative.
    #[must_use]
    pub fn grown(&self, by: f32) -> Self {
        Self { min: self.min - Pos::new(by, by), max: self.max + Pos::new(by, by) }
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    #[must_use]
    pub fn moved(&self, by: Pos) -> Self {
        Self { min: self.min + by, max: self.max + by }
    }

    /// Its four sides, as boxes without a width or a height.
    pub fn borders(&self) -> [Self; 4] {
        let (a, c) = (self.min, self.max);
        let (b, d) = (Pos::new(c.x, a.y), Pos::new(a.x, c.y));
        [Self { min: a, max: b }, Self { min: b, max: c }, Self { min: d, max: c }, Self { min: a, max: d }]
    }

    /// How far a position is from it; 0 inside.
    pub fn distance(&self, pos: Pos) -> f32 {
        let dx = (self.min.x - pos.x).max(pos.x - self.max.x).max(0.0);
        let dy = (self.min.y - pos.y).max(pos.y - self.max.y).max(0.0);
        length_of(dx, dy)
    }

    /// Whether an upright or level line from `a` to `b` runs through its inside.
    pub fn is_crossed(&self, a: Pos, b: Pos) -> bool {
        let (low, high) = (a.min(b), a.max(b));
        low.x < self.max.x
            && self.min.x < high.x.max(low.x + f32::EPSILON)
            && low.y < self.max.y
            && self.min.y < high.y.max(low.y + f32::EPSILON)
            && !(low.x == high.x && (low.x <= self.min.x || low.x >= self.max.x))
            && !(low.y == high.y && (low.y <= self.min.y || low.y >= self.max.y))
    }

    /// The middle of a side.
    pub fn middle(&self, side: Side) -> Pos {
        let centre = self.centre();
        match side {
            Side::Top => Pos::new(centre.x, self.min.y),
            Side::Bottom => Pos::new(centre.x, self.max.y),
            Side::Left => Pos::new(self.min.x, centre.y),
            Side::Right => Pos::new(self.max.x, centre.y),
        }
    }

    /// The point of a side at a coordinate: an x for top and bottom, a y for left and right.
    pub fn on_side(&self, side: Side, along: f32) -> Pos {
        match side {
            Side::Top => Pos::new(along, self.min.y),
            Side::Bottom => Pos::new(along, self.max.y),
            Side::Left => Pos::new(self.min.x, along),
            Side::Right => Pos::new(self.max.x, along),
        }
    }

    /// From where to where a side runs, in x for top and bottom, in y for left and right.
    pub fn span(&self, side: Side) -> (f32, f32) {
        if is_level(side) { (self.min.x, self.max.x) } else { (self.min.y, self.max.y) }
    }

    /// The side that is nearest to a position, and how far along it that lies, 0 to 1.
    pub fn nearest_side(&self, pos: Pos) -> (Side, f32) {
        let corners =
            [self.min, Pos::new(self.max.x, self.min.y), self.max, Pos::new(self.min.x, self.max.y)];
        let away = |n: usize| distance_to(&[corners[n], corners[(n + 1) % 4]], pos);
        let away =
            [(Side::Top, away(0)), (Side::Right, away(1)), (Side::Bottom, away(2)), (Side::Left, away(3))];
        let side = away.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(Side::Top, |it| it.0);
        let (from, to) = self.span(side);
        let along = if is_level(side) { pos.x } else { pos.y };
        (side, ((along - from) / (to - from).max(1.0)).clamp(0.0, 1.0))
    }
}

/// Whether a side runs from left to right: top and bottom.
pub fn is_level(side: Side) -> bool {
    matches!(side, Side::Top | Side::Bottom)
}

/// The way that a side faces, of length 1.
pub fn outwards(side: Side) -> Pos {
    match side {
        Side::Top => Pos::new(0.0, -1.0),
        Side::Right => Pos::new(1.0, 0.0),
        Side::Bottom => Pos::new(0.0, 1.0),
        Side::Left => Pos::new(-1.0, 0.0),
    }
}

pub fn opposite(side: Side) -> Side {
    match side {
        Side::Top => Side::Bottom,
        Side::Right => Side::Left,
        Side::Bottom => Side::Top,
        Side::Left => Side::Right,
    }
}

/// How long a polyline is.
pub fn length(points: &[Pos]) -> f32 {
    points.windows(2).map(|it| it[0].distance(it[1])).sum()
}

/// The point at the share `t` of a polyline's length; zero for none.
pub fn point_at(points: &[Pos], t: f32) -> Pos {
    let mut left = length(points) * t.clamp(0.0, 1.0);
    for pair in points.windows(2) {
        let step = pair[0].distance(pair[1]);
        if left <= step && step > 0.0 {
            return pair[0].towards(pair[1], left / step);
        }
        left -= step;
    }
    points.last().copied().unwrap_or_default()
}

/// How far along a polyline, as a share of its length, the point of it lies that is nearest to a position.
pub fn share_at(points: &[Pos], pos: Pos) -> f32 {
    let (mut best, mut gone) = ((f32::INFINITY, 0.0), 0.0);
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (way, long) = (b - a, a.distance(b));
        let along = ((pos.x - a.x) * way.x + (pos.y - a.y) * way.y) / long.max(f32::EPSILON);
        let along = along.clamp(0.0, long);
        let away = pos.distance(a.towards(b, along / long.max(f32::EPSILON)));
        if away < best.0 {
            best = (away, gone + along);
        }
        gone += long;
    }
    if gone > 0.0 { best.1 / gone } else { 0.0 }
}

/// How far a position is from a polyline.
pub fn distance_to(points: &[Pos], pos: Pos) -> f32 {
    let to_segment = |a: Pos, b: Pos| {
        let (way, long) = (b - a, a.distance(b));
        if long <= f32::EPSILON {
            return pos.distance(a);
        }
        let t = ((pos.x - a.x) * way.x + (pos.y - a.y) * way.y) / (long * long);
        pos.distance(a.towards(b, t.clamp(0.0, 1.0)))
    };
    points.windows(2).map(|it| to_segment(it[0], it[1])).fold(f32::INFINITY, f32::min)
}

/// Leaves out points that stand twice or on the straight line between their neighbours.
pub fn simplify(points: &mut Vec<Pos>) {
    let mut kept: Vec<Pos> = Vec::with_capacity(points.len());
    for point in points.drain(..) {
        if kept.last().is_some_and(|it| it.distance(point) < 0.01) {
            continue;
        }
        if let [.., a, b] = kept.as_slice() {
            let (one, two) = (*b - *a, point - *b);
            let turns = (one.x * two.y - one.y * two.x).abs() > 0.01;
            let back = one.x * two.x + one.y * two.y < 0.0;
            if !turns && !back {
                kept.pop();
            }
        }
        kept.push(point);
    }
    *points = kept;
}

/// One piece of a line with rounded corners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece {
    Start(Pos),
    Line(Pos),
    /// A quadratic curve: where the corner was, and where it ends.
    Corner(Pos, Pos),
}

/// A polyline whose corners are rounded: each by `radius`, or by half of its shorter arm.
pub fn rounded(points: &[Pos], radius: f32) -> impl Iterator<Item = Piece> {
    (0..points.len()).flat_map(move |n| pieces_at(points, n, radius)).flatten()
}

fn pieces_at(points: &[Pos], n: usize, radius: f32) -> [Option<Piece>; 2] {
    let at = points[n];
    if n == 0 {
        return [Some(Piece::Start(at)), None];
    }
    let (before, Some(&after)) = (points[n - 1], points.get(n + 1)) else {
        return [Some(Piece::Line(at)), None];
    };
    // The first and the last arm belong to one corner alone.
    let arm = |to: Pos, is_end: bool| if is_end { at.distance(to) } else { at.distance(to) / 2.0 };
    let r = radius.min(arm(before, n == 1)).min(arm(after, n + 2 == points.len()));
    if r < 0.1 {
        return [Some(Piece::Line(at)), None];
    }
    let (enter, leave) =
        (at.towards(before, r / at.distance(before)), at.towards(after, r / at.distance(after)));
    [Some(Piece::Line(enter)), Some(Piece::Corner(at, leave))]
}

/// [`rounded`] as a polyline again, each corner in `steps` pieces: for painters without curves.
pub fn flattened(points: &[Pos], radius: f32, steps: u32, out: &mut Vec<Pos>) {
    out.clear();
    let steps = steps.max(1);
    for piece in rounded(points, radius) {
        match piece {
            Piece::Start(to) | Piece::Line(to) => out.push(to),
            Piece::Corner(corner, to) => {
                let from = out.last().copied().unwrap_or(corner);
                for n in 1..=steps {
                    let t = n as f32 / steps as f32;
                    out.push(from.towards(corner, t).towards(corner.towards(to, t), t));
                }
            }
        }
    }
}

/// The head of an arrow at the end of a polyline: its tip, then its two feet; `None` for a line without a way.
pub fn arrow_head(points: &[Pos], size: f32) -> Option<[Pos; 3]> {
    head_at(points.iter().rev(), size)
}

/// The same at its start.
pub fn arrow_tail(points: &[Pos], size: f32) -> Option<[Pos; 3]> {
    head_at(points.iter(), size)
}

fn head_at<'a>(mut points: impl Iterator<Item = &'a Pos>, size: f32) -> Option<[Pos; 3]> {
    let tip = *points.next()?;
    let from = points.find(|it| it.distance(tip) > 0.01)?;
    let long = from.distance(tip);
    let way = Pos::new((tip.x - from.x) / long, (tip.y - from.y) / long);
    let base = Pos::new(tip.x - way.x * size, tip.y - way.y * size);
    let half = size * 0.42;
    Some([
        tip,
        Pos::new(base.x - way.y * half, base.y + way.x * half),
        Pos::new(base.x + way.y * half, base.y - way.x * half),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(pairs: &[(f32, f32)]) -> Vec<Pos> {
        pairs.iter().map(|it| Pos::new(it.0, it.1)).collect()
    }

    #[test]
    fn a_line_along_a_border_does_not_cross() {
        let rect = Rect::new(10.0, 10.0, 20.0, 10.0);
        assert!(rect.is_crossed(Pos::new(0.0, 15.0), Pos::new(50.0, 15.0)));
        assert!(rect.is_crossed(Pos::new(20.0, 0.0), Pos::new(20.0, 12.0)));
        for (a, b) in [
            ((0.0, 10.0), (50.0, 10.0)),
            ((30.0, 0.0), (30.0, 50.0)),
            ((0.0, 15.0), (10.0, 15.0)),
            ((20.0, 0.0), (20.0, 10.0)),
        ] {
            assert!(!rect.is_crossed(Pos::new(a.0, a.1), Pos::new(b.0, b.1)), "{a:?} {b:?}");
        }
    }

    #[test]
    fn the_nearest_side_of_a_box() {
        let rect = Rect::new(0.0, 0.0, 100.0, 50.0);
        assert_eq!(rect.nearest_side(Pos::new(25.0, -3.0)), (Side::Top, 0.25));
        assert_eq!(rect.nearest_side(Pos::new(130.0, 25.0)), (Side::Right, 0.5));
        assert_eq!(rect.middle(Side::Left), Pos::new(0.0, 25.0));
    }

    #[test]
    fn simplifying_keeps_the_corners_alone() {
        let mut line = points(&[(0.0, 0.0), (5.0, 0.0), (5.0, 0.0), (9.0, 0.0), (9.0, 4.0), (9.0, 8.0)]);
        simplify(&mut line);
        assert_eq!(line, points(&[(0.0, 0.0), (9.0, 0.0), (9.0, 8.0)]));
    }

    #[test]
    fn corners_are_rounded_within_their_arms() {
        let line = points(&[(0.0, 0.0), (10.0, 0.0), (10.0, 4.0)]);
        let pieces: Vec<Piece> = rounded(&line, 6.0).collect();
        let [Piece::Start(_), Piece::Line(enter), Piece::Corner(corner, leave), Piece::Line(end)] =
            pieces[..]
        else {
            panic!("{pieces:?}")
        };
        assert_eq!((enter, corner, leave, end), (Pos::new(6.0, 0.0), line[1], Pos::new(10.0, 4.0), line[2]));
        let mut flat = Vec::new();
        flattened(&line, 6.0, 4, &mut flat);
        assert_eq!(flat.len(), 7);
    }

    #[test]
    fn measures_along_a_line() {
        let line = points(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]);
        assert_eq!(length(&line), 20.0);
        assert_eq!(point_at(&line, 0.75), Pos::new(10.0, 5.0));
        assert_eq!(distance_to(&line, Pos::new(5.0, 3.0)), 3.0);
        assert_eq!(share_at(&line, Pos::new(12.0, 5.0)), 0.75);
        assert_eq!(share_at(&line, Pos::new(-5.0, 1.0)), 0.0);
        assert_eq!(arrow_tail(&line, 8.0).unwrap()[0], line[0]);
        let [tip, left, right] = arrow_head(&line, 8.0).unwrap();
        assert_eq!((tip, left.y, right.y), (line[2], 2.0, 2.0));
        assert_eq!(arrow_head(&line[..1], 8.0), None);
    }
}
