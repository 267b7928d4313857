//! A badge: a small count, filled with what it counts.

use egui::{Align2, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// A count in a pill; `ink` fills it, [`Ink::Raised`] where it is not to stand out.
pub fn badge(ui: &mut Ui, text: &str, ink: Ink) -> Response {
    let (face, height) = (Face::SansSemibold, size::BADGE_HEIGHT);
    let width = (face.width(size::TYPE_11, text) + 2.0 * size::SPACE_6).max(height);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), Sense::hover());
    let on = if ink == Ink::Raised { Ink::Muted } else { Ink::OnAccent };
    let painter = ui.painter();
    painter.rect_filled(rect, height / 2.0, theme::colour(ui.ctx(), ink));
    let (font, colour) = (theme::font(face, size::TYPE_11), theme::colour(ui.ctx(), on));
    painter.text(rect.center(), Align2::CENTER_CENTER, text, font, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}
