//! The views of the document: their names and order, what is on the one that is shown and what of that its filter shows;
//! and the bar while they are presented.

mod filter;

use egui::{Align, Layout, Ui};

use crate::editor::{Editor, NewView};
use crate::model::Id;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{
    Button, Choice, Picked, TextField, heading, icon_button, icon_button_in_row, label, picks, scrolled,
    wrapped,
};

/// What was asked of a view.
enum Asked {
    Show,
    Rename(String),
    Move { forwards: bool },
    Delete,
}

/// Lists the views, and what the shown one lacks.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let about = "Each view is a diagram of the same model, with places of its own. What is drawn nowhere still counts.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_12);
    let views = editor.views();
    let room = ui.ctx().content_rect().height() * 0.25;
    let mut asked = None;
    scrolled(ui, room, |ui| {
        for (n, view) in views.iter().enumerate() {
            let ends = (n == 0, n + 1 == views.len());
            if let Some(it) = view_ui(ui, editor, view, ends) {
                asked = Some((view.clone(), it));
            }
        }
    });
    match asked {
        None => {}
        Some((view, Asked::Show)) => editor.show_view(&view),
        Some((view, Asked::Rename(name))) => editor.rename_view(&view, &name),
        Some((view, Asked::Move { forwards })) => editor.move_view(&view, forwards),
        Some((view, Asked::Delete)) => editor.delete_view(&view),
    }
    ui.add_space(size::SPACE_8);
    new_ui(ui, editor);
    ui.add_space(size::SPACE_12);
    missing_ui(ui, editor);
    ui.add_space(size::SPACE_12);
    filter::ui(ui, editor);
    ui.add_space(size::SPACE_12);
    if ui.add(Button::new("Present").icon("play").primary()).clicked() {
        editor.run("view.present");
    }
}

fn view_ui(ui: &mut Ui, editor: &Editor, view: &Id, (is_first, is_last): (bool, bool)) -> Option<Asked> {
    let name = editor.view_name(view);
    let is_shown = editor.view() == view;
    let mut asked = None;
    ui.push_id(view, |ui| {
        ui.horizontal(|ui| {
            let mark = if is_shown { "eye" } else { "circle" };
            let words = if is_shown { format!("{name} is shown") } else { format!("Show {name}") };
            if icon_button(ui, mark, &words, "", is_shown).clicked() {
                asked = Some(Asked::Show);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let mut button = |ui: &mut Ui, is_on: bool, icon: &str, words: String, what: Asked| {
                    if ui.add_enabled_ui(is_on, |ui| icon_button_in_row(ui, icon, &words)).inner.clicked() {
                        asked = Some(what);
                    }
                };
                let is_only = is_first && is_last;
                button(ui, !is_only, "trash-2", format!("Delete the view {name}"), Asked::Delete);
                button(
                    ui,
                    !is_last,
                    "arrow-down",
                    format!("Move {name} down"),
                    Asked::Move { forwards: true },
                );
                button(ui, !is_first, "arrow-up", format!("Move {name} up"), Asked::Move { forwards: false });
                let field = TextField::new("Name of the view", &name).width(ui.available_width());
                if let Some(name) = field.show(ui) {
                    asked = Some(Asked::Rename(name));
                }
            });
        });
    });
    asked
}

fn new_ui(ui: &mut Ui, editor: &mut Editor) {
    let has_selection = !editor.selection().is_empty();
    ui.horizontal_wrapped(|ui| {
        if ui.add(Button::new("Copy of this view").icon("copy-plus")).clicked() {
            editor.add_view(NewView::Copy);
        }
        if ui.add(Button::new("View of the selection").enabled(has_selection)).clicked() {
            editor.add_view(NewView::Selection);
        }
        if ui.add(Button::new("Empty view")).clicked() {
            editor.add_view(NewView::Empty);
        }
    });
}

fn missing_ui(ui: &mut Ui, editor: &mut Editor) {
    let missing = editor.missing_on_view();
    let name = editor.view_name(editor.view());
    if missing.is_empty() {
        wrapped(ui, &format!("{name} shows all that there is."), Face::Sans, size::TYPE_12, Ink::Muted);
        return;
    }
    heading(ui, &format!("Not on {name}: {}", missing.len()));
    let model = editor.model();
    // Only while the list is open: there may be thousands.
    let by_title = || model.by_title(&missing);
    let choices = || by_title().into_iter().map(|it| Choice::new(model.title(it))).collect();
    let mut put: Vec<Id> = Vec::new();
    ui.horizontal(|ui| {
        if let Some(Picked::In(n)) = picks(ui, &[], ("Show one here", "Show one of them here"), None, choices)
        {
            put.extend(by_title().get(n).map(|it| Id::clone(it)));
        }
        if ui.add(Button::new("Show all here").quiet().in_row()).clicked() {
            put.clone_from(&missing);
        }
    });
    editor.put_on_view(&put);
}

/// The bar while views are presented: which one is shown, on, back, and the end.
pub fn presenting_ui(ui: &mut Ui, editor: &mut Editor) {
    let views = editor.views();
    let at = views.iter().position(|it| it == editor.view()).unwrap_or(0);
    ui.horizontal_centered(|ui| {
        let mut step = |ui: &mut Ui, forwards: bool, is_on: bool| {
            let (icon, words, key) = if forwards {
                ("chevron-right", "Next view", "Right")
            } else {
                ("chevron-left", "Previous view", "Left")
            };
            let button = ui.add_enabled_ui(is_on, |ui| icon_button(ui, icon, words, key, false)).inner;
            if button.clicked() {
                editor.step_view(forwards);
            }
        };
        step(ui, false, at > 0);
        step(ui, true, at + 1 < views.len());
        let counted = format!("{} of {}", at + 1, views.len().max(1));
        label(ui, &editor.view_name(editor.view()), Face::SansSemibold, size::TYPE_13, Ink::Text);
        label(ui, &counted, Face::Sans, size::TYPE_12, Ink::Muted);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button(ui, "x", "End the presentation", "Esc", false).clicked() {
                editor.toggle_presenting();
            }
        });
    });
}
