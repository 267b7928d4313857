//! Shutting: edits after which the internet no longer gets to some ports of a component, and every other drawn flow
//! still gets where it goes.

use super::Fix;
use super::cases::copy_of;
use super::exposures::{flows_from_internet, is_for_internet};
use super::passing::{self, Filter, Need, Who};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, FlowIx};
use crate::model::{
    Access, Allow, Allows, Boundary, Capability, Component, DefaultListener, Draft, Flow, From, Id, Ids,
    Kind, Listener, Ports,
};

/// What is to be shut, and what a fix changes about the drawing besides.
pub(super) struct Shutting<'f> {
    facts: &'f Facts,
    component: ComponentIx,
    ports: Ports,
    /// Flows that the fix takes away from the component.
    without: Vec<FlowIx>,
    /// Connections to the component that it draws instead.
    with: Vec<Need>,
}

impl<'f> Shutting<'f> {
    pub(super) fn of(facts: &'f Facts, component: ComponentIx, ports: Ports) -> Self {
        Self { facts, component, ports, without: Vec::new(), with: Vec::new() }
    }

    /// The fix that shuts them where they come in: at a filter that is there, else in a tier of the component's own.
    pub(super) fn fix_at_the_edge(&self, ids: &mut Ids) -> Option<Fix> {
        let at_a_filter = written(self.facts, |draft| self.at_a_filter(draft, ids));
        at_a_filter.or_else(|| self.fix_by_moving(ids))
    }

    /// The fix that moves the component into a tier of its own.
    pub(super) fn fix_by_moving(&self, ids: &mut Ids) -> Option<Fix> {
        written(self.facts, |draft| self.in_its_own_tier(draft, ids))
    }

    /// The fix that puts a component between; its label goes on with what is shut for that.
    pub(super) fn fix_behind(self, label: &str, between: Between, ids: &mut Ids) -> Option<Fix> {
        let facts = self.facts;
        written(facts, |draft| {
            let shut = self.behind(draft, between, ids)?;
            let Some((first, rest)) = shut.split_at_checked(1) else { return Some(label.to_owned()) };
            Some(format!("{label} and {}{rest}", first.to_lowercase()))
        })
    }

    /// The fix that stops listening, if no drawn flow comes in there.
    pub(super) fn fix_by_closing(&self) -> Option<Fix> {
        written(self.facts, |draft| self.by_closing(draft))
    }

    /// The fix that takes away what connects there: where nothing else shuts them.
    pub(super) fn fix_by_removing(&self) -> Option<Fix> {
        written(self.facts, |draft| Some(self.by_removing(draft)))
    }

    /// Shuts them at a filter around the component: `Allow only 80, 443`. `None` if no filter can tell them from what
    /// has to get in.
    fn at_a_filter(&self, draft: &mut Draft<'_>, ids: &mut Ids) -> Option<String> {
        let (boundary, kept) = self.candidate()?;
        let facts = self.facts;
        let needs = self.needs_into(boundary);
        let filters = passing::filters_of(facts, boundary);
        if matches!(filters[..], [Filter::Own(_)]) && passing::said(facts, draft, filters[0]).is_none() {
            let mut needs = needs;
            add(&mut needs, Who::Anyone, &kept);
            put_firewall(facts, draft, boundary, passing::entries(&needs), ids);
            return Some(format!(
                "Put a firewall before {}",
                facts.topology.boundary(boundary).record.title()
            ));
        }
        let mut open = Ports::NONE;
        for filter in filters {
            let Some(entries) = passing::said(facts, draft, filter) else { continue };
            let (entries, stays) = tightened(facts, entries, &kept, &needs);
            open = open.union(&stays);
            passing::say(facts, draft, filter, entries);
        }
        Some(if open.is_empty() {
            "Allow nothing from the internet".to_owned()
        } else {
            format!("Allow only {}", open.numbers())
        })
    }

    /// Moves the component into a tier of its own, behind a firewall that allows what is drawn to it.
    fn in_its_own_tier(&self, draft: &mut Draft<'_>, ids: &mut Ids) -> Option<String> {
        let (facts, node) = (self.facts, self.facts.topology.component(self.component));
        let mut needs = passing::needs(facts, node.into.iter().copied().filter(|it| self.stays(*it)));
        for need in &self.with {
            add(&mut needs, need.who.clone(), &need.ports);
        }
        let kept = passing::of_anyone(&needs);
        if kept.overlaps(&self.ports) || !facts.ingress.gate_of(self.component).is_empty() {
            return None;
        }
        add(&mut needs, Who::Anyone, &self.meant_on(self.component));
        let title = node.record.title().to_owned();
        let tier = draft.mint(ids, &format!("{title} tier"));
        let boundary = Boundary {
            kind: "subnet-tier".to_owned(),
            name: format!("{title} tier"),
            within: facts.topology.place_of(self.component),
            ..Boundary::default()
        };
        draft.put(tier.clone(), boundary);
        draft.edit::<Component>(&node.id, |it| it.within = Some(tier.clone()));
        let around = facts.topology.place_of(self.component);
        put_gate(draft, &tier, &title, around, passing::entries(&needs), ids);
        Some(format!("Move {title} into a filtered tier"))
    }

    /// Stops listening on them, if no drawn flow uses them.
    fn by_closing(&self, draft: &mut Draft<'_>) -> Option<String> {
        let (topology, node) = (&self.facts.topology, self.facts.topology.component(self.component));
        let is_used = |it: &FlowIx| topology.flow(*it).ports.overlaps(&self.ports);
        if node.into.iter().any(is_used) {
            return None;
        }
        self.close(draft);
        Some(format!("Close {} on {}", self.ports.numbers(), node.record.title()))
    }

    /// Takes away the drawn flows that use them, and stops listening on them: where nothing else shuts them.
    fn by_removing(&self, draft: &mut Draft<'_>) -> String {
        let (topology, node) = (&self.facts.topology, self.facts.topology.component(self.component));
        let flows = node.into.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
        for flow in flows.filter(|it| it.ports.overlaps(&self.ports)) {
            draft.delete(&std::collections::BTreeSet::from([flow.id.clone()]));
        }
        self.close(draft);
        format!("Remove what connects to {} on {}", node.record.title(), self.ports.numbers())
    }

    fn close(&self, draft: &mut Draft<'_>) {
        draft.edit::<Component>(&self.facts.topology.component(self.component).id, |it| {
            it.listeners.iter_mut().for_each(|it| it.port = it.port.minus(&self.ports));
            it.listeners.retain(|it| !it.port.is_empty());
        });
    }

    /// Puts a component between: flows from the internet go to it, and it goes on to the component. Says what is shut
    /// besides.
    fn behind(mut self, draft: &mut Draft<'_>, between: Between, ids: &mut Ids) -> Option<String> {
        let facts = self.facts;
        let node = facts.topology.component(self.component);
        self.without = flows_from_internet(facts, self.component, &self.ports).collect();
        let id = draft.mint(ids, &between.component.name);
        let need = Need { who: Who::At(id.clone()), ports: self.ports.clone() };
        self.with = vec![need.clone()];
        let candidate = self.candidate();
        let around = match candidate {
            Some((boundary, _)) => facts.topology.boundary(boundary).parent,
            None => facts.ingress.place(self.component),
        };
        let within = around.map(|it| facts.topology.boundary(it).id.clone());
        draft.put(id.clone(), Component { within, ..between.component });
        let onward = self.onward(between.access, &id);
        let flow = draft.mint(ids, "flow");
        draft.put(flow, onward);
        for flow in &self.without {
            draft.edit::<Flow>(&facts.topology.flow(*flow).id, |it| {
                it.to = id.clone();
                (it.protocol, it.port) = between.entry.clone();
            });
        }
        // Into what surrounds the new component, and from there to its target.
        let port = between.entry.1.clone();
        for boundary in facts.topology.outward(around) {
            passing::grant(facts, draft, boundary, &Need { who: Who::Anyone, ports: port.clone() });
        }
        for boundary in facts.topology.entered(around, facts.ingress.place(self.component)) {
            if Some(boundary) != candidate.as_ref().map(|it| it.0) {
                passing::grant(facts, draft, boundary, &need);
            }
        }
        let brings_traffic = |it: &FlowIx| {
            let flow = facts.topology.flow(*it);
            let source = facts.topology.component(flow.from);
            !flow.reply && (source.can(Capability::Passes) || facts.ingress.is_origin(flow.from))
        };
        // A gate stands around its boundary, whatever it is drawn in.
        let is_apart = facts.ingress.place(self.component).is_none()
            && node.into.iter().filter(|it| brings_traffic(it)).all(|it| self.without.contains(it));
        if is_apart {
            return Some(String::new());
        }
        self.at_a_filter(draft, ids).or_else(|| self.in_its_own_tier(draft, ids))
    }

    /// The flow from what was put between: as the flows were that went straight to the component.
    fn onward(&self, access: Access, from: &Id) -> Flow {
        let node = self.facts.topology.component(self.component);
        match self.without.first().map(|it| &self.facts.topology.flow(*it).record) {
            Some(first) => Flow { from: from.clone(), to: node.id.clone(), ..copy_of(self.facts, first) },
            None => Flow {
                protocol: self.protocol(),
                port: self.ports.clone(),
                access,
                ..Flow::between(from.clone(), node.id.clone())
            },
        }
    }

    /// What the component speaks on these ports, as far as its listeners say.
    fn protocol(&self) -> String {
        let listeners = &self.facts.topology.component(self.component).record.listeners;
        let spoken = listeners.iter().find(|it| it.port.overlaps(&self.ports));
        spoken.map(|it| it.protocol.clone()).unwrap_or_default()
    }

    /// The boundary around the component at which these ports can be shut, and what of the internet must still get in
    /// there: one that is guarded rather than one that could be, the inner rather than the outer.
    fn candidate(&self) -> Option<(BoundaryIx, Ports)> {
        let (facts, topology) = (self.facts, &self.facts.topology);
        let place = facts.ingress.place(self.component);
        let candidates = topology.outward(place).filter(|it| !topology.boundary(*it).kind.outside);
        let candidates: Vec<BoundaryIx> = candidates.collect();
        let says = |it: &BoundaryIx| {
            let draft = Draft::of(facts.model());
            passing::filters_of(facts, *it).into_iter().any(|it| passing::said(facts, &draft, it).is_some())
        };
        let filters = |it: &BoundaryIx| !topology.boundary(*it).kind.starts_open;
        let (said, unsaid): (Vec<_>, Vec<_>) = candidates.into_iter().partition(says);
        let (tiers, others): (Vec<_>, Vec<_>) = unsaid.into_iter().partition(filters);
        said.into_iter().chain(tiers).chain(others).find_map(|it| Some((it, self.kept_at(it)?)))
    }

    /// What of the internet must get into a boundary; `None` if its filters cannot shut the ports, or must not.
    fn kept_at(&self, boundary: BoundaryIx) -> Option<Ports> {
        let facts = self.facts;
        let mut kept = passing::of_anyone(&self.needs_into(boundary));
        for member in facts.topology.all_in(boundary) {
            kept = kept.union(&self.meant_on(member));
        }
        for filter in passing::filters_of(facts, boundary) {
            let Filter::Component(gate) = filter else { continue };
            let node = facts.topology.component(gate);
            if node.can(Capability::Passes) && !node.can(Capability::Filters) {
                return None;
            }
            // A gate may have other duties.
            let flows = passing::flows_through(facts, filter).into_iter().filter(|it| self.stays(*it));
            kept = kept.union(&passing::of_anyone(&passing::needs(facts, flows)));
        }
        (!kept.overlaps(&self.ports)).then_some(kept)
    }

    fn needs_into(&self, boundary: BoundaryIx) -> Vec<Need> {
        let flows = passing::flows_into(self.facts, boundary).into_iter().filter(|it| self.stays(*it));
        let mut needs = passing::needs(self.facts, flows);
        for need in &self.with {
            add(&mut needs, need.who.clone(), &need.ports);
        }
        needs
    }

    /// The ports of a component that are said to be there for the internet, but for those that are to be shut.
    fn meant_on(&self, component: ComponentIx) -> Ports {
        let listeners = &self.facts.topology.component(component).record.listeners;
        let meant = listeners.iter().filter(|it| is_for_internet(self.facts, it));
        let meant = Ports::from_ranges(meant.flat_map(|it: &Listener| it.port.ranges().iter().copied()));
        if component == self.component { meant.minus(&self.ports) } else { meant }
    }

    fn stays(&self, flow: FlowIx) -> bool {
        !self.facts.topology.flow(flow).reply && !self.without.contains(&flow)
    }
}

/// What a fix puts between the internet and a component.
pub(super) struct Between {
    pub(super) component: Component,
    /// Protocol and port on which the internet reaches it.
    pub(super) entry: (String, Ports),
    /// What it does to the component, if no flow told that before.
    pub(super) access: Access,
}

impl Between {
    /// What guards a way to administer, with what its kind brings, meant for the internet.
    pub(super) fn of(kind: &str, name: &str) -> Self {
        let brings = &Kind::of(kind).listeners;
        let listener = |it: &DefaultListener| Listener {
            port: it.port.clone(),
            protocol: it.protocol.clone(),
            meant_for: From::Anywhere,
            ..Listener::default()
        };
        let entry = brings.first().map(|it| (it.protocol.clone(), it.port.clone())).unwrap_or_default();
        let component = Component {
            kind: kind.to_owned(),
            name: name.to_owned(),
            listeners: brings.iter().map(listener).collect(),
            ..Component::default()
        };
        Self { component, entry, access: Access::Admin }
    }
}

/// Puts a firewall of two instances on the edge of a boundary.
pub(super) fn put_firewall(
    facts: &Facts,
    draft: &mut Draft<'_>,
    boundary: BoundaryIx,
    entries: Vec<Allow>,
    ids: &mut Ids,
) {
    let node = facts.topology.boundary(boundary);
    let around = node.parent.map(|it| facts.topology.boundary(it).id.clone());
    put_gate(draft, &node.id, node.record.title(), around, entries, ids);
}

fn put_gate(
    draft: &mut Draft<'_>,
    of: &Id,
    title: &str,
    around: Option<Id>,
    entries: Vec<Allow>,
    ids: &mut Ids,
) {
    let name = format!("{title} firewall");
    let firewall = Component {
        kind: "firewall".to_owned(),
        name: name.clone(),
        within: around,
        // One alone would be what all behind it fails with.
        replicas: Some(2),
        gate_of: Some(of.clone()),
        allows: Allows::Only(entries),
        ..Component::default()
    };
    let id = draft.mint(ids, &name);
    draft.put(id, firewall);
}

/// What was written, if something was.
fn written(facts: &Facts, write: impl FnOnce(&mut Draft<'_>) -> Option<String>) -> Option<Fix> {
    let mut draft = Draft::of(facts.model());
    let label = write(&mut draft)?;
    let edit = draft.finish();
    (!edit.is_empty()).then_some(Fix { label, edit })
}

fn add(needs: &mut Vec<Need>, who: Who, ports: &Ports) {
    match needs.iter_mut().find(|it| it.who == who) {
        Some(need) => need.ports = need.ports.union(ports),
        None => needs.push(Need { who, ports: ports.clone() }),
    }
}

/// Entries that let the internet have no more than what is kept, and what it has then. Whoever else needs what they no
/// longer let through gets an entry of its own.
fn tightened(facts: &Facts, entries: &[Allow], kept: &Ports, needs: &[Need]) -> (Vec<Allow>, Ports) {
    let faces_internet = |it: &Allow| match &it.from {
        From::Anywhere | From::Unknown => true,
        From::Of(ids) => ids.iter().any(|it| is_on_internet(facts, it)),
    };
    let (mut new, mut open, mut lost) = (Vec::new(), Ports::NONE, Ports::NONE);
    for entry in entries {
        if !faces_internet(entry) {
            new.push(entry.clone());
            continue;
        }
        let stays = entry.ports.intersect(kept);
        lost = lost.union(&entry.ports.minus(&stays));
        open = open.union(&stays);
        if !stays.is_empty() {
            new.push(Allow::of(stays, entry.from.clone()));
        }
    }
    let others: Vec<Need> = needs
        .iter()
        .filter(|it| it.who != Who::Anyone)
        .map(|it| Need { who: it.who.clone(), ports: it.ports.intersect(&lost) })
        .collect();
    new.extend(passing::entries(&others));
    (new, open)
}

fn is_on_internet(facts: &Facts, id: &Id) -> bool {
    let topology = &facts.topology;
    topology.find_component(id).is_some_and(|it| facts.ingress.is_origin(it))
        || topology.find_boundary(id).is_some_and(|it| topology.boundary(it).kind.outside)
}
