//! `shard-directory-bottleneck`: every request looks up its partition in one place.

use super::twins::Twins;
use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, loads, partitioned, rule, words};
use crate::analysis::{ComponentIx, Facts, FlowEdge};
use crate::model::{Access, Capability, Component, Draft, Edit, Family, Flow, Ids, Truth};

rule! {
    /// ## What it finds
    /// Shard directories of one instance, without a replica, which services ask for each request with no cache before
    /// them. Where a capacity and a demand are stated that use it to less than half, nothing is found. That its loss
    /// takes everything along is told by single-point-of-failure.
    ///
    /// ## Why it matters
    /// The data was divided so that no machine has to see all requests. One that sees all of them is back in their way,
    /// and all partitions together are just as fast as it is.
    ///
    /// ## Example
    /// `web -> map: postgres [read]; map: shard-directory; web -> shard-1, shard-2: postgres`
    ///
    /// ## How to fix it
    /// Keep what was looked up in a cache at the services: it changes only when a partition moves. Add replicas of the
    /// directory, or compute the place from the key (consistent hashing) and look up only the exceptions.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption
    /// * NIST SP 800-53, SC-5(2); Kleppmann, *Designing Data-Intensive Applications*, chapter 6, Request routing
    "shard-directory-bottleneck", "Every request asks one directory",
    kind: Structure, on: Component, reads: [Structure, Pools, Assets, Load], answers: [],
    stride: [Availability, DenialOfService], cwe: [400],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(directory) = subject else { return };
    let node = facts.topology.component(directory);
    let is_used = |used: f64| used < 0.5;
    let is_idle = facts.load().and_then(|it| it.utilisation(directory)).is_some_and(is_used);
    let survives = matches!(node.is_highly_available(), Truth::Yes | Truth::NotApplicable);
    let is_one = node.record.instances() == 1 && loads::alike(facts, directory).len() == 1 && !survives;
    if node.record.kind != partitioned::DIRECTORY || !is_one || is_idle {
        return;
    }
    let bare: Vec<&FlowEdge> =
        askers(facts, directory).filter(|it| !has_cache(facts, it.from, directory)).collect();
    if bare.is_empty() {
        return;
    }
    let mut sources: Vec<ComponentIx> = bare.iter().map(|it| it.from).collect();
    sources.sort_unstable();
    sources.dedup();
    let (name, names) = (words::name(facts, directory), words::names(facts, sources.iter().copied()));
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact: Impact::Serious,
        exposure: Exposure::Guarded,
        because: format!("all partitions together are just as fast as {name}"),
        message: format!("Each request at {names} waits for the only instance of {name}"),
        place: words::place(facts, directory),
        evidence: Evidence::set(
            bare.iter().flat_map(|it| [it.id.clone(), it.record.from.clone()]).chain([node.id.clone()]),
        ),
        facts: loads::ids(facts, &sources).iter().map(|it| format!("{it} asks without a cache")).collect(),
    });
}

/// Flows on which services look something up.
fn askers(facts: &Facts, directory: ComponentIx) -> impl Iterator<Item = &FlowEdge> {
    let topology = &facts.topology;
    let flows = topology.component(directory).into.iter().map(|it| topology.flow(*it));
    flows.filter(|it| {
        let source = topology.component(it.from);
        let reads = matches!(it.access, Access::Read | Access::ReadWrite | Access::Unknown);
        !it.reply && reads && (source.is(Family::Compute) || source.is(Family::Edge))
    })
}

/// Whether it has a cache that may keep what a store keeps.
fn has_cache(facts: &Facts, source: ComponentIx, store: ComponentIx) -> bool {
    let (topology, stored) = (&facts.topology, facts.data.kept(store));
    let flows = topology.component(source).out.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
    flows.map(|it| it.to).any(|it| {
        let cached = facts.data.kept(it);
        let keeps_same =
            cached.is_empty() || stored.is_empty() || cached.iter().any(|it| stored.contains(it));
        topology.component(it).can(Capability::Cache) && keeps_same
    })
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let Some(directory) = finding.subjects.first().and_then(|it| facts.topology.find_component(it)) else {
        return Vec::new();
    };
    let name = words::name(facts, directory);
    let cache = Fix { label: format!("Put a cache before {name}"), edit: with_cache(facts, directory, ids) };
    let mut twins = Twins::new(facts, ids);
    twins.component(directory, facts.topology.place_of(directory));
    twins.wire();
    let replica = Fix { label: format!("Add a replica of {name} that takes over"), edit: twins.finish() };
    vec![cache, replica]
}

/// A cache for each of those who ask, beside them.
fn with_cache(facts: &Facts, directory: ComponentIx, ids: &mut Ids) -> Edit {
    let mut draft = Draft::of(facts.model());
    let mut served = Vec::new();
    for flow in askers(facts, directory).filter(|it| !has_cache(facts, it.from, directory)) {
        if served.contains(&flow.from) {
            continue;
        }
        served.push(flow.from);
        let source = facts.topology.component(flow.from);
        let id = draft.mint(ids, &format!("{}-cache", source.id));
        let cache = Component {
            kind: "cache".to_owned(),
            name: format!("{} cache", facts.topology.component(directory).record.title()),
            within: facts.topology.place_of(flow.from),
            stores: facts.data.kept(directory).iter().map(|it| facts.data.asset_id(*it).clone()).collect(),
            ..Component::default()
        };
        draft.put(id.clone(), cache);
        let asks = draft.mint(ids, &format!("{}-cached", flow.id));
        draft.put(asks, Flow { access: Access::ReadWrite, ..Flow::between(source.id.clone(), id) });
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, silent};

    fn shards(map: &str) -> String {
        format!(
            "asset places: internal; user [requests-per-second 100; read-share 1]; user -> web
             web -> map [read]; map \"Shard map\": shard-directory [{map}]; web -> shard-1, shard-2: postgres"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shards("stores places"),
            "medium shard-directory-bottleneck:map — Each request at web waits for the only instance of Shard map (Shard map)",
        );
        silent(&RULE, &shards("replicas 2"));
        silent(&RULE, &shards("highly-available yes"));
        // It has room, or none.
        silent(&RULE, &shards("capacity 1000"));
        fires(
            &RULE,
            &shards("capacity 120"),
            "medium shard-directory-bottleneck:map — Each request at web waits for the only instance of Shard map (Shard map)",
        );
        silent(&RULE, &format!("{}; copy: shard-directory; map -> copy [replicate]", shards("")));
        // Who only writes to it is in nobody's way.
        silent(&RULE, &shards("").replace("web -> map [read]", "mover -> map [write]"));
    }

    #[test]
    fn a_cache_of_the_same_takes_it_out_of_the_way() {
        silent(&RULE, &format!("{}; web -> cache; cache: redis [stores places]", shards("stores places")));
        let other =
            format!("{}; web -> cache; cache: redis [stores x]; asset x: secret", shards("stores places"));
        assert_eq!(
            offered(&RULE, &other),
            "Put a cache before Shard map\nAdd a replica of Shard map that takes over"
        );
    }

    #[test]
    fn every_fix_mends_it() {
        for n in 0..2 {
            assert_eq!(mended(&RULE, &shards("stores places"), n), "", "fix {n}");
        }
    }
}
