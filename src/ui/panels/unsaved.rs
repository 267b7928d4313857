//! The question about unsaved changes.

use egui::Ui;

use crate::editor::Editor;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, wrapped};

/// Asks whether to save what is not saved, before it would be lost.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let question = format!("“{}” has changes that are not saved.", editor.title());
    wrapped(ui, &question, Face::Sans, size::TYPE_13, Ink::Text);
    ui.add_space(size::SPACE_8);
    ui.horizontal(|ui| {
        if ui.add(Button::new("Save").primary()).clicked() {
            editor.save_and_go_on();
        }
        if ui.add(Button::new("Don’t save")).clicked() {
            editor.discard_and_go_on();
        }
        if ui.add(Button::new("Cancel").quiet()).clicked() {
            editor.shown.modal = None;
        }
    });
}
