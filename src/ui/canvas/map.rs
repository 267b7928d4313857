//! The map: the whole drawing, small, while it is larger than the view; press or drag there to look elsewhere.
//!
//! It is laid once for each layout and for each set of marks, and shown again in the frames between.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{
    Color32, Mesh, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
};

use super::Canvas;
use super::controls::ABOVE_ZOOM;
use super::dock::faded;
use crate::editor::Editor;
use crate::model::Id;
use crate::scene::{self, Level, Pos};
use crate::tokens::{AREA, Ink, Theme, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

const SIZE: Vec2 = Vec2::new(200.0, 150.0);
/// A canvas smaller than this has no room for it.
const NEEDS: Vec2 = Vec2::new(560.0, 420.0);
/// Between its frame and the drawing.
const PADDING: f32 = 10.0;
/// A small drawing does not fill it.
const NEAREST: f32 = 0.2;
/// The least side of a component, and how near to each other two of them are one.
const LEAST: f32 = 2.0;
/// The radius of a finding, the larger the larger components are, and how near to each other two of them are the worse one.
/// The smaller ones are squares, as there may be thousands.
const DOT: (f32, f32) = (1.0, 2.5);
const SQUARE: f32 = 2.0;
const DOTS_APART: (f32, f32) = (2.0, 4.0);
/// How much is left of what was not found, while something was.
const STEPS_BACK: f32 = 0.4;
/// The corners of a dot.
const CORNERS: usize = 12;

/// What the map was laid of.
#[derive(Debug, Clone, PartialEq)]
struct LaidOf {
    stamp: (u64, u64, bool),
    marked: Option<(u64, u64)>,
    found: Option<Arc<BTreeSet<Id>>>,
    area: Rect,
    theme: Theme,
    pixels_per_point: f32,
}

/// The map as it was last laid.
#[derive(Debug, Default)]
pub(super) struct Map {
    mesh: Arc<Mesh>,
    laid_of: Option<LaidOf>,
    /// The box around all cards, gates and boundaries.
    bounds: Option<scene::Rect>,
    /// How far from the pointer the middle of the view stays, while it is dragged.
    held: Option<Pos>,
    /// How often it was laid.
    #[cfg(test)]
    laid: usize,
}

impl Canvas {
    /// Where it stands, if it does: above the zoom.
    pub(super) fn map_area(&self) -> Rect {
        let corner = self.area.right_bottom() - Vec2::splat(size::SPACE_14) - Vec2::new(0.0, ABOVE_ZOOM);
        Rect::from_min_max(corner - SIZE, corner)
    }

    pub(super) fn has_room_for_map(&self) -> bool {
        self.area.width() >= NEEDS.x && self.area.height() >= NEEDS.y
    }

    /// Whether it shows while one looks from there: there is room, and something to show.
    pub(super) fn shows_map(&self, editor: &Editor, camera: &Camera) -> bool {
        // While all is in view, a map tells nothing.
        let hides = |it: scene::Rect| !camera.viewport().contains_rect(&it);
        editor.shown.minimap && self.has_room_for_map() && editor.layout().bounds().is_some_and(hides)
    }

    pub(super) fn map_ui(&mut self, ui: &Ui, painter: &Painter, editor: &Editor, camera: &Camera) {
        if !self.shows_map(editor, camera) {
            self.map.held = None;
            return;
        }
        let area = self.map_area();
        let painter = &faded(painter, self.opacity_at(ui.ctx(), "map", area));
        self.lay_map(ui, editor, area);
        let Some(bounds) = self.map.bounds else { return };
        let small = Camera::showing(bounds, area, PADDING, NEAREST);
        // Tab leads from one thing to press to the next, and here is nothing for keys: they move the view anyway.
        let response = ui.interact(area, egui::Id::unique("canvas-map"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Map"));
        let ctx = ui.ctx();
        let radius = size::RADIUS_CONTROL + 2.0;
        let line = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
        painter.add(ui.visuals().popup_shadow.as_shape(area, radius));
        painter.rect(area, radius, theme::colour(ctx, Ink::Panel), line, StrokeKind::Inside);
        painter.add(Shape::Mesh(Arc::clone(&self.map.mesh)));
        let view = small.rect_to_screen(camera.viewport());
        view_ui(painter, view, area);
        if response.is_pointer_button_down_on()
            && let Some(at) = response.interact_pointer_pos()
        {
            let at = small.to_world(at);
            // Taken by the view, it is moved from where it is; elsewhere, it comes there at once.
            let takes = || {
                if view.contains(small.to_screen(at)) { camera.viewport().centre() - at } else { Pos::ZERO }
            };
            let to = at + *self.map.held.get_or_insert_with(takes);
            self.camera.look_at(Pos::new(
                to.x.clamp(bounds.min.x, bounds.max.x),
                to.y.clamp(bounds.min.y, bounds.max.y),
            ));
            ui.memory_mut(|it| it.request_focus(Self::id()));
        } else {
            self.map.held = None;
        }
    }

    fn lay_map(&mut self, ui: &Ui, editor: &Editor, area: Rect) {
        let laid_of = LaidOf {
            stamp: editor.stamp(),
            marked: self.picture.marked(),
            found: self.picture.highlight.found.clone(),
            area,
            theme: theme::current(ui.ctx()),
            pixels_per_point: ui.pixels_per_point(),
        };
        if self.map.laid_of.as_ref() == Some(&laid_of) {
            return;
        }
        let layout = editor.layout();
        let cards = layout.cards.values().map(|it| it.rect);
        let gates = layout.gates.values().map(|it| it.rect);
        let boundaries = layout.boundaries.values().map(|it| it.rect);
        self.map.bounds = cards.chain(gates).chain(boundaries).reduce(|a, b| a.union(&b));
        let mut mesh = Arc::unwrap_or_clone(std::mem::take(&mut self.map.mesh));
        mesh.clear();
        if let Some(bounds) = self.map.bounds {
            let small = Camera::showing(bounds, area, PADDING, NEAREST);
            let mut sheet = Sheet { mesh: &mut mesh, small, pixel: 1.0 / laid_of.pixels_per_point };
            self.lay_elements(ui, editor, laid_of.found.as_deref(), &mut sheet);
        }
        self.map.mesh = Arc::new(mesh);
        self.map.laid_of = Some(laid_of);
        #[cfg(test)]
        {
            self.map.laid += 1;
        }
    }

    fn lay_elements(&self, ui: &Ui, editor: &Editor, found: Option<&BTreeSet<Id>>, sheet: &mut Sheet<'_>) {
        let (ctx, layout) = (ui.ctx(), editor.layout());
        let (ground, line) =
            (theme::translucent(ctx, Ink::Boundary, AREA), theme::translucent(ctx, Ink::Boundary, 0.7));
        let boundaries = layout.boundaries.iter().filter(|it| !self.picture.hides(editor, it.0));
        let mut boundaries: Vec<_> = boundaries.map(|it| it.1).collect();
        boundaries.sort_by_key(|it| it.depth);
        for it in boundaries {
            sheet.outline(it.rect, ground, line);
        }
        let cards = layout.cards.iter().map(|(id, it)| (id, it.rect));
        let gates = layout.gates.iter().map(|(id, it)| (id, it.rect));
        let boxes = || cards.clone().chain(gates.clone()).filter(|it| !self.picture.hides(editor, it.0));
        let left = if found.is_some() { STEPS_BACK } else { 1.0 };
        let colour = theme::translucent(ctx, Ink::Faint, left);
        let mut taken = BTreeSet::new();
        for (_, rect) in boxes() {
            if taken.insert(sheet.cell(rect, LEAST)) {
                sheet.fill(rect, colour);
            }
        }
        let level = |id: &Id| self.picture.count(id).map(|it| it.level).filter(|it| *it > Level::Question);
        let mut findings: Vec<(Level, scene::Rect)> =
            boxes().filter_map(|(id, rect)| Some((level(id)?, rect))).collect();
        findings.sort_by_key(|it| std::cmp::Reverse(it.0));
        let radius = (size::CARD_HEIGHT * sheet.small.zoom * 0.7).clamp(DOT.0, DOT.1);
        let apart = if radius < SQUARE { DOTS_APART.0 } else { DOTS_APART.1 };
        let mut taken = BTreeSet::new();
        findings.retain(|it| taken.insert(sheet.cell(it.1, apart)));
        // The worst above the others.
        for (level, rect) in findings.iter().rev() {
            sheet.dot(rect.centre(), radius, theme::translucent(ctx, level.ink(), left));
        }
        let colour = theme::colour(ctx, Ink::Accent);
        for (_, rect) in boxes().filter(|it| found.is_some_and(|found| found.contains(it.0))) {
            sheet.fill(rect, colour);
        }
    }
}

/// Where the view is on the map: as much of its frame as is on it.
fn view_ui(painter: &Painter, view: Rect, area: Rect) {
    let inside = area.shrink(3.0);
    let seen = view.intersect(inside);
    if seen.is_positive() {
        let ground = theme::translucent(painter.ctx(), Ink::Accent, AREA);
        let line = Stroke::new(1.5, super::picture::accent(painter));
        painter.rect(seen, 2.0, ground, line, StrokeKind::Inside);
    }
}

/// What the map is laid on.
struct Sheet<'a> {
    mesh: &'a mut Mesh,
    small: Camera,
    pixel: f32,
}

impl Sheet<'_> {
    /// On whole pixels and at least a little large, so that all look alike.
    fn place(&self, rect: scene::Rect) -> Rect {
        let Rect { min, max } = self.small.rect_to_screen(rect);
        let to_pixel = |at: f32| (at / self.pixel).round() * self.pixel;
        let min = Pos2::new(to_pixel(min.x), to_pixel(min.y));
        let max = Pos2::new(to_pixel(max.x), to_pixel(max.y));
        Rect::from_min_max(min, max.max(min + Vec2::splat(LEAST)))
    }

    /// Which of the cells of that side it stands in: what would lie on each other is laid once.
    fn cell(&self, rect: scene::Rect, side: f32) -> (i32, i32) {
        let at = self.small.to_screen(rect.centre());
        ((at.x / side) as i32, (at.y / side) as i32)
    }

    fn fill(&mut self, rect: scene::Rect, colour: Color32) {
        let rect = self.place(rect);
        self.mesh.add_colored_rect(rect, colour);
    }

    fn outline(&mut self, rect: scene::Rect, ground: Color32, line: Color32) {
        let rect = self.place(rect);
        self.mesh.add_colored_rect(rect, ground);
        let inner = rect.shrink(self.pixel.max(1.0));
        if !inner.is_positive() {
            return;
        }
        for side in [
            Rect::from_min_max(rect.min, Pos2::new(rect.max.x, inner.min.y)),
            Rect::from_min_max(Pos2::new(rect.min.x, inner.max.y), rect.max),
            Rect::from_min_max(Pos2::new(rect.min.x, inner.min.y), inner.left_bottom()),
            Rect::from_min_max(inner.right_top(), Pos2::new(rect.max.x, inner.max.y)),
        ] {
            self.mesh.add_colored_rect(side, line);
        }
    }

    /// A disc whose edge fades over a pixel, or a small square.
    fn dot(&mut self, at: Pos, radius: f32, colour: Color32) {
        let at = self.small.to_screen(at);
        if radius < SQUARE {
            self.mesh.add_colored_rect(Rect::from_center_size(at, Vec2::splat(2.0 * radius)), colour);
            return;
        }
        let first = self.mesh.vertices.len() as u32;
        let half = self.pixel / 2.0;
        self.mesh.colored_vertex(at, colour);
        for n in 0..CORNERS {
            let way = Vec2::angled(std::f32::consts::TAU * n as f32 / CORNERS as f32);
            self.mesh.colored_vertex(at + way * (radius - half), colour);
            self.mesh.colored_vertex(at + way * (radius + half), Color32::TRANSPARENT);
        }
        for n in 0..CORNERS as u32 {
            let (inner, next) = (first + 1 + 2 * n, first + 1 + 2 * ((n + 1) % CORNERS as u32));
            self.mesh.add_triangle(first, inner, next);
            self.mesh.add_triangle(inner, inner + 1, next + 1);
            self.mesh.add_triangle(inner, next + 1, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::{Context, Event, RawInput};

    use super::*;
    use crate::editor::{Membership, SAMPLES, Surroundings};

    struct Desk {
        ctx: Context,
        canvas: Canvas,
        editor: Editor,
    }

    impl Desk {
        fn new() -> Self {
            let ctx = Context::default();
            theme::install(&ctx);
            let mut editor = Editor::new(Surroundings::fixed());
            editor.load_sample(&SAMPLES[0]);
            let mut desk = Self { ctx, canvas: Canvas::default(), editor };
            (0..4).for_each(|_| desk.frame(Vec::new()));
            desk
        }

        fn frame(&mut self, events: Vec<Event>) {
            let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(900.0, 600.0));
            let input = RawInput { screen_rect: Some(screen), events, ..RawInput::default() };
            self.ctx.run_ui(input, |ui| self.canvas.ui(ui, &mut self.editor)).textures_delta.clear();
        }

        fn laid(&self) -> usize {
            self.canvas.map.laid
        }
    }

    #[test]
    fn it_is_laid_anew_only_when_what_it_shows_is_new() {
        let mut desk = Desk::new();
        assert_eq!(desk.laid(), 0, "all is in view");
        desk.canvas.camera.zoom_at(desk.canvas.area, desk.canvas.area.center(), 4.0);
        desk.frame(Vec::new());
        assert_eq!(desk.laid(), 1);
        for _ in 0..5 {
            desk.canvas.camera.pan(Vec2::new(13.0, 7.0));
            desk.frame(Vec::new());
        }
        let id = desk.editor.layout().cards.keys().next().cloned().unwrap_or_default();
        desk.editor.select([id.clone()]);
        desk.frame(Vec::new());
        assert_eq!(desk.laid(), 1, "where one looks and what is selected is not laid");
        let shown = desk.canvas.map.mesh.vertices.clone();
        desk.editor.move_by(&BTreeSet::from([id]), Pos::new(80.0, 0.0), &Membership::Keep);
        (0..3).for_each(|_| desk.frame(Vec::new()));
        assert_eq!(desk.laid(), 2);
        assert_ne!(desk.canvas.map.mesh.vertices, shown);
    }

    #[test]
    fn it_fades_while_something_is_dragged_beneath_it() {
        let mut desk = Desk::new();
        let area = desk.canvas.area;
        desk.canvas.camera.zoom_at(area, area.center(), 4.0);
        let card = desk.editor.layout().cards.values().next().map(|it| it.rect.centre()).unwrap();
        desk.canvas.camera.look_at(card);
        desk.frame(Vec::new());
        let map = desk.canvas.map_area().center();
        let opacity = |desk: &Desk| desk.canvas.opacity_at(&desk.ctx, "map", desk.canvas.map_area());
        let press = |pos, pressed| Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        desk.frame(vec![Event::PointerMoved(map)]);
        assert_eq!(opacity(&desk), 1.0, "nothing is dragged");
        desk.frame(vec![Event::PointerMoved(area.center())]);
        desk.frame(vec![press(area.center(), true)]);
        for n in 1_u8..=4 {
            desk.frame(vec![Event::PointerMoved(area.center().lerp(map, f32::from(n) / 4.0))]);
        }
        (0..20).for_each(|_| desk.frame(Vec::new()));
        assert!((opacity(&desk) - 1.0 / 3.0).abs() < 0.01, "{}", opacity(&desk));
        desk.frame(vec![Event::PointerMoved(area.center())]);
        (0..20).for_each(|_| desk.frame(Vec::new()));
        assert_eq!(opacity(&desk), 1.0);
        desk.frame(vec![press(area.center(), false)]);
    }

    #[test]
    fn findings_are_dots_in_the_colour_of_the_worst() {
        let mut desk = Desk::new();
        desk.canvas.camera.zoom_at(desk.canvas.area, desk.canvas.area.center(), 4.0);
        let worst = theme::colour(&desk.ctx, Ink::Critical);
        let dots = |desk: &Desk| desk.canvas.map.mesh.vertices.iter().filter(|it| it.color == worst).count();
        desk.frame(Vec::new());
        assert_eq!(dots(&desk), 0, "nothing is wrong with the sample");
        desk.editor.load_sample(&SAMPLES[1]);
        desk.frame(Vec::new());
        desk.canvas.camera.zoom_at(desk.canvas.area, desk.canvas.area.center(), 4.0);
        (0..3).for_each(|_| desk.frame(Vec::new()));
        let badges = desk.editor.marks().badges;
        let boxes = |it: &&Id| {
            desk.editor.layout().cards.contains_key(*it) || desk.editor.layout().gates.contains_key(*it)
        };
        let bad =
            badges.iter().filter(|it| it.1.level == Level::Critical).map(|it| it.0).filter(boxes).count();
        assert!(bad > 0 && dots(&desk) > 0 && dots(&desk) <= bad * (CORNERS + 1), "{bad} {}", dots(&desk));
    }

    #[test]
    fn a_drawing_of_very_many_is_laid_of_few_corners() {
        let mut desk = Desk::new();
        let mut text = String::from("(format: 1, components: {");
        for n in 0..10_000 {
            text.push_str(&format!("\"c{n}\": (kind: \"web-server\"),"));
        }
        text.push_str("}, places: {");
        for n in 0..10_000 {
            text.push_str(&format!("(\"main\", \"c{n}\"): (x: {}, y: {}),", n % 100 * 200, n / 100 * 100));
        }
        text.push_str("})");
        desk.editor = Editor::with(crate::model::read(text.as_bytes()).unwrap(), Surroundings::fixed());
        desk.frame(Vec::new());
        desk.canvas.camera.zoom_at(desk.canvas.area, desk.canvas.area.center(), 2.0);
        (0..3).for_each(|_| desk.frame(Vec::new()));
        let corners = desk.canvas.map.mesh.vertices.len();
        assert!((1_000..60_000).contains(&corners), "{corners}");
    }
}
