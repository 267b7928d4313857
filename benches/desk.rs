//! A canvas on a desk: what benchmarks of frames work on, without a window.

use std::any::Any;
use std::sync::{Arc, LazyLock};
use std::time::Instant;

use egui::{Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2};
use parapet::editor::{Editor, Surroundings};
use parapet::model::{Draft, Id, MAIN_VIEW, Model, Place, Side};
use parapet::ui::canvas::Canvas;
use parapet::ui::paint::{Kept, Store, keep_in};
use parapet::ui::theme;

use crate::generated;

/// An ordinary large screen.
pub(crate) const SCREEN: Vec2 = Vec2::new(2560.0, 1440.0);

/// A graphics card that does nothing: what is kept is drawn beside the processor.
#[derive(Debug)]
struct Card;

impl Store for Card {
    fn draw(&self, _: Kept) -> Option<Arc<dyn Any + Send + Sync>> {
        Some(Arc::new(()))
    }
}

/// A canvas with a clock and a pointer of its own.
pub(crate) struct Desk {
    pub(crate) ctx: Context,
    pub(crate) canvas: Canvas,
    pub(crate) editor: Editor,
    pub(crate) screen: Vec2,
    pub(crate) frames: u32,
    pub(crate) events: Vec<Event>,
}

impl Desk {
    pub(crate) fn of(components: usize, screen: Vec2) -> Self {
        Self::with(drawn(components), screen)
    }

    pub(crate) fn with(model: Model, screen: Vec2) -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        keep_in(&ctx, Arc::new(Card));
        let editor = Editor::with(model, Surroundings { now_ms, ..Surroundings::fixed() });
        let mut desk = Self { ctx, canvas: Canvas::default(), editor, screen, frames: 0, events: Vec::new() };
        desk.settle();
        for _ in 0..4 {
            desk.frame();
        }
        desk
    }

    /// Draws all lines that wait.
    pub(crate) fn settle(&mut self) {
        while !self.editor.settle() {}
    }

    /// Until nothing is new any more.
    pub(crate) fn rest(&mut self) {
        self.settle();
        for _ in 0..8 {
            self.frame();
        }
    }

    /// One frame in which the pointer has come that far to the right from where it was pressed.
    pub(crate) fn drag(&mut self, from: Pos2, by: f32) -> usize {
        self.events = vec![Event::PointerMoved(from + Vec2::new(by, 40.0))];
        self.frame()
    }

    /// Selects some of the cards in view and presses on one of them, after letting go of what was held; returns where.
    pub(crate) fn grasp(&mut self, cards: usize) -> Pos2 {
        let (camera, screen) =
            (self.canvas.camera(), Rect::from_min_size(Pos2::ZERO, self.screen).shrink(100.0));
        let seen = self.editor.layout().cards.iter();
        let seen = seen.filter(|it| screen.contains(camera.to_screen(it.1.rect.centre())));
        let ids: Vec<Id> = seen.map(|it| it.0.clone()).take(cards).collect();
        let at = self.editor.layout().rect(&ids[0]).unwrap_or_default().centre();
        let from = camera.to_screen(at);
        self.events = vec![key(Key::Escape), button(from, false)];
        self.frame();
        self.editor.select(ids);
        self.frame();
        self.events = vec![Event::PointerMoved(from), button(from, true)];
        self.frame();
        from
    }

    /// At 100 %.
    pub(crate) fn near(mut self) -> Self {
        self.editor.run("view.zoom-reset");
        for _ in 0..40 {
            self.frame();
        }
        self
    }

    /// One frame; returns how many triangles' corners it came to.
    pub(crate) fn frame(&mut self) -> usize {
        self.shown().0
    }

    /// One frame, and whether the next is wanted at once.
    pub(crate) fn shown(&mut self) -> (usize, bool) {
        self.frames += 1;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.screen)),
            time: Some(f64::from(self.frames) / 60.0),
            events: std::mem::take(&mut self.events),
            ..RawInput::default()
        };
        let output = self.ctx.run_ui(input, |ui| self.canvas.ui(ui, &mut self.editor));
        let delays = output.viewport_output.values().map(|it| it.repaint_delay);
        let wants_more = delays.min().is_some_and(|it| it.is_zero());
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let corners = primitives
            .iter()
            .map(|it| match &it.primitive {
                egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len(),
                egui::epaint::Primitive::Callback(_) => 0,
            })
            .sum();
        (corners, wants_more)
    }

    /// One frame in which the view is moved a little, to and fro: all stays in view.
    pub(crate) fn moved(&mut self) -> usize {
        let by = if self.frames.is_multiple_of(2) { 1.0 } else { -1.0 };
        self.panned(Vec2::splat(by))
    }

    /// One frame in which the view is moved by points of the screen.
    pub(crate) fn panned(&mut self, by: Vec2) -> usize {
        self.events = vec![
            Event::PointerMoved(Pos2::new(300.0, 300.0)),
            Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: by,
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Trackpad,
                modifiers: Modifiers::NONE,
            },
        ];
        self.frame()
    }

    /// One frame in which the view is zoomed.
    pub(crate) fn zoomed(&mut self) -> usize {
        let factor = if self.frames.is_multiple_of(2) { 0.98 } else { 1.0 / 0.98 };
        self.events = vec![Event::PointerMoved(Pos2::new(300.0, 300.0)), Event::Zoom(factor)];
        self.frame()
    }
}

pub(crate) fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

pub(crate) fn key(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}

pub(crate) fn now_ms() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1000.0
}

/// A generated model whose boundaries are on the view: around their members, gates on their sides.
pub(crate) fn drawn(components: usize) -> Model {
    let mut model = generated::landscape(components).as_ref().clone();
    let edit = {
        let mut draft = Draft::of(&model);
        let view = Id::slug(MAIN_VIEW);
        for (id, boundary) in model.boundaries() {
            let is_tier = boundary.kind == "subnet-tier";
            let mut members = model.components().iter().filter(|it| it.1.within.as_ref() == Some(id));
            let corner = members.find_map(|it| model.place(&view, it.0));
            if let Some(corner) = corner.filter(|_| is_tier) {
                let place = Place::boxed(corner.x.px() - 24.0, corner.y.px() - 40.0, 240.0, 120.0);
                draft.put((view.clone(), id.clone()), place);
            }
        }
        for (id, it) in model.components() {
            if it.gate_of.is_some() {
                draft.put((view.clone(), id.clone()), Place::on_side(Side::Top, 0.5));
            }
        }
        draft.finish()
    };
    model.apply(&edit);
    model
}
