//! How ports have spread from origins: what one run of the search found.

use smallvec::SmallVec;

use super::ComponentIx;
use super::port_sets::{PortSet, PortSets};
use super::sites::Class;
use crate::model::Ports;

/// What the attacker has at a component, and from where it came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trace {
    /// `None` is the internet at the top.
    pub(super) component: Option<ComponentIx>,
    /// The ports that arrived and count: listeners of a target, or what a filter lets through.
    pub(super) ports: PortSet,
    /// The trace at the start of the last step; for what is held, that of its own compromise.
    pub(super) from: Option<u32>,
    /// An origin, or compromised: all ports start here anew.
    pub(super) held: bool,
    /// The last step went along a drawn flow.
    pub(super) drawn: bool,
    pub(super) hop: u32,
    pub(super) class: Class,
}

/// Ports on which a component listens, when they first arrive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) ports: PortSet,
    pub(super) hop: u32,
    pub(super) trace: u32,
}

/// The result of one run.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    pub(super) sets: PortSets,
    pub(super) traces: Vec<Trace>,
    /// By component, disjoint, by rising hop.
    pub(super) hits: Vec<SmallVec<[Hit; 1]>>,
    /// By component: the trace of its first compromise.
    pub(super) fallen: Vec<Option<u32>>,
    /// By component: the ports that arrive before any compromise.
    pub(super) arrived: Vec<PortSet>,
}

impl Spread {
    /// The ports that arrive before any compromise.
    pub(super) fn arrives(&self, component: ComponentIx) -> &Ports {
        self.sets.ports(self.arrived[component.at()])
    }
}
