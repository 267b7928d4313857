//! Calls: for what users wait. A *call* is a flow whose source needs its target and waits for it: hard, synchronous, no
//! reply, and not one that takes messages, for whoever does so waits for work, not for an answer.

use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::{ComponentIx, Failure, FlowIx, Need, Pools, Topology};
use crate::model::{Access, Capability, Family, Style};

/// Who waits for whom, from the users on.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    /// By flow.
    is_call: Vec<bool>,
    /// By component: whether a user waits for it, and by which call that is first so; none at an entry actor.
    waited: Vec<Option<Option<FlowIx>>>,
    /// By component: the longest chain of calls behind it, and the first call of it.
    behind: Vec<(u32, Option<FlowIx>)>,
    /// By component: who is called ranks lower than who calls, unless both are in one cycle.
    rank: Vec<u32>,
    /// By component: whom it stands for in a cycle, the first of its pool; nobody if it takes no part in any.
    part: Vec<Option<ComponentIx>>,
    cycles: Vec<Vec<ComponentIx>>,
    heads: Vec<ComponentIx>,
}

impl Calls {
    pub fn of(topology: &Topology, pools: &Pools, failure: &Failure) -> Self {
        let is_call = topology.flows().map(|(_, it)| is_call(topology, it)).collect();
        let mut calls = Self { is_call, ..Self::default() };
        // Where no users are drawn, what stands for them is what asks, not what takes its work from a queue.
        let takes_work =
            |it: &FlowIx| topology.flow(*it).access == Access::Consume && !topology.flow(*it).reply;
        let asks = |it: &ComponentIx| {
            let node = topology.component(*it);
            node.can(Capability::Actor) || !node.out.iter().any(takes_work)
        };
        let entries: Vec<ComponentIx> = failure.entry_actors().iter().copied().filter(asks).collect();
        calls.wait(topology, &entries);
        calls.measure(topology);
        calls.find_cycles(topology, pools);
        calls.find_heads(topology);
        calls
    }

    /// Whether the source of a flow waits for its target.
    pub fn is_call(&self, flow: FlowIx) -> bool {
        self.is_call[flow.at()]
    }

    /// Whether an entry actor waits for it: it is one, or calls lead there from one. Where no users are drawn, what takes
    /// its work from a queue does not stand for any.
    pub fn is_waited_for(&self, component: ComponentIx) -> bool {
        self.waited[component.at()].is_some()
    }

    /// Whether an entry actor waits for a flow to be answered.
    pub fn is_on_user_path(&self, topology: &Topology, flow: FlowIx) -> bool {
        self.is_call(flow) && self.is_waited_for(topology.flow(flow).from)
    }

    /// A shortest way of calls from an entry actor; empty if nobody waits for it.
    pub fn way_to(&self, topology: &Topology, component: ComponentIx) -> Vec<ComponentIx> {
        let (mut way, mut at) = (Vec::new(), Some(component));
        while let Some(next) = at {
            let Some(by) = self.waited[next.at()] else { break };
            way.push(next);
            at = by.map(|it| topology.flow(it).from);
        }
        way.reverse();
        way
    }

    /// The calls that start at a component, in order.
    pub fn from<'c>(
        &'c self,
        topology: &'c Topology,
        component: ComponentIx,
    ) -> impl Iterator<Item = FlowIx> + 'c {
        topology.component(component).out.iter().copied().filter(|it| self.is_call(*it))
    }

    /// Those who answer what users ask, in order: what is called from an entry actor, directly or through the edge.
    pub fn heads(&self) -> &[ComponentIx] {
        &self.heads
    }

    /// How many calls wait for each other one behind the other, from a component on, at most. Those of the edge are
    /// not counted, as it hands on; those within a cycle are not followed.
    pub fn behind(&self, component: ComponentIx) -> u32 {
        self.behind[component.at()].0
    }

    /// Who is called ranks lower than who calls; those of one cycle rank alike, and nobody else does.
    pub fn rank(&self, component: ComponentIx) -> u32 {
        self.rank[component.at()]
    }

    /// A longest chain from a component on, itself first.
    pub fn chain(&self, topology: &Topology, component: ComponentIx) -> Vec<ComponentIx> {
        let mut chain = vec![component];
        let mut at = component;
        while let Some(flow) = self.behind[at.at()].1 {
            at = topology.flow(flow).to;
            chain.push(at);
        }
        chain
    }

    /// Own components, those of the edge left out, that wait for each other in a circle, each list in order. Those of
    /// a pool are one.
    pub fn cycles(&self) -> &[Vec<ComponentIx>] {
        &self.cycles
    }

    /// The calls between members of a cycle, in order.
    pub fn within(&self, topology: &Topology, cycle: &[ComponentIx]) -> Vec<FlowIx> {
        let is_within = |it: &FlowIx| {
            let flow = topology.flow(*it);
            cycle.binary_search(&flow.to).is_ok() && self.part[flow.from.at()] != self.part[flow.to.at()]
        };
        cycle.iter().flat_map(|it| self.from(topology, *it)).filter(is_within).collect()
    }

    /// Whom a component stands for in a cycle: the first of its pool.
    pub fn part(&self, component: ComponentIx) -> Option<ComponentIx> {
        self.part[component.at()]
    }

    /// Whether a call is counted in a chain: the edge hands on, and people do not answer.
    pub fn counts(topology: &Topology, flow: FlowIx) -> bool {
        answers(topology, topology.flow(flow).to)
    }

    /// Breadth first, so that the first way is a shortest one.
    fn wait(&mut self, topology: &Topology, entries: &[ComponentIx]) {
        self.waited = vec![None; topology.component_count()];
        for entry in entries {
            self.waited[entry.at()] = Some(None);
        }
        let mut open: VecDeque<ComponentIx> = entries.iter().copied().collect();
        while let Some(next) = open.pop_front() {
            let calls: Vec<FlowIx> = self.from(topology, next).collect();
            for flow in calls {
                let to = topology.flow(flow).to;
                if self.waited[to.at()].is_none() {
                    self.waited[to.at()] = Some(Some(flow));
                    open.push_back(to);
                }
            }
        }
    }

    fn measure(&mut self, topology: &Topology) {
        let count = topology.component_count();
        let edges = topology.flows().filter(|(ix, _)| self.is_call(*ix)).map(|(_, it)| (it.from.0, it.to.0));
        let parts = parts(count, edges);
        self.rank = vec![0; count];
        for (n, part) in parts.iter().enumerate() {
            for component in part {
                self.rank[component.at()] = n as u32;
            }
        }
        self.behind = vec![(0, None); count];
        // Who is called comes before who calls.
        for component in parts.iter().flatten().copied() {
            let mut longest = (0, None);
            for flow in self.from(topology, component) {
                let to = topology.flow(flow).to;
                if self.rank(to) == self.rank(component) {
                    continue;
                }
                let length = self.behind[to.at()].0 + u32::from(Self::counts(topology, flow));
                if length > longest.0 {
                    longest = (length, Some(flow));
                }
            }
            self.behind[component.at()] = longest;
        }
    }

    fn find_cycles(&mut self, topology: &Topology, pools: &Pools) {
        let takes_part = |it: &ComponentIx| {
            let node = topology.component(*it);
            !node.can(Capability::NotOurs) && !node.is(Family::Edge)
        };
        let first = |it: ComponentIx| {
            let pool = pools.pool_of(it).map(|it| &pools.pool(it).members);
            pool.and_then(|it| it.iter().copied().find(takes_part)).unwrap_or(it)
        };
        let components = topology.components().map(|(ix, _)| ix);
        self.part = components.map(|it| takes_part(&it).then(|| first(it))).collect();
        let edges = topology.flows().filter(|(ix, _)| self.is_call(*ix)).filter_map(|(_, flow)| {
            let (from, to) = self.part[flow.from.at()].zip(self.part[flow.to.at()])?;
            Some((from.0, to.0))
        });
        let mut cycle_of = vec![None; topology.component_count()];
        let cycles = parts(topology.component_count(), edges).into_iter().filter(|it| it.len() > 1);
        for (n, cycle) in cycles.enumerate() {
            for part in cycle {
                cycle_of[part.at()] = Some(n);
            }
        }
        let cycle_of = |it: ComponentIx| self.part[it.at()].and_then(|it| cycle_of[it.at()]);
        let mut members: Vec<Vec<ComponentIx>> = Vec::new();
        for (ix, flow) in topology.flows().filter(|(ix, _)| self.is_call(*ix)) {
            let (Some(n), Some(to)) = (cycle_of(flow.from), cycle_of(flow.to)) else { continue };
            if n == to && self.part[flow.from.at()] != self.part[flow.to.at()] {
                members.resize(members.len().max(n + 1), Vec::new());
                members[n].extend([topology.flow(ix).from, topology.flow(ix).to]);
            }
        }
        for cycle in &mut members {
            cycle.sort_unstable();
            cycle.dedup();
        }
        members.retain(|it| !it.is_empty());
        members.sort();
        self.cycles = members;
    }

    fn find_heads(&mut self, topology: &Topology) {
        let is_entry = |it: &ComponentIx| self.waited[it.at()] == Some(None);
        let mut seen = vec![false; topology.component_count()];
        let mut open: Vec<ComponentIx> = topology.components().map(|(ix, _)| ix).filter(is_entry).collect();
        let mut heads = Vec::new();
        while let Some(next) = open.pop() {
            if std::mem::replace(&mut seen[next.at()], true) {
                continue;
            }
            if answers(topology, next) {
                heads.push(next);
            } else {
                open.extend(self.from(topology, next).map(|it| topology.flow(it).to));
            }
        }
        heads.sort_unstable();
        self.heads = heads;
    }
}

fn is_call(topology: &Topology, flow: &super::FlowEdge) -> bool {
    let waits = flow.record.style == Style::Synchronous && flow.access != Access::Consume;
    waits && Need::of(topology, flow) == Need::Hard
}

/// Whether it works for an answer: the edge hands on, people ask.
fn answers(topology: &Topology, component: ComponentIx) -> bool {
    let node = topology.component(component);
    !node.is(Family::Edge) && !node.can(Capability::Actor) && !node.is(Family::Note)
}

/// The strongly connected parts of a graph; who is reached comes before who reaches.
fn parts(count: usize, edges: impl Iterator<Item = (u32, u32)>) -> Vec<Vec<ComponentIx>> {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(count, 0);
    for _ in 0..count {
        graph.add_node(());
    }
    for (from, to) in edges {
        graph.add_edge(NodeIndex::from(from), NodeIndex::from(to), ());
    }
    let part = |it: Vec<NodeIndex>| it.into_iter().map(|it| ComponentIx::from(it.index())).collect();
    kosaraju_scc(&graph).into_iter().map(part).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use proptest::prelude::*;

    use super::*;
    use crate::analysis::Facts;
    use crate::analysis::fixture::{facts, names};

    /// What is called, what is waited for, the chain from a component, the cycles.
    fn told(text: &str, from: &str) -> [String; 4] {
        let facts = facts(text);
        let (topology, calls) = (&facts.topology, facts.calls());
        let at = topology.find_component(&crate::model::Id::slug(from)).unwrap();
        let called = topology.flows().filter(|(ix, _)| calls.is_call(*ix)).map(|(_, it)| it.to);
        let waited = topology.components().map(|(ix, _)| ix).filter(|it| calls.is_waited_for(*it));
        let cycles: Vec<String> = calls.cycles().iter().map(|it| names(&facts, it.iter().copied())).collect();
        let called: BTreeSet<ComponentIx> = called.collect();
        [
            names(&facts, called),
            names(&facts, waited),
            format!("{}: {}", calls.behind(at), names(&facts, calls.chain(topology, at))),
            cycles.join(", "),
        ]
    }

    #[test]
    fn what_users_wait_for() {
        let text = "user: user\nlb: load-balancer\nq: message-queue\nc: cache\nlog: logging\ndb: sql-database\n\
            user -> lb\nlb -> web\nweb -> db: write\nweb -> q: publish async\nweb -> c\nweb -> log\nw -> q: consume\n\
            w -> db: write\ndb -> web: reply\nweb -> later: async hard";
        let [called, waited, chain, cycles] = told(text, "user");
        assert_eq!([called.as_str(), &waited], ["db lb web", "db lb user web"]);
        assert_eq!([chain.as_str(), &cycles], ["2: user lb web db", ""]);
    }

    #[test]
    fn cycles_of_pools_and_of_what_hands_on() {
        let pool = "user: user\na: worker pool=p\nb: worker pool=p\nuser -> a\na -> c\nc -> b\nd -> c";
        assert_eq!(told(pool, "c")[3], "a b c");
        assert_eq!(told("a: worker pool=p\nb: worker pool=p\na -> b\nb -> a", "a")[3], "");
        // Through what hands on, nobody waits for themselves.
        assert_eq!(told("lb: load-balancer\nlb -> a\na -> lb\nlb -> b", "a")[3], "");
    }

    #[test]
    fn who_answers_first() {
        let heads = |text: &str| {
            let facts = facts(text);
            names(&facts, facts.calls().heads().iter().copied())
        };
        let text =
            "user: user\ndns: dns\nlb: load-balancer\nuser -> dns\ndns -> lb\nlb -> a\na -> lb\na -> b";
        assert_eq!(heads(text), "a");
        assert_eq!(heads("a -> b\nb -> c"), "a");
    }

    /// Small drawings of all that matters here, by numbers.
    fn drawing(numbers: &[u8]) -> String {
        const KINDS: [&str; 8] = [
            "user",
            "microservice",
            "microservice pool=p",
            "load-balancer",
            "sql-database",
            "message-queue",
            "cache",
            "third-party-service",
        ];
        const WORDS: [&str; 10] =
            ["", "", "", "read", "async", "soft", "reply", "consume", "async hard", "admin"];
        let mut numbers = numbers.iter().map(|it| usize::from(*it));
        let mut below = |n: usize| numbers.next().unwrap_or(0) % n;
        let count = 2 + below(6);
        let mut text = String::new();
        for n in 0..count {
            // Writing to a String cannot fail.
            _ = writeln!(text, "c{n}: {}", KINDS[below(KINDS.len())]);
        }
        for _ in 0..below(14) {
            let (from, to) = (below(count), below(count));
            if from != to {
                _ = writeln!(text, "c{from} -> c{to}: {}", WORDS[below(WORDS.len())]);
            }
        }
        text
    }

    struct Naive<'f> {
        facts: &'f Facts,
        count: usize,
    }

    impl Naive<'_> {
        fn calls(&self) -> Vec<(usize, usize)> {
            let is_it = |it: &super::super::FlowEdge| {
                Need::of(&self.facts.topology, it) == Need::Hard
                    && it.record.style != Style::Asynchronous
                    && it.access != Access::Consume
            };
            let flows = self.facts.topology.flows().map(|(_, it)| it).filter(|it| is_it(it));
            flows.map(|it| (it.from.at(), it.to.at())).collect()
        }

        fn entries(&self) -> Vec<usize> {
            let flows = || self.facts.topology.flows().map(|(_, it)| it);
            let takes_work =
                |n: usize| flows().any(|it| it.from.at() == n && it.access == Access::Consume && !it.reply);
            let entries = self.facts.failure.entry_actors().iter().map(|it| it.at());
            entries.filter(|it| self.record(*it).kind == "user" || !takes_work(*it)).collect()
        }

        /// Who reaches whom in one step and more.
        fn reaches(&self, edges: &[(usize, usize)]) -> Vec<Vec<bool>> {
            let mut reach = vec![vec![false; self.count]; self.count];
            for (from, to) in edges {
                reach[*from][*to] = true;
            }
            for by in 0..self.count {
                for from in 0..self.count {
                    for to in 0..self.count {
                        reach[from][to] |= reach[from][by] && reach[by][to];
                    }
                }
            }
            reach
        }

        fn answers(&self, n: usize) -> bool {
            let kind = &self.facts.topology.component(n.into()).record.kind;
            kind != "user" && kind != "load-balancer"
        }

        /// The longest way from a component, tried out.
        fn behind(&self, edges: &[(usize, usize)], reach: &[Vec<bool>], from: usize) -> u32 {
            let onward = edges.iter().filter(|it| it.0 == from && !reach[it.1][from]);
            let tried = onward.map(|it| u32::from(self.answers(it.1)) + self.behind(edges, reach, it.1));
            tried.max().unwrap_or(0)
        }

        fn part(&self, n: usize) -> Option<usize> {
            let pooled = |it: &usize| !self.record(*it).pool.is_empty();
            let is_part = self.answers(n) && self.record(n).kind != "third-party-service";
            let first = if pooled(&n) { (0..self.count).find(pooled) } else { self.inferred(n) };
            is_part.then(|| first.unwrap_or(n))
        }

        /// Pools that nobody declared are taken as found: they have tests of their own.
        fn inferred(&self, n: usize) -> Option<usize> {
            let pool = self.facts.pools.pool_of(n.into())?;
            self.facts.pools.pool(pool).members.first().map(|it| it.at())
        }

        fn record(&self, n: usize) -> &crate::model::Component {
            &self.facts.topology.component(n.into()).record
        }

        fn cycles(&self) -> BTreeSet<BTreeSet<usize>> {
            let parted = |(from, to): &(usize, usize)| Some((self.part(*from)?, self.part(*to)?));
            let calls = self.calls();
            let edges: Vec<(usize, usize)> = calls.iter().filter_map(parted).collect();
            let reach = self.reaches(&edges);
            let mut cycles = BTreeSet::new();
            for part in 0..self.count {
                let is_same = |it: usize| it == part || reach[it][part] && reach[part][it];
                let inside = calls.iter().filter(|it| {
                    parted(it).is_some_and(|(from, to)| from != to && is_same(from) && is_same(to))
                });
                let members: BTreeSet<usize> = inside.flat_map(|it| [it.0, it.1]).collect();
                if !members.is_empty() {
                    cycles.insert(members);
                }
            }
            cycles
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

        #[test]
        fn all_is_as_brute_force_finds_it(numbers in prop::collection::vec(any::<u8>(), 0..60)) {
            let facts = facts(&drawing(&numbers));
            let (topology, calls) = (&facts.topology, facts.calls());
            let naive = Naive { facts: &facts, count: topology.component_count() };
            let edges = naive.calls();
            let reach = naive.reaches(&edges);
            let found: Vec<(usize, usize)> = topology.flows().filter(|(ix, _)| calls.is_call(*ix))
                .map(|(_, it)| (it.from.at(), it.to.at())).collect();
            prop_assert_eq!(&found, &edges);
            let entries: Vec<usize> = naive.entries();
            for n in 0..naive.count {
                let ix = ComponentIx::from(n);
                let is_waited = entries.iter().any(|it| *it == n || reach[*it][n]);
                prop_assert_eq!(calls.is_waited_for(ix), is_waited, "{}", n);
                let way = calls.way_to(topology, ix);
                prop_assert_eq!(way.last().copied(), is_waited.then_some(ix));
                for step in way.windows(2) {
                    prop_assert!(edges.contains(&(step[0].at(), step[1].at())));
                }
                let behind = naive.behind(&edges, &reach, n);
                prop_assert_eq!(calls.behind(ix), behind, "{}", n);
                let chain = calls.chain(topology, ix);
                let counted = chain.iter().skip(1).filter(|it| naive.answers(it.at())).count();
                prop_assert_eq!(counted as u32, behind);
                for step in chain.windows(2) {
                    prop_assert!(edges.contains(&(step[0].at(), step[1].at())));
                }
            }
            let cycles: BTreeSet<BTreeSet<usize>> =
                calls.cycles().iter().map(|it| it.iter().map(|it| it.at()).collect()).collect();
            prop_assert_eq!(cycles, naive.cycles());
            for cycle in calls.cycles() {
                prop_assert!(calls.within(topology, cycle).len() > 1);
            }
        }
    }
}
