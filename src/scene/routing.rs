//! Draws the lines of a layout: their wires joined, with their pills.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Access, Flow, Id, Style, Truth};

use super::Layout;
use super::areas::Entry;
use super::boxes::{LabelBox, LineStyle, Route};
use super::geometry::{Pos, Rect, is_level, simplify};
use super::labels::{pill_texts, place_pill};
use super::nest::Stage;
use super::route::{Line, Obstacle, Port, route, through};
use super::sights::Sight;
use super::wiring::{End, Wire};

/// How many lines one refresh may search a way for; the rest take a simple shape. Bounds the time to open a file.
const SEARCHES: u32 = 3000;

/// What a refresh has drawn anew.
#[derive(Debug, Default)]
pub(super) struct Redrawn {
    /// Lines, with what was looked at to choose their sides if these were chosen anew.
    pub(super) lines: BTreeMap<Id, Option<Rect>>,
    /// Where something was or is: pills near it may find other room.
    pub(super) areas: Vec<Rect>,
}

impl Layout {
    /// Takes out a line.
    pub(super) fn forget_route(&mut self, id: &Id, redrawn: &mut Redrawn) {
        self.sights.forget(id);
        self.rub_out(id, redrawn);
    }

    fn rub_out(&mut self, id: &Id, redrawn: &mut Redrawn) {
        let Some(route) = self.flows.remove(id) else { return };
        for piece in pieces(&route.points) {
            self.pieces.remove(piece, id);
            redrawn.areas.push(piece);
        }
        if let Some(pill) = route.label.filter(|it| it.fits) {
            self.pills.remove(pill.rect, id);
            redrawn.areas.push(pill.rect);
        }
    }

    /// Routes lines anew, then finds room for their pills.
    pub(super) fn route_all(&mut self, stage: &Stage<'_>, mut redrawn: Redrawn) {
        let is_first = self.sights.is_empty();
        let mut searches = SEARCHES;
        let mut shapes = Vec::new();
        let (mut seen, mut entries) = (Vec::new(), Vec::new());
        let lines = std::mem::take(&mut redrawn.lines);
        for (id, sides) in &lines {
            self.rub_out(id, &mut redrawn);
            let sight = Sight::new();
            let Some(route) = self.route_line(stage, id, &sight, &mut searches, &mut shapes) else {
                continue;
            };
            seen.push((id.clone(), *sides, sight.seen()));
            entries.extend(pieces(&route.points).map(|rect| Entry { rect, id: id.clone() }));
            self.flows.insert(id.clone(), route);
        }
        redrawn.areas.extend(entries.iter().map(|it| it.rect));
        self.pieces.extend(entries);
        self.sights.note_lines(seen);
        let mut pills: BTreeSet<Id> = lines.into_keys().collect();
        if is_first {
            self.place_pills(stage, pills);
            return;
        }
        for area in &redrawn.areas {
            pills.extend(self.sights.pills(area).cloned());
        }
        self.place_pills_anew(stage, pills);
    }

    /// Finds room for the pills of all lines, one after another.
    fn place_pills(&mut self, stage: &Stage<'_>, lines: BTreeSet<Id>) {
        let mut seen = Vec::with_capacity(lines.len());
        for id in lines {
            let areas = self.label_line(stage, &id).1;
            seen.push((id, areas));
        }
        self.sights.note_pills(seen);
    }

    /// Finds room for pills again. A pill keeps from those of smaller ids, so each that moves may move later ones.
    fn place_pills_anew(&mut self, stage: &Stage<'_>, mut lines: BTreeSet<Id>) {
        while let Some(id) = lines.pop_first() {
            let (moved, areas) = self.label_line(stage, &id);
            for area in moved {
                lines.extend(self.sights.pills(&area).filter(|it| **it > id).cloned());
            }
            self.sights.note_pills(vec![(id, areas)]);
        }
    }

    fn route_line(
        &self,
        stage: &Stage<'_>,
        id: &Id,
        sight: &Sight,
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
            points.extend(self.route_wire(wire, sight, searches, shapes)?);
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

    fn route_wire(
        &self,
        wire: &Wire,
        sight: &Sight,
        searches: &mut u32,
        shapes: &mut Vec<Line>,
    ) -> Option<Vec<Pos>> {
        let port = |end: &End| {
            let (outer, _) = self.port_box(&end.id)?;
            Some(Port { pos: outer.on_side(end.side, end.port), side: end.side, own: outer })
        };
        let (from, to) = (port(&wire.from)?, port(&wire.to)?);
        if !wire.corners.is_empty() {
            return Some(through(from, &wire.corners, to));
        }
        let lane = if wire.from.lane.1 >= wire.to.lane.1 { wire.from.lane.0 } else { -wire.to.lane.0 };
        let near = |area: &Rect, found: &mut dyn FnMut(Obstacle)| self.obstacles(area, sight, found);
        Some(route(from, to, lane, &near, searches, shapes))
    }

    /// Finds room for the pill of a line; returns where it was and is if it moved, and what was looked at.
    fn label_line(&mut self, stage: &Stage<'_>, id: &Id) -> (Vec<Rect>, Vec<Rect>) {
        let Some(route) = self.flows.get(id) else { return (Vec::new(), Vec::new()) };
        let flows: Vec<&Flow> =
            [id].into_iter().chain(&route.merged).filter_map(|it| stage.model.flow(it)).collect();
        let (pill, seen) = match pill_texts(stage.model, &flows) {
            Some((texts, encrypted)) => {
                let (pill, seen) = place_pill(self, id, &route.points, &texts, encrypted);
                (Some(pill), seen)
            }
            None => (None, Vec::new()),
        };
        let room = |it: &Option<LabelBox>| it.as_ref().filter(|it| it.fits).map(|it| it.rect);
        let (old, new) = (room(&route.label), room(&pill));
        self.pills.replace(id, old, new);
        if let Some(route) = self.flows.get_mut(id) {
            route.label = pill;
        }
        let moved = if old == new { Vec::new() } else { old.into_iter().chain(new).collect() };
        (moved, seen)
    }
}

/// The pieces of a line, as boxes without a width or a height.
pub(super) fn pieces(points: &[Pos]) -> impl Iterator<Item = Rect> {
    points.windows(2).map(|it| Rect::spanning(it[0], it[1]))
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
