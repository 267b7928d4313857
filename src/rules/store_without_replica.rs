//! `store-without-replica`: stores of data that was classified, which nothing copies.

use super::bundles::alternatives;
use super::twins::Twins;
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, copies, rule, severity, words,
    worth, yes_or_no,
};
use crate::analysis::{ComponentIx, Facts, Unknown};
use crate::model::{Capability, Component, Draft, Ids, Truth};

rule! {
    /// ## What it finds
    /// Stores of one instance that take writes of classified assets, that nothing copies and that are not highly
    /// available by themselves. Caches are left out, and so is what copies from another store. Where a store is
    /// usually bought as a service, and nobody has said whether it survives a loss, it asks. A store whose loss cuts
    /// off users is told by single-point-of-failure, not twice.
    ///
    /// ## Why it matters
    /// When the disk or the machine is lost, so is what was written since the last backup, and nothing can be read or
    /// written until that is restored.
    ///
    /// ## Example
    /// `user -> web -> queue: https; worker -> queue: amqps [consume]; worker -> db: postgres [write]; db [stores orders]; asset orders "Orders": internal`
    ///
    /// ## How to fix it
    /// Add a replica that takes over, run the store as several instances, or use a service that keeps several copies
    /// in different zones. Keep backups all the same: a replica copies mistakes, too.
    ///
    /// ## References
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 5, Replication
    /// * NIST SP 800-53, CP-9 and SC-36
    "store-without-replica", "Store without a replica",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Failure], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    if !matters(facts, component) {
        return;
    }
    let assets = copies::classified(facts, component);
    let node = facts.topology.component(component);
    let (name, evidence) = (words::name(facts, component), Evidence::set([node.id.clone()]));
    let (impact, worth) = worth(facts, &assets);
    // A loss of a part: who needs it for more is told as a single point of failure.
    let exposure = Exposure::Guarded;
    if is_asked(facts, component) {
        // Of alternatives the first speaks for all.
        let same: Vec<ComponentIx> = alternatives(facts, component)
            .into_iter()
            .filter(|it| matters(facts, *it) && is_asked(facts, *it))
            .collect();
        if same.first() != Some(&component) {
            return;
        }
        let unknown = |it: &ComponentIx| Unknown::new(&facts.topology.component(*it).id, "highly_available");
        let about: Vec<Unknown> = same.iter().map(unknown).collect();
        let name = words::names(facts, same);
        out.question(Asked {
            about: Unknown::new(&node.id, "highly_available"),
            stake: severity(facts, impact, exposure),
            text: format!("Can {name} survive the loss of an instance or a zone unaided?"),
            why: format!("No replica is drawn that keeps {worth}."),
            choices: yes_or_no(&about),
            evidence,
        });
        return;
    }
    let mut said: Vec<String> =
        assets.iter().map(|it| format!("keeps {}", facts.data.asset_id(*it))).collect();
    said.push(format!("{}: 1 instance", node.id));
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("losing {name} loses {worth} until a backup is restored, while users go on"),
        // There may be backups, and others may keep some of it.
        message: format!("No replica of {name} keeps {worth}"),
        place: words::place(facts, component),
        evidence,
        facts: said,
    });
}

/// Whether its loss loses something, and nothing else says so.
fn matters(facts: &Facts, component: ComponentIx) -> bool {
    !copies::classified(facts, component).is_empty()
        && copies::is_only_copy(facts, component)
        && !copies::is_single_point(facts, component)
}

fn is_asked(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    node.can(Capability::UsuallyBought) && node.is_highly_available() == Truth::Unknown
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let Some(component) = finding.subjects.first().and_then(|it| facts.topology.find_component(it)) else {
        return Vec::new();
    };
    let (node, name) = (facts.topology.component(component), words::name(facts, component));
    let mut twins = Twins::new(facts, ids);
    twins.component(component, facts.topology.place_of(component));
    twins.wire();
    let replica = Fix { label: format!("Add a replica of {name} that takes over"), edit: twins.finish() };
    let mut draft = Draft::of(facts.model());
    draft.edit::<Component>(&node.id, |it| it.replicas = Some(2));
    let second = Fix { label: format!("Add a second instance of {name}"), edit: draft.finish() };
    let mut fixes = vec![replica, second];
    if node.can(Capability::UsuallyBought) {
        let about = [Unknown::new(&node.id, "highly_available")];
        let label = format!("Buy {name} as a highly available service");
        fixes.push(Fix { label, edit: answer(facts, &about, Truth::Yes) });
    }
    fixes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    /// A worker that takes orders off a queue and writes them to a store.
    fn shop(store: &str) -> String {
        format!(
            "user -> web -> queue: https; worker -> queue: amqps [consume]; worker -> db: postgres [write]
             asset orders \"Orders\": confidential; asset notes: unknown; {store}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("db \"Order store\": postgres [stores orders]"),
            "high store-without-replica:db — No replica of Order store keeps Orders (confidential) (Order store)",
        );
        silent(&RULE, &shop("db: postgres [stores orders; highly-available yes]"));
        silent(&RULE, &shop("db: postgres [stores orders; replicas 2]"));
        silent(&RULE, &shop("db: postgres [stores orders]; copy: postgres; db -> copy [replicate]"));
        silent(&RULE, &shop("db: postgres [stores notes]"));
        let bought = shop("db: object-store [stores orders]");
        asks(
            &RULE,
            &bought,
            "? db.highly_available — Can db survive the loss of an instance or a zone unaided?",
        );
        assert_eq!(answered(&RULE, &bought, "Yes"), "");
    }

    #[test]
    fn a_single_point_of_failure_is_told_there_alone() {
        silent(
            &RULE,
            "user -> web -> db: postgres; db: postgres [stores orders]; asset orders: confidential",
        );
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("db: object-store [stores orders; highly-available no]");
        assert_eq!(only(&RULE, &text).facts, ["db: 1 instance", "keeps orders"]);
        let expected = "Add a replica of db that takes over\nAdd a second instance of db\n\
            Buy db as a highly available service";
        assert_eq!(offered(&RULE, &text), expected);
        for n in 0..3 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
    }
}
