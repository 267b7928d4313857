//! Running the real program, for whoever tests it from outside.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the program said, and the code it ended with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

/// Runs the program in the folder of the repository.
pub(crate) fn parapet(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Told {
    let told = Command::new(env!("CARGO_BIN_EXE_parapet"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Told { out: text(told.stdout), err: text(told.stderr), code: told.status.code().unwrap() }
}

/// Runs what must go well; what it said.
#[track_caller]
pub(crate) fn succeeds(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
    let told = parapet(arguments);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    told.out
}

/// Runs what must be refused: nothing on standard output, one line on standard error, code 2. That line.
#[track_caller]
pub(crate) fn refused(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
    let told = parapet(arguments);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.err);
    let line = told.err.strip_suffix('\n').unwrap();
    assert!(!line.contains('\n'), "{line}");
    line.strip_prefix("parapet: ").unwrap().to_owned()
}

/// The documents of `samples/`, in order.
pub(crate) fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut samples: Vec<PathBuf> = files.filter(|it| it.extension() == Some(OsStr::new("ron"))).collect();
    samples.sort();
    assert!(!samples.is_empty());
    samples
}

/// A fresh folder of this test's own.
pub(crate) fn fresh_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
