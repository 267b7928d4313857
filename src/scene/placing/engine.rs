//! What a layout engine is given, and what it answers: boxes in boxes, by number, and what leads from one to another.
//!
//! It knows nothing of models, views and pins, so that another one can take its place; ARCHITECTURE.md says which were tried.

use crate::model::Direction;
use crate::scene::geometry::Rect;

/// Says whether a layout is to be given up.
pub type IsOver<'a> = &'a dyn Fn() -> bool;

/// Finds places for boxes in boxes, so that what leads from one to another runs one way and is short.
pub trait LayoutEngine: Sync {
    /// A box for each node, on the grid, in the order of the nodes; `None` if it was to be given up.
    ///
    /// What one node holds lies within it, below its title, and no two nodes overlap of which none holds the other. The
    /// same graph has the same boxes.
    fn lay_out(&self, graph: &CompoundGraph, is_over: IsOver<'_>) -> Option<Vec<Rect>>;
}

/// Boxes in boxes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompoundGraph {
    pub direction: Direction,
    /// Each behind the one that holds it.
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// A card, or a boundary with what it holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// The number of the node that holds it.
    pub parent: Option<usize>,
    /// Width and height in pixels; of one that holds others, the least.
    pub size: (f32, f32),
    /// What comes first where nothing else decides, lowest first.
    pub rank: u8,
    /// Whether something leads from it to what is not in the graph.
    pub leaves: bool,
}

/// What leads from one node to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// The two stand for each other, and like to stand side by side.
    pub is_copy: bool,
}

impl CompoundGraph {
    /// A node and what holds it, from the innermost out.
    pub(in crate::scene) fn chain(&self, n: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(n), |it| self.nodes[*it].parent)
    }

    /// What each node holds directly.
    pub(in crate::scene) fn inner(&self) -> Vec<Vec<usize>> {
        let mut inner = vec![Vec::new(); self.nodes.len()];
        for (n, it) in self.nodes.iter().enumerate() {
            if let Some(parent) = it.parent {
                inner[parent].push(n);
            }
        }
        inner
    }
}
