//! Moving elements: boundaries with all in them, into other boundaries, and firewalls onto their edges.

use std::collections::BTreeSet;

use egui::CursorIcon;

use super::super::snap;
use super::{After, Edge, Gesture, Ghost, Stage, boundary_at, edge_at};
use crate::editor::{Membership, may_be_gate};
use crate::model::{Component, Id};
use crate::scene::{Pos, Rect};

#[derive(Debug)]
pub(super) struct Moving {
    ids: BTreeSet<Id>,
    /// They, all that stands in them, and the gates of these.
    all: BTreeSet<Id>,
    /// The one that was grabbed and its box: it is what snaps.
    id: Id,
    grabbed: Rect,
    neighbours: Vec<Rect>,
    /// The one component, if it may be a gate.
    guard: Option<(Id, Component)>,
    /// Alt was down when the drag began: copies are moved, and they stay.
    copies: bool,
    to: To,
}

#[derive(Debug)]
enum To {
    /// That far, and into that boundary.
    By(Pos, Membership),
    Edge(Edge),
}

impl Moving {
    pub(super) fn of(stage: &Stage<'_>, grabbed: &Id) -> Option<Self> {
        let (editor, layout) = (&*stage.editor, stage.editor.layout());
        // A gate stays on its boundary, and a flow goes with its ends.
        let moves = |id: &&Id| layout.cards.contains_key(*id) || layout.boundaries.contains_key(*id);
        let boxes = editor.selection().iter().filter(moves);
        let ids: BTreeSet<Id> = boxes.filter(|it| editor.can_move(it)).cloned().collect();
        let is_held = !ids.contains(grabbed) && !layout.gates.contains_key(grabbed);
        let rect = layout.rect(grabbed).filter(|_| !ids.is_empty() && !is_held)?;
        let all = editor.with_contents_and_gates(&ids);
        let parent = editor.nesting().parent(grabbed);
        let cards = layout.cards.iter().map(|(id, it)| (id, it.rect));
        let around = layout.boundaries.iter().filter(|it| it.1.parent.as_ref() == parent);
        let beside = cards.chain(around.map(|(id, it)| (id, it.rect)));
        let beside = beside.filter(|(id, rect)| rect.overlaps(&stage.seen) && !all.contains(*id));
        let neighbours = beside.map(|it| it.1).collect();
        let only = ids.first().filter(|_| ids.len() == 1);
        let component = only.and_then(|id| Some((id.clone(), editor.model().component(id)?.clone())));
        let guard = component.filter(|it| may_be_gate(it.1.kind()));
        let copies = stage.keys.alt;
        Some(Self {
            ids,
            all,
            id: grabbed.clone(),
            grabbed: rect,
            neighbours,
            guard,
            copies,
            to: To::By(Pos::ZERO, Membership::Keep),
        })
    }

    fn by(&self, stage: &mut Stage<'_>) -> Pos {
        let mut by = stage.at - stage.press;
        let mut along = (true, true);
        if stage.keys.shift {
            // The longer way wins.
            along = (by.x.abs() >= by.y.abs(), by.x.abs() < by.y.abs());
            by = if along.0 { Pos::new(by.x, 0.0) } else { Pos::new(0.0, by.y) };
        }
        if stage.keys.command {
            return by;
        }
        let grid = (stage.editor.shown.snap, stage.zoom);
        let beside = self.beside(stage, &self.grabbed.moved(by));
        let around = snap::Around { neighbours: &self.neighbours, beside: &beside };
        let snapped = snap::moved(&self.grabbed, by, &around, grid, along);
        (stage.highlight.guides, stage.highlight.gaps) = (snapped.guides, snapped.gaps);
        snapped.by
    }

    /// What is seen of the row and the column in which the box comes to lie, of what stands where it would belong.
    fn beside(&self, stage: &Stage<'_>, at: &Rect) -> Vec<Rect> {
        let (editor, layout) = (&*stage.editor, stage.editor.layout());
        let parent = match self.membership(stage) {
            Membership::Within(boundary) => boundary,
            Membership::Keep => editor.nesting().parent(&self.id).cloned(),
        };
        // Alignment may still move it so far.
        let near = at.grown(snap::NEAR / stage.zoom);
        let row =
            Rect { min: Pos::new(stage.seen.min.x, near.min.y), max: Pos::new(stage.seen.max.x, near.max.y) };
        let column =
            Rect { min: Pos::new(near.min.x, stage.seen.min.y), max: Pos::new(near.max.x, stage.seen.max.y) };
        let is_beside = |id: &Id| {
            !self.all.contains(id)
                && !layout.gates.contains_key(id)
                && editor.nesting().parent(id) == parent.as_ref()
        };
        let ids: BTreeSet<&Id> = layout.boxes_at(&row).chain(layout.boxes_at(&column)).collect();
        let rects = ids.into_iter().filter(|it| is_beside(it)).filter_map(|it| layout.rect(it));
        rects.filter(|it| it.overlaps(&stage.seen)).collect()
    }

    /// The boundary that they would come into, if that is another than they are in. Alt keeps them where they belong.
    fn membership(&self, stage: &Stage<'_>) -> Membership {
        if stage.keys.alt && !self.copies {
            return Membership::Keep;
        }
        let into = boundary_at(stage.editor, stage.at, &self.all);
        let nesting = stage.editor.nesting();
        let changes = self.ids.iter().any(|it| nesting.parent(it) != into.as_ref());
        if changes { Membership::Within(into) } else { Membership::Keep }
    }
}

impl Gesture for Moving {
    fn go(&mut self, stage: &mut Stage<'_>) {
        if let Some((id, component)) = self.guard.as_ref().filter(|_| !self.copies && !stage.keys.alt)
            && let Some(edge) = edge_at(stage.editor, stage.at, stage.zoom, &BTreeSet::new())
        {
            stage.overlay.moved.insert(id.clone(), edge.pos - self.grabbed.centre());
            stage.highlight.drop_target = Some(edge.boundary.clone());
            stage.ghosts.push(Ghost::Gate {
                component: component.clone(),
                side: edge.side,
                centre: edge.pos,
                hides: Some(id.clone()),
            });
            self.to = To::Edge(edge);
            return;
        }
        let by = self.by(stage);
        let into = self.membership(stage);
        if let Membership::Within(boundary) = &into {
            stage.highlight.drop_target.clone_from(boundary);
        }
        if self.copies {
            stage.ghosts.push(Ghost::Copies { ids: self.all.clone(), by });
        } else {
            stage.overlay.moved.extend(self.ids.iter().map(|it| (it.clone(), by)));
        }
        self.to = To::By(by, into);
    }

    fn finish(mut self: Box<Self>, stage: &mut Stage<'_>) -> After {
        self.go(stage);
        match (self.to, self.guard) {
            (To::Edge(edge), Some((id, _))) => {
                stage.editor.make_gate(&id, &edge.boundary, edge.side, edge.offset);
            }
            (To::By(by, into), _) if self.copies => stage.editor.duplicate_by(&self.ids, by, &into),
            (To::By(by, into), _) => stage.editor.move_by(&self.ids, by, &into),
            (To::Edge(_), None) => {}
        }
        After::Nothing
    }

    fn cursor(&self) -> CursorIcon {
        if self.copies { CursorIcon::Copy } else { CursorIcon::Grabbing }
    }
}
