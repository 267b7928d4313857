//! A button of the palette: an icon in its tinted square, and a name of one or two lines.

use egui::{Align2, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::{focus_ring, tile};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// How high it is: two lines of a name.
pub const TILE_BUTTON_HEIGHT: f32 = 40.0;

/// A button that fills `rect`. It is clicked, and dragged; `is_stop` says whether the Tab key stops at it.
pub fn tile_button(
    ui: &Ui,
    rect: Rect,
    id: egui::Id,
    icon: &str,
    ink: Ink,
    name: &str,
    is_stop: bool,
) -> Response {
    let stop = if is_stop { Sense::FOCUSABLE } else { Sense::HOVER };
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG | stop);
    let is_enabled = ui.is_enabled();
    // A name may say where it is broken into lines: `Micro- service`.
    let spoken = name.replace("- ", "");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, spoken.as_str()));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let (lift, line) = match (response.dragged() || response.is_pointer_button_down_on(), response.hovered())
    {
        (true, _) => (2.0 * theme::HOVER, Ink::Accent),
        (_, true) => (theme::HOVER, Ink::CardLine),
        _ => (0.0, Ink::Hairline),
    };
    painter.rect_filled(rect, size::RADIUS_CONTROL, theme::tint(ctx, Ink::Raised, Ink::Text, lift));
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, line));
    painter.rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    let square = Rect::from_center_size(
        pos2(rect.left() + size::SPACE_6 + size::TILE_SMALL / 2.0, rect.center().y),
        Vec2::splat(size::TILE_SMALL),
    );
    tile(painter, square, icon, ink);
    let left = square.right() + size::SPACE_6;
    name_at(ui, pos2(left, rect.center().y), tile_name_room(rect.width()), name);
    focus_ring(ui, &response);
    response
}

/// How much room a tile of that width has for a line of its name.
pub fn tile_name_room(width: f32) -> f32 {
    width - size::SPACE_6 - size::TILE_SMALL - size::SPACE_6 - size::SPACE_4 / 2.0
}

/// Paints a name in one or two lines. A word that is too long for a line makes the name a little smaller rather than be
/// broken.
fn name_at(ui: &Ui, middle: Pos2, room: f32, name: &str) {
    let face = Face::Sans;
    let longest = name.split(' ').map(|it| face.width(TYPE, it)).fold(0.0, f32::max);
    let type_ = (TYPE * (room / longest.max(1.0))).clamp(SMALLEST, TYPE);
    let mut lines: Vec<String> = Vec::new();
    for word in name.split(' ') {
        match lines.last_mut() {
            Some(line) if lines_fit(face, type_, line, word, room) => *line = format!("{line} {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > 2 {
        let rest = lines.split_off(1).join(" ");
        lines.push(rest);
    }
    let (font, colour) = (theme::font(face, type_), theme::colour(ui.ctx(), Ink::Text));
    let top = middle.y - LINE * (lines.len() as f32 - 1.0) / 2.0;
    for (n, line) in lines.iter().enumerate() {
        let shown = face.elide(type_, line, room + 1.0);
        let at = pos2(middle.x, top + n as f32 * LINE);
        ui.painter().text(at, Align2::LEFT_CENTER, &*shown, font.clone(), colour);
    }
}

/// A long word may come near the border of its tile; two words stand in two lines rather than do so.
fn lines_fit(face: Face, type_: f32, line: &str, word: &str, room: f32) -> bool {
    let width = face.width(type_, line) + face.width(type_, " ") + face.width(type_, word);
    width <= room - size::SPACE_4
}

/// From one base line of a name to the next.
const LINE: f32 = 14.0;
const TYPE: f32 = size::TYPE_11;
const SMALLEST: f32 = 9.5;
