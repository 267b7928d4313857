//! How demand walks: from where it enters along the flows of requests, what comes before before what comes after.
//!
//! Each entry is a walk of its own, as features name their flows. It orders what it can come to by a search in depth,
//! so that each is passed on once, with all that arrives; an arrow back closes a cycle and is not walked again. A
//! replicated store is one node. Queues wait until all walks are done, and then pass on what came to them together.

use std::collections::{BTreeMap, BTreeSet};

use smallvec::SmallVec;

use super::groups::Alt;
use super::load::{Demand, Load, Loss, MOST};
use super::load_ways::{Takes, Way, Ways};
use super::{ComponentIx, Facts, FlowIx, Unit};
use crate::model::{Access, Capability, Family, Ports};

/// What is up in a loss.
struct Now {
    is_down: Vec<bool>,
    /// Instances that are up.
    live: Vec<f64>,
    has_failed: bool,
    cold: BTreeSet<ComponentIx>,
}

impl Now {
    fn of(facts: &Facts, loss: &Loss) -> Self {
        let nodes = facts.topology.components();
        let live = nodes.map(|(_, it)| f64::from(it.record.instances())).collect();
        let cold = loss.cold.iter().copied().collect();
        let has_failed = !loss.failed.is_empty();
        let mut now = Self { is_down: vec![false; facts.topology.component_count()], live, has_failed, cold };
        if has_failed {
            for lost in &facts.failure.simulate(&loss.failed).down {
                now.is_down[lost.at()] = true;
                now.live[lost.at()] = 0.0;
            }
            for unit in &loss.failed {
                if let Unit::Instance(component) = unit {
                    let live = &mut now.live[component.at()];
                    *live = (*live - 1.0).max(0.0);
                }
            }
        }
        now
    }

    fn is_up(&self, component: ComponentIx) -> bool {
        !self.is_down[component.at()]
    }
}

/// One sort of a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Read,
    Write,
    Either,
}

impl Sort {
    fn of(self, demand: Demand) -> f64 {
        match self {
            Self::Read => demand.reads,
            Self::Write => demand.writes,
            Self::Either => demand.either,
        }
    }

    fn demand(self, amount: f64) -> Demand {
        let none = Demand::default();
        let amount = amount.clamp(0.0, MOST);
        match self {
            Self::Read => Demand { reads: amount, ..none },
            Self::Write => Demand { writes: amount, ..none },
            Self::Either => Demand { either: amount, ..none },
        }
    }

    /// What of it goes along a way, as what; none if it does not.
    fn along(self, way: &Way) -> Option<Self> {
        match (self, way.takes) {
            (it, Takes::All) => Some(it),
            (Self::Read | Self::Either, Takes::Reads) => Some(Self::Read),
            (Self::Write | Self::Either, Takes::Writes) => Some(Self::Write),
            _ => None,
        }
    }
}

type Some4<T> = SmallVec<[T; 4]>;

/// What arrives at a component in one walk.
#[derive(Debug, Clone, Default)]
struct Arrived<'f> {
    demand: Demand,
    /// Where traffic passes: what arrives on which ports.
    by_port: Vec<(&'f Ports, Demand)>,
}

pub(super) struct Walk<'f> {
    facts: &'f Facts,
    ways: &'f Ways,
    now: Now,
    load: Load,
    arrived: BTreeMap<ComponentIx, Arrived<'f>>,
    /// Of the walk that goes on: the flows that its feature names, in order.
    named: &'f [FlowIx],
    /// Whether queues pass on.
    delivers: bool,
    /// When a node is passed on in this walk.
    place: BTreeMap<ComponentIx, usize>,
    closing: BTreeSet<FlowIx>,
}

impl<'f> Walk<'f> {
    pub(super) fn of(facts: &'f Facts, ways: &'f Ways, loss: &Loss) -> Self {
        let (components, flows) = (facts.topology.component_count(), facts.topology.flow_count());
        let now = Now::of(facts, loss);
        let capacity = ways.capacity.iter().zip(&now.live);
        let load = Load {
            components: vec![Demand::default(); components],
            flows: vec![Demand::default(); flows],
            capacity: capacity.map(|(one, live)| one.map(|it| it * live).filter(|it| *it > 0.0)).collect(),
            backlog: vec![0.0; components],
            cycles: Vec::new(),
            entering: ways.entries.iter().map(|it| it.demand.total()).sum(),
        };
        Self {
            facts,
            ways,
            now,
            load,
            arrived: BTreeMap::new(),
            named: &[],
            delivers: false,
            place: BTreeMap::new(),
            closing: BTreeSet::new(),
        }
    }

    pub(super) fn run(mut self) -> Load {
        let ways = self.ways;
        // Those that name no flow go one way, so they walk together.
        let (free, named): (Vec<_>, Vec<_>) = ways.entries.iter().partition(|it| it.named.is_empty());
        for entry in named {
            self.walk(&[(entry.at, entry.demand)], &entry.named);
        }
        self.walk(&free.iter().map(|it| (it.at, it.demand)).collect::<Vec<_>>(), &[]);
        let is_queue = |it: &ComponentIx| self.facts.topology.component(*it).is(Family::Messaging);
        let queues = (0..self.load.components.len()).map(ComponentIx::from).filter(is_queue);
        let waiting: Vec<(ComponentIx, Demand)> = queues
            .map(|it| (it, std::mem::take(&mut self.load.components[it.at()])))
            .filter(|(_, it)| it.total() > 0.0)
            .collect();
        self.delivers = true;
        // What came to a replicated queue is already at all its members.
        self.walk(&self.of_first_members(waiting), &[]);
        self.load.cycles = std::mem::take(&mut self.closing).into_iter().collect();
        self.load
    }

    /// What waits at replicated queues, said of one member of each.
    fn of_first_members(&self, waiting: Vec<(ComponentIx, Demand)>) -> Vec<(ComponentIx, Demand)> {
        let mut most: BTreeMap<ComponentIx, (ComponentIx, Demand)> = BTreeMap::new();
        for (queue, demand) in waiting {
            let known = most.entry(self.node(queue)).or_insert((queue, demand));
            if demand.total() > known.1.total() {
                *known = (queue, demand);
            }
        }
        most.into_values().collect()
    }

    fn walk(&mut self, entries: &[(ComponentIx, Demand)], named: &'f [FlowIx]) {
        if entries.is_empty() {
            return;
        }
        self.named = named;
        self.arrived.clear();
        for (at, demand) in entries {
            // Who acts asks on, whether or not anything answers.
            if !self.now.is_up(*at) && !self.facts.topology.component(*at).can(Capability::Actor) {
                continue;
            }
            self.arrived.entry(*at).or_default().demand.add(*demand);
        }
        let starts: Vec<ComponentIx> = entries.iter().map(|it| self.node(it.0)).collect();
        let order = self.order(&starts);
        self.place = order.iter().enumerate().map(|(n, it)| (*it, n)).collect();
        for node in order {
            self.pass_on(node);
        }
    }

    /// What stands for a component in the order: the first member of its replicated store.
    fn node(&self, component: ComponentIx) -> ComponentIx {
        let pools = &self.facts.pools;
        let store = pools.store_of(component).map(|it| pools.store(it));
        store.and_then(|it| it.members.first().copied()).unwrap_or(component)
    }

    fn members(&self, node: ComponentIx) -> Some4<ComponentIx> {
        let pools = &self.facts.pools;
        let store = pools.store_of(node).map(|it| pools.store(it));
        store.map_or_else(|| SmallVec::from_slice(&[node]), |it| it.members.iter().copied().collect())
    }

    /// All that the walk can come to, what comes before first.
    fn order(&self, starts: &[ComponentIx]) -> Vec<ComponentIx> {
        let (mut seen, mut done) = (BTreeSet::new(), Vec::new());
        for start in starts {
            if !seen.insert(*start) {
                continue;
            }
            let mut open = vec![(*start, self.next(*start))];
            while let Some((node, next)) = open.last_mut() {
                match next.pop() {
                    Some(to) if seen.insert(to) => open.push((to, self.next(to))),
                    Some(_) => {}
                    None => {
                        done.push(*node);
                        open.pop();
                    }
                }
            }
        }
        done.reverse();
        done
    }

    /// The nodes to which a node passes on, the last first.
    fn next(&self, node: ComponentIx) -> Vec<ComponentIx> {
        let mut next = Vec::new();
        for way in self.members(node).iter().flat_map(|it| self.allowed(*it)) {
            next.push(self.node(way.to));
            if self.now.has_failed && !self.now.is_up(way.to) {
                let alternatives = &self.facts.failure.groups.alternatives;
                for alt in [alternatives.reading(way.to), alternatives.writing(way.to)] {
                    next.extend(alternatives.members(alt).iter().map(|it| self.node(*it)));
                }
            }
        }
        next.reverse();
        next
    }

    /// The ways that demand takes from a component in this walk.
    fn allowed(&self, component: ComponentIx) -> Some4<&'f Way> {
        let (all, topology) = (self.ways.from(component), &self.facts.topology);
        let node = topology.component(component);
        if node.is(Family::Messaging) && !self.delivers || !self.now.is_up(component) {
            return SmallVec::new();
        }
        let is_named = |it: &Way| self.named.binary_search(&it.flow).is_ok();
        let named: Some4<&Way> = all.iter().filter(|it| is_named(it)).collect();
        if named.is_empty() {
            return all.iter().collect();
        }
        let alternatives = &self.facts.failure.groups.alternatives;
        let spreads = node.can(Capability::Spreads);
        let goes_along = |it: &&Way| {
            let is_alike =
                |other: &&Way| alternatives.reading(it.to) == alternatives.reading(other.to) && !other.copies;
            it.copies
                || is_named(it)
                || (spreads && named.iter().any(is_alike))
                || named.iter().any(|other| other.behind.contains(&it.to))
        };
        all.iter().filter(goes_along).collect()
    }

    fn pass_on(&mut self, node: ComponentIx) {
        let members = self.members(node);
        if let [one] = members[..] {
            let Some(arrived) = self.arrived.remove(&one) else { return };
            self.load.components[one.at()].add(arrived.demand);
            self.go_on(one, &arrived, 1.0);
            return;
        }
        let arrived: Some4<Arrived<'f>> =
            members.iter().map(|it| self.arrived.remove(it).unwrap_or_default()).collect();
        // Every write goes on to every member, and so does what may be one.
        let mut written = Demand::default();
        for it in &arrived {
            written.add(Demand { reads: 0.0, ..it.demand });
        }
        let is_queue = self.facts.topology.component(node).is(Family::Messaging);
        let serves = |it: &&ComponentIx| !self.allowed(**it).iter().all(|it| it.copies);
        let serving = members.iter().filter(serves).count().max(1) as f64;
        let up = members.iter().zip(arrived).filter(|(it, _)| self.now.is_up(**it));
        for (member, Arrived { demand: own, .. }) in up.collect::<Vec<_>>() {
            let demand = Demand { reads: own.reads, ..written };
            self.load.components[member.at()].add(demand);
            // What waits at a queue is told once, when it is passed on.
            if self.delivers || !is_queue {
                let copied = |all: f64, own: f64| (all - own).max(0.0);
                let (writes, either) =
                    (copied(written.writes, own.writes), copied(written.either, own.either));
                self.copy(*member, Demand { reads: 0.0, writes, either });
            }
            // Consumers take each message once, from whichever member they are drawn to.
            let share = if is_queue { 1.0 / serving } else { 1.0 };
            self.go_on(*member, &Arrived { demand: demand.times(share), by_port: Vec::new() }, share);
        }
    }

    /// Says what the flows carry by which a member gets its copies.
    fn copy(&mut self, member: ComponentIx, copies: Demand) {
        let (topology, pools) = (&self.facts.topology, &self.facts.pools);
        let is_copy = |it: &FlowIx| {
            let flow = topology.flow(*it);
            let is_inside = pools.store_of(flow.from) == pools.store_of(member);
            flow.access == Access::Replicate && !flow.reply && is_inside && self.now.is_up(flow.from)
        };
        let flows: Vec<FlowIx> = topology.component(member).into.iter().copied().filter(is_copy).collect();
        for flow in &flows {
            self.load.flows[flow.at()].add(copies.times(1.0 / flows.len() as f64));
        }
    }

    /// Sends what arrived at a component along its ways. A queue that stands for `share` of its store takes that of
    /// its consumers.
    fn go_on(&mut self, component: ComponentIx, arrived: &Arrived<'f>, share: f64) {
        let allowed = self.allowed(component);
        if allowed.is_empty() {
            return;
        }
        let (facts, misses) = (self.facts, 1.0 - self.hit_ratio(component));
        let missed = |it: Demand| Demand { writes: it.writes, ..it.times(misses) };
        let node = facts.topology.component(component);
        if !node.can(Capability::Passes) || arrived.by_port.is_empty() {
            let demand = missed(arrived.demand);
            self.spread(component, &allowed, demand, share);
            return;
        }
        let rest = arrived.by_port.iter().fold(arrived.demand, |rest, (_, it)| Demand {
            reads: (rest.reads - it.reads).max(0.0),
            writes: (rest.writes - it.writes).max(0.0),
            either: (rest.either - it.either).max(0.0),
        });
        let parts: Vec<_> = arrived.by_port.iter().map(|(ports, it)| (Some(*ports), missed(*it))).collect();
        for (ports, demand) in parts.into_iter().chain([(None, missed(rest))]) {
            let is_same =
                |it: &&&Way| ports.is_some_and(|ports| facts.topology.flow(it.flow).ports.overlaps(ports));
            let same: Some4<&Way> = allowed.iter().filter(is_same).copied().collect();
            self.spread(component, if same.is_empty() { &allowed } else { &same }, demand, share);
        }
    }

    fn hit_ratio(&self, cache: ComponentIx) -> f64 {
        let is_warm = self.now.is_up(cache) && !self.now.cold.contains(&cache);
        if is_warm { self.ways.hits[cache.at()] } else { 0.0 }
    }

    fn spread(&mut self, from: ComponentIx, ways: &[&'f Way], demand: Demand, share: f64) {
        let node = self.facts.topology.component(from);
        let is_queue = node.is(Family::Messaging);
        let demand = if is_queue { Demand { either: demand.total(), ..Demand::default() } } else { demand };
        let is_named = ways.iter().any(|it| self.named.binary_search(&it.flow).is_ok());
        let splits = node.can(Capability::Spreads) && !is_named;
        for sort in [Sort::Read, Sort::Write, Sort::Either] {
            let amount = sort.of(demand);
            let taking: Some4<&Way> = ways.iter().copied().filter(|it| sort.along(it).is_some()).collect();
            if amount <= 0.0 || taking.is_empty() {
                continue;
            }
            for way in
                taking.iter().filter(|it| it.copies && self.now.is_up(it.to)).copied().collect::<Some4<_>>()
            {
                if self.facts.pools.store_of(from).is_none_or(|it| !self.is_of_store(way.to, it)) {
                    self.send(way, sort, amount, &[(way.to, 1.0)]);
                }
            }
            let mut sets: Vec<(Alt, &Way)> =
                taking.iter().filter(|it| !it.copies).map(|it| (self.set(sort, it), *it)).collect();
            sets.sort_by_key(|it| it.0);
            let is_all_beside = sets.iter().all(|it| it.1.beside);
            let takes_part = |it: &Way| splits && (is_all_beside || !it.beside);
            let whole = weight(sets.iter().map(|it| it.1).filter(|it| takes_part(it)));
            for set in sets.chunk_by(|a, b| a.0 == b.0) {
                let parts = |is_part: bool| {
                    set.iter().map(|it| it.1).filter(|it| takes_part(it) == is_part).collect::<Some4<&Way>>()
                };
                let (part, all) = (parts(true), parts(false));
                let of_part = amount * weight(part.iter().copied()).of(&whole);
                let shares = [(&part, of_part), (&all, amount)];
                for (ways, amount) in shares.into_iter().filter(|it| !it.0.is_empty()) {
                    let amount = if is_queue { self.level(from, ways, amount, share) } else { amount };
                    self.deliver(from, set[0].0, ways, sort, amount);
                }
            }
        }
    }

    fn is_of_store(&self, component: ComponentIx, store: super::StoreIx) -> bool {
        self.facts.pools.store_of(component) == Some(store)
    }

    /// The alternatives to the target of a way.
    fn set(&self, sort: Sort, way: &Way) -> Alt {
        let alternatives = &self.facts.failure.groups.alternatives;
        match sort.along(way) {
            Some(Sort::Read) => alternatives.reading(way.to),
            _ => alternatives.writing(way.to),
        }
    }

    /// What consumers take off a queue; what they cannot take stays there.
    fn level(&mut self, queue: ComponentIx, ways: &[&Way], amount: f64, share: f64) -> f64 {
        // Of one consumer on several ways, the way that asks most of it counts.
        let mut takers: Some4<(ComponentIx, f64)> = SmallVec::new();
        for way in ways.iter().filter(|it| self.now.is_up(it.to) && it.each > 0.0) {
            match takers.iter_mut().find(|it| it.0 == way.to) {
                Some(known) => known.1 = known.1.max(way.each),
                None => takers.push((way.to, way.each)),
            }
        }
        let most = takers.iter().map(|(it, each)| Some(self.load.capacity[it.at()]? / each));
        let Some(most) = most.sum::<Option<f64>>().filter(|_| !takers.is_empty()) else { return amount };
        let taken = amount.min(most * share);
        // Of several that take all messages, the slowest counts.
        let left = &mut self.load.backlog[queue.at()];
        *left = left.max(amount - taken);
        taken
    }

    /// Sends an amount to those of the alternatives that are drawn and up, else to others of them that are.
    fn deliver(&mut self, from: ComponentIx, alt: Alt, ways: &[&'f Way], sort: Sort, amount: f64) {
        let facts = self.facts;
        let members = facts.failure.groups.alternatives.members(alt);
        let is_usable = |it: ComponentIx| self.now.is_up(it) && members.binary_search(&it).is_ok();
        let usable: Some4<&Way> = ways.iter().copied().filter(|it| is_usable(it.to)).collect();
        if usable.is_empty() {
            let up: Vec<ComponentIx> = members.iter().copied().filter(|it| is_usable(*it)).collect();
            let live: f64 = up.iter().map(|it| self.now.live[it.at()]).sum();
            let targets: Vec<(ComponentIx, f64)> =
                up.iter().map(|it| (*it, self.now.live[it.at()] / live)).collect();
            for way in ways.iter().filter(|_| !targets.is_empty()) {
                self.send(way, sort, amount / ways.len() as f64, &targets);
            }
            return;
        }
        let shares = self.shares(from, &usable);
        for (way, share) in usable.iter().zip(shares) {
            self.send(way, sort, amount * share, &[(way.to, 1.0)]);
        }
    }

    /// How alternatives share what goes to them; together 1.
    fn shares(&self, from: ComponentIx, ways: &[&Way]) -> Some4<f64> {
        let node = self.facts.topology.component(from);
        let strategy = if node.can(Capability::Spreads) { node.record.balancing.trim() } else { "" };
        let live = |it: &&Way| self.now.live[it.to.at()];
        let capacity = |it: &&Way| self.load.capacity[it.to.at()];
        let of_all = |each: &dyn Fn(&&Way) -> f64| -> Some4<f64> {
            let all: Some4<f64> = ways.iter().map(|it| it.weight * each(it)).collect();
            let sum: f64 = all.iter().sum();
            let even = 1.0 / ways.len() as f64;
            all.into_iter().map(|it| if sum > 0.0 { it / sum } else { even }).collect()
        };
        match strategy {
            // Each entry or sort of thing is one way, however many stand behind it.
            "dns" | "per-resource" => of_all(&|_| 1.0),
            "least-busy" if ways.iter().all(|it| capacity(it).is_some()) => {
                of_all(&|it| capacity(it).unwrap_or_default())
            }
            _ => of_all(&live),
        }
    }

    /// Sends an amount along a way, to targets with their shares.
    fn send(&mut self, way: &'f Way, sort: Sort, amount: f64, targets: &[(ComponentIx, f64)]) {
        let Some(sort) = sort.along(way) else { return };
        let hit = way.behind.iter().map(|it| self.hit_ratio(*it)).fold(0.0, f64::max);
        let missed = if sort == Sort::Write { 1.0 } else { 1.0 - hit };
        let demand = sort.demand(amount * missed).times(way.each);
        self.load.flows[way.flow.at()].add(demand);
        let source = self.facts.topology.flow(way.flow);
        let from = if source.to == way.to { source.from } else { source.to };
        let from = self.place.get(&self.node(from)).copied();
        for (target, share) in targets {
            let part = demand.times(*share);
            let to = self.place.get(&self.node(*target)).copied();
            if to <= from || part.total() <= 0.0 {
                if part.total() > 0.0 {
                    self.closing.insert(way.flow);
                }
                continue;
            }
            let arrived = self.arrived.entry(*target).or_default();
            arrived.demand.add(part);
            if self.facts.topology.component(*target).can(Capability::Passes) {
                let ports = &source.ports;
                match arrived.by_port.iter_mut().find(|it| it.0 == ports) {
                    Some(known) => known.1.add(part),
                    None => arrived.by_port.push((ports, part)),
                }
            }
        }
    }
}

/// Weights of ways, and how many they are.
#[derive(Debug, Clone, Copy)]
struct Weight {
    weight: f64,
    count: f64,
}

fn weight<'w>(ways: impl Iterator<Item = &'w Way>) -> Weight {
    ways.fold(Weight { weight: 0.0, count: 0.0 }, |sum, it| Weight {
        weight: sum.weight + it.weight,
        count: sum.count + 1.0,
    })
}

impl Weight {
    /// Its share of all; where nothing has a weight, all are even.
    fn of(self, all: &Self) -> f64 {
        let (part, whole) =
            if all.weight > 0.0 { (self.weight, all.weight) } else { (self.count, all.count.max(1.0)) };
        part / whole
    }
}
