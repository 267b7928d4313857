//! Single points of failure against brute force on small random models: take each unit away, go round until nothing
//! changes, see who is cut. Slow, plain, and written from the page on meanings alone; pools, stores and needs are
//! taken as found, for they have tests of their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::{BoundaryIx, ComponentIx, Facts, FlowEdge, FlowIx, Need, Unit};
use crate::model::{
    Access, Allow, Allows, Answer, Boundary, Capability, Component, Draft, Feature, Flow, From, Id, Model,
    Needs, Truth,
};

type Set = BTreeSet<ComponentIx>;

/// Alternatives, how many instances of them must be up, and whose instances count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Alternatives {
    members: Vec<ComponentIx>,
    quorum: u64,
    counted: Vec<ComponentIx>,
}

/// What one component needs: flows to the same alternatives.
struct Group {
    alternatives: Alternatives,
    flows: Vec<FlowIx>,
}

struct Naive<'f> {
    facts: &'f Facts,
}

/// A loss: who is down, who is cut, which features are lost.
struct Loss {
    down: Set,
    cut: Set,
    features: BTreeSet<Id>,
}

impl Naive<'_> {
    fn components(&self) -> impl Iterator<Item = ComponentIx> {
        self.facts.topology.components().map(|(ix, _)| ix)
    }

    fn record(&self, ix: ComponentIx) -> &Component {
        &self.facts.topology.component(ix).record
    }

    fn available(&self, ix: ComponentIx) -> Truth {
        let record = self.record(ix);
        record.is_highly_available(record.technology())
    }

    fn quorum(&self, members: &[ComponentIx]) -> u64 {
        members.iter().filter_map(|it| self.record(*it).quorum).max().unwrap_or(1).max(1).into()
    }

    fn reading(&self, target: ComponentIx) -> Alternatives {
        let pools = &self.facts.pools;
        let pool = pools.pool_of(target).map(|it| pools.pool(it));
        let store = pools.store_of(target).map(|it| pools.store(it));
        let members = match (pool, store) {
            (Some(pool), _) if !pool.inferred => pool.members.clone(),
            (_, Some(store)) => store.members.clone(),
            (Some(pool), None) => pool.members.clone(),
            (None, None) => vec![target],
        };
        Alternatives { quorum: self.quorum(&members), counted: members.clone(), members }
    }

    fn alternatives(&self, flow: &FlowEdge) -> Alternatives {
        let pools = &self.facts.pools;
        let only_reads =
            matches!(flow.access, Access::Read | Access::Consume | Access::Replicate | Access::Admin);
        match pools.store_of(flow.to).map(|it| pools.store(it)).filter(|_| !only_reads) {
            Some(store) => Alternatives {
                members: store.writers.clone(),
                quorum: self.quorum(&store.members),
                counted: store.members.clone(),
            },
            None => self.reading(flow.to),
        }
    }

    fn hard_groups(&self, source: ComponentIx) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for ix in &self.facts.topology.component(source).out {
            let flow = self.facts.topology.flow(*ix);
            if Need::of(&self.facts.topology, flow) != Need::Hard {
                continue;
            }
            let alternatives = self.alternatives(flow);
            match groups.iter_mut().find(|it| it.alternatives == alternatives) {
                Some(group) => group.flows.push(*ix),
                None => groups.push(Group { alternatives, flows: vec![*ix] }),
            }
        }
        groups
    }

    /// Whether each gated boundary on a flow's way has a gate alive that lets its port in.
    fn is_open(&self, flow: FlowIx, down: &Set) -> bool {
        let topology = &self.facts.topology;
        let flow = topology.flow(flow);
        let [from, to] = [flow.from, flow.to].map(|it| topology.component(it).within);
        let entered = topology.outward(to).filter(|it| !topology.is_within(from, *it));
        let lets = |gate: &ComponentIx| {
            let node = topology.component(*gate);
            let let_in = match &node.record.allows {
                Allows::Only(list) if node.can(Capability::Filters) => {
                    flow.ports.is_empty() || list.iter().any(|it| it.ports.overlaps(&flow.ports))
                }
                _ => true,
            };
            node.can(Capability::Passes) && let_in
        };
        entered.into_iter().all(|boundary| {
            let gates = &topology.boundary(boundary).gates;
            let mut open = gates.iter().filter(|it| lets(it)).peekable();
            gates.contains(&flow.from)
                || gates.contains(&flow.to)
                || open.peek().is_none()
                || open.any(|it| !down.contains(it))
        })
    }

    /// The members that are up and that a flow of the group leads to; to one that is not drawn, any of them does.
    fn usable(&self, alternatives: &Alternatives, flows: &[FlowIx], down: &Set) -> Vec<ComponentIx> {
        let to = |it: &FlowIx| self.facts.topology.flow(*it).to;
        let is_reached = |member: ComponentIx| {
            let is_drawn = flows.iter().any(|it| to(it) == member);
            flows.is_empty()
                || flows.iter().any(|it| (!is_drawn || to(it) == member) && self.is_open(*it, down))
        };
        let members = alternatives.members.iter().copied();
        members.filter(|it| !down.contains(it) && is_reached(*it)).collect()
    }

    fn is_lost(
        &self,
        it: &Alternatives,
        flows: &[FlowIx],
        down: &Set,
        live: &dyn Fn(ComponentIx) -> u64,
    ) -> bool {
        let usable = self.usable(it, flows, down);
        let up: u64 = if it.counted == it.members {
            usable.iter().map(|it| live(*it)).sum()
        } else {
            it.counted.iter().filter(|it| !down.contains(it)).map(|it| live(*it)).sum()
        };
        usable.is_empty() || up < it.quorum
    }

    fn lose(&self, failed: &dyn Fn(ComponentIx) -> u64) -> Loss {
        let live = |it: ComponentIx| u64::from(self.record(it).instances()).saturating_sub(failed(it));
        let goes_on = |it: ComponentIx| self.facts.topology.component(it).can(Capability::GoesOn);
        let mut down = Set::new();
        loop {
            let is_down = |it: &ComponentIx| {
                let groups = self.hard_groups(*it);
                let mut lost =
                    groups.iter().map(|it| self.is_lost(&it.alternatives, &it.flows, &down, &live));
                let is_hit =
                    if goes_on(*it) { !groups.is_empty() && lost.all(|it| it) } else { lost.any(|it| it) };
                live(*it) == 0 || is_hit
            };
            let now: Set = self.components().filter(is_down).collect();
            if now == down {
                break;
            }
            down = now;
        }
        let mut cut = down.clone();
        loop {
            let is_cut = |it: &ComponentIx| {
                cut.contains(it)
                    || self.hard_groups(*it).iter().any(|it| {
                        self.is_lost(&it.alternatives, &it.flows, &down, &live)
                            || self
                                .usable(&it.alternatives, &it.flows, &down)
                                .iter()
                                .all(|it| cut.contains(it))
                    })
            };
            let now: Set = self.components().filter(is_cut).collect();
            if now == cut {
                break;
            }
            cut = now;
        }
        let features = self.features(&down, &live);
        Loss { down, cut, features }
    }

    fn features(&self, down: &Set, live: &dyn Fn(ComponentIx) -> u64) -> BTreeSet<Id> {
        let (model, topology) = (self.facts.model(), &self.facts.topology);
        let is_lost = |flow: &Id| {
            let Some(record) = model.flow(flow) else { return false };
            let ends = [&record.from, &record.to].into_iter().filter_map(|it| topology.find_component(it));
            let mut ends = ends.map(|it| self.reading(it));
            let needs = !record.reply && !matches!(record.access, Access::Replicate | Access::Admin);
            let edge = topology.find_flow(flow).filter(|_| needs);
            ends.any(|it| self.is_lost(&it, &[], down, live))
                || edge.is_some_and(|it| {
                    let alternatives = self.alternatives(topology.flow(it));
                    // Other flows of the same need lead there as well.
                    let need = |it: FlowIx| Need::of(topology, topology.flow(it));
                    if need(it) == Need::None {
                        return !self.is_open(it, down) || self.is_lost(&alternatives, &[], down, live);
                    }
                    let is_same = |that: &&FlowIx| {
                        need(**that) == need(it) && self.alternatives(topology.flow(**that)) == alternatives
                    };
                    let out = topology.component(topology.flow(it).from).out.iter();
                    let flows: Vec<FlowIx> = out.filter(is_same).copied().collect();
                    self.is_lost(&alternatives, &flows, down, live)
                })
        };
        let features = model.features().iter();
        features.filter(|(_, it)| it.flows.iter().any(is_lost)).map(|(id, _)| id.clone()).collect()
    }

    /// What the loss of a unit takes that was there before: entry actors, features, and whether nothing is left.
    fn takes(&self, unit: &Unit) -> (Set, BTreeSet<Id>, bool) {
        let before = self.lose(&|_| 0);
        let after = self.lose(&|it| self.failed(unit, it));
        let actors = self.facts.failure.entry_actors().iter().copied();
        let cut = actors.clone().filter(|it| after.cut.contains(it) && !before.cut.contains(it)).collect();
        let features: BTreeSet<Id> = after.features.difference(&before.features).cloned().collect();
        let all_lost = if self.has_features() {
            self.drawn_features().all(|it| after.features.contains(it))
        } else {
            actors.into_iter().all(|it| after.down.contains(&it))
        };
        (cut, features, all_lost)
    }

    fn drawn_features(&self) -> impl Iterator<Item = &Id> {
        let model = self.facts.model();
        let is_drawn = |it: &Feature| {
            let ends = it.flows.iter().filter_map(|it| model.flow(it)).flat_map(|it| [&it.from, &it.to]);
            ends.into_iter().any(|it| model.component(it).is_some())
        };
        model.features().iter().filter(move |(_, it)| is_drawn(it)).map(|(id, _)| id)
    }

    fn has_features(&self) -> bool {
        self.drawn_features().next().is_some()
    }

    fn failed(&self, unit: &Unit, component: ComponentIx) -> u64 {
        let topology = &self.facts.topology;
        match unit {
            Unit::Instance(it) | Unit::Component(it) => u64::from(*it == component),
            Unit::Boundary(boundaries) => {
                let survives = matches!(self.available(component), Truth::Yes | Truth::NotApplicable);
                let within = topology.component(component).within;
                let takes = |it: &BoundaryIx| {
                    let survivable = topology.boundary(*it).kind.survivable;
                    topology.is_within(within, *it) && !(survivable && survives)
                };
                if boundaries.iter().any(takes) { u64::MAX } else { 0 }
            }
        }
    }

    fn units(&self) -> Vec<Unit> {
        let topology = &self.facts.topology;
        let is_unit = |it: &ComponentIx| {
            let survives = matches!(self.available(*it), Truth::Yes | Truth::NotApplicable);
            !topology.component(*it).can(Capability::NotOurs) && !survives
        };
        let mut units: Vec<Unit> = self.components().filter(is_unit).map(Unit::Instance).collect();
        for (ix, node) in topology.boundaries().filter(|(_, it)| it.kind.fails) {
            let is_one = |it: &Boundary| {
                !it.name.trim().is_empty()
                    && it.name.trim() == node.record.name.trim()
                    && it.kind == node.record.kind
            };
            let same = topology.boundaries().filter(|(other, it)| *other == ix || is_one(&it.record));
            let unit = Unit::Boundary(same.map(|(ix, _)| ix).collect());
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        units
    }

    fn is_inside(&self, inner: &Unit, outer: &[BoundaryIx]) -> bool {
        let topology = &self.facts.topology;
        match inner {
            Unit::Instance(it) | Unit::Component(it) => {
                outer.iter().any(|outer| topology.is_within(topology.component(*it).within, *outer))
            }
            Unit::Boundary(inner) => {
                inner != outer
                    && inner.iter().all(|it| {
                        outer.iter().any(|outer| it != outer && topology.is_within(Some(*it), *outer))
                    })
            }
        }
    }

    /// `unit: actors, features, whether all is lost`, one a single point.
    fn single_points(&self) -> Vec<(Unit, Vec<ComponentIx>, Vec<Id>, bool)> {
        let units: Vec<_> = self.units().into_iter().map(|it| (self.takes(&it), it)).collect();
        let mut found = Vec::new();
        for ((actors, features, all_lost), unit) in &units {
            let (mut actors, mut features) = (actors.clone(), features.clone());
            if let Unit::Boundary(outer) = unit {
                for ((inner_actors, inner_features, _), _) in
                    units.iter().filter(|it| self.is_inside(&it.1, outer))
                {
                    actors.retain(|it| !inner_actors.contains(it));
                    features.retain(|it| !inner_features.contains(it));
                }
            }
            let is_listed = if self.has_features() { !features.is_empty() } else { !actors.is_empty() };
            if is_listed {
                let (actors, features) = (actors.into_iter().collect(), features.into_iter().collect());
                found.push((unit.clone(), actors, features, *all_lost));
            }
        }
        found
    }
}

/// What is drawn, by numbers that run dry in zeros.
struct Numbers(std::vec::IntoIter<u8>);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % n
    }

    fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn some(&mut self, n: usize) -> bool {
        self.below(n) == 1
    }
}

const KINDS: [&str; 10] = [
    "microservice",
    "user",
    "load-balancer",
    "sql-database",
    "firewall",
    "message-queue",
    "cache",
    "admin",
    "dns",
    "third-party-service",
];
const PLACES: [&str; 5] = ["host", "availability-zone", "subnet-tier", "data-centre", "cluster"];

fn model(mut it: Numbers) -> Model {
    let id = |stem: &str, n: usize| Id::slug(&format!("{stem}{n}"));
    let (components, boundaries, flows) = (2 + it.below(6), it.below(4), 1 + it.below(9));
    let mut model = Model::new();
    let mut draft = Draft::of(&model);
    for n in 0..boundaries {
        let within = it.some(2).then(|| id("b", it.below(boundaries)));
        let (kind, name) = (it.one(&PLACES).to_owned(), it.one(&["", "a", "b"]).to_owned());
        draft.put(id("b", n), Boundary { kind, name, within, ..Boundary::default() });
    }
    for n in 0..components {
        let allow = Allow::of(it.one(&["tcp/443", "any", "tcp/22"]).parse().unwrap(), From::Anywhere);
        let component = Component {
            kind: it.one(&KINDS).to_owned(),
            name: it.one(&["", "web-1", "web-2"]).to_owned(),
            within: (boundaries > 0 && it.some(2)).then(|| id("b", it.below(boundaries))),
            gate_of: (boundaries > 0 && it.some(4)).then(|| id("b", it.below(boundaries))),
            allows: if it.some(2) { Allows::Only(vec![allow]) } else { Allows::Unknown },
            replicas: it.some(4).then(|| it.below(3) as u32),
            quorum: it.some(5).then(|| it.below(4) as u32),
            pool: if it.some(4) { "pool".to_owned() } else { String::new() },
            highly_available: Answer::of(it.one(&[Truth::Unknown, Truth::No, Truth::Yes])),
            takes_over: Answer::of(it.one(&[Truth::Unknown, Truth::No, Truth::Yes])),
            ..Component::default()
        };
        draft.put(id("c", n), component);
    }
    for n in 0..flows {
        let flow = Flow {
            port: it.one(&["", "tcp/443", "tcp/80"]).parse().unwrap(),
            access: it.one(&[
                Access::Read,
                Access::Write,
                Access::Replicate,
                Access::Consume,
                Access::Unknown,
            ]),
            needs: it.one(&[Needs::Unset, Needs::Hard, Needs::Soft]),
            reply: it.some(10),
            ..Flow::between(id("c", it.below(components)), id("c", it.below(components)))
        };
        draft.put(id("f", n), flow);
    }
    for n in 0..it.below(6).saturating_sub(3) {
        let flows = (0..1 + it.below(3)).map(|_| id("f", it.below(flows))).collect();
        draft.put(id("feature", n), Feature { flows, ..Feature::default() });
    }
    let edit = draft.finish();
    model.apply(&edit);
    model
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn single_points_are_those_found_by_brute_force(numbers in prop::collection::vec(any::<u8>(), 0..220)) {
        let facts = Facts::of(Arc::new(model(Numbers(numbers.into_iter()))));
        let found: Vec<_> = facts
            .failure
            .single_points()
            .iter()
            .map(|it| (it.unit.clone(), it.actors.to_vec(), it.features.to_vec(), it.all_lost))
            .collect();
        prop_assert_eq!(found, Naive { facts: &facts }.single_points());
    }
}
