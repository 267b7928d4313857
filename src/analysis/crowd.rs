//! A crowd: many send ports to each other, and nobody to himself, without looking at pairs.

use super::port_sets::{PortSet, PortSets};
use super::{BoundaryIx, ComponentIx};

/// From whom ports come, within the network of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Via {
    /// A member of the place itself.
    Component(ComponentIx),
    /// Somebody in a boundary that stands there.
    Boundary(BoundaryIx),
    /// None that stands there.
    Nobody,
}

/// Which ports were sent in the network of one place: by one alone, who has not got them, or by two at least, so
/// that everybody has got them.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowd {
    /// Disjoint.
    by_one: Vec<(Via, PortSet)>,
    by_two: PortSet,
}

/// Who is to get what of some ports that were sent.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// For all but the sender.
    pub(super) for_others: PortSet,
    /// For those who were alone in sending them so far.
    pub(super) for_one: Vec<(Via, PortSet)>,
}

impl Default for PortSet {
    fn default() -> Self {
        Self::NONE
    }
}

impl Crowd {
    /// The ports that everybody has got.
    pub(super) fn for_all(&self) -> PortSet {
        self.by_two
    }

    pub(super) fn meet(&mut self, via: Via, ports: PortSet, sets: &mut PortSets) -> Met {
        let mut fresh = sets.minus(ports, self.by_two);
        let mut met = Met::default();
        if fresh.is_empty() {
            return met;
        }
        let mut mine = None;
        for n in 0..self.by_one.len() {
            let (first, theirs) = self.by_one[n];
            let both = sets.intersect(theirs, fresh);
            fresh = sets.minus(fresh, theirs);
            if first == via {
                mine = Some(n);
            } else if !both.is_empty() {
                self.by_one[n].1 = sets.minus(theirs, both);
                self.by_two = sets.union(self.by_two, both);
                met.for_one.push((first, both));
            }
        }
        met.for_others = fresh;
        match mine {
            Some(n) => self.by_one[n].1 = sets.union(self.by_one[n].1, fresh),
            None if !fresh.is_empty() => self.by_one.push((via, fresh)),
            None => {}
        }
        self.by_one.retain(|(_, ports)| !ports.is_empty());
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gets_what_others_sent() {
        let mut sets = PortSets::new();
        let [web, ssh] = ["tcp/443", "tcp/22"].map(|it| sets.number(&it.parse().unwrap()));
        let both = sets.union(web, ssh);
        let [a, b, c] = [0, 1, 2].map(|n| Via::Component(ComponentIx(n)));
        let mut crowd = Crowd::default();
        let first = crowd.meet(a, web, &mut sets);
        assert_eq!((first.for_others, first.for_one), (web, vec![]));
        assert!(crowd.meet(a, web, &mut sets).for_others.is_empty());
        let second = crowd.meet(b, both, &mut sets);
        assert_eq!((second.for_others, second.for_one), (ssh, vec![(a, web)]));
        let third = crowd.meet(c, both, &mut sets);
        assert_eq!((third.for_others, third.for_one), (PortSet::NONE, vec![(b, ssh)]));
        let fourth = crowd.meet(a, both, &mut sets);
        assert_eq!((fourth.for_others, fourth.for_one), (PortSet::NONE, vec![]));
    }
}
