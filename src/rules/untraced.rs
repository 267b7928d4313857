//! Untraced data: what a store keeps and no flow is said to bring there. Who handles it on the way is not known then, and
//! neither is what they owe it.

use std::collections::BTreeSet;

use super::{
    Asked, Choice, Evidence, Exposure, Impact, Out, Says, alike, nearness, severity, unnamed, words,
};
use crate::analysis::{Arrival, AssetIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Access, Class, Draft, Flow, Id, Truth};

/// Asks once for each store, with all copies and partitions of it, to which requests from outside lead.
pub(super) fn ask(facts: &Facts, out: &mut Out<'_>) {
    for members in unnamed::families(facts) {
        let into = into(facts, &members);
        let assets = loose(facts, &members, &into);
        let mut ways = members.iter().map(|it| facts.inputs().way(*it, Arrival::Request));
        let Some(way) = ways.find(|it| !it.is_empty()).filter(|_| !assets.is_empty()) else { continue };
        let all = along(facts, &way);
        // Whoever sends straight to the store leaves nothing to ask.
        if all.iter().any(|it| !into.contains(it)) && !into.is_empty() {
            ask_of(facts, &members, (&way, &assets), (&all, &into), out);
        }
    }
}

/// The flows by which others use a store.
fn into(facts: &Facts, members: &[ComponentIx]) -> BTreeSet<FlowIx> {
    let all = members.iter().flat_map(|it| facts.topology.component(*it).into.iter().copied());
    let is_use = |it: &FlowIx| {
        let flow = facts.topology.flow(*it);
        !flow.reply && flow.access != Access::Replicate && !members.contains(&flow.from)
    };
    all.filter(is_use).collect()
}

/// What is worth protecting there, and on none of these flows.
fn loose(facts: &Facts, members: &[ComponentIx], into: &BTreeSet<FlowIx>) -> Vec<AssetIx> {
    let kept: BTreeSet<AssetIx> = members.iter().flat_map(|it| facts.data.kept(*it)).copied().collect();
    let matters = |it: &AssetIx| {
        let asset = facts.data.asset(*it);
        let is_said = [&asset.personal, &asset.credential].iter().any(|it| it.is == Truth::Yes);
        is_said || matches!(asset.class, Class::Confidential | Class::Secret)
    };
    let is_carried = |asset: &AssetIx| into.iter().any(|it| facts.data.carried(*it).contains(asset));
    kept.into_iter().filter(|it| matters(it) && !is_carried(it)).collect()
}

/// The flows along a way, with those between all that are alike.
fn along(facts: &Facts, way: &[ComponentIx]) -> BTreeSet<FlowIx> {
    let first = |it: ComponentIx| alike::first(facts, it);
    let pairs: BTreeSet<(ComponentIx, ComponentIx)> =
        way.windows(2).filter_map(|it| Some((first(*it.first()?), first(*it.last()?)))).collect();
    let flows = facts.topology.flows();
    let is_on_it = |it: &FlowIx| {
        let flow = facts.topology.flow(*it);
        !flow.reply && pairs.contains(&(first(flow.from), first(flow.to)))
    };
    flows.map(|it| it.0).filter(is_on_it).collect()
}

fn ask_of(
    facts: &Facts,
    members: &[ComponentIx],
    (way, assets): (&[ComponentIx], &[AssetIx]),
    (all, into): (&BTreeSet<FlowIx>, &BTreeSet<FlowIx>),
    out: &mut Out<'_>,
) {
    let ids = alike::ids(facts, members);
    let (Some(first), Some(start)) = (ids.first(), way.first()) else { return };
    let own = members.iter().map(|it| nearness(facts, *it).0).min().unwrap_or(Exposure::Deeper);
    let impact = assets.iter().map(|it| Impact::of_asset(facts.data.asset(*it))).max();
    let named: Vec<String> = assets.iter().map(|it| facts.title_of(facts.data.asset_id(*it))).collect();
    let (what, from) = (words::list(&named), words::name(facts, *start));
    let users: BTreeSet<ComponentIx> = into.iter().map(|it| facts.topology.flow(*it).from).collect();
    let asset_ids: Vec<Id> = assets.iter().map(|it| facts.data.asset_id(*it).clone()).collect();
    let whole: BTreeSet<FlowIx> = all.union(into).copied().collect();
    let choices = vec![
        choice(facts, format!("All on the way from {from}"), &whole, &asset_ids),
        choice(facts, format!("Only {}", words::names(facts, users)), into, &asset_ids),
    ];
    let mut evidence = Evidence::way(facts, way.iter().copied());
    evidence.also.clone_from(&ids);
    let about = Unknown::new(first, "carries");
    let stake = severity(facts, impact.unwrap_or(Impact::Serious), own.min(Exposure::OneHop));
    out.question(Asked {
        about: about.clone(),
        stake,
        text: format!("Who on the way to {} can read {what}?", words::names(facts, members.iter().copied())),
        why: "Whoever handles it on the way has to protect it, and no flow is said to carry it.".to_owned(),
        choices,
        evidence,
    });
    // What each on the way owes it rests on that.
    for _ in &whole {
        out.counts(&about, stake);
    }
}

fn choice(facts: &Facts, label: String, flows: &BTreeSet<FlowIx>, assets: &[Id]) -> Choice {
    let mut draft = Draft::of(facts.model());
    for flow in flows {
        draft.edit::<Flow>(&facts.topology.flow(*flow).id, |it| {
            let new = assets.iter().filter(|asset| !it.carries.contains(asset)).cloned();
            let new: Vec<Id> = new.collect();
            it.carries.extend(new);
        });
    }
    Choice { label: label.into(), says: Says::Edit(draft.finish()) }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{answered, asks, facts, silent};
    use crate::rules::unclassified_data::RULE;

    const SHOP: &str = "user -> lb -> web-1, web-2: https; lb: load-balancer; web-1, web-2 -> db: postgres
        db \"Orders\": postgres [stores people]; asset people \"Customers\": confidential [personal yes]";

    #[test]
    fn what_no_flow_brings_is_asked_about() {
        asks(&RULE, SHOP, "? db.carries — Who on the way to Orders can read Customers?");
        for label in ["All on the way from user", "Only web-1 and web-2"] {
            assert_eq!(answered(&RULE, SHOP, label), "", "{label}");
        }
        let said = "web-1 -> db: postgres [carries people]";
        silent(
            &RULE,
            &SHOP.replace("web-1, web-2 -> db: postgres", &format!("web-1, web-2 -> db: postgres; {said}")),
        );
        silent(&RULE, &SHOP.replace("confidential [personal yes]", "internal"));
        silent(&RULE, "user -> db: postgres; db: postgres [stores people]; asset people: secret");
        silent(&RULE, "web -> db: postgres; db: postgres [stores people]; asset people: secret");
    }

    #[test]
    fn what_comes_all_the_way_is_handled_by_all_on_it() {
        let facts = facts(SHOP);
        let report = crate::rules::run(&facts);
        let question = report.question("db.carries").unwrap();
        let after = |label: &str| {
            let choice = question.choices.iter().find(|it| it.label.read(facts.model()).starts_with(label));
            let mut model = facts.model().clone();
            model.apply(&choice.unwrap().edit(facts.model()));
            let facts = crate::analysis::Facts::of(std::sync::Arc::new(model));
            let handles = |id: &str| {
                let ix = facts.topology.find_component(&crate::model::Id::slug(id)).unwrap();
                !facts.data.handled(ix).is_empty()
            };
            ["user", "lb", "web-1", "web-2"].map(handles)
        };
        assert_eq!(after("All on the way"), [true; 4]);
        assert_eq!(after("Only"), [false, false, true, true]);
    }
}
