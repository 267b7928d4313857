//! `unclassified-data`: assets and columns of which nobody has said how secret they are.

use super::keeping::{id, ids, is_ours};
use super::personal::tells;
use super::{
    Asked, Choice, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Says, Subject, answer, list,
    nearness, rule, sensitive, severity, unnamed, untraced, words,
};
use crate::analysis::{AssetIx, ComponentIx, DatasetNode, Facts, Unknown};
use crate::model::{Answer, Asset, Class, Dataset, Draft, Edit, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// It asks for the class of each asset that a component of yours keeps or handles and that has none; whether an
    /// asset with a name such as Addresses is personal; and what the columns of a dataset hold whose names tell
    /// something of a person (Email, DoB, location) and that name no asset. Of a store that is in use, and of which
    /// nothing says what it keeps, it asks which data that is: of each while no data is known, then of those to which
    /// requests from outside lead; and of what is kept there and no flow is said to carry, who on the way can read it. An asset that is a credential and classed as public is found: one of the two cannot
    /// be.
    ///
    /// ## Why it matters
    /// How well data must be protected follows from its class. Without one, most rules cannot judge: whether it may be
    /// cached, leave, be kept in clear, or be seen by all.
    ///
    /// ## Example
    /// `web -> db: postgres [carries keys]; asset keys "API keys": public [credential yes]`
    ///
    /// ## How to fix it
    /// Give each asset one of four classes: public, internal, confidential, secret. Ask what happens if it stands in
    /// a newspaper tomorrow. Say for each whether it is personal, and whether it opens something.
    ///
    /// ## References
    /// * NIST SP 800-53, RA-2, Security categorisation; ISO/IEC 27002, 5.12, Classification of information
    /// * OWASP ASVS 4.0, V1.8.1; GDPR, article 30, Records of processing activities
    "unclassified-data", "Data without a class",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: [], stride: [InformationDisclosure, Privacy], cwe: [],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for (asset, _, record) in facts.data.assets() {
        let ours = |it: &ComponentIx| is_ours(facts, *it);
        let visited: Vec<ComponentIx> =
            facts.traces().trace(asset).visited.iter().copied().filter(ours).collect();
        // What nothing has to do with does not matter yet.
        if visited.is_empty() {
            continue;
        }
        if record.class == Class::Unknown {
            ask_for_class(facts, asset, &visited, out);
        } else if record.class == Class::Public && record.credential.is_yes() {
            out.finding(contradiction(facts, asset, &visited));
        }
        let is_open = record.personal.is_unknown() && record.class != Class::Public;
        if is_open && tells(&record.name, "").is_some() {
            ask_whether_personal(facts, asset, &visited, out);
        }
    }
    for dataset in facts.data.datasets() {
        ask_for_columns(facts, dataset, out);
    }
    unnamed::ask(facts, out);
    untraced::ask(facts, out);
}

fn ask_for_class(facts: &Facts, asset: AssetIx, visited: &[ComponentIx], out: &mut Out<'_>) {
    let (id, name) = (facts.data.asset_id(asset), title(facts, asset));
    let exposures = visited.iter().map(|it| nearness(facts, *it).0);
    let exposure = exposures.min().unwrap_or(Exposure::Deeper);
    let choice = |class: Class| {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Asset>(id, |it| it.class = class);
        Choice { label: class.label().into(), says: Says::Edit(draft.finish()) }
    };
    out.question(Asked {
        about: Unknown::new(id, "class"),
        stake: severity(facts, Impact::of_asset(facts.data.asset(asset)), exposure),
        text: format!("How secret must {name} stay?"),
        why: format!(
            "{} can see that, and how well to protect it follows from the class.",
            words::names(facts, visited.iter().copied())
        ),
        choices: [Class::Public, Class::Internal, Class::Confidential, Class::Secret].map(choice).to_vec(),
        evidence: Evidence::set(ids(facts, visited)),
    });
}

fn ask_whether_personal(facts: &Facts, asset: AssetIx, visited: &[ComponentIx], out: &mut Out<'_>) {
    let name = title(facts, asset);
    let told = tells(&name, "").map(|it| it.label()).unwrap_or_default();
    out.question(Asked {
        about: Unknown::new(facts.data.asset_id(asset), "personal"),
        stake: severity(facts, Impact::Serious, Exposure::Deeper),
        text: format!("Is there personal data in {name}?"),
        why: format!(
            "By the name, that tells {told}, and the law holds for where that goes and how long it stays."
        ),
        choices: Vec::new(),
        evidence: Evidence::set(ids(facts, visited)),
    });
}

fn contradiction(facts: &Facts, asset: AssetIx, visited: &[ComponentIx]) -> Found {
    let name = title(facts, asset);
    let nearest = visited.iter().copied().min_by_key(|it| nearness(facts, *it).0);
    let (exposure, near) = nearest.map_or((Exposure::Deeper, String::new()), |it| nearness(facts, it));
    let at = nearest.map(|it| words::name(facts, it)).unwrap_or_default();
    Found {
        subjects: vec![facts.data.asset_id(asset).clone()],
        detail: String::new(),
        impact: Impact::of_asset(facts.data.asset(asset)),
        // Perhaps it is the other of the two that is wrong.
        exposure: exposure.max(Exposure::Guarded),
        because: format!("{name} can open something, {at} may treat that as public, and {near}"),
        message: format!("{name}: a credential, yet classed as public"),
        place: nearest.map_or(name, |it| words::place(facts, it)),
        evidence: Evidence::set(ids(facts, visited)),
        facts: sensitive::said(facts, &[asset]),
    }
}

/// One question for all columns of a dataset that look personal and name no asset.
fn ask_for_columns(facts: &Facts, dataset: &DatasetNode, out: &mut Out<'_>) {
    let Some(store) = dataset.store.filter(|it| is_ours(facts, *it)) else { return };
    let columns = open_columns(facts, dataset);
    if columns.is_empty() {
        return;
    }
    let (name, (exposure, near)) = (facts.title_of(&dataset.id), nearness(facts, store));
    let about = Unknown::new(&dataset.id, "columns");
    let mut new = Ids::from_text(&format!("{}.columns", dataset.id));
    let mut choices = Vec::new();
    // What other columns of it hold is the likeliest.
    let personal = dataset.assets.iter().find(|it| facts.data.asset(**it).personal.is_yes());
    if let Some(personal) = personal {
        let mut draft = Draft::of(facts.model());
        hold(facts, &mut draft, dataset, facts.data.asset_id(*personal));
        choices.push(Choice {
            label: format!("Yes, {}", title(facts, *personal)).into(),
            says: Says::Edit(draft.finish()),
        });
    }
    for (label, class, personal) in [
        ("Yes, confidential", Class::Confidential, Answer::yes()),
        ("Yes, internal", Class::Internal, Answer::yes()),
        ("No", Class::Internal, Answer::no()),
    ] {
        let mut draft = Draft::of(facts.model());
        let asset = draft.mint(&mut new, &format!("{name} columns"));
        let name = format!("{} of {name}", list(&columns));
        draft.put(asset.clone(), Asset { name, class, personal, ..Asset::default() });
        hold(facts, &mut draft, dataset, &asset);
        choices.push(Choice { label: label.into(), says: Says::Edit(draft.finish()) });
    }
    out.question(Asked {
        about,
        stake: severity(facts, Impact::Serious, exposure),
        text: format!("Is there personal data in {} of {name}?", list(&columns)),
        why: format!("Nothing says which data {} may keep there, and {near}.", words::name(facts, store)),
        choices,
        evidence: Evidence::set([id(facts, store)]),
    });
}

/// The names of columns that look personal and name no asset that is there.
fn open_columns(facts: &Facts, dataset: &DatasetNode) -> Vec<String> {
    let around = facts.title_of(&dataset.id);
    let columns = dataset.record.columns.iter().filter(|it| is_open(facts, it.asset.as_ref()));
    columns.filter(|it| tells(&it.name, &around).is_some()).map(|it| it.name.clone()).collect()
}

fn is_open(facts: &Facts, asset: Option<&Id>) -> bool {
    asset.is_none_or(|it| facts.data.find_asset(it).is_none())
}

/// Says that the columns that look personal and name no asset hold this one.
fn hold(facts: &Facts, draft: &mut Draft<'_>, dataset: &DatasetNode, asset: &Id) {
    let around = facts.title_of(&dataset.id);
    draft.edit::<Dataset>(&dataset.id, |it| {
        for column in &mut it.columns {
            if is_open(facts, column.asset.as_ref()) && tells(&column.name, &around).is_some() {
                column.asset = Some(asset.clone());
            }
        }
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let Some(asset) = finding.subjects.first() else { return Vec::new() };
    let name = facts.title_of(asset);
    let class = |class: Class| -> Edit {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Asset>(asset, |it| it.class = class);
        draft.finish()
    };
    let opens_nothing = answer(facts, &[Unknown::new(asset, "credential")], Truth::No);
    vec![
        Fix { label: format!("Class {name} as secret"), edit: class(Class::Secret) },
        Fix { label: format!("Say that nothing can be opened with {name}"), edit: opens_nothing },
    ]
}

fn title(facts: &Facts, asset: AssetIx) -> String {
    facts.title_of(facts.data.asset_id(asset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let keys = |said: &str| format!("user -> web: https [carries keys]; asset keys \"API keys\": {said}");
        fires(
            &RULE,
            &keys("public [credential yes]"),
            "high unclassified-data:keys — API keys: a credential, yet classed as public (web)",
        );
        silent(&RULE, &keys("secret [credential yes]"));
        silent(&RULE, &keys("public"));
        asks(&RULE, &keys("unknown"), "? keys.class — How secret must API keys stay?");
        for label in ["Public", "Internal", "Confidential", "Secret"] {
            assert_eq!(answered(&RULE, &keys("unknown"), label), "", "{label}");
        }
        silent(&RULE, "asset keys: unknown; user -> web: https");
    }

    #[test]
    fn an_asset_may_be_personal_by_its_name() {
        let text = "web -> db: postgres [carries a]; asset a \"Birth dates\": internal";
        asks(&RULE, text, "? a.personal — Is there personal data in Birth dates?");
        assert_eq!(answered(&RULE, text, "Yes"), "");
        silent(&RULE, &text.replace("internal", "internal [personal no]"));
    }

    #[test]
    fn columns_that_look_personal_are_asked_about_together() {
        let users = |columns: &str| {
            format!(
                "db: postgres; asset people \"People\": internal [personal yes]
                 dataset users \"Users\" [store db; columns {columns}]"
            )
        };
        let text = users("UserID, Email, DoB, Name holds people, CreationDate");
        asks(&RULE, &text, "? users.columns — Is there personal data in Email and DoB of Users?");
        for label in ["Yes, People", "Yes, confidential", "Yes, internal", "No"] {
            assert_eq!(answered(&RULE, &text, label), "", "{label}");
        }
        silent(&RULE, &users("UserID, Email holds people"));
        silent(&RULE, &text.replace("store db; ", ""));
    }

    #[test]
    fn every_fix_mends_it() {
        let text = "web -> db: postgres [carries keys]; asset keys \"Keys\": public [credential yes]";
        assert_eq!(offered(&RULE, text), "Class Keys as secret\nSay that nothing can be opened with Keys");
        assert_eq!([0, 1].map(|it| mended(&RULE, text, it)), ["", ""]);
    }
}
