//! Keys of the window: the table of commands against what was pressed.

use egui::{Context, Event, Modifiers};

use crate::editor::Event::Pasted;
use crate::editor::{COMMANDS, Editor, Key, Shortcut};
use crate::ui::canvas::Canvas;
use crate::ui::panels::is_key;

/// Runs the commands whose keys were pressed, unless a text is being typed.
pub(super) fn run(ctx: &Context, editor: &mut Editor) {
    if ctx.text_edit_focused() || editor.shown.modal.is_some() {
        return;
    }
    let at_widget = ctx.memory(|it| it.focused()).is_some_and(|it| it != Canvas::id());
    for command in COMMANDS {
        if !(command.when)(editor) {
            continue;
        }
        let shortcuts = editor.keymap.of(command).into_iter();
        let mut is_pressed = false;
        // A button that has the focus is pressed by its own keys, and the outline is walked by its own.
        let in_outline = editor.shown.outline_has_keys;
        let is_its_own = |it: &Shortcut| {
            (at_widget && matches!(it.key, Key::Enter | Key::Space)) || (in_outline && is_of_outline(it))
        };
        for shortcut in shortcuts.filter(|it| !is_its_own(it)) {
            is_pressed |= ctx.input_mut(|it| take(it, &shortcut));
        }
        is_pressed |= ctx.input_mut(|it| take_clipboard(it, command.id));
        if is_pressed {
            editor.run(command.id);
        }
    }
    for text in ctx.input_mut(take_pasted) {
        editor.handle(Pasted(text));
    }
}

/// Letters look for a row, F2 edits its name, and Control goes to others without selecting them.
fn is_of_outline(it: &Shortcut) -> bool {
    let walks = matches!(it.key, Key::Up | Key::Down | Key::Home | Key::End);
    match it.key {
        Key::F2 => true,
        Key::Char(c) => c.is_alphanumeric() && !it.cmd && !it.alt,
        _ => walks && !it.alt && !it.shift,
    }
}

/// Copy and cut come as events of their own on the desktop, and beside the keys in a browser.
fn take_clipboard(input: &mut egui::InputState, command: &str) -> bool {
    let wanted = match command {
        "edit.copy" => Event::Copy,
        "edit.cut" => Event::Cut,
        _ => return false,
    };
    let before = input.events.len();
    input.events.retain(|it| *it != wanted);
    input.events.len() < before
}

fn take_pasted(input: &mut egui::InputState) -> Vec<String> {
    let mut pasted = Vec::new();
    input.events.retain(|event| match event {
        Event::Paste(text) => {
            pasted.push(text.clone());
            false
        }
        _ => true,
    });
    pasted
}

/// Takes the key out of the input, if it was pressed with just these modifiers.
fn take(input: &mut egui::InputState, shortcut: &Shortcut) -> bool {
    let before = input.events.len();
    input.events.retain(|event| {
        let Event::Key { key, physical_key, pressed: true, modifiers, .. } = event else { return true };
        // With Shift, a digit's key brings a mark, and another one on each keyboard.
        let digit = physical_key.filter(|_| matches!(shortcut.key, Key::Char(c) if c.is_ascii_digit()));
        !((is_key(*key, shortcut.key) || digit.is_some_and(|it| is_key(it, shortcut.key)))
            && fits(*modifiers, shortcut))
    });
    input.events.len() < before
}

fn fits(held: Modifiers, shortcut: &Shortcut) -> bool {
    // A mark such as `?` is typed with Shift on some keyboards and without on others; brackets mean another thing with it.
    let is_mark = matches!(shortcut.key, Key::Char(c) if !c.is_ascii_alphanumeric() && !"[]".contains(c));
    held.command == shortcut.cmd && held.alt == shortcut.alt && (is_mark || held.shift == shortcut.shift)
}

#[cfg(test)]
mod tests {
    use egui::Key as EguiKey;

    use super::*;

    #[test]
    fn a_digit_with_shift_is_known_by_its_key() {
        let mut input = egui::InputState::default();
        let held = Modifiers { shift: true, ..Modifiers::NONE };
        let event = |key, physical| Event::Key {
            key,
            physical_key: Some(physical),
            pressed: true,
            repeat: false,
            modifiers: held,
        };
        input.events = vec![event(EguiKey::Exclamationmark, EguiKey::Num1)];
        assert!(!take(&mut input, &Shortcut::parse("Shift+2").unwrap()));
        assert!(take(&mut input, &Shortcut::parse("Shift+1").unwrap()));
        assert!(input.events.is_empty());
    }

    #[test]
    fn a_bracket_with_shift_is_another_key() {
        let pressed = |key, shift| {
            let mut input = egui::InputState::default();
            let modifiers = Modifiers { shift, ctrl: true, command: true, ..Modifiers::NONE };
            input.events =
                vec![Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }];
            let is_taken = |text: &str| take(&mut input.clone(), &Shortcut::parse(text).unwrap());
            [is_taken("Cmd+]"), is_taken("Cmd+Shift+]")]
        };
        assert_eq!(pressed(EguiKey::CloseBracket, false), [true, false]);
        assert_eq!(pressed(EguiKey::CloseBracket, true), [false, true]);
        assert_eq!(pressed(EguiKey::CloseCurlyBracket, true), [false, true]);
    }

    #[test]
    fn every_key_of_a_command_is_a_key_of_the_toolkit() {
        for command in COMMANDS {
            for text in command.keys {
                let shortcut = Shortcut::parse(text).unwrap();
                assert!(EguiKey::ALL.iter().any(|it| is_key(*it, shortcut.key)), "{}: {text}", command.id);
            }
        }
    }
}
