//! What holds for all rules: on every sample, on random architectures, on random nonsense.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use parapet::analysis::Facts;
use parapet::editor::may_be_gate;
use parapet::formats::text;
use parapet::model::{
    Access, Allow, Allows, Answer, Asset, Boundary, Class, Component, Draft, Edit, Feature, Flow, From, Id,
    Ingress, Model, Needs, Ports, Style, Truth,
};
use parapet::rules::{self, Cell, Kind, Report};
use proptest::prelude::*;

use crate::generator::models;

fn report(model: &Model) -> (Facts, Report) {
    let facts = Facts::of(Arc::new(model.clone()));
    let report = rules::run(&facts);
    (facts, report)
}

pub(crate) fn samples() -> Vec<(String, Model)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    files.retain(|it| it.to_string_lossy().ends_with(".parapet.ron"));
    files.sort();
    let read = |it: &std::path::PathBuf| parapet::model::read(&std::fs::read(it).unwrap()).unwrap();
    files.iter().map(|it| (it.file_name().unwrap().to_string_lossy().into_owned(), read(it))).collect()
}

/// The model after an edit, all of which must really happen.
fn after(model: &Model, edit: &Edit) -> Result<Model, String> {
    let mut model = model.clone();
    let happened = model.apply(edit);
    if edit.is_empty() || happened != *edit {
        return Err(format!("an edit that does not happen as it says: {edit:?}"));
    }
    Ok(model)
}

/// Every finding offers fixes; each mends it, and adds no problem to the model.
pub(crate) fn every_fix_mends(model: &Model) -> Result<(), String> {
    let (facts, report) = report(model);
    for finding in &report.findings {
        let fixes = rules::fixes(&facts, finding);
        if fixes.is_empty() {
            return Err(format!("{} offers no fix", finding.key));
        }
        let labels: BTreeSet<&str> = fixes.iter().map(|it| it.label.as_str()).collect();
        if labels.len() != fixes.len() || labels.iter().any(|it| !it.starts_with(char::is_uppercase)) {
            return Err(format!("{}: labels {labels:?}", finding.key));
        }
        for fix in &fixes {
            let of = |problem: String| format!("{}, {:?}: {problem}", finding.key, fix.label);
            let mended = after(model, &fix.edit).map_err(of)?;
            if mended.problems().len() > model.problems().len() {
                return Err(of(format!("adds problems: {:?}", mended.problems())));
            }
            let (_, now) = self::report(&mended);
            if now.finding(&finding.key).is_some() {
                return Err(of(format!("is still found in\n{}", text::write(&mended))));
            }
        }
    }
    Ok(())
}

/// Every choice of a question is an edit after which it is asked no more.
pub(crate) fn every_choice_answers(model: &Model) -> Result<(), String> {
    let (_, report) = report(model);
    for question in &report.questions {
        if question.choices.len() < 2 {
            return Err(format!("{} leaves no choice", question.key));
        }
        for choice in &question.choices {
            let of = |problem: String| format!("{}, {:?}: {problem}", question.key, choice.label);
            let answered = after(model, &choice.edit(model)).map_err(of)?;
            if self::report(&answered).1.question(&question.key).is_some() {
                return Err(of("is still asked".to_owned()));
            }
        }
    }
    Ok(())
}

/// Findings and questions speak of what is there, in sentences that are written alike.
pub(crate) fn is_well_said(model: &Model, report: &Report) -> Result<(), String> {
    let keys: BTreeSet<&str> = report.findings.iter().map(|it| it.key.as_str()).collect();
    if keys.len() != report.findings.len() {
        return Err("two findings under one key".to_owned());
    }
    for it in &report.findings {
        let there = it.subjects.iter().chain(&it.evidence.elements()).all(|it| model.has(it));
        let is_sorted = it.subjects.is_sorted() && it.facts.is_sorted();
        let is_named = !it.message.is_empty() && !it.place.is_empty() && !it.subjects.is_empty();
        let ends = !it.message.trim_end().ends_with('.') && it.because.ends_with('.');
        if !(there
            && is_sorted
            && is_named
            && ends
            && it.key == rules::key(&it.rule, &it.subjects, &it.detail))
        {
            return Err(format!("{it:#?}"));
        }
    }
    for it in &report.questions {
        let there = model.has(&it.subject) && it.evidence.elements().iter().all(|it| model.has(it));
        let is_said = it.text.ends_with('?') && it.why.ends_with('.');
        if !(there && is_said && it.key == format!("{}.{}", it.subject, it.field)) {
            return Err(format!("{it:#?}"));
        }
        if rules::about(model, &it.rule).is_none_or(|it| it.kind != Kind::Asks) {
            return Err(format!("{} says that it never asks, but {}", it.rule, it.text));
        }
    }
    Ok(())
}

/// No cell is without a reason, and each finding stands in the cells of its letters at each of its elements.
fn is_covered(model: &Model) -> Result<(), String> {
    let (facts, report) = report(model);
    let rows = rules::coverage(&facts, &report, "");
    for cell in rows.iter().flat_map(|it| &it.cells) {
        let is_told = match cell {
            Cell::Found(it) | Cell::Asked(it) | Cell::Settled(it) | Cell::Answered(it) => !it.is_empty(),
            Cell::Clear(rules) => *rules > 0,
            Cell::NotApplicable(it) => !it.is_empty(),
        };
        if !is_told {
            return Err(format!("a cell without a reason: {cell:?}"));
        }
    }
    for finding in report.findings.iter().filter(|it| it.standing(model, "").is_open()) {
        if finding.rule == rules::THREAT_BY_HAND {
            continue;
        }
        let kinds = rules::stride(model, &finding.rule);
        for row in rows.iter().filter(|it| finding.subjects.contains(&it.element)) {
            for (cell, (_, _, column)) in row.cells.iter().zip(rules::COLUMNS) {
                let is_meant = kinds.iter().any(|it| column.contains(it));
                if is_meant && !matches!(cell, Cell::Found(keys) if keys.contains(&finding.key)) {
                    return Err(format!("{} is not in {row:?}", finding.key));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn every_fix_and_every_choice_of_every_sample_does_what_it_says() {
    for (name, model) in samples() {
        every_fix_mends(&model).unwrap_or_else(|it| panic!("{name}: {it}"));
        every_choice_answers(&model).unwrap_or_else(|it| panic!("{name}: {it}"));
    }
}

#[test]
fn messages_of_samples_are_sentences() {
    for (name, model) in samples() {
        let (_, report) = report(&model);
        is_well_said(&model, &report).unwrap_or_else(|it| panic!("{name}: {it}"));
        let texts = report.findings.iter().flat_map(|it| [&it.message, &it.because]);
        for text in texts.chain(report.questions.iter().flat_map(|it| [&it.text, &it.why])) {
            assert!(text.starts_with(char::is_uppercase), "{name}: {text}");
        }
    }
}

/// Every rule is shown by a finding in some sample or in its own page.
#[test]
fn the_reference_architecture_is_quiet() {
    let (_, model) = samples().into_iter().find(|(name, _)| name.starts_with("reference.")).unwrap();
    let (_, report) = report(&model);
    let found: Vec<&str> = report.findings.iter().map(|it| it.key.as_str()).collect();
    let asked: Vec<&str> = report.questions.iter().map(|it| it.key.as_str()).collect();
    assert!(!found.iter().any(|it| it.starts_with("single-point-of-failure")), "{found:?}");
    assert!(found.len() <= 4 && asked.len() <= 6, "found {found:#?}\nasked {asked:#?}");
}

/// A part that is not quite the plainest, by numbers that run dry in zeros.
pub(crate) struct Numbers(pub(crate) std::vec::IntoIter<u8>);

impl Numbers {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % n
    }

    pub(crate) fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// Yes for one in `n`, never where the numbers have run dry.
    pub(crate) fn rarely(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn answer(&mut self) -> Answer {
        let truth = self.one(&[Truth::Unknown, Truth::Unknown, Truth::No, Truth::Yes, Truth::NotApplicable]);
        Answer::of(truth)
    }
}

const KINDS: [&str; 24] = [
    "web-server",
    "user",
    "load-balancer",
    "sql-database",
    "microservice",
    "firewall",
    "message-queue",
    "cache",
    "admin",
    "dns",
    "worker",
    "api-gateway",
    "object-store",
    "partner-system",
    "identity-provider",
    "bastion",
    "third-party-service",
    "internet",
    "orchestrator",
    "service-registry",
    "ci-cd",
    "monitoring",
    "logging",
    "container-host",
];
const NAMES: [&str; 6] = ["Web 1", "Web 2", "web-3", "Orders", "lb-east", ""];
const PLACES: [&str; 9] = [
    "subnet-tier",
    "host",
    "availability-zone",
    "data-centre",
    "network",
    "region",
    "cluster",
    "internet-edge",
    "container",
];
const PORTS: [&str; 6] = ["", "tcp/443", "tcp/22", "tcp/5432", "tcp/80,443", "any"];
const CONTROLS: [&str; 13] = [
    "authentication",
    "encryption-at-rest",
    "rate-limiting",
    "session-handling",
    "loss-accepted",
    "health-checks",
    "logging",
    "monitoring",
    "patching",
    "hardening",
    "image-scanning",
    "review-before-deploy",
    "callback-signatures",
];

/// Small architectures that could have been drawn: kinds that go together, in places, with data and answers.
pub(crate) fn architectures() -> impl Strategy<Value = Model> {
    prop::collection::vec(any::<u8>(), 0..260).prop_map(|numbers| architecture(Numbers(numbers.into_iter())))
}

fn architecture(mut it: Numbers) -> Model {
    let id = |stem: &str, n: usize| Id::slug(&format!("{stem}{n}"));
    let (components, boundaries) = (2 + it.below(8), it.below(5));
    let flows = 1 + it.below(12);
    let mut model = Model::new();
    let mut draft = Draft::of(&model);
    for n in 0..2 {
        let class = it.one(&Class::ALL);
        draft.put(id("asset", n), Asset { class, credential: it.answer(), ..Asset::default() });
    }
    for n in 0..boundaries {
        let within = if n > 0 && it.rarely(2) { Some(id("b", it.below(n))) } else { None };
        let kind = it.one(&PLACES).to_owned();
        let ingress = match it.below(4) {
            0 => Ingress::Unknown,
            1 => Ingress::Open,
            _ => Ingress::Only(vec![allow(&mut it, components)]),
        };
        let mut boundary = Boundary {
            kind,
            name: it.one(&["", "a", "b"]).to_owned(),
            within,
            ingress,
            ..Boundary::default()
        };
        boundary.controls.set(it.one(&CONTROLS), it.answer());
        boundary.segmented = it.answer();
        draft.put(id("b", n), boundary);
    }
    for n in 0..components {
        let mut component = Component {
            kind: if n == 0 { "user".to_owned() } else { it.one(&KINDS).to_owned() },
            name: it.one(&NAMES).to_owned(),
            ..Component::default()
        };
        if boundaries > 0 && it.rarely(2) {
            component.within = Some(id("b", it.below(boundaries)));
        }
        // What the window offers: other gates are nonsense, which other tests are for.
        if boundaries > 0 && it.rarely(6) && may_be_gate(component.kind()) {
            component.gate_of = Some(id("b", it.below(boundaries)));
        }
        if it.rarely(3) {
            component.replicas = Some(it.below(4) as u32);
            component.quorum = Some(it.below(3) as u32);
        }
        if it.rarely(4) {
            component.pool = it.one(&["pool", "web"]).to_owned();
        }
        if it.rarely(3) {
            component.allows = Allows::Only(vec![allow(&mut it, components)]);
        }
        (component.highly_available, component.takes_over) = (it.answer(), it.answer());
        component.controls.set(it.one(&CONTROLS), it.answer());
        component.controls.set(it.one(&CONTROLS), it.answer());
        if it.rarely(2) {
            component.stores = vec![id("asset", it.below(2))];
        }
        draft.put(id("c", n), component);
    }
    for n in 0..flows {
        let mut flow = Flow::between(id("c", it.below(components)), id("c", it.below(components)));
        flow.access = it.one(&Access::ALL);
        flow.protocol = it.one(&["https", "http", "postgres", "ssh", ""]).to_owned();
        flow.port = it.one(&PORTS).parse().unwrap();
        flow.reply = it.rarely(8);
        flow.needs = it.one(&[Needs::Unset, Needs::Unset, Needs::Hard, Needs::Soft]);
        flow.style = it.one(&[Style::Synchronous, Style::Synchronous, Style::Asynchronous]);
        (flow.encrypted, flow.authenticated) = (it.answer(), it.answer());
        if it.rarely(2) {
            flow.carries = vec![id("asset", it.below(2))];
        }
        draft.put(id("f", n), flow);
    }
    for n in 0..it.below(5).saturating_sub(2) {
        let path = (0..1 + it.below(3)).map(|_| id("f", it.below(flows))).collect();
        draft.put(id("feature", n), Feature { flows: path, ..Feature::default() });
    }
    let edit = draft.finish();
    model.apply(&edit);
    model
}

fn allow(it: &mut Numbers, components: usize) -> Allow {
    let ports: Ports = it.one(&PORTS).parse().unwrap();
    let from = match it.below(3) {
        0 => From::Anywhere,
        1 => From::Unknown,
        _ => From::Of(vec![Id::slug(&format!("c{}", it.below(components)))]),
    };
    Allow::of(ports, from)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_fix_mends_its_finding(model in architectures()) {
        prop_assert_eq!(every_fix_mends(&model), Ok(()), "{}", text::write(&model));
    }

    #[test]
    fn every_choice_answers_its_question(model in architectures()) {
        prop_assert_eq!(every_choice_answers(&model), Ok(()), "{}", text::write(&model));
    }

    #[test]
    fn all_is_well_said_and_said_the_same_again(model in architectures()) {
        let (_, first) = report(&model);
        prop_assert_eq!(is_well_said(&model, &first), Ok(()));
        prop_assert_eq!(is_covered(&model), Ok(()));
        prop_assert_eq!(first, report(&model).1);
    }

    #[test]
    fn nonsense_is_well_said_too(model in models()) {
        let (facts, report) = report(&model);
        prop_assert_eq!(is_well_said(&model, &report), Ok(()));
        prop_assert_eq!(is_covered(&model), Ok(()));
        for finding in &report.findings {
            rules::fixes(&facts, finding);
        }
    }
}
