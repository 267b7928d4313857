//! `vertical-only`: the busiest single instance, which can only become a bigger one.

use super::twins::Twins;
use super::{
    Asked, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, loads, rule, severity, words,
};
use crate::analysis::{ComponentIx, Facts, Load, Unknown};
use crate::model::{Capability, Component, Draft, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Servers and stores of one instance, with no other to share the load, through which half of the stated demand and
    /// at least a hundred requests a second go, and of which somebody has said that more instances cannot share their
    /// work. Where nobody has said, it asks, about the busiest of them alone.
    ///
    /// ## Why it matters
    /// A bigger machine ends somewhere, costs more for each step, and fails as one. What cannot be run twice has to be
    /// rebuilt at the very time when the demand is highest.
    ///
    /// ## Example
    /// `user [requests-per-second 500]; user -> web: https; web: web-server [scales-out no]`
    ///
    /// ## How to fix it
    /// Take sessions and files out of the instance, so that any number of them can share the work behind a balancer; of
    /// stores, add replicas for reads and partitions for writes.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption
    /// * NIST SP 800-53, CP-2(2), Capacity planning; SC-5(2)
    "vertical-only", "Can only grow upwards",
    kind: Asks, on: Whole, reads: [Structure, Pools, Load], answers: ["scales-out"], stride: [Availability, DenialOfService], cwe: [400],
    check: check, fixes: fixes,
}

const CONTROL: &str = "scales-out";
/// Fewer requests a second any machine can serve.
const MANY: f64 = 100.0;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let Some(load) = facts.load() else { return };
    let mut busiest: Option<(f64, ComponentIx)> = None;
    let hot = facts.topology.components().map(|(ix, _)| ix).filter(|it| is_hot(facts, load, *it));
    for component in hot {
        let node = facts.topology.component(component);
        let demand = load.of_component(component).total();
        match node.control(CONTROL) {
            Truth::No => say(facts, load, component, out),
            Truth::Unknown if busiest.is_none_or(|it| demand > it.0) => busiest = Some((demand, component)),
            _ => {}
        }
    }
    let Some((demand, component)) = busiest else { return };
    let (name, node) = (words::name(facts, component), facts.topology.component(component));
    out.question(Asked {
        about: unknown(&node.id),
        stake: severity(facts, Impact::Slight, Exposure::Guarded),
        text: format!("Can more instances share the work of {name} when one is no longer enough?"),
        why: format!("All of {} go through one instance.", loads::per_second(demand)),
        choices: Vec::new(),
        evidence: loads::way(facts, load, component),
    });
}

fn say(facts: &Facts, load: &Load, component: ComponentIx, out: &mut Out<'_>) {
    let (name, node) = (words::name(facts, component), facts.topology.component(component));
    let demand = load.of_component(component).total();
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact: Impact::Slight,
        exposure: Exposure::Open,
        because: "most of the demand goes through there, and more machines cannot help".to_owned(),
        message: format!("One instance of {name} must serve {} and can only grow", loads::per_second(demand)),
        place: words::place(facts, component),
        evidence: loads::way(facts, load, component),
        facts: vec![loads::fact(facts, load, component)],
    });
}

fn is_hot(facts: &Facts, load: &Load, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let works = node.is(Family::Compute) || loads::is_store(facts, component);
    let is_ours = !node.can(Capability::NotOurs) && !node.can(Capability::UsuallyBought);
    let survives = matches!(node.is_highly_available(), Truth::Yes | Truth::NotApplicable);
    let demand = load.of_component(component).total();
    works
        && is_ours
        && !survives
        && demand >= MANY
        && demand * 2.0 >= load.entering()
        && node.record.instances() == 1
        && loads::alike(facts, component).len() == 1
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let Some(component) = finding.subjects.first().and_then(|it| facts.topology.find_component(it)) else {
        return Vec::new();
    };
    let (node, name) = (facts.topology.component(component), words::name(facts, component));
    let mut twins = Twins::new(facts, ids);
    twins.component(component, facts.topology.place_of(component));
    twins.wire();
    let twin = Fix { label: format!("Add a twin of {name}"), edit: twins.finish() };
    let mut draft = Draft::of(facts.model());
    draft.edit::<Component>(&node.id, |it| it.replicas = Some(2));
    draft.edit_answer(&node.id, &format!("controls.{CONTROL}"), |it| (it.is, it.later) = (Truth::Yes, false));
    let two = Fix { label: format!("Run two instances of {name}"), edit: draft.finish() };
    let about = [unknown(&node.id)];
    let said = Fix {
        label: format!("Let instances share the work of {name}"),
        edit: answer(facts, &about, Truth::Yes),
    };
    vec![twin, two, said]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(requests: u32, web: &str) -> String {
        format!(
            "user [requests-per-second {requests}; read-share 1]; user -> web: https; web \"Shop\": web-server [{web}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shop(500, "scales-out no");
        fires(
            &RULE,
            &no,
            "medium vertical-only:web — One instance of Shop must serve 500 requests/s and can only grow (Shop)",
        );
        let expected = "Add a twin of Shop\nRun two instances of Shop\nLet instances share the work of Shop";
        assert_eq!(offered(&RULE, &no), expected);
        for n in 0..3 {
            assert_eq!(mended(&RULE, &no, n), "", "fix {n}");
        }
        silent(&RULE, &shop(500, "scales-out yes"));
        let unknown = shop(500, "");
        asks(
            &RULE,
            &unknown,
            "? web.controls.scales-out — Can more instances share the work of Shop when one is no longer enough?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn only_what_is_one_and_hot() {
        silent(&RULE, &shop(99, "scales-out no"));
        silent(&RULE, &shop(500, "scales-out no; replicas 2"));
        silent(&RULE, "user -> web: https; web: web-server [scales-out no]");
        let part = format!(
            "{}; web -> mail [requests-per-request 0.4]; mail: service [scales-out no]",
            shop(500, "replicas 2")
        );
        silent(&RULE, &part);
    }

    #[test]
    fn the_busiest_is_asked_about_first() {
        let text = format!("{}; web -> db [requests-per-request 3]; db: postgres", shop(500, ""));
        asks(
            &RULE,
            &text,
            "? db.controls.scales-out — Can more instances share the work of db when one is no longer enough?",
        );
    }
}
