//! Running rules: all at once, a slice at a time, or after an edit those that it concerns.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::report::{Report, Said, Saying};
use super::{ALL, On, Out, Rule, Subject};
use crate::analysis::{Facts, Touched, listening};

/// Runs all rules.
pub fn run(facts: &Facts) -> Report {
    run_only(facts, ALL)
}

/// Runs only these rules, in the order of their ids.
pub fn run_only(facts: &Facts, rules: &[&'static Rule]) -> Report {
    let mut rules = rules.to_vec();
    rules.sort_unstable_by_key(|it| it.id);
    Report::of(all_said(facts, &rules))
}

/// From so many components on, a run is shared among threads: fewer are done before a thread has begun.
const SHARED: usize = 200;

/// What rules say, each by itself, so that it does not matter who runs which.
fn all_said(facts: &Facts, rules: &[&'static Rule]) -> Vec<Said> {
    let threads = if cfg!(target_arch = "wasm32") || facts.topology.component_count() < SHARED {
        1
    } else {
        std::thread::available_parallelism().map_or(1, |it| it.get().min(rules.len()))
    };
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((n, rule)) = Some(next.fetch_add(1, Relaxed)).and_then(|n| Some((n, *rules.get(n)?))) {
            done.push((n, said(facts, rule)));
        }
        done
    };
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        // What a thread took and did not bring, a panic in a rule, goes on here as it would without threads.
        all.extend(
            others.into_iter().flat_map(|it| it.join().unwrap_or_else(|it| std::panic::resume_unwind(it))),
        );
        all
    });
    all.sort_unstable_by_key(|it| it.0);
    all.into_iter().map(|it| it.1).collect()
}

/// Runs those of all rules again whose result an edit may have changed: those that read an answer that it changed, and
/// those that spoke of a component that it renamed.
pub fn update(report: &mut Report, facts: &Facts, touched: &Touched) {
    let again: Vec<usize> = concerned(report, touched).map(|it| it.0).collect();
    let now = again.into_iter().filter_map(|n| Some((n, said(facts, ALL.get(n)?)))).collect();
    report.replace(now);
}

/// What [`update`] has to do, as a share of what [`run`] has: an estimate from what rules look at and how much they say.
pub fn share(report: &Report, facts: &Facts, touched: &Touched) -> f64 {
    // To say something costs as much as to look at so many things.
    const SAID: usize = 60;
    let cost = |rule: &Rule, said: &Said| {
        let seen = match rule.on {
            On::Whole => facts.topology.component_count() + facts.topology.flow_count(),
            on => subjects(facts, on),
        };
        (seen + SAID * said.count()) as f64
    };
    let all: f64 = ALL.iter().zip(report.said()).map(|(rule, said)| cost(rule, said)).sum();
    let again: f64 = concerned(report, touched).map(|(_, rule, said)| cost(rule, said)).sum();
    again / all.max(1.0)
}

fn concerned<'r>(
    report: &'r Report,
    touched: &'r Touched,
) -> impl Iterator<Item = (usize, &'static Rule, &'r Said)> {
    let is_read = |rule: &Rule| rule.answers.iter().any(|it| touched.answers.contains(*it));
    let is_meant = |said: &Said| touched.components.iter().any(|it| said.spoke_of.contains(*it));
    let rules = ALL.iter().zip(report.said()).enumerate();
    let concerned = rules.filter(move |(_, (rule, said))| is_read(rule) || is_meant(said));
    concerned.map(|(n, (rule, said))| (n, *rule, said))
}

fn said(facts: &Facts, rule: &'static Rule) -> Said {
    check(facts, rule, Saying::default(), 0..subjects(facts, rule.on)).finish()
}

/// Lets a rule look at some of its subjects and add to what it has said.
fn check(facts: &Facts, rule: &'static Rule, mut saying: Saying, seen: Range<usize>) -> Saying {
    let mut spoke_of = std::mem::take(&mut saying.spoke_of);
    let mut out = Out::new(facts, rule, saying);
    listening(&mut spoke_of, || {
        for n in seen {
            (rule.check)(facts, subject(rule.on, n), &mut out);
        }
    });
    let mut saying = out.finish();
    saying.spoke_of = spoke_of;
    saying
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
            let subjects = subjects(facts, rule.on);
            let end = (self.seen + BETWEEN_LOOKS).min(subjects);
            let saying = check(facts, rule, std::mem::take(&mut self.saying), self.seen..end);
            if end == subjects {
                self.seen = 0;
                self.said.push(saying.finish());
            } else {
                self.seen = end;
                self.saying = saying;
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
