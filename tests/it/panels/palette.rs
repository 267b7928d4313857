//! The palette.

use egui_kittest::kittest::Queryable as _;
use parapet::ui::panels::palette;

use super::{empty, panel, picture};

#[test]
fn the_palette_finds_by_technology_and_a_click_adds_it() {
    let mut harness = panel(empty(), (236.0, 900.0), palette::ui);
    picture(&mut harness, "palette");
    harness.get_by_label("Search").click();
    harness.run();
    harness.get_by_label("Search").type_text("postgres");
    harness.run();
    picture(&mut harness, "palette-search");
    harness.get_by_label("PostgreSQL").click();
    harness.run();
    let editor = harness.state();
    let added: Vec<_> = editor.model().components().values().collect();
    assert_eq!(added.len(), 1);
    assert_eq!((added[0].kind.as_str(), added[0].technology.as_str()), ("sql-database", "PostgreSQL"));
    assert!(editor.selected_one().is_some());
}

#[test]
fn the_palette_says_when_nothing_is_found() {
    let mut harness = panel(empty(), (236.0, 900.0), palette::ui);
    harness.state_mut().shown.palette_search = "qwertz".to_owned();
    harness.run();
    harness.get_by_label_contains("Nothing is called");
}

#[test]
fn the_palette_works_by_keyboard_alone() {
    let mut harness = panel(empty(), (236.0, 900.0), palette::ui);
    harness.key_press(egui::Key::Slash);
    harness.run();
    assert!(harness.get_by_label("Search").is_focused());
    harness.key_press(egui::Key::ArrowDown);
    harness.run();
    for key in [egui::Key::ArrowRight, egui::Key::ArrowDown, egui::Key::ArrowLeft, egui::Key::ArrowUp] {
        harness.key_press(key);
        harness.run();
    }
    assert!(harness.get_by_label("User").is_focused());
    harness.key_press(egui::Key::ArrowRight);
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    let kinds: Vec<_> = harness.state().model().components().values().map(|it| it.kind.clone()).collect();
    assert_eq!(kinds, ["admin"]);
}

#[test]
fn a_kind_of_boundary_is_drawn_around_what_is_selected() {
    let mut editor = empty();
    let web = editor.add_component_anywhere("web-server");
    let mut harness = panel(editor, (236.0, 2000.0), palette::ui);
    harness.get_by_label("Host").click();
    harness.run();
    let editor = harness.state();
    let host = editor.nesting().parent(&web).unwrap();
    assert_eq!(editor.model().boundary(host).unwrap().kind, "host");
}
