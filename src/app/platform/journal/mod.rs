//! Journals on the desktop: a file for each running window, which no crash takes along.
//!
//! They stand in the folder `journals` of the user's data. Who writes one holds a lock on it, which the system drops when
//! the process ends, however it does: a journal that is not locked is of a window that is gone. A thread does all of it,
//! in the order in which it is asked, and has each batch of steps on the disk before it waits for more. What cannot be
//! written waits in memory, and is tried again.
#![expect(clippy::disallowed_methods, reason = "one of the two rooms that touch the outside world")]

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use super::{Outbox, disk};
use crate::editor::{Event, Keep, Lost};
use crate::formats::journal::{self, Head, Line, MAX_JOURNAL_BYTES};
use crate::model::Model;

/// The ending of a journal, of one that is being begun, and of a copy of one that did not read to its end.
const ENDING: &str = "parapet-journal";
const NEW_ENDING: &str = "new";
const DAMAGED_ENDING: &str = "damaged";

/// How soon what could not be written is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// How old a journal is that was begun and never became one, before it is swept away.
const SWEPT_AFTER: Duration = Duration::from_hours(1);

/// The thread that keeps journals.
pub(super) struct Journals {
    orders: Option<Sender<Keep>>,
    thread: Option<JoinHandle<()>>,
    outbox: Outbox,
}

impl Journals {
    /// Keeps journals in a folder; without one, it says so as soon as there is something to keep.
    pub(super) fn new(folder: Option<PathBuf>, outbox: Outbox) -> Self {
        let (orders, asked) = mpsc::channel();
        let told = outbox.clone();
        let thread = thread::spawn(move || Keeper::new(folder, told).run(&asked));
        Self { orders: Some(orders), thread: Some(thread), outbox }
    }

    pub(super) fn keep(&self, keep: Keep) {
        // It listens until the end, unless it has failed.
        if self.orders.as_ref().is_some_and(|it| it.send(keep).is_err()) {
            let message =
                "What you change is not kept against a crash any more: that is a fault of ours. Save it.";
            self.outbox.send(Event::KeepFailed { message: message.to_owned() });
        }
    }

    /// Waits until everything is done.
    pub(super) fn end(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The journal that goes on.
struct Current {
    path: PathBuf,
    /// Locked for as long as it is open.
    file: File,
    /// How much of it is sound.
    length: u64,
    /// Something stands behind that, which goes before more is written.
    has_rest: bool,
}

/// What is to be written.
enum Write {
    Begin { head: Head, base: Arc<Model> },
    Line(Line),
}

/// A journal, and what is to go into it.
#[derive(Default)]
struct Kept {
    current: Option<Current>,
    /// What is not on the disk yet, in order.
    waiting: VecDeque<Write>,
}

struct Keeper {
    folder: Option<PathBuf>,
    outbox: Outbox,
    /// Of the document that is open.
    kept: Kept,
    /// Of those that were put aside before all of it could be written.
    aside: Vec<Kept>,
    /// One that was read to be restored, which nobody else may take meanwhile.
    restored: Option<(String, File)>,
    /// It was said that nothing can be kept.
    has_said: bool,
}

impl Keeper {
    fn new(folder: Option<PathBuf>, outbox: Outbox) -> Self {
        Self { folder, outbox, kept: Kept::default(), aside: Vec::new(), restored: None, has_said: false }
    }

    fn run(&mut self, asked: &Receiver<Keep>) {
        loop {
            let first = if self.kept.waiting.is_empty() && self.aside.is_empty() {
                asked.recv().map_err(RecvTimeoutError::from)
            } else {
                asked.recv_timeout(AGAIN)
            };
            match first {
                Ok(keep) => std::iter::once(keep).chain(asked.try_iter()).for_each(|it| self.take(it)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.write();
        }
    }

    fn take(&mut self, keep: Keep) {
        match keep {
            Keep::Begin { head, base } => {
                // All that waits is in the new one.
                self.kept.waiting.clear();
                self.kept.waiting.push_back(Write::Begin { head, base });
            }
            Keep::Line(line) => self.kept.waiting.push_back(Write::Line(line)),
            Keep::Drop => {
                if let Some(current) = std::mem::take(&mut self.kept).current {
                    remove(&current.path);
                }
            }
            Keep::PutAside => {
                self.aside.push(std::mem::take(&mut self.kept));
                self.write();
                self.look();
            }
            Keep::Look => {
                // Who is answered may rely on it that what was asked before is done.
                self.write();
                self.look();
            }
            Keep::Restore(id) => self.restore(id),
            Keep::Adopt { id, whole, has_fault } => self.adopt(&id, whole, has_fault),
            Keep::Discard(id) => {
                if let Err(why) = self.free(&id).map(|(path, _)| remove(&path)) {
                    let message = format!("The unsaved work was not thrown away: {why}.");
                    self.outbox.send(Event::RestoreFailed { message });
                }
            }
        }
    }

    /// Writes what waits, as far as that is possible.
    fn write(&mut self) {
        if let Err(error) = self.try_write() {
            if !self.has_said {
                let why = disk::reason(&error);
                let message = format!(
                    "What you change is not kept against a crash: {why}. It is tried again meanwhile."
                );
                self.outbox.send(Event::KeepFailed { message });
            }
            self.has_said = true;
        } else {
            self.has_said = false;
        }
    }

    fn try_write(&mut self) -> io::Result<()> {
        let folder = self.folder.as_deref();
        // What was put aside first: nobody looks after it any more.
        let mut aside = Ok(());
        self.aside.retain_mut(|it| {
            let written = it.write(folder);
            let waits = written.is_err();
            aside = std::mem::replace(&mut aside, Ok(())).and(written);
            waits
        });
        // Whatever becomes of them, the document that is open is kept.
        self.kept.write(folder).and(aside)
    }

    /// Tells of all journals that nobody holds and that something would be lost without; sweeps the others away.
    fn look(&self) {
        let mut found = Vec::new();
        for entry in self.folder.iter().filter_map(|it| fs::read_dir(it).ok()).flatten().flatten() {
            let path = entry.path();
            let age = entry.metadata().and_then(|it| it.modified()).ok().and_then(|it| it.elapsed().ok());
            let age = age.unwrap_or_default();
            if path.extension().is_some_and(|it| it == NEW_ENDING) && age > SWEPT_AFTER {
                drop(fs::remove_file(&path));
            }
            let Some(id) = id(&path) else { continue };
            if self.is_ours(&path, &id) {
                continue;
            }
            let Ok((file, is_sure)) = lock(&path) else { continue };
            let read = read(&file);
            let lost = match read {
                Ok(bytes) => Lost::of(id, age.as_secs(), &bytes),
                Err(error) => Some(Lost::unreadable(id, age.as_secs(), disk::reason(&error))),
            };
            match lost {
                Some(lost) => found.push(lost),
                // Where there are no locks, it may be one that is just being begun.
                None if is_sure => remove(&path),
                None => {}
            }
        }
        self.outbox.send(Event::Lost(found));
    }

    /// Whether a journal is one that we write, or that is about to be gone on with.
    fn is_ours(&self, path: &Path, id: &str) -> bool {
        let mut kept = self.aside.iter().chain([&self.kept]).filter_map(|it| it.current.as_ref());
        kept.any(|it| it.path == path) || self.restored.as_ref().is_some_and(|it| it.0 == id)
    }

    /// A journal that nobody holds, held by us; or why it cannot be had.
    fn free(&self, id: &str) -> Result<(PathBuf, File), String> {
        let folder = self.folder.as_ref().ok_or("this user has no folder for data")?;
        let path = folder.join(format!("{id}.{ENDING}"));
        match lock(&path) {
            Ok((file, _)) => Ok((path, file)),
            Err(TryLockError::WouldBlock) => Err("another window has it open".to_owned()),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::NotFound => {
                Err("it is gone; another window has restored it or thrown it away".to_owned())
            }
            Err(TryLockError::Error(error)) => Err(disk::reason(&error)),
        }
    }

    fn restore(&mut self, id: String) {
        // Whoever wanted another one before does so no more.
        self.restored = None;
        let had = self.free(&id).and_then(|(_, file)| {
            let bytes = read(&file).map_err(|it| disk::reason(&it))?;
            Ok((file, bytes))
        });
        self.outbox.send(match had {
            Ok((file, bytes)) => {
                self.restored = Some((id.clone(), file));
                Event::Restored { id, bytes }
            }
            Err(why) => {
                Event::RestoreFailed { message: format!("The unsaved work was not restored: {why}.") }
            }
        });
    }

    /// Goes on with the journal that was restored: it is never anything less than it was.
    fn adopt(&mut self, id: &str, whole: usize, has_fault: bool) {
        let Some((_, file)) = self.restored.take_if(|it| it.0 == id) else { return };
        let Some(folder) = &self.folder else { return };
        let path = folder.join(format!("{id}.{ENDING}"));
        let copied = || read(&file).and_then(|it| fs::write(path.with_extension(DAMAGED_ENDING), it));
        if has_fault && copied().is_err() {
            // It stays as it is and where it is, and the next step has nothing to go on with: it says so.
            return;
        }
        // What is torn off behind it is cut with the first step.
        self.kept.current = Some(Current { path, file, length: whole as u64, has_rest: true });
    }
}

impl Kept {
    /// Writes what waits, as far as that is possible.
    fn write(&mut self, folder: Option<&Path>) -> io::Result<()> {
        while let Some(next) = self.waiting.front() {
            if let Write::Begin { head, base } = next {
                let new = Current::begin(folder, head, base)?;
                if let Some(old) = self.current.replace(new) {
                    remove(&old.path);
                }
                self.waiting.pop_front();
                continue;
            }
            let lines = self.waiting.iter().map_while(|it| match it {
                Write::Line(line) => Some(journal::line(line)),
                Write::Begin { .. } => None,
            });
            let lines: Vec<String> = lines.collect();
            let none = || io::Error::other("the journal that was restored cannot be gone on with");
            self.current.as_mut().ok_or_else(none)?.append(lines.concat().as_bytes())?;
            self.waiting.drain(..lines.len());
        }
        Ok(())
    }
}

impl Current {
    /// A new journal: it has its name when all that it begins with is on the disk and it is locked, so that nobody takes
    /// it for one that was left behind.
    fn begin(folder: Option<&Path>, head: &Head, base: &Model) -> io::Result<Self> {
        let folder = folder.ok_or_else(|| io::Error::other("this user has no folder for data"))?;
        fs::create_dir_all(folder)?;
        let nanos = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |it| it.as_nanos());
        let path = folder.join(format!("{nanos:x}-{}.{ENDING}", std::process::id()));
        let temporary = path.with_extension(NEW_ENDING);
        let begun = begin_at(&temporary, journal::begin(head, base).as_bytes())
            .and_then(|it| fs::rename(&temporary, &path).map(|()| it));
        if begun.is_err() {
            drop(fs::remove_file(&temporary));
        }
        let (file, length) = begun?;
        disk::sync_folder(&path);
        Ok(Self { path, file, length, has_rest: false })
    }

    /// Appends, down to the disk; what was written by half the last time goes first.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.has_rest {
            self.file.set_len(self.length)?;
        }
        self.has_rest = true;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(bytes)?;
        self.file.sync_data()?;
        self.length += bytes.len() as u64;
        self.has_rest = false;
        Ok(())
    }
}

/// Writes the beginning of a journal to a new file, which is locked, down to the disk.
fn begin_at(path: &Path, bytes: &[u8]) -> io::Result<(File, u64)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    // What is drawn may be nobody else's business.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
        // Some network disks know no locks. A journal that others may take for a lost one is better than none.
        Ok(()) | Err(TryLockError::Error(_)) => {}
    }
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok((file, bytes.len() as u64))
}

/// Opens a journal, if nobody holds it, and says whether that is sure: some disks know no locks.
fn lock(path: &Path) -> Result<(File, bool), TryLockError> {
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(TryLockError::Error)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        Ok(()) => Ok((file, true)),
        Err(TryLockError::Error(_)) => Ok((file, false)),
    }
}

/// All of a journal.
fn read(mut file: &File) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.take(MAX_JOURNAL_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Takes a journal away of which nothing is needed any more. One that stays is found again, and offered.
fn remove(path: &Path) {
    drop(fs::remove_file(path));
}

/// What a journal is called; none for other files.
fn id(path: &Path) -> Option<String> {
    let is_journal = path.extension().is_some_and(|it| it == ENDING);
    path.file_stem().filter(|_| is_journal).and_then(|it| it.to_str()).map(str::to_owned)
}
