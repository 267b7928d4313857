//! Search, the map and the keys that lead through a drawing, as a user meets them on the canvas.

use egui::accesskit::Live;
use egui::{Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::editor::{Editor, Surroundings, Tool};
use parapet::model::Id;

use crate::canvas::{Desk, SMALL, at, button, click, desk, editor, held, id, picture, pull};

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

/// Until the view stands still at 400 %.
fn come_near(desk: &mut Desk) {
    for _ in 0..4 {
        editor(desk).run("view.zoom-in");
        desk.run_ok();
    }
}

fn map(desk: &Desk) -> Option<egui::Rect> {
    desk.query_by_label("Map").map(|it| it.rect())
}

#[test]
fn the_map_shows_while_the_drawing_is_larger_than_the_view() {
    let mut desk = desk(SMALL);
    assert_eq!(map(&desk), None, "all is in view");
    come_near(&mut desk);
    let shown = map(&desk).unwrap();
    assert_eq!(shown.size(), vec2(200.0, 150.0));
    let zoom = desk.get_by_label("Zoom in").rect();
    assert!(shown.bottom() < zoom.top() - 4.0 && shown.right() > zoom.right(), "{shown:?} {zoom:?}");
    editor(&mut desk).run("view.minimap");
    desk.run_ok();
    assert_eq!(map(&desk), None);
    let settings = editor(&mut desk).settings();
    assert!(!settings.minimap);
    let mut other = Editor::new(Surroundings::fixed());
    assert!(other.shown.minimap, "it shows unless somebody has hidden it");
    other.set_settings(settings);
    assert!(!other.shown.minimap);
    editor(&mut desk).run("view.minimap");
    desk.set_size(vec2(500.0, 400.0));
    desk.run_ok();
    assert_eq!(map(&desk), None, "a small window has no room for it");
}

#[test]
fn a_press_on_the_map_looks_there_and_a_drag_takes_the_view_along() {
    let mut desk = desk(SMALL);
    come_near(&mut desk);
    let on_map = map(&desk).unwrap();
    assert!(desk.query_by_label_contains("Guard, firewall").is_none());
    // The firewall stands at the lower left of the drawing, which is in the middle of the map.
    let low = on_map.left_top() + vec2(51.0, 107.0);
    button(&mut desk, low, PointerButton::Primary, true, Modifiers::NONE);
    let (there, middle) = (at(&desk, "Guard, firewall"), Pos2::new(500.0, 350.0));
    assert!((there - middle).length() < 100.0, "{there:?}");
    desk.hover_at(low + vec2(6.0, 0.0));
    desk.run_ok();
    let moved = at(&desk, "Guard, firewall") - there;
    assert!(moved.x < -60.0 && moved.y.abs() < 1.0, "{moved:?}");
    button(&mut desk, low + vec2(6.0, 0.0), PointerButton::Primary, false, Modifiers::NONE);
    assert!(selected(&mut desk).is_empty(), "what lies below the map was not pressed");
    // Taken by the view, it moves from where it is.
    let before = at(&desk, "Guard, firewall");
    button(&mut desk, low + vec2(2.0, 0.0), PointerButton::Primary, true, Modifiers::NONE);
    assert!((at(&desk, "Guard, firewall") - before).length() < 0.5);
}

#[test]
fn tab_goes_from_button_to_button_and_leaves_the_map_out() {
    let mut desk = desk(SMALL);
    come_near(&mut desk);
    desk.get_by_label("Zoom out").focus();
    desk.run_ok();
    let mut passed = Vec::new();
    for _ in 0..4 {
        let labels = ["Map", "Zoom out", "Zoom to 100 %", "Zoom in", "Zoom to fit"];
        passed.extend(labels.into_iter().filter(|it| desk.get_by_label(it).is_focused()));
        press(&mut desk, Modifiers::NONE, Key::Tab);
    }
    assert_eq!(passed, ["Zoom out", "Zoom to 100 %", "Zoom in", "Zoom to fit"]);
    press(&mut desk, Modifiers::NONE, Key::Tab);
    assert!(!desk.get_by_label("Map").is_focused());
}

#[test]
fn with_the_map_and_hits_in_view_nothing_is_painted_again_at_rest() {
    let mut desk = desk(SMALL);
    search(&mut desk, "server");
    // Only the cursor of the field blinks, and that is not there any more.
    press(&mut desk, Modifiers::NONE, Key::Enter);
    desk.get_by_label_contains("Canvas, ").focus();
    come_near(&mut desk);
    desk.run_steps(12);
    assert!(map(&desk).is_some() && editor(&mut desk).search().is_some());
    let delay = desk.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(delay > std::time::Duration::from_secs(1), "{delay:?}");
}

#[test]
fn who_is_lost_is_led_back_to_the_drawing() {
    let mut desk = desk(SMALL);
    assert!(desk.query_by_label("Back to the drawing").is_none());
    desk.event(egui::Event::PointerMoved(Pos2::new(500.0, 350.0)));
    for _ in 0..10 {
        desk.key_press(Key::PageUp);
        desk.run_ok();
    }
    assert!(desk.query_by_label_contains("Web, web server").is_none());
    desk.get_by_label("Back to the drawing").click();
    desk.run_ok();
    at(&desk, "Web, web server");
    assert!(desk.query_by_label("Back to the drawing").is_none());
}

#[test]
fn what_is_dragged_to_the_edge_takes_the_view_along() {
    let ways = [
        ("a card", Tool::Pointer, Some("App, application server"), vec2(0.0, 0.0)),
        ("an edge of a card", Tool::Pointer, Some("App, application server"), vec2(0.5, 0.5)),
        ("a flow", Tool::Flow, Some("App, application server"), vec2(0.0, 0.0)),
        ("a box around cards", Tool::Pointer, None, vec2(0.0, 0.0)),
    ];
    for (what, tool, from, share) in ways {
        let mut desk = desk(SMALL);
        editor(&mut desk).select([id("app")]);
        editor(&mut desk).shown.tool = tool;
        desk.run_ok();
        let before = at(&desk, "Orders, sql database");
        let from = from.map_or(Pos2::new(20.0, 20.0), |it| {
            let rect = desk.get_by_label_contains(it).rect();
            rect.center() + rect.size() * share
        });
        pull(&mut desk, from, Pos2::new(995.0, 350.0), "");
        desk.run_steps(20);
        let moved = at(&desk, "Orders, sql database") - before;
        assert!(moved.x < -20.0 && moved.y.abs() < 1.0, "{what}: {moved:?}");
    }
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

/// A whole window, with the keys of its commands.
type Wide = egui_kittest::Harness<'static, Option<parapet::app::Window>>;

fn window_with(text: &str) -> Wide {
    let mut harness = crate::window::window((1280.0, 800.0), 1.0);
    let opened = parapet::editor::Event::Opened {
        name: "small.parapet.ron".to_owned(),
        path: None,
        bytes: text.as_bytes().to_vec(),
    };
    crate::window::editor(&mut harness).handle(opened);
    harness.run_ok();
    harness
}

#[test]
fn a_click_takes_the_card_in_front() {
    let mut desk = desk(SMALL);
    let by = parapet::scene::Pos::new(64.0, 136.0);
    editor(&mut desk).move_by(&[id("web")].into(), by, &parapet::editor::Membership::Keep);
    desk.run_ok();
    let both = (at(&desk, "Web, web server") + at(&desk, "App, application server").to_vec2()) / 2.0;
    for front in ["web", "app", "web"] {
        editor(&mut desk).select([id(front)]);
        editor(&mut desk).run("arrange.to-front");
        editor(&mut desk).clear_selection();
        desk.run_ok();
        click(&mut desk, both, "");
        assert_eq!(selected(&mut desk), [id(front)]);
        // Not a double click with the next one.
        desk.run_steps(20);
    }
}

#[test]
fn keys_of_the_window_search_walk_and_put_in_order() {
    let mut harness = window_with(SMALL);
    let press = |harness: &mut Wide, keys, key| {
        harness.key_press_modifiers(held(keys), key);
        harness.run_ok();
        crate::window::editor(harness).selection().iter().map(ToString::to_string).collect::<String>()
    };
    crate::window::editor(&mut harness).select([id("web")]);
    harness.run_ok();
    assert_eq!(press(&mut harness, "alt", Key::ArrowRight), "db", "along the flow");
    assert_eq!(press(&mut harness, "alt", Key::ArrowLeft), "web");
    assert_eq!(press(&mut harness, "", Key::Period), "f");
    assert_eq!(press(&mut harness, "", Key::Comma), "f", "it has no other");
    crate::window::editor(&mut harness).select([id("web")]);
    press(&mut harness, "ctrl shift", Key::CloseBracket);
    let order = |harness: &mut Wide| crate::window::editor(harness).layout().cards[&id("web")].order;
    assert_eq!(order(&mut harness), 1);
    press(&mut harness, "ctrl shift", Key::OpenBracket);
    assert_eq!(order(&mut harness), -1);
    press(&mut harness, "ctrl", Key::F);
    harness.get_by_label("Find on the drawing").type_text("guard");
    harness.run_ok();
    assert_eq!(press(&mut harness, "", Key::Enter), "fw");
    assert_eq!(press(&mut harness, "", Key::Escape), "fw");
    // Keys of the window lead on from it.
    press(&mut harness, "ctrl", Key::F);
    harness.get_by_label("Find on the drawing").type_text("server");
    harness.run_ok();
    harness.get_by_label_contains("Canvas, ").focus();
    harness.run_ok();
    assert_eq!(press(&mut harness, "", Key::F3), "web");
    assert_eq!(press(&mut harness, "shift", Key::F3), "app");
}

#[test]
fn what_an_arrow_draws_on_is_named_at_once() {
    let mut harness = window_with(SMALL);
    crate::window::editor(&mut harness).select([id("app")]);
    harness.run_ok();
    harness.event(egui::Event::ModifiersChanged(held("ctrl")));
    harness.run_ok();
    let arrow = |pressed| egui::Event::Key {
        key: Key::ArrowLeft,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: held("ctrl"),
    };
    for made in [5, 6] {
        harness.event(arrow(true));
        harness.event(arrow(false));
        harness.run_ok();
        assert_eq!(crate::window::editor(&mut harness).model().components().len(), made);
    }
    harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
    harness.run_ok();
    harness.event(egui::Event::Text("Worker pool".to_owned()));
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    let editor = crate::window::editor(&mut harness);
    let last = editor.selected_one().cloned().unwrap();
    assert_eq!(editor.model().title(&last), "Worker pool");
    let from: Vec<&Id> =
        editor.model().flows().values().filter(|it| it.from == id("app")).map(|it| &it.to).collect();
    assert_eq!(from.len(), 2);
    assert!(from.contains(&&last));
}
