//! A tile: an icon in a square that its colour stains.

use egui::{Painter, Rect, Vec2};

use crate::tokens::{Icon, Ink, TINT, size};
use crate::ui::theme;

/// Paints an icon in its tinted square.
pub fn tile(painter: &Painter, rect: Rect, icon: &str, ink: Ink) {
    let colour = theme::colour(painter.ctx(), ink);
    painter.rect_filled(rect, size::RADIUS_TILE, theme::translucent(painter.ctx(), ink, TINT));
    theme::icon(painter, Rect::from_center_size(rect.center(), Vec2::splat(size::ICON)), icon, colour);
}

/// The same of an icon that may have colours of its own: it is larger then, as on a card.
pub fn picture_tile(painter: &Painter, rect: Rect, icon: &Icon, ink: Ink) {
    let colour = theme::colour(painter.ctx(), ink);
    painter.rect_filled(rect, size::RADIUS_TILE, theme::translucent(painter.ctx(), ink, TINT));
    let side = if icon.is_coloured() { size::PICTURE } else { size::ICON };
    theme::picture(painter, Rect::from_center_size(rect.center(), Vec2::splat(side)), icon, colour);
}
