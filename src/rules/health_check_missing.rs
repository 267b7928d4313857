//! `health-check-missing`: requests that still go to instances that are down.

use std::collections::BTreeMap;

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words,
    yes_or_no,
};
use crate::analysis::{ComponentIx, Facts, PoolIx, StoreIx, Unknown};
use crate::model::{Capability, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Load balancers, proxies, gateways and DNS on the way of users' requests that have several instances to choose
    /// from, and of which somebody has said that they do not notice when one of them is unwell. Where nobody has
    /// said, it asks, once for those that stand in for each other. Firewalls choose nothing and are left out.
    ///
    /// ## Why it matters
    /// The second instance is there for the loss of the first. As long as requests still go to the one that is lost,
    /// one user in two sees an error, until somebody notices and takes it out by hand.
    ///
    /// ## Example
    /// `user -> lb -> web-1, web-2: https; lb [health-checks no]`
    ///
    /// ## How to fix it
    /// Ask each instance every few seconds for a page that touches what it cannot work without, take it out after a
    /// few failures and back in when it answers. DNS needs short times to live besides.
    ///
    /// ## References
    /// * Beyer and others, *Site Reliability Engineering*, chapter 20, Load balancing in the datacenter
    /// * NIST SP 800-53, SI-13, Predictable failure prevention, and CP-2(8)
    "health-check-missing", "No health checks",
    kind: Asks, on: Component, reads: [Structure, Pools, Failure], answers: ["health-checks"], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

const CONTROL: &str = "health-checks";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let node = facts.topology.component(component);
    let chooses = node.can(Capability::Spreads) && !node.can(Capability::Filters);
    if !chooses || !facts.calls().is_waited_for(component) {
        return;
    }
    let truth = said(facts, component);
    if !matches!(truth, Truth::No | Truth::Unknown) {
        return;
    }
    let Some(targets) = chosen_from(facts, component) else { return };
    let is_same = |it: &ComponentIx| said(facts, *it) == truth && chosen_from(facts, *it).is_some();
    let same: Vec<ComponentIx> = alternatives(facts, component).into_iter().filter(is_same).collect();
    // Alternatives are one: the first of them speaks for all.
    if same.first() != Some(&component) {
        return;
    }
    let id = |it: &ComponentIx| facts.topology.component(*it).id.clone();
    let (names, of) =
        (words::names(facts, same.iter().copied()), words::names(facts, targets.iter().copied()));
    let instances = instances(facts, &targets);
    let evidence = Evidence::set(same.iter().chain(&targets).map(id));
    let (impact, exposure) = (Impact::Serious, Exposure::Guarded);
    if truth == Truth::Unknown {
        let about: Vec<Unknown> = same.iter().map(|it| unknown(&id(it))).collect();
        out.question(Asked {
            about: unknown(&id(&component)),
            stake: severity(facts, impact, exposure),
            text: format!("Is it noticed at {names} when one of {instances} instances of {of} is down?"),
            why: format!("If not, one request in {instances} still goes there, and a user sees an error."),
            choices: yes_or_no(&about),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: same.iter().map(id).collect(),
        detail: String::new(),
        impact,
        exposure,
        because: format!(
            "one request in {instances} fails while one of {instances} instances of {of} is down"
        ),
        message: format!("Requests at {names} still go to instances of {of} that are down"),
        place: words::place(facts, component),
        evidence,
        facts: targets.iter().map(|it| format!("spreads over {}", id(it))).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    let label = format!("Let {names} check the health of what is behind");
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

fn said(facts: &Facts, component: ComponentIx) -> Truth {
    facts.topology.component(component).control(CONTROL)
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

fn alternatives(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let pool = facts.pools.pool_of(component).map(|it| facts.pools.pool(it).members.clone());
    pool.unwrap_or_else(|| vec![component])
}

/// The alternatives among which it chooses: the most that it has, of those that requests of users go to.
///
/// Instances that are drawn as one stand behind one address, unless a load balancer or its like is before them; those
/// of the edge take over from each other.
fn chosen_from(facts: &Facts, spreader: ComponentIx) -> Option<Vec<ComponentIx>> {
    let (topology, node) = (&facts.topology, facts.topology.component(spreader));
    // By whom they stand in for: a pool, a store, nobody.
    type Group = (Option<PoolIx>, Option<StoreIx>, Option<ComponentIx>);
    let mut drawn: BTreeMap<Group, Vec<ComponentIx>> = BTreeMap::new();
    for flow in facts.calls().from(topology, spreader) {
        let target = topology.flow(flow).to;
        let pool = facts.pools.pool_of(target);
        let store = facts.pools.store_of(target).filter(|_| pool.is_none());
        let alone = (pool.is_none() && store.is_none()).then_some(target);
        drawn.entry((pool, store, alone)).or_default().push(target);
    }
    for targets in drawn.values_mut() {
        targets.sort_unstable();
        targets.dedup();
    }
    let is_choice = |it: &Vec<ComponentIx>| {
        let is_edge = it.iter().any(|it| topology.component(*it).is(Family::Edge));
        let is_spread = node.can(Capability::HandsOn) && !is_edge;
        it.len() > 1 || is_spread && instances(facts, it) > 1
    };
    let choices = drawn.into_values().filter(is_choice);
    choices.max_by_key(|it| (instances(facts, it), std::cmp::Reverse(it.clone())))
}

fn instances(facts: &Facts, components: &[ComponentIx]) -> u64 {
    components.iter().map(|it| u64::from(facts.topology.component(*it).record.instances())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            "user -> lb -> web-1, web-2: https; lb \"Balancer\" [health-checks no]",
            "medium health-check-missing:lb — Requests at Balancer still go to instances of web-1 and web-2 that are down (Balancer)",
        );
        silent(&RULE, "user -> lb -> web-1, web-2: https; lb [health-checks yes]");
        silent(&RULE, "user -> lb -> web-1, web-2: https; lb: aws-alb");
        silent(&RULE, "user -> lb -> web: https; lb [health-checks no]");
        silent(&RULE, "user -> x: https; lb -> web-1, web-2: https; lb [health-checks no]");
        let text = "user -> lb -> web: https; lb \"Balancer\"; web \"Web\" [replicas 3]";
        asks(
            &RULE,
            text,
            "? lb.controls.health-checks — Is it noticed at Balancer when one of 3 instances of Web is down?",
        );
        assert_eq!(answered(&RULE, text, "Yes"), "");
    }

    #[test]
    fn alternatives_are_one() {
        let text = "user -> dns -> lb-1, lb-2 -> web: https; web [replicas 2]; dns [health-checks yes]";
        asks(
            &RULE,
            text,
            "? lb-1.controls.health-checks — Is it noticed at lb-1 and lb-2 when one of 2 instances of web is down?",
        );
        assert!(answered(&RULE, text, "No").starts_with("medium health-check-missing:lb-1+lb-2"));
    }

    #[test]
    fn firewalls_choose_nothing_and_names_choose_among_what_is_drawn() {
        silent(&RULE, "user -> fw -> web: https; fw: firewall; web [replicas 2]");
        silent(&RULE, "user -> dns -> lb: https; lb [replicas 2]");
        silent(&RULE, "user -> cdn -> lb: https; lb [replicas 2]; cdn: cdn");
        let names = "user -> dns -> lb-1, lb-2: https";
        asks(
            &RULE,
            names,
            "? dns.controls.health-checks — Is it noticed at dns when one of 2 instances of lb-1 and lb-2 is down?",
        );
    }

    #[test]
    fn the_fix_is_an_answer() {
        let text = "user -> lb -> web: https; lb [health-checks no]; web [replicas 2]";
        assert_eq!(offered(&RULE, text), "Let lb check the health of what is behind");
        assert_eq!(mended(&RULE, text, 0), "");
        assert_eq!(only(&RULE, text).facts, ["spreads over web"]);
    }
}
