//! Motion: whether what changes place flies there, or is there at once.

use serde::{Deserialize, Serialize};

use super::Editor;

/// How much may move by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Motion {
    /// As the system has it. One that says nothing wants all of it.
    #[default]
    System,
    /// Nothing flies, fades or blinks.
    Reduced,
    Full,
}

impl Editor {
    /// Whether nothing may move by itself: whoever animates something asks this, and shows the end at once.
    pub fn reduced_motion(&self) -> bool {
        match self.shown.motion {
            Motion::System => self.shown.system_reduces_motion,
            Motion::Reduced => true,
            Motion::Full => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    #[test]
    fn the_users_word_on_motion_goes_before_that_of_the_system() {
        let mut editor = Editor::new(Surroundings::fixed());
        assert!(!editor.reduced_motion(), "a system that says nothing");
        editor.shown.system_reduces_motion = true;
        assert!(editor.reduced_motion());
        editor.run("view.motion-full");
        assert!(!editor.reduced_motion());
        let mut next = Editor::new(Surroundings::fixed());
        next.set_settings(editor.settings());
        next.shown.system_reduces_motion = true;
        assert!(!next.reduced_motion(), "it is kept beyond the session");
        next.run("view.motion-reduced");
        next.shown.system_reduces_motion = false;
        assert!(next.reduced_motion());
        next.run("view.motion-system");
        assert!(!next.reduced_motion());
    }
}
