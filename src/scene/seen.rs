//! What of a layout lies in the part of the world that is looked at.
//!
//! Where little of a drawing is seen, the indexes find it. Where more is, it is quicker to look at each element: they come in
//! order then, and no id has to be compared.

use std::collections::BTreeMap;

use crate::model::Id;

use super::Layout;
use super::boxes::{BoundaryBox, CardBox, GateBox, Route};
use super::geometry::Rect;
use super::preview::Preview;
use super::rising::Rising;
use super::settling::pieces;

/// From so large a part of a drawing on, one in that many, each element is looked at.
const PART: f32 = 300.0;

/// Each kind in the order of ids, until it is sorted otherwise.
#[derive(Debug, PartialEq)]
pub(super) struct Seen<'a> {
    pub(super) boundaries: Vec<(&'a Id, &'a BoundaryBox)>,
    pub(super) flows: Vec<(&'a Id, &'a Route)>,
    pub(super) cards: Vec<(&'a Id, &'a CardBox)>,
    pub(super) gates: Vec<(&'a Id, &'a GateBox)>,
}

/// What takes up room in the world.
pub(super) trait Extent {
    /// Whether some of it lies in an area or touches it.
    fn meets(&self, area: &Rect) -> bool;
}

impl Extent for Route {
    fn meets(&self, area: &Rect) -> bool {
        let label = || self.label.as_ref().is_some_and(|it| it.fits && it.rect.meets(area));
        self.bounds.meets(area) && pieces(&self.points).any(|it| it.meets(area)) || label()
    }
}

impl Extent for BoundaryBox {
    fn meets(&self, area: &Rect) -> bool {
        self.rect.meets(area) || self.title_rect.meets(area)
    }
}

impl Extent for CardBox {
    fn meets(&self, area: &Rect) -> bool {
        self.outer().meets(area)
    }
}

impl Extent for GateBox {
    fn meets(&self, area: &Rect) -> bool {
        self.rect.meets(area)
    }
}

impl<'a> Seen<'a> {
    /// What meets an area or touches it, or all, and what a gesture has brought in from elsewhere.
    pub(super) fn of(layout: &'a Layout, area: Option<Rect>, preview: &Preview) -> Self {
        let Some(area) = Self::part(layout, area) else { return Self::everything(layout) };
        let mut seen =
            if is_small(layout, &area) { Self::found(layout, &area) } else { Self::scanned(layout, &area) };
        seen.add(Self::moving(layout, preview));
        seen
    }

    /// The same for whoever takes it part by part, and looks for himself which of a part meet the area that is returned.
    pub(super) fn of_parts(
        layout: &'a Layout,
        area: Option<Rect>,
        preview: &Preview,
    ) -> (Self, Option<Rect>) {
        match Self::part(layout, area) {
            Some(area) if is_small(layout, &area) => (Self::of(layout, Some(area), preview), None),
            area => (Self::everything(layout), area),
        }
    }

    /// An area, unless it holds all there is.
    fn part(layout: &Layout, area: Option<Rect>) -> Option<Rect> {
        area.filter(|area| layout.bounds().is_some_and(|it| !area.contains_rect(&it)))
    }

    fn everything(layout: &'a Layout) -> Self {
        Self {
            boundaries: layout.boundaries.iter().collect(),
            flows: layout.flows.iter().collect(),
            cards: layout.cards.iter().collect(),
            gates: layout.gates.iter().collect(),
        }
    }

    /// By looking at each.
    fn scanned(layout: &'a Layout, area: &Rect) -> Self {
        Self {
            boundaries: layout.boundaries.iter().filter(|it| it.1.meets(area)).collect(),
            flows: layout.flows.iter().filter(|it| it.1.meets(area)).collect(),
            cards: layout.cards.iter().filter(|it| it.1.meets(area)).collect(),
            gates: layout.gates.iter().filter(|it| it.1.meets(area)).collect(),
        }
    }

    /// By the indexes.
    fn found(layout: &'a Layout, area: &Rect) -> Self {
        let in_order = |mut ids: Vec<&'a Id>| {
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let solids = in_order(layout.solids.near(area).map(|it| &it.id).collect());
        let areas = layout.areas.near(area).chain(layout.titles.near(area));
        let areas = in_order(areas.map(|it| &it.id).collect());
        let flows = in_order(layout.flows_in(area).collect());
        Self {
            boundaries: areas.into_iter().filter_map(|it| layout.boundaries.get_key_value(it)).collect(),
            flows: flows.into_iter().filter_map(|it| layout.flows.get_key_value(it)).collect(),
            cards: solids.iter().filter_map(|it| layout.cards.get_key_value(*it)).collect(),
            gates: solids.iter().filter_map(|it| layout.gates.get_key_value(*it)).collect(),
        }
    }

    /// What a gesture shows elsewhere than it is.
    pub(super) fn moving(layout: &'a Layout, preview: &Preview) -> Self {
        let boxes = &preview.boxes;
        Self {
            boundaries: boxes.keys().filter_map(|it| layout.boundaries.get_key_value(it)).collect(),
            flows: preview.flows.keys().filter_map(|it| layout.flows.get_key_value(it)).collect(),
            cards: boxes.keys().filter_map(|it| layout.cards.get_key_value(it)).collect(),
            gates: boxes.keys().filter_map(|it| layout.gates.get_key_value(it)).collect(),
        }
    }

    fn add(&mut self, more: Self) {
        fn join<'a, T>(all: &mut Vec<(&'a Id, T)>, mut more: Vec<(&'a Id, T)>) {
            if !more.is_empty() {
                all.append(&mut more);
                all.sort_by_key(|it| it.0);
                all.dedup_by_key(|it| it.0);
            }
        }
        join(&mut self.boundaries, more.boundaries);
        join(&mut self.flows, more.flows);
        join(&mut self.cards, more.cards);
        join(&mut self.gates, more.gates);
    }

    /// Leaves out what a gesture shows elsewhere.
    pub(super) fn without(mut self, preview: &Preview) -> Self {
        fn drop_all<T, V>(seen: &mut Vec<(&Id, T)>, elsewhere: &BTreeMap<Id, V>) {
            let mut elsewhere = Rising::of(seen, elsewhere);
            let mut places = 0..;
            seen.retain(|_| places.next().and_then(|it| elsewhere.at(it)).is_none());
        }
        let Preview { boxes, flows, .. } = preview;
        drop_all(&mut self.boundaries, boxes);
        drop_all(&mut self.cards, boxes);
        drop_all(&mut self.gates, boxes);
        drop_all(&mut self.flows, flows);
        self
    }
}

/// Whether the indexes find what is in an area sooner than a look at each.
fn is_small(layout: &Layout, area: &Rect) -> bool {
    let size = |it: &Rect| it.width().max(0.0) * it.height().max(0.0);
    layout.bounds().is_none_or(|it| size(area) * PART <= size(&it))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scene::Pos;
    use crate::scene::sketch::{laid_out, sketches};
    use crate::scene::tests::layout;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn each_looked_at_comes_to_the_same_as_found_by_the_indexes(
            sketch in sketches(16),
            (x, y) in (-0.2_f32..1.0, -0.2_f32..1.0),
            (width, height) in (0.0_f32..0.6, 0.0_f32..0.6),
        ) {
            let layout = layout(&laid_out(sketch.model()));
            let bounds = layout.bounds().unwrap();
            let at = |x: f32, y: f32| bounds.min + Pos::new(x * bounds.width(), y * bounds.height());
            let area = Rect { min: at(x, y), max: at(x + width, y + height) };
            prop_assert_eq!(Seen::scanned(&layout, &area), Seen::found(&layout, &area));
        }
    }
}
