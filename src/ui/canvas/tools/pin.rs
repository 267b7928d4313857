//! Moving the pin of a thread that is about a point.

use egui::CursorIcon;

use super::{After, Gesture, Stage};
use crate::model::Id;
use crate::scene::Pos;

#[derive(Debug)]
pub(super) struct Pinning {
    thread: Id,
    by: Pos,
}

impl Pinning {
    pub(super) fn of(thread: Id) -> Self {
        Self { thread, by: Pos::ZERO }
    }
}

impl Gesture for Pinning {
    fn go(&mut self, stage: &mut Stage<'_>) {
        self.by = stage.at - stage.press;
        stage.overlay.moved.insert(self.thread.clone(), self.by);
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        stage.editor.move_comment(&self.thread, self.by);
        After::Nothing
    }

    fn cursor(&self) -> CursorIcon {
        CursorIcon::Grabbing
    }
}
