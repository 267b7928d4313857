//! Moving the view: wheel, trackpad, fingers, wishes of others, and the keys that turn pages.

use egui::{Key, MouseWheelSource, Pos2, Response, Ui, Vec2};

use super::Canvas;
use crate::editor::{Editor, Wish};
use crate::scene::Rect;

/// Points of the wheel to a zoom by e.
const WHEEL: f32 = 200.0;
/// For how long after the last step a move of the view is still going on, in seconds.
const REST: f64 = 0.064;
/// The zone within the edge in which a drag moves the view, how long it waits there, how far beyond the edge the view goes
/// fastest, and how fast that is. Towards the edge it creeps: whoever only comes near it wants to drop something there.
const EDGE: f32 = 8.0;
const EDGE_WAIT: f64 = 0.2;
const EDGE_BEYOND: f32 = 40.0;
const EDGE_SPEED: f32 = 900.0;

/// For how many frames after one of them opened a panel may come to its width.
const SETTLES: u8 = 3;

/// How much room there is for a drawing: the size of the canvas, and whether a legend takes some of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    size: Vec2,
    has_legend: bool,
}

/// What stands beside the canvas.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    /// Whether the panels on the left and on the right show.
    panels: (bool, bool),
    presents: bool,
    /// How large the window is.
    window: Vec2,
    /// For how many frames a panel may still come to its width.
    frames: u8,
}

impl Canvas {
    /// Does what others have asked for since the last frame.
    pub(super) fn grant_wishes(&mut self, ui: &Ui, response: &Response, editor: &mut Editor) {
        self.keep_before_presenting(editor);
        // Again when the window becomes another, as it does when it starts, or a legend comes, until the user moves the
        // view or edits.
        let now = (self.camera, editor.document.revision);
        let room = self.room();
        let is_new =
            self.looked.is_none_or(|(before, camera, revision)| before != room && (camera, revision) == now);
        if is_new && self.area.width() > 1.0 {
            if let Some(bounds) = editor.layout().bounds() {
                self.fit(editor, bounds, false, |it| is_drawn_in(editor, it));
            }
            // In the first frame of that size nobody knows where the dock stands.
            let is_known = self.dock.area == Some(self.area);
            let size = if is_known { room.size } else { Vec2::ZERO };
            if !is_known {
                ui.ctx().request_repaint();
            }
            self.looked = Some((Room { size, ..room }, self.camera, editor.document.revision));
            editor.shown.wishes.retain(|it| *it != Wish::Fit);
            if ui.memory(|it| it.focused().is_none()) {
                response.request_focus();
            }
        }
        for wish in std::mem::take(&mut editor.shown.wishes) {
            match wish {
                Wish::Fit => match self.shown_bounds(editor) {
                    Some(bounds) => self.fit(editor, bounds, true, |it| is_drawn_in(editor, it)),
                    None => self.camera.reset_zoom(),
                },
                Wish::FitSelection => {
                    if let Some(around) = around(editor, editor.selection().iter()) {
                        self.fit(editor, around, true, |it| it.overlaps(&around));
                    }
                }
                Wish::Show(ids) => {
                    if let Some(around) = around(editor, ids.iter()) {
                        self.bring(editor, around, true);
                    }
                }
                Wish::Follow(ids) => {
                    if let Some(around) = around(editor, ids.iter()) {
                        self.bring(editor, around, false);
                    }
                }
                Wish::ShowPoint(at) => {
                    self.bring(editor, Rect { min: at, max: at }, true);
                }
                Wish::ZoomIn => self.camera.step(true),
                Wish::ZoomOut => self.camera.step(false),
                Wish::ZoomReset => self.camera.reset_zoom(),
                Wish::Rename(id) => self.begin_rename(editor, &id),
                Wish::Menu { x, y } => self.open_menu(ui, Pos2::new(x as f32, y as f32), false),
                Wish::Focus => response.request_focus(),
            }
        }
        editor.shown.seen = Some(self.camera.seen(self.area, self.covered()));
    }

    /// Where a panel opens, folds or is made wider, what is drawn stays where it is on the screen.
    pub(super) fn stay_beside_panels(&mut self, ui: &Ui, editor: &Editor, before: egui::Rect) {
        let shown = &editor.shown;
        let now = Beside {
            panels: (shown.panels.shows_left(), shown.panels.shows_right()),
            presents: shown.presents,
            window: ui.ctx().content_rect().size(),
            frames: 0,
        };
        let last = self.beside.replace(now);
        let Some(last) = last.filter(|it| it.window == now.window && it.presents == now.presents) else {
            return;
        };
        // A panel that opens may take some frames to its width.
        let frames = if last.panels == now.panels { last.frames.saturating_sub(1) } else { SETTLES };
        self.beside = Some(Beside { frames, ..now });
        let is_pulled = ui.input(|it| it.pointer.any_down());
        if before.size() == self.area.size() || frames == 0 && !is_pulled {
            return;
        }
        let was = Some((Room { size: before.size(), ..self.room() }, self.camera, editor.document.revision));
        self.camera.stay(before, self.area);
        if self.looked == was {
            self.looked = Some((self.room(), self.camera, editor.document.revision));
        }
    }

    /// Whoever has presented the views is back where he was.
    fn keep_before_presenting(&mut self, editor: &mut Editor) {
        if editor.shown.presents {
            self.before_presenting.get_or_insert(self.camera);
        } else if let Some(before) = self.before_presenting.take() {
            self.camera = before;
            editor.shown.wishes.retain(|it| *it != Wish::Fit);
        }
    }

    /// The part of the drawing that shows: another view may have come since the last frame.
    fn shown_bounds(&mut self, editor: &Editor) -> Option<Rect> {
        self.picture.look_again(editor);
        self.picture.bounds(editor)
    }

    /// Follows wheel, trackpad and fingers.
    pub(super) fn navigate(&mut self, ui: &Ui, response: &Response, editor: &Editor) {
        let now = ui.input(|it| it.time);
        let moves = !editor.reduced_motion();
        if self.camera.advance(now, moves) {
            self.zoomed_at = Some(now);
            ui.ctx().request_repaint();
        }
        if let Some(touch) = ui.input(|it| it.multi_touch()).filter(|it| self.area.contains(it.center_pos)) {
            self.camera.pan(touch.translation_delta);
            self.panned_at = Some(now);
            self.camera.zoom_at(self.area, touch.center_pos, touch.zoom_delta);
            self.zoomed_at = Some(now);
        } else if response.contains_pointer() {
            self.follow_wheel(ui, editor, now);
        }
        if self.is_zooming(now) || self.is_panning(now) {
            ui.ctx().request_repaint();
        }
        if response.has_focus() {
            self.turn_pages(ui);
        }
    }

    fn follow_wheel(&mut self, ui: &Ui, editor: &Editor, now: f64) {
        let (zoom, scroll, source, at) = ui.input(|it| {
            (it.zoom_delta(), it.smooth_scroll_delta(), it.scroll_source(), it.pointer.hover_pos())
        });
        let Some(at) = at else { return };
        if zoom != 1.0 {
            self.camera.zoom_at(self.area, at, zoom);
            self.zoomed_at = Some(now);
        } else if scroll != Vec2::ZERO {
            let is_wheel = !matches!(source, Some(MouseWheelSource::Trackpad | MouseWheelSource::Momentum));
            if editor.shown.wheel_zooms && is_wheel && scroll.y != 0.0 {
                self.camera.zoom_at(self.area, at, (scroll.y / WHEEL).exp());
                self.zoomed_at = Some(now);
            } else {
                self.camera.pan(scroll);
                self.panned_at = Some(now);
            }
        }
    }

    /// Whether the zoom changes, or did a moment ago.
    pub(super) fn is_zooming(&self, now: f64) -> bool {
        self.zoomed_at.is_some_and(|it| now - it < REST)
    }

    /// Whether wheel or fingers move the view, or did a moment ago.
    pub(super) fn is_panning(&self, now: f64) -> bool {
        self.panned_at.is_some_and(|it| now - it < REST)
    }

    fn turn_pages(&mut self, ui: &Ui) {
        let page = self.area.size() * 0.8;
        let (up, down, shift) =
            ui.input(|it| (it.num_presses(Key::PageUp), it.num_presses(Key::PageDown), it.modifiers.shift));
        let pages = up as f32 - down as f32;
        if pages != 0.0 {
            let by = if shift { Vec2::new(page.x, 0.0) } else { Vec2::new(0.0, page.y) };
            self.camera.pan(by * pages);
        }
    }

    fn room(&self) -> Room {
        Room { size: self.area.size(), has_legend: self.dock.legend.is_some() }
    }

    /// While something is dragged at the edge, the view goes along.
    pub(super) fn scroll_at_edge(&mut self, ui: &Ui) {
        let (now, pos, step) = ui.input(|it| (it.time, it.pointer.latest_pos(), it.stable_dt.min(0.05)));
        let Some(pos) = pos else { return };
        let pull = |at: f32, low: f32, high: f32| {
            let far = (low + EDGE - at).max(0.0) - (at - high + EDGE).max(0.0);
            let share = (far / (EDGE + EDGE_BEYOND)).clamp(-1.0, 1.0);
            share * share.abs()
        };
        let pull = Vec2::new(
            pull(pos.x, self.area.left(), self.area.right()),
            pull(pos.y, self.area.top(), self.area.bottom()),
        );
        if pull == Vec2::ZERO {
            self.at_edge_since = None;
            return;
        }
        let since = *self.at_edge_since.get_or_insert(now);
        if now - since >= EDGE_WAIT {
            self.camera.pan(pull * EDGE_SPEED * step);
        }
        ui.ctx().request_repaint();
    }
}

/// Whether something is drawn there, but for the ground of boundaries: their borders count.
fn is_drawn_in(editor: &Editor, area: &Rect) -> bool {
    let layout = editor.layout();
    let is_ground =
        |id: &crate::model::Id| layout.boundaries.get(id).is_some_and(|it| it.rect.contains_rect(area));
    layout.boxes_at(area).any(|it| !is_ground(it)) || layout.flows_in(area).next().is_some()
}

/// The box around elements.
pub(super) fn around<'a>(editor: &Editor, ids: impl Iterator<Item = &'a crate::model::Id>) -> Option<Rect> {
    let layout = editor.layout();
    // The line of a flow may still have to come.
    let between = |id| {
        let flow = editor.model().flow(id)?;
        [&flow.from, &flow.to].into_iter().filter_map(|it| layout.rect(it)).reduce(|a, b| a.union(&b))
    };
    let drawn = |id| layout.rect(id).or_else(|| layout.rect(layout.drawn_as(id)?));
    let rects = ids.filter_map(|id| drawn(id).or_else(|| between(id)));
    rects.reduce(|a, b| a.union(&b))
}
