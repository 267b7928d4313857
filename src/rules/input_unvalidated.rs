//! `input-unvalidated`: outside input that nobody checks.

use super::arguments::Means;
use super::entries::{Entry, Said, entries, handled, holds};
use super::{Finding, Fix, Out, Subject, list, rule, sensitive, worth};
use crate::analysis::Facts;
use crate::model::{Ids, Truth};

rule! {
    /// ## What it finds
    /// APIs that outsiders call, and components that take outside input, of which somebody has said that the input is
    /// not checked on the server. Where nobody has said, it asks: once an API that takes a parameter of free form or,
    /// where none is drawn, once a component that handles sensitive assets. Parameters that are numbers or choices by
    /// their type are left out.
    ///
    /// ## Why it matters
    /// Most attacks on applications begin with input that nobody expected: too long, of another type, with letters
    /// that mean something to whoever reads it next. What is checked in the client alone is not checked.
    ///
    /// ## Example
    /// `user -> web: https; api post "postComment" [component web; parameters comment_text; input-validation no]`
    ///
    /// ## How to fix it
    /// Check each value on the server for type, length, range and form against what is expected, and refuse all else.
    /// Share one schema of the API with whoever calls it.
    ///
    /// ## References
    /// * CWE-20, Improper input validation; CAPEC-153, Input data manipulation
    /// * OWASP ASVS 4.0, V5.1; NIST SP 800-53, SI-10
    "input-unvalidated", "Unchecked input",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "input-validation"], stride: [Tampering], cwe: [20],
    check: check, fixes: fixes,
}

const CONTROL: &str = "input-validation";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for entry in entries(facts, CONTROL) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let free: Vec<String> =
        entry.arguments(facts).into_iter().filter(|it| is_free(it.means)).map(|it| it.name).collect();
    let assets = handled(facts, entry.component);
    let is_at_stake = match entry.api {
        Some(_) => !free.is_empty(),
        None => entry.truth == Truth::No || sensitive::sensitive(facts, &assets).next().is_some(),
    };
    if !is_at_stake {
        return;
    }
    let (impact, worth) = worth(facts, &assets);
    let (name, what) = (&entry.name, list(&free));
    let (question, message) = if free.is_empty() {
        (
            format!("Is what requests bring to {name} checked on the server?"),
            format!("Input to {name} is used unchecked"),
        )
    } else {
        (
            format!("Are the values of {what} in {name} checked on the server?"),
            format!("Nobody checks {what} of {name}"),
        )
    };
    let because = if assets.is_empty() {
        entry.who.clone()
    } else {
        format!("{}, and {worth} can be taken from there", entry.who)
    };
    let mut remembered = sensitive::said(facts, &assets);
    remembered.extend(free.iter().map(|it| format!("takes {it}")));
    let said = Said { impact, question, message, because, way: Vec::new(), facts: remembered };
    entry.say(facts, CONTROL, said, out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Check on the server all input to")]
}

/// Whether a parameter may hold anything.
fn is_free(means: Means) -> bool {
    !matches!(means, Means::Fixed | Means::Paging | Means::Object | Means::Caller | Means::Time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, silent};

    fn post(said: &str) -> String {
        format!(
            "user -> lb -> web: https; api post \"postComment\" [component web; parameters userID, comment_text, place{said}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &post("; input-validation no"),
            "medium input-unvalidated:post — Nobody checks comment_text and place of postComment (postComment · web)",
        );
        silent(&RULE, &post("; input-validation yes"));
        silent(&RULE, &format!("{}; web [input-validation yes]", post("")));
        asks(
            &RULE,
            &post(""),
            "? post.controls.input-validation — Are the values of comment_text and place in postComment checked on the server?",
        );
        assert_eq!(answered(&RULE, &post(""), "Yes"), "");
        assert_eq!(mended(&RULE, &post("; input-validation no"), 0), "");
    }

    #[test]
    fn a_component_that_says_no_explains_its_apis() {
        fires(
            &RULE,
            &format!("{}; web [input-validation no]", post("; input-validation no")),
            "medium input-unvalidated:web — Input to web is used unchecked (web)",
        );
    }

    #[test]
    fn it_asks_only_where_something_is_at_stake() {
        silent(&RULE, "user -> web -> db: postgres");
        silent(
            &RULE,
            "user -> web: https; api get \"getOrder\" [component web; parameters orderID, n of int]",
        );
        silent(&RULE, "job -> web: https; api post [component web; parameters comment_text]");
        let text =
            "asset a: secret; user -> lb -> web-1, web-2: https; web-1, web-2 -> orders: https [carries a]";
        asks(
            &RULE,
            text,
            "? web-1.controls.input-validation — Is what requests bring to web-1 and web-2 checked on the server?",
        );
        assert_eq!(answered(&RULE, text, "No").lines().count(), 1);
    }
}
