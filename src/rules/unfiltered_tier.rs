//! `unfiltered-tier`: tiers of services or data that are entered without passing a filter.

use std::cmp::Reverse;

use super::exposures::{along, stake};
use super::passing;
use super::shutting::put_firewall;
use super::{Evidence, Finding, Fix, Found, Hop, Out, Subject, rule, severity, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, FlowIx, Ingress};
use crate::model::{Capability, Draft, Family, Ids, Ingress as Own, Text};

rule! {
    /// ## What it finds
    /// Boundaries with services or stores in them that a drawn flow enters with no filter on its way: no firewall as
    /// their gate or around them, none that the flow starts or ends at, and nothing said of what they let in by
    /// themselves. Boundaries of kinds that do not filter (regions, data centres, zones, processes …) and those that
    /// hold nothing but the edge are no tiers.
    ///
    /// ## Why it matters
    /// A filter before each tier is what keeps one broken server from being a broken system: without it whoever gets
    /// into the tier in front gets at every port of the next one, those included that nobody remembers.
    ///
    /// ## Example
    /// `user -> web: https; web -> db: postgres; boundary data: subnet-tier { db; cache }`
    ///
    /// ## How to fix it
    /// Put a firewall, or the security group of the platform, on the edge of the tier, and let it allow only the ports
    /// of the flows that are drawn, from where they come.
    ///
    /// ## References
    /// * CWE-653, Improper isolation or compartmentalization
    /// * ATT&CK M1030, Network segmentation; T1210, Exploitation of remote services
    /// * NIST SP 800-53, SC-7 and SC-32
    "unfiltered-tier", "Tier without a filter",
    kind: Structure, on: Boundary, reads: [Structure, Reach, Assets], answers: ["authentication"],
    stride: [ElevationOfPrivilege, InformationDisclosure],
    cwe: [653],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Boundary(boundary) = subject else { return };
    if !is_tier(facts, boundary) {
        return;
    }
    let topology = &facts.topology;
    let members = topology.boundary(boundary).members.iter().copied();
    let mut bare: Vec<FlowIx> = members
        .flat_map(|it| &topology.component(it).into)
        .copied()
        .filter(|it| is_bare(facts, *it))
        .collect();
    // The one first that leads to the worst.
    let worst = |it: &FlowIx| {
        let flow = topology.flow(*it);
        let (impact, exposure) = (stake(facts, flow.to).0, along(facts, flow).0);
        Reverse((severity(facts, impact, exposure), impact, Reverse(exposure), Reverse(*it)))
    };
    bare.sort_by_cached_key(worst);
    let Some(first) = bare.first().copied() else { return };
    let node = topology.boundary(boundary);
    let edge = topology.flow(first);
    let ((impact, worth), (exposure, near)) = (stake(facts, edge.to), along(facts, edge));
    let name = words::name(facts, edge.to);
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("{worth} can be taken from {name} inside, and {near}"),
        message: format!("No filter stands before {}", node.record.title()),
        place: words::flows(facts, &bare),
        evidence: evidence(facts, boundary, &bare, first),
        facts: bare.iter().map(|it| fact(facts, *it)).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let boundary = finding.subjects.first().and_then(|it| facts.topology.find_boundary(it));
    let Some(boundary) = boundary else { return Vec::new() };
    let mut draft = Draft::of(facts.model());
    let needs = passing::needs(facts, passing::flows_into(facts, boundary));
    put_firewall(facts, &mut draft, boundary, passing::entries(&needs), ids);
    let label = format!("Put a firewall before {}", facts.topology.boundary(boundary).record.title());
    vec![Fix { label, edit: draft.finish() }]
}

/// Whether a boundary has services or stores directly in it, and is of a kind that filters.
fn is_tier(facts: &Facts, boundary: BoundaryIx) -> bool {
    let node = facts.topology.boundary(boundary);
    let kind = node.kind;
    let families = [Family::Compute, Family::Data, Family::Messaging, Family::Trust];
    let is_inside = |it: &ComponentIx| families.contains(&facts.topology.component(*it).kind.family);
    !kind.starts_open && !kind.outside && node.members.iter().any(is_inside)
}

/// Whether a flow enters boundaries and there is no filter on its way.
fn is_bare(facts: &Facts, flow: FlowIx) -> bool {
    let (topology, ingress) = (&facts.topology, &facts.ingress);
    let edge = topology.flow(flow);
    let filters = |it: ComponentIx| topology.component(it).can(Capability::Filters);
    if edge.reply || filters(edge.from) || filters(edge.to) {
        return false;
    }
    let entered = ingress.entered(topology, edge.from, edge.to);
    let is_guarded = |it: &BoundaryIx| {
        ingress.gates(*it).iter().any(|it| filters(*it))
            || ingress.gates(*it).is_empty() && matches!(topology.boundary(*it).record.ingress, Own::Only(_))
    };
    let innermost = topology.component(edge.to).within;
    // What passes traffic on may stand behind a filter itself.
    let passes_one = || {
        topology.component(edge.from).can(Capability::Passes)
            && Ingress::seen_back(topology, edge.from).into_iter().any(filters)
    };
    entered.last().copied() == innermost && !entered.iter().any(is_guarded) && !passes_one()
}

fn evidence(facts: &Facts, boundary: BoundaryIx, bare: &[FlowIx], first: FlowIx) -> Evidence {
    let topology = &facts.topology;
    let edge = topology.flow(first);
    let hop = |it: ComponentIx| Hop {
        element: topology.component(it).id.clone(),
        ports: Some(edge.ports.clone()),
        note: Text::default(),
    };
    let also = bare.iter().map(|it| topology.flow(*it).id.clone());
    let also = std::iter::once(topology.boundary(boundary).id.clone()).chain(also).collect();
    Evidence { path: vec![hop(edge.from), hop(edge.to)], also }
}

fn fact(facts: &Facts, flow: FlowIx) -> String {
    let edge = facts.topology.flow(flow);
    format!(
        "{} {} {}",
        facts.topology.component(edge.from).id,
        edge.ports,
        facts.topology.component(edge.to).id
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent, words};

    /// Three tiers as they are drawn in a hurry, with what stands before the last.
    fn shop(data: &str, more: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; user \"Users\"; user -> lb: https; lb -> web: http
             web -> db: postgres [carries cards]; job -> cache: redis
             boundary front: subnet-tier {{ lb }}
             boundary service \"Service tier\": subnet-tier [ingress 80 from lb] {{ web \"Web\": web-server; job: worker }}
             boundary data \"Data tier\": subnet-tier [{data}] {{ db \"Orders\": postgres; cache: redis }}
             {more}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        let found = "high unfiltered-tier:data — No filter stands before Data tier (Web → Orders · 5432 and 1 more flow)";
        fires(&RULE, &shop("segmented no", ""), found);
        fires(&RULE, &shop("ingress open", ""), found);
        silent(&RULE, &shop("ingress 5432, 6379 from service", ""));
        silent(&RULE, &shop("", "fw: firewall [gate-of data]"));
        // A gate that does not filter is none.
        fires(&RULE, &shop("", "nat: nat-gateway [gate-of data]"), found);
    }

    #[test]
    fn a_filter_anywhere_on_the_way_will_do() {
        let tier = |rest: &str| format!("boundary t: subnet-tier {{ web: web-server }}; {rest}");
        fires(
            &RULE,
            &tier("user -> web: https"),
            "high unfiltered-tier:t — No filter stands before t (user → web · 443)",
        );
        silent(&RULE, &tier("user -> fw -> web: https; fw: firewall"));
        silent(&RULE, &tier("user -> fw -> nat -> web: https; fw: firewall; nat: nat-gateway"));
        silent(
            &RULE,
            "fw: firewall [gate-of dc]; user -> web: https
             boundary dc: data-centre { boundary t: subnet-tier { web: web-server } }",
        );
    }

    #[test]
    fn only_what_enters_a_tier_counts() {
        silent(&RULE, "user -> web: https; boundary dc: data-centre { web: web-server }");
        silent(&RULE, "user -> lb: https; boundary t: subnet-tier { lb: load-balancer }");
        silent(&RULE, "web -> db: postgres; boundary t: subnet-tier { web: web-server; db }");
        silent(&RULE, "db -> out: https; boundary t: subnet-tier { db }; out: partner-system");
        silent(&RULE, "db -> web: http [reply]; boundary t: subnet-tier { web: web-server }; db");
    }

    #[test]
    fn the_level_is_that_of_the_worst_that_is_reached() {
        let finding = only(&RULE, &shop("segmented no", ""));
        assert_eq!(
            finding.because,
            "Card numbers (secret) can be taken from Orders inside, and whoever takes over Web gets there: grave impact, high."
        );
        assert_eq!(finding.facts, ["job tcp/6379 cache", "web tcp/5432 db"]);
    }

    #[test]
    fn the_fix_lets_in_what_is_drawn() {
        let text = shop("segmented no", "");
        assert_eq!(offered(&RULE, &text), "Put a firewall before Data tier");
        assert_eq!(mended(&RULE, &text, 0), "");
        let facts = mended_facts(&RULE, &text, 0);
        let gate = facts.model().components().values().find(|it| it.gate_of.is_some()).unwrap();
        assert_eq!(
            words(&facts, passing::told(&facts, gate.allows.entries())),
            "5432 from Web, 6379 from job"
        );
        for (flow, edge) in facts.topology.flows() {
            let passes = facts.ingress.lets_flow(&facts.topology, flow).possible;
            assert!(edge.ports.is_subset(&passes), "{edge:?}");
        }
    }
}
