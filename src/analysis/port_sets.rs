//! Port sets by number: equal sets have equal numbers, and no operation is done twice on the same two.

use foldhash::HashMap;

use crate::model::Ports;

/// A port set of a [`PortSets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PortSet(u32);

impl PortSet {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(1);

    pub(super) fn is_empty(self) -> bool {
        self == Self::NONE
    }
}

/// All port sets of one search.
#[derive(Debug, Clone)]
pub(super) struct PortSets {
    sets: Vec<Ports>,
    numbers: HashMap<Ports, PortSet>,
    unions: HashMap<(u32, u32), PortSet>,
    intersections: HashMap<(u32, u32), PortSet>,
    differences: HashMap<(u32, u32), PortSet>,
}

impl PortSets {
    pub(super) fn new() -> Self {
        let mut sets = Self {
            sets: Vec::new(),
            numbers: HashMap::default(),
            unions: HashMap::default(),
            intersections: HashMap::default(),
            differences: HashMap::default(),
        };
        sets.number(&Ports::NONE);
        sets.number(&Ports::all());
        sets
    }

    pub(super) fn number(&mut self, ports: &Ports) -> PortSet {
        if let Some(known) = self.numbers.get(ports) {
            return *known;
        }
        let fresh = PortSet(self.sets.len() as u32);
        self.sets.push(ports.clone());
        self.numbers.insert(ports.clone(), fresh);
        fresh
    }

    pub(super) fn ports(&self, set: PortSet) -> &Ports {
        &self.sets[set.0 as usize]
    }

    pub(super) fn union(&mut self, a: PortSet, b: PortSet) -> PortSet {
        if a == b || b.is_empty() || a == PortSet::ALL {
            return a;
        }
        if a.is_empty() || b == PortSet::ALL {
            return b;
        }
        let key = (a.0.min(b.0), a.0.max(b.0));
        if let Some(known) = self.unions.get(&key) {
            return *known;
        }
        let set = self.ports(a).union(self.ports(b));
        let set = self.number(&set);
        self.unions.insert(key, set);
        set
    }

    pub(super) fn intersect(&mut self, a: PortSet, b: PortSet) -> PortSet {
        if a == b || a.is_empty() || b == PortSet::ALL {
            return a;
        }
        if b.is_empty() || a == PortSet::ALL {
            return b;
        }
        let key = (a.0.min(b.0), a.0.max(b.0));
        if let Some(known) = self.intersections.get(&key) {
            return *known;
        }
        let set = self.ports(a).intersect(self.ports(b));
        let set = self.number(&set);
        self.intersections.insert(key, set);
        set
    }

    pub(super) fn minus(&mut self, a: PortSet, b: PortSet) -> PortSet {
        if a == b || a.is_empty() || b == PortSet::ALL {
            return PortSet::NONE;
        }
        if b.is_empty() {
            return a;
        }
        let key = (a.0, b.0);
        if let Some(known) = self.differences.get(&key) {
            return *known;
        }
        let set = self.ports(a).minus(self.ports(b));
        let set = self.number(&set);
        self.differences.insert(key, set);
        set
    }

    /// What of `new` is not in `held`, which then holds it.
    pub(super) fn add(&mut self, held: &mut PortSet, new: PortSet) -> PortSet {
        let fresh = self.minus(new, *held);
        *held = self.union(*held, fresh);
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_sets_have_equal_numbers() {
        let mut sets = PortSets::new();
        let mut number = |text: &str| sets.number(&text.parse().unwrap());
        let (web, ssh, both) = (number("tcp/443"), number("tcp/22"), number("tcp/22,443"));
        assert_eq!(sets.union(web, ssh), both);
        assert_eq!(sets.union(ssh, web), both);
        assert_eq!(sets.minus(both, ssh), web);
        assert_eq!(sets.intersect(both, PortSet::ALL), both);
        let mut held = web;
        assert_eq!((sets.add(&mut held, both), held), (ssh, both));
        assert!(sets.add(&mut held, both).is_empty());
    }
}
