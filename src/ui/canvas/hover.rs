//! Words at the pointer, where a mark does not explain itself: badges, and locks that nobody has answered for.

use egui::{Response, RichText, Ui};

use super::Canvas;
use super::pointer::Phase;
use crate::editor::{Editor, command};
use crate::model::{Id, Text, Truth};
use crate::scene::{Part, Pos, hit};
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

/// Findings and questions that are spelt out; more are counted.
const SPELT_OUT: usize = 5;

impl Canvas {
    pub(super) fn hover_ui(&self, response: &Response, editor: &Editor, camera: &Camera) {
        let is_still = matches!(self.phase, Phase::Idle) && self.menu.is_none() && self.picker.is_none();
        let Some(pos) = response.hover_pos().filter(|_| is_still) else { return };
        if let Some(id) = self.picture.pin_at(editor, camera, pos) {
            let lines = comments_on(editor, &id);
            tooltip(response, |ui| badge_ui(ui, &lines));
            return;
        }
        if let Some(id) = self.picture.badge_at(editor, camera, pos) {
            let lines = said_of(editor, &id);
            if !lines.is_empty() {
                tooltip(response, |ui| badge_ui(ui, &lines));
            }
            return;
        }
        if self.is_on_lock(editor, camera, pos) {
            let keys = command("arrange.lock").map(|it| editor.keys_of(it)).unwrap_or_default();
            tooltip(response, |ui| {
                line(ui, &format!("Locked. Unlock it to move or delete it.  {keys}"), Ink::Text);
            });
            return;
        }
        if camera.zoom > 0.5 && self.is_unanswered_lock(editor, camera.to_world(pos)) {
            tooltip(response, |ui| {
                line(ui, "Nobody has said yet whether this flow is encrypted.", Ink::Text);
            });
        }
    }
}

impl Canvas {
    /// Whether the lock on the pill at a position says that nobody knows.
    fn is_unanswered_lock(&self, editor: &Editor, at: Pos) -> bool {
        let found = hit(editor.layout(), at, 0.0).into_iter().find(|it| !self.picture.hides(editor, &it.id));
        let Some(first) = found.filter(|it| it.part == Part::Label) else { return false };
        let route = editor.layout().flows.get(&first.id);
        route.and_then(|it| it.label.as_ref()).is_some_and(|it| it.encrypted == Truth::Unknown)
    }
}

fn tooltip(response: &Response, add: impl FnOnce(&mut Ui)) {
    egui::Tooltip::for_enabled(response).at_pointer().show(add);
}

/// What findings and questions say of an element, each with its colour.
fn said_of(editor: &Editor, id: &Id) -> Vec<(String, Ink)> {
    let read = |it: &Text| it.read(editor.model()).into_owned();
    let findings = editor.open_about(|it| it == id).map(|it| (read(&it.message), Ink::Text));
    let questions = editor.asked_about(|it| it == id).map(|it| (read(&it.text), Ink::Question));
    findings.chain(questions).collect()
}

/// How the threads of a pin begin; the first of what was said last.
fn comments_on(editor: &Editor, pin: &Id) -> Vec<(String, Ink)> {
    let threads = editor.model().comments();
    let on = |id: &Id| id == pin || editor.stand_in(id).as_ref() == Some(pin);
    let of_point = threads.get_key_value(pin).map(|it| it.0);
    let all = of_point.map_or_else(|| editor.threads_about(on), |it| vec![it]);
    let line = |id: &Id| {
        let first = threads.get(id)?.messages.0.values().next()?;
        let who = if first.author.is_empty() { "Somebody" } else { &first.author };
        Some((format!("{who}: {}", threads.get(id)?.title()), Ink::Text))
    };
    all.into_iter().filter_map(line).collect()
}

fn badge_ui(ui: &mut Ui, lines: &[(String, Ink)]) {
    ui.set_max_width(320.0);
    ui.spacing_mut().item_spacing.y = size::SPACE_4;
    for (text, ink) in lines.iter().take(SPELT_OUT) {
        line(ui, text, *ink);
    }
    if lines.len() > SPELT_OUT {
        line(ui, &format!("and {} more", lines.len() - SPELT_OUT), Ink::Muted);
    }
}

fn line(ui: &mut Ui, text: &str, ink: Ink) {
    let colour = theme::colour(ui.ctx(), ink);
    ui.label(RichText::new(text).font(theme::font(Face::Sans, size::TYPE_12)).color(colour));
}
