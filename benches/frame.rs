//! What a frame of the canvas costs the processor, from layout to triangles, without a window: run with
//! `cargo bench --bench frame`.
//!
//! The models are those of `generated`, with their boundaries drawn. Every frame differs from the one before, as while
//! the view is moved, but for `at_rest`.
#![expect(clippy::disallowed_methods, reason = "a benchmark hands the editor a clock")]

#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Instant;

use divan::Bencher;
use egui::{Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2};
use parapet::editor::{self, Derived, Editor, Effect, Membership, Surroundings};
use parapet::model::{Draft, Id, MAIN_VIEW, Model, Place, Side};
use parapet::scene::Pos;
use parapet::ui::canvas::Canvas;
use parapet::ui::theme;

fn main() {
    // As the window does.
    parapet::app::keep_freed_memory();
    divan::main();
}

/// An ordinary large screen.
const SCREEN: Vec2 = Vec2::new(2560.0, 1440.0);

/// A canvas with a clock and a pointer of its own.
struct Desk {
    ctx: Context,
    canvas: Canvas,
    editor: Editor,
    screen: Vec2,
    frames: u32,
    events: Vec<Event>,
}

impl Desk {
    fn of(components: usize, screen: Vec2) -> Self {
        let ctx = Context::default();
        theme::install(&ctx);
        let editor = Editor::with(drawn(components), Surroundings { now_ms, ..Surroundings::fixed() });
        let mut desk = Self { ctx, canvas: Canvas::default(), editor, screen, frames: 0, events: Vec::new() };
        desk.settle();
        for _ in 0..4 {
            desk.frame();
        }
        desk
    }

    /// Draws all lines that wait.
    fn settle(&mut self) {
        while !self.editor.settle() {}
    }

    /// Until nothing is new any more.
    fn rest(&mut self) {
        self.settle();
        for _ in 0..8 {
            self.frame();
        }
    }

    /// One frame in which the pointer has come that far to the right from where it was pressed.
    fn drag(&mut self, from: Pos2, by: f32) -> usize {
        self.events = vec![Event::PointerMoved(from + Vec2::new(by, 40.0))];
        self.frame()
    }

    /// Selects some cards and presses on one of them, after letting go of what was held; returns where.
    fn grasp(&mut self, cards: usize) -> Pos2 {
        let ids: Vec<Id> = self.editor.layout().cards.keys().take(cards).cloned().collect();
        let at = self.editor.layout().rect(&ids[0]).unwrap_or_default().centre();
        let from = self.canvas.camera().to_screen(at);
        self.events = vec![key(Key::Escape), button(from, false)];
        self.frame();
        self.editor.select(ids);
        self.frame();
        self.events = vec![Event::PointerMoved(from), button(from, true)];
        self.frame();
        from
    }

    /// At 100 %.
    fn near(mut self) -> Self {
        self.editor.run("view.zoom-reset");
        for _ in 0..40 {
            self.frame();
        }
        self
    }

    /// One frame; returns how many triangles' corners it came to.
    fn frame(&mut self) -> usize {
        self.frames += 1;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.screen)),
            time: Some(f64::from(self.frames) / 60.0),
            events: std::mem::take(&mut self.events),
            ..RawInput::default()
        };
        let output = self.ctx.run_ui(input, |ui| self.canvas.ui(ui, &mut self.editor));
        let primitives = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        primitives
            .iter()
            .map(|it| match &it.primitive {
                egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len(),
                egui::epaint::Primitive::Callback(_) => 0,
            })
            .sum()
    }

    /// One frame in which the view is moved.
    fn moved(&mut self) -> usize {
        let by = if self.frames.is_multiple_of(2) { 1.0 } else { -1.0 };
        let step = Vec2::splat(by);
        self.events = vec![
            Event::PointerMoved(Pos2::new(300.0, 300.0)),
            Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: step,
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Trackpad,
                modifiers: Modifiers::NONE,
            },
        ];
        self.frame()
    }

    /// One frame in which the view is zoomed.
    fn zoomed(&mut self) -> usize {
        let factor = if self.frames.is_multiple_of(2) { 0.98 } else { 1.0 / 0.98 };
        self.events = vec![Event::PointerMoved(Pos2::new(300.0, 300.0)), Event::Zoom(factor)];
        self.frame()
    }
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

fn key(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}

fn now_ms() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1000.0
}

/// A generated model whose boundaries are on the view: around their members, gates on their sides.
fn drawn(components: usize) -> Model {
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

#[divan::bench(args = [1_000, 10_000], sample_count = 50)]
fn at_100_percent(bencher: Bencher<'_, '_>, components: usize) {
    let mut desk = Desk::of(components, SCREEN).near();
    bencher.bench_local(|| desk.moved());
}

#[divan::bench(args = [1_000, 10_000], sample_count = 50)]
fn whole_drawing(bencher: Bencher<'_, '_>, components: usize) {
    let mut desk = Desk::of(components, SCREEN);
    bencher.bench_local(|| desk.moved());
}

/// Each frame at another zoom, a little nearer or farther, so that everything is painted anew.
#[divan::bench(args = [1_000, 10_000], sample_count = 50)]
fn whole_drawing_zoomed(bencher: Bencher<'_, '_>, components: usize) {
    let mut desk = Desk::of(components, SCREEN);
    bencher.bench_local(|| desk.zoomed());
}

/// Each frame with another card below the pointer.
#[divan::bench(args = [1_000, 10_000], sample_count = 50)]
fn whole_drawing_hovered(bencher: Bencher<'_, '_>, components: usize) {
    let mut desk = Desk::of(components, SCREEN);
    let cards = &desk.editor.layout().cards;
    let spots: Vec<Pos2> =
        cards.values().take(200).map(|it| desk.canvas.camera().to_screen(it.rect.centre())).collect();
    bencher.bench_local(|| {
        desk.events = vec![Event::PointerMoved(spots[desk.frames as usize % spots.len()])];
        desk.frame()
    });
}

/// All of it in its full size and detail, on a screen that does not exist.
#[divan::bench(args = [1_000], sample_count = 50)]
fn everything_at_100_percent(bencher: Bencher<'_, '_>, components: usize) {
    let bounds = Desk::of(components, SCREEN).editor.layout().bounds().unwrap_or_default();
    let screen = Vec2::new(bounds.width() + 200.0, bounds.height() + 200.0);
    let mut desk = Desk::of(components, screen).near();
    bencher.bench_local(|| desk.moved());
}

#[divan::bench(args = [1_000, 10_000], sample_count = 50)]
fn drag_of_50(bencher: Bencher<'_, '_>, components: usize) {
    let mut desk = Desk::of(components, SCREEN);
    let from = desk.grasp(50);
    bencher.bench_local(|| {
        let off = (desk.frames % 50) as f32;
        desk.drag(from, 20.0 + off)
    });
}

/// The frame in which a drag begins.
#[divan::bench(args = [1_000, 10_000], sample_count = 30)]
fn drag_of_50_begins(bencher: Bencher<'_, '_>, components: usize) {
    frames_of_a_drag(bencher, components, 0);
}

/// The one after it, in which what stays is painted apart.
#[divan::bench(args = [1_000, 10_000], sample_count = 30)]
fn drag_of_50_goes_on(bencher: Bencher<'_, '_>, components: usize) {
    frames_of_a_drag(bencher, components, 1);
}

fn frames_of_a_drag(bencher: Bencher<'_, '_>, components: usize, before: usize) {
    let desk = RefCell::new(Desk::of(components, SCREEN));
    let grasped = || {
        let mut desk = desk.borrow_mut();
        let from = desk.grasp(50);
        for _ in 0..before {
            desk.drag(from, 20.0);
        }
        from
    };
    bencher.with_inputs(grasped).bench_local_values(|from| desk.borrow_mut().drag(from, 24.0));
}

/// The frame in which a dragged card is dropped into another boundary: the edit, and the lines that follow in it.
#[divan::bench(args = [1_000, 10_000], sample_count = 30)]
fn drop_of_a_card(bencher: Bencher<'_, '_>, components: usize) {
    frames_of_a_drop(bencher, components, 0);
}

/// The one after it, in which the picture shows it.
#[divan::bench(args = [1_000, 10_000], sample_count = 30)]
fn dropped_card_shows(bencher: Bencher<'_, '_>, components: usize) {
    frames_of_a_drop(bencher, components, 1);
}

fn frames_of_a_drop(bencher: Bencher<'_, '_>, components: usize, before: usize) {
    let desk = RefCell::new(Desk::of(components, SCREEN));
    let dropped = || {
        let mut desk = desk.borrow_mut();
        if desk.editor.history().next_undo().is_some() {
            desk.editor.undo();
        }
        desk.rest();
        let from = desk.grasp(1);
        for step in [20.0, 24.0, 28.0] {
            desk.drag(from, step);
        }
        desk.events = vec![button(from + Vec2::new(28.0, 40.0), false)];
        for _ in 0..before {
            desk.frame();
        }
    };
    bencher.with_inputs(dropped).bench_local_values(|()| desk.borrow_mut().frame());
}

/// The frame in which new findings come in, which were looked for beside the frames.
#[divan::bench(args = [1_000, 10_000], sample_count = 30)]
fn findings_come(bencher: Bencher<'_, '_>, components: usize) {
    frames_of_findings(bencher, components, 0);
}

/// The one after it, in which a large picture shows them.
#[divan::bench(args = [1_000, 10_000], sample_count = 30)]
fn findings_show(bencher: Bencher<'_, '_>, components: usize) {
    frames_of_findings(bencher, components, 1);
}

fn frames_of_findings(bencher: Bencher<'_, '_>, components: usize, before: usize) {
    let desk = RefCell::new(Desk::of(components, SCREEN));
    let found = || {
        let mut desk = desk.borrow_mut();
        if desk.editor.history().next_undo().is_some() {
            desk.editor.undo();
        } else {
            desk.editor.add_component("web-server", Pos::ZERO);
        }
        let asked = desk.editor.take_effects().into_iter().find_map(|it| match it {
            Effect::Derive { generation, model } => Some((generation, model)),
            _ => None,
        });
        desk.rest();
        let mut found = asked.map(|(generation, model)| {
            let derived = Box::new(Derived::of(model, now_ms));
            editor::Event::Derived { generation, derived }
        });
        for _ in 0..before {
            found.take().into_iter().for_each(|it| desk.editor.handle(it));
            desk.frame();
            // What the window does beside the frames is not a part of one.
            desk.editor.take_effects();
        }
        found
    };
    bencher.with_inputs(found).bench_local_values(|found| {
        let mut desk = desk.borrow_mut();
        found.into_iter().for_each(|it| desk.editor.handle(it));
        (desk.frame(), desk.editor.take_effects())
    });
}

/// A frame after that: some of the lines that follow, and the picture.
#[divan::bench(args = [1_000, 10_000], sample_count = 30)]
fn lines_follow(bencher: Bencher<'_, '_>, components: usize) {
    let desk = RefCell::new(Desk::of(components, SCREEN));
    let id = desk.borrow().editor.layout().cards.keys().next().cloned().unwrap_or_default();
    let ids = BTreeSet::from([id]);
    let by = Cell::new(40.0);
    let moved = || {
        let mut desk = desk.borrow_mut();
        desk.rest();
        by.set(-by.get());
        desk.editor.move_by(&ids, Pos::new(by.get(), 0.0), &Membership::Keep);
        desk.frame();
    };
    bencher.with_inputs(moved).bench_local_values(|()| desk.borrow_mut().frame());
}

#[divan::bench(args = [1_000], sample_count = 50)]
fn at_rest(bencher: Bencher<'_, '_>, components: usize) {
    let mut desk = Desk::of(components, SCREEN).near();
    bencher.bench_local(|| desk.frame());
}
