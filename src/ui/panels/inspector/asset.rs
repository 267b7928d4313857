//! A kind of data: what it is worth, and who holds it.

use std::collections::BTreeSet;

use egui::Ui;

use super::answers::{Asked, answer};
use super::{form, head, holdings};
use crate::editor::Editor;
use crate::model::{Asset, Class, Id};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, inset, menu_item, section, wrapped};

/// Shows a kind of data and sets what is altered.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    let Some(now) = editor.model().asset(id) else {
        head::titled(ui, "circle-help", Ink::Muted, &editor.model().title(id), "Cannot be edited here");
        return;
    };
    let mut it = now.clone();
    let mut done = None;
    let mut note = |is_new: bool, label: &'static str| {
        if is_new {
            done = Some(label);
        }
    };
    note(head::named(ui, holdings::icon(&it), Ink::Muted, "Data", &mut it.name), "Rename data");
    inset(ui, |ui| {
        let classes = Class::ALL.map(|it| (it, it.label()));
        note(form::listed(ui, "Class", &classes, &mut it.class), "Classify");
        let asked = Asked::new("Personal", "Does it tell something of a person?");
        let given = answer(ui, &asked, Some(&it.personal));
        note(form::put(&mut it.personal, given), "Answer");
        let asked = Asked::new("Credential", "Does it open something: a password, a key, a token?");
        let given = answer(ui, &asked, Some(&it.credential));
        note(form::put(&mut it.credential, given), "Answer");
    });
    if section(ui, "Notes", "", !it.notes.is_empty()) {
        inset(ui, |ui| note(form::notes(ui, "What else is to be known", &mut it.notes), "Edit notes"));
    }
    if let Some(label) = done {
        editor.amend::<Asset>(id, label, |now| *now = it);
    }
    holders_ui(ui, editor, id);
    inset(ui, |ui| {
        ui.add_space(size::SPACE_12);
        if ui.add(Button::new("Delete this data").icon("trash-2").in_row()).clicked() {
            editor.delete(&BTreeSet::from([id.clone()]));
        }
    });
}

/// Who keeps, handles or carries it, each a way there.
fn holders_ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    let model = editor.model();
    let mut holders: Vec<(Id, &str)> = Vec::new();
    for (component, it) in model.components() {
        if it.stores.contains(id) {
            holders.push((component.clone(), "keeps it"));
        }
        if it.processes.contains(id) {
            holders.push((component.clone(), "handles it"));
        }
    }
    let carried = model.flows().iter().filter(|it| it.1.carries.contains(id));
    holders.extend(carried.map(|it| (it.0.clone(), "carries it")));
    if !section(ui, "Where it is", &holders.len().to_string(), true) {
        return;
    }
    inset(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if holders.is_empty() {
            wrapped(ui, "Nothing keeps, handles or carries it.", Face::Sans, size::TYPE_12, Ink::Muted);
        }
        for (holder, what) in holders {
            let shown = form::element(editor, &holder);
            let icon = shown.icon.as_ref().map(|it| (it.0.as_str(), it.1));
            if menu_item(ui, icon, &shown.text, what, false).clicked() {
                editor.select([holder]);
            }
        }
    });
}
