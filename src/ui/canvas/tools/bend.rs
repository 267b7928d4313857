//! Dragging a piece of a flow: the flow keeps to where it was put.

use egui::CursorIcon;

use super::{After, Gesture, Stage};
use crate::model::{Id, Place};
use crate::scene::geometry::distance_to;
use crate::scene::{Pos, SNAP};

#[derive(Debug)]
pub(super) struct Bending {
    flow: Id,
    points: Vec<Pos>,
    /// The piece between this point and the next.
    piece: usize,
    corners: Vec<Pos>,
}

impl Bending {
    pub(super) fn of(stage: &Stage<'_>, flow: &Id) -> Option<Self> {
        let layout = stage.editor.layout();
        // One that waits to be drawn anew is not where it will be.
        let route = layout.flows.get(flow).filter(|it| it.merged.is_empty() && !layout.is_waiting(flow))?;
        // Drawn as another flow while its end is hidden: its corners would not be its own.
        let ends = stage.editor.model().flow(flow)?;
        if ends.from != route.from || ends.to != route.to {
            return None;
        }
        let points = route.points.to_vec();
        let away = |n: &usize| distance_to(&points[*n..*n + 2], stage.press);
        let piece = (0..points.len().checked_sub(1)?).min_by(|a, b| away(a).total_cmp(&away(b)))?;
        Some(Self { flow: flow.clone(), points, piece, corners: Vec::new() })
    }

    /// The corners of the line with its piece moved crosswise. The first and the last piece stay at their ends, and so
    /// grow a corner.
    fn bent(&self, stage: &Stage<'_>) -> Vec<Pos> {
        let (a, b) = (self.points[self.piece], self.points[self.piece + 1]);
        let is_level = (a.y - b.y).abs() < 0.5;
        let is_snapped = stage.editor.shown.snap && !stage.keys.command;
        let snap = |it: f32| if is_snapped { (it / SNAP).round() * SNAP } else { it };
        let by = stage.at - stage.press;
        let shifted = |it: Pos| {
            if is_level { Pos::new(it.x, snap(it.y + by.y)) } else { Pos::new(snap(it.x + by.x), it.y) }
        };
        let mut corners: Vec<Pos> = Vec::with_capacity(self.points.len() + 2);
        let last = self.points.len() - 1;
        for (n, at) in self.points.iter().enumerate() {
            let moves = n == self.piece || n == self.piece + 1;
            if !moves {
                corners.push(*at);
                continue;
            }
            let is_end = n == 0 || n == last;
            // A short stub remains, so that the line leaves its box as before.
            let from = if is_end { at.towards(if n == 0 { b } else { a }, Self::stub(a, b)) } else { *at };
            if n == last {
                corners.extend([shifted(from), from]);
            } else if n == 0 {
                corners.extend([from, shifted(from)]);
            } else {
                corners.push(shifted(*at));
            }
        }
        // The ends themselves are no corners.
        let from = usize::from(self.piece != 0);
        let to = if self.piece + 1 == last { corners.len() } else { corners.len() - 1 };
        corners.get(from..to).map(<[Pos]>::to_vec).unwrap_or_default()
    }

    fn stub(a: Pos, b: Pos) -> f32 {
        (24.0 / a.distance(b).max(1.0)).min(0.3)
    }
}

impl Gesture for Bending {
    fn go(&mut self, stage: &mut Stage<'_>) {
        self.corners = self.bent(stage);
        stage.overlay.places.insert(self.flow.clone(), bent(&self.corners));
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        // The first piece grows a stub before it.
        let piece = if self.piece == 0 { 2 } else { self.piece };
        stage.editor.bend(&self.flow, &self.corners, piece);
        After::Nothing
    }

    fn cursor(&self) -> CursorIcon {
        let (a, b) = (self.points[self.piece], self.points[self.piece + 1]);
        if (a.y - b.y).abs() < 0.5 { CursorIcon::ResizeVertical } else { CursorIcon::ResizeHorizontal }
    }
}

fn bent(corners: &[Pos]) -> Place {
    Place { waypoints: corners.iter().map(|it| (it.x.into(), it.y.into())).collect(), ..Place::default() }
}
