//! Machine output: what `parapet check` and `parapet rules` print with `--format json`, and `parapet simulate`, with its
//! schemas made from the types.

mod check;
mod rules;
mod simulation;

use std::fmt::Write as _;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::{Export, ExportError, Format, steers};

pub use rules::rules;
pub use simulation::simulation;

/// The format that is written.
const FORMAT_NUMBER: u32 = 1;

pub(super) static FORMAT: Format = Format {
    id: "json",
    label: "Findings (JSON)",
    extensions: &["json"],
    is_picture: false,
    tells_findings: true,
    drops_packs: false,
    import: None,
    export: Some(|it| check(it).map(String::into_bytes)),
};

/// The text of a check: findings and questions.
///
/// # Errors
/// It cannot be written.
pub fn check(it: &Export<'_>) -> Result<String, ExportError> {
    text(&check::Check::of(it))
}

/// What a file of `schemas/` holds.
pub struct SchemaFile {
    pub name: &'static str,
    pub schema: fn() -> Result<String, ExportError>,
}

/// The schemas of all outputs.
pub static SCHEMAS: &[SchemaFile] = &[
    SchemaFile { name: "check.schema.json", schema: schema::<check::Check<'static>> },
    SchemaFile { name: "rules.schema.json", schema: schema::<rules::Rules<'_>> },
    SchemaFile { name: "simulate.schema.json", schema: schema::<simulation::Simulation<'static>> },
];

fn schema<T: JsonSchema>() -> Result<String, ExportError> {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    text(&settings.into_generator().into_root_schema_for::<T>())
}

/// A value as text: pretty, keys in the order of the fields. Characters that steer what is seen are written as escapes,
/// which mean the same.
fn text(value: &impl Serialize) -> Result<String, ExportError> {
    let plain = serde_json::to_string_pretty(value).map_err(|it| ExportError(it.to_string()))?;
    let mut text = String::with_capacity(plain.len() + 1);
    for c in plain.chars() {
        // Outside its strings, JSON is ASCII.
        if !c.is_ascii() && steers(c) {
            // Writing to a String cannot fail.
            _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_the_same() {
        let said = "\u{202e}a\u{85}\n\"é\u{2028}";
        let written = text(&said).unwrap();
        assert_eq!(written, "\"\\u202ea\\u0085\\n\\\"é\\u2028\"\n");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), said);
    }
}
