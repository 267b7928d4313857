//! What of an SVG is let through to the reader. An SVG may come from anywhere: it may be short and mean a million elements,
//! refer to itself, or name files. What is no part of an icon is cut out of its text before it is read.

use std::collections::BTreeMap;
use std::ops::Range;

use roxmltree::{Document, Node, ParsingOptions};
use usvg::{ImageHrefResolver, Options, Tree};

use super::IconError;

/// The most nodes that are parsed, and the most that elements weigh once all that is used twice stands there twice: each by
/// itself, and so many bytes in it as one more.
const MAX_NODES: u32 = 20_000;
const MAX_WEIGHT: u32 = 10_000;
const BYTES_AS_ONE: usize = 64;
/// How deep elements stand in each other; the reader calls itself as often.
const MAX_DEPTH: u32 = 48;
/// Each rule is held against each element, and each may take what it says: so many bytes times elements.
const MAX_STYLING: usize = 16 << 20;
/// What stands in one attribute, but for outlines. Elements take over what stands around them.
const MAX_ATTRIBUTE: usize = 4 << 10;
const MAX_STOPS: usize = 64;
/// How many gradients may rest on each other.
const MAX_LINKS: usize = 8;

/// What an icon is made of.
const KNOWN: [&str; 19] = [
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
    "switch",
    "symbol",
    "use",
];
/// What is left out and not missed: nothing of it is seen.
const SILENT: [&str; 5] = ["desc", "metadata", "script", "title", "view"];
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
    let (weight, _) = scales.weigh(document.root_element(), 0)?;
    if weight > MAX_WEIGHT {
        return Err(IconError::TooMuch("elements"));
    }
    if style_bytes(document) * weight as usize > MAX_STYLING {
        return Err(IconError::TooMuch("styles"));
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

fn styles<'a>(document: &'a Document<'_>) -> impl Iterator<Item = &'a str> {
    // Of whatever namespace: so the reader takes them.
    let styles = document.descendants().filter(|it| it.tag_name().name() == "style");
    styles.filter_map(|it| it.text())
}

fn style_bytes(document: &Document<'_>) -> usize {
    styles(document).map(str::len).sum()
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
        let is_clipping = styles(document).any(|it| it.contains("clip-path"));
        let (mut cuts, mut end) = (Self::default(), 0);
        for node in document.root_element().descendants().filter(|it| is_svg(*it)) {
            let (range, name) = (node.range(), node.tag_name().name());
            if range.start < end {
                continue;
            }
            let is_silent = match name {
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
    /// What an element weighs with all in it, and how deep that goes.
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
        let (mut weight, mut height) = (own_weight(node)?, 0);
        for inner in node.children().filter(Node::is_element).chain(used) {
            let (more, high) = self.weigh(inner, depth + 1)?;
            weight = weight.saturating_add(more);
            height = height.max(high + 1);
        }
        self.known.insert(node.id().get(), Some((weight, height)));
        Ok((weight, height))
    }
}

/// What an element weighs by itself.
fn own_weight(node: Node<'_, '_>) -> Result<u32, IconError> {
    let mut bytes = 0;
    for attribute in node.attributes() {
        let length = attribute.value().len();
        bytes += length;
        let is_outline = matches!(attribute.name(), "d" | "points");
        if length > MAX_ATTRIBUTE && !is_outline && attribute.namespace().is_none() {
            return Err(IconError::TooMuch("in one attribute"));
        }
    }
    Ok(1 + (bytes / BYTES_AS_ONE) as u32)
}
