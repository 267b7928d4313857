//! The order in which people look for names: letters in capitals or not, and numbers by what they say.

use std::cmp::Ordering;

use super::{Id, Model};

/// What a text is sorted by, so that `No. 2` stands before `No. 10`, and `web 9` before `Web 10`.
///
/// A key and no comparison: it is made once for each text of a list, and keys are compared byte by byte.
pub fn natural(text: &str) -> String {
    let mut key = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            let digits = digits.trim_start_matches('0');
            // Of two numbers the longer is the larger. The sign before its length holds its place among other signs.
            key.push('0');
            key.push(u32::try_from(digits.len()).ok().and_then(char::from_u32).unwrap_or(char::MAX));
            key.push_str(digits);
            rest = after;
        } else {
            key.extend(first.to_lowercase());
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    key
}

/// The same order of two ids, without a key of either, for who only wants the first few of thousands.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    while let ([x, left_rest @ ..], [y, right_rest @ ..]) = (left, right) {
        let (order, (after_left, after_right)) = if x.is_ascii_digit() && y.is_ascii_digit() {
            let ((x, left), (y, right)) = (number(left), number(right));
            (x.len().cmp(&y.len()).then_with(|| x.cmp(y)), (left, right))
        } else {
            (x.cmp(y), (left_rest, right_rest))
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (after_left, after_right);
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// The number at the head of a text, without zeros before it, and what is after it.
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|it| !it.is_ascii_digit()).unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    let zeros = digits.iter().take_while(|it| **it == b'0').count();
    (digits.get(zeros..).unwrap_or_default(), after)
}

impl Model {
    /// Elements by how they are called, in natural order; those of one title by their ids.
    pub fn by_title<'a>(&self, ids: impl IntoIterator<Item = &'a Id>) -> Vec<&'a Id> {
        let mut ids: Vec<&Id> = ids.into_iter().collect();
        ids.sort_by_cached_key(|it| (natural(&self.title(it)), *it));
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Component, Draft};

    #[test]
    fn numbers_are_sorted_by_what_they_say() {
        let sorted =
            ["", "0", "1.9", "1.10", "db", "Web", "web 9", "Web 009 b", "Web 10", "web 100 · port 22"];
        let mut all = sorted;
        all.reverse();
        all.sort_by_cached_key(|it| natural(it));
        assert_eq!(all, sorted);
        let long = ["9".repeat(40), format!("1{}", "0".repeat(40))];
        assert!(natural(&long[0]) < natural(&long[1]));
    }

    #[test]
    fn ids_are_in_the_same_order_without_keys() {
        let ids = [
            "", "0", "00", "1", "a", "a-1", "a-01", "a-1-b", "a-2", "a-10", "a-10-2", "a-9_x", "a1", "a1-2",
            "a_", "ab",
        ];
        for a in ids {
            for b in ids {
                let keys = natural(a).cmp(&natural(b)).then_with(|| a.cmp(b));
                assert_eq!(natural_order(a, b), keys, "{a} {b}");
            }
        }
    }

    #[test]
    fn elements_are_sorted_by_title_and_not_by_id() {
        let mut model = Model::new();
        let mut draft = Draft::of(&model);
        for (id, name) in [("a", "No. 10"), ("b", "No. 2"), ("d", "no. 2"), ("c", "No. 2")] {
            draft.put(Id::slug(id), Component { name: name.to_owned(), ..Component::default() });
        }
        let edit = draft.finish();
        model.apply(&edit);
        let ids: Vec<&str> = model.by_title(model.components().keys()).iter().map(|it| it.as_str()).collect();
        assert_eq!(ids, ["b", "c", "d", "a"]);
    }
}
