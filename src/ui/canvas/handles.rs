//! The handles of what is selected or below the pointer: to resize, to pull flows, to move a flow's ends.

use egui::{Painter, Pos2, Rect, Stroke, StrokeKind, Vec2};

use super::tools::Grab;
use crate::editor::Editor;
use crate::model::Id;
use crate::tokens::{Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

/// The side of the square of a handle to resize at a corner, at rest and below the pointer.
const CORNER: f32 = 6.0;
const SQUARE: f32 = 8.0;
/// The bar of a handle to resize by a side, across and along it.
const BAR: (f32, f32) = (4.0, 14.0);
/// The radius of a handle to pull a flow from, and how far outside of its box it stands.
const DOT: f32 = 5.5;
const OUT: f32 = 16.0;
/// Handles in the middle of a side need it to be that long on the screen, and a box that high.
const ROOMY: f32 = 44.0;
/// Below this height on the screen a box is too small to be handled.
const LEAST: f32 = 22.0;

/// How far beyond an element its handles keep it under the pointer.
pub(super) const AROUND: f32 = 28.0;

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
/// At rest, what is selected shows its corners alone; what nobody is about to touch is there to be looked at.
pub(super) fn handles(
    editor: &Editor,
    camera: &Camera,
    (hovered, pointer): (Option<&Id>, Option<Pos2>),
    is_touch: bool,
) -> Vec<Handle> {
    let mut handles = Vec::new();
    let one = editor.selected_one();
    let is_near = |id: &&Id| {
        is_touch
            || hovered.is_none_or(|it| it == *id)
                && pointer.is_some_and(|at| is_around(editor, camera, id, at))
    };
    let near = one.filter(is_near);
    if let Some(id) = hovered.or(near) {
        pull_handles(editor, camera, id, &mut handles);
    }
    if let Some(id) = one {
        end_handles(editor, camera, id, &mut handles);
        resize_handles(editor, camera, id, near.is_some(), &mut handles);
    }
    handles
}

/// Whether a position of the screen is on a box or a little beside it; of a boundary, that is its border.
fn is_around(editor: &Editor, camera: &Camera, id: &Id, at: Pos2) -> bool {
    let layout = editor.layout();
    let Some(rect) = layout.rect(id).filter(|_| !layout.flows.contains_key(id)) else { return false };
    let rect = camera.rect_to_screen(rect);
    let is_ground = layout.boundaries.contains_key(id) && rect.shrink(AROUND).contains(at);
    rect.expand(AROUND).contains(at) && !is_ground
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

/// At the corners and, if the sides are wanted, too, in their middles.
fn resize_handles(editor: &Editor, camera: &Camera, id: &Id, with_sides: bool, out: &mut Vec<Handle>) {
    let Some(rect) = editor.layout().rect(id).filter(|_| editor.can_resize(id)) else { return };
    let rect = camera.rect_to_screen(rect);
    if rect.height() < LEAST {
        return;
    }
    for (x, y) in [(-1, -1), (1, -1), (1, 1), (-1, 1), (0, -1), (1, 0), (0, 1), (-1, 0)] {
        let is_corner = x != 0 && y != 0;
        let side = if x == 0 { rect.width() } else { rect.height() };
        if !is_corner && (side < ROOMY || !with_sides) {
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
            Grab::Resize(_, (x, y)) if *x != 0 && *y != 0 => {
                let side = if is_active { SQUARE } else { CORNER };
                let rect = Rect::from_center_size(handle.at, Vec2::splat(side));
                let fill = if is_active { accent } else { theme::colour(ctx, Ink::Canvas) };
                painter.rect(rect, 1.0, fill, Stroke::new(1.5, accent), StrokeKind::Inside);
            }
            // Part of the outline, which only becomes thicker there.
            Grab::Resize(_, (x, _)) => {
                let (across, along) = if is_active { (BAR.0 + 2.0, BAR.1 + 2.0) } else { BAR };
                let size = if *x == 0 { Vec2::new(along, across) } else { Vec2::new(across, along) };
                painter.rect_filled(Rect::from_center_size(handle.at, size), across / 2.0, accent);
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
            Grab::Connect(_) => {
                painter.circle_filled(handle.at, DOT - 2.0, accent);
            }
            Grab::End(..) => {
                let radius = if is_active { DOT + 1.5 } else { DOT - 1.0 };
                painter.circle(handle.at, radius, theme::colour(ctx, Ink::Canvas), Stroke::new(1.5, accent));
            }
            Grab::Nothing | Grab::Element(_) | Grab::Pin(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::scene::Pos;

    const DRAWING: &str = r#"(format: 1, components: {"web": (kind: "web-server", name: "Web", within: "in"),
        "app": (kind: "application-server")},
        boundaries: {"in": (kind: "subnet-tier", name: "In")}, views: {"main": (name: "Main")},
        places: {("main", "in"): (x: 0, y: 0, width: 400, height: 300), ("main", "web"): (x: 100, y: 100), ("main", "app"): (x: 600, y: 400)})"#;

    /// How many handles resize, and how many flows are pulled from, with the pointer there.
    fn shown(editor: &Editor, zoom: f32, pointer: Option<Pos>) -> (usize, usize) {
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0));
        let camera = Camera { corner: Pos::new(-100.0, -100.0), zoom, screen };
        let pointer = pointer.map(|it| camera.to_screen(it));
        let handles = handles(editor, &camera, (None, pointer), false);
        let count = |is: fn(&Grab) -> bool| handles.iter().filter(|it| is(&it.grab)).count();
        (count(|it| matches!(it, Grab::Resize(..))), count(|it| matches!(it, Grab::Connect(_))))
    }

    #[test]
    fn at_rest_what_is_selected_shows_its_corners_alone() {
        let model = crate::model::read(DRAWING.as_bytes()).unwrap();
        let mut editor = Editor::with(model, Surroundings::fixed());
        assert_eq!(shown(&editor, 1.0, Some(Pos::new(110.0, 110.0))), (0, 0));
        editor.select([Id::slug("web")]);
        let card = editor.layout().rect(&Id::slug("web")).unwrap();
        let beside = Pos::new(card.max.x + AROUND - 2.0, card.centre().y);
        for zoom in [1.0, 2.0] {
            assert_eq!(shown(&editor, zoom, None), (4, 0), "at rest, at {zoom}");
            assert_eq!(shown(&editor, zoom, Some(Pos::new(390.0, 290.0))), (4, 0), "far from it");
            assert_eq!(shown(&editor, zoom, Some(card.centre())), (8, 4));
        }
        assert_eq!(shown(&editor, 1.0, Some(beside)), (8, 4));
        // At half the size its sides are too short to hold one more each.
        assert_eq!(shown(&editor, 0.5, Some(card.centre())).1, 4);
        // A boundary is handled at its border; its ground is where others are.
        editor.select([Id::slug("in")]);
        assert_eq!(shown(&editor, 1.0, Some(Pos::new(200.0, 200.0))), (4, 0));
        assert_eq!(shown(&editor, 1.0, Some(Pos::new(402.0, 150.0))), (8, 0));
        // Several have no handles.
        editor.select([Id::slug("app"), Id::slug("web")]);
        assert_eq!(shown(&editor, 1.0, Some(card.centre())), (0, 0));
    }
}
