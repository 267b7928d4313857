//! Buttons with an icon alone: the word and the shortcut stand in the tooltip.

use egui::{Rect, Response, RichText, Role, Sense, Ui, Vec2, WidgetInfo};

use super::focus_ring;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;

/// A square with an icon; `label` and, if it has one, `shortcut` are its tooltip.
pub fn icon_button(ui: &mut Ui, icon: &str, label: &str, shortcut: &str, is_selected: bool) -> Response {
    square(ui, size::CONTROL_HEIGHT, icon, label, shortcut, is_selected)
}

/// A little smaller, for rows of a form.
pub fn icon_button_in_row(ui: &mut Ui, icon: &str, label: &str) -> Response {
    square(ui, size::CONTROL_HEIGHT_IN_ROW, icon, label, "", false)
}

/// As low as the bar at the bottom.
pub fn icon_button_in_bar(ui: &mut Ui, icon: &str, label: &str, shortcut: &str) -> Response {
    square(ui, size::STATUS_BAR_HEIGHT - size::SPACE_4, icon, label, shortcut, false)
}

fn square(ui: &mut Ui, side: f32, icon: &str, label: &str, shortcut: &str, is_selected: bool) -> Response {
    let side = Vec2::splat(side);
    let (rect, response) = ui.allocate_exact_size(side, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, label));
    let ctx = ui.ctx();
    let fill = match (is_selected, response.hovered() && is_enabled) {
        (true, _) => Some(theme::tint(ctx, Ink::Panel, Ink::Accent, TINT)),
        (false, true) => Some(theme::tint(ctx, Ink::Panel, Ink::Text, theme::HOVER)),
        _ => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
    }
    let ink = match (is_enabled, is_selected) {
        (false, _) => Ink::Faint,
        (true, true) => Ink::Accent,
        (true, false) => Ink::Muted,
    };
    let box_ = Rect::from_center_size(rect.center(), Vec2::splat(size::ICON));
    theme::icon(ui.painter(), box_, icon, theme::colour(ctx, ink));
    focus_ring(ui, &response);
    response.on_hover_ui(|ui| {
        ui.horizontal(|ui| {
            super::label(ui, label, Face::Sans, size::TYPE_12, Ink::Text);
            if !shortcut.is_empty() {
                let text = RichText::new(shortcut).font(theme::font(Face::Mono, size::TYPE_11));
                ui.label(text.color(theme::colour(ui.ctx(), Ink::Muted)));
            }
        });
    })
}
