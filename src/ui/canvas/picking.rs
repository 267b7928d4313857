//! What a click selects: what is in front and, by clicking on, what lies below it; on the ground, the boundary.

use egui::{Modifiers, Pos2};

use super::Canvas;
use crate::editor::Editor;
use crate::model::Id;
use crate::scene::{Hit, Part, hit};
use crate::ui::paint::Camera;

/// How far from the last click another one is in the same place, on the screen.
const SAME_PLACE: f32 = 4.0;
/// How near a line or border has to be, on the screen.
pub(super) const NEAR: f32 = 6.0;

/// The last click that selected something: where, and what.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picked {
    at: Pos2,
    id: Id,
}

impl Canvas {
    /// Selects by a click on what was hit. Again in the same place, it goes to what lies below; Shift toggles what is in
    /// front. Control goes deep where something lies below and nothing is selected elsewhere; else it toggles, too. On the
    /// ground, it is the boundary around it.
    pub(super) fn pick(
        &mut self,
        editor: &mut Editor,
        camera: &Camera,
        (at, front): (Pos2, Option<&Hit>),
        keys: Modifiers,
    ) {
        let stack = stack(editor, camera, at, front);
        if stack.is_empty() && !keys.shift {
            return self.pick_area(editor, camera, at, keys.command);
        }
        let last = self.picked.take();
        let one = editor.selected_one().cloned();
        let deeper = |from: Option<&Id>| {
            let now = from.and_then(|it| stack.iter().position(|other| other == it));
            stack.get(now.map_or(1, |it| it + 1) % stack.len().max(1)).cloned()
        };
        let is_here = editor.selection().is_empty() || one.as_ref().is_some_and(|it| stack.contains(it));
        let Some(first) = stack.first() else { return };
        if keys.shift || keys.command && !(stack.len() > 1 && is_here) {
            editor.toggle_selected(first);
            return;
        }
        let is_again =
            last.is_some_and(|it| it.at.distance(at) <= SAME_PLACE && Some(&it.id) == one.as_ref());
        let next = if keys.command || is_again { deeper(one.as_ref()) } else { None };
        let id = next.unwrap_or_else(|| first.clone());
        editor.select([id.clone()]);
        self.picked = Some(Picked { at, id });
    }

    /// Where nothing is in front, selects the boundary whose area it is; again in the same place, the next one around
    /// that. What is locked lets clicks through. Control adds it where something is selected elsewhere.
    fn pick_area(&mut self, editor: &mut Editor, camera: &Camera, at: Pos2, is_added: bool) {
        let last = self.picked.take();
        let areas = areas(editor, camera, at);
        let one = editor.selected_one().and_then(|it| areas.iter().position(|other| other == it));
        let is_again = last.is_some_and(|it| it.at.distance(at) <= SAME_PLACE);
        let next = one.filter(|_| is_added || is_again).map_or(0, |it| (it + 1) % areas.len().max(1));
        match areas.get(next).cloned() {
            Some(id) if is_added && one.is_none() && !editor.selection().is_empty() => {
                editor.toggle_selected(&id);
            }
            Some(id) => {
                editor.select([id.clone()]);
                self.picked = Some(Picked { at, id });
            }
            None if is_added => {}
            None => editor.clear_selection(),
        }
    }
}

/// The boundaries whose area a position of the screen is in, the innermost first, but for those that are locked.
fn areas(editor: &Editor, camera: &Camera, at: Pos2) -> Vec<Id> {
    let areas = hit(editor.layout(), camera.to_world(at), 0.0).into_iter().map(|it| it.id);
    areas.filter(|it| !editor.is_hidden(it) && !editor.is_locked(it)).collect()
}

/// All at a position of the screen, front to back, but for the areas of boundaries.
fn stack(editor: &Editor, camera: &Camera, at: Pos2, front: Option<&Hit>) -> Vec<Id> {
    let Some(front) = front.filter(|it| it.part != Part::Body) else { return Vec::new() };
    // Beside what is thin, what is about as near counts, too; on a box, what lies right below the pointer.
    let is_thin = matches!(front.part, Part::Line | Part::Border);
    let margin = if is_thin { NEAR / camera.zoom } else { 0.0 };
    let mut stack = vec![front.id.clone()];
    for it in hit(editor.layout(), camera.to_world(at), margin) {
        if it.part != Part::Body && !stack.contains(&it.id) && !editor.is_hidden(&it.id) {
            stack.push(it.id);
        }
    }
    stack
}
