//! `throttling-missing`: requests from the internet that nothing limits on their way.

use super::duties::{Duty, ids, works};
use super::exposures::administers;
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words,
};
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Ids, Truth};

rule! {
    /// ## What it finds
    /// Ways of requests from the internet to own components on which nothing limits how many one caller may send:
    /// somebody has said of each firewall, balancer, gateway and server on the way, gates included, that it does not. As long as it is
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
    kind: Asks, on: Whole, reads: [Structure, Pools, Reach], answers: ["encrypted", "rate-limiting"], stride: [DenialOfService], cwe: [770, 307],
    check: check, fixes: fixes,
}

const LIMITS: Duty = Duty {
    control: "rate-limiting",
    does: |it| it.control("rate-limiting") == Truth::Yes,
    could: |_| true,
    is_target: works,
    takes: |it| !administers(it),
};

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let entries = LIMITS.entries(facts);
    for entry in entries.values() {
        let evidence = Evidence::way(facts, entry.way.iter().copied());
        let behind = entry.behind(facts);
        if let Some(first) = LIMITS.asked(facts, entry) {
            out.question(Asked {
                about: LIMITS.about(facts, first),
                stake: severity(facts, Impact::Slight, Exposure::Open),
                text: if entries.len() == 1 {
                    "Where are requests limited?".to_owned()
                } else {
                    format!("Where are requests to {behind} limited?")
                },
                why: format!("Nothing on the way from the internet to {behind} says so."),
                choices: LIMITS.choices(facts, entry),
                evidence,
            });
        } else if let Some(first) = entry.could.first() {
            let limits_nothing = |it| format!("{it} limits nothing");
            out.finding(Found {
                subjects: ids(facts, first),
                detail: String::new(),
                impact: Impact::Slight,
                exposure: Exposure::Open,
                because: format!("anyone on the internet can send {behind} more than can be answered"),
                message: format!("Nothing limits requests to {behind}"),
                place: words::names(facts, first.iter().copied()),
                evidence,
                facts: entry.could.iter().flat_map(|it| ids(facts, it)).map(limits_nothing).collect(),
            });
        }
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let entries = LIMITS.entries(facts);
    let Some(entry) = entries.values().find(|it| it.is_of(facts, finding)) else { return Vec::new() };
    // The edge limits all that lies behind it; the target just what is asked of it.
    let target = entry.could.last().filter(|it| entry.targets.len() == 1 && Some(*it) != entry.could.first());
    let fix = |it: &Vec<ComponentIx>| Fix {
        label: format!("Limit rates at {}", words::names(facts, it.iter().copied())),
        edit: answer(facts, &LIMITS.abouts(facts, it), Truth::Yes),
    };
    entry.could.first().into_iter().chain(target).map(fix).collect()
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
        silent(
            &RULE,
            "user -> lb -> web: https; waf: waf [gate-of t; rate-limiting yes]; boundary t: tier { lb }",
        );
        asks(&RULE, "user -> lb -> web: https", "? lb.controls.rate-limiting — Where are requests limited?");
    }

    #[test]
    fn the_choices_are_the_edges_on_the_way() {
        let text =
            "user -> fw -> lb-1, lb-2 -> web: https; lb-1 \"LB 1\"; lb-2 \"LB 2\"; fw: firewall \"Wall\"";
        let text = text.replace("fw: firewall \"Wall\"", "fw \"Wall\": firewall");
        let question = only_question(&RULE, &text);
        let labels: Vec<String> = question.choices.iter().map(|it| it.label.to_string()).collect();
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
