//! What a user does to the line of a flow: its ends fixed or floating, its label along it, its heads.

use std::collections::BTreeSet;

use super::Editor;
use super::create::suggested_flow;
use crate::model::{BorderPoint, Draft, Figure, Flow, Id, Place, PlaceKey};
use crate::scene::{self, Pos};

/// What it is called that a flow finds its own way again.
pub(super) const RESET: &str = "Reset the route";

/// How far an arrow moves a label along its line.
const STEP: f32 = 8.0;

impl Editor {
    /// Draws a flow that meets its target at a point of its border; with none, wherever it suits its way. Selects it.
    pub fn connect_at(&mut self, from: &Id, to: &Id, at: Option<BorderPoint>) -> Option<Id> {
        if !self.can_end(from) || !self.can_end(to) {
            return None;
        }
        let (source, target) = (self.model.component(from)?, self.model.component(to)?);
        let flow = suggested_flow(from, source, to, target);
        let end = if from == to { "itself" } else { target.title() };
        let label = format!("Connect {} to {end}", source.title());
        let view = self.view.clone();
        let id = self.change(label, |draft, ids| {
            let id = draft.mint(ids, &format!("{from}-{to}"));
            draft.put(id.clone(), flow);
            put_line(draft, &(view, id.clone()), |it| it.entry = at);
            id
        });
        self.select([id.clone()]);
        Some(id)
    }

    /// Whether a flow may begin or end at an element: at a component, but at no note.
    pub fn can_end(&self, id: &Id) -> bool {
        self.model.component(id).is_some_and(|it| it.kind().can_end_flows())
    }

    /// Moves the target of a flow, or its source, to another component or to another point of the border of the same one;
    /// with no point, it meets that wherever it suits its way. Selects the flow.
    pub fn end_at(&mut self, flow: &Id, is_target: bool, to: &Id, at: Option<BorderPoint>) {
        if self.is_locked(flow) {
            return self.say_what_holds(flow);
        }
        let Some(now) = self.model.flow(flow) else { return };
        let stays = to == if is_target { &now.to } else { &now.from };
        if stays && self.is_layout_locked() {
            return self.say_what_holds(flow);
        }
        let label = match at {
            _ if !stays => format!("Reattach to {}", self.model.title(to)),
            Some(_) => "Fix the end".to_owned(),
            None => "Let the end float".to_owned(),
        };
        let (view, places) = (self.view.clone(), self.places_of(flow));
        self.change(label, |draft, _| {
            if !stays {
                draft.edit::<Flow>(flow, |it| {
                    let end = if is_target { &mut it.to } else { &mut it.from };
                    end.clone_from(to);
                });
                for key in places {
                    put_line(draft, &key, |it| {
                        (it.waypoints, it.pinned, it.label) = (Vec::new(), Vec::new(), None);
                        *end_of(it, is_target) = None;
                    });
                }
            }
            put_line(draft, &(view, flow.clone()), |it| *end_of(it, is_target) = at);
        });
        self.select([flow.clone()]);
    }

    /// Fixes the ends of the selected flows where they are.
    pub fn fix_ends(&mut self) {
        let fixed: Vec<_> =
            self.lines(Self::has_floating_end).map(|it| (it.clone(), self.ends_now(it))).collect();
        let (view, label) = (self.view.clone(), if fixed.len() == 1 { "Fix the ends" } else { "Fix ends" });
        self.change(label, |draft, _| {
            for (id, [exit, entry]) in fixed {
                put_line(draft, &(view.clone(), id), |it| (it.exit, it.entry) = (exit, entry));
            }
        });
    }

    /// Lets the ends of the selected flows go wherever it suits their ways.
    pub fn float_ends(&mut self) {
        let fixed: Vec<Id> = self.lines(Self::has_fixed_end).cloned().collect();
        self.change_lines("Let the ends float", fixed, |it| (it.exit, it.entry) = (None, None));
    }

    /// Lets one end of a flow float.
    pub fn float_end(&mut self, flow: &Id, is_target: bool) {
        if !self.can_move(flow) {
            return self.say_what_holds(flow);
        }
        self.change_lines("Let the end float", vec![flow.clone()], |it| *end_of(it, is_target) = None);
    }

    /// Where an end of a flow is fixed on this view.
    pub fn fixed_end(&self, flow: &Id, is_target: bool) -> Option<BorderPoint> {
        let place = self.model.place(&self.view, flow)?;
        if is_target { place.entry } else { place.exit }
    }

    pub(super) fn can_fix_ends(&self) -> bool {
        self.lines(Self::has_floating_end).next().is_some()
    }

    pub(super) fn can_float_ends(&self) -> bool {
        self.lines(Self::has_fixed_end).next().is_some()
    }

    fn has_fixed_end(&self, flow: &Id) -> bool {
        [false, true].into_iter().any(|it| self.fixed_end(flow, it).is_some())
    }

    fn has_floating_end(&self, flow: &Id) -> bool {
        let ends = [false, true].map(|it| self.fixed_end(flow, it));
        self.ends_now(flow).iter().zip(ends).any(|(now, fixed)| now.is_some() && fixed.is_none())
    }

    /// Where the ends of a flow are, as points of borders, those that may be fixed.
    fn ends_now(&self, flow: &Id) -> [Option<BorderPoint>; 2] {
        let [exit, entry] = self.layout.border_points(flow);
        [self.fixed_end(flow, false).or(exit), self.fixed_end(flow, true).or(entry)]
    }

    /// Puts the label of a flow at a share of its line, 0 to 1; with none, where there is room.
    pub fn move_label(&mut self, flow: &Id, share: Option<f32>) {
        if !self.can_move(flow) {
            return self.say_what_holds(flow);
        }
        let label = if share.is_some() { "Move the label" } else { "Reset the label" };
        let share = share.map(|it| Figure::share(it.clamp(0.0, 1.0)));
        self.change_lines(label, vec![flow.clone()], |it| it.label = share);
    }

    /// Moves the label of a flow one step along its line, whichever way that is nearer to `way`. Returns whether it has a
    /// label that could be moved so.
    pub fn nudge_label(&mut self, flow: &Id, way: Pos, steps: f32) -> bool {
        let Some(route) = self.layout.flows.get(flow).filter(|it| it.merged.is_empty()) else { return false };
        let Some(pill) = route.label.as_ref().filter(|it| it.fits) else { return false };
        let long = scene::geometry::length(&route.points).max(1.0);
        let now = scene::geometry::share_at(&route.points, pill.rect.centre());
        let at = |share: f32| scene::pill_centre(&route.points, share, pill.whole().width());
        let gains = |share: f32| {
            let by = at(share) - at(now);
            by.x * way.x + by.y * way.y
        };
        let there = [STEP, -STEP].map(|it| now + it * steps / long).into_iter();
        let best = there.max_by(|a, b| gains(*a).total_cmp(&gains(*b))).filter(|it| gains(*it) > 0.1);
        let share = best.map(|it| scene::geometry::share_at(&route.points, at(it)));
        if let Some(share) = share {
            self.move_label(flow, Some(share));
        }
        share.is_some()
    }

    pub(super) fn can_reset_routes(&self) -> bool {
        self.lines(Self::is_bent).next().is_some()
    }

    /// Lets the selected flows find their own ways again.
    pub(super) fn reset_routes(&mut self) {
        let bent: Vec<Id> = self.lines(Self::is_bent).cloned().collect();
        self.change_lines(RESET, bent, |it| (it.waypoints, it.pinned) = (Vec::new(), Vec::new()));
    }

    /// Whether the label of a flow was put where it is.
    pub fn has_put_label(&self, flow: &Id) -> bool {
        self.model.place(&self.view, flow).is_some_and(|it| it.label.is_some())
    }

    pub(super) fn can_reset_labels(&self) -> bool {
        self.lines(Self::has_put_label).next().is_some()
    }

    /// Lets the labels of the selected flows find room again.
    pub(super) fn reset_labels(&mut self) {
        let put: Vec<Id> = self.lines(Self::has_put_label).cloned().collect();
        self.change_lines("Reset the label", put, |it| it.label = None);
    }

    /// Turns a flow around, with its line on every view.
    pub fn turn_around(&mut self, flow: &Id) {
        let places = self.places_of(flow);
        self.change("Turn the flow around", |draft, _| {
            draft.edit::<Flow>(flow, |it| std::mem::swap(&mut it.from, &mut it.to));
            for key in places {
                put_line(draft, &key, |it| {
                    it.waypoints.reverse();
                    // They are counted from the other end.
                    let last = it.waypoints.len() as u32;
                    it.pinned = it.pinned.iter().rev().map(|it| last.saturating_sub(*it)).collect();
                    std::mem::swap(&mut it.exit, &mut it.entry);
                    it.label = it.label.map(|it| Figure::share(1.0 - it.px()));
                });
            }
        });
    }

    /// The selected flows that may be moved and of which something holds.
    fn lines(&self, holds: fn(&Self, &Id) -> bool) -> impl Iterator<Item = &Id> {
        let flows = self.selection.iter().filter(|it| self.model.flow(it).is_some());
        flows.filter(move |it| self.can_move(it) && holds(self, it))
    }

    fn change_lines(&mut self, label: &str, flows: Vec<Id>, change: impl Fn(&mut Place)) {
        let view = self.view.clone();
        self.change(label, |draft, _| {
            for id in flows {
                put_line(draft, &(view.clone(), id), &change);
            }
        });
    }

    /// The places of a line, on all views that have something to say of it.
    pub(super) fn places_of(&self, flow: &Id) -> Vec<PlaceKey> {
        let keys = self.model.views().keys().map(|it| (it.clone(), flow.clone()));
        let keys: BTreeSet<PlaceKey> = keys.chain([(self.view.clone(), flow.clone())]).collect();
        keys.into_iter().filter(|it| self.model.place(&it.0, &it.1).is_some()).collect()
    }
}

fn end_of(place: &mut Place, is_target: bool) -> &mut Option<BorderPoint> {
    if is_target { &mut place.entry } else { &mut place.exit }
}

/// Alters what a view says of the line of a flow; a line that goes its own way needs no place to say so.
pub(super) fn put_line(draft: &mut Draft<'_>, key: &PlaceKey, change: impl FnOnce(&mut Place)) {
    let mut place = draft.get::<Place>(key).cloned().unwrap_or_default();
    change(&mut place);
    if place == Place::default() {
        draft.remove::<Place>(key);
    } else {
        draft.put(key.clone(), place);
    }
}
