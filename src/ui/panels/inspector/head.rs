//! The head of the inspector: the icon and the name of what is selected.

use egui::{Role, Sense, Ui, Vec2, WidgetInfo};

use crate::editor::Editor;
use crate::model::Id;
use crate::scene::CardIcon;
use crate::tokens::{Face, Icon, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{TextField, focus_ring, inset, label, picture_tile, tile};

/// An icon and a name to be written; true if it was.
pub(super) fn named(ui: &mut Ui, icon: &str, ink: Ink, hint: &str, name: &mut String) -> bool {
    let mut is_new = false;
    inset(ui, |ui| {
        ui.horizontal(|ui| {
            icon_ui(ui, icon, ink);
            ui.vertical(|ui| {
                ui.add_space((size::TILE - size::CONTROL_HEIGHT_IN_ROW) / 2.0);
                is_new = super::form::put(name, TextField::new("Name", name).hint(hint).show(ui));
            });
        });
    });
    is_new
}

/// What an element is drawn with, which is a button to change it, and its name to be written; true if it was.
pub(super) fn of_element(
    ui: &mut Ui,
    editor: &mut Editor,
    (id, ink): (&Id, Ink),
    hint: &str,
    name: &mut String,
) -> bool {
    let Some(icon) = CardIcon::of_element(editor.model(), id) else { return false };
    let (mut is_new, mut is_asked) = (false, false);
    inset(ui, |ui| {
        ui.horizontal(|ui| {
            is_asked = icon_button(ui, &icon, ink);
            ui.vertical(|ui| {
                ui.add_space((size::TILE - size::CONTROL_HEIGHT_IN_ROW) / 2.0);
                is_new = super::form::put(name, TextField::new("Name", name).hint(hint).show(ui));
            });
        });
    });
    if is_asked {
        editor.run("edit.icon");
    }
    is_new
}

/// An icon to be changed; true if it was pressed.
fn icon_button(ui: &mut Ui, icon: &Icon, ink: Ink) -> bool {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size::TILE), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Change the icon"));
    if response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS_TILE, theme::translucent(ui.ctx(), ink, theme::HOVER));
    }
    picture_tile(ui.painter(), rect, icon, ink);
    focus_ring(ui, &response);
    response.on_hover_text("Change the icon").clicked()
}

/// An icon and a title that is not to be written, with a line below it.
pub(super) fn titled(ui: &mut Ui, icon: &str, ink: Ink, title: &str, below: &str) {
    inset(ui, |ui| {
        ui.horizontal(|ui| {
            icon_ui(ui, icon, ink);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                label(ui, title, Face::SansSemibold, size::TYPE_13, Ink::Text);
                label(ui, below, Face::Sans, size::TYPE_12, Ink::Muted);
            });
        });
    });
}

fn icon_ui(ui: &mut Ui, icon: &str, ink: Ink) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(size::TILE), Sense::hover());
    tile(ui.painter(), rect, icon, ink);
}
