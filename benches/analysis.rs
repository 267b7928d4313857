//! How long facts and findings take, as models grow: run with `cargo bench --bench analysis`.

mod generated;

use std::sync::Arc;

use divan::Bencher;
use parapet::analysis::Facts;
use parapet::model::Model;
use parapet::rules;

fn main() {
    divan::main();
}

/// 100, 1,000 and 10,000 components, and each doubling on the way to the last, so that the growth shows.
const SIZES: [usize; 7] = [100, 500, 1_000, 1_250, 2_500, 5_000, 10_000];

fn everything(bencher: Bencher<'_, '_>, model: &Arc<Model>) {
    bencher.bench_local(|| rules::run(&Facts::of(Arc::clone(model))));
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn facts_and_rules(bencher: Bencher<'_, '_>, components: usize) {
    everything(bencher, &generated::landscape(components));
}

#[divan::bench(args = SIZES, sample_count = 20)]
fn facts_alone(bencher: Bencher<'_, '_>, components: usize) {
    let model = generated::landscape(components);
    bencher.bench_local(|| Facts::of(Arc::clone(&model)));
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 5)]
fn hostile_chain(bencher: Bencher<'_, '_>, components: usize) {
    everything(bencher, &generated::chain(components));
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 5)]
fn hostile_star(bencher: Bencher<'_, '_>, components: usize) {
    everything(bencher, &generated::star(components));
}

#[divan::bench(args = [2_500, 5_000, 10_000], sample_count = 5)]
fn hostile_flat(bencher: Bencher<'_, '_>, components: usize) {
    everything(bencher, &generated::flat(components));
}
