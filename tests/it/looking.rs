//! Looking around as a user does it: the wheel, the hand, fingers; themes and motion; and how the keys leave the canvas.

use egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchDeviceId, TouchId,
    TouchPhase, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::app::Window;
use parapet::editor::{Effect, Exported, Modal, PinTo, Tint, Tool};
use parapet::tokens::{Ink, Theme};
use parapet::ui::theme;

use crate::canvas::{Desk, SMALL, at, button, click, desk, double_click, editor, held, id, place};
use crate::window::{self, window};

const WEB: &str = "Web, web server";
const ORDERS: &str = "Orders, sql database";

/// How wide the first card is on the screen.
fn width(desk: &Desk) -> f32 {
    desk.get_by_label_contains(WEB).rect().width()
}

fn wheel(desk: &mut Desk, by: f32, source: MouseWheelSource) {
    desk.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, by),
        phase: TouchPhase::Move,
        source,
        modifiers: Modifiers::NONE,
    });
    desk.run_ok();
}

#[test]
fn page_keys_turn_pages_and_with_shift_sideways() {
    let mut desk = desk(SMALL);
    let card = at(&desk, WEB);
    click(&mut desk, card, "");
    let seen = |desk: &Desk| desk.state().as_ref().unwrap().0.camera().viewport();
    let before = seen(&desk);
    let (wide, high) = (0.8 * before.width(), 0.8 * before.height());
    for (keys, key, (x, y)) in [
        ("", Key::PageDown, (0.0, high)),
        ("", Key::PageUp, (0.0, 0.0)),
        ("shift", Key::PageDown, (wide, 0.0)),
        ("shift", Key::PageUp, (0.0, 0.0)),
    ] {
        desk.key_press_modifiers(held(keys), key);
        desk.run_ok();
        let by = seen(&desk).min - before.min;
        assert!((by.x - x).abs() < 0.5 && (by.y - y).abs() < 0.5, "{keys} {key:?}: {by:?}");
    }
}

#[test]
fn a_preference_lets_the_wheel_zoom_and_a_trackpad_move_the_view() {
    let mut desk = desk(SMALL);
    let (pointer, before) = (at(&desk, ORDERS), width(&desk));
    desk.hover_at(pointer);
    assert!(editor(&mut desk).run("view.wheel-zooms"));
    wheel(&mut desk, 80.0, MouseWheelSource::Wheel);
    let zoomed = width(&desk);
    assert!(zoomed > before * 1.2, "{before} {zoomed}");
    assert!(at(&desk, ORDERS).distance(pointer) < 0.5, "what is at the pointer stays there");
    wheel(&mut desk, -60.0, MouseWheelSource::Trackpad);
    assert!((width(&desk) - zoomed).abs() < 0.01);
    assert!((at(&desk, ORDERS) - pointer - vec2(0.0, -60.0)).length() < 1.0);
    assert!(editor(&mut desk).run("view.wheel-zooms"));
    wheel(&mut desk, 60.0, MouseWheelSource::Wheel);
    assert!((width(&desk) - zoomed).abs() < 0.01, "off again, it moves the view");
}

/// Drags with a button from one place to another; by how much the drawing came along.
fn drags(desk: &mut Desk, from: Pos2, with: PointerButton) -> egui::Vec2 {
    let before = at(desk, WEB);
    button(desk, from, with, true, Modifiers::NONE);
    for n in 1..=4 {
        desk.hover_at(from + vec2(20.0, 10.0) * n as f32);
        desk.run_ok();
    }
    button(desk, from + vec2(80.0, 40.0), with, false, Modifiers::NONE);
    at(desk, WEB) - before
}

#[test]
fn space_the_middle_button_and_the_hand_move_the_view_and_nothing_else() {
    let mut desk = desk(SMALL);
    let space = |pressed| Event::Key {
        key: Key::Space,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let hand = vec2(80.0, 40.0);
    for (how, with) in [
        ("space", PointerButton::Primary),
        ("middle", PointerButton::Middle),
        ("hand", PointerButton::Primary),
    ] {
        // On a card, which would be moved otherwise.
        let from = at(&desk, WEB);
        if how == "space" {
            desk.event(space(true));
            desk.run_ok();
        }
        if how == "hand" {
            editor(&mut desk).shown.tool = Tool::Hand;
        }
        let moved = drags(&mut desk, from, with);
        assert!((moved - hand).length() < 1.0, "{how}: {moved:?}");
        if how == "space" {
            desk.event(space(false));
            desk.run_ok();
        }
        assert_eq!(place(&mut desk, "web"), (0.0, 0.0), "{how}");
        assert!(editor(&mut desk).history().next_undo().is_none(), "{how}");
    }
    // And without any of them the card goes along.
    editor(&mut desk).shown.tool = Tool::Pointer;
    let from = at(&desk, WEB);
    drags(&mut desk, from, PointerButton::Primary);
    assert_ne!(place(&mut desk, "web"), (0.0, 0.0));
}

fn touch(desk: &Desk, finger: u64, phase: TouchPhase, pos: Pos2) {
    desk.event(Event::Touch { device_id: TouchDeviceId(7), id: TouchId(finger), phase, pos, force: None });
    if finger == 1 {
        // The first finger is the pointer, too, as the window system has it.
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        match phase {
            TouchPhase::Start => {
                desk.event(Event::PointerMoved(pos));
                desk.event(Event::PointerButton { pos, button, pressed: true, modifiers });
            }
            TouchPhase::Move => desk.event(Event::PointerMoved(pos)),
            TouchPhase::End | TouchPhase::Cancel => {
                desk.event(Event::PointerButton { pos, button, pressed: false, modifiers });
                desk.event(Event::PointerGone);
            }
        }
    }
}

#[test]
fn two_fingers_move_and_zoom_and_one_is_the_tool() {
    let mut desk = desk(SMALL);
    let (before, from) = (width(&desk), at(&desk, WEB));
    let (left, right) = (from - vec2(40.0, 0.0), from + vec2(40.0, 0.0));
    touch(&desk, 1, TouchPhase::Start, left);
    touch(&desk, 2, TouchPhase::Start, right);
    desk.run_ok();
    for n in 1..=4 {
        let apart = vec2(10.0 * n as f32, 0.0);
        let down = vec2(0.0, 15.0 * n as f32);
        touch(&desk, 1, TouchPhase::Move, left - apart + down);
        touch(&desk, 2, TouchPhase::Move, right + apart + down);
        desk.run_ok();
    }
    let apart = width(&desk) / before;
    assert!((apart - 2.0).abs() < 0.1, "twice as far apart: {apart}");
    let moved = at(&desk, WEB) - from;
    assert!((moved - vec2(0.0, 60.0)).length() < 4.0, "{moved:?}");
    assert_eq!(place(&mut desk, "web"), (0.0, 0.0), "the card was not dragged");
    touch(&desk, 2, TouchPhase::End, right);
    touch(&desk, 1, TouchPhase::End, left);
    desk.run_ok();
    assert!(editor(&mut desk).history().next_undo().is_none());
    // One finger drags the card.
    let from = at(&desk, WEB);
    touch(&desk, 1, TouchPhase::Start, from);
    desk.run_ok();
    for n in 1..=4 {
        touch(&desk, 1, TouchPhase::Move, from + vec2(0.0, -20.0 * n as f32));
        desk.run_ok();
    }
    touch(&desk, 1, TouchPhase::End, from + vec2(0.0, -80.0));
    desk.run_ok();
    assert!(place(&mut desk, "web").1 < 0.0);
}

#[test]
fn a_long_press_is_the_menu() {
    let mut desk = desk(SMALL);
    let app = at(&desk, "App, application server");
    touch(&desk, 1, TouchPhase::Start, app);
    desk.run_steps(6);
    assert!(desk.query_by_label("Duplicate").is_none(), "not at once");
    // After half a second it is.
    desk.run_steps(13);
    assert!(editor(&mut desk).is_selected(&id("app")));
    assert!(desk.query_by_label("Duplicate").is_some());
    touch(&desk, 1, TouchPhase::End, app);
    desk.run_ok();
    desk.get_by_label("Delete").click();
    desk.run_ok();
    assert!(editor(&mut desk).model().component(&id("app")).is_none());
}

#[test]
fn a_key_opens_the_menu_arrows_walk_it_and_esc_leads_back() {
    let mut desk = desk(SMALL);
    let app = at(&desk, "App, application server");
    click(&mut desk, app, "");
    for (keys, key) in [(held("shift"), Key::F10), (Modifiers::NONE, Key::Menu)] {
        desk.key_press_modifiers(keys, key);
        desk.run_steps(4);
        assert!(desk.get_by_label("Rename").is_focused(), "the first line has the keys");
        desk.key_press(Key::ArrowUp);
        desk.run_ok();
        assert!(desk.get_by_label("Delete").is_focused(), "round to the last one");
        desk.key_press(Key::Escape);
        desk.run_ok();
        assert!(desk.query_by_label("Delete").is_none());
        assert!(desk.get_by_label_contains("Canvas, ").is_focused());
        assert!(editor(&mut desk).is_selected(&id("app")), "Esc has closed the menu alone");
    }
    desk.key_press_modifiers(held("shift"), Key::F10);
    desk.run_steps(4);
    desk.key_press(Key::End);
    desk.run_ok();
    desk.key_press(Key::Enter);
    desk.run_ok();
    assert!(editor(&mut desk).model().component(&id("app")).is_none());
}

type Wide = Harness<'static, Option<Window>>;

/// Runs a command by its words, as whoever looks for it does.
fn command(harness: &mut Wide, words: &str) {
    harness.key_press_modifiers(held("ctrl"), Key::K);
    harness.run_ok();
    harness.get_by_label("Find a command").type_text(words);
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
}

#[test]
fn dark_light_and_high_contrast_are_switched_by_name() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let mut grounds = Vec::new();
    for (words, look) in
        [("theme light", Theme::Light), ("theme contrast", Theme::HighContrast), ("theme dark", Theme::Dark)]
    {
        command(&mut harness, words);
        assert_eq!(theme::current(&harness.ctx), look, "{words}");
        let style = harness.ctx.global_style();
        assert_eq!(style.visuals.dark_mode, look.is_dark(), "{words}");
        assert_eq!(style.visuals.panel_fill, theme::colour(&harness.ctx, Ink::Panel), "{words}");
        grounds.push(style.visuals.panel_fill);
    }
    assert!(grounds[0] != grounds[1] && grounds[1] != grounds[2] && grounds[0] != grounds[2]);
    // As the system has it, which may change while the window is open.
    command(&mut harness, "theme as the system");
    for system in [Theme::Light, Theme::Dark] {
        harness.state_mut().as_mut().unwrap().system_theme = system;
        harness.run_ok();
        assert_eq!(theme::current(&harness.ctx), system);
    }
}

#[test]
fn with_reduced_motion_nothing_flies_fades_or_blinks() {
    let mut desk = desk(SMALL);
    // By how much the zoom still changes after the first frame of a way back to all.
    let flight = |desk: &mut Desk| {
        let zoom = |desk: &Desk| desk.state().as_ref().unwrap().0.camera().zoom;
        for command in ["view.zoom-in", "view.zoom-in", "view.zoom-in"] {
            editor(desk).run(command);
            desk.run_steps(20);
        }
        let near = zoom(desk);
        editor(desk).run("view.fit");
        desk.step();
        let first = zoom(desk);
        desk.run_steps(20);
        assert!(zoom(desk) < near);
        (first - zoom(desk)).abs()
    };
    assert!(flight(&mut desk) > 0.1, "it flies there");
    editor(&mut desk).run("view.motion-reduced");
    assert!(flight(&mut desk) < 1e-4, "it is there at once");
    editor(&mut desk).run("view.motion-system");
    assert!(flight(&mut desk) > 0.1);
    editor(&mut desk).shown.system_reduces_motion = true;
    assert!(flight(&mut desk) < 1e-4, "the system asks for it");
    let mut harness = window((1280.0, 800.0), 1.0);
    let moves = |harness: &Wide| {
        let style = harness.ctx.global_style();
        (style.animation_time > 0.0, style.visuals.text_cursor.blink)
    };
    assert_eq!(moves(&harness), (true, true));
    command(&mut harness, "motion reduced");
    assert_eq!(moves(&harness), (false, false));
    // Another theme brings no motion back.
    command(&mut harness, "theme light");
    assert_eq!(moves(&harness), (false, false));
    command(&mut harness, "motion full");
    assert_eq!(moves(&harness), (true, true));
}

#[test]
fn f6_leaves_the_canvas_and_tab_goes_on_from_there() {
    let mut harness = window((1280.0, 800.0), 1.0);
    harness.get_by_label_contains("Canvas, ").focus();
    harness.run_ok();
    harness.key_press(Key::Tab);
    harness.run_ok();
    let one = window::editor(&mut harness).selected_one().cloned();
    assert!(one.is_some(), "on the canvas, Tab goes from element to element");
    harness.key_press(Key::F6);
    harness.run_ok();
    assert!(!harness.get_by_label_contains("Canvas, ").is_focused());
    harness.key_press(Key::Tab);
    harness.run_ok();
    assert_eq!(window::editor(&mut harness).selected_one().cloned(), one, "it goes elsewhere");
    let focused = harness.ctx.memory(|it| it.focused());
    assert!(focused.is_some_and(|it| it != parapet::ui::canvas::Canvas::id()));
}

#[test]
fn a_picture_is_exported_with_what_was_chosen_of_what_there_is() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let exported = |harness: &mut Harness<'static, Option<Window>>, chosen: &[&str]| {
        window::editor(harness).run("file.export");
        harness.run_ok();
        for label in chosen {
            harness.get_by_label(label).click();
            harness.run_ok();
        }
        harness.get_by_label("SVG").click();
        harness.run_ok();
        let svg = window::editor(harness).take_effects().into_iter().find_map(|it| match it {
            Effect::Export { what: Exported::Bytes(bytes), .. } => String::from_utf8(bytes).ok(),
            _ => None,
        });
        svg.unwrap()
    };
    let bare = exported(&mut harness, &["Counts of findings"]);
    let counted = exported(&mut harness, &["Counts of findings"]);
    assert!(bare.len() < counted.len());
    assert!(harness.query_by_label("Pins of comments").is_none());
    window::editor(&mut harness).run("file.export");
    harness.run_ok();
    assert!(harness.query_by_label("Pins of comments").is_none(), "nobody commented");
    harness.key_press(Key::Escape);
    harness.run_ok();
    let web = window::editor(&mut harness).layout().cards.keys().next().cloned().unwrap();
    window::editor(&mut harness).who = "Ada".to_owned();
    window::editor(&mut harness).add_comment(&PinTo::Element(web), "Why?").unwrap();
    window::editor(&mut harness).toggle_tint(&Tint::Exposure);
    let tinted = exported(&mut harness, &[]);
    assert!(tinted.len() > counted.len());
    let untinted = exported(&mut harness, &["Tint: Exposure to the internet"]);
    let without_pins = exported(&mut harness, &["Pins of comments"]);
    assert!(untinted.len() < tinted.len() && without_pins.len() < untinted.len());
    assert_eq!(without_pins, counted, "what is chosen is kept, and nothing else was shown");
    let dark = exported(&mut harness, &["Colours: Dark"]);
    let light = exported(&mut harness, &["Colours: Light"]);
    assert_ne!(dark, light);
    let as_now = exported(&mut harness, &["Colours: Colours as now"]);
    assert_eq!(
        as_now,
        if window::editor(&mut harness).shown.theme_now == Theme::Dark { dark } else { light }
    );
}

#[test]
fn an_empty_drawing_says_how_to_begin_until_it_is_begun() {
    const OFFER: &str = "Open a sample…";
    assert!(desk(SMALL).query_by_label(OFFER).is_none());
    let mut empty = desk("(format: 1)");
    let offer = empty.get_by_label(OFFER).rect().center();
    // What is said there lets the pointer through.
    double_click(&mut empty, offer - vec2(0.0, 60.0));
    assert!(empty.query_by_label("What is it?").is_some());
    assert!(empty.query_by_label(OFFER).is_none(), "it has made room for the picker");
    empty.key_press(Key::Escape);
    empty.run_ok();
    empty.get_by_label(OFFER).click();
    empty.run_ok();
    assert_eq!(editor(&mut empty).shown.modal, Some(Modal::Gallery));
    editor(&mut empty).add_component("web-server", parapet::scene::Pos::ZERO);
    empty.run_ok();
    assert!(empty.query_by_label(OFFER).is_none());
}

#[test]
fn a_command_that_waits_for_a_selection_is_told_of() {
    let mut harness = window((1280.0, 800.0), 1.0);
    command(&mut harness, "change the icon");
    assert!(harness.query_by_label("Not possible just now: Change the icon").is_some());
    window::picture(&mut harness, "command-not-now");
    harness.get_by_label("Find a command").type_text(" of the moon");
    harness.run_ok();
    assert!(harness.query_by_label("No command holds these words.").is_some());
}
