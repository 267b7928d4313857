//! What a click selects: what is in front and, by clicking on, what lies below it.

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
    /// front. Control goes deep where something lies below and nothing is selected elsewhere; else it toggles, too.
    pub(super) fn pick(
        &mut self,
        editor: &mut Editor,
        camera: &Camera,
        (at, front): (Pos2, Option<&Hit>),
        keys: Modifiers,
    ) {
        let stack = stack(editor, camera, at, front);
        let last = self.picked.take();
        let one = editor.selected_one().cloned();
        let deeper = |from: Option<&Id>| {
            let now = from.and_then(|it| stack.iter().position(|other| other == it));
            stack.get(now.map_or(1, |it| it + 1) % stack.len().max(1)).cloned()
        };
        let is_here = editor.selection().is_empty() || one.as_ref().is_some_and(|it| stack.contains(it));
        let Some(first) = stack.first() else {
            if keys.command && !keys.shift {
                pick_area(editor, camera, at);
            } else if !keys.shift {
                editor.clear_selection();
            }
            return;
        };
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

/// Where nothing is in front, Control takes the boundary whose area it is; again, the next one around that.
fn pick_area(editor: &mut Editor, camera: &Camera, at: Pos2) {
    let areas = hit(editor.layout(), camera.to_world(at), 0.0).into_iter().map(|it| it.id);
    let areas: Vec<Id> = areas.filter(|it| !editor.is_hidden(it)).collect();
    let one = editor.selected_one().and_then(|it| areas.iter().position(|other| other == it));
    let next = one.map_or(0, |it| (it + 1) % areas.len().max(1));
    match areas.get(next) {
        Some(id) if editor.selection().is_empty() || one.is_some() => editor.select([id.clone()]),
        Some(id) => editor.toggle_selected(id),
        None => {}
    }
}
