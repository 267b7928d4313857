//! Files: new, open, quit, and what the platform brings back.

use std::sync::Arc;

use super::samples::{SAMPLES, Sample};
use super::saving::{Fate, Saving};
use super::{AfterUnsaved, Derived, Dialog, Editor, Effect, Event, IconReader, Keep, Tone, Unneeded, Wish};
use crate::formats::{self, Fingerprint};
use crate::model::{self, Draft, Edit, History, Id, MAIN_VIEW, Model, Nesting, PutOff, View, counted, ended};

/// The ending of our own files.
pub(super) const ENDING: &str = ".parapet.ron";

/// A model with nothing in it but its main view.
pub(super) fn empty_model() -> Model {
    let mut model = Model::new();
    let mut draft = Draft::of(&model);
    draft.put(Id::slug(MAIN_VIEW), View { name: "Main".to_owned(), ..View::default() });
    let edit: Edit = draft.finish();
    model.apply(&edit);
    model
}

/// What a document is called that stands in a file of this name: its title, or that name.
pub(super) fn title_of(model: &Model, name: &str) -> String {
    let title = model.the_brief().title.trim();
    if !title.is_empty() {
        return title.to_owned();
    }
    let name = name.trim_end_matches(ENDING);
    if name.is_empty() { "Untitled".to_owned() } else { name.to_owned() }
}

impl Editor {
    /// What the document is called: its title, or its file's name.
    pub fn title(&self) -> String {
        title_of(&self.model, &self.document.name)
    }

    pub fn new_document(&mut self) {
        if self.settle_unsaved(AfterUnsaved::New) {
            self.load(empty_model(), History::default());
        }
    }

    pub fn open_dialog(&mut self) {
        if self.settle_unsaved(AfterUnsaved::OpenDialog) {
            self.ask(Effect::OpenDialog);
        }
    }

    pub fn open_path(&mut self, path: &str) {
        if self.settle_unsaved(AfterUnsaved::OpenPath(path.to_owned())) {
            self.shown.modal = None;
            self.ask(Effect::OpenPath(path.to_owned()));
        }
    }

    pub fn open_sample(&mut self, id: &str) {
        if !self.settle_unsaved(AfterUnsaved::Sample(id.to_owned())) {
            return;
        }
        let Some(sample) = SAMPLES.iter().find(|it| it.id == id) else { return };
        self.load_sample(sample);
    }

    /// Opens a sample without asking: at the start, when there is nothing to lose.
    pub fn load_sample(&mut self, sample: &Sample) {
        match model::read(sample.text.as_bytes()) {
            Ok(model) => {
                self.load(model, History::default());
                self.shown.modal = None;
            }
            Err(error) => {
                self.say(
                    Tone::Error,
                    ended(&format!("The sample {} does not read: {error}", sample.label)),
                    &[],
                );
            }
        }
    }

    pub fn quit(&mut self) {
        if self.settle_unsaved(AfterUnsaved::Quit) {
            self.ask(Effect::Quit);
        }
    }

    /// Takes what happened outside.
    pub fn handle(&mut self, event: Event) {
        match event {
            Event::Opened { name, path, bytes } => self.opened(name, path, bytes),
            Event::OpenFailed { message } => {
                self.saving.give_up_nothing();
                self.say(Tone::Error, message, &["file.open-path"]);
            }
            Event::Saved { name, path, print, ticket } => self.saved(name, path, print, ticket),
            Event::SaveFailed { message, ticket } => self.save_failed(message, ticket),
            Event::OthersThere { path, ticket } => self.others_there(path, ticket),
            Event::KeepFailed { message } => self.say(Tone::Error, message, &["file.save", "file.save-as"]),
            Event::Lost(found) => self.found_lost(found),
            Event::Restored { id, bytes } => self.restored(&id, &bytes),
            Event::RestoreFailed { message } => self.restore_failed(&message),
            Event::Exported { name, remark } => {
                self.unexported = None;
                self.say(Tone::Done, format!("Exported {name}. {remark}").trim_end(), &[]);
            }
            Event::ExportFailed { message } => self.say(Tone::Error, message, &[]),
            Event::NotExported { name, what, remark } => {
                self.unexported = Some((name, what, remark));
                let text = "Nothing was exported. No dialog? Type the path.";
                self.say(Tone::Info, text, &["file.export-to-path"]);
            }
            Event::DialogEmpty(Dialog::Open) => {
                self.saving.give_up_nothing();
                self.say_nothing_was_chosen("file.open-path");
            }
            Event::IconsUnderWay { asked, done, of } => self.icons_under_way(asked, done, of),
            Event::IconsRead { asked, pack } => self.icons_read(&asked, *pack),
            Event::IconsFailed { asked, message } => self.icons_failed(&asked, &message),
            Event::DialogEmpty(Dialog::Icons) => self.say_nothing_was_chosen("view.add-icons-path"),
            Event::PacksRead(files) => self.add_packs(&files),
            Event::PacksFailed { messages, read } => self.packs_failed(messages, &read),
            Event::DialogEmpty(Dialog::Packs) => {
                self.say_nothing_was_chosen("edit.add-rule-pack-path");
            }
            Event::DialogEmpty(Dialog::Save) => self.not_saved(),
            Event::Derived { generation, derived } => self.derived(generation, derived),
            Event::DeriveFailed { generation, reason } => self.derive_failed(generation, &reason),
            Event::LaidOut { generation, places } => self.laid_out(generation, places),
            Event::LayoutFailed { generation, reason } => self.layout_failed(generation, &reason),
            Event::Pasted(text) => self.paste(&text, self.shown.pointed),
            Event::CloseRequested => self.quit(),
        }
    }

    /// Says that a dialog came back empty; where there are paths, it offers to type one.
    fn say_nothing_was_chosen(&mut self, by_path: &'static str) {
        let has_paths = super::command(by_path).is_some_and(|it| (it.when)(self));
        let (text, offers): (&str, &[_]) = if has_paths {
            ("No file was chosen. No dialog? Type the path.", &[by_path])
        } else {
            ("No file was chosen.", &[])
        };
        self.say(Tone::Info, text, offers);
    }

    pub(super) fn go_on(&mut self, after: AfterUnsaved) {
        match after {
            AfterUnsaved::New => self.new_document(),
            AfterUnsaved::OpenDialog => self.open_dialog(),
            AfterUnsaved::OpenPath(path) => self.open_path(&path),
            AfterUnsaved::Sample(id) => self.open_sample(&id),
            AfterUnsaved::Dropped { name, path, bytes } => self.opened(name, path, bytes),
            AfterUnsaved::Restore(id) => self.restore(&id),
            AfterUnsaved::Quit => self.quit(),
        }
    }

    fn opened(&mut self, name: String, path: Option<String>, bytes: Vec<u8>) {
        // Rules are no document: they join the open one.
        if formats::is_pack(&name) {
            self.saving.give_up_nothing();
            self.add_packs(&[(name, bytes)]);
            return;
        }
        // Nor is an icon, unless the picture was made of a drawing.
        if name.to_ascii_lowercase().ends_with(".svg") && !is_our_picture(&bytes) {
            self.saving.give_up_nothing();
            let mut reader = IconReader::new(None);
            reader.take(&name, &bytes);
            self.icons_read("", reader.finish());
            return;
        }
        // Read before anything is asked or given up: a bad file leaves the open one alone.
        let model = match formats::import(&name, &bytes) {
            Ok(model) => model,
            Err(error) => {
                self.saving.give_up_nothing();
                let why = ended(&format!("{name} was not opened: {error}"));
                let text = format!("{why} The open document is untouched.");
                self.say(Tone::Error, text, &["file.open"]);
                return;
            }
        };
        let print = Fingerprint::of(&bytes);
        if !self.settle_unsaved(AfterUnsaved::Dropped { name: name.clone(), path: path.clone(), bytes }) {
            return;
        }
        let problems = model.problems().len();
        // Written by hand or by a program: nothing of it would be seen.
        let is_drawn = !model.places().is_empty();
        self.load(if is_drawn { model } else { formats::placed(model) }, History::default());
        // What was not our own format is not written over.
        let is_document = formats::of_name(&name).is_some_and(|it| it.id == "document");
        self.document.name = if is_document { name } else { format!("{}{ENDING}", formats::stem(&name)) };
        if let Some(path) = &path {
            self.document.remember(path);
        }
        self.document.path = path.filter(|_| is_document);
        self.document.print = self.document.path.as_ref().map(|_| print);
        if problems > 0 {
            let what = counted(problems, "thing");
            let text = format!("The file was opened; {what} in it cannot be meant so. See the inspector.");
            self.say(Tone::Info, text, &[]);
        }
    }

    fn derived(&mut self, generation: u64, derived: Box<Derived>) {
        let old = self.derivation.take(generation, derived);
        self.ask(Effect::Discard(Unneeded::Derived(old)));
        if let Some(format) = self.after_results.take_if(|_| !self.derivation.is_behind) {
            self.export(format);
        }
    }

    fn derive_failed(&mut self, generation: u64, reason: &str) {
        if self.derivation.fail(generation) {
            self.after_results = None;
            let why = ended(&format!("The analysis of this drawing failed: {}", formats::one_line(reason)));
            let text = format!("{why} The drawing is safe; save it, and send us the file to mend this.");
            self.say(Tone::Error, text, &["file.save"]);
        }
    }

    /// Takes another model in place of the open one, with what was done to it.
    pub(super) fn load(&mut self, model: Model, history: History) {
        if self.is_kept() {
            let fate = if self.saving.fate() == Fate::PutAside { Keep::PutAside } else { Keep::Drop };
            self.ask(Effect::Journal(fate));
        }
        self.saving = Saving::default();
        self.drop_checkpoints();
        self.model = Arc::new(model);
        self.history = history;
        self.nesting = Nesting::of(&self.model);
        self.turn_to_view(self.model.first_view().cloned().unwrap_or_else(|| Id::slug(MAIN_VIEW)));
        self.put_off = PutOff::of(&self.model);
        self.settle_for(super::SETTLE_FIRST_MS);
        let asked = self.derivation.turn_to(&self.model, self.surroundings.now_ms);
        self.ask_for_results(asked);
        self.after_results = None;
        self.selection.clear();
        let (recent, number) = (std::mem::take(&mut self.document.recent), self.document.number + 1);
        let state = self.history.state();
        self.document = super::Document { recent, number, state, saved: state, ..super::Document::default() };
        self.keep_from_here();
        (self.shown.chosen, self.shown.hovered, self.notice) = (None, None, None);
        (self.shown.sought, self.shown.drawn_on, self.shown.flows_of) = (None, None, None);
        (self.shown.composing, self.shown.thread) = (None, None);
        self.end_search();
        self.shown.wishes = vec![Wish::Fit];
    }
}

fn is_our_picture(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|it| formats::svg::document_in(it).is_ok())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::editor::{Modal, Surroundings};
    use crate::scene::Pos;

    #[test]
    fn a_bad_file_leaves_the_open_one_alone() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.add_component("user", Pos::ZERO);
        let before = editor.model().clone();
        editor.handle(Event::Opened {
            name: "x.parapet.ron".to_owned(),
            path: None,
            bytes: b"(format: 9)".to_vec(),
        });
        assert_eq!(*editor.model(), before);
        assert_eq!(editor.shown.modal, None);
        assert!(editor.notice().unwrap().text.contains("format 9"));
        let text = b"(format: 1, flows: {\"f\": (from: \"a\", to: \"b\", ".to_vec();
        editor.handle(Event::Opened { name: "x.parapet.ron".to_owned(), path: None, bytes: text });
        assert_eq!(
            editor.notice().unwrap().text,
            "x.parapet.ron was not opened: line 1, column 46: the file ends too early: the rest of the document is missing; \
             open the version before it, which a save keeps beside it with `.previous` behind its name, or another copy. The \
             open document is untouched."
        );
    }

    #[test]
    fn unsaved_changes_are_asked_about() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.add_component("user", Pos::ZERO);
        editor.new_document();
        assert_eq!(editor.shown.modal, Some(Modal::Unsaved(AfterUnsaved::New)));
        assert_eq!(editor.model().components().len(), 1);
        editor.save_and_go_on();
        let effects = editor.take_effects();
        let Some(Effect::SaveDialog { ticket, .. }) = effects.last() else { panic!("{effects:?}") };
        let name = "a.parapet.ron".to_owned();
        editor.handle(Event::Saved { name, path: None, print: None, ticket: *ticket });
        assert_eq!(editor.model().components().len(), 0);
        editor.add_component("user", Pos::ZERO);
        editor.quit();
        editor.discard_and_go_on();
        assert!(matches!(editor.take_effects().last(), Some(Effect::Quit)));
    }

    #[test]
    fn another_document_knows_nothing_of_what_was_written_about_the_one_before() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.compose(crate::editor::PinTo::Point(Pos::ZERO));
        editor.new_document();
        assert_eq!(editor.shown.composing, None);
        editor.add_comment(&crate::editor::PinTo::Point(Pos::ZERO), "Why?");
        editor.new_document();
        editor.discard_and_go_on();
        assert_eq!(editor.shown.thread, None);
    }

    const SHOP: &[u8] =
        b"asset cards: secret; user -> web: https; web -> db: postgres; db: postgres [stores cards]";

    /// A clock on which nothing fits into a frame.
    pub(in crate::editor) fn slow_ms() -> f64 {
        Surroundings::ticking_ms() * 10.0
    }

    pub(in crate::editor) fn opened(now_ms: fn() -> f64) -> Editor {
        let mut editor = Editor::new(Surroundings { now_ms, ..Surroundings::fixed() });
        editor.handle(Event::Opened {
            name: "shop.parapet.txt".to_owned(),
            path: None,
            bytes: SHOP.to_vec(),
        });
        editor
    }

    /// The models that are to be derived beside the frames.
    pub(in crate::editor) fn asked(editor: &mut Editor) -> Vec<(u64, Arc<Model>)> {
        let effects = editor.take_effects().into_iter();
        effects
            .filter_map(|it| match it {
                Effect::Derive { generation, model } => Some((generation, model)),
                _ => None,
            })
            .collect()
    }

    pub(in crate::editor) fn done((generation, model): (u64, Arc<Model>)) -> Event {
        Event::Derived { generation, derived: Box::new(Derived::of(model, || 0.0)) }
    }

    #[test]
    fn undo_and_redo_to_what_was_saved_leave_nothing_to_save() {
        let mut editor = opened(|| 0.0);
        editor.add_component("user", Pos::ZERO);
        editor.undo();
        assert!(editor.document.is_saved(), "as it was opened");
        editor.redo();
        assert!(!editor.document.is_saved());
        editor.save();
        let Some(Effect::SaveDialog { name, ticket, .. }) = editor.take_effects().pop() else {
            panic!("nothing is saved")
        };
        // Edited while the dialog is open.
        editor.add_component("user", Pos::ZERO);
        editor.handle(Event::Saved { name, path: None, print: None, ticket });
        assert!(!editor.document.is_saved());
        editor.undo();
        assert!(editor.document.is_saved());
        editor.undo();
        assert!(!editor.document.is_saved());
        editor.new_document();
        assert!(matches!(editor.shown.modal, Some(Modal::Unsaved(_))));
        editor.redo();
        assert!(editor.document.is_saved());
        // As many steps, and not the same ones.
        editor.undo();
        editor.add_component("database", Pos::ZERO);
        assert!(!editor.document.is_saved());
    }

    #[test]
    fn a_small_file_is_opened_with_its_findings() {
        let mut editor = opened(|| 0.0);
        assert!(!editor.is_behind() && !editor.is_blank() && editor.open_count() > 0);
        assert!(asked(&mut editor).is_empty());
    }

    #[test]
    fn a_heavy_file_is_opened_before_anything_is_derived_of_it() {
        let mut editor = opened(slow_ms);
        assert_eq!((editor.model().components().len(), editor.layout().cards.len()), (3, 3));
        assert!(editor.is_behind() && editor.is_blank() && editor.report().findings.is_empty());
        assert!(editor.summary().ends_with("Looking for findings."), "{}", editor.summary());
        // Edited meanwhile, it is asked for once, as it is now, and still not within a frame.
        editor.add_component("user", Pos::ZERO);
        let jobs = asked(&mut editor);
        assert_eq!(jobs.len(), 1);
        assert!(editor.is_blank() && editor.waits_ms() > 0.0);
        jobs.into_iter().for_each(|it| editor.handle(done(it)));
        assert!(!editor.is_behind() && !editor.is_blank() && editor.open_count() > 0);
    }

    #[test]
    fn what_comes_late_of_another_document_is_dropped() {
        let mut editor = opened(slow_ms);
        let jobs = asked(&mut editor);
        editor.handle(Event::Opened {
            name: "lone.parapet.txt".to_owned(),
            path: None,
            bytes: b"lone: user".to_vec(),
        });
        jobs.into_iter().for_each(|it| editor.handle(done(it)));
        assert!(editor.is_blank() && editor.report().findings.is_empty());
    }

    #[test]
    fn what_fails_is_said_once_and_tried_again_only_with_the_next_change() {
        let mut editor = opened(slow_ms);
        let before = editor.model().clone();
        let fail = |generation: u64| Event::DeriveFailed { generation, reason: "no such\nnode".to_owned() };
        let (generation, _) = asked(&mut editor).remove(0);
        editor.handle(fail(generation));
        let notice = editor.notice().unwrap().clone();
        assert_eq!((notice.tone, &notice.offers[..]), (Tone::Error, &["file.save"][..]));
        assert!(notice.text.contains("failed: no such node. The drawing is safe"), "{}", notice.text);
        assert!(editor.has_failed() && editor.is_behind() && asked(&mut editor).is_empty());
        assert_eq!((editor.model(), editor.waits_ms()), (&before, 0.0));
        assert!(editor.summary().ends_with("Its analysis failed."), "{}", editor.summary());
        // A report would be one of nothing.
        editor.export(formats::find("markdown").unwrap());
        assert!(editor.notice().unwrap().text.contains("was not exported"));
        // Said once; to move things is no reason to try again, to change something is one.
        editor.dismiss_notice();
        editor.handle(fail(generation));
        assert_eq!(editor.notice(), None);
        let card = editor.layout().cards.keys().next().unwrap().clone();
        editor.move_by(&[card].into(), Pos::new(80.0, 0.0), &crate::editor::Membership::Keep);
        assert!(editor.has_failed() && asked(&mut editor).is_empty());
        editor.add_component("user", Pos::ZERO);
        let jobs = asked(&mut editor);
        assert!(!editor.has_failed() && jobs.len() == 1);
        // What failed before is of no interest any more.
        editor.handle(fail(generation));
        assert!(!editor.has_failed());
        jobs.into_iter().for_each(|it| editor.handle(done(it)));
        assert!(!editor.is_behind() && editor.open_count() > 0);
    }

    #[test]
    fn a_sketch_is_opened_with_places_and_saved_as_a_document() {
        let mut editor = Editor::new(Surroundings::fixed());
        let (name, path) = ("shop.parapet.txt".to_owned(), Some("/tmp/shop.parapet.txt".to_owned()));
        editor.handle(Event::Opened { name, path, bytes: b"user -> web: https".to_vec() });
        assert_eq!((editor.model().components().len(), editor.model().places().len()), (2, 2));
        editor.save();
        let effects = editor.take_effects();
        let Some(Effect::SaveDialog { name, .. }) = effects.last() else { panic!("{effects:?}") };
        assert_eq!(name, "shop.parapet.ron");
    }
}
