//! A sheet: what was painted of a part of the screen, and moves with the picture.

use std::sync::Arc;

use egui::{Mesh, Painter, Rect, Shape, TextureId, Vec2};

use super::atlas;

/// Corners of a large mesh.
const LARGE: usize = 32_768;

/// Three meshes over each other, in the space of the screen.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The part of the screen. Nothing is shown beyond it.
    pub(super) area: Rect,
    /// What lies below dashed lines: areas of boundaries, and the glow of evidence.
    below: Arc<Mesh>,
    dashed: Arc<Mesh>,
    above: Arc<Mesh>,
}

impl Default for Sheet {
    fn default() -> Self {
        Self { area: Rect::NOTHING, below: Arc::default(), dashed: Arc::default(), above: Arc::default() }
    }
}

impl Sheet {
    /// The meshes, with nothing in them, to be written. `dashes` is the texture of the second one.
    pub(super) fn emptied(&mut self, dashes: TextureId) -> [&mut Mesh; 3] {
        let [below, dashed, above] = [&mut self.below, &mut self.dashed, &mut self.above].map(emptied);
        dashed.texture_id = dashes;
        [below, dashed, above]
    }

    /// Lets it name the same glyphs after their texture has grown.
    pub(super) fn fit(&mut self, before: [usize; 2], now: [usize; 2]) {
        if before != now {
            atlas::fit(Arc::make_mut(&mut self.below), before, now);
            atlas::fit(Arc::make_mut(&mut self.above), before, now);
        }
    }

    pub(super) fn shift(&mut self, by: Vec2) {
        self.area = self.area.translate(by);
        for mesh in [&mut self.below, &mut self.dashed, &mut self.above] {
            for vertex in &mut Arc::make_mut(mesh).vertices {
                vertex.pos += by;
            }
        }
    }

    pub(super) fn meshes(&self) -> [&Mesh; 3] {
        [&self.below, &self.dashed, &self.above]
    }

    /// Shows what is in view of it. `texture` is how large the texture of glyphs is now; beyond the area of one that
    /// `is_all` there is nothing, and what reaches out of it is cut off by the screen alone.
    pub(super) fn show(&self, painter: &Painter, texture: [usize; 2], is_all: bool) {
        let clip = if is_all { painter.clip_rect() } else { self.area.intersect(painter.clip_rect()) };
        if !clip.is_positive() {
            return;
        }
        // A large mesh that lies at the lower end has another clip than what lies below and above, by a row of pixels: so
        // egui copies it to memory of its own. In one piece with others it would be copied once more, into twice the room,
        // for the next of them.
        let is_lowest = clip.max.y == painter.clip_rect().max.y;
        let shorter = clip.with_max_y(clip.max.y - 1.0 / painter.pixels_per_point());
        let clip_of = |it: &Mesh| if is_lowest && it.vertices.len() > LARGE { shorter } else { clip };
        show_glyphs(&painter.with_clip_rect(clip_of(&self.below)), &self.below, texture);
        if !self.dashed.is_empty() {
            painter.with_clip_rect(clip).add(Shape::Mesh(Arc::clone(&self.dashed)));
        }
        show_glyphs(&painter.with_clip_rect(clip_of(&self.above)), &self.above, texture);
    }
}

/// A mesh with nothing in it. Whoever still holds the last picture keeps it.
fn emptied(mesh: &mut Arc<Mesh>) -> &mut Mesh {
    if Arc::get_mut(mesh).is_none() {
        *mesh = Arc::default();
    }
    let mesh = Arc::make_mut(mesh);
    // Not `Mesh::clear`, which gives the room back.
    mesh.vertices.clear();
    mesh.indices.clear();
    mesh
}

fn show_glyphs(painter: &Painter, mesh: &Arc<Mesh>, texture: [usize; 2]) {
    if mesh.is_empty() {
        return;
    }
    let at = painter.add(Shape::Mesh(Arc::clone(mesh)));
    atlas::keep(painter, at, mesh, texture);
}
