//! How much room there is between boxes: it differs by the way that flows run, as names and pills are wider than high.

use super::ASPECT;
use crate::model::Direction;

/// Lengths as if flows ran downwards: where they run to the right, *beside* is below and *below* is beside.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    /// From box to box in a row.
    pub(super) beside: f32,
    /// The same where the two copy to each other: an arrow lies between them.
    pub(super) team: f32,
    /// The same for what stands aside of what leads to it: room for a pill.
    pub(super) aside: f32,
    /// From row to row: room for a pill and an arrow, and more where many lines run side by side.
    pub(super) below: f32,
    pub(super) most_below: f32,
    /// How much wider than high a drawing likes to be.
    pub(super) aspect: f32,
    /// Rows of what has no flows are not broken up to this width, those of layers up to that.
    pub(super) few: f32,
    pub(super) wide: f32,
}

impl Spacing {
    pub(super) const DOWN: Self = Self {
        beside: super::BESIDE,
        team: super::TEAM_BESIDE,
        aside: 120.0,
        below: super::BELOW,
        most_below: 136.0,
        aspect: ASPECT,
        few: 880.0,
        wide: 1440.0,
    };
    const RIGHT: Self = Self {
        beside: 32.0,
        team: 56.0,
        aside: 56.0,
        below: 120.0,
        most_below: 176.0,
        aspect: 1.0 / ASPECT,
        few: 560.0,
        wide: 960.0,
    };

    pub(super) fn of(direction: Direction) -> Self {
        match direction {
            Direction::Down => Self::DOWN,
            Direction::Right => Self::RIGHT,
        }
    }
}

impl Default for Spacing {
    fn default() -> Self {
        Self::DOWN
    }
}
