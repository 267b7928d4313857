//! Sliding a gate along the edges of its boundary, onto another boundary, or off.

use std::collections::BTreeSet;

use egui::CursorIcon;

use super::{After, Edge, Gesture, Ghost, Stage, boundary_at, edge_at, on_side};
use crate::model::{Component, Id, Place, Side};

/// How far from its boundary's edge, on the screen, a gate still holds on to it.
const HOLDS: f32 = 36.0;

#[derive(Debug)]
pub(super) struct Sliding {
    id: Id,
    component: Component,
    boundary: Id,
    to: Option<To>,
}

#[derive(Debug)]
enum To {
    Along(Side, f32),
    Other(Edge),
    Off,
}

impl Sliding {
    pub(super) fn of(stage: &Stage<'_>, id: &Id) -> Option<Self> {
        let boundary = stage.editor.layout().gates.get(id)?.boundary.clone();
        let component = stage.editor.model().component(id)?.clone();
        Some(Self { id: id.clone(), component, boundary, to: None })
    }

    fn target(&self, stage: &Stage<'_>) -> To {
        let own = BTreeSet::from([self.boundary.clone()]);
        if let Some(edge) = edge_at(stage.editor, stage.at, stage.zoom, &own) {
            return To::Other(edge);
        }
        let Some(rect) = stage.editor.layout().rect(&self.boundary) else { return To::Off };
        let (side, offset) = rect.nearest_side(stage.at);
        let away = on_side(&rect, side, offset).distance(stage.at);
        if away <= HOLDS / stage.zoom { To::Along(side, offset) } else { To::Off }
    }
}

impl Gesture for Sliding {
    fn go(&mut self, stage: &mut Stage<'_>) {
        let to = self.target(stage);
        match &to {
            To::Along(side, offset) => {
                stage.overlay.places.insert(self.id.clone(), Place::on_side(*side, *offset));
            }
            To::Other(edge) => {
                stage.highlight.drop_target = Some(edge.boundary.clone());
                move_there(stage, &self.id, edge.pos);
                stage.ghosts.push(Ghost::Gate {
                    component: self.component.clone(),
                    side: edge.side,
                    centre: edge.pos,
                    hides: Some(self.id.clone()),
                });
            }
            To::Off => {
                stage.highlight.drop_target = boundary_at(stage.editor, stage.at, &BTreeSet::new());
                move_there(stage, &self.id, stage.at);
                let component = Component { gate_of: None, ..self.component.clone() };
                let hides = Some(self.id.clone());
                stage.ghosts.push(Ghost::Card { component, centre: stage.at, hides });
            }
        }
        self.to = Some(to);
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        match self.to {
            Some(To::Along(side, offset)) => stage.editor.slide_gate(&self.id, side, offset),
            Some(To::Other(edge)) => {
                stage.editor.make_gate(&self.id, &edge.boundary, edge.side, edge.offset);
            }
            Some(To::Off) => stage.editor.take_off_gate(&self.id, stage.at),
            None => {}
        }
        After::Nothing
    }

    fn cursor(&self) -> CursorIcon {
        CursorIcon::Grabbing
    }
}

/// Shows an element with its centre somewhere else, so that its flows go there.
fn move_there(stage: &mut Stage<'_>, id: &Id, centre: crate::scene::Pos) {
    if let Some(rect) = stage.editor.layout().rect(id) {
        stage.overlay.moved.insert(id.clone(), centre - rect.centre());
    }
}
