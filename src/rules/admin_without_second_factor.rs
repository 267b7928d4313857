//! `admin-without-second-factor`: those who administer with a password alone.

use std::collections::BTreeSet;

use super::cases::{Case, id, once};
use super::entries::holds;
use super::outside::is_open;
use super::{Evidence, Exposure, Finding, Fix, Impact, Out, Subject, rule, words, worth};
use crate::analysis::{ComponentIx, Facts, FlowEdge};
use crate::model::{Access, Capability, Ids, Truth};

rule! {
    /// ## What it finds
    /// Administrators, and others from whom a flow of administration starts, who get to components of yours with one
    /// factor. A second factor anywhere on the way counts: at a VPN or bastion, at the target, or on the flow. It asks
    /// once for each of them where nobody has said.
    ///
    /// ## Why it matters
    /// Passwords are guessed, reused and phished every day, and that of an administrator opens everything at once.
    ///
    /// ## Example
    /// `admin -> bastion -> web: ssh [admin]; admin [second-factor no]`
    ///
    /// ## How to fix it
    /// Demand a second factor at the identity provider, or at the bastion or VPN through which all administration goes,
    /// best a hardware key, which no false page can ask for.
    ///
    /// ## References
    /// * CWE-308, Use of single-factor authentication; MITRE ATT&CK T1078, Valid accounts
    /// * OWASP ASVS 4.0, V4.3.1; NIST SP 800-53, IA-2(1)
    "admin-without-second-factor", "Administration with one factor",
    kind: Asks, on: Component, reads: [Structure, Assets], answers: ["second-factor"], stride: [Spoofing, ElevationOfPrivilege], cwe: [308],
    check: check, fixes: fixes,
}

const CONTROL: &str = "second-factor";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let node = facts.topology.component(component);
    // The internet is nobody, and an attacker is no administrator of ours.
    let is_person = node.can(Capability::Actor) && !node.can(Capability::Passes);
    let said = node.control(CONTROL);
    if !is_person || !is_open(said) {
        return;
    }
    let is_admin = node.record.kind == "admin";
    let (targets, says_no) = administered(facts, component, is_admin);
    let Some(first) = targets.first().copied() else { return };
    let handled = targets.iter().flat_map(|it| facts.data.handled(*it).iter().copied());
    let assets = once(handled);
    let (impact, worth) = worth(facts, &assets);
    let stake =
        if assets.is_empty() { String::new() } else { format!(", and {worth} can be taken from there") };
    let (name, what) = (words::name(facts, component), words::names(facts, targets.iter().copied()));
    let from = if facts.ingress.is_origin(component) { Exposure::Guarded } else { Exposure::OneHop };
    Case {
        control: CONTROL,
        subjects: vec![node.id.clone()],
        truth: if says_no { Truth::No } else { said },
        // Whoever administers may do all that the component may.
        impact: impact.max(Impact::Serious),
        exposure: from,
        question: format!("Is a second factor demanded from {name} at {what}?"),
        message: format!("One password of {name} opens {what}"),
        because: format!("{name} can administer {what}{stake}"),
        place: words::place(facts, component),
        evidence: Evidence::way(facts, [component, first]),
        facts: targets.iter().map(|it| format!("administers {}", id(facts, *it))).collect(),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Demand a second factor from")]
}

/// The components of ours that somebody administers without a known second factor, in order, and whether one of the
/// ways there says that there is none.
fn administered(facts: &Facts, actor: ComponentIx, is_admin: bool) -> (Vec<ComponentIx>, bool) {
    let topology = &facts.topology;
    let (mut seen, mut targets, mut says_no) = (BTreeSet::from([actor]), BTreeSet::new(), false);
    let mut open = vec![actor];
    while let Some(next) = open.pop() {
        let is_way = |it: &&FlowEdge| !it.reply && (is_admin || next != actor || it.access == Access::Admin);
        for flow in topology.component(next).out.iter().map(|it| topology.flow(*it)).filter(is_way) {
            let (on_flow, target) = (flow.record.controls.truth(CONTROL), topology.component(flow.to));
            let at_target = target.control(CONTROL);
            if !is_open(on_flow) || !is_open(at_target) {
                continue;
            }
            if target.can(Capability::Passes) || target.can(Capability::HandsOn) {
                if seen.insert(flow.to) {
                    open.push(flow.to);
                }
            } else if !target.can(Capability::NotOurs) {
                targets.insert(flow.to);
                says_no |= on_flow == Truth::No || at_target == Truth::No;
            }
        }
    }
    (targets.into_iter().collect(), says_no)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let text = |said: &str| {
            format!(
                "admin \"Operators\" [{said}]; admin -> fw -> bastion: ssh; fw: firewall; bastion \"Bastion\""
            )
        };
        fires(
            &RULE,
            &text("second-factor no"),
            "medium admin-without-second-factor:admin — One password of Operators opens Bastion (Operators)",
        );
        silent(&RULE, &text("second-factor yes"));
        asks(
            &RULE,
            &text("notes x"),
            "? admin.controls.second-factor — Is a second factor demanded from Operators at Bastion?",
        );
        assert_eq!(answered(&RULE, &text("notes x"), "Yes"), "");
        assert_eq!(offered(&RULE, &text("second-factor no")), "Demand a second factor from Operators");
        assert_eq!(mended(&RULE, &text("second-factor no"), 0), "");
    }

    #[test]
    fn a_second_factor_on_the_way_counts_and_users_need_none() {
        silent(&RULE, "admin -> vpn: openvpn; vpn [second-factor]; vpn -> web: ssh [admin]");
        silent(&RULE, "admin -> web: ssh [admin; second-factor]");
        silent(&RULE, "user -> web: https; admin");
        asks(
            &RULE,
            "user -> web: https; user -> db: postgres [admin]",
            "? user.controls.second-factor — Is a second factor demanded from user at db?",
        );
        let said =
            only(&RULE, "admin -> web: ssh [second-factor no]; web [stores cards]; asset cards: secret");
        assert_eq!(
            said.because,
            "Admin can administer web, and cards (secret) can be taken from there: grave impact, high."
        );
        assert_eq!(said.facts, ["administers web"]);
    }
}
