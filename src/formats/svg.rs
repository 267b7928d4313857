//! A view as an SVG: vector text, icons as paths, a title for each element, and nothing that a name could smuggle in.
//!
//! Drawn from the same display list as the canvas. What a model holds reaches the file only through [`escaped`].

use std::fmt::Write as _;

use roxmltree::{Document, ParsingOptions};

use super::{Format, one_line, steers};
use crate::model::{Id, Model, Nesting};
use crate::scene::geometry::{Piece, arrow_head, arrow_tail, length, rounded};
use crate::scene::{
    Anchor, Fill, Highlight, IconShape, Item, Jumps, Layout, LegendLine, Look, Marks, PathShape, Pos, Rect,
    RectShape, Shape, Sink, Stroke, TextShape, display, legend,
};
use crate::tokens::{Icon, IconPaint, Ink, Palette, Rgb, Theme};

pub(super) static FORMAT: Format = Format {
    id: "svg",
    label: "Picture (SVG)",
    extensions: &["svg"],
    is_picture: true,
    tells_findings: false,
    drops_packs: false,
    import: None,
    export: Some(|it| Ok(export(it.model, &it.view(), &Options::default()).into_bytes())),
};

/// How a view is exported.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    pub theme: Theme,
    /// Whether the canvas is painted below; else it is transparent.
    pub background: bool,
    /// Badges, tints and pins, if the picture is to show them.
    pub marks: Option<&'a Marks>,
    /// How lines are drawn where they cross.
    pub jumps: Jumps,
    /// The title of a tint and what it means.
    pub legend: Option<(&'a str, &'a [LegendLine])>,
    /// A document that goes along, to be read from the picture again; empty for none.
    pub fragment: &'a str,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            theme: Theme::Light,
            background: true,
            marks: None,
            jumps: Jumps::Off,
            legend: None,
            fragment: "",
        }
    }
}

/// The room around the drawing.
const PADDING: f32 = 24.0;

/// The SVG of a view. The same model gives the same text.
pub fn export(model: &Model, view: &Id, options: &Options<'_>) -> String {
    let nesting = Nesting::of(model);
    let mut layout = Layout::of(model, view, &nesting);
    layout.set_jumping(options.jumps != Jumps::Off);
    layout.settle(model, &nesting, &|| false);
    let (marks, highlight) = (Marks::default(), Highlight::default());
    let marks = options.marks.unwrap_or(&marks);
    let look = Look { jumps: options.jumps, ..Look::whole(marks, &highlight, 1.0) };
    let title = model.the_brief().title.clone();
    let title = if title.trim().is_empty() { model.title(view) } else { title };
    let mut bounds = Rect::NOTHING;
    display(&layout, &look, &mut |it| bounds = bounds.union(&it.shape.bounds()));
    let corner = if bounds.is_nothing() { Pos::ZERO } else { Pos::new(bounds.min.x, bounds.max.y + PADDING) };
    let explain = |out: &mut Sink<'_>| {
        if let Some((title, lines)) = options.legend {
            legend(title, lines, corner, out);
        }
    };
    explain(&mut |it| bounds = bounds.union(&it.shape.bounds()));
    let bounds = if bounds.is_nothing() { Rect::new(0.0, 0.0, 2.0, 2.0) } else { bounds };
    let area = bounds.grown(PADDING);
    let (width, height) = (area.width().ceil(), area.height().ceil());
    let palette = options.theme.palette();
    let mut svg = Svg { text: String::new(), palette, model, element: None };
    svg.line(&format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="{} {} {width} {height}" font-family="Inter, sans-serif">"#,
        Number(area.min.x),
        Number(area.min.y),
    ));
    svg.line(&format!("<title>{}</title>", escaped(&title)));
    if !options.fragment.is_empty() {
        let held = plain(options.fragment);
        svg.line(&format!("<metadata><document xmlns=\"{NAMESPACE}\">{held}</document></metadata>"));
    }
    if options.background {
        let corner = (Number(area.min.x), Number(area.min.y));
        let fill = palette.colour(Ink::Canvas);
        svg.line(&format!(
            r#"<rect x="{}" y="{}" width="{width}" height="{height}" fill="{fill}"/>"#,
            corner.0, corner.1
        ));
    }
    display(&layout, &look, &mut |it| svg.item(it));
    explain(&mut |it| svg.item(it));
    svg.begin(None);
    svg.line("</svg>");
    svg.text
}

/// The namespace of the document that goes along.
const NAMESPACE: &str = "urn:parapet:document";

/// The longest SVG that is looked into, in bytes, and the most nodes.
const MAX_BYTES: usize = 32 << 20;
const MAX_NODES: u32 = 1_000_000;

/// Why an SVG gives no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDocument {
    #[error("an SVG of {0} bytes, and at most {MAX_BYTES} are read")]
    TooLarge(usize),
    #[error("an SVG that does not read: {0}")]
    Unreadable(String),
    #[error("no elements of Parapet: only an SVG that was copied from Parapet holds what can be pasted")]
    Foreign,
}

/// The document that went along with an SVG, as text.
///
/// # Errors
/// It is too large, no XML, or of others.
pub fn document_in(svg: &str) -> Result<String, NoDocument> {
    if svg.len() > MAX_BYTES {
        return Err(NoDocument::TooLarge(svg.len()));
    }
    // No DTD, hence no entities but XML's own.
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let read = Document::parse_with_options(svg, options);
    let document = read.map_err(|it| NoDocument::Unreadable(one_line(&it.to_string())))?;
    let held = document.descendants().find(|it| it.has_tag_name((NAMESPACE, "document")));
    let held = held.ok_or(NoDocument::Foreign)?;
    Ok(held.descendants().filter(roxmltree::Node::is_text).filter_map(|it| it.text()).collect())
}

/// A document in signs that every program hands on as they are: what is none of ASCII stands in texts alone, where it can be
/// written by its number.
fn plain(document: &str) -> String {
    let mut safe = String::with_capacity(document.len());
    for char in document.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            ' '..='~' | '\n' => safe.push(char),
            other => _ = write!(safe, "\\u{{{:x}}}", u32::from(other)),
        }
    }
    safe
}

struct Svg<'a> {
    text: String,
    palette: &'a Palette,
    model: &'a Model,
    /// Whose group is being written.
    element: Option<Id>,
}

impl Svg<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// What follows is of that element, which is titled as the model calls it.
    fn begin(&mut self, element: Option<&Id>) {
        if self.element.as_ref() == element {
            return;
        }
        if self.element.is_some() {
            self.line("</g>");
        }
        if let Some(id) = element {
            self.line(&format!("<g><title>{}</title>", escaped(&self.model.title(id))));
        }
        self.element = element.cloned();
    }

    fn item(&mut self, item: &Item<'_>) {
        self.begin(item.element);
        match &item.shape {
            Shape::Rect(it) => self.rect(it, item.opacity),
            Shape::Path(it) => self.path(it, item.opacity),
            Shape::Text(it) => self.label(it, item.opacity),
            Shape::Icon(it) => self.icon(it, item.opacity),
        }
    }

    fn rect(&mut self, it: &RectShape, opacity: f32) {
        if it.shadow > 0.0 {
            // Soft enough without a filter, which not every reader draws.
            let dark = if self.palette.colour(Ink::Canvas).luminance() < 0.2 { 0.11 } else { 0.035 };
            for n in [3.0, 2.0, 1.0] {
                let grow = it.shadow * n / 6.0;
                let rect = it.rect.grown(grow - 1.0).moved(Pos::new(0.0, it.shadow / 3.0));
                let fill = self.fill(Some(Fill::tint(Ink::Shadow, dark)), opacity);
                self.line(&format!("<rect {}{fill}/>", frame(&rect, it.radius + grow)));
            }
        }
        let (fill, stroke) = (self.fill(it.fill, opacity), self.stroke(it.stroke, opacity));
        self.line(&format!("<rect {}{fill}{stroke}/>", frame(&it.rect, it.radius)));
    }

    fn path(&mut self, it: &PathShape<'_>, opacity: f32) {
        let head = if it.head > 0.0 { arrow_head(it.points, it.head) } else { None };
        let tail = if it.tail > 0.0 { arrow_tail(it.points, it.tail) } else { None };
        let mut points = it.points.to_vec();
        // The line ends inside its head, so that its square end does not show.
        let inside = |[tip, left, right]: [Pos; 3]| tip.towards(left.towards(right, 0.5), 0.5);
        if let (Some(head), Some(last)) = (head, points.last_mut()) {
            *last = inside(head);
        }
        if let (Some(tail), Some(first)) = (tail, points.first_mut()) {
            *first = inside(tail);
        }
        if length(&points) > 0.0 {
            let mut d = String::new();
            for piece in rounded(&points, it.radius) {
                // Writing to a String cannot fail.
                _ = match piece {
                    Piece::Start(at) => write!(d, "M{}", Pair(at)),
                    Piece::Line(at) => write!(d, "L{}", Pair(at)),
                    Piece::Corner(corner, to) => write!(d, "Q{} {}", Pair(corner), Pair(to)),
                };
            }
            let stroke = self.stroke(Some(it.stroke), opacity);
            self.line(&format!(r#"<path d="{d}" fill="none"{stroke}/>"#));
        }
        for [tip, left, right] in head.into_iter().chain(tail) {
            let fill = self.fill(Some(it.stroke.fill), opacity);
            self.line(&format!(r#"<path d="M{}L{}L{}Z"{fill}/>"#, Pair(tip), Pair(left), Pair(right)));
        }
    }

    fn label(&mut self, it: &TextShape<'_>, opacity: f32) {
        let family = if it.face.is_mono() { r#" font-family="JetBrains Mono, monospace""# } else { "" };
        let anchor = match it.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let fill = self.fill(Some(it.fill), opacity);
        self.line(&format!(
            r#"<text x="{}" y="{}" font-size="{}" font-weight="{}"{family}{anchor}{fill}>{}</text>"#,
            Number(it.pos.x),
            Number(it.pos.y),
            Number(it.size),
            it.face.weight(),
            escaped(it.text),
        ));
    }

    fn icon(&mut self, it: &IconShape<'_>, opacity: f32) {
        let scale = it.rect.width() / Icon::BOX as f32;
        // One group holds an icon, so that whoever edits the picture moves it as a whole.
        let at = Pair(it.rect.min);
        _ = write!(self.text, r#"<g transform="translate({at}) scale({})">"#, Number(scale));
        for part in &it.icon.parts {
            _ = write!(self.text, r#"<path d="{}""#, part.d);
            match part.fill {
                Some(fill) => {
                    self.text.push_str(&self.icon_paint("fill", fill.paint, it.fill, opacity));
                    self.text.push_str(if fill.is_even_odd { r#" fill-rule="evenodd""# } else { "" });
                }
                None => self.text.push_str(r#" fill="none""#),
            }
            if let Some(stroke) = part.stroke {
                self.text.push_str(&self.icon_paint("stroke", stroke.paint, it.fill, opacity));
                let width = Number(stroke.width as f32);
                _ = write!(self.text, r#" stroke-width="{width}"{}"#, stroke.ends());
            }
            self.text.push_str("/>");
        }
        self.line("</g>");
    }

    fn icon_paint(&self, what: &str, paint: IconPaint, ink: Fill, opacity: f32) -> String {
        let colour = paint.colour.unwrap_or_else(|| self.palette.colour(ink.ink));
        painted(what, colour, ink.opacity * paint.opacity * opacity)
    }

    fn fill(&self, fill: Option<Fill>, opacity: f32) -> String {
        fill.map_or_else(|| r#" fill="none""#.to_owned(), |it| self.paint("fill", it, opacity))
    }

    fn stroke(&self, stroke: Option<Stroke>, opacity: f32) -> String {
        let Some(it) = stroke else { return String::new() };
        let mut text = self.paint("stroke", it.fill, opacity);
        _ = write!(text, r#" stroke-width="{}""#, Number(it.width));
        if let Some([dash, gap]) = it.dash {
            _ = write!(text, r#" stroke-dasharray="{} {}""#, Number(dash), Number(gap));
        }
        text
    }

    fn paint(&self, what: &str, fill: Fill, opacity: f32) -> String {
        painted(what, self.palette.colour(fill.ink), fill.opacity * opacity)
    }
}

fn painted(what: &str, colour: Rgb, opacity: f32) -> String {
    if opacity >= 1.0 {
        return format!(r#" {what}="{colour}""#);
    }
    format!(r#" {what}="{colour}" {what}-opacity="{}""#, Number(opacity))
}

fn frame(rect: &Rect, radius: f32) -> String {
    let radius = radius.min(rect.width() / 2.0).min(rect.height() / 2.0);
    let rounding = if radius > 0.0 { format!(r#" rx="{}""#, Number(radius)) } else { String::new() };
    format!(
        r#"x="{}" y="{}" width="{}" height="{}"{rounding}"#,
        Number(rect.min.x),
        Number(rect.min.y),
        Number(rect.width()),
        Number(rect.height())
    )
}

/// A number to a hundredth, without trailing zeros; 0 for what is none.
struct Number(f32);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = if self.0.is_finite() { f64::from(self.0) } else { 0.0 };
        // The sum turns -0 into 0.
        write!(f, "{}", (number * 100.0).round() / 100.0 + 0.0)
    }
}

struct Pair(Pos);

impl std::fmt::Display for Pair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", Number(self.0.x), Number(self.0.y))
    }
}

/// A text that XML reads as text and nothing else, in content and in attributes. What no XML may hold is left out.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            it if steers(it) => {}
            it => safe.push(it),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model;
    use crate::scene::{Badge, Layer, Level, Pin, Tinted};

    fn shop(name: &str) -> Model {
        let name = name.replace('\\', "\\\\").replace('"', "\\\"");
        let text = format!(
            r#"(format: 1, components: {{"a": (kind: "user", name: "{name}"), "b": (kind: "sql-database", name: "{name}", within: "t")}},
            boundaries: {{"t": (kind: "network", name: "{name}")}},
            flows: {{"f": (from: "a", to: "b", name: "{name}", protocol: "{name}")}},
            places: {{("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 400, y: 0), ("main", "t"): (x: 360, y: -60)}})"#
        );
        model::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn names_are_inert() {
        let name = r#"<script>alert('1')</script> & "x" ]]> --> \u{1} é"#;
        let svg = export(&shop(name), &Id::slug("main"), &Options::default());
        assert!(!svg.contains("<script"), "{svg}");
        let document = Document::parse(&svg).unwrap();
        let titles = document.descendants().filter(|it| it.has_tag_name("title"));
        assert!(titles.filter(|it| it.text().is_some_and(|it| it.contains("<script>alert"))).count() >= 2);
        let known = ["svg", "g", "rect", "path", "text", "title"];
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(known.contains(&node.tag_name().name()), "{:?}", node.tag_name());
            assert!(node.attributes().all(|it| !it.name().starts_with("on") && it.name() != "href"));
        }
        assert_eq!(escaped("a\u{0}\u{b}\u{ffff}b"), "ab");
    }

    #[test]
    fn every_element_has_its_title_and_the_text_is_stable() {
        let model = shop("Shop");
        let svg = export(&model, &Id::slug("main"), &Options::default());
        assert_eq!(svg, export(&model, &Id::slug("main"), &Options::default()));
        assert!(svg.contains("<title>Shop → Shop</title>") && svg.contains(">Shop</text>"), "{svg}");
        let dark = export(
            &model,
            &Id::slug("main"),
            &Options { theme: Theme::Dark, background: false, ..Options::default() },
        );
        let canvas = Theme::Dark.palette().colour(Ink::Canvas).to_string();
        assert!(!dark.contains(&format!(r#"height="200" fill="{canvas}""#)));
        assert_ne!(svg, dark);
    }

    #[test]
    fn it_holds_what_the_display_list_has_and_nothing_else() {
        let model = shop("Shop");
        let id = Id::slug;
        let tinted = |sign: &str| Tinted { ink: Ink::High, is_strong: true, sign: sign.to_owned() };
        let marks = Marks {
            badges: [(id("a"), Badge { level: Level::High, count: 7 })].into(),
            tints: Some([(id("b"), tinted("keeps")), (id("f"), tinted(""))].into()),
            pins: [(id("t"), 3), (id("f"), 1)].into(),
            points: [(id("c"), Pin { at: Pos::new(-90.0, 12.0), count: 2 })].into(),
            ..Marks::default()
        };
        let line = |sign: &str| LegendLine { tinted: tinted(sign), meaning: "Means".to_owned(), count: 4 };
        let lines = [line("keeps"), line("")];
        let options = Options { marks: Some(&marks), legend: Some(("Data", &lines)), ..Options::default() };
        let svg = export(&model, &id("main"), &options);
        let (mut texts, mut icons, mut rects, mut layers) = (Vec::new(), 0, 1, BTreeSet::new());
        let layout = Layout::of(&model, &id("main"), &Nesting::of(&model));
        let highlight = Highlight::default();
        let mut count = |it: &Item<'_>| {
            layers.insert(it.layer);
            match &it.shape {
                Shape::Text(it) => texts.push(it.text.to_owned()),
                Shape::Icon(_) => icons += 1,
                Shape::Rect(it) => rects += if it.shadow > 0.0 { 4 } else { 1 },
                Shape::Path(_) => {}
            }
        };
        display(&layout, &Look::whole(&marks, &highlight, 1.0), &mut count);
        legend("Data", &lines, Pos::ZERO, &mut count);
        assert!([Layer::Badge, Layer::Pin, Layer::Legend].iter().all(|it| layers.contains(it)), "{layers:?}");
        let document = Document::parse(&svg).unwrap();
        let all = |tag: &'static str| {
            document.descendants().filter(move |it| it.has_tag_name(("http://www.w3.org/2000/svg", tag)))
        };
        let written: Vec<&str> = all("text").filter_map(|it| it.text()).collect();
        assert_eq!(written, texts);
        for said in ["7", "3", "2", "keeps", "Means: 4", "Data"] {
            assert!(written.contains(&said), "{said}: {written:?}");
        }
        assert_eq!(all("rect").count(), rects, "and the canvas below them");
        let placed = document.descendants().filter(|it| it.has_attribute("transform"));
        assert_eq!(placed.count(), icons);
        // Nothing lies outside.
        let area: Vec<f32> = document
            .root_element()
            .attribute("viewBox")
            .unwrap()
            .split(' ')
            .map(|it| it.parse().unwrap())
            .collect();
        let area = Rect::new(area[0], area[1], area[2], area[3]);
        for it in all("rect") {
            let of = |name| it.attribute(name).unwrap().parse::<f32>().unwrap();
            assert!(area.contains_rect(&Rect::new(of("x"), of("y"), of("width"), of("height"))));
        }
    }

    #[test]
    fn a_document_goes_along_and_comes_back() {
        let held = "(format: 1, brief: (title: \"<é>&\u{202e}\"))";
        let options = Options { fragment: held, ..Options::default() };
        let svg = export(&Model::new(), &Id::slug("main"), &options);
        let read = model::read(document_in(&svg).unwrap().as_bytes()).unwrap();
        assert_eq!(read.the_brief().title, "<é>&\u{202e}");
        assert!(svg.is_ascii(), "any program hands it on");
        assert_eq!(document_in("<svg/>"), Err(NoDocument::Foreign));
        assert!(matches!(document_in("<svg"), Err(NoDocument::Unreadable(_))));
        let long = format!("<svg>{}</svg>", " ".repeat(MAX_BYTES));
        assert!(matches!(document_in(&long), Err(NoDocument::TooLarge(_))));
    }

    #[test]
    fn an_empty_view_is_a_picture_too() {
        let svg = export(&Model::new(), &Id::slug("main"), &Options::default());
        assert!(Document::parse(&svg).is_ok(), "{svg}");
    }
}
