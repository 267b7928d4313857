//! What holds of every model: what is saved is what is read, what is done can be taken back, nothing panics.

use std::sync::Arc;

use parapet::analysis::Facts;
use parapet::editor::{Editor, Surroundings};
use parapet::formats::{self, Export};
use parapet::model::{self, Access, Boundary, Component, Draft, Flow, Id, Model, Nesting, Place};
use parapet::rules;
use proptest::prelude::*;

use crate::generator::{models, models_with_edits};

pub(crate) fn without_places(model: &Model) -> Model {
    let mut bare = model.clone();
    let mut draft = Draft::of(model);
    model.places().keys().for_each(|key| draft.remove::<Place>(key));
    bare.apply(&draft.finish());
    bare
}

proptest! {
    // An editor derives each of them.
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_pasted_into_whatever_is_read_again(model in models(), fragment in models()) {
        let mut editor = Editor::with(model, Surroundings::fixed());
        editor.paste(&model::write(&fragment), None);
        editor.select_all();
        editor.duplicate();
        let written = model::write(editor.model());
        let read = model::read(written.as_bytes());
        prop_assert_eq!(read.as_ref(), Ok(editor.model()), "{}", written);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn saved_and_loaded_is_the_same(model in models()) {
        let written = model::write(&model);
        let read = model::read(written.as_bytes()).unwrap();
        prop_assert_eq!(&read, &model, "{}", written);
        prop_assert_eq!(model::write(&read), written);
    }

    #[test]
    fn written_and_read_as_text_is_the_same_without_places(model in models()) {
        let text = formats::text::write(&model);
        let read = formats::text::read(&text);
        let read = read.unwrap_or_else(|error| panic!("{error}\n{text}"));
        prop_assert_eq!(read, without_places(&model), "{}", text);
    }

    #[test]
    fn an_edit_and_its_inverse_change_nothing((model, edit) in models_with_edits()) {
        let mut now = model.clone();
        let happened = now.apply(&edit);
        let done = now.clone();
        let taken_back = now.apply(&happened.inverted());
        prop_assert_eq!(&now, &model);
        now.apply(&taken_back.inverted());
        prop_assert_eq!(&now, &done);
        now.revert(&happened);
        prop_assert_eq!(&now, &model);
    }

    #[test]
    fn what_stands_in_what_follows_edits((mut model, edit) in models_with_edits()) {
        let mut nesting = Nesting::of(&model);
        let happened = model.apply(&edit);
        nesting.update(&model, &happened);
        prop_assert_eq!(nesting, Nesting::of(&model));
    }

    #[test]
    fn nothing_panics_and_everything_is_exported(model in models()) {
        let report = rules::run(&Facts::of(Arc::new(model.clone())));
        let (findings, questions) = (&report.findings, &report.questions);
        let it = Export { model: &model, view: None, findings, questions, file: "random.parapet.ron", today: "" };
        for format in formats::ALL.iter().filter(|it| it.id != "png") {
            let first = format.export.unwrap()(&it).unwrap();
            prop_assert_eq!(first, format.export.unwrap()(&it).unwrap(), "{}", format.id);
        }
    }
}

/// A drawing of so many pieces, each put down by its number.
fn long(count: usize, mut each: impl FnMut(&mut Draft<'_>, usize)) -> Arc<Model> {
    let mut model = Model::new();
    let mut draft = Draft::of(&model);
    (0..count).for_each(|n| each(&mut draft, n));
    let edit = draft.finish();
    model.apply(&edit);
    Arc::new(model)
}

#[test]
fn nothing_that_is_long_needs_a_deep_stack() {
    const COUNT: usize = 1_500;
    let id = |stem: &str, n: usize| Id::slug(&format!("{stem}-{n:05}"));
    let chain = |kind: &'static str, access: Access, is_round: bool| {
        long(COUNT, move |draft, n| {
            draft.put(id("c", n), Component { kind: kind.to_owned(), ..Component::default() });
            let next = if is_round { (n + 1) % COUNT } else { n + 1 };
            let flow = Flow { access, ..Flow::between(id("c", n), id("c", next)) };
            draft.put(id("f", n), flow);
        })
    };
    let nest = long(COUNT, |draft, n| {
        let within = n.checked_sub(1).map(|it| id("b", it));
        let kind = "host".to_owned();
        draft.put(id("b", n), Boundary { kind, within: within.clone(), ..Boundary::default() });
        draft.put(id("c", n), Component { kind: "web-server".to_owned(), within, ..Component::default() });
    });
    let models = [
        chain("microservice", Access::Read, false),
        chain("microservice", Access::Read, true),
        chain("firewall", Access::Read, false),
        chain("load-balancer", Access::Read, true),
        chain("sql-database", Access::Replicate, false),
        chain("sql-database", Access::Replicate, true),
        nest,
    ];
    let run = move || models.map(|it| rules::run(&Facts::of(it)).findings.len());
    let thread = std::thread::Builder::new().stack_size(192 * 1024).spawn(run).unwrap();
    let found = thread.join().unwrap();
    assert!(found[0] > 0, "{found:?}");
}
