//! The words that narrow the lists, in the panel of the findings and in that of the questions: both use the same.

use egui::{Key, Ui};

use crate::editor::{Editor, Words, command, folded};
use crate::rules::Question;
use crate::ui::widgets::{icon_button, search_field, select_all};

/// Whether a panel shows the field to search in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Searching {
    is_open: bool,
    /// The field takes the focus.
    is_called: bool,
}

impl Searching {
    /// The keyboard may have come to the search.
    pub(super) fn heed(&mut self, editor: &mut Editor) {
        if std::mem::take(&mut editor.shown.list_search_is_called) {
            *self = Self { is_open: true, is_called: true };
        }
    }

    /// Whether there is something to type in, or what was typed narrows the list.
    fn is_on(self, editor: &Editor) -> bool {
        self.is_open || !editor.shown.search.is_empty()
    }

    /// Opens the field, or ends the search.
    pub(super) fn button_ui(&mut self, ui: &mut Ui, editor: &mut Editor, label: &str) {
        let is_on = self.is_on(editor);
        let keys = command("view.search-findings").map(|it| editor.keys_of(it)).unwrap_or_default();
        if icon_button(ui, "search", label, &keys, is_on).clicked() {
            *self = Self { is_open: !is_on, is_called: !is_on };
            if is_on {
                editor.shown.search.clear();
            }
        }
    }

    /// The field, if it is open: Enter and the arrow down lead to what is found, Esc ends it.
    pub(super) fn field_ui(&mut self, ui: &mut Ui, editor: &mut Editor, label: &str) {
        if !self.is_on(editor) {
            return;
        }
        let field = search_field(ui, &mut editor.shown.search, label, "");
        if std::mem::take(&mut self.is_called) {
            field.request_focus();
            // Whoever comes by its key wants other words, or goes on with these.
            select_all(ui, &field, &editor.shown.search);
        }
        let is_pressed = |key| ui.input(|it| it.key_pressed(key));
        if field.lost_focus() && is_pressed(Key::Escape) {
            editor.shown.search.clear();
            self.is_open = false;
        } else if field.has_focus() && is_pressed(Key::ArrowDown)
            || field.lost_focus() && is_pressed(Key::Enter)
        {
            editor.shown.list_is_called = true;
        }
    }
}

/// Whether a question holds the words that are searched for.
pub(super) fn is_asked(editor: &Editor, question: &Question) -> bool {
    is_searched_for(editor, || {
        let [text, why] = [&question.text, &question.why].map(|it| it.read(editor.model()));
        format!("{text} {why} {}", question.rule)
    })
}

/// Whether a text holds every word that is searched for; it is read only if there is one.
pub(super) fn is_searched_for(editor: &Editor, text: impl FnOnce() -> String) -> bool {
    let words = Words::of(&editor.shown.search);
    words.is_empty() || words.are_in(&folded(&text()))
}
