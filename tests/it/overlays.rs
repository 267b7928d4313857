//! What lies over the drawing: counts, tints and their legend, as a user meets them.

use egui::{Event, Key, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::app::Window;
use parapet::editor::Tint;
use parapet::formats;

use super::canvas::{Desk, button, desk, desk_of, double_click, editor, id, picture};
use super::window::{editor as window_editor, window};

const SHOP: &str =
    "net \"Internet\": internet; web \"Web\": web-server; db \"Orders\": sql-database [stores people]
    mail \"Mail\": third-party; asset people \"Customers\": confidential [personal yes]
    net -> web: https; web -> db: postgres; web -> mail: https [carries people]";

fn sketch(text: &str) -> Desk {
    desk_of(formats::placed(formats::text::read(text).unwrap()))
}

fn choose(desk: &mut Desk, label: &str) {
    desk.get_by_label("Overlays").click();
    desk.run_ok();
    desk.get_by_label(label).click();
    desk.run_ok();
}

#[test]
fn a_tint_is_chosen_from_the_menu_and_explained_by_its_legend() {
    let mut desk = sketch(SHOP);
    assert!(desk.query_by_label("Exposure to the internet").is_none());
    choose(&mut desk, "Tint by exposure");
    assert!(desk.query_by_label("Exposure to the internet").is_some());
    assert!(desk.query_by_label("Reached at once: 1").is_some());
    assert!(desk.query_by_label("Reached after one compromise: 1").is_some());
    picture(&mut desk, "tint-exposure");
    // Another takes its place.
    choose(&mut desk, "Customers");
    assert_eq!(editor(&mut desk).shown.tint, Some(Tint::Asset(id("people"))));
    assert!(desk.query_by_label("Reached at once: 1").is_none());
    assert!(desk.query_by_label("Keeps it: 1").is_some());
    picture(&mut desk, "tint-asset");
    desk.get_by_label("End the tint").click();
    desk.run_ok();
    assert_eq!(editor(&mut desk).shown.tint, None);
    assert!(desk.query_by_label("Keeps it: 1").is_none());
}

#[test]
fn what_cannot_be_tinted_says_why() {
    let mut desk = sketch("web: web-server");
    choose(&mut desk, "Tint by exposure");
    assert!(desk.query_by_label("Nothing is reached from the internet.").is_some());
    choose(&mut desk, "Tint by personal data");
    assert!(desk.query_by_label_contains("No data is described yet.").is_some());
}

#[test]
fn a_drawing_that_nobody_has_moved_makes_room_for_a_legend() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let words: Vec<String> = {
        let editor = window_editor(&mut harness);
        editor.layout().cards.keys().map(|it| editor.element_in_words(it)).collect()
    };
    let covered = |harness: &Harness<'static, Option<Window>>| {
        let Some(title) = harness.query_by_label("Exposure to the internet") else { return 0 };
        let rows = harness.get_all_by_label_contains("Reached a").map(|it| it.rect());
        let legend = rows.fold(title.rect(), egui::Rect::union);
        let cards = words.iter().map(|it| harness.get_all_by_label_contains(it).next().unwrap().rect());
        cards.filter(|it| it.intersects(legend)).count()
    };
    window_editor(&mut harness).toggle_tint(&Tint::Exposure);
    harness.run_ok();
    assert!(harness.query_by_label("Exposure to the internet").is_some());
    assert_eq!(covered(&harness), 0);
}

#[test]
fn esc_closes_the_menu_alone_and_the_legend_gives_way_to_it() {
    let mut desk = sketch(SHOP);
    choose(&mut desk, "Tint by exposure");
    editor(&mut desk).select([id("web")]);
    desk.get_by_label("Overlays").click();
    desk.run_ok();
    assert!(desk.query_by_label("Counts of findings").is_some());
    assert!(desk.query_by_label("Exposure to the internet").is_none(), "the menu stands in its place");
    picture(&mut desk, "overlays-menu");
    desk.key_press(Key::Escape);
    desk.run_ok();
    assert!(desk.query_by_label("Counts of findings").is_none());
    assert!(desk.query_by_label("Exposure to the internet").is_some());
    assert!(editor(&mut desk).is_selected(&id("web")), "it means nothing else then");
    desk.key_press(Key::Escape);
    desk.run_ok();
    assert!(!editor(&mut desk).is_selected(&id("web")), "then it means what it did");
}

#[test]
fn the_legend_folds_to_its_title_and_stays_so() {
    let mut desk = sketch(SHOP);
    choose(&mut desk, "Tint by exposure");
    let title = desk.get_by_label("Exposure to the internet").rect();
    desk.get_by_label("Exposure to the internet").click();
    desk.run_ok();
    assert!(desk.query_by_label("Reached at once: 1").is_none());
    let folded = desk.get_by_label("Exposure to the internet").rect();
    assert!(folded.top() > title.top() + 40.0 && folded.width() < title.width(), "{folded} {title}");
    picture(&mut desk, "legend-folded");
    // Another tint is as short, until it is unfolded.
    choose(&mut desk, "Customers");
    assert!(desk.query_by_label("Keeps it: 1").is_none());
    choose(&mut desk, "Tint by exposure");
    desk.get_by_label("Exposure to the internet").click();
    desk.run_ok();
    assert!(desk.query_by_label("Reached at once: 1").is_some());
}

#[test]
fn counts_are_hidden_from_the_menu() {
    let mut desk = sketch(SHOP);
    assert!(!editor(&mut desk).marks().badges.is_empty());
    choose(&mut desk, "Counts of findings");
    assert!(editor(&mut desk).marks().badges.is_empty());
    choose(&mut desk, "Counts of findings");
    assert!(!editor(&mut desk).marks().badges.is_empty());
}

const TIERS: &str = "net \"Internet\": internet; user: user; user -> web: https; net -> web: http
    boundary tier \"Tier\": subnet-tier { web \"Web\": web-server; db \"Orders\": sql-database }
    web -> db: postgres [encrypted no]";

#[test]
fn a_boundary_is_collapsed_by_its_menu_and_opened_by_a_double_click() {
    let mut desk = sketch(TIERS);
    assert!(desk.query_by_label_contains("Orders, sql").is_some());
    editor(&mut desk).select([id("tier")]);
    desk.run_ok();
    let title = desk.get_by_label_contains("Tier, subnet tier").rect().left_top() + egui::vec2(40.0, 12.0);
    for pressed in [true, false] {
        button(&mut desk, title, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.get_by_label("Collapse").click();
    desk.run_ok();
    assert!(editor(&mut desk).is_collapsed(&id("tier")));
    assert!(desk.query_by_label_contains("Orders, sql").is_none(), "what is in it is hidden");
    assert!(editor(&mut desk).marks().badges.contains_key(&id("tier")));
    picture(&mut desk, "collapsed");
    let card = desk.get_by_label_contains("Tier, subnet tier").rect().center();
    // A click so soon after another would be the third of three.
    desk.run_steps(30);
    for pressed in [true, false, true, false] {
        desk.event(Event::PointerMoved(card));
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        desk.event(Event::PointerButton { pos: card, button, pressed, modifiers });
    }
    desk.run_ok();
    assert!(!editor(&mut desk).is_collapsed(&id("tier")));
    assert!(desk.query_by_label_contains("Orders, sql").is_some());
}

#[test]
fn keys_of_the_window_tint_and_end_it() {
    let mut harness = window((1280.0, 800.0), 1.0);
    harness.key_press(Key::E);
    harness.run_ok();
    assert_eq!(super::window::editor(&mut harness).shown.tint, Some(Tint::Exposure));
    harness.key_press(Key::D);
    harness.run_ok();
    assert_eq!(super::window::editor(&mut harness).shown.tint, Some(Tint::PersonalData));
    harness.key_press(Key::D);
    harness.run_ok();
    assert_eq!(super::window::editor(&mut harness).shown.tint, None);
}

/// A column of cards down to the lower left, and one to the lower right.
const CORNERS: &str = r#"(
    format: 1,
    components: {
        "a": (kind: "web-server", name: "Above"), "b": (kind: "web-server", name: "Beside"),
        "net": (kind: "internet", name: "Internet"), "low": (kind: "web-server", name: "Lowest"),
        "end": (kind: "sql-database", name: "Last"),
    },
    flows: {"f": (from: "net", to: "low", protocol: "https")},
    views: {"main": (name: "Main")},
    places: {
        ("main", "net"): (x: 0, y: 0), ("main", "a"): (x: 0, y: 200), ("main", "b"): (x: 0, y: 380),
        ("main", "low"): (x: 0, y: 520), ("main", "end"): (x: 720, y: 520),
    },
)"#;

/// What the dock takes: the lists at the lower corners, by something that each says.
fn docked(desk: &Desk) -> Vec<egui::Rect> {
    let around = |label: &str, by: f32| desk.query_by_label(label).map(|it| it.rect().expand(by));
    let all = [
        around("Exposure to the internet", 8.0),
        around("Reached at once: 1", 8.0),
        around("Overlays", 2.0),
        around("Zoom to 100 %", 2.0),
        around("Map", 0.0),
    ];
    all.into_iter().flatten().collect()
}

#[test]
fn what_is_fitted_and_what_one_goes_to_lies_beside_the_dock() {
    let mut desk = desk(CORNERS);
    choose(&mut desk, "Tint by exposure");
    let cards = ["Above, web", "Beside, web", "Internet, internet", "Lowest, web", "Last, sql"];
    let is_clear = |desk: &Desk, card: &str| {
        let stands = desk.get_by_label_contains(card).rect();
        !docked(desk).iter().any(|it| it.intersects(stands))
    };
    editor(&mut desk).run("view.fit");
    desk.run_ok();
    picture(&mut desk, "dock-fit");
    for card in cards {
        assert!(is_clear(&desk, card), "{card}");
    }
    // So it is for what is gone to, wherever it stands on the screen before.
    for zoom in [1.0, 2.0] {
        for card in ["low", "end", "b", "net"] {
            editor(&mut desk).select([id(card)]);
            editor(&mut desk).run("view.fit-selection");
            desk.run_ok();
            for _ in 0..zoom as usize {
                editor(&mut desk).run("view.zoom-in");
            }
            desk.run_ok();
            for (other, name) in ["low", "end", "b", "net"].into_iter().zip([
                "Lowest, web",
                "Last, sql",
                "Beside, web",
                "Internet, internet",
            ]) {
                editor(&mut desk).shown.wishes.push(parapet::editor::Wish::Follow(vec![id(other)]));
                desk.run_ok();
                assert!(is_clear(&desk, name), "from {card} to {other}");
            }
        }
    }
    picture(&mut desk, "dock-gone-to");
}

#[test]
fn the_picker_stays_where_it_opened_while_one_types() {
    let mut desk = desk(super::canvas::SMALL);
    let ask = "What is it?";
    for (name, at) in [("down", Pos2::new(820.0, 90.0)), ("up", Pos2::new(820.0, 640.0))] {
        double_click(&mut desk, at);
        let field = desk.get_by_label(ask).rect();
        let first = desk.get_by_label("User").rect();
        assert_eq!(first.top() > field.bottom(), name == "down", "{first} {field}");
        picture(&mut desk, &format!("picker-{name}"));
        for letter in ["f", "i", "r", "zzz"] {
            desk.event(Event::Text(letter.to_owned()));
            // In the very frame of it, and after.
            desk.step();
            assert_eq!(desk.get_by_label(ask).rect(), field, "{name} {letter}");
            desk.run_ok();
            assert_eq!(desk.get_by_label(ask).rect(), field, "{name} {letter}");
            if letter == "r" {
                let found = desk.get_by_label("Firewall").rect();
                let gap =
                    if name == "down" { found.top() - field.bottom() } else { field.top() - found.bottom() };
                assert!((0.0..80.0).contains(&gap), "{gap}");
                picture(&mut desk, &format!("picker-{name}-few"));
            }
        }
        desk.key_press(Key::Escape);
        desk.run_ok();
        assert!(desk.query_by_label(ask).is_none());
    }
}

/// What is shown of the last undo or redo.
fn stepped(desk: &Desk, words: &str) -> Option<egui::Rect> {
    desk.query_by_label(words).map(|it| it.rect())
}

#[test]
fn what_was_undone_is_said_with_the_way_back_until_something_else_is_done() {
    let mut desk = desk(super::canvas::SMALL);
    editor(&mut desk).select([id("web"), id("app"), id("fw")]);
    editor(&mut desk).run("edit.delete");
    desk.run_ok();
    let (undone, redone) = ("Undone: delete 3 elements", "Redone: delete 3 elements");
    editor(&mut desk).undo();
    desk.run_ok();
    picture(&mut desk, "stepped");
    let stands = stepped(&desk, undone).unwrap();
    assert!(!docked(&desk).iter().any(|it| it.intersects(stands)));
    desk.get_by_label_contains("Redo what was just undone").click();
    desk.run_ok();
    assert_eq!(editor(&mut desk).model().components().len(), 1);
    assert!(stepped(&desk, undone).is_none() && stepped(&desk, redone).is_some());
    desk.get_by_label_contains("Undo what was just redone").click();
    desk.run_ok();
    assert!(stepped(&desk, undone).is_some());
    // The next edit is something else, and so is a press elsewhere.
    editor(&mut desk).add_component("user", parapet::scene::Pos::new(0.0, 600.0));
    desk.run_ok();
    assert!(stepped(&desk, undone).is_none());
    editor(&mut desk).undo();
    desk.run_ok();
    assert!(desk.query_by_label_contains("Undone: ").is_some());
    super::canvas::click(&mut desk, Pos2::new(900.0, 60.0), "");
    assert!(desk.query_by_label_contains("Undone: ").is_none());
}

#[test]
fn what_was_undone_goes_away_by_itself_but_not_from_below_the_pointer() {
    let mut desk = desk(super::canvas::SMALL);
    editor(&mut desk).add_component("user", parapet::scene::Pos::new(0.0, 600.0));
    for rests in [false, true] {
        editor(&mut desk).undo();
        desk.run_ok();
        let stands = desk.get_by_label_contains("Undone: ").rect();
        desk.hover_at(if rests { stands.center() } else { Pos2::new(500.0, 300.0) });
        desk.run_steps(30 * 8);
        assert_eq!(desk.query_by_label_contains("Undone: ").is_some(), rests);
        desk.hover_at(Pos2::new(500.0, 300.0));
        editor(&mut desk).redo();
        desk.run_ok();
    }
}
