//! Controls: what protects an element, as questions; rows of `assets/controls.ron`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Capability, Family, Stride};

/// What a control is asked of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub enum AppliesTo {
    /// Components of these families.
    Families(Vec<Family>),
    /// Components whose kind can do this.
    Can(Capability),
    Components,
    Boundaries,
    Flows,
    Apis,
    Datasets,
}

/// A control: what protects an element, asked as one question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    pub slug: String,
    pub label: String,
    /// The question, to be answered by yes or no: `Is what it stores encrypted?`
    pub question: String,
    /// Why it matters, in one sentence.
    pub why: String,
    /// What kinds of threats it is against.
    pub stride: Vec<Stride>,
    pub applies_to: Vec<AppliesTo>,
}

static ROWS: LazyLock<Vec<Control>> =
    LazyLock::new(|| super::bundled(include_str!("../../assets/controls.ron")));

impl Control {
    pub fn all() -> &'static [Self] {
        &ROWS
    }

    pub fn find(slug: &str) -> Option<&'static Self> {
        ROWS.iter().find(|it| it.slug == slug)
    }

    /// Whether it is asked of a component of that kind.
    pub fn is_for_kind(&self, kind: &super::Kind) -> bool {
        self.applies_to.iter().any(|it| match it {
            AppliesTo::Components => true,
            AppliesTo::Families(families) => families.contains(&kind.family),
            AppliesTo::Can(capability) => kind.can(*capability),
            AppliesTo::Boundaries | AppliesTo::Flows | AppliesTo::Apis | AppliesTo::Datasets => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_sound() {
        let slugs: BTreeSet<&str> = Control::all().iter().map(|it| it.slug.as_str()).collect();
        assert_eq!(slugs.len(), Control::all().len(), "a slug stands twice");
        assert!(slugs.len() >= 25);
        for control in Control::all() {
            assert!(control.question.ends_with('?') && control.why.ends_with('.'), "{}", control.slug);
            assert!(!control.applies_to.is_empty() && !control.stride.is_empty(), "{}", control.slug);
        }
    }
}
