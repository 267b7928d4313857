//! Settings: what lives beyond a session, and is no part of any document.

use serde::{Deserialize, Serialize};

use super::Editor;
use crate::tokens::Theme;

/// What the platform keeps between sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Paths opened or saved before, the newest first.
    pub recent: Vec<String>,
    /// None: as the system has it.
    pub theme: Option<Theme>,
    pub wheel_zooms: bool,
    pub snap: bool,
    /// The document saves itself.
    pub autosave: bool,
    /// Who gives verdicts.
    pub who: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            recent: Vec::new(),
            theme: None,
            wheel_zooms: false,
            snap: true,
            autosave: false,
            who: String::new(),
        }
    }
}

impl Editor {
    /// What is to be kept now.
    pub fn settings(&self) -> Settings {
        Settings {
            recent: self.document.recent.clone(),
            theme: self.shown.theme,
            wheel_zooms: self.shown.wheel_zooms,
            snap: self.shown.snap,
            autosave: self.shown.autosave,
            who: self.who.clone(),
        }
    }

    /// Takes what was kept.
    pub fn set_settings(&mut self, settings: Settings) {
        let Settings { mut recent, theme, wheel_zooms, snap, autosave, who } = settings;
        recent.truncate(super::MAX_RECENT);
        self.document.recent = recent;
        (self.shown.theme, self.shown.wheel_zooms, self.shown.snap) = (theme, wheel_zooms, snap);
        self.shown.autosave = autosave;
        self.who = who;
    }
}
