//! Spoken of: which components somebody said more of than that they are there. Their names and answers may change
//! without any fact changing, and then only what was said of them is said anew.

use std::sync::atomic::{AtomicU64, Ordering};

use super::ComponentIx;

/// A set of components that grows while it is only read from: one bit each, 64 a word.
#[derive(Debug, Default)]
pub(super) struct Spoken(Box<[AtomicU64]>);

impl Spoken {
    pub(super) fn of(components: usize) -> Self {
        Self((0..components.div_ceil(64)).map(|_| AtomicU64::new(0)).collect())
    }

    pub(super) fn add(&self, component: ComponentIx) {
        // Nobody waits for anybody here: a set is filled and taken by one.
        if let Some(word) = self.0.get(component.at() / 64) {
            word.fetch_or(1 << (component.at() % 64), Ordering::Relaxed);
        }
    }

    pub(super) fn clear(&self) {
        self.0.iter().for_each(|it| it.store(0, Ordering::Relaxed));
    }

    pub(super) fn words(&self) -> Box<[u64]> {
        self.0.iter().map(|it| it.load(Ordering::Relaxed)).collect()
    }
}

impl Clone for Spoken {
    fn clone(&self) -> Self {
        Self(self.words().into_iter().map(AtomicU64::new).collect())
    }
}
