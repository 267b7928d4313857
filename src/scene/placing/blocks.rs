//! New elements as boxes in boxes: each boundary as large as what it holds asks for, and each block of what is placed
//! as one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::layering::{Graph, Link, Size, arrange};
use super::{PADDING, TOP};
use crate::model::{Access, Capability, Component, Family, Flow, Id};
use crate::scene::SNAP;
use crate::scene::cards::{EMPTY_BOUNDARY, natural_size, title_width};
use crate::scene::gates::pill_width;
use crate::scene::geometry::{Pos, Rect};
use crate::scene::nest::Stage;
use crate::tokens::size;

/// A longer title makes no boundary wider.
const WIDEST_TITLE: f32 = 320.0;

/// An element, by its number, or a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    Block(usize),
    Node(usize),
}

struct Node<'a> {
    id: &'a Id,
    is_boundary: bool,
    holder: Holder,
    /// How many new boundaries it stands in.
    depth: usize,
    /// What it asks for by itself; for a boundary, the least.
    size: Size,
    rank: u8,
    /// Whether flows lead from it out of what holds it.
    leaves: bool,
    /// Its upper left corner, in what holds it.
    at: Pos,
    inner: Vec<usize>,
}

/// A flow, by the numbers of its ends and of what stands for them where both are held by the same.
#[derive(Debug, Clone, Copy)]
struct Lifted {
    ends: (usize, usize),
    lifted: (usize, usize),
    is_copy: bool,
}

/// New elements, each behind the one that it stands in.
#[derive(Default)]
pub(super) struct Blocks<'a> {
    nodes: Vec<Node<'a>>,
    number: BTreeMap<&'a Id, usize>,
    /// The new boundaries that new gates guard, which stand for them.
    guarded: BTreeMap<&'a Id, usize>,
    blocks: Vec<(Vec<usize>, Size)>,
}

impl<'a> Blocks<'a> {
    /// The number of a new block.
    pub(super) fn begin(&mut self) -> usize {
        self.blocks.push((Vec::new(), (0.0, 0.0)));
        self.blocks.len() - 1
    }

    /// Adds an element to a block.
    pub(super) fn add(&mut self, stage: &Stage<'_>, id: &'a Id, block: usize) {
        self.push(stage, id, Holder::Block(block), 0);
    }

    /// Adds an element to a new boundary; `false` if the boundary is not there.
    pub(super) fn add_within(&mut self, stage: &Stage<'_>, id: &'a Id, boundary: &Id) -> bool {
        let Some(n) = self.number.get(boundary).copied() else { return false };
        self.push(stage, id, Holder::Node(n), self.nodes[n].depth + 1);
        true
    }

    fn push(&mut self, stage: &Stage<'_>, id: &'a Id, holder: Holder, depth: usize) {
        let n = self.nodes.len();
        let component = stage.model.component(id);
        let title = stage.model.boundary(id).map_or(0.0, |it| title_width(it.title()));
        let size = match component {
            Some(it) => natural_size(stage, it),
            None => (EMPTY_BOUNDARY.0.max(title.min(WIDEST_TITLE) + PADDING), EMPTY_BOUNDARY.1),
        };
        match holder {
            Holder::Block(it) => self.blocks[it].0.push(n),
            Holder::Node(it) => self.nodes[it].inner.push(n),
        }
        self.number.insert(id, n);
        let (is_boundary, rank) = (component.is_none(), component.map_or(u8::MAX, rank));
        self.nodes.push(Node {
            id,
            is_boundary,
            holder,
            depth,
            size,
            rank,
            leaves: false,
            at: Pos::ZERO,
            inner: Vec::new(),
        });
    }

    /// Says that an element is the gate of a new boundary, which is to be wide enough for it.
    pub(super) fn add_gate(&mut self, id: &'a Id, component: &Component, boundary: &Id) {
        let Some(node) = self.number.get(boundary).copied() else { return };
        self.guarded.insert(id, node);
        self.nodes[node].size.0 += pill_width(component) + size::SPACE_8;
    }

    pub(super) fn holds(&self, id: &Id) -> bool {
        self.number.contains_key(id)
    }

    /// Lays out every boundary and every block along the flows between what it holds.
    pub(super) fn settle(&mut self, flows: &BTreeMap<Id, Arc<Flow>>) {
        let mut within: Vec<Vec<Lifted>> = vec![Vec::new(); self.nodes.len()];
        let mut among: Vec<Vec<Lifted>> = vec![Vec::new(); self.blocks.len()];
        for flow in flows.values() {
            let lifted = self.lifted(flow);
            match lifted {
                Some((Holder::Block(it), lifted)) => among[it].push(lifted),
                Some((Holder::Node(it), lifted)) => within[it].push(lifted),
                None => {}
            }
            self.leave(&flow.from, &flow.to, lifted.map(|it| it.1.lifted.0));
        }
        // What is held comes behind what holds it.
        for (n, flows) in within.into_iter().enumerate().rev() {
            let inner = std::mem::take(&mut self.nodes[n].inner);
            self.nodes[n].rank =
                inner.iter().map(|it| self.nodes[*it].rank).fold(self.nodes[n].rank, u8::min);
            if !inner.is_empty() {
                let (width, height) = self.fill(&inner, &flows);
                let wide = (width + 2.0 * PADDING).max(self.nodes[n].size.0);
                let wide = (wide / (2.0 * SNAP)).ceil() * 2.0 * SNAP;
                let left = ((wide - width) / 2.0 / SNAP).floor() * SNAP;
                for it in &inner {
                    self.nodes[*it].at = self.nodes[*it].at + Pos::new(left, TOP);
                }
                self.nodes[n].size = (wide, height + TOP + PADDING);
            }
            let (width, height) = self.nodes[n].size;
            self.nodes[n].size = ((width / SNAP).ceil() * SNAP, (height / SNAP).ceil() * SNAP);
            self.nodes[n].inner = inner;
        }
        for (n, flows) in among.into_iter().enumerate() {
            let roots = std::mem::take(&mut self.blocks[n].0);
            let size = self.fill(&roots, &flows);
            self.blocks[n] = (roots, size);
        }
    }

    /// Notes that a flow leads out of all that its source stands in, up to what stands for it or is its target.
    fn leave(&mut self, from: &Id, to: &Id, last: Option<usize>) {
        let (Some(from), to) = (self.node(from), self.node(to)) else { return };
        if to.is_some_and(|it| self.chain(it).any(|it| it == from)) {
            return;
        }
        let chain: Vec<usize> =
            self.chain(from).take_while(|it| Some(*it) != last && Some(*it) != to).collect();
        for n in chain {
            self.nodes[n].leaves = true;
        }
    }

    /// An element and what holds it, from the innermost out.
    fn chain(&self, n: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(n), |it| match self.nodes[*it].holder {
            Holder::Node(outer) => Some(outer),
            Holder::Block(_) => None,
        })
    }

    /// What stands for an element: for a gate, the boundary that it guards.
    fn node(&self, id: &Id) -> Option<usize> {
        self.guarded.get(id).or_else(|| self.number.get(id)).copied()
    }

    /// Arranges what one holder holds; returns the size of it all.
    fn fill(&mut self, inner: &[usize], flows: &[Lifted]) -> Size {
        let place: BTreeMap<usize, usize> = inner.iter().enumerate().map(|it| (*it.1, it.0)).collect();
        let mut graph = Graph {
            sizes: inner.iter().map(|it| self.nodes[*it].size).collect(),
            ranks: inner.iter().map(|it| self.nodes[*it].rank).collect(),
            leaves: inner.iter().map(|it| self.nodes[*it].leaves).collect(),
            ..Graph::default()
        };
        for it in flows {
            let (Some(from), Some(to)) = (place.get(&it.lifted.0), place.get(&it.lifted.1)) else { continue };
            if it.is_copy {
                graph.peers.push((*from, *to));
            } else {
                let start = self.off_middle(it.ends.0, it.lifted.0);
                let end = self.off_middle(it.ends.1, it.lifted.1);
                graph.flows.push(Link { from: *from, to: *to, start, end });
            }
        }
        let (places, size) = arrange(&graph);
        for (it, at) in inner.iter().zip(places) {
            self.nodes[*it].at = at;
        }
        size
    }

    /// How far right of the middle of an outer box that of an inner one lies.
    fn off_middle(&self, inner: usize, outer: usize) -> f32 {
        let (mut at, mut x) = (inner, self.nodes[inner].size.0 / 2.0);
        while at != outer {
            x += self.nodes[at].at.x;
            let Holder::Node(next) = self.nodes[at].holder else { break };
            at = next;
        }
        x - self.nodes[outer].size.0 / 2.0
    }

    /// What holds both ends of a flow, and what in it stands for each; `None` if nothing does or both are one.
    fn lifted(&self, flow: &Flow) -> Option<(Holder, Lifted)> {
        let ends = (self.node(&flow.from)?, self.node(&flow.to)?);
        let (mut a, mut b) = ends;
        while a != b {
            let (one, two) = (&self.nodes[a], &self.nodes[b]);
            if one.holder == two.holder {
                let is_copy = flow.access == Access::Replicate;
                return Some((one.holder, Lifted { ends, lifted: (a, b), is_copy }));
            }
            match (one.holder, two.holder) {
                (Holder::Node(outer), _) if one.depth >= two.depth => a = outer,
                (_, Holder::Node(outer)) => b = outer,
                _ => return None,
            }
        }
        None
    }

    /// The block that an element stands in, at any depth.
    pub(super) fn block_of(&self, id: &Id) -> Option<usize> {
        let outermost = self.chain(self.node(id)?).last()?;
        match self.nodes[outermost].holder {
            Holder::Block(block) => Some(block),
            Holder::Node(_) => None,
        }
    }

    pub(super) fn size(&self, block: usize) -> Size {
        self.blocks[block].1
    }

    /// The boxes of a block whose upper left corner is there, outer before inner.
    pub(super) fn boxes(&self, block: usize, at: Pos) -> Vec<Boxed<'a>> {
        let mut boxes = Vec::new();
        let mut open: Vec<(usize, Pos)> = self.blocks[block].0.iter().map(|it| (*it, at)).collect();
        while let Some((n, corner)) = open.pop() {
            let it = &self.nodes[n];
            let corner = corner + it.at;
            boxes.push(Boxed {
                id: it.id,
                rect: Rect::at(corner, it.size.0, it.size.1),
                is_boundary: it.is_boundary,
            });
            open.extend(it.inner.iter().map(|it| (*it, corner)));
        }
        boxes
    }
}

/// A new element with its box.
pub(super) struct Boxed<'a> {
    pub(super) id: &'a Id,
    pub(super) rect: Rect,
    pub(super) is_boundary: bool,
}

/// Who comes first where flows do not say: those who use a system, then what they meet.
fn rank(component: &Component) -> u8 {
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
