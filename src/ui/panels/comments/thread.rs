//! One thread: what it is about, what was said, and, while it is open, what can be done.

use egui::{Align, Layout, Response, Ui, WidgetInfo};

use super::{Typing, is_complete, is_sent, name_ui, row_id, words_ui};
use crate::editor::Editor;
use crate::model::{Comment, Id, Message};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{
    Button, RowLook, dot_before, icon_button_in_row, indented, label, prose, row, wrapped,
};

/// So much of a message shows while its thread is closed, in characters.
const SHORT: usize = 160;

/// What was asked for.
pub(super) enum Act {
    /// Open it, or close it.
    Turn,
    GoThere,
    Resolve(bool),
    Delete,
    DeleteMessage(Id),
    /// Send what is typed.
    Answer,
    /// Keep other words for a message.
    Reword,
}

/// Shows a thread.
pub(super) fn ui(
    ui: &mut Ui,
    editor: &mut Editor,
    (id, is_open): (&Id, bool),
    typing: &mut Typing,
) -> Option<Act> {
    let thread = Comment::clone(editor.model().comments().get(id)?);
    let ink = if thread.resolved { Ink::Settled } else { Ink::Accent };
    let look = RowLook { ink: is_open.then_some(ink), is_ruled: true };
    let about = thread.about(editor.model());
    let (response, act) = row(ui, row_id(id), look, |ui, _| {
        ui.spacing_mut().item_spacing.y = size::SPACE_4;
        // Its title stands among buttons.
        dot_before(ui, ink, size::CONTROL_HEIGHT_IN_ROW);
        indented(ui, |ui| {
            let mut act = head_ui(ui, editor, id, (&thread, &about), is_open);
            if is_open {
                act = messages_ui(ui, editor, (id, &thread), typing).or(act);
                ui.add_space(size::SPACE_4);
                answer_ui(ui, editor, (id, &thread), typing).or(act)
            } else {
                first_ui(ui, &thread);
                act
            }
        })
    });
    say(&response, &thread, &about);
    act.or_else(|| response.clicked().then_some(Act::Turn))
}

/// What the row says to screen readers.
fn say(response: &Response, thread: &Comment, about: &str) {
    let state = if thread.resolved { "resolved comment" } else { "comment" };
    let text = format!("{about}, {state}: {}", thread.title());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ListItem, true, &text));
}

fn head_ui(
    ui: &mut Ui,
    editor: &Editor,
    id: &Id,
    (thread, about): (&Comment, &str),
    is_open: bool,
) -> Option<Act> {
    let mut act = None;
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            if is_open {
                if icon_button_in_row(ui, "trash-2", "Delete the comment").clicked() {
                    act = Some(Act::Delete);
                }
                let (icon, words) =
                    if thread.resolved { ("rotate-ccw", "Reopen") } else { ("check", "Resolve") };
                if icon_button_in_row(ui, icon, words).clicked() {
                    act = Some(Act::Resolve(!thread.resolved));
                }
                if editor.has_place(id) && icon_button_in_row(ui, "locate-fixed", "Go there").clicked() {
                    act = Some(Act::GoThere);
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                label(ui, about, Face::SansSemibold, size::TYPE_13, Ink::Text);
            });
        });
    });
    if thread.resolved {
        let on =
            if thread.resolved_on.is_empty() { String::new() } else { format!(" on {}", thread.resolved_on) };
        let text = format!("Resolved by {}{on}", named(&thread.resolved_by));
        label(ui, &text, Face::Sans, size::TYPE_11, Ink::Muted);
    }
    act
}

fn named(author: &str) -> &str {
    if author.trim().is_empty() { "somebody" } else { author }
}

/// How it begins, and how much follows.
fn first_ui(ui: &mut Ui, thread: &Comment) {
    let Some(first) = thread.messages.0.values().next() else { return };
    let mut text: String = first.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = text.char_indices().nth(SHORT) {
        text.truncate(at);
        text.push('…');
    }
    prose(ui, &text, Face::Sans, size::TYPE_12, Ink::Text);
    let more = match thread.messages.0.len() - 1 {
        0 => String::new(),
        1 => " · 1 answer".to_owned(),
        n => format!(" · {n} answers"),
    };
    let by = format!("{}{}{more}", named(&first.author), dated(&first.day));
    label(ui, &by, Face::Sans, size::TYPE_11, Ink::Muted);
}

fn dated(day: &str) -> String {
    if day.is_empty() { String::new() } else { format!(" · {day}") }
}

fn messages_ui(
    ui: &mut Ui,
    editor: &Editor,
    (id, thread): (&Id, &Comment),
    typing: &mut Typing,
) -> Option<Act> {
    let mut act = None;
    for (key, message) in &thread.messages.0 {
        ui.push_id(key, |ui| {
            let is_reworded = matches!(&typing.rewording, Some((of, it, _)) if of == id && it == key);
            let asked = by_ui(ui, editor.is_own(message) && !is_reworded, message);
            match asked {
                Some(true) => typing.rewording = Some((id.clone(), key.clone(), message.text.clone())),
                Some(false) => act = Some(Act::DeleteMessage(key.clone())),
                None => {}
            }
            if is_reworded {
                act = reword_ui(ui, typing).or_else(|| act.take());
            } else {
                wrapped(ui, &message.text, Face::Sans, size::TYPE_12, Ink::Text);
            }
            ui.add_space(size::SPACE_4);
        });
    }
    act
}

/// Who said it and when; of one's own, whether it is to be put otherwise (`true`) or deleted (`false`).
fn by_ui(ui: &mut Ui, is_own: bool, message: &Message) -> Option<bool> {
    let mut asked = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        label(ui, named(&message.author), Face::SansMedium, size::TYPE_12, Ink::Text);
        label(ui, &message.day, Face::Sans, size::TYPE_11, Ink::Muted);
        if is_own {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                if icon_button_in_row(ui, "x", "Delete this message").clicked() {
                    asked = Some(false);
                }
                if icon_button_in_row(ui, "pencil", "Edit this message").clicked() {
                    asked = Some(true);
                }
            });
        }
    });
    asked
}

fn reword_ui(ui: &mut Ui, typing: &mut Typing) -> Option<Act> {
    let (mut act, mut is_over) = (None, false);
    if let Some((.., text)) = &mut typing.rewording {
        let words = words_ui(ui, "Other words", "", text, 2);
        let is_complete = !text.trim().is_empty();
        let is_entered = words.has_focus() && is_sent(ui);
        ui.horizontal(|ui| {
            let save = ui.add(Button::new("Save").primary().in_row().enabled(is_complete));
            if (save.clicked() || is_entered) && is_complete {
                act = Some(Act::Reword);
            }
            is_over = ui.add(Button::new("Cancel").quiet().in_row()).clicked();
        });
    }
    if is_over {
        typing.rewording = None;
    }
    act
}

fn answer_ui(
    ui: &mut Ui,
    editor: &mut Editor,
    (id, thread): (&Id, &Comment),
    typing: &mut Typing,
) -> Option<Act> {
    let text = typing.answers.entry(id.clone()).or_default();
    let words = words_ui(ui, "Answer", "Answer", text, 1);
    if text.is_empty() && !words.has_focus() {
        return None;
    }
    let name = row_id(id).with("name");
    if editor.who.trim().is_empty() || ui.memory(|it| it.has_focus(name)) {
        name_ui(ui, name, editor);
    }
    let is_complete = is_complete(editor, text);
    let is_entered = words.has_focus() && is_sent(ui);
    let word = if thread.resolved { "Answer and reopen" } else { "Send answer" };
    let button = ui.add(Button::new(word).primary().in_row().enabled(is_complete));
    let button = button.on_hover_text("It needs words and a name. Ctrl+Enter sends it.");
    ((button.clicked() || is_entered) && is_complete).then_some(Act::Answer)
}
