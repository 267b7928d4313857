//! Sizes: how small a box may become, and what makes it another size.

use super::Editor;
use crate::model::{Draft, Id, Place};
use crate::scene::{Pos, Rect, SNAP};
use crate::tokens::size;

/// The least room between a boundary and what it holds, as the layout grants it.
pub(super) const INNER: f32 = 16.0;

/// What a box must be at least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Least {
    pub width: f32,
    pub height: f32,
    /// What a boundary must go on holding.
    pub holds: Option<Rect>,
}

impl Editor {
    /// Whether an element can be resized: a gate, a flow and a collapsed boundary have no size of their own.
    pub fn has_size(&self, id: &Id) -> bool {
        let is_card = self.layout.cards.contains_key(id) && self.model.component(id).is_some();
        is_card || self.layout.boundaries.contains_key(id)
    }

    /// What limits the size of an element; `None` if it has none of its own.
    pub fn least_size(&self, id: &Id) -> Option<Least> {
        let layout = &self.layout;
        if !self.has_size(id) {
            return None;
        }
        if !layout.boundaries.contains_key(id) {
            return Some(Least { width: size::CARD_HEIGHT, height: size::CARD_HEIGHT, holds: None });
        }
        let inside = self.nesting.all_in(id).into_iter().filter(|it| !layout.gates.contains_key(it));
        let held = inside.filter_map(|it| layout.rect(&it)).reduce(|a, b| a.union(&b));
        let holds = held.map(|it| {
            let mut room = it.grown(INNER);
            room.min.y -= size::BOUNDARY_TITLE_HEIGHT - INNER;
            room
        });
        Some(Least { width: size::CARD_WIDTH_MIN, height: size::CARD_HEIGHT, holds })
    }

    /// Sets the box of an element.
    pub fn resize(&mut self, id: &Id, rect: Rect) {
        if !self.can_resize(id) {
            return self.say_what_holds(id);
        }
        let view = self.view.clone();
        self.change("Resize", |draft, _| put_box(draft, &view, id, rect));
    }

    /// Moves the right and the lower edges of what is selected, as far as its boxes may shrink.
    pub fn resize_selection_by(&mut self, by: Pos) {
        let sized = self.selection.iter().filter(|it| self.has_size(it)).cloned().collect();
        let Some(free) = self.free_of(&sized, Self::can_resize) else { return };
        let boxes: Vec<(Id, Rect)> =
            free.iter().filter_map(|id| Some((id.clone(), self.resized(id, by)?))).collect();
        let view = self.view.clone();
        self.change("Resize", |draft, _| {
            for (id, rect) in boxes {
                put_box(draft, &view, &id, rect);
            }
        });
    }

    /// Whether something that is selected is larger or smaller than what is in it asks for.
    pub fn can_fit(&self) -> bool {
        self.selection.iter().any(|it| self.can_resize(it) && self.fitting(it).is_some())
    }

    /// Gives what is selected the size that its contents ask for.
    pub fn fit_selection(&mut self) {
        let sized = self.selection.iter().filter(|it| self.fitting(it).is_some()).cloned().collect();
        let Some(free) = self.free_of(&sized, Self::can_resize) else { return };
        let places: Vec<(Id, Place)> =
            free.iter().filter_map(|id| Some((id.clone(), self.fitting(id)?))).collect();
        let view = self.view.clone();
        self.change("Fit to contents", |draft, _| {
            places.into_iter().for_each(|(id, place)| draft.put((view.clone(), id), place));
        });
    }

    /// The place of an element that is as large as its contents ask for; `None` if it is.
    fn fitting(&self, id: &Id) -> Option<Place> {
        let (least, now) = (self.least_size(id)?, self.layout.rect(id)?);
        let place = self.model.place(&self.view, id)?;
        let new = if self.layout.boundaries.contains_key(id) {
            let (rect, own) = (least.holds?, Place::clone(place));
            let (wide, high) = (rect.width().max(least.width), rect.height().max(least.height));
            let boxed = Place::boxed(rect.min.x, rect.min.y, wide, high);
            // One that the layout has grown is that large, whatever was said.
            if Rect::at(rect.min, wide, high) == now {
                return None;
            }
            Place { x: boxed.x, y: boxed.y, width: boxed.width, height: boxed.height, ..own }
        } else {
            Place { width: None, height: None, ..Place::clone(place) }
        };
        (new != *place).then_some(new)
    }

    /// The box of an element with its lower right corner elsewhere; `None` if it stays.
    fn resized(&self, id: &Id, by: Pos) -> Option<Rect> {
        let (least, old) = (self.least_size(id)?, self.layout.rect(id)?);
        let edge = |at: f32, by: f32| {
            let to = at + by;
            // An edge that is not pulled stays where it is, on the grid or not.
            if by != 0.0 && self.shown.snap { (to / SNAP).round() * SNAP } else { to }
        };
        let right = edge(old.max.x, by.x).max(old.min.x + least.width.min(old.width()));
        let lower = edge(old.max.y, by.y).max(old.min.y + least.height.min(old.height()));
        let new = Rect { min: old.min, max: Pos::new(right, lower) };
        let new = least.holds.map_or(new, |it| new.union(&it));
        (new != old).then_some(new)
    }
}

pub(super) fn put_box(draft: &mut Draft<'_>, view: &Id, id: &Id, rect: Rect) {
    draft.edit::<Place>(&(view.clone(), id.clone()), |it| {
        let boxed = Place::boxed(rect.min.x, rect.min.y, rect.width(), rect.height());
        (it.x, it.y, it.width, it.height) = (boxed.x, boxed.y, boxed.width, boxed.height);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    fn editor() -> (Editor, Id, Id) {
        let mut editor = Editor::new(Surroundings::fixed());
        let tier = editor.add_boundary("subnet-tier", Rect::new(0.0, 0.0, 320.0, 240.0));
        let web = editor.add_component("web-server", Pos::new(160.0, 120.0));
        (editor, tier, web)
    }

    #[test]
    fn a_boundary_shrinks_to_what_it_holds_and_no_further() {
        let (mut editor, tier, web) = editor();
        editor.select([tier.clone()]);
        editor.resize_selection_by(Pos::new(8.0, 32.0));
        let rect = editor.layout().rect(&tier).unwrap();
        assert_eq!((rect.width(), rect.height()), (328.0, 272.0));
        editor.undo();
        editor.resize_selection_by(Pos::new(-1000.0, -1000.0));
        let (tier, web) = (editor.layout().rect(&tier).unwrap(), editor.layout().rect(&web).unwrap());
        assert_eq!(tier.max - web.max, Pos::new(INNER, INNER));
        let before = editor.document.revision;
        editor.resize_selection_by(Pos::new(-8.0, 0.0));
        assert_eq!(editor.document.revision, before, "there is nothing left to give");
    }

    #[test]
    fn a_boundary_and_a_card_fit_what_is_in_them() {
        let (mut editor, tier, web) = editor();
        editor.resize(&web, Rect::new(80.0, 80.0, 240.0, 120.0));
        let own = editor.layout().rect(&web).unwrap();
        editor.select([web.clone()]);
        assert!(editor.run("arrange.fit"));
        let card = editor.layout().rect(&web).unwrap();
        assert!(
            card.min == own.min && card.width() < own.width() && card.height() < own.height(),
            "{card:?}"
        );
        editor.select([tier.clone()]);
        assert!(editor.run("arrange.fit") && !editor.run("arrange.fit"));
        let rect = editor.layout().rect(&tier).unwrap();
        assert_eq!((rect.max - card.max, card.min.x - rect.min.x), (Pos::new(INNER, INNER), INNER));
        editor.undo();
        editor.undo();
        assert_eq!(editor.layout().rect(&web), Some(own));
    }

    #[test]
    fn all_that_is_selected_is_one_step() {
        let (mut editor, _, web) = editor();
        let other = editor.add_component("cache", Pos::new(600.0, 120.0));
        let widths = |editor: &Editor| {
            [&web, &other].map(|it| editor.layout().rect(it).map(|it| it.width()).unwrap_or_default())
        };
        let before = widths(&editor);
        editor.select([web.clone(), other.clone()]);
        editor.resize_selection_by(Pos::new(16.0, 0.0));
        assert_eq!(widths(&editor), before.map(|it| it + 16.0));
        editor.undo();
        assert_eq!(widths(&editor), before);
    }
}
