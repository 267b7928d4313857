//! Boxes by where they are.

use std::collections::{BTreeMap, HashMap};

use foldhash::quality::FixedState;
use rstar::{AABB, ParentNode, RTree, RTreeNode, RTreeObject};

use crate::model::Id;

use super::geometry::{Pos, Rect};

/// A box, and what it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) rect: Rect,
    pub(super) id: Id,
    /// Which of the boxes of what it belongs to it is.
    pub(super) part: u32,
    /// Where [`Areas::living`] says whether it is still there.
    slot: u32,
}

impl Entry {
    /// A number that no other box of the same index has, as long as it is there.
    pub(super) fn number(&self) -> u64 {
        u64::from(self.slot) << 32 | u64::from(self.part)
    }
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f32; 2]>;

    fn envelope(&self) -> Self::Envelope {
        envelope(&self.rect)
    }
}

fn envelope(rect: &Rect) -> AABB<[f32; 2]> {
    AABB::from_corners([rect.min.x, rect.min.y], [rect.max.x, rect.max.y])
}

/// An index of boxes. What it finds comes in no order.
///
/// To take a box out of a tree takes as long as hundreds of looks at it. So what goes is only marked, which is enough
/// for whoever looks, and taken out when there is time: [`Areas::sweep`].
#[derive(Debug, Clone, Default)]
pub(super) struct Areas {
    tree: RTree<Entry>,
    /// The slot of each element that has boxes, and whether those of a slot are still there.
    slots: HashMap<Id, u32, FixedState>,
    living: Vec<bool>,
    /// Slots that nothing has any more.
    free: Vec<u32>,
    /// What is marked; that of one slot stands together.
    gone: Vec<Entry>,
}

impl Areas {
    pub(super) fn insert(&mut self, rect: Rect, id: &Id) {
        let entry = self.entry(rect, id.clone(), 0);
        self.tree.insert(entry);
    }

    fn entry(&mut self, rect: Rect, id: Id, part: u32) -> Entry {
        if let Some(slot) = self.slots.get(&id) {
            return Entry { rect, id, part, slot: *slot };
        }
        let slot = self.free.pop().unwrap_or(self.living.len() as u32);
        match self.living.get_mut(slot as usize) {
            Some(living) => *living = true,
            None => self.living.push(true),
        }
        self.slots.insert(id.clone(), slot);
        Entry { rect, id, part, slot }
    }

    /// Takes out all boxes of an element, which must be these, in the order in which they were put in.
    pub(super) fn remove(&mut self, id: &Id, all: impl IntoIterator<Item = Rect>) {
        let Some(slot) = self.slots.remove(id) else { return };
        self.living[slot as usize] = false;
        let before = self.gone.len();
        let parts = all.into_iter().zip(0..);
        self.gone.extend(parts.map(|(rect, part)| Entry { rect, id: id.clone(), part, slot }));
        if self.gone.len() == before {
            self.free.push(slot);
        }
    }

    /// Takes out the old box of an element and puts in the new one.
    pub(super) fn replace(&mut self, id: &Id, old: Option<Rect>, new: Option<Rect>) {
        if old == new {
            return;
        }
        if let Some(rect) = old {
            self.remove(id, [rect]);
        }
        if let Some(rect) = new {
            self.insert(rect, id);
        }
    }

    /// Puts in many boxes, each all that its element has.
    pub(super) fn extend(&mut self, all: Vec<(Rect, Id)>) {
        self.extend_parts(all.into_iter().map(|(rect, id)| (rect, id, 0)));
    }

    /// At once while there are none.
    fn extend_parts(&mut self, all: impl Iterator<Item = (Rect, Id, u32)>) {
        let is_new = self.slots.is_empty();
        if is_new {
            *self = Self::default();
        }
        let entries: Vec<Entry> = all.map(|(rect, id, part)| self.entry(rect, id, part)).collect();
        if is_new {
            self.tree = RTree::bulk_load(entries);
        } else {
            entries.into_iter().for_each(|it| self.tree.insert(it));
        }
    }

    /// Puts in all boxes of many elements.
    pub(super) fn extend_all(&mut self, all: BTreeMap<Id, Vec<Rect>>) {
        let parts = |(id, all): (Id, Vec<Rect>)| {
            all.into_iter().zip(0..).map(move |(rect, part)| (rect, id.clone(), part))
        };
        self.extend_parts(all.into_iter().flat_map(parts));
    }

    /// Takes out some of what is marked; returns whether there was something. Where most of a tree goes, the rest is
    /// planted anew.
    pub(super) fn sweep(&mut self) -> bool {
        let Some(last) = self.gone.pop() else { return false };
        if 2 * self.gone.len() >= self.tree.size() {
            let Self { tree, living, .. } = std::mem::take(self);
            let all = tree.into_iter().filter(|it| living[it.slot as usize]);
            self.extend_parts(all.map(|it| (it.rect, it.id, it.part)));
            return true;
        }
        let was_there = self.tree.remove(&last).is_some();
        debug_assert!(was_there, "{last:?} was not there");
        if self.gone.last().is_none_or(|it| it.slot != last.slot) {
            self.free.push(last.slot);
        }
        true
    }

    fn is_living(&self, entry: &Entry) -> bool {
        self.gone.is_empty() || self.living.get(entry.slot as usize).is_some_and(|it| *it)
    }

    /// The boxes that meet an area or touch it.
    pub(super) fn near(&self, area: &Rect) -> impl Iterator<Item = &Entry> + use<'_> {
        self.tree.locate_in_envelope_intersecting(envelope(area)).filter(|it| self.is_living(it))
    }

    /// Looks only into parts of the tree that reach out of what is known.
    fn grow_around(&self, part: &ParentNode<Entry>, around: &mut Rect) {
        for child in part.children() {
            let ([left, top], [right, bottom]) = (child.envelope().lower(), child.envelope().upper());
            let rect = Rect { min: Pos::new(left, top), max: Pos::new(right, bottom) };
            match child {
                // All of it is there.
                _ if self.gone.is_empty() => *around = around.union(&rect),
                RTreeNode::Leaf(it) if self.is_living(it) => *around = around.union(&rect),
                RTreeNode::Parent(it) if !around.contains_rect(&rect) => self.grow_around(it, around),
                _ => {}
            }
        }
    }

    /// The box around all of them.
    pub(super) fn bounds(&self) -> Rect {
        if self.slots.is_empty() {
            return Rect::NOTHING;
        }
        let mut around = Rect::NOTHING;
        self.grow_around(self.tree.root(), &mut around);
        around
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_finds_what_is_there_and_nothing_that_went(
            steps in prop::collection::vec((0..6_usize, prop::collection::vec((0..9_i16, 0..9_i16), 0..4), 0..3_usize), 0..40),
        ) {
            let mut areas = Areas::default();
            let mut there: BTreeMap<Id, Vec<Rect>> = BTreeMap::new();
            for (n, corners, sweeps) in steps {
                let id = Id::slug(&format!("e{n}"));
                if let Some(old) = there.remove(&id) {
                    areas.remove(&id, old);
                }
                let new: Vec<Rect> = (corners.iter())
                    .map(|it| Rect::spanning(Pos::new(it.0.into(), 3.0), Pos::new(4.0, it.1.into())))
                    .collect();
                areas.extend_all([(id.clone(), new.clone())].into());
                if !new.is_empty() {
                    there.insert(id, new);
                }
                (0..sweeps).for_each(|_| _ = areas.sweep());
                let look = Rect::spanning(Pos::new(2.0, 2.0), Pos::new(6.0, 6.0));
                let sorted = |mut all: Vec<(Id, String)>| {
                    all.sort();
                    all
                };
                let said = |id: &Id, rect: &Rect| (id.clone(), format!("{rect:?}"));
                let found = sorted(areas.near(&look).map(|it| said(&it.id, &it.rect)).collect());
                let all = there.iter().flat_map(|(id, all)| all.iter().map(move |it| (id, it)));
                let sought = all.clone().filter(|it| it.1.meets(&look)).map(|it| said(it.0, it.1));
                prop_assert_eq!(found, sorted(sought.collect()));
                let around = all.fold(Rect::NOTHING, |around, it| around.union(it.1));
                prop_assert_eq!(areas.bounds(), around);
            }
            while areas.sweep() {}
            let count = there.values().map(Vec::len).sum::<usize>();
            prop_assert_eq!(areas.tree.size(), count);
        }
    }
}
