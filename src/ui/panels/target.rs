//! Naming where something goes: a few letters, and Enter.

use egui::{Align2, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2};

use super::family_ink;
use crate::editor::{Editor, Target, Wanted, Words, folded};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{in_margin, nothing, search_field, tile};

const ROW: f32 = size::CONTROL_HEIGHT + size::SPACE_4;
/// The list scrolls from here on.
const HEIGHT: f32 = 10.0 * ROW;

/// The dialog in which something is named.
#[derive(Debug, Default)]
pub struct Targets {
    text: String,
    /// The row that Enter takes.
    at: usize,
    all: Vec<Target>,
    /// Which of them hold what was typed.
    found: Vec<usize>,
    made_of: Option<(Wanted, u64, String)>,
    /// How far the list is scrolled.
    offset: f32,
    /// The last pass in which it was shown.
    shown: u64,
}

impl Targets {
    /// Lists what may be named.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor, wanted: Wanted) {
        let pass = ui.ctx().cumulative_pass_nr();
        if self.shown + 1 < pass {
            (self.text, self.at, self.made_of) = (String::new(), 0, None);
        }
        self.shown = pass;
        let (down, up, enter) = ui.input_mut(|it| {
            let mut pressed = |key| it.count_and_consume_key(Modifiers::NONE, key);
            (pressed(Key::ArrowDown), pressed(Key::ArrowUp), pressed(Key::Enter))
        });
        search_field(ui, &mut self.text, "Type its name", "").request_focus();
        self.look_for(editor, wanted);
        let before = self.at;
        let last = self.found.len().saturating_sub(1);
        self.at = (self.at + down).saturating_sub(up).min(last);
        let moved = self.at != before;
        let mut taken = self.found.get(self.at).copied().filter(|_| enter > 0);
        ui.add_space(size::SPACE_6);
        if self.found.is_empty() {
            if self.all.is_empty() {
                nothing(ui, "There is nothing to choose yet.", wanted.needs(), None);
            } else {
                nothing(ui, "Nothing has this name.", "", None);
            }
        }
        let mut list = ScrollArea::vertical().max_height(HEIGHT).auto_shrink([false, true]).animated(false);
        if moved {
            let top = self.at as f32 * ROW;
            list = list.vertical_scroll_offset(self.offset.min(top).max(top + ROW - HEIGHT));
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let shown = in_margin(ui, list, |list, ui| {
            list.show_rows(ui, ROW, self.found.len(), |ui, rows| {
                for n in rows {
                    let Some(target) = self.found.get(n).and_then(|it| self.all.get(*it)) else { continue };
                    if row_ui(ui, target, n == self.at).clicked() {
                        taken = self.found.get(n).copied();
                    }
                }
            })
        });
        self.offset = shown.state.clamped_offset().y;
        if moved && let Some(it) = self.found.get(self.at).and_then(|it| self.all.get(*it)) {
            // The field keeps the focus, so somebody has to say it.
            editor.tell(format!("{}, {}, {} of {}.", it.text, it.note, self.at + 1, self.found.len()));
        }
        if let Some(target) = taken.and_then(|it| self.all.get(it)) {
            editor.shown.modal = None;
            editor.take_target(wanted, &target.of);
        }
    }

    /// What holds the words that were typed: what begins with them comes first.
    fn look_for(&mut self, editor: &mut Editor, wanted: Wanted) {
        let made_of = (wanted, editor.document.revision, self.text.clone());
        if self.made_of.as_ref() == Some(&made_of) {
            return;
        }
        if self.made_of.as_ref().is_none_or(|it| (it.0, it.1) != (made_of.0, made_of.1)) {
            self.all = editor.targets(wanted);
        }
        let words = Words::of(&self.text);
        let first = words.iter().next().unwrap_or_default();
        let rank = |it: &Target| {
            let name = folded(&it.text);
            let holds = words.are_in(&format!("{name}\n{}", folded(&it.note)));
            holds.then(|| if name.starts_with(first) { 0 } else { 2 - u8::from(name.contains(first)) })
        };
        let mut found: Vec<(u8, usize)> =
            self.all.iter().enumerate().filter_map(|(n, it)| Some((rank(it)?, n))).collect();
        found.sort_unstable();
        self.found = found.into_iter().map(|it| it.1).collect();
        self.at = 0;
        let first = self.found.first().and_then(|it| self.all.get(*it));
        editor.tell(match first {
            Some(it) => format!("{}, {}, 1 of {}.", it.text, it.note, self.found.len()),
            None => "Nothing has this name.".to_owned(),
        });
        self.made_of = Some(made_of);
    }
}

fn row_ui(ui: &mut Ui, target: &Target, is_next: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_next, &target.text));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let (ctx, painter) = (ui.ctx(), ui.painter());
    if is_next || response.hovered() {
        let fill = theme::tint(ctx, Ink::Panel, Ink::Accent, if is_next { 0.15 } else { 0.07 });
        painter.rect_filled(rect, size::RADIUS_CONTROL, fill);
    }
    let at = pos2(rect.left() + size::SPACE_8 + size::TILE_SMALL / 2.0, rect.center().y);
    let square = Rect::from_center_size(at, Vec2::splat(size::TILE_SMALL));
    tile(painter, square, target.icon, target.family.map_or(Ink::Muted, family_ink));
    let (left, right) = (square.right() + size::SPACE_8, rect.right() - size::SPACE_8);
    let (shown, note) = fitted(target, right - left);
    let font = theme::font(Face::Sans, size::TYPE_13);
    painter.text(pos2(left, at.y), Align2::LEFT_CENTER, &*shown, font, theme::colour(ctx, Ink::Text));
    let font = theme::font(Face::Sans, size::TYPE_12);
    let colour = if is_next { theme::on_tint(ctx, Ink::Muted) } else { theme::colour(ctx, Ink::Muted) };
    painter.text(pos2(right, at.y), Align2::RIGHT_CENTER, &*note, font, colour);
    response
}

/// A name and what is said behind it, as there is room for them. Where it is short, the place alone is told, which
/// tells those of one name apart; the icon says the kind.
fn fitted(target: &Target, room: f32) -> (String, String) {
    /// So much of the room a place may take from a name.
    const PLACE: f32 = 0.4;
    let (name, note) =
        (|it: &str| Face::Sans.width(size::TYPE_13, it), |it: &str| Face::Sans.width(size::TYPE_12, it));
    let is_room_for = |it: &str| name(&target.text) + size::SPACE_12 + note(it) <= room;
    if is_room_for(&target.note) {
        return (target.text.clone(), target.note.clone());
    }
    let most = if is_room_for(&target.place) { room } else { (room * PLACE).floor() };
    let place = Face::Sans.elide(size::TYPE_12, &target.place, most).into_owned();
    let beside = if place.is_empty() { 0.0 } else { size::SPACE_12 + note(&place) };
    (Face::Sans.elide(size::TYPE_13, &target.text, room - beside).into_owned(), place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::TargetOf;

    #[test]
    fn where_there_is_no_room_for_all_the_place_is_told() {
        let target = |name: &str| Target {
            of: TargetOf::Outside,
            text: name.to_owned(),
            note: "SQL database · Zone north-west".to_owned(),
            place: "Zone north-west".to_owned(),
            icon: "database",
            family: None,
        };
        let short = fitted(&target("Orders"), 400.0);
        assert_eq!(short, ("Orders".to_owned(), "SQL database · Zone north-west".to_owned()));
        let long = fitted(&target("Database of everything that the zone has heard"), 400.0);
        assert_eq!(long.1, "Zone north-west");
        let longer = fitted(&target("Database of everything that the whole zone has ever heard"), 300.0);
        assert_eq!(longer.1, "Zone north-west");
        assert!(longer.0.ends_with('…'), "{longer:?}");
    }
}
