//! `flow-to-closed-port`: drawn flows that a filter on their way does not let through.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cases::copy_of;
use super::exposures::administers;
use super::passing::{self, Filter, Need, Who};
use super::{Evidence, Exposure, Finding, Fix, Found, Hop, Impact, Out, Subject, rule, words};
use crate::analysis::{
    BoundaryIx, Closed, ComponentIx, Facts, FlowIx, Ingress, Need as Needed, Stop, Topology,
};
use crate::model::{Capability, Draft, Family, Flow, Id, Ids, Ports};

rule! {
    /// ## What it finds
    /// Drawn flows that the filters on their way do not let through: a firewall in the line or before a boundary allows
    /// other ports, or this one from elsewhere; or a boundary is guarded by nothing but what terminates, such as a load
    /// balancer, and the flow goes around that. The drawing contradicts itself. What nobody has said contradicts nothing.
    /// Flows that stop at the same place with the same ports are one finding.
    ///
    /// ## Why it matters
    /// Either the flow does not work, and whoever builds what was drawn finds out in the night of the launch and opens far
    /// more than is needed; or the filter is not as drawn, and whatever else is concluded from it is wrong.
    ///
    /// ## Example
    /// `web -> db: postgres; web: web-server; boundary data: subnet-tier [ingress tcp/3306 from web] { db: postgres }`
    ///
    /// ## How to fix it
    /// Allow just that port from just there, lead the flow through the gate, or take it out if it is not there.
    ///
    /// ## References
    /// * CWE-1068, Inconsistency between implementation and documented design
    /// * NIST SP 800-53, SC-7(5), Deny by default, allow by exception; CM-2, Baseline configuration
    "flow-to-closed-port", "Flow to a closed port",
    kind: Structure, on: Whole, reads: [Structure, Pools], answers: [], stride: [Availability], cwe: [1068],
    check: check, fixes: fixes,
}

/// Flows that stop at the same places with the same ports: whoever opens or leads around one, does it for all.
type Stopped = BTreeMap<Vec<(Stop, Ports)>, Vec<FlowIx>>;

/// A verdict on more flows than this rests on what they come to together.
const TOLD_ONE_BY_ONE: usize = 100;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let topology = &facts.topology;
    for (stops, flows) in stopped(topology, &facts.ingress) {
        let Some((stop, ports)) = stops.first() else { continue };
        let ends = |end: fn(&crate::analysis::FlowEdge) -> ComponentIx| {
            words::names(facts, flows.iter().map(|it| end(topology.flow(*it))).collect::<BTreeSet<_>>())
        };
        let (from, to) = (ends(|it| it.from), ends(|it| it.to));
        let is_needed = |it: &FlowIx| Needed::of(topology, topology.flow(*it)) == Needed::Hard;
        let (exposure, loss) = if flows.iter().any(is_needed) {
            (Exposure::Open, format!("{from} cannot do without {to}, and as drawn cannot get there"))
        } else {
            (Exposure::Guarded, format!("as drawn, {from} cannot get to {to}"))
        };
        out.finding(Found {
            subjects: stops.iter().map(|it| id_of(facts, it.0).clone()).collect(),
            detail: detail(&stops),
            impact: Impact::Slight,
            exposure,
            because: loss,
            message: format!(
                "{from} cannot get past {} to {to} on {}",
                stopper(facts, *stop),
                ports.numbers()
            ),
            place: words::flows(facts, &flows),
            evidence: evidence(facts, &flows, &stops),
            facts: said(facts, &flows),
        });
    }
}

/// What tells findings at the same stops apart: the ports that stop, at each of them if they differ.
fn detail(stops: &[(Stop, Ports)]) -> String {
    let mut ports: Vec<String> = stops.iter().map(|it| it.1.to_string()).collect();
    ports.dedup();
    ports.join("+")
}

fn said(facts: &Facts, flows: &[FlowIx]) -> Vec<String> {
    let ids = || flows.iter().map(|it| &facts.topology.flow(*it).id);
    if flows.len() > TOLD_ONE_BY_ONE {
        return vec![format!("stops {} flows, {:016x}", flows.len(), Id::fingerprint(ids()))];
    }
    ids().map(|it| format!("stops {it}")).collect()
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let is_it = |stops: &[(Stop, Ports)]| {
        let mut ids: Vec<&Id> = stops.iter().map(|it| id_of(facts, it.0)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().eq(&finding.subjects) && detail(stops) == finding.detail
    };
    let found = stopped(topology, &facts.ingress).into_iter().find(|it| is_it(&it.0));
    let Some((stops, flows)) = found else { return Vec::new() };
    let mut fixes = Vec::new();
    if stops.iter().all(|(stop, _)| !filters(facts, *stop).is_empty()) {
        let mut draft = Draft::of(facts.model());
        for (stop, ports) in &stops {
            for who in flows.iter().flat_map(|it| who(facts, *it)).collect::<BTreeSet<_>>() {
                let need = Need { who, ports: ports.clone() };
                passing::grant_at(facts, &mut draft, &filters(facts, *stop), &need);
            }
        }
        let ports = stops.iter().fold(Ports::NONE, |sum, it| sum.union(&it.1));
        let who: BTreeSet<Who> = flows.iter().flat_map(|it| who(facts, *it)).collect();
        let from: Vec<&Id> =
            who.iter().filter_map(|it| if let Who::At(id) = it { Some(id) } else { None }).collect();
        let from = if from.len() < who.len() { "anywhere".to_owned() } else { words::titles(facts, from) };
        fixes.push(Fix { label: format!("Allow {} from {from}", ports.numbers()), edit: draft.finish() });
    } else if let [(Stop::Boundary(boundary), _)] = stops[..]
        && let Some(gate) = facts.ingress.gates(boundary).first()
    {
        let mut draft = Draft::of(facts.model());
        flows.iter().for_each(|it| reroute(facts, &mut draft, *it, *gate));
        let edit = draft.finish();
        fixes.push(Fix { label: format!("Lead it through {}", words::name(facts, *gate)), edit });
    }
    let gone = removed(facts, &flows, is_it);
    let mut draft = Draft::of(facts.model());
    draft.delete(&gone);
    let label = match &flows[..] {
        [one] if gone.len() == 1 => format!("Remove {}", words::flow(facts, topology.flow(*one))),
        _ => format!("Remove {} flows", gone.len()),
    };
    fixes.push(Fix { label, edit: draft.finish() });
    fixes
}

/// Flows that stop, and those that would stop there without them: what went in at a filter was told there, and what
/// goes on from it was not.
fn removed(facts: &Facts, flows: &[FlowIx], is_it: impl Fn(&[(Stop, Ports)]) -> bool) -> BTreeSet<Id> {
    let mut gone: BTreeSet<Id> = flows.iter().map(|it| facts.topology.flow(*it).id.clone()).collect();
    loop {
        let mut draft = Draft::of(facts.model());
        draft.delete(&gone);
        let mut model = facts.model().clone();
        model.apply(&draft.finish());
        let topology = Topology::of(Arc::new(model));
        let found = stopped(&topology, &Ingress::of(&topology)).into_iter().find(|it| is_it(&it.0));
        let Some((_, more)) = found else { return gone };
        gone.extend(more.iter().map(|it| topology.flow(*it).id.clone()));
    }
}

fn stopped(topology: &Topology, ingress: &Ingress) -> Stopped {
    let mut found = Stopped::new();
    for closed in Closed::all(topology, ingress) {
        found.entry(closed.stops).or_default().push(closed.flow);
    }
    found
}

/// The filters at which a flow that stops there could be let through.
fn filters(facts: &Facts, stop: Stop) -> Vec<Filter> {
    match stop {
        Stop::Filter(it) => vec![Filter::Component(it)],
        Stop::Boundary(it) => {
            let filters = passing::filters_of(facts, it).into_iter();
            filters.filter(|it| passing::said(facts, &Draft::of(facts.model()), *it).is_some()).collect()
        }
    }
}

/// For whom a flow is to be let through: for all the internet only if it is there for users.
fn who(facts: &Facts, flow: FlowIx) -> Vec<Who> {
    let topology = &facts.topology;
    let edge = topology.flow(flow);
    let target = topology.component(edge.to);
    let is_private = administers(edge) || target.is(Family::Data) || target.is(Family::Messaging);
    let needs = passing::needs(facts, [flow]).into_iter().map(|it| it.who);
    let (public, mut named): (Vec<Who>, Vec<Who>) = needs.partition(|it| *it == Who::Anyone);
    if public.is_empty() || !is_private {
        named.extend(public);
        // Of what only passes traffic around in a circle, nobody opens anything.
        if named.is_empty() {
            named.push(Who::At(topology.component(edge.from).id.clone()));
        }
        return named;
    }
    let origins =
        Ingress::seen_back(topology, edge.from).into_iter().filter(|it| facts.ingress.is_origin(*it));
    named.extend(origins.map(|it| Who::At(topology.component(it).id.clone())));
    named
}

/// Leads a flow to a gate that terminates, and from there to where it went, unless a flow is drawn there.
fn reroute(facts: &Facts, draft: &mut Draft<'_>, flow: FlowIx, gate: ComponentIx) {
    let (topology, edge) = (&facts.topology, facts.topology.flow(flow));
    let gate_id = topology.component(gate).id.clone();
    let goes_on = |it: &FlowIx| {
        let onward = topology.flow(*it);
        onward.to == edge.to && !onward.reply && onward.ports.overlaps(&edge.ports)
    };
    if !topology.component(gate).out.iter().any(goes_on) {
        let onward = Flow { from: gate_id.clone(), ..copy_of(facts, &edge.record) };
        let mut ids = Ids::from_text(&format!("{} {gate_id}", edge.id));
        let id = draft.mint(&mut ids, &format!("{gate_id}-{}", edge.record.to));
        draft.put(id, onward);
    }
    draft.edit::<Flow>(&edge.id, |it| it.to = gate_id);
}

fn id_of(facts: &Facts, stop: Stop) -> &Id {
    match stop {
        Stop::Filter(it) => &facts.topology.component(it).id,
        Stop::Boundary(it) => &facts.topology.boundary(it).id,
    }
}

/// Who stops it, and whether they are many.
fn stopper(facts: &Facts, stop: Stop) -> String {
    match stop {
        Stop::Filter(it) => words::name(facts, it),
        Stop::Boundary(it) => match facts.ingress.gates(it) {
            [] => facts.topology.boundary(it).record.title().to_owned(),
            gates => words::names(facts, gates.iter().copied()),
        },
    }
}

/// The first flow, with what stops it between its ends, and the others.
fn evidence(facts: &Facts, flows: &[FlowIx], stops: &[(Stop, Ports)]) -> Evidence {
    let topology = &facts.topology;
    let Some(edge) = flows.first().map(|it| topology.flow(*it)) else { return Evidence::default() };
    let hop = |component: ComponentIx, note: &str| Hop {
        element: topology.component(component).id.clone(),
        ports: Some(edge.ports.clone()),
        note: note.into(),
    };
    let gates = |it: BoundaryIx| facts.ingress.gates(it).iter().map(|it| topology.component(*it).id.clone());
    let mut also: Vec<Id> = flows.iter().map(|it| topology.flow(*it).id.clone()).collect();
    for (stop, _) in stops {
        if let Stop::Boundary(it) = stop {
            also.push(topology.boundary(*it).id.clone());
            also.extend(gates(*it));
        }
    }
    let stops_at = |it: ComponentIx| {
        let stops = stops.iter().any(|(stop, _)| *stop == Stop::Filter(it));
        if stops && topology.component(it).can(Capability::Filters) { "stops here" } else { "" }
    };
    let path = [edge.from, edge.to].map(|it| hop(it, stops_at(it))).to_vec();
    Evidence { path, also }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent, told};

    /// A store behind a gate that allows that.
    fn shop(allows: &str) -> String {
        format!(
            "user -> web: https; web \"Web\"; web -> db: postgres; job: worker
             fw \"Wall\": firewall [gate-of data; allows {allows}]
             boundary data \"Data tier\": subnet-tier {{ db \"Orders\": postgres }}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shop("3306 from web"),
            "medium flow-to-closed-port:data:tcp/5432 — Web cannot get past Wall to Orders on 5432 (Web → Orders · 5432)",
        );
        fires(
            &RULE,
            &shop("5432 from job"),
            "medium flow-to-closed-port:data:tcp/5432 — Web cannot get past Wall to Orders on 5432 (Web → Orders · 5432)",
        );
        silent(&RULE, &shop("5432 from web"));
        silent(&RULE, &shop("unknown"));
        silent(&RULE, &shop("5432 from unknown"));
    }

    #[test]
    fn what_is_not_needed_weighs_less() {
        let text = shop("3306 from web").replace("postgres; job", "postgres [soft]; job");
        let finding = only(&RULE, &text);
        assert_eq!(finding.because, "As drawn, Web cannot get to Orders: slight impact, low.");
        assert_eq!(finding.facts, ["stops web-db"]);
    }

    #[test]
    fn flows_that_stop_at_one_place_are_one() {
        let text =
            "lb -> web-1, web-2: https; lb; boundary t \"Tier\": tier [ingress 80 from lb] { web-1; web-2 }";
        fires(
            &RULE,
            text,
            "medium flow-to-closed-port:t:tcp/443 — lb cannot get past Tier to web-1 and web-2 on 443 (lb → web-1 · 443 and 1 more flow)",
        );
        assert_eq!(offered(&RULE, text), "Allow 443 from lb\nRemove 2 flows");
        assert_eq!([mended(&RULE, text, 0), mended(&RULE, text, 1)], ["", ""]);
    }

    #[test]
    fn each_fix_mends_it_and_opens_no_more_than_is_needed() {
        let text = shop("3306 from web");
        assert_eq!(offered(&RULE, &text), "Allow 5432 from Web\nRemove Web → Orders");
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        // A console for one administrator is not opened to the internet.
        let admin = "admin -> web: ssh; web; boundary t: tier [ingress 443 from anywhere] { web }"
            .replace("web; ", "");
        let admin = admin.replace("ssh;", "ssh; web -> job: http; job: worker;");
        assert_eq!(offered(&RULE, &admin), "Allow 22 from admin\nRemove admin → web");
        assert_eq!(mended(&RULE, &admin, 0), "");
        let users = "user -> web: https; boundary t: tier [ingress none] { web }";
        assert_eq!(offered(&RULE, users), "Allow 443 from anywhere\nRemove user → web");
        assert_eq!(mended(&RULE, users, 0), "");
    }

    #[test]
    fn what_a_filter_would_pass_on_goes_with_what_is_brought_to_it() {
        let text = "user -> fw -> web: https; job -> fw: postgres; fw -> db: postgres; job: worker
            fw \"Wall\": firewall [allows 443 from anywhere]";
        assert_eq!(offered(&RULE, text), "Allow 5432 from job\nRemove 2 flows");
        assert_eq!(mended(&RULE, text, 1), "");
        let flows = mended_facts(&RULE, text, 1);
        let left: Vec<&str> = flows.model().flows().keys().map(Id::as_str).collect();
        assert_eq!(left, ["fw-web", "user-fw"]);
        // What somebody else may bring stays.
        let two = text
            .replace("443 from anywhere", "443 from anywhere, 5432 from cron")
            .replace("job: worker", "cron -> fw: postgres; job: worker; cron: worker");
        assert_eq!(offered(&RULE, &two), "Allow 5432 from job\nRemove job → Wall");
    }

    #[test]
    fn what_is_passed_on_in_a_circle_is_mended_too() {
        let text =
            "net -> dns: https; dns -> net: https; dns; boundary t: tier [ingress none] { net: internet }";
        assert_eq!(offered(&RULE, text), "Allow 443 from dns\nRemove dns → net");
        assert_eq!(mended(&RULE, text, 0), "");
    }

    #[test]
    fn what_goes_around_a_gate_that_terminates_is_led_through_it() {
        let text = "user -> web: https; boundary t: tier { web }; lb \"Balancer\": load-balancer [gate-of t]";
        assert!(
            told(&RULE, text).contains("user cannot get past Balancer to web on 443"),
            "{}",
            told(&RULE, text)
        );
        assert_eq!(offered(&RULE, text), "Lead it through Balancer\nRemove user → web");
        assert_eq!(mended(&RULE, text, 0), "");
        let flows = mended_facts(&RULE, text, 0);
        let ends: Vec<String> =
            flows.model().flows().values().map(|it| format!("{} {}", it.from, it.to)).collect();
        assert_eq!(ends, ["lb web", "user lb"]);
    }

    #[test]
    fn what_goes_on_from_a_filter_goes_with_what_came_there() {
        // Without the flow from the user, the onward one would stop at the same place: the job sends it nothing.
        let text =
            "user -> fw -> web: https 443; job -> fw: ssh 22; fw \"Wall\": firewall [allows 22 from job]";
        assert_eq!(offered(&RULE, text), "Allow 443 from anywhere\nRemove 2 flows");
        assert_eq!([mended(&RULE, text, 0), mended(&RULE, text, 1)], ["", ""]);
    }
}
