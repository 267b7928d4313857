//! Icons as meshes: the tokens' outlines, stroked once and then only moved, scaled and coloured.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use egui::{Color32, Mesh, Painter, Pos2, Rect, pos2};
use kurbo::PathEl;
use lyon_tessellation::math::point;
use lyon_tessellation::path::Path;
use lyon_tessellation::{
    BuffersBuilder, LineCap, LineJoin, StrokeOptions, StrokeTessellator, StrokeVertex, VertexBuffers,
};

use crate::tokens::{self, Icon};

/// The triangles of an icon in its box of [`Icon::BOX`].
#[derive(Debug, Default)]
struct Triangles {
    points: Vec<Pos2>,
    indices: Vec<u32>,
}

/// Paints a bundled icon into a box; nothing if there is none of that name.
pub fn icon(painter: &Painter, rect: Rect, name: &str, colour: Color32) {
    let mut mesh = Mesh::default();
    icon_mesh(&mut mesh, rect, name, colour);
    if !mesh.is_empty() {
        painter.add(mesh);
    }
}

/// Adds the triangles of a bundled icon, fitted into a box, to a mesh.
pub fn icon_mesh(mesh: &mut Mesh, rect: Rect, name: &str, colour: Color32) {
    let Some(triangles) = triangles(name) else { return };
    let scale = rect.width().min(rect.height()) / Icon::BOX as f32;
    let corner = rect.center() - egui::Vec2::splat(scale * Icon::BOX as f32 / 2.0);
    let first = mesh.vertices.len() as u32;
    for it in &triangles.points {
        mesh.colored_vertex(corner + it.to_vec2() * scale, colour);
    }
    mesh.indices.extend(triangles.indices.iter().map(|it| it + first));
}

fn triangles(name: &str) -> Option<Arc<Triangles>> {
    static KNOWN: OnceLock<Mutex<HashMap<&'static str, Arc<Triangles>>>> = OnceLock::new();
    let icon = tokens::icon(name)?;
    let mut known = KNOWN.get_or_init(Mutex::default).lock().ok()?;
    Some(Arc::clone(known.entry(icon.name.as_str()).or_insert_with(|| Arc::new(stroked(icon)))))
}

fn stroked(icon: &Icon) -> Triangles {
    let options = StrokeOptions::tolerance(0.02)
        .with_line_width(Icon::STROKE as f32)
        .with_line_cap(LineCap::Round)
        .with_line_join(LineJoin::Round);
    let mut buffers: VertexBuffers<Pos2, u32> = VertexBuffers::new();
    let mut tessellator = StrokeTessellator::new();
    for outline in &icon.outlines {
        let place = |it: StrokeVertex<'_, '_>| pos2(it.position().x, it.position().y);
        // An outline that cannot be stroked is left out: tests stroke every bundled one.
        drop(tessellator.tessellate_path(
            &path(outline),
            &options,
            &mut BuffersBuilder::new(&mut buffers, place),
        ));
    }
    Triangles { points: buffers.vertices, indices: buffers.indices }
}

fn path(outline: &kurbo::BezPath) -> Path {
    let at = |it: kurbo::Point| point(it.x as f32, it.y as f32);
    let mut builder = Path::builder();
    let mut is_open = false;
    for element in outline.elements() {
        match *element {
            PathEl::MoveTo(to) => {
                if is_open {
                    builder.end(false);
                }
                builder.begin(at(to));
                is_open = true;
            }
            _ if !is_open => {}
            PathEl::LineTo(to) => drop(builder.line_to(at(to))),
            PathEl::QuadTo(c, to) => drop(builder.quadratic_bezier_to(at(c), at(to))),
            PathEl::CurveTo(c, d, to) => drop(builder.cubic_bezier_to(at(c), at(d), at(to))),
            PathEl::ClosePath => {
                builder.end(true);
                is_open = false;
            }
        }
    }
    if is_open {
        builder.end(false);
    }
    builder.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_icon_has_triangles_in_its_box() {
        for name in tokens::icon_names() {
            let rect = Rect::from_min_size(pos2(10.0, 20.0), egui::vec2(18.0, 18.0));
            let mut mesh = Mesh::default();
            icon_mesh(&mut mesh, rect, name, Color32::WHITE);
            assert!(mesh.indices.len() > 3, "{name}");
            assert!(mesh.vertices.iter().all(|it| rect.expand(1.0).contains(it.pos)), "{name}");
        }
        let mut mesh = Mesh::default();
        icon_mesh(&mut mesh, Rect::ZERO, "no-such-icon", Color32::WHITE);
        assert!(mesh.is_empty());
    }
}
