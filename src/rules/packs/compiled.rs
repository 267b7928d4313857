//! A pack's rule, ready to be asked of many subjects: its words looked up, its walks numbered.

use std::borrow::Cow;

use crate::model::{
    Access, Capability, Condition, Control, Family, Id, PackRule, PackSubject, Ports, Protocol, Technology,
    Truth, Worth, Zone,
};
use crate::rules::{On, RuleId};

/// A condition with its words looked up.
#[derive(Debug)]
pub(super) enum Test {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Kind(Vec<String>),
    Family(Family),
    Technology(Vec<&'static str>),
    Can(Capability),
    Answer(Asks, Truth),
    Source(Box<Self>),
    Target(Box<Self>),
    Protocol(Vec<&'static str>),
    Access(Vec<Access>),
    Carries(Worth),
    Keeps(Worth),
    Handles(Worth),
    Asset(Worth),
    Crosses(Zone),
    Within(Zone),
    /// Some other element is so. Its number names it to those who remember what came out.
    Some(u32, Walk, Box<Self>),
    Listens(Ports),
    Exposed,
}

/// Where a condition goes from its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    Incoming,
    Outgoing,
    Component,
}

/// What an answer is looked up by.
#[derive(Debug)]
pub(super) struct Asks {
    /// As questions call it: `encrypted`, `controls.logging`.
    pub(super) field: Cow<'static, str>,
    /// None where it is a field.
    pub(super) control: Option<&'static Control>,
}

impl Asks {
    pub(super) fn of(field: &str) -> Self {
        match Control::find(field) {
            Some(control) => Self { field: format!("controls.{field}").into(), control: Some(control) },
            None => Self { field: field.to_owned().into(), control: None },
        }
    }
}

/// A rule that is run.
#[derive(Debug)]
pub(in crate::rules) struct Compiled {
    pub(super) id: RuleId,
    /// Which of the pack's rules it is.
    pub(super) pack: Id,
    pub(super) rule: PackRule,
    pub(super) on: On,
    pub(super) test: Test,
    /// The controls and fields that its condition reads.
    pub(super) answers: Vec<String>,
}

/// A rule as it is run.
pub(super) fn compile(pack_id: &Id, rule: &PackRule) -> Compiled {
    Compiled {
        id: RuleId::of_pack(pack_id, &rule.id),
        pack: pack_id.clone(),
        rule: rule.clone(),
        on: match rule.subject {
            PackSubject::Component => On::Component,
            PackSubject::Flow => On::Flow,
            PackSubject::Boundary => On::Boundary,
            PackSubject::Api => On::Api,
            PackSubject::Dataset => On::Dataset,
            PackSubject::Asset => On::Asset,
        },
        test: test(&rule.when, &mut 0),
        answers: answers(&rule.when),
    }
}

/// Goes as deep as the condition is nested, as all here do.
fn answers(it: &Condition) -> Vec<String> {
    let own = if let Condition::Answer(field, _) = it { Some(field.clone()) } else { None };
    own.into_iter().chain(it.inner().iter().flat_map(answers)).collect()
}

/// Goes as deep as the condition is nested, which was checked.
fn test(it: &Condition, walks: &mut u32) -> Test {
    let mut inner = |it: &Condition| Box::new(test(it, walks));
    match it {
        Condition::All(all) => Test::All(all.iter().map(|it| test(it, walks)).collect()),
        Condition::Any(all) => Test::Any(all.iter().map(|it| test(it, walks)).collect()),
        Condition::Not(it) => Test::Not(inner(it)),
        Condition::Source(it) => Test::Source(inner(it)),
        Condition::Target(it) => Test::Target(inner(it)),
        Condition::Incoming(it) => walk(Walk::Incoming, it, walks),
        Condition::Outgoing(it) => walk(Walk::Outgoing, it, walks),
        Condition::Component(it) => walk(Walk::Component, it, walks),
        Condition::Kind(words) => Test::Kind(words.clone()),
        Condition::Family(it) => Test::Family(*it),
        Condition::Technology(words) => Test::Technology(
            words.iter().filter_map(|it| Some(Technology::find(it)?.slug.as_str())).collect(),
        ),
        Condition::Protocol(words) => {
            Test::Protocol(words.iter().filter_map(|it| Some(Protocol::find(it)?.slug.as_str())).collect())
        }
        Condition::Can(it) => Test::Can(*it),
        Condition::Answer(field, is) => Test::Answer(Asks::of(field), is.truth()),
        Condition::Access(all) => Test::Access(all.clone()),
        Condition::Carries(it) => Test::Carries(*it),
        Condition::Keeps(it) => Test::Keeps(*it),
        Condition::Handles(it) => Test::Handles(*it),
        Condition::Asset(it) => Test::Asset(*it),
        Condition::Crosses(it) => Test::Crosses(it.clone()),
        Condition::Within(it) => Test::Within(it.clone()),
        Condition::Listens(it) => Test::Listens(it.clone()),
        Condition::Exposed => Test::Exposed,
    }
}

fn walk(way: Walk, it: &Condition, walks: &mut u32) -> Test {
    *walks += 1;
    let number = *walks;
    Test::Some(number, way, Box::new(test(it, walks)))
}
