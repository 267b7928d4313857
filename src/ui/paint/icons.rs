//! Icons: their strokes, once for each size on the screen, then copied to where they stand.

use std::collections::HashMap;

use egui::epaint::tessellator::Path;
use egui::epaint::{PathStroke, Vertex};
use egui::{Color32, Mesh, Pos2, Rect};
use kurbo::PathEl;

use crate::scene::IconShape;
use crate::tokens::{self, Icon};

use super::pen::Pen;

/// Strokes that are wider than this on the screen get round ends.
const ROUND_FROM: f32 = 2.5;

/// An icon at one size, from the upper left corner of its box.
#[derive(Debug)]
struct Drawn {
    vertices: Vec<Vertex>,
    indices: Vec<u32>,
}

/// Icons that were drawn for the sizes at hand.
#[derive(Debug, Default)]
pub(super) struct Icons {
    drawn: HashMap<(&'static str, u32), Drawn>,
    feather: f32,
}

impl Icons {
    pub(super) fn write(&mut self, pen: &mut Pen<'_>, it: &IconShape, opacity: f32) {
        let rect = pen.camera.rect_to_screen(it.rect);
        if !pen.clip.intersects(rect) {
            return;
        }
        // Sizes of other zooms are not needed again soon.
        if self.feather != pen.feather || self.drawn.len() > 400 {
            self.drawn.clear();
            self.feather = pen.feather;
        }
        let side = rect.width().min(rect.height());
        // Steps of a quarter of a pixel are not to be seen.
        let size = (side * 4.0 * pen.pixels_per_point).round().max(1.0);
        let feather = pen.feather;
        let side = size / (4.0 * pen.pixels_per_point);
        let drawn = self.drawn.entry((it.name, size as u32)).or_insert_with(|| drawn(it.name, side, feather));
        let at = rect.center() - egui::Vec2::splat(side / 2.0);
        let at = Pos2::new(pen.to_edge(at.x), pen.to_edge(at.y)).to_vec2();
        let colour = pen.colour(it.fill, opacity);
        let first = pen.mesh.vertices.len() as u32;
        pen.mesh.indices.extend(drawn.indices.iter().map(|it| it + first));
        pen.mesh.vertices.extend(drawn.vertices.iter().map(|it| Vertex {
            pos: it.pos + at,
            uv: it.uv,
            // Edges are transparent, and half so where a stroke is thinner than a pixel.
            color: if it.color == Color32::WHITE { colour } else { faded(colour, it.color.a()) },
        }));
    }
}

fn faded(colour: Color32, alpha: u8) -> Color32 {
    if alpha == 0 { Color32::TRANSPARENT } else { colour.gamma_multiply_u8(alpha) }
}

fn drawn(name: &str, side: f32, feather: f32) -> Drawn {
    let mut mesh = Mesh::default();
    if let Some(icon) = tokens::icon(name) {
        draw(icon, side, feather, &mut mesh);
    }
    Drawn { vertices: mesh.vertices, indices: mesh.indices }
}

fn draw(icon: &Icon, side: f32, feather: f32, mesh: &mut Mesh) {
    let scale = side / Icon::BOX as f32;
    let width = Icon::STROKE as f32 * scale;
    let stroke = PathStroke::new(width, Color32::WHITE);
    let mut path = Path::default();
    let mut draw = |points: &mut Vec<Pos2>, is_closed: bool| {
        points.dedup_by(|a, b| a.distance(*b) < 0.02);
        path.clear();
        if let ([only], false) = (points.as_slice(), is_closed) {
            path.add_circle(*only, width / 2.0);
            path.fill(feather, Color32::WHITE, mesh);
        } else if points.len() > 2 && is_closed {
            if points.first().zip(points.last()).is_some_and(|(a, b)| a.distance(*b) < 0.02) {
                points.pop();
            }
            path.add_line_loop(points);
            path.stroke_closed(feather, &stroke, mesh);
        } else if points.len() >= 2 {
            round_ends(points, width, feather, mesh);
            path.add_open_points(points);
            path.stroke_open(feather, &stroke, mesh);
        }
        points.clear();
    };
    let place = |it: kurbo::Point| Pos2::new(it.x as f32 * scale, it.y as f32 * scale);
    let mut points: Vec<Pos2> = Vec::new();
    for outline in &icon.outlines {
        // A tenth of a pixel is close enough.
        let tolerance = f64::from(0.1 * feather / scale.max(1e-3)).max(0.002);
        kurbo::flatten(outline.elements().iter().copied(), tolerance, |it| match it {
            PathEl::MoveTo(to) => {
                draw(&mut points, false);
                points.push(place(to));
            }
            PathEl::ClosePath => draw(&mut points, true),
            PathEl::LineTo(to) | PathEl::QuadTo(_, to) | PathEl::CurveTo(_, _, to) => points.push(place(to)),
        });
        draw(&mut points, false);
    }
}

/// Lets a line end as far out as a round end would; where that is large enough to be seen, round it is.
fn round_ends(points: &mut [Pos2], width: f32, feather: f32, mesh: &mut Mesh) {
    let n = points.len();
    if width > ROUND_FROM {
        let mut path = Path::default();
        for end in [points[0], points[n - 1]] {
            path.clear();
            path.add_circle(end, width / 2.0);
            path.fill(feather, Color32::WHITE, mesh);
        }
        return;
    }
    // A square end looks longer than a round one.
    let by = width * 0.4;
    let (first, last) = ((points[0] - points[1]).normalized(), (points[n - 1] - points[n - 2]).normalized());
    points[0] += first * by;
    points[n - 1] += last * by;
}

/// Where an icon of the interface stands: a whole pixel.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_stays_in_its_box() {
        for name in tokens::icon_names() {
            for side in [10.0, 18.0, 96.0] {
                let drawn = drawn(name, side, 1.0);
                assert!(!drawn.indices.is_empty(), "{name}");
                let area = Rect::from_min_max(Pos2::ZERO, Pos2::new(side, side)).expand(1.0);
                let outside = drawn.vertices.iter().find(|it| !area.contains(it.pos));
                assert!(outside.is_none(), "{name} at {side}: {outside:?}");
            }
        }
    }
}
