//! `identity-provider-unprotected`: who gives out logins and keys, in one tier with what has nothing to do with it.

use std::collections::BTreeMap;

use super::cases::id;
use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, Ingress as Ways, Unknown};
use crate::model::{
    Allow, Answer, Boundary, Capability, Component, Draft, Edit, Family, From, Id, Ids, Ingress, Ports,
};

rule! {
    /// ## What it finds
    /// Identity providers, vaults, key managers and certificate authorities that stand directly in one tier, cluster or
    /// host with components that do other work and that an attacker from the internet can get to, unless the members
    /// are kept apart. Operations, their own stores and what hands requests on to them do not count.
    ///
    /// ## Why it matters
    /// Within a tier mostly everything reaches everything. Whoever takes the weakest neighbour stands beside the one
    /// component that opens all others.
    ///
    /// ## Example
    /// `boundary app: tier { web; vault }; user -> web -> vault: https`
    ///
    /// ## How to fix it
    /// Give it a tier of its own that lets in just what uses it, or keep the members of the tier apart, so that only
    /// drawn flows cross.
    ///
    /// ## References
    /// * CWE-653, Improper isolation or compartmentalization; MITRE ATT&CK T1210, Exploitation of remote services
    /// * OWASP ASVS 4.0, V1.14.1; NIST SP 800-53, SC-3 and SC-7(21)
    "identity-provider-unprotected", "Identity provider among others",
    kind: Structure, on: Boundary, reads: [Structure, Reach], answers: [], stride: [ElevationOfPrivilege, Spoofing], cwe: [653],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Boundary(boundary) = subject else { return };
    let node = facts.topology.boundary(boundary);
    // A region or an organisation is no tier: what stands in it alone has no place yet.
    if node.kind.starts_open || node.kind.outside || node.record.segmented.is_yes() {
        return;
    }
    let trusted = trusted(facts, boundary);
    let others = others(facts, boundary, &trusted);
    let near = others.iter().filter_map(|it| Some((facts.reach.hop(*it)?, *it))).min();
    let Some((hop, nearest)) = near.filter(|_| !trusted.is_empty()) else { return };
    let Some(first) = trusted.first().copied() else { return };
    let (names, tier) = (words::names(facts, trusted.iter().copied()), node.record.title());
    let beside = words::names(facts, others.iter().copied());
    let from = match hop {
        0 => "what comes from the internet gets to".to_owned(),
        1 => "one compromise leads to".to_owned(),
        more => format!("{more} compromises lead to"),
    };
    out.finding(Found {
        subjects: trusted.iter().map(|it| id(facts, *it)).collect(),
        detail: String::new(),
        impact: Impact::Grave,
        exposure: if hop == 0 { Exposure::OneHop } else { Exposure::Deeper },
        because: format!("{from} {} next door, and {names} may open all else", words::name(facts, nearest)),
        message: format!("{names} can be reached within {tier} from {beside}"),
        place: words::place(facts, first),
        evidence: Evidence::set(
            trusted.iter().chain(&others).map(|it| id(facts, *it)).chain([node.id.clone()]),
        ),
        facts: others.iter().map(|it| format!("beside {}", id(facts, *it))).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let trusted: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| topology.find_component(it)).collect();
    let Some(within) = trusted.first().and_then(|it| topology.component(*it).within) else {
        return Vec::new();
    };
    let (node, names) = (topology.boundary(within), words::titles(facts, &finding.subjects));
    let apart = [Unknown::new(&node.id, "segmented")];
    vec![
        Fix {
            label: format!("Give {names} a separate tier"),
            edit: own_tier(facts, &trusted, &node.id, ids),
        },
        Fix {
            label: format!("Keep the members of {} apart", node.record.title()),
            edit: answer(facts, &apart, crate::model::Truth::Yes),
        },
    ]
}

/// A tier within the old one, which lets in the flows that are drawn.
fn own_tier(facts: &Facts, trusted: &[ComponentIx], within: &Id, ids: &mut Ids) -> Edit {
    let topology = &facts.topology;
    let mut allows: BTreeMap<String, (Ports, Vec<Id>)> = BTreeMap::new();
    for flow in trusted.iter().flat_map(|it| &topology.component(*it).into).map(|it| topology.flow(*it)) {
        if flow.reply || flow.ports.is_empty() || trusted.contains(&flow.from) {
            continue;
        }
        let (_, from) =
            allows.entry(flow.ports.to_string()).or_insert_with(|| (flow.ports.clone(), Vec::new()));
        from.extend(Ways::seen_back(topology, flow.from).into_iter().map(|it| id(facts, it)));
        from.sort();
        from.dedup();
    }
    let allows = allows.into_values().map(|(ports, from)| Allow { ports, from: From::Of(from) }).collect();
    let mut draft = Draft::of(facts.model());
    let tier = draft.mint(ids, "trust-tier");
    let record = Boundary {
        kind: "subnet-tier".to_owned(),
        name: "Trust tier".to_owned(),
        within: Some(within.clone()),
        ingress: Ingress::Only(allows),
        segmented: Answer::default(),
        ..Boundary::default()
    };
    draft.put(tier.clone(), record);
    for component in trusted {
        draft.edit::<Component>(&id(facts, *component), |it| it.within = Some(tier.clone()));
    }
    draft.finish()
}

fn trusted(facts: &Facts, boundary: BoundaryIx) -> Vec<ComponentIx> {
    let members = facts.topology.boundary(boundary).members.iter().copied();
    let is_trusted = |it: &ComponentIx| {
        let node = facts.topology.component(*it);
        node.is(Family::Trust) && node.gate_of.is_none()
    };
    members.filter(is_trusted).collect()
}

/// Members that do other work.
fn others(facts: &Facts, boundary: BoundaryIx, trusted: &[ComponentIx]) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let is_other = |it: &ComponentIx| {
        let node = topology.component(*it);
        let works =
            [Family::Compute, Family::Data, Family::Messaging, Family::Edge].iter().any(|it| node.is(*it));
        let is_edge_of_it =
            node.is(Family::Edge) && node.out.iter().all(|it| trusted.contains(&topology.flow(*it).to));
        let is_its_store = node.into.iter().any(|it| trusted.contains(&topology.flow(*it).from));
        works && !node.can(Capability::NotOurs) && !is_edge_of_it && !is_its_store && node.gate_of.is_none()
    };
    topology.boundary(boundary).members.iter().copied().filter(is_other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, silent};

    const APP: &str =
        "boundary app \"App tier\": tier { web \"Web\"; vault \"Vault\" }; user -> web -> vault: https";

    #[test]
    fn what_fires_what_does_not_and_what_mends_it() {
        fires(
            &RULE,
            APP,
            "high identity-provider-unprotected:vault — Vault can be reached within App tier from Web (Vault · App tier)",
        );
        silent(&RULE, &APP.replace("tier {", "tier [segmented] {"));
        silent(&RULE, &APP.replace("tier {", "region {"));
        silent(&RULE, &APP.replace("web \"Web\"; ", ""));
        assert_eq!(offered(&RULE, APP), "Give Vault a separate tier\nKeep the members of App tier apart");
        assert_eq!([mended(&RULE, APP, 0), mended(&RULE, APP, 1)], ["", ""]);
    }

    #[test]
    fn its_own_store_and_what_nobody_reaches_do_not_count() {
        silent(&RULE, "boundary t: tier [ingress none] { db: postgres; vault }; vault -> db: postgres");
        silent(&RULE, "boundary t: tier [ingress none] { job: worker; vault }; job -> vault: https");
    }
}
