//! Conditions: what a pack's rule asks of its subject, as data.
//!
//! Words (kinds, technologies, protocols, fields) are texts, so that a document with a word of a newer Parapet loads; who
//! reads a file of rules has them checked where they stand, see [`super::pack::strictly`].

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::pack::checked;
use super::{Access, Capability, Class, Family, Ports, Truth};

/// A condition. It holds, does not hold, or hangs on something that nobody has said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// All hold; an empty list does.
    All(Vec<Self>),
    /// At least one holds; an empty list does not.
    Any(Vec<Self>),
    Not(Box<Self>),
    /// A component or boundary is of one of these kinds.
    #[serde(serialize_with = "words", deserialize_with = "kinds")]
    Kind(Vec<String>),
    /// A component is of this family.
    Family(Family),
    /// A component is one of these technologies.
    #[serde(serialize_with = "words", deserialize_with = "technologies")]
    Technology(Vec<String>),
    /// A component's kind can do this.
    Can(Capability),
    /// A control or a field that holds an answer: `answer("logging", no)`, `answer("encrypted", yes)`.
    Answer(#[serde(deserialize_with = "field")] String, Is),
    /// Of a flow: where it starts.
    Source(Box<Self>),
    /// Of a flow: where it ends.
    Target(Box<Self>),
    /// Of a flow: it speaks one of these.
    #[serde(serialize_with = "words", deserialize_with = "protocols")]
    Protocol(Vec<String>),
    /// Of a flow: what it does is one of these.
    Access(Vec<Access>),
    /// Of a flow: it carries such an asset.
    Carries(Worth),
    /// Of a component or dataset: it keeps such an asset.
    Keeps(Worth),
    /// Of a component: it keeps, works on, sends or takes such an asset.
    Handles(Worth),
    /// An asset is such a one.
    Asset(Worth),
    /// Of a flow: it enters or leaves such a boundary.
    Crosses(Zone),
    /// It stands in such a boundary, at any depth.
    Within(Zone),
    /// Of a component: some flow to it, no reply, is such a one.
    Incoming(Box<Self>),
    /// Of a component: some flow from it, no reply, is such a one.
    Outgoing(Box<Self>),
    /// Of a component: it listens on one of these ports.
    Listens(Ports),
    /// Of a component: the internet reaches one of its ports without taking over anything first.
    Exposed,
    /// Some component of it: the API's, the dataset's store, one that keeps the asset, one inside the boundary.
    Component(Box<Self>),
}

/// What an answer is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Is {
    Yes,
    No,
    /// Not applicable.
    Na,
    /// Nobody has said. It never makes a finding: it makes the question that would settle it.
    Unknown,
}

impl Is {
    pub fn truth(self) -> Truth {
        match self {
            Self::Yes => Truth::Yes,
            Self::No => Truth::No,
            Self::Na => Truth::NotApplicable,
            Self::Unknown => Truth::Unknown,
        }
    }
}

/// Which assets are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    Anything,
    /// Of this class or one above it.
    AtLeast(Class),
    /// It tells something of a person.
    Personal,
    /// It opens something.
    Credential,
}

/// Which boundaries are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    Any,
    #[serde(serialize_with = "words", deserialize_with = "boundary_kinds")]
    Kind(Vec<String>),
}

/// Which table a word of a condition is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Kinds of components and of boundaries.
    Kind,
    BoundaryKind,
    Technology,
    Protocol,
    /// Controls, and the fields that hold an answer.
    Field,
}

/// Fields beside the controls that hold an answer.
pub const ANSWER_FIELDS: [&str; 7] =
    ["highly_available", "takes_over", "segmented", "encrypted", "authenticated", "personal", "credential"];

impl Condition {
    /// Those directly in it.
    pub fn inner(&self) -> &[Self] {
        match self {
            Self::All(all) | Self::Any(all) => all,
            Self::Not(it)
            | Self::Source(it)
            | Self::Target(it)
            | Self::Incoming(it)
            | Self::Outgoing(it)
            | Self::Component(it) => std::slice::from_ref(it),
            _ => &[],
        }
    }
}

/// One word stands for itself, several in a list.
fn words<S: Serializer>(words: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match words {
        [one] => serializer.serialize_str(one),
        all => all.serialize(serializer),
    }
}

/// Reads a word and has it checked where it stands: an error raised here has the word's place.
struct Word(Sort);

impl<'de> DeserializeSeed<'de> for Word {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let word = String::deserialize(deserializer)?;
        checked(self.0, &word).map_err(de::Error::custom)?;
        Ok(word)
    }
}

/// Reads one word, or a list of them.
struct Words(Sort);

impl<'de> Visitor<'de> for Words {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word in quotes, or a list of them")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
        checked(self.0, word).map_err(E::custom)?;
        Ok(vec![word.to_owned()])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = seq.next_element_seed(Word(self.0))? {
            words.push(word);
        }
        Ok(words)
    }
}

fn kinds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(Words(Sort::Kind))
}

fn boundary_kinds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(Words(Sort::BoundaryKind))
}

fn technologies<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(Words(Sort::Technology))
}

fn protocols<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(Words(Sort::Protocol))
}

pub(super) fn field<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Word(Sort::Field).deserialize(deserializer)
}
