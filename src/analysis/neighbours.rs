//! Neighbours: whom a foothold reaches in its own network by membership alone, with neither a drawn flow nor a filter between.

use std::collections::BTreeMap;

use super::{BoundaryIx, ComponentIx, Ingress, Topology};
use crate::model::Truth;

/// Components that stand in one network: nothing but kinds that do not filter lies between it and them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    pub boundary: BoundaryIx,
    /// Whether its members are kept apart: No, or nobody has said. Where they are, there is no network.
    pub segmented: Truth,
    /// In order.
    pub members: Vec<ComponentIx>,
}

impl Network {
    /// All networks with two members at least, in order. A boundary of a kind that does not filter, such as a zone, is
    /// part of the network around it; one at the top is a network itself.
    pub fn all(topology: &Topology, ingress: &Ingress) -> Vec<Self> {
        let mut members: BTreeMap<BoundaryIx, Vec<ComponentIx>> = BTreeMap::new();
        for (component, _) in topology.components() {
            if let Some(network) = network_of(topology, ingress.place(component)) {
                members.entry(network).or_default().push(component);
            }
        }
        let networks = members.into_iter().filter(|(_, it)| it.len() > 1).map(|(boundary, members)| Self {
            boundary,
            segmented: topology.boundary(boundary).record.segmented.is,
            members,
        });
        networks.filter(|it| matches!(it.segmented, Truth::No | Truth::Unknown)).collect()
    }
}

/// The network in which a place lies: the innermost boundary that filters or keeps its members apart.
fn network_of(topology: &Topology, place: Option<BoundaryIx>) -> Option<BoundaryIx> {
    let mut outermost = None;
    for boundary in topology.outward(place) {
        let node = topology.boundary(boundary);
        let is_apart = matches!(node.record.segmented.is, Truth::Yes | Truth::NotApplicable);
        outermost = Some(boundary);
        if !node.kind.starts_open || is_apart {
            break;
        }
    }
    outermost.filter(|it| {
        let kind = topology.boundary(*it).kind;
        // What stands on one machine shares more than a network.
        let is_machine = kind.fails && kind.survivable && !kind.location;
        !kind.outside && !is_machine
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Facts;
    use crate::formats::text;

    fn networks(text: &str) -> Vec<String> {
        let facts = Facts::of(Arc::new(text::read(text).unwrap()));
        let names = |it: &[ComponentIx]| {
            it.iter().map(|it| facts.topology.component(*it).id.as_str()).collect::<Vec<_>>().join(" ")
        };
        Network::all(&facts.topology, &facts.ingress)
            .iter()
            .map(|it| {
                format!(
                    "{} {}: {}",
                    facts.topology.boundary(it.boundary).id,
                    it.segmented.slug(),
                    names(&it.members)
                )
            })
            .collect()
    }

    #[test]
    fn what_filters_or_keeps_apart_ends_a_network() {
        assert_eq!(
            networks(
                "boundary n: network [segmented no] { a; boundary z: zone { b }; boundary t: tier { c; d } }; e; f"
            ),
            ["n no: a b", "t unknown: c d"]
        );
        assert_eq!(networks("boundary n: network [segmented yes] { a; b }"), [""; 0]);
        assert_eq!(
            networks("boundary n: network { boundary z: zone [segmented yes] { a; b }; c; d }"),
            ["n unknown: c d"]
        );
        assert_eq!(networks("boundary dc: data-centre { a; boundary z: zone { b } }"), ["dc unknown: a b"]);
    }

    #[test]
    fn a_gate_stands_around_its_boundary() {
        assert_eq!(networks("boundary n: network { a; b; fw: firewall [gate-of n] }"), ["n unknown: a b"]);
        assert_eq!(networks("boundary o: internet-edge { a; b }"), [""; 0]);
        assert_eq!(networks("boundary h: host { a; b }"), [""; 0]);
    }
}
