//! What is typed into a dialog: kept when that closes by itself, until it is saved or given up.

use egui::{Id, Ui};

use crate::editor::Editor;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, wrapped};

/// What is being typed.
#[derive(Debug, Clone)]
pub(super) struct Draft<T> {
    id: Id,
    pub(super) value: T,
    /// What it began with.
    begun: T,
    /// The last pass in which it was shown.
    shown: u64,
    /// The dialog opens just now.
    pub(super) has_opened: bool,
    /// It was typed when the dialog was open before.
    is_taken_up: bool,
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Draft<T> {
    /// What was typed into the dialog of that name, in this document; without that it begins as given.
    pub(super) fn of(
        ui: &Ui,
        editor: &Editor,
        name: impl std::hash::Hash + std::fmt::Debug,
        begin: impl FnOnce() -> T,
    ) -> Self {
        let id = Id::unique((editor.document.number(), name));
        let pass = ui.ctx().cumulative_pass_nr();
        let kept = ui.data_mut(|it| it.get_temp::<Self>(id));
        let has_opened = kept.as_ref().is_none_or(|it| it.shown + 1 < pass);
        let is_typed = |it: &Self| it.value != it.begun;
        if let Some(it) = kept.filter(|it| !has_opened || is_typed(it)) {
            return Self { shown: pass, has_opened, is_taken_up: it.is_taken_up || has_opened, ..it };
        }
        let begun = begin();
        Self { id, value: begun.clone(), begun, shown: pass, has_opened: true, is_taken_up: false }
    }

    /// Says that it was typed before, and offers to begin anew.
    pub(super) fn head_ui(&mut self, ui: &mut Ui, begin: impl FnOnce() -> T) {
        if !self.is_taken_up {
            return;
        }
        wrapped(ui, "This was typed before and not saved.", Face::Sans, size::TYPE_12, Ink::Muted);
        if ui.add(Button::new("Start anew").in_row()).clicked() {
            self.begun = begin();
            self.value = self.begun.clone();
            self.is_taken_up = false;
        }
        ui.add_space(size::SPACE_8);
    }

    /// It stays until it is saved or given up.
    pub(super) fn keep(self, ui: &Ui) {
        ui.data_mut(|it| it.insert_temp(self.id, self));
    }

    /// It was saved or given up.
    pub(super) fn end(self, ui: &Ui) {
        ui.data_mut(|it| it.remove::<Self>(self.id));
    }
}
