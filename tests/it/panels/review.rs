//! Findings and questions.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::analysis::Facts;
use parapet::editor::{Derived, Difference, Editor, Effect, Event, Modal, Surroundings, Tab};
use parapet::model::{Asset, Class, Component, Id, Model, Ports, Severity, Truth, Verdict, VerdictState};
use parapet::rules::{Evidence, Finding, Hop, Report};
use parapet::ui::panels::coverage::Coverage;
use parapet::ui::panels::findings::Findings;
use parapet::ui::panels::questions::Questions;

use super::{editor_of, panel, picture};

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

#[test]
fn a_finding_shows_its_evidence_by_hover_and_keeps_it_by_click() {
    let mut harness = findings(editor_with(vec![ssh(), plaintext(3), plaintext(4)]), 900.0);
    picture(&mut harness, "findings");
    let key = ssh().key;
    harness.get_by_label("SSH is exposed to the internet").hover();
    harness.run();
    assert_eq!(harness.state().shown.hovered.as_ref(), Some(&key));
    assert!(harness.state().marks().evidence.is_some());
    harness.get_by_label("SSH is exposed to the internet").click_accesskit();
    harness.run();
    picture(&mut harness, "findings-chosen");
    harness.hover_at(egui::pos2(8.0, 2.0));
    harness.run();
    let shown = &harness.state().shown;
    assert_eq!((shown.hovered.as_ref(), shown.chosen.as_ref()), (None, Some(&key)));
    assert!(!shown.wishes.is_empty(), "the view goes there");
    harness.get_by_label_contains("→ Load balancers");
}

#[test]
fn a_fix_is_applied_by_one_click_and_undone_by_one() {
    let mut harness = findings(editor_of(SHOP), 900.0);
    picture(&mut harness, "findings-real");
    let before = harness.state().model().clone();
    harness.get_by_label("Encrypt Orders at rest").click();
    harness.run();
    assert!(harness.query_by_label(ORDERS).is_none());
    harness.state_mut().undo();
    harness.run();
    assert_eq!(*harness.state().model(), before);
    harness.get_by_label(ORDERS);
}

#[test]
fn a_verdict_is_asked_for_and_settles() {
    let mut harness = findings(editor_of(SHOP), 900.0);
    harness.get_by_label(ORDERS).click_accesskit();
    harness.run();
    let before = harness.get_by_label("Accept…").rect();
    picture(&mut harness, "findings-to-judge");
    let after = harness.get_by_label("Accept…").rect();
    assert!((after.min - before.min).length() < 20.0, "a picture moves nothing: {before} {after}");
    harness.get_by_label("Accept…").click();
    harness.run();
    let Some(Modal::Verdict(key)) = harness.state().shown.modal.clone() else {
        panic!("no verdict is asked for")
    };
    let verdict = |state| Verdict {
        state,
        reason: "Moves in spring".to_owned(),
        who: "Ada".to_owned(),
        ..Verdict::default()
    };
    harness.state_mut().give_verdict(&key, &verdict(VerdictState::InDiscussion));
    harness.run();
    harness.get_by_label(ORDERS);
    harness.state_mut().give_verdict(&key, &verdict(VerdictState::Accepted));
    harness.run();
    assert!(harness.query_by_label(ORDERS).is_none());
    harness.get_by_label("Settled 1").click();
    harness.run();
    picture(&mut harness, "findings-settled");
    harness.get_by_label("Reopen").click();
    harness.run();
    assert!(harness.state().verdict(&key).is_none());
}

#[test]
fn a_verdict_reopens_when_its_facts_change_and_stays_when_its_finding_goes() {
    let mut harness = findings(editor_of(SHOP), 1400.0);
    let key = "sensitive-data-at-rest-clear:db";
    let verdict = Verdict { state: VerdictState::Accepted, reason: "r".to_owned(), ..Verdict::default() };
    harness.state_mut().give_verdict(key, &verdict);
    harness.run();
    assert!(harness.query_by_label(ORDERS).is_none());
    let cards = Id::slug("cards");
    harness.state_mut().amend::<Asset>(&cards, "Classify", |it| it.class = Class::Confidential);
    harness.run();
    harness.get_by_label("Nothing encrypts Card numbers (confidential) in Orders").click_accesskit();
    harness.run();
    harness.get_by_label_contains(
        "New since then: Card numbers: confidential; no longer so: Card numbers: secret.",
    );
    harness.state_mut().apply_fix(key, 0);
    harness.run();
    harness.get_by_label("Verdicts whose finding is gone");
    harness.get_by_label_contains("· Orders");
    harness.get_by_label("Remove").click();
    harness.run();
    assert!(harness.state().verdict(key).is_none());
}

#[test]
fn findings_are_walked_by_keyboard() {
    let mut harness = findings(editor_with((0..200).map(plaintext).collect()), 700.0);
    harness.get_by_label("TLS ends before personal data 0").focus();
    harness.run();
    for _ in 0..150 {
        harness.key_press(Key::ArrowDown);
        harness.step();
        harness.step();
    }
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 150").is_focused());
    harness.key_press(Key::Enter);
    harness.run_steps(8);
    assert_eq!(harness.state().shown.chosen, Some(plaintext(150).key));
    harness.key_press(Key::ArrowUp);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 149").is_focused());
}

#[test]
fn what_is_in_sight_stays_there_when_the_panel_gets_another_width() {
    let mut harness = findings(editor_with((0..200).map(plaintext).collect()), 700.0);
    harness.get_by_label("TLS ends before personal data 0").focus();
    harness.run();
    for _ in 0..100 {
        harness.key_press(Key::ArrowDown);
        harness.step();
        harness.step();
    }
    harness.run();
    let top = |harness: &Harness<'static, Editor>| {
        let row = harness.get_by_label("TLS ends before personal data 100");
        assert!(row.is_focused());
        row.rect().top()
    };
    let before = top(&harness);
    for width in [360.0, 420.0, 388.0] {
        harness.set_size(egui::vec2(width, 716.0)).run_ok();
        assert!((top(&harness) - before).abs() < 40.0, "{before}, {}", top(&harness));
    }
}

#[test]
fn the_keys_of_the_tabs_lead_into_their_lists() {
    let mut harness = findings(editor_with((0..200).map(plaintext).collect()), 700.0);
    harness.state_mut().run("view.findings");
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 0").is_focused());
    harness.state_mut().choose(&plaintext(120).key);
    harness.state_mut().run("view.findings");
    harness.run_steps(12);
    assert!(harness.get_by_label("TLS ends before personal data 120").is_focused());
    let mut harness = questions(editor_of(SHOP));
    let first = asked(&harness).swap_remove(0).1;
    harness.state_mut().run("view.questions");
    harness.run();
    assert!(harness.get_by_label(&first).is_focused());
}

#[test]
fn findings_are_grouped_sorted_and_filtered_by_kind_from_the_menu() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 1400.0);
    harness.get_by_label("Filter and sort findings").click();
    harness.run();
    // The menu stays while nothing is clicked with the pointer.
    let pick = |harness: &mut Harness<'static, Editor>, what: &str| {
        harness.get_by_label(what).click_accesskit();
        harness.run();
    };
    pick(&mut harness, "By rule");
    picture(&mut harness, "findings-grouped");
    harness.get_by_label("Admin port exposed to the internet (1)");
    let top = |harness: &Harness<'static, Editor>, label: &str| harness.get_by_label(label).rect().top();
    pick(&mut harness, "Not grouped");
    assert!(harness.query_by_label("Admin port exposed to the internet (1)").is_none());
    pick(&mut harness, "By what is wrong");
    assert!(
        top(&harness, "SSH is exposed to the internet") < top(&harness, "TLS ends before personal data 0")
    );
    pick(&mut harness, "Spoofing");
    harness.get_by_label("SSH is exposed to the internet");
    assert!(harness.query_by_label("TLS ends before personal data 0").is_none());
}

#[test]
fn levels_words_and_nothing_left_filter() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 900.0);
    harness.get_by_label("High 1").click();
    harness.run();
    assert!(harness.query_by_label_contains("TLS ends").is_none());
    harness.get_by_label("High 1").click();
    harness.run();
    harness.get_by_label("Search findings").click();
    harness.run();
    harness.get_by_label("Search findings by words").type_text("data 4");
    harness.run();
    harness.get_by_label("TLS ends before personal data 4");
    assert!(harness.query_by_label("TLS ends before personal data 3").is_none());
    harness.state_mut().shown.search = "no such thing".to_owned();
    harness.run();
    harness.get_by_label("Show all").click();
    harness.run();
    harness.get_by_label("SSH is exposed to the internet");
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

#[test]
fn groups_fold_by_mouse_and_keyboard_and_unfold_for_what_is_chosen() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 1400.0);
    pick(&mut harness, "By rule");
    let (ports, plain) = ("Admin port exposed to the internet (1)", "Unencrypted across a boundary (6)");
    let shown = |harness: &Harness<'static, Editor>| {
        harness.query_all_by_label_contains("TLS ends before personal").count()
    };
    assert_eq!(shown(&harness), 6);
    harness.get_by_label(plain).click();
    harness.run();
    assert_eq!(shown(&harness), 0);
    harness.get_by_label("SSH is exposed to the internet");
    picture(&mut harness, "findings-folded");
    // The arrow keys lead over heads too, and Enter unfolds.
    harness.get_by_label("SSH is exposed to the internet").focus();
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert!(harness.get_by_label(plain).is_focused());
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(shown(&harness), 6);
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 0").is_focused());
    pick(&mut harness, "Fold all groups");
    assert!(shown(&harness) == 0 && harness.query_by_label("SSH is exposed to the internet").is_none());
    harness.state_mut().choose(&plaintext(4).key);
    harness.run();
    assert!(shown(&harness) == 6 && harness.query_by_label("SSH is exposed to the internet").is_none());
    harness.get_by_label(ports);
    pick(&mut harness, "Unfold all groups");
    harness.get_by_label("SSH is exposed to the internet");
}

#[test]
fn what_is_filtered_stands_in_chips_that_take_it_back() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 1400.0);
    let is_there = |harness: &Harness<'static, Editor>, label: &str| harness.query_by_label(label).is_some();
    for (line, taken_back) in [
        ("Unencrypted across a boundary", "Unencrypted across a boundary ×"),
        ("Information disclosure", "Information disclosure ×"),
        ("Open, not judged", "Open, not judged ×"),
    ] {
        pick(&mut harness, line);
        let is_shown = is_there(&harness, "SSH is exposed to the internet");
        assert_eq!(is_shown, line == "Open, not judged", "{line}");
        harness.get_by_label(taken_back).click();
        harness.run();
        assert!(!is_there(&harness, taken_back) && is_there(&harness, "SSH is exposed to the internet"));
    }
    pick(&mut harness, "Only what is selected");
    harness.get_by_label("Nothing is selected.");
    harness.state_mut().select([Id::slug("lb")]);
    harness.run();
    assert!(is_there(&harness, "SSH is exposed to the internet"));
    harness.state_mut().select([Id::slug("db")]);
    harness.run();
    harness.get_by_label("No finding passes the filter.");
    picture(&mut harness, "findings-nothing-passes");
    harness.get_by_label("Selected ×").click();
    harness.run();
    assert!(is_there(&harness, "SSH is exposed to the internet"));
}

#[test]
fn chips_that_do_not_fit_stand_in_close_rows() {
    let critical = Finding { severity: Severity::Critical, key: "k:lb".to_owned(), ..ssh() };
    let all = (0..400).map(plaintext).chain([ssh(), critical]).collect();
    let mut harness = findings(editor_with(all), 600.0);
    let verdict = Verdict { state: VerdictState::Accepted, ..Verdict::default() };
    harness.state_mut().give_verdict(&plaintext(1).key, &verdict);
    harness.run();
    picture(&mut harness, "findings-chips");
    let chips = ["Critical 1", "High 1", "Medium 134", "Low 265", "Settled 1"];
    let rects = chips.map(|it| harness.get_by_label(it).rect());
    assert!(rects.iter().is_sorted_by(|a, b| a.top() < b.top() || a.right() < b.left()), "{rects:?}");
    for pair in rects.windows(2) {
        let step = pair[1].top() - pair[0].top();
        assert!(step == 0.0 || step == pair[0].height() + 6.0, "{rects:?}");
    }
    let search = harness.get_by_label("Search findings").rect();
    assert!(
        (rects[0].center().y - search.center().y).abs() < 1.0,
        "level with the tools: {rects:?} {search}"
    );
    assert!(rects.iter().all(|it| it.right() < search.left()));
}

#[test]
fn the_search_opens_and_closes_and_leads_into_the_list_by_keyboard() {
    let mut harness = findings(editor_with((0..6).map(plaintext).collect()), 900.0);
    harness.get_by_label("Search findings").focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let field = "Search findings by words";
    assert!(harness.get_by_label(field).is_focused());
    harness.get_by_label(field).type_text("data 4");
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 4").is_focused());
    harness.get_by_label(field).focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 4").is_focused());
    harness.get_by_label(field).focus();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label(field).is_none());
    harness.get_by_label("TLS ends before personal data 5");
    // What is empty takes no focus back from who has left it.
    harness.get_by_label("Search findings").click();
    harness.run();
    harness.get_by_label("TLS ends before personal data 5").focus();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(!harness.get_by_label(field).is_focused());
}

#[test]
fn five_thousand_findings_cost_no_more_than_those_in_sight() {
    for line in ["Not grouped", "By level", "By element"] {
        five_thousand(line);
    }
}

fn five_thousand(line: &str) {
    let mut harness = findings(editor_with((0..5000).map(plaintext).collect()), 900.0);
    harness.run();
    pick(&mut harness, line);
    let area = harness.get_by_label("TLS ends before personal data 0").rect().center();
    for _ in 0..30 {
        harness.event(egui::Event::PointerMoved(area));
        harness.event(egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: egui::vec2(0.0, -3000.0),
            source: egui::MouseWheelSource::Wheel,
            phase: egui::TouchPhase::Move,
            modifiers: egui::Modifiers::NONE,
        });
        harness.step();
    }
    harness.run_ok();
    let rows = harness.query_all_by_label_contains("TLS ends before").count();
    assert!((3..40).contains(&rows), "{rows} rows are laid out");
    assert!(harness.query_by_label("TLS ends before personal data 0").is_none());
    let start = std::time::Instant::now();
    harness.run_steps(20);
    let each = start.elapsed() / 20;
    assert!(each.as_millis() < 60, "{line}: a frame took {each:?}, without optimisation");
}

#[test]
fn a_fix_is_weighed_against_thousands_of_findings_in_no_time() {
    let report = |from: usize| {
        let mut report = Report::default();
        report.findings = (from..from + 30_000).map(|it| Arc::new(plaintext(it))).collect();
        report
    };
    let (before, then) = (report(0), report(10));
    let start = std::time::Instant::now();
    let difference = Difference::between(&before, &then);
    assert!(start.elapsed().as_secs_f64() < 1.5, "it took {:?}", start.elapsed());
    assert_eq!(difference, Difference { removes: 10, adds: 10, asks: 0 });
}

#[test]
fn the_coverage_of_an_element_with_thousands_of_findings_is_quick() {
    let mut coverage = Coverage::default();
    let editor = editor_with((0..5000).map(plaintext).collect());
    let mut harness = panel(editor, (820.0, 700.0), move |ui, editor| coverage.ui(ui, editor));
    harness.run();
    let start = std::time::Instant::now();
    harness.run_steps(5);
    let each = start.elapsed() / 5;
    assert!(each.as_millis() < 150, "a frame took {each:?}, without optimisation");
}

/// A hundred sites, with something to ask of each.
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

#[test]
fn hundreds_of_questions_cost_no_more_than_those_in_sight() {
    let editor = sites(100);
    let count = editor.questions().count();
    assert!(count > 500, "{count}");
    let mut harness = questions(editor);
    harness.run();
    harness.get_by_label(&format!("{count} questions, most at stake first"));
    let rows = harness.query_all_by_label("Not applicable").count();
    assert!((3..20).contains(&rows), "{rows} questions are laid out");
}

#[test]
fn the_coverage_of_hundreds_of_elements_costs_no_more_than_those_in_sight() {
    let mut coverage = Coverage::default();
    let mut harness = panel(sites(100), (820.0, 700.0), move |ui, editor| coverage.ui(ui, editor));
    harness.run();
    picture(&mut harness, "coverage-hundreds");
    let rows = harness.query_all_by_label_contains(", Spoofing:").count();
    assert!((5..30).contains(&rows), "{rows} rows are laid out");
}

#[test]
fn an_empty_coverage_says_what_it_is_for() {
    let mut coverage = Coverage::default();
    let harness = panel(super::empty(), (820.0, 300.0), move |ui, editor| coverage.ui(ui, editor));
    harness.get_by_label("Nothing is drawn yet.");
    harness.get_by_label_contains("Each element gets a row here");
    assert!(harness.query_by_label_contains("0 cells").is_none());
}

#[test]
fn an_empty_list_says_what_is_open() {
    let mut harness = findings(editor_of(ASKS), 500.0);
    harness.get_by_label("No findings.");
    harness.get_by_label("1 question is open.");
    harness.get_by_label("Yes").click();
    harness.run();
    harness.get_by_label("Nothing is left to ask either.");
}

fn questions(editor: Editor) -> Harness<'static, Editor> {
    let mut questions = Questions::default();
    panel(editor, (372.0, 700.0), move |ui, editor| questions.ui(ui, editor))
}

#[test]
fn questions_are_answered_in_a_row_by_keyboard() {
    let mut harness = questions(editor_of(SHOP));
    picture(&mut harness, "questions");
    let all: Vec<String> = asked(&harness).into_iter().map(|it| it.1).collect();
    assert!(all.len() >= 2);
    harness.get_by_label(&all[0]).focus();
    harness.run();
    picture(&mut harness, "questions-focused");
    let steps = harness.state().history().next_undo().map(str::to_owned);
    harness.key_press(Key::Num1);
    harness.run();
    assert!(harness.query_by_label(&all[0]).is_none());
    assert_eq!(harness.state().history().next_undo(), Some("Answer: Yes"));
    assert!(harness.get_by_label(&all[1]).is_focused());
    harness.state_mut().undo();
    harness.run();
    assert_eq!(harness.state().history().next_undo(), steps.as_deref());
    harness.get_by_label(&all[0]);
}

#[test]
fn the_next_question_is_the_one_in_its_place_even_if_others_come_before_it() {
    let keys = |editor: &Editor| editor.questions().map(|it| it.key.clone()).collect::<Vec<_>>();
    let all = keys(&sites(12));
    // One whose answer lets others be asked before the next.
    let moves = |n: &usize| {
        let mut editor = sites(12);
        editor.answer(&all[*n], 0);
        keys(&editor).get(*n) != all.get(*n + 1)
    };
    let first = (0..all.len() - 1).find(moves).expect("an answer that moves the next");
    let mut harness = questions(sites(12));
    let text = asked(&harness).into_iter().find(|it| it.0 == all[first]).unwrap().1;
    harness.state_mut().shown.chosen = Some(all[first].clone());
    harness.state_mut().run("view.questions");
    harness.run_steps(8);
    assert!(harness.get_by_label(&text).is_focused());
    harness.key_press(Key::Num1);
    harness.run_steps(8);
    let now: Vec<(String, String)> = asked(&harness);
    assert!(harness.get_by_label(&now[first].1).is_focused());
    harness.key_press(Key::Num1);
    harness.run_steps(8);
    assert!(harness.state().questions().all(|it| it.key != now[first].0));
}

#[test]
fn a_question_put_off_waits_at_the_end() {
    let mut harness = questions(editor_of(ASKS));
    harness.get_by_label("Later").click();
    harness.run();
    assert_eq!(harness.state().questions().count(), 0);
    harness.get_by_label("Put off").click();
    harness.run();
    picture(&mut harness, "questions-put-off");
    harness.get_by_label("No").click();
    harness.run();
    assert_eq!(harness.state().open_count(), 1);
}

#[test]
fn a_note_is_kept_with_the_answer() {
    let mut harness = questions(editor_of(ASKS));
    let (key, text) = asked(&harness).swap_remove(0);
    harness.get_by_label(&text).click_accesskit();
    harness.run();
    harness.get_by_label("Note").focus();
    harness.run();
    harness.get_by_label("Note").type_text("asked the vendor");
    harness.run();
    picture(&mut harness, "questions-noted");
    harness.key_press(Key::Enter);
    harness.run();
    let (subject, field) = key.split_once('.').unwrap();
    let answer = |harness: &Harness<'static, Editor>| {
        harness.state().model().answer(&Id::slug(subject), field).unwrap()
    };
    assert_eq!(answer(&harness).note, "asked the vendor");
    harness.get_by_label("Yes").click();
    harness.run();
    assert_eq!((answer(&harness).is, answer(&harness).note.as_str()), (Truth::Yes, "asked the vendor"));
}

#[test]
fn the_findings_lead_to_all_questions() {
    let more = |n: u32| format!("{FILES}{n}: {STORE}; job -> {FILES}{n}: https [timeouts yes]");
    let sketch: Vec<String> = std::iter::once(ASKS.to_owned()).chain((0..5).map(more)).collect();
    let mut harness = findings(editor_of(&sketch.join("\n")), 900.0);
    harness.get_by_label("All 6 questions").click();
    harness.run();
    assert_eq!(harness.state().shown.tab, Tab::Questions);
}
