//! What of an SVG is let through to the reader. An SVG may come from anywhere: it may be short and mean a million elements,
//! refer to itself, or name files. What is no part of an icon is cut out of its text before it is read.

use std::collections::BTreeMap;
use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};
use usvg::{ImageHrefResolver, Options, Tree};

use super::IconError;

/// The most nodes that are parsed, and the most elements once all that is used twice stands there twice.
const MAX_NODES: u32 = 20_000;
const MAX_ELEMENTS: u32 = 5_000;
/// How deep elements stand in each other; the reader calls itself as often.
const MAX_DEPTH: u32 = 48;
/// Each rule is held against each element.
const MAX_STYLE_BYTES: usize = 32 << 10;
const MAX_STOPS: usize = 64;
/// How many gradients may rest on each other.
const MAX_LINKS: usize = 8;

/// What an icon is made of.
const KNOWN: [&str; 18] = [
    "a",
    "circle",
    "clipPath",
    "defs",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "path",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "symbol",
    "use",
];
/// What is left out and not missed: it only tells, or only chooses.
const SILENT: [&str; 6] = ["desc", "metadata", "script", "switch", "title", "view"];
const SHAPES: [&str; 6] = ["path", "rect", "circle", "ellipse", "polygon", "polyline"];

/// The colour that `currentColor` stands for while it is read. No icon has it by itself, or it is drawn in ink.
pub(super) const INK: (u8, u8, u8) = (0x13, 0xf2, 0xa7);

/// Ink for what asks for the colour around it, and nothing that is left out: an element that has a filter which is gone
/// would be hidden.
const STYLE: &str = "svg{color:#13f2a7}\
    *{mask:none!important;filter:none!important;marker-start:none!important;marker-mid:none!important;\
    marker-end:none!important}\
    clipPath,clipPath *{clip-path:none!important}";

/// An SVG as the reader sees it, and how many elements of it were left out that would have been seen.
pub(super) fn tree(svg: &str) -> Result<(Tree, u32), IconError> {
    let document = parsed(svg)?;
    let cuts = Cuts::of(&document)?;
    if cuts.ranges.is_empty() {
        return Ok((converted(&document)?, 0));
    }
    let rest = without(svg, &cuts.ranges);
    let document = parsed(&rest)?;
    // What stands in an entity is in the text once, and in the picture as often as it is named.
    if !Cuts::of(&document)?.ranges.is_empty() {
        return Err(IconError::TooMuch("entities"));
    }
    Ok((converted(&document)?, cuts.count))
}

fn parsed(svg: &str) -> Result<Document<'_>, IconError> {
    // Drawing programs declare entities; the parser bounds how they grow.
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options)?;
    let root = document.root_element().tag_name().name();
    if root != "svg" {
        return Err(IconError::Foreign(root.chars().take(40).collect()));
    }
    Ok(document)
}

fn converted(document: &Document<'_>) -> Result<Tree, IconError> {
    let mut scales = Scales { ids: ids(document), known: BTreeMap::new() };
    let (elements, _) = scales.weigh(document.root_element(), 0)?;
    if elements > MAX_ELEMENTS {
        return Err(IconError::TooMuch("elements"));
    }
    let options = Options {
        // Neither files nor what is written into the SVG as one.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        style_sheet: Some(STYLE.to_owned()),
        ..Options::default()
    };
    Tree::from_xmltree(document, &options).map_err(|error| match error {
        usvg::Error::ParsingFailed(error) => IconError::Xml(error),
        usvg::Error::ElementsLimitReached => IconError::TooMuch("elements"),
        _ => IconError::Size,
    })
}

fn ids<'d, 'i>(document: &'d Document<'i>) -> BTreeMap<&'d str, Node<'d, 'i>> {
    let mut ids = BTreeMap::new();
    for node in document.descendants() {
        if let Some(id) = node.attribute("id") {
            ids.entry(id).or_insert(node);
        }
    }
    ids
}

/// What an element refers to, by whichever of its links.
fn links<'a>(node: Node<'a, '_>) -> impl Iterator<Item = &'a str> {
    let links = node.attributes().filter(|it| it.name() == "href");
    links.filter_map(|it| it.value().split_whitespace().next()?.strip_prefix('#'))
}

fn is_svg(node: Node<'_, '_>) -> bool {
    node.is_element() && matches!(node.tag_name().namespace(), None | Some("http://www.w3.org/2000/svg"))
}

/// What is to be cut out.
#[derive(Default)]
struct Cuts {
    ranges: Vec<Range<usize>>,
    count: u32,
}

impl Cuts {
    fn of(document: &Document<'_>) -> Result<Self, IconError> {
        let ids = ids(document);
        let (mut cuts, mut style_bytes, mut is_clipping) = (Self::default(), 0, false);
        for style in document.descendants().filter(|it| it.has_tag_name("style")) {
            let text = style.text().unwrap_or_default();
            style_bytes += text.len();
            is_clipping |= text.contains("clip-path");
        }
        if style_bytes > MAX_STYLE_BYTES {
            return Err(IconError::TooMuch("styles"));
        }
        let mut end = 0;
        for node in document.root_element().descendants().filter(|it| is_svg(*it)) {
            let (range, name) = (node.range(), node.tag_name().name());
            if range.start < end {
                continue;
            }
            let is_silent = match name {
                "switch" => continue,
                // Drawing programs put what only they read beside what all do.
                "foreignObject" => node.parent().is_some_and(|it| it.has_tag_name("switch")),
                _ => SILENT.contains(&name),
            };
            if name.ends_with("Gradient") {
                bounded(node, &ids)?;
            }
            let is_known = KNOWN.contains(&name) && (name != "clipPath" || is_plain(node, &ids, is_clipping));
            if is_known {
                continue;
            }
            end = range.end;
            cuts.ranges.push(range);
            cuts.count += u32::from(!is_silent);
        }
        Ok(cuts)
    }
}

/// A text without some ranges of it, which are in order.
fn without(text: &str, ranges: &[Range<usize>]) -> String {
    let (mut rest, mut at) = (String::with_capacity(text.len()), 0);
    for range in ranges {
        rest.push_str(text.get(at..range.start).unwrap_or_default());
        at = at.max(range.end);
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    rest
}

/// A gradient with few stops, which rests on few others.
fn bounded(gradient: Node<'_, '_>, ids: &BTreeMap<&str, Node<'_, '_>>) -> Result<(), IconError> {
    if gradient.children().filter(Node::is_element).count() > MAX_STOPS {
        return Err(IconError::TooMuch("stops in a gradient"));
    }
    let mut at = gradient;
    for _ in 0..MAX_LINKS {
        // The reader takes the first, or else the second: neither may go on for ever.
        let Some(next) = links(at).find_map(|it| ids.get(it)) else { return Ok(()) };
        at = *next;
    }
    Err(IconError::Circular)
}

/// Whether a clip path is of shapes alone. Others may clip each other in a circle, or once for each element.
fn is_plain(clip: Node<'_, '_>, ids: &BTreeMap<&str, Node<'_, '_>>, is_clipping: bool) -> bool {
    let is_shape = |it: Node<'_, '_>| {
        let style = it.attribute("style").unwrap_or_default();
        SHAPES.contains(&it.tag_name().name())
            && !it.has_attribute("clip-path")
            && !style.contains("clip-path")
    };
    let uses_shape = |it: Node<'_, '_>| {
        let mut targets = links(it).filter_map(|it| ids.get(it));
        !is_clipping && targets.all(|it| is_shape(*it))
    };
    let mut inside = clip.descendants().skip(1).filter(Node::is_element);
    clip.attribute("clipPathUnits") != Some("objectBoundingBox")
        && inside.all(|it| {
            if it.has_tag_name("use") || it.tag_name().name() == "use" { uses_shape(it) } else { true }
        })
}

/// Counts elements as often as they are used.
struct Scales<'d, 'i> {
    ids: BTreeMap<&'d str, Node<'d, 'i>>,
    /// None while it is being weighed.
    known: BTreeMap<u32, Option<(u32, u32)>>,
}

impl<'d, 'i> Scales<'d, 'i> {
    /// How many elements there are in one, and how deep.
    fn weigh(&mut self, node: Node<'d, 'i>, depth: u32) -> Result<(u32, u32), IconError> {
        match self.known.get(&node.id().get()) {
            Some(Some(known)) if depth + known.1 <= MAX_DEPTH => return Ok(*known),
            Some(None) => return Err(IconError::Circular),
            _ if depth > MAX_DEPTH => return Err(IconError::TooMuch("groups in each other")),
            Some(Some(_)) => return Err(IconError::TooMuch("groups in each other")),
            None => {}
        }
        self.known.insert(node.id().get(), None);
        let is_use = node.tag_name().name() == "use";
        let used: Vec<Node<'d, 'i>> = if is_use {
            links(node).filter_map(|it| self.ids.get(it).copied()).collect()
        } else {
            Vec::new()
        };
        let (mut elements, mut height) = (1_u32, 0);
        for inner in node.children().filter(Node::is_element).chain(used) {
            let (more, high) = self.weigh(inner, depth + 1)?;
            elements = elements.saturating_add(more);
            height = height.max(high + 1);
        }
        self.known.insert(node.id().get(), Some((elements, height)));
        Ok((elements, height))
    }
}
