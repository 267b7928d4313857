//! Facts: what follows from a model. Pure functions of it, which never fail and never change it.
//!
//! The definitions are those of the manual's page on meanings; each file names the part that it computes. Results
//! are told by index ([`ComponentIx`] and its like), in the order of ids, so that every walk is the same every time.

mod topology;

use std::sync::Arc;

pub use topology::{BoundaryIx, BoundaryNode, ComponentIx, ComponentNode, FlowEdge, FlowIx, Topology};

use crate::model::Model;

/// An unknown that a result rests on: a field of an element, to be asked of the architect.
///
/// `field` is a field of the model (`ingress`, `segmented`, `takes_over`, `highly_available`, `allows`) or, behind
/// `controls.`, the slug of a control.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown {
    pub subject: crate::model::Id,
    pub field: String,
}

impl Unknown {
    pub fn new(subject: &crate::model::Id, field: &str) -> Self {
        Self { subject: subject.clone(), field: field.to_owned() }
    }
}

/// All that was derived from one model.
#[derive(Debug, Clone)]
pub struct Facts {
    pub topology: Topology,
}

impl Facts {
    pub fn of(model: Arc<Model>) -> Self {
        Self { topology: Topology::of(model) }
    }

    pub fn model(&self) -> &Model {
        self.topology.model()
    }
}
