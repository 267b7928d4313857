//! What lies over the drawing: counts, tints and their legend, as a user meets them.

use egui::{Event, Key, Modifiers, PointerButton};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::Tint;
use parapet::formats;

use super::canvas::{Desk, button, desk_of, editor, id, picture};

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
    let mut harness = super::window::window((1280.0, 800.0), 1.0);
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
