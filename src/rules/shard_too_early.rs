//! `shard-too-early`: partitions while the data fits one machine.

use std::collections::BTreeSet;

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, loads, partitioned, rule, words};
use crate::analysis::{ComponentIx, Facts, TIGHT};
use crate::model::{Access, Answer, Component, Draft, Edit, Flow, Id, Ids, Style};

rule! {
    /// ## What it finds
    /// Partitions of one set of data while the brief's figures say that all of it is at most 500 GB, which one machine
    /// holds, and the stated writes leave room on the smallest of them. Figures count that are given in a unit of bytes.
    ///
    /// ## Why it matters
    /// Partitions cost joins in code, transactions by hand and moves without downtime, for ever. Each is also one more
    /// place that can fail, be forgotten in a backup or keep an old right.
    ///
    /// ## Example
    /// `brief "Shop" [figure "Data to keep" 40 "GB"]; web -> shard-1, shard-2: postgres; shard-1: postgres; shard-2: postgres`
    ///
    /// ## How to fix it
    /// Keep one store with replicas for reads and for a loss, until it is measured that memory or writes are no longer
    /// enough. If the partitions are there for another reason (law, customers apart), write that down as a verdict.
    ///
    /// ## References
    /// * CWE-1120, Excessive code complexity
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 6, Partitioning
    "shard-too-early", "Partitions before they are needed",
    kind: Structure, on: Whole, reads: [Structure, Pools, Load], answers: [], stride: [Availability], cwe: [1120],
    check: check, fixes: fixes,
}

/// What one machine holds without effort.
const FITS_GB: f64 = 500.0;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let Some((size, said)) = size(facts).filter(|it| it.0 <= FITS_GB) else { return };
    for found in partitioned::all(facts) {
        let shards = &found.shards;
        if !fits(facts, shards) {
            continue;
        }
        let Some(first) = shards.first() else { continue };
        let ids = loads::ids(facts, shards);
        out.finding(Found {
            subjects: ids.clone(),
            detail: String::new(),
            impact: Impact::Slight,
            exposure: Exposure::Guarded,
            because: format!(
                "one store with replicas holds {} GB, and is simpler to keep right",
                loads::number(size)
            ),
            message: format!(
                "{} divide {said}, which one machine holds",
                words::names(facts, shards.iter().copied())
            ),
            place: words::place(facts, *first),
            evidence: Evidence::set(loads::ids(facts, &[found.source]).into_iter().chain(ids)),
            facts: vec![format!("{} GB in {} partitions", loads::number(size), shards.len())],
        });
    }
}

/// Whether what is written to all of them leaves room on one.
fn fits(facts: &Facts, shards: &[ComponentIx]) -> bool {
    let Some(load) = facts.load() else { return true };
    let written: f64 = shards.iter().map(|it| load.of_component(*it)).map(|it| it.writes + it.either).sum();
    let room = shards.iter().filter_map(|it| load.capacity(*it)).fold(f64::INFINITY, f64::min);
    written <= room * TIGHT
}

/// The largest figure of the brief that tells bytes, in GB, and in words.
fn size(facts: &Facts) -> Option<(f64, String)> {
    let figures = facts.model().the_brief().figures.iter().filter_map(|it| {
        let factor = match it.unit.trim().to_lowercase().as_str() {
            "kb" | "kib" => 1e-6,
            "mb" | "mib" => 1e-3,
            "gb" | "gib" => 1.0,
            "tb" | "tib" => 1e3,
            "pb" | "pib" => 1e6,
            _ => return None,
        };
        let value = it.value?.get();
        Some((value * factor, format!("{} {}", loads::number(value), it.unit.trim())))
    });
    figures.filter(|it| it.0 > 0.0).max_by(|a, b| a.0.total_cmp(&b.0))
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let shards: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| facts.topology.find_component(it)).collect();
    let [first, rest @ ..] = &shards[..] else { return Vec::new() };
    let name = words::name(facts, *first);
    let label = format!("Keep all in {name}, and the others as replicas");
    vec![Fix { label, edit: as_replicas(facts, *first, rest, ids) }]
}

/// All flows lead to the first; the others copy it and take over.
fn as_replicas(facts: &Facts, first: ComponentIx, rest: &[ComponentIx], ids: &mut Ids) -> Edit {
    let topology = &facts.topology;
    let mut draft = Draft::of(facts.model());
    let primary = topology.component(first);
    let flows = |it: ComponentIx| {
        let flows = topology.component(it).into.iter().map(|it| topology.flow(*it));
        flows.filter(|it| !it.reply && !matches!(it.access, Access::Replicate | Access::Admin))
    };
    let mut known: Vec<Id> = flows(first).map(|it| it.record.from.clone()).collect();
    for shard in rest {
        let replica = topology.component(*shard);
        for flow in flows(*shard) {
            // Who speaks to the first already needs no second flow.
            if known.contains(&flow.record.from) {
                draft.delete(&BTreeSet::from([flow.id.clone()]));
            } else {
                known.push(flow.record.from.clone());
                draft.edit::<Flow>(&flow.id, |it| it.to = primary.id.clone());
            }
        }
        draft.edit::<Component>(&replica.id, |it| it.takes_over = Answer::yes());
        let id = draft.mint(ids, &format!("{}-copy", replica.id));
        let copy = Flow {
            access: Access::Replicate,
            style: Style::Asynchronous,
            encrypted: Answer::yes(),
            ..Flow::between(primary.id.clone(), replica.id.clone())
        };
        draft.put(id, copy);
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, silent, words as words_of};

    fn shards(figure: &str, more: &str) -> String {
        format!(
            "brief \"Shop\" [figure \"Data to keep\" {figure}]; web -> a, b: postgres [read-write]
             a \"Shard 1\": postgres; b \"Shard 2\": postgres; {more}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shards("40 \"GB\"", ""),
            "low shard-too-early:a+b — Shard 1 and Shard 2 divide 40 GB, which one machine holds (Shard 1)",
        );
        silent(&RULE, &shards("9 \"TB\"", ""));
        silent(&RULE, &shards("40000 \"people\"", ""));
        silent(&RULE, &shards("40 \"GB\"", "").replace("Shard", "Store"));
    }

    #[test]
    fn writes_may_need_them() {
        let busy = |capacity: u32| {
            let text = shards("40 \"GB\"", "user [requests-per-second 1000; read-share 0]; user -> web");
            text.replace("postgres;", &format!("postgres [capacity {capacity}];"))
        };
        silent(&RULE, &busy(1500));
        assert_eq!(mended(&RULE, &busy(9000), 0), "");
    }

    #[test]
    fn the_fix_leaves_one_store_with_replicas() {
        let text = shards("40 \"GB\"", "job -> b: postgres [write]");
        assert_eq!(offered(&RULE, &text), "Keep all in Shard 1, and the others as replicas");
        assert_eq!(mended(&RULE, &text, 0), "");
        let facts = mended_facts(&RULE, &text, 0);
        let flows: Vec<String> =
            facts.topology.flows().map(|(_, it)| words_of(&facts, words::flow(&facts, it))).collect();
        assert_eq!(flows, ["Shard 1 → Shard 2", "job → Shard 1", "web → Shard 1"]);
    }
}
