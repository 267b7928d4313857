//! `object-reference-unprotected`: calls that name an object, and that show or change any object that is named.

use super::arguments::{Means, only_reads};
use super::entries::{Entry, Said, apis, handled, holds};
use super::one_answer::{changes_or_shows, joined, knows_callers, parameters};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, worth};
use crate::analysis::Facts;
use crate::model::{Api, Ids, Truth};

rule! {
    /// ## What it finds
    /// APIs that outsiders call with a parameter that names an object (orderId; userID where it is only read), and of
    /// which somebody has said that they do not check whether the caller may use just that one. Where nobody has said,
    /// it asks, once for all APIs of one component. What demands no login is left out, and so is what only shows public
    /// data.
    ///
    /// ## Why it matters
    /// Changing a number in a request shows the records of somebody else: it needs no tool and leaves no trace that
    /// looks odd. Numbers that count upwards make it a loop. Long random ids only make guessing hard; they also stand in
    /// logs, links and mails.
    ///
    /// ## Example
    /// `user -> web: https; api get "getOrder" [component web; parameters orderID; object-references no]`
    ///
    /// ## How to fix it
    /// Look the object up together with the caller (`where id = ? and owner = ?`), and answer as if it did not exist if
    /// it is not theirs. Make ids that cannot be guessed besides. Take the caller's own id from the session.
    ///
    /// ## References
    /// * CWE-639, Authorization bypass through user-controlled key; CWE-340, Generation of predictable numbers
    /// * OWASP API Security Top 10 2023, API1; OWASP ASVS 4.0, V4.2; NIST SP 800-53, AC-3
    "object-reference-unprotected", "Object that anybody may name",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "object-references"],
    stride: [InformationDisclosure, Tampering, ElevationOfPrivilege], cwe: [639, 340],
    check: check, fixes: fixes,
}

const CONTROL: &str = "object-references";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let all = apis(facts, CONTROL).into_iter().filter(|it| matters(facts, it)).collect();
    for entry in joined(all) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let (worth_of, worth) = worth(facts, &handled(facts, entry.component));
    let named = objects(facts, entry);
    let what = if named.is_empty() { "object".to_owned() } else { list(&named) };
    let stake = if worth_of == Impact::Slight {
        String::new()
    } else {
        format!(", and {worth} can be taken from there")
    };
    let name = &entry.name;
    let said = Said {
        impact: worth_of.max(Impact::Serious),
        question: format!("Is it checked at {name} for each {what} whether this caller may use it?"),
        message: format!("Any caller may pass any {what} to {name}"),
        because: format!("{}{stake}", entry.who),
        way: Vec::new(),
        facts: named.iter().map(|it| format!("takes {it}")).collect(),
    };
    entry.say(facts, CONTROL, said, out);
}

fn matters(facts: &Facts, entry: &Entry) -> bool {
    let names = || !objects(facts, entry).is_empty();
    let is_asked = entry.truth == Truth::No || names() && changes_or_shows(facts, entry);
    is_asked && knows_callers(facts, entry)
}

/// Who calls is asked by client-value-trusted where something is changed, and names an object where it is read.
fn objects(facts: &Facts, entry: &Entry) -> Vec<String> {
    let names =
        |it: &Api| if only_reads(it) { &[Means::Object, Means::Caller][..] } else { &[Means::Object] };
    parameters(facts, entry, names)
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Check whose each object is in")]
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

    fn get(said: &str) -> String {
        shop(&format!("api get \"getOrder\" [component web; parameters orderID{said}]"))
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &get("; object-references no"),
            "critical object-reference-unprotected:get — Any caller may pass any orderID to getOrder (getOrder · Web)",
        );
        silent(&RULE, &get("; object-references yes"));
        asks(
            &RULE,
            &get(""),
            "? get.controls.object-references — Is it checked at getOrder for each orderID whether this caller may use it?",
        );
        assert_eq!(answered(&RULE, &get(""), "Not applicable"), "");
        assert_eq!(offered(&RULE, &get("; object-references no")), "Check whose each object is in getOrder");
        assert_eq!(mended(&RULE, &get("; object-references no"), 0), "");
    }

    #[test]
    fn names_of_people_are_names_of_objects_and_one_answer_is_for_all() {
        asks(
            &RULE,
            &shop(
                "api a \"getOrder\" [component web; parameters orderID]
                 api b \"showProfile\" [component web; signature \"showProfile(userID, timestamp)\"]
                 api c \"postComment\" [component web; signature \"postComment(userID, comment_text)\"]",
            ),
            "? a.controls.object-references — Is it checked at getOrder and showProfile for each orderID and userID whether this caller may use it?",
        );
    }

    #[test]
    fn what_is_for_everybody_is_no_secret() {
        silent(&RULE, &get("").replace("confidential", "public"));
        // An order that everybody may see is still its owner's to cancel.
        asks(
            &RULE,
            &get("").replace("confidential", "public").replace("getOrder", "cancelOrder"),
            "? get.controls.object-references — Is it checked at cancelOrder for each orderID whether this caller may use it?",
        );
        silent(&RULE, &get("; authentication na"));
        silent(&RULE, &get("").replace("processes", "authentication no; processes"));
        silent(&RULE, &get("").replace("orderID", "page, text"));
        silent(&RULE, &get("").replace("user -> web", "job -> web"));
    }
}
