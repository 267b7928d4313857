//! `parapet check FILE`: findings and questions, and an exit code that a pipeline can stop at.

// Copied for every further command, so keep it exemplary.

use std::path::PathBuf;
use std::sync::Arc;

use super::complaint::Complaint;
use super::style::Style;
use super::{Format, Reply, source};
use crate::analysis::Facts;
use crate::formats::{counted_or_no, json, one_line};
use crate::model::{Model, Severity, Verdict, is_day};
use crate::rules::{self, Finding, Report, Standing, key_in_words};

/// Check a document: print findings, and end with 1 if one is bad enough
///
/// Exit codes: 0 no finding at or above the level, 1 at least one, 2 bad input or bad usage. Findings with a verdict
/// that holds (accepted, mitigated, false positive, transferred) are shown and do not count.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// A document: *.parapet.ron, or *.parapet.txt in the text language
    file: PathBuf,
    /// How to print: for people, or for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The lowest level that makes the check fail
    #[arg(long, value_enum, default_value_t = Level::High, value_name = "LEVEL")]
    fail_on: Level,
    /// The day on which verdicts are asked whether they still hold; today unless said
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    on: Option<String>,
    /// Rule packs to run too: a file (*.parapet-rules.ron, *.tb7) or a folder of them; may be repeated
    #[arg(long, value_name = "PATH")]
    rules: Vec<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Level {
    Critical,
    High,
    Medium,
    Low,
}

impl Level {
    fn severity(self) -> Severity {
        match self {
            Self::Critical => Severity::Critical,
            Self::High => Severity::High,
            Self::Medium => Severity::Medium,
            Self::Low => Severity::Low,
        }
    }
}

fn day(text: &str) -> Result<String, String> {
    if is_day(text) { Ok(text.to_owned()) } else { Err("a day is written 2026-11-24".to_owned()) }
}

pub(super) fn run(arguments: &Arguments, style: Style) -> Result<Reply, Complaint> {
    let model = Arc::new(source::with_packs(source::open(&arguments.file)?, &arguments.rules)?);
    let report = rules::run(&Facts::of(Arc::clone(&model)));
    let name = arguments.file.display().to_string();
    let today = arguments.on.clone().unwrap_or_else(source::today);
    let text = match arguments.format {
        Format::Text => in_words(&name, &model, &report, (&today, style)),
        Format::Json => json::check(&source::export(&name, &model, &report, &today))
            .map_err(|it| Complaint::of_file(&arguments.file, &it.to_string()))?,
    };
    let least = arguments.fail_on.severity();
    let fails =
        report.findings.iter().any(|it| it.severity >= least && it.standing(&model, &today).is_open());
    Ok(Reply { text, remarks: source::problems(&arguments.file, &model), code: u8::from(fails) })
}

/// How many questions are worth a line on a terminal; the rest is counted.
const SHOWN_QUESTIONS: usize = 5;

fn in_words(file: &str, model: &Model, report: &Report, (today, style): (&str, Style)) -> String {
    let listed = rules::in_order(model, report.findings.iter().map(|it| &**it), |it| it);
    let (settled, open): (Vec<&Finding>, Vec<&Finding>) =
        listed.partition(|it| !it.standing(model, today).is_open());
    let size = [
        counted_or_no(model.components().len(), "component"),
        counted_or_no(model.flows().len(), "flow"),
        counted_or_no(model.boundaries().len(), "boundary"),
    ];
    let mut lines = vec![format!("{}: {}", style.strong(&one_line(file)), size.join(", "))];
    for finding in &open {
        let level = style.severity(finding.severity, &format!("{:8}", finding.severity.slug()));
        lines.push(String::new());
        lines.push(format!("{level}  {}", style.strong(&one_line(&finding.message.read(model)))));
        lines.push(indented(&finding.place.read(model)));
        lines.push(indented(&finding.because.read(model)));
        if let Standing::Discussed(verdict) = finding.standing(model, today) {
            lines.push(indented(&format!("In discussion: {}", said(verdict))));
        }
        if let Standing::Reopened(verdict) = finding.standing(model, today) {
            lines.extend(
                finding
                    .reopened_because(model, verdict, today)
                    .map(|it| indented(&format!("Open again. {it}"))),
            );
        }
        lines.push(style.faint(&indented(&finding.key)));
    }
    for (finding, verdict) in settled.iter().filter_map(|it| Some((it, it.standing(model, today).settled()?)))
    {
        lines.push(String::new());
        lines.push(format!(
            "{}: {}",
            verdict.state.label().to_lowercase(),
            one_line(&finding.message.read(model))
        ));
        lines.push(indented(&said(verdict)));
        lines.push(style.faint(&indented(&finding.key)));
    }
    for (key, verdict) in report.orphans(model) {
        let (state, what) = (verdict.state.label().to_lowercase(), key_in_words(model, key));
        lines.push(String::new());
        lines.push(format!("{state}, and its finding is gone: {}", one_line(&what)));
        lines.push(indented(&said(verdict)));
        lines.push(style.faint(&indented(key)));
    }
    if !report.questions.is_empty() {
        lines.push(String::new());
        lines.push(style.strong("To be answered first:"));
    }
    let asked = rules::questions_in_order(model, report.questions.iter().map(|it| &**it));
    for question in asked.take(SHOWN_QUESTIONS) {
        lines.push(format!("?         {}", one_line(&question.text.read(model))));
    }
    lines.push(String::new());
    lines.push(total(&open, settled.len(), report.questions.len()));
    lines.retain(|it| it.is_empty() || !it.trim().is_empty());
    lines.push(String::new());
    lines.join("\n")
}

/// Why, and who says so.
fn said(verdict: &Verdict) -> String {
    let said = [&verdict.reason, &verdict.who].map(|it| it.trim());
    said.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn indented(text: &str) -> String {
    format!("          {}", one_line(text))
}

fn total(open: &[&Finding], settled: usize, questions: usize) -> String {
    let of_level = |level: Severity| (open.iter().filter(|it| it.severity == level).count(), level.slug());
    let levels = Severity::ALL.map(of_level).into_iter().filter(|(n, _)| *n > 0);
    let levels: Vec<String> = levels.map(|(n, level)| format!("{n} {level}")).collect();
    let levels = if levels.is_empty() { String::new() } else { format!(" ({})", levels.join(", ")) };
    let settled = if settled == 0 { String::new() } else { format!(", {settled} settled by a verdict") };
    format!(
        "{}{levels}{settled}, {}",
        counted_or_no(open.len(), "finding"),
        counted_or_no(questions, "question")
    )
}
