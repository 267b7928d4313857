//! Icons as outlines: what the canvas tessellates and the SVG export writes.
//!
//! An icon is an SVG of plain shapes in a square, drawn by strokes alone. Lucide's come with the app, by name; a
//! user's own pack goes the same way, through [`Icon::parse`].

use std::fmt::Write as _;
use std::sync::OnceLock;

use kurbo::{Affine, BezPath, Circle, Ellipse, Line, PathEl, Point, Rect, Shape as _};
use roxmltree::{Document, Node};

use super::icon_table::ALL;

/// How far the curves may stray from circles, in units of the box: under a pixel at 50 times the usual size.
const TOLERANCE: f64 = 0.001;
/// No icon needs a larger number, and a curve of that size would be cut into more pieces than memory holds.
const LARGEST: f64 = 1e6;

/// The strokes of one icon, in a box of [`Icon::BOX`] to be stroked at [`Icon::STROKE`] with round caps and joins.
#[derive(Clone, Debug, PartialEq)]
pub struct Icon {
    pub name: String,
    pub outlines: Vec<BezPath>,
    /// All outlines as one `d` of an SVG's `path`.
    pub svg_path: String,
}

/// Why an SVG is no icon.
#[derive(Debug, thiserror::Error)]
pub enum IconError {
    #[error("not an SVG: {0}")]
    Xml(#[from] roxmltree::Error),
    #[error("`{0}` is not part of what an icon may hold (paths and plain shapes, without transforms)")]
    Unsupported(String),
    #[error("<{element}> has no usable `{attribute}`")]
    Attribute { element: String, attribute: &'static str },
    #[error("it draws nothing")]
    Empty,
}

/// The bundled icon of that name.
pub fn icon(name: &str) -> Option<&'static Icon> {
    static PARSED: [OnceLock<Option<Icon>>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];
    let at = ALL.binary_search_by(|(it, _)| (*it).cmp(name)).ok()?;
    let (name, svg) = ALL.get(at)?;
    // Each bundled icon parses: a test tries them all.
    PARSED.get(at)?.get_or_init(|| Icon::parse(name, svg).ok()).as_ref()
}

/// The names of the bundled icons, sorted.
pub fn icon_names() -> impl ExactSizeIterator<Item = &'static str> {
    ALL.iter().map(|(name, _)| *name)
}

impl Icon {
    /// The side of the square that outlines lie in, from 0.
    pub const BOX: f64 = 24.0;
    /// The width of the strokes, in units of the box.
    pub const STROKE: f64 = 1.75;

    /// Reads an SVG; one with another `viewBox` is fitted into [`Icon::BOX`].
    pub fn parse(name: &str, svg: &str) -> Result<Self, IconError> {
        let document = Document::parse(svg)?;
        let root = document.root_element();
        if root.tag_name().name() != "svg" {
            return Err(IconError::Unsupported(root.tag_name().name().to_owned()));
        }
        let fit = fit(root)?;
        let mut outlines = Vec::new();
        for node in root.descendants().skip(1).filter(Node::is_element) {
            if let Some(mut path) = outline(node)? {
                path.apply_affine(fit);
                outlines.push(path);
            }
        }
        if outlines.is_empty() {
            return Err(IconError::Empty);
        }
        let svg_path = outlines.iter().map(to_d).collect();
        Ok(Self { name: name.to_owned(), outlines, svg_path })
    }
}

/// From the SVG's own box to ours, centred.
fn fit(root: Node<'_, '_>) -> Result<Affine, IconError> {
    let Some(view_box) = root.attribute("viewBox") else { return Ok(Affine::IDENTITY) };
    let bad = || unusable(root, "viewBox");
    let numbers = numbers(view_box).ok_or_else(bad)?;
    let &[x, y, width, height] = numbers.as_slice() else { return Err(bad()) };
    let side = width.max(height);
    if !(width > 0.0 && height > 0.0 && side.is_finite()) {
        return Err(bad());
    }
    let scale = Icon::BOX / side;
    let centre = Affine::translate(((side - width) / 2.0 - x, (side - height) / 2.0 - y));
    Ok(Affine::scale(scale) * centre)
}

/// The path of one element; nothing for elements that only hold others or only tell.
fn outline(node: Node<'_, '_>) -> Result<Option<BezPath>, IconError> {
    let element = node.tag_name().name();
    if node.has_attribute("transform") {
        return Err(IconError::Unsupported("transform".to_owned()));
    }
    let path = match element {
        "g" | "title" | "desc" | "metadata" => return Ok(None),
        "path" => {
            let d = node.attribute("d").filter(|it| is_modest(it)).and_then(|it| BezPath::from_svg(it).ok());
            d.ok_or_else(|| unusable(node, "d"))?
        }
        "circle" => {
            let centre = (length(node, "cx")?, length(node, "cy")?);
            Circle::new(centre, needed(node, "r")?).to_path(TOLERANCE)
        }
        "ellipse" => {
            let centre = (length(node, "cx")?, length(node, "cy")?);
            Ellipse::new(centre, (needed(node, "rx")?, needed(node, "ry")?), 0.0).to_path(TOLERANCE)
        }
        "rect" => rect(node)?,
        "line" => {
            let from = (length(node, "x1")?, length(node, "y1")?);
            Line::new(from, (length(node, "x2")?, length(node, "y2")?)).to_path(TOLERANCE)
        }
        "polyline" => polyline(node)?,
        "polygon" => {
            let mut path = polyline(node)?;
            path.close_path();
            path
        }
        other => return Err(IconError::Unsupported(other.to_owned())),
    };
    Ok(Some(path))
}

fn rect(node: Node<'_, '_>) -> Result<BezPath, IconError> {
    let origin = Point::new(length(node, "x")?, length(node, "y")?);
    let (width, height) = (needed(node, "width")?, needed(node, "height")?);
    // One radius left out is the other; none is larger than half the side.
    let radius = if node.has_attribute("rx") { length(node, "rx")? } else { length(node, "ry")? };
    let rect = Rect::from_origin_size(origin, (width, height));
    if radius <= 0.0 {
        return Ok(rect.to_path(TOLERANCE));
    }
    Ok(rect.to_rounded_rect(radius.min(width / 2.0).min(height / 2.0)).to_path(TOLERANCE))
}

fn polyline(node: Node<'_, '_>) -> Result<BezPath, IconError> {
    let bad = || unusable(node, "points");
    let numbers = node.attribute("points").and_then(numbers).ok_or_else(bad)?;
    let (pairs, rest) = numbers.as_chunks::<2>();
    if pairs.len() < 2 || !rest.is_empty() {
        return Err(bad());
    }
    let point = |[x, y]: [f64; 2]| Point::new(x, y);
    let first = pairs.iter().take(1).map(|it| PathEl::MoveTo(point(*it)));
    Ok(first.chain(pairs.iter().skip(1).map(|it| PathEl::LineTo(point(*it)))).collect())
}

/// A length that is 0 when left out.
fn length(node: Node<'_, '_>, attribute: &'static str) -> Result<f64, IconError> {
    if node.has_attribute(attribute) { needed(node, attribute) } else { Ok(0.0) }
}

fn needed(node: Node<'_, '_>, attribute: &'static str) -> Result<f64, IconError> {
    let number = node.attribute(attribute).and_then(|it| it.trim().parse().ok());
    let number = number.filter(|it: &f64| it.abs() <= LARGEST);
    number.ok_or_else(|| unusable(node, attribute))
}

fn unusable(node: Node<'_, '_>, attribute: &'static str) -> IconError {
    IconError::Attribute { element: node.tag_name().name().to_owned(), attribute }
}

fn numbers(text: &str) -> Option<Vec<f64>> {
    let parts = text.split(|it: char| it == ',' || it.is_whitespace()).filter(|it| !it.is_empty());
    parts.map(|it| it.parse().ok().filter(|it: &f64| it.abs() <= LARGEST)).collect()
}

/// Whether a `d` holds no number beyond [`LARGEST`].
fn is_modest(d: &str) -> bool {
    let parts = d.split(|it: char| !(it.is_ascii_digit() || matches!(it, '.' | 'e' | 'E' | '+')));
    parts.filter_map(|it| it.parse::<f64>().ok()).all(|it| it <= LARGEST)
}

/// The path as SVG reads it, to a thousandth: exact to the eye, and the same text on every machine.
fn to_d(path: &BezPath) -> String {
    let mut d = String::new();
    for element in path.elements() {
        let (letter, points) = match element {
            PathEl::MoveTo(a) => ('M', vec![a]),
            PathEl::LineTo(a) => ('L', vec![a]),
            PathEl::QuadTo(a, b) => ('Q', vec![a, b]),
            PathEl::CurveTo(a, b, c) => ('C', vec![a, b, c]),
            PathEl::ClosePath => ('Z', Vec::new()),
        };
        d.push(letter);
        for (at, point) in points.iter().enumerate() {
            let gap = if at == 0 { "" } else { " " };
            // Writing to a String cannot fail.
            _ = write!(d, "{gap}{} {}", rounded(point.x), rounded(point.y));
        }
    }
    d
}

fn rounded(number: f64) -> f64 {
    // The sum turns -0 into 0.
    (number * 1000.0).round() / 1000.0 + 0.0
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn parse(body: &str) -> Result<Icon, IconError> {
        Icon::parse("test", &format!(r#"<svg viewBox="0 0 24 24">{body}</svg>"#))
    }

    #[test]
    fn every_file_is_listed_and_nothing_else() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/icons"));
        let files = folder.read_dir().unwrap().map(|it| it.unwrap().path());
        let svgs = files.filter(|it| it.extension().is_some_and(|it| it == "svg"));
        let mut names: Vec<_> = svgs.map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        assert_eq!(names, icon_names().collect::<Vec<_>>());
        assert!(icon_names().is_sorted());
    }

    #[test]
    fn every_icon_parses_and_stays_in_its_box() {
        let page = Rect::new(0.0, 0.0, Icon::BOX, Icon::BOX).inflate(0.01, 0.01);
        for (name, svg) in ALL {
            let parsed = Icon::parse(name, svg).unwrap_or_else(|error| panic!("{name}: {error}"));
            for path in &parsed.outlines {
                let bounds = path.bounding_box();
                assert!(page.contains_rect(bounds), "{name}: {bounds:?}");
            }
            let again = BezPath::from_svg(&parsed.svg_path).unwrap();
            let count: usize = parsed.outlines.iter().map(|it| it.elements().len()).sum();
            assert_eq!(again.elements().len(), count, "{name}");
            assert_eq!(icon(name), Some(&parsed));
        }
        assert_eq!(icon("no-such-icon"), None);
    }

    #[test]
    fn reads_each_shape() {
        assert_eq!(parse(r#"<line x1="5" x2="19" y1="12" y2="12"/>"#).unwrap().svg_path, "M5 12L19 12");
        assert_eq!(parse(r#"<polyline points="1,2 3,4 5,6"/>"#).unwrap().svg_path, "M1 2L3 4L5 6");
        assert_eq!(parse(r#"<polygon points="1 2 3 4 5 6"/>"#).unwrap().svg_path, "M1 2L3 4L5 6Z");
        assert_eq!(
            parse(r#"<rect x="1" y="2" width="3" height="4"/>"#).unwrap().svg_path,
            "M1 2L4 2L4 6L1 6Z"
        );
        let bounds = |body: &str| parse(body).unwrap().outlines[0].bounding_box();
        let near = |a: Rect, b: Rect| {
            let (a_corners, b_corners) = ([a.x0, a.y0, a.x1, a.y1], [b.x0, b.y0, b.x1, b.y1]);
            assert!(a_corners.iter().zip(b_corners).all(|(a, b)| (a - b).abs() < 0.01), "{a} is not {b}");
        };
        near(bounds(r#"<circle cx="12" cy="7" r="4"/>"#), Rect::new(8.0, 3.0, 16.0, 11.0));
        near(bounds(r#"<ellipse cx="12" cy="5" rx="9" ry="3"/>"#), Rect::new(3.0, 2.0, 21.0, 8.0));
        near(bounds(r#"<rect width="20" height="8" rx="2"/>"#), Rect::new(0.0, 0.0, 20.0, 8.0));
        near(
            bounds(r#"<g><path d="M19 21v-2a4 4 0 0 0-4-4H9a4 4 0 0 0-4 4v2"/></g>"#),
            Rect::new(5.0, 15.0, 19.0, 21.0),
        );
    }

    #[test]
    fn fits_another_box() {
        let icon = Icon::parse("test", r#"<svg viewBox="10 0 48 24"><path d="M10 0H58V24"/></svg>"#).unwrap();
        assert_eq!(icon.svg_path, "M0 6L24 6L24 18");
    }

    #[test]
    fn refuses_what_it_cannot_draw() {
        let error = |body: &str| parse(body).unwrap_err().to_string();
        assert_eq!(error(""), "it draws nothing");
        assert_eq!(error("<circle/>"), "<circle> has no usable `r`");
        assert_eq!(error(r#"<path d="M0 0 bad"/>"#), "<path> has no usable `d`");
        assert_eq!(error(r#"<polygon points="1 2 3"/>"#), "<polygon> has no usable `points`");
        assert_eq!(error(r#"<circle r="1e300"/>"#), "<circle> has no usable `r`");
        assert_eq!(error(r#"<circle r="NaN"/>"#), "<circle> has no usable `r`");
        assert_eq!(error(r#"<path d="M0 0a1e99 1e99 0 0 1-5 5"/>"#), "<path> has no usable `d`");
        assert!(error("<script/>").starts_with("`script` is not part"));
        assert!(error(r#"<g transform="rotate(3)"/>"#).starts_with("`transform` is not part"));
        assert!(Icon::parse("test", "<svg viewBox='0 0 0 24'/>").is_err());
        assert!(Icon::parse("test", "hello").is_err());
    }
}
