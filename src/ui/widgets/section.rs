//! A part of a panel that folds under its heading.

use egui::{Align2, Id, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, Vec2, WidgetInfo, pos2};

use super::focus_ring;
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// A heading with a quiet note at its end; true while what stands below it is to be shown. Whether it is open is
/// remembered by its name.
pub fn section(ui: &mut Ui, name: &str, note: &str, starts_open: bool) -> bool {
    let id = Id::unique(("section", name));
    let mut is_open: bool = ui.data(|it| it.get_temp(id)).unwrap_or(starts_open);
    let own = ui.next_auto_id();
    if fold(ui, own, name, note, is_open).clicked() {
        is_open = !is_open;
        ui.data_mut(|it| it.insert_temp(id, is_open));
    }
    is_open
}

/// The heading of what folds, with this id; a click asks for the other way.
pub fn fold(ui: &mut Ui, id: Id, name: &str, note: &str, is_open: bool) -> Response {
    let wanted = Vec2::new(ui.available_width(), FOLD_HEIGHT);
    let (_, rect) = ui.allocate_space(wanted);
    let response = ui.interact(rect, id, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, is_enabled, is_open, name));
    if ui.is_rect_visible(rect) {
        let (ctx, painter) = (ui.ctx(), ui.painter());
        let line = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
        painter.hline(rect.x_range(), rect.top(), line);
        let ink = if response.hovered() { Ink::Text } else { Ink::Muted };
        let centre = pos2(rect.left() + size::SPACE_14 + size::ICON_SMALL / 2.0, rect.center().y);
        let mark = Rect::from_center_size(centre, Vec2::splat(size::ICON_SMALL));
        let icon = if is_open { "chevron-down" } else { "chevron-right" };
        theme::icon(painter, mark, icon, theme::colour(ctx, ink));
        let end = rect.right() - size::SPACE_14;
        let at = pos2(mark.right() + size::SPACE_6, rect.center().y);
        let note_width =
            if note.is_empty() { 0.0 } else { Face::Sans.width(size::TYPE_12, note) + size::SPACE_12 };
        let shown = Face::SansSemibold.elide(size::TYPE_12, name, end - at.x - note_width + 1.0);
        let font = theme::font(Face::SansSemibold, size::TYPE_12);
        painter.text(at, Align2::LEFT_CENTER, &*shown, font, theme::colour(ctx, Ink::Text));
        let font = theme::font(Face::Sans, size::TYPE_12);
        let at = pos2(end, rect.center().y);
        painter.text(at, Align2::RIGHT_CENTER, note, font, theme::colour(ctx, Ink::Muted));
        focus_ring(ui, &response);
    }
    response
}

/// How high a heading of what folds is.
pub const FOLD_HEIGHT: f32 = size::CONTROL_HEIGHT + size::SPACE_4;

/// Contents with the margins of a panel.
pub fn inset(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    let corner = ui.cursor().min;
    let width = ui.available_width();
    let inside = Rect::from_min_max(
        pos2(corner.x + size::SPACE_14, corner.y),
        pos2(corner.x + width - size::SPACE_14, f32::INFINITY),
    );
    let shown = ui.scope_builder(UiBuilder::new().max_rect(inside), |ui| {
        ui.spacing_mut().item_spacing.y = size::SPACE_8;
        add(ui);
    });
    let bottom = shown.response.rect.bottom() + size::SPACE_12;
    ui.advance_cursor_after_rect(Rect::from_min_max(corner, pos2(corner.x + width, bottom)));
}
