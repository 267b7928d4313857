//! A list that scrolls in a dialog.

use egui::{Margin, ScrollArea, Ui, UiBuilder};

use crate::tokens::size;

/// The room for the bar, out of the margin around a dialog.
const BAR: f32 = size::SPACE_12;

/// Shows what scrolls from some height on, its bar in the margin of the dialog.
pub fn scrolled<R>(ui: &mut Ui, max_height: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let area = ScrollArea::vertical().max_height(max_height);
    in_margin(ui, area, |area, ui| area.show(ui, add).inner)
}

/// Shows a scroll area whose bar lies in the margin of the dialog: what scrolls is as wide as what stands above and below
/// it, whether there is a bar or not.
pub fn in_margin<R>(ui: &mut Ui, area: ScrollArea, show: impl FnOnce(ScrollArea, &mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    let mut wider = room;
    wider.max.x += BAR;
    let mut child = ui.new_child(UiBuilder::new().max_rect(wider));
    let shown = show(area.content_margin(Margin { right: BAR as i8, ..Margin::ZERO }), &mut child);
    let mut used = child.min_rect();
    used.max.x = used.max.x.min(room.right());
    ui.advance_cursor_after_rect(used);
    shown
}
