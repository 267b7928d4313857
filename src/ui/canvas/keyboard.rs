//! Keys that only mean something on the canvas: from one element to the next, nudging, resizing, and the way out.

use std::collections::BTreeSet;

use egui::{EventFilter, Key, Modifiers, Popup, Response, Ui};

use super::Canvas;
use crate::editor::{Editor, Membership, Tool, Wish};
use crate::model::Id;
use crate::scene::{Pos, SNAP};

/// How many steps of the grid an arrow goes with Shift.
const FAR: f32 = 4.0;

impl Canvas {
    pub(super) fn keyboard(&mut self, ui: &Ui, response: &Response, editor: &mut Editor) {
        // Whoever presents edits nothing, and comes to the buttons by Tab.
        let presents = editor.shown.presents;
        let filter =
            EventFilter { tab: !presents, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|it| it.set_focus_lock_filter(Self::id(), filter));
        let is_free = self.takes_keys(editor);
        let has_keys = response.has_focus() || ui.memory(|it| it.focused().is_none());
        if !is_free || !has_keys || presents {
            return;
        }
        let pressed = |keys, key| ui.input_mut(|it| it.consume_key(keys, key));
        // A menu that is open takes it first.
        let is_below_menu = self.menu.is_some() || Popup::is_any_open(ui.ctx());
        if !is_below_menu && pressed(Modifiers::NONE, Key::Escape) {
            self.step_back(editor);
            // Whoever leaves a list by it is back at the drawing.
            response.request_focus();
        }
        if !response.has_focus() {
            return;
        }
        if pressed(Modifiers::SHIFT, Key::Tab) {
            editor.walk_in_order(false);
        } else if pressed(Modifiers::NONE, Key::Tab) {
            editor.walk_in_order(true);
        }
        if pressed(Modifiers::NONE, Key::F6) {
            response.surrender_focus();
        }
        if (pressed(Modifiers::SHIFT, Key::F10) || pressed(Modifiers::NONE, Key::Menu))
            && let Some(rect) = super::navigate::around(editor, editor.selection().iter())
        {
            let at = self.camera.camera(self.area).rect_to_screen(rect).center();
            self.open_menu(ui, at, false);
        }
        Self::digits(ui, editor);
        Self::arrows(ui, editor);
    }

    /// A digit takes the kind in hand that it stands for.
    fn digits(ui: &Ui, editor: &mut Editor) {
        let digits = [
            Key::Num1,
            Key::Num2,
            Key::Num3,
            Key::Num4,
            Key::Num5,
            Key::Num6,
            Key::Num7,
            Key::Num8,
            Key::Num9,
        ];
        if !ui.input(|it| it.modifiers.is_none()) {
            return;
        }
        for (n, key) in digits.into_iter().enumerate() {
            if ui.input_mut(|it| it.consume_key(Modifiers::NONE, key)) {
                editor.take_recent(n + 1);
            }
        }
    }

    /// Whether nothing above the canvas is typed into.
    pub(super) fn takes_keys(&self, editor: &Editor) -> bool {
        self.rename.is_none() && self.picker.is_none() && editor.shown.modal.is_none()
    }

    /// Whoever draws on by arrows with Control held types a name as soon as that is let go.
    pub(super) fn end_drawing_on(ui: &Ui, editor: &mut Editor) {
        if editor.shown.drawn_on.is_some() && !ui.input(|it| it.modifiers.command) {
            editor.end_drawing_on();
        }
    }

    /// One step out: the gesture, what is carried, the search, the tool, the evidence, the selection.
    fn step_back(&mut self, editor: &mut Editor) {
        if self.cancel_gesture(editor) || editor.shown.carried.take().is_some() || editor.end_search() {
            return;
        }
        if editor.shown.tool != Tool::Pointer {
            editor.let_go_of_tool();
        } else if editor.shown.chosen.take().is_none() {
            editor.clear_selection();
        }
    }

    fn arrows(ui: &Ui, editor: &mut Editor) {
        for (key, way) in [
            (Key::ArrowLeft, Pos::new(-1.0, 0.0)),
            (Key::ArrowRight, Pos::new(1.0, 0.0)),
            (Key::ArrowUp, Pos::new(0.0, -1.0)),
            (Key::ArrowDown, Pos::new(0.0, 1.0)),
        ] {
            let times = |keys| ui.input_mut(|it| it.count_and_consume_key(keys, key)) as f32;
            // The most special first: a key with modifiers also counts as one without.
            let grows = times(Modifiers::ALT | Modifiers::SHIFT);
            if grows > 0.0 {
                match editor.selected_one().cloned().filter(|it| editor.model().flow(it).is_some()) {
                    Some(flow) => _ = editor.nudge_label(&flow, way, grows),
                    None => {
                        editor.resize_selection_by(Pos::new(way.x * grows * SNAP, way.y * grows * SNAP));
                    }
                }
            }
            let steps = times(Modifiers::SHIFT) * FAR + times(Modifiers::NONE);
            if steps > 0.0 {
                nudge(editor, Pos::new(way.x * steps * SNAP, way.y * steps * SNAP));
            }
        }
    }
}

/// Moves what is selected; it stays where it belongs. A gate slides along its edge, a flow is bent. With nothing selected,
/// arrows choose a first element.
fn nudge(editor: &mut Editor, by: Pos) {
    let layout = editor.layout();
    let moves = |id: &&Id| layout.cards.contains_key(*id) || layout.boundaries.contains_key(*id);
    let ids: BTreeSet<Id> = editor.selection().iter().filter(moves).cloned().collect();
    if !ids.is_empty() {
        let before = editor.document.revision;
        editor.move_by(&ids, by, &Membership::Keep);
        if editor.document.revision == before {
            return;
        }
        editor.shown.wishes.push(Wish::Follow(ids.into_iter().collect()));
    } else if editor.selection().is_empty() {
        editor.walk_in_order(true);
    } else if editor.nudge_gates(by) || editor.nudge_flow(by) {
        editor.shown.wishes.push(Wish::Follow(editor.selection().iter().cloned().collect()));
    }
}
