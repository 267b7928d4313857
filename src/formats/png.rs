//! An SVG as a PNG, drawn with the bundled fonts. On the desktop only: a browser draws SVGs itself.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::{Export, ExportError, Format, svg};
use crate::tokens::Face;

pub(super) static FORMAT: Format = Format {
    id: "png",
    label: "Picture (PNG)",
    extensions: &["png"],
    is_picture: true,
    tells_findings: false,
    drops_packs: false,
    import: None,
    export: Some(picture),
};

/// Sharp on a screen of two pixels a point.
const SCALE: f32 = 2.0;

fn picture(it: &Export<'_>) -> Result<Vec<u8>, ExportError> {
    let svg = svg::export(it.model, &it.view(), &svg::Options::default());
    export_small_enough(&svg).map_err(|it| ExportError(it.to_string()))
}

/// Draws an SVG at twice its size, or as it is if that would be too large: better small than not there.
///
/// # Errors
/// As [`export`].
pub fn export_small_enough(svg: &str) -> Result<Vec<u8>, PngError> {
    let sharp = export(svg, SCALE);
    if matches!(sharp, Err(PngError::TooLarge { .. })) { export(svg, 1.0) } else { sharp }
}

/// The longest side of a picture, in pixels: more would take gigabytes.
pub const LARGEST: u32 = 16_384;
/// The most pixels of a picture: 256 MB while it is drawn.
const MOST: u64 = 64 * 1024 * 1024;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    #[error("the drawing cannot be read: {0}")]
    Svg(String),
    #[error(
        "the picture would be {width} × {height} pixels; {LARGEST} a side and 64 million in all are the most: choose a smaller scale"
    )]
    TooLarge { width: u64, height: u64 },
    #[error("the scale must lie between 1 and 4")]
    Scale,
    #[error("the picture cannot be written: {0}")]
    Encode(String),
}

/// Draws an SVG at `scale` times its size, 1 to 4.
///
/// # Errors
/// The scale is out of range, the SVG is none, or the picture would be too large.
pub fn export(svg: &str, scale: f32) -> Result<Vec<u8>, PngError> {
    if !(1.0..=4.0).contains(&scale) {
        return Err(PngError::Scale);
    }
    let mut fonts = fontdb::Database::new();
    for face in Face::ALL {
        fonts.load_font_data(face.bytes().to_vec());
    }
    fonts.set_sans_serif_family(Face::Sans.family_name());
    fonts.set_monospace_family(Face::Mono.family_name());
    let options = Options {
        fontdb: Arc::new(fonts),
        font_family: Face::Sans.family_name().to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|it| PngError::Svg(it.to_string()))?;
    let side = |length: f32| (f64::from(length) * f64::from(scale)).ceil() as u64;
    let (width, height) = (side(tree.size().width()), side(tree.size().height()));
    let too_large = || PngError::TooLarge { width, height };
    if width > u64::from(LARGEST) || height > u64::from(LARGEST) || width * height > MOST {
        return Err(too_large());
    }
    let mut picture = Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|it| PngError::Encode(it.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(width: u32, height: u32) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><text y="9">A</text></svg>"#
        )
    }

    #[test]
    fn draws_at_the_asked_size() {
        let png = export(&svg(20, 10), 2.0).unwrap();
        assert_eq!(&png[1..4], b"PNG");
        // Width and height stand at a fixed place: https://www.w3.org/TR/png-3/#11IHDR
        assert_eq!((png[19], png[23]), (40, 20));
    }

    #[test]
    fn refuses_what_it_cannot_draw() {
        let said = |svg: &str, scale| export(svg, scale).unwrap_err().to_string();
        assert!(said(&svg(20_000, 10), 1.0).contains("20000 × 10"));
        assert!(said(&svg(9_000, 9_000), 1.0).contains("smaller scale"));
        assert!(said(&svg(5, 5), 9.0).contains("between 1 and 4"));
        assert!(said("<svg", 1.0).contains("cannot be read"));
    }
}
