//! Bundles: flows that are one to whoever reads the drawing, since alternatives do the same.

use crate::analysis::{ComponentIx, Facts, FlowIx, PoolIx};

/// A component or, of a pool, all of it.
pub(super) type One = (Option<PoolIx>, Option<ComponentIx>);

/// What a component stands for: its pool, if it has one.
pub(super) fn one(facts: &Facts, component: ComponentIx) -> One {
    match facts.pools.pool_of(component) {
        Some(pool) => (Some(pool), None),
        None => (None, Some(component)),
    }
}

/// A component with its alternatives, in order.
pub(super) fn alternatives(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let pool = facts.pools.pool_of(component);
    pool.map_or_else(|| vec![component], |it| facts.pools.pool(it).members.clone())
}

/// A flow and those that do the same between alternatives of its ends, in order.
pub(super) fn bundle(facts: &Facts, flow: FlowIx) -> Vec<FlowIx> {
    let topology = &facts.topology;
    let edge = topology.flow(flow);
    let target = one(facts, edge.to);
    let is_same = |it: &FlowIx| {
        let other = topology.flow(*it);
        let speaks = (&other.record.protocol, &other.ports) == (&edge.record.protocol, &edge.ports);
        let does = (other.access, other.reply, other.encrypted) == (edge.access, edge.reply, edge.encrypted);
        speaks && does && one(facts, other.to) == target
    };
    let starts = alternatives(facts, edge.from).into_iter();
    let mut flows: Vec<FlowIx> =
        starts.flat_map(|it| &topology.component(it).out).copied().filter(is_same).collect();
    flows.sort_unstable();
    flows
}
