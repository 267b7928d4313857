//! A question: its words, why it is asked, and its answers as buttons.

use egui::{Id, Key, Response, Sense, TextEdit, Ui, UiBuilder, Vec2, WidgetInfo, pos2};

use super::row::{RowLook, row};
use super::{FIELD_MARGIN, prose, segmented, wrapped};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// A question as a panel shows it.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What it is remembered by while it moves in its list.
    pub id: Id,
    pub text: &'a str,
    pub why: &'a str,
    pub answers: &'a [&'a str],
    /// What puts it off; empty if it was.
    pub later: &'a str,
    /// What was noted on the answer.
    pub note: &'a str,
    /// Its evidence is shown.
    pub is_shown: bool,
}

/// What was done to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The answer of that number was given.
    Answered(usize),
    PutOff,
    /// This was noted.
    Noted(String),
    /// Its note is to be written: it opens for that.
    ToNote,
}

/// Shows a question; its answers are given by click or, while it has the focus, by their numbers.
pub fn question(ui: &mut Ui, it: Question<'_>) -> (Response, Option<Asked>) {
    let look = RowLook { ink: it.is_shown.then_some(Ink::Question), is_ruled: true };
    let (response, pressed) = row(ui, it.id, look, |ui, _| {
        ui.spacing_mut().item_spacing.y = size::SPACE_4;
        dot(ui, Ink::Question);
        indented(ui, |ui| {
            prose(ui, it.text, Face::SansSemibold, size::TYPE_13, Ink::Text);
            if !it.why.is_empty() {
                wrapped(ui, it.why, Face::Sans, size::TYPE_12, Ink::Muted);
            }
            ui.add_space(size::SPACE_4);
            let later = [it.later];
            let last: &[&str] = if it.later.is_empty() { &[] } else { &later };
            let labels: Vec<&str> = it.answers.iter().chain(last).copied().collect();
            let pressed = segmented(ui, &labels, None);
            (pressed, if it.is_shown { note_ui(ui, it.id, it.note) } else { None })
        })
    });
    let (pressed, noted) = pressed;
    let text = it.text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ListItem, true, &text));
    let pressed = pressed.or_else(|| by_number(ui, it.id).filter(|n| *n <= it.answers.len()));
    let done = pressed.and_then(|n| match n {
        n if n < it.answers.len() => Some(Asked::Answered(n)),
        _ if it.later.is_empty() => None,
        _ => Some(Asked::PutOff),
    });
    let noted = noted.map(Asked::Noted);
    (response, done.or(noted).or_else(|| to_note(ui, &it)))
}

/// Its key was pressed while the row has the focus: the field for the note gets it from the next frame on, when it is
/// there and what the key typed is gone.
fn to_note(ui: &Ui, it: &Question<'_>) -> Option<Asked> {
    let has_focus = ui.memory(|memory| memory.has_focus(it.id));
    if !has_focus || !ui.input(|it| it.key_pressed(TO_NOTE) && it.modifiers.is_none()) {
        return None;
    }
    ui.memory_mut(|memory| memory.request_focus(note_id(it.id)));
    Some(Asked::ToNote)
}

/// Beside the keys of the answers; letters choose tools.
const TO_NOTE: Key = Key::Num0;

fn note_id(row: Id) -> Id {
    row.with("note")
}

/// A field for a note on the answer of a row; returns what was noted when it is left. Enter keeps it, Esc gives it up, and
/// both lead back to the row, where the keys of its answers are.
fn note_ui(ui: &mut Ui, row: Id, note: &str) -> Option<String> {
    let id = note_id(row);
    let mut text = ui.data_mut(|it| it.get_temp::<String>(id)).unwrap_or_else(|| note.to_owned());
    ui.add_space(size::SPACE_4);
    let edit = TextEdit::singleline(&mut text)
        .id(id)
        .hint_text("A note on the answer")
        .margin(FIELD_MARGIN)
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Note"));
    if response.lost_focus() {
        ui.data_mut(|it| it.remove::<String>(id));
        let (is_kept, is_given_up) = ui.input(|it| (it.key_pressed(Key::Enter), it.key_pressed(Key::Escape)));
        if is_kept || is_given_up {
            ui.memory_mut(|it| it.request_focus(row));
        }
        if is_given_up {
            return None;
        }
        return (text != note).then_some(text);
    }
    if response.has_focus() {
        ui.data_mut(|it| it.insert_temp(id, text));
    }
    None
}

/// The number key that was pressed while the row has the focus, from 0.
fn by_number(ui: &Ui, id: Id) -> Option<usize> {
    const KEYS: [Key; 9] =
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    if !ui.memory(|it| it.has_focus(id)) {
        return None;
    }
    ui.input(|it| KEYS.iter().position(|key| it.key_pressed(*key) && it.modifiers.is_none()))
}

/// The dot before a row, at the height of its first line.
pub fn dot(ui: &Ui, ink: Ink) {
    dot_before(ui, ink, Face::SansSemibold.line_height(size::TYPE_13));
}

/// The dot before a row of which the first line is so high.
pub fn dot_before(ui: &Ui, ink: Ink, height: f32) {
    let at = ui.cursor().min + Vec2::new(DOT, height / 2.0);
    ui.painter().circle_filled(at, DOT, theme::colour(ui.ctx(), ink));
}

/// What stands behind the dot.
pub fn indented<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let corner = ui.cursor().min;
    let inside = egui::Rect::from_min_max(
        pos2(corner.x + 2.0 * DOT + size::SPACE_8, corner.y),
        pos2(ui.max_rect().right(), f32::INFINITY),
    );
    ui.scope_builder(UiBuilder::new().max_rect(inside).sense(Sense::hover()), add).inner
}

const DOT: f32 = 4.0;
