//! How much is said of a drawing that says nothing yet: peers give hundreds of findings for a dozen boxes.
//!
//! `cargo test --test it noise -- --nocapture` prints the figures.

#![expect(clippy::print_stdout, reason = "the figures are for whoever looks")]

use std::collections::BTreeMap;
use std::sync::Arc;

use parapet::analysis::Facts;
use parapet::editor::SAMPLES;
use parapet::formats::text;
use parapet::model::{
    self, Allows, Answer, Asset, Boundary, Component, Controls, Draft, Flow, From, Ingress, Model,
};
use parapet::rules::{self, Report};

/// The same drawing with nothing answered: boxes, boundaries, arrows, names, and which data is where.
fn bare(model: &Model) -> Model {
    let mut draft = Draft::of(model);
    for id in model.components().keys() {
        draft.edit::<Component>(id, |it| {
            it.technology.clear();
            it.allows = Allows::Unknown;
            it.controls = Controls::default();
            (it.highly_available, it.takes_over) = (Answer::default(), Answer::default());
            it.listeners.iter_mut().for_each(|it| it.meant_for = From::Unknown);
        });
    }
    for id in model.boundaries().keys() {
        draft.edit::<Boundary>(id, |it| {
            it.controls = Controls::default();
            it.segmented = Answer::default();
            if it.ingress != Ingress::Open {
                it.ingress = Ingress::Unknown;
            }
        });
    }
    for id in model.flows().keys() {
        draft.edit::<Flow>(id, |it| {
            it.controls = Controls::default();
            (it.encrypted, it.authenticated) = (Answer::default(), Answer::default());
        });
    }
    for id in model.assets().keys() {
        draft.edit::<Asset>(id, |it| (it.personal, it.credential) = (Answer::default(), Answer::default()));
    }
    let edit = draft.finish();
    let mut bare = model.clone();
    bare.apply(&edit);
    bare
}

fn report(model: Model) -> Report {
    rules::run(&Facts::of(Arc::new(model)))
}

fn by_rule<'a>(rules: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in rules {
        *counts.entry(rule).or_default() += 1;
    }
    let mut text = String::new();
    for (rule, n) in counts {
        text.push_str(&format!("\n    {n:3} {rule}"));
    }
    text
}

#[test]
fn a_bare_drawing_does_not_drown_its_owner() {
    for sample in SAMPLES {
        let bare = bare(&model::read(sample.text.as_bytes()).unwrap());
        let elements = bare.components().len();
        let report = report(bare);
        let (findings, questions) = (report.findings.len(), report.questions.len());
        println!(
            "{}: {elements} components, {findings} findings, {questions} questions{}{}",
            sample.id,
            by_rule(report.findings.iter().map(|it| it.rule.as_str())),
            by_rule(report.questions.iter().map(|it| it.rule.as_str())),
        );
        // Those that are wrong by design have more to find than boxes.
        if sample.id == "reference" {
            assert!(findings <= elements, "{findings} findings for {elements} components");
        }
        assert!(questions <= 3 * elements, "{questions} questions for {elements} components");
    }
}

/// A first sketch, as somebody draws it in five minutes: the first ten questions are those that a reviewer would ask.
#[test]
fn a_fresh_drawing_is_asked_about_what_matters_first() {
    let sketch = "users: user; users -> lb: https; lb -> web-1, web-2: http; web-1, web-2 -> app: https
        app -> db: postgres [write]; app -> cache: redis; app -> queue: amqps [publish]; worker -> queue: amqps [consume]
        worker -> mailer: https; mailer: third-party-service; db: sql-database [stores orders]; asset orders: confidential";
    let model = text::read(sketch).unwrap();
    let report = report(model.clone());
    let asked: Vec<_> = report.questions.iter().map(|it| it.text.read(&model)).collect();
    println!("{} findings, {} questions:\n{}", report.findings.len(), asked.len(), asked.join("\n"));
    assert!(asked.len() <= 30, "{} questions for ten boxes", asked.len());
    assert!(
        report.findings.len() <= 10,
        "{:#?}",
        report.findings.iter().map(|it| &it.key).collect::<Vec<_>>()
    );
}
