//! What an empty list says: that it is empty, why, and the one thing to do about it.

use egui::Ui;

use super::{Button, wrapped};
use crate::tokens::{Face, Ink, size};

/// Says that there is nothing and why; with `todo`, a button does something about it. True if that was pressed.
pub fn nothing(ui: &mut Ui, what: &str, why: &str, todo: Option<&str>) -> bool {
    wrapped(ui, what, Face::SansSemibold, size::TYPE_13, Ink::Text);
    if !why.is_empty() {
        wrapped(ui, why, Face::Sans, size::TYPE_12, Ink::Muted);
    }
    todo.is_some_and(|it| {
        ui.add_space(size::SPACE_4);
        ui.add(Button::new(it).in_row()).clicked()
    })
}
