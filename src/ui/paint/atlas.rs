//! Keeps glyphs in their place when their texture grows after they were written.
//!
//! A mesh names a glyph by its share of the texture's height. Whatever is laid out later in the same frame, a tooltip
//! say, may double that height; then, at the end of the frame, the meshes written before are set right.

use std::sync::{Arc, Mutex, PoisonError};

use egui::layers::ShapeIdx;
use egui::{Id, LayerId, Mesh, Painter, Rect, Shape, Ui, Vec2};

/// How large the texture of glyphs is, in pixels.
pub(super) type Size = [usize; 2];

type Again = Box<dyn Fn(Size) -> Shape + Send + Sync>;

/// A shape of this frame.
struct Written {
    layer: LayerId,
    at: ShapeIdx,
    clip: Rect,
    texture: Size,
    again: Again,
}

type Frame = Arc<Mutex<Vec<Written>>>;

/// Sees to it that a shape is right at the end of the frame: `again` makes it for another size of the texture.
pub(super) fn keep(painter: &Painter, at: ShapeIdx, texture: Size, again: Again) {
    let id = Id::unique("shapes with glyphs");
    let known: Option<Frame> = painter.ctx().data(|it| it.get_temp(id));
    let frame = known.unwrap_or_else(|| {
        let frame = Frame::default();
        painter.ctx().data_mut(|it| it.insert_temp(id, Arc::clone(&frame)));
        let of_callback = Arc::clone(&frame);
        painter.ctx().on_end_pass("shapes with glyphs", Arc::new(move |ui| set_right(ui, &of_callback)));
        frame
    });
    let (layer, clip) = (painter.layer_id(), painter.clip_rect());
    let mut frame = frame.lock().unwrap_or_else(PoisonError::into_inner);
    frame.push(Written { layer, at, clip, texture, again });
}

fn set_right(ui: &Ui, frame: &Frame) {
    let mut frame = frame.lock().unwrap_or_else(PoisonError::into_inner);
    let now = ui.fonts(|it| it.font_image_size());
    for written in frame.drain(..).filter(|it| it.texture != now) {
        ui.ctx().graphics_mut(|it| {
            it.entry(written.layer).set(written.at, written.clip, (written.again)(now));
        });
    }
}

/// Lets a mesh that was written for a texture of one size name the same glyphs in one of another.
pub(super) fn fit(mesh: &mut Mesh, before: Size, now: Size) {
    let stretch = stretch(before, now);
    for vertex in &mut mesh.vertices {
        vertex.uv = (vertex.uv.to_vec2() * stretch).to_pos2();
    }
}

/// By how much that stretches its places in the texture.
pub(super) fn stretch(before: Size, now: Size) -> Vec2 {
    let share = |n: usize| before[n] as f32 / now[n].max(1) as f32;
    Vec2::new(share(0), share(1))
}
