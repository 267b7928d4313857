//! `hard-third-party-in-user-path`: users who are cut off when somebody else's service is gone.

use std::collections::BTreeMap;

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, rule, waiting, words};
use crate::analysis::{ComponentIx, Facts, FlowIx, Unit};
use crate::model::{Capability, Family, Id, Ids};

rule! {
    /// ## What it finds
    /// Services of partners and third parties for which own components wait in the middle of a user's request, and
    /// without which users are cut off. What users call by themselves is left out, and so is a service that shares a
    /// pool with another one that will do as well. Calls back, messages and work behind a queue are left out too.
    ///
    /// ## Why it matters
    /// Their outage is yours then, and so is their slowness, and nobody of yours can mend it. Five such services, each
    /// up 99.9 % of the time, cost nearly four hours a month.
    ///
    /// ## Example
    /// `user -> web -> stripe: https; web [replicas 2]`
    ///
    /// ## How to fix it
    /// Leave the work in a queue and tell the user that it is being done; answer from a copy of what they said last;
    /// or go on without it, and say so. Let the call end after a set time in any case.
    ///
    /// ## References
    /// * Nygard, *Release It!*, 2nd edition, on integration points and circuit breakers
    /// * NIST SP 800-53, SA-9, External system services, and CP-2(8)
    "hard-third-party-in-user-path", "Third party in the user's path",
    kind: Structure, on: Whole, reads: [Structure, Pools, Failure], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

/// So many losses are tried out, times components: what is not tried is read as a part lost.
const TRIED: usize = 400_000;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let mut left = TRIED / facts.topology.component_count().max(1);
    for (target, flows) in called(facts) {
        let (mut lost, mut all) = (Vec::new(), false);
        if left > 0 {
            left -= 1;
            let outcome = facts.failure.simulate(&[Unit::Component(target)]);
            let actors = || facts.failure.entry_actors().iter().copied().filter(|it| *it != target);
            lost = actors().filter(|it| outcome.cut.contains(it)).collect();
            all = actors().all(|it| outcome.down.contains(&it));
            // Where there is another way, nobody is lost with it.
            if lost.is_empty() {
                continue;
            }
        }
        let topology = &facts.topology;
        let id = |it: ComponentIx| topology.component(it).id.clone();
        let sources = sources(facts, &flows);
        let (name, callers) = (words::name(facts, target), words::names(facts, sources.iter().copied()));
        let cuts = match (lost.is_empty(), all) {
            (true, _) => "users wait for an answer".to_owned(),
            (false, true) => "the loss cuts off everyone".to_owned(),
            (false, false) => format!("the loss cuts off {}", words::names(facts, lost)),
        };
        let first = sources.first().copied();
        let way = first.map(|it| facts.calls().way_to(topology, it)).unwrap_or_default();
        let mut evidence = Evidence::way(facts, way.into_iter().chain([target]));
        evidence.also = flows.iter().map(|it| topology.flow(*it).id.clone()).collect();
        out.finding(Found {
            subjects: vec![id(target)],
            detail: String::new(),
            // Whoever sells a service keeps it up better than one machine of ours is kept.
            impact: Impact::Serious,
            exposure: if all { Exposure::Open } else { Exposure::Guarded },
            because: format!("{callers} cannot answer without {name}, run by others, and {cuts}"),
            message: format!("Users of {callers} wait for {name}"),
            place: words::place(facts, target),
            evidence,
            facts: sources.iter().map(|it| format!("{} needs it", id(*it))).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let target = finding.subjects.first().and_then(|it: &Id| facts.topology.find_component(it));
    let called = called(facts);
    let Some((target, flows)) = target.and_then(|it| called.get_key_value(&it)) else { return Vec::new() };
    let (name, callers) = (words::name(facts, *target), words::names(facts, sources(facts, flows)));
    let without =
        Fix { label: format!("Let {callers} go on without {name}"), edit: waiting::go_on(facts, flows) };
    if !waiting::can_wait(facts, flows) {
        return vec![without];
    }
    let edit = waiting::queue_before(facts, *target, flows, ids);
    vec![Fix { label: format!("Leave the work for {name} in a queue"), edit }, without]
}

/// Services of others, with the calls of ours for which users wait.
fn called(facts: &Facts) -> BTreeMap<ComponentIx, Vec<FlowIx>> {
    let (topology, calls) = (&facts.topology, facts.calls());
    let mut called: BTreeMap<ComponentIx, Vec<FlowIx>> = BTreeMap::new();
    for (ix, flow) in topology.flows().filter(|(ix, _)| calls.is_on_user_path(topology, *ix)) {
        let (source, target) = (topology.component(flow.from), topology.component(flow.to));
        let is_theirs = target.is(Family::Outside) && !target.can(Capability::OnTheInternet);
        if is_theirs && !source.can(Capability::NotOurs) && is_the_only(facts, flow.from, flow.to) {
            called.entry(flow.to).or_default().push(ix);
        }
    }
    called
}

/// Whether nothing else will do for whoever calls it.
fn is_the_only(facts: &Facts, source: ComponentIx, target: ComponentIx) -> bool {
    facts.failure.hard_needs(source).any(|it| it.alternatives == [target])
}

fn sources(facts: &Facts, flows: &[FlowIx]) -> Vec<ComponentIx> {
    let mut sources: Vec<ComponentIx> = flows.iter().map(|it| facts.topology.flow(*it).from).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    #[test]
    fn what_fires_and_what_does_not() {
        let shop = |words: &str| {
            format!("user \"Users\"; user -> web -> pay: https [{words}]; web \"Shop\"; pay \"Bank\": stripe")
        };
        let text = "user \"Users\"; user -> web: https; web -> pay: https [write]; web \"Shop\"; pay \"Bank\": stripe";
        fires(&RULE, text, "high hard-third-party-in-user-path:pay — Users of Shop wait for Bank (Bank)");
        silent(&RULE, &shop("soft"));
        silent(&RULE, "user -> web: https; web -> pay: https [async]; pay: stripe");
        silent(&RULE, "user -> pay: https; pay: stripe");
        silent(&RULE, "user -> web -> db: https; db: postgres");
        silent(&RULE, "user -> web: https; w: worker; w -> pay: https; pay: stripe");
    }

    #[test]
    fn another_that_will_do_is_another_way() {
        silent(
            &RULE,
            "user -> web: https; web -> a: https; web -> b: https; a: stripe [pool pay]; b: paypal [pool pay]",
        );
        silent(&RULE, "user -> lb -> web-1, web-2: https; web-1 -> maps: https; maps: google-maps");
    }

    #[test]
    fn a_part_of_the_users_is_not_all() {
        let text = "user \"Users\"; admin \"Staff\"; user -> web -> pay: https; admin -> office: https; pay \"Bank\": stripe";
        let finding = only(&RULE, text);
        assert_eq!(
            finding.because,
            "Web cannot answer without Bank, run by others, and the loss cuts off Users: serious impact, medium."
        );
        assert_eq!(finding.facts, ["web needs it"]);
        let way: Vec<&str> = finding.evidence.path.iter().map(|it| it.element.as_str()).collect();
        assert_eq!(way, ["user", "web", "pay"]);
    }

    #[test]
    fn every_fix_mends_it() {
        let text = "user -> web, app: https; web, app -> pay: https [write]; pay \"Bank\": stripe
            feature buy [flows user-web, web-pay]";
        let expected = "Leave the work for Bank in a queue\nLet app and web go on without Bank";
        assert_eq!(offered(&RULE, text), expected);
        assert_eq!([mended(&RULE, text, 0), mended(&RULE, text, 1)], ["", ""]);
        assert_eq!(offered(&RULE, &text.replace("[write]", "[read]")), "Let app and web go on without Bank");
    }
}
