//! Load in rules: numbers in words, components that share their load, and the fixes that let them serve more.

use std::sync::Arc;

use super::{Evidence, Finding, Fix, Rule, run_only, words};
use crate::analysis::{ComponentIx, Demand, Facts, FlowIx, Load, is_over, is_tight};
use crate::model::{Access, Capability, Component, Draft, Family, Figure, Id, Truth};

/// `3,600`, `12.5`, `0.04`.
pub(super) fn number(number: f64) -> String {
    if number >= 100.0 {
        let digits = format!("{number:.0}");
        let from_end = |(n, it): (usize, char)| {
            let comma = n > 0 && (digits.len() - n) % 3 == 0;
            comma.then_some(',').into_iter().chain([it])
        };
        return digits.chars().enumerate().flat_map(from_end).collect();
    }
    let text = if number >= 10.0 { format!("{number:.1}") } else { format!("{number:.2}") };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `3,600 requests/s`.
pub(super) fn per_second(requests: f64) -> String {
    format!("{} requests/s", number(requests))
}

/// `85 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", number((share * 100.0).round()))
}

/// All of its replicated store, or of its pool, or it alone; in order.
pub(super) fn alike(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let pools = &facts.pools;
    if let Some(store) = pools.store_of(component) {
        return pools.store(store).members.clone();
    }
    pools.pool_of(component).map_or_else(|| vec![component], |it| pools.pool(it).members.clone())
}

pub(super) fn ids(facts: &Facts, components: &[ComponentIx]) -> Vec<Id> {
    components.iter().map(|it| facts.topology.component(*it).id.clone()).collect()
}

/// Whether it is a store of ours that is no cache.
pub(super) fn is_store(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    node.is(Family::Data) && !node.can(Capability::Cache) && !node.can(Capability::NotOurs)
}

/// Flows by which requests come to it, and from where: against the arrow for consume.
fn asked(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = (FlowIx, ComponentIx)> + '_ {
    let topology = &facts.topology;
    let node = topology.component(component);
    let consumes = |it: &FlowIx| topology.flow(*it).access == Access::Consume;
    let into =
        node.into.iter().copied().filter(move |it| !consumes(it)).map(|it| (it, topology.flow(it).from));
    into.chain(node.out.iter().copied().filter(move |it| consumes(it)).map(|it| (it, topology.flow(it).to)))
}

/// The way on which most of its requests come.
pub(super) fn way(facts: &Facts, load: &Load, component: ComponentIx) -> Evidence {
    let mut way = vec![component];
    let mut last = component;
    while way.len() < 64 {
        let comes = asked(facts, last).filter(|(_, from)| !way.contains(from));
        let most = comes.map(|(flow, from)| (load.of_flow(flow).total(), from)).filter(|it| it.0 > 0.0);
        // Of ways that bring as much, the first.
        let Some((_, from)) = most.fold(None, |best: Option<(f64, ComponentIx)>, it| match best {
            Some(best) if best.0 >= it.0 => Some(best),
            _ => Some(it),
        }) else {
            break;
        };
        way.push(from);
        last = from;
    }
    way.reverse();
    Evidence::way(facts, way)
}

/// Whether what is written to the one copy of a store that takes writes is all that it can do nearly: more copies do
/// not help. It is said of the whole store, whose copies get each write too.
pub(super) fn write_bound(facts: &Facts, load: &Load, component: ComponentIx) -> Option<(ComponentIx, f64)> {
    let pools = &facts.pools;
    let primary = match pools.store_of(component).map(|it| &pools.store(it).writers[..]) {
        None => component,
        Some([one]) => *one,
        Some(_) => return None,
    };
    let writes = load.of_component(primary).writes / load.capacity(primary)?;
    let is_one = facts.topology.component(primary).record.instances() == 1;
    (is_one && is_store(facts, primary) && is_tight(writes)).then_some((primary, writes))
}

/// What the loss of one instance leaves the others of its kind with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failover {
    pub lost: ComponentIx,
    /// The one of the others that is worst off, and its utilisation.
    pub worst: ComponentIx,
    pub utilisation: f64,
}

/// The worst loss of one instance among components that share their load; none where it leaves nothing.
pub(super) fn failover(facts: &Facts, load: &Load, alike: &[ComponentIx]) -> Option<Failover> {
    let instances = |it: ComponentIx| f64::from(facts.topology.component(it).record.instances());
    let is_replicated = alike.first().is_some_and(|it| facts.pools.store_of(*it).is_some());
    // Copies get each write whether or not another is lost; only the reads move to them.
    let moves = |it: ComponentIx| {
        let demand = load.of_component(it);
        if is_replicated { demand.reads } else { demand.total() }
    };
    let all: f64 = alike.iter().map(|it| moves(*it)).sum();
    let all_instances: f64 = alike.iter().map(|it| instances(*it)).sum();
    let mut worst: Option<Failover> = None;
    for lost in alike.iter().copied().filter(|it| fails(facts, *it)) {
        let gone = moves(lost) / instances(lost);
        for left in alike.iter().copied() {
            let up = instances(left) - if left == lost { 1.0 } else { 0.0 };
            let Some(capacity) = load.capacity(left).filter(|_| up > 0.0) else { continue };
            let stays = load.of_component(left).total() - moves(left);
            // Where nobody else was drawn to take its place, all that are left share it.
            let taken = if all - gone > all * 1e-9 {
                moves(left) * (up / instances(left)) * all / (all - gone)
            } else {
                all * up / (all_instances - 1.0)
            };
            let utilisation = (stays + taken) / (capacity * up / instances(left));
            if worst.is_none_or(|it| utilisation > it.utilisation) {
                worst = Some(Failover { lost, worst: left, utilisation });
            }
        }
    }
    worst
}

/// The same, where it overloads them and nothing is overloaded without it.
pub(super) fn overloading(facts: &Facts, load: &Load, alike: &[ComponentIx]) -> Option<Failover> {
    let is_over_now = |it: &ComponentIx| load.utilisation(*it).is_some_and(is_over);
    let found = failover(facts, load, alike).filter(|it| is_over(it.utilisation));
    found.filter(|_| !alike.iter().any(is_over_now))
}

fn fails(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let survives = matches!(node.is_highly_available(), Truth::Yes | Truth::NotApplicable);
    !survives && !node.can(Capability::NotOurs)
}

/// More than these are no plan.
const MOST_INSTANCES: f64 = 10_000.0;

/// The ways to let components that share their load serve so many times as much.
pub(super) fn grow(facts: &Facts, alike: &[ComponentIx], factor: f64) -> Vec<Fix> {
    let factor = factor.max(1.0);
    let topology = &facts.topology;
    let names = words::names(facts, alike.iter().copied());
    let in_all = if alike.len() > 1 { " in all" } else { "" };
    let more = |it: &ComponentIx| {
        let now = f64::from(topology.component(*it).record.instances());
        (now * factor - 1e-9).ceil().max(now + 1.0)
    };
    let mut fixes = Vec::new();
    if alike.iter().map(more).sum::<f64>() <= MOST_INSTANCES {
        let mut draft = Draft::of(facts.model());
        let mut all = 0;
        for component in alike {
            let instances = more(component) as u32;
            all += instances;
            draft.edit::<Component>(&topology.component(*component).id, |it| it.replicas = Some(instances));
        }
        let label = format!("Run {names} as {all} instances{in_all}");
        fixes.push(Fix { label, edit: draft.finish() });
    }
    let mut draft = Draft::of(facts.model());
    let mut most = 0.0_f64;
    for component in alike {
        let node = topology.component(*component);
        let Some(now) = node.record.capacity.filter(|it| it.get() > 0.0) else { continue };
        let capacity = (now.get() * factor * 1.000_001).ceil();
        most = most.max(capacity);
        draft.edit::<Component>(&node.id, |it| it.capacity = Figure::new(capacity));
    }
    let edit = draft.finish();
    if !edit.is_empty() {
        fixes.push(Fix { label: format!("Let an instance of {names} serve {}", per_second(most)), edit });
    }
    fixes
}

/// The same for a finding: where more is handed to what can serve more, so much more that it is mended.
pub(super) fn grow_for(
    facts: &Facts,
    finding: &Finding,
    rule: &'static Rule,
    alike: &[ComponentIx],
    factor: f64,
) -> Vec<Fix> {
    let mut factor = factor.max(1.0);
    let mut fixes = grow(facts, alike, factor);
    for _ in 0..12 {
        let Some(last) = fixes.last() else { break };
        let mut model = facts.model().clone();
        model.apply(&last.edit);
        if run_only(&Facts::of(Arc::new(model)), &[rule]).finding(&finding.key).is_none() {
            break;
        }
        factor *= 1.5;
        fixes = grow(facts, alike, factor);
    }
    fixes
}

/// What a verdict remembers of a load: `web: 1,200 of 800 requests/s`.
pub(super) fn fact(facts: &Facts, load: &Load, component: ComponentIx) -> String {
    let (id, demand) = (&facts.topology.component(component).id, load.of_component(component).total());
    match load.capacity(component) {
        Some(capacity) => format!("{id}: {} of {}", number(demand), per_second(capacity)),
        None => format!("{id}: {}", per_second(demand)),
    }
}

/// The share of demand that reads.
pub(super) fn read_share(demand: Demand) -> f64 {
    if demand.total() > 0.0 { demand.reads / demand.total() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let said = [0.04, 0.5, 7.0, 12.5, 99.96, 100.0, 999.4, 1000.0, 3600.0, 1_234_567.8].map(number);
        assert_eq!(said, ["0.04", "0.5", "7", "12.5", "100", "100", "999", "1,000", "3,600", "1,234,568"]);
        assert_eq!(percent(1.504), "150 %");
    }
}
