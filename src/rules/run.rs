//! Running rules: all at once, a slice at a time, or after an edit those that it concerns.

use super::report::{Report, Said, Saying};
use super::{ALL, On, Out, Rule, Subject};
use crate::analysis::{Facts, Touched};

/// Runs all rules.
pub fn run(facts: &Facts) -> Report {
    run_only(facts, ALL)
}

/// Runs only these rules, in the order of their ids.
pub fn run_only(facts: &Facts, rules: &[&'static Rule]) -> Report {
    let mut rules = rules.to_vec();
    rules.sort_unstable_by_key(|it| it.id);
    Report::of(rules.into_iter().map(|it| said(facts, it)).collect())
}

/// Runs those of all rules again whose result an edit may have changed: those that read an answer that it changed, and
/// those that spoke of a component that it renamed or of which it changed an answer.
pub fn update(report: &mut Report, facts: &Facts, touched: &Touched) {
    let is_read = |rule: &Rule| rule.answers.iter().any(|it| touched.answers.contains(*it));
    let is_meant = |said: &Said| touched.components.iter().any(|it| said.spoke_of(*it));
    let rules = ALL.iter().zip(report.said()).enumerate();
    let again = rules.filter(|(_, (rule, said))| is_read(rule) || is_meant(said));
    let now = again.map(|(n, (rule, _))| (n, said(facts, rule))).collect();
    report.replace(now);
}

fn said(facts: &Facts, rule: &'static Rule) -> Said {
    facts.forget_spoken_of();
    let mut out = Out::new(facts, rule, Saying::default());
    for n in 0..subjects(facts, rule.on) {
        (rule.check)(facts, subject(rule.on, n), &mut out);
    }
    out.finish()
}

/// A run of all rules that goes on a slice at a time, for whoever has frames to keep.
#[derive(Debug, Default)]
pub struct Run {
    said: Vec<Said>,
    /// What the next rule has said so far, and of what it looks at, how many it saw.
    saying: Saying,
    seen: usize,
}

/// So many subjects between two looks at the clock.
const BETWEEN_LOOKS: usize = 16;

impl Run {
    /// Goes on until the time is over; returns whether all is said.
    pub fn slice(&mut self, facts: &Facts, is_over: &dyn Fn() -> bool) -> bool {
        while let Some(rule) = ALL.get(self.said.len()) {
            if self.seen == 0 {
                facts.forget_spoken_of();
            }
            let mut out = Out::new(facts, rule, std::mem::take(&mut self.saying));
            let subjects = subjects(facts, rule.on);
            let end = (self.seen + BETWEEN_LOOKS).min(subjects);
            for n in self.seen..end {
                (rule.check)(facts, subject(rule.on, n), &mut out);
            }
            if end == subjects {
                self.seen = 0;
                self.said.push(out.finish());
            } else {
                self.seen = end;
                self.saying = out.pause();
            }
            if is_over() {
                return self.said.len() == ALL.len();
            }
        }
        true
    }

    pub fn finish(self) -> Report {
        Report::of(self.said)
    }
}

/// How many things a rule looks at.
fn subjects(facts: &Facts, on: On) -> usize {
    match on {
        On::Component => facts.topology.components().len(),
        On::Boundary => facts.topology.boundaries().len(),
        On::Flow => facts.topology.flows().len(),
        On::Asset => facts.data.assets().len(),
        On::Api => facts.data.apis().len(),
        On::Dataset => facts.data.datasets().len(),
        On::Whole => 1,
    }
}

fn subject(on: On, n: usize) -> Subject {
    match on {
        On::Component => Subject::Component(n.into()),
        On::Boundary => Subject::Boundary(n.into()),
        On::Flow => Subject::Flow(n.into()),
        On::Asset => Subject::Asset(n.into()),
        On::Api => Subject::Api(n.into()),
        On::Dataset => Subject::Dataset(n.into()),
        On::Whole => Subject::Whole,
    }
}
