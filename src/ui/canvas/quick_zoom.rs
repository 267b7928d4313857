//! Quick zoom: while Z is held one sees all, with a box of what one will see at the pointer; letting go lands there.

use egui::{Event, Key, Pos2, Stroke, StrokeKind, Ui};

use super::Canvas;
use super::camera::CameraControl;
use super::pointer::Phase;
use crate::editor::Editor;
use crate::scene;
use crate::tokens::{Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

/// The pointer has to move so far, on the screen, for another place than before to be meant.
const MOVES: f32 = 4.0;

/// A quick zoom that is going on.
#[derive(Debug)]
pub(super) struct QuickZoom {
    /// Where one looked before, and how much of the world one saw.
    before: CameraControl,
    seen: scene::Rect,
    /// Where the pointer was.
    from: Option<Pos2>,
    /// It has moved since.
    is_aimed: bool,
}

impl Canvas {
    /// Begins, follows and ends it. Returns whether it goes on: then nothing else on the canvas takes input.
    pub(super) fn quick_zoom(&mut self, ui: &Ui, editor: &Editor, is_free: bool) -> bool {
        let (pointer, is_held, is_focused) = ui
            .input(|it| (it.pointer.hover_pos(), it.key_down(Key::Z) && it.modifiers.is_none(), it.focused));
        let Some(mut quick) = self.quick.take() else {
            let is_asked = is_free && is_focused && matches!(self.phase, Phase::Idle) && was_pressed(ui);
            if is_asked {
                self.begin_quick_zoom(editor, pointer);
            }
            return is_asked;
        };
        let pointer = pointer.filter(|it| self.area.contains(*it));
        quick.is_aimed |= pointer.is_some_and(|at| quick.from.is_none_or(|from| at.distance(from) > MOVES));
        let is_given_up =
            !is_focused || ui.input_mut(|it| it.consume_key(egui::Modifiers::NONE, Key::Escape));
        let is_pressed = ui.input(|it| it.pointer.any_pressed());
        if is_given_up {
            self.camera.return_to(&quick.before);
            self.phase = Phase::Spent;
        } else if !is_held || is_pressed {
            let aim = pointer.filter(|_| quick.is_aimed).map(|it| self.camera().to_world(it));
            self.camera.return_to(&quick.before);
            if let Some(at) = aim {
                self.camera.land(&quick.before, at);
            }
            // The button that ended it means nothing else.
            self.phase = Phase::Spent;
        } else {
            self.quick = Some(quick);
            return true;
        }
        ui.ctx().request_repaint();
        false
    }

    fn begin_quick_zoom(&mut self, editor: &Editor, from: Option<Pos2>) {
        self.camera.stop();
        let (before, seen) = (self.camera, self.camera().viewport());
        // What one saw is in it, too, so that it always comes from nearer.
        let all = editor.layout().bounds().unwrap_or(seen).union(&seen);
        self.camera.fit(self.area, all);
        self.quick = Some(QuickZoom { before, seen, from, is_aimed: false });
    }

    /// The box of what one will see.
    pub(super) fn quick_zoom_ui(&self, ui: &Ui, camera: &Camera) {
        let Some(quick) = &self.quick else { return };
        let aim =
            ui.input(|it| it.pointer.hover_pos()).filter(|it| quick.is_aimed && self.area.contains(*it));
        let centre = aim.map_or_else(|| quick.seen.centre(), |it| camera.to_world(it));
        let seen = scene::Rect::centred(centre, quick.seen.width(), quick.seen.height());
        let (ctx, painter) = (ui.ctx(), ui.painter_at(self.area));
        let rect = camera.rect_to_screen(seen);
        painter.rect_filled(rect, size::RADIUS_CONTROL, theme::translucent(ctx, Ink::Accent, FILL));
        let stroke = Stroke::new(size::STROKE_SELECTED, theme::colour(ctx, Ink::Accent));
        painter.rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    }
}

/// How much of its colour is in the box.
const FILL: f32 = 0.08;

/// Whether Z was pressed by itself, and not only held on.
fn was_pressed(ui: &Ui) -> bool {
    ui.input_mut(|it| {
        let before = it.events.len();
        it.events.retain(|event| {
            !matches!(event, Event::Key { key: Key::Z, pressed: true, repeat: false, modifiers, .. } if modifiers.is_none())
        });
        it.events.len() < before
    })
}
