//! Journals of random work: whatever is done and undone, all of it comes back.

use parapet::formats::journal::{self, Head, Line};
use parapet::model::{self, Edit, History, Model, Turn};
use proptest::prelude::*;

use crate::generator::{edit_of, models_with_sequences};

/// A document that is worked on, with its journal.
struct Desk {
    model: Model,
    history: History,
    journal: String,
    steps: u64,
    /// As it was saved last, and how many steps there were.
    saved: Option<(Model, u64)>,
}

impl Desk {
    fn of(model: Model) -> Self {
        let head = Head { is_saved: true, ..Head::default() };
        let journal = journal::begin(&head, &model);
        let saved = Some((model.clone(), 0));
        Self { model, history: History::default(), journal, steps: 0, saved }
    }

    fn keep(&mut self, turn: Turn, label: &str, edit: Edit) {
        if !edit.is_empty() {
            self.steps += 1;
            self.journal.push_str(&journal::line(&Line::Step { turn, label: label.to_owned(), edit }));
        }
    }

    /// What the numbers say: an edit mostly, else undo, redo or a save.
    fn act(&mut self, numbers: &[u16]) {
        match numbers.first().map_or(0, |it| it % 8) {
            5 | 6 => {
                let step = self.history.undo(&mut self.model);
                self.keep(Turn::Undone, "a\nlabel", step.map(|it| it.edit).unwrap_or_default());
            }
            7 => {
                let step = self.history.redo(&mut self.model);
                self.keep(Turn::Redone, "", step.map(|it| it.edit).unwrap_or_default());
            }
            4 => self.saved = Some((self.model.clone(), self.steps)),
            _ => {
                let edit = edit_of(numbers, &self.model);
                let happened = self.history.apply(&mut self.model, "Edit", &edit);
                self.keep(Turn::Done, "Edit", happened);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_and_undone_comes_back((model, sequence) in models_with_sequences()) {
        let base = model.clone();
        let mut desk = Desk::of(model);
        sequence.iter().for_each(|it| desk.act(it));
        let read = journal::read(desk.journal.as_bytes()).unwrap();
        prop_assert_eq!(&read.fault, &None, "{}", desk.journal);
        prop_assert_eq!(&read.model, &desk.model);
        prop_assert_eq!(model::write(&read.model), model::write(&desk.model));
        // It can be undone as before, and to what it began with.
        let Desk { model: mut ours, mut history, .. } = desk;
        let (mut theirs, mut replayed) = (read.model, read.history);
        loop {
            prop_assert_eq!(history.next_undo(), replayed.next_undo());
            prop_assert_eq!(&ours, &theirs);
            if (history.undo(&mut ours).is_none(), replayed.undo(&mut theirs).is_none()) == (true, true) {
                break;
            }
        }
        prop_assert_eq!(&theirs, &base);
        prop_assert_eq!(read.saved, Some(replayed.state()));
    }

    #[test]
    fn wherever_a_journal_begins_it_leads_to_the_same((model, sequence) in models_with_sequences()) {
        // A save ends one and begins the next; undo leads behind that.
        let (first, second) = sequence.split_at(sequence.len() / 2);
        let mut desk = Desk::of(model);
        first.iter().for_each(|it| desk.act(it));
        desk.journal = journal::begin(&Head { is_saved: true, ..Head::default() }, &desk.model);
        (desk.steps, desk.saved) = (0, None);
        second.iter().for_each(|it| desk.act(it));
        if let Some((_, steps)) = desk.saved.take() {
            let (behind, name) = (desk.steps - steps, "a".to_owned());
            desk.journal.push_str(&journal::line(&Line::Saved { behind, name, path: None, print: None }));
            let read = journal::read(desk.journal.as_bytes()).unwrap();
            prop_assert_eq!(read.unsaved > 0 && behind == 0, false);
        }
        let read = journal::read(desk.journal.as_bytes()).unwrap();
        prop_assert_eq!((&read.fault, &read.model), (&None, &desk.model));
    }

    #[test]
    fn nothing_that_is_done_to_a_journal_makes_the_reader_panic(
        (model, sequence) in models_with_sequences(),
        cuts in prop::collection::vec((any::<u32>(), any::<u8>()), 1..8),
    ) {
        let mut desk = Desk::of(model);
        sequence.iter().for_each(|it| desk.act(it));
        let mut bytes = desk.journal.into_bytes();
        for (at, byte) in cuts {
            let at = at as usize % bytes.len();
            bytes[at] = byte;
        }
        if let Ok(read) = journal::read(&bytes) {
            prop_assert!(read.whole <= bytes.len());
        }
    }
}
