//! A flow that is being drawn: where it would end, and whether that end would be fixed or floating.

use crate::model::Side;
use crate::tokens::{Face, Ink, size};

use super::Layout;
use super::brush::{Brush, Type, base_line};
use super::geometry::{Pos, Rect};
use super::list::{Anchor, Fill, Stroke};
use super::marks::Connect;

/// The side of the square that marks a fixed end, on the screen.
const MARK: f32 = 9.0;
/// From the pointer to the word beside it, on the screen.
const ASIDE: Pos = Pos::new(14.0, 18.0);

/// `px` is how much of the world a pixel of the screen is, so that all of it is as large at every zoom.
pub(super) fn draw_connect(brush: &mut Brush<'_>, layout: &Layout, connect: &Connect, px: f32) {
    let Some(from) = layout.rect(&connect.from) else { return };
    let target = connect.target.as_ref().and_then(|it| layout.rect(it));
    let fixed = target.zip(connect.at).map(|(rect, at)| {
        let (low, high) = rect.span(at.side);
        rect.on_side(at.side, low + (high - low) * at.offset.px())
    });
    let floating = || {
        target.map(|it| {
            let (side, _) = it.nearest_side(from.centre());
            it.middle(side)
        })
    };
    let end = fixed.or_else(floating).unwrap_or(connect.to);
    let (side, _): (Side, f32) = from.nearest_side(end);
    let start = from.middle(side);
    let ink = if connect.is_valid { Ink::Accent } else { Ink::Critical };
    let stroke = Stroke::of(ink, size::STROKE_SELECTED.max(1.5 * px)).dashed(size::DASH_FLOW);
    brush.path(&[start, end], 0.0, stroke, size::ARROW_HEAD);
    if target.is_none() || !connect.is_valid {
        return;
    }
    if let Some(at) = fixed {
        let mark = Rect::centred(at, MARK * px, MARK * px);
        brush.rect(mark, px, Some(Fill::of(ink)), Some(Stroke::of(Ink::Card, 1.5 * px)));
    }
    draw_word(brush, if fixed.is_some() { "Fixed here" } else { "Floating" }, connect.to, px);
}

/// A word beside the pointer.
fn draw_word(brush: &mut Brush<'_>, word: &str, pointer: Pos, px: f32) {
    let high = size::TYPE_11 * px;
    let wide = Face::Sans.width(size::TYPE_11, word) * px + 2.0 * size::SPACE_6 * px;
    let corner = Pos::new(pointer.x + ASIDE.x * px, pointer.y + ASIDE.y * px);
    let rect = Rect::at(corner, wide, size::BADGE_HEIGHT * px);
    brush.card(rect, size::RADIUS_FLOW * px, Ink::Card, 0.0, Stroke::of(Ink::Accent, px));
    let look = Type { face: Face::Sans, size: high, ink: Ink::Text };
    brush.text(word, look, Pos::new(rect.centre().x, base_line(rect.centre().y, high)), Anchor::Middle);
}
