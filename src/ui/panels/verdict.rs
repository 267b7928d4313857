//! A verdict on a finding: what was decided, why, and by whom.

use egui::{Key, Modifiers, Response, TextEdit, Ui};

use super::draft::Draft;
use crate::editor::{Editor, Modal};
use crate::model::{Verdict, VerdictState, is_day};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, FIELD_MARGIN, heading, segmented, wrapped};

/// What can be said of a finding.
const STATES: [VerdictState; 5] = [
    VerdictState::InDiscussion,
    VerdictState::Accepted,
    VerdictState::Mitigated,
    VerdictState::FalsePositive,
    VerdictState::Transferred,
];

/// Asks for a verdict on the finding that the modal names.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::Verdict(key)) = editor.shown.modal.clone() else { return };
    let mut draft = Draft::of(ui, editor, ("verdict", &key), || begun(editor, &key));
    if let Some(finding) = editor.report().finding(&key) {
        wrapped(ui, &finding.message.read(editor.model()), Face::SansSemibold, size::TYPE_13, Ink::Text);
        wrapped(ui, &finding.place.read(editor.model()), Face::Sans, size::TYPE_12, Ink::Muted);
        ui.add_space(size::SPACE_8);
    }
    draft.head_ui(ui, || begun(editor, &key));
    let has_opened = draft.has_opened;
    let labels = STATES.map(VerdictState::label);
    let chosen = STATES.iter().position(|it| *it == draft.value.state);
    if let Some(state) = segmented(ui, &labels, chosen).and_then(|it| STATES.get(it)) {
        draft.value.state = *state;
    }
    ui.add_space(size::SPACE_8);
    let entered_below = ui.input_mut(|it| it.consume_key(Modifiers::COMMAND, Key::Enter));
    let reason =
        field_ui(ui, "Reason", "Why it may stay, or what was done about it", &mut draft.value.reason, 3);
    if has_opened {
        reason.request_focus();
    }
    let reason = reason.id;
    let name = field_ui(ui, "Name", "Who says so", &mut draft.value.who, 1);
    let until = match draft.value.state {
        VerdictState::Accepted => {
            Some(field_ui(ui, "Until", "For good, or until a day: 2027-01-31", &mut draft.value.until, 1))
        }
        _ => None,
    };
    let who = name.id;
    let link = field_ui(ui, "Link", "A ticket or a page", &mut draft.value.link, 1);
    let is_entered = entered_below
        || [Some(name), until, Some(link)].iter().flatten().any(Response::lost_focus)
            && ui.input(|it| it.key_pressed(Key::Enter));
    ui.add_space(size::SPACE_8);
    let end = draft.value.until.trim();
    let is_dated = draft.value.state != VerdictState::Accepted || end.is_empty() || is_day(end);
    if !is_dated {
        wrapped(ui, "A day is written 2027-01-31.", Face::Sans, size::TYPE_12, Ink::High);
    }
    let missing = [(&draft.value.reason, reason), (&draft.value.who, who)];
    let missing = missing.into_iter().find(|it| it.0.trim().is_empty()).map(|it| it.1);
    // Whoever is done too early is led to what is missing.
    if let Some(field) = missing.filter(|_| is_entered) {
        ui.memory_mut(|it| it.request_focus(field));
    }
    let is_complete = missing.is_none() && is_dated;
    if missing.is_some() {
        wrapped(ui, "A verdict needs a reason and a name.", Face::Sans, size::TYPE_12, Ink::Muted);
    }
    let mut is_done = false;
    ui.horizontal(|ui| {
        let save = Button::new("Give verdict").primary().enabled(is_complete);
        let save = ui.add(save);
        if (save.clicked() || is_entered) && is_complete {
            if draft.value.state != VerdictState::Accepted {
                draft.value.until.clear();
            }
            editor.give_verdict(&key, &draft.value);
            is_done = true;
        }
        if editor.verdict(&key).is_some() && ui.add(Button::new("Reopen")).clicked() {
            editor.reopen(&key);
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

/// From the verdict that was given before, if one was.
fn begun(editor: &Editor, key: &str) -> Verdict {
    match editor.verdict(key) {
        Some(it) => it.clone(),
        None => Verdict { state: VerdictState::Accepted, who: editor.who.clone(), ..Verdict::default() },
    }
}

fn field_ui(ui: &mut Ui, name: &str, hint: &str, text: &mut String, rows: usize) -> Response {
    heading(ui, name);
    let edit = if rows > 1 { TextEdit::multiline(text) } else { TextEdit::singleline(text) };
    let edit = edit.hint_text(hint).margin(FIELD_MARGIN).desired_rows(rows);
    let response = ui.add(edit.desired_width(f32::INFINITY));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
    ui.add_space(size::SPACE_4);
    response
}
