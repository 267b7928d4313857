//! From a layout to the display list.

use super::Layout;
use super::geometry::Rect;
use super::list::DisplayList;
use super::marks::{Highlight, Marks, Overlay};

/// How a layout is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub marks: &'a Marks,
    pub highlight: &'a Highlight,
    pub overlay: Option<&'a Overlay>,
    /// The part of the world that is seen; all of it if none.
    pub viewport: Option<Rect>,
    /// Pixels on the screen for one of the world: decides how much detail is worth painting.
    pub zoom: f32,
}

/// Fills `out` with what is seen of a layout.
pub fn display(layout: &Layout, look: &Look<'_>, out: &mut DisplayList) {
    let _ = (layout, look);
    out.clear();
}
