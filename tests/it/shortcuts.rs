//! Shortcuts that the user changes, as a user meets them.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::app::Window;
use parapet::editor::{Editor, Surroundings};

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
