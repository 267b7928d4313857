//! Texts: laid out once for each step of zoom, then copied glyph by glyph to where they stand.
//!
//! Sizes go in steps of an eighth of a doubling, downwards, so that a text never outgrows the room that it was cut
//! for, the texture holds few sizes, and every glyph is as sharp as the screen can show it.

use std::sync::Arc;

use egui::epaint::Vertex;
use egui::text::LayoutJob;
use egui::{Color32, Galley, Painter, Pos2, Vec2};
use foldhash::{HashMap, HashMapExt as _};

use crate::scene::{Anchor, TextShape};
use crate::tokens::Face;
use crate::ui::theme;

use super::pen::Pen;

/// Steps of zoom to a doubling.
const STEPS: f32 = 8.0;
/// With more texts than this, zooming stretches them and lays them out anew once it rests.
const MANY: usize = 500;
/// For how many pictures a text is kept that none of them shows.
const KEPT: u32 = 240;

/// A text as it was laid out: its glyphs from the start of its base line.
#[derive(Debug)]
struct Written {
    vertices: Vec<Vertex>,
    indices: Vec<u32>,
    width: f32,
    seen: u32,
}

/// Texts of one face and size.
#[derive(Debug)]
struct Shelf {
    face: Face,
    size: f32,
    texts: HashMap<Box<str>, Written>,
}

/// All texts that were laid out for the zoom at hand.
#[derive(Debug, Default)]
pub(super) struct Texts {
    shelves: Vec<Shelf>,
    /// The step of zoom that they were laid out for.
    step: f32,
    /// How much they are stretched to the zoom at hand.
    stretch: f32,
    pixels_per_point: f32,
    /// A text that egui keeps while it is asked for: another one means that all glyphs have moved.
    probe: Option<Arc<Galley>>,
    picture: u32,
    /// How many texts the last picture showed.
    shown: usize,
}

impl Texts {
    pub(super) fn begin(&mut self, painter: &Painter, zoom: f32, is_zooming: bool) {
        let step = step_at(zoom);
        let waits = is_zooming && self.shown > MANY && self.step > 0.0;
        if !self.still_stand(painter) || (step != self.step && !waits) {
            self.shelves.clear();
            self.step = step;
        }
        self.picture = self.picture.wrapping_add(1);
        self.shown = 0;
        if self.picture.is_multiple_of(KEPT) {
            let now = self.picture;
            for shelf in &mut self.shelves {
                shelf.texts.retain(|_, it| now.wrapping_sub(it.seen) < KEPT);
            }
        }
    }

    /// What is written next is seen at that zoom, whatever texts were laid out for.
    pub(super) fn aim(&mut self, zoom: f32) {
        self.stretch = if self.are_stretched(zoom) { zoom / self.step } else { 1.0 };
    }

    /// Whether texts are laid out for another step of zoom than that one's.
    pub(super) fn are_stretched(&self, zoom: f32) -> bool {
        step_at(zoom) != self.step
    }

    /// Whether glyphs lie where they did when the texts were laid out; if not, all are forgotten.
    pub(super) fn still_stand(&mut self, painter: &Painter) -> bool {
        let font = theme::font(Face::Sans, 13.0);
        let probe = painter.layout_no_wrap("·".to_owned(), font, Color32::WHITE);
        let same = self.probe.as_ref().is_some_and(|it| Arc::ptr_eq(it, &probe))
            && self.pixels_per_point == painter.pixels_per_point();
        if !same {
            self.shelves.clear();
            self.probe = Some(probe);
            self.pixels_per_point = painter.pixels_per_point();
        }
        same
    }

    fn laid_out(&mut self, painter: &Painter, it: &TextShape<'_>) -> Option<&Written> {
        let (step, now) = (self.step, self.picture);
        let at = self.shelves.iter().position(|shelf| shelf.face == it.face && shelf.size == it.size);
        let at = at.unwrap_or_else(|| {
            self.shelves.push(Shelf { face: it.face, size: it.size, texts: HashMap::new() });
            self.shelves.len() - 1
        });
        let texts = &mut self.shelves[at].texts;
        if let Some(known) = texts.get_mut(it.text) {
            known.seen = now;
        } else {
            let font = theme::font(it.face, it.size * step);
            let job = LayoutJob::simple_singleline(it.text.to_owned(), font, Color32::WHITE);
            let galley = painter.layout_job(job);
            texts.insert(it.text.into(), Written { seen: now, ..written(&galley) });
        }
        texts.get(it.text)
    }

    /// Copies a text to its place, laid out if it is new. `texture` is how large the texture of glyphs is taken to be.
    pub(super) fn write(&mut self, pen: &mut Pen<'_>, it: &TextShape<'_>, opacity: f32, texture: [usize; 2]) {
        self.shown += 1;
        let stretch = self.stretch;
        let Some(text) = self.laid_out(pen.painter, it) else { return };
        let mut at = pen.camera.to_screen(it.pos);
        match it.anchor {
            Anchor::Start => {}
            Anchor::Middle => at.x -= text.width * stretch / 2.0,
            Anchor::End => at.x -= text.width * stretch,
        }
        let high = it.size * pen.camera.zoom * 1.3;
        let area = egui::Rect::from_min_max(
            Pos2::new(at.x, at.y - high),
            Pos2::new(at.x + text.width * stretch, at.y + high / 2.0),
        );
        if !pen.clip.intersects(area) {
            return;
        }
        let at = Pos2::new(pen.to_edge(at.x), pen.to_edge(at.y)).to_vec2();
        let share = Vec2::new(1.0 / texture[0].max(1) as f32, 1.0 / texture[1].max(1) as f32);
        let colour = pen.colour(it.fill, opacity);
        // A glyph with colours of its own, an emoji, only fades.
        let own = Color32::from_white_alpha((opacity * 255.0) as u8);
        let first = pen.mesh.vertices.len() as u32;
        pen.mesh.indices.extend(text.indices.iter().map(|it| it + first));
        pen.mesh.vertices.extend(text.vertices.iter().map(|it| Vertex {
            pos: (it.pos.to_vec2() * stretch + at).to_pos2(),
            uv: (it.uv.to_vec2() * share).to_pos2(),
            color: if it.color == Color32::TRANSPARENT { colour } else { own },
        }));
    }
}

/// The step of zoom that texts are laid out for.
fn step_at(zoom: f32) -> f32 {
    ((zoom.max(0.001).log2() * STEPS + 0.01).floor() / STEPS).exp2()
}

/// The glyphs of a line of text; those that take the colour of the text are transparent here.
fn written(galley: &Galley) -> Written {
    let width = galley.rect.width();
    let Some(row) = galley.rows.first() else {
        return Written { vertices: Vec::new(), indices: Vec::new(), width, seen: 0 };
    };
    let base = row.glyphs.first().map_or(0.0, |it| it.pos.y);
    let mut vertices = row.visuals.mesh.vertices.clone();
    for vertex in &mut vertices {
        vertex.pos.y -= base;
        vertex.color = Color32::TRANSPARENT;
    }
    for glyph in row.glyphs.iter().filter(|it| it.is_color && !it.uv_rect.is_nothing()) {
        for vertex in vertices.iter_mut().skip(glyph.first_vertex as usize).take(4) {
            vertex.color = Color32::WHITE;
        }
    }
    Written { vertices, indices: row.visuals.mesh.indices.clone(), width, seen: 0 }
}
