//! Panels: one file each. A panel reads the editor and calls what it can do; panels do not know each other, nor the
//! canvas.

pub mod about;
pub mod command_palette;
pub mod coverage;
pub mod export;
pub mod findings;
pub mod gallery;
pub mod inspector;
pub mod levels;
pub mod manual;
pub mod packs;
pub mod palette;
pub mod paths;
pub mod questions;
pub mod shortcuts;
pub mod status_bar;
pub mod threat;
pub mod top_bar;
pub mod unsaved;
pub mod verdict;

use std::borrow::Cow;

use egui::{Id, Ui};

use crate::editor::Editor;
use crate::model::{Family, Severity};
use crate::tokens::{FamilyInk, Ink};
use crate::ui::widgets::{Asked, Question, question};

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
    let note = model.answer(&it.subject, &it.field).map(|it| it.note);
    let (response, asked) = question(
        ui,
        Question {
            id: question_id(key),
            text: &it.text.read(model),
            why: &it.why.read(model),
            answers: &answers,
            later: if editor.may_be_put_off(it) { "Later" } else { "" },
            note: note.as_deref(),
            is_shown: editor.shown.chosen.as_deref() == Some(key),
        },
    );
    if response.container_hovered() || response.has_focus() {
        editor.shown.hovered = Some(key.to_owned());
    }
    match asked {
        Some(Asked::Answered(number)) => editor.answer(key, number),
        Some(Asked::PutOff) => editor.put_off(key),
        Some(Asked::Noted(ref note)) => {
            editor.note(key, note);
            return false;
        }
        None if response.clicked() => editor.choose(key),
        None => {}
    }
    asked.is_some()
}
