//! The formats: what is written is what is read, reports say what was found, and no name gets out of its place.

use std::sync::Arc;

use parapet::analysis::Facts;
use parapet::formats::{self, Export, Format};
use parapet::model::{self, Id, Model, Ports, Severity, Text};
use parapet::rules::{self, Evidence, Finding, Hop, Question};

use crate::command::samples;
use crate::generator::TEXTS;
use crate::properties::without_places;

const HOSTILE: &str = include_str!("../fixtures/hostile.parapet.ron");

fn format(id: &str) -> &'static Format {
    formats::find(id).unwrap()
}

fn written(
    format: &Format,
    model: &Model,
    findings: &[Arc<Finding>],
    questions: &[Arc<Question>],
) -> Vec<u8> {
    let it = Export { model, view: None, findings, questions, file: "shop.parapet.ron", today: "2026-11-26" };
    format.export.unwrap()(&it).unwrap()
}

fn text(id: &str, model: &Model, findings: &[Arc<Finding>], questions: &[Arc<Question>]) -> String {
    String::from_utf8(written(format(id), model, findings, questions)).unwrap()
}

#[test]
fn samples_come_back_from_every_format_that_reads_and_writes() {
    let both = formats::ALL.iter().filter(|it| it.import.is_some() && it.export.is_some());
    for format in both {
        for sample in samples() {
            let model = model::read(&std::fs::read(&sample).unwrap()).unwrap();
            let bytes = written(format, &model, &[], &[]);
            let back = formats::import(&format!("x.{}", format.extensions[0]), &bytes).unwrap();
            assert_eq!(
                without_places(&back),
                without_places(&model),
                "{} as {}",
                sample.display(),
                format.id
            );
            // What tells no places gets them.
            let drawn = model.components().len() + model.boundaries().len();
            assert!(back.places().len() >= drawn, "{} as {}", sample.display(), format.id);
            assert_eq!(written(format, &back, &[], &[]).len(), bytes.len(), "{}", format.id);
        }
    }
}

/// Two findings, the second with a verdict, and a question.
fn shop() -> (Model, Vec<Arc<Finding>>, Vec<Arc<Question>>) {
    let model = r#"(format: 1, brief: (title: "Shop"),
        components: {"db": (kind: "sql-database", name: "Orders"), "lb": (kind: "load-balancer", name: "Balancer")},
        flows: {"f": (from: "lb", to: "db")},
        verdicts: {"store-without-replica:db": (state: accepted, reason: "nightly backup", who: "Ada", when: "2026-11-24",
            until: "2027-01-01", link: "T-7")})"#;
    let id = |text: &str| Id::new(text).unwrap();
    let hop = |text: &str, ports: Option<&str>, note: &str| Hop {
        element: id(text),
        ports: ports.map(|it| it.parse::<Ports>().unwrap()),
        note: note.into(),
    };
    let exposed = Finding {
        rule: "exposed-port".into(),
        key: "exposed-port:db:tcp/22".to_owned(),
        severity: Severity::Critical,
        because: "It keeps Orders (secret), and anyone on the internet reaches it".into(),
        subjects: vec![id("db")],
        detail: "tcp/22".to_owned(),
        message: "SSH is exposed to the internet".into(),
        place: "Orders · port 22".into(),
        evidence: Evidence {
            path: vec![hop("lb", Some("tcp/22,443"), ""), hop("db", Some("tcp/22"), "listens on 22")],
            also: vec![id("f"), id("db")],
        },
        facts: Vec::new(),
    };
    let lone = Finding {
        rule: "store-without-replica".into(),
        key: "store-without-replica:db".to_owned(),
        severity: Severity::High,
        because: "It is the only copy".into(),
        detail: String::new(),
        message: "Orders has no replica".into(),
        place: "Orders".into(),
        evidence: Evidence::set([id("db")]),
        ..exposed.clone()
    };
    let question = Question {
        key: "db.controls.encryption-at-rest".to_owned(),
        rule: "sensitive-data-at-rest-clear".into(),
        subject: id("db"),
        field: "controls.encryption-at-rest".to_owned(),
        text: "Is Orders encrypted at rest?".into(),
        why: "Card numbers (secret) are kept there.".into(),
        choices: Vec::new(),
        weight: 3002,
        evidence: Evidence::default(),
    };
    (
        model::read(model.as_bytes()).unwrap(),
        vec![Arc::new(exposed), Arc::new(lone)],
        vec![Arc::new(question)],
    )
}

#[test]
fn the_report_is_one_to_send() {
    let (model, findings, questions) = shop();
    insta::assert_snapshot!(text("markdown", &model, &findings, &questions), @"
    # Architecture review: Shop

    Of `shop.parapet.ron`: 2 components, 1 flow, no boundary.

    **1 open finding**: 1 critical. 1 settled by a verdict. 1 open question.

    ## Findings

    ### Critical (1)

    #### SSH is exposed to the internet

    - **Where:** Orders · port 22
    - **Path:** Balancer (ports 22, 443) → Orders (port 22; listens on 22)
    - **With:** Balancer → Orders
    - **Why:** It keeps Orders (secret), and anyone on the internet reaches it
    - **Verdict:** none yet
    - **Rule:** Port exposed to the internet, `exposed-port:db:tcp/22`

    ## Settled by a verdict

    ### Orders has no replica (high)

    - **Where:** Orders
    - **Why:** It is the only copy
    - **Verdict:** Accepted by Ada on 2026-11-24, until 2027-01-01: nightly backup (T-7)
    - **Rule:** Store without a replica, `store-without-replica:db`

    ## Open questions

    1. **Is Orders encrypted at rest?** Card numbers (secret) are kept there. `db.controls.encryption-at-rest`
    ");
    insta::assert_snapshot!(text("markdown", &Model::new(), &[], &[]), @"
    # Architecture review: shop.parapet.ron

    Of `shop.parapet.ron`: no component, no flow, no boundary.

    **No open finding**. No open question.

    ## Findings

    None is open.

    ## Open questions

    None.
    ");
}

#[test]
fn the_table_has_a_row_a_finding() {
    let (model, findings, questions) = shop();
    insta::assert_snapshot!(text("csv", &model, &findings, &questions), @r#"
    severity,rule,finding,place,why,subjects,path,state,verdict,reason,who,when,until,link,key,source
    critical,exposed-port,SSH is exposed to the internet,Orders · port 22,"It keeps Orders (secret), and anyone on the internet reaches it",Orders,Balancer → Orders,open,open,,,,,,exposed-port:db:tcp/22,Parapet
    high,store-without-replica,Orders has no replica,Orders,It is the only copy,Orders,,settled,accepted,nightly backup,Ada,2026-11-24,2027-01-01,T-7,store-without-replica:db,Parapet
    "#);
}

#[test]
fn machine_output_has_the_keys_of_the_page_in_their_order() {
    let (model, findings, questions) = shop();
    insta::assert_snapshot!(text("json", &model, &findings, &questions), @r#"
    {
      "format": 1,
      "file": "shop.parapet.ron",
      "counts": {
        "components": 2,
        "flows": 1,
        "boundaries": 0
      },
      "findings": [
        {
          "rule": "exposed-port",
          "key": "exposed-port:db:tcp/22",
          "severity": "critical",
          "subjects": [
            "db"
          ],
          "message": "SSH is exposed to the internet",
          "evidence": [
            "lb",
            "db",
            "f"
          ],
          "verdict": null
        },
        {
          "rule": "store-without-replica",
          "key": "store-without-replica:db",
          "severity": "high",
          "subjects": [
            "db"
          ],
          "message": "Orders has no replica",
          "evidence": [
            "db"
          ],
          "verdict": {
            "state": "accepted",
            "reason": "nightly backup",
            "who": "Ada",
            "when": "2026-11-24",
            "until": "2027-01-01",
            "link": "T-7"
          }
        }
      ],
      "questions": [
        {
          "rule": "sensitive-data-at-rest-clear",
          "key": "db.controls.encryption-at-rest",
          "subject": "db",
          "field": "controls.encryption-at-rest",
          "text": "Is Orders encrypted at rest?",
          "weight": 3002
        }
      ]
    }
    "#);
}

#[test]
fn verdicts_whose_finding_is_gone_are_in_every_report() {
    let model = r#"(format: 1, components: {"db": (kind: "sql-database", name: "Orders *new*")},
        verdicts: {"exposed-port:db:tcp/22": (state: accepted, reason: "=office only", who: "Ada", when: "2026-11-24",
            until: "2027-01-01", link: "T-7"), "house/no-ftp:db": (state: in_discussion, reason: "asked")})"#;
    let model = model::read(model.as_bytes()).unwrap();
    let told = text("markdown", &model, &[], &[]);
    insta::assert_snapshot!(told.split_once("None is open.").unwrap().1.split_once("## Open q").unwrap().0.trim(), @"
    ## Verdicts whose finding is gone

    ### Port exposed to the internet · Orders \\*new\\* · tcp/22

    - **Verdict:** Accepted by Ada on 2026-11-24, until 2027-01-01: =office only (T-7)
    - **Key:** `exposed-port:db:tcp/22`

    ### house/no-ftp · Orders \\*new\\*

    - **Verdict:** In discussion: asked
    - **Key:** `house/no-ftp:db`
    ");
    let table = text("csv", &model, &[], &[]);
    insta::assert_snapshot!(table.split_once('\n').unwrap().1, @"
    ,exposed-port,Port exposed to the internet · Orders *new* · tcp/22,,,,,gone,accepted,'=office only,Ada,2026-11-24,2027-01-01,T-7,exposed-port:db:tcp/22,Parapet
    ,house/no-ftp,house/no-ftp · Orders *new*,,,,,gone,in-discussion,asked,,,,,house/no-ftp:db,
    ");
    let output: serde_json::Value = serde_json::from_str(&text("json", &model, &[], &[])).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&output["orphans"]).unwrap(), @r#"
    [
      {
        "finding": "Port exposed to the internet · Orders *new* · tcp/22",
        "key": "exposed-port:db:tcp/22",
        "verdict": {
          "link": "T-7",
          "reason": "=office only",
          "state": "accepted",
          "until": "2027-01-01",
          "when": "2026-11-24",
          "who": "Ada"
        }
      },
      {
        "finding": "house/no-ftp · Orders *new*",
        "key": "house/no-ftp:db",
        "verdict": {
          "link": "",
          "reason": "asked",
          "state": "in-discussion",
          "until": "",
          "when": "",
          "who": ""
        }
      }
    ]
    "#);
    // Once it is found, it is a verdict like any other.
    let (_, findings, _) = shop();
    let found = Finding { key: "house/no-ftp:db".to_owned(), ..Finding::clone(&findings[0]) };
    let table = text("csv", &model, &[Arc::new(found)], &[]);
    assert_eq!(table.matches(",gone,").count(), 1, "{table}");
}

fn hostile() -> (Model, Vec<Arc<Finding>>, Vec<Arc<Question>>) {
    let model = model::read(HOSTILE.as_bytes()).unwrap();
    let mut report = rules::run(&Facts::of(Arc::new(model.clone())));
    let (_, shop, questions) = shop();
    // Whatever a rule may come to quote.
    for (n, text) in TEXTS.iter().enumerate() {
        let (said, text) = (Text::from(*text), (*text).to_owned());
        report.findings.push(Arc::new(Finding {
            message: said.clone(),
            place: said.clone(),
            because: said.clone(),
            detail: text.clone(),
            key: format!("exposed-port:{n}:{text}"),
            evidence: Evidence {
                path: vec![Hop { element: Id::new("quote").unwrap(), ports: None, note: said.clone() }],
                also: vec![Id::new("f-1").unwrap()],
            },
            ..Finding::clone(&shop[0])
        }));
        report.questions.push(Arc::new(Question {
            text: said.clone(),
            why: said,
            ..Question::clone(&questions[0])
        }));
    }
    (model, report.findings, report.questions)
}

/// Nothing but line breaks may steer what is seen.
#[track_caller]
fn assert_plain(text: &str) {
    let steers = |c: char| c != '\n' && formats::steers(c);
    assert!(!text.contains(steers), "{:?}", text.find(steers).map(|at| &text[at.saturating_sub(40)..]));
}

#[test]
fn hostile_names_stay_names_in_markdown() {
    let (model, findings, questions) = hostile();
    let report = text("markdown", &model, &findings, &questions);
    assert_plain(&report);
    for line in report.lines() {
        // Between backticks nothing is markup.
        let is_key = ["- **Rule:**", "- **Key:**"].iter().any(|it| line.starts_with(it));
        assert!(
            is_key || !line.contains("<script") && !line.contains("[here](") && !line.contains("[x]("),
            "{line}"
        );
        let known = ["# Architecture review: ", "## ", "### ", "#### ", "- **", "Of `", "**", "None"];
        let is_question = line.split_once(". **").is_some_and(|(n, _)| n.parse::<usize>().is_ok());
        assert!(line.is_empty() || is_question || known.iter().any(|it| line.starts_with(it)), "{line}");
    }
    let headings = report.lines().filter(|it| it.starts_with("####")).count();
    let open = findings.iter().filter(|it| it.standing(&model, "").is_open()).count();
    assert_eq!(headings, open);
    assert!(report.contains("- **Key:** `exposed-port:script:=1+1`"), "{report}");
}

#[test]
fn hostile_names_stay_names_in_csv() {
    let (model, findings, questions) = hostile();
    let table = text("csv", &model, &findings, &questions);
    assert_plain(&table);
    let rows_wanted = findings.len() + 1;
    assert_eq!(table.lines().count(), 1 + rows_wanted);
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let columns = reader.headers().unwrap().len();
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        assert_eq!(row.len(), columns);
        rows += 1;
        for cell in &row {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
            assert!(!cell.contains(";="), "{cell:?}");
        }
    }
    assert_eq!(rows, rows_wanted);
    assert!(
        table
            .contains(",gone,transferred,'+1+1,'@SUM(A1),,'=2,'-3 <script>,exposed-port:script:=1+1,Parapet"),
        "{table}"
    );
}

#[test]
fn hostile_names_stay_names_in_json() {
    let (model, findings, questions) = hostile();
    let output = text("json", &model, &findings, &questions);
    assert_plain(&output);
    let value: serde_json::Value = serde_json::from_str(&output).unwrap();
    let messages = value["findings"].as_array().unwrap().iter().map(|it| it["message"].as_str().unwrap());
    let listed = rules::in_order(&model, findings.iter(), |it| it);
    assert!(messages.eq(listed.map(|it| it.message.read(&model).into_owned())));
    assert_eq!(value["orphans"][0]["verdict"]["reason"], "+1+1");
}

#[test]
fn hostile_names_stay_names_in_the_picture() {
    let (model, ..) = hostile();
    let picture = text("svg", &model, &[], &[]);
    assert_plain(&picture);
    let document = roxmltree::Document::parse(&picture).unwrap();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(["svg", "g", "rect", "path", "text", "title"].contains(&node.tag_name().name()));
        assert!(node.attributes().all(|it| !it.name().starts_with("on") && it.name() != "href"));
    }
    assert!(picture.contains("&lt;script&gt;"));
}

#[test]
fn hostile_names_stay_names_in_the_text_language() {
    let (model, ..) = hostile();
    let sketch = text("text", &model, &[], &[]);
    assert_plain(&sketch);
    assert_eq!(formats::text::read(&sketch).unwrap(), without_places(&model));
    let document = text("document", &model, &[], &[]);
    assert_plain(&document);
    assert_eq!(model::read(document.as_bytes()).unwrap(), model);
}

#[test]
fn the_largest_picture_is_drawn_smaller_or_refused() {
    let Some(png) = formats::find("png") else { return };
    let wide = |x: u32| {
        let text = format!(
            r#"(format: 1, components: {{"a": (kind: "user"), "b": (kind: "user")}},
            places: {{("main", "a"): (x: 0, y: 0), ("main", "b"): (x: {x}, y: 0)}})"#
        );
        let model = model::read(text.as_bytes()).unwrap();
        png.export.unwrap()(&Export {
            model: &model,
            view: None,
            findings: &[],
            questions: &[],
            file: "wide.parapet.ron",
            today: "",
        })
    };
    assert!(wide(12_000).is_ok());
    assert!(wide(100_000).unwrap_err().to_string().contains("pixels"));
}
