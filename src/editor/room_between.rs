//! The room that is made in a flow for what is put into it: as a tool makes it, but that the end has to move and the beginning
//! has to stay, and that nothing may come to lie on what is locked.

use std::sync::Arc;

use super::{Editor, Way};
use crate::model::Id;
use crate::scene::{Overlay, Rect, Route};

/// The room that was made last.
///
/// While something is held over a flow, each frame asks for it, and all that is drawn is looked through to make it. It is the
/// same until another flow is meant, or another drawing.
#[derive(Debug, Default)]
pub struct LastRoom {
    made: Option<(Wanted, Option<Arc<Overlay>>)>,
    /// How large the card of something new would be: its name is one that nothing has.
    size: Option<(NewOn, (f32, f32))>,
}

/// A drawing, and a kind and technology of what is to come there.
type NewOn = ((u64, u64, u64), String, String);

impl LastRoom {
    /// The size that was found last, if it is of the same.
    pub(super) fn size_of(&mut self, new: NewOn, find: impl FnOnce() -> (f32, f32)) -> (f32, f32) {
        match &self.size {
            Some((known, size)) if *known == new => *size,
            _ => self.size.insert((new, find())).1,
        }
    }
}

/// What room follows from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wanted {
    /// The drawing; see [`Editor::drawn`].
    pub(super) drawn: (u64, u64, u64),
    pub(super) flow: Id,
    /// What it is for, if that is drawn already.
    pub(super) own: Option<Id>,
    pub(super) way: Way,
    pub(super) is_back: bool,
    pub(super) line: f32,
    pub(super) by: f32,
}

impl Editor {
    /// How the drawing looks with room in a line, as it was made last if the same is wanted; `None` where none can be made.
    pub(super) fn room_between(
        &self,
        route: &Route,
        wanted: Wanted,
        last: &mut LastRoom,
    ) -> Option<Arc<Overlay>> {
        if let Some((_, known)) = last.made.as_ref().filter(|it| it.0 == wanted) {
            return known.clone();
        }
        let room = self.room_towards(wanted.way, wanted.line, wanted.is_back);
        let mut overlay = self.with_room(&room, wanted.by);
        // It comes from where it is, and does not go along.
        wanted.own.as_ref().and_then(|it| overlay.moved.remove(it));
        let is_made = self.moves_end(route, &overlay) && !self.pushes_over(&overlay, wanted.own.as_ref());
        let made = is_made.then(|| Arc::new(overlay));
        last.made = Some((wanted, made.clone()));
        made
    }

    /// Whether the end of a line moves, and its beginning stays.
    fn moves_end(&self, route: &Route, overlay: &Overlay) -> bool {
        let moves = |id: &Id| self.goes_along(id, overlay);
        let goes = |id: &Id| {
            let guarded = self.layout.gates.get(id).map(|it| &it.boundary);
            moves(id) || guarded.is_some_and(|it| moves(it) || overlay.resized.contains_key(it))
        };
        goes(&route.to) && !moves(&route.from)
    }

    /// Whether an element moves, or something that it stands in does.
    pub(super) fn goes_along(&self, id: &Id, overlay: &Overlay) -> bool {
        std::iter::once(id).chain(self.nesting.ancestors(id)).any(|it| overlay.moved.contains_key(it))
    }

    /// Whether something would come to lie on what stays because it is locked; the one that goes elsewhere does not.
    fn pushes_over(&self, overlay: &Overlay, own: Option<&Id>) -> bool {
        if self.locked().is_empty() {
            return false;
        }
        let mut boxes = overlay.moved.iter().filter_map(|(id, by)| Some((self.layout.rect(id)?, *by)));
        boxes.any(|(rect, by)| {
            let there = rect.moved(by);
            let stays =
                self.layout.boxes_at(&there).filter(|it| Some(*it) != own && !self.goes_along(it, overlay));
            // What grows, or holds what moves, may have it on its ground.
            let is_ground = |id: &Id, it: &Rect| overlay.resized.contains_key(id) || it.contains_rect(&rect);
            let stays = stays.filter_map(|id| Some((id, self.layout.rect(id)?)));
            let mut hit =
                stays.filter(|(id, it)| it.overlaps(&there) && !it.overlaps(&rect) && !is_ground(id, it));
            hit.next().is_some()
        })
    }
}
