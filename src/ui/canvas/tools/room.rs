//! Making room: with Control, Alt and Shift held, a drag pushes apart what lies right of where it began, or below.

use egui::CursorIcon;

use super::{After, Gesture, Stage};
use crate::editor::{Room, Tone, Way};
use crate::scene::{Pos, Rect};

#[derive(Debug)]
pub(super) struct MakingRoom {
    /// What it would do to the right, and downwards; found when it is wanted first.
    across: Option<Room>,
    down: Option<Room>,
    way: Way,
    by: f32,
}

impl MakingRoom {
    pub(super) fn of(stage: &mut Stage<'_>) -> Option<Self> {
        if stage.editor.is_layout_locked() {
            stage.editor.say(Tone::Info, "The layout is locked.", &[]);
            return None;
        }
        Some(Self { across: None, down: None, way: Way::Across, by: 0.0 })
    }

    fn room(&mut self, stage: &Stage<'_>) -> &Room {
        let (way, press) = (self.way, stage.press);
        match way {
            Way::Across => self.across.get_or_insert_with(|| stage.editor.room_at(way, press.x)),
            Way::Down => self.down.get_or_insert_with(|| stage.editor.room_at(way, press.y)),
        }
    }
}

impl Gesture for MakingRoom {
    fn go(&mut self, stage: &mut Stage<'_>) {
        let off = stage.at - stage.press;
        // The longer way wins.
        let (way, wanted) =
            if off.x.abs() >= off.y.abs() { (Way::Across, off.x) } else { (Way::Down, off.y) };
        self.way = way;
        let room = self.room(stage);
        let by = if room.is_empty() { 0.0 } else { room.limited(wanted, stage.editor.shown.snap) };
        *stage.overlay = stage.editor.with_room(room, by);
        self.by = by;
        let (line, seen) = (stage.press, stage.seen);
        // The line that it goes by, the room, and how much that is.
        let (guide, band, gap) = match way {
            Way::Across => (
                (Pos::new(line.x, seen.min.y), Pos::new(line.x, seen.max.y)),
                Rect::spanning(Pos::new(line.x, seen.min.y), Pos::new(line.x + by, seen.max.y)),
                (
                    Pos::new(line.x.min(line.x + by), stage.at.y),
                    Pos::new(line.x.max(line.x + by), stage.at.y),
                ),
            ),
            Way::Down => (
                (Pos::new(seen.min.x, line.y), Pos::new(seen.max.x, line.y)),
                Rect::spanning(Pos::new(seen.min.x, line.y), Pos::new(seen.max.x, line.y + by)),
                (
                    Pos::new(stage.at.x, line.y.min(line.y + by)),
                    Pos::new(stage.at.x, line.y.max(line.y + by)),
                ),
            ),
        };
        stage.highlight.guides.push(guide);
        if by != 0.0 {
            stage.highlight.marquee = Some(band);
            stage.highlight.gaps.push(gap);
        }
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        let by = self.by;
        let room = self.room(stage).clone();
        stage.editor.make_room(&room, by);
        After::Nothing
    }

    fn cursor(&self) -> CursorIcon {
        match self.way {
            Way::Across => CursorIcon::ResizeHorizontal,
            Way::Down => CursorIcon::ResizeVertical,
        }
    }
}
