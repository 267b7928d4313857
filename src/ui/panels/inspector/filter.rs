//! The entries of a filter: these ports may pass, from there.

use egui::Ui;

use super::{form, origins};
use crate::editor::Editor;
use crate::model::{Allow, From, Ports};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, icon_button_in_row, wrapped};

/// Shows the entries and alters them; true if it did. `nothing` says what an empty list means.
pub(super) fn entries(ui: &mut Ui, editor: &Editor, entries: &mut Vec<Allow>, nothing: &str) -> bool {
    let (mut is_new, mut gone) = (false, None);
    if entries.is_empty() {
        wrapped(ui, nothing, Face::Sans, size::TYPE_12, Ink::Muted);
    }
    for (n, entry) in entries.iter_mut().enumerate() {
        ui.push_id(n, |ui| {
            ui.horizontal_top(|ui| {
                let room = ui.available_width() - size::CONTROL_HEIGHT_IN_ROW - size::SPACE_6;
                ui.allocate_ui(egui::vec2(room, 0.0), |ui| {
                    is_new |= form::ports_alone(ui, "Ports let in", "tcp/443, any", &mut entry.ports);
                });
                if icon_button_in_row(ui, "trash-2", "Remove this entry").clicked() {
                    gone = Some(n);
                }
            });
            is_new |= origins::origins(ui, editor, "From", &mut entry.from);
            ui.add_space(size::SPACE_6);
        });
    }
    if let Some(gone) = gone {
        entries.remove(gone);
        return true;
    }
    if ui.add(Button::new("Let something in").icon("plus").in_row()).clicked() {
        entries.push(Allow::of(Ports::tcp(443), From::Unknown));
        return true;
    }
    is_new
}
