//! Rules: what Parapet finds and asks. One file a rule, with its manual, check, fix and tests.
//!
//! A rule sees facts, never the screen or the disk. It is registered by two lines here: its module and its place in
//! [`ALL`], both in alphabetic order; a test finds the file that nobody listed.

mod entry_without_authentication;
mod exposed_admin_port;
mod exposed_data_store;
mod exposed_port;
mod exposures;
mod filter_bypassed;
mod finding;
mod out;
mod over_permissive_filter;
mod passing;
mod plaintext_across_boundary;
mod sensitive_data_at_rest_clear;
mod session_tied_to_instance;
mod severity;
mod shutting;
mod single_failure_domain;
mod single_point_of_failure;
mod store_without_replica;
mod testing;
mod throttling_missing;
mod twins;
mod unfiltered_tier;
mod words;

use crate::analysis::{BoundaryIx, ComponentIx, Facts, FlowIx};
use crate::model::{Id, Ids, Stride};

pub use finding::{Choice, Evidence, Finding, Fix, Hop, Question};
pub use out::{Asked, Found, Out, answer, yes_or_no};
pub use severity::{Exposure, Impact, nearness, severity, worth};

/// All rules, sorted by id.
pub static ALL: &[&Rule] = &[
    &entry_without_authentication::RULE,
    &exposed_admin_port::RULE,
    &exposed_data_store::RULE,
    &exposed_port::RULE,
    &filter_bypassed::RULE,
    &over_permissive_filter::RULE,
    &plaintext_across_boundary::RULE,
    &sensitive_data_at_rest_clear::RULE,
    &session_tied_to_instance::RULE,
    &single_failure_domain::RULE,
    &single_point_of_failure::RULE,
    &store_without_replica::RULE,
    &throttling_missing::RULE,
    &unfiltered_tier::RULE,
];

/// A rule.
pub struct Rule {
    /// Its slug: the file's name, the manual's page, the head of its findings' keys.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub label: &'static str,
    pub on: On,
    pub reads: &'static [Reads],
    pub stride: &'static [Stride],
    pub cwe: &'static [u32],
    /// The manual: `## What it finds`, `## Why it matters`, `## Example`, `## How to fix it`, `## References`.
    pub manual: &'static str,
    pub check: fn(&Facts, Subject, &mut Out<'_>),
    pub fixes: fn(&Facts, &Finding, &mut Ids) -> Vec<Fix>,
}

/// What a rule looks at, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    Component,
    Boundary,
    Flow,
    /// The model as a whole, once.
    Whole,
}

/// What a rule's result depends on, so that the runner knows what to run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reads {
    Structure,
    Pools,
    Failure,
    Reach,
    Assets,
}

/// What one call of a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Component(ComponentIx),
    Boundary(BoundaryIx),
    Flow(FlowIx),
    Whole,
}

/// What all rules said of one model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The worst first; equal ones by rule and key.
    pub findings: Vec<Finding>,
    /// The weightiest first; equal ones by key. One for each field.
    pub questions: Vec<Question>,
}

impl Report {
    pub fn finding(&self, key: &str) -> Option<&Finding> {
        self.findings.iter().find(|it| it.key == key)
    }

    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|it| it.key == key)
    }
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|it| it.id == id)
}

/// Runs all rules.
pub fn run(facts: &Facts) -> Report {
    run_these(facts, ALL)
}

fn run_these(facts: &Facts, rules: &[&'static Rule]) -> Report {
    let (mut out, topology) = (Out::new(facts), &facts.topology);
    for rule in rules {
        out.begin(rule);
        let mut check = |subject| (rule.check)(facts, subject, &mut out);
        match rule.on {
            On::Component => topology.components().for_each(|(ix, _)| check(Subject::Component(ix))),
            On::Boundary => topology.boundaries().for_each(|(ix, _)| check(Subject::Boundary(ix))),
            On::Flow => topology.flows().for_each(|(ix, _)| check(Subject::Flow(ix))),
            On::Whole => check(Subject::Whole),
        }
    }
    out.finish()
}

/// The ways to mend a finding. Ids in them follow from the finding's key; whoever applies one mints anew.
pub fn fixes(facts: &Facts, finding: &Finding) -> Vec<Fix> {
    let mut ids = Ids::from_text(&finding.key);
    find(finding.rule).map(|rule| (rule.fixes)(facts, finding, &mut ids)).unwrap_or_default()
}

/// The key of a finding: subjects sorted, then the detail if there is one.
pub fn key(rule: &str, subjects: &[Id], detail: &str) -> String {
    let mut subjects: Vec<&str> = subjects.iter().map(Id::as_str).collect();
    subjects.sort_unstable();
    let mut key = format!("{rule}:{}", subjects.join("+"));
    if !detail.is_empty() {
        key.push(':');
        key.push_str(detail);
    }
    key
}

/// Declares a rule: its doc comment is its manual.
macro_rules! rule {
    (
        $(#[doc = $manual:literal])+
        $id:literal, $label:literal,
        on: $on:ident, reads: [$($reads:ident),* $(,)?], stride: [$($stride:ident),* $(,)?], cwe: [$($cwe:literal),* $(,)?],
        check: $check:expr, fixes: $fixes:expr $(,)?
    ) => {
        pub(super) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            label: $label,
            on: $crate::rules::On::$on,
            reads: &[$($crate::rules::Reads::$reads),*],
            stride: &[$($crate::model::Stride::$stride),*],
            cwe: &[$($cwe),*],
            manual: concat!($($manual, "\n"),+),
            check: $check,
            fixes: $fixes,
        };
    };
}

use rule;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rules_does_not_matter() {
        let facts = testing::facts(
            "user -> dns -> lb -> web-1, web-2: https [carries accounts]; web-1, web-2 -> db: postgres [write]
             dns: dns; files: object-store [stores accounts]; web-1 -> files: https [write]; job -> files: https
             asset accounts: confidential [personal yes]; boundary data: tier { db: postgres [stores accounts] }",
        );
        let backwards: Vec<&'static Rule> = ALL.iter().rev().copied().collect();
        let report = run(&facts);
        assert_eq!(report, run_these(&facts, &backwards));
        let alone = ALL.iter().flat_map(|it| run_these(&facts, &[it]).findings).count();
        assert_eq!(report.findings.len(), alone);
    }

    #[test]
    fn the_weightiest_words_a_question_and_all_add_to_it() {
        let text = "user -> files: https [write]; files: object-store [stores a]; asset a: public";
        let facts = testing::facts(text);
        let of = |report: &Report| report.question("files.highly_available").map(|it| (it.rule, it.weight));
        assert_eq!(of(&run(&facts)), Some(("single-point-of-failure", 4001)));
        assert_eq!(
            of(&run_these(&facts, &[&store_without_replica::RULE])),
            Some(("store-without-replica", 1000))
        );
    }
}
