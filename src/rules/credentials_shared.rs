//! `credentials-shared`: several services that use a store under one account.

use super::cases::{Case, classified, id, once, works};
use super::entries::holds;
use super::outside::{control, is_open, together};
use super::{Evidence, Finding, Fix, Out, Subject, nearest, rule, sensitive, words, worth};
use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Access, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// Stores and queues with classified assets that two or more services of yours use, and of which somebody has said
    /// that these do not have an account each. Where nobody has said, it asks, once it is known that the store demands
    /// a login at all, and only for sensitive assets. Members of a pool are one service.
    ///
    /// ## Why it matters
    /// With a shared account each service may do what any of them needs, nobody can tell who did what, and a password
    /// that leaked in one place cannot be changed without stopping all.
    ///
    /// ## Example
    /// `web, report -> db: postgres; db [stores cards; authentication; own-credentials no]; asset cards: secret`
    ///
    /// ## How to fix it
    /// Give each service an account of its own with just the rights that it needs, best with short-lived passwords from
    /// a vault.
    ///
    /// ## References
    /// * CWE-250, Execution with unnecessary privileges
    /// * OWASP ASVS 4.0, V1.2.1; NIST SP 800-53, AC-6 and IA-9
    "credentials-shared", "Shared account",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Reach], answers: ["authentication", "own-credentials"],
    stride: [Repudiation, ElevationOfPrivilege], cwe: [250],
    check: check, fixes: fixes,
}

const CONTROL: &str = "own-credentials";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let truth = control(facts, component, CONTROL);
    if !is_asked(facts, component, truth) {
        return;
    }
    let is_same = |it| control(facts, it, CONTROL) == truth && is_asked(facts, it, truth);
    let same = together(facts, component, is_same);
    let users = once_each(facts, &same);
    // Copies are one: the first of them speaks for all.
    if same.first() != Some(&component) {
        return;
    }
    let assets: Vec<AssetIx> = once(same.iter().flat_map(|it| classified(facts, facts.data.kept(*it))));
    let (impact, worth) = worth(facts, &assets);
    let Some((exposure, near, _)) = nearest(facts, same.iter().copied()) else { return };
    let names = words::names(facts, same.iter().copied());
    let who = words::names(facts, users.iter().copied());
    let mut said = sensitive::said(facts, &assets);
    said.extend(users.iter().map(|it| format!("used by {}", id(facts, *it))));
    Case {
        control: CONTROL,
        subjects: same.iter().map(|it| id(facts, *it)).collect(),
        truth,
        impact,
        exposure,
        question: format!("Does each of {who} have a separate account at {names}?"),
        message: format!("{who} share an account at {names}"),
        because: format!("{worth} can be had there by {} services, and {near}", users.len()),
        place: words::place(facts, component),
        evidence: Evidence::set(same.iter().chain(&users).map(|it| id(facts, *it))),
        facts: said,
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Give each service a separate account at")]
}

fn is_asked(facts: &Facts, component: ComponentIx, truth: Truth) -> bool {
    let node = facts.topology.component(component);
    let keeps = (node.is(Family::Data) || node.is(Family::Messaging)) && is_open(truth);
    // Where nobody needs to log in there are no accounts: that is another rule's.
    let has_accounts = || match (truth, control(facts, component, "authentication")) {
        (_, Truth::No) => false,
        (Truth::No, _) | (_, Truth::Yes) => true,
        _ => false,
    };
    let weighs = |it: AssetIx| truth == Truth::No || sensitive::is_sensitive(facts.data.asset(it));
    keeps
        && has_accounts()
        && classified(facts, facts.data.kept(component)).any(weighs)
        && once_each(facts, &[component]).len() > 1
}

/// The services that use stores, in order; of a pool, its first.
fn once_each(facts: &Facts, stores: &[ComponentIx]) -> Vec<ComponentIx> {
    let into = stores.iter().flat_map(|it| facts.topology.component(*it).into.iter().copied());
    let users = into.filter_map(|it| {
        let flow = facts.topology.flow(it);
        let is_use = !flow.reply && flow.access != Access::Replicate;
        let is_service = facts.topology.component(flow.from).is(Family::Compute) && works(facts, flow.from);
        let pool = facts.pools.pool_of(flow.from).and_then(|it| facts.pools.pool(it).members.first());
        (is_use && is_service).then(|| pool.copied().unwrap_or(flow.from))
    });
    let mut users: Vec<ComponentIx> = users.collect();
    users.sort_unstable();
    users.dedup();
    users
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(db: &str) -> String {
        format!(
            "user -> web: https; web, report -> db: postgres; asset cards \"Cards\": secret
             web \"Web\"; report \"Reports\"; db \"Orders\": postgres [stores cards; {db}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("own-credentials no"),
            "high credentials-shared:db — Reports and Web share an account at Orders (Orders)",
        );
        silent(&RULE, &shop("authentication; own-credentials yes"));
        silent(&RULE, &shop("authentication no; own-credentials no"));
        silent(&RULE, &shop("notes x"));
        let unknown = shop("authentication");
        asks(
            &RULE,
            &unknown,
            "? db.controls.own-credentials — Does each of Reports and Web have a separate account at Orders?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn a_pool_is_one_service_and_the_fix_mends_it() {
        silent(
            &RULE,
            &shop("own-credentials no; notes x")
                .replace("web \"Web\"; report \"Reports\"", "web [pool p]; report: web-server [pool p]"),
        );
        let text = shop("own-credentials no");
        assert_eq!(offered(&RULE, &text), "Give each service a separate account at Orders");
        assert_eq!(mended(&RULE, &text, 0), "");
    }
}
