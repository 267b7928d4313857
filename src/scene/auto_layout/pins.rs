//! What is pinned stays, and the others stand around it: as they were laid out to each other, but for those that would lie
//! on it.

use super::tree::Tree;
use crate::scene::SNAP;
use crate::scene::geometry::{Pos, Rect};
use crate::scene::placing::{PADDING, TOP};
use crate::tokens::size;

/// The least room to what is pinned.
const GAP: f32 = size::SPACE_24;
/// How far around a wish room is looked for, step by step.
const WINDOWS: [f32; 3] = [320.0, 960.0, 2880.0];
/// How many edges of what stands near are looked at, each way.
const EDGES: usize = 24;

/// Where all of a tree stands.
pub(super) struct Settled {
    pub(super) boxes: Vec<Rect>,
    is_held: bool,
}

impl Settled {
    /// `boxes` are as an engine has laid them out, `beside` what stays beside the roots, `cards` what else lies around.
    pub(super) fn of(tree: &Tree, boxes: &[Rect], beside: &[Rect], cards: Vec<Rect>) -> Self {
        let nodes = &tree.graph.nodes;
        let inner = tree.graph.inner();
        let mut settling = Settling { tree, laid: boxes, fixed: vec![None; nodes.len()], taken: cards };
        if tree.pinned.contains(&true) {
            let leaves = (0..nodes.len()).filter(|it| tree.pinned[*it] && inner[*it].is_empty());
            settling.taken.extend(leaves.map(|it| tree.boxes[it]));
            // What is held comes behind what holds it.
            (0..nodes.len()).rev().for_each(|n| settling.hold(n, &inner[n]));
        }
        let roots: Vec<usize> = (0..nodes.len()).filter(|it| nodes[*it].parent.is_none()).collect();
        let is_held = settling.is_any_fixed(&roots);
        if is_held {
            settling.around_pins(&roots, beside);
        }
        Self { boxes: settling.boxes(), is_held }
    }

    /// Whether what is pinned in it says where it stands.
    pub(super) fn is_held(&self) -> bool {
        self.is_held
    }

    pub(super) fn around(&self) -> Rect {
        self.boxes.iter().fold(Rect::NOTHING, |all, it| all.union(it))
    }

    pub(super) fn shift(&mut self, by: Pos) {
        self.boxes.iter_mut().for_each(|it| *it = it.moved(by));
    }
}

struct Settling<'t> {
    tree: &'t Tree,
    /// As an engine has laid it out.
    laid: &'t [Rect],
    /// What stands where it does: pinned, around what is pinned, or beside it.
    fixed: Vec<Option<Rect>>,
    /// What nothing may lie on, wherever it stands: where pins leave no room, boundaries reach over each other, and still
    /// no card lies on another.
    taken: Vec<Rect>,
}

impl Settling<'_> {
    /// Fixes a node if it is pinned, or holds something that is fixed.
    fn hold(&mut self, n: usize, inner: &[usize]) {
        let (is_pinned, own) = (self.tree.pinned[n], self.tree.boxes[n]);
        if inner.is_empty() {
            self.fixed[n] = is_pinned.then_some(own);
            return;
        }
        if !is_pinned && !self.is_any_fixed(inner) {
            return;
        }
        if self.is_any_fixed(inner) {
            self.around_pins(inner, &[]);
        } else {
            let by = own.min - self.laid[n].min;
            for it in inner {
                self.fixed[*it] = Some(self.laid[*it].moved(by));
                self.taken.extend(self.fixed[*it]);
            }
        }
        let held =
            inner.iter().filter_map(|it| self.fixed[*it]).fold(Rect::NOTHING, |all, it| all.union(&it));
        let mut around = Rect {
            min: Pos::new(down(held.min.x - PADDING), down(held.min.y - TOP)),
            max: Pos::new(up(held.max.x + PADDING), up(held.max.y + PADDING)),
        };
        if is_pinned {
            around = around.union(&own);
        } else {
            let (width, _) = self.tree.graph.nodes[n].size;
            around.max.x = around.max.x.max(around.min.x + up(width));
        }
        self.fixed[n] = Some(around);
    }

    fn is_any_fixed(&self, of: &[usize]) -> bool {
        of.iter().any(|it| self.fixed[*it].is_some())
    }

    /// Fixes what stands beside what is fixed: where it was laid out to that, or as near as there is room.
    fn around_pins(&mut self, all: &[usize], beside: &[Rect]) {
        let fixed: Vec<(usize, Rect)> = all.iter().filter_map(|it| Some((*it, self.fixed[*it]?))).collect();
        let off = |(n, rect): &(usize, Rect)| rect.min - self.laid[*n].min;
        let sum = fixed.iter().map(off).fold(Pos::ZERO, |sum, it| sum + it);
        let count = fixed.len().max(1) as f32;
        let by = Pos::new(sum.x / count, sum.y / count).snapped(SNAP);
        let around = fixed.iter().map(|it| it.1).chain(beside.iter().copied());
        let mut taken: Vec<Rect> = around.chain(self.taken.iter().copied()).collect();
        let mut free: Vec<usize> = all.iter().copied().filter(|it| self.fixed[*it].is_none()).collect();
        let laid = |n: usize| self.laid[n].min;
        free.sort_by(|a, b| {
            let (one, two) = (laid(*a), laid(*b));
            one.y.total_cmp(&two.y).then(one.x.total_cmp(&two.x)).then(a.cmp(b))
        });
        for n in free {
            let wish = self.laid[n].moved(by);
            let rect = nearest(&wish, &taken);
            taken.push(rect);
            self.taken.push(rect);
            self.fixed[n] = Some(rect);
        }
    }

    /// All boxes: what is not fixed stands in what holds it as it was laid out there.
    fn boxes(&self) -> Vec<Rect> {
        let mut boxes: Vec<Rect> = Vec::with_capacity(self.laid.len());
        for (n, laid) in self.laid.iter().enumerate() {
            let by =
                self.tree.graph.nodes[n].parent.map_or(Pos::ZERO, |it| boxes[it].min - self.laid[it].min);
            boxes.push(self.fixed[n].unwrap_or_else(|| laid.moved(by)));
        }
        boxes
    }
}

/// Where a box has room nearest to a wish.
fn nearest(wish: &Rect, taken: &[Rect]) -> Rect {
    let is_free = |rect: &Rect, near: &[Rect]| {
        let room = rect.grown(GAP - 1.0);
        near.iter().all(|it| !it.overlaps(&room))
    };
    if is_free(wish, taken) {
        return *wish;
    }
    let (width, height) = (wish.width(), wish.height());
    for window in WINDOWS {
        let area = wish.grown(window);
        let near: Vec<Rect> = taken.iter().filter(|it| it.overlaps(&area)).copied().collect();
        let (mut xs, mut ys) = (vec![wish.min.x], vec![wish.min.y]);
        for it in &near {
            xs.extend([down(it.min.x - GAP - width), up(it.max.x + GAP)]);
            ys.extend([down(it.min.y - GAP - height), up(it.max.y + GAP)]);
        }
        for (all, at) in [(&mut xs, wish.min.x), (&mut ys, wish.min.y)] {
            all.sort_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()).then(b.total_cmp(a)));
            all.dedup();
            all.truncate(EDGES);
        }
        let corners = xs.iter().flat_map(|x| ys.iter().map(|y| Pos::new(*x, *y)));
        let boxes = corners.map(|it| Rect::at(it, width, height));
        let mut free: Vec<Rect> = boxes.filter(|it| is_free(it, taken)).collect();
        free.sort_by(|a, b| a.min.distance(wish.min).total_cmp(&b.min.distance(wish.min)));
        if let Some(first) = free.first() {
            return *first;
        }
    }
    let right = taken.iter().map(|it| it.max.x).fold(wish.min.x, f32::max);
    Rect::at(Pos::new(up(right + GAP), wish.min.y), width, height)
}

fn up(at: f32) -> f32 {
    (at / SNAP).ceil() * SNAP
}

fn down(at: f32) -> f32 {
    (at / SNAP).floor() * SNAP
}
