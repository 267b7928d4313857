//! Reachability: which listeners an attacker gets to, after how many compromises, and how sure that is.
//!
//! Computes the section *Reachability* of the manual's page on meanings. The search itself is `search`, which runs
//! twice: with certain passages only, and with every unknown read as the worse answer.

use super::exposure::{self, Evidence};
use super::sites::Mode;
use super::spread::Spread;
use super::{ComponentIx, Ingress, Passage, Topology, Unknown};
use crate::model::Ports;

/// Ports of a component that arrive, and on which it listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposed {
    pub component: ComponentIx,
    /// One range of adjacent ports.
    pub ports: Ports,
    /// The fewest compromises that are possible before they arrive.
    pub hop: u32,
    /// No certain way has as few.
    pub question: bool,
    /// The fewest compromises of a certain way.
    pub certain_hop: Option<u32>,
    /// The first unknown on the way, if it is a question.
    pub asks: Option<Unknown>,
    pub(super) evidence: Evidence,
}

/// The target of a flow from what hands requests on: an attack on the application begins there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    pub component: ComponentIx,
    /// The ports of the flow.
    pub ports: Ports,
    /// The hop at which whoever hands the requests on is exposed, or served itself.
    pub hop: u32,
    /// No certain way has as few compromises.
    pub question: bool,
    /// Who hands the requests on.
    pub by: ComponentIx,
}

/// One component on a path, and the ports that arrive at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub component: ComponentIx,
    pub ports: Ports,
}

/// What an attacker reaches from one origin.
#[derive(Debug, Clone)]
pub struct Reach {
    exposed: Vec<Exposed>,
    served: Vec<Served>,
    /// Of each component and one more: where its rows begin in `exposed` and in `served`.
    starts: Vec<(u32, u32)>,
    pub(super) possible: Spread,
    /// `None` if nothing is unknown: then all that is possible is certain.
    pub(super) certain: Option<Spread>,
}

impl Reach {
    pub fn from_internet(topology: &Topology, ingress: &Ingress) -> Self {
        Self::from(topology, ingress, None)
    }

    /// From a component that the attacker holds, or from a partner: its own place and its own flows.
    pub fn from_foothold(topology: &Topology, ingress: &Ingress, foothold: ComponentIx) -> Self {
        Self::from(topology, ingress, Some(foothold))
    }

    fn from(topology: &Topology, ingress: &Ingress, foothold: Option<ComponentIx>) -> Self {
        let possible = Spread::from(topology, ingress, foothold, Mode::Possible);
        let certain = ingress
            .rests_on_unknowns(topology)
            .then(|| Spread::from(topology, ingress, foothold, Mode::Certain));
        let exposed = exposure::rows(topology, ingress, &possible, certain.as_ref());
        let served = exposure::served(topology, &exposed);
        let (mut starts, mut at) = (Vec::with_capacity(topology.component_count() + 1), (0, 0));
        for n in (0..=topology.component_count()).map(ComponentIx::from) {
            at.0 += exposed[at.0..].iter().take_while(|it| it.component < n).count();
            at.1 += served[at.1..].iter().take_while(|it| it.component < n).count();
            starts.push((at.0 as u32, at.1 as u32));
        }
        Self { exposed, served, starts, possible, certain }
    }

    /// Ordered by component, then port.
    pub fn exposed(&self) -> &[Exposed] {
        &self.exposed
    }

    /// Ordered by component, then by who hands requests on.
    pub fn served(&self) -> &[Served] {
        &self.served
    }

    pub fn exposed_of(&self, component: ComponentIx) -> &[Exposed] {
        let (from, to) = (self.starts[component.at()].0, self.starts[component.at() + 1].0);
        &self.exposed[from as usize..to as usize]
    }

    pub fn served_of(&self, component: ComponentIx) -> &[Served] {
        let (from, to) = (self.starts[component.at()].1, self.starts[component.at() + 1].1);
        &self.served[from as usize..to as usize]
    }

    /// Components with a listener that is exposed before any compromise, in order.
    pub fn entries(&self) -> Vec<ComponentIx> {
        let mut entries: Vec<_> =
            self.exposed.iter().filter(|it| it.hop == 0).map(|it| it.component).collect();
        entries.dedup();
        entries
    }

    /// The fewest compromises after which a component is exposed or served.
    pub fn hop(&self, component: ComponentIx) -> Option<u32> {
        let exposed = self.exposed_of(component).iter().map(|it| it.hop);
        exposed.chain(self.served_of(component).iter().map(|it| it.hop)).min()
    }

    /// The ports that arrive at a component before any compromise, whether it listens on them or not.
    pub fn arrives(&self, component: ComponentIx) -> Passage {
        let possible = self.possible.arrives(component).clone();
        let certain = self.certain.as_ref().map(|it| it.arrives(component).clone());
        Passage { certain: certain.unwrap_or_else(|| possible.clone()), possible }
    }

    /// The way from the origin to an exposed component, with the ports that arrive at each step. It starts with
    /// the component at which the origin stands; the internet at the top is none.
    pub fn path(&self, exposed: &Exposed) -> Vec<Step> {
        exposure::path(exposed, &self.possible, self.certain.as_ref())
    }

    /// The way from the origin to a served component: to the first that hands requests on, and along its flows.
    pub fn served_path(&self, served: &Served) -> Vec<Step> {
        exposure::served_path(self, served)
    }
}
