//! Selecting, spacing, making room, placing and looking about on the canvas, as a user meets them.

use egui::{Event, Key, Modifiers, PointerButton, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::Tool;
use parapet::model::Id;
use parapet::scene::Rect;
use parapet::tokens::Theme;
use parapet::ui::theme;

use super::canvas::{Desk, SMALL, at, button, click, desk, drag, editor, held, id, picture, place, pull};

fn selected(desk: &mut Desk) -> Vec<String> {
    editor(desk).selection().iter().map(Id::to_string).collect()
}

fn rect(desk: &mut Desk, element: &str) -> Rect {
    editor(desk).layout().rect(&id(element)).unwrap()
}

/// So long that another click is none of a double click.
fn rest(desk: &mut Desk) {
    desk.run_steps(15);
}

fn press(desk: &mut Desk, key: Key, pressed: bool) {
    desk.event(Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE });
    desk.run_ok();
}

/// Two cards that lie on each other in a tier, and one beside.
const PILED: &str = r#"(
    format: 1,
    components: {
        "web": (kind: "web-server", name: "Web", within: "tier"),
        "app": (kind: "application-server", name: "App", within: "tier"),
        "db": (kind: "sql-database", name: "Orders"),
    },
    boundaries: {"tier": (kind: "subnet-tier", name: "Tier")},
    views: {"main": (name: "Main")},
    places: {
        ("main", "tier"): (x: 0, y: 0, width: 400, height: 240),
        ("main", "web"): (x: 64, y: 80, order: 1), ("main", "app"): (x: 128, y: 104),
        ("main", "db"): (x: 480, y: 80),
    },
)"#;

/// Where both of the piled cards are.
fn pile(desk: &Desk) -> Pos2 {
    let web = desk.get_by_label_contains("Web, web server").rect();
    web.intersect(desk.get_by_label_contains("App, application server").rect()).center()
}

#[test]
fn a_click_again_goes_to_what_lies_below_and_a_double_click_does_not() {
    let mut desk = desk(PILED);
    let here = pile(&desk);
    for expected in ["web", "app", "web"] {
        click(&mut desk, here, "");
        assert_eq!(selected(&mut desk), [expected]);
        rest(&mut desk);
    }
    // Somewhere else, it is what is in front again.
    click(&mut desk, here + vec2(8.0, 0.0), "");
    assert_eq!(selected(&mut desk), ["web"]);
    rest(&mut desk);
    let away = at(&desk, "Orders, sql database");
    click(&mut desk, away, "");
    rest(&mut desk);
    for _ in 0..2 {
        for pressed in [true, false] {
            desk.event(Event::PointerMoved(here));
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            desk.event(Event::PointerButton { pos: here, button, pressed, modifiers });
        }
    }
    desk.run_ok();
    assert_eq!(selected(&mut desk), ["web"], "the one in front is renamed");
}

#[test]
fn control_and_click_go_deep_and_toggle_where_nothing_is_below() {
    let mut desk = desk(PILED);
    let (here, db) = (pile(&desk), at(&desk, "Orders, sql database"));
    for expected in [["app"], ["web"], ["app"]] {
        click(&mut desk, here, "ctrl");
        assert_eq!(selected(&mut desk), expected);
        rest(&mut desk);
    }
    click(&mut desk, db, "ctrl");
    assert_eq!(selected(&mut desk), ["app", "db"]);
    rest(&mut desk);
    // Who collects takes what is in front, and does not lose what was collected.
    click(&mut desk, here, "ctrl");
    assert_eq!(selected(&mut desk), ["app", "db", "web"]);
    rest(&mut desk);
    click(&mut desk, db, "shift");
    assert_eq!(selected(&mut desk), ["app", "web"]);
    // On the ground of a boundary, the boundary.
    editor(&mut desk).clear_selection();
    let ground = desk.get_by_label_contains("Tier, subnet tier").rect();
    let ground = ground.left_top() + vec2(20.0, 180.0);
    click(&mut desk, ground, "ctrl");
    assert_eq!(selected(&mut desk), ["tier"]);
}

/// A host in a network, with room around it.
const NESTED: &str = r#"(
    format: 1,
    components: {"web": (kind: "web-server", name: "Web", within: "host")},
    boundaries: {"net": (kind: "network", name: "Net"), "host": (kind: "host", name: "Host", within: "net")},
    views: {"main": (name: "Main")},
    places: {
        ("main", "net"): (x: 0, y: 0, width: 600, height: 400),
        ("main", "host"): (x: 40, y: 56, width: 400, height: 280), ("main", "web"): (x: 80, y: 120),
    },
)"#;

#[test]
fn a_click_on_the_ground_of_a_boundary_selects_it_and_again_what_is_around_it() {
    let mut desk = desk(NESTED);
    let host = desk.get_by_label_contains("Host, host").rect();
    let ground = host.left_top() + vec2(300.0, 250.0);
    for expected in ["host", "net", "host"] {
        click(&mut desk, ground, "");
        assert_eq!(selected(&mut desk), [expected]);
        rest(&mut desk);
    }
    desk.key_press(Key::Escape);
    desk.run_ok();
    assert!(selected(&mut desk).is_empty());
    // A drag there is a box still, and moves nothing.
    drag(&mut desk, ground, host.left_top() + vec2(60.0, 60.0), "");
    assert_eq!((selected(&mut desk), place(&mut desk, "host")), (vec!["web".to_owned()], (40.0, 56.0)));
    // What is locked lets the click through.
    for locked in ["host", "net"] {
        editor(&mut desk).select([id(locked)]);
        editor(&mut desk).toggle_lock();
    }
    click(&mut desk, ground, "");
    assert!(selected(&mut desk).is_empty());
}

#[test]
fn the_other_button_on_the_ground_of_a_boundary_offers_what_applies_to_it() {
    let mut desk = desk(NESTED);
    let ground = desk.get_by_label_contains("Host, host").rect().left_top() + vec2(300.0, 250.0);
    for pressed in [true, false] {
        button(&mut desk, ground, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    assert_eq!(selected(&mut desk), ["host"]);
    assert!(desk.query_by_label("Dissolve boundary").is_some() && desk.query_by_label("Lock").is_some());
    desk.get_by_label("Add a component…").click();
    desk.run_ok();
    desk.event(Event::Text("cache".to_owned()));
    desk.key_press(Key::Enter);
    desk.run_ok();
    let new = editor(&mut desk).selected_one().cloned().unwrap();
    assert_eq!(editor(&mut desk).nesting().parent(&new), Some(&id("host")));
}

#[test]
fn a_menu_is_gone_once_the_view_moves() {
    let mut desk = desk(NESTED);
    let ground = desk.get_by_label_contains("Net, network").rect().left_top() + vec2(600.0, 450.0);
    for pressed in [true, false] {
        button(&mut desk, ground, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    assert!(desk.query_by_label("Dissolve boundary").is_some());
    let away = Pos2::new(20.0, 20.0);
    button(&mut desk, away, PointerButton::Secondary, true, Modifiers::NONE);
    for n in 1..=3 {
        desk.hover_at(away + vec2(12.0, 0.0) * n as f32);
        desk.run_ok();
    }
    assert!(desk.query_by_label("Dissolve boundary").is_none());
    button(&mut desk, away + vec2(36.0, 0.0), PointerButton::Secondary, false, Modifiers::NONE);
    assert!(desk.query_by_label("Dissolve boundary").is_none(), "a drag opens none");
}

#[test]
fn shift_adds_to_the_box_and_alt_takes_away() {
    let mut desk = desk(SMALL);
    let card = |desk: &Desk, label: &str| desk.get_by_label_contains(label).rect();
    let (web, app) = (card(&desk, "Web, web server"), card(&desk, "App, application server"));
    let guard = card(&desk, "Guard, firewall");
    drag(&mut desk, web.left_top() - vec2(30.0, 12.0), web.center(), "");
    assert_eq!(selected(&mut desk), ["web"]);
    drag(&mut desk, app.left_top() - vec2(30.0, 12.0), guard.center(), "shift");
    assert_eq!(selected(&mut desk), ["app", "fw", "web"]);
    drag(&mut desk, app.left_top() - vec2(30.0, 12.0), app.center(), "alt");
    assert_eq!(selected(&mut desk), ["fw", "web"]);
    // Given up, it was never drawn.
    pull(&mut desk, app.left_top() - vec2(30.0, 12.0), guard.center(), "");
    assert_eq!(selected(&mut desk), ["app", "fw"]);
    desk.key_press(Key::Escape);
    desk.run_ok();
    assert_eq!(selected(&mut desk), ["fw", "web"]);
}

#[test]
fn a_box_may_have_to_enclose_what_it_selects() {
    let mut desk = desk(SMALL);
    let web = desk.get_by_label_contains("Web, web server").rect();
    let app = desk.get_by_label_contains("App, application server").rect();
    let box_ =
        |desk: &mut Desk| drag(desk, web.left_top() - vec2(20.0, 20.0), app.center() + vec2(90.0, 0.0), "");
    box_(&mut desk);
    assert_eq!(selected(&mut desk), ["app", "web"]);
    assert!(editor(&mut desk).run("view.box-encloses"));
    box_(&mut desk);
    assert_eq!(selected(&mut desk), ["web"]);
    let kept = editor(&mut desk).settings();
    assert!(kept.box_encloses);
    editor(&mut desk).run("view.box-encloses");
    editor(&mut desk).set_settings(kept);
    assert!(editor(&mut desk).shown.box_encloses);
}

#[test]
fn the_menu_selects_the_same_kind() {
    let mut desk = desk(SMALL);
    let (web, app) = (at(&desk, "Web, web server"), at(&desk, "App, application server"));
    click(&mut desk, app, "");
    editor(&mut desk).replace_selection("web-server", "");
    desk.run_ok();
    for pressed in [true, false] {
        button(&mut desk, web, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.get_by_label("Select the same kind").click();
    desk.run_ok();
    assert_eq!(selected(&mut desk), ["app", "web"]);
}

/// Two cards in a row with a gap of 48, another one below, and one that is dragged.
const ROW: &str = r#"(
    format: 1,
    components: {
        "a": (kind: "cache", name: "A"), "b": (kind: "cache", name: "B"), "far": (kind: "cache", name: "Far"),
        "c": (kind: "cache", name: "Moved"),
    },
    views: {"main": (name: "Main")},
    places: {
        ("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 201, y: 0), ("main", "far"): (x: 820, y: 0),
        ("main", "c"): (x: 420, y: 240),
    },
)"#;

#[test]
fn what_is_dragged_finds_equal_gaps_and_control_does_not() {
    for (keys, theme_) in [("", Theme::Dark), ("ctrl", Theme::Dark), ("", Theme::Light)] {
        let mut desk = desk(ROW);
        theme::apply(&desk.ctx, theme_);
        let zoom = desk.get_by_label_contains("Moved").rect().width() / rect(&mut desk, "c").width();
        let width = rect(&mut desk, "b").width();
        let gap = 201.0 - width;
        let wanted = 201.0 + width + gap;
        let from = at(&desk, "Moved");
        // Three pixels beside the place with the same gap, and two above the row.
        let to = from + vec2(wanted - 420.0, -240.0) * zoom + vec2(3.0, -2.0);
        pull(&mut desk, from, to, keys);
        if keys.is_empty() {
            picture(&mut desk, if theme_ == Theme::Dark { "spacing" } else { "spacing-light" });
        }
        button(&mut desk, to, PointerButton::Primary, false, held(keys));
        let (x, y) = place(&mut desk, "c");
        if keys.is_empty() {
            assert!((x - wanted).abs() < 0.01 && y == 0.0, "{x} {y}, not {wanted}");
        } else {
            assert!((x - wanted).abs() > 1.0, "{x}");
        }
    }
}

#[test]
fn the_middle_between_two_is_found_too() {
    let mut desk = desk(ROW);
    let zoom = desk.get_by_label_contains("Moved").rect().width() / rect(&mut desk, "c").width();
    let (right, width) = (rect(&mut desk, "b").max.x, rect(&mut desk, "c").width());
    let wanted = right + (820.0 - right - width) / 2.0;
    let from = at(&desk, "Moved");
    let to = from + vec2(wanted - 420.0, -240.0) * zoom + vec2(-4.0, 3.0);
    drag(&mut desk, from, to, "");
    let (x, _) = place(&mut desk, "c");
    assert!((x - wanted).abs() < 0.02, "{x}, not {wanted}");
}

#[test]
fn a_drag_with_three_keys_makes_room() {
    let mut desk = desk(SMALL);
    let web = desk.get_by_label_contains("Web, web server").rect();
    let tier = desk.get_by_label_contains("Data tier, subnet tier").rect();
    let zoom = web.width() / rect(&mut desk, "web").width();
    let from = egui::pos2(f32::midpoint(web.right(), tier.left()), web.bottom() + 200.0);
    pull(&mut desk, from, from + vec2(80.0 * zoom, 10.0), "ctrl alt shift");
    picture(&mut desk, "making-room");
    assert_eq!(place(&mut desk, "tier"), (320.0, 0.0), "nothing is changed yet");
    button(&mut desk, from + vec2(80.0 * zoom, 10.0), PointerButton::Primary, false, held("ctrl alt shift"));
    assert_eq!((place(&mut desk, "tier"), place(&mut desk, "db")), ((400.0, 0.0), (480.0, 96.0)));
    assert_eq!(place(&mut desk, "web"), (0.0, 0.0));
    editor(&mut desk).undo();
    desk.run_ok();
    assert_eq!(place(&mut desk, "tier"), (320.0, 0.0));
    // In the tier, above what stands in it: the tier grows downwards, and what is below goes along.
    let db = desk.get_by_label_contains("Orders, sql database").rect();
    let from = db.center_top() + vec2(0.0, -12.0);
    drag(&mut desk, from, from + vec2(3.0, 48.0 * zoom), "ctrl alt shift");
    assert_eq!((place(&mut desk, "db").1, rect(&mut desk, "tier").height()), (144.0, 288.0));
    assert_eq!((place(&mut desk, "web").1, place(&mut desk, "app").1), (0.0, 208.0));
    editor(&mut desk).undo();
    editor(&mut desk).undo();
    // Esc gives it up.
    pull(&mut desk, from, from + vec2(3.0, 48.0 * zoom), "ctrl alt shift");
    desk.key_press(Key::Escape);
    desk.run_ok();
    button(&mut desk, from + vec2(3.0, 48.0 * zoom), PointerButton::Primary, false, Modifiers::NONE);
    assert_eq!(rect(&mut desk, "tier").height(), 240.0);
}

#[test]
fn digits_take_kinds_in_hand_and_a_kept_tool_stays() {
    let mut desk = desk(SMALL);
    let app = at(&desk, "App, application server");
    click(&mut desk, app, "");
    desk.key_press(Key::Num7);
    desk.run_ok();
    assert_eq!(editor(&mut desk).shown.tool, Tool::Place("cache".to_owned()));
    let free = app + vec2(0.0, 330.0);
    click(&mut desk, free, "");
    let kinds = |desk: &mut Desk| {
        let all = editor(desk).model().components().values();
        all.filter(|it| it.kind == "cache").count()
    };
    assert_eq!((kinds(&mut desk), editor(&mut desk).shown.tool.clone()), (1, Tool::Pointer));
    desk.key_press(Key::Num7);
    desk.run_ok();
    assert!(editor(&mut desk).run("view.keep-tool"));
    rest(&mut desk);
    for n in 1..=2 {
        click(&mut desk, free + vec2(150.0 * n as f32, 0.0), "");
        rest(&mut desk);
        assert_eq!((kinds(&mut desk), editor(&mut desk).shown.tool == Tool::Pointer), (1 + n, false));
    }
    desk.key_press(Key::Escape);
    desk.run_ok();
    assert_eq!(editor(&mut desk).shown.tool, Tool::Pointer);
    assert!(!editor(&mut desk).shown.keeps_tool);
}

/// Points of the screen for one of the world.
fn zoom(desk: &mut Desk) -> f32 {
    desk.get_by_label_contains("Web, web server").rect().width() / rect(desk, "web").width()
}

#[test]
fn z_shows_all_for_as_long_as_it_is_held_and_lands_at_the_pointer() {
    let mut desk = desk(SMALL);
    let web = at(&desk, "Web, web server");
    click(&mut desk, web + vec2(-60.0, -40.0), "");
    desk.hover_at(web);
    desk.event(Event::Zoom(4.0));
    desk.run_ok();
    rest(&mut desk);
    let near = zoom(&mut desk);
    press(&mut desk, Key::Z, true);
    rest(&mut desk);
    assert!(zoom(&mut desk) < near / 2.0);
    let orders = at(&desk, "Orders, sql database");
    desk.hover_at(orders);
    desk.run_ok();
    picture(&mut desk, "quick-zoom");
    press(&mut desk, Key::Z, false);
    rest(&mut desk);
    let landed = desk.get_by_label_contains("Orders, sql database").rect();
    assert!((landed.width() / rect(&mut desk, "db").width() - near).abs() < 0.01);
    assert!(landed.center().distance(egui::pos2(500.0, 350.0)) < 2.0, "{landed:?}");
    // Only pressed, it changes nothing; and no more does a way out.
    for way_out in 0..3 {
        press(&mut desk, Key::Z, true);
        rest(&mut desk);
        match way_out {
            0 => press(&mut desk, Key::Z, false),
            1 => {
                desk.hover_at(egui::pos2(300.0, 200.0));
                desk.run_ok();
                press(&mut desk, Key::Escape, true);
                rest(&mut desk);
                let there = desk.get_by_label_contains("Orders, sql database").rect();
                assert!(
                    there.center().distance(landed.center()) < 2.0,
                    "it was given up before the key was up"
                );
                press(&mut desk, Key::Escape, false);
                press(&mut desk, Key::Z, false);
            }
            _ => {
                desk.hover_at(egui::pos2(700.0, 200.0));
                desk.run_ok();
                desk.input_mut().focused = false;
                desk.event(Event::WindowFocused(false));
                desk.run_ok();
                desk.input_mut().focused = true;
                desk.event(Event::WindowFocused(true));
            }
        }
        rest(&mut desk);
        let there = desk.get_by_label_contains("Orders, sql database").rect();
        assert!(there.center().distance(landed.center()) < 2.0, "{way_out}: {there:?}");
        assert!((there.width() - landed.width()).abs() < 0.5);
    }
    assert!(editor(&mut desk).history().next_undo().is_none());
}

#[test]
fn the_view_is_moved_by_right_and_middle_button_by_space_and_by_the_hand() {
    let mut desk = desk(SMALL);
    let web = at(&desk, "Web, web server");
    let by = vec2(40.0, 30.0);
    let moved = |desk: &mut Desk, what: PointerButton| {
        let from = at(desk, "Web, web server");
        button(desk, from, what, true, Modifiers::NONE);
        for n in 1..=4 {
            desk.hover_at(from + by * (n as f32 / 4.0));
            desk.run_ok();
        }
        button(desk, from + by, what, false, Modifiers::NONE);
        (at(desk, "Web, web server") - from - by).length() < 5.0
    };
    // The right button needs a few pixels to tell a drag from a click, which it then does not make up for.
    assert!(moved(&mut desk, PointerButton::Secondary));
    assert!(desk.query_by_label("Delete").is_none(), "a drag opens no menu");
    assert!(moved(&mut desk, PointerButton::Middle));
    press(&mut desk, Key::Space, true);
    assert!(moved(&mut desk, PointerButton::Primary));
    press(&mut desk, Key::Space, false);
    editor(&mut desk).shown.tool = Tool::Hand;
    desk.run_ok();
    assert!(moved(&mut desk, PointerButton::Primary));
    assert!(at(&desk, "Web, web server").distance(web + by * 4.0) < 20.0);
    assert!(editor(&mut desk).history().next_undo().is_none(), "nothing was moved but the view");
}

#[test]
fn the_wheel_zooms_for_who_prefers_it() {
    let mut desk = desk(SMALL);
    let (pointer, before) = (at(&desk, "Web, web server"), zoom(&mut desk));
    desk.hover_at(pointer);
    assert!(editor(&mut desk).run("view.wheel-zooms"));
    desk.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, 2.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    desk.run_ok();
    rest(&mut desk);
    assert!(zoom(&mut desk) > before * 1.1);
    assert!(at(&desk, "Web, web server").distance(pointer) < 1.0);
}
