//! Ways: whether what comes from the internet can avoid some components, such as all firewalls or all that limit
//! rates, and where some of it does and some does not.

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
                if !flow.reply && from[flow.to.at()].is_none() && !avoid(flow.to) {
                    from[flow.to.at()] = Some(next);
                    open.push_back(flow.to);
                }
            }
        }
        Self { from }
    }

    /// Whether there is such a way.
    pub fn reaches(&self, target: ComponentIx) -> bool {
        self.from[target.at()].is_some()
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

/// What a flow means to a search for ways around guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// It leads by no guard.
    Nothing,
    /// It leads by one: whatever follows is guarded.
    Guard,
    /// Nothing is to be searched behind it.
    End,
}

/// Which ways requests from the internet take along drawn flows: by a guard, and around all of them.
///
/// Both are walked at once, a component being looked at at most once for each, so that the search is linear.
#[derive(Debug, Clone)]
pub struct Detours {
    /// By component: the last flow of a way by a guard, and whether what came before it was guarded already.
    guarded: Vec<Option<(FlowIx, bool)>>,
    /// By component: the last flow of a way around all guards.
    around: Vec<Option<FlowIx>>,
    starts: Vec<bool>,
    passed: Vec<Passed>,
}

impl Detours {
    /// Searches with what each flow leads by, for all flows of the topology in their order.
    pub fn of(topology: &Topology, ingress: &Ingress, passed: impl Fn(FlowIx) -> Passed) -> Self {
        let count = topology.component_count();
        let mut found = Self {
            guarded: vec![None; count],
            around: vec![None; count],
            starts: topology.components().map(|(c, _)| ingress.is_origin(c)).collect(),
            passed: topology.flows().map(|(f, _)| passed(f)).collect(),
        };
        let starts = topology.components().map(|(c, _)| c).filter(|it| ingress.is_origin(*it));
        let mut open: VecDeque<(ComponentIx, bool)> = starts.map(|it| (it, false)).collect();
        while let Some((next, was_guarded)) = open.pop_front() {
            let node = topology.component(next);
            let is_start = found.starts[next.at()];
            if !is_start && !node.can(Capability::Passes) && !node.can(Capability::HandsOn) {
                continue;
            }
            for f in node.out.iter().copied().filter(|it| !topology.flow(*it).reply) {
                let to = topology.flow(f).to;
                let is_guarded = match found.passed[f.at()] {
                    Passed::End => continue,
                    Passed::Guard => true,
                    Passed::Nothing => was_guarded,
                };
                if found.starts[to.at()] {
                    continue;
                }
                let is_new = if is_guarded {
                    let slot = &mut found.guarded[to.at()];
                    slot.is_none().then(|| *slot = Some((f, was_guarded))).is_some()
                } else {
                    let slot = &mut found.around[to.at()];
                    slot.is_none().then(|| *slot = Some(f)).is_some()
                };
                if is_new {
                    open.push_back((to, is_guarded));
                }
            }
        }
        found
    }

    /// The flows into a component that come around all guards while others come by one, in order. A way that was
    /// around them before it reached the flow's start is told at that start, not here.
    pub fn around(&self, topology: &Topology, component: ComponentIx) -> Vec<FlowIx> {
        if self.guarded[component.at()].is_none() || self.around[component.at()].is_none() {
            return Vec::new();
        }
        let comes_around = |f: &FlowIx| {
            let flow = topology.flow(*f);
            let from = flow.from.at();
            let node = topology.component(flow.from);
            let goes_on = node.can(Capability::Passes) || node.can(Capability::HandsOn);
            let is_first = self.guarded[from].is_none() && self.around[from].is_some() && goes_on;
            self.passed[f.at()] == Passed::Nothing && !flow.reply && (self.starts[from] || is_first)
        };
        topology.component(component).into.iter().copied().filter(comes_around).collect()
    }

    /// The flows of a way by a guard to a component, from the first; empty if there is none.
    pub fn guarded_way(&self, topology: &Topology, component: ComponentIx) -> Vec<FlowIx> {
        let mut way = Vec::new();
        let mut next = self.guarded[component.at()];
        while let Some((flow, was_guarded)) = next {
            way.push(flow);
            let from = topology.flow(flow).from.at();
            next = if was_guarded { self.guarded[from] } else { self.around[from].map(|it| (it, false)) };
        }
        way.reverse();
        way
    }

    /// The flows of a way around all guards to the start of a flow, and that flow.
    pub fn way_around(&self, topology: &Topology, last: FlowIx) -> Vec<FlowIx> {
        let mut way = vec![last];
        while let Some(flow) = way.last().and_then(|it| self.around[topology.flow(*it).from.at()]) {
            way.push(flow);
        }
        way.reverse();
        way
    }
}
