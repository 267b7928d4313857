//! `filter-bypassed`: components that some requests from the internet reach through a guard, and others around it.

use std::collections::{BTreeMap, BTreeSet};

use super::exposures::{administers, along, stake};
use super::{Evidence, Finding, Fix, Found, Out, Subject, rule, words};
use crate::analysis::{ComponentIx, ComponentNode, Detours, Facts, FlowIx, Passed};
use crate::model::{Capability, Draft, Flow, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Components into which two ways lead from the internet, along drawn flows: one through a firewall, a web
    /// application firewall, an API gateway, a reverse proxy or a load balancer, and one on which there is nothing of
    /// that sort. It is told where the ways meet, not again for all that lies behind. A CDN is no guard, but a way
    /// through one is no detour around a balancer either. Flows that administer are left to `exposed-admin-port`.
    ///
    /// ## Why it matters
    /// What a guard does (filter, authenticate, limit rates, log) holds only if nobody can go around it, and attackers
    /// look for the way around first: an old address, a second name, the server's own port.
    ///
    /// ## Example
    /// `user -> waf -> lb -> web: https; mobile -> web: https`
    ///
    /// ## How to fix it
    /// Lead the flow through the guard as well, or take it away; then let the filter before the component accept only
    /// what comes from the guard.
    ///
    /// ## References
    /// * CWE-288, Authentication bypass using an alternate path or channel; CWE-420, Unprotected alternate channel
    /// * CAPEC-554, Functionality bypass
    /// * NIST SP 800-53, AC-4 and SC-7; OWASP ASVS 4.0, V1.4.1
    "filter-bypassed", "Way around a filter",
    kind: Structure, on: Whole, reads: [Structure, Assets, Reach], answers: ["authentication", "waf"],
    stride: [Spoofing, ElevationOfPrivilege], cwe: [288, 420],
    check: check, fixes: fixes,
}

/// What keeps something out, from the narrowest to the widest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    Inspects,
    Filters,
    HandsOn,
}

const GUARDS: [Guard; 3] = [Guard::Inspects, Guard::Filters, Guard::HandsOn];

/// A component that is reached around guards.
#[derive(Debug, Clone, Default)]
struct Bypass {
    /// The guards that are avoided, in the order of the way through them.
    guards: Vec<ComponentIx>,
    /// The flows that come around them, in order.
    flows: Vec<FlowIx>,
    /// A way through the guards, and one around them.
    through: Vec<FlowIx>,
    around: Vec<FlowIx>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for (component, bypass) in bypasses(facts) {
        let topology = &facts.topology;
        let Some(first) = bypass.flows.first().map(|it| topology.flow(*it)) else { continue };
        let ((impact, worth), (exposure, near)) = (stake(facts, component), along(facts, first));
        let name = words::name(facts, component);
        let id = |it: &ComponentIx| topology.component(*it).id.clone();
        let flow_id = |it: &FlowIx| topology.flow(*it).id.clone();
        let start = bypass.around.first().map(|it| topology.flow(*it).from);
        let ends = bypass.around.iter().map(|it| topology.flow(*it).to);
        let mut evidence = Evidence::way(facts, start.into_iter().chain(ends));
        evidence.also = bypass.guards.iter().map(id).chain(bypass.flows.iter().map(flow_id)).collect();
        evidence.also.extend(bypass.through.iter().map(flow_id));
        let from = |it: &FlowIx| format!("around: {}", id(&topology.flow(*it).from));
        let facts_of = bypass.flows.iter().map(from);
        out.finding(Found {
            subjects: vec![id(&component)],
            detail: String::new(),
            impact,
            exposure,
            because: format!("{worth} can be taken from {name}, and {near}"),
            message: format!(
                "{name} can be reached without {}",
                words::names(facts, bypass.guards.iter().copied())
            ),
            place: words::flows(facts, &bypass.flows),
            evidence,
            facts: facts_of.chain(bypass.guards.iter().map(|it| format!("guard: {}", id(it)))).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let component = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some(bypass) = component.and_then(|it| bypasses(facts).remove(&it)) else { return Vec::new() };
    let topology = &facts.topology;
    let mut fixes = Vec::new();
    if let Some(guard) = bypass.guards.first().copied() {
        let mut draft = Draft::of(facts.model());
        let mut gone = BTreeSet::new();
        for flow in bypass.flows.iter().map(|it| topology.flow(*it)) {
            // What is a guard of one sort goes around one of another.
            let Some(guard) = bypass.guards.iter().copied().find(|it| *it != flow.from) else {
                gone.insert(flow.id.clone());
                continue;
            };
            let is_there = |it: &&FlowIx| topology.flow(**it).to == guard && !topology.flow(**it).reply;
            if topology.component(flow.from).out.iter().any(|it| is_there(&it)) {
                gone.insert(flow.id.clone());
            } else {
                route(facts, &mut draft, &flow.id, guard, &bypass.through);
            }
        }
        draft.delete(&gone);
        let from: BTreeSet<ComponentIx> = bypass.flows.iter().map(|it| topology.flow(*it).from).collect();
        let (from, guard) = (words::names(facts, from), words::name(facts, guard));
        fixes.push(Fix { label: format!("Route {from} through {guard}"), edit: draft.finish() });
    }
    let mut draft = Draft::of(facts.model());
    draft.delete(&bypass.flows.iter().map(|it| topology.flow(*it).id.clone()).collect());
    let label = match &bypass.flows[..] {
        [one] => format!("Remove {}", words::flow(facts, topology.flow(*one))),
        more => format!("Remove {} flows around it", more.len()),
    };
    fixes.push(Fix { label, edit: draft.finish() });
    fixes
}

/// Leads a flow to a guard, and speaks there what the way through it speaks.
fn route(facts: &Facts, draft: &mut Draft<'_>, flow: &Id, guard: ComponentIx, through: &[FlowIx]) {
    let entry = through.iter().map(|it| facts.topology.flow(*it)).find(|it| it.to == guard);
    draft.edit::<Flow>(flow, |it| {
        it.to = facts.topology.component(guard).id.clone();
        if let Some(entry) = entry {
            (it.protocol, it.port) = (entry.record.protocol.clone(), entry.record.port.clone());
        }
    });
}

/// All of them, by the component where the ways meet.
fn bypasses(facts: &Facts) -> BTreeMap<ComponentIx, Bypass> {
    let topology = &facts.topology;
    let mut found: BTreeMap<ComponentIx, Bypass> = BTreeMap::new();
    let inspects: Vec<bool> = topology.components().map(|(_, it)| inspects(it)).collect();
    for guard in GUARDS {
        let guards = Guards::of(facts, guard, &inspects);
        if !guards.is_one.contains(&true) {
            continue;
        }
        let detours = Detours::of(topology, &facts.ingress, |it| guards.passed(it));
        let ours = |it: &ComponentIx| !topology.component(*it).can(Capability::NotOurs);
        for component in topology.components().map(|(c, _)| c).filter(ours) {
            let flows = detours.around(topology, component);
            let Some(first) = flows.first() else { continue };
            let bypass = found.entry(component).or_default();
            if bypass.flows.is_empty() {
                bypass.through = detours.guarded_way(topology, component);
                bypass.around = detours.way_around(topology, *first);
            }
            let way = detours.guarded_way(topology, component);
            bypass.guards.extend(way.into_iter().filter_map(|it| guards.at(it)));
            bypass.flows.extend(flows);
        }
    }
    for bypass in found.values_mut() {
        bypass.flows.sort_unstable();
        bypass.flows.dedup();
        let order = |it: &ComponentIx| {
            let is_at = |flow: &FlowIx| topology.flow(*flow).from == *it;
            (bypass.through.iter().position(is_at).unwrap_or(usize::MAX), *it)
        };
        bypass.guards.sort_by_key(order);
        bypass.guards.dedup();
    }
    found
}

fn inspects(node: &ComponentNode) -> bool {
    node.can(Capability::Inspects) || node.control("waf") == Truth::Yes
}

/// Who guards, for one kind of guard.
struct Guards<'f> {
    facts: &'f Facts,
    guard: Guard,
    /// By component.
    is_one: Vec<bool>,
}

impl<'f> Guards<'f> {
    fn of(facts: &'f Facts, guard: Guard, inspects: &[bool]) -> Self {
        let is_one = facts.topology.components().map(|(c, node)| match guard {
            Guard::Inspects => inspects[c.at()],
            Guard::Filters => node.can(Capability::Filters) || inspects[c.at()],
            Guard::HandsOn => node.can(Capability::HandsOn),
        });
        Self { facts, guard, is_one: is_one.collect() }
    }

    /// What a flow leads by.
    fn passed(&self, flow: FlowIx) -> Passed {
        let edge = self.facts.topology.flow(flow);
        let from = self.facts.topology.component(edge.from);
        if administers(edge) {
            return Passed::End;
        }
        // A CDN hands requests on like a balancer, but is there for its speed.
        let is_cdn = from.can(Capability::HandsOn) && from.can(Capability::UsuallyBought);
        if self.guard == Guard::HandsOn && is_cdn {
            return Passed::End;
        }
        match self.at(flow) {
            Some(_) => Passed::Guard,
            None => Passed::Nothing,
        }
    }

    /// The guard that a flow leads by: where it starts or, for filters, a gate of what it enters.
    fn at(&self, flow: FlowIx) -> Option<ComponentIx> {
        let (topology, ingress) = (&self.facts.topology, &self.facts.ingress);
        let edge = topology.flow(flow);
        let is_one = |it: &ComponentIx| self.is_one[it.at()];
        if is_one(&edge.from) {
            return Some(edge.from);
        }
        let mut entered = ingress.entered(topology, edge.from, edge.to).into_iter();
        entered.find_map(|it| ingress.gates(it).iter().copied().find(|it| is_one(it)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent};

    const SHOP: &str = "asset names: internal [personal]
        browser -> waf -> lb: https; lb -> web: http 8080 [carries names]; web: web-server
        phone: mobile-app\n";

    fn shop(more: &str) -> String {
        format!("{SHOP}{more}")
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shop("phone -> web: https"),
            "high filter-bypassed:web — web can be reached without waf and lb (phone → web · 443)",
        );
        fires(
            &RULE,
            &shop("phone -> lb: https"),
            "high filter-bypassed:lb — lb can be reached without waf (phone → lb · 443)",
        );
        fires(
            &RULE,
            "browser -> waf -> lb -> web: https; web: web-server [authentication]; phone: mobile-app
             phone -> dns -> web: https; dns; phone -> lb: https",
            "high filter-bypassed:lb — lb can be reached without waf (phone → lb · 443)
             medium filter-bypassed:web — web can be reached without waf and lb (dns → web · 443)",
        );
        silent(&RULE, SHOP);
        silent(&RULE, &shop("phone -> waf: https"));
    }

    #[test]
    fn guards_of_a_sort_stand_for_each_other() {
        silent(&RULE, &shop("waf2: waf; phone -> waf2 -> lb: https"));
        silent(&RULE, &shop("waf2: waf; gw: api-gateway; phone -> waf2 -> gw -> web: https"));
        // A firewall does not inspect requests, but a web application firewall filters.
        fires(
            &RULE,
            &shop("fw: firewall; phone -> fw -> lb: https"),
            "high filter-bypassed:lb — lb can be reached without waf (fw → lb · 443)",
        );
        let text = "browser -> fw -> web: https; phone: mobile-app; phone -> waf -> web: https; fw: firewall";
        fires(&RULE, text, "high filter-bypassed:web — web can be reached without waf (fw → web · 443)");
        // What is answered to inspect does.
        silent(
            &RULE,
            "browser -> waf -> lb -> web: https; phone: mobile-app; phone -> gw -> web: https; gw: api-gateway [waf]",
        );
    }

    #[test]
    fn what_is_no_detour() {
        // Two gates of one tier are two doors, each with its filter.
        silent(
            &RULE,
            "browser -> lb: https; phone: mobile-app; phone -> lb: https; dns; phone -> dns -> lb: https
             boundary t: subnet-tier { lb }; a: firewall [gate-of t]; b: firewall [gate-of t]",
        );
        // A CDN is there for its speed.
        silent(
            &RULE,
            "browser -> cdn -> lb: https; browser -> lb: https; lb -> web: http; cdn -> web: https; web: web-server",
        );
        // Administration is told by another rule; a partner is no part of the internet; an inner call no way in.
        silent(&RULE, &shop("admin -> web: ssh"));
        silent(&RULE, &shop("partner: partner-system; partner -> web: https"));
        silent(&RULE, &shop("job: worker; job -> web: http"));
    }

    #[test]
    fn the_evidence_shows_both_ways() {
        let finding = only(&RULE, &shop("phone -> web: https"));
        let path: Vec<&str> = finding.evidence.path.iter().map(|it| it.element.as_str()).collect();
        assert_eq!(path, ["phone", "web"]);
        let also: Vec<&str> = finding.evidence.also.iter().map(Id::as_str).collect();
        assert_eq!(also, ["waf", "lb", "phone-web", "browser-waf", "waf-lb", "lb-web"]);
        assert_eq!(finding.facts, ["around: phone", "guard: lb", "guard: waf"]);
        assert_eq!(
            finding.because,
            "Names (internal) can be taken from web, and anyone on the internet gets there: serious impact, high."
        );
    }

    #[test]
    fn each_fix_mends_it() {
        let text = shop("phone -> web: https");
        assert_eq!(offered(&RULE, &text), "Route phone through waf\nRemove phone → web");
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "{n}");
        }
        let model = mended_facts(&RULE, &text, 0);
        let flow = model.model().flow(&Id::slug("phone-web")).unwrap();
        assert_eq!((flow.to.as_str(), flow.protocol.as_str()), ("waf", "https"));
        // There is a way already: what goes around it can go.
        let twice = shop("phone -> waf: https; phone -> web: https; phone -> web: wss");
        assert_eq!(offered(&RULE, &twice), "Route phone through waf\nRemove 2 flows around it");
        for n in 0..2 {
            assert_eq!(mended(&RULE, &twice, n), "", "{n}");
        }
        assert_eq!(mended_facts(&RULE, &twice, 0).model().flows().len(), 4);
    }

    #[test]
    fn a_guard_that_goes_around_another_is_not_led_to_itself() {
        let text = "browser -> waf -> lb -> web: https; waf -> web: https; web: web-server";
        let told = crate::rules::testing::told(&RULE, text);
        assert!(told.contains("filter-bypassed:web"), "{told}");
        for n in 0..offered(&RULE, text).lines().count() {
            assert_eq!(mended(&RULE, text, n), "", "{n}");
            let facts = mended_facts(&RULE, text, n);
            assert!(facts.model().flows().values().all(|it| it.from != it.to), "{n}");
        }
    }
}
