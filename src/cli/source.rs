//! Reading a document from the disk, whichever format it is in.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::Path;

use super::complaint::Complaint;
use crate::model::{self, MAX_FILE_BYTES, Model, ReadError};

/// Reads the document at a path.
///
/// # Errors
/// It cannot be read, or is no document; the complaint says where and what to do.
pub(super) fn open(path: &Path) -> Result<Model, Complaint> {
    let bytes = bytes(path)?;
    match kind(path) {
        Some("ron") => model::read(&bytes).map_err(|it| unreadable(path, &it)),
        _ => Err(Complaint::of_file(
            path,
            "this kind of file is not read; name a *.parapet.ron or *.parapet.txt",
        )),
    }
}

/// What is wrong with what could be read, as remarks: a line for each.
pub(super) fn problems(path: &Path, model: &Model) -> Vec<String> {
    let line = |it: model::Problem| format!("{}: {}: {}", path.display(), it.element, it.message);
    model.problems().into_iter().map(line).collect()
}

/// The ending that tells the format.
pub(super) fn kind(path: &Path) -> Option<&str> {
    path.extension().and_then(|it| it.to_str())
}

fn bytes(path: &Path) -> Result<Vec<u8>, Complaint> {
    let refused = |error: std::io::Error| {
        let what = match error.kind() {
            ErrorKind::NotFound => "there is no such file; check its name and folder".to_owned(),
            ErrorKind::IsADirectory => "this is a folder; name a file in it".to_owned(),
            ErrorKind::PermissionDenied => "this file may not be read; check its permissions".to_owned(),
            _ => format!("it could not be read: {error}"),
        };
        Complaint::of_file(path, &what)
    };
    let mut bytes = Vec::new();
    // One more than may be read, so that the reader sees that it is too long, and no pipe fills the memory.
    let most = MAX_FILE_BYTES as u64 + 1;
    File::open(path).and_then(|it| it.take(most).read_to_end(&mut bytes)).map_err(refused)?;
    Ok(bytes)
}

fn unreadable(path: &Path, error: &ReadError) -> Complaint {
    match error {
        ReadError::Syntax { line, column, what } => {
            Complaint::at(path, *line, *column, &format!("{what}; correct it there"))
        }
        ReadError::Newer { .. } => Complaint::of_file(path, &error.to_string()),
        ReadError::DoubledId { .. } => Complaint::of_file(path, &format!("{error}; rename one of them")),
        ReadError::TooLarge { .. } => Complaint::of_file(
            path,
            &format!("more than {MAX_FILE_BYTES} bytes are not read; split the document"),
        ),
        ReadError::NotText { .. } => Complaint::of_file(path, &format!("{error}; save it as one")),
    }
}

/// Writes a file that is not there yet.
///
/// # Errors
/// It is there, or cannot be written.
pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<(), Complaint> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Complaint::of_file(path, "this file is there already; name another, or remove it")
        }
        _ => Complaint::of_file(path, &format!("it could not be written: {error}")),
    };
    File::create_new(path).and_then(|mut it| it.write_all(bytes)).map_err(refused)
}
