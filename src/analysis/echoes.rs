//! Echoes: what passes traffic on in each boundary, from where a class of sources may come back to a network that was
//! closed to it.

use super::port_sets::{PortSet, PortSets};
use super::sites::{Class, Sites};
use super::{BoundaryIx, ComponentIx, Ingress, Topology};
use crate::model::Capability;

/// All in a boundary that passes traffic on.
#[derive(Debug, Clone, Default)]
pub(super) struct Echoes {
    /// Whether it leads elsewhere than back over its network and into the boundary that it guards.
    pub(super) all: Vec<(ComponentIx, bool)>,
    /// What of anybody's ports they let through, together.
    pub(super) passes: PortSet,
}

/// By boundary.
pub(super) fn echoes(
    topology: &Topology,
    ingress: &Ingress,
    sites: &Sites<'_>,
    sets: &mut PortSets,
) -> Vec<Echoes> {
    let mut echoes = vec![Echoes::default(); topology.boundary_count()];
    for (c, node) in topology.components().filter(|it| it.1.can(Capability::Passes)) {
        let place = ingress.place(c);
        let has_flows = node.out.iter().any(|it| !topology.flow(*it).reply);
        let is_beside = |it: &BoundaryIx| topology.boundary(*it).parent == place;
        let leads_on = has_flows || !ingress.gate_of(c).iter().all(is_beside);
        for around in topology.outward(place) {
            let echoes = &mut echoes[around.at()];
            echoes.all.push((c, leads_on));
            echoes.passes = sets.union(echoes.passes, sites.lets_through(Class::ANYBODY, c));
        }
    }
    echoes
}
