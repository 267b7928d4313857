//! How a finding stands with the verdict that was given on it: whether the verdict still holds, and if not, why.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Finding, Report, label, words};
use crate::model::{Id, Model, Verdict, natural, natural_order};

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'m> {
    /// Nobody has judged it.
    Open,
    /// It is being talked about, and open.
    Discussed(&'m Verdict),
    Settled(&'m Verdict),
    /// It was settled, and is open again.
    Reopened(&'m Verdict),
}

impl<'m> Standing<'m> {
    /// The verdict that settles it, if one does.
    pub fn settled(self) -> Option<&'m Verdict> {
        if let Self::Settled(it) = self { Some(it) } else { None }
    }

    pub fn is_open(self) -> bool {
        self.settled().is_none()
    }

    /// The verdict that was given on it, whether it holds or not.
    pub fn verdict(self) -> Option<&'m Verdict> {
        match self {
            Self::Open => None,
            Self::Discussed(it) | Self::Settled(it) | Self::Reopened(it) => Some(it),
        }
    }
}

impl Finding {
    /// How it stands on a day (`2026-11-24`; where no day is known, no verdict expires).
    ///
    /// A verdict holds until its last day is over, and while the facts are those on which it was given; one that names
    /// no facts was written by hand, and holds for all.
    pub fn standing<'m>(&self, model: &'m Model, today: &str) -> Standing<'m> {
        match model.verdicts().get(&self.key).map(|it| &**it) {
            None => Standing::Open,
            Some(it) if !it.state.settles() && it.reason.is_empty() => Standing::Open,
            Some(it) if !it.state.settles() => Standing::Discussed(it),
            Some(it) if is_over(it, today) || self.changed(it).is_some() => Standing::Reopened(it),
            Some(it) => Standing::Settled(it),
        }
    }

    /// Why it is open again, as a sentence: `Accepted until 2026-12-01.`, `Since then: db: 2 up (was: db: 1 up).`
    pub fn reopened_because(&self, model: &Model, verdict: &Verdict, today: &str) -> Option<String> {
        if is_over(verdict, today) {
            let state = verdict.state.label();
            return Some(format!("{state} until {}, and that day is over.", verdict.until));
        }
        let (gone, new) = self.changed(verdict)?;
        let named = |facts: Vec<String>| facts.iter().map(|it| named(it, model)).collect::<Vec<_>>();
        let (gone, new) = (named(gone), named(new));
        Some(match (&gone[..], &new[..]) {
            (gone, []) => format!("No longer so: {}.", words::list(gone)),
            ([], new) => format!("New since then: {}.", words::list(new)),
            (gone, new) => {
                format!("New since then: {}; no longer so: {}.", words::list(new), words::list(gone))
            }
        })
    }

    /// The facts of a verdict that are gone, and those that have come.
    fn changed(&self, verdict: &Verdict) -> Option<(Vec<String>, Vec<String>)> {
        if verdict.facts.is_empty() || verdict.facts == self.facts {
            return None;
        }
        let (then, now): (BTreeSet<&String>, BTreeSet<&String>) =
            (verdict.facts.iter().collect(), self.facts.iter().collect());
        let only = |a: &BTreeSet<&String>, b: &BTreeSet<&String>| -> Vec<String> {
            a.difference(b).map(|it| (*it).clone()).collect()
        };
        let (gone, new) = (only(&then, &now), only(&now, &then));
        (!gone.is_empty() || !new.is_empty()).then_some((gone, new))
    }
}

impl Report {
    /// Verdicts whose finding is gone: kept, since it may come back.
    pub fn orphans<'m>(&self, model: &'m Model) -> Vec<(&'m str, &'m Verdict)> {
        orphans(model, &self.findings)
    }
}

/// Verdicts that are on none of these findings, by their keys in natural order.
pub fn orphans<'m>(model: &'m Model, findings: &[Arc<Finding>]) -> Vec<(&'m str, &'m Verdict)> {
    let found: BTreeSet<&str> = findings.iter().map(|it| it.key.as_str()).collect();
    let orphans = model.verdicts().iter().filter(|it| !found.contains(it.0.as_str()));
    let mut orphans: Vec<(&str, &Verdict)> = orphans.map(|it| (it.0.as_str(), &**it.1)).collect();
    orphans.sort_by_cached_key(|it| natural(it.0));
    orphans
}

/// What a verdict is on whose finding is gone, from its key: `Administration exposed · Web server · tcp/22`.
pub fn key_in_words(model: &Model, key: &str) -> String {
    let mut parts = key.splitn(3, ':');
    let rule = parts.next().unwrap_or_default();
    let label = label(model, rule);
    let subjects = parts.next().unwrap_or_default().split('+').filter_map(|it| Id::new(it).ok());
    let mut subjects: Vec<Id> = subjects.collect();
    // A key has them in the order of letters.
    subjects.sort_by(|a, b| natural_order(a.as_str(), b.as_str()));
    let subjects: Vec<String> = subjects.iter().map(|it| model.title(it)).collect();
    let detail = parts.next().unwrap_or_default();
    [label, &words::list(&subjects), &named(detail, model)]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

/// A fact with names in the place of ids: what a verdict keeps must not depend on names, what is read should have them.
fn named(fact: &str, model: &Model) -> String {
    let is_of_id = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-' || it == '_';
    let mut text = String::with_capacity(fact.len());
    let mut rest = fact;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|it| is_of_id(it) != is_of_id(first)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match Id::new(word).ok().filter(|it| model.has(it)) {
            Some(id) => text.push_str(&model.title(&id)),
            None => text.push_str(word),
        }
        rest = after;
    }
    text
}

fn is_over(verdict: &Verdict, today: &str) -> bool {
    // Days in this form are ordered as texts are.
    !verdict.until.is_empty() && !today.is_empty() && verdict.until.as_str() < today
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{run, testing};

    const CLEAR: &str =
        "asset cards: secret; web -> db: postgres; db: postgres [stores cards; encryption-at-rest no]";
    const KEY: &str = "sensitive-data-at-rest-clear:db";

    fn stands(verdict: &str, today: &str) -> String {
        let facts = testing::facts(&format!("{CLEAR}; verdict \"{KEY}\" [{verdict}]"));
        let report = run(&facts);
        let finding = report.finding(KEY).unwrap();
        match finding.standing(facts.model(), today) {
            Standing::Open => "open".to_owned(),
            Standing::Discussed(_) => "discussed".to_owned(),
            Standing::Settled(it) => it.state.slug().to_owned(),
            Standing::Reopened(it) => finding.reopened_because(facts.model(), it, today).unwrap(),
        }
    }

    #[test]
    fn a_verdict_settles_until_its_day_is_over() {
        assert_eq!(stands("state open", ""), "open");
        assert_eq!(stands("state in-discussion; reason \"asked the vendor\"", ""), "discussed");
        assert_eq!(stands("state transferred; reason r", "2030-01-01"), "transferred");
        let until = "state accepted; reason r; until 2027-01-31";
        assert_eq!(stands(until, "2027-01-31"), "accepted");
        assert_eq!(stands(until, ""), "accepted");
        assert_eq!(stands(until, "2027-02-01"), "Accepted until 2027-01-31, and that day is over.");
    }

    #[test]
    fn a_verdict_reopens_when_its_facts_change_and_says_which() {
        assert_eq!(stands("state accepted; reason r; facts \"cards: secret\"", ""), "accepted");
        assert_eq!(
            stands("state accepted; reason r; facts \"cards: internal\"", ""),
            "New since then: cards: secret; no longer so: cards: internal."
        );
        assert_eq!(
            stands("state accepted; reason r; facts \"cards: secret\", \"x: secret\"", ""),
            "No longer so: x: secret."
        );
    }

    #[test]
    fn a_key_is_read_with_what_it_names() {
        let facts = testing::facts("web \"Web server\"");
        let read = |key| key_in_words(facts.model(), key);
        let label = crate::rules::find("exposed-admin-port").unwrap().label;
        assert_eq!(read("exposed-admin-port:web:tcp/22"), format!("{label} · Web server · tcp/22"));
        assert_eq!(
            read("single-point-of-failure:gone+web").split_once(" · ").unwrap().1,
            "gone and Web server"
        );
        assert_eq!(
            read("single-point-of-failure:no-1+no-10+no-2").split_once(" · ").unwrap().1,
            "no-1, no-2 and no-10"
        );
        assert_eq!([read("no-such-rule"), read("")], ["no-such-rule", ""]);
    }

    #[test]
    fn facts_are_read_with_names() {
        let facts = testing::facts("web \"Web server\"; db \"Orders\": postgres; web -> db");
        let read = |fact| named(fact, facts.model());
        assert_eq!(read("way: admin web db"), "way: admin Web server Orders");
        assert_eq!(read("web-db.from: web, 2 up"), "Web server → Orders.from: Web server, 2 up");
        assert_eq!(read("no-such: 5432 (tcp)"), "no-such: 5432 (tcp)");
    }

    #[test]
    fn verdicts_without_a_finding_are_kept_and_listed() {
        let text = format!(
            "{CLEAR}; verdict \"{KEY}\" [state mitigated]
             verdict \"gone:no-10\" [state accepted; reason r]; verdict \"gone:no-2\" [state accepted]"
        );
        let facts = testing::facts(&text);
        let orphans: Vec<&str> = run(&facts).orphans(facts.model()).into_iter().map(|it| it.0).collect();
        assert_eq!(orphans, ["gone:no-2", "gone:no-10"]);
    }
}
