//! Themes: tokens as egui's colours, fonts, styles and icon meshes.
//!
//! [`install`] once, [`apply`] when the theme changes; whoever paints asks [`colour`] and [`font`]. No other file of the
//! window makes a colour: a lint holds that.

mod fonts;
mod icon_shapes;
mod icons;
mod style;

use egui::{Color32, Context, FontFamily, FontId, Id};

use crate::tokens::{self, Face, Ink, Rgb, Theme};

pub use icons::{icon, icon_mesh, picture};
pub use style::{apply, hold_still};

/// Hands the bundled fonts to egui. Once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    apply(ctx, Theme::default());
}

/// The theme that was applied last.
pub fn current(ctx: &Context) -> Theme {
    ctx.data(|it| it.get_temp(slot())).unwrap_or_default()
}

fn slot() -> Id {
    Id::unique("parapet-theme")
}

/// A colour of the theme that is applied.
pub fn colour(ctx: &Context, ink: Ink) -> Color32 {
    to_color32(current(ctx).palette().colour(ink))
}

/// The opaque colour of `ink` on `ground` at an opacity such as [`tokens::TINT`].
pub fn tint(ctx: &Context, ground: Ink, ink: Ink, opacity: f32) -> Color32 {
    to_color32(current(ctx).palette().on(ground, ink, opacity))
}

/// `ink` as text on a ground that itself or the accent stains.
pub fn on_tint(ctx: &Context, ink: Ink) -> Color32 {
    to_color32(current(ctx).palette().on_tint(ink))
}

/// A colour of the theme with an opacity, to lie on anything.
pub fn translucent(ctx: &Context, ink: Ink, opacity: f32) -> Color32 {
    colour(ctx, ink).gamma_multiply(opacity)
}

#[expect(clippy::disallowed_methods, reason = "the one place where a token becomes a colour of egui's")]
pub fn to_color32(rgb: Rgb) -> Color32 {
    Color32::from_rgb(rgb.r, rgb.g, rgb.b)
}

/// The ink for a font: each cut is a family of its own.
pub fn font(face: Face, size: f32) -> FontId {
    FontId::new(size, family(face))
}

fn family(face: Face) -> FontFamily {
    match face {
        Face::Sans => FontFamily::Proportional,
        Face::Mono => FontFamily::Monospace,
        _ => FontFamily::Name(face.full_name().into()),
    }
}

/// How strongly a hovered control is stained.
pub const HOVER: f32 = tokens::TINT / 2.0;
