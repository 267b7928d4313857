//! The goals of the canvas as one table: run with `cargo bench --bench goals`, with a number for that many elements alone.
//! With `undo` it measures undo alone, with `frames` all but that, with `files` it writes its documents to `target/goals`, for the page.
//!
//! The processor's time for a frame, of all its cores together, of which 95 in 100 stay below what is printed: without a
//! window, 2560 × 1440, scripted. Opening and undo are timed by the clock.
//! Elements are components and flows; there are three flows for each component (`generated`). `tests/web/goals.mjs` plays
//! the same script to the page.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the arguments and the clock")]

mod desk;
#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use std::collections::BTreeSet;
use std::io::Write as _;

use cpu_time::ProcessTime;
use desk::{Desk, SCREEN, button, now_ms};
use egui::Vec2;
use parapet::editor::{Editor, Event, Membership, Surroundings};
use parapet::model::{self, Id};
use parapet::scene::Pos;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const FLOWS_PER_COMPONENT: usize = 3;
/// How far the view goes in a frame at 100 %: about a thousand points a second, as fast as one can still read.
const STEP: Vec2 = Vec2::new(-16.0, 5.0);
/// Frames of each part of the script.
const FRAMES: usize = 120;

fn main() {
    // As the window does.
    parapet::app::keep_freed_memory();
    if std::env::args().any(|it| it == "files") {
        return files();
    }
    let asked: Vec<usize> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let sizes = if asked.is_empty() { SIZES.to_vec() } else { asked };
    if std::env::args().all(|it| it != "undo") {
        say(
            "| elements | at 100 %, moved | all in view, moved | zoomed | 50 dragged and dropped | at 100 % | slowest | open, until it shows | frames at rest |",
        );
        say("|---|---|---|---|---|---|---|---|---|");
        sizes.iter().for_each(|it| say(&frames(*it)));
        say("");
    }
    if std::env::args().any(|it| it == "frames") {
        return;
    }
    say("| elements | undo: a name | an answer | 50 moved | 50 deleted | all deleted | all pasted |");
    say("|---|---|---|---|---|---|---|");
    for elements in sizes {
        say(&undone(elements));
    }
}

fn files() {
    for elements in SIZES {
        let text = model::write(&desk::drawn(elements / (1 + FLOWS_PER_COMPONENT)));
        let path = format!("target/goals/{elements}.parapet.ron");
        let written = std::fs::create_dir_all("target/goals").and_then(|()| std::fs::write(&path, text));
        say(&written.map_or_else(|it| format!("{path}: {it}"), |()| path.clone()));
    }
}

fn say(line: &str) {
    // Nobody is left to tell if this fails.
    _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn frames(elements: usize) -> String {
    let components = elements / (1 + FLOWS_PER_COMPONENT);
    let mut desk = Desk::of(components, SCREEN);
    desk.rest();
    let all_moved = times(FRAMES, || desk.moved());
    let all_zoomed = times(FRAMES, || desk.zoomed());
    desk.rest();
    let dragged = drag(&mut desk);
    let mut near = desk.near();
    let moved = times(FRAMES, || panned(&mut near));
    let dragged_near = drag(&mut near);
    near.rest();
    let at_rest = (0..60).filter(|_| near.shown().1).count();
    let all = [&moved, &all_moved, &all_zoomed, &dragged, &dragged_near];
    let slowest = all.into_iter().flatten().copied();
    let slowest = slowest.fold(0.0, f64::max);
    let slow = [moved, all_moved, all_zoomed, dragged, dragged_near].map(|it| format!("{:.1} ms", p95(it)));
    let open = opened(components);
    format!("| {elements} | {} | {slowest:.1} ms | {open:.0} ms | {at_rest} |", slow.join(" | "))
}

/// To the lower right for a second, and back.
fn panned(desk: &mut Desk) -> usize {
    let back = (desk.frames / 60) % 2 == 1;
    desk.panned(if back { -STEP } else { STEP })
}

/// Fifty cards are dragged, with all their lines, dropped, and their lines find their ways.
fn drag(desk: &mut Desk) -> Vec<f64> {
    let from = desk.grasp(50);
    let mut off = 0.0;
    let mut all = times(FRAMES, || {
        off += 2.0;
        desk.drag(from, 20.0 + off)
    });
    desk.events = vec![button(from + Vec2::new(20.0 + off, 40.0), false)];
    all.extend(times(FRAMES, || desk.frame()));
    desk.settle();
    all
}

/// From the bytes of a file to its first picture.
fn opened(components: usize) -> f64 {
    let bytes = model::write(&desk::drawn(components)).into_bytes();
    let mut desk = Desk::of(20, SCREEN);
    let start = now_ms();
    desk.editor.handle(Event::Opened { name: "goal.parapet.ron".to_owned(), path: None, bytes });
    desk.frame();
    now_ms() - start
}

/// How long taking back each kind of step keeps the frame.
fn undone(elements: usize) -> String {
    let components = elements / (1 + FLOWS_PER_COMPONENT);
    let surroundings = Surroundings { now_ms, ..Surroundings::fixed() };
    let mut editor = Editor::with(desk::drawn(components), surroundings);
    while !editor.settle() {}
    let cards: Vec<Id> = editor.layout().cards.keys().cloned().collect();
    let some: BTreeSet<Id> = cards.iter().take(50).cloned().collect();
    let name = undo(&mut editor, |it| it.rename(&cards[0], "Another name"));
    let answer = undo(&mut editor, |it| {
        let first = it.listed_questions().next().map(|it| it.key.clone());
        first.into_iter().for_each(|key| it.answer(&key, 0));
    });
    let moved = undo(&mut editor, |it| it.move_by(&some, Pos::new(400.0, 240.0), &Membership::Keep));
    let deleted = undo(&mut editor, |it| {
        it.select(some.clone());
        it.run("edit.delete");
    });
    let all_deleted = undo(&mut editor, |it| {
        it.select(cards.clone());
        it.run("edit.delete");
    });
    let all_pasted = undo(&mut editor, |it| {
        it.run("edit.select-all");
        it.run("edit.duplicate");
    });
    let cells = [name, answer, moved, deleted, all_deleted, all_pasted].map(|it| format!("{it:.1} ms"));
    format!("| {elements} | {} |", cells.join(" | "))
}

/// The slowest of three undos of a step, each after all its lines are drawn.
fn undo(editor: &mut Editor, step: impl Fn(&mut Editor)) -> f64 {
    let mut slowest: f64 = 0.0;
    for _ in 0..3 {
        step(editor);
        while !editor.settle() {}
        let start = now_ms();
        editor.undo();
        slowest = slowest.max(now_ms() - start);
        while !editor.settle() {}
        editor.take_effects();
    }
    slowest
}

fn times<R>(count: usize, mut frame: impl FnMut() -> R) -> Vec<f64> {
    let time = |_| {
        let start = ProcessTime::now();
        std::hint::black_box(frame());
        start.elapsed().as_secs_f64() * 1000.0
    };
    (0..count).map(time).collect()
}

fn p95(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    let at = times.len() * 95 / 100;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}
