//! Small models for the tests of this room, a record a call.

use std::sync::Arc;

use super::{ComponentIx, Ingress, Reach, Topology};
use crate::model::{
    Allow, Allows, Boundary, Component, Draft, Flow, From, Id, Ingress as Own, Listener, Model, Ports, Truth,
};

/// A model that is being written down.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    pub(super) components: Vec<(String, Component)>,
    pub(super) boundaries: Vec<(String, Boundary)>,
    pub(super) flows: Vec<Flow>,
}

pub(super) fn ports(text: &str) -> Ports {
    text.parse().unwrap()
}

/// `tcp/22 anywhere; tcp/80 unknown; tcp/443 a,b`: the entries of a filter.
pub(super) fn entries(text: &str) -> Vec<Allow> {
    let entry = |text: &str| {
        let (what, from) = text.trim().rsplit_once(' ').unwrap();
        let from = match from {
            "anywhere" => From::Anywhere,
            "unknown" => From::Unknown,
            ids => From::Of(ids.split(',').map(Id::slug).collect()),
        };
        Allow::of(ports(what), from)
    };
    text.split(';').filter(|it| !it.trim().is_empty()).map(entry).collect()
}

pub(super) fn ingress(text: &str) -> Own {
    match text {
        "unknown" => Own::Unknown,
        "open" => Own::Open,
        _ => Own::Only(entries(text)),
    }
}

pub(super) fn allows(text: &str) -> Allows {
    if text == "unknown" { Allows::Unknown } else { Allows::Only(entries(text)) }
}

impl Sketch {
    /// A component in a boundary; `""` is none.
    pub(super) fn put(mut self, id: &str, kind: &str, within: &str) -> Self {
        let component =
            Component { kind: kind.to_owned(), within: Id::new(within).ok(), ..Component::default() };
        self.components.push((id.to_owned(), component));
        self
    }

    /// The last component listens.
    pub(super) fn listens(mut self, port: &str) -> Self {
        self.components
            .last_mut()
            .unwrap()
            .1
            .listeners
            .push(Listener { port: ports(port), ..Listener::default() });
        self
    }

    /// The last component's allows.
    pub(super) fn allows(mut self, text: &str) -> Self {
        self.components.last_mut().unwrap().1.allows = allows(text);
        self
    }

    /// The last component is a gate.
    pub(super) fn gate_of(mut self, boundary: &str) -> Self {
        self.components.last_mut().unwrap().1.gate_of = Some(Id::slug(boundary));
        self
    }

    /// A network that is not segmented.
    pub(super) fn boundary(mut self, id: &str, within: &str, let_in: &str) -> Self {
        let boundary = Boundary {
            kind: "network".to_owned(),
            within: Id::new(within).ok(),
            ingress: ingress(let_in),
            segmented: Truth::No.into(),
            ..Boundary::default()
        };
        self.boundaries.push((id.to_owned(), boundary));
        self
    }

    /// The last boundary's answer.
    pub(super) fn segmented(mut self, is: Truth) -> Self {
        self.boundaries.last_mut().unwrap().1.segmented = is.into();
        self
    }

    /// The last boundary's kind.
    pub(super) fn of_kind(mut self, kind: &str) -> Self {
        kind.clone_into(&mut self.boundaries.last_mut().unwrap().1.kind);
        self
    }

    pub(super) fn flow(mut self, from: &str, to: &str, port: &str) -> Self {
        let flow = Flow { port: ports(port), ..Flow::between(Id::slug(from), Id::slug(to)) };
        self.flows.push(flow);
        self
    }

    pub(super) fn model(&self) -> Model {
        let mut model = Model::new();
        let mut draft = Draft::of(&model);
        for (id, component) in &self.components {
            draft.put(Id::slug(id), component.clone());
        }
        for (id, boundary) in &self.boundaries {
            draft.put(Id::slug(id), boundary.clone());
        }
        for (n, flow) in self.flows.iter().enumerate() {
            draft.put(Id::slug(&format!("f-{n:03}")), flow.clone());
        }
        let edit = draft.finish();
        model.apply(&edit);
        model
    }

    pub(super) fn topology(&self) -> Topology {
        Topology::of(Arc::new(self.model()))
    }

    /// What the internet, or a foothold, reaches: a row a line, `web tcp/443 0 by user web`; a question shows the
    /// unknown and, if there is one, the hop of the certain way.
    pub(super) fn reach(&self, foothold: Option<&str>) -> String {
        let topology = self.topology();
        let ingress = Ingress::of(&topology);
        let find = |it: &str| topology.find_component(&Id::slug(it)).unwrap();
        let reach = match foothold {
            Some(foothold) => Reach::from_foothold(&topology, &ingress, find(foothold)),
            None => Reach::from_internet(&topology, &ingress),
        };
        let id = |it: ComponentIx| topology.component(it).id.to_string();
        let rows = reach.exposed().iter().map(|row| {
            let path: Vec<String> = reach.path(row).iter().map(|it| id(it.component)).collect();
            let asks =
                row.asks.as_ref().map(|it| format!(" ?{}.{}", it.subject, it.field)).unwrap_or_default();
            let certain =
                row.certain_hop.filter(|_| row.question).map(|it| format!(" or {it}")).unwrap_or_default();
            assert_eq!(
                row.question,
                row.asks.is_some(),
                "a question that asks nothing, or the other way round"
            );
            format!("{} {} {}{certain}{asks} by {}\n", id(row.component), row.ports, row.hop, path.join(" "))
        });
        rows.collect()
    }
}
