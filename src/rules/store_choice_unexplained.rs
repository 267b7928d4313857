//! `store-choice-unexplained`: stores whose kind nobody has explained.

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, impact, rule, severity,
    words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, DatasetIx, DatasetNode, Facts, Unknown};
use crate::model::{Choice as Option_, Decision, Draft, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Datasets with named data or indexes left open, in a store of ours, of which somebody has said that it is not
    /// written down why that kind of store was chosen, with its indexes and expected load. Where neither a reason nor a
    /// decision says so, it asks, once for a store.
    ///
    /// ## Why it matters
    /// Whether data is kept in relations or as documents decides where its rules are kept: in the store, or in every
    /// piece of code that writes. Who does not know why it is as it is takes away a rule without noticing.
    ///
    /// ## Example
    /// `db: mongodb; dataset orders "Orders" [store db; columns total holds sums; store-choice no]; asset sums: confidential`
    ///
    /// ## How to fix it
    /// Write a decision: what was weighed, what is given up, which questions the data has to answer how fast and how
    /// often, and which index answers each.
    ///
    /// ## References
    /// * CWE-1059, Insufficient technical documentation
    /// * NIST SP 800-53, SA-17, Developer security and privacy architecture and design; SA-5
    "store-choice-unexplained", "Choice of store unexplained",
    kind: Asks, on: Dataset, reads: [Assets], answers: ["store-choice"], stride: [Tampering, Availability], cwe: [1059],
    check: check, fixes: fixes,
}

const CONTROL: &str = "store-choice";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Dataset(ix) = subject else { return };
    let dataset = facts.data.dataset(ix);
    let Some(store) = dataset.store.filter(|it| super::loads::is_store(facts, *it)) else { return };
    let Some(truth) = truth(facts, dataset) else { return };
    let same = same(facts, store, truth);
    // The first of a store speaks for all.
    if same.first() != Some(&ix) {
        return;
    }
    let ids: Vec<Id> = same.iter().map(|it| facts.data.dataset(*it).id.clone()).collect();
    let mut assets: Vec<AssetIx> =
        same.iter().flat_map(|it| &facts.data.dataset(*it).assets).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    let (_, worth) = worth(facts, &assets);
    let (impact, exposure) = (impact(facts, &assets).min(Impact::Slight), Exposure::Deeper);
    let node = facts.topology.component(store);
    let (names, name) = (words::titles(facts, &ids), words::name(facts, store));
    let kind = node.technology.map_or_else(|| node.kind.label.clone(), |it| it.label.clone());
    let evidence = Evidence::set([node.id.clone()].into_iter().chain(ids.iter().cloned()));
    if truth == Truth::Unknown {
        let about: Vec<Unknown> = ids.iter().map(unknown).collect();
        out.question(Asked {
            about: unknown(&dataset.id),
            stake: severity(facts, impact, exposure),
            text: format!(
                "Is there a reason in writing, with indexes and load, to keep {names} in {name} ({kind})?"
            ),
            why: format!(
                "{worth} can be found there, and neither a reason nor a decision explains the store."
            ),
            choices: yes_or_no(&about),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: ids.clone(),
        detail: String::new(),
        impact,
        exposure,
        because: format!("who changes {names} next does not know what the choice of {kind} rests on"),
        message: format!("Nothing says why to keep {names} in {name} ({kind})"),
        place: words::place(facts, store),
        evidence,
        facts: ids.iter().map(|it| format!("{it} in {}", node.id)).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    let mut draft = Draft::of(facts.model());
    let id = draft.mint(ids, "store-choice");
    let option = |title: &str| Option_ { title: title.to_owned(), ..Option_::default() };
    draft.put(
        id,
        Decision {
            title: format!("Which store for {names}?"),
            status: "open".to_owned(),
            options: vec![
                option("Relations, with the rules in the store"),
                option("Documents, with the rules in code"),
            ],
            elements: finding.subjects.clone(),
            ..Decision::default()
        },
    );
    vec![
        Fix { label: format!("Open a decision on the store of {names}"), edit: draft.finish() },
        Fix {
            label: format!("Say that it is written down for {names}"),
            edit: answer(facts, &about, Truth::Yes),
        },
    ]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// What was said of the choice; none where it is explained, or nothing is at stake.
fn truth(facts: &Facts, dataset: &DatasetNode) -> Option<Truth> {
    let record = &dataset.record;
    let store = dataset.store.map(|it| &facts.topology.component(it).id);
    let explains = |it: &Id| *it == dataset.id || Some(it) == store;
    let is_decided = facts.model().decisions().values().any(|it| it.elements.iter().any(explains));
    let matters = !dataset.assets.is_empty();
    match record.controls.truth(CONTROL) {
        _ if is_decided || !matters => None,
        Truth::Unknown if record.why.trim().is_empty() => Some(Truth::Unknown),
        Truth::No => Some(Truth::No),
        _ => None,
    }
}

/// The datasets of a store of which the same was said.
fn same(facts: &Facts, store: ComponentIx, said: Truth) -> Vec<DatasetIx> {
    let all = facts.data.datasets().iter().enumerate();
    let same = all.filter(|(_, it)| it.store == Some(store) && truth(facts, it) == Some(said));
    same.map(|(n, _)| n.into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(said: &str) -> String {
        format!(
            "asset orders: confidential; db \"Store\": mongodb
             dataset table \"Orders\" [store db; columns total holds orders{said}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shop("; store-choice no");
        fires(
            &RULE,
            &no,
            "low store-choice-unexplained:table — Nothing says why to keep Orders in Store (MongoDB) (Store)",
        );
        assert_eq!(
            offered(&RULE, &no),
            "Open a decision on the store of Orders\nSay that it is written down for Orders"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &no, n), "", "fix {n}");
        }
        silent(&RULE, &shop("; store-choice yes"));
        silent(&RULE, &shop("; why \"One document is one order\""));
        let unknown = shop("");
        asks(
            &RULE,
            &unknown,
            "? table.controls.store-choice — Is there a reason in writing, with indexes and load, to keep Orders in Store (MongoDB)?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn a_decision_explains_it_and_unnamed_data_is_no_matter() {
        silent(&RULE, &format!("{}; decision d \"Why\" [elements db]", shop("; store-choice no")));
        silent(&RULE, "db: mongodb; dataset table [store db; columns id; store-choice no]");
        let two = format!("{}; dataset other [store db; columns id holds orders]", shop(""));
        assert_eq!(answered(&RULE, &two, "No").lines().count(), 1);
    }
}
