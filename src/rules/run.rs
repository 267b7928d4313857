//! Running rules: all at once, a slice at a time, or after an edit those that it concerns.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::packs::{Compiled, Memory, Packs};
use super::report::{Report, Said, Saying};
use super::{ALL, On, Out, Rule, RuleId, Subject};
use crate::analysis::{Facts, Touched, listening};

/// Runs all rules, those of packs last.
pub fn run(facts: &Facts) -> Report {
    let packs = Packs::of(facts.model());
    let built_in = ALL.iter().map(|it| Runs::BuiltIn(it));
    let rules: Vec<Runs<'_>> = built_in.chain(packs.iter().map(Runs::OfAPack)).collect();
    Report::of(all_said(facts, &rules), packs)
}

/// Runs only these rules, in the order of their ids, and no packs.
pub fn run_only(facts: &Facts, rules: &[&'static Rule]) -> Report {
    let mut rules = rules.to_vec();
    rules.sort_unstable_by_key(|it| it.id);
    let rules: Vec<Runs<'_>> = rules.into_iter().map(Runs::BuiltIn).collect();
    Report::of(all_said(facts, &rules), Packs::default())
}

/// Runs the rules of packs alone.
#[cfg(test)]
pub(super) fn run_packs(facts: &Facts) -> Report {
    let packs = Packs::of(facts.model());
    Report::of(packs.iter().map(|it| Runs::OfAPack(it).said(facts)).collect(), packs)
}

/// A rule that is run.
#[derive(Clone, Copy)]
enum Runs<'r> {
    BuiltIn(&'static Rule),
    OfAPack(&'r Compiled),
}

impl Runs<'_> {
    fn id(self) -> RuleId {
        match self {
            Self::BuiltIn(it) => it.id.into(),
            Self::OfAPack(it) => it.id(),
        }
    }

    fn on(self) -> On {
        match self {
            Self::BuiltIn(it) => it.on,
            Self::OfAPack(it) => it.on(),
        }
    }

    fn said(self, facts: &Facts) -> Said {
        let all = 0..subjects(facts, self.on());
        self.look(facts, all, &mut Memory::default(), Saying::default()).finish()
    }

    /// Looks at some of its subjects, and adds to what it has said.
    fn look(self, facts: &Facts, seen: Range<usize>, memory: &mut Memory, mut saying: Saying) -> Saying {
        let mut particulars = std::mem::take(&mut saying.particulars);
        let mut out = Out::new(facts, self.id(), saying);
        let mut subjects = seen.map(|it| subject(self.on(), it));
        listening(&mut particulars, || match self {
            Self::BuiltIn(rule) => subjects.for_each(|it| (rule.check)(facts, it, &mut out)),
            Self::OfAPack(rule) => rule.look(facts, &mut subjects, memory, &mut out),
        });
        let mut saying = out.finish();
        saying.particulars = particulars;
        saying
    }
}

/// From so many components on, a run is shared among threads: fewer are done before a thread has begun.
const SHARED: usize = 200;

/// What rules say, each by itself, so that it does not matter who runs which.
fn all_said(facts: &Facts, rules: &[Runs<'_>]) -> Vec<Said> {
    let threads = if cfg!(target_arch = "wasm32") || facts.topology.component_count() < SHARED {
        1
    } else {
        std::thread::available_parallelism().map_or(1, |it| it.get().min(rules.len()))
    };
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((n, rule)) = Some(next.fetch_add(1, Relaxed)).and_then(|n| Some((n, rules.get(n)?))) {
            done.push((n, rule.said(facts)));
        }
        done
    };
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        // A panic in a rule goes on here, as it would without threads.
        let joined =
            others.into_iter().map(|it| it.join().unwrap_or_else(|it| std::panic::resume_unwind(it)));
        all.extend(joined.flatten());
        all
    });
    all.sort_unstable_by_key(|it| it.0);
    all.into_iter().map(|it| it.1).collect()
}

/// Runs those of all rules again whose result an edit may have changed: those that read an answer that it changed, and
/// those that read particulars of a component which it changed.
pub fn update(report: &mut Report, facts: &Facts, touched: &Touched) {
    let again: Vec<usize> = concerned(report, touched).map(|it| it.0).collect();
    // No such edit changes a pack.
    let packs = report.packs().clone();
    let rule = |n: usize| match ALL.get(n) {
        Some(rule) => Some(Runs::BuiltIn(rule)),
        None => packs.get(n - ALL.len()).map(Runs::OfAPack),
    };
    let said = |n: usize| Some((n, rule(n)?.said(facts)));
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
    let is_meant = |said: &Said| touched.components.iter().any(|it| said.particulars.contains(*it));
    let numbered = on_and_said(report).enumerate();
    let concerned = numbered.filter(move |(n, (_, said))| is_read(*n) || is_meant(said));
    concerned.map(|(n, (on, said))| (n, on, said))
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
            self.go_on(facts, Runs::BuiltIn(rule));
            if is_over() {
                return false;
            }
        }
        let packs = self.packs.get_or_insert_with(|| Packs::of(facts.model())).clone();
        while let Some(rule) = packs.get(self.said.len() - ALL.len()) {
            self.go_on(facts, Runs::OfAPack(rule));
            if is_over() {
                break;
            }
        }
        self.said.len() == ALL.len() + packs.len()
    }

    /// Goes on with the next rule, for some of its subjects.
    fn go_on(&mut self, facts: &Facts, rule: Runs<'_>) {
        if self.seen == 0 {
            self.memory = Memory::default();
        }
        let subjects = subjects(facts, rule.on());
        let end = (self.seen + BETWEEN_LOOKS).min(subjects);
        let saying = std::mem::take(&mut self.saying);
        let saying = rule.look(facts, self.seen..end, &mut self.memory, saying);
        if end == subjects {
            self.seen = 0;
            self.said.push(saying.finish());
        } else {
            self.seen = end;
            self.saying = saying;
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
