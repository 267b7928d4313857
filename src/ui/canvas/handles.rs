//! The handles of what is selected or below the pointer: to resize, to pull flows, to move a flow's ends.

use egui::{Painter, Pos2, Rect, Stroke, StrokeKind, Vec2};

use super::tools::Grab;
use crate::editor::Editor;
use crate::model::Id;
use crate::tokens::{Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

/// The side of the square of a handle to resize.
const SQUARE: f32 = 8.0;
/// The radius of a handle to pull a flow from, and how far outside of its box it stands.
const DOT: f32 = 5.5;
const OUT: f32 = 16.0;
/// Handles in the middle of a side need it to be that long on the screen, and a box that high.
const ROOMY: f32 = 44.0;
/// Below this height on the screen a box is too small to be handled.
const LEAST: f32 = 22.0;

/// How near the pointer has to be.
const REACH: f32 = 10.0;
const REACH_OF_TOUCH: f32 = 20.0;

/// A handle: where it is on the screen, and what it does.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Handle {
    pub(super) at: Pos2,
    pub(super) grab: Grab,
    /// The end of a flow that is fixed there.
    pub(super) is_fixed: bool,
}

/// The handles that are shown: of the one selected element, and for flows of the element below the pointer.
///
/// A card that nobody is about to touch shows none, that it may be looked at.
pub(super) fn handles(editor: &Editor, camera: &Camera, hovered: Option<&Id>, is_touch: bool) -> Vec<Handle> {
    let mut handles = Vec::new();
    let one = editor.selected_one();
    if let Some(id) = hovered.or_else(|| one.filter(|_| is_touch)) {
        pull_handles(editor, camera, id, &mut handles);
    }
    if let Some(id) = one {
        end_handles(editor, camera, id, &mut handles);
        if is_touch || hovered == one || editor.layout().boundaries.contains_key(id) {
            resize_handles(editor, camera, id, &mut handles);
        }
    }
    handles
}

/// From a component, on all four sides.
fn pull_handles(editor: &Editor, camera: &Camera, id: &Id, out: &mut Vec<Handle>) {
    let is_source = editor.can_end(id);
    let layout = editor.layout();
    let is_box = layout.cards.contains_key(id) || layout.gates.contains_key(id);
    let Some(rect) = layout.rect(id).filter(|_| is_source && is_box) else { return };
    let rect = camera.rect_to_screen(rect);
    if rect.height() < LEAST && layout.cards.contains_key(id) || camera.zoom < 0.4 {
        return;
    }
    let stack =
        layout.cards.get(id).map_or(0.0, |it| f32::from(it.stack) * size::CARD_STACK_STEP * camera.zoom);
    for at in [
        rect.center_top() - Vec2::new(0.0, OUT + stack),
        rect.right_center() + Vec2::new(OUT + stack, 0.0),
        rect.center_bottom() + Vec2::new(0.0, OUT),
        rect.left_center() - Vec2::new(OUT, 0.0),
    ] {
        out.push(Handle { at, grab: Grab::Connect(id.clone()), is_fixed: false });
    }
}

fn end_handles(editor: &Editor, camera: &Camera, id: &Id, out: &mut Vec<Handle>) {
    let (Some(route), Some(flow)) = (editor.layout().flows.get(id), editor.model().flow(id)) else { return };
    // Ends that are hidden in a collapsed boundary are not at hand.
    if flow.from != route.from || flow.to != route.to || editor.is_locked(id) {
        return;
    }
    let ends = [(route.points.first(), false), (route.points.last(), true)];
    for (at, is_target) in ends {
        if let Some(at) = at {
            let is_fixed = editor.fixed_end(id, is_target).is_some();
            let grab = Grab::End(id.clone(), is_target);
            out.push(Handle { at: camera.to_screen(*at), grab, is_fixed });
        }
    }
}

fn resize_handles(editor: &Editor, camera: &Camera, id: &Id, out: &mut Vec<Handle>) {
    let Some(rect) = editor.layout().rect(id).filter(|_| editor.can_resize(id)) else { return };
    let rect = camera.rect_to_screen(rect);
    if rect.height() < LEAST {
        return;
    }
    for (x, y) in [(-1, -1), (1, -1), (1, 1), (-1, 1), (0, -1), (1, 0), (0, 1), (-1, 0)] {
        let is_corner = x != 0 && y != 0;
        let side = if x == 0 { rect.width() } else { rect.height() };
        if !is_corner && side < ROOMY {
            continue;
        }
        let half = rect.size() / 2.0;
        let at = rect.center() + Vec2::new(f32::from(x) * half.x, f32::from(y) * half.y);
        out.push(Handle { at, grab: Grab::Resize(id.clone(), (x, y)), is_fixed: false });
    }
}

/// The handle at a position of the screen: the nearest of those in reach.
pub(super) fn handle_at(handles: &[Handle], at: Pos2, is_touch: bool) -> Option<&Handle> {
    let reach = if is_touch { REACH_OF_TOUCH } else { REACH };
    let near = handles.iter().filter(|it| it.at.distance(at) <= reach);
    near.min_by(|a, b| a.at.distance(at).total_cmp(&b.at.distance(at)))
}

pub(super) fn paint(painter: &Painter, handles: &[Handle], pointer: Option<Pos2>) {
    let ctx = painter.ctx();
    let accent = theme::colour(ctx, Ink::Accent);
    let active = pointer.and_then(|at| handle_at(handles, at, false));
    for handle in handles {
        let is_active = active == Some(handle);
        match &handle.grab {
            Grab::Resize(..) => {
                let rect = Rect::from_center_size(handle.at, Vec2::splat(SQUARE));
                let fill = if is_active { accent } else { theme::colour(ctx, Ink::Canvas) };
                painter.rect(rect, 2.0, fill, Stroke::new(1.5, accent), StrokeKind::Inside);
            }
            Grab::Connect(_) if is_active => {
                painter.circle_filled(handle.at, DOT + 3.0, accent);
                let icon = Rect::from_center_size(handle.at, Vec2::splat(12.0));
                theme::icon(painter, icon, "plus", theme::colour(ctx, Ink::OnAccent));
            }
            // Nailed to the border: a full square, where one that floats is an open ring.
            Grab::End(..) if handle.is_fixed => {
                let side = if is_active { SQUARE + 4.0 } else { SQUARE + 1.0 };
                let rect = Rect::from_center_size(handle.at, Vec2::splat(side));
                let stroke = Stroke::new(1.5, theme::colour(ctx, Ink::Canvas));
                painter.rect(rect, 1.5, accent, stroke, StrokeKind::Outside);
            }
            Grab::Connect(_) | Grab::End(..) => {
                let radius = if is_active { DOT + 1.5 } else { DOT - 1.0 };
                painter.circle(handle.at, radius, theme::colour(ctx, Ink::Canvas), Stroke::new(1.5, accent));
            }
            Grab::Nothing | Grab::Element(_) | Grab::Pin(_) => {}
        }
    }
}
