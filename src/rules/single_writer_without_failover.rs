//! `single-writer-without-failover`: replicated stores of which one member alone takes writes, now and after its loss.

use super::{
    Asked, Choice, Evidence, Exposure, Finding, Fix, Found, Out, Says, Subject, answer, copies, rule,
    severity, words, worth,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Store, Unknown};
use crate::model::{Capability, Component, Draft, Ids, Truth};

rule! {
    /// ## What it finds
    /// Stores with replicas that take writes of classified assets at one member of one instance, and of whose replicas
    /// somebody has said that none takes over. Where nobody has said, it asks which does. A store whose writer is a
    /// single point of failure is told by single-point-of-failure, not twice: what is left here lies behind queues,
    /// or is needed by work for which no user waits.
    ///
    /// ## Why it matters
    /// When the writer is lost everything can still be read and nothing can be changed, until somebody wakes up,
    /// decides which replica is the newest, and points everyone to it.
    ///
    /// ## Example
    /// `user -> web -> jobs: https; jobs: queue; w: worker; w -> jobs [consume]; w -> db: postgres [write]; db: postgres [stores a]; db -> copy [replicate]; copy: postgres [takes-over no]; asset a: internal`
    ///
    /// ## How to fix it
    /// Let a replica take over by itself, with a majority to decide that the writer is gone, and with addresses that
    /// follow. Try it.
    ///
    /// ## References
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 5, Handling node outages
    /// * NIST SP 800-53, CP-10 and SI-13(4), Standby component installation and notification
    "single-writer-without-failover", "Nobody takes over writes",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Failure], answers: [], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(writer) = subject else { return };
    let Some(store) = store_of_one_writer(facts, writer) else { return };
    let mut assets: Vec<AssetIx> =
        store.members.iter().flat_map(|it| copies::classified(facts, *it)).collect();
    assets.sort_unstable();
    assets.dedup();
    if assets.is_empty() || copies::is_single_point(facts, writer) {
        return;
    }
    let node = facts.topology.component(writer);
    let (impact, worth) = worth(facts, &assets);
    // A loss of a part: reading goes on.
    let exposure = Exposure::Guarded;
    let name = words::name(facts, writer);
    let evidence = Evidence::set(store.members.iter().map(|it| facts.topology.component(*it).id.clone()));
    if let Some(first) = store.takes_over_unknown.first() {
        out.question(Asked {
            about: about(facts, *first),
            stake: severity(facts, impact, exposure),
            text: match store.takes_over_unknown.as_slice() {
                [only] => format!("Can {} take writes after the loss of {name}?", words::name(facts, *only)),
                _ => format!("Which replica takes writes after the loss of {name}?"),
            },
            why: format!("If none does, {worth} cannot be changed until somebody has chosen one by hand."),
            choices: choices(facts, &store.takes_over_unknown),
            evidence,
        });
        return;
    }
    let said = |it: &ComponentIx| format!("{} does not take over", facts.topology.component(*it).id);
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("without {name}, {worth} can be read and not changed"),
        message: format!("No replica takes writes after the loss of {name}"),
        place: words::place(facts, writer),
        evidence,
        facts: store.members.iter().filter(|it| **it != writer).map(said).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let writer = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some((writer, store)) = writer.and_then(|it| Some((it, store_of_one_writer(facts, it)?))) else {
        return Vec::new();
    };
    let replicas: Vec<ComponentIx> = store.members.iter().copied().filter(|it| *it != writer).collect();
    let mut fixes: Vec<Fix> = Vec::new();
    for replica in replicas.into_iter().take(3) {
        let label = format!("Let {} take over", words::name(facts, replica));
        // Two of one name are one choice.
        if fixes.iter().all(|it| it.label != label) {
            fixes.push(Fix { label, edit: answer(facts, &[about(facts, replica)], Truth::Yes) });
        }
    }
    let mut draft = Draft::of(facts.model());
    draft.edit::<Component>(&facts.topology.component(writer).id, |it| it.replicas = Some(2));
    let label = format!("Add a second instance of {}", words::name(facts, writer));
    fixes.push(Fix { label, edit: draft.finish() });
    fixes
}

/// The replicated store of which it is the only one to take writes, if that is lost with one machine.
fn store_of_one_writer(facts: &Facts, writer: ComponentIx) -> Option<&Store> {
    let node = facts.topology.component(writer);
    let store = facts.pools.store(facts.pools.store_of(writer)?);
    // Where the provider may keep it up, that is asked first.
    let may_survive = node.can(Capability::UsuallyBought) && node.is_highly_available() == Truth::Unknown;
    let is_it = store.writers == [writer]
        && copies::is_lost_at_once(facts, writer)
        && copies::takes_writes(facts, writer)
        && !may_survive;
    is_it.then_some(store)
}

/// Each of them, and none.
fn choices(facts: &Facts, replicas: &[ComponentIx]) -> Vec<Choice> {
    let [_, _, ..] = replicas else { return Vec::new() };
    let one = |it: &ComponentIx| Choice {
        label: words::name(facts, *it).into(),
        says: Says::answer(&[about(facts, *it)], Truth::Yes),
    };
    let all: Vec<Unknown> = replicas.iter().map(|it| about(facts, *it)).collect();
    let mut choices: Vec<Choice> = replicas.iter().map(one).collect();
    choices.push(Choice { label: "None of them".into(), says: Says::answer(&all, Truth::No) });
    choices
}

fn about(facts: &Facts, replica: ComponentIx) -> Unknown {
    Unknown::new(&facts.topology.component(replica).id, "takes_over")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    /// A worker that takes orders off a queue and writes them to a store with a replica.
    fn shop(copy: &str) -> String {
        format!(
            "user -> web: https; web -> jobs: amqps [publish]; w: worker; w -> jobs: amqps [consume]
             w -> db: postgres [write]; db \"Store\": postgres [stores orders]; db -> copy: postgres [replicate]
             asset orders \"Orders\": internal; copy \"Copy\": postgres [{copy}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("takes-over no"),
            "medium single-writer-without-failover:db — No replica takes writes after the loss of Store (Store)",
        );
        silent(&RULE, &shop("takes-over yes"));
        silent(&RULE, &shop("takes-over no").replace("stores orders", "stores orders; replicas 2"));
        silent(&RULE, &shop("takes-over no").replace("orders \"Orders\": internal", "orders"));
        silent(&RULE, &shop("takes-over no").replace("[write]", "[read]"));
        asks(&RULE, &shop(""), "? copy.takes_over — Can Copy take writes after the loss of Store?");
        assert!(answered(&RULE, &shop(""), "No").starts_with("medium single-writer-without-failover:db"));
    }

    #[test]
    fn of_several_replicas_it_asks_which() {
        let text = format!("{}; db -> more: postgres [replicate]; more \"More\": postgres", shop(""));
        asks(&RULE, &text, "? copy.takes_over — Which replica takes writes after the loss of Store?");
        assert_eq!(answered(&RULE, &text, "More"), "");
        assert!(answered(&RULE, &text, "None of them").starts_with("medium"));
    }

    #[test]
    fn a_single_point_of_failure_is_told_there_alone() {
        silent(&RULE, &format!("{}; web -> db: postgres [write]", shop("takes-over no")));
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("takes-over no");
        assert_eq!(only(&RULE, &text).facts, ["copy does not take over"]);
        assert_eq!(offered(&RULE, &text), "Let Copy take over\nAdd a second instance of Store");
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
