//! `listener-without-flow`: open listeners that no drawn flow uses.

use super::bundles::alternatives;
use super::exposures::stake;
use super::{Evidence, Exposure, Finding, Fix, Found, Out, Subject, rule, words};
use crate::analysis::{ComponentIx, Exposed, Facts};
use crate::model::{Capability, Component, Draft, Flow, From, Id, Ids, Listener, Ports, Protocol};

rule! {
    /// ## What it finds
    /// Ports on which a component listens, to which no drawn flow leads, and at which an attacker arrives who has taken
    /// over something else. What is said to be meant for anybody needs no flow. What the internet reaches at once is told by
    /// `exposed-port` and its like. A component without any flow is left alone, and so is the port that its kind brings
    /// while nothing calls it yet: they are not drawn to the end. Filters listen for others.
    ///
    /// ## Why it matters
    /// Each open port is one more program that can have a hole. One that nobody uses is looked after by nobody: it is what
    /// an intruder finds on the second day, and no one misses it when it is taken over.
    ///
    /// ## Example
    /// `user -> lb -> web: https; boundary tier: subnet-tier [ingress 443 from lb; segmented no] { web: web-server [listens 443 https; listens 9000]; app }; lb -> app: https`
    ///
    /// ## How to fix it
    /// Close the port. If somebody does use it, draw the flow, so that filters and findings know of it.
    ///
    /// ## References
    /// * CWE-1125, Excessive attack surface; CAPEC-300, Port scanning
    /// * ATT&CK T1046, Network service discovery; NIST SP 800-53, CM-7, Least functionality
    "listener-without-flow", "Listener that no flow uses",
    kind: Structure, on: Component, reads: [Structure, Pools, Reach, Assets], answers: [],
    stride: [ElevationOfPrivilege], cwe: [1125],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for (listener, row) in idle(facts, component) {
        let idles = |it: &ComponentIx| idle(facts, *it).iter().any(|it| it.0.port == listener.port);
        let pool = alternatives(facts, component);
        // Of a pool the first speaks for all.
        if pool.iter().find(|it| **it == component || idles(it)) != Some(&component) {
            continue;
        }
        let same: Vec<ComponentIx> = pool.into_iter().filter(idles).collect();
        let names = words::names(facts, same.iter().copied());
        let (impact, worth) = stake(facts, component);
        let spoken =
            Protocol::find(&listener.protocol).map(|it| format!(" ({})", it.label)).unwrap_or_default();
        let port = listener.port.numbers();
        out.finding(Found {
            subjects: same.iter().map(|it| facts.topology.component(*it).id.clone()).collect(),
            detail: listener.port.to_string(),
            impact,
            // It takes a foothold, and then a hole in what listens there.
            exposure: Exposure::Deeper,
            because: format!(
                "{worth} can be taken from {names}, and a hole in what listens there is open to every intruder"
            ),
            message: format!("No flow leads to {port}{spoken} on {names}"),
            place: words::place(facts, component),
            evidence: evidence(facts, &same, row),
            facts: vec![
                format!("listens: {}", listener.port),
                format!("meant for: {}", meant(&listener.meant_for)),
            ],
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let Ok(ports) = finding.detail.parse::<Ports>() else { return Vec::new() };
    let components: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| topology.find_component(it)).collect();
    let names = words::names(facts, components.iter().copied());
    let (mut closed, mut drawn) = (Draft::of(facts.model()), Draft::of(facts.model()));
    let mut callers = Vec::new();
    for component in &components {
        let node = topology.component(*component);
        closed.edit::<Component>(&node.id, |it| it.listeners.retain(|it| it.port != ports));
        let listener = node.record.listeners.iter().find(|it| it.port == ports);
        let caller = listener.and_then(|it| Some((it, caller(facts, it).filter(|it| it != component)?)));
        let Some((listener, caller)) = caller else { continue };
        callers.push(caller);
        let from = topology.component(caller).id.clone();
        let id = drawn.mint(ids, &format!("{from}-{}", node.id));
        let (protocol, port) = (listener.protocol.clone(), listener.port.clone());
        drawn.put(id, Flow { protocol, port, ..Flow::between(from, node.id.clone()) });
    }
    let mut fixes =
        vec![Fix { label: format!("Close {} on {names}", ports.numbers()), edit: closed.finish() }];
    if callers.len() == components.len() && !callers.is_empty() {
        callers.sort_unstable();
        callers.dedup();
        let label = format!("Draw the flow from {}", words::names(facts, callers));
        fixes.push(Fix { label, edit: drawn.finish() });
    }
    fixes
}

/// Its listeners that no flow uses and that are open to an intruder, each with a way to it.
fn idle(facts: &Facts, component: ComponentIx) -> Vec<(&Listener, &Exposed)> {
    let (topology, node) = (&facts.topology, facts.topology.component(component));
    let has_flows = !node.into.is_empty() || !node.out.is_empty();
    if !has_flows || node.can(Capability::NotOurs) || node.can(Capability::Passes) {
        return Vec::new();
    }
    let into = || node.into.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
    let is_called = into().next().is_some();
    let is_brought = |it: &Listener| node.kind.listeners.iter().any(|kind| kind.port == it.port);
    let is_idle = |it: &&Listener| {
        let is_drawn_on = is_called || !is_brought(it);
        let is_used = into().any(|flow| flow.ports.overlaps(&it.port));
        !it.port.is_empty() && it.meant_for != From::Anywhere && is_drawn_on && !is_used
    };
    let rows = facts.reach.exposed_of(component);
    let open = |it: &Listener| {
        // One range that the internet reaches at once is enough for another rule to speak.
        let mut arriving = rows.iter().filter(|row| row.ports.overlaps(&it.port));
        let first = arriving.clone().find(|row| row.certain_hop.is_some());
        first.filter(|_| arriving.all(|row| row.hop > 0))
    };
    let idle = node.record.listeners.iter().filter(is_idle);
    let mut found: Vec<(&Listener, &Exposed)> = idle.filter_map(|it| Some((it, open(it)?))).collect();
    found.dedup_by(|a, b| a.0.port == b.0.port);
    found
}

/// For whom alone it is meant, if that is one component.
fn caller(facts: &Facts, listener: &Listener) -> Option<ComponentIx> {
    match &listener.meant_for {
        From::Of(ids) if ids.len() == 1 => ids.first().and_then(|it| facts.topology.find_component(it)),
        _ => None,
    }
}

fn meant(from: &From) -> String {
    match from {
        From::Unknown => "unknown".to_owned(),
        From::Anywhere => "anywhere".to_owned(),
        From::Of(ids) => ids.iter().map(Id::as_str).collect::<Vec<_>>().join(" "),
    }
}

fn evidence(facts: &Facts, same: &[ComponentIx], row: &Exposed) -> Evidence {
    let mut evidence = Evidence::steps(facts, facts.reach.path(row));
    evidence.also = same.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    /// A balancer on the internet and what stands in a tier behind it.
    fn shop(tier: &str) -> String {
        format!(
            "user -> lb: https; lb -> app: https; bastion: bastion
             boundary t \"Tier\": tier [ingress 443 from lb; segmented no] {{ app \"App\": web-server; {tier} }}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shop("web \"Web\": web-server [listens 443; listens 22 ssh]; lb -> web: https"),
            "low listener-without-flow:web:tcp/22 — No flow leads to 22 (SSH) on Web (Web · Tier)",
        );
        silent(&RULE, &shop("web: web-server [listens 443]; lb -> web: https"));
        silent(&RULE, &shop("web: web-server [listens 443; listens 9000 for anywhere]; lb -> web: https"));
        // Nobody gets there.
        let apart = shop("web: web-server [listens 443; listens 9000]; lb -> web: https");
        silent(&RULE, &apart.replace("segmented no", "segmented yes"));
        // Whether anybody gets there, nobody has said: that is asked elsewhere.
        silent(&RULE, &apart.replace("; segmented no", ""));
    }

    #[test]
    fn what_the_internet_reaches_is_told_elsewhere() {
        silent(&RULE, "user -> web: https; web: web-server [listens 443; listens 9000]");
        silent(&RULE, "user -> web: https; web: web-server [listens 443; listens 22 ssh]");
    }

    #[test]
    fn what_is_not_drawn_to_the_end_is_left_alone() {
        silent(&RULE, &shop("box: web-server [listens 9000]"));
        silent(&RULE, &shop("job: microservice [listens 8443]; job -> app: https"));
        fires(
            &RULE,
            &shop("job: microservice [listens 9000]; job -> app: https"),
            "low listener-without-flow:job:tcp/9000 — No flow leads to 9000 on job (job · Tier)",
        );
    }

    #[test]
    fn alternatives_are_told_once() {
        let text = shop("web-1, web-2: web-server").replace(
            "web-1, web-2: web-server",
            "web-1 [pool w; listens 9000]; web-2 [pool w; listens 9000]; lb -> web-1, web-2: https",
        );
        assert_eq!(only(&RULE, &text).key, "listener-without-flow:web-1+web-2:tcp/9000");
        assert_eq!(offered(&RULE, &text), "Close 9000 on web-1 and web-2");
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn each_fix_mends_it() {
        let text = shop("web: web-server [listens 443; listens 22 ssh for bastion]; lb -> web: https");
        assert_eq!(offered(&RULE, &text), "Close 22 on web\nDraw the flow from bastion");
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        assert_eq!(only(&RULE, &text).facts, ["listens: tcp/22", "meant for: bastion"]);
    }
}
