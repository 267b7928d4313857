//! Widgets: what panels are made of. One file a widget; each carries a label that screen readers and tests find.

mod badge;
mod button;
mod chip;
mod heading;
mod icon_button;
mod search_field;
mod segmented;
mod tabs;
mod text;
mod tile;

pub use badge::badge;
pub use button::Button;
pub use chip::chip;
pub use heading::heading;
pub use icon_button::icon_button;
pub use search_field::search_field;
pub use segmented::segmented;
pub use tabs::tabs;
pub use text::{label, wrapped};
pub use tile::tile;

use egui::{Response, Stroke, StrokeKind, Ui};

use crate::tokens::{Ink, size};
use crate::ui::theme;

/// The ring around what has the keyboard's focus.
fn focus_ring(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(size::STROKE_SELECTED, theme::colour(ui.ctx(), Ink::Accent));
        ui.painter().rect_stroke(response.rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    }
}
