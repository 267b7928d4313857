//! What goes in clear: which flows cross a boundary so, who can listen, and how a flow is switched to a protocol that does
//! better.

use super::passing::{self, Filter, Need};
use super::{Evidence, Exposure, Hop, Impact, nearness, words, worth};
use crate::analysis::{BoundaryIx, Entered, Facts, FlowEdge, FlowIx};
use crate::model::{Answer, Capability, Component, Draft, Flow, Listener, Ports, Protocol, Text};

/// What a flow crosses.
pub(super) struct Crossing {
    /// `crosses into Data tier`.
    pub(super) words: String,
    pub(super) left: Entered,
    pub(super) entered: Entered,
    is_outside: bool,
}

/// `None` if it crosses nothing that matters.
pub(super) fn crossing(facts: &Facts, flow: &FlowEdge) -> Option<Crossing> {
    let (topology, ingress) = (&facts.topology, &facts.ingress);
    let (from, to) = (topology.component(flow.from), topology.component(flow.to));
    // What refers on by its own protocol is asked for names, and told nothing.
    let asked =
        to.kind.listeners.first().filter(|_| to.can(Capability::Passes) && !to.can(Capability::Filters));
    let spoken = flow.protocol.map_or(flow.record.protocol.as_str(), |it| it.slug.as_str());
    let is_lookup = asked.is_some_and(|it| spoken.is_empty() || spoken == it.protocol);
    let (a, b) = (ingress.place(flow.from), ingress.place(flow.to));
    if flow.reply || is_lookup || stays_on_one_machine(facts, flow) {
        return None;
    }
    let (outside, inside) = (from.can(Capability::NotOurs), to.can(Capability::NotOurs));
    if outside && inside {
        return None;
    }
    let is_outside = outside || inside;
    let (left, entered) = (topology.entered(b, a), topology.entered(a, b));
    let title = |it: &BoundaryIx| topology.boundary(*it).record.title().to_owned();
    let words = match (is_outside, entered.last(), left.first()) {
        (true, _, _) => "goes over the internet".to_owned(),
        (false, Some(inner), _) => format!("crosses into {}", title(inner)),
        (false, None, Some(outer)) => format!("leaves {}", title(outer)),
        (false, None, None) => return None,
    };
    Some(Crossing { words, left, entered, is_outside })
}

/// Whether both ends of a flow stand on one machine.
pub(super) fn stays_on_one_machine(facts: &Facts, flow: &FlowEdge) -> bool {
    let (topology, ingress) = (&facts.topology, &facts.ingress);
    let is_machine = |it: BoundaryIx| {
        let kind = topology.boundary(it).kind;
        kind.fails && kind.survivable && !kind.location
    };
    topology.outward(topology.common(ingress.place(flow.from), ingress.place(flow.to))).any(is_machine)
}

/// Whether something passes on here what already crossed in clear on its way to it.
pub(super) fn is_told_before(facts: &Facts, flow: &FlowEdge) -> bool {
    let topology = &facts.topology;
    let from = topology.component(flow.from);
    from.can(Capability::Passes)
        && from
            .into
            .iter()
            .map(|it| topology.flow(*it))
            .any(|it| is_same(it, flow) && crossing(facts, it).is_some())
}

fn is_same(a: &FlowEdge, b: &FlowEdge) -> bool {
    !a.reply && a.record.protocol == b.record.protocol && a.encrypted == b.encrypted
}

/// A flow and those that pass on what it brings, as it came.
pub(super) fn passed_on(facts: &Facts, first: FlowIx) -> Vec<FlowIx> {
    let topology = &facts.topology;
    let mut found = vec![first];
    let mut next = 0;
    while let Some(flow) = found.get(next).map(|it| topology.flow(*it)) {
        next += 1;
        let to = topology.component(flow.to);
        for ahead in to.out.iter().filter(|_| to.can(Capability::Passes)) {
            if is_same(topology.flow(*ahead), flow) && !found.contains(ahead) {
                found.push(*ahead);
            }
        }
    }
    found
}

/// How near whoever could listen is; `None` is a flow that crosses nothing.
pub(super) fn exposure(facts: &Facts, flow: &FlowEdge, crossing: Option<&Crossing>) -> (Exposure, String) {
    let topology = &facts.topology;
    if crossing.is_some_and(|it| it.is_outside) {
        return (Exposure::Open, "whoever stands on the way over the internet can listen".to_owned());
    }
    let is_apart = topology.common(facts.ingress.place(flow.from), facts.ingress.place(flow.to)).is_none();
    let mut crossed = crossing.into_iter().flat_map(|it| it.left.iter().chain(&it.entered));
    if is_apart && crossed.any(|it| topology.boundary(*it).kind.location) {
        return (Exposure::Guarded, "whoever stands between the two places can listen".to_owned());
    }
    let is_near = |it| matches!(nearness(facts, it).0, Exposure::Open | Exposure::Guarded);
    match [flow.from, flow.to].into_iter().find(|it| is_near(*it)) {
        Some(it) => (Exposure::OneHop, format!("whoever takes over {} can listen", words::name(facts, it))),
        None => (Exposure::Deeper, "it takes more than one compromise to listen".to_owned()),
    }
}

/// The protocol that does the same encrypted, and the ports of a flow that speaks it.
pub(super) fn twin(flow: &FlowEdge) -> Option<(&'static Protocol, &'static Protocol, Ports)> {
    let plain = flow.protocol?;
    let twin = Protocol::find(&plain.secure_twin)?;
    Some((plain, twin, new_ports(flow, plain, twin)))
}

/// What a flow is switched to: `Switch to HTTPS on 443`.
pub(super) fn switch_label(flow: &FlowEdge, twin: &Protocol, ports: &Ports) -> String {
    if *ports == flow.ports {
        format!("Switch to {}", twin.label)
    } else {
        format!("Switch to {} on {}", twin.label, ports.numbers())
    }
}

/// `Load balancer → Web servers · HTTP 80`.
pub(super) fn place(facts: &Facts, flow: &FlowEdge) -> String {
    let protocol = flow.protocol.map(|it| it.label.clone()).unwrap_or_default();
    let spoken = format!("{protocol} {}", flow.ports.numbers());
    match spoken.trim() {
        "" => words::flow(facts, flow),
        spoken => format!("{} · {spoken}", words::flow(facts, flow)),
    }
}

/// The flow from one end to the other, with what it crosses.
pub(super) fn evidence(facts: &Facts, flow: &FlowEdge, crossing: Option<&Crossing>) -> Evidence {
    let hop = |it| Hop {
        element: facts.topology.component(it).id.clone(),
        ports: Some(flow.ports.clone()),
        note: Text::default(),
    };
    let crossed = crossing.into_iter().flat_map(|it| it.left.iter().chain(&it.entered));
    let crossed = crossed.map(|it| facts.topology.boundary(*it).id.clone());
    let also = std::iter::once(flow.id.clone()).chain(crossed).collect();
    Evidence { path: vec![hop(flow.from), hop(flow.to)], also }
}

/// What a flow carries is worth, and in words.
pub(super) fn worth_of(facts: &Facts, flow: FlowIx) -> (Impact, String) {
    match facts.data.carried(flow) {
        [] if facts.topology.flow(flow).record.carries.is_empty() => {
            (Impact::Serious, "data that nobody has named".to_owned())
        }
        carries => worth(facts, carries),
    }
}

/// The ports of a flow once it speaks the twin: the usual ones of the twin, if it had the usual ones before.
fn new_ports(flow: &FlowEdge, plain: &Protocol, twin: &Protocol) -> Ports {
    if flow.ports.is_subset(&plain.port) && !twin.port.is_empty() {
        twin.port.clone()
    } else {
        flow.ports.clone()
    }
}

/// Lets a flow speak the twin; its target listens on it, and what filters it lets it through.
pub(super) fn switch(facts: &Facts, draft: &mut Draft<'_>, flow: FlowIx, plain: &Protocol, twin: &Protocol) {
    let topology = &facts.topology;
    let edge = topology.flow(flow);
    let ports = new_ports(edge, plain, twin);
    draft.edit::<Flow>(&edge.id, |it| {
        it.protocol = twin.slug.clone();
        it.port = ports.clone();
        it.encrypted = Answer::default();
    });
    if ports == edge.ports {
        return;
    }
    let target = topology.component(edge.to);
    let others = |it: &FlowIx| *it != flow && topology.flow(*it).ports.overlaps(&edge.ports);
    let is_shared = target.into.iter().any(others);
    draft.edit::<Component>(&target.id, |it| {
        let plain = it.listeners.iter().position(|it| it.port == edge.ports);
        let speaks = it.listeners.iter().any(|it| ports.is_subset(&it.port));
        let Some(plain) = plain.and_then(|n| it.listeners.get_mut(n)).filter(|_| !speaks) else { return };
        let twin = Listener { port: ports.clone(), protocol: twin.slug.clone(), ..plain.clone() };
        if is_shared {
            it.listeners.push(twin);
        } else {
            *plain = twin;
        }
    });
    for who in passing::needs(facts, [flow]).into_iter().map(|it| it.who) {
        let need = Need { who, ports: ports.clone() };
        for boundary in facts.ingress.entered(topology, edge.from, edge.to) {
            passing::grant(facts, draft, boundary, &need);
        }
        for end in
            [edge.from, edge.to].into_iter().filter(|it| topology.component(*it).can(Capability::Filters))
        {
            passing::grant_at(facts, draft, &[Filter::Component(end)], &need);
        }
    }
}
