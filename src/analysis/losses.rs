//! What the loss of each unit takes, found once for all that lose the same.

use std::sync::Arc;

use super::ComponentIx;
use super::failure::Failure;
use super::network::{Event, Run};
use super::units::Unit;

/// What a unit takes with it.
#[derive(Debug, Clone)]
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

/// Not yet known, or being found.
const UNKNOWN: u32 = u32::MAX;
const OPEN: u32 = u32::MAX - 1;

/// Losses by number; the first is that of nothing. Units in a row, of which each brings down just the next, share
/// what they take, so that a long chain costs no more than a short one.
pub(super) struct Losses<'f> {
    failure: &'f Failure,
    run: Run<'f>,
    losses: Vec<Loss>,
    /// The loss of a node that is down, and of one that is cut, as far as they are known.
    of_down: Vec<u32>,
    of_cut: Vec<u32>,
    is_actor: Vec<bool>,
    /// With nothing failed.
    pub actors_up: usize,
    pub features_up: usize,
}

impl<'f> Losses<'f> {
    pub(super) fn of(failure: &'f Failure) -> Self {
        let wired = &failure.wired;
        let run = Run::of(&wired.network);
        let nodes = wired.network.nodes();
        let mut is_actor = vec![false; nodes];
        for actor in failure.entry_actors() {
            is_actor[actor.at()] = true;
        }
        let nothing = Loss {
            actors: Arc::default(),
            actors_down: Arc::default(),
            features: Arc::default(),
            asks: Arc::default(),
        };
        let feature = |n: usize| wired.features_from + n as u32;
        Self {
            failure,
            losses: vec![nothing],
            of_down: vec![UNKNOWN; nodes],
            of_cut: vec![UNKNOWN; nodes],
            is_actor,
            actors_up: failure.entry_actors().iter().filter(|it| !run.is_down(it.0)).count(),
            features_up: (0..failure.paths.len()).filter(|it| !run.is_down(feature(*it))).count(),
            run,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.losses.len()
    }

    pub(super) fn get(&self, loss: u32) -> &Loss {
        &self.losses[loss as usize]
    }

    pub(super) fn is_actor(&self, node: u32) -> bool {
        self.is_actor[node as usize]
    }

    pub(super) fn of_unit(&mut self, unit: &Unit) -> u32 {
        let whole = match unit {
            Unit::Instance(it) if self.run.live(it.0) > 1 => None,
            Unit::Instance(it) | Unit::Component(it) => Some(*it),
            Unit::Boundary(boundaries) => {
                let mut taken = boundaries.iter().flat_map(|it| self.failure.taken_by(*it, true));
                let Some(first) = taken.next() else { return 0 };
                taken.all(|it| it == first).then_some(first)
            }
        };
        if let Some(component) = whole {
            return self.of_event(Event::Down(component.0));
        }
        self.failure.fail(&mut self.run, unit, true);
        self.collect()
    }

    /// The loss that follows an event: by the events that it brings alone, as far as these are sole consequences, then
    /// by a run.
    fn of_event(&mut self, event: Event) -> u32 {
        let (mut way, mut at) = (Vec::new(), event);
        let mut known = *self.memo(at);
        while known == UNKNOWN {
            *self.memo(at) = OPEN;
            way.push(at);
            match self.run.sole_consequence(at) {
                Some(next) => at = next,
                None => break,
            }
            known = *self.memo(at);
        }
        if known == OPEN {
            // The way came back on itself: from any event of the circle all of it follows.
            known = self.run_from(at);
            while let Some(event) = way.pop() {
                *self.memo(event) = known;
                if event == at {
                    break;
                }
            }
        } else if known == UNKNOWN {
            let Some(last) = way.pop() else { return 0 };
            known = self.run_from(last);
            *self.memo(last) = known;
        }
        for event in way.into_iter().rev() {
            known = self.with_event(event, known);
            *self.memo(event) = known;
        }
        known
    }

    fn memo(&mut self, event: Event) -> &mut u32 {
        match event {
            Event::Down(node) => &mut self.of_down[node as usize],
            Event::Cut(node) => &mut self.of_cut[node as usize],
        }
    }

    fn run_from(&mut self, event: Event) -> u32 {
        match event {
            Event::Down(node) => self.run.fail(node, u32::MAX),
            Event::Cut(node) => self.run.cut(node),
        }
        self.collect()
    }

    /// A loss, and the node of the event that brings it.
    fn with_event(&mut self, event: Event, loss: u32) -> u32 {
        let (Event::Down(node) | Event::Cut(node)) = event;
        let is_new = !self.run.is_cut(node);
        let goes_down = matches!(event, Event::Down(_)) && !self.run.is_down(node);
        if !self.is_actor(node) || !(is_new || goes_down) {
            return loss;
        }
        let mut loss = self.get(loss).clone();
        // It may be there already: what it takes may take it in turn.
        if is_new {
            insert(&mut loss.actors, ComponentIx(node));
        }
        if goes_down {
            insert(&mut loss.actors_down, ComponentIx(node));
        }
        self.add(loss)
    }

    /// Carries what failed to its end, tells what that took, and takes it back.
    fn collect(&mut self) -> u32 {
        self.run.spread();
        let run = &self.run;
        let actors_of = |nodes: &[u32]| {
            let actors = nodes.iter().filter(|it| self.is_actor[**it as usize]).map(|it| ComponentIx(*it));
            let mut actors: Vec<ComponentIx> = actors.collect();
            actors.sort_unstable();
            actors
        };
        let (actors, actors_down) = (actors_of(run.cuts()), actors_of(run.downs()));
        let from = self.failure.wired.features_from;
        let mut features: Vec<u32> = run.downs().iter().filter_map(|it| it.checked_sub(from)).collect();
        let mut asks = run.asks().to_vec();
        self.run.undo();
        if actors.is_empty() && features.is_empty() {
            return 0;
        }
        features.sort_unstable();
        asks.sort_unstable();
        asks.dedup();
        let (actors, actors_down) = (actors.into(), actors_down.into());
        self.add(Loss { actors, actors_down, features: features.into(), asks: asks.into() })
    }

    fn add(&mut self, loss: Loss) -> u32 {
        self.losses.push(loss);
        self.losses.len() as u32 - 1
    }
}

fn insert(sorted: &mut Arc<[ComponentIx]>, new: ComponentIx) {
    if let Err(at) = sorted.binary_search(&new) {
        let mut all = sorted.to_vec();
        all.insert(at, new);
        *sorted = all.into();
    }
}
