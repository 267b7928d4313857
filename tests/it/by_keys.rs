//! With keys alone: what the pointer does by dragging, and what is said of it to who cannot see it.

use egui::accesskit::Live;
use egui::{Event, Key, Rect, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::editor::Event::Opened;
use parapet::editor::{Editor, Modal, Tool};
use parapet::model::Id;

use crate::canvas::SMALL;
use crate::outline::{Wide, id, outline_of, press, selected};
use crate::window::{editor, picture, window};

fn said(harness: &Wide) -> String {
    let mut nodes = harness.query_all_by_role(Role::Status);
    let live = nodes.find(|it| it.accesskit_node().live() == Live::Polite);
    live.and_then(|it| it.accesskit_node().label()).unwrap_or_default()
}

/// A window in which the canvas has the keyboard.
fn canvas_of(text: &str) -> Wide {
    let mut harness = outline_of(text);
    harness.get_by_label_contains("Canvas, ").focus();
    harness.run_ok();
    harness
}

#[test]
fn what_keys_do_on_the_drawing_is_said() {
    let mut harness = canvas_of(SMALL);
    press(&mut harness, "", Key::Tab);
    assert!(said(&harness).starts_with("Web, web server"), "{}", said(&harness));
    assert!(said(&harness).contains("1 of 4"), "{}", said(&harness));
    press(&mut harness, "", Key::ArrowRight);
    assert_eq!(said(&harness), "Moved Web right.");
    press(&mut harness, "", Key::ArrowRight);
    assert_ne!(said(&harness), "Moved Web right.", "the same again is said again");
    assert_eq!(said(&harness).trim_end_matches('\u{a0}'), "Moved Web right.");
    press(&mut harness, "", Key::ArrowUp);
    assert_eq!(said(&harness), "Moved Web up.");
    press(&mut harness, "ctrl", Key::Z);
    assert_eq!(said(&harness), "Undone: move.");
    press(&mut harness, "ctrl", Key::A);
    assert!(said(&harness).ends_with(" selected."), "{}", said(&harness));
    editor(&mut harness).select([id("db")]);
    harness.run_ok();
    press(&mut harness, "", Key::Delete);
    assert!(said(&harness).starts_with("Deleted Orders and 1 flow."), "{}", said(&harness));
    assert!(said(&harness).contains(" gone."), "its findings: {}", said(&harness));
    press(&mut harness, "ctrl", Key::Z);
    let said_back = said(&harness);
    assert!(said_back.starts_with("Undone: delete Orders."), "{said_back}");
    assert!(said_back.contains("new finding"), "{said_back}");
    press(&mut harness, "ctrl shift", Key::Z);
    assert!(said(&harness).starts_with("Redone: delete Orders."), "{}", said(&harness));
}

/// How large an element is on the screen against its own size, and where it is.
fn seen(harness: &mut Wide, label: &str, element: &str) -> (f32, Rect) {
    let width = editor(harness).layout().rect(&id(element)).unwrap().width();
    // What was selected is said under the same name.
    let mut nodes = harness.get_all_by_label_contains(label);
    let rect = nodes.find(|it| it.accesskit_node().role() != Role::Status).unwrap().rect();
    (rect.width() / width, rect)
}

#[test]
fn keys_come_nearer_go_further_and_show_all() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let bytes = SMALL.as_bytes().to_vec();
    editor(&mut harness).handle(Opened { name: "small.parapet.ron".to_owned(), path: None, bytes });
    harness.run_ok();
    harness.get_by_label_contains("Canvas, ").focus();
    harness.run_ok();
    let web = |harness: &mut Wide| seen(harness, "Web, web server", "web");
    press(&mut harness, "ctrl", Key::Num0);
    assert!((web(&mut harness).0 - 1.0).abs() < 0.01);
    press(&mut harness, "ctrl", Key::Equals);
    let nearer = web(&mut harness).0;
    press(&mut harness, "ctrl", Key::Minus);
    press(&mut harness, "ctrl", Key::Minus);
    let further = web(&mut harness).0;
    assert!(nearer > 1.1 && further < 0.9, "{nearer} {further}");
    press(&mut harness, "shift", Key::Num0);
    assert!((web(&mut harness).0 - 1.0).abs() < 0.01);
    let area = harness.get_by_label_contains("Canvas, ").rect();
    press(&mut harness, "", Key::PageDown);
    assert!(harness.query_by_label_contains("Web, web server").is_none(), "nothing of it is in view");
    press(&mut harness, "shift", Key::Num1);
    for (label, element) in [("Web, web server", "web"), ("Orders, sql database", "db")] {
        assert!(area.contains_rect(seen(&mut harness, label, element).1), "{label}");
    }
    let all = web(&mut harness).0;
    editor(&mut harness).select([id("db")]);
    press(&mut harness, "shift", Key::Num2);
    let (zoom, db) = seen(&mut harness, "Orders, sql database", "db");
    assert!(zoom > all && (db.center() - area.center()).length() < 60.0, "{zoom} {all} {db}");
}

#[test]
fn letters_take_tools_in_hand() {
    let mut harness = canvas_of(SMALL);
    for (key, tool) in [
        (Key::H, Tool::Hand),
        (Key::B, Tool::Boundary),
        (Key::F, Tool::Flow),
        (Key::C, Tool::Comment),
        (Key::N, Tool::Place("note".to_owned())),
        (Key::V, Tool::Pointer),
    ] {
        press(&mut harness, "", key);
        assert_eq!(editor(&mut harness).shown.tool, tool, "{key:?}");
    }
}

#[test]
fn alt_and_an_arrow_walk() {
    let mut harness = canvas_of(SMALL);
    editor(&mut harness).select([id("app")]);
    for (key, there) in [(Key::ArrowUp, "web"), (Key::ArrowRight, "db"), (Key::ArrowLeft, "web")] {
        press(&mut harness, "alt", key);
        assert_eq!(selected(&mut harness), [there], "{key:?}");
    }
}

#[test]
fn a_document_that_is_opened_is_said_in_short() {
    let harness = outline_of(SMALL);
    let said = said(&harness);
    assert!(said.contains("4 components, 1 flow, 1 boundary"), "{said}");
}

/// Chooses by typing in the dialog that a command has opened.
fn name(harness: &mut Wide, text: &str) {
    assert!(matches!(editor(harness).shown.modal, Some(Modal::Target(_))));
    harness.event(Event::Text(text.to_owned()));
    harness.run_ok();
    press(harness, "", Key::Enter);
    assert_eq!(editor(harness).shown.modal, None);
}

fn ends(editor: &Editor, flow: &Id) -> (String, String) {
    let it = editor.model().flow(flow).unwrap();
    (it.from.to_string(), it.to.to_string())
}

#[test]
fn flows_are_drawn_led_elsewhere_and_split_by_keys_alone() {
    let mut harness = canvas_of(SMALL);
    press(&mut harness, "", Key::Tab);
    assert_eq!(selected(&mut harness), ["web"]);
    press(&mut harness, "shift", Key::F);
    harness.run_ok();
    picture(&mut harness, "flow-to");
    name(&mut harness, "app");
    let flow = editor(&mut harness).selected_one().cloned().unwrap();
    assert_eq!(ends(editor(&mut harness), &flow), ("web".to_owned(), "app".to_owned()));
    assert!(said(&harness).contains("Connected Web to App."), "{}", said(&harness));
    press(&mut harness, "shift", Key::I);
    name(&mut harness, "load bal");
    let balancer = editor(&mut harness).selected_one().cloned().unwrap();
    assert_eq!(ends(editor(&mut harness), &flow).1, balancer.to_string());
    editor(&mut harness).select([flow.clone()]);
    assert!(editor(&mut harness).run("edit.flow-end"));
    harness.run_ok();
    name(&mut harness, "guard");
    assert_eq!(ends(editor(&mut harness), &flow), ("web".to_owned(), "fw".to_owned()));
}

#[test]
fn membership_and_gates_are_changed_by_keys_alone() {
    let mut harness = canvas_of(SMALL);
    press(&mut harness, "", Key::Tab);
    press(&mut harness, "shift", Key::M);
    name(&mut harness, "tier");
    assert_eq!(editor(&mut harness).nesting().parent(&id("web")), Some(&id("tier")));
    assert!(said(&harness).starts_with("Moved Web into Data tier."), "{}", said(&harness));
    editor(&mut harness).select([id("fw")]);
    assert!(editor(&mut harness).run("arrange.make-gate"));
    harness.run_ok();
    // Arrows choose, too.
    press(&mut harness, "", Key::ArrowDown);
    press(&mut harness, "", Key::Enter);
    assert_eq!(editor(&mut harness).model().component(&id("fw")).unwrap().gate_of, Some(id("tier")));
    assert!(harness.get_by_label_contains("Canvas, ").is_focused(), "the canvas has the keys again");
    let place = |harness: &mut Wide| {
        let editor = editor(harness);
        editor.layout().gates[&id("fw")].rect.centre()
    };
    let before = place(&mut harness);
    for key in [Key::ArrowDown, Key::ArrowRight] {
        press(&mut harness, "", key);
    }
    assert_ne!(place(&mut harness), before, "arrows slide it");
    // Esc leaves all as it is.
    press(&mut harness, "shift", Key::M);
    press(&mut harness, "", Key::Escape);
    assert_eq!(editor(&mut harness).shown.modal, None);
}

#[test]
fn a_boundary_is_drawn_around_the_selection_and_dissolved_by_keys() {
    let mut harness = canvas_of(SMALL);
    press(&mut harness, "", Key::Tab);
    press(&mut harness, "ctrl", Key::G);
    let boundary = editor(&mut harness).selected_one().cloned().unwrap();
    assert_eq!(editor(&mut harness).nesting().parent(&id("web")), Some(&boundary));
    assert!(said(&harness).starts_with("Drew subnet tier."), "{}", said(&harness));
    press(&mut harness, "ctrl shift", Key::G);
    assert!(!editor(&mut harness).model().has(&boundary) && editor(&mut harness).model().has(&id("web")));
}
