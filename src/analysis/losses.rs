//! What the loss of each unit takes, of all units at once.
//!
//! What follows from one event alone ([`Run::consequences`]) makes a graph of events. If one event brings another, its
//! loss holds that of the other; so the events are put into a tree, each below one that it brings, and each run goes on
//! where the one above it ended. A loss that runs through all of a drawing is carried once, not once for each unit
//! that begins it.

use std::sync::Arc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::ComponentIx;
use super::failure::Failure;
use super::network::Lists;
use super::run::{Event, Mark, Run};
use super::single_points::Toll;
use super::units::Unit;
use super::wiring::Wired;

/// What a unit takes with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Loss {
    /// Entry actors that are cut, in order.
    pub actors: Arc<[ComponentIx]>,
    /// Those of them that are down, in order.
    pub actors_down: Arc<[ComponentIx]>,
    /// Features that are lost, in order, by their number.
    pub features: Arc<[u32]>,
    /// Stores on whose open question it rests, in order.
    pub asks: Arc<[u32]>,
}

/// The number of a loss; the first is that of nothing.
pub(super) type LossIx = u32;

/// The losses of all units; those who lose the same share one.
#[derive(Debug)]
pub(super) struct Losses {
    all: Vec<Loss>,
    /// Of each component that is a unit, by one of its instances; of others nothing.
    of_component: Vec<LossIx>,
    of_boundary: Vec<LossIx>,
    /// With nothing failed.
    actors_up: usize,
    features_up: usize,
}

impl Losses {
    /// In a network of a model; `for_certain`, what may be highly available is read as if it were not.
    pub(super) fn of(failure: &Failure, wired: &Wired, for_certain: bool) -> Self {
        let run = Run::of(&wired.network);
        let events = Events::of(failure, wired, &run, for_certain);
        let mut is_actor = vec![false; wired.network.nodes()];
        for actor in failure.entry_actors() {
            is_actor[actor.at()] = true;
        }
        let feature = |n: usize| wired.features_from + n as u32;
        let mut walk = Walk {
            actors_up: failure.entry_actors().iter().filter(|it| !run.is_down(it.0)).count(),
            features_up: (0..failure.paths.len()).filter(|it| !run.is_down(feature(*it))).count(),
            features_from: wired.features_from,
            all: vec![Loss::default()],
            is_actor,
            run,
        };
        let brought = walk.go(failure, &events, for_certain);
        let of_event = |it: usize| brought[events.part[it] as usize];
        let of_component =
            (0..failure.parts.len() as u32).map(|n| events.of_component(n).map_or(0, of_event));
        let of_boundary = (0..failure.boundary_units.len()).map(|n| of_event(events.of_boundary(n)));
        Self {
            of_component: of_component.collect(),
            of_boundary: of_boundary.collect(),
            all: walk.all,
            actors_up: walk.actors_up,
            features_up: walk.features_up,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, loss: LossIx) -> &Loss {
        &self.all[loss as usize]
    }

    pub(super) fn of_component(&self, component: ComponentIx) -> LossIx {
        self.of_component[component.at()]
    }

    /// By the place of the unit in `boundary_units`.
    pub(super) fn of_boundary(&self, unit: usize) -> LossIx {
        self.of_boundary[unit]
    }

    /// What it does to the entry actors.
    pub(super) fn toll_of_actors(&self, loss: &Loss) -> Toll {
        Toll { all: loss.actors_down.len() == self.actors_up, some: !loss.actors.is_empty() }
    }

    /// What it does to the features.
    pub(super) fn toll_of_features(&self, loss: &Loss) -> Toll {
        Toll { all: loss.features.len() == self.features_up, some: !loss.features.is_empty() }
    }
}

/// Events by number, and where each stands in the tree.
struct Events {
    nodes: usize,
    groups: usize,
    /// Of each component: whether it is a unit, and whether one instance is not all of it.
    units: Vec<Option<bool>>,
    /// Of each event: the part of the graph, whose events all bring each other.
    part: Vec<u32>,
    parts: Vec<Part>,
    /// The parts below each part, and below none, which comes last.
    below: Lists,
}

struct Part {
    /// Any one of its events that a run can carry on; else any one.
    event: u32,
    above: Option<u32>,
    /// Whether a unit is in it or below it.
    is_wanted: bool,
}

/// An event that a run can carry on.
#[derive(Debug, Clone, Copy)]
enum Cause {
    Node(Event),
    /// By the place of the unit in `boundary_units`.
    Boundary(usize),
}

impl Events {
    fn of(failure: &Failure, wired: &Wired, run: &Run<'_>, for_certain: bool) -> Self {
        let nodes = wired.network.nodes();
        let units = failure.parts.iter().enumerate();
        let units = units.map(|(n, it)| it.is_unit.then(|| run.live(n as u32) > 1)).collect();
        let mut events = Self {
            nodes,
            groups: wired.network.groups(),
            units,
            part: Vec::new(),
            parts: Vec::new(),
            below: Lists::default(),
        };
        let graph = events.graph(failure, run, for_certain);
        events.part = vec![0; graph.node_count()];
        // What is brought comes before what brings it.
        let parts = kosaraju_scc(&graph);
        for (n, part) in parts.iter().enumerate() {
            for event in part {
                events.part[event.index()] = n as u32;
            }
        }
        events.grow(&graph, &parts);
        events
    }

    fn number(&self, event: Event) -> u32 {
        let (kind, number) = match event {
            Event::Down(node) => (0, node),
            Event::Cut(node) => (1, node),
            Event::Fewer(node) => (2, node),
            Event::Lost(group) => (3, group),
        };
        kind * self.nodes as u32 + number
    }

    fn of_boundary(&self, unit: usize) -> usize {
        3 * self.nodes + self.groups + unit
    }

    fn of_component(&self, node: u32) -> Option<usize> {
        let has_more = self.units[node as usize]?;
        Some(self.number(if has_more { Event::Fewer(node) } else { Event::Down(node) }) as usize)
    }

    fn cause(&self, event: u32) -> Cause {
        if let Some(unit) = (event as usize).checked_sub(self.of_boundary(0)) {
            return Cause::Boundary(unit);
        }
        if let Some(group) = (event as usize).checked_sub(3 * self.nodes) {
            return Cause::Node(Event::Lost(group as u32));
        }
        let (kind, node) = (event as usize / self.nodes, event % self.nodes as u32);
        Cause::Node(match kind {
            0 => Event::Down(node),
            1 => Event::Cut(node),
            _ => Event::Fewer(node),
        })
    }

    fn graph(&self, failure: &Failure, run: &Run<'_>, for_certain: bool) -> DiGraph<(), ()> {
        let count = self.of_boundary(failure.boundary_units.len());
        let mut graph = DiGraph::with_capacity(count, 4 * count);
        for _ in 0..count {
            graph.add_node(());
        }
        let mut arrow = |from: usize, to: u32| {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(to as usize), ());
        };
        let nodes = 0..self.nodes as u32;
        let has_more = |it: &u32| self.units.get(*it as usize) == Some(&Some(true));
        let whole = nodes.clone().flat_map(|it| [Event::Down(it), Event::Cut(it)]);
        let fewer = nodes.filter(has_more).map(Event::Fewer);
        let lost = (0..self.groups as u32).filter(|it| run.is_shared(*it)).map(Event::Lost);
        for event in whole.chain(fewer).chain(lost) {
            run.consequences(event, |it| arrow(self.number(event) as usize, self.number(it)));
        }
        for (n, unit) in failure.boundary_units.iter().enumerate() {
            for component in unit.iter().flat_map(|it| failure.taken_by(*it, for_certain)) {
                arrow(self.of_boundary(n), self.number(Event::Down(component.0)));
            }
        }
        graph
    }

    /// Puts each part below that of what it brings from which the longest way leads on.
    fn grow(&mut self, graph: &DiGraph<(), ()>, parts: &[Vec<NodeIndex>]) {
        let mut length: Vec<u32> = Vec::with_capacity(parts.len());
        for (n, part) in parts.iter().enumerate() {
            let brought = part.iter().flat_map(|it| graph.neighbors(*it));
            let others = brought.map(|it| self.part[it.index()]).filter(|it| *it != n as u32);
            let above = others.max_by_key(|it| (length[*it as usize], std::cmp::Reverse(*it)));
            // What is down is cut as well, so its loss is the longer.
            let steps = part.iter().map(|it| if it.index() < self.nodes { 2 } else { 1 });
            length.push(steps.sum::<u32>() + above.map_or(0, |it| length[it as usize]));
            let runs = |it: &&NodeIndex| !(3 * self.nodes..self.of_boundary(0)).contains(&it.index());
            let event = part.iter().find(runs).or_else(|| part.first()).map_or(0, |it| it.index() as u32);
            self.parts.push(Part { event, above, is_wanted: false });
        }
        let components = (0..self.units.len() as u32).filter_map(|it| self.of_component(it));
        let boundaries = self.of_boundary(0)..graph.node_count();
        for event in components.chain(boundaries).collect::<Vec<_>>() {
            self.parts[self.part[event] as usize].is_wanted = true;
        }
        let (none, mut below) = (parts.len(), Vec::with_capacity(parts.len()));
        // What stands above came before.
        for n in (0..parts.len()).rev() {
            if !self.parts[n].is_wanted {
                continue;
            }
            let above = self.parts[n].above.map(|it| it as usize);
            if let Some(above) = above {
                self.parts[above].is_wanted = true;
            }
            below.push((above.unwrap_or(none) as u32, n as u32));
        }
        self.below = Lists::of(none + 1, &below);
    }
}

/// A walk through the tree of events with one run, which holds all that the part where it stands brings.
struct Walk<'f> {
    run: Run<'f>,
    all: Vec<Loss>,
    is_actor: Vec<bool>,
    features_from: u32,
    actors_up: usize,
    features_up: usize,
}

enum Turn {
    /// To a part, from one with a loss.
    Down(u32, LossIx),
    /// Back to where the run was.
    Back(Mark),
}

impl Walk<'_> {
    /// The loss that each part brings; of parts that no unit is in or below, nothing.
    fn go(&mut self, failure: &Failure, events: &Events, for_certain: bool) -> Vec<LossIx> {
        let mut brought = vec![0; events.parts.len()];
        let below =
            |part: usize, loss| events.below.of_list(part as u32).iter().map(move |it| Turn::Down(*it, loss));
        let mut open: Vec<Turn> = below(events.parts.len(), 0).collect();
        while let Some(turn) = open.pop() {
            match turn {
                Turn::Back(mark) => self.run.undo_to(mark),
                Turn::Down(part, above) => {
                    let mark = self.run.mark();
                    self.bring(failure, events.cause(events.parts[part as usize].event), for_certain);
                    self.run.spread();
                    let loss = self.loss(above, mark);
                    brought[part as usize] = loss;
                    open.push(Turn::Back(mark));
                    open.extend(below(part as usize, loss));
                }
            }
        }
        brought
    }

    fn bring(&mut self, failure: &Failure, cause: Cause, for_certain: bool) {
        match cause {
            Cause::Node(Event::Down(node)) => self.run.fail(node, u32::MAX),
            Cause::Node(Event::Cut(node)) => self.run.cut(node),
            Cause::Node(Event::Fewer(node)) => self.run.fail(node, 1),
            // What follows from it stands above.
            Cause::Node(Event::Lost(_)) => {}
            Cause::Boundary(unit) => {
                let unit = Unit::Boundary(failure.boundary_units[unit].clone());
                failure.fail(&mut self.run, &unit, for_certain);
            }
        }
    }

    /// What is lost now, if that above was lost at a mark.
    fn loss(&mut self, above: LossIx, mark: Mark) -> LossIx {
        let run = &self.run;
        let of = |nodes: &[u32]| -> Vec<ComponentIx> {
            nodes.iter().filter(|it| self.is_actor[**it as usize]).map(|it| ComponentIx(*it)).collect()
        };
        let (actors, actors_down) = (of(run.cuts(mark)), of(run.downs(mark)));
        let features = run.downs(mark).iter().filter_map(|it| it.checked_sub(self.features_from)).collect();
        let asks = run.asks(mark).to_vec();
        let above_it = &self.all[above as usize];
        let loss = Loss {
            actors: with(&above_it.actors, actors),
            actors_down: with(&above_it.actors_down, actors_down),
            features: with(&above_it.features, features),
            asks: with(&above_it.asks, asks),
        };
        if loss == *above_it {
            return above;
        }
        self.all.push(loss);
        self.all.len() as LossIx - 1
    }
}

/// A list in order with more in it; itself if there is no more.
fn with<T: Copy + Ord>(list: &Arc<[T]>, mut more: Vec<T>) -> Arc<[T]> {
    more.retain(|it| list.binary_search(it).is_err());
    if more.is_empty() {
        return Arc::clone(list);
    }
    more.extend_from_slice(list);
    more.sort_unstable();
    more.dedup();
    more.into()
}
