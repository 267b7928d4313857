//! Rule packs: added, their findings seen, removed.

use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Effect, Event, Modal, Tab};
use parapet::model::Id;
use parapet::ui::panels::{findings::Findings, manual, packs};

use super::{editor_of, panel, picture};

const PACK: &str = r#"(format: 1, id: "house", title: "House rules", version: "2", rules: [
    (id: "no-ssh", label: "SSH in the house", subject: flow, severity: high, stride: [tampering],
     when: protocol("ssh"), message: "{source} speaks SSH with {target}", advice: "Use the console."),
    (id: "asks", label: "Patching", subject: component, when: answer("patching", no), message: "{name} is old"),
])"#;

fn read(text: &str) -> Event {
    Event::PacksRead(vec![("house.parapet-rules.ron".to_owned(), text.as_bytes().to_vec())])
}

#[test]
fn a_pack_is_added_listed_and_removed() {
    let mut editor = editor_of("ops \"Operator\": admin; web \"Web\": web-server; ops -> web: ssh [admin]");
    editor.shown.modal = Some(Modal::Packs);
    let mut harness = panel(editor, (560.0, 360.0), packs::ui);
    harness.run_ok();
    assert!(harness.query_by_label("No rule packs yet.").is_some());
    harness.get_by_label("Add rule packs…").click();
    harness.run_ok();
    assert!(matches!(harness.state_mut().take_effects().last(), Some(Effect::PackDialog)));
    harness.state_mut().handle(read(PACK));
    harness.run_ok();
    assert!(harness.query_by_label("House rules").is_some());
    assert_eq!(harness.query_all_by_label_contains("2 rules, 1 finding, ").count(), 1);
    assert_eq!(harness.query_all_by_label_contains(" · version 2 · house.parapet-rules.ron").count(), 1);
    picture(&mut harness, "rule-packs");
    harness.get_by_label("Remove House rules").click();
    harness.run_ok();
    assert_eq!(harness.state().model().packs().len(), 0);
    assert!(harness.query_by_label("House rules").is_none());
    harness.state_mut().undo();
    assert!(harness.state().model().packs().contains_key(&Id::slug("house")));
}

#[test]
fn all_that_is_wrong_with_several_packs_is_seen() {
    let mut harness = crate::window::window((1280.0, 800.0), 1.0);
    let bad = PACK.replace("protocol(\"ssh\")", "protocol(\"sssh\")").replace("patching", "patchign");
    let files = vec![
        ("a.parapet-rules.ron".to_owned(), bad.into_bytes()),
        ("b.tb7".to_owned(), b"<KnowledgeBase/>".to_vec()),
    ];
    crate::window::editor(&mut harness).handle(Event::PacksRead(files));
    harness.run_ok();
    crate::window::picture(&mut harness, "rule-packs-faults");
    harness.get_by_label("No rule pack was added");
    for fault in [
        "a.parapet-rules.ron: line 3, column ",
        "a.parapet-rules.ron: line 4, column ",
        "b.tb7: this template has no",
    ] {
        harness.get_by_label_contains(fault);
    }
    assert_eq!(crate::window::editor(&mut harness).model().packs().len(), 0);
    harness.get_by_label("Add others…").click();
    harness.run_ok();
    let editor = crate::window::editor(&mut harness);
    assert!(editor.shown.modal.is_none());
    assert!(matches!(editor.take_effects().last(), Some(Effect::PackDialog)));
}

#[test]
fn the_sample_is_one_click_away() {
    let mut harness = panel(editor_of("web: web-server"), (560.0, 360.0), packs::ui);
    harness.run_ok();
    harness.get_by_label("Add the sample").click();
    harness.run_ok();
    assert!(harness.query_by_label("House rules (sample)").is_some());
}

#[test]
fn a_finding_bears_the_name_of_its_pack() {
    let mut editor = editor_of("ops \"Operator\": admin; web \"Web\": web-server; ops -> web: ssh [admin]");
    editor.handle(read(PACK));
    editor.shown.tab = Tab::Findings;
    let mut findings = Findings::default();
    let mut harness = panel(editor, (356.0, 1400.0), move |ui, editor| findings.ui(ui, editor));
    harness.run_ok();
    assert!(harness.query_all_by_label("Rule pack: House rules").count() == 1);
    harness.get_by_label("Operator speaks SSH with Web").click();
    harness.run_ok();
    assert_eq!(harness.state().shown.chosen.as_deref(), Some("house/no-ssh:ops-web"));
    picture(&mut harness, "finding-of-a-pack");
    harness.get_by_label("About this rule").click();
    harness.run_ok();
    assert_eq!(harness.state().shown.modal, Some(Modal::Manual("house/no-ssh".to_owned())));
}

#[test]
fn the_manual_has_a_page_for_a_packs_rule() {
    let mut editor = editor_of("web: web-server");
    editor.handle(read(PACK));
    editor.show_manual("house/no-ssh");
    let mut harness = panel(editor, (600.0, 400.0), |ui, editor| manual::ui(ui, editor));
    harness.run_ok();
    for label in ["SSH in the house", "house/no-ssh · Tampering", "What to do", "Use the console."] {
        assert!(harness.query_by_label(label).is_some(), "{label}");
    }
}
