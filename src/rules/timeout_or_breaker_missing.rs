//! `timeout-or-breaker-missing`: services that wait for others without end.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, waiting,
    words, yes_or_no,
};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Capability, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Own services that wait for others while a user waits for them, and of which somebody has said that they neither
    /// give up after a set time nor stop calling for a while when calls keep failing. Where nobody has said, it asks
    /// once for each service that has more than one thing to wait for, or that others wait for in turn, or that waits
    /// for what is not yours. Calls within one host are left out, and so are those of the edge.
    ///
    /// ## Why it matters
    /// What is gone answers at once; what is slow holds a thread and a connection of every caller until none is left.
    /// So one slow service takes those with it that could do without it, and those before them.
    ///
    /// ## Example
    /// `user -> web -> stock: https [timeouts no]`
    ///
    /// ## How to fix it
    /// Set a time after which the call ends, shorter than that of the caller; try again seldom, with growing pauses;
    /// stop calling for a while when most calls fail. Give each target its own small pool of connections.
    ///
    /// ## References
    /// * CWE-1088, Synchronous access of remote resource without timeout; CWE-400
    /// * Nygard, *Release It!*, 2nd edition, Timeouts, Circuit Breaker and Bulkheads; NIST SP 800-53, SC-5
    "timeout-or-breaker-missing", "Waiting without end",
    kind: Asks, on: Whole, reads: [Structure, Pools, Failure], answers: ["timeouts"],
    stride: [Availability, DenialOfService], cwe: [1088, 400],
    check: check, fixes: fixes,
}

const CONTROL: &str = "timeouts";

const IMPACT: Impact = Impact::Serious;
const EXPOSURE: Exposure = Exposure::Guarded;

/// Places that are one machine: there is no network between what stands in it.
const MACHINES: [&str; 3] = ["host", "container", "process"];

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let topology = &facts.topology;
    let mut unsaid: BTreeMap<Option<BoundaryIx>, (Why, Vec<FlowIx>)> = BTreeMap::new();
    for (service, flows) in services(facts) {
        let with = |truth: Truth| flows.iter().copied().filter(|it| said(facts, *it) == truth).collect();
        let (without, unknown): (Vec<FlowIx>, Vec<FlowIx>) = (with(Truth::No), with(Truth::Unknown));
        if !unknown.is_empty()
            && let Some(why) = Why::of(facts, &flows)
        {
            // Whoever builds a tier calls others by one client, and so it is asked.
            let tier = topology.component(service).within;
            unsaid.entry(tier).or_insert((why, Vec::new())).1.extend(unknown);
        }
        if without.is_empty() {
            continue;
        }
        let [sources, targets] = ends(facts, &without);
        let [from, to] = [&sources, &targets].map(|it| words::names(facts, it.iter().copied()));
        let id = |it: &FlowIx| topology.flow(*it).id.clone();
        out.finding(Found {
            subjects: sources.iter().map(|it| topology.component(*it).id.clone()).collect(),
            detail: String::new(),
            impact: IMPACT,
            exposure: EXPOSURE,
            because: format!("users wait for {from}, and all of them do when answers of {to} are slow"),
            message: format!("{from} may wait for {to} without end"),
            place: sources.first().map(|it| words::place(facts, *it)).unwrap_or_default(),
            evidence: evidence(facts, &without),
            facts: without.iter().map(|it| format!("{} has no end", id(it))).collect(),
        });
    }
    for (why, flows) in unsaid.into_values() {
        ask(facts, why, &flows, out);
    }
}

fn ask(facts: &Facts, why: Why, flows: &[FlowIx], out: &mut Out<'_>) {
    let [sources, targets] = ends(facts, flows);
    let about: Vec<Unknown> = flows.iter().map(|it| about(facts, *it)).collect();
    let Some(first) = about.first().cloned() else { return };
    let [from, to] = [&sources, &targets].map(|it| words::names(facts, it.iter().copied()));
    out.question(Asked {
        about: first,
        stake: severity(facts, IMPACT, EXPOSURE),
        text: format!("Is there a set time after which {from} must give up on {to}?"),
        why: format!("Users wait for {from}, {}.", why.words(facts)),
        choices: yes_or_no(&about),
        evidence: evidence(facts, flows),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let is_subject = |it: &FlowIx| {
        let flow = facts.topology.flow(*it);
        finding.subjects.contains(&facts.topology.component(flow.from).id) && said(facts, *it) == Truth::No
    };
    let flows: Vec<FlowIx> = services(facts).into_values().flatten().filter(is_subject).collect();
    let [from, to] = ends(facts, &flows).map(|it| words::names(facts, it));
    let about: Vec<Unknown> = flows.iter().map(|it| about(facts, *it)).collect();
    let edit = answer(facts, &about, Truth::Yes);
    let mut fixes = vec![Fix { label: format!("Let {from} give up on {to} after a set time"), edit }];
    if waiting::can_wait(facts, &flows) {
        let label = format!("Let {from} not wait for {to}");
        fixes.push(Fix { label, edit: waiting::end(facts, &flows) });
    }
    fixes
}

/// The calls between machines for which users wait, by the service that waits, alternatives together.
fn services(facts: &Facts) -> BTreeMap<ComponentIx, Vec<FlowIx>> {
    let (topology, calls) = (&facts.topology, facts.calls());
    let mut services: BTreeMap<ComponentIx, Vec<FlowIx>> = BTreeMap::new();
    for (ix, flow) in topology.flows().filter(|(ix, _)| calls.is_on_user_path(topology, *ix)) {
        let source = topology.component(flow.from);
        let is_ours = source.is(Family::Compute) && !source.can(Capability::NotOurs);
        if is_ours && !is_one_machine(facts, flow.from, flow.to) {
            let pool = facts.pools.pool_of(flow.from).and_then(|it| facts.pools.pool(it).members.first());
            services.entry(pool.copied().unwrap_or(flow.from)).or_default().push(ix);
        }
    }
    services
}

/// Why a slow target is worse than the loss of that target.
#[derive(Clone, Copy)]
enum Why {
    NotOurs(ComponentIx),
    /// Somebody else waits for those who wait.
    HeldWithIt(ComponentIx),
    Several,
}

impl Why {
    /// `None` where it is not.
    fn of(facts: &Facts, flows: &[FlowIx]) -> Option<Self> {
        let topology = &facts.topology;
        let targets = || flows.iter().map(|it| topology.flow(*it).to);
        // Of several, the first by its id is named.
        let not_ours = targets().filter(|it| topology.component(*it).can(Capability::NotOurs)).min();
        if let Some(other) = not_ours {
            return Some(Self::NotOurs(other));
        }
        let is_source = |it: ComponentIx| flows.iter().any(|flow| topology.flow(*flow).from == it);
        let sources = flows.iter().map(|it| topology.flow(*it).from);
        let callers = sources.flat_map(|it| topology.component(it).into.iter().copied());
        let is_service = |it: &FlowIx| {
            let is_waiting = facts.calls().is_on_user_path(topology, *it);
            is_waiting && topology.component(topology.flow(*it).from).is(Family::Compute)
        };
        let mut before = callers.filter(is_service).map(|it| topology.flow(it).from);
        if let Some(before) = before.find(|it| !is_source(*it)) {
            return Some(Self::HeldWithIt(before));
        }
        let targets: BTreeSet<ComponentIx> = targets().collect();
        let targets: Vec<ComponentIx> = targets.into_iter().collect();
        (things(facts, &targets).len() > 1).then_some(Self::Several)
    }

    fn words(self, facts: &Facts) -> String {
        match self {
            Self::NotOurs(it) => {
                format!("and you cannot speed up {}", words::name(facts, it))
            }
            Self::HeldWithIt(it) => format!("and {} can be held up with it", words::name(facts, it)),
            Self::Several => "and one target that is slow holds what the others could answer".to_owned(),
        }
    }
}

/// What they are to wait for, seen through the edge: alternatives are one thing.
fn things(facts: &Facts, targets: &[ComponentIx]) -> BTreeSet<ComponentIx> {
    let (topology, calls) = (&facts.topology, facts.calls());
    let mut things = BTreeSet::new();
    for target in targets.iter().copied() {
        let behind = calls.from(topology, target).map(|it| topology.flow(it).to);
        let is_edge = topology.component(target).is(Family::Edge);
        let mut seen: Vec<ComponentIx> = if is_edge { behind.collect() } else { Vec::new() };
        if seen.is_empty() {
            seen.push(target);
        }
        things.extend(seen.into_iter().map(|it| {
            let pools = &facts.pools;
            let store = pools.store_of(it).and_then(|it| pools.store(it).members.first());
            let pool = pools.pool_of(it).and_then(|it| pools.pool(it).members.first());
            store.or(pool).copied().unwrap_or(it)
        }));
    }
    things
}

fn is_one_machine(facts: &Facts, a: ComponentIx, b: ComponentIx) -> bool {
    let topology = &facts.topology;
    let common = topology.common(topology.component(a).within, topology.component(b).within);
    let mut around = topology.outward(common);
    around.any(|it| MACHINES.contains(&topology.boundary(it).kind.slug.as_str()))
}

fn said(facts: &Facts, flow: FlowIx) -> Truth {
    facts.topology.flow(flow).record.controls.truth(CONTROL)
}

fn about(facts: &Facts, flow: FlowIx) -> Unknown {
    let id: &Id = &facts.topology.flow(flow).id;
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// The sources and the targets of flows, in order, each once.
fn ends(facts: &Facts, flows: &[FlowIx]) -> [Vec<ComponentIx>; 2] {
    let edges = || flows.iter().map(|it| facts.topology.flow(*it));
    [edges().map(|it| it.from).collect::<Vec<_>>(), edges().map(|it| it.to).collect()].map(|mut it| {
        it.sort_unstable();
        it.dedup();
        it
    })
}

fn evidence(facts: &Facts, flows: &[FlowIx]) -> Evidence {
    let [sources, targets] = ends(facts, flows);
    let ends = sources.iter().chain(&targets).map(|it| facts.topology.component(*it).id.clone());
    Evidence::set(ends.chain(flows.iter().map(|it| facts.topology.flow(*it).id.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let text = "user -> lb -> web: https; web -> db: postgres [timeouts no]; web \"Web\"; db \"Orders\": postgres";
        fires(
            &RULE,
            text,
            "medium timeout-or-breaker-missing:web — Web may wait for Orders without end (Web)",
        );
        silent(&RULE, &text.replace("timeouts no", "timeouts yes"));
        silent(&RULE, &text.replace("timeouts no", "timeouts no; soft"));
        silent(&RULE, &text.replace("user -> lb", "user -> x: https; lb"));
        silent(
            &RULE,
            &format!("{text}; boundary h: host {{ web; db }}")
                .replace("db \"Orders\": postgres", "")
                .replace("web \"Web\";", ""),
        );
        let two = "user -> web: https; web -> db: postgres; web -> search: https";
        asks(
            &RULE,
            two,
            "? web-db.controls.timeouts — Is there a set time after which web must give up on db and search?",
        );
        assert_eq!(answered(&RULE, two, "Yes"), "");
        let found =
            "medium timeout-or-breaker-missing:web — web may wait for db and search without end (web)";
        assert_eq!(answered(&RULE, two, "No"), found);
    }

    #[test]
    fn it_asks_only_where_something_slow_is_worse_than_something_lost() {
        silent(&RULE, "user -> lb -> web -> db: https; db: postgres");
        silent(
            &RULE,
            "user -> web -> db-1, db-2: https; db-1: postgres; db-2: postgres; db-1 -> db-2 [replicate]",
        );
        // Two ways to one store.
        silent(&RULE, "user -> web -> lb-read, lb-write -> db: postgres; db: postgres [replicas 2]");
        asks(
            &RULE,
            "user -> web -> pay: https; pay \"Bank\": stripe",
            "? web-pay.controls.timeouts — Is there a set time after which web must give up on Bank?",
        );
        asks(
            &RULE,
            "user -> web -> shop -> db: https; db: postgres",
            "? shop-db.controls.timeouts — Is there a set time after which shop must give up on db?",
        );
    }

    #[test]
    fn services_of_one_tier_are_asked_together() {
        let text =
            "user -> web -> pay, orders: https; orders -> post: https; pay \"Bank\": stripe; post: stripe
            boundary t: tier { web }; boundary u: tier { orders }";
        let asked = "? orders-post.controls.timeouts — Is there a set time after which orders must give up on post?\n\
            ? web-orders.controls.timeouts — Is there a set time after which web must give up on orders and Bank?";
        asks(&RULE, text, asked);
        asks(
            &RULE,
            &text.replace(" }; boundary u: tier { orders", "; orders"),
            "? orders-post.controls.timeouts — Is there a set time after which orders and web must give up on orders, Bank and post?",
        );
    }

    #[test]
    fn alternatives_are_asked_together() {
        let text = "user -> lb -> web-1, web-2 -> db: https; web-1, web-2 -> search: https; db: postgres";
        asks(
            &RULE,
            text,
            "? web-1-db.controls.timeouts — Is there a set time after which web-1 and web-2 must give up on db and search?",
        );
        assert_eq!(answered(&RULE, text, "Not applicable"), "");
    }

    #[test]
    fn every_fix_mends_it() {
        let text = "user -> web: https; web -> log: https [write; timeouts no]; log: microservice";
        assert_eq!(offered(&RULE, text), "Let web give up on log after a set time\nLet web not wait for log");
        assert_eq!([mended(&RULE, text, 0), mended(&RULE, text, 1)], ["", ""]);
        assert_eq!(only(&RULE, text).facts, ["web-log has no end"]);
    }
}
