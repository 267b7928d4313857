//! The panels beside the canvas: which of them show, and with which tab.

use serde::{Deserialize, Serialize};

use super::{Editor, LeftTab, Tab};

/// Points of a window from which on both panels leave the canvas half of it, and from which on that on the right does.
const WIDE: u32 = 1_200;
const MEDIUM: u32 = 760;

/// Which panels show. What nobody has chosen follows from the width of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panels {
    left: Option<bool>,
    right: Option<bool>,
    /// The one that makes way for the other as long as there is no room for both.
    makes_way: Option<Side>,
    /// The width of the window in points.
    pub room: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// What somebody folded by hand, and not for lack of room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FoldedPanels {
    pub left: bool,
    pub right: bool,
}

impl Default for Panels {
    fn default() -> Self {
        Self { left: None, right: None, makes_way: None, room: u32::MAX }
    }
}

impl Panels {
    pub fn shows_left(&self) -> bool {
        self.left.unwrap_or(self.room >= WIDE) && !self.has_made_way(Side::Left)
    }

    pub fn shows_right(&self) -> bool {
        self.right.unwrap_or(self.room >= MEDIUM) && !self.has_made_way(Side::Right)
    }

    fn has_made_way(&self, side: Side) -> bool {
        self.room < WIDE && self.makes_way == Some(side)
    }

    /// What was folded by hand, to be kept.
    pub fn folded(&self) -> FoldedPanels {
        FoldedPanels { left: self.left == Some(false), right: self.right == Some(false) }
    }

    /// Folds what was folded by hand before.
    pub(super) fn set_folded(&mut self, folded: FoldedPanels) {
        self.left = folded.left.then_some(false);
        self.right = folded.right.then_some(false);
    }

    /// Opens or folds one; where there is no room for both, the other makes way.
    fn set_left(&mut self, shows: bool) {
        self.left = Some(shows);
        if shows {
            self.makes_way = (self.room < WIDE).then_some(Side::Right);
        }
    }

    fn set_right(&mut self, shows: bool) {
        self.right = Some(shows);
        if shows {
            self.makes_way = (self.room < WIDE).then_some(Side::Left);
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
        (panels.left, panels.right, panels.makes_way) = (chosen, chosen, None);
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
        assert_eq!(shown(&editor), (true, true), "here there is");
        assert!(editor.run("view.panels"));
        assert_eq!(shown(&editor), (false, false));
        assert!(editor.run("view.panels"));
        assert_eq!(shown(&editor), (true, true));
    }

    #[test]
    fn what_was_folded_by_hand_is_kept_and_what_made_way_is_not() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.shown.panels.room = 900;
        editor.run("view.left-panel");
        assert_eq!(shown(&editor), (true, false));
        assert_eq!(editor.settings().folded_panels, FoldedPanels::default());
        editor.shown.panels.room = 1_280;
        editor.run("view.right-panel");
        assert_eq!(shown(&editor), (true, false));
        let kept = editor.settings();
        assert_eq!(kept.folded_panels, FoldedPanels { left: false, right: true });
        let mut next = Editor::new(Surroundings::fixed());
        next.set_settings(kept);
        next.shown.panels.room = 1_280;
        assert_eq!(shown(&next), (true, false));
        // Whoever asks for it has it again, then and at the next start.
        next.run("view.inspector");
        assert_eq!(shown(&next), (true, true));
        assert_eq!(next.settings().folded_panels, FoldedPanels::default());
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
