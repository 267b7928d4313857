//! What is laid out, as boxes in boxes for an engine: cards, boundaries with what is in them, and the flows between them.

use std::collections::{BTreeMap, VecDeque};

use crate::model::{Access, Direction, Id};
use crate::scene::Layout;
use crate::scene::geometry::Rect;
use crate::scene::nest::Stage;
use crate::scene::placing::{CompoundGraph, Edge, Node, least_boundary, rank, room_for_gate};

/// Elements, each behind the one that it stands in.
pub(super) struct Tree {
    pub(super) graph: CompoundGraph,
    pub(super) ids: Vec<Id>,
    /// The boxes as they stand.
    pub(super) boxes: Vec<Rect>,
    pub(super) is_open: Vec<bool>,
    pub(super) is_collapsed: Vec<bool>,
    /// What stays where it is.
    pub(super) pinned: Vec<bool>,
    number: BTreeMap<Id, usize>,
}

impl Tree {
    /// These elements, and all that stands in them.
    pub(super) fn of(stage: &Stage<'_>, layout: &Layout, roots: &[Id], direction: Direction) -> Self {
        let mut tree = Self {
            graph: CompoundGraph { direction, ..CompoundGraph::default() },
            ids: Vec::new(),
            boxes: Vec::new(),
            is_open: Vec::new(),
            is_collapsed: Vec::new(),
            pinned: Vec::new(),
            number: BTreeMap::new(),
        };
        let mut open: VecDeque<(&Id, Option<usize>)> = roots.iter().map(|it| (it, None)).collect();
        while let Some((id, parent)) = open.pop_front() {
            // A file may hold boundaries that stand in each other.
            if tree.number.contains_key(id) {
                continue;
            }
            let Some(n) = tree.push(stage, layout, id, parent) else { continue };
            open.extend(layout.members.get(id).into_iter().flatten().map(|it| (it, Some(n))));
        }
        tree.connect(stage, layout);
        tree
    }

    fn push(&mut self, stage: &Stage<'_>, layout: &Layout, id: &Id, parent: Option<usize>) -> Option<usize> {
        let n = self.ids.len();
        let place = stage.place(id)?;
        let is_open = layout.boundaries.contains_key(id);
        let rect = layout.rect(id)?;
        let is_empty = layout.members.get(id).is_none_or(std::collections::BTreeSet::is_empty);
        let mut size = (rect.width(), rect.height());
        if is_open && !is_empty {
            size = least_boundary(stage, id);
            let gates = layout.gates_on.get(id).into_iter().flatten();
            size.0 += gates.filter_map(|it| stage.model.component(it)).map(room_for_gate).sum::<f32>();
        }
        let component = stage.model.component(id);
        let is_collapsed = component.is_none() && !is_open;
        let is_locked = |it: &Id| stage.place(it).is_some_and(|it| it.locked && it.side.is_none());
        let holds_locked = is_collapsed && stage.nesting.all_in(id).iter().any(is_locked);
        self.number.insert(id.clone(), n);
        self.graph.nodes.push(Node { parent, size, rank: component.map_or(u8::MAX, rank), leaves: false });
        self.ids.push(id.clone());
        self.boxes.push(rect);
        self.is_open.push(is_open);
        self.is_collapsed.push(is_collapsed);
        self.pinned.push(place.locked || holds_locked);
        Some(n)
    }

    fn connect(&mut self, stage: &Stage<'_>, layout: &Layout) {
        for flow in stage.model.flows().values() {
            let (Some(from), Some(to)) = (stage.drawn_as(&flow.from), stage.drawn_as(&flow.to)) else {
                continue;
            };
            let Some(from) = self.node(layout, &from) else { continue };
            match self.node(layout, &to) {
                Some(to) if to == from => {}
                Some(to) => {
                    let is_copy = flow.access == Access::Replicate;
                    self.graph.edges.push(Edge { from, to, is_copy });
                }
                None => self.graph.nodes[from].leaves = true,
            }
        }
    }

    /// What stands for an element: for a gate, the boundary that it guards.
    fn node(&self, layout: &Layout, id: &Id) -> Option<usize> {
        let guarded = layout.gates.get(id).map(|it| &it.boundary);
        self.number.get(guarded.unwrap_or(id)).copied()
    }

    pub(super) fn holds(&self, id: &Id) -> bool {
        self.number.contains_key(id)
    }

    /// What it all takes up as it stands.
    pub(super) fn around(&self) -> Rect {
        self.boxes.iter().fold(Rect::NOTHING, |all, it| all.union(it))
    }
}
