//! Load: the demand at each component and flow, and what is overloaded. Part *Load* of the meanings.
//!
//! Demand enters at actors and features and follows the flows of requests. Where the meanings are silent:
//! * Flows of one source to alternatives (a pool, a replicated store) share what goes there; all other flows each get
//!   all of it, but those of what spreads, which share it. What a spreader asks for each request beside handing it on
//!   (a login, a log, a cache) gets all of it.
//! * A feature's flows say where its demand goes from each component that they start at; from others it goes on along
//!   all flows.
//! * A source asks the caches before a store that keeps what the cache keeps, and the store for the misses.
//! * A flow that only reads takes the reads, one that only writes the writes. Of a message, and of demand whose share of
//!   reads nobody has said, it is not known which it is: it goes along both.
//! * What passes traffic on sends what arrives on a port along the flows of that port.

use super::load_walk::Walk;
use super::load_ways::Ways;
use super::{ComponentIx, Facts, FlowIx, Unit};

/// Requests a second.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Demand {
    pub reads: f64,
    pub writes: f64,
    /// Those of which it is not known whether they read or write.
    pub either: f64,
}

impl Demand {
    pub fn total(self) -> f64 {
        self.reads + self.writes + self.either
    }

    pub(super) fn add(&mut self, other: Self) {
        self.reads += other.reads;
        self.writes += other.writes;
        self.either += other.either;
    }

    pub(super) fn times(self, factor: f64) -> Self {
        let times = |it: f64| (it * factor).clamp(0.0, MOST);
        Self { reads: times(self.reads), writes: times(self.writes), either: times(self.either) }
    }
}

/// No number may grow beyond it, however odd what was said is: products of two of them are finite.
pub(super) const MOST: f64 = 1e15;

/// From this utilisation on a component is tight.
pub const TIGHT: f64 = 0.7;

/// The demand in a model, if somebody has stated any.
#[derive(Debug, Clone, Default)]
pub struct Load {
    pub(super) components: Vec<Demand>,
    pub(super) flows: Vec<Demand>,
    /// Of all instances that are up, where a capacity is stated.
    pub(super) capacity: Vec<Option<f64>>,
    /// By how much each queue grows a second.
    pub(super) backlog: Vec<f64>,
    pub(super) cycles: Vec<FlowIx>,
    pub(super) entering: f64,
}

/// What is not as it is drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loss {
    pub failed: Vec<Unit>,
    /// Caches that are empty: their hit ratio is 0.
    pub cold: Vec<ComponentIx>,
}

impl Load {
    pub(super) fn of(facts: &Facts, ways: &Ways, loss: &Loss) -> Self {
        Walk::of(facts, ways, loss).run()
    }

    /// What arrives at a component; of an actor, what it sends.
    pub fn of_component(&self, component: ComponentIx) -> Demand {
        self.components[component.at()]
    }

    pub fn of_flow(&self, flow: FlowIx) -> Demand {
        self.flows[flow.at()]
    }

    /// The requests a second that all its instances that are up can serve; none where none is stated, or none is up.
    pub fn capacity(&self, component: ComponentIx) -> Option<f64> {
        self.capacity[component.at()]
    }

    /// Demand over capacity; none where no capacity is stated, or no instance is up.
    pub fn utilisation(&self, component: ComponentIx) -> Option<f64> {
        self.capacity(component).map(|it| self.of_component(component).total() / it)
    }

    /// What has to serve more than it can, with its utilisation; in order.
    pub fn overloaded(&self) -> impl Iterator<Item = (ComponentIx, f64)> {
        let all = (0..self.components.len()).map(ComponentIx::from);
        all.filter_map(|it| Some((it, self.utilisation(it)?))).filter(|(_, it)| is_over(*it))
    }

    /// The messages a second that nobody takes off a queue, as its consumers are at their limit.
    pub fn backlog(&self, queue: ComponentIx) -> f64 {
        self.backlog[queue.at()]
    }

    /// All that actors and features send.
    pub fn entering(&self) -> f64 {
        self.entering
    }

    /// Flows that close a cycle: what goes along them is not served again. In order.
    pub fn cycles(&self) -> &[FlowIx] {
        &self.cycles
    }
}

/// Whether that is more than everything; a rounding error is not.
pub fn is_over(utilisation: f64) -> bool {
    utilisation > 1.0 + 1e-9
}

/// Whether little is left; a rounding error is not.
pub fn is_tight(utilisation: f64) -> bool {
    utilisation > TIGHT + 1e-9
}
