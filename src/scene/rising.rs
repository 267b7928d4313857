//! Looks ids up among others, one after another in rising order, for one comparison each.
//!
//! A picture goes through all that is seen in the order of ids, and asks of each whether it is selected, dragged or
//! marked. What is asked for is in order, too, so both are walked side by side.

use std::iter::Peekable;

use crate::model::Id;

/// Ids in order, with what is known of each.
pub(super) struct Rising<I: Iterator>(Peekable<I>);

impl<'a, V, I: Iterator<Item = (&'a Id, V)>> Rising<I> {
    pub(super) fn of(all: impl IntoIterator<IntoIter = I>) -> Self {
        Self(all.into_iter().peekable())
    }

    /// What is known of an id, which must not be smaller than the one before; each is found once.
    pub(super) fn find(&mut self, id: &Id) -> Option<V> {
        while let Some((next, _)) = self.0.peek() {
            match (*next).cmp(id) {
                std::cmp::Ordering::Less => drop(self.0.next()),
                std::cmp::Ordering::Equal => return self.0.next().map(|it| it.1),
                std::cmp::Ordering::Greater => return None,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn finds_what_is_there() {
        let id = |n: u32| Id::slug(&format!("id-{n:02}"));
        let some: BTreeMap<Id, u32> = [3, 4, 9, 20].map(|n| (id(n), n)).into();
        let mut rising = Rising::of(&some);
        for n in 0..25 {
            assert_eq!(rising.find(&id(n)), some.get(&id(n)), "{n}");
        }
    }
}
