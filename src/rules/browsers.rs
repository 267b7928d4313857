//! Browsers, for all rules: where people's browsers come in, and whether a login makes them a session there.

use std::collections::BTreeSet;

use super::cases::works;
use crate::analysis::{ComponentIx, Facts, FlowIx};
use crate::model::{Capability, Family, Truth};

/// A component to which browsers come first.
pub(super) struct Door {
    pub flows: Vec<FlowIx>,
    /// What works on the requests: itself, or what it hands them on to, in order.
    pub behind: Vec<ComponentIx>,
}

/// The door that a component is for browsers, if it is one.
pub(super) fn door(facts: &Facts, component: ComponentIx) -> Option<Door> {
    let topology = &facts.topology;
    let node = topology.component(component);
    if node.can(Capability::NotOurs) || node.can(Capability::Passes) {
        return None;
    }
    let comes_from_browser = |it: &FlowIx| {
        let flow = topology.flow(*it);
        let from = topology.component(flow.from);
        // An app keeps its own tokens and sends no cookies of other sites.
        let is_browser = from.can(Capability::Actor) && from.can(Capability::OnTheInternet);
        let brings = from.can(Capability::Passes) && facts.ingress.brings_internet(flow.from);
        let is_web = flow.protocol.is_some_and(|it| it.web);
        !flow.reply && is_web && from.record.kind != "mobile-app" && (is_browser || brings)
    };
    let flows: Vec<FlowIx> = node.into.iter().copied().filter(comes_from_browser).collect();
    (!flows.is_empty()).then(|| Door { flows, behind: behind(facts, component) })
}

impl Door {
    /// Whether somebody has said that one has to log in there.
    pub(super) fn has_login(&self, facts: &Facts, component: ComponentIx) -> bool {
        let demands = |it: ComponentIx| facts.topology.component(it).control("authentication") == Truth::Yes;
        // A store behind it demands a login of what asks it, not of users.
        let serves = |it: ComponentIx| facts.topology.component(it).is(Family::Compute);
        demands(component)
            || self.behind.iter().any(|it| serves(*it) && demands(*it))
            || self.flows.iter().any(|it| facts.topology.flow(*it).record.authenticated.is_yes())
    }
}

fn behind(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let (mut seen, mut behind, mut open) = (BTreeSet::from([component]), BTreeSet::new(), vec![component]);
    while let Some(next) = open.pop() {
        let node = facts.topology.component(next);
        if works(facts, next) {
            behind.insert(next);
        } else if node.can(Capability::Passes) || node.can(Capability::HandsOn) {
            let out = node.out.iter().map(|it| facts.topology.flow(*it)).filter(|it| !it.reply);
            open.extend(out.map(|it| it.to).filter(|it| seen.insert(*it)));
        }
    }
    behind.into_iter().collect()
}
