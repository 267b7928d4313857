//! The painter: a display list to egui's triangles.
//!
//! [`Painting::paint`] writes the whole list into one mesh, in its order and in screen space: texts are laid out at the
//! size that they have on the screen, and so stay crisp at every zoom without a layer that scales. What is laid out once
//! (texts, icons) is kept from frame to frame; a frame copies it to its place. A picture that has not changed is shown
//! again by [`Painting::repeat`], which costs no more than egui's copy of it.

mod atlas;
mod camera;
mod lines;
mod pen;
mod rects;
mod texts;

use std::sync::Arc;

use egui::{Mesh, Painter, Shape, Vec2};

pub use camera::Camera;

use crate::scene::{Item, Shape as Part, Sink};

use pen::{Pen, Scratch};
use texts::Texts;

/// Paints what `list` hands on as a camera sees it, once. What is shown frame after frame has a [`Painting`].
pub fn paint(painter: &Painter, camera: &Camera, list: impl FnOnce(&mut Sink<'_>)) {
    Painting::default().paint(painter, camera, false, list);
}

/// A picture on the screen, and what makes the next one cheap.
#[derive(Debug, Default)]
pub struct Painting {
    mesh: Arc<Mesh>,
    /// The size of the texture of glyphs that the mesh was written for.
    texture: [usize; 2],
    scratch: Scratch,
    texts: Texts,
}

impl Painting {
    /// Paints what `list` hands on.
    ///
    /// While `is_zooming`, texts may be stretched instead of laid out anew for each step on the way.
    pub fn paint(
        &mut self,
        painter: &Painter,
        camera: &Camera,
        is_zooming: bool,
        list: impl FnOnce(&mut Sink<'_>),
    ) {
        self.texts.begin(painter, camera.zoom, is_zooming);
        // Whoever still holds the last picture keeps it.
        if Arc::get_mut(&mut self.mesh).is_none() {
            self.mesh = Arc::default();
        }
        let Some(mesh) = Arc::get_mut(&mut self.mesh) else { return };
        // Not `Mesh::clear`, which gives the room back.
        mesh.vertices.clear();
        mesh.indices.clear();
        let before = painter.fonts(|it| it.font_image_size());
        let mut pen = Pen::new(mesh, &mut self.scratch, painter, *camera);
        list(&mut |item: &Item<'_>| match &item.shape {
            Part::Rect(it) => pen.rect(it, item.opacity),
            Part::Path(it) => pen.path(it, item.opacity),
            Part::Text(it) => self.texts.write(&mut pen, it, item.opacity, before),
            Part::Icon(it) => pen.icon(it, item.opacity),
        });
        self.texture = painter.fonts(|it| it.font_image_size());
        // Texts that were laid out on the way may have let the texture grow.
        atlas::fit(mesh, before, self.texture);
        self.show(painter);
    }

    /// How many corners the triangles of the last picture have.
    pub fn corners(&self) -> usize {
        self.mesh.vertices.len()
    }

    /// Shows the last picture again, where it was. Returns whether it could: it cannot once the glyphs have moved.
    pub fn repeat(&mut self, painter: &Painter) -> bool {
        let texture = painter.fonts(|it| it.font_image_size());
        if !self.texts.still_stand(painter) || texture != self.texture {
            return false;
        }
        self.show(painter);
        true
    }

    /// Shows the last picture elsewhere, by whole pixels. Returns whether it could. Nothing comes into view by it that was
    /// not in the picture.
    pub fn shift(&mut self, painter: &Painter, by: Vec2) -> bool {
        let texture = painter.fonts(|it| it.font_image_size());
        if !self.texts.still_stand(painter) || texture != self.texture {
            return false;
        }
        let Some(mesh) = Arc::get_mut(&mut self.mesh) else { return false };
        for vertex in &mut mesh.vertices {
            vertex.pos += by;
        }
        self.show(painter);
        true
    }

    fn show(&self, painter: &Painter) {
        if self.mesh.is_empty() {
            return;
        }
        // A large one has another clip than what lies below and above, by a row of pixels: so egui copies it to memory
        // of its own. In one piece with others it would be copied once more, into twice the room, for the next of them.
        let mut clip = painter.clip_rect();
        if self.mesh.vertices.len() > LARGE {
            clip.max.y -= 1.0 / painter.pixels_per_point();
        }
        let painter = painter.with_clip_rect(clip);
        let at = painter.add(Shape::Mesh(Arc::clone(&self.mesh)));
        atlas::keep(&painter, at, &self.mesh, self.texture);
    }
}

/// Corners of a large picture.
const LARGE: usize = 32_768;

#[cfg(test)]
mod tests {
    use egui::{Context, Pos2, RawInput, Rect};
    use proptest::prelude::*;

    use super::*;
    use crate::scene::{self, Fill, Layer, PathShape, Pos, RectShape, Stroke};
    use crate::tokens::Ink;
    use crate::ui::theme;

    fn list(out: &mut Sink<'_>) {
        let mut item = |shape| out(&Item { shape, layer: Layer::Card, opacity: 1.0, element: None });
        let rect = scene::Rect::new(100.0, 80.0, 160.0, 56.0);
        let (fill, stroke) = (Some(Fill::of(Ink::Card)), Some(Stroke::of(Ink::CardLine, 1.0)));
        item(Part::Rect(RectShape { rect, radius: 10.0, fill, stroke, shadow: 6.0 }));
        let points = [(40.0, 40.0), (40.0, 108.0), (100.0, 108.0)].map(|it| Pos::new(it.0, it.1));
        item(Part::Path(PathShape {
            points: &points,
            radius: 0.0,
            stroke: Stroke::of(Ink::Flow, 1.0),
            head: 0.0,
            tail: 0.0,
        }));
    }

    #[test]
    fn a_shifted_picture_is_the_picture_elsewhere() {
        let ctx = Context::default();
        theme::install(&ctx);
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0));
        let camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
        let there = Camera { corner: Pos::new(-30.0, 20.0), ..camera };
        let (mut shifted, mut anew) = (Painting::default(), Painting::default());
        let frame = |paint: &mut dyn FnMut(&Painter)| {
            let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
            ctx.run_ui(input, |ui| paint(ui.painter())).textures_delta.clear();
        };
        frame(&mut |painter| shifted.paint(painter, &camera, false, list));
        frame(&mut |painter| assert!(shifted.shift(painter, Vec2::new(30.0, -20.0))));
        frame(&mut |painter| anew.paint(painter, &there, false, list));
        assert_eq!(shifted.mesh.vertices.len(), anew.mesh.vertices.len());
        let far = shifted.mesh.vertices.iter().zip(&anew.mesh.vertices).map(|it| it.0.pos.distance(it.1.pos));
        assert!(far.fold(0.0, f32::max) < 0.01);
        assert!(anew.mesh.vertices.len() > 20);
    }

    /// A line of level and upright pieces by turns, each some pixels long.
    fn staircase(steps: &[i8]) -> Vec<Pos> {
        let mut at = Pos::new(400.0, 300.0);
        let mut points = vec![at];
        for (n, step) in steps.iter().enumerate() {
            let by = f32::from(*step);
            at = if n % 2 == 0 { Pos::new(at.x + by, at.y) } else { Pos::new(at.x, at.y + by) };
            points.push(at);
        }
        points
    }

    fn area(mesh: &Mesh) -> f32 {
        let corner = |it: &u32| mesh.vertices[*it as usize].pos;
        let of = |it: &[u32]| {
            let [a, b, c] = [corner(&it[0]), corner(&it[1]), corner(&it[2])];
            ((b - a).x * (c - a).y - (b - a).y * (c - a).x).abs() / 2.0
        };
        mesh.indices.chunks(3).map(of).sum()
    }

    proptest! {
        /// As wide as it should be everywhere, with square ends, and nowhere twice.
        #[test]
        fn a_thin_line_is_one_band(steps in prop::collection::vec(prop_oneof![-40_i8..=-3, 3_i8..=40], 1..8)) {
            let ctx = Context::default();
            theme::install(&ctx);
            let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0));
            let camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
            let points = staircase(&steps);
            let stroke = Stroke::of(Ink::Flow, 1.0);
            let path = PathShape { points: &points, radius: 0.0, stroke, head: 0.0, tail: 0.0 };
            let item = Item { shape: Part::Path(path), layer: Layer::Flow, opacity: 1.0, element: None };
            let mut painting = Painting::default();
            let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
            let paint = |ui: &mut egui::Ui| painting.paint(ui.painter(), &camera, false, |out| out(&item));
            ctx.run_ui(input, paint).textures_delta.clear();
            let long: f32 = steps.iter().map(|it| f32::from(it.abs())).sum();
            prop_assert!((area(&painting.mesh) - (long + 1.0)).abs() < 0.01);
            prop_assert_eq!(painting.corners(), 2 * points.len());
        }
    }
}
