//! `dependency-cycle`: components that wait for each other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, rule, waiting, words};
use crate::analysis::{ComponentIx, Facts, FlowIx};
use crate::model::{Access, Draft, Flow, Id, Ids};

rule! {
    /// ## What it finds
    /// Own components that need each other in a circle: each waits for the next one to answer, and the last one for
    /// the first. Alternatives of a pool are one. Load balancers and all else of the edge are left out, since what
    /// they hand on tells nothing of who needs whom.
    ///
    /// ## Why it matters
    /// None of them can start, or start again, before the others. The loss of one is the loss of all, and a request
    /// that goes round may hold all threads of all of them, so that they wait for each other for ever.
    ///
    /// ## Example
    /// `user -> orders: https; orders -> stock: https; stock -> orders: https`
    ///
    /// ## How to fix it
    /// Let one of them go on without the answer of the next, or tell it what happened by a message; or move what both
    /// need into a third. If the second arrow is only the answer of the first, mark it as a reply.
    ///
    /// ## References
    /// * Martin, *Clean Architecture*, the acyclic dependencies principle; CAPEC-25, Forced deadlock
    /// * CWE-833, Deadlock; CWE-1047, Modules with circular dependencies
    "dependency-cycle", "Circle of needs",
    kind: Structure, on: Whole, reads: [Structure, Pools, Failure], answers: [], stride: [Availability], cwe: [833, 1047],
    check: check, fixes: fixes,
}

/// So many places to break a cycle are tried.
const TRIED: usize = 3;

/// From whom to whom, alternatives together.
type Link = (ComponentIx, ComponentIx);

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let (topology, calls) = (&facts.topology, facts.calls());
    for cycle in calls.cycles() {
        let id = |it: &ComponentIx| topology.component(*it).id.clone();
        let links = links(facts, cycle);
        let way: Vec<ComponentIx> = round(&links).into_iter().map(|it| it.0).collect();
        let Some(first) = way.first().copied() else { continue };
        let is_waited_for = cycle.iter().any(|it| calls.is_waited_for(*it));
        let names = words::names(facts, way.iter().copied());
        out.finding(Found {
            subjects: cycle.iter().map(id).collect(),
            detail: String::new(),
            impact: if is_waited_for { Impact::Serious } else { Impact::Slight },
            exposure: Exposure::Guarded,
            because: if is_waited_for {
                format!("users wait for {names}, and none of them answers without the others")
            } else {
                format!("{names} cannot start without each other, though no user waits for them")
            },
            message: format!("{names} wait for each other"),
            place: words::place(facts, first),
            evidence: Evidence::way(facts, way.into_iter().chain([first])),
            facts: said(facts, &links),
        });
    }
}

/// A verdict on more links than this rests on what they come to together.
const TOLD_ONE_BY_ONE: usize = 100;

fn said(facts: &Facts, links: &BTreeMap<Link, Vec<FlowIx>>) -> Vec<String> {
    let id = |it: ComponentIx| &facts.topology.component(it).id;
    if links.len() > TOLD_ONE_BY_ONE {
        let ends = links.keys().flat_map(|it| [id(it.0), id(it.1)]);
        return vec![format!("{} waits, {:016x}", links.len(), Id::fingerprint(ends))];
    }
    links.keys().map(|it| format!("{} waits for {}", id(it.0), id(it.1))).collect()
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let cycle: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| topology.find_component(it)).collect();
    let links = links(facts, &cycle);
    let mut fixes: Vec<Fix> = Vec::new();
    for link in round(&links).into_iter().filter(|it| breaks(&links, it)).take(TRIED) {
        let Some(flows) = links.get(&link) else { continue };
        let [from, to] = [link.0, link.1].map(|it| words::name(facts, it));
        let reads = flows.iter().any(|it| topology.flow(*it).access == Access::Read);
        let (label, edit) = if reads {
            (format!("Let {from} go on without {to}"), waiting::go_on(facts, flows))
        } else {
            (format!("Let {from} not wait for {to}"), waiting::end(facts, flows))
        };
        fixes.push(Fix { label, edit });
        // Two arrows for a request and its answer are the commonest circle of all.
        if links.len() == 2 {
            let mut draft = Draft::of(facts.model());
            for flow in flows {
                draft.edit::<Flow>(&topology.flow(*flow).id, |it| it.reply = true);
            }
            let label = format!("Draw {from} → {to} as the answer to {to} → {from}");
            fixes.push(Fix { label, edit: draft.finish() });
        }
    }
    if let (true, Some(first)) = (fixes.is_empty(), links.keys().next().map(|it| it.0)) {
        // Whoever waits for nobody is in no circle.
        let flows: Vec<FlowIx> =
            links.iter().filter(|it| it.0.0 == first).flat_map(|it| it.1.iter().copied()).collect();
        let label = format!("Let {} not wait for any of them", words::name(facts, first));
        fixes.push(Fix { label, edit: waiting::end(facts, &flows) });
    }
    fixes
}

fn links(facts: &Facts, cycle: &[ComponentIx]) -> BTreeMap<Link, Vec<FlowIx>> {
    let calls = facts.calls();
    let mut links: BTreeMap<Link, Vec<FlowIx>> = BTreeMap::new();
    for flow in calls.within(&facts.topology, cycle) {
        let edge = facts.topology.flow(flow);
        if let Some(link) = calls.part(edge.from).zip(calls.part(edge.to)) {
            links.entry(link).or_default().push(flow);
        }
    }
    links
}

/// A shortest way round from the first of them.
fn round(links: &BTreeMap<Link, Vec<FlowIx>>) -> Vec<Link> {
    let Some(start) = links.keys().next().map(|it| it.0) else { return Vec::new() };
    let mut from: BTreeMap<ComponentIx, Link> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(next) = open.pop_front() {
        let onward = links.range((next, ComponentIx(0))..).map(|it| *it.0).take_while(|it| it.0 == next);
        for link in onward.filter(|it| !from.contains_key(&it.1)).collect::<Vec<_>>() {
            from.insert(link.1, link);
            open.push_back(link.1);
        }
    }
    let mut way = Vec::new();
    let mut next = start;
    while let Some(link) = from.get(&next) {
        way.push(*link);
        next = link.0;
        if next == start {
            break;
        }
    }
    way.reverse();
    way
}

/// Whether they are no longer one circle without a link: its target is not reached from its start any more.
fn breaks(links: &BTreeMap<Link, Vec<FlowIx>>, without: &Link) -> bool {
    let (mut seen, mut open) = (BTreeSet::from([without.0]), vec![without.0]);
    while let Some(next) = open.pop() {
        let onward = links.range((next, ComponentIx(0))..).map(|it| *it.0).take_while(|it| it.0 == next);
        for link in onward.filter(|it| it != without) {
            if seen.insert(link.1) {
                open.push(link.1);
            }
        }
    }
    !seen.contains(&without.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    #[test]
    fn what_fires_and_what_does_not() {
        let text = "user -> a: https; a -> b -> c: https; c -> a: https [read]; a \"A\"; b \"B\"; c \"C\"";
        fires(&RULE, text, "medium dependency-cycle:a+b+c — A, B and C wait for each other (A)");
        fires(
            &RULE,
            &text.replace("user -> a: https", "user -> x: https"),
            "low dependency-cycle:a+b+c — A, B and C wait for each other (A)",
        );
        silent(&RULE, &text.replace("[read]", "[read; soft]"));
        silent(&RULE, &text.replace("[read]", "[read; async]"));
        silent(&RULE, &text.replace("[read]", "[reply]"));
        silent(&RULE, "user -> lb -> a: https; a -> lb: https; lb -> b: https");
        silent(&RULE, "user -> web: https; web -> user: https");
    }

    #[test]
    fn alternatives_are_one() {
        silent(&RULE, "a [pool p]; b [pool p]; a -> b: https; b -> a: https");
        let text = "a [pool p]; b [pool p]; a -> c: https; c -> b: https; user -> a: https";
        fires(&RULE, text, "medium dependency-cycle:a+b+c — a and c wait for each other (a)");
        for n in 0..4 {
            assert_eq!(mended(&RULE, text, n), "", "fix {n}");
        }
    }

    #[test]
    fn every_fix_breaks_the_circle() {
        let text = "user -> a: https; a -> b: https [read]; b -> a: https [write]";
        let expected = "Let a go on without b\nDraw a → b as the answer to b → a\nLet b not wait for a\n\
            Draw b → a as the answer to a → b";
        assert_eq!(offered(&RULE, text), expected);
        for n in 0..4 {
            assert_eq!(mended(&RULE, text, n), "", "fix {n}");
        }
        assert_eq!(only(&RULE, text).facts, ["a waits for b", "b waits for a"]);
    }

    #[test]
    fn where_no_link_alone_breaks_it_one_of_them_waits_for_nobody() {
        let text = "user -> a: https; a -> b, c: https; b -> a, c: https; c -> a, b: https";
        assert_eq!(offered(&RULE, text), "Let a not wait for any of them");
        // The circle of those who are left is another one.
        let left = "low dependency-cycle:b+c — b and c wait for each other (b)";
        assert_eq!(mended(&RULE, text, 0), left);
    }
}
