//! What `parapet rules --format json` prints. Fields stand in the order in which they are written.

use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

use super::super::ExportError;
use crate::model::Model;
use crate::rules::{self, About, Kind};

/// All rules, as `parapet rules --format json` prints them.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "parapet rules", deny_unknown_fields)]
pub(super) struct Rules<'a> {
    /// The number of this output's format.
    #[schemars(extend("const" = super::FORMAT_NUMBER))]
    format: u32,
    /// Sorted by id, those of rule packs last.
    rules: Vec<Rule<'a>>,
}

/// What is looked for.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rule<'a> {
    /// `parapet explain` shows its page.
    id: String,
    /// What it finds, in a few words.
    label: &'a str,
    /// What it is a threat to, a letter each: Spoofing, Tampering, Repudiation, Information disclosure, Denial of
    /// service, Elevation of privilege, Availability and Privacy.
    #[schemars(with = "Vec<Letter>")]
    stride: Vec<char>,
    /// Numbers of the Common Weakness Enumeration; may be empty.
    cwe: &'a [u32],
    #[schemars(with = "Word")]
    kind: &'static str,
    /// How many tests stand in its source file; 0 for one of a rule pack.
    tests: usize,
    /// The title of the rule pack that it is of; absent for Parapet's own rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Cow<'a, str>>,
}

/// What it is a threat to.
#[derive(JsonSchema)]
#[schemars(inline)]
#[expect(dead_code, reason = "states the words of a schema")]
enum Letter {
    S,
    T,
    R,
    I,
    D,
    E,
    A,
    P,
}

/// Whether it finds at once by the structure of what is drawn, or asks first where nobody has said.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
#[expect(dead_code, reason = "states the words of a schema")]
enum Word {
    Structure,
    Asks,
}

/// The text of all rules, those of a model's packs included.
///
/// # Errors
/// It cannot be written.
pub fn rules(model: &Model) -> Result<String, ExportError> {
    let rules = rules::abouts(model).map(|it| Rule::of(&it)).collect();
    super::text(&Rules { format: super::FORMAT_NUMBER, rules })
}

impl<'a> Rule<'a> {
    fn of(it: &About<'a>) -> Self {
        Self {
            id: it.id.to_string(),
            label: it.label,
            stride: it.stride.iter().map(|it| it.letter()).collect(),
            cwe: it.cwe,
            kind: Kind::slug(it.kind),
            tests: it.tests,
            source: it.source.clone(),
        }
    }
}
