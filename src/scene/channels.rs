//! Lines of different flows that found the same way go side by side: pieces that lie on or very near each other are moved
//! apart, within the room between what stands beside them.
//!
//! Who shares a channel follows from the ways as they were found, and where each goes from these and from what stands
//! there: never from where another was moved to. So it is the same whatever was drawn first.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use foldhash::quality::FixedState;

use crate::model::Id;

use super::Layout;
use super::areas::{Areas, Entry};
use super::boxes::{Aside, Points, Route};
use super::geometry::{Pos, Rect, simplify};
use super::nest::Stage;
use super::nudge::{Axis, LEAST_GAP, Run, apart};
use super::route::{CLEAR, LANE, Obstacle, STUB};
use super::routing::pill_of_owner;
use super::settling::{Fresh, pieces};
use super::sights::Sight;
use super::wiring::Wire;

/// Pieces nearer to each other than that share a channel.
const NEAR: f32 = LANE / 2.0;
/// How far a piece is moved at most.
const MOST: f32 = 3.0 * LANE;
/// What is left of the piece that ends at a box, so that its head has room.
const HEAD: f32 = STUB - 4.0;
/// So many pieces share a channel, at most: where more do, they stay where they are.
const CROWD: usize = 64;

/// A piece of a line as it was found: the flow, and its number from the source.
pub(super) type PieceKey = (Id, u32);

/// What became of a piece beside others.
#[derive(Debug, Clone)]
pub(super) enum Shared {
    /// All these found their places together, itself included.
    Apart(Arc<[PieceKey]>),
    /// There were too many.
    Crowd,
}

/// The pieces that share a channel, in the order of where they lie, then of ids; and which of them are held.
struct Channel {
    pieces: Vec<PieceKey>,
    held: Vec<bool>,
    /// There are more than these.
    is_crowded: bool,
}

impl Layout {
    /// The pieces of lines that came to lie beside an area, or do no longer, are to find their places in the channel.
    pub(super) fn stir(&mut self, area: &Rect) {
        let mut all: Vec<PieceKey> = beside(&self.runs, area).map(|it| (it.id.clone(), it.part)).collect();
        // They keep from what lies further off, too.
        let near: BTreeSet<&Id> = self.reaches.near(area).map(|it| &it.id).collect();
        all.extend(near.into_iter().flat_map(|id| self.apart_of(id).map(|it| (id.clone(), it.0))));
        all.into_iter().for_each(|it| self.todo.aside.add(it));
    }

    /// The pieces of a line that found their places beside others, and how far around each was looked for more of them.
    fn apart_of(&self, id: &Id) -> impl Iterator<Item = (u32, Rect)> {
        let points = self.flows.get(id).map_or(&[][..], Route::found);
        let is_apart = |piece: u32| matches!(self.shared.get(&(id.clone(), piece)), Some(Shared::Apart(_)));
        (0..).zip(pieces(points)).filter(move |it| is_apart(it.0)).map(|(piece, rect)| (piece, reach(&rect)))
    }

    /// Notes how far the pieces of a line reach, instead of how far they did.
    fn note_reaches(&mut self, id: &Id, old: Vec<Rect>) {
        let new: Vec<Rect> = self.apart_of(id).map(|it| it.1).collect();
        if old != new {
            self.reaches.remove(id, old);
            self.reaches.extend_all([(id.clone(), new)].into());
        }
    }

    /// Forgets what became of the pieces of a line, which is still there; those beside them are to find other places.
    pub(super) fn forget_shared(&mut self, id: &Id) {
        let found: Vec<Rect> = self.flows.get(id).map(|it| pieces(it.found()).collect()).unwrap_or_default();
        let old: Vec<Rect> = self.apart_of(id).map(|it| it.1).collect();
        self.reaches.remove(id, old);
        for (piece, rect) in (0..).zip(found) {
            if let Some(Shared::Apart(all)) = self.shared.remove(&(id.clone(), piece)) {
                all.iter().for_each(|it| self.todo.aside.add(it.clone()));
            }
            // It may have been held, or one too many; others may have kept from it.
            self.todo.stir([rect].into_iter());
        }
    }

    /// Finds the places of one piece and of all that share its channel.
    pub(super) fn part_channel(&mut self, stage: &Stage<'_>, key: &PieceKey, fresh: &mut Fresh) {
        let Some(channel) = self.channel(key) else { return };
        let is_shared = 1 < channel.pieces.len() && !channel.is_crowded;
        let mut runs = Vec::with_capacity(channel.pieces.len());
        for key in &channel.pieces {
            let sight = Sight::new();
            let Some(run) = self.run(key, is_shared.then_some(&sight)) else { return };
            runs.push(run);
            if is_shared && !sight.seen().is_nothing() {
                fresh.look_aside(&key.0, sight.seen());
            }
        }
        if is_shared {
            self.keep_from_others(&channel.pieces, &mut runs);
        }
        let places = if is_shared { apart(&runs, CLEAR) } else { runs.iter().map(Run::across).collect() };
        let places: Vec<(Axis, f32)> = runs.iter().zip(places).map(|(run, at)| (run.axis, at)).collect();
        let all: Arc<[PieceKey]> = channel.pieces.into();
        let lines: BTreeSet<Id> = all.iter().map(|it| it.0.clone()).collect();
        let reaches = |id: Id| (self.apart_of(&id).map(|it| it.1).collect::<Vec<Rect>>(), id);
        let reaches: Vec<(Vec<Rect>, Id)> = lines.into_iter().map(reaches).collect();
        for ((key, is_held), (axis, at)) in all.iter().zip(channel.held).zip(places) {
            self.todo.aside.remove(key);
            if !is_held {
                self.note_shared(key, channel.is_crowded, &all);
                self.put_piece(stage, (&key.0, key.1 as usize), (axis, at), fresh);
            }
        }
        for (old, id) in reaches {
            self.note_reaches(&id, old);
        }
    }

    /// Ends the room of each halfway to the lines that run along it and are not of its channel.
    fn keep_from_others(&self, channel: &[PieceKey], runs: &mut [Run<'_>]) {
        let of_channel: HashSet<&PieceKey, FixedState> = channel.iter().collect();
        for run in runs.iter_mut().filter(|it| it.room.0 < it.room.1) {
            let Some(own) = pieces(run.points).nth(run.piece) else { continue };
            let (axis, at) = (run.axis, run.across());
            for it in self.runs.near(&reach(&own)) {
                let there = axis.across(it.rect.min);
                let runs_along =
                    Axis::of(it.rect.min, it.rect.max) == axis && gap_along(axis, &own, &it.rect) < CLEAR;
                if !runs_along || it.id == *run.id || of_channel.contains(&(it.id.clone(), it.part)) {
                    continue;
                }
                let half = ((there - at).abs() - LEAST_GAP).max(0.0) / 2.0;
                if there < at {
                    run.room.0 = run.room.0.max(at - half);
                } else {
                    run.room.1 = run.room.1.min(at + half);
                }
            }
        }
    }

    fn note_shared(&mut self, key: &PieceKey, is_crowded: bool, all: &Arc<[PieceKey]>) {
        let now = if is_crowded {
            Some(Shared::Crowd)
        } else {
            (all.len() > 1).then(|| Shared::Apart(Arc::clone(all)))
        };
        let before = match now {
            Some(now) => self.shared.insert(key.clone(), now),
            None => self.shared.remove(key),
        };
        // Whoever lies beside it is in the crowd, too, and so on.
        if is_crowded && !matches!(before, Some(Shared::Crowd)) {
            let rect = self.flows.get(&key.0).and_then(|it| pieces(it.found()).nth(key.1 as usize));
            let (runs, aside, shared) = (&self.runs, &mut self.todo.aside, &self.shared);
            for it in rect.iter().flat_map(|it| beside(runs, it)) {
                let other = (it.id.clone(), it.part);
                if !matches!(shared.get(&other), Some(Shared::Crowd)) {
                    aside.add(other);
                }
            }
        }
    }

    /// Whether a piece of a line that found its place beside others is held now, so that it has to go back.
    pub(super) fn is_let_go(&self, id: &Id, now: &Route) -> bool {
        let mut pieces = 0..now.found().len() as u32;
        pieces.any(|it| self.shared.contains_key(&(id.clone(), it)) && self.is_held(id, now, it))
    }

    /// The channel that a piece lies in: all that is reached from one to the next beside it. What is held is in it, and others
    /// keep from it, but whoever lies on its other side need not know. None for what is held.
    fn channel(&self, (id, piece): &PieceKey) -> Option<Channel> {
        let route = self.flows.get(id).filter(|it| !self.is_held(id, it, *piece))?;
        let first = pieces(route.found()).nth(*piece as usize)?;
        let axis = Axis::of(first.min, first.max);
        let mut seen: HashSet<u64, FixedState> = HashSet::default();
        let mut found: Vec<(f32, PieceKey, bool)> = Vec::new();
        let mut open = vec![first];
        while found.len() <= CROWD
            && let Some(piece) = open.pop()
        {
            for it in beside(&self.runs, &piece) {
                if !seen.insert(it.number()) {
                    continue;
                }
                let Some(route) = self.flows.get(&it.id) else { continue };
                let is_held = self.is_held(&it.id, route, it.part);
                found.push((axis.across(it.rect.min), (it.id.clone(), it.part), is_held));
                if !is_held {
                    open.push(it.rect);
                }
                if found.len() > CROWD {
                    break;
                }
            }
        }
        let is_crowded = found.len() > CROWD;
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        let (pieces, held) = found.into_iter().map(|it| (it.1, it.2)).unzip();
        Some(Channel { pieces, held, is_crowded })
    }

    /// A piece with its room, if that is to be looked at.
    fn run<'a>(&'a self, (id, piece): &'a PieceKey, sight: Option<&Sight>) -> Option<Run<'a>> {
        let route = self.flows.get(id)?;
        let (points, piece) = (route.found(), *piece as usize);
        let axis = Axis::of(*points.get(piece)?, *points.get(piece + 1)?);
        let at = axis.across(points[piece]);
        let room = match sight {
            Some(sight) => self.room((id, route), piece, sight)?,
            None => (at, at),
        };
        Some(Run { id, piece, points, axis, room })
    }

    /// What somebody bent stays as it is, and so do flows to themselves, and pieces that lead to a box or through a gate.
    pub(super) fn is_held(&self, id: &Id, route: &Route, piece: u32) -> bool {
        let (points, piece) = (route.found(), piece as usize);
        if is_end(points, piece) || route.from == route.to {
            return true;
        }
        let wire = |leg: u8| self.wiring.wires.get(&(id.clone(), leg));
        if wire(0).is_none_or(|it| !it.bends.is_none()) {
            return true;
        }
        let is_in_gate = |it: &Wire| {
            let gate = self.port_box(&it.from.id).map(|it| it.0.grown(0.5));
            gate.zip(pieces(points).nth(piece)).is_some_and(|(gate, piece)| piece.meets(&gate))
        };
        (1..=u8::MAX).map_while(wire).any(is_in_gate)
    }

    /// Between which places across a piece may lie: clear of what stands beside it, wherever the pieces at its ends go.
    fn room(&self, (id, route): (&Id, &Route), piece: usize, sight: &Sight) -> Option<(f32, f32)> {
        let points = route.found();
        let (a, b) = (points[piece], points[piece + 1]);
        let axis = Axis::of(a, b);
        let at = axis.across(a);
        if self.is_held(id, route, piece as u32) {
            return Some((at, at));
        }
        let ends = [self.port_box(&route.from)?.0, self.port_box(&route.to)?.0];
        let (start, end) = (axis.along(a), axis.along(b));
        let mut span = (start.min(end), start.max(end));
        let (mut low, mut high) = (at - MOST, at + MOST);
        // The pieces at both ends: each with the corner in between, and the one at its other end.
        for (beside, corner, far) in [(piece - 1, piece, piece - 1), (piece + 1, piece + 1, piece + 2)] {
            let there = axis.across(points[far]);
            let long = (there - at).abs();
            // What turns back may not turn inside out; a short step aside may as well lead to the other side.
            let next = if beside < piece { beside.checked_sub(1) } else { Some(beside + 1) };
            let way = |it: usize| Some(axis.along(*points.get(it + 1)?) - axis.along(*points.get(it)?));
            let turns_back = next.and_then(way).is_some_and(|it| it * (end - start) < 0.0);
            let keep =
                if is_end(points, beside) { Some(long.min(HEAD)) } else { turns_back.then_some(long / 2.0) };
            match keep {
                Some(keep) if there < at => low = low.max(there + keep),
                Some(keep) => high = high.min(there - keep),
                None => {}
            }
            if !self.is_held(id, route, beside as u32) {
                let (a, b) = (points[beside], points[beside + 1]);
                let sides = (axis.across(a), axis.across(b));
                let (least, most) =
                    self.free_of(axis.other(), sides, axis.along(points[corner]), &ends, sight);
                span = (span.0.min(least), span.1.max(most));
            }
        }
        let (least, most) = self.free_of(axis, span, at, &ends, sight);
        Some((low.max(least).min(at), high.min(most).max(at)))
    }

    /// How far a piece may move either way before it comes too near to what stands there.
    fn free_of(&self, axis: Axis, span: (f32, f32), at: f32, ends: &[Rect; 2], sight: &Sight) -> (f32, f32) {
        let (mut low, mut high) = (at - MOST, at + MOST);
        let (from, to) = (span.0.min(span.1) - CLEAR, span.0.max(span.1) + CLEAR);
        let area = Rect::spanning(axis.at(from, low - HEAD), axis.at(to, high + HEAD));
        self.obstacles(&area, sight, &mut |it: Obstacle| {
            if it.rect.overlaps(&area) {
                let (start, end) = (axis.across(it.rect.min), axis.across(it.rect.max));
                let margin = if ends.contains(&it.rect) {
                    HEAD
                } else if it.is_title {
                    0.0
                } else {
                    CLEAR
                };
                if end <= at {
                    low = low.max((end + margin).min(at));
                } else if at <= start {
                    high = high.min((start - margin).max(at));
                } else if !it.is_title {
                    (low, high) = (at, at);
                }
            }
            true
        });
        (low.min(at), high.max(at))
    }

    fn put_piece(
        &mut self,
        stage: &Stage<'_>,
        (id, piece): (&Id, usize),
        (axis, at): (Axis, f32),
        fresh: &mut Fresh,
    ) {
        let Some(route) = self.flows.get_mut(id) else { return };
        let is_there =
            |points: &[Pos]| points.get(piece).is_some_and(|it| (axis.across(*it) - at).abs() < 0.01);
        let (found, mut moved) = match route.aside.take().map(|it| *it) {
            Some(Aside { found, moved }) => (found, moved),
            None => (route.points.clone(), route.points.clone()),
        };
        // Exactly as it was found, if it goes back there.
        let at = found.get(piece).filter(|_| is_there(&found)).map_or(at, |it| axis.across(*it));
        for corner in moved.iter_mut().skip(piece).take(2) {
            *corner = axis.at(axis.along(*corner), at);
        }
        let mut new = moved.to_vec();
        simplify(&mut new);
        let old = std::mem::replace(&mut route.points, Points::from_vec(new));
        route.aside = (found != moved).then(|| Box::new(Aside { found, moved }));
        if route.points == old {
            return;
        }
        route.bounds = Rect::around(&route.points);
        let new: Points = route.points.clone();
        self.pieces.remove(id, pieces(&old));
        if self.todo.drawn.insert(id.clone()) {
            self.todo.looks.extend(pieces(&old));
        }
        fresh.redraw(id, pieces(&new).collect());
        self.jumps.remove(id);
        if self.is_jumping {
            self.todo.jump.insert(id.clone());
        }
        if self.has_put_pill(id) {
            self.put_pill_anew(stage, id);
        }
        self.todo.label.insert(id.clone());
    }

    /// A pill that its owner put somewhere follows its line.
    fn put_pill_anew(&mut self, stage: &Stage<'_>, id: &Id) {
        let Some(route) = self.flows.get(id) else { return };
        let (old, new) = (route.label.as_ref().map(|it| it.rect), pill_of_owner(stage, id, route));
        self.pills.replace(id, old, new.as_ref().map(|it| it.rect));
        for area in old.into_iter().chain(new.as_ref().map(|it| it.rect)) {
            self.look_again(&area);
        }
        if let Some(route) = self.flows.get_mut(id) {
            route.label = new;
        }
    }
}

/// The pieces that run along one and so near that they share its channel, itself included.
fn beside<'a>(runs: &'a Areas, piece: &Rect) -> impl Iterator<Item = &'a Entry> + use<'a> {
    let (axis, piece) = (Axis::of(piece.min, piece.max), *piece);
    let around = axis.at(CLEAR + 1.0, NEAR + 1.0);
    let near = Rect { min: piece.min - around, max: piece.max + around };
    // The same from both sides, to the last bit.
    let is_beside = move |it: &&Entry| {
        Axis::of(it.rect.min, it.rect.max) == axis
            && (axis.across(it.rect.min) - axis.across(piece.min)).abs() <= NEAR
            && gap_along(axis, &piece, &it.rect) <= CLEAR
    };
    runs.near(&near).filter(is_beside)
}

/// How far two pieces are from each other along their channel; below zero if they run side by side.
fn gap_along(axis: Axis, a: &Rect, b: &Rect) -> f32 {
    axis.along(a.min).max(axis.along(b.min)) - axis.along(a.max).min(axis.along(b.max))
}

/// How far around a piece others are looked for from which it keeps.
fn reach(piece: &Rect) -> Rect {
    let around = Axis::of(piece.min, piece.max).at(CLEAR, 2.0 * MOST);
    Rect { min: piece.min - around, max: piece.max + around }
}

/// Whether a piece leads to a box.
fn is_end(points: &[Pos], piece: usize) -> bool {
    piece == 0 || piece + 2 >= points.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Draft, Nesting, Place};
    use crate::scene::sketch::main_view;
    use crate::scene::tests::ways::tables;

    /// Two pieces of the lines as they are, how far they are from each other, and how long they run along each other.
    fn along(one: &Rect, two: &Rect) -> Option<(f32, f32)> {
        let axis = Axis::of(one.min, one.max);
        if axis != Axis::of(two.min, two.max) {
            return None;
        }
        let apart = (axis.across(one.min) - axis.across(two.min)).abs();
        let long =
            axis.along(one.max).min(axis.along(two.max)) - axis.along(one.min).max(axis.along(two.min));
        (long > 0.0).then_some((apart, long))
    }

    /// A piece where it is now.
    fn moved(layout: &Layout, (id, piece): &PieceKey) -> Option<Rect> {
        let route = layout.flows.get(id)?;
        let points = route.aside.as_ref().map_or_else(|| route.found(), |it| &it.moved);
        pieces(points).nth(*piece as usize)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// Cards go, and lines are bent and find their own ways again: all lies as if drawn from nothing.
        #[test]
        fn whatever_was_done_lines_lie_as_if_drawn_from_nothing(
            table in tables(),
            steps in prop::collection::vec((any::<u8>(), any::<u8>(), -12_i16..12, -12_i16..12), 1..8),
        ) {
            let mut model = table.model();
            let mut layout = crate::scene::tests::layout(&model);
            for (what, which, x, y) in steps {
                let pick = |ids: Vec<&Id>| ids.get(usize::from(which) % ids.len().max(1)).map(|it| (*it).clone());
                let by = (f32::from(x) * 8.0, f32::from(y) * 8.0);
                let edit = {
                    let mut draft = Draft::of(&model);
                    let card = pick(model.components().keys().collect());
                    let flow = pick(model.flows().keys().collect());
                    match (what % 5, flow, card) {
                        (0, Some(flow), _) => {
                            // A piece of it stays where it is, or is moved a little.
                            let route = &layout.flows[&flow];
                            let corners = route.points.iter().skip(1).take(route.points.len().saturating_sub(2));
                            let shift = if what % 2 == 0 { 0.0 } else { by.0 };
                            let waypoints = corners.map(|it| ((it.x + shift).into(), it.y.into())).collect();
                            let pinned = if what % 3 == 0 { vec![1] } else { Vec::new() };
                            draft.put((main_view(), flow), Place { waypoints, pinned, ..Place::default() });
                        }
                        (1, Some(flow), _) => draft.remove::<Place>(&(main_view(), flow)),
                        (2, Some(flow), _) if what % 10 == 2 => draft.delete(&[flow].into()),
                        (_, _, Some(card)) => draft.edit::<Place>(&(main_view(), card), |it| {
                            (it.x, it.y) = ((it.x.px() + by.0).into(), (it.y.px() + by.1).into());
                        }),
                        _ => {}
                    }
                    draft.finish()
                };
                let done = model.apply(&edit);
                let nesting = Nesting::of(&model);
                layout.update(&model, &nesting, &done);
                layout.settle(&model, &nesting, &|| false);
                let anew = crate::scene::tests::layout(&model);
                for (id, route) in &anew.flows {
                    let now = &layout.flows[id];
                    prop_assert!(now.points == route.points, "{id}: {:?} and anew {:?}", now.points, route.points);
                }
            }
        }

        #[test]
        fn no_line_is_moved_onto_another(table in tables()) {
            let layout = crate::scene::tests::layout(&table.model());
            let keys: Vec<PieceKey> = (layout.flows.iter())
                .flat_map(|(id, it)| (0..it.found().len() as u32 - 1).map(|n| (id.clone(), n)))
                .collect();
            for one in &keys {
                let found = pieces(layout.flows[&one.0].found()).nth(one.1 as usize).unwrap();
                for two in keys.iter().filter(|it| it.0 != one.0) {
                    let other = pieces(layout.flows[&two.0].found()).nth(two.1 as usize).unwrap();
                    // What was apart, and ran along it.
                    let Some((before, _)) = along(&found, &other).filter(|it| it.0 > NEAR) else { continue };
                    let [a, b] = [one, two].map(|it| moved(&layout, it).unwrap());
                    if let Some((now, long)) = along(&a, &b) {
                        prop_assert!(now > LEAST_GAP - 0.01, "{one:?} and {two:?}: {before} before, {now} now for {long}");
                    }
                }
            }
        }

        #[test]
        fn lines_of_a_channel_with_room_are_apart(table in tables()) {
            let layout = crate::scene::tests::layout(&table.model());
            for (id, route) in &layout.flows {
                for (piece, rect) in (0..).zip(pieces(route.found())) {
                    let Some(channel) = layout.channel(&(id.clone(), piece)) else { continue };
                    let (room, sight) = (channel.pieces.len() as f32 * LEAST_GAP, Sight::new());
                    let mut runs: Vec<Run<'_>> = channel.pieces.iter().map(|it| layout.run(it, Some(&sight)).unwrap()).collect();
                    layout.keep_from_others(&channel.pieces, &mut runs);
                    let has_room = |(it, is_held): (&Run<'_>, &bool)| *is_held || it.room.1 - it.room.0 >= room;
                    if channel.is_crowded || !runs.iter().zip(&channel.held).all(has_room) {
                        continue;
                    }
                    let moved = |key: &PieceKey| moved(&layout, key).unwrap();
                    let own = moved(&(id.clone(), piece));
                    for (other, _) in channel.pieces.iter().zip(&channel.held).filter(|it| it.0.0 != *id) {
                        let before = pieces(layout.flows[&other.0].found()).nth(other.1 as usize);
                        let ran_along = along(&rect, &before.unwrap()).is_some();
                        if let Some((apart, long)) = along(&own, &moved(other)).filter(|_| ran_along) {
                            prop_assert!(apart > LEAST_GAP - 0.01, "{id} {piece} and {other:?}: {apart} for {long}: {runs:#?}");
                        }
                    }
                }
            }
        }
    }
}
