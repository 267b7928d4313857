//! The question about work that was not saved when a window ended.

use egui::{ScrollArea, Ui};

use crate::editor::{Editor, Lost, Modal};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, focus_first, label, wrapped};

/// What was answered for one of them.
enum Answer {
    Restore,
    /// It is to be thrown away; that is asked once more.
    Discard,
    DiscardForGood,
    KeepAfterAll,
}

/// Lists what was lost; each can be brought back or thrown away, and what is neither stays for later.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::Lost(doubted)) = editor.shown.modal.clone() else { return };
    let about = "Parapet ended before this was saved. What you restore opens as it was, not saved yet: no file is written over.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_12);
    let mut answered = None;
    let room = ui.ctx().content_rect().height() * 0.5;
    ScrollArea::vertical().max_height(room).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        for (n, lost) in editor.lost().iter().enumerate() {
            about_ui(ui, lost);
            let answer = ui.horizontal(|ui| match &doubted {
                Some(id) if *id == lost.id => doubted_ui(ui, lost),
                _ => choices_ui(ui, lost, n == 0),
            });
            if let Some(answer) = answer.inner {
                answered = Some((lost.id.clone(), answer));
            }
            ui.add_space(size::SPACE_14);
        }
    });
    if ui.add(Button::new("Keep for later").quiet()).clicked() {
        editor.shown.modal = None;
    }
    match answered {
        None => {}
        Some((id, Answer::Restore)) => editor.restore(&id),
        Some((id, Answer::Discard)) => editor.shown.modal = Some(Modal::Lost(Some(id))),
        Some((id, Answer::DiscardForGood)) => editor.discard_lost(&id),
        Some((_, Answer::KeepAfterAll)) => editor.shown.modal = Some(Modal::Lost(None)),
    }
}

/// What it is, and how much of it.
fn about_ui(ui: &mut Ui, lost: &Lost) {
    label(ui, &lost.title, Face::SansSemibold, size::TYPE_13, Ink::Text);
    let what = if lost.is_readable {
        format!("{} not saved, the last one {}", lost.amount(), lost.ago())
    } else {
        format!("kept {}", lost.ago())
    };
    wrapped(ui, &what, Face::Sans, size::TYPE_12, Ink::Muted);
    if let Some(path) = &lost.path {
        wrapped(ui, path, Face::Mono, size::TYPE_11, Ink::Muted);
    }
    if let Some(fault) = &lost.fault {
        let told = if lost.is_readable {
            format!("Not all of it can be read: {fault}. What stands before that is restored.")
        } else {
            format!("It cannot be restored: {fault}.")
        };
        wrapped(ui, &told, Face::Sans, size::TYPE_12, Ink::High);
    }
    ui.add_space(size::SPACE_6);
}

fn choices_ui(ui: &mut Ui, lost: &Lost, is_first: bool) -> Option<Answer> {
    let mut answer = None;
    if lost.is_readable {
        let restore = named(ui, Button::new("Restore").primary().in_row(), "Restore", lost);
        if is_first {
            focus_first(ui, &restore);
        }
        answer = restore.clicked().then_some(Answer::Restore);
    }
    let discard = named(ui, Button::new("Discard").in_row(), "Discard", lost);
    answer.or_else(|| discard.clicked().then_some(Answer::Discard))
}

/// What is thrown away does not come back: the button is not pressed by mistake.
fn doubted_ui(ui: &mut Ui, lost: &Lost) -> Option<Answer> {
    label(ui, "Throw this work away?", Face::Sans, size::TYPE_12, Ink::Text);
    let discard = named(ui, Button::new("Discard for good").in_row(), "Discard for good", lost);
    let keep = named(ui, Button::new("Keep").primary().in_row(), "Keep", lost);
    focus_first(ui, &keep);
    if discard.clicked() {
        return Some(Answer::DiscardForGood);
    }
    keep.clicked().then_some(Answer::KeepAfterAll)
}

/// A button that is known by what it does and to which document.
fn named(ui: &mut Ui, button: Button<'_>, verb: &str, lost: &Lost) -> egui::Response {
    let response = ui.add(button);
    let name = format!("{verb} {}", lost.title);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
    response
}
