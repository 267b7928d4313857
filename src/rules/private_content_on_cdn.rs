//! `private-content-on-cdn`: content of single users that a CDN keeps, or may keep, for all.

use super::bundles::alternatives;
use super::keeping::{asset_names, flow_ids, flows_of, id, ids, keep_out, once, other};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, nearness, rule, sensitive,
    severity, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Access, Draft, Family, Flow, Ids, Truth};

rule! {
    /// ## What it finds
    /// Sensitive assets that a CDN is said to keep, or that it fetches from a store of files, which is how pages that
    /// were made beforehand reach it. Where sensitive assets only pass through it on their way to a server, it asks
    /// whether its cached answers are told apart by user; no is found, too.
    ///
    /// ## Why it matters
    /// A CDN is made to give everybody the same. One wrong header, or an address that looks like that of a picture,
    /// and the page of one user is kept and shown to all others; a page that lies there needs only its address.
    ///
    /// ## Example
    /// `user -> cdn -> pages: https [read; carries bills]; cdn: cdn; pages: object-store; asset bills "Bills": confidential [personal yes]`
    ///
    /// ## How to fix it
    /// Split what is static and public from what is private, by name or by path; let only the first go over the CDN.
    /// Have private answers marked `no-store`, and the user made part of the key of what is cached.
    ///
    /// ## References
    /// * CWE-524, Use of cache containing sensitive information; CWE-525, for the browser's own cache
    /// * CAPEC-141, Cache poisoning; OWASP ASVS 4.0, V8.1.1 and V8.2.1
    "private-content-on-cdn", "Private content on a CDN",
    kind: Asks, on: Component, reads: [Structure, Pools, Assets, Reach], answers: ["cache-keys"], stride: [InformationDisclosure, Privacy], cwe: [524],
    check: check, fixes: fixes,
}

const CONTROL: &str = "cache-keys";
/// Of findings on what only passes.
const PASSING: &str = "passing";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(cdn) = subject else { return };
    // The rule is about this kind.
    if facts.topology.component(cdn).kind.slug != "cdn" {
        return;
    }
    let (name, (exposure, near)) = (words::name(facts, cdn), nearness(facts, cdn));
    let kept = kept(facts, cdn);
    let assets = if kept.is_empty() { passing(facts, cdn) } else { kept.clone() };
    let truth = facts.topology.component(cdn).control(CONTROL);
    if assets.is_empty() || (kept.is_empty() && matches!(truth, Truth::Yes | Truth::NotApplicable)) {
        return;
    }
    let (impact, worth) = worth(facts, &assets);
    let flows = carrying(facts, cdn, &assets);
    let ends = once(flows.iter().map(|it| other(facts, *it, cdn)).chain([cdn]));
    let evidence = Evidence::set(ids(facts, &ends).into_iter().chain(flow_ids(facts, &flows)));
    // A mistake in what is cached has to come first.
    let guarded = exposure.max(Exposure::Guarded);
    if kept.is_empty() && truth == Truth::Unknown {
        let is_asked = |it: &ComponentIx| {
            let node = facts.topology.component(*it);
            let is_open = node.kind.slug == "cdn" && node.control(CONTROL) == truth;
            is_open && self::kept(facts, *it).is_empty() && !passing(facts, *it).is_empty()
        };
        // Of alternatives the first speaks for all.
        let same: Vec<ComponentIx> = alternatives(facts, cdn).into_iter().filter(is_asked).collect();
        if same.first() != Some(&cdn) {
            return;
        }
        let about: Vec<Unknown> = same.iter().map(|it| unknown(facts, *it)).collect();
        let name = words::names(facts, same);
        out.question(Asked {
            about: unknown(facts, cdn),
            stake: severity(facts, impact, guarded),
            text: format!(
                "Is it certain that no user gets {} of another from {name}?",
                asset_names(facts, &assets)
            ),
            why: format!("{worth} can be cached there, and what is taken for public is kept for everybody."),
            choices: yes_or_no(&about),
            evidence,
        });
        return;
    }
    let (detail, exposure, message, because) = if kept.is_empty() {
        let message = format!("{name} may give one user what was fetched for another: {worth}");
        let because =
            format!("cached answers of {name} do not tell users apart, and {worth} can be among them");
        (PASSING, guarded, message, because)
    } else {
        let because = format!("{worth} can be taken from {name}, and {near}");
        ("", exposure, format!("Everybody can get {worth} from {name}"), because)
    };
    out.finding(Found {
        subjects: vec![id(facts, cdn)],
        detail: detail.to_owned(),
        impact,
        exposure,
        because,
        message,
        place: words::place(facts, cdn),
        evidence,
        facts: sensitive::said(facts, &assets),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let cdn = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some(cdn) = cdn else { return Vec::new() };
    let (name, is_passing) = (words::name(facts, cdn), finding.detail == PASSING);
    let assets = if is_passing { passing(facts, cdn) } else { kept(facts, cdn) };
    let what = asset_names(facts, &assets);
    let mut draft = Draft::of(facts.model());
    keep_out(facts, &mut draft, cdn, &assets);
    if is_passing {
        straight(facts, &mut draft, ids, cdn, &assets);
    }
    if !is_passing {
        return vec![Fix { label: format!("Keep {what} off {name}"), edit: draft.finish() }];
    }
    let split = Fix { label: format!("Lead {what} past {name}"), edit: draft.finish() };
    let edit = answer(facts, &[unknown(facts, cdn)], Truth::Yes);
    vec![split, Fix { label: format!("Tell users apart in the cache of {name}"), edit }]
}

/// Draws flows that bring assets past a CDN, from whoever has them of it to whoever it has them of.
fn straight(facts: &Facts, draft: &mut Draft<'_>, ids: &mut Ids, cdn: ComponentIx, assets: &[AssetIx]) {
    let flows = carrying(facts, cdn, assets);
    let edges = || flows.iter().map(|it| facts.topology.flow(*it)).filter(|it| !it.reply);
    let Some(on) = edges().find(|it| it.from == cdn) else { return };
    for flow in edges().filter(|it| it.to == cdn && it.from != on.to) {
        let carries = assets.iter().map(|it| facts.data.asset_id(*it).clone()).collect();
        let (from, to) = (id(facts, flow.from), id(facts, on.to));
        let past = Flow { from, to, carries, ..Flow::clone(&on.record) };
        let key = draft.mint(ids, &format!("{}-past-{}", flow.record.from, flow.record.to));
        draft.put(key, past);
    }
}

/// The sensitive assets that it is said to keep, or that it fetches from a store: these lie on it.
fn kept(facts: &Facts, cdn: ComponentIx) -> Vec<AssetIx> {
    let node = facts.topology.component(cdn);
    let mut assets: Vec<AssetIx> = sensitive::kept(facts, cdn).collect();
    for flow in &node.out {
        let edge = facts.topology.flow(*flow);
        let is_file = facts.topology.component(edge.to).is(Family::Data);
        if is_file && !edge.reply && matches!(edge.access, Access::Read | Access::ReadWrite | Access::Unknown)
        {
            assets.extend(sensitive::sensitive(facts, facts.data.carried(*flow)));
        }
    }
    once(assets)
}

/// The sensitive assets on its flows.
fn passing(facts: &Facts, cdn: ComponentIx) -> Vec<AssetIx> {
    once(flows_of(facts, cdn).flat_map(|it| sensitive::sensitive(facts, facts.data.carried(it))))
}

/// Its flows that carry any of some assets.
fn carrying(facts: &Facts, cdn: ComponentIx, assets: &[AssetIx]) -> Vec<FlowIx> {
    let carries = |it: &FlowIx| facts.data.carried(*it).iter().any(|it| assets.contains(it));
    once(flows_of(facts, cdn).filter(carries))
}

fn unknown(facts: &Facts, cdn: ComponentIx) -> Unknown {
    Unknown::new(&id(facts, cdn), format!("controls.{CONTROL}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, silent};

    fn shop(cdn: &str, way: &str) -> String {
        format!(
            "asset bills \"Bills\": confidential [personal yes]; asset pictures: public
             cdn \"CDN\": cdn {cdn}; files: object-store; {way}"
        )
    }

    #[test]
    fn what_lies_on_it_is_found() {
        let told =
            "critical private-content-on-cdn:cdn — Everybody can get Bills (confidential) from CDN (CDN)";
        let fetched = shop("", "user -> cdn: https; cdn -> files: https [read; carries bills, pictures]");
        fires(&RULE, &fetched, told);
        fires(&RULE, &shop("[stores bills; cache-keys yes]", "user -> cdn: https"), told);
        silent(&RULE, &shop("[stores pictures]", "user -> cdn -> files: https [read; carries pictures]"));
        assert_eq!(offered(&RULE, &fetched), "Keep Bills off CDN");
        assert_eq!(mended(&RULE, &fetched, 0), "");
    }

    #[test]
    fn what_passes_is_asked_about() {
        let way = "user -> cdn -> lb -> web: https [carries bills]";
        asks(
            &RULE,
            &shop("", way),
            "? cdn.controls.cache-keys — Is it certain that no user gets Bills of another from CDN?",
        );
        silent(&RULE, &shop("[cache-keys yes]", way));
        assert_eq!(answered(&RULE, &shop("", way), "Yes"), "");
        fires(
            &RULE,
            &shop("[cache-keys no]", way),
            "high private-content-on-cdn:cdn:passing — CDN may give one user what was fetched for another: Bills (confidential) (CDN)",
        );
    }

    #[test]
    fn what_is_private_is_led_past() {
        let text = shop("[cache-keys no]", "user -> cdn -> lb: https [carries bills, pictures]");
        assert_eq!(offered(&RULE, &text), "Lead Bills past CDN\nTell users apart in the cache of CDN");
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
        let facts = mended_facts(&RULE, &text, 0);
        let past =
            facts.model().flows().values().find(|it| it.from.as_str() == "user" && it.to.as_str() == "lb");
        assert_eq!(past.map(|it| it.carries.len()), Some(1));
    }
}
