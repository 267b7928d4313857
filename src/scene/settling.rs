//! Brings the lines of a layout up to date a piece at a time, for whoever has frames to keep.
//!
//! A box that moves may let hundreds of lines find other ways. Boxes follow an edit at once; what this means for lines
//! is noted, and done in an order in which nothing has to be done twice: first the sides that lines run between, then
//! where along these sides they meet the boxes, their ways, and last the room for their pills; and all of that for lines
//! that lead to what was edited before those that only look at it. Until its turn has come a line is painted as it was,
//! and one whose ends are others is not there.
//!
//! Of a drawing that was just opened, a part of the lines is drawn before the sides of the next are chosen, each part twice
//! as large as the one before: so the first show soon, and few are drawn twice as others join them at their sides.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use foldhash::quality::FixedState;

use crate::model::{Id, Model, Nesting, Side};

use super::Layout;
use super::areas::Areas;
use super::boxes::Route;
use super::channels::PieceKey;
use super::geometry::{Pos, Rect};
use super::nest::Stage;
use super::routing::pill_of_owner;
use super::sights::Sight;

/// Along so many sides lines are spread between two looks at the clock.
const SIDES: usize = 64;

/// So much that was looked at is noted at once.
const NOTED: usize = 24;

/// So many lines of a drawing that was just opened are drawn before the rest.
const FIRST: usize = 1024;

/// What is still to be done.
#[derive(Debug, Clone, Default)]
pub(super) struct Todo {
    /// Lines whose sides are to be chosen.
    pub(super) lay: BTreeSet<Id>,
    /// The same, but they lead to nothing that the edit was about: once all else is done.
    pub(super) later: BTreeSet<Id>,
    /// Sides of boxes along which lines are to be spread.
    pub(super) sides: BTreeSet<(Id, Side)>,
    /// Lines that are to find their way, with what was looked at if their sides were chosen anew.
    pub(super) route: BTreeMap<Id, Option<Rect>>,
    /// Where pieces of ways came or went: those beside them are to find their places in the channel.
    stirred: Vec<Rect>,
    pub(super) aside: Asides,
    /// Lines that nobody has looked at yet where they are now.
    pub(super) drawn: BTreeSet<Id>,
    /// Lines whose pill is to find room.
    pub(super) label: BTreeSet<Id>,
    /// Lines that are to find out where they jump over others.
    pub(super) jump: BTreeSet<Id>,
    /// Where pieces of lines, pills and borders came or went.
    pub(super) looks: Vec<Rect>,
    /// Where boxes came or went: the lines that looked there are to be laid anew, unless they were since then.
    pub(super) moved: Vec<Rect>,
    laid: BTreeSet<Id>,
    /// While some lines have never been drawn: how many the next part of them has, and how many of this one are not laid yet.
    parts: Option<(usize, usize)>,
}

/// Pieces of ways that are to find their places in their channels.
#[derive(Debug, Clone, Default)]
pub(super) struct Asides {
    all: HashSet<PieceKey, FixedState>,
    /// Some are done already.
    order: Vec<PieceKey>,
    /// Not one was done yet, and all that are there are to come.
    is_new: bool,
}

impl Asides {
    pub(super) fn add(&mut self, key: PieceKey) {
        if self.all.insert(key.clone()) {
            self.order.push(key);
        }
    }

    pub(super) fn remove(&mut self, key: &PieceKey) {
        self.all.remove(key);
        if self.all.is_empty() {
            self.order.clear();
        }
    }

    fn pop(&mut self) -> Option<PieceKey> {
        self.is_new = false;
        while let Some(next) = self.order.pop() {
            if self.all.remove(&next) {
                return Some(next);
            }
        }
        None
    }

    fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Todo {
    /// None of the lines has ever been drawn.
    pub(super) fn of_new() -> Self {
        let aside = Asides { is_new: true, ..Asides::default() };
        Self { parts: Some((2 * FIRST, FIRST)), aside, ..Self::default() }
    }

    /// Pieces of ways came or went.
    pub(super) fn stir(&mut self, pieces: impl Iterator<Item = Rect>) {
        if !self.aside.is_new {
            self.stirred.extend(pieces);
        }
    }

    /// The next line whose sides are to be chosen, unless others are to be drawn first.
    fn next_to_lay(&mut self) -> Option<Id> {
        if let Some((_, left)) = &mut self.parts {
            *left = left.checked_sub(1)?;
        }
        self.lay.pop_first()
    }

    /// Goes on to the next part, if there is one.
    fn begin_part(&mut self) -> bool {
        if let Some((next, left)) = self.parts.as_mut().filter(|_| !self.lay.is_empty()) {
            (*next, *left) = (next.saturating_mul(2), *next);
            return true;
        }
        false
    }

    /// Another edit.
    pub(super) fn begin(&mut self) {
        self.laid.clear();
    }
}

/// What was drawn and is not in the indexes yet, which take many at once more gladly than one after the other: of each
/// line what was drawn last.
#[derive(Default)]
pub(super) struct Fresh {
    pieces: BTreeMap<Id, Vec<Rect>>,
    runs: BTreeMap<Id, Vec<Rect>>,
    /// What was looked at to move a line aside.
    asides: BTreeMap<Id, Rect>,
    lines: BTreeMap<Id, (Option<Rect>, Rect)>,
    pills: BTreeMap<Id, Vec<Rect>>,
}

impl Fresh {
    fn count(&self) -> usize {
        self.lines.len() + self.asides.len() + self.pills.len()
    }

    /// The pieces of a line are elsewhere now.
    pub(super) fn redraw(&mut self, id: &Id, pieces: Vec<Rect>) {
        self.pieces.insert(id.clone(), pieces);
    }

    pub(super) fn look_aside(&mut self, id: &Id, seen: Rect) {
        let all = self.asides.entry(id.clone()).or_insert(Rect::NOTHING);
        *all = all.union(&seen);
    }
}

impl Layout {
    /// Goes on until all lines are drawn as they should be, or the time is over; returns whether they are. The model
    /// must be the one of the last update.
    pub fn settle(&mut self, model: &Model, nesting: &Nesting, is_over: &dyn Fn() -> bool) -> bool {
        // Taken out for the time being, so that a stage may borrow it.
        let view = self.view().clone();
        let stage = Stage { model, view: &view, nesting, is_unfolded: false };
        let mut fresh = Fresh::default();
        while self.settle_one(&stage, &mut fresh) {
            // It takes its time, too.
            if fresh.count() >= NOTED {
                self.note(&mut fresh);
            }
            if is_over() {
                break;
            }
        }
        self.note(&mut fresh);
        self.is_settled()
    }

    pub fn is_settled(&self) -> bool {
        let Todo { lay, later, sides, route, stirred, aside, drawn, label, jump, looks, moved, .. } =
            &self.todo;
        let has_lines = lay.is_empty() && later.is_empty() && sides.is_empty() && route.is_empty();
        let has_ways = has_lines && stirred.is_empty() && aside.is_empty() && drawn.is_empty();
        has_ways && label.is_empty() && jump.is_empty() && looks.is_empty() && moved.is_empty()
    }

    /// Whether its lines have not all been drawn once.
    pub fn is_new(&self) -> bool {
        self.todo.parts.is_some()
    }

    /// Whether the line of a flow is not yet where it will be.
    pub fn is_waiting(&self, flow: &Id) -> bool {
        let Todo { lay, later, route, moved, .. } = &self.todo;
        let is_noted = lay.contains(flow) || later.contains(flow) || route.contains_key(flow);
        let count = self.flows.get(flow).map_or(0, |it| it.found().len() as u32);
        let is_noted = is_noted || (0..count).any(|it| self.todo.aside.all.contains(&(flow.clone(), it)));
        is_noted || moved.iter().any(|it| self.sights.has_looked(flow, it))
    }

    fn settle_one(&mut self, stage: &Stage<'_>, fresh: &mut Fresh) -> bool {
        if let Some(id) = self.todo.next_to_lay() {
            self.lay_anew(stage, &id);
        } else if !self.todo.sides.is_empty() {
            // Ports follow from who meets a side, not from each other: they may be assigned in any order.
            let rest = self.todo.sides.iter().nth(SIDES).cloned();
            let rest = rest.map(|it| self.todo.sides.split_off(&it)).unwrap_or_default();
            let sides = std::mem::replace(&mut self.todo.sides, rest);
            for id in self.assign_ports(&sides) {
                self.todo.route.entry(id).or_insert(None);
            }
        } else if let Some((id, sides)) = self.todo.route.pop_first() {
            self.route_anew(stage, id, sides, fresh);
        } else if self.todo.begin_part() {
            self.note(fresh);
        } else if let Some(area) = self.todo.stirred.pop() {
            self.runs.extend_all(std::mem::take(&mut fresh.runs));
            self.stir(&area);
        } else if let Some(key) = self.todo.aside.pop() {
            self.runs.extend_all(std::mem::take(&mut fresh.runs));
            self.part_channel(stage, &key, fresh);
        } else if let Some(id) = self.todo.drawn.pop_first() {
            let points = self.flows.get(&id).map(|it| it.points.clone()).unwrap_or_default();
            self.todo.looks.extend(pieces(&points));
        } else if let Some(area) = self.todo.looks.pop() {
            self.todo.label.extend(self.sights.pills(&area).cloned());
            self.jump_again(&area);
        } else if let Some(id) = self.todo.label.pop_first() {
            self.label_anew(stage, id, fresh);
        } else if let Some(area) = self.todo.moved.pop() {
            self.note(fresh);
            self.lay_later(&area);
        } else if !self.todo.later.is_empty() {
            // What comes now must find what was drawn so far.
            self.note(fresh);
            self.todo.lay = std::mem::take(&mut self.todo.later);
        } else if let Some(id) = self.todo.jump.pop_first() {
            self.pieces.extend_all(std::mem::take(&mut fresh.pieces));
            self.jump_anew(id);
        } else {
            self.todo.laid.clear();
            self.todo.parts = None;
            return false;
        }
        true
    }

    /// Takes what went out of the indexes until the time is over. Nothing looks different for it, so that it may wait for
    /// frames in which nothing else is to be done.
    pub fn sweep(&mut self, is_over: &dyn Fn() -> bool) {
        while self.sweep_one() && !is_over() {}
    }

    fn sweep_one(&mut self) -> bool {
        let Self { solids, areas, titles, pieces, runs, reaches, pills, sights, .. } = self;
        let mut indexes = [solids, areas, titles, pieces, runs, reaches, pills].into_iter();
        indexes.any(Areas::sweep) || sights.sweep()
    }

    fn note(&mut self, fresh: &mut Fresh) {
        let Fresh { pieces, runs, asides, lines, pills } = std::mem::take(fresh);
        self.pieces.extend_all(pieces);
        self.runs.extend_all(runs);
        self.sights.note_lines(lines);
        self.sights.note_asides(asides);
        self.sights.note_pills(pills);
    }

    /// The lines that looked at an area in which a box came or went may run elsewhere.
    fn lay_later(&mut self, area: &Rect) {
        for id in self.sights.lines(area).filter(|it| !self.todo.laid.contains(*it)) {
            self.todo.later.extend(self.wiring.drawn(id).cloned());
        }
    }

    fn lay_anew(&mut self, stage: &Stage<'_>, id: &Id) {
        let mut sides = std::mem::take(&mut self.todo.sides);
        self.wiring.cut(id, &mut sides);
        if let Some(bundle) = self.wiring.bundle_of(id).cloned() {
            let seen = self.lay(stage, id, &bundle, &mut sides);
            self.todo.route.insert(id.clone(), Some(seen));
            self.todo.laid.insert(id.clone());
        }
        self.todo.sides = sides;
    }

    fn route_anew(&mut self, stage: &Stage<'_>, id: Id, sides: Option<Rect>, fresh: &mut Fresh) {
        let sight = Sight::new();
        let Some(mut route) = self.route_line(stage, &id, &sight) else {
            self.note(fresh);
            self.forget_line(&id);
            return;
        };
        // Most that are laid anew take the same way as before.
        let is_same = self.flows.get(&id).is_some_and(|it| it.found() == &*route.points)
            && !self.is_let_go(&id, &route);
        let pieces_between = 1..(route.points.len() as u32).saturating_sub(2);
        pieces_between.for_each(|it| self.todo.aside.add((id.clone(), it)));
        if let Some(old) = self.flows.get(&id).filter(|_| is_same) {
            (route.points, route.aside, route.bounds) = (old.points.clone(), old.aside.clone(), old.bounds);
        }
        let put = pill_of_owner(stage, &id, &route);
        let old = if is_same { self.flows.remove(&id) } else { self.rub_out(&id) };
        if let Some(old) = old {
            if is_same && put.is_none() && old.label.as_ref().is_none_or(|it| !it.is_put) {
                route.label = old.label;
            } else if let Some(pill) = old.label.filter(|it| it.fits) {
                self.pills.remove(&id, [pill.rect]);
                self.look_again(&pill.rect);
            }
        }
        // It needs nothing but its line, and all others keep from it.
        if let Some(pill) = put {
            self.pills.insert(pill.rect, &id);
            self.look_again(&pill.rect);
            route.label = Some(pill);
        }
        if !is_same {
            self.todo.drawn.insert(id.clone());
            // All others in a channel are found from those that may be moved.
            let held = pieces(&route.points).zip(0..).filter(|it| self.is_held(&id, &route, it.1));
            let held: Vec<Rect> = held.map(|it| it.0).collect();
            self.todo.stir(held.into_iter());
            fresh.pieces.insert(id.clone(), pieces(&route.points).collect());
            fresh.runs.insert(id.clone(), pieces(&route.points).collect());
            self.jumps.remove(&id);
            if self.is_jumping {
                self.todo.jump.insert(id.clone());
            }
        }
        let sides = sides.or_else(|| fresh.lines.get(&id)?.0);
        fresh.lines.insert(id.clone(), (sides, sight.seen()));
        self.flows.insert(id.clone(), route);
        self.todo.label.insert(id);
    }

    /// A pill keeps from those of smaller ids, so each that moves may move later ones.
    fn label_anew(&mut self, stage: &Stage<'_>, id: Id, fresh: &mut Fresh) {
        // Pills keep from lines.
        self.pieces.extend_all(std::mem::take(&mut fresh.pieces));
        let (moved, areas) = self.label_line(stage, &id);
        for area in moved {
            self.jump_again(&area);
            let later = self.sights.pills(&area).filter(|it| **it > id).cloned();
            self.todo.label.extend(later);
        }
        fresh.pills.insert(id, areas);
    }

    /// The pills that looked at an area in which something came or went are to find other room.
    pub(super) fn look_again(&mut self, area: &Rect) {
        self.todo.looks.push(*area);
    }

    /// Takes out a line with all that was to be done for it.
    pub(super) fn forget_line(&mut self, id: &Id) {
        if let Some(pill) = self.rub_out(id).and_then(|it| it.label).filter(|it| it.fits) {
            self.pills.remove(id, [pill.rect]);
            self.look_again(&pill.rect);
        }
        self.sights.forget(id);
        self.todo.lay.remove(id);
        self.todo.later.remove(id);
        self.todo.route.remove(id);
        self.todo.label.remove(id);
        self.todo.jump.remove(id);
        self.jumps.remove(id);
    }

    /// Takes out a line, but not its pill, which stays for as long as there is no other.
    fn rub_out(&mut self, id: &Id) -> Option<Route> {
        self.forget_shared(id);
        let route = self.flows.remove(id)?;
        self.pieces.remove(id, pieces(&route.points));
        if !self.todo.drawn.remove(id) {
            self.todo.looks.extend(pieces(&route.points));
        }
        self.runs.remove(id, pieces(route.found()));
        Some(route)
    }
}

/// The pieces of a line, as boxes without a width or a height.
pub(super) fn pieces(points: &[Pos]) -> impl Iterator<Item = Rect> {
    points.windows(2).map(|it| Rect::spanning(it[0], it[1]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scene::sketch::{laid_out, main_view, sketches};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn lines_drawn_in_parts_are_those_that_are_drawn_at_once(sketch in sketches(12)) {
            let model = laid_out(sketch.model());
            let nesting = Nesting::of(&model);
            let drawn = |first: usize| {
                let mut layout = Layout::unsettled(&model, &main_view(), &nesting);
                layout.todo.parts = Some((2 * first, first));
                let mut shown = Vec::new();
                while !layout.settle(&model, &nesting, &|| true) {
                    shown.push((layout.todo.lay.len(), layout.flows.len()));
                }
                (layout.flows, shown)
            };
            let (in_parts, shown) = drawn(1);
            let (at_once, _) = drawn(usize::MAX / 2);
            prop_assert_eq!(&in_parts, &at_once);
            // Some are there while others wait for their sides.
            prop_assert!(at_once.len() < 3 || shown.iter().any(|it| it.0 > 0 && it.1 > 0));
        }
    }
}
