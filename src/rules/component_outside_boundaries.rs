//! `component-outside-boundaries`: own components that stand in no boundary.

use std::collections::BTreeMap;

use super::passing::{Need, Who, grant};
use super::{Evidence, Exposure, Finding, Fix, Found, Out, Subject, alike, impact, rule, words, worth};
use crate::analysis::{BoundaryIx, ComponentIx, Facts};
use crate::model::{Capability, Component, Draft, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// Own components that stand in no boundary, or only in one that is outside, while most others stand in some. Gates,
    /// the edge before everything, what is usually bought as a service and what its provider runs are left out; so are
    /// drawings without boundaries of ours, and those in which they were only just begun.
    ///
    /// ## Why it matters
    /// Of what stands nowhere nobody can say who else gets to it: whether it is shut off from the internet and from its
    /// neighbours, which team looks after it, what it fails with. In practice it does stand somewhere, often in the
    /// network where everything was put that had no place.
    ///
    /// ## Example
    /// `user -> web: https; web -> db: postgres; job -> db; boundary net: network { web; db }`
    ///
    /// ## How to fix it
    /// Draw it where it stands. If it has no place yet, give it the tier of what it works with, or one of its own.
    ///
    /// ## References
    /// * CWE-653, Improper isolation or compartmentalization; CWE-1059, Insufficient technical documentation
    /// * OWASP ASVS 4.0, V1.1 and V1.14; NIST SP 800-53, CM-8, PL-8 and SC-7
    "component-outside-boundaries", "Component in no boundary",
    kind: Structure, on: Whole, reads: [Structure, Pools, Assets], answers: [],
    stride: [InformationDisclosure, ElevationOfPrivilege], cwe: [653],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let is_counted = |it: &ComponentIx| has_a_place(facts, *it);
    let all: Vec<ComponentIx> = facts.topology.components().map(|it| it.0).filter(is_counted).collect();
    let (inside, outside): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| is_inside(facts, *it));
    // Where as many stand outside, the boundaries were only just begun.
    if inside.len() <= outside.len() {
        return;
    }
    for members in alike::groups(facts, outside).values() {
        let Some(first) = members.first() else { continue };
        let names = words::names(facts, members.iter().copied());
        let handled: Vec<_> = members.iter().flat_map(|it| facts.data.handled(*it)).copied().collect();
        out.finding(Found {
            subjects: alike::ids(facts, members),
            detail: String::new(),
            impact: impact(facts, &handled),
            exposure: Exposure::Deeper,
            because: format!(
                "{} can be taken from {names}, and who else gets there cannot be told",
                worth(facts, &handled).1
            ),
            message: format!("No boundary holds {names}"),
            place: words::name(facts, *first),
            evidence: Evidence::set(alike::ids(facts, members)),
            facts: Vec::new(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let find = |it| facts.topology.find_component(it);
    let members: Vec<ComponentIx> = finding.subjects.iter().filter_map(find).collect();
    let places = places(facts, &members);
    // The tier of most of what it works with; and the outermost place around it, for what belongs to none of its tiers.
    let first = places.first().copied();
    let ours = facts.topology.outward(first).filter(|it| !facts.topology.boundary(*it).kind.outside);
    let around = ours.last().filter(|it| Some(*it) != first);
    let place = |it| Fix {
        label: format!(
            "Place {} in {}",
            words::titles(facts, &finding.subjects),
            facts.topology.boundary(it).record.title()
        ),
        edit: placed(facts, &members, it),
    };
    first.into_iter().chain(around).map(place).collect()
}

/// The edit that places components in a boundary, and lets what is drawn to them in there.
fn placed(facts: &Facts, members: &[ComponentIx], boundary: BoundaryIx) -> crate::model::Edit {
    let topology = &facts.topology;
    let mut draft = Draft::of(facts.model());
    let within = topology.boundary(boundary).id.clone();
    for member in members {
        draft.edit::<Component>(&alike::id(facts, *member), |it| it.within = Some(within.clone()));
        let flows = topology.component(*member).into.iter().map(|it| topology.flow(*it));
        for flow in flows.filter(|it| !it.reply && !members.contains(&it.from)) {
            let comes_from_internet = facts.ingress.brings_internet(flow.from);
            let who = if comes_from_internet { Who::Anyone } else { Who::At(alike::id(facts, flow.from)) };
            let need = Need { who, ports: flow.ports.clone() };
            for entered in topology.entered(facts.ingress.place(flow.from), Some(boundary)) {
                grant(facts, &mut draft, entered, &need);
            }
        }
    }
    draft.finish()
}

/// Boundaries of ours: those in which most of what they have flows with stands, or else those with most in them.
fn places(facts: &Facts, members: &[ComponentIx]) -> Vec<BoundaryIx> {
    let topology = &facts.topology;
    let is_ours = |it: &BoundaryIx| !topology.boundary(*it).kind.outside;
    let flows = members.iter().flat_map(|it| {
        let node = topology.component(*it);
        node.out.iter().chain(&node.into).map(|it| topology.flow(*it))
    });
    let others = flows.flat_map(|it| [it.from, it.to]).filter(|it| !members.contains(it));
    let mut counts: BTreeMap<BoundaryIx, usize> = BTreeMap::new();
    for place in others.filter_map(|it| topology.component(it).within).filter(is_ours) {
        *counts.entry(place).or_default() += 1;
    }
    if counts.is_empty() {
        let all = topology.boundaries().filter(|(it, _)| is_ours(it));
        counts.extend(all.map(|(it, node)| (it, node.members.len())));
    }
    let mut places: Vec<(usize, BoundaryIx)> = counts.into_iter().map(|(it, n)| (n, it)).collect();
    places.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    places.into_iter().map(|it| it.1).collect()
}

/// Whether it is ours and should stand somewhere.
fn has_a_place(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let is_gate = node.gate_of.is_some() || !facts.ingress.gate_of(component).is_empty();
    let is_run_by_provider = node.technology.is_some_and(|it| it.control("patching") == Truth::Yes);
    let is_bought = node.can(Capability::UsuallyBought) || is_run_by_provider;
    // What stands before everything: requests from the internet come straight to it.
    let is_first = || {
        let mut into = node.into.iter().map(|it| facts.topology.flow(*it));
        node.is(Family::Edge) && into.any(|it| !it.reply && facts.ingress.brings_internet(it.from))
    };
    !node.can(Capability::NotOurs) && !is_gate && !is_bought && !is_first()
}

/// Whether it stands in a boundary of ours.
fn is_inside(facts: &Facts, component: ComponentIx) -> bool {
    let topology = &facts.topology;
    topology.outward(topology.component(component).within).any(|it| !topology.boundary(it).kind.outside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, silent};

    fn shop(rest: &str) -> String {
        format!(
            "user -> web: https; web -> db: postgres
             boundary net \"Network\": network [ingress 443 from anywhere] {{
               web; boundary data \"Data tier\": tier [ingress 5432 from web] {{ db: postgres }}
             }}
             {rest}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        let text = shop("asset a \"A\": secret; job \"Job\" [processes a]; job -> db: postgres");
        fires(&RULE, &text, "medium component-outside-boundaries:job — No boundary holds Job (Job)");
        silent(&RULE, &shop("user -> web: https"));
        // No boundaries, or only just begun, or none of ours.
        silent(&RULE, "user -> web: https; web -> db: postgres; job -> db");
        silent(&RULE, "user -> web: https; web -> db: postgres; job -> db; boundary data: tier { db }");
        silent(&RULE, "boundary out: internet-edge { user }; user -> web: https");
    }

    #[test]
    fn the_edge_others_and_what_is_bought_stand_outside() {
        silent(&RULE, &shop("user -> lb -> web: https; fw: firewall [gate-of net]"));
        silent(
            &RULE,
            &shop("web -> files: https; files: object-store; web -> mail; mail: third-party-service"),
        );
        silent(&RULE, &shop("web -> queue: https; queue: sqs; hint \"Hint\": note"));
    }

    #[test]
    fn it_is_placed_where_it_works_and_what_is_drawn_still_gets_there() {
        let text = shop("job -> db: postgres; web -> job: https");
        assert_eq!(offered(&RULE, &text), "Place job in Data tier\nPlace job in Network");
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        let facts = mended_facts(&RULE, &text, 0);
        let flow = facts.topology.find_flow(&crate::model::Id::slug("web-job")).unwrap();
        let passage = facts.ingress.lets_flow(&facts.topology, flow);
        assert!(facts.topology.flow(flow).ports.is_subset(&passage.certain), "{passage:?}");
    }
}
