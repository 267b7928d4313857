//! Words that screen readers say whenever they change.

use egui::accesskit::{Live, Role};
use egui::{Id, Rect, Sense, Ui, Vec2};

/// Says a text of which nothing is seen. Returns whether anybody listens.
pub fn live(ui: &Ui, id: Id, text: impl FnOnce() -> String) -> bool {
    let corner = ui.max_rect().min;
    ui.interact(Rect::from_min_size(corner, Vec2::splat(1.0)), id, Sense::hover());
    let (x, y) = (f64::from(corner.x), f64::from(corner.y));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_bounds(egui::accesskit::Rect { x0: x, y0: y, x1: x + 1.0, y1: y + 1.0 });
    });
    spoken(ui, id, text)
}

/// Has what is seen with this id said, too, as often as it changes. Returns whether anybody listens.
pub fn spoken(ui: &Ui, id: Id, text: impl FnOnce() -> String) -> bool {
    let said = ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Polite);
    });
    if said.is_none() {
        return false;
    }
    let text = text();
    ui.ctx().accesskit_node_builder(id, |node| node.set_label(text));
    true
}
