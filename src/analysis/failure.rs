//! Failure: what is down, cut and degraded if something is lost. Part *Failure* of the meanings.

use std::collections::{BTreeMap, BTreeSet};

use super::{ComponentIx, Pools, SinglePoint, Topology, Unit};

/// What a loss does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    pub down: BTreeSet<ComponentIx>,
    /// All that is down, and what lacks a part of what it needs.
    pub cut: BTreeSet<ComponentIx>,
    /// Up, but worse; it may be cut too.
    pub degraded: BTreeSet<ComponentIx>,
    /// Why, for each that is down, cut or degraded: down before cut before degraded.
    pub reasons: BTreeMap<ComponentIx, Vec<Reason>>,
}

/// Why a component is down, cut or degraded. Members are in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Down: all its instances failed.
    Failed,
    /// Down, or cut if it goes on with other routes: of these alternatives too few are left, or no gate lets the
    /// flow in.
    Lost { alternatives: Vec<ComponentIx> },
    /// Cut: all these alternatives are cut.
    Cut { alternatives: Vec<ComponentIx> },
    /// Degraded: a soft need, or a route of what goes on, is lost.
    LessServed { alternatives: Vec<ComponentIx> },
    /// Degraded: nobody of this pool takes its messages.
    NoConsumer { consumers: Vec<ComponentIx> },
    /// Degraded: all of these alternatives that are left are degraded.
    Passed { alternatives: Vec<ComponentIx> },
    /// Degraded: some instances failed.
    FewerInstances { left: u32, of: u32 },
    /// Degraded: some of its alternatives are lost.
    FewerMembers { lost: Vec<ComponentIx>, alternatives: Vec<ComponentIx> },
}

/// How the components of a model need each other.
#[derive(Debug, Clone, Default)]
pub struct Failure {
    single_points: Vec<SinglePoint>,
}

impl Failure {
    pub fn of(_topology: &Topology, _pools: &Pools) -> Self {
        Self::default()
    }

    /// What is down, cut and degraded if these are lost at once. The same instance twice is two instances.
    pub fn simulate(&self, _failed: &[Unit]) -> Outcome {
        Outcome::default()
    }

    /// The units whose loss cuts an entry actor, or a feature where features are drawn; components in order, then
    /// boundaries.
    pub fn single_points(&self) -> &[SinglePoint] {
        &self.single_points
    }

    /// The way from a unit to an entry actor, or to the start of a feature, that its loss cuts; both included.
    pub fn chain(&self, _unit: &Unit) -> Vec<ComponentIx> {
        Vec::new()
    }
}
