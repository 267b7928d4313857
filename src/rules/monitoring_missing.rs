//! `monitoring-missing`: what users use and nobody watches.

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, alike, answer, rule, severity,
    watching, words, yes_or_no,
};
use crate::analysis::{ComponentIx, Facts, Requests};
use crate::model::{Capability, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// Own services that requests of users reach first and that no flow joins to monitoring, where others are watched,
    /// or where somebody has said that they are not. Where no monitoring is drawn at all, and they are said to handle
    /// some data, it asks, once for all of them,
    /// as it may stand in another drawing. An answer at a boundary around them counts.
    ///
    /// ## Why it matters
    /// What nobody watches is noticed by its users first. A slow disk becomes an outage, and a break-in goes on for
    /// months.
    ///
    /// ## Example
    /// `user -> web: https; user -> api: https; watch: prometheus; watch -> web: https`
    ///
    /// ## How to fix it
    /// Measure what users notice (answers, errors, how long they wait) and what runs out (disks, connections,
    /// certificates), and let somebody be called. Watch from outside too, past your own network.
    ///
    /// ## References
    /// * CWE-778, Insufficient logging; OWASP Top 10 2021, A09, Security logging and monitoring failures
    /// * NIST SP 800-53, SI-4 and CA-7; Beyer and others, *Site Reliability Engineering*, chapter 6
    "monitoring-missing", "Nobody watches it",
    kind: Asks, on: Whole, reads: [Structure, Pools], answers: ["monitoring"], stride: [Availability, Repudiation], cwe: [778],
    check: check, fixes: fixes,
}

const CONTROL: &str = "monitoring";
const IMPACT: Impact = Impact::Slight;
const EXPOSURE: Exposure = Exposure::Guarded;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let is_drawn = !watching::watchers(facts, CONTROL).is_empty();
    let (mut unwatched, mut unsaid) = (Vec::new(), Vec::new());
    for members in alike::groups(facts, facing(facts)).into_values() {
        // One that is watched tells of its alternatives, too.
        if members.iter().any(|it| watching::is_watched(facts, *it, CONTROL)) {
            continue;
        }
        for member in members {
            match alike::control(facts, member, CONTROL) {
                Truth::Unknown if !is_drawn => unsaid.push(member),
                Truth::Unknown | Truth::No => unwatched.push(member),
                Truth::Yes | Truth::NotApplicable => {}
            }
        }
    }
    let unsaid_ids = alike::ids(facts, &unsaid);
    let about = alike::unknowns(&unsaid_ids, CONTROL);
    // Of a sketch that names no data yet it is too early to ask.
    let is_begun = unsaid.iter().any(|it| !facts.data.handled(*it).is_empty());
    if let Some(first) = about.first().filter(|_| is_begun).cloned() {
        let names = words::names(facts, unsaid.iter().copied());
        out.question(Asked {
            about: first,
            stake: severity(facts, IMPACT, EXPOSURE),
            text: format!("Does somebody learn within minutes of an outage of {names}?"),
            why: format!("Users call {names}, and no monitoring is drawn."),
            choices: yes_or_no(&about),
            evidence: Evidence::set(unsaid_ids),
        });
    }
    let Some(first) = unwatched.first() else { return };
    let names = words::names(facts, unwatched.iter().copied());
    out.finding(Found {
        subjects: alike::ids(facts, &unwatched),
        detail: String::new(),
        impact: IMPACT,
        exposure: EXPOSURE,
        because: format!("users are the first to notice an outage of {names}"),
        message: format!("Nobody watches {names}"),
        place: words::place(facts, *first),
        evidence: alike::evidence(facts, &unwatched),
        facts: Vec::new(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let find = |it| facts.topology.find_component(it);
    let members: Vec<ComponentIx> = finding.subjects.iter().filter_map(find).collect();
    let about = alike::unknowns(&finding.subjects, CONTROL);
    let elsewhere = Fix {
        label: format!("Say that another system watches {}", words::titles(facts, &finding.subjects)),
        edit: answer(facts, &about, Truth::Yes),
    };
    vec![watching::drawn(facts, CONTROL, &members, ids), elsewhere]
}

/// The services that requests of actors reach first: what passes or hands them on is watched along with these.
fn facing(facts: &Facts) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let is_actor = |it: ComponentIx| topology.component(it).can(Capability::Actor);
    let requests = Requests::from(topology, is_actor, |_| false, |_| false);
    let all = topology.components();
    let serves = all.filter(|(_, it)| it.is(Family::Compute) && !it.can(Capability::NotOurs));
    serves.map(|it| it.0).filter(|it| requests.reaches(*it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    const TWO: &str =
        "user -> lb -> web: https; user -> api: https; watch \"Watch\": prometheus; watch -> web: https 9100";

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(&RULE, TWO, "low monitoring-missing:api — Nobody watches api (api)");
        silent(&RULE, &format!("{TWO}; api -> watch: https"));
        silent(&RULE, &format!("{TWO}; api: microservice [monitoring yes]"));
        silent(&RULE, "job -> api: https");
        let none = "user -> lb -> web: https; user -> api: https [carries orders]; asset orders";
        silent(&RULE, &none.replace("[carries orders]; asset orders", ""));
        asks(
            &RULE,
            none,
            "? api.controls.monitoring — Does somebody learn within minutes of an outage of api and web?",
        );
        assert_eq!(answered(&RULE, none, "Yes"), "");
        assert_eq!(
            answered(&RULE, none, "No"),
            "low monitoring-missing:api+web — Nobody watches api and web (api)"
        );
        silent(
            &RULE,
            "user -> web: https [carries a]; asset a; boundary net: network [monitoring yes] { web }",
        );
    }

    #[test]
    fn one_of_a_pool_tells_of_all() {
        silent(&RULE, "user -> lb -> web-1, web-2: https; watch: prometheus; watch -> web-1: https");
    }

    #[test]
    fn the_fix_draws_it_as_others_are_drawn() {
        assert_eq!(offered(&RULE, TWO), "Connect api to Watch\nSay that another system watches api");
        assert_eq!([mended(&RULE, TWO, 0), mended(&RULE, TWO, 1)], ["", ""]);
        let none = "user -> web: https; web [monitoring no]";
        assert_eq!(offered(&RULE, none), "Add monitoring for web\nSay that another system watches web");
        // What was said of it is said of it still: the flow tells more.
        assert_eq!(mended(&RULE, none, 0), "");
    }
}
