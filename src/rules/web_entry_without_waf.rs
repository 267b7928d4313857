//! `web-entry-without-waf`: web requests from the internet that come to own code with nothing on the way that inspects them.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::copy_of;
use super::duties::{Duty, Entry, ids};
use super::exposures::administers;
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, impact, rule, severity,
    words, worth,
};
use crate::analysis::{AssetIx, BoundaryIx, ComponentIx, ComponentNode, Facts, FlowEdge, FlowIx};
use crate::model::{
    Allow, Allows, Capability, Component, Draft, Family, Flow, From, Ids, Ports, Transport, Truth,
};

rule! {
    /// ## What it finds
    /// Ways that web requests take from the internet to own code that handles data which is not public, and on which nothing
    /// filters out known attacks: no web application firewall in the line or as a gate, and of each balancer, gateway, proxy,
    /// firewall and server on the way somebody has said that it does not either. As long as that is not known of all of them,
    /// it asks.
    ///
    /// ## Why it matters
    /// Once a hole in a framework is published, attackers try it everywhere within hours, and the update takes days. A filter
    /// that knows the pattern buys that time; it does not replace the update, nor the check of what comes in.
    ///
    /// ## Example
    /// `user -> lb -> web: https [carries orders]; lb [waf no]; web [waf no]; asset orders "Orders": confidential`
    ///
    /// ## How to fix it
    /// Put a web application firewall before the first own edge, or switch on what the CDN, the balancer or the gateway has
    /// for it; begin by logging what it would refuse, and refuse then.
    ///
    /// ## References
    /// * CWE-693, Protection mechanism failure; CAPEC-66, SQL injection; CAPEC-63, Cross-site scripting
    /// * ATT&CK T1190, Exploit public-facing application; M1050, Exploit protection
    /// * NIST SP 800-53, SC-7 and SI-3; OWASP Web application firewall best practices
    "web-entry-without-waf", "Web entry without a WAF",
    kind: Asks, on: Whole, reads: [Structure, Pools, Reach, Assets], answers: ["encrypted", "waf"],
    stride: [Tampering, InformationDisclosure], cwe: [693],
    check: check, fixes: fixes,
}

const INSPECTS: Duty = Duty {
    control: "waf",
    does: |it: &ComponentNode| it.can(Capability::Inspects) || it.control("waf") == Truth::Yes,
    could: |_| true,
    is_target: is_worth_it,
    takes: is_web,
};

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let entries = INSPECTS.entries(facts);
    for entry in entries.values() {
        let Some(first) = entry.could.first() else { continue };
        let assets = assets(facts, entry);
        let (impact, worth) = worth(facts, &assets);
        let evidence = Evidence::way(facts, entry.way.iter().copied());
        let behind = entry.behind(facts);
        // It takes a hole in the code behind it as well.
        let exposure = Exposure::Guarded;
        if let Some(unknown) = INSPECTS.asked(facts, entry) {
            out.question(Asked {
                about: INSPECTS.about(facts, unknown),
                stake: severity(facts, impact, exposure),
                text: if entries.len() == 1 {
                    "Where are known web attacks filtered out?".to_owned()
                } else {
                    format!("Where are known web attacks on {behind} filtered out?")
                },
                why: format!("{worth} can be taken from {behind}, and the internet sends requests there."),
                choices: INSPECTS.choices(facts, entry),
                evidence,
            });
            continue;
        }
        out.finding(Found {
            subjects: ids(facts, first),
            detail: String::new(),
            impact,
            exposure,
            because: format!(
                "{worth} can be taken from {behind}, and a known hole is open until it is closed there"
            ),
            message: format!("Nothing filters web attacks on the way to {behind}"),
            place: words::names(facts, first.iter().copied()),
            evidence,
            facts: entry
                .could
                .iter()
                .flat_map(|it| ids(facts, it))
                .map(|it| format!("{it} filters none"))
                .collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let entries = INSPECTS.entries(facts);
    let Some(entry) = entries.values().find(|it| it.is_of(facts, finding)) else { return Vec::new() };
    let Some(first) = entry.could.first() else { return Vec::new() };
    let fronts = fronts(facts, first);
    let label =
        format!("Put a web application firewall before {}", words::names(facts, fronts.keys().copied()));
    let inserted = (!fronts.is_empty()).then(|| Fix { label, edit: insert(facts, &fronts, ids) });
    let answered = Fix {
        label: format!("Filter web attacks at {}", words::names(facts, first.iter().copied())),
        edit: answer(facts, &INSPECTS.abouts(facts, first), Truth::Yes),
    };
    inserted.into_iter().chain([answered]).collect()
}

/// Own code that handles something that is not for everybody.
fn is_worth_it(facts: &Facts, component: ComponentIx) -> bool {
    let handled = facts.data.handled(component);
    let is_code = facts.topology.component(component).is(Family::Compute);
    is_code && !handled.is_empty() && impact(facts, handled) > Impact::Slight
}

/// Whether a flow speaks what browsers speak; where nobody has said what it speaks, its port tells.
fn is_web(flow: &FlowEdge) -> bool {
    let usual = [80, 443].iter().any(|it| flow.ports.contains(Transport::Tcp, *it));
    flow.protocol.map_or(flow.record.protocol.is_empty() && usual, |it| it.web) && !administers(flow)
}

fn assets(facts: &Facts, entry: &Entry) -> Vec<AssetIx> {
    let handled = entry.targets.iter().flat_map(|it| facts.data.handled(*it).iter().copied());
    handled.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The first on the ways by an edge at which requests end, each with the flows that bring them.
fn fronts(facts: &Facts, edge: &[ComponentIx]) -> BTreeMap<ComponentIx, Vec<FlowIx>> {
    let (topology, requests) = (&facts.topology, INSPECTS.requests(facts));
    let ends =
        topology.components().filter(|(_, it)| !it.can(Capability::Passes) && !it.can(Capability::NotOurs));
    let by_edge = ends.filter(|(c, _)| {
        let way = requests.to(*c);
        way.is_some_and(|it| INSPECTS.could(facts, &it).first().is_some_and(|it| it == edge))
    });
    let brings = |it: &FlowIx| {
        let flow = topology.flow(*it);
        !flow.reply && facts.ingress.brings_internet(flow.from) && is_web(flow)
    };
    by_edge
        .map(|(c, node)| (c, node.into.iter().copied().filter(brings).collect::<Vec<FlowIx>>()))
        .filter(|(_, flows)| !flows.is_empty())
        .collect()
}

/// Puts one into each place where some of them stand, and leads their flows through it.
fn insert(facts: &Facts, fronts: &BTreeMap<ComponentIx, Vec<FlowIx>>, ids: &mut Ids) -> crate::model::Edit {
    let topology = &facts.topology;
    let mut draft = Draft::of(facts.model());
    let mut by_place: BTreeMap<Option<BoundaryIx>, Vec<ComponentIx>> = BTreeMap::new();
    for front in fronts.keys() {
        by_place.entry(facts.ingress.place(*front)).or_default().push(*front);
    }
    for (place, behind) in by_place {
        let flows = || behind.iter().filter_map(|it| fronts.get(it)).flatten().map(|it| topology.flow(*it));
        let ports = Ports::from_ranges(flows().flat_map(|it| it.ports.ranges().iter().copied()));
        let waf = draft.mint(ids, "waf");
        let firewall = Component {
            kind: "waf".to_owned(),
            name: "Web application firewall".to_owned(),
            within: place.map(|it| topology.boundary(it).id.clone()),
            // One alone would be what all behind it fails with.
            replicas: Some(2),
            allows: Allows::Only(vec![Allow::of(ports, From::Anywhere)]),
            ..Component::default()
        };
        draft.put(waf.clone(), firewall);
        let mut onward = BTreeSet::new();
        for flow in flows() {
            if onward.insert((flow.to, &flow.record.protocol, &flow.record.port)) {
                let id = draft.mint(ids, &format!("{waf}-{}", flow.record.to));
                draft.put(id, Flow { from: waf.clone(), ..copy_of(facts, &flow.record) });
            }
            draft.edit::<Flow>(&flow.id, |it| {
                it.to = waf.clone();
                // The port of the one that it went to, which its own kind need not have.
                it.port = flow.ports.clone();
            });
        }
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{
        answered, asks, fires, mended, mended_facts, offered, only_question, silent,
    };

    fn shop(more: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; asset news: public; web \"Web\": web-server [{more}]
             user -> lb -> web: https; lb \"Balancer\" [waf no]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("processes orders; waf no"),
            "high web-entry-without-waf:lb — Nothing filters web attacks on the way to Web (Balancer)",
        );
        silent(&RULE, &shop("processes orders; waf yes"));
        silent(&RULE, &shop("processes news; waf no"));
        silent(&RULE, &shop("waf no"));
        asks(
            &RULE,
            &shop("processes orders"),
            "? web.controls.waf — Where are known web attacks filtered out?",
        );
    }

    #[test]
    fn a_waf_in_the_line_or_as_a_gate_will_do() {
        let rest = "asset orders: secret; web: web-server [processes orders]";
        silent(&RULE, &format!("{rest}; user -> waf -> lb -> web: https; waf"));
        silent(
            &RULE,
            &format!("{rest}; user -> lb -> web: https; waf: waf [gate-of t]; boundary t: tier {{ lb }}"),
        );
        silent(&RULE, &format!("{rest}; job -> web: https"));
        silent(&RULE, &format!("{rest}; user -> web: ssh"));
        silent(&RULE, &format!("{rest}; user -> lb: https; lb -> web: https [admin]"));
    }

    #[test]
    fn whoever_could_filter_is_offered() {
        let text = "asset orders: secret; web \"Web\": web-server [processes orders]; user -> cdn -> lb -> web: https
            cdn; lb \"Balancer\"";
        let question = only_question(&RULE, text);
        let labels: Vec<String> = question.choices.iter().map(|it| it.label.to_string()).collect();
        assert_eq!(labels, ["cdn", "Balancer", "Web", "Nowhere"]);
        assert_eq!(
            question.why,
            "Orders (secret) can be taken from Web, and the internet sends requests there."
        );
        for label in &labels[..3] {
            assert_eq!(answered(&RULE, text, label), "", "{label}");
        }
        assert!(answered(&RULE, text, "Nowhere").starts_with("high web-entry-without-waf:cdn"));
    }

    #[test]
    fn each_fix_mends_it() {
        let text = shop("processes orders; waf no");
        assert_eq!(
            offered(&RULE, &text),
            "Put a web application firewall before Balancer\nFilter web attacks at Balancer"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }

    #[test]
    fn the_new_one_is_passed_by_all_that_came_before() {
        let text = "asset a: secret; user -> fw -> lb-1, lb-2: https; lb-1, lb-2 -> web: http 8080; web: web-server [processes a; waf no]
            fw: firewall [gate-of t; waf no; allows 443 from anywhere]; boundary t: tier { lb-1: lb [waf no]; lb-2: lb [waf no] }";
        assert_eq!(mended(&RULE, text, 0), "");
        let facts = mended_facts(&RULE, text, 0);
        assert_eq!(facts.model().components().values().filter(|it| it.kind == "waf").count(), 1);
        for (flow, edge) in facts.topology.flows() {
            assert!(
                edge.ports.is_subset(&facts.ingress.lets_flow(&facts.topology, flow).certain),
                "{edge:?}"
            );
        }
    }
}
