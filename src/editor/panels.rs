//! The panels beside the canvas: which of them show, and with which tab.

use super::{Editor, LeftTab, Tab};

/// Points of a window from which on both panels leave the canvas room, and from which on that on the right does.
const WIDE: u32 = 1_000;
const MEDIUM: u32 = 760;

/// Which panels show. What nobody has chosen follows from the width of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panels {
    left: Option<bool>,
    right: Option<bool>,
    /// The width of the window in points.
    pub room: u32,
}

impl Default for Panels {
    fn default() -> Self {
        Self { left: None, right: None, room: u32::MAX }
    }
}

impl Panels {
    pub fn shows_left(&self) -> bool {
        self.left.unwrap_or(self.room >= WIDE)
    }

    pub fn shows_right(&self) -> bool {
        self.right.unwrap_or(self.room >= MEDIUM)
    }

    /// Opens or folds one; where there is no room for both, the other makes way.
    fn set_left(&mut self, shows: bool) {
        self.left = Some(shows);
        if shows && self.room < WIDE {
            self.right = Some(false);
        }
    }

    fn set_right(&mut self, shows: bool) {
        self.right = Some(shows);
        if shows && self.room < WIDE {
            self.left = Some(false);
        }
    }
}

impl Editor {
    /// Shows a tab of the panel on the left, and opens that.
    pub fn show_left(&mut self, tab: LeftTab) {
        self.shown.left = tab;
        if !self.shown.panels.shows_left() {
            self.shown.panels.set_left(true);
        }
    }

    /// Shows a tab of the panel on the right, and opens that.
    pub fn show_tab(&mut self, tab: Tab) {
        self.shown.tab = tab;
        if !self.shown.panels.shows_right() {
            self.shown.panels.set_right(true);
        }
    }

    pub(super) fn toggle_left(&mut self) {
        let panels = &mut self.shown.panels;
        panels.set_left(!panels.shows_left());
    }

    pub(super) fn toggle_right(&mut self) {
        let panels = &mut self.shown.panels;
        panels.set_right(!panels.shows_right());
    }

    /// Folds all panels that show; or, if none does, lets them show as the window has room.
    pub(super) fn toggle_panels(&mut self) {
        let panels = &mut self.shown.panels;
        let shows = panels.shows_left() || panels.shows_right();
        let chosen = shows.then_some(false);
        (panels.left, panels.right) = (chosen, chosen);
        // In a small window none has room: it was asked for all the same.
        if !shows && !panels.shows_left() && !panels.shows_right() {
            panels.set_right(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    fn shown(editor: &Editor) -> (bool, bool) {
        (editor.shown.panels.shows_left(), editor.shown.panels.shows_right())
    }

    #[test]
    fn panels_show_as_the_window_has_room_until_somebody_chooses() {
        let mut editor = Editor::new(Surroundings::fixed());
        for (room, is_shown) in [(1_280, (true, true)), (900, (false, true)), (720, (false, false))] {
            editor.shown.panels.room = room;
            assert_eq!(shown(&editor), is_shown);
        }
        assert!(editor.run("view.left-panel"));
        assert_eq!(shown(&editor), (true, false));
        editor.shown.panels.room = 900;
        assert!(editor.run("view.right-panel"));
        assert_eq!(shown(&editor), (false, true), "there is no room for both");
        editor.shown.panels.room = 1_280;
        assert!(editor.run("view.left-panel"));
        assert_eq!(shown(&editor), (true, true));
        assert!(editor.run("view.panels"));
        assert_eq!(shown(&editor), (false, false));
        assert!(editor.run("view.panels"));
        assert_eq!(shown(&editor), (true, true));
    }

    #[test]
    fn whoever_asks_for_a_tab_sees_it() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.run("view.panels");
        editor.run("view.inspector");
        assert_eq!(shown(&editor), (false, true));
        editor.run("view.outline");
        assert_eq!(shown(&editor), (true, true));
    }
}
