//! Keys of the window: the table of commands against what was pressed, in the order in which it was.

use egui::{Context, Event, Modifiers};

use crate::editor::Event::Pasted;
use crate::editor::{COMMANDS, Command, Editor, Key, Shortcut};
use crate::ui::canvas::Canvas;
use crate::ui::panels::is_key;

/// Keys that were pressed after one that may have opened something to type in, in one frame: whoever types ahead of a slow
/// frame means that, and no other commands.
#[derive(Debug, Default)]
pub(super) struct TypedAhead(Vec<Event>);

impl TypedAhead {
    /// Gives back what was held, at the beginning of the next frame: by then, what was opened has the keyboard.
    pub(super) fn give_back(&mut self, ctx: &Context) {
        let held = std::mem::take(&mut self.0);
        ctx.input_mut(|it| drop(it.events.splice(0..0, held)));
    }

    /// Runs the command whose key was pressed first, as often as it was pressed; the keys after it are held. Unless a
    /// text is being typed.
    pub(super) fn run(&mut self, ctx: &Context, editor: &mut Editor) {
        if ctx.text_edit_focused() || editor.shown.modal.is_some() {
            return;
        }
        let at_widget = ctx.memory(|it| it.focused()).is_some_and(|it| it != Canvas::id());
        let mut others = Vec::new();
        // The key that was pressed first, and its command; the search of the palette has none.
        let mut first: Option<(Event, Option<&Command>)> = None;
        for event in ctx.input_mut(|it| std::mem::take(&mut it.events)) {
            let is_typed_ahead = first.is_some() && is_of_keyboard(&event);
            let is_of_first = is_let_go(&event) || first.iter().any(|(key, _)| is_text_of(&event, key));
            if is_typed_ahead && !self.0.is_empty() {
                self.0.push(event);
                continue;
            }
            let command = if is_of_keyboard(&event) { command(editor, &event, at_widget) } else { None };
            match (&first, command) {
                (None, Some(command)) => {
                    editor.run(command.id);
                    first = Some((event, Some(command)));
                }
                (Some((_, Some(first))), Some(command)) if first.id == command.id => {
                    editor.run(command.id);
                }
                _ if is_typed_ahead && !is_of_first => self.0.push(event),
                _ => {
                    if leads_to_search(&event) {
                        first = Some((event.clone(), None));
                    }
                    others.push(event);
                }
            }
        }
        ctx.input_mut(|it| it.events = others);
        for text in ctx.input_mut(take_pasted) {
            editor.handle(Pasted(text));
        }
        if !self.0.is_empty() {
            ctx.request_repaint();
        }
    }
}

/// The command that a key stands for just now.
fn command(editor: &Editor, event: &Event, at_widget: bool) -> Option<&'static Command> {
    // A button that has the focus is pressed by its own keys, and the outline is walked by its own.
    let in_outline = editor.shown.outline_at.is_some();
    let is_its_own = |it: &Shortcut| {
        (at_widget && matches!(it.key, Key::Enter | Key::Space)) || (in_outline && is_of_outline(it))
    };
    let is_pressed = |it: &&Command| {
        is_of_clipboard(event, it.id)
            || editor.keymap.of(it).iter().any(|it| !is_its_own(it) && is_shortcut(event, it))
    };
    COMMANDS.iter().filter(|it| is_pressed(it)).find(|it| (it.when)(editor))
}

fn is_of_keyboard(event: &Event) -> bool {
    matches!(
        event,
        Event::Key { .. } | Event::Text(_) | Event::Ime(_) | Event::Paste(_) | Event::Copy | Event::Cut
    )
}

fn is_let_go(event: &Event) -> bool {
    matches!(event, Event::Key { pressed: false, .. })
}

/// The palette takes it, which is no command.
fn leads_to_search(event: &Event) -> bool {
    matches!(event, Event::Key { key: egui::Key::Slash, pressed: true, modifiers: Modifiers::NONE, .. })
}

/// Whether this is what the key writes: on the desktop that follows it.
fn is_text_of(event: &Event, by: &Event) -> bool {
    let (Event::Text(text), Event::Key { key, modifiers, .. }) = (event, by) else { return false };
    !modifiers.command && (text.eq_ignore_ascii_case(key.name()) || text == key.symbol_or_name())
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
fn is_of_clipboard(event: &Event, command: &str) -> bool {
    matches!((command, event), ("edit.copy", Event::Copy) | ("edit.cut", Event::Cut))
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

/// Whether the key was pressed with just these modifiers.
fn is_shortcut(event: &Event, shortcut: &Shortcut) -> bool {
    let Event::Key { key, physical_key, pressed: true, modifiers, .. } = event else { return false };
    // With Shift, a digit's key brings a mark, and another one on each keyboard.
    let digit = physical_key.filter(|_| matches!(shortcut.key, Key::Char(c) if c.is_ascii_digit()));
    (is_key(*key, shortcut.key) || digit.is_some_and(|it| is_key(it, shortcut.key)))
        && fits(*modifiers, shortcut)
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

    fn press(key: EguiKey, physical_key: Option<EguiKey>, modifiers: Modifiers) -> Event {
        Event::Key { key, physical_key, pressed: true, repeat: false, modifiers }
    }

    #[test]
    fn a_digit_with_shift_is_known_by_its_key() {
        let held = Modifiers { shift: true, ..Modifiers::NONE };
        let event = press(EguiKey::Exclamationmark, Some(EguiKey::Num1), held);
        assert!(!is_shortcut(&event, &Shortcut::parse("Shift+2").unwrap()));
        assert!(is_shortcut(&event, &Shortcut::parse("Shift+1").unwrap()));
    }

    #[test]
    fn a_bracket_with_shift_is_another_key() {
        let pressed = |key, shift| {
            let event = press(key, None, Modifiers { shift, ctrl: true, command: true, ..Modifiers::NONE });
            ["Cmd+]", "Cmd+Shift+]"].map(|it| is_shortcut(&event, &Shortcut::parse(it).unwrap()))
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
