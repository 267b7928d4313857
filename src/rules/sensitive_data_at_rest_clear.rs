//! `sensitive-data-at-rest-clear`: stores of sensitive assets that are not encrypted at rest.

// Copied from everywhere, so keep it exemplary.

use super::{
    Asked, Evidence, Finding, Fix, Found, Out, Subject, answer, nearness, rule, sensitive, words, worth,
    yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Capability, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Components that keep sensitive assets (confidential, secret, credentials, or personal and not public) and of
    /// which somebody has said that they are not encrypted at rest. Where nobody has said, it asks. Stores that copy
    /// each other are asked about, and found, together. Caches, queues and backups count as much as databases.
    ///
    /// ## Why it matters
    /// Whoever gets hold of a disk, a snapshot or a backup reads all of it, past every login and every firewall.
    /// Discarded disks and copied snapshots are among the commonest ways in which data leaks.
    ///
    /// ## Example
    /// `db: postgres [stores cards; encryption-at-rest no]; asset cards "Card numbers": secret`
    ///
    /// ## How to fix it
    /// Switch on the encryption of the store or of the disk below it, keep the keys in a key manager apart from the
    /// data, and give the answer. Or do not keep the asset there at all.
    ///
    /// ## References
    /// * CWE-311, Missing encryption of sensitive data; CWE-312, Cleartext storage of sensitive information
    /// * OWASP ASVS 4.0, V6.1; NIST SP 800-53, SC-28
    "sensitive-data-at-rest-clear", "Sensitive data stored in clear",
    kind: Asks, on: Component, reads: [Assets, Pools, Reach], answers: ["encryption-at-rest"], stride: [InformationDisclosure], cwe: [311, 312],
    check: check, fixes: fixes,
}

const CONTROL: &str = "encryption-at-rest";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let is_ours = !facts.topology.component(component).can(Capability::NotOurs);
    if !is_ours || !keeps_sensitive(facts, component) {
        return;
    }
    let truth = encrypted(facts, component);
    if !matches!(truth, Truth::No | Truth::Unknown) {
        return;
    }
    let same = same(facts, component, truth);
    // Stores that copy each other are one: the first of them speaks for all.
    if same.first() != Some(&component) {
        return;
    }
    let mut assets: Vec<AssetIx> = same.iter().flat_map(|it| sensitive::kept(facts, *it)).collect();
    assets.sort_unstable();
    assets.dedup();
    let (impact, worth) = worth(facts, &assets);
    let nearest = same.iter().map(|it| nearness(facts, *it)).min_by_key(|it| it.0);
    let Some((exposure, near)) = nearest else { return };
    let ids: Vec<Id> = same.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
    let names = words::names(facts, same.iter().copied());
    let evidence = Evidence::set(ids.iter().cloned());
    if truth == Truth::Unknown {
        let unknowns: Vec<Unknown> = ids.iter().map(unknown).collect();
        out.question(Asked {
            about: unknown(&facts.topology.component(component).id),
            stake: super::severity(facts, impact, exposure),
            text: format!("Is data at rest in {names} encrypted?"),
            why: format!("{worth} can be taken from there, and {near}."),
            choices: yes_or_no(&unknowns),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: ids,
        detail: String::new(),
        impact,
        exposure,
        because: format!("{worth} can be taken from {names}, and {near}"),
        message: format!("Nothing encrypts {worth} in {names}"),
        place: words::place(facts, component),
        evidence,
        facts: sensitive::said(facts, &assets),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let unknowns: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    vec![Fix { label: format!("Encrypt {names} at rest"), edit: answer(facts, &unknowns, Truth::Yes) }]
}

fn encrypted(facts: &Facts, component: ComponentIx) -> Truth {
    facts.topology.component(component).control(CONTROL)
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// All of its replicated store, or it alone, of which the same was said; of which nobody has said anything, also all of
/// its pool.
fn same(facts: &Facts, component: ComponentIx, truth: Truth) -> Vec<ComponentIx> {
    let pools = &facts.pools;
    let store = pools.store_of(component).map(|it| &pools.store(it).members);
    let pool = pools.pool_of(component).filter(|_| truth == Truth::Unknown).map(|it| &pools.pool(it).members);
    let Some(members) = store.or(pool) else { return vec![component] };
    members
        .iter()
        .copied()
        .filter(|it| encrypted(facts, *it) == truth && keeps_sensitive(facts, *it))
        .collect()
}

fn keeps_sensitive(facts: &Facts, component: ComponentIx) -> bool {
    sensitive::kept(facts, component).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    /// A shop whose web server uses a store of these properties.
    fn shop(store: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; asset prices: public; asset names: internal [personal yes]
             user -> web -> db: postgres; db \"Orders\": postgres [{store}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("stores cards; encryption-at-rest no"),
            "high sensitive-data-at-rest-clear:db — Nothing encrypts Card numbers (secret) in Orders (Orders)",
        );
        silent(&RULE, &shop("stores cards; encryption-at-rest yes"));
        silent(&RULE, &shop("stores cards; encryption-at-rest na"));
        asks(
            &RULE,
            &shop("stores cards"),
            "? db.controls.encryption-at-rest — Is data at rest in Orders encrypted?",
        );
    }

    #[test]
    fn only_sensitive_assets_count() {
        silent(&RULE, &shop("stores prices; encryption-at-rest no"));
        fires(
            &RULE,
            &shop("stores names; encryption-at-rest no"),
            "medium sensitive-data-at-rest-clear:db — Nothing encrypts names (internal) in Orders (Orders)",
        );
    }

    #[test]
    fn stores_that_copy_each_other_are_one() {
        let text = |said: &str| {
            let copy = format!("copy \"Copy\": postgres [stores cards{said}]; db -> copy [replicate]");
            format!("{}; {copy}", shop(&format!("stores cards{said}")))
        };
        asks(
            &RULE,
            &text(""),
            "? copy.controls.encryption-at-rest — Is data at rest in Copy and Orders encrypted?",
        );
        fires(
            &RULE,
            &text("; encryption-at-rest no"),
            "high sensitive-data-at-rest-clear:copy+db — Nothing encrypts Card numbers (secret) in Copy and Orders (Copy)",
        );
        assert_eq!(answered(&RULE, &text(""), "Yes"), "");
        assert_eq!(mended(&RULE, &text("; encryption-at-rest no"), 0), "");
    }

    #[test]
    fn the_level_is_explained_and_the_fix_is_an_answer() {
        let text = shop("stores cards; encryption-at-rest no");
        let finding = only(&RULE, &text);
        assert_eq!(
            finding.because,
            "Card numbers (secret) can be taken from Orders, and the internet is one compromise away: grave impact, high."
        );
        assert_eq!(finding.facts, ["cards: secret"]);
        assert_eq!(offered(&RULE, &text), "Encrypt Orders at rest");
        assert_eq!(mended(&RULE, &text, 0), "");
    }
}
