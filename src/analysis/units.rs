//! Units of failure: what is lost at once. Part *Failure*, units.

use std::collections::BTreeMap;

use crate::model::{Capability, Truth};

use super::{BoundaryIx, ComponentIx, Topology};

/// What is lost at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// One instance of a component.
    Instance(ComponentIx),
    /// All instances of a component; for what-if, no unit that fails by itself.
    Component(ComponentIx),
    /// A boundary with all in it. Boundaries of one kind and one name that is not empty fail as one.
    Boundary(Vec<BoundaryIx>),
}

impl Unit {
    /// The unit that a boundary of any kind belongs to.
    pub fn of_boundary(topology: &Topology, boundary: BoundaryIx) -> Self {
        let record = &topology.boundary(boundary).record;
        let name = record.name.trim();
        if name.is_empty() {
            return Self::Boundary(vec![boundary]);
        }
        let is_one = |it: &crate::model::Boundary| it.kind == record.kind && it.name.trim() == name;
        Self::Boundary(topology.boundaries().filter(|(_, it)| is_one(&it.record)).map(|(ix, _)| ix).collect())
    }
}

/// Whether a component is a unit of its own: it is ours, and not highly available by itself.
pub(super) fn is_unit(topology: &Topology, component: ComponentIx) -> bool {
    let node = topology.component(component);
    !node.can(Capability::NotOurs) && !survives(topology, component)
}

/// Whether it is highly available: *not applicable* silences like yes.
pub(super) fn survives(topology: &Topology, component: ComponentIx) -> bool {
    matches!(topology.component(component).is_highly_available(), Truth::Yes | Truth::NotApplicable)
}

/// Whether its owner should be asked: nobody has said, and it is usually bought.
pub(super) fn may_survive(topology: &Topology, component: ComponentIx) -> bool {
    let node = topology.component(component);
    node.can(Capability::UsuallyBought) && node.is_highly_available() == Truth::Unknown
}

/// The boundaries that fail as one, in the order of their first boundary.
pub(super) fn boundary_units(topology: &Topology) -> Vec<Vec<BoundaryIx>> {
    let mut units: Vec<Vec<BoundaryIx>> = Vec::new();
    let mut by_name: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (ix, boundary) in topology.boundaries().filter(|(_, it)| it.kind.fails) {
        let name = boundary.record.name.trim();
        let next = units.len();
        let at = if name.is_empty() {
            next
        } else {
            *by_name.entry((&boundary.record.kind, name)).or_insert(next)
        };
        if at == next {
            units.push(Vec::new());
        }
        units[at].push(ix);
    }
    units
}
