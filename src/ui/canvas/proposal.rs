//! A layout that is proposed: the drawing on its way there, and the small bar that keeps it or discards it.

use std::collections::BTreeMap;

use egui::{
    Align2, Color32, Key, Modifiers, PointerButton, Pos2, Response, Sense, Stroke, StrokeKind, Ui, Vec2, vec2,
};

use super::Canvas;
use super::camera::CameraControl;
use super::controls::{floating, frame};
use crate::editor::Editor;
use crate::model::{Direction, Id};
use crate::scene::{Layout, Rect};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, segmented_for, segmented_width};

/// For how long boxes are on their way, in seconds.
const WAY_S: f64 = 0.25;
/// So long somebody waits without being told, in milliseconds.
const WAITS_MS: f64 = 200.0;
const WAYS: [(Direction, &str); 2] = [(Direction::Right, "→ Right"), (Direction::Down, "↓ Down")];

/// What the canvas knows of the proposal that it shows.
#[derive(Debug, Default)]
pub(super) struct Proposed {
    shown: Option<Shown>,
    /// One of the buttons of the bar has the focus.
    has_focus: bool,
}

#[derive(Debug)]
struct Shown {
    /// That of the proposal.
    number: u64,
    /// The state of the drawing that it is of.
    revision: u64,
    /// Where one looked before.
    before: CameraControl,
    /// When boxes set off; none once they have arrived.
    start: Option<f64>,
    /// The boxes that are on their way.
    ways: BTreeMap<Id, (Rect, Rect)>,
}

impl Shown {
    /// Where a box is now, if it is on its way.
    fn at(&self, id: &Id, now: f64) -> Option<Rect> {
        let start = self.start?;
        let t = ((now - start) / WAY_S).clamp(0.0, 1.0) as f32;
        let share = 1.0 - (1.0 - t).powi(3);
        let (from, to) = self.ways.get(id)?;
        Some(Rect { min: from.min.towards(to.min, share), max: from.max.towards(to.max, share) })
    }
}

impl Canvas {
    /// Follows the proposal: what comes sets off, what is gone is left. Returns whether there is one; then the drawing is
    /// looked at, and not worked in.
    pub(super) fn follow_proposal(&mut self, ui: &Ui, response: &Response, editor: &mut Editor) -> bool {
        self.proposal_keys(ui, response, editor);
        let now = ui.input(|it| it.time);
        let number = editor.proposal().map(|it| it.number);
        let shown = self.proposed.shown.as_ref().map(|it| it.number);
        if number.is_none() {
            if let Some(shown) = self.proposed.shown.take()
                && shown.revision == editor.document.revision
            {
                self.camera.fly_to(&shown.before);
            }
            return false;
        }
        if number != shown {
            self.cancel_gesture(editor);
            self.set_off(ui, editor, now);
            response.request_focus();
        }
        let is_under_way = self.go_on_its_way(ui, editor, now);
        self.picture.proposed = number.filter(|_| !is_under_way);
        let is_dragged = [PointerButton::Primary, PointerButton::Middle].map(|it| response.dragged_by(it));
        if is_dragged.contains(&true) {
            self.camera.stop();
            self.camera.pan(response.drag_delta());
        }
        true
    }

    fn set_off(&mut self, ui: &Ui, editor: &Editor, now: f64) {
        let Some(proposal) = editor.proposal() else { return };
        let last = self.proposed.shown.take();
        // Without motion it is there at once; so it is where there is too much to be moved in a frame.
        let moves = ui.style().animation_time > 0.0 && !self.picture.pace.is_large(editor);
        let seen = |id: &Id| {
            let on_its_way = last.as_ref().and_then(|it| it.at(id, now));
            let arrived = || last.as_ref().and_then(|it| it.ways.get(id)).map(|it| it.1);
            on_its_way.or_else(arrived).or_else(|| editor.layout().rect(id))
        };
        let ways = boxes(&proposal.layout)
            .filter_map(|(id, to)| Some((id.clone(), (seen(id)?, to))))
            .filter(|(_, (from, to))| from != to)
            .collect();
        let moved = boxes(&proposal.layout).filter(|it| editor.layout().rect(it.0) != Some(it.1));
        let around = moved.fold(Rect::NOTHING, |all, it| all.union(&it.1));
        let before = last.map_or(self.camera, |it| it.before);
        if !around.is_nothing() {
            let covered = self.covered() + size::CONTROL_HEIGHT + 2.0 * size::SPACE_14;
            self.camera.show_below(self.area, covered, around);
        }
        let (number, revision) = (proposal.number, editor.document.revision);
        let start = moves.then_some(now);
        self.proposed.shown = Some(Shown { number, revision, before, start, ways });
    }

    /// Shows boxes where they are on their way; returns whether they still are.
    fn go_on_its_way(&mut self, ui: &Ui, editor: &Editor, now: f64) -> bool {
        let (Some(shown), Some(proposal)) = (&mut self.proposed.shown, editor.proposal()) else {
            return false;
        };
        if shown.start.is_none_or(|it| now - it >= WAY_S) {
            shown.start = None;
            return false;
        }
        let overlay = &mut self.picture.overlay;
        overlay.resized = shown.ways.keys().filter_map(|it| Some((it.clone(), shown.at(it, now)?))).collect();
        overlay.places = proposal.corners().map(|(id, place)| (id.clone(), place)).collect();
        ui.ctx().request_repaint();
        true
    }

    /// Enter keeps it, Esc discards it, arrows turn it.
    fn proposal_keys(&self, ui: &Ui, response: &Response, editor: &mut Editor) {
        let is_there = editor.proposal().is_some();
        if !is_there && editor.layout_waits_ms().is_none() {
            return;
        }
        let is_free = self.menu.is_none() && editor.shown.modal.is_none() && !ui.ctx().text_edit_focused();
        let is_here = response.has_focus() || ui.memory(|it| it.focused().is_none());
        if !is_free || !(is_here || self.proposed.has_focus) {
            return;
        }
        let pressed = |key| ui.input_mut(|it| it.consume_key(Modifiers::NONE, key));
        if pressed(Key::Escape) {
            editor.discard_layout();
            response.request_focus();
        } else if is_there && is_here {
            if pressed(Key::Enter) {
                editor.keep_layout();
            }
            for (key, direction) in [(Key::ArrowRight, Direction::Right), (Key::ArrowDown, Direction::Down)] {
                if pressed(key) {
                    editor.turn_layout(direction);
                }
            }
        }
    }

    /// The bar: what would move, which way flows run, and whether it is to be kept.
    pub(super) fn proposal_ui(&mut self, ui: &Ui, editor: &mut Editor) {
        self.proposed.has_focus = false;
        if editor.proposal().is_none() && !is_waited_for(ui, editor) {
            return;
        }
        if editor.proposal().is_some() {
            let edge = Stroke::new(2.0, theme::colour(ui.ctx(), Ink::Accent));
            ui.painter_at(self.area).rect_stroke(self.area, 0.0, edge, StrokeKind::Inside);
        }
        let top = self
            .search_bar
            .area()
            .map_or_else(|| self.area.top() + size::SPACE_14, |it| it.bottom() + size::SPACE_8);
        let at = Pos2::new(self.area.center().x, top);
        let shown = floating("canvas-proposal", self.area, at, Align2::CENTER_TOP).show(ui.ctx(), |ui| {
            frame(ui).inner_margin(size::SPACE_4).show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = size::SPACE_6;
                ui.horizontal(|ui| bar_ui(ui, editor)).inner
            })
        });
        self.proposed.has_focus = shown.inner.inner;
    }
}

/// Cards, gates and boundaries with their boxes.
fn boxes(layout: &Layout) -> impl Iterator<Item = (&Id, Rect)> {
    let cards = layout.cards.iter().map(|it| (it.0, it.1.rect));
    let gates = layout.gates.iter().map(|it| (it.0, it.1.rect));
    cards.chain(gates).chain(layout.boundaries.iter().map(|it| (it.0, it.1.rect)))
}

/// Whether a layout has been waited for so long that somebody should be told.
fn is_waited_for(ui: &Ui, editor: &Editor) -> bool {
    let Some(waits_ms) = editor.layout_waits_ms() else { return false };
    if waits_ms < WAITS_MS {
        ui.ctx().request_repaint_after_secs(((WAITS_MS - waits_ms) / 1e3) as f32);
    }
    waits_ms >= WAITS_MS
}

/// Returns whether one of its buttons has the focus.
fn bar_ui(ui: &mut Ui, editor: &mut Editor) -> bool {
    let is_waited_for = is_waited_for(ui, editor);
    let Some(proposal) = editor.proposal() else {
        say(ui, "Laying out…");
        let cancel = ui.add(Button::new("Cancel").quiet()).on_hover_text("Esc");
        if cancel.clicked() {
            editor.discard_layout();
        }
        return cancel.has_focus();
    };
    say(ui, &if is_waited_for { "Laying out…".to_owned() } else { proposal.in_words() });
    let names = WAYS.map(|it| it.1);
    let direction = proposal.direction();
    let chosen = WAYS.iter().position(|it| it.0 == direction);
    let wide = vec2(segmented_width(&names), size::CONTROL_HEIGHT);
    let pressed = ui
        .allocate_ui_with_layout(wide, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            segmented_for(ui, "Direction of flows", &names, chosen)
        })
        .inner;
    if let Some((direction, _)) = pressed.and_then(|it| WAYS.get(it)) {
        editor.turn_layout(*direction);
    }
    let keep = ui.add(Button::new("Keep").primary()).on_hover_text("Enter");
    let discard = ui.add(Button::new("Discard").quiet()).on_hover_text("Esc");
    if keep.clicked() {
        editor.keep_layout();
    } else if discard.clicked() {
        editor.discard_layout();
    }
    keep.has_focus() || discard.has_focus()
}

/// A word on the bar; screen readers say it whenever it changes.
fn say(ui: &mut Ui, text: &str) {
    let font = theme::font(Face::Sans, size::TYPE_12);
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER);
    let wide = galley.size().x + 2.0 * size::SPACE_8;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(wide, size::CONTROL_HEIGHT), Sense::hover());
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(egui::accesskit::Role::Status);
        node.set_label(text);
        node.set_live(egui::accesskit::Live::Polite);
    });
    let at = Pos2::new(rect.left() + size::SPACE_8, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, theme::colour(ui.ctx(), Ink::Text));
}
