//! What Parapet looks like, as data: colours, sizes, fonts, icon outlines and the width of a text.
//!
//! * [`Palette`] holds a theme's colours; a shape names its colour by [`Ink`] and the painter asks the palette.
//! * [`size`] holds lengths in points at 100 %.
//! * [`Face`] measures text, so that the canvas, the SVG and the tests agree without a window.
//! * [`Icon`] holds the outlines of an icon, for meshes and SVG alike.
//!
//! The data lies in `assets/tokens.ron`, `assets/fonts` and `assets/icons`, and is part of the program: this room
//! does no IO. It knows no other room and no egui; `ui/theme` turns it into egui's styles.

mod colour;
mod font;
mod icon;
mod icon_table;
mod palette;
pub mod size;

pub use colour::{NotAColour, Rgb, contrast, mix};
pub use font::Face;
pub use icon::{
    Fill as IconFill, Icon, IconError, Paint as IconPaint, Part as IconPart, Stroke as IconStroke, artwork,
    icon, icon_names,
};
pub use palette::{AREA, FamilyInk, FamilyPalette, Ink, Palette, TINT, Theme, WASH};
