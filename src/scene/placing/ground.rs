//! What stands on a view already, and where there is room beside it.

use std::collections::BTreeMap;

use super::layering::Size;
use super::{APART, ASPECT, PADDING, TOP};
use crate::model::{Id, Side};
use crate::scene::cards::{around_members, stands_out};
use crate::scene::gates::Reach;
use crate::scene::geometry::{Pos, Rect, is_level};
use crate::scene::nest::Stage;
use crate::scene::{Layout, SNAP};
use crate::tokens::size;

/// The least room between what is new and what is not.
const GAP: f32 = size::SPACE_24;
/// How far around a wish room is looked for, step by step.
const WINDOWS: [f32; 3] = [320.0, 960.0, 2880.0];
/// How many edges of what stands near are looked at, each way.
const EDGES: usize = 64;

/// The boxes of a view, those that are new included as they come.
pub(in crate::scene) struct Ground<'a> {
    pub(super) stage: Stage<'a>,
    pub(super) layout: Layout,
    /// The boxes of boundaries, as they grow.
    areas: BTreeMap<Id, Rect>,
    /// The boxes of new elements.
    fresh: BTreeMap<Id, Rect>,
    /// How far new gates reach, by the boundary that they guard.
    reach: BTreeMap<Id, Reach>,
}

impl<'a> Ground<'a> {
    pub(in crate::scene) fn of(stage: Stage<'a>) -> Self {
        let layout = Layout::of_boxes(&stage);
        let areas = layout.boundaries.iter().map(|it| (it.0.clone(), it.1.rect)).collect();
        Self { stage, layout, areas, fresh: BTreeMap::new(), reach: BTreeMap::new() }
    }

    /// The box of an element that has one by now.
    pub(super) fn rect(&self, id: &Id) -> Option<Rect> {
        self.areas.get(id).or_else(|| self.fresh.get(id)).copied().or_else(|| self.layout.rect(id))
    }

    /// Whether a boundary is there that others can stand in.
    pub(super) fn is_area(&self, id: &Id) -> bool {
        self.areas.contains_key(id)
    }

    /// The innermost boundary there around an element.
    pub(super) fn area_of(&self, id: &Id) -> Option<&'a Id> {
        let nesting = self.stage.nesting;
        std::iter::successors(nesting.parent(id), |it| nesting.parent(it)).find(|it| self.is_area(it))
    }

    /// Puts a new element there. What it stands in grows with it, as it does when it is drawn.
    pub(in crate::scene) fn put(&mut self, id: &Id, rect: Rect, is_boundary: bool) {
        for (outer, grown) in self.growth(self.area_of(id), rect) {
            self.set_area(&outer, grown);
        }
        if is_boundary {
            self.set_area(id, rect);
        } else {
            self.layout.solids.insert(rect, id);
        }
        self.fresh.insert(id.clone(), rect);
    }

    /// Whether a new gate may sit there: one on a left or right edge needs room between what the boundary holds and
    /// what stands beside it. Only what was there before grows for it, and over nothing else.
    pub(super) fn seats(&self, boundary: &Id, side: Side, width: f32) -> bool {
        let around = self.around(Some(boundary));
        let mut growth = self.growth_for_gate(boundary, side, width).into_iter();
        is_level(side)
            || growth.all(|it| !self.fresh.contains_key(&it.0) && self.is_clear(&it.0, &it.1, &around))
    }

    /// Seats a new gate. What it guards grows with it, as it does when it is drawn.
    pub(super) fn seat(&mut self, boundary: &Id, side: Side, width: f32) {
        for (id, grown) in self.growth_for_gate(boundary, side, width) {
            self.set_area(&id, grown);
        }
        let reach = self.reach.entry(boundary.clone()).or_default();
        *reach = reach.with(side, width);
    }

    fn growth_for_gate(&self, boundary: &Id, side: Side, width: f32) -> Vec<(Id, Rect)> {
        let Some(area) = self.areas.get(boundary) else { return Vec::new() };
        let (held, gates) = (self.held(boundary), self.gates(boundary).with(side, width));
        let new = if held.is_nothing() { *area } else { area.union(&around_members(&held, gates)) };
        let mut growth = self.growth(self.area_of(boundary), gates.outwards(new));
        if new != *area {
            growth.insert(0, (boundary.clone(), new));
        }
        growth
    }

    /// How far the gates of a boundary reach, those included that are new.
    fn gates(&self, boundary: &Id) -> Reach {
        let known = self.layout.reach(&self.stage, boundary);
        known.and(self.reach.get(boundary).copied().unwrap_or_default())
    }

    fn set_area(&mut self, id: &Id, rect: Rect) {
        let old = self.areas.insert(id.clone(), rect);
        self.layout.areas.replace(id, old, Some(rect));
    }

    /// Stands a new boundary around what is in it already.
    pub(super) fn enclose(&mut self, id: &Id, held: Rect) {
        let mut rect = held.grown(PADDING);
        rect.min.y = held.min.y - TOP;
        let floor = |it: f32| (it / SNAP).floor() * SNAP;
        let rect = Rect {
            min: Pos::new(floor(rect.min.x), floor(rect.min.y)),
            max: Pos::new(-floor(-rect.max.x), -floor(-rect.max.y)),
        };
        self.put(id, rect, true);
    }

    /// Where a box of that size has room nearest to a wish: in the boundary, if it is to stand in one.
    ///
    /// A boundary without room is drawn larger, as it always is around what it holds: where nothing else is in the
    /// way if there is such a place, else where at least no box lies on another.
    pub(in crate::scene) fn room(&self, size: Size, within: Option<&Id>, wish: Pos) -> Pos {
        let free = self.nearest(size, within, wish, within.and_then(|it| self.inside(it)));
        free.or_else(|| self.growing(size, within?)).unwrap_or_else(|| self.beyond(size, within, wish))
    }

    /// Where a box has room in an area, nearest to its middle, without that anything grows.
    pub(super) fn room_in(&self, area: &Rect, size: Size, within: Option<&Id>) -> Option<Pos> {
        let inside = within.map_or(Some(*area), |it| self.inside(it))?;
        let (min, max) = (area.min.max(inside.min), area.max.min(inside.max));
        let middle =
            Rect::centred(Pos::new(min.x.midpoint(max.x), min.y.midpoint(max.y)), size.0, size.1).min;
        self.nearest(size, within, middle, Some(Rect { min: Pos::new(up(min.x), up(min.y)), max }))
    }

    /// Where a box would stand beside all there is: in the boundary or, without one, on the view.
    pub(super) fn beside_all(&self, size: Size, within: Option<&Id>) -> Pos {
        match within {
            None => {
                let Some(all) = self.layout.bounds() else { return Pos::ZERO };
                let is_wide = all.width() > all.height() * ASPECT;
                let corner = |x, y| Pos::new(up(x), up(y));
                if is_wide {
                    corner(all.min.x, all.max.y + APART)
                } else {
                    corner(all.max.x + APART, all.min.y)
                }
            }
            Some(id) => {
                let Some(inside) = self.inside(id) else { return Pos::ZERO };
                let held = self.held(id);
                if held.is_nothing() {
                    return inside.min;
                }
                let right = Pos::new(held.max.x + GAP, held.min.y);
                let below = Pos::new(held.min.x, held.max.y + GAP);
                let fits = |at: &Pos| inside.contains_rect(&Rect::at(*at, size.0, size.1));
                [right, below].into_iter().find(fits).unwrap_or(inside.min)
            }
        }
    }

    /// Whether a box may stand there and nothing comes too near.
    pub(super) fn takes(&self, rect: &Rect, within: Option<&Id>) -> bool {
        let is_inside = within.and_then(|it| self.inside(it)).is_none_or(|it| it.contains_rect(rect));
        is_inside && self.is_free(rect, &self.around(within))
    }

    /// The part of a boundary that its members may stand in without that it grows.
    fn inside(&self, id: &Id) -> Option<Rect> {
        let area = self.areas.get(id)?;
        let min = Pos::new(up(area.min.x + PADDING), up(area.min.y + TOP));
        Some(Rect { min, max: Pos::new(area.max.x - PADDING, area.max.y - PADDING) })
    }

    /// The box around all that stands in a boundary.
    fn held(&self, id: &Id) -> Rect {
        let Some(area) = self.areas.get(id) else { return Rect::NOTHING };
        let mut held = Rect::NOTHING;
        for entry in self.layout.boxes_in(area) {
            if self.stage.nesting.is_in(&entry.id, id) {
                held = held.union(&self.gates(&entry.id).outwards(entry.rect));
                // New cards are known by their front alone.
                let fresh = self.fresh.get(&entry.id).zip(self.stage.model.component(&entry.id));
                held.max.x = fresh.map_or(held.max.x, |it| held.max.x.max(it.0.max.x + stands_out(it.1)));
            }
        }
        held
    }

    /// A boundary and those around it, from the innermost out.
    fn around(&self, within: Option<&Id>) -> Vec<Id> {
        let nesting = self.stage.nesting;
        let chain = std::iter::successors(within, |it| nesting.parent(it));
        chain.filter(|it| self.is_area(it)).cloned().collect()
    }

    fn is_free(&self, rect: &Rect, around: &[Id]) -> bool {
        let near = rect.grown(GAP - 0.5);
        let mut found = self.layout.boxes_in(&near);
        found.all(|it| around.contains(&it.id) || !it.rect.overlaps(&near))
    }

    /// The free place nearest to a wish: there, or touching what is in the way.
    fn nearest(&self, size: Size, within: Option<&Id>, wish: Pos, inside: Option<Rect>) -> Option<Pos> {
        let around = self.around(within);
        let mut wish = wish.snapped(SNAP);
        if let Some(inside) = &inside {
            let last = Pos::new(down(inside.max.x - size.0), down(inside.max.y - size.1));
            if last.x < inside.min.x || last.y < inside.min.y {
                return None;
            }
            wish = wish.min(last).max(inside.min);
        }
        let fits = |at: Pos| {
            let rect = Rect::at(at, size.0, size.1);
            inside.is_none_or(|it| it.contains_rect(&rect)) && self.is_free(&rect, &around)
        };
        if fits(wish) {
            return Some(wish);
        }
        for window in WINDOWS {
            let area = Rect::at(wish, size.0, size.1).grown(window);
            let (mut xs, mut ys) = (vec![wish.x], vec![wish.y]);
            for it in self.layout.boxes_in(&area) {
                if !around.contains(&it.id) {
                    xs.extend([down(it.rect.min.x - GAP - size.0), up(it.rect.max.x + GAP)]);
                    ys.extend([down(it.rect.min.y - GAP - size.1), up(it.rect.max.y + GAP)]);
                }
            }
            if let Some(inside) = &inside {
                xs.extend([inside.min.x, down(inside.max.x - size.0)]);
                ys.extend([inside.min.y, down(inside.max.y - size.1)]);
            }
            let found = by_distance(xs, ys, wish).into_iter().find(|it| fits(*it));
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// A place beside what a boundary holds for which it grows over nothing else.
    fn growing(&self, size: Size, id: &Id) -> Option<Pos> {
        let (held, inside, around) = (self.held(id), self.inside(id)?, self.around(Some(id)));
        let held = if held.is_nothing() { Rect { min: inside.min, max: inside.min } } else { held };
        let right = Pos::new(up(held.max.x + GAP), up(held.min.y));
        let below = Pos::new(up(held.min.x), up(held.max.y + GAP));
        let left = Pos::new(down(held.min.x - GAP - size.0), up(held.min.y));
        let above = Pos::new(up(held.min.x), down(held.min.y - GAP - size.1));
        let price = |at: &Pos| {
            let rect = Rect::at(*at, size.0, size.1);
            let growth = self.growth(Some(id), rect);
            let is_clear =
                self.is_free(&rect, &around) && growth.iter().all(|it| self.is_clear(&it.0, &it.1, &around));
            is_clear.then(|| growth.iter().map(|it| it.1.width() * it.1.height()).sum::<f32>())
        };
        let cheapest = |spots: [Pos; 2]| {
            let priced = spots.into_iter().filter_map(|it| Some((price(&it)?, it)));
            priced.min_by(|a, b| a.0.total_cmp(&b.0)).map(|it| it.1)
        };
        cheapest([right, below]).or_else(|| cheapest([left, above]))
    }

    /// How a boundary and those around it grow for a box.
    fn growth(&self, within: Option<&Id>, rect: Rect) -> Vec<(Id, Rect)> {
        let mut held = rect;
        let mut grown = Vec::new();
        for id in self.around(within) {
            let Some(old) = self.areas.get(&id) else { break };
            let gates = self.gates(&id);
            let new = old.union(&around_members(&held, gates));
            if new == *old {
                break;
            }
            held = gates.outwards(new);
            grown.push((id, new));
        }
        grown
    }

    /// Whether a boundary could be as large without reaching over what is not in it.
    fn is_clear(&self, id: &Id, rect: &Rect, around: &[Id]) -> bool {
        let nesting = self.stage.nesting;
        let is_own = |it: &Id| {
            let guarded = self.layout.gates.get(it).map(|it| &it.boundary);
            around.contains(it)
                || nesting.is_in(it, id)
                || guarded.is_some_and(|it| it == id || around.contains(it) || nesting.is_in(it, id))
        };
        let mut found = self.layout.boxes_in(rect);
        found.all(|it| is_own(&it.id) || !it.rect.overlaps(rect))
    }

    /// Where no box lies on another, at any price.
    fn beyond(&self, size: Size, within: Option<&Id>, wish: Pos) -> Pos {
        let free = self.nearest(size, within, wish, None);
        let far = || self.layout.bounds().map_or(wish, |it| Pos::new(it.max.x + GAP, wish.y));
        let at = free.unwrap_or_else(far);
        Pos::new(up(at.x), up(at.y))
    }
}

/// All pairs of coordinates, those near a wish first.
fn by_distance(mut xs: Vec<f32>, mut ys: Vec<f32>, wish: Pos) -> Vec<Pos> {
    for (all, at) in [(&mut xs, wish.x), (&mut ys, wish.y)] {
        all.sort_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()).then(b.total_cmp(a)));
        all.dedup();
        all.truncate(EDGES);
    }
    let mut all: Vec<Pos> = xs.iter().flat_map(|x| ys.iter().map(|y| Pos::new(*x, *y))).collect();
    // Of two that are as near, the one further to the right, then further down.
    all.sort_by(|a, b| {
        let nearer = a.distance(wish).total_cmp(&b.distance(wish));
        nearer.then(b.x.total_cmp(&a.x)).then(b.y.total_cmp(&a.y))
    });
    all
}

fn up(at: f32) -> f32 {
    (at / SNAP).ceil() * SNAP
}

fn down(at: f32) -> f32 {
    (at / SNAP).floor() * SNAP
}
