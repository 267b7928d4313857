//! The sample architectures: every file is in the gallery, is drawn tidily, and says what it is there to say.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use parapet::analysis::{Facts, Unit};
use parapet::editor::{SAMPLES, Sample};
use parapet::model::{self, Component, Draft, Id, Model, Nesting, Ports};
use parapet::scene::{CardBox, Layout, Rect};

fn open(sample: &Sample) -> Model {
    model::read(sample.text.as_bytes()).unwrap_or_else(|it| panic!("{}: {it}", sample.id))
}

fn named(id: &str) -> Model {
    open(SAMPLES.iter().find(|it| it.id == id).unwrap())
}

fn drawn(model: &Model) -> Layout {
    Layout::of(model, &Id::slug("main"), &Nesting::of(model))
}

#[test]
fn the_gallery_holds_every_file_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|it| {
            it.unwrap().file_name().to_str().unwrap().strip_suffix(".parapet.ron").map(str::to_owned)
        })
        .collect();
    let listed: BTreeSet<String> = SAMPLES.iter().map(|it| it.id.to_owned()).collect();
    assert_eq!(files, listed);
    assert!(SAMPLES.len() >= 8 && SAMPLES[0].id == "reference");
}

#[test]
fn samples_load_without_problems_and_are_written_as_they_stand() {
    for sample in SAMPLES {
        let model = open(sample);
        assert_eq!(model.problems(), [], "{}", sample.id);
        let path = format!("{}/samples/{}.parapet.ron", env!("CARGO_MANIFEST_DIR"), sample.id);
        let written = model::write(&model);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &written).unwrap();
        }
        assert!(written == std::fs::read_to_string(&path).unwrap(), "{path}: run `UPDATE=1 cargo test`");
        let brief = model.the_brief();
        assert!(
            !brief.title.is_empty() && brief.notes.len() > 100 && !brief.use_cases.is_empty(),
            "{}",
            sample.id
        );
    }
}

#[test]
fn every_element_has_its_place_on_the_grid() {
    for sample in SAMPLES {
        let model = open(sample);
        let view = Id::slug("main");
        for id in model.components().keys().chain(model.boundaries().keys()) {
            let place = model.place(&view, id).unwrap_or_else(|| panic!("{}: {id} has no place", sample.id));
            let lengths = [Some(place.x), Some(place.y), place.width, place.height];
            let is_on_grid = |it: f64| it % f64::from(parapet::scene::SNAP) == 0.0;
            assert!(
                lengths.into_iter().flatten().all(|it| is_on_grid(it.get())),
                "{}: {id} {place:?}",
                sample.id
            );
        }
    }
}

#[test]
fn cards_stand_apart_and_inside_their_boundaries() {
    for sample in SAMPLES {
        let model = open(sample);
        let layout = drawn(&model);
        for (id, card) in &layout.cards {
            let clash =
                layout.cards.iter().find(|it| it.0 > id && it.1.outer().grown(8.0).overlaps(&card.outer()));
            assert!(clash.is_none(), "{}: {id} and {}", sample.id, clash.unwrap().0);
            let gate = layout.gates.iter().find(|it| it.1.rect.grown(8.0).overlaps(&card.outer()));
            assert!(gate.is_none(), "{}: {id} and {}", sample.id, gate.unwrap().0);
        }
        for (id, boundary) in &layout.boundaries {
            let place = model.place(layout.view(), id).unwrap();
            let (width, height) = (place.width.unwrap().px(), place.height.unwrap().px());
            let own = Rect::new(place.x.px(), place.y.px(), width, height);
            assert_eq!(boundary.rect, own, "{}: {id} had to grow around its members", sample.id);
        }
    }
}

#[test]
fn lines_run_around_cards_and_gates_keep_off_titles() {
    for sample in SAMPLES {
        let layout = drawn(&open(sample));
        for (id, flow) in &layout.flows {
            let is_other = |it: &(&Id, &CardBox)| *it.0 != flow.from && *it.0 != flow.to;
            for piece in flow.points.windows(2) {
                let mut others = layout.cards.iter().filter(is_other);
                let crossed = others.find(|it| it.1.outer().is_crossed(piece[0], piece[1]));
                assert!(crossed.is_none(), "{}: {id} runs through {}", sample.id, crossed.unwrap().0);
            }
        }
        for (id, gate) in &layout.gates {
            let hidden = layout.boundaries.iter().find(|it| {
                let mut title = it.1.title_rect;
                title.max.x -= parapet::tokens::size::SPACE_6;
                gate.rect.overlaps(&title)
            });
            assert!(hidden.is_none(), "{}: {id} hides the title of {}", sample.id, hidden.unwrap().0);
        }
    }
}

/// Units that are single points of failure for certain, and all others with a question mark.
fn single_points(facts: &Facts) -> Vec<String> {
    let topology = &facts.topology;
    let name = |unit: &Unit| match unit {
        Unit::Instance(it) | Unit::Component(it) => topology.component(*it).id.to_string(),
        Unit::Boundary(it) => {
            it.iter().map(|it| topology.boundary(*it).id.to_string()).collect::<Vec<_>>().join("+")
        }
    };
    let is_question = |it: &parapet::analysis::SinglePoint| it.alone || !it.unknowns.is_empty();
    let points = facts.failure.single_points().iter();
    points.map(|it| format!("{}{}", name(&it.unit), if is_question(it) { "?" } else { "" })).collect()
}

/// What the internet reaches directly, but web ports.
fn odd_ports(facts: &Facts) -> Vec<String> {
    let web: Ports = "tcp/80,443".parse().unwrap();
    let exposed = facts.reach.exposed().iter().filter(|it| it.hop == 0 && !it.ports.minus(&web).is_empty());
    exposed.map(|it| format!("{} {}", facts.topology.component(it.component).id, it.ports)).collect()
}

#[test]
fn nothing_of_the_reference_fails_alone_or_is_exposed_but_the_web() {
    let facts = Facts::of(Arc::new(named("reference")));
    assert_eq!(single_points(&facts), [""; 0]);
    assert_eq!(odd_ports(&facts), [""; 0]);
    let entries: BTreeSet<_> = facts.reach.entries().into_iter().collect();
    let names: Vec<String> = entries.iter().map(|it| facts.topology.component(*it).id.to_string()).collect();
    assert_eq!(names, ["lb-a", "lb-b"]);
    assert!(facts.reach.exposed().iter().all(|it| !it.question), "it rests on no unknown");
}

/// Facts of the reference without some of its elements.
fn without(ids: &[&str]) -> Facts {
    let mut model = named("reference");
    let mut draft = Draft::of(&model);
    draft.delete(&ids.iter().map(|it| Id::slug(it)).collect());
    let edit = draft.finish();
    model.apply(&edit);
    Facts::of(Arc::new(model))
}

#[test]
fn what_the_reference_loses_is_said_at_once() {
    for (lost, points) in [
        (&["lb-b"][..], &["dc-a"][..]),
        (&["lb-a"], &["dc-b"]),
        (&["dns-lb-a"], &["dc-b"]),
        (&["lb-b", "primary-a1", "primary-b1"], &["primary-a2"]),
    ] {
        assert_eq!(single_points(&without(lost)), points, "without {lost:?}");
    }
    for (lost, ports) in [
        ("fw-service-a", &["sessions-a tcp/6380", "web-a tcp/8080"][..]),
        ("service-b", &["sessions-b tcp/6380", "web-b tcp/8080"]),
    ] {
        assert_eq!(odd_ports(&without(&[lost])), ports, "without {lost}");
    }
    let mut model = named("reference");
    let mut draft = Draft::of(&model);
    draft.edit::<Component>(&Id::slug("dns"), |it| it.technology = "BIND".to_owned());
    let edit = draft.finish();
    model.apply(&edit);
    assert_eq!(single_points(&Facts::of(Arc::new(model))), ["dns?"], "a name server that may be one machine");
}

#[test]
fn samples_teach_what_they_say() {
    let points = |id: &str| single_points(&Facts::of(Arc::new(named(id))));
    assert_eq!(points("shop"), ["region?"]);
    assert_eq!(points("microservices"), ["cluster?"]);
    assert_eq!(points("comments"), ["region?"]);
    assert_eq!(points("sharded"), ["shard-2?", "shard-3", "region?"]);
    assert_eq!(points("news"), ["primary?", "region?"]);
    let naive = points("naive");
    assert!(["app", "db", "sessions", "web"].iter().all(|it| naive.contains(&(*it).to_owned())), "{naive:?}");
    let odd = |id: &str| odd_ports(&Facts::of(Arc::new(named(id))));
    assert_eq!(odd("naive").len(), 6, "{:?}", odd("naive"));
    assert_eq!(odd("shop"), ["vpn udp/51820"]);
    assert_eq!(odd("news"), ["vpn udp/51820"]);
    for id in ["microservices", "comments", "sharded"] {
        assert_eq!(odd(id), [""; 0], "{id}");
    }
}

/// What the notes of a sample promise in lines that begin so: `1. `rule` at `element`: …`.
fn answer_key(notes: &str, begins: fn(char) -> bool) -> Vec<(String, String)> {
    let row = |it: &str| {
        let mut quoted = it.split('`').skip(1).step_by(2).map(str::to_owned);
        (quoted.next().unwrap(), quoted.next().unwrap())
    };
    notes.lines().filter(|it| it.starts_with(begins)).map(row).collect()
}

#[test]
fn the_ten_mistakes_are_found_where_the_key_says_and_nothing_else() {
    let model = named("ten-mistakes");
    let notes = model.the_brief().notes.clone();
    let key = answer_key(&notes, |it| it.is_ascii_digit());
    let after = answer_key(&notes, |it| it == '*');
    let report = parapet::rules::run(&Facts::of(Arc::new(model)));
    assert_eq!((key.len(), after.len()), (10, 3));
    let rows = || key.iter().chain(&after);
    let is_it = |it: &parapet::rules::Finding, (rule, element): &(String, String)| {
        *it.rule == **rule && it.subjects.iter().any(|it| it.as_str() == element)
    };
    for row in rows() {
        assert!(report.findings.iter().any(|it| is_it(it, row)), "no {} at {}", row.0, row.1);
    }
    for it in &report.findings {
        assert!(rows().any(|row| is_it(it, row)), "{} is not in the key", it.key);
    }
    assert_eq!(report.findings.len(), rows().count(), "one finding a row");
}

/// What the notes and `samples/README.md` say of a sample: rules that find something, and fields that are asked for.
const SAID: [(&str, &[&str], &[&str]); 7] = [
    ("reference", &["tls-ends-before-sensitive-hop"], &[]),
    (
        "naive",
        &[
            "single-point-of-failure",
            "mixed-trust-on-host",
            "credentials-shared",
            "secrets-outside-vault",
            "volatile-cache-as-only-copy",
        ],
        &[],
    ),
    (
        "shop",
        &["hard-third-party-in-user-path"],
        &[
            "region.controls.loss-accepted",
            "shop.controls.parameterised-queries",
            "office.controls.secrets",
            "orders.controls.restore-tested",
        ],
    ),
    (
        "microservices",
        &["hard-third-party-in-user-path", "privileges-beyond-use"],
        &["orders-payments.controls.identity-propagation", "queue.controls.message-checks"],
    ),
    (
        "comments",
        &[],
        &[
            "post-comment.controls.authorisation",
            "post-comment.controls.server-derived-values",
            "post-comment.controls.input-validation",
            "post-comment.controls.output-encoding",
            "post-comment.controls.data-minimisation",
            "moderation.controls.safe-commands",
            "comments-api.controls.parameterised-queries",
        ],
    ),
    (
        "sharded",
        &["single-point-of-failure", "hot-partition", "cache-loss-overloads-store"],
        &["copy-2.takes_over"],
    ),
    (
        "news",
        &["cache-loss-overloads-store", "plaintext-across-boundary"],
        &["cdn.controls.cache-policy", "memcached.controls.cache-policy"],
    ),
];

#[test]
fn what_the_notes_say_is_found_and_asked() {
    for (sample, found, asked) in SAID {
        let report = parapet::rules::run(&Facts::of(Arc::new(named(sample))));
        let rules: BTreeSet<&str> = report.findings.iter().map(|it| it.rule.as_str()).collect();
        for rule in found {
            assert!(rules.contains(rule), "{sample}: no {rule} among {rules:?}");
        }
        // Of the naive one, more is found than its notes can tell.
        assert!(sample == "naive" || rules.len() == found.len(), "{sample}: {rules:?}");
        for key in asked {
            assert!(report.question(key).is_some(), "{sample} does not ask for {key}");
        }
    }
}
