//! The painter: a display list to egui's triangles.
//!
//! [`Painting::paint`] writes the whole list into the meshes of a sheet, in its order and in screen space: texts are
//! laid out at the size that they have on the screen, and so stay crisp at every zoom without a layer that scales. What is
//! laid out once (texts, icons) is kept from frame to frame; a frame copies it to its place. A picture that has not changed
//! is shown again by [`Painting::repeat`]: where a [`Store`] keeps meshes that costs nothing, else egui's copy of it. Of one
//! that is only moved, [`Painting::slide`] paints what has come into view, in sheets of its own.

mod ahead;
mod atlas;
mod camera;
mod dashes;
mod lines;
mod pen;
mod rects;
mod sheet;
mod store;
mod texts;

use egui::{Painter, Vec2};

pub use camera::Camera;
pub use store::{Kept, Store, keep_in};

use crate::scene::{self, Item, Layer, Shape as Part, Sink};

use ahead::Ahead;
use pen::{Pen, Scratch};
use sheet::Sheet;
use texts::Texts;

/// Paints what `list` hands on as a camera sees it, once. What is shown frame after frame has a [`Painting`].
pub fn paint(painter: &Painter, camera: &Camera, list: impl FnOnce(&mut Sink<'_>)) {
    Painting::default().paint(painter, camera, false, list);
}

/// From so many times the corners on that it had when all of it was in view, a picture that was moved is painted anew rather
/// than carried about; of few corners it is not worth it.
const MOST: usize = 4;
const FEW: usize = 50_000;
/// And at the latest when it has come to so many sheets.
const SHEETS: usize = 512;

/// A picture on the screen, and what makes the next one cheap.
#[derive(Debug, Default)]
pub struct Painting {
    /// They do not overlap.
    sheets: Vec<Sheet>,
    ahead: Ahead,
    /// How it was seen when the first of them was painted, and how far it was moved since.
    camera: Option<Camera>,
    moved: Vec2,
    /// How many corners it had then.
    painted: usize,
    /// Whether they hold all there is, and nothing comes into view wherever they are moved.
    holds_all: bool,
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
        (self.camera, self.moved, self.holds_all) = (Some(*camera), Vec2::ZERO, false);
        self.sheets.truncate(1);
        let mut sheet = self.sheets.pop().unwrap_or_default();
        self.write(&mut sheet, painter, camera, list);
        self.ahead = Ahead::of(sheet.area);
        self.sheets.push(sheet);
        self.painted = self.corners();
        self.show(painter);
    }

    /// Paints a sheet of what lies within the clip.
    fn write(
        &mut self,
        sheet: &mut Sheet,
        painter: &Painter,
        camera: &Camera,
        list: impl FnOnce(&mut Sink<'_>),
    ) {
        sheet.area = painter.clip_rect();
        // Texts that are laid out on the way may let it grow.
        let texture = painter.fonts(|it| it.font_image_size());
        let [below, dashed, above] = sheet.emptied(texture, dashes::texture(painter.ctx()).id());
        let mut above = Some(above);
        let mut pen = Pen::new((below, dashed), &mut self.scratch, painter, *camera);
        list(&mut |item: &Item<'_>| {
            if let Some(above) = above.take_if(|_| item.layer >= Layer::Flow) {
                pen.mesh = above;
            }
            match &item.shape {
                Part::Rect(it) => pen.rect(it, item.opacity),
                Part::Path(it) => pen.path(it, item.opacity),
                Part::Text(it) => self.texts.write(&mut pen, it, item.opacity, texture),
                Part::Icon(it) => pen.icon(it, item.opacity),
            }
        });
    }

    /// How many corners the triangles of the last picture have.
    pub fn corners(&self) -> usize {
        self.sheets.iter().map(Sheet::corners).sum()
    }

    /// Says that all there is was in view when it was painted: nothing can come into view that is not in the picture.
    pub fn holds_all(&mut self) {
        self.holds_all = true;
    }

    /// Shows the last picture again, where it was. Returns whether it could: it cannot once the glyphs have moved.
    pub fn repeat(&mut self, painter: &Painter) -> bool {
        let stands = self.texts.still_stand(painter);
        if stands {
            self.show(painter);
        }
        stands
    }

    /// Shows the last picture elsewhere, by whole pixels, and paints what comes into view by that: what `list` hands on of
    /// a part of the world. Returns whether it could, and whether that is better than to paint all anew.
    pub fn slide(
        &mut self,
        painter: &Painter,
        by: Vec2,
        list: &mut dyn FnMut(scene::Rect, &mut Sink<'_>),
    ) -> bool {
        let Some(camera) = self.camera.filter(|_| self.texts.still_stand(painter)) else { return false };
        let clip = painter.clip_rect();
        let mut ahead = self.ahead.clone();
        ahead.shift(by);
        let is_much = self.sheets.len() > SHEETS || self.corners() > MOST * self.painted.max(FEW);
        if !self.holds_all && (is_much || !ahead.meets(clip)) {
            return false;
        }
        self.moved += by;
        for sheet in &mut self.sheets {
            sheet.shift(by);
        }
        let parts = if self.holds_all { Vec::new() } else { ahead.next(clip, by) };
        if !parts.is_empty() {
            let kept = ahead.kept();
            self.sheets.iter_mut().for_each(|it| it.area = it.area.intersect(kept));
            self.sheets.retain(|it| it.area.is_positive());
        }
        self.ahead = ahead;
        let off = self.moved / camera.zoom;
        let camera = Camera { corner: camera.corner - scene::Pos::new(off.x, off.y), ..camera };
        for area in parts {
            let mut sheet = Sheet::default();
            let seen = Camera { screen: area, corner: camera.to_world(area.min), ..camera }.viewport();
            let mut painter = painter.clone();
            painter.set_clip_rect(area);
            self.write(&mut sheet, &painter, &camera, |out| list(seen, out));
            self.sheets.push(sheet);
        }
        self.show(painter);
        true
    }

    fn show(&mut self, painter: &Painter) {
        let texture = painter.fonts(|it| it.font_image_size());
        let store = store::of(painter.ctx());
        for sheet in &mut self.sheets {
            sheet.show(painter, store.as_ref(), texture, self.holds_all);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::any::Any;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use egui::epaint::{ClippedPrimitive, Primitive};
    use egui::{Color32, Context, Mesh, Pos2, RawInput, Rect};
    use proptest::prelude::*;

    use super::ahead::AHEAD;
    use super::*;
    use crate::scene::{Fill, PathShape, Pos, RectShape, Stroke};
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

    /// Cards and lines, dashed ones too, of which the window shows a small part.
    fn crowd(out: &mut Sink<'_>) {
        fn item(shape: Part<'_>, layer: Layer) -> Item<'_> {
            Item { shape, layer, opacity: 1.0, element: None }
        }
        for n in 0..60_i16 {
            let (x, y) = (f32::from(n % 10 * 190) - 800.0, f32::from(n / 10 * 150) - 300.0);
            let points = [(x, y), (x, y + 95.0), (x + 333.0, y + 95.0)].map(|it| Pos::new(it.0, it.1));
            let line = Stroke::of(Ink::Flow, 1.5);
            let stroke = if n % 2 == 0 { line } else { line.dashed([4.0, 3.0]) };
            let shape = PathShape { points: &points, radius: 6.0, stroke, head: 8.0, tail: 0.0 };
            out(&item(Part::Path(shape), Layer::Flow));
        }
        for n in 0..60_i16 {
            let (x, y) = (f32::from(n % 10 * 190) - 800.0, f32::from(n / 10 * 150) - 300.0);
            let (fill, stroke) = (Some(Fill::of(Ink::Card)), Some(Stroke::of(Ink::CardLine, 1.0)));
            let rect = scene::Rect::new(x, y, 160.0, 56.0);
            let shape = RectShape { rect, radius: 10.0, fill, stroke, shadow: 6.0 };
            out(&item(Part::Rect(shape), Layer::Card));
        }
    }

    /// Keeps what it is given, to be looked at.
    #[derive(Debug)]
    struct Shelf;

    impl Store for Shelf {
        fn draw(&self, kept: Kept) -> Option<Arc<dyn Any + Send + Sync>> {
            Some(Arc::new(kept))
        }
    }

    fn drawn(kept: Option<&Kept>) -> impl Iterator<Item = Mesh> {
        let moved = |of: &Kept, mesh: &Mesh| {
            let mut mesh = mesh.clone();
            mesh.translate(of.off);
            mesh
        };
        kept.into_iter().flat_map(move |of| of.meshes.iter().map(move |mesh| moved(of, mesh)))
    }

    /// Points between two cells of the grid that is looked at.
    const CELL: f32 = 6.0;

    /// How much of the screen is covered by what, as far as that can be told without a renderer: of each pixel of a coarse
    /// grid, the colours of the triangles over its middle.
    fn looked_at(primitives: &[ClippedPrimitive], screen: Rect) -> BTreeMap<[i32; 2], Vec<Color32>> {
        let cell = |at: Pos2| [at.x, at.y].map(|it| (it / CELL).floor() as i32);
        let mut all = BTreeMap::<[i32; 2], Vec<Color32>>::new();
        let meshes = primitives.iter().flat_map(|it| match &it.primitive {
            Primitive::Mesh(mesh) => vec![(it, mesh.clone())],
            Primitive::Callback(of) => drawn(of.callback.downcast_ref()).map(|mesh| (it, mesh)).collect(),
        });
        for (it, mesh) in meshes {
            for of in mesh.indices.chunks(3) {
                let [a, b, c] = [0, 1, 2].map(|n| mesh.vertices[of[n] as usize]);
                let around =
                    Rect::from_points(&[a.pos, b.pos, c.pos]).intersect(it.clip_rect.intersect(screen));
                let colour = [a.color, b.color, c.color].into_iter().max_by_key(|it| it.to_array());
                let [low, high] = [cell(around.min), cell(around.max)];
                for (row, column) in (low[1]..=high[1]).flat_map(|y| (low[0]..=high[0]).map(move |x| (y, x)))
                {
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_picture_that_was_moved_is_the_picture_painted_there(
            steps in prop::collection::vec((-90_i16..=90, -90_i16..=90), 1..12),
            is_kept: bool,
        ) {
            let ctx = Context::default();
            theme::install(&ctx);
            if is_kept {
                keep_in(&ctx, Arc::new(Shelf));
            }
            let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(500.0, 400.0));
            let mut camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
            let frame = |paint: &mut dyn FnMut(&Painter)| {
                let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
                let mut output = ctx.run_ui(input, |ui| paint(ui.painter()));
                output.textures_delta.clear();
                looked_at(&ctx.tessellate(output.shapes, 1.0), screen)
            };
            let mut moved = Painting::default();
            frame(&mut |painter| moved.paint(painter, &camera, false, crowd));
            for (x, y) in steps {
                let by = Vec2::new(f32::from(x), f32::from(y));
                camera.corner = camera.corner - Pos::new(by.x, by.y);
                let mut parts = Vec::new();
                let slid = frame(&mut |painter| {
                    if !moved.slide(painter, by, &mut |part, out| { parts.push(part); crowd(out); }) {
                        moved.paint(painter, &camera, false, crowd);
                    }
                });
                let anew = frame(&mut |painter| Painting::default().paint(painter, &camera, false, crowd));
                prop_assert_eq!(slid, anew);
                prop_assert!(parts.iter().all(|it| camera.viewport().grown(5.0 * AHEAD + 1.0).contains_rect(it)));
            }
        }
    }

    #[test]
    fn little_is_painted_where_a_picture_is_moved_a_little() {
        let ctx = Context::default();
        theme::install(&ctx);
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(2000.0, 1000.0));
        let camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
        let frame = |paint: &mut dyn FnMut(&Painter)| {
            let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
            ctx.run_ui(input, |ui| paint(ui.painter())).textures_delta.clear();
        };
        let mut painting = Painting::default();
        frame(&mut |painter| painting.paint(painter, &camera, false, list));
        let (mut painted, mut anew) = (Vec::new(), 0);
        for _ in 0..256 {
            frame(&mut |painter| {
                let by = Vec2::new(-16.0, 0.0);
                if !painting.slide(painter, by, &mut |part, _| painted.push(part)) {
                    painting.paint(painter, &camera, false, list);
                    anew += 1;
                }
            });
        }
        let wide: f32 = painted.iter().map(|it| it.width() * it.height() / screen.height()).sum();
        assert!(wide <= 256.0 * 16.0 + 2.0 * AHEAD, "{wide}");
        assert_eq!(anew, 0, "sheets that are out of view are dropped");
        let far = &mut |painter: &Painter| {
            assert!(
                !painting.slide(painter, Vec2::new(9_000.0, 0.0), &mut |_, _| ()),
                "nothing of it is in view"
            );
        };
        frame(far);
        frame(&mut |painter| painting.paint(painter, &camera, false, list));
        painting.holds_all();
        frame(&mut |painter| {
            assert!(painting.slide(painter, Vec2::new(5_000.0, 0.0), &mut |_, _| panic!("it holds all")));
        });
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
            prop_assert!((area(painting.sheets[0].meshes()[2]) - (long + 1.0)).abs() < 0.01);
            prop_assert_eq!(painting.corners(), 2 * points.len());
        }
    }
}
