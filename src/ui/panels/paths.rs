//! Open a path, save to a path: for systems without a file dialog, and for those who would rather type.

use egui::{Key, RichText, TextEdit, Ui};

use crate::editor::{Editor, Modal};
use crate::tokens::{Face, size};
use crate::ui::theme;
use crate::ui::widgets::Button;

/// Asks for the path of a file to open.
pub fn open_ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::OpenPath(path)) = &mut editor.shown.modal else { return };
    if let Some(path) = path_ui(ui, path, "Open", "/home/me/shop.parapet.ron") {
        editor.open_path(&path);
    }
}

/// Asks for the path of a file of rules, or of a folder of them.
pub fn packs_ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::AddPacks(path)) = &mut editor.shown.modal else { return };
    if let Some(path) = path_ui(ui, path, "Add", "/home/me/rules/house.parapet-rules.ron") {
        editor.add_packs_at(&path);
    }
}

/// Asks for the path of a folder of icons.
pub fn icons_ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::AddIcons(path)) = &mut editor.shown.modal else { return };
    if let Some(path) = path_ui(ui, path, "Add", "/home/me/icons/cloud") {
        editor.add_icons_at(&path);
    }
}

/// Asks for the path to save to.
pub fn save_ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::SaveToPath(path)) = &mut editor.shown.modal else { return };
    if let Some(path) = path_ui(ui, path, "Save", "shop.parapet.ron") {
        editor.save_to_path(&path);
    }
}

/// Asks for the path to export to.
pub fn export_ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::ExportToPath(path)) = &mut editor.shown.modal else { return };
    if let Some(path) = path_ui(ui, path, "Export", "shop.svg") {
        editor.export_to_path(&path);
    }
}

/// A field and a button; returns the path when it is entered.
fn path_ui(ui: &mut Ui, path: &mut String, verb: &str, example: &str) -> Option<String> {
    let edit = TextEdit::singleline(path)
        .hint_text(RichText::new(example).font(theme::font(Face::Mono, size::TYPE_12)))
        .font(theme::font(Face::Mono, size::TYPE_12))
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Path"));
    let is_entered = response.lost_focus() && ui.input(|it| it.key_pressed(Key::Enter));
    if !response.has_focus() && !is_entered && ui.memory(|it| it.focused().is_none()) {
        response.request_focus();
    }
    ui.add_space(size::SPACE_8);
    let is_pressed = ui.add(Button::new(verb).primary().enabled(!path.trim().is_empty())).clicked();
    let is_done = (is_entered || is_pressed) && !path.trim().is_empty();
    is_done.then(|| path.trim().to_owned())
}
