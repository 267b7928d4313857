//! A part of a panel that folds under its heading.

use egui::{Align2, Rect, Role, Sense, Stroke, Ui, UiBuilder, Vec2, WidgetInfo, pos2};

use super::focus_ring;
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// A heading with a quiet note at its end; true while what stands below it is to be shown. Whether it is open is
/// remembered by its name.
pub fn section(ui: &mut Ui, name: &str, note: &str, starts_open: bool) -> bool {
    let id = egui::Id::unique(("section", name));
    let mut is_open: bool = ui.data(|it| it.get_temp(id)).unwrap_or(starts_open);
    let line = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ui.ctx(), Ink::Hairline));
    let wanted = Vec2::new(ui.available_width(), size::CONTROL_HEIGHT + size::SPACE_4);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, is_enabled, is_open, name));
    if response.clicked() {
        is_open = !is_open;
        ui.data_mut(|it| it.insert_temp(id, is_open));
    }
    if ui.is_rect_visible(rect) {
        let (ctx, painter) = (ui.ctx(), ui.painter());
        painter.hline(rect.x_range(), rect.top(), line);
        let ink = if response.hovered() { Ink::Text } else { Ink::Muted };
        let centre = pos2(rect.left() + size::SPACE_14 + size::ICON_SMALL / 2.0, rect.center().y);
        let mark = Rect::from_center_size(centre, Vec2::splat(size::ICON_SMALL));
        let icon = if is_open { "chevron-down" } else { "chevron-right" };
        theme::icon(painter, mark, icon, theme::colour(ctx, ink));
        let font = theme::font(Face::SansSemibold, size::TYPE_12);
        let at = pos2(mark.right() + size::SPACE_6, rect.center().y);
        painter.text(at, Align2::LEFT_CENTER, name, font, theme::colour(ctx, Ink::Text));
        let font = theme::font(Face::Sans, size::TYPE_12);
        let at = pos2(rect.right() - size::SPACE_14, rect.center().y);
        painter.text(at, Align2::RIGHT_CENTER, note, font, theme::colour(ctx, Ink::Muted));
        focus_ring(ui, &response);
    }
    is_open
}

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
