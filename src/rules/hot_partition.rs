//! `hot-partition`: partitions over which the data is not spread evenly.

use super::cases::Case;
use super::{
    Evidence, Exposure, Finding, Fix, Impact, Out, Subject, answer, loads, partitioned, rule, words,
};
use crate::analysis::{ComponentIx, Facts, Unknown};
use crate::model::{Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Partitions of one set of data (stores that are called shards or partitions, or that a shard directory knows) of
    /// which somebody has said that the data is not spread evenly over them, or that one more of them moves most of it.
    /// Where nobody has said, it asks once for all of them. What was said of a dataset counts for its store.
    ///
    /// ## Why it matters
    /// A split by the first letter or by the customer makes one partition hot, which is full while the others idle. A
    /// key counted modulo the number of partitions moves nearly everything when one is added, so none is ever added.
    ///
    /// ## Example
    /// `web -> shard-1, shard-2: postgres; shard-1: postgres [consistent-hashing no]; shard-2: postgres [consistent-hashing no]`
    ///
    /// ## How to fix it
    /// Divide by a hash of the key on a ring (consistent hashing) or into many more small parts than machines; give the
    /// few largest keys a place of their own.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption; CWE-407, Inefficient algorithmic complexity
    /// * Karger and others, *Consistent Hashing and Random Trees*, 1997; NIST SP 800-53, SC-5
    "hot-partition", "Uneven partitions",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Load], answers: ["consistent-hashing"],
    stride: [Availability, DenialOfService], cwe: [400, 407],
    check: check, fixes: fixes,
}

const CONTROL: &str = "consistent-hashing";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for found in partitioned::all(facts) {
        for truth in [Truth::No, Truth::Unknown] {
            let same: Vec<ComponentIx> =
                found.shards.iter().copied().filter(|it| is_even(facts, *it) == truth).collect();
            let Some(first) = same.first() else { continue };
            let ids = loads::ids(facts, &same);
            let (names, source) =
                (words::names(facts, same.iter().copied()), words::name(facts, found.source));
            let evidence = Evidence {
                also: loads::ids(facts, &[found.source]).into_iter().chain(ids.clone()).collect(),
                ..Evidence::default()
            };
            let (impact, exposure, because) = match truth {
                Truth::No => (
                    Impact::Serious,
                    Exposure::Deeper,
                    "one partition is full while the others idle, and adding one moves most of the data"
                        .to_owned(),
                ),
                _ => (
                    Impact::Slight,
                    Exposure::Guarded,
                    format!("data of {source} is divided over {} partitions", found.shards.len()),
                ),
            };
            Case {
                control: CONTROL,
                subjects: ids.clone(),
                truth,
                impact,
                exposure,
                question: format!("Is data spread evenly over {names}, so that one more moves little of it?"),
                message: format!("The data of {source} is not spread evenly over {names}"),
                because,
                place: words::place(facts, *first),
                evidence,
                facts: ids.iter().map(|it| format!("{it}: uneven")).collect(),
            }
            .say(out);
        }
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    vec![Fix {
        label: format!("Spread the data over {names} by consistent hashing"),
        edit: answer(facts, &about, Truth::Yes),
    }]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// What was said of a store or, if that is nothing, of a dataset in it.
fn is_even(facts: &Facts, store: ComponentIx) -> Truth {
    match facts.topology.component(store).control(CONTROL) {
        Truth::Unknown => {
            let kept = facts.data.datasets().iter().filter(|it| it.store == Some(store));
            let said = kept.map(|it| it.record.controls.truth(CONTROL));
            said.filter(|it| *it != Truth::Unknown).max_by_key(|it| *it == Truth::No).unwrap_or_default()
        }
        said => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shards(said: &str) -> String {
        format!(
            "user -> web \"Shop\"; web -> a, b: postgres
             a \"Shard 1\": postgres [{said}]; b \"Shard 2\": postgres [{said}]"
        )
        .replace(" \"Shop\"; web", "; web \"Shop\": service; web")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shards("consistent-hashing no");
        fires(
            &RULE,
            &no,
            "low hot-partition:a+b — The data of Shop is not spread evenly over Shard 1 and Shard 2 (Shard 1)",
        );
        assert_eq!(offered(&RULE, &no), "Spread the data over Shard 1 and Shard 2 by consistent hashing");
        assert_eq!(mended(&RULE, &no, 0), "");
        silent(&RULE, &shards("consistent-hashing yes"));
        silent(&RULE, &shards("consistent-hashing na"));
        silent(&RULE, &shards("consistent-hashing no").replace("Shard", "Store"));
        let unknown = shards("");
        asks(
            &RULE,
            &unknown,
            "? a.controls.consistent-hashing — \
            Is data spread evenly over Shard 1 and Shard 2, so that one more moves little of it?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn what_was_said_of_a_dataset_counts() {
        let of = |said: &str| {
            let dataset = format!(
                "dataset x [store a; consistent-hashing {said}]; dataset y [store b; consistent-hashing yes]"
            );
            format!("{}; {dataset}", shards(""))
        };
        silent(&RULE, &of("yes"));
        fires(
            &RULE,
            &of("no"),
            "low hot-partition:a — The data of Shop is not spread evenly over Shard 1 (Shard 1)",
        );
        assert_eq!(mended(&RULE, &of("no"), 0), "");
    }
}
