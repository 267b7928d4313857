//! Files on the desktop: read whole, written so that no moment is without a whole file.
#![expect(clippy::disallowed_methods, reason = "one of the two rooms that touch the outside world")]

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::editor::{Backup, Over};
use crate::formats::Fingerprint;

/// The largest file that is read: far above any document, far below what would fill the memory.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Why a file was not read or written.
#[derive(Debug, thiserror::Error)]
pub(super) enum DiskError {
    #[error("{} was not opened: {}.", path.display(), reason(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("{} was not opened: it is larger than 256 MB.", .0.display())]
    TooLarge(PathBuf),
    #[error("{} was not saved: {}. What was there before is untouched.", path.display(), reason(error))]
    Write { path: PathBuf, error: io::Error },
    #[error("{} was not saved: another program has changed it.", .0.display())]
    OthersThere(PathBuf),
}

/// An error of the system in words that say what to do.
pub(super) fn reason(error: &io::Error) -> String {
    let words = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder; check the path",
        io::ErrorKind::PermissionDenied => "permission is denied; choose another place, or change its rights",
        io::ErrorKind::IsADirectory => "it is a folder; name a file in it",
        io::ErrorKind::NotADirectory => "a part of the path is a file, not a folder",
        io::ErrorKind::StorageFull => "the disk is full; make room and save again",
        io::ErrorKind::ReadOnlyFilesystem => "the disk can only be read; choose another place",
        _ => return error.to_string(),
    };
    words.to_owned()
}

/// The bytes of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, DiskError> {
    let failed = |error| DiskError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // A device or a pipe has no size to ask for, and may never end.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST { Err(DiskError::TooLarge(path.to_owned())) } else { Ok(bytes) }
}

/// The bytes of a file, no more than so many of them.
pub(super) fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The files directly in a folder whose name is one of those that are meant, by name.
pub(super) fn files_in(folder: &Path, is_meant: fn(&str) -> bool) -> Result<Vec<PathBuf>, DiskError> {
    let failed = |error| DiskError::Read { path: folder.to_owned(), error };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() && is_meant(&name(&path)) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Writes a document, and returns what lies there then. The version that was there is kept beside it as `NAME.previous`.
pub(super) fn write_document(
    path: &Path,
    bytes: &[u8],
    over: Over,
    backup: Backup,
) -> Result<Fingerprint, DiskError> {
    let print = Fingerprint::of(bytes);
    replace(path, bytes, create, |target| {
        if !is_ours(target, over, print) {
            return Err(DiskError::OthersThere(path.to_owned()));
        }
        let failed = |error| DiskError::Write { path: path.to_owned(), error };
        keep_previous(target, backup).map_err(failed)
    })?;
    Ok(print)
}

/// Writes a file that can be made again: a report, a picture.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), DiskError> {
    replace(path, bytes, create, |_| Ok(()))
}

/// Makes a new file.
fn create(path: &Path) -> io::Result<File> {
    File::create(path)
}

/// Writes a file whole or not at all.
///
/// The bytes go to a temporary file in the same folder, and are on the disk before it takes the file's name: whatever
/// fails, the name leads to the old version or to the new one. `before` runs last before that.
fn replace(
    path: &Path,
    bytes: &[u8],
    create: fn(&Path) -> io::Result<File>,
    before: impl FnOnce(&Path) -> Result<(), DiskError>,
) -> Result<(), DiskError> {
    let failed = |error| DiskError::Write { path: path.to_owned(), error };
    // Behind a link lies the file that is meant.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let temporary = beside(&target, ".", &format!(".{}.tmp", std::process::id()));
    let written = put(&temporary, &target, bytes, create)
        .map_err(failed)
        .and_then(|()| before(&target))
        .and_then(|()| fs::rename(&temporary, &target).map_err(failed));
    if let Err(error) = written {
        // The temporary file is of no use to anyone, and may not even be there.
        drop(fs::remove_file(&temporary));
        return Err(error);
    }
    sync_folder(&target);
    Ok(())
}

/// Whether a file may be written over: it is not there, it is as we left it, or it is what would be written.
fn is_ours(target: &Path, over: Over, new: Fingerprint) -> bool {
    let Over::Ours(known) = over else { return true };
    match read(target) {
        Ok(bytes) => Some(Fingerprint::of(&bytes)).is_some_and(|it| Some(it) == known || it == new),
        // What cannot be read is not known.
        Err(error) => {
            matches!(error, DiskError::Read { error, .. } if error.kind() == io::ErrorKind::NotFound)
        }
    }
}

/// The path of a file in the same folder, its name between two words.
fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{before}{name}{after}"))
}

/// Writes a new file with the rights of the one that it will replace, down to the disk.
fn put(
    temporary: &Path,
    target: &Path,
    bytes: &[u8],
    create: fn(&Path) -> io::Result<File>,
) -> io::Result<()> {
    let old = fs::metadata(target).ok();
    if old.as_ref().is_some_and(|it| it.permissions().readonly()) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut file = create(temporary)?;
    if let Some(old) = old {
        // Only the system's administrator can hand a file to somebody else; then it stays whose it was.
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            drop(std::os::unix::fs::fchown(&file, Some(old.uid()), Some(old.gid())));
        }
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives the version on the disk a second name, under which it stays when its first one goes to the new version.
fn keep_previous(target: &Path, backup: Backup) -> io::Result<()> {
    let previous = beside(target, "", ".previous");
    if !target.exists() || backup == Backup::Stay && previous.exists() {
        return Ok(());
    }
    // The older version stays until the newer one stands in its place, whatever fails.
    let temporary = beside(target, ".", &format!(".{}.previous.tmp", std::process::id()));
    drop(fs::remove_file(&temporary));
    // Some file systems know no second names.
    let kept = fs::hard_link(target, &temporary)
        .or_else(|_| fs::copy(target, &temporary).map(drop))
        .and_then(|()| fs::rename(&temporary, &previous));
    // Two names of one file are not moved one over the other: the temporary one may still be there.
    drop(fs::remove_file(&temporary));
    kept
}

/// Brings the new name itself down to the disk. Some systems have no such thing: the file is whole without it.
pub(super) fn sync_folder(target: &Path) {
    if let Some(folder) = target.parent().filter(|_| cfg!(unix)) {
        drop(File::open(folder).and_then(|it| it.sync_all()));
    }
}

/// A path as a user types it: `~` is the home folder.
pub(super) fn typed(path: &str) -> PathBuf {
    let path = path.trim();
    match path.strip_prefix("~/").zip(std::env::home_dir()) {
        Some((rest, home)) => home.join(rest),
        None => PathBuf::from(path),
    }
}

/// The path under which a document is written: its ending is ours, so that no file of another kind is written over.
pub(super) fn document_path(path: &Path) -> PathBuf {
    match path.extension() {
        Some(ending) if ending == "ron" => path.to_owned(),
        _ => beside(path, "", ".parapet.ron"),
    }
}

/// The name of a file, for people.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A folder of its own for one test, gone with it.
    pub(in super::super) struct Folder(pub(in super::super) PathBuf);

    impl Folder {
        pub(in super::super) fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("parapet-{name}-{}", std::process::id()));
            drop(fs::remove_dir_all(&path));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        pub(in super::super) fn names(&self) -> Vec<String> {
            let mut names: Vec<String> =
                fs::read_dir(&self.0).unwrap().map(|it| name(&it.unwrap().path())).collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    /// Writes over whatever is there.
    fn save(path: &Path, bytes: &[u8]) -> Result<Fingerprint, DiskError> {
        write_document(path, bytes, Over::Anything, Backup::Renew)
    }

    #[test]
    fn what_another_program_wrote_is_not_written_over() {
        let folder = Folder::new("others");
        let path = folder.0.join("shop.parapet.ron");
        let save_over = |known, bytes: &[u8]| write_document(&path, bytes, Over::Ours(known), Backup::Renew);
        let one = save_over(None, b"one").unwrap();
        let two = save_over(Some(one), b"two").unwrap();
        // As long, and at the same time: only what is in it tells.
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, b"owt").unwrap();
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        for known in [Some(two), None] {
            let said = save_over(known, b"three").unwrap_err();
            assert!(matches!(said, DiskError::OthersThere(_)), "{said}");
        }
        assert_eq!(read(&path).unwrap(), b"owt");
        assert_eq!(folder.names(), ["shop.parapet.ron", "shop.parapet.ron.previous"]);
        // The user said so: theirs is kept.
        let three = save(&path, b"three").unwrap();
        assert_eq!(read(&folder.0.join("shop.parapet.ron.previous")).unwrap(), b"owt");
        // Somebody wrote the same, or took it away.
        save_over(None, b"three").unwrap();
        fs::remove_file(&path).unwrap();
        save_over(Some(three), b"four").unwrap();
        assert_eq!(read(&path).unwrap(), b"four");
    }

    #[test]
    fn saves_by_itself_leave_the_version_before_them() {
        let folder = Folder::new("autosaves");
        let (path, previous) =
            (folder.0.join("shop.parapet.ron"), folder.0.join("shop.parapet.ron.previous"));
        save(&path, b"as it was opened").unwrap();
        write_document(&path, b"1", Over::Anything, Backup::Renew).unwrap();
        for version in ["2", "3", "4"] {
            write_document(&path, version.as_bytes(), Over::Anything, Backup::Stay).unwrap();
        }
        assert_eq!(read(&previous).unwrap(), b"as it was opened");
        // Somebody has tidied up: better a late one than none.
        fs::remove_file(&previous).unwrap();
        write_document(&path, b"5", Over::Anything, Backup::Stay).unwrap();
        assert_eq!(read(&previous).unwrap(), b"4");
    }

    #[test]
    fn a_file_that_can_only_be_read_is_left_alone() {
        let folder = Folder::new("read-only");
        let path = folder.0.join("shop.parapet.ron");
        save(&path, b"one").unwrap();
        let mut rights = fs::metadata(&path).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(&path, rights).unwrap();
        let said = save(&path, b"two").unwrap_err().to_string();
        assert!(said.contains("permission is denied; choose another place"), "{said}");
        assert_eq!(
            (read(&path).unwrap(), folder.names()),
            (b"one".to_vec(), vec!["shop.parapet.ron".to_owned()])
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_leaves_what_was_there() {
        let folder = Folder::new("full");
        let path = folder.0.join("shop.parapet.ron");
        save(&path, b"one").unwrap();
        // The device that has no room for a single byte.
        let full = |_: &Path| File::options().write(true).open("/dev/full");
        let said = replace(&path, b"two", full, |_| Ok(())).unwrap_err().to_string();
        assert!(said.contains("the disk is full; make room") && said.contains("untouched"), "{said}");
        assert_eq!(
            (read(&path).unwrap(), folder.names()),
            (b"one".to_vec(), vec!["shop.parapet.ron".to_owned()])
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_save_keeps_the_rights_of_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("rights");
        let path = folder.0.join("shop.parapet.ron");
        save(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        save(&path, b"two").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn a_save_keeps_the_version_before() {
        let folder = Folder::new("previous");
        let path = folder.0.join("shop.parapet.ron");
        for version in ["one", "two", "three"] {
            save(&path, version.as_bytes()).unwrap();
        }
        assert_eq!(read(&path).unwrap(), b"three");
        assert_eq!(read(&folder.0.join("shop.parapet.ron.previous")).unwrap(), b"two");
        assert_eq!(folder.names(), ["shop.parapet.ron", "shop.parapet.ron.previous"]);
    }

    #[test]
    fn a_save_that_fails_leaves_what_was_there() {
        let folder = Folder::new("failed");
        let path = folder.0.join("shop.parapet.ron");
        save(&path, b"one").unwrap();
        // In the way of the version before: a folder, which no file can replace.
        fs::create_dir(folder.0.join("shop.parapet.ron.previous")).unwrap();
        let said = save(&path, b"two").unwrap_err().to_string();
        assert!(said.contains("shop.parapet.ron was not saved") && said.contains("untouched"), "{said}");
        assert_eq!(read(&path).unwrap(), b"one");
        assert_eq!(folder.names(), ["shop.parapet.ron", "shop.parapet.ron.previous"]);
    }

    #[test]
    fn errors_say_what_where_and_what_to_do() {
        let folder = Folder::new("errors");
        let gone = read(&folder.0.join("gone.parapet.ron")).unwrap_err().to_string();
        assert!(
            gone.contains("gone.parapet.ron was not opened") && gone.contains("check the path"),
            "{gone}"
        );
        let nowhere = save(&folder.0.join("no/such/shop.parapet.ron"), b"one").unwrap_err().to_string();
        assert!(nowhere.contains("there is no such file or folder"), "{nowhere}");
        assert!(save(&folder.0, b"one").unwrap_err().to_string().contains("it is a folder"));
        assert!(read(&folder.0).unwrap_err().to_string().contains("it is a folder"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = Folder::new("link");
        let (real, link) = (folder.0.join("real.parapet.ron"), folder.0.join("link.parapet.ron"));
        save(&real, b"one").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        save(&link, b"two").unwrap();
        assert_eq!(read(&real).unwrap(), b"two");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn a_document_never_takes_the_place_of_another_kind_of_file() {
        let written = |it: &str| document_path(Path::new(it)).to_string_lossy().into_owned();
        assert_eq!(written("a/shop.parapet.ron"), "a/shop.parapet.ron");
        assert_eq!(written("a/shop"), "a/shop.parapet.ron");
        assert_eq!(written("a/cat.png"), "a/cat.png.parapet.ron");
    }

    #[test]
    fn a_tilde_is_the_home_folder() {
        assert_eq!(typed(" ~/shop.ron "), std::env::home_dir().unwrap().join("shop.ron"));
        assert_eq!(typed("a/~b"), PathBuf::from("a/~b"));
    }
}
