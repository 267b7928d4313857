//! The legend of a tint as a part of a picture: on the canvas it is a widget, in what is handed out it is drawn.

use crate::tokens::{Face, Ink, size};

use super::brush::{Brush, Type, base_line};
use super::geometry::{Pos, Rect};
use super::list::{Anchor, Fill, Layer, Sink, Stroke};
use super::marks::Tinted;

/// A line of a legend: how something is tinted, and what that means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendLine {
    pub tinted: Tinted,
    pub meaning: String,
    /// How many elements are tinted so.
    pub count: usize,
}

/// How high a line is, and how long the piece of line that stands for flows.
const LINE: f32 = size::BADGE_HEIGHT + size::SPACE_6;
const FLOW: f32 = 36.0;

/// Hands on a legend with its upper left corner there.
pub fn legend(title: &str, lines: &[LegendLine], corner: Pos, out: &mut Sink<'_>) {
    let signs = lines.iter().map(|it| sign_width(&it.tinted.sign)).fold(0.0, f32::max) + size::SPACE_8;
    let said: Vec<String> = lines.iter().map(|it| format!("{}: {}", it.meaning, it.count)).collect();
    let texts = said.iter().map(|it| Face::Sans.width(size::TYPE_12, it)).fold(0.0, f32::max);
    let wide = (signs + texts).max(Face::SansSemibold.width(size::TYPE_12, title));
    let high = LINE * (lines.len() as f32 + 1.0);
    let around = Rect::at(corner, wide.ceil() + 2.0 * size::SPACE_12, high + 2.0 * size::SPACE_8);
    let mut brush = Brush { out, layer: Layer::Legend, opacity: 1.0, element: None };
    let edge = Stroke::of(Ink::Hairline, size::STROKE_HAIRLINE);
    brush.card(around, size::RADIUS_CONTROL, Ink::Panel, 0.0, edge);
    let left = corner.x + size::SPACE_12;
    let mut middle = corner.y + size::SPACE_8 + LINE / 2.0;
    let head = Type { face: Face::SansSemibold, size: size::TYPE_12, ink: Ink::Text };
    brush.text(title, head, Pos::new(left, base_line(middle, size::TYPE_12)), Anchor::Start);
    for (line, text) in lines.iter().zip(&said) {
        middle += LINE;
        sign(&mut brush, &line.tinted, Pos::new(left, middle));
        let look = Type { face: Face::Sans, ..head };
        let at = Pos::new(left + signs, base_line(middle, size::TYPE_12));
        brush.text(text, look, at, Anchor::Start);
    }
}

fn sign_width(sign: &str) -> f32 {
    if sign.is_empty() {
        return FLOW;
    }
    (Face::SansSemibold.width(size::TYPE_11, sign) + 11.0).max(size::BADGE_HEIGHT)
}

fn sign(brush: &mut Brush<'_>, tinted: &Tinted, left: Pos) {
    let width = sign_width(&tinted.sign);
    if tinted.sign.is_empty() {
        let end = Pos::new(left.x + width, left.y);
        brush.path(&[left, end], 0.0, Stroke::of(tinted.ink, size::STROKE_SELECTED), 0.0);
        return;
    }
    let rect = Rect::new(left.x, left.y - size::BADGE_HEIGHT / 2.0, width, size::BADGE_HEIGHT);
    let much = if tinted.is_strong { STRONG } else { WEAK };
    let edge = Stroke::of(tinted.ink, 1.5);
    brush.rect(rect, size::RADIUS_FLOW, Some(Fill::tint(tinted.ink, much)), Some(edge));
    let look = Type { face: Face::SansSemibold, size: size::TYPE_11, ink: Ink::Text };
    let at = Pos::new(rect.centre().x, base_line(left.y, size::TYPE_11));
    brush.text(&tinted.sign, look, at, Anchor::Middle);
}

/// How much of a tint's colour is in its sign, as it is in cards.
const STRONG: f32 = 0.22;
const WEAK: f32 = 0.1;
