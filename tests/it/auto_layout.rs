//! Auto layout on the canvas, as a user meets it.

use std::sync::atomic::{AtomicU32, Ordering};

use egui::{Key, Modifiers, PointerButton};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Editor, Effect, Event, Surroundings};
use parapet::formats;
use parapet::tokens::Theme;
use parapet::ui::theme;

use super::canvas::{Desk, at, button, desk_of, editor, id, picture, place};

const SHOP: &str = "user \"User\": user; lb \"Balancer\": load-balancer; db \"Orders\": sql-database
    user -> lb -> web-1, web-2: https; web-1, web-2 -> db: postgres
    boundary tier \"Web tier\": tier { web-1 \"Web one\": web-server; web-2 \"Web two\": web-server }";

/// Everything in one row, against the way that flows run.
fn messy() -> Desk {
    let mut desk = desk_of(formats::placed(formats::text::read(SHOP).unwrap()));
    for (n, element) in ["db", "lb", "user"].into_iter().enumerate() {
        let (x, y) = place(&mut desk, element);
        let by = parapet::scene::Pos::new(n as f32 * 240.0 - 400.0 - x, 480.0 - y);
        editor(&mut desk).move_by(&[id(element)].into(), by, &parapet::editor::Membership::Keep);
    }
    desk.run_ok();
    desk
}

/// What the platform does beside the frames.
fn beside(desk: &mut Desk) {
    for effect in editor(desk).take_effects() {
        if let Effect::LayOut { generation, task } = effect {
            editor(desk).handle(Event::LaidOut { generation, places: task.run() });
        }
    }
    desk.run_ok();
}

fn press(desk: &mut Desk, keys: Modifiers, key: Key) {
    desk.key_press_modifiers(keys, key);
    desk.run_ok();
}

fn propose(desk: &mut Desk) {
    assert!(editor(desk).run("arrange.layout"));
    desk.run_ok();
    beside(desk);
}

#[test]
fn a_layout_is_looked_at_and_kept_by_enter() {
    let mut desk = messy();
    let before = editor(&mut desk).model().clone();
    propose(&mut desk);
    assert!(desk.query_by_label("Keep").is_some() && desk.query_by_label("Discard").is_some());
    assert!(desk.query_by_label_contains("elements move").is_some());
    assert_eq!(*editor(&mut desk).model(), before);
    picture(&mut desk, "layout-proposed");
    press(&mut desk, Modifiers::NONE, Key::Enter);
    assert!(desk.query_by_label("Keep").is_none());
    let (user, db) = (place(&mut desk, "user"), place(&mut desk, "db"));
    assert!(user.1 < db.1 || user.0 < db.0, "{user:?} {db:?}");
    assert_ne!(*editor(&mut desk).model(), before);
    picture(&mut desk, "layout-kept");
    editor(&mut desk).undo();
    assert_eq!(*editor(&mut desk).model(), before, "one step");
}

#[test]
fn esc_discards_a_layout_and_one_looks_where_one_did() {
    let mut desk = messy();
    let before = (editor(&mut desk).model().clone(), at(&desk, "Orders, sql database"));
    propose(&mut desk);
    press(&mut desk, Modifiers::NONE, Key::Escape);
    assert!(desk.query_by_label("Keep").is_none());
    assert_eq!((editor(&mut desk).model().clone(), at(&desk, "Orders, sql database")), before);
    propose(&mut desk);
    desk.get_by_label("Discard").click();
    desk.run_ok();
    assert!(editor(&mut desk).proposal().is_none());
}

#[test]
fn the_bar_turns_the_direction_and_says_what_is_locked() {
    let mut desk = messy();
    editor(&mut desk).select([id("lb")]);
    editor(&mut desk).toggle_lock();
    editor(&mut desk).clear_selection();
    let lb = place(&mut desk, "lb");
    propose(&mut desk);
    assert!(desk.query_by_label_contains("1 locked one stays").is_some());
    for (label, key) in [("→ Right", Key::ArrowDown), ("↓ Down", Key::ArrowRight)] {
        desk.get_by_label(&format!("Direction of flows: {label}")).click();
        desk.run_ok();
        beside(&mut desk);
        let way = editor(&mut desk).proposal().unwrap().direction();
        theme::apply(&desk.ctx, Theme::Light);
        picture(&mut desk, if label == "→ Right" { "layout-right" } else { "layout-down" });
        press(&mut desk, Modifiers::NONE, key);
        beside(&mut desk);
        assert_eq!(editor(&mut desk).proposal().unwrap().direction(), way.turned());
    }
    desk.get_by_label("Keep").click();
    desk.run_ok();
    assert_eq!(place(&mut desk, "lb"), lb);
}

#[test]
fn the_menu_of_a_boundary_lays_out_what_is_in_it() {
    let mut desk = messy();
    let (user, tier) = (place(&mut desk, "user"), desk.get_by_label_contains("Web tier").rect());
    let title = tier.left_top() + egui::vec2(60.0, 10.0);
    for pressed in [true, false] {
        button(&mut desk, title, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.run_ok();
    desk.get_by_label("Lay out").click();
    desk.run_ok();
    beside(&mut desk);
    desk.get_by_label("Keep").click();
    desk.run_ok();
    assert_eq!(place(&mut desk, "user"), user);
}

/// A clock that goes on when it is told to.
static NOW_MS: AtomicU32 = AtomicU32::new(0);

#[test]
fn a_layout_that_takes_long_is_told_and_can_be_cancelled() {
    let mut desk = messy();
    let now_ms = || f64::from(NOW_MS.load(Ordering::Relaxed));
    let model = editor(&mut desk).model().clone();
    *editor(&mut desk) = Editor::with(model, Surroundings { now_ms, ..Surroundings::fixed() });
    assert!(editor(&mut desk).run("arrange.layout"));
    desk.run_ok();
    assert!(desk.query_by_label("Laying out…").is_none(), "most are there at once");
    NOW_MS.store(400, Ordering::Relaxed);
    desk.run_ok();
    assert!(desk.query_by_label("Laying out…").is_some());
    desk.get_by_label("Cancel").click();
    desk.run_ok();
    assert!(desk.query_by_label("Laying out…").is_none());
    beside(&mut desk);
    assert!(editor(&mut desk).proposal().is_none());
}
