//! A field of a form: its name, and what sets it; beside each other where there is room for both.

use egui::{Align, Layout, Rect, Response, Ui, UiBuilder, Vec2, pos2};

use super::{label, wrapped};
use crate::tokens::{Face, Ink, size};

/// The room for names beside their fields.
const NAMES: f32 = 112.0;
/// Below this width names stand above their fields.
const NARROW: f32 = 300.0;

/// A name and what `add` puts beside or below it. Returns what the name is shown by, for a tooltip.
pub fn field<R>(ui: &mut Ui, name: &str, add: impl FnOnce(&mut Ui) -> R) -> (Response, R) {
    if ui.available_width() < NARROW {
        return ui
            .scope(|ui| {
                ui.spacing_mut().item_spacing.y = size::SPACE_4;
                let name = label(ui, name, Face::Sans, size::TYPE_12, Ink::Muted);
                (name, add(ui))
            })
            .inner;
    }
    let corner = ui.cursor().min;
    let right = ui.max_rect().right();
    let beside = Rect::from_min_max(pos2(corner.x + NAMES, corner.y), pos2(right, f32::INFINITY));
    // Centred in the height of a control, and lower where it takes two lines.
    let lines = if Face::Sans.width(size::TYPE_12, name) > NAMES - size::SPACE_8 { 2.0 } else { 1.0 };
    let above =
        ((size::CONTROL_HEIGHT_IN_ROW - lines * Face::Sans.line_height(size::TYPE_12)) / 2.0).max(0.0);
    let names = Rect::from_min_size(
        corner + Vec2::new(0.0, above.floor()),
        Vec2::new(NAMES - size::SPACE_8, size::CONTROL_HEIGHT_IN_ROW),
    );
    let layout = Layout::top_down(Align::Min);
    let named = ui.scope_builder(UiBuilder::new().max_rect(names).layout(layout), |ui| {
        wrapped(ui, name, Face::Sans, size::TYPE_12, Ink::Muted)
    });
    let set = ui.scope_builder(UiBuilder::new().max_rect(beside), |ui| add(ui));
    let bottom = named.response.rect.bottom().max(set.response.rect.bottom());
    ui.advance_cursor_after_rect(Rect::from_min_max(corner, pos2(right, bottom)));
    (named.inner, set.inner)
}
