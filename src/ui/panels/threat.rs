//! A threat that is added by hand: what it is, how bad, about what, and what is done against it.

use std::cell::OnceCell;

use egui::{Key, Modifiers, TextEdit, Ui};

use super::draft::Draft;
use crate::editor::{Editor, Modal};
use crate::model::{Id, Severity, Stride, Threat};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, Choice, FIELD_MARGIN, Picked, chip, heading, picks, segmented, wrapped};

/// Asks for a threat, or shows one to be changed.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::Threat(known)) = editor.shown.modal.clone() else { return };
    let mut draft = Draft::of(ui, editor, ("threat", &known), || begun(editor, known.as_ref()));
    draft.head_ui(ui, || begun(editor, known.as_ref()));
    let has_opened = draft.has_opened;
    let threat = &mut draft.value;
    if known.is_none() {
        // What it is about may have gone since it was typed.
        threat.subjects.retain(|it| editor.model().has(it));
    }
    let is_entered = ui.input_mut(|it| it.consume_key(Modifiers::COMMAND, Key::Enter));
    let title = text_ui(ui, "Threat", "Somebody steals the laptop of an admin", &mut threat.title, 1);
    if has_opened {
        title.request_focus();
    }
    let is_entered = is_entered || title.lost_focus() && ui.input(|it| it.key_pressed(Key::Enter));
    heading(ui, "What kind");
    ui.horizontal_wrapped(|ui| {
        for kind in Stride::ALL {
            let is_on = threat.stride.contains(&kind);
            if chip(ui, kind.label(), None, is_on).clicked() {
                threat.stride.retain(|it| *it != kind);
                if !is_on {
                    threat.stride.push(kind);
                    threat.stride.sort_unstable();
                }
            }
        }
    });
    ui.add_space(size::SPACE_8);
    heading(ui, "How bad");
    let chosen = Severity::ALL.iter().position(|it| *it == threat.severity);
    if let Some(level) = segmented(ui, &Severity::ALL.map(Severity::label), chosen) {
        threat.severity = Severity::ALL.get(level).copied().unwrap_or_default();
    }
    ui.add_space(size::SPACE_8);
    heading(ui, "About");
    subjects_ui(ui, editor, &mut threat.subjects);
    ui.add_space(size::SPACE_8);
    text_ui(ui, "Mitigation", "What is or should be done against it", &mut threat.mitigation, 2);
    ui.add_space(size::SPACE_8);
    let is_named = !threat.title.trim().is_empty();
    let mut is_done = false;
    ui.horizontal(|ui| {
        let word = if known.is_some() { "Save" } else { "Add threat" };
        if (ui.add(Button::new(word).primary().enabled(is_named)).clicked() || is_entered) && is_named {
            editor.put_threat(known.as_ref(), threat);
            is_done = true;
        }
        if let Some(id) = &known
            && ui.add(Button::new("Delete")).clicked()
        {
            editor.delete_threat(id);
            is_done = true;
        }
        if ui.add(Button::new("Cancel").quiet()).clicked() {
            is_done = true;
        }
    });
    if is_done {
        editor.shown.modal = None;
        draft.end(ui);
    } else {
        draft.keep(ui);
    }
}

/// The threat that is there or, about what is selected, a new one.
fn begun(editor: &Editor, known: Option<&Id>) -> Threat {
    let there = known.and_then(|it| editor.model().threats().get(it));
    let new = || Threat { subjects: editor.selection().iter().cloned().collect(), ..Threat::default() };
    there.map_or_else(new, |it| (**it).clone())
}

fn subjects_ui(ui: &mut Ui, editor: &Editor, subjects: &mut Vec<Id>) {
    let model = editor.model();
    let choice = |it: &Id| Choice::new(model.title(it));
    let held: Vec<Choice> = subjects.iter().map(choice).collect();
    // Put in order only while the list is open: there may be thousands.
    let offers: OnceCell<Vec<Id>> = OnceCell::new();
    let offered = || {
        let (boxes, rooms, flows) = (model.components(), model.boundaries(), model.flows());
        let all = [model.by_title(boxes.keys()), model.by_title(rooms.keys()), model.by_title(flows.keys())];
        all.into_iter().flatten().filter(|it| !subjects.contains(it)).cloned().collect()
    };
    let choices = || offers.get_or_init(offered).iter().map(choice).collect();
    match picks(ui, &held, ("Add an element", "Add an element that it is about"), None, choices) {
        Some(Picked::Out(n)) if n < subjects.len() => drop(subjects.remove(n)),
        Some(Picked::In(n)) => subjects.extend(offers.get().and_then(|it| it.get(n)).cloned()),
        _ => {}
    }
    if subjects.is_empty() {
        wrapped(ui, "The system as a whole.", Face::Sans, size::TYPE_12, Ink::Muted);
    }
}

fn text_ui(ui: &mut Ui, name: &str, hint: &str, text: &mut String, rows: usize) -> egui::Response {
    heading(ui, name);
    let edit = if rows > 1 { TextEdit::multiline(text) } else { TextEdit::singleline(text) };
    let edit = edit.hint_text(hint).margin(FIELD_MARGIN).desired_rows(rows);
    let response = ui.add(edit.desired_width(f32::INFINITY));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
    ui.add_space(size::SPACE_4);
    response
}
