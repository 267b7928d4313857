//! Cards and boundaries: their sizes and their texts, cut to fit once and not in every frame.

use std::sync::Arc;

use crate::model::{Capability, Component, Family, Id, Model, Nesting, Technology, Truth, counted};
use crate::tokens::{Face, FamilyInk, size};

use super::SNAP;
use super::artwork::CardIcon;
use super::boxes::{BoundaryBox, CardBox, CardFace};
use super::gates::Reach;
use super::geometry::{Pos, Rect};
use super::nest::Stage;

/// From a card's left edge to its texts, and from their end to its right edge.
const BEFORE_TEXT: f32 = size::SPACE_12 + size::TILE + 10.0;
const AFTER_TEXT: f32 = size::SPACE_14;
/// From a boundary's left edge to its title.
const BEFORE_TITLE: f32 = size::SPACE_12 + size::ICON_SMALL + size::SPACE_6;
const NOTE_WIDTH: f32 = 184.0;
/// Notes are cut behind that many lines, that a pasted book stays a note.
const NOTE_LINES: usize = 24;
/// A boundary that nobody has given a size.
pub(super) const EMPTY_BOUNDARY: (f32, f32) = (240.0, 160.0);
/// The least room between a boundary's edge and what it holds.
pub(super) const INNER: f32 = 16.0;

impl CardBox {
    /// Whether it is a boundary.
    pub fn is_collapsed(&self) -> bool {
        matches!(self.face, CardFace::Element { is_collapsed: true, .. })
    }

    /// The box with the cards behind.
    pub fn outer(&self) -> Rect {
        let out = f32::from(self.stack) * size::CARD_STACK_STEP;
        Rect {
            min: Pos::new(self.rect.min.x, self.rect.min.y - out),
            max: Pos::new(self.rect.max.x + out, self.rect.max.y),
        }
    }
}

/// The card of a component or of a collapsed boundary.
pub(super) fn card(stage: &Stage<'_>, id: &Id) -> Option<CardBox> {
    let place = stage.place(id)?;
    let at = Pos::new(place.x.px(), place.y.px());
    let parent = stage.parent(id).cloned();
    if let Some(boundary) = stage.model.boundary(id) {
        let inside = stage.nesting.all_in(id).iter().filter(|it| stage.model.component(it).is_some()).count();
        let second = counted(inside, "element");
        let width = fitting(boundary.title(), &second);
        let icon = CardIcon::of(stage.model, boundary.icon.as_ref(), &boundary.kind().icon);
        let face = element(icon, FamilyInk::Outside, boundary.title(), &second, width);
        let rect = Rect::at(at, width, size::CARD_HEIGHT);
        return Some(CardBox {
            rect,
            stack: 1,
            face: collapsed(face),
            order: place.order,
            parent,
            title: boundary.title().into(),
        });
    }
    let component = stage.model.component(id)?;
    let own = (place.width.map(|it| it.px()), place.height.map(|it| it.px()));
    if component.kind().family == Family::Note {
        return Some(note(component, (at, place.order), own, parent));
    }
    let second = second_line(stage, component);
    let width = own.0.unwrap_or_else(|| fitting(component.title(), &second)).max(size::CARD_HEIGHT);
    let height = own.1.unwrap_or(size::CARD_HEIGHT).max(size::CARD_HEIGHT);
    let icon = CardIcon::of(stage.model, component.icon.as_ref(), &component.kind().icon);
    Some(CardBox {
        rect: Rect::at(at, width, height),
        stack: stack(component),
        face: element(icon, family_ink(component.kind().family), component.title(), &second, width),
        order: place.order,
        parent,
        title: component.title().into(),
    })
}

/// How many cards stand behind the first.
fn stack(component: &Component) -> u8 {
    (component.instances() as usize).saturating_sub(1).min(size::CARD_STACK_MAX) as u8
}

/// How far the cards behind it stand out to the right of a card that nobody has given a size.
pub(super) fn stands_out(component: &Component) -> f32 {
    let has_stack = component.kind().family != Family::Note;
    if has_stack { f32::from(stack(component)) * size::CARD_STACK_STEP } else { 0.0 }
}

/// The size of a card that nobody has given one.
pub(super) fn natural_size(stage: &Stage<'_>, component: &Component) -> (f32, f32) {
    if component.kind().family == Family::Note {
        let rect = note(component, (Pos::ZERO, 0), (None, None), None).rect;
        return (rect.width(), rect.height());
    }
    (fitting(component.title(), &second_line(stage, component)), size::CARD_HEIGHT)
}

/// How large the card of a new component is, as a view shows it.
pub fn card_size(model: &Model, nesting: &Nesting, view: &Id, component: &Component) -> (f32, f32) {
    natural_size(&Stage { model, view, nesting, is_unfolded: false }, component)
}

/// An open boundary around its members and beside its gates; `members` is the box around them all.
pub(super) fn boundary(stage: &Stage<'_>, id: &Id, members: &Rect, gates: Reach) -> Option<BoundaryBox> {
    let (boundary, place) = (stage.model.boundary(id)?, stage.place(id)?);
    let width = place.width.map_or(EMPTY_BOUNDARY.0, |it| it.px().max(size::CARD_WIDTH_MIN));
    let height = place.height.map_or(EMPTY_BOUNDARY.1, |it| it.px().max(size::CARD_HEIGHT));
    let own = Rect::new(place.x.px(), place.y.px(), width, height);
    let rect = if members.is_nothing() { own } else { own.union(&around_members(members, gates)) };
    let room = rect.width() - BEFORE_TITLE - size::SPACE_12;
    let title = Face::SansMedium.elide(size::TYPE_12, boundary.title(), room);
    let title_rect = Rect::at(rect.min, title_width(&title).min(rect.width()), size::BOUNDARY_TITLE_HEIGHT);
    let title = title.into();
    let icon = CardIcon::of(stage.model, boundary.icon.as_ref(), &boundary.kind().icon);
    let parent = stage.parent(id).cloned();
    Some(BoundaryBox { rect, title_rect, title, icon, parent, depth: stage.depth(id), order: place.order })
}

/// The least box of a boundary that holds that much, without gates.
pub fn around(held: &Rect) -> Rect {
    around_members(held, Reach::default())
}

/// The least box of a boundary with members in that box, and gates on its edges that reach that far.
pub(super) fn around_members(members: &Rect, gates: Reach) -> Rect {
    let (left, right) = gates.inwards();
    Rect {
        min: members.min - Pos::new(INNER.max(left), size::BOUNDARY_TITLE_HEIGHT),
        max: members.max + Pos::new(INNER.max(right), INNER),
    }
}

/// How far a boundary's icon and title reach into its upper edge.
pub(super) fn title_width(title: &str) -> f32 {
    BEFORE_TITLE + Face::SansMedium.width(size::TYPE_12, title) + size::SPACE_8
}

fn element(icon: CardIcon, family: FamilyInk, name: &str, second: &str, width: f32) -> CardFace {
    let room = width - BEFORE_TEXT - size::SPACE_8;
    let name = Face::SansSemibold.elide(size::TYPE_13, name, room).into();
    let second = Face::Sans.elide(size::TYPE_11, second, room).into();
    CardFace::Element { icon, family, name, second, is_collapsed: false }
}

fn collapsed(face: CardFace) -> CardFace {
    match face {
        CardFace::Element { icon, family, name, second, .. } => {
            CardFace::Element { icon, family, name, second, is_collapsed: true }
        }
        note @ CardFace::Note { .. } => note,
    }
}

/// The width that two lines ask for, on the grid.
fn fitting(name: &str, second: &str) -> f32 {
    let text = Face::SansSemibold.width(size::TYPE_13, name).max(Face::Sans.width(size::TYPE_11, second));
    let width = ((BEFORE_TEXT + text + AFTER_TEXT) / (2.0 * SNAP)).ceil() * 2.0 * SNAP;
    width.clamp(size::CARD_WIDTH_MIN, size::CARD_WIDTH_MAX)
}

fn note(
    component: &Component,
    (at, order): (Pos, i32),
    own: (Option<f32>, Option<f32>),
    parent: Option<Id>,
) -> CardBox {
    let width = own.0.unwrap_or(NOTE_WIDTH).max(size::CARD_HEIGHT);
    let text = match (component.name.trim(), component.notes.trim()) {
        ("", "") => "Note".to_owned(),
        (name, notes) => format!("{name}\n{notes}").trim().to_owned(),
    };
    let lines = wrapped(&text, width - 2.0 * size::SPACE_12);
    let line = Face::Sans.line_height(size::TYPE_12) + 2.0;
    let asked = lines.len() as f32 * line + 2.0 * size::SPACE_12;
    let asked = (asked / SNAP).ceil() * SNAP;
    let height = own.1.unwrap_or(asked).max(asked);
    CardBox {
        rect: Rect::at(at, width, height),
        stack: 0,
        face: CardFace::Note { lines },
        order,
        parent,
        title: component.title().into(),
    }
}

/// A text in lines of at most that width, broken between words where that can be.
fn wrapped(text: &str, width: f32) -> Vec<Arc<str>> {
    let measure = |it: &str| Face::Sans.width(size::TYPE_12, it);
    let mut lines: Vec<Arc<str>> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if measure(&longer) <= width {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line).into());
            }
            line = Face::Sans.elide(size::TYPE_12, word, width).into_owned();
        }
        lines.push(line.into());
        if lines.len() >= NOTE_LINES {
            lines.truncate(NOTE_LINES - 1);
            lines.push("…".into());
            break;
        }
    }
    lines
}

/// Whether a name is that of a product, maybe with a number: then the line below need not say it again.
fn says(name: &str, product: &str) -> bool {
    let numbered = name.trim().trim_end_matches(|it: char| it.is_ascii_digit()).trim_end();
    [name.trim(), numbered].iter().any(|it| it.eq_ignore_ascii_case(product))
}

/// What matters of a component, in one line: technology, how it balances, what data it keeps, how many there are.
fn second_line(stage: &Stage<'_>, component: &Component) -> String {
    let mut parts: Vec<String> = Vec::new();
    let technology = component.technology.trim();
    let product = spoken(technology);
    if !product.is_empty() && !says(&component.name, &product) {
        parts.push(product);
    }
    if component.can(Capability::Spreads) && !component.balancing.is_empty() {
        parts.push(balancing(&component.balancing));
    }
    if component.can(Capability::Actor)
        && let Some(rate) = component.requests_per_second
    {
        parts.push(format!("{} req/s", thousands(rate.get())));
    }
    let assets = || component.stores.iter().filter_map(|it| stage.model.asset(it));
    if assets().any(|it| it.personal.is == Truth::Yes) {
        parts.push("PII".to_owned());
    } else if assets().any(|it| it.credential.is == Truth::Yes) {
        parts.push("credentials".to_owned());
    }
    if parts.len() < 2 && component.instances() > 1 {
        parts.push(format!("{} replicas", component.instances()));
    }
    if parts.is_empty() && !component.name.trim().is_empty() {
        let label = component.kind().label.as_str();
        if !label.eq_ignore_ascii_case(component.name.trim()) {
            parts.push(label.to_owned());
        }
    }
    parts.join(" · ")
}

/// A product as a person says it: `MySQL 8` for `mysql:8`. What somebody wrote in words of their own stays.
fn spoken(technology: &str) -> String {
    let (name, version) = technology.split_once([':', '@']).unwrap_or((technology, ""));
    match Technology::find(name).filter(|it| it.slug == name) {
        Some(known) => format!("{} {version}", known.label).trim().to_owned(),
        None => technology.to_owned(),
    }
}

fn balancing(strategy: &str) -> String {
    match strategy {
        "cookie-affinity" => "by cookie".to_owned(),
        "dns" => "by DNS".to_owned(),
        "per-resource" => "per resource".to_owned(),
        other => other.replace(['-', '_'], " "),
    }
}

/// A number as a person reads it: `1,200`, `0.5`.
fn thousands(number: f64) -> String {
    let whole = number.abs().trunc();
    if whole < 1000.0 || whole > 1e15 {
        return format!("{}", (number * 100.0).round() / 100.0);
    }
    let digits = format!("{whole}");
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if number < 0.0 { format!("-{grouped}") } else { grouped }
}

pub fn family_ink(family: Family) -> FamilyInk {
    match family {
        Family::Outside | Family::Note => FamilyInk::Outside,
        Family::Edge => FamilyInk::Edge,
        Family::Compute => FamilyInk::Compute,
        Family::Data => FamilyInk::Data,
        Family::Messaging => FamilyInk::Messaging,
        Family::Trust => FamilyInk::Trust,
        Family::Operations => FamilyInk::Operations,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let text: Vec<String> = [0.5, 12.0, 999.0, 1200.0, 1_234_567.0].into_iter().map(thousands).collect();
        assert_eq!(text, ["0.5", "12", "999", "1,200", "1,234,567"]);
    }

    #[test]
    fn technologies_are_called_by_their_names() {
        let text = ["mysql:8", "redis", "Rust", "postgres 16, patched", "our-own:3"].map(spoken);
        assert_eq!(text, ["MySQL 8", "Redis", "Rust", "postgres 16, patched", "our-own:3"]);
    }

    #[test]
    fn a_name_that_is_that_of_the_product_says_it() {
        let said =
            ["PostgreSQL", "postgresql 2", "Orders", "PostgreSQL copy", ""].map(|it| says(it, "PostgreSQL"));
        assert_eq!(said, [true, true, false, false, false]);
    }

    #[test]
    fn notes_wrap_between_words() {
        let lines = wrapped("one two three four five six seven\n\nlast", 90.0);
        assert!(lines.len() >= 4 && lines.iter().all(|it| Face::Sans.width(12.0, it) <= 90.0), "{lines:?}");
        assert_eq!(lines.last().map(|it| &**it), Some("last"));
        assert_eq!(wrapped(&"a\n".repeat(100), 90.0).len(), NOTE_LINES);
    }
}
