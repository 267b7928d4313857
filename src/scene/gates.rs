//! Gates: pills on the edge of a boundary that wear the ports they let in.

use std::sync::Arc;

use crate::model::{Allows, Component, Id, PortRange, Ports, Side};
use crate::tokens::{Face, size};

use super::artwork::CardIcon;
use super::boxes::{GateBox, GateWord};
use super::cards::INNER;
use super::geometry::{Pos, Rect, is_level};
use super::nest::Stage;
use super::route::STUB;
use super::{Layout, SNAP};

/// Ports beyond these are an ellipsis; the inspector shows all.
const WORDS: usize = 5;
const GAP: f32 = 8.0;
const BEFORE_WORDS: f32 = size::SPACE_8 + size::ICON_SMALL + size::SPACE_6;

/// How far the widest gates on the left and right edges of a boundary reach, inwards as well as outwards. Those on the
/// upper and lower edges lie flat, and fit beside what stands there in any case.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    left: f32,
    right: f32,
}

impl Reach {
    /// With one more gate of that width.
    pub(super) fn with(mut self, side: Side, width: f32) -> Self {
        match side {
            Side::Left => self.left = self.left.max(width / 2.0),
            Side::Right => self.right = self.right.max(width / 2.0),
            Side::Top | Side::Bottom => {}
        }
        self
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { left: self.left.max(other.left), right: self.right.max(other.right) }
    }

    /// The room that these gates ask for between the left and right edges and what the boundary holds: as much as a
    /// line to it needs, too.
    pub(super) fn inwards(self) -> (f32, f32) {
        (room(self.left, STUB), room(self.right, STUB))
    }

    /// The box of a boundary with what of its gates the boundary around it has to hold, too.
    pub(super) fn outwards(self, rect: Rect) -> Rect {
        let more = |reach: f32| (room(reach, GAP) - INNER).max(0.0);
        Rect {
            min: rect.min - Pos::new(more(self.left), 0.0),
            max: rect.max + Pos::new(more(self.right), 0.0),
        }
    }
}

/// A gate's reach and some space, on the grid; none without a gate.
fn room(reach: f32, space: f32) -> f32 {
    if reach > 0.0 { ((reach + space) / SNAP).ceil() * SNAP } else { 0.0 }
}

impl Layout {
    /// How far the gates of a boundary reach.
    pub(super) fn reach(&self, stage: &Stage<'_>, boundary: &Id) -> Reach {
        self.gates_on.get(boundary).into_iter().flatten().fold(Reach::default(), |reach, id| {
            // Where a gate sits that was given no side depends on the box that is asked for here.
            let Some(side) = stage.place(id).and_then(|it| it.side) else { return reach };
            let known = self.gates.get(id).map(|it| it.rect.width());
            let width = known.or_else(|| stage.model.component(id).map(pill_width));
            reach.with(side, width.unwrap_or_default())
        })
    }

    /// The boundary that a box stands in. A gate stands beside what it guards.
    pub(super) fn home(&self, id: &Id) -> Option<&Id> {
        match self.gates.get(id) {
            Some(gate) => self.boundaries.get(&gate.boundary)?.parent.as_ref(),
            None => self.cards.get(id)?.parent.as_ref(),
        }
    }

    /// The gates that a line goes through from a box into a boundary, one for each guarded boundary that it enters, from the
    /// outermost: one that lets it in, and among these the one that is least out of its way from start to end.
    pub(super) fn gates_into<'a>(
        &'a self,
        (from, inner): (&Id, Option<&'a Id>),
        (start, end): (Pos, Pos),
        lets_in: impl Fn(&Id) -> bool,
    ) -> Vec<&'a Id> {
        let around = |first: Option<&'a Id>| {
            std::iter::successors(first, |it| self.boundaries.get(*it).and_then(|it| it.parent.as_ref()))
        };
        let left: Vec<&Id> = around(self.home(from)).collect();
        let own = self.gates.get(from).map(|it| &it.boundary);
        let entered = around(inner).take_while(|it| !left.contains(it) && own != Some(*it));
        let best = |boundary: &Id| {
            let row = self.gates_on.get(boundary).into_iter().flatten();
            let ways = row.filter_map(|id| {
                let centre = self.gates.get(id)?.rect.centre();
                Some((!lets_in(id), start.distance(centre) + centre.distance(end), id))
            });
            ways.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|it| it.2)
        };
        let mut gates: Vec<&Id> = entered.filter_map(best).collect();
        gates.reverse();
        gates
    }
}

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
        let icon = CardIcon::of(stage.model, component.icon.as_ref(), &component.kind().icon);
        let gate = pill((component, icon), boundary.0, side);
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
fn pill((component, icon): (&Component, CardIcon), boundary: &Id, side: Side) -> GateBox {
    let (words, width) = words(component);
    GateBox {
        rect: Rect::new(0.0, 0.0, width, size::GATE_HEIGHT),
        side,
        boundary: boundary.clone(),
        icon,
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

#[cfg(test)]
mod tests {
    use crate::model::Id;
    use crate::scene::tests::{layout, model};

    #[test]
    fn boundaries_make_room_for_gates_on_their_sides() {
        let text = |side: &str| {
            format!(
                r#"components: {{"a": (kind: "user"), "fw": (kind: "firewall", gate_of: "t"), "b": (kind: "cache", within: "t")}},
                boundaries: {{"t": (kind: "network", within: "o"), "o": (kind: "data-centre")}},
                flows: {{"f": (from: "a", to: "b")}},
                places: {{("main", "a"): (x: 0, y: 176), ("main", "b"): (x: 424, y: 176), ("main", "t"): (x: 400, y: 120),
                    ("main", "o"): (x: 384, y: 80), ("main", "fw"): (side: {side}, offset: 0.5)}}"#
            )
        };
        let layout = |side: &str| layout(&model(&text(side)));
        let (beside, above) = (layout("left"), layout("top"));
        let id = Id::slug;
        let (gate, card) = (beside.gates[&id("fw")].rect, beside.cards[&id("b")].rect);
        assert!(card.min.x - gate.max.x >= 16.0, "{gate:?} {card:?}");
        assert!(gate.min.x - beside.boundaries[&id("o")].rect.min.x >= 8.0, "{gate:?}");
        assert_eq!(beside.flows[&id("f")].points.len(), 2, "{:?}", beside.flows);
        assert_eq!(above.boundaries[&id("t")].rect.min.x, 400.0);
    }
}
