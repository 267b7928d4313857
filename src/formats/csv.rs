//! The findings as CSV (RFC 4180), for a spreadsheet that runs nothing: a cell that could be a formula is made a text.

use ::csv::WriterBuilder;

use super::{Export, ExportError, Format, one_line};
use crate::model::{Id, Model, Text, Verdict};
use crate::rules::{self, Finding};

pub(super) static FORMAT: Format = Format {
    id: "csv",
    label: "Findings (CSV)",
    extensions: &["csv"],
    is_picture: false,
    tells_findings: true,
    drops_packs: false,
    import: None,
    export: Some(export),
};

/// One column: its head, and what stands in it.
type Column = (&'static str, fn(&Row<'_>) -> String);

const COLUMNS: &[Column] = &[
    ("severity", |it| it.finding.severity.slug().to_owned()),
    ("rule", |it| it.finding.rule.to_string()),
    ("finding", |it| it.reads(&it.finding.message)),
    ("place", |it| it.reads(&it.finding.place)),
    ("why", |it| it.reads(&it.finding.because)),
    ("subjects", |it| it.names(&it.finding.subjects)),
    ("path", |it| {
        it.finding
            .evidence
            .path
            .iter()
            .map(|hop| it.model.title(&hop.element))
            .collect::<Vec<_>>()
            .join(" → ")
    }),
    ("state", |it| if it.is_open { "open" } else { "settled" }.to_owned()),
    ("verdict", |it| it.said(|it| it.state.slug()).unwrap_or("open").to_owned()),
    ("reason", |it| it.said(|it| &it.reason).unwrap_or_default().to_owned()),
    ("who", |it| it.said(|it| &it.who).unwrap_or_default().to_owned()),
    ("when", |it| it.said(|it| &it.when).unwrap_or_default().to_owned()),
    ("until", |it| it.said(|it| &it.until).unwrap_or_default().to_owned()),
    ("link", |it| it.said(|it| &it.link).unwrap_or_default().to_owned()),
    ("key", |it| it.finding.key.clone()),
    ("source", |it| {
        rules::source(it.model, &it.finding.rule).map_or_else(|| "Parapet".to_owned(), |it| it.into_owned())
    }),
];

struct Row<'a> {
    model: &'a Model,
    finding: &'a Finding,
    verdict: Option<&'a Verdict>,
    is_open: bool,
}

impl<'a> Row<'a> {
    fn reads(&self, text: &Text) -> String {
        text.read(self.model).into_owned()
    }

    fn names(&self, ids: &[Id]) -> String {
        ids.iter().map(|it| self.model.title(it)).collect::<Vec<_>>().join(", ")
    }

    fn said(&self, what: fn(&Verdict) -> &str) -> Option<&'a str> {
        self.verdict.map(what)
    }
}

fn export(it: &Export<'_>) -> Result<Vec<u8>, ExportError> {
    let refused = |it: ::csv::Error| ExportError(it.to_string());
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().map(|it| it.0)).map_err(refused)?;
    for finding in it.findings {
        let row = Row {
            model: it.model,
            finding,
            verdict: finding.standing(it.model, it.today).verdict(),
            is_open: finding.standing(it.model, it.today).is_open(),
        };
        writer.write_record(COLUMNS.iter().map(|it| harmless(&it.1(&row)))).map_err(refused)?;
    }
    writer.into_inner().map_err(|it| ExportError(it.to_string()))
}

/// A text of one line that no spreadsheet reads as a formula: a sign that starts one gets an apostrophe before it, at the
/// start of the cell and wherever a reader with another separator would start one (OWASP, "CSV injection").
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    let mut at_start = true;
    for c in one_line(text).trim().chars() {
        if at_start && matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            safe.push('\'');
        }
        safe.push(c);
        at_start = c == ';';
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_texts() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2", "'-2"),
            ("\t=1", "'=1"),
            ("\r1", "1"),
            ("a;=1", "a;'=1"),
            ("a\n+1", "a +1"),
            ("web-1 + web-2", "web-1 + web-2"),
            ("", ""),
        ] {
            assert_eq!(harmless(text), safe, "{text:?}");
        }
    }
}
