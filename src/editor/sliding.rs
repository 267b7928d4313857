//! Gates by arrows: along the edge that they sit on, round its corners, and across to the opposite edge.

use std::collections::BTreeSet;

use super::Editor;
use super::create::seat;
use crate::model::{Id, Side};
use crate::scene::geometry::is_level;
use crate::scene::{Pos, Rect};
use crate::tokens::size;

impl Editor {
    /// Slides the gates that are selected; returns whether there are any.
    pub fn nudge_gates(&mut self, by: Pos) -> bool {
        let is_gate = |it: &&Id| self.layout.gates.contains_key(*it);
        let gates: BTreeSet<Id> = self.selection.iter().filter(is_gate).cloned().collect();
        if gates.is_empty() {
            return false;
        }
        let Some(free) = self.free_of(&gates, Self::can_move) else { return true };
        let slid: Vec<(Id, (Side, f32))> =
            free.into_iter().filter_map(|id| self.slid(&id, by).map(|it| (id, it))).collect();
        let view = self.view.clone();
        let label = if slid.len() == 1 { "Slide the gate" } else { "Slide the gates" };
        self.change(label, |draft, _| {
            for (id, (side, offset)) in slid {
                seat(draft, &(view.clone(), id), side, offset);
            }
        });
        true
    }

    fn slid(&self, id: &Id, by: Pos) -> Option<(Side, f32)> {
        let gate = self.layout.gates.get(id)?;
        let edge = self.layout.rect(&gate.boundary)?;
        Some(step(&edge, gate.side, &gate.rect, by))
    }
}

/// Where a gate with this box on a side of an edge comes by a step.
fn step(edge: &Rect, side: Side, gate: &Rect, by: Pos) -> (Side, f32) {
    let (from, to) = edge.span(side);
    let share = |at: f32| ((at - from) / (to - from).max(1.0)).clamp(0.0, 1.0);
    let centre = gate.centre();
    let (at, half, along) = if is_level(side) {
        (centre.x, gate.width() / 2.0, by.x)
    } else {
        (centre.y, gate.height() / 2.0, by.y)
    };
    let heading = if by.x.abs() > by.y.abs() {
        if by.x > 0.0 { Side::Right } else { Side::Left }
    } else if by.y > 0.0 {
        Side::Bottom
    } else {
        Side::Top
    };
    if is_level(side) == is_level(heading) {
        // Across; there is no further out.
        return (heading, share(at));
    }
    // The layout keeps it off the round corners.
    let (low, high) = (from + half + size::RADIUS_BOUNDARY, to - half - size::RADIUS_BOUNDARY);
    let is_at_end = if along > 0.0 { at >= high - 0.5 } else { at <= low + 0.5 };
    if is_at_end {
        return (heading, if matches!(side, Side::Top | Side::Left) { 0.0 } else { 1.0 });
    }
    (side, share((at + along).clamp(low, high.max(low))))
}
