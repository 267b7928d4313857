//! `service-without-authentication`: inner services and stores of sensitive assets that serve whoever reaches them.

use super::cases::{Case, classified, id, once, works};
use super::entries::holds;
use super::outside::{control, together};
use super::{Evidence, Finding, Fix, Out, Subject, nearest, rule, sensitive, words, worth};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx};
use crate::model::{Access, Answer, Draft, Family, Flow, Ids, Truth};

rule! {
    /// ## What it finds
    /// Services and stores that other components of yours use for classified assets, and that need not know who calls:
    /// a store that keeps them, or a service to which a flow carries them. It asks where nobody has said and sensitive
    /// assets are at stake (confidential, secret, credentials, or personal and not public). What requests from
    /// outside reach first is left to entry-without-authentication.
    ///
    /// ## Why it matters
    /// Whoever has taken over any one component inside, or a laptop in the office, reads and changes everything that
    /// asks for no name. Databases that were thought to be out of reach have been emptied so by the thousand.
    ///
    /// ## Example
    /// `user -> web -> db: postgres; db [stores cards; authentication no]; asset cards: secret`
    ///
    /// ## How to fix it
    /// Give each service an account or a certificate of its own, and let the callee refuse all others: mutual TLS
    /// between services, a login at stores.
    ///
    /// ## References
    /// * CWE-306, Missing authentication for critical function; CAPEC-115, Authentication bypass
    /// * OWASP ASVS 4.0, V1.2.2; NIST SP 800-53, IA-9
    "service-without-authentication", "Service without authentication",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Reach], answers: ["authenticated", "authentication"],
    stride: [Spoofing, ElevationOfPrivilege], cwe: [306],
    check: check, fixes: fixes,
}

const CONTROL: &str = "authentication";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let truth = truth(facts, component);
    if !is_asked(facts, component, truth) {
        return;
    }
    let is_same = |it| self::truth(facts, it) == truth && is_asked(facts, it, truth);
    let same = together(facts, component, is_same);
    // Alternatives are one: the first of them speaks for all.
    if same.first() != Some(&component) {
        return;
    }
    let assets = once(same.iter().flat_map(|it| at_stake(facts, *it, truth)));
    let (impact, worth) = worth(facts, &assets);
    let Some((exposure, near, _)) = nearest(facts, same.iter().copied()) else { return };
    let names = words::names(facts, same.iter().copied());
    let flows: Vec<FlowIx> = same.iter().flat_map(|it| open(facts, *it)).collect();
    let callers = once_named(facts, &flows);
    let mut evidence = Evidence::set(same.iter().map(|it| id(facts, *it)));
    evidence.also.extend(flows.iter().map(|it| facts.topology.flow(*it).id.clone()));
    Case {
        control: CONTROL,
        subjects: same.iter().map(|it| id(facts, *it)).collect(),
        truth,
        impact,
        exposure,
        question: format!("Must everyone who calls {names} prove who they are?"),
        message: format!("Nothing at {names} asks {callers} for a login"),
        because: format!("{callers} can use {worth} there, and {near}"),
        place: words::place(facts, component),
        evidence,
        facts: sensitive::said(facts, &assets),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let components = finding.subjects.iter().filter_map(|it| facts.topology.find_component(it));
    let flows: Vec<FlowIx> = components.flat_map(|it| open(facts, it)).collect();
    let mut draft = Draft::of(facts.model());
    for flow in &flows {
        draft.edit::<Flow>(&facts.topology.flow(*flow).id, |it| it.authenticated = Answer::yes());
    }
    vec![
        holds(facts, finding, CONTROL, "Demand a login at"),
        Fix {
            label: format!("Mutual TLS or a token on {}", words::flows(facts, &flows)),
            edit: draft.finish(),
        },
    ]
}

/// What it says of itself or, where that is unknown, whether an inner flow to it says no.
fn truth(facts: &Facts, component: ComponentIx) -> Truth {
    let said = control(facts, component, CONTROL);
    let says_no = |it: FlowIx| facts.topology.flow(it).record.authenticated.is_no();
    if said == Truth::Unknown && open(facts, component).any(says_no) { Truth::No } else { said }
}

fn is_asked(facts: &Facts, component: ComponentIx, truth: Truth) -> bool {
    // Who gives logins out demands one by its nature; what takes outside input is an entry.
    matches!(truth, Truth::No | Truth::Unknown)
        && works(facts, component)
        && !facts.topology.component(component).is(Family::Trust)
        && !facts.inputs().takes(component)
        && at_stake(facts, component, truth).next().is_some()
}

/// The flows to it from other components of ours that are not known to be authenticated.
fn open(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = FlowIx> + '_ {
    let into = facts.topology.component(component).into.iter().copied();
    into.filter(move |it| {
        let flow = facts.topology.flow(*it);
        let said = flow.record.authenticated.is;
        // A copy is made by the store itself.
        let is_call = !flow.reply && flow.access != Access::Replicate;
        is_call && matches!(said, Truth::No | Truth::Unknown) && works(facts, flow.from)
    })
}

/// The assets that open flows carry or, of a store, that they read and change. Asked is for sensitive ones alone.
fn at_stake(facts: &Facts, component: ComponentIx, truth: Truth) -> impl Iterator<Item = AssetIx> + '_ {
    let of = move |it: FlowIx| {
        let (carried, kept) = (facts.data.carried(it), facts.data.kept(component));
        classified(facts, carried).chain(classified(facts, kept))
    };
    let weighs = move |it: &AssetIx| truth == Truth::No || sensitive::is_sensitive(facts.data.asset(*it));
    open(facts, component).flat_map(of).filter(weighs)
}

fn once_named(facts: &Facts, flows: &[FlowIx]) -> String {
    let mut from: Vec<ComponentIx> = flows.iter().map(|it| facts.topology.flow(*it).from).collect();
    from.sort_unstable();
    from.dedup();
    words::names(facts, from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(rest: &str) -> String {
        format!("user -> web: https; web -> db: postgres; asset cards \"Card numbers\": secret; {rest}")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("db \"Orders\": postgres [stores cards; authentication no]"),
            "high service-without-authentication:db — Nothing at Orders asks web for a login (Orders)",
        );
        silent(&RULE, &shop("db: postgres [stores cards; authentication yes]"));
        silent(&RULE, &shop("db: postgres [authentication no]"));
        let unknown = shop("db \"Orders\": postgres [stores cards]");
        asks(
            &RULE,
            &unknown,
            "? db.controls.authentication — Must everyone who calls Orders prove who they are?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn a_flow_that_is_authenticated_counts_and_the_entry_is_another_rule() {
        silent(
            &RULE,
            &shop("db: postgres [stores cards]").replace(": postgres;", ": postgres [authenticated];"),
        );
        silent(&RULE, &shop("web [authentication no; processes cards]"));
        let inner = "user -> web -> pay: https [carries cards]; asset cards: internal";
        silent(&RULE, inner);
        fires(
            &RULE,
            &inner.replace("[carries", "[authenticated no; carries"),
            "medium service-without-authentication:pay — Nothing at pay asks web for a login (pay)",
        );
    }

    #[test]
    fn copies_are_one_and_each_fix_mends_it() {
        let text = shop(
            "db \"Orders\": postgres [stores cards; authentication no]; web -> copy: postgres
             copy: postgres [stores cards; authentication no]; db -> copy [replicate]",
        );
        assert_eq!(
            offered(&RULE, &text),
            "Demand a login at copy and Orders\nMutual TLS or a token on web → copy · 5432 and 1 more flow"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
