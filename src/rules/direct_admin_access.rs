//! `direct-admin-access`: what somebody outside administers without a bastion or a VPN between.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::copy_of;
use super::exposures::{Speaker, administers, along, open, stake};
use super::passing::{self, Filter, Need, Who};
use super::{Evidence, Exposure, Finding, Fix, Found, Out, Subject, rule, words};
use crate::analysis::{BoundaryIx, ComponentIx, ComponentNode, Facts, FlowIx, Ingress};
use crate::model::{
    Access, Capability, Component, DefaultListener, Draft, Edit, Family, Flow, From, Id, Ids, Kind, Listener,
};

rule! {
    /// ## What it finds
    /// Components that somebody outside administers straight: administrators, partners and bought services whose drawn flow
    /// leads to them, through filters at most, and who do not stand in a boundary with them. Where the port is one of
    /// administration that all the internet reaches, `exposed-admin-port` or `exposed-data-store` tells it; here it is told
    /// where the console shares a port with users, or where it is reached from an office or a partner.
    ///
    /// ## Why it matters
    /// One stolen password or one infected laptop is then enough to own the component. On the way over a bastion or a VPN
    /// there is a second factor, a log of what was done, and one place to shut.
    ///
    /// ## Example
    /// `user -> web: https; admin -> web: https [admin]; web -> db: postgres`
    ///
    /// ## How to fix it
    /// Let administrators come in by a VPN gateway or a bastion that demands a second factor, and let the component take
    /// administration from there alone, on a port of its own.
    ///
    /// ## References
    /// * CWE-419, Unprotected primary channel; CWE-284, Improper access control
    /// * ATT&CK T1133, External remote services; T1078, Valid accounts; NIST SP 800-53, AC-17(3), Managed access control points
    "direct-admin-access", "Administered straight from outside",
    kind: Structure, on: Whole, reads: [Structure, Reach, Assets], answers: ["authenticated", "authentication"],
    stride: [Spoofing, ElevationOfPrivilege], cwe: [284, 419],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let topology = &facts.topology;
    for (component, (flows, who)) in straight(facts, |it| !is_told(facts, it)) {
        let Some(first) = flows.first().map(|it| topology.flow(*it)) else { continue };
        let name = words::name(facts, component);
        let admins = words::names(facts, who.iter().copied());
        let (impact, worth) = stake(facts, component);
        let (exposure, near) = if facts.ingress.brings_internet(first.from) {
            along(facts, first)
        } else {
            (Exposure::OneHop, format!("whoever takes over {admins} owns {name}"))
        };
        let id = |it: &FlowIx| topology.flow(*it).id.clone();
        let mut evidence = Evidence::way(facts, way(&who, first.from, component));
        evidence.also = flows.iter().map(id).collect();
        out.finding(Found {
            subjects: vec![topology.component(component).id.clone()],
            detail: String::new(),
            impact,
            exposure,
            because: format!("{worth} can be taken from {name}, and {near}"),
            message: format!("{admins} can administer {name} straight from outside"),
            place: words::flows(facts, &flows),
            evidence,
            facts: flows.iter().map(|it| format!("straight: {}", id(it))).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    // With the others go those that another rule tells: once the port is not exposed, they would be left here.
    let component = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some((component, (flows, _))) = component.and_then(|it| straight(facts, |_| true).remove_entry(&it))
    else {
        return Vec::new();
    };
    let kinds = [
        ("bastion", "Bastion", "Put a bastion between"),
        ("vpn-gateway", "VPN", "Put a VPN gateway between"),
    ];
    kinds
        .map(|(kind, name, label)| Fix {
            label: label.to_owned(),
            edit: between(facts, component, &flows, (kind, name), ids),
        })
        .to_vec()
}

/// Components with the flows that administer them straight, of those that count, and who sends these.
fn straight(
    facts: &Facts,
    counts: impl Fn(FlowIx) -> bool,
) -> BTreeMap<ComponentIx, (Vec<FlowIx>, BTreeSet<ComponentIx>)> {
    let topology = &facts.topology;
    let mut found: BTreeMap<ComponentIx, (Vec<FlowIx>, BTreeSet<ComponentIx>)> = BTreeMap::new();
    for (flow, edge) in topology.flows().filter(|(_, it)| !it.reply && administers(it)) {
        let node = topology.component(edge.to);
        if node.can(Capability::NotOurs) || node.can(Capability::Passes) || demands_login(node) {
            continue;
        }
        let outside = |it: &ComponentIx| is_outside(facts, *it, edge.to);
        let who: BTreeSet<ComponentIx> =
            Ingress::seen_back(topology, edge.from).into_iter().filter(outside).collect();
        if who.is_empty() || !counts(flow) {
            continue;
        }
        let entry = found.entry(edge.to).or_default();
        entry.0.push(flow);
        entry.1.extend(who);
    }
    found
}

/// Whether somebody is not ours and does not stand in a boundary with a component.
fn is_outside(facts: &Facts, who: ComponentIx, component: ComponentIx) -> bool {
    let (topology, ingress) = (&facts.topology, &facts.ingress);
    let node = topology.component(who);
    let is_somebody = node.is(Family::Outside) || node.can(Capability::OnTheInternet);
    is_somebody && topology.common(ingress.place(who), ingress.place(component)).is_none()
}

/// Whether a rule on what the internet reaches speaks of the port of a flow already.
fn is_told(facts: &Facts, flow: FlowIx) -> bool {
    let edge = facts.topology.flow(flow);
    let speaks = |speaker| open(facts, edge.to, speaker).iter().any(|it| it.ports.overlaps(&edge.ports));
    speaks(Speaker::AdminPort) || speaks(Speaker::DataStore)
}

/// A VPN gateway or a bastion.
fn demands_login(node: &ComponentNode) -> bool {
    node.is(Family::Edge) && !node.can(Capability::Passes) && !node.can(Capability::HandsOn)
}

/// From one who administers to the component, through what passes it on.
fn way(who: &BTreeSet<ComponentIx>, from: ComponentIx, to: ComponentIx) -> Vec<ComponentIx> {
    let first = if who.contains(&from) { None } else { who.first().copied() };
    first.into_iter().chain([from, to]).collect()
}

/// Leads the flows to a new component beside the boundary of their target, and from there on to it.
fn between(
    facts: &Facts,
    component: ComponentIx,
    flows: &[FlowIx],
    (kind, name): (&str, &str),
    ids: &mut Ids,
) -> Edit {
    let topology = &facts.topology;
    let mut draft = Draft::of(facts.model());
    let node = topology.component(component);
    let brings = &Kind::of(kind).listeners;
    let (protocol, port) =
        brings.first().map(|it| (it.protocol.clone(), it.port.clone())).unwrap_or_default();
    let place = facts.ingress.place(component);
    let around: Option<BoundaryIx> = place.and_then(|it| topology.boundary(it).parent);
    let senders: Vec<Who> =
        passing::needs(facts, flows.iter().copied()).into_iter().map(|it| it.who).collect();
    let listener = |it: &DefaultListener| Listener {
        port: it.port.clone(),
        protocol: it.protocol.clone(),
        meant_for: From::Anywhere,
        ..Listener::default()
    };
    let id = draft.mint(ids, name);
    let new = Component {
        kind: kind.to_owned(),
        name: name.to_owned(),
        within: around.map(|it| topology.boundary(it).id.clone()),
        listeners: brings.iter().map(listener).collect(),
        ..Component::default()
    };
    draft.put(id.clone(), new);
    let mut onward = BTreeSet::new();
    for edge in flows.iter().map(|it| topology.flow(*it)) {
        if onward.insert((&edge.record.protocol, &edge.record.port)) {
            let flow = draft.mint(ids, &format!("{name}-{}", node.id));
            draft.put(flow, Flow { from: id.clone(), ..copy_of(facts, &edge.record) });
        }
        draft.edit::<Flow>(&edge.id, |it| {
            (it.to, it.protocol, it.port) = (id.clone(), protocol.clone(), port.clone());
            it.access = Access::Admin;
        });
        if topology.component(edge.from).can(Capability::Filters) {
            for who in &senders {
                let need = Need { who: who.clone(), ports: port.clone() };
                passing::grant_at(facts, &mut draft, &[Filter::Component(edge.from)], &need);
            }
        }
    }
    // Into what surrounds the new one, and from there to the component.
    for boundary in topology.outward(around) {
        for who in &senders {
            passing::grant(facts, &mut draft, boundary, &Need { who: who.clone(), ports: port.clone() });
        }
    }
    for boundary in topology.entered(around, place) {
        for edge in flows.iter().map(|it| topology.flow(*it)) {
            let need = Need { who: Who::At(Id::clone(&id)), ports: edge.ports.clone() };
            passing::grant(facts, &mut draft, boundary, &need);
        }
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent};

    #[test]
    fn what_fires_and_what_does_not() {
        let web = "asset a \"Accounts\": secret; user -> web: https [carries a]; web \"Web\": web-server; admin \"Admins\"";
        fires(
            &RULE,
            &format!("{web}; admin -> web: https [admin]"),
            "critical direct-admin-access:web — Admins can administer Web straight from outside (Admins → Web · 443)",
        );
        silent(&RULE, &format!("{web}; admin -> web: https"));
        silent(&RULE, &format!("{web}; admin -> vpn: openvpn; vpn -> web: https [admin]; vpn"));
        silent(&RULE, &format!("{web}; admin -> bastion: ssh [admin]; bastion -> web: ssh [admin]; bastion"));
        silent(&RULE, &format!("{web}; job -> web: https [admin]; job: worker"));
    }

    #[test]
    fn what_all_the_internet_reaches_is_told_elsewhere() {
        silent(&RULE, "user -> web: https; admin -> web: ssh; web: web-server");
        silent(&RULE, "web -> db: postgres; admin -> db: postgres [admin]; web: web-server");
    }

    #[test]
    fn an_office_and_a_partner_are_outside_and_a_colleague_is_not() {
        let office = "boundary office: organisation { admin \"Admins\" }; boundary t: tier [ingress 22 from admin] { web \"Web\": web-server }";
        fires(
            &RULE,
            &format!("{office}; admin -> web: ssh"),
            "medium direct-admin-access:web — Admins can administer Web straight from outside (Admins → Web · 22)",
        );
        fires(
            &RULE,
            "git \"Git host\": third-party-service; git -> k8s: kubernetes; k8s \"Cluster\": orchestrator",
            "medium direct-admin-access:k8s — Git host can administer Cluster straight from outside (Git host → Cluster · 6443)",
        );
        silent(&RULE, "boundary lan: network { admin; web: web-server }; admin -> web: ssh");
    }

    #[test]
    fn filters_in_the_line_are_seen_through() {
        let text = "boundary office: organisation { admin }; admin -> fw -> web: ssh; web: web-server; fw: firewall [allows 22 from admin]";
        let finding = only(&RULE, text);
        let path: Vec<&str> = finding.evidence.path.iter().map(|it| it.element.as_str()).collect();
        assert_eq!(path, ["admin", "fw", "web"]);
        assert_eq!([mended(&RULE, text, 0), mended(&RULE, text, 1)], ["", ""]);
    }

    #[test]
    fn a_fix_takes_along_what_another_rule_tells() {
        // Behind the bastion the second flow would no longer be exposed, and so be told here.
        let text = "admin: admin; user -> web: https; admin -> web: https [admin]; admin -> web: ssh; web: web-server";
        assert_eq!(only(&RULE, text).facts, ["straight: admin-web"]);
        assert_eq!(mended(&RULE, text, 0), "");
        let flows = mended_facts(&RULE, text, 0);
        let web = Id::slug("web");
        let from: Vec<String> =
            flows.model().flows().values().filter(|it| it.to == web).map(|it| it.from.to_string()).collect();
        assert!(!from.contains(&"admin".to_owned()), "{from:?}");
    }

    #[test]
    fn each_fix_lets_the_flows_through_on_their_new_way() {
        let text = "boundary office: organisation { admin }; admin -> web: ssh; fw: firewall [gate-of t; allows 22 from admin]
            boundary dc: network [ingress 22 from admin] { boundary t: tier { web: web-server } }";
        assert_eq!(offered(&RULE, text), "Put a bastion between\nPut a VPN gateway between");
        for n in 0..2 {
            assert_eq!(mended(&RULE, text, n), "", "{n}");
            let facts = mended_facts(&RULE, text, n);
            for (flow, edge) in facts.topology.flows() {
                let passes = facts.ingress.lets_flow(&facts.topology, flow).certain;
                assert!(edge.ports.is_subset(&passes), "{n}: {edge:?}");
            }
        }
    }
}
