//! A boundary: what it lets in, and how what is in it is kept apart.

use std::collections::BTreeSet;

use egui::Ui;

use super::answers::{Asked, answer};
use super::{component, controls, filter, form, head, issues};
use crate::editor::Editor;
use crate::model::{AppliesTo, Boundary, BoundaryKind, Id, Ingress};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, Choice, field, inset, section, segmented_answer, select, wrapped};

/// Shows a boundary and sets what is altered.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    let Some(mut it) = editor.model().boundary(id).cloned() else { return };
    let kind = it.kind();
    let ids = BTreeSet::from([id.clone()]);
    if head::of_element(ui, editor, (id, Ink::Muted), &kind.label, &mut it.name) {
        editor.rename(id, &it.name);
        return;
    }
    issues::ui(ui, editor, &ids);
    inset(ui, |ui| {
        kind_ui(ui, editor, id, kind);
        component::within_ui(ui, editor, &ids, component::Home::Same(it.within.as_ref()));
        field(ui, "Holds", |ui| {
            ui.add_space(size::SPACE_6);
            wrapped(ui, &contents(editor, id), Face::Sans, size::TYPE_12, Ink::Text);
        });
        let help = "Are members and inner boundaries kept apart, so that only drawn flows cross?";
        if let Some(given) = answer(ui, &Asked::new("Segmented", help), Some(&it.segmented)) {
            editor.amend::<Boundary>(id, "Answer", |it| it.segmented = given);
        }
    });
    ingress_ui(ui, editor, id, &it.ingress);
    let applies = |it: &crate::model::Control| it.applies_to.contains(&AppliesTo::Boundaries);
    if let Some((slug, given)) = controls::ui(ui, &it.controls, None, applies) {
        editor.amend::<Boundary>(id, "Answer", |it| it.controls.set(&slug, given));
    }
    if section(ui, "Notes", "", !it.notes.is_empty()) {
        inset(ui, |ui| {
            if form::notes(ui, "What else is to be known", &mut it.notes) {
                editor.amend::<Boundary>(id, "Edit notes", |now| now.notes = it.notes.clone());
            }
        });
    }
}

fn kind_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: &BoundaryKind) {
    let choice = |it: &BoundaryKind| Choice::new(&*it.label).icon(&*it.icon, Ink::Muted);
    let selected = BoundaryKind::all().iter().position(|it| it.slug == now.slug);
    let all = || BoundaryKind::all().iter().map(choice).collect();
    let chosen = field(ui, "Kind", |ui| select(ui, "Kind", &choice(now), selected, all)).1;
    if let Some(kind) = chosen.and_then(|it| BoundaryKind::all().get(it)) {
        let label = format!("Make it {}", kind.label.to_lowercase());
        editor.amend::<Boundary>(id, label, |it| it.kind.clone_from(&kind.slug));
    }
}

/// `3 components, 1 boundary`.
fn contents(editor: &Editor, id: &Id) -> String {
    let all = editor.nesting().all_in(id);
    let boundaries = all.iter().filter(|it| editor.model().boundary(it).is_some()).count();
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let components = count(all.len() - boundaries, "component", "components");
    match boundaries {
        0 => components,
        n => format!("{components}, {}", count(n, "boundary", "boundaries")),
    }
}

fn ingress_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: &Ingress) {
    if !section(ui, "Lets in", "", true) {
        return;
    }
    inset(ui, |ui| {
        gates_ui(ui, editor, id);
        let mut ingress = now.clone();
        let selected = match now {
            Ingress::Unknown => 0,
            Ingress::Open => 1,
            Ingress::Only(_) => 2,
        };
        let pressed =
            segmented_answer(ui, "Lets in", &["Unknown", "Everything", "Only these"], Some(selected));
        let mut is_new = pressed.is_some_and(|it| it != selected);
        match pressed {
            Some(0) => ingress = Ingress::Unknown,
            Some(1) => ingress = Ingress::Open,
            Some(_) if selected != 2 => ingress = Ingress::Only(Vec::new()),
            _ => {}
        }
        if let Ingress::Only(entries) = &mut ingress {
            is_new |= filter::entries(ui, editor, entries, "Nothing comes in.");
        }
        if is_new {
            editor.amend::<Boundary>(id, "Edit what comes in", |it| it.ingress = ingress);
        }
    });
}

/// The gates of a boundary, each a way to it.
fn gates_ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    let is_gate = |it: &crate::model::Component| it.gate_of.as_ref() == Some(id);
    let gates: Vec<Id> =
        editor.model().components().iter().filter(|it| is_gate(it.1)).map(|it| it.0.clone()).collect();
    if gates.is_empty() {
        return;
    }
    wrapped(ui, "Its gates decide; this counts where none stands.", Face::Sans, size::TYPE_12, Ink::Muted);
    ui.horizontal_wrapped(|ui| {
        for gate in gates {
            let title = editor.model().title(&gate);
            if ui.add(Button::new(&title).icon("brick-wall-shield").in_row()).clicked() {
                editor.select([gate]);
            }
        }
    });
}
