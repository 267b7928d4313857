//! Assets: the data that is worth something.

use serde::{Deserialize, Serialize};

use super::Answer;
use super::record::{fields, record};

/// How much an asset must be kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    #[default]
    Unknown,
    Public,
    Internal,
    Confidential,
    Secret,
}

impl Class {
    pub const ALL: [Self; 5] =
        [Self::Unknown, Self::Public, Self::Internal, Self::Confidential, Self::Secret];

    pub fn slug(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Secret => "secret",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "Unclassified",
            Self::Public => "Public",
            Self::Internal => "Internal",
            Self::Confidential => "Confidential",
            Self::Secret => "Secret",
        }
    }
}

record! {
    /// A kind of data: `Card numbers`, `Comments`, `Session tokens`.
    pub struct Asset {
        pub name: String,
        pub class: Class,
        /// Whether it tells something of a person.
        pub personal: Answer,
        /// Whether it opens something: a password, a key, a token.
        pub credential: Answer,
        pub notes: String,
    }
}

fields!(Class);
