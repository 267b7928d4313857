//! The findings as CSV (RFC 4180), for a spreadsheet that runs nothing: a cell that could be a formula is made a text.

use ::csv::WriterBuilder;

use super::{Export, ExportError, Format, one_line};
use crate::model::{Id, Model, Verdict};
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
    ("severity", |it| it.of(|it, _| it.severity.slug().to_owned())),
    ("rule", |it| it.rule.to_owned()),
    ("finding", |it| match it.finding {
        Some(finding) => finding.message.read(it.model).into_owned(),
        None => rules::key_in_words(it.model, it.key),
    }),
    ("place", |it| it.of(|it, model| it.place.read(model).into_owned())),
    ("why", |it| it.of(|it, model| it.because.read(model).into_owned())),
    ("subjects", |it| it.of(|it, model| names(model, &it.subjects).join(", "))),
    ("path", |it| it.of(|it, model| names(model, it.evidence.path.iter().map(|it| &it.element)).join(" → "))),
    ("state", |it| it.state.to_owned()),
    ("verdict", |it| it.said(|it| it.state.slug()).unwrap_or("open").to_owned()),
    ("reason", |it| it.said(|it| &it.reason).unwrap_or_default().to_owned()),
    ("who", |it| it.said(|it| &it.who).unwrap_or_default().to_owned()),
    ("when", |it| it.said(|it| &it.when).unwrap_or_default().to_owned()),
    ("until", |it| it.said(|it| &it.until).unwrap_or_default().to_owned()),
    ("link", |it| it.said(|it| &it.link).unwrap_or_default().to_owned()),
    ("key", |it| it.key.to_owned()),
    ("source", |it| match rules::source(it.model, it.rule) {
        Some(pack) => pack.into_owned(),
        None if it.finding.is_some() || rules::find(it.rule).is_some() => "Parapet".to_owned(),
        // Of a pack that is gone nobody knows what it was called.
        None => String::new(),
    }),
];

/// A finding, or a verdict whose finding is gone.
struct Row<'a> {
    model: &'a Model,
    finding: Option<&'a Finding>,
    key: &'a str,
    rule: &'a str,
    verdict: Option<&'a Verdict>,
    /// `open`, `settled` or, of a verdict alone, `gone`.
    state: &'static str,
}

impl<'a> Row<'a> {
    fn of_finding(it: &Export<'a>, finding: &'a Finding) -> Self {
        let standing = finding.standing(it.model, it.today);
        Self {
            model: it.model,
            finding: Some(finding),
            key: &finding.key,
            rule: &finding.rule,
            verdict: standing.verdict(),
            state: if standing.is_open() { "open" } else { "settled" },
        }
    }

    fn of_orphan(it: &Export<'a>, (key, verdict): (&'a str, &'a Verdict)) -> Self {
        let rule = key.split(':').next().unwrap_or_default();
        Self { model: it.model, finding: None, key, rule, verdict: Some(verdict), state: "gone" }
    }

    /// What is to be said of the finding, as long as there is one.
    fn of(&self, what: fn(&Finding, &Model) -> String) -> String {
        self.finding.map(|it| what(it, self.model)).unwrap_or_default()
    }

    fn said(&self, what: fn(&Verdict) -> &str) -> Option<&'a str> {
        self.verdict.map(what)
    }
}

fn names<'a>(model: &Model, ids: impl IntoIterator<Item = &'a Id>) -> Vec<String> {
    ids.into_iter().map(|it| model.title(it)).collect()
}

fn export(it: &Export<'_>) -> Result<Vec<u8>, ExportError> {
    let refused = |it: ::csv::Error| ExportError(it.to_string());
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().map(|it| it.0)).map_err(refused)?;
    let findings = it.in_order().map(|finding| Row::of_finding(it, finding));
    let orphans = it.orphans().into_iter().map(|orphan| Row::of_orphan(it, orphan));
    for row in findings.chain(orphans) {
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
