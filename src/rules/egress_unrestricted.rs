//! `egress-unrestricted`: what keeps sensitive assets and may open connections to anywhere.

use std::collections::BTreeMap;

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, nearness, rule, sensitive,
    severity, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, BoundaryIx, ComponentIx, Facts, Unknown};
use crate::model::{Capability, Control, Id, Ids, Severity, Truth};

rule! {
    /// ## What it finds
    /// Boundaries in which stores, vaults and the like keep sensitive assets, and from which somebody has said that
    /// connections may be opened to anywhere; of what stands in no boundary that filters, the component itself. Where nobody
    /// has said, it asks, once for all of them. An answer of the component goes before that of the boundaries around it. What
    /// is bought as a service opens none.
    ///
    /// ## Why it matters
    /// Breaking in is half of a theft; the loot must get out as well. A database that can call nobody cannot send its tables
    /// to a stranger, nor fetch the tools for the next step, nor answer to whoever controls what was planted in it.
    ///
    /// ## Example
    /// `boundary data: subnet-tier [egress-restriction no] { db: postgres [stores cards] }; web -> db: postgres; asset cards: secret`
    ///
    /// ## How to fix it
    /// Refuse outgoing connections by default, and allow the few that are needed by name: the replica, the backup, the mirror
    /// for updates.
    ///
    /// ## References
    /// * CWE-923, Improper restriction of communication channel to intended endpoints
    /// * ATT&CK T1041, Exfiltration over C2 channel; T1567, Exfiltration over web service; M1037
    /// * NIST SP 800-53, SC-7(5) and AC-4
    "egress-unrestricted", "Outgoing connections to anywhere",
    kind: Asks, on: Whole, reads: [Structure, Reach, Assets], answers: ["egress-restriction"], stride: [InformationDisclosure], cwe: [923],
    check: check, fixes: fixes,
}

const CONTROL: &str = "egress-restriction";

/// Who decides: a boundary or, where there is none, the component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Boundary(BoundaryIx),
    Component(ComponentIx),
}

/// What is kept behind one that decides.
#[derive(Debug, Clone, Default)]
struct Kept {
    keepers: Vec<ComponentIx>,
    assets: Vec<AssetIx>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for (at, kept) in all(facts, Truth::No) {
        let title = title(facts, at);
        let (keepers, (impact, worth)) =
            (words::names(facts, kept.keepers.iter().copied()), worth(facts, &kept.assets));
        let (exposure, near) = nearest(facts, &kept);
        out.finding(Found {
            subjects: vec![id(facts, at)],
            detail: String::new(),
            impact,
            exposure,
            because: format!("{worth} can be taken from {keepers}, and {near}"),
            message: match at {
                At::Boundary(_) => {
                    format!("From {title}, any place can be called and {worth} sent there")
                }
                At::Component(_) => format!("{title} may call any place and send {worth} there"),
            },
            place: title,
            evidence: evidence(facts, at, &kept),
            facts: sensitive::said(facts, &kept.assets),
        });
    }
    ask(facts, out);
}

/// One question for all of which nobody has said: they are usually answered by the same rule of the platform.
fn ask(facts: &Facts, out: &mut Out<'_>) {
    let unsaid = all(facts, Truth::Unknown);
    let stake = |kept: &Kept| severity(facts, worth(facts, &kept.assets).0, nearest(facts, kept).0);
    let rank = |it: &(&At, &Kept)| (stake(it.1), std::cmp::Reverse(*it.0));
    let Some((first, dearest)) = unsaid.iter().max_by_key(rank) else { return };
    let mut order: Vec<At> = vec![*first];
    order.extend(unsaid.keys().filter(|it| *it != first));
    let abouts: Vec<Unknown> = order.iter().map(|it| unknown(facts, *it)).collect();
    let titles = words::titles(facts, abouts.iter().map(|it| &it.subject));
    let worth = worth(facts, &dearest.assets).1;
    let keepers: Vec<String> = dearest.keepers.iter().map(|it| words::name(facts, *it)).collect();
    let keepers = words::any_of(&keepers);
    let mut evidence = evidence(facts, *first, dearest);
    evidence.also.extend(order.iter().skip(1).map(|it| id(facts, *it)));
    out.question(Asked {
        about: unknown(facts, *first),
        stake: stake(dearest).max(Severity::Low),
        text: format!("Can connections from {titles} be opened only to the places that are needed?"),
        why: format!("Whoever breaks into {keepers} wants to send out {worth}."),
        choices: yes_or_no(&abouts),
        evidence,
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let Some(subject) = finding.subjects.first() else { return Vec::new() };
    let about = [Unknown::new(subject, format!("controls.{CONTROL}"))];
    let title = facts.title_of(subject);
    vec![Fix { label: format!("Restrict what {title} may call"), edit: answer(facts, &about, Truth::Yes) }]
}

/// All of which that was said, by who decides.
fn all(facts: &Facts, said: Truth) -> BTreeMap<At, Kept> {
    let mut found: BTreeMap<At, Kept> = BTreeMap::new();
    for (component, node) in facts.topology.components() {
        let may_call = Control::find(CONTROL).is_some_and(|it| it.is_for_kind(node.kind));
        let is_ours = !node.can(Capability::NotOurs) && !node.can(Capability::UsuallyBought);
        let mut assets = sensitive::kept(facts, component).peekable();
        if !may_call || !is_ours || assets.peek().is_none() {
            continue;
        }
        let (at, truth) = decides(facts, component);
        if truth == said {
            let kept = found.entry(at).or_default();
            kept.keepers.push(component);
            kept.assets.extend(assets);
        }
    }
    for kept in found.values_mut() {
        kept.assets.sort_unstable();
        kept.assets.dedup();
    }
    found
}

/// Who decides what a component may call, and how: it, or the innermost boundary of which somebody has said, or else the
/// innermost that filters.
fn decides(facts: &Facts, component: ComponentIx) -> (At, Truth) {
    let topology = &facts.topology;
    let own = topology.component(component).control(CONTROL);
    if own != Truth::Unknown {
        return (At::Component(component), own);
    }
    let around = || topology.outward(facts.ingress.place(component));
    let said = |it: BoundaryIx| topology.boundary(it).record.controls.truth(CONTROL);
    // One filter around it is enough, and No further in takes nothing away from it.
    let restricts = |it: &BoundaryIx| matches!(said(*it), Truth::Yes | Truth::NotApplicable);
    if let Some(boundary) = around().find(restricts) {
        return (At::Boundary(boundary), Truth::Yes);
    }
    let tier = around().find(|it| !topology.boundary(*it).kind.starts_open);
    let refuses = around().find(|it| said(*it) == Truth::No);
    match (refuses, tier) {
        (Some(boundary), _) => (At::Boundary(boundary), Truth::No),
        (None, Some(boundary)) => (At::Boundary(boundary), Truth::Unknown),
        (None, None) => (At::Component(component), Truth::Unknown),
    }
}

fn nearest(facts: &Facts, kept: &Kept) -> (Exposure, String) {
    let nearest = kept.keepers.iter().map(|it| nearness(facts, *it)).min_by_key(|it| it.0);
    // Somebody has to break in first, however near the internet is.
    nearest
        .map_or((Exposure::Deeper, String::new()), |(exposure, near)| (exposure.max(Exposure::OneHop), near))
}

fn id(facts: &Facts, at: At) -> Id {
    match at {
        At::Boundary(it) => facts.topology.boundary(it).id.clone(),
        At::Component(it) => facts.topology.component(it).id.clone(),
    }
}

fn title(facts: &Facts, at: At) -> String {
    facts.title_of(&id(facts, at))
}

fn unknown(facts: &Facts, at: At) -> Unknown {
    Unknown::new(&id(facts, at), format!("controls.{CONTROL}"))
}

fn evidence(facts: &Facts, at: At, kept: &Kept) -> Evidence {
    let keepers = kept.keepers.iter().map(|it| facts.topology.component(*it).id.clone());
    Evidence::set(std::iter::once(id(facts, at)).chain(keepers))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, only_question, silent};

    fn shop(data: &str, db: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; asset news: public; user -> web -> db: https
             boundary data \"Data tier\": subnet-tier [{data}] {{ boundary z: zone {{ db \"Orders\": postgres [{db}] }} }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("egress-restriction no", "stores cards"),
            "high egress-unrestricted:data — From Data tier, any place can be called and Card numbers (secret) sent there (Data tier)",
        );
        silent(&RULE, &shop("egress-restriction yes", "stores cards"));
        silent(&RULE, &shop("egress-restriction no", "stores news"));
        silent(&RULE, &shop("", "stores cards; egress-restriction yes"));
        asks(
            &RULE,
            &shop("segmented no", "stores cards"),
            "? data.controls.egress-restriction — Can connections from Data tier be opened only to the places that are needed?",
        );
        fires(
            &RULE,
            &shop("segmented no", "stores cards; egress-restriction no"),
            "high egress-unrestricted:db — Orders may call any place and send Card numbers (secret) there (Orders)",
        );
    }

    #[test]
    fn what_is_bought_or_stands_alone() {
        let alone = "asset cards: secret; web -> db: postgres; db: postgres [stores cards]; web -> files: https; files: object-store [stores cards]";
        asks(
            &RULE,
            alone,
            "? db.controls.egress-restriction — Can connections from db be opened only to the places that are needed?",
        );
    }

    #[test]
    fn all_of_which_nobody_has_said_are_one_question() {
        let text = format!(
            "{}; boundary trust \"Trust\": subnet-tier {{ vault: vault [stores keys] }}; asset keys: secret [credential yes]",
            shop("segmented no", "stores cards")
        );
        let question = only_question(&RULE, &text);
        assert_eq!(
            (question.subject.as_str(), &*question.text.to_string()),
            (
                "data",
                "Can connections from Data tier and Trust be opened only to the places that are needed?"
            )
        );
        assert_eq!(question.why, "Whoever breaks into Orders wants to send out Card numbers (secret).");
        assert_eq!(answered(&RULE, &text, "Yes"), "");
        assert_eq!(answered(&RULE, &text, "No").lines().count(), 2);
    }

    #[test]
    fn the_fix_is_an_answer() {
        let text = shop("egress-restriction no", "stores cards");
        assert_eq!(offered(&RULE, &text), "Restrict what Data tier may call");
        assert_eq!(mended(&RULE, &text, 0), "");
        assert_eq!(
            only(&RULE, &text).because,
            "Card numbers (secret) can be taken from Orders, and anyone on the internet may get there: grave impact, high."
        );
        assert_eq!(mended(&RULE, &shop("segmented no", "stores cards; egress-restriction no"), 0), "");
    }
}
