//! The spread of a loss through the network of needs: what is down, and what is cut.
//!
//! Both are least fixpoints, found by counting: each group counts what is up and what is not cut, each node its lost
//! groups (linear in the edges touched; the counting is that of Dowling and Gallier for Horn formulae, 1984).

use super::network::{Network, SETTLED};

/// What may happen to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// All its instances are lost.
    Down(u32),
    /// It is cut.
    Cut(u32),
    /// One of its instances is lost.
    Fewer(u32),
    /// A group is lost that many need: one event, as else each of its members would have to name all of them. It needs
    /// no run of its own.
    Lost(u32),
}

/// More than these are many. In tests, where drawings are small, any are.
const MANY: usize = if cfg!(test) { 0 } else { 8 };

/// How far losses had come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark {
    failed: usize,
    downs: usize,
    cuts: usize,
    asks: usize,
}

/// A network in the middle of a loss. Losses can be undone, so that one run serves them all without clearing.
#[derive(Debug, Clone)]
pub(super) struct Run<'n> {
    network: &'n Network,
    live: Vec<u32>,
    /// Of each group: instances up, and members that are not cut.
    up: Vec<u64>,
    uncut: Vec<u32>,
    /// Of each node: lost groups.
    lost: Vec<u32>,
    is_down: Vec<bool>,
    is_cut: Vec<bool>,
    /// Whether the groups of a node that is down know of it.
    is_told: Vec<bool>,
    /// Instances that failed since the network settled, by node.
    failed: Vec<(u32, u32)>,
    /// What went down and what was cut since, in order.
    downs: Vec<u32>,
    cuts: Vec<u32>,
    /// Stores with an open question of which a group was lost or cut since.
    asks: Vec<u32>,
    /// How many of `downs` and `cuts` were carried on.
    told: (usize, usize),
    /// Of each node, if the way is kept: the node whose loss cut it.
    why: Option<Vec<u32>>,
}

impl<'n> Run<'n> {
    /// The network with nothing failed; only groups whose quorum is beyond all their instances are lost.
    pub(super) fn of(network: &'n Network) -> Self {
        let nodes = network.live.len();
        let mut run = Self {
            network,
            live: network.live.clone(),
            up: network.size.iter().map(|it| it.0).collect(),
            uncut: network.size.iter().map(|it| it.1).collect(),
            lost: vec![0; nodes],
            is_down: vec![false; nodes],
            is_cut: vec![false; nodes],
            is_told: vec![false; nodes],
            failed: Vec::new(),
            downs: Vec::new(),
            cuts: Vec::new(),
            asks: Vec::new(),
            told: (0, 0),
            why: None,
        };
        for group in 0..network.terms.len() {
            if run.up[group] < u64::from(network.terms[group].quorum) {
                run.lose_group(group as u32, 0);
            }
        }
        run.spread();
        (run.downs, run.cuts, run.asks, run.told) = (Vec::new(), Vec::new(), Vec::new(), (0, 0));
        run
    }

    /// Keeps the way of each loss from here on.
    pub(super) fn keep_ways(&mut self) {
        self.why = Some((0..self.live.len() as u32).collect());
    }

    /// The node whose loss cut this one; itself if it failed.
    pub(super) fn why(&self, node: u32) -> u32 {
        self.why.as_ref().map_or(node, |it| it[node as usize])
    }

    /// Takes instances of a node away, as many as there are; call [`Run::spread`] after the last.
    pub(super) fn fail(&mut self, node: u32, instances: u32) {
        self.fail_one(node, instances, node);
        let network = self.network;
        for mirror in network.mirrors.of_list(node) {
            self.fail_one(*mirror, instances, node);
            if let Some(why) = &mut self.why {
                why[*mirror as usize] = node;
            }
        }
    }

    /// Cuts a node as if a part of its needs was lost; call [`Run::spread`] after it.
    pub(super) fn cut(&mut self, node: u32) {
        self.cut_by(node, node);
    }

    /// Carries losses on until nothing more follows.
    pub(super) fn spread(&mut self) {
        while self.carry_on() {}
    }

    /// Carries losses on until one is cut that is looked for, and tells which; or until nothing more follows.
    pub(super) fn spread_to(&mut self, is_looked_for: impl Fn(u32) -> bool) -> Option<u32> {
        let mut seen = self.told.1;
        loop {
            while let Some(node) = self.cuts.get(seen).copied() {
                if is_looked_for(node) {
                    return Some(node);
                }
                seen += 1;
            }
            if !self.carry_on() {
                return None;
            }
        }
    }

    /// Tells the groups of one node that it is down or cut; returns whether there was one to tell of.
    fn carry_on(&mut self) -> bool {
        if let Some(node) = self.downs.get(self.told.0).copied() {
            self.told.0 += 1;
            self.tell_down(node);
        } else if let Some(node) = self.cuts.get(self.told.1).copied() {
            self.told.1 += 1;
            self.tell_cut(node);
        } else {
            return false;
        }
        true
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            failed: self.failed.len(),
            downs: self.downs.len(),
            cuts: self.cuts.len(),
            asks: self.asks.len(),
        }
    }

    /// Takes back all since a mark, at which all was carried on.
    pub(super) fn undo_to(&mut self, mark: Mark) {
        let network = self.network;
        while self.cuts.len() > mark.cuts {
            let is_told = self.told.1 == self.cuts.len();
            let Some(node) = self.cuts.pop() else { break };
            self.is_cut[node as usize] = false;
            self.forget_way(node);
            if is_told {
                self.told.1 -= 1;
                for group in network.groups.of_list(node) {
                    self.uncut[*group as usize] += 1;
                }
            }
        }
        while self.downs.len() > mark.downs {
            let is_told = self.told.0 == self.downs.len();
            let Some(node) = self.downs.pop() else { break };
            self.is_down[node as usize] = false;
            if is_told {
                self.told.0 -= 1;
                self.is_told[node as usize] = false;
                self.give_back(node, self.live[node as usize]);
            }
        }
        while self.failed.len() > mark.failed {
            let Some((node, instances)) = self.failed.pop() else { break };
            self.live[node as usize] += instances;
            self.forget_way(node);
            if !self.is_told[node as usize] {
                self.give_back(node, instances);
            }
        }
        self.asks.truncate(mark.asks);
    }

    fn forget_way(&mut self, node: u32) {
        if let Some(why) = &mut self.why {
            why[node as usize] = node;
        }
    }

    pub(super) fn is_down(&self, node: u32) -> bool {
        self.is_down[node as usize]
    }

    pub(super) fn is_cut(&self, node: u32) -> bool {
        self.is_cut[node as usize]
    }

    pub(super) fn live(&self, node: u32) -> u32 {
        self.live[node as usize]
    }

    /// What went down since a mark.
    pub(super) fn downs(&self, since: Mark) -> &[u32] {
        &self.downs[since.downs..]
    }

    /// What was cut since a mark; all that went down too.
    pub(super) fn cuts(&self, since: Mark) -> &[u32] {
        &self.cuts[since.cuts..]
    }

    /// The stores whose open question was touched since a mark.
    pub(super) fn asks(&self, since: Mark) -> &[u32] {
        &self.asks[since.asks..]
    }

    /// What follows at once from one event alone in a settled network. There may be more that follows from two of
    /// these together.
    pub(super) fn consequences(&self, event: Event, mut tell: impl FnMut(Event)) {
        match event {
            Event::Down(node) => {
                tell(Event::Cut(node));
                self.lost_with(node, self.live(node), &mut tell);
            }
            Event::Cut(node) => {
                let network = self.network;
                for group in network.groups.of_list(node) {
                    let is_last = self.uncut[*group as usize] == 1 && !self.is_cut(node);
                    if is_last && !network.terms[*group as usize].only_alive {
                        network.sources.of_list(*group).iter().for_each(|it| tell(Event::Cut(*it)));
                    }
                }
            }
            Event::Lost(group) => self.losers(group, &mut tell),
            Event::Fewer(node) => {
                self.lost_with(node, 1, &mut tell);
                for mirror in self.network.mirrors.of_list(node) {
                    self.lost_with(*mirror, 1, &mut tell);
                }
            }
        }
    }

    fn lost_with(&self, node: u32, instances: u32, tell: &mut impl FnMut(Event)) {
        let network = self.network;
        if self.is_down(node) {
            return;
        }
        for group in network.groups.of_list(node) {
            let (up, quorum) = (self.up[*group as usize], u64::from(network.terms[*group as usize].quorum));
            if up < quorum || up - u64::from(instances) >= quorum {
                continue;
            }
            if self.is_shared(*group) {
                tell(Event::Lost(*group));
            } else {
                self.losers(*group, tell);
            }
        }
    }

    /// Whether the loss of a group is an event.
    pub(super) fn is_shared(&self, group: u32) -> bool {
        self.network.size[group as usize].1 > 1 && self.network.sources.of_list(group).len() > MANY
    }

    fn losers(&self, group: u32, tell: &mut impl FnMut(Event)) {
        for source in self.network.sources.of_list(group) {
            let is_down = self.brings_down(*source, self.lost[*source as usize] + 1);
            tell(if is_down { Event::Down(*source) } else { Event::Cut(*source) });
        }
    }

    fn brings_down(&self, node: u32, lost: u32) -> bool {
        !self.network.goes_on[node as usize] || lost == self.network.needs[node as usize]
    }

    fn fail_one(&mut self, node: u32, instances: u32, by: u32) {
        let taken = instances.min(self.live[node as usize]);
        if taken == 0 {
            return;
        }
        self.failed.push((node, taken));
        self.live[node as usize] -= taken;
        if !self.is_told[node as usize] {
            self.take_away(node, taken);
        }
        if self.live[node as usize] == 0 {
            self.down_by(node, by);
        }
    }

    fn tell_down(&mut self, node: u32) {
        if self.live[node as usize] > 0 {
            self.take_away(node, self.live[node as usize]);
        }
        self.is_told[node as usize] = true;
    }

    fn take_away(&mut self, node: u32, instances: u32) {
        let network = self.network;
        for group in network.groups.of_list(node) {
            let (before, quorum) =
                (self.up[*group as usize], u64::from(network.terms[*group as usize].quorum));
            let left = before - u64::from(instances);
            self.up[*group as usize] = left;
            if before >= quorum && left < quorum {
                self.lose_group(*group, node);
            }
        }
    }

    fn give_back(&mut self, node: u32, instances: u32) {
        let network = self.network;
        for group in network.groups.of_list(node) {
            let (before, quorum) =
                (self.up[*group as usize], u64::from(network.terms[*group as usize].quorum));
            let now = before + u64::from(instances);
            self.up[*group as usize] = now;
            if before < quorum && now >= quorum {
                for source in network.sources.of_list(*group) {
                    self.lost[*source as usize] -= 1;
                }
            }
        }
    }

    fn lose_group(&mut self, group: u32, by: u32) {
        let network = self.network;
        self.ask(group);
        for source in network.sources.of_list(group) {
            self.lost[*source as usize] += 1;
            if self.brings_down(*source, self.lost[*source as usize]) {
                self.down_by(*source, by);
            } else {
                self.cut_by(*source, by);
            }
        }
    }

    fn tell_cut(&mut self, node: u32) {
        let network = self.network;
        for group in network.groups.of_list(node) {
            self.uncut[*group as usize] -= 1;
            if self.uncut[*group as usize] == 0 && !network.terms[*group as usize].only_alive {
                self.ask(*group);
                for source in network.sources.of_list(*group) {
                    self.cut_by(*source, node);
                }
            }
        }
    }

    fn ask(&mut self, group: u32) {
        let store = self.network.terms[group as usize].asks;
        if store != SETTLED {
            self.asks.push(store);
        }
    }

    fn down_by(&mut self, node: u32, by: u32) {
        if !std::mem::replace(&mut self.is_down[node as usize], true) {
            self.downs.push(node);
            self.cut_by(node, by);
        }
    }

    fn cut_by(&mut self, node: u32, by: u32) {
        if !std::mem::replace(&mut self.is_cut[node as usize], true) {
            self.cuts.push(node);
            // What lost instances itself is where a way begins, even if what it took cuts the rest of it.
            let has_failed = self.live[node as usize] < self.network.live[node as usize];
            if let Some(why) = self.why.as_mut().filter(|_| !has_failed) {
                why[node as usize] = by;
            }
        }
    }
}
