//! The keys of the outline: those that trees have everywhere.

use egui::{Event, EventFilter, Key, Modifiers, Ui};

use super::{Outline, ROW, row_id};
use crate::editor::{Editor, Wish, folded};

/// Letters that follow each other within this time, in seconds, are one word.
const ONE_WORD: f64 = 0.8;

impl Outline {
    /// Takes the keys while a row has the focus.
    pub(super) fn keys(&mut self, ui: &Ui, editor: &mut Editor) {
        self.keep_place();
        let Some(id) = self.at.as_ref().map(row_id) else { return };
        self.had_keys = ui.memory(|it| it.has_focus(id));
        if !self.had_keys || self.rename.is_some() || editor.shown.modal.is_some() {
            return;
        }
        let ours = EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: true };
        ui.memory_mut(|it| it.set_focus_lock_filter(id, ours));
        let pressed = |keys, key| ui.input_mut(|it| it.count_and_consume_key(keys, key)) > 0;
        if pressed(Modifiers::NONE, Key::Escape) || pressed(Modifiers::NONE, Key::F6) {
            // What is selected stays so: one goes on with it on the drawing.
            editor.shown.wishes.push(Wish::Focus);
            return;
        }
        // The most special first: a key with modifiers also counts as one without.
        if pressed(Modifiers::SHIFT, Key::F10) || pressed(Modifiers::NONE, Key::Menu) {
            let rect = ui.ctx().read_response(id).map_or(egui::Rect::NOTHING, |it| it.rect);
            self.open_menu(editor, self.place, rect.left_center() + egui::vec2(ROW, 0.0));
        }
        if pressed(Modifiers::COMMAND, Key::Space) || pressed(Modifiers::NONE, Key::Space) {
            self.toggle(editor, self.place);
        }
        if pressed(Modifiers::NONE, Key::Enter) || pressed(Modifiers::NONE, Key::F2) {
            self.open(editor, self.place);
            return;
        }
        let page = (ui.available_height() / ROW).floor().max(2.0) as usize - 1;
        let last = self.rows.len().saturating_sub(1);
        for (key, to) in [
            (Key::ArrowDown, (self.place + 1).min(last)),
            (Key::ArrowUp, self.place.saturating_sub(1)),
            (Key::PageDown, (self.place + page).min(last)),
            (Key::PageUp, self.place.saturating_sub(page)),
            (Key::Home, 0),
            (Key::End, last),
        ] {
            if pressed(Modifiers::COMMAND, key) {
                self.focus(to);
                self.calls = true;
            } else if pressed(Modifiers::SHIFT, key) {
                self.extend(editor, to);
                self.calls = true;
            } else if pressed(Modifiers::NONE, key) {
                self.step_to(editor, to);
            }
        }
        if pressed(Modifiers::NONE, Key::ArrowRight) {
            self.inwards(editor);
        }
        if pressed(Modifiers::NONE, Key::ArrowLeft) {
            self.outwards(editor);
        }
        self.look_for(ui, editor);
    }

    fn step_to(&mut self, editor: &mut Editor, n: usize) {
        if n != self.place || editor.selection().is_empty() {
            self.go(editor, n);
        }
        self.calls = true;
    }

    /// Unfolds the row; if it is, goes to the first below it.
    fn inwards(&mut self, editor: &mut Editor) {
        let Some(row) = self.rows.get(self.place).cloned() else { return };
        match row.is_open {
            Some(false) => self.look.set_open(&row, true),
            Some(true) => self.step_to(editor, self.place + 1),
            None => {}
        }
    }

    /// Folds the row; if it is, goes to the one that it is below.
    fn outwards(&mut self, editor: &mut Editor) {
        let Some(row) = self.rows.get(self.place).cloned() else { return };
        if row.is_open == Some(true) {
            self.look.set_open(&row, false);
            return;
        }
        let above = self.rows.get(..self.place).unwrap_or_default();
        if let Some(outer) = above.iter().rposition(|it| it.level < row.level) {
            self.step_to(editor, outer);
        }
    }

    /// Goes to the next row whose name begins with what is typed.
    fn look_for(&mut self, ui: &Ui, editor: &mut Editor) {
        let now = ui.input(|it| it.time);
        let mut text = String::new();
        ui.input_mut(|it| {
            it.events.retain(|event| match event {
                Event::Text(typed) => {
                    text.push_str(typed);
                    false
                }
                _ => true,
            });
        });
        let goes_on = now - self.typed.1 < ONE_WORD && !self.typed.0.is_empty();
        if text.is_empty() || (!goes_on && text.trim().is_empty()) {
            return;
        }
        let before = if goes_on { std::mem::take(&mut self.typed.0) } else { String::new() };
        // The same letter again is the next one that begins with it.
        let is_same_letter = before == text;
        let word = if is_same_letter { text } else { format!("{before}{text}") };
        let wanted = folded(&word);
        let count = self.rows.len();
        let skips = usize::from(!goes_on || is_same_letter);
        let found = (skips..=count).map(|n| (self.place + n) % count.max(1)).find(|n| {
            let name = self.rows.get(*n).map(|it| editor.outline_text(&it.node).0).unwrap_or_default();
            folded(name.trim_start_matches(['→', '←', ' '])).starts_with(&wanted)
        });
        self.typed = (word, now);
        if let Some(n) = found {
            self.step_to(editor, n);
        }
    }
}
