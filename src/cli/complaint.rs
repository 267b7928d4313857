//! What goes wrong on the command line: `FILE:LINE:COLUMN: what; what to do`.

use std::path::Path;

use super::Reply;

/// Bad input or bad usage: the program says it and ends with 2.
///
/// It may be about several things: whoever has to mend them wants to know of all, and not of one after the other.
#[derive(Debug)]
pub(super) struct Complaint(Vec<String>);

impl Complaint {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(vec![what.into()])
    }

    /// About a file as a whole.
    pub(super) fn of_file(file: &Path, what: &str) -> Self {
        Self::new(format!("{}: {what}", file.display()))
    }

    /// About a place in a file; lines and columns count from 1.
    pub(super) fn at(file: &Path, line: usize, column: usize, what: &str) -> Self {
        Self::new(format!("{}:{line}:{column}: {what}", file.display()))
    }

    /// About all of it, a line each.
    pub(super) fn of_all(complaints: impl IntoIterator<Item = Self>) -> Self {
        Self(complaints.into_iter().flat_map(|it| it.0).collect())
    }

    pub(super) fn into_reply(self) -> Reply {
        Reply { remarks: self.0, code: 2, ..Reply::default() }
    }
}
