//! Views and places: where things stand on the canvas, apart from what they mean.

use serde::{Deserialize, Serialize};

use super::record::{fields, record};
use super::{Figure, Id, Levels, Model, Only};

/// The id of the view that a file without views gets.
pub const MAIN_VIEW: &str = "main";

/// The same, or `main-2` where something else is called so.
pub fn main_view_id(is_taken: impl Fn(&Id) -> bool) -> Id {
    let numbered = (2..).map(|n| Id::slug(&format!("{MAIN_VIEW}-{n}")));
    let main = Id::slug(MAIN_VIEW);
    let mut ids = std::iter::once(main.clone()).chain(numbered);
    ids.find(|it| !is_taken(it)).unwrap_or(main)
}

record! {
    /// One diagram of the model. An element without a place is not on it.
    pub struct View {
        pub name: String,
        /// Where it stands among the views.
        pub order: u32,
        /// What it shows: words of a search. Empty shows all.
        pub filter: String,
        /// What else it shows alone, sorted; nothing shows all.
        pub only: Vec<Only>,
        /// What is left out is dimmed, and not hidden.
        pub dims: bool,
        /// Nothing on it is to be moved.
        pub locked: bool,
        /// The way that flows run where it is laid out; none: as they mostly do already.
        pub direction: Option<Direction>,
    }
}

/// The way that flows run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From top to bottom.
    #[default]
    Down,
    /// From left to right.
    Right,
}

/// A side of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

/// A point of the border of a box, which moves and grows with the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BorderPoint {
    pub side: Side,
    /// How far along that side, from the left or from above, 0 to 1.
    pub offset: Figure,
}

impl BorderPoint {
    pub fn new(side: Side, offset: f32) -> Self {
        Self { side, offset: Figure::share(offset.clamp(0.0, 1.0)) }
    }
}

record! {
    /// Where an element stands on a view, in pixels at 100 %.
    pub struct Place {
        /// The left edge of its box.
        pub x: Figure,
        /// The upper edge of its box.
        pub y: Figure,
        /// None: the width that its contents ask for.
        pub width: Option<Figure>,
        pub height: Option<Figure>,
        /// The corners of a flow, where its owner laid them by hand.
        pub waypoints: Vec<(Figure, Figure)>,
        /// The segments of a flow that stay where they are, by their number: the first ends at the first corner, and so the
        /// second is the first that may be one of them. With none of them, all corners stay.
        pub pinned: Vec<u32>,
        /// Where a flow leaves its source; none: wherever it suits its way.
        pub exit: Option<BorderPoint>,
        /// Where a flow meets its target; none: wherever it suits its way.
        pub entry: Option<BorderPoint>,
        /// How far along a flow its label is, from its source, 0 to 1; none: where there is room.
        pub label: Option<Figure>,
        /// The side of its boundary that a gate sits on.
        pub side: Option<Side>,
        /// How far along that side, 0 to 1.
        pub offset: Option<Figure>,
        /// What lies on it and below it among those of its sort: the larger, the further in front. A boundary lies below what
        /// stands in it, whatever its order.
        pub order: i32,
        /// A boundary drawn as one box.
        pub collapsed: bool,
        /// It stays here, and is not to be deleted, until somebody unlocks it.
        pub locked: bool,
    }
}

fields!(u32, i32, Side);

impl Place {
    pub fn at(x: f32, y: f32) -> Self {
        Self { x: x.into(), y: y.into(), ..Self::default() }
    }

    pub fn boxed(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { width: Some(width.into()), height: Some(height.into()), ..Self::at(x, y) }
    }

    pub fn on_side(side: Side, offset: f32) -> Self {
        Self { side: Some(side), offset: Some(offset.into()), ..Self::default() }
    }
}

impl Model {
    /// Where an element's place is; that of a gate is told by its boundary's.
    pub fn spot(&self, view: &Id, id: &Id) -> Option<(f32, f32)> {
        let place = self.place(view, id)?;
        let gate_of = self.component(id).and_then(|it| it.gate_of.as_ref());
        let Some((side, around)) = place.side.zip(gate_of.and_then(|it| self.place(view, it))) else {
            return Some((place.x.px(), place.y.px()));
        };
        let Place { x, y, width, height, .. } = around;
        let [x, y] = [x.px(), y.px()];
        let [width, height] = [width, height].map(|it| it.map_or(0.0, Figure::px));
        let along = place.offset.map_or(0.5, Figure::px);
        Some(match side {
            Side::Top => (x + width * along, y),
            Side::Bottom => (x + width * along, y + height),
            Side::Left => (x, y + height * along),
            Side::Right => (x + width, y + height * along),
        })
    }
}

record! {
    /// What the system is for.
    pub struct Brief {
        pub title: String,
        pub notes: String,
        pub use_cases: Vec<String>,
        pub figures: Vec<BriefFigure>,
        pub constraints: Vec<String>,
        pub requirements: Vec<String>,
        /// Attacks seen before on this or similar systems.
        pub attacks: Vec<String>,
        /// How bad what is, if not as usual.
        pub levels: Levels,
    }
}

record! {
    /// A number of the brief: users over the next year, data to keep.
    pub struct BriefFigure {
        pub name: String,
        pub value: Option<Figure>,
        pub unit: String,
    }
}

impl Direction {
    /// The other one.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Down => Self::Right,
            Self::Right => Self::Down,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_round_to_hundredths() {
        assert_eq!(Place::at(1.001, f32::NAN), Place::at(1.0, 0.0));
        assert_eq!(Place::at(-0.001, 0.0), Place::at(0.0, 0.0));
    }
}
