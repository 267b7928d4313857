//! What a layout knows of each element: its box, and its texts, cut to fit.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::model::{Id, PortRange, Side, Truth};
use crate::tokens::FamilyInk;

use super::artwork::CardIcon;
use super::geometry::{Pos, Rect};

/// A component, or a boundary that is collapsed.
#[derive(Debug, Clone, PartialEq)]
pub struct CardBox {
    /// The front card, without those behind it.
    pub rect: Rect,
    /// How many cards stand behind it, 0 to 2.
    pub stack: u8,
    pub face: CardFace,
    /// Which of two cards lies on the other: the one with the larger; with the same, that with the later id.
    pub order: i32,
    /// The boundary on this view that it stands in.
    pub parent: Option<Id>,
    /// The name as a person reads it in a list, uncut.
    pub title: Arc<str>,
}

/// What stands on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardFace {
    /// Icon, name and a second line.
    Element { icon: CardIcon, family: FamilyInk, name: Arc<str>, second: Arc<str>, is_collapsed: bool },
    /// A note: its lines.
    Note { lines: Vec<Arc<str>> },
}

/// A boundary that shows its contents.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryBox {
    pub rect: Rect,
    /// Icon and title at its upper left corner.
    pub title_rect: Rect,
    pub title: Arc<str>,
    pub icon: CardIcon,
    /// The boundary on this view that it stands in.
    pub parent: Option<Id>,
    /// How many boundaries it stands in on this view.
    pub depth: u16,
    /// Which of two boundaries of the same depth lies on the other.
    pub order: i32,
}

/// A component on the edge of the boundary that it guards.
#[derive(Debug, Clone, PartialEq)]
pub struct GateBox {
    pub rect: Rect,
    pub side: Side,
    pub boundary: Id,
    pub icon: CardIcon,
    pub words: Vec<GateWord>,
    pub title: Arc<str>,
}

/// A port on a gate.
#[derive(Debug, Clone, PartialEq)]
pub struct GateWord {
    pub text: Arc<str>,
    /// From the left edge of the gate.
    pub x: f32,
    /// The ports it stands for; none for `?` and `…`.
    pub ports: Option<PortRange>,
}

/// The corners of a line. Few lines have more than six, so they lie where the line does and are fetched with it.
pub type Points = SmallVec<[Pos; 6]>;

/// A line that was moved aside from others.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Aside {
    /// Its corners as its way was found.
    pub(super) found: Points,
    /// The same where they are now, though some pieces between them may be in line, or have no length any more.
    pub(super) moved: Points,
}

/// A flow as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The boxes it runs between: of its ends, or of collapsed boundaries that hide them.
    pub from: Id,
    pub to: Id,
    pub from_side: Side,
    pub to_side: Side,
    /// From border to border, each piece upright or level.
    pub points: Points,
    /// The box around its points.
    pub bounds: Rect,
    /// If it was moved aside from others.
    pub(super) aside: Option<Box<Aside>>,
    pub label: Option<LabelBox>,
    pub line: LineStyle,
    /// It has a head at its source, too.
    pub has_two_heads: bool,
    /// Other flows of the same direction that are drawn as this one, since their ends are hidden.
    pub merged: Vec<Id>,
}

impl Route {
    /// Its points before it was moved aside from others.
    pub(super) fn found(&self) -> &[Pos] {
        self.aside.as_ref().map_or(&self.points, |it| &it.found)
    }

    /// Something of each part of it that a picture looks at from afar, for whoever fetches many from memory at once.
    pub(super) fn fetched(&self) -> f32 {
        let [first, last] = [self.points.first(), self.points.last()].map(|it| it.map_or(0.0, |it| it.x));
        first
            + last
            + self.bounds.min.x
            + self.merged.len() as f32
            + f32::from(u8::from(self.line == LineStyle::Plain))
    }
}

/// How a flow's line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LineStyle {
    #[default]
    Plain,
    /// Dashed: it copies data.
    Replicates,
    /// Dashed and lighter: its source does not wait.
    Asynchronous,
}

/// The pill on a flow.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelBox {
    pub rect: Rect,
    /// Protocol, port and access.
    pub text: Arc<str>,
    /// Which lock it shows.
    pub encrypted: Truth,
    /// Where there is no room for it, it shows only while the pointer is on its flow.
    pub fits: bool,
    /// Its owner put it where it is.
    pub is_put: bool,
    /// Only its lock has room: how wide it is with its text, which it shows while the pointer is on its flow.
    pub unfolded: Option<f32>,
}

impl LabelBox {
    /// Its box with all of its text.
    pub fn whole(&self) -> Rect {
        match self.unfolded {
            Some(width) => Rect::centred(self.rect.centre(), width, self.rect.height()),
            None => self.rect,
        }
    }
}
