//! A sheet: what was painted of a part of the screen, and moves with the picture.

use std::sync::Arc;

use egui::{Mesh, PaintCallback, Painter, Rect, Shape, TextureId, Vec2};

use super::ahead::scaled;
use super::atlas::{self, Size};
use super::store::{Kept, Store};

/// Corners of a large mesh.
const LARGE: usize = 32_768;
/// From so many corners on it is worth while to keep a sheet.
const WORTH_KEEPING: usize = 1_024;

/// Three meshes over each other, in the space of the screen.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The part of the screen. Nothing is shown beyond it.
    pub(super) area: Rect,
    /// What lies below dashed lines: areas of boundaries, and the glow of evidence.
    below: Arc<Mesh>,
    dashed: Arc<Mesh>,
    above: Arc<Mesh>,
    /// How much larger they are to be shown than their corners lie, and how far from there.
    zoom: f32,
    off: Vec2,
    /// The size of the texture of glyphs that they were written for.
    texture: Size,
    /// Another one whenever their corners change.
    stamp: Arc<()>,
}

impl Default for Sheet {
    fn default() -> Self {
        Self {
            area: Rect::NOTHING,
            below: Arc::default(),
            dashed: Arc::default(),
            above: Arc::default(),
            zoom: 1.0,
            off: Vec2::ZERO,
            texture: [0; 2],
            stamp: Arc::default(),
        }
    }
}

impl Sheet {
    /// Lets nothing be in its meshes. They are to show an area of the screen, and to be written for a `texture` of glyphs;
    /// `dashes` is that of the second one.
    pub(super) fn empty(&mut self, area: Rect, texture: Size, dashes: TextureId) {
        (self.zoom, self.off, self.area) = (1.0, Vec2::ZERO, area);
        self.texture = texture;
        let [_, dashed, _] = [&mut self.below, &mut self.dashed, &mut self.above].map(emptied);
        dashed.texture_id = dashes;
    }

    /// Whatever keeps its meshes can let go of them.
    pub(super) fn put_away(&mut self) {
        self.stamp = Arc::default();
    }

    /// The meshes, to be written on, and the size of the texture that they are written for.
    pub(super) fn open(&mut self) -> ([&mut Mesh; 3], Size) {
        self.stamp = Arc::default();
        ([&mut self.below, &mut self.dashed, &mut self.above].map(Arc::make_mut), self.texture)
    }

    /// Is seen `zoom` times as large, then moved.
    pub(super) fn carry(&mut self, zoom: f32, by: Vec2) {
        self.area = scaled(self.area, zoom).translate(by);
        self.zoom *= zoom;
        self.off = self.off * zoom + by;
    }

    pub(super) fn meshes(&self) -> [&Mesh; 3] {
        [&self.below, &self.dashed, &self.above]
    }

    pub(super) fn corners(&self) -> usize {
        self.meshes().iter().map(|it| it.vertices.len()).sum()
    }

    /// Shows what is in view of it. `texture` is how large the texture of glyphs is now; beyond the area of one that
    /// `is_all` there is nothing, and what reaches out of it is cut off by the screen alone.
    pub(super) fn show(
        &mut self,
        painter: &Painter,
        store: Option<&Arc<dyn Store>>,
        texture: Size,
        is_all: bool,
    ) {
        let clip = if is_all { painter.clip_rect() } else { self.area.intersect(painter.clip_rect()) };
        let corners = self.corners();
        if !clip.is_positive() || corners == 0 {
            return;
        }
        let store = store.filter(|_| corners >= WORTH_KEEPING);
        if !store.is_some_and(|it| self.keep(&painter.with_clip_rect(clip), it, texture)) {
            self.hand_on(painter, clip, texture);
        }
    }

    /// Returns whether it could.
    fn keep(&self, painter: &Painter, store: &Arc<dyn Store>, texture: Size) -> bool {
        let kept = Kept {
            stamp: Arc::clone(&self.stamp),
            meshes: [&self.below, &self.dashed, &self.above].map(Arc::clone),
            zoom: self.zoom,
            off: self.off,
            stretch: atlas::stretch(self.texture, texture),
        };
        let rect = painter.ctx().viewport_rect();
        let Some(shape) = drawn(store, kept.clone(), rect) else { return false };
        let at = painter.add(shape);
        let (store, written) = (Arc::clone(store), self.texture);
        let again = move |now| {
            let kept = Kept { stretch: atlas::stretch(written, now), ..kept.clone() };
            drawn(&store, kept, rect).unwrap_or(Shape::Noop)
        };
        atlas::keep(painter, at, texture, Box::new(again));
        true
    }

    fn hand_on(&mut self, painter: &Painter, clip: Rect, texture: Size) {
        self.settle(texture);
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

    /// Lets the corners lie where they are shown, and name the glyphs of a texture of that size.
    fn settle(&mut self, texture: Size) {
        if (self.zoom, self.off) != (1.0, Vec2::ZERO) {
            for mesh in [&mut self.below, &mut self.dashed, &mut self.above] {
                for vertex in &mut Arc::make_mut(mesh).vertices {
                    vertex.pos = (vertex.pos.to_vec2() * self.zoom + self.off).to_pos2();
                }
            }
            (self.zoom, self.off, self.stamp) = (1.0, Vec2::ZERO, Arc::default());
        }
        if self.texture != texture {
            atlas::fit(Arc::make_mut(&mut self.below), self.texture, texture);
            atlas::fit(Arc::make_mut(&mut self.above), self.texture, texture);
            (self.texture, self.stamp) = (texture, Arc::default());
        }
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

fn drawn(store: &Arc<dyn Store>, kept: Kept, rect: Rect) -> Option<Shape> {
    store.draw(kept).map(|callback| Shape::Callback(PaintCallback { rect, callback }))
}

fn show_glyphs(painter: &Painter, mesh: &Arc<Mesh>, texture: Size) {
    if mesh.is_empty() {
        return;
    }
    let at = painter.add(Shape::Mesh(Arc::clone(mesh)));
    let mesh = Arc::clone(mesh);
    let again = move |now| {
        let mut mesh = Mesh::clone(&mesh);
        atlas::fit(&mut mesh, texture, now);
        Shape::mesh(mesh)
    };
    atlas::keep(painter, at, texture, Box::new(again));
}
