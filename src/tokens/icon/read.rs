//! From what the reader understood of an SVG to the parts of an icon.

use kurbo::{Affine, BezPath, Cap, Join, PathEl, Point, Rect, Shape as _, StrokeOpts};
use usvg::tiny_skia_path::{PathSegment, Transform};
use usvg::{Group, LineCap, LineJoin, Node, PaintOrder, Tree};

use super::clip::{Convex, FLAT, Lies};
use super::screen::INK;
use super::write::{rounded, to_d};
use super::{Fill, Icon, IconError, Paint, Part, Stroke};
use crate::tokens::Rgb;

/// No icon needs a larger number, in units of the box.
const LARGEST: f64 = 1e5;
/// The most pieces of outlines, and the most dashes of a line.
const MAX_PIECES: usize = 8_000;
const MAX_DASHES: f64 = 500.0;
/// Less than this is not seen.
const LEAST_OPACITY: f32 = 0.005;
/// As dark or as light as this is black or white to whoever drew it, and as grey.
const BLACK: u8 = 0x40;
const WHITE: u8 = 0xf0;
const GREY: u8 = 0x18;

/// The parts of an icon, and how many elements are drawn more plainly than they were meant.
pub(super) fn parts(tree: &Tree) -> Result<(Vec<Part>, u32), IconError> {
    let [width, height] = [tree.size().width(), tree.size().height()].map(f64::from);
    let side = width.max(height);
    if !(width > 0.0 && height > 0.0 && side <= 1e6) {
        return Err(IconError::Size);
    }
    // From the SVG's own box to ours, centred.
    let scale = Icon::BOX / side;
    let corner = ((side - width) / 2.0 * scale, (side - height) / 2.0 * scale);
    let page = Rect::from_origin_size(corner, (width * scale, height * scale));
    let fit = Affine::translate(corner) * Affine::scale(scale);
    let mut reader = Reader { fit, parts: Vec::new(), simplified: 0, pieces: 0 };
    reader.group(tree.root(), 1.0, &[Convex::of_rect(page)])?;
    if reader.parts.is_empty() {
        return Err(IconError::Empty);
    }
    in_ink(&mut reader.parts);
    Ok((reader.parts, reader.simplified))
}

/// What is black all over is drawn in ink, and so is what is white.
fn in_ink(parts: &mut [Part]) {
    let paints = |it: &Part| [it.fill.map(|it| it.paint), it.stroke.map(|it| it.paint)];
    let own: Vec<Rgb> = parts.iter().flat_map(paints).flatten().filter_map(|it| it.colour).collect();
    let most = |it: &Rgb| it.r.max(it.g).max(it.b);
    let least = |it: &Rgb| it.r.min(it.g).min(it.b);
    let is_grey = |it: &Rgb| most(it) - least(it) <= GREY;
    let is_black = own.iter().all(|it| is_grey(it) && most(it) <= BLACK);
    let is_white = own.iter().all(|it| is_grey(it) && least(it) >= WHITE);
    if is_black || is_white {
        for part in parts {
            part.fill.iter_mut().for_each(|it| it.paint.colour = None);
            part.stroke.iter_mut().for_each(|it| it.paint.colour = None);
        }
    }
}

struct Reader {
    fit: Affine,
    parts: Vec<Part>,
    simplified: u32,
    pieces: usize,
}

impl Reader {
    fn group(&mut self, group: &Group, opacity: f32, clips: &[Convex]) -> Result<(), IconError> {
        let opacity = opacity * group.opacity().get();
        if group.blend_mode() != usvg::BlendMode::Normal {
            self.simplified += 1;
        }
        let mut clips = clips.to_vec();
        if let Some(clip) = group.clip_path() {
            let to_box = self.fit * affine(group.abs_transform()) * affine(clip.transform());
            match clip_area(clip.root(), to_box) {
                Some(area) => clips.push(area),
                None => self.simplified += 1,
            }
        }
        for node in group.children() {
            match node {
                Node::Group(it) => self.group(it, opacity, &clips)?,
                Node::Path(it) if it.is_visible() => self.path(it, opacity, &clips)?,
                Node::Path(_) | Node::Image(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    fn path(&mut self, path: &usvg::Path, opacity: f32, clips: &[Convex]) -> Result<(), IconError> {
        let to_box = self.fit * affine(path.abs_transform());
        let mut outline = outline(path.data());
        outline.apply_affine(to_box);
        if outline
            .elements()
            .iter()
            .flat_map(points)
            .any(|it| !(it.x.abs() <= LARGEST && it.y.abs() <= LARGEST))
        {
            return Err(IconError::TooFar);
        }
        let fill = path.fill().and_then(|it| {
            let paint = self.paint(it.paint(), opacity * it.opacity().get())?;
            Some(Fill { paint, is_even_odd: it.rule() == usvg::FillRule::EvenOdd })
        });
        let fill = fill.filter(|it| it.paint.opacity >= LEAST_OPACITY);
        let scale = to_box.determinant().abs().sqrt();
        let stroke = path.stroke().and_then(|it| {
            let paint = self.paint(it.paint(), opacity * it.opacity().get())?;
            let width = rounded(f64::from(it.width().get()) * scale);
            Some(Stroke { paint, width, cap: cap(it.linecap()), join: join(it.linejoin()) })
        });
        let is_seen = |it: &Stroke| it.paint.opacity >= LEAST_OPACITY && it.width > 0.0;
        let stroke = stroke.filter(is_seen);
        if stroke.is_some_and(|it| it.width > LARGEST) {
            return Err(IconError::TooFar);
        }
        let dashed = self.dashed(path, &outline, scale).filter(|_| stroke.is_some());
        match dashed {
            None if path.paint_order() == PaintOrder::FillAndStroke => {
                self.part(&outline, fill, stroke, clips)
            }
            dashed => {
                let line = dashed.unwrap_or_else(|| outline.clone());
                if path.paint_order() == PaintOrder::FillAndStroke {
                    self.part(&outline, fill, None, clips)?;
                    self.part(&line, None, stroke, clips)
                } else {
                    self.part(&line, None, stroke, clips)?;
                    self.part(&outline, fill, None, clips)
                }
            }
        }
    }

    /// The dashes of a path, if it has any.
    fn dashed(&mut self, path: &usvg::Path, outline: &BezPath, scale: f64) -> Option<BezPath> {
        let stroke = path.stroke()?;
        let dashes: Vec<f64> = stroke.dasharray()?.iter().map(|it| f64::from(*it) * scale).collect();
        let whole: f64 = dashes.iter().sum();
        let count = outline.perimeter(0.1) / whole * dashes.len() as f64;
        if !(whole > 0.0 && count <= MAX_DASHES && dashes.iter().all(|it| it.is_finite() && *it >= 0.0)) {
            self.simplified += 1;
            return None;
        }
        // From the first dash on, whatever the offset: the way to it may be long.
        let offset = (f64::from(stroke.dashoffset()) * scale).rem_euclid(whole);
        Some(kurbo::dash(outline.elements().iter().copied(), offset, &dashes).collect())
    }

    /// The colour of a paint; nothing for what has none.
    fn paint(&mut self, paint: &usvg::Paint, opacity: f32) -> Option<Paint> {
        let (colour, own) = match paint {
            usvg::Paint::Color(it) => (Some(*it), 1.0),
            usvg::Paint::LinearGradient(it) => mean(it.stops()),
            usvg::Paint::RadialGradient(it) => mean(it.stops()),
            usvg::Paint::Pattern(_) => {
                self.simplified += 1;
                return None;
            }
        };
        let colour = colour.map(|it| Rgb { r: it.red, g: it.green, b: it.blue });
        let colour = colour.filter(|it| (it.r, it.g, it.b) != INK);
        let opacity = ((opacity * own).clamp(0.0, 1.0) * 100.0).round() / 100.0;
        Some(Paint { colour, opacity })
    }

    fn part(
        &mut self,
        outline: &BezPath,
        fill: Option<Fill>,
        stroke: Option<Stroke>,
        clips: &[Convex],
    ) -> Result<(), IconError> {
        if fill.is_none() && stroke.is_none() {
            return Ok(());
        }
        let outline = to_grid(outline);
        let reach = stroke.map_or(0.0, |it| it.width / 2.0);
        let bounds = outline.bounding_box().inflate(reach, reach);
        let lies: Vec<Lies> = clips.iter().map(|it| it.lies(bounds)).collect();
        if lies.contains(&Lies::Outside) {
            return Ok(());
        }
        if !lies.contains(&Lies::Across) {
            return self.put(outline, fill, stroke);
        }
        let cut = |area: BezPath| clips.iter().fold(area, |area, it| it.cut(&area));
        if fill.is_some() {
            self.put(to_grid(&cut(outline.clone())), fill, None)?;
        }
        if let Some(stroke) = stroke {
            // A line that is cut has slanting ends: it goes on as the area that it covers.
            let style = kurbo::Stroke::new(stroke.width).with_caps(stroke.cap).with_join(stroke.join);
            let area =
                kurbo::stroke(outline.elements().iter().copied(), &style, &StrokeOpts::default(), FLAT);
            let fill = Fill { paint: stroke.paint, is_even_odd: false };
            self.put(to_grid(&cut(area)), Some(fill), None)?;
        }
        Ok(())
    }

    fn put(&mut self, outline: BezPath, fill: Option<Fill>, stroke: Option<Stroke>) -> Result<(), IconError> {
        if outline.elements().len() < 2 {
            return Ok(());
        }
        self.pieces += outline.elements().len();
        if self.pieces > MAX_PIECES {
            return Err(IconError::TooMuch("outlines"));
        }
        // Lines of one look are one part: most icons are nothing else.
        if let Some(last) = self.parts.last_mut()
            && (fill, last.fill, last.stroke) == (None, None, stroke)
            && stroke.is_some_and(|it| it.paint.opacity >= 1.0)
        {
            last.d.push_str(&to_d(&outline));
            last.outline.extend(outline);
            return Ok(());
        }
        self.parts.push(Part { d: to_d(&outline), outline, fill, stroke });
        Ok(())
    }
}

/// The mean of the colours of a gradient, those that show more counting for more, and of their opacities. None if one of
/// them is ink.
fn mean(stops: &[usvg::Stop]) -> (Option<usvg::Color>, f32) {
    let (mut sum, mut weight, mut is_ink) = ([0.0_f32; 3], 0.0, false);
    for stop in stops {
        let (colour, opacity) = (stop.color(), stop.opacity().get());
        is_ink |= (colour.red, colour.green, colour.blue) == INK;
        for (sum, it) in sum.iter_mut().zip([colour.red, colour.green, colour.blue]) {
            *sum += f32::from(it) * opacity;
        }
        weight += opacity;
    }
    let [red, green, blue] = sum.map(|it| (it / weight.max(1e-6)).round().clamp(0.0, 255.0) as u8);
    let colour = usvg::Color { red, green, blue };
    ((!is_ink).then_some(colour), weight / stops.len().max(1) as f32)
}

/// The area of a clip path, if it is one convex outline.
fn clip_area(root: &Group, to_box: Affine) -> Option<Convex> {
    let [node] = root.children() else { return None };
    match node {
        Node::Group(group) if group.clip_path().is_none() => clip_area(group, to_box),
        Node::Path(path) => {
            let mut outline = outline(path.data());
            outline.apply_affine(to_box * affine(path.abs_transform()));
            let is_far = |it: Point| !(it.x.abs() <= LARGEST && it.y.abs() <= LARGEST);
            if outline.elements().iter().flat_map(points).any(is_far) {
                return None;
            }
            Convex::of(&outline)
        }
        Node::Group(_) | Node::Image(_) | Node::Text(_) => None,
    }
}

fn outline(path: &usvg::tiny_skia_path::Path) -> BezPath {
    let point = |it: usvg::tiny_skia_path::Point| Point::new(f64::from(it.x), f64::from(it.y));
    let element = |it| match it {
        PathSegment::MoveTo(to) => PathEl::MoveTo(point(to)),
        PathSegment::LineTo(to) => PathEl::LineTo(point(to)),
        PathSegment::QuadTo(a, to) => PathEl::QuadTo(point(a), point(to)),
        PathSegment::CubicTo(a, b, to) => PathEl::CurveTo(point(a), point(b), point(to)),
        PathSegment::Close => PathEl::ClosePath,
    };
    path.segments().map(element).collect()
}

fn affine(it: Transform) -> Affine {
    Affine::new([it.sx, it.ky, it.kx, it.sy, it.tx, it.ty].map(f64::from))
}

fn points(element: &PathEl) -> impl Iterator<Item = Point> + use<> {
    let points = match *element {
        PathEl::MoveTo(a) | PathEl::LineTo(a) => [Some(a), None, None],
        PathEl::QuadTo(a, b) => [Some(a), Some(b), None],
        PathEl::CurveTo(a, b, c) => [Some(a), Some(b), Some(c)],
        PathEl::ClosePath => [None; 3],
    };
    points.into_iter().flatten()
}

/// The same with points to a thousandth, so that what is written is what was drawn.
fn to_grid(outline: &BezPath) -> BezPath {
    let point = |it: Point| Point::new(rounded(it.x), rounded(it.y));
    let element = |it: &PathEl| match *it {
        PathEl::MoveTo(a) => PathEl::MoveTo(point(a)),
        PathEl::LineTo(a) => PathEl::LineTo(point(a)),
        PathEl::QuadTo(a, b) => PathEl::QuadTo(point(a), point(b)),
        PathEl::CurveTo(a, b, c) => PathEl::CurveTo(point(a), point(b), point(c)),
        PathEl::ClosePath => PathEl::ClosePath,
    };
    outline.elements().iter().map(element).collect()
}

fn cap(cap: LineCap) -> Cap {
    match cap {
        LineCap::Butt => Cap::Butt,
        LineCap::Round => Cap::Round,
        LineCap::Square => Cap::Square,
    }
}

fn join(join: LineJoin) -> Join {
    match join {
        LineJoin::Miter | LineJoin::MiterClip => Join::Miter,
        LineJoin::Round => Join::Round,
        LineJoin::Bevel => Join::Bevel,
    }
}
