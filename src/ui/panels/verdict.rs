//! A verdict on a finding: what was decided, why, and by whom.

use egui::{Id, Key, Modifiers, Response, TextEdit, Ui};

use crate::editor::{Editor, Modal};
use crate::model::{Verdict, VerdictState, is_day};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, heading, segmented, wrapped};

/// What is being typed.
#[derive(Debug, Clone)]
struct Draft {
    verdict: Verdict,
    /// The last pass in which it was shown.
    shown: u64,
}

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
    let id = Id::unique(("verdict", &key));
    let mut draft = ui.data_mut(|it| it.get_temp::<Draft>(id)).unwrap_or_else(|| begun(editor, &key));
    let pass = ui.ctx().cumulative_pass_nr();
    let has_opened = draft.shown + 1 < pass;
    draft.shown = pass;
    if let Some(finding) = editor.report().finding(&key) {
        wrapped(ui, &finding.message.read(editor.model()), Face::SansSemibold, size::TYPE_13, Ink::Text);
        wrapped(ui, &finding.place.read(editor.model()), Face::Sans, size::TYPE_12, Ink::Muted);
        ui.add_space(size::SPACE_8);
    }
    let labels = STATES.map(VerdictState::label);
    let chosen = STATES.iter().position(|it| *it == draft.verdict.state);
    if let Some(state) = segmented(ui, &labels, chosen).and_then(|it| STATES.get(it)) {
        draft.verdict.state = *state;
    }
    ui.add_space(size::SPACE_8);
    let entered_below = ui.input_mut(|it| it.consume_key(Modifiers::COMMAND, Key::Enter));
    let reason =
        field_ui(ui, "Reason", "Why it may stay, or what was done about it", &mut draft.verdict.reason, 3);
    if has_opened {
        reason.request_focus();
    }
    let name = field_ui(ui, "Name", "Who says so", &mut draft.verdict.who, 1);
    let until = match draft.verdict.state {
        VerdictState::Accepted => {
            Some(field_ui(ui, "Until", "For good, or until a day: 2027-01-31", &mut draft.verdict.until, 1))
        }
        _ => None,
    };
    let link = field_ui(ui, "Link", "A ticket or a page", &mut draft.verdict.link, 1);
    let is_entered = entered_below
        || [Some(name), until, Some(link)].iter().flatten().any(Response::lost_focus)
            && ui.input(|it| it.key_pressed(Key::Enter));
    ui.add_space(size::SPACE_8);
    let end = draft.verdict.until.trim();
    let is_dated = draft.verdict.state != VerdictState::Accepted || end.is_empty() || is_day(end);
    if !is_dated {
        wrapped(ui, "A day is written 2027-01-31.", Face::Sans, size::TYPE_12, Ink::High);
    }
    let is_complete =
        !draft.verdict.reason.trim().is_empty() && !draft.verdict.who.trim().is_empty() && is_dated;
    let mut is_done = false;
    ui.horizontal(|ui| {
        let save = Button::new("Give verdict").primary().enabled(is_complete);
        let save = ui.add(save).on_hover_text("A verdict needs a reason and a name.");
        if (save.clicked() || is_entered) && is_complete {
            if draft.verdict.state != VerdictState::Accepted {
                draft.verdict.until.clear();
            }
            editor.give_verdict(&key, &draft.verdict);
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
        ui.data_mut(|it| it.remove::<Draft>(id));
    } else {
        ui.data_mut(|it| it.insert_temp(id, draft));
    }
}

/// From the verdict that was given before, if one was.
fn begun(editor: &Editor, key: &str) -> Draft {
    let verdict = match editor.verdict(key) {
        Some(it) => it.clone(),
        None => Verdict { state: VerdictState::Accepted, who: editor.who.clone(), ..Verdict::default() },
    };
    Draft { verdict, shown: 0 }
}

fn field_ui(ui: &mut Ui, name: &str, hint: &str, text: &mut String, rows: usize) -> Response {
    heading(ui, name);
    let edit = if rows > 1 { TextEdit::multiline(text) } else { TextEdit::singleline(text) };
    let response = ui.add(edit.hint_text(hint).desired_rows(rows).desired_width(f32::INFINITY));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
    ui.add_space(size::SPACE_4);
    response
}
