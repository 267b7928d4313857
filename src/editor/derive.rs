//! Deriving: facts and findings after each edit, in the same call while that is quick, else beside the frames.

use std::sync::Arc;

use crate::analysis::Facts;
use crate::model::Model;
use crate::rules::{self, Report};

/// What was derived from one model.
#[derive(Debug, Clone)]
pub struct Derived {
    pub facts: Facts,
    pub report: Report,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
}

/// A run that takes longer than this goes beside the frames from then on.
pub const IN_FRAME_MS: f64 = 8.0;

impl Derived {
    pub fn of(model: Arc<Model>, now_ms: fn() -> f64) -> Self {
        let start = now_ms();
        let facts = Facts::of(model);
        let report = rules::run(&facts);
        Self { facts, report, took_ms: now_ms() - start }
    }
}

/// The last result, and whether a newer one is on its way.
#[derive(Debug)]
pub(super) struct Derivation {
    pub(super) derived: Derived,
    /// Counts the models that were to be derived; an answer to an older one is dropped.
    pub(super) generation: u64,
    /// Counts the results.
    pub(super) number: u64,
    pub(super) is_behind: bool,
}

impl Derivation {
    pub(super) fn of(model: Arc<Model>, now_ms: fn() -> f64) -> Self {
        Self { derived: Derived::of(model, now_ms), generation: 0, number: 0, is_behind: false }
    }

    /// Derives now if the last run was quick; else returns the generation to ask the platform for.
    pub(super) fn update(&mut self, model: &Arc<Model>, now_ms: fn() -> f64) -> Option<u64> {
        self.generation += 1;
        if self.derived.took_ms < IN_FRAME_MS {
            self.derived = Derived::of(Arc::clone(model), now_ms);
            self.number += 1;
            self.is_behind = false;
            return None;
        }
        self.is_behind = true;
        Some(self.generation)
    }

    /// Takes a result unless it is of an older generation.
    pub(super) fn take(&mut self, generation: u64, derived: Derived) {
        if generation == self.generation {
            self.derived = derived;
            self.number += 1;
            self.is_behind = false;
        }
    }
}
