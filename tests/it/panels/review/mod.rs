//! Findings and questions: what their tests share.

mod alike;
mod coverage;
mod filters;
mod findings;
mod many;
mod questions;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::analysis::Facts;
use parapet::editor::{Derived, Editor, Effect, Event, Surroundings};
use parapet::model::{Component, Id, Model, Ports, Severity};
use parapet::rules::{Evidence, Finding, Hop, Report};
use parapet::ui::panels::findings::Findings;
use parapet::ui::panels::questions::Questions;

use super::{editor_of, panel};

const SHOP: &str = r#"
asset cards "Card numbers": secret
asset people "Customers": confidential [personal yes]
user "Users": user
dns "Public DNS": dns
lb "Load balancers": load-balancer [technology nginx; balancing cookie-affinity; listens tcp/22 ssh; listens tcp/443 https for anywhere]
web "Web servers": web-server
db "Orders": postgres:16 [stores cards; encryption-at-rest no]
copy "Accounts": mysql:8 [stores people]
keys "Sessions": redis [stores people]
boundary tier "Service tier": subnet-tier [ingress tcp/22,80,443 from anywhere] {
  fw "Service firewall": firewall [gate-of tier; allows tcp/22,80,443 from anywhere]
}
user -> dns: https
dns -> lb: https
lb -> web: http 80
web -> db: postgres [read-write]
web -> copy: mysql [read-write]
web -> keys: redis [read-write]
"#;

/// One thing to ask, and nothing to find.
const ASKS: &str = "asset a: secret; job: worker [replicas 2; secrets yes]; job -> files: https [timeouts yes]
    files: object-store [highly-available yes; stores a; authentication yes; logging yes; backups yes; restore-tested yes; key-management yes]";
const FILES: &str = "files-";
const STORE: &str = "object-store [highly-available yes; stores a; authentication yes; logging yes; backups yes; restore-tested yes; key-management yes]";

const ORDERS: &str = "Nothing encrypts Card numbers (secret) in Orders";

/// A clock that makes every derivation slow, so that its result is handed in from outside.
fn slow_ms() -> f64 {
    static CLOCK: AtomicU32 = AtomicU32::new(0);
    f64::from(CLOCK.fetch_add(100, Ordering::Relaxed))
}

/// An editor that shows these findings, whatever the rules say.
fn editor_with(findings: Vec<Finding>) -> Editor {
    let model = parapet::formats::text::read(SHOP).unwrap();
    let mut editor = Editor::with(model, Surroundings { now_ms: slow_ms, ..Surroundings::fixed() });
    editor.amend::<Component>(&Id::slug("web"), "Say how many", |it| it.replicas = Some(1));
    assert!(editor.is_behind());
    let derive = editor.take_effects().into_iter().find_map(|it| match it {
        Effect::Derive { generation, model } => Some((generation, model)),
        _ => None,
    });
    let (generation, model): (u64, Arc<Model>) = derive.unwrap();
    let facts = Facts::of(model);
    let mut report = Report::default();
    report.findings = findings.into_iter().map(Arc::new).collect();
    report.questions.clone_from(&editor.report().questions);
    let derived = Box::new(Derived { facts, report, took_ms: 100.0 });
    editor.handle(Event::Derived { generation, derived });
    assert!(!editor.is_behind());
    editor
}

fn hop(element: &str, ports: &str, note: &str) -> Hop {
    let ports = if ports.is_empty() { None } else { Some(ports.parse::<Ports>().unwrap()) };
    Hop { element: Id::slug(element), ports, note: note.into() }
}

/// The keys of the questions, and how they read.
fn asked(harness: &Harness<'_, Editor>) -> Vec<(String, String)> {
    let editor = harness.state();
    editor.questions().map(|it| (it.key.clone(), it.text.read(editor.model()).into_owned())).collect()
}

fn ssh() -> Finding {
    Finding {
        rule: "exposed-admin-port".into(),
        key: "exposed-admin-port:lb:tcp/22".to_owned(),
        severity: Severity::High,
        because:
            "Load balancers keep nothing, and anyone on the internet reaches them: serious impact, high."
                .into(),
        subjects: vec![Id::slug("lb")],
        detail: "tcp/22".to_owned(),
        message: "SSH is exposed to the internet".into(),
        place: "Load balancers · port 22".into(),
        evidence: Evidence {
            path: vec![
                hop("user", "", ""),
                hop("dns", "any", ""),
                hop("fw", "tcp/22,80,443", "lets in"),
                hop("lb", "tcp/22,80,443", "listens on"),
            ],
            also: Vec::new(),
        },
        facts: Vec::new(),
    }
}

fn plaintext(n: usize) -> Finding {
    Finding {
        rule: "plaintext-across-boundary".into(),
        key: format!("plaintext-across-boundary:lb+web:{n}"),
        severity: if n.is_multiple_of(3) { Severity::Medium } else { Severity::Low },
        message: format!("TLS ends before personal data {n}").into(),
        place: "Load balancers → Web servers · HTTP 80".into(),
        ..ssh()
    }
}

fn findings(editor: Editor, height: f32) -> Harness<'static, Editor> {
    let mut findings = Findings::default();
    panel(editor, (372.0, height), move |ui, editor| findings.ui(ui, editor))
}

/// The same, each in a row of its own.
fn one_by_one(editor: Editor, height: f32) -> Harness<'static, Editor> {
    let mut harness = findings(editor, height);
    pick(&mut harness, "Not grouped");
    harness
}

fn questions(editor: Editor) -> Harness<'static, Editor> {
    let mut questions = Questions::default();
    panel(editor, (372.0, 700.0), move |ui, editor| questions.ui(ui, editor))
}

/// Picks a line of the filter menu, which is opened for it.
fn pick(harness: &mut Harness<'static, Editor>, what: &str) {
    harness.get_by_label("Filter and sort findings").click();
    harness.run();
    harness.get_by_label(what).click_accesskit();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
}

/// So many sites that nobody has said anything of.
fn sites(count: u32) -> Editor {
    let site = |n: u32| {
        format!(
            "user -> web-{n} -> app-{n}: https [carries a]; app-{n} -> db-{n}: postgres [read-write; carries a]
             db-{n}: postgres [stores a]"
        )
    };
    let sketch: Vec<String> =
        std::iter::once("asset a: secret".to_owned()).chain((0..count).map(site)).collect();
    editor_of(&sketch.join("\n"))
}
