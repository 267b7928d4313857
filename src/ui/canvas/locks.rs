//! The small lock on what is locked, while it is selected or below the pointer.

use egui::{Painter, Pos2, Rect, Stroke, Vec2};

use super::Canvas;
use crate::editor::Editor;
use crate::model::Id;
use crate::scene::geometry::point_at;
use crate::tokens::{Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

/// Its radius, and how far inside of the upper left corner its middle lies.
const RADIUS: f32 = 8.0;
const INSIDE: f32 = 4.0;
const ICON: f32 = 10.0;
/// Between it and the pill of a flow.
const GAP: f32 = 2.0;
/// Smaller drawings would vanish below it.
const LEAST_ZOOM: f32 = 0.3;

impl Canvas {
    pub(super) fn locks_ui(&self, painter: &Painter, editor: &Editor, camera: &Camera) {
        let ctx = painter.ctx();
        for (id, at) in self.locks(editor, camera) {
            let is_selected = editor.is_selected(id);
            let (fill, ink) =
                if is_selected { (Ink::Accent, Ink::OnAccent) } else { (Ink::Raised, Ink::Muted) };
            let line = if is_selected { Ink::Canvas } else { Ink::CardLine };
            let line = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, line));
            painter.circle(at, RADIUS, theme::colour(ctx, fill), line);
            let icon = Rect::from_center_size(at, Vec2::splat(ICON));
            theme::icon(painter, icon, "lock", theme::colour(ctx, ink));
        }
    }

    /// Whether a lock is shown at a position of the screen.
    pub(super) fn is_on_lock(&self, editor: &Editor, camera: &Camera, pos: Pos2) -> bool {
        self.locks(editor, camera).any(|it| it.1.distance(pos) <= RADIUS)
    }

    /// The locks that are shown: whose, and where on the screen.
    fn locks<'a>(&'a self, editor: &'a Editor, camera: &'a Camera) -> impl Iterator<Item = (&'a Id, Pos2)> {
        let hovered = self.picture.highlight.hovered.as_ref();
        let locked = editor.locked().iter().filter(|_| camera.zoom >= LEAST_ZOOM);
        let shown = locked.filter(move |it| editor.is_selected(it) || hovered == Some(*it));
        let placed = shown.filter_map(|id| Some((id, corner(editor, camera, id)?)));
        placed.filter(|it| self.area.contains(it.1))
    }
}

/// The upper left corner of a box; of a flow, beside its pill, whose own lock says something else, or the middle of its
/// line.
fn corner(editor: &Editor, camera: &Camera, id: &Id) -> Option<Pos2> {
    let layout = editor.layout();
    if let Some(route) = layout.flows.get(id) {
        let pill = route.label.as_ref().filter(|it| it.fits).map(|it| camera.rect_to_screen(it.rect));
        let beside = pill.map(|it| it.left_center() - Vec2::new(RADIUS + GAP, 0.0));
        return Some(beside.unwrap_or_else(|| camera.to_screen(point_at(&route.points, 0.5))));
    }
    Some(camera.rect_to_screen(layout.rect(id)?).left_top() + Vec2::splat(INSIDE))
}
