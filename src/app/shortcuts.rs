//! Keys of the window: the table of commands against what was pressed.

use egui::{Context, Event, Key as EguiKey, Modifiers};

use crate::editor::Event::Pasted;
use crate::editor::{COMMANDS, Editor, Key, Shortcut};

/// Runs the commands whose keys were pressed, unless a text is being typed.
pub(super) fn run(ctx: &Context, editor: &mut Editor) {
    if ctx.text_edit_focused() || editor.shown.modal.is_some() {
        return;
    }
    for command in COMMANDS {
        let shortcuts = command.keys.iter().filter_map(|it| Shortcut::parse(it));
        let mut is_pressed = false;
        for shortcut in shortcuts {
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
        let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
        !(is(*key, shortcut.key) && fits(*modifiers, shortcut))
    });
    input.events.len() < before
}

fn fits(held: Modifiers, shortcut: &Shortcut) -> bool {
    // A mark such as `?` is typed with Shift on some keyboards and without on others.
    let is_mark = matches!(shortcut.key, Key::Char(c) if !c.is_ascii_alphanumeric());
    held.command == shortcut.cmd && held.alt == shortcut.alt && (is_mark || held.shift == shortcut.shift)
}

fn is(pressed: EguiKey, key: Key) -> bool {
    match key {
        Key::Delete => pressed == EguiKey::Delete,
        Key::Backspace => pressed == EguiKey::Backspace,
        Key::Escape => pressed == EguiKey::Escape,
        Key::Enter => pressed == EguiKey::Enter,
        Key::Space => pressed == EguiKey::Space,
        Key::Tab => pressed == EguiKey::Tab,
        Key::F2 => pressed == EguiKey::F2,
        Key::Char(c) => of_char(c).contains(&pressed),
    }
}

/// The keys that may bring a character.
fn of_char(c: char) -> Vec<EguiKey> {
    match c {
        '\'' => vec![EguiKey::Quote],
        '?' => vec![EguiKey::Questionmark],
        '+' => vec![EguiKey::Plus],
        '=' => vec![EguiKey::Equals],
        '-' => vec![EguiKey::Minus],
        '/' => vec![EguiKey::Slash],
        _ => EguiKey::from_name(&c.to_string()).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_command_is_a_key_of_the_toolkit() {
        for command in COMMANDS {
            for text in command.keys {
                let shortcut = Shortcut::parse(text).unwrap();
                assert!(EguiKey::ALL.iter().any(|it| is(*it, shortcut.key)), "{}: {text}", command.id);
            }
        }
    }
}
