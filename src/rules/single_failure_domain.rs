//! `single-failure-domain`: alternatives that all stand in one place, and are lost with it.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashMap;

use super::twins::Twins;
use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, rule, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, HardNeed, Unit};
use crate::model::{Boundary, BoundaryKind, Capability, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Alternatives that somebody outside needs (servers of a pool, members of a replicated store, the instances of
    /// one component) and that all stand in one host, zone, data centre, cluster or region, while there are others
    /// of its kind. A host is found even if it is the only one. Where the loss of that place is a single point of
    /// failure, that rule tells it, not this one.
    ///
    /// ## Why it matters
    /// Two of a thing help against the loss of one. Against the loss of what they share (its power, its network, its
    /// host) they help no more than one would.
    ///
    /// ## Example
    /// `user -> web: https; job -> api-1: https; boundary a "Zone A": zone { api-1 [pool api]; api-2 [pool api] }; boundary b "Zone B": zone { web; job: worker }`
    ///
    /// ## How to fix it
    /// Put one of them, or one more, into another place of that kind.
    ///
    /// ## References
    /// * Deutsch, *The Eight Fallacies of Distributed Computing*; Nygard, *Release It!*, on bulkheads
    /// * NIST SP 800-53, SC-36 and CP-7
    "single-failure-domain", "All alternatives in one place",
    kind: Structure, on: Whole, reads: [Structure, Pools, Failure], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

/// Alternatives, and who needs them.
type Needed<'f> = (&'f [ComponentIx], Vec<ComponentIx>);

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let places = Places::of(facts);
    if places.units.is_empty() {
        return;
    }
    // By place and alternatives: who needs them.
    let mut found: BTreeMap<(usize, u32), Needed<'_>> = BTreeMap::new();
    let mut shared: HashMap<u32, Vec<usize>> = HashMap::default();
    for (source, node) in facts.topology.components() {
        let needs: Vec<HardNeed<'_>> = facts.failure.hard_needs(source).collect();
        for need in &needs {
            let shared = shared.entry(need.set).or_insert_with(|| places.shared_by(need.alternatives));
            let Some(place) = shared.iter().copied().find(|it| !places.holds(*it, source)) else { continue };
            // What goes on lives by its other routes, as long as they lead elsewhere.
            let is_held = |it: &HardNeed<'_>| it.alternatives.iter().all(|it| places.holds(place, *it));
            let is_all = || needs.iter().all(is_held);
            if !places.is_told(place) && (!node.can(Capability::GoesOn) || is_all()) {
                found.entry((place, need.set)).or_insert((need.alternatives, Vec::new())).1.push(source);
            }
        }
    }
    let mut losses: BTreeMap<usize, (Impact, Exposure, &str)> = BTreeMap::new();
    for ((place, _), (alternatives, sources)) in found {
        let (impact, exposure, cuts) = *losses.entry(place).or_insert_with(|| places.loss(place));
        let (first, title) = (places.first(place), places.title(place));
        let names = words::names(facts, sources.iter().copied());
        let stand = match alternatives {
            [only] => format!("All instances of {} stand", words::name(facts, *only)),
            [_, _] => format!("{} both stand", words::names(facts, alternatives.iter().copied())),
            _ => format!("{} all stand", words::names(facts, alternatives.iter().copied())),
        };
        let id = |it: &ComponentIx| facts.topology.component(*it).id.clone();
        let all = alternatives.iter().chain(&sources).map(id).chain(places.ids(place));
        out.finding(Found {
            subjects: alternatives.iter().map(id).collect(),
            detail: facts.topology.boundary(first).id.to_string(),
            impact,
            exposure,
            because: format!("{names} cannot do without one of them, and losing {title} {cuts}"),
            message: format!("{stand} in {title}"),
            place: title,
            evidence: Evidence::set(all),
            facts: alternatives.iter().map(|it| format!("{} stands there", id(it))).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let boundary = Id::new(&finding.detail).ok().and_then(|it| topology.find_boundary(&it));
    let component = finding.subjects.first().and_then(|it| topology.find_component(it));
    let Some((boundary, component)) = boundary.zip(component) else { return Vec::new() };
    let places = Places::of(facts);
    let name = words::name(facts, component);
    let mut fixes = Vec::new();
    let Some(place) = places.of_boundary.get(&boundary).copied() else { return fixes };
    for other in places.others(place) {
        let label = format!("Add a twin of {name} in {}", places.title(other));
        // Of places that are called alike, one will do.
        if fixes.len() > 1 || fixes.iter().any(|it: &Fix| it.label == label) {
            continue;
        }
        let mut twins = Twins::new(facts, ids);
        twins.component(component, Some(topology.boundary(places.like(component, place, other)).id.clone()));
        twins.wire();
        fixes.push(Fix { label, edit: twins.finish() });
    }
    if fixes.is_empty() {
        let mut twins = Twins::new(facts, ids);
        let within = twins.place_like(boundary);
        twins.component(component, Some(within));
        twins.wire();
        let kind = topology.boundary(boundary).kind.label.to_lowercase();
        fixes.push(Fix { label: format!("Add a twin of {name} in a second {kind}"), edit: twins.finish() });
    }
    fixes
}

/// The places that fail as one.
struct Places<'f> {
    facts: &'f Facts,
    units: &'f [Vec<BoundaryIx>],
    of_boundary: BTreeMap<BoundaryIx, usize>,
    /// Those that single-point-of-failure tells.
    told: BTreeSet<usize>,
    kinds: BTreeMap<&'f str, usize>,
}

impl<'f> Places<'f> {
    fn of(facts: &'f Facts) -> Self {
        let units = facts.failure.boundary_units();
        let mut places = Self {
            facts,
            units,
            of_boundary: BTreeMap::new(),
            told: BTreeSet::new(),
            kinds: BTreeMap::new(),
        };
        for (n, unit) in units.iter().enumerate() {
            places.of_boundary.extend(unit.iter().map(|it| (*it, n)));
            *places.kinds.entry(&places.kind(n).slug).or_default() += 1;
        }
        for point in facts.failure.single_points() {
            if let Unit::Boundary(unit) = &point.unit
                && let Some(place) = unit.first().and_then(|it| places.of_boundary.get(it))
            {
                places.told.insert(*place);
            }
        }
        places
    }

    fn first(&self, place: usize) -> BoundaryIx {
        self.units[place].first().copied().unwrap_or(BoundaryIx(0))
    }

    fn kind(&self, place: usize) -> &'static BoundaryKind {
        self.facts.topology.boundary(self.first(place)).kind
    }

    fn title(&self, place: usize) -> String {
        self.facts.topology.boundary(self.first(place)).record.title().to_owned()
    }

    fn ids(&self, place: usize) -> impl Iterator<Item = Id> {
        self.units[place].iter().map(|it| self.facts.topology.boundary(*it).id.clone())
    }

    fn is_told(&self, place: usize) -> bool {
        self.told.contains(&place)
    }

    /// Those around a component, from the innermost out.
    fn around(&self, component: ComponentIx) -> impl Iterator<Item = usize> {
        let topology = &self.facts.topology;
        let within = topology.component(component).within;
        topology.outward(within).filter_map(|it| self.of_boundary.get(&it).copied())
    }

    fn holds(&self, place: usize, component: ComponentIx) -> bool {
        self.around(component).any(|it| it == place)
    }

    /// Those that hold all alternatives and take all of them when they are lost, from the innermost out; none if
    /// there is one instance alone, which is another rule's.
    fn shared_by(&self, alternatives: &[ComponentIx]) -> Vec<usize> {
        let node = |it: &ComponentIx| self.facts.topology.component(*it);
        let instances: u64 = alternatives.iter().map(|it| u64::from(node(it).record.instances())).sum();
        let Some((first, rest)) = alternatives.split_first().filter(|_| instances > 1) else {
            return Vec::new();
        };
        let may_survive = |it: &ComponentIx| match node(it).is_highly_available() {
            Truth::Yes | Truth::NotApplicable => true,
            Truth::Unknown => node(it).can(Capability::UsuallyBought),
            Truth::No => false,
        };
        let is_lost = |place: usize| !self.kind(place).survivable || !alternatives.iter().any(may_survive);
        // Where only one of its kind is drawn, whether its loss must be survived is a question of another rule.
        let is_one_of_many = |place: usize| {
            let kind = self.kind(place);
            !kind.may_be_alone || self.kinds.get(kind.slug.as_str()).is_some_and(|it| *it > 1)
        };
        let mut shared: Vec<usize> =
            self.around(*first).filter(|it| is_one_of_many(*it) && is_lost(*it)).collect();
        for other in rest {
            let around: BTreeSet<usize> = self.around(*other).collect();
            shared.retain(|it| around.contains(it));
        }
        shared
    }

    /// What the loss of a place does to users.
    fn loss(&self, place: usize) -> (Impact, Exposure, &'static str) {
        let toll = self.facts.failure.tolls().get(place).copied().unwrap_or_default();
        if toll.all && !self.facts.failure.entry_actors().is_empty() {
            (Impact::Grave, Exposure::Open, "cuts off everyone")
        } else if toll.some {
            (Impact::Serious, Exposure::Guarded, "cuts off a part of the users")
        } else {
            (Impact::Slight, Exposure::Guarded, "takes all of them, though no user is cut off")
        }
    }

    /// Other places of the same kind, that neither hold this one nor stand in it.
    fn others(&self, place: usize) -> impl Iterator<Item = usize> {
        let topology = &self.facts.topology;
        let apart = move |other: usize| {
            let is_in = |a: usize, b: usize| {
                self.units[a].iter().any(|a| self.units[b].iter().any(|b| topology.is_within(Some(*a), *b)))
            };
            !is_in(place, other) && !is_in(other, place)
        };
        let kind = self.kind(place);
        (0..self.units.len()).filter(move |it| self.kind(*it).slug == kind.slug && apart(*it))
    }

    /// Where in another place corresponds to where a component stands in this one: boundaries of the same kinds, of
    /// the same names if there are.
    fn like(&self, component: ComponentIx, place: usize, other: usize) -> BoundaryIx {
        let topology = &self.facts.topology;
        let inside = topology.outward(topology.component(component).within);
        let mut way: Vec<BoundaryIx> =
            inside.take_while(|it| self.of_boundary.get(it) != Some(&place)).collect();
        way.reverse();
        let mut at = self.first(other);
        for step in way {
            let record: &Boundary = &topology.boundary(step).record;
            let same_kind = |it: &&BoundaryIx| topology.boundary(**it).record.kind == record.kind;
            let inner = || topology.boundary(at).inner.iter().filter(same_kind);
            let named = inner().find(|it| topology.boundary(**it).record.name == record.name);
            match named.or_else(|| inner().next()) {
                Some(next) => at = *next,
                None => break,
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    /// A job in one zone that needs these in another.
    fn zones(pool: &str) -> String {
        format!(
            "user -> front: https; front [replicas 2]; job \"Job\": worker [replicas 2; within b]
             boundary b \"Zone B\": zone; boundary a \"Zone A\": zone {{ {pool} }}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &zones("w1 \"W 1\" [pool w]; w2 \"W 2\" [pool w]; job -> w1: https"),
            "low single-failure-domain:w1+w2:a — W 1 and W 2 both stand in Zone A (Zone A)",
        );
        fires(
            &RULE,
            &zones("w1 \"W 1\" [replicas 3]; job -> w1: https"),
            "low single-failure-domain:w1:a — All instances of W 1 stand in Zone A (Zone A)",
        );
        silent(&RULE, &zones("w1 [pool w]; w2 [pool w; within b]; job -> w1: https"));
        silent(&RULE, &zones("w1; job -> w1: https"));
        silent(&RULE, &zones("w1 [replicas 2]; job -> w1: https [soft]"));
        silent(&RULE, &zones("w1 [replicas 2; highly-available yes]; job -> w1: https"));
        // In the same zone as who needs it, both are lost at once, which is no matter of the pool.
        silent(&RULE, &zones("w1 [replicas 2]; job -> w1: https").replace("within b", "within a"));
    }

    #[test]
    fn the_only_zone_is_no_finding_and_the_only_host_is() {
        let zone =
            "boundary a: zone { w1 [replicas 2] }; job: worker; job -> w1: https; user -> front: https";
        silent(&RULE, zone);
        let host = zone.replace("zone {", "host {");
        fires(&RULE, &host, "low single-failure-domain:w1:a — All instances of w1 stand in a (a)");
        assert_eq!(offered(&RULE, &host), "Add a twin of w1 in a second host");
        assert_eq!(mended(&RULE, &host, 0), "");
    }

    #[test]
    fn what_is_told_as_a_single_point_of_failure_is_not_told_twice() {
        silent(&RULE, "user -> w1: https; boundary a: zone { w1 [replicas 2] }; boundary b: zone");
        // A store inside cuts the users already, so that the zone is no single point of failure.
        let text = "user -> lb -> w1: https; lb [replicas 2]; user -> db: postgres
            boundary b: zone; boundary a: zone { w1 [replicas 2]; db: postgres }";
        let expected = "critical single-failure-domain:w1:a — All instances of w1 stand in a (a)";
        fires(&RULE, text, expected);
    }

    #[test]
    fn a_twin_stands_where_the_first_stands() {
        let text = zones("boundary t1 \"Tier\": tier { w1 [replicas 2] }; job -> w1: https")
            .replace("\"Zone B\": zone;", "\"Zone B\": zone { boundary t2 \"Tier\": tier };");
        assert_eq!(offered(&RULE, &text), "Add a twin of w1 in Zone B");
        assert_eq!(mended(&RULE, &text, 0), "");
        let facts = crate::rules::testing::mended_facts(&RULE, &text, 0);
        assert!(facts.model().components().values().any(|it| it.within == Some(Id::slug("t2"))));
        assert_eq!(only(&RULE, &text).facts, ["w1 stands there"]);
    }

    #[test]
    fn of_places_that_are_called_alike_one_is_offered() {
        let text = zones("w1 [replicas 2]; job -> w1: https")
            .replace("\"Zone B\": zone", "\"Zone B\": zone; boundary c \"Zone C\": zone");
        assert_eq!(offered(&RULE, &text), "Add a twin of w1 in Zone B\nAdd a twin of w1 in Zone C");
        // Regions without a name are as many places.
        let unnamed =
            "job: worker [replicas 2; within b]; job -> w1: https; user -> front: https; front [replicas 2]
            boundary a \"\": region { w1 [replicas 2] }; boundary b \"\": region; boundary c \"\": region";
        assert_eq!(offered(&RULE, unnamed), "Add a twin of w1 in Region");
        assert_eq!(mended(&RULE, unnamed, 0), "");
    }
}
