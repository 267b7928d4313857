//! `privileges-beyond-use`: rights to change what a component only reads.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::{id, once, works};
use super::{Evidence, Finding, Fix, Found, Out, Subject, nearness_of, rule, words, worth};
use crate::analysis::{ComponentIx, Facts, FlowIx};
use crate::model::{Access, Capability, Draft, Family, Flow, Ids};

rule! {
    /// ## What it finds
    /// Components that may write to or administer a store with named assets, though all features on whose path they
    /// are only read (their read share is said to be all). What is on the path of no feature is left out, and so are
    /// caches.
    ///
    /// ## Why it matters
    /// Whoever takes a component over gets its rights, those that it never uses included. With read access alone the
    /// attacker could not wipe the store or change a single row.
    ///
    /// ## Example
    /// `user -> web -> db: postgres [write]; db [stores news]; feature read [read-share 100%; flows user-web, web-db]; asset news: public`
    ///
    /// ## How to fix it
    /// Give the component an account that can only read, best at a replica. If it does write, say so in a feature.
    ///
    /// ## References
    /// * CWE-250, Execution with unnecessary privileges; CWE-272, Least privilege violation
    /// * OWASP ASVS 4.0, V1.4.3; NIST SP 800-53, AC-6
    "privileges-beyond-use", "Rights beyond use",
    kind: Structure, on: Whole, reads: [Structure, Assets, Reach], answers: [],
    stride: [ElevationOfPrivilege, Tampering], cwe: [250, 272],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for component in readers(facts) {
        let flows: Vec<FlowIx> = facts
            .topology
            .component(component)
            .out
            .iter()
            .copied()
            .filter(|it| goes_beyond(facts, *it))
            .collect();
        if flows.is_empty() {
            continue;
        }
        let flow = |it: &FlowIx| facts.topology.flow(*it);
        let assets = once(flows.iter().flat_map(|it| facts.data.kept(flow(it).to).iter().copied()));
        let (impact, worth) = worth(facts, &assets);
        let name = words::name(facts, component);
        let (exposure, near) = nearness_of(facts, component, &name);
        let mut targets: Vec<ComponentIx> = flows.iter().map(|it| flow(it).to).collect();
        targets.sort_unstable();
        targets.dedup();
        let stores = words::names(facts, targets.iter().copied());
        out.finding(Found {
            subjects: flows.iter().map(|it| flow(it).id.clone()).collect(),
            detail: String::new(),
            impact,
            exposure,
            because: format!("{worth} can be changed in {stores}, and {near}"),
            message: format!("{name} may change {stores}, but all features there only read"),
            place: words::place(facts, component),
            evidence: Evidence::set(
                flows.iter().map(|it| flow(it).id.clone()).chain(targets.iter().map(|it| id(facts, *it))),
            ),
            facts: flows.iter().map(|it| format!("{}: {}", flow(it).id, flow(it).access.slug())).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let mut draft = Draft::of(facts.model());
    for subject in &finding.subjects {
        draft.edit::<Flow>(subject, |it| it.access = Access::Read);
    }
    vec![Fix { label: "Allow only reading".to_owned(), edit: draft.finish() }]
}

/// Components of ours on the path of features that all only read, and that nothing else has work for, in order.
fn readers(facts: &Facts) -> Vec<ComponentIx> {
    let mut of_features = BTreeSet::new();
    let mut only_reads: BTreeMap<ComponentIx, bool> = BTreeMap::new();
    for feature in facts.model().features().values() {
        let reads = feature.read_share.is_some_and(|it| it.get() >= 1.0);
        for flow in feature.flows.iter().filter_map(|it| facts.topology.find_flow(it)) {
            of_features.insert(flow);
            let flow = facts.topology.flow(flow);
            for end in [flow.from, flow.to] {
                *only_reads.entry(end).or_insert(true) &= reads;
            }
        }
    }
    let readers = only_reads.into_iter().filter(|it| it.1).map(|it| it.0);
    let is_reader = |it: &ComponentIx| {
        let is_server = works(facts, *it) && facts.topology.component(*it).is(Family::Compute);
        is_server && !has_other_work(facts, *it, &of_features)
    };
    readers.filter(is_reader).collect()
}

/// Whether it takes work from a queue, or anything but operations calls it outside of all features, and not just to read:
/// nobody has said what that does.
fn has_other_work(facts: &Facts, component: ComponentIx, of_features: &BTreeSet<FlowIx>) -> bool {
    let topology = &facts.topology;
    let node = topology.component(component);
    let consumes = |it: &FlowIx| topology.flow(*it).access == Access::Consume;
    let calls = |it: &FlowIx| {
        let flow = topology.flow(*it);
        let may_change = !flow.reply && flow.access != Access::Read;
        may_change && !topology.component(flow.from).is(Family::Operations) && !of_features.contains(it)
    };
    node.out.iter().any(consumes) || node.into.iter().any(calls)
}

fn goes_beyond(facts: &Facts, flow: FlowIx) -> bool {
    let flow = facts.topology.flow(flow);
    let target = facts.topology.component(flow.to);
    let changes = matches!(flow.access, Access::Write | Access::ReadWrite | Access::Admin);
    let is_store = target.is(Family::Data) && !target.can(Capability::Cache);
    changes && !flow.reply && is_store && !facts.data.kept(flow.to).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, silent};

    fn news(share: &str, access: &str) -> String {
        format!(
            "user -> web: https; web -> db: postgres [{access}]; web \"Web\"; db \"News\": postgres [stores news]
             feature read [read-share {share}; flows user-web, web-db]; asset news \"Articles\": internal"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_mends_it() {
        let text = news("100%", "write");
        fires(
            &RULE,
            &text,
            "high privileges-beyond-use:web-db — Web may change News, but all features there only read (Web)",
        );
        silent(&RULE, &news("100%", "read"));
        silent(&RULE, &news("100%", "notes x"));
        silent(&RULE, &news("90%", "write"));
        assert_eq!(offered(&RULE, &text), "Allow only reading");
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn a_feature_that_writes_or_says_nothing_of_it_excuses() {
        let other = |said: &str| format!("{}; feature post [{said}flows user-web]", news("100%", "write"));
        silent(&RULE, &other("read-share 0; "));
        silent(&RULE, &other(""));
        silent(&RULE, &news("100%", "write").replace("stores news", "notes x"));
        // Work that no feature tells of may write.
        for more in ["job -> web: https", "web -> queue [consume]"] {
            silent(&RULE, &format!("{}; {more}", news("100%", "write")));
        }
        let read = format!("{}; job -> web: https [read]", news("100%", "write"));
        assert_eq!(mended(&RULE, &read, 0), "");
        let watched = format!("{}; metrics: monitoring; metrics -> web: https", news("100%", "write"));
        assert_eq!(mended(&RULE, &watched, 0), "");
        silent(&RULE, &news("100%", "write").replace("postgres [stores", "redis [stores"));
    }
}
