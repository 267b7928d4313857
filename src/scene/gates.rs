//! Gates: pills on the edge of a boundary that wear the ports they let in.

use std::sync::Arc;

use crate::model::{Allows, Component, Id, PortRange, Ports, Side};
use crate::tokens::{Face, size};

use super::boxes::{GateBox, GateWord};
use super::geometry::{Pos, Rect, is_level};
use super::nest::Stage;

/// Ports beyond these are an ellipsis; the inspector shows all.
const WORDS: usize = 5;
const GAP: f32 = 8.0;
const BEFORE_WORDS: f32 = size::SPACE_8 + size::ICON_SMALL + size::SPACE_6;

/// The gates of one boundary, side by side: each at its offset, or as near as the others let it.
pub(super) fn gates<'a>(
    stage: &Stage<'_>,
    boundary: (&Id, &Rect),
    ids: impl IntoIterator<Item = &'a Id>,
) -> Vec<(Id, GateBox)> {
    let mut sides: [Vec<(f32, &Id, GateBox)>; 4] = Default::default();
    for id in ids {
        let (Some(component), Some(place)) = (stage.model.component(id), stage.place(id)) else { continue };
        let (side, offset) = match place.side {
            Some(side) => (side, place.offset.map_or(0.5, |it| it.px().clamp(0.0, 1.0))),
            // A card that became a gate sits where it is nearest.
            None => boundary.1.nearest_side(Pos::new(place.x.px() + size::CARD_WIDTH / 2.0, place.y.px())),
        };
        let gate = pill(component, boundary.0, side);
        let (from, to) = boundary.1.span(side);
        if let Some(row) = sides.get_mut(side as usize) {
            row.push((from + (to - from) * offset, id, gate));
        }
    }
    let mut placed = Vec::new();
    for mut row in sides {
        row.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        spread(boundary.1, &mut row);
        placed.extend(row.into_iter().map(|(_, id, gate)| (id.clone(), gate)));
    }
    placed
}

/// Moves the gates of one side apart, and into the side while there is room.
fn spread(boundary: &Rect, row: &mut [(f32, &Id, GateBox)]) {
    let Some(side) = row.first().map(|it| it.2.side) else { return };
    let extent = |it: &GateBox| if is_level(side) { it.rect.width() } else { it.rect.height() };
    let (from, to) = boundary.span(side);
    let mut free = from + size::RADIUS_BOUNDARY;
    for (along, _, gate) in row.iter_mut() {
        *along = along.max(free + extent(gate) / 2.0);
        free = *along + extent(gate) / 2.0 + GAP;
    }
    let mut free = to - size::RADIUS_BOUNDARY;
    for (along, _, gate) in row.iter_mut().rev() {
        *along = along.min(free - extent(gate) / 2.0);
        free = *along - extent(gate) / 2.0 - GAP;
    }
    for (along, _, gate) in row.iter_mut() {
        gate.rect = Rect::centred(boundary.on_side(side, *along), gate.rect.width(), gate.rect.height());
    }
}

/// How wide the pill of a gate is.
pub(super) fn pill_width(component: &Component) -> f32 {
    words(component).1
}

/// The words of a gate, side by side, and the width of its pill.
fn words(component: &Component) -> (Vec<GateWord>, f32) {
    let mut x = BEFORE_WORDS;
    let mut words = Vec::new();
    for (text, ports) in texts(component) {
        let text: Arc<str> = text.into();
        let width = Face::MonoMedium.width(size::TYPE_11, &text);
        words.push(GateWord { text, x, ports });
        x += width + size::SPACE_6;
    }
    (words, (x - size::SPACE_6 + size::SPACE_12 - 2.0).max(size::GATE_HEIGHT * 2.0))
}

/// A gate, at no place yet.
fn pill(component: &Component, boundary: &Id, side: Side) -> GateBox {
    let (words, width) = words(component);
    GateBox {
        rect: Rect::new(0.0, 0.0, width, size::GATE_HEIGHT),
        side,
        boundary: boundary.clone(),
        icon: component.kind().icon.as_str(),
        words,
        title: component.title().into(),
    }
}

/// What a gate wears: its ports, `any`, `none`, or `?` while nobody has said.
fn texts(component: &Component) -> Vec<(String, Option<PortRange>)> {
    let lone = |text: &str| vec![(text.to_owned(), None)];
    let Allows::Only(entries) = &component.allows else { return lone("?") };
    let ports = entries.iter().fold(Ports::NONE, |all, it| all.union(&it.ports));
    if ports.is_empty() {
        return lone("none");
    }
    if ports.is_all() {
        return lone("any");
    }
    let numbers = ports.numbers();
    let mut words: Vec<(String, Option<PortRange>)> = numbers
        .split(", ")
        .zip(ports.ranges())
        .map(|(text, range)| (text.to_owned(), Some(*range)))
        .collect();
    if words.len() > WORDS {
        words.truncate(WORDS - 1);
        words.push(("…".to_owned(), None));
    }
    words
}
