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
    Technology(Words<Technology>),
    Can(Capability),
    Answer(Asks, Truth),
    Source(Box<Self>),
    Target(Box<Self>),
    Protocol(Words<Protocol>),
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

/// Rows of a table, or all others. Tests of one field that stand side by side are made one of these, so that it is known
/// where none of its values can decide: `all([protocol("ftp"), protocol("ssh")])` never holds, and asks nothing.
#[derive(Debug, Clone)]
pub(super) struct Words<R: 'static> {
    pub(super) but: bool,
    pub(super) all: Vec<&'static R>,
}

impl<R> Words<R> {
    fn of(rows: impl Iterator<Item = &'static R>) -> Self {
        let mut all = Vec::new();
        for row in rows {
            if !is_among(row, &all) {
                all.push(row);
            }
        }
        Self { but: false, all }
    }

    pub(super) fn has(&self, row: &'static R) -> bool {
        is_among(row, &self.all) != self.but
    }

    fn not(self) -> Self {
        Self { but: !self.but, all: self.all }
    }

    fn or(self, other: Self) -> Self {
        let without = |some: &[&'static R], of: &[&'static R]| -> Vec<&'static R> {
            some.iter().copied().filter(|it| !is_among(*it, of)).collect()
        };
        let (a, b) = (self.all, other.all);
        match (self.but, other.but) {
            (false, false) => Self { but: false, all: [without(&a, &b), b].concat() },
            (true, true) => Self { but: true, all: without(&a, &without(&a, &b)) },
            (false, true) => Self { but: true, all: without(&b, &a) },
            (true, false) => Self { but: true, all: without(&a, &b) },
        }
    }

    fn and(self, other: Self) -> Self {
        self.not().or(other.not()).not()
    }
}

/// Rows are compared by where they stand: a table has each once.
fn is_among<R>(row: &R, all: &[&R]) -> bool {
    all.iter().any(|it| std::ptr::eq(*it, row))
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
    /// What its condition names, in order, for the choices of its questions.
    pub(super) protocols: Vec<&'static Protocol>,
    pub(super) technologies: Vec<&'static Technology>,
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
        protocols: named(&rule.when, |it| match it {
            Condition::Protocol(words) => words.iter().filter_map(|it| Protocol::find(it)).collect(),
            _ => Vec::new(),
        }),
        technologies: named(&rule.when, |it| match it {
            Condition::Technology(words) => words.iter().filter_map(|it| Technology::find(it)).collect(),
            _ => Vec::new(),
        }),
    }
}

/// Goes as deep as the condition is nested, as all here do.
fn answers(it: &Condition) -> Vec<String> {
    let own = if let Condition::Answer(field, _) = it { Some(field.clone()) } else { None };
    own.into_iter().chain(it.inner().iter().flat_map(answers)).collect()
}

/// What a condition names of one table, each once.
fn named<R>(it: &Condition, of: fn(&Condition) -> Vec<&'static R>) -> Vec<&'static R> {
    fn collect<R>(it: &Condition, of: fn(&Condition) -> Vec<&'static R>, all: &mut Vec<&'static R>) {
        for row in of(it) {
            // Nobody is offered more.
            if all.len() < 20 && !is_among(row, all) {
                all.push(row);
            }
        }
        it.inner().iter().for_each(|it| collect(it, of, all));
    }
    let mut all = Vec::new();
    collect(it, of, &mut all);
    all
}

/// Goes as deep as the condition is nested, which was checked.
fn test(it: &Condition, walks: &mut u32) -> Test {
    let mut inner = |it: &Condition| Box::new(test(it, walks));
    match it {
        Condition::All(all) => together(true, all.iter().map(|it| test(it, walks))),
        Condition::Any(all) => together(false, all.iter().map(|it| test(it, walks))),
        Condition::Not(it) => match test(it, walks) {
            Test::Protocol(words) => Test::Protocol(words.not()),
            Test::Technology(words) => Test::Technology(words.not()),
            other => Test::Not(Box::new(other)),
        },
        Condition::Source(it) => Test::Source(inner(it)),
        Condition::Target(it) => Test::Target(inner(it)),
        Condition::Incoming(it) => walk(Walk::Incoming, it, walks),
        Condition::Outgoing(it) => walk(Walk::Outgoing, it, walks),
        Condition::Component(it) => walk(Walk::Component, it, walks),
        Condition::Kind(words) => Test::Kind(words.clone()),
        Condition::Family(it) => Test::Family(*it),
        Condition::Technology(words) => {
            Test::Technology(Words::of(words.iter().filter_map(|it| Technology::find(it))))
        }
        Condition::Protocol(words) => {
            Test::Protocol(Words::of(words.iter().filter_map(|it| Protocol::find(it))))
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

/// All of some tests, or any of them, with those of one field made one.
fn together(is_all: bool, tests: impl Iterator<Item = Test>) -> Test {
    let mut all: Vec<Test> = Vec::new();
    let flat = tests.flat_map(|it| match it {
        Test::All(inner) if is_all => inner,
        Test::Any(inner) if !is_all => inner,
        other => vec![other],
    });
    for new in flat {
        let before = all.iter_mut().find(|it| std::mem::discriminant(*it) == std::mem::discriminant(&new));
        match (before, new) {
            (Some(Test::Protocol(before)), Test::Protocol(new)) => join(before, new, is_all),
            (Some(Test::Technology(before)), Test::Technology(new)) => join(before, new, is_all),
            (_, new) => all.push(new),
        }
    }
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => return only,
        (last, _) => all.extend(last),
    }
    if is_all { Test::All(all) } else { Test::Any(all) }
}

fn join<R>(before: &mut Words<R>, new: Words<R>, is_all: bool) {
    let was = Words { but: before.but, all: std::mem::take(&mut before.all) };
    *before = if is_all { was.and(new) } else { was.or(new) };
}

fn walk(way: Walk, it: &Condition, walks: &mut u32) -> Test {
    *walks += 1;
    let number = *walks;
    Test::Some(number, way, Box::new(test(it, walks)))
}
