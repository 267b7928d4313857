//! Exposure: what two runs of the search say together, row by row, with the question and the path of each.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

use super::reach::{Exposed, Reach, Served, Step};
use super::spread::{Hit, Spread, Trace};
use super::{ComponentIx, FlowIx, Ingress, Topology, Unknown};
use crate::model::{Capability, PortRange, Ports, Truth};

/// The last trace of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    Certain(u32),
    Possible(u32),
}

/// The rows of all components, in order.
pub(super) fn rows(
    topology: &Topology,
    ingress: &Ingress,
    possible: &Spread,
    certain: Option<&Spread>,
) -> Vec<Exposed> {
    let mut asking = Asking { topology, ingress, possible, certain, known: BTreeMap::new() };
    let mut rows = Vec::new();
    for (component, _) in topology.components() {
        let mut pieces: Vec<(PortRange, Exposed)> = Vec::new();
        for hit in &possible.hits[component.at()] {
            let mut push = |ports: &Ports, sure: Option<&Hit>| {
                for range in ports.ranges() {
                    let question = certain.is_some() && sure.is_none_or(|it| it.hop > hit.hop);
                    let evidence = match sure {
                        Some(sure) if !question && certain.is_some() => Evidence::Certain(sure.trace),
                        _ => Evidence::Possible(hit.trace),
                    };
                    let certain_hop = sure.map(|it| it.hop);
                    let (ports, hop) = (Ports::from_ranges([*range]), hit.hop);
                    let row = Exposed { component, ports, hop, question, certain_hop, asks: None, evidence };
                    pieces.push((*range, row));
                }
            };
            let ports = possible.sets.ports(hit.ports);
            let Some(certain) = certain else {
                push(ports, Some(hit));
                continue;
            };
            let mut rest = ports.clone();
            for sure in &certain.hits[component.at()] {
                let sure_ports = certain.sets.ports(sure.ports);
                push(&rest.intersect(sure_ports), Some(sure));
                rest = rest.minus(sure_ports);
            }
            push(&rest, None);
        }
        pieces.sort_by_key(|(range, _)| *range);
        let first = rows.len();
        for (range, row) in pieces {
            let joins = rows[first..].last().is_some_and(|it: &Exposed| {
                let touches = it.ports.ranges().last().is_some_and(|it| {
                    it.transport == range.transport && u32::from(it.last) + 1 == u32::from(range.first)
                });
                touches
                    && (it.hop, it.question, it.certain_hop) == (row.hop, row.question, row.certain_hop)
                    && same_path(it.evidence, row.evidence, possible, certain)
            });
            match rows.last_mut() {
                Some(last) if joins => last.ports = last.ports.union(&row.ports),
                _ => rows.push(row),
            }
        }
    }
    for row in rows.iter_mut().filter(|it| it.question) {
        row.asks = asking.of(row);
    }
    rows
}

/// The targets of flows from what hands requests on, in order.
pub(super) fn served(topology: &Topology, exposed: &[Exposed]) -> Vec<Served> {
    let hands_on = |it: ComponentIx| topology.component(it).can(Capability::HandsOn);
    let mut best: BTreeMap<ComponentIx, (u32, bool)> = BTreeMap::new();
    for row in exposed.iter().filter(|it| hands_on(it.component)) {
        let now = best.entry(row.component).or_insert((row.hop, row.question));
        *now = (*now).min((row.hop, row.question));
    }
    let mut open: BinaryHeap<_> = best.iter().map(|(c, at)| Reverse((*at, *c))).collect();
    let mut rows: BTreeMap<(ComponentIx, ComponentIx), Served> = BTreeMap::new();
    while let Some(Reverse((at, by))) = open.pop() {
        if best.get(&by) != Some(&at) {
            continue;
        }
        for (component, ports) in handed_on(topology, by) {
            let (hop, question) = at;
            let fresh = Served { component, ports: Ports::NONE, hop, question, by };
            let row = rows.entry((component, by)).or_insert(fresh);
            row.ports = row.ports.union(&ports);
            if hands_on(component) && best.get(&component).is_none_or(|it| at < *it) {
                best.insert(component, at);
                open.push(Reverse((at, component)));
            }
        }
    }
    rows.into_values().collect()
}

/// The targets of a component's flows, seen through what passes traffic on, and the ports of these flows.
fn handed_on(topology: &Topology, by: ComponentIx) -> Vec<(ComponentIx, Ports)> {
    let mut found = Vec::new();
    let mut open: Vec<FlowIx> = topology.component(by).out.to_vec();
    let mut seen = BTreeSet::new();
    while let Some(flow) = open.pop() {
        let flow = topology.flow(flow);
        let target = topology.component(flow.to);
        if flow.reply || flow.to == by {
            continue;
        }
        if !target.can(Capability::NotOurs) && !target.can(Capability::Passes) {
            found.push((flow.to, flow.ports.clone()));
        } else if target.can(Capability::Passes) && seen.insert(flow.to) {
            open.extend_from_slice(&target.out);
        }
    }
    found
}

/// From the origin to a row's component.
pub(super) fn path(exposed: &Exposed, possible: &Spread, certain: Option<&Spread>) -> Vec<Step> {
    let mut steps: Vec<Step> = Way::to(exposed.evidence, possible, certain)
        .filter_map(|(spread, trace)| {
            let ports = spread.sets.ports(trace.ports).clone();
            trace.component.map(|component| Step { component, ports })
        })
        .collect();
    if let Some(target) = steps.first_mut() {
        target.ports = exposed.ports.clone();
    }
    steps.reverse();
    steps
}

/// From the origin to the first that hands requests on, and along its flows.
pub(super) fn served_path(reach: &Reach, served: &Served) -> Vec<Step> {
    let at = (served.hop, served.question);
    // Breadth first against the flows, so that the way is short and ends.
    let mut towards: BTreeMap<ComponentIx, &Served> = BTreeMap::from([(served.by, served)]);
    let mut open = VecDeque::from([served.by]);
    while let Some(by) = open.pop_front() {
        if let Some(row) = reach.exposed_of(by).iter().find(|it| (it.hop, it.question) == at) {
            let mut steps = reach.path(row);
            let mut next = by;
            while let Some(row) = towards.get(&next) {
                steps.push(Step { component: row.component, ports: row.ports.clone() });
                if std::ptr::eq(*row, served) {
                    break;
                }
                next = row.component;
            }
            return steps;
        }
        for row in reach.served_of(by).iter().filter(|it| (it.hop, it.question) == at) {
            if let Entry::Vacant(slot) = towards.entry(row.by) {
                slot.insert(row);
                open.push_back(row.by);
            }
        }
    }
    Vec::new()
}

/// The traces of a path from its end to its origin, without those that only say that a component is held. Where a
/// compromise on a possible way is as near for certain, the way to it is the certain one.
struct Way<'a> {
    possible: &'a Spread,
    certain: Option<&'a Spread>,
    is_certain: bool,
    next: Option<u32>,
}

impl<'a> Way<'a> {
    fn to(evidence: Evidence, possible: &'a Spread, certain: Option<&'a Spread>) -> Self {
        let (is_certain, trace) = match evidence {
            Evidence::Certain(trace) => (true, trace),
            Evidence::Possible(trace) => (false, trace),
        };
        Self { possible, certain, is_certain, next: Some(trace) }
    }
}

impl<'a> Iterator for Way<'a> {
    type Item = (&'a Spread, &'a Trace);

    fn next(&mut self) -> Option<Self::Item> {
        let spread = self.certain.filter(|_| self.is_certain).unwrap_or(self.possible);
        let trace = &spread.traces[self.next? as usize];
        self.next = trace.from;
        let held = trace.from.map(|it| &spread.traces[it as usize]).filter(|it| it.held);
        if let Some(held) = held.filter(|it| it.from.is_some()) {
            // Over the compromise to the trace that brought it.
            self.next = held.from;
            if let Some(fallen) = certain_fall(held, self.possible, self.certain, self.is_certain) {
                (self.is_certain, self.next) = (true, Some(fallen));
            }
        }
        Some((spread, trace))
    }
}

/// The certain trace of a possible compromise, if it comes as early.
fn certain_fall(held: &Trace, possible: &Spread, certain: Option<&Spread>, is_certain: bool) -> Option<u32> {
    let certain = certain.filter(|_| !is_certain)?;
    let component = held.component?;
    let hop = |spread: &Spread| spread.fallen[component.at()].map(|it| spread.traces[it as usize].hop);
    (hop(certain)? <= hop(possible)?).then(|| certain.fallen[component.at()])?
}

fn same_path(a: Evidence, b: Evidence, possible: &Spread, certain: Option<&Spread>) -> bool {
    let ids = |it| Way::to(it, possible, certain).filter_map(|(_, it)| it.component);
    a == b || ids(a).eq(ids(b))
}

/// The first unknown on the way of each row that is a question.
struct Asking<'a> {
    topology: &'a Topology,
    ingress: &'a Ingress,
    possible: &'a Spread,
    certain: Option<&'a Spread>,
    /// By the trace of a compromise: the first unknown on the way to it.
    known: BTreeMap<u32, Option<Unknown>>,
}

impl Asking<'_> {
    fn of(&mut self, row: &Exposed) -> Option<Unknown> {
        let Evidence::Possible(last) = row.evidence else { return None };
        // From compromise to compromise towards the origin, as far as nothing is known yet.
        let mut open = Vec::new();
        let (mut trace, mut ports) = (last, row.ports.clone());
        let mut first = loop {
            let (start, unknown) = self.since_compromise(trace, &ports);
            open.push((trace, unknown));
            let held = self.possible.traces[start as usize];
            let Some(fallen) = held.from else { break None };
            if certain_fall(&held, self.possible, self.certain, false).is_some() {
                break None;
            }
            if let Some(known) = self.known.get(&fallen) {
                break known.clone();
            }
            (trace, ports) =
                (fallen, self.possible.sets.ports(self.possible.traces[fallen as usize].ports).clone());
        };
        while let Some((trace, unknown)) = open.pop() {
            first = first.or(unknown);
            if trace != last {
                self.known.insert(trace, first.clone());
            }
        }
        first
    }

    /// The trace of what is held before a trace, and the first unknown between them for the first of some ports.
    fn since_compromise(&self, last: u32, ports: &Ports) -> (u32, Option<Unknown>) {
        let port = Ports::from_ranges(ports.ranges().first().map(|it| PortRange { last: it.first, ..*it }));
        let mut steps = Vec::new();
        let mut at = last;
        while let Some(from) = self.possible.traces[at as usize].from {
            steps.push((from, at));
            at = from;
            if self.possible.traces[from as usize].held {
                break;
            }
        }
        let source = self.possible.traces[at as usize].component;
        let trace = |it: u32| &self.possible.traces[it as usize];
        let unknown =
            steps.iter().rev().find_map(|(from, to)| self.of_step(source, trace(*from), trace(*to), &port));
        (at, unknown)
    }

    /// The first unknown of one step: the filter it starts through, the network it crosses, what it enters.
    fn of_step(
        &self,
        source: Option<ComponentIx>,
        from: &Trace,
        to: &Trace,
        port: &Ports,
    ) -> Option<Unknown> {
        let target = to.component?;
        if let Some(filter) = from.component.filter(|_| !from.held) {
            let way = self.ingress.lets_through(self.topology, filter, source);
            if !port.is_subset(&way.certain) {
                return Some(Unknown::new(&self.topology.component(filter).id, "allows"));
            }
        }
        let start = from.component.and_then(|it| self.ingress.place(it));
        let place = self.ingress.place(target);
        if !to.drawn
            && let Some(around) = self.topology.common(start, place)
            && self.topology.boundary(around).record.segmented.is == Truth::Unknown
        {
            return Some(Unknown::new(&self.topology.boundary(around).id, "segmented"));
        }
        let entered = match from.component {
            Some(start) => self.ingress.entered(self.topology, start, target),
            None => self.topology.entered(start, place),
        };
        entered.into_iter().find_map(|it| self.ingress.asks_of_boundary(self.topology, it, source, port))
    }
}
