//! Where new elements find room.

use crate::model::{Id, Model, Nesting, Place};

use super::geometry::Pos;

/// An element that is new on a view.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// A component or a boundary.
    pub id: Id,
    pub wish: Wish,
}

/// Where a new element would like to stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Wish {
    /// Wherever the flow of things leads.
    #[default]
    Anywhere,
    /// With its centre there, or as near as there is room.
    At(Pos),
    /// Near another element.
    Near(Id),
}

/// Free and tidy places for new elements of a view, on the grid; nothing that has a place is moved.
///
/// `model` holds the new elements already (apply the draft to a clone, which costs little) but not their places. Whole
/// imported models are laid out along their flows.
pub fn place_new(model: &Model, nesting: &Nesting, view: &Id, new: &[New]) -> Vec<(Id, Place)> {
    let _ = (model, nesting, view);
    new.iter().map(|it| (it.id.clone(), Place::default())).collect()
}
