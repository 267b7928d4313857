//! Dragging the label of a flow along its line.

use egui::CursorIcon;

use super::{After, Gesture, Stage};
use crate::model::{Figure, Id, Place};
use crate::scene::geometry::share_at;
use crate::scene::{Pos, pill_centre};

#[derive(Debug)]
pub(super) struct Labelling {
    flow: Id,
    points: Vec<Pos>,
    width: f32,
    /// From the centre of the label to where it was pressed.
    off: Pos,
    share: f32,
}

impl Labelling {
    pub(super) fn of(stage: &Stage<'_>, flow: &Id) -> Option<Self> {
        let layout = stage.editor.layout();
        // One that waits to be drawn anew is not where it will be; that of several flows in one is nobody's.
        let route = layout.flows.get(flow).filter(|it| it.merged.is_empty() && !layout.is_waiting(flow))?;
        let pill = route.label.as_ref()?.whole();
        let (points, off) = (route.points.to_vec(), stage.press - pill.centre());
        let share = share_at(&points, pill.centre());
        Some(Self { flow: flow.clone(), points, width: pill.width(), off, share })
    }
}

impl Gesture for Labelling {
    fn go(&mut self, stage: &mut Stage<'_>) {
        let share = share_at(&self.points, stage.at - self.off);
        // As it will be seen, so that it does not rest beyond where it can go.
        self.share = share_at(&self.points, pill_centre(&self.points, share, self.width));
        let place = Place { label: Some(Figure::share(self.share)), ..Place::default() };
        stage.overlay.places.insert(self.flow.clone(), place);
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        stage.editor.move_label(&self.flow, Some(self.share));
        After::Nothing
    }

    fn cursor(&self) -> CursorIcon {
        CursorIcon::Grabbing
    }
}
