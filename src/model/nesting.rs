//! Nesting: which boundary stands in which, read repaired.

use std::collections::{BTreeMap, BTreeSet};

use super::{Id, Model};

/// The tree of boundaries and their members. A parent that is not there is none; a cycle of boundaries is cut at its
/// smallest id, which then stands at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nesting {
    parents: BTreeMap<Id, Id>,
    boundaries: BTreeMap<Id, Vec<Id>>,
    components: BTreeMap<Id, Vec<Id>>,
    cut: BTreeSet<Id>,
}

impl Nesting {
    pub fn of(model: &Model) -> Self {
        let mut nesting = Self::default();
        let known = |id: &Option<Id>| id.clone().filter(|it| model.boundaries().contains_key(it));
        for (id, boundary) in model.boundaries() {
            if let Some(parent) = known(&boundary.within) {
                nesting.parents.insert(id.clone(), parent);
            }
        }
        nesting.cut_cycles(model);
        for id in model.boundaries().keys() {
            if let Some(parent) = nesting.parents.get(id) {
                nesting.boundaries.entry(parent.clone()).or_default().push(id.clone());
            }
        }
        for (id, component) in model.components() {
            if let Some(parent) = known(&component.within) {
                nesting.parents.insert(id.clone(), parent.clone());
                nesting.components.entry(parent).or_default().push(id.clone());
            }
        }
        nesting
    }

    /// The boundary that an element stands in.
    pub fn parent(&self, id: &Id) -> Option<&Id> {
        self.parents.get(id)
    }

    /// The boundaries that an element stands in, from the innermost out.
    pub fn ancestors<'a>(&'a self, id: &'a Id) -> impl Iterator<Item = &'a Id> {
        std::iter::successors(self.parent(id), |it| self.parent(it))
    }

    /// The boundaries that stand directly in one.
    pub fn boundaries_in(&self, id: &Id) -> &[Id] {
        self.boundaries.get(id).map_or(&[], Vec::as_slice)
    }

    /// The components that stand directly in one.
    pub fn components_in(&self, id: &Id) -> &[Id] {
        self.components.get(id).map_or(&[], Vec::as_slice)
    }

    /// Everything inside a boundary, at any depth: boundaries and components, without itself.
    pub fn all_in(&self, id: &Id) -> Vec<Id> {
        let (mut found, mut open) = (Vec::new(), vec![id]);
        while let Some(next) = open.pop() {
            found.extend_from_slice(self.components_in(next));
            found.extend_from_slice(self.boundaries_in(next));
            open.extend(self.boundaries_in(next));
        }
        found
    }

    /// Whether one element stands inside another, at any depth.
    pub fn is_in(&self, inner: &Id, outer: &Id) -> bool {
        self.ancestors(inner).any(|it| it == outer)
    }

    /// The boundaries whose parent was taken away to cut a cycle.
    pub fn cut(&self) -> &BTreeSet<Id> {
        &self.cut
    }

    fn cut_cycles(&mut self, model: &Model) {
        // Each boundary has one parent, so a walk upwards ends, or runs into a cycle that is then cut for good.
        let mut settled: BTreeSet<Id> = BTreeSet::new();
        for start in model.boundaries().keys() {
            let (mut path, mut at) = (Vec::<Id>::new(), start.clone());
            let mut on_path: BTreeSet<Id> = BTreeSet::new();
            while !settled.contains(&at) {
                if !on_path.insert(at.clone()) {
                    let first = path.iter().position(|it| *it == at).unwrap_or_default();
                    if let Some(smallest) = path[first..].iter().min() {
                        self.parents.remove(smallest);
                        self.cut.insert(smallest.clone());
                    }
                    break;
                }
                path.push(at.clone());
                match self.parents.get(&at) {
                    Some(parent) => at = parent.clone(),
                    None => break,
                }
            }
            settled.extend(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Boundary, Draft};

    fn boundaries(pairs: &[(&str, &str)]) -> Model {
        let mut model = Model::new();
        let mut draft = Draft::of(&model);
        for (id, within) in pairs {
            draft.put(Id::slug(id), Boundary { within: Id::new(within).ok(), ..Boundary::default() });
        }
        let edit = draft.finish();
        model.apply(&edit);
        model
    }

    #[test]
    fn cycles_are_cut_at_the_smallest_id() {
        let nesting = Nesting::of(&boundaries(&[("c", "b"), ("b", "a"), ("a", "c"), ("d", "b"), ("e", "e")]));
        let [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(Id::slug);
        assert_eq!(nesting.parent(&a), None);
        assert_eq!(nesting.ancestors(&c).collect::<Vec<_>>(), [&b, &a]);
        assert_eq!(nesting.ancestors(&d).collect::<Vec<_>>(), [&b, &a]);
        assert_eq!(nesting.cut(), &BTreeSet::from([a.clone(), e]));
        let mut inside = nesting.all_in(&a);
        inside.sort();
        assert_eq!(inside, [b, c, d]);
    }

    #[test]
    fn a_parent_that_is_not_there_is_none() {
        let nesting = Nesting::of(&boundaries(&[("a", "gone")]));
        assert_eq!(nesting.parent(&Id::slug("a")), None);
        assert!(nesting.cut().is_empty());
    }
}
