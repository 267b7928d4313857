//! What a frame of the canvas costs the processor, from layout to triangles, without a window: run with
//! `cargo bench --bench frame`.
//!
//! The models are those of `generated`, with their boundaries drawn. Every frame differs from the one before, as while
//! the view is moved, but for `at_rest`.
#![expect(clippy::disallowed_methods, reason = "a benchmark hands the editor a clock")]

mod desk;
#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use desk::{Desk, SCREEN, button, now_ms};
use divan::Bencher;
use egui::{Event, Pos2, Vec2};
use parapet::editor::{self, Derived, Effect, Membership};
use parapet::scene::Pos;

fn main() {
    // As the window does.
    parapet::app::keep_freed_memory();
    divan::main();
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
