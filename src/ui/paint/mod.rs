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
#[cfg(test)]
pub(crate) mod eyes;
mod lines;
mod pen;
mod rects;
mod sheet;
mod store;
mod texts;

use egui::{Painter, Pos2, Rect, Vec2};

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

/// Hands on what is to be painted of a part of the world.
pub type List<'l> = dyn FnMut(scene::Rect, &mut Sink<'_>) + 'l;

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
    /// How it was seen when the first of them was painted or it was last zoomed, and how far it was moved since.
    camera: Option<Camera>,
    moved: Vec2,
    /// How many corners it had when it was painted.
    painted: usize,
    /// Whether they hold all there is, and nothing comes into view wherever they are moved.
    holds_all: bool,
    /// Whether it is seen other than it was painted, pixel by pixel.
    is_blurred: bool,
    /// The next one, while it is painted piece by piece.
    coming: Option<Coming>,
    /// What no picture shows any more, with the room that it takes.
    spare: Sheet,
    scratch: Scratch,
    texts: Texts,
}

/// A picture of which a part is painted.
#[derive(Debug)]
struct Coming {
    camera: Camera,
    sheet: Sheet,
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
        self.begin(painter, camera, is_zooming);
        self.go_on(painter, |out| {
            list(out);
            true
        });
        self.show(painter);
    }

    /// Begins the next picture. [`go_on`](Self::go_on) paints it, and until that is done the last one can be shown.
    pub fn begin(&mut self, painter: &Painter, camera: &Camera, is_zooming: bool) {
        self.texts.begin(painter, camera.zoom, is_zooming);
        let given_up = self.coming.take().map(|it| it.sheet);
        let mut sheet = given_up.unwrap_or_else(|| std::mem::take(&mut self.spare));
        self.empty(&mut sheet, painter);
        self.coming = Some(Coming { camera: *camera, sheet });
    }

    /// Paints what `list` hands on next of a picture that was begun, and returns whether that was all of it: then it is the
    /// one that is shown from now on.
    pub fn go_on(&mut self, painter: &Painter, list: impl FnOnce(&mut Sink<'_>) -> bool) -> bool {
        let Some(mut coming) = self.coming.take() else { return false };
        let is_done = self.write(&mut coming.sheet, painter, &coming.camera, list);
        if is_done {
            self.replace(coming, painter.clip_rect());
        } else {
            self.coming = Some(coming);
        }
        is_done
    }

    fn replace(&mut self, by: Coming, screen: Rect) {
        let before = std::mem::replace(&mut self.sheets, vec![by.sheet]);
        self.spare = before.into_iter().next().unwrap_or_default();
        (self.camera, self.moved) = (Some(by.camera), Vec2::ZERO);
        (self.holds_all, self.is_blurred) = (false, false);
        self.ahead = Ahead::of(screen);
        self.painted = self.corners();
    }

    /// A sheet with nothing on it, of what lies within the clip.
    fn empty(&self, sheet: &mut Sheet, painter: &Painter) {
        // Texts that are laid out on the way may let it grow.
        let texture = painter.fonts(|it| it.font_image_size());
        sheet.empty(painter.clip_rect(), texture, dashes::texture(painter.ctx()).id());
    }

    fn write<R>(
        &mut self,
        sheet: &mut Sheet,
        painter: &Painter,
        camera: &Camera,
        list: impl FnOnce(&mut Sink<'_>) -> R,
    ) -> R {
        self.texts.aim(camera.zoom);
        let ([below, dashed, above], texture) = sheet.open();
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
        })
    }

    /// How many corners the triangles of the last picture have.
    pub fn corners(&self) -> usize {
        self.sheets.iter().map(Sheet::corners).sum()
    }

    /// Says that all there is was in view when it was painted: nothing can come into view that is not in the picture.
    pub fn holds_all(&mut self) {
        self.holds_all = true;
    }

    /// Whether all of it is as sharp as the screen can show it. While one zooms, texts need not be.
    pub fn is_sharp(&self, is_zooming: bool) -> bool {
        let is_stretched = || self.camera.is_some_and(|it| self.texts.are_stretched(it.zoom));
        !self.is_blurred && (is_zooming || !is_stretched())
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
    pub fn slide(&mut self, painter: &Painter, by: Vec2, list: &mut List<'_>) -> bool {
        if self.carried(painter, |it| it.shift(by)).is_none() {
            return false;
        }
        self.moved += by;
        self.sheets.iter_mut().for_each(|it| it.carry(1.0, by));
        self.extend(painter, by, list);
        self.show(painter);
        true
    }

    /// Shows the last picture as another camera sees it, coarse or blurred until the next one is painted for that, and
    /// paints what comes into view, as [`slide`](Self::slide) does. Returns what it painted, in square points; nothing if
    /// it could not, or it is better to paint all anew.
    pub fn carry(&mut self, painter: &Painter, camera: &Camera, list: &mut List<'_>) -> Option<f32> {
        let before = self.seen()?;
        let zoom = camera.zoom / before.zoom;
        let by = camera.to_screen(before.to_world(Pos2::ZERO)).to_vec2();
        self.carried(painter, |it| it.zoom(zoom, by))?;
        (self.camera, self.moved) = (Some(*camera), Vec2::ZERO);
        let pixels = by * painter.pixels_per_point();
        self.is_blurred |= zoom != 1.0 || pixels.round() != pixels;
        let held = self.ahead.kept();
        for sheet in &mut self.sheets {
            sheet.carry(zoom, by);
            if !self.holds_all {
                sheet.area = sheet.area.intersect(held);
            }
        }
        let painted = self.extend(painter, Vec2::ZERO, list);
        self.show(painter);
        Some(painted)
    }

    /// How it is seen.
    fn seen(&self) -> Option<Camera> {
        let camera = self.camera?;
        let off = self.moved / camera.zoom;
        Some(Camera { corner: camera.corner - scene::Pos::new(off.x, off.y), ..camera })
    }

    /// Carries what is known of the painted parts, if the picture can be shown elsewhere.
    fn carried(&mut self, painter: &Painter, carry: impl FnOnce(&mut Ahead)) -> Option<()> {
        if self.camera.is_none() || !self.texts.still_stand(painter) {
            return None;
        }
        let mut ahead = self.ahead.clone();
        carry(&mut ahead);
        let is_much = self.sheets.len() > SHEETS || self.corners() > MOST * self.painted.max(FEW);
        if !self.holds_all && (is_much || !ahead.meets(painter.clip_rect())) {
            return None;
        }
        self.ahead = ahead;
        Some(())
    }

    /// Paints what comes into view after a move by so much. Returns how much that is, in square points.
    fn extend(&mut self, painter: &Painter, by: Vec2, list: &mut List<'_>) -> f32 {
        if self.holds_all {
            return 0.0;
        }
        let parts = self.ahead.next(painter.clip_rect(), by);
        if parts.is_empty() {
            return 0.0;
        }
        let kept = self.ahead.kept();
        self.sheets.iter_mut().for_each(|it| it.area = it.area.intersect(kept));
        self.sheets.retain(|it| it.area.is_positive());
        let Some(camera) = self.seen() else { return 0.0 };
        let painted = parts.iter().map(|it| it.area()).sum();
        for area in parts {
            let seen = Camera { screen: area, corner: camera.to_world(area.min), ..camera }.viewport();
            let (mut sheet, mut painter) = (Sheet::default(), painter.clone());
            painter.set_clip_rect(area);
            self.empty(&mut sheet, &painter);
            self.write(&mut sheet, &painter, &camera, |out| list(seen, out));
            self.sheets.push(sheet);
        }
        painted
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
    use std::sync::Arc;

    use egui::{Context, Mesh, Pos2, RawInput, Rect};
    use proptest::prelude::*;

    use super::ahead::AHEAD;
    use super::eyes::{CELL, Shelf, looked_at};
    use super::*;
    use crate::scene::{Anchor, Fill, PathShape, Pos, RectShape, Stroke, TextShape};
    use crate::tokens::{Face, Ink};
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
                prop_assert!(slid == anew);
                prop_assert!(parts.iter().all(|it| camera.viewport().grown(5.0 * AHEAD + 1.0).contains_rect(it)));
            }
        }
    }

    /// One of so many parts of the crowd, and whether it is the last.
    fn part(nth: usize, of: usize, out: &mut Sink<'_>) -> bool {
        let (mut at, from, to) = (0..120, (nth - 1) * 120 / of, nth * 120 / of);
        crowd(&mut |it| {
            if at.next().is_some_and(|it| (from..to).contains(&it)) {
                out(it);
            }
        });
        nth == of
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Zoomed and moved at will while the next one is painted piece by piece: no part of the screen is ever without
        /// its picture, and in the end it is the picture painted there at once.
        #[test]
        fn a_picture_that_was_painted_in_pieces_is_the_picture_painted_at_once(
            steps in prop::collection::vec((0.8_f32..1.25, -60_i16..=60, -60_i16..=60), 1..9),
            pieces in 1_usize..5,
            is_kept: bool,
            holds_all: bool,
        ) {
            let ctx = Context::default();
            theme::install(&ctx);
            if is_kept {
                keep_in(&ctx, Arc::new(Shelf));
            }
            let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(500.0, 400.0));
            let mut camera = if holds_all {
                Camera::showing(scene::Rect::new(-800.0, -300.0, 2300.0, 900.0), screen, 20.0, 1.0)
            } else {
                Camera { corner: Pos::ZERO, zoom: 0.5, screen }
            };
            let frame = |paint: &mut dyn FnMut(&Painter)| {
                let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
                let mut output = ctx.run_ui(input, |ui| paint(ui.painter()));
                output.textures_delta.clear();
                looked_at(&ctx.tessellate(output.shapes, 1.0), screen)
            };
            let mut moved = Painting::default();
            frame(&mut |painter| moved.paint(painter, &camera, false, crowd));
            if holds_all {
                moved.holds_all();
            }
            let mut done = pieces;
            for (zoom, x, y) in steps {
                let at = camera.to_world(Pos2::new(250.0, 200.0));
                camera.zoom *= zoom;
                let half = screen.size() / (2.0 * camera.zoom);
                camera.corner = Pos::new(at.x - half.x + f32::from(x), at.y - half.y + f32::from(y));
                let carried = frame(&mut |painter| {
                    if moved.carry(painter, &camera, &mut |_, out| crowd(out)).is_none() {
                        moved.paint(painter, &camera, true, crowd);
                        done = pieces;
                    }
                    if done == pieces {
                        moved.begin(painter, &camera, true);
                        done = 0;
                    }
                    done += 1;
                    assert_eq!(moved.go_on(painter, |out| part(done, pieces, out)), done == pieces);
                });
                let anew = frame(&mut |painter| Painting::default().paint(painter, &camera, false, crowd));
                // The middles of cards, where a line of a pixel more or less changes nothing.
                for n in 0..60_i16 {
                    let (x, y) = (f32::from(n % 10 * 190) - 720.0, f32::from(n / 10 * 150) - 272.0);
                    let at = camera.to_screen(Pos::new(x, y));
                    let cell = [at.y, at.x].map(|it| (it / CELL).floor() as i32);
                    if camera.zoom > 0.2 && screen.shrink(CELL).contains(at) {
                        prop_assert_eq!(carried.get(&cell).and_then(|it| it.last()), anew.get(&cell).and_then(|it| it.last()));
                    }
                }
            }
            frame(&mut |painter| moved.begin(painter, &camera, false));
            for done in 1..=pieces {
                frame(&mut |painter| {
                    moved.carry(painter, &camera, &mut |_, out| crowd(out));
                    assert_eq!(moved.go_on(painter, |out| part(done, pieces, out)), done == pieces);
                });
            }
            prop_assert!(moved.is_sharp(false));
            let in_pieces = frame(&mut |painter| assert!(moved.repeat(painter)));
            let anew = frame(&mut |painter| Painting::default().paint(painter, &camera, false, crowd));
            prop_assert!(in_pieces == anew);
        }
    }

    #[test]
    fn texts_are_stretched_while_one_zooms_and_sharp_afterwards() {
        let ctx = Context::default();
        theme::install(&ctx);
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(2000.0, 1000.0));
        let texts = |out: &mut Sink<'_>| {
            for n in 0..600_u16 {
                let shape = Part::Text(TextShape {
                    pos: Pos::new(f32::from(n % 30) * 60.0, f32::from(n / 30) * 40.0),
                    text: &format!("Name {n}"),
                    size: 13.0,
                    face: Face::Sans,
                    fill: Fill::of(Ink::Text),
                    anchor: Anchor::Start,
                });
                out(&Item { shape, layer: Layer::Card, opacity: 1.0, element: None });
            }
        };
        let mut painting = Painting::default();
        let mut paint = |zoom: f32, is_zooming: bool| {
            let camera = Camera { corner: Pos::ZERO, zoom, screen };
            let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
            let paint = |ui: &mut egui::Ui| painting.paint(ui.painter(), &camera, is_zooming, texts);
            ctx.run_ui(input, paint).textures_delta.clear();
            (painting.is_sharp(true), painting.is_sharp(false))
        };
        assert_eq!(paint(1.0, false), (true, true));
        assert_eq!(paint(1.0, true), (true, true));
        assert_eq!(paint(1.3, true), (true, false));
        assert_eq!(paint(1.3, false), (true, true));
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
