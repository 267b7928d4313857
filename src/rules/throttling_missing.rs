//! `throttling-missing`: requests from the internet that nothing limits on their way.

use std::collections::BTreeMap;

use super::{
    Asked, Choice, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity,
    words,
};
use crate::analysis::{ComponentIx, Facts, Requests, Unknown};
use crate::model::{Access, Capability, Control, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Ways of requests from the internet to own components on which nothing limits how many one caller may send:
    /// somebody has said of each firewall, balancer, gateway and server on the way that it does not. As long as it is
    /// not known of all of them, it asks where requests are limited. Flows that administer are left out.
    ///
    /// ## Why it matters
    /// One caller with a loop is enough to take the service from all others, to try passwords by the million, or to
    /// run up the bill.
    ///
    /// ## Example
    /// `user -> lb -> web: https; lb [rate-limiting no]; web [rate-limiting no]`
    ///
    /// ## How to fix it
    /// Limit rates at the first own edge, by address, by account and by what is asked for; logins more strictly than
    /// pages.
    ///
    /// ## References
    /// * CWE-770, Allocation of resources without limits or throttling; CWE-307; CAPEC-125, Flooding
    /// * OWASP API Security Top 10 2023, API4; NIST SP 800-53, SC-5
    "throttling-missing", "No limit on requests",
    on: Whole, reads: [Structure, Pools, Reach], stride: [DenialOfService], cwe: [770, 307],
    check: check, fixes: fixes,
}

const CONTROL: &str = "rate-limiting";

/// Ways that begin at the same own edge.
struct Entry {
    /// The way to the first target.
    way: Vec<ComponentIx>,
    targets: usize,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let entries = entries(facts);
    for entry in entries.values() {
        let Some(target) = entry.way.last().map(|it| words::name(facts, *it)) else { continue };
        let can_limit: Vec<Vec<ComponentIx>> = candidates(facts, &entry.way);
        let said = |it: &Vec<ComponentIx>| it.iter().map(|it| limits(facts, *it)).min().unwrap_or_default();
        let unknown: Vec<&Vec<ComponentIx>> =
            can_limit.iter().filter(|it| said(it) == Truth::Unknown).collect();
        let evidence = Evidence::way(facts, entry.way.iter().copied());
        let behind = match entry.targets {
            0 | 1 => target.clone(),
            more => format!("{target} and {} more", more - 1),
        };
        if let Some(first) = unknown.first().and_then(|it| it.first()) {
            out.question(Asked {
                about: about(facts, *first),
                stake: severity(Impact::Slight, Exposure::Open),
                text: if entries.len() == 1 {
                    "Where are requests limited?".to_owned()
                } else {
                    format!("Where are requests to {target} limited?")
                },
                why: format!("Nothing between the internet and {behind} says so."),
                choices: choices(facts, &unknown, entry.targets),
                evidence,
            });
        } else if let Some(first) = can_limit.first() {
            let names = words::names(facts, first.iter().copied());
            out.finding(Found {
                subjects: ids(facts, first),
                detail: String::new(),
                impact: Impact::Slight,
                exposure: Exposure::Open,
                because: format!("anyone on the internet can send {behind} more than it can answer"),
                message: format!("Nothing limits requests to {behind}"),
                place: names,
                evidence,
                facts: can_limit
                    .iter()
                    .flatten()
                    .map(|it| format!("{} limits nothing", id(facts, *it)))
                    .collect(),
            });
        }
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let is_it = |it: &&Entry| {
        candidates(facts, &it.way).first().is_some_and(|it| {
            let mut ids = ids(facts, it);
            ids.sort();
            ids == finding.subjects
        })
    };
    let entries = entries(facts);
    let Some(entry) = entries.values().find(is_it) else { return Vec::new() };
    let can_limit = candidates(facts, &entry.way);
    // The edge limits all that lies behind it; the target just what is asked of it.
    let target = can_limit.last().filter(|it| entry.targets == 1 && Some(*it) != can_limit.first());
    let fix = |it: &Vec<ComponentIx>| Fix {
        label: format!("Limit rates at {}", words::names(facts, it.iter().copied())),
        edit: answer(facts, &abouts(facts, it), Truth::Yes),
    };
    can_limit.first().into_iter().chain(target).map(fix).collect()
}

/// The ways on which nothing limits rates, by the edge that they begin at.
fn entries(facts: &Facts) -> BTreeMap<Vec<ComponentIx>, Entry> {
    let topology = &facts.topology;
    let is_limit = |it| limits(facts, it) == Truth::Yes;
    let administers = |it| topology.flow(it).access == Access::Admin;
    let is_start = |it| facts.ingress.is_origin(it) && !is_limit(it);
    let requests = Requests::from(topology, is_start, is_limit, administers);
    let mut entries: BTreeMap<Vec<ComponentIx>, Entry> = BTreeMap::new();
    for (component, node) in topology.components() {
        let works =
            matches!(node.kind.family, Family::Compute | Family::Data | Family::Messaging | Family::Trust);
        let Some(way) = requests.to(component).filter(|_| works && !node.can(Capability::NotOurs)) else {
            continue;
        };
        let Some(edge) = way.iter().find(|it| may_limit(facts, **it)) else { continue };
        let edge = alternatives(facts, *edge);
        entries.entry(edge).or_insert(Entry { way, targets: 0 }).targets += 1;
    }
    entries
}

/// Who on a way could limit rates, from the internet on; alternatives together.
fn candidates(facts: &Facts, way: &[ComponentIx]) -> Vec<Vec<ComponentIx>> {
    let mut found: Vec<Vec<ComponentIx>> = Vec::new();
    for component in way.iter().filter(|it| may_limit(facts, **it)) {
        let same = alternatives(facts, *component);
        if !found.contains(&same) {
            found.push(same);
        }
    }
    found
}

/// A component with all of its pool that could limit rates and is not known to.
fn alternatives(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let Some(pool) = facts.pools.pool_of(component) else { return vec![component] };
    facts.pools.pool(pool).members.iter().copied().filter(|it| may_limit(facts, *it)).collect()
}

/// Whether it is of a kind that could limit rates, and does not; one to which that does not apply is no choice.
fn may_limit(facts: &Facts, component: ComponentIx) -> bool {
    let kind = facts.topology.component(component).kind;
    let is_meant = Control::find(CONTROL).is_some_and(|it| it.is_for_kind(kind));
    is_meant && matches!(limits(facts, component), Truth::Unknown | Truth::No)
}

fn limits(facts: &Facts, component: ComponentIx) -> Truth {
    facts.topology.component(component).control(CONTROL)
}

/// One choice for each that could, and none of them.
/// The edge limits all that lies behind it; what stands further on just what is asked of it, so it is no answer for all.
fn choices(facts: &Facts, unknown: &[&Vec<ComponentIx>], targets: usize) -> Vec<Choice> {
    let here = |it: &&Vec<ComponentIx>| Choice {
        label: words::names(facts, it.iter().copied()),
        edit: answer(facts, &abouts(facts, it), Truth::Yes),
    };
    let offered = if targets > 1 { 1 } else { unknown.len() };
    let mut choices: Vec<Choice> = unknown.iter().take(offered).map(here).collect();
    let all: Vec<Unknown> = unknown.iter().flat_map(|it| abouts(facts, it)).collect();
    choices.push(Choice { label: "Nowhere".to_owned(), edit: answer(facts, &all, Truth::No) });
    choices
}

fn id(facts: &Facts, component: ComponentIx) -> Id {
    facts.topology.component(component).id.clone()
}

fn ids(facts: &Facts, components: &[ComponentIx]) -> Vec<Id> {
    components.iter().map(|it| id(facts, *it)).collect()
}

fn about(facts: &Facts, component: ComponentIx) -> Unknown {
    Unknown::new(&id(facts, component), format!("controls.{CONTROL}"))
}

fn abouts(facts: &Facts, components: &[ComponentIx]) -> Vec<Unknown> {
    components.iter().map(|it| about(facts, *it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only_question, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            "user -> lb -> web: https; lb \"Balancer\" [rate-limiting no]; web \"Web\" [rate-limiting no]",
            "medium throttling-missing:lb — Nothing limits requests to Web (Balancer)",
        );
        silent(&RULE, "user -> lb -> web: https; lb [rate-limiting yes]; web [rate-limiting no]");
        silent(&RULE, "user -> lb -> web: https; lb [rate-limiting no]; web [rate-limiting yes]");
        silent(&RULE, "job -> lb -> web: https; lb [rate-limiting no]; web [rate-limiting no]");
        asks(&RULE, "user -> lb -> web: https", "? lb.controls.rate-limiting — Where are requests limited?");
    }

    #[test]
    fn the_choices_are_the_edges_on_the_way() {
        let text =
            "user -> fw -> lb-1, lb-2 -> web: https; lb-1 \"LB 1\"; lb-2 \"LB 2\"; fw: firewall \"Wall\"";
        let text = text.replace("fw: firewall \"Wall\"", "fw \"Wall\": firewall");
        let question = only_question(&RULE, &text);
        let labels: Vec<&str> = question.choices.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["Wall", "LB 1 and LB 2", "web", "Nowhere"]);
        for label in &labels[..3] {
            assert_eq!(answered(&RULE, &text, label), "", "{label}");
        }
        let nowhere = "medium throttling-missing:fw — Nothing limits requests to web (Wall)";
        assert_eq!(answered(&RULE, &text, "Nowhere"), nowhere);
    }

    #[test]
    fn each_way_in_is_asked_for_itself() {
        asks(
            &RULE,
            "user -> web: https; user -> api: https; admin -> console: https [admin]",
            "? api.controls.rate-limiting — Where are requests to api limited?
             ? web.controls.rate-limiting — Where are requests to web limited?",
        );
    }

    #[test]
    fn the_edge_mends_it_for_all_and_the_target_for_itself() {
        let one = "user -> lb -> web: https; lb [rate-limiting no]; web [rate-limiting no]";
        assert_eq!(offered(&RULE, one), "Limit rates at lb\nLimit rates at web");
        let two = format!("{one}; lb -> api: https; api [rate-limiting no]");
        assert_eq!(offered(&RULE, &two), "Limit rates at lb");
        assert_eq!([mended(&RULE, one, 0), mended(&RULE, one, 1), mended(&RULE, &two, 0)], ["", "", ""]);
    }
}
