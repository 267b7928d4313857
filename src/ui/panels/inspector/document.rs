//! Nothing selected: the document, what it is called, what data it knows, what of its file cannot be meant so.

use egui::Ui;

use super::{brief, head, holdings};
use crate::editor::Editor;
use crate::model::{Asset, Class, Id, Problem};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{
    Button, Choice, TextField, icon_button_in_row, inset, section, select, select_width, wrapped,
};

/// Shows the document and sets what is altered.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, problems: &[Problem]) {
    let model = editor.model();
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let counts = [
        count(model.components().len(), "component", "components"),
        count(model.flows().len(), "flow", "flows"),
        count(model.boundaries().len(), "boundary", "boundaries"),
    ]
    .join(" · ");
    head::titled(ui, "file-text", Ink::Accent, &editor.title(), &counts);
    problems_ui(ui, editor, problems);
    brief::title_ui(ui, editor);
    assets_ui(ui, editor);
    brief::lists_ui(ui, editor);
}

/// What of the file cannot be meant as it stands, each a way to its element.
fn problems_ui(ui: &mut Ui, editor: &mut Editor, problems: &[Problem]) {
    if problems.is_empty() || !section(ui, "Problems of the file", &problems.len().to_string(), true) {
        return;
    }
    inset(ui, |ui| {
        for problem in problems {
            let title = editor.model().title(&problem.element);
            if ui.add(Button::new(&title).icon("triangle-alert").quiet().in_row()).clicked() {
                editor.select([problem.element.clone()]);
                editor.run("view.fit-selection");
            }
            wrapped(ui, &problem.message, Face::Sans, size::TYPE_12, Ink::Muted);
        }
    });
}

/// The kinds of data: each its name and class, and a way to all else of it.
fn assets_ui(ui: &mut Ui, editor: &mut Editor) {
    let ids: Vec<Id> = editor.model().assets().keys().cloned().collect();
    if !section(ui, "Data", &ids.len().to_string(), true) {
        return;
    }
    inset(ui, |ui| {
        if ids.is_empty() {
            let text = "Say what data there is, and what it is worth: what is kept, carried and exposed is judged by it.";
            wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
        }
        for id in ids {
            ui.push_id(&id, |ui| asset_ui(ui, editor, &id));
        }
        if ui.add(Button::new("Add data").icon("plus").in_row()).clicked() {
            let id = editor.add_asset("New data");
            editor.select([id]);
        }
    });
}

fn asset_ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    let Some(it) = editor.model().asset(id).cloned() else { return };
    let room = ui.available_width() - size::CONTROL_HEIGHT_IN_ROW - 2.0 * size::SPACE_6;
    // Whatever the class is, it is read whole.
    let class = select_width(&Class::ALL.map(Class::label)).min((room * 0.6).floor());
    ui.horizontal_top(|ui| {
        let name = TextField::new("Name of data", &it.name).hint("Data").width(room - class).show(ui);
        if let Some(name) = name {
            editor.amend::<Asset>(id, format!("Rename to {name}"), |it| it.name = name);
        }
        let classes = Class::ALL.map(|it| Choice::new(it.label()));
        let selected = Class::ALL.iter().position(|class| *class == it.class);
        let shown = Choice::new(it.class.label()).icon(holdings::icon(&it), Ink::Muted);
        let chosen = ui.allocate_ui(egui::vec2(class, size::CONTROL_HEIGHT_IN_ROW), |ui| {
            select(ui, "Class", &shown, selected, || classes.to_vec())
        });
        if let Some(class) = chosen.inner.and_then(|it| Class::ALL.get(it)) {
            editor.amend::<Asset>(id, "Classify", |it| it.class = *class);
        }
        if icon_button_in_row(ui, "chevron-right", "Personal, credential, where it is").clicked() {
            editor.select([id.clone()]);
        }
    });
}
