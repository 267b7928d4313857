//! The canvas as a user meets it: elements found by their label, gestures with the pointer, edits in the model.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Carried, Editor, Surroundings, Tool};
use parapet::model::{self, Id, Model, Side};
use parapet::ui::canvas::Canvas;
use parapet::ui::theme;

pub(crate) type Desk = Harness<'static, Option<(Canvas, Editor)>>;

/// Two cards in an empty drawing, a database in a tier beside them, and a firewall.
pub(crate) const SMALL: &str = r#"(
    format: 1,
    components: {
        "web": (kind: "web-server", name: "Web"),
        "app": (kind: "application-server", name: "App"),
        "db": (kind: "sql-database", name: "Orders", within: "tier"),
        "fw": (kind: "firewall", name: "Guard"),
    },
    boundaries: {"tier": (kind: "subnet-tier", name: "Data tier")},
    flows: {"f": (from: "web", to: "db", protocol: "mysql", port: "tcp/3306")},
    views: {"main": (name: "Main")},
    places: {
        ("main", "web"): (x: 0, y: 0),
        ("main", "app"): (x: 0, y: 160),
        ("main", "fw"): (x: 0, y: 320),
        ("main", "tier"): (x: 320, y: 0, width: 320, height: 240),
        ("main", "db"): (x: 400, y: 96),
    },
)"#;

pub(crate) fn desk(text: &str) -> Desk {
    desk_of(model::read(text.as_bytes()).unwrap())
}

pub(crate) fn desk_of(model: Model) -> Desk {
    let builder = Harness::builder().with_size(vec2(1000.0, 700.0)).with_max_steps(30);
    let mut harness = builder.with_step_dt(1.0 / 30.0).build_ui_state(
        move |ui, state: &mut Option<(Canvas, Editor)>| {
            let (canvas, editor) = state.get_or_insert_with(|| {
                theme::install(ui.ctx());
                (Canvas::default(), Editor::with(model.clone(), Surroundings::fixed()))
            });
            canvas.ui(ui, editor);
        },
        None,
    );
    harness.run_ok();
    harness
}

pub(crate) fn editor(desk: &mut Desk) -> &mut Editor {
    &mut desk.state_mut().as_mut().unwrap().1
}

pub(crate) fn double_click(desk: &mut Desk, at: Pos2) {
    for _ in 0..2 {
        for pressed in [true, false] {
            desk.event(Event::PointerMoved(at));
            desk.event(Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            desk.step();
        }
    }
    desk.run_ok();
}

pub(crate) fn at(desk: &Desk, label: &str) -> Pos2 {
    desk.get_by_label_contains(label).rect().center()
}

pub(crate) fn id(text: &str) -> Id {
    Id::slug(text)
}

pub(crate) fn held(keys: &str) -> Modifiers {
    Modifiers {
        alt: keys.contains("alt"),
        shift: keys.contains("shift"),
        ctrl: keys.contains("ctrl"),
        command: keys.contains("ctrl"),
        ..Modifiers::NONE
    }
}

pub(crate) fn button(desk: &mut Desk, pos: Pos2, button: PointerButton, pressed: bool, modifiers: Modifiers) {
    desk.event(Event::PointerMoved(pos));
    desk.event(Event::PointerButton { pos, button, pressed, modifiers });
    desk.run_ok();
}

/// Presses, moves in a few steps, and leaves the button down.
pub(crate) fn pull(desk: &mut Desk, from: Pos2, to: Pos2, keys: &str) {
    desk.event(Event::ModifiersChanged(held(keys)));
    button(desk, from, PointerButton::Primary, true, held(keys));
    for n in 1..=4 {
        desk.hover_at(from.lerp(to, n as f32 / 4.0));
        desk.run_ok();
    }
}

pub(crate) fn drag(desk: &mut Desk, from: Pos2, to: Pos2, keys: &str) {
    pull(desk, from, to, keys);
    button(desk, to, PointerButton::Primary, false, held(keys));
    desk.event(Event::ModifiersChanged(Modifiers::NONE));
    desk.run_ok();
}

pub(crate) fn click(desk: &mut Desk, pos: Pos2, keys: &str) {
    desk.event(Event::ModifiersChanged(held(keys)));
    for pressed in [true, false] {
        button(desk, pos, PointerButton::Primary, pressed, held(keys));
    }
    desk.event(Event::ModifiersChanged(Modifiers::NONE));
    desk.run_ok();
}

pub(crate) fn place(desk: &mut Desk, element: &str) -> (f32, f32) {
    let editor = editor(desk);
    let rect = editor.layout().rect(&id(element)).unwrap();
    (rect.min.x, rect.min.y)
}

fn within(desk: &mut Desk, element: &str) -> Option<Id> {
    editor(desk).nesting().parent(&id(element)).cloned()
}

#[test]
fn a_drag_moves_a_card_by_one_edit() {
    let mut desk = desk(SMALL);
    let from = at(&desk, "Web, web server");
    drag(&mut desk, from, from + vec2(0.0, -90.0), "ctrl");
    let zoom = zoom(&mut desk);
    let moved = place(&mut desk, "web");
    assert!((moved.1 + 90.0 / zoom).abs() < 0.5 && moved.0.abs() < 0.5, "{moved:?} at {zoom}");
    editor(&mut desk).undo();
    assert_eq!(place(&mut desk, "web"), (0.0, 0.0));
    assert!(editor(&mut desk).history().next_undo().is_none(), "one drag is one step");
}

/// Points of the screen for one of the world, as the drawing itself shows it.
fn zoom(desk: &mut Desk) -> f32 {
    let on_screen = desk.get_by_label_contains("Web, web server").rect().width();
    let editor = editor(desk);
    on_screen / editor.layout().rect(&id("web")).unwrap().width()
}

#[test]
fn what_is_dragged_falls_on_the_grid() {
    let mut desk = desk(SMALL);
    let from = at(&desk, "App, application server");
    drag(&mut desk, from, from + vec2(-93.0, 41.0), "");
    let (x, y) = place(&mut desk, "app");
    assert!(x < -40.0 && x % 8.0 == 0.0 && y % 8.0 == 0.0, "{x} {y}");
    // With Control, it goes just as far as the pointer.
    let (zoom, from) = (zoom(&mut desk), at(&desk, "App, application server"));
    drag(&mut desk, from, from + vec2(13.0, 21.0) * zoom, "ctrl");
    let now = place(&mut desk, "app");
    assert!((now.0 - x - 13.0).abs() < 0.02 && (now.1 - y - 21.0).abs() < 0.02, "{now:?}");
}

#[test]
fn shift_keeps_to_one_axis() {
    let mut desk = desk(SMALL);
    let from = at(&desk, "App, application server");
    drag(&mut desk, from, from + vec2(80.0, 30.0), "shift");
    let (x, y) = place(&mut desk, "app");
    assert!(x > 40.0 && y == 160.0, "{x} {y}");
}

#[test]
fn escape_gives_a_drag_up_then_the_selection() {
    let mut desk = desk(SMALL);
    let from = at(&desk, "Web, web server");
    pull(&mut desk, from, from + vec2(60.0, 60.0), "");
    desk.key_press(Key::Escape);
    desk.run_ok();
    button(&mut desk, from + vec2(60.0, 60.0), PointerButton::Primary, false, Modifiers::NONE);
    assert_eq!(place(&mut desk, "web"), (0.0, 0.0));
    assert!(editor(&mut desk).history().next_undo().is_none());
    assert!(editor(&mut desk).is_selected(&id("web")));
    desk.key_press(Key::Escape);
    desk.run_ok();
    assert!(editor(&mut desk).selection().is_empty());
}

#[test]
fn escape_goes_out_step_by_step() {
    let mut desk = desk(SMALL);
    let state = editor(&mut desk);
    state.select([id("web")]);
    state.shown.chosen = Some("a finding".to_owned());
    state.shown.tool = Tool::Flow;
    state.shown.carried = Some(Carried::Component { kind: "cache".to_owned(), technology: String::new() });
    for left in ["tool, evidence, selection", "evidence, selection", "selection", ""] {
        desk.key_press(Key::Escape);
        desk.run_ok();
        let editor = editor(&mut desk);
        let all = [
            ("carried", editor.shown.carried.is_some()),
            ("tool", editor.shown.tool != Tool::Pointer),
            ("evidence", editor.shown.chosen.is_some()),
            ("selection", !editor.selection().is_empty()),
        ];
        let now: Vec<&str> = all.iter().filter(|it| it.1).map(|it| it.0).collect();
        assert_eq!(now.join(", "), left);
    }
}

#[test]
fn a_drag_into_a_boundary_makes_a_member_and_alt_does_not() {
    let mut desk = desk(SMALL);
    let (from, to) =
        (at(&desk, "App, application server"), at(&desk, "Orders, sql database") + vec2(0.0, 70.0));
    drag(&mut desk, from, to, "");
    assert_eq!(within(&mut desk, "app"), Some(id("tier")));
    editor(&mut desk).undo();
    desk.run_ok();
    pull(&mut desk, from, to, "");
    desk.event(Event::ModifiersChanged(held("alt")));
    button(&mut desk, to, PointerButton::Primary, false, held("alt"));
    assert_eq!(within(&mut desk, "app"), None);
    assert_ne!(place(&mut desk, "app"), (0.0, 160.0));
}

#[test]
fn alt_drag_leaves_the_original() {
    let mut desk = desk(SMALL);
    let from = at(&desk, "App, application server");
    drag(&mut desk, from, from + vec2(0.0, 60.0), "alt");
    assert_eq!(place(&mut desk, "app"), (0.0, 160.0));
    assert_eq!(editor(&mut desk).model().components().len(), 5);
    assert_eq!(editor(&mut desk).selection().len(), 1);
}

#[test]
fn a_boundary_is_moved_by_its_title_with_all_in_it() {
    let mut desk = desk(SMALL);
    let from = at(&desk, "Data tier, subnet tier");
    drag(&mut desk, from, from + vec2(0.0, 60.0), "");
    let (tier, db) = (place(&mut desk, "tier"), place(&mut desk, "db"));
    assert!(tier.1 > 0.0 && (db.1 - 96.0 - tier.1).abs() < 0.01, "{tier:?} {db:?}");
}

#[test]
fn a_box_around_cards_selects_them() {
    let mut desk = desk(SMALL);
    let (web, app) = (at(&desk, "Web, web server"), at(&desk, "App, application server"));
    drag(&mut desk, web - vec2(90.0, 60.0), app + vec2(20.0, 10.0), "");
    let selected: Vec<Id> = editor(&mut desk).selection().iter().cloned().collect();
    assert_eq!(selected, [id("app"), id("web")]);
    // A boundary has to lie in it as a whole.
    let orders = at(&desk, "Orders, sql database");
    drag(&mut desk, orders + vec2(-110.0, 70.0), orders, "shift");
    assert_eq!(editor(&mut desk).selection().len(), 3);
    click(&mut desk, web, "shift");
    assert_eq!(editor(&mut desk).selection().len(), 2);
}

#[test]
fn a_flow_is_pulled_from_a_handle() {
    let mut desk = desk(SMALL);
    let app = desk.get_by_label_contains("App, application server").rect();
    click(&mut desk, app.center(), "");
    let orders = at(&desk, "Orders, sql database");
    drag(&mut desk, app.right_center() + vec2(16.0, 0.0), orders, "");
    let flows = editor(&mut desk).model().flows();
    assert!(flows.values().any(|it| it.from == id("app") && it.to == id("db")), "{flows:?}");
    assert_eq!(flows.len(), 2);
}

#[test]
fn the_flow_tool_draws_from_card_to_card() {
    let mut desk = desk(SMALL);
    editor(&mut desk).shown.tool = Tool::Flow;
    desk.run_ok();
    let (web, app) = (at(&desk, "Web, web server"), at(&desk, "App, application server"));
    drag(&mut desk, web, app, "");
    assert_eq!(editor(&mut desk).model().flows().len(), 2);
    assert_eq!(editor(&mut desk).shown.tool, Tool::Pointer);
}

#[test]
fn a_flow_that_ends_nowhere_asks_where_to() {
    let mut desk = desk(SMALL);
    let app = desk.get_by_label_contains("App, application server").rect();
    click(&mut desk, app.center(), "");
    drag(&mut desk, app.right_center() + vec2(16.0, 0.0), app.right_center() + vec2(40.0, 90.0), "");
    desk.event(Event::Text("cach".to_owned()));
    desk.run_ok();
    desk.key_press(Key::Enter);
    desk.run_ok();
    let editor = editor(&mut desk);
    let new = editor.selected_one().cloned().unwrap();
    assert_eq!(editor.model().component(&new).unwrap().kind, "cache");
    assert!(editor.model().flows().values().any(|it| it.from == id("app") && it.to == new));
    editor.undo();
    assert_eq!((editor.model().components().len(), editor.model().flows().len()), (4, 1));
}

#[test]
fn a_boundary_is_drawn_around_cards() {
    let mut desk = desk(SMALL);
    editor(&mut desk).shown.tool = Tool::Boundary;
    desk.run_ok();
    let web = desk.get_by_label_contains("Web, web server").rect();
    let app = desk.get_by_label_contains("App, application server").rect();
    drag(&mut desk, web.left_top() - vec2(14.0, 30.0), app.right_bottom() + vec2(14.0, 14.0), "");
    let boundary = editor(&mut desk).selected_one().cloned().unwrap();
    assert_eq!(within(&mut desk, "web"), Some(boundary.clone()));
    assert_eq!(within(&mut desk, "app"), Some(boundary));
    assert_eq!(within(&mut desk, "fw"), None);
}

#[test]
fn a_firewall_on_an_edge_becomes_a_gate_slides_and_comes_off() {
    let mut desk = desk(SMALL);
    let zoom = zoom(&mut desk);
    let corner = desk.get_by_label_contains("Data tier, subnet tier").rect().left_top();
    let from = at(&desk, "Guard, firewall");
    drag(&mut desk, from, corner + vec2(0.0, 120.0) * zoom, "");
    let gate_of = |desk: &mut Desk| editor(desk).model().component(&id("fw")).unwrap().gate_of.clone();
    assert_eq!(gate_of(&mut desk), Some(id("tier")));
    let side = |desk: &mut Desk| editor(desk).layout().gates[&id("fw")].side;
    assert_eq!(side(&mut desk), Side::Left);
    let from = at(&desk, "Guard, firewall, gate of Data tier");
    drag(&mut desk, from, corner + vec2(200.0, 4.0) * zoom, "");
    assert_eq!(side(&mut desk), Side::Top);
    let from = at(&desk, "Guard, firewall, gate of Data tier");
    drag(&mut desk, from, corner + vec2(-160.0, 330.0) * zoom, "");
    assert_eq!(gate_of(&mut desk), None);
    for _ in 0..3 {
        editor(&mut desk).undo();
    }
    assert_eq!(place(&mut desk, "fw"), (0.0, 320.0));
}

#[test]
fn a_name_is_edited_in_place() {
    let mut desk = desk(SMALL);
    let web = at(&desk, "Web, web server");
    for _ in 0..2 {
        for pressed in [true, false] {
            desk.event(Event::PointerMoved(web));
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            desk.event(Event::PointerButton { pos: web, button, pressed, modifiers });
        }
    }
    desk.run_ok();
    desk.event(Event::Text("Shop front".to_owned()));
    desk.run_ok();
    desk.key_press(Key::Enter);
    desk.run_ok();
    assert_eq!(editor(&mut desk).model().component(&id("web")).unwrap().name, "Shop front");
    editor(&mut desk).shown.wishes.push(parapet::editor::Wish::Rename(id("web")));
    desk.run_ok();
    desk.event(Event::Text("Shop window".to_owned()));
    desk.run_ok();
    desk.key_press(Key::Escape);
    desk.run_ok();
    assert_eq!(editor(&mut desk).model().component(&id("web")).unwrap().name, "Shop window");
    editor(&mut desk).undo();
    assert_eq!(editor(&mut desk).model().component(&id("web")).unwrap().name, "Shop front");
}

#[test]
fn ctrl_and_wheel_zoom_at_the_pointer() {
    let mut desk = desk(SMALL);
    let (pointer, before) = (at(&desk, "Orders, sql database"), zoom(&mut desk));
    desk.hover_at(pointer);
    desk.event(Event::ModifiersChanged(held("ctrl")));
    desk.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, 80.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: held("ctrl"),
    });
    desk.run_ok();
    assert!(zoom(&mut desk) > before * 1.2);
    assert!(at(&desk, "Orders, sql database").distance(pointer) < 0.5);
}

#[test]
fn the_wheel_moves_the_view() {
    let mut desk = desk(SMALL);
    let before = at(&desk, "Web, web server");
    desk.hover_at(before);
    desk.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -60.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    desk.run_ok();
    let moved: Vec2 = at(&desk, "Web, web server") - before;
    assert!((moved - vec2(0.0, -60.0)).length() < 1.0, "{moved:?}");
}

#[test]
fn what_comes_from_the_palette_is_dropped() {
    let mut desk = desk(SMALL);
    let to = at(&desk, "App, application server") + vec2(0.0, 80.0);
    let carried = Carried::Component { kind: "cache".to_owned(), technology: String::new() };
    button(&mut desk, to - vec2(0.0, 300.0), PointerButton::Primary, true, Modifiers::NONE);
    editor(&mut desk).shown.carried = Some(carried);
    desk.hover_at(to);
    desk.run_ok();
    button(&mut desk, to, PointerButton::Primary, false, Modifiers::NONE);
    let editor = editor(&mut desk);
    assert_eq!(editor.shown.carried, None);
    let id = editor.selected_one().cloned().unwrap();
    assert_eq!(editor.model().component(&id).unwrap().kind, "cache");
}

#[test]
fn a_kind_dropped_on_a_flow_splits_it() {
    let mut desk = desk(SMALL);
    let pill = at(&desk, "Web to Orders, mysql");
    editor(&mut desk).shown.tool = Tool::Place("firewall".to_owned());
    desk.run_ok();
    click(&mut desk, pill, "");
    let editor = editor(&mut desk);
    let new = editor.selected_one().cloned().unwrap();
    assert_eq!(editor.model().flow(&id("f")).unwrap().to, new);
    assert_eq!(editor.model().flows().len(), 2);
}

#[test]
fn a_handle_resizes() {
    let mut desk = desk(SMALL);
    let title = at(&desk, "Data tier, subnet tier");
    click(&mut desk, title, "");
    let zoom = zoom(&mut desk);
    let corner = desk.get_by_label_contains("Data tier, subnet tier").rect().left_top();
    let lower = corner + vec2(320.0, 240.0) * zoom;
    drag(&mut desk, lower, lower + vec2(40.0, 80.0) * zoom, "");
    let rect = editor(&mut desk).layout().rect(&id("tier")).unwrap();
    assert_eq!((rect.width(), rect.height()), (360.0, 320.0));
}

#[test]
fn eight_handles_pull_their_edges_and_keys_keep_ratio_and_centre() {
    let mut desk = desk(SMALL);
    let title = at(&desk, "Data tier, subnet tier");
    click(&mut desk, title, "");
    let zoom = zoom(&mut desk);
    let corner = desk.get_by_label_contains("Data tier, subnet tier").rect().left_top();
    let mut pulled = |x: f32, y: f32, by: Vec2, keys: &str| {
        let from = corner + vec2(160.0 * (1.0 + x), 120.0 * (1.0 + y)) * zoom;
        drag(&mut desk, from, from + by * zoom, keys);
        let now = editor(&mut desk).layout().rect(&id("tier")).unwrap();
        editor(&mut desk).undo();
        desk.run_ok();
        [now.min.x, now.min.y, now.max.x, now.max.y]
    };
    for (x, y) in [(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0)] {
        let (x, y) = (x as f32, y as f32);
        let pull = |it: f32, which: f32| if it == which { 16.0 * which } else { 0.0 };
        let all = [320.0 + pull(x, -1.0), pull(y, -1.0), 640.0 + pull(x, 1.0), 240.0 + pull(y, 1.0)];
        assert_eq!(pulled(x, y, vec2(16.0 * x, 16.0 * y), ""), all, "{x} {y}");
    }
    assert_eq!(pulled(1.0, 1.0, vec2(16.0, 8.0), "shift"), [320.0, 0.0, 656.0, 252.0]);
    assert_eq!(pulled(1.0, 1.0, vec2(16.0, 8.0), "alt"), [304.0, -8.0, 656.0, 248.0]);
}

#[test]
fn a_piece_of_a_flow_is_pinned_where_it_is_put() {
    let mut desk = desk(SMALL);
    let points = editor(&mut desk).layout().flows[&id("f")].points.to_vec();
    assert!(points.len() >= 2);
    let zoom = zoom(&mut desk);
    let corner = desk.get_by_label_contains("Web, web server").rect().left_top();
    let middle = points[0].towards(points[1], 0.3);
    let from = corner + vec2(middle.x, middle.y) * zoom;
    assert_eq!(points[0].x, points[1].x, "it leaves downwards");
    drag(&mut desk, from, from + vec2(-60.0, 0.0) * zoom, "");
    assert!(editor(&mut desk).is_bent(&id("f")));
    let bounds = editor(&mut desk).layout().flows[&id("f")].bounds;
    assert!((bounds.min.x - points[0].x + 60.0).abs() <= 4.0, "{bounds:?}");
    assert!(editor(&mut desk).run("arrange.reset-route"));
    assert_eq!(editor(&mut desk).layout().flows[&id("f")].points.to_vec(), points);
}

#[test]
fn keys_walk_and_nudge() {
    let mut desk = desk(SMALL);
    desk.key_press(Key::Tab);
    desk.run_ok();
    assert!(editor(&mut desk).is_selected(&id("web")));
    editor(&mut desk).run("go.down");
    desk.run_ok();
    assert!(editor(&mut desk).is_selected(&id("app")));
    desk.key_press(Key::ArrowRight);
    desk.key_press_modifiers(held("shift"), Key::ArrowDown);
    desk.run_ok();
    assert_eq!(place(&mut desk, "app"), (8.0, 192.0));
    let size = |desk: &mut Desk| {
        let rect = editor(desk).layout().rect(&id("app")).unwrap();
        (rect.width(), rect.height())
    };
    let (width, height) = size(&mut desk);
    desk.key_press_modifiers(held("alt shift"), Key::ArrowRight);
    desk.key_press_modifiers(held("alt shift"), Key::ArrowDown);
    desk.run_ok();
    assert_eq!(size(&mut desk), (width + 8.0, height + 8.0));
    assert_eq!(place(&mut desk, "app"), (8.0, 192.0));
    assert!(editor(&mut desk).is_selected(&id("app")), "nobody walked");
}

#[test]
fn the_other_button_offers_what_applies() {
    let mut desk = desk(SMALL);
    let app = at(&desk, "App, application server");
    for pressed in [true, false] {
        button(&mut desk, app, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    assert!(editor(&mut desk).is_selected(&id("app")));
    assert!(desk.query_by_label("Dissolve boundary").is_none());
    desk.get_by_label("Delete").click();
    desk.run_ok();
    assert!(editor(&mut desk).model().component(&id("app")).is_none());
}

#[test]
fn pictures_for_whoever_looks() {
    let mut desk = desk(SMALL);
    let (web, app) = (at(&desk, "Web, web server"), at(&desk, "App, application server"));
    click(&mut desk, app, "");
    desk.hover_at(web);
    desk.run_steps(12);
    picture(&mut desk, "canvas-selected");
    let edge = desk.get_by_label_contains("Data tier, subnet tier").rect().left_top() + vec2(0.0, 120.0);
    let guard = at(&desk, "Guard, firewall");
    pull(&mut desk, guard, edge, "");
    picture(&mut desk, "canvas-gate");
    button(&mut desk, edge, PointerButton::Primary, false, Modifiers::NONE);
    pull(&mut desk, app, app + vec2(8.0, 70.0), "alt");
    picture(&mut desk, "canvas-copy");
    desk.key_press(Key::Escape);
    button(&mut desk, app, PointerButton::Primary, false, Modifiers::NONE);
    click(&mut desk, app, "");
    let handle =
        desk.get_by_label_contains("App, application server").rect().right_center() + vec2(16.0, 0.0);
    drag(&mut desk, handle, handle + vec2(40.0, 80.0), "");
    desk.run_steps(4);
    assert!(desk.query_by_label("Cache").is_some() || desk.query_by_label("User").is_some());
    assert!(desk.query_by_label("Note").is_none(), "no flow ends at a note");
    picture(&mut desk, "canvas-picker");
    desk.key_press(Key::Escape);
    desk.run_ok();
    for pressed in [true, false] {
        button(&mut desk, app, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.run_steps(4);
    picture(&mut desk, "canvas-menu");
}

#[test]
fn nothing_is_painted_again_at_rest() {
    let mut desk = desk(SMALL);
    desk.hover_at(at(&desk, "Web, web server"));
    desk.run_steps(12);
    let delay = desk.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay;
    assert!(delay > std::time::Duration::from_secs(1), "{delay:?}");
}

/// Saves what is seen to `target/pictures`, for whoever looks.
pub(crate) fn picture(desk: &mut Desk, name: &str) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    // Pictures are for whoever looks: where nothing can render, there is none.
    if let Ok(image) = desk.render() {
        image.save(folder.join(format!("{name}.png"))).unwrap();
    }
}
