//! `threat-by-hand`: threats that somebody has added, beside those that are found.

use std::collections::BTreeSet;

use super::{Evidence, Finding, Fix, Out, Stated, Subject, rule, words};
use crate::analysis::Facts;
use crate::model::{Draft, Id, Ids, Model, Stride, Threat};

rule! {
    /// ## What it finds
    /// Threats that a person has added to the drawing, as long as nobody has said of them that they are mitigated,
    /// accepted or otherwise closed. Their level, their categories and the elements that they are about are those that
    /// were given.
    ///
    /// ## Why it matters
    /// No list of rules knows everything: what a team knows of its own system, of past incidents and of those who
    /// would attack it belongs beside what can be read off the drawing, and is settled in the same way.
    ///
    /// ## Example
    /// `admin: admin; threat t-1 "Stolen laptop" [stride spoofing; severity high; subjects admin; mitigation "Lock the disk"]`
    ///
    /// ## How to fix it
    /// Do what its mitigation says, and say so; or give a verdict on it.
    ///
    /// ## References
    /// * Adam Shostack, Threat Modeling: Designing for Security, Wiley 2014, chapters 2 and 9
    /// * NIST SP 800-154, Guide to Data-Centric System Threat Modeling (draft), section 4
    "threat-by-hand", "Threat added by hand",
    kind: Structure, on: Whole, reads: [Structure], answers: [],
    stride: [
        Spoofing, Tampering, Repudiation, InformationDisclosure, DenialOfService, ElevationOfPrivilege, Availability, Privacy,
    ],
    cwe: [],
    check: check, fixes: fixes,
}

/// What closes a threat.
const CLOSED: [&str; 5] = ["mitigated", "accepted", "closed", "done", "transferred"];

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let model = facts.model();
    for (id, threat) in model.threats().iter().filter(|it| is_open(it.1)) {
        let elements: Vec<Id> = threat.subjects.iter().filter(|it| model.has(it)).cloned().collect();
        let place =
            if elements.is_empty() { "No element named".to_owned() } else { words::titles(facts, &elements) };
        let about = about(model, id, threat);
        let kinds: Vec<String> = threat.stride.iter().map(|it| Stride::label(*it).to_lowercase()).collect();
        let kinds = if kinds.is_empty() { String::new() } else { format!(" as {}", words::list(&kinds)) };
        let mitigation = match threat.mitigation.trim() {
            "" => String::new(),
            it => format!(" Mitigation: {}.", it.trim_end_matches('.')),
        };
        out.stated(Stated {
            subjects: about,
            detail: id.to_string(),
            severity: threat.severity,
            because: format!("Added by hand{kinds}, {}.{mitigation}", threat.severity.label().to_lowercase()),
            message: title(threat),
            place,
            evidence: Evidence::set(elements),
            facts: vec![format!("{id}: {}", threat.severity.slug())],
        });
    }
}

/// What the finding of a threat is about: of a threat to nothing in particular, the threat itself.
fn about(model: &Model, id: &Id, threat: &Threat) -> Vec<Id> {
    let about: BTreeSet<Id> = threat.subjects.iter().filter(|it| model.has(it)).cloned().collect();
    if about.is_empty() { vec![id.clone()] } else { about.into_iter().collect() }
}

/// The key of the finding that stands for a threat, or will once it is derived.
pub fn key_of_threat(model: &Model, id: &Id) -> String {
    let about = model.threats().get(id).map(|it| about(model, id, it)).unwrap_or_default();
    super::key(RULE.id, &about, id.as_str())
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let mut draft = Draft::of(facts.model());
    draft.edit::<Threat>(&Id::slug(&finding.detail), |it| it.status = "mitigated".to_owned());
    vec![Fix { label: "Say that it is mitigated".to_owned(), edit: draft.finish() }]
}

fn is_open(threat: &Threat) -> bool {
    !CLOSED.contains(&threat.status.trim().to_lowercase().as_str())
}

fn title(threat: &Threat) -> String {
    match threat.title.trim().trim_end_matches('.') {
        "" => "A threat without a title".to_owned(),
        title => words::capital(title),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::run;
    use crate::rules::testing::{self, fires, mended, only, silent};

    const LAPTOP: &str = "admin \"Ada\": admin; threat t-1 \"Stolen laptop\" [stride spoofing, tampering; severity high; subjects admin; mitigation \"Lock the disk.\"]";

    #[test]
    fn what_fires_and_what_does_not() {
        fires(&RULE, LAPTOP, "high threat-by-hand:admin:t-1 — Stolen laptop (Ada)");
        silent(&RULE, &LAPTOP.replace("severity high", "severity high; status mitigated"));
        silent(&RULE, &LAPTOP.replace("severity high", "severity high; status Accepted"));
        silent(&RULE, "admin \"Ada\": admin");
    }

    #[test]
    fn it_is_told_as_it_was_given() {
        let because = only(&RULE, LAPTOP).because;
        assert_eq!(because, "Added by hand as spoofing and tampering, high. Mitigation: Lock the disk.");
        assert_eq!(mended(&RULE, LAPTOP, 0), "");
    }

    #[test]
    fn one_about_nothing_stands_for_itself() {
        fires(
            &RULE,
            "threat t-1 \"\"",
            "medium threat-by-hand:t-1:t-1 — A threat without a title (No element named)",
        );
    }

    #[test]
    fn its_key_is_known_before_it_is_found() {
        let twice = LAPTOP.replace("subjects admin", "subjects bob, admin, bob");
        for text in [LAPTOP, &format!("bob: user; {twice}"), "threat t-1 \"\""] {
            let facts = testing::facts(text);
            let key = key_of_threat(facts.model(), &Id::slug("t-1"));
            assert!(run(&facts).finding(&key).is_some(), "{key}");
        }
    }
}
