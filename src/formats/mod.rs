//! Formats: bytes to and from a model, and reports on it. One file a format.
//!
//! A format is registered by two lines here, its module and its place in [`ALL`]. The menu of exports, the file dialogs,
//! `parapet convert` and the tests loop over the list; nothing else knows the formats one by one. Formats do no input or
//! output: they turn bytes into a model and a model into bytes.

mod csv;
mod document;
mod fingerprint;
pub mod journal;
pub mod json;
mod markdown;
pub mod nearest;
mod pack;
#[cfg(not(target_arch = "wasm32"))]
pub mod png;
pub mod svg;
mod tb7;
pub mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

pub use fingerprint::Fingerprint;

use crate::model::{Draft, Id, MAIN_VIEW, MAX_PACK_BYTES, Model, Nesting, Pack, Verdict, View, counted};
use crate::rules::{self, Finding, Question};
use crate::scene;

/// All formats, in the order of a menu.
pub static ALL: &[&Format] = &[
    &document::FORMAT,
    &text::FORMAT,
    &markdown::FORMAT,
    &csv::FORMAT,
    &json::FORMAT,
    &svg::FORMAT,
    #[cfg(not(target_arch = "wasm32"))]
    &png::FORMAT,
];

/// A format.
#[derive(Debug)]
pub struct Format {
    /// Its slug.
    pub id: &'static str,
    /// What a menu calls it.
    pub label: &'static str,
    /// The endings of its files without the first dot, the one to write first: `parapet.ron`, `ron`.
    pub extensions: &'static [&'static str],
    /// It shows the drawing, and not the model or what is found.
    pub is_picture: bool,
    /// It tells what is found: it is right only with the findings of the model.
    pub tells_findings: bool,
    /// It is read again, and without the rule packs and the icons of a user's own, which it cannot hold: whoever writes it is
    /// to be told.
    pub drops_packs: bool,
    pub import: Option<Import>,
    pub export: Option<Write>,
}

/// Reads a file.
pub type Import = fn(&[u8]) -> Result<Model, ImportError>;
/// Writes a file.
pub type Write = fn(&Export<'_>) -> Result<Vec<u8>, ExportError>;

/// What is exported: a model, what the rules say of it, and what it is called.
pub struct Export<'a> {
    pub model: &'a Model,
    /// The view whose picture is drawn; none is the first.
    pub view: Option<&'a Id>,
    pub findings: &'a [Arc<Finding>],
    pub questions: &'a [Arc<Question>],
    /// The name of the model's file.
    pub file: &'a str,
    /// The day it is written, `2026-11-24`: a verdict may have an end. Empty if nobody knows.
    pub today: &'a str,
}

impl<'a> Export<'a> {
    /// The findings as every listing has them.
    fn in_order(&self) -> impl Iterator<Item = &'a Finding> {
        rules::in_order(self.model, self.findings.iter().map(|it| &**it), |it| it)
    }

    /// The questions as every listing has them.
    fn questions_in_order(&self) -> impl Iterator<Item = &'a Question> {
        rules::questions_in_order(self.model, self.questions.iter().map(|it| &**it))
    }

    /// Verdicts whose finding is gone, by their keys: they are kept, as it may come back, and whoever reads a report of
    /// what was decided is to find them there.
    fn orphans(&self) -> Vec<(&'a str, &'a Verdict)> {
        rules::orphans(self.model, self.findings)
    }

    fn view(&self) -> Id {
        self.view.or_else(|| self.model.first_view()).cloned().unwrap_or_else(|| Id::slug(MAIN_VIEW))
    }
}

/// Why bytes are no model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// Line and column, from 1, where one place is to blame.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub what: String,
    /// What to do about it; may be empty.
    pub hint: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}

impl std::error::Error for ImportError {}

/// Why a model cannot be had in a format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ExportError(pub String);

/// The format that the name of a file tells by its ending, in capitals or not.
pub fn of_name(name: &str) -> Option<&'static Format> {
    let name = name.to_ascii_lowercase();
    let ends = |it: &str| name.strip_suffix(it).is_some_and(|it| it.ends_with('.'));
    ALL.iter().copied().find(|it| it.extensions.iter().any(|it| ends(it)))
}

/// The name of a file without the ending that tells its format: `shop` of `shop.parapet.ron`.
pub fn stem(name: &str) -> &str {
    let endings = ALL.iter().flat_map(|it| it.extensions);
    let stem = |it: &str| {
        let at = name.len().checked_sub(it.len())?;
        let (stem, ending) = name.split_at_checked(at)?;
        stem.strip_suffix('.').filter(|_| ending.eq_ignore_ascii_case(it))
    };
    // The shortest is what the longest ending leaves.
    endings.filter_map(|it| stem(it)).min_by_key(|it| it.len()).unwrap_or(name)
}

/// The format of a slug.
pub fn find(id: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|it| it.id == id)
}

/// Reads the file of a name in the format that its ending tells, and as a document if that tells none.
///
/// # Errors
/// The bytes are no model, or the format is one that is only written.
pub fn import(name: &str, bytes: &[u8]) -> Result<Model, ImportError> {
    if is_pack(name) {
        return Err(ImportError {
            place: None,
            what: "these are rules and no document".to_owned(),
            hint: "add them to an open document, or name them behind --rules".to_owned(),
        });
    }
    let format = of_name(name).unwrap_or(&document::FORMAT);
    let Some(import) = format.import else {
        let read = ALL.iter().filter(|it| it.import.is_some());
        let endings: Vec<String> =
            read.filter_map(|it| it.extensions.first()).map(|it| format!("*.{it}")).collect();
        return Err(ImportError {
            place: None,
            what: format!("this kind of file ({}) is written and not read", format.label),
            hint: format!("open a {}", endings.join(" or a ")),
        });
    };
    import(bytes)
}

/// Whether the name of a file says that it holds rules.
pub fn is_pack(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    PACK_ENDINGS.iter().any(|it| name.ends_with(it))
}

/// The endings of files of rules: our own, and templates of the Microsoft Threat Modeling Tool.
pub const PACK_ENDINGS: [&str; 2] = [".parapet-rules.ron", ".tb7"];

/// The most faults of one file of rules that are told: whoever mends so many reads it again.
const MAX_FAULTS: usize = 20;

/// Reads a file of rules; `name` tells its format, and is kept as where the pack came from.
///
/// # Errors
/// It is no such file, or rules in it cannot be meant so: what is wrong with each, and one fault at least. Nothing of it is
/// taken then.
pub fn pack(name: &str, bytes: &[u8]) -> Result<(Id, Pack), Vec<ImportError>> {
    let refused =
        |what: String, hint: &str| Err(vec![ImportError { place: None, what, hint: hint.to_owned() }]);
    if bytes.len() > MAX_PACK_BYTES {
        let what =
            format!("the file has {} bytes or more, and at most {MAX_PACK_BYTES} are read", bytes.len());
        return refused(what, "split it into several packs");
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            return refused(format!("byte {} is no text", error.valid_up_to()), "save it as UTF-8");
        }
    };
    let is_template = name.to_ascii_lowercase().ends_with(".tb7");
    let read = if is_template { tb7::read(text) } else { pack::read_all(text, MAX_FAULTS + 1) };
    let (id, pack) = read.map_err(|mut faults| {
        if faults.len() > MAX_FAULTS {
            faults.truncate(MAX_FAULTS);
            let what = format!("more is wrong with it than these {MAX_FAULTS} faults");
            faults.push(ImportError { place: None, what, hint: "correct them first".to_owned() });
        }
        faults
    })?;
    Ok((id, Pack { source: one_line(name), ..pack }))
}

/// What is wrong with one of several files of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFault {
    /// The number of the file.
    pub file: usize,
    pub error: ImportError,
}

/// Reads files of rules, all of them or none; `told` says how one of a number is called.
///
/// # Errors
/// What is wrong with each of them: that two are of one id, too.
pub fn packs(
    files: &[(String, Vec<u8>)],
    told: impl Fn(usize) -> String,
) -> Result<Vec<(Id, Pack)>, Vec<PackFault>> {
    let (mut packs, mut faults) = (Vec::new(), Vec::new());
    let mut first: BTreeMap<Id, usize> = BTreeMap::new();
    for (file, (name, bytes)) in files.iter().enumerate() {
        match pack(name, bytes) {
            Ok((id, pack)) => {
                if let Some(other) = first.get(&id) {
                    let what = format!("its id `{id}` is that of {} too", told(*other));
                    let hint = "give one of them another id".to_owned();
                    faults.push(PackFault { file, error: ImportError { place: None, what, hint } });
                } else {
                    first.insert(id.clone(), file);
                    packs.push((id, pack));
                }
            }
            Err(all) => faults.extend(all.into_iter().map(|error| PackFault { file, error })),
        }
    }
    if faults.is_empty() { Ok(packs) } else { Err(faults) }
}

/// A model that tells no places, with a place on its first view for all that can be drawn.
pub fn placed(mut model: Model) -> Model {
    let view = model.first_view().cloned().unwrap_or_else(|| Id::slug(MAIN_VIEW));
    let drawn = model.components().keys().chain(model.boundaries().keys());
    let new: Vec<scene::New> =
        drawn.map(|id| scene::New { id: id.clone(), wish: scene::Wish::Anywhere }).collect();
    let places = scene::place_new(&model, &Nesting::of(&model), &view, &new);
    let mut draft = Draft::of(&model);
    if model.views().is_empty() {
        draft.put(view.clone(), View { name: "Main".to_owned(), ..View::default() });
    }
    for (id, place) in places {
        draft.put((view.clone(), id), place);
    }
    let edit = draft.finish();
    model.apply(&edit);
    model
}

/// Whether a character is not seen and yet steers what is: controls, the ends of lines and paragraphs, and marks that
/// turn the direction of the text behind them (Unicode Standard Annex 9, section 2).
pub fn steers(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A text as a part of one line: the end of a line is a blank, what else [`steers`] is shown as `�`.
pub fn one_line(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        it if steers(it) => char::REPLACEMENT_CHARACTER,
        it => it,
    };
    text.chars().map(shown).collect()
}

/// The lines of a text, what [`steers`] shown as `�`.
pub fn plain_lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(one_line)
}

/// `1 boundary`, `2 boundaries`, `no component`.
pub fn counted_or_no(n: usize, word: &str) -> String {
    if n == 0 { format!("no {word}") } else { counted(n, word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_formats() {
        let id = |name| of_name(name).map(|it| it.id);
        assert_eq!(id("shop.parapet.ron"), Some("document"));
        assert_eq!(id("/a.b/Shop.RON"), Some("document"));
        assert_eq!(id("shop.parapet.txt"), Some("text"));
        assert_eq!(id("shop.svg"), Some("svg"));
        assert_eq!((id("shop"), id("ron"), id("shop.parapet.ron.previous")), (None, None, None));
        assert_eq!(
            [stem("shop.parapet.ron"), stem("Shop.TXT"), stem("é"), stem("a.b")],
            ["shop", "Shop", "é", "a.b"]
        );
    }

    #[test]
    fn every_format_is_its_own() {
        for (n, format) in ALL.iter().enumerate() {
            assert!(format.import.is_some() || format.export.is_some(), "{}", format.id);
            let extension = format.extensions.first().unwrap();
            assert_eq!(of_name(&format!("x.{extension}")).map(|it| it.id), Some(format.id));
            assert!(ALL[..n].iter().all(|it| it.id != format.id && it.label != format.label));
            assert_eq!(find(format.id).map(|it| it.label), Some(format.label));
        }
    }

    #[test]
    fn what_is_only_written_says_so() {
        let said = import("shop.md", b"# Shop").unwrap_err().to_string();
        assert_eq!(
            said,
            "this kind of file (Markdown report) is written and not read; open a *.parapet.ron or a *.parapet.txt"
        );
        assert!(import("shop.parapet.ron.previous", b"(format: 1)").is_ok());
    }

    #[test]
    fn what_steers_is_shown() {
        assert_eq!(one_line("a\r\nb\u{202e}c\u{7}\u{2029}d é 名"), "a  b\u{fffd}c\u{fffd} d é 名");
    }
}
