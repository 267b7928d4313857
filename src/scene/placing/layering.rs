//! A drawing along its flows: boxes in layers from top to bottom, those that copy to each other side by side.
//!
//! The classic way (Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system structures", 1981):
//! cycles are cut, each box stands below all that lead to it, layers are ordered by the middles of their neighbours, and
//! the boxes of each are moved to below what they belong to. Everything depends on the order of the input alone.

use std::cmp::Ordering;

use super::APART;
use super::layers::layers;
use super::rows::stand;
use super::spacing::Spacing;
use crate::scene::SNAP;
use crate::scene::geometry::Pos;

/// Width and height.
pub(super) type Size = (f32, f32);

/// More boxes than these that copy to each other are no team side by side.
const TEAM: usize = 8;

/// What leads from one box to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How far right of the middles of its boxes it starts and ends.
    pub(super) start: f32,
    pub(super) end: f32,
}

/// A link as one of its boxes sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pull {
    pub(super) to: usize,
    /// How far right of the middle of this box it meets it, and of the other.
    pub(super) here: f32,
    pub(super) there: f32,
}

impl Pull {
    /// The middle of this box for which the line runs straight.
    pub(super) fn wish(&self, middles: &[f32]) -> f32 {
        middles[self.to] + self.there - self.here
    }
}

/// A line from a box to one that is held elsewhere, as far as an earlier look at the drawing tells where that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside {
    /// How far right of the middle of this box it meets it.
    pub(super) here: f32,
    /// How far right of the middle of the whole the other end is.
    pub(super) at: f32,
    pub(super) is_above: bool,
}

impl Outside {
    /// The middle of this box for which the line runs straight.
    pub(super) fn wish(&self) -> f32 {
        self.at - self.here
    }
}

/// Boxes and what leads from one to another, by their number.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) sizes: Vec<Size>,
    /// What comes first where nothing else decides, lowest first.
    pub(super) ranks: Vec<u8>,
    pub(super) flows: Vec<Link>,
    /// Pairs that stand side by side.
    pub(super) peers: Vec<(usize, usize)>,
    /// Whether flows lead from a box out of the whole: downwards, mostly.
    pub(super) leaves: Vec<bool>,
    /// What leads from each box to what is held elsewhere; empty as long as nobody knows where that is.
    pub(super) outside: Vec<Vec<Outside>>,
    pub(super) spacing: Spacing,
}

/// A connected piece of a graph. Boxes are numbered anew.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) sizes: Vec<Size>,
    pub(super) ranks: Vec<u8>,
    pub(super) into: Vec<Vec<Pull>>,
    pub(super) out: Vec<Vec<Pull>>,
    pub(super) leaves: Vec<bool>,
    pub(super) outside: Vec<Vec<Outside>>,
    /// Boxes that stand side by side have the same number: that of their first.
    pub(super) team: Vec<usize>,
    /// The box that one stands beside, where it would be in the way below.
    pub(super) beside: Vec<Option<usize>>,
    pub(super) spacing: Spacing,
}

impl Graph {
    /// The order of two boxes that are connected with nothing here, by where their lines lead to.
    fn by_outside(&self, a: usize, b: usize) -> Ordering {
        let mean = |n: usize| {
            let all = &self.outside[n];
            (!all.is_empty()).then(|| all.iter().map(Outside::wish).sum::<f32>() / all.len() as f32)
        };
        match (mean(a), mean(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }
}

/// The upper left corner of each box, and the size of the whole.
pub(super) fn arrange(graph: &Graph) -> (Vec<Pos>, Size) {
    let count = graph.sizes.len();
    let mut links = Sets::new(count);
    let flows = graph.flows.iter().map(|it| (it.from, it.to));
    flows.chain(graph.peers.iter().copied()).for_each(|(a, b)| links.join(a, b, usize::MAX));
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    (0..count).for_each(|n| members[links.first(n)].push(n));
    let (lone, parts): (Vec<_>, Vec<_>) =
        members.into_iter().filter(|it| !it.is_empty()).partition(|it| it.len() == 1);
    let mut blocks: Vec<(Vec<usize>, Vec<Pos>, Size)> = Vec::new();
    let mut number = vec![0; count];
    let mut pieces = split(graph, &parts, &mut number);
    for (members, part) in parts.into_iter().zip(&mut pieces) {
        let layers = layers(part);
        let (places, size) = stand(part, &layers);
        blocks.push((members, places, size));
    }
    // The largest first, then what has no flows at all.
    blocks.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    let mut lone: Vec<usize> = lone.into_iter().flatten().collect();
    lone.sort_by(|a, b| {
        graph.by_outside(*a, *b).then_with(|| (graph.ranks[*a], a).cmp(&(graph.ranks[*b], b)))
    });
    if !lone.is_empty() {
        let sizes: Vec<Size> = lone.iter().map(|n| graph.sizes[*n]).collect();
        let (places, size) = shelves(&sizes, graph.spacing.beside, &graph.spacing);
        blocks.push((lone, places, size));
    }
    let sizes: Vec<Size> = blocks.iter().map(|it| it.2).collect();
    let (corners, size) = shelves(&sizes, APART, &graph.spacing);
    let mut all = vec![Pos::ZERO; count];
    for ((members, places, _), corner) in blocks.into_iter().zip(corners) {
        members.into_iter().zip(places).for_each(|(n, place)| all[n] = corner + place);
    }
    (all, size)
}

/// The connected pieces of a graph as graphs of their own. `number` is room for the new numbers.
fn split(graph: &Graph, parts: &[Vec<usize>], number: &mut [usize]) -> Vec<Part> {
    let mut teams = Sets::new(graph.sizes.len());
    graph.peers.iter().for_each(|(a, b)| teams.join(*a, *b, TEAM));
    let mut home = vec![usize::MAX; number.len()];
    let mut pieces = Vec::with_capacity(parts.len());
    for (n, members) in parts.iter().enumerate() {
        for (m, it) in members.iter().enumerate() {
            (home[*it], number[*it]) = (n, m);
        }
        pieces.push(Part {
            sizes: members.iter().map(|it| graph.sizes[*it]).collect(),
            ranks: members.iter().map(|it| graph.ranks[*it]).collect(),
            into: vec![Vec::new(); members.len()],
            out: vec![Vec::new(); members.len()],
            leaves: members.iter().map(|it| graph.leaves[*it]).collect(),
            outside: members.iter().map(|it| graph.outside[*it].clone()).collect(),
            team: members.iter().map(|it| number[teams.first(*it)]).collect(),
            beside: vec![None; members.len()],
            spacing: graph.spacing,
        });
    }
    let mut flows = graph.flows.clone();
    // Of a team that grew too large, the copies lead from row to row like all else.
    let split = graph.peers.iter().filter(|(a, b)| teams.first(*a) != teams.first(*b));
    flows.extend(split.map(|(from, to)| Link { from: *from, to: *to, start: 0.0, end: 0.0 }));
    for Link { from, to, start, end } in flows {
        if let Some(piece) = pieces.get_mut(home[from]).filter(|_| from != to) {
            piece.out[number[from]].push(Pull { to: number[to], here: start, there: end });
            piece.into[number[to]].push(Pull { to: number[from], here: end, there: start });
        }
    }
    pieces
}

/// Boxes in rows of about the same width, as a book is set: their corners, and the size of the whole.
fn shelves(sizes: &[Size], gap: f32, spacing: &Spacing) -> (Vec<Pos>, Size) {
    let area: f32 = sizes.iter().map(|it| (it.0 + gap) * (it.1 + gap)).sum();
    let widest = sizes.iter().map(|it| it.0).fold(0.0, f32::max);
    let limit = (area * spacing.aspect).sqrt().max(widest).max(spacing.few);
    let (mut at, mut high, mut size) = (Pos::ZERO, 0.0_f32, (0.0_f32, 0.0_f32));
    let mut corners = Vec::with_capacity(sizes.len());
    for (width, height) in sizes {
        if at.x > 0.0 && at.x + width > limit {
            at = Pos::new(0.0, at.y + high + gap);
            high = 0.0;
        }
        corners.push(at);
        size = (size.0.max(at.x + width), size.1.max(at.y + height));
        high = high.max(*height);
        at.x = ((at.x + width + gap) / SNAP).ceil() * SNAP;
    }
    (corners, size)
}

/// Disjoint sets of numbers.
struct Sets {
    parent: Vec<usize>,
    count: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect(), count: vec![1; count] }
    }

    /// The smallest number of a set.
    fn first(&mut self, mut n: usize) -> usize {
        while self.parent[n] != n {
            self.parent[n] = self.parent[self.parent[n]];
            n = self.parent[n];
        }
        n
    }

    /// Makes one set of two, unless it would be larger than `most`.
    fn join(&mut self, a: usize, b: usize, most: usize) {
        let (a, b) = (self.first(a), self.first(b));
        let (low, high) = (a.min(b), a.max(b));
        if low != high && self.count[low] + self.count[high] <= most {
            self.parent[high] = low;
            self.count[low] += self.count[high];
        }
    }
}
