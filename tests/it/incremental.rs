//! What is derived anew after an edit of names and answers is what is derived from nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use parapet::analysis::Facts;
use parapet::editor::{Derived, Editor, Effect, Event, SAMPLES, Slices, Surroundings};
use parapet::formats::text;
use parapet::model::{
    Answer, Api, Asset, Boundary, Brief, Class, Component, Control, Dataset, Draft, Edit, Flow, Id, Model,
    Place, Severity, Truth, Verdict, VerdictState,
};
use parapet::rules::{self, Choice, Question, Report};
use proptest::prelude::*;

use crate::packs::{packs, with};
use crate::rules::{Numbers, architectures, samples};

/// Words that rules look for in names, and names that make pools.
const NAMES: [&str; 12] = [
    "Web 1",
    "Web 2",
    "web-3",
    "Orders",
    "Orders shard 1",
    "Orders shard 2",
    "Dead letters",
    "lb-east",
    "lb-west",
    "",
    "the balancer",
    "Cache",
];

/// A model and what was derived of it, kept up to date.
struct Kept {
    model: Arc<Model>,
    facts: Facts,
    report: Report,
}

impl Kept {
    fn of(model: Model) -> Self {
        let model = Arc::new(model);
        let facts = Facts::of(Arc::clone(&model));
        let report = rules::run(&facts);
        Self { model, facts, report }
    }

    /// Whether it was enough to look at what was touched.
    fn apply(&mut self, edit: &Edit) -> bool {
        let mut model = Model::clone(&self.model);
        let happened = model.apply(edit);
        self.model = Arc::new(model);
        let touched = self.facts.patch(&self.model, &happened);
        match &touched {
            Some(touched) => rules::update(&mut self.report, &self.facts, touched),
            None => *self = Self::of(Model::clone(&self.model)),
        }
        touched.is_some()
    }

    fn is_as_from_nothing(&self) -> Result<(), String> {
        let new = Self::of(Model::clone(&self.model)).report;
        // An edit goes by fields, so that one of an older record does what one of the newest does.
        let done = |it: &Choice| (it.label.clone(), Model::clone(&self.model).apply(&it.edit(&self.model)));
        let question = |it: &Question| {
            let choices: Vec<_> = it.choices.iter().map(done).collect();
            format!("{:?} {choices:?}", Question { choices: Vec::new(), ..it.clone() })
        };
        let told = |it: &Report| {
            let findings = it.findings.iter().map(|it| format!("{it:?}"));
            findings.chain(it.questions.iter().map(|it| question(it))).collect::<Vec<_>>()
        };
        let (kept, new) = (told(&self.report), told(&new));
        let differs = kept.iter().zip(&new).find(|(kept, new)| kept != new);
        if let Some((kept, new)) = differs {
            return Err(format!("kept {kept}\nbut from nothing {new}\nin\n{}", text::write(&self.model)));
        }
        if kept.len() != new.len() {
            return Err(format!(
                "{} kept, {} from nothing in\n{}",
                kept.len(),
                new.len(),
                text::write(&self.model)
            ));
        }
        Ok(())
    }
}

fn one<T>(it: &mut Numbers, table: impl ExactSizeIterator<Item = T>) -> Option<T> {
    let count = table.len();
    (count > 0).then(|| it.below(count)).and_then(|n| table.into_iter().nth(n))
}

fn answer(it: &mut Numbers) -> Answer {
    Answer { later: it.rarely(8), ..Answer::of(it.one(&Truth::ALL)) }
}

/// An edit of a name, of answers, of notes, of a place: no other fact follows from any.
fn small_edit(model: &Model, it: &mut Numbers) -> Edit {
    let mut draft = Draft::of(model);
    for _ in 0..1 + it.below(2) {
        let control = Control::all()[it.below(Control::all().len())].slug.as_str();
        match it.below(9) {
            0 | 1 => {
                let Some(id) = one(it, model.components().keys()) else { continue };
                let name = it.one(&NAMES).to_owned();
                draft.edit::<Component>(id, |it| it.name = name);
            }
            2 | 3 => {
                let Some(id) = one(it, model.components().keys()) else { continue };
                let said = answer(it);
                draft.edit::<Component>(id, |it| it.controls.set(control, said));
            }
            4 => {
                let Some(id) = one(it, model.flows().keys()) else { continue };
                let said = answer(it);
                draft.edit::<Flow>(id, |it| it.controls.set(control, said));
            }
            5 => {
                let Some(id) = one(it, model.flows().keys()) else { continue };
                let (is_first, said) = (it.rarely(2), answer(it));
                draft.edit::<Flow>(
                    id,
                    |it| {
                        if is_first { it.encrypted = said } else { it.authenticated = said }
                    },
                );
            }
            6 => {
                let Some(id) = one(it, model.boundaries().keys()) else { continue };
                let said = answer(it);
                draft.edit::<Boundary>(id, |it| it.controls.set(control, said));
            }
            7 => {
                let said = answer(it);
                if let Some(id) = one(it, model.apis().keys()) {
                    draft.edit::<Api>(id, |it| it.controls.set(control, said.clone()));
                }
                if let Some(id) = one(it, model.datasets().keys()) {
                    draft.edit::<Dataset>(id, |it| it.controls.set(control, said.clone()));
                }
            }
            _ => {
                let Some(id) = one(it, model.components().keys()) else { continue };
                draft.edit::<Component>(id, |it| it.notes.push('!'));
                draft.put(
                    (Id::slug("main"), id.clone()),
                    Place { x: (it.below(200) as u32).into(), ..Place::default() },
                );
            }
        }
    }
    draft.finish()
}

/// An edit from which more may follow.
fn large_edit(model: &Model, it: &mut Numbers) -> Edit {
    let mut draft = Draft::of(model);
    let Some(id) = one(it, model.components().keys()) else { return draft.finish() };
    match it.below(3) {
        0 => draft.delete(&[id.clone()].into()),
        1 => draft.edit::<Component>(id, |it| it.kind = "worker".to_owned()),
        _ => draft.edit::<Component>(id, |it| (it.name, it.replicas) = ("Web 7".to_owned(), Some(3))),
    }
    draft.finish()
}

fn drawings() -> impl Strategy<Value = Model> {
    let samples: Vec<Model> = samples().into_iter().map(|it| it.1).collect();
    let drawn = prop_oneof![3 => architectures(), 1 => prop::sample::select(samples)];
    // Now and then with rules of its own.
    (drawn, prop::option::of(packs())).prop_map(|(model, pack)| match pack {
        Some(pack) => with(model, &pack),
        None => model,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_is_what_is_found_from_nothing(
        model in drawings(),
        numbers in prop::collection::vec(any::<u8>(), 20..90),
    ) {
        let mut it = Numbers(numbers.into_iter());
        let mut kept = Kept::of(model);
        while !it.0.as_slice().is_empty() {
            let is_large = it.rarely(9);
            let edit = if is_large { large_edit(&kept.model, &mut it) } else { small_edit(&kept.model, &mut it) };
            kept.apply(&edit);
            prop_assert_eq!(kept.is_as_from_nothing(), Ok(()));
        }
    }
}

#[test]
fn answers_and_names_are_enough_to_look_at_and_what_more_follows_from_is_not() {
    let sketch = "user -> lb -> web-1, web-2: https; web-1, web-2 -> db: postgres; db \"Orders\": postgres";
    let mut kept = Kept::of(text::read(sketch).unwrap());
    let id = |text: &str| Id::slug(text);
    let mut changed = |change: &dyn Fn(&mut Draft<'_>)| {
        let model = Arc::clone(&kept.model);
        let mut draft = Draft::of(&model);
        change(&mut draft);
        let was_enough = kept.apply(&draft.finish());
        assert_eq!(kept.is_as_from_nothing(), Ok(()));
        was_enough
    };
    assert!(changed(&|it| it.edit::<Component>(&id("db"), |it| it.name = "Bills".to_owned())));
    assert!(changed(&|it| it.edit::<Component>(&id("db"), |it| it.controls.set("backups", Answer::no()))));
    assert!(changed(&|it| it.edit::<Flow>(&id("user-lb"), |it| it.encrypted = Answer::no())));
    // Two of one pool are told apart from here on.
    assert!(!changed(&|it| it.edit::<Component>(&id("web-2"), |it| it.name = "Search".to_owned())));
    assert!(!changed(&|it| it.edit::<Component>(&id("db"), |it| it.takes_over = Answer::no())));
    assert!(!changed(&|it| it.delete(&[id("db")].into())));
}

/// A clock on which all takes long, so that every derivation that may goes beside the frames.
fn slow_ms() -> f64 {
    static CLOCK: AtomicU32 = AtomicU32::new(0);
    f64::from(CLOCK.fetch_add(11, Relaxed))
}

/// One step of whoever works in the window.
fn step(editor: &mut Editor, it: &mut Numbers) {
    let model = Model::clone(editor.model());
    match it.below(16) {
        0..=4 => editor.apply("A small edit", &small_edit(&model, it)),
        5 => editor.apply("A large edit", &large_edit(&model, it)),
        6 | 7 => editor.undo(),
        8 => editor.redo(),
        9 => {
            let level = it.one(&Severity::ALL);
            editor.change("Levels", |draft, _| draft.edit::<Brief>(&(), |it| it.levels.grave = [level; 4]));
        }
        10 => {
            let Some(key) = one(it, editor.report().findings.iter()).map(|it| it.key.clone()) else { return };
            let verdict =
                Verdict { state: VerdictState::Accepted, reason: "r".to_owned(), ..Verdict::default() };
            editor.give_verdict(&key, &verdict);
        }
        11 => {
            if editor.model().packs().is_empty() {
                editor.add_sample_pack();
            } else {
                editor.remove_pack(&Id::slug("house"));
            }
        }
        12 => {
            let Some(id) = one(it, model.assets().keys()) else { return };
            editor.change("Classify", |draft, _| draft.edit::<Asset>(id, |it| it.class = Class::Secret));
        }
        13 if it.rarely(3) => editor.load_sample(&SAMPLES[it.below(SAMPLES.len())]),
        14 => {
            let Some(key) = one(it, editor.report().findings.iter()).map(|it| it.key.clone()) else { return };
            editor.apply_fix(&key, 0);
        }
        _ => {
            let Some(key) = one(it, editor.report().questions.iter()).map(|it| it.key.clone()) else {
                return;
            };
            editor.answer(&key, 0);
        }
    }
}

/// What a platform does: a thread beside the frames, or slices between them.
fn derived(model: Arc<Model>, is_sliced: bool) -> Box<Derived> {
    if !is_sliced {
        return Box::new(Derived::of(model, slow_ms));
    }
    let mut slices = Slices::of(model, slow_ms);
    loop {
        if let Some(derived) = slices.slice(100.0) {
            return Box::new(derived);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Results come late, out of order and twice, to models that were edited, undone and loaded meanwhile.
    #[test]
    fn what_is_shown_is_what_is_found_from_nothing_once_it_is_not_behind(
        model in drawings(),
        numbers in prop::collection::vec(any::<u8>(), 20..90),
    ) {
        let mut it = Numbers(numbers.into_iter());
        let mut editor = Editor::with(model, Surroundings { now_ms: slow_ms, ..Surroundings::fixed() });
        let mut jobs = Vec::new();
        loop {
            let is_over = it.0.as_slice().is_empty();
            if !is_over {
                step(&mut editor, &mut it);
            }
            let asked = editor.take_effects().into_iter();
            jobs.extend(asked.filter_map(|it| match it {
                Effect::Derive { generation, model } => Some((generation, model)),
                _ => None,
            }));
            if is_over {
                jobs.drain(..).for_each(|(generation, model)| {
                    editor.handle(Event::Derived { generation, derived: derived(model, true) });
                });
                prop_assert!(!editor.is_behind());
            } else if !jobs.is_empty() && it.below(3) == 0 {
                let (generation, model) = jobs[it.below(jobs.len())].clone();
                editor.handle(Event::Derived { generation, derived: derived(model, it.rarely(4)) });
            }
            // Whoever looks meanwhile sees findings with the facts that they are of.
            for finding in editor.report().findings.iter().take(8) {
                editor.fixes(finding);
            }
            prop_assert_eq!(editor.facts().model().components().len(), editor.facts().topology.component_count());
            if !editor.is_behind() {
                prop_assert_eq!(editor.facts().model().components(), editor.model().components());
                let new = Kept::of(Model::clone(editor.model()));
                let shown = Kept {
                    model: Arc::clone(&new.model),
                    facts: editor.facts().clone(),
                    report: editor.report().clone(),
                };
                prop_assert_eq!(shown.is_as_from_nothing(), Ok(()));
            }
            if is_over {
                break;
            }
        }
    }
}
