//! `parapet rules`: all rules, a line each.

use std::path::PathBuf;

use super::complaint::Complaint;
use super::style::Style;
use super::{Format, Reply, source};
use crate::formats::{json, one_line};
use crate::model::{Model, Stride};
use crate::rules::{self, About};

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
    /// Rule packs to list too: a file (*.parapet-rules.ron, *.tb7) or a folder of them; may be repeated
    #[arg(long, value_name = "PATH")]
    rules: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, style: Style) -> Result<Reply, Complaint> {
    let model = source::with_packs(Model::new(), &arguments.rules)?;
    let text = match arguments.format {
        Format::Text => in_words(&rules::abouts(&model).collect::<Vec<_>>(), style),
        Format::Json => json::rules(&model).map_err(|it| Complaint::new(it.to_string()))?,
    };
    Ok(Reply::text(text))
}

/// A heading and a line for each rule, within 100 columns for our own. Hence one blank between columns, and headings of narrow ones
/// that reach over what is free to their left.
fn in_words(all: &[About<'_>], style: Style) -> String {
    let widest = |width: fn(&About<'_>) -> usize| all.iter().map(width).max().unwrap_or(0);
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
    let line = |it: &About<'_>| {
        let (stride, cwe, kind) = (stride(it), cwe(it), it.kind.letter());
        format!(
            "{:ids$} {stride:letters$} {cwe:numbers$} {kind} {:5} {}\n",
            it.id.as_str(),
            it.tests,
            one_line(it.label)
        )
    };
    let lines: String = all.iter().map(line).collect();
    format!("{}\n{lines}", style.strong(&heading))
}

fn stride(rule: &About<'_>) -> String {
    if rule.stride == Stride::ALL {
        return "all".to_owned();
    }
    rule.stride.iter().map(|it| it.letter()).collect()
}

fn cwe(rule: &About<'_>) -> String {
    let numbers: Vec<String> = rule.cwe.iter().map(u32::to_string).collect();
    numbers.join(" ")
}
