//! The gallery: sample architectures with their pictures, drawn from the samples themselves.

use std::collections::BTreeMap;

use egui::{Align, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo};

use crate::editor::{Editor, SAMPLES, Sample};
use crate::model::{self, Id, MAIN_VIEW, Nesting};
use crate::scene::{self, Highlight, Layout, Look, Marks};
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::{Camera, paint};
use crate::ui::theme;
use crate::ui::widgets::{label, scrolled, wrapped};

/// The samples that were laid out already.
#[derive(Debug, Default)]
pub struct Gallery {
    layouts: BTreeMap<&'static str, Layout>,
}

/// How wide a card is at least, and how high.
const CARD: Vec2 = Vec2::new(296.0, 252.0);
const PICTURE_HEIGHT: f32 = 168.0;

impl Gallery {
    /// Shows all samples; a click opens one.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let mut chosen = None;
        scrolled(ui, ui.ctx().content_rect().height() * 0.72, |ui| {
            ui.set_min_width(ui.available_width());
            // As many as there is room for, over the whole width.
            let gap = size::SPACE_12;
            let room = ui.available_width();
            let columns = ((room + gap) / (CARD.x + gap)).floor().max(1.0);
            let card = Vec2::new(((room + gap) / columns - gap).floor(), CARD.y);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(size::SPACE_12);
                for sample in SAMPLES {
                    if self.card_ui(ui, sample, card) {
                        chosen = Some(sample.id);
                    }
                }
            });
        });
        if let Some(id) = chosen {
            editor.open_sample(id);
        }
    }

    fn card_ui(&mut self, ui: &mut Ui, sample: &'static Sample, card: Vec2) -> bool {
        let (rect, response) = ui.allocate_exact_size(card, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, sample.label));
        if !ui.is_rect_visible(rect) {
            return response.clicked();
        }
        let ctx = ui.ctx().clone();
        let line = if response.hovered() || response.has_focus() { Ink::Accent } else { Ink::Hairline };
        ui.painter().rect_filled(rect, size::RADIUS_CARD, theme::colour(&ctx, Ink::Raised));
        let frame = Rect::from_min_size(rect.min, Vec2::new(rect.width(), PICTURE_HEIGHT)).shrink(1.0);
        ui.painter().rect_filled(frame, size::RADIUS_CARD, theme::colour(&ctx, Ink::Canvas));
        let layout = self.layouts.entry(sample.id).or_insert_with(|| laid_out(sample));
        let bounds = layout.bounds().unwrap_or_else(|| scene::Rect::new(0.0, 0.0, 1.0, 1.0));
        let camera = Camera::showing(bounds, frame, size::SPACE_12, 1.0);
        let (marks, highlight) = (Marks::default(), Highlight::default());
        let look = Look::whole(&marks, &highlight, 0.25);
        let painter = ui.painter().with_clip_rect(frame);
        paint(&painter, &camera, |out| scene::display(layout, &look, out));
        let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(&ctx, line));
        ui.painter().rect_stroke(rect, size::RADIUS_CARD, stroke, StrokeKind::Inside);
        let words =
            Rect::from_min_max(egui::pos2(rect.left(), frame.bottom()), rect.max).shrink(size::SPACE_12);
        let mut child =
            ui.new_child(UiBuilder::new().max_rect(words).layout(egui::Layout::top_down(Align::Min)));
        child.spacing_mut().item_spacing.y = 2.0;
        label(&mut child, sample.label, Face::SansSemibold, size::TYPE_13, Ink::Text);
        wrapped(&mut child, sample.about, Face::Sans, size::TYPE_12, Ink::Muted);
        response.clicked()
    }
}

/// A sample laid out; nothing if it does not read, which a test of all samples holds off.
fn laid_out(sample: &Sample) -> Layout {
    let model = model::read(sample.text.as_bytes()).unwrap_or_default();
    let view = model.first_view().cloned().unwrap_or_else(|| Id::slug(MAIN_VIEW));
    Layout::of(&model, &view, &Nesting::of(&model))
}
