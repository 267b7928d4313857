//! The desktop: files on the disk, the system's dialogs, threads.
#![expect(clippy::disallowed_methods, reason = "one of the two rooms that touch the outside world")]

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, LazyLock};
use std::thread::{self, JoinHandle};
use std::time::{Instant, SystemTime};

use egui::DroppedFileHandle;
use rfd::AsyncFileDialog;

use super::journal::Journals;
use super::{Outbox, disk, icons};
use crate::app::desktop::{APP_ID, panic_message};
use crate::editor::{
    Backup, Derived, Dialog, Effect, Event, Exported, Keep, LayoutTask, Over, Surroundings, Ticket,
};
use crate::formats::{self, Fingerprint, png};
use crate::model::{self, Ids, Model, day};

/// Performs effects on the desktop. Whatever waits for the disk or for the user runs on a thread of its own.
pub(in crate::app) struct Platform {
    outbox: Outbox,
    inbox: Receiver<Event>,
    derivations: Sender<(u64, Arc<Model>)>,
    saves: Saves,
    journals: Journals,
}

/// Saves one after the other, on a thread of their own: of two, the later one must not be written first.
struct Saves {
    outbox: Outbox,
    /// Nothing is the end: a dialog that is open still has a sender, too.
    jobs: Sender<Option<Save>>,
    thread: Option<JoinHandle<()>>,
}

/// A save that is to be done.
struct Save {
    path: PathBuf,
    document: Arc<Model>,
    over: Over,
    backup: Backup,
    ticket: Ticket,
}

impl Saves {
    fn new(outbox: Outbox) -> Self {
        let (jobs, asked) = mpsc::channel::<Option<Save>>();
        let told = outbox.clone();
        let thread = thread::spawn(move || {
            let mut last = None;
            while let Ok(Some(save)) = asked.recv() {
                let ticket = save.ticket;
                // Of one that breaks off, the next save knows nothing.
                let done = panic::catch_unwind(AssertUnwindSafe(|| save.done(last.as_ref())));
                let event =
                    done.unwrap_or_else(|panicked| not_saved(panic_message(panicked.as_ref()), ticket));
                if let Event::Saved { path: Some(path), print: Some(print), ticket, .. } = &event {
                    last = Some(Written { document: ticket.document, path: path.clone(), print: *print });
                }
                told.send(event);
            }
        });
        Self { outbox, jobs, thread: Some(thread) }
    }

    fn save(&self, save: Save) {
        let ticket = save.ticket;
        if self.jobs.send(Some(save)).is_err() {
            self.outbox.send(not_saved(None, ticket));
        }
    }

    /// Waits until everything that was asked for is on the disk.
    fn end(&mut self) {
        drop(self.jobs.send(None));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Tells of a save that broke off by a fault of ours.
fn not_saved(why: Option<String>, ticket: Ticket) -> Event {
    let why = why.unwrap_or_else(|| "nobody is there to do it".to_owned());
    let message = format!("The document was not saved, by a fault of ours: {why}. Try another place.");
    Event::SaveFailed { message, ticket }
}

/// What the last save has written. The next one may have been asked for before it was known.
struct Written {
    document: u64,
    path: String,
    print: Fingerprint,
}

impl Save {
    /// Writes it; `last` is what the save before it has written.
    fn done(self, last: Option<&Written>) -> Event {
        let Self { path, document, over, backup, ticket } = self;
        let path = disk::document_path(&std::path::absolute(&path).unwrap_or(path));
        let bytes = model::write(&document).into_bytes();
        let is_ours = |it: &&Written| it.document == ticket.document && it.path == text(&path);
        let ours =
            last.filter(|it| over != Over::Anything && is_ours(it)).map(|it| Over::Ours(Some(it.print)));
        let written = match (disk::write_document(&path, &bytes, over, backup), ours) {
            // What lies there is of the save before this one.
            (Err(disk::DiskError::OthersThere(_)), Some(ours)) => {
                disk::write_document(&path, &bytes, ours, backup)
            }
            (written, _) => written,
        };
        match written {
            Ok(print) => {
                let (name, path) = (disk::name(&path), Some(text(&path)));
                Event::Saved { name, path, print: Some(print), ticket }
            }
            Err(disk::DiskError::OthersThere(path)) => Event::OthersThere { path: text(&path), ticket },
            Err(error) => Event::SaveFailed { message: error.to_string(), ticket },
        }
    }
}

impl Platform {
    pub(in crate::app) fn new(ctx: &egui::Context) -> Self {
        let (outbox, inbox) = Outbox::new(ctx);
        let (derivations, jobs) = mpsc::channel();
        let results = outbox.clone();
        thread::spawn(move || derive(&jobs, &results, |model| Derived::of(model, now_ms)));
        let saves = Saves::new(outbox.clone());
        let journals =
            Journals::new(eframe::storage_dir(APP_ID).map(|it| it.join("journals")), outbox.clone());
        journals.keep(Keep::Look);
        Self { outbox, inbox, derivations, saves, journals }
    }

    /// Nothing of the open document needs to be kept any more.
    pub(in crate::app) fn drop_journal(&self) {
        self.journals.keep(Keep::Drop);
    }

    /// Waits until everything that was asked for is on the disk.
    pub(in crate::app) fn end(&mut self) {
        self.saves.end();
        self.journals.end();
    }

    /// What happened since the last call.
    pub(in crate::app) fn events(&self) -> Vec<Event> {
        self.inbox.try_iter().collect()
    }

    /// Performs an effect; `frame` is the window that dialogs belong to.
    pub(in crate::app) fn perform(&self, effect: Effect, frame: &eframe::Frame) {
        match effect {
            Effect::OpenDialog => self.ask_and_open(frame),
            Effect::OpenPath(path) => self.beside(move || open(&disk::typed(&path))),
            Effect::PackDialog => self.ask_for_packs(frame),
            Effect::ReadPacks(path) => self.beside(move || read_packs(&disk::typed(&path))),
            Effect::IconDialog => self.ask_for_icons(frame),
            Effect::ReadIcons(path) => {
                let outbox = self.outbox.clone();
                self.beside(move || icons::read(&path, &outbox));
            }
            Effect::SaveDialog { name, document, ticket } => {
                self.ask_and_save(frame, &name, document, ticket);
            }
            Effect::Save { path, document, over, backup, ticket } => {
                let path = disk::typed(&path);
                self.saves.save(Save { path, document, over, backup, ticket });
            }
            Effect::Journal(keep) => self.journals.keep(keep),
            Effect::Export { name, what, remark } => self.ask_and_export(frame, name, what, remark),
            Effect::ExportTo { path, what, remark } => {
                self.beside(move || export(&disk::typed(&path), what, remark));
            }
            Effect::Derive { generation, model } => drop(self.derivations.send((generation, model))),
            Effect::LayOut { generation, task } => self.beside(move || lay_out(generation, &task)),
            Effect::Discard(it) => drop(thread::spawn(move || drop(it))),
            // The window's own; and a thread looks by itself whether it is to give up.
            Effect::Copy(_) | Effect::Paste | Effect::Quit | Effect::GiveUpLayout => {}
        }
    }

    /// Reads a file that was dropped on the window.
    pub(in crate::app) fn open_dropped(&self, file: &DroppedFileHandle) {
        let file = Arc::clone(file);
        let outbox = self.outbox.clone();
        self.beside(move || match file.path() {
            folder if folder.is_dir() => icons::read(&text(folder), &outbox),
            path => open(path),
        });
    }

    /// Reads SVGs that were dropped on the window together.
    pub(in crate::app) fn read_dropped_icons(&self, files: &[DroppedFileHandle]) {
        let files: Vec<DroppedFileHandle> = files.iter().map(Arc::clone).collect();
        self.beside(move || icons::of_files(files.iter().map(|it| it.path().to_owned())));
    }

    fn ask_for_icons(&self, frame: &eframe::Frame) {
        let chosen = dialog(frame).set_title("Add a folder of icons").pick_folder();
        let outbox = self.outbox.clone();
        self.beside(move || match pollster::block_on(chosen) {
            Some(folder) => icons::read(&text(folder.path()), &outbox),
            None => Event::DialogEmpty(Dialog::Icons),
        });
    }

    fn ask_and_open(&self, frame: &eframe::Frame) {
        let chosen = dialog(frame).set_title("Open").add_filter("Architectures", &["ron", "txt"]).pick_file();
        self.beside(move || match pollster::block_on(chosen) {
            Some(file) => open(file.path()),
            None => Event::DialogEmpty(Dialog::Open),
        });
    }

    fn ask_for_packs(&self, frame: &eframe::Frame) {
        let asked = dialog(frame).set_title("Add rule packs").add_filter("Rule packs", &["ron", "tb7"]);
        let chosen = asked.pick_files();
        self.beside(move || match pollster::block_on(chosen) {
            Some(files) => packs(files.iter().map(|it| it.path().to_owned())),
            None => Event::DialogEmpty(Dialog::Packs),
        });
    }

    fn ask_and_save(&self, frame: &eframe::Frame, name: &str, document: Arc<Model>, ticket: Ticket) {
        let asked = dialog(frame).set_title("Save").add_filter("Architectures", &["ron"]);
        let chosen = asked.set_file_name(name).save_file();
        let (outbox, saves) = (self.outbox.clone(), self.saves.jobs.clone());
        thread::spawn(move || match pollster::block_on(chosen) {
            Some(file) => {
                // The dialog has asked whether to write over what is there, of the name that it was given.
                let (path, backup) = (file.path().to_owned(), Backup::Renew);
                let is_as_asked = disk::document_path(&path) == path;
                let over = if is_as_asked { Over::Anything } else { Over::Ours(None) };
                drop(saves.send(Some(Save { path, document, over, backup, ticket })));
            }
            None => outbox.send(Event::DialogEmpty(Dialog::Save)),
        });
    }

    fn ask_and_export(&self, frame: &eframe::Frame, name: String, what: Exported, remark: &'static str) {
        let chosen = dialog(frame).set_title("Export").set_file_name(&name).save_file();
        self.beside(move || match pollster::block_on(chosen) {
            Some(file) => export(file.path(), what, remark),
            None => Event::NotExported { name, what, remark },
        });
    }

    fn beside(&self, work: impl FnOnce() -> Event + Send + 'static) {
        let outbox = self.outbox.clone();
        thread::spawn(move || outbox.send(work()));
    }
}

/// Shows the title on the window's bar.
pub(in crate::app) fn show_title(ctx: &egui::Context, title: &str) {
    ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.to_owned()));
}

/// Reads a file before there is a window.
pub(in crate::app) fn open(path: &Path) -> Event {
    // Recent files must lead back here from any folder.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match disk::read(&path) {
        Ok(bytes) => Event::Opened { name: disk::name(&path), path: Some(text(&path)), bytes },
        Err(error) => Event::OpenFailed { message: error.to_string() },
    }
}

/// Reads the file of rules at a path, or all that stand in a folder.
fn read_packs(path: &Path) -> Event {
    if !path.is_dir() {
        return packs([path.to_owned()]);
    }
    match disk::files_in(path, formats::is_pack) {
        Ok(files) if files.is_empty() => {
            let message = format!("{} holds no rule pack, *.parapet-rules.ron or *.tb7.", path.display());
            Event::PacksFailed { messages: vec![message], read: Vec::new() }
        }
        Ok(files) => packs(files),
        Err(error) => Event::PacksFailed { messages: vec![error.to_string()], read: Vec::new() },
    }
}

fn packs(paths: impl IntoIterator<Item = PathBuf>) -> Event {
    let (mut read, mut messages) = (Vec::new(), Vec::new());
    for path in paths {
        match disk::read(&path) {
            Ok(bytes) => read.push((disk::name(&path), bytes)),
            Err(error) => messages.push(error.to_string()),
        }
    }
    if messages.is_empty() { Event::PacksRead(read) } else { Event::PacksFailed { messages, read } }
}

fn export(path: &Path, what: Exported, remark: &'static str) -> Event {
    let bytes = match what {
        Exported::Bytes(bytes) => Ok(bytes),
        Exported::Png { svg, scale } => png::export(&svg, scale).map_err(|it| it.to_string()),
    };
    let written = bytes.and_then(|it| disk::write(path, &it).map_err(|it| it.to_string()));
    match written {
        Ok(()) => Event::Exported { name: disk::name(path), remark },
        Err(message) => Event::ExportFailed { message },
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A dialog of the system's that belongs to our window. It comes back empty if there is none.
fn dialog(frame: &eframe::Frame) -> AsyncFileDialog {
    AsyncFileDialog::new().set_parent(frame)
}

/// Works on one model after the other, the newest of those that wait; ends with the window. A panic is one model's: it is
/// told, as somebody waits for a result, and the next model gets its turn.
fn derive(jobs: &Receiver<(u64, Arc<Model>)>, results: &Outbox, work: impl Fn(Arc<Model>) -> Derived) {
    while let Ok(first) = jobs.recv() {
        let (generation, model) = jobs.try_iter().last().unwrap_or(first);
        // Nothing of what it leaves half done is used again: the model is not written to, the rest is dropped.
        let done = panic::catch_unwind(AssertUnwindSafe(|| Box::new(work(model))));
        results.send(match done {
            Ok(derived) => Event::Derived { generation, derived },
            Err(panicked) => {
                let reason = panic_message(panicked.as_ref());
                let reason = reason.unwrap_or_else(|| "it did not say why".to_owned());
                Event::DeriveFailed { generation, reason }
            }
        });
    }
}

/// Makes a layout; a panic is told, as somebody waits for it.
fn lay_out(generation: u64, task: &LayoutTask) -> Event {
    match panic::catch_unwind(AssertUnwindSafe(|| task.run())) {
        Ok(places) => Event::LaidOut { generation, places },
        Err(panicked) => {
            let reason = panic_message(panicked.as_ref());
            Event::LayoutFailed {
                generation,
                reason: reason.unwrap_or_else(|| "it did not say why".to_owned()),
            }
        }
    }
}

/// Chance and time of this system.
pub(in crate::app) fn surroundings() -> Surroundings {
    Surroundings { ids: Ids::seeded(RandomState::new().build_hasher().finish()), now_ms, today }
}

fn now_ms() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1e3
}

fn today() -> String {
    day(SystemTime::UNIX_EPOCH.elapsed().map_or(0, |it| it.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::text;

    #[test]
    fn saves_go_one_after_the_other_and_what_others_wrote_stays() {
        let folder = disk::tests::Folder::new("saves");
        let (outbox, inbox) = Outbox::new(&egui::Context::default());
        let mut saves = Saves::new(outbox);
        let path = folder.0.join("shop.parapet.ron");
        let save = |n: u64, over: Over| Save {
            path: path.clone(),
            document: Arc::new(text::read(&format!("user-{n}: user")).unwrap()),
            over,
            backup: Backup::Renew,
            ticket: Ticket { document: 1, state: n, steps: n, is_automatic: false },
        };
        (0..20).for_each(|n| saves.save(save(n, Over::Anything)));
        saves.end();
        let states: Vec<u64> = inbox
            .try_iter()
            .map(|it| match it {
                Event::Saved { ticket, .. } => ticket.state,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(states, (0..20).collect::<Vec<_>>());
        let last = disk::read(&path).unwrap();
        assert_eq!(model::read(&last).unwrap(), text::read("user-19: user").unwrap());
        // Somebody else was there.
        let Event::OthersThere { path: told, ticket } = save(20, Over::Ours(None)).done(None) else {
            panic!("it was written over")
        };
        assert_eq!((told, ticket.state), (path.to_string_lossy().into_owned(), 20));
        let nowhere = Save { path: folder.0.join("no/such/a.parapet.ron"), ..save(21, Over::Ours(None)) };
        let Event::SaveFailed { message, .. } = nowhere.done(None) else { panic!("it was saved nowhere") };
        assert!(message.contains("check the path"), "{message}");
    }

    #[test]
    fn two_saves_that_were_asked_for_at_once_are_both_ours() {
        let folder = disk::tests::Folder::new("both");
        let (outbox, inbox) = Outbox::new(&egui::Context::default());
        let mut saves = Saves::new(outbox);
        let path = folder.0.join("shop.parapet.ron");
        disk::write(&path, b"as it was opened").unwrap();
        let known = Over::Ours(Some(Fingerprint::of(b"as it was opened")));
        let save = |document: u64, n: u64| Save {
            path: path.clone(),
            document: Arc::new(text::read(&format!("user-{n}: user")).unwrap()),
            over: known,
            backup: Backup::Renew,
            ticket: Ticket { document, state: n, steps: n, is_automatic: false },
        };
        saves.save(save(1, 1));
        saves.save(save(1, 2));
        // Another document knows nothing of them.
        saves.save(save(2, 3));
        saves.end();
        let done: Vec<Event> = inbox.try_iter().collect();
        assert!(
            matches!(&done[..], [Event::Saved { .. }, Event::Saved { .. }, Event::OthersThere { .. }]),
            "{done:?}"
        );
    }

    #[test]
    fn a_model_that_panics_is_told_and_the_next_one_derived() {
        let (outbox, inbox) = Outbox::new(&egui::Context::default());
        let (derivations, jobs) = mpsc::channel();
        let thread = thread::spawn(move || {
            derive(&jobs, &outbox, |model| {
                assert!(!model.components().is_empty(), "nothing is drawn");
                Derived::of(model, now_ms)
            });
        });
        let send = |generation: u64, model: Model| derivations.send((generation, Arc::new(model))).unwrap();
        send(1, Model::new());
        let Ok(Event::DeriveFailed { generation: 1, reason }) = inbox.recv() else { panic!("no failure") };
        assert_eq!(reason, "nothing is drawn");
        send(2, text::read("user -> web: https").unwrap());
        let Ok(Event::Derived { generation: 2, .. }) = inbox.recv() else { panic!("no result") };
        drop(derivations);
        thread.join().unwrap();
        assert!(inbox.try_recv().is_err(), "each is told once");
    }
}
