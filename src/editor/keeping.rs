//! What is kept against a crash: a journal of every step since the document was opened or saved.
//!
//! The editor says what happened, step by step; the platform writes it down (`formats/journal.rs` has its form). Nothing
//! is kept of a document as long as nothing was done to it.

use std::sync::Arc;

use super::{Editor, Effect, Ticket};
use crate::formats::journal::{Head, Line};
use crate::model::{Edit, Model, Turn};

/// What the platform is to do with journals. It does so in this order, and beside the frames.
#[derive(Debug, Clone)]
pub enum Keep {
    /// Begin a journal with this document; one that goes on is dropped once the new one is safe.
    Begin { head: Head, base: Arc<Model> },
    /// Append to the journal that goes on.
    Line(Line),
    /// The journal that goes on is of no use any more: what it holds was saved or given up.
    Drop,
    /// The journal that goes on stays for later.
    PutAside,
    /// Look for journals that nobody holds.
    Look,
    /// Read a journal, which nobody else may then take.
    Restore(String),
    /// Go on with the journal that was restored, behind what was read of it; with a `fault`, what could not be read is not to
    /// be thrown away.
    Adopt { id: String, whole: usize, has_fault: bool },
    /// Throw a journal away that nobody holds.
    Discard(String),
}

/// How a journal goes on.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    /// What a journal begins with at the next step; none while one goes on.
    base: Option<Arc<Model>>,
    /// The steps since the document was opened.
    steps: u64,
    /// How many records were changed since the journal began.
    changes: usize,
}

impl Editor {
    /// The document is safe as it is: a journal begins at its next step.
    pub(super) fn keep_from_here(&mut self) {
        self.keeping = Keeping { base: Some(Arc::clone(&self.model)), steps: self.keeping.steps, changes: 0 };
    }

    /// The journal of this document goes on where it was read.
    pub(super) fn keep_on(&mut self) {
        self.keeping = Keeping { base: None, steps: 0, changes: 0 };
    }

    /// Whether a journal goes on.
    pub(super) fn is_kept(&self) -> bool {
        self.keeping.base.is_none()
    }

    pub(super) fn ticket(&self, is_automatic: bool) -> Ticket {
        let (document, state) = (self.document.number, self.document.state);
        Ticket { document, state, steps: self.keeping.steps, is_automatic }
    }

    /// Keeps a step. It costs what the step changed, however large the document is.
    pub(super) fn keep_step(&mut self, turn: Turn, label: String, happened: &Edit) {
        if happened.is_empty() {
            return;
        }
        self.keeping.steps += 1;
        self.keeping.changes += happened.changes().len();
        if let Some(base) = self.keeping.base.take() {
            self.begin(true, base);
        } else if self.keeping.changes > self.most_changes() {
            // Steps before this one can be undone here, and after a crash no more.
            self.keep_all();
            return;
        }
        self.ask(Effect::Journal(Keep::Line(Line::Step { turn, label, edit: happened.clone() })));
    }

    /// The document was saved as it was when the ticket was given.
    pub(super) fn keep_saved(&mut self, ticket: Ticket) {
        if self.document.is_saved() {
            if self.is_kept() {
                self.ask(Effect::Journal(Keep::Drop));
            }
            self.keep_from_here();
        } else if self.is_kept() {
            let behind = self.keeping.steps.saturating_sub(ticket.steps);
            let Head { name, path, print, .. } = self.head(true);
            self.ask(Effect::Journal(Keep::Line(Line::Saved { behind, name, path, print })));
        } else {
            // A newer state was saved elsewhere meanwhile, and its journal dropped.
            self.keep_all();
        }
    }

    /// Begins a journal with the document as it is, which is not saved.
    pub(super) fn keep_all(&mut self) {
        (self.keeping.base, self.keeping.changes) = (None, 0);
        self.begin(false, Arc::clone(&self.model));
    }

    fn begin(&mut self, is_saved: bool, base: Arc<Model>) {
        let head = self.head(is_saved);
        self.ask(Effect::Journal(Keep::Begin { head, base }));
    }

    fn head(&self, is_saved: bool) -> Head {
        let (name, path) = (self.document.name.clone(), self.document.path.clone());
        Head { name, path, print: self.document.print, is_saved }
    }

    /// How many records may be changed before a journal begins anew: a few times as many as there are, so that writing
    /// them all costs a part of a step, and a journal has an end.
    fn most_changes(&self) -> usize {
        const TIMES: usize = 4;
        const SMALL: usize = 1000;
        let model = &self.model;
        let records = model.components().len() + model.flows().len() + model.places().len();
        TIMES * (records + SMALL)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::editor::{Event, Membership, Surroundings};
    use crate::formats::journal::{self, Recovered};
    use crate::model;
    use crate::scene::Pos;

    /// Journals as a platform keeps them, in memory.
    #[derive(Default)]
    pub(in crate::editor) struct Journals {
        pub(in crate::editor) current: Option<String>,
        pub(in crate::editor) aside: Vec<String>,
        /// How often one was begun.
        pub(in crate::editor) begun: usize,
    }

    impl Journals {
        /// Does what the editor asks; what is not about journals comes back.
        pub(in crate::editor) fn keep(&mut self, editor: &mut Editor) -> Vec<Effect> {
            let (kept, others): (Vec<Effect>, Vec<Effect>) =
                editor.take_effects().into_iter().partition(|it| matches!(it, Effect::Journal(_)));
            for effect in kept {
                let Effect::Journal(keep) = effect else { continue };
                match keep {
                    Keep::Begin { head, base } => {
                        self.begun += 1;
                        self.current = Some(journal::begin(&head, &base));
                    }
                    Keep::Line(it) => self.current.as_mut().unwrap().push_str(&journal::line(&it)),
                    Keep::Drop => assert!(self.current.take().is_some()),
                    Keep::PutAside => self.aside.extend(self.current.take()),
                    Keep::Adopt { whole, .. } => {
                        assert!(self.current.is_none());
                        let mut text = self.aside.remove(0);
                        text.truncate(whole);
                        self.current = Some(text);
                    }
                    Keep::Look | Keep::Restore(_) | Keep::Discard(_) => {}
                }
            }
            others
        }

        pub(in crate::editor) fn read(&self) -> Recovered {
            journal::read(self.current.as_ref().unwrap().as_bytes()).unwrap()
        }
    }

    #[test]
    fn every_step_is_kept_from_the_first_on() {
        let mut editor = Editor::new(Surroundings::fixed());
        let mut journals = Journals::default();
        journals.keep(&mut editor);
        assert_eq!(journals.current, None, "nothing was done");
        for n in 0..5 {
            editor.add_component("web-server", Pos::new(n as f32 * 200.0, 0.0));
            journals.keep(&mut editor);
            let read = journals.read();
            assert_eq!((read.model, read.unsaved), (editor.model().clone(), n + 1));
        }
        editor.undo();
        editor.undo();
        editor.redo();
        editor.undo();
        editor.undo();
        editor.redo();
        journals.keep(&mut editor);
        let Recovered { mut model, mut history, saved, .. } = journals.read();
        assert_eq!((&model, journals.begun), (editor.model(), 1));
        while history.redo(&mut model).is_some() {}
        while editor.history().next_redo().is_some() {
            editor.redo();
        }
        assert_eq!(&model, editor.model(), "what was undone can be done again");
        while history.undo(&mut model).is_some() {}
        assert_eq!(saved, Some(history.state()));
        // Nothing is nothing.
        journals.keep(&mut editor);
        editor.redo();
        assert!(editor.take_effects().is_empty());
    }

    #[test]
    fn what_is_saved_is_kept_no_more_and_what_came_meanwhile_is() {
        let mut editor = Editor::new(Surroundings::fixed());
        let mut journals = Journals::default();
        editor.add_component("user", Pos::ZERO);
        editor.save_to_path("/tmp/a.parapet.ron");
        let effects = journals.keep(&mut editor);
        let Some(Effect::Save { path, ticket, .. }) = effects.last() else { panic!("{effects:?}") };
        let saved = |ticket: &Ticket| Event::Saved {
            name: "a.parapet.ron".to_owned(),
            path: Some(path.clone()),
            print: None,
            ticket: *ticket,
        };
        // While it is written.
        editor.add_component("web-server", Pos::new(200.0, 0.0));
        editor.handle(saved(ticket));
        journals.keep(&mut editor);
        let read = journals.read();
        assert_eq!((read.unsaved, read.head.path.as_ref()), (1, Some(path)));
        assert_eq!(&read.model, editor.model());
        editor.save();
        let effects = journals.keep(&mut editor);
        let Some(Effect::Save { ticket, .. }) = effects.last() else { panic!("{effects:?}") };
        editor.handle(saved(ticket));
        journals.keep(&mut editor);
        assert_eq!(journals.current, None);
        // The next journal begins with what was saved, and undo leads behind it.
        let was_saved = model::write(editor.model());
        editor.undo();
        editor.undo();
        editor.redo();
        journals.keep(&mut editor);
        assert!(journals.current.as_ref().unwrap().contains(&was_saved));
        assert_eq!(&journals.read().model, editor.model());
    }

    #[test]
    fn an_older_state_that_is_saved_elsewhere_leaves_the_newer_one_kept() {
        let mut editor = Editor::new(Surroundings::fixed());
        let mut journals = Journals::default();
        let saved = |path: &str, ticket: &Ticket| Event::Saved {
            name: "a.parapet.ron".to_owned(),
            path: Some(path.to_owned()),
            print: None,
            ticket: *ticket,
        };
        editor.add_component("user", Pos::ZERO);
        editor.save_as();
        let effects = journals.keep(&mut editor);
        let Some(Effect::SaveDialog { ticket: dialog, .. }) = effects.last() else { panic!("{effects:?}") };
        editor.add_component("web-server", Pos::new(200.0, 0.0));
        editor.save_to_path("/tmp/a.parapet.ron");
        let effects = journals.keep(&mut editor);
        let Some(Effect::Save { ticket, .. }) = effects.last() else { panic!("{effects:?}") };
        editor.handle(saved("/tmp/a.parapet.ron", ticket));
        journals.keep(&mut editor);
        assert_eq!(journals.current, None);
        editor.handle(saved("/tmp/b.parapet.ron", dialog));
        assert!(!editor.document.is_saved());
        journals.keep(&mut editor);
        assert_eq!(&journals.read().model, editor.model());
        editor.add_component("user", Pos::new(400.0, 0.0));
        journals.keep(&mut editor);
        assert_eq!(&journals.read().model, editor.model());
    }

    #[test]
    fn a_drag_is_kept_when_it_is_dropped() {
        let mut editor = Editor::new(Surroundings::fixed());
        let id = editor.add_component("user", Pos::ZERO);
        let mut journals = Journals::default();
        journals.keep(&mut editor);
        editor.move_by(&BTreeSet::from([id]), Pos::new(80.0, 0.0), &Membership::Keep);
        journals.keep(&mut editor);
        assert_eq!(journals.read().unsaved, 2, "one step a gesture");
    }

    #[test]
    fn a_journal_has_an_end() {
        let mut editor = Editor::new(Surroundings::fixed());
        let mut journals = Journals::default();
        let id = editor.add_component("user", Pos::ZERO);
        for n in 0..9_000 {
            editor.rename(&id, if n % 2 == 0 { "A" } else { "B" });
            if n % 1000 == 0 {
                journals.keep(&mut editor);
            }
        }
        journals.keep(&mut editor);
        assert_eq!(journals.begun, 3);
        assert!(journals.current.as_ref().unwrap().lines().count() < 5_000);
        let read = journals.read();
        assert_eq!(&read.model, editor.model());
        assert!(!read.is_saved() && read.unsaved > 0 && read.saved.is_none());
    }
}
