//! The rules of packs: those of a model's own, run after the built-in ones.
//!
//! A condition that holds is a finding, one that hangs on what nobody has said a question: a pack cannot make a finding of
//! an unknown.

mod ask;
mod compiled;
mod eval;
mod rests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use super::{
    Exposure, Facts, Finding, Fix, Impact, On, Out, RuleId, Stated, Subject, about, answer, impact, level,
    nearness, words,
};
use crate::analysis::{ComponentIx, Unknown};
use crate::model::{Id, Model, Severity, rules_of_packs};
use compiled::Asks;
pub(super) use compiled::Compiled;
pub(super) use eval::Memory;
use eval::{Eval, Tri};

/// The rules of a model's packs, ready to be run, in the order of their ids. Shared: a copy costs nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Packs {
    rules: Arc<[Compiled]>,
    /// What of a pack cannot be meant as it stands, where something cannot: found once a run, as looking takes a while.
    faults: Arc<BTreeMap<Id, Vec<String>>>,
}

impl Packs {
    pub(super) fn of(model: &Model) -> Self {
        let rules = rules_of_packs(model.packs()).0.into_iter();
        let mut all: Vec<Compiled> = rules.map(|(id, rule)| compiled::compile(id, rule)).collect();
        all.sort_by(|a, b| a.id.cmp(&b.id));
        let faults = model.packs().iter().map(|(id, it)| (id.clone(), it.faults()));
        let faults = faults.filter(|it| !it.1.is_empty()).collect();
        Self { rules: all.into(), faults: Arc::new(faults) }
    }
}

impl Packs {
    pub(super) fn faults(&self, pack: &Id) -> &[String] {
        self.faults.get(pack).map_or(&[], Vec::as_slice)
    }
}

impl Deref for Packs {
    type Target = [Compiled];

    fn deref(&self) -> &[Compiled] {
        &self.rules
    }
}

impl Compiled {
    pub(super) fn id(&self) -> RuleId {
        self.id.clone()
    }

    pub(super) fn on(&self) -> On {
        self.on
    }

    /// The answers that it reads of whatever element: slugs of controls, and fields.
    pub(super) fn answers(&self) -> impl Iterator<Item = &str> {
        self.answers.iter().map(String::as_str)
    }

    /// Says what it has to say of some subjects. The memory is that of one run of this rule.
    pub(super) fn look(
        &self,
        facts: &Facts,
        subjects: impl Iterator<Item = Subject>,
        memory: &mut Memory,
        out: &mut Out<'_>,
    ) {
        let eval = Eval { facts, memory: RefCell::new(std::mem::take(memory)) };
        subjects.for_each(|it| look(&eval, self, it, out));
        *memory = eval.memory.into_inner();
    }
}

/// What a rule has to say of one subject.
fn look(eval: &Eval<'_>, rule: &Compiled, of: Subject, out: &mut Out<'_>) {
    match eval.ask(&rule.test, of) {
        Tri::No => {}
        Tri::Yes => find(eval, rule, of, out),
        Tri::Maybe(about) => ask(eval, rule, of, &about, out),
    }
}

fn find(eval: &Eval<'_>, compiled: &Compiled, of: Subject, out: &mut Out<'_>) {
    let (facts, rule) = (eval.facts, &compiled.rule);
    let Some(id) = eval.id(of).cloned() else { return };
    let (severity, because) = judged(facts, compiled, of);
    let why = match filled(facts, &rule.why, of).trim().trim_end_matches('.') {
        "" => String::new(),
        why => format!("{why}. "),
    };
    let (mut rests, evidence) = rests::rests(eval, &compiled.test, of);
    rests.push(format!("level: {}", severity.slug()));
    out.stated(Stated {
        subjects: vec![id],
        detail: String::new(),
        severity,
        because: format!("{why}{because}"),
        message: sentence(&filled(facts, &rule.message, of), &rule.label),
        place: place(facts, of),
        evidence,
        facts: rests,
    });
}

fn ask(eval: &Eval<'_>, compiled: &Compiled, of: Subject, about: &Unknown, out: &mut Out<'_>) {
    let facts = eval.facts;
    let stake = judged(facts, compiled, of).0;
    if out.counts(about, stake) {
        return;
    }
    let (text, choices) = ask::asked(facts, compiled, about);
    let mut evidence = rests::subject(facts, of);
    if !evidence.elements().contains(&about.subject) {
        evidence.also.push(about.subject.clone());
    }
    let what = sentence(&filled(facts, &compiled.rule.message, of), &compiled.rule.label);
    let why = format!("Nobody has said, and it decides a rule of {}: {what}.", pack_title(facts, compiled));
    out.question(super::Asked { about: about.clone(), stake, text, why, choices, evidence });
}

fn pack_title(facts: &Facts, compiled: &Compiled) -> String {
    let title = facts.model().pack_title(&compiled.pack);
    format!("the pack {}", title.trim().trim_end_matches('.'))
}

/// How bad it is, and why, as a sentence.
fn judged(facts: &Facts, compiled: &Compiled, of: Subject) -> (Severity, String) {
    let pack = pack_title(facts, compiled);
    if let Some(severity) = compiled.rule.severity {
        let level = severity.label().to_lowercase();
        return (severity, format!("By a rule of {pack}, which calls it {level}."));
    }
    let (impact, exposure, near) = stake(facts, of);
    let severity = level(&facts.model().the_brief().levels, impact, exposure);
    let level = severity.label().to_lowercase();
    let because =
        format!("{}: {} impact, {level}. By a rule of {pack}.", words::capital(&near), impact.label());
    (severity, because)
}

/// The data at stake, and how near the internet is to it.
fn stake(facts: &Facts, of: Subject) -> (Impact, Exposure, String) {
    let (topology, data) = (&facts.topology, &facts.data);
    let inside: Vec<ComponentIx> = match of {
        Subject::Component(ix) => vec![ix],
        Subject::Flow(ix) => vec![topology.flow(ix).to],
        Subject::Boundary(ix) => topology.all_in(ix),
        Subject::Api(ix) => data.api(ix).component.into_iter().collect(),
        Subject::Dataset(ix) => data.dataset(ix).store.into_iter().collect(),
        Subject::Asset(ix) => data.keepers(ix).to_vec(),
        Subject::Whole => Vec::new(),
    };
    let impact = match of {
        Subject::Flow(ix) if !data.carried(ix).is_empty() => impact(facts, data.carried(ix)),
        Subject::Dataset(ix) => impact(facts, &data.dataset(ix).assets),
        Subject::Asset(ix) => impact(facts, &[ix]),
        _ => inside.iter().map(|it| impact(facts, data.handled(*it))).max().unwrap_or(Impact::Slight),
    };
    let nearest = inside.into_iter().map(|it| (nearness(facts, it), it)).min_by_key(|it| (it.0.0, it.1));
    match nearest {
        Some(((exposure, near), it)) => {
            (impact, exposure, format!("at {}, {near}", words::name(facts, it).trim()))
        }
        None => (impact, Exposure::Deeper, "nothing from the internet reaches it".to_owned()),
    }
}

/// A message with the names of its subject put in, in one go: a name may look like a place for another.
fn filled(facts: &Facts, message: &str, of: Subject) -> String {
    let title = |it: ComponentIx| facts.title(it).to_string();
    let edge = if let Subject::Flow(ix) = of { Some(facts.topology.flow(ix)) } else { None };
    let value = |name: &str| match (name, edge) {
        ("name" | "flow", _) => id_of(facts, of).map(|it| facts.title_of(it)),
        ("source", Some(edge)) => Some(title(edge.from)),
        ("target", Some(edge)) => Some(title(edge.to)),
        _ => None,
    };
    let (mut text, mut rest) = (String::new(), message);
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let place = after.split_once('}').and_then(|(name, behind)| Some((value(name)?, behind)));
        if let Some((value, behind)) = place {
            text.push_str(&value);
            rest = behind;
        } else {
            text.push('{');
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

/// A message as findings have it: in one piece, without a period.
fn sentence(text: &str, otherwise: &str) -> String {
    let text = text.trim().trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let text = if text.is_empty() {
        otherwise.trim().trim_end_matches(|c: char| c == '.' || c.is_whitespace())
    } else {
        text
    };
    if text.is_empty() { "A rule of a pack applies".to_owned() } else { text.to_owned() }
}

fn id_of(facts: &Facts, of: Subject) -> Option<&Id> {
    Some(match of {
        Subject::Component(ix) => &facts.topology.component(ix).id,
        Subject::Boundary(ix) => &facts.topology.boundary(ix).id,
        Subject::Flow(ix) => &facts.topology.flow(ix).id,
        Subject::Asset(ix) => facts.data.asset_id(ix),
        Subject::Api(ix) => &facts.data.api(ix).id,
        Subject::Dataset(ix) => &facts.data.dataset(ix).id,
        Subject::Whole => return None,
    })
}

fn place(facts: &Facts, of: Subject) -> String {
    let place = match of {
        Subject::Component(ix) => words::place(facts, ix),
        Subject::Flow(ix) => words::flows(facts, &[ix]),
        _ => id_of(facts, of).map(|it| facts.title_of(it)).unwrap_or_default(),
    };
    // What has no name is called by its id.
    match id_of(facts, of) {
        Some(id) if place.is_empty() => id.to_string(),
        _ => place,
    }
}

/// The ways to mend a finding of a pack.
pub(super) fn fixes(facts: &Facts, finding: &Finding) -> Vec<Fix> {
    let Some((_, _, rule)) = about::in_pack(facts.model(), &finding.rule) else { return Vec::new() };
    let (Some(fix), Some(subject)) = (&rule.fix, finding.subjects.first()) else { return Vec::new() };
    let unknown = Unknown::new(subject, Asks::of(&fix.set).field);
    let edit = answer(facts, &[unknown], fix.to.truth());
    if edit.is_empty() { Vec::new() } else { vec![Fix { label: fix.label.clone(), edit }] }
}

#[cfg(test)]
mod tests;
