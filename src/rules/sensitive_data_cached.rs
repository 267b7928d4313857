//! `sensitive-data-cached`: copies of confidential assets in caches and search indexes.

use super::keeping::{asset_names, components, grave, id, ids, keep_out, once, speaks_for};
use super::{
    Asked, Evidence, Finding, Fix, Found, Out, Subject, answer, nearest, rule, sensitive, severity, words,
    worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Capability, Draft, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// Caches and search indexes that keep a copy of confidential or secret assets or credentials that a store keeps,
    /// and of which somebody has said that nothing is settled: for a cache how long the copy stays, for an index who
    /// may find what. Where nobody has said, it asks. What is kept in a cache alone is no copy and does not count;
    /// nor does a CDN, of which private-content-on-cdn tells.
    ///
    /// ## Why it matters
    /// A copy escapes the rights, the encryption and the deletion of its source. Caches are often set up for speed,
    /// with one password or none, and an index answers whoever asks it with all that matches.
    ///
    /// ## Example
    /// `db: postgres [stores people]; web -> copies: redis [carries people]; copies: redis [cache-policy no]; asset people "People": confidential`
    ///
    /// ## How to fix it
    /// Do not copy what need not be fast: cache the public part and fetch the rest. Let what stays expire soon, limit
    /// what is kept, and encrypt it. Let an index hold no more than is searched for, and filter by the caller's rights.
    ///
    /// ## References
    /// * CWE-524, Use of cache containing sensitive information
    /// * OWASP ASVS 4.0, V8.1.2, Cached and temporary copies of sensitive data; NIST SP 800-53, SI-12
    "sensitive-data-cached", "Sensitive data cached",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Reach], answers: ["authorisation", "cache-policy"], stride: [InformationDisclosure], cwe: [524],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for truth in [Truth::No, Truth::Unknown] {
        let Some(same) = speaks_for(facts, component, |it| said(facts, it) == Some(truth)) else { continue };
        let assets = once(same.iter().flat_map(|it| copied(facts, *it)));
        let (impact, worth) = worth(facts, &assets);
        let names = words::names(facts, same.iter().copied());
        let Some((exposure, near, _)) = nearest(facts, same.iter().copied()) else { continue };
        let sources = sources(facts, &same, &assets);
        let of = words::names(facts, sources.iter().copied());
        let index = is_index(facts, component);
        let evidence = Evidence::set(ids(facts, &same).into_iter().chain(ids(facts, &sources)));
        if truth == Truth::Unknown {
            let what = asset_names(facts, &assets);
            let text = if index {
                format!("Is it checked for each search in {names} what of {what} the caller may see?")
            } else {
                format!("Is it settled for how long {what} may stay in {names}, and what is left out?")
            };
            out.question(Asked {
                about: unknown(facts, component),
                stake: severity(facts, impact, exposure),
                text,
                why: format!("A copy of {worth} from {of} is kept there, and {near}."),
                choices: yes_or_no(&unknowns(facts, &same)),
                evidence,
            });
            continue;
        }
        let unsettled = if index { "nothing checks who may find it" } else { "nothing says when it goes" };
        out.finding(Found {
            subjects: ids(facts, &same),
            detail: String::new(),
            impact,
            exposure,
            because: format!("a copy of {worth} can be taken from {names}, and {near}"),
            message: format!("A copy of {worth} from {of} lies in {names}, and {unsettled}"),
            place: words::place(facts, component),
            evidence,
            facts: sensitive::said(facts, &assets),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let same = components(facts, &finding.subjects);
    let Some(first) = same.first() else { return Vec::new() };
    let names = words::titles(facts, &finding.subjects);
    let assets = once(same.iter().flat_map(|it| copied(facts, *it)));
    let what = asset_names(facts, &assets);
    let mut draft = Draft::of(facts.model());
    same.iter().for_each(|it| keep_out(facts, &mut draft, *it, &assets));
    let label = if is_index(facts, *first) {
        format!("Check who may find {what} in {names}")
    } else {
        format!("Let {what} expire in {names}")
    };
    let settle = Fix { label, edit: answer(facts, &unknowns(facts, &same), Truth::Yes) };
    vec![Fix { label: format!("Keep {what} out of {names}"), edit: draft.finish() }, settle]
}

/// What was said of a cache or an index that keeps copies of what is grave; none for all others.
fn said(facts: &Facts, component: ComponentIx) -> Option<Truth> {
    let node = facts.topology.component(component);
    let is_meant = node.can(Capability::Cache) || is_index(facts, component);
    let truth = is_meant.then(|| node.control(control(facts, component)))?;
    // What is settled need not be traced.
    let is_open = matches!(truth, Truth::No | Truth::Unknown);
    (is_open && !copied(facts, component).is_empty()).then_some(truth)
}

/// The rule is about this kind, too: what it is asked about is another control.
fn is_index(facts: &Facts, component: ComponentIx) -> bool {
    facts.topology.component(component).kind.slug == "search-index"
}

fn control(facts: &Facts, component: ComponentIx) -> &'static str {
    if is_index(facts, component) { "authorisation" } else { "cache-policy" }
}

/// The grave assets that it keeps and that a store, which is no such copy itself, keeps as well.
fn copied(facts: &Facts, component: ComponentIx) -> Vec<AssetIx> {
    let mut assets = grave(facts, facts.data.kept(component));
    assets.retain(|it| facts.traces().trace(*it).kept.iter().any(|it| is_source(facts, *it)));
    assets
}

fn is_source(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    node.is(Family::Data) && !node.can(Capability::Cache) && !is_index(facts, component)
}

/// The stores of which the copies are: those that whoever uses the copies uses, too, else those that stand beside them,
/// or else all.
fn sources(facts: &Facts, same: &[ComponentIx], assets: &[AssetIx]) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let is_one = |it: &ComponentIx| {
        let keeps = || facts.data.kept(*it).iter().any(|it| assets.contains(it));
        is_source(facts, *it) && !same.contains(it) && keeps()
    };
    let users = same.iter().flat_map(|it| &topology.component(*it).into).map(|it| topology.flow(*it).from);
    let used = once_of(users).into_iter().flat_map(|it| &topology.component(it).out);
    let near = once_of(used.map(|it| topology.flow(*it).to).filter(is_one));
    if !near.is_empty() {
        return near;
    }
    let kept = || assets.iter().flat_map(|it| &facts.traces().trace(*it).kept).copied().filter(is_one);
    let place = same.first().and_then(|it| topology.component(*it).within);
    let beside = once_of(kept().filter(|it| topology.component(*it).within == place));
    if beside.is_empty() { once_of(kept()) } else { beside }
}

fn once_of(components: impl Iterator<Item = ComponentIx>) -> Vec<ComponentIx> {
    let mut components: Vec<ComponentIx> = components.collect();
    components.sort_unstable();
    components.dedup();
    components
}

fn unknown(facts: &Facts, component: ComponentIx) -> Unknown {
    Unknown::new(&id(facts, component), format!("controls.{}", control(facts, component)))
}

fn unknowns(facts: &Facts, same: &[ComponentIx]) -> Vec<Unknown> {
    same.iter().map(|it| unknown(facts, *it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(copies: &str) -> String {
        format!(
            "asset people \"People\": confidential; asset goods: public; asset carts: internal [personal yes]
             user -> web: https; web -> db: postgres; db \"Orders\": postgres [stores people, goods, carts]
             copies \"Copies\": {copies}; web -> copies"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("redis [stores people; cache-policy no]"),
            "high sensitive-data-cached:copies — A copy of People (confidential) from Orders lies in Copies, and nothing says when it goes (Copies)",
        );
        silent(&RULE, &shop("redis [stores people; cache-policy yes]"));
        silent(&RULE, &shop("redis [stores goods, carts; cache-policy no]"));
        let unknown = shop("redis [stores people]");
        asks(
            &RULE,
            &unknown,
            "? copies.controls.cache-policy — Is it settled for how long People may stay in Copies, and what is left \
             out?",
        );
        assert_eq!(answered(&RULE, &unknown, "Not applicable"), "");
    }

    #[test]
    fn what_a_cache_alone_keeps_is_no_copy() {
        silent(&RULE, "asset t: confidential; web -> c: redis [carries t]; c: redis [cache-policy no]");
        silent(
            &RULE,
            "asset t: confidential; c: redis [cache-policy no; stores t]
             d: redis [stores t; cache-policy no]; c -> d [replicate]",
        );
    }

    #[test]
    fn an_index_is_asked_who_may_find_what() {
        asks(
            &RULE,
            &shop("search-index [stores people]"),
            "? copies.controls.authorisation — Is it checked for each search in Copies what of People the caller may see?",
        );
        let found = shop("search-index [stores people; authorisation no]");
        let expected = "Keep People out of Copies\nCheck who may find People in Copies";
        assert_eq!(offered(&RULE, &found), expected);
        assert_eq!([0, 1].map(|it| mended(&RULE, &found, it)), ["", ""]);
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("redis [stores people, goods; cache-policy no]");
        assert_eq!(offered(&RULE, &text), "Keep People out of Copies\nLet People expire in Copies");
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
    }
}
