//! `orchestrator-exposed`: orchestrators and service registries that others than admins get to.

use super::exposures::{Speaker, open};
use super::shutting::{Between, Shutting};
use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, nearness, rule, severity};
use super::{steering, words};
use crate::analysis::{ComponentIx, Facts, Ingress, Step};
use crate::model::{Ids, Ports};

rule! {
    /// ## What it finds
    /// Orchestrators and service registries at whose API anybody on the internet arrives, an admin without VPN or
    /// bastion included, and those at which whoever takes over one component at the edge arrives over the network
    /// though no flow is drawn from there. Where it depends on a filter of which nobody has said what it lets in, it
    /// asks. What `exposed-port` and `exposed-admin-port` would say of such a component is said here.
    ///
    /// ## Why it matters
    /// Whoever gets there starts and stops whatever they like on every machine, reads all secrets that are handed to
    /// the services, and needs no further hole. Such APIs are searched for on the internet day and night.
    ///
    /// ## Example
    /// `admin -> k8s: kubernetes; k8s "Cluster API": orchestrator; k8s -> web: https`
    ///
    /// ## How to fix it
    /// Let the API stand in a network of its own that only admins get into, by a VPN gateway or a bastion with a second
    /// factor; let nodes and pipelines call it from addresses that are named. Give services no token that they do not
    /// use.
    ///
    /// ## References
    /// * CWE-668, Exposure of resource to wrong sphere; CWE-749, Exposed dangerous method or function
    /// * ATT&CK T1133, External remote services; T1610, Deploy container; T1613, Container and resource discovery
    /// * NIST SP 800-190, 4.3; NIST SP 800-53, SC-7 and AC-17
    "orchestrator-exposed", "Orchestrator exposed",
    kind: Asks, on: Component, reads: [Structure, Reach, Assets], answers: ["authenticated", "authentication"],
    stride: [ElevationOfPrivilege, Tampering], cwe: [668, 749],
    check: check, fixes: fixes,
}

/// What stands in a key where the way is one inside.
const INSIDE: &str = "inside";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    if !steering::steers(facts.topology.component(component)) {
        return;
    }
    let opens = open(facts, component, Speaker::Orchestrator);
    for open in &opens {
        let (impact, exposure, because) = stake(facts, component);
        if open.row.question {
            open.ask(facts, out, severity(facts, impact, exposure));
            continue;
        }
        out.finding(open.found(facts, (impact, exposure, because)));
    }
    if opens.is_empty() {
        look_inside(facts, component, out);
    }
}

fn look_inside(facts: &Facts, component: ComponentIx, out: &mut Out<'_>) {
    let Some((foothold, ports, way)) = inside(facts, component) else { return };
    let node = facts.topology.component(component);
    let (impact, exposure, because) = stake(facts, component);
    let (from, name) = (words::name(facts, foothold), words::name(facts, component));
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: INSIDE.to_owned(),
        impact,
        exposure,
        because,
        message: format!("Whoever takes over {from} gets to {name}"),
        place: words::place(facts, component),
        evidence: Evidence::steps(facts, way),
        facts: vec![
            format!("{} reaches {ports}", facts.topology.component(foothold).id),
            format!("impact: {}", impact.label()),
        ],
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let component = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some(component) = component else { return Vec::new() };
    let ports = match finding.detail.parse::<Ports>() {
        Ok(ports) if finding.detail != INSIDE => ports,
        _ => facts.topology.component(component).listens.clone(),
    };
    let shutting = || Shutting::of(facts, component, ports.clone());
    let mut fixes: Vec<Fix> = if finding.detail == INSIDE {
        [shutting().fix_by_moving(ids), shutting().fix_by_closing()].into_iter().flatten().collect()
    } else {
        let vpn = shutting().fix_behind("Put a VPN gateway in front", Between::of("vpn-gateway", "VPN"), ids);
        let fixes = [shutting().fix_at_the_edge(ids), vpn, shutting().fix_by_closing()];
        fixes.into_iter().flatten().collect()
    };
    if fixes.is_empty() {
        fixes.extend(shutting().fix_by_removing());
    }
    fixes
}

/// The component from which one gets there over the network alone, after one compromise and for certain; the ports, and
/// the way. What a flow is drawn for is meant to get there.
fn inside(facts: &Facts, component: ComponentIx) -> Option<(ComponentIx, Ports, Vec<Step>)> {
    let topology = &facts.topology;
    let rows = facts.reach.exposed_of(component).iter().filter(|it| it.hop == 1 && !it.question);
    let mut found: Option<(ComponentIx, Ports, Vec<Step>)> = None;
    for row in rows {
        let way = facts.reach.path(row);
        let Some(from) = way.iter().rev().nth(1).map(|it| it.component) else { continue };
        let mut flows = topology.component(component).into.iter().map(|it| topology.flow(*it));
        // What passes traffic on stands for whoever sends it there.
        let comes_from = |it: ComponentIx| it == from || Ingress::seen_back(topology, it).contains(&from);
        if flows.any(|it| !it.reply && it.ports.overlaps(&row.ports) && comes_from(it.from)) {
            continue;
        }
        match &mut found {
            Some((_, ports, _)) => *ports = ports.union(&row.ports),
            None => found = Some((from, row.ports.clone(), way)),
        }
    }
    found
}

/// What falls with it, how near the internet is, and in words why.
fn stake(facts: &Facts, component: ComponentIx) -> (Impact, Exposure, String) {
    let name = words::name(facts, component);
    let (exposure, near) = nearness(facts, component);
    match &steering::steered(facts, component)[..] {
        [] => (Impact::Serious, exposure, format!("what runs is decided at {name}, and {near}")),
        steered => {
            let (impact, words) = steering::stake(facts, steered);
            (impact, exposure, format!("{words} can be steered from {name}, and {near}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{asks, fires, mended, offered, only, silent, told};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let text = |way: &str| {
            format!(
                "asset cards \"Card numbers\": secret; {way}; k8s \"Cluster API\": orchestrator
                 k8s -> web: https; web \"Web\" [processes cards]"
            )
        };
        fires(
            &RULE,
            &text("admin -> k8s: kubernetes"),
            "critical orchestrator-exposed:k8s:tcp/6443 — Kubernetes API is exposed to the internet (Cluster API · port 6443)",
        );
        assert_eq!(
            only(&RULE, &text("admin -> k8s: kubernetes")).because,
            "Web with Card numbers (secret) can be steered from Cluster API, and anyone on the internet gets there: grave impact, critical."
        );
        silent(&RULE, &text("admin -> jump -> k8s: kubernetes; jump: bastion"));
        asks(
            &RULE,
            &text("user; boundary tier \"Tier\": tier { k8s [listens 6443 kubernetes] }")
                .replace("; k8s \"Cluster API\": orchestrator", "")
                .replace("{ k8s [", "{ k8s \"Cluster API\": orchestrator ["),
            "? tier.ingress — What may enter Tier, and from where?",
        );
    }

    #[test]
    fn traffic_of_the_application_is_no_api() {
        silent(&RULE, "user -> k8s: https 443; k8s: orchestrator");
    }

    /// A web server at the edge, and an orchestrator.
    fn shop(k8s: &str) -> String {
        format!(
            "user -> web: https; boundary net: network [ingress 443 from anywhere; segmented no] {{
               web \"Web\": web-server; k8s \"Cluster API\": orchestrator [listens 6443 kubernetes]
             }}; {k8s}"
        )
    }

    #[test]
    fn one_compromise_is_enough_where_nothing_keeps_them_apart() {
        fires(
            &RULE,
            &shop(""),
            "medium orchestrator-exposed:k8s:inside — Whoever takes over Web gets to Cluster API (Cluster API · net)",
        );
        silent(&RULE, &shop("web -> k8s: kubernetes"));
        silent(&RULE, &shop("").replace("segmented no", "segmented yes"));
    }

    #[test]
    fn each_fix_mends_it() {
        assert_eq!(
            offered(&RULE, &shop("")),
            "Move Cluster API into a filtered tier\nClose 6443 on Cluster API"
        );
        let open = "admin -> k8s: kubernetes; k8s: orchestrator";
        assert_eq!(offered(&RULE, open), "Put a VPN gateway in front");
        assert_eq!(
            [mended(&RULE, &shop(""), 0), mended(&RULE, &shop(""), 1), mended(&RULE, open, 0)],
            ["", "", ""]
        );
        let registry = "user -> web: https; boundary net: network [ingress open] { web; r: service-registry [listens 8500 https] }";
        assert!(
            told(&RULE, registry).contains("orchestrator-exposed:r:tcp/8500"),
            "{}",
            told(&RULE, registry)
        );
        for n in 0..offered(&RULE, registry).lines().count() {
            assert_eq!(mended(&RULE, registry, n), "", "{n}");
        }
    }

    #[test]
    fn what_is_drawn_through_what_passes_traffic_on_is_meant_to_get_there() {
        let text = shop("web -> dns: https; dns: dns; dns -> k8s: kubernetes");
        silent(&RULE, &text);
    }
}
