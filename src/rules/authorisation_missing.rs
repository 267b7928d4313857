//! `authorisation-missing`: calls that check who somebody is, but not what they may do.

use super::arguments::Means;
use super::entries::{Entry, Said, entries, handled, holds};
use super::one_answer::{changes_or_shows, joined, knows_callers, parameters};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, worth};
use crate::analysis::Facts;
use crate::model::{Ids, Truth};

rule! {
    /// ## What it finds
    /// APIs that outsiders call, and components that outside requests reach, of which somebody has said that they do
    /// not check for each request what the caller may do. Where nobody has said, it asks about APIs that take a caller's
    /// id or a role, once for all of one component. What demands no login is left out: there nobody has any rights.
    ///
    /// ## Why it matters
    /// Everyone who can log in can then do what administrators can, by calling what the page does not show them.
    ///
    /// ## Example
    /// `user -> web: https; web [authentication]; api ban "banUser" [component web; parameters userID, role; authorisation no]`
    ///
    /// ## How to fix it
    /// Check on the server, in one place that every call goes through, that the caller may do just this; refuse what no
    /// rule allows. Take role and caller from the session, not from the request.
    ///
    /// ## References
    /// * CWE-862, Missing authorization; CWE-285, Improper authorization; CAPEC-122, Privilege abuse
    /// * OWASP ASVS 4.0, V4.1; OWASP API Security Top 10 2023, API5; NIST SP 800-53, AC-3
    "authorisation-missing", "Rights that nobody checks",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "authorisation"],
    stride: [ElevationOfPrivilege, InformationDisclosure, Tampering], cwe: [862, 285],
    check: check, fixes: fixes,
}

const CONTROL: &str = "authorisation";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let all = entries(facts, CONTROL).into_iter().filter(|it| matters(facts, it)).collect();
    for entry in joined(all) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let (worth_of, worth) = worth(facts, &handled(facts, entry.component));
    let named = parameters(facts, entry, |_| &[Means::Caller, Means::Role]);
    let stake = if worth_of == Impact::Slight {
        String::new()
    } else {
        format!(", and {worth} can be taken from there")
    };
    let name = &entry.name;
    let said = Said {
        impact: worth_of.max(Impact::Serious),
        question: format!("Is it checked at {name} for each request what the caller may do?"),
        message: format!("Nothing in {name} checks what the caller may do"),
        because: format!("{}{stake}", entry.who),
        way: Vec::new(),
        facts: named.iter().map(|it| format!("takes {it}")).collect(),
    };
    let named = if named.is_empty() {
        said
    } else {
        Said { because: format!("callers state {}: {}", list(&named), said.because), ..said }
    };
    entry.say(facts, CONTROL, named, out);
}

/// What nobody has said matters where a call names who it is for; what somebody has said, where there is anything to
/// have a right to.
fn matters(facts: &Facts, entry: &Entry) -> bool {
    let names_callers = || !parameters(facts, entry, |_| &[Means::Caller, Means::Role]).is_empty();
    let weighs = || changes_or_shows(facts, entry);
    let keeps = || super::impact(facts, &handled(facts, entry.component)) > Impact::Slight;
    let is_asked = match (entry.truth, entry.api) {
        (Truth::No, Some(_)) => true,
        (Truth::No, None) => keeps(),
        (_, Some(_)) => names_callers() && weighs(),
        (_, None) => false,
    };
    is_asked && knows_callers(facts, entry)
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Check for each request what the caller may do in")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(rest: &str) -> String {
        format!(
            "user -> web: https; web \"Web\" [processes bills]; asset bills \"Bills\": confidential; {rest}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let ban = |said: &str| shop(&format!("api ban \"banUser\" [component web; parameters userID{said}]"));
        fires(
            &RULE,
            &ban("; authorisation no"),
            "critical authorisation-missing:ban — Nothing in banUser checks what the caller may do (banUser · Web)",
        );
        silent(&RULE, &ban("; authorisation yes"));
        silent(&RULE, &ban("; authorisation na"));
        asks(
            &RULE,
            &ban(""),
            "? ban.controls.authorisation — Is it checked at banUser for each request what the caller may do?",
        );
        assert_eq!(answered(&RULE, &ban(""), "Yes"), "");
        assert_eq!(
            offered(&RULE, &ban("; authorisation no")),
            "Check for each request what the caller may do in banUser"
        );
        assert_eq!(mended(&RULE, &ban("; authorisation no"), 0), "");
    }

    #[test]
    fn the_calls_of_one_component_are_asked_about_together() {
        let two = "api a \"banUser\" [component web; parameters userID]; api b \"setRole\" [component web; parameters role]";
        asks(
            &RULE,
            &shop(two),
            "? a.controls.authorisation — Is it checked at banUser and setRole for each request what the caller may do?",
        );
        assert_eq!(answered(&RULE, &shop(two), "Yes"), "");
        // Each that is wrong has its own finding, and nobody is asked about it.
        let one = two.replace("parameters role", "parameters role; authorisation no");
        assert_eq!(
            answered(&RULE, &shop(&one), "No"),
            "critical authorisation-missing:a — Nothing in banUser checks what the caller may do (banUser · Web)
             critical authorisation-missing:b — Nothing in setRole checks what the caller may do (setRole · Web)"
                .replace("             ", "")
        );
    }

    #[test]
    fn where_nobody_has_a_name_or_nothing_names_the_caller_it_is_silent() {
        silent(&RULE, &shop("api a \"search\" [component web; parameters text]"));
        silent(
            &RULE,
            &shop("api a \"getName\" [component web; parameters userID]").replace("confidential", "public"),
        );
        let ban = "api ban \"banUser\" [component web; parameters userID]";
        silent(&RULE, &shop(ban).replace("processes", "authentication no; processes"));
        silent(&RULE, &shop(&ban.replace("userID", "userID; authentication na")));
        silent(&RULE, &shop("").replace("processes bills", "authentication"));
    }

    #[test]
    fn what_a_component_says_explains_its_calls() {
        let text = shop("api ban \"banUser\" [component web; parameters userID]")
            .replace("processes", "authorisation no; authentication; processes");
        fires(
            &RULE,
            &text,
            "high authorisation-missing:web — Nothing in Web checks what the caller may do (Web)",
        );
        assert_eq!(mended(&RULE, &text, 0), "");
        silent(&RULE, &text.replace("confidential", "public"));
    }
}
