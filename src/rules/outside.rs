//! Outside input, for all rules: who can send it, and which components are asked about together.

use super::{Exposure, words};
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Capability, Truth};

/// Who can send what comes along a way that begins outside, and in words: `anyone on the internet can send it`.
pub(super) fn sender(facts: &Facts, way: &[ComponentIx]) -> (Exposure, String) {
    let topology = &facts.topology;
    let inputs = facts.inputs();
    let taker = way.iter().position(|it| inputs.takes(*it)).map_or(way.len(), |it| it + 1);
    let logs_in = |it: &&ComponentIx| {
        let node = topology.component(**it);
        !node.can(Capability::NotOurs) && !is_open(node.control("authentication"))
    };
    let Some(first) = way.first() else {
        return (Exposure::Deeper, "nothing drawn brings it from outside".to_owned());
    };
    if let Some(login) = way.iter().take(taker).find(logs_in) {
        let name = words::name(facts, *login);
        return (Exposure::Guarded, format!("whoever may log in at {name} can send it"));
    }
    if facts.ingress.is_origin(*first) {
        (Exposure::Open, "anyone on the internet can send it".to_owned())
    } else {
        (Exposure::Guarded, format!("{} can send it", words::name(facts, *first)))
    }
}

/// A component with those of its pool, or of its replicated store, of which the same holds. The first speaks for all.
pub(super) fn together(
    facts: &Facts,
    component: ComponentIx,
    is_so: impl Fn(ComponentIx) -> bool,
) -> Vec<ComponentIx> {
    let pools = &facts.pools;
    let members = (pools.pool_of(component).map(|it| &pools.pool(it).members))
        .or_else(|| pools.store_of(component).map(|it| &pools.store(it).members));
    let Some(members) = members else { return vec![component] };
    members.iter().copied().filter(|it| *it == component || is_so(*it)).collect()
}

/// The answer to a control of a component that is ours.
pub(super) fn control(facts: &Facts, component: ComponentIx, slug: &str) -> Truth {
    let node = facts.topology.component(component);
    if node.can(Capability::NotOurs) { Truth::NotApplicable } else { node.control(slug) }
}

/// Whether an answer is a finding, or unknown and to be asked for.
pub(super) fn is_open(truth: Truth) -> bool {
    matches!(truth, Truth::No | Truth::Unknown)
}
