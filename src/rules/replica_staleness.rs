//! `replica-staleness`: who writes to a store and reads its own writes from a replica.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, impact, rule, severity,
    words, worth, yes_or_no,
};
use crate::analysis::{ComponentIx, Facts, FlowEdge, FlowIx, StoreIx, Unknown};
use crate::model::{Access, Capability, Draft, Family, Flow, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Flows on which somebody reads from a replica who also writes to that store, directly or through a balancer, and of
    /// which somebody has said that readers neither see their own changes at once nor can live with older data. Where
    /// nobody has said, it asks, once for a store of named assets.
    ///
    /// ## Why it matters
    /// A replica lags behind, by moments or, under load, by minutes. Who saves and looks sees the old text and saves
    /// again; a right that was taken away, a session that was ended or a card that was blocked still counts.
    ///
    /// ## Example
    /// `asset orders: confidential; p: postgres [stores orders]; r: postgres; p -> r [replicate]; web -> r [read; read-after-write no]; web -> p [write]`
    ///
    /// ## How to fix it
    /// Read from the primary what was just written and whatever decides about rights, wait until the replica has got as
    /// far as the reader's last change, or copy synchronously.
    ///
    /// ## References
    /// * CWE-367, Time-of-check time-of-use race condition; CWE-613, Insufficient session expiration
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 5, Problems with replication lag
    "replica-staleness", "Old data from a replica",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets], answers: ["read-after-write"],
    stride: [Tampering, ElevationOfPrivilege], cwe: [367, 613],
    check: check, fixes: fixes,
}

const CONTROL: &str = "read-after-write";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for ((store, truth), flows) in by_store(facts) {
        let Some(first) = flows.first().map(|it| facts.topology.flow(*it)) else { continue };
        let store = facts.pools.store(store);
        let mut assets: Vec<_> = store.members.iter().flat_map(|it| facts.data.kept(*it)).copied().collect();
        assets.sort_unstable();
        assets.dedup();
        if assets.is_empty() {
            continue;
        }
        let (_, worth) = worth(facts, &assets);
        let decides = assets.iter().any(|it| facts.data.asset(*it).credential.is_yes());
        // An old right or session is a hole, old text is a nuisance.
        let stakes = if decides { Impact::Serious } else { Impact::Slight };
        let (impact, exposure) = (impact(facts, &assets).min(stakes), Exposure::Guarded);
        let replica = words::name(facts, first.to);
        let primary = words::names(facts, store.writers.iter().copied());
        let ids: Vec<Id> = flows.iter().map(|it| facts.topology.flow(*it).id.clone()).collect();
        let evidence = Evidence::set(ids.iter().cloned().chain([first.record.to.clone()]));
        if truth == Truth::Unknown {
            let about: Vec<Unknown> = ids.iter().map(unknown).collect();
            let Some(about_first) = about.first().cloned() else { continue };
            out.question(Asked {
                about: about_first,
                stake: severity(facts, impact, exposure),
                text: format!(
                    "Do readers of {replica} see their own changes at once, or can they live with older data?"
                ),
                why: format!("Whoever writes {worth} to {primary} may read older data from {replica}."),
                choices: yes_or_no(&about),
                evidence,
            });
            continue;
        }
        out.finding(Found {
            subjects: ids.clone(),
            detail: String::new(),
            impact,
            exposure,
            because: format!("answers of {replica} may be older than what the reader has just changed"),
            message: format!("Own changes of {worth} are read back from {replica}, where they may come late"),
            place: words::flow(facts, first),
            evidence,
            facts: ids.iter().map(|it| format!("{it} reads from a replica")).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let said = Fix {
        label: "Let readers see their own changes at once".to_owned(),
        edit: answer(facts, &about, Truth::Yes),
    };
    let primary = finding.subjects.first().and_then(|it| facts.topology.find_flow(it)).and_then(|it| {
        let store = facts.pools.store_of(facts.topology.flow(it).to)?;
        facts.pools.store(store).writers.first().copied()
    });
    let Some(primary) = primary else { return vec![said] };
    let mut draft = Draft::of(facts.model());
    let id = &facts.topology.component(primary).id;
    for flow in &finding.subjects {
        draft.edit::<Flow>(flow, |it| it.to = id.clone());
    }
    let label = format!("Read from {}", words::name(facts, primary));
    vec![said, Fix { label, edit: draft.finish() }]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// By store and what was said: the flows on which writers read from its replicas.
fn by_store(facts: &Facts) -> BTreeMap<(StoreIx, Truth), Vec<FlowIx>> {
    let (topology, pools) = (&facts.topology, &facts.pools);
    let mut writing: BTreeSet<(StoreIx, ComponentIx)> = BTreeSet::new();
    let mut reading: Vec<(StoreIx, FlowIx, &FlowEdge)> = Vec::new();
    for (n, store) in pools.stores().iter().enumerate() {
        let n = StoreIx::from(n);
        for member in &store.members {
            let node = topology.component(*member);
            if !node.is(Family::Data) || node.can(Capability::Cache) {
                continue;
            }
            for ix in &node.into {
                let flow = topology.flow(*ix);
                if flow.reply || pools.store_of(flow.from) == Some(n) {
                    continue;
                }
                if matches!(flow.access, Access::Write | Access::ReadWrite) {
                    writing.extend(behind(facts, flow.from).map(|it| (n, it)));
                }
                if flow.access == Access::Read && !store.writers.contains(member) {
                    reading.push((n, *ix, flow));
                }
            }
        }
    }
    let mut found: BTreeMap<(StoreIx, Truth), Vec<FlowIx>> = BTreeMap::new();
    for (store, ix, flow) in reading {
        let truth = flow.record.controls.truth(CONTROL);
        let writes = behind(facts, flow.from).any(|it| writing.contains(&(store, it)));
        if writes && matches!(truth, Truth::Unknown | Truth::No) {
            found.entry((store, truth)).or_default().push(ix);
        }
    }
    found.values_mut().for_each(|it| it.sort_unstable());
    found
}

/// A component or, if it only spreads, those who ask it.
fn behind(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = ComponentIx> + '_ {
    let topology = &facts.topology;
    let node = topology.component(component);
    let askers = node.into.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply).map(|it| it.from);
    let spreads = node.can(Capability::Spreads);
    askers.filter(move |_| spreads).chain(Some(component).filter(|_| !spreads))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(said: &str, flows: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; p \"Primary\": postgres [stores orders]; r \"Replica\": postgres
             p -> r [replicate]; web -> r [read{said}]; {flows}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shop("; read-after-write no", "web -> p [write]");
        fires(
            &RULE,
            &no,
            "low replica-staleness:web-r — Own changes of Orders (confidential) are read back from Replica, where they may come late (web → Replica)",
        );
        assert_eq!(offered(&RULE, &no), "Let readers see their own changes at once\nRead from Primary");
        for n in 0..2 {
            assert_eq!(mended(&RULE, &no, n), "", "fix {n}");
        }
        silent(&RULE, &shop("; read-after-write yes", "web -> p [write]"));
        let unknown = shop("", "web -> p [write]");
        asks(
            &RULE,
            &unknown,
            "? web-r.controls.read-after-write — \
            Do readers of Replica see their own changes at once, or can they live with older data?",
        );
        assert_eq!(answered(&RULE, &unknown, "Not applicable"), "");
    }

    #[test]
    fn only_who_writes_reads_back() {
        silent(&RULE, &shop("", "app -> p [write]"));
        silent(&RULE, &shop("", "web -> p"));
        silent(&RULE, &shop("", "web -> q [write]; q: postgres"));
        // A member that takes writes itself is no replica.
        let both = shop("", "web -> p [write]; r -> p [replicate]");
        silent(&RULE, &both);
    }

    #[test]
    fn a_balancer_between_is_seen_through() {
        let text = "r: postgres; p -> r [replicate]; web -> lb-w -> p [write]; web -> lb-r -> r [read]
            asset logins: secret [credential yes]; p: postgres [stores logins]";
        let expected = "? lb-r-r.controls.read-after-write — \
            Do readers of r see their own changes at once, or can they live with older data?";
        asks(&RULE, text, expected);
    }
}
