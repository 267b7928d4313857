//! `hardening-unknown`: whether the few parts that are most worth attacking run nothing that they do not need.

use super::{
    Asked, Exposure, Finding, Fix, Found, Impact, Out, Subject, alike, answer, impact, nearness_of, rule,
    severity, words, worth, yes_or_no,
};
use crate::analysis::{ComponentIx, Facts, Target};
use crate::model::{Ids, Truth};

rule! {
    /// ## What it finds
    /// It asks of the three parts that are most worth attacking whether all that they do not need is switched off and
    /// default accounts are gone, and finds every part that is worth attacking of which somebody has said that it is
    /// not so. What is worth attacking is ranked by how near the internet is, by the data that is handled and by how
    /// much depends on it. Parts that handle no named data but public one, those more than one compromise away, and
    /// services whose provider keeps them in order are left out.
    ///
    /// ## Why it matters
    /// Samples, consoles and accounts that came with a product are known to everybody, and what runs without being
    /// needed is attacked all the same.
    ///
    /// ## Example
    /// `user -> web: https [carries accounts]; asset accounts: confidential; web [hardening no]`
    ///
    /// ## How to fix it
    /// Begin with a benchmark for the product (CIS, STIG), take away what nobody uses, change what was preset, and
    /// build it the same way every time.
    ///
    /// ## References
    /// * CWE-1188, Initialization of a resource with an insecure default; CWE-1392, Use of default credentials
    /// * ATT&CK T1190, Exploit public-facing application; M1042, Disable or remove feature or program
    /// * OWASP ASVS 4.0, V14.1 and V14.3; NIST SP 800-53, CM-6 and CM-7
    "hardening-unknown", "Not hardened",
    kind: Asks, on: Whole, reads: [Structure, Pools, Reach, Assets], answers: ["hardening"],
    stride: [ElevationOfPrivilege, Tampering], cwe: [1188, 1392],
    check: check, fixes: fixes,
}

const CONTROL: &str = "hardening";

/// So many are asked about: the few most worth attacking, not everything.
const FEW: usize = 3;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let targets: Vec<&Target> =
        facts.worth_attacking().targets().iter().filter(|it| is_worth_it(facts, it)).collect();
    ask(facts, targets.get(..FEW).unwrap_or(&targets), out);
    for target in targets {
        let soft = of(facts, target, Truth::No);
        let Some(first) = soft.first() else { continue };
        let (impact, exposure, why) = stake(facts, target);
        let names = words::names(facts, soft.iter().copied());
        out.finding(Found {
            subjects: alike::ids(facts, &soft),
            detail: String::new(),
            impact,
            exposure,
            because: format!("what was left on has to be found first, but {why}"),
            message: format!("Nobody has hardened {names}"),
            place: words::place(facts, *first),
            evidence: alike::evidence(facts, &soft),
            facts: target.assets.iter().map(|it| format!("handles {}", facts.data.asset_id(*it))).collect(),
        });
    }
}

/// Asks once of the few; whoever wants to tell them apart answers at each.
fn ask(facts: &Facts, few: &[&Target], out: &mut Out<'_>) {
    let unsaid: Vec<(&Target, Vec<ComponentIx>)> =
        few.iter().map(|it| (*it, of(facts, it, Truth::Unknown))).filter(|it| !it.1.is_empty()).collect();
    let all: Vec<ComponentIx> = unsaid.iter().flat_map(|it| it.1.iter().copied()).collect();
    let about = alike::unknowns(&alike::ids(facts, &all), CONTROL);
    let Some((first, (target, _))) = about.first().cloned().zip(unsaid.first()) else { return };
    let (impact, exposure, why) = stake(facts, target);
    let names = words::names(facts, all.iter().copied());
    out.question(Asked {
        about: first,
        stake: severity(facts, impact, exposure),
        text: format!("Is all that is not needed at {names} switched off, and are default accounts gone?"),
        why: format!("Nothing is more worth an attack: {why}."),
        choices: yes_or_no(&about),
        evidence: alike::evidence(facts, &all),
    });
}

fn of(facts: &Facts, target: &Target, truth: Truth) -> Vec<ComponentIx> {
    let is_so = |it: &ComponentIx| facts.topology.component(*it).control(CONTROL) == truth;
    target.members.iter().copied().filter(is_so).collect()
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about = alike::unknowns(&finding.subjects, CONTROL);
    let names = words::titles(facts, &finding.subjects);
    vec![Fix { label: format!("Harden {names}"), edit: answer(facts, &about, Truth::Yes) }]
}

/// Whether it is near, and what it handles is more than public. Whoever runs a service for others hardens it.
fn is_worth_it(facts: &Facts, target: &Target) -> bool {
    let is_run_by_provider = |it: &ComponentIx| {
        let technology = facts.topology.component(*it).technology;
        technology.is_some_and(|it| it.control("patching") == Truth::Yes)
    };
    target.hop.is_some_and(|it| it <= 1)
        && impact(facts, &target.assets) > Impact::Slight
        && !target.members.iter().all(is_run_by_provider)
}

fn stake(facts: &Facts, target: &Target) -> (Impact, Exposure, String) {
    let (impact, worth) = worth(facts, &target.assets);
    let names = words::names(facts, target.members.iter().copied());
    let nearest = target.members.iter().map(|it| nearness_of(facts, *it, &names)).min_by_key(|it| it.0);
    let (exposure, near) = nearest.unwrap_or((Exposure::Deeper, String::new()));
    let depend = match target.dependents {
        0 => "nothing else would suffer".to_owned(),
        1 => "1 more component would suffer".to_owned(),
        more => format!("{more} more components would suffer"),
    };
    // What was left on has to be found first, and to have a hole: that is one step more.
    let exposure = if exposure < Exposure::OneHop { Exposure::OneHop } else { Exposure::Deeper };
    (impact, exposure, format!("{near}, {worth} can be taken from there, and {depend}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only_question, silent};

    fn shop(web: &str) -> String {
        format!(
            "asset accounts \"Accounts\": confidential; user -> web: https [carries accounts]; web \"Web\" [{web}]"
        )
    }

    #[test]
    fn of_many_that_are_worth_the_same_the_first_few_are_asked_about() {
        let all: Vec<String> = (1..=12)
            .map(|n| format!("web-{n} \"Web {n}\"; user -> web-{n}: https [carries accounts]"))
            .collect();
        let question =
            only_question(&RULE, &format!("asset accounts \"Accounts\": confidential; {}", all.join("; ")));
        assert_eq!(
            question.text,
            "Is all that is not needed at Web 1, Web 2 and Web 3 switched off, and are default accounts gone?"
        );
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(&RULE, &shop("hardening no"), "high hardening-unknown:web — Nobody has hardened Web (Web)");
        silent(&RULE, &shop("hardening yes"));
        asks(
            &RULE,
            &shop(""),
            "? web.controls.hardening — Is all that is not needed at Web switched off, and are default accounts gone?",
        );
        assert_eq!(
            only_question(&RULE, &shop("")).why,
            "Nothing is more worth an attack: anyone on the internet gets to Web, Accounts (confidential) can be taken from there, and 1 more component would suffer."
        );
        assert_eq!(answered(&RULE, &shop(""), "Not applicable"), "");
        assert_eq!(mended(&RULE, &shop("hardening no"), 0), "");
    }

    #[test]
    fn only_a_few_are_asked_about_and_no_others_follow_when_they_are_answered() {
        let stores: Vec<String> =
            (0..6).map(|n| format!("web -> s-{n}: postgres; s-{n}: postgres [stores accounts]")).collect();
        let text = format!("{}; {}", shop(""), stores.join("; "));
        asks(
            &RULE,
            &text,
            "? web.controls.hardening — Is all that is not needed at Web, s-0 and s-1 switched off, and are default accounts gone?",
        );
        assert_eq!(answered(&RULE, &text, "Yes"), "");
        assert_eq!(answered(&RULE, &text, "No").lines().count(), FEW);
    }

    #[test]
    fn without_data_or_ways_nothing_is_worth_it() {
        silent(&RULE, "user -> web: https; web [hardening no]");
        silent(&RULE, "asset a: public; user -> web: https [carries a]; web [hardening no]");
        silent(&RULE, "asset a: secret; job -> db: postgres; db [stores a; hardening no]");
        silent(&RULE, "asset a: secret; user -> lb: https [carries a]; lb: aws-alb");
    }

    #[test]
    fn a_pool_is_asked_about_at_once() {
        let text = "asset a: secret; user -> lb -> web-1, web-2: https [carries a]; lb [hardening yes]";
        asks(
            &RULE,
            text,
            "? web-1.controls.hardening — Is all that is not needed at web-1 and web-2 switched off, and are default accounts gone?",
        );
        assert_eq!(answered(&RULE, text, "Yes"), "");
    }
}
