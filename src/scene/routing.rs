//! Draws the lines of a layout: their wires joined, with their pills.

use std::collections::BTreeSet;

use crate::model::{Access, Flow, Id, Style, Truth};

use super::Layout;
use super::boxes::{LineStyle, Route};
use super::geometry::{Pos, Rect, is_level, simplify};
use super::labels::{pill_text, place_pill};
use super::layout::{Solid, SolidKind};
use super::nest::Stage;
use super::route::{Line, Obstacle, Port, route, through};
use super::wiring::{End, Wire};

/// How many lines one refresh may search a way for; the rest take a simple shape. Bounds the time to open a file.
const SEARCHES: u32 = 3000;

impl Layout {
    /// Takes a line out of the indexes.
    pub(super) fn forget_route(&mut self, id: &Id) {
        let Some(route) = self.flows.remove(id) else { return };
        self.reindex(id, Some(route.bounds), None);
        if let Some(pill) = route.label {
            self.solids.remove(&Solid { rect: pill.rect, kind: SolidKind::Pill, id: id.clone() });
        }
    }

    /// Routes lines anew, then finds room for their pills.
    pub(super) fn route_all(&mut self, stage: &Stage<'_>, lines: &BTreeSet<Id>) {
        let mut searches = SEARCHES;
        let mut shapes = Vec::new();
        let mut drawn = Vec::with_capacity(lines.len());
        for id in lines {
            self.forget_route(id);
            if let Some(route) = self.route_line(stage, id, &mut searches, &mut shapes) {
                drawn.push((id, route));
            }
        }
        for (id, route) in drawn {
            self.reindex(id, None, Some(route.bounds));
            self.flows.insert(id.clone(), route);
        }
        for id in lines {
            self.label_line(stage, id);
        }
    }

    fn route_line(
        &self,
        stage: &Stage<'_>,
        id: &Id,
        searches: &mut u32,
        shapes: &mut Vec<Line>,
    ) -> Option<Route> {
        let first = self.wiring.wires.get(&(id.clone(), 0))?;
        let mut last = first;
        let mut points: Vec<Pos> = Vec::new();
        for leg in 0..=u8::MAX {
            let Some(wire) = self.wiring.wires.get(&(id.clone(), leg)) else { break };
            if leg > 0 {
                self.pass_gate(&wire.from, &mut points, last);
            }
            points.extend(self.route_wire(wire, searches, shapes)?);
            last = wire;
        }
        simplify(&mut points);
        let merged = self.wiring.bundled(id).filter(|it| *it != id).cloned().collect();
        Some(Route {
            from: first.from.id.clone(),
            to: last.to.id.clone(),
            from_side: first.from.side,
            to_side: last.to.side,
            bounds: Rect::around(&points),
            points: points.into(),
            label: None,
            line: line_style(stage.model.flow(id)?),
            merged,
        })
    }

    /// Below a gate, a line may step aside unseen.
    fn pass_gate(&self, leaves: &End, points: &mut Vec<Pos>, before: &Wire) {
        let (Some(gate), Some(at)) = (self.gates.get(&leaves.id), points.last().copied()) else { return };
        let middle = gate.rect.centre();
        if is_level(before.to.side) {
            points.extend([Pos::new(at.x, middle.y), Pos::new(leaves.port, middle.y)]);
        } else {
            points.extend([Pos::new(middle.x, at.y), Pos::new(middle.x, leaves.port)]);
        }
    }

    fn route_wire(&self, wire: &Wire, searches: &mut u32, shapes: &mut Vec<Line>) -> Option<Vec<Pos>> {
        let port = |end: &End| {
            let (outer, _) = self.port_box(&end.id)?;
            Some(Port { pos: outer.on_side(end.side, end.port), side: end.side, own: outer })
        };
        let (from, to) = (port(&wire.from)?, port(&wire.to)?);
        if !wire.corners.is_empty() {
            return Some(through(from, &wire.corners, to));
        }
        let lane = if wire.from.lane.1 >= wire.to.lane.1 { wire.from.lane.0 } else { -wire.to.lane.0 };
        let near = |area: &Rect, found: &mut dyn FnMut(Obstacle)| self.obstacles(area, found);
        Some(route(from, to, lane, &near, searches, shapes))
    }

    fn label_line(&mut self, stage: &Stage<'_>, id: &Id) {
        let Some(route) = self.flows.get(id) else { return };
        let flows: Vec<&Flow> =
            [id].into_iter().chain(&route.merged).filter_map(|it| stage.model.flow(it)).collect();
        let Some((text, encrypted)) = pill_text(stage.model, &flows) else { return };
        let pill = place_pill(self, id, route, &text, encrypted);
        if pill.fits {
            self.solids.insert(Solid { rect: pill.rect, kind: SolidKind::Pill, id: id.clone() });
        }
        if let Some(route) = self.flows.get_mut(id) {
            route.label = Some(pill);
        }
    }
}

fn line_style(flow: &Flow) -> LineStyle {
    match (flow.access, flow.style) {
        (Access::Replicate, _) => LineStyle::Replicates,
        (_, Style::Asynchronous) => LineStyle::Asynchronous,
        _ => LineStyle::Plain,
    }
}

/// The worse of two answers to whether something is encrypted.
pub(super) fn worse(a: Truth, b: Truth) -> Truth {
    let weight = |it: Truth| match it {
        Truth::No => 3,
        Truth::Unknown => 2,
        Truth::Yes => 1,
        Truth::NotApplicable => 0,
    };
    if weight(a) >= weight(b) { a } else { b }
}
