//! The display list: what is to be painted, in world coordinates and without a theme.
//!
//! It is handed on item by item, and each borrows from what it shows: a large drawing has tens of thousands, and nobody
//! needs them all at once.

use crate::model::Id;
use crate::tokens::{Face, Icon, Ink};

use super::geometry::{Pos, Rect};

/// Takes what is to be painted, in painting order: what comes later lies above.
pub type Sink<'s> = dyn FnMut(&Item<'_>) + 's;

/// One shape, and what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item<'a> {
    pub shape: Shape<'a>,
    pub layer: Layer,
    /// Multiplies the opacity of all that the shape paints: below 1 where it steps back.
    pub opacity: f32,
    /// The element that it is part of; none for what tools add.
    pub element: Option<&'a Id>,
}

/// The layers of the picture, from the ground up. Items come in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The areas of boundaries, outer before inner, with their titles.
    Boundary,
    /// The glow below the path that a finding is about.
    Halo,
    Flow,
    Card,
    Gate,
    /// The pills on flows.
    Label,
    Badge,
    /// Where somebody comments.
    Pin,
    /// What a tint means, in pictures that are handed out.
    Legend,
    /// What a tool shows: a flow being drawn, guides, the box of a selection.
    Tool,
}

/// A colour by name, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    pub ink: Ink,
    /// 0 to 1.
    pub opacity: f32,
}

impl Fill {
    pub const fn of(ink: Ink) -> Self {
        Self { ink, opacity: 1.0 }
    }

    pub const fn tint(ink: Ink, opacity: f32) -> Self {
        Self { ink, opacity }
    }
}

/// A line: its colour, its width, and its dashes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    pub fill: Fill,
    /// In world units; a painter keeps it from vanishing when far away.
    pub width: f32,
    /// Dash and gap.
    pub dash: Option<[f32; 2]>,
}

impl Stroke {
    pub const fn of(ink: Ink, width: f32) -> Self {
        Self { fill: Fill::of(ink), width, dash: None }
    }

    #[must_use]
    pub const fn dashed(self, dash: [f32; 2]) -> Self {
        Self { dash: Some(dash), ..self }
    }

    #[must_use]
    pub const fn at(self, opacity: f32) -> Self {
        Self { fill: Fill { opacity, ..self.fill }, ..self }
    }
}

/// Where a text stands relative to its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape<'a> {
    Rect(RectShape),
    Path(PathShape<'a>),
    Text(TextShape<'a>),
    Icon(IconShape<'a>),
}

/// A box. Its stroke lies half inside and half outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RectShape {
    pub rect: Rect,
    pub radius: f32,
    pub fill: Option<Fill>,
    pub stroke: Option<Stroke>,
    /// How far a soft shadow reaches, downwards above all; 0 for none. Painted in [`Ink::Shadow`].
    pub shadow: f32,
}

/// A polyline; see [`super::geometry::rounded`] and [`super::geometry::arrow_head`] for its corners and its head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PathShape<'a> {
    pub points: &'a [Pos],
    pub radius: f32,
    pub stroke: Stroke,
    /// The length of the filled head at its end; the line then ends in the middle of it. 0 for none.
    pub head: f32,
    /// The same at its start.
    pub tail: f32,
}

/// One line of text, already cut to fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextShape<'a> {
    pub text: &'a str,
    pub face: Face,
    pub size: f32,
    pub fill: Fill,
    /// On the base line, at the start, middle or end of it.
    pub pos: Pos,
    pub anchor: Anchor,
}

/// An icon, fitted into a box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IconShape<'a> {
    pub icon: &'a Icon,
    pub rect: Rect,
    /// What of it is ink is drawn in this; colours of its own have the opacity alone from it.
    pub fill: Fill,
}

impl Shape<'_> {
    /// The box around it, without its shadow.
    pub fn bounds(&self) -> Rect {
        match self {
            Self::Rect(it) => it.rect.grown(it.stroke.map_or(0.0, |it| it.width / 2.0)),
            Self::Path(it) => Rect::around(it.points).grown(it.stroke.width.max(it.head).max(it.tail) / 2.0),
            Self::Icon(it) => it.rect,
            Self::Text(it) => {
                let width = it.face.width(it.size, it.text);
                let left = match it.anchor {
                    Anchor::Start => it.pos.x,
                    Anchor::Middle => it.pos.x - width / 2.0,
                    Anchor::End => it.pos.x - width,
                };
                let top = it.pos.y - it.face.ascent(it.size);
                Rect::new(left, top, width, it.face.line_height(it.size))
            }
        }
    }
}
