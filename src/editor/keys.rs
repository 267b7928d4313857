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
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "Delete" => Self::Delete,
            "Backspace" => Self::Backspace,
            "Esc" => Self::Escape,
            "Enter" => Self::Enter,
            "Space" => Self::Space,
            "Tab" => Self::Tab,
            "F2" => Self::F2,
            "F3" => Self::F3,
            "Left" => Self::Left,
            "Home" => Self::Home,
            "End" => Self::End,
            "PageUp" => Self::PageUp,
            "PageDown" => Self::PageDown,
            "Right" => Self::Right,
            "Up" => Self::Up,
            "Down" => Self::Down,
            "Plus" => Self::Char('+'),
            _ => {
                let mut chars = text.chars();
                let only = chars.next().filter(|_| chars.next().is_none())?;
                Self::Char(only.to_ascii_uppercase())
            }
        })
    }
}

impl Key {
    /// As [`Key::parse`] reads it.
    fn text(self) -> String {
        let name = match self {
            Self::Char('+') => "Plus",
            Self::Char(c) => return c.to_string(),
            Self::Delete => "Delete",
            Self::Backspace => "Backspace",
            Self::Escape => "Esc",
            Self::Enter => "Enter",
            Self::Space => "Space",
            Self::Tab => "Tab",
            Self::F2 => "F2",
            Self::F3 => "F3",
            Self::Left => "Left",
            Self::Home => "Home",
            Self::End => "End",
            Self::PageUp => "PageUp",
            Self::PageDown => "PageDown",
            Self::Right => "Right",
            Self::Up => "Up",
            Self::Down => "Down",
        };
        name.to_owned()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Char(c) => write!(f, "{c}"),
            Self::Delete => f.write_str("Del"),
            Self::Backspace => f.write_str("Backspace"),
            Self::Escape => f.write_str("Esc"),
            Self::Enter => f.write_str("Enter"),
            Self::Space => f.write_str("Space"),
            Self::Tab => f.write_str("Tab"),
            Self::F2 => f.write_str("F2"),
            Self::F3 => f.write_str("F3"),
            Self::Left => f.write_str("Left"),
            Self::Home => f.write_str("Home"),
            Self::End => f.write_str("End"),
            Self::PageUp => f.write_str("PgUp"),
            Self::PageDown => f.write_str("PgDn"),
            Self::Right => f.write_str("Right"),
            Self::Up => f.write_str("Up"),
            Self::Down => f.write_str("Down"),
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
