//! Availability of a feature: series and parallel over its groups, from the components' own figures. Part *Load* of the
//! meanings.
//!
//! What a feature needs, directly or through others, is in series, each group once; alternatives are parallel, each
//! with what it alone needs. What lives on with the routes that are left needs, for a feature, just those on its path.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Alt;
use super::load_ways::figure;
use super::{ComponentIx, Facts};
use crate::model::{Capability, Id};

/// The share of time that a feature is up.
#[derive(Debug, Clone, PartialEq)]
pub struct Availability {
    pub share: f64,
    /// What takes part and has no figure of its own: read as always up. In order.
    pub unstated: Vec<ComponentIx>,
}

/// Needs that lie deeper than that are read as always up.
const DEEPEST: usize = 64;

/// `None` for a feature without a path, or if nothing on it states a figure.
pub(super) fn of_feature(facts: &Facts, feature: &Id) -> Option<Availability> {
    let path = facts.failure.paths.iter().find(|it| it.feature == *feature)?;
    let mut made = Making { facts, in_series: BTreeSet::new(), known: BTreeMap::new(), met: BTreeSet::new() };
    let share = made.series(path.alternatives().collect());
    let figures = |it: &ComponentIx| own(facts, *it).is_some();
    made.met.iter().any(figures).then(|| {
        let is_ours = |it: &ComponentIx| !facts.topology.component(*it).can(Capability::Actor);
        let unstated = made.met.iter().copied().filter(|it| !figures(it) && is_ours(it)).collect();
        Availability { share, unstated }
    })
}

fn own(facts: &Facts, component: ComponentIx) -> Option<f64> {
    figure(facts.topology.component(component).record.availability, 1.0)
}

struct Making<'f> {
    facts: &'f Facts,
    in_series: BTreeSet<Alt>,
    /// Of each group in a branch; while it is found, always up, so that a cycle counts once.
    known: BTreeMap<Alt, f64>,
    met: BTreeSet<ComponentIx>,
}

impl Making<'_> {
    fn series(&mut self, mut open: Vec<Alt>) -> f64 {
        let (mut groups, mut product) = (Vec::new(), 1.0);
        while let Some(group) = open.pop() {
            if self.in_series.insert(group) {
                groups.push(group);
                let members = self.facts.failure.groups.alternatives.members(group);
                let mut needs = members.iter().map(|it| self.needs(*it));
                let first = needs.next().unwrap_or_default();
                // What all of them need is lost to all of them.
                open.extend(needs.fold(first, |all, it| &all & &it));
            }
        }
        groups.sort_unstable();
        for group in groups {
            product *= self.parallel(group, 0);
        }
        product
    }

    fn needs(&self, component: ComponentIx) -> BTreeSet<Alt> {
        if self.facts.topology.component(component).can(Capability::GoesOn) {
            return BTreeSet::new();
        }
        self.facts.failure.hard_needs(component).map(|it| it.set).collect()
    }

    /// The share of time that enough of a group is up, each with what it needs beyond what is in series.
    fn parallel(&mut self, group: Alt, depth: usize) -> f64 {
        let facts = self.facts;
        let alternatives = &facts.failure.groups.alternatives;
        let quorum = alternatives.quorum(group).clamp(1, 64) as usize;
        // By how many instances are up: the share of time.
        let mut up = vec![0.0; quorum + 1];
        up[0] = 1.0;
        for member in alternatives.counted(group).unwrap_or_else(|| alternatives.members(group)) {
            let share = self.member(*member, depth);
            let instances = facts.topology.component(*member).record.instances().min(64) as usize;
            for n in (0..=quorum).rev() {
                let (lost, gained) = (up[n] * (1.0 - share), up[n] * share);
                up[n] = lost;
                up[(n + instances).min(quorum)] += gained;
            }
        }
        up[quorum]
    }

    fn member(&mut self, component: ComponentIx, depth: usize) -> f64 {
        self.met.insert(component);
        let mut share = own(self.facts, component).unwrap_or(1.0);
        if depth < DEEPEST {
            for need in self.needs(component) {
                if !self.in_series.contains(&need) {
                    share *= self.branch(need, depth + 1);
                }
            }
        }
        share
    }

    fn branch(&mut self, group: Alt, depth: usize) -> f64 {
        if let Some(known) = self.known.get(&group) {
            return *known;
        }
        self.known.insert(group, 1.0);
        let share = self.parallel(group, depth);
        self.known.insert(group, share);
        share
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::analysis::Facts;
    use crate::analysis::fixture::names;
    use crate::formats::text;
    use crate::model::Id;

    fn of(text: &str) -> String {
        let facts = Facts::of(Arc::new(text::read(text).unwrap()));
        let Some(found) = facts.availability(&Id::slug("buy")) else { return "unknown".to_owned() };
        format!("{:.6} ?{}", found.share, names(&facts, found.unstated.iter().copied()))
    }

    const SHOP: &str = "feature buy [flows user-web]; user -> web: https; web -> db: postgres";

    #[test]
    fn what_it_needs_is_in_series() {
        let shop = |said: &str| of(&format!("{SHOP}; {said}"));
        assert_eq!(shop(""), "unknown");
        assert_eq!(shop("web [availability 0.99]; db: postgres [availability 0.9]"), "0.891000 ?");
        assert_eq!(shop("db: postgres [availability 0.9]"), "0.900000 ?web");
        assert_eq!(
            of("feature sell [flows user-web]; user -> web: https; web [availability 0.9]"),
            "unknown"
        );
    }

    #[test]
    fn alternatives_are_parallel_and_share_what_all_of_them_need() {
        let pool =
            "feature buy [flows user-lb, lb-web-1]; user -> lb -> web-1, web-2: https; lb [availability 1]
            web-1 [availability 0.9]; web-2 [availability 0.9]";
        assert_eq!(of(pool), "0.990000 ?");
        let store = "web-1, web-2 -> db: postgres; db: postgres [availability 0.9]";
        assert_eq!(of(&format!("{pool}; {store}")), "0.891000 ?");
        // Each has a store of its own: 1 − (1 − 0.9 × 0.9)².
        let stores = "web-1 -> db-1: postgres; web-2 -> db-2: postgres; db-1: postgres [availability 0.9]
            db-2: postgres [availability 0.9]";
        assert_eq!(of(&format!("{pool}; {stores}")), "0.963900 ?");
    }

    #[test]
    fn a_quorum_needs_more_of_them() {
        let pool =
            "feature buy [flows user-a]; user -> a: https; a: web-server [pool p; quorum 2; availability 0.9]
            b: web-server [pool p; availability 0.9]; c: web-server [pool p; availability 0.9]";
        // All three, or any two of them.
        assert_eq!(of(pool), "0.972000 ?");
    }

    #[test]
    fn a_cycle_counts_once() {
        let cycle =
            "feature buy [flows user-a]; user -> a: https; a -> b -> a: https; a: service [availability 0.9]
            b: service [availability 0.9]";
        assert_eq!(of(cycle), "0.810000 ?");
    }
}
