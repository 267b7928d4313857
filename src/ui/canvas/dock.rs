//! The dock: what stands at the lower corners of the canvas, overlays and legend on the left, zoom and map on the right.
//!
//! Each part says where it stands. Nothing else that floats comes there, and what one goes to does not come to lie
//! beneath it.

use egui::{Context, Painter, Rect, Vec2};

use super::Canvas;
use super::camera::CameraControl;
use super::pointer::Phase;
use crate::editor::Editor;
use crate::scene;
use crate::tokens::size;
use crate::ui::paint::Camera;

/// Between a part of the dock and what was brought out from beneath it.
const GAP: f32 = size::SPACE_12;
/// Fitting leaves the drawing at least this share of the canvas, across and down.
const LEAST_SHARE: f32 = 0.5;
/// How much is left of a part while something is dragged beneath it.
const FADED: f32 = 1.0 / 3.0;

/// Where the parts of the dock stand on the screen.
#[derive(Debug, Default)]
pub(super) struct Dock {
    /// The canvas in which they do.
    pub(super) area: Option<Rect>,
    pub(super) overlays: Option<Rect>,
    pub(super) legend: Option<Rect>,
    pub(super) zoom: Option<Rect>,
    /// Where the way back to the drawing is offered, if nothing of it is in view.
    pub(super) way_back: Option<Rect>,
}

impl Canvas {
    /// What stands at the corners while one looks from there.
    pub(super) fn docked(&self, editor: &Editor, camera: &Camera) -> Vec<Rect> {
        let Dock { overlays, legend, zoom, .. } = &self.dock;
        let map = self.shows_map(editor, camera).then(|| self.map_area());
        [*overlays, *legend, *zoom, map].into_iter().flatten().collect()
    }

    /// Looks at a part of the world, as near as it fits with nothing of it beneath the dock; by a flight or at once.
    pub(super) fn fit(
        &mut self,
        editor: &Editor,
        world: scene::Rect,
        flies: bool,
        is_there: impl Fn(&scene::Rect) -> bool,
    ) {
        let mut fitted: Vec<CameraControl> =
            self.rooms().into_iter().map(|room| CameraControl::fitted(self.area, room, world)).collect();
        // The nearest first; of those that are as near, that which needs the least room for the dock.
        fitted.sort_by(|a, b| b.zoom().total_cmp(&a.zoom()));
        let is_clear = |it: &&CameraControl| {
            let camera = it.camera(self.area);
            !self.docked(editor, &camera).into_iter().any(|it| is_there(&in_world(&camera, it)))
        };
        let found = fitted.iter().find(is_clear).copied();
        let to = found.unwrap_or_else(|| CameraControl::fitted(self.area, self.area, world));
        if flies {
            self.camera.fly_to(&to);
        } else {
            self.camera = to;
        }
    }

    /// The parts of the canvas that one may fit something into: all of it first, then what the dock leaves.
    fn rooms(&self) -> Vec<Rect> {
        let area = self.area;
        let Dock { overlays, legend, zoom, .. } = &self.dock;
        let map = Some(self.map_area()).filter(|_| self.has_room_for_map());
        let lefts = [Some(area.left()), legend.or(*overlays).map(|it| it.right())];
        let rights = [Some(area.right()), map.or(*zoom).map(|it| it.left())];
        let tops = [*zoom, *legend, map].map(|it| it.map(|it| it.top()));
        let bottoms = [Some(area.bottom()), tops[0], tops[1], tops[2]];
        let is_roomy = |it: &Rect| {
            it.width() >= area.width() * LEAST_SHARE && it.height() >= area.height() * LEAST_SHARE
        };
        let mut rooms = Vec::new();
        for bottom in bottoms.into_iter().flatten() {
            for right in rights.into_iter().flatten() {
                let across = lefts.into_iter().flatten().map(|left| (left, right));
                let all = across.map(|(left, right)| {
                    Rect::from_min_max(egui::pos2(left, area.top()), egui::pos2(right, bottom))
                });
                rooms.extend(all.filter(is_roomy));
            }
        }
        rooms
    }

    /// Brings a part of the world into view, if it is not, and out from beneath the dock: as near as one looks already or,
    /// for whoever wants to read it, so near.
    pub(super) fn bring(&mut self, editor: &Editor, world: scene::Rect, is_read: bool) {
        let covered = self.covered();
        if is_read {
            self.camera.show_below(self.area, covered, world);
        } else {
            self.camera.follow_below(self.area, covered, world);
        }
        let camera = self.camera.goal().camera(self.area);
        let docked = self.docked(editor, &camera);
        let stands = camera.rect_to_screen(world);
        let is_free = |it: Rect| !docked.iter().any(|dock| dock.intersects(it));
        let mut room = self.area.shrink(size::SPACE_8);
        room.min.y += covered;
        if is_free(stands) || !room.contains_rect(stands) {
            return;
        }
        let ways = docked.iter().flat_map(|it| {
            [
                Vec2::new(0.0, it.top() - GAP - stands.bottom()),
                Vec2::new(it.right() + GAP - stands.left(), 0.0),
                Vec2::new(it.left() - GAP - stands.right(), 0.0),
            ]
        });
        let clear = |by: &Vec2| {
            let to = stands.translate(*by);
            room.contains_rect(to) && is_free(to)
        };
        if let Some(by) = ways.filter(clear).min_by(|a, b| a.length().total_cmp(&b.length())) {
            self.camera.shift_goal(by);
        }
    }

    /// How much of a part of the dock shows: while something is dragged beneath it, one sees where to.
    pub(super) fn opacity_at(&self, ctx: &Context, name: &str, part: Rect) -> f32 {
        let is_dragging = matches!(self.phase, Phase::Dragging { .. });
        let pointer = ctx.input(|it| it.pointer.latest_pos());
        let is_beneath = is_dragging && pointer.is_some_and(|it| part.expand(size::SPACE_24).contains(it));
        let share = ctx.animate_bool(egui::Id::unique(("dock", name)), is_beneath);
        egui::lerp(1.0..=FADED, share)
    }
}

/// A painter of a part of the dock.
pub(super) fn faded(painter: &Painter, opacity: f32) -> Painter {
    let mut painter = painter.clone();
    painter.multiply_opacity(opacity);
    painter
}

/// A part of the screen, as a part of the world.
fn in_world(camera: &Camera, part: Rect) -> scene::Rect {
    scene::Rect { min: camera.to_world(part.min), max: camera.to_world(part.max) }
}
