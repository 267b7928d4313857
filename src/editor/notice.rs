//! Notices: what the status bar and the toasts say.

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    Done,
    Error,
}

/// What an undo or a redo has just done, as long as nothing was edited since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepNotice {
    /// `Undone: delete 3 elements`.
    pub text: String,
    /// The command that leads back, by id.
    pub back: &'static str,
    /// The numbers of the document and of its state then: that grows with every step.
    pub number: (u64, u64),
}

/// One message to the user, with what may be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub tone: Tone,
    pub text: String,
    /// Commands offered with it, by id: `edit.undo`, `file.open-path`.
    pub offers: Vec<&'static str>,
    /// Grows with every notice, so that a window can tell a new one from an old one.
    pub number: u64,
}
