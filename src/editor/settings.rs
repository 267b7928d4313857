//! Settings: what lives beyond a session, and is no part of any document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Editor, FoldedPanels, Keymap, Motion, RecentKinds};
use crate::scene::Jumps;
use crate::tokens::Theme;

/// What the platform keeps between sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Paths opened or saved before, the newest first.
    pub recent: Vec<String>,
    /// None: as the system has it.
    pub theme: Option<Theme>,
    pub motion: Motion,
    pub wheel_zooms: bool,
    pub box_encloses: bool,
    pub snap: bool,
    /// The map shows while the drawing is larger than the view.
    pub minimap: bool,
    /// How lines are drawn where they cross.
    pub jumps: Jumps,
    /// The panels that were folded by hand.
    pub folded_panels: FoldedPanels,
    /// The document saves itself.
    pub autosave: bool,
    /// Who gives verdicts.
    pub who: String,
    /// The kinds under the digits.
    pub kinds: RecentKinds,
    /// Folders of icon packs.
    pub icon_folders: Vec<String>,
    /// Shortcuts that were changed, by the id of their command: `Cmd+Shift+Z`.
    pub keys: BTreeMap<String, Vec<String>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            recent: Vec::new(),
            theme: None,
            motion: Motion::System,
            wheel_zooms: false,
            box_encloses: false,
            snap: true,
            minimap: true,
            jumps: Jumps::Off,
            folded_panels: FoldedPanels::default(),
            autosave: false,
            who: String::new(),
            kinds: RecentKinds::default(),
            icon_folders: Vec::new(),
            keys: BTreeMap::new(),
        }
    }
}

impl Editor {
    /// What is to be kept now.
    pub fn settings(&self) -> Settings {
        Settings {
            recent: self.document.recent.clone(),
            theme: self.shown.theme,
            motion: self.shown.motion,
            wheel_zooms: self.shown.wheel_zooms,
            box_encloses: self.shown.box_encloses,
            snap: self.shown.snap,
            minimap: self.shown.minimap,
            jumps: self.shown.jumps,
            folded_panels: self.shown.panels.folded(),
            autosave: self.shown.autosave,
            who: self.who.clone(),
            kinds: self.shown.recent.clone(),
            icon_folders: self.icon_packs.folders().to_vec(),
            keys: self.keymap.write(),
        }
    }

    /// Takes what was kept.
    pub fn set_settings(&mut self, settings: Settings) {
        let Settings {
            mut recent,
            theme,
            motion,
            wheel_zooms,
            box_encloses,
            snap,
            minimap,
            jumps,
            folded_panels,
            autosave,
            who,
            kinds,
            icon_folders,
            keys,
        } = settings;
        recent.truncate(super::MAX_RECENT);
        self.document.recent = recent;
        (self.shown.theme, self.shown.motion) = (theme, motion);
        (self.shown.wheel_zooms, self.shown.snap) = (wheel_zooms, snap);
        self.shown.box_encloses = box_encloses;
        (self.shown.minimap, self.shown.autosave) = (minimap, autosave);
        self.set_jumps(jumps);
        self.shown.panels.set_folded(folded_panels);
        (self.who, self.shown.recent) = (who, kinds);
        self.keymap = Keymap::read(&keys);
        self.remember_icons(icon_folders);
    }
}
