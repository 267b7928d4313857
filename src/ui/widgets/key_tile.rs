//! A small button of the palette: an icon in its tinted square, and the key that does the same.

use egui::{Align2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::{focus_ring, tile};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// How high it is.
pub const KEY_TILE_HEIGHT: f32 = 34.0;

/// A button that fills `rect`; `label` and `key` are what screen readers and tests find it by.
/// It is clicked, and dragged; `is_stop` says whether the Tab key stops at it.
pub fn key_tile(
    ui: &Ui,
    (rect, id): (Rect, egui::Id),
    (icon, ink): (&str, Ink),
    (label, key): (&str, &str),
    (is_selected, is_stop): (bool, bool),
) -> Response {
    let stop = if is_stop { Sense::FOCUSABLE } else { Sense::HOVER };
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG | stop);
    let is_enabled = ui.is_enabled();
    let spoken = format!("{label}, key {key}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, spoken.as_str()));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let is_pressed = response.dragged() || response.is_pointer_button_down_on();
    let (lift, line) = match (is_pressed || is_selected, response.hovered()) {
        (true, _) => (2.0 * theme::HOVER, Ink::Accent),
        (_, true) => (theme::HOVER, Ink::CardLine),
        _ => (0.0, Ink::Hairline),
    };
    painter.rect_filled(rect, size::RADIUS_CONTROL, theme::tint(ctx, Ink::Raised, Ink::Text, lift));
    let width = if is_selected { size::STROKE_SELECTED } else { size::STROKE_HAIRLINE };
    let stroke = Stroke::new(width, theme::colour(ctx, line));
    painter.rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    let square =
        Rect::from_center_size(pos2(rect.center().x - KEY_WIDTH / 2.0, rect.center().y), Vec2::splat(SIDE));
    tile(painter, square, icon, ink);
    let at = pos2(square.right() + 2.0, rect.center().y);
    let font = theme::font(Face::Mono, size::TYPE_11);
    painter.text(at, Align2::LEFT_CENTER, key, font, theme::colour(ctx, Ink::Muted));
    focus_ring(ui, &response);
    response
}

/// The side of its square, and the room of its key.
const SIDE: f32 = 24.0;
const KEY_WIDTH: f32 = 9.0;
