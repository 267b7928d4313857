//! A segmented control: a few choices side by side, one of them chosen or none yet.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::focus_ring;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;

/// Choices side by side, in rows if there is no room for one; returns the one that was pressed.
pub fn segmented(ui: &mut Ui, labels: &[&str], selected: Option<usize>) -> Option<usize> {
    let room = ui.available_width();
    let widths: Vec<f32> = labels
        .iter()
        .map(|it| (Face::SansMedium.width(size::TYPE_12, it).ceil() + 2.0 * size::SPACE_12).min(room))
        .collect();
    let mut pressed = None;
    let mut first = 0;
    while first < labels.len() {
        // As many as fit beside each other.
        let mut width = 0.0;
        let fits = widths[first..].iter().take_while(|it| {
            width += **it;
            width <= room + 0.5
        });
        let end = first + fits.count().max(1);
        if let Some(n) =
            row(ui, &labels[first..end], &widths[first..end], selected.and_then(|it| it.checked_sub(first)))
        {
            pressed = Some(first + n);
        }
        first = end;
    }
    pressed
}

fn row(ui: &mut Ui, labels: &[&str], widths: &[f32], selected: Option<usize>) -> Option<usize> {
    let height = size::CONTROL_HEIGHT_IN_ROW;
    let (rect, _) = ui.allocate_exact_size(Vec2::new(widths.iter().sum(), height), Sense::hover());
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ui.ctx(), Ink::Hairline));
    ui.painter().rect_filled(rect, size::RADIUS_CONTROL, theme::colour(ui.ctx(), Ink::Raised));
    let mut pressed = None;
    let mut left = rect.left();
    for (n, (label, width)) in labels.iter().zip(widths).enumerate() {
        let part = Rect::from_min_size(pos2(left, rect.top()), Vec2::new(*width, height));
        left += width;
        let id = ui.next_auto_id();
        ui.skip_ahead_auto_ids(1);
        let response = ui.interact(part, id, Sense::click());
        let (is_selected, is_enabled) = (selected == Some(n), ui.is_enabled());
        response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, *label));
        let fill = match (is_selected, response.hovered()) {
            (true, _) => Some(theme::tint(ui.ctx(), Ink::Raised, Ink::Accent, TINT)),
            (_, true) => Some(theme::tint(ui.ctx(), Ink::Raised, Ink::Text, theme::HOVER)),
            _ => None,
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(part, corners(n, labels.len()), fill);
        }
        let ink = if is_selected { Ink::Accent } else { Ink::Text };
        let shown = Face::SansMedium.elide(size::TYPE_12, label, width - size::SPACE_8);
        let font = theme::font(Face::SansMedium, size::TYPE_12);
        ui.painter().text(part.center(), Align2::CENTER_CENTER, &*shown, font, theme::colour(ui.ctx(), ink));
        if n > 0 {
            ui.painter().vline(part.left(), part.y_range(), stroke);
        }
        focus_ring(ui, &response);
        if response.clicked() {
            pressed = Some(n);
        }
    }
    ui.painter().rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    pressed
}

/// Rounded where the row ends.
fn corners(n: usize, count: usize) -> CornerRadius {
    let radius = size::RADIUS_CONTROL as u8;
    let (left, right) = (if n == 0 { radius } else { 0 }, if n + 1 == count { radius } else { 0 });
    CornerRadius { nw: left, sw: left, ne: right, se: right }
}
