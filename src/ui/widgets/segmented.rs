//! A segmented control: a few choices side by side, one of them chosen or none yet.

use std::ops::Range;
use std::sync::Arc;

use egui::{
    Align2, Color32, CornerRadius, Galley, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};

use super::focus_ring;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;

/// Choices side by side, in rows if there is no room for one; returns the one that was pressed.
pub fn segmented(ui: &mut Ui, labels: &[&str], selected: Option<usize>) -> Option<usize> {
    show(ui, &Segments { name: "", labels, selected, unsaid: None })
}

/// Choices side by side, for a form: screen readers and tests find them as `name: choice`.
pub fn segmented_for(ui: &mut Ui, name: &str, labels: &[&str], selected: Option<usize>) -> Option<usize> {
    show(ui, &Segments { name, labels, selected, unsaid: None })
}

/// Choices of a form of which the first says that nobody has said: chosen, it stays quiet.
pub fn segmented_answer(ui: &mut Ui, name: &str, labels: &[&str], selected: Option<usize>) -> Option<usize> {
    show(ui, &Segments { name, labels, selected, unsaid: Some(0) })
}

/// Choices as they are shown.
struct Segments<'a> {
    name: &'a str,
    labels: &'a [&'a str],
    selected: Option<usize>,
    /// The one that says nothing.
    unsaid: Option<usize>,
}

fn show(ui: &mut Ui, it: &Segments<'_>) -> Option<usize> {
    let room = ui.available_width();
    let mut pressed = None;
    let mut first = 0;
    while first < it.labels.len() {
        // As many as fit beside each other.
        let mut used = 0.0;
        let fits = it.labels.iter().skip(first).take_while(|label| {
            used += width(label).min(room);
            used <= room + 0.5
        });
        let end = first + fits.count().max(1);
        let in_row = row(ui, it, first..end, room);
        pressed = pressed.or(in_row);
        first = end;
    }
    pressed
}

/// How wide choices are side by side.
pub fn segmented_width(labels: &[&str]) -> f32 {
    labels.iter().map(|it| width(it)).sum()
}

fn width(label: &str) -> f32 {
    Face::SansMedium.width(size::TYPE_12, label).ceil() + 2.0 * size::SPACE_12
}

/// The lines of a label that has no room on one; such a label has a row for itself. The colour is that of whoever paints
/// it.
fn lines(ui: &Ui, label: &str, room: f32) -> Option<Arc<Galley>> {
    let font = theme::font(Face::SansMedium, size::TYPE_12);
    let layout = || {
        let text = label.replace(char::is_control, " ");
        ui.painter().layout(text, font, Color32::PLACEHOLDER, room - 2.0 * size::SPACE_12)
    };
    // A choice that is cut off says less than it asks one to say.
    (width(label) > room).then(layout)
}

/// One row of them; returns the number, among all, of the one that was pressed.
fn row(ui: &mut Ui, it: &Segments<'_>, numbers: Range<usize>, room: f32) -> Option<usize> {
    let labels = it.labels.get(numbers.clone()).unwrap_or_default();
    let widths: Vec<f32> = labels.iter().map(|it| width(it).min(room)).collect();
    let lines = labels.first().and_then(|it| lines(ui, it, room));
    let height = lines.as_ref().map_or(0.0_f32, |it| it.size().y + size::SPACE_12);
    let height = height.max(size::CONTROL_HEIGHT_IN_ROW);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(widths.iter().sum(), height), Sense::hover());
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ui.ctx(), Ink::Hairline));
    ui.painter().rect_filled(rect, size::RADIUS_CONTROL, theme::colour(ui.ctx(), Ink::Raised));
    let mut pressed = None;
    let mut left = rect.left();
    for (n, (number, width)) in numbers.zip(&widths).enumerate() {
        let part = Rect::from_min_size(pos2(left, rect.top()), Vec2::new(*width, height));
        left += width;
        if n > 0 {
            ui.painter().vline(part.left(), part.y_range(), stroke);
        }
        let lines = lines.clone().filter(|_| n == 0);
        if segment(ui, it, number, (part, corners(n, widths.len())), lines) {
            pressed = Some(number);
        }
    }
    ui.painter().rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    pressed
}

/// One of them; true if it was pressed.
fn segment(
    ui: &mut Ui,
    it: &Segments<'_>,
    number: usize,
    (rect, corners): (Rect, CornerRadius),
    lines: Option<Arc<Galley>>,
) -> bool {
    let Some(label) = it.labels.get(number) else { return false };
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::click());
    let (is_selected, is_enabled) = (it.selected == Some(number), ui.is_enabled());
    let said = if it.name.is_empty() { (*label).to_owned() } else { format!("{}: {label}", it.name) };
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, &said));
    let is_loud = is_selected && it.unsaid != Some(number);
    let fill = match (is_loud, is_selected || response.hovered()) {
        (true, _) => Some(theme::tint(ui.ctx(), Ink::Raised, Ink::Accent, TINT)),
        (_, true) => Some(theme::tint(ui.ctx(), Ink::Raised, Ink::Text, theme::HOVER)),
        _ => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, corners, fill);
    }
    let ink = if is_loud { Ink::Accent } else { Ink::Text };
    let colour = if is_loud { theme::on_tint(ui.ctx(), ink) } else { theme::colour(ui.ctx(), ink) };
    if let Some(lines) = lines {
        let corner = pos2(rect.left() + size::SPACE_12, rect.center().y - lines.size().y / 2.0);
        ui.painter().galley(corner, lines, colour);
    } else {
        let shown = Face::SansMedium.elide(size::TYPE_12, label, rect.width() - size::SPACE_8);
        let font = theme::font(Face::SansMedium, size::TYPE_12);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, &*shown, font, colour);
    }
    focus_ring(ui, &response);
    response.clicked()
}

/// Rounded where the row ends.
fn corners(n: usize, count: usize) -> CornerRadius {
    let radius = size::RADIUS_CONTROL as u8;
    let (left, right) = (if n == 0 { radius } else { 0 }, if n + 1 == count { radius } else { 0 });
    CornerRadius { nw: left, sw: left, ne: right, se: right }
}
