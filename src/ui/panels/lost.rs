//! The question about work that was not saved when a window ended.

use egui::Ui;

use crate::editor::{Editor, Lost, Modal};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, focus_first, label, scrolled, wrapped};

/// What was answered for one of them.
enum Answer {
    Restore,
    /// It is to be thrown away; that is asked once more.
    Discard,
    DiscardForGood,
    KeepAfterAll,
    /// It is asked about again when somebody wants that, or at the next start.
    KeepForLater,
}

/// Lists what was lost; each can be brought back or thrown away, and what is neither stays for later.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::Lost(doubted)) = editor.shown.modal.clone() else { return };
    let about = "Parapet ended before this was saved. What you restore opens as it was, not saved yet: no file is written over.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_12);
    let mut answered = None;
    let room = ui.ctx().content_rect().height() * 0.5;
    scrolled(ui, room, |ui| {
        ui.set_min_width(ui.available_width());
        let all = editor.lost();
        for (n, lost) in all.iter().enumerate() {
            if n > 0 {
                ui.add_space(size::SPACE_24);
            }
            about_ui(ui, lost);
            let answer = ui.horizontal(|ui| match &doubted {
                // Other buttons than before, which do not get the focus of those.
                Some(id) if *id == lost.id => ui.push_id("doubted", |ui| doubted_ui(ui, lost)).inner,
                _ => choices_ui(ui, lost, (n, all.len())),
            });
            if let Some(answer) = answer.inner {
                answered = Some((lost.id.clone(), answer));
            }
        }
    });
    if editor.lost().len() > 1 {
        ui.add_space(size::SPACE_24);
        if ui.add(Button::new("Keep all for later")).clicked() {
            editor.shown.modal = None;
        }
    }
    match answered {
        None => {}
        Some((id, Answer::Restore)) => editor.restore(&id),
        Some((id, Answer::Discard)) => editor.shown.modal = Some(Modal::Lost(Some(id))),
        Some((id, Answer::DiscardForGood)) => editor.discard_lost(&id),
        Some((_, Answer::KeepAfterAll)) => editor.shown.modal = Some(Modal::Lost(None)),
        Some((_, Answer::KeepForLater)) => editor.shown.modal = None,
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

/// What can be done with the one of that number, counted from 0, of so many.
fn choices_ui(ui: &mut Ui, lost: &Lost, (n, all): (usize, usize)) -> Option<Answer> {
    let mut answer = None;
    if lost.is_readable {
        let button = Button::new("Restore");
        let restore = named(ui, if n == 0 { button.primary() } else { button }, "Restore", lost);
        if n == 0 {
            focus_first(ui, &restore);
        }
        answer = restore.clicked().then_some(Answer::Restore);
    }
    let discard = named(ui, Button::new("Discard"), "Discard", lost);
    if all == 1 && ui.add(Button::new("Keep for later").quiet()).clicked() {
        answer = Some(Answer::KeepForLater);
    }
    answer.or_else(|| discard.clicked().then_some(Answer::Discard))
}

/// What is thrown away does not come back: the same key once more keeps it.
fn doubted_ui(ui: &mut Ui, lost: &Lost) -> Option<Answer> {
    label(ui, "Throw this work away?", Face::Sans, size::TYPE_12, Ink::Text);
    let keep = named(ui, Button::new("Keep").primary(), "Keep", lost);
    focus_first(ui, &keep);
    let discard = named(ui, Button::new("Discard for good"), "Discard for good", lost);
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
