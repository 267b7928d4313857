//! Failure: what is down, cut and degraded if something is lost. Part *Failure* of the meanings.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::model::{Capability, Family, Id};

use super::degraded::Sight;
use super::groups::{Alt, Groups};
use super::network::Lists;
use super::run::Run;
use super::single_points::{self, Chains, SearchResult, SinglePoint, Toll};
use super::units::{self, Unit};
use super::wiring::{Path, Wired, paths, wire};
use super::{BoundaryIx, ComponentIx, Need, Pools, Topology};

/// What a loss does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    pub down: BTreeSet<ComponentIx>,
    /// All that is down, and what lacks a part of what it needs.
    pub cut: BTreeSet<ComponentIx>,
    /// Up, but worse; it may be cut too.
    pub degraded: BTreeSet<ComponentIx>,
    /// Why, for each that is down, cut or degraded: down before cut before degraded.
    pub reasons: BTreeMap<ComponentIx, Vec<Reason>>,
}

/// Why a component is down, cut or degraded. Members are in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Down: all its instances failed.
    Failed,
    /// Down, or cut if it goes on with other routes: of these alternatives too few are left, or no gate lets the
    /// flow in.
    Lost { alternatives: Vec<ComponentIx> },
    /// Cut: all these alternatives are cut.
    Cut { alternatives: Vec<ComponentIx> },
    /// Degraded: a soft need, or a route of what goes on, is lost.
    LessServed { alternatives: Vec<ComponentIx> },
    /// Degraded: nobody of this pool takes its messages.
    NoConsumer { consumers: Vec<ComponentIx> },
    /// Degraded: all of these alternatives that are left are degraded.
    Passed { alternatives: Vec<ComponentIx> },
    /// Degraded: some instances failed.
    FewerInstances { left: u32, of: u32 },
    /// Degraded: some of its alternatives are lost.
    FewerMembers { lost: Vec<ComponentIx>, alternatives: Vec<ComponentIx> },
}

/// A hard need of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HardNeed<'f> {
    /// The same number is the same alternatives.
    pub set: u32,
    /// Any one of them will do; in order.
    pub alternatives: &'f [ComponentIx],
}

/// How the components of a model need each other.
#[derive(Debug, Clone, Default)]
pub struct Failure {
    pub(super) parts: Vec<Part>,
    pub(super) groups: Groups,
    pub(super) paths: Vec<Path>,
    pub(super) wired: Wired,
    /// The same with every replica taking over of which nobody has said; `None` if there is none.
    pub(super) hopeful: Option<Wired>,
    insides: Insides,
    /// Of each store: the replicas of which nobody has said whether they take over.
    pub(super) open_replicas: Vec<Vec<ComponentIx>>,
    pub(super) places: Vec<Place>,
    /// Boundaries that fail as one.
    pub(super) boundary_units: Vec<Vec<BoundaryIx>>,
    entry_actors: Vec<ComponentIx>,
    found: OnceLock<Arc<SearchResult>>,
}

/// A component, as far as failure goes.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub id: Id,
    pub is_unit: bool,
    /// It survives the loss of an instance, a zone or a host.
    pub survives: bool,
    /// It might, but nobody has said.
    pub may_survive: bool,
    /// Of messaging: the alternatives of each who consumes from it.
    pub consumers: Vec<Alt>,
}

/// A boundary, as far as failure goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub survivable: bool,
    pub may_be_alone: bool,
    pub kind: &'static str,
}

impl Failure {
    pub fn of(topology: &Topology, pools: &Pools) -> Self {
        let mut groups = Groups::of(topology, pools, false);
        let paths = paths(topology, &mut groups);
        let wired = wire(topology, &groups, &paths);
        let is_open = pools.stores().iter().any(|it| !it.takes_over_unknown.is_empty());
        let hopeful = is_open.then(|| {
            let mut groups = Groups::of(topology, pools, true);
            let paths = self::paths(topology, &mut groups);
            wire(topology, &groups, &paths)
        });
        Self {
            parts: parts(topology, &groups),
            entry_actors: entry_actors(topology, &groups),
            places: topology.boundaries().map(|(_, it)| place(it.kind)).collect(),
            boundary_units: units::boundary_units(topology),
            groups,
            paths,
            wired,
            hopeful,
            insides: Insides::of(topology),
            open_replicas: pools.stores().iter().map(|it| it.takes_over_unknown.clone()).collect(),
            found: OnceLock::new(),
        }
    }

    /// Users, admins, browsers, mobile apps, partners and the internet that need something; where none is drawn,
    /// what of edge and compute needs something and no flow enters. In order.
    pub fn entry_actors(&self) -> &[ComponentIx] {
        &self.entry_actors
    }

    /// What is down, cut and degraded if these are lost at once. The same instance twice is two instances.
    pub fn simulate(&self, failed: &[Unit]) -> Outcome {
        let mut run = Run::of(&self.wired.network);
        for unit in failed {
            self.fail(&mut run, unit, true);
        }
        run.spread();
        Sight::of(self, &run).outcome()
    }

    /// The units whose loss cuts an entry actor, or a feature where features are drawn; components in order, then
    /// boundaries in that of their first.
    pub fn single_points(&self) -> &[SinglePoint] {
        &self.search().points
    }

    /// What the loss of each of [`Failure::boundary_units`] does to the entry actors.
    pub fn tolls(&self) -> &[Toll] {
        &self.search().tolls
    }

    fn search(&self) -> &SearchResult {
        self.found.get_or_init(|| Arc::new(single_points::find(self)))
    }

    /// The ways of losses, found when asked for, as the ways of a long chain would fill a book.
    pub fn chains(&self) -> Chains<'_> {
        Chains::of(self)
    }

    /// The hard needs of a component, in a fixed order.
    pub fn hard_needs(&self, component: ComponentIx) -> impl Iterator<Item = HardNeed<'_>> {
        let hard = self.groups.of_component(component).iter().filter(|it| it.need == Need::Hard);
        hard.map(|it| HardNeed {
            set: it.alternatives,
            alternatives: self.groups.alternatives.members(it.alternatives),
        })
    }

    /// The boundaries that fail as one, each list a unit, in the order of their first.
    pub fn boundary_units(&self) -> &[Vec<BoundaryIx>] {
        &self.boundary_units
    }

    /// Takes a unit away. `for_certain`, what may be highly available is read as if it were not.
    pub(super) fn fail(&self, run: &mut Run<'_>, unit: &Unit, for_certain: bool) {
        match unit {
            Unit::Instance(component) => run.fail(component.0, 1),
            Unit::Component(component) => run.fail(component.0, u32::MAX),
            Unit::Boundary(boundaries) => {
                for component in boundaries.iter().flat_map(|it| self.taken_by(*it, for_certain)) {
                    run.fail(component.0, u32::MAX);
                }
            }
        }
    }

    /// What the loss of a boundary takes: all in it but what survives that.
    pub(super) fn taken_by(
        &self,
        boundary: BoundaryIx,
        for_certain: bool,
    ) -> impl Iterator<Item = ComponentIx> {
        let survivable = self.places[boundary.at()].survivable;
        let survives = move |it: &ComponentIx| {
            let part = &self.parts[it.at()];
            survivable && (part.survives || (!for_certain && part.may_survive))
        };
        self.all_in(boundary).iter().copied().filter(move |it| !survives(it))
    }

    /// All components in a boundary, at any depth.
    pub(super) fn all_in(&self, boundary: BoundaryIx) -> &[ComponentIx] {
        let span = self.insides.spans[boundary.at()];
        &self.insides.components[span.components.0 as usize..span.components.1 as usize]
    }

    /// All boundaries in one, at any depth, without itself.
    pub(super) fn boundaries_in(&self, boundary: BoundaryIx) -> &[BoundaryIx] {
        let span = self.insides.spans[boundary.at()];
        &self.insides.boundaries[span.boundaries.0 as usize..span.boundaries.1 as usize]
    }

    /// Whether a boundary stands inside another, at any depth.
    pub(super) fn is_inside(&self, inner: BoundaryIx, outer: BoundaryIx) -> bool {
        let [inner, outer] = [inner, outer].map(|it| self.insides.spans[it.at()].boundaries);
        outer.0 < inner.0 && inner.1 <= outer.1
    }

    /// Instances that a component has if nothing failed.
    pub(super) fn instances(&self, component: ComponentIx) -> u32 {
        self.wired.network.instances(component.0)
    }

    /// Of each component: the groups that it is a member of, by their place in `groups`.
    pub(super) fn users(&self) -> Lists {
        let mut pairs = Vec::new();
        for (n, group) in self.groups.all.iter().enumerate() {
            pairs.extend(
                self.groups.alternatives.members(group.alternatives).iter().map(|it| (it.0, n as u32)),
            );
        }
        Lists::of(self.parts.len(), &pairs)
    }
}

fn parts(topology: &Topology, groups: &Groups) -> Vec<Part> {
    let part = |(ix, node): (ComponentIx, &super::ComponentNode)| {
        let is_messaging = node.is(Family::Messaging);
        let consumes = |it: &&super::FlowEdge| it.access == crate::model::Access::Consume && !it.reply;
        let consumers =
            node.into.iter().map(|it| topology.flow(*it)).filter(|it| is_messaging && consumes(it));
        let mut consumers: Vec<_> = consumers.map(|it| groups.alternatives.reading(it.from)).collect();
        consumers.sort_unstable();
        consumers.dedup();
        Part {
            id: node.id.clone(),
            is_unit: units::is_unit(topology, ix),
            survives: units::survives(topology, ix),
            may_survive: units::may_survive(topology, ix),
            consumers,
        }
    };
    topology.components().map(part).collect()
}

fn place(kind: &'static crate::model::BoundaryKind) -> Place {
    Place { survivable: kind.survivable, may_be_alone: kind.may_be_alone, kind: &kind.slug }
}

fn entry_actors(topology: &Topology, groups: &Groups) -> Vec<ComponentIx> {
    let needy = || topology.components().filter(|(ix, _)| groups.has_hard(*ix));
    let actors: Vec<ComponentIx> =
        needy().filter(|(_, it)| it.can(Capability::Actor)).map(|(ix, _)| ix).collect();
    if !actors.is_empty() {
        return actors;
    }
    // A reply opens nothing, so it does not enter.
    let is_entered = |it: &super::ComponentNode| it.into.iter().any(|it| !topology.flow(*it).reply);
    let starts =
        |it: &super::ComponentNode| (it.is(Family::Edge) || it.is(Family::Compute)) && !is_entered(it);
    needy().filter(|(_, it)| starts(it)).map(|(ix, _)| ix).collect()
}

/// All components, and all boundaries, in one list each in which those inside any one boundary stand together.
#[derive(Debug, Clone, Default)]
struct Insides {
    components: Vec<ComponentIx>,
    boundaries: Vec<BoundaryIx>,
    spans: Vec<Span>,
}

/// Where the lists begin and end for one boundary.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    components: (u32, u32),
    boundaries: (u32, u32),
}

impl Insides {
    fn of(topology: &Topology) -> Self {
        let mut made = Self { spans: vec![Span::default(); topology.boundary_count()], ..Self::default() };
        let mut open: Vec<(BoundaryIx, bool)> =
            topology.boundaries().filter(|(_, it)| it.parent.is_none()).map(|(ix, _)| (ix, false)).collect();
        while let Some((ix, is_done)) = open.pop() {
            if is_done {
                let (components, boundaries) = (made.components.len(), made.boundaries.len());
                let span = &mut made.spans[ix.at()];
                (span.components.1, span.boundaries.1) = (components as u32, boundaries as u32);
                continue;
            }
            made.boundaries.push(ix);
            let (components, boundaries) = (made.components.len(), made.boundaries.len());
            let span = &mut made.spans[ix.at()];
            (span.components.0, span.boundaries.0) = (components as u32, boundaries as u32);
            let node = topology.boundary(ix);
            made.components.extend_from_slice(&node.members);
            open.push((ix, true));
            open.extend(node.inner.iter().map(|it| (*it, false)));
        }
        made
    }
}
