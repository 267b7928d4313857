//! What is shown before it is there: cards and gates on their way, copies being dragged.

use egui::Painter;

use super::tools::Ghost;
use crate::model::{Boundary, Component, Draft, Id, MAIN_VIEW, Model, Nesting, Place, Side};
use crate::scene::{DisplayList, Highlight, Item, Layout, Look, Marks, Rect, display};
use crate::ui::paint::{Camera, Painting};

/// How much of a ghost is there.
const OPACITY: f32 = 0.9;
const COPIES: f32 = 0.7;

/// Paints ghosts: each is laid out as what it will be, in a small model of its own.
#[derive(Debug, Default)]
pub(super) struct Ghosts {
    painting: Painting,
    list: DisplayList,
}

impl Ghosts {
    pub(super) fn paint(
        &mut self,
        painter: &Painter,
        ghosts: &[Ghost],
        drawn: &DisplayList,
        camera: &Camera,
    ) {
        for ghost in ghosts {
            self.list.clear();
            let (by, opacity) = match ghost {
                Ghost::Card { component, centre, .. } => {
                    let rect = self.lay_out(component, None);
                    (*centre - rect.centre(), OPACITY)
                }
                Ghost::Gate { component, side, centre, .. } => {
                    let rect = self.lay_out(component, Some(*side));
                    (*centre - rect.centre(), OPACITY)
                }
                Ghost::Copies { ids, by } => {
                    let copies = drawn
                        .items
                        .iter()
                        .filter(|it| it.element.as_ref().is_some_and(|it| ids.contains(it)));
                    self.list.items.extend(copies.cloned());
                    (*by, COPIES)
                }
            };
            for item in &mut self.list.items {
                item.opacity *= opacity;
            }
            let there = Camera { corner: camera.corner - by, ..*camera };
            self.painting.paint(painter, &self.list, &there, false);
        }
    }

    /// Fills the list with a component alone, as a card or as a gate; returns where it stands there.
    fn lay_out(&mut self, component: &Component, gate: Option<Side>) -> Rect {
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
        display(&layout, &look, &mut self.list);
        let is_own = |it: &Item| it.element.as_ref() == Some(&id);
        self.list.items.retain(is_own);
        layout.rect(&id).unwrap_or_default()
    }
}
