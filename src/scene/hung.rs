//! What hangs on elements: signs of data, counts of findings, pins of comments.

use std::borrow::Cow;

use crate::model::Id;
use crate::tokens::size;

use super::boxes::{BoundaryBox, CardBox, GateBox, Route};
use super::display::{REACH, Scene, Share};
use super::draw::{State, draw_badge, draw_pin, draw_sign};
use super::geometry::{Pos, Rect, point_at};
use super::labels::LOCK_ALONE;
use super::list::Layer;
use super::marks::Badge;

/// How far from the right end of a box its badge is: beside the handle in its corner.
const BESIDE_HANDLE: f32 = 20.0;
/// From the right end of a lock that stands alone to the count of findings, so that it shows.
const BESIDE_LOCK: f32 = 4.0;

/// Some of what is seen.
pub(super) struct Part<'s, 'a> {
    pub(super) boundaries: Cow<'s, [(&'a Id, &'a BoundaryBox)]>,
    pub(super) flows: Cow<'s, [(&'a Id, &'a Route)]>,
    pub(super) cards: Cow<'s, [(&'a Id, &'a CardBox)]>,
    pub(super) gates: Cow<'s, [(&'a Id, &'a GateBox)]>,
}

impl<'a> Scene<'a> {
    pub(super) fn signs(&mut self, seen: &Part<'_, 'a>) {
        let detail = self.detail();
        let Some(tints) = &self.look.marks.tints else { return };
        let cards = seen.cards.iter().map(|it| (it.0, it.1.rect));
        for (id, rect) in cards.chain(seen.gates.iter().map(|it| (it.0, it.1.rect))) {
            let Some(tinted) = tints.get(id) else { continue };
            let rect = self.preview.boxes.get(id).copied().unwrap_or(rect);
            let corner = Pos::new(rect.min.x + size::SPACE_8, rect.max.y);
            let opacity = self.opacity(&self.state(id));
            draw_sign(&mut self.brush(Layer::Badge, opacity, Some(id)), tinted, corner, detail);
        }
    }

    pub(super) fn badges(&mut self, seen: &Part<'_, 'a>) {
        let detail = self.detail();
        // How far from the right end of a box its badge is.
        let cards = seen.cards.iter().map(|it| (it.0, it.1.rect, BESIDE_HANDLE, None));
        let gates = seen.gates.iter().map(|it| (it.0, it.1.rect, 2.0, None));
        let boundaries = seen.boundaries.iter().map(|it| (it.0, it.1.rect, BESIDE_HANDLE, None));
        let flows = seen.flows.iter().map(|(id, it)| (*id, it.bounds, 0.0, Some(*it)));
        for (id, rect, inset, route) in cards.chain(gates).chain(boundaries).chain(flows) {
            let badges = &self.look.marks.badges;
            // A line wears what all flows have that it stands for.
            let merged = route.iter().flat_map(|it| &it.merged).filter_map(|it| badges.get(it));
            let own = badges.get(id).into_iter().chain(merged).copied();
            let Some(badge) = own.reduce(Badge::and) else { continue };
            let state = route.map_or_else(|| self.state(id), |it| self.flow_state(id, it));
            let (rect, inset) = match route {
                Some(it) => self.pill_of(id, it, &state),
                None => (self.preview.boxes.get(id).copied().unwrap_or(rect), inset),
            };
            let corner = Pos::new(rect.max.x - inset, rect.min.y);
            let opacity = self.opacity(&state);
            draw_badge(&mut self.brush(Layer::Badge, opacity, Some(id)), badge, corner, detail);
        }
    }

    /// The pill of a line, else its middle, and how far from the right end of that its badge is.
    fn pill_of(&self, id: &Id, route: &Route, state: &State) -> (Rect, f32) {
        let pill = self.preview.pill(id, route, state.is_selected || state.is_hovered);
        let middle = || Rect::centred(point_at(&route.points, 0.5), 0.0, 0.0);
        let inset = match pill {
            Some(it) if it.width() <= LOCK_ALONE => -BESIDE_LOCK,
            Some(_) => 2.0,
            None => 0.0,
        };
        (pill.unwrap_or_else(middle).moved(self.preview.shift(id)), inset)
    }

    pub(super) fn pins(&mut self, seen: &Part<'_, 'a>) {
        let (detail, marks) = (self.detail(), self.look.marks);
        let preview = self.preview;
        // Away from where counts, signs and locks are.
        let boxes = seen.cards.iter().map(|it| (it.0, it.1.rect));
        let boxes = boxes.chain(seen.gates.iter().map(|it| (it.0, it.1.rect)));
        let boxes = boxes.map(|(id, rect)| (id, rect, [rect.max.x - 4.0, rect.max.y], &[][..]));
        let boundaries = seen.boundaries.iter().map(|it| (it.0, it.1.rect));
        let boundaries = boundaries.map(|(id, rect)| (id, rect, [rect.max.x - 60.0, rect.min.y], &[][..]));
        let flows = seen.flows.iter().map(|(id, it)| {
            let middle = point_at(&it.points, 0.5) + Pos::new(0.0, size::BADGE_HEIGHT);
            let rect = preview.pill(id, it, false).unwrap_or_else(|| Rect::centred(middle, 0.0, 0.0));
            let rect = rect.moved(preview.shift(id));
            (*id, rect, [rect.min.x + 4.0, rect.max.y], &*it.merged)
        });
        for (id, rect, [x, y], merged) in boxes.chain(boundaries).chain(flows) {
            let all = std::iter::once(id).chain(merged).filter_map(|it| marks.pins.get(it));
            let Some(count) = all.copied().reduce(u32::saturating_add) else { continue };
            let by = self.preview.boxes.get(id).map_or(Pos::ZERO, |it| {
                // What is resized takes along the corner that its pin is at.
                let x = if x > rect.centre().x { it.max.x - rect.max.x } else { it.min.x - rect.min.x };
                let y = if y > rect.centre().y { it.max.y - rect.max.y } else { it.min.y - rect.min.y };
                Pos::new(x, y)
            });
            let opacity = self.opacity(&self.state(id));
            draw_pin(&mut self.brush(Layer::Pin, opacity, Some(id)), count, Pos::new(x, y) + by, detail);
        }
    }

    /// Pins that are at no element.
    pub(super) fn points(&mut self) {
        let (detail, marks) = (self.detail(), self.look.marks);
        let area = self.look.viewport.map(|it| it.grown(REACH));
        for (id, pin) in &marks.points {
            let by = self.look.overlay.and_then(|it| it.moved.get(id));
            let is_here = match self.look.share {
                Share::All => true,
                Share::Still => by.is_none(),
                Share::Moving => by.is_some(),
            };
            let at = pin.at + by.copied().unwrap_or_default();
            if is_here && area.is_none_or(|it| it.contains(at)) {
                draw_pin(&mut self.brush(Layer::Pin, 1.0, Some(id)), pin.count, at, detail);
            }
        }
    }
}
