//! Ways: whether what comes from the internet can avoid some components, such as all firewalls or all that limit
//! rates.

use std::collections::VecDeque;

use super::spread::Spread;
use super::{ComponentIx, FlowIx, Ingress, Topology};
use crate::model::{Capability, Ports};

/// The ports that arrive from the internet before any compromise on ways that avoid some components.
#[derive(Debug, Clone)]
pub struct Arrivals {
    spread: Spread,
}

impl Arrivals {
    /// Searches as if nothing got through the components that `avoid` names: as filters, as gates and on drawn
    /// flows. Unknowns are read as the worse answer. One search answers for all targets.
    pub fn avoiding(topology: &Topology, ingress: &Ingress, avoid: impl Fn(ComponentIx) -> bool) -> Self {
        Self { spread: Spread::without(topology, ingress, &avoid) }
    }

    /// The ports that arrive at a component: empty if every way passes one that is avoided.
    pub fn at(&self, component: ComponentIx) -> &Ports {
        self.spread.arrives(component)
    }
}

/// The ways that requests from the internet take along drawn flows: through what passes traffic and through what
/// hands requests on, around what is to be avoided.
#[derive(Debug, Clone)]
pub struct Requests {
    /// By component: from where it is reached; itself where they begin.
    from: Vec<Option<ComponentIx>>,
}

impl Requests {
    /// From wherever the internet stands, around components.
    pub fn avoiding(topology: &Topology, ingress: &Ingress, avoid: impl Fn(ComponentIx) -> bool) -> Self {
        Self::from(topology, |it| ingress.is_origin(it) && !avoid(it), &avoid, |_| false)
    }

    /// From some components, around components and flows.
    pub fn from(
        topology: &Topology,
        is_start: impl Fn(ComponentIx) -> bool,
        avoid: impl Fn(ComponentIx) -> bool,
        avoid_flow: impl Fn(FlowIx) -> bool,
    ) -> Self {
        let mut from = vec![None; topology.component_count()];
        let starts = topology.components().map(|(c, _)| c);
        let mut open: VecDeque<ComponentIx> = starts.filter(|it| is_start(*it)).collect();
        for start in &open {
            from[start.at()] = Some(*start);
        }
        while let Some(next) = open.pop_front() {
            let node = topology.component(next);
            let goes_on = is_start(next) || node.can(Capability::Passes) || node.can(Capability::HandsOn);
            let ways = node.out.iter().filter(|it| goes_on && !avoid_flow(**it));
            for flow in ways.map(|it| topology.flow(*it)) {
                if !flow.record.reply && from[flow.to.at()].is_none() && !avoid(flow.to) {
                    from[flow.to.at()] = Some(next);
                    open.push_back(flow.to);
                }
            }
        }
        Self { from }
    }

    /// The shortest such way, from where it begins to the target; `None` if there is none.
    pub fn to(&self, target: ComponentIx) -> Option<Vec<ComponentIx>> {
        self.from[target.at()]?;
        let before = |it: &ComponentIx| self.from[it.at()].filter(|from| from != it);
        let mut way: Vec<ComponentIx> = std::iter::successors(Some(target), before).collect();
        way.reverse();
        Some(way)
    }
}
