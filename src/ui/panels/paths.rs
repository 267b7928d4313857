//! Open a path, save to a path: for systems without a file dialog, and for those who would rather type.

use egui::{Key, RichText, TextEdit, Ui};

use crate::editor::{Editor, Modal};
use crate::tokens::{Face, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, FIELD_MARGIN};

/// Asks for the path of a file to open.
pub fn open_ui(ui: &mut Ui, editor: &mut Editor) {
    if let Some(path) = path_ui(ui, editor, "Open", "/home/me/shop.parapet.ron") {
        editor.open_path(&path);
    }
}

/// Asks for the path of a file of rules, or of a folder of them.
pub fn packs_ui(ui: &mut Ui, editor: &mut Editor) {
    if let Some(path) = path_ui(ui, editor, "Add", "/home/me/rules/house.parapet-rules.ron") {
        editor.add_packs_at(&path);
    }
}

/// Asks for the path of a folder of icons.
pub fn icons_ui(ui: &mut Ui, editor: &mut Editor) {
    if let Some(path) = path_ui(ui, editor, "Add", "/home/me/icons/cloud") {
        editor.add_icons_at(&path);
    }
}

/// Asks for the path to save to.
pub fn save_ui(ui: &mut Ui, editor: &mut Editor) {
    if let Some(path) = path_ui(ui, editor, "Save", "shop.parapet.ron") {
        editor.save_to_path(&path);
    }
}

/// Asks for the path to export to.
pub fn export_ui(ui: &mut Ui, editor: &mut Editor) {
    if let Some(path) = path_ui(ui, editor, "Export", "shop.svg") {
        editor.export_to_path(&path);
    }
}

/// The path that a dialog asks for, as far as it is typed.
fn typed(modal: &mut Option<Modal>) -> Option<&mut String> {
    match modal {
        Some(
            Modal::OpenPath(path)
            | Modal::AddPacks(path)
            | Modal::AddIcons(path)
            | Modal::SaveToPath(path)
            | Modal::ExportToPath(path),
        ) => Some(path),
        _ => None,
    }
}

/// A field and its buttons; returns the path when it is entered.
fn path_ui(ui: &mut Ui, editor: &mut Editor, verb: &str, example: &str) -> Option<String> {
    let path = typed(&mut editor.shown.modal)?;
    let edit = TextEdit::singleline(path)
        .hint_text(RichText::new(example).font(theme::font(Face::Mono, size::TYPE_12)))
        .font(theme::font(Face::Mono, size::TYPE_12))
        .margin(FIELD_MARGIN)
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Path"));
    let is_entered = response.lost_focus() && ui.input(|it| it.key_pressed(Key::Enter));
    if !response.has_focus() && !is_entered && ui.memory(|it| it.focused().is_none()) {
        response.request_focus();
    }
    ui.add_space(size::SPACE_8);
    let path = path.trim().to_owned();
    let (mut is_pressed, mut is_given_up) = (false, false);
    ui.horizontal(|ui| {
        is_pressed = ui.add(Button::new(verb).primary().enabled(!path.is_empty())).clicked();
        is_given_up = ui.add(Button::new("Cancel").quiet()).clicked();
    });
    if is_given_up {
        editor.shown.modal = None;
        return None;
    }
    ((is_entered || is_pressed) && !path.is_empty()).then_some(path)
}
