//! The question about a file that is not as it was left.

use egui::Ui;

use crate::editor::{Editor, Modal};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, focus_first, with_code, wrapped};

/// Asks what to do where another file lies than the one that is known.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::OthersThere { path, .. }) = &editor.shown.modal else { return };
    let is_own = editor.document.path.as_ref() == Some(path);
    let (happened, theirs) = if is_own {
        ("Another program has changed this file since it was opened or saved here:", "the other version")
    } else {
        ("There is a file of this name already, and it is not this document:", "that file")
    };
    wrapped(ui, happened, Face::Sans, size::TYPE_13, Ink::Text);
    ui.add_space(size::SPACE_4);
    wrapped(ui, path, Face::Mono, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_8);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let kept = format!(
        "Nothing was written. If you overwrite it, {theirs} is kept beside it as `{name}.previous`. If you open it, your \
         changes are kept, and File, Restore unsaved work… brings them back."
    );
    with_code(ui, &kept, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_12);
    ui.horizontal_wrapped(|ui| {
        let beside = ui.add(Button::new("Save a copy as…").primary());
        focus_first(ui, &beside);
        if beside.clicked() {
            editor.save_beside();
        }
        if ui.add(Button::new("Overwrite")).clicked() {
            editor.overwrite();
        }
        if ui.add(Button::new(if is_own { "Open the other version" } else { "Open that file" })).clicked() {
            editor.open_theirs();
        }
        if ui.add(Button::new("Cancel").quiet()).clicked() {
            editor.shown.modal = None;
        }
    });
}
