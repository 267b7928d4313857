//! `cross-shard-join`: datasets over partitions whose requests need several of them.

use super::cases::Case;
use super::{
    Evidence, Exposure, Finding, Fix, Impact, Out, Subject, answer, loads, partitioned, rule, words,
};
use crate::analysis::{DatasetNode, Facts, Unknown};
use crate::model::{Component, Draft, Edit, Flow, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Datasets that lie on partitions and of which somebody has said that a request cannot be answered from one of them.
    /// Where nobody has said, it asks, once for the datasets of one set of partitions.
    ///
    /// ## Why it matters
    /// A join over partitions is as slow as the slowest and fails if any one does. It is made in code, where a check of
    /// who may see what is easily left out, and no transaction holds the parts together.
    ///
    /// ## Example
    /// `web -> shard-1, shard-2: postgres; shard-1: postgres; shard-2: postgres; dataset orders [store shard-1; single-shard-queries no]`
    ///
    /// ## How to fix it
    /// Divide by the key that most requests name, keep together what is read together, and answer questions over all
    /// data from a copy made for them: a search index or a warehouse.
    ///
    /// ## References
    /// * CWE-1073, Non-SQL invokable control element with excessive number of data resource accesses
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 6, Partitioning and secondary indexes
    "cross-shard-join", "Requests over several partitions",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets], answers: ["single-shard-queries"], stride: [Availability, Tampering], cwe: [1073],
    check: check, fixes: fixes,
}

const CONTROL: &str = "single-shard-queries";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for found in partitioned::all(facts) {
        let members: Vec<_> = found.shards.iter().flat_map(|it| loads::alike(facts, *it)).collect();
        let is_here = |it: &&DatasetNode| it.store.is_some_and(|it| members.contains(&it));
        for truth in [Truth::No, Truth::Unknown] {
            let said = |it: &&DatasetNode| it.record.controls.truth(CONTROL) == truth;
            let same: Vec<&DatasetNode> = facts.data.datasets().iter().filter(is_here).filter(said).collect();
            let Some(first) = same.first() else { continue };
            let ids: Vec<Id> = same.iter().map(|it| it.id.clone()).collect();
            let names = words::titles(facts, &ids);
            let source = words::name(facts, found.source);
            let evidence = Evidence::set(
                loads::ids(facts, &[found.source]).into_iter().chain(loads::ids(facts, &found.shards)),
            );
            let because = match truth {
                Truth::No => format!("code has to join what no transaction in {source} holds together"),
                _ => format!("data of {source} is divided over {} partitions", found.shards.len()),
            };
            Case {
                control: CONTROL,
                subjects: ids.clone(),
                truth,
                impact: Impact::Slight,
                exposure: Exposure::Guarded,
                question: format!("Can each request for {names} be answered from one partition?"),
                message: format!("Requests for {names} need several of {} partitions", found.shards.len()),
                because,
                place: first.store.map(|it| words::place(facts, it)).unwrap_or_default(),
                evidence,
                facts: ids.iter().map(|it| format!("{it} on {} partitions", found.shards.len())).collect(),
            }
            .say(out);
        }
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    vec![
        Fix {
            label: format!("Keep together what requests for {names} need"),
            edit: answer(facts, &about, Truth::Yes),
        },
        Fix {
            label: format!("Answer requests for {names} from a search index"),
            edit: with_index(facts, &about, ids),
        },
    ]
}

/// A search index beside the partitions that their users ask for what lies in several.
fn with_index(facts: &Facts, about: &[Unknown], ids: &mut Ids) -> Edit {
    let mut draft = Draft::of(facts.model());
    let is_about = |it: &&DatasetNode| about.iter().any(|other| other.subject == it.id);
    let kept: Vec<_> = facts.data.datasets().iter().filter(is_about).collect();
    let found = partitioned::all(facts).into_iter().find(|it| {
        it.shards
            .iter()
            .flat_map(|it| loads::alike(facts, *it))
            .any(|shard| kept.iter().any(|it| it.store == Some(shard)))
    });
    if let Some(found) = found {
        let index = draft.mint(ids, "search-index");
        let assets = kept.iter().flat_map(|it| &it.assets).map(|it| facts.data.asset_id(*it).clone());
        let record = Component {
            kind: "search-index".to_owned(),
            name: "Index over all partitions".to_owned(),
            within: found.shards.first().and_then(|it| facts.topology.place_of(*it)),
            stores: assets.collect(),
            ..Component::default()
        };
        draft.put(index.clone(), record);
        let source = facts.topology.component(found.source).id.clone();
        let flow = draft.mint(ids, "index");
        let access = crate::model::Access::ReadWrite;
        draft.put(flow, Flow { access, ..Flow::between(source, index) });
    }
    for unknown in about {
        draft.edit_answer(&unknown.subject, &unknown.field, |it| (it.is, it.later) = (Truth::Yes, false));
    }
    draft.finish()
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shards(said: &str) -> String {
        format!(
            "web \"Shop\": service; web -> a, b: postgres; a \"Shard 1\": postgres; b \"Shard 2\": postgres
             dataset orders \"Orders\" [store a{said}]; dataset carts \"Carts\" [store b{said}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shards("; single-shard-queries no");
        fires(
            &RULE,
            &no,
            "low cross-shard-join:carts+orders — Requests for Carts and Orders need several of 2 partitions (Shard 2)",
        );
        assert_eq!(
            offered(&RULE, &no),
            "Keep together what requests for Carts and Orders need\n\
            Answer requests for Carts and Orders from a search index"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &no, n), "", "fix {n}");
        }
        silent(&RULE, &shards("; single-shard-queries yes"));
        silent(&RULE, &shards("; single-shard-queries no").replace("Shard", "Store"));
        let unknown = shards("");
        asks(
            &RULE,
            &unknown,
            "? carts.controls.single-shard-queries — \
            Can each request for Carts and Orders be answered from one partition?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn a_copy_of_a_partition_counts_as_it() {
        let text = format!("{}; copy: postgres; a -> copy [replicate]", shards("; single-shard-queries no"));
        let text = text.replace("[store a", "[store copy");
        assert_eq!(mended(&RULE, &text, 0), "");
        assert_eq!(mended(&RULE, &text, 1), "");
    }
}
