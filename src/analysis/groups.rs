//! Groups: the needs of each component, with all alternatives that can fill them. Part *Failure*, groups.

use std::collections::BTreeMap;

use crate::model::{Access, Allows, Capability, Ports};

use super::{BoundaryIx, ComponentIx, FlowEdge, FlowIx, Need, Pools, StoreIx, Topology};

/// Flows of one source with the same alternatives and the same need.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub source: ComponentIx,
    pub need: Need,
    pub alternatives: Alt,
    /// Where its flows stand in [`Groups::routes`].
    first: u32,
    end: u32,
}

/// A set of alternatives of [`Alternatives`].
pub(super) type Alt = u32;

/// The gates that a flow has to pass, of [`Groups::gates`]; [`FREE`] if there are none.
pub(super) type Way = u32;
pub(super) const FREE: Way = 0;

/// A flow of a group, as far as failure goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    pub to: ComponentIx,
    pub way: Way,
}

/// The groups of all components.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    pub alternatives: Alternatives,
    /// In the order of their sources.
    pub all: Vec<Group>,
    /// Of each component and one more: where its groups begin.
    starts: Vec<u32>,
    routes: Vec<Route>,
    ways: Ways,
}

impl Groups {
    /// With `hopeful`, replicas of which nobody has said whether they take over are taken to do so.
    pub(super) fn of(topology: &Topology, pools: &Pools, hopeful: bool) -> Self {
        let alternatives = Alternatives::of(topology, pools, hopeful);
        let mut groups = Self { alternatives, ways: Ways::of(topology), ..Self::default() };
        let mut needs: Vec<(Need, Alt, FlowIx)> = Vec::new();
        for (source, component) in topology.components() {
            groups.starts.push(groups.all.len() as u32);
            needs.clear();
            for ix in &component.out {
                let flow = topology.flow(*ix);
                let need = Need::of(topology, flow);
                if need != Need::None {
                    needs.push((need, groups.alternatives.of_flow(flow), *ix));
                }
            }
            needs.sort_unstable();
            for same in needs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
                groups.push(topology, source, same);
            }
        }
        groups.starts.push(groups.all.len() as u32);
        groups
    }

    fn push(&mut self, topology: &Topology, source: ComponentIx, same: &[(Need, Alt, FlowIx)]) {
        let first = self.routes.len() as u32;
        for (_, _, ix) in same {
            let flow = topology.flow(*ix);
            let way = self.ways.of_flow(topology, flow);
            self.routes.push(Route { to: flow.to, way });
        }
        if let Some((need, alternatives, _)) = same.first().copied() {
            self.all.push(Group { source, need, alternatives, first, end: self.routes.len() as u32 });
        }
    }

    pub(super) fn of_component(&self, component: ComponentIx) -> &[Group] {
        let range = self.starts.get(component.at()).zip(self.starts.get(component.at() + 1));
        range.map_or(&[], |(from, to)| &self.all[*from as usize..*to as usize])
    }

    /// The group that a flow is in, by its place in `all`; none if it makes no need.
    pub(super) fn of_flow(&self, topology: &Topology, flow: &FlowEdge, alternatives: Alt) -> Option<u32> {
        let need = Need::of(topology, flow);
        let is_it = |it: &Group| it.need == need && it.alternatives == alternatives;
        let at = self.of_component(flow.from).iter().position(is_it)?;
        Some(self.starts.get(flow.from.at())? + at as u32)
    }

    pub(super) fn has_hard(&self, component: ComponentIx) -> bool {
        self.of_component(component).iter().any(|it| it.need == Need::Hard)
    }

    pub(super) fn routes(&self, group: &Group) -> &[Route] {
        &self.routes[group.first as usize..group.end as usize]
    }

    /// The way of all its flows, if they have one.
    pub(super) fn common_way(&self, group: &Group) -> Option<Way> {
        let routes = self.routes(group);
        let way = routes.first()?.way;
        routes.iter().all(|it| it.way == way).then_some(way)
    }

    /// The ways to one member: those of the flows that lead to it or, for one that no flow is drawn to, all.
    pub(super) fn ways_to(&self, group: &Group, member: ComponentIx) -> Vec<Way> {
        let routes = self.routes(group);
        let is_drawn = routes.iter().any(|it| it.to == member);
        let mut ways: Vec<Way> =
            routes.iter().filter(|it| !is_drawn || it.to == member).map(|it| it.way).collect();
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    pub(super) fn way_of(&mut self, topology: &Topology, flow: &FlowEdge) -> Way {
        self.ways.of_flow(topology, flow)
    }

    /// Of each way: the sets of gates of which one each must be alive.
    pub(super) fn gates(&self) -> &[Vec<Vec<ComponentIx>>] {
        &self.ways.gates
    }
}

/// Sets of components of which any one will do: each component alone, pools, replicated stores, and those of a store
/// who take writes.
#[derive(Debug, Clone, Default)]
pub(super) struct Alternatives {
    alone: Vec<ComponentIx>,
    quorum_alone: Vec<u32>,
    sets: Vec<Set>,
    reading: Vec<Alt>,
    writing: Vec<Alt>,
}

#[derive(Debug, Clone)]
struct Set {
    members: Vec<ComponentIx>,
    quorum: u32,
    /// Whose instances count for the quorum, if they are others than the members.
    counted: Option<Vec<ComponentIx>>,
    /// The store, if nobody has said of a replica whether it takes over.
    asks: Option<StoreIx>,
}

impl Alternatives {
    fn of(topology: &Topology, pools: &Pools, hopeful: bool) -> Self {
        let alone: Vec<ComponentIx> = topology.components().map(|(ix, _)| ix).collect();
        let of_one = |it: &ComponentIx| topology.component(*it).record.quorum.unwrap_or(1).max(1);
        let quorum_alone = alone.iter().map(of_one).collect();
        let alts: Vec<Alt> = (0..alone.len() as Alt).collect();
        let mut made = Self { reading: alts.clone(), writing: alts, alone, quorum_alone, sets: Vec::new() };
        // A declared pool goes before a store, a store before an inferred pool.
        for inferred in pools.pools().iter().filter(|it| it.inferred) {
            made.add_for_reading(&inferred.members, inferred.quorum);
        }
        for store in pools.stores() {
            made.add_for_reading(&store.members, store.quorum);
        }
        for declared in pools.pools().iter().filter(|it| !it.inferred) {
            made.add_for_reading(&declared.members, declared.quorum);
        }
        made.writing.clone_from(&made.reading);
        for (n, store) in pools.stores().iter().enumerate() {
            let mut members = store.writers.clone();
            if hopeful {
                members.extend(&store.takes_over_unknown);
                members.sort_unstable();
            }
            let is_open = !hopeful && !store.takes_over_unknown.is_empty();
            let counted = (store.quorum > 1 && members != store.members).then(|| store.members.clone());
            let alt =
                made.add(Set { members, quorum: store.quorum, counted, asks: is_open.then_some(n.into()) });
            for member in &store.members {
                made.writing[member.at()] = alt;
            }
        }
        made
    }

    fn add(&mut self, set: Set) -> Alt {
        self.sets.push(set);
        (self.alone.len() + self.sets.len() - 1) as Alt
    }

    fn add_for_reading(&mut self, members: &[ComponentIx], quorum: u32) {
        let alt = self.add(Set { members: members.to_vec(), quorum, counted: None, asks: None });
        for member in members {
            self.reading[member.at()] = alt;
        }
    }

    /// All that could answer a flow; an access that nobody has said is read as the worse, a write.
    pub(super) fn of_flow(&self, flow: &FlowEdge) -> Alt {
        match flow.access {
            Access::Write | Access::ReadWrite | Access::Publish | Access::Unknown => {
                self.writing[flow.to.at()]
            }
            Access::Read | Access::Consume | Access::Replicate | Access::Admin => self.reading[flow.to.at()],
        }
    }

    /// All that could stand for a component to those who only read from it.
    pub(super) fn reading(&self, component: ComponentIx) -> Alt {
        self.reading[component.at()]
    }

    /// All that could take what is written to a component.
    pub(super) fn writing(&self, component: ComponentIx) -> Alt {
        self.writing[component.at()]
    }

    pub(super) fn count(&self) -> usize {
        self.alone.len() + self.sets.len()
    }

    fn set(&self, alt: Alt) -> Option<&Set> {
        (alt as usize).checked_sub(self.alone.len()).and_then(|it| self.sets.get(it))
    }

    pub(super) fn members(&self, alt: Alt) -> &[ComponentIx] {
        self.set(alt).map_or_else(|| &self.alone[alt as usize..=alt as usize], |it| &it.members)
    }

    /// How many instances must be up.
    pub(super) fn quorum(&self, alt: Alt) -> u32 {
        self.set(alt).map_or_else(|| self.quorum_alone[alt as usize], |it| it.quorum)
    }

    /// Whose instances count, if not only the members' do: a store's quorum is one of the store, not of its writers.
    pub(super) fn counted(&self, alt: Alt) -> Option<&[ComponentIx]> {
        self.set(alt).and_then(|it| it.counted.as_deref())
    }

    /// The store about whose replicas there is a question.
    pub(super) fn asks(&self, alt: Alt) -> Option<StoreIx> {
        self.set(alt).and_then(|it| it.asks)
    }
}

/// The ways through gates, each once.
#[derive(Debug, Clone, Default)]
struct Ways {
    gates: Vec<Vec<Vec<ComponentIx>>>,
    known: BTreeMap<Vec<Vec<ComponentIx>>, Way>,
    /// Of each boundary: whether it or one around it has gates.
    is_gated: Vec<bool>,
}

impl Ways {
    fn of(topology: &Topology) -> Self {
        let has_gates = |it: BoundaryIx| !topology.boundary(it).gates.is_empty();
        let is_gated =
            topology.boundaries().map(|(ix, _)| topology.outward(Some(ix)).any(has_gates)).collect();
        Self { gates: vec![Vec::new()], known: BTreeMap::new(), is_gated }
    }

    /// Each boundary that is entered, that has gates and at none of them the flow starts or ends, needs one alive of
    /// those that let its port in. Inferred gates need no mention: every flow into their boundary is at one of them.
    fn of_flow(&mut self, topology: &Topology, flow: &FlowEdge) -> Way {
        let [from, to] = [flow.from, flow.to].map(|it| topology.component(it).within);
        if !to.is_some_and(|it| self.is_gated[it.at()]) {
            return FREE;
        }
        let mut passed: Vec<Vec<ComponentIx>> = Vec::new();
        for boundary in topology.entered(from, to) {
            let gates = &topology.boundary(boundary).gates;
            if gates.contains(&flow.from) || gates.contains(&flow.to) {
                continue;
            }
            let open: Vec<ComponentIx> =
                gates.iter().copied().filter(|it| lets_in(topology, *it, &flow.ports)).collect();
            // If none does, the drawing contradicts itself, which is another finding.
            if !open.is_empty() {
                passed.push(open);
            }
        }
        if passed.is_empty() {
            return FREE;
        }
        let next = self.gates.len() as Way;
        let way = *self.known.entry(passed.clone()).or_insert(next);
        if way == next {
            self.gates.push(passed);
        }
        way
    }
}

/// Whether a gate lets a port in. A gate that terminates lets nothing through by itself; an unknown port is let in.
fn lets_in(topology: &Topology, gate: ComponentIx, ports: &Ports) -> bool {
    let gate = topology.component(gate);
    if !gate.can(Capability::Passes) {
        return false;
    }
    match &gate.record.allows {
        Allows::Only(entries) if gate.can(Capability::Filters) => {
            ports.is_empty() || entries.iter().any(|it| it.ports.overlaps(ports))
        }
        Allows::Only(_) | Allows::Unknown => true,
    }
}
