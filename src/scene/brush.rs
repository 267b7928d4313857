//! Small helpers that hand shapes on to a display list.

use crate::model::Id;
use crate::tokens::{Face, Icon, Ink};

use super::geometry::{Pos, Rect};
use super::list::{
    Anchor, Fill, IconShape, Item, Layer, PathShape, RectShape, Shape, Sink, Stroke, TextShape,
};

/// Puts shapes of one element on one layer.
pub(super) struct Brush<'a> {
    pub(super) out: &'a mut Sink<'a>,
    pub(super) layer: Layer,
    pub(super) opacity: f32,
    pub(super) element: Option<&'a Id>,
}

/// A face, a size and a colour.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) face: Face,
    pub(super) size: f32,
    pub(super) ink: Ink,
}

impl Brush<'_> {
    fn put(&mut self, shape: Shape<'_>, opacity: f32) {
        (self.out)(&Item { shape, layer: self.layer, opacity, element: self.element });
    }

    pub(super) fn rect(&mut self, rect: Rect, radius: f32, fill: Option<Fill>, stroke: Option<Stroke>) {
        self.put(Shape::Rect(RectShape { rect, radius, fill, stroke, shadow: 0.0 }), self.opacity);
    }

    /// A card: its ground stays opaque when it steps back, for what lies below must not show through.
    pub(super) fn card(&mut self, rect: Rect, radius: f32, ink: Ink, shadow: f32, stroke: Stroke) {
        let shape = RectShape { rect, radius, fill: Some(Fill::of(ink)), stroke: None, shadow };
        self.put(Shape::Rect(shape), 1.0);
        self.rect(rect, radius, None, Some(stroke));
    }

    pub(super) fn path(&mut self, points: &[Pos], radius: f32, stroke: Stroke, head: f32) {
        self.line(points, radius, stroke, (0.0, head));
    }

    /// A path with a head at its start and one at its end, or none where it is 0 long.
    pub(super) fn line(&mut self, points: &[Pos], radius: f32, stroke: Stroke, (tail, head): (f32, f32)) {
        self.put(Shape::Path(PathShape { points, radius, stroke, head, tail }), self.opacity);
    }

    /// `pos` is on the base line.
    pub(super) fn text(&mut self, text: &str, look: Type, pos: Pos, anchor: Anchor) {
        if text.is_empty() {
            return;
        }
        let fill = Fill::of(look.ink);
        self.put(
            Shape::Text(TextShape { text, face: look.face, size: look.size, fill, pos, anchor }),
            self.opacity,
        );
    }

    pub(super) fn icon(&mut self, icon: &Icon, centre: Pos, side: f32, ink: Ink) {
        let rect = Rect::centred(centre, side, side);
        self.put(Shape::Icon(IconShape { icon, rect, fill: Fill::of(ink) }), self.opacity);
    }
}

/// The base line of a line of text whose capitals are to be centred on `y`.
pub(super) fn base_line(y: f32, size: f32) -> f32 {
    // Half of the height of capitals in both of our typefaces.
    y + size * 0.364
}
