//! The bar at the bottom: whether the layout is locked, what is selected, what there is, what was said last, how long the analysis took.

use crate::model::counted;
use egui::{Align, Layout, Ui};

use super::working;
use crate::editor::{Editor, Tone, command};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, icon_button_in_bar, label, spoken};

/// Fills the bar.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_14;
        panel_button(ui, editor, "view.left-panel");
        layout_lock_ui(ui, editor);
        // What went wrong has the whole bar: its reason must be read to the end.
        let is_wrong = editor.notice().is_some_and(|it| it.tone == Tone::Error);
        if !is_wrong {
            counts_ui(ui, editor);
            single_points_ui(ui, editor);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            panel_button(ui, editor, "view.right-panel");
            if editor.has_failed() {
                text(ui, "analysis failed", Ink::Muted);
            } else if editor.is_behind() {
                let took = working(ui, editor, "analysing");
                text(ui, &took, Ink::Muted);
            } else if !is_wrong {
                text(ui, &analysed(editor.took_ms()), Ink::Muted);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| notice_ui(ui, editor));
        });
    });
}

/// How long the analysis took; nothing takes no time at all.
fn analysed(took_ms: f64) -> String {
    if took_ms < 0.1 { "analysed in under 0.1 ms".to_owned() } else { format!("analysed in {took_ms:.1} ms") }
}

/// Folds a panel, at its side of the bar.
fn panel_button(ui: &mut Ui, editor: &mut Editor, id: &str) {
    let Some(command) = command(id) else { return };
    let keys = editor.keys_of(command);
    if icon_button_in_bar(ui, command.icon, command.label, &keys).clicked() {
        editor.run(id);
    }
}

fn counts_ui(ui: &mut Ui, editor: &Editor) {
    let selected = editor.selection().len();
    if selected > 0 {
        text(ui, &format!("{selected} selected"), Ink::Text);
    }
    let model = editor.model();
    let counts = format!(
        "{} · {} · {}",
        counted(model.components().len(), "component"),
        counted(model.flows().len(), "flow"),
        counted(model.boundaries().len(), "boundary"),
    );
    text(ui, &counts, Ink::Muted);
}

/// Whoever wonders why nothing can be moved finds the reason here, and the way out.
fn layout_lock_ui(ui: &mut Ui, editor: &mut Editor) {
    if !editor.is_layout_locked() {
        return;
    }
    let button = Button::new("Layout locked").icon("lock").quiet().in_row();
    if ui.add(button).on_hover_text("Nothing on this view can be moved. Click to unlock it.").clicked() {
        editor.run("view.lock-layout");
    }
}

fn single_points_ui(ui: &mut Ui, editor: &Editor) {
    // Where nothing is connected, nothing is known to need anything.
    if editor.is_behind() || editor.model().flows().is_empty() {
        return;
    }
    let is_point = |rule: &str| rule == "single-point-of-failure";
    match editor.report().findings.iter().filter(|it| is_point(&it.rule)).count() {
        0 => text(ui, "No single point of failure", Ink::Settled),
        1 => text(ui, "1 single point of failure", Ink::High),
        n => text(ui, &format!("{n} single points of failure"), Ink::High),
    }
}

fn notice_ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(notice) = editor.notice().cloned() else { return };
    let ink = match notice.tone {
        Tone::Info => Ink::Text,
        Tone::Done => Ink::Settled,
        Tone::Error => Ink::Critical,
    };
    ui.spacing_mut().item_spacing.x = size::SPACE_6;
    for offer in notice.offers.iter().filter_map(|it| command(it)) {
        if ui.add(Button::new(offer.label).quiet().in_row()).on_hover_text(offer.help).clicked() {
            editor.dismiss_notice();
            editor.run(offer.id);
        }
    }
    if ui.add(Button::new("Dismiss").quiet().in_row()).clicked() {
        editor.dismiss_notice();
    }
    let shown = label(ui, &notice.text, Face::Sans, size::TYPE_12, ink).on_hover_text(&notice.text);
    if let Some(words) = editor.notice_in_words() {
        spoken(ui, shown.id, || words.to_owned());
    }
}

fn text(ui: &mut Ui, text: &str, ink: Ink) {
    label(ui, text, Face::Sans, size::TYPE_12, ink);
}
