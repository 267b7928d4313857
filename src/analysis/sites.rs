//! Sites: for one run of the search, what each boundary and each filter lets through for anybody, and what more
//! for some. Sources for which the same entries hold are one *class*, so that the search need not tell them apart.

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::ingress::{Entry, Passing, Starts, Where};
use super::port_sets::{PortSet, PortSets};
use super::{BoundaryIx, ComponentIx, Ingress, Topology};
use crate::model::Truth;

/// How unknowns are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Only what is certain gets through.
    Certain,
    /// What is unknown gets through.
    Possible,
}

/// Sources for which the same entries hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Class(pub(super) u32);

impl Class {
    /// Those for whom no entry holds that does not hold for everybody.
    pub(super) const ANYBODY: Self = Self(0);

    /// One number for this class and another number.
    pub(super) fn key(self, other: u32) -> u64 {
        u64::from(self.0) << 32 | u64::from(other)
    }
}

#[derive(Debug, Clone, Copy)]
enum Site {
    Boundary(BoundaryIx),
    Filter(ComponentIx),
}

pub(super) struct Sites<'a> {
    topology: &'a Topology,
    ingress: &'a Ingress,
    /// What anybody gets through, by boundary and by component.
    into: Vec<PortSet>,
    through: Vec<PortSet>,
    /// Whether the network of a boundary is closed to its members, by boundary.
    closed: Vec<bool>,
    /// Entries that hold for some only.
    special: Vec<(Site, PortSet)>,
    of_component: Vec<Vec<u32>>,
    of_boundary: Vec<Vec<u32>>,
    of_start: Vec<Vec<u32>>,
    has_starts: bool,
    classes: HashMap<Vec<u32>, Class>,
    /// By class: into which boundaries and through which filters it gets more than anybody, and what; in order.
    class_into: Vec<Vec<(BoundaryIx, PortSet)>>,
    class_through: Vec<Vec<(ComponentIx, PortSet)>>,
}

impl<'a> Sites<'a> {
    /// `avoid`: components through which nothing gets, though they keep their place.
    pub(super) fn of(
        topology: &'a Topology,
        ingress: &'a Ingress,
        mode: Mode,
        sets: &mut PortSets,
        avoid: &dyn Fn(ComponentIx) -> bool,
    ) -> Self {
        let mut sites = Self {
            topology,
            ingress,
            into: vec![PortSet::NONE; topology.boundary_count()],
            through: vec![PortSet::NONE; topology.component_count()],
            closed: topology.boundaries().map(|(_, it)| mode.closes(it.record.segmented.is)).collect(),
            special: Vec::new(),
            of_component: vec![Vec::new(); topology.component_count()],
            of_boundary: vec![Vec::new(); topology.boundary_count()],
            of_start: vec![Vec::new(); topology.component_count()],
            has_starts: false,
            classes: HashMap::default(),
            class_into: vec![Vec::new()],
            class_through: vec![Vec::new()],
        };
        sites.classes.insert(Vec::new(), Class::ANYBODY);
        for (b, _) in topology.boundaries() {
            for (_, passing) in ingress.parts(b).filter(|(gate, _)| !gate.is_some_and(avoid)) {
                sites.read(Site::Boundary(b), passing, ingress.starts_into(b), mode, sets);
            }
        }
        for (c, _) in topology.components().filter(|(c, _)| !avoid(*c)) {
            sites.read(Site::Filter(c), ingress.passing(c), ingress.starts_at(c), mode, sets);
        }
        sites
    }

    /// What a class gets into a boundary.
    pub(super) fn lets_in(&self, class: Class, boundary: BoundaryIx) -> PortSet {
        let special = self.special_of(class);
        let at = special.binary_search_by_key(&boundary, |it| it.0);
        at.map_or_else(|_| self.into[boundary.at()], |it| special[it].1)
    }

    /// What a class gets through a component.
    pub(super) fn lets_through(&self, class: Class, component: ComponentIx) -> PortSet {
        let special = self.special_filters_of(class);
        let at = special.binary_search_by_key(&component, |it| it.0);
        at.map_or_else(|_| self.through[component.at()], |it| special[it].1)
    }

    /// The boundaries into which a class gets more than anybody, and what.
    pub(super) fn special_of(&self, class: Class) -> &[(BoundaryIx, PortSet)] {
        &self.class_into[class.0 as usize]
    }

    /// The filters through which a class gets more than anybody, and what.
    pub(super) fn special_filters_of(&self, class: Class) -> &[(ComponentIx, PortSet)] {
        &self.class_through[class.0 as usize]
    }

    pub(super) fn is_closed(&self, boundary: BoundaryIx) -> bool {
        self.closed[boundary.at()]
    }

    /// The class of whoever stands at a component.
    pub(super) fn class_of(&mut self, source: ComponentIx, sets: &mut PortSets) -> Class {
        let mut holds = self.of_component[source.at()].clone();
        for around in self.topology.outward(self.ingress.place(source)) {
            holds.extend(&self.of_boundary[around.at()]);
        }
        if self.has_starts {
            holds.extend(&self.of_start[source.at()]);
            let node = self.topology.component(source);
            let passes = |it| self.topology.component(it).can(crate::model::Capability::Passes);
            if node.out.iter().any(|it| passes(self.topology.flow(*it).to)) {
                for ahead in Ingress::seen_ahead(self.topology, source) {
                    holds.extend(&self.of_start[ahead.at()]);
                }
            }
        }
        holds.sort_unstable();
        holds.dedup();
        if let Some(known) = self.classes.get(&holds) {
            return *known;
        }
        let class = Class(self.class_into.len() as u32);
        let (mut into, mut through) = (BTreeMap::new(), BTreeMap::new());
        for (site, ports) in holds.iter().map(|it| self.special[*it as usize]) {
            match site {
                Site::Boundary(b) => {
                    let now = into.entry(b).or_insert_with(|| self.into[b.at()]);
                    *now = sets.union(*now, ports);
                }
                Site::Filter(c) => {
                    let now = through.entry(c).or_insert_with(|| self.through[c.at()]);
                    *now = sets.union(*now, ports);
                }
            }
        }
        self.class_into.push(into.into_iter().collect());
        self.class_through.push(through.into_iter().collect());
        self.classes.insert(holds, class);
        class
    }

    fn read(&mut self, site: Site, passing: &Passing, starts: &Starts, mode: Mode, sets: &mut PortSets) {
        let anybody = match passing {
            Passing::Everything => PortSet::ALL,
            Passing::Unsaid if mode == Mode::Possible => PortSet::ALL,
            Passing::Nothing | Passing::Unsaid => PortSet::NONE,
            Passing::Entries(entries) => {
                let mut anybody = PortSet::NONE;
                for entry in entries {
                    let ports = sets.number(&entry.ports);
                    if ports.is_empty() {
                        continue;
                    }
                    if self.holds_for_anybody(site, entry, starts, mode, ports) {
                        anybody = sets.union(anybody, ports);
                    }
                }
                anybody
            }
        };
        let now = match site {
            Site::Boundary(b) => &mut self.into[b.at()],
            Site::Filter(c) => &mut self.through[c.at()],
        };
        *now = sets.union(*now, anybody);
    }

    /// Notes for whom an entry holds, unless that is anybody.
    fn holds_for_anybody(
        &mut self,
        site: Site,
        entry: &Entry,
        starts: &Starts,
        mode: Mode,
        ports: PortSet,
    ) -> bool {
        let number = self.special.len() as u32;
        match &entry.from {
            Where::Anywhere => return true,
            Where::Unsaid if mode == Mode::Possible || starts.everyone => return true,
            Where::Unsaid => {
                self.has_starts |= !starts.from.is_empty();
                for start in &starts.from {
                    self.of_start[start.at()].push(number);
                }
            }
            Where::Of(components, boundaries) => {
                for component in components {
                    self.of_component[component.at()].push(number);
                }
                for boundary in boundaries {
                    self.of_boundary[boundary.at()].push(number);
                }
            }
        }
        self.special.push((site, ports));
        false
    }
}

impl Mode {
    /// Whether that answer to *segmented* closes the network between members.
    fn closes(self, segmented: Truth) -> bool {
        match segmented {
            Truth::No => false,
            Truth::Unknown => self == Self::Certain,
            // What does not apply silences like yes.
            Truth::Yes | Truth::NotApplicable => true,
        }
    }
}
