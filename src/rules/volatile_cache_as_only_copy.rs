//! `volatile-cache-as-only-copy`: assets that are kept nowhere but in memory.

use std::collections::BTreeMap;

use super::{
    Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, impact, rule, sensitive, words, worth,
};
use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Access, Answer, Capability, Component, Draft, Edit, Family, Flow, Id, Ids};

rule! {
    /// ## What it finds
    /// Assets that are kept in a cache which forgets everything when it stops (Memcached, a cache inside the process),
    /// and that nothing else keeps. What a third party keeps counts as kept.
    ///
    /// ## Why it matters
    /// A restart, an update or a full memory loses them without a word, and nobody can bring them back: a cache throws
    /// away what it likes, when it likes.
    ///
    /// ## Example
    /// `user -> web -> carts: memcached; carts: memcached [stores baskets]; asset baskets "Baskets": internal`
    ///
    /// ## How to fix it
    /// Write to a store that lasts, and keep only a copy in the cache. If it may be lost, say so in a decision, and
    /// accept the finding.
    ///
    /// ## References
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapters 1 and 3, on caches and durability
    /// * NIST SP 800-53, CP-9 and SI-12
    "volatile-cache-as-only-copy", "Kept in memory alone",
    kind: Structure, on: Whole, reads: [Structure, Assets], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for (caches, assets) in only_copies(facts) {
        let Some(first) = caches.first().copied() else { continue };
        let ids: Vec<Id> = caches.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
        let (names, (_, worth)) = (words::names(facts, caches.iter().copied()), worth(facts, &assets));
        out.finding(Found {
            subjects: ids.clone(),
            detail: String::new(),
            // What is lost is not given away.
            impact: impact(facts, &assets).min(Impact::Serious),
            exposure: Exposure::Guarded,
            because: format!("a restart of {names} loses {worth}, and nothing brings it back"),
            message: format!("Only the memory of {names} keeps {worth}"),
            place: words::place(facts, first),
            evidence: Evidence::set(ids),
            facts: sensitive::said(facts, &assets),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let is_it = |(caches, _): &(Vec<ComponentIx>, Vec<AssetIx>)| {
        let ids = caches.iter().map(|it| &facts.topology.component(*it).id);
        ids.eq(&finding.subjects)
    };
    let Some((caches, assets)) = only_copies(facts).into_iter().find(is_it) else { return Vec::new() };
    let worth = worth(facts, &assets).1;
    let assets: Vec<Id> = assets.iter().map(|it| facts.data.asset_id(*it).clone()).collect();
    let mut fixes = Vec::new();
    if let Some(store) = store_beside(facts, &caches) {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Component>(&facts.topology.component(store).id, |it| {
            it.stores.extend(assets.iter().cloned());
        });
        let label = format!("Keep {worth} in {}, too", words::name(facts, store));
        fixes.push(Fix { label, edit: draft.finish() });
    }
    let names = words::names(facts, caches.iter().copied());
    let edit = store_behind(facts, &caches, &assets, ids);
    fixes.push(Fix { label: format!("Add a store behind {names}"), edit });
    fixes
}

/// Caches that forget, with the assets that they alone keep.
fn only_copies(facts: &Facts) -> BTreeMap<Vec<ComponentIx>, Vec<AssetIx>> {
    let mut kept: BTreeMap<AssetIx, (Vec<ComponentIx>, bool)> = BTreeMap::new();
    for (component, _) in facts.topology.components() {
        for asset in facts.data.kept(component) {
            let (caches, lasts) = kept.entry(*asset).or_default();
            if forgets(facts, component) {
                caches.push(component);
            } else {
                *lasts = true;
            }
        }
    }
    let mut found: BTreeMap<Vec<ComponentIx>, Vec<AssetIx>> = BTreeMap::new();
    for (asset, (caches, lasts)) in kept {
        if !lasts && !caches.is_empty() {
            found.entry(caches).or_default().push(asset);
        }
    }
    found
}

fn forgets(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    // A queue is no cache: what it holds is on its way.
    let is_cache = node.can(Capability::Cache) || node.is(Family::Data) || node.is(Family::Edge);
    is_cache && !node.can(Capability::NotOurs) && node.technology.is_some_and(|it| it.volatile)
}

/// Who uses a cache, in order.
fn users(facts: &Facts, caches: &[ComponentIx]) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let into = caches.iter().flat_map(|it| topology.component(*it).into.iter());
    let flows = into.map(|it| topology.flow(*it)).filter(|it| !it.reply && it.access != Access::Replicate);
    let mut users: Vec<ComponentIx> = flows.map(|it| it.from).collect();
    users.sort_unstable();
    users.dedup();
    users
}

/// A store that lasts, which all who use the caches use as well.
fn store_beside(facts: &Facts, caches: &[ComponentIx]) -> Option<ComponentIx> {
    let topology = &facts.topology;
    let lasts = |it: &ComponentIx| {
        let node = topology.component(*it);
        node.is(Family::Data) && !node.can(Capability::Cache) && !forgets(facts, *it)
    };
    let of = |user: ComponentIx| {
        let out = topology.component(user).out.iter().map(|it| topology.flow(*it));
        out.filter(|it| !it.reply).map(|it| it.to).filter(lasts)
    };
    let (first, rest) = users(facts, caches).split_first().map(|(a, b)| (*a, b.to_vec()))?;
    of(first).filter(|store| rest.iter().all(|it| of(*it).any(|it| it == *store))).min()
}

/// A store in the place of the first of the caches, to which all write who use them.
fn store_behind(facts: &Facts, caches: &[ComponentIx], assets: &[Id], ids: &mut Ids) -> Edit {
    let mut draft = Draft::of(facts.model());
    let Some(first) = caches.first().copied() else { return draft.finish() };
    let cache = facts.topology.component(first);
    let store = draft.mint(ids, &format!("{}-store", cache.id));
    let record = Component {
        kind: "nosql-store".to_owned(),
        name: format!("Store behind {}", cache.record.title()),
        within: facts.topology.place_of(first),
        // One alone would be the next to be lost.
        replicas: Some(2),
        stores: assets.to_vec(),
        ..Component::default()
    };
    draft.put(store.clone(), record);
    for user in users(facts, caches) {
        let user = &facts.topology.component(user).id;
        let flow = Flow {
            access: Access::ReadWrite,
            encrypted: Answer::yes(),
            authenticated: Answer::yes(),
            carries: assets.to_vec(),
            ..Flow::between(user.clone(), store.clone())
        };
        let id = draft.mint(ids, &format!("{user}-{store}"));
        draft.put(id, flow);
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    fn shop(more: &str) -> String {
        format!(
            "asset baskets \"Baskets\": internal; user -> web -> carts: memcached; carts \"Carts\": memcached [stores baskets]; {more}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        let expected = "medium volatile-cache-as-only-copy:carts — Only the memory of Carts keeps Baskets (internal) (Carts)";
        fires(&RULE, &shop(""), expected);
        silent(&RULE, &shop("db: postgres [stores baskets]"));
        silent(&RULE, &shop("bank: stripe [stores baskets]"));
        silent(&RULE, &shop("").replace("memcached [", "redis ["));
        silent(&RULE, "jobs: zeromq [stores baskets]; asset baskets: internal");
    }

    #[test]
    fn caches_that_keep_the_same_are_told_together() {
        let text = shop("more \"More\": in-process-cache [stores baskets, names]; asset names: public");
        fires(
            &RULE,
            &text,
            "medium volatile-cache-as-only-copy:carts+more — Only the memory of Carts and More keeps Baskets (internal) (Carts)
             low volatile-cache-as-only-copy:more — Only the memory of More keeps names (public) (More)",
        );
    }

    #[test]
    fn every_fix_mends_it() {
        assert_eq!(offered(&RULE, &shop("")), "Add a store behind Carts");
        assert_eq!(mended(&RULE, &shop(""), 0), "");
        let text = shop("web -> db: postgres; db \"Orders\": postgres");
        assert_eq!(offered(&RULE, &text), "Keep Baskets (internal) in Orders, too\nAdd a store behind Carts");
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        assert_eq!(only(&RULE, &text).facts, ["baskets: internal"]);
    }
}
