//! What the editor asks of the platform, and what comes back.

use std::sync::Arc;

use super::{Checkpoint, Derived, IconPack, Keep, LayoutTask, Lost, PackFile};
use crate::formats::Fingerprint;
use crate::model::Model;
use crate::scene::Places;

/// Something that only the platform can do. The editor puts it out; [`super::Editor::handle`] takes what it brings.
#[derive(Debug, Clone)]
pub enum Effect {
    /// Ask for a file with the platform's dialog.
    OpenDialog,
    /// Read the file at a path that the user typed or chose among the recent ones.
    OpenPath(String),
    /// Ask for files of rules with the platform's dialog.
    PackDialog,
    /// Read the file of rules at a path that the user typed, or all that stand in a folder.
    ReadPacks(String),
    /// Ask for a folder of icons with the platform's dialog; in a browser, for SVGs.
    IconDialog,
    /// Read the icons of a folder at a path.
    ReadIcons(String),
    /// Ask where to save with the platform's dialog, then write; `name` is proposed.
    SaveDialog { name: String, document: Arc<Model>, ticket: Ticket },
    /// Write the document to a path, keeping a version that was there. Saves that follow one another are done in that order.
    Save { path: String, document: Arc<Model>, over: Over, backup: Backup, ticket: Ticket },
    /// Hand out a file that is not the document: a report, a picture. `remark` is to be said once it is done, and may be
    /// empty.
    Export { name: String, what: Exported, remark: &'static str },
    /// The same at a path that the user typed.
    ExportTo { path: String, what: Exported, remark: &'static str },
    /// Put a text on the clipboard.
    Copy(String),
    /// Read what is on the clipboard: it comes as [`Event::Pasted`].
    Paste,
    /// Derive facts and findings of this model beside the frames, and hand them back with this generation.
    Derive { generation: u64, model: Arc<Model> },
    /// Make a layout beside the frames, and hand it back with this generation.
    LayOut { generation: u64, task: LayoutTask },
    /// Nobody waits any more for the layout that is being made.
    GiveUpLayout,
    /// Let go beside the frames of what nobody needs any more: with a large drawing, that takes half a frame.
    Discard(Unneeded),
    /// Keep what could be lost, or bring back what was.
    Journal(Keep),
    /// Close the window; unsaved changes were asked about.
    Quit,
}

/// What nobody needs any more.
#[derive(Debug, Clone)]
pub enum Unneeded {
    Derived(Box<Derived>),
    Checkpoint(Box<Checkpoint>),
}

/// Which state of which document a save is of, so that what comes late of one is not taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    pub document: u64,
    pub state: u64,
    /// How many steps there were since it was opened.
    pub steps: u64,
    /// Nobody asked for it.
    pub is_automatic: bool,
}

/// What a save may write over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// A file with just this in it, which we read or wrote; without one, no file at all.
    Ours(Option<Fingerprint>),
    /// Whatever is there: the user was asked.
    Anything,
}

/// What becomes of the version that was kept at the save before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backup {
    /// It goes; what is written over now is kept in its place.
    Renew,
    /// It stays: it is what the user had before we saved by ourselves.
    Stay,
}

/// What an export holds.
#[derive(Debug, Clone)]
pub enum Exported {
    Bytes(Vec<u8>),
    /// An SVG that the platform turns into a PNG, `scale` pixels a unit.
    Png {
        svg: String,
        scale: f32,
    },
}

/// What an effect brought, or what happened outside.
#[derive(Debug)]
pub enum Event {
    /// A file was read. On the web it has a name and no path.
    Opened {
        name: String,
        path: Option<String>,
        bytes: Vec<u8>,
    },
    /// A file could not be read; the message says where, why and what to do.
    OpenFailed {
        message: String,
    },
    /// Files of rules were read.
    PacksRead(Vec<PackFile>),
    /// Some of them could not be read; the messages say where, why and what to do.
    PacksFailed {
        messages: Vec<String>,
        /// Those that could: what is wrong with them is told too.
        read: Vec<PackFile>,
    },
    /// So many files of a folder of icons were read, of so many.
    IconsUnderWay {
        asked: String,
        done: usize,
        of: usize,
    },
    /// A pack of icons was read; `asked` is the path that was asked for, or nothing.
    IconsRead {
        asked: String,
        pack: Box<IconPack>,
    },
    /// A folder of icons could not be read; the message says where, why and what to do.
    IconsFailed {
        asked: String,
        message: String,
    },
    /// The document was written.
    Saved {
        name: String,
        path: Option<String>,
        /// What lies there now.
        print: Option<Fingerprint>,
        ticket: Ticket,
    },
    /// The document could not be written; the message says where, why and what to do.
    SaveFailed {
        message: String,
        ticket: Ticket,
    },
    /// The document was not written, as there is another file than the one that we know.
    OthersThere {
        path: String,
        ticket: Ticket,
    },
    /// What could be lost is not kept; the message says why and what to do.
    KeepFailed {
        message: String,
    },
    /// Journals that nobody holds, of documents that were not saved.
    Lost(Vec<Lost>),
    /// A journal that was asked for.
    Restored {
        id: String,
        bytes: Vec<u8>,
    },
    RestoreFailed {
        message: String,
    },
    /// A file was handed out, of which this is to be remarked.
    Exported {
        name: String,
        remark: &'static str,
    },
    ExportFailed {
        message: String,
    },
    /// The dialog for an export came back empty: cancelled, or there is none on this system.
    NotExported {
        name: String,
        what: Exported,
        remark: &'static str,
    },
    /// A dialog came back empty: cancelled, or there is none on this system.
    DialogEmpty(Dialog),
    /// A derivation that was asked for is done.
    Derived {
        generation: u64,
        derived: Box<Derived>,
    },
    /// A derivation that was asked for broke off, by a fault of ours.
    DeriveFailed {
        generation: u64,
        reason: String,
    },
    /// A layout that was asked for is made.
    LaidOut {
        generation: u64,
        places: Places,
    },
    /// A layout that was asked for broke off, by a fault of ours.
    LayoutFailed {
        generation: u64,
        reason: String,
    },
    /// Text that was pasted.
    Pasted(String),
    /// The user wants to close the window.
    CloseRequested,
}

/// Which dialog came back empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    Open,
    Save,
    Packs,
    Icons,
}
