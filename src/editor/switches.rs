//! Switches: commands that turn something on and off, and whether it is on now.

use super::{Command, Editor, LeftTab, Motion, Tab, Tint, Tool};
use crate::scene::Jumps;
use crate::tokens::Theme;

/// Whether what a command switches is on.
type IsOn = fn(&Editor) -> bool;

/// Every command that stays on, or is one of several of which one is.
const SWITCHES: [(&str, IsOn); 34] = [
    ("view.pointer", |it| it.shown.tool == Tool::Pointer),
    ("view.hand", |it| it.shown.tool == Tool::Hand),
    ("view.boundary", |it| matches!(it.shown.tool, Tool::Boundary)),
    ("view.flow", |it| it.shown.tool == Tool::Flow),
    ("view.snap", |it| it.shown.snap),
    ("view.minimap", |it| it.shown.minimap),
    ("view.lock-layout", Editor::is_layout_locked),
    ("view.wheel-zooms", |it| it.shown.wheel_zooms),
    ("file.autosave", |it| it.shown.autosave),
    ("view.jumps-off", |it| it.shown.jumps == Jumps::Off),
    ("view.jumps-arc", |it| it.shown.jumps == Jumps::Arc),
    ("view.jumps-gap", |it| it.shown.jumps == Jumps::Gap),
    ("view.box-encloses", |it| it.shown.box_encloses),
    ("view.theme-system", |it| it.shown.theme.is_none()),
    ("view.theme-dark", |it| it.shown.theme == Some(Theme::Dark)),
    ("view.theme-light", |it| it.shown.theme == Some(Theme::Light)),
    ("view.theme-contrast", |it| it.shown.theme == Some(Theme::HighContrast)),
    ("view.motion-system", |it| it.shown.motion == Motion::System),
    ("view.motion-reduced", |it| it.shown.motion == Motion::Reduced),
    ("view.motion-full", |it| it.shown.motion == Motion::Full),
    ("view.present", |it| it.shown.presents),
    ("view.exposure", |it| it.shown.tint == Some(Tint::Exposure)),
    ("view.personal-data", |it| it.shown.tint == Some(Tint::PersonalData)),
    ("view.badges", |it| !it.shown.hides_badges),
    ("view.comments", |it| !it.shown.hides_comments),
    ("view.panels", |it| it.shown.panels.shows_left() || it.shown.panels.shows_right()),
    ("view.left-panel", |it| it.shown.panels.shows_left()),
    ("view.right-panel", |it| it.shown.panels.shows_right()),
    ("view.palette", |it| it.shown.left == LeftTab::Palette),
    ("view.outline", |it| it.shown.left == LeftTab::Outline),
    ("view.findings", |it| it.shown.tab == Tab::Findings),
    ("view.questions", |it| it.shown.tab == Tab::Questions),
    ("view.threads", |it| it.shown.tab == Tab::Comments),
    ("view.inspector", |it| it.shown.tab == Tab::Inspector),
];

impl Command {
    /// Whether what it switches is on; `None` of a command that does something and is done.
    pub fn is_on(&self, editor: &Editor) -> Option<bool> {
        SWITCHES.iter().find(|it| it.0 == self.id).map(|it| (it.1)(editor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{SAMPLES, Surroundings, command};

    #[test]
    fn a_switch_says_what_it_has_switched() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.load_sample(&SAMPLES[0]);
        for (id, is_on) in SWITCHES {
            let switch = command(id).unwrap_or_else(|| panic!("{id} is no command"));
            let of_several = [
                "pointer",
                "threads",
                "hand",
                "boundary",
                "flow",
                "palette",
                "outline",
                "findings",
                "questions",
                "inspector",
            ];
            let name = id.trim_start_matches("view.");
            let is_one_of_several = ["theme-", "motion-", "jumps-"].iter().any(|it| name.starts_with(it));
            let stays = of_several.contains(&name) || is_one_of_several;
            let before = is_on(&editor);
            for expected in [stays || !before, stays || before] {
                assert!(editor.run(id), "{id}");
                assert_eq!(switch.is_on(&editor), Some(expected), "{id}");
            }
        }
        assert_eq!(command("edit.undo").unwrap().is_on(&editor), None);
    }
}
