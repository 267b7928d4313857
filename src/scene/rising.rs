//! Finds ids among others, both in rising order, for few comparisons.
//!
//! A picture goes through all that is seen in the order of ids, and asks of each whether it is selected, dragged or
//! marked. To compare each id costs more than to paint what is small: so what is marked is looked up in what is seen, from
//! the last one that was found on in ever longer steps (Bentley, Yao, "An almost optimal algorithm for unbounded
//! searching", 1976), and what is seen is then asked for by its place. Where little is seen and much is marked, each that is
//! seen is looked up instead.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use crate::model::Id;

/// What is known of some of what is seen, by place.
pub(super) struct Rising<V>(Peekable<IntoIter<(usize, V)>>);

/// From so many times as many marked ones as are seen on, each that is seen is looked up among them.
const MANY: usize = 4;

impl<'m, V> Rising<&'m V> {
    /// What is seen must be in rising order; what is marked and not seen is left out.
    pub(super) fn of<T>(seen: &[(&Id, T)], marked: &'m BTreeMap<Id, V>) -> Self {
        Self::among(seen, marked.iter(), |it| marked.get(it))
    }
}

impl Rising<()> {
    /// The same for what is only among some or not: all of them, and whether one is.
    pub(super) fn of_some<'a, T>(
        seen: &[(&Id, T)],
        marked: impl ExactSizeIterator<Item = &'a Id>,
        is_marked: impl Fn(&Id) -> bool,
    ) -> Self {
        Self::among(seen, marked.map(|it| (it, ())), |it| is_marked(it).then_some(()))
    }
}

impl<V> Rising<V> {
    fn among<'a, T>(
        seen: &[(&Id, T)],
        marked: impl ExactSizeIterator<Item = (&'a Id, V)>,
        known: impl Fn(&Id) -> Option<V>,
    ) -> Self {
        if marked.len() < MANY * seen.len() {
            return Self::walk(seen, marked);
        }
        let found = |(place, it): (usize, &(&Id, T))| Some((place, known(it.0)?));
        Self::known(seen.iter().enumerate().filter_map(found).collect())
    }

    fn walk<'a, T>(seen: &[(&Id, T)], marked: impl Iterator<Item = (&'a Id, V)>) -> Self {
        let mut found = Vec::new();
        let mut from = 0;
        for (id, known) in marked {
            from += steps_to(&seen[from..], id);
            match seen.get(from) {
                None => break,
                Some(it) if it.0 == id => found.push((from, known)),
                Some(_) => {}
            }
        }
        Self::known(found)
    }

    /// None of what is seen is marked.
    pub(super) fn none() -> Self {
        Self::known(Vec::new())
    }

    fn known(all: Vec<(usize, V)>) -> Self {
        Self(all.into_iter().peekable())
    }

    /// What is known of the one at a place, which must not be before the last that was asked for.
    pub(super) fn at(&mut self, place: usize) -> Option<V> {
        self.0.next_if(|it| it.0 == place).map(|it| it.1)
    }
}

/// How many are smaller than an id.
fn steps_to<T>(seen: &[(&Id, T)], id: &Id) -> usize {
    let mut far = 1;
    while seen.get(far - 1).is_some_and(|it| it.0 < id) {
        far *= 2;
    }
    let (low, high) = (far / 2, (far - 1).min(seen.len()));
    low + seen[low..high].partition_point(|it| it.0 < id)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_is_there(
            seen in prop::collection::btree_set(0_u32..60, 0..40),
            marked in prop::collection::btree_set(0_u32..60, 0..40),
        ) {
            let id = |n: &u32| Id::slug(&format!("id-{n:02}"));
            let seen: Vec<Id> = seen.iter().map(id).collect();
            let seen: Vec<(&Id, ())> = seen.iter().map(|it| (it, ())).collect();
            let marked: BTreeMap<Id, u32> = marked.iter().map(|it| (id(it), *it)).collect();
            let mut rising = Rising::of(&seen, &marked);
            let mut some = Rising::of_some(&seen, marked.keys(), |it| marked.contains_key(it));
            for (place, (id, ())) in seen.iter().enumerate() {
                prop_assert_eq!(rising.at(place), marked.get(*id));
                prop_assert_eq!(some.at(place), marked.get(*id).map(|_| ()));
            }
        }
    }
}
