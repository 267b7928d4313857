//! Files of rules, `*.parapet-rules.ron`: a pack as text, checked word by word while it is read.

use std::ops::Range;

use super::ImportError;
use super::nearest::{did_you_mean, nearest};
use crate::model::{
    ANSWER_FIELDS, BoundaryKind, Control, Id, Kind, Pack, PackError, PackRule, PackSubject, Protocol, Sort,
    Strict, Technology, brackets, read_pack,
};

/// What is said of a pack with more rules than are read.
const TOO_MANY: &str = "a pack has at most ";

/// Reads a pack.
pub(super) fn read(text: &str) -> Result<(Id, Pack), ImportError> {
    read_pack(text, Strict { word, rule }).map_err(|error| match error {
        PackError::Syntax { line, column, what } => ImportError {
            place: Some(place_in_rule(text, &what, (line, column)).unwrap_or((line, column))),
            // One that asks what was meant says what to do.
            hint: if what.ends_with('?') { String::new() } else { "correct it there".to_owned() },
            what,
        },
        PackError::Word { line, column, found, known } => {
            let all = format!("take one of {}", known.join(", "));
            ImportError {
                place: Some((line, column)),
                hint: did_you_mean(&found, known.iter().copied(), &all),
                what: format!("there is no `{found}` here"),
            }
        }
        PackError::Format { .. } => {
            ImportError { place: None, what: error.to_string(), hint: "get a newer Parapet".to_owned() }
        }
    })
}

/// Reads a pack, or tells all that is wrong with it, in order, and at most so much.
///
/// A reader stops at the first fault, and one rule has little to do with the next: so the rule that it stopped in is blanked
/// out, and the rest is read again. What is wrong outside the rules is the last that can be told.
pub(super) fn read_all(text: &str, most: usize) -> Result<(Id, Pack), Vec<ImportError>> {
    let mut fault = match read(text) {
        Ok(pack) => return Ok(pack),
        Err(fault) => fault,
    };
    let mut left = text.to_owned();
    let mut faults: Vec<ImportError> = Vec::new();
    loop {
        // That there are too many is no fault of the one that is too much.
        let is_of_one = !fault.what.contains(TOO_MANY);
        // Blanks are as long as what they stand for: a place in what is left is one in what was given.
        let at = fault.place.filter(|_| is_of_one).and_then(|it| offset(&left, it));
        faults.push(fault);
        let Some(rule) = at.and_then(|it| rule_at(&left, it)) else { break };
        let blank = |it: char| if it == '\n' { "\n".to_owned() } else { " ".repeat(it.len_utf8()) };
        let blanks: String = left.get(rule.clone()).unwrap_or_default().chars().map(blank).collect();
        left.replace_range(rule, &blanks);
        fault = match read(&left) {
            Err(next) if faults.len() < most => next,
            _ => break,
        };
    }
    Err(faults)
}

/// Where a place stands in a text; lines and columns count from 1.
fn offset(text: &str, (line, column): (usize, usize)) -> Option<usize> {
    let lines: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let columns: usize = text.get(lines..)?.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    Some(lines + columns)
}

/// The rule at a place, with all that stands between it and the next: the last that begins before the place, as what is
/// wrong with a whole rule is said where it ends.
fn rule_at(text: &str, at: usize) -> Option<Range<usize>> {
    // Rules stand in a list in the file's own brackets: `(rules: [(…), (…)])`.
    const INSIDE: usize = 2;
    let mut open: Vec<(usize, u8)> = Vec::new();
    let (mut rule, mut next) = (None, None);
    brackets(text, |place, it| {
        next = next.or_else(|| rule.map(|_| place));
        if matches!(it, b'(' | b'[' | b'{') {
            open.push((place, it));
            return;
        }
        let Some((start, bracket)) = open.pop() else { return };
        let is_in_list = open.len() == INSIDE && open.last().is_some_and(|it| it.1 == b'[');
        if is_in_list && (bracket, it) == (b'(', b')') && start <= at {
            (rule, next) = (Some(start), None);
        }
    });
    // What stands behind the next bracket is in a rule that has no end, or behind the list.
    rule.zip(next).filter(|it| at <= it.1).map(|(start, end)| start..end)
}

/// Where a word stands of which was said that a rule cannot have it: a rule is looked at when it has been read, so that the
/// place which the reader gives is that of its end.
fn place_in_rule(text: &str, what: &str, place: (usize, usize)) -> Option<(usize, usize)> {
    let (rule, said) = what.strip_prefix("the rule `")?.split_once("`: ")?;
    let word = said.split('`').nth(1).filter(|it| !it.is_empty())?;
    let before = text.get(..offset(text, place)?)?;
    // The last one: of `source(source(…))` it is the inner that cannot be.
    let at =
        before.rfind(word).filter(|at| before.rfind(&format!("\"{rule}\"")).is_some_and(|id| id < *at))?;
    let before = before.get(..at)?;
    let line_start = before.rfind('\n').map_or(0, |it| it + 1);
    Some((before.matches('\n').count() + 1, before.get(line_start..)?.chars().count() + 1))
}

/// Whether a rule can be meant as it stands, and the places for names in its texts are such.
fn rule(it: &PackRule) -> Result<(), String> {
    it.sound()?;
    let all: &[&str] =
        if it.subject == PackSubject::Flow { &["name", "source", "target", "flow"] } else { &["name"] };
    let places = [("message", &it.message), ("why", &it.why)].map(|(of, text)| {
        let words = text.split('{').skip(1).filter_map(|it| it.split_once('}'));
        // Other braces are no places: they may be part of what is said.
        let is_word = |it: &&str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
        (of, words.map(|it| it.0).filter(is_word).find(|it| !all.contains(it)))
    });
    for (of, word) in places {
        if let Some(word) = word {
            let otherwise = format!("of {} it has `{{name}}`", it.subject.plural());
            let meant = nearest(word, all.iter().copied());
            let meant = meant.map_or(otherwise, |it| format!("did you mean `{{{it}}}`?"));
            return Err(format!("its {of} has no place `{{{word}}}`; {meant}"));
        }
    }
    Ok(())
}

/// Whether a table knows a word; if not, the one that was probably meant.
fn word(sort: Sort, word: &str) -> Result<(), String> {
    let kinds = || Kind::all().iter().map(|it| it.slug.as_str());
    let boundaries = || BoundaryKind::all().iter().map(|it| it.slug.as_str());
    let (is_known, what, meant) = match sort {
        Sort::Kind => (
            Kind::find(word).is_some() || BoundaryKind::find(word).is_some(),
            "kind",
            did_you_mean(word, kinds().chain(boundaries()), "take one of the palette, such as `web-server`"),
        ),
        Sort::BoundaryKind => (
            BoundaryKind::find(word).is_some(),
            "kind of boundary",
            did_you_mean(word, boundaries(), "take one of the palette, such as `subnet-tier`"),
        ),
        Sort::Technology => (
            Technology::find(word).is_some(),
            "technology",
            did_you_mean(
                word,
                Technology::all().iter().map(|it| it.slug.as_str()),
                "take one of the inspector's",
            ),
        ),
        Sort::Protocol => (
            Protocol::find(word).is_some(),
            "protocol",
            did_you_mean(
                word,
                Protocol::all().iter().map(|it| it.slug.as_str()),
                "take one of the inspector's",
            ),
        ),
        Sort::Field => (
            Control::find(word).is_some() || ANSWER_FIELDS.contains(&word),
            "control or field",
            did_you_mean(
                word,
                Control::all().iter().map(|it| it.slug.as_str()).chain(ANSWER_FIELDS),
                "take one such as `logging` or `encrypted`",
            ),
        ),
    };
    if is_known { Ok(()) } else { Err(format!("there is no {what} `{word}`; {meant}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    /// A pack of one rule with this condition on such a subject.
    fn with(subject: &str, when: &str) -> String {
        format!(
            "(format: 1, id: \"p\", rules: [\n  (id: \"r\", label: \"R\", subject: {subject}, message: \"m\",\n   when: {when}),\n])"
        )
    }

    #[test]
    fn words_that_no_table_knows_are_refused_where_they_stand() {
        insta::assert_snapshot!(refused(&with("component", "kind(\"web-sever\")")), @"line 3, column 16: there is no kind `web-sever`; did you mean `web-server`?");
        insta::assert_snapshot!(refused(&with("component", "kind([\"cache\", \"web-sever\"])")), @"line 3, column 26: there is no kind `web-sever`; did you mean `web-server`?");
        insta::assert_snapshot!(refused(&with("component", "all([technology(\"postgress-xl-9000\")])")), @"line 3, column 27: there is no technology `postgress-xl-9000`; did you mean `postgres`?");
        insta::assert_snapshot!(refused(&with("component", "answer(\"loging\", no)")), @"line 3, column 18: there is no control or field `loging`; did you mean `logging`?");
        insta::assert_snapshot!(refused(&with("flow", "crosses(kind(\"subnet\"))")), @"line 3, column 24: there is no kind of boundary `subnet`; did you mean `subnet-tier`?");
        insta::assert_snapshot!(refused(&with("flow", "protocol([\"httpz\"])")), @"line 3, column 21: there is no protocol `httpz`; did you mean `http`?");
        insta::assert_snapshot!(refused(&with("component", "family(dat)")), @"line 3, column 17: there is no `dat` here; did you mean `data`?");
        insta::assert_snapshot!(refused(&with("component", "colour(\"red\")")), @"line 3, column 10: there is no `colour` here; take one of all, any, not, kind, family, technology, can, answer, source, target, protocol, access, carries, keeps, handles, asset, crosses, within, incoming, outgoing, listens, exposed, component");
        insta::assert_snapshot!(refused(&with("component", "listens(\"ssh\")")), @"line 3, column 19: `ssh` are no ports: write tcp/443, tcp/80,443 udp/53, tcp/8000-8080 or any; correct it there");
    }

    #[test]
    fn every_rule_that_is_wrong_is_told_where_it_is_wrong() {
        let text = r#"(format: 1, id: "p", rules: [
  (id: "a", label: "A", subject: component, message: "é {name}", when: kind("web-sever")), // ( a comma, and [
  (id: "b", label: "B", subject: component, message: "m", when: exposed),
  (id: "c", label: "C", subject: component, message: "m", when: crosses(any)) /* ) */ ,
  (id: "d", label: "D", colour: "red", message: "( é", when: exposed),
  (id: "b", label: "B", subject: component, message: "m", when: exposed),
  (id: "e", label: "E", subject: flow, message: "{nmae}", when: protocol("httpz"))
], title: 7)"#;
        let faults = |text: &str, most: usize| read_all(text, most).unwrap_err();
        let told: Vec<String> = faults(text, 20).iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"), @"
        line 2, column 78: there is no kind `web-sever`; did you mean `web-server`?
        line 4, column 65: the rule `c`: `crosses` can be asked of flows, not of components; correct it there
        line 5, column 25: there is no `colour` here; take one of id, label, subject, stride, cwe, severity, when, message, why, advice, references, fix
        line 6, column 74: there are two rules `b` in this pack; correct it there
        line 7, column 75: there is no protocol `httpz`; did you mean `http`?
        line 8, column 10: a text in quotes is expected; correct it there
        ");
        assert_eq!(faults(text, 2).len(), 2);
        assert_eq!(faults(text, 1), [read(text).unwrap_err()]);
        // Where a bracket is missing, nobody can tell which rule is meant.
        assert_eq!(faults(&text.replacen("(any))", "(any)", 1), 20).len(), 1);
        let rule = "(id: \"N\", label: \"A\", subject: component, message: \"m\", when: exposed),";
        let many: String = (0..1010).map(|n| rule.replace('N', &format!("r{n}"))).collect();
        assert_eq!(faults(&format!("(format: 1, id: \"p\", rules: [{many}])"), 20).len(), 1);
    }

    #[test]
    fn rules_that_cannot_be_meant_are_refused_where_it_stands() {
        insta::assert_snapshot!(refused(&with("component", "crosses(any)")), @"line 3, column 10: the rule `r`: `crosses` can be asked of flows, not of components; correct it there");
        insta::assert_snapshot!(refused(&with("flow", "source(source(exposed))")), @"line 3, column 17: the rule `r`: `source` can be asked of flows, not of components; correct it there");
        insta::assert_snapshot!(refused(&with("flow", "answer(\"logging\", no)")), @"line 3, column 18: the rule `r`: `logging` is not asked of flows; correct it there");
        insta::assert_snapshot!(refused(&with("component", "kind(\"subnet-tier\")")), @"line 3, column 16: the rule `r`: there is no kind `subnet-tier`; correct it there");
        insta::assert_snapshot!(refused(&with("flow", "access([unknown])")), @"line 3, column 18: the rule `r`: `unknown` is no access to look for; correct it there");
        let twice = "(format: 1, id: \"p\", rules: [\n(id: \"r\", label: \"R\", subject: asset, message: \"m\", when: all([])),\n(id: \"r\", label: \"R\", subject: asset, message: \"m\", when: all([]))])";
        insta::assert_snapshot!(refused(twice), @"line 3, column 67: there are two rules `r` in this pack; correct it there");
        insta::assert_snapshot!(refused("(format: 2, id: \"p\", wonders: 1)"), @"these rules have format 2, and this Parapet reads format 1; get a newer Parapet");
        insta::assert_snapshot!(refused("(format: 1, id: \"P 1\", rules: [])"), @"line 1, column 18: `P 1` is no id: an id is 1 to 64 of a-z, 0-9, - and _; correct it there");
        insta::assert_snapshot!(refused("nothing"), @"line 1, column 1: Expected struct `pack` but found `nothing`; correct it there");
        insta::assert_snapshot!(refused(&with("component", "kind(\"cache\"")), @"line 4, column 1: a word without quotes is expected; correct it there");
    }

    #[test]
    fn mistakes_of_form_are_told_in_words_of_whoever_writes_rules() {
        let said = |from: &str, to: &str| refused(&with("component", "exposed").replace(from, to));
        insta::assert_snapshot!(said("label:", "severity: higher, label:"), @"line 2, column 23: there is no `higher` here; did you mean `high`?");
        insta::assert_snapshot!(said("label:", "severity: \"high\", label:"), @"line 2, column 23: a word without quotes is expected; correct it there");
        insta::assert_snapshot!(said("label:", "sevrity: high, label:"), @"line 2, column 13: there is no `sevrity` here; did you mean `severity`?");
        insta::assert_snapshot!(said("label:", "version: 1, label:"), @"line 2, column 13: there is no `version` here; take one of id, label, subject, stride, cwe, severity, when, message, why, advice, references, fix");
        insta::assert_snapshot!(said("label: \"R\", ", ""), @"line 3, column 17: `label` is missing; correct it there");
        insta::assert_snapshot!(said("\"R\"", "R"), @"line 2, column 19: a text in quotes is expected; correct it there");
        insta::assert_snapshot!(said("label:", "cwe: [\"CWE-284\"], label:"), @"line 2, column 19: a number is expected; correct it there");
        insta::assert_snapshot!(said("label:", "id: \"s\", label:"), @"line 2, column 13: `id` is there twice; correct it there");
        insta::assert_snapshot!(said("\"m\"", "\"{nmae} is open\""), @"line 2, column 55: the rule `r`: its message has no place `{nmae}`; did you mean `{name}`?");
        insta::assert_snapshot!(said("\"m\"", "\"{source} is open\""), @"line 2, column 55: the rule `r`: its message has no place `{source}`; of components it has `{name}`; correct it there");
    }

    #[test]
    fn nesting_ends_somewhere() {
        let nested = |n: usize| with("component", &format!("{}exposed{}", "not(".repeat(n), ")".repeat(n)));
        assert!(read(&nested(20)).is_ok());
        assert!(refused(&nested(30)).contains("nested deeper than 24"), "{}", refused(&nested(30)));
        assert!(refused(&nested(10_000)).contains("nested too deep"));
        let wide = with("component", &format!("any([{}])", "exposed,".repeat(3000)));
        assert!(refused(&wide).contains("more than 2000 parts"));
        let long = with("component", "exposed")
            .replace("message: \"m\"", &format!("message: \"{}\"", "m".repeat(500)));
        assert!(refused(&long).contains("its message has 500 characters"));
        let long = with("component", "exposed")
            .replace("rules:", &format!("title: \"{}\", rules:", "t".repeat(300)));
        assert!(refused(&long).contains("this text has 300 characters, and at most 255 are read"));
    }
}
