//! A chip: a filter that is on or off.

use egui::{Align2, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::focus_ring;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;

/// A rounded switch with a dot in the colour of what it filters.
pub fn chip(ui: &mut Ui, text: &str, dot: Option<Ink>, is_selected: bool) -> Response {
    let height = size::CONTROL_HEIGHT_IN_ROW - size::SPACE_4;
    let room_for_dot = if dot.is_some() { size::SPACE_14 } else { 0.0 };
    let width = Face::SansMedium.width(size::TYPE_12, text).ceil() + room_for_dot + 2.0 * size::SPACE_12;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, text));
    let ctx = ui.ctx();
    let fill = match (is_selected, response.hovered()) {
        (true, _) => theme::tint(ctx, Ink::Raised, dot.unwrap_or(Ink::Accent), TINT),
        (_, true) => theme::tint(ctx, Ink::Raised, Ink::Text, theme::HOVER),
        _ => theme::colour(ctx, Ink::Raised),
    };
    let line = if is_selected { dot.unwrap_or(Ink::Accent) } else { Ink::Hairline };
    let painter = ui.painter();
    painter.rect_filled(rect, height / 2.0, fill);
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, line));
    painter.rect_stroke(rect, height / 2.0, stroke, StrokeKind::Inside);
    let left = rect.left() + size::SPACE_12;
    if let Some(ink) = dot {
        painter.circle_filled(pos2(left + 3.5, rect.center().y), 3.5, theme::colour(ctx, ink));
    }
    let font = theme::font(Face::SansMedium, size::TYPE_12);
    let at = pos2(left + room_for_dot, rect.center().y);
    painter.text(at, Align2::LEFT_CENTER, text, font, theme::colour(ctx, Ink::Text));
    focus_ring(ui, &response);
    response
}
