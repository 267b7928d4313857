//! Several elements: what they have in common, set for all of them in one step.

use std::collections::BTreeSet;

use egui::Ui;

use super::answers::{Asked, answer};
use super::{component, form, head, issues};
use crate::editor::Editor;
use crate::model::{Answer, Component, Control, Flow, Id, Kind};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, inset, section, wrapped};

/// Shows what elements have in common and sets it for all.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>) {
    let model = editor.model();
    let components: BTreeSet<Id> = ids.iter().filter(|it| model.component(it).is_some()).cloned().collect();
    let flows: BTreeSet<Id> = ids.iter().filter(|it| model.flow(it).is_some()).cloned().collect();
    let boundaries = ids.len() - components.len() - flows.len();
    let what = [
        (components.len(), "component", "components"),
        (boundaries, "boundary", "boundaries"),
        (flows.len(), "flow", "flows"),
    ]
    .into_iter()
    .filter(|it| it.0 > 0)
    .map(|(n, one, many)| format!("{n} {}", if n == 1 { one } else { many }))
    .collect::<Vec<_>>()
    .join(", ");
    head::titled(ui, "boxes", Ink::Muted, &format!("{} selected", ids.len()), &what);
    issues::ui(ui, editor, ids);
    if !components.is_empty() {
        components_ui(ui, editor, &components);
    }
    if !flows.is_empty() && section(ui, "Flows", &flows.len().to_string(), true) {
        inset(ui, |ui| flows_ui(ui, editor, &flows));
    }
    if section(ui, "Actions", "", true) {
        inset(ui, |ui| commands_ui(ui, editor));
    }
}

/// What all of them say; `None` if they differ.
fn common<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|it| it == first).then_some(first)
}

fn components_ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>) {
    let all: Vec<Component> = ids.iter().filter_map(|it| editor.model().component(it).cloned()).collect();
    inset(ui, |ui| {
        let kind = common(all.iter().map(|it| it.kind.as_str())).map(Kind::of);
        component::kind_ui(ui, editor, ids, kind);
        let technology = common(all.iter().map(|it| it.technology.as_str()));
        component::technology_ui(ui, editor, ids, technology);
        let within = common(all.iter().map(|it| it.within.as_ref()));
        component::within_ui(ui, editor, ids, within.map_or(component::Home::Several, component::Home::Same));
        let replicas = common(all.iter().map(|it| it.replicas));
        let hint = if replicas.is_none() { form::SEVERAL } else { "1" };
        let mut replicas = replicas.flatten();
        if form::count(ui, "Replicas", hint, &mut replicas) {
            editor.amend_all(ids, "Set the replicas", |it| it.replicas = replicas);
        }
        let pool = common(all.iter().map(|it| it.pool.as_str()));
        let hint = if pool.is_none() { form::SEVERAL } else { form::POOL };
        let mut pool = pool.unwrap_or_default().to_owned();
        if form::text(ui, "Pool", hint, &mut pool) {
            editor.amend_all(ids, "Set the pool", |it| it.pool.clone_from(&pool));
        }
        let asked =
            Asked::new("Highly available", "Do they survive the loss of an instance, a host or a zone?");
        if let Some(given) = answer(ui, &asked, common(all.iter().map(|it| &it.highly_available))) {
            editor.amend_all(ids, "Answer for all", |it| it.highly_available = given.clone());
        }
    });
    controls_ui(ui, editor, ids, &all);
}

/// The controls that apply to all of them.
fn controls_ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>, all: &[Component]) {
    let applies = |it: &Control| all.iter().all(|component| it.is_for_kind(component.kind()));
    let controls: Vec<&Control> = Control::all().iter().filter(|it| applies(it)).collect();
    if controls.is_empty() || !section(ui, "Controls", "", true) {
        return;
    }
    inset(ui, |ui| {
        for control in controls {
            let said = |it: &Component| it.controls.0.get(&control.slug).cloned().unwrap_or_default();
            let now: Option<Answer> = common(all.iter().map(said));
            let help = format!("{} {}", control.question, control.why);
            if let Some(given) = answer(ui, &Asked::new(&control.label, &help), now.as_ref()) {
                editor.amend_all(ids, "Answer for all", |it| it.controls.set(&control.slug, given.clone()));
            }
        }
    });
}

fn flows_ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>) {
    let all: Vec<Flow> = ids.iter().filter_map(|it| editor.model().flow(it).cloned()).collect();
    let asked = Asked::new("Encrypted", "Is what they carry encrypted on its way?");
    if let Some(given) = answer(ui, &asked, common(all.iter().map(|it| &it.encrypted))) {
        editor.amend_flows(ids, "Answer for all", |it| it.encrypted = given.clone());
    }
    let asked = Asked::new("Authenticated", "Do the targets know for sure who calls?");
    if let Some(given) = answer(ui, &asked, common(all.iter().map(|it| &it.authenticated))) {
        editor.amend_flows(ids, "Answer for all", |it| it.authenticated = given.clone());
    }
}

/// What is done with a selection, with the shortcut of each.
fn commands_ui(ui: &mut Ui, editor: &mut Editor) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.y = size::SPACE_6;
        for id in ["arrange.enclose", "edit.icon", "edit.duplicate", "edit.delete"] {
            let Some(command) = crate::editor::command(id).filter(|it| (it.when)(editor)) else { continue };
            let button = ui.add(Button::new(command.label).icon(command.icon).in_row());
            let keys = editor.keys_of(command);
            if button.on_hover_text(format!("{} {keys}", command.help)).clicked() {
                editor.run(id);
            }
        }
    });
    wrapped(ui, "What is set above is set for all of them.", Face::Sans, size::TYPE_11, Ink::Muted);
}
