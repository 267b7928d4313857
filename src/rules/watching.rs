//! Watching: the flows to what watches or records, and how they are drawn.

use super::passing::{Need, Who, grant};
use super::{Fix, alike, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, FlowEdge};
use crate::model::{Access, Capability, Component, Draft, Flow, Id, Ids, Kind, Listener, Ports, Style};

/// The components of a kind that watches (`monitoring`, `logging`), in order.
pub(super) fn watchers(facts: &Facts, kind: &str) -> Vec<ComponentIx> {
    facts.topology.components().filter(|(_, it)| it.kind.slug == kind).map(|it| it.0).collect()
}

/// Whether a flow joins a component to one of a kind that watches.
pub(super) fn is_watched(facts: &Facts, component: ComponentIx, kind: &str) -> bool {
    let node = facts.topology.component(component);
    let mut flows = node.out.iter().chain(&node.into).map(|it| facts.topology.flow(*it));
    flows.any(|it| {
        [it.from, it.to].iter().any(|it| *it != component && facts.topology.component(*it).kind.slug == kind)
    })
}

/// The fix that draws flows to what watches, which is drawn too if there is none.
pub(super) fn drawn(facts: &Facts, kind: &str, members: &[ComponentIx], ids: &mut Ids) -> Fix {
    let mut draft = Draft::of(facts.model());
    let names = words::names(facts, members.iter().copied());
    let kind = Kind::of(kind);
    let first = watchers(facts, &kind.slug).first().copied();
    let label = match first {
        Some(it) => format!("Connect {names} to {}", words::name(facts, it)),
        None => format!("Add {} for {names}", kind.label.to_lowercase()),
    };
    let (watcher, place) = match first {
        Some(it) => (alike::id(facts, it), facts.ingress.place(it)),
        None => new_watcher(facts, kind, members, &mut draft, ids),
    };
    let model = first.and_then(|it| example(facts, it));
    for member in members.iter().filter(|it| Some(**it) != first) {
        let own = alike::id(facts, *member);
        // As those that are drawn already: some watchers fetch, others are told.
        let fetches = model.is_some_and(|it| Some(it.from) == first);
        let (from, to) = if fetches { (&watcher, &own) } else { (&own, &watcher) };
        let brings = kind.listeners.first();
        let flow = Flow {
            protocol: model
                .map(|it| it.record.protocol.clone())
                .or_else(|| brings.map(|it| it.protocol.clone()))
                .unwrap_or_default(),
            port: model
                .map(|it| it.record.port.clone())
                .or_else(|| brings.map(|it| it.port.clone()))
                .unwrap_or_default(),
            access: if fetches { Access::Read } else { Access::Write },
            style: Style::Asynchronous,
            encrypted: model.map(|it| it.record.encrypted.clone()).unwrap_or_default(),
            authenticated: model.map(|it| it.record.authenticated.clone()).unwrap_or_default(),
            ..Flow::between(from.clone(), to.clone())
        };
        let ports = model.map(|it| it.ports.clone()).unwrap_or_else(|| flow.port.clone());
        let places = [facts.ingress.place(*member), place];
        let (here, there) = if fetches { (places[1], places[0]) } else { (places[0], places[1]) };
        let_through(facts, &mut draft, from, (here, there), ports);
        let id = draft.mint(ids, &format!("{from}-{to}"));
        draft.put(id, flow);
    }
    Fix { label, edit: draft.finish() }
}

/// A new one, which stands where the first of those that it watches stands.
fn new_watcher(
    facts: &Facts,
    kind: &Kind,
    members: &[ComponentIx],
    draft: &mut Draft<'_>,
    ids: &mut Ids,
) -> (Id, Option<BoundaryIx>) {
    let place = members.first().and_then(|it| facts.topology.component(*it).within);
    let listener = kind.listeners.iter().map(|it| Listener {
        port: it.port.clone(),
        protocol: it.protocol.clone(),
        ..Listener::default()
    });
    let record = Component {
        kind: kind.slug.clone(),
        name: kind.label.clone(),
        within: place.map(|it| facts.topology.boundary(it).id.clone()),
        listeners: listener.collect(),
        ..Component::default()
    };
    let id = draft.mint(ids, &kind.slug);
    draft.put(id.clone(), record);
    (id, place)
}

/// A flow of it that watches, to draw others like it.
fn example(facts: &Facts, watcher: ComponentIx) -> Option<&FlowEdge> {
    let node = facts.topology.component(watcher);
    let mut flows = node.into.iter().chain(&node.out).map(|it| facts.topology.flow(*it));
    flows.find(|it| {
        let other = if it.from == watcher { it.to } else { it.from };
        !it.reply && it.access != Access::Admin && !facts.topology.component(other).can(Capability::NotOurs)
    })
}

fn let_through(
    facts: &Facts,
    draft: &mut Draft<'_>,
    from: &Id,
    (here, there): (Option<BoundaryIx>, Option<BoundaryIx>),
    ports: Ports,
) {
    let need = Need { who: Who::At(from.clone()), ports };
    for entered in facts.topology.entered(here, there) {
        grant(facts, draft, entered, &need);
    }
}
