//! A choice of one from a list that drops down.

use egui::{
    Align2, PopupCloseBehavior, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};

use super::focus_ring;
use super::menu::{drop_down, mark};
use super::option_list::{Choice, Chosen, option_list};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// Shows what is chosen; a click drops the list. Returns the number of another one that was chosen. `label` is how
/// screen readers and tests find it.
pub fn select(
    ui: &mut Ui,
    label: &str,
    shown: &Choice,
    selected: Option<usize>,
    choices: impl FnOnce() -> Vec<Choice>,
) -> Option<usize> {
    let size_ = Vec2::new(ui.available_width(), size::CONTROL_HEIGHT_IN_ROW);
    let (rect, response) = ui.allocate_exact_size(size_, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(shown.text.clone()),
        ..WidgetInfo::labeled(egui::Role::ComboBox, is_enabled, label)
    });
    if ui.is_rect_visible(rect) {
        paint(ui, rect, shown, &response);
    }
    let width = rect.width().max(size::MENU_WIDTH);
    let id = response.id.with("list");
    let chosen = drop_down(&response, PopupCloseBehavior::CloseOnClickOutside, width, |ui| {
        option_list(ui, id, &choices(), selected, None)
    });
    match chosen.flatten() {
        Some(Chosen::Listed(n)) if Some(n) != selected => Some(n),
        _ => None,
    }
}

/// How wide a choice is that has an icon and shows any of these whole.
pub fn select_width(labels: &[&str]) -> f32 {
    let text = labels.iter().map(|it| Face::Sans.width(size::TYPE_13, it)).fold(0.0, f32::max).ceil();
    2.0 * (size::FIELD_INSET + size::ICON_SMALL) + size::SPACE_6 + text + size::SPACE_4
}

fn paint(ui: &Ui, rect: Rect, shown: &Choice, response: &Response) {
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let lift = if response.hovered() { theme::HOVER } else { 0.0 };
    painter.rect_filled(rect, size::RADIUS_CONTROL, theme::tint(ctx, Ink::Raised, Ink::Text, lift));
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
    painter.rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    let mut left = rect.left() + size::FIELD_INSET;
    if let Some((icon, ink)) = &shown.icon {
        let corner = pos2(left, rect.center().y - size::ICON_SMALL / 2.0);
        let square = Rect::from_min_size(corner, Vec2::splat(size::ICON_SMALL));
        mark(painter, square, icon, *ink);
        left += size::ICON_SMALL + size::SPACE_6;
    }
    let mark = Rect::from_center_size(
        pos2(rect.right() - size::FIELD_INSET - size::ICON_SMALL / 2.0, rect.center().y),
        Vec2::splat(size::ICON_SMALL),
    );
    theme::icon(painter, mark, "chevron-down", theme::colour(ctx, Ink::Muted));
    let text = Face::Sans.elide(size::TYPE_13, &shown.text, mark.left() - left - size::SPACE_4 + 1.0);
    let font = theme::font(Face::Sans, size::TYPE_13);
    let ink = if shown.is_quiet { Ink::Muted } else { Ink::Text };
    let colour = theme::colour(ctx, ink);
    painter.text(pos2(left, rect.center().y), Align2::LEFT_CENTER, &*text, font, colour);
    focus_ring(ui, response);
}
