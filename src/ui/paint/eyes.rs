//! What a picture looks like, as far as that can be told without a renderer: for tests.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use egui::epaint::{ClippedPrimitive, Primitive};
use egui::{Color32, Mesh, Pos2, Rect};

use super::{Kept, Store};

/// Keeps what it is given, to be looked at.
#[derive(Debug)]
pub(crate) struct Shelf;

impl Store for Shelf {
    fn draw(&self, kept: Kept) -> Option<Arc<dyn Any + Send + Sync>> {
        Some(Arc::new(kept))
    }
}

fn drawn(kept: Option<&Kept>) -> impl Iterator<Item = Mesh> {
    let moved = |of: &Kept, mesh: &Mesh| {
        let mut mesh = mesh.clone();
        mesh.transform(egui::emath::TSTransform::new(of.off, of.zoom));
        mesh
    };
    kept.into_iter().flat_map(move |of| of.meshes.iter().map(move |mesh| moved(of, mesh)))
}

/// Points between two cells of the grid that is looked at.
pub(crate) const CELL: f32 = 6.0;

/// How much of the screen is covered by what, as far as that can be told without a renderer: of each pixel of a coarse
/// grid, the colours of the triangles over its middle.
pub(crate) fn looked_at(primitives: &[ClippedPrimitive], screen: Rect) -> BTreeMap<[i32; 2], Vec<Color32>> {
    let cell = |at: Pos2| [at.x, at.y].map(|it| (it / CELL).floor() as i32);
    let mut all = BTreeMap::<[i32; 2], Vec<Color32>>::new();
    let meshes = primitives.iter().flat_map(|it| match &it.primitive {
        Primitive::Mesh(mesh) => vec![(it, mesh.clone())],
        Primitive::Callback(of) => drawn(of.callback.downcast_ref()).map(|mesh| (it, mesh)).collect(),
    });
    for (it, mesh) in meshes {
        for of in mesh.indices.chunks(3) {
            let [a, b, c] = [0, 1, 2].map(|n| mesh.vertices[of[n] as usize]);
            let around = Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(it.clip_rect.intersect(screen));
            let colour = [a.color, b.color, c.color].into_iter().max_by_key(|it| it.to_array());
            let [low, high] = [cell(around.min), cell(around.max)];
            for (row, column) in (low[1]..=high[1]).flat_map(|y| (low[0]..=high[0]).map(move |x| (y, x))) {
                let at = Pos2::new(column as f32 + 0.47, row as f32 + 0.47) * CELL;
                let side = |a: Pos2, b: Pos2| (b - a).x * (at - a).y - (b - a).y * (at - a).x;
                let sides = [side(a.pos, b.pos), side(b.pos, c.pos), side(c.pos, a.pos)];
                let is_in = sides.iter().all(|it| *it > 0.0) || sides.iter().all(|it| *it < 0.0);
                if is_in && it.clip_rect.contains(at) {
                    all.entry([row, column]).or_default().extend(colour);
                }
            }
        }
    }
    all
}
