//! `cache-loss-overloads-store`: without its cache, a store gets more than it can serve.

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, loads, rule, words};
use crate::analysis::{ComponentIx, Facts, Load, Loss, is_over};
use crate::model::{Capability, Ids};

rule! {
    /// ## What it finds
    /// Caches with a stated hit ratio whose store (or whatever stands behind them) serves the stated demand only as long
    /// as they are warm: with an empty cache it gets more than its stated capacity. The caches of a pool are emptied
    /// together.
    ///
    /// ## Why it matters
    /// A cache that restarts, fills up with something else or is emptied by an attacker who asks for what is never
    /// cached sends everything to the store at once. The store goes down, and while it is down the cache cannot fill.
    ///
    /// ## Example
    /// `user [requests-per-second 1000; read-share 1]; user -> web -> cache: redis; web -> db; cache [hit-ratio 0.9]; db [capacity 200]`
    ///
    /// ## How to fix it
    /// Give the store capacity for a cold start, or make sure that it never sees all of it: ask once for what many want
    /// at the same time (request coalescing), let in only as much as it can serve, warm the cache before it takes
    /// traffic, keep serving what has expired. What is done of this is no figure: give the finding a verdict.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption; CAPEC-125, Flooding
    /// * NIST SP 800-53, SC-5; Nishtala and others, *Scaling Memcache at Facebook*, 2013
    "cache-loss-overloads-store", "An empty cache overloads the store",
    kind: Structure, on: Component, reads: [Structure, Pools, Assets, Load], answers: [],
    stride: [Availability, DenialOfService], cwe: [400],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let (Subject::Component(cache), Some(load)) = (subject, facts.load()) else { return };
    let Some((caches, cold)) = cold(facts, load, cache) else { return };
    for (store, utilisation) in overloaded(facts, load, &cold) {
        let [name, of] = [store, cache].map(|it| words::name(facts, it));
        let ids = loads::ids(facts, &caches);
        let comes = cold.of_component(store).total();
        out.finding(Found {
            subjects: ids.iter().cloned().chain(loads::ids(facts, &[store])).collect(),
            detail: String::new(),
            impact: Impact::Serious,
            exposure: Exposure::Guarded,
            because: format!("without {of}, {name} cannot keep up"),
            message: format!(
                "With {of} empty, {name} must serve {}, {} of the {} that are possible",
                loads::per_second(comes),
                loads::percent(utilisation),
                loads::number(cold.capacity(store).unwrap_or_default())
            ),
            place: words::place(facts, store),
            evidence: Evidence { also: ids, ..loads::way(facts, &cold, store) },
            facts: vec![loads::fact(facts, load, store), loads::fact(facts, &cold, store)],
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let found: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| facts.topology.find_component(it)).collect();
    let Some(load) = facts.load() else { return Vec::new() };
    let Some((store, needed)) = store_of(facts, load, &found) else { return Vec::new() };
    loads::grow_for(facts, finding, &RULE, &loads::alike(facts, store), needed)
}

/// The store of a finding of these caches and stores, and how many times as much it would have to serve.
fn store_of(facts: &Facts, load: &Load, found: &[ComponentIx]) -> Option<(ComponentIx, f64)> {
    // Any of them may be a cache; the finding is of the one whose caches and store they are.
    let of = |cache: &ComponentIx| {
        let (caches, cold) = cold(facts, load, *cache)?;
        let is_it = |store: ComponentIx| {
            let mut all: Vec<ComponentIx> = caches.iter().copied().chain([store]).collect();
            all.sort_unstable();
            all.dedup();
            all.len() == found.len() && all.iter().all(|it| found.contains(it))
        };
        overloaded(facts, load, &cold).into_iter().find(|it| is_it(it.0))
    };
    found.iter().find_map(of)
}

/// The first of caches that share a load, all of them, and the load when they are empty.
fn cold(facts: &Facts, load: &Load, cache: ComponentIx) -> Option<(Vec<ComponentIx>, Load)> {
    let hits = |it: &ComponentIx| {
        let node = facts.topology.component(*it);
        let ratio = node.record.hit_ratio.map_or(0.0, |it| it.get().clamp(0.0, 1.0));
        if load.of_component(*it).total() > 0.0 { ratio } else { 0.0 }
    };
    let alike = loads::alike(facts, cache);
    let caches: Vec<ComponentIx> = alike.into_iter().filter(|it| hits(it) > 0.0).collect();
    if caches.first() != Some(&cache) {
        return None;
    }
    // What is far from its limit is not overloaded by the misses, so the load need not be worked out again.
    let times = 1.0 / (1.0 - caches.iter().map(hits).fold(0.0, f64::max)).max(1e-6);
    let near = |(ix, _): (ComponentIx, _)| load.utilisation(ix).is_some_and(|it| is_over(it * times));
    let is_hit_always = times >= 1e6;
    if !is_hit_always && !facts.topology.components().any(near) {
        return None;
    }
    let cold = facts.load_without(&Loss { cold: caches.clone(), ..Loss::default() })?;
    Some((caches, cold))
}

/// What is overloaded only when the caches are empty: the first of those that share a load.
fn overloaded(facts: &Facts, load: &Load, cold: &Load) -> Vec<(ComponentIx, f64)> {
    let mut found: Vec<(ComponentIx, f64)> = Vec::new();
    for (store, utilisation) in cold.overloaded() {
        let is_ours = !facts.topology.component(store).can(Capability::NotOurs);
        let alike = loads::alike(facts, store);
        let is_told = alike.iter().any(|it| load.utilisation(*it).is_some_and(is_over));
        let known = found.iter_mut().find(|it| alike.contains(&it.0));
        match known {
            Some(known) => known.1 = known.1.max(utilisation),
            None if is_ours && !is_told => found.push((store, utilisation)),
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, silent};

    fn shop(cache: &str, db: &str) -> String {
        format!(
            "user [requests-per-second 1000; read-share 0.9]; user -> web -> db; web -> cache
             cache \"Pages\": redis [{cache}]; db \"Orders\": postgres [{db}]"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shop("hit-ratio 0.9", "capacity 500"),
            "medium cache-loss-overloads-store:cache+db — With Pages empty, Orders must serve 1,000 requests/s, 200 % of the 500 that are possible (Orders)",
        );
        silent(&RULE, &shop("hit-ratio 0.9", "capacity 1000"));
        silent(&RULE, &shop("hit-ratio 0.9", ""));
        // It is overloaded with the cache, too.
        silent(&RULE, &shop("hit-ratio 0.2", "capacity 500"));
        silent(&RULE, &shop("", "capacity 500"));
        // It caches something else.
        let other = shop("hit-ratio 0.9; stores sessions", "capacity 500; stores orders");
        silent(&RULE, &format!("{other}; asset sessions: secret; asset orders: secret"));
    }

    #[test]
    fn a_cache_that_always_hits_and_caches_of_one_pool() {
        let text = "user [requests-per-second 1000; read-share 1]; user -> cdn -> web: https
            cdn [hit-ratio 1]; web: web-server [capacity 500]";
        fires(
            &RULE,
            text,
            "medium cache-loss-overloads-store:cdn+web — With cdn empty, web must serve 1,000 requests/s, 200 % of the 500 that are possible (web)",
        );
        let pool = shop("hit-ratio 0.9; pool p", "capacity 500");
        fires(
            &RULE,
            &format!("{pool}; other: redis [hit-ratio 0.9; pool p]; web -> other"),
            "medium cache-loss-overloads-store:cache+db+other — With Pages empty, Orders must serve 1,000 requests/s, 200 % of the 500 that are possible (Orders)",
        );
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("hit-ratio 0.9", "capacity 500");
        assert_eq!(
            offered(&RULE, &text),
            "Run Orders as 2 instances\nLet an instance of Orders serve 1,001 requests/s"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
    }

    #[test]
    fn what_is_overloaded_may_be_a_cache_itself() {
        let text = "user [requests-per-second 1000; read-share 1]; user -> back -> front: https; front: cdn [hit-ratio 0.5]
            back: reverse-proxy [hit-ratio 0.9; capacity 2000]; front -> web: https; front [capacity 200]; web [capacity 5000]";
        let text = text
            .replace("front [capacity 200]; ", "")
            .replace("[hit-ratio 0.5]", "[hit-ratio 0.5; capacity 200]");
        assert!(crate::rules::testing::told(&RULE, &text).contains("cache-loss-overloads-store:back+front"));
        for n in 0..offered(&RULE, &text).lines().count() {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
        assert!(!offered(&RULE, &text).is_empty());
    }
}
