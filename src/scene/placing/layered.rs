//! Our own layout engine: each box is laid out in layers along the flows between what it holds, the innermost first.

use std::collections::BTreeMap;

use super::engine::{CompoundGraph, Edge, IsOver, LayoutEngine};
use super::layering::{Graph, Link, Outside, Size, arrange};
use super::spacing::Spacing;
use super::{PADDING, TOP};
use crate::model::Direction;
use crate::scene::SNAP;
use crate::scene::geometry::{Pos, Rect};

/// A larger drawing is laid out at one look.
const LOOKS_AGAIN: usize = 2000;
/// What a crossing costs, in pixels of length.
const CROSSING: f32 = 200.0;
/// So often at most a drawing is looked at again, now that it is known where all stands that is held elsewhere.
const AGAIN: usize = 4;

/// Layers along the flows, box by box: first each by itself, then each as fits to what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layered;

impl LayoutEngine for Layered {
    fn lay_out(&self, graph: &CompoundGraph, is_over: IsOver<'_>) -> Option<Vec<Rect>> {
        let mut best = Layering::of(graph, None).run(is_over)?;
        if graph.edges.len() > LOOKS_AGAIN || graph.nodes.iter().all(|it| it.parent.is_none()) {
            return Some(best);
        }
        let (mut least, mut last) = (tangle(graph, &best), best.clone());
        for _ in 0..AGAIN {
            let next = Layering::of(graph, Some(&last)).run(is_over)?;
            let cost = tangle(graph, &next);
            if cost < least {
                (best, least) = (next.clone(), cost);
            } else if next == last {
                break;
            }
            last = next;
        }
        Some(best)
    }
}

/// How hard a drawing is to follow: how long straight lines from box to box are together, in pixels, and how often they
/// cross.
fn tangle(graph: &CompoundGraph, boxes: &[Rect]) -> f32 {
    let lines: Vec<(usize, usize, Pos, Pos)> = (graph.edges.iter())
        .map(|it| (it.from, it.to, boxes[it.from].centre(), boxes[it.to].centre()))
        .collect();
    let side = |a: Pos, b: Pos, c: Pos| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    let is_apart = |a: Pos, b: Pos, c: Pos, d: Pos| side(a, b, c) * side(a, b, d) < 0.0;
    let mut crossings = 0;
    for (n, (from, to, a, b)) in lines.iter().enumerate() {
        let others = lines[n + 1..].iter().filter(|it| ![it.0, it.1].iter().any(|it| it == from || it == to));
        crossings += others.filter(|it| is_apart(*a, *b, it.2, it.3) && is_apart(it.2, it.3, *a, *b)).count();
    }
    let length: f32 = lines.iter().map(|it| it.2.distance(it.3)).sum();
    length + CROSSING * crossings as f32
}

/// A layout that is being made.
struct Layering<'g> {
    graph: &'g CompoundGraph,
    /// Where all stood in the last look, if there was one.
    known: Option<&'g [Rect]>,
    leaving: Vec<Vec<(usize, usize)>>,
    sizes: Vec<Size>,
    ranks: Vec<u8>,
    /// Whether something leads from a node out of what holds it.
    leaves: Vec<bool>,
    /// How many nodes hold each.
    depths: Vec<usize>,
    /// Upper left corners, in what holds them.
    corners: Vec<Pos>,
}

/// An edge, by the numbers of its ends and of what stands for them where both are held by the same.
#[derive(Debug, Clone, Copy)]
struct Lifted {
    ends: (usize, usize),
    lifted: (usize, usize),
    is_copy: bool,
}

impl<'g> Layering<'g> {
    fn of(graph: &'g CompoundGraph, known: Option<&'g [Rect]>) -> Self {
        let count = graph.nodes.len();
        let mut depths = vec![0; count];
        for (n, it) in graph.nodes.iter().enumerate() {
            depths[n] = it.parent.map_or(0, |it| depths[it] + 1);
        }
        Self {
            graph,
            known,
            leaving: known.map_or_else(Vec::new, |_| Self::leaving(graph)),
            sizes: graph.nodes.iter().map(|it| it.size).collect(),
            ranks: graph.nodes.iter().map(|it| it.rank).collect(),
            leaves: vec![false; count],
            depths,
            corners: vec![Pos::ZERO; count],
        }
    }

    fn run(mut self, is_over: IsOver<'_>) -> Option<Vec<Rect>> {
        let mut within: Vec<Vec<Lifted>> = vec![Vec::new(); self.sizes.len()];
        let mut outermost: Vec<Lifted> = Vec::new();
        for edge in &self.graph.edges {
            let lifted = self.lifted(*edge);
            match lifted {
                Some((Some(it), lifted)) => within[it].push(lifted),
                Some((None, lifted)) => outermost.push(lifted),
                None => {}
            }
            self.leave(*edge, lifted.map(|it| it.1.lifted.0));
        }
        for (n, it) in self.graph.nodes.iter().enumerate().filter(|it| it.1.leaves) {
            debug_assert!(it.parent.is_none_or(|it| it < n), "each stands behind the one that holds it");
            self.graph.chain(n).for_each(|it| self.leaves[it] = true);
        }
        let inner = self.graph.inner();
        // What is held comes behind what holds it.
        for n in (0..inner.len()).rev() {
            if is_over() {
                return None;
            }
            if !inner[n].is_empty() {
                self.hold(n, &inner[n], &within[n]);
            }
            self.sizes[n] = (up(self.sizes[n].0), up(self.sizes[n].1));
        }
        let roots: Vec<usize> =
            (0..inner.len()).filter(|it| self.graph.nodes[*it].parent.is_none()).collect();
        self.fill(&roots, &outermost);
        let mut boxes: Vec<Rect> = Vec::with_capacity(inner.len());
        for (n, it) in self.graph.nodes.iter().enumerate() {
            let outer = it.parent.map_or(Pos::ZERO, |it| boxes[it].min);
            boxes.push(Rect::at(outer + self.corners[n], self.sizes[n].0, self.sizes[n].1));
        }
        Some(boxes)
    }

    /// Lays out what a node holds, and makes it as large as that asks for.
    fn hold(&mut self, n: usize, inner: &[usize], edges: &[Lifted]) {
        self.ranks[n] = inner.iter().map(|it| self.ranks[*it]).fold(self.ranks[n], u8::min);
        let (width, height) = self.fill(inner, edges);
        let wide = (width + 2.0 * PADDING).max(self.sizes[n].0);
        let wide = (wide / (2.0 * SNAP)).ceil() * 2.0 * SNAP;
        let left = ((wide - width) / 2.0 / SNAP).floor() * SNAP;
        for it in inner {
            self.corners[*it] = self.corners[*it] + Pos::new(left, TOP);
        }
        self.sizes[n] = (wide, height + TOP + PADDING);
    }

    /// Arranges what one holder holds; returns the size of it all.
    fn fill(&mut self, inner: &[usize], edges: &[Lifted]) -> Size {
        let place: BTreeMap<usize, usize> = inner.iter().enumerate().map(|it| (*it.1, it.0)).collect();
        let direction = self.graph.direction;
        let mut graph = Graph {
            sizes: inner.iter().map(|it| turned(direction, self.sizes[*it])).collect(),
            ranks: inner.iter().map(|it| self.ranks[*it]).collect(),
            leaves: inner.iter().map(|it| self.leaves[*it]).collect(),
            spacing: Spacing::of(direction),
            ..Graph::default()
        };
        for it in edges {
            let (Some(from), Some(to)) = (place.get(&it.lifted.0), place.get(&it.lifted.1)) else { continue };
            if it.is_copy {
                graph.peers.push((*from, *to));
            } else {
                let start = self.off_middle(it.ends.0, it.lifted.0);
                let end = self.off_middle(it.ends.1, it.lifted.1);
                graph.flows.push(Link { from: *from, to: *to, start, end });
            }
        }
        graph.outside = self.outside(inner, &place);
        let (places, size) = arrange(&graph);
        for (it, at) in inner.iter().zip(places) {
            let (x, y) = turned(direction, (at.x, at.y));
            self.corners[*it] = Pos::new(x, y);
        }
        turned(direction, size)
    }

    /// What leads from boxes that one holder holds to what it does not hold.
    fn outside(&self, inner: &[usize], place: &BTreeMap<usize, usize>) -> Vec<Vec<Outside>> {
        let mut outside = vec![Vec::new(); inner.len()];
        let holder = inner.first().and_then(|it| self.graph.nodes[*it].parent);
        let Some((known, holder)) = self.known.zip(holder) else { return outside };
        let centre = |n: usize| {
            let it = known[n].centre();
            turned(self.graph.direction, (it.x, it.y))
        };
        let middle = centre(holder).0;
        for (mine, other) in &self.leaving[holder] {
            let Some((own, n)) = self.graph.chain(*mine).find_map(|it| Some((it, *place.get(&it)?))) else {
                continue;
            };
            let (x, y) = centre(*other);
            let here = self.off_middle(*mine, own);
            outside[n].push(Outside { here, at: x - middle, is_above: y < centre(own).1 });
        }
        outside
    }

    /// Of each node, the edges from what it holds to what it does not: their end in it, and the other.
    fn leaving(graph: &CompoundGraph) -> Vec<Vec<(usize, usize)>> {
        let mut leaving = vec![Vec::new(); graph.nodes.len()];
        for it in graph.edges.iter().filter(|it| !it.is_copy) {
            for (mine, other) in [(it.from, it.to), (it.to, it.from)] {
                let holders = graph.chain(mine).skip(1);
                for holder in holders.take_while(|it| !graph.chain(other).any(|other| other == *it)) {
                    leaving[holder].push((mine, other));
                }
            }
        }
        leaving
    }

    /// How far off the middle of an outer box that of an inner one lies, across the way that flows run.
    fn off_middle(&self, inner: usize, outer: usize) -> f32 {
        let across = |it: Size| turned(self.graph.direction, it).0;
        let (mut at, mut x) = (inner, across(self.sizes[inner]) / 2.0);
        while at != outer {
            x += across((self.corners[at].x, self.corners[at].y));
            let Some(next) = self.graph.nodes[at].parent else { break };
            at = next;
        }
        x - across(self.sizes[outer]) / 2.0
    }

    /// What holds both ends of an edge, and what in it stands for each; `None` if both are one, or one holds the other.
    fn lifted(&self, edge: Edge) -> Option<(Option<usize>, Lifted)> {
        let parent = |it: usize| self.graph.nodes[it].parent;
        let (mut a, mut b) = (edge.from, edge.to);
        while a != b {
            if parent(a) == parent(b) {
                let lifted = Lifted { ends: (edge.from, edge.to), lifted: (a, b), is_copy: edge.is_copy };
                return Some((parent(a), lifted));
            }
            if self.depths[a] >= self.depths[b] {
                a = parent(a)?;
            } else {
                b = parent(b)?;
            }
        }
        None
    }

    /// Notes that an edge leads out of all that its source is held by, up to what stands for that or is its target.
    fn leave(&mut self, Edge { from, to, .. }: Edge, last: Option<usize>) {
        if self.graph.chain(to).any(|it| it == from) {
            return;
        }
        let chain = self.graph.chain(from).take_while(|it| Some(*it) != last && *it != to);
        chain.for_each(|it| self.leaves[it] = true);
    }
}

/// A size as if flows ran downwards, and back.
fn turned(direction: Direction, (width, height): Size) -> Size {
    match direction {
        Direction::Down => (width, height),
        Direction::Right => (height, width),
    }
}

fn up(it: f32) -> f32 {
    (it / SNAP).ceil() * SNAP
}
