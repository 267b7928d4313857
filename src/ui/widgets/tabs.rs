//! Tabs: a word each, with a count where there is something to count, and a line below the chosen one.

use egui::{Align2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2};

use super::focus_ring;
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// A row of tabs; returns the one that was pressed. A count of 0 is not shown.
pub fn tabs(ui: &mut Ui, names: &[(&str, usize)], selected: usize) -> Option<usize> {
    let mut pressed = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        for (n, (name, count)) in names.iter().enumerate() {
            if tab(ui, name, *count, n == selected) {
                pressed = Some(n);
            }
        }
    });
    pressed
}

fn tab(ui: &mut Ui, name: &str, count: usize, is_selected: bool) -> bool {
    let face = Face::SansMedium;
    let count = if count > 0 { count.to_string() } else { String::new() };
    let name_width = face.width(size::TYPE_13, name).ceil();
    let pill = match count.len() {
        0 => 0.0,
        _ => (face.width(size::TYPE_11, &count) + 2.0 * size::SPACE_6).max(size::BADGE_HEIGHT),
    };
    let gap = if pill > 0.0 { size::SPACE_6 } else { 0.0 };
    let wanted =
        Vec2::new(name_width + gap + pill + 2.0 * size::SPACE_8, size::TOOLBAR_HEIGHT - size::SPACE_6);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, name));
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let ink = if is_selected || response.hovered() { Ink::Text } else { Ink::Muted };
    let left = rect.left() + size::SPACE_8;
    let font = theme::font(face, size::TYPE_13);
    painter.text(pos2(left, rect.center().y), Align2::LEFT_CENTER, name, font, theme::colour(ctx, ink));
    if pill > 0.0 {
        let centre = pos2(left + name_width + gap + pill / 2.0, rect.center().y);
        let shape = Rect::from_center_size(centre, Vec2::new(pill, size::BADGE_HEIGHT));
        painter.rect_filled(shape, size::BADGE_HEIGHT / 2.0, theme::tint(ctx, Ink::Raised, Ink::Text, 0.06));
        let font = theme::font(face, size::TYPE_11);
        painter.text(centre, Align2::CENTER_CENTER, count, font, theme::colour(ctx, Ink::Muted));
    }
    if is_selected {
        let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 2.0), rect.max);
        painter.rect_filled(line, 1.0, theme::colour(ctx, Ink::Accent));
    }
    focus_ring(ui, &response);
    response.clicked()
}
