//! Ingress: what each boundary lets in and what each filter lets through, from where, and how sure that is.
//!
//! Computes the paragraph *Ingress* of the manual's page on meanings, and the places from which steps start: a gate
//! stands in the space around its boundary, whatever it was drawn in.

use super::topology::Entered;
use super::{BoundaryIx, ComponentIx, FlowIx, Topology, Unknown};
use crate::model::{Allow, Allows, Capability, From, Ingress as Own, Ports, Truth};

/// What gets through: for certain, and possibly, if every unknown is read as the worse answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    pub certain: Ports,
    /// Holds all that is certain.
    pub possible: Ports,
}

impl Passage {
    fn both(ports: &Ports) -> Self {
        Self { certain: ports.clone(), possible: ports.clone() }
    }

    fn union(&self, other: &Self) -> Self {
        Self { certain: self.certain.union(&other.certain), possible: self.possible.union(&other.possible) }
    }

    fn intersect(&self, other: &Self) -> Self {
        Self {
            certain: self.certain.intersect(&other.certain),
            possible: self.possible.intersect(&other.possible),
        }
    }
}

/// Where the entry of a filter holds, once ids are looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Where {
    Anywhere,
    /// Nobody has said: see [`Starts`].
    Unsaid,
    Of(Vec<ComponentIx>, Vec<BoundaryIx>),
}

/// One entry of a filter.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) ports: Ports,
    pub(super) from: Where,
}

/// What one filter lets through.
#[derive(Debug, Clone)]
pub(super) enum Passing {
    Nothing,
    Everything,
    /// Nobody has said: everything, and nothing of it is certain.
    Unsaid,
    Entries(Vec<Entry>),
}

/// Where drawn flows through a filter start: there an entry whose origin nobody has said holds for certain.
#[derive(Debug, Clone, Default)]
pub(super) struct Starts {
    /// One of them comes from the internet.
    pub(super) everyone: bool,
    /// In order. What passes traffic on stands for all whose drawn flows lead to it.
    pub(super) from: Vec<ComponentIx>,
}

/// What the boundaries of a model let in, and where its components stand.
#[derive(Debug, Clone)]
pub struct Ingress {
    /// By component.
    places: Vec<Option<BoundaryIx>>,
    gate_of: Vec<Vec<BoundaryIx>>,
    origins: Vec<bool>,
    passings: Vec<Passing>,
    starts_at: Vec<Starts>,
    /// By boundary.
    gates: Vec<Vec<ComponentIx>>,
    inferred: Vec<bool>,
    own: Vec<Passing>,
    starts_into: Vec<Starts>,
    /// By component.
    on_internet: Vec<bool>,
}

impl Ingress {
    pub fn of(topology: &Topology) -> Self {
        let mut ingress = Self::bare(topology);
        ingress.infer_gates(topology);
        for (c, node) in topology.components() {
            ingress.origins[c.at()] =
                node.can(Capability::OnTheInternet) && is_outside(topology, ingress.place(c));
        }
        ingress.on_internet = ingress.seen_from_internet(topology);
        ingress.find_starts(topology);
        ingress
    }

    /// The innermost boundary that a component stands in; for a gate, the one around its boundary.
    pub fn place(&self, component: ComponentIx) -> Option<BoundaryIx> {
        self.places[component.at()]
    }

    /// Its gates, in order: those that were drawn as gates or, if there are none, the inferred ones.
    pub fn gates(&self, boundary: BoundaryIx) -> &[ComponentIx] {
        &self.gates[boundary.at()]
    }

    /// Whether its gates were inferred from the flows, to be drawn dashed.
    pub fn is_inferred(&self, boundary: BoundaryIx) -> bool {
        self.inferred[boundary.at()]
    }

    /// The boundaries whose gate a component is, drawn or inferred, in order.
    pub fn gate_of(&self, component: ComponentIx) -> &[BoundaryIx] {
        &self.gate_of[component.at()]
    }

    /// Whether the internet stands there: a user, admin, browser, mobile app, attacker or internet component in no
    /// boundary, or only in boundaries of a kind that is outside.
    pub fn is_origin(&self, component: ComponentIx) -> bool {
        self.origins[component.at()]
    }

    /// Whether what a flow that starts there brings comes from the internet: the internet stands there, or sends
    /// its traffic on through it.
    pub fn brings_internet(&self, start: ComponentIx) -> bool {
        self.on_internet[start.at()]
    }

    /// What comes into a boundary from one who stands at `source`; `None` is the internet at the top.
    pub fn lets_in(&self, topology: &Topology, boundary: BoundaryIx, source: Option<ComponentIx>) -> Passage {
        let starts = &self.starts_into[boundary.at()];
        let mut sum = Passage::default();
        for (_, passing) in self.parts(boundary) {
            sum = sum.union(&self.through(topology, passing, starts, source));
        }
        sum
    }

    /// What a component lets through of what comes from one who stands at `source`; nothing if it terminates.
    pub fn lets_through(
        &self,
        topology: &Topology,
        filter: ComponentIx,
        source: Option<ComponentIx>,
    ) -> Passage {
        self.through(topology, &self.passings[filter.at()], &self.starts_at[filter.at()], source)
    }

    /// What a drawn flow's boundaries and the filter that it starts at let through, of all ports, for whoever its
    /// start stands for: the start itself and, if that passes traffic on, those whose drawn flows lead to it.
    pub fn lets_flow(&self, topology: &Topology, flow: FlowIx) -> Passage {
        let edge = topology.flow(flow);
        let mut sum = Passage::default();
        for source in Self::seen_back(topology, edge.from) {
            let mut way = if source == edge.from {
                Passage::both(&Ports::all())
            } else {
                self.lets_through(topology, edge.from, Some(source))
            };
            for entered in self.entered(topology, edge.from, edge.to) {
                way = way.intersect(&self.lets_in(topology, entered, Some(source)));
            }
            sum = sum.union(&way);
        }
        sum
    }

    /// The boundaries whose ingress a step between two components meets, from the outermost in: those that hold the
    /// target and not the start, without those whose gate the start is.
    pub fn entered(&self, topology: &Topology, from: ComponentIx, to: ComponentIx) -> Entered {
        let mut entered = topology.entered(self.place(from), self.place(to));
        entered.retain(|it| !self.gate_of(from).contains(it));
        entered
    }

    /// The unknown because of which it is not certain that a boundary lets some ports in.
    pub fn asks_of_boundary(
        &self,
        topology: &Topology,
        boundary: BoundaryIx,
        source: Option<ComponentIx>,
        ports: &Ports,
    ) -> Option<Unknown> {
        let starts = &self.starts_into[boundary.at()];
        let asked = self.parts(boundary).find(|(_, passing)| {
            let way = self.through(topology, passing, starts, source);
            way.possible.minus(&way.certain).overlaps(ports)
        });
        asked.map(|(gate, _)| match gate {
            Some(gate) => Unknown::new(&topology.component(gate).id, "allows"),
            None => Unknown::new(&topology.boundary(boundary).id, "ingress"),
        })
    }

    /// Whether anything that gets through is not certain.
    pub(super) fn rests_on_unknowns(&self, topology: &Topology) -> bool {
        let unsure = |passing: &Passing, starts: &Starts| match passing {
            Passing::Unsaid => true,
            Passing::Nothing | Passing::Everything => false,
            Passing::Entries(entries) => {
                !starts.everyone && entries.iter().any(|it| it.from == Where::Unsaid)
            }
        };
        let boundaries = topology.boundaries().any(|(b, node)| {
            node.record.segmented.is == Truth::Unknown
                || self.parts(b).any(|(_, it)| unsure(it, self.starts_into(b)))
        });
        boundaries || topology.components().any(|(c, _)| unsure(self.passing(c), self.starts_at(c)))
    }

    /// A start and, as long as they pass traffic on, all whose drawn flows lead to it; in order.
    pub fn seen_back(topology: &Topology, start: ComponentIx) -> Vec<ComponentIx> {
        closure(start, |c| {
            let node = topology.component(c);
            let into = if node.can(Capability::Passes) { node.into.as_slice() } else { &[] };
            into.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply).map(|it| it.from)
        })
    }

    /// A component and what passes on the traffic of its drawn flows, one after the other; in order.
    pub(super) fn seen_ahead(topology: &Topology, start: ComponentIx) -> Vec<ComponentIx> {
        closure(start, |c| {
            let out = topology.component(c).out.iter().map(|it| topology.flow(*it));
            out.filter(|it| !it.reply && topology.component(it.to).can(Capability::Passes)).map(|it| it.to)
        })
    }

    /// The filters of which a boundary's ingress is the union: its gates, or its own.
    pub(super) fn parts(
        &self,
        boundary: BoundaryIx,
    ) -> impl Iterator<Item = (Option<ComponentIx>, &Passing)> {
        let gates = &self.gates[boundary.at()];
        let own = gates.is_empty().then(|| (None, &self.own[boundary.at()]));
        gates.iter().map(|it| (Some(*it), &self.passings[it.at()])).chain(own)
    }

    pub(super) fn passing(&self, component: ComponentIx) -> &Passing {
        &self.passings[component.at()]
    }

    pub(super) fn starts_into(&self, boundary: BoundaryIx) -> &Starts {
        &self.starts_into[boundary.at()]
    }

    pub(super) fn starts_at(&self, filter: ComponentIx) -> &Starts {
        &self.starts_at[filter.at()]
    }

    fn through(
        &self,
        topology: &Topology,
        passing: &Passing,
        starts: &Starts,
        source: Option<ComponentIx>,
    ) -> Passage {
        match passing {
            Passing::Nothing => Passage::default(),
            Passing::Everything => Passage::both(&Ports::all()),
            Passing::Unsaid => Passage { certain: Ports::NONE, possible: Ports::all() },
            Passing::Entries(entries) => entries.iter().fold(Passage::default(), |sum, entry| {
                let (certain, possible) = match &entry.from {
                    Where::Anywhere => (true, true),
                    Where::Unsaid => (starts.everyone || Self::is_start(topology, starts, source), true),
                    Where::Of(components, boundaries) => {
                        let listed = source.is_some_and(|it| {
                            components.contains(&it)
                                || topology.outward(self.place(it)).any(|it| boundaries.contains(&it))
                        });
                        (listed, listed)
                    }
                };
                let ports = |holds: bool| if holds { entry.ports.clone() } else { Ports::NONE };
                sum.union(&Passage { certain: ports(certain), possible: ports(possible) })
            }),
        }
    }

    fn is_start(topology: &Topology, starts: &Starts, source: Option<ComponentIx>) -> bool {
        let among = |it: &ComponentIx| starts.from.binary_search(it).is_ok();
        source.is_some_and(|it| among(&it) || Self::seen_ahead(topology, it).iter().any(among))
    }

    /// Kinds, entries and declared gates, before anything is inferred.
    fn bare(topology: &Topology) -> Self {
        let components = || topology.components().map(|(_, it)| it);
        let places = |it: &super::ComponentNode| match it.gate_of {
            Some(gated) => topology.boundary(gated).parent,
            None => it.within,
        };
        Self {
            places: components().map(places).collect(),
            gate_of: components().map(|it| it.gate_of.into_iter().collect()).collect(),
            origins: vec![false; topology.component_count()],
            passings: components().map(|it| passing_of(topology, it)).collect(),
            starts_at: vec![Starts::default(); topology.component_count()],
            gates: topology.boundaries().map(|(_, it)| it.gates.clone()).collect(),
            inferred: vec![false; topology.boundary_count()],
            own: topology.boundaries().map(|(_, it)| own_of(topology, &it.record.ingress)).collect(),
            starts_into: vec![Starts::default(); topology.boundary_count()],
            on_internet: vec![false; topology.component_count()],
        }
    }

    /// If every drawn flow into a boundary of unknown ingress starts or ends at filters, these are its gates.
    fn infer_gates(&mut self, topology: &Topology) {
        let open = |n: usize, it: &Self| it.gates[n].is_empty() && matches!(it.own[n], Passing::Unsaid);
        let mut may: Vec<bool> = (0..topology.boundary_count()).map(|n| open(n, self)).collect();
        let mut found: Vec<Vec<ComponentIx>> = vec![Vec::new(); may.len()];
        for (_, flow) in topology.flows().filter(|(_, it)| !it.reply) {
            let (from, to) = (self.place(flow.from), self.place(flow.to));
            let filters: Vec<ComponentIx> = [flow.from, flow.to]
                .into_iter()
                .filter(|it| topology.component(*it).can(Capability::Filters))
                .collect();
            for entered in entered(topology, from, to).filter(|it| may[it.at()]).collect::<Vec<_>>() {
                may[entered.at()] = !filters.is_empty();
                found[entered.at()].extend(&filters);
            }
        }
        for (n, mut gates) in found.into_iter().enumerate().filter(|(n, _)| may[*n]) {
            gates.sort_unstable();
            gates.dedup();
            self.inferred[n] = !gates.is_empty();
            for gate in &gates {
                self.gate_of[gate.at()].push(n.into());
            }
            self.gates[n] = gates;
        }
        // One that was drawn inside stands outside all whose gate it is, unless its place was said.
        for (c, node) in topology.components().filter(|(_, it)| it.gate_of.is_none()) {
            let outermost =
                topology.outward(node.within).filter(|it| self.gate_of[c.at()].contains(it)).last();
            if let Some(outermost) = outermost {
                self.places[c.at()] = topology.boundary(outermost).parent;
            }
        }
    }

    /// Where drawn flows start that enter boundaries, or end at filters, with entries from nobody knows where.
    fn find_starts(&mut self, topology: &Topology) {
        let unsaid = |it: &Passing| match it {
            Passing::Entries(entries) => entries.iter().any(|it| it.from == Where::Unsaid),
            _ => false,
        };
        let asked: Vec<bool> =
            topology.boundaries().map(|(b, _)| self.parts(b).any(|(_, it)| unsaid(it))).collect();
        let internet = &self.on_internet;
        let (mut into, mut at) = (vec![Starts::default(); asked.len()], self.starts_at.clone());
        let note = |starts: &mut Starts, start: ComponentIx| {
            starts.everyone |= internet[start.at()];
            starts.from.push(start);
        };
        for (_, flow) in topology.flows().filter(|(_, it)| !it.reply) {
            let (from, to) = (self.place(flow.from), self.place(flow.to));
            for entered in entered(topology, from, to).filter(|it| asked[it.at()]) {
                note(&mut into[entered.at()], flow.from);
            }
            // A flow that ends at a gate goes into its boundary.
            let gated = self.gate_of(flow.to).iter();
            for b in gated.filter(|it| asked[it.at()] && !topology.is_within(from, **it)) {
                note(&mut into[b.at()], flow.from);
            }
            if self.gate_of(flow.to).is_empty() && unsaid(self.passing(flow.to)) {
                note(&mut at[flow.to.at()], flow.from);
            }
        }
        for (n, gated) in self.gate_of.iter().enumerate().filter(|(n, _)| unsaid(&self.passings[*n])) {
            for starts in gated.iter().map(|it| &into[it.at()]) {
                at[n].everyone |= starts.everyone;
                at[n].from.extend(&starts.from);
            }
        }
        for starts in into.iter_mut().chain(&mut at) {
            starts.from.sort_unstable();
            starts.from.dedup();
        }
        (self.starts_into, self.starts_at) = (into, at);
    }

    /// By component: whether a flow that starts there comes from the internet, seen through what passes it on.
    fn seen_from_internet(&self, topology: &Topology) -> Vec<bool> {
        let mut seen = self.origins.clone();
        let mut open: Vec<ComponentIx> =
            (0..seen.len()).filter(|n| seen[*n]).map(ComponentIx::from).collect();
        while let Some(next) = open.pop() {
            for flow in topology.component(next).out.iter().map(|it| topology.flow(*it)) {
                let passes = topology.component(flow.to).can(Capability::Passes);
                if passes && !flow.reply && !std::mem::replace(&mut seen[flow.to.at()], true) {
                    open.push(flow.to);
                }
            }
        }
        seen
    }
}

/// The boundaries that hold one place and not the other, from the innermost out.
pub(super) fn entered(
    topology: &Topology,
    from: Option<BoundaryIx>,
    to: Option<BoundaryIx>,
) -> impl Iterator<Item = BoundaryIx> {
    let common = topology.common(from, to);
    topology.outward(to).take_while(move |it| Some(*it) != common)
}

fn is_outside(topology: &Topology, place: Option<BoundaryIx>) -> bool {
    topology.outward(place).all(|it| topology.boundary(it).kind.outside)
}

fn closure<I: Iterator<Item = ComponentIx>>(
    start: ComponentIx,
    next: impl Fn(ComponentIx) -> I,
) -> Vec<ComponentIx> {
    let mut seen = std::collections::BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(c) = open.pop() {
        open.extend(next(c).filter(|it| seen.insert(*it)));
    }
    seen.into_iter().collect()
}

fn passing_of(topology: &Topology, component: &super::ComponentNode) -> Passing {
    match (&component.record.allows, component.can(Capability::Passes), component.can(Capability::Filters)) {
        (_, false, _) => Passing::Nothing,
        (_, true, false) => Passing::Everything,
        (Allows::Unknown, true, true) => Passing::Unsaid,
        (Allows::Only(entries), true, true) => Passing::Entries(entries_of(topology, entries)),
    }
}

fn own_of(topology: &Topology, ingress: &Own) -> Passing {
    match ingress {
        Own::Unknown => Passing::Unsaid,
        Own::Open => Passing::Everything,
        Own::Only(entries) => Passing::Entries(entries_of(topology, entries)),
    }
}

fn entries_of(topology: &Topology, entries: &[Allow]) -> Vec<Entry> {
    let from = |it: &From| match it {
        From::Anywhere => Where::Anywhere,
        From::Unknown => Where::Unsaid,
        From::Of(ids) => Where::Of(
            ids.iter().filter_map(|it| topology.find_component(it)).collect(),
            ids.iter().filter_map(|it| topology.find_boundary(it)).collect(),
        ),
    };
    entries.iter().map(|it| Entry { ports: it.ports.clone(), from: from(&it.from) }).collect()
}
