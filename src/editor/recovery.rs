//! Work that was not saved when a window ended: what there is of it, bringing it back, throwing it away.

use super::{AfterUnsaved, Editor, Effect, Keep, Modal, Tone};
use crate::formats::journal::{self, Recovered};
use crate::formats::{counted_or_no, one_line};
use crate::model::counted;

/// A journal that nobody holds, of a document that was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// What the platform calls it.
    pub id: String,
    /// What the document is called.
    pub title: String,
    /// Where it was saved, on the desktop.
    pub path: Option<String>,
    /// How long ago the last step was kept, in seconds.
    pub ago_s: u64,
    /// How many steps are not saved.
    pub steps: usize,
    /// It can be brought back, if not all of it.
    pub is_readable: bool,
    /// What of it cannot be read, and why.
    pub fault: Option<String>,
}

impl Lost {
    /// What a journal holds; none if nothing would be lost without it.
    pub fn of(id: String, ago_s: u64, bytes: &[u8]) -> Option<Self> {
        let it = match journal::read(bytes) {
            Ok(it) if it.is_saved() => return None,
            Ok(it) => it,
            Err(error) => {
                let (title, fault) = ("A document".to_owned(), Some(error.to_string()));
                return Some(Self { id, title, path: None, ago_s, steps: 0, is_readable: false, fault });
            }
        };
        let Recovered { head, model, unsaved, fault, .. } = it;
        let title = super::files::title_of(&model, &head.name);
        Some(Self { id, title, path: head.path, ago_s, steps: unsaved, is_readable: true, fault })
    }

    /// One that the platform could not read at all.
    pub fn unreadable(id: String, ago_s: u64, fault: String) -> Self {
        let title = "A document".to_owned();
        Self { id, title, path: None, ago_s, steps: 0, is_readable: false, fault: Some(fault) }
    }

    /// How long ago that was, in words.
    pub fn ago(&self) -> String {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        const DAY: u64 = 24 * HOUR;
        let (n, word) = match self.ago_s {
            ..MINUTE => return "just now".to_owned(),
            it @ MINUTE..HOUR => (it / MINUTE, "minute"),
            it @ HOUR..DAY => (it / HOUR, "hour"),
            it => (it / DAY, "day"),
        };
        format!("{} ago", counted(n as usize, word))
    }

    /// How much it is, in words.
    pub fn amount(&self) -> String {
        counted_or_no(self.steps, "step")
    }
}

impl Editor {
    /// Work that was not saved when a window ended.
    pub fn lost(&self) -> &[Lost] {
        self.lost.as_deref().unwrap_or_default()
    }

    /// Shows what was lost, and looks whether it is there still.
    pub fn show_lost(&mut self) {
        self.shown.modal = Some(Modal::Lost(None));
        self.ask(Effect::Journal(Keep::Look));
    }

    /// Brings back what a journal holds, in place of the open document.
    pub fn restore(&mut self, id: &str) {
        if self.settle_unsaved(AfterUnsaved::Restore(id.to_owned())) {
            self.shown.modal = None;
            self.ask(Effect::Journal(Keep::Restore(id.to_owned())));
        }
    }

    /// Throws away what a journal holds.
    pub fn discard_lost(&mut self, id: &str) {
        self.ask(Effect::Journal(Keep::Discard(id.to_owned())));
        self.forget_lost(id);
        let is_left = !self.lost().is_empty();
        self.shown.modal = is_left.then_some(Modal::Lost(None));
    }

    /// Takes what the platform has found. At the start that is asked about, later it is shown to whoever looks.
    pub(super) fn found_lost(&mut self, mut found: Vec<Lost>) {
        found.sort_by(|a, b| (a.ago_s, &a.id).cmp(&(b.ago_s, &b.id)));
        let (is_first, is_none) = (self.lost.is_none(), found.is_empty());
        self.lost = Some(found);
        if is_none {
            self.shown.modal.take_if(|it| matches!(it, Modal::Lost(_)));
        } else if is_first && self.shown.modal.is_none() {
            self.shown.modal = Some(Modal::Lost(None));
        } else if is_first {
            // Whoever is faster than the disk is not interrupted.
            self.say(Tone::Info, "There is work that was not saved.", &["file.restore"]);
        }
    }

    /// Opens what a journal holds: not saved, under its own path, with its steps to undo.
    pub(super) fn restored(&mut self, id: &str, bytes: &[u8]) {
        let it = match journal::read(bytes) {
            Ok(it) => it,
            Err(error) => {
                self.restore_failed(&format!(
                    "The unsaved work was not restored: {error}. It is still kept."
                ));
                return;
            }
        };
        let Recovered { head, model, history, saved, unsaved, whole, fault } = it;
        // What was done since it was asked for is kept as what was restored was.
        self.put_aside_unsettled();
        self.load(model, history);
        self.ask(Effect::Journal(Keep::Adopt { id: id.to_owned(), whole, has_fault: fault.is_some() }));
        self.keep_on();
        // No state has that number: what is not known to be saved is not.
        self.document.saved = saved.unwrap_or(u64::MAX);
        (self.document.name, self.document.path, self.document.print) = (head.name, head.path, head.print);
        if fault.is_some() {
            // A step that does not fit may have been done in part: the next crash is to find what is seen now.
            self.keep_all();
        }
        self.forget_lost(id);
        let steps = counted_or_no(unsaved, "step");
        let what = format!("Restored {} with {steps} that were not saved.", one_line(&self.title()));
        let more = if self.lost().is_empty() { &[][..] } else { &["file.restore"][..] };
        let offers = [&["file.save"][..], more].concat();
        match fault {
            None => self.say(Tone::Done, what, &offers),
            Some(fault) => {
                let rest = "what could not be read is kept in the folder of journals";
                self.say(Tone::Error, format!("{what} Not all of it: {fault}; {rest}."), &offers);
            }
        }
    }

    pub(super) fn restore_failed(&mut self, message: &str) {
        self.saving.give_up_nothing();
        self.say(Tone::Error, message, &["file.restore"]);
    }

    fn forget_lost(&mut self, id: &str) {
        self.lost.iter_mut().for_each(|all| all.retain(|it| it.id != id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::keeping::tests::Journals;
    use crate::editor::{Event, Surroundings};
    use crate::formats::Fingerprint;
    use crate::scene::Pos;

    const SHOP: &[u8] = b"(format: 1, brief: (title: \"Shop\"), components: {\"a\": (kind: \"user\")})";

    /// An editor with a document from the disk and two steps that are not saved.
    fn worked() -> Editor {
        let mut editor = Editor::new(Surroundings::fixed());
        let (name, path) = ("shop.parapet.ron".to_owned(), Some("/tmp/shop.parapet.ron".to_owned()));
        editor.handle(Event::Opened { name, path, bytes: SHOP.to_vec() });
        editor.add_component("user", Pos::ZERO);
        editor.add_component("web-server", Pos::new(200.0, 0.0));
        editor
    }

    /// What it leaves when it is killed.
    fn killed(mut editor: Editor) -> Journals {
        let mut journals = Journals::default();
        journals.keep(&mut editor);
        Journals { aside: journals.current.into_iter().collect(), ..Journals::default() }
    }

    fn found(journals: &Journals) -> Event {
        let lost = |(n, it): (usize, &String)| Lost::of(n.to_string(), 130, it.as_bytes());
        Event::Lost(journals.aside.iter().enumerate().filter_map(lost).collect())
    }

    #[test]
    fn what_a_crash_left_is_asked_about_and_comes_back_unsaved() {
        let before = worked();
        let model = before.model().clone();
        let mut journals = killed(before);
        let mut editor = Editor::new(Surroundings::fixed());
        editor.handle(found(&journals));
        assert_eq!(editor.shown.modal, Some(Modal::Lost(None)));
        let lost = editor.lost()[0].clone();
        assert_eq!((lost.title.as_str(), lost.ago(), lost.steps), ("Shop", "2 minutes ago".to_owned(), 2));
        editor.restore(&lost.id);
        let effects = editor.take_effects();
        assert!(matches!(&effects[..], [Effect::Journal(Keep::Restore(_))]), "{effects:?}");
        let bytes = journals.aside[0].clone().into_bytes();
        editor.handle(Event::Restored { id: lost.id, bytes });
        let others = journals.keep(&mut editor);
        assert!(!others.iter().any(|it| matches!(it, Effect::Save { .. })), "nothing is written over");
        assert_eq!((editor.model(), editor.shown.modal.as_ref()), (&model, None));
        assert_eq!(editor.document.path.as_deref(), Some("/tmp/shop.parapet.ron"));
        // The file that it was made from is known, so that one that changed since is not written over.
        assert_eq!(editor.document.print, Some(Fingerprint::of(SHOP)));
        assert!(!editor.document.is_saved() && editor.lost().is_empty());
        // It goes on in the same journal; undone, it is as it was opened.
        editor.undo();
        assert!(!editor.document.is_saved());
        journals.keep(&mut editor);
        assert_eq!((journals.read().unsaved > 0, &journals.read().model), (true, editor.model()));
        editor.undo();
        assert!(editor.document.is_saved());
        journals.keep(&mut editor);
        assert!(journals.read().is_saved());
        assert_eq!((journals.begun, journals.aside.len()), (0, 0));
    }

    #[test]
    fn what_was_lost_can_wait_and_can_be_thrown_away() {
        let journals = killed(worked());
        let mut editor = Editor::new(Surroundings::fixed());
        assert!(!editor.run("file.restore"));
        editor.handle(found(&journals));
        // Kept for later: it is asked about once, and there for whoever wants it.
        editor.shown.modal = None;
        editor.handle(found(&journals));
        assert_eq!(editor.shown.modal, None);
        assert!(editor.run("file.restore"));
        assert_eq!(editor.shown.modal, Some(Modal::Lost(None)));
        editor.take_effects();
        editor.discard_lost("0");
        let effects = editor.take_effects();
        assert!(matches!(&effects[..], [Effect::Journal(Keep::Discard(id))] if id == "0"), "{effects:?}");
        assert_eq!((editor.shown.modal.as_ref(), editor.lost().len()), (None, 0));
    }

    #[test]
    fn what_is_open_is_asked_about_before_it_makes_room() {
        let mut editor = worked();
        editor.handle(found(&killed(worked())));
        editor.restore("0");
        let asked = AfterUnsaved::Restore("0".to_owned());
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(asked)));
        editor.take_effects();
        editor.discard_and_go_on();
        let effects = editor.take_effects();
        assert!(matches!(&effects[..], [Effect::Journal(Keep::Restore(_))]), "{effects:?}");
        // It is gone: what was given up for it is asked about again.
        editor.handle(Event::RestoreFailed { message: "It is gone.".to_owned() });
        editor.quit();
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(AfterUnsaved::Quit)));
    }

    #[test]
    fn what_is_done_while_it_is_read_is_kept_too() {
        let mut journals = killed(worked());
        let mut editor = Editor::new(Surroundings::fixed());
        editor.handle(found(&journals));
        editor.restore("0");
        editor.add_component("user", Pos::new(400.0, 0.0));
        let drawn = editor.model().clone();
        let bytes = journals.aside[0].clone().into_bytes();
        editor.handle(Event::Restored { id: "0".to_owned(), bytes });
        journals.keep(&mut editor);
        let kept = journals.aside.last().unwrap();
        assert_eq!(journal::read(kept.as_bytes()).unwrap().model, drawn);
    }

    #[test]
    fn what_does_not_read_to_its_end_is_restored_up_to_there_and_told() {
        let journals = killed(worked());
        let text = &journals.aside[0];
        let second = text.rfind("step(").unwrap();
        let spoilt = text.replace(&text[second..second + 8], "nonsense");
        assert!(Lost::of("0".to_owned(), 0, b"nonsense").is_some_and(|it| !it.is_readable));
        let lost = Lost::of("0".to_owned(), 0, spoilt[..].as_bytes()).unwrap();
        assert!(lost.is_readable && lost.fault.is_some());
        let mut editor = Editor::new(Surroundings::fixed());
        editor.handle(Event::Restored { id: "0".to_owned(), bytes: b"nonsense".to_vec() });
        assert!(editor.notice().unwrap().text.contains("It is still kept"));
        let kept = format!("{}nonsense\n", &text[..second]);
        editor.handle(Event::Restored { id: "0".to_owned(), bytes: kept.into_bytes() });
        let notice = editor.notice().unwrap();
        assert!(notice.text.contains("Not all of it: line 2"), "{}", notice.text);
        let effects = editor.take_effects();
        let adopt = effects.iter().find_map(|it| match it {
            Effect::Journal(Keep::Adopt { whole, has_fault, .. }) => Some((*whole, *has_fault)),
            _ => None,
        });
        assert_eq!(adopt, Some((second, true)));
        let begun = effects.iter().find_map(|it| match it {
            Effect::Journal(Keep::Begin { base, .. }) => Some(base),
            _ => None,
        });
        assert_eq!(begun.map(|it| &**it), Some(editor.model()), "the next crash finds what is seen now");
    }

    #[test]
    fn nobody_who_is_at_work_is_interrupted() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.shown.modal = Some(Modal::Gallery);
        editor.handle(found(&killed(worked())));
        assert_eq!(editor.shown.modal, Some(Modal::Gallery));
        assert_eq!(editor.notice().unwrap().offers, ["file.restore"]);
    }

    #[test]
    fn times_are_told_in_words() {
        let ago = |ago_s| Lost::unreadable(String::new(), ago_s, String::new()).ago();
        assert_eq!([ago(3), ago(61)], ["just now", "1 minute ago"]);
        assert_eq!([ago(7_300), ago(200_000)], ["2 hours ago", "2 days ago"]);
    }
}
