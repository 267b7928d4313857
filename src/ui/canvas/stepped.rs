//! What an undo or a redo has just done, near the lower edge of the drawing, with the way back; it goes away by itself.

use egui::{Align2, Rect, Role, Ui, Vec2, WidgetInfo};

use super::Canvas;
use super::controls::{ABOVE_ZOOM, floating, frame};
use crate::editor::{Editor, StepNotice, command};
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::widgets::{Button, label};

/// For how long it shows, and how long of that it fades, in seconds.
const SHOWS: f64 = 6.0;
const FADES: f64 = 0.2;
/// Longer words are cut.
const WORDS_WIDTH: f32 = 320.0;
/// About as high as it is.
const HEIGHT: f32 = size::CONTROL_HEIGHT_IN_ROW + 6.0;

/// What is shown of a step.
#[derive(Debug)]
pub(super) struct Stepped {
    number: (u64, u64),
    since: f64,
    area: Rect,
}

impl Canvas {
    pub(super) fn stepped_ui(&mut self, ui: &Ui, editor: &mut Editor, camera: &Camera) {
        let Some(notice) = editor.step_notice().cloned() else {
            self.stepped = None;
            return;
        };
        let now = ui.input(|it| it.time);
        let last = self.stepped.take().filter(|it| it.number == notice.number);
        let area = last.as_ref().map_or(Rect::NOTHING, |it| it.area);
        let (is_rested_on, is_elsewhere) = ui.input(|it| {
            let is_on = it.pointer.latest_pos().is_some_and(|at| area.contains(at));
            (is_on, it.pointer.any_pressed() && !is_on)
        });
        // Whoever is about to press its button has all the time; whoever goes on with something else does not need it.
        let since = last.map_or(now, |it| if is_rested_on { now } else { it.since });
        let left = SHOWS - (now - since);
        if left <= 0.0 || is_elsewhere {
            editor.end_step_notice();
            return;
        }
        let fades = if editor.reduced_motion() { 0.0 } else { FADES };
        let opacity = if left < fades { (left / fades) as f32 } else { 1.0 };
        let wait = if left <= fades { 0.0 } else { left - fades };
        ui.ctx().request_repaint_after_secs(wait.max(0.0) as f32);
        let words = Face::Sans.elide(size::TYPE_12, &notice.text, WORDS_WIDTH).into_owned();
        let wide = Face::Sans.width(size::TYPE_12, &words) + Button::new(label_of(&notice)).in_row().width();
        let at = self.free_above(editor, camera, Vec2::new(wide + 2.0 * size::SPACE_14, HEIGHT));
        let shown = floating("canvas-stepped", self.area, at, Align2::CENTER_BOTTOM).show(ui.ctx(), |ui| {
            ui.multiply_opacity(opacity);
            frame(ui)
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = size::SPACE_6;
                        ui.add_space(size::SPACE_8);
                        label(ui, &words, Face::Sans, size::TYPE_12, Ink::Text);
                        button_ui(ui, &notice)
                    })
                    .inner
                })
                .inner
        });
        self.stepped = Some(Stepped { number: notice.number, since, area: shown.response.rect });
        if shown.inner {
            editor.run(notice.back);
            ui.memory_mut(|it| it.request_focus(Self::id()));
        }
    }

    /// Where something of that size stands in the middle, above the lowest row and what else stands at the corners.
    fn free_above(&self, editor: &Editor, camera: &Camera, size_: Vec2) -> egui::Pos2 {
        let lowest = self.area.center_bottom() - Vec2::new(0.0, size::SPACE_14 + ABOVE_ZOOM);
        let mut docked = self.docked(editor, camera);
        docked.extend(self.dock.way_back);
        let tops = docked.iter().map(|it| egui::pos2(lowest.x, it.top() - size::SPACE_8));
        let mut places: Vec<egui::Pos2> = std::iter::once(lowest).chain(tops).collect();
        places.sort_by(|a, b| b.y.total_cmp(&a.y));
        let is_free = |at: &egui::Pos2| {
            let stands = Align2::CENTER_BOTTOM.anchor_size(*at, size_).expand(size::SPACE_4);
            at.y <= lowest.y && !docked.iter().any(|it| it.intersects(stands))
        };
        places.into_iter().find(is_free).unwrap_or(lowest)
    }
}

fn label_of(notice: &StepNotice) -> &'static str {
    command(notice.back).map_or("", |it| it.label)
}

fn button_ui(ui: &mut Ui, notice: &StepNotice) -> bool {
    let word = label_of(notice);
    let button = ui.add(Button::new(word).quiet().in_row());
    // The bar has a button of this name, too.
    let name =
        format!("{word} what was just {}", if notice.back == "edit.redo" { "undone" } else { "redone" });
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    button.clicked()
}
