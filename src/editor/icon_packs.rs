//! Icon packs: SVGs of a user's own, read from a folder. They are no part of a document: what it uses of them is copied into
//! it, so that it is the same wherever it is opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Editor, Effect, Modal, Tone};
use crate::formats;
use crate::model::{MAX_ARTWORK_BYTES, counted, ended};
use crate::tokens::Icon;

/// The most files of a folder that are read, and how deep its folders stand in each other.
pub const MAX_ICON_FILES: usize = 5000;
pub const MAX_ICON_FOLDERS: usize = 6;
/// The sizes that files of icons say they are for. Other numbers are part of a name: Windows 11, Office 365.
const SIZES: [u32; 14] = [16, 20, 24, 32, 40, 48, 64, 72, 80, 96, 128, 192, 256, 512];
/// What the icons are called that were handed over without a folder.
const LOOSE: &str = "My icons";

/// An icon of a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct PackIcon {
    pub name: String,
    pub icon: Arc<Icon>,
}

/// A pack of icons.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct IconPack {
    /// What its folder is called.
    pub name: String,
    /// The path of its folder, to be read again at the next start; none if it is only for this session.
    pub folder: Option<String>,
    /// By name, as a person reads it.
    pub icons: Vec<PackIcon>,
    /// Files that are no icons, and why.
    pub left_out: Vec<(String, String)>,
    /// How many icons are the same as another that is larger.
    pub smaller: usize,
    /// There were more files than are read.
    pub is_cut: bool,
}

impl IconPack {
    /// How many icons are drawn more plainly than they were meant.
    pub fn simplified(&self) -> usize {
        self.icons.iter().filter(|it| it.icon.simplified > 0).count()
    }
}

/// A pack that is being read, file by file, in whatever order they come.
#[derive(Debug, Default)]
pub struct IconReader {
    pack: IconPack,
    /// By name: the file and the size that it says it is for.
    read: BTreeMap<(String, String), (u32, PackIcon)>,
}

impl IconReader {
    /// A reader of what stands in a folder; without one, of what was handed over.
    pub fn new(folder: Option<&str>) -> Self {
        let named = |it: &str| it.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().map(str::to_owned);
        let name = folder.and_then(named).filter(|it| !it.is_empty()).unwrap_or_else(|| LOOSE.to_owned());
        let pack = IconPack {
            name: formats::one_line(&name),
            folder: folder.map(str::to_owned),
            ..IconPack::default()
        };
        Self { pack, read: BTreeMap::new() }
    }

    /// Takes a file in; `path` leads to it from the folder.
    pub fn take(&mut self, path: &str, bytes: &[u8]) {
        let Named { name, size } = Named::of(path);
        let text =
            std::str::from_utf8(bytes).map_err(|it| format!("byte {} is no text in UTF-8", it.valid_up_to()));
        let text = text.map(|it| it.trim_start_matches('\u{feff}'));
        let icon = match text.and_then(|it| Icon::parse(&name, it).map_err(|it| it.to_string())) {
            Ok(icon) if icon.to_svg().len() <= MAX_ARTWORK_BYTES => icon,
            Ok(_) => return self.leave_out(path, "it has more outlines than an icon needs".to_owned()),
            Err(why) => return self.leave_out(path, formats::one_line(&why)),
        };
        let icon = PackIcon { name: name.clone(), icon: Arc::new(icon) };
        // Packs bring an icon in several sizes, each in a folder of its own.
        let key = if size == 0 {
            (name.to_lowercase(), path.to_owned())
        } else {
            (name.to_lowercase(), String::new())
        };
        match self.read.get_mut(&key) {
            Some(known) => {
                self.pack.smaller += 1;
                if known.0 < size {
                    *known = (size, icon);
                }
            }
            None => drop(self.read.insert(key, (size, icon))),
        }
    }

    /// Leaves a file out, and says why.
    pub fn leave_out(&mut self, path: &str, why: String) {
        self.pack.left_out.push((formats::one_line(path), why));
    }

    /// There are more files than are read.
    pub fn cut(&mut self) {
        self.pack.is_cut = true;
    }

    pub fn finish(mut self) -> IconPack {
        self.pack.icons = self.read.into_values().map(|it| it.1).collect();
        self.pack.icons.sort_by_cached_key(|it| crate::model::natural(&it.name));
        self.pack.left_out.sort();
        self.pack
    }
}

/// The name of an icon as a person reads it, and the size that its file says it is for; 0 for none.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    name: String,
    size: u32,
}

impl Named {
    /// `Arch_AWS-Lambda_48.svg` is AWS Lambda, `10021-icon-service-Virtual-Machine.svg` Virtual Machine.
    fn of(path: &str) -> Self {
        let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = file.rsplit_once('.').map_or(file, |it| it.0);
        let is_gap = |c: char| c == '-' || c == '_' || c == ' ' || c == '.';
        let mut words: Vec<&str> = stem.split(is_gap).filter(|it| !it.is_empty()).collect();
        let mut size = 0;
        // Only a word among others: `s3` or `48` alone are names.
        while words.len() > 1 {
            let last = words.last().copied().unwrap_or_default().to_ascii_lowercase();
            let number = last.split(['x', '@', 'p']).next().and_then(|it| it.parse::<u32>().ok());
            match number.filter(|it| SIZES.contains(it)) {
                Some(it) => (size, _) = (size.max(it), words.pop()),
                None => break,
            }
        }
        let is_told = |it: &str| {
            ["arch", "res", "icon", "icons", "service"].contains(&it.to_ascii_lowercase().as_str())
                || it.len() > 3 && it.bytes().all(|it| it.is_ascii_digit())
        };
        while words.len() > 1 && words.first().is_some_and(|it| is_told(it)) {
            words.remove(0);
        }
        let name = formats::one_line(&words.join(" "));
        let mut letters = name.chars();
        let name = match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => "Icon".to_owned(),
        };
        Self { name, size }
    }
}

/// The packs that are there, and what is known of those that are not.
#[derive(Debug, Default)]
pub struct IconPacks {
    packs: Vec<IconPack>,
    /// Folders that are remembered, in the order in which they were added.
    folders: Vec<String>,
    /// Those that were not read, and why.
    failed: BTreeMap<String, String>,
    /// What is being read: its folder, how many files are done, and of how many.
    under_way: BTreeMap<String, (usize, usize)>,
    /// Counts the changes.
    revision: u64,
}

impl IconPacks {
    pub fn all(&self) -> &[IconPack] {
        &self.packs
    }

    /// Folders that were not read, and why.
    pub fn failed(&self) -> &BTreeMap<String, String> {
        &self.failed
    }

    /// What is being read: its folder, how many files are done, and of how many.
    pub fn under_way(&self) -> &BTreeMap<String, (usize, usize)> {
        &self.under_way
    }

    /// Differs whenever the packs may.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn folders(&self) -> &[String] {
        &self.folders
    }
}

impl Editor {
    pub fn icon_packs(&self) -> &IconPacks {
        &self.icon_packs
    }

    /// Asks for a folder of icons with the platform's dialog.
    pub fn add_icons_dialog(&mut self) {
        self.ask(Effect::IconDialog);
    }

    /// Reads the icons of a folder at a path.
    pub fn add_icons_at(&mut self, path: &str) {
        self.shown.modal = Some(Modal::IconPacks);
        self.icons_under_way(path.to_owned(), 0, 0);
        self.ask(Effect::ReadIcons(path.to_owned()));
    }

    /// Reads the folders again that were there at the last start.
    pub(super) fn remember_icons(&mut self, folders: Vec<String>) {
        for folder in folders {
            self.icons_under_way(folder.clone(), 0, 0);
            self.ask(Effect::ReadIcons(folder.clone()));
            if !self.icon_packs.folders.contains(&folder) {
                self.icon_packs.folders.push(folder);
            }
        }
    }

    /// Takes away a pack. Documents keep what they use of it.
    pub fn remove_icon_pack(&mut self, n: usize) {
        if n < self.icon_packs.packs.len() {
            let pack = self.icon_packs.packs.remove(n);
            if let Some(folder) = pack.folder {
                self.forget_icons(&folder);
            }
            self.icon_packs.revision += 1;
            let text =
                format!("{} is gone from the choice. Drawings keep the icons that they use.", pack.name);
            self.say(Tone::Done, text, &[]);
        }
    }

    /// Does not look for a folder again that was not read.
    pub fn forget_icons(&mut self, folder: &str) {
        self.icon_packs.folders.retain(|it| it != folder);
        self.icon_packs.failed.remove(folder);
    }

    pub(super) fn icons_under_way(&mut self, folder: String, done: usize, of: usize) {
        self.icon_packs.failed.remove(&folder);
        self.icon_packs.under_way.insert(folder, (done, of));
    }

    pub(super) fn icons_read(&mut self, asked: &str, pack: IconPack) {
        self.icon_packs.under_way.remove(asked);
        let known = self.icon_packs.folders.iter().any(|it| Some(it) == pack.folder.as_ref());
        if pack.icons.is_empty() {
            let why = match pack.left_out.first() {
                Some((file, why)) => format!("none of its files is an icon. {file}: {why}"),
                None => "there is no SVG in it".to_owned(),
            };
            return self.icons_failed(asked, &format!("{} was not added: {why}", pack.name));
        }
        let is_quiet = known && pack.folder.as_deref() == Some(asked);
        if let Some(folder) = pack.folder.clone().filter(|_| !known) {
            // What was typed may lead there another way.
            self.forget_icons(asked);
            self.icon_packs.folders.push(folder);
        }
        let text = told(&pack);
        let packs = &mut self.icon_packs.packs;
        let same =
            |it: &&mut IconPack| it.folder == pack.folder && (pack.folder.is_some() || it.name == pack.name);
        match packs.iter_mut().find(same) {
            // Loose icons join those that came before them.
            Some(there) if pack.folder.is_none() => {
                there.icons.extend(pack.icons);
                there.left_out.extend(pack.left_out);
                there.icons.sort_by_cached_key(|it| crate::model::natural(&it.name));
                there.icons.dedup_by(|a, b| a.name == b.name && a.icon.key == b.icon.key);
            }
            Some(there) => *there = pack,
            None => packs.push(pack),
        }
        self.icon_packs.revision += 1;
        if !is_quiet {
            self.say(Tone::Done, text, &["edit.icon", "view.icon-packs"]);
        }
    }

    pub(super) fn icons_failed(&mut self, asked: &str, message: &str) {
        self.icon_packs.under_way.remove(asked);
        if self.icon_packs.folders.iter().any(|it| it == asked) {
            // A disk that is not there today may be tomorrow: the list of packs says it, and nobody is called.
            self.icon_packs.failed.insert(asked.to_owned(), ended(message));
            return;
        }
        self.say(Tone::Error, ended(message), &["view.add-icons"]);
    }
}

/// What was taken of a pack, in a sentence.
fn told(pack: &IconPack) -> String {
    let left_out = match pack.left_out.len() {
        0 => String::new(),
        n => format!("; {} left out", counted(n, "file")),
    };
    format!("Added {}: {}{left_out}.", pack.name, counted(pack.icons.len(), "icon"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Dialog, Event, Surroundings};

    const RED: &str = r##"<svg viewBox="0 0 9 9"><path fill="#f00" d="M0 0H9V9z"/></svg>"##;

    pub(super) fn pack(folder: Option<&str>, files: &[(&str, &str)]) -> IconPack {
        let mut reader = IconReader::new(folder);
        files.iter().for_each(|(path, text)| reader.take(path, text.as_bytes()));
        reader.finish()
    }

    #[test]
    fn names_are_made_readable() {
        let named = |path: &str| {
            let it = Named::of(path);
            (it.name, it.size)
        };
        let is =
            |path: &str, name: &str, size: u32| assert_eq!(named(path), (name.to_owned(), size), "{path}");
        is("Arch_Compute/48/Arch_AWS-Lambda_48.svg", "AWS Lambda", 48);
        is("Res_Amazon-S3_Bucket_48.svg", "Amazon S3 Bucket", 48);
        is("10021-icon-service-Virtual-Machine.svg", "Virtual Machine", 0);
        is("a/b\\cloud_functions.SVG", "Cloud functions", 0);
        is("deploy-256x256.svg", "Deploy", 256);
        is("48.svg", "48", 0);
        is(".svg", "Icon", 0);
        is("s3", "S3", 0);
        is("office-365.svg", "Office 365", 0);
    }

    #[test]
    fn a_pack_takes_what_it_can_and_says_why_it_leaves_out_the_rest() {
        let label = include_str!("../../tests/icons/General/sample_label.svg");
        let pack = pack(
            Some("/home/me/Cloud icons/"),
            &[
                ("b_16.svg", RED),
                ("b_48.svg", label),
                ("b_32.svg", RED),
                ("a.svg", RED),
                ("z.svg", "<svg"),
                ("y.svg", "<svg/>"),
            ],
        );
        assert_eq!((&*pack.name, pack.smaller, pack.simplified()), ("Cloud icons", 2, 1));
        assert_eq!(pack.icons.iter().map(|it| &*it.name).collect::<Vec<_>>(), ["A", "B"]);
        assert_eq!(pack.left_out.len(), 2);
        assert!(pack.left_out[1].1.starts_with("it is no SVG"), "{:?}", pack.left_out);
    }

    #[test]
    fn folders_are_remembered_read_again_and_forgotten() {
        let mut editor = Editor::new(Surroundings::fixed());
        assert!(editor.run("view.add-icons"));
        assert!(matches!(editor.take_effects()[..], [Effect::IconDialog]));
        let read = pack(Some("/icons/cloud"), &[("a.svg", RED)]);
        let event = |asked: &str, pack: &IconPack| Event::IconsRead {
            asked: asked.to_owned(),
            pack: Box::new(pack.clone()),
        };
        editor.handle(event("/icons/cloud", &read));
        assert_eq!(editor.notice().unwrap().text, "Added cloud: 1 icon.");
        editor.handle(event("/icons/cloud", &read));
        assert_eq!(editor.icon_packs().all().len(), 1, "it takes its own place");
        let settings = editor.settings();
        assert_eq!(settings.icon_folders, ["/icons/cloud"]);
        let mut next = Editor::new(Surroundings::fixed());
        next.set_settings(settings);
        assert!(matches!(&next.take_effects()[..], [Effect::ReadIcons(it)] if it == "/icons/cloud"));
        let message = "/icons/cloud was not opened: there is no such folder".to_owned();
        next.handle(Event::IconsFailed { asked: "/icons/cloud".to_owned(), message });
        assert!(next.notice().is_none(), "nobody asked for it just now");
        assert_eq!(next.icon_packs().failed().len(), 1);
        assert_eq!(next.settings().icon_folders.len(), 1, "it may be there again tomorrow");
        next.forget_icons("/icons/cloud");
        assert_eq!((next.settings().icon_folders.len(), next.icon_packs().failed().len()), (0, 0));
        editor.remove_icon_pack(0);
        assert_eq!((editor.settings().icon_folders.len(), editor.icon_packs().all().len()), (0, 0));
    }

    #[test]
    fn loose_icons_are_for_the_session_and_what_is_none_is_said() {
        let mut editor = Editor::new(Surroundings::fixed());
        let opened = |name: &str, text: &str| Event::Opened {
            name: name.to_owned(),
            path: None,
            bytes: text.as_bytes().to_vec(),
        };
        editor.handle(opened("red.svg", RED));
        editor.handle(opened("rose.svg", RED));
        assert_eq!(editor.icon_packs().all()[0].icons.len(), 2);
        assert!(editor.settings().icon_folders.is_empty());
        editor.handle(opened("bad.svg", "<svg/>"));
        let text = &editor.notice().unwrap().text;
        assert!(
            text.starts_with("My icons was not added: none of its files is an icon. bad.svg: "),
            "{text}"
        );
        editor.handle(Event::IconsRead {
            asked: "/empty".to_owned(),
            pack: Box::new(pack(Some("/empty"), &[])),
        });
        assert_eq!(editor.notice().unwrap().text, "empty was not added: there is no SVG in it.");
        editor.handle(Event::DialogEmpty(Dialog::Icons));
        assert_eq!(editor.notice().unwrap().offers, ["view.add-icons-path"]);
    }

    #[test]
    fn an_svg_with_elements_of_parapet_is_no_icon() {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("web-server", crate::scene::Pos::ZERO);
        editor.select([a]);
        editor.copy_svg();
        let effects = editor.take_effects();
        let Some(Effect::Copy(svg)) = effects.iter().find(|it| matches!(it, Effect::Copy(_))) else {
            panic!("{effects:?}")
        };
        editor.handle(Event::Opened {
            name: "x.svg".to_owned(),
            path: None,
            bytes: svg.clone().into_bytes(),
        });
        assert!(editor.icon_packs().all().is_empty());
        assert!(editor.notice().unwrap().text.contains("written and not read"), "{:?}", editor.notice());
    }
}
