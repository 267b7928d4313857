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

/// Sketches of about ten elements, with the stores that a reviewer asks about first.
const SKETCHES: [(&str, &[&str]); 4] = [
    (
        "users \"Users\": user; dns: dns; lb: load-balancer; web-1: web-server; web-2: web-server; app: application-server
         db \"Orders\": postgres; cache: redis; files \"Images\": object-store; mail: third-party-service
         users -> dns; users -> lb -> web-1, web-2 -> app: https; app -> db: postgres [read-write]
         app -> cache: redis; app -> files, mail: https",
        &["Orders", "Images"],
    ),
    (
        "phone: mobile-app; gw: api-gateway; orders: microservice; pay: microservice; notify: worker; events: message-queue
         odb \"Order store\": sql-database; pdb \"Payment store\": sql-database; push: third-party-service; bank: third-party-service
         phone -> gw -> orders, pay: https; orders -> odb: postgres; pay -> pdb: postgres; pay -> bank: https
         orders -> events: amqps [publish]; notify -> events: amqps [consume]; notify -> push: https",
        &["Order store", "Payment store"],
    ),
    (
        "users: user; admin: admin; mail: third-party-service; backup: backup-store
         boundary box \"Server\": host { web: web-server; app: application-server; db \"Database\": sql-database
           cron: worker; files \"Uploads\": file-store }
         users -> web: https; web -> app: http; app, cron -> db: mysql; app -> files: nfs; cron -> mail: https
         admin -> web: ssh [admin]; db -> backup: https",
        &["Database", "Uploads"],
    ),
    (
        "users: user; lb: load-balancer; api-1: application-server; api-2: application-server; map: shard-directory
         s1 \"Shard 1\": sql-database; s2 \"Shard 2\": sql-database; s3 \"Shard 3\": sql-database; r1: sql-database; r2: sql-database
         users -> lb -> api-1, api-2: https; api-1, api-2 -> map: https [read]; api-1, api-2 -> s1, s2, s3: mysql [read-write]
         s1 -> r1: mysql [replicate]; s2 -> r2: mysql [replicate]",
        &["Shard 1, Shard 2 and 3 more"],
    ),
];

#[test]
fn what_is_kept_is_among_the_first_that_is_asked() {
    for (sketch, stores) in SKETCHES {
        let model = text::read(sketch).unwrap_or_else(|it| panic!("{it}"));
        let report = report(model.clone());
        let asked: Vec<_> = report.questions.iter().map(|it| it.text.read(&model)).collect();
        println!("{} findings, {} questions:\n{}\n", report.findings.len(), asked.len(), asked.join("\n"));
        let about_data: Vec<&str> =
            asked.iter().take(5).filter_map(|it| it.strip_prefix("Which data is kept in ")).collect();
        let expected: Vec<String> = stores.iter().map(|it| format!("{it}?")).collect();
        assert_eq!(about_data, expected, "{asked:#?}");
        assert!(asked.len() <= 10, "{} questions for ten boxes that say nothing", asked.len());
    }
}
