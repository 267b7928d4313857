//! What a component listens on: port, protocol, what it is for and for whom it is meant.

use egui::Ui;

use super::{form, origins};
use crate::editor::Editor;
use crate::model::{Listener, Ports, Protocol};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, TextField, field, icon_button_in_row, wrapped};

/// Shows the listeners and alters them; true if it did.
pub(super) fn listeners(ui: &mut Ui, editor: &Editor, all: &mut Vec<Listener>) -> bool {
    let (mut is_new, mut gone) = (false, None);
    if all.is_empty() {
        let text = "Nothing is said; the flows that are drawn tell what is in use.";
        wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
    }
    for (n, it) in all.iter_mut().enumerate() {
        ui.push_id(n, |ui| {
            let (altered, is_gone) = listener_ui(ui, editor, it);
            is_new |= altered;
            if is_gone {
                gone = Some(n);
            }
        });
        ui.add_space(size::SPACE_6);
    }
    if let Some(gone) = gone {
        all.remove(gone);
        return true;
    }
    if ui.add(Button::new("Add a listener").icon("plus").in_row()).clicked() {
        all.push(Listener { port: free_port(all), ..Listener::default() });
        return true;
    }
    is_new
}

/// One listener: whether it was altered, and whether it is to go.
fn listener_ui(ui: &mut Ui, editor: &Editor, it: &mut Listener) -> (bool, bool) {
    let (mut is_new, mut is_gone) = (false, false);
    ui.horizontal_top(|ui| {
        let room = ui.available_width() - size::CONTROL_HEIGHT_IN_ROW - 2.0 * size::SPACE_6;
        let port = (room * 0.45).floor();
        ui.allocate_ui(egui::vec2(port, 0.0), |ui| {
            ui.vertical(|ui| is_new |= form::ports_alone(ui, "Port", "tcp/443", &mut it.port));
        });
        ui.allocate_ui(egui::vec2(room - port, 0.0), |ui| {
            ui.vertical(|ui| is_new |= protocol_ui(ui, &mut it.protocol));
        });
        is_gone = icon_button_in_row(ui, "trash-2", "Remove this listener").clicked();
    });
    is_new |= form::text(ui, "Purpose", "What it is for", &mut it.purpose);
    is_new |= field(ui, "Meant for", |ui| origins::origins(ui, editor, "Meant for", &mut it.meant_for)).1;
    (is_new, is_gone)
}

/// A protocol by any word for it.
pub(super) fn protocol_ui(ui: &mut Ui, value: &mut String) -> bool {
    let words: Vec<&str> = Protocol::all().iter().map(|it| it.label.as_str()).collect();
    let shown = Protocol::find(value).map_or(value.as_str(), |it| it.label.as_str()).to_owned();
    let new = TextField::new("Protocol", &shown).hint("Protocol").suggestions(&words).show(ui);
    form::put(value, new.map(|it| Protocol::find(&it).map_or(it, |known| known.slug.clone())))
}

/// The first of the usual ports that is not listened on yet.
fn free_port(all: &[Listener]) -> Ports {
    let usual = [443, 80, 8080, 8443, 22].map(Ports::tcp);
    usual.into_iter().find(|port| !all.iter().any(|it| it.port.overlaps(port))).unwrap_or_default()
}
