//! `identity-not-propagated`: services that act for users under their own name alone.

use std::collections::BTreeMap;

use super::cases::{Case, once, works};
use super::outside::control;
use super::{
    Evidence, Finding, Fix, Out, Subject, answer, nearest, nearness_of, rule, sensitive, words, worth,
};
use crate::analysis::{Arrival, AssetIx, BoundaryIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Access, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Services that others call on behalf of users, to handle sensitive assets, and that are told only which service
    /// calls, not for which user. It asks once for each of them where nobody has said, and only once it is known that
    /// the caller has to log in at all.
    ///
    /// ## Why it matters
    /// A service that believes every request of another can be tricked through it: whoever finds one hole in the first
    /// gets the data of all users from the second, and the logs name a service, not a person.
    ///
    /// ## Example
    /// `user -> web -> orders: https [authenticated; carries cards; identity-propagation no]; asset cards: secret`
    ///
    /// ## How to fix it
    /// Send along a token that was made for this user and this target, best exchanged anew at each hop, and let the
    /// target check what this user may do.
    ///
    /// ## References
    /// * CWE-441, Unintended proxy or intermediary; CWE-862; RFC 8693, OAuth 2.0 token exchange
    /// * OWASP ASVS 4.0, V4.1; NIST SP 800-204B
    "identity-not-propagated", "User lost between services",
    kind: Asks, on: Whole, reads: [Structure, Assets, Reach],
    answers: ["authenticated", "authentication", "identity-propagation"],
    stride: [Spoofing, ElevationOfPrivilege, Repudiation], cwe: [441, 862],
    check: check, fixes: fixes,
}

const CONTROL: &str = "identity-propagation";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let mut unsaid: BTreeMap<Option<BoundaryIx>, Vec<(ComponentIx, Vec<FlowIx>)>> = BTreeMap::new();
    for (component, node) in facts.topology.components().filter(|it| it.1.is(Family::Compute)) {
        if !is_asked(facts, component) {
            continue;
        }
        let flows = on_behalf(facts, component, Truth::No);
        say(facts, &[(component, flows)], Truth::No, out);
        let flows = on_behalf(facts, component, Truth::Unknown);
        if !flows.is_empty() {
            unsaid.entry(node.within).or_default().push((component, flows));
        }
    }
    // Whoever builds a tier passes users on by one way, and so it is asked.
    for services in unsaid.values() {
        say(facts, services, Truth::Unknown, out);
    }
}

fn say(facts: &Facts, services: &[(ComponentIx, Vec<FlowIx>)], truth: Truth, out: &mut Out<'_>) {
    let Some((component, first)) = services.iter().find_map(|it| Some((it.0, it.1.first().copied()?))) else {
        return;
    };
    let components = || services.iter().map(|it| it.0);
    let flows = || services.iter().flat_map(|it| it.1.iter().copied());
    let assets: Vec<AssetIx> = once(components().flat_map(|it| sensitive::handled(facts, it)));
    let (impact, worth) = worth(facts, &assets);
    let Some((exposure, near, nearest)) = nearest(facts, components()) else { return };
    let name = words::names(facts, components());
    let from = once_each(facts, flows());
    let callers = words::names(facts, from.iter().copied());
    let ids: Vec<Id> = flows().map(|it| facts.topology.flow(it).id.clone()).collect();
    let mut evidence = Evidence::way(facts, way(facts, facts.topology.flow(first).from, component));
    evidence.also.clone_from(&ids);
    let is_one = services.len() == 1;
    let near = if is_one { near } else { nearness_of(facts, nearest, &words::name(facts, nearest)).1 };
    Case {
        control: CONTROL,
        subjects: ids,
        truth,
        impact,
        exposure,
        question: format!("Does each call from {callers} to {name} say for which user it is made?"),
        message: format!("Requests from {callers} to {name} name no user"),
        because: format!("{worth} can be taken from {name}, and {near}"),
        place: words::place(facts, component),
        evidence,
        facts: sensitive::said(facts, &assets),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> =
        finding.subjects.iter().map(|it| Unknown::new(it, format!("controls.{CONTROL}"))).collect();
    let label = "Send a token of the user with each request".to_owned();
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

fn way(facts: &Facts, from: ComponentIx, to: ComponentIx) -> Vec<ComponentIx> {
    let mut way = facts.inputs().way(from, Arrival::Request);
    way.push(to);
    way
}

/// Whether others could call it for users whose data it handles.
fn is_asked(facts: &Facts, component: ComponentIx) -> bool {
    works(facts, component)
        && !facts.inputs().takes(component)
        && sensitive::handled(facts, component).next().is_some()
}

/// The calls of services that act for users, with that answer.
fn on_behalf(facts: &Facts, component: ComponentIx, truth: Truth) -> Vec<FlowIx> {
    let node = facts.topology.component(component);
    let is_one = |it: &FlowIx| {
        let flow = facts.topology.flow(*it);
        let has_login = flow.record.authenticated.is_yes()
            || (flow.record.authenticated.is == Truth::Unknown
                && control(facts, component, "authentication") == Truth::Yes);
        let from = facts.topology.component(flow.from);
        flow.record.controls.truth(CONTROL) == truth
            && !flow.reply
            && !matches!(flow.access, Access::Replicate | Access::Consume)
            && from.is(Family::Compute)
            && works(facts, flow.from)
            && facts.inputs().reaches(flow.from, Arrival::Request)
            && (truth == Truth::No || has_login)
    };
    node.into.iter().copied().filter(is_one).collect()
}

/// The callers, in order, each once.
fn once_each(facts: &Facts, flows: impl Iterator<Item = FlowIx>) -> Vec<ComponentIx> {
    let mut from: Vec<ComponentIx> = flows.map(|it| facts.topology.flow(it).from).collect();
    from.sort_unstable();
    from.dedup();
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(said: &str) -> String {
        format!(
            "user -> web: https; asset cards \"Cards\": secret; web \"Web\"; orders \"Orders\": microservice
             web -> orders: https [carries cards{said}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let text = shop("; identity-propagation no");
        fires(
            &RULE,
            &text,
            "high identity-not-propagated:web-orders — Requests from Web to Orders name no user (Orders)",
        );
        silent(&RULE, &shop("; authenticated; identity-propagation yes"));
        let unknown = shop("; authenticated");
        asks(
            &RULE,
            &unknown,
            "? web-orders.controls.identity-propagation — Does each call from Web to Orders say for which user it is made?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
        assert_eq!(offered(&RULE, &text), "Send a token of the user with each request");
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn services_of_one_tier_are_asked_together() {
        let text = shop("; authenticated")
            .replace("web -> orders", "web -> orders, stock, orders-2")
            .replace("microservice\n", "microservice; stock \"Stock\": microservice\n");
        let text = format!("{text}; boundary other: tier {{ orders-2: microservice }}");
        let asked = "? web-orders-2.controls.identity-propagation — Does each call from Web to orders-2 say for which user it is made?\n\
            ? web-orders.controls.identity-propagation — Does each call from Web to Orders and Stock say for which user it is made?";
        asks(&RULE, &text, asked);
    }

    #[test]
    fn who_acts_for_no_user_and_who_needs_no_login_is_not_asked() {
        silent(&RULE, &shop(""));
        silent(&RULE, &shop("; authenticated").replace("user", "job"));
        silent(&RULE, &shop("; authenticated").replace("secret", "public"));
    }
}
