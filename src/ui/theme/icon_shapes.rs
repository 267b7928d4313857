//! Outlines to triangles: lines are stroked and areas filled, both with edges that fade over a pixel.

use egui::epaint::tessellator::Path;
use egui::epaint::{PathStroke, Vertex, WHITE_UV};
use egui::{Color32, Mesh, Pos2, Vec2};
use kurbo::{Cap, PathEl};
use lyon_tessellation::geometry_builder::simple_builder;
use lyon_tessellation::math::{Point, point};
use lyon_tessellation::path::Path as Area;
use lyon_tessellation::{FillOptions, FillRule, FillTessellator, VertexBuffers};

use crate::tokens::{Icon, IconFill, IconPaint, IconStroke};

/// Strokes that are wider than this on the screen get round ends.
const ROUND_FROM: f32 = 2.5;
/// An area of more corners is taken as one that does not cross itself: to look would take its square.
const MAX_CROSSING: usize = 2000;
/// An area of more contours has hard edges: which side of each is filled takes the square of them.
const MAX_SOFT: usize = 64;
/// A sharp corner reaches no further out than this, in widths of the edge.
const MAX_MITER: f32 = 2.0;

/// An icon at one size, from the upper left corner of its box.
#[derive(Debug, Default)]
pub(super) struct Triangles {
    pub(super) vertices: Vec<Vertex>,
    pub(super) indices: Vec<u32>,
    /// Of each vertex, whether its colour is the icon's own; the others are white, to be coloured. Empty if all are.
    pub(super) is_own: Vec<bool>,
}

/// Draws an icon that many points wide; `feather` is the width of a pixel in points.
pub(super) fn drawn(icon: &Icon, side: f32, feather: f32) -> Triangles {
    let scale = side / Icon::BOX as f32;
    let mut pen = Pen {
        mesh: Mesh::default(),
        path: Path::default(),
        feather,
        width: 0.0,
        colour: Color32::WHITE,
        ends: Cap::Round,
    };
    // A tenth of a pixel is close enough.
    let tolerance = f64::from(0.1 * feather / scale.max(1e-3)).max(0.002);
    let mut is_own = Vec::new();
    for part in &icon.parts {
        let contours = contours(&part.outline, scale, tolerance);
        if let Some(fill) = &part.fill {
            pen.colour = colour(&fill.paint);
            pen.fill(&contours, fill);
            is_own.resize(pen.mesh.vertices.len(), fill.paint.colour.is_some());
        }
        if let Some(stroke) = &part.stroke {
            pen.take(stroke, scale);
            contours.into_iter().for_each(|it| pen.stroke(it.points, it.is_closed));
            is_own.resize(pen.mesh.vertices.len(), stroke.paint.colour.is_some());
        }
    }
    if !icon.is_coloured() {
        is_own.clear();
    }
    Triangles { vertices: pen.mesh.vertices, indices: pen.mesh.indices, is_own }
}

/// The colour that is kept: one of its own, or white for ink.
#[expect(
    clippy::disallowed_methods,
    reason = "an icon of a user's own brings its colours along; they are no tokens"
)]
fn colour(paint: &IconPaint) -> Color32 {
    let opaque = paint.colour.map_or(Color32::WHITE, |it| Color32::from_rgb(it.r, it.g, it.b));
    opaque.gamma_multiply(paint.opacity)
}

struct Contour {
    points: Vec<Pos2>,
    is_closed: bool,
}

fn contours(outline: &kurbo::BezPath, scale: f32, tolerance: f64) -> Vec<Contour> {
    let place = |it: kurbo::Point| Pos2::new(it.x as f32 * scale, it.y as f32 * scale);
    let mut contours: Vec<Contour> = Vec::new();
    let mut start = Pos2::ZERO;
    kurbo::flatten(outline.elements().iter().copied(), tolerance, |it| match it {
        PathEl::MoveTo(to) => {
            start = place(to);
            contours.push(Contour { points: vec![start], is_closed: false });
        }
        PathEl::ClosePath => contours.iter_mut().next_back().into_iter().for_each(|it| it.is_closed = true),
        PathEl::LineTo(to) | PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => {
            // What goes on behind a closed contour begins where that began.
            if contours.last().is_none_or(|it| it.is_closed) {
                contours.push(Contour { points: vec![start], is_closed: false });
            }
            contours.iter_mut().next_back().into_iter().for_each(|it| it.points.push(place(to)));
        }
    });
    contours
}

fn is_same(a: Pos2, b: Pos2) -> bool {
    a.distance(b) < 0.02
}

/// Whether a ring has a corner that is sharper than a right angle. The toolkit would let it reach out for ever.
fn is_sharp(ring: &[Pos2]) -> bool {
    let after = |n: usize| ring.iter().copied().cycle().skip(n).take(ring.len());
    let mut corners = after(0).zip(after(1)).zip(after(2));
    corners.any(|((a, b), c)| (b - a).normalized().dot((c - b).normalized()) < 0.0)
}

/// Whether a line turns by all but half a circle. The toolkit's corner there lies anywhere.
fn turns_back(a: Pos2, b: Pos2, c: Pos2) -> bool {
    (b - a).normalized().dot((c - b).normalized()) < -0.999
}

/// A ring as a line that begins and ends on its first edge, a little of which it runs along twice.
fn cut_open(ring: &[Pos2]) -> Vec<Pos2> {
    let [first, second, ..] = ring else { return ring.to_vec() };
    let (begin, end) = (first.lerp(*second, 0.4), first.lerp(*second, 0.6));
    let around = ring.iter().copied().cycle().skip(1).take(ring.len());
    std::iter::once(begin).chain(around).chain([end]).collect()
}

/// Strokes lines and fills areas with soft edges into a mesh.
struct Pen {
    mesh: Mesh,
    path: Path,
    feather: f32,
    width: f32,
    colour: Color32,
    ends: Cap,
}

impl Pen {
    fn take(&mut self, stroke: &IconStroke, scale: f32) {
        self.colour = colour(&stroke.paint);
        (self.width, self.ends) = (stroke.width as f32 * scale, stroke.cap);
    }

    fn stroke(&mut self, mut points: Vec<Pos2>, is_closed: bool) {
        points.dedup_by(|a, b| is_same(*a, *b));
        let ends_meet = points.first().zip(points.last()).is_some_and(|(a, b)| is_same(*a, *b));
        if is_closed && points.len() > 2 && ends_meet {
            points.pop();
        }
        let stroke = PathStroke::new(self.width, self.colour);
        self.path.clear();
        match points.as_mut_slice() {
            [] => {}
            [only] => self.dot(*only),
            [_, _, rest @ ..] if !rest.is_empty() && (is_closed || ends_meet) => {
                if !is_closed {
                    // A circle that was drawn as a line.
                    points.pop();
                }
                if is_sharp(&points) {
                    self.open(&cut_open(&points), &stroke);
                } else {
                    self.path.add_line_loop(&points);
                    self.path.stroke_closed(self.feather, &stroke, &mut self.mesh);
                }
            }
            many => {
                self.finish_ends(many);
                self.open(many, &stroke);
            }
        }
    }

    /// Where a line runs back on itself it ends, and another begins.
    fn open(&mut self, points: &[Pos2], stroke: &PathStroke) {
        let Some(last) = points.len().checked_sub(1) else { return };
        let mut ends: Vec<usize> =
            (1..last).filter(|n| matches!(points[n - 1..=n + 1], [a, b, c] if turns_back(a, b, c))).collect();
        ends.push(last);
        let mut start = 0;
        for end in ends {
            self.path.clear();
            self.path.add_open_points(&points[start..=end]);
            self.path.stroke_open(self.feather, stroke, &mut self.mesh);
            start = end;
        }
    }

    fn dot(&mut self, at: Pos2) {
        if self.ends == Cap::Butt {
            return;
        }
        self.path.clear();
        self.path.add_circle(at, self.width / 2.0);
        self.path.fill(self.feather, self.colour, &mut self.mesh);
    }

    /// Lets a line end as far out as its ends would; where a round one is large enough to be seen, round it is.
    fn finish_ends(&mut self, points: &mut [Pos2]) {
        let by = match self.ends {
            Cap::Butt => return,
            Cap::Square => self.width / 2.0,
            Cap::Round if self.width > ROUND_FROM && self.colour.is_opaque() => {
                for end in points.first().copied().into_iter().chain(points.last().copied()) {
                    self.dot(end);
                }
                return;
            }
            // A square end looks longer than a round one.
            Cap::Round => self.width * 0.4,
        };
        let way = |from: Pos2, to: Pos2| (to - from).normalized() * by;
        if let [first, second, ..] = points {
            *first += way(*second, *first);
        }
        if let [.., before, last] = points {
            *last += way(*before, *last);
        }
    }

    fn fill(&mut self, contours: &[Contour], fill: &IconFill) {
        let rings: Vec<Vec<Pos2>> = contours.iter().filter_map(|it| ring(&it.points)).collect();
        let is_soft = rings.len() <= MAX_SOFT;
        let mut inner: Vec<Vec<Pos2>> = Vec::with_capacity(rings.len());
        for ring in &rings {
            let out = if is_soft { outwards(ring, &rings, fill.is_even_odd) } else { None };
            let Some(out) = out else {
                inner.push(ring.clone());
                continue;
            };
            let half = self.feather / 2.0;
            let moved = |by: f32| ring.iter().zip(&out).map(move |(at, out)| *at + *out * by);
            inner.push(moved(-half).collect());
            self.edge(moved(-half), moved(half));
        }
        self.area(&inner, fill.is_even_odd);
    }

    /// A strip that fades from an inner ring to an outer one.
    fn edge(&mut self, inner: impl Iterator<Item = Pos2>, outer: impl Iterator<Item = Pos2>) {
        let first = self.mesh.vertices.len() as u32;
        for (inner, outer) in inner.zip(outer) {
            let vertex = |pos, color| Vertex { pos, uv: WHITE_UV, color };
            self.mesh.vertices.push(vertex(inner, self.colour));
            self.mesh.vertices.push(vertex(outer, Color32::TRANSPARENT));
        }
        let count = self.mesh.vertices.len() as u32 - first;
        for at in (0..count).step_by(2) {
            let next = (at + 2) % count;
            self.mesh.indices.extend([at, at + 1, next, next, at + 1, next + 1].map(|it| first + it));
        }
    }

    fn area(&mut self, rings: &[Vec<Pos2>], is_even_odd: bool) {
        let mut area = Area::builder();
        for ring in rings {
            if let [first, rest @ ..] = &ring[..] {
                area.begin(point(first.x, first.y));
                for it in rest {
                    area.line_to(point(it.x, it.y));
                }
                area.end(true);
            }
        }
        let corners: usize = rings.iter().map(Vec::len).sum();
        let rule = if is_even_odd { FillRule::EvenOdd } else { FillRule::NonZero };
        let options = FillOptions::default().with_fill_rule(rule).with_intersections(corners <= MAX_CROSSING);
        let mut buffers: VertexBuffers<Point, u16> = VertexBuffers::new();
        let filled = FillTessellator::new().tessellate_path(
            &area.build(),
            &options,
            &mut simple_builder(&mut buffers),
        );
        if filled.is_err() {
            // Its edges are there; nothing else can be said of an area that is none.
            return;
        }
        let first = self.mesh.vertices.len() as u32;
        let color = self.colour;
        let vertex = |it: &Point| Vertex { pos: Pos2::new(it.x, it.y), uv: WHITE_UV, color };
        self.mesh.vertices.extend(buffers.vertices.iter().map(vertex));
        self.mesh.indices.extend(buffers.indices.iter().map(|it| first + u32::from(*it)));
    }
}

/// The corners of a filled contour, none twice in a row; nothing for what has no area.
fn ring(points: &[Pos2]) -> Option<Vec<Pos2>> {
    let mut points = points.to_vec();
    points.dedup_by(|a, b| is_same(*a, *b));
    while points.len() > 1 && points.first().zip(points.last()).is_some_and(|(a, b)| is_same(*a, *b)) {
        points.pop();
    }
    (points.len() > 2).then_some(points)
}

/// Where outside is at each corner of a ring, as long as makes its edges a point thicker; nothing if both of its sides are
/// filled, or none is.
fn outwards(ring: &[Pos2], all: &[Vec<Pos2>], is_even_odd: bool) -> Option<Vec<Vec2>> {
    let after = |n: usize| ring.iter().copied().cycle().skip(n).take(ring.len());
    let longest =
        ring.iter().copied().zip(after(1)).max_by(|a, b| a.0.distance(a.1).total_cmp(&b.0.distance(b.1)))?;
    let left = |from: Pos2, to: Pos2| (to - from).normalized().rot90();
    let (middle, beside) = (longest.0.lerp(longest.1, 0.5), left(longest.0, longest.1) * 0.01);
    let is_filled = |at: Pos2| {
        let winding: i32 = all.iter().map(|it| winding(it, at)).sum();
        if is_even_odd { winding % 2 != 0 } else { winding != 0 }
    };
    let side = match (is_filled(middle + beside), is_filled(middle - beside)) {
        (false, true) => 1.0,
        (true, false) => -1.0,
        _ => return None,
    };
    let corner = |((before, at), next): ((Pos2, Pos2), Pos2)| {
        let (a, b) = (left(before, at), left(at, next));
        let between = (a + b) / 2.0;
        // As long as keeps the edges parallel, but for corners so sharp that it would reach far out.
        let stretched = between / between.length_sq().max(1.0 / (MAX_MITER * MAX_MITER));
        stretched * side
    };
    Some(after(ring.len() - 1).zip(after(0)).zip(after(1)).map(corner).collect())
}

/// How often a ring runs around a point.
fn winding(ring: &[Pos2], at: Pos2) -> i32 {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossed = edges.filter(|(a, b)| (a.y <= at.y) != (b.y <= at.y));
    crossed
        .map(|(a, b)| {
            let x = a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x);
            if x <= at.x {
                0
            } else if b.y > a.y {
                1
            } else {
                -1
            }
        })
        .sum()
}
