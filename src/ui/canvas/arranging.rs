//! The small bar of what lines up a selection: at the edge of the canvas, clear of what is selected.

use egui::{Align2, Pos2, Rect, Sense, Ui, Vec2, vec2};

use super::Canvas;
use super::controls::{ZOOM_WIDTH, command_button, floating, frame};
use super::pointer::Phase;
use crate::editor::Editor;
use crate::tokens::{Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

/// Its commands, in groups.
const GROUPS: [&[&str]; 4] = [
    &["arrange.align-left", "arrange.align-centre", "arrange.align-right"],
    &["arrange.align-top", "arrange.align-middle", "arrange.align-bottom"],
    &["arrange.distribute-across", "arrange.distribute-down"],
    &["arrange.lock"],
];
/// The line between two groups, with the room around it.
const LINE: f32 = 9.0;
/// Between its frame and its buttons.
const INSET: f32 = 2.0;

impl Canvas {
    pub(super) fn arranging_ui(&self, ui: &Ui, editor: &mut Editor, camera: &Camera) {
        let is_still = matches!(self.phase, Phase::Idle | Phase::Pressed { .. });
        let is_alone = self.rename.is_none() && self.picker.is_none() && self.menu.is_none();
        if !is_still || !is_alone || !editor.has_several() || editor.is_layout_locked() {
            return;
        }
        let Some(at) = self.free_place(editor, camera) else { return };
        floating("canvas-arrange", self.area, at, Align2::LEFT_TOP).show(ui.ctx(), |ui| {
            frame(ui).show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.horizontal(|ui| buttons_ui(ui, editor));
            });
        });
    }

    /// Where it covers nothing that is selected: at the bottom if it can, else at the top. It does not follow the
    /// selection, since whoever adds to that would find the next element under it.
    fn free_place(&self, editor: &Editor, camera: &Camera) -> Option<Pos2> {
        let size = bar_size();
        let area = self.area.shrink(size::SPACE_14);
        let beside_zoom = area.right() - ZOOM_WIDTH - size::SPACE_8;
        let middle = area.center().x - size.x / 2.0;
        let (top, bottom) = (area.top(), area.bottom() - size.y);
        let places = [
            (middle.min(beside_zoom - size.x), bottom),
            (area.left() + size::CONTROL_HEIGHT + size::SPACE_14, bottom),
            (middle, top),
            (area.left(), top),
            (area.right() - size.x, top),
        ];
        let layout = editor.layout();
        let selected = editor.selection().iter().filter_map(|it| layout.rect(it));
        let selected: Vec<Rect> =
            selected.map(|it| camera.rect_to_screen(it).expand(size::SPACE_8)).collect();
        let floats = [self.search_bar.area(), self.dock.way_back].into_iter().flatten();
        let taken: Vec<Rect> = floats.chain(self.docked(editor, camera)).collect();
        let is_free = |at: &Pos2| {
            let bar = Rect::from_min_size(*at, size);
            let is_taken = taken.iter().any(|it| it.intersects(bar));
            self.area.contains_rect(bar) && !is_taken && !selected.iter().any(|it| it.intersects(bar))
        };
        places.map(|(x, y)| Pos2::new(x, y).round()).into_iter().find(is_free)
    }
}

fn bar_size() -> Vec2 {
    let buttons: usize = GROUPS.iter().map(|it| it.len()).sum();
    let inside = vec2(
        buttons as f32 * size::CONTROL_HEIGHT + (GROUPS.len() as f32 - 1.0) * LINE,
        size::CONTROL_HEIGHT,
    );
    inside + Vec2::splat(2.0 * (INSET + size::STROKE_HAIRLINE))
}

fn buttons_ui(ui: &mut Ui, editor: &mut Editor) {
    for (n, group) in GROUPS.iter().enumerate() {
        if n > 0 {
            line_ui(ui);
        }
        group.iter().for_each(|it| command_button(ui, editor, it));
    }
}

fn line_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(LINE, size::CONTROL_HEIGHT), Sense::hover());
    let line = Rect::from_center_size(rect.center(), vec2(size::STROKE_HAIRLINE, 20.0));
    ui.painter().rect_filled(line, 0.0, theme::colour(ui.ctx(), Ink::Hairline));
}
