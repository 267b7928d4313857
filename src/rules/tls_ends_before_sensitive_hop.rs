//! `tls-ends-before-sensitive-hop`: sensitive assets that come to the edge encrypted and go on in clear.

use std::collections::{BTreeMap, BTreeSet};

use super::bundles::{One, one};
use super::clear::{crossing, exposure, passed_on, stays_on_one_machine, switch, twin};
use super::{
    Asked, Evidence, Finding, Fix, Found, Out, Subject, rule, sensitive, severity, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Ending, Facts, FlowIx, Unknown};
use crate::model::{Draft, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Load balancers, proxies, gateways, filters and VPN gateways that get requests encrypted and hand sensitive assets
    /// on in clear, within the same boundary. Where the flow goes on into another one, `plaintext-across-boundary` tells
    /// it, not both. Where nobody has said whether the flow behind is encrypted, it asks. A flow that names nothing that
    /// it carries is read as carrying what arrives; what stays on one machine is left out, and so are data that are not
    /// sensitive.
    ///
    /// ## Why it matters
    /// The lock in the browser says that nobody can listen, and it ends at the edge. Behind it every machine of the same
    /// network can read and change what passes: a broken neighbour, a mirrored port, a packet dump taken while looking for
    /// an error.
    ///
    /// ## Example
    /// `user -> lb: https [carries cards]; lb -> web: http; asset cards "Card numbers": secret`
    ///
    /// ## How to fix it
    /// Encrypt again behind the edge, and let it check the certificate of what it calls; or pass the connection through and
    /// let TLS end where the data is used.
    ///
    /// ## References
    /// * CWE-319, Cleartext transmission of sensitive information
    /// * CAPEC-157, Sniffing attacks; ATT&CK T1040, Network sniffing
    /// * OWASP ASVS 4.0, V9.2.2; NIST SP 800-53, SC-8
    "tls-ends-before-sensitive-hop", "TLS ends too early",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["encrypted"],
    stride: [InformationDisclosure, Tampering], cwe: [319],
    check: check, fixes: fixes,
}

/// What goes on in clear from one edge and its alternatives.
#[derive(Debug, Clone, Default)]
struct Clear {
    at: BTreeSet<ComponentIx>,
    flows: Vec<FlowIx>,
    assets: Vec<AssetIx>,
    /// Encrypted flows to it.
    arrives: Vec<FlowIx>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for clear in all(facts, Truth::Unknown).into_values() {
        ask(facts, &clear, out);
    }
    for clear in all(facts, Truth::No).into_values() {
        find(facts, &clear, out);
    }
}

fn find(facts: &Facts, clear: &Clear, out: &mut Out<'_>) {
    let topology = &facts.topology;
    let Some((exposure, near)) = nearest(facts, clear) else { return };
    let (impact, worth) = worth(facts, &clear.assets);
    let (at, to) = (words::names(facts, clear.at.iter().copied()), targets(facts, clear));
    let id = |it: &ComponentIx| topology.component(*it).id.clone();
    let mut said = sensitive::said(facts, &clear.assets);
    said.extend(clear.flows.iter().map(|it| format!("in clear: {}", topology.flow(*it).id)));
    out.finding(Found {
        subjects: clear.at.iter().map(id).collect(),
        detail: String::new(),
        impact,
        exposure,
        because: format!("{worth} can be read on the way, and {near}"),
        message: format!("TLS ends at {at}, and {worth} can be read on the way to {to}"),
        place: words::flows(facts, &clear.flows),
        evidence: evidence(facts, clear),
        facts: said,
    });
}

fn ask(facts: &Facts, clear: &Clear, out: &mut Out<'_>) {
    let (Some(first), Some((exposure, _))) = (clear.flows.first(), nearest(facts, clear)) else { return };
    let (impact, worth) = worth(facts, &clear.assets);
    let abouts = unknowns(facts, &clear.flows);
    let Some(about) = abouts.first().cloned() else { return };
    let spoken = facts.topology.flow(*first).protocol.map_or("what goes", |it| it.label.as_str());
    let at = words::names(facts, clear.at.iter().copied());
    out.question(Asked {
        about,
        stake: severity(facts, impact, exposure),
        text: format!("Is {spoken} from {at} to {} encrypted?", targets(facts, clear)),
        why: format!("TLS protects {worth} as far as {at}, and nobody has said what does so from there."),
        choices: yes_or_no(&abouts),
        evidence: evidence(facts, clear),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let first = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some(clear) = first.and_then(|it| all(facts, Truth::No).remove(&one(facts, it))) else {
        return Vec::new();
    };
    let mut draft = Draft::of(facts.model());
    let flows: BTreeSet<FlowIx> = clear.flows.iter().flat_map(|it| passed_on(facts, *it)).collect();
    let mut rest = Vec::new();
    for flow in flows {
        match twin(facts.topology.flow(flow)) {
            Some((plain, twin, _)) => switch(facts, &mut draft, flow, plain, twin),
            None => rest.push(flow),
        }
    }
    for unknown in unknowns(facts, &rest) {
        draft.edit_answer(&unknown.subject, &unknown.field, |it| (it.is, it.later) = (Truth::Yes, false));
    }
    let at = words::names(facts, clear.at.iter().copied());
    vec![Fix { label: format!("Encrypt again behind {at}"), edit: draft.finish() }]
}

/// What goes on so, by the edge at which TLS ends.
fn all(facts: &Facts, truth: Truth) -> BTreeMap<One, Clear> {
    let topology = &facts.topology;
    let mut found: BTreeMap<One, Clear> = BTreeMap::new();
    for ending in Ending::all(topology) {
        for flow in ending.goes_on.iter().copied() {
            let edge = topology.flow(flow);
            // What crosses a boundary in clear, or may, is told and asked there; what is obsolete is told as that.
            let is_told = crossing(facts, edge).is_some() || edge.protocol.is_some_and(|it| it.obsolete);
            if edge.encrypted != truth || stays_on_one_machine(facts, edge) || is_told {
                continue;
            }
            let assets = ending.assets(topology, &facts.data, flow);
            let assets: Vec<AssetIx> = sensitive::sensitive(facts, &assets).collect();
            if assets.is_empty() {
                continue;
            }
            let clear = found.entry(one(facts, ending.at)).or_default();
            clear.at.insert(ending.at);
            clear.flows.push(flow);
            clear.assets.extend(assets);
            clear.arrives.extend(&ending.arrives);
        }
    }
    for clear in found.values_mut() {
        clear.assets.sort_unstable();
        clear.assets.dedup();
        for flows in [&mut clear.flows, &mut clear.arrives] {
            flows.sort_unstable();
            flows.dedup();
        }
    }
    found
}

fn nearest(facts: &Facts, clear: &Clear) -> Option<(super::Exposure, String)> {
    let of = |it: &FlowIx| exposure(facts, facts.topology.flow(*it), None);
    clear.flows.iter().map(of).min_by_key(|it| it.0)
}

fn targets(facts: &Facts, clear: &Clear) -> String {
    let targets: BTreeSet<ComponentIx> = clear.flows.iter().map(|it| facts.topology.flow(*it).to).collect();
    words::names(facts, targets)
}

fn unknowns(facts: &Facts, flows: &[FlowIx]) -> Vec<Unknown> {
    flows.iter().map(|it| Unknown::new(&facts.topology.flow(*it).id, "encrypted")).collect()
}

/// The way of one request over the edge, and all flows that take part.
fn evidence(facts: &Facts, clear: &Clear) -> Evidence {
    let topology = &facts.topology;
    let on = clear.flows.first().map(|it| topology.flow(*it));
    let to_it = |it: &&FlowIx| on.is_some_and(|on| topology.flow(**it).to == on.from);
    let start = clear.arrives.iter().find(to_it).map(|it| topology.flow(*it).from);
    let way = start.into_iter().chain(on.into_iter().flat_map(|it| [it.from, it.to]));
    let mut evidence = Evidence::way(facts, way);
    let id = |it: &FlowIx| -> Id { topology.flow(*it).id.clone() };
    evidence.also = clear.arrives.iter().chain(&clear.flows).map(id).collect();
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, only, silent};

    fn shop(behind: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; asset news: public; lb \"Balancer\"; web \"Web\"; user -> lb: https [carries cards]; {behind}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("lb -> web: http [carries cards]"),
            "high tls-ends-before-sensitive-hop:lb — TLS ends at Balancer, and Card numbers (secret) can be read on the way to Web (Balancer → Web · 80)",
        );
        silent(&RULE, &shop("lb -> web: https [carries cards]"));
        silent(&RULE, &shop("lb -> web: http [carries news]"));
        silent(&RULE, &shop("lb -> web: http [carries cards; encrypted na]"));
        silent(&RULE, &shop("").replace("https", "http"));
        asks(
            &RULE,
            &shop("lb -> web: rest [carries cards]"),
            "? lb-web.encrypted — Is REST from Balancer to Web encrypted?",
        );
        assert_eq!(answered(&RULE, &shop("lb -> web: rest"), "Yes"), "");
        assert!(answered(&RULE, &shop("lb -> web: rest"), "No").starts_with("high"));
    }

    #[test]
    fn what_names_nothing_carries_what_arrives() {
        assert_eq!(only(&RULE, &shop("lb -> web: http")).facts, ["cards: secret", "in clear: lb-web"]);
    }

    #[test]
    fn other_rules_tell_what_crosses_and_one_machine_is_safe() {
        silent(&RULE, &shop("lb -> web: http; boundary t: tier { web }").replace("web \"Web\"; ", ""));
        silent(
            &RULE,
            &shop("lb -> app: http; boundary h: host { app; lb }").replace("lb \"Balancer\"; ", ""),
        );
    }

    #[test]
    fn alternatives_are_one_and_one_fix_mends_all() {
        let text = "asset a: secret; user -> lb-1, lb-2: https [carries a]; lb-1, lb-2 -> web, app: http 8080
            lb-1, lb-2 -> own: \"our own\" 9 [encrypted no]; lb-1 [pool entry]; lb-2 [pool entry]";
        assert_eq!(only(&RULE, text).key, "tls-ends-before-sensitive-hop:lb-1+lb-2");
        assert_eq!(offered(&RULE, text), "Encrypt again behind lb-1 and lb-2");
        assert_eq!(mended(&RULE, text, 0), "");
        let facts = mended_facts(&RULE, text, 0);
        assert!(facts.topology.flows().all(|(_, it)| it.encrypted == Truth::Yes));
    }
}
