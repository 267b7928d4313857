//! What the canvas shows: painted anew when something has changed, shown again when nothing has.

use std::sync::Arc;

use egui::{Color32, Painter, Ui, Vec2};

use super::ghosts::Ghosts;
use super::grid::Grid;
use super::pace::{Pace, lines_ms};
use super::shown::{Marked, Shown};
use super::tools::Ghost;
use crate::editor::{Editor, LastRoom};
use crate::model::{Id, Place};
use crate::scene::{
    Highlight, Jumps, Layer, Layout, Look, Marks, Overlay, Pos, Progress, Rect, Shape, Share, Sink, display,
    display_part,
};
use crate::tokens::Ink;
use crate::ui::paint::{Camera, Painting};
use crate::ui::theme;

/// How far badges and glows reach out of what the layout knows.
const MARGIN: f32 = 32.0;

/// The next picture, while it is painted piece by piece.
#[derive(Debug)]
struct Coming {
    /// What it is to show, and [`Editor::settlings`], when it was begun.
    shown: Shown,
    lines: u64,
    progress: Progress,
    pieces: usize,
    /// Whether something else was wanted while some of it was painted.
    is_mixed: bool,
}

/// The picture, and what gestures add to it in this frame.
#[derive(Debug, Default)]
pub(super) struct Picture {
    pub(super) highlight: Highlight,
    pub(super) overlay: Overlay,
    pub(super) ghosts: Vec<Ghost>,
    /// Of all this, what the next frame may ask for again.
    pub(super) room: LastRoom,
    /// The layout that is proposed, by its number, if that is shown.
    pub(super) proposed: Option<u64>,
    /// The last ones: what was dropped shows as one until it is in the painting.
    last_ghosts: Vec<Ghost>,
    painting: Painting,
    ghost_painting: Ghosts,
    grid: Grid,
    marks: Marks,
    marked: Option<Marked>,
    /// How lines cross.
    jumps: Jumps,
    /// What the painting shows.
    pub(super) shown: Option<Shown>,
    /// [`Editor::settlings`] of the lines in it.
    pub(super) shown_lines: u64,
    /// How far it is from where it should be, since it was moved by whole pixels.
    slack: Vec2,
    coming: Option<Coming>,
    /// Whether parts of the painting show other than it does.
    is_mixed: bool,
    /// What is dragged, while that is painted apart, and until the painting shows it where it was dropped.
    moving: Painting,
    is_moving: bool,
    tools: Painting,
    pub(super) pace: Pace,
}

impl Picture {
    /// A new frame: nothing is being done yet.
    pub(super) fn begin(&mut self, editor: &Editor) {
        let selected = std::mem::take(&mut self.highlight.selected);
        self.highlight = Highlight::default();
        self.highlight.selected =
            if &selected == editor.selection() { selected } else { editor.selection().clone() };
        let search = editor.search().filter(|it| !it.hits().is_empty());
        self.highlight.found = search.map(|it| Arc::clone(it.hits()));
        self.overlay = Overlay::default();
        self.jumps = editor.shown.jumps;
        self.proposed = None;
        let ghosts = std::mem::take(&mut self.ghosts);
        if !ghosts.is_empty() || !self.pace.is_put_off() {
            self.last_ghosts = ghosts;
        }
    }

    /// Paints a frame, and gives lines that follow an edit their part of its time.
    pub(super) fn paint(&mut self, ui: &Ui, editor: &mut Editor, camera: &Camera, is_zooming: bool) {
        let painter = &ui.painter_at(camera.screen);
        painter.rect_filled(camera.screen, 0.0, theme::colour(painter.ctx(), Ink::Canvas));
        self.grid.paint(painter, camera);
        let tools = self.take_tools();
        let is_heavy = self.pace.is_heavy(&self.painting);
        // In the frame of an edit, its lines have had their time.
        if !is_heavy && !self.pace.is_edited(editor) {
            self.settle(ui, editor);
        }
        let evidence = editor.shown.hovered.clone().or_else(|| editor.shown.chosen.clone());
        let wanted = self.wanted(painter, editor, camera, evidence);
        // Though the last painting may be shown again: what is to be painted in the next frame has less to do then.
        self.mark(editor, &wanted.marked);
        let is_shown = self.show_last(ui, painter, editor, (&wanted, is_heavy, is_zooming))
            || self.paint_on(ui, painter, editor, (&wanted, is_zooming));
        if !is_shown {
            let lines = editor.settlings();
            self.paint_anew(painter, editor, (camera, is_zooming), wanted.share);
            if is_heavy && self.hides_something() {
                // Such a picture is never shown again, so this is the only time that lines have.
                self.settle(ui, editor);
            }
            self.pace.painted(ui, &wanted);
            (self.slack, self.coming, self.is_mixed) = (Vec2::ZERO, None, false);
            self.shown = (!self.hides_something()).then_some(wanted);
            self.shown_lines = lines;
        }
        let lacks_lines = self.shown.is_some() && self.shown_lines != editor.settlings();
        if lacks_lines || !self.layout(editor).is_settled() {
            painter.ctx().request_repaint();
        }
        self.paint_moving(painter, editor, camera);
        self.paint_tools(painter, editor, (camera, &tools));
        let mut painting = std::mem::take(&mut self.ghost_painting);
        let look = self.look(camera, Share::All);
        let ghosts =
            if self.ghosts.is_empty() && self.pace.is_put_off() { &self.last_ghosts } else { &self.ghosts };
        painting.paint(painter, ghosts, (self.layout(editor), &look), camera);
        if let Some(preview) = editor.preview() {
            painting.preview(painter, preview, camera);
        }
        self.ghost_painting = painting;
    }

    fn wanted(&self, painter: &Painter, editor: &Editor, camera: &Camera, evidence: Option<String>) -> Shown {
        let share = if self.is_apart(editor) { Share::Still } else { Share::All };
        // What stays is the same wherever the rest is dragged to.
        let overlay = if share == Share::Still { whose(&self.overlay) } else { self.overlay.clone() };
        Shown {
            drawing: (editor.document.number(), editor.view().clone()),
            share,
            proposed: self.proposed,
            marked: Marked::of(editor, evidence),
            highlight: self.highlight.clone(),
            overlay,
            camera: *camera,
            theme: theme::current(painter.ctx()),
            jumps: self.jumps,
        }
    }

    /// Shows the last painting again if it is what is wanted, if it is that a little aside, or if painting anew can wait.
    fn show_last(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        editor: &mut Editor,
        (wanted, is_heavy, is_zooming): (&Shown, bool, bool),
    ) -> bool {
        if self.hides_something() || !self.painting.is_sharp(is_zooming) {
            return false;
        }
        let Some(shown) = &self.shown else { return false };
        let is_same = shown == wanted && !self.is_mixed;
        let waits = if is_same {
            self.pace.caught_up();
            let lacks_lines = self.shown_lines != editor.settlings();
            !lacks_lines || is_heavy && self.pace.lines_can_wait(ui)
        } else {
            is_heavy && self.pace.puts_off(ui, shown, wanted)
        };
        if waits && is_same && is_heavy {
            self.settle(ui, editor);
        }
        if waits && self.painting.repeat(painter) {
            self.coming = self.coming.take().filter(|_| !is_same);
            return true;
        }
        let is_slid = self.slide(ui, painter, editor, wanted);
        if is_slid && is_heavy {
            self.settle(ui, editor);
        }
        is_slid
    }

    /// Moves the last painting and paints what comes into view, if it is more than a little and nothing else is new.
    fn slide(&mut self, ui: &Ui, painter: &Painter, editor: &Editor, wanted: &Shown) -> bool {
        let Some(shown) = &self.shown else { return false };
        let camera = shown.camera;
        let is_slid = (camera.zoom, camera.screen) == (wanted.camera.zoom, wanted.camera.screen);
        if !is_slid || camera == wanted.camera || !self.overlay.is_empty() || self.is_mixed {
            return false;
        }
        let lacks_lines = self.shown_lines != editor.settlings();
        if lacks_lines && !self.pace.lines_can_wait(ui) || !self.pace.is_worth_moving(&self.painting) {
            return false;
        }
        if *shown != (Shown { camera, ..wanted.clone() }) {
            return false;
        }
        // By whole pixels, so that lines stay sharp; what is left over goes into the next step.
        let off = camera.corner - wanted.camera.corner;
        let exact = Vec2::new(off.x, off.y) * camera.zoom + self.slack;
        let by = (exact * painter.pixels_per_point()).round() / painter.pixels_per_point();
        let mut painting = std::mem::take(&mut self.painting);
        let look = self.look(&wanted.camera, wanted.share);
        let is_slid = painting.slide(painter, by, &mut |area, out| {
            display(self.layout(editor), &Look { viewport: Some(area), ..look }, out);
        });
        self.painting = painting;
        if is_slid {
            self.slack = exact - by;
            self.shown = Some(wanted.clone());
        }
        is_slid
    }

    /// Paints a piece of what is wanted, where all of it would take too long for a frame, and shows the last painting until
    /// the last piece is there: where it is seen now, be it coarse. Returns whether it could.
    fn paint_on(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        editor: &Editor,
        (wanted, is_zooming): (&Shown, bool),
    ) -> bool {
        let pieces = self.pace.pieces(&self.painting);
        let Some(shown) = self.shown.as_ref().filter(|it| it.is_same_kind(wanted)) else { return false };
        let is_other = !shown.is_but_for_camera(wanted);
        if pieces < 2 || self.hides_something() {
            return false;
        }
        let begun = self.coming.take().filter(|it| it.shown.goes_on_as(wanted));
        let mut painting = std::mem::take(&mut self.painting);
        // What comes into view has to be there at once.
        let look = self.look(&wanted.camera, wanted.share);
        let list = &mut |area, out: &mut Sink<'_>| {
            display(self.layout(editor), &Look { viewport: Some(area), ..look }, out);
        };
        let Some(came) = painting.carry(painter, &wanted.camera, list) else {
            self.painting = painting;
            return false;
        };
        let mut coming = begun.unwrap_or_else(|| {
            painting.begin(painter, &wanted.camera, is_zooming);
            let (lines, progress) = (editor.settlings(), Progress::default());
            Coming { shown: wanted.clone(), lines, progress, pieces, is_mixed: false }
        });
        coming.is_mixed |= !coming.shown.is_but_for_camera(wanted);
        let is_done = came == 0.0
            && painting.go_on(painter, |out| {
                let look = self.look(&coming.shown.camera, wanted.share);
                display_part(self.layout(editor), &look, (&mut coming.progress, coming.pieces), out)
            });
        if is_done && self.is_all_in_view(editor, &coming.shown.camera) {
            painting.holds_all();
        }
        let is_there = !is_done || painting.carry(painter, &wanted.camera, list).is_some();
        self.slack = Vec2::ZERO;
        if is_done {
            self.pace.painted(ui, &coming.shown);
            let shown = Shown { camera: wanted.camera, ..coming.shown };
            (self.shown, self.shown_lines, self.is_mixed) = (Some(shown), coming.lines, coming.is_mixed);
        } else {
            self.shown.as_mut().into_iter().for_each(|it| it.camera = wanted.camera);
            self.is_mixed |= is_other && came > 0.0;
            self.coming = Some(coming);
        }
        if !is_there {
            self.painting = painting;
            return false;
        }
        painting.show(painter);
        self.painting = painting;
        ui.ctx().request_repaint();
        true
    }

    /// Whether what is dragged is painted apart from what stays: in a large drawing it is a small part.
    fn is_apart(&self, editor: &Editor) -> bool {
        !self.overlay.is_empty() && !self.hides_something() && self.pace.is_large(editor)
    }

    /// What is dragged, above what stays; where it was dropped, until that is in the painting.
    fn paint_moving(&mut self, painter: &Painter, editor: &Editor, camera: &Camera) {
        let mut moving = std::mem::take(&mut self.moving);
        if self.is_apart(editor) {
            // While what stays is painted piece by piece, it shows where it was, too.
            self.is_moving = self
                .shown
                .iter()
                .chain(self.coming.as_ref().map(|it| &it.shown))
                .any(|it| it.share == Share::Still);
            if self.is_moving {
                let look = self.look(camera, Share::Moving);
                moving.paint(painter, camera, false, |out| display(editor.layout(), &look, out));
                moving.holds_all();
            }
        } else if self.is_moving {
            let shows_all =
                |it: &Shown| it.share == Share::All && it.stamp() == editor.stamp() && !self.is_mixed;
            self.is_moving = self.shown.as_ref().is_some_and(|it| !shows_all(it))
                && moving.carry(painter, camera, &mut |_, _| ()).is_some();
            if self.is_moving {
                moving.show(painter);
            }
        }
        self.moving = moving;
    }

    /// What tools show goes along with the pointer: the picture below it stays.
    fn paint_tools(&mut self, painter: &Painter, editor: &Editor, (camera, tools): (&Camera, &Highlight)) {
        if *tools == Highlight::default() {
            return;
        }
        let mut painting = std::mem::take(&mut self.tools);
        let look = Look { highlight: tools, overlay: None, ..self.look(camera, Share::Moving) };
        painting.paint(painter, camera, false, |out| display(self.layout(editor), &look, out));
        self.tools = painting;
    }

    /// Takes what tools show out of the highlight, but for what it does to elements.
    fn take_tools(&mut self) -> Highlight {
        let all = &mut self.highlight;
        let connect = all.connect.take();
        let target = connect.as_ref().and_then(|it| it.target.clone());
        all.drop_target = all.drop_target.take().or(target);
        Highlight {
            connect,
            marquee: all.marquee.take(),
            guides: std::mem::take(&mut all.guides),
            gaps: std::mem::take(&mut all.gaps),
            ..Highlight::default()
        }
    }

    fn paint_anew(
        &mut self,
        painter: &Painter,
        editor: &Editor,
        (camera, is_zooming): (&Camera, bool),
        share: Share,
    ) {
        let mut painting = std::mem::take(&mut self.painting);
        let look = self.look(camera, share);
        let hidden: Vec<&Id> = self.ghosts.iter().filter_map(hidden_by).collect();
        painting.paint(painter, camera, is_zooming, |out| {
            display(self.layout(editor), &look, &mut |it| {
                if it.element.is_none_or(|it| !hidden.contains(&it)) {
                    out(it);
                }
            });
        });
        if self.is_all_in_view(editor, camera) {
            painting.holds_all();
        }
        self.painting = painting;
    }

    fn is_all_in_view(&self, editor: &Editor, camera: &Camera) -> bool {
        let (seen, bounds) = (camera.viewport().grown(-MARGIN), self.layout(editor).bounds());
        // Points that are talked about may lie anywhere.
        bounds.is_none_or(|it| seen.contains_rect(&it)) && self.points().all(|it| seen.contains(it.1))
    }

    /// What is shown: the drawing, or what is proposed.
    fn layout<'e>(&self, editor: &'e Editor) -> &'e Layout {
        let proposal = editor.proposal().filter(|it| self.proposed == Some(it.number));
        proposal.map_or_else(|| editor.layout(), |it| &it.layout)
    }

    /// Lets lines go on that follow an edit.
    fn settle(&self, ui: &Ui, editor: &mut Editor) {
        let ms = lines_ms(ui, self.layout(editor));
        if self.proposed.is_some() {
            editor.settle_proposal(ms);
        } else {
            editor.settle_for(ms);
        }
    }

    fn look<'a>(&'a self, camera: &Camera, share: Share) -> Look<'a> {
        Look {
            marks: &self.marks,
            highlight: &self.highlight,
            overlay: Some(&self.overlay),
            share,
            viewport: Some(camera.viewport()),
            zoom: camera.zoom,
            jumps: self.jumps,
        }
    }

    /// Brings the marks up to date.
    pub(super) fn look_again(&mut self, editor: &Editor) {
        let evidence = editor.shown.hovered.clone().or_else(|| editor.shown.chosen.clone());
        self.mark(editor, &Marked::of(editor, evidence));
    }

    fn mark(&mut self, editor: &Editor, now: &Marked) {
        match &self.marked {
            Some(marked) if marked == now => return,
            Some(marked) if marked.is_but_for_evidence(now) => self.marks.evidence = editor.evidence(),
            _ => self.marks = editor.marks(),
        }
        self.marked = Some(now.clone());
    }

    fn hides_something(&self) -> bool {
        self.ghosts.iter().any(|it| hidden_by(it).is_some())
    }

    /// Counts the marks that are shown, but for the evidence among them; none before the first.
    pub(super) fn marked(&self) -> Option<(u64, u64)> {
        self.marked.as_ref().map(|it| it.rest)
    }

    /// How many findings and questions an element has, as its badge says.
    pub(super) fn count(&self, id: &Id) -> Option<crate::scene::Badge> {
        self.marks.badges.get(id).copied()
    }

    /// The element whose badge is at a position of the screen.
    pub(super) fn badge_at(&self, editor: &Editor, camera: &Camera, at: egui::Pos2) -> Option<Id> {
        self.on_layer(editor, camera, at, Layer::Badge)
    }
}

impl Picture {
    /// The element or the thread whose pin is at a position of the screen.
    pub(super) fn pin_at(&self, editor: &Editor, camera: &Camera, at: egui::Pos2) -> Option<Id> {
        if self.marks.pins.is_empty() && self.marks.points.is_empty() {
            return None;
        }
        self.on_layer(editor, camera, at, Layer::Pin)
    }

    /// Whether a filter hides an element, which is neither selected nor evidence.
    pub(super) fn hides(&self, editor: &Editor, id: &Id) -> bool {
        let is_told = || self.marks.evidence.as_ref().is_some_and(|it| it.holds(id));
        self.marks.hides(id) && !editor.is_selected(id) && !is_told()
    }

    /// The part of the drawing that shows.
    pub(super) fn bounds(&self, editor: &Editor) -> Option<Rect> {
        let layout = editor.layout();
        if self.marks.left_out.as_ref().is_none_or(|it| it.dims) {
            return layout.bounds();
        }
        let cards = layout.cards.iter().map(|(id, it)| (id, it.rect));
        let gates = layout.gates.iter().map(|(id, it)| (id, it.rect));
        let boundaries = layout.boundaries.iter().map(|(id, it)| (id, it.rect));
        let flows = layout.flows.iter().map(|(id, it)| (id, it.bounds));
        let all = cards.chain(gates).chain(boundaries).chain(flows);
        let shown = all.filter(|it| !self.hides(editor, it.0)).map(|it| it.1);
        shown.reduce(|a, b| a.union(&b)).or_else(|| layout.bounds())
    }

    /// How many messages hang on an element.
    pub(super) fn messages(&self, id: &Id) -> u32 {
        self.marks.pins.get(id).copied().unwrap_or_default()
    }

    /// The threads that are pinned to points, and where.
    pub(super) fn points(&self) -> impl Iterator<Item = (&Id, Pos)> {
        self.marks.points.iter().map(|(id, it)| (id, it.at))
    }

    /// The element of the box in front at a position, among those of a layer.
    fn on_layer(&self, editor: &Editor, camera: &Camera, at: egui::Pos2, layer: Layer) -> Option<Id> {
        let pos = camera.to_world(at);
        let mut found = None;
        let look = Look { viewport: Some(Rect { min: pos, max: pos }), ..self.look(camera, Share::All) };
        display(editor.layout(), &look, &mut |it| {
            if let (true, Shape::Rect(shape)) = (it.layer == layer, &it.shape)
                && shape.rect.contains(pos)
            {
                found = it.element.cloned();
            }
        });
        found
    }
}

#[cfg(test)]
impl Picture {
    /// Lets all be painted anew, at once.
    pub(super) fn forget(&mut self) {
        self.shown = None;
    }

    /// Whether it shows the document that is open.
    pub(super) fn is_of(&self, editor: &Editor) -> bool {
        self.shown.as_ref().is_some_and(|it| it.drawing.0 == editor.document.number())
    }

    pub(super) fn corners(&self) -> usize {
        self.painting.corners()
    }

    /// Whether all is as sharp as it comes to rest.
    pub(super) fn is_sharp(&self) -> bool {
        self.painting.is_sharp(false)
    }
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
        Ghost::Above(_) | Ghost::Copies { .. } => None,
    }
}

/// The colour of what tools paint over the picture.
pub(super) fn accent(painter: &Painter) -> Color32 {
    theme::colour(painter.ctx(), Ink::Accent)
}
