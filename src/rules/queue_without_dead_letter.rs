//! `queue-without-dead-letter`: queues of which nobody knows where messages go that cannot be handled.

use std::collections::BTreeSet;

use super::cases::known;
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, impact, rule, severity,
    words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Need, Unknown, particulars_of};
use crate::model::{Access, Answer, Capability, Component, Draft, Edit, Family, Flow, Id, Ids, Style, Truth};

rule! {
    /// ## What it finds
    /// Queues, streams and buses from which somebody takes work and of which somebody has said that messages that
    /// cannot be handled go nowhere. Where nobody has said, it asks, once for those that copy each other. A drawn
    /// queue that is named as one for dead letters is an answer.
    ///
    /// ## Why it matters
    /// A message that no consumer can read comes back again and again and holds all behind it; or it is thrown away,
    /// and an order, a payment or a deletion that was promised is never done, unseen by anybody.
    ///
    /// ## Example
    /// `user -> web -> jobs: amqps [publish]; worker -> jobs: amqps [consume]; jobs: queue [dead-letter-queue no]`
    ///
    /// ## How to fix it
    /// After a few attempts put the message aside, into a queue that is watched and from which it can be sent again.
    /// Keep it as closely as the first queue: it holds the same data for longer.
    ///
    /// ## References
    /// * Hohpe and Woolf, *Enterprise Integration Patterns*, Dead Letter Channel and Invalid Message Channel
    /// * CWE-755, Improper handling of exceptional conditions; NIST SP 800-53, SI-11 and SI-17
    "queue-without-dead-letter", "Queue without a dead-letter queue",
    kind: Asks, on: Component, reads: [Structure, Pools, Assets], answers: ["dead-letter-queue"], stride: [Availability], cwe: [755],
    check: check, fixes: fixes,
}

const CONTROL: &str = "dead-letter-queue";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let node = facts.topology.component(component);
    if !node.is(Family::Messaging) || is_dead_letter(facts, component) {
        return;
    }
    let truth = said(facts, component);
    if !matches!(truth, Truth::No | Truth::Unknown) {
        return;
    }
    let same: Vec<ComponentIx> =
        alternatives(facts, component).into_iter().filter(|it| said(facts, *it) == truth).collect();
    // Those that copy each other are one: the first of them speaks for all.
    if same.first() != Some(&component) || has_dead_letters(facts, &same) {
        return;
    }
    let consumers = consumers(facts, &same);
    if consumers.is_empty() {
        return;
    }
    let mut assets: Vec<AssetIx> = same.iter().flat_map(|it| facts.data.kept(*it)).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    // Messages that are lost are no secret given away.
    let level = impact(facts, &assets).min(Impact::Serious);
    let (_, what) = worth(facts, &assets);
    let id = |it: &ComponentIx| facts.topology.component(*it).id.clone();
    let (names, takers) =
        (words::names(facts, same.iter().copied()), words::names(facts, consumers.iter().copied()));
    let evidence = Evidence::set(same.iter().chain(&consumers).map(id));
    let holds = if assets.is_empty() {
        "it may hold all behind it".to_owned()
    } else {
        format!("{what} may be lost")
    };
    if truth == Truth::Unknown {
        let about: Vec<Unknown> = same.iter().map(|it| unknown(&id(it))).collect();
        out.question(Asked {
            about: unknown(&id(&component)),
            stake: severity(facts, level, Exposure::Guarded),
            text: format!("Do messages that {takers} cannot handle leave {names} for a dead-letter queue?"),
            why: format!("If not, one bad message comes back for ever or vanishes, and {holds}."),
            choices: yes_or_no(&about),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: same.iter().map(id).collect(),
        detail: String::new(),
        impact: level,
        exposure: Exposure::Guarded,
        because: format!(
            "one message that {takers} cannot handle comes back for ever or vanishes, and {holds}"
        ),
        message: format!("What {takers} cannot handle has no way out of {names}"),
        place: words::place(facts, component),
        evidence,
        facts: consumers.iter().map(|it| format!("{} takes from it", id(it))).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let names = words::titles(facts, &finding.subjects);
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    vec![
        Fix {
            label: format!("Add a dead-letter queue behind {names}"),
            edit: dead_letters(facts, finding, ids),
        },
        Fix {
            label: format!("Put aside what cannot be handled, within {names}"),
            edit: answer(facts, &about, Truth::Yes),
        },
    ]
}

/// A queue beside the first, for what it cannot get rid of.
fn dead_letters(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Edit {
    let mut draft = Draft::of(facts.model());
    for id in &finding.subjects {
        draft.edit::<Component>(id, |it| it.controls.set(CONTROL, Answer::yes()));
    }
    let first =
        finding.subjects.first().and_then(|it| draft.get::<Component>(it).cloned().map(|first| (it, first)));
    let Some((from, first)) = first else { return draft.finish() };
    let to = draft.mint(ids, &format!("{from}-dead-letters"));
    let record = Component {
        kind: first.kind.clone(),
        technology: first.technology.clone(),
        name: format!("Dead letters of {}", first.title()),
        within: facts.topology.find_component(from).and_then(|it| facts.topology.place_of(it)),
        replicas: Some(first.instances().max(2)),
        stores: known(facts, &first.stores),
        ..Component::default()
    };
    draft.put(to.clone(), record);
    let flow = Flow {
        access: Access::Publish,
        style: Style::Asynchronous,
        encrypted: Answer::yes(),
        carries: known(facts, &first.stores),
        ..Flow::between(from.clone(), to)
    };
    let id = draft.mint(ids, "dead-letters");
    draft.put(id, flow);
    draft.finish()
}

fn said(facts: &Facts, component: ComponentIx) -> Truth {
    facts.topology.component(component).control(CONTROL)
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// All of its replicated store, or of its pool, that are messaging, or it alone.
fn alternatives(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let store = facts.pools.store_of(component).map(|it| &facts.pools.store(it).members);
    let pool = || facts.pools.pool_of(component).map(|it| &facts.pools.pool(it).members);
    let Some(members) = store.or_else(pool) else { return vec![component] };
    members.iter().copied().filter(|it| facts.topology.component(*it).is(Family::Messaging)).collect()
}

/// Who takes messages from them, by asking or by being handed them; not what copies them on.
fn consumers(facts: &Facts, queues: &[ComponentIx]) -> BTreeSet<ComponentIx> {
    let topology = &facts.topology;
    let works = |it: &ComponentIx| {
        let node = topology.component(*it);
        !node.is(Family::Messaging) && !node.is(Family::Operations) && !node.can(Capability::NotOurs)
    };
    let of = |it: &ComponentIx| {
        let node = topology.component(*it);
        let takes = node.into.iter().map(|it| topology.flow(*it)).filter(|it| it.access == Access::Consume);
        let takes = takes.filter(|it| Need::of(topology, it) == Need::Hard).map(|it| it.from);
        let handed = node.out.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
        let handed =
            handed.filter(|it| !matches!(it.access, Access::Replicate | Access::Admin)).map(|it| it.to);
        takes.chain(handed).collect::<Vec<_>>()
    };
    queues.iter().flat_map(of).filter(works).collect()
}

fn is_dead_letter(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let says = |text: &str| {
        let text = text.to_lowercase();
        text.contains("dead") || text.split(|it: char| !it.is_alphanumeric()).any(|it| it == "dlq")
    };
    if !node.is(Family::Messaging) {
        return false;
    }
    particulars_of(component);
    says(&node.record.name) || says(node.id.as_str())
}

/// Whether they, or who takes messages from them, hand on to a queue for dead letters.
fn has_dead_letters(facts: &Facts, queues: &[ComponentIx]) -> bool {
    let topology = &facts.topology;
    let consumers = consumers(facts, queues);
    let flows = queues.iter().chain(&consumers).flat_map(|it| topology.component(*it).out.iter());
    flows.into_iter().any(|it| is_dead_letter(facts, topology.flow(*it).to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    fn shop(queue: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; user -> web: https; web -> jobs: amqps [publish]
             mail \"Mailer\": worker; mail -> jobs: amqps [consume]; jobs \"Jobs\": queue [{queue}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("stores orders; dead-letter-queue no"),
            "medium queue-without-dead-letter:jobs — What Mailer cannot handle has no way out of Jobs (Jobs)",
        );
        silent(&RULE, &shop("dead-letter-queue yes"));
        silent(&RULE, &shop("dead-letter-queue na"));
        silent(&RULE, &shop("dead-letter-queue no").replace("[consume]", "[consume; soft]"));
        asks(
            &RULE,
            &shop(""),
            "? jobs.controls.dead-letter-queue — Do messages that Mailer cannot handle leave Jobs for a dead-letter queue?",
        );
        assert_eq!(answered(&RULE, &shop(""), "Yes"), "");
    }

    #[test]
    fn whoever_is_handed_messages_takes_them_too() {
        let text = shop("").replace("mail -> jobs: amqps [consume]", "jobs -> mail: amqps");
        assert!(answered(&RULE, &text, "No").starts_with("low queue-without-dead-letter:jobs"));
        silent(
            &RULE,
            &shop("")
                .replace("mail -> jobs: amqps [consume]", "jobs -> copy: amqps [replicate]; copy: queue"),
        );
    }

    #[test]
    fn a_drawn_one_is_an_answer() {
        silent(&RULE, &format!("{}; jobs -> rest: amqps; rest \"Dead letters\": queue", shop("")));
        silent(&RULE, &format!("{}; mail -> jobs-dlq: amqps [publish]; jobs-dlq: queue", shop("")));
    }

    #[test]
    fn those_that_copy_each_other_are_one() {
        let text = format!("{}; jobs -> more: amqps [replicate]; more \"More\": queue", shop(""));
        asks(
            &RULE,
            &text,
            "? jobs.controls.dead-letter-queue — Do messages that Mailer cannot handle leave Jobs and More for a \
             dead-letter queue?",
        );
        assert_eq!(answered(&RULE, &text, "Not applicable"), "");
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("stores orders; dead-letter-queue no");
        assert_eq!(only(&RULE, &text).facts, ["mail takes from it"]);
        let expected = "Add a dead-letter queue behind Jobs\nPut aside what cannot be handled, within Jobs";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
