//! `shard-without-replica`: partitions of which each keeps the only copy of its part.

use std::collections::{BTreeMap, BTreeSet};

use super::partitioned::is_partition;
use super::twins::Twins;
use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, copies, impact, rule, words};
use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Access, Component, Draft, Family, Id, Ids};

rule! {
    /// ## What it finds
    /// Stores over which one service spreads its data (named as shards or partitions, or found through a shard
    /// directory, of one kind and technology) and that are copied by nothing. Those that are single points of failure,
    /// or the only copy of classified data, are told by the rules of these names, not twice.
    ///
    /// ## Why it matters
    /// Each partition is a part of the data that is nowhere else. With ten of them, one is lost ten times as often as
    /// a single store would be; each time a tenth of the users is gone.
    ///
    /// ## Example
    /// `user -> web: https; web -> shard-1, shard-2: postgres [soft]; shard-1: postgres; shard-2: postgres`
    ///
    /// ## How to fix it
    /// Give each partition a replica on another machine that takes over, or use a store that spreads and copies by
    /// itself.
    ///
    /// ## References
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 6, Partitioning and replication
    /// * NIST SP 800-53, CP-9 and SC-36
    "shard-without-replica", "Partition without a replica",
    kind: Structure, on: Whole, reads: [Structure, Assets, Pools, Failure], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

/// The kind that knows which partition keeps what.
const DIRECTORY: &str = "shard-directory";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let topology = &facts.topology;
    let mut told: BTreeSet<Vec<ComponentIx>> = BTreeSet::new();
    for (source, all) in partitions(facts) {
        let bare: Vec<ComponentIx> = all.iter().copied().filter(|it| is_bare(facts, *it)).collect();
        if bare.is_empty() || !told.insert(bare.clone()) {
            continue;
        }
        let ids: Vec<Id> = bare.iter().map(|it| topology.component(*it).id.clone()).collect();
        let (names, of) = (words::names(facts, bare.iter().copied()), words::name(facts, source));
        let assets: Vec<AssetIx> = bare.iter().flat_map(|it| facts.data.kept(*it)).copied().collect();
        out.finding(Found {
            subjects: ids.clone(),
            detail: String::new(),
            impact: impact(facts, &assets).clamp(Impact::Slight, Impact::Serious),
            exposure: Exposure::Guarded,
            because: format!(
                "the loss of one of {} partitions loses the data of those who are in it",
                all.len()
            ),
            message: format!("Nothing copies what lies in {names}"),
            place: bare.first().map(|it| words::place(facts, *it)).unwrap_or_default(),
            evidence: Evidence::set(ids.iter().cloned().chain([topology.component(source).id.clone()])),
            facts: ids.iter().map(|it| format!("{it}: a partition of {of}")).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let bare: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| topology.find_component(it)).collect();
    let mut twins = Twins::new(facts, ids);
    for shard in &bare {
        twins.component(*shard, topology.place_of(*shard));
    }
    twins.wire();
    let names = words::names(facts, bare.iter().copied());
    let replicas = Fix { label: format!("Add a replica for {names}"), edit: twins.finish() };
    let mut draft = Draft::of(facts.model());
    for shard in &finding.subjects {
        draft.edit::<Component>(shard, |it| it.replicas = Some(2));
    }
    vec![replicas, Fix { label: format!("Run two instances of {names}"), edit: draft.finish() }]
}

/// Whether it is lost with its machine, and no other rule says so.
fn is_bare(facts: &Facts, shard: ComponentIx) -> bool {
    let is_told = || {
        copies::is_single_point(facts, shard)
            || copies::is_only_copy(facts, shard) && !copies::classified(facts, shard).is_empty()
    };
    copies::is_lost_at_once(facts, shard) && !copies::is_copied(facts, shard) && !is_told()
}

/// Stores over which a service spreads its data, by that service; two and more.
fn partitions(facts: &Facts) -> Vec<(ComponentIx, Vec<ComponentIx>)> {
    let topology = &facts.topology;
    let mut found = Vec::new();
    for (source, node) in topology.components() {
        if !node.is(Family::Compute) && !node.is(Family::Edge) {
            continue;
        }
        let flows = || node.out.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
        let has_directory = flows().any(|it| topology.component(it.to).record.kind == DIRECTORY);
        let mut alike: BTreeMap<(&str, String), Vec<ComponentIx>> = BTreeMap::new();
        for flow in flows().filter(|it| !matches!(it.access, Access::Replicate | Access::Admin)) {
            let target = topology.component(flow.to);
            let is_pooled = facts.pools.pool_of(flow.to).is_some();
            let is_store = target.is(Family::Data) && target.record.kind != DIRECTORY && !is_pooled;
            if is_store && (has_directory || is_partition(facts, flow.to)) {
                let technology = target.technology.map_or_else(String::new, |it| it.slug.clone());
                alike.entry((&target.record.kind, technology)).or_default().push(flow.to);
            }
        }
        for mut all in alike.into_values() {
            all.sort_unstable();
            all.dedup();
            // Caches are left out by what is bare, and one alone is no part of anything.
            if all.len() > 1 {
                found.push((source, all));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    const SHARDS: &str = "user -> web: https; web -> s1, s2: postgres [soft]; s1 \"Shard 1\": postgres; s2 \"Shard 2\": postgres";

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            SHARDS,
            "low shard-without-replica:s1+s2 — Nothing copies what lies in Shard 1 and Shard 2 (Shard 1)",
        );
        let one = format!("{SHARDS}; s1 -> copy: postgres [replicate]; copy: postgres");
        fires(&RULE, &one, "low shard-without-replica:s2 — Nothing copies what lies in Shard 2 (Shard 2)");
        silent(&RULE, &SHARDS.replace("Shard", "Store"));
        silent(
            &RULE,
            &SHARDS
                .replace("postgres;", "postgres [replicas 2];")
                .replace("\"Shard 2\": postgres", "\"Shard 2\": postgres [replicas 2]"),
        );
        silent(&RULE, &SHARDS.replace("web -> s1, s2", "web -> s1"));
    }

    #[test]
    fn a_directory_tells_partitions_by_any_name() {
        let text = SHARDS.replace("Shard ", "Members ");
        silent(&RULE, &text);
        let text = format!("{text}; web -> map: postgres; map: shard-directory");
        assert_eq!(only(&RULE, &text).key, "shard-without-replica:s1+s2");
    }

    #[test]
    fn what_other_rules_tell_is_not_told_twice() {
        silent(&RULE, &SHARDS.replace("[soft]", ""));
        silent(
            &RULE,
            &format!(
                "asset a: internal; {}",
                SHARDS
                    .replace("postgres;", "postgres [stores a];")
                    .replace("\"Shard 2\": postgres", "\"Shard 2\": postgres [stores a]")
            ),
        );
    }

    #[test]
    fn every_fix_mends_it() {
        let expected = "Add a replica for Shard 1 and Shard 2\nRun two instances of Shard 1 and Shard 2";
        assert_eq!(offered(&RULE, SHARDS), expected);
        assert_eq!([mended(&RULE, SHARDS, 0), mended(&RULE, SHARDS, 1)], ["", ""]);
    }
}
