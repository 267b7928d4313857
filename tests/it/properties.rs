//! What holds of every model: what is saved is what is read, what is done can be taken back, nothing panics.

use std::sync::Arc;

use parapet::analysis::Facts;
use parapet::formats::{self, Export};
use parapet::model::{self, Draft, Model, Place};
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
    fn nothing_panics_and_everything_is_exported(model in models()) {
        let report = rules::run(&Facts::of(Arc::new(model.clone())));
        let (findings, questions) = (&report.findings, &report.questions);
        let it = Export { model: &model, view: None, findings, questions, file: "random.parapet.ron" };
        for format in formats::ALL.iter().filter(|it| it.id != "png") {
            let first = format.export.unwrap()(&it).unwrap();
            prop_assert_eq!(first, format.export.unwrap()(&it).unwrap(), "{}", format.id);
        }
    }
}
