//! Clipping: what of an icon lies in a clip path, for those that are convex. Most that vendors draw are: a box or a circle.

use kurbo::{BezPath, PathEl, Point, Rect};

/// How far curves may stray once they are lines, in units of the box.
pub(super) const FLAT: f64 = 0.01;
/// What stands out no further is not clipped.
const SLACK: f64 = 0.02;
const MAX_CORNERS: usize = 400;

/// A convex area, its corners turning to the right as one sees them, where y grows downwards.
#[derive(Clone, Debug)]
pub(super) struct Convex(Vec<Point>);

/// How a box lies to an area.
#[derive(PartialEq, Eq)]
pub(super) enum Lies {
    Inside,
    Outside,
    Across,
}

impl Convex {
    pub(super) fn of_rect(rect: Rect) -> Self {
        let corners = [(rect.x0, rect.y0), (rect.x1, rect.y0), (rect.x1, rect.y1), (rect.x0, rect.y1)];
        Self(corners.map(Point::from).to_vec())
    }

    /// The inside of an outline, if that is convex.
    pub(super) fn of(outline: &BezPath) -> Option<Self> {
        let mut contours = contours(outline);
        let mut corners = contours.pop().filter(|_| contours.is_empty())?;
        corners.dedup_by(|a, b| a.distance(*b) < 1e-6);
        if corners.first().zip(corners.last()).is_some_and(|(a, b)| a.distance(*b) < 1e-6) {
            corners.pop();
        }
        if corners.len() < 3 || corners.len() > MAX_CORNERS {
            return None;
        }
        let turns: Vec<f64> = triples(&corners).map(|(a, b, c)| (b - a).cross(c - b)).collect();
        let (least, most) = turns.iter().fold((0.0_f64, 0.0_f64), |(a, b), it| (a.min(*it), b.max(*it)));
        let slight = 1e-4;
        if most > slight && least < -slight {
            return None;
        }
        if most < -least {
            corners.reverse();
        }
        // A star turns one way, too, but more than once around.
        let around: f64 =
            triples(&corners).map(|(a, b, c)| (b - a).cross(c - b).atan2((b - a).dot(c - b))).sum();
        (around < 1.5 * std::f64::consts::TAU).then_some(Self(corners))
    }

    fn edges(&self) -> impl Iterator<Item = (Point, Point)> {
        self.0.iter().copied().zip(self.0.iter().copied().cycle().skip(1))
    }

    pub(super) fn lies(&self, bounds: Rect) -> Lies {
        let corners = Self::of_rect(bounds).0;
        let mut lies = Lies::Inside;
        for (a, b) in self.edges() {
            let out = corners.iter().filter(|it| inwards(a, b, **it) < -SLACK).count();
            if out == corners.len() {
                return Lies::Outside;
            }
            if out > 0 {
                lies = Lies::Across;
            }
        }
        lies
    }

    /// What of filled contours lies inside, as lines. Edges are walked along twice where a contour falls apart: between
    /// them is nothing.
    pub(super) fn cut(&self, outline: &BezPath) -> BezPath {
        let mut cut = BezPath::new();
        for mut points in contours(outline) {
            for (a, b) in self.edges() {
                let mut kept = Vec::with_capacity(points.len() + 2);
                for (from, to) in points.iter().copied().zip(points.iter().copied().cycle().skip(1)) {
                    let (before, after) = (inwards(a, b, from), inwards(a, b, to));
                    if before >= 0.0 {
                        kept.push(from);
                    }
                    if (before >= 0.0) != (after >= 0.0) {
                        kept.push(from.lerp(to, before / (before - after)));
                    }
                }
                points = kept;
            }
            if let [first, rest @ ..] = &points[..]
                && rest.len() > 1
            {
                cut.move_to(*first);
                rest.iter().for_each(|it| cut.line_to(*it));
                cut.close_path();
            }
        }
        cut
    }
}

/// How far a point lies on the inner side of an edge.
fn inwards(a: Point, b: Point, point: Point) -> f64 {
    let along = b - a;
    let length = along.hypot();
    if length > 0.0 { along.cross(point - a) / length } else { 0.0 }
}

fn triples(corners: &[Point]) -> impl Iterator<Item = (Point, Point, Point)> {
    let after = |n| corners.iter().copied().cycle().skip(n);
    corners.iter().copied().zip(after(1)).zip(after(2)).map(|((a, b), c)| (a, b, c))
}

fn contours(outline: &BezPath) -> Vec<Vec<Point>> {
    let mut contours: Vec<Vec<Point>> = Vec::new();
    kurbo::flatten(outline.elements().iter().copied(), FLAT, |it| match it {
        PathEl::MoveTo(to) => contours.push(vec![to]),
        PathEl::LineTo(to) | PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => match contours.last_mut() {
            Some(contour) => contour.push(to),
            None => contours.push(vec![to]),
        },
        PathEl::ClosePath => {}
    });
    contours.retain(|it| it.len() > 1);
    contours
}
