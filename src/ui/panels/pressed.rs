//! Keys of shortcuts as the toolkit has them: what one is, and which one was pressed.

use egui::Key as EguiKey;

use crate::editor::Key;

/// The keys that bring no letter and no digit, each with those of the toolkit that may be it.
const KEYS: [(Key, &[EguiKey]); 27] = [
    (Key::Delete, &[EguiKey::Delete]),
    (Key::Backspace, &[EguiKey::Backspace]),
    (Key::Escape, &[EguiKey::Escape]),
    (Key::Enter, &[EguiKey::Enter]),
    (Key::Space, &[EguiKey::Space]),
    (Key::Tab, &[EguiKey::Tab]),
    (Key::F2, &[EguiKey::F2]),
    (Key::F3, &[EguiKey::F3]),
    (Key::Left, &[EguiKey::ArrowLeft]),
    (Key::Right, &[EguiKey::ArrowRight]),
    (Key::Up, &[EguiKey::ArrowUp]),
    (Key::Down, &[EguiKey::ArrowDown]),
    (Key::Home, &[EguiKey::Home]),
    (Key::End, &[EguiKey::End]),
    (Key::PageUp, &[EguiKey::PageUp]),
    (Key::PageDown, &[EguiKey::PageDown]),
    (Key::Char('\''), &[EguiKey::Quote]),
    (Key::Char('?'), &[EguiKey::Questionmark]),
    (Key::Char('+'), &[EguiKey::Plus]),
    (Key::Char('='), &[EguiKey::Equals]),
    (Key::Char('-'), &[EguiKey::Minus]),
    (Key::Char('/'), &[EguiKey::Slash]),
    (Key::Char('\\'), &[EguiKey::Backslash]),
    (Key::Char('.'), &[EguiKey::Period]),
    (Key::Char(','), &[EguiKey::Comma]),
    // With Shift, some keyboards bring the other bracket.
    (Key::Char('['), &[EguiKey::OpenBracket, EguiKey::OpenCurlyBracket]),
    (Key::Char(']'), &[EguiKey::CloseBracket, EguiKey::CloseCurlyBracket]),
];

/// Whether a key that was pressed is that of a shortcut.
pub fn is_key(pressed: EguiKey, key: Key) -> bool {
    match KEYS.iter().find(|it| it.0 == key) {
        Some((_, keys)) => keys.contains(&pressed),
        None => letter_or_digit(pressed) == Some(key),
    }
}

/// The key as shortcuts have it. With Shift, a digit's key brings a mark, and another one on each keyboard.
pub(super) fn key_of(pressed: EguiKey, physical: Option<EguiKey>) -> Option<Key> {
    let known = KEYS.iter().find(|it| it.1.contains(&pressed)).map(|it| it.0);
    known.or_else(|| letter_or_digit(pressed)).or_else(|| physical.and_then(letter_or_digit))
}

fn letter_or_digit(key: EguiKey) -> Option<Key> {
    let mut chars = key.name().chars();
    let only = chars.next().filter(|it| it.is_ascii_alphanumeric() && chars.next().is_none());
    only.map(Key::Char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pressed_is_the_key_that_it_is_taken_for() {
        for key in EguiKey::ALL {
            if let Some(found) = key_of(*key, None) {
                assert!(is_key(*key, found), "{key:?} is taken for {found}");
            }
        }
        for (key, written, _) in Key::NAMED {
            assert!(EguiKey::ALL.iter().any(|it| key_of(*it, None) == Some(key)), "{written}");
        }
        assert_eq!(key_of(EguiKey::Exclamationmark, Some(EguiKey::Num1)), Some(Key::Char('1')));
        assert_eq!(key_of(EguiKey::F20, None), None);
    }
}
