//! Components: what is drawn as a card or, on the edge of a boundary, as a gate.

use super::record::{fields, record};
use super::{Allows, Answer, Capability, Controls, Figure, From, Id, Kind, Ports, Technology, Truth};

record! {
    /// A port that a component listens on.
    pub struct Listener {
        pub port: Ports,
        pub protocol: String,
        /// What it is for, in a few words.
        pub purpose: String,
        /// For whom it is meant; exposing it to others is a finding.
        pub meant_for: From,
    }
}

record! {
    /// A part of the system, or somebody who uses it.
    pub struct Component {
        /// The slug of a row of `assets/kinds.ron`.
        pub kind: String,
        pub name: String,
        /// A product, as people write it: `postgres:16`.
        pub technology: String,
        /// The boundary that it stands in.
        pub within: Option<Id>,
        /// Instances of it; none said is one.
        pub replicas: Option<u32>,
        /// Components of one pool are alternatives: any one will do.
        pub pool: String,
        /// How many of its pool or replicated store must be up; none said is one. The largest of a pool counts.
        pub quorum: Option<u32>,
        /// It survives the loss of an instance, a host or a zone by itself.
        pub highly_available: Answer,
        /// Whether a replica takes writes when its source is lost.
        pub takes_over: Answer,
        /// The boundary whose gate it is.
        pub gate_of: Option<Id>,
        pub listeners: Vec<Listener>,
        /// For kinds that filter.
        pub allows: Allows,
        /// Requests per second that one instance serves.
        pub capacity: Option<Figure>,
        /// The share of requests, 0 to 1, that a cache answers itself.
        pub hit_ratio: Option<Figure>,
        /// The strategy of what spreads: `round-robin`, `least-busy`, `cookie-affinity`, `dns`, `per-resource`.
        pub balancing: String,
        /// The share of time, 0 to 1, that it is up.
        pub availability: Option<Figure>,
        /// Requests per second that an actor makes.
        pub requests_per_second: Option<Figure>,
        /// The share of an actor's requests, 0 to 1, that read.
        pub read_share: Option<Figure>,
        /// The assets that it keeps.
        pub stores: Vec<Id>,
        /// The assets that it handles without keeping them.
        pub processes: Vec<Id>,
        pub controls: Controls,
        pub notes: String,
        /// What it is drawn with: an artwork of the document or a bundled icon; none is the icon of its kind.
        pub icon: Option<Id>,
    }
}

fields!(std::sync::Arc<Component>);

impl Component {
    pub fn kind(&self) -> &'static Kind {
        Kind::of(&self.kind)
    }

    pub fn can(&self, capability: Capability) -> bool {
        self.kind().can(capability)
    }

    pub fn technology(&self) -> Option<&'static Technology> {
        Technology::find(&self.technology)
    }

    /// How many instances there are: 0 is read as 1, and said as a problem.
    pub fn instances(&self) -> u32 {
        self.replicas.unwrap_or(1).max(1)
    }

    /// The answer of its own or, where that is unknown, that of its technology, looked up by [`Self::technology`].
    pub fn is_highly_available(&self, technology: Option<&Technology>) -> Truth {
        match self.highly_available.is {
            Truth::Unknown => technology.map(Technology::highly_available).unwrap_or_default(),
            said => said,
        }
    }

    /// The answer to a control: its own or, where that is unknown, that of its technology.
    pub fn control(&self, technology: Option<&Technology>, slug: &str) -> Truth {
        match self.controls.truth(slug) {
            Truth::Unknown => technology.map(|it| it.control(slug)).unwrap_or_default(),
            said => said,
        }
    }

    /// The name, or the kind of what has none.
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { &self.kind().label } else { &self.name }
    }
}
