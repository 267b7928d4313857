//! A long list of rows of different heights: only those in sight are laid out, however many there are.

use egui::{EventFilter, Id, IdMap, Key, Modifiers, Rect, Ui, UiBuilder, Vec2, pos2, style::ScrollAnimation};

/// What is laid out above and below what is seen, so that the Tab key finds what comes next.
const BEYOND: f32 = 160.0;

/// A long list, which stands in a scroll area. That must not be animated: on its way to where a row was thought to be it
/// would run past where the row turns out to be.
#[derive(Debug, Default)]
pub struct TallList {
    /// How high each row was when it was seen. At another width it is another height; until it is seen so, this is the best
    /// guess, and what is in sight stays where it is.
    heights: IdMap<f32>,
    /// The row to bring into sight, and for how many frames it is still tried.
    wanted: Option<(Id, u8)>,
    /// It takes the focus, too.
    is_called: bool,
}

/// A row that is brought into sight is there after two or three frames; after so many it is let go, come what may.
const TRIES: u8 = 12;

impl TallList {
    /// Brings a row into sight from its top on, where it is once it and those around it were laid out.
    pub fn reveal(&mut self, id: Id) {
        self.wanted = Some((id, TRIES));
        self.is_called = false;
    }

    /// Brings a row into sight and gives it the focus; again, should a modal that is just going away forbid it.
    pub fn go_to(&mut self, ui: &Ui, id: Id) {
        self.reveal(id);
        self.is_called = true;
        ui.memory_mut(|it| it.request_focus(id));
    }

    /// Gives the focus to a row that is preferred, if there is such a one, or else to the first.
    pub fn call(&mut self, ui: &Ui, ids: &[Id], preferred: Option<Id>) {
        let id = preferred.filter(|it| ids.contains(it)).or_else(|| ids.first().copied());
        if let Some(id) = id {
            self.go_to(ui, id);
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
        let seen = ui.clip_rect().y_range();
        let sight = seen.expand(BEYOND);
        let wanted = self.wanted.map(|it| it.0);
        // Where the wanted row is, and whether all in sight is as high as was thought.
        let (mut found, mut is_settled) = (None, true);
        let mut y = corner.y;
        let mut spans: Vec<(usize, f32, f32)> = Vec::new();
        for (n, id) in ids.iter().enumerate() {
            let known = self.heights.get(id).copied();
            let height = known.unwrap_or_else(|| estimate(n));
            let is_near = y + height >= sight.min && y <= sight.max;
            let is_wanted = wanted == Some(*id);
            if !is_near && !is_wanted && focused != Some(*id) {
                y += height;
                continue;
            }
            let room = Rect::from_min_max(pos2(corner.x, y), pos2(corner.x + width, f32::INFINITY));
            let shown = ui.scope_builder(UiBuilder::new().max_rect(room).id_salt(*id), |ui| row(ui, n));
            let height = shown.response.rect.height();
            if is_wanted {
                found = Some((y, height));
            }
            if known != Some(height) {
                self.heights.insert(*id, height);
                is_settled = false;
                ui.request_repaint();
            }
            spans.push((n, y, y + height));
            y += height;
        }
        ui.advance_cursor_after_rect(Rect::from_min_max(corner, pos2(corner.x + width, y)));
        if let Some((top, height)) = found {
            self.bring(ui, (top, height), is_settled);
        }
        self.walk(ui, ids, focused, &spans, &estimate);
    }

    /// Scrolls to the wanted row, and again while those around it turn out to be higher or lower than was thought.
    fn bring(&mut self, ui: &Ui, (top, height): (f32, f32), is_settled: bool) {
        let Some((id, tries)) = self.wanted else { return };
        let seen = ui.clip_rect();
        // Of a row that is higher than the view its top is what is read first.
        let height = height.min(seen.height());
        let is_seen = top >= seen.top() - 0.5 && top + height <= seen.bottom() + 0.5;
        let lacks_focus = self.is_called && !ui.memory(|it| it.has_focus(id));
        if lacks_focus {
            ui.memory_mut(|it| it.request_focus(id));
        }
        if is_seen && is_settled && !lacks_focus || tries == 0 {
            self.wanted = None;
            return;
        }
        let rect = Rect::from_min_size(pos2(seen.left(), top), Vec2::new(1.0, height));
        ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
        self.wanted = Some((id, tries - 1));
        ui.request_repaint();
    }

    /// The arrow keys go to the next row and the one before, others by a page or to an end.
    fn walk(
        &mut self,
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
        let pressed = |key| ui.input_mut(|it| it.consume_key(Modifiers::NONE, key));
        let last = ids.len().saturating_sub(1);
        let far = if pressed(Key::Home) {
            Some(0)
        } else if pressed(Key::End) {
            Some(last)
        } else if pressed(Key::PageDown) {
            Some(self.page(ids, n, (n + 1)..ids.len(), ui.clip_rect().height(), estimate))
        } else if pressed(Key::PageUp) {
            Some(self.page(ids, n, (0..n).rev(), ui.clip_rect().height(), estimate))
        } else {
            None
        };
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        if let Some(id) = far.and_then(|it| ids.get(it)) {
            self.go_to(ui, *id);
            ui.request_repaint();
            return;
        }
        let next = if down { Some(n + 1) } else { n.checked_sub(1).filter(|_| up) };
        let Some((n, id)) = next.and_then(|it| Some((it, ids.get(it)?))) else { return };
        let height = self.heights.get(id).copied().unwrap_or_else(|| estimate(n));
        let from = if down { bottom } else { top - height };
        let rect = Rect::from_min_size(pos2(ui.max_rect().left(), from), Vec2::new(1.0, height));
        ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
        ui.memory_mut(|it| it.request_focus(*id));
    }
    /// The row a page away from one, on a way that begins beside it: as far as fits into the view, and one at least.
    fn page(
        &self,
        ids: &[Id],
        from: usize,
        way: impl Iterator<Item = usize>,
        room: f32,
        estimate: &dyn Fn(usize) -> f32,
    ) -> usize {
        let (mut at, mut used) = (from, 0.0);
        for n in way {
            used += ids.get(n).and_then(|it| self.heights.get(it)).copied().unwrap_or_else(|| estimate(n));
            if used > room && at != from {
                break;
            }
            at = n;
        }
        at
    }
}
