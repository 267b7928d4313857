//! Choosing a kind at the pointer: type a few letters, Enter.

use egui::{
    Align, Align2, Area, Frame, Id as UiId, Key, Layout, Margin, Modifiers, Order, Pos2, Rect, Role,
    ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo,
};

use super::Canvas;
use crate::editor::{Editor, Wish, Words, folded};
use crate::model::{Id, Kind};
use crate::scene::{Pos, family_ink};
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;
use crate::ui::widgets::{search_field, tile};

const NONE: &str = "No kind has this name.";
const WIDTH: f32 = 260.0;
const ROW: f32 = 36.0;
const HEIGHT: f32 = 8.0 * ROW;
/// Around the field and the list, and between them.
const INSET: f32 = size::SPACE_6;
const GAP: f32 = size::SPACE_6;
/// A list that is lower than this is of no use.
const LEAST_HEIGHT: f32 = 2.0 * ROW;

/// The list of kinds that is open.
#[derive(Debug)]
pub(super) struct Picker {
    /// Where the component goes.
    at: Pos,
    /// What a flow comes from, if one is being drawn.
    from: Option<Id>,
    query: String,
    chosen: usize,
    is_new: bool,
    /// Where it stands on the screen, from when it opens until it closes.
    stand: Option<Stand>,
}

/// Where the field stands, with the list on one side of it: how long that is changes as one types, and the field stays.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stand {
    /// The corner of the whole at the field: the upper left one or, if it opens upwards, the lower left one.
    corner: Pos2,
    opens_up: bool,
    /// The list is no higher.
    room: f32,
}

impl Stand {
    /// At a position of the screen; upwards where there is too little room below it, and more above.
    fn at(at: Pos2, area: Rect) -> Self {
        let area = area.shrink(size::SPACE_8);
        let rest = size::CONTROL_HEIGHT + GAP + 2.0 * (INSET + size::STROKE_HAIRLINE);
        let wide = WIDTH + 2.0 * (INSET + size::STROKE_HAIRLINE);
        let x = at.x.min(area.right() - wide).max(area.left());
        let least = rest + LEAST_HEIGHT;
        let below = area.bottom() - at.y.clamp(area.top(), (area.bottom() - least).max(area.top()));
        let above = at.y.clamp((area.top() + least).min(area.bottom()), area.bottom()) - area.top();
        let opens_up = below < rest + HEIGHT && above > below;
        let (y, room) = if opens_up { (area.top() + above, above) } else { (area.bottom() - below, below) };
        Self { corner: Pos2::new(x, y).round(), opens_up, room: (room - rest).clamp(LEAST_HEIGHT, HEIGHT) }
    }
}

/// What came of a frame of the list.
enum Outcome {
    Open,
    Closed,
    Picked(&'static Kind),
}

impl Canvas {
    pub(super) fn open_picker(&mut self, at: Pos, from: Option<Id>) {
        self.picker = Some(Picker { at, from, query: String::new(), chosen: 0, is_new: true, stand: None });
    }

    pub(super) fn picker_ui(&mut self, ui: &Ui, editor: &mut Editor, camera: &Camera) {
        let Some(picker) = &mut self.picker else { return };
        let outcome = picker.ui(ui, camera, self.area);
        let kind = match outcome {
            Outcome::Open => return,
            Outcome::Closed => None,
            Outcome::Picked(kind) => Some(kind),
        };
        let Some(Picker { at, from, .. }) = self.picker.take() else { return };
        ui.ctx().memory_mut(|it| it.request_focus(Self::id()));
        let Some(kind) = kind else { return };
        let id = match from {
            Some(from) => editor.place_connected(&kind.slug, &from, at),
            None => editor.place_component(&kind.slug, "", at),
        };
        editor.shown.wishes.push(Wish::Follow(vec![id]));
    }
}

impl Picker {
    fn ui(&mut self, ui: &Ui, camera: &Camera, area: Rect) -> Outcome {
        let ctx = ui.ctx();
        let found: Vec<&Kind> = matching(&self.query)
            .into_iter()
            .filter(|it| self.from.is_none() || it.can_end_flows())
            .collect();
        let key = |key| ctx.input_mut(|it| it.consume_key(Modifiers::NONE, key));
        if key(Key::Escape) {
            return Outcome::Closed;
        }
        let moved = key(Key::ArrowDown) as i64 - key(Key::ArrowUp) as i64;
        let last = found.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(moved as isize).min(last);
        if key(Key::Enter) {
            return found.get(self.chosen).map_or(Outcome::Closed, |it| Outcome::Picked(it));
        }
        let stand = *self.stand.get_or_insert_with(|| Stand::at(camera.to_screen(self.at), area));
        // None at all is told in a row.
        let height = (found.len().max(1) as f32 * ROW).min(stand.room);
        let frame = Frame::popup(ui.style()).inner_margin(Margin::same(INSET as i8));
        let around = frame.total_margin().sum().y;
        // Not by a pivot: that would go by how high it was in the frame before.
        let up = if stand.opens_up { around + size::CONTROL_HEIGHT + GAP + height } else { 0.0 };
        let shown = Area::new(UiId::unique("canvas-picker"))
            .order(Order::Foreground)
            .constrain(false)
            .fixed_pos(stand.corner - Vec2::new(0.0, up))
            .show(ctx, |ui| {
                frame.show(ui, |ui| {
                    ui.set_width(WIDTH);
                    ui.spacing_mut().item_spacing.y = GAP;
                    let above = stand.opens_up.then(|| self.list(ui, &found, height, moved != 0));
                    self.field(ui);
                    above.unwrap_or_else(|| self.list(ui, &found, height, moved != 0))
                })
            });
        let is_elsewhere = ctx.input(|it| it.pointer.any_pressed()) && !shown.response.contains_pointer();
        let is_new = std::mem::take(&mut self.is_new);
        match shown.inner.inner {
            Some(kind) => Outcome::Picked(kind),
            None if is_elsewhere && !is_new => Outcome::Closed,
            None => Outcome::Open,
        }
    }

    fn field(&mut self, ui: &mut Ui) {
        let room = Vec2::new(WIDTH, size::CONTROL_HEIGHT);
        ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
            ui.set_min_size(room);
            let field = search_field(ui, &mut self.query, "What is it?", "");
            if self.is_new {
                field.request_focus();
            }
            if field.changed() {
                self.chosen = 0;
            }
        });
    }

    fn list(
        &mut self,
        ui: &mut Ui,
        found: &[&'static Kind],
        height: f32,
        follows: bool,
    ) -> Option<&'static Kind> {
        let (place, _) = ui.allocate_exact_size(Vec2::new(WIDTH, height), Sense::hover());
        let mut ui = ui.new_child(UiBuilder::new().max_rect(place).id_salt("kinds"));
        let mut picked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        let area = ScrollArea::vertical().max_height(height).min_scrolled_height(height);
        area.auto_shrink(false).show(&mut ui, |ui| {
            if found.is_empty() {
                let (rect, said) =
                    ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::hover());
                said.widget_info(|| WidgetInfo::labeled(Role::Label, true, NONE));
                let at = rect.left_center() + Vec2::new(size::SPACE_6, 0.0);
                let (font, colour) =
                    (theme::font(Face::Sans, size::TYPE_13), theme::colour(ui.ctx(), Ink::Muted));
                ui.painter().text(at, Align2::LEFT_CENTER, NONE, font, colour);
            }
            for (n, kind) in found.iter().enumerate() {
                let is_chosen = n == self.chosen;
                let response = row(ui, kind, is_chosen);
                if is_chosen && follows {
                    response.scroll_to_me(None);
                }
                if response.hovered() && ui.input(|it| it.pointer.delta() != Vec2::ZERO) {
                    self.chosen = n;
                }
                if response.clicked() {
                    picked = Some(*kind);
                }
            }
        });
        picked
    }
}

fn row(ui: &mut Ui, kind: &Kind, is_chosen: bool) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &kind.label));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let ctx = ui.ctx();
    if is_chosen {
        let ground = theme::tint(ctx, Ink::Panel, Ink::Text, theme::HOVER);
        ui.painter().rect_filled(rect, size::RADIUS_CONTROL, ground);
    }
    let at = rect.left_center() + Vec2::new(size::SPACE_6 + size::TILE_SMALL / 2.0, 0.0);
    let square = Rect::from_center_size(at, Vec2::splat(size::TILE_SMALL));
    tile(ui.painter(), square, &kind.icon, Ink::Family(family_ink(kind.family)));
    let font = theme::font(Face::SansMedium, size::TYPE_13);
    let text = theme::colour(ctx, Ink::Text);
    let at = square.right_center() + Vec2::new(size::SPACE_8, 0.0);
    ui.painter().text(at, Align2::LEFT_CENTER, &kind.label, font, text);
    response
}

/// The kinds that words lead to: those whose name begins so, then those that hold them, then those known by them.
fn matching(query: &str) -> Vec<&'static Kind> {
    let words = Words::of(query);
    let mut found: Vec<(u8, &'static Kind)> = Kind::all()
        .iter()
        .filter_map(|kind| {
            let label = folded(&kind.label);
            let known = |word: &str| label.contains(word) || kind.words.iter().any(|it| it.contains(word));
            if !words.iter().all(known) {
                return None;
            }
            let first = words.iter().next().unwrap_or_default();
            let begins = label.split(' ').any(|it| it.starts_with(first));
            let rank = if label.starts_with(first) { 0 } else { 2 - u8::from(begins) };
            Some((rank, kind))
        })
        .collect();
    // The table's order within a rank.
    found.sort_by_key(|it| it.0);
    found.into_iter().map(|it| it.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_to_where_there_is_room_and_lies_within_the_canvas() {
        let area = Rect::from_min_size(Pos2::new(200.0, 50.0), Vec2::new(800.0, 700.0));
        let high = Stand::at(Pos2::new(400.0, 100.0), area);
        assert_eq!((high.corner, high.opens_up, high.room), (Pos2::new(400.0, 100.0), false, HEIGHT));
        let low = Stand::at(Pos2::new(400.0, 700.0), area);
        assert_eq!((low.corner, low.opens_up, low.room), (Pos2::new(400.0, 700.0), true, HEIGHT));
        for (x, y) in [(990.0, 60.0), (210.0, 749.0), (999.0, 400.0), (-50.0, 900.0)] {
            let stand = Stand::at(Pos2::new(x, y), area);
            assert!(area.contains(stand.corner) && stand.corner.x + WIDTH < area.right(), "{stand:?}");
        }
        // In a window that is hardly higher than the list, it takes the larger half.
        let flat = Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 400.0));
        let middle = Stand::at(Pos2::new(100.0, 210.0), flat);
        assert!(middle.opens_up && middle.room < HEIGHT, "{middle:?}");
    }

    #[test]
    fn a_few_letters_lead_to_a_kind() {
        assert_eq!(matching("fire")[0].slug, "firewall");
        assert_eq!(matching("sql d")[0].slug, "sql-database");
        assert_eq!(matching("").len(), Kind::all().len());
        assert!(matching("zzz").is_empty());
    }
}
