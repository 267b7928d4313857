//! `plaintext-across-boundary`: flows that leave or enter a boundary unencrypted.

use std::collections::BTreeSet;

use super::bundles::bundle;
use super::clear::{
    Crossing, crossing, evidence, exposure, is_told_before, passed_on, place, switch, switch_label, twin,
    worth_of,
};
use super::{Asked, Exposure, Finding, Fix, Found, Out, Subject, answer, rule, severity, words, yes_or_no};
use crate::analysis::{ComponentIx, Facts, FlowEdge, FlowIx, Unknown};
use crate::model::{Draft, Ids, Truth};

rule! {
    /// ## What it finds
    /// Flows that leave or enter a trust boundary, or come from or go to somebody outside, and are not encrypted: their
    /// protocol is plaintext by its nature, or somebody has said so. Where the protocol can be either and nobody has
    /// said, it asks, once for all between the same alternatives. What stays on one machine does not count, nor do name
    /// lookups; what something on the way passes on as it came is told once, where it first crosses.
    ///
    /// ## Why it matters
    /// Whoever stands on the way (a wireless network, a provider, a compromised switch or neighbour) reads along, takes
    /// over sessions, and changes what is said. Inside a data centre that takes one broken machine.
    ///
    /// ## Example
    /// `web -> db: mysql [encrypted no; carries cards]; boundary data: subnet-tier { db: mysql }; web: web-server`
    ///
    /// ## How to fix it
    /// Use the protocol's encrypted twin and check certificates on both sides; open its port and close the old one. What
    /// has no such twin goes through a tunnel.
    ///
    /// ## References
    /// * CWE-319, Cleartext transmission of sensitive information
    /// * CAPEC-157, Sniffing attacks; CAPEC-94, Adversary in the middle; ATT&CK T1040, Network sniffing
    /// * NIST SP 800-53, SC-8; OWASP ASVS 4.0, V9.1 and V9.2
    "plaintext-across-boundary", "Unencrypted across a boundary",
    kind: Asks, on: Flow, reads: [Structure, Pools, Assets, Reach], answers: ["encrypted"], stride: [InformationDisclosure, Tampering], cwe: [319],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Flow(flow) = subject else { return };
    let edge = facts.topology.flow(flow);
    let Some(crossing) = told(facts, flow) else { return };
    match edge.encrypted {
        Truth::No => find(facts, flow, &crossing, out),
        Truth::Unknown => ask(facts, flow, &crossing, out),
        Truth::Yes | Truth::NotApplicable => {}
    }
}

/// What it crosses, if that is not told where it crosses first.
fn told(facts: &Facts, flow: FlowIx) -> Option<Crossing> {
    let edge = facts.topology.flow(flow);
    let is_open = matches!(edge.encrypted, Truth::No | Truth::Unknown);
    let crossing = is_open.then(|| crossing(facts, edge)).flatten();
    crossing.filter(|_| !is_told_before(facts, edge))
}

fn find(facts: &Facts, flow: FlowIx, crossing: &Crossing, out: &mut Out<'_>) {
    let edge = facts.topology.flow(flow);
    let (impact, worth) = worth_of(facts, flow);
    let (exposure, near) = exposure(facts, edge, Some(crossing));
    let spoken = edge.protocol.map_or("What goes", |it| it.label.as_str());
    let (from, to) = (words::name(facts, edge.from), words::name(facts, edge.to));
    out.finding(Found {
        subjects: vec![edge.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("it carries {worth}, and {near}"),
        message: format!("{spoken} from {from} to {to} {} in clear", crossing.words),
        place: place(facts, edge),
        evidence: evidence(facts, edge, Some(crossing)),
        facts: vec![format!("impact: {}", impact.label()), format!("protocol: {}", edge.record.protocol)],
    });
}

/// Once for all flows between the same alternatives: they were set up together, and one answer holds for them.
fn ask(facts: &Facts, flow: FlowIx, crossing: &Crossing, out: &mut Out<'_>) {
    let all = bundle(facts, flow);
    let is_told = |it: &FlowIx| *it == flow || told(facts, *it).is_some();
    // The first speaks for all.
    if all.iter().find(|it| is_told(it)) != Some(&flow) {
        return;
    }
    let same: Vec<FlowIx> = all.into_iter().filter(is_told).collect();
    let edge = facts.topology.flow(flow);
    let dearest = same.iter().map(|it| worth_of(facts, *it)).reduce(|a, b| if b.0 > a.0 { b } else { a });
    let Some((impact, worth)) = dearest else { return };
    let exposures = same.iter().filter_map(|it| {
        let crossing = told(facts, *it)?;
        Some(exposure(facts, facts.topology.flow(*it), Some(&crossing)).0)
    });
    let exposure = exposures.min().unwrap_or(Exposure::Deeper);
    let ends = |end: fn(&FlowEdge) -> ComponentIx| {
        words::names(facts, same.iter().map(|it| end(facts.topology.flow(*it))).collect::<BTreeSet<_>>())
    };
    let (from, to) = (ends(|it| it.from), ends(|it| it.to));
    let spoken = edge.protocol.map_or("what goes", |it| it.label.as_str());
    let about: Vec<Unknown> = same.iter().map(|it| unknown(facts.topology.flow(*it))).collect();
    let mut evidence = evidence(facts, edge, Some(crossing));
    evidence.also.extend(same.iter().skip(1).map(|it| facts.topology.flow(*it).id.clone()));
    out.question(Asked {
        about: unknown(edge),
        stake: severity(facts, impact, exposure),
        text: format!("Is {spoken} from {from} to {to} encrypted?"),
        why: format!("It carries {worth} and {}.", crossing.words),
        choices: yes_or_no(&about),
        evidence,
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let flow = finding.subjects.first().and_then(|it| facts.topology.find_flow(it));
    let Some(flow) = flow else { return Vec::new() };
    let edge = facts.topology.flow(flow);
    let same = passed_on(facts, flow);
    let mut fixes = Vec::new();
    let twin = twin(edge);
    if let Some((plain, twin, ports)) = &twin {
        let mut draft = Draft::of(facts.model());
        for flow in &same {
            switch(facts, &mut draft, *flow, plain, twin);
        }
        fixes.push(Fix { label: switch_label(edge, twin, ports), edit: draft.finish() });
    }
    if twin.is_none() || edge.protocol.is_some_and(|it| it.encrypted() != Truth::No) {
        let all: Vec<Unknown> = same.iter().map(|it| unknown(facts.topology.flow(*it))).collect();
        let label = "Encrypt this flow".to_owned();
        fixes.push(Fix { label, edit: answer(facts, &all, Truth::Yes) });
    }
    fixes
}

fn unknown(flow: &FlowEdge) -> Unknown {
    Unknown::new(&flow.id, "encrypted")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, only, silent};

    /// A web server outside the tier of its store.
    fn shop(flow: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; user -> web: https; web \"Web\": web-server
             web -> db: {flow}; boundary data \"Data tier\": subnet-tier {{ db \"Orders\": mysql }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("mysql [carries cards; encrypted no]"),
            "high plaintext-across-boundary:web-db — MySQL from Web to Orders crosses into Data tier in clear (Web → Orders · MySQL 3306)",
        );
        silent(&RULE, &shop("mysql [carries cards; encrypted yes]"));
        silent(&RULE, &shop("mysql-tls [carries cards]"));
        asks(
            &RULE,
            &shop("mysql [carries cards]"),
            "? web-db.encrypted — Is MySQL from Web to Orders encrypted?",
        );
    }

    #[test]
    fn a_plaintext_protocol_needs_no_answer() {
        fires(
            &RULE,
            "user -> lb: http; lb",
            "high plaintext-across-boundary:user-lb — HTTP from user to lb goes over the internet in clear (user → lb · HTTP 80)",
        );
        silent(&RULE, "user -> lb: http [encrypted yes]; lb");
    }

    #[test]
    fn only_what_crosses_counts() {
        silent(&RULE, "boundary t: subnet-tier { lb; web: web-server }; lb -> web: http");
        silent(&RULE, "lb -> web: http; lb; web: web-server");
        silent(
            &RULE,
            "boundary h: host { boundary c: container { a: microservice }; b: microservice }; a -> b: http",
        );
        silent(&RULE, "user -> dns: dns; boundary t: subnet-tier { web: web-server }; web -> dns; dns");
        silent(&RULE, "browser -> pay: http; pay: third-party-service");
        silent(&RULE, &shop("http [reply]"));
        fires(
            &RULE,
            "boundary t \"Tier\": subnet-tier { web: web-server }; web -> job: http; job: worker",
            "low plaintext-across-boundary:web-job — HTTP from web to job leaves Tier in clear (web → job · HTTP 80)",
        );
    }

    #[test]
    fn the_level_is_that_of_what_it_carries_and_of_who_can_listen() {
        let level = |text: &str| only(&RULE, text).because;
        assert_eq!(
            level(&shop("mysql [carries cards; encrypted no]")),
            "It carries Card numbers (secret), and whoever takes over Web can listen: grave impact, high."
        );
        let sites = "boundary a: data-centre { x: mysql }; boundary b: data-centre { y: mysql }; x -> y: mysql [replicate; encrypted no]";
        assert_eq!(
            level(sites),
            "It carries data that nobody has named, and whoever stands between the two places can listen: serious impact, medium."
        );
    }

    #[test]
    fn what_is_passed_on_is_told_once_and_mended_at_once() {
        let text = "user -> fw -> lb: http
            fw: firewall [gate-of t; allows 80 from anywhere]
            boundary dc: data-centre { boundary t: subnet-tier { lb: load-balancer [listens 80 http for anywhere] } }";
        assert_eq!(only(&RULE, text).subjects[0].as_str(), "user-fw");
        assert_eq!(offered(&RULE, text), "Switch to HTTPS on 443");
        assert_eq!(mended(&RULE, text, 0), "");
        let facts = mended_facts(&RULE, text, 0);
        let lb = facts.model().components().values().find(|it| it.kind == "load-balancer").unwrap();
        assert_eq!((lb.listeners.len(), lb.listeners[0].port.to_string().as_str()), (1, "tcp/443"));
        for (flow, edge) in facts.topology.flows() {
            assert!(
                edge.ports.is_subset(&facts.ingress.lets_flow(&facts.topology, flow).certain),
                "{edge:?}"
            );
        }
    }

    #[test]
    fn each_fix_mends_it() {
        let text = shop("mysql [carries cards; encrypted no]");
        assert_eq!(offered(&RULE, &text), "Switch to MySQL over TLS\nEncrypt this flow");
        let odd = shop("\"our own\" 9999 [encrypted no]");
        assert_eq!(offered(&RULE, &odd), "Encrypt this flow");
        let kept = shop("http 8080");
        assert_eq!(offered(&RULE, &kept), "Switch to HTTPS");
        for (text, n) in [(&text, 0), (&text, 1), (&odd, 0), (&kept, 0)] {
            assert_eq!(mended(&RULE, text, n), "", "{text}");
        }
        // Others still use the port.
        let shared = "user -> web: http; job: worker; job -> web: http; web: web-server [listens 80 http]";
        let facts = mended_facts(&RULE, shared, 0);
        let web = facts.model().component(&crate::model::Id::slug("web")).unwrap();
        let ports: Vec<String> = web.listeners.iter().map(|it| it.port.to_string()).collect();
        assert_eq!(ports, ["tcp/80", "tcp/443"]);
    }

    #[test]
    fn twins_are_asked_about_together() {
        let text = "user -> lb: https; lb -> web-1, web-2: https; web-1, web-2 -> db: mysql [carries cards]
            asset cards: secret; boundary data: subnet-tier { db: mysql; dump: mysql }; job -> db: mysql";
        asks(
            &RULE,
            text,
            "? web-1-db.encrypted — Is MySQL from web-1 and web-2 to db encrypted?
             ? job-db.encrypted — Is MySQL from job to db encrypted?",
        );
        let facts = crate::rules::testing::facts(text);
        let report = crate::rules::run_only(&facts, &[&RULE]);
        let yes = report.question("web-1-db.encrypted").unwrap().choices[0].edit(facts.model());
        assert_eq!(yes.changes().len(), 2);
    }

    #[test]
    fn answers_settle_it() {
        let text = shop("mysql [carries cards]");
        assert_eq!(answered(&RULE, &text, "Yes"), "");
        assert!(answered(&RULE, &text, "No").starts_with("high"));
    }
}
