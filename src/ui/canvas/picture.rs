//! What the canvas shows: laid out anew when something has changed, shown again when nothing has.

use egui::{Color32, Painter, Vec2};

use super::ghosts::Ghosts;
use super::grid::Grid;
use super::tools::Ghost;
use crate::editor::Editor;
use crate::model::{Id, Place};
use crate::scene::{Highlight, Layer, Look, Marks, Overlay, Pos, Rect, Shape, Share, display};
use crate::tokens::{Ink, Theme};
use crate::ui::paint::{Camera, Painting};
use crate::ui::theme;

/// From so many cards and lines on, what is dragged is painted apart from what stays, and a picture that was moved is
/// not painted anew.
const LARGE: usize = 4_000;
/// How far badges and glows reach out of what the layout knows.
const MARGIN: f32 = 32.0;

/// What the picture of a frame follows from.
#[derive(Debug, Clone, PartialEq)]
struct Shown {
    stamp: (u64, u64, bool),
    settlings: u64,
    evidence: Option<String>,
    highlight: Highlight,
    overlay: Overlay,
    camera: Camera,
    theme: Theme,
}

/// The picture, and what gestures add to it in this frame.
#[derive(Debug, Default)]
pub(super) struct Picture {
    pub(super) highlight: Highlight,
    pub(super) overlay: Overlay,
    pub(super) ghosts: Vec<Ghost>,
    painting: Painting,
    ghost_painting: Ghosts,
    grid: Grid,
    marks: Marks,
    marked: Option<((u64, u64, bool), Option<String>)>,
    shown: Option<Shown>,
    /// How far the picture is from where it should be, since it was moved by whole pixels.
    slack: Vec2,
    /// While something is dragged apart: what the picture of all else follows from, and the picture of what is dragged.
    still: Option<Shown>,
    moving: Painting,
}

impl Picture {
    /// A new frame: nothing is being done yet.
    pub(super) fn begin(&mut self, editor: &Editor) {
        let selected = std::mem::take(&mut self.highlight.selected);
        self.highlight = Highlight::default();
        self.highlight.selected =
            if &selected == editor.selection() { selected } else { editor.selection().clone() };
        self.overlay = Overlay::default();
        self.ghosts.clear();
    }

    pub(super) fn paint(&mut self, painter: &Painter, editor: &Editor, camera: &Camera, is_zooming: bool) {
        painter.rect_filled(camera.screen, 0.0, theme::colour(painter.ctx(), Ink::Canvas));
        self.grid.paint(painter, camera);
        let evidence = editor.shown.hovered.clone().or_else(|| editor.shown.chosen.clone());
        self.mark(editor, evidence.as_ref());
        let now = Shown {
            stamp: editor.stamp(),
            settlings: editor.settlings(),
            evidence,
            highlight: self.highlight.clone(),
            overlay: self.overlay.clone(),
            camera: *camera,
            theme: theme::current(painter.ctx()),
        };
        let is_same = !is_zooming && self.shown.as_ref() == Some(&now) && !self.hides_something();
        if is_same && self.painting.repeat(painter) {
            // Nothing is new.
        } else if !is_zooming && self.slide(painter, editor, &now) {
            self.shown = Some(now);
        } else if self.is_apart(editor) {
            self.paint_apart(painter, editor, now);
        } else {
            self.paint_all(painter, editor, camera, is_zooming);
            self.shown = (!self.hides_something()).then_some(now);
            (self.still, self.slack) = (None, Vec2::ZERO);
        }
        let mut painting = std::mem::take(&mut self.ghost_painting);
        let look = self.look(camera, Share::All);
        painting.paint(painter, &self.ghosts, (editor.layout(), &look), camera);
        self.ghost_painting = painting;
    }

    /// Moves the last picture, if it is a large one that was all in view and still is, and nothing else is new.
    fn slide(&mut self, painter: &Painter, editor: &Editor, now: &Shown) -> bool {
        let Some(camera) = self.shown.as_ref().map(|it| it.camera) else { return false };
        let is_slid = (camera.zoom, camera.screen) == (now.camera.zoom, now.camera.screen);
        if !is_slid || self.hides_something() || !self.overlay.is_empty() || !is_large(editor) {
            return false;
        }
        let bounds = editor.layout().bounds().map(|it| it.grown(MARGIN));
        let is_whole = |it: &Camera| bounds.is_some_and(|bounds| it.viewport().contains_rect(&bounds));
        if !is_whole(&camera) || !is_whole(&now.camera) {
            return false;
        }
        if self.shown.as_ref() != Some(&Shown { camera, ..now.clone() }) {
            return false;
        }
        // By whole pixels, so that lines stay sharp; what is left over goes into the next step.
        let off = camera.corner - now.camera.corner;
        let exact = Vec2::new(off.x, off.y) * camera.zoom + self.slack;
        let by = (exact * painter.pixels_per_point()).round() / painter.pixels_per_point();
        self.slack = exact - by;
        self.painting.shift(painter, by)
    }

    /// Whether what is dragged is painted apart from what stays: in a large drawing it is a small part.
    fn is_apart(&self, editor: &Editor) -> bool {
        !self.overlay.is_empty() && !self.hides_something() && is_large(editor)
    }

    /// What stays is painted once for the whole drag, and what is dragged above it.
    fn paint_apart(&mut self, painter: &Painter, editor: &Editor, now: Shown) {
        let camera = now.camera;
        let still = Shown {
            highlight: Highlight { connect: None, marquee: None, guides: Vec::new(), ..now.highlight },
            overlay: whose(&now.overlay),
            ..now
        };
        if !(self.still.as_ref() == Some(&still) && self.painting.repeat(painter)) {
            let mut painting = std::mem::take(&mut self.painting);
            let look = self.look(&camera, Share::Still);
            painting.paint(painter, &camera, false, |out| display(editor.layout(), &look, out));
            self.painting = painting;
            self.still = Some(still);
        }
        let mut moving = std::mem::take(&mut self.moving);
        let look = self.look(&camera, Share::Moving);
        moving.paint(painter, &camera, false, |out| display(editor.layout(), &look, out));
        self.moving = moving;
        self.shown = None;
    }

    fn paint_all(&mut self, painter: &Painter, editor: &Editor, camera: &Camera, is_zooming: bool) {
        let mut painting = std::mem::take(&mut self.painting);
        let look = self.look(camera, Share::All);
        let hidden: Vec<&Id> = self.ghosts.iter().filter_map(hidden_by).collect();
        painting.paint(painter, camera, is_zooming, |out| {
            display(editor.layout(), &look, &mut |it| {
                if it.element.is_none_or(|it| !hidden.contains(&it)) {
                    out(it);
                }
            });
        });
        self.painting = painting;
    }

    fn look<'a>(&'a self, camera: &Camera, share: Share) -> Look<'a> {
        Look {
            marks: &self.marks,
            highlight: &self.highlight,
            overlay: Some(&self.overlay),
            share,
            viewport: Some(camera.viewport()),
            zoom: camera.zoom,
        }
    }

    fn mark(&mut self, editor: &Editor, evidence: Option<&String>) {
        let now = (editor.stamp(), evidence.cloned());
        if self.marked.as_ref() != Some(&now) {
            self.marks = editor.marks();
            self.marked = Some(now);
        }
    }

    fn hides_something(&self) -> bool {
        self.ghosts.iter().any(|it| hidden_by(it).is_some())
    }

    /// How many findings and questions an element has, as its badge says.
    pub(super) fn count(&self, id: &Id) -> Option<crate::scene::Badge> {
        self.marks.badges.get(id).copied()
    }

    /// The element whose badge is at a position of the screen.
    pub(super) fn badge_at(&self, editor: &Editor, camera: &Camera, at: egui::Pos2) -> Option<Id> {
        let pos = camera.to_world(at);
        let mut found = None;
        let look = Look { viewport: Some(Rect { min: pos, max: pos }), ..self.look(camera, Share::All) };
        display(editor.layout(), &look, &mut |it| {
            if let (Layer::Badge, Shape::Rect(shape)) = (it.layer, &it.shape)
                && shape.rect.contains(pos)
            {
                found = it.element.cloned();
            }
        });
        found
    }
}

fn is_large(editor: &Editor) -> bool {
    let layout = editor.layout();
    layout.cards.len() + layout.flows.len() > LARGE
}

/// An overlay of the same elements that moves none of them.
fn whose(overlay: &Overlay) -> Overlay {
    Overlay {
        moved: overlay.moved.keys().map(|it| (it.clone(), Pos::ZERO)).collect(),
        resized: overlay.resized.keys().map(|it| (it.clone(), Rect::default())).collect(),
        places: overlay.places.keys().map(|it| (it.clone(), Place::default())).collect(),
    }
}

fn hidden_by(ghost: &Ghost) -> Option<&Id> {
    match ghost {
        Ghost::Gate { hides, .. } | Ghost::Card { hides, .. } => hides.as_ref(),
        Ghost::Copies { .. } => None,
    }
}

/// The colour of what tools paint over the picture.
pub(super) fn accent(painter: &Painter) -> Color32 {
    theme::colour(painter.ctx(), Ink::Accent)
}
