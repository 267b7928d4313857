//! How long an auto layout takes, as drawings grow: run with `cargo bench --bench layout`.

#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use divan::Bencher;
use parapet::model::{Direction, Draft, Id, MAIN_VIEW, Model, Nesting, Place};
use parapet::scene::{Layered, LayoutScope, auto_layout};

fn main() {
    divan::main();
}

const SIZES: [usize; 5] = [50, 200, 1_000, 2_500, 10_000];

fn bench(bencher: Bencher<'_, '_>, model: &Model, direction: Direction) {
    let (nesting, view) = (Nesting::of(model), Id::slug(MAIN_VIEW));
    let asked = (&LayoutScope::View, direction);
    bencher.bench_local(|| auto_layout(model, &nesting, &view, asked, &Layered, &|| false));
}

/// The landscape with boxes for its boundaries, too.
fn drawn(components: usize) -> Model {
    let mut model = Model::clone(&generated::landscape(components));
    let edit = {
        let mut draft = Draft::of(&model);
        for id in model.boundaries().keys() {
            draft.put((Id::slug(MAIN_VIEW), id.clone()), Place::default());
        }
        draft.finish()
    };
    model.apply(&edit);
    model
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn down(bencher: Bencher<'_, '_>, components: usize) {
    bench(bencher, &drawn(components), Direction::Down);
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn right(bencher: Bencher<'_, '_>, components: usize) {
    bench(bencher, &drawn(components), Direction::Right);
}

/// One in twenty is locked, all over the drawing.
#[divan::bench(args = SIZES, sample_count = 10)]
fn around_pins(bencher: Bencher<'_, '_>, components: usize) {
    let mut model = drawn(components);
    let edit = {
        let mut draft = Draft::of(&model);
        for id in model.components().keys().step_by(20) {
            draft.edit::<Place>(&(Id::slug(MAIN_VIEW), id.clone()), |it| it.locked = true);
        }
        draft.finish()
    };
    model.apply(&edit);
    bench(bencher, &model, Direction::Down);
}
