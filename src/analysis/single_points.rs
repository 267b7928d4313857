//! Single points of failure: units whose loss cuts an entry actor, or a feature where features are drawn.

use std::sync::Arc;

use crate::model::Id;

use super::{ComponentIx, Unit, Unknown};

/// A unit whose loss cuts an entry actor, or a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinglePoint {
    pub unit: Unit,
    /// The entry actors that are cut, in order; of a boundary, those that no unit inside it cuts already.
    pub actors: Arc<[ComponentIx]>,
    /// The features that are lost, in order; of a boundary, those that no unit inside it takes already.
    pub features: Arc<[Id]>,
    /// Nothing is left: every entry actor is down or, where features are drawn, every feature is lost.
    pub all_lost: bool,
    /// If not empty, nothing is lost for certain: it is a question, and these are to be asked.
    pub unknowns: Vec<Unknown>,
    /// The only one of a kind of which more could be: a question, "must it survive the loss of …?"
    pub alone: bool,
}
