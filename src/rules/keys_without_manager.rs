//! `keys-without-manager`: stores that are encrypted at rest, with keys that no key manager keeps.

use super::keeping::{components, grave, id, ids, once, speaks_for};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, nearness, rule, sensitive,
    severity, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Capability, Component, Draft, Edit, Family, Flow, Ids, Truth};

rule! {
    /// ## What it finds
    /// Stores of confidential or secret assets or credentials that are encrypted at rest, and of which somebody has
    /// said that their keys are not kept in a key manager. Where nobody has said, and no flow to a key manager or a
    /// vault is drawn, it asks, once for all such stores. Stores that copy each other are found together; caches are
    /// left out.
    ///
    /// ## Why it matters
    /// A key that lies beside the data, in a setting or in the same backup, protects from nobody who gets at the data.
    /// Without a manager keys are hardly ever changed, and nobody can say who has used them.
    ///
    /// ## Example
    /// `db: postgres [stores cards; encryption-at-rest yes; key-management no]; asset cards "Card numbers": secret`
    ///
    /// ## How to fix it
    /// Keep the keys in a key manager or a hardware module apart from the data, let the store ask it for the use of a
    /// key rather than for the key, and change keys on a schedule.
    ///
    /// ## References
    /// * CWE-320, Key management errors; CWE-321, Use of hard-coded cryptographic key
    /// * OWASP ASVS 4.0, V6.4; NIST SP 800-53, SC-12, Cryptographic key establishment and management
    "keys-without-manager", "Keys without a manager",
    kind: Asks, on: Whole, reads: [Structure, Assets, Pools, Reach], answers: ["encryption-at-rest", "key-management"], stride: [InformationDisclosure], cwe: [320, 321],
    check: check, fixes: fixes,
}

const ENCRYPTED: &str = "encryption-at-rest";
const CONTROL: &str = "key-management";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let mut unknown: Vec<ComponentIx> = Vec::new();
    for (component, node) in facts.topology.components() {
        if !node.is(Family::Data) || facts.data.kept(component).is_empty() {
            continue;
        }
        if said(facts, component) == Some(Truth::Unknown) {
            unknown.push(component);
        }
        if let Some(stores) = speaks_for(facts, component, |it| said(facts, it) == Some(Truth::No)) {
            out.finding(found(facts, &stores));
        }
    }
    ask(facts, &unknown, out);
}

fn found(facts: &Facts, stores: &[ComponentIx]) -> Found {
    let assets = assets(facts, stores);
    let (impact, worth) = worth(facts, &assets);
    let names = words::names(facts, stores.iter().copied());
    let nearest = stores.iter().map(|it| nearness(facts, *it)).min_by_key(|it| it.0);
    let near = nearest.map(|it| it.1).unwrap_or_default();
    Found {
        subjects: ids(facts, stores),
        detail: String::new(),
        impact,
        // Whoever wants to use the keys has to have taken over the store, or its disk, first.
        exposure: Exposure::Deeper,
        because: format!("the keys to {worth} lie beside the data in {names}, and {near}"),
        message: format!("No key manager keeps the keys to {worth} in {names}"),
        place: stores.first().map(|it| words::place(facts, *it)).unwrap_or_default(),
        evidence: Evidence::set(ids(facts, stores)),
        facts: sensitive::said(facts, &assets),
    }
}

/// One question for all: a firm has one key manager, or none.
fn ask(facts: &Facts, stores: &[ComponentIx], out: &mut Out<'_>) {
    let Some(first) = stores.first() else { return };
    let (impact, worth) = worth(facts, &assets(facts, stores));
    out.question(Asked {
        about: unknown(facts, *first),
        stake: severity(facts, impact, Exposure::Deeper),
        text: format!(
            "Are the keys of {} kept apart from the data, in a key manager?",
            words::names(facts, stores.iter().copied())
        ),
        why: format!("The keys open {worth}, and no key manager is drawn."),
        choices: yes_or_no(&unknowns(facts, stores)),
        evidence: Evidence::set(ids(facts, stores)),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let stores = components(facts, &finding.subjects);
    let Some(first) = stores.first() else { return Vec::new() };
    let answered = answer(facts, &unknowns(facts, &stores), Truth::Yes);
    let names = words::titles(facts, &finding.subjects);
    let mut draft = Draft::of(facts.model());
    let manager = draft.mint(ids, "key-manager");
    // Beside the store, so that no filter stands between.
    let within = facts.topology.place_of(*first);
    let record = Component {
        kind: "key-manager".to_owned(),
        name: "Key manager".to_owned(),
        within,
        ..Component::default()
    };
    draft.put(manager.clone(), record);
    for store in &stores {
        let flow = Flow { protocol: "https".to_owned(), ..Flow::between(id(facts, *store), manager.clone()) };
        let key = draft.mint(ids, &format!("{}-keys", id(facts, *store)));
        draft.put(key, flow);
    }
    let both: Edit = draft.finish().changes().iter().chain(answered.changes()).cloned().collect();
    vec![
        Fix { label: format!("Add a key manager for {names}"), edit: both },
        Fix { label: format!("Keep the keys of {names} in a key manager"), edit: answered },
    ]
}

/// What was said of the keys of a store that keeps what is grave and is encrypted; none for all others, and for those
/// for which a key manager is drawn.
fn said(facts: &Facts, component: ComponentIx) -> Option<Truth> {
    let node = facts.topology.component(component);
    // What a cache keeps is gone before its disk is.
    let applies = node.is(Family::Data)
        && !node.can(Capability::Cache)
        && node.control(ENCRYPTED) == Truth::Yes
        && !grave(facts, facts.data.kept(component)).is_empty();
    let said = applies.then(|| node.control(CONTROL))?;
    (said != Truth::Unknown || !is_managed(facts, component)).then_some(said)
}

/// Whether a flow joins it and what keeps keys: the rule looks for these two kinds.
fn is_managed(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let flows = node.out.iter().chain(&node.into).map(|it| facts.topology.flow(*it));
    let keeps_keys = |it: ComponentIx| {
        matches!(facts.topology.component(it).kind.slug.as_str(), "key-manager" | "secrets-vault")
    };
    flows.into_iter().any(|it| keeps_keys(it.from) || keeps_keys(it.to))
}

fn assets(facts: &Facts, stores: &[ComponentIx]) -> Vec<AssetIx> {
    once(stores.iter().flat_map(|it| grave(facts, facts.data.kept(*it))))
}

fn unknown(facts: &Facts, store: ComponentIx) -> Unknown {
    Unknown::new(&id(facts, store), format!("controls.{CONTROL}"))
}

fn unknowns(facts: &Facts, stores: &[ComponentIx]) -> Vec<Unknown> {
    stores.iter().map(|it| unknown(facts, *it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, silent};

    fn shop(store: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; asset names: internal [personal yes]
             boundary data \"Data tier\": tier {{ db \"Orders\": postgres [{store}] }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("stores cards; encryption-at-rest; key-management no"),
            "medium keys-without-manager:db — No key manager keeps the keys to Card numbers (secret) in Orders (Orders · Data tier)",
        );
        silent(&RULE, &shop("stores cards; encryption-at-rest; key-management"));
        silent(&RULE, &shop("stores cards; key-management no"));
        silent(
            &RULE,
            &shop("stores cards; encryption-at-rest; key-management no").replace("postgres", "redis"),
        );
        silent(&RULE, &shop("stores names; encryption-at-rest; key-management no"));
        let unknown = shop("stores cards; encryption-at-rest");
        asks(
            &RULE,
            &unknown,
            "? db.controls.key-management — Are the keys of Orders kept apart from the data, in a key manager?",
        );
        silent(&RULE, &format!("{unknown}; db -> keys: https; keys: kms"));
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn all_stores_are_one_question() {
        let text = format!(
            "{}; copy \"Copy\": mysql [stores cards; encryption-at-rest]",
            shop("stores cards; encryption-at-rest")
        );
        asks(
            &RULE,
            &text,
            "? copy.controls.key-management — Are the keys of Copy and Orders kept apart from the data, in a key \
             manager?",
        );
        assert_eq!(answered(&RULE, &text, "Yes"), "");
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("stores cards; encryption-at-rest; key-management no");
        let expected = "Add a key manager for Orders\nKeep the keys of Orders in a key manager";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
        let facts = mended_facts(&RULE, &text, 0);
        let manager = facts.model().components().values().find(|it| it.kind == "key-manager").unwrap();
        assert_eq!(manager.within.as_ref().map(|it| it.as_str()), Some("data"));
    }
}
