//! Folders of icons on the disk: what is in them, to a depth and a number, links left alone.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Outbox, disk};
use crate::editor::{Event, IconPack, IconReader, MAX_ICON_FILES, MAX_ICON_FOLDERS};
use crate::tokens::Icon;

/// So many files are read before it is said how far that is.
const TOLD_EVERY: usize = 100;
/// Folders hold other things, too: so many are looked at.
const MAX_LOOKED_AT: usize = 20 * MAX_ICON_FILES;

/// Reads the icons of a folder at a path as somebody typed it.
pub(super) fn read(asked: &str, outbox: &Outbox) -> Event {
    let path = disk::typed(asked);
    let path = std::path::absolute(&path).unwrap_or(path);
    let tell =
        |done: usize, of: usize| outbox.send(Event::IconsUnderWay { asked: asked.to_owned(), done, of });
    let asked = asked.to_owned();
    match pack(&path, &tell) {
        Ok(pack) => Event::IconsRead { asked, pack: Box::new(pack) },
        Err(error) => Event::IconsFailed { asked, message: error.to_string() },
    }
}

/// Reads SVGs that came without a folder.
pub(super) fn of_files(paths: impl IntoIterator<Item = PathBuf>) -> Event {
    let mut reader = IconReader::new(None);
    paths.into_iter().take(MAX_ICON_FILES).for_each(|it| take(&mut reader, &it, &disk::name(&it)));
    Event::IconsRead { asked: String::new(), pack: Box::new(reader.finish()) }
}

fn pack(folder: &Path, tell: &dyn Fn(usize, usize)) -> Result<IconPack, disk::DiskError> {
    let mut reader = IconReader::new(Some(&folder.to_string_lossy()));
    let (files, is_cut) = svgs_in(folder)?;
    if is_cut {
        reader.cut();
    }
    for (n, path) in files.iter().enumerate() {
        if n % TOLD_EVERY == 0 {
            tell(n, files.len());
        }
        let within = path.strip_prefix(folder).unwrap_or(path);
        take(&mut reader, path, &within.to_string_lossy());
    }
    Ok(reader.finish())
}

fn take(reader: &mut IconReader, path: &Path, called: &str) {
    match disk::read_at_most(path, Icon::MAX_BYTES as u64 + 1) {
        Ok(bytes) => reader.take(called, &bytes),
        Err(error) => reader.leave_out(called, disk::reason(&error)),
    }
}

/// The SVGs in a folder and in the folders in it, sorted, and whether there are more than are read.
fn svgs_in(folder: &Path) -> Result<(Vec<PathBuf>, bool), disk::DiskError> {
    let failed = |error| disk::DiskError::Read { path: folder.to_owned(), error };
    let (mut found, mut looked_at, mut is_cut) = (Vec::new(), 0, false);
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((at, depth)) = open.pop() {
        // Of a folder further down that does not open, the others are of use.
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(failed(error)),
            Err(_) => continue,
        };
        let mut paths = Vec::new();
        for entry in entries.flatten() {
            looked_at += 1;
            // The kind of the entry itself: behind a link may lie anything, or the same once more.
            let Ok(kind) = entry.file_type() else { continue };
            paths.push((entry.path(), kind.is_dir(), kind.is_file()));
        }
        paths.sort();
        for (path, is_folder, is_file) in paths.into_iter().rev() {
            if is_folder && depth < MAX_ICON_FOLDERS {
                open.push((path, depth + 1));
            } else if is_file && path.extension().is_some_and(|it| it.eq_ignore_ascii_case("svg")) {
                found.push(path);
            }
        }
        if found.len() > MAX_ICON_FILES || looked_at > MAX_LOOKED_AT {
            is_cut = true;
            break;
        }
    }
    found.sort();
    is_cut |= found.len() > MAX_ICON_FILES;
    found.truncate(MAX_ICON_FILES);
    Ok((found, is_cut))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: &str = r##"<svg viewBox="0 0 9 9"><path fill="#f00" d="M0 0H9V9z"/></svg>"##;

    #[test]
    fn a_folder_is_read_with_those_in_it_and_without_links() {
        let folder = disk::tests::Folder::new("icon-packs");
        let put = |path: &str, text: &str| {
            let path = folder.0.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            disk::write(&path, text.as_bytes()).unwrap();
        };
        put("cloud/b.svg", RED);
        put("cloud/deep/er/a.SVG", RED);
        put("cloud/notes.txt", "hello");
        put("cloud/bad.svg", "<svg");
        put("cloud/large.svg", &" ".repeat(Icon::MAX_BYTES * 2));
        put("else/c.svg", RED);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.0.join("else"), folder.0.join("cloud/link")).unwrap();
            std::os::unix::fs::symlink(folder.0.join("cloud"), folder.0.join("cloud/self")).unwrap();
        }
        let (outbox, inbox) = Outbox::new(&egui::Context::default());
        let path = folder.0.join("cloud");
        let Event::IconsRead { asked, pack } = read(&path.to_string_lossy(), &outbox) else {
            panic!("it was not read")
        };
        assert_eq!(
            (asked.as_str(), pack.folder.as_deref()),
            (&*path.to_string_lossy(), Some(&*path.to_string_lossy()))
        );
        assert_eq!(pack.icons.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(pack.left_out.iter().map(|it| &*it.0).collect::<Vec<_>>(), ["bad.svg", "large.svg"]);
        assert!(matches!(inbox.try_recv(), Ok(Event::IconsUnderWay { done: 0, of: 4, .. })));
        let gone = folder.0.join("none");
        let Event::IconsFailed { message, .. } = read(&gone.to_string_lossy(), &outbox) else {
            panic!("it was read")
        };
        assert!(message.contains("there is no such file or folder"), "{message}");
        let Event::IconsRead { pack, .. } = of_files([path.join("b.svg"), gone]) else {
            panic!("it was not read")
        };
        assert_eq!((pack.icons.len(), pack.left_out.len(), pack.folder), (1, 1, None));
    }
}
