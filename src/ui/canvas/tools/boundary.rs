//! Drawing a trust boundary.

use egui::CursorIcon;

use super::{After, Gesture, Stage};
use crate::editor::NEW_BOUNDARY;
use crate::scene::{Pos, Rect, SNAP};

/// The least that a boundary can be drawn; less is a slip of the hand.
const LEAST: f32 = 48.0;

#[derive(Debug)]
pub(super) struct Drawing;

fn drawn(stage: &Stage<'_>) -> Rect {
    let is_snapped = stage.editor.shown.snap && !stage.keys.command;
    let snap = |it: Pos| if is_snapped { it.snapped(SNAP) } else { it };
    Rect::spanning(snap(stage.press), snap(stage.at))
}

impl Gesture for Drawing {
    fn go(&mut self, stage: &mut Stage<'_>) {
        let area = drawn(stage);
        stage.highlight.marquee = Some(area);
        stage.highlight.selected = stage.editor.taken_in(&area).into_iter().collect();
    }

    fn finish(self: Box<Self>, stage: &mut Stage<'_>) -> After {
        let area = drawn(stage);
        if area.width() < LEAST || area.height() < LEAST {
            return After::Nothing;
        }
        After::Name(stage.editor.add_boundary(NEW_BOUNDARY, area))
    }

    fn cursor(&self) -> CursorIcon {
        CursorIcon::Crosshair
    }
}
