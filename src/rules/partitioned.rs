//! Partitions: stores over which a service spreads its data.

use std::collections::BTreeMap;

use super::loads;
use crate::analysis::{ComponentIx, Facts, particulars_of};
use crate::model::{Access, Family};

/// The kind that knows which partition holds what.
pub(super) const DIRECTORY: &str = "shard-directory";

/// Stores that each hold a part of the same data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partitions {
    /// Who spreads the data over them.
    pub source: ComponentIx,
    /// Those that the source speaks to; two or more, in order.
    pub shards: Vec<ComponentIx>,
}

/// Stores of one kind and technology that one component uses, which are called shards or partitions, or of which a
/// directory tells what they hold. Copies of each other are no partitions.
pub(super) fn all(facts: &Facts) -> Vec<Partitions> {
    let topology = &facts.topology;
    let mut found: BTreeMap<Vec<ComponentIx>, ComponentIx> = BTreeMap::new();
    for (source, node) in topology.components() {
        if !node.is(Family::Compute) && !node.is(Family::Edge) {
            continue;
        }
        let flows = || node.out.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
        let has_directory = flows().any(|it| topology.component(it.to).record.kind == DIRECTORY);
        let mut alike: BTreeMap<(&str, String), Vec<ComponentIx>> = BTreeMap::new();
        for flow in flows().filter(|it| !matches!(it.access, Access::Replicate | Access::Admin)) {
            let target = topology.component(flow.to);
            let is_named = || is_partition(facts, flow.to);
            let is_store = loads::is_store(facts, flow.to) && target.record.kind != DIRECTORY;
            if is_store && facts.pools.pool_of(flow.to).is_none() && (has_directory || is_named()) {
                let technology = target.technology.map_or_else(String::new, |it| it.slug.clone());
                alike.entry((&target.record.kind, technology)).or_default().push(flow.to);
            }
        }
        for mut shards in alike.into_values() {
            shards.sort_unstable();
            shards.dedup();
            // Of copies the first speaks for all.
            let mut stores = Vec::new();
            shards.retain(|it| match facts.pools.store_of(*it) {
                Some(store) if stores.contains(&store) => false,
                store => {
                    stores.extend(store);
                    true
                }
            });
            if shards.len() > 1 {
                found.entry(shards).or_insert(source);
            }
        }
    }
    // What uses some of them only tells nothing new.
    let sets: Vec<Vec<ComponentIx>> = found.keys().cloned().collect();
    let is_part = |some: &[ComponentIx], all: &[ComponentIx]| {
        some.len() < all.len() && some.iter().all(|it| all.binary_search(it).is_ok())
    };
    let whole = found.into_iter().filter(|(it, _)| !sets.iter().any(|all| is_part(it, all)));
    whole.map(|(shards, source)| Partitions { source, shards }).collect()
}

/// Whether it is called so.
pub(super) fn is_partition(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    particulars_of(component);
    let mut words = [&node.record.name, node.id.as_str()]
        .into_iter()
        .flat_map(|it| it.split(|it: char| !it.is_alphabetic()));
    let known = ["shard", "shards", "partition", "partitions"];
    words.any(|it| known.iter().any(|known| it.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{testing, words};

    fn found(text: &str) -> Vec<String> {
        let facts = testing::facts(text);
        let said = |it: Partitions| {
            format!("{}: {}", words::name(&facts, it.source), words::names(&facts, it.shards.iter().copied()))
        };
        all(&facts).into_iter().map(|it| testing::words(&facts, said(it))).collect()
    }

    #[test]
    fn what_is_called_so_or_stands_in_a_directory() {
        assert_eq!(
            found("web -> shard-1, shard-2: postgres; shard-1: postgres; shard-2: postgres"),
            ["web: shard-1 and shard-2"]
        );
        assert_eq!(found("web -> a, b: postgres; a: postgres; b: postgres"), [""; 0]);
        let directory = "web -> a, b, map: postgres; a: postgres; b: postgres; map: shard-directory";
        assert_eq!(found(directory), ["web: a and b"]);
        // Of two sorts, and one alone.
        assert_eq!(found("web -> shard-1, shard-2; shard-1: postgres; shard-2: mongodb"), [""; 0]);
    }

    #[test]
    fn copies_are_no_partitions_and_a_part_is_not_told_again() {
        let copies = "shard-1: postgres; shard-2: postgres; shard-1 -> shard-2 [replicate]";
        assert_eq!(found(&format!("web -> shard-1, shard-2: postgres; {copies}")), [""; 0]);
        let three = "web -> shard-1, shard-2, shard-3; job -> shard-1, shard-2
            shard-1: postgres; shard-2: postgres; shard-3: postgres";
        assert_eq!(found(three), ["web: shard-1, shard-2 and shard-3"]);
    }
}
