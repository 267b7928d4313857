//! `asynchronous-path-less-protected`: work that comes through a queue and skips the checks at the front door.

use super::cases::{Case, id, once, works};
use super::entries::holds;
use super::outside::{control, is_open, together};
use super::{Evidence, Finding, Fix, Out, Subject, nearness_of, rule, sensitive, words, worth};
use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Access, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// Queues and streams between a service that demands a login, or checks rights, and a consumer that handles
    /// sensitive assets, of which somebody has said that messages are not checked as a direct request would be. Where
    /// nobody has said, it asks once for each.
    ///
    /// ## Why it matters
    /// Whoever may write to the queue, through any of its senders, can have the consumer do what the front door would
    /// have refused, and for whomever the message names.
    ///
    /// ## Example
    /// `user -> web -> queue: amqps [publish]; worker -> queue: amqps [consume; carries cards]; web [authentication]; queue [message-checks no]; asset cards: secret`
    ///
    /// ## How to fix it
    /// Send a signed token of the user with each message, and let the consumer check who asked, what they may do and
    /// how old the message is, as it would for a direct request. Let only those write who must.
    ///
    /// ## References
    /// * CWE-306, Missing authentication for critical function; CWE-862, Missing authorization
    /// * OWASP ASVS 4.0, V4.1; NIST SP 800-53, AC-3 and IA-9
    "asynchronous-path-less-protected", "Unchecked way through a queue",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Reach], answers: ["authentication", "authorisation", "message-checks"],
    stride: [Spoofing, ElevationOfPrivilege], cwe: [306, 862],
    check: check, fixes: fixes,
}

const CONTROL: &str = "message-checks";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let truth = control(facts, component, CONTROL);
    let Some((sender, consumer)) = ends(facts, component, truth) else { return };
    let is_same = |it| control(facts, it, CONTROL) == truth && ends(facts, it, truth).is_some();
    let same = together(facts, component, is_same);
    // Copies are one: the first of them speaks for all.
    if same.first() != Some(&component) {
        return;
    }
    let assets: Vec<AssetIx> = once(sensitive::handled(facts, consumer));
    let (impact, worth) = worth(facts, &assets);
    let names = words::names(facts, same.iter().copied());
    let (exposure, near) = nearness_of(facts, component, &names);
    let (from, to) = (words::name(facts, sender), words::name(facts, consumer));
    Case {
        control: CONTROL,
        subjects: same.iter().map(|it| id(facts, *it)).collect(),
        truth,
        impact,
        exposure,
        question: format!(
            "Are messages of {names} checked for who asked and what they may do, as is done at {from}?"
        ),
        message: format!("Nothing checks for whom {to} must act on messages of {names}"),
        because: format!("who asks is checked at {from}, {worth} can be taken from {to}, and {near}"),
        place: words::place(facts, component),
        evidence: Evidence::way(facts, [sender, component, consumer]),
        facts: sensitive::said(facts, &assets),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Check the sender and the rights of each message of")]
}

/// A sender that checks who asks, and a consumer that handles sensitive assets and is not known to check.
fn ends(facts: &Facts, component: ComponentIx, truth: Truth) -> Option<(ComponentIx, ComponentIx)> {
    let topology = &facts.topology;
    let node = topology.component(component);
    if !node.is(Family::Messaging) || !is_open(truth) {
        return None;
    }
    let checks = |it: ComponentIx| {
        ["authentication", "authorisation"].iter().any(|slug| control(facts, it, slug) == Truth::Yes)
    };
    let into = || node.into.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
    let senders =
        into().filter(|it| !matches!(it.access, Access::Consume | Access::Read | Access::Replicate));
    let sender = senders.map(|it| it.from).find(|it| works(facts, *it) && checks(*it))?;
    let is_unchecked = |it: &&crate::analysis::FlowEdge| is_open(it.record.controls.truth(CONTROL));
    let pulls = into().filter(|it| it.access == Access::Consume).filter(is_unchecked).map(|it| it.from);
    let out = node.out.iter().map(|it| topology.flow(*it));
    let pushes =
        out.filter(|it| !it.reply && it.access != Access::Replicate).filter(is_unchecked).map(|it| it.to);
    let handles = |it: &ComponentIx| {
        topology.component(*it).is(Family::Compute)
            && works(facts, *it)
            && *it != sender
            && sensitive::handled(facts, *it).next().is_some()
    };
    pulls.chain(pushes).find(handles).map(|consumer| (sender, consumer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(queue: &str) -> String {
        format!(
            "user -> web: https; web -> queue: amqps [publish]; worker -> queue: amqps [consume; carries cards]
             web \"Web\" [authentication]; worker \"Worker\"; queue \"Queue\" [{queue}]; asset cards \"Cards\": secret"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let text = shop("message-checks no");
        fires(
            &RULE,
            &text,
            "high asynchronous-path-less-protected:queue — Nothing checks for whom Worker must act on messages of Queue (Queue)",
        );
        silent(&RULE, &shop("message-checks yes"));
        asks(
            &RULE,
            &shop("notes x"),
            "? queue.controls.message-checks — Are messages of Queue checked for who asked and what they may do, as is done at Web?",
        );
        assert_eq!(answered(&RULE, &shop("notes x"), "Yes"), "");
        assert_eq!(offered(&RULE, &text), "Check the sender and the rights of each message of Queue");
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn without_a_protected_twin_or_with_a_checked_flow_it_is_silent() {
        silent(&RULE, &shop("message-checks no").replace("[authentication]", ""));
        silent(&RULE, &shop("notes x").replace("secret", "public"));
        silent(&RULE, &shop("notes x").replace("[consume;", "[consume; message-checks;"));
        asks(
            &RULE,
            &shop("notes x").replace("worker -> queue: amqps [consume;", "queue -> worker: amqps ["),
            "? queue.controls.message-checks — Are messages of Queue checked for who asked and what they may do, as is done at Web?",
        );
    }
}
