//! Reading a document from the disk, whichever format it is in, and what is written from it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::complaint::Complaint;
use crate::formats::{self, Export, ImportError};
use crate::model::{self, Draft, MAX_FILE_BYTES, Model};
use crate::rules::Report;

/// Reads the document at a path.
///
/// # Errors
/// It cannot be read, or is no document; the complaint says where and what to do.
pub(super) fn open(path: &Path) -> Result<Model, Complaint> {
    formats::import(&path.to_string_lossy(), &bytes(path)?).map_err(|it| complaint(path, it))
}

fn complaint(path: &Path, it: ImportError) -> Complaint {
    let what = if it.hint.is_empty() { it.what } else { format!("{}; {}", it.what, it.hint) };
    match it.place {
        Some((line, column)) => Complaint::at(path, line, column, &what),
        None => Complaint::of_file(path, &what),
    }
}

/// A model with the packs at some paths, in memory alone: they take the place of those of the same id in it.
///
/// # Errors
/// A path cannot be read, a folder holds no pack, or a file is none; the complaint says where and what to do, of all that is
/// wrong in all of them.
pub(super) fn with_packs(mut model: Model, paths: &[PathBuf]) -> Result<Model, Complaint> {
    let (mut files, mut from, mut complaints) = (Vec::new(), Vec::new(), Vec::new());
    for (n, path) in packs_at(paths)?.into_iter().enumerate() {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        match bytes(&path) {
            Ok(bytes) => {
                files.push((name, bytes));
                from.push((n, path));
            }
            Err(it) => complaints.push((n, it)),
        }
    }
    let told = |n: usize| from.get(n).map(|it| it.1.display().to_string()).unwrap_or_default();
    match formats::packs(&files, told) {
        Ok(packs) if complaints.is_empty() => {
            let mut draft = Draft::of(&model);
            packs.into_iter().for_each(|(id, pack)| draft.put(id, pack));
            let edit = draft.finish();
            model.apply(&edit);
            Ok(model)
        }
        Ok(_) => Err(Complaint::of_all(complaints.into_iter().map(|it| it.1))),
        Err(faults) => {
            for it in faults {
                complaints.extend(from.get(it.file).map(|(n, path)| (*n, complaint(path, it.error))));
            }
            // File by file, whether it could not be opened or not be read.
            complaints.sort_by_key(|it| it.0);
            Err(Complaint::of_all(complaints.into_iter().map(|it| it.1)))
        }
    }
}

/// The files of rules that some paths name, each once; of a folder, those directly in it, by name.
fn packs_at(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Complaint> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let refused = |it: std::io::Error| Complaint::of_file(path, &format!("it could not be read: {it}"));
        let mut found = Vec::new();
        for entry in std::fs::read_dir(path).map_err(refused)? {
            let file = entry.map_err(refused)?.path();
            if formats::is_pack(&file.to_string_lossy()) && file.is_file() {
                found.push(file);
            }
        }
        if found.is_empty() {
            let what = "this folder holds no rule pack; one is named *.parapet-rules.ron or *.tb7";
            return Err(Complaint::of_file(path, what));
        }
        found.sort();
        files.append(&mut found);
    }
    // One that is named twice, say by itself and by its folder, is taken once. What has no such path is read as named.
    let mut seen = BTreeSet::new();
    files.retain(|it| it.canonicalize().map_or(true, |it| seen.insert(it)));
    Ok(files)
}

/// What is wrong with what could be read, as remarks: a line for each.
pub(super) fn problems(path: &Path, model: &Model) -> Vec<String> {
    let line = |it: model::Problem| format!("{}: {}: {}", path.display(), it.element, it.message);
    model.problems().into_iter().map(line).collect()
}

/// The day, as this system has it.
pub(super) fn today() -> String {
    model::day(std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |it| it.as_secs()))
}

/// A document and what the rules say of it, ready to be written.
pub(super) fn export<'a>(file: &'a str, model: &'a Model, report: &'a Report, today: &'a str) -> Export<'a> {
    Export { model, view: None, findings: &report.findings, questions: &report.questions, file, today }
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

/// Writes a file that is not there yet.
///
/// # Errors
/// It is there, or cannot be written.
pub(super) fn create(path: &Path, bytes: &[u8]) -> Result<(), Complaint> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => {
            Complaint::of_file(path, "this file is there already; name another, or remove it")
        }
        ErrorKind::NotFound => Complaint::of_file(path, "there is no such folder; make it, or name another"),
        _ => Complaint::of_file(path, &format!("it could not be written: {error}")),
    };
    File::create_new(path).and_then(|mut it| it.write_all(bytes)).map_err(refused)
}
