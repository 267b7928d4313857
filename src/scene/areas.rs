//! Boxes by where they are.

use rstar::{AABB, RTree, RTreeObject};

use crate::model::Id;

use super::geometry::{Pos, Rect};

/// A box, and what it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) rect: Rect,
    pub(super) id: Id,
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
#[derive(Debug, Clone, Default)]
pub(super) struct Areas(RTree<Entry>);

impl Areas {
    pub(super) fn insert(&mut self, rect: Rect, id: &Id) {
        self.0.insert(Entry { rect, id: id.clone() });
    }

    pub(super) fn remove(&mut self, rect: Rect, id: &Id) {
        self.0.remove(&Entry { rect, id: id.clone() });
    }

    /// Takes out the old box of an element and puts in the new one.
    pub(super) fn replace(&mut self, id: &Id, old: Option<Rect>, new: Option<Rect>) {
        if old == new {
            return;
        }
        if let Some(rect) = old {
            self.remove(rect, id);
        }
        if let Some(rect) = new {
            self.insert(rect, id);
        }
    }

    /// Puts in many boxes, at once while there are none.
    pub(super) fn extend(&mut self, entries: Vec<Entry>) {
        if self.0.size() == 0 {
            self.0 = RTree::bulk_load(entries);
        } else {
            entries.into_iter().for_each(|it| self.0.insert(it));
        }
    }

    /// Keeps the boxes of some elements alone, in an index that is made anew.
    pub(super) fn retain(&mut self, stays: impl Fn(&Id) -> bool) {
        let all = std::mem::take(&mut self.0).into_iter();
        self.0 = RTree::bulk_load(all.filter(|it| stays(&it.id)).collect());
    }

    /// The boxes that meet an area or touch it.
    pub(super) fn near(&self, area: &Rect) -> impl Iterator<Item = &Entry> {
        self.0.locate_in_envelope_intersecting(envelope(area))
    }

    /// The box around all of them.
    pub(super) fn bounds(&self) -> Rect {
        if self.0.size() == 0 {
            return Rect::NOTHING;
        }
        let root = self.0.root().envelope();
        let ([x, y], [right, bottom]) = (root.lower(), root.upper());
        Rect { min: Pos::new(x, y), max: Pos::new(right, bottom) }
    }
}
