//! The network of needs on bare numbers.
//!
//! Nodes are components, and a few more: a way through gates, alternatives behind one, a feature. A node has groups,
//! each of which needs as many instances up among its members as its quorum says. Groups are shared by all nodes that
//! need the same, so that the loss of a pool's member costs the same whether one or a thousand use the pool.

use std::ops::Range;

/// No store: the members of a group are settled.
pub(super) const SETTLED: u32 = u32::MAX;

/// Lists of numbers, one for each number, in one piece of memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// From pairs of list and item, which need no order; the items of a list keep theirs.
    pub(super) fn of(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0; count + 1];
        for (list, _) in pairs {
            starts[*list as usize + 1] += 1;
        }
        for n in 0..count {
            starts[n + 1] += starts[n];
        }
        let (mut next, mut items) = (starts.clone(), vec![0; pairs.len()]);
        for (list, item) in pairs {
            let at = &mut next[*list as usize];
            items[*at as usize] = *item;
            *at += 1;
        }
        Self { starts, items }
    }

    fn range(&self, list: u32) -> Range<usize> {
        self.starts[list as usize] as usize..self.starts[list as usize + 1] as usize
    }

    pub(super) fn of_list(&self, list: u32) -> &[u32] {
        &self.items[self.range(list)]
    }
}

/// What a group is, apart from its members and those who need it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    /// How many instances must be up.
    pub quorum: u32,
    /// It only needs to be up; that its members are cut is nothing to it. So it is with gates.
    pub only_alive: bool,
    /// The store that it rests on, if that asks whether a replica takes over; else [`SETTLED`].
    pub asks: u32,
}

impl Terms {
    pub(super) fn one() -> Self {
        Self { quorum: 1, only_alive: false, asks: SETTLED }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct Network {
    /// Instances of each node.
    pub(super) live: Vec<u32>,
    pub(super) goes_on: Vec<bool>,
    /// How many groups each node has.
    pub(super) needs: Vec<u32>,
    pub(super) terms: Vec<Terms>,
    /// Instances and members of each group. Instances of many are more than one may have.
    pub(super) size: Vec<(u64, u32)>,
    /// Who needs a group.
    pub(super) sources: Lists,
    /// Which groups a node is a member of.
    pub(super) groups: Lists,
    /// Nodes that stand for another in a group of their own and lose instances with it.
    pub(super) mirrors: Lists,
}

/// A network that is being built.
#[derive(Debug, Default)]
pub(super) struct Builder {
    live: Vec<u32>,
    goes_on: Vec<bool>,
    terms: Vec<Terms>,
    members: Vec<(u32, u32)>,
    sources: Vec<(u32, u32)>,
    mirrors: Vec<(u32, u32)>,
}

impl Builder {
    pub(super) fn node(&mut self, instances: u32, goes_on: bool) -> u32 {
        self.live.push(instances);
        self.goes_on.push(goes_on);
        self.live.len() as u32 - 1
    }

    /// A node that stands for another.
    pub(super) fn mirror(&mut self, of: u32) -> u32 {
        let node = self.node(self.live[of as usize], false);
        self.mirrors.push((of, node));
        node
    }

    pub(super) fn group(&mut self, members: impl IntoIterator<Item = u32>, terms: Terms) -> u32 {
        let group = self.terms.len() as u32;
        self.terms.push(terms);
        self.members.extend(members.into_iter().map(|it| (it, group)));
        group
    }

    /// Says that a node needs a group; at most once for each two.
    pub(super) fn need(&mut self, node: u32, group: u32) {
        self.sources.push((group, node));
    }

    pub(super) fn finish(self) -> Network {
        let (nodes, groups) = (self.live.len(), self.terms.len());
        let mut size = vec![(0, 0); groups];
        for (node, group) in &self.members {
            let size = &mut size[*group as usize];
            size.0 += u64::from(self.live[*node as usize]);
            size.1 += 1;
        }
        let mut needs = vec![0; nodes];
        for (_, node) in &self.sources {
            needs[*node as usize] += 1;
        }
        Network {
            sources: Lists::of(groups, &self.sources),
            groups: Lists::of(nodes, &self.members),
            mirrors: Lists::of(nodes, &self.mirrors),
            live: self.live,
            goes_on: self.goes_on,
            needs,
            terms: self.terms,
            size,
        }
    }
}

impl Network {
    pub(super) fn nodes(&self) -> usize {
        self.live.len()
    }

    pub(super) fn groups(&self) -> usize {
        self.terms.len()
    }

    /// Instances of a node if nothing failed.
    pub(super) fn instances(&self, node: u32) -> u32 {
        self.live[node as usize]
    }
}
