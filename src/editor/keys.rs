//! Shortcuts as text, since this room knows no toolkit: `Cmd+Shift+Z`, `Delete`, `Shift+1`.

use std::fmt;

/// A key of a shortcut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A letter, a digit or a mark, as it stands on the key: `A`, `1`, `/`, `?`.
    Char(char),
    Delete,
    Backspace,
    Escape,
    Enter,
    Space,
    Tab,
    F2,
    F3,
    Left,
    Home,
    End,
    PageUp,
    PageDown,
    Right,
    Up,
    Down,
}

impl Key {
    /// Those that bring no character: how a shortcut is written, and how it is shown.
    pub const NAMED: [(Self, &str, &str); 17] = [
        (Self::Delete, "Delete", "Del"),
        (Self::Backspace, "Backspace", "Backspace"),
        (Self::Escape, "Esc", "Esc"),
        (Self::Enter, "Enter", "Enter"),
        (Self::Space, "Space", "Space"),
        (Self::Tab, "Tab", "Tab"),
        (Self::F2, "F2", "F2"),
        (Self::F3, "F3", "F3"),
        (Self::Left, "Left", "Left"),
        (Self::Right, "Right", "Right"),
        (Self::Up, "Up", "Up"),
        (Self::Down, "Down", "Down"),
        (Self::Home, "Home", "Home"),
        (Self::End, "End", "End"),
        (Self::PageUp, "PageUp", "PgUp"),
        (Self::PageDown, "PageDown", "PgDn"),
        // What stands between keys cannot be one by itself.
        (Self::Char('+'), "Plus", "+"),
    ];

    fn parse(text: &str) -> Option<Self> {
        if let Some((key, ..)) = Self::NAMED.iter().find(|it| it.1 == text) {
            return Some(*key);
        }
        let mut chars = text.chars();
        let only = chars.next().filter(|_| chars.next().is_none())?;
        Some(Self::Char(only.to_ascii_uppercase()))
    }

    fn named(self) -> Option<&'static (Self, &'static str, &'static str)> {
        Self::NAMED.iter().find(|it| it.0 == self)
    }

    /// As [`Key::parse`] reads it.
    fn text(self) -> String {
        match (self.named(), self) {
            (Some((_, written, _)), _) => (*written).to_owned(),
            (None, Self::Char(c)) => c.to_string(),
            (None, _) => String::new(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.named(), self) {
            (Some((.., shown)), _) => f.write_str(shown),
            (None, Self::Char(c)) => write!(f, "{c}"),
            (None, _) => Ok(()),
        }
    }
}

/// A key with its modifiers. `cmd` is Command on a Mac, Control elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shortcut {
    pub cmd: bool,
    pub shift: bool,
    pub alt: bool,
    pub key: Key,
}

impl Shortcut {
    /// Reads `Cmd+Shift+Z`; `None` if it is no shortcut.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut cmd, mut shift, mut alt) = (false, false, false);
        let mut parts: Vec<&str> = text.split('+').collect();
        let key = Key::parse(parts.pop()?)?;
        for part in parts {
            match part {
                "Cmd" => cmd = true,
                "Shift" => shift = true,
                "Alt" => alt = true,
                _ => return None,
            }
        }
        Some(Self { cmd, shift, alt, key })
    }

    /// As [`Shortcut::parse`] reads it: the same on every system.
    pub fn to_text(self) -> String {
        let held = [(self.cmd, "Cmd+"), (self.shift, "Shift+"), (self.alt, "Alt+")];
        let held: String = held.into_iter().filter(|it| it.0).map(|it| it.1).collect();
        format!("{held}{}", self.key.text())
    }
}

/// As it stands in a tooltip: `Ctrl+Shift+Z`.
impl fmt::Display for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, word) in [(self.cmd, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if held {
                f.write_str(word)?;
            }
        }
        write!(f, "{}", self.key)
    }
}
