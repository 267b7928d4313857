//! What a filter of the view shows, and of how much, at the upper edge of the drawing; with a way to see all.

use egui::{Align2, Ui, Vec2};

use super::Canvas;
use super::controls::{floating, frame};
use crate::editor::{Editor, Modal};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, icon_button_in_row, label};

/// Longer filters are cut.
const WORDS_WIDTH: f32 = 320.0;

/// What the line says.
fn text(editor: &Editor) -> String {
    let (shown, of) = editor.filter_counts();
    let words = Face::Sans.elide(size::TYPE_12, &editor.filter_in_words(), WORDS_WIDTH).into_owned();
    if editor.shown.shows_all {
        format!("All {of} shown, filter off: {words}")
    } else {
        format!("{shown} of {of} shown: {words}")
    }
}

impl Canvas {
    pub(super) fn filter_ui(&self, ui: &Ui, editor: &mut Editor) {
        if !editor.has_filter() {
            return;
        }
        let text = text(editor);
        // Below the search, which comes and goes.
        let corner = self.area.center_top() + Vec2::new(0.0, size::SPACE_14 + self.covered());
        floating("canvas-filter", self.area, corner, Align2::CENTER_TOP).show(ui.ctx(), |ui| {
            frame(ui).show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = size::SPACE_6;
                    ui.add_space(size::SPACE_8);
                    let side = Vec2::splat(size::ICON_SMALL);
                    let (rect, _) = ui.allocate_exact_size(side, egui::Sense::hover());
                    theme::icon(ui.painter(), rect, "funnel", theme::colour(ui.ctx(), Ink::Accent));
                    label(ui, &text, Face::Sans, size::TYPE_12, Ink::Text);
                    let word = if editor.shown.shows_all { "Filter again" } else { "Show all" };
                    if ui.add(Button::new(word).quiet().in_row()).clicked() {
                        editor.toggle_show_all();
                    }
                    if !editor.shown.presents
                        && icon_button_in_row(ui, "sliders-horizontal", "Change the filter").clicked()
                    {
                        editor.shown.modal = Some(Modal::Views);
                    }
                });
            });
        });
    }
}
