//! `object-reference-unprotected`: calls in which another number shows the records of somebody else.

use super::arguments::{Means, arguments, named, only_reads};
use super::cases::classified;
use super::entries::{Entry, Said, apis, handled, holds};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, worth};
use crate::analysis::Facts;
use crate::model::Ids;

rule! {
    /// ## What it finds
    /// APIs that outsiders call with the name of an object (`orderId`, `userID`), and of which somebody has said that
    /// they do not check whether the caller may use that very object. Where nobody has said, it asks, if the API
    /// changes something or classified assets are handled there.
    ///
    /// ## Why it matters
    /// Whoever sees `orderId=1007` tries 1008. This is the commonest hole of APIs, needs no tools, and looks like
    /// ordinary use until all records are gone.
    ///
    /// ## Example
    /// `user -> web: https [carries orders]; api get "getOrder" [component web; parameters orderID; object-references no]; asset orders: confidential`
    ///
    /// ## How to fix it
    /// Look each object up among those of the caller, never among all. Names that cannot be guessed (random, 128 bits)
    /// help, but leak in links and logs, so they do not replace the check.
    ///
    /// ## References
    /// * CWE-639, Authorization bypass through user-controlled key; CAPEC-1, Accessing functionality not properly constrained by ACLs
    /// * OWASP API Security Top 10 2023, API1; OWASP ASVS 4.0, V4.2.1; NIST SP 800-53, AC-3
    "object-reference-unprotected", "Object named by the caller",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "object-references"],
    stride: [InformationDisclosure, ElevationOfPrivilege], cwe: [639],
    check: check, fixes: fixes,
}

const CONTROL: &str = "object-references";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for entry in apis(facts, CONTROL) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let Some(api) = entry.api.map(|it| &facts.data.api(it).record) else { return };
    let given = arguments(api);
    // Who calls is asked by client-value-trusted where something is changed, and names an object where it is read.
    let objects = if only_reads(api) {
        named(&given, &[Means::Object, Means::Caller])
    } else {
        named(&given, &[Means::Object])
    };
    let assets = handled(facts, entry.component);
    let weighs = !only_reads(api) || classified(facts, &assets).next().is_some();
    if objects.is_empty() || !weighs {
        return;
    }
    let (impact, worth) = worth(facts, &assets);
    let (name, what) = (&entry.name, list(&objects));
    let stake = if assets.is_empty() { String::new() } else { format!(", and {worth} is handled there") };
    let said = Said {
        impact: impact.max(Impact::Serious),
        question: format!("Does {name} check that the caller may use the very object that {what} names?"),
        message: format!("Another {what} in {name} leads to what belongs to others"),
        because: format!("{name} takes {what}, {}{stake}", entry.who),
        way: Vec::new(),
        facts: objects.iter().map(|it| format!("takes {it}")).collect(),
    };
    entry.say(facts, CONTROL, said, out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Look objects up among those of the caller in")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn get(said: &str) -> String {
        format!(
            "user -> web: https [carries orders]; asset orders \"Orders\": confidential
             api get \"getOrder\" [component web; parameters orderID{said}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &get("; object-references no"),
            "critical object-reference-unprotected:get — Another orderID in getOrder leads to what belongs to others (getOrder · web)",
        );
        silent(&RULE, &get("; object-references yes"));
        asks(
            &RULE,
            &get(""),
            "? get.controls.object-references — Does getOrder check that the caller may use the very object that orderID names?",
        );
        assert_eq!(answered(&RULE, &get(""), "Yes"), "");
        let text = get("; object-references no");
        assert_eq!(offered(&RULE, &text), "Look objects up among those of the caller in getOrder");
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn reading_what_is_public_needs_no_check() {
        silent(&RULE, &get("").replace("confidential", "public"));
        silent(&RULE, &get("").replace("orderID", "colour"));
        // To change an order that is public is still its owner's.
        asks(
            &RULE,
            &get("").replace("confidential", "public").replace("getOrder", "cancelOrder"),
            "? get.controls.object-references — Does cancelOrder check that the caller may use the very object that orderID names?",
        );
    }
}
