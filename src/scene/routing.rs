//! Draws the lines of a layout: their wires joined, with their pills.

use crate::model::{Access, Flow, Id, Style, Truth};

use super::Layout;
use super::boxes::{LabelBox, LineStyle, Points, Route};
use super::geometry::{Pos, Rect, is_level, simplify};
use super::labels::{pill_texts, place_pill, put_pill};
use super::nest::Stage;
use super::route::{Obstacle, Port, route};
use super::sights::Sight;
use super::wiring::{End, Wire};

impl Layout {
    /// The line of a flow through its gates, if it has one.
    pub(super) fn route_line(&self, stage: &Stage<'_>, id: &Id, sight: &Sight) -> Option<Route> {
        let first = self.wiring.wires.get(&(id.clone(), 0))?;
        let mut last = first;
        let mut points: Vec<Pos> = Vec::new();
        for leg in 0..=u8::MAX {
            let Some(wire) = self.wiring.wires.get(&(id.clone(), leg)) else { break };
            if leg > 0 {
                self.pass_gate(&wire.from, &mut points, last);
            }
            points.extend(self.route_wire(wire, sight)?);
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
            points: Points::from_slice(&points),
            aside: None,
            label: None,
            line: line_style(stage.model.flow(id)?),
            has_two_heads: self.has_two_heads(stage, id),
            merged,
        })
    }

    /// Of several in one, if all are drawn so.
    fn has_two_heads(&self, stage: &Stage<'_>, id: &Id) -> bool {
        self.wiring.bundled(id).all(|it| stage.model.flow(it).is_some_and(|it| it.two_heads))
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

    fn route_wire(&self, wire: &Wire, sight: &Sight) -> Option<Vec<Pos>> {
        let port = |end: &End| {
            let (outer, _) = self.port_box(&end.id)?;
            let (pos, side) = (outer.on_side(end.side, end.port), end.side);
            Some(Port { pos, side, own: outer, lane: end.lane, twins: end.twins })
        };
        let (from, to) = (port(&wire.from)?, port(&wire.to)?);
        let near = |area: &Rect, found: &mut dyn FnMut(Obstacle) -> bool| self.obstacles(area, sight, found);
        Some(if wire.bends.is_none() { route(from, to, &near) } else { wire.bends.line(from, to, &near) })
    }

    /// Whether the pill of a line is where its owner put it.
    pub(super) fn has_put_pill(&self, id: &Id) -> bool {
        self.flows.get(id).and_then(|it| it.label.as_ref()).is_some_and(|it| it.is_put)
    }

    /// Finds room for the pill of a line, unless it is put somewhere; returns where it was and is if it moved, and what
    /// was looked at.
    pub(super) fn label_line(&mut self, stage: &Stage<'_>, id: &Id) -> (Vec<Rect>, Vec<Rect>) {
        let Some(route) = self.flows.get(id).filter(|_| !self.has_put_pill(id)) else {
            return (Vec::new(), Vec::new());
        };
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

/// The pill of a line that its owner put somewhere along it.
pub(super) fn pill_of_owner(stage: &Stage<'_>, id: &Id, route: &Route) -> Option<LabelBox> {
    let share = stage.place(id)?.label.filter(|_| route.merged.is_empty())?;
    let (texts, encrypted) = pill_texts(stage.model, &[stage.model.flow(id)?])?;
    Some(put_pill(&route.points, share.px(), texts.first().map_or("", String::as_str), encrypted))
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
