//! Flows: from who opens a connection to who listens.

use serde::{Deserialize, Serialize};

use super::record::{fields, record};
use super::{Answer, Controls, Figure, Id, Ports, Protocol, Truth};

/// What a flow does to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Nobody has said; analyses read the worse.
    #[default]
    Unknown,
    Read,
    Write,
    #[serde(alias = "read-write")]
    ReadWrite,
    Replicate,
    Publish,
    Consume,
    Admin,
}

impl Access {
    pub const ALL: [Self; 8] = [
        Self::Unknown,
        Self::Read,
        Self::Write,
        Self::ReadWrite,
        Self::Replicate,
        Self::Publish,
        Self::Consume,
        Self::Admin,
    ];

    pub fn slug(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Read => "read",
            Self::Write => "write",
            Self::ReadWrite => "read-write",
            Self::Replicate => "replicate",
            Self::Publish => "publish",
            Self::Consume => "consume",
            Self::Admin => "admin",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "Unknown",
            Self::Read => "Read",
            Self::Write => "Write",
            Self::ReadWrite => "Read and write",
            Self::Replicate => "Replicate",
            Self::Publish => "Publish",
            Self::Consume => "Consume",
            Self::Admin => "Administer",
        }
    }
}

/// Whether the source waits for the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    #[default]
    Synchronous,
    Asynchronous,
}

/// What the loss of a flow's target does to its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Decided by style and target, see MEANINGS in the manual.
    #[default]
    Unset,
    /// The source fails without the target.
    Hard,
    /// The source degrades without the target.
    Soft,
}

record! {
    /// A data flow. Its ends are components.
    pub struct Flow {
        pub name: String,
        pub from: Id,
        pub to: Id,
        /// The slug of a row of `assets/protocols.ron`, or any other word.
        pub protocol: String,
        /// Empty: the protocol's port, or else the target kind's default.
        pub port: Ports,
        pub access: Access,
        pub style: Style,
        pub needs: Needs,
        pub encrypted: Answer,
        pub authenticated: Answer,
        /// The assets that it carries.
        pub carries: Vec<Id>,
        /// Requests on this flow for each request that its source serves; none said is one.
        pub requests_per_request: Option<Figure>,
        /// Its share among the flows that a spreader chooses from; none said is one.
        pub weight: Option<Figure>,
        /// It answers the opposite flow: it carries data, opens nothing, needs nothing.
        pub reply: bool,
        /// Drawn with a head at each end, for whoever wants to see that something comes back. A mark of the drawing: who
        /// opens the connection is `from`, and what moves is told by access, whatever this says.
        pub two_heads: bool,
        pub controls: Controls,
        pub notes: String,
    }
}

fields!(Access, Style, Needs);

impl Flow {
    pub fn between(from: Id, to: Id) -> Self {
        Self { from, to, ..Self::default() }
    }

    pub fn protocol(&self) -> Option<&'static Protocol> {
        Protocol::find(&self.protocol)
    }

    /// Whether it is encrypted: what was said or, where nothing was, what its protocol says.
    pub fn is_encrypted(&self, protocol: Option<&Protocol>) -> Truth {
        match self.encrypted.is {
            Truth::Unknown => protocol.map(Protocol::encrypted).unwrap_or_default(),
            said => said,
        }
    }
}
