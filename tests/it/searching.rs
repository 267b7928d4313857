//! Search, the map and the keys that lead through a drawing, as a user meets them on the canvas.

use egui::accesskit::Live;
use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::model::Id;

use crate::canvas::{Desk, SMALL, at, click, desk, editor, held, id, picture};

fn search(desk: &mut Desk, text: &str) {
    editor(desk).run("view.search");
    desk.run_ok();
    desk.get_by_label("Find on the drawing").type_text(text);
    desk.run_ok();
}

fn press(desk: &mut Desk, keys: Modifiers, key: Key) {
    desk.key_press_modifiers(keys, key);
    desk.run_ok();
}

fn selected(desk: &mut Desk) -> Vec<Id> {
    editor(desk).selection().iter().cloned().collect()
}

#[test]
fn hits_are_counted_as_one_types_and_enter_goes_from_one_to_the_next() {
    let mut desk = desk(SMALL);
    search(&mut desk, "SERVER");
    let count = desk.get_by_label("2 found");
    assert_eq!(count.accesskit_node().live(), Live::Polite);
    assert!(selected(&mut desk).is_empty(), "typing selects nothing");
    for (keys, key, hit, count) in [
        ("", Key::Enter, "web", "1 of 2: Web"),
        ("", Key::Enter, "app", "2 of 2: App"),
        ("shift", Key::Enter, "web", "1 of 2: Web"),
        ("", Key::ArrowDown, "app", "2 of 2: App"),
        ("", Key::ArrowUp, "web", "1 of 2: Web"),
        ("", Key::F3, "app", "2 of 2: App"),
        ("shift", Key::F3, "web", "1 of 2: Web"),
    ] {
        press(&mut desk, held(keys), key);
        assert_eq!(selected(&mut desk), [id(hit)], "{key:?}");
        desk.get_by_label(count);
    }
    // One goes on typing where one was.
    desk.get_by_label("Find on the drawing").type_text("x");
    desk.run_ok();
    desk.get_by_label("Nothing found");
    press(&mut desk, Modifiers::NONE, Key::Escape);
    assert!(editor(&mut desk).search().is_none() && desk.query_by_label("Find on the drawing").is_none());
    assert_eq!(selected(&mut desk), [id("web")], "what was found stays selected");
    press(&mut desk, Modifiers::NONE, Key::Escape);
    assert!(selected(&mut desk).is_empty(), "the canvas has the keys again");
}

#[test]
fn what_is_found_comes_into_view_and_only_if_it_is_not_there() {
    let mut desk = desk(SMALL);
    search(&mut desk, "orders");
    let before = at(&desk, "Orders, sql database");
    press(&mut desk, Modifiers::NONE, Key::Enter);
    assert_eq!(at(&desk, "Orders, sql database"), before, "it was in view");
    let far = parapet::scene::Pos::new(9000.0, 200.0);
    editor(&mut desk).add_component("cache", far);
    desk.run_ok();
    press(&mut desk, held("ctrl"), Key::F);
    desk.get_by_label("Find on the drawing").type_text("cache");
    desk.run_ok();
    assert_eq!(editor(&mut desk).search().unwrap().text(), "cache", "what stood there is typed over");
    assert!(desk.query_by_label_contains("Key-value cache,").is_none());
    press(&mut desk, Modifiers::NONE, Key::Enter);
    let shown = at(&desk, "Key-value cache,");
    assert!((shown - Pos2::new(500.0, 350.0)).length() < 40.0, "{shown:?}");
}

#[test]
fn the_buttons_of_the_search_do_what_its_keys_do() {
    let mut desk = desk(SMALL);
    search(&mut desk, "server");
    desk.get_by_label("Find the next").click();
    desk.run_ok();
    assert_eq!(selected(&mut desk), [id("web")]);
    desk.get_by_label("Find the one before").click();
    desk.run_ok();
    assert_eq!(selected(&mut desk), [id("app")]);
    let at = at(&desk, "Guard, firewall");
    click(&mut desk, at, "");
    assert!(editor(&mut desk).search().is_some(), "one may look at other things meanwhile");
    desk.get_by_label("End the search").click();
    desk.run_ok();
    assert!(editor(&mut desk).search().is_none());
    assert_eq!(selected(&mut desk), [id("fw")]);
}

#[test]
fn a_bar_below_the_pointer_takes_its_presses() {
    let mut desk = desk(SMALL);
    search(&mut desk, "");
    let field = desk.get_by_label("Find on the drawing").rect().center();
    assert!(field.y < 60.0 && (field.x - 500.0).abs() < 200.0, "{field:?}");
    let components = editor(&mut desk).model().components().len();
    for _ in 0..2 {
        click(&mut desk, field + vec2(20.0, 0.0), "");
    }
    assert_eq!(editor(&mut desk).model().components().len(), components);
    assert!(desk.query_by_label("What is it?").is_none(), "no list of kinds came up");
}

#[test]
fn pictures_of_the_search_for_whoever_looks() {
    let mut desk = desk(SMALL);
    search(&mut desk, "server");
    picture(&mut desk, "search-typed");
    press(&mut desk, Modifiers::NONE, Key::Enter);
    desk.run_steps(4);
    picture(&mut desk, "search-hit");
}
