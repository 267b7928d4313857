//! Packs: rules of a user's own, as data. They stand in the document, so that they travel with it, or in a file beside it.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use ron::extensions::Extensions;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::condition::{self, Condition, Is, Sort};
use super::record::{fields, record};
use super::{Id, Model, Severity, Stride};

/// The format of files of rules that is read.
pub const PACK_FORMAT: u32 = 1;
/// The longest file of rules that is read, in bytes.
pub const MAX_PACK_BYTES: usize = 8 << 20;
/// The longest title of a pack, in characters. A file's name has no more.
const MAX_TITLE: usize = 255;
/// The most rules that a pack has.
pub const MAX_PACK_RULES: usize = 1000;

record! {
    /// A pack of rules.
    pub struct Pack {
        #[serde(deserialize_with = "short")]
        pub title: String,
        /// Where it came from: the name of a file.
        #[serde(deserialize_with = "short")]
        pub source: String,
        #[serde(deserialize_with = "short")]
        pub version: String,
        #[serde(deserialize_with = "rules")]
        pub rules: Vec<PackRule>,
    }
}

fields!(PackRule);

impl Pack {
    /// Its title, or how it is called in keys.
    pub fn title<'a>(&'a self, id: &'a Id) -> &'a str {
        if self.title.trim().is_empty() { id.as_str() } else { &self.title }
    }

    pub fn rule(&self, id: &str) -> Option<&PackRule> {
        self.rules.iter().find(|it| it.id.as_str() == id)
    }
}

impl Model {
    /// The title of a pack; two of one title are told apart by how they are called in keys.
    pub fn pack_title<'a>(&'a self, id: &'a Id) -> Cow<'a, str> {
        let title = self.packs().get(id).map_or(id.as_str(), |it| it.title(id));
        let is_it = |(other, it): (&Id, &Arc<Pack>)| other != id && it.title(other).trim() == title.trim();
        if self.packs().iter().any(is_it) { format!("{} ({id})", title.trim()).into() } else { title.into() }
    }
}

/// A rule of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackRule {
    /// Unique in its pack; findings show it behind the pack's id: `house/no-ftp`.
    pub id: Id,
    /// What it finds, in a few words.
    pub label: String,
    pub subject: PackSubject,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stride: Vec<Stride>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cwe: Vec<u32>,
    /// None: by the data that is at stake and by how near the internet is, as with built-in rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    pub when: Condition,
    /// What is wrong, of this subject: `{name}`; of a flow, also `{source}` and `{target}`.
    pub message: String,
    /// Why it matters here, with the same places for names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What it is about and what to do, for the manual's page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub advice: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<PackFix>,
}

/// What a pack's rule looks at, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackSubject {
    Component,
    Flow,
    Boundary,
    Api,
    Dataset,
    Asset,
}

/// The answer that mends what a pack's rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackFix {
    /// A verb with its object: `Encrypt it`.
    pub label: String,
    /// A control, or a field that holds an answer.
    #[serde(deserialize_with = "condition::field")]
    pub set: String,
    pub to: Is,
}

/// A pack as it stands in a file of its own.
#[derive(Deserialize)]
#[serde(rename = "pack", deny_unknown_fields)]
struct File {
    #[serde(rename = "format")]
    _format: u32,
    id: Id,
    #[serde(default, deserialize_with = "short")]
    title: String,
    #[serde(default, deserialize_with = "short")]
    version: String,
    #[serde(deserialize_with = "rules")]
    rules: Vec<PackRule>,
}

#[derive(Deserialize)]
#[serde(rename = "pack")]
struct Header {
    format: u32,
}

/// Why a text is no RON or has a value of the wrong type, in words of whoever writes rules, who knows none of our types.
fn syntax(error: ron::error::SpannedError) -> PackError {
    let (line, column) = (error.span.start.line.max(1), error.span.start.col.max(1));
    let what = match error.code {
        ron::Error::NoSuchEnumVariant { found, expected: known, .. }
        | ron::Error::NoSuchStructField { found, expected: known, .. } => {
            return PackError::Word { line, column, found, known };
        }
        ron::Error::MissingStructField { field, .. } => format!("`{field}` is missing"),
        ron::Error::DuplicateStructField { field, .. } => format!("`{field}` is there twice"),
        ron::Error::ExpectedIdentifier => "a word without quotes is expected".to_owned(),
        ron::Error::ExpectedString => "a text in quotes is expected".to_owned(),
        ron::Error::ExpectedInteger => "a number is expected".to_owned(),
        ron::Error::ExceededRecursionLimit => "this is nested too deep".to_owned(),
        code => code.to_string(),
    };
    PackError::Syntax { line, column, what }
}

/// Who checks words and rules of a file while it is read, so that what they say has its place.
#[derive(Clone, Copy)]
pub struct Strict {
    /// A word of a condition that no table knows.
    pub word: fn(Sort, &str) -> Result<(), String>,
    /// A rule that cannot be meant so.
    pub rule: fn(&PackRule) -> Result<(), String>,
}

/// Why a text is no pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Lines and columns count from 1.
    #[error("line {line}, column {column}: {what}")]
    Syntax { line: usize, column: usize, what: String },
    /// A word or a field that is none of those that can stand there.
    #[error("line {line}, column {column}: there is no `{found}` here")]
    Word { line: usize, column: usize, found: String, known: &'static [&'static str] },
    #[error("these rules have format {found}, and this Parapet reads format {PACK_FORMAT}")]
    Format { found: u32 },
}

/// Reads the text of a file of rules, its words checked by somebody.
///
/// # Errors
/// The text is no RON, holds a value of the wrong type, two rules of one id, too much of something, or what `strict`
/// refuses. Nothing of it is taken then.
pub fn read_pack(text: &str, strict: Strict) -> Result<(Id, Pack), PackError> {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let found = options.from_str::<Header>(text).map_err(syntax)?.format;
    if found != PACK_FORMAT {
        return Err(PackError::Format { found });
    }
    let File { id, title, version, rules, .. } =
        strictly(strict, || options.from_str(text)).map_err(syntax)?;
    Ok((id, Pack { title, version, rules, source: String::new() }))
}

thread_local! {
    /// A document is read as it is, a file of rules is checked. Serde hands no context down to where a word is read, and
    /// only there its place is known.
    static STRICT: Cell<Option<Strict>> = const { Cell::new(None) };
}

/// Reads something with its words checked.
fn strictly<T>(strict: Strict, read: impl FnOnce() -> T) -> T {
    /// Ends it even if reading unwinds.
    struct Until(Option<Strict>);
    impl Drop for Until {
        fn drop(&mut self) {
            STRICT.set(self.0);
        }
    }
    let _until = Until(STRICT.replace(Some(strict)));
    read()
}

/// Checks a word if somebody wants that.
pub(super) fn checked(sort: Sort, word: &str) -> Result<(), String> {
    STRICT.get().map_or(Ok(()), |it| (it.word)(sort, word))
}

/// Reads a text that every finding of the pack repeats. A document with a longer one loads, too.
fn short<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.chars().count() {
        ..=MAX_TITLE => Ok(text),
        length if STRICT.get().is_some() => Err(de::Error::custom(format!(
            "this text has {length} characters, and at most {MAX_TITLE} are read"
        ))),
        _ => Ok(text.chars().take(MAX_TITLE).collect()),
    }
}

/// Reads rules one by one, so that what is wrong with one is said where it ends.
fn rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PackRule>, D::Error> {
    struct Rules;

    impl<'de> Visitor<'de> for Rules {
        type Value = Vec<PackRule>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of rules: [(id: …, …), …]")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let (mut rules, mut ids) = (Vec::new(), BTreeSet::new());
            while let Some(rule) = seq.next_element::<PackRule>()? {
                if rules.len() >= MAX_PACK_RULES {
                    return Err(de::Error::custom(format!("a pack has at most {MAX_PACK_RULES} rules")));
                }
                if !ids.insert(rule.id.clone()) {
                    return Err(de::Error::custom(format!("there are two rules `{}` in this pack", rule.id)));
                }
                if let Some(strict) = STRICT.get() {
                    let said = (strict.rule)(&rule);
                    said.map_err(|it| de::Error::custom(format!("the rule `{}`: {it}", rule.id)))?;
                }
                rules.push(rule);
            }
            Ok(rules)
        }
    }

    deserializer.deserialize_seq(Rules)
}
