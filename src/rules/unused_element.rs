//! `unused-element`: components that have to do with nothing else in the drawing.

use std::collections::BTreeSet;

use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, alike, rule, words};
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Capability, Draft, From, Id, Ids};

rule! {
    /// ## What it finds
    /// Own components without any flow, data, API or dataset that no filter or listener mentions, that are no gate and
    /// no instance of a pool or copy of a store. Drawings of fewer than three flows were just begun and are left alone.
    ///
    /// ## Why it matters
    /// Either it is there for something, and the flows that are missing hide all that can go wrong with them; or it is
    /// there for nothing, and then it is patched, paid for and attacked for nothing.
    ///
    /// ## Example
    /// `user -> lb -> web: https; web -> db: postgres; old "Old reports": sql-database`
    ///
    /// ## How to fix it
    /// Draw what connects to it, or say what it keeps. If nothing does and it keeps nothing, take it away, from the
    /// drawing and from the system.
    ///
    /// ## References
    /// * CWE-1059, Insufficient technical documentation
    /// * OWASP ASVS 4.0, V14.1; NIST SP 800-53, CM-7, Least functionality, and CM-8, System component inventory
    "unused-element", "Component without a use",
    kind: Structure, on: Whole, reads: [Structure, Pools, Assets], answers: [], stride: [InformationDisclosure], cwe: [],
    check: check, fixes: fixes,
}

/// With fewer flows a drawing was just begun.
const BEGUN: usize = 3;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let topology = &facts.topology;
    if topology.flow_count() < BEGUN {
        return;
    }
    let idle = |it: &ComponentIx| {
        let node = topology.component(*it);
        !node.can(Capability::NotOurs) && node.out.is_empty() && node.into.is_empty()
    };
    let idle: Vec<ComponentIx> = topology.components().map(|it| it.0).filter(idle).collect();
    if idle.is_empty() {
        return;
    }
    let mentioned = mentioned(facts);
    let is_unused = |it: &ComponentIx| !is_used(facts, *it, &mentioned);
    for component in idle.into_iter().filter(is_unused) {
        let (id, name) = (alike::id(facts, component), words::name(facts, component));
        out.finding(Found {
            subjects: vec![id.clone()],
            detail: String::new(),
            impact: Impact::Slight,
            exposure: Exposure::Deeper,
            because: format!("nothing uses {name}, or nobody has drawn what does"),
            message: format!("No flow and no data belong to {name}"),
            place: words::place(facts, component),
            evidence: Evidence::set([id]),
            facts: Vec::new(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let mut draft = Draft::of(facts.model());
    draft.delete(&finding.subjects.iter().cloned().collect());
    vec![Fix { label: format!("Remove {}", words::titles(facts, &finding.subjects)), edit: draft.finish() }]
}

/// Whether it is there for something that is no flow.
fn is_used(facts: &Facts, component: ComponentIx, mentioned: &BTreeSet<&Id>) -> bool {
    let node = facts.topology.component(component);
    let is_gate = node.record.gate_of.is_some() || !facts.ingress.gate_of(component).is_empty();
    let has_data = !node.record.stores.is_empty() || !facts.data.handled(component).is_empty();
    // Those of one pool are alternatives, drawn or not.
    let has_twins = alike::members(facts, component).len() > 1;
    is_gate || has_data || has_twins || mentioned.contains(&node.id)
}

fn origins(from: &From) -> &[Id] {
    match from {
        From::Of(ids) => ids,
        From::Unknown | From::Anywhere => &[],
    }
}

/// Whatever filters, listeners, APIs, datasets and flows without an end speak of.
fn mentioned(facts: &Facts) -> BTreeSet<&Id> {
    let model = facts.model();
    let mut found = BTreeSet::new();
    for it in model.components().values() {
        found.extend(it.allows.entries().iter().flat_map(|it| origins(&it.from)));
        found.extend(it.listeners.iter().flat_map(|it| origins(&it.meant_for)));
    }
    for it in model.boundaries().values() {
        found.extend(it.ingress.entries().iter().flat_map(|it| origins(&it.from)));
    }
    found.extend(model.apis().values().filter_map(|it| it.component.as_ref()));
    found.extend(model.datasets().values().filter_map(|it| it.store.as_ref()));
    // Those that the topology has make what they speak of busy.
    if model.flows().len() > facts.topology.flow_count() {
        found.extend(model.flows().values().flat_map(|it| [&it.from, &it.to]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, silent};

    fn shop(rest: &str) -> String {
        format!("user -> lb -> web: https; web -> db: postgres; {rest}")
    }

    #[test]
    fn what_fires_and_what_does_not() {
        let text = shop("old \"Old reports\": postgres");
        fires(
            &RULE,
            &text,
            "low unused-element:old — No flow and no data belong to Old reports (Old reports)",
        );
        assert_eq!(mended(&RULE, &text, 0), "");
        silent(&RULE, &shop("web -> old: postgres; old: postgres"));
        silent(&RULE, "user -> web: https; web -> db: postgres; old: postgres");
    }

    #[test]
    fn what_is_used_otherwise_or_is_not_ours_stays() {
        silent(&RULE, &shop("asset a: secret; old: postgres [stores a]"));
        silent(&RULE, &shop("old: postgres; dataset rows [store old]"));
        silent(&RULE, &shop("api call [component old]; old: worker"));
        silent(&RULE, &shop("boundary net: network { web }; fw: firewall [gate-of net]"));
        silent(&RULE, &shop("boundary net: network [ingress 22 from jump] { web }; jump: bastion"));
        silent(&RULE, &shop("web-2: web-server [pool web]; web: web-server [pool web]"));
        silent(&RULE, &shop("hint \"Hint\": note; bad: attacker; more: user"));
    }
}
