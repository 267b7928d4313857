//! `sensitive-data-travels-too-far`: sensitive assets that pass through components which do not use them.

use super::keeping::{asset_names, flow_ids, flows_of, id, ids, is_ours, other, put_token, unload};
use super::{
    Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, nearness, nearness_of, rule, sensitive,
    words, worth,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx, Trace};
use crate::model::{Access, Component, Draft, Family, Flow, Id, Ids};

rule! {
    /// ## What it finds
    /// Confidential or secret assets and credentials that pass through a component of yours which is not said to use
    /// them: it has them on flows with two others, and neither keeps nor processes them. Where the drawing does not say
    /// of any component that it processes the asset, nothing is found, as nobody has said who uses it. What only hands
    /// requests on, such as a load balancer, a queue or a store, does not count, nor does what fetches it from a store.
    ///
    /// ## Why it matters
    /// Each component that sees a secret is one more that can lose it: in its memory, its logs, its errors. With card
    /// numbers, each of them has to be audited as well.
    ///
    /// ## Example
    /// `user -> web -> orders -> billing: https [carries cards]; billing [processes cards]; asset cards "Card numbers": secret`
    ///
    /// ## How to fix it
    /// Exchange the asset for a token where it comes in, keep it in a vault, and let only those fetch it back who use
    /// it. If a component on the way does use it, say so.
    ///
    /// ## References
    /// * CWE-402, Transmission of private resources into a new sphere; CWE-1230
    /// * OWASP ASVS 4.0, V8.3; NIST SP 800-53, SC-28 and AC-4, Information flow enforcement
    /// * PCI DSS Tokenization Guidelines
    "sensitive-data-travels-too-far", "Sensitive data travels too far",
    kind: Structure, on: Asset, reads: [Structure, Assets, Reach], answers: [], stride: [InformationDisclosure], cwe: [402],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Asset(asset) = subject else { return };
    if Impact::of_asset(facts.data.asset(asset)) != Impact::Grave {
        return;
    }
    let trace = facts.traces().trace(asset);
    let through = through(facts, trace);
    let nearest = through.iter().copied().min_by_key(|it| nearness(facts, *it).0);
    let Some(nearest) = nearest else { return };
    let users: Vec<ComponentIx> = users(facts, trace).collect();
    let (exposure, near) = nearness_of(facts, nearest, &words::name(facts, nearest));
    let (impact, worth) = worth(facts, &[asset]);
    let names = words::names(facts, through.iter().copied());
    let mut subjects = ids(facts, &through);
    subjects.push(facts.data.asset_id(asset).clone());
    let also = ids(facts, &trace.visited).into_iter().chain(flow_ids(facts, &trace.flows));
    out.finding(Found {
        subjects,
        detail: String::new(),
        impact,
        // To see it on its way takes a component that was taken over.
        exposure: exposure.max(Exposure::OneHop),
        because: format!(
            "{worth} can be taken from {} components, {} of them with a use for that, and {near}",
            through.len() + users.len(),
            users.len()
        ),
        message: format!("{worth} can be seen at {names} without need"),
        place: words::place(facts, nearest),
        evidence: Evidence::set(also),
        facts: sensitive::said(facts, &[asset]),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let Some(asset) = finding.subjects.iter().find_map(|it| facts.data.find_asset(it)) else {
        return Vec::new();
    };
    let through = through(facts, facts.traces().trace(asset));
    let (what, names) = (asset_names(facts, &[asset]), words::names(facts, through.iter().copied()));
    let mut draft = Draft::of(facts.model());
    for component in &through {
        let used = facts.data.asset_id(asset).clone();
        draft.edit::<Component>(&id(facts, *component), |it| it.processes.push(used));
    }
    let said = Fix { label: format!("Say that {names} must use {what}"), edit: draft.finish() };
    let mut fixes: Vec<Fix> = with_vault(facts, asset, &through, ids).into_iter().collect();
    fixes.push(said);
    fixes
}

/// A vault in which whoever sends the asset puts it, and out of which those who use it fetch it; all else carries a
/// token.
fn with_vault(facts: &Facts, asset: AssetIx, through: &[ComponentIx], ids: &mut Ids) -> Option<Fix> {
    let topology = &facts.topology;
    let trace = facts.traces().trace(asset);
    let is_on_the_way = |it: &&FlowIx| {
        let flow = topology.flow(**it);
        through.contains(&flow.from) || through.contains(&flow.to)
    };
    let flows: Vec<FlowIx> = trace.flows.iter().filter(is_on_the_way).copied().collect();
    let user = users(facts, trace).next()?;
    let mut draft = Draft::of(facts.model());
    let token = put_token(facts, &mut draft, ids, &[asset]);
    for flow in &flows {
        unload(facts, &mut draft, *flow, &[asset]);
        draft.edit::<Flow>(&topology.flow(*flow).id, |it| it.carries.push(token.clone()));
    }
    let vault = draft.mint(ids, "token-vault");
    let record = Component {
        kind: "secrets-vault".to_owned(),
        name: "Token vault".to_owned(),
        within: topology.place_of(user),
        stores: vec![facts.data.asset_id(asset).clone()],
        ..Component::default()
    };
    draft.put(vault.clone(), record);
    let mut ends: Vec<ComponentIx> = Vec::new();
    for flow in flows.iter().map(|it| topology.flow(*it)) {
        ends.extend([flow.from, flow.to].into_iter().filter(|it| !through.contains(it)));
    }
    ends.sort_unstable();
    ends.dedup();
    for end in ends {
        let fetches = trace.used.contains(&end);
        let access = if fetches { Access::Read } else { Access::Write };
        let (carries, protocol) = (vec![facts.data.asset_id(asset).clone()], "https".to_owned());
        let from: Id = id(facts, end);
        let key = draft.mint(ids, &format!("{from}-token-vault"));
        draft.put(key, Flow { protocol, access, carries, ..Flow::between(from, vault.clone()) });
    }
    let label = format!("Keep {} in a vault and pass on tokens", asset_names(facts, &[asset]));
    Some(Fix { label, edit: draft.finish() })
}

/// Those of ours through which it passes, that could do without it.
fn through(facts: &Facts, trace: &Trace) -> Vec<ComponentIx> {
    // Nobody has said who uses it.
    if users(facts, trace).next().is_none() {
        return Vec::new();
    }
    // What fetches it from where it is kept, or puts it there, works with it, whatever was said.
    let is_at_a_keeper = |it: ComponentIx| {
        let carries = |flow: &FlowIx| trace.flows.binary_search(flow).is_ok();
        flows_of(facts, it)
            .filter(carries)
            .any(|flow| trace.kept.binary_search(&other(facts, flow, it)).is_ok())
    };
    let could = |it: &ComponentIx| {
        is_ours(facts, *it) && facts.topology.component(*it).is(Family::Compute) && !is_at_a_keeper(*it)
    };
    trace.passed.iter().copied().filter(could).collect()
}

/// Those of ours that are said to process it; a store that keeps it says nothing of who works with it.
fn users<'f>(facts: &'f Facts, trace: &'f Trace) -> impl Iterator<Item = ComponentIx> + 'f {
    let works = |it: &ComponentIx| {
        let node = facts.topology.component(*it);
        is_ours(facts, *it) && matches!(node.kind.family, Family::Compute | Family::Trust)
    };
    trace.used.iter().copied().filter(works)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent};

    const WAY: &str = "asset cards \"Card numbers\": secret; web \"Web\"; orders \"Orders\"
        user -> lb -> web -> orders -> billing: https [carries cards]; billing -> db [carries cards]; db: postgres";

    fn way(said: &str) -> String {
        format!("{WAY}; billing \"Billing\": service {said}")
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &way("[processes cards]"),
            "high sensitive-data-travels-too-far:cards+orders+web — Card numbers (secret) can be seen at Orders and Web without need (Web)",
        );
        // Nobody has said who uses it.
        silent(&RULE, &way(""));
        silent(&RULE, &way("[processes cards]").replace("secret", "internal"));
        let all = way("[processes cards]").replace("\"Web\"", "\"Web\" [processes cards]");
        assert_eq!(only(&RULE, &all).message, "Card numbers (secret) can be seen at Orders without need");
        silent(&RULE, &all.replace("\"Orders\"", "\"Orders\" [processes cards]"));
    }

    #[test]
    fn what_works_on_a_store_uses_what_is_kept_there() {
        let text = "asset cards: secret; web [processes cards]; console; db: postgres [stores cards]
            web -> db: postgres [carries cards]; admin -> console -> db: https [carries cards]";
        silent(&RULE, text);
    }

    #[test]
    fn the_level_is_explained() {
        assert_eq!(
            only(&RULE, &way("[processes cards]")).because,
            "Card numbers (secret) can be taken from 3 components, 1 of them with a use for that, and requests from the internet get to Web through lb: grave impact, high."
        );
    }

    #[test]
    fn every_fix_mends_it() {
        let text = way("[processes cards]");
        let expected =
            "Keep Card numbers in a vault and pass on tokens\nSay that Orders and Web must use Card numbers";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
        let facts = mended_facts(&RULE, &text, 0);
        let into: Vec<String> = facts
            .model()
            .flows()
            .values()
            .filter(|it| it.to.as_str().starts_with("token-vault"))
            .map(|it| format!("{} {}", it.from, it.access.slug()))
            .collect();
        assert_eq!(into, ["billing read", "lb write"]);
        assert_eq!(facts.model().problems(), []);
    }
}
