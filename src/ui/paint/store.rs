//! What keeps meshes from frame to frame, so that they need not be copied for each: the graphics card, where the window is
//! drawn by one.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use egui::{Context, Id, Mesh, TextureId, Vec2};

/// Meshes over each other, the first one lowest.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The same one for as long as the meshes are the same, and gone when they are.
    pub stamp: Arc<()>,
    pub meshes: [Arc<Mesh>; 3],
    /// How much larger they are drawn than they were written, seen from the corner of the window.
    pub zoom: f32,
    /// How far to the right and downwards of there, in points.
    pub off: Vec2,
    /// By how much the texture of glyphs was larger when they were written, in both directions.
    pub stretch: Vec2,
}

impl Kept {
    /// By how much the places in its texture are to be stretched that a mesh of these names.
    pub fn stretch_of(&self, mesh: &Mesh) -> Vec2 {
        if mesh.texture_id == TextureId::default() { self.stretch } else { Vec2::splat(1.0) }
    }
}

/// Keeps meshes where they are drawn.
pub trait Store: fmt::Debug + Send + Sync {
    /// What draws them, as the toolkit's renderer takes it for a callback; nothing where that has failed, and they are
    /// better handed on frame by frame.
    fn draw(&self, kept: Kept) -> Option<Arc<dyn Any + Send + Sync>>;
}

/// Lets all that is painted from now on be kept.
pub fn keep_in(ctx: &Context, store: Arc<dyn Store>) {
    ctx.data_mut(|it| it.insert_temp(id(), store));
}

pub(super) fn of(ctx: &Context) -> Option<Arc<dyn Store>> {
    ctx.data(|it| it.get_temp(id()))
}

fn id() -> Id {
    Id::unique("store of meshes")
}
