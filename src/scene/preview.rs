//! A gesture's work before it is an edit: boxes where they are dragged to, and quick lines to them.
//!
//! Lines keep from nothing here and gates keep no distance: that is settled after the drop, so that dragging fifty
//! elements costs no more than drawing them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Id, Side};

use super::Layout;
use super::boxes::{LabelBox, Points, Route};
use super::geometry::{Pos, Rect, point_at, simplify};
use super::labels::point_for_pill;
use super::marks::Overlay;
use super::route::{Line, Port, middles, simple, through};
use super::wiring::{End, Wire};

/// What a gesture shows elsewhere than the layout has it.
#[derive(Debug, Default)]
pub(super) struct Preview {
    /// Cards without their stacks, gates and boundaries.
    pub(super) boxes: BTreeMap<Id, Rect>,
    pub(super) flows: BTreeMap<Id, Points>,
    /// How far what hangs on the line of a flow goes along with it: its pill, counts and pins. Where a line is drawn anew they
    /// hang at its middle; where they will be is found after the drop.
    shifted: BTreeMap<Id, Pos>,
    /// The pills that are moved along their lines.
    pub(super) pills: BTreeMap<Id, LabelBox>,
}

impl Preview {
    pub(super) fn of(layout: &Layout, overlay: &Overlay) -> Self {
        let mut preview = Self::default();
        let offsets = offsets(layout, overlay);
        for (id, by) in &offsets {
            if let Some(rect) = layout.rect(id) {
                preview.boxes.insert(id.clone(), rect.moved(*by));
            }
        }
        for (id, rect) in &overlay.resized {
            preview.boxes.insert(id.clone(), *rect);
            let old = layout.boundaries.get(id).map(|it| it.rect);
            let gates = layout.gates_on.get(id).into_iter().flatten();
            for gate in gates.filter(|it| !overlay.resized.contains_key(*it)) {
                if let (Some(old), Some(gate_box)) = (old, layout.gates.get(gate)) {
                    let (side, offset) = (gate_box.side, share(&old, gate_box.side, gate_box.rect.centre()));
                    preview.boxes.insert(gate.clone(), seated(rect, side, offset, &gate_box.rect));
                }
            }
        }
        for (id, place) in &overlay.places {
            let Some(gate) = layout.gates.get(id) else { continue };
            let boundary = preview.boxes.get(&gate.boundary).copied();
            let Some(boundary) = boundary.or_else(|| layout.rect(&gate.boundary)) else { continue };
            let (side, offset) = (place.side.unwrap_or(gate.side), place.offset.map_or(0.5, |it| it.px()));
            preview.boxes.insert(id.clone(), seated(&boundary, side, offset, &gate.rect));
        }
        preview.lines(layout, overlay, &offsets);
        preview
    }

    /// The pill of a line that shows, before its line takes it along; with all of its text where it `is_open`.
    pub(super) fn pill(&self, id: &Id, route: &Route, is_open: bool) -> Option<Rect> {
        let pill = self.pills.get(id).or(route.label.as_ref());
        pill.filter(|it| it.fits).map(|it| if is_open { it.whole() } else { it.rect })
    }

    /// How far its line takes along what hangs on it.
    pub(super) fn shift(&self, id: &Id) -> Pos {
        self.shifted.get(id).copied().unwrap_or_default()
    }

    fn lines(&mut self, layout: &Layout, overlay: &Overlay, offsets: &BTreeMap<Id, Pos>) {
        let attached = self.boxes.keys().flat_map(|it| layout.wiring.attached(it));
        let waypointed = overlay.places.keys().filter(|it| layout.flows.contains_key(*it));
        let lines: BTreeSet<&Id> = attached.chain(waypointed).collect();
        let mut shapes = Vec::new();
        for id in lines {
            let Some(route) = layout.flows.get(id) else { continue };
            let ends = (offsets.get(&route.from), offsets.get(&route.to));
            let wires = (0..=u8::MAX).map_while(|leg| layout.wiring.wires.get(&(id.clone(), leg)));
            let wires: Vec<&Wire> = wires.collect();
            if let (Some(one), Some(two)) = ends
                && one == two
                && wires.iter().all(|it| offsets.get(&it.from.id) == Some(one))
                && !overlay.places.contains_key(id)
            {
                self.flows.insert(id.clone(), route.points.iter().map(|it| *it + *one).collect());
                self.shifted.insert(id.clone(), *one);
                continue;
            }
            let place = overlay.places.get(id);
            if let Some((share, pill)) = place.and_then(|it| it.label).zip(route.label.as_ref()) {
                let whole = pill.whole();
                let at = point_for_pill(&route.points, share.px(), whole.width());
                let rect = Rect::centred(at, whole.width(), whole.height());
                let pill = LabelBox { rect, fits: true, unfolded: None, ..pill.clone() };
                self.pills.insert(id.clone(), pill);
                self.flows.insert(id.clone(), route.points.clone());
                continue;
            }
            let corners: Option<Vec<Pos>> =
                place.map(|it| it.waypoints.iter().map(|it| Pos::new(it.0.px(), it.1.px())).collect());
            let mut points = Vec::new();
            for wire in wires {
                points.extend(self.wire(
                    layout,
                    wire,
                    corners.as_deref().unwrap_or(&wire.bends.corners),
                    &mut shapes,
                ));
            }
            simplify(&mut points);
            let by = match &route.label {
                _ if points.is_empty() || route.points.is_empty() => Pos::ZERO,
                Some(pill) => point_for_pill(&points, 0.5, pill.rect.width()) - pill.rect.centre(),
                None => point_at(&points, 0.5) - point_at(&route.points, 0.5),
            };
            self.shifted.insert(id.clone(), by);
            self.flows.insert(id.clone(), Points::from_slice(&points));
        }
    }

    fn wire(&self, layout: &Layout, wire: &Wire, corners: &[Pos], shapes: &mut Vec<Line>) -> Vec<Pos> {
        let (from, to) = (self.ports(layout, &wire.from), self.ports(layout, &wire.to));
        let mut best: Option<Line> = None;
        for one in &from {
            for two in &to {
                if !corners.is_empty() {
                    return through(*one, corners, *two);
                }
                simple(*one, *two, shapes);
                let line = shapes.first();
                if let Some(line) = line.filter(|it| best.is_none_or(|best| it.cost() < best.cost())) {
                    best = Some(*line);
                }
            }
        }
        best.map(|it| it.points().to_vec()).unwrap_or_default()
    }

    /// Where a wire may end: where it did, or in the middle of any side of a card that moved.
    fn ports(&self, layout: &Layout, end: &End) -> Vec<Port> {
        let Some((outer, _)) = layout.port_box(&end.id) else { return Vec::new() };
        let port = |own: Rect, side: Side, pos: Pos| Port::alone(pos, side, own);
        let Some(rect) = self.boxes.get(&end.id) else {
            // One that is being laid has no port yet.
            let pos =
                if end.port.is_nan() { outer.middle(end.side) } else { outer.on_side(end.side, end.port) };
            return vec![port(outer, end.side, pos)];
        };
        if let Some(share) = end.fixed {
            let (low, high) = rect.span(end.side);
            return vec![port(*rect, end.side, rect.on_side(end.side, low + (high - low) * share))];
        }
        if layout.gates.contains_key(&end.id) {
            return vec![port(*rect, end.side, rect.middle(end.side))];
        }
        middles(*rect).to_vec()
    }
}

/// How far each element moves: those of the overlay, and all that stands in them or guards them.
fn offsets(layout: &Layout, overlay: &Overlay) -> BTreeMap<Id, Pos> {
    let mut offsets = BTreeMap::new();
    for (id, by) in &overlay.moved {
        let mut open = vec![id];
        while let Some(next) = open.pop() {
            offsets.insert(next.clone(), *by);
            // What moves itself goes its own way, whatever it stands in does.
            let members = layout.members.get(next).into_iter().flatten();
            open.extend(members.filter(|it| !overlay.moved.contains_key(*it)));
            offsets.extend(layout.gates_on.get(next).into_iter().flatten().map(|it| (it.clone(), *by)));
        }
    }
    offsets
}

fn share(rect: &Rect, side: Side, pos: Pos) -> f32 {
    let (low, high) = rect.span(side);
    let along = if super::geometry::is_level(side) { pos.x } else { pos.y };
    (along - low) / (high - low).max(1.0)
}

fn seated(boundary: &Rect, side: Side, offset: f32, gate: &Rect) -> Rect {
    let (low, high) = boundary.span(side);
    let at = boundary.on_side(side, low + (high - low) * offset.clamp(0.0, 1.0));
    Rect::centred(at, gate.width(), gate.height())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::geometry::distance_to;
    use crate::scene::tests::{layout, model};
    use crate::scene::{Badge, Highlight, Layer, Level, Look, Marks, Shape, display};

    /// What the boxes of a layer are, while a card is dragged.
    fn boxes(layout: &Layout, overlay: &Overlay, layer: Layer) -> Vec<Rect> {
        let badge = Badge { count: 2, level: Level::High };
        let marks = Marks { badges: [(Id::slug("f"), badge)].into(), ..Marks::default() };
        let highlight = Highlight::default();
        let look = Look { overlay: Some(overlay), ..Look::whole(&marks, &highlight, 1.0) };
        let mut boxes = Vec::new();
        display(layout, &look, &mut |it| {
            if let (true, Shape::Rect(shape)) = (it.layer == layer, &it.shape) {
                boxes.push(shape.rect);
            }
        });
        boxes
    }

    #[test]
    fn what_hangs_on_a_line_goes_along_while_its_end_is_dragged() {
        let layout = layout(&model(
            r#"components: {"a": (kind: "web-server"), "b": (kind: "database")},
            flows: {"f": (from: "a", to: "b", protocol: "https", port: "443")},
            views: {"main": ()},
            places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 500, y: 0)}"#,
        ));
        let moved = [(Id::slug("b"), Pos::new(-600.0, 300.0))].into();
        let overlay = Overlay { moved, ..Overlay::default() };
        let still = Overlay::default();
        let preview = Preview::of(&layout, &overlay);
        let line = &preview.flows[&Id::slug("f")];
        for layer in [Layer::Label, Layer::Badge] {
            let far =
                |overlay| boxes(&layout, overlay, layer).into_iter().map(|it| distance_to(line, it.centre()));
            assert!(far(&overlay).count() > 0 && far(&overlay).all(|it| it < 60.0), "{layer:?}");
            assert!(far(&still).all(|it| it > 60.0), "{layer:?}: else this shows nothing");
        }
    }
}
