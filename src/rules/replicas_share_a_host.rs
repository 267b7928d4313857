//! `replicas-share-a-host`: alternatives that crowd in one host or zone, while there is room for them in others.

use std::collections::BTreeMap;

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, rule, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, Unit};
use crate::model::{Capability, Component, Draft, Ids};

rule! {
    /// ## What it finds
    /// Servers of a pool, or members of a replicated store, more of which stand in one host or one zone than would
    /// have to if they were spread evenly over the places of that kind that hold any of them, or that stand empty
    /// beside it. Where all of them stand in one place, or its loss is a single point of failure, the rules
    /// single-failure-domain and single-point-of-failure tell it, not this one.
    ///
    /// ## Why it matters
    /// The loss of that place takes more of them than it need, and those who are left must carry all the load.
    ///
    /// ## Example
    /// `boundary h1 "Host 1": host { w1 [pool w]; w2 [pool w]; w3 [pool w] }; boundary h2 "Host 2": host { w4 [pool w] }; user -> w1: https`
    ///
    /// ## How to fix it
    /// Move some of them. Where a scheduler places them, give it a rule of anti-affinity by host and by zone.
    ///
    /// ## References
    /// * Beyer and others, *Site Reliability Engineering*, chapter 22, Addressing cascading failures
    /// * NIST SP 800-53, SC-36, Distributed processing and storage, and CP-2(8)
    "replicas-share-a-host", "Alternatives crowd in one place",
    kind: Structure, on: Whole, reads: [Structure, Pools, Failure], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

/// Alternatives that stand in one place, and how many of them have to.
struct Crowd {
    place: usize,
    members: Vec<ComponentIx>,
    /// How many places of its kind there are for them, and how many of them there are in all.
    places: usize,
    all: usize,
    most: usize,
    /// Where there is room: another place, and how many of them stand there.
    others: Vec<(usize, usize)>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let topology = &facts.topology;
    for crowd in crowds(facts) {
        let id = |it: &ComponentIx| topology.component(*it).id.clone();
        let Some(first) = facts.failure.boundary_units().get(crowd.place).and_then(|it| it.first()) else {
            continue;
        };
        let place = topology.boundary(*first);
        let is_half = crowd.members.len() * 2 >= crowd.all;
        let is_waited_for = crowd.members.iter().any(|it| facts.calls().is_waited_for(*it));
        let names = words::names(facts, crowd.members.iter().copied());
        let (count, all, places) = (crowd.members.len(), crowd.all, crowd.places);
        out.finding(Found {
            subjects: crowd.members.iter().map(id).collect(),
            detail: place.id.to_string(),
            impact: if is_half && is_waited_for { Impact::Serious } else { Impact::Slight },
            exposure: Exposure::Guarded,
            because: format!(
                "losing {} takes {count} of {all} that could stand in {places} places, {} each at most",
                place.record.title(),
                crowd.most
            ),
            message: format!("{names} stand in {}, {count} of {all}", place.record.title()),
            place: place.record.title().to_owned(),
            evidence: Evidence::set(crowd.members.iter().map(id).chain([place.id.clone()])),
            facts: crowd.members.iter().map(|it| format!("{} stands there", id(it))).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let units = facts.failure.boundary_units();
    let is_it = |it: &Crowd| {
        let place = units.get(it.place).and_then(|it| it.first());
        let is_there = place.is_some_and(|it| topology.boundary(*it).id.as_str() == finding.detail);
        is_there && it.members.iter().map(|it| &topology.component(*it).id).eq(&finding.subjects)
    };
    let Some(mut crowd) = crowds(facts).into_iter().find(is_it) else { return Vec::new() };
    let mut draft = Draft::of(facts.model());
    let (mut moved, mut to) = (Vec::new(), Vec::new());
    while crowd.members.len() > crowd.most
        && let Some(member) = crowd.members.pop()
        && let Some(other) = crowd.others.iter_mut().min_by_key(|it| it.1)
    {
        other.1 += 1;
        let Some(target) = place_for(facts, member, crowd.place, other.0) else { break };
        let within = topology.boundary(target).id.clone();
        draft.edit::<Component>(&topology.component(member).id, |it| it.within = Some(within));
        moved.push(member);
        let title =
            units.get(other.0).and_then(|it| it.first()).map(|it| topology.boundary(*it).record.title());
        to.extend(title.map(str::to_owned));
    }
    to.dedup();
    let label = format!("Move {} to {}", words::names(facts, moved), words::list(&to));
    vec![Fix { label, edit: draft.finish() }]
}

fn crowds(facts: &Facts) -> Vec<Crowd> {
    let units = facts.failure.boundary_units();
    if units.is_empty() {
        return Vec::new();
    }
    let mut unit_of: BTreeMap<BoundaryIx, usize> = BTreeMap::new();
    for (n, unit) in units.iter().enumerate() {
        unit_of.extend(unit.iter().map(|it| (*it, n)));
    }
    let is_ours = |it: &ComponentIx| !facts.topology.component(*it).can(Capability::NotOurs);
    let pools = facts.pools.pools().iter().map(|it| &it.members);
    let groups = pools.chain(facts.pools.stores().iter().map(|it| &it.members));
    let free = free(facts);
    let mut crowds: Vec<Crowd> = Vec::new();
    for group in groups {
        let members: Vec<ComponentIx> = group.iter().copied().filter(is_ours).collect();
        let crowd = crowd(facts, &unit_of, &free, &members);
        // A pool may be a replicated store as well.
        crowds.extend(
            crowd.filter(|it| {
                crowds.iter().all(|other| other.members != it.members || other.place != it.place)
            }),
        );
    }
    crowds
}

/// The innermost kind of place in which they crowd, and there the largest crowd.
fn crowd(
    facts: &Facts,
    unit_of: &BTreeMap<BoundaryIx, usize>,
    free: &Free<'_>,
    members: &[ComponentIx],
) -> Option<Crowd> {
    let topology = &facts.topology;
    // By kind, the innermost place of each; hosts stand in zones.
    let mut by_kind: BTreeMap<(bool, &str), BTreeMap<usize, Vec<ComponentIx>>> = BTreeMap::new();
    for member in members {
        for around in topology.outward(topology.component(*member).within) {
            let kind = topology.boundary(around).kind;
            if kind.fails && kind.survivable {
                let place = unit_of.get(&around)?;
                let held = by_kind.entry((kind.location, &kind.slug)).or_default().entry(*place).or_default();
                if held.last() != Some(member) {
                    held.push(*member);
                }
            }
        }
    }
    by_kind
        .into_values()
        .filter(|it| it.len() > 1 || it.values().any(|it| it.len() < members.len()))
        .find_map(|held| {
            let (place, crowded) = held.iter().max_by_key(|it| (it.1.len(), std::cmp::Reverse(*it.0)))?;
            if crowded.len() < 2 {
                return None;
            }
            let room = room(facts, free, *place, &held);
            let all: usize = held.values().map(Vec::len).sum();
            let places = room.len() + 1;
            let most = all.div_ceil(places);
            (crowded.len() > most && crowded.len() < members.len() && !is_told(facts, *place))
                .then(|| Crowd { place: *place, members: crowded.clone(), places, all, most, others: room })
        })
}

/// Places where nothing stands, by kind and by what is around them.
type Free<'f> = BTreeMap<(&'f str, Option<BoundaryIx>), Vec<usize>>;

fn free(facts: &Facts) -> Free<'_> {
    let topology = &facts.topology;
    let mut free: Free<'_> = BTreeMap::new();
    for (n, unit) in facts.failure.boundary_units().iter().enumerate() {
        let Some(first) = unit.first().map(|it| topology.boundary(*it)) else { continue };
        let is_empty = |it: &BoundaryIx| topology.all_in(*it).is_empty();
        if first.kind.survivable && unit.iter().all(is_empty) {
            free.entry((&first.kind.slug, first.parent)).or_default().push(n);
        }
    }
    free
}

/// Other places of that kind that hold some of them, or nothing at all and stand beside it.
fn room(
    facts: &Facts,
    free: &Free<'_>,
    place: usize,
    held: &BTreeMap<usize, Vec<ComponentIx>>,
) -> Vec<(usize, usize)> {
    let first = facts.failure.boundary_units().get(place).and_then(|it| it.first());
    let here = first.map(|it| facts.topology.boundary(*it));
    let beside = here.and_then(|it| free.get(&(it.kind.slug.as_str(), it.parent)));
    let used = held.iter().filter(|it| *it.0 != place).map(|(n, it)| (*n, it.len()));
    used.chain(beside.into_iter().flatten().map(|it| (*it, 0))).collect()
}

/// Whether the loss of a place is a single point of failure.
fn is_told(facts: &Facts, place: usize) -> bool {
    let unit = facts.failure.boundary_units().get(place);
    facts.failure.single_points().iter().any(|it| matches!(&it.unit, Unit::Boundary(it) if Some(it) == unit))
}

/// Where in another place a member would stand: beside one of its alternatives, or in a boundary like its own.
fn place_for(facts: &Facts, member: ComponentIx, here: usize, other: usize) -> Option<BoundaryIx> {
    let (topology, units) = (&facts.topology, facts.failure.boundary_units());
    let (here, other) = (units.get(here)?, units.get(other)?);
    let pool = facts.pools.pool_of(member).map(|it| &facts.pools.pool(it).members);
    let store = facts.pools.store_of(member).map(|it| &facts.pools.store(it).members);
    let alternatives = pool.into_iter().chain(store).flatten();
    let is_there = |it: &BoundaryIx| topology.outward(Some(*it)).any(|it| other.contains(&it));
    let beside = alternatives.filter_map(|it| topology.component(*it).within).find(is_there);
    let own = topology.outward(topology.component(member).within).find(|it| here.contains(it));
    let parent = own.and_then(|it| topology.boundary(it).parent);
    let like = other.iter().copied().find(|it| topology.boundary(*it).parent == parent);
    beside.or(like).or_else(|| other.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    /// Four servers in hosts.
    fn hosts(one: &str, two: &str) -> String {
        format!(
            "user -> lb -> w1, w2, w3, w4: https; lb [replicas 2]; boundary z: zone {{ boundary h1 \"Host 1\": host {{ {one} }}; \
             boundary h2 \"Host 2\": host {{ {two} }} }}; boundary y: zone"
        )
    }
    const THREE: &str = "w1 [pool w]; w2 [pool w]; w3 [pool w]";

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &hosts(THREE, "w4 [pool w]"),
            "medium replicas-share-a-host:w1+w2+w3:h1 — w1, w2 and w3 stand in Host 1, 3 of 4 (Host 1)",
        );
        silent(&RULE, &hosts("w1 [pool w]; w2 [pool w]", "w3 [pool w]; w4 [pool w]"));
        silent(&RULE, &hosts("w1 [pool w]; w2 [pool w]", "w3 [pool w]; w4"));
        // All in one place is another rule's, and so is what users are lost with.
        silent(&RULE, &hosts(&format!("{THREE}; w4 [pool w]"), ""));
        silent(&RULE, &hosts(&THREE.replace("pool w", "pool w; quorum 2"), "w4 [pool w]"));
    }

    #[test]
    fn an_empty_place_beside_it_is_room() {
        let text = hosts("w1 [pool w]; w2 [pool w]", "w3 [pool w]; w4");
        let third = text.replace("boundary h2", "boundary h3 \"Host 3\": host; boundary h2");
        fires(
            &RULE,
            &third,
            "medium replicas-share-a-host:w1+w2:h1 — w1 and w2 stand in Host 1, 2 of 3 (Host 1)",
        );
        assert_eq!(offered(&RULE, &third), "Move w2 to Host 3");
        assert_eq!(mended(&RULE, &third, 0), "");
        silent(&RULE, &third.replace("\"Host 3\": host", "\"Host 3\": host { db: postgres }"));
    }

    #[test]
    fn stores_crowd_too() {
        let text = "boundary a: zone { d1: postgres; d2: postgres }; boundary b: zone { d3: postgres }; boundary c: zone
            d1 -> d2, d3: postgres [replicate]";
        fires(&RULE, text, "low replicas-share-a-host:d1+d2:a — d1 and d2 stand in a, 2 of 3 (a)");
        assert_eq!(offered(&RULE, text), "Move d2 to c");
    }

    #[test]
    fn every_fix_mends_it() {
        let text = hosts(THREE, "w4 [pool w]");
        assert_eq!(offered(&RULE, &text), "Move w3 to Host 2");
        assert_eq!(mended(&RULE, &text, 0), "");
        assert_eq!(
            only(&RULE, &text).because,
            "Losing Host 1 takes 3 of 4 that could stand in 2 places, 2 each at most: serious impact, medium."
        );
    }
}
