//! Lines of flows as a user handles them: ends fixed and floating, labels along the line, two heads, jumps.

use egui::{Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Editor, Effect, Exported, Surroundings};
use parapet::model::{self, BorderPoint, Place, Side};
use parapet::scene::{Jumps, Pos, Rect};
use parapet::tokens::Theme;

use crate::canvas::{Desk, SMALL, button, desk, double_click, drag, editor, id, picture, pull};

/// Where a position of the drawing is on the screen.
fn on_screen(desk: &mut Desk, at: Pos) -> Pos2 {
    let shown = desk.get_by_label_contains("Web, web server").rect();
    let web = editor(desk).layout().rect(&id("web")).unwrap();
    let zoom = shown.width() / web.width();
    shown.left_top() + vec2(at.x - web.min.x, at.y - web.min.y) * zoom
}

fn end(desk: &mut Desk) -> Pos {
    *editor(desk).layout().flows[&id("f")].points.last().unwrap()
}

fn entry(desk: &mut Desk) -> Option<BorderPoint> {
    editor(desk).fixed_end(&id("f"), true)
}

fn card(desk: &mut Desk, element: &str) -> Rect {
    editor(desk).layout().rect(&id(element)).unwrap()
}

#[test]
fn an_end_that_is_let_go_near_a_border_is_fixed_there() {
    let mut desk = desk(SMALL);
    editor(&mut desk).select([id("f")]);
    desk.run_ok();
    let db = card(&mut desk, "db");
    let (from, there) = (end(&mut desk), Pos::new(db.min.x + db.width() / 4.0, db.max.y - 2.0));
    let (from, to) = (on_screen(&mut desk, from), on_screen(&mut desk, there));
    pull(&mut desk, from, to, "");
    picture(&mut desk, "connecting-fixed-preview");
    button(&mut desk, to, PointerButton::Primary, false, Modifiers::NONE);
    let fixed = entry(&mut desk).unwrap();
    assert_eq!(fixed.side, Side::Bottom);
    assert!((fixed.offset.px() - 0.25).abs() < 0.02, "{fixed:?}");
    assert!((end(&mut desk).x - there.x).abs() < 3.0 && end(&mut desk).y == db.max.y);
    assert_eq!(editor(&mut desk).model().flow(&id("f")).unwrap().to, id("db"), "it means the same");
    picture(&mut desk, "connecting-fixed");
    // It goes with its box, and a double click on it lets it go.
    editor(&mut desk).move_by(&[id("db")].into(), Pos::new(16.0, 40.0), &parapet::editor::Membership::Keep);
    desk.run_ok();
    let moved = card(&mut desk, "db");
    let expected = moved.min.x + moved.width() * fixed.offset.px();
    assert!((end(&mut desk).x - expected).abs() < 0.1 && end(&mut desk).y == moved.max.y);
    let handle = end(&mut desk);
    let handle = on_screen(&mut desk, handle);
    double_click(&mut desk, handle);
    assert_eq!(entry(&mut desk), None);
    assert!(editor(&mut desk).model().place(&id("main"), &id("f")).is_none(), "nothing is left to say");
}

#[test]
fn an_end_in_the_middle_of_a_card_floats_and_so_it_does_with_control() {
    let mut desk = desk(SMALL);
    editor(&mut desk).select([id("f")]);
    assert!(editor(&mut desk).run("arrange.fix-ends") && !editor(&mut desk).run("arrange.fix-ends"));
    desk.run_ok();
    assert!(entry(&mut desk).is_some());
    let (db, from) = (card(&mut desk, "db"), end(&mut desk));
    let (from, to) = (on_screen(&mut desk, from), on_screen(&mut desk, db.centre()));
    drag(&mut desk, from, to, "");
    assert_eq!(entry(&mut desk), None);
    let (from, edge) = (end(&mut desk), Pos::new(db.max.x - 20.0, db.max.y - 1.0));
    let (from, to) = (on_screen(&mut desk, from), on_screen(&mut desk, edge));
    drag(&mut desk, from, to, "ctrl");
    assert_eq!(entry(&mut desk), None);
    drag(&mut desk, from, to, "");
    assert!(entry(&mut desk).is_some());
    assert!(editor(&mut desk).run("arrange.float-ends") && !editor(&mut desk).run("arrange.float-ends"));
    assert_eq!(entry(&mut desk), None);
}

#[test]
fn a_label_is_dragged_along_its_flow_and_finds_room_again() {
    let mut desk = desk(SMALL);
    let label = |desk: &mut Desk| editor(desk).layout().flows[&id("f")].label.clone().unwrap().rect.centre();
    let points = editor(&mut desk).layout().flows[&id("f")].points.to_vec();
    let before = label(&mut desk);
    let (from, aim) = (on_screen(&mut desk, before), points[0].towards(points[1], 0.6));
    // Beside the line: it stays on it.
    let to = on_screen(&mut desk, aim + Pos::new(12.0, 0.0));
    drag(&mut desk, from, to, "");
    let after = label(&mut desk);
    assert!(
        (after.x - points[0].x).abs() < 0.5 && (after.y - aim.y).abs() < 2.0,
        "{after:?} {aim:?} {points:?}"
    );
    assert!(!editor(&mut desk).is_bent(&id("f")));
    picture(&mut desk, "connecting-label");
    let there = on_screen(&mut desk, after);
    double_click(&mut desk, there);
    assert!(label(&mut desk).distance(before) < 0.01);
    editor(&mut desk).undo();
    assert!(label(&mut desk).distance(after) < 0.01, "one drag is one step");
}

#[test]
fn arrows_with_alt_and_shift_move_the_label_of_a_flow_along_it() {
    let mut desk = desk(SMALL);
    desk.key_press(Key::Tab);
    desk.run_ok();
    editor(&mut desk).select([id("f")]);
    let label = |desk: &mut Desk| editor(desk).layout().flows[&id("f")].label.clone().unwrap().rect.centre();
    let before = label(&mut desk);
    let points = editor(&mut desk).layout().flows[&id("f")].points.to_vec();
    let is_level = points.windows(2).any(|it| it[0].y == it[1].y && it[0].y == before.y);
    let keys = Modifiers::ALT | Modifiers::SHIFT;
    desk.key_press_modifiers(keys, if is_level { Key::ArrowRight } else { Key::ArrowDown });
    desk.run_ok();
    let after = label(&mut desk);
    let by = if is_level { after.x - before.x } else { after.y - before.y };
    assert!((by - 8.0).abs() < 0.5, "{before:?} {after:?}");
    assert!(editor(&mut desk).run("arrange.reset-label"));
    assert!(label(&mut desk).distance(before) < 0.01);
}

/// A level line that an upright one crosses.
const CROSS: &str = r#"(format: 1, components: {
        "web": (kind: "web-server", name: "Web"), "b": (kind: "cache", name: "B"),
        "c": (kind: "cache", name: "C"), "d": (kind: "cache", name: "D"),
    },
    flows: {"level": (from: "web", to: "b", two_heads: true), "upright": (from: "c", to: "d")},
    views: {"main": (name: "Main")},
    places: {("main", "web"): (x: 0, y: 200), ("main", "b"): (x: 800, y: 200),
        ("main", "c"): (x: 330, y: 0), ("main", "d"): (x: 330, y: 400)})"#;

fn paths_of_flows(editor: &mut Editor) -> usize {
    editor.shown.picture.theme = Some(Theme::Light);
    editor.export_picture(None);
    let svg = editor.take_effects().into_iter().find_map(|it| match it {
        Effect::Export { what: Exported::Bytes(bytes), .. } => String::from_utf8(bytes).ok(),
        _ => None,
    });
    let svg = svg.unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let is_group = |it: &roxmltree::Node<'_, '_>| {
        it.has_tag_name("g")
            && it.descendants().any(|it| it.has_tag_name("title") && it.text() == Some("Web → B"))
    };
    let group = document.descendants().find(is_group).unwrap();
    group.descendants().filter(|it| it.has_tag_name("path")).count()
}

#[test]
fn lines_jump_on_the_canvas_and_in_pictures_if_wanted() {
    let mut desk = desk(CROSS);
    assert!(editor(&mut desk).layout().jumps_of(&id("level")).is_empty());
    // The line and its two heads.
    assert_eq!(paths_of_flows(editor(&mut desk)), 3);
    assert!(editor(&mut desk).run("view.jumps-gap"));
    desk.run_ok();
    assert_eq!(editor(&mut desk).layout().jumps_of(&id("level")).len(), 1);
    assert_eq!(paths_of_flows(editor(&mut desk)), 4, "broken in two");
    picture(&mut desk, "connecting-gap");
    assert!(editor(&mut desk).run("view.jumps-arc"));
    desk.run_ok();
    assert_eq!(paths_of_flows(editor(&mut desk)), 3);
    picture(&mut desk, "connecting-arc");
    let settings = editor(&mut desk).settings();
    assert_eq!(settings.jumps, Jumps::Arc);
    let mut other = Editor::with(model::read(CROSS.as_bytes()).unwrap(), Surroundings::fixed());
    other.set_settings(settings);
    other.settle();
    assert_eq!(other.layout().jumps_of(&id("level")).len(), 1, "it is kept between sessions");
    assert!(other.run("view.jumps-off") && other.layout().jumps_of(&id("level")).is_empty());
}

#[test]
fn a_second_head_is_a_mark_of_the_drawing() {
    let one = CROSS.replace(", two_heads: true", "");
    let [two, one] =
        [CROSS, &one].map(|it| Editor::with(model::read(it.as_bytes()).unwrap(), Surroundings::fixed()));
    assert_eq!(two.report().findings, one.report().findings);
    assert_eq!(two.report().questions, one.report().questions);
    let text = parapet::formats::text::write(two.model());
    assert!(text.contains("two-heads"), "{text}");
    assert!(
        two.layout().flows[&id("level")].has_two_heads && !one.layout().flows[&id("level")].has_two_heads
    );
}

#[test]
fn a_flow_that_is_turned_around_or_split_keeps_its_ends() {
    let mut editor = Editor::with(model::read(SMALL.as_bytes()).unwrap(), Surroundings::fixed());
    let point = BorderPoint::new(Side::Bottom, 0.25);
    editor.end_at(&id("f"), true, &id("db"), Some(point));
    editor.move_label(&id("f"), Some(0.25));
    editor.turn_around(&id("f"));
    let line = |editor: &Editor| editor.model().place(&id("main"), &id("f")).cloned();
    let expected = Place { exit: Some(point), label: Some(model::Figure::share(0.75)), ..Place::default() };
    assert_eq!(line(&editor), Some(expected));
    editor.undo();
    let new = editor.place_into_flow(("firewall", ""), &id("f"), Pos::new(200.0, 400.0));
    assert_eq!(line(&editor), None, "the first half has no end that was fixed");
    let second = editor.model().flows().iter().find(|it| it.1.from == new).unwrap().0.clone();
    assert_eq!(editor.fixed_end(&second, true), Some(point));
    // An end that goes to another element lets go of its point; the other end keeps its own.
    editor.undo();
    editor.end_at(&id("f"), false, &id("app"), None);
    assert_eq!(editor.fixed_end(&id("f"), true), Some(point));
    editor.end_at(&id("f"), true, &id("web"), None);
    assert_eq!(line(&editor), None);
}
