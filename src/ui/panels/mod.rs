//! Panels: one file each. A panel reads the editor and calls what it can do; panels do not know each other, nor the
//! canvas.

pub mod about;
pub mod command_palette;
pub mod comments;
pub mod coverage;
mod draft;
pub mod export;
pub mod findings;
pub mod gallery;
pub mod icon_packs;
pub mod icon_picker;
pub mod inspector;
pub mod levels;
pub mod lost;
pub mod manual;
pub mod others_there;
pub mod outline;
pub mod packs;
pub mod palette;
pub mod paths;
mod pressed;
pub mod questions;
mod searching;
pub mod shortcuts;
pub mod status_bar;
pub mod target;
pub mod threat;
pub mod top_bar;
pub mod unsaved;
pub mod verdict;
pub mod views;

use std::borrow::Cow;

use egui::{Id, Ui};

pub use pressed::is_key;

use crate::editor::Editor;
use crate::model::{Family, Severity};
use crate::tokens::{Face, FamilyInk, Ink, size};
use crate::ui::widgets::{Asked, Question, is_looked_at, question, wrapped};

/// The colour of a family.
fn family_ink(family: Family) -> Ink {
    Ink::Family(match family {
        Family::Outside | Family::Note => FamilyInk::Outside,
        Family::Edge => FamilyInk::Edge,
        Family::Compute => FamilyInk::Compute,
        Family::Data => FamilyInk::Data,
        Family::Messaging => FamilyInk::Messaging,
        Family::Trust => FamilyInk::Trust,
        Family::Operations => FamilyInk::Operations,
    })
}

/// The colour of a level.
fn severity_ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical => Ink::Critical,
        Severity::High => Ink::High,
        Severity::Medium => Ink::Medium,
        Severity::Low => Ink::Low,
    }
}

/// What is said while findings are looked for: at once that they are, and soon for how long.
fn working(ui: &Ui, editor: &Editor, what: &str) -> String {
    /// From here on it is no blink, and whoever waits wants to see that it goes on.
    const LONG_MS: f64 = 200.0;
    /// How often the time is told anew, in seconds.
    const EVERY: f32 = 0.1;
    ui.ctx().request_repaint_after_secs(EVERY);
    match editor.waits_ms() {
        it if it < LONG_MS => format!("{what}…"),
        it => format!("{what}… {:.1} s", it / 1e3),
    }
}

/// Says that nothing is found yet because nobody was done looking, where lists would say that there is nothing.
fn looking_ui(ui: &mut Ui, editor: &Editor) {
    if editor.has_failed() {
        wrapped(ui, "The analysis of this drawing failed.", Face::SansSemibold, size::TYPE_13, Ink::Text);
        let about = "That is a fault of ours; the drawing is safe. What is wrong in it is not known. The next change tries again.";
        wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
        return;
    }
    let text = working(ui, editor, "Looking for what fails and who gets in");
    wrapped(ui, &text, Face::SansSemibold, size::TYPE_13, Ink::Text);
    let about = "You can work on the drawing in the meantime.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
}

/// The id of the row of a question, wherever it is shown.
fn question_id(key: &str) -> Id {
    Id::unique(("question", key))
}

/// Shows a question; its answer is one edit. Returns whether it was answered or put off.
fn question_ui(ui: &mut Ui, editor: &mut Editor, key: &str) -> bool {
    let Some(it) = editor.report().question(key) else { return false };
    let model = editor.model();
    let answers: Vec<Cow<'_, str>> = it.choices.iter().map(|it| it.label.read(model)).collect();
    let answers: Vec<&str> = answers.iter().map(|it| &**it).collect();
    let note = model.remark(&it.subject, &it.field).note;
    let (response, asked) = question(
        ui,
        Question {
            id: question_id(key),
            text: &it.text.read(model),
            why: &it.why.read(model),
            answers: &answers,
            later: if editor.is_put_off(it) { "" } else { "Later" },
            note: &note,
            is_shown: editor.shown.chosen.as_deref() == Some(key),
        },
    );
    if is_looked_at(ui, &response) {
        editor.shown.hovered = Some(key.to_owned());
    }
    match asked {
        Some(Asked::Answered(number)) => editor.answer(key, number),
        Some(Asked::PutOff) => editor.put_off(key),
        Some(Asked::Noted(ref note)) => {
            editor.note(key, note);
            return false;
        }
        Some(Asked::ToNote) => {
            if editor.shown.chosen.as_deref() != Some(key) {
                editor.choose(key);
            }
            return false;
        }
        None if response.clicked() => editor.choose(key),
        None => {}
    }
    asked.is_some()
}
