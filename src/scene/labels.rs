//! The pills on flows: what they say, and where on the line there is room for them.

use std::sync::Arc;

use crate::model::{Access, Family, Flow, Id, Model, Truth};
use crate::tokens::{Face, size};

use super::Layout;
use super::areas::Entry;
use super::boxes::LabelBox;
use super::geometry::{Pos, Rect, length, point_at};
use super::routing::worse;
use super::sights::Sight;

/// Longer texts are cut: a pill is no paragraph.
const WIDEST: f32 = 200.0;
/// The line that must show on each side of a pill.
const SHOWS: f32 = 12.0;
/// The same beside a pill with nothing but a lock: its head, whatever else is lost.
const SHOWS_HEAD: f32 = size::ARROW_HEAD;
/// How many pieces of a line are tried.
const PIECES: usize = 3;
/// Where along the free part of a piece a pill is tried, from its middle.
const ALONG: [f32; 9] = [0.0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1.0, 1.0];
/// Lock and gap before the text.
pub(super) const BEFORE_TEXT: f32 = size::SPACE_6 + LOCK + size::SPACE_4;
pub(super) const LOCK: f32 = 11.0;
/// A pill with nothing but a lock.
pub(super) const LOCK_ALONE: f32 = LOCK + 2.0 * size::SPACE_6;

/// What the pill of a line says, at length and in short, and whether all that it stands for is encrypted; `None` if
/// there is nothing to say.
pub(super) fn pill_texts(model: &Model, flows: &[&Flow]) -> Option<(Vec<String>, Truth)> {
    let encrypted = flows.iter().map(|it| it.is_encrypted(it.protocol())).reduce(worse)?;
    let [flow] = flows else { return Some((vec![format!("{} flows", flows.len())], encrypted)) };
    let mut parts = parts(model, flow);
    if parts.is_empty() && encrypted == Truth::Unknown {
        return None;
    }
    let whole = parts.join(" · ");
    parts.truncate(1);
    let short = parts.join("");
    Some((if short == whole { vec![whole] } else { vec![whole, short] }, encrypted))
}

/// What a flow speaks and does, for who hears it: `HTTPS 443, write`. Empty where nobody has said.
pub fn flow_in_words(model: &Model, flow: &Flow) -> String {
    parts(model, flow).join(", ")
}

/// `HTTPS 443`, `MySQL 3306 · write`, in parts, the weightiest first.
fn parts(model: &Model, flow: &Flow) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    if !flow.name.trim().is_empty() {
        parts.push(flow.name.trim().to_owned());
    }
    let protocol = flow.protocol();
    let spoken = protocol.map_or_else(|| flow.protocol.trim(), |it| &it.label);
    let port = if flow.port.is_empty() {
        // Of a protocol with one port over both transports, the number once.
        protocol.and_then(|it| it.port.ranges().first().map(|it| it.first.to_string())).unwrap_or_default()
    } else {
        flow.port.numbers()
    };
    let speaks = format!("{spoken} {port}");
    if !speaks.trim().is_empty() {
        parts.push(speaks.trim().to_owned());
    }
    let keeps = |it: Family| matches!(it, Family::Data | Family::Messaging);
    let is_data = model.component(&flow.to).is_some_and(|it| keeps(it.kind().family));
    let word = match flow.access {
        Access::Read => "read",
        Access::Write => "write",
        Access::Publish => "publish",
        Access::Consume => "consume",
        Access::Admin => "admin",
        // Nothing that a flow to a store would not do anyway.
        Access::Unknown | Access::ReadWrite | Access::Replicate => "",
    };
    if !word.is_empty()
        && (is_data || parts.is_empty() || matches!(flow.access, Access::Admin | Access::Write))
    {
        parts.push(word.to_owned());
    }
    parts
}

/// Finds room on a line, for the longest of some texts if that can be: in the middle of its longest piece, else
/// elsewhere on it, clear of cards, of the pills of smaller ids and of those that were put where they are. Where there is
/// room for none, the lock alone shows if it warns. Returns what it looked at, too.
pub(super) fn place_pill(
    layout: &Layout,
    id: &Id,
    points: &[Pos],
    texts: &[String],
    encrypted: Truth,
) -> (LabelBox, Vec<Rect>) {
    let mut pieces: Vec<(Pos, Pos)> = points.windows(2).map(|it| (it[0], it[1])).collect();
    // The nicest piece: long, and level rather than upright.
    let worth = |it: &(Pos, Pos)| it.0.distance(it.1) * if it.0.y == it.1.y { 1.2 } else { 1.0 };
    pieces.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    pieces.truncate(PIECES);
    let mut seen: Vec<Rect> = Vec::new();
    let mut lost = None;
    for text in texts {
        let (text, width) = fitted(text);
        let search = Search { layout, id, width, shows: SHOWS };
        let found = search.best(&pieces, &mut seen);
        let fits = found.is_some();
        let middle = || pieces.first().map_or(Pos::ZERO, |it| it.0.towards(it.1, 0.5));
        let rect = found.unwrap_or_else(|| Rect::centred(middle(), width, size::FLOW_LABEL_HEIGHT));
        let pill = LabelBox { rect, text, encrypted, fits, is_put: false, unfolded: None };
        if fits {
            return (pill, seen);
        }
        lost = lost.or(Some(pill));
    }
    let mut pill = lost.unwrap_or_else(|| LabelBox {
        rect: Rect::default(),
        text: "".into(),
        encrypted,
        fits: false,
        is_put: false,
        unfolded: None,
    });
    if matches!(encrypted, Truth::No | Truth::Unknown) {
        let search = Search { layout, id, width: LOCK_ALONE, shows: SHOWS_HEAD };
        if let Some(rect) = search.best(&pieces, &mut seen) {
            let unfolded = Some(pill.rect.width().max(LOCK_ALONE));
            pill = LabelBox { rect, fits: true, unfolded, ..pill };
        }
    }
    (pill, seen)
}

/// The pill of a line at a share of its way, wherever that is: its owner put it there.
pub(super) fn put_pill(points: &[Pos], share: f32, text: &str, encrypted: Truth) -> LabelBox {
    let (text, width) = fitted(text);
    let rect = Rect::centred(point_for_pill(points, share, width), width, size::FLOW_LABEL_HEIGHT);
    LabelBox { rect, text, encrypted, fits: true, is_put: true, unfolded: None }
}

/// Where the centre of a pill of that width is at a share of a line's way: so that both ends of the line still show, if
/// it is long enough for that.
pub fn point_for_pill(points: &[Pos], share: f32, width: f32) -> Pos {
    let long = length(points);
    let keeps = |a: Option<&Pos>, b: Option<&Pos>| {
        let is_level = a.zip(b).is_some_and(|(a, b)| a.y == b.y);
        (if is_level { width } else { size::FLOW_LABEL_HEIGHT }) / 2.0 + SHOWS
    };
    let (first, last) =
        (keeps(points.first(), points.get(1)), keeps(points.iter().nth_back(1), points.last()));
    let at = share.clamp(0.0, 1.0) * long;
    let at = if first + last <= long { at.clamp(first, long - last) } else { long / 2.0 };
    point_at(points, at / long.max(1.0))
}

/// A text cut to the widest that a pill may be, and how wide its pill is.
fn fitted(text: &str) -> (Arc<str>, f32) {
    let text: Arc<str> = Face::Mono.elide(size::TYPE_11, text, WIDEST).into();
    let long = Face::Mono.width(size::TYPE_11, &text);
    let width =
        if text.is_empty() { BEFORE_TEXT + size::SPACE_4 } else { BEFORE_TEXT + long + size::SPACE_8 };
    (text, width)
}

struct Search<'a> {
    layout: &'a Layout,
    id: &'a Id,
    width: f32,
    /// The line that must show on each side.
    shows: f32,
}

impl Search<'_> {
    /// The best place on some pieces of a line.
    fn best(&self, pieces: &[(Pos, Pos)], seen: &mut Vec<Rect>) -> Option<Rect> {
        let mut best: Option<(f32, Rect)> = None;
        for (n, piece) in pieces.iter().enumerate() {
            let is_level = piece.0.y == piece.1.y;
            let extent = if is_level { self.width } else { size::FLOW_LABEL_HEIGHT };
            let (long, needed) = (piece.0.distance(piece.1), extent + 2.0 * self.shows);
            if long < needed {
                continue;
            }
            let slack = (long - needed) / 2.0 / long;
            let sight = Sight::new();
            for (m, off) in ALONG.into_iter().enumerate() {
                let centre = piece.0.towards(piece.1, 0.5 + off * slack);
                let rect = Rect::centred(centre, self.width, size::FLOW_LABEL_HEIGHT);
                // An upright line may run through one end of its pill, where another runs beside it.
                let aside = (self.width - BEFORE_TEXT).max(0.0) / 2.0;
                let sideways = if is_level { &[0.0][..] } else { &[0.0, -aside, aside] };
                for (k, by) in sideways.iter().enumerate() {
                    let price = n as f32 * 3.0 + m as f32 + if k == 0 { 0.0 } else { 1.5 };
                    if best.is_some_and(|it| it.0 <= price) {
                        break;
                    }
                    let rect = rect.moved(Pos::new(*by, 0.0));
                    let Some(crowd) = self.crowding(&rect, &sight) else { continue };
                    if best.is_none_or(|it| price + crowd < it.0) {
                        best = Some((price + crowd, rect));
                    }
                }
            }
            if !sight.seen().is_nothing() {
                seen.push(sight.seen());
            }
        }
        best.map(|it| it.1)
    }

    /// What it costs that other lines and borders run below a pill; `None` where a card, a title or another pill is.
    fn crowding(&self, rect: &Rect, sight: &Sight) -> Option<f32> {
        let Self { layout, id, .. } = self;
        let near = rect.grown(3.0);
        sight.look(&near);
        let is_taken = layout.solids.near(&near).next().is_some()
            || layout.titles.near(&near).next().is_some()
            || layout
                .pills
                .near(&near)
                .any(|it| it.id < **id || (it.id != **id && layout.has_put_pill(&it.id)));
        if is_taken {
            return None;
        }
        let is_below = |it: &&Entry| it.id != **id && rect.is_crossed(it.rect.min, it.rect.max);
        let lines = layout.pieces.near(rect).filter(is_below).count();
        let borders = layout.areas.near(rect).filter(|it| !it.rect.contains_rect(rect)).count();
        Some(lines as f32 * 4.0 + borders as f32 * 1.5)
    }
}
