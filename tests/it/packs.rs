//! Rule packs from outside: random conditions on random models, hostile words, and the command line.

use std::sync::Arc;

use parapet::analysis::Facts;
use parapet::formats::{self, Export};
use parapet::model::{
    self, Access, BoundaryKind, Capability, Class, Condition, Control, Draft, Family, Id, Is, Kind, Model,
    Pack, PackFix, PackRule, PackSubject, Protocol, Severity, Stride, Technology, Worth, Zone,
};
use parapet::rules;
use proptest::prelude::*;

use crate::command::{fresh_folder, parapet, refused, succeeds};
use crate::generator::{TEXTS, models};
use crate::rules::{Numbers, architectures, every_choice_answers, is_well_said};

const HOUSE: &str = "assets/packs/house.parapet-rules.ron";

fn worth(it: &mut Numbers) -> Worth {
    it.one(&[Worth::AtLeast(Class::Confidential), Worth::Anything, Worth::Personal, Worth::Credential])
}

fn words(it: &mut Numbers, all: &[&str]) -> Vec<String> {
    (0..it.below(3)).map(|_| it.one(all).to_owned()).collect()
}

fn boundary_kinds(it: &mut Numbers) -> Vec<String> {
    words(it, &BoundaryKind::all().iter().map(|it| it.slug.as_str()).collect::<Vec<_>>())
}

fn zone(it: &mut Numbers) -> Zone {
    if it.below(2) == 0 { Zone::Any } else { Zone::Kind(boundary_kinds(it)) }
}

/// A condition that can be asked of such a subject.
fn condition(it: &mut Numbers, of: PackSubject, depth: usize) -> Condition {
    use PackSubject::{Api, Asset, Boundary, Component, Dataset, Flow};
    let is = it.one(&[Is::No, Is::Yes, Is::Na, Is::Unknown]);
    if depth > 0 && it.below(2) == 1 {
        let mut inner = |of| Box::new(condition(it, of, depth - 1));
        return match (of, inner(of), inner(Component), inner(Flow)) {
            (Flow, _, end, _) if is == Is::No => Condition::Source(end),
            (Flow, _, end, _) if is == Is::Yes => Condition::Target(end),
            (Component, _, _, flow) if is == Is::No => Condition::Incoming(flow),
            (Component, _, _, flow) if is == Is::Yes => Condition::Outgoing(flow),
            (Api | Dataset | Asset | Boundary, _, part, _) if is == Is::Yes => Condition::Component(part),
            (_, a, _, _) if is == Is::Na => Condition::Not(a),
            (_, a, _, _) => {
                let b = condition(it, of, depth - 1);
                if it.below(2) == 0 { Condition::All(vec![*a, b]) } else { Condition::Any(vec![*a, b]) }
            }
        };
    }
    let slugs: Vec<&str> = Kind::all().iter().map(|it| it.slug.as_str()).collect();
    match (of, it.below(7)) {
        (Component, 0) => Condition::Family(it.one(&Family::ALL)),
        (Component, 1) => Condition::Kind(words(it, &slugs)),
        (Component, 2) => Condition::Exposed,
        (Component, 3) => {
            Condition::Can(it.one(&[Capability::Passes, Capability::NotOurs, Capability::HandsOn]))
        }
        (Component, 4) => Condition::Handles(worth(it)),
        (Component, 5) => Condition::Listens("tcp/22,443".parse().unwrap()),
        (Component, _) => match it.below(4) {
            0 => Condition::Technology(words(
                it,
                &Technology::all().iter().map(|it| it.slug.as_str()).collect::<Vec<_>>(),
            )),
            1 => Condition::Within(zone(it)),
            2 => Condition::Keeps(worth(it)),
            _ => Condition::Answer(it.one(&["logging", "takes_over", "authentication"]).to_owned(), is),
        },
        (Flow, 0) => Condition::Protocol(words(
            it,
            &Protocol::all().iter().map(|it| it.slug.as_str()).collect::<Vec<_>>(),
        )),
        (Flow, 1) => Condition::Access(vec![it.one(&Access::ALL[1..]), Access::Admin]),
        (Flow, 2) => Condition::Carries(worth(it)),
        (Flow, 3) => Condition::Crosses(zone(it)),
        (Flow, _) => Condition::Answer(it.one(&["encrypted", "authenticated", "timeouts"]).to_owned(), is),
        (Boundary, 0) => Condition::Kind(boundary_kinds(it)),
        (Asset, 0) => Condition::Asset(worth(it)),
        (Asset, _) => Condition::Answer(it.one(&["personal", "credential"]).to_owned(), is),
        (Dataset, 0) => Condition::Keeps(worth(it)),
        (Boundary | Dataset, 1) | (Api, 0) => Condition::Within(zone(it)),
        (Boundary, _) => Condition::Answer(it.one(&["segmented", "monitoring"]).to_owned(), is),
        (Dataset, _) => Condition::Answer("retention".to_owned(), is),
        (Api, _) => Condition::Answer(it.one(&["authentication", "csrf-protection"]).to_owned(), is),
    }
}

fn rule(it: &mut Numbers, n: usize) -> PackRule {
    let subject = it.one(&PackSubject::ALL);
    let text = |it: &mut Numbers| format!("R{n} {}", it.one(&TEXTS));
    PackRule {
        id: Id::slug(&format!("r-{n}")),
        label: text(it),
        subject,
        stride: vec![it.one(&Stride::ALL)],
        cwe: vec![79; it.below(2)],
        severity: it.one(&[None, Some(Severity::High), Some(Severity::Low)]),
        when: condition(it, subject, 5),
        message: format!(
            "{} {{name}}{}",
            text(it),
            if subject == PackSubject::Flow { " {source}" } else { "" }
        ),
        why: it.one(&TEXTS).to_owned(),
        advice: it.one(&TEXTS).to_owned(),
        references: vec![text(it); it.below(2)],
        fix: (it.below(3) == 1 && subject == PackSubject::Flow).then(|| PackFix {
            label: text(it),
            set: "encrypted".to_owned(),
            to: Is::Yes,
        }),
    }
}

/// Small packs of sound rules.
pub(crate) fn packs() -> impl Strategy<Value = Pack> {
    prop::collection::vec(any::<u8>(), 0..300).prop_map(|numbers| {
        let mut it = Numbers(numbers.into_iter());
        let rules = (0..1 + it.below(5)).map(|n| rule(&mut it, n)).collect();
        Pack { title: it.one(&TEXTS).to_owned(), source: "p".to_owned(), version: String::new(), rules }
    })
}

/// A model with a pack.
pub(crate) fn with(mut model: Model, pack: &Pack) -> Model {
    let mut draft = Draft::of(&model);
    draft.put(Id::slug("p"), pack.clone());
    let edit = draft.finish();
    model.apply(&edit);
    model
}

/// What a report of a format says of a model.
fn exported(format: &str, model: &Model) -> String {
    let report = rules::run(&Facts::of(Arc::new(model.clone())));
    let export = formats::find(format).unwrap().export.unwrap();
    let it = Export {
        model,
        view: None,
        findings: &report.findings,
        questions: &report.questions,
        file: "x",
        today: "",
    };
    String::from_utf8(export(&it).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn packs_are_saved_loaded_and_read_from_files_as_they_are(pack in packs()) {
        prop_assert_eq!(pack.faults(), Vec::<String>::new());
        let model = with(Model::new(), &pack);
        let read = model::read(model::write(&model).as_bytes()).unwrap();
        prop_assert_eq!(read.packs(), model.packs());
        let rules = ron::to_string(&pack.rules).unwrap();
        let title = ron::to_string(&pack.title).unwrap();
        let file = format!("(format: 1, id: \"p\", title: {title}, rules: {rules})");
        let (id, again) = formats::pack("p", file.as_bytes()).map_err(|it| TestCaseError::fail(format!("{it:?}")))?;
        prop_assert_eq!((id.as_str(), &again), ("p", &pack));
    }

    #[test]
    fn any_pack_on_any_model_is_well_said((model, pack) in (architectures(), packs())) {
        let model = with(model, &pack);
        let report = rules::run(&Facts::of(Arc::new(model.clone())));
        prop_assert_eq!(&report, &rules::run(&Facts::of(Arc::new(model.clone()))));
        is_well_said(&model, &report).map_err(TestCaseError::fail)?;
        every_choice_answers(&model).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn any_pack_on_nonsense_is_exported((model, pack) in (models(), packs())) {
        let model = with(model, &pack);
        for format in ["markdown", "csv", "json"] {
            prop_assert!(!exported(format, &model).is_empty());
        }
        let facts = Facts::of(Arc::new(model.clone()));
        let report = rules::run(&facts);
        for finding in report.findings.iter().filter(|it| it.rule.in_pack().is_some()) {
            prop_assert!(rules::about(&model, &finding.rule).is_some());
            for fix in rules::fixes(&facts, finding) {
                model.clone().apply(&fix.edit);
            }
        }
        drop(rules::coverage(&facts, &report, ""));
    }
}

#[test]
fn every_word_of_the_tables_can_be_asked_for() {
    for control in Control::all() {
        let asked = PackSubject::ALL.into_iter().filter(|of| {
            let rule = PackRule {
                when: Condition::Answer(control.slug.clone(), Is::No),
                subject: *of,
                ..rule(&mut Numbers(Vec::new().into_iter()), 0)
            };
            rule.sound().is_ok()
        });
        assert!(asked.count() > 0, "{}", control.slug);
    }
}

#[test]
fn the_sample_pack_is_sound_and_each_of_its_rules_finds_something() {
    let (_, pack) = formats::pack(HOUSE, &std::fs::read(HOUSE).unwrap()).unwrap();
    assert_eq!((pack.faults(), pack.rules.len()), (Vec::new(), 8));
    let sketch = "ops: admin; web: web-server [audit-log no]; pay: third-party-service; svc: microservice
        db: postgres [stores people; own-credentials no]; ops -> web: ssh [admin]
        web -> db: ftp [write; carries people]; svc -> db: postgres [write]
        web -> pay: https [carries people; data-agreement no]; user -> db: postgres
        asset people: confidential [personal yes]; boundary t: tier [monitoring no] { inner: mysql }";
    let model = with(formats::text::read(sketch).unwrap(), &pack);
    let report = rules::run(&Facts::of(Arc::new(model)));
    for rule in &pack.rules {
        let id = format!("p/{}", rule.id);
        assert!(report.findings.iter().any(|it| it.rule == *id), "{id} finds nothing");
    }
}

#[test]
fn hostile_words_stay_words_in_reports() {
    let pack = Pack {
        title: "=cmd|' /C calc'!A0".to_owned(),
        rules: vec![PackRule {
            label: "<script>alert(1)</script>".to_owned(),
            message: "=1+1 <img src=x onerror=alert(1)> {name}".to_owned(),
            subject: PackSubject::Component,
            when: Condition::All(Vec::new()),
            ..rule(&mut Numbers(Vec::new().into_iter()), 0)
        }],
        ..Pack::default()
    };
    let model = with(formats::text::read("web: web-server").unwrap(), &pack);
    let markdown = exported("markdown", &model);
    assert!(!markdown.contains("<script>") && !markdown.contains("<img"), "{markdown}");
    assert!(markdown.contains("**Rule pack:**"));
    let csv = exported("csv", &model);
    let cells = csv.lines().find(|it| it.contains("p/r-0")).unwrap();
    assert!(cells.contains("'=1+1") && cells.contains("'=cmd"), "{cells}");
    let json: serde_json::Value = serde_json::from_str(&exported("json", &model)).unwrap();
    let found = json["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "p/r-0").unwrap();
    assert_eq!(found["source"], "=cmd|' /C calc'!A0");
}

#[test]
fn the_command_line_checks_lists_and_explains_with_packs() {
    let folder = fresh_folder("packs");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let sketch = write("shop.parapet.txt", "ops: admin; web: web-server; ops -> web: ssh [admin]\n");
    let key = "house/admin-past-the-bastion:ops-web";
    let told = parapet(["check", &sketch, "--rules", HOUSE, "--format", "json"]);
    assert!(
        told.out.contains(key) && told.out.contains("\"source\": \"House rules (sample)\""),
        "{}",
        told.out
    );
    assert!(!parapet(["check", &sketch, "--format", "json"]).out.contains(key), "nothing of it was saved");
    write("a.parapet-rules.ron", &std::fs::read_to_string(HOUSE).unwrap());
    write("notes.ron", "none of them");
    let at = folder.to_str().unwrap();
    assert!(parapet(["check", &sketch, "--rules", at]).out.contains(key));
    let listed = succeeds(["rules", "--rules", at]);
    assert_eq!(listed.lines().count(), rules::ALL.len() + 8 + 1);
    // A file, its folder, and the same by another way are one.
    let (file, around) = (format!("{at}/a.parapet-rules.ron"), format!("{at}/../packs"));
    let twice = succeeds(["rules", "--rules", &file, "--rules", at, "--rules", &around]);
    assert_eq!(twice.lines().count(), rules::ALL.len() + 8 + 1);
    let told: serde_json::Value =
        serde_json::from_str(&succeeds(["rules", "--format", "json", "--rules", at])).unwrap();
    let last = told["rules"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["source"], &last["kind"]), (&"House rules (sample)".into(), &"asks".into()));
    let page = succeeds(["explain", "house/store-of-many", "--rules", at]);
    assert!(
        page.starts_with("# house/store-of-many: Store shared by services\n")
            && page.contains("## What to do")
    );
    assert!(
        refused(["explain", "house/store-of-meny", "--rules", at])
            .contains("did you mean `house/store-of-many`?")
    );

    let bad = write(
        "b.parapet-rules.ron",
        "(format: 1, id: \"b\",\n rules: [(id: \"r\", label: \"R\", subject: component, when: kind(\"cahce\"), message: \"m\")])",
    );
    let said = refused(["check", &sketch, "--rules", &bad]);
    assert!(
        said.ends_with("b.parapet-rules.ron:2:64: there is no kind `cahce`; did you mean `cache`?"),
        "{said}"
    );
    assert!(refused(["check", HOUSE]).contains("these are rules and no document"));
    assert!(refused(["rules", "--rules", "src"]).contains("this folder holds no rule pack"));
    assert!(refused(["rules", "--rules", "nowhere.tb7"]).contains("there is no such file"));
    std::fs::remove_file(bad).unwrap();
    write("c.parapet-rules.ron", &std::fs::read_to_string(HOUSE).unwrap());
    assert!(refused(["rules", "--rules", at]).contains("its id `house` is that of"));
}

#[test]
fn all_faults_of_all_packs_of_a_folder_are_told() {
    let folder = fresh_folder("packs-faults");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.join(name), text).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let rule = |id: &str, when: &str| {
        format!("(id: \"{id}\", label: \"R\", subject: component, when: {when}, message: \"m\")")
    };
    let pack =
        |id: &str, rules: &[String]| format!("(format: 1, id: \"{id}\", rules: [\n{}])", rules.join(",\n"));
    let sound = rule("s", "exposed");
    let a = write(
        "a.parapet-rules.ron",
        &pack("a", &[rule("r", "kind(\"cahce\")"), sound.clone(), rule("t", "crosses(any)")]),
    );
    let b = write("b.tb7", "<KnowledgeBase/>");
    write("c.parapet-rules.ron", &pack("c", std::slice::from_ref(&sound)));
    let d = write("d.parapet-rules.ron", &pack("c", &[sound]));
    std::fs::write(folder.join("e.parapet-rules.ron"), [b'(', 0xff]).unwrap();
    let told = parapet(["rules", "--rules", folder.to_str().unwrap()]);
    let lines: Vec<&str> = told.err.lines().collect();
    let expected = [
        format!("parapet: {a}:2:55: there is no kind `cahce`; did you mean `cache`?"),
        format!(
            "parapet: {a}:4:49: the rule `t`: `crosses` can be asked of flows, not of components; correct it there"
        ),
        format!(
            "parapet: {b}: this template has no threat types, and only these become rules; take one that has some"
        ),
        format!(
            "parapet: {d}: its id `c` is that of {} too; give one of them another id",
            folder.join("c.parapet-rules.ron").display()
        ),
        format!(
            "parapet: {}: byte 1 is no text; save it as UTF-8",
            folder.join("e.parapet-rules.ron").display()
        ),
    ];
    assert_eq!((told.code, told.out.as_str(), lines), (2, "", expected.iter().map(String::as_str).collect()));
    // The same again, one of them named twice and another that is not there.
    let told =
        parapet(["rules", "--rules", "nowhere.tb7", "--rules", &b, "--rules", folder.to_str().unwrap()]);
    assert_eq!(told.err.lines().count(), 6, "{}", told.err);
    assert!(told.err.starts_with("parapet: nowhere.tb7: there is no such file"), "{}", told.err);
}

#[test]
fn a_text_without_the_packs_of_its_document_says_so() {
    let folder = fresh_folder("packs-text");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (id, pack) = formats::pack(HOUSE, &std::fs::read(HOUSE).unwrap()).unwrap();
    let mut model = formats::text::read("ops: admin; web: web-server; ops -> web: ssh [admin]").unwrap();
    let mut draft = Draft::of(&model);
    draft.put(id, pack);
    let edit = draft.finish();
    model.apply(&edit);
    std::fs::write(at("a.parapet.ron"), model::write(&model)).unwrap();
    let told = parapet(["convert", &at("a.parapet.ron"), &at("a.parapet.txt")]);
    assert!(told.code == 0 && told.err.contains("its rule packs are not in the text"), "{told:?}");
    assert_eq!(succeeds(["convert", &at("a.parapet.ron"), &at("b.parapet.ron")]), "");
    assert_eq!(succeeds(["convert", &at("a.parapet.txt"), &at("c.parapet.txt")]), "");
}
