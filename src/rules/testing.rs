//! What tests of rules are written with: a model in the text language, and what rules say of it, a line each.
//!
//! Every rule has three cases: one that fires, its twin that must not, one that asks.
//!
//! ```ignore
//! #[test]
//! fn what_fires_what_does_not_and_what_asks() {
//!     fires(&RULE, "db: postgres [stores cards; encryption-at-rest no]", "high … — …");
//!     silent(&RULE, "db: postgres [stores cards; encryption-at-rest yes]");
//!     asks(&RULE, "db: postgres [stores cards]", "? …");
//! }
//! ```

#![cfg(test)]

use std::sync::Arc;

use super::{Evidence, Finding, Kind, Question, Report, Rule, find, fixes, run_only, wording};
use crate::analysis::Facts;
use crate::formats::text;
use crate::model::{Edit, Model, Text};

/// The facts of a text.
#[track_caller]
pub(super) fn facts(text: &str) -> Facts {
    facts_of(model(text))
}

/// What one rule says of a text.
#[track_caller]
pub(super) fn report(rule: &'static Rule, text: &str) -> Report {
    let report = said(&facts(text), rule);
    let may_ask = rule.kind == Kind::Asks || report.questions.is_empty();
    assert!(may_ask, "{} says that it never asks, but\n{}", rule.id, lines(&report));
    let complaints = complaints(rule, &model(text));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    report
}

/// What of all that a rule says and offers reads wrong where a title is many, or where it is one.
fn complaints(rule: &'static Rule, model: &Model) -> Vec<String> {
    let titled = wording::bracketed(model, true);
    let mut texts: Vec<String> = Vec::new();
    for model in [wording::bracketed(model, false), titled.clone()] {
        let facts = facts_of(model);
        let report = run_only(&facts, &[rule]);
        let offered = report.findings.iter().flat_map(|it| fixes(&facts, it));
        texts.extend(offered.map(|it| it.label));
        // Components are called as they are called by whoever reads.
        let report = read(report, &titled);
        for it in &report.findings {
            texts.extend([&it.message, &it.because, &it.place].map(|it| it.to_string()));
            texts.extend(it.evidence.path.iter().map(|it| it.note.to_string()));
        }
        for it in &report.questions {
            texts.extend([&it.text, &it.why].map(|it| it.to_string()));
            texts.extend(it.choices.iter().map(|it| it.label.to_string()));
        }
    }
    let mut complaints: Vec<String> = texts.iter().filter_map(|it| wording::complaint(it)).collect();
    complaints.sort();
    complaints.dedup();
    complaints
}

/// What one rule says of facts, with its texts as they read.
fn said(facts: &Facts, rule: &'static Rule) -> Report {
    read(run_only(facts, &[rule]), facts.model())
}

/// A report with its texts as they read.
pub(super) fn read(mut report: Report, model: &Model) -> Report {
    let read = |it: &mut Text| *it = Text::from(it.read(model).into_owned());
    let evidence = |it: &mut Evidence| it.path.iter_mut().for_each(|it| read(&mut it.note));
    for it in report.findings.iter_mut().map(Arc::make_mut) {
        [&mut it.message, &mut it.because, &mut it.place].into_iter().for_each(read);
        evidence(&mut it.evidence);
    }
    for it in report.questions.iter_mut().map(Arc::make_mut) {
        [&mut it.text, &mut it.why].into_iter().for_each(read);
        it.choices.iter_mut().for_each(|it| read(&mut it.label));
        evidence(&mut it.evidence);
    }
    report
}

/// How a text reads.
pub(super) fn words(facts: &Facts, text: impl Into<Text>) -> String {
    text.into().read(facts.model()).into_owned()
}

// Of what has been read.
impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.read(&Model::default()) == *other
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.read(&Model::default()))
    }
}

/// What one rule says of a text: findings `severity key — message (place)`, then questions `? key — text`.
#[track_caller]
pub(super) fn told(rule: &'static Rule, text: &str) -> String {
    lines(&report(rule, text))
}

/// One rule says just this, and finds something.
#[track_caller]
pub(super) fn fires(rule: &'static Rule, text: &str, expected: &str) {
    let report = report(rule, text);
    assert!(!report.findings.is_empty(), "{} finds nothing, but says\n{}", rule.id, lines(&report));
    assert_lines(&lines(&report), expected);
}

/// One rule has nothing to say.
#[track_caller]
pub(super) fn silent(rule: &'static Rule, text: &str) {
    assert_lines(&told(rule, text), "");
}

/// One rule says just this, and it is no finding.
#[track_caller]
pub(super) fn asks(rule: &'static Rule, text: &str, expected: &str) {
    let report = report(rule, text);
    assert!(report.findings.is_empty(), "{} finds\n{}", rule.id, lines(&report));
    assert_lines(&lines(&report), expected);
}

/// The only finding of one rule.
#[track_caller]
pub(super) fn only(rule: &'static Rule, text: &str) -> Finding {
    let report = report(rule, text);
    let [finding] = &report.findings[..] else { panic!("not one finding, but\n{}", lines(&report)) };
    Finding::clone(finding)
}

/// The labels of the fixes of the only finding, a line each.
#[track_caller]
pub(super) fn offered(rule: &'static Rule, text: &str) -> String {
    let finding = only(rule, text);
    let labels: Vec<String> = fixes(&facts(text), &finding).into_iter().map(|it| it.label).collect();
    labels.join("\n")
}

/// What one rule says after fix `n` of its only finding, counted from 0.
#[track_caller]
pub(super) fn mended(rule: &'static Rule, text: &str, n: usize) -> String {
    let facts = mended_facts(rule, text, n);
    lines(&said(&facts, rule))
}

/// The facts after fix `n` of the only finding of one rule, counted from 0.
#[track_caller]
pub(super) fn mended_facts(rule: &'static Rule, text: &str, n: usize) -> Facts {
    let (finding, facts) = (only(rule, text), facts(text));
    assert!(find(rule.id).is_some(), "{} is not listed in ALL", rule.id);
    let offered = fixes(&facts, &finding);
    let Some(fix) = offered.get(n) else { panic!("{} fixes, and no number {n}", offered.len()) };
    after(&facts, &fix.edit)
}

/// The only question of one rule.
#[track_caller]
pub(super) fn only_question(rule: &'static Rule, text: &str) -> Question {
    let report = report(rule, text);
    let [question] = &report.questions[..] else { panic!("not one question, but\n{}", lines(&report)) };
    Question::clone(question)
}

/// What one rule says after the only question was answered by the choice of that label.
#[track_caller]
pub(super) fn answered(rule: &'static Rule, text: &str, label: &str) -> String {
    let question = only_question(rule, text);
    let Some(choice) = question.choices.iter().find(|it| it.label == label) else {
        let labels: Vec<String> = question.choices.iter().map(|it| it.label.to_string()).collect();
        panic!("no choice {label:?} among {labels:?}");
    };
    let facts = facts(text);
    lines(&said(&after(&facts, &choice.edit(facts.model())), rule))
}

#[track_caller]
fn model(text: &str) -> Model {
    text::read(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The facts of a model.
pub(super) fn facts_of(model: Model) -> Facts {
    Facts::of(Arc::new(model))
}

/// The facts after an edit, all of which must really happen.
#[track_caller]
fn after(facts: &Facts, edit: &Edit) -> Facts {
    let mut model = facts.model().clone();
    let happened = model.apply(edit);
    assert!(!edit.is_empty() && happened == *edit, "an edit that does not happen as it says: {edit:?}");
    facts_of(model)
}

fn lines(report: &Report) -> String {
    let finding =
        |it: &Arc<Finding>| format!("{} {} — {} ({})", it.severity.slug(), it.key, it.message, it.place);
    let question = |it: &Arc<Question>| format!("? {} — {}", it.key, it.text);
    let findings = report.findings.iter().map(finding);
    findings.chain(report.questions.iter().map(question)).collect::<Vec<_>>().join("\n")
}

/// Compares line by line; the indent of what a test expects does not count.
#[track_caller]
fn assert_lines(actual: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|it| !it.is_empty()).collect();
    assert!(actual == expected.join("\n"), "expected\n{}\n\nbut got\n{actual}\n", expected.join("\n"));
}
