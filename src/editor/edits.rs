//! Edits and what they bring about: each is one step of history, and all that follows from the model follows it.

use std::sync::Arc;

use super::{AUTOSAVE_AFTER_MS, Editor, Effect, SETTLE_EDIT_MS, Tone, comments, filtering};
use crate::model::{Change, Draft, Edit, History, Id, Ids, MAIN_VIEW, Model, Step, Turn, Verdict};

/// Whether an edit is about places and views alone: nothing that is derived follows from these.
pub(super) fn is_drawing(edit: &Edit) -> bool {
    edit.changes().iter().all(|it| matches!(it, Change::Place(_) | Change::View(_)))
}

impl Editor {
    /// Applies an edit as one step of history, and derives what follows from it.
    pub fn apply(&mut self, label: impl Into<String>, edit: &Edit) {
        let label = label.into();
        let left = self.checkpoint(edit);
        self.derivation.let_go(edit);
        let happened = self.history.apply(Arc::make_mut(&mut self.model), label.as_str(), edit);
        if let Some(left) = left {
            self.keep_checkpoint(left, &happened);
        }
        self.keep_step(Turn::Done, label.clone(), &happened);
        self.changed(&happened);
        self.tell_step(Turn::Done, &label, &happened);
    }

    /// Writes an edit with a draft and fresh ids, and applies it as one step of history.
    pub fn change<R>(
        &mut self,
        label: impl Into<String>,
        write: impl FnOnce(&mut Draft<'_>, &mut Ids) -> R,
    ) -> R {
        let model = Arc::clone(&self.model);
        let mut draft = Draft::of(&model);
        let made = write(&mut draft, &mut self.surroundings.ids);
        let edit = draft.finish();
        drop(model);
        self.apply(label, &edit);
        made
    }

    pub fn undo(&mut self) {
        // What is proposed was the last that the user did.
        if self.discard_layout() {
            return;
        }
        self.turn(Turn::Undone, History::undo, "Nothing to undo.");
    }

    pub fn redo(&mut self) {
        self.turn(Turn::Redone, History::redo, "Nothing to redo.");
    }

    fn turn(&mut self, turn: Turn, go: fn(&mut History, &mut Model) -> Option<Step>, nothing: &str) {
        if self.return_to_checkpoint(turn) {
            return;
        }
        if let Some(next) = self.history.next(turn) {
            self.derivation.let_go(&next.edit);
        }
        let step = go(&mut self.history, Arc::make_mut(&mut self.model));
        let is_none = step.is_none();
        let Step { label, edit, .. } = step.unwrap_or_default();
        self.keep_step(turn, label.clone(), &edit);
        self.changed(&edit);
        self.select_what_came(&edit);
        self.tell_step(turn, &label, &edit);
        if is_none {
            self.say(Tone::Info, nothing, &[]);
        }
    }

    /// What the next undo takes back, and the next redo does again.
    pub fn history(&self) -> &History {
        &self.history
    }

    pub(super) fn changed(&mut self, happened: &Edit) {
        self.document.state = self.history.state();
        if happened.is_empty() {
            self.derivation.keep(&self.model);
            return;
        }
        self.note_change();
        let is_judged = happened.of::<Verdict>().next().is_some()
            || comments::is_said(happened)
            || filtering::is_filtered_anew(happened);
        if self.put_off.note(happened) || is_judged {
            self.judgements += 1;
        }
        let start = (self.surroundings.now_ms)();
        self.nesting.update(&self.model, happened);
        if self.model.views().contains_key(&self.view) {
            self.layout.update(&self.model, &self.nesting, happened);
            self.note_locks(happened);
            if self.note_collapsed(happened) {
                self.judgements += 1;
            }
        } else {
            let first = self.model.first_view().cloned();
            self.turn_to_view(first.unwrap_or_else(|| Id::slug(MAIN_VIEW)));
        }
        // The boxes come out of the same time.
        self.settle_until(start + SETTLE_EDIT_MS);
        self.keep_selection_sound();
        if let Some(search) = &mut self.search {
            search.note(happened);
        }
        self.derive(happened);
    }

    /// The document is another one than it was.
    pub(super) fn note_change(&mut self) {
        self.document.revision += 1;
        self.discard_layout();
        self.saving.put_off((self.surroundings.now_ms)() + AUTOSAVE_AFTER_MS);
        // What it offers to undo is not the last step any more.
        if self.notice.as_ref().is_some_and(|it| it.offers.contains(&"edit.undo")) {
            self.notice = None;
        }
    }

    fn derive(&mut self, happened: &Edit) {
        if is_drawing(happened) {
            self.derivation.keep(&self.model);
            return;
        }
        let asked = self.derivation.update(&self.model, happened, self.surroundings.now_ms);
        self.ask_for_results(asked);
    }

    /// Asks the platform for the results of a generation in place of older ones.
    pub(super) fn ask_for_results(&mut self, generation: Option<u64>) {
        if let Some(generation) = generation {
            self.effects.retain(|it| !matches!(it, Effect::Derive { .. }));
            self.ask(Effect::Derive { generation, model: Arc::clone(&self.model) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::editor::{Editor, SAMPLES, Surroundings};

    #[test]
    fn an_undo_is_offered_for_the_last_step_alone() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.load_sample(&SAMPLES[0]);
        let first = editor.layout().cards.keys().next().unwrap().clone();
        let says = |editor: &Editor| editor.notice().map(|it| it.offers.clone());
        editor.delete(&BTreeSet::from([first]));
        assert_eq!(says(&editor), Some(vec!["edit.undo"]));
        editor.undo();
        assert_eq!(says(&editor), None);
    }
}
