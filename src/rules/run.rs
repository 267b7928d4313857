//! Running rules: all at once, a slice at a time, or after an edit those that it concerns.

use super::packs::{Compiled, Memory, Packs};
use super::report::{Report, Said, Saying};
use super::{ALL, On, Out, Rule, RuleId, Subject};
use crate::analysis::{Facts, Touched};

/// Runs all rules, those of packs last.
pub fn run(facts: &Facts) -> Report {
    let packs = Packs::of(facts.model());
    let built_in = ALL.iter().map(|it| said(facts, it));
    let said = built_in.chain(packs.iter().map(|it| said_of_pack(facts, it))).collect();
    Report::of(said, packs)
}

/// Runs only these rules, in the order of their ids, and no packs.
pub fn run_only(facts: &Facts, rules: &[&'static Rule]) -> Report {
    let mut rules = rules.to_vec();
    rules.sort_unstable_by_key(|it| it.id);
    Report::of(rules.into_iter().map(|it| said(facts, it)).collect(), Packs::default())
}

/// Runs the rules of packs alone.
#[cfg(test)]
pub(super) fn run_packs(facts: &Facts) -> Report {
    let packs = Packs::of(facts.model());
    Report::of(packs.iter().map(|it| said_of_pack(facts, it)).collect(), packs)
}

/// Runs those of all rules again whose result an edit may have changed: those that read an answer that it changed, and
/// those that spoke of a component that it renamed.
pub fn update(report: &mut Report, facts: &Facts, touched: &Touched) {
    let again: Vec<usize> = concerned(report, touched).map(|it| it.0).collect();
    // No such edit changes a pack.
    let packs = report.packs().clone();
    let said = |n: usize| match ALL.get(n) {
        Some(rule) => Some((n, said(facts, rule))),
        None => Some((n, said_of_pack(facts, packs.get(n - ALL.len())?))),
    };
    report.replace(again.into_iter().filter_map(said).collect());
}

/// What [`update`] has to do, as a share of what [`run`] has: an estimate from what rules look at and how much they say.
pub fn share(report: &Report, facts: &Facts, touched: &Touched) -> f64 {
    // To say something costs as much as to look at so many things.
    const SAID: usize = 60;
    let cost = |on: On, said: &Said| {
        let seen = match on {
            On::Whole => facts.topology.component_count() + facts.topology.flow_count(),
            on => subjects(facts, on),
        };
        (seen + SAID * said.count()) as f64
    };
    let all: f64 = on_and_said(report).map(|(on, said)| cost(on, said)).sum();
    let again: f64 = concerned(report, touched).map(|(_, on, said)| cost(on, said)).sum();
    again / all.max(1.0)
}

/// What each rule looks at, and what it said: the built-in ones, then those of packs.
fn on_and_said(report: &Report) -> impl Iterator<Item = (On, &Said)> {
    let on = ALL.iter().map(|it| it.on).chain(report.packs().iter().map(Compiled::on));
    on.zip(report.said())
}

fn concerned<'r>(report: &'r Report, touched: &'r Touched) -> impl Iterator<Item = (usize, On, &'r Said)> {
    let is_changed = |it: &str| touched.answers.contains(it);
    let is_read = move |n: usize| match ALL.get(n) {
        Some(rule) => rule.answers.iter().any(|it| is_changed(it)),
        None => report.packs().get(n - ALL.len()).is_some_and(|it| it.answers().any(is_changed)),
    };
    let is_meant = |said: &Said| touched.components.iter().any(|it| said.spoke_of(*it));
    let numbered = on_and_said(report).enumerate();
    let concerned = numbered.filter(move |(n, (_, said))| is_read(*n) || is_meant(said));
    concerned.map(|(n, (on, said))| (n, on, said))
}

fn said(facts: &Facts, rule: &'static Rule) -> Said {
    facts.forget_spoken_of();
    let mut out = Out::new(facts, rule.id.into(), Saying::default());
    for n in 0..subjects(facts, rule.on) {
        (rule.check)(facts, subject(rule.on, n), &mut out);
    }
    out.finish()
}

fn said_of_pack(facts: &Facts, rule: &Compiled) -> Said {
    facts.forget_spoken_of();
    let mut out = Out::new(facts, rule.id(), Saying::default());
    let subjects = (0..subjects(facts, rule.on())).map(|n| subject(rule.on(), n));
    rule.look(facts, subjects, &mut Memory::default(), &mut out);
    out.finish()
}

/// A run of all rules that goes on a slice at a time, for whoever has frames to keep.
#[derive(Debug, Default)]
pub struct Run {
    said: Vec<Said>,
    /// What the next rule has said so far, and of what it looks at, how many it saw.
    saying: Saying,
    seen: usize,
    /// None until their turn comes.
    packs: Option<Packs>,
    /// What the walks of a pack's rule came to so far.
    memory: Memory,
}

/// So many subjects between two looks at the clock.
const BETWEEN_LOOKS: usize = 16;

impl Run {
    /// Goes on until the time is over; returns whether all is said.
    pub fn slice(&mut self, facts: &Facts, is_over: &dyn Fn() -> bool) -> bool {
        while let Some(rule) = ALL.get(self.said.len()) {
            self.go_on(facts, (rule.id.into(), rule.on), |subjects, _, out| {
                subjects.for_each(|it| (rule.check)(facts, it, out));
            });
            if is_over() {
                return false;
            }
        }
        let packs = self.packs.get_or_insert_with(|| Packs::of(facts.model())).clone();
        while let Some(rule) = packs.get(self.said.len() - ALL.len()) {
            self.go_on(facts, (rule.id(), rule.on()), |subjects, memory, out| {
                rule.look(facts, subjects, memory, out);
            });
            if is_over() {
                break;
            }
        }
        self.said.len() == ALL.len() + packs.len()
    }

    /// Goes on with the next rule, for some of its subjects.
    fn go_on(
        &mut self,
        facts: &Facts,
        (id, on): (RuleId, On),
        look: impl FnOnce(&mut dyn Iterator<Item = Subject>, &mut Memory, &mut Out<'_>),
    ) {
        if self.seen == 0 {
            facts.forget_spoken_of();
            self.memory = Memory::default();
        }
        let mut out = Out::new(facts, id, std::mem::take(&mut self.saying));
        let subjects = subjects(facts, on);
        let end = (self.seen + BETWEEN_LOOKS).min(subjects);
        look(&mut (self.seen..end).map(|n| subject(on, n)), &mut self.memory, &mut out);
        if end == subjects {
            self.seen = 0;
            self.said.push(out.finish());
        } else {
            self.seen = end;
            self.saying = out.pause();
        }
    }

    pub fn finish(self) -> Report {
        Report::of(self.said, self.packs.unwrap_or_default())
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
