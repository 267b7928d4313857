//! The head of the inspector: the icon and the name of what is selected.

use egui::{Sense, Ui, Vec2};

use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{TextField, inset, label, tile};

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
