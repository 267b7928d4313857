//! Arranging and locking on the canvas, as a user meets them.

use egui::{Key, Modifiers, PointerButton, vec2};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::Membership;
use parapet::model::Id;
use parapet::scene::Pos;
use parapet::tokens::Theme;
use parapet::ui::theme;

use super::canvas::{Desk, SMALL, at, button, click, desk, drag, editor, held, id, picture, place};
use super::window;

fn lock(desk: &mut Desk, element: &str) {
    editor(desk).select([id(element)]);
    assert!(editor(desk).run("arrange.lock"));
    editor(desk).clear_selection();
    desk.run_ok();
}

fn selected(desk: &mut Desk) -> Vec<Id> {
    editor(desk).selection().iter().cloned().collect()
}

#[test]
fn a_small_bar_lines_up_what_is_selected() {
    let mut desk = desk(SMALL);
    let (web, app) = (at(&desk, "Web, web server"), at(&desk, "App, application server"));
    click(&mut desk, web, "");
    assert!(desk.query_by_label("Align left").is_none(), "one has nothing to be aligned with");
    drag(&mut desk, app, app + vec2(40.0, 0.0), "ctrl");
    click(&mut desk, web, "shift");
    desk.get_by_label("Align left").click();
    desk.run_ok();
    assert_eq!((place(&mut desk, "web").0, place(&mut desk, "app").0), (0.0, 0.0));
    assert_eq!(editor(&mut desk).selection().len(), 2, "a click on it is none on the canvas");
    // Wherever the selection is, the bar is elsewhere.
    for step in 0..8 {
        let by = Pos::new(0.0, 48.0);
        let ids = editor(&mut desk).selection().clone();
        editor(&mut desk).move_by(&ids, by, &Membership::Keep);
        desk.run_ok();
        let buttons = ["Align left", "Align middles", "Distribute vertically"];
        for button in buttons.map(|it| desk.get_by_label(it).rect()) {
            for card in ["Web, web server", "App, application server"] {
                let card = desk.query_by_label_contains(card).map(|it| it.rect());
                assert!(card.is_none_or(|it| !it.intersects(button)), "after {step}");
            }
        }
    }
}

#[test]
fn a_drag_on_what_is_locked_selects_what_it_meets_and_a_click_still_selects_it() {
    let mut desk = desk(SMALL);
    lock(&mut desk, "web");
    let (web, app) = (at(&desk, "Web, web server, locked"), at(&desk, "App, application server"));
    drag(&mut desk, web, app, "");
    assert_eq!((place(&mut desk, "web"), selected(&mut desk)), ((0.0, 0.0), vec![id("app")]));
    click(&mut desk, web, "");
    assert_eq!(selected(&mut desk), [id("web")]);
    for keys in [Modifiers::NONE, held("alt shift")] {
        desk.key_press_modifiers(keys, Key::ArrowRight);
    }
    desk.run_ok();
    assert_eq!(place(&mut desk, "web"), (0.0, 0.0));
    assert_eq!(editor(&mut desk).notice().unwrap().text, "A lock holds Web.");
    for pressed in [true, false] {
        button(&mut desk, web, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.get_by_label("Unlock").click();
    desk.run_ok();
    drag(&mut desk, web, web + vec2(0.0, -80.0), "ctrl");
    assert!(place(&mut desk, "web").1 < -40.0);
}

#[test]
fn in_a_locked_boundary_all_is_free() {
    let mut desk = desk(SMALL);
    lock(&mut desk, "tier");
    let orders = at(&desk, "Orders, sql database");
    drag(&mut desk, orders, orders + vec2(-40.0, 0.0), "ctrl");
    assert!(place(&mut desk, "db").0 < 400.0);
    let title = at(&desk, "Data tier, subnet tier, locked");
    drag(&mut desk, title, title + vec2(0.0, -60.0), "");
    assert_eq!(place(&mut desk, "tier"), (320.0, 0.0));
    click(&mut desk, title, "");
    let corner = desk.get_by_label_contains("Data tier, subnet tier").rect().left_top();
    drag(&mut desk, corner, corner - vec2(40.0, 40.0), "");
    assert_eq!(place(&mut desk, "tier"), (320.0, 0.0), "it shows no handles");
}

#[test]
fn the_status_bar_says_that_the_layout_is_locked_and_lets_it_go() {
    let mut harness = window::window((1280.0, 800.0), 1.0);
    assert!(harness.query_by_label("Layout locked").is_none());
    assert!(window::editor(&mut harness).run("view.lock-layout"));
    harness.run_ok();
    harness.get_by_label("Layout locked").click();
    harness.run_ok();
    assert!(!window::editor(&mut harness).is_layout_locked());
}

#[test]
fn keys_of_the_window_align_and_lock() {
    let mut harness = window::window((1280.0, 800.0), 1.0);
    let editor = window::editor(&mut harness);
    let ids: Vec<Id> = editor.layout().cards.keys().take(2).cloned().collect();
    editor.select(ids.clone());
    harness.run_ok();
    harness.key_press_modifiers(held("ctrl shift"), Key::ArrowUp);
    harness.run_ok();
    let editor = window::editor(&mut harness);
    let top = |n: usize| editor.layout().rect(&ids[n]).unwrap().min.y;
    assert_eq!(top(0), top(1));
    harness.key_press_modifiers(held("ctrl shift"), Key::L);
    harness.run_ok();
    assert!(ids.iter().all(|it| window::editor(&mut harness).is_locked(it)));
}

#[test]
fn pictures_of_arranging_for_whoever_looks() {
    let mut desk = desk(SMALL);
    let (web, app) = (at(&desk, "Web, web server"), at(&desk, "App, application server"));
    let guard = at(&desk, "Guard, firewall");
    for card in [web, app, guard] {
        click(&mut desk, card, "shift");
    }
    let bar = desk.get_by_label("Distribute vertically").rect();
    for (look, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        theme::apply(&desk.ctx, look);
        desk.hover_at(bar.center());
        desk.run_steps(24);
        picture(&mut desk, &format!("canvas-arrange-{name}"));
    }
    for pressed in [true, false] {
        button(&mut desk, web, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.run_steps(4);
    picture(&mut desk, "canvas-arrange-menu");
}

#[test]
fn pictures_of_locks_for_whoever_looks() {
    let mut harness = window::window((1600.0, 1000.0), 1.0);
    let editor = window::editor(&mut harness);
    let cards: Vec<Id> = editor.layout().cards.keys().take(3).cloned().collect();
    let boundary = editor.layout().boundaries.keys().next().cloned();
    let flow = editor.layout().flows.keys().next().cloned();
    editor.select(cards.into_iter().chain(boundary).chain(flow));
    editor.toggle_lock();
    editor.toggle_layout_lock();
    for (look, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        window::editor(&mut harness).shown.theme = Some(look);
        harness.run_steps(12);
        window::picture(&mut harness, &format!("window-locked-{name}"));
    }
    let mut desk = desk(SMALL);
    lock(&mut desk, "web");
    lock(&mut desk, "tier");
    let title = at(&desk, "Data tier, subnet tier");
    click(&mut desk, title, "");
    desk.hover_at(at(&desk, "Web, web server"));
    for (look, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        theme::apply(&desk.ctx, look);
        desk.run_steps(24);
        picture(&mut desk, &format!("canvas-locked-{name}"));
    }
}
