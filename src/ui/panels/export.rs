//! Export: findings as text, the picture as SVG or PNG.

use egui::Ui;

use crate::editor::Editor;
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, heading, wrapped};

/// Offers every format that can be written.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    heading(ui, "Findings and document");
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        for format in Editor::exports().filter(|it| !it.is_picture) {
            if ui.add(Button::new(format.label).icon("file-text")).clicked() {
                chosen = Some(format);
            }
        }
    });
    ui.add_space(size::SPACE_14);
    heading(ui, "Picture");
    let mut picture = None;
    ui.horizontal_wrapped(|ui| {
        for (name, scale) in [("SVG", None), ("PNG", Some(1.0)), ("PNG, double size", Some(2.0))] {
            if ui.add(Button::new(name).icon("image")).clicked() {
                picture = Some(scale);
            }
        }
    });
    ui.add_space(size::SPACE_8);
    let about = "The picture shows the whole drawing in the colours that you see now.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    if let Some(format) = chosen {
        editor.shown.modal = None;
        editor.export(format);
    } else if let Some(scale) = picture {
        editor.shown.modal = None;
        editor.export_picture(theme::current(ui.ctx()), scale);
    }
}
