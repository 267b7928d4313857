//! What each rule costs: run with `cargo bench --bench rules`.

mod generated;

use divan::Bencher;
use parapet::analysis::Facts;
use parapet::rules::{self, Rule};

fn main() {
    if std::env::args().any(|it| it == "--said") {
        let facts = asked_for(10_000);
        for rule in rules::ALL {
            let report = rules::run_only(&facts, &[rule]);
            println!("SAID {} {} {}", report.findings.len(), report.questions.len(), rule.id);
        }
        let r = rules::run(&facts);
        println!("SAID {} {} all", r.findings.len(), r.questions.len());
        return;
    }
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
