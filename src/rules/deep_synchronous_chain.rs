//! `deep-synchronous-chain`: requests that wait for too many calls, one behind the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, rule, waiting, words};
use crate::analysis::{Calls, ComponentIx, Facts, FlowIx};
use crate::model::Ids;

rule! {
    /// ## What it finds
    /// Requests of users behind which more than four calls wait for each other, one behind the other: each hard and
    /// synchronous. Load balancers, gateways, firewalls and all else of the edge are not counted, since they hand on.
    /// Where the drawing says how much of the time the components are up, it tells for how much all of them are.
    ///
    /// ## Why it matters
    /// Times add up, and availabilities multiply: six services that are each up 99.9 % of the time are up together
    /// for 99.4 %, which is four hours lost a month. And one that is slow holds all before it.
    ///
    /// ## Example
    /// `user -> web: https; web -> orders -> stock -> prices -> terms -> db: https; db: postgres`
    ///
    /// ## How to fix it
    /// Put what need not be done at once on a queue; keep a copy of what the far end says nearer, in a cache or a
    /// table of one's own; or merge services that never answer without each other.
    ///
    /// ## References
    /// * Nygard, *Release It!*, 2nd edition, on cascading failures
    /// * Treynor and others, *The Calculus of Service Availability*, ACM Queue 15(2), 2017
    /// * NIST SP 800-53, CP-2(8)
    "deep-synchronous-chain", "Deep chain of calls",
    kind: Structure, on: Whole, reads: [Structure, Pools, Failure], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

/// More than so many calls behind one request are too many.
const MOST: u32 = 4;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let (topology, calls) = (&facts.topology, facts.calls());
    for heads in heads(facts) {
        // Of alternatives, the one with the longest chain speaks for all.
        let longest = heads.iter().copied().max_by_key(|it| (calls.behind(*it), std::cmp::Reverse(*it)));
        let Some(head) = longest else { continue };
        let chain = calls.chain(topology, head);
        let id = |it: &ComponentIx| topology.component(*it).id.clone();
        let (count, name) = (calls.behind(head), words::names(facts, heads.iter().copied()));
        let mut way = calls.way_to(topology, head);
        way.pop();
        out.finding(Found {
            subjects: heads.iter().map(id).collect(),
            detail: String::new(),
            impact: Impact::Serious,
            exposure: Exposure::Guarded,
            because: format!(
                "a request to {name} fails when any of {count} calls behind it does{}",
                up(facts, &chain)
            ),
            message: format!("A request to {name} waits for {count} calls, one behind the other"),
            place: words::place(facts, head),
            evidence: Evidence::way(facts, way.into_iter().chain(chain.iter().copied())),
            facts: chain.iter().skip(1).map(|it| format!("waits for {}", id(it))).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let heads: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| topology.find_component(it)).collect();
    let flows = too_deep(facts, &heads);
    let ends = |end: fn(&Facts, FlowIx) -> ComponentIx| {
        let ends: BTreeSet<ComponentIx> = flows.iter().map(|it| end(facts, *it)).collect();
        ends.into_iter().collect::<Vec<_>>()
    };
    let sources = ends(|facts, it| facts.topology.flow(it).from);
    let targets = ends(|facts, it| facts.topology.flow(it).to);
    let [from, to] = [&sources, &targets].map(|it| words::names(facts, it.iter().copied()));
    let mut fixes =
        vec![Fix { label: format!("Let {from} not wait for {to}"), edit: waiting::end(facts, &flows) }];
    if let [target] = targets[..]
        && waiting::can_wait(facts, &flows)
    {
        let edit = waiting::queue_before(facts, target, &flows, ids);
        fixes.insert(0, Fix { label: format!("Leave the work for {to} in a queue"), edit });
    }
    fixes
}

/// Those who answer first, alternatives together, with too long a chain behind them.
fn heads(facts: &Facts) -> Vec<Vec<ComponentIx>> {
    let mut heads: BTreeMap<ComponentIx, Vec<ComponentIx>> = BTreeMap::new();
    for head in facts.calls().heads().iter().copied().filter(|it| facts.calls().behind(*it) > MOST) {
        let pool = facts.pools.pool_of(head).and_then(|it| facts.pools.pool(it).members.first());
        heads.entry(pool.copied().unwrap_or(head)).or_default().push(head);
    }
    heads.into_values().collect()
}

/// The calls that make a chain from these too long: without them, none is.
fn too_deep(facts: &Facts, heads: &[ComponentIx]) -> Vec<FlowIx> {
    let (topology, calls) = (&facts.topology, facts.calls());
    let mut deepest: BTreeMap<ComponentIx, u32> = heads.iter().map(|it| (*it, 0)).collect();
    // Who calls comes before who is called, so that nothing deeper comes later.
    let mut open: BTreeSet<(u32, ComponentIx)> = heads.iter().map(|it| (calls.rank(*it), *it)).collect();
    let mut cut = Vec::new();
    while let Some((rank, next)) = open.pop_last() {
        let depth = deepest.get(&next).copied().unwrap_or_default();
        for flow in calls.from(topology, next) {
            let to = topology.flow(flow).to;
            let deeper = depth + u32::from(Calls::counts(topology, flow));
            if calls.rank(to) == rank {
                continue;
            }
            if deeper > MOST {
                cut.push(flow);
            } else {
                let known = deepest.entry(to).or_default();
                *known = deeper.max(*known);
                open.insert((calls.rank(to), to));
            }
        }
    }
    cut.sort_unstable();
    cut
}

/// For how much of the time all of a chain are up, as far as the drawing says.
fn up(facts: &Facts, chain: &[ComponentIx]) -> String {
    let figure = |it: &ComponentIx| facts.topology.component(*it).record.availability.map(|it| it.get());
    let known: Vec<f64> = chain.iter().filter_map(figure).filter(|it| (0.0..=1.0).contains(it)).collect();
    if known.len() < 2 {
        return String::new();
    }
    let percent = format!("{:.3}", known.iter().product::<f64>() * 100.0);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    format!(
        ", and by the figures of {} of {} components all are up {percent} % of the time",
        known.len(),
        chain.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    const FIVE: &str = "user -> lb -> web: https; web -> a -> b -> c -> d -> e: https [write]";

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            FIVE,
            "medium deep-synchronous-chain:web — A request to web waits for 5 calls, one behind the other (web)",
        );
        silent(&RULE, &FIVE.replace(" -> e", ""));
        silent(&RULE, &FIVE.replace("[write]", "[write; async]"));
        silent(
            &RULE,
            &FIVE.replace(
                "user -> lb -> web: https",
                "user -> x: https; w: worker; w -> q: amqps [consume]; w -> a: https",
            ),
        );
        // What hands on is not counted.
        silent(&RULE, &FIVE.replace(" -> e", "").replace("b -> c", "b -> proxy -> c"));
    }

    #[test]
    fn figures_multiply() {
        let text = format!("{FIVE}; a [availability 0.99]; c [availability 0.9]; d [availability 7]");
        assert_eq!(
            only(&RULE, &text).because,
            "A request to web fails when any of 5 calls behind it does, and by the figures of 2 of 6 components all are \
             up 89.1 % of the time: serious impact, medium."
        );
    }

    #[test]
    fn alternatives_are_told_once_and_the_fix_cuts_all_that_is_too_deep() {
        let text = "user -> lb -> web-1, web-2: https; web-1, web-2 -> a -> b -> c -> d -> e, f: https [read]; a -> c: https";
        let expected = "medium deep-synchronous-chain:web-1+web-2 — A request to web-1 and web-2 waits for 5 calls, one \
            behind the other (web-1)";
        fires(&RULE, text, expected);
        assert_eq!(offered(&RULE, text), "Let d not wait for e and f");
        assert_eq!(mended(&RULE, text, 0), "");
    }

    #[test]
    fn every_fix_mends_it() {
        assert_eq!(offered(&RULE, FIVE), "Leave the work for e in a queue\nLet d not wait for e");
        assert_eq!([mended(&RULE, FIVE, 0), mended(&RULE, FIVE, 1)], ["", ""]);
    }
}
