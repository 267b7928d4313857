//! `read-heavy-store`: stores that are nearly always read, from one copy alone.

use super::cases::{copy_of, known};
use super::twins::Twins;
use super::{Exposure, Finding, Fix, Found, Impact, Out, Subject, loads, rule, words};
use crate::analysis::{ComponentIx, Facts, FlowEdge, TIGHT};
use crate::model::{Access, Capability, Change, Component, Draft, Edit, Figure, Flow, Ids, Truth};

rule! {
    /// ## What it finds
    /// Stores of one instance without replicas and without a cache before them, of whose requests more than 80 % read,
    /// where that matters: at the stated demand they are used to more than half of their stated capacity or, where none
    /// is stated, get a thousand reads a second and more. What is over 70 % is told by overload-at-demand.
    ///
    /// ## Why it matters
    /// Reads need no agreement, so they are the easiest part of the load to take off a store: replicas and caches carry
    /// them side by side. One copy that does it all is the first thing to fall when the demand grows.
    ///
    /// ## Example
    /// `user [requests-per-second 5000; read-share 0.95]; user -> web -> db: postgres`
    ///
    /// ## How to fix it
    /// Copy the store to replicas and send the reads there, or answer what is asked often from a cache. Ask first what
    /// a reader may see late: rights and blocks that were just changed are read from the primary.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 5, Replication
    "read-heavy-store", "Reads all go to one copy",
    kind: Structure, on: Component, reads: [Structure, Pools, Assets, Load], answers: [], stride: [Availability], cwe: [400],
    check: check, fixes: fixes,
}

/// From that share on reads are the load.
const MOST: f64 = 0.8;
/// Where no capacity is stated, fewer reads a second are nothing to a store.
const MANY: f64 = 1000.0;

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let (Subject::Component(store), Some(load)) = (subject, facts.load()) else { return };
    // What only administers or writes would read no copy.
    let is_read = || !readers(facts, store).is_empty();
    if !is_one_copy(facts, store) || has_cache(facts, store) || !is_read() {
        return;
    }
    let demand = load.of_component(store);
    let share = loads::read_share(demand);
    let matters = match load.utilisation(store) {
        Some(used) => (0.5..=TIGHT).contains(&used),
        None => demand.reads >= MANY,
    };
    if share <= MOST || !matters {
        return;
    }
    let name = words::name(facts, store);
    let id = facts.topology.component(store).id.clone();
    out.finding(Found {
        subjects: vec![id.clone()],
        detail: String::new(),
        impact: Impact::Slight,
        exposure: Exposure::Open,
        because: format!(
            "all reads of {name} go to one copy, which is the first to be full when demand grows"
        ),
        message: format!(
            "One copy of {name} must answer {}, {} of them reads",
            loads::per_second(demand.total()),
            loads::percent(share)
        ),
        place: words::place(facts, store),
        evidence: loads::way(facts, load, store),
        facts: vec![loads::fact(facts, load, store), format!("{id}: {} reads", loads::percent(share))],
    });
}

fn is_one_copy(facts: &Facts, store: ComponentIx) -> bool {
    let node = facts.topology.component(store);
    let grows = matches!(node.is_highly_available(), Truth::Yes | Truth::NotApplicable);
    let is_alone = facts.pools.store_of(store).is_none() && loads::alike(facts, store).len() == 1;
    loads::is_store(facts, store) && node.record.instances() == 1 && is_alone && !grows
}

/// Whether someone who reads it reads a cache as well that keeps the same.
fn has_cache(facts: &Facts, store: ComponentIx) -> bool {
    let topology = &facts.topology;
    let keeps_same = |cache: ComponentIx| {
        let [cached, stored] = [cache, store].map(|it| facts.data.kept(it));
        cached.is_empty() || cached.iter().any(|it| stored.contains(it))
    };
    let caches = |it: ComponentIx| {
        let node = topology.component(it);
        node.can(Capability::Cache) && node.record.hit_ratio.is_some() && keeps_same(it)
    };
    readers(facts, store).into_iter().any(|it| {
        caches(it.from) || topology.component(it.from).out.iter().any(|it| caches(topology.flow(*it).to))
    })
}

fn readers(facts: &Facts, store: ComponentIx) -> Vec<&FlowEdge> {
    let reads = |access| matches!(access, Access::Read | Access::ReadWrite | Access::Unknown);
    let into = facts.topology.component(store).into.iter().map(|it| facts.topology.flow(*it));
    into.filter(|it| !it.reply && reads(it.access)).collect()
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let Some(store) = finding.subjects.first().and_then(|it| facts.topology.find_component(it)) else {
        return Vec::new();
    };
    let name = words::name(facts, store);
    vec![
        Fix { label: format!("Read {name} from a replica as well"), edit: with_replica(facts, store, ids) },
        Fix {
            label: format!("Ask a cache before {name} that answers 90 %"),
            edit: with_cache(facts, store, ids),
        },
    ]
}

fn with_replica(facts: &Facts, store: ComponentIx, ids: &mut Ids) -> Edit {
    let mut twins = Twins::new(facts, ids);
    let replica = twins.component(store, facts.topology.place_of(store));
    twins.wire();
    let copied = twins.finish();
    let mut draft = Draft::of(facts.model());
    for flow in readers(facts, store) {
        let read = Flow { to: replica.clone(), access: Access::Read, ..copy_of(facts, &flow.record) };
        let id = draft.mint(ids, &format!("{}-read", flow.id));
        draft.put(id, read);
    }
    let reads = draft.finish();
    let all: Vec<Change> = copied.changes().iter().chain(reads.changes()).cloned().collect();
    all.into_iter().collect()
}

fn with_cache(facts: &Facts, store: ComponentIx, ids: &mut Ids) -> Edit {
    let node = facts.topology.component(store);
    let mut draft = Draft::of(facts.model());
    let cache = draft.mint(ids, &format!("{}-cache", node.id));
    let record = Component {
        kind: "cache".to_owned(),
        name: format!("{} cache", node.record.title()),
        within: facts.topology.place_of(store),
        hit_ratio: Figure::new(0.9),
        stores: facts.data.kept(store).iter().map(|it| facts.data.asset_id(*it).clone()).collect(),
        ..Component::default()
    };
    draft.put(cache.clone(), record);
    let mut sources = Vec::new();
    for flow in readers(facts, store) {
        if !sources.contains(&flow.from) {
            sources.push(flow.from);
            let id = draft.mint(ids, &format!("{}-cached", flow.id));
            let (from, carries) = (flow.record.from.clone(), known(facts, &flow.record.carries));
            draft.put(id, Flow { access: Access::ReadWrite, carries, ..Flow::between(from, cache.clone()) });
        }
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, silent};

    fn shop(requests: u32, share: f64, db: &str) -> String {
        format!(
            "user [requests-per-second {requests}; read-share {share}]; user -> web -> db; db \"Orders\": postgres [{db}]"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shop(5000, 0.95, ""),
            "medium read-heavy-store:db — One copy of Orders must answer 5,000 requests/s, 95 % of them reads (Orders)",
        );
        fires(
            &RULE,
            &shop(60, 0.95, "capacity 100"),
            "medium read-heavy-store:db — One copy of Orders must answer 60 requests/s, 95 % of them reads (Orders)",
        );
        silent(&RULE, &shop(5000, 0.8, ""));
        silent(&RULE, &shop(500, 0.95, ""));
        silent(&RULE, &shop(5000, 0.95, "capacity 20000"));
        silent(&RULE, &shop(5000, 0.95, "replicas 2"));
        silent(&RULE, &shop(5000, 0.95, "highly-available yes"));
        // What is tight is told as that.
        silent(&RULE, &shop(80, 0.95, "capacity 100"));
    }

    #[test]
    fn a_copy_or_a_cache_takes_the_reads() {
        let text = shop(5000, 0.95, "");
        silent(&RULE, &format!("{text}; copy: postgres; db -> copy [replicate]"));
        silent(&RULE, &format!("{text}; web -> cache; cache: redis [hit-ratio 0.5]"));
        // One that keeps something else does not.
        let other = shop(5000, 0.95, "stores orders");
        let other = format!("{other}; web -> cache; cache: redis [hit-ratio 0.5; stores sessions]");
        assert!(
            !mended(&RULE, &format!("{other}; asset orders: public; asset sessions: secret"), 0)
                .contains("Orders")
        );
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop(5000, 0.95, "");
        assert_eq!(
            offered(&RULE, &text),
            "Read Orders from a replica as well\nAsk a cache before Orders that answers 90 %"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
    }
}
