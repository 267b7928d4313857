//! What `parapet rules --format json` prints. Fields stand in the order in which they are written.

use schemars::JsonSchema;
use serde::Serialize;

use super::super::ExportError;
use crate::rules::{self, ALL, Kind};

/// All rules, as `parapet rules --format json` prints them.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "parapet rules", deny_unknown_fields)]
pub(super) struct Rules {
    /// The number of this output's format.
    #[schemars(extend("const" = super::FORMAT_NUMBER))]
    format: u32,
    /// Sorted by id.
    rules: Vec<Rule>,
}

/// What is looked for.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rule {
    /// `parapet explain` shows its page.
    id: &'static str,
    /// What it finds, in a few words.
    label: &'static str,
    /// What it is a threat to, a letter each: Spoofing, Tampering, Repudiation, Information disclosure, Denial of
    /// service, Elevation of privilege, Availability and Privacy.
    #[schemars(with = "Vec<Letter>")]
    stride: Vec<char>,
    /// Numbers of the Common Weakness Enumeration; may be empty.
    cwe: &'static [u32],
    #[schemars(with = "Word")]
    kind: &'static str,
    /// How many tests stand in its source file.
    tests: usize,
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

/// The text of all rules.
///
/// # Errors
/// It cannot be written.
pub fn rules() -> Result<String, ExportError> {
    super::text(&Rules { format: super::FORMAT_NUMBER, rules: ALL.iter().map(|it| Rule::of(it)).collect() })
}

impl Rule {
    fn of(it: &'static rules::Rule) -> Self {
        Self {
            id: it.id,
            label: it.label,
            stride: it.stride.iter().map(|it| it.letter()).collect(),
            cwe: it.cwe,
            kind: Kind::slug(it.kind),
            tests: it.tests,
        }
    }
}
