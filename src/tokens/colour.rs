//! One opaque colour, and the arithmetic on it: mixing and contrast.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An opaque sRGB colour, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb {
    pub r: u8,
    pub g: u8,
    pub b: u8,
}

impl Rgb {
    pub const BLACK: Self = Self::new(0, 0, 0);
    pub const WHITE: Self = Self::new(255, 255, 255);

    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// WCAG 2.2's relative luminance, 0 for black to 1 for white:
    /// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }
}

/// WCAG 2.2's contrast ratio, 1 (the same) to 21 (black and white), whichever comes first:
/// <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// What one sees when `b` lies on `a` with the opacity `t`: `a` at 0, `b` at 1. Mixes the sRGB values, as painting
/// with an alpha does in egui and in SVG.
pub fn mix(a: Rgb, b: Rgb, t: f32) -> Rgb {
    let t = t.clamp(0.0, 1.0);
    let channel = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * t).round() as u8;
    Rgb::new(channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b))
}

/// `#rrggbb`, as SVG and CSS read it.
impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)
    }
}

/// The text is no `#rrggbb`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a colour such as #5aa9ff, found `{0}`")]
pub struct NotAColour(String);

impl FromStr for Rgb {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let hex = text
            .strip_prefix('#')
            .filter(|hex| hex.len() == 6 && hex.bytes().all(|it| it.is_ascii_hexdigit()));
        let number = hex.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let [_, r, g, b] = number.ok_or_else(|| NotAColour(text.to_owned()))?.to_be_bytes();
        Ok(Self::new(r, g, b))
    }
}

impl Serialize for Rgb {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rgb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_hex() {
        let blue: Rgb = "#5aA9ff".parse().unwrap();
        assert_eq!(blue, Rgb::new(0x5a, 0xa9, 0xff));
        assert_eq!(blue.to_string(), "#5aa9ff");
        assert_eq!(ron::to_string(&blue).unwrap(), "\"#5aa9ff\"");
        assert_eq!(ron::from_str::<Rgb>("\"#5aa9ff\"").unwrap(), blue);
    }

    #[test]
    fn says_what_is_no_colour() {
        for text in ["", "#", "5aa9ff", "#5aa9f", "#5aa9ff0", "#+aa9ff", "#ägäß"] {
            assert_eq!(text.parse::<Rgb>(), Err(NotAColour(text.to_owned())));
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((contrast(Rgb::BLACK, Rgb::WHITE) - 21.0).abs() < 1e-9);
        assert!((contrast(Rgb::WHITE, Rgb::WHITE) - 1.0).abs() < 1e-9);
        // The grey that is known as the lightest to reach 4.5 : 1 on white.
        let grey = contrast(Rgb::new(0x76, 0x76, 0x76), Rgb::WHITE);
        assert!((grey - 4.54).abs() < 0.01, "{grey}");
    }

    #[test]
    fn mixes_from_the_first_to_the_second() {
        let (a, b) = (Rgb::new(0, 100, 200), Rgb::new(100, 0, 250));
        assert_eq!(mix(a, b, 0.0), a);
        assert_eq!(mix(a, b, 1.0), b);
        assert_eq!(mix(a, b, 0.5), Rgb::new(50, 50, 225));
        assert_eq!(mix(a, b, f32::NAN.max(2.0)), b);
    }
}
