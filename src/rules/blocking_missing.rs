//! `blocking-missing`: ways in at which nobody can be shut out.

use super::duties::{Duty, ids, works};
use super::exposures::administers;
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words,
};
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Capability, Ids, Truth};

rule! {
    /// ## What it finds
    /// Ways of requests from the internet on which no firewall, CDN, balancer or gateway can ban addresses, blocks of them or
    /// regions at short notice: somebody has said so of each. As long as it is not known of all of them, it asks. A gate of
    /// a boundary that the way enters counts. Where nothing of the edge stands on the way, there is nothing to ask; flows that
    /// administer are left out.
    ///
    /// ## Why it matters
    /// Under attack, the quickest remedy is to shut the attacker out. If that has to be bought, built or asked for first, the
    /// service is down for as long, and every other customer with it.
    ///
    /// ## Example
    /// `user -> lb -> web: https; lb [blocking no]`
    ///
    /// ## How to fix it
    /// Use what the firewall, the CDN or the provider has for it, at the first own edge; write down who may do it and how,
    /// and try it once.
    ///
    /// ## References
    /// * CWE-799, Improper control of interaction frequency; CAPEC-125, Flooding
    /// * ATT&CK M1037, Filter network traffic; NIST SP 800-53, SC-5 and IR-4
    "blocking-missing", "No way to shut an attacker out",
    kind: Asks, on: Whole, reads: [Structure, Pools, Reach], answers: ["blocking", "encrypted"], stride: [DenialOfService], cwe: [799],
    check: check, fixes: fixes,
}

const BANS: Duty = Duty {
    control: "blocking",
    does: |it| it.control("blocking") == Truth::Yes,
    // Who asks for a name, or is sent on as it comes, is not seen there.
    could: |it| it.can(Capability::Filters) || !it.can(Capability::Passes),
    is_target: works,
    takes: |it| !administers(it),
};

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let entries = BANS.entries(facts);
    for entry in entries.values() {
        let Some(first) = entry.could.first() else { continue };
        let evidence = Evidence::way(facts, entry.way.iter().copied());
        let behind = entry.behind(facts);
        if let Some(unknown) = BANS.asked(facts, entry) {
            let on_its_way =
                if entries.len() == 1 { String::new() } else { format!(" before they reach {behind}") };
            out.question(Asked {
                about: BANS.about(facts, unknown),
                stake: severity(facts, Impact::Slight, Exposure::Guarded),
                text: format!("Where can addresses and regions be banned{on_its_way}?"),
                why: format!(
                    "An attack on {behind} lasts until somebody can, and nothing on the way says so."
                ),
                choices: BANS.choices(facts, entry),
                evidence,
            });
            continue;
        }
        out.finding(Found {
            subjects: ids(facts, first),
            detail: String::new(),
            impact: Impact::Slight,
            // Somebody has to attack first.
            exposure: Exposure::Guarded,
            because: format!("an attack on {behind} lasts until the attacker can be shut out"),
            message: format!("Nobody can be shut out on the way to {behind}"),
            place: words::names(facts, first.iter().copied()),
            evidence,
            facts: entry
                .could
                .iter()
                .flat_map(|it| ids(facts, it))
                .map(|it| format!("{it} bans nobody"))
                .collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let entries = BANS.entries(facts);
    let Some(entry) = entries.values().find(|it| it.is_of(facts, finding)) else { return Vec::new() };
    let fix = |it: &Vec<ComponentIx>| Fix {
        label: format!("Be able to ban at {}", words::names(facts, it.iter().copied())),
        edit: answer(facts, &BANS.abouts(facts, it), Truth::Yes),
    };
    // What stands further on bans for what is asked of it alone.
    let offered = if entry.targets.len() > 1 { 1 } else { entry.could.len() };
    entry.could.iter().take(offered).map(fix).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only_question, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            "user -> lb -> web: https; lb \"Balancer\" [blocking no]; web \"Web\"",
            "low blocking-missing:lb — Nobody can be shut out on the way to Web (Balancer)",
        );
        silent(&RULE, "user -> lb -> web: https; lb [blocking yes]");
        silent(
            &RULE,
            "user -> lb -> web: https; fw: firewall [gate-of t; blocking yes]; boundary t: tier { lb }",
        );
        silent(&RULE, "job -> lb -> web: https; lb [blocking no]");
        silent(&RULE, "admin -> gw -> web: https [admin]; gw: api-gateway");
        asks(
            &RULE,
            "user -> lb -> web: https",
            "? lb.controls.blocking — Where can addresses and regions be banned?",
        );
    }

    #[test]
    fn a_shell_is_no_way_around_the_edge() {
        asks(
            &RULE,
            "user -> lb -> web: https; admin -> web: ssh",
            "? lb.controls.blocking — Where can addresses and regions be banned?",
        );
    }

    #[test]
    fn without_an_edge_there_is_nothing_to_ask() {
        silent(&RULE, "user -> web: https; web -> db: postgres");
        silent(&RULE, "user -> dns -> web: https; dns");
    }

    #[test]
    fn gates_are_asked_too() {
        let text = "user -> lb -> web: https; fw \"Wall\": firewall [gate-of t; allows 443 from anywhere]
            office: firewall [gate-of t; allows 8443 from job]; job: worker; boundary t: tier { lb \"Balancer\" }";
        let question = only_question(&RULE, text);
        let labels: Vec<String> = question.choices.iter().map(|it| it.label.to_string()).collect();
        assert_eq!(
            (question.key.as_str(), labels),
            ("fw.controls.blocking", ["Wall", "Balancer", "Nowhere"].map(str::to_owned).to_vec())
        );
        assert_eq!([answered(&RULE, text, "Wall"), answered(&RULE, text, "Balancer")], ["", ""]);
        assert!(answered(&RULE, text, "Nowhere").starts_with("low blocking-missing:fw"));
    }

    #[test]
    fn of_alternatives_those_are_asked_of_whom_nobody_has_said() {
        let text = "user -> lb-1, lb-2 -> web: https; lb-1 [pool edge; blocking no]; lb-2 [pool edge]; web";
        let question = only_question(&RULE, text);
        assert_eq!(question.key, "lb-2.controls.blocking");
        assert!(!answered(&RULE, text, "Nowhere").contains('?'));
    }

    #[test]
    fn each_fix_mends_it() {
        let text = "user -> cdn -> lb -> web: https; cdn [blocking no]; lb [blocking no]";
        assert_eq!(offered(&RULE, text), "Be able to ban at cdn\nBe able to ban at lb");
        assert_eq!([mended(&RULE, text, 0), mended(&RULE, text, 1)], ["", ""]);
        let more = format!("{text}; lb -> app: https");
        assert_eq!(offered(&RULE, &more), "Be able to ban at cdn");
        assert_eq!(mended(&RULE, &more, 0), "");
    }
}
