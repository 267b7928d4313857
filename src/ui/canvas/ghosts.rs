//! What is shown before it is there: cards and gates on their way, copies being dragged.

use egui::Painter;

use super::tools::Ghost;
use crate::editor::Preview;
use crate::model::{Boundary, Component, Draft, Id, MAIN_VIEW, Model, Nesting, Place, Side};
use crate::scene::{Highlight, Item, Layout, Look, Marks, Pos, display};
use crate::ui::paint::{Camera, Painting};

/// How much of a ghost is there.
const OPACITY: f32 = 0.9;
const COPIES: f32 = 0.7;
const PREVIEW: f32 = 0.75;

/// Paints ghosts: each is laid out as what it will be, in a small model of its own.
#[derive(Debug, Default)]
pub(super) struct Ghosts {
    painting: Painting,
}

impl Ghosts {
    /// `look` is how the layout is shown: copies look like what they are copies of.
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        ghosts: &[Ghost],
        (layout, look): (&Layout, &Look<'_>),
        camera: &Camera,
    ) {
        for ghost in ghosts {
            match ghost {
                Ghost::Card { component, centre, .. } => {
                    self.alone(painter, (component, None), *centre, camera);
                }
                Ghost::Gate { component, side, centre, .. } => {
                    self.alone(painter, (component, Some(*side)), *centre, camera);
                }
                Ghost::Above(id) => {
                    self.some(painter, (layout, look), |it| it == id, (Pos::ZERO, OPACITY), camera);
                }
                Ghost::Copies { ids, by } => {
                    let is_copied = |it: &Id| ids.contains(it);
                    self.some(painter, (layout, look), is_copied, (*by, COPIES), camera);
                }
            }
        }
    }

    /// What a fix would add, where it would stand.
    pub(super) fn preview(&mut self, painter: &Painter, preview: &Preview, camera: &Camera) {
        if preview.new.is_empty() {
            return;
        }
        let (marks, highlight) =
            (Marks::default(), Highlight { selected: preview.new.clone(), ..Highlight::default() });
        let look = Look { viewport: Some(camera.viewport()), ..Look::whole(&marks, &highlight, camera.zoom) };
        let is_new = |it: &Id| preview.new.contains(it);
        self.some(painter, (&preview.layout, &look), is_new, (Pos::ZERO, PREVIEW), camera);
    }

    /// A component that is nowhere yet, as a card or as a gate.
    fn alone(
        &mut self,
        painter: &Painter,
        (component, gate): (&Component, Option<Side>),
        centre: Pos,
        camera: &Camera,
    ) {
        let (id, area, view) = (Id::slug("ghost"), Id::slug("ghost-area"), Id::slug(MAIN_VIEW));
        let mut model = Model::new();
        let edit = {
            let mut draft = Draft::of(&model);
            let gate_of = gate.map(|_| area.clone());
            draft.put(id.clone(), Component { within: None, gate_of, ..component.clone() });
            let mut place = Place::at(0.0, 0.0);
            if let Some(side) = gate {
                draft.put(area.clone(), Boundary::default());
                draft.put((view.clone(), area), Place::boxed(0.0, 0.0, 800.0, 600.0));
                place = Place::on_side(side, 0.5);
            }
            draft.put((view.clone(), id.clone()), place);
            draft.finish()
        };
        model.apply(&edit);
        let layout = Layout::of(&model, &view, &Nesting::of(&model));
        let (marks, highlight) = (Marks::default(), Highlight::default());
        let look = Look::whole(&marks, &highlight, 1.0);
        let by = centre - layout.rect(&id).unwrap_or_default().centre();
        let is_own = |it: &Id| *it == id;
        self.some(painter, (&layout, &look), is_own, (by, OPACITY), camera);
    }

    /// Some of a layout, elsewhere and paler.
    fn some(
        &mut self,
        painter: &Painter,
        (layout, look): (&Layout, &Look<'_>),
        is_meant: impl Fn(&Id) -> bool,
        (by, opacity): (Pos, f32),
        camera: &Camera,
    ) {
        let there = Camera { corner: camera.corner - by, ..*camera };
        self.painting.paint(painter, &there, false, |out| {
            display(layout, look, &mut |it| {
                if it.element.is_some_and(&is_meant) {
                    out(&Item { opacity: it.opacity * opacity, ..*it });
                }
            });
        });
    }
}
