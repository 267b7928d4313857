//! How long one edit keeps the frame: run with `cargo bench --bench editor`.
//!
//! What is measured is the call that a gesture or a field makes: apply, keep the step, lay out what it touches, and
//! derive facts and findings, unless the last run took longer than the frame has; then it is asked of the platform and
//! the frame goes on.
#![expect(clippy::disallowed_methods, reason = "a benchmark hands the editor a clock")]

#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Instant;

use divan::Bencher;
use parapet::editor::{Editor, Membership, Surroundings};
use parapet::model::{Component, Flow, Id, Truth};
use parapet::scene::Pos;

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [100, 1_000, 10_000];

fn now_ms() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64() * 1000.0
}

/// An editor of a landscape, and one of its web servers.
fn editor(components: usize) -> (Editor, Id) {
    let surroundings = Surroundings { now_ms, ..Surroundings::fixed() };
    let mut editor = Editor::with((*generated::landscape(components)).clone(), surroundings);
    settle(&mut editor);
    let web = editor.model().components().iter().find(|(_, it)| it.kind == "web-server");
    let id = web.map_or_else(Id::default, |it| it.0.clone());
    (editor, id)
}

/// An editor whose lines are all drawn, and a way to move one of its cards.
fn moving(components: usize) -> (RefCell<Editor>, impl Fn(&mut Editor)) {
    let (editor, id) = editor(components);
    let (ids, by) = (BTreeSet::from([id]), Cell::new(8.0));
    let step = move |editor: &mut Editor| {
        by.set(-by.get());
        editor.move_by(&ids, Pos::new(by.get(), 0.0), &Membership::Keep);
    };
    (RefCell::new(editor), step)
}

fn settle(editor: &mut Editor) {
    while !editor.settle() {}
}

/// The frame of the drop. Lines that may find other ways now follow in the frames after it.
#[divan::bench(args = SIZES, sample_count = 50)]
fn move_a_card(bencher: Bencher<'_, '_>, components: usize) {
    let (editor, step) = moving(components);
    bencher
        .with_inputs(|| settle(&mut editor.borrow_mut()))
        .bench_local_values(|()| step(&mut editor.borrow_mut()));
}

/// Until all lines are as they should be.
#[divan::bench(args = SIZES, sample_count = 20)]
fn move_a_card_and_settle(bencher: Bencher<'_, '_>, components: usize) {
    let (editor, step) = moving(components);
    bencher.bench_local(|| {
        step(&mut editor.borrow_mut());
        settle(&mut editor.borrow_mut());
    });
}

/// One frame's share of lines that follow.
#[divan::bench(args = [1_000, 10_000], sample_count = 50)]
fn a_part_of_settling(bencher: Bencher<'_, '_>, components: usize) {
    let (editor, step) = moving(components);
    bencher
        .with_inputs(|| {
            settle(&mut editor.borrow_mut());
            step(&mut editor.borrow_mut());
        })
        .bench_local_values(|()| editor.borrow_mut().settle());
}

#[divan::bench(args = SIZES, sample_count = 50)]
fn rename(bencher: Bencher<'_, '_>, components: usize) {
    let (mut editor, id) = editor(components);
    let mut n = 0;
    bencher.bench_local(|| {
        n += 1;
        editor.rename(&id, &format!("Web {n}"));
    });
}

#[divan::bench(args = SIZES, sample_count = 50)]
fn answer(bencher: Bencher<'_, '_>, components: usize) {
    let (mut editor, id) = editor(components);
    let mut is = Truth::No;
    bencher.bench_local(|| {
        is = if is == Truth::No { Truth::Yes } else { Truth::No };
        editor.change("Answer", |draft, _| {
            draft.edit::<Component>(&id, |it| it.controls.set("logging", is.into()));
        });
        editor.take_effects()
    });
}

/// Of a flow, that it goes encrypted or not.
#[divan::bench(args = SIZES, sample_count = 50)]
fn answer_of_a_flow(bencher: Bencher<'_, '_>, components: usize) {
    let (mut editor, _) = editor(components);
    let flow = editor.model().flows().keys().next().cloned().unwrap_or_default();
    let mut is = Truth::No;
    bencher.bench_local(|| {
        is = if is == Truth::No { Truth::Yes } else { Truth::No };
        editor.change("Answer", |draft, _| draft.edit::<Flow>(&flow, |it| it.encrypted = is.into()));
        editor.take_effects()
    });
}

#[divan::bench(args = SIZES, sample_count = 50)]
fn marks(bencher: Bencher<'_, '_>, components: usize) {
    let (editor, _) = editor(components);
    bencher.bench_local(|| editor.marks());
}

/// Until the drawing shows; lines come in the frames after it.
#[divan::bench(args = SIZES, sample_count = 10)]
fn open(bencher: Bencher<'_, '_>, components: usize) {
    let model = (*generated::landscape(components)).clone();
    let surroundings = Surroundings { now_ms, ..Surroundings::fixed() };
    bencher.bench_local(|| Editor::with(model.clone(), surroundings.clone()));
}
