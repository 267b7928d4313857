//! Keeping: what is said of several components together, who is a third party, and edits after which data is no longer
//! kept at a place or sent there.

use std::collections::BTreeSet;

use super::Impact;
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx, brought};
use crate::model::{
    Access, Answer, Asset, Capability, Class, Component, Dataset, Draft, Family, Flow, Id, Ids,
};

/// Those of a component's replicated store, else of its pool, else it alone, for which something holds, if it is the
/// first of them: the first speaks for all.
pub(super) fn speaks_for(
    facts: &Facts,
    component: ComponentIx,
    holds: impl Fn(ComponentIx) -> bool,
) -> Option<Vec<ComponentIx>> {
    let pools = &facts.pools;
    let store = pools.store_of(component).map(|it| &pools.store(it).members[..]);
    let all = store.or_else(|| pools.pool_of(component).map(|it| &pools.pool(it).members[..]));
    let Some(all) = all else { return holds(component).then(|| vec![component]) };
    let mut holding = all.iter().copied().filter(|it| holds(*it));
    // Most are not the first, and are done here.
    let first = holding.next().filter(|it| *it == component)?;
    Some(std::iter::once(first).chain(holding).collect())
}

pub(super) fn id(facts: &Facts, component: ComponentIx) -> Id {
    facts.topology.component(component).id.clone()
}

pub(super) fn ids(facts: &Facts, components: &[ComponentIx]) -> Vec<Id> {
    components.iter().map(|it| id(facts, *it)).collect()
}

pub(super) fn flow_ids(facts: &Facts, flows: &[FlowIx]) -> Vec<Id> {
    flows.iter().map(|it| facts.topology.flow(*it).id.clone()).collect()
}

/// The components of these ids that are there, in order.
pub(super) fn components(facts: &Facts, ids: &[Id]) -> Vec<ComponentIx> {
    ids.iter().filter_map(|it| facts.topology.find_component(it)).collect()
}

pub(super) fn is_ours(facts: &Facts, component: ComponentIx) -> bool {
    !facts.topology.component(component).can(Capability::NotOurs)
}

/// Whether it is somebody else's system, rather than a person or the internet.
pub(super) fn is_third_party(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    node.is(Family::Outside) && !node.can(Capability::OnTheInternet)
}

/// The other end of a flow.
pub(super) fn other(facts: &Facts, flow: FlowIx, end: ComponentIx) -> ComponentIx {
    let flow = facts.topology.flow(flow);
    if flow.from == end { flow.to } else { flow.from }
}

/// All flows of a component, those that start there first.
pub(super) fn flows_of(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = FlowIx> + '_ {
    let node = facts.topology.component(component);
    node.out.iter().chain(&node.into).copied()
}

/// What a flow brings to an end of it.
pub(super) fn brings(facts: &Facts, flow: FlowIx, to: ComponentIx) -> &[AssetIx] {
    brought(&facts.topology, &facts.data, flow, to)
}

/// Those of some assets whose loss to others is grave: confidential, secret, or a credential.
pub(super) fn grave(facts: &Facts, assets: &[AssetIx]) -> Vec<AssetIx> {
    let is_grave = |it: &AssetIx| Impact::of_asset(facts.data.asset(*it)) == Impact::Grave;
    assets.iter().copied().filter(is_grave).collect()
}

/// Each once, in order.
pub(super) fn once<T: Ord>(all: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The names of assets, as [`super::list`].
pub(super) fn asset_names(facts: &Facts, assets: &[AssetIx]) -> String {
    let ids: Vec<Id> = assets.iter().map(|it| facts.data.asset_id(*it).clone()).collect();
    super::words::titles(facts, &ids)
}

/// Takes assets out of what a component keeps and handles, off its flows, and out of the columns of datasets in it.
pub(super) fn keep_out(facts: &Facts, draft: &mut Draft<'_>, component: ComponentIx, assets: &[AssetIx]) {
    let gone = asset_ids(facts, assets);
    draft.edit::<Component>(&id(facts, component), |it| {
        it.stores.retain(|it| !gone.contains(it));
        it.processes.retain(|it| !gone.contains(it));
    });
    for dataset in facts.data.datasets().iter().filter(|it| it.store == Some(component)) {
        draft.edit::<Dataset>(&dataset.id, |it| {
            for column in &mut it.columns {
                column.asset = column.asset.take().filter(|it| !gone.contains(it));
            }
        });
    }
    for flow in flows_of(facts, component) {
        unload(facts, draft, flow, assets);
    }
}

/// Takes assets off a flow. One that copies all that its source keeps copies the rest; where nothing is left of it, it
/// goes.
pub(super) fn unload(facts: &Facts, draft: &mut Draft<'_>, flow: FlowIx, assets: &[AssetIx]) {
    let edge = facts.topology.flow(flow);
    let gone = asset_ids(facts, assets);
    let is_copy = edge.access == Access::Replicate && !edge.reply;
    let mut carries = edge.record.carries.clone();
    if is_copy && carries.is_empty() {
        carries = facts.data.kept(edge.from).iter().map(|it| facts.data.asset_id(*it).clone()).collect();
    }
    let before = carries.len();
    carries.retain(|it| !gone.contains(it));
    // A copy that said nothing of what it carries would bring all.
    if is_copy && carries.is_empty() && before > 0 {
        draft.delete(&BTreeSet::from([edge.id.clone()]));
    } else if carries.len() < before {
        draft.edit::<Flow>(&edge.id, |it| it.carries = carries);
    }
}

/// Draws an asset that stands for others where they are not needed themselves.
pub(super) fn put_token(facts: &Facts, draft: &mut Draft<'_>, ids: &mut Ids, assets: &[AssetIx]) -> Id {
    let id = draft.mint(ids, "tokens");
    let name = format!("Tokens for {}", asset_names(facts, assets));
    let no = Answer::no;
    draft.put(
        id.clone(),
        Asset { name, class: Class::Internal, personal: no(), credential: no(), ..Asset::default() },
    );
    id
}

fn asset_ids(facts: &Facts, assets: &[AssetIx]) -> BTreeSet<Id> {
    assets.iter().map(|it| facts.data.asset_id(*it).clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::text;
    use crate::rules::testing;

    fn find(facts: &Facts, id: &str) -> ComponentIx {
        facts.topology.find_component(&Id::slug(id)).unwrap()
    }

    /// The text after `a` is kept out of `x`.
    fn without(before: &str) -> String {
        let facts = testing::facts(&format!("asset a: secret; asset b: secret; {before}"));
        let mut draft = Draft::of(facts.model());
        keep_out(&facts, &mut draft, find(&facts, "x"), &[AssetIx(0)]);
        let mut model = facts.model().clone();
        model.apply(&draft.finish());
        assert_eq!(model.problems(), []);
        let again = Facts::of(std::sync::Arc::new(model));
        assert!(!again.data.handled(find(&again, "x")).contains(&AssetIx(0)));
        text::write(again.model())
    }

    #[test]
    fn what_is_kept_out_is_neither_kept_nor_brought() {
        let after = without(
            "x: redis [stores a, b; processes a]; web -> x: redis [carries a, b]; x -> job [reply; carries a]
             dataset d [store x; columns id, card holds a, more holds b]",
        );
        for line in ["; stores b]", "redis [carries b]", "x -> job [reply]", "columns id, card, more holds b"]
        {
            assert!(after.contains(line), "{line} in\n{after}");
        }
    }

    #[test]
    fn a_copy_copies_the_rest_or_goes() {
        let after = without("db: postgres [stores a, b]; x: postgres; db -> x [replicate]");
        assert!(after.contains("db -> x [replicate; carries b]"), "{after}");
        for only in ["replicate", "replicate; carries a"] {
            let after = without(&format!("db: postgres [stores a, b]; x: postgres; db -> x [{only}]"));
            assert_eq!(after.contains("->"), only == "replicate", "{after}");
        }
        let after = without("db: postgres [stores a]; x: postgres; db -> x [replicate]");
        assert!(!after.contains("->"), "{after}");
    }

    #[test]
    fn the_first_speaks_for_all() {
        let facts = testing::facts("c: postgres; b: postgres; a: redis; b -> c [replicate]");
        let [a, b, c] = ["a", "b", "c"].map(|it| find(&facts, it));
        assert_eq!(speaks_for(&facts, a, |_| true), Some(vec![a]));
        assert_eq!(speaks_for(&facts, a, |_| false), None);
        assert_eq!(speaks_for(&facts, b, |_| true), Some(vec![b, c]));
        assert_eq!(speaks_for(&facts, c, |_| true), None);
        assert_eq!(speaks_for(&facts, c, |it| it == c), Some(vec![c]));
    }
}
