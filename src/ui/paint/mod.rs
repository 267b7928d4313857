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

use egui::{Painter, Rect, Vec2};

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
    /// Whether its texts were stretched when it was painted.
    is_stretched: bool,
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
    is_stretched: bool,
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
        empty(&mut sheet, painter);
        let is_stretched = self.texts.are_stretched(camera.zoom);
        self.coming = Some(Coming { camera: *camera, is_stretched, sheet });
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
        self.spare.put_away();
        (self.camera, self.moved) = (Some(by.camera), Vec2::ZERO);
        (self.holds_all, self.is_blurred, self.is_stretched) = (false, false, by.is_stretched);
        self.ahead = Ahead::of(screen);
        self.painted = self.corners();
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
        !self.is_blurred && (is_zooming || !self.is_stretched)
    }

    /// Shows the last picture again, where it was. Returns whether it could: it cannot once the glyphs have moved.
    pub fn repeat(&mut self, painter: &Painter) -> bool {
        let stands = self.still_stands(painter);
        if stands {
            self.show(painter);
        }
        stands
    }

    /// Whether there is a picture and its glyphs lie where they did; if not, it is no use any more.
    fn still_stands(&mut self, painter: &Painter) -> bool {
        if !self.texts.still_stand(painter) {
            (self.camera, self.coming) = (None, None);
        }
        self.camera.is_some()
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

    /// Lets the last picture be seen by another camera, coarse or blurred until the next one is painted for that, and
    /// paints what comes into view, as [`slide`](Self::slide) does. Returns what it painted, in square points; nothing if
    /// it could not, or it is better to paint all anew.
    pub fn carry(&mut self, painter: &Painter, camera: &Camera, list: &mut List<'_>) -> Option<f32> {
        let before = self.seen()?;
        let zoom = camera.zoom / before.zoom;
        // Nothing at all where nothing has moved.
        let (off, corner) = (before.corner - camera.corner, before.screen.min.to_vec2() * zoom);
        let by = camera.screen.min.to_vec2() - corner + Vec2::new(off.x, off.y) * camera.zoom;
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
        Some(self.extend(painter, Vec2::ZERO, list))
    }

    /// How it is seen.
    fn seen(&self) -> Option<Camera> {
        let camera = self.camera?;
        let off = self.moved / camera.zoom;
        Some(Camera { corner: camera.corner - scene::Pos::new(off.x, off.y), ..camera })
    }

    /// Carries what is known of the painted parts, if the picture can be shown elsewhere.
    fn carried(&mut self, painter: &Painter, carry: impl FnOnce(&mut Ahead)) -> Option<()> {
        if !self.still_stands(painter) {
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
            empty(&mut sheet, &painter);
            self.write(&mut sheet, &painter, &camera, |out| list(seen, out));
            self.sheets.push(sheet);
        }
        painted
    }

    /// Shows it where it is seen.
    pub fn show(&mut self, painter: &Painter) {
        let texture = painter.fonts(|it| it.font_image_size());
        let store = store::of(painter.ctx());
        for sheet in &mut self.sheets {
            sheet.show(painter, store.as_ref(), texture, self.holds_all);
        }
    }
}

/// Lets nothing be on a sheet, which is to show what lies within the clip.
fn empty(sheet: &mut Sheet, painter: &Painter) {
    // Texts that are laid out on the way may let it grow.
    let texture = painter.fonts(|it| it.font_image_size());
    sheet.empty(painter.clip_rect(), texture, dashes::texture(painter.ctx()).id());
}

#[cfg(test)]
mod tests;
