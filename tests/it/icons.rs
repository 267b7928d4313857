//! Icons of a user's own: packs are read, an icon is chosen, and drawing and picture show it. Pictures for whoever looks.

use egui::{Key, Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::app::Window;
use parapet::editor::{Editor, Effect, Event, IconChoice, IconPack, IconReader, Modal, SAMPLES, Tab, Wish};
use parapet::formats::{png, svg};
use parapet::model::{self, Id, Model};
use parapet::tokens::Theme;

use crate::window::{editor, picture, window};

/// What vendors draw, in a style of our own.
const FILES: [(&str, &str); 7] = [
    ("Compute/Arch_Sample-Function_48.svg", include_str!("../icons/Compute/Arch_Sample-Function_48.svg")),
    (
        "Compute/10021-icon-service-Sample-Machine.svg",
        include_str!("../icons/Compute/10021-icon-service-Sample-Machine.svg"),
    ),
    ("Storage/sample_bucket.svg", include_str!("../icons/Storage/sample_bucket.svg")),
    ("General/sample-wheel.svg", include_str!("../icons/General/sample-wheel.svg")),
    ("General/sample_gear.svg", include_str!("../icons/General/sample_gear.svg")),
    ("General/sample_label.svg", include_str!("../icons/General/sample_label.svg")),
    ("General/broken.svg", include_str!("../icons/General/broken.svg")),
];

fn pack() -> IconPack {
    let mut reader = IconReader::new(Some("/home/me/icons/Sample cloud"));
    FILES.iter().for_each(|(path, text)| reader.take(path, text.as_bytes()));
    reader.finish()
}

fn read(pack: IconPack) -> Event {
    Event::IconsRead { asked: pack.folder.clone().unwrap_or_default(), pack: Box::new(pack) }
}

/// A pack of as many icons, each of its own colour.
fn large(n: u32) -> IconPack {
    let mut reader = IconReader::new(Some("/home/me/icons/Large"));
    for n in 0..n {
        let svg = format!(
            r##"<svg viewBox="0 0 24 24"><path fill="#{:06x}" d="M2 2H22V22H2z"/></svg>"##,
            n * 8191 % 0xff_ffff + 1
        );
        reader.take(&format!("thing x{n}.svg"), svg.as_bytes());
    }
    reader.finish()
}

type Desk = Harness<'static, Option<Window>>;

/// A window with a pack and one component selected, its inspector open.
fn desk() -> (Desk, Id) {
    let mut desk = window((1440.0, 900.0), 1.0);
    let id = editor(&mut desk).model().components().keys().next().unwrap().clone();
    editor(&mut desk).handle(read(pack()));
    editor(&mut desk).select([id.clone()]);
    editor(&mut desk).shown.tab = Tab::Inspector;
    desk.run_ok();
    (desk, id)
}

fn icon_of(desk: &mut Desk, id: &Id) -> Option<Id> {
    editor(desk).model().component(id).unwrap().icon.clone()
}

fn type_in(desk: &mut Desk, text: &str) {
    desk.event(egui::Event::Text(text.to_owned()));
    desk.run_ok();
}

fn press(desk: &mut Desk, key: Key) {
    desk.key_press(key);
    desk.run_ok();
}

#[test]
fn an_icon_is_chosen_in_the_inspector_by_a_few_letters_and_taken_back() {
    let (mut desk, id) = desk();
    desk.get_by_label("Change the icon").click();
    desk.run_ok();
    desk.get_by_label("Search icons");
    desk.get_by_role_and_label(Role::Button, "Kind's own");
    type_in(&mut desk, "buck");
    assert!(desk.query_by_label("Sample Function").is_none());
    desk.get_by_role_and_label(Role::Button, "Sample bucket");
    press(&mut desk, Key::Enter);
    let icon = icon_of(&mut desk, &id).unwrap();
    assert_eq!(editor(&mut desk).model().artwork(&icon).unwrap().name, "Sample bucket");
    assert!(editor(&mut desk).shown.modal.is_none());
    assert_eq!(editor(&mut desk).history().next_undo(), Some("Change the icon"));
    editor(&mut desk).undo();
    assert_eq!(icon_of(&mut desk, &id), None);
    assert!(editor(&mut desk).model().artworks().is_empty());
}

#[test]
fn arrows_walk_through_the_grid_and_escape_leaves_all_as_it_was() {
    let (mut desk, id) = desk();
    editor(&mut desk).run("edit.icon");
    desk.run_ok();
    // From that of the kind down to the first of the pack, and one to the right.
    press(&mut desk, Key::ArrowDown);
    press(&mut desk, Key::ArrowRight);
    press(&mut desk, Key::Enter);
    let icon = icon_of(&mut desk, &id).unwrap();
    assert_eq!(editor(&mut desk).model().artwork(&icon).unwrap().name, "Sample Function");
    editor(&mut desk).run("edit.icon");
    desk.run_ok();
    press(&mut desk, Key::ArrowUp);
    press(&mut desk, Key::Escape);
    assert!(editor(&mut desk).shown.modal.is_none());
    assert_eq!(icon_of(&mut desk, &id), Some(icon));
    editor(&mut desk).run("edit.icon");
    desk.run_ok();
    desk.get_by_role_and_label(Role::Button, "Kind's own").click();
    desk.run_ok();
    assert_eq!(icon_of(&mut desk, &id), None);
}

#[test]
fn of_a_large_pack_only_what_is_seen_is_laid_out() {
    let (mut desk, _) = desk();
    editor(&mut desk).handle(read(large(2000)));
    editor(&mut desk).run("edit.icon");
    desk.run_ok();
    let shown = desk.query_all_by_label_contains("Thing ").count();
    assert!((1..120).contains(&shown), "{shown}");
    type_in(&mut desk, "thing x1999");
    desk.get_by_role_and_label(Role::Button, "Thing x1999");
}

#[test]
fn packs_are_added_listed_and_removed() {
    let mut desk = window((1280.0, 860.0), 1.0);
    editor(&mut desk).run("view.icon-packs");
    desk.run_ok();
    desk.get_by_label("No icons of your own yet.");
    picture(&mut desk, "icon-packs-empty");
    desk.get_by_label("Add a folder…").click();
    desk.run_ok();
    assert!(matches!(editor(&mut desk).take_effects().last(), Some(Effect::IconDialog)));
    desk.get_by_label("From path…").click();
    desk.run_ok();
    type_in(&mut desk, "/home/me/icons/Sample cloud");
    press(&mut desk, Key::Enter);
    let effects = editor(&mut desk).take_effects();
    assert!(
        matches!(effects.last(), Some(Effect::ReadIcons(it)) if it == "/home/me/icons/Sample cloud"),
        "{effects:?}"
    );
    desk.get_by_label("Being read…");
    editor(&mut desk).handle(Event::IconsUnderWay {
        asked: "/home/me/icons/Sample cloud".to_owned(),
        done: 100,
        of: 700,
    });
    desk.run_ok();
    desk.get_by_label("Being read: 100 of 700 files…");
    editor(&mut desk).handle(read(pack()));
    editor(&mut desk).handle(read(large(40)));
    desk.run_ok();
    desk.get_by_label("6 icons · 1 drawn more plainly · 1 file left out");
    desk.get_by_label_contains("General/broken.svg: it is no SVG: ");
    assert_eq!(desk.query_all_by_label_contains("It is read again at the next start.").count(), 2);
    picture(&mut desk, "icon-packs-full");
    // A dialog that has grown is in its place a frame later.
    let remove = desk.get_by_label("Remove Sample cloud").rect().center();
    desk.hover_at(remove);
    desk.run_ok();
    desk.get_by_label("Remove Sample cloud").click();
    desk.run_ok();
    let left: Vec<String> = editor(&mut desk).icon_packs().all().iter().map(|it| it.name.clone()).collect();
    assert_eq!(left, ["Large"], "{:?}", editor(&mut desk).notice());
}

/// A sample with icons of all sorts on it.
fn drawing() -> Model {
    let mut it = Editor::new(parapet::editor::Surroundings::fixed());
    it.load_sample(&SAMPLES[0]);
    it.handle(read(pack()));
    let ids: Vec<Id> = it.layout().cards.keys().chain(it.layout().gates.keys()).cloned().collect();
    for (n, id) in ids.iter().enumerate() {
        it.select([id.clone()]);
        it.choose_icon(&IconChoice::OfPack(0, n % 6));
    }
    let boundaries: Vec<Id> = it.model().boundaries().keys().cloned().collect();
    for (n, id) in boundaries.iter().enumerate() {
        it.select([id.clone()]);
        it.choose_icon(&IconChoice::OfPack(0, (n + 1) % 6));
    }
    it.model().clone()
}

#[test]
fn a_document_carries_its_icons_and_its_pictures_show_them() {
    let drawn = drawing();
    assert!((1..=6).contains(&drawn.artworks().len()));
    let again = model::read(model::write(&drawn).as_bytes()).unwrap();
    assert_eq!(again, drawn);
    let view = drawn.first_view().unwrap();
    let text = svg::export(&again, view, &svg::Options::default());
    // Own colours are there, nothing of an SVG but its paths, and the document reads as XML.
    for colour in ["#4285f4", "#326ce5", "#0b8043"] {
        assert!(text.contains(colour), "{colour}");
    }
    for tag in ["<style", "<use", "<defs", "clipPath", "Gradient", " id=", "href"] {
        assert!(!text.contains(tag), "{tag}");
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    let drawn = png::export(&text, 2.0).unwrap();
    std::fs::write(folder.join("icons-export.png"), drawn).unwrap();
}

#[test]
fn pictures_of_icons_for_whoever_looks() {
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        for (pixels, scale) in [(1.0, ""), (2.0, "@2x")] {
            let mut desk = window((1440.0, 900.0), pixels);
            let bytes = model::write(&drawing()).into_bytes();
            editor(&mut desk).handle(Event::Opened { name: "a.parapet.ron".to_owned(), path: None, bytes });
            editor(&mut desk).shown.theme = Some(theme);
            desk.run_ok();
            picture(&mut desk, &format!("icons-{name}{scale}"));
            let near: Vec<Id> = editor(&mut desk).layout().cards.keys().take(4).cloned().collect();
            editor(&mut desk).select(near);
            editor(&mut desk).shown.tab = Tab::Inspector;
            editor(&mut desk).shown.wishes.extend([Wish::FitSelection, Wish::ZoomIn, Wish::ZoomIn]);
            desk.run_ok();
            picture(&mut desk, &format!("icons-near-{name}{scale}"));
            editor(&mut desk).handle(read(pack()));
            editor(&mut desk).handle(read(large(300)));
            editor(&mut desk).shown.modal = Some(Modal::Icon);
            desk.set_size(vec2(1440.0, 900.0));
            desk.run_ok();
            picture(&mut desk, &format!("icon-picker-{name}{scale}"));
        }
    }
}
