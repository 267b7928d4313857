//! The typefaces, and how wide a text is in them.
//!
//! Widths are sums of advances: kerning is left out, as it moves a label's edge by less than a point, and so canvas,
//! SVG and tests agree on one number that costs an addition for each character.

use std::borrow::Cow;
use std::sync::OnceLock;

/// Ends a text that was cut.
const ELLIPSIS: char = '…';
/// Below this, advances come from a table: Latin up to Extended-B, where nearly all text lies.
const TABLE: usize = 0x250;

/// One cut of one typeface, as bundled by `scripts/fonts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    Sans,
    SansMedium,
    SansSemibold,
    Mono,
    MonoMedium,
}

impl Face {
    pub const ALL: [Self; 5] =
        [Self::Sans, Self::SansMedium, Self::SansSemibold, Self::Mono, Self::MonoMedium];

    /// The TrueType file.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Sans => include_bytes!("../../assets/fonts/Inter-Regular.ttf"),
            Self::SansMedium => include_bytes!("../../assets/fonts/Inter-Medium.ttf"),
            Self::SansSemibold => include_bytes!("../../assets/fonts/Inter-SemiBold.ttf"),
            Self::Mono => include_bytes!("../../assets/fonts/JetBrainsMono-Regular.ttf"),
            Self::MonoMedium => include_bytes!("../../assets/fonts/JetBrainsMono-Medium.ttf"),
        }
    }

    /// The family as CSS and SVG name it; cuts of one family differ in [`Face::weight`].
    pub fn family_name(self) -> &'static str {
        match self {
            Self::Sans | Self::SansMedium | Self::SansSemibold => "Inter",
            Self::Mono | Self::MonoMedium => "JetBrains Mono",
        }
    }

    /// The weight as CSS and SVG number it.
    pub fn weight(self) -> u16 {
        match self {
            Self::Sans | Self::Mono => 400,
            Self::SansMedium | Self::MonoMedium => 500,
            Self::SansSemibold => 600,
        }
    }

    /// A name that no other cut has.
    pub fn full_name(self) -> &'static str {
        match self {
            Self::Sans => "Inter Regular",
            Self::SansMedium => "Inter Medium",
            Self::SansSemibold => "Inter Semi Bold",
            Self::Mono => "JetBrains Mono Regular",
            Self::MonoMedium => "JetBrains Mono Medium",
        }
    }

    pub fn is_mono(self) -> bool {
        matches!(self, Self::Mono | Self::MonoMedium)
    }

    /// How wide `text` is on one line.
    pub fn width(self, size: f32, text: &str) -> f32 {
        let metrics = self.metrics();
        text.chars().map(|it| metrics.advance(it)).sum::<f32>() * size
    }

    /// From the base line up to where a line of text begins.
    pub fn ascent(self, size: f32) -> f32 {
        self.metrics().ascent * size
    }

    /// From the base line down to where a line of text ends; positive.
    pub fn descent(self, size: f32) -> f32 {
        self.metrics().descent * size
    }

    /// From one base line to the next.
    pub fn line_height(self, size: f32) -> f32 {
        self.ascent(size) + self.descent(size)
    }

    /// Whether the cut draws `char` itself.
    pub fn has(self, char: char) -> bool {
        self.metrics().face.as_ref().is_some_and(|face| face.glyph_index(char).is_some())
    }

    /// `text` if it fits into `max_width`, else as much of its beginning as fits with an ellipsis; nothing if not
    /// even that fits.
    pub fn elide(self, size: f32, text: &str, max_width: f32) -> Cow<'_, str> {
        let metrics = self.metrics();
        let room = max_width / size;
        let mut width = 0.0;
        let mut cut = None;
        for (at, char) in text.char_indices() {
            if cut.is_none() && width + metrics.advance(char) + metrics.advance(ELLIPSIS) > room {
                cut = Some(at);
            }
            width += metrics.advance(char);
            if width > room {
                return cut_at(text, cut.unwrap_or(at), metrics.advance(ELLIPSIS) <= room);
            }
        }
        Cow::Borrowed(text)
    }

    /// A text that is no wider than given, if need be with an ellipsis in its middle: for names, which often differ only
    /// at their ends.
    pub fn elide_middle(self, size: f32, text: &str, max_width: f32) -> Cow<'_, str> {
        let metrics = self.metrics();
        let room = max_width / size - metrics.advance(ELLIPSIS);
        if self.width(size, text) <= max_width || room < 0.0 {
            return self.elide(size, text, max_width);
        }
        let mut width = 0.0;
        let mut fits = |char: char, room: f32| {
            width += metrics.advance(char);
            width <= room
        };
        let end: usize = text.chars().rev().take_while(|it| fits(*it, room / 2.0)).map(char::len_utf8).sum();
        let (start, end) = text.split_at(text.len() - end);
        let mut width = self.width(1.0, end);
        let mut fits = |char: char| {
            width += metrics.advance(char);
            width <= room
        };
        let kept: usize = start.chars().take_while(|it| fits(*it)).map(char::len_utf8).sum();
        let start = start.get(..kept).unwrap_or_default();
        Cow::Owned(format!("{}{ELLIPSIS}{}", start.trim_end(), end.trim_start()))
    }

    fn metrics(self) -> &'static Metrics {
        static METRICS: [OnceLock<Metrics>; Face::ALL.len()] = [const { OnceLock::new() }; Face::ALL.len()];
        METRICS[self as usize].get_or_init(|| Metrics::read(self.bytes()))
    }
}

fn cut_at(text: &str, at: usize, ellipsis_fits: bool) -> Cow<'_, str> {
    if !ellipsis_fits {
        return Cow::Borrowed("");
    }
    let mut kept = text[..at].trim_end().to_owned();
    kept.push(ELLIPSIS);
    Cow::Owned(kept)
}

/// What measuring needs; all lengths for a size of one.
struct Metrics {
    ascent: f32,
    descent: f32,
    latin: [f32; TABLE],
    /// For what lies outside the table.
    face: Option<ttf_parser::Face<'static>>,
    unit: f32,
}

impl Metrics {
    fn read(bytes: &'static [u8]) -> Self {
        // The bytes are bundled and a test reads them all; should that fail, text still takes up about its room.
        let Ok(face) = ttf_parser::Face::parse(bytes, 0) else {
            return Self { ascent: 0.95, descent: 0.25, latin: [0.6; TABLE], face: None, unit: 1.0 };
        };
        let unit = 1.0 / f32::from(face.units_per_em());
        let (ascent, descent) = (f32::from(face.ascender()) * unit, -f32::from(face.descender()) * unit);
        let mut metrics = Self { ascent, descent, latin: [0.0; TABLE], face: Some(face), unit };
        metrics.latin =
            std::array::from_fn(|it| char::from_u32(it as u32).map_or(0.0, |it| metrics.look_up(it)));
        metrics
    }

    fn advance(&self, char: char) -> f32 {
        self.latin.get(char as usize).copied().unwrap_or_else(|| self.look_up(char))
    }

    fn look_up(&self, char: char) -> f32 {
        if char.is_control() {
            return 0.0;
        }
        let glyph = self.face.as_ref().and_then(|face| face.glyph_hor_advance(face.glyph_index(char)?));
        // Another font will draw what this one lacks: a square if it is of the wide scripts and signs, most likely.
        glyph.map_or(if char >= '\u{1100}' { 1.0 } else { 0.6 }, |it| f32::from(it) * self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cut_says_who_it_is() {
        for face in Face::ALL {
            let parsed = ttf_parser::Face::parse(face.bytes(), 0).unwrap();
            assert_eq!(parsed.weight().to_number(), face.weight(), "{face:?}");
            assert_eq!(parsed.is_monospaced(), face.is_mono(), "{face:?}");
            assert!(parsed.tables().glyf.is_some() && parsed.tables().cff.is_none(), "{face:?}");
            let name =
                |id| parsed.names().into_iter().find(|it| it.name_id == id).and_then(|it| it.to_string());
            let family = name(ttf_parser::name_id::TYPOGRAPHIC_FAMILY).or_else(|| name(1)).unwrap();
            assert_eq!(family, face.family_name());
            assert_eq!(name(ttf_parser::name_id::FULL_NAME).unwrap(), face.full_name());
            assert!(face.bytes().len() < 156_000, "{face:?} has grown to {}", face.bytes().len());
        }
    }

    #[test]
    fn widths_are_those_of_the_uncut_fonts() {
        // Advances of Debian's originals, in units of 2816 to the em for Inter and 1000 for JetBrains Mono.
        for (face, char, units, em) in [
            (Face::Sans, 'A', 1904.0, 2816.0),
            (Face::Sans, ' ', 792.0, 2816.0),
            (Face::Sans, 'Ж', 2672.0, 2816.0),
            (Face::SansMedium, 'g', 1738.0, 2816.0),
            (Face::SansSemibold, 'W', 2835.0, 2816.0),
            (Face::SansSemibold, 'é', 1669.0, 2816.0),
            (Face::Mono, 'i', 600.0, 1000.0),
            (Face::MonoMedium, '→', 600.0, 1000.0),
        ] {
            let width = face.width(em, &char.to_string());
            assert!((width - units).abs() < 0.01, "{face:?} {char}: {width}");
        }
    }

    #[test]
    fn width_grows_with_size_and_adds_up() {
        let face = Face::SansSemibold;
        let sum = face.width(13.0, "Load ") + face.width(13.0, "balancers");
        assert!((face.width(13.0, "Load balancers") - sum).abs() < 1e-3);
        assert!((face.width(26.0, "Load balancers") - 2.0 * sum).abs() < 1e-3);
        assert_eq!(face.width(13.0, ""), 0.0);
        assert!(face.width(13.0, "数据库") > 30.0, "what another font draws takes up room as well");
    }

    #[test]
    fn a_line_is_higher_than_its_size() {
        for face in Face::ALL {
            assert!(face.ascent(13.0) > face.descent(13.0) && face.descent(13.0) > 0.0);
            assert!((13.0..20.0).contains(&face.line_height(13.0)), "{face:?}");
        }
    }

    #[test]
    fn elides_only_what_does_not_fit() {
        let (face, text) = (Face::Sans, "Orders database");
        let width = face.width(12.0, text);
        assert!(matches!(face.elide(12.0, text, width + 0.01), Cow::Borrowed(it) if it == text));
        assert_eq!(face.elide(12.0, text, width - 1.0), "Orders databa…");
        assert_eq!(face.elide(12.0, text, face.width(12.0, "Orders …") + 0.01), "Orders…");
        assert_eq!(face.elide(12.0, text, 2.0), "");
        assert_eq!(face.elide(12.0, text, -5.0), "");
        assert_eq!(face.elide(12.0, "", 0.0), "");
        for at in 0..200 {
            let max = at as f32 * 0.5;
            assert!(face.width(12.0, &face.elide(12.0, "Überprüfungsstelle Ελλάδα", max)) <= max);
        }
    }

    #[test]
    fn a_name_keeps_its_end_where_it_is_elided_in_the_middle() {
        let (face, text) = (Face::Sans, "Load balancers in Frankfurt");
        let width = face.width(12.0, text);
        assert!(matches!(face.elide_middle(12.0, text, width + 0.01), Cow::Borrowed(it) if it == text));
        assert_eq!(face.elide_middle(12.0, text, 100.0), "Load b…rankfurt");
        assert_eq!(face.elide_middle(12.0, text, 2.0), "");
        for at in 0..200 {
            let max = at as f32 * 0.5;
            assert!(face.width(12.0, &face.elide_middle(12.0, "Überprüfungsstelle Ελλάδα", max)) <= max);
        }
    }

    #[test]
    fn draws_what_the_interface_says() {
        let both = "AaÄßčŁǎẾαΩЖяёґ→←↑↓↔●✓✗×…–—•·⌘⇧⌥≤≥≠≈∞€„“”‘’«»■□▲△◆◇⚠µ№™²";
        for face in Face::ALL {
            let missing: String = both.chars().filter(|it| !face.has(*it)).collect();
            assert_eq!(missing, "", "{face:?}");
        }
        assert!("○↵⎋⌫⏎␣⇥".chars().all(|it| Face::Sans.has(it)), "key caps are set in the sans");
    }
}
