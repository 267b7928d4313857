//! Shortcuts that the user changes, as a user meets them.

use egui::{Event, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::app::Window;
use parapet::editor::{Editor, Surroundings, Tool};

use super::window::{editor, picture, window};

const CTRL: Modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };

fn choose(harness: &mut Harness<'static, Option<Window>>, label: &str) {
    let row = harness.get_by_label_contains(label);
    row.scroll_to_me();
    harness.run_ok();
    harness.get_by_label_contains(label).click();
    harness.run_ok();
}

#[test]
fn a_command_gets_other_keys_and_its_own_again() {
    let mut harness = window((1280.0, 800.0), 1.0);
    assert!(editor(&mut harness).run("help.shortcuts"));
    harness.run_ok();
    choose(&mut harness, "Keys of Tint by exposure");
    picture(&mut harness, "shortcuts-waiting");
    // Keys of the canvas, and Esc, which takes nothing.
    harness.key_press(Key::ArrowLeft);
    harness.run_ok();
    assert!(harness.query_by_label_contains("Left alone moves on the canvas").is_some());
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert!(harness.query_by_label("Keys of Tint by exposure: E").is_some(), "the dialog is still there");
    // Those of another command are taken from it, and that is said.
    choose(&mut harness, "Keys of Tint by exposure");
    harness.key_press_modifiers(CTRL, Key::D);
    harness.run_ok();
    let said = "Ctrl+D is for Tint by exposure now, and no longer for Duplicate.";
    assert!(harness.query_by_label(said).is_some());
    assert!(harness.query_by_label("Keys of Tint by exposure: Ctrl+D").is_some());
    assert!(harness.query_by_label("Keys of Duplicate: none").is_some());
    harness.key_press(Key::Escape);
    harness.run_ok();
    harness.key_press(Key::E);
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.tint, None);
    harness.key_press_modifiers(CTRL, Key::D);
    harness.run_ok();
    assert!(editor(&mut harness).shown.tint.is_some());
    // They are kept beyond the session.
    let mut other = Editor::new(Surroundings::fixed());
    other.set_settings(editor(&mut harness).settings());
    assert_eq!(other.keymap, editor(&mut harness).keymap);
    assert!(editor(&mut harness).run("help.shortcuts"));
    harness.run_ok();
    choose(&mut harness, "Reset all keys");
    assert!(editor(&mut harness).keymap.is_empty());
    assert!(harness.query_by_label("Keys of Duplicate: Ctrl+D").is_some());
}

#[test]
fn a_command_may_have_no_keys() {
    let mut harness = window((1280.0, 800.0), 1.0);
    assert!(editor(&mut harness).run("help.shortcuts"));
    harness.run_ok();
    choose(&mut harness, "Keys of Draw a flow");
    choose(&mut harness, "Leave it without keys");
    assert!(harness.query_by_label("Keys of Draw a flow: none").is_some());
    choose(&mut harness, "Reset the keys of Draw a flow");
    assert!(harness.query_by_label("Keys of Draw a flow: F").is_some());
}

/// What a keyboard sends for a text, a key and what it writes each: a browser says first what it writes.
fn typed(text: &str, in_browser: bool) -> Vec<Event> {
    let of = |letter: char| {
        let key = Key::from_name(&letter.to_uppercase().to_string());
        let key = if letter == ' ' { Some(Key::Space) } else { key };
        let key = key.map(|it| pressed(it, Modifiers::NONE));
        let mut both = [key, Some(Event::Text(letter.to_string()))];
        if in_browser {
            both.reverse();
        }
        both.into_iter().flatten()
    };
    text.chars().flat_map(of).collect()
}

fn pressed(key: Key, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key: Some(key), pressed: true, repeat: false, modifiers }
}

/// A window in which the canvas has the keyboard.
fn at_canvas() -> Harness<'static, Option<Window>> {
    let mut harness = window((1280.0, 800.0), 1.0);
    harness.get_by_label_contains("Canvas, ").focus();
    harness.run_ok();
    harness
}

/// All of it comes in one frame, as it does where frames are slow.
fn at_once(harness: &mut Harness<'static, Option<Window>>, all: impl IntoIterator<Item = Event>) {
    harness.input_mut().events.extend(all);
    harness.run_ok();
}

#[test]
fn who_types_ahead_of_a_slow_frame_runs_nothing_by_the_way() {
    for in_browser in [false, true] {
        let mut harness = at_canvas();
        let (title, tool) = (editor(&mut harness).title(), editor(&mut harness).shown.tool.clone());
        let all = [pressed(Key::K, CTRL)].into_iter().chain(typed("lock layout", in_browser));
        at_once(&mut harness, all.chain([pressed(Key::Enter, Modifiers::NONE)]));
        assert!(editor(&mut harness).is_layout_locked(), "in a browser: {in_browser}");
        assert_eq!(editor(&mut harness).shown.modal, None);
        at_once(&mut harness, [pressed(Key::Slash, Modifiers::NONE), Event::Text("/".to_owned())]);
        at_once(&mut harness, [pressed(Key::Escape, Modifiers::NONE)]);
        let slash = [pressed(Key::Slash, Modifiers::NONE), Event::Text("/".to_owned())];
        let slash = if in_browser { [slash[1].clone(), slash[0].clone()] } else { slash };
        at_once(&mut harness, slash.into_iter().chain(typed("redis", in_browser)));
        assert_eq!(editor(&mut harness).shown.palette_search, "redis");
        editor(&mut harness).shown.palette_search.clear();
        at_once(&mut harness, [pressed(Key::Escape, Modifiers::NONE)]);
        at_once(&mut harness, [pressed(Key::F, CTRL)].into_iter().chain(typed("web", in_browser)));
        assert_eq!(harness.get_by_label("Find on the drawing").value().as_deref(), Some("web"));
        assert_eq!((editor(&mut harness).title(), &editor(&mut harness).shown.tool), (title, &tool));
    }
}

#[test]
fn a_key_pressed_twice_in_a_frame_counts_twice_and_others_come_after_it() {
    for in_browser in [false, true] {
        let mut harness = at_canvas();
        let cards = editor(&mut harness).layout().cards.len();
        for _ in 0..2 {
            editor(&mut harness).run("edit.select-all");
            editor(&mut harness).run("edit.duplicate");
        }
        harness.run_ok();
        at_once(&mut harness, [pressed(Key::Z, CTRL), pressed(Key::Z, CTRL)]);
        assert_eq!(editor(&mut harness).layout().cards.len(), cards);
        at_once(&mut harness, typed("hbv", in_browser));
        assert_eq!(editor(&mut harness).shown.tool, Tool::Pointer, "in a browser: {in_browser}");
        at_once(&mut harness, typed("vh", in_browser));
        assert_eq!(editor(&mut harness).shown.tool, Tool::Hand, "in a browser: {in_browser}");
    }
}
