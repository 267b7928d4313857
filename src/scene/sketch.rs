//! Random models for the tests of this room.

use proptest::prelude::*;

use crate::model::{
    Access, Allow, Allows, Boundary, Component, Draft, Edit, Flow, From, Id, MAIN_VIEW, Model, Nesting, Place,
};

const KINDS: [&str; 8] =
    ["user", "dns", "load-balancer", "web-server", "microservice", "sql-database", "message-queue", "note"];
const ACCESS: [Access; 5] =
    [Access::Unknown, Access::Read, Access::Write, Access::ReadWrite, Access::Replicate];

/// The numbers that a model is made from: each chooses among what there is.
#[derive(Debug, Clone)]
pub(super) struct Sketch {
    /// What each boundary stands in.
    boundaries: Vec<u8>,
    /// Kind, what it stands in, replicas, and whether it is the gate of that.
    components: Vec<(u8, u8, u8, bool)>,
    /// From, to, access.
    flows: Vec<(u8, u8, u8)>,
}

pub(super) fn sketches(most: usize) -> impl Strategy<Value = Sketch> {
    let boundaries = prop::collection::vec(any::<u8>(), 0..=most / 4);
    let component = (any::<u8>(), any::<u8>(), any::<u8>(), prop::bool::weighted(0.1));
    let components = prop::collection::vec(component, 1..=most);
    let flows = prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>()), 0..=most * 2);
    (boundaries, components, flows).prop_map(|(boundaries, components, flows)| Sketch {
        boundaries,
        components,
        flows,
    })
}

pub(super) fn component_id(n: usize) -> Id {
    Id::slug(&format!("c-{n}"))
}

pub(super) fn boundary_id(n: usize) -> Id {
    Id::slug(&format!("b-{n}"))
}

pub(super) fn main_view() -> Id {
    Id::slug(MAIN_VIEW)
}

impl Sketch {
    /// The model, without places. Boundaries may stand in themselves: a model that was read may hold such.
    pub(super) fn model(&self) -> Model {
        let mut model = Model::new();
        let mut draft = Draft::of(&model);
        let count = self.boundaries.len();
        // One in so many stands in nothing.
        let within = |it: u8| (usize::from(it) % (count + 1)).checked_sub(1).map(boundary_id);
        for (n, it) in self.boundaries.iter().enumerate() {
            let boundary = Boundary {
                kind: "network".to_owned(),
                name: format!("Boundary {n} with a title"),
                within: within(*it),
                ..Boundary::default()
            };
            draft.put(boundary_id(n), boundary);
        }
        for (n, (kind, outer, replicas, is_gate)) in self.components.iter().enumerate() {
            let kind = KINDS[usize::from(*kind) % KINDS.len()];
            let mut component = Component {
                kind: if *is_gate { "firewall" } else { kind }.to_owned(),
                name: "Name".repeat(1 + n % 5),
                within: within(*outer),
                replicas: Some(u32::from(replicas % 4)),
                notes: if kind == "note" { "Many words of a note. ".repeat(n % 9) } else { String::new() },
                ..Component::default()
            };
            if *is_gate {
                component.gate_of = component.within.take();
                component.allows =
                    Allows::Only(vec![Allow::of("tcp/80,443".parse().unwrap(), From::Anywhere)]);
            }
            draft.put(component_id(n), component);
        }
        for (n, it) in self.flows.iter().enumerate() {
            draft.put(Id::slug(&format!("f-{n:03}")), self.flow(*it));
        }
        let edit = draft.finish();
        model.apply(&edit);
        model
    }

    pub(super) fn flow(&self, (from, to, access): (u8, u8, u8)) -> Flow {
        let end = |it: u8| component_id(usize::from(it) % self.components.len());
        Flow {
            protocol: "https".to_owned(),
            access: ACCESS[usize::from(access) % ACCESS.len()],
            ..Flow::between(end(from), end(to))
        }
    }
}

/// Puts places into a model.
pub(super) fn placed(model: &mut Model, places: Vec<(Id, Place)>) -> Edit {
    let edit = {
        let mut draft = Draft::of(model);
        for (id, place) in places {
            draft.put((main_view(), id), place);
        }
        draft.finish()
    };
    model.apply(&edit)
}

/// All boxes of a model, without a wish.
pub(super) fn all_new(model: &Model) -> Vec<super::New> {
    let ids = model.components().keys().chain(model.boundaries().keys());
    ids.map(|it| super::New { id: it.clone(), wish: super::Wish::Anywhere }).collect()
}

/// The model with a place for each of its boxes.
pub(super) fn laid_out(mut model: Model) -> Model {
    let places = super::place_new(&model, &Nesting::of(&model), &main_view(), &all_new(&model));
    placed(&mut model, places);
    model
}
