//! The pills on flows: what they say, and where on the line there is room for them.

use std::sync::Arc;

use crate::model::{Access, Family, Flow, Id, Model, Truth};
use crate::tokens::{Face, size};

use super::Layout;
use super::boxes::{LabelBox, Route};
use super::geometry::{Pos, Rect};
use super::layout::{SolidKind, envelope};
use super::routing::worse;

/// Longer texts are cut: a pill is no paragraph.
const WIDEST: f32 = 200.0;
/// The line that must show on each side of a pill.
const SHOWS: f32 = 8.0;
/// Lock and gap before the text.
pub(super) const BEFORE_TEXT: f32 = size::SPACE_6 + LOCK + size::SPACE_4;
pub(super) const LOCK: f32 = 11.0;

/// What the pill of a line says, and whether all that it stands for is encrypted; `None` if there is nothing to say.
pub(super) fn pill_text(model: &Model, flows: &[&Flow]) -> Option<(String, Truth)> {
    let encrypted = flows.iter().map(|it| it.is_encrypted()).reduce(worse)?;
    if let [flow] = flows {
        let text = text_of(model, flow);
        return (!text.is_empty() || encrypted != Truth::Unknown).then_some((text, encrypted));
    }
    Some((format!("{} flows", flows.len()), encrypted))
}

/// `HTTPS 443`, `MySQL 3306 · write`.
fn text_of(model: &Model, flow: &Flow) -> String {
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
        Access::ReadWrite => "read, write",
        Access::Publish => "publish",
        Access::Consume => "consume",
        Access::Admin => "admin",
        Access::Unknown | Access::Replicate => "",
    };
    if !word.is_empty()
        && (is_data || parts.is_empty() || matches!(flow.access, Access::Admin | Access::Write))
    {
        parts.push(word.to_owned());
    }
    parts.join(" · ")
}

/// Finds room on a line: in the middle of its longest piece, else elsewhere on it, clear of cards and other pills.
pub(super) fn place_pill(layout: &Layout, id: &Id, route: &Route, text: &str, encrypted: Truth) -> LabelBox {
    let text: Arc<str> = Face::Mono.elide(size::TYPE_11, text, WIDEST).into();
    let width = if text.is_empty() {
        BEFORE_TEXT + size::SPACE_4
    } else {
        BEFORE_TEXT + Face::Mono.width(size::TYPE_11, &text) + size::SPACE_8
    };
    let mut best: Option<(f32, Rect)> = None;
    let mut pieces: Vec<(Pos, Pos)> = route.points.windows(2).map(|it| (it[0], it[1])).collect();
    // The nicest piece: long, and level rather than upright.
    let worth = |it: &(Pos, Pos)| it.0.distance(it.1) * if it.0.y == it.1.y { 1.2 } else { 1.0 };
    pieces.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    for (n, piece) in pieces.iter().take(3).enumerate() {
        let extent = if piece.0.y == piece.1.y { width } else { size::FLOW_LABEL_HEIGHT };
        let (long, needed) = (piece.0.distance(piece.1), extent + 2.0 * SHOWS);
        if long < needed {
            continue;
        }
        let slack = (long - needed) / 2.0 / long;
        for (m, off) in [0.0, -0.25, 0.25, -0.5, 0.5, -0.75, 0.75, -1.0, 1.0].into_iter().enumerate() {
            let rect =
                Rect::centred(piece.0.towards(piece.1, 0.5 + off * slack), width, size::FLOW_LABEL_HEIGHT);
            let base = n as f32 * 3.0 + m as f32;
            if best.is_some_and(|it| it.0 <= base) {
                break;
            }
            let Some(crowd) = crowding(layout, id, &rect) else { continue };
            if best.is_none_or(|it| base + crowd < it.0) {
                best = Some((base + crowd, rect));
            }
        }
    }
    let lost = || pieces.first().map_or(Pos::ZERO, |it| it.0.towards(it.1, 0.5));
    let rect = best.map_or_else(|| Rect::centred(lost(), width, size::FLOW_LABEL_HEIGHT), |it| it.1);
    LabelBox { rect, text, encrypted, fits: best.is_some() }
}

/// How many other lines run below a pill; `None` where a card, a title or another pill stands.
fn crowding(layout: &Layout, id: &Id, rect: &Rect) -> Option<f32> {
    let near = rect.grown(3.0);
    for solid in layout.solids.locate_in_envelope_intersecting(envelope(&near)) {
        if solid.kind != SolidKind::Pill || solid.id != *id {
            return None;
        }
    }
    let mut crossed = 0.0;
    for entry in layout.index.locate_in_envelope_intersecting(envelope(rect)) {
        let Some(other) = layout.flows.get(&entry.id).filter(|_| entry.id != *id) else { continue };
        crossed += other.points.windows(2).filter(|it| rect.is_crossed(it[0], it[1])).count() as f32 * 4.0;
    }
    Some(crossed)
}
