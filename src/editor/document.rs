//! The open document: where it came from, what of it is saved, what was open before.

use crate::formats::Fingerprint;

/// Where the document lives and whether it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The file's name, or a sample's; empty for a new document.
    pub name: String,
    /// Where to save it, on the desktop.
    pub path: Option<String>,
    /// What lay there when it was read or written last.
    pub print: Option<Fingerprint>,
    /// It was saved by itself since it was opened or saved by hand: the backup is of the version before that.
    pub(super) is_autosaved: bool,
    /// Which document it is of those that were open here, one after another.
    pub(super) number: u64,
    /// Grows with every change.
    pub revision: u64,
    /// The state in history that it is in, and the one that was saved last: undo and redo may lead back to that.
    pub state: u64,
    pub saved: u64,
    /// Paths opened or saved before, the newest first.
    pub recent: Vec<String>,
}

/// How many recent files are kept.
pub const MAX_RECENT: usize = 10;

impl Document {
    /// Which document it is of those that were open here, one after another.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn is_saved(&self) -> bool {
        self.state == self.saved
    }

    /// Puts a path at the head of the recent ones.
    pub(super) fn remember(&mut self, path: &str) {
        self.recent.retain(|it| it != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(MAX_RECENT);
    }
}
