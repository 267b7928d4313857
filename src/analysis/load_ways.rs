//! The ways of demand: where it enters, and along which flows it goes on from each component.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::load::{Demand, MOST};
use super::{ComponentIx, Facts, FlowEdge, FlowIx};
use crate::model::{Access, Capability, Family, Feature, Figure, Style};

/// A figure that was said, within bounds.
pub(super) fn figure(said: Option<Figure>, most: f64) -> Option<f64> {
    said.map(|it| it.get().clamp(0.0, most))
}

/// What demand does along a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    All,
    Reads,
    Writes,
}

/// A flow as demand goes along it: against the arrow for consume.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub flow: FlowIx,
    pub to: ComponentIx,
    pub takes: Takes,
    /// It replicates.
    pub copies: bool,
    /// What a spreader asks for each request, beside handing it on.
    pub beside: bool,
    /// Requests on it for each request of its source.
    pub each: f64,
    pub weight: f64,
    /// Caches that its source asks before its target.
    pub behind: SmallVec<[ComponentIx; 1]>,
}

/// Where demand enters.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub at: ComponentIx,
    pub demand: Demand,
    /// The flows of a feature, in the order of ids; none: all.
    pub named: Vec<FlowIx>,
}

/// The ways of demand of a model.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    pub entries: Vec<Entry>,
    ways: Vec<SmallVec<[Way; 4]>>,
    /// The share that each answers itself.
    pub hits: Vec<f64>,
    /// The capacity of one instance.
    pub capacity: Vec<Option<f64>>,
}

impl Ways {
    /// `None` where no demand is stated.
    pub(super) fn of(facts: &Facts) -> Option<Self> {
        let topology = &facts.topology;
        let entries = entries(facts);
        if entries.is_empty() {
            return None;
        }
        let mut ways = vec![SmallVec::<[Way; 4]>::new(); topology.component_count()];
        for (ix, flow) in topology.flows() {
            if let Some((from, way)) = way(facts, ix, flow) {
                ways[from.at()].push(way);
            }
        }
        let records = || topology.components().map(|(_, it)| &it.record);
        let hits: Vec<f64> = records().map(|it| figure(it.hit_ratio, 1.0).unwrap_or(0.0)).collect();
        let capacity = records().map(|it| figure(it.capacity, MOST).filter(|it| *it > 0.0)).collect();
        let mut made = Self { entries, ways, hits, capacity };
        made.put_caches_before_stores(facts);
        Some(made)
    }

    pub(super) fn from(&self, component: ComponentIx) -> &[Way] {
        &self.ways[component.at()]
    }

    fn put_caches_before_stores(&mut self, facts: &Facts) {
        let topology = &facts.topology;
        for (source, _) in topology.components() {
            let caches: Vec<ComponentIx> = self.from(source).iter().map(|it| it.to).collect();
            let is_before =
                |it: &ComponentIx| topology.component(*it).can(Capability::Cache) && self.hits[it.at()] > 0.0;
            let caches: Vec<ComponentIx> = caches.into_iter().filter(is_before).collect();
            if caches.is_empty() {
                continue;
            }
            let before = |store: ComponentIx| -> SmallVec<[ComponentIx; 1]> {
                let is_store = topology.component(store).is(Family::Data);
                let is_before = |it: &ComponentIx| {
                    is_store && !topology.component(store).can(Capability::Cache) && caches_for(facts, *it, store)
                        // Who reads through a cache does not read beside it.
                        && !self.from(*it).iter().any(|it| it.to == store)
                };
                caches.iter().copied().filter(is_before).collect()
            };
            let behind: Vec<SmallVec<_>> = self.from(source).iter().map(|it| before(it.to)).collect();
            for (way, behind) in self.ways[source.at()].iter_mut().zip(behind) {
                way.behind = behind;
            }
        }
    }
}

/// Whether a cache keeps what a store keeps; nobody has said what it keeps: all.
fn caches_for(facts: &Facts, cache: ComponentIx, store: ComponentIx) -> bool {
    let [cached, stored] = [cache, store].map(|it| facts.data.kept(it));
    cached.is_empty() || cached.iter().any(|it| stored.binary_search(it).is_ok())
}

/// The way of a flow, and from where; none for what is no request.
fn way(facts: &Facts, ix: FlowIx, flow: &FlowEdge) -> Option<(ComponentIx, Way)> {
    let topology = &facts.topology;
    if flow.reply || flow.access == Access::Admin {
        return None;
    }
    let is_message = flow.access == Access::Consume;
    let (from, to) = if is_message { (flow.to, flow.from) } else { (flow.from, flow.to) };
    let target = topology.component(to);
    let takes = match flow.access {
        // What messaging delivers is a message, whatever it does.
        _ if topology.component(from).is(Family::Messaging) => Takes::All,
        Access::Read => Takes::Reads,
        Access::Write | Access::Publish | Access::Replicate => Takes::Writes,
        _ => Takes::All,
    };
    let beside = target.is(Family::Trust)
        || target.is(Family::Operations)
        || target.can(Capability::Cache)
        || (flow.record.style == Style::Asynchronous && target.is(Family::Messaging));
    let way = Way {
        flow: ix,
        to,
        takes,
        copies: flow.access == Access::Replicate,
        beside,
        each: figure(flow.record.requests_per_request, MOST).unwrap_or(1.0),
        weight: figure(flow.record.weight, MOST).unwrap_or(1.0),
        behind: SmallVec::new(),
    };
    Some((from, way))
}

/// Requests a second of which that share reads.
fn demand(requests: f64, read_share: Option<Figure>) -> Demand {
    match figure(read_share, 1.0) {
        Some(share) => Demand { reads: requests * share, writes: requests * (1.0 - share), either: 0.0 },
        None => Demand { either: requests, ..Demand::default() },
    }
}

fn entries(facts: &Facts) -> Vec<Entry> {
    let topology = &facts.topology;
    let mut entries = Vec::new();
    let mut stated: BTreeMap<ComponentIx, f64> = BTreeMap::new();
    for feature in topology.model().features().values() {
        let requests = figure(feature.requests_per_second, MOST).filter(|it| *it > 0.0);
        let Some((requests, (at, named))) = requests.zip(start(facts, feature)) else { continue };
        let node = topology.component(at);
        let own = if node.can(Capability::Actor) { node.record.read_share } else { None };
        *stated.entry(at).or_default() += requests;
        entries.push(Entry { at, demand: demand(requests, feature.read_share.or(own)), named });
    }
    for (at, node) in topology.components().filter(|(_, it)| it.can(Capability::Actor)) {
        let all = figure(node.record.requests_per_second, MOST).unwrap_or(0.0);
        let rest = all - stated.get(&at).copied().unwrap_or(0.0);
        // What rounding left is no demand.
        if rest > all * 1e-9 {
            entries.push(Entry { at, demand: demand(rest, node.record.read_share), named: Vec::new() });
        }
    }
    entries
}

/// Where a feature starts, and its flows.
fn start(facts: &Facts, feature: &Feature) -> Option<(ComponentIx, Vec<FlowIx>)> {
    let topology = &facts.topology;
    let mut named: Vec<FlowIx> = feature.flows.iter().filter_map(|it| topology.find_flow(it)).collect();
    let first = *named.first()?;
    named.sort_unstable();
    named.dedup();
    Some((topology.flow(first).from, named))
}
