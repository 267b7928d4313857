//! A flow: what it speaks, what it does to its target, what it carries.

use std::collections::BTreeSet;

use egui::Ui;

use super::answers::{Asked, answer};
use super::{controls, form, head, holdings, issues, listeners};
use crate::editor::{Editor, Holds};
use crate::model::{Access, AppliesTo, Flow, Id, Needs, Style};
use crate::tokens::{Ink, size};
use crate::ui::widgets::{Button, field, icon_button_in_row, inset, section};

const STYLES: [(Style, &str); 2] = [(Style::Synchronous, "Waits"), (Style::Asynchronous, "Does not wait")];
const NEEDS: [(Needs, &str); 3] =
    [(Needs::Unset, "By default"), (Needs::Hard, "Fails without"), (Needs::Soft, "Degrades")];
const REPLY: [(bool, &str); 2] = [(false, "No"), (true, "Yes")];
const HEADS: [(bool, &str); 2] = [(false, "At its target"), (true, "At both ends")];

/// Shows a flow and sets what is altered.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    let Some(mut it) = editor.model().flow(id).cloned() else { return };
    let ids = BTreeSet::from([id.clone()]);
    let hint = editor.model().title(id);
    if head::named(ui, "spline", Ink::Muted, &hint, &mut it.name) {
        editor.rename(id, &it.name);
        return;
    }
    issues::ui(ui, editor, &ids);
    inset(ui, |ui| {
        ends_ui(ui, editor, id, &it);
        fields_ui(ui, editor, id, &it);
        holdings::ui(ui, editor, "Carries", Holds::Carries, &ids, &it.carries);
    });
    let applies = |it: &crate::model::Control| it.applies_to.contains(&AppliesTo::Flows);
    if let Some((slug, given)) = controls::ui(ui, &it.controls, None, applies) {
        editor.amend::<Flow>(id, "Answer", |it| it.controls.set(&slug, given));
    }
    if section(ui, "More", "", false) {
        inset(ui, |ui| more_ui(ui, editor, id, &it));
    }
    if section(ui, "Notes", "", !it.notes.is_empty()) {
        inset(ui, |ui| {
            if form::notes(ui, "What else is to be known", &mut it.notes) {
                editor.amend::<Flow>(id, "Edit notes", |now| now.notes = it.notes.clone());
            }
        });
    }
}

/// Where it begins and where it ends, each a way there.
fn ends_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, it: &Flow) {
    for (name, end) in [("From", &it.from), ("To", &it.to)] {
        let shown = form::element(editor, end);
        let icon = shown.icon.as_ref().map_or("circle-help", |it| it.0.as_str());
        field(ui, name, |ui| {
            ui.horizontal(|ui| {
                let is_first = name == "From";
                let beside =
                    if is_first { size::CONTROL_HEIGHT_IN_ROW + ui.spacing().item_spacing.x } else { 0.0 };
                let button = Button::new(&shown.text).icon(icon).in_row().leaves(beside);
                if ui.add(button.enabled(editor.model().has(end))).clicked() {
                    editor.select([end.clone()]);
                }
                if is_first && icon_button_in_row(ui, "arrow-left-right", "Turn it around").clicked() {
                    editor.turn_around(id);
                }
            });
        });
    }
}

fn fields_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: &Flow) {
    let mut it = now.clone();
    let mut protocol = it.protocol.clone();
    if field(ui, "Protocol", |ui| listeners::protocol_ui(ui, &mut protocol)).1 {
        editor.change_protocol(id, &protocol);
        return;
    }
    let mut done = None;
    let mut note = |is_new: bool, label: &'static str| {
        if is_new {
            done = Some(label);
        }
    };
    let hint = now.protocol().map(|it| it.port.to_string()).filter(|it| !it.is_empty());
    note(form::ports(ui, "Port", hint.as_deref().unwrap_or("tcp/443"), &mut it.port), "Set the port");
    let accesses = Access::ALL.map(|it| (it, it.label()));
    note(form::listed(ui, "Does", &accesses, &mut it.access), "Set the access");
    note(form::one_of(ui, "The source", &STYLES, &mut it.style), "Set the style");
    let asked = Asked::new("Encrypted", "Is what it carries encrypted on its way?");
    let asked = match now.protocol() {
        Some(known) => asked.implied(&known.label, known.encrypted()),
        None => asked,
    };
    let given = answer(ui, &asked, Some(&it.encrypted));
    note(form::put(&mut it.encrypted, given), "Answer");
    let asked = Asked::new("Authenticated", "Does the target know for sure who calls?");
    let given = answer(ui, &asked, Some(&it.authenticated));
    note(form::put(&mut it.authenticated, given), "Answer");
    if let Some(label) = done {
        editor.amend::<Flow>(id, label, |now| *now = it);
    }
}

fn more_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: &Flow) {
    let mut it = now.clone();
    let mut done = None;
    let mut note = |is_new: bool, label: &'static str| {
        if is_new {
            done = Some(label);
        }
    };
    note(form::one_of(ui, "When it is lost", &NEEDS, &mut it.needs), "Set the need");
    note(form::one_of(ui, "A reply", &REPLY, &mut it.reply), "Set whether it is a reply");
    note(form::one_of(ui, "Heads", &HEADS, &mut it.two_heads), "Set the heads");
    let requests = &mut it.requests_per_request;
    note(form::figure(ui, "Requests a request", "1", requests), "Set the requests");
    note(form::figure(ui, "Weight", "1", &mut it.weight), "Set the weight");
    if let Some(label) = done {
        editor.amend::<Flow>(id, label, |now| *now = it);
    }
}
