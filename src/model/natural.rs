//! The order in which people look for names: letters in capitals or not, and numbers by what they say.

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
