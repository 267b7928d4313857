//! A field of a form: its name, and what sets it; beside each other where there is room for both.

use egui::{Rect, Response, Ui, UiBuilder, Vec2, pos2};

use super::prose;
use crate::tokens::{Face, Ink, size};

/// The room for names beside their fields.
pub const NAMES: f32 = 112.0;
/// Below this width names stand above their fields.
const NARROW: f32 = 300.0;

/// A name and what `add` puts beside or below it. Returns what shows the name, for a tooltip.
pub fn field<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> (Response, R) {
    field_beside(ui, name, NAMES, add)
}

/// How far below the top of a field its name begins: a line stands on the base line of the value, which is a little
/// larger; two stand in the middle.
fn above(has_two_lines: bool) -> f32 {
    let (name, value) = (size::TYPE_12, size::TYPE_13);
    if has_two_lines {
        return ((size::CONTROL_HEIGHT_IN_ROW - 2.0 * Face::Sans.line_height(name)) / 2.0).max(0.0).floor();
    }
    let of_value = (size::CONTROL_HEIGHT_IN_ROW - Face::Sans.line_height(value)) / 2.0;
    of_value + Face::Sans.ascent(value) - Face::Sans.ascent(name)
}

/// A field with as much room for its name as given.
pub fn field_beside<R>(ui: &mut Ui, name: &str, names: f32, add: impl FnOnce(&mut Ui) -> R) -> (Response, R) {
    let size_ = size::TYPE_12;
    if ui.available_width() < NARROW {
        let both = ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = size::SPACE_4;
            let named = prose(ui, name, Face::Sans, size_, Ink::Muted);
            (named, add(ui))
        });
        return both.inner;
    }
    let corner = ui.cursor().min;
    let right = ui.max_rect().right();
    let room = names - size::SPACE_8;
    let above = above(Face::Sans.width(size_, name) > room);
    let left = Rect::from_min_size(corner + Vec2::new(0.0, above), Vec2::new(room, f32::INFINITY));
    let beside = Rect::from_min_max(pos2(corner.x + names, corner.y), pos2(right, f32::INFINITY));
    let named = ui
        .scope_builder(UiBuilder::new().max_rect(left), |ui| prose(ui, name, Face::Sans, size_, Ink::Muted));
    let set = ui.scope_builder(UiBuilder::new().max_rect(beside), |ui| add(ui));
    let bottom = named.response.rect.bottom().max(set.response.rect.bottom());
    ui.advance_cursor_after_rect(Rect::from_min_max(corner, pos2(right, bottom)));
    (named.inner, set.inner)
}
