//! Resizing a card or a boundary by its handles.

use egui::CursorIcon;

use super::super::snap;
use super::{After, Gesture, Stage};
use crate::editor::Least;
use crate::model::Id;
use crate::scene::{Pos, Rect};

#[derive(Debug)]
pub(super) struct Resizing {
    id: Id,
    start: Rect,
    /// Which way each axis is pulled: -1, 0 or 1.
    pull: (i8, i8),
    least: Least,
    to: Rect,
}

impl Resizing {
    pub(super) fn of(stage: &Stage<'_>, id: &Id, pull: (i8, i8)) -> Option<Self> {
        let (start, least) = (stage.editor.layout().rect(id)?, stage.editor.least_size(id)?);
        Some(Self { id: id.clone(), start, pull, least, to: start })
    }

    fn resized(&self, stage: &Stage<'_>) -> Rect {
        let is_snapped = stage.editor.shown.snap && !stage.keys.command;
        let by = stage.at - stage.press;
        let (x, y) = (f32::from(self.pull.0), f32::from(self.pull.1));
        let corner = |start: f32, by: f32| snap::to_grid(Pos::new(start + by, 0.0), is_snapped).x;
        let both = if stage.keys.alt { 2.0 } else { 1.0 };
        let grow = |pull: f32, low: f32, high: f32, by: f32| {
            let edge = if pull > 0.0 { high } else { low };
            (corner(edge, by) - edge) * pull * both
        };
        let mut width = self.start.width() + grow(x, self.start.min.x, self.start.max.x, by.x);
        let mut height = self.start.height() + grow(y, self.start.min.y, self.start.max.y, by.y);
        if stage.keys.shift && x != 0.0 && y != 0.0 {
            let share = (width / self.start.width()).max(height / self.start.height());
            (width, height) = (self.start.width() * share, self.start.height() * share);
        }
        (width, height) = (width.max(self.least.width), height.max(self.least.height));
        let place = |pull: f32, low: f32, high: f32, long: f32| {
            let middle = f32::midpoint(low, high);
            if stage.keys.alt && pull != 0.0 {
                (middle - long / 2.0, middle + long / 2.0)
            } else if pull < 0.0 {
                (high - long, high)
            } else {
                (low, low + long)
            }
        };
        let (left, right) = place(x, self.start.min.x, self.start.max.x, width);
        let (top, bottom) = place(y, self.start.min.y, self.start.max.y, height);
        let rect = Rect { min: Pos::new(left, top), max: Pos::new(right, bottom) };
        self.least.holds.map_or(rect, |it| rect.union(&it))
    }
}

impl Gesture for Resizing {
    fn go(&mut self, stage: &mut Stage<'_>) {
        self.to = self.resized(stage);
        stage.overlay.resized.insert(self.id.clone(), self.to);
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        if self.to != self.start {
            stage.editor.resize(&self.id, self.to);
        }
        After::Nothing
    }

    fn cursor(&self) -> CursorIcon {
        resize_cursor(self.pull)
    }
}

pub(in super::super) fn resize_cursor(pull: (i8, i8)) -> CursorIcon {
    match pull {
        (0, _) => CursorIcon::ResizeVertical,
        (_, 0) => CursorIcon::ResizeHorizontal,
        (x, y) if x == y => CursorIcon::ResizeNwSe,
        _ => CursorIcon::ResizeNeSw,
    }
}
