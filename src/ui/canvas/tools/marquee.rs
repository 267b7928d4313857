//! Drawing a box around what is to be selected.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::CursorIcon;

use super::{After, Gesture, Stage};
use crate::editor::Editor;
use crate::model::Id;
use crate::scene::{self, LeftOut, Rect};

#[derive(Debug)]
pub(super) struct Marquee {
    /// What was selected before.
    before: BTreeSet<Id>,
    /// What a filter leaves out: of that only what was selected.
    left_out: Option<Arc<LeftOut>>,
}

impl Marquee {
    pub(super) fn of(stage: &Stage<'_>) -> Self {
        Self { before: stage.editor.selection().clone(), left_out: stage.editor.left_out() }
    }
}

impl Gesture for Marquee {
    /// Selects as it goes: Shift adds to what was selected, Alt takes away from it.
    fn go(&mut self, stage: &mut Stage<'_>) {
        let area = Rect::spanning(stage.press, stage.at);
        stage.highlight.marquee = Some(area);
        let inside = scene::inside(stage.editor.layout(), &area, stage.editor.shown.box_encloses).into_iter();
        let hides = |id: &Id| self.left_out.as_ref().is_some_and(|it| !it.dims && it.ids.contains(id));
        let is_free = |it: &Id| !stage.editor.is_locked(it) && (!hides(it) || self.before.contains(it));
        let inside: BTreeSet<Id> = inside.filter(is_free).collect();
        let selected: BTreeSet<Id> = if stage.keys.alt {
            self.before.difference(&inside).cloned().collect()
        } else if stage.keys.shift {
            self.before.union(&inside).cloned().collect()
        } else {
            inside
        };
        if &selected != stage.editor.selection() {
            stage.editor.select(selected);
        }
        stage.highlight.selected.clone_from(stage.editor.selection());
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        After::Nothing
    }

    fn cancel(&self, editor: &mut Editor) {
        editor.select(self.before.clone());
    }

    fn cursor(&self) -> CursorIcon {
        CursorIcon::Default
    }
}
