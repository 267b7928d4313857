//! The canvas: the drawing, and the tools that work in it.

use crate::editor::Editor;

/// The canvas of one window.
#[derive(Debug, Default)]
pub struct Canvas {}

impl Canvas {
    /// Fills what is left of the window.
    pub fn ui(&mut self, ui: &mut egui::Ui, editor: &mut Editor) {
        editor.shown.wishes.clear();
        ui.take_available_space();
    }
}
