//! Several views of one model, as a user meets them.

use egui::{Key, Modifiers, PointerButton, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::app::Window;
use parapet::editor::{NewView, Tool};
use parapet::model::{self, Only};

use super::canvas::{SMALL, at, button, click, desk_of, drag, editor as at_desk, id};
use super::window::{editor, picture, window};

fn shown(harness: &mut Harness<'static, Option<Window>>) -> String {
    let editor = editor(harness);
    editor.view_name(editor.view())
}

#[test]
fn views_are_made_named_and_filled_in_their_dialog() {
    let mut harness = window((1280.0, 800.0), 1.0);
    assert!(harness.query_by_label_contains("View: ").is_none(), "one view needs no switch");
    assert!(editor(&mut harness).run("view.views"));
    harness.run_ok();
    assert!(harness.query_by_label_contains("shows all that there is").is_some());
    harness.get_by_label("Empty view").click();
    harness.run_ok();
    assert_eq!(shown(&mut harness), "View 2");
    picture(&mut harness, "views");
    let missing = editor(&mut harness).missing_on_view();
    assert!(!missing.is_empty());
    harness.get_by_label("Show one of them here").click();
    harness.run_ok();
    let model = editor(&mut harness).model();
    let first = model.title(model.by_title(&missing)[0]);
    harness.get_all_by_label(&first).last().unwrap().click();
    harness.run_ok();
    assert_eq!(editor(&mut harness).missing_on_view().len(), missing.len() - 1);
    harness.get_by_label("Show all here").click();
    harness.run_ok();
    assert!(editor(&mut harness).missing_on_view().is_empty());
    harness.get_by_label("Move View 2 up").click();
    harness.run_ok();
    let first = editor(&mut harness).views()[0].clone();
    assert_eq!(editor(&mut harness).view_name(&first), "View 2");
    harness.get_by_label("Delete the view View 2").click();
    harness.run_ok();
    assert_eq!(editor(&mut harness).views().len(), 1);
}

#[test]
fn a_switch_over_the_drawing_and_keys_go_from_view_to_view() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let first = shown(&mut harness);
    editor(&mut harness).add_view(NewView::Copy);
    harness.run_ok();
    harness.get_by_label("View: View 2").click();
    harness.run_ok();
    picture(&mut harness, "views-menu");
    harness.get_by_label(&first).click();
    harness.run_ok();
    assert_eq!(shown(&mut harness), first);
    harness.key_press_modifiers(Modifiers::ALT, Key::PageDown);
    harness.run_ok();
    assert_eq!(shown(&mut harness), "View 2");
    harness.key_press_modifiers(Modifiers::ALT, Key::PageUp);
    harness.run_ok();
    assert_eq!(shown(&mut harness), first);
}

#[test]
fn views_are_presented_one_after_the_other() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let first = shown(&mut harness);
    editor(&mut harness).add_view(NewView::Copy);
    harness.run_ok();
    harness.key_press_modifiers(Modifiers::ALT, Key::P);
    harness.run_ok();
    assert_eq!(shown(&mut harness), first, "from the first on");
    assert!(harness.query_by_label("Export").is_none(), "nothing is around them");
    assert!(harness.query_by_label("1 of 2").is_some());
    picture(&mut harness, "presenting");
    let keys = [
        (Key::Space, "View 2"),
        (Key::Space, "View 2"),
        (Key::PageUp, &*first),
        (Key::ArrowRight, "View 2"),
        (Key::ArrowLeft, &*first),
    ];
    for (key, view) in keys {
        harness.key_press(key);
        harness.run_ok();
        assert_eq!(shown(&mut harness), view);
    }
    // Nothing is taken in hand, selected or moved.
    let before = editor(&mut harness).model().clone();
    for key in [Key::Num1, Key::B, Key::Delete] {
        harness.key_press(key);
        harness.run_ok();
    }
    let now = editor(&mut harness);
    assert_eq!((&now.shown.tool, now.selection().len()), (&Tool::Hand, 0));
    assert_eq!(*now.model(), before);
    harness.get_by_label("Next view").click();
    harness.run_ok();
    assert_eq!(shown(&mut harness), "View 2");
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert!(harness.query_by_label("Export").is_some());
    assert_eq!(shown(&mut harness), "View 2", "where it was left");
}

#[test]
fn who_presents_moves_and_opens_nothing() {
    let mut desk = desk_of(model::read(SMALL.as_bytes()).unwrap());
    let before = at_desk(&mut desk).model().clone();
    at_desk(&mut desk).toggle_presenting();
    desk.run_ok();
    let card = at(&desk, "Web, web server");
    for pressed in [true, false] {
        button(&mut desk, card, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    desk.run_ok();
    assert!(desk.query_by_label_contains("Select all").is_none() && desk.query_by_label("Delete").is_none());
    desk.key_press(Key::Num1);
    desk.key_press(Key::Tab);
    desk.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    desk.run_ok();
    drag(&mut desk, card, card + vec2(80.0, 80.0), "");
    let editor = at_desk(&mut desk);
    assert_eq!((&editor.shown.tool, editor.selection().len()), (&Tool::Hand, 0));
    assert_eq!(*editor.model(), before);
}

const SHOP: &str =
    "net \"Internet\": internet; web \"Web\": web-server; db \"Orders\": sql-database [stores people]
    mail \"Mail\": third-party; asset people \"Customers\": confidential [personal yes]
    net -> web: https; web -> db: postgres [encrypted no; carries people]; web -> mail: https";

#[test]
fn a_view_is_filtered_by_chips_and_all_is_shown_again() {
    let mut harness = window((1280.0, 800.0), 1.0);
    assert!(harness.query_by_label_contains(" shown: ").is_none());
    assert!(editor(&mut harness).run("view.views"));
    harness.run_ok();
    let count = editor(&mut harness).filter_count(&Only::PersonalData);
    harness.get_by_label(&format!("Personal data {count}")).click();
    harness.run_ok();
    assert!(editor(&mut harness).filters_by(&Only::PersonalData));
    let (shown, of) = editor(&mut harness).filter_counts();
    assert!(shown == count && shown < of, "{shown} of {of}");
    harness.get_by_label("Words of the filter").focus();
    harness.run_ok();
    harness.event(egui::Event::Text("database".to_owned()));
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert!(editor(&mut harness).filter_counts().0 < shown);
    picture(&mut harness, "views-filter");
    harness.get_by_label("The rest: Dim the rest").click();
    harness.run_ok();
    let view = editor(&mut harness).view().clone();
    assert!(editor(&mut harness).model().views()[&view].dims);
    harness.key_press(Key::Escape);
    harness.run_ok();
    picture(&mut harness, "filter-dims");
    editor(&mut harness).set_filter_dims(false);
    harness.run_ok();
    picture(&mut harness, "filter-hides");
    let (shown, of) = editor(&mut harness).filter_counts();
    let line = format!("{shown} of {of} shown: Personal data, “database”");
    assert!(harness.query_by_label(&line).is_some());
    harness.get_by_label("Show all").click();
    harness.run_ok();
    assert!(harness.query_by_label(&line).is_none() && editor(&mut harness).left_out().is_none());
    harness.key_press_modifiers(Modifiers::ALT, Key::F);
    harness.run_ok();
    assert!(harness.query_by_label(&line).is_some());
    // It is presented as it is.
    editor(&mut harness).toggle_presenting();
    harness.run_ok();
    assert!(harness.query_by_label(&line).is_some() && harness.query_by_label("Change the filter").is_none());
    picture(&mut harness, "filter-presented");
}

#[test]
fn what_a_filter_hides_is_neither_seen_nor_pressed() {
    let mut desk = desk_of(parapet::formats::placed(parapet::formats::text::read(SHOP).unwrap()));
    let mail = at(&desk, "Mail, third");
    let found = at_desk(&mut desk).report().clone();
    at_desk(&mut desk).toggle_filter(&Only::PersonalData);
    desk.run_ok();
    assert!(
        desk.query_by_label_contains("Mail, third").is_none()
            && desk.query_by_label_contains("Orders, sql").is_some()
    );
    click(&mut desk, mail, "");
    assert!(at_desk(&mut desk).selection().is_empty(), "nothing is there");
    at_desk(&mut desk).set_filter_dims(true);
    desk.run_ok();
    click(&mut desk, mail, "");
    assert!(at_desk(&mut desk).is_selected(&id("mail")));
    assert_eq!(*at_desk(&mut desk).report(), found);
}
