//! What the canvas shows: laid out anew when something has changed, shown again when nothing has.

use egui::{Color32, Painter};

use super::ghosts::Ghosts;
use super::grid::Grid;
use super::tools::Ghost;
use crate::editor::Editor;
use crate::model::Id;
use crate::scene::{DisplayList, Highlight, Layer, Look, Marks, Overlay, Shape, display};
use crate::tokens::{Ink, Theme};
use crate::ui::paint::{Camera, Painting};
use crate::ui::theme;

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
    pub(super) list: DisplayList,
    pub(super) highlight: Highlight,
    pub(super) overlay: Overlay,
    pub(super) ghosts: Vec<Ghost>,
    painting: Painting,
    ghost_painting: Ghosts,
    grid: Grid,
    marks: Marks,
    marked: Option<((u64, u64, bool), Option<String>)>,
    shown: Option<Shown>,
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
        if !(is_same && self.painting.repeat(painter)) {
            self.draw(editor, camera);
            self.painting.paint(painter, &self.list, camera, is_zooming);
            self.shown = (!self.hides_something()).then_some(now);
        }
        self.ghost_painting.paint(painter, &self.ghosts, &self.list, camera);
    }

    fn draw(&mut self, editor: &Editor, camera: &Camera) {
        let look = Look {
            marks: &self.marks,
            highlight: &self.highlight,
            overlay: Some(&self.overlay),
            viewport: Some(camera.viewport()),
            zoom: camera.zoom,
        };
        display(editor.layout(), &look, &mut self.list);
        for ghost in &self.ghosts {
            if let Some(id) = hidden_by(ghost) {
                self.list.items.retain(|it| it.element.as_ref() != Some(id));
            }
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
    pub(super) fn badge_at(&self, camera: &Camera, at: egui::Pos2) -> Option<&Id> {
        let pos = camera.to_world(at);
        let badges = self.list.items.iter().rev().filter(|it| it.layer == Layer::Badge);
        let mut boxes = badges.filter_map(|it| match &it.shape {
            Shape::Rect(shape) => Some((shape.rect, it.element.as_ref()?)),
            _ => None,
        });
        boxes.find(|it| it.0.contains(pos)).map(|it| it.1)
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
