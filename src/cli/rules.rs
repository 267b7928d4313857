//! `parapet rules`: all rules, a line each.

use super::complaint::Complaint;
use super::style::Style;
use super::{Format, Reply};
use crate::formats::json;
use crate::model::Stride;
use crate::rules::{self, Rule};

/// List the rules: id, STRIDE letters, CWE, kind, count of tests, what it finds
///
/// The letters are Spoofing, Tampering, Repudiation, Information disclosure, Denial of service, Elevation of privilege,
/// Availability and Privacy, or `all`. Of kind S are rules to which what is drawn is enough; those of kind Q ask first where nobody
/// has said. Tests are those that stand in the rule's own file.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// How to print: for people, or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments, style: Style) -> Result<Reply, Complaint> {
    let text = match arguments.format {
        Format::Text => in_words(style),
        Format::Json => json::rules().map_err(|it| Complaint::new(it.to_string()))?,
    };
    Ok(Reply::text(text))
}

/// A heading and a line for each rule, within 100 columns. Hence one blank between columns, and headings of narrow ones
/// that reach over what is free to their left.
fn in_words(style: Style) -> String {
    let widest = |width: fn(&Rule) -> usize| rules::ALL.iter().map(|it| width(it)).max().unwrap_or(0);
    let ids = widest(|it| it.id.len());
    let letters = widest(|it| stride(it).len()).max("STRIDE".len());
    let numbers = widest(|it| cwe(it).len()).max("CWE kind".len());
    let heading = format!(
        "{:ids$} {:letters$} CWE{:>rest$} tests finds",
        "rule",
        "STRIDE",
        "kind",
        rest = numbers + " S".len() - "CWE".len(),
    );
    let line = |it: &&Rule| {
        let (stride, cwe, kind) = (stride(it), cwe(it), it.kind.letter());
        format!("{:ids$} {stride:letters$} {cwe:numbers$} {kind} {:5} {}\n", it.id, it.tests, it.label)
    };
    let lines: String = rules::ALL.iter().map(line).collect();
    format!("{}\n{lines}", style.strong(&heading))
}

fn stride(rule: &Rule) -> String {
    if rule.stride == Stride::ALL {
        return "all".to_owned();
    }
    rule.stride.iter().map(|it| it.letter()).collect()
}

fn cwe(rule: &Rule) -> String {
    let numbers: Vec<String> = rule.cwe.iter().map(u32::to_string).collect();
    numbers.join(" ")
}
