//! A long list of rows of different heights: only those in sight are laid out, however many there are.

use egui::{EventFilter, Id, IdMap, Key, Modifiers, Rect, Ui, UiBuilder, Vec2, pos2, style::ScrollAnimation};

/// What is laid out above and below what is seen, so that the Tab key finds what comes next.
const BEYOND: f32 = 160.0;

/// A long list, which stands in a scroll area.
#[derive(Debug, Default)]
pub struct TallList {
    /// How high each row was when it was seen. At another width it is another height; until it is seen so, this is the best
    /// guess, and what is in sight stays where it is.
    heights: IdMap<f32>,
    /// The row to bring into sight.
    wanted: Option<Id>,
}

impl TallList {
    /// Brings a row into sight, as high as it is when it is laid out.
    pub fn reveal(&mut self, id: Id) {
        self.wanted = Some(id);
    }

    /// Gives the focus to a row that is preferred, if there is such a one, or else to the first.
    pub fn call(&mut self, ui: &Ui, ids: &[Id], preferred: Option<Id>) {
        let id = preferred.filter(|it| ids.contains(it)).or_else(|| ids.first().copied());
        if let Some(id) = id {
            self.reveal(id);
            ui.memory_mut(|it| it.request_focus(id));
        }
    }

    /// Shows the rows with these ids, one below the other; `row` lays out the one of a number, with its id the one
    /// that has the focus. The arrow keys lead from row to row. `estimate` is about how high a row is that was not seen yet.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        ids: &[Id],
        estimate: impl Fn(usize) -> f32,
        mut row: impl FnMut(&mut Ui, usize),
    ) {
        let width = ui.available_width();
        if self.heights.len() > 2 * ids.len() + 64 {
            self.heights.clear();
        }
        let focused = ui.memory(|it| it.focused());
        let corner = ui.cursor().min;
        let sight = ui.clip_rect().y_range().expand(BEYOND);
        let mut y = corner.y;
        let mut spans: Vec<(usize, f32, f32)> = Vec::new();
        for (n, id) in ids.iter().enumerate() {
            let known = self.heights.get(id).copied();
            let height = known.unwrap_or_else(|| estimate(n));
            let is_near = y + height >= sight.min && y <= sight.max;
            let is_wanted = self.wanted == Some(*id);
            let reveal = |ui: &Ui, height: f32| {
                let rect = Rect::from_min_size(pos2(corner.x, y), Vec2::new(width, height));
                ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
            };
            if !is_near && focused != Some(*id) {
                if is_wanted {
                    reveal(ui, height);
                    ui.request_repaint();
                }
                y += height;
                continue;
            }
            let room = Rect::from_min_max(pos2(corner.x, y), pos2(corner.x + width, f32::INFINITY));
            let shown = ui.scope_builder(UiBuilder::new().max_rect(room).id_salt(*id), |ui| row(ui, n));
            let height = shown.response.rect.height();
            if is_wanted {
                reveal(ui, height);
            }
            if known != Some(height) {
                self.heights.insert(*id, height);
                ui.request_repaint();
            } else if is_wanted {
                self.wanted = None;
            }
            spans.push((n, y, y + height));
            y += height;
        }
        ui.advance_cursor_after_rect(Rect::from_min_max(corner, pos2(corner.x + width, y)));
        self.walk(ui, ids, focused, &spans, &estimate);
    }

    /// The arrow keys go to the next row and the one before.
    fn walk(
        &self,
        ui: &Ui,
        ids: &[Id],
        focused: Option<Id>,
        spans: &[(usize, f32, f32)],
        estimate: &dyn Fn(usize) -> f32,
    ) {
        let Some(focused) = focused else { return };
        let Some((n, top, bottom)) = spans.iter().copied().find(|it| ids.get(it.0) == Some(&focused)) else {
            return;
        };
        let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|it| it.set_focus_lock_filter(focused, arrows));
        let (down, up) = ui.input_mut(|it| {
            let mut pressed = |key| it.consume_key(Modifiers::NONE, key);
            (pressed(Key::ArrowDown), pressed(Key::ArrowUp))
        });
        let next = if down { Some(n + 1) } else { n.checked_sub(1).filter(|_| up) };
        let Some((n, id)) = next.and_then(|it| Some((it, ids.get(it)?))) else { return };
        let height = self.heights.get(id).copied().unwrap_or_else(|| estimate(n));
        let from = if down { bottom } else { top - height };
        let rect = Rect::from_min_size(pos2(ui.max_rect().left(), from), Vec2::new(1.0, height));
        ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
        ui.memory_mut(|it| it.request_focus(*id));
    }
}
