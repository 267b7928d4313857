//! `output-unencoded`: text from outside that reaches a browser as it came.

use super::arguments::{Means, named};
use super::entries::{Entry, Said, entries, handled, holds};
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
    on: Whole, reads: [Structure, Pools, Assets, Reach], stride: [Tampering, ElevationOfPrivilege], cwe: [79, 116],
    check: check, fixes: fixes,
}

const CONTROL: &str = "output-encoding";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let all = entries(facts, CONTROL);
    if all.is_empty() {
        return;
    }
    let shows = |it: ComponentIx, how| {
        let node = facts.topology.component(it);
        how == Arrival::Content && node.can(Capability::Actor) && node.can(Capability::OnTheInternet)
    };
    let shown = facts.inputs().toward(shows);
    for entry in &all {
        say(facts, entry, &shown, out);
    }
}

fn say(facts: &Facts, entry: &Entry, shown: &Onward, out: &mut Out<'_>) {
    let texts = named(&entry.arguments(facts), &[Means::Text]);
    let is_about_text = if entry.api.is_some() { !texts.is_empty() } else { entry.truth == Truth::No };
    let Some(on) = entry.component.filter(|_| is_about_text).and_then(|it| shown.from(it)) else { return };
    let works = |it: &&ComponentIx| facts.topology.component(**it).is(Family::Compute);
    let (Some(reader), Some(last)) = (on.last().copied(), on.iter().rev().find(works).copied()) else {
        return;
    };
    if !is_open(control(facts, last, CONTROL)) {
        return;
    }
    let assets = handled(facts, [last]);
    let (worth_of, worth) = worth(facts, &assets);
    let (name, reader, last_name) = (&entry.name, words::name(facts, reader), words::name(facts, last));
    let what = if texts.is_empty() { "what comes from outside".to_owned() } else { list(&texts) };
    let stake = if assets.is_empty() { String::new() } else { format!(", who gets {worth} there") };
    let mut remembered = sensitive::said(facts, &assets);
    remembered.push(format!("shown by {}", facts.topology.component(last).id));
    let question = if texts.is_empty() {
        format!("Does {name} encode text from outside where it is shown?")
    } else {
        format!("Is {} of {name} encoded where it is shown?", list(&texts))
    };
    let said = Said {
        // It acts as whoever reads it.
        impact: worth_of.max(Impact::Serious),
        question,
        message: format!("Text is shown as it came: {what} in {name}"),
        because: format!("{}, and {last_name} shows it to {reader}{stake}", entry.who),
        way: [entry.way.clone(), on.into_iter().skip(usize::from(!entry.way.is_empty())).collect()].concat(),
        facts: remembered,
    };
    entry.say(facts, CONTROL, said, out);
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
            "? post.controls.output-encoding — Is comment_text of postComment encoded where it is shown?",
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
            "Anyone on the internet can send it, and Pages shows it to Readers: serious impact, high."
        );
        // Nobody reads it, or it is no text.
        silent(&RULE, &comments("").replace("; reader -> page: https [read]", ""));
        silent(&RULE, &comments("").replace(", comment_text", ""));
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
