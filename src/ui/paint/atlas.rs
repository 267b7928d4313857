//! Keeps glyphs in their place when their texture grows after they were written.
//!
//! A mesh names a glyph by its share of the texture's height. Whatever is laid out later in the same frame, a tooltip
//! say, may double that height; then, at the end of the frame, the meshes written before are set right.

use std::sync::{Arc, Mutex, PoisonError};

use egui::layers::ShapeIdx;
use egui::{Id, LayerId, Mesh, Painter, Rect, Shape, Ui};

/// A mesh of this frame.
struct Written {
    layer: LayerId,
    at: ShapeIdx,
    clip: Rect,
    mesh: Arc<Mesh>,
    texture: [usize; 2],
}

type Frame = Arc<Mutex<Vec<Written>>>;

/// Sees to it that a mesh is right at the end of the frame.
pub(super) fn keep(painter: &Painter, at: ShapeIdx, mesh: &Arc<Mesh>, texture: [usize; 2]) {
    let id = Id::unique("meshes with glyphs");
    let known: Option<Frame> = painter.ctx().data(|it| it.get_temp(id));
    let frame = known.unwrap_or_else(|| {
        let frame = Frame::default();
        painter.ctx().data_mut(|it| it.insert_temp(id, Arc::clone(&frame)));
        let of_callback = Arc::clone(&frame);
        painter.ctx().on_end_pass("meshes with glyphs", Arc::new(move |ui| set_right(ui, &of_callback)));
        frame
    });
    let (layer, clip, mesh) = (painter.layer_id(), painter.clip_rect(), Arc::clone(mesh));
    let mut frame = frame.lock().unwrap_or_else(PoisonError::into_inner);
    frame.push(Written { layer, at, clip, mesh, texture });
}

fn set_right(ui: &Ui, frame: &Frame) {
    let mut frame = frame.lock().unwrap_or_else(PoisonError::into_inner);
    let now = ui.fonts(|it| it.font_image_size());
    for written in frame.drain(..).filter(|it| it.texture != now) {
        let mut mesh = Mesh::clone(&written.mesh);
        fit(&mut mesh, written.texture, now);
        ui.ctx().graphics_mut(|it| {
            it.entry(written.layer).set(written.at, written.clip, Shape::mesh(mesh));
        });
    }
}

/// Lets a mesh that was written for a texture of one size name the same glyphs in one of another.
pub(super) fn fit(mesh: &mut Mesh, before: [usize; 2], now: [usize; 2]) {
    if before == now {
        return;
    }
    let (x, y) = (share(before[0], now[0]), share(before[1], now[1]));
    for vertex in &mut mesh.vertices {
        vertex.uv.x *= x;
        vertex.uv.y *= y;
    }
}

fn share(before: usize, now: usize) -> f32 {
    before as f32 / now.max(1) as f32
}
