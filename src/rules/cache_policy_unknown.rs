//! `cache-policy-unknown`: caches of which it is not settled what they keep and for how long.

use super::cases::Case;
use super::{
    Evidence, Exposure, Finding, Fix, Impact, Out, Subject, answer, loads, rule, sensitive, words, worth,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Capability, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Caches that keep assets or whose hit ratio is stated, and CDNs and proxies with a hit ratio, of which somebody has
    /// said that it is not settled what is kept, how much, for how long, and what happens when it is lost or wrong. Where
    /// nobody has said, it asks. Caches of one pool are one.
    ///
    /// ## Why it matters
    /// What never expires shows prices and rights of yesterday, what has no limit pushes out what is needed, and what
    /// was poisoned once is served to all. Nobody notices before the cache is lost, and then the store is lost, too.
    ///
    /// ## Example
    /// `web -> cache: redis; cache [hit-ratio 0.9; cache-policy no]`
    ///
    /// ## How to fix it
    /// Write down for each sort of entry: the key, the time to live, what removes it earlier, who may read it; the size
    /// and what goes first; and what the service does when the cache is empty, down or wrong.
    ///
    /// ## References
    /// * CWE-524, Use of cache containing sensitive information; CWE-525; CAPEC-141, Cache poisoning
    /// * NIST SP 800-53, SC-4, Information in shared system resources
    "cache-policy-unknown", "Cache without a policy",
    kind: Asks, on: Component, reads: [Pools, Assets], answers: ["cache-policy"],
    stride: [InformationDisclosure, Tampering, Availability], cwe: [524, 525],
    check: check, fixes: fixes,
}

const CONTROL: &str = "cache-policy";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(cache) = subject else { return };
    let truth = facts.topology.component(cache).control(CONTROL);
    if !matters(facts, cache) || !matches!(truth, Truth::Unknown | Truth::No) {
        return;
    }
    let is_same =
        |it: &ComponentIx| matters(facts, *it) && facts.topology.component(*it).control(CONTROL) == truth;
    let same: Vec<ComponentIx> = loads::alike(facts, cache).into_iter().filter(is_same).collect();
    // The first of them speaks for all.
    if same.first() != Some(&cache) {
        return;
    }
    let mut assets: Vec<AssetIx> = same.iter().flat_map(|it| facts.data.kept(*it)).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    let keeps_sensitive = sensitive::sensitive(facts, &assets).next().is_some();
    let impact = if keeps_sensitive { Impact::Serious } else { Impact::Slight };
    let ids = loads::ids(facts, &same);
    let names = words::names(facts, same.iter().copied());
    let evidence = Evidence::set(ids.iter().cloned());
    let because = if assets.is_empty() {
        format!("{names} can answer what the store behind would have to")
    } else {
        format!("copies of {} lie in {names}", worth(facts, &assets).1)
    };
    Case {
        control: CONTROL,
        subjects: ids,
        truth,
        impact,
        exposure: Exposure::Guarded,
        question: format!(
            "What is kept in {names}, how much and for how long, and what if it is lost or wrong: is that settled?"
        ),
        message: format!("Nothing settles what is kept in {names}, for how long, and what happens without it"),
        because: match truth {
            Truth::No => format!("{because}, and nothing says until when it is right"),
            _ => because,
        },
        place: words::place(facts, cache),
        evidence,
        facts: sensitive::said(facts, &assets),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let label = format!("Settle the policy of {}", words::titles(facts, &finding.subjects));
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// Whether it is known to cache something.
fn matters(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let has_hits = node.record.hit_ratio.is_some();
    let caches = node.can(Capability::Cache) && (has_hits || !facts.data.kept(component).is_empty());
    (caches || node.can(Capability::HandsOn) && has_hits) && !node.can(Capability::NotOurs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(cache: &str) -> String {
        format!("asset pages: public; asset sessions: secret; web -> cache; cache \"Pages\": redis [{cache}]")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shop("stores sessions; cache-policy no");
        fires(
            &RULE,
            &no,
            "medium cache-policy-unknown:cache — Nothing settles what is kept in Pages, for how long, and what happens without it (Pages)",
        );
        assert_eq!(offered(&RULE, &no), "Settle the policy of Pages");
        assert_eq!(mended(&RULE, &no, 0), "");
        silent(&RULE, &shop("stores sessions; cache-policy yes"));
        silent(&RULE, &shop("stores sessions; cache-policy na"));
        let expected = "? cache.controls.cache-policy — What is kept in Pages, how much and for how long, and what if it is lost or wrong: is that settled?";
        asks(&RULE, &shop("stores pages"), expected);
        asks(&RULE, &shop("hit-ratio 0.9"), expected);
        assert_eq!(answered(&RULE, &shop("stores pages"), "Yes"), "");
        // Of a fresh one nothing is known that would be at stake.
        silent(&RULE, &shop(""));
    }

    #[test]
    fn what_hands_on_caches_only_if_somebody_says_so() {
        silent(&RULE, "user -> cdn -> web: https; cdn [cache-policy no]");
        fires(
            &RULE,
            "user -> cdn -> web: https; cdn [cache-policy no; hit-ratio 0.5]",
            "low cache-policy-unknown:cdn — Nothing settles what is kept in cdn, for how long, and what happens without it (cdn)",
        );
    }

    #[test]
    fn caches_of_one_pool_are_one() {
        let text = "a: redis [pool p; hit-ratio 0.5]; b: redis [pool p; hit-ratio 0.5]; web -> a, b";
        assert_eq!(answered(&RULE, text, "Yes"), "");
    }
}
