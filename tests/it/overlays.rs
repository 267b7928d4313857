//! What lies over the drawing: counts, tints and their legend, as a user meets them.

use egui::Key;
use egui_kittest::kittest::Queryable as _;
use parapet::editor::Tint;
use parapet::formats;

use super::canvas::{Desk, desk_of, editor, id, picture};

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
fn counts_are_hidden_from_the_menu() {
    let mut desk = sketch(SHOP);
    assert!(!editor(&mut desk).marks().badges.is_empty());
    choose(&mut desk, "Counts of findings");
    assert!(editor(&mut desk).marks().badges.is_empty());
    choose(&mut desk, "Counts of findings");
    assert!(!editor(&mut desk).marks().badges.is_empty());
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
