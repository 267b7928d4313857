//! The walls between the rooms of `src/`: what each may use, read off every line. The table is that of ARCHITECTURE.md.
//!
//! Parts under `#[cfg(test)]` may use any room and any outsider. Blind to aliases and to `super::super::…` across
//! rooms; whoever reviews is not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A room, the rooms that it may use, and the outsiders.
struct Room {
    path: &'static str,
    rooms: &'static [&'static str],
    outsiders: &'static [&'static str],
}

const fn room(
    path: &'static str,
    rooms: &'static [&'static str],
    outsiders: &'static [&'static str],
) -> Room {
    Room { path, rooms, outsiders }
}

/// From the ground up. `ui` and the two files at the top are there for their list of modules only.
const ROOMS: &[Room] = &[
    room("model", &[], &["ron", "foldhash", "smallvec", "smol_str"]),
    // What follows from one thing and not from each other may be found by a thread each.
    room("analysis", &["model"], &["petgraph", "foldhash", "smallvec", "std::thread"]),
    // Each rule by itself, so that threads may share a run.
    room("rules", &["model", "analysis"], &["foldhash", "std::thread"]),
    room("tokens", &[], &["ron", "ttf_parser", "kurbo", "roxmltree", "usvg"]),
    room("scene", &["model", "analysis", "tokens"], &["petgraph", "foldhash", "rstar", "kurbo", "smallvec"]),
    room(
        "formats",
        &["model", "analysis", "rules", "tokens", "scene"],
        &["ron", "csv", "serde_json", "schemars", "roxmltree", "resvg"],
    ),
    room("editor", &["model", "analysis", "rules", "tokens", "scene", "formats"], &["foldhash"]),
    room(
        "cli",
        &["model", "analysis", "rules", "tokens", "formats", "editor"],
        &["clap", "serde_json", "std::fs", "std::env", "std::process", "std::time::SystemTime"],
    ),
    room("ui", &[], &[]),
    room("ui/theme", &["tokens"], &["egui", "kurbo", "lyon_tessellation"]),
    room("ui/widgets", &["tokens", "ui/theme"], &["egui"]),
    room("ui/paint", &["scene", "tokens", "ui/theme"], &["egui", "foldhash"]),
    room(
        "ui/canvas",
        &["model", "scene", "editor", "tokens", "ui/paint", "ui/theme", "ui/widgets"],
        &["egui"],
    ),
    room(
        "ui/panels",
        &["model", "analysis", "rules", "scene", "editor", "tokens", "ui/paint", "ui/theme", "ui/widgets"],
        &["egui"],
    ),
    room(
        "app",
        &["model", "analysis", "rules", "tokens", "scene", "formats", "editor", "ui"],
        &[
            "egui",
            "eframe",
            "bytemuck",
            "pollster",
            "rfd",
            "ron",
            "resvg",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "web_sys",
            "js_sys",
            "std::fs",
            "std::env",
            "std::net",
            "std::thread",
            "std::process",
            "std::time::Instant",
            "std::time::SystemTime",
        ],
    ),
    room("lib.rs", &[], &["mimalloc"]),
    room("main.rs", &[], &["std::env", "std::process"]),
];

/// Open to every room.
const COMMON: &[&str] = &["serde", "thiserror"];

/// What the core must never touch, beside the crates of Cargo.toml.
const OUTSIDE_WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::thread",
    "std::process",
    "std::time::Instant",
    "std::time::SystemTime",
];

/// Folders whose files never name each other, with the files that they share.
const LEAVES: &[(&str, &[&str])] = &[
    (
        "rules",
        &[
            "mod",
            "about",
            "alike",
            "arguments",
            "browsers",
            "bundles",
            "cases",
            "clear",
            "copies",
            "coverage",
            "duties",
            "entries",
            "exposures",
            "finding",
            "keeping",
            "kind",
            "one_answer",
            "loads",
            "order",
            "out",
            "outside",
            "packs",
            "partitioned",
            "passing",
            "personal",
            "report",
            "rule_id",
            "run",
            "sensitive",
            "severity",
            "shutting",
            "standing",
            "steering",
            "testing",
            "twins",
            "unnamed",
            "untraced",
            "waiting",
            "watching",
            "wording",
            "words",
        ],
    ),
    ("formats", &["mod", "fingerprint", "nearest"]),
    ("ui/panels", &["mod", "draft", "pressed", "searching"]),
    ("ui/canvas/tools", &["mod"]),
];

/// Leaves that are built on another by their nature.
const LEAF_ON_LEAF: &[(&str, &str)] = &[("formats/png", "formats/svg")];

/// The hard limits; the aim is 400 lines, and 100 lines of a function are clippy's to hold.
const LINES_OF_A_FILE: usize = 600;
const LINES_OF_MAIN: usize = 40;

/// A source file: its path below `src/` and its code without comments and test parts, line by line.
struct Source {
    path: String,
    code: Vec<String>,
}

impl Source {
    fn of(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let below = path.strip_prefix(src()).unwrap().to_str().unwrap().replace('\\', "/");
        let is_test = below.split('/').any(|it| matches!(it, "tests.rs" | "tests"));
        Self { path: below, code: if is_test { Vec::new() } else { without_tests(&text) } }
    }

    /// The room that it belongs to: of those that its path begins with, the longest.
    fn room(&self) -> Option<&'static Room> {
        ROOMS.iter().filter(|it| is_inside(&self.path, it.path)).max_by_key(|it| it.path.len())
    }

    /// What stands in it before the line `n`, counted from 0.
    fn at(&self, n: usize) -> String {
        format!("src/{}:{}", self.path, n + 1)
    }
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All source files, in order.
fn sources() -> Vec<Source> {
    let (mut open, mut files) = (vec![src()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files.iter().map(|it| Source::of(it)).collect()
}

fn is_inside(path: &str, room: &str) -> bool {
    path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with('/'))
}

/// The lines without comments; those of an item under `#[cfg(test)]`, or of a file that says `#![cfg(test)]`, are empty.
fn without_tests(text: &str) -> Vec<String> {
    if text.lines().any(|it| it == "#![cfg(test)]") {
        return Vec::new();
    }
    let mut end: Option<String> = None;
    let mut is_first = false;
    text.lines()
        .map(|line| {
            let code = line.split("//").next().unwrap().trim_end();
            let indent = &code[..code.len() - code.trim_start().len()];
            if code.trim() == "#[cfg(test)]" {
                (end, is_first) = (Some(format!("{indent}}}")), true);
                return String::new();
            }
            match &end {
                Some(brace) => {
                    let is_attribute = is_first && code.trim_start().starts_with("#[");
                    if code == brace || is_first && !is_attribute && code.ends_with(';') {
                        end = None;
                    }
                    is_first = is_attribute;
                    String::new()
                }
                None => code.to_owned(),
            }
        })
        .collect()
}

/// `crate::ui::canvas::Tool` → `ui/canvas`. A group, `crate::{…}`, is no room, hence always broken.
fn rooms_in(code: &str) -> impl Iterator<Item = String> {
    code.split("crate::").skip(1).map(|rest| {
        let is_path = |c: char| c == ':' || c == '_' || c.is_alphanumeric();
        let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
        let path: Vec<&str> = rest[..end].split("::").collect();
        let depth = if path[0] == "ui" { 2 } else { 1 };
        path[..depth.min(path.len())].join("/")
    })
}

fn uses(code: &str, outsider: &str) -> bool {
    let is_path = |c: char| c == '_' || c == ':' || c.is_alphanumeric();
    code.match_indices(outsider).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + outsider.len()..]);
        let is_whole =
            !before.ends_with(is_path) && !after.starts_with(|c: char| c == '_' || c.is_alphanumeric());
        is_whole && (after.starts_with("::") || before.ends_with("use ") || outsider.contains("::"))
    })
}

/// The crates of Cargo.toml that the program itself is built from.
fn dependencies() -> BTreeSet<String> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let text = std::fs::read_to_string(manifest).unwrap();
    let mut is_list = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('[') {
            is_list = line.ends_with("dependencies]") && !line.contains("dev-") && !line.contains("build-");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| is_list) {
            found.insert(name.trim().replace('-', "_"));
        }
    }
    found
}

/// Fails with one line for each breach.
#[track_caller]
fn assert_none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

#[test]
fn rooms_use_only_what_they_may() {
    let guarded: BTreeSet<String> =
        dependencies().into_iter().chain(OUTSIDE_WORLD.iter().map(|it| (*it).to_owned())).collect();
    let mut broken = Vec::new();
    for source in sources() {
        let Some(room) = source.room() else { continue };
        for (n, code) in source.code.iter().enumerate() {
            for used in rooms_in(code) {
                if !is_inside(&used, room.path) && !room.rooms.iter().any(|it| is_inside(&used, it)) {
                    broken.push(format!("{}: `{}` may not use `{used}`", source.at(n), room.path));
                }
            }
            for used in guarded.iter().filter(|it| uses(code, it)) {
                if !COMMON.contains(&used.as_str()) && !room.outsiders.contains(&used.as_str()) {
                    broken.push(format!("{}: `{}` may not use `{used}`", source.at(n), room.path));
                }
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn every_file_stands_in_a_listed_room() {
    let outside =
        |it: &Source| it.room().is_none().then(|| format!("src/{}: no room is listed for it", it.path));
    assert_none(&sources().iter().filter_map(outside).collect::<Vec<_>>());
    let gone = |it: &&Room| !src().join(it.path).exists();
    assert_none(
        &ROOMS.iter().filter(gone).map(|it| format!("the room `{}` is gone", it.path)).collect::<Vec<_>>(),
    );
}

#[test]
fn every_crate_is_let_into_some_room() {
    let stray = |it: &String| {
        let is_used =
            COMMON.contains(&it.as_str()) || ROOMS.iter().any(|room| room.outsiders.contains(&it.as_str()));
        (!is_used).then(|| format!("Cargo.toml: no room may use `{it}`"))
    };
    assert_none(&dependencies().iter().filter_map(stray).collect::<Vec<_>>());
}

#[test]
fn main_knows_the_command_line_and_the_app_alone() {
    let text = std::fs::read_to_string(src().join("main.rs")).unwrap();
    let lines = text.lines().count();
    assert!(
        lines <= LINES_OF_MAIN,
        "src/main.rs has {lines} lines, and at most {LINES_OF_MAIN} are its budget"
    );
    let is_name = |c: char| c == '_' || c.is_alphanumeric();
    let foreign = text.split("parapet::").skip(1).map(|it| it.split(|c| !is_name(c)).next().unwrap());
    let foreign: Vec<String> = foreign
        .filter(|it| !matches!(*it, "cli" | "app"))
        .map(|it| format!("src/main.rs may not use `{it}`"))
        .collect();
    assert_none(&foreign);
}

/// The names behind every `prefix` in a text, those of a group one by one, with the line that each starts in.
fn names_behind(code: &[String], prefix: &str) -> Vec<(usize, String)> {
    let is_name = |c: char| c == '_' || c.is_alphanumeric();
    let mut found = Vec::new();
    for (n, line) in code.iter().enumerate() {
        for (at, _) in line.match_indices(prefix) {
            if line[..at].ends_with(|c: char| is_name(c) || c == ':') {
                continue;
            }
            // A group may go on over lines.
            let rest = std::iter::once(&line[at + prefix.len()..])
                .chain(code[n + 1..].iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join(" ");
            let Some(group) = rest.strip_prefix('{') else {
                found.push((n, rest.chars().take_while(|c| is_name(*c)).collect()));
                continue;
            };
            let (mut depth, mut name) = (0, Some(String::new()));
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => found.extend(name.replace(String::new()).map(|it| (n, it))),
                    c if depth == 0 && is_name(c) => name.iter_mut().for_each(|it| it.push(c)),
                    c if depth == 0 && !c.is_whitespace() => {
                        found.extend(name.take().map(|it| (n, it)));
                    }
                    _ => {}
                }
            }
            found.extend(name.map(|it| (n, it)));
        }
    }
    found
}

#[test]
fn leaves_do_not_name_their_siblings() {
    let mut broken = Vec::new();
    for (folder, shared) in LEAVES {
        let leaf = |path: &str| {
            let name = path.strip_prefix(folder)?.strip_prefix('/')?.split('/').next()?;
            let name = name.strip_suffix(".rs").unwrap_or(name);
            (!shared.contains(&name)).then(|| name.to_owned())
        };
        let sources: Vec<Source> = sources().into_iter().filter(|it| leaf(&it.path).is_some()).collect();
        let all: BTreeSet<String> = sources.iter().filter_map(|it| leaf(&it.path)).collect();
        let of_room = format!("crate::{}::", folder.replace('/', "::"));
        for source in &sources {
            let own = leaf(&source.path).unwrap();
            let depth = source.path[folder.len() + 1..].matches('/').count();
            let is_mod = usize::from(source.path.ends_with("/mod.rs"));
            let up = "super::".repeat(depth + 1 - is_mod);
            let named =
                names_behind(&source.code, &of_room).into_iter().chain(names_behind(&source.code, &up));
            for (n, name) in named.filter(|(_, it)| *it != own && all.contains(it)) {
                let pair = (format!("{folder}/{own}"), format!("{folder}/{name}"));
                if !LEAF_ON_LEAF.iter().any(|(a, b)| (*a, *b) == (pair.0.as_str(), pair.1.as_str())) {
                    broken.push(format!("{}: a leaf may not name its sibling `{name}`", source.at(n)));
                }
            }
        }
    }
    assert_none(&broken);
}

#[test]
fn rules_are_listed_in_order_and_none_is_forgotten() {
    let shared = LEAVES[0].1;
    let files: BTreeSet<String> = std::fs::read_dir(src().join("rules"))
        .unwrap()
        .map(|it| it.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|it| !shared.contains(&it.as_str()))
        .map(|it| it.replace('_', "-"))
        .collect();
    let listed: Vec<&str> = parapet::rules::ALL.iter().map(|it| it.id).collect();
    assert_eq!(listed, files.iter().map(String::as_str).collect::<Vec<_>>(), "rules::ALL against src/rules/");
}

#[test]
fn every_file_says_what_it_is_and_keeps_its_size() {
    let mut broken = Vec::new();
    for source in sources() {
        let text = std::fs::read_to_string(src().join(&source.path)).unwrap();
        if !text.starts_with("//! ") {
            broken.push(format!("src/{}: opens without `//!`", source.path));
        }
        let lines = text.lines().count();
        if lines > LINES_OF_A_FILE {
            broken.push(format!("src/{}: {lines} lines, and {LINES_OF_A_FILE} are the limit", source.path));
        }
    }
    assert_none(&broken);
}

/// The walls stand only if what reads them sees a breach.
#[test]
fn a_planted_breach_is_seen() {
    assert_eq!(rooms_in("use crate::ui::canvas::Tool;").collect::<Vec<_>>(), ["ui/canvas"]);
    assert_eq!(rooms_in("use crate::{model, rules};").collect::<Vec<_>>(), [""]);
    assert!(uses("use egui::Ui;", "egui") && uses("let it: egui::Ui", "egui") && uses("use egui;", "egui"));
    assert!(uses("let now = std::time::Instant::now();", "std::time::Instant"));
    assert!(!uses("crate::formats::csv::write()", "csv"));
    let code =
        without_tests("use a; // b\n#[cfg(test)]\nmod tests {\n    use c;\n}\n#[cfg(test)]\nuse d;\nuse e;");
    assert_eq!(code.iter().filter(|it| !it.is_empty()).collect::<Vec<_>>(), ["use a;", "use e;"]);
    let group: Vec<String> =
        ["use super::{a, b::C,", "    d::{e, f}, g};", "super::h();"].map(str::to_owned).to_vec();
    let names: Vec<String> = names_behind(&group, "super::").into_iter().map(|(_, it)| it).collect();
    assert_eq!(names, ["a", "b", "d", "g", "h"]);
}
