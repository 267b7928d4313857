//! A view as an SVG: vector text, icons as paths, a title for each element, and nothing that a name could smuggle in.
//!
//! Drawn from the same display list as the canvas. What a model holds reaches the file only through [`escaped`].

use std::fmt::Write as _;

use super::{Format, steers};
use crate::model::{Id, Model, Nesting};
use crate::scene::geometry::{Piece, arrow_head, arrow_tail, length, rounded};
use crate::scene::{
    Anchor, Fill, Highlight, IconShape, Item, Jumps, Layout, Look, Marks, PathShape, Pos, Rect, RectShape,
    Shape, Stroke, TextShape, display,
};
use crate::tokens::{Icon, Ink, Palette, Theme, icon};

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
    /// Badges and evidence, if the picture is to show them.
    pub marks: Option<&'a Marks>,
    /// How lines are drawn where they cross.
    pub jumps: Jumps,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { theme: Theme::Light, background: true, marks: None, jumps: Jumps::Off }
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
    if options.background {
        let corner = (Number(area.min.x), Number(area.min.y));
        let fill = palette.colour(Ink::Canvas);
        svg.line(&format!(
            r#"<rect x="{}" y="{}" width="{width}" height="{height}" fill="{fill}"/>"#,
            corner.0, corner.1
        ));
    }
    display(&layout, &look, &mut |it| svg.item(it));
    svg.begin(None);
    svg.line("</svg>");
    svg.text
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

    fn icon(&mut self, it: &IconShape, opacity: f32) {
        let Some(icon) = icon(it.name) else { return };
        let scale = it.rect.width() / Icon::BOX as f32;
        let stroke = Stroke { fill: it.fill, width: Icon::STROKE as f32, dash: None };
        let stroke = self.stroke(Some(stroke), opacity);
        self.line(&format!(
            r#"<path transform="translate({}) scale({})" d="{}" fill="none"{stroke} stroke-linecap="round" stroke-linejoin="round"/>"#,
            Pair(it.rect.min),
            Number(scale),
            icon.svg_path,
        ));
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
        let colour = self.palette.colour(fill.ink);
        let opacity = fill.opacity * opacity;
        if opacity >= 1.0 {
            return format!(r#" {what}="{colour}""#);
        }
        format!(r#" {what}="{colour}" {what}-opacity="{}""#, Number(opacity))
    }
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
    use super::*;
    use crate::model;

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
        let document = roxmltree::Document::parse(&svg).unwrap();
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
    fn an_empty_view_is_a_picture_too() {
        let svg = export(&Model::new(), &Id::slug("main"), &Options::default());
        assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
    }
}
