//! A field to search in.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align2, Margin, Rect, Response, Sense, Stroke, StrokeKind, TextEdit, Ui, Vec2, pos2};

use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// A field with a glass before it and the key that leads to it behind; as wide as there is room. `label` is what it
/// says while it is empty, and how screen readers and tests find it.
pub fn search_field(ui: &mut Ui, text: &mut String, label: &str, shortcut: &str) -> Response {
    let beside = (size::FIELD_INSET + size::ICON_SMALL + size::SPACE_6) as i8;
    let room = Margin { left: beside, right: beside, top: 7, bottom: 7 };
    let edit = TextEdit::singleline(text)
        .hint_text(label)
        .font(theme::font(Face::Sans, size::TYPE_13))
        .margin(room)
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    let name = label.to_owned();
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
    let rect = response.rect;
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let to_icon = size::FIELD_INSET + size::ICON_SMALL / 2.0;
    let glass =
        Rect::from_center_size(pos2(rect.left() + to_icon, rect.center().y), Vec2::splat(size::ICON_SMALL));
    theme::icon(painter, glass, "search", theme::colour(ctx, Ink::Muted));
    let end = Rect::from_center_size(pos2(rect.right() - to_icon, rect.center().y), Vec2::splat(20.0));
    if !text.is_empty() {
        let clear = ui.interact(end, response.id.with("clear"), Sense::click());
        let ink = if clear.hovered() { Ink::Text } else { Ink::Muted };
        theme::icon(ui.painter(), end.shrink(4.0), "x", theme::colour(ui.ctx(), ink));
        if clear.on_hover_text("Clear").clicked() {
            text.clear();
            response.request_focus();
        }
    } else if !shortcut.is_empty() && !response.has_focus() {
        let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
        painter.rect_stroke(end, size::SPACE_4, stroke, StrokeKind::Inside);
        let font = theme::font(Face::Mono, size::TYPE_11);
        painter.text(end.center(), Align2::CENTER_CENTER, shortcut, font, theme::colour(ctx, Ink::Muted));
    }
    response
}

/// Selects all that stands in a field, so that typing begins anew.
pub fn select_all(ui: &Ui, field: &Response, text: &str) {
    select_first(ui, field, text.chars().count());
}

/// Selects so many letters from the beginning.
pub fn select_first(ui: &Ui, field: &Response, count: usize) {
    let mut state = TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
    let first = CCursorRange::two(CCursor::default(), CCursor::new(count));
    state.cursor.set_char_range(Some(first));
    state.store(ui.ctx(), field.id);
}
