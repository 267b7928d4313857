//! Icons as meshes: the tokens' outlines, stroked once for each size on the screen with soft edges, then only moved
//! and coloured.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use egui::epaint::tessellator::Path;
use egui::epaint::{PathStroke, Vertex};
use egui::{Color32, Mesh, Painter, Pos2, Rect, Vec2};
use kurbo::PathEl;

use crate::tokens::{self, Icon};

/// Strokes that are wider than this on the screen get round ends.
const ROUND_FROM: f32 = 2.5;
/// Sizes come in steps of a quarter of a pixel.
const STEPS: f32 = 4.0;
/// A long zoom leaves many sizes behind; beyond this they are forgotten.
const KEPT: usize = 1000;

/// An icon at one size, from the upper left corner of its box.
#[derive(Debug, Default)]
struct Triangles {
    vertices: Vec<Vertex>,
    indices: Vec<u32>,
}

/// The name, the size in steps, and the width of a pixel.
type Key = (&'static str, u32, u32);

/// Paints a bundled icon into a box; nothing if there is none of that name.
pub fn icon(painter: &Painter, rect: Rect, name: &str, colour: Color32) {
    let mut mesh = Mesh::default();
    icon_mesh(&mut mesh, rect, name, colour, painter.pixels_per_point());
    if !mesh.is_empty() {
        painter.add(mesh);
    }
}

/// Adds the triangles of a bundled icon, fitted into a box, to a mesh. Its corner comes to lie on a whole pixel.
pub fn icon_mesh(mesh: &mut Mesh, rect: Rect, name: &str, colour: Color32, pixels_per_point: f32) {
    let side = rect.width().min(rect.height());
    let steps = (side * STEPS * pixels_per_point).round().max(1.0);
    let Some(icon) = triangles(name, steps, pixels_per_point) else { return };
    let side = steps / (STEPS * pixels_per_point);
    let to_pixel = |at: f32| (at * pixels_per_point).round() / pixels_per_point;
    let at = rect.center() - Vec2::splat(side / 2.0);
    let at = Vec2::new(to_pixel(at.x), to_pixel(at.y));
    let first = mesh.vertices.len() as u32;
    mesh.indices.extend(icon.indices.iter().map(|it| it + first));
    mesh.vertices.extend(icon.vertices.iter().map(|it| Vertex {
        pos: it.pos + at,
        uv: it.uv,
        // Edges fade out, and a stroke thinner than a pixel is paler as a whole.
        color: match it.color.a() {
            255 => colour,
            0 => Color32::TRANSPARENT,
            alpha => colour.gamma_multiply_u8(alpha),
        },
    }));
}

fn triangles(name: &str, steps: f32, pixels_per_point: f32) -> Option<Arc<Triangles>> {
    static KNOWN: OnceLock<Mutex<HashMap<Key, Arc<Triangles>>>> = OnceLock::new();
    let icon = tokens::icon(name)?;
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() > KEPT {
        known.clear();
    }
    let key = (icon.name.as_str(), steps as u32, pixels_per_point.to_bits());
    let stroke = || Arc::new(stroked(icon, steps / (STEPS * pixels_per_point), 1.0 / pixels_per_point));
    Some(Arc::clone(known.entry(key).or_insert_with(stroke)))
}

fn stroked(icon: &Icon, side: f32, feather: f32) -> Triangles {
    let scale = side / Icon::BOX as f32;
    let mut pen =
        Pen { mesh: Mesh::default(), path: Path::default(), width: Icon::STROKE as f32 * scale, feather };
    let place = |it: kurbo::Point| Pos2::new(it.x as f32 * scale, it.y as f32 * scale);
    let mut points: Vec<Pos2> = Vec::new();
    // A tenth of a pixel is close enough.
    let tolerance = f64::from(0.1 * feather / scale.max(1e-3)).max(0.002);
    for outline in &icon.outlines {
        kurbo::flatten(outline.elements().iter().copied(), tolerance, |it| match it {
            PathEl::MoveTo(to) => {
                pen.stroke(&mut points, false);
                points.push(place(to));
            }
            PathEl::ClosePath => pen.stroke(&mut points, true),
            PathEl::LineTo(to) | PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => points.push(place(to)),
        });
        pen.stroke(&mut points, false);
    }
    Triangles { vertices: pen.mesh.vertices, indices: pen.mesh.indices }
}

/// Strokes lines with soft edges into a mesh, in white.
struct Pen {
    mesh: Mesh,
    path: Path,
    width: f32,
    feather: f32,
}

impl Pen {
    /// Takes the points that were collected.
    fn stroke(&mut self, points: &mut Vec<Pos2>, is_closed: bool) {
        let same = |a: &Pos2, b: &Pos2| a.distance(*b) < 0.02;
        points.dedup_by(|a, b| same(a, b));
        if is_closed && points.len() > 2 && points.first().zip(points.last()).is_some_and(|(a, b)| same(a, b))
        {
            points.pop();
        }
        let stroke = PathStroke::new(self.width, Color32::WHITE);
        self.path.clear();
        match points.as_mut_slice() {
            [] => {}
            [only] => self.dot(*only),
            many if is_closed && many.len() > 2 => {
                self.path.add_line_loop(many);
                self.path.stroke_closed(self.feather, &stroke, &mut self.mesh);
            }
            [first, .., last] if first.distance(*last) < 0.02 => {
                // A circle that was drawn as a line.
                points.pop();
                self.path.add_line_loop(points);
                self.path.stroke_closed(self.feather, &stroke, &mut self.mesh);
            }
            many => {
                self.round_ends(many);
                self.path.clear();
                self.path.add_open_points(many);
                self.path.stroke_open(self.feather, &stroke, &mut self.mesh);
            }
        }
        points.clear();
    }

    fn dot(&mut self, at: Pos2) {
        self.path.clear();
        self.path.add_circle(at, self.width / 2.0);
        self.path.fill(self.feather, Color32::WHITE, &mut self.mesh);
    }

    /// Lets a line end as far out as a round end would; where that is large enough to be seen, round it is.
    fn round_ends(&mut self, points: &mut [Pos2]) {
        if self.width > ROUND_FROM {
            for end in points.first().copied().into_iter().chain(points.last().copied()) {
                self.dot(end);
            }
            return;
        }
        // A square end looks longer than a round one.
        let by = self.width * 0.4;
        let way = |from: Pos2, to: Pos2| (to - from).normalized() * by;
        if let [first, second, ..] = points {
            *first += way(*second, *first);
        }
        if let [.., before, last] = points {
            *last += way(*before, *last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_icon_has_triangles_in_its_box() {
        for name in tokens::icon_names() {
            for side in [10.0, 18.0, 96.0] {
                let rect = Rect::from_min_size(Pos2::new(10.0, 20.0), Vec2::splat(side));
                let mut mesh = Mesh::default();
                icon_mesh(&mut mesh, rect, name, Color32::WHITE, 1.0);
                assert!(mesh.indices.len() > 3, "{name}");
                let outside = mesh.vertices.iter().find(|it| !rect.expand(1.5).contains(it.pos));
                assert!(outside.is_none(), "{name} at {side}: {outside:?}");
            }
        }
        let mut mesh = Mesh::default();
        icon_mesh(&mut mesh, Rect::ZERO, "no-such-icon", Color32::WHITE, 1.0);
        assert!(mesh.is_empty());
    }
}
