//! Allows: for whom an entry of a filter holds, and which entries others cover.

use super::{ComponentIx, Ingress, Topology};
use crate::model::{Allow, From, Id, Ports};

/// An entry that others make superfluous.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadowed {
    /// Its place among the entries.
    pub at: usize,
    /// The places of those that cover it, in order.
    pub by: Vec<usize>,
}

/// One of those for whom an entry holds.
#[derive(Debug, Clone, Copy)]
enum Who<'a> {
    Anybody,
    /// Nobody has said.
    Unsaid,
    Element(&'a Id),
}

impl Shadowed {
    /// Entries of which all that they let through gets through by others, in order: without all of them the filter
    /// lets through the same. Of two that are the same, the first stays.
    pub fn among(topology: &Topology, ingress: &Ingress, entries: &[Allow]) -> Vec<Self> {
        let mut stays = vec![true; entries.len()];
        let mut found = Vec::new();
        for (at, entry) in entries.iter().enumerate().rev().filter(|(_, it)| !it.ports.is_empty()) {
            let who = who(topology, entry);
            let mut by = Vec::new();
            let is_covered = !who.is_empty()
                && who.iter().all(|who| {
                    let mut rest = entry.ports.clone();
                    let others = entries.iter().enumerate().filter(|(n, _)| *n != at && stays[*n]);
                    for (n, other) in others.filter(|(_, it)| holds(topology, ingress, it, *who)) {
                        if rest.overlaps(&other.ports) {
                            rest = rest.minus(&other.ports);
                            by.push(n);
                        }
                    }
                    rest.is_empty()
                });
            if is_covered {
                stays[at] = false;
                by.sort_unstable();
                by.dedup();
                found.push(Self { at, by });
            }
        }
        found.reverse();
        found
    }
}

/// The ports that entries let through of what a component opens; unknowns are read as the worse answer.
pub fn let_through(topology: &Topology, ingress: &Ingress, entries: &[Allow], source: ComponentIx) -> Ports {
    let id = &topology.component(source).id;
    let held = entries
        .iter()
        .filter(|it| it.from == From::Unknown || holds(topology, ingress, it, Who::Element(id)));
    Ports::from_ranges(held.flat_map(|it| it.ports.ranges().iter().copied()))
}

/// For whom an entry holds, one by one; those who are not in the model are left out.
fn who<'a>(topology: &Topology, entry: &'a Allow) -> Vec<Who<'a>> {
    let is_there = |it: &&Id| topology.find_component(it).is_some() || topology.find_boundary(it).is_some();
    match &entry.from {
        From::Anywhere => vec![Who::Anybody],
        From::Unknown => vec![Who::Unsaid],
        From::Of(ids) => ids.iter().filter(is_there).map(Who::Element).collect(),
    }
}

fn holds(topology: &Topology, ingress: &Ingress, entry: &Allow, who: Who<'_>) -> bool {
    match (&entry.from, who) {
        (From::Anywhere, _) | (From::Unknown, Who::Unsaid) => true,
        (From::Of(ids), Who::Element(id)) => {
            let place = match topology.find_component(id) {
                Some(component) => ingress.place(component),
                None => topology.find_boundary(id),
            };
            ids.contains(id) || topology.outward(place).any(|it| ids.contains(&topology.boundary(it).id))
        }
        (From::Unknown | From::Of(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::analysis::Facts;
    use crate::formats::text;
    use crate::model::Capability;

    fn facts(allows: &str) -> Facts {
        let text = format!(
            "fw: firewall [allows {allows}]; job: worker; user
             boundary office: organisation {{ boundary floor: network {{ desk: worker }}; web: web-server }}"
        );
        Facts::of(Arc::new(text::read(&text).unwrap()))
    }

    fn entries(facts: &Facts) -> Vec<Allow> {
        facts.model().component(&Id::slug("fw")).unwrap().allows.entries().to_vec()
    }

    fn shadowed(allows: &str) -> Vec<(usize, Vec<usize>)> {
        let facts = facts(allows);
        let found = Shadowed::among(&facts.topology, &facts.ingress, &entries(&facts));
        found.into_iter().map(|it| (it.at, it.by)).collect()
    }

    #[test]
    fn what_others_let_through_is_covered() {
        assert_eq!(shadowed("443 from web, 443 from anywhere"), [(0, vec![1])]);
        assert_eq!(shadowed("443 from web, 443 from web"), [(1, vec![0])]);
        assert_eq!(shadowed("443 from desk, 80,443 from office"), [(0, vec![1])]);
        assert_eq!(shadowed("443 from floor, 443 from office"), [(0, vec![1])]);
        assert_eq!(shadowed("22 from web, 80 from web, 22,80 from web"), [(2, vec![0, 1])]);
        assert_eq!(shadowed("443 from unknown, 443 from anywhere"), [(0, vec![1])]);
        assert_eq!(shadowed("443 from desk and job, 443 from floor, 80,443 from job"), [(0, vec![1, 2])]);
        // The first stays where either could.
        assert_eq!(shadowed("443 from desk and job, 443 from floor, 443 from job"), [(2, vec![0])]);
    }

    #[test]
    fn what_lets_more_through_is_not() {
        for allows in [
            "443 from web, 80 from anywhere",
            "443 from office, 443 from desk and job",
            "443 from unknown, 443 from web",
            "20-30 from web, 22 from job",
            "443 from nobody, 443 from web",
        ] {
            assert_eq!(shadowed(allows), [], "{allows}");
        }
    }

    proptest! {
        #[test]
        fn without_them_the_filter_lets_through_the_same(
            rows in prop::collection::vec((0..4_usize, 0..7_usize), 0..8)
        ) {
            let ports = ["22", "80,443", "443", "any"];
            let froms = ["anywhere", "unknown", "web", "desk", "office", "floor and job", "job"];
            let all: Vec<String> = rows.iter().map(|(p, f)| format!("{} from {}", ports[*p], froms[*f])).collect();
            let facts = facts(&if all.is_empty() { "none".to_owned() } else { all.join(", ") });
            let entries = entries(&facts);
            let found = Shadowed::among(&facts.topology, &facts.ingress, &entries);
            let left: Vec<Allow> = entries
                .iter()
                .enumerate()
                .filter(|(n, _)| !found.iter().any(|it| it.at == *n))
                .map(|(_, it)| it.clone())
                .collect();
            prop_assert_eq!(Shadowed::among(&facts.topology, &facts.ingress, &left), Vec::new());
            for (source, node) in facts.topology.components() {
                if node.can(Capability::Filters) {
                    continue;
                }
                let through = |it: &[Allow]| let_through(&facts.topology, &facts.ingress, it, source);
                prop_assert_eq!(through(&entries), through(&left));
                let fw = facts.topology.find_component(&Id::slug("fw")).unwrap();
                let told = facts.ingress.lets_through(&facts.topology, fw, Some(source)).possible;
                prop_assert_eq!(through(&entries), told);
            }
        }
    }
}
