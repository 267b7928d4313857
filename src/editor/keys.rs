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
