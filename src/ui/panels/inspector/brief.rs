//! The brief: what the system is for.

use egui::Ui;

use super::form;
use crate::editor::Editor;
use crate::model::{Brief, BriefFigure};
use crate::tokens::size;
use crate::ui::widgets::{Button, TextField, icon_button_in_row, inset, section};

/// Title and notes.
pub(super) fn title_ui(ui: &mut Ui, editor: &mut Editor) {
    let mut it = editor.model().the_brief().clone();
    let mut done = None;
    inset(ui, |ui| {
        if form::text(ui, "Title", "What the system is called", &mut it.title) {
            done = Some("Edit the title");
        }
        if form::notes(ui, "What it is for, and what is to be known of it", &mut it.notes) {
            done = Some("Edit the notes");
        }
    });
    if let Some(label) = done {
        editor.amend::<Brief>(&(), label, |now| *now = it);
    }
}

/// What it is used for, what it must do, what is known of attacks, and how large it is.
pub(super) fn lists_ui(ui: &mut Ui, editor: &mut Editor) {
    let mut it = editor.model().the_brief().clone();
    let mut is_new = false;
    is_new |= list_ui(ui, "Use cases", "Sign in, post a comment", &mut it.use_cases);
    is_new |= list_ui(ui, "Requirements", "Answers within a second", &mut it.requirements);
    is_new |= list_ui(ui, "Constraints", "Runs in two data centres", &mut it.constraints);
    is_new |= list_ui(ui, "Attacks seen before", "Stolen passwords tried in bulk", &mut it.attacks);
    is_new |= figures_ui(ui, &mut it.figures);
    if is_new {
        editor.amend::<Brief>(&(), "Edit the brief", |now| *now = it);
    }
}

fn count(n: usize) -> String {
    if n == 0 { String::new() } else { n.to_string() }
}

/// A list of lines; a line that is emptied goes, the last field adds one.
fn list_ui(ui: &mut Ui, name: &str, hint: &str, lines: &mut Vec<String>) -> bool {
    if !section(ui, name, &count(lines.len()), !lines.is_empty()) {
        return false;
    }
    let mut is_new = false;
    inset(ui, |ui| {
        ui.push_id(name, |ui| {
            for (n, line) in lines.iter_mut().enumerate() {
                ui.push_id(n, |ui| is_new |= form::put(line, TextField::new(name, line).show(ui)));
            }
            let label = format!("{name}: one more");
            let more = ui.push_id(lines.len(), |ui| TextField::new(&label, "").hint(hint).show(ui)).inner;
            if let Some(more) = more.filter(|it| !it.trim().is_empty()) {
                lines.push(more);
                is_new = true;
            }
        });
    });
    if is_new {
        lines.retain(|it| !it.trim().is_empty());
    }
    is_new
}

fn figures_ui(ui: &mut Ui, figures: &mut Vec<BriefFigure>) -> bool {
    if !section(ui, "Figures", &count(figures.len()), !figures.is_empty()) {
        return false;
    }
    let (mut is_new, mut gone) = (false, None);
    inset(ui, |ui| {
        for (n, it) in figures.iter_mut().enumerate() {
            ui.push_id(("figure", n), |ui| {
                ui.horizontal_top(|ui| {
                    let room = ui.available_width() - size::CONTROL_HEIGHT_IN_ROW - size::SPACE_6;
                    let name = TextField::new("What is counted", &it.name).hint("Users").width(room).show(ui);
                    is_new |= form::put(&mut it.name, name);
                    if icon_button_in_row(ui, "trash-2", "Remove this figure").clicked() {
                        gone = Some(n);
                    }
                });
                is_new |= form::figure(ui, "Number", "Unknown", &mut it.value);
                is_new |= form::text(ui, "Unit", "a month", &mut it.unit);
            });
        }
        if ui.add(Button::new("Add a figure").icon("plus").in_row()).clicked() {
            figures.push(BriefFigure::default());
            is_new = true;
        }
    });
    if let Some(gone) = gone {
        figures.remove(gone);
    }
    is_new || gone.is_some()
}
