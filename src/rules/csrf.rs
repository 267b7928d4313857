//! `csrf`: changes that any other site can send with the user's cookie.

use std::collections::BTreeMap;

use super::arguments::only_reads;
use super::browsers::{Door, door};
use super::bundles::alternatives;
use super::cases::{Case, classified, id, once};
use super::entries::holds;
use super::{Evidence, Finding, Fix, Impact, Out, Subject, nearness, rule, words, worth};
use crate::analysis::{ApiNode, AssetIx, ComponentIx, Facts, FlowIx};
use crate::model::{Access, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Flows on which browsers send changes, and APIs behind them that change something, of which somebody has said that
    /// nothing proves that the user's own page asked for them. Where nobody has said, it asks, if one has to log in there and it is known that cookies are
    /// not kept from other sites (SameSite): where nobody has said that, session-cookie-weak asks first.
    ///
    /// ## Why it matters
    /// A browser adds the cookie to every request, whichever page caused it. So any site that the user visits while
    /// logged in can move money, change the address or add an administrator in their name.
    ///
    /// ## Example
    /// `user -> web: https [write; csrf-protection no]; web [authentication]`
    ///
    /// ## How to fix it
    /// Demand a token that only the user's own page knows with each change, and set cookies SameSite. Let reading never
    /// change anything.
    ///
    /// ## References
    /// * CWE-352, Cross-site request forgery; CAPEC-62
    /// * OWASP ASVS 4.0, V4.2.2 and V3.4.3; NIST SP 800-53, SC-23
    "csrf", "Forged requests from browsers",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach],
    answers: ["authenticated", "authentication", "csrf-protection", "session-cookies"],
    stride: [Tampering, Spoofing], cwe: [352],
    check: check, fixes: fixes,
}

const CONTROL: &str = "csrf-protection";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let mut calls: BTreeMap<ComponentIx, Vec<&ApiNode>> = BTreeMap::new();
    for api in facts.data.apis().iter().filter(|it| it.record.controls.truth(CONTROL) == Truth::No) {
        if let Some(component) = api.component {
            calls.entry(component).or_default().push(api);
        }
    }
    for (component, _) in facts.topology.components() {
        if let Some(door) = door(facts, component) {
            look_at(facts, component, &door, &calls, out);
        }
    }
}

fn look_at(
    facts: &Facts,
    component: ComponentIx,
    door: &Door,
    calls: &BTreeMap<ComponentIx, Vec<&ApiNode>>,
    out: &mut Out<'_>,
) {
    let wrong = open(facts, component, door, Truth::No);
    say(facts, component, door, (Truth::No, wrong, words::name(facts, component)), out);
    // Of alternatives of which nobody has said it, the first asks for all.
    let unsaid = |it: ComponentIx| {
        let subjects = self::door(facts, it).map(|door| open(facts, it, &door, Truth::Unknown));
        Some((it, subjects.filter(|it| !it.is_empty())?))
    };
    let same: Vec<(ComponentIx, Vec<Id>)> =
        alternatives(facts, component).into_iter().filter_map(unsaid).collect();
    if same.first().is_some_and(|it| it.0 == component) {
        let name = words::names(facts, same.iter().map(|it| it.0));
        let subjects = same.into_iter().flat_map(|it| it.1).collect();
        say(facts, component, door, (Truth::Unknown, subjects, name), out);
    }
    // What is said of one call is found there, whatever the way in says.
    for call in
        door.behind.iter().filter_map(|it| calls.get(it)).flatten().filter(|it| !only_reads(&it.record))
    {
        let title = facts.title_of(&call.id);
        say(facts, component, door, (Truth::No, vec![call.id.clone()], title), out);
    }
}

/// The flows by which browsers change something there, of which that was said and which matter.
fn open(facts: &Facts, component: ComponentIx, door: &Door, truth: Truth) -> Vec<Id> {
    let flow = |it: &FlowIx| facts.topology.flow(*it);
    let cookies = |it: &FlowIx| match flow(it).record.controls.truth("session-cookies") {
        Truth::Unknown => facts.topology.component(component).control("session-cookies"),
        said => said,
    };
    let is_open = |it: &&FlowIx| {
        let changes = matches!(flow(it).access, Access::Write | Access::ReadWrite | Access::Admin);
        let is_asked = truth == Truth::No || (door.has_login(facts, component) && cookies(it) == Truth::No);
        changes && is_asked && flow(it).record.controls.truth(CONTROL) == truth
    };
    door.flows.iter().filter(is_open).map(|it| flow(it).id.clone()).collect()
}

fn say(
    facts: &Facts,
    component: ComponentIx,
    door: &Door,
    (truth, subjects, name): (Truth, Vec<Id>, String),
    out: &mut Out<'_>,
) {
    let assets: Vec<AssetIx> =
        once(door.behind.iter().flat_map(|it| classified(facts, facts.data.handled(*it))));
    let (impact, worth) = worth(facts, &assets);
    let (exposure, near) = nearness(facts, component);
    let stake = if assets.is_empty() { String::new() } else { format!(", {worth} can be changed there") };
    let mut also = subjects.clone();
    also.extend(door.behind.iter().map(|it| id(facts, *it)));
    Case {
        control: CONTROL,
        subjects,
        truth,
        impact: impact.max(Impact::Serious),
        exposure,
        question: format!("Do changes at {name} need proof that the user's own page asked for them?"),
        message: format!("Any site can send changes to {name} in the name of a user"),
        because: format!("browsers send changes to {name}{stake}, and {near}"),
        place: words::place(facts, component),
        evidence: Evidence::set(also),
        facts: assets.iter().map(|it| format!("changes {}", facts.data.asset_id(*it))).collect(),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Demand a token of the user's own page on")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(flow: &str, web: &str) -> String {
        format!("user \"Users\" -> web: https [{flow}]; web \"Web\" [notes x{web}]").replace(" \"Users\"", "")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let text = shop("write; csrf-protection no", "");
        fires(
            &RULE,
            &text,
            "high csrf:user-web — Any site can send changes to Web in the name of a user (Web)",
        );
        silent(&RULE, &shop("write; csrf-protection yes", "; authentication"));
        let unknown = shop("write; session-cookies no", "; authentication");
        asks(
            &RULE,
            &unknown,
            "? user-web.controls.csrf-protection — Do changes at Web need proof that the user's own page asked for them?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
        assert!(offered(&RULE, &text).starts_with("Demand a token of the user's own page on "));
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn what_is_said_of_a_call_is_found_there() {
        let api = |name: &str, said: &str| {
            format!(
                "{}; api a \"{name}\" [component web; csrf-protection {said}]",
                shop("write; session-cookies", "")
            )
        };
        let finding = "high csrf:a — Any site can send changes to buy in the name of a user (Web)";
        fires(&RULE, &api("buy", "no"), finding);
        assert_eq!(mended(&RULE, &api("buy", "no"), 0), "");
        silent(&RULE, &api("buy", "yes"));
        silent(&RULE, &api("getOrder", "no"));
        silent(&RULE, &api("buy", "no").replace("user", "mobile"));
    }

    #[test]
    fn without_changes_login_or_foreign_cookies_it_is_silent() {
        silent(&RULE, &shop("read; csrf-protection no", "; authentication"));
        silent(&RULE, &shop("write; session-cookies no", ""));
        // While nobody has said of the cookies, that is asked first.
        silent(&RULE, &shop("write", "; authentication"));
        silent(&RULE, &shop("write; session-cookies", "; authentication"));
    }
}
