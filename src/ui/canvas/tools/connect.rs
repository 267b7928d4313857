//! Pulling a flow from one component to another, and moving an end of one that is there.

use egui::CursorIcon;

use super::{After, Gesture, Stage, border_point, card_beside, is_box};
use crate::model::{BorderPoint, Id};
use crate::scene::{self, Connect};

#[derive(Debug)]
pub(super) struct Connecting {
    /// The end that stays.
    from: Id,
    /// The flow whose end is moved, and whether that is its target; none for a new flow.
    moves: Option<(Id, bool)>,
    target: Option<Id>,
    /// Where on the border of its target it would be fixed; else it floats.
    at: Option<BorderPoint>,
    /// Why it may not end there.
    refused: Option<&'static str>,
    /// It was led out of its source, so that it may come back to that.
    has_left: bool,
}

/// How far out of its source a flow to itself is led, at least, on the screen.
const LEAVES: f32 = 12.0;

impl Connecting {
    pub(super) fn from(id: Id) -> Self {
        Self { from: id, moves: None, target: None, at: None, refused: None, has_left: false }
    }

    pub(super) fn end(stage: &Stage<'_>, flow: &Id, is_target: bool) -> Option<Self> {
        let ends = stage.editor.model().flow(flow)?;
        let stays = if is_target { ends.from.clone() } else { ends.to.clone() };
        Some(Self {
            from: stays,
            moves: Some((flow.clone(), is_target)),
            target: None,
            at: None,
            refused: None,
            has_left: false,
        })
    }

    /// Why it may not end where the pointer is.
    fn refused(&self, stage: &Stage<'_>) -> Option<&'static str> {
        match &self.target {
            // It is not yet on its way.
            Some(target) if *target == self.from && !self.has_left => Some(""),
            Some(target) if !stage.editor.can_end(target) => Some("No flow ends at a note"),
            None if self.moves.is_some() => Some("Drop it on a component"),
            _ => None,
        }
    }
}

impl Gesture for Connecting {
    fn go(&mut self, stage: &mut Stage<'_>) {
        // A near miss counts.
        let hits = scene::hit(stage.editor.layout(), stage.at, 8.0 / stage.zoom);
        let mut hits = hits.into_iter().filter(|it| !stage.editor.is_hidden(&it.id));
        let hit = hits.find(|it| is_box(it.part)).map(|it| it.id);
        self.target = hit.or_else(|| card_beside(stage).filter(|it| *it != self.from));
        self.at = self.target.as_ref().and_then(|it| border_point(stage, it));
        let source = stage.editor.layout().rect(&self.from);
        self.has_left |= source.is_none_or(|it| it.distance(stage.at) * stage.zoom > LEAVES);
        self.refused = self.refused(stage);
        let target = self.target.clone().filter(|it| *it != self.from || self.has_left);
        let (from, at, refused) = (self.from.clone(), self.at, self.refused);
        stage.highlight.connect = Some(Connect { from, to: stage.at, target, at, refused });
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        let Self { from, moves, target, at, refused, .. } = *self;
        match (moves, target) {
            _ if refused.is_some() => After::Nothing,
            (Some((flow, is_target)), Some(to)) => {
                stage.editor.end_at(&flow, is_target, &to, at);
                After::Nothing
            }
            (None, Some(to)) => {
                stage.editor.connect_at(&from, &to, at);
                After::Nothing
            }
            (None, None) => After::Pick { from },
            (Some(_), None) => After::Nothing,
        }
    }

    fn cursor(&self) -> CursorIcon {
        if self.refused.is_none() || self.target.is_none() {
            CursorIcon::Crosshair
        } else {
            CursorIcon::NotAllowed
        }
    }
}
