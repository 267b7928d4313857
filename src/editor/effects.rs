//! What the editor asks of the platform, and what comes back.

use std::sync::Arc;

use super::{Derived, PackFile};
use crate::model::Model;

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
    /// Ask where to save with the platform's dialog, then write; `name` is proposed.
    SaveDialog { name: String, bytes: Vec<u8>, state: u64 },
    /// Write the document where it came from, keeping the version that was there.
    Save { path: String, bytes: Vec<u8>, state: u64 },
    /// Hand out a file that is not the document: a report, a picture. `remark` is to be said once it is done, and may be
    /// empty.
    Export { name: String, what: Exported, remark: &'static str },
    /// The same at a path that the user typed.
    ExportTo { path: String, what: Exported, remark: &'static str },
    /// Put a text on the clipboard.
    Copy(String),
    /// Derive facts and findings of this model beside the frames, and hand them back with this generation.
    Derive { generation: u64, model: Arc<Model> },
    /// Let go beside the frames of what nobody needs any more: with a large drawing, that takes half a frame.
    Discard(Box<Derived>),
    /// Close the window; unsaved changes were asked about.
    Quit,
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
    /// The document was written.
    Saved {
        name: String,
        path: Option<String>,
        state: u64,
    },
    SaveFailed {
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
}
