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
    assert!(harness.get_by_label("User, key 1").is_focused());
    for key in [egui::Key::ArrowDown, egui::Key::ArrowDown] {
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

#[test]
fn shift_makes_the_selection_another_kind_and_alt_connects_it() {
    let mut editor = empty();
    let web = editor.add_component_anywhere("web-server");
    let app = editor.add_component_anywhere("application-server");
    editor.connect(&web, &app);
    editor.select([app.clone()]);
    let mut harness = panel(editor, (236.0, 1600.0), palette::ui);
    let click = |harness: &mut egui_kittest::Harness<'_, _>, label: &str, keys: egui::Modifiers| {
        let pos = harness.get_by_label(label).rect().center();
        harness.hover_at(pos);
        harness.run();
        harness.event(egui::Event::ModifiersChanged(keys));
        for pressed in [true, false] {
            let button = egui::PointerButton::Primary;
            harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers: keys });
            harness.run();
        }
        harness.event(egui::Event::ModifiersChanged(egui::Modifiers::NONE));
        harness.run();
    };
    click(&mut harness, "SQL database", egui::Modifiers::SHIFT);
    let said = harness.state().notice().map(|it| it.text.clone());
    assert_eq!(harness.state().model().component(&app).unwrap().kind, "sql-database", "{said:?}");
    assert_eq!((harness.state().model().components().len(), harness.state().model().flows().len()), (2, 1));
    click(&mut harness, "Key-value cache", egui::Modifiers::ALT);
    let new = harness.state().selected_one().unwrap().clone();
    assert_eq!(harness.state().model().component(&new).unwrap().kind, "cache");
    assert!(harness.state().model().flows().values().any(|it| it.from == app && it.to == new));
    // The same by keyboard, from a tile and from the search.
    harness.key_press(egui::Key::Slash);
    harness.run();
    harness.get_by_label("Search").type_text("worker");
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::SHIFT, egui::Key::Enter);
    harness.run();
    assert_eq!(harness.state().model().component(&new).unwrap().kind, "worker");
    for key in [egui::Key::Slash, egui::Key::ArrowDown, egui::Key::ArrowRight] {
        harness.key_press(key);
        harness.run();
    }
    assert!(harness.get_by_label("Firewall, key 2").is_focused());
    harness.event(egui::Event::ModifiersChanged(egui::Modifiers::ALT));
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::ALT, egui::Key::Enter);
    harness.run();
    let last = harness.state().selected_one().unwrap().clone();
    assert!(harness.state().model().flows().values().any(|it| it.from == new && it.to == last));
    picture(&mut harness, "palette-recent");
}

#[test]
fn the_recent_kinds_stand_under_their_digits_and_nothing_moves() {
    let mut harness = panel(empty(), (236.0, 900.0), palette::ui);
    let tile = harness.get_by_label("Web server, key 4").rect();
    let below = harness.get_by_label("User").rect();
    harness.get_by_label("Web server, key 4").click();
    harness.run();
    harness.get_by_label("DNS").click();
    harness.run();
    assert_eq!(harness.get_by_label("Web server, key 4").rect(), tile);
    assert_eq!(harness.get_by_label("User").rect(), below);
    harness.get_by_label("DNS, key 9");
    assert_eq!(harness.state().model().components().len(), 2);
    harness.state_mut().take_recent(9);
    harness.run();
    picture(&mut harness, "palette-in-hand");
}
