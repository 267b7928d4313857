//! How each kind of element looks, with as much detail as its size on the screen can show.

use std::sync::Arc;

use crate::model::{Ports, Truth};
use crate::tokens::{AREA, Face, FamilyInk, Ink, TINT, size};

use super::artwork::CardIcon;
use super::boxes::{BoundaryBox, CardBox, CardFace, GateBox, LabelBox, LineStyle, Route};
use super::brush::{Brush, Type, base_line};
use super::geometry::{Pos, Rect};
use super::jumps::{Jump, Jumps, arched, broken};
use super::labels::{BEFORE_TEXT, LOCK, LOCK_ALONE};
use super::list::{Anchor, Fill, Stroke};
use super::marks::{Badge, Tinted};

/// How far the glow of what was found reaches.
const GLOW: f32 = 5.0;
/// How strong that of the selected one is.
const GLOWS_MOST: f32 = 0.5;

/// How much of an element is worth painting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail {
    /// Cards are more than a quad.
    pub(super) shapes: bool,
    pub(super) icons: bool,
    /// Names; then second lines, ports and pills.
    pub(super) text: bool,
    pub(super) small_text: bool,
    /// Pills, and be it with their lock alone.
    pub(super) locks: bool,
    /// How much larger the signs of tints are drawn, as colour must not be the only sign.
    pub(super) sign: f32,
    /// Second lines and the counts of badges.
    pub(super) all: bool,
}

impl Detail {
    /// A card is 56 high at 100 %: below 3 pixels it is a quad, from 14 it has an icon, from 40 all of it. Names show
    /// where they are at least 4.5 pixels high, smaller text, in which a port must not be misread, from 7, and locks from 5.
    pub(super) fn at(zoom: f32) -> Self {
        let high = size::CARD_HEIGHT * zoom;
        Self {
            shapes: high >= 3.0,
            icons: high >= 14.0,
            text: size::TYPE_13 * zoom >= 4.5,
            small_text: size::TYPE_11 * zoom >= 7.0,
            locks: LOCK * zoom >= 5.0,
            sign: (8.0 / (size::TYPE_11 * zoom)).clamp(1.0, 2.0),
            all: high >= 40.0,
        }
    }
}

/// What is going on with an element.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) is_selected: bool,
    pub(super) is_hovered: bool,
    /// What is dragged would land there.
    pub(super) is_target: bool,
    /// What it does beside others is read off the drawing; nobody has said it.
    pub(super) is_inferred: bool,
    /// A search found it.
    pub(super) is_found: bool,
    /// A filter leaves it out.
    pub(super) is_dimmed: bool,
    /// It is evidence, or was found: the colour of its level, or of what was found.
    pub(super) lit: Option<Ink>,
    /// What it is tinted with.
    pub(super) tint: Option<Ink>,
}

impl State {
    fn stroke(&self, plain: Ink, width: f32) -> Stroke {
        if self.is_selected || self.is_target {
            Stroke::of(Ink::Accent, size::STROKE_SELECTED)
        } else if let Some(ink) = self.lit {
            Stroke::of(ink, 1.5)
        } else if let Some(ink) = self.tint {
            Stroke::of(ink, 1.5)
        } else if self.is_hovered {
            Stroke::of(Ink::Faint, width.max(1.5))
        } else {
            Stroke::of(plain, width)
        }
    }
}

pub(super) fn draw_boundary(
    brush: &mut Brush<'_>,
    it: &BoundaryBox,
    rect: Rect,
    state: &State,
    detail: Detail,
) {
    let fill = if state.is_target { Fill::tint(Ink::Accent, AREA) } else { Fill::tint(Ink::Boundary, AREA) };
    if !detail.shapes {
        brush.rect(rect, 0.0, Some(fill), None);
        return;
    }
    let stroke = state.stroke(Ink::Boundary, size::STROKE_BOUNDARY);
    let stroke =
        if state.is_selected || state.is_target { stroke } else { stroke.dashed(size::DASH_BOUNDARY) };
    brush.rect(rect, size::RADIUS_BOUNDARY, Some(fill), Some(stroke));
    if !detail.text {
        return;
    }
    let middle = rect.min.y + size::BOUNDARY_TITLE_HEIGHT / 2.0;
    let left = rect.min.x + size::SPACE_12;
    let ink = if state.is_target || state.is_found { Ink::Accent } else { Ink::Muted };
    brush.icon(&it.icon, Pos::new(left + size::ICON_SMALL / 2.0, middle), size::ICON_SMALL, ink);
    let look = Type { face: Face::SansMedium, size: size::TYPE_12, ink };
    let at = Pos::new(left + size::ICON_SMALL + size::SPACE_6, base_line(middle, size::TYPE_12));
    brush.text(&it.title, look, at, Anchor::Start);
}

/// How much of a tint's colour is in a card.
const TINTED: f32 = 0.22;
const TINTED_WEAKLY: f32 = 0.1;
const TINTED_FAR: f32 = 0.4;
/// How much wider the lines are that are to be seen from far away.
const FAR: f32 = 4.0;

/// `level` is the colour of its badge, which far away is all that shows of it, unless it is tinted.
pub(super) fn draw_card(
    brush: &mut Brush<'_>,
    card: &CardBox,
    rect: Rect,
    state: &State,
    (detail, level, tinted): (Detail, Option<Ink>, Option<&Tinted>),
) {
    if !detail.icons {
        let found = state.lit.filter(|_| state.is_found);
        let radius = if detail.shapes { size::RADIUS_CARD } else { 0.0 };
        // A tint has colours of severities: it shows as a ring of its colour.
        let (fill, ring) = match (found, state.tint) {
            (None, Some(tint)) => {
                (Fill::tint(tint, TINTED_FAR), Some(Stroke::of(tint, size::STROKE_SELECTED * FAR / 2.0)))
            }
            _ => (Fill::of(found.or(level).or(state.lit).unwrap_or(Ink::CardLine)), None),
        };
        let selected = state.is_selected.then(|| Stroke::of(Ink::Accent, size::STROKE_SELECTED * FAR));
        brush.rect(rect, radius, Some(fill), selected.or(ring));
        return;
    }
    draw_glow(brush, rect, size::RADIUS_CARD, state);
    let plain = Stroke::of(Ink::CardLine, size::STROKE_CARD);
    for behind in (1..=card.stack).rev() {
        let off = f32::from(behind) * size::CARD_STACK_STEP;
        brush.card(rect.moved(Pos::new(off, -off)), size::RADIUS_CARD, Ink::Card, 0.0, plain);
    }
    match &card.face {
        CardFace::Note { lines } => draw_note(brush, lines, rect, state, detail),
        CardFace::Element { icon, family, name, second, .. } => {
            let plain = if state.is_inferred { Ink::Faint } else { Ink::CardLine };
            let stroke = state.stroke(plain, size::STROKE_CARD);
            let stroke = if state.is_inferred { stroke.dashed(size::DASH_FLOW) } else { stroke };
            brush.card(rect, size::RADIUS_CARD, Ink::Card, 6.0, stroke);
            if let Some(it) = tinted {
                let much = if it.is_strong { TINTED } else { TINTED_WEAKLY };
                brush.rect(rect, size::RADIUS_CARD, Some(Fill::tint(it.ink, much)), None);
            }
            if !detail.text {
                draw_far_face(brush, rect, (icon, *family), tinted.is_some());
                return;
            }
            draw_face(brush, rect, (icon, *family), (name, second), detail);
        }
    }
}

/// Where a name could not be read, a card says what it is by all of it.
fn draw_far_face(brush: &mut Brush<'_>, rect: Rect, (icon, family): (&CardIcon, FamilyInk), is_tinted: bool) {
    /// How much of its height an icon takes.
    const SHARE: f32 = 0.6;
    let ink = Ink::Family(family);
    if !is_tinted {
        brush.rect(rect, size::RADIUS_CARD, Some(Fill::tint(ink, TINT)), None);
    }
    brush.icon(icon, rect.centre(), rect.height().min(rect.width()) * SHARE, ink);
}

fn draw_face(
    brush: &mut Brush<'_>,
    rect: Rect,
    icon: (&CardIcon, FamilyInk),
    text: (&Arc<str>, &Arc<str>),
    detail: Detail,
) {
    let (middle, left) = (rect.centre().y, rect.min.x + size::SPACE_12);
    let tile = Rect::new(left, middle - size::TILE / 2.0, size::TILE, size::TILE);
    let ink = Ink::Family(icon.1);
    brush.rect(tile, size::RADIUS_TILE, Some(Fill::tint(ink, TINT)), None);
    // A picture is read by its colours, and needs no room around them.
    let side = if icon.0.is_coloured() { size::PICTURE } else { size::ICON };
    brush.icon(icon.0, tile.centre(), side, ink);
    let x = tile.max.x + 10.0;
    let has_second = detail.all && !text.1.is_empty();
    let name_y = if has_second { middle - 8.0 } else { middle };
    let name = Type { face: Face::SansSemibold, size: size::TYPE_13, ink: Ink::Text };
    brush.text(text.0, name, Pos::new(x, base_line(name_y, size::TYPE_13)), Anchor::Start);
    if has_second {
        let second = Type { face: Face::Sans, size: size::TYPE_11, ink: Ink::Muted };
        brush.text(text.1, second, Pos::new(x, base_line(middle + 9.0, size::TYPE_11)), Anchor::Start);
    }
}

fn draw_note(brush: &mut Brush<'_>, lines: &[Arc<str>], rect: Rect, state: &State, detail: Detail) {
    let stroke = state.stroke(Ink::Medium, size::STROKE_CARD);
    let stroke = if state.is_selected || state.is_target { stroke } else { stroke.at(0.4) };
    brush.card(rect, size::SPACE_4, Ink::Card, 6.0, stroke);
    brush.rect(rect, size::SPACE_4, Some(Fill::tint(Ink::Medium, TINT / 2.0)), None);
    if !detail.text {
        return;
    }
    let line = Face::Sans.line_height(size::TYPE_12) + 2.0;
    let look = Type { face: Face::Sans, size: size::TYPE_12, ink: Ink::Text };
    for (n, text) in lines.iter().enumerate() {
        let y = rect.min.y + size::SPACE_12 + (n as f32 + 0.5) * line;
        brush.text(
            text,
            look,
            Pos::new(rect.min.x + size::SPACE_12, base_line(y, size::TYPE_12)),
            Anchor::Start,
        );
    }
}

/// A gap with a bar at each end and its width beside it; `px` is a pixel of the screen.
pub(super) fn draw_gap(brush: &mut Brush<'_>, (from, to): (Pos, Pos), px: f32) {
    let is_level = from.y == to.y;
    // Stronger than the lines of alignment, which may run along it.
    let stroke = Stroke::of(Ink::Accent, 2.0 * px);
    let half = if is_level { Pos::new(0.0, 5.0 * px) } else { Pos::new(5.0 * px, 0.0) };
    brush.path(&[from, to], 0.0, stroke, 0.0);
    for end in [from, to] {
        brush.path(&[end - half, end + half], 0.0, stroke, 0.0);
    }
    let text = format!("{:.0}", from.distance(to));
    let look = Type { face: Face::SansMedium, size: size::TYPE_11 * px, ink: Ink::Accent };
    let width = look.face.width(size::TYPE_11, &text) * px + 6.0 * px;
    let away = if is_level { Pos::new(0.0, -12.0 * px) } else { Pos::new(width / 2.0 + 6.0 * px, 0.0) };
    let middle = from.towards(to, 0.5) + away;
    // It may lie on lines and borders.
    brush.rect(Rect::centred(middle, width, 15.0 * px), 3.0 * px, Some(Fill::of(Ink::Canvas)), None);
    brush.text(&text, look, Pos::new(middle.x, base_line(middle.y, look.size)), Anchor::Middle);
}

/// `ports` are those that matter, and their colour.
pub(super) fn draw_gate(
    brush: &mut Brush<'_>,
    gate: &GateBox,
    rect: Rect,
    state: &State,
    (detail, ports): (Detail, Option<(&Ports, Ink)>),
) {
    let edge = Ink::Family(FamilyInk::Edge);
    let is_told = state.is_selected || state.is_target || state.is_found || state.tint.is_some();
    let stroke = if is_told { state.stroke(edge, 1.5) } else { Stroke::of(edge, 1.5) };
    draw_glow(brush, rect, rect.height() / 2.0, state);
    brush.card(rect, rect.height() / 2.0, Ink::Card, 0.0, stroke);
    if !detail.icons {
        return;
    }
    let middle = rect.centre().y;
    // Where its ports cannot be read there is only the icon, in the middle.
    let has_words = detail.small_text && !gate.words.is_empty();
    let icon_x =
        if has_words { rect.min.x + size::SPACE_8 + size::ICON_SMALL / 2.0 } else { rect.centre().x };
    brush.icon(&gate.icon, Pos::new(icon_x, middle), size::ICON_SMALL, edge);
    if !detail.small_text {
        return;
    }
    for word in &gate.words {
        let matters =
            ports.filter(|it| word.ports.is_some_and(|word| Ports::from_ranges([word]).overlaps(it.0)));
        let plain = if word.ports.is_some() { Ink::Text } else { Ink::Muted };
        let ink = matters.map_or(plain, |it| it.1);
        let look = Type { face: Face::MonoMedium, size: size::TYPE_11, ink };
        brush.text(
            &word.text,
            look,
            Pos::new(rect.min.x + word.x, base_line(middle, size::TYPE_11)),
            Anchor::Start,
        );
    }
}

/// What was found has a glow around it, as the lines of evidence have; the one of many that one is at, a strong one.
fn draw_glow(brush: &mut Brush<'_>, rect: Rect, radius: f32, state: &State) {
    if let Some(ink) = state.lit.filter(|_| state.is_found) {
        let depth = if state.is_selected { GLOWS_MOST } else { TINT };
        brush.rect(rect.grown(GLOW), radius + GLOW, Some(Fill::tint(ink, depth)), None);
    }
}

pub(super) fn draw_halo(brush: &mut Brush<'_>, points: &[Pos], state: &State) {
    if let Some(ink) = state.lit.filter(|_| !state.is_found || state.is_selected) {
        let depth = if state.is_found { GLOWS_MOST } else { TINT };
        brush.path(points, size::RADIUS_FLOW, Stroke::of(ink, size::STROKE_HALO).at(depth), 0.0);
    }
}

pub(super) fn draw_flow(
    brush: &mut Brush<'_>,
    route: &Route,
    ((points, jumps), style): ((&[Pos], &[Jump]), Jumps),
    state: &State,
    detail: Detail,
) {
    let stroke = match (state.lit, state.is_selected) {
        (Some(ink), _) => Stroke::of(ink, size::STROKE_EVIDENCE),
        (None, true) => Stroke::of(Ink::Accent, size::STROKE_SELECTED),
        (None, false) if state.tint.is_some() => {
            Stroke::of(state.tint.unwrap_or(Ink::Flow), size::STROKE_SELECTED)
        }
        (None, false) if state.is_hovered => Stroke::of(Ink::Muted, size::STROKE_SELECTED),
        (None, false) => Stroke::of(Ink::Flow, size::STROKE_FLOW),
    };
    if !detail.icons {
        let is_sought = state.is_selected || state.lit.is_some();
        let width = if is_sought { stroke.width * FAR } else { stroke.width };
        brush.path(points, 0.0, Stroke { width, ..stroke }, 0.0);
        return;
    }
    let stroke = match route.line {
        LineStyle::Plain => stroke,
        LineStyle::Replicates => stroke.dashed(size::DASH_FLOW),
        LineStyle::Asynchronous => stroke.dashed(size::DASH_FLOW).at(0.8),
    };
    let head = if state.lit.is_some() { size::ARROW_HEAD + 2.0 } else { size::ARROW_HEAD };
    let tail = if route.has_two_heads { head } else { 0.0 };
    match style {
        Jumps::Arc if !jumps.is_empty() => {
            brush.line(&arched(points, jumps), size::RADIUS_FLOW, stroke, (tail, head));
        }
        Jumps::Gap if !jumps.is_empty() => {
            let last = jumps.len();
            for (n, part) in broken(points, jumps).iter().enumerate() {
                let heads = (if n == 0 { tail } else { 0.0 }, if n == last { head } else { 0.0 });
                brush.line(part, size::RADIUS_FLOW, stroke, heads);
            }
        }
        _ => brush.line(points, size::RADIUS_FLOW, stroke, (tail, head)),
    }
}

/// Where its text could not be read, its lock alone.
pub(super) fn draw_pill(brush: &mut Brush<'_>, pill: &LabelBox, by: Pos, state: &State, detail: Detail) {
    let is_unfolded = pill.unfolded.is_none() || state.is_selected || state.is_hovered;
    let is_open = is_unfolded && detail.small_text;
    let rect = match (is_open, pill.unfolded) {
        (true, _) => pill.whole(),
        (false, None) => Rect::centred(pill.rect.centre(), LOCK_ALONE, pill.rect.height()),
        (false, Some(_)) => pill.rect,
    };
    let rect = rect.moved(by);
    let stroke = state.stroke(Ink::Hairline, size::STROKE_HAIRLINE);
    brush.card(rect, rect.height() / 2.0, Ink::Canvas, 0.0, Stroke { width: 1.0, ..stroke });
    let (icon, ink) = match pill.encrypted {
        Truth::Yes => ("lock", Ink::Settled),
        Truth::No => ("lock-open", Ink::High),
        Truth::Unknown => ("circle-help", Ink::Question),
        Truth::NotApplicable => ("lock", Ink::Faint),
    };
    let middle = rect.centre().y;
    brush.icon(
        &CardIcon::bundled(icon),
        Pos::new(rect.min.x + size::SPACE_6 + LOCK / 2.0, middle),
        LOCK,
        ink,
    );
    if !is_open {
        return;
    }
    let ink = state.lit.map_or(Ink::Muted, |_| Ink::Text);
    let look = Type { face: Face::Mono, size: size::TYPE_11, ink };
    brush.text(
        &pill.text,
        look,
        Pos::new(rect.min.x + BEFORE_TEXT, base_line(middle, size::TYPE_11)),
        Anchor::Start,
    );
}

/// The word of a tint, on the lower edge of what it tints, from its left end: heads of flows are rarer there.
pub(super) fn draw_sign(brush: &mut Brush<'_>, tinted: &Tinted, corner: Pos, detail: Detail) {
    if tinted.sign.is_empty() || !detail.icons {
        return;
    }
    let (type_, height) = (size::TYPE_11 * detail.sign, size::BADGE_HEIGHT * detail.sign);
    let width = (Face::SansSemibold.width(type_, &tinted.sign) + 11.0 * detail.sign).max(height);
    let rect = Rect::new(corner.x, corner.y - height / 2.0, width, height);
    let edge = Stroke::of(tinted.ink, 1.5);
    brush.card(rect, size::RADIUS_FLOW, Ink::Card, 0.0, edge);
    let look = Type { face: Face::SansSemibold, size: type_, ink: Ink::Text };
    let at = Pos::new(rect.centre().x, base_line(rect.centre().y, type_));
    brush.text(&tinted.sign, look, at, Anchor::Middle);
}

/// Where somebody comments, and how many messages there are: a leaf in the colour of cards, as full ones count findings.
pub(super) fn draw_pin(brush: &mut Brush<'_>, count: u32, centre: Pos, detail: Detail) {
    let edge = Stroke::of(Ink::Accent, 1.5);
    if !detail.all {
        brush.card(Rect::centred(centre, 12.0, 12.0), size::SPACE_4, Ink::Card, 0.0, edge);
        return;
    }
    let text = if count > 99 { "99+".to_owned() } else { count.to_string() };
    let wide = Face::SansSemibold.width(size::TYPE_11, &text);
    let width = size::SPACE_6 + PIN_ICON + 3.0 + wide + size::SPACE_6;
    let rect = Rect::centred(centre, width, size::BADGE_HEIGHT + 2.0);
    brush.card(rect, size::RADIUS_FLOW, Ink::Card, 0.0, edge);
    let left = rect.min.x + size::SPACE_6;
    brush.icon(
        &CardIcon::bundled("message-square"),
        Pos::new(left + PIN_ICON / 2.0, centre.y + 0.5),
        PIN_ICON,
        Ink::Accent,
    );
    let look = Type { face: Face::SansSemibold, size: size::TYPE_11, ink: Ink::Text };
    let at = Pos::new(left + PIN_ICON + 3.0, base_line(centre.y, size::TYPE_11));
    brush.text(&text, look, at, Anchor::Start);
}

/// The side of the icon on a pin.
const PIN_ICON: f32 = 11.0;

pub(super) fn draw_badge(brush: &mut Brush<'_>, badge: Badge, corner: Pos, detail: Detail) {
    let ink = Fill::of(badge.level.ink());
    if !detail.all {
        brush.rect(Rect::centred(corner, 12.0, 12.0), 6.0, Some(ink), None);
        return;
    }
    let text = if badge.count > 99 { "99+".to_owned() } else { badge.count.to_string() };
    let width = (Face::SansSemibold.width(size::TYPE_11, &text) + 11.0).max(size::BADGE_HEIGHT);
    let rect = Rect::centred(corner, width, size::BADGE_HEIGHT);
    brush.rect(rect, size::BADGE_HEIGHT / 2.0, Some(ink), None);
    let look = Type { face: Face::SansSemibold, size: size::TYPE_11, ink: Ink::OnAccent };
    brush.text(
        &text,
        look,
        Pos::new(rect.centre().x, base_line(rect.centre().y, size::TYPE_11)),
        Anchor::Middle,
    );
}
