//! How long the picture takes, as models grow: run with `cargo bench --bench canvas`.

#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use divan::Bencher;
use parapet::model::{Draft, Edit, Id, MAIN_VIEW, Model, Nesting, Place};
use parapet::scene::{Highlight, Layout, Look, Marks, New, Wish, display, place_new};

fn main() {
    divan::main();
}

const SIZES: [usize; 5] = [100, 1_000, 2_500, 5_000, 10_000];

fn view() -> Id {
    Id::slug(MAIN_VIEW)
}

fn laid_out(model: &Model) -> Layout {
    Layout::of(model, &view(), &Nesting::of(model))
}

/// A file is opened, or an edit touches everything.
#[divan::bench(args = SIZES, sample_count = 10)]
fn layout(bencher: Bencher<'_, '_>, components: usize) {
    let model = generated::landscape(components);
    let nesting = Nesting::of(&model);
    bencher.bench_local(|| Layout::of(&model, &view(), &nesting));
}

/// A frame in which everything is visible, in full detail. Painting comes on top.
#[divan::bench(args = SIZES, sample_count = 20)]
fn frame(bencher: Bencher<'_, '_>, components: usize) {
    let model = generated::landscape(components);
    let layout = laid_out(&model);
    let (marks, highlight) = (Marks::default(), Highlight::default());
    let look = Look::whole(&marks, &highlight, 1.0);
    bencher.bench_local(|| {
        let mut count = 0;
        display(&layout, &look, &mut |it| count += usize::from(divan::black_box(it).opacity > 0.0));
        count
    });
}

/// A component is dropped a step further to the right, and back.
#[divan::bench(args = SIZES, sample_count = 50)]
fn one_moved(bencher: Bencher<'_, '_>, components: usize) {
    let mut model = Model::clone(&generated::landscape(components));
    let nesting = Nesting::of(&model);
    let mut layout = laid_out(&model);
    let moved = moved_edit(&model);
    let mut edit = moved;
    bencher.bench_local(|| {
        model.apply(&edit);
        layout.update(&model, &nesting, &edit);
        edit = edit.inverted();
    });
}

fn moved_edit(model: &Model) -> Edit {
    let keys = model.components().keys().filter(|it| it.as_str().starts_with("svc-"));
    let middle = keys.clone().nth(keys.count() / 2).cloned().unwrap_or_default();
    let mut draft = Draft::of(model);
    draft.edit::<Place>(&(view(), middle), |it| it.x = (it.x.px() + 16.0).into());
    draft.finish()
}

/// An import without places is laid out.
#[divan::bench(args = SIZES, sample_count = 5)]
fn place_all(bencher: Bencher<'_, '_>, components: usize) {
    place_model(bencher, &generated::landscape(components));
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 3)]
fn place_hostile_chain(bencher: Bencher<'_, '_>, components: usize) {
    place_model(bencher, &generated::chain(components));
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 3)]
fn place_hostile_star(bencher: Bencher<'_, '_>, components: usize) {
    place_model(bencher, &generated::star(components));
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 3)]
fn place_hostile_flat(bencher: Bencher<'_, '_>, components: usize) {
    place_model(bencher, &generated::flat(components));
}

fn place_model(bencher: Bencher<'_, '_>, model: &Model) {
    let mut model = model.clone();
    let mut draft = Draft::of(&model);
    for key in model.places().keys() {
        draft.remove::<Place>(key);
    }
    let edit = draft.finish();
    model.apply(&edit);
    let nesting = Nesting::of(&model);
    let ids = model.components().keys().chain(model.boundaries().keys());
    let new: Vec<New> = ids.map(|it| New { id: it.clone(), wish: Wish::Anywhere }).collect();
    bencher.bench_local(|| place_new(&model, &nesting, &view(), &new));
}
