//! `overload-at-demand`: components that get more than they can serve at the stated demand, or nearly so.

use std::collections::BTreeMap;

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, loads, rule, words};
use crate::analysis::{ComponentIx, Facts, FlowEdge, Load, TIGHT, is_over, is_tight};
use crate::model::{Access, Capability, Family, Ids};

rule! {
    /// ## What it finds
    /// Components of which a capacity is stated and that the stated demand uses to more than 70 % of it (tight) or more
    /// than 100 % (overloaded), and queues whose consumers take less than comes in. Demand is that of the actors and
    /// features; it follows the flows, splits where they spread, and shrinks at caches. Without figures nothing is
    /// found. A primary that writes alone fill is told by write-bound-primary, and what is tight because one lost
    /// instance would overload the rest by failover-overloads-survivors.
    ///
    /// ## Why it matters
    /// Waiting times rise steeply from about 70 % on; beyond 100 % requests pile up until they are refused, and with
    /// retries the load grows further. Whoever can bring demand there can take the service down.
    ///
    /// ## Example
    /// `user [requests-per-second 1200]; user -> web: https; web: web-server [replicas 2; capacity 400]`
    ///
    /// ## How to fix it
    /// Run more instances, answer more from a cache, let replicas take the reads, or state what an instance can really
    /// do once it has been measured.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption; CWE-770, Allocation of resources without limits
    /// * NIST SP 800-53, SC-5(2), Capacity, bandwidth and redundancy; CP-2(2), Capacity planning
    "overload-at-demand", "Overloaded at the stated demand",
    kind: Structure, on: Component, reads: [Structure, Pools, Load], answers: [],
    stride: [Availability, DenialOfService], cwe: [400, 770],
    check: check, fixes: fixes,
}

/// The detail of what is found of a queue that grows.
const BACKLOG: &str = "backlog";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let (Subject::Component(component), Some(load)) = (subject, facts.load()) else { return };
    if load.backlog(component) > 0.0 {
        say_backlog(facts, load, component, out);
    }
    let (alike, full) = full(facts, load, component);
    let worst = full.iter().filter_map(|it| Some((load.utilisation(*it)?, *it)));
    let Some((utilisation, worst)) = worst.max_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    // Those that share their load are one: the first of them speaks for all.
    let is_over = is_over(utilisation);
    if full.first() != Some(&component) || !is_over && loads::overloading(facts, load, &alike).is_some() {
        return;
    }
    let demand = load.of_component(worst).total();
    let comes = full.iter().map(|it| load.of_component(*it).total()).sum::<f64>();
    let is_most = comes * 2.0 >= load.entering();
    let (names, name) = (words::names(facts, full.iter().copied()), words::name(facts, worst));
    let of_what = format!(
        "{}, {} of the {} that are possible",
        loads::per_second(demand),
        loads::percent(utilisation),
        loads::number(load.capacity(worst).unwrap_or_default())
    );
    let message = if full.len() == 1 {
        format!("{name} must serve {of_what}")
    } else {
        format!("{names} must serve more than is good: {name} {of_what}")
    };
    let (impact, exposure, because) = match (is_over, is_most) {
        (true, true) => (
            Impact::Serious,
            Exposure::Open,
            "the stated demand is too much, and most of it goes through there",
        ),
        (true, false) => (
            Impact::Serious,
            Exposure::Guarded,
            "the stated demand is too much, and a part of it goes through there",
        ),
        (false, _) => (Impact::Slight, Exposure::Guarded, "the stated demand leaves little for a peak"),
    };
    out.finding(Found {
        subjects: loads::ids(facts, &full),
        detail: String::new(),
        impact,
        exposure,
        because: because.to_owned(),
        message,
        place: words::place(facts, worst),
        evidence: loads::way(facts, load, worst),
        facts: full.iter().map(|it| loads::fact(facts, load, *it)).collect(),
    });
}

/// All that share a load, and those of them that are tight and are not told elsewhere.
fn full(facts: &Facts, load: &Load, component: ComponentIx) -> (Vec<ComponentIx>, Vec<ComponentIx>) {
    let alike = loads::alike(facts, component);
    let is_full = |it: &ComponentIx| {
        let is_ours = !facts.topology.component(*it).can(Capability::NotOurs);
        load.utilisation(*it).is_some_and(is_tight)
            && is_ours
            && loads::write_bound(facts, load, *it).is_none()
            && !queues(facts, *it).any(|it| load.backlog(it) > 0.0)
    };
    let full = alike.iter().copied().filter(is_full).collect();
    (alike, full)
}

/// The queues from which a component takes messages.
fn queues(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = ComponentIx> + '_ {
    let topology = &facts.topology;
    let node = topology.component(component);
    let consumed = node.out.iter().map(|it| topology.flow(*it)).filter(|it| it.access == Access::Consume);
    let pushed = node.into.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
    let all = consumed.map(|it| it.to).chain(pushed.map(|it| it.from));
    all.filter(|it| topology.component(*it).is(Family::Messaging))
}

fn say_backlog(facts: &Facts, load: &Load, queue: ComponentIx, out: &mut Out<'_>) {
    let alike = loads::alike(facts, queue);
    if alike.iter().find(|it| load.backlog(**it) > 0.0) != Some(&queue) {
        return;
    }
    let growing: f64 = alike.iter().map(|it| load.backlog(*it)).sum();
    let (name, comes) = (words::name(facts, queue), load.of_component(queue).total());
    let id = &facts.topology.component(queue).id;
    let takers = consumers(facts, &alike).into_iter().flatten();
    let takers = takers.map(|it| facts.topology.component(it.0).id.clone());
    let evidence = loads::way(facts, load, queue);
    out.finding(Found {
        subjects: vec![id.clone()],
        detail: BACKLOG.to_owned(),
        impact: Impact::Serious,
        exposure: Exposure::Guarded,
        because: "what waits there grows without end, while those who sent it go on".to_owned(),
        message: format!(
            "More gets into {name} than is taken out: {} messages/s, {} too many",
            loads::number(comes),
            loads::number(growing)
        ),
        place: words::place(facts, queue),
        evidence: Evidence { also: takers.collect(), ..evidence },
        facts: vec![format!("{id}: {} messages/s, {} left", loads::number(comes), loads::number(growing))],
    });
}

/// Consumers that share messages, each with the most that a message asks of it.
type Consumers = Vec<(ComponentIx, f64)>;

/// Who takes messages off queues, those that share them together.
fn consumers(facts: &Facts, queues: &[ComponentIx]) -> Vec<Consumers> {
    let topology = &facts.topology;
    let mut found: BTreeMap<Vec<ComponentIx>, Consumers> = BTreeMap::new();
    for queue in queues {
        let node = topology.component(*queue);
        let flows =
            node.into.iter().filter(|it| topology.flow(**it).access == Access::Consume).chain(&node.out);
        let delivers = |it: &&FlowEdge| !it.reply && !matches!(it.access, Access::Replicate | Access::Admin);
        for flow in flows.map(|it| topology.flow(*it)).filter(delivers) {
            if flow.from == *queue && flow.access == Access::Consume {
                continue;
            }
            let taker = if flow.from == *queue { flow.to } else { flow.from };
            let each = flow.record.requests_per_request.map_or(1.0, |it| it.get().max(0.0));
            let takers = found.entry(loads::alike(facts, taker)).or_default();
            match takers.iter_mut().find(|it| it.0 == taker) {
                Some(known) => known.1 = known.1.max(each),
                None if each > 0.0 => takers.push((taker, each)),
                None => {}
            }
        }
    }
    found.into_values().collect()
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let Some(load) = facts.load() else { return Vec::new() };
    let Some(component) = finding.subjects.first().and_then(|it| facts.topology.find_component(it)) else {
        return Vec::new();
    };
    if finding.detail == BACKLOG {
        let queues = loads::alike(facts, component);
        let comes = load.of_component(component).total();
        let slow = consumers(facts, &queues).into_iter().filter_map(|takers| {
            let can: Option<f64> = takers.iter().map(|(it, each)| Some(load.capacity(*it)? / each)).sum();
            let needed = comes / can.filter(|it| *it > 0.0)? / TIGHT;
            (needed > 1.0).then_some((takers, needed))
        });
        let slow: Vec<(Consumers, f64)> = slow.collect();
        let mut all: Vec<ComponentIx> = slow.iter().flat_map(|it| &it.0).map(|it| it.0).collect();
        all.sort_unstable();
        all.dedup();
        let most = slow.iter().map(|it| it.1).fold(1.0, f64::max);
        if all.is_empty() {
            // Where messages go in circles, no consumer is the one that is too slow.
            all.extend(consumers(facts, &queues).into_iter().flatten().map(|it| it.0));
            all.sort_unstable();
            all.dedup();
        }
        return loads::grow_for(facts, finding, &RULE, &all, most);
    }
    let (alike, full) = full(facts, load, component);
    let most = full.iter().filter_map(|it| load.utilisation(*it)).fold(1.0, f64::max);
    loads::grow_for(facts, finding, &RULE, &alike, most / TIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    const USER: &str = "user [requests-per-second 1200; read-share 0.9]\n";

    fn web(said: &str) -> String {
        format!("{USER}user -> web: https; web \"Web\": web-server [{said}]")
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &web("replicas 2; capacity 400"),
            "high overload-at-demand:web — Web must serve 1,200 requests/s, 150 % of the 800 that are possible (Web)",
        );
        fires(
            &RULE,
            &web("capacity 1500"),
            "low overload-at-demand:web — Web must serve 1,200 requests/s, 80 % of the 1,500 that are possible (Web)",
        );
        silent(&RULE, &web("capacity 1800"));
        silent(&RULE, &web("replicas 2"));
        silent(&RULE, "user -> web: https; web: web-server [capacity 1]");
    }

    #[test]
    fn a_part_of_the_demand_is_less() {
        let text = format!(
            "{USER}user -> web; web -> mail [requests-per-request 0.1]; mail: service [capacity 100]"
        );
        fires(
            &RULE,
            &text,
            "medium overload-at-demand:mail — mail must serve 120 requests/s, 120 % of the 100 that are possible (mail)",
        );
    }

    #[test]
    fn those_that_share_a_load_are_one_and_grow_together() {
        let text = format!(
            "{USER}user -> lb -> web-1, web-2: https; web-1: web-server [capacity 500]; web-2: web-server [capacity 900]"
        );
        fires(
            &RULE,
            &text,
            "high overload-at-demand:web-1 — web-1 must serve 600 requests/s, 120 % of the 500 that are possible (web-1)",
        );
        let expected = "Run web-1 and web-2 as 4 instances in all\n\
            Let an instance of web-1 and web-2 serve 1,543 requests/s";
        assert_eq!(offered(&RULE, &text), expected);
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
    }

    #[test]
    fn every_fix_mends_it() {
        let text = web("replicas 2; capacity 400");
        let finding = only(&RULE, &text);
        assert_eq!(finding.facts, ["web: 1,200 of 800 requests/s"]);
        assert_eq!(
            offered(&RULE, &text),
            "Run Web as 5 instances\nLet an instance of Web serve 858 requests/s"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
        // What no number of machines can do can still be stated.
        assert_eq!(offered(&RULE, &web("capacity 0.01")), "Let an instance of Web serve 1,715 requests/s");
    }

    #[test]
    fn a_queue_grows_and_its_consumers_are_not_told_too() {
        let text = "user [requests-per-second 100; read-share 0]; user -> web; web -> queue [publish]
            queue \"Jobs\": rabbitmq; worker -> queue [consume]; worker: worker [capacity 40]";
        fires(
            &RULE,
            text,
            "medium overload-at-demand:queue:backlog — More gets into Jobs than is taken out: 100 messages/s, 60 too many (Jobs)",
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, text, n), "", "fix {n}");
        }
    }

    #[test]
    fn a_primary_that_writes_fill_is_told_elsewhere() {
        let text =
            "user [requests-per-second 100; read-share 0]; user -> web -> db; db: postgres [capacity 100]";
        silent(&RULE, text);
        silent(&RULE, &format!("{text}; copy: postgres [capacity 90]; db -> copy [replicate]"));
    }
}
