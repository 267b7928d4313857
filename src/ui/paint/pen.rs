//! The pen: fills and strokes with soft edges, into a mesh, without a list of shapes in between.

use egui::epaint::tessellator::Path;
use egui::epaint::{PathStroke, Vertex, WHITE_UV};
use egui::{Color32, Mesh, Painter, Pos2, Rect, Vec2};

use crate::scene::{self, Fill, IconShape};
use crate::tokens::Palette;
use crate::ui::theme;

use super::Camera;

/// Corners of less than this radius are square.
pub(super) const SQUARE: f32 = 1.0;

/// Buffers that are kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) path: Path,
    pub(super) points: Vec<Pos2>,
    pub(super) world: Vec<scene::Pos>,
    pub(super) flat: Vec<scene::Pos>,
}

pub(super) struct Pen<'a> {
    pub(super) mesh: &'a mut Mesh,
    /// What takes its dashes from a texture.
    pub(super) dashed: &'a mut Mesh,
    pub(super) scratch: &'a mut Scratch,
    pub(super) camera: Camera,
    pub(super) painter: &'a Painter,
    /// What is outside is not seen.
    pub(super) clip: Rect,
    pub(super) pixels_per_point: f32,
    /// The width of a pixel: edges fade over it.
    pub(super) feather: f32,
    palette: &'static Palette,
}

impl<'a> Pen<'a> {
    pub(super) fn new(
        (mesh, dashed): (&'a mut Mesh, &'a mut Mesh),
        scratch: &'a mut Scratch,
        painter: &'a Painter,
        camera: Camera,
    ) -> Self {
        let pixels_per_point = painter.pixels_per_point();
        Self {
            mesh,
            dashed,
            scratch,
            camera,
            painter,
            clip: painter.clip_rect(),
            pixels_per_point,
            feather: 1.0 / pixels_per_point,
            palette: theme::current(painter.ctx()).palette(),
        }
    }

    pub(super) fn colour(&self, fill: Fill, opacity: f32) -> Color32 {
        let colour = theme::to_color32(self.palette.colour(fill.ink));
        let opacity = fill.opacity * opacity;
        if opacity >= 1.0 { colour } else { colour.gamma_multiply(opacity.max(0.0)) }
    }

    /// The width on the screen of a line of the world, and how much of its colour is left: one that would be thinner
    /// than a pixel is a pixel wide, and paler.
    pub(super) fn line_width(&self, width: f32) -> (f32, f32) {
        let wide = width * self.camera.zoom;
        if wide >= self.feather { (wide, 1.0) } else { (self.feather, (wide / self.feather).max(0.4)) }
    }

    /// The nearest edge between two pixels.
    pub(super) fn to_edge(&self, at: f32) -> f32 {
        self.to_line(at, 0.0)
    }

    /// Where a line is sharpest, by its [`Pen::shift`].
    pub(super) fn to_line(&self, at: f32, shift: f32) -> f32 {
        (floored(at * self.pixels_per_point + 0.5 - shift) + shift) / self.pixels_per_point
    }

    /// How far from the edge of a pixel the middle of a line of that width should lie, in pixels: on it, or in the middle
    /// of the pixel.
    pub(super) fn shift(&self, width: f32) -> f32 {
        let is_odd = floored(width * self.pixels_per_point + 0.5) as i32 % 2 == 1;
        if is_odd { 0.5 } else { 0.0 }
    }

    /// A box of one colour with hard edges.
    pub(super) fn quad(&mut self, rect: Rect, colour: Color32) {
        let corners = [rect.left_top(), rect.right_top(), rect.left_bottom(), rect.right_bottom()];
        add_quad(self.mesh, corners.map(|pos| Vertex { pos, uv: WHITE_UV, color: colour }));
    }

    pub(super) fn icon(&mut self, it: &IconShape<'_>, opacity: f32) {
        let rect = self.camera.rect_to_screen(it.rect);
        if self.clip.intersects(rect) {
            let colour = self.colour(it.fill, opacity);
            theme::icon_mesh(self.mesh, rect, it.icon, colour, self.pixels_per_point);
        }
    }

    pub(super) fn fill(&mut self, colour: Color32, feather: f32) {
        self.scratch.path.fill(feather, colour, self.mesh);
    }

    pub(super) fn stroke_closed(&mut self, width: f32, colour: Color32) {
        let stroke = PathStroke::new(width, colour);
        self.scratch.path.stroke_closed(self.feather, &stroke, self.mesh);
    }

    /// A line through points, its ends square.
    pub(super) fn stroke_open(&mut self, points: &[Pos2], width: f32, colour: Color32) {
        if points.len() < 2 {
            return;
        }
        self.scratch.path.clear();
        self.scratch.path.add_open_points(points);
        let stroke = PathStroke::new(width, colour);
        self.scratch.path.stroke_open(self.feather, &stroke, self.mesh);
    }

    /// A triangle with soft edges.
    pub(super) fn triangle(&mut self, corners: [Pos2; 3], colour: Color32) {
        self.scratch.path.clear();
        self.scratch.path.add_line_loop(&corners);
        self.fill(colour, self.feather);
    }

    /// Lays the outline of a box with round corners into the path, clockwise, with its normals.
    pub(super) fn outline(&mut self, rect: Rect, radius: f32) {
        let path = &mut self.scratch.path;
        path.clear();
        let radius = radius.min(rect.width() / 2.0).min(rect.height() / 2.0);
        if radius < SQUARE {
            for (corner, normal) in [
                (rect.left_top(), Vec2::new(-1.0, -1.0)),
                (rect.right_top(), Vec2::new(1.0, -1.0)),
                (rect.right_bottom(), Vec2::new(1.0, 1.0)),
                (rect.left_bottom(), Vec2::new(-1.0, 1.0)),
            ] {
                path.add_point(corner, normal);
            }
            return;
        }
        let arc = quadrant(radius);
        let centres = [
            Pos2::new(rect.right() - radius, rect.bottom() - radius),
            Pos2::new(rect.left() + radius, rect.bottom() - radius),
            Pos2::new(rect.left() + radius, rect.top() + radius),
            Pos2::new(rect.right() - radius, rect.top() + radius),
        ];
        for (turn, centre) in centres.into_iter().enumerate() {
            // Where two arcs meet without a straight side between them, a point would stand twice.
            let last = if meets_next(rect, radius, turn) { arc.len() - 1 } else { arc.len() };
            for at in arc.iter().take(last) {
                let normal = match turn {
                    0 => *at,
                    1 => Vec2::new(-at.y, at.x),
                    2 => -*at,
                    _ => Vec2::new(at.y, -at.x),
                };
                path.add_point(centre + normal * radius, normal);
            }
        }
    }
}

/// Two triangles: the corners are those of a box, row by row.
pub(super) fn add_quad(mesh: &mut Mesh, corners: [Vertex; 4]) {
    let first = mesh.vertices.len() as u32;
    mesh.vertices.extend_from_slice(&corners);
    mesh.indices.extend_from_slice(&[0, 1, 2, 2, 1, 3].map(|it| first + it));
}

/// The next whole number downwards. A frame takes hundreds of thousands, and `f32::floor` is a call to the system's library
/// where processors before 2008 are served, too. Beyond two thousand million there is no screen.
fn floored(at: f32) -> f32 {
    let whole = at as i32 as f32;
    if whole > at { whole - 1.0 } else { whole }
}

fn meets_next(rect: Rect, radius: f32, turn: usize) -> bool {
    let side = if turn.is_multiple_of(2) { rect.width() } else { rect.height() };
    side <= 2.0 * radius + 0.01
}

/// A quarter of a circle of radius 1, from the right downwards, in as many steps as its size is worth.
fn quadrant(radius: f32) -> &'static [Vec2] {
    static COARSE: [Vec2; 3] = arc();
    static SMALL: [Vec2; 5] = arc();
    static MEDIUM: [Vec2; 8] = arc();
    static LARGE: [Vec2; 17] = arc();
    if radius < 3.0 {
        &COARSE
    } else if radius < 8.0 {
        &SMALL
    } else if radius < 24.0 {
        &MEDIUM
    } else {
        &LARGE
    }
}

/// Points of a quarter circle, made when compiling: `sin` is not to be had there, so by its series.
const fn arc<const N: usize>() -> [Vec2; N] {
    let mut points = [Vec2::ZERO; N];
    let mut n = 0;
    while n < N {
        let angle = std::f64::consts::FRAC_PI_2 * n as f64 / (N - 1) as f64;
        let (mut sin, mut cos, mut term, mut k) = (0.0, 0.0, 1.0, 0);
        while k < 20 {
            match k % 4 {
                0 => cos += term,
                1 => sin += term,
                2 => cos -= term,
                _ => sin -= term,
            }
            k += 1;
            term *= angle / k as f64;
        }
        points[n] = Vec2::new(cos as f32, sin as f32);
        n += 1;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_downwards() {
        for at in [-3.0, -2.5, -0.1, -0.0, 0.0, 0.5, 0.999, 1.0, 7.25, 1e9, -1e9] {
            assert_eq!(floored(at), at.floor(), "{at}");
        }
        assert!(floored(f32::MAX).is_finite() && floored(f32::NAN) == 0.0);
    }

    #[test]
    fn arcs_are_round() {
        for radius in [1.0, 5.0, 10.0, 100.0] {
            let arc = quadrant(radius);
            assert!(arc.iter().all(|it| (it.length() - 1.0).abs() < 1e-6), "{arc:?}");
            assert!((arc[0] - Vec2::new(1.0, 0.0)).length() < 1e-6);
            assert!((arc[arc.len() - 1] - Vec2::new(0.0, 1.0)).length() < 1e-6);
        }
    }
}
