//! One answer for all APIs of a component: whoever checks rights for one call mostly does so for all, so that the
//! calls of which nobody has said are asked about together. What somebody said is wrong is found one by one.

use std::collections::BTreeMap;

use super::arguments::{Means, arguments, named, only_reads};
use super::cases::classified;
use super::entries::{Entry, handled};
use super::list;
use super::outside::control;
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Api, Id, Truth};

/// Joins those that are asked about together: the first stands for all.
pub(super) fn joined(entries: Vec<Entry>) -> Vec<Entry> {
    let mut groups: BTreeMap<(Option<ComponentIx>, Option<Id>), Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        let is_alone = entry.truth == Truth::No || entry.component.is_none();
        let alone = entry.subjects.first().filter(|_| is_alone).cloned();
        groups.entry((entry.component, alone)).or_default().push(entry);
    }
    groups.into_values().filter_map(join).collect()
}

fn join(group: Vec<Entry>) -> Option<Entry> {
    let names: Vec<String> = group.iter().map(|it| it.name.clone()).collect();
    let mut group = group.into_iter();
    let mut first = group.next()?;
    for entry in group {
        first.subjects.extend(entry.subjects);
        if entry.exposure < first.exposure {
            (first.exposure, first.who) = (entry.exposure, entry.who);
        }
    }
    first.name = list(&names);
    Some(first)
}

/// The APIs that an entry is about.
pub(super) fn apis<'f>(facts: &'f Facts, entry: &'f Entry) -> impl Iterator<Item = &'f Api> {
    let apis = facts.model().apis();
    entry.subjects.iter().filter_map(|it| apis.get(it)).map(|it| &**it)
}

/// The names of the parameters that bring what matters in each API, each once, in order.
pub(super) fn parameters(facts: &Facts, entry: &Entry, of: impl Fn(&Api) -> &'static [Means]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in apis(facts, entry).flat_map(|it| named(&arguments(it), of(it))) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether callers have a name at all. Where none is demanded, no right can be checked: that is the entry's fault, or
/// it is for everybody.
pub(super) fn knows_callers(facts: &Facts, entry: &Entry) -> bool {
    const LOGIN: &str = "authentication";
    let of_component = entry.component.map(|it| control(facts, it, LOGIN)).unwrap_or_default();
    let of_api = apis(facts, entry).map(|it| it.controls.truth(LOGIN)).find(|it| *it != Truth::Unknown);
    !matches!(of_api.unwrap_or(of_component), Truth::No | Truth::NotApplicable)
}

/// Whether a call changes something, or shows what is more than public.
pub(super) fn changes_or_shows(facts: &Facts, entry: &Entry) -> bool {
    apis(facts, entry).any(|it| !only_reads(it))
        || classified(facts, &handled(facts, entry.component)).next().is_some()
}
