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
use parapet::editor::{Editor, Effect, Event, Keep, Membership, Surroundings};
use parapet::formats::journal::{self, Head};
use parapet::model::{Component, Control, Flow, Id, Truth};
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

/// One of a table, another each time, always in the same order.
fn one<T>(table: &std::collections::BTreeMap<Id, T>, n: usize) -> (&Id, &T) {
    let at = n.wrapping_mul(7_919) % table.len().max(1);
    table.iter().nth(at).unwrap_or_else(|| unreachable!("a landscape has components and flows"))
}

/// Another component each time gets another name.
#[divan::bench(args = SIZES, sample_count = 200)]
fn rename(bencher: Bencher<'_, '_>, components: usize) {
    let editor = RefCell::new(editor(components).0);
    let n = Cell::new(0);
    let next = || {
        n.set(n.get() + 1);
        one(editor.borrow().model().components(), n.get()).0.clone()
    };
    let rename = |id: Id| editor.borrow_mut().rename(&id, &generated::name(n.get()));
    bencher.with_inputs(next).bench_local_values(rename);
}

/// Another control of another component is answered each time, of those that are asked of its kind.
#[divan::bench(args = SIZES, sample_count = 200)]
fn answer(bencher: Bencher<'_, '_>, components: usize) {
    let editor = RefCell::new(editor(components).0);
    let n = Cell::new(0);
    let next = || {
        n.set(n.get() + 1);
        let editor = editor.borrow();
        let (id, record) = one(editor.model().components(), n.get());
        let asked: Vec<&Control> = Control::all().iter().filter(|it| it.is_for_kind(record.kind())).collect();
        let control = asked.get(n.get() % asked.len().max(1)).map_or("logging", |it| it.slug.as_str());
        let truth = if record.controls.truth(control) == Truth::No { Truth::Yes } else { Truth::No };
        (id.clone(), control, truth)
    };
    let answer = |(id, control, truth): (Id, &str, Truth)| {
        let mut editor = editor.borrow_mut();
        editor.change("Answer", |draft, _| {
            draft.edit::<Component>(&id, |it| it.controls.set(control, truth.into()));
        });
        editor.take_effects()
    };
    bencher.with_inputs(next).bench_local_values(answer);
}

/// Another flow each time goes encrypted or not.
#[divan::bench(args = SIZES, sample_count = 200)]
fn answer_of_a_flow(bencher: Bencher<'_, '_>, components: usize) {
    let editor = RefCell::new(editor(components).0);
    let n = Cell::new(0);
    let next = || {
        n.set(n.get() + 1);
        let editor = editor.borrow();
        let (id, record) = one(editor.model().flows(), n.get());
        (id.clone(), if record.encrypted.is_no() { Truth::Yes } else { Truth::No })
    };
    let answer = |(id, truth): (Id, Truth)| {
        let mut editor = editor.borrow_mut();
        editor.change("Answer", |draft, _| draft.edit::<Flow>(&id, |it| it.encrypted = truth.into()));
        editor.take_effects()
    };
    bencher.with_inputs(next).bench_local_values(answer);
}

/// What keeping a step costs the frame of an edit, and what it costs the thread that writes it down; another component is
/// renamed each time.
#[divan::bench(args = SIZES, sample_count = 200)]
fn keep_a_step(bencher: Bencher<'_, '_>, components: usize) {
    let editor = RefCell::new(editor(components).0);
    let n = Cell::new(0);
    let renamed = || {
        n.set(n.get() + 1);
        let mut editor = editor.borrow_mut();
        let id = one(editor.model().components(), n.get()).0.clone();
        editor.rename(&id, &generated::name(n.get()));
        editor.take_effects()
    };
    let lines = |effects: Vec<Effect>| -> usize {
        let line = |it: &Effect| match it {
            Effect::Journal(Keep::Line(it)) => journal::line(it).len(),
            _ => 0,
        };
        effects.iter().map(line).sum()
    };
    bencher.with_inputs(renamed).bench_local_values(lines);
}

/// The first step after a document was opened or saved: the table that it edits is copied, as the journal begins with what
/// was there before.
#[divan::bench(args = SIZES, sample_count = 20)]
fn first_step_after_a_save(bencher: Bencher<'_, '_>, components: usize) {
    let (editor, id) = editor(components);
    let editor = RefCell::new(editor);
    let save = || {
        let mut editor = editor.borrow_mut();
        editor.save();
        for effect in editor.take_effects() {
            if let Effect::SaveDialog { name, ticket, .. } | Effect::Save { path: name, ticket, .. } = effect
            {
                let path = Some(name.clone());
                editor.handle(Event::Saved { name, path, print: None, ticket });
            }
        }
        editor.take_effects()
    };
    let n = Cell::new(0);
    bencher.with_inputs(save).bench_local_values(|_| {
        n.set(n.get() + 1);
        editor.borrow_mut().rename(&id, &generated::name(n.get()));
    });
}

/// The beginning of a journal, which is written beside the frames.
#[divan::bench(args = SIZES, sample_count = 10)]
fn begin_a_journal(bencher: Bencher<'_, '_>, components: usize) {
    let model = generated::landscape(components);
    bencher.bench_local(|| journal::begin(&Head::default(), &model));
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

/// The first letter of a search, which reads what all elements say of themselves.
#[divan::bench(args = SIZES, sample_count = 50)]
fn search_first(bencher: Bencher<'_, '_>, components: usize) {
    let (editor, _) = editor(components);
    let editor = RefCell::new(editor);
    bencher.bench_local(|| {
        let mut editor = editor.borrow_mut();
        editor.end_search();
        editor.search_for("w");
    });
}

/// Another letter.
#[divan::bench(args = SIZES, sample_count = 50)]
fn search_next(bencher: Bencher<'_, '_>, components: usize) {
    let (mut editor, _) = editor(components);
    editor.search_for("w");
    let (editor, words) = (RefCell::new(editor), Cell::new(true));
    bencher.bench_local(|| {
        words.set(!words.get());
        editor.borrow_mut().search_for(if words.get() { "we" } else { "web 1" });
    });
}
