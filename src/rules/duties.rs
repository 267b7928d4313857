//! Duties: the ways of requests from the internet on which nothing does a thing (limits rates, bans, filters attacks), by the
//! first on each that could.

use std::collections::BTreeMap;

use super::bundles::{alternatives, bundle};
use super::{Choice, Finding, Says, words};
use crate::analysis::{BoundaryIx, ComponentIx, ComponentNode, Facts, FlowEdge, FlowIx, Requests, Unknown};
use crate::model::{Capability, Control, Family, Id, Truth};

/// What is to be done on the ways.
pub(super) struct Duty {
    /// The control that says who does it.
    pub(super) control: &'static str,
    /// Who does it by its kind or answer.
    pub(super) does: fn(&ComponentNode) -> bool,
    /// Whom to ask, of those of whom the control is asked.
    pub(super) could: fn(&ComponentNode) -> bool,
    /// What the ways lead to, of what is ours.
    pub(super) is_target: fn(&Facts, ComponentIx) -> bool,
    /// Which flows they take.
    pub(super) takes: fn(&FlowEdge) -> bool,
}

/// Ways that begin at the same own edge.
pub(super) struct Entry {
    /// The way to the first target.
    pub(super) way: Vec<ComponentIx>,
    pub(super) targets: Vec<ComponentIx>,
    /// Who on that way could do it and is not known to, from the internet on; alternatives together.
    pub(super) could: Vec<Vec<ComponentIx>>,
}

impl Entry {
    /// Whether a finding is about the first of it who could.
    pub(super) fn is_of(&self, facts: &Facts, finding: &Finding) -> bool {
        let mut first = self.could.first().map(|it| ids(facts, it)).unwrap_or_default();
        first.sort();
        first == finding.subjects
    }

    /// `Web`, `Web and 2 more`.
    pub(super) fn behind(&self, facts: &Facts) -> String {
        words::names(facts, self.targets.iter().copied())
    }
}

impl Duty {
    /// The ways on which nobody does it, by the first who could.
    pub(super) fn entries(&self, facts: &Facts) -> BTreeMap<Vec<ComponentIx>, Entry> {
        let topology = &facts.topology;
        let requests = self.requests(facts);
        let mut entries: BTreeMap<Vec<ComponentIx>, Entry> = BTreeMap::new();
        for (component, node) in topology.components() {
            let is_target = !node.can(Capability::NotOurs) && (self.is_target)(facts, component);
            let Some(way) = requests.to(component).filter(|_| is_target) else { continue };
            let could = self.could(facts, &way);
            let Some(edge) = could.first().cloned() else { continue };
            let entry = entries.entry(edge).or_insert(Entry { way, targets: Vec::new(), could });
            entry.targets.push(component);
        }
        entries
    }

    /// The ways around all who do it.
    pub(super) fn requests(&self, facts: &Facts) -> Requests {
        let does = |it| self.does(facts, it);
        let is_start = |it| facts.ingress.is_origin(it) && !does(it);
        Requests::from(&facts.topology, is_start, does, |it| self.avoids(facts, it))
    }

    /// Who on a way could do it, from the internet on: the gates of what it enters, and what it comes to.
    pub(super) fn could(&self, facts: &Facts, way: &[ComponentIx]) -> Vec<Vec<ComponentIx>> {
        let mut found: Vec<Vec<ComponentIx>> = Vec::new();
        let mut note = |group: Vec<ComponentIx>| {
            if !group.is_empty() && !found.contains(&group) {
                found.push(group);
            }
        };
        let mut before = None;
        for component in way.iter().copied() {
            if let Some(flow) = before.and_then(|it| self.between(facts, it, component)) {
                self.gates_on(facts, flow).into_iter().for_each(&mut note);
            }
            if self.may(facts, component) {
                let mut group = alternatives(facts, component);
                group.retain(|it| self.may(facts, *it));
                note(group);
            }
            before = Some(component);
        }
        found
    }

    /// The least that was said of some.
    pub(super) fn said(&self, facts: &Facts, group: &[ComponentIx]) -> Truth {
        group.iter().map(|it| facts.topology.component(*it).control(self.control)).min().unwrap_or_default()
    }

    pub(super) fn about(&self, facts: &Facts, component: ComponentIx) -> Unknown {
        Unknown::new(&facts.topology.component(component).id, format!("controls.{}", self.control))
    }

    pub(super) fn abouts(&self, facts: &Facts, group: &[ComponentIx]) -> Vec<Unknown> {
        group.iter().map(|it| self.about(facts, *it)).collect()
    }

    /// One choice for each who could, and none of them.
    ///
    /// The first does it for all that lies behind; what stands further on just for what is asked of it, so it is no answer
    /// for all.
    pub(super) fn choices(&self, facts: &Facts, entry: &Entry) -> Vec<Choice> {
        let unknown: Vec<&Vec<ComponentIx>> = self.unknown(facts, entry).collect();
        let here = |it: &&Vec<ComponentIx>| Choice {
            label: words::names(facts, it.iter().copied()).into(),
            says: Says::answer(&self.abouts(facts, it), Truth::Yes),
        };
        let offered = if entry.targets.len() > 1 { 1 } else { unknown.len() };
        let mut choices: Vec<Choice> = unknown.iter().take(offered).map(here).collect();
        let all: Vec<Unknown> = unknown.iter().flat_map(|it| self.abouts(facts, it)).collect();
        choices.push(Choice { label: "Nowhere".into(), says: Says::answer(&all, Truth::No) });
        choices
    }

    /// Those who could and of whom nobody has said.
    pub(super) fn unknown<'e>(
        &'e self,
        facts: &'e Facts,
        entry: &'e Entry,
    ) -> impl Iterator<Item = &'e Vec<ComponentIx>> {
        entry.could.iter().filter(|it| self.said(facts, it) == Truth::Unknown)
    }

    /// Whom to ask: the first of them of whom nobody has said, as the others were asked at another entry.
    pub(super) fn asked(&self, facts: &Facts, entry: &Entry) -> Option<ComponentIx> {
        let is_open = |it: &ComponentIx| self.said(facts, &[*it]) == Truth::Unknown;
        self.unknown(facts, entry).next().and_then(|it| it.iter().copied().find(is_open))
    }

    /// Whether it is of a kind that could do it, and is not known to; one to which that does not apply is no choice.
    fn may(&self, facts: &Facts, component: ComponentIx) -> bool {
        let node = facts.topology.component(component);
        let is_meant = Control::find(self.control).is_some_and(|it| it.is_for_kind(node.kind));
        let is_open = matches!(node.control(self.control), Truth::Unknown | Truth::No);
        is_meant && is_open && (self.could)(node) && !(self.does)(node)
    }

    fn does(&self, facts: &Facts, component: ComponentIx) -> bool {
        (self.does)(facts.topology.component(component))
    }

    /// Whether no way of this sort takes a flow, or one on which a gate does it.
    fn avoids(&self, facts: &Facts, flow: FlowIx) -> bool {
        let edge = facts.topology.flow(flow);
        let is_done = |it: BoundaryIx| facts.ingress.gates(it).iter().any(|it| self.does(facts, *it));
        !(self.takes)(edge)
            || facts.ingress.entered(&facts.topology, edge.from, edge.to).into_iter().any(is_done)
    }

    /// The gates that a flow and those of alternatives pass and who could do it, from the outermost in.
    fn gates_on(&self, facts: &Facts, flow: FlowIx) -> Vec<Vec<ComponentIx>> {
        let mut found: Vec<Vec<ComponentIx>> = Vec::new();
        let edge = facts.topology.flow(flow);
        if facts.ingress.entered(&facts.topology, edge.from, edge.to).is_empty() {
            return found;
        }
        for edge in bundle(facts, flow).into_iter().map(|it| facts.topology.flow(it)) {
            for (n, boundary) in
                facts.ingress.entered(&facts.topology, edge.from, edge.to).into_iter().enumerate()
            {
                let gates = gates_for(facts, boundary, edge).into_iter().filter(|it| self.may(facts, *it));
                match found.get_mut(n) {
                    Some(known) => known.extend(gates),
                    None => found.push(gates.collect()),
                }
            }
        }
        for group in &mut found {
            group.sort_unstable();
            group.dedup();
        }
        found
    }

    /// The flow that a way takes between two.
    fn between(&self, facts: &Facts, from: ComponentIx, to: ComponentIx) -> Option<FlowIx> {
        let (out, into) = (&facts.topology.component(from).out, &facts.topology.component(to).into);
        let fewer = if out.len() <= into.len() { out } else { into };
        let leads = |it: &FlowIx| {
            let flow = facts.topology.flow(*it);
            (flow.from, flow.to, flow.reply) == (from, to, false)
        };
        fewer.iter().copied().filter(leads).find(|it| !self.avoids(facts, *it))
    }
}

/// The gates of a boundary that let a flow in, or of which nobody has said.
fn gates_for(facts: &Facts, boundary: BoundaryIx, edge: &FlowEdge) -> Vec<ComponentIx> {
    let gates = facts.ingress.gates(boundary).iter().copied();
    let lets = |it: &ComponentIx| {
        let through = facts.ingress.lets_through(&facts.topology, *it, Some(edge.from)).possible;
        edge.ports.is_empty() || through.overlaps(&edge.ports)
    };
    gates.filter(lets).collect()
}

/// What does the work behind the edge.
pub(super) fn works(facts: &Facts, component: ComponentIx) -> bool {
    let family = facts.topology.component(component).kind.family;
    matches!(family, Family::Compute | Family::Data | Family::Messaging | Family::Trust)
}

pub(super) fn ids(facts: &Facts, components: &[ComponentIx]) -> Vec<Id> {
    components.iter().map(|it| facts.topology.component(*it).id.clone()).collect()
}
