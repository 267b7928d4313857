//! What holds for all rules: on every sample, on random architectures, on random nonsense.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use parapet::analysis::{ComponentIx, Facts};
use parapet::editor::may_be_gate;
use parapet::formats::text;
use parapet::model::{
    Access, Allow, Allows, Answer, Api, Asset, Boundary, Class, Column, Component, Control, Dataset,
    Decision, Draft, Edit, Feature, Figure, Flow, From, Id, Ingress, Kind, Listener, Model, Needs, Parameter,
    Ports, Stride, Style, Technology, Threat, Truth,
};
use parapet::rules::{self, Cell, Question, Report};
use proptest::prelude::*;

use crate::generator::models;
use crate::wording;

pub(crate) fn report(model: &Model) -> (Facts, Report) {
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
pub(crate) fn after(model: &Model, edit: &Edit) -> Result<Model, String> {
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
            if is_marked(&fix.label) || is_marked(&text::write(&mended)) {
                return Err(of("names a component by its id".to_owned()));
            }
            if mended.problems().len() > model.problems().len() {
                return Err(of(format!("adds problems: {:?}", mended.problems())));
            }
            // Only its own rule can find it again.
            let facts = Facts::of(Arc::new(mended.clone()));
            let now = match rules::find(&finding.rule) {
                Some(rule) => rules::run_only(&facts, &[rule]),
                None => rules::run(&facts),
            };
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
            if is_marked(&text::write(&answered)) {
                return Err(of("names a component by its id".to_owned()));
            }
            if self::report(&answered).1.question(&question.key).is_some() {
                return Err(of("is still asked".to_owned()));
            }
        }
    }
    Ok(())
}

/// Whether a component stands in it by its id: only in what is to be read, never in what is kept.
fn is_marked(text: &str) -> bool {
    text.contains(['\u{fdd0}', '\u{fdd1}', '\u{fdd2}'])
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
        let [message, because] = [&it.message, &it.because].map(|it| it.read(model));
        let ends = !message.trim_end().ends_with('.') && because.ends_with('.');
        if !(there
            && is_sorted
            && is_named
            && ends
            && !is_marked(&it.key)
            && !it.facts.iter().any(|it| is_marked(it))
            && it.key == rules::key(&it.rule, &it.subjects, &it.detail))
        {
            return Err(format!("{it:#?}"));
        }
    }
    for it in &report.questions {
        let there = model.has(&it.subject) && it.evidence.elements().iter().all(|it| model.has(it));
        let [text, why] = [&it.text, &it.why].map(|it| it.read(model));
        let is_said = text.ends_with('?') && why.ends_with('.');
        if !(there && is_said && it.key == format!("{}.{}", it.subject, it.field)) {
            return Err(format!("{it:#?}"));
        }
        if rules::about(model, &it.rule).is_none_or(|it| it.kind != rules::Kind::Asks) {
            return Err(format!("{} says that it never asks, but {text}", it.rule));
        }
    }
    Ok(())
}

/// All that is said and offered reads right whether a title is one or many, `Gateway` or `Web servers`.
fn reads_right(model: &Model) -> Result<(), String> {
    let titled = wording::bracketed(model, true);
    for model in [wording::bracketed(model, false), titled.clone()] {
        let (facts, report) = report(&model);
        let mut texts: Vec<String> = Vec::new();
        for it in &report.findings {
            texts.extend([&it.message, &it.because, &it.place].map(|it| it.read(&titled).into_owned()));
            texts.extend(it.evidence.path.iter().map(|it| it.note.read(&titled).into_owned()));
            texts.extend(rules::fixes(&facts, it).into_iter().map(|it| it.label));
        }
        for it in &report.questions {
            texts.extend([&it.text, &it.why].map(|it| it.read(&titled).into_owned()));
            texts.extend(it.choices.iter().map(|it| it.label.read(&titled).into_owned()));
        }
        if let Some(complaint) = texts.iter().find_map(|it| wording::complaint(it)) {
            return Err(complaint);
        }
    }
    Ok(())
}

/// What is one to whoever reads the drawing, a pool or a replicated store, is asked about once; so are the flows between
/// two such. What passes a filter, and which replica takes over, is another thing at each; and of what does not copy each
/// other, each has a part of the data to back up. People are not alternatives to each other, even if they are drawn so:
/// each has a login. Held on what somebody means: of random drawings, one in some thousands has members of a pool that call
/// each other, and what one of them alone is asked then.
fn asked_apart(model: &Model) -> Vec<String> {
    let (facts, report) = report(model);
    let one = |it: ComponentIx| match (facts.pools.pool_of(it), facts.pools.store_of(it)) {
        (Some(pool), None) => format!("{pool:?}"),
        (None, Some(store)) => format!("{store:?}"),
        // What is in both stands for neither.
        _ => format!("{it:?}"),
    };
    // Only what is of one kind is asked the same.
    let one = |it: ComponentIx| format!("{} {}", one(it), facts.topology.component(it).kind.slug);
    let mut asked: BTreeMap<String, &Question> = BTreeMap::new();
    let mut apart = Vec::new();
    for question in report.questions.iter().filter(|it| !APART.contains(&it.field.as_str())) {
        let what = if let Some(component) = facts.topology.find_component(&question.subject) {
            one(component)
        } else if let Some(flow) = facts.topology.find_flow(&question.subject) {
            let flow = facts.topology.flow(flow);
            let does = (flow.access, flow.reply, &flow.record.protocol, &flow.ports);
            format!("{} {} {does:?}", one(flow.from), one(flow.to))
        } else {
            continue;
        };
        if let Some(other) = asked.insert(format!("{what} {}", question.field), question) {
            apart.push(format!(
                "{} of {} and {}",
                question.field,
                question.rule.as_str(),
                other.rule.as_str()
            ));
        }
    }
    apart
}

const APART: [&str; 4] = ["allows", "controls.backups", "controls.second-factor", "takes_over"];

/// No cell is without a reason, and each finding stands in the cells of its letters at each of its elements.
pub(crate) fn is_covered(model: &Model) -> Result<(), String> {
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
    // Whatever is open is somewhere in it, in each column of its letters.
    let said = |key: &str| {
        let has = |cell: &&Cell| matches!(cell, Cell::Found(keys) | Cell::Asked(keys) | Cell::Settled(keys) if keys.iter().any(|it| it == key));
        rows.iter().any(|row| row.cells.iter().any(|cell| has(&cell)))
    };
    let is_drawn = |id: &Id| rows.iter().any(|it| it.element == *id);
    for question in report.questions.iter().filter(|it| is_drawn(&it.subject)) {
        let row = rows.iter().find(|it| it.element == question.subject);
        let hides = row.is_some_and(|it| it.cells.iter().any(|it| matches!(it, Cell::Found(_))));
        if !said(&question.key) && !hides && !rules::stride(model, &question.rule).is_empty() {
            return Err(format!("{} is nowhere", question.key));
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
fn all_texts_read_right_whether_a_title_is_one_or_many() {
    for (name, model) in samples() {
        reads_right(&model).unwrap_or_else(|it| panic!("{name}: {it}"));
    }
    for rule in rules::ALL {
        let example = rule.manual.split("## Example").nth(1).unwrap().split('`').nth(1).unwrap();
        let model = text::read(example).unwrap();
        reads_right(&model).unwrap_or_else(|it| panic!("the example of {}: {it}", rule.id));
    }
}

#[test]
fn twins_in_samples_are_asked_together() {
    for (name, model) in samples() {
        assert_eq!(asked_apart(&model), Vec::<String>::new(), "{name}");
    }
}

/// Pools of whatever there is, with all that is asked of it open.
const POOLS: [&str; 5] = [
    "asset a: secret [personal yes]; asset t: secret [credential yes]; users: user; browser: browser; partner: partner-system
     gw-1: api-gateway [pool gw; authentication yes]; gw-2: api-gateway [pool gw; authentication yes]
     browser, users -> gw-1, gw-2: https [read-write; carries a, t]; gw-1, gw-2 -> web-1, web-2: https [read-write; carries a]
     partner -> web-1, web-2: https [write; carries a]; web-1: web-server [pool web; processes t]; web-2: web-server [pool web; processes t]
     web-1, web-2 -> files-1, files-2: https [read-write; carries a]; files-1: object-store [pool files]; files-2: object-store [pool files]
     web-1, web-2 -> q-1, q-2: amqps [publish; carries a]; q-1: message-queue [pool q]; q-2: message-queue [pool q]
     job-1, job-2 -> q-1, q-2: amqps [consume; carries a]; job-1: worker [pool job]; job-2: worker [pool job]
     web-1, web-2 -> c-1, c-2: redis [carries a, t]; c-1: cache [pool c]; c-2: cache [pool c]
     job-1, job-2 -> mail: https [carries a]; mail: third-party-service",
    "asset a: confidential [personal yes]; users: user; admin: admin
     users -> cdn-1, cdn-2: https [carries a]; cdn-1: cdn [pool cdn]; cdn-2: cdn [pool cdn]; cdn-1, cdn-2 -> web: https [carries a]
     web -> ai-1, ai-2: https [carries a]; ai-1: language-model [pool ai]; ai-2: language-model [pool ai]
     ai-1, ai-2 -> db: postgres [write; carries a]; db: postgres [stores a]; web -> log-1, log-2: syslog
     log-1: logging [pool log]; log-2: logging [pool log]; ci-1: ci-cd [pool ci]; ci-2: ci-cd [pool ci]
     ci-1, ci-2 -> web: ssh [admin]; users -> ci-1, ci-2: https; admin -> ci-1, ci-2: https [admin]
     api-1: web-server [pool api]; api-2: web-server [pool api]; users -> api-1, api-2: https; api-1, api-2 -> db: postgres",
    "asset a: confidential; users: user; users -> lb-1, lb-2: https [carries a]; lb-1: load-balancer [pool lb; balancing cookie-affinity]
     lb-2: load-balancer [pool lb; balancing cookie-affinity]; lb-1, lb-2 -> web-1, web-2: https [write; carries a]
     web-1: web-server [pool web]; web-2: web-server [pool web]
     boundary tier: subnet-tier { db-1: postgres [pool db]; db-2: postgres [pool db] }; web-1, web-2 -> db-1, db-2: postgres [read-write; carries a]
     dump-1: backup-store [pool dump; stores a]; dump-2: backup-store [pool dump; stores a]; db-1, db-2 -> dump-1, dump-2: https [write; carries a]",
    "browser -> lb-1, lb-2: https [write; session-cookies no; carries a]; asset a: internal; lb-1, lb-2 -> web: https [write; carries a]
     lb-1: load-balancer [pool lb; authentication yes]; lb-2: load-balancer [pool lb; authentication yes]; web: web-server
     api f \"getUser\" [component api-1; signature \"f(userID, url)\"]; api g \"getUser\" [component api-2; signature \"g(userID, url)\"]
     browser -> api-1, api-2: https; api-1: web-server [pool api]; api-2: web-server [pool api]",
    "users: user; users -> lb: https; lb -> web-1, web-2: https; web-1, web-2 -> p: postgres; p -> r-1, r-2: postgres [replicate]
     p: postgres [stores a]; r-1: postgres; r-2: postgres; web-1, web-2 -> r-1, r-2: postgres [read]; asset a: secret",
];

#[test]
fn twins_in_pools_are_asked_together() {
    for pools in POOLS {
        let model = text::read(pools).unwrap_or_else(|it| panic!("{it}"));
        assert_eq!(asked_apart(&model), Vec::<String>::new(), "{pools}");
    }
}

#[test]
fn messages_of_samples_are_sentences() {
    for (name, model) in samples() {
        let (_, report) = report(&model);
        is_well_said(&model, &report).unwrap_or_else(|it| panic!("{name}: {it}"));
        let texts = report.findings.iter().flat_map(|it| [&it.message, &it.because]);
        for text in texts.chain(report.questions.iter().flat_map(|it| [&it.text, &it.why])) {
            let text = text.read(&model);
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

    /// One of all controls there are.
    fn control(&mut self) -> &'static str {
        let all = Control::all();
        &all[self.below(all.len())].slug
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
const NAMES: [&str; 8] =
    ["Web 1", "Web 2", "web-3", "Orders", "lb-east", "", "Orders shard 1", "Dead letters"];
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
const STRIDE: [Stride; 3] = [Stride::Spoofing, Stride::Tampering, Stride::Availability];

/// Small architectures that could have been drawn, and harsh ones: kinds that go together, in places, with data and
/// answers; gates of gates, flows that end nowhere, quorums that nothing can reach.
pub(crate) fn architectures() -> impl Strategy<Value = Model> {
    prop::collection::vec(any::<u8>(), 0..700).prop_map(|numbers| architecture(Numbers(numbers.into_iter())))
}

/// How many of each there are.
#[derive(Clone, Copy)]
struct Counts {
    components: usize,
    boundaries: usize,
    flows: usize,
}

fn id(stem: &str, n: usize) -> Id {
    Id::slug(&format!("{stem}{n}"))
}

pub(crate) fn architecture(mut it: Numbers) -> Model {
    let counts = Counts { components: 2 + it.below(8), boundaries: it.below(6), flows: 1 + it.below(14) };
    let mut model = Model::new();
    let mut draft = Draft::of(&model);
    for n in 0..ASSETS {
        let (class, credential) = (it.one(&Class::ALL), it.answer());
        draft.put(id("asset", n), Asset { class, credential, ..Asset::default() });
    }
    for n in 0..counts.boundaries {
        draft.put(id("b", n), boundary(&mut it, n, counts));
    }
    for n in 0..counts.components {
        draft.put(id("c", n), component(&mut it, n, counts));
    }
    for n in 0..counts.flows {
        draft.put(id("f", n), flow(&mut it, counts));
    }
    for n in 0..it.below(5).saturating_sub(2) {
        let path = (0..1 + it.below(3)).map(|_| id("f", it.below(counts.flows))).collect();
        let read_share = if it.rarely(3) { Figure::new(1.0) } else { None };
        draft.put(id("feature", n), Feature { flows: path, read_share, ..Feature::default() });
    }
    let asset = id("asset", it.below(ASSETS));
    let (name, personal) = (it.one(&["", "Passwords", "Addresses"]).to_owned(), it.answer());
    draft.edit::<Asset>(&asset, |it| (it.name, it.personal) = (name, personal));
    for n in 0..it.below(5).saturating_sub(2) {
        draft.put(id("api", n), api(&mut it, counts));
    }
    for n in 0..it.below(5).saturating_sub(2) {
        draft.put(id("dataset", n), dataset(&mut it, counts));
    }
    if it.rarely(6) {
        let elements = vec![id("c", it.below(counts.components))];
        let (chosen, status) =
            (it.one(&["", "postgres"]).to_owned(), it.one(&["", "open", "decided"]).to_owned());
        draft.put(id("decision", 0), Decision { elements, chosen, status, ..Decision::default() });
    }
    if it.rarely(6) {
        let threat = Threat {
            title: it.one(&["", "A lost laptop"]).to_owned(),
            stride: vec![it.one(&STRIDE)],
            subjects: vec![element(&mut it, counts), element(&mut it, counts)],
            status: it.one(&["", "mitigated", "open"]).to_owned(),
            ..Threat::default()
        };
        draft.put(id("threat", 0), threat);
    }
    let edit = draft.finish();
    model.apply(&edit);
    model
}

const ASSETS: usize = 3;

/// A component, a boundary, a flow, or what is not there.
fn element(it: &mut Numbers, counts: Counts) -> Id {
    let stem = it.one(&["c", "b", "f"]);
    id(stem, it.below(counts.components))
}

fn boundary(it: &mut Numbers, n: usize, counts: Counts) -> Boundary {
    let within = if n > 0 && it.rarely(2) { Some(id("b", it.below(n))) } else { None };
    let kind = it.one(&PLACES).to_owned();
    let ingress = match it.below(5) {
        0 => Ingress::Unknown,
        1 => Ingress::Open,
        4 => Ingress::Only(Vec::new()),
        _ => Ingress::Only(vec![allow(it, counts.components)]),
    };
    let name = it.one(&["", "a", "b"]).to_owned();
    let mut boundary =
        Boundary { kind, name, within, ingress, segmented: it.answer(), ..Boundary::default() };
    boundary.controls.set(it.control(), it.answer());
    if it.rarely(3) {
        boundary.controls.set("loss-accepted", it.answer());
    }
    boundary
}

fn component(it: &mut Numbers, n: usize, counts: Counts) -> Component {
    let mut component = Component {
        kind: if n == 0 { "user".to_owned() } else { it.one(&KINDS).to_owned() },
        name: it.one(&NAMES).to_owned(),
        ..Component::default()
    };
    if it.rarely(8) {
        component.kind = it.one(Kind::all()).slug;
    }
    if it.rarely(8) {
        let technology = it.one(Technology::all());
        (component.kind, component.technology) = (technology.kind, technology.slug);
    }
    if counts.boundaries > 0 && it.rarely(2) {
        // One in many stands in what is not there.
        let n = if it.rarely(32) { counts.boundaries } else { it.below(counts.boundaries) };
        component.within = Some(id("b", n));
    }
    // What the window offers: other gates are nonsense, which other tests are for.
    if counts.boundaries > 0 && it.rarely(4) && may_be_gate(component.kind()) {
        let n = if it.rarely(32) { counts.boundaries } else { it.below(counts.boundaries) };
        component.gate_of = Some(id("b", n));
    }
    if it.rarely(3) {
        component.replicas = Some(it.below(4) as u32);
        component.quorum = Some(it.below(6) as u32);
    }
    if it.rarely(4) {
        component.pool = it.one(&["pool", "web"]).to_owned();
    }
    component.allows = match it.below(8) {
        0..=4 => Allows::Unknown,
        5 => Allows::Only(Vec::new()),
        6 => Allows::Only(vec![allow(it, counts.components)]),
        _ => Allows::Only(vec![allow(it, counts.components), allow(it, counts.components)]),
    };
    (component.highly_available, component.takes_over) = (it.answer(), it.answer());
    for _ in 0..1 + it.below(3) {
        component.controls.set(it.control(), it.answer());
    }
    if it.rarely(2) {
        let n = if it.rarely(32) { ASSETS } else { it.below(ASSETS) };
        component.stores = vec![id("asset", n)];
    }
    if it.rarely(4) {
        component.processes = vec![id("asset", it.below(ASSETS))];
    }
    if it.rarely(4) {
        let allow = allow(it, counts.components);
        let protocol = it.one(&PROTOCOLS).to_owned();
        let listener = Listener { port: allow.ports, protocol, meant_for: allow.from, ..Listener::default() };
        component.listeners = vec![listener];
    }
    if it.rarely(6) {
        component.hit_ratio = Figure::new(it.below(11) as f64 / 10.0);
        component.capacity = Figure::new(it.below(4) as f64 * 50.0);
        component.requests_per_second = Figure::new(it.below(4) as f64 * 100.0);
        component.read_share = Figure::new(it.below(3) as f64 / 2.0);
        component.balancing = it.one(&["", "round-robin", "dns", "per-resource"]).to_owned();
    }
    component
}

const PROTOCOLS: [&str; 7] = ["https", "http", "postgres", "ssh", "", "amqp", "dns"];

fn flow(it: &mut Numbers, counts: Counts) -> Flow {
    let end = |it: &mut Numbers| {
        // One in many ends nowhere.
        let n = if it.rarely(32) { counts.components } else { it.below(counts.components) };
        id("c", n)
    };
    let (from, to) = (end(it), end(it));
    let mut flow = Flow::between(from, to);
    flow.access = it.one(&Access::ALL);
    flow.protocol = it.one(&PROTOCOLS).to_owned();
    flow.port = it.one(&PORTS).parse().unwrap();
    flow.reply = it.rarely(8);
    flow.needs = it.one(&[Needs::Unset, Needs::Unset, Needs::Hard, Needs::Soft]);
    flow.style = it.one(&[Style::Synchronous, Style::Synchronous, Style::Asynchronous]);
    (flow.encrypted, flow.authenticated) = (it.answer(), it.answer());
    if it.rarely(2) {
        let n = if it.rarely(32) { ASSETS } else { it.below(ASSETS) };
        flow.carries = vec![id("asset", n)];
    }
    for _ in 0..it.below(3) {
        flow.controls.set(it.control(), it.answer());
    }
    flow
}

fn api(it: &mut Numbers, counts: Counts) -> Api {
    let mut api = Api {
        name: it.one(&["getOrder", "postComment", "listOrders", ""]).to_owned(),
        component: it.rarely(2).then(|| id("c", it.below(counts.components))),
        signature: it.one(&["f(userID, role)", "f(orderID, file)", "f(url, text)", "f(xml)", ""]).to_owned(),
        ..Api::default()
    };
    if it.rarely(3) {
        let name = it.one(&["userID", "price", "page", "homeAddress", "timestamp"]).to_owned();
        api.parameters = vec![Parameter { name, ..Parameter::default() }];
    }
    for _ in 0..it.below(3) {
        api.controls.set(it.control(), it.answer());
    }
    api
}

fn dataset(it: &mut Numbers, counts: Counts) -> Dataset {
    let names = ["password", "email", "total", "password_md5", ""];
    let mut column = || Column {
        name: it.one(&names).to_owned(),
        asset: it.rarely(2).then(|| id("asset", it.below(ASSETS))),
    };
    let columns = vec![column(), column()];
    let mut dataset = Dataset {
        store: it.rarely(2).then(|| id("c", it.below(counts.components))),
        retention: it.one(&["", "30 days"]).to_owned(),
        columns,
        ..Dataset::default()
    };
    for _ in 0..it.below(3) {
        dataset.controls.set(it.control(), it.answer());
    }
    dataset
}

fn allow(it: &mut Numbers, components: usize) -> Allow {
    let ports: Ports = it.one(&PORTS).parse().unwrap();
    let from = match it.below(4) {
        0 => From::Anywhere,
        1 => From::Unknown,
        2 => From::Of(vec![id("b", it.below(components))]),
        _ => From::Of(vec![id("c", it.below(components))]),
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
        prop_assert_eq!(reads_right(&model), Ok(()), "{}", text::write(&model));
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

/// What of an element is on the drawing: itself, or what it is kept or offered by. None of an asset: it is in many places.
fn on_the_drawing(model: &Model, subject: &Id) -> Option<Id> {
    let is_drawn = model.components().contains_key(subject)
        || model.flows().contains_key(subject)
        || model.boundaries().contains_key(subject);
    let holder = || {
        let api = model.apis().get(subject).and_then(|it| it.component.clone());
        api.or_else(|| model.datasets().get(subject).and_then(|it| it.store.clone()))
    };
    if is_drawn { Some(subject.clone()) } else { holder() }
}

/// The samples and the examples of the manual.
fn many_models() -> Vec<(String, Model)> {
    let examples = rules::ALL.iter().filter_map(|it| {
        let example = it.manual.split("## Example").nth(1)?.split('`').nth(1)?;
        Some((it.id.to_owned(), text::read(example).ok()?))
    });
    samples().into_iter().chain(examples).collect()
}

#[test]
fn the_evidence_of_every_question_holds_what_it_is_about() {
    let (mut dark, mut asked) = (Vec::new(), 0);
    for (name, model) in many_models() {
        let facts = Facts::of(Arc::new(model));
        for it in &rules::run(&facts).questions {
            asked += 1;
            let elements = it.evidence.elements();
            let is_lit = match on_the_drawing(facts.model(), &it.subject) {
                Some(subject) => elements.contains(&subject),
                None => !elements.is_empty(),
            };
            if !is_lit {
                dark.push(format!("{name}: {} of {} lights {elements:?}", it.key, it.rule));
            }
        }
    }
    assert!(asked > 100, "{asked}");
    assert_eq!(dark, Vec::<String>::new());
}
