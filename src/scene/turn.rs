//! Which part of a picture's steps is taken now, where it is painted in several frames.

use std::borrow::Cow;

use crate::model::Id;

/// How far a picture was handed on.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// In places of all steps, as [`Turn`] counts them.
    pub(super) at: usize,
    /// What lies above the rest of its step, and waits for the end of that.
    pub(super) held_back: Vec<Id>,
}

/// A part of steps that follow each other. A step takes a place for its beginning, one for each of its elements, and one for
/// its end.
#[derive(Debug)]
pub(super) struct Turn {
    from: usize,
    to: usize,
    /// The places of the steps before.
    passed: usize,
}

/// What of a step is taken.
#[derive(Debug, PartialEq)]
pub(super) struct Taken<'s, T: Clone> {
    pub(super) begins: bool,
    pub(super) some: Cow<'s, [T]>,
    pub(super) ends: bool,
}

impl<T: Clone> Taken<'_, T> {
    /// Without those that are not wanted.
    pub(super) fn only(self, is_wanted: impl Fn(&T) -> bool) -> Self {
        let some = self.some.iter().filter(|it| is_wanted(it)).cloned().collect();
        Self { some: Cow::Owned(some), ..self }
    }
}

impl Turn {
    /// So many places after those before.
    pub(super) fn new(from: usize, places: usize) -> Self {
        Self { from, to: from.saturating_add(places), passed: 0 }
    }

    /// Takes nothing, and only counts.
    pub(super) fn counting() -> Self {
        Self::new(0, 0)
    }

    /// The next step, of all these.
    pub(super) fn of<'s, T: Clone>(&mut self, all: &'s [T]) -> Taken<'s, T> {
        let first = self.passed + 1;
        let end = first + all.len();
        self.passed = end + 1;
        let at = |place: usize| place.clamp(first, end) - first;
        let is_taken = |place: usize| (self.from..self.to).contains(&place);
        Taken {
            begins: is_taken(first - 1),
            some: Cow::Borrowed(all.get(at(self.from)..at(self.to)).unwrap_or_default()),
            ends: is_taken(end),
        }
    }

    /// The next step, which is left out unless it is wanted.
    pub(super) fn of_wanted<'s, T: Clone>(&mut self, is_wanted: bool, all: &'s [T]) -> Taken<'s, T> {
        self.of(if is_wanted { all } else { &[] })
    }

    /// The places of all steps until now.
    pub(super) fn places(&self) -> usize {
        self.passed
    }

    /// Whether all steps until now are done after this turn.
    pub(super) fn is_last(&self) -> bool {
        self.to >= self.passed
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the parts: each step begins once, then comes each of its elements once and in order, then its end.
        #[test]
        fn all_is_taken_once_and_in_order(
            steps in prop::collection::vec(0_usize..9, 1..6),
            parts in 1_usize..9,
        ) {
            let steps: Vec<Vec<usize>> = steps.iter().map(|it| (0..*it).collect()).collect();
            let wanted: Vec<String> = steps.iter().enumerate().flat_map(|(n, it)| {
                let some = it.iter().map(move |it| format!("{n}: {it}"));
                std::iter::once(format!("{n} begins")).chain(some).chain([format!("{n} ends")])
            }).collect();
            let mut counting = Turn::counting();
            for step in &steps {
                prop_assert_eq!(counting.of(step), Taken { begins: false, some: Cow::default(), ends: false });
            }
            let places = counting.places().div_ceil(parts);
            let mut taken = Vec::new();
            for part in 0..parts {
                let mut turn = Turn::new(part * places, places);
                for (n, step) in steps.iter().enumerate() {
                    let share = turn.of(step);
                    taken.extend(share.begins.then(|| format!("{n} begins")));
                    taken.extend(share.some.iter().map(|it| format!("{n}: {it}")));
                    taken.extend(share.ends.then(|| format!("{n} ends")));
                }
                if turn.is_last() {
                    break;
                }
            }
            prop_assert_eq!(taken, wanted);
        }
    }
}
