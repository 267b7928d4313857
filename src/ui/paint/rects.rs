//! Boxes: ground, border, dashes and a soft shadow.

use egui::{Pos2, Rect};

use crate::scene::{Fill, RectShape, Stroke};
use crate::tokens::Ink;

use super::dashes::Dashed;
use super::pen::{Pen, SQUARE};

impl Pen<'_> {
    pub(super) fn rect(&mut self, it: &RectShape, opacity: f32) {
        let rect = self.camera.rect_to_screen(it.rect);
        let zoom = self.camera.zoom;
        if !self.clip.intersects(rect.expand((it.shadow + 2.0) * zoom + 2.0)) {
            return;
        }
        let radius = it.radius * zoom;
        if it.shadow > 0.0 && rect.height() > 8.0 {
            self.shadow(rect, radius, it.shadow * zoom, opacity);
        }
        if let Some(fill) = it.fill {
            let min = Pos2::new(self.to_edge(rect.min.x), self.to_edge(rect.min.y));
            let max = Pos2::new(self.to_edge(rect.max.x), self.to_edge(rect.max.y));
            let colour = self.colour(fill, opacity);
            if radius < SQUARE {
                // Its edges lie between pixels: nothing has to fade.
                self.quad(Rect::from_min_max(min, max), colour);
            } else {
                self.outline(Rect::from_min_max(min, max), radius);
                self.fill(colour, self.feather);
            }
        }
        if let Some(stroke) = it.stroke {
            self.border(rect, radius, &stroke, opacity);
        }
    }

    fn border(&mut self, rect: Rect, radius: f32, stroke: &Stroke, opacity: f32) {
        let (width, left) = self.line_width(stroke.width);
        let shift = self.shift(width);
        let min = Pos2::new(self.to_line(rect.min.x, shift), self.to_line(rect.min.y, shift));
        let max = Pos2::new(self.to_line(rect.max.x, shift), self.to_line(rect.max.y, shift));
        let colour = self.colour(stroke.fill, opacity * left);
        let rect = Rect::from_min_max(min, max);
        match stroke.dash {
            Some(dash) if self.shows(dash) => {
                self.dashed_border(rect, radius, Dashed { width, colour, dash, is_below: false });
            }
            _ => {
                self.outline(rect, radius);
                self.stroke_closed(width, colour);
            }
        }
    }

    /// A shadow that fades away from the box and falls a little downwards.
    fn shadow(&mut self, rect: Rect, radius: f32, reach: f32, opacity: f32) {
        let is_dark = self.colour(Fill::of(Ink::Canvas), 1.0).intensity() < 0.3;
        let depth = if is_dark { 0.34 } else { 0.13 };
        let colour = self.colour(Fill::tint(Ink::Shadow, depth), opacity);
        // The fade lies half inside and half outside of the outline.
        let blur = 2.0 * reach;
        let rect = rect.translate(egui::vec2(0.0, reach / 3.0)).expand(-reach / 6.0);
        let blur = blur.min(rect.width().min(rect.height()) - 0.5);
        self.outline(rect, radius.max(blur / 2.0));
        self.fill(colour, blur.max(self.feather));
    }
}
