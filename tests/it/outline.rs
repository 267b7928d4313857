//! The outline as a user meets it: read, walked and worked in by keys and pointer, by its labels.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::app::Window;
use parapet::editor::{Event as EditorEvent, LeftTab, Tab};
use parapet::model::Id;

use crate::canvas::{SMALL, held};
use crate::window::{editor, picture, window};

pub(crate) type Wide = Harness<'static, Option<Window>>;

pub(crate) fn id(text: &str) -> Id {
    Id::slug(text)
}

/// A window on a small drawing, its outline open and with the keyboard.
pub(crate) fn outline_of(text: &str) -> Wide {
    let mut harness = window((1280.0, 800.0), 1.0);
    let bytes = text.as_bytes().to_vec();
    let opened = EditorEvent::Opened { name: "small.parapet.ron".to_owned(), path: None, bytes };
    editor(&mut harness).handle(opened);
    harness.run_ok();
    press(&mut harness, "alt", Key::Num6);
    harness
}

pub(crate) fn press(harness: &mut Wide, keys: &str, key: Key) {
    harness.key_press_modifiers(held(keys), key);
    harness.run_ok();
}

pub(crate) fn selected(harness: &mut Wide) -> Vec<String> {
    editor(harness).selection().iter().map(ToString::to_string).collect()
}

/// What the row says that has the focus.
fn focused(harness: &Wide) -> String {
    let rows = harness.query_all_by_role(Role::TreeItem);
    let focused: Vec<String> =
        rows.filter(|it| it.is_focused()).filter_map(|it| it.accesskit_node().label()).collect();
    assert!(focused.len() <= 1, "{focused:?}");
    focused.into_iter().next().unwrap_or_default()
}

fn row(harness: &Wide, says: &str) -> Pos2 {
    let mut rows = harness.query_all_by_role(Role::TreeItem);
    let row = rows.find(|it| it.accesskit_node().label().is_some_and(|it| it.starts_with(says)));
    row.unwrap_or_else(|| panic!("no row {says}")).rect().center()
}

fn click(harness: &mut Wide, pos: Pos2, button: PointerButton, keys: &str) {
    harness.event(Event::ModifiersChanged(held(keys)));
    harness.event(Event::PointerMoved(pos));
    for pressed in [true, false] {
        harness.event(Event::PointerButton { pos, button, pressed, modifiers: held(keys) });
        // No more than a frame each: what is held long is no click.
        harness.step();
    }
    harness.event(Event::ModifiersChanged(Modifiers::NONE));
    harness.run_ok();
    // Not a double click with the next one.
    harness.run_steps(20);
}

#[test]
fn the_outline_is_walked_by_arrows_and_selects_on_the_drawing() {
    let mut harness = outline_of(SMALL);
    assert_eq!(editor(&mut harness).shown.left, LeftTab::Outline);
    assert!(focused(&harness).starts_with("Data tier, subnet tier, 1 inside"), "{}", focused(&harness));
    assert!(harness.query_by_role_and_label(Role::Tree, "Outline").is_some());
    press(&mut harness, "", Key::ArrowDown);
    assert!(focused(&harness).starts_with("Orders, sql database"), "{}", focused(&harness));
    assert_eq!(selected(&mut harness), ["db"]);
    // Unfold, go in; go out, fold.
    press(&mut harness, "", Key::ArrowRight);
    press(&mut harness, "", Key::ArrowRight);
    assert!(focused(&harness).starts_with("From Web, MySQL 3306"), "{}", focused(&harness));
    assert_eq!(selected(&mut harness), ["f"]);
    press(&mut harness, "", Key::ArrowLeft);
    press(&mut harness, "", Key::ArrowLeft);
    assert_eq!(selected(&mut harness), ["db"]);
    press(&mut harness, "", Key::ArrowLeft);
    assert_eq!(selected(&mut harness), ["tier"]);
    press(&mut harness, "", Key::End);
    assert!(focused(&harness).starts_with("Web, web server"), "{}", focused(&harness));
    press(&mut harness, "", Key::Home);
    assert_eq!(selected(&mut harness), ["tier"]);
    // Folded, what is in it has no row.
    press(&mut harness, "", Key::ArrowLeft);
    press(&mut harness, "", Key::ArrowDown);
    assert_eq!(selected(&mut harness), ["app"]);
    // What is selected on the drawing comes into the outline, unfolded.
    editor(&mut harness).select([id("db")]);
    harness.run_ok();
    let words = editor_words(&mut harness, "Orders");
    let row = harness.get_by_role_and_label(Role::TreeItem, &words);
    assert_eq!((row.accesskit_node().is_selected(), row.accesskit_node().level()), (Some(true), Some(2)));
}

fn editor_words(harness: &mut Wide, name: &str) -> String {
    let editor = editor(harness);
    let rows = editor.outline(&parapet::editor::Outline::default());
    let row = rows.iter().find(|it| editor.outline_text(&it.node).0 == name).unwrap();
    editor.outline_in_words(row)
}

#[test]
fn esc_leads_from_the_outline_to_the_drawing_with_what_is_selected() {
    let mut harness = outline_of(SMALL);
    press(&mut harness, "", Key::End);
    press(&mut harness, "", Key::Escape);
    assert!(harness.get_by_label_contains("Canvas, ").is_focused());
    assert_eq!(selected(&mut harness), ["web"]);
    press(&mut harness, "", Key::ArrowRight);
    assert_eq!(editor(&mut harness).layout().rect(&id("web")).unwrap().min.x, 8.0);
    // And back.
    press(&mut harness, "alt", Key::Num6);
    assert!(focused(&harness).starts_with("Web, web server"), "{}", focused(&harness));
}

#[test]
fn typing_finds_a_row_and_runs_no_command() {
    let mut harness = outline_of(SMALL);
    let before = editor(&mut harness).model().clone();
    for (letter, key) in [("w", Key::W), ("e", Key::E)] {
        harness.event(Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        });
        harness.event(Event::Text(letter.to_owned()));
        harness.run_ok();
    }
    assert_eq!(selected(&mut harness), ["web"]);
    assert_eq!(editor(&mut harness).shown.tint, None, "E tints on the canvas alone");
    assert!(*editor(&mut harness).model() == before);
    // The field above narrows it.
    harness.get_by_label("Find in the outline").focus();
    harness.run_ok();
    harness.get_by_label("Find in the outline").type_text("orders");
    harness.run_ok();
    let rows: Vec<String> =
        harness.query_all_by_role(Role::TreeItem).filter_map(|it| it.accesskit_node().label()).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    press(&mut harness, "", Key::ArrowDown);
    assert!(focused(&harness).starts_with("Data tier") || focused(&harness).starts_with("Orders"));
}

#[test]
fn rows_are_renamed_selected_together_and_deleted_by_keys() {
    let mut harness = outline_of(SMALL);
    press(&mut harness, "", Key::ArrowDown);
    press(&mut harness, "", Key::Enter);
    harness.run_steps(2);
    harness.event(Event::Text("Ledger".to_owned()));
    harness.run_ok();
    press(&mut harness, "", Key::Enter);
    assert_eq!(editor(&mut harness).model().title(&id("db")), "Ledger");
    assert!(focused(&harness).starts_with("Ledger, sql database"), "the row has the keys again");
    // Esc keeps the name.
    press(&mut harness, "", Key::F2);
    harness.run_steps(2);
    harness.event(Event::Text("Nothing".to_owned()));
    harness.run_ok();
    press(&mut harness, "", Key::Escape);
    assert_eq!(editor(&mut harness).model().title(&id("db")), "Ledger");
    // Past the finding of the tier to App, Guard and Web.
    press(&mut harness, "", Key::ArrowDown);
    press(&mut harness, "", Key::ArrowDown);
    assert_eq!(selected(&mut harness), ["app"]);
    press(&mut harness, "shift", Key::ArrowDown);
    assert_eq!(selected(&mut harness), ["app", "fw"]);
    press(&mut harness, "ctrl", Key::ArrowDown);
    assert_eq!(selected(&mut harness), ["app", "fw"], "Control goes on and selects nothing");
    press(&mut harness, "", Key::Space);
    assert_eq!(selected(&mut harness), ["app", "fw", "web"]);
    press(&mut harness, "", Key::Space);
    assert_eq!(selected(&mut harness), ["app", "fw"]);
    press(&mut harness, "", Key::Delete);
    let editor = editor(&mut harness);
    assert!(editor.model().component(&id("app")).is_none() && editor.model().component(&id("fw")).is_none());
    harness.run_ok();
    assert!(focused(&harness).starts_with("Web, web server"), "the keys stay in the outline");
}

#[test]
fn the_menu_of_a_row_is_that_of_the_element() {
    let mut harness = outline_of(SMALL);
    press(&mut harness, "", Key::ArrowDown);
    press(&mut harness, "shift", Key::F10);
    harness.run_steps(4);
    assert!(harness.get_by_label("Rename").is_focused());
    press(&mut harness, "", Key::Escape);
    assert!(focused(&harness).starts_with("Orders"), "the row has the keys again");
    let web = row(&harness, "Web, ");
    click(&mut harness, web, PointerButton::Secondary, "");
    assert_eq!(selected(&mut harness), ["web"]);
    harness.get_by_label("Duplicate").click();
    harness.run_ok();
    assert_eq!(editor(&mut harness).model().components().len(), 5);
}

#[test]
fn a_row_is_dragged_into_a_boundary_and_out_of_it() {
    let mut harness = outline_of(SMALL);
    let drag = |harness: &mut Wide, from: Pos2, to: Pos2| {
        let button = |pos, pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        harness.event(Event::PointerMoved(from));
        harness.event(button(from, true));
        harness.run_ok();
        for n in 1..=4 {
            harness.event(Event::PointerMoved(from.lerp(to, n as f32 / 4.0)));
            harness.run_ok();
        }
        picture(harness, "outline-drag");
        harness.event(button(to, false));
        harness.run_ok();
    };
    let (web, tier) = (row(&harness, "Web, "), row(&harness, "Data tier, "));
    drag(&mut harness, web, tier);
    assert_eq!(editor(&mut harness).nesting().parent(&id("web")), Some(&id("tier")));
    let inside = editor(&mut harness).layout().rect(&id("web")).unwrap();
    assert!(editor(&mut harness).layout().rect(&id("tier")).unwrap().contains_rect(&inside));
    let (web, app) = (row(&harness, "Web, "), row(&harness, "App, "));
    drag(&mut harness, web, app);
    assert_eq!(editor(&mut harness).nesting().parent(&id("web")), None, "to where App stands");
    editor(&mut harness).undo();
    assert_eq!(editor(&mut harness).nesting().parent(&id("web")), Some(&id("tier")), "one step each");
    // A boundary does not go into what is in it.
    harness.run_ok();
    let before = editor(&mut harness).document.revision;
    let (tier, orders) = (row(&harness, "Data tier, "), row(&harness, "Orders, "));
    drag(&mut harness, tier, orders);
    assert_eq!(editor(&mut harness).document.revision, before);
}

#[test]
fn a_finding_in_the_outline_shows_its_evidence_and_opens_its_list() {
    let mut harness = outline_of(SMALL);
    let finding = {
        let editor = editor(&mut harness);
        let found = editor.findings().find(|it| it.finding.subjects.contains(&id("db")));
        found.expect("the database has one").finding.message.read(editor.model()).into_owned()
    };
    press(&mut harness, "", Key::ArrowDown);
    press(&mut harness, "", Key::ArrowRight);
    press(&mut harness, "", Key::ArrowDown);
    press(&mut harness, "", Key::ArrowDown);
    let says = focused(&harness);
    assert!(says.contains(": ") && says.contains(" of "), "{says}");
    assert!(selected(&mut harness).is_empty(), "Delete would take nothing");
    let chosen = editor(&mut harness).shown.chosen.clone().unwrap();
    assert!(editor(&mut harness).evidence_of(&chosen).is_some());
    press(&mut harness, "", Key::ArrowUp);
    assert_eq!(editor(&mut harness).shown.chosen, None, "it goes with its row");
    press(&mut harness, "", Key::ArrowDown);
    editor(&mut harness).shown.tab = Tab::Inspector;
    press(&mut harness, "", Key::Enter);
    assert_eq!(editor(&mut harness).shown.tab, Tab::Findings);
    assert!(harness.query_all_by_label(&finding).next().is_some());
}

#[test]
fn what_is_not_on_the_view_is_said_so() {
    let mut harness = outline_of(SMALL);
    editor(&mut harness).add_view(parapet::editor::NewView::Empty);
    harness.run_ok();
    assert!(harness.query_all_by_label_contains("not on this view").count() >= 4);
}

#[test]
fn of_thousands_only_rows_in_sight_are_laid_out() {
    let count = 4000;
    let mut text = "(format: 1, components: {".to_owned();
    for n in 0..count {
        text.push_str(&format!(
            "\"c{n}\": (kind: \"web-server\", name: \"No. {n}\", within: \"b{}\"),",
            n % 40
        ));
    }
    text.push_str("}, boundaries: {");
    for n in 0..40 {
        text.push_str(&format!("\"b{n}\": (kind: \"host\", name: \"Host {n}\"),"));
    }
    text.push_str("})");
    let mut harness = outline_of(&text);
    let rows = harness.query_all_by_role(Role::TreeItem).count();
    assert!((10..60).contains(&rows), "{rows}");
    press(&mut harness, "", Key::End);
    assert!(focused(&harness).starts_with("No. 3999, "), "{}", focused(&harness));
    let rows = harness.query_all_by_role(Role::TreeItem).count();
    assert!((10..60).contains(&rows), "{rows}");
    let at = row(&harness, "No. 3999, ");
    assert!(at.y < 800.0, "it is in sight");
    press(&mut harness, "", Key::PageUp);
    assert!(!focused(&harness).starts_with("No. 3999, ") && focused(&harness).starts_with("No. 3"));
}

#[test]
fn pictures_of_the_outline_for_whoever_looks() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).run("view.outline");
    harness.run_ok();
    for key in
        [Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowDown, Key::ArrowRight, Key::ArrowRight]
    {
        press(&mut harness, "", key);
    }
    for (theme, name) in [("view.theme-dark", "dark"), ("view.theme-light", "light")] {
        editor(&mut harness).run(theme);
        harness.run_ok();
        picture(&mut harness, &format!("outline-{name}"));
    }
    let card = editor(&mut harness).layout().cards.keys().next().cloned();
    editor(&mut harness).select(card);
    editor(&mut harness).run("arrange.move-into");
    harness.run_ok();
    picture(&mut harness, "outline-move-into");
}
