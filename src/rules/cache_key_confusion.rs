//! `cache-key-confusion`: shared caches of answers that differ by user, and whose keys do not say for whom they are.

use super::outside::{control, is_open, together};
use super::sensitive::{handled, is_sensitive, said};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, rule, severity, words, worth,
    yes_or_no,
};
use crate::analysis::{Arrival, AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Capability, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Caches that many users share and that hold, or hand on, sensitive assets (confidential, secret, or personal and
    /// not public), and of which somebody has said that the key of an answer does not hold all that the answer depends
    /// on. These are key-value caches that requests from outside are answered from, CDNs, and what else hands requests
    /// on and has a hit ratio. Where nobody has said, it asks. Credentials alone, such as sessions, are left out: they
    /// are their own key.
    ///
    /// ## Why it matters
    /// One user is shown what was made for another, and nobody had to attack. An attacker can bring it about: by an
    /// address that looks like a picture, or by a header that the key leaves out.
    ///
    /// ## Example
    /// `user -> cdn -> web: https; cdn [cache-keys no]; web [processes bills]; asset bills: confidential`
    ///
    /// ## How to fix it
    /// Put the user, and whatever else the answer depends on, into the key; let private answers say that no shared
    /// cache may keep them; keep static files apart from pages.
    ///
    /// ## References
    /// * CWE-524, Use of cache containing sensitive information; CWE-488, Exposure of data element to wrong session
    /// * CAPEC-141, Cache poisoning; OWASP ASVS 4.0, V8.1; RFC 9111, section 4.1
    "cache-key-confusion", "Cache that confuses users",
    kind: Asks, on: Component, reads: [Structure, Pools, Assets, Reach], answers: ["cache-keys"],
    stride: [InformationDisclosure], cwe: [524, 488],
    check: check, fixes: fixes,
}

const CONTROL: &str = "cache-keys";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(cache) = subject else { return };
    let truth = control(facts, cache, CONTROL);
    if !is_open(truth) || per_user(facts, cache).is_empty() {
        return;
    }
    let same =
        together(facts, cache, |it| control(facts, it, CONTROL) == truth && !per_user(facts, it).is_empty());
    if same.first() != Some(&cache) {
        return;
    }
    let mut assets: Vec<AssetIx> = same.iter().flat_map(|it| per_user(facts, *it)).collect();
    assets.sort_unstable();
    assets.dedup();
    let (impact, worth) = worth(facts, &assets);
    // Whoever is shown another's answer is a user, with or without a login.
    let exposure = Exposure::Guarded;
    let names = words::names(facts, same.iter().copied());
    let ids: Vec<Id> = same.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
    let mut evidence = Evidence::way(facts, way(facts, cache));
    evidence.also = ids.clone();
    if truth == Truth::Unknown {
        let unknowns: Vec<Unknown> = ids.iter().map(unknown).collect();
        out.question(Asked {
            about: unknown(&facts.topology.component(cache).id),
            stake: severity(facts, impact, exposure),
            text: format!("Does the key of each answer kept in {names} say for which user it is?"),
            why: format!("Many users share {names}, and {worth} can be found there."),
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
        because: format!("many users share {names}, and {worth} can be found there"),
        message: format!("{names} may show one user {worth} of another"),
        place: words::place(facts, cache),
        evidence,
        facts: said(facts, &assets),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let unknowns: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let label = format!("Put the user into the keys of {}", words::titles(facts, &finding.subjects));
    vec![Fix { label, edit: answer(facts, &unknowns, Truth::Yes) }]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// The way of requests from outside to it, or to who asks it.
fn way(facts: &Facts, cache: ComponentIx) -> Vec<ComponentIx> {
    let way = facts.inputs().way(cache, Arrival::Request);
    match asker(facts, cache) {
        Some(asker) if way.is_empty() => [facts.inputs().way(asker, Arrival::Request), vec![cache]].concat(),
        _ => way,
    }
}

/// One that asks a cache and is reached by requests from outside.
fn asker(facts: &Facts, cache: ComponentIx) -> Option<ComponentIx> {
    let into = facts.topology.component(cache).into.iter().map(|it| facts.topology.flow(*it));
    let mut askers = into.filter(|it| !it.reply).map(|it| it.from);
    askers.find(|it| facts.inputs().reaches(*it, Arrival::Request))
}

/// The sensitive assets of which a shared cache may keep one user's for another; none of what caches nothing.
fn per_user(facts: &Facts, cache: ComponentIx) -> Vec<AssetIx> {
    let node = facts.topology.component(cache);
    let keeps_answers = node.can(Capability::HandsOn)
        && (node.kind.slug == "cdn" || node.record.hit_ratio.is_some())
        && facts.inputs().reaches(cache, Arrival::Request);
    let mut assets: Vec<AssetIx> = if node.can(Capability::Cache) && asker(facts, cache).is_some() {
        handled(facts, cache).collect()
    } else if keeps_answers {
        let served = served(facts, cache);
        served.into_iter().flat_map(|it| facts.data.handled(it).to_vec()).collect()
    } else {
        Vec::new()
    };
    let is_per_user = |it: &AssetIx| {
        let asset = facts.data.asset(*it);
        is_sensitive(asset) && !asset.credential.is_yes()
    };
    assets.retain(is_per_user);
    assets.sort_unstable();
    assets.dedup();
    assets
}

/// It, and all that it hands requests on to, through more of the edge.
fn served(facts: &Facts, first: ComponentIx) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let mut served = vec![first];
    let mut n = 0;
    while let Some(next) = served.get(n).copied() {
        n += 1;
        let node = topology.component(next);
        let goes_on = next == first || (node.is(Family::Edge) && !node.can(Capability::NotOurs));
        for flow in node.out.iter().filter(|_| goes_on).map(|it| topology.flow(*it)) {
            if !flow.reply && !served.contains(&flow.to) {
                served.push(flow.to);
            }
        }
    }
    served
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, silent};

    const BILLS: &str =
        "asset bills \"Bills\": confidential; asset logins: secret [credential yes]; asset news: public";

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let with = |said: &str| {
            format!("{BILLS}; user -> cdn -> lb -> web: https; web [processes bills]; cdn \"CDN\" {said}")
        };
        fires(
            &RULE,
            &with("[cache-keys no]"),
            "high cache-key-confusion:cdn — CDN may show one user Bills (confidential) of another (CDN)",
        );
        silent(&RULE, &with("[cache-keys yes]"));
        asks(
            &RULE,
            &with(""),
            "? cdn.controls.cache-keys — Does the key of each answer kept in CDN say for which user it is?",
        );
        assert_eq!(answered(&RULE, &with(""), "Yes"), "");
        assert_eq!(mended(&RULE, &with("[cache-keys no]"), 0), "");
    }

    #[test]
    fn only_what_differs_by_user_and_is_cached() {
        let cdn = |asset: &str| {
            format!("{BILLS}; user -> cdn -> files: https; files: object-store [stores {asset}]")
        };
        silent(&RULE, &cdn("news"));
        silent(&RULE, &cdn("logins"));
        let proxy =
            |said: &str| format!("{BILLS}; user -> proxy -> web: https; web [processes bills]; proxy {said}");
        silent(&RULE, &proxy(""));
        asks(
            &RULE,
            &proxy("[hit-ratio 0.5]"),
            "? proxy.controls.cache-keys — Does the key of each answer kept in proxy say for which user it is?",
        );
    }

    #[test]
    fn caches_behind_users_and_copies_together() {
        let text = |from: &str| {
            format!(
                "{BILLS}; {from} -> web: https; web -> c-1: redis [read]; c-1: redis [stores bills]
                 c-2: redis [stores bills]; web -> c-2: redis [read]; c-1 -> c-2 [replicate]"
            )
        };
        asks(
            &RULE,
            &text("user"),
            "? c-1.controls.cache-keys — Does the key of each answer kept in c-1 and c-2 say for which user it is?",
        );
        silent(&RULE, &text("job"));
    }
}
