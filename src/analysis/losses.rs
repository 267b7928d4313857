//! What the loss of each unit takes, of all units at once.
//!
//! If one event brings another alone ([`Run::consequences`]), its loss holds that of the other. So the events are put
//! into a tree, each below one that it brings, and each run goes on where the one above it ended: a loss that runs
//! through all of a drawing is carried once, not once for each unit that begins it.

use std::sync::Arc;

use super::ComponentIx;
use super::failure::Failure;
use super::network::{Event, Lists, Mark, Run};
use super::single_points::Toll;
use super::units::Unit;
use super::wiring::Wired;

/// What a unit takes with it.
#[derive(Debug, Clone, Default)]
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

impl Loss {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.actors, &other.actors)
            && Arc::ptr_eq(&self.actors_down, &other.actors_down)
            && Arc::ptr_eq(&self.features, &other.features)
            && Arc::ptr_eq(&self.asks, &other.asks)
    }
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
        let of_event = |it: usize| brought[it];
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
    /// Of each component: whether it is a unit, and whether one instance is not all of it.
    units: Vec<Option<bool>>,
    /// The events below each, and below none, which comes last.
    below: Lists,
}

/// An event that a run can carry on.
#[derive(Debug, Clone, Copy)]
enum Cause {
    Node(Event),
    /// By the place of the unit in `boundary_units`.
    Boundary(usize),
}

const NONE: u32 = u32::MAX;

impl Events {
    fn of(failure: &Failure, wired: &Wired, run: &Run<'_>, for_certain: bool) -> Self {
        let units = failure.parts.iter().zip(0..).map(|(it, n)| it.is_unit.then(|| run.live(n) > 1));
        let (nodes, units) = (wired.network.nodes(), units.collect());
        let mut events = Self { nodes, units, below: Lists::default() };
        let brings = events.brings(failure, run, for_certain);
        events.below = events.tree(failure, &brings);
        events
    }

    fn count(&self, failure: &Failure) -> usize {
        self.of_boundary(failure.boundary_units.len())
    }

    fn number(&self, event: Event) -> u32 {
        let (kind, node) = match event {
            Event::Down(node) => (0, node),
            Event::Cut(node) => (1, node),
            Event::Fewer(node) => (2, node),
        };
        kind * self.nodes as u32 + node
    }

    fn of_boundary(&self, unit: usize) -> usize {
        3 * self.nodes + unit
    }

    fn of_component(&self, node: u32) -> Option<usize> {
        let has_more = self.units[node as usize]?;
        Some(self.number(if has_more { Event::Fewer(node) } else { Event::Down(node) }) as usize)
    }

    fn cause(&self, event: u32) -> Cause {
        if let Some(unit) = (event as usize).checked_sub(3 * self.nodes) {
            return Cause::Boundary(unit);
        }
        let (kind, node) = (event as usize / self.nodes, event % self.nodes as u32);
        Cause::Node(match kind {
            0 => Event::Down(node),
            1 => Event::Cut(node),
            _ => Event::Fewer(node),
        })
    }

    /// What each brings alone, and at once.
    fn brings(&self, failure: &Failure, run: &Run<'_>, for_certain: bool) -> Lists {
        let mut pairs = Vec::with_capacity(8 * self.nodes);
        for node in 0..self.nodes as u32 {
            for event in [Event::Down(node), Event::Cut(node)] {
                run.consequences(event, |it| pairs.push((self.number(event), self.number(it))));
            }
            if self.units.get(node as usize) == Some(&Some(true)) {
                let event = Event::Fewer(node);
                run.consequences(event, |it| pairs.push((self.number(event), self.number(it))));
            }
        }
        for (n, unit) in failure.boundary_units.iter().enumerate() {
            let taken = unit.iter().flat_map(|it| failure.taken_by(*it, for_certain));
            pairs.extend(taken.map(|it| (self.of_boundary(n) as u32, self.number(Event::Down(it.0)))));
        }
        Lists::of(self.count(failure), &pairs)
    }

    /// Puts each event below that of what it brings from which the longest way leads on. Events that bring each other
    /// have the same loss, so it is enough to look at what a depth-first search has done with.
    fn tree(&self, failure: &Failure, brings: &Lists) -> Lists {
        let count = self.count(failure);
        let units = (0..self.units.len() as u32).filter_map(|it| self.of_component(it));
        let units: Vec<usize> = units.chain(3 * self.nodes..count).collect();
        let (mut above, mut length, mut is_seen) =
            (vec![NONE; count], vec![0_u32; count], vec![false; count]);
        let mut order = Vec::new();
        let mut open: Vec<(u32, usize)> = Vec::new();
        for unit in &units {
            if !std::mem::replace(&mut is_seen[*unit], true) {
                open.push((*unit as u32, 0));
            }
            while let Some((event, at)) = open.last_mut() {
                if let Some(next) = brings.of_list(*event).get(*at).copied() {
                    *at += 1;
                    if !std::mem::replace(&mut is_seen[next as usize], true) {
                        open.push((next, 0));
                    }
                    continue;
                }
                let event = *event;
                open.pop();
                // One that is not done with yet has no length.
                let longest = |a: u32, b: &u32| {
                    let is_longer = length[*b as usize] > if a == NONE { 0 } else { length[a as usize] };
                    if is_longer { *b } else { a }
                };
                let best = brings.of_list(event).iter().fold(NONE, longest);
                above[event as usize] = best;
                length[event as usize] = 1 + if best == NONE { 0 } else { length[best as usize] };
                order.push(event);
            }
        }
        let mut is_wanted = vec![false; count];
        units.into_iter().for_each(|it| is_wanted[it] = true);
        let mut below = Vec::with_capacity(order.len());
        // What stands above was done with before.
        for event in order.into_iter().rev() {
            if !is_wanted[event as usize] {
                continue;
            }
            let above = above[event as usize];
            if let Some(is_wanted) = is_wanted.get_mut(above as usize) {
                *is_wanted = true;
            }
            below.push((if above == NONE { count as u32 } else { above }, event));
        }
        Lists::of(count + 1, &below)
    }
}

/// A walk through the tree of events with one run, which holds all that the event where it stands brings.
struct Walk<'f> {
    run: Run<'f>,
    all: Vec<Loss>,
    is_actor: Vec<bool>,
    features_from: u32,
    actors_up: usize,
    features_up: usize,
}

enum Turn {
    /// To an event, from one with a loss.
    Down(u32, LossIx),
    /// Back to where the run was.
    Back(Mark),
}

impl Walk<'_> {
    /// The loss that each event brings; of those that no unit is or brings, nothing.
    fn go(&mut self, failure: &Failure, events: &Events, for_certain: bool) -> Vec<LossIx> {
        let count = events.count(failure);
        let mut brought = vec![0; count];
        let below = |event: usize, loss| {
            events.below.of_list(event as u32).iter().map(move |it| Turn::Down(*it, loss))
        };
        let mut open: Vec<Turn> = below(count, 0).collect();
        while let Some(turn) = open.pop() {
            match turn {
                Turn::Back(mark) => self.run.undo_to(mark),
                Turn::Down(event, above) => {
                    let mark = self.run.mark();
                    self.bring(failure, events.cause(event), for_certain);
                    self.run.spread();
                    let loss = self.loss(above, mark);
                    brought[event as usize] = loss;
                    open.push(Turn::Back(mark));
                    open.extend(below(event as usize, loss));
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
        if loss.is_same(above_it) {
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
