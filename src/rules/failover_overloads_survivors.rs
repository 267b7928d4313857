//! `failover-overloads-survivors`: what is left after a loss gets more than it can serve.

use std::collections::BTreeSet;

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, loads, rule, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, Load, Loss, Unit, is_over};
use crate::model::{Capability, Ids};

rule! {
    /// ## What it finds
    /// Components that serve the stated demand while all is up, and get more than they can serve once one instance, one
    /// of their pool, or one zone, data centre or host is lost: demand is worked out again for what is left. Capacities
    /// and demand must be stated. What is overloaded already is told by overload-at-demand.
    ///
    /// ## Why it matters
    /// The spare is only a spare if it can carry the load. If it cannot, the first loss brings down what is left, one
    /// after another, and nothing comes up again under the same load.
    ///
    /// ## Example
    /// `user [requests-per-second 100]; user -> lb -> web: https; web: web-server [replicas 2; capacity 60]`
    ///
    /// ## How to fix it
    /// Run one instance more than the demand needs, in each place as much as the others would have to take over; shed
    /// load before it reaches them.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption
    /// * NIST SP 800-53, CP-2(2), Capacity planning; SC-5(2); Nygard, *Release It!*, Cascading failures
    "failover-overloads-survivors", "A loss overloads the rest",
    kind: Structure, on: Whole, reads: [Structure, Pools, Failure, Load], answers: [],
    stride: [Availability, DenialOfService], cwe: [400],
    check: check, fixes: fixes,
}

/// More places than that are not tried one by one, as each asks for the whole load again.
const MOST_PLACES: usize = 64;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let Some(load) = facts.load() else { return };
    let mut told: BTreeSet<ComponentIx> = BTreeSet::new();
    let sized: Vec<ComponentIx> = facts
        .topology
        .components()
        .filter(|(ix, it)| load.utilisation(*ix).is_some_and(|it| it > 0.0) && !it.can(Capability::NotOurs))
        .map(|(ix, _)| ix)
        .collect();
    for component in &sized {
        if told.contains(component) {
            continue;
        }
        let alike = loads::alike(facts, *component);
        let Some(found) = loads::overloading(facts, load, &alike) else { continue };
        told.extend(alike.iter().copied());
        let (names, worst) = (words::names(facts, alike.iter().copied()), words::name(facts, found.worst));
        let after = loads::percent(found.utilisation);
        let lost = words::name(facts, found.lost);
        let message = if alike.len() == 1 {
            format!("If one instance of {names} is lost, the rest must serve {after} of what is possible")
        } else {
            format!("Without one instance of {lost}, {worst} must serve {after} of what is possible")
        };
        out.finding(Found {
            subjects: loads::ids(facts, &alike),
            detail: String::new(),
            impact: Impact::Serious,
            exposure: Exposure::Guarded,
            because: "one loss is enough to overload what is left".to_owned(),
            message,
            place: words::place(facts, found.worst),
            evidence: loads::way(facts, load, found.worst),
            facts: alike.iter().map(|it| loads::fact(facts, load, *it)).collect(),
        });
    }
    let units = facts.failure.boundary_units();
    if sized.is_empty() || units.len() > MOST_PLACES {
        return;
    }
    for unit in units {
        for (alike, worst, utilisation) in overloaded_without(facts, load, unit) {
            if alike.iter().any(|it| told.contains(it)) {
                continue;
            }
            let titles: Vec<_> = unit.iter().map(|it| facts.topology.boundary(*it).id.clone()).collect();
            let place = words::titles(facts, &titles[..titles.len().min(1)]);
            let left = words::name(facts, worst);
            out.finding(Found {
                subjects: titles.into_iter().chain(loads::ids(facts, &alike)).collect(),
                detail: String::new(),
                impact: Impact::Serious,
                exposure: Exposure::Guarded,
                because: format!("the loss of {place} is enough to overload what is left"),
                message: format!(
                    "Without {place}, {left} must serve {} of what is possible",
                    loads::percent(utilisation)
                ),
                place: words::place(facts, worst),
                evidence: Evidence {
                    also: unit.iter().map(|it| facts.topology.boundary(*it).id.clone()).collect(),
                    ..loads::way(facts, load, worst)
                },
                facts: alike.iter().map(|it| loads::fact(facts, load, *it)).collect(),
            });
        }
    }
}

/// Those that share a load and are overloaded only without these places, the worst of them, and how much.
fn overloaded_without(
    facts: &Facts,
    load: &Load,
    unit: &[BoundaryIx],
) -> Vec<(Vec<ComponentIx>, ComponentIx, f64)> {
    let loss = Loss { failed: vec![Unit::Boundary(unit.to_vec())], ..Loss::default() };
    let Some(without) = facts.load_without(&loss) else { return Vec::new() };
    let mut found: Vec<(Vec<ComponentIx>, ComponentIx, f64)> = Vec::new();
    for (component, utilisation) in without.overloaded() {
        let alike = loads::alike(facts, component);
        let is_over_now = alike.iter().any(|it| load.utilisation(*it).is_some_and(is_over));
        if is_over_now || facts.topology.component(component).can(Capability::NotOurs) {
            continue;
        }
        match found.iter_mut().find(|it| it.0 == alike) {
            Some(known) if known.2 >= utilisation => {}
            Some(known) => (known.1, known.2) = (component, utilisation),
            None => found.push((alike, component, utilisation)),
        }
    }
    found
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let Some(load) = facts.load() else { return Vec::new() };
    let components: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| topology.find_component(it)).collect();
    let unit: Vec<BoundaryIx> = finding.subjects.iter().filter_map(|it| topology.find_boundary(it)).collect();
    let needed = if unit.is_empty() {
        loads::overloading(facts, load, &components).map(|it| it.utilisation)
    } else {
        let found = overloaded_without(facts, load, &unit);
        found.into_iter().find(|it| it.0 == components).map(|it| it.2)
    };
    needed.map(|it| loads::grow(facts, &components, it)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, silent};

    const USER: &str = "user [requests-per-second 100; read-share 0.9]\n";

    fn web(said: &str) -> String {
        format!("{USER}user -> lb -> web: https; web \"Web\": web-server [{said}]")
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &web("replicas 2; capacity 60"),
            "medium failover-overloads-survivors:web — If one instance of Web is lost, the rest must serve 167 % of what is possible (Web)",
        );
        silent(&RULE, &web("replicas 2; capacity 100"));
        silent(&RULE, &web("replicas 3; capacity 60"));
        // What is alone leaves nothing behind, what is overloaded is told as that.
        silent(&RULE, &web("capacity 120"));
        silent(&RULE, &web("replicas 2; capacity 40"));
        silent(&RULE, &web("replicas 2"));
        silent(&RULE, &web("replicas 2; capacity 60; highly-available yes"));
    }

    #[test]
    fn those_of_a_pool_stand_in_for_each_other() {
        let text = format!(
            "{USER}user -> lb -> web-1, web-2: https; web-1: web-server [capacity 80]; web-2: web-server [capacity 120]"
        );
        fires(
            &RULE,
            &text,
            "medium failover-overloads-survivors:web-1+web-2 — Without one instance of web-2, web-1 must serve 125 % of what is possible (web-1)",
        );
        assert_eq!(
            offered(&RULE, &text),
            "Run web-1 and web-2 as 4 instances in all\nLet an instance of web-1 and web-2 serve 151 requests/s"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
    }

    #[test]
    fn copies_take_over_the_reads() {
        let store = |capacity: u32| {
            format!(
                "{USER}user -> web; p: postgres [capacity {capacity}]; r: postgres [capacity {capacity}]
                 p -> r [replicate]; web -> p; web -> r [read]"
            )
        };
        fires(
            &RULE,
            &store(80),
            "medium failover-overloads-survivors:p+r — Without one instance of p, r must serve 125 % of what is possible (r)",
        );
        silent(&RULE, &store(100));
    }

    #[test]
    fn a_zone_is_lost_as_a_whole() {
        let zones = |capacity: u32| {
            format!(
                "{USER}user -> lb -> web-1, web-2: https
                 boundary a \"Zone A\": zone {{ web-1: web-server [replicas 4; capacity {capacity}] }}
                 boundary b \"Zone B\": zone {{ web-2: web-server [replicas 4; capacity {capacity}] }}"
            )
        };
        // Seven of eight can carry it, four of eight cannot.
        fires(
            &RULE,
            &zones(16),
            "medium failover-overloads-survivors:a+web-1+web-2 — Without Zone A, web-2 must serve 156 % of what is possible (web-2 · Zone B)
            medium failover-overloads-survivors:b+web-1+web-2 — Without Zone B, web-1 must serve 156 % of what is possible (web-1 · Zone A)",
        );
        silent(&RULE, &zones(25));
        let facts = crate::rules::testing::facts(&zones(16));
        for finding in crate::rules::testing::report(&RULE, &zones(16)).findings {
            assert_eq!(fixes(&facts, &finding, &mut Ids::seeded(1)).len(), 2);
        }
    }
}
