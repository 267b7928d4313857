//! `unbounded-request`: requests as large, and answers as long, as the caller likes.

use super::arguments::{Means, is_long, lists, named, only_reads};
use super::entries::{Entry, Said, apis, holds};
use super::{Finding, Fix, Impact, Out, Subject, list, rule};
use crate::analysis::Facts;
use crate::model::{Api, Draft, Ids, Parameter};

rule! {
    /// ## What it finds
    /// APIs that outsiders call and that list or search without a parameter for pages, or that take a file, a long text
    /// or something to be parsed, and of which somebody has said that neither request nor answer is limited in size. Where nobody has said, it asks.
    ///
    /// ## Why it matters
    /// One request for everything, or one body without end, occupies memory, store and network as a flood would, and no
    /// limit on the number of requests helps. It also copies the whole table in one go.
    ///
    /// ## Example
    /// `user -> web: https; api all "listOrders" [component web; parameters status; request-limits no]`
    ///
    /// ## How to fix it
    /// Answer in pages of a size that the server caps, refuse bodies over a limit before they are read, and give each
    /// request a time after which it ends.
    ///
    /// ## References
    /// * CWE-770, Allocation of resources without limits; CWE-400; CAPEC-147, XML ping of the death
    /// * OWASP API Security Top 10 2023, API4; NIST SP 800-53, SC-5
    "unbounded-request", "Request without a limit",
    kind: Asks, on: Whole, reads: [Structure, Assets, Reach], answers: ["authentication", "request-limits"], stride: [DenialOfService], cwe: [770, 400],
    check: check, fixes: fixes,
}

const CONTROL: &str = "request-limits";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for entry in apis(facts, CONTROL) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let Some(api) = entry.api.map(|it| &facts.data.api(it).record) else { return };
    let arguments = entry.arguments(facts);
    let mut bodies = named(&arguments, &[Means::File, Means::Serialised]);
    bodies.extend(named(&arguments, &[Means::Text]).into_iter().filter(|it| is_long(it) && !only_reads(api)));
    let is_endless = lists(api) && named(&arguments, &[Means::Paging]).is_empty();
    if bodies.is_empty() && !is_endless {
        return;
    }
    let name = &entry.name;
    let (question, message) = match (is_endless, bodies.is_empty()) {
        (true, _) => (
            format!("Is it limited how much one call of {name} answers?"),
            format!("One call of {name} answers without a limit"),
        ),
        (false, _) => (
            format!("Is the size of {} limited in {name}?", list(&bodies)),
            format!("The size of {} is not limited in {name}", list(&bodies)),
        ),
    };
    let mut remembered: Vec<String> = bodies.iter().map(|it| format!("takes {it}")).collect();
    if is_endless {
        remembered.push("lists without pages".to_owned());
    }
    let because = format!("one call can occupy what all share, and {}", entry.who);
    let said =
        Said { impact: Impact::Slight, question, message, because, way: Vec::new(), facts: remembered };
    entry.say(facts, CONTROL, said, out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let mut fixes = vec![holds(facts, finding, CONTROL, "Limit requests and answers of")];
    let Some(id) = finding.subjects.first() else { return fixes };
    if finding.facts == ["lists without pages"] {
        let mut draft = Draft::of(facts.model());
        let pages = Parameter { name: "page".to_owned(), of: "integer".to_owned(), ..Parameter::default() };
        draft.edit::<Api>(id, |it| it.parameters.push(pages));
        fixes
            .push(Fix { label: format!("Let {} answer in pages", facts.title_of(id)), edit: draft.finish() });
    }
    fixes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn orders(of: &str) -> String {
        format!("user -> web: https; api all \"listOrders\" [component web; {of}]")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let finding = "medium unbounded-request:all — One call of listOrders answers without a limit (listOrders · web)";
        fires(&RULE, &orders("parameters status; request-limits no"), finding);
        silent(&RULE, &orders("parameters status; request-limits yes"));
        silent(&RULE, &orders("parameters status, page; request-limits no"));
        let asked = "? all.controls.request-limits — Is it limited how much one call of listOrders answers?";
        asks(&RULE, &orders("parameters status"), asked);
        assert_eq!(answered(&RULE, &orders("parameters status"), "Yes"), "");
    }

    #[test]
    fn bodies_count_and_plain_calls_do_not() {
        let api = |of: &str| format!("user -> web: https; api a \"send\" [component web; parameters {of}]");
        asks(
            &RULE,
            &api("picture of file"),
            "? a.controls.request-limits — Is the size of picture limited in send?",
        );
        asks(
            &RULE,
            &api("comment_text"),
            "? a.controls.request-limits — Is the size of comment_text limited in send?",
        );
        silent(&RULE, &api("userID, title"));
    }

    #[test]
    fn both_fixes_mend_it() {
        let text = orders("parameters status; request-limits no");
        assert_eq!(
            offered(&RULE, &text),
            "Limit requests and answers of listOrders\nLet listOrders answer in pages"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
