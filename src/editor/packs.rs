//! Rule packs of the document: adding, replacing, removing.

use std::collections::BTreeMap;

use super::{Editor, Effect, Modal, Tone};
use crate::formats;
use crate::model::{Id, Pack, counted, ended};

/// A file of rules as the platform read it: its name and its bytes.
pub type PackFile = (String, Vec<u8>);

/// The sample pack of `assets/packs/`.
const SAMPLE: (&str, &str) =
    ("house.parapet-rules.ron", include_str!("../../assets/packs/house.parapet-rules.ron"));

/// What is wrong with a file of rules.
struct Fault {
    /// Its name; empty where the words name it.
    file: String,
    what: String,
}

/// Reads files of rules, all of them or none.
fn read(files: &[PackFile]) -> Result<Vec<(Id, Pack)>, Vec<Fault>> {
    let name = |n: usize| files.get(n).map(|it| formats::one_line(&it.0)).unwrap_or_default();
    let fault = |it: formats::PackFault| Fault {
        file: name(it.file),
        what: formats::one_line(&it.error.to_string()),
    };
    formats::packs(files, name).map_err(|faults| faults.into_iter().map(fault).collect())
}

impl Editor {
    /// Asks for files of rules with the platform's dialog.
    pub fn add_packs_dialog(&mut self) {
        self.ask(Effect::PackDialog);
    }

    /// Adds the pack of a file at a path, or all of a folder.
    pub fn add_packs_at(&mut self, path: &str) {
        self.shown.modal = None;
        self.ask(Effect::ReadPacks(path.to_owned()));
    }

    /// Adds the sample pack.
    pub fn add_sample_pack(&mut self) {
        self.add_packs(&[(SAMPLE.0.to_owned(), SAMPLE.1.as_bytes().to_vec())]);
    }

    /// Takes packs into the document, as one step: all of them, or none if one cannot be read. One of an id that is there
    /// takes its place.
    pub fn add_packs(&mut self, files: &[PackFile]) {
        let packs: BTreeMap<Id, Pack> = match read(files) {
            Ok(packs) => packs.into_iter().collect(),
            Err(faults) => return self.refuse_packs(faults),
        };
        if packs.is_empty() {
            return;
        }
        let rules: usize = packs.values().map(|it| it.rules.len()).sum();
        let ids: Vec<Id> = packs.keys().cloned().collect();
        let is_new = packs.keys().any(|it| !self.model().packs().contains_key(it));
        let revision = self.document.revision;
        self.change("Add rule packs", |draft, _| packs.into_iter().for_each(|(id, it)| draft.put(id, it)));
        let titles = ids.iter().map(|it| self.model().pack_title(it)).collect::<Vec<_>>().join(", ");
        if self.document.revision == revision {
            self.say(Tone::Info, format!("Nothing new in {titles}: there already, and the same."), &[]);
            return;
        }
        let done = if is_new { "Added" } else { "Replaced" };
        let text = format!("{done} {titles}: {}.", counted(rules, "rule"));
        self.say(Tone::Done, text, &["edit.undo", "edit.rule-packs"]);
    }

    /// Tells what is wrong with files of rules of which some could not even be read.
    pub(super) fn packs_failed(&mut self, messages: Vec<String>, files: &[PackFile]) {
        let faults = read(files).err().unwrap_or_default();
        if let ([message], []) = (&messages[..], &faults[..]) {
            self.say(Tone::Error, message.clone(), &["edit.add-rule-pack-path"]);
            return;
        }
        let unread = messages.into_iter().map(|it| Fault { file: String::new(), what: it });
        self.refuse_packs(unread.chain(faults).collect());
    }

    /// Of one fault the bar at the bottom tells; several have a window, where all of them are seen.
    fn refuse_packs(&mut self, faults: Vec<Fault>) {
        if let [Fault { file, what }] = &faults[..] {
            let why = ended(&format!("{file} was not added: {what}"));
            let text = format!("{why} The document is untouched.");
            self.say(Tone::Error, text, &["edit.add-rule-pack"]);
            return;
        }
        let count = counted(faults.len(), "fault");
        let text = format!("No rule pack was added: {count}. The document is untouched.");
        self.say(Tone::Error, text, &["edit.add-rule-pack"]);
        let told = |it: Fault| if it.file.is_empty() { it.what } else { format!("{}: {}", it.file, it.what) };
        self.shown.modal = Some(Modal::PackFaults(faults.into_iter().map(told).collect()));
    }

    /// Takes a pack out of the document. Verdicts on its findings stay, as those on any finding that is gone.
    pub fn remove_pack(&mut self, id: &Id) {
        self.change("Remove a rule pack", |draft, _| draft.remove::<Pack>(id));
    }

    /// How many findings each pack gives now, and how many questions it words.
    pub fn pack_counts(&self) -> BTreeMap<&str, (usize, usize)> {
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let report = self.report();
        for (pack, _) in report.findings.iter().filter_map(|it| it.rule.in_pack()) {
            counts.entry(pack).or_default().0 += 1;
        }
        for (pack, _) in report.questions.iter().filter_map(|it| it.rule.in_pack()) {
            counts.entry(pack).or_default().1 += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Dialog, Event, Surroundings};

    fn editor() -> Editor {
        let model = formats::text::read("ops: admin; web: web-server; ops -> web: ssh [admin]").unwrap();
        Editor::with(model, Surroundings::fixed())
    }

    fn file(name: &str, text: &str) -> PackFile {
        (name.to_owned(), text.as_bytes().to_vec())
    }

    #[test]
    fn a_pack_is_added_as_one_step_and_undone() {
        let mut editor = editor();
        assert!(editor.run("edit.add-rule-pack"));
        assert!(matches!(editor.take_effects()[..], [Effect::PackDialog]));
        editor.handle(Event::PacksRead(vec![file(SAMPLE.0, SAMPLE.1)]));
        assert_eq!(editor.notice().unwrap().text, "Added House rules (sample): 8 rules.");
        assert!(editor.report().finding("house/admin-past-the-bastion:ops-web").is_some());
        assert_eq!(editor.pack_counts().get("house").map(|it| it.0), Some(1));
        editor.handle(Event::PacksRead(vec![file(SAMPLE.0, SAMPLE.1)]));
        assert!(editor.notice().unwrap().text.contains("there already"));
        editor.undo();
        assert_eq!((editor.model().packs().len(), editor.pack_counts().len()), (0, 0));
        editor.redo();
        editor.remove_pack(&Id::slug("house"));
        assert_eq!(editor.model().packs().len(), 0);
    }

    #[test]
    fn a_dropped_pack_is_added_and_a_bad_one_takes_nothing() {
        let mut editor = editor();
        let opened = |name: &str, text: &str| Event::Opened {
            name: name.to_owned(),
            path: None,
            bytes: text.as_bytes().to_vec(),
        };
        editor.handle(opened(SAMPLE.0, SAMPLE.1));
        assert_eq!((editor.model().packs().len(), editor.model().components().len()), (1, 2));
        let bad = SAMPLE.1.replace("kind(\"subnet-tier\"), component", "kind(\"subnet-teir\"), component");
        let both = vec![file("a.tb7", "<no/>"), file("b.parapet-rules.ron", &bad)];
        editor.handle(Event::PacksRead(both.clone()));
        let text = "No rule pack was added: 2 faults. The document is untouched.";
        assert_eq!(editor.notice().unwrap().text, text);
        let Some(Modal::PackFaults(faults)) = editor.shown.modal.take() else { panic!("nothing is told") };
        assert!(faults[0].starts_with("a.tb7: this is XML, and no template"), "{faults:?}");
        assert!(faults[1].starts_with("b.parapet-rules.ron: line "), "{faults:?}");
        // What could not even be read is told beside them.
        let messages = vec!["c.tb7 was not opened: it is a folder.".to_owned()];
        editor.handle(Event::PacksFailed { messages: messages.clone(), read: both });
        let Some(Modal::PackFaults(faults)) = editor.shown.modal.take() else { panic!("nothing is told") };
        assert_eq!((faults.len(), &faults[0]), (3, &messages[0]));
        let read = vec![file(SAMPLE.0, SAMPLE.1)];
        editor.handle(Event::PacksFailed { messages: messages.clone(), read });
        assert_eq!((&editor.notice().unwrap().text, &editor.shown.modal), (&messages[0], &None));
        editor.handle(Event::PacksRead(vec![file("a.tb7", "<no/>")]));
        let text = &editor.notice().unwrap().text;
        assert!(text.starts_with("a.tb7 was not added: this is XML, and no template"), "{text}");
        editor.handle(Event::PacksRead(vec![file("b.parapet-rules.ron", &bad)]));
        let text = &editor.notice().unwrap().text;
        assert!(text.contains("line "), "{text}");
        assert!(text.ends_with("did you mean `subnet-tier`? The document is untouched."), "{text}");
        editor
            .handle(Event::PacksRead(vec![file("a.parapet-rules.ron", SAMPLE.1), file(SAMPLE.0, SAMPLE.1)]));
        assert!(editor.notice().unwrap().text.contains("its id `house` is that of a.parapet-rules.ron too"));
        assert_eq!(editor.model().packs().len(), 1);
        editor.handle(Event::DialogEmpty(Dialog::Packs));
        assert_eq!(editor.notice().unwrap().offers, ["edit.add-rule-pack-path"]);
    }
}
