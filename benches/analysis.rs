//! How long facts and findings take, as models grow: run with `cargo bench --bench analysis`.

mod generated;

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use divan::Bencher;
use parapet::analysis::Facts;
use parapet::model::{Component, Control, Draft, Edit, Flow, Id, Model, Place, Truth};
use parapet::rules::{self, Report};

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

/// The rules with which the figures were set.
const FIRST: [&str; 14] = [
    "single-point-of-failure",
    "single-failure-domain",
    "store-without-replica",
    "exposed-port",
    "exposed-admin-port",
    "exposed-data-store",
    "unfiltered-tier",
    "filter-bypassed",
    "over-permissive-filter",
    "plaintext-across-boundary",
    "entry-without-authentication",
    "sensitive-data-at-rest-clear",
    "throttling-missing",
    "session-tied-to-instance",
];

#[divan::bench(args = SIZES, sample_count = 20)]
fn facts_and_first_rules(bencher: Bencher<'_, '_>, components: usize) {
    let model = generated::landscape(components);
    let first: Vec<_> = FIRST.iter().filter_map(|it| rules::find(it)).collect();
    assert_eq!(first.len(), FIRST.len());
    bencher.bench_local(|| rules::run_only(&Facts::of(Arc::clone(&model)), &first));
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

/// A model with what was derived from it, edited on and on.
struct Edited {
    model: Arc<Model>,
    facts: Facts,
    report: Report,
    n: usize,
}

impl Edited {
    fn of(components: usize) -> Self {
        let model = generated::landscape(components);
        let facts = Facts::of(Arc::clone(&model));
        let report = rules::run(&facts);
        Self { model, facts, report, n: 0 }
    }

    /// One of a table, another each time, always in the same order.
    fn one<'t, T>(&self, table: &'t std::collections::BTreeMap<Id, T>) -> Option<(&'t Id, &'t T)> {
        table.iter().nth(self.n.wrapping_mul(7_919) % table.len().max(1))
    }

    fn label(&mut self) -> Edit {
        self.n += 1;
        let mut draft = Draft::of(&self.model);
        if let Some((id, _)) = self.one(self.model.components()) {
            draft.edit::<Component>(id, |it| it.name = generated::name(self.n));
        }
        draft.finish()
    }

    /// Of the controls that are asked of a kind.
    fn answer(&mut self) -> Edit {
        self.n += 1;
        let mut draft = Draft::of(&self.model);
        if let Some((id, record)) = self.one(self.model.components()) {
            let all = Control::all().iter().filter(|it| it.is_for_kind(record.kind()));
            let asked: Vec<&str> = all.map(|it| it.slug.as_str()).collect();
            let slug = asked.get(self.n % asked.len().max(1)).copied().unwrap_or("logging");
            let truth = if record.controls.truth(slug) == Truth::No { Truth::Yes } else { Truth::No };
            draft.edit::<Component>(id, |it| it.controls.set(slug, truth.into()));
        }
        draft.finish()
    }

    fn encryption(&mut self) -> Edit {
        self.n += 1;
        let mut draft = Draft::of(&self.model);
        if let Some((id, record)) = self.one(self.model.flows()) {
            let truth = if record.encrypted.is_no() { Truth::Yes } else { Truth::No };
            draft.edit::<Flow>(id, |it| it.encrypted = truth.into());
        }
        draft.finish()
    }

    fn moved(&mut self) -> Edit {
        self.n += 1;
        let mut draft = Draft::of(&self.model);
        if let Some(((view, id), place)) =
            self.model.places().iter().nth(self.n % self.model.places().len().max(1))
        {
            let place = Place { x: (f32::from(self.n as u16)).into(), ..Place::clone(place) };
            draft.put((view.clone(), id.clone()), place);
        }
        draft.finish()
    }

    /// As the editor does: the facts let go of the model, which is edited where it lies.
    fn apply(&mut self, edit: &Edit) {
        self.facts.put_model(Arc::default());
        let happened = Arc::make_mut(&mut self.model).apply(edit);
        if let Some(touched) = self.facts.patch(&self.model, &happened) {
            rules::update(&mut self.report, &self.facts, &touched);
        } else {
            self.facts = Facts::of(Arc::clone(&self.model));
            self.report = rules::run(&self.facts);
        }
    }
}

fn edit_to_findings(bencher: Bencher<'_, '_>, components: usize, edits: &[fn(&mut Edited) -> Edit]) {
    let (edited, n) = (RefCell::new(Edited::of(components)), Cell::new(0));
    let next = || {
        n.set(n.get() + 1);
        edits[n.get() % edits.len()](&mut edited.borrow_mut())
    };
    bencher.with_inputs(next).bench_local_refs(|edit| edited.borrow_mut().apply(edit));
}

const EDITED: [usize; 2] = [1_000, 10_000];

#[divan::bench(args = EDITED, sample_count = 300)]
fn edit_label(bencher: Bencher<'_, '_>, components: usize) {
    edit_to_findings(bencher, components, &[Edited::label]);
}

#[divan::bench(args = EDITED, sample_count = 300)]
fn edit_answer(bencher: Bencher<'_, '_>, components: usize) {
    edit_to_findings(bencher, components, &[Edited::answer]);
}

#[divan::bench(args = EDITED, sample_count = 100)]
fn edit_encryption_of_a_flow(bencher: Bencher<'_, '_>, components: usize) {
    edit_to_findings(bencher, components, &[Edited::encryption]);
}

/// An answer, a label, a moved box, in turn.
#[divan::bench(args = EDITED, sample_count = 300)]
fn edit_locally(bencher: Bencher<'_, '_>, components: usize) {
    edit_to_findings(bencher, components, &[Edited::answer, Edited::label, Edited::moved]);
}
