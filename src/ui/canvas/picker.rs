//! Choosing a kind at the pointer: type a few letters, Enter.

use egui::{
    Align2, Area, Frame, Id as UiId, Key, Margin, Modifiers, Order, Rect, ScrollArea, Sense, Ui, Vec2,
};
use egui::{Role, WidgetInfo};

use super::Canvas;
use crate::editor::{Editor, Wish, Words, folded};
use crate::model::{Id, Kind};
use crate::scene::{Pos, family_ink};
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;
use crate::ui::widgets::{search_field, tile};

const WIDTH: f32 = 260.0;
const ROW: f32 = 36.0;
const HEIGHT: f32 = 8.0 * ROW;

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
}

/// What came of a frame of the list.
enum Outcome {
    Open,
    Closed,
    Picked(&'static Kind),
}

impl Canvas {
    pub(super) fn open_picker(&mut self, at: Pos, from: Option<Id>) {
        self.picker = Some(Picker { at, from, query: String::new(), chosen: 0, is_new: true });
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
        let found = matching(&self.query);
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
        let corner = camera.to_screen(self.at);
        let frame = Frame::popup(ui.style()).inner_margin(Margin::same(size::SPACE_6 as i8));
        let shown = Area::new(UiId::unique("canvas-picker"))
            .order(Order::Foreground)
            .pivot(Align2::LEFT_TOP)
            .fixed_pos(corner)
            .constrain_to(area.shrink(size::SPACE_8))
            .show(ctx, |ui| {
                frame.show(ui, |ui| {
                    ui.set_width(WIDTH);
                    let field = search_field(ui, &mut self.query, "What is it?", "");
                    if self.is_new {
                        field.request_focus();
                    }
                    if field.changed() {
                        self.chosen = 0;
                    }
                    self.list(ui, &found, moved != 0)
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

    fn list(&mut self, ui: &mut Ui, found: &[&'static Kind], follows: bool) -> Option<&'static Kind> {
        let mut picked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(HEIGHT).auto_shrink([false, true]).show(ui, |ui| {
            if found.is_empty() {
                let colour = theme::colour(ui.ctx(), Ink::Muted);
                ui.add_space(size::SPACE_8);
                ui.colored_label(colour, "No kind has this name.");
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
    fn a_few_letters_lead_to_a_kind() {
        assert_eq!(matching("fire")[0].slug, "firewall");
        assert_eq!(matching("sql d")[0].slug, "sql-database");
        assert_eq!(matching("").len(), Kind::all().len());
        assert!(matching("zzz").is_empty());
    }
}
