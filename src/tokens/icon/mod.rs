//! Icons as outlines: what the canvas tessellates and the SVG export writes.
//!
//! An icon comes as an SVG and becomes parts: each an outline in one square, with what fills and what strokes it. Lucide's
//! come with the app, by name, and are drawn by strokes alone; those of a user's packs have colours of their own. All go the
//! same way, through [`Icon::parse`], and none of an SVG's text goes further than that.

mod clip;
mod known;
mod read;
mod screen;
mod write;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::OnceLock;

use kurbo::{BezPath, Cap, Join};

pub use known::artwork;

use super::Rgb;
use super::icon_table::ALL;

/// An icon in a box of [`Icon::BOX`]: what is to be painted, from the ground up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Icon {
    pub name: String,
    pub parts: Vec<Part>,
    /// How many elements were left out or drawn more plainly: texts, pictures, filters, masks, blending.
    pub simplified: u32,
    /// The same for all icons of the same parts, so that whoever draws them keeps one drawing.
    pub key: u64,
    is_coloured: bool,
}

/// One outline, and what is done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Lies in the box, to a thousandth.
    pub outline: BezPath,
    /// The same as the `d` of an SVG's `path`.
    pub d: String,
    pub fill: Option<Fill>,
    /// Lies above the fill.
    pub stroke: Option<Stroke>,
}

/// What an outline is painted with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// A colour of its own; none is the ink that icons are drawn with wherever this one stands.
    pub colour: Option<Rgb>,
    /// Above 0, and at most 1.
    pub opacity: f32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fill {
    pub paint: Paint,
    /// What is crossed twice is a hole, whichever way it runs.
    pub is_even_odd: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    pub paint: Paint,
    /// In units of the box.
    pub width: f64,
    pub cap: Cap,
    pub join: Join,
}

/// Why an SVG is no icon.
#[derive(Debug, thiserror::Error)]
pub enum IconError {
    #[error("it is larger than {} KiB, the most that is read", Icon::MAX_BYTES >> 10)]
    TooLarge,
    #[error("it is no SVG: {0}")]
    Xml(#[from] roxmltree::Error),
    #[error("it is no SVG: it begins with <{0}>")]
    Foreign(String),
    #[error("it has more {0} than an icon needs")]
    TooMuch(&'static str),
    #[error("something in it refers to itself")]
    Circular,
    #[error("its width, height or viewBox is none")]
    Size,
    #[error("something in it lies too far away to be drawn")]
    TooFar,
    #[error("it draws nothing")]
    Empty,
}

/// The bundled icon of that name.
pub fn icon(name: &str) -> Option<&'static Icon> {
    static PARSED: [OnceLock<Option<Icon>>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];
    let at = ALL.binary_search_by(|(it, _)| (*it).cmp(name)).ok()?;
    let (name, svg) = ALL.get(at)?;
    // Each bundled icon parses: a test tries them all.
    PARSED.get(at)?.get_or_init(|| Icon::parse(name, svg).ok().map(Icon::thinned)).as_ref()
}

/// The names of the bundled icons, sorted.
pub fn icon_names() -> impl ExactSizeIterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

impl Icon {
    /// The side of the square that outlines lie in, from 0.
    pub const BOX: f64 = 24.0;
    /// The width of the strokes of bundled icons, in units of the box.
    pub const STROKE: f64 = 1.75;
    /// The longest SVG that is read, in bytes.
    pub const MAX_BYTES: usize = 256 << 10;

    /// Reads an SVG, fitted into [`Icon::BOX`].
    ///
    /// What has no colour of its own is drawn in ink. So is one that is black all over, or white: on some ground it would
    /// not be seen. A gradient is drawn in the mean of its colours; texts, pictures, filters and masks are left out.
    ///
    /// # Errors
    /// It is no SVG, draws nothing, or has more in it than an icon needs.
    pub fn parse(name: &str, svg: &str) -> Result<Self, IconError> {
        if svg.len() > Self::MAX_BYTES {
            return Err(IconError::TooLarge);
        }
        let (tree, left_out) = screen::tree(svg)?;
        let (parts, simplified) = read::parts(&tree)?;
        let icon = Self {
            name: name.to_owned(),
            parts,
            simplified: simplified + left_out,
            key: 0,
            is_coloured: false,
        };
        if write::length(&icon) > Self::MAX_BYTES {
            return Err(IconError::TooMuch("outlines"));
        }
        Ok(icon.with_key())
    }

    /// Whether it is a picture in colours of its own, at least in part.
    pub fn is_coloured(&self) -> bool {
        self.is_coloured
    }

    /// It as an SVG of paths alone, without ids, links, styles or anything that runs: what [`Icon::parse`] reads as this icon.
    pub fn to_svg(&self) -> String {
        write::svg(self)
    }

    fn paints(&self) -> impl Iterator<Item = &Paint> {
        self.parts.iter().flat_map(|it| {
            let fill = it.fill.as_ref().map(|it| &it.paint);
            fill.into_iter().chain(it.stroke.as_ref().map(|it| &it.paint))
        })
    }

    /// With strokes as wide as those of all that come with the app.
    fn thinned(mut self) -> Self {
        self.parts.iter_mut().filter_map(|it| it.stroke.as_mut()).for_each(|it| it.width = Self::STROKE);
        self.with_key()
    }

    fn with_key(self) -> Self {
        let mut hasher = DefaultHasher::new();
        write::svg(&self).hash(&mut hasher);
        let is_coloured = self.paints().any(|it| it.colour.is_some());
        Self { key: hasher.finish(), is_coloured, ..self }
    }
}

#[cfg(test)]
mod tests;
