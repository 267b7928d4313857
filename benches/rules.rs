//! What each rule costs: run with `cargo bench --bench rules`.

#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use divan::Bencher;
use parapet::analysis::Facts;
use parapet::rules::{self, Rule};

fn main() {
    divan::main();
}

/// All that is found when it is first asked for, is there.
fn asked_for(components: usize) -> Facts {
    let facts = Facts::of(generated::landscape(components));
    rules::run(&facts);
    facts
}

#[divan::bench(args = rules::ALL.iter().map(|it| it.id), sample_count = 5)]
fn at_10_000(bencher: Bencher<'_, '_>, rule: &str) {
    let facts = asked_for(10_000);
    let rules: Vec<&'static Rule> = rules::find(rule).into_iter().collect();
    bencher.bench_local(|| rules::run_only(&facts, &rules));
}
