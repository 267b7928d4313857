//! What lies below a position, and what lies inside a box.

use std::collections::BTreeSet;

use crate::model::Id;

use super::Layout;
use super::geometry::{Pos, Rect, distance_to};

/// The part of an element that was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Gate,
    Card,
    /// The pill of a flow.
    Label,
    /// The line of a flow.
    Line,
    /// The title or the border of a boundary.
    Border,
    /// The area of a boundary.
    Body,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub id: Id,
    pub part: Part,
}

/// What lies at a position or, for lines and borders, within `margin` of it, front to back.
///
/// Gates come first, then cards (of those that lie on each other, the one in front), pills, the lines of flows (nearest
/// first), the borders and titles of boundaries, and their areas from the innermost out.
pub fn hit(layout: &Layout, pos: Pos, margin: f32) -> Vec<Hit> {
    let mut found: Vec<(Part, (f32, f32), Hit)> = Vec::new();
    let mut add =
        |part: Part, rank: (f32, f32), id: &Id| found.push((part, rank, Hit { id: id.clone(), part }));
    let near = Rect { min: pos, max: pos }.grown(margin);
    for id in layout.boxes_in(&near).map(|it| &it.id) {
        if let Some(gate) = layout.gates.get(id).filter(|it| it.rect.contains(pos)) {
            add(Part::Gate, (gate.rect.centre().distance(pos), 0.0), id);
        } else if let Some(card) = layout.cards.get(id).filter(|it| it.rect.contains(pos)) {
            add(Part::Card, (-(card.order as f32), card.rect.centre().distance(pos)), id);
        } else if let Some(boundary) = layout.boundaries.get(id) {
            let depth = (-f32::from(boundary.depth), -(boundary.order as f32));
            let on_border =
                boundary.rect.grown(margin).contains(pos) && !boundary.rect.grown(-margin).contains(pos);
            if on_border || boundary.title_rect.contains(pos) {
                add(Part::Border, depth, id);
            } else if boundary.rect.contains(pos) {
                add(Part::Body, depth, id);
            }
        }
    }
    for id in layout.flows_in(&near).collect::<BTreeSet<_>>() {
        let Some(route) = layout.flows.get(id) else { continue };
        let away = distance_to(&route.points, pos);
        if route.label.as_ref().is_some_and(|it| it.fits && it.rect.contains(pos)) {
            add(Part::Label, (away, 0.0), id);
        } else if away <= margin {
            add(Part::Line, (away, 0.0), id);
        }
    }
    let by_rank = |a: (f32, f32), b: (f32, f32)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
    found.sort_by(|a, b| a.0.cmp(&b.0).then(by_rank(a.1, b.1)).then_with(|| a.2.id.cmp(&b.2.id)));
    found.into_iter().map(|it| it.2).collect()
}

/// What a box drawn around elements chooses: cards and gates that it touches, boundaries that lie in it as a whole,
/// and flows whose whole line does.
///
/// With `encloses`, cards and gates have to lie in it as a whole, too.
pub fn inside(layout: &Layout, area: &Rect, encloses: bool) -> Vec<Id> {
    let takes = |it: &Rect| if encloses { area.contains_rect(it) } else { it.overlaps(area) };
    let boxes = layout.boxes_in(area).map(|it| &it.id).filter(|id| {
        layout.cards.get(*id).is_some_and(|it| takes(&it.rect))
            || layout.gates.get(*id).is_some_and(|it| takes(&it.rect))
            || layout.boundaries.get(*id).is_some_and(|it| area.contains_rect(&it.rect))
    });
    let is_whole = |id: &&Id| layout.flows.get(*id).is_some_and(|it| area.contains_rect(&it.bounds));
    let all: BTreeSet<&Id> = boxes.chain(layout.flows_in(area).filter(is_whole)).collect();
    all.into_iter().cloned().collect()
}
