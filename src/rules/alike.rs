//! Alike: what is asked about and found together, a pool, a replicated store, or a component alone; and what is said
//! of a component by the boundaries around it.

use std::collections::BTreeMap;

use super::Evidence;
use crate::analysis::{ComponentIx, Facts, Unknown};
use crate::model::{Id, Truth};

/// The first of those that are alike: it speaks for all.
pub(super) fn first(facts: &Facts, component: ComponentIx) -> ComponentIx {
    members(facts, component).first().copied().unwrap_or(component)
}

/// All that are alike, in order; none if it stands alone.
pub(super) fn members(facts: &Facts, component: ComponentIx) -> &[ComponentIx] {
    let pools = &facts.pools;
    let pool = pools.pool_of(component).map(|it| &pools.pool(it).members[..]);
    pool.or_else(|| pools.store_of(component).map(|it| &pools.store(it).members[..])).unwrap_or_default()
}

/// Some components by the first of those that are alike.
pub(super) fn groups(
    facts: &Facts,
    components: impl IntoIterator<Item = ComponentIx>,
) -> BTreeMap<ComponentIx, Vec<ComponentIx>> {
    let mut groups: BTreeMap<ComponentIx, Vec<ComponentIx>> = BTreeMap::new();
    for component in components {
        groups.entry(first(facts, component)).or_default().push(component);
    }
    groups
}

/// The answer to a control: of the component, of its technology or else of the nearest boundary around it that has one.
pub(super) fn control(facts: &Facts, component: ComponentIx, slug: &str) -> Truth {
    let node = facts.topology.component(component);
    let around = facts.topology.outward(node.within);
    let mut said = around.map(|it| facts.topology.boundary(it).record.controls.truth(slug));
    match node.control(slug) {
        Truth::Unknown => said.find(|it| *it != Truth::Unknown).unwrap_or_default(),
        said => said,
    }
}

pub(super) fn id(facts: &Facts, component: ComponentIx) -> Id {
    facts.topology.component(component).id.clone()
}

pub(super) fn ids(facts: &Facts, components: &[ComponentIx]) -> Vec<Id> {
    components.iter().map(|it| id(facts, *it)).collect()
}

/// The unknowns of one control at several elements.
pub(super) fn unknowns<'a>(ids: impl IntoIterator<Item = &'a Id>, slug: &str) -> Vec<Unknown> {
    ids.into_iter().map(|it| Unknown::new(it, format!("controls.{slug}"))).collect()
}

/// All of them light up.
pub(super) fn evidence(facts: &Facts, components: &[ComponentIx]) -> Evidence {
    Evidence::set(ids(facts, components))
}
