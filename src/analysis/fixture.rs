//! Models in a few lines, for the tests of this room.
//!
//! `web-1: web-server pool=web replicas=2 in=zone-a` is a component (`name` and `technology` take `_` for a space),
//! `[zone-a: availability-zone name=a in=region]` a boundary, `user -> lb: read async` a flow with words in any order,
//! `feature browse: user>lb lb>web` a feature. An end that is not declared is a microservice without a name.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Access, Allow, Allows, Answer, Boundary, Component, Draft, Feature, Flow, From, Id, Model, Needs, Style,
    Truth,
};

use super::{BoundaryIx, ComponentIx, Facts, Unit};

pub(super) fn facts(text: &str) -> Facts {
    Facts::of(Arc::new(model(text)))
}

pub(super) fn model(text: &str) -> Model {
    let mut model = Model::new();
    let mut components: BTreeMap<Id, Component> = BTreeMap::new();
    let mut flows: Vec<(Id, Flow)> = Vec::new();
    let mut draft = Draft::of(&model);
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        if let Some(line) = line.strip_prefix('[') {
            let (id, boundary) = boundary(line.trim_end_matches(']'));
            draft.put(id, boundary);
        } else if let Some(line) = line.strip_prefix("feature ") {
            let (id, path) = line.split_once(':').unwrap();
            let flows = path.split_whitespace().map(|it| Id::slug(&it.replace('>', "--"))).collect();
            draft.put(Id::slug(id), Feature { flows, ..Feature::default() });
        } else if line.contains("->") {
            let flow = flow(line);
            for end in [&flow.from, &flow.to] {
                components.entry(end.clone()).or_insert_with(|| component("microservice"));
            }
            let mut id = Id::slug(&format!("{}--{}", flow.from, flow.to));
            while flows.iter().any(|it| it.0 == id) {
                id = Id::slug(&format!("{id}-again"));
            }
            flows.push((id, flow));
        } else {
            let (id, rest) = line.split_once(':').unwrap();
            components.insert(Id::slug(id), component(rest));
        }
    }
    for (id, component) in components {
        draft.put(id, component);
    }
    for (id, flow) in flows {
        draft.put(id, flow);
    }
    let edit = draft.finish();
    model.apply(&edit);
    model
}

fn truth(word: &str) -> Answer {
    Answer::of(Truth::from_slug(word).unwrap())
}

fn component(text: &str) -> Component {
    let mut words = text.split_whitespace();
    let mut component = Component { kind: words.next().unwrap().to_owned(), ..Component::default() };
    for (key, value) in words.map(|it| it.split_once('=').unwrap()) {
        match key {
            "name" => component.name = value.replace('_', " "),
            "technology" => component.technology = value.replace('_', " "),
            "pool" => component.pool = value.to_owned(),
            "in" => component.within = Some(Id::slug(value)),
            "gate" => component.gate_of = Some(Id::slug(value)),
            "replicas" => component.replicas = value.parse().ok(),
            "quorum" => component.quorum = value.parse().ok(),
            "ha" => component.highly_available = truth(value),
            "takes_over" => component.takes_over = truth(value),
            "allows" => {
                let ports = value.parse().unwrap();
                component.allows = Allows::Only(vec![Allow::of(ports, From::Anywhere)]);
            }
            _ => panic!("no property {key}"),
        }
    }
    component
}

fn boundary(text: &str) -> (Id, Boundary) {
    let (id, rest) = text.split_once(':').unwrap();
    let mut words = rest.split_whitespace();
    let mut boundary = Boundary { kind: words.next().unwrap().to_owned(), ..Boundary::default() };
    for (key, value) in words.map(|it| it.split_once('=').unwrap()) {
        match key {
            "name" => boundary.name = value.to_owned(),
            "in" => boundary.within = Some(Id::slug(value)),
            _ => panic!("no property {key}"),
        }
    }
    (Id::slug(id), boundary)
}

fn flow(text: &str) -> Flow {
    let (ends, words) = text.split_once(':').unwrap_or((text, ""));
    let (from, to) = ends.split_once("->").unwrap();
    let mut flow = Flow::between(Id::slug(from.trim()), Id::slug(to.trim()));
    for word in words.split_whitespace() {
        match word {
            "hard" => flow.needs = Needs::Hard,
            "soft" => flow.needs = Needs::Soft,
            "async" => flow.style = Style::Asynchronous,
            "reply" => flow.reply = true,
            _ => {
                if let Some(access) = Access::ALL.into_iter().find(|it| it.slug() == word) {
                    flow.access = access;
                } else if word.contains('/') {
                    flow.port = word.parse().unwrap();
                } else {
                    flow.protocol = word.to_owned();
                }
            }
        }
    }
    flow
}

/// The unit of an id: one instance of a component, `ID*` for all, or a boundary.
pub(super) fn unit(facts: &Facts, id: &str) -> Unit {
    let topology = &facts.topology;
    if let Some(id) = id.strip_suffix('*') {
        return Unit::Component(topology.find_component(&Id::slug(id)).unwrap());
    }
    let id = Id::slug(id);
    match topology.find_component(&id) {
        Some(component) => Unit::Instance(component),
        None => Unit::of_boundary(topology, topology.find_boundary(&id).unwrap()),
    }
}

pub(super) fn names(facts: &Facts, components: impl IntoIterator<Item = ComponentIx>) -> String {
    let names = components.into_iter().map(|it| facts.topology.component(it).id.to_string());
    names.collect::<Vec<_>>().join(" ")
}

pub(super) fn unit_name(facts: &Facts, unit: &Unit) -> String {
    let place = |it: &BoundaryIx| facts.topology.boundary(*it).id.to_string();
    match unit {
        Unit::Instance(it) | Unit::Component(it) => facts.topology.component(*it).id.to_string(),
        Unit::Boundary(boundaries) => boundaries.iter().map(place).collect::<Vec<_>>().join("+"),
    }
}
