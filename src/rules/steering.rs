//! Steering: what other components are run or built by, and what is at stake with it.

use super::{Impact, exposures, words, worth};
use crate::analysis::{AssetIx, ComponentIx, ComponentNode, Facts};
use crate::model::{Access, Capability, Family};

/// Whether it decides what runs where, or where requests go: an orchestrator or a service registry.
pub(super) fn steers(node: &ComponentNode) -> bool {
    node.kind.slug == "orchestrator" || node.can(Capability::Registry)
}

/// Whether it builds, keeps or brings out what the others run.
pub(super) fn is_pipeline(node: &ComponentNode) -> bool {
    node.kind.slug == "ci-cd"
}

/// What falls with it: the own components at the other ends of its flows and those that stand beside it.
pub(super) fn steered(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let node = topology.component(component);
    let flows = node.out.iter().chain(&node.into).map(|it| topology.flow(*it));
    let beside = node.within.map(|it| topology.boundary(it).members.as_slice()).unwrap_or_default();
    let others = flows.map(|it| if it.from == component { it.to } else { it.from });
    let mut steered: Vec<ComponentIx> = others.chain(beside.iter().copied()).collect();
    let works = |it: &ComponentIx| {
        let it = topology.component(*it);
        !it.can(Capability::NotOurs)
            && matches!(it.kind.family, Family::Compute | Family::Data | Family::Messaging | Family::Trust)
    };
    steered.retain(|it| *it != component && works(it));
    steered.sort_unstable();
    steered.dedup();
    steered
}

/// Those that a pipeline changes: the targets of its flows that administer, or of which nobody has said what they do.
pub(super) fn deployed(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let out = topology.component(component).out.iter().map(|it| topology.flow(*it));
    let runs = |it: ComponentIx| topology.component(it).is(Family::Compute);
    let deploys = |it: &&crate::analysis::FlowEdge| {
        let unsaid = it.access == Access::Unknown && runs(it.to);
        !it.reply && (exposures::administers(it) || unsaid)
    };
    let mut targets: Vec<ComponentIx> = out.filter(deploys).map(|it| it.to).collect();
    let is_ours = |it: &ComponentIx| {
        let it = topology.component(*it);
        !it.can(Capability::NotOurs) && !is_pipeline(it)
    };
    targets.retain(is_ours);
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// What some components are worth together, and in words: `Orders and Web, which handle Card numbers (secret)`.
pub(super) fn stake(facts: &Facts, components: &[ComponentIx]) -> (Impact, String) {
    let names = words::names(facts, components.iter().copied());
    let mut assets: Vec<AssetIx> =
        components.iter().flat_map(|it| facts.data.handled(*it)).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    if assets.is_empty() {
        return (Impact::Serious, names);
    }
    let (impact, worth) = worth(facts, &assets);
    // Whoever changes what runs there does more than read what is public.
    (impact.max(Impact::Serious), format!("{names} with {worth}"))
}
