//! `input-unvalidated`: outside input that nobody checks.

use super::arguments::{Means, arguments};
use super::entries::{Entry, entries, handled};
use super::{
    Asked, Evidence, Finding, Fix, Found, Out, Subject, answer, list, rule, sensitive, severity, words,
    worth, yes_or_no,
};
use crate::analysis::{AssetIx, Facts, Unknown};
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
    on: Whole, reads: [Structure, Pools, Assets, Reach], stride: [Tampering], cwe: [20],
    check: check, fixes: fixes,
}

const CONTROL: &str = "input-validation";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for entry in entries(facts, CONTROL) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let free = free(facts, entry);
    let assets = handled(facts, entry.component);
    let is_at_stake = match entry.api {
        Some(_) => !free.is_empty(),
        None => entry.truth == Truth::No || sensitive::sensitive(facts, &assets).next().is_some(),
    };
    if !is_at_stake {
        return;
    }
    let (impact, worth) = worth(facts, &assets);
    let name = &entry.name;
    let what = if free.is_empty() { "what requests bring".to_owned() } else { list(&free) };
    let mut evidence = Evidence::way(facts, entry.way.iter().copied());
    evidence.also = entry.subjects.clone();
    let stake = stake(&assets, &worth);
    if entry.truth == Truth::Unknown {
        let unknowns = entry.unknowns(CONTROL);
        let Some(about) = unknowns.first().cloned() else { return };
        out.question(Asked {
            about,
            stake: severity(impact, entry.exposure),
            text: format!("Does the server check {what} before {name} uses it?"),
            why: format!("{}{stake}.", words::capital(&entry.who)),
            choices: yes_or_no(facts, &unknowns),
            evidence,
        });
        return;
    }
    let mut said = sensitive::said(facts, &assets);
    said.extend(free.iter().map(|it| format!("takes {it}")));
    out.finding(Found {
        subjects: entry.subjects.clone(),
        detail: String::new(),
        impact,
        exposure: entry.exposure,
        because: format!("{}{stake}", entry.who),
        message: format!("{name} uses {what} unchecked"),
        place: entry.place.clone(),
        evidence,
        facts: said,
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> =
        finding.subjects.iter().map(|it| Unknown::new(it, format!("controls.{CONTROL}"))).collect();
    let label = format!("Check all input to {} on the server", words::titles(facts, &finding.subjects));
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

fn stake(assets: &[AssetIx], worth: &str) -> String {
    if assets.is_empty() { String::new() } else { format!(", and it handles {worth}") }
}

/// The parameters of an API that may hold anything.
fn free(facts: &Facts, entry: &Entry) -> Vec<String> {
    let Some(api) = entry.api else { return Vec::new() };
    let all = arguments(&facts.data.api(api).record);
    let is_free = |it: &Means| {
        !matches!(it, Means::Fixed | Means::Paging | Means::Object | Means::Caller | Means::Time)
    };
    all.into_iter().filter(|it| is_free(&it.means)).map(|it| it.name).collect()
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
            "medium input-unvalidated:post — postComment uses comment_text and place unchecked (postComment · web)",
        );
        silent(&RULE, &post("; input-validation yes"));
        silent(&RULE, &format!("{}; web [input-validation yes]", post("")));
        asks(
            &RULE,
            &post(""),
            "? post.controls.input-validation — Does the server check comment_text and place before postComment uses it?",
        );
        assert_eq!(answered(&RULE, &post(""), "Yes"), "");
        assert_eq!(mended(&RULE, &post("; input-validation no"), 0), "");
    }

    #[test]
    fn a_component_that_says_no_explains_its_apis() {
        fires(
            &RULE,
            &format!("{}; web [input-validation no]", post("; input-validation no")),
            "medium input-unvalidated:web — web uses what requests bring unchecked (web)",
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
            "? web-1.controls.input-validation — Does the server check what requests bring before web-1 and web-2 uses it?",
        );
        assert_eq!(answered(&RULE, text, "No").lines().count(), 1);
    }
}
