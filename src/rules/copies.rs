//! Copies: what a store keeps that nothing else does, and whether its loss is told already.

use crate::analysis::{AssetIx, ComponentIx, Facts, Unit};
use crate::model::{Access, Asset, Capability, Class, Family, Truth};

/// The assets that it keeps of which somebody has said what they are.
pub(super) fn classified(facts: &Facts, component: ComponentIx) -> Vec<AssetIx> {
    let is_classified =
        |it: &Asset| it.class != Class::Unknown || it.personal.is_yes() || it.credential.is_yes();
    let kept = facts.data.kept(component).iter().copied();
    kept.filter(|it| is_classified(facts.data.asset(*it))).collect()
}

/// Whether it is a store that is lost with the machine that it runs on: one instance, and not highly available.
pub(super) fn is_lost_at_once(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let is_store = node.is(Family::Data) && !node.can(Capability::Cache);
    let survives = matches!(node.is_highly_available(), Truth::Yes | Truth::NotApplicable);
    is_store && !survives && node.record.instances() < 2
}

/// Whether anything changes what it keeps; an access that nobody has said is read as one that does.
pub(super) fn takes_writes(facts: &Facts, component: ComponentIx) -> bool {
    let flows = facts.topology.component(component).into.iter().map(|it| facts.topology.flow(*it));
    let writes =
        |access| matches!(access, Access::Write | Access::ReadWrite | Access::Publish | Access::Unknown);
    flows.filter(|it| !it.reply).any(|it| writes(it.access))
}

/// Whether it copies itself to another, or another to it.
pub(super) fn is_copied(facts: &Facts, component: ComponentIx) -> bool {
    let (topology, node) = (&facts.topology, facts.topology.component(component));
    let copies = |it: &crate::analysis::FlowEdge| it.access == Access::Replicate;
    // Even one that is drawn as an answer says that there is a copy.
    node.out.iter().any(|it| copies(topology.flow(*it)))
        || node.into.iter().map(|it| topology.flow(*it)).any(|it| copies(it) && !it.reply)
}

/// How alone some stores are with assets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alone {
    /// One store, and no copy of what it keeps.
    OnlyCopy,
    /// Several, as copies of each other or with a part each, and nobody else.
    NowhereElse,
    /// Others keep some of it, too, as a copy or a part.
    Shared,
}

/// How alone stores are with the assets that they keep. What forgets keeps no copy.
pub(super) fn alone(facts: &Facts, stores: &[ComponentIx], assets: &[AssetIx]) -> Alone {
    let is_among = |it: &ComponentIx| stores.contains(it);
    let forgets = |it: &ComponentIx| {
        let node = facts.topology.component(*it);
        node.can(Capability::Cache) || node.technology.is_some_and(|it| it.volatile)
    };
    let mut keepers = assets.iter().flat_map(|it| facts.data.keepers(*it));
    let copies = stores.iter().filter_map(|it| facts.pools.store_of(*it));
    let mut copies = copies.flat_map(|it| &facts.pools.store(it).members);
    if keepers.any(|it| !is_among(it) && !forgets(it)) || copies.any(|it| !is_among(it)) {
        return Alone::Shared;
    }
    match stores {
        [one] if facts.topology.component(*one).record.instances() < 2 => Alone::OnlyCopy,
        _ => Alone::NowhereElse,
    }
}

/// Whether it takes writes, and nothing copies it.
pub(super) fn is_only_copy(facts: &Facts, component: ComponentIx) -> bool {
    is_lost_at_once(facts, component) && takes_writes(facts, component) && !is_copied(facts, component)
}

/// Whether it is a single point of failure: one cause is told once.
pub(super) fn is_single_point(facts: &Facts, component: ComponentIx) -> bool {
    // Components come first, in order.
    let points = facts.failure.single_points();
    points.binary_search_by(|it| it.unit.cmp(&Unit::Instance(component))).is_ok()
}
