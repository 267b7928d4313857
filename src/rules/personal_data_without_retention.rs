//! `personal-data-without-retention`: datasets of personal data that nobody ever deletes.

use super::keeping::{id, is_ours};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, nearness, rule, sensitive,
    severity, words, worth,
};
use crate::analysis::{AssetIx, DatasetNode, Facts, Unknown};
use crate::model::{Class, Ids, Truth};

rule! {
    /// ## What it finds
    /// Datasets in a store of yours with columns that hold personal assets, public ones left out, of which somebody has
    /// said that no time is settled after which they are deleted. Where nobody has said, and the dataset does not
    /// say how long it is kept, it asks.
    ///
    /// ## Why it matters
    /// Data that is kept for ever makes each breach larger and each request to delete harder. Many laws forbid to keep
    /// personal data longer than its purpose needs it.
    ///
    /// ## Example
    /// `db: postgres; asset people "People": confidential [personal yes]; dataset users "Users" [store db; columns id, email holds people; control "retention" no]`
    ///
    /// ## How to fix it
    /// Settle for each kind of record how long it is needed, and after what event that time begins; write it down at
    /// the dataset, and have a job delete or blur what is older, backups and copies included.
    ///
    /// ## References
    /// * GDPR, article 5(1)(e), Storage limitation
    /// * OWASP ASVS 4.0, V8.3.8; NIST SP 800-53, SI-12(3), Information disposal
    "personal-data-without-retention", "Personal data without a time limit",
    kind: Asks, on: Dataset, reads: [Assets, Reach], answers: ["retention"], stride: [Privacy], cwe: [],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Dataset(dataset) = subject else { return };
    let dataset = facts.data.dataset(dataset);
    let Some(store) = dataset.store.filter(|it| is_ours(facts, *it)) else { return };
    let is_personal = |it: &AssetIx| {
        let asset = facts.data.asset(*it);
        asset.personal.is_yes() && asset.class != Class::Public
    };
    let assets: Vec<AssetIx> = dataset.assets.iter().copied().filter(is_personal).collect();
    let truth = limit(dataset);
    if assets.is_empty() || matches!(truth, Truth::Yes | Truth::NotApplicable) {
        return;
    }
    let (impact, worth) = worth(facts, &assets);
    let (name, near) = (facts.title_of(&dataset.id), nearness(facts, store).1);
    // It lets nobody in: it makes larger what whoever gets in takes away.
    let exposure = Exposure::Deeper;
    let place = words::place(facts, store);
    let evidence = Evidence::set([id(facts, store)]);
    if truth == Truth::Unknown {
        out.question(Asked {
            about: unknown(dataset),
            stake: severity(facts, impact, exposure),
            text: format!("Is there a time after which {name} must be deleted?"),
            why: format!("Personal data is kept there, {worth}, and {near}."),
            choices: Vec::new(),
            evidence,
        });
        return;
    }
    let keeper = words::name(facts, store);
    out.finding(Found {
        subjects: vec![dataset.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("nothing has to delete {worth} from {keeper}, and {near}"),
        message: format!("No time limit is set for {worth} in {name}"),
        place,
        evidence,
        facts: sensitive::said(facts, &assets),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let Some(dataset) = facts.data.datasets().iter().find(|it| finding.subjects.contains(&it.id)) else {
        return Vec::new();
    };
    let label = format!("Settle after which time to delete {}", facts.title_of(&dataset.id));
    vec![Fix { label, edit: answer(facts, &[unknown(dataset)], Truth::Yes) }]
}

/// Whether there is one: what was answered or, where nothing was, whether the dataset says how long it is kept.
fn limit(dataset: &DatasetNode) -> Truth {
    match dataset.record.controls.truth("retention") {
        Truth::Unknown if !dataset.record.retention.trim().is_empty() => Truth::Yes,
        said => said,
    }
}

fn unknown(dataset: &DatasetNode) -> Unknown {
    Unknown::new(&dataset.id, "controls.retention")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn users(said: &str) -> String {
        format!(
            "asset people \"People\": confidential [personal yes]; asset posts: public [personal yes]
             asset bills: secret; user -> web -> db: https; db: postgres
             dataset users \"Users\" [store db; columns id, email holds people, bill holds bills{said}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &users("; control \"retention\" no"),
            "medium personal-data-without-retention:users — No time limit is set for People (confidential) in Users (db)",
        );
        silent(&RULE, &users("; control \"retention\" yes"));
        silent(&RULE, &users("; retention \"Ten years\""));
        silent(&RULE, &users("").replace("people,", "posts,"));
        silent(&RULE, &users("").replace("store db; ", ""));
        silent(&RULE, &users("").replace("db: postgres", "db: third-party-service"));
        let unknown = users("");
        asks(
            &RULE,
            &unknown,
            "? users.controls.retention — Is there a time after which Users must be deleted?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
        assert_eq!(answered(&RULE, &unknown, "Not applicable"), "");
    }

    #[test]
    fn the_fix_is_an_answer() {
        let text = users("; control \"retention\" no");
        assert_eq!(offered(&RULE, &text), "Settle after which time to delete Users");
        assert_eq!(mended(&RULE, &text, 0), "");
    }
}
