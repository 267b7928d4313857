//! From a layout to the display list: what is seen, layer by layer.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::Id;
use crate::tokens::{Ink, size};

use super::Layout;
use super::brush::Brush;
use super::draw::{
    Detail, State, draw_badge, draw_boundary, draw_card, draw_flow, draw_gate, draw_halo, draw_pill,
};
use super::geometry::{Pos, Rect};
use super::list::{DisplayList, Fill, Layer, Stroke};
use super::marks::{Connect, Evidence, Highlight, Marks, Overlay};
use super::preview::Preview;

/// How far stacks, badges and glows reach out of the boxes that the index knows.
const REACH: f32 = 24.0;
/// How much of what is no evidence is left.
const STEPS_BACK: f32 = 0.6;

/// How a layout is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub marks: &'a Marks,
    pub highlight: &'a Highlight,
    pub overlay: Option<&'a Overlay>,
    /// The part of the world that is seen; all of it if none.
    pub viewport: Option<Rect>,
    /// Pixels on the screen for one of the world: decides how much detail is worth painting.
    pub zoom: f32,
}

/// Fills `out` with what is seen of a layout, in painting order.
pub fn display(layout: &Layout, look: &Look<'_>, out: &mut DisplayList) {
    out.clear();
    let preview =
        look.overlay.filter(|it| !it.is_empty()).map(|it| Preview::of(layout, it)).unwrap_or_default();
    let evidence = look.marks.evidence.as_ref();
    let lit = evidence.map(|it| it.components.iter().chain(&it.flows).chain(&it.boundaries).collect());
    let mut scene = Scene { layout, look, preview, lit, evidence, out };
    let seen = scene.seen();
    scene.boundaries(&seen.boundaries);
    scene.flows(&seen.flows);
    scene.cards(&seen.cards);
    scene.gates(&seen.gates);
    scene.pills(&seen.flows);
    scene.badges(&seen);
    scene.tools();
}

/// What lies in the viewport.
#[derive(Default)]
struct Seen<'a> {
    boundaries: Vec<&'a Id>,
    flows: Vec<&'a Id>,
    cards: Vec<&'a Id>,
    gates: Vec<&'a Id>,
}

struct Scene<'a> {
    layout: &'a Layout,
    look: &'a Look<'a>,
    preview: Preview,
    lit: Option<BTreeSet<&'a Id>>,
    evidence: Option<&'a Evidence>,
    out: &'a mut DisplayList,
}

impl<'a> Scene<'a> {
    fn seen(&self) -> Seen<'a> {
        let layout = self.layout;
        let everything = || Seen {
            boundaries: layout.boundaries.keys().collect(),
            flows: layout.flows.keys().collect(),
            cards: layout.cards.keys().collect(),
            gates: layout.gates.keys().collect(),
        };
        let area = self.look.viewport.map(|it| it.grown(REACH));
        let hides = area.filter(|area| layout.bounds().is_some_and(|it| !area.contains_rect(&it)));
        let mut seen = match hides {
            None => everything(),
            Some(area) => {
                let mut ids: BTreeSet<&Id> = BTreeSet::new();
                ids.extend(layout.boxes_in(&area).map(|it| &it.id).chain(layout.flows_in(&area)));
                // What a gesture has brought in from elsewhere.
                let known = |id: &Id| layout.keys_of(id);
                ids.extend(self.preview.boxes.keys().chain(self.preview.flows.keys()).filter_map(known));
                let mut seen = Seen::default();
                for id in ids {
                    if layout.flows.contains_key(id) {
                        seen.flows.push(id);
                    } else if layout.cards.contains_key(id) {
                        seen.cards.push(id);
                    } else if layout.gates.contains_key(id) {
                        seen.gates.push(id);
                    } else {
                        seen.boundaries.push(id);
                    }
                }
                seen
            }
        };
        seen.boundaries.sort_by_key(|it| layout.boundaries.get(*it).map(|it| it.depth));
        // What is dragged lies above what is not.
        seen.cards.sort_by_key(|it| self.preview.boxes.contains_key(*it));
        seen
    }

    fn state(&self, id: &Id) -> State {
        let highlight = self.look.highlight;
        State {
            is_selected: highlight.selected.contains(id),
            is_hovered: highlight.hovered.as_ref() == Some(id),
            is_target: highlight.drop_target.as_ref() == Some(id)
                || highlight.connect.as_ref().is_some_and(|it| it.target.as_ref() == Some(id)),
            is_inferred: self.look.marks.inferred.contains(id),
            lit: self.lit.as_ref().filter(|it| it.contains(id)).and(self.evidence).map(|it| it.level.ink()),
        }
    }

    fn flow_state(&self, id: &Id) -> State {
        let merged = self.layout.flows.get(id).map_or(&[][..], |it| &it.merged);
        let all = merged.iter().map(|it| self.state(it));
        all.fold(self.state(id), |one, other| State {
            is_selected: one.is_selected || other.is_selected,
            lit: one.lit.or(other.lit),
            ..one
        })
    }

    /// How much is left of something while evidence is shown.
    fn opacity(&self, state: &State) -> f32 {
        let steps_back = self.lit.is_some() && state.lit.is_none() && !state.is_selected && !state.is_hovered;
        if steps_back { STEPS_BACK } else { 1.0 }
    }

    fn brush<'b>(&'b mut self, layer: Layer, opacity: f32, element: Option<&'b Id>) -> Brush<'b> {
        Brush { out: self.out, layer, opacity, element }
    }

    fn detail(&self) -> Detail {
        Detail::at(self.look.zoom)
    }

    fn boundaries(&mut self, ids: &[&'a Id]) {
        let detail = self.detail();
        for id in ids {
            let Some(it) = self.layout.boundaries.get(*id) else { continue };
            let rect = self.preview.boxes.get(*id).copied().unwrap_or(it.rect);
            let state = self.state(id);
            // Areas carry the structure of the whole: they stay.
            draw_boundary(&mut self.brush(Layer::Boundary, 1.0, Some(id)), it, rect, &state, detail);
        }
    }

    fn flows(&mut self, ids: &[&'a Id]) {
        let detail = self.detail();
        let glowing = if self.lit.is_some() { ids } else { &[] };
        for id in glowing {
            let state = self.flow_state(id);
            let Some((_, points)) = self.line(id).filter(|_| state.lit.is_some()) else { continue };
            draw_halo(&mut self.brush(Layer::Halo, 1.0, Some(id)), &points, &state);
        }
        let mut above = Vec::new();
        for id in ids {
            let (state, Some((route, points))) = (self.flow_state(id), self.line(id)) else { continue };
            if state.lit.is_some() || state.is_selected {
                above.push((*id, state, route, points));
                continue;
            }
            let opacity = self.opacity(&state);
            draw_flow(&mut self.brush(Layer::Flow, opacity, Some(id)), route, &points, &state, detail);
        }
        for (id, state, route, points) in above {
            draw_flow(&mut self.brush(Layer::Flow, 1.0, Some(id)), route, &points, &state, detail);
        }
    }

    fn line(&self, id: &Id) -> Option<(&'a super::boxes::Route, Arc<[Pos]>)> {
        let route = self.layout.flows.get(id)?;
        Some((route, self.preview.flows.get(id).map_or_else(|| Arc::clone(&route.points), Arc::clone)))
    }

    fn cards(&mut self, ids: &[&'a Id]) {
        let detail = self.detail();
        for id in ids {
            let Some(card) = self.layout.cards.get(*id) else { continue };
            let rect = self.preview.boxes.get(*id).copied().unwrap_or(card.rect);
            let state = self.state(id);
            let opacity = self.opacity(&state);
            let level = self.look.marks.badges.get(*id).map(|it| it.level.ink());
            draw_card(&mut self.brush(Layer::Card, opacity, Some(id)), card, rect, &state, (detail, level));
        }
    }

    fn gates(&mut self, ids: &[&'a Id]) {
        let detail = self.detail();
        for id in ids {
            let Some(gate) = self.layout.gates.get(*id) else { continue };
            let rect = self.preview.boxes.get(*id).copied().unwrap_or(gate.rect);
            let state = self.state(id);
            let opacity = self.opacity(&state);
            let ports = self.evidence.map(|it| (&it.ports, it.level.ink()));
            let mut brush = self.brush(Layer::Gate, opacity, Some(id));
            draw_gate(&mut brush, gate, rect, &state, (detail, ports));
        }
    }

    fn pills(&mut self, ids: &[&'a Id]) {
        let detail = self.detail();
        if !detail.small_text {
            return;
        }
        for id in ids {
            let Some(pill) = self.layout.flows.get(*id).and_then(|it| it.label.as_ref()) else { continue };
            let state = self.flow_state(id);
            if !pill.fits && !state.is_selected && !state.is_hovered {
                continue;
            }
            let by = match (self.preview.shifted.get(*id), self.preview.flows.contains_key(*id)) {
                (Some(by), _) => *by,
                (None, false) => Pos::ZERO,
                // Its line is being drawn anew: where the pill will be is not known yet.
                (None, true) => continue,
            };
            let opacity = self.opacity(&state);
            draw_pill(&mut self.brush(Layer::Label, opacity, Some(id)), pill, by, &state);
        }
    }

    fn badges(&mut self, seen: &Seen<'a>) {
        let detail = self.detail();
        if !detail.icons || self.look.marks.badges.is_empty() {
            return;
        }
        let boxes = seen.cards.iter().chain(&seen.gates).chain(&seen.boundaries);
        for id in boxes.chain(&seen.flows) {
            let Some(badge) = self.look.marks.badges.get(*id) else { continue };
            let layout = self.layout;
            let moved = self.preview.boxes.get(*id).copied();
            let pill = || layout.flows.get(*id)?.label.as_ref().filter(|it| it.fits).map(|it| it.rect);
            let Some(rect) = moved.or_else(pill).or_else(|| layout.rect(id)) else { continue };
            let corner = if layout.boundaries.contains_key(*id) {
                Pos::new(rect.max.x - 20.0, rect.min.y)
            } else {
                Pos::new(rect.max.x - 2.0, rect.min.y)
            };
            let state = self.flow_state(id);
            let opacity = self.opacity(&state);
            draw_badge(&mut self.brush(Layer::Badge, opacity, Some(id)), *badge, corner, detail);
        }
    }

    fn tools(&mut self) {
        let highlight = self.look.highlight;
        // As wide on the screen at every zoom.
        let px = 1.0 / self.look.zoom.max(0.01);
        if let Some(connect) = &highlight.connect {
            self.connect(connect, px);
        }
        let mut brush = self.brush(Layer::Tool, 1.0, None);
        if let Some(rect) = highlight.marquee {
            let fill = Fill::tint(Ink::Accent, 0.08);
            brush.rect(rect, 2.0 * px, Some(fill), Some(Stroke::of(Ink::Accent, px)));
        }
        for (from, to) in &highlight.guides {
            brush.path(&Arc::from([*from, *to]), 0.0, Stroke::of(Ink::Accent, px), 0.0);
        }
    }

    fn connect(&mut self, connect: &Connect, px: f32) {
        let Some(from) = self.layout.rect(&connect.from) else { return };
        let target = connect.target.as_ref().and_then(|it| self.layout.rect(it));
        let end = target.map_or(connect.to, |it| {
            let (side, _) = it.nearest_side(from.centre());
            it.middle(side)
        });
        let (side, _) = from.nearest_side(end);
        let start = from.middle(side);
        let ink = if connect.is_valid { Ink::Accent } else { Ink::Critical };
        let stroke = Stroke::of(ink, size::STROKE_SELECTED.max(1.5 * px)).dashed(size::DASH_FLOW);
        let mut brush = self.brush(Layer::Tool, 1.0, None);
        brush.path(&Arc::from([start, end]), 0.0, stroke, size::ARROW_HEAD);
    }
}
