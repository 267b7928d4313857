//! The search behind reachability: how ports spread from origins, hop by hop.
//!
//! A breadth-first search over hops (0-1 BFS), in which every place carries the set of ports that got there and
//! passes on only what is new (semi-naive evaluation, as in Datalog). The network step does not look at pairs of
//! components: traffic is handed to the boundaries around its start, and from each of them to its members and down
//! into its inner boundaries. So a component costs its flows and the depth of its nesting. Sources for which some filter
//! lets in more than for anybody are told apart by class; where anybody has been before, such a class goes straight to
//! those filters, so that a hundred tiers that name each other cost no more than a hundred that do not.

use std::collections::VecDeque;

use foldhash::HashMap;
use smallvec::SmallVec;

use super::crowd::{Crowd, Via};
use super::echoes::{Echoes, echoes};
use super::ingress::entered;
use super::port_sets::{PortSet, PortSets};
use super::sites::{Class, Mode, Sites};
use super::spread::{Hit, Spread, Trace};
use super::{BoundaryIx, ComponentIx, Ingress, Topology};
use crate::model::Capability;

impl Spread {
    pub(super) fn from(
        topology: &Topology,
        ingress: &Ingress,
        foothold: Option<ComponentIx>,
        mode: Mode,
    ) -> Self {
        let mut search = Search::new(topology, ingress, mode, &|_| false);
        search.start(foothold);
        search.run(u32::MAX);
        search.result
    }

    /// What the internet reaches before any compromise if nothing gets through some components.
    pub(super) fn without(
        topology: &Topology,
        ingress: &Ingress,
        avoid: &dyn Fn(ComponentIx) -> bool,
    ) -> Self {
        let mut search = Search::new(topology, ingress, Mode::Possible, avoid);
        search.start(None);
        search.run(0);
        search.result
    }
}

enum Work {
    /// Steps on from a trace.
    Steps(u32),
    /// Ports of a trace have entered a boundary.
    Inside(u32, BoundaryIx, PortSet),
}

struct Search<'a> {
    topology: &'a Topology,
    ingress: &'a Ingress,
    sites: Sites<'a>,
    result: Spread,
    hop: u32,
    work: VecDeque<Work>,
    /// Compromised at this hop: they are held at the next.
    falling: Vec<u32>,
    /// By component: on what it listens, and how much of that was hit.
    listens: Vec<PortSet>,
    hit: Vec<PortSet>,
    /// By component: nothing more can come of what arrives there after the first hop.
    is_done: Vec<bool>,
    /// By place, members that terminate and those that pass traffic on. The last place is the top, which has none:
    /// what stands in no boundary is reached by drawn flows only.
    ends: Vec<Vec<ComponentIx>>,
    passers: Vec<Vec<ComponentIx>>,
    /// By place, inner boundaries into which anybody gets something.
    doors: Vec<Vec<BoundaryIx>>,
    /// By boundary, all in it at any depth that passes traffic on.
    echoes: Vec<Echoes>,
    /// Where a class may get back from, once all else of this hop is done.
    returns: VecDeque<(u32, BoundaryIx, PortSet)>,
    end_crowds: Vec<Crowd>,
    crowds: HashMap<u64, Crowd>,
    /// What has entered a boundary already, by class, and of any class.
    inside: HashMap<u64, PortSet>,
    inside_any: Vec<PortSet>,
    /// What has left a boundary outwards already, by class.
    risen: HashMap<u64, PortSet>,
    /// What went through a component already, by class.
    passed: HashMap<u64, PortSet>,
}

impl<'a> Search<'a> {
    fn new(
        topology: &'a Topology,
        ingress: &'a Ingress,
        mode: Mode,
        avoid: &dyn Fn(ComponentIx) -> bool,
    ) -> Self {
        let mut sets = PortSets::new();
        let sites = Sites::of(topology, ingress, mode, &mut sets, avoid);
        let (components, boundaries) = (topology.component_count(), topology.boundary_count());
        let listens: Vec<PortSet> = topology.components().map(|(_, it)| sets.number(&it.listens)).collect();
        let is_done = topology.components().zip(&listens);
        let is_done =
            is_done.map(|((_, it), listens)| !it.can(Capability::Passes) && listens.is_empty()).collect();
        let (mut ends, mut passers) = (vec![Vec::new(); boundaries + 1], vec![Vec::new(); boundaries + 1]);
        for (c, node) in topology.components() {
            let Some(place) = ingress.place(c) else { continue };
            if node.can(Capability::Passes) {
                passers[place.at()].push(c);
            } else if !node.can(Capability::NotOurs) {
                ends[place.at()].push(c);
            }
        }
        let mut doors = vec![Vec::new(); boundaries + 1];
        for (b, node) in topology.boundaries().filter(|(b, _)| !sites.lets_in(Class::ANYBODY, *b).is_empty())
        {
            doors[node.parent.map_or(boundaries, BoundaryIx::at)].push(b);
        }
        let echoes = echoes(topology, ingress, &sites, &mut sets);
        let result = Spread {
            sets,
            traces: Vec::new(),
            hits: vec![SmallVec::new(); components],
            fallen: vec![None; components],
            arrived: vec![PortSet::NONE; components],
        };
        Self {
            topology,
            ingress,
            sites,
            result,
            hop: 0,
            work: VecDeque::new(),
            falling: Vec::new(),
            listens,
            hit: vec![PortSet::NONE; components],
            is_done,
            ends,
            passers,
            doors,
            echoes,
            returns: VecDeque::new(),
            end_crowds: vec![Crowd::default(); boundaries + 1],
            crowds: HashMap::default(),
            inside: HashMap::default(),
            inside_any: vec![PortSet::NONE; boundaries],
            risen: HashMap::default(),
            passed: HashMap::default(),
        }
    }

    /// Stands at the foothold, or wherever the internet stands.
    fn start(&mut self, foothold: Option<ComponentIx>) {
        if let Some(foothold) = foothold {
            let trace = self.hold(Some(foothold), None);
            self.result.fallen[foothold.at()] = Some(trace);
            return;
        }
        let topology = self.topology;
        let stands = |it: &ComponentIx| self.ingress.is_origin(*it);
        let mut origins: Vec<ComponentIx> = topology.components().map(|(c, _)| c).filter(stands).collect();
        // Whatever bears its name shall open the paths.
        origins.sort_by_key(|it| !topology.component(*it).can(Capability::Passes));
        if origins.iter().all(|it| self.ingress.place(*it).is_some()) {
            self.hold(None, None);
        }
        for origin in origins {
            self.hold(Some(origin), None);
        }
    }

    fn run(&mut self, last_hop: u32) {
        loop {
            loop {
                match self.work.pop_front() {
                    Some(Work::Steps(trace)) => self.step_on(trace),
                    Some(Work::Inside(trace, boundary, ports)) => self.spread_inside(trace, boundary, ports),
                    None => match self.returns.pop_front() {
                        Some((trace, boundary, ports)) => self.come_back(trace, boundary, ports),
                        None => break,
                    },
                }
            }
            if self.falling.is_empty() || self.hop == last_hop {
                return;
            }
            self.hop += 1;
            for fallen in std::mem::take(&mut self.falling) {
                self.hold(self.result.traces[fallen as usize].component, Some(fallen));
            }
        }
    }

    fn hold(&mut self, component: Option<ComponentIx>, from: Option<u32>) -> u32 {
        let class = component.map_or(Class::ANYBODY, |it| self.sites.class_of(it, &mut self.result.sets));
        let hop = self.hop;
        self.trace(Trace { component, ports: PortSet::ALL, from, held: true, drawn: false, hop, class }, true)
    }

    fn trace(&mut self, trace: Trace, goes_on: bool) -> u32 {
        let number = self.result.traces.len() as u32;
        self.result.traces.push(trace);
        if goes_on {
            self.work.push_back(Work::Steps(number));
        }
        number
    }

    fn step_on(&mut self, number: u32) {
        let trace = self.result.traces[number as usize];
        if let Some(start) = trace.component {
            self.step_along_flows(number, start, trace);
            self.step_from_gate(number, start, trace);
        }
        self.step_over_network(number, trace);
    }

    fn step_along_flows(&mut self, number: u32, start: ComponentIx, trace: Trace) {
        let topology = self.topology;
        for flow in topology.component(start).out.iter().map(|it| topology.flow(*it)) {
            let is_idle = flow.reply || self.hop > 0 && self.is_done[flow.to.at()];
            if !is_idle {
                let place = self.ingress.place(flow.to);
                let ports = self.enter(start, place, trace.class, trace.ports);
                self.arrive(number, flow.to, ports, true);
            }
        }
    }

    /// From a gate over the network into its boundary: its ingress is not applied again.
    fn step_from_gate(&mut self, number: u32, start: ComponentIx, trace: Trace) {
        let ingress = self.ingress;
        let place = ingress.place(start);
        for gated in ingress.gate_of(start).iter().copied() {
            let around = self.topology.common(place, Some(gated));
            if around == Some(gated) || around.is_some_and(|it| self.sites.is_closed(it)) {
                continue;
            }
            let ports = self.enter(start, Some(gated), trace.class, trace.ports);
            self.enter_boundary(number, trace.class, gated, ports);
        }
    }

    /// What of some ports gets from a component to a place.
    fn enter(
        &mut self,
        start: ComponentIx,
        place: Option<BoundaryIx>,
        class: Class,
        ports: PortSet,
    ) -> PortSet {
        let (from, gate_of) = (self.ingress.place(start), self.ingress.gate_of(start));
        if from == place {
            return ports;
        }
        let mut ports = ports;
        for boundary in entered(self.topology, from, place).filter(|it| !gate_of.contains(it)) {
            ports = self.result.sets.intersect(ports, self.sites.lets_in(class, boundary));
        }
        ports
    }

    /// Out of one boundary after the other, and in each over to all that stands in it.
    fn step_over_network(&mut self, number: u32, trace: Trace) {
        let mut ports = trace.ports;
        let mut via = trace.component.map_or(Via::Nobody, Via::Component);
        for around in self.topology.outward(trace.component.and_then(|it| self.ingress.place(it))) {
            if !self.sites.is_closed(around) {
                self.meet(number, trace.class, Some(around), via, ports);
            }
            // Whatever has left here once has been handed on further out as well.
            let risen = self.risen.entry(trace.class.key(around.0)).or_insert(PortSet::NONE);
            ports = self.result.sets.add(risen, ports);
            if ports.is_empty() {
                return;
            }
            via = Via::Boundary(around);
        }
        self.meet(number, trace.class, None, via, ports);
    }

    /// In the network of a place, hands ports to everybody but whom they came from.
    fn meet(&mut self, number: u32, class: Class, place: Option<BoundaryIx>, via: Via, ports: PortSet) {
        let at = self.network(place);
        if place.is_some() {
            let met = self.end_crowds[at].meet(via, ports, &mut self.result.sets);
            for n in 0..if met.for_others.is_empty() { 0 } else { self.ends[at].len() } {
                let member = self.ends[at][n];
                if via != Via::Component(member) {
                    self.arrive(number, member, met.for_others, false);
                }
            }
            for (first, ports) in met.for_one {
                // The passers of this place have a crowd of their own.
                if let Via::Component(first) = first
                    && !self.topology.component(first).can(Capability::Passes)
                {
                    self.arrive(number, first, ports, false);
                }
            }
        }
        let crowd = self.crowds.entry(class.key(at as u32)).or_default();
        let met = crowd.meet(via, ports, &mut self.result.sets);
        if !met.for_others.is_empty() {
            self.hand_on(number, class, place, via, met.for_others);
        }
        for (first, ports) in met.for_one {
            match first {
                Via::Component(first) if self.topology.component(first).can(Capability::Passes) => {
                    if place.is_some() {
                        self.arrive(number, first, ports, false);
                    }
                }
                Via::Boundary(first) => self.knock(number, class, first, ports),
                Via::Component(_) | Via::Nobody => {}
            }
        }
    }

    /// The number of a place in what is kept by place: the top comes last.
    fn network(&self, place: Option<BoundaryIx>) -> usize {
        place.map_or_else(|| self.topology.boundary_count(), BoundaryIx::at)
    }

    fn hand_on(&mut self, number: u32, class: Class, place: Option<BoundaryIx>, via: Via, ports: PortSet) {
        let at = self.network(place);
        for n in 0..self.passers[at].len() {
            let member = self.passers[at][n];
            if via != Via::Component(member) {
                self.arrive(number, member, ports, false);
            }
        }
        for n in 0..self.doors[at].len() {
            let inner = self.doors[at][n];
            if via != Via::Boundary(inner) {
                self.knock(number, class, inner, ports);
            }
        }
        for n in 0..self.sites.special_of(class).len() {
            let (inner, _) = self.sites.special_of(class)[n];
            if via != Via::Boundary(inner) && self.topology.boundary(inner).parent == place {
                self.knock(number, class, inner, ports);
            }
        }
    }

    /// Enters a boundary from the space around it.
    fn knock(&mut self, number: u32, class: Class, boundary: BoundaryIx, ports: PortSet) {
        let ports = self.result.sets.intersect(ports, self.sites.lets_in(class, boundary));
        self.enter_boundary(number, class, boundary, ports);
    }

    fn enter_boundary(&mut self, number: u32, class: Class, boundary: BoundaryIx, ports: PortSet) {
        if ports.is_empty() {
            return;
        }
        let inside = self.inside.entry(class.key(boundary.0)).or_insert(PortSet::NONE);
        let mut fresh = self.result.sets.add(inside, ports);
        if class != Class::ANYBODY {
            let anybody = self.inside.get(&Class::ANYBODY.key(boundary.0)).copied();
            let known = self.result.sets.intersect(fresh, anybody.unwrap_or(PortSet::NONE));
            fresh = self.result.sets.minus(fresh, known);
            if !known.is_empty() {
                self.go_to_special(number, class, boundary, known);
                self.returns.push_back((number, boundary, known));
            }
        }
        if !fresh.is_empty() {
            self.work.push_back(Work::Inside(number, boundary, fresh));
        }
    }

    /// In a boundary in which anybody has been with these ports: goes to where a class gets more than anybody.
    fn go_to_special(&mut self, number: u32, class: Class, boundary: BoundaryIx, ports: PortSet) {
        for n in 0..self.sites.special_of(class).len() {
            let (special, _) = self.sites.special_of(class)[n];
            let place = self.topology.boundary(special).parent;
            if let Some(ports) = self.inwards(class, boundary, place, ports) {
                self.knock(number, class, special, ports);
            }
        }
        for n in 0..self.sites.special_filters_of(class).len() {
            let (filter, _) = self.sites.special_filters_of(class)[n];
            if let Some(ports) = self.inwards(class, boundary, self.ingress.place(filter), ports) {
                self.arrive(number, filter, ports, false);
            }
        }
    }

    /// What of some ports in a boundary gets to a place in it; `None` if the place is not in it.
    fn inwards(
        &mut self,
        class: Class,
        boundary: BoundaryIx,
        place: Option<BoundaryIx>,
        ports: PortSet,
    ) -> Option<PortSet> {
        let mut ports = ports;
        for around in self.topology.outward(place) {
            if around == boundary {
                return Some(ports);
            }
            ports = self.result.sets.intersect(ports, self.sites.lets_in(class, around));
        }
        None
    }

    /// In a boundary in which anybody has been with these ports, what passes traffic on may still take a class along
    /// its flows, or back over the network to where it was kept from: a closed network that it came from. The latter
    /// is done as soon as something has come back with these ports.
    fn come_back(&mut self, number: u32, boundary: BoundaryIx, ports: PortSet) {
        let class = self.result.traces[number as usize].class;
        let at = self.network(self.topology.boundary(boundary).parent);
        let all = self.crowds.get(&class.key(at as u32)).map(Crowd::for_all).unwrap_or_default();
        let comes = self.result.sets.intersect(ports, self.echoes[boundary.at()].passes);
        let is_known = self.result.sets.minus(comes, all).is_empty();
        for n in 0..self.echoes[boundary.at()].all.len() {
            let (passer, leads_on) = self.echoes[boundary.at()].all[n];
            if is_known && !leads_on {
                continue;
            }
            if let Some(ports) = self.inwards(class, boundary, self.ingress.place(passer), ports) {
                self.arrive(number, passer, ports, false);
            }
        }
    }

    fn spread_inside(&mut self, number: u32, boundary: BoundaryIx, ports: PortSet) {
        let class = self.result.traces[number as usize].class;
        let fresh = self.result.sets.add(&mut self.inside_any[boundary.at()], ports);
        for n in 0..if fresh.is_empty() { 0 } else { self.ends[boundary.at()].len() } {
            self.arrive(number, self.ends[boundary.at()][n], fresh, false);
        }
        self.hand_on(number, class, Some(boundary), Via::Nobody, ports);
    }

    fn arrive(&mut self, number: u32, target: ComponentIx, ports: PortSet, drawn: bool) {
        let at = target.at();
        if ports.is_empty() {
            return;
        }
        let node = self.topology.component(target);
        let (class, hop) = (self.result.traces[number as usize].class, self.hop);
        let arrived = |ports, class| Trace {
            component: Some(target),
            ports,
            from: Some(number),
            held: false,
            drawn,
            hop,
            class,
        };
        let sets = &mut self.result.sets;
        if hop == 0 {
            self.result.arrived[at] = sets.union(self.result.arrived[at], ports);
        }
        let heard = sets.intersect(ports, self.listens[at]);
        let fresh = sets.add(&mut self.hit[at], heard);
        if !fresh.is_empty() && !node.can(Capability::NotOurs) {
            let trace = self.trace(arrived(fresh, class), false);
            self.result.hits[at].push(Hit { ports: fresh, hop, trace });
            if self.result.fallen[at].is_none() {
                self.result.fallen[at] = Some(trace);
                self.falling.push(trace);
            }
        }
        if node.can(Capability::Passes) {
            let sets = &mut self.result.sets;
            let through = sets.intersect(ports, self.sites.lets_through(class, target));
            let passed = self.passed.entry(class.key(target.0)).or_insert(PortSet::NONE);
            let fresh = sets.add(passed, through);
            if !fresh.is_empty() {
                self.trace(arrived(fresh, class), true);
            }
        } else {
            self.is_done[at] = self.hit[at] == self.listens[at];
        }
    }
}
