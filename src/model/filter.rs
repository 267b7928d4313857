//! Filters: which ports may pass, and from where.

use serde::{Deserialize, Serialize};

use super::record::{fields, record};
use super::{Id, Ports};

/// Where something may come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// Nobody has said.
    #[default]
    Unknown,
    Anywhere,
    /// These components and boundaries, with all in them.
    Of(Vec<Id>),
}

record! {
    /// One entry of a filter: these ports may pass from there.
    pub struct Allow {
        pub ports: Ports,
        pub from: From,
    }
}

/// What a component that filters lets through.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Allows {
    /// Nobody has said.
    #[default]
    Unknown,
    /// Just these; an empty list lets nothing in.
    Only(Vec<Allow>),
}

/// What a boundary lets in where no gate guards it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ingress {
    /// Nobody has said.
    #[default]
    Unknown,
    /// It does not filter.
    Open,
    Only(Vec<Allow>),
}

fields!(From, Allows, Ingress);

impl Allow {
    pub fn of(ports: Ports, from: From) -> Self {
        Self { ports, from }
    }
}

impl Allows {
    pub fn entries(&self) -> &[Allow] {
        match self {
            Self::Unknown => &[],
            Self::Only(entries) => entries,
        }
    }
}

impl Ingress {
    pub fn entries(&self) -> &[Allow] {
        match self {
            Self::Unknown | Self::Open => &[],
            Self::Only(entries) => entries,
        }
    }
}
