//! What goes wrong on the command line: `FILE:LINE:COLUMN: what; what to do`.

use std::path::Path;

use super::Reply;

/// Bad input or bad usage: the program says it and ends with 2.
#[derive(Debug)]
pub(super) struct Complaint(String);

impl Complaint {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// About a file as a whole.
    pub(super) fn of_file(file: &Path, what: &str) -> Self {
        Self(format!("{}: {what}", file.display()))
    }

    /// About a place in a file; lines and columns count from 1.
    pub(super) fn at(file: &Path, line: usize, column: usize, what: &str) -> Self {
        Self(format!("{}:{line}:{column}: {what}", file.display()))
    }

    pub(super) fn into_reply(self) -> Reply {
        Reply { remarks: vec![self.0], code: 2, ..Reply::default() }
    }
}
