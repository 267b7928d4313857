//! Nesting: which boundary stands in which, read repaired.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::HashMap;

use super::{Boundary, Component, Edit, Id, Model};

/// Which boundary each element stands in, by their places in the order of ids. A parent that is not there is none; a
/// cycle of boundaries is cut at its smallest id, which then stands at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parents {
    pub boundaries: Vec<Option<u32>>,
    pub components: Vec<Option<u32>>,
    /// The boundaries whose parent was taken away to cut a cycle, in order.
    pub cut: Vec<u32>,
}

impl Parents {
    pub fn of(model: &Model) -> Self {
        let places: HashMap<&Id, u32> = model.boundaries().keys().zip(0..).collect();
        let known = |id: &Option<Id>| id.as_ref().and_then(|it| places.get(it)).copied();
        let mut parents = Self {
            boundaries: model.boundaries().values().map(|it| known(&it.within)).collect(),
            components: model.components().values().map(|it| known(&it.within)).collect(),
            cut: Vec::new(),
        };
        parents.cut_cycles();
        parents
    }

    /// Each boundary has one parent, so a walk upwards ends, or comes back on itself and is then cut for good.
    fn cut_cycles(&mut self) {
        // By boundary: the start of the first walk that came by, and one more.
        let mut walked = vec![0; self.boundaries.len()];
        for start in 0..self.boundaries.len() {
            let (mut at, walk) = (start, start + 1);
            while walked[at] == 0 {
                walked[at] = walk;
                let Some(parent) = self.boundaries[at] else { break };
                at = parent as usize;
            }
            if walked[at] == walk && self.boundaries[at].is_some() {
                let up = |it: &usize| self.boundaries[*it].map(|it| it as usize).filter(|it| *it != at);
                if let Some(smallest) = std::iter::successors(Some(at), up).min() {
                    self.boundaries[smallest] = None;
                    self.cut.push(smallest as u32);
                }
            }
        }
        self.cut.sort_unstable();
    }
}

/// The tree of boundaries and their members, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nesting {
    parents: BTreeMap<Id, Id>,
    boundaries: BTreeMap<Id, Vec<Id>>,
    components: BTreeMap<Id, Vec<Id>>,
    cut: BTreeSet<Id>,
}

impl Nesting {
    pub fn of(model: &Model) -> Self {
        let Parents { boundaries, components, cut } = Parents::of(model);
        let ids: Vec<&Id> = model.boundaries().keys().collect();
        let mut nesting =
            Self { cut: cut.iter().map(|it| ids[*it as usize].clone()).collect(), ..Self::default() };
        let place = |parent: Option<u32>| parent.map(|it| ids[it as usize].clone());
        for (id, parent) in model.boundaries().keys().zip(boundaries) {
            let Some(parent) = place(parent) else { continue };
            nesting.parents.insert(id.clone(), parent.clone());
            nesting.boundaries.entry(parent).or_default().push(id.clone());
        }
        for (id, parent) in model.components().keys().zip(components) {
            let Some(parent) = place(parent) else { continue };
            nesting.parents.insert(id.clone(), parent.clone());
            nesting.components.entry(parent).or_default().push(id.clone());
        }
        nesting
    }

    /// Follows an edit that was applied to the model that it is of.
    pub fn update(&mut self, model: &Model, happened: &Edit) {
        let within = |it: &Option<Arc<Boundary>>| it.as_ref().map(|it| it.within.clone());
        if happened.of::<Boundary>().any(|it| within(&it.before) != within(&it.after)) {
            *self = Self::of(model);
            return;
        }
        for delta in happened.of::<Component>() {
            let within = |it: &Option<Arc<Component>>| it.as_ref().and_then(|it| it.within.clone());
            if within(&delta.before) == within(&delta.after) {
                continue;
            }
            if model.boundaries().contains_key(&delta.key) {
                // Reading a file refuses one id for both, an edit does not.
                *self = Self::of(model);
                return;
            }
            self.put_anew(model, &delta.key);
        }
    }

    fn put_anew(&mut self, model: &Model, component: &Id) {
        if let Some(old) = self.parents.remove(component)
            && let Some(members) = self.components.get_mut(&old)
        {
            members.retain(|it| it != component);
            if members.is_empty() {
                self.components.remove(&old);
            }
        }
        let within = model.component(component).and_then(|it| it.within.as_ref());
        if let Some(parent) = within.filter(|it| model.boundaries().contains_key(*it)) {
            let members = self.components.entry(parent.clone()).or_default();
            let place = members.partition_point(|it| it < component);
            members.insert(place, component.clone());
            self.parents.insert(component.clone(), parent.clone());
        }
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
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    proptest! {
        /// Each edit sets where some elements stand, or takes them away.
        #[test]
        fn following_edits_comes_to_the_same(
            edits in prop::collection::vec(prop::collection::vec((any::<bool>(), 0..6_u8, 0..8_u8), 1..4), 1..12),
        ) {
            // The last of each have one id together.
            let boundary = |n: u8| Id::slug(&if n == 5 { "x".to_owned() } else { format!("b{n}") });
            let component = |n: u8| Id::slug(&if n == 5 { "x".to_owned() } else { format!("c{n}") });
            let mut model = Model::new();
            let mut nesting = Nesting::of(&model);
            for puts in edits {
                let edit = {
                    let mut draft = Draft::of(&model);
                    for (is_boundary, which, into) in puts {
                        // 6 is none, 7 takes it away.
                        let within = (into < 6).then(|| boundary(into));
                        match (is_boundary, into) {
                            (true, 7) => draft.remove::<Boundary>(&boundary(which)),
                            (true, _) => draft.put(boundary(which), Boundary { within, ..Boundary::default() }),
                            (false, 7) => draft.remove::<Component>(&component(which)),
                            (false, _) => draft.put(component(which), Component { within, ..Component::default() }),
                        }
                    }
                    draft.finish()
                };
                let happened = model.apply(&edit);
                nesting.update(&model, &happened);
                prop_assert_eq!(&nesting, &Nesting::of(&model));
            }
        }
    }
}
