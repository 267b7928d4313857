//! The scene: model and view to one display list, from which canvas, SVG and PNG draw.
//!
//! * [`Layout`] holds where everything stands on one view, in pixels at 100 %, and is brought up to date edit by edit.
//! * [`display`] turns it into a display list, [`Item`] by [`Item`]: culled, and with as much detail as the zoom can show. Badges,
//!   evidence and selection come in as [`Marks`] and [`Highlight`], a gesture's work as [`Overlay`].
//! * [`hit`] says what lies below a position, [`place_new`] where new elements find room, [`auto_layout`] where what is there
//!   would stand better; a [`LayoutEngine`] does the work for both.
//!
//! This room knows colours by name only and no egui. Nothing here depends on the order of a hash map.

mod areas;
mod artwork;
mod auto_layout;
mod bends;
mod boxes;
mod boxing;
mod brush;
mod cards;
mod channels;
mod display;
mod draw;
mod gates;
pub mod geometry;
mod hit;
mod hung;
mod jumps;
mod labels;
mod layout;
mod legend;
mod linking;
mod list;
mod marks;
mod nest;
mod nudge;
mod placing;
mod ports;
mod preview;
mod rising;
mod route;
mod routing;
mod search;
mod seen;
mod settling;
mod sights;
#[cfg(test)]
mod sketch;
#[cfg(test)]
mod tests;
mod trail;
mod turn;
mod wiring;

pub use artwork::CardIcon;
pub use auto_layout::{LayoutScope, Places, auto_layout, prevailing_direction};
pub use bends::pinned_pieces;
pub use boxes::{BoundaryBox, CardBox, CardFace, GateBox, GateWord, LabelBox, LineStyle, Points, Route};
pub use cards::{around, card_size, family_ink};
pub use display::{Look, Share, display, display_part};
pub use geometry::{Pos, Rect};
pub use hit::{Hit, Part, hit, inside};
pub use jumps::{Jump, Jumps};
pub use labels::{flow_in_words, point_for_pill as pill_centre};
pub use layout::Layout;
pub use legend::{LegendLine, legend};
pub use list::{Anchor, Fill, IconShape, Item, Layer, PathShape, RectShape, Shape, Sink, Stroke, TextShape};
pub use marks::{Badge, Connect, Evidence, Highlight, Hop, LeftOut, Level, Marks, Overlay, Pin, Tinted};
pub use nest::stand_in;
pub use placing::{
    CompoundGraph, Edge as LayoutEdge, IsOver, Layered, LayoutEngine, New, Node as LayoutNode, Wish,
    place_new,
};
pub use turn::Progress;

/// The step that elements snap to.
pub const SNAP: f32 = 8.0;
