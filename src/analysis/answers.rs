//! Answers: what is said of a component about every control, packed, since rules ask for all of them of everything.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::model::{Component, Control, Technology, Truth};

/// So many answers of two bits fit.
const MANY: usize = 128;

/// The answers to the controls of the table, by their places in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Answers([u64; MANY / 32]);

/// Where each control stands in the table.
static PLACES: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    let slugs = Control::all().iter().map(|it| it.slug.as_str());
    slugs.take(MANY).enumerate().map(|(n, slug)| (slug, n)).collect()
});

impl Answers {
    /// Those of its own and, where it has none, of its technology.
    pub(super) fn of(record: &Component, technology: Option<&Technology>) -> Self {
        let mut answers = Self::default();
        for slug in technology.into_iter().flat_map(Technology::controls) {
            answers.set(slug, record.control(technology, slug));
        }
        for (slug, answer) in &record.controls.0 {
            if answer.is != Truth::Unknown {
                answers.set(slug, answer.is);
            }
        }
        answers
    }

    /// The answer to a control; `None` if the table does not have it.
    pub(super) fn get(&self, slug: &str) -> Option<Truth> {
        let place = PLACES.get(slug)?;
        let bits = self.0.get(place / 32)? >> (place % 32 * 2) & 3;
        Truth::ALL.get(bits as usize).copied()
    }

    fn set(&mut self, slug: &str, truth: Truth) {
        let Some(place) = PLACES.get(slug) else { return };
        if let (Some(word), Some(bits)) =
            (self.0.get_mut(place / 32), Truth::ALL.iter().position(|it| *it == truth))
        {
            let at = place % 32 * 2;
            *word = *word & !(3 << at) | (bits as u64) << at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Answer;

    #[test]
    fn packed_answers_are_those_of_the_record_and_its_technology() {
        assert!(Control::all().len() <= MANY, "{} controls", Control::all().len());
        for (n, technology) in Technology::all().iter().enumerate() {
            let mut record = Component { technology: technology.slug.clone(), ..Component::default() };
            for (m, control) in Control::all().iter().enumerate() {
                record.controls.set(&control.slug, Answer::of(Truth::ALL[(n + m) % 4]));
            }
            record.controls.set("no-control", Answer::yes());
            let answers = Answers::of(&record, Some(technology));
            for control in Control::all() {
                let slug = control.slug.as_str();
                assert_eq!(answers.get(slug), Some(record.control(Some(technology), slug)), "{slug}");
            }
            assert_eq!(answers.get("no-control"), None);
        }
    }
}
