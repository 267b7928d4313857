//! What a frame of the canvas costs the processor, from layout to triangles, without a window: run with
//! `cargo bench --bench frame`.
//!
//! The models are those of `generated`, with their boundaries drawn. Every frame differs from the one before, as while
//! the view is moved, but for `at_rest`.

#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use divan::Bencher;
use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2};
use parapet::editor::{Editor, Surroundings};
use parapet::model::{Draft, Id, MAIN_VIEW, Model, Place, Side};
use parapet::ui::canvas::Canvas;
use parapet::ui::theme;

fn main() {
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
        let editor = Editor::with(drawn(components), Surroundings::fixed());
        let mut desk = Self { ctx, canvas: Canvas::default(), editor, screen, frames: 0, events: Vec::new() };
        for _ in 0..4 {
            desk.frame();
        }
        desk
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
    let ids: Vec<Id> = desk.editor.layout().cards.keys().take(50).cloned().collect();
    let at = desk.editor.layout().rect(&ids[0]).unwrap_or_default().centre();
    desk.editor.select(ids);
    desk.frame();
    let from = desk.canvas.camera().to_screen(at);
    let pressed = Event::PointerButton {
        pos: from,
        button: PointerButton::Primary,
        pressed: true,
        modifiers: Modifiers::NONE,
    };
    desk.events = vec![Event::PointerMoved(from), pressed];
    desk.frame();
    bencher.bench_local(|| {
        let off = (desk.frames % 50) as f32;
        desk.events = vec![Event::PointerMoved(from + Vec2::new(20.0 + off, 40.0))];
        desk.frame()
    });
}

#[divan::bench(args = [1_000], sample_count = 50)]
fn at_rest(bencher: Bencher<'_, '_>, components: usize) {
    let mut desk = Desk::of(components, SCREEN).near();
    bencher.bench_local(|| desk.frame());
}
