//! `output-unencoded`: text from outside that reaches a browser as it came.

use super::arguments::{Means, named};
use super::entries::{Entry, Said, apis_alone, entries, handled, holds};
use super::outside::{control, is_open};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, sensitive, words, worth};
use crate::analysis::{Arrival, ComponentIx, Facts, Onward};
use crate::model::{Capability, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// APIs that take free text from outsiders which, along the drawn flows, is kept somewhere, read again and shown
    /// to a user, and of which somebody has said that it is not encoded for where it is shown. Where nobody has said,
    /// it asks. A component that says so of itself is found without any API. Where the last server on the way says
    /// that it encodes, nothing is asked.
    ///
    /// ## Why it matters
    /// Text that is shown as it came can hold a script. It runs in the browser of whoever reads it, with that person's
    /// rights: an administrator's, too, who only looks at what was reported.
    ///
    /// ## Example
    /// `user -> web -> db: postgres; api post "postComment" [component web; parameters comment_text; output-encoding no]`
    ///
    /// ## How to fix it
    /// Encode for the place where text is shown (HTML, attribute, script, address, mail), best by a template language
    /// that does so unless told otherwise; add a content security policy as a second line.
    ///
    /// ## References
    /// * CWE-79, Cross-site scripting; CWE-116, Improper encoding or escaping of output
    /// * CAPEC-592, Stored XSS; OWASP ASVS 4.0, V5.3; NIST SP 800-53, SI-15
    "output-unencoded", "Text shown as it came",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "output-encoding"],
    stride: [Tampering, ElevationOfPrivilege], cwe: [79, 116],
    check: check, fixes: fixes,
}

const CONTROL: &str = "output-encoding";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    // Who takes a text need not be who shows it.
    let mut all = apis_alone(facts, CONTROL);
    all.extend(entries(facts, CONTROL).into_iter().filter(|it| it.api.is_none()));
    if all.is_empty() {
        return;
    }
    let (topology, inputs) = (&facts.topology, facts.inputs());
    let reads = |it: ComponentIx, how| {
        let node = topology.component(it);
        how == Arrival::Content && node.can(Capability::Actor) && node.can(Capability::OnTheInternet)
    };
    // Whoever works on it last before a reader has to see to it; stores and the edge hand on what they have.
    let is_between = |it| matches!(topology.component(it).kind.family, Family::Edge | Family::Data);
    let readers = inputs.toward_through(reads, is_between);
    let shows = |it: ComponentIx, how| {
        let works = topology.component(it).is(Family::Compute) && is_open(control(facts, it, CONTROL));
        works && readers.of(it, how).is_some()
    };
    let shown = Shown { to: inputs.toward(shows), readers };
    for entry in &all {
        say(facts, entry, &shown, out);
    }
}

fn say(facts: &Facts, entry: &Entry, shown: &Shown, out: &mut Out<'_>) {
    let texts = named(&entry.arguments(facts), &[Means::Text]);
    let is_about_text = if entry.api.is_some() { !texts.is_empty() } else { entry.truth == Truth::No };
    let found = entry.component.filter(|_| is_about_text).and_then(|it| shown.way(facts, entry, it));
    let Some((way, last)) = found else { return };
    let Some(reader) = way.last().copied() else { return };
    let last_id = &facts.topology.component(last).id;
    // What shows it answers for it, and is found itself if it says no.
    let is_told = control(facts, last, CONTROL) == Truth::No
        && !entry.subjects.contains(last_id)
        && facts.inputs().reaches(last, Arrival::Request);
    if is_told {
        return;
    }
    let assets = handled(facts, [last]);
    let (worth_of, worth) = worth(facts, &assets);
    let (name, reader, last_name) = (&entry.name, words::name(facts, reader), words::name(facts, last));
    let what = if texts.is_empty() { "what comes from outside".to_owned() } else { list(&texts) };
    let stake = if assets.is_empty() { String::new() } else { format!(", where {worth} can be taken") };
    let mut remembered = sensitive::said(facts, &assets);
    remembered.push(format!("shown by {last_id}"));
    let question = if texts.is_empty() {
        format!("Is text from outside at {name} encoded where it is shown?")
    } else {
        format!("Is text in {} of {name} encoded where it is shown?", list(&texts))
    };
    let said = Said {
        // It acts as whoever reads it.
        impact: worth_of.max(Impact::Serious),
        question,
        message: format!("Text is shown as it came: {what} in {name}"),
        because: format!("{}, and {reader} can see it at {last_name}{stake}", entry.who),
        way,
        facts: remembered,
    };
    entry.say(facts, CONTROL, said, out);
}

/// The ways to those that show something, and on from them to its readers.
struct Shown {
    to: Onward,
    readers: Onward,
}

impl Shown {
    /// The way of text by an entry to a reader, and who shows it: of what comes in requests or, for a component, of
    /// what it reads.
    fn way(
        &self,
        facts: &Facts,
        entry: &Entry,
        component: ComponentIx,
    ) -> Option<(Vec<ComponentIx>, ComponentIx)> {
        let of = |arrival| {
            let (before, on) = (facts.inputs().way(component, arrival), self.to.of(component, arrival)?);
            let last = *on.last()?;
            // It shows what it has read, or what it wrote to a store that readers ask.
            let tail = self
                .readers
                .of(last, Arrival::Content)
                .or_else(|| self.readers.of(last, Arrival::Request))?;
            let mut way = [before, on, tail].concat();
            way.dedup();
            Some((way, last))
        };
        let is_read = entry.api.is_none() && facts.inputs().reaches(component, Arrival::Content);
        of(Arrival::Request).or_else(|| of(Arrival::Content).filter(|_| is_read))
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Encode where it is shown all text from")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only, silent};

    fn comments(api: &str) -> String {
        format!(
            "user -> web: https [write]; web -> db: postgres [write]; page -> db: postgres [read]
             reader \"Readers\": browser; reader -> page: https [read]; page \"Pages\"
             api post \"postComment\" [component web; parameters userID, comment_text{api}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let finding = "high output-unencoded:post — Text is shown as it came: comment_text in postComment (postComment · web)";
        fires(&RULE, &comments("; output-encoding no"), finding);
        silent(&RULE, &comments("; output-encoding yes"));
        silent(&RULE, &comments("").replace("\"Pages\"", "\"Pages\" [output-encoding yes]"));
        asks(
            &RULE,
            &comments(""),
            "? post.controls.output-encoding — Is text in comment_text of postComment encoded where it is shown?",
        );
        assert_eq!(answered(&RULE, &comments(""), "Yes"), "");
        assert_eq!(mended(&RULE, &comments("; output-encoding no"), 0), "");
    }

    #[test]
    fn it_is_followed_to_where_it_is_shown() {
        let finding = only(&RULE, &comments("; output-encoding no"));
        let way: Vec<&str> = finding.evidence.path.iter().map(|it| it.element.as_str()).collect();
        assert_eq!(way, ["user", "web", "db", "page", "reader"]);
        assert_eq!(
            finding.because,
            "Anyone on the internet can send it, and Readers can see it at Pages: serious impact, high."
        );
        // Nobody reads it, or it is no text.
        silent(&RULE, &comments("").replace("; reader -> page: https [read]", ""));
        silent(&RULE, &comments("").replace(", comment_text", ""));
    }

    #[test]
    fn what_shows_it_answers_and_what_takes_it_does_not() {
        let text = |shows: &str| {
            let shows = format!("\"Pages\" [output-encoding {shows}]");
            comments("").replace("\"Pages\"", &shows)
        };
        // The component that takes it shows nothing itself.
        asks(
            &RULE,
            &text("unknown").replace(
                "web -> db: postgres [write]",
                "web -> db: postgres [write]; boundary w: tier { web [output-encoding na] }",
            ),
            "? post.controls.output-encoding — Is text in comment_text of postComment encoded where it is shown?",
        );
        let found = only(&RULE, &text("no"));
        assert_eq!(found.key, "output-unencoded:page");
    }

    #[test]
    fn one_who_encodes_does_not_answer_for_another_who_shows_it() {
        // The service shows nothing as text; the pages, further on, do.
        let text = comments("").replace("web -> db: postgres [write]", "web -> db: postgres [read-write]");
        let text = text.replace("user -> web: https [write]", "user -> lb -> web: https");
        let text = format!("{text}; boundary tier: tier {{ web \"Service\" [output-encoding na] }}");
        let question = crate::rules::testing::only_question(&RULE, &text);
        let way: Vec<&str> = question.evidence.path.iter().map(|it| it.element.as_str()).collect();
        assert_eq!(way, ["user", "lb", "web", "db", "page", "reader"]);
        silent(&RULE, &text.replace("\"Pages\"", "\"Pages\" [output-encoding yes]"));
    }

    #[test]
    fn a_component_may_say_so_of_itself() {
        fires(
            &RULE,
            "user -> web -> db: postgres; web \"Web\" [output-encoding no]",
            "high output-unencoded:web — Text is shown as it came: what comes from outside in Web (Web)",
        );
        silent(&RULE, "user -> web -> db: postgres");
    }
}
