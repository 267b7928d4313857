//! The panel of the palette.

use crate::editor::Editor;

/// Fills its panel.
pub fn ui(ui: &mut egui::Ui, editor: &mut Editor) {
    let _ = (ui, editor);
}
