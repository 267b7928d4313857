//! Moving elements: boundaries with all in them, into other boundaries, firewalls onto their edges, and what has no flows yet
//! into one.

use std::collections::BTreeSet;

use egui::CursorIcon;

use super::super::snap;
use super::{After, Edge, Gesture, Ghost, Stage, boundary_at, edge_at, flow_at};
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
    /// The one component, if it may be put into a flow.
    loose: Option<Id>,
    /// The line that its middle was on when the drag began: whoever moves it a little means no flow, until it was off that.
    lay_on: Option<Id>,
    /// Alt was down when the drag began: copies are moved, and they stay.
    copies: bool,
    to: To,
}

#[derive(Debug)]
enum To {
    /// That far, and into that boundary.
    By(Pos, Membership),
    Edge(Edge),
    /// Into a flow at that position; its corner there where it can stand only aside.
    Flow(Id, Pos, Pos),
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
        let loose = only.filter(|it| !copies && editor.may_go_between(it)).cloned();
        let lay_on = flow_at(editor, rect.centre(), stage.zoom, loose.as_ref());
        Some(Self {
            ids,
            all,
            id: grabbed.clone(),
            grabbed: rect,
            neighbours,
            guard,
            loose,
            lay_on,
            copies,
            to: To::By(Pos::ZERO, Membership::Keep),
        })
    }

    /// How far the pointer pulls, and along which axes.
    fn pulled(stage: &Stage<'_>) -> (Pos, (bool, bool)) {
        let by = stage.at - stage.press;
        if !stage.keys.shift {
            return (by, (true, true));
        }
        // The longer way wins.
        let along = (by.x.abs() >= by.y.abs(), by.x.abs() < by.y.abs());
        (if along.0 { Pos::new(by.x, 0.0) } else { Pos::new(0.0, by.y) }, along)
    }

    fn by(&self, stage: &mut Stage<'_>) -> Pos {
        let (by, along) = Self::pulled(stage);
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

    /// The flow that it would be put into: one that its middle is on, where the pointer pulls it or where it is shown, and that
    /// is drawn for itself. Alt keeps it out of all.
    fn flow(&mut self, stage: &Stage<'_>, ways: [Pos; 2]) -> Option<(Id, Pos)> {
        let id = self.loose.as_ref().filter(|_| !stage.keys.alt)?;
        let mut middles = ways.into_iter().map(|by| self.grabbed.centre() + by);
        let found = middles.find_map(|at| Some((flow_at(stage.editor, at, stage.zoom, Some(id))?, at)));
        if found.as_ref().map(|it| &it.0) != self.lay_on.as_ref() {
            self.lay_on = None;
        }
        let is_alone = |it: &Id| stage.editor.layout().flows.get(it).is_some_and(|it| it.merged.is_empty());
        found.filter(|it| self.lay_on.is_none() && is_alone(&it.0))
    }

    /// Shows it in a flow, with the room that is made for it; where it can stand only aside, so far from where it was.
    fn go_into(&mut self, stage: &mut Stage<'_>, (flow, at): (Id, Pos), by: Pos) {
        let Some(id) = &self.loose else { return };
        let between = stage.editor.between_with(id, &flow, at, stage.room);
        if let Some(it) = &between {
            *stage.overlay = it.with_room();
            (stage.highlight.guides, stage.highlight.gaps) = Default::default();
        }
        let by = between.map_or(by, |it| it.centre - self.grabbed.centre());
        stage.overlay.moved.insert(id.clone(), by);
        stage.ghosts.push(Ghost::Above(id.clone()));
        stage.highlight.hovered = Some(flow.clone());
        self.to = To::Flow(flow, at, self.grabbed.min + by);
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
        let (pulled, by) = (Self::pulled(stage).0, self.by(stage));
        if let Some(flow) = self.flow(stage, [pulled, by]) {
            return self.go_into(stage, flow, by);
        }
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
            (To::Flow(flow, at, aside), _) => {
                stage.editor.put_into_flow(&self.id, &flow, at, aside);
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

#[cfg(test)]
mod tests {
    use egui::Modifiers;

    use super::*;
    use crate::editor::{Editor, LastRoom, Surroundings};
    use crate::scene::{Highlight, Overlay};

    const TWO: &str = r#"(
        format: 1,
        components: {"a": (kind: "cache"), "b": (kind: "cache"), "free": (kind: "cache")},
        flows: {"f": (from: "a", to: "b")},
        views: {"main": (name: "Main")},
        places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 800, y: 0), ("main", "free"): (x: 400, y: 400)},
    )"#;

    /// Lets a gesture go on, begun if there is none, and tells which flow is lit and how far the card is shown from where it is.
    fn go(editor: &mut Editor, moving: &mut Option<Moving>, by: Pos, keys: Modifiers) -> (Option<Id>, Pos) {
        let (mut highlight, mut overlay, mut ghosts) = (Highlight::default(), Overlay::default(), Vec::new());
        let free = Id::slug("free");
        let press = editor.layout().rect(&free).unwrap().centre();
        let mut stage = Stage {
            editor,
            highlight: &mut highlight,
            overlay: &mut overlay,
            ghosts: &mut ghosts,
            room: &mut LastRoom::default(),
            press,
            at: press + by,
            keys,
            zoom: 1.0,
            seen: Rect::new(-1000.0, -1000.0, 3000.0, 3000.0),
        };
        if moving.is_none() {
            *moving = Moving::of(&stage, &free);
        }
        moving.as_mut().unwrap().go(&mut stage);
        (highlight.hovered, overlay.moved.get(&free).copied().unwrap_or_default())
    }

    #[test]
    fn a_flow_is_lit_while_a_loose_card_would_be_put_into_it() {
        let mut editor = Editor::with(crate::model::read(TWO.as_bytes()).unwrap(), Surroundings::fixed());
        let (free, flow) = (Id::slug("free"), Some(Id::slug("f")));
        editor.select([free.clone()]);
        let off = editor.layout().flows[&Id::slug("f")].points[0].y
            - editor.layout().rect(&free).unwrap().centre().y;
        let mut moving = None;
        let there = Pos::new(3.0, off + 5.0);
        assert_eq!(go(&mut editor, &mut moving, Pos::new(3.0, off + 60.0), Modifiers::NONE).0, None);
        let (lit, by) = go(&mut editor, &mut moving, there, Modifiers::NONE);
        assert_eq!((&lit, by.y), (&flow, off), "it is shown in the line");
        assert_eq!(go(&mut editor, &mut moving, there, Modifiers::COMMAND), (flow.clone(), by));
        assert_eq!(go(&mut editor, &mut moving, there, Modifiers::ALT).0, None);
        assert_eq!(go(&mut editor, &mut moving, there, Modifiers::NONE).0, flow);
        // Where it lies on the line already, that is meant once it was off it.
        let line = editor.layout().flows[&Id::slug("f")].points[0].y;
        editor.bend(&Id::slug("f"), &[300.0, 700.0].map(|x| Pos::new(x, line)), 1);
        editor.move_by(&BTreeSet::from([free]), by, &Membership::Keep);
        let (mut moving, near) = (None, Pos::new(8.0, 0.0));
        assert_eq!(go(&mut editor, &mut moving, near, Modifiers::NONE).0, None);
        assert_eq!(go(&mut editor, &mut moving, Pos::new(8.0, 60.0), Modifiers::NONE).0, None);
        assert_eq!(go(&mut editor, &mut moving, near, Modifiers::NONE).0, flow);
    }
}
