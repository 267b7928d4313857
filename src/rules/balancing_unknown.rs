//! `balancing-unknown`: how what spreads requests chooses, and choices that do not spread them.

use super::cases::copy_of;
use super::{
    Asked, Choice, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Says, Subject, loads, rule,
    severity, words,
};
use crate::analysis::{ComponentIx, Facts, FlowEdge, Unknown};
use crate::model::{Access, Capability, Component, Draft, Edit, Family, Flow, Id, Ids};

rule! {
    /// ## What it finds
    /// Balancers, proxies and gateways of which nobody has said how they choose among several instances: it asks. And
    /// DNS that chooses among servers by itself, with no balancer between, or balancers that choose by what is asked for
    /// while each server stands alone.
    ///
    /// ## Why it matters
    /// An answer of DNS is kept by whole companies and providers, which then all go to one server, and to a dead one
    /// until it expires. A server for each sort of thing is as full as that sort is popular, and no other helps it. Even
    /// round robin is uneven where some requests take a hundred times as long as others.
    ///
    /// ## Example
    /// `user -> dns -> web-1, web-2: https; dns [balancing dns]`
    ///
    /// ## How to fix it
    /// Let a balancer choose the least busy one, or go round if all requests are alike. Use DNS to choose among
    /// balancers or places, with short times to live.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption
    /// * NIST SP 800-53, SC-5, SC-36; RFC 1794, DNS support for load balancing
    "balancing-unknown", "How requests are spread",
    kind: Asks, on: Component, reads: [Structure, Pools], answers: [], stride: [Availability, DenialOfService], cwe: [400],
    check: check, fixes: fixes,
}

const CHOICES: [(&str, &str); 5] = [
    ("Round robin", "round-robin"),
    ("Least busy", "least-busy"),
    ("By cookie", "cookie-affinity"),
    ("By DNS", "dns"),
    ("By resource", "per-resource"),
];

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(spreader) = subject else { return };
    let node = facts.topology.component(spreader);
    let Some(targets) = targets(facts, spreader) else { return };
    let (name, names) = (words::name(facts, spreader), words::names(facts, targets.iter().copied()));
    let evidence = Evidence::set([node.id.clone()].into_iter().chain(loads::ids(facts, &targets)));
    if let Some((message, because)) = uneven(facts, spreader, &targets) {
        out.finding(Found {
            subjects: vec![node.id.clone()],
            detail: String::new(),
            impact: Impact::Slight,
            exposure: Exposure::Guarded,
            because: because.to_owned(),
            message,
            place: words::place(facts, spreader),
            evidence,
            facts: targets
                .iter()
                .map(|it| format!("spreads to {}", facts.topology.component(*it).id))
                .chain([format!("balancing {}", node.record.balancing)])
                .collect(),
        });
        return;
    }
    let asked = same(facts, spreader);
    if !node.can(Capability::HandsOn) || asked.first() != Some(&spreader) {
        return;
    }
    let instances: u64 = targets.iter().map(|it| instances(facts, *it)).sum();
    let choice = |(label, slug): (&str, &str)| {
        let mut draft = Draft::of(facts.model());
        for id in loads::ids(facts, &asked) {
            draft.edit::<Component>(&id, |it| slug.clone_into(&mut it.balancing));
        }
        Choice { label: label.into(), says: Says::Edit(draft.finish()) }
    };
    out.question(Asked {
        about: Unknown::new(&node.id, "balancing"),
        stake: severity(facts, Impact::Slight, Exposure::Guarded),
        text: format!("How are requests at {name} spread over {names}?"),
        why: format!("What comes there is shared by {instances} instances."),
        choices: CHOICES.map(choice).to_vec(),
        evidence,
    });
}

/// Those alike with it of which nobody has said how they choose.
fn same(facts: &Facts, spreader: ComponentIx) -> Vec<ComponentIx> {
    let is_open = |it: &ComponentIx| facts.topology.component(*it).record.balancing.trim().is_empty();
    let is_asked = |it: &ComponentIx| facts.topology.component(*it).can(Capability::HandsOn);
    let alike = loads::alike(facts, spreader);
    alike.into_iter().filter(|it| is_open(it) && is_asked(it) && targets(facts, *it).is_some()).collect()
}

fn instances(facts: &Facts, component: ComponentIx) -> u64 {
    u64::from(facts.topology.component(component).record.instances())
}

/// Flows on which it hands requests on to what answers them.
fn handed(facts: &Facts, spreader: ComponentIx) -> impl Iterator<Item = &FlowEdge> {
    let topology = &facts.topology;
    let flows = topology.component(spreader).out.iter().map(|it| topology.flow(*it));
    flows.filter(|it| {
        let target = topology.component(it.to);
        let serves = target.is(Family::Compute) || target.is(Family::Edge);
        let asks = !matches!(it.access, Access::Admin | Access::Replicate);
        !it.reply && asks && serves && !target.can(Capability::NotOurs)
    })
}

/// The alternatives that it chooses among, if there is a choice; the first sort of them.
fn targets(facts: &Facts, spreader: ComponentIx) -> Option<Vec<ComponentIx>> {
    let node = facts.topology.component(spreader);
    let refers = node.can(Capability::Passes) && node.can(Capability::UsuallyBought);
    if !node.can(Capability::Spreads) || !(node.can(Capability::HandsOn) || refers) {
        return None;
    }
    let mut drawn: Vec<ComponentIx> = handed(facts, spreader).map(|it| it.to).collect();
    drawn.sort_unstable();
    drawn.dedup();
    let alike = |it: ComponentIx| -> Vec<ComponentIx> {
        let all = loads::alike(facts, it);
        all.into_iter().filter(|it| drawn.binary_search(it).is_ok()).collect()
    };
    let is_choice = |it: &Vec<ComponentIx>| it.iter().map(|it| instances(facts, *it)).sum::<u64>() > 1;
    drawn.iter().map(|it| alike(*it)).find(is_choice)
}

/// A way of choosing that does not spread evenly, and why.
fn uneven(facts: &Facts, spreader: ComponentIx, targets: &[ComponentIx]) -> Option<(String, &'static str)> {
    let node = facts.topology.component(spreader);
    let (name, names) = (words::name(facts, spreader), words::names(facts, targets.iter().copied()));
    let is_by_dns = node.can(Capability::Passes) || node.record.balancing.trim() == "dns";
    let serve = targets.iter().all(|it| facts.topology.component(*it).is(Family::Compute));
    if is_by_dns && serve && targets.len() > 1 {
        let because = "answers of DNS stick to whoever asked, so some servers get far more than others";
        return Some((format!("Requests are spread over {names} by {name} alone"), because));
    }
    let is_alone = targets.iter().all(|it| instances(facts, *it) == 1);
    if node.record.balancing.trim() == "per-resource" && is_alone {
        let because = "a server that has a sort of requests to itself is as full as that sort is popular";
        return Some((format!("Each of {names} gets another sort of requests from {name}"), because));
    }
    None
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let Some(spreader) = finding.subjects.first().and_then(|it| facts.topology.find_component(it)) else {
        return Vec::new();
    };
    let Some(targets) = targets(facts, spreader) else { return Vec::new() };
    let node = facts.topology.component(spreader);
    if node.can(Capability::HandsOn) {
        let set = |(label, slug): (&str, &str)| {
            let mut draft = Draft::of(facts.model());
            draft.edit::<Component>(&node.id, |it| slug.clone_into(&mut it.balancing));
            Fix { label: label.to_owned(), edit: draft.finish() }
        };
        return [("Choose the least busy one", "least-busy"), ("Go round", "round-robin")].map(set).to_vec();
    }
    let label = format!("Put a load balancer before {}", words::names(facts, targets.iter().copied()));
    vec![Fix { label, edit: with_balancer(facts, spreader, &targets, ids) }]
}

/// Leads the flows to the targets through a load balancer beside the first of them.
fn with_balancer(facts: &Facts, spreader: ComponentIx, targets: &[ComponentIx], ids: &mut Ids) -> Edit {
    let mut draft = Draft::of(facts.model());
    let balancer = draft.mint(ids, "lb");
    let within = targets.first().and_then(|it| facts.topology.place_of(*it));
    let record = Component {
        kind: "load-balancer".to_owned(),
        name: "Load balancer".to_owned(),
        within,
        balancing: "least-busy".to_owned(),
        // One alone would be what everything hangs on.
        replicas: Some(2),
        ..Component::default()
    };
    draft.put(balancer.clone(), record);
    let mut first: Option<Flow> = None;
    let led: Vec<(Id, Flow)> = handed(facts, spreader)
        .filter(|it| targets.contains(&it.to))
        .map(|it| (it.id.clone(), copy_of(facts, &it.record)))
        .collect();
    for (id, flow) in led {
        draft.edit::<Flow>(&id, |it| it.from = balancer.clone());
        first.get_or_insert(flow);
    }
    if let Some(flow) = first {
        let id = draft.mint(ids, "dns-lb");
        draft.put(id, Flow { to: balancer, name: String::new(), weight: None, ..flow });
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    #[test]
    fn what_asks_and_what_does_not() {
        let text = "user -> lb -> web-1, web-2: https; lb \"Balancer\": load-balancer";
        asks(&RULE, text, "? lb.balancing — How are requests at Balancer spread over web-1 and web-2?");
        for (label, _) in &CHOICES[..3] {
            assert_eq!(answered(&RULE, text, label), "", "{label}");
        }
        silent(&RULE, "user -> lb -> web-1, web-2: https; lb [balancing round-robin]");
        asks(
            &RULE,
            "user -> lb -> web: https; web [replicas 3]",
            "? lb.balancing — How are requests at lb spread over web?",
        );
        // Nothing to choose from: one instance, or two things.
        silent(&RULE, "user -> lb -> web: https");
        silent(&RULE, "user -> gw -> cart, catalogue: https");
        // What filters or guards does not balance.
        silent(&RULE, "user -> fw -> web-1, web-2: https; vpn -> web-1, web-2: https");
    }

    #[test]
    fn balancers_of_one_pool_are_asked_about_once() {
        let text = "user -> dns -> lb-1, lb-2: https; lb-1, lb-2 -> web: https; web [replicas 2]";
        asks(&RULE, text, "? lb-1.balancing — How are requests at lb-1 spread over web?");
        assert_eq!(answered(&RULE, text, "Least busy"), "");
    }

    #[test]
    fn dns_sticks_where_nothing_balances_behind_it() {
        let text = "user -> dns -> web-1, web-2: https";
        fires(
            &RULE,
            text,
            "low balancing-unknown:dns — Requests are spread over web-1 and web-2 by dns alone (dns)",
        );
        assert_eq!(offered(&RULE, text), "Put a load balancer before web-1 and web-2");
        assert_eq!(mended(&RULE, text, 0), "");
        silent(&RULE, "user -> dns -> web: https; web [replicas 2]");
    }

    #[test]
    fn a_server_for_each_sort() {
        let text = "user -> lb -> web-1, web-2: https; lb [balancing per-resource]";
        fires(
            &RULE,
            text,
            "low balancing-unknown:lb — Each of web-1 and web-2 gets another sort of requests from lb (lb)",
        );
        assert_eq!(offered(&RULE, text), "Choose the least busy one\nGo round");
        for n in 0..2 {
            assert_eq!(mended(&RULE, text, n), "", "fix {n}");
        }
    }
}
