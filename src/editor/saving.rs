//! Saving: by hand, by itself, and where another file lies than the one that is known.

use std::sync::Arc;

use super::{AfterUnsaved, Backup, Editor, Effect, Modal, Over, Ticket, Tone};
use crate::formats::Fingerprint;
use crate::model::Id;

/// How long after the last change a document saves itself, and after a failure, in milliseconds.
pub const AUTOSAVE_AFTER_MS: f64 = 3_000.0;
pub const AUTOSAVE_AGAIN_MS: f64 = 30_000.0;

/// What is under way, and what was decided.
#[derive(Debug, Default)]
pub(super) struct Saving {
    /// What waits for a save that is under way.
    after: Option<AfterUnsaved>,
    /// A save is under way that nobody asked for.
    is_under_way: bool,
    /// The state that was asked to be saved last, until that is done or has failed.
    asked: Option<u64>,
    /// When the document saves itself.
    due_ms: f64,
    /// Another file lies there: the document does not save itself until the user has decided.
    is_held: bool,
    /// The state that was given up, and whether its journal is to stay.
    given_up: Option<(u64, Fate)>,
}

/// What becomes of the journal of a document that makes room for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Dropped,
    PutAside,
}

impl Saving {
    /// The document does not save itself before then.
    pub(super) fn put_off(&mut self, until_ms: f64) {
        self.due_ms = until_ms;
    }

    /// A save has ended, one way or the other.
    fn end(&mut self, ticket: Ticket) {
        self.is_under_way &= !ticket.is_automatic;
        self.asked.take_if(|it| *it == ticket.state);
    }

    /// What the document was given up for did not come.
    pub(super) fn give_up_nothing(&mut self) {
        self.given_up = None;
    }

    /// What becomes of the journal now that another document is there.
    pub(super) fn fate(&self) -> Fate {
        self.given_up.map_or(Fate::Dropped, |it| it.1)
    }
}

impl Editor {
    /// Saves where the document came from; asks where if that is not known.
    pub fn save(&mut self) {
        match self.document.path.clone() {
            Some(path) => self.save_at(path, Over::Ours(self.document.print), false),
            None => self.save_as(),
        }
    }

    pub fn save_as(&mut self) {
        let (name, document) = (self.file_name(), Arc::clone(&self.model));
        let ticket = self.ticket(false);
        self.saving.asked = Some(ticket.state);
        self.ask(Effect::SaveDialog { name, document, ticket });
    }

    pub fn save_to_path(&mut self, path: &str) {
        self.shown.modal = None;
        self.save_at(path.to_owned(), Over::Ours(self.document.print), false);
    }

    /// Saves over whatever lies there, which is kept beside it.
    pub fn overwrite(&mut self) {
        let Some(Modal::OthersThere { path, after }) = self.shown.modal.take() else { return };
        self.saving.after = after;
        self.save_at(path, Over::Anything, false);
    }

    /// Saves elsewhere than where another file lies.
    pub fn save_beside(&mut self) {
        let Some(Modal::OthersThere { after, .. }) = self.shown.modal.take() else { return };
        self.saving.after = after;
        self.save_as();
    }

    /// Opens the other file; what was not saved stays in its journal.
    pub fn open_theirs(&mut self) {
        let Some(Modal::OthersThere { path, .. }) = self.shown.modal.take() else { return };
        self.saving.given_up = Some((self.document.state, Fate::PutAside));
        self.ask(Effect::OpenPath(path));
    }

    fn save_at(&mut self, path: String, over: Over, is_automatic: bool) {
        let (document, ticket) = (Arc::clone(&self.model), self.ticket(is_automatic));
        // The version that the user had before we saved by ourselves is worth more than one that we made, and what
        // somebody else wrote more than either.
        let is_kept = self.document.is_autosaved && over != Over::Anything;
        let backup = if is_kept { Backup::Stay } else { Backup::Renew };
        self.saving.is_under_way |= is_automatic;
        self.saving.asked = Some(ticket.state);
        self.ask(Effect::Save { path, document, over, backup, ticket });
    }

    /// The name proposed for the document's file.
    pub fn file_name(&self) -> String {
        if self.document.name.is_empty() {
            format!("{}{}", Id::slug(&self.title()), super::files::ENDING)
        } else {
            self.document.name.clone()
        }
    }

    /// Goes on with what waited for the answer about unsaved changes, which are given up.
    pub fn discard_and_go_on(&mut self) {
        let Some(Modal::Unsaved(after)) = self.shown.modal.take() else { return };
        self.saving.given_up = Some((self.document.state, Fate::Dropped));
        self.go_on(after);
    }

    /// Saves; when that is done, goes on with what waited.
    pub fn save_and_go_on(&mut self) {
        let Some(Modal::Unsaved(after)) = self.shown.modal.take() else { return };
        self.saving.after = Some(after);
        self.save();
    }

    /// What is unsaved and was not given up stays in its journal when another document comes.
    pub(super) fn put_aside_unsettled(&mut self) {
        if !self.is_settled() {
            self.saving.given_up = Some((self.document.state, Fate::PutAside));
        }
    }

    /// Whether the journal of this document is of no use when the window has closed.
    pub fn is_journal_spent(&self) -> bool {
        let is_dropped = |it: (u64, Fate)| it == (self.document.state, Fate::Dropped);
        self.is_safe() || self.saving.given_up.is_some_and(is_dropped)
    }

    /// Whether nothing is unsaved but what was given up: the window may close.
    pub fn is_settled(&self) -> bool {
        let is_given_up = |it: (u64, Fate)| it.0 == self.document.state;
        self.is_safe() || self.saving.given_up.is_some_and(is_given_up)
    }

    /// Whether the document is saved and stays so: after an undo, a save of what was undone may still be on its way.
    fn is_safe(&self) -> bool {
        self.document.is_saved() && self.saving.asked.is_none_or(|it| it == self.document.state)
    }

    /// `true` if nothing is unsaved; else asks first, or saves if that goes by itself.
    pub(super) fn settle_unsaved(&mut self, after: AfterUnsaved) -> bool {
        if self.is_settled() {
            return true;
        }
        if let Some(path) = self.path_to_save_by_itself() {
            self.saving.after = Some(after);
            self.save_at(path, Over::Ours(self.document.print), true);
        } else {
            self.shown.modal = Some(Modal::Unsaved(after));
        }
        false
    }

    /// Turns on or off that the document saves itself.
    pub fn toggle_autosave(&mut self) {
        self.shown.autosave = !self.shown.autosave;
        let text = match (self.shown.autosave, self.document.path.is_some()) {
            (true, true) => "From here on the document is saved soon after each change.",
            (true, false) => "Documents are saved soon after each change, this one as soon as it has a file.",
            (false, _) => "Documents are saved when you say so.",
        };
        let offers: &[_] =
            if self.shown.autosave && self.document.path.is_none() { &["file.save"] } else { &[] };
        self.say(Tone::Info, text, offers);
    }

    /// Saves the document if it does so by itself and it is time. Returns in how many milliseconds it will be time. The
    /// window calls it in each frame.
    pub fn save_in_time(&mut self) -> Option<f64> {
        if self.document.is_saved() || self.saving.is_under_way {
            return None;
        }
        let path = self.path_to_save_by_itself()?;
        let left = self.saving.due_ms - (self.surroundings.now_ms)();
        if left > 0.0 {
            return Some(left);
        }
        self.save_at(path, Over::Ours(self.document.print), true);
        None
    }

    fn path_to_save_by_itself(&self) -> Option<String> {
        let is_on = self.shown.autosave && !self.saving.is_held;
        self.document.path.clone().filter(|_| is_on)
    }

    pub(super) fn saved(
        &mut self,
        name: String,
        path: Option<String>,
        print: Option<Fingerprint>,
        ticket: Ticket,
    ) {
        if let Some(path) = &path {
            self.document.remember(path);
        }
        if !ticket.is_automatic || self.saving.after.is_some() {
            self.say(Tone::Done, format!("Saved {name}."), &[]);
        }
        // Of a document that was given up meanwhile.
        if ticket.document != self.document.number {
            return;
        }
        self.saving.end(ticket);
        self.saving.is_held = false;
        let document = &mut self.document;
        document.saved = ticket.state;
        // A save by hand is a version of the user's: the next one of ours keeps it.
        document.is_autosaved = ticket.is_automatic;
        (document.name, document.path, document.print) = (name, path, print);
        self.keep_saved(ticket);
        // It waits for the last save that was asked for, and not for one before that.
        if let Some(after) = self.saving.after.take_if(|_| self.saving.asked.is_none()) {
            self.go_on(after);
        }
    }

    pub(super) fn save_failed(&mut self, message: String, ticket: Ticket) {
        self.say(Tone::Error, message, &["file.save-as", "file.save-to-path"]);
        if ticket.document != self.document.number {
            return;
        }
        self.saving.end(ticket);
        let after = self.saving.after.take();
        if ticket.is_automatic {
            self.saving.due_ms = (self.surroundings.now_ms)() + AUTOSAVE_AGAIN_MS;
            // Nobody was asked yet.
            if let Some(after) = after {
                self.shown.modal = Some(Modal::Unsaved(after));
            }
        }
    }

    /// The dialog for a save came back empty.
    pub(super) fn not_saved(&mut self) {
        (self.saving.after, self.saving.asked) = (None, None);
        self.say(Tone::Info, "Not saved. No dialog? Type the path.", &["file.save-to-path"]);
    }

    /// Another file lies there than the one that we know.
    pub(super) fn others_there(&mut self, path: String, ticket: Ticket) {
        if ticket.document != self.document.number {
            let text = format!("{path} was not saved: another program has changed it.");
            self.say(Tone::Error, text, &[]);
            return;
        }
        self.saving.end(ticket);
        let after = self.saving.after.take();
        if ticket.is_automatic {
            self.saving.is_held = true;
            // Nobody asked for a save: a question would come out of nowhere.
            if after.is_none() {
                let text = format!(
                    "{path} was changed by another program: the document is not saved by itself until you have chosen."
                );
                self.say(Tone::Error, text, &["file.save"]);
                return;
            }
        }
        self.shown.modal = Some(Modal::OthersThere { path, after });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::editor::keeping::tests::Journals;
    use crate::editor::{Event, Keep, Surroundings};
    use crate::scene::Pos;

    const PATH: &str = "/tmp/shop.parapet.ron";
    const SHOP: &[u8] = b"(format: 1, components: {\"a\": (kind: \"user\")})";

    fn opened(surroundings: Surroundings) -> Editor {
        let mut editor = Editor::new(surroundings);
        let (name, path) = ("shop.parapet.ron".to_owned(), Some(PATH.to_owned()));
        editor.handle(Event::Opened { name, path, bytes: SHOP.to_vec() });
        editor
    }

    /// An editor of a file, with a step that is not saved.
    fn worked() -> Editor {
        let mut editor = opened(Surroundings::fixed());
        editor.add_component("web-server", Pos::ZERO);
        editor
    }

    /// The save that was asked for.
    fn save_of(editor: &mut Editor) -> (Over, Backup, Ticket) {
        let effects = editor.take_effects();
        let save = effects.iter().find_map(|it| match it {
            Effect::Save { over, backup, ticket, .. } => Some((*over, *backup, *ticket)),
            _ => None,
        });
        save.unwrap_or_else(|| panic!("{effects:?}"))
    }

    fn saves(editor: &mut Editor) -> usize {
        editor.take_effects().iter().filter(|it| matches!(it, Effect::Save { .. })).count()
    }

    fn done(ticket: Ticket) -> Event {
        let print = Some(Fingerprint::of(b"as written"));
        Event::Saved { name: "shop.parapet.ron".to_owned(), path: Some(PATH.to_owned()), print, ticket }
    }

    fn failed(ticket: Ticket) -> Event {
        Event::SaveFailed { message: "shop was not saved: the disk is full.".to_owned(), ticket }
    }

    #[test]
    fn a_late_save_is_of_the_document_that_it_was_asked_for() {
        let mut editor = worked();
        editor.save();
        let (.., ticket) = save_of(&mut editor);
        // Given up while the disk works.
        editor.new_document();
        editor.discard_and_go_on();
        editor.add_component("user", Pos::ZERO);
        let state = editor.document.state;
        assert_eq!(state, ticket.state, "as many steps as the other one: its number alone would not tell");
        editor.handle(done(ticket));
        assert!(!editor.document.is_saved());
        assert_eq!((editor.document.path.as_deref(), editor.document.name.as_str()), (None, ""));
        assert_eq!(editor.document.recent, [PATH]);
        editor.handle(failed(ticket));
        editor.handle(Event::OthersThere { path: PATH.to_owned(), ticket });
        assert_eq!(editor.shown.modal, None);
    }

    #[test]
    fn a_save_knows_what_it_writes_over() {
        let mut editor = worked();
        editor.save();
        let (over, backup, ticket) = save_of(&mut editor);
        assert_eq!((over, backup), (Over::Ours(Some(Fingerprint::of(SHOP))), Backup::Renew));
        editor.handle(done(ticket));
        editor.add_component("user", Pos::new(200.0, 0.0));
        editor.save();
        assert_eq!(save_of(&mut editor).0, Over::Ours(Some(Fingerprint::of(b"as written"))));
        // Nothing is known of a file that is none yet.
        let mut editor = Editor::new(Surroundings::fixed());
        editor.save_to_path(PATH);
        assert_eq!(save_of(&mut editor).0, Over::Ours(None));
    }

    #[test]
    fn a_file_that_changed_underneath_is_asked_about() {
        let ask = |editor: &mut Editor| {
            editor.save();
            let (.., ticket) = save_of(editor);
            editor.handle(Event::OthersThere { path: PATH.to_owned(), ticket });
            let asked = Modal::OthersThere { path: PATH.to_owned(), after: None };
            assert_eq!(editor.shown.modal, Some(asked));
            assert!(!editor.document.is_saved());
        };
        let mut editor = worked();
        ask(&mut editor);
        editor.overwrite();
        let (over, backup, ticket) = save_of(&mut editor);
        assert_eq!((over, backup), (Over::Anything, Backup::Renew), "theirs is kept beside it");
        editor.handle(done(ticket));
        assert!(editor.document.is_saved());

        let mut editor = worked();
        ask(&mut editor);
        editor.save_beside();
        assert!(matches!(editor.take_effects()[..], [Effect::SaveDialog { .. }]));

        let mut editor = worked();
        let mut journals = Journals::default();
        journals.keep(&mut editor);
        let ours = editor.model().clone();
        ask(&mut editor);
        editor.open_theirs();
        let effects = editor.take_effects();
        assert!(matches!(&effects[..], [Effect::OpenPath(path)] if path == PATH), "{effects:?}");
        let (name, path) = ("shop.parapet.ron".to_owned(), Some(PATH.to_owned()));
        editor.handle(Event::Opened { name, path, bytes: b"(format: 1)".to_vec() });
        assert_eq!((editor.shown.modal.as_ref(), editor.model().components().len()), (None, 0));
        journals.keep(&mut editor);
        let aside = crate::formats::journal::read(journals.aside[0].as_bytes()).unwrap();
        assert_eq!((aside.model, journals.current), (ours, None));
    }

    #[test]
    fn theirs_that_does_not_open_leaves_ours_alone() {
        let mut editor = worked();
        editor.save();
        let (.., ticket) = save_of(&mut editor);
        editor.handle(Event::OthersThere { path: PATH.to_owned(), ticket });
        editor.open_theirs();
        editor.take_effects();
        editor.handle(Event::OpenFailed { message: "It is gone.".to_owned() });
        assert!(!editor.is_settled() && editor.take_effects().is_empty());
        editor.quit();
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(AfterUnsaved::Quit)));
    }

    #[test]
    fn a_dialog_that_is_cancelled_gives_nothing_up() {
        let mut editor = worked();
        editor.open_dialog();
        editor.discard_and_go_on();
        assert!(matches!(editor.take_effects().last(), Some(Effect::OpenDialog)));
        editor.handle(Event::DialogEmpty(super::super::Dialog::Open));
        assert!(!editor.document.is_saved() && !editor.is_settled());
        editor.new_document();
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(AfterUnsaved::New)));
    }

    #[test]
    fn a_save_that_fails_leaves_the_document_unsaved_and_kept() {
        let mut editor = worked();
        let mut journals = Journals::default();
        journals.keep(&mut editor);
        editor.quit();
        editor.save_and_go_on();
        let (.., ticket) = save_of(&mut editor);
        editor.handle(failed(ticket));
        let notice = editor.notice().unwrap();
        assert_eq!(
            (notice.tone, &notice.offers[..]),
            (Tone::Error, &["file.save-as", "file.save-to-path"][..])
        );
        assert!(journals.keep(&mut editor).is_empty(), "it does not quit");
        assert!(!editor.document.is_saved());
        assert_eq!(&journals.read().model, editor.model());
        // Saved elsewhere in the end, it does not quit for what was asked once.
        editor.save_to_path("/tmp/other.parapet.ron");
        let (.., ticket) = save_of(&mut editor);
        editor.handle(done(ticket));
        assert!(!editor.take_effects().iter().any(|it| matches!(it, Effect::Quit)));
    }

    #[test]
    fn what_was_undone_while_it_is_written_is_not_settled() {
        for ending in [done, failed] {
            let mut editor = worked();
            editor.save();
            let (.., ticket) = save_of(&mut editor);
            editor.undo();
            assert!(editor.document.is_saved() && !editor.is_settled() && !editor.is_journal_spent());
            editor.handle(ending(ticket));
            assert_eq!(editor.is_settled(), matches!(ending(ticket), Event::SaveFailed { .. }));
        }
        let mut editor = worked();
        editor.save_as();
        editor.undo();
        assert!(!editor.is_settled());
        editor.handle(Event::DialogEmpty(crate::editor::Dialog::Save));
        assert!(editor.is_settled());
    }

    #[test]
    fn what_waits_for_a_save_waits_for_that_one() {
        let mut editor = worked();
        editor.save();
        let (.., first) = save_of(&mut editor);
        editor.add_component("user", Pos::new(200.0, 0.0));
        editor.quit();
        editor.save_and_go_on();
        let (.., second) = save_of(&mut editor);
        editor.handle(done(first));
        assert_eq!((saves(&mut editor), editor.shown.modal.as_ref()), (0, None), "nothing is asked twice");
        editor.handle(done(second));
        assert!(matches!(editor.take_effects().last(), Some(Effect::Quit)));
    }

    static CLOCK: AtomicU32 = AtomicU32::new(0);

    fn now_ms() -> f64 {
        f64::from(CLOCK.load(Ordering::Relaxed))
    }

    fn later(ms: f64) {
        CLOCK.fetch_add(ms as u32, Ordering::Relaxed);
    }

    #[test]
    fn a_document_saves_itself_soon_after_the_last_change() {
        let mut editor = opened(Surroundings { now_ms, ..Surroundings::fixed() });
        editor.add_component("user", Pos::ZERO);
        later(AUTOSAVE_AFTER_MS);
        assert_eq!((editor.save_in_time(), saves(&mut editor)), (None, 0), "it is off");
        editor.run("file.autosave");
        assert_eq!(editor.save_in_time(), None);
        let (over, backup, ticket) = save_of(&mut editor);
        assert_eq!((over, backup), (Over::Ours(Some(Fingerprint::of(SHOP))), Backup::Renew));
        // While that is written, no other one begins.
        editor.add_component("user", Pos::new(200.0, 0.0));
        later(AUTOSAVE_AFTER_MS);
        assert_eq!((editor.save_in_time(), saves(&mut editor)), (None, 0));
        editor.dismiss_notice();
        editor.handle(done(ticket));
        assert_eq!(editor.notice(), None, "what happens by itself is not worth a word");
        editor.save_in_time();
        let (_, backup, ticket) = save_of(&mut editor);
        assert_eq!(backup, Backup::Stay, "the version as it was opened");
        editor.handle(done(ticket));
        assert!(editor.document.is_saved());
        // Put off by each change.
        editor.add_component("user", Pos::new(400.0, 0.0));
        later(AUTOSAVE_AFTER_MS - 1.0);
        editor.add_component("user", Pos::new(600.0, 0.0));
        later(AUTOSAVE_AFTER_MS - 1.0);
        assert_eq!((editor.save_in_time(), saves(&mut editor)), (Some(1.0), 0));
        // By hand: the version before that is the user's, and stays. Then it is this one's turn.
        editor.save();
        let (_, backup, ticket) = save_of(&mut editor);
        assert_eq!(backup, Backup::Stay);
        editor.handle(done(ticket));
        editor.add_component("user", Pos::new(800.0, 0.0));
        later(AUTOSAVE_AFTER_MS);
        editor.save_in_time();
        let (_, backup, ticket) = save_of(&mut editor);
        assert_eq!(backup, Backup::Renew);
        // A disk that is full is tried again, and not in each frame.
        editor.handle(failed(ticket));
        assert!(!editor.document.is_saved());
        assert_eq!((editor.save_in_time(), saves(&mut editor)), (Some(AUTOSAVE_AGAIN_MS), 0));
        later(AUTOSAVE_AGAIN_MS);
        editor.save_in_time();
        let (.., ticket) = save_of(&mut editor);
        // Never over what somebody else wrote, and without a question out of nowhere.
        editor.handle(Event::OthersThere { path: PATH.to_owned(), ticket });
        assert_eq!(
            (editor.shown.modal.as_ref(), &editor.notice().unwrap().offers[..]),
            (None, &["file.save"][..])
        );
        later(AUTOSAVE_AGAIN_MS);
        assert_eq!((editor.save_in_time(), saves(&mut editor)), (None, 0));
        editor.quit();
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(AfterUnsaved::Quit)));
    }

    #[test]
    fn a_document_saves_itself_before_it_goes() {
        let mut editor = worked();
        editor.shown.autosave = true;
        editor.handle(Event::CloseRequested);
        let (.., ticket) = save_of(&mut editor);
        assert!(ticket.is_automatic && editor.shown.modal.is_none());
        editor.handle(done(ticket));
        let effects = editor.take_effects();
        assert!(matches!(effects[..], [Effect::Journal(Keep::Drop), Effect::Quit]), "{effects:?}");
        // Where that fails, it asks, so that there is a way out.
        let mut editor = worked();
        editor.shown.autosave = true;
        editor.quit();
        let (.., ticket) = save_of(&mut editor);
        editor.handle(failed(ticket));
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(AfterUnsaved::Quit)));
        editor.shown.modal = None;
        editor.quit();
        let (.., ticket) = save_of(&mut editor);
        editor.handle(Event::OthersThere { path: PATH.to_owned(), ticket });
        let asked = Modal::OthersThere { path: PATH.to_owned(), after: Some(AfterUnsaved::Quit) };
        assert_eq!(editor.shown.modal, Some(asked));
        editor.overwrite();
        let (.., ticket) = save_of(&mut editor);
        editor.handle(done(ticket));
        assert!(matches!(editor.take_effects().last(), Some(Effect::Quit)));
        // A document without a file is never saved by itself.
        let mut editor = Editor::new(Surroundings::fixed());
        editor.shown.autosave = true;
        editor.add_component("user", Pos::ZERO);
        assert_eq!((editor.save_in_time(), saves(&mut editor)), (None, 0));
        editor.quit();
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(AfterUnsaved::Quit)));
    }
}
