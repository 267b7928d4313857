//! New elements as boxes in boxes: each boundary as large as what it holds asks for, and each block of what is placed
//! as one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::PADDING;
use super::engine::{CompoundGraph, Edge, LayoutEngine as _, Node};
use super::layered::Layered;
use super::layering::Size;
use crate::model::{Access, Capability, Component, Family, Flow, Id};
use crate::scene::cards::{EMPTY_BOUNDARY, natural_size, title_width};
use crate::scene::gates::pill_width;
use crate::scene::geometry::{Pos, Rect};
use crate::scene::nest::Stage;
use crate::tokens::size;

/// A longer title makes no boundary wider.
const WIDEST_TITLE: f32 = 320.0;

/// What is placed as one.
#[derive(Default)]
struct Block<'a> {
    graph: CompoundGraph,
    /// What each node is, and whether that is a boundary.
    elements: Vec<(&'a Id, bool)>,
    boxes: Vec<Rect>,
    size: Size,
}

/// New elements, each behind the one that it stands in.
#[derive(Default)]
pub(super) struct Blocks<'a> {
    /// The block of each element, and its number there.
    number: BTreeMap<&'a Id, (usize, usize)>,
    /// The new boundaries that new gates guard, which stand for them.
    guarded: BTreeMap<&'a Id, (usize, usize)>,
    blocks: Vec<Block<'a>>,
}

impl<'a> Blocks<'a> {
    /// The number of a new block.
    pub(super) fn begin(&mut self) -> usize {
        self.blocks.push(Block::default());
        self.blocks.len() - 1
    }

    /// Adds an element to a block.
    pub(super) fn add(&mut self, stage: &Stage<'_>, id: &'a Id, block: usize) {
        self.push(stage, id, block, None);
    }

    /// Adds an element to a new boundary; `false` if the boundary is not there.
    pub(super) fn add_within(&mut self, stage: &Stage<'_>, id: &'a Id, boundary: &Id) -> bool {
        let Some((block, parent)) = self.number.get(boundary).copied() else { return false };
        self.push(stage, id, block, Some(parent));
        true
    }

    fn push(&mut self, stage: &Stage<'_>, id: &'a Id, block: usize, parent: Option<usize>) {
        let component = stage.model.component(id);
        let size = match component {
            Some(it) => natural_size(stage, it),
            None => least_boundary(stage, id),
        };
        let Block { graph, elements, .. } = &mut self.blocks[block];
        self.number.insert(id, (block, graph.nodes.len()));
        let rank = component.map_or(u8::MAX, rank);
        graph.nodes.push(Node { parent, size, rank, leaves: false });
        elements.push((id, component.is_none()));
    }

    /// Says that an element is the gate of a new boundary, which is to be wide enough for it.
    pub(super) fn add_gate(&mut self, id: &'a Id, component: &Component, boundary: &Id) {
        let Some(node) = self.number.get(boundary).copied() else { return };
        self.guarded.insert(id, node);
        self.blocks[node.0].graph.nodes[node.1].size.0 += room_for_gate(component);
    }

    pub(super) fn holds(&self, id: &Id) -> bool {
        self.number.contains_key(id)
    }

    /// Lays out every block along the flows between what it holds.
    pub(super) fn settle(&mut self, flows: &BTreeMap<Id, Arc<Flow>>) {
        for flow in flows.values() {
            let (Some(from), to) = (self.node(&flow.from), self.node(&flow.to)) else { continue };
            let graph = &mut self.blocks[from.0].graph;
            match to {
                Some(to) if to.0 == from.0 => {
                    let is_copy = flow.access == Access::Replicate;
                    graph.edges.push(Edge { from: from.1, to: to.1, is_copy });
                }
                _ => graph.nodes[from.1].leaves = true,
            }
        }
        for block in &mut self.blocks {
            block.boxes = Layered.lay_out(&block.graph, &|| false).unwrap_or_default();
            let all = block.boxes.iter().fold(Rect::NOTHING, |all, it| all.union(it));
            block.size = if all.is_nothing() { (0.0, 0.0) } else { (all.max.x, all.max.y) };
        }
    }

    /// What stands for an element: for a gate, the boundary that it guards.
    fn node(&self, id: &Id) -> Option<(usize, usize)> {
        self.guarded.get(id).or_else(|| self.number.get(id)).copied()
    }

    /// The block that an element stands in, at any depth.
    pub(super) fn block_of(&self, id: &Id) -> Option<usize> {
        Some(self.node(id)?.0)
    }

    pub(super) fn size(&self, block: usize) -> Size {
        self.blocks[block].size
    }

    /// The boxes of a block whose upper left corner is there, outer before inner.
    pub(super) fn boxes(&self, block: usize, at: Pos) -> Vec<Boxed<'a>> {
        let Block { elements, boxes, .. } = &self.blocks[block];
        let boxed = |((id, is_boundary), rect): (&(&'a Id, bool), &Rect)| Boxed {
            id,
            rect: rect.moved(at),
            is_boundary: *is_boundary,
        };
        elements.iter().zip(boxes).map(boxed).collect()
    }
}

/// A new element with its box.
pub(super) struct Boxed<'a> {
    pub(super) id: &'a Id,
    pub(super) rect: Rect,
    pub(super) is_boundary: bool,
}

/// The least size of a boundary: it shows its title.
pub(in crate::scene) fn least_boundary(stage: &Stage<'_>, id: &Id) -> Size {
    let title = stage.model.boundary(id).map_or(0.0, |it| title_width(it.title()));
    (EMPTY_BOUNDARY.0.max(title.min(WIDEST_TITLE) + PADDING), EMPTY_BOUNDARY.1)
}

/// How much wider a boundary is for a gate on its upper edge.
pub(in crate::scene) fn room_for_gate(gate: &Component) -> f32 {
    pill_width(gate) + size::SPACE_8
}

/// Who comes first where flows do not say: those who use a system, then what they meet.
pub(in crate::scene) fn rank(component: &Component) -> u8 {
    match component.kind().family {
        _ if component.can(Capability::Actor) => 0,
        Family::Outside => 1,
        Family::Edge => 2,
        Family::Compute => 3,
        Family::Messaging => 4,
        Family::Data => 5,
        Family::Trust => 6,
        Family::Operations => 7,
        Family::Note => 8,
    }
}
