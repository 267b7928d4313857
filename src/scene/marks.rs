//! What others say about elements, as plain data: badges, evidence, what is selected, what a tool shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::{BorderPoint, Id, Place, Ports};
use crate::tokens::Ink;

use super::geometry::{Pos, Rect};

/// How much a badge or a path weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Settled,
    Question,
    Low,
    Medium,
    High,
    Critical,
}

impl Level {
    pub fn ink(self) -> Ink {
        match self {
            Self::Settled => Ink::Settled,
            Self::Question => Ink::Question,
            Self::Low => Ink::Low,
            Self::Medium => Ink::Medium,
            Self::High => Ink::High,
            Self::Critical => Ink::Critical,
        }
    }
}

/// The count at an element's corner, in the colour of the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Badge {
    pub level: Level,
    pub count: u32,
}

impl Badge {
    /// The badge of two together: findings are counted, and questions only where no finding is.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let is_finding = |it: Level| it > Level::Question;
        let (worse, other) = if self.level < other.level { (other, self) } else { (self, other) };
        let counts = is_finding(worse.level) == is_finding(other.level);
        Self { level: worse.level, count: worse.count + if counts { other.count } else { 0 } }
    }
}

/// What a finding rests on: it lights up, and all else steps back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// In the order of the path, if it is one.
    pub components: Vec<Id>,
    pub flows: Vec<Id>,
    pub boundaries: Vec<Id>,
    /// The way that it is, if it is one, from its origin on.
    pub hops: Vec<Hop>,
    /// The ports that matter: gates show them in the colour of the level.
    pub ports: Ports,
    pub level: Level,
}

/// One step of a way from box to box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    pub from: Id,
    pub to: Id,
    /// The flows between the two, in either direction; with none of them, the way is one that nobody has drawn.
    pub flows: Vec<Id>,
    /// The ports that arrive, in words; empty where the flow says the same, or the way is one of needs.
    pub ports: String,
}

impl Evidence {
    pub fn holds(&self, id: &Id) -> bool {
        self.components.contains(id) || self.flows.contains(id) || self.boundaries.contains(id)
    }
}

/// How an element is tinted: by what the user looks for over the whole drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tinted {
    pub ink: Ink,
    /// A weaker tint says that it matters less.
    pub is_strong: bool,
    /// The same in a word at its corner, as colour is never the only sign; empty for a flow.
    pub sign: String,
}

/// What a filter of the view leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeftOut {
    pub ids: BTreeSet<Id>,
    /// It is dimmed, and not hidden.
    pub dims: bool,
}

/// A pin at a point, and how many messages hang on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pin {
    pub at: Pos,
    pub count: u32,
}

/// What analysis and rules say about elements. Derived by the editor.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Marks {
    pub badges: BTreeMap<Id, Badge>,
    pub evidence: Option<Evidence>,
    /// Components that are read as gates or as members of a pool though nobody has said so; drawn dashed.
    pub inferred: BTreeSet<Id>,
    /// None if nothing is looked for.
    pub tints: Option<BTreeMap<Id, Tinted>>,
    /// Elements that somebody comments on, and how many messages there are.
    pub pins: BTreeMap<Id, u32>,
    /// Points that somebody comments on, by the thread.
    pub points: BTreeMap<Id, Pin>,
    /// None if the view has no filter. What is selected or evidence shows all the same.
    pub left_out: Option<Arc<LeftOut>>,
}

impl Marks {
    /// Whether the view's filter leaves an element out.
    pub fn leaves_out(&self, id: &Id) -> bool {
        self.left_out.as_ref().is_some_and(|it| it.ids.contains(id))
    }

    /// Whether it does not show therefore, unless it is selected or evidence.
    pub fn hides(&self, id: &Id) -> bool {
        self.left_out.as_ref().is_some_and(|it| !it.dims && it.ids.contains(id))
    }
}

/// What is being done to elements at this moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Highlight {
    pub selected: BTreeSet<Id>,
    pub hovered: Option<Id>,
    /// What a search found: it lights up, and all else steps back. Evidence goes before it.
    pub found: Option<Arc<BTreeSet<Id>>>,
    /// The boundary that what is dragged would fall into.
    pub drop_target: Option<Id>,
    pub connect: Option<Connect>,
    /// The box of a selection that is being drawn.
    pub marquee: Option<Rect>,
    /// Lines that show what a dragged element is aligned to.
    pub guides: Vec<(Pos, Pos)>,
    /// Gaps that are shown with their widths, each level or upright.
    pub gaps: Vec<(Pos, Pos)>,
}

/// A flow that is being drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Connect {
    pub from: Id,
    /// Where the pointer is.
    pub to: Pos,
    /// The element below the pointer.
    pub target: Option<Id>,
    /// Where on the border of that it would be fixed; none if it floats.
    pub at: Option<BorderPoint>,
    /// Why it may not end there; none if it may.
    pub refused: Option<&'static str>,
}

/// What a gesture has done so far, not yet an edit: elements are shown elsewhere than they stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Overlay {
    /// How far elements were moved; a boundary takes along all that stands in it.
    pub moved: BTreeMap<Id, Pos>,
    /// The boxes of what is being resized.
    pub resized: BTreeMap<Id, Rect>,
    /// Where gates and flows are shown: side and offset, or waypoints.
    pub places: BTreeMap<Id, Place>,
}

impl Overlay {
    pub fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.resized.is_empty() && self.places.is_empty()
    }
}
