//! `third-party-callback-unauthenticated`: calls of others whose sender nobody checks.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Asked, Evidence, Finding, Fix, Found, Out, Subject, alike, answer, exposures, nearness, rule, severity,
    words, yes_or_no,
};
use crate::analysis::{ComponentIx, Facts, FlowEdge, FlowIx};
use crate::model::{Access, Capability, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Flows from third-party services and partners to own components of which somebody has said that neither a
    /// signature nor a login is checked. Where nobody has said, it asks once for each sender and receiver. A login that
    /// the receiver demands counts for partners, who act as users do; the address that a service calls back is mostly
    /// left out of it. Flows that only fetch what is public are left out.
    ///
    /// ## Why it matters
    /// The address of a callback leaks through settings, logs and documentation. Whoever has it can report a payment
    /// that never happened, or repeat one that did.
    ///
    /// ## Example
    /// `bank "Bank": third-party-service; bank -> web: https [write; callback-signatures no]; user -> web: https`
    ///
    /// ## How to fix it
    /// Check the signature of each call over its whole body, refuse old and repeated ones, and take the call as a hint
    /// only: ask the service itself for what really happened. Mutual TLS will do, too.
    ///
    /// ## References
    /// * CWE-345, Insufficient verification of data authenticity; CWE-294, Authentication bypass by capture-replay
    /// * OWASP API Security Top 10 2023, API10, Unsafe consumption of APIs; CAPEC-60, Reusing session IDs
    /// * NIST SP 800-53, IA-9 and SC-23
    "third-party-callback-unauthenticated", "Callback of anybody",
    kind: Asks, on: Whole, reads: [Structure, Pools, Reach, Assets], answers: ["authenticated", "authentication", "callback-signatures"], stride: [Spoofing, Tampering], cwe: [345, 294],
    check: check, fixes: fixes,
}

const CONTROL: &str = "callback-signatures";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    // One question for all calls of one sender to what is alike.
    let mut calls: BTreeMap<(ComponentIx, ComponentIx, Truth), Vec<FlowIx>> = BTreeMap::new();
    for (flow, edge) in facts.topology.flows() {
        let truth = checked(facts, edge);
        if is_call(facts, edge) && matches!(truth, Truth::No | Truth::Unknown) {
            calls.entry((edge.from, alike::first(facts, edge.to), truth)).or_default().push(flow);
        }
    }
    for ((from, _, truth), flows) in calls {
        look_at(facts, from, truth, &flows, out);
    }
}

fn look_at(facts: &Facts, from: ComponentIx, truth: Truth, flows: &[FlowIx], out: &mut Out<'_>) {
    let Some(first) = flows.first().map(|it| facts.topology.flow(*it)) else { return };
    let ids: Vec<Id> = flows.iter().map(|it| facts.topology.flow(*it).id.clone()).collect();
    let (impact, worth) = exposures::stake(facts, first.to);
    let (exposure, near) = nearness(facts, first.to);
    let targets: BTreeSet<ComponentIx> = flows.iter().map(|it| facts.topology.flow(*it).to).collect();
    let (sender, target) = (words::name(facts, from), words::names(facts, targets));
    let evidence = Evidence { also: ids.clone(), ..Evidence::way(facts, [from, first.to]) };
    if truth == Truth::Unknown {
        let about = alike::unknowns(&ids, CONTROL);
        let Some(field) = about.first().cloned() else { return };
        out.question(Asked {
            about: field,
            stake: severity(facts, impact, exposure),
            text: format!("Are signature and age of calls from {sender} checked at {target}?"),
            why: format!("Whoever learns the address can call in the name of {sender}, and {worth} can be taken from {target}."),
            choices: yes_or_no(&about),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: ids,
        detail: String::new(),
        impact,
        exposure,
        because: format!("{worth} can be taken from {target}, and {near}"),
        message: format!("Anybody can call {target} in the name of {sender}"),
        place: words::flows(facts, flows),
        evidence,
        facts: vec![format!("impact: {}", impact.label())],
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about = alike::unknowns(&finding.subjects, CONTROL);
    let label = "Check the signature and the age of each call".to_owned();
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

/// Whether somebody outside, who is no visitor from the internet, calls what is ours for more than what is public.
fn is_call(facts: &Facts, edge: &FlowEdge) -> bool {
    let (from, to) = (facts.topology.component(edge.from), facts.topology.component(edge.to));
    let is_other = from.is(Family::Outside) && !from.can(Capability::OnTheInternet);
    let is_harmless = || {
        let handled = facts.data.handled(edge.to);
        edge.access == Access::Read && super::impact(facts, handled) == super::Impact::Slight
    };
    is_other && !edge.reply && !to.can(Capability::NotOurs) && !is_harmless()
}

/// Whether the sender is checked. A signature will do, and so will a login.
fn checked(facts: &Facts, edge: &FlowEdge) -> Truth {
    let signed = edge.record.controls.truth(CONTROL);
    let login = edge.record.authenticated.is;
    let is_user = facts.topology.component(edge.from).can(Capability::Actor);
    let demanded = facts.topology.component(edge.to).control("authentication");
    let is_settled = |it: Truth| matches!(it, Truth::Yes | Truth::NotApplicable);
    if is_settled(signed) || login == Truth::Yes || is_user && demanded == Truth::Yes {
        Truth::Yes
    } else if signed == Truth::No || login == Truth::No {
        Truth::No
    } else {
        Truth::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, silent};

    fn shop(flow: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; user -> web: https [carries orders]; web \"Shop\"
             bank \"Bank\": third-party-service; bank -> {flow}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shop("web: https [write; callback-signatures no]");
        fires(
            &RULE,
            &no,
            "critical third-party-callback-unauthenticated:bank-web — Anybody can call Shop in the name of Bank (Bank → Shop · 443)",
        );
        assert_eq!(mended(&RULE, &no, 0), "");
        silent(&RULE, &shop("web: https [write; callback-signatures yes]"));
        silent(&RULE, &shop("web: https [write; authenticated yes]"));
        asks(
            &RULE,
            &shop("web: https [write]"),
            "? bank-web.controls.callback-signatures — Are signature and age of calls from Bank checked at Shop?",
        );
        assert_eq!(answered(&RULE, &shop("web: https"), "Yes"), "");
        assert_eq!(mended(&RULE, &shop("web: https [authenticated no]"), 0), "");
    }

    #[test]
    fn a_login_counts_for_partners_and_not_for_services() {
        let with = |kind: &str| {
            shop("web: https")
                .replace("third-party-service", kind)
                .replace("web \"Shop\"", "web \"Shop\" [authentication yes]")
        };
        silent(&RULE, &with("partner-system"));
        asks(
            &RULE,
            &with("third-party-service"),
            "? bank-web.controls.callback-signatures — Are signature and age of calls from Bank checked at Shop?",
        );
    }

    #[test]
    fn what_we_call_and_what_fetches_public_things_is_no_callback() {
        silent(
            &RULE,
            "web -> bank: https [callback-signatures no]; bank: third-party-service; bank -> web [reply]",
        );
        silent(
            &RULE,
            "asset news: public; web [processes news]; bank: third-party-service; bank -> web: https [read]",
        );
    }

    #[test]
    fn a_pool_is_asked_about_at_once() {
        let text = "bank \"Bank\": third-party-service; user -> lb -> web-1, web-2: https; bank -> web-1, web-2: https";
        asks(
            &RULE,
            text,
            "? bank-web-1.controls.callback-signatures — Are signature and age of calls from Bank checked at web-1 and web-2?",
        );
        assert_eq!(answered(&RULE, text, "Yes"), "");
    }
}
