//! Groups wired to a network: which nodes stand for components, ways through gates and features.

use std::collections::BTreeMap;

use crate::model::{Access, Capability, Id};

use super::groups::{Alt, FREE, Group, Groups, Way};
use super::network::{Builder, Network, SETTLED, Terms};
use super::{ComponentIx, Need, Topology};

/// A network, and what its nodes stand for: first the components by their index, last the features.
#[derive(Debug, Clone, Default)]
pub(super) struct Wired {
    pub network: Network,
    /// The node of the first feature; the others follow.
    pub features_from: u32,
}

/// A feature as failure sees it.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub feature: Id,
    /// The components on it, from its start on.
    pub components: Vec<ComponentIx>,
    /// What it needs, all of it.
    needs: Vec<(Alt, By)>,
}

/// How a feature gets to alternatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Way(Way),
    /// As one of `Groups::all` does: other flows of that component lead to them as well, and one that is open is enough.
    Group(u32),
}

impl Path {
    /// The alternatives of all that it needs, each once.
    pub(super) fn alternatives(&self) -> impl Iterator<Item = Alt> {
        self.needs.chunk_by(|a, b| a.0 == b.0).filter_map(|it| it.first()).map(|it| it.0)
    }
}

/// The features that have a path, in order.
pub(super) fn paths(topology: &Topology, groups: &mut Groups) -> Vec<Path> {
    let mut paths = Vec::new();
    for (id, feature) in topology.model().features() {
        let mut path = Path { feature: id.clone(), components: Vec::new(), needs: Vec::new() };
        for flow in &feature.flows {
            let Some(record) = topology.model().flow(flow) else { continue };
            // Both ends, too, of a flow that loops or lacks one; the ends of a flow that makes no need are needed.
            for end in [&record.from, &record.to].into_iter().filter_map(|it| topology.find_component(it)) {
                if !path.components.contains(&end) {
                    path.components.push(end);
                }
            }
            let Some(edge) = topology.find_flow(flow).map(|it| topology.flow(it)) else { continue };
            if !record.reply && !matches!(record.access, Access::Replicate | Access::Admin) {
                let alternatives = groups.alternatives.of_flow(edge);
                let by = match groups.of_flow(topology, edge, alternatives) {
                    Some(group) => By::Group(group),
                    None => By::Way(groups.way_of(topology, edge)),
                };
                path.needs.push((alternatives, by));
            }
        }
        path.needs.extend(path.components.iter().map(|it| (groups.alternatives.reading(*it), By::Way(FREE))));
        path.needs.sort_unstable();
        path.needs.dedup();
        if !path.needs.is_empty() {
            paths.push(path);
        }
    }
    paths
}

pub(super) fn wire(topology: &Topology, groups: &Groups, paths: &[Path]) -> Wired {
    let mut wiring = Wiring::of(topology, groups);
    for group in groups.all.iter().filter(|it| it.need == Need::Hard) {
        let needed = wiring.group(group);
        wiring.builder.need(group.source.0, needed);
    }
    // What they need may bring nodes of its own, and theirs are the last.
    let needed: Vec<Vec<u32>> =
        paths.iter().map(|path| path.needs.iter().map(|(alt, by)| wiring.by(*alt, *by)).collect()).collect();
    let features_from = paths.iter().map(|_| wiring.builder.node(1, false)).min().unwrap_or(u32::MAX);
    for (n, needed) in needed.into_iter().enumerate() {
        for group in needed {
            wiring.builder.need(features_from + n as u32, group);
        }
    }
    Wired { network: wiring.builder.finish(), features_from }
}

struct Wiring<'g> {
    groups: &'g Groups,
    builder: Builder,
    /// The group of each set of alternatives that is reached freely.
    free: Vec<Option<u32>>,
    /// The group of alternatives behind gates.
    gated: BTreeMap<(Alt, Way), u32>,
    /// The group of each way: its gates are alive.
    ways: Vec<Option<u32>>,
    /// Members that only some ways lead to.
    members: BTreeMap<(ComponentIx, Vec<Way>), u32>,
}

impl<'g> Wiring<'g> {
    fn of(topology: &Topology, groups: &'g Groups) -> Self {
        let mut builder = Builder::default();
        for (_, component) in topology.components() {
            builder.node(component.record.instances(), component.can(Capability::GoesOn));
        }
        Self {
            groups,
            builder,
            free: vec![None; groups.alternatives.count()],
            gated: BTreeMap::new(),
            ways: vec![None; groups.gates().len()],
            members: BTreeMap::new(),
        }
    }

    fn by(&mut self, alt: Alt, by: By) -> u32 {
        match by {
            By::Way(way) => self.of_alternatives(alt, way),
            By::Group(group) => self.group(&self.groups.all[group as usize]),
        }
    }

    fn group(&mut self, group: &Group) -> u32 {
        if let Some(way) = self.groups.common_way(group) {
            return self.of_alternatives(group.alternatives, way);
        }
        // Its flows pass different gates: each member is usable if one of the ways to it is.
        let alternatives = &self.groups.alternatives;
        let members: Vec<u32> =
            alternatives.members(group.alternatives).iter().map(|it| self.member(group, *it)).collect();
        self.quorate(group.alternatives, members)
    }

    fn of_alternatives(&mut self, alt: Alt, way: Way) -> u32 {
        if way == FREE {
            if let Some(known) = self.free[alt as usize] {
                return known;
            }
            let members: Vec<u32> = self.groups.alternatives.members(alt).iter().map(|it| it.0).collect();
            let made = self.quorate(alt, members);
            self.free[alt as usize] = Some(made);
            return made;
        }
        if let Some(known) = self.gated.get(&(alt, way)) {
            return *known;
        }
        let behind = self.of_alternatives(alt, FREE);
        let gates = self.way(way);
        let made = self.both(behind, gates);
        self.gated.insert((alt, way), made);
        made
    }

    /// A group of members, with the terms of its alternatives. A quorum to which others count is a second need.
    fn quorate(&mut self, alt: Alt, members: Vec<u32>) -> u32 {
        let alternatives = &self.groups.alternatives;
        let asks = alternatives.asks(alt).map_or(SETTLED, |it| it.0);
        let quorum = alternatives.quorum(alt);
        let Some(counted) = alternatives.counted(alt) else {
            return self.builder.group(members, Terms { quorum, asks, ..Terms::one() });
        };
        let usable = self.builder.group(members, Terms { asks, ..Terms::one() });
        let terms = Terms { quorum, only_alive: true, ..Terms::one() };
        let enough = self.builder.group(counted.iter().map(|it| it.0), terms);
        self.both(usable, enough)
    }

    /// A group that is lost if one of two is.
    fn both(&mut self, one: u32, other: u32) -> u32 {
        let node = self.builder.node(1, false);
        self.builder.need(node, one);
        self.builder.need(node, other);
        self.builder.group([node], Terms::one())
    }

    /// A group that is lost if a way is closed.
    fn way(&mut self, way: Way) -> u32 {
        if let Some(known) = self.ways[way as usize] {
            return known;
        }
        let alive = Terms { only_alive: true, ..Terms::one() };
        let node = self.builder.node(1, false);
        for gates in &self.groups.gates()[way as usize] {
            let one_alive = self.builder.group(gates.iter().map(|it| it.0), alive);
            self.builder.need(node, one_alive);
        }
        let made = self.builder.group([node], alive);
        self.ways[way as usize] = Some(made);
        made
    }

    /// The node that stands for a member that only some ways lead to.
    fn member(&mut self, group: &Group, member: ComponentIx) -> u32 {
        let ways = self.groups.ways_to(group, member);
        if ways.contains(&FREE) {
            return member.0;
        }
        if let Some(known) = self.members.get(&(member, ways.clone())) {
            return *known;
        }
        let node = self.builder.mirror(member.0);
        let itself = self.builder.group([member.0], Terms::one());
        self.builder.need(node, itself);
        let open: Vec<u32> = ways.iter().map(|it| self.way_node(*it)).collect();
        let one_open = self.builder.group(open, Terms { only_alive: true, ..Terms::one() });
        self.builder.need(node, one_open);
        self.members.insert((member, ways), node);
        node
    }

    /// A node that is down if a way is closed.
    fn way_node(&mut self, way: Way) -> u32 {
        let open = self.way(way);
        let node = self.builder.node(1, false);
        self.builder.need(node, open);
        node
    }
}
