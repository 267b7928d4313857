//! Widgets: what panels are made of. One file a widget; each carries a label that screen readers and tests find.

mod badge;
mod button;
mod chip;
mod field;
mod heading;
mod icon_button;
mod key_tile;
mod live;
mod menu;
mod nothing;
mod option_list;
mod picks;
mod question;
mod row;
mod scrolled;
mod search_field;
mod section;
mod segmented;
mod select;
mod tabs;
mod tall_list;
mod text;
mod text_field;
mod tile;
mod tile_button;

pub use badge::badge;
pub use button::Button;
pub use chip::chip;
pub use field::{NAMES, field, field_beside};
pub use heading::heading;
pub use icon_button::{icon_button, icon_button_in_bar, icon_button_in_row};
pub use key_tile::{KEY_TILE_HEIGHT, key_tile};
pub use live::{live, spoken};
pub use menu::{DOT, is_menu_open, menu, menu_as_wide, menu_item};
pub use nothing::nothing;
pub use option_list::Choice;
pub use picks::{Picked, picks};
pub use question::{Asked, Question, dot, dot_before, indented, question};
pub use row::{RowLook, is_looked_at, row};
pub use scrolled::{in_margin, scrolled};
pub use search_field::{search_field, select_all, select_first};
pub use section::{FOLD_HEIGHT, fold, inset, section};
pub use segmented::{segmented, segmented_answer, segmented_for, segmented_width};
pub use select::{select, select_width};
pub use tabs::tabs;
pub use tall_list::TallList;
pub use text::{label, prose, with_code, wrapped};
pub use text_field::{Check, FIELD_MARGIN, TextField};
pub use tile::{picture_tile, tile};
pub use tile_button::{TILE_BUTTON_HEIGHT, tile_button, tile_name_room};

use egui::{Response, Stroke, StrokeKind, Ui};

use crate::tokens::{Ink, size};
use crate::ui::theme;

/// Lets the keyboard begin here while nothing else has its focus.
pub fn focus_first(ui: &Ui, response: &Response) {
    if ui.memory(|it| it.focused().is_none()) {
        response.request_focus();
    }
}

/// The ring around what has the keyboard's focus.
pub fn focus_ring(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(size::STROKE_SELECTED, theme::colour(ui.ctx(), Ink::Accent));
        ui.painter().rect_stroke(response.rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    }
}
