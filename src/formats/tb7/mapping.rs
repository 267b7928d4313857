//! What a template's words are to Parapet: a table of `assets/`, and where it is silent, names and defaults.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ron::extensions::Extensions;
use serde::Deserialize;

use super::filter::{End, Filter};
use crate::model::{Condition, Kind, Technology};

/// The table of `assets/tb7.ron`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Stencils by id: conditions on a component.
    elements: BTreeMap<String, Condition>,
    /// Stencils of flows by id: conditions on a flow.
    flows: BTreeMap<String, Condition>,
    /// Stencils of boundaries by id: conditions on a flow that crosses one.
    boundaries: BTreeMap<String, Condition>,
    attributes: Vec<Attribute>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    /// Names and display names.
    names: Vec<String>,
    of: Of,
    /// What each value says.
    values: BTreeMap<String, Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    Component,
    Flow,
    #[serde(skip)]
    Boundary,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let read = options.from_str(include_str!("../../../assets/tb7.ron"));
    debug_assert!(read.is_ok(), "{}", read.as_ref().err().map(ToString::to_string).unwrap_or_default());
    read.unwrap_or_default()
});

/// What a template itself says of its stencils.
#[derive(Debug, Default)]
pub(super) struct Stencils {
    /// Names of stencils by id.
    pub(super) names: BTreeMap<String, String>,
    /// Those directly below one.
    pub(super) below: BTreeMap<String, Vec<String>>,
    /// Display names of attributes, and the values that they have if nobody chose one, by name.
    pub(super) attributes: BTreeMap<String, (String, String)>,
    /// How stencils read that were asked for: threats ask for the same ones, time and again.
    read: RefCell<BTreeMap<(Of, String), Condition>>,
}

/// So far down are stencils looked for that a table knows.
const GENERATIONS: usize = 6;

/// How a filter reads on a flow of ours.
pub(super) fn condition(filter: &Filter, stencils: &Stencils) -> Condition {
    let each = |all: &[Filter]| all.iter().map(|it| condition(it, stencils)).collect();
    match filter {
        Filter::All(all) => Condition::All(each(all)),
        Filter::Any(all) => Condition::Any(each(all)),
        Filter::Not(it) => Condition::Not(Box::new(condition(it, stencils))),
        Filter::Is(End::Flow, id) => stencils.read(Of::Flow, id),
        Filter::Is(end, id) => at(*end, stencils.read(Of::Component, id)),
        Filter::Crosses(id) => stencils.read(Of::Boundary, id),
        Filter::Has(end, name, value) => has(*end, name, value, stencils),
    }
}

fn at(end: End, it: Condition) -> Condition {
    match end {
        _ if is_never(&it) => it,
        End::Source => Condition::Source(Box::new(it)),
        End::Target => Condition::Target(Box::new(it)),
        End::Flow => it,
    }
}

fn never() -> Condition {
    Condition::Any(Vec::new())
}

fn is_never(it: &Condition) -> bool {
    *it == never()
}

/// What all stencils stand below. No rule of ours is about it: templates use it for threats of old files.
const ROOT: &str = "ROOT";

impl Stencils {
    /// How a stencil reads: as is known of it, else as one of those below it, else never.
    fn read(&self, of: Of, id: &str) -> Condition {
        let key = (of, id.to_owned());
        if let Some(read) = self.read.borrow().get(&key) {
            return read.clone();
        }
        let read = self.known(of, id).unwrap_or_else(|| self.any_below(of, id));
        self.read.borrow_mut().insert(key, read.clone());
        read
    }

    /// By the table or, of a component, by a name that our tables of technologies and kinds know.
    fn known(&self, of: Of, id: &str) -> Option<Condition> {
        match of {
            Of::Flow => TABLE.flows.get(id).cloned(),
            Of::Boundary => TABLE.boundaries.get(id).cloned(),
            Of::Component => {
                let named = || self.names.get(id).and_then(|it| named(it));
                TABLE.elements.get(id).cloned().or_else(named)
            }
        }
    }

    /// One of those below a stencil, each looked at once: a template may put them below each other in rings.
    fn any_below(&self, of: Of, id: &str) -> Condition {
        let (mut seen, mut row, mut found) = (BTreeSet::from([id]), vec![id], Vec::new());
        for _ in 0..GENERATIONS {
            let parents = row.iter().filter(|it| **it != ROOT);
            let below = parents.filter_map(|it| self.below.get(*it)).flatten().map(String::as_str);
            let new: Vec<&str> = below.filter(|it| seen.insert(it)).collect();
            row.clear();
            for it in new {
                match self.known(of, it) {
                    Some(known) if is_never(&known) || found.contains(&known) => {}
                    Some(known) => found.push(known),
                    None => row.push(it),
                }
            }
        }
        Condition::Any(found)
    }
}

/// What bears this whole name: `Azure SQL Database` is one, `Database of things` is not `database`.
fn named(name: &str) -> Option<Condition> {
    let name = name.trim().to_lowercase();
    let is_it = |label: &str, words: &[String]| label.to_lowercase() == name || words.contains(&name);
    let technology = Technology::all().iter().find(|it| is_it(&it.label, &it.words));
    let kind = || Kind::all().iter().find(|it| is_it(&it.label, &it.words));
    technology
        .map(|it| Condition::Technology(vec![it.slug.clone()]))
        .or_else(|| kind().map(|it| Condition::Kind(vec![it.slug.clone()])))
}

/// By the table. An attribute that has no equivalent is as a new stencil has it.
fn has(end: End, name: &str, value: &str, stencils: &Stencils) -> Condition {
    let of = if end == End::Flow { Of::Flow } else { Of::Component };
    let declared = stencils.attributes.get(name);
    let is_it = |it: &&Attribute| {
        let is_named = |word: &str| it.names.iter().any(|name| name == word);
        it.of == of && (is_named(name) || declared.is_some_and(|it| is_named(&it.0)))
    };
    match TABLE.attributes.iter().find(is_it) {
        Some(known) => at(end, known.values.get(value).cloned().unwrap_or_else(never)),
        None if declared.is_some_and(|it| it.1 == value) => Condition::All(Vec::new()),
        None => never(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PackRule, PackSubject};

    #[test]
    fn the_table_is_sound() {
        let rule = |when: Condition| PackRule {
            id: crate::model::Id::slug("r"),
            label: "R".to_owned(),
            subject: PackSubject::Flow,
            stride: Vec::new(),
            cwe: Vec::new(),
            severity: None,
            when,
            message: "m".to_owned(),
            why: String::new(),
            advice: String::new(),
            references: Vec::new(),
            fix: None,
        };
        let source = |it: &Condition| Condition::Source(Box::new(it.clone()));
        let of_attributes = TABLE.attributes.iter().flat_map(|row| {
            assert!(!row.names.is_empty() && !row.values.is_empty());
            row.values.values().map(move |it| if row.of == Of::Flow { it.clone() } else { source(it) })
        });
        let all = (TABLE.elements.values().map(source))
            .chain(TABLE.flows.values().cloned())
            .chain(TABLE.boundaries.values().cloned())
            .chain(of_attributes);
        let mut count = 0;
        for it in all {
            assert_eq!(rule(it.clone()).sound(), Ok(()), "{it:?}");
            count += 1;
        }
        assert!(count > 40, "{count}");
    }

    #[test]
    fn every_component_but_a_note_is_one_of_the_three() {
        for kind in Kind::all().iter().filter(|it| it.slug != "note") {
            let holds = |it: &Condition| -> bool {
                fn holds(it: &Condition, kind: &Kind) -> bool {
                    match it {
                        Condition::All(all) => all.iter().all(|it| holds(it, kind)),
                        Condition::Any(all) => all.iter().any(|it| holds(it, kind)),
                        Condition::Not(it) => !holds(it, kind),
                        Condition::Kind(words) => words.contains(&kind.slug),
                        Condition::Family(it) => kind.family == *it,
                        Condition::Can(it) => kind.can(*it),
                        other => panic!("{other:?}"),
                    }
                }
                holds(it, kind)
            };
            let is = ["GE.P", "GE.EI", "GE.DS"].map(|it| holds(&TABLE.elements[it]));
            assert_eq!(is.iter().filter(|it| **it).count(), 1, "{} is {is:?}", kind.slug);
        }
    }
}
