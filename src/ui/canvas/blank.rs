//! What an empty view says: how to begin.

use egui::{Align2, Pos2, Ui, Vec2};

use super::Canvas;
use super::controls::floating;
use super::pointer::Phase;
use crate::editor::{Editor, Tool, command};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::Button;

/// From line to line.
const LINE: f32 = 24.0;
/// From what is done to how it is done.
const GAP: f32 = size::SPACE_14;
/// A canvas that is lower or narrower has no room for it.
const LEAST: Vec2 = Vec2::new(360.0, 280.0);

impl Canvas {
    /// Lets the pointer through to the canvas but for its button.
    pub(super) fn blank_ui(&self, ui: &Ui, editor: &mut Editor) {
        let is_begun = !matches!(self.phase, Phase::Idle) || self.picker.is_some() || editor.shown.presents;
        let has_tool = !matches!(editor.shown.tool, Tool::Pointer | Tool::Hand);
        let is_small = self.area.width() < LEAST.x || self.area.height() < LEAST.y;
        if editor.layout().bounds().is_some() || is_begun || has_tool || is_small {
            return;
        }
        let is_new = editor.model().components().is_empty() && editor.model().boundaries().is_empty();
        let title = if is_new { "Draw what you want to protect" } else { "Nothing stands on this view yet" };
        let keys = |id| command(id).map(|it| editor.keys_of(it)).unwrap_or_default();
        let from = if is_new { "Drag from the palette" } else { "Views, in the menu" };
        let ways = [
            (
                (Face::Sans, from.to_owned()),
                if is_new { "a component, to where it stands" } else { "put on it what is drawn elsewhere" },
            ),
            ((Face::Sans, "Double-click".to_owned()), "here, to choose a component by name"),
            ((Face::Mono, keys("view.boundary")), "to draw a trust boundary"),
            ((Face::Mono, keys("view.commands")), "to find every command"),
        ];
        let centre = self.area.center();
        let top = centre.y - LINE * (ways.len() as f32 + 3.0) / 2.0;
        let colour = |ink| theme::colour(ui.ctx(), ink);
        let painter = ui.painter_at(self.area);
        let font = theme::font(Face::SansSemibold, size::TYPE_14);
        painter.text(Pos2::new(centre.x, top), Align2::CENTER_CENTER, title, font, colour(Ink::Text));
        let small = theme::font(Face::Sans, size::TYPE_12);
        // One column of what to press and one of what comes of it, together in the middle.
        let left = ways.iter().map(|it| it.0.0.width(size::TYPE_12, &it.0.1)).fold(0.0, f32::max);
        let right = ways.iter().map(|it| Face::Sans.width(size::TYPE_12, it.1)).fold(0.0, f32::max);
        let seam = (centre.x - (left + GAP + right) / 2.0 + left).round();
        let mut y = top + LINE * 1.5;
        for ((face, how), what) in ways.iter().filter(|it| !it.0.1.is_empty()) {
            let font = theme::font(*face, size::TYPE_12);
            painter.text(Pos2::new(seam, y), Align2::RIGHT_CENTER, how, font, colour(Ink::Text));
            let at = Pos2::new(seam + GAP, y);
            painter.text(at, Align2::LEFT_CENTER, what, small.clone(), colour(Ink::Muted));
            y += LINE;
        }
        if is_new {
            let at = Pos2::new(centre.x, y + LINE / 2.0);
            floating("canvas-blank", self.area, at, Align2::CENTER_TOP).show(ui.ctx(), |ui| {
                if ui.add(Button::new("Open a sample…").icon("layout-grid")).clicked() {
                    editor.run("file.gallery");
                }
            });
        }
    }
}
