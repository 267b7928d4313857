//! `secrets-outside-vault`: components that log in elsewhere with secrets that lie in code, images or settings.

use super::cases::{Case, beside, classified, id, once};
use super::entries::holds;
use super::outside::{control, is_open, together};
use super::{Evidence, Finding, Fix, Out, Subject, nearest, nearness_of, rule, sensitive, words, worth};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx};
use crate::model::{Access, Answer, Component, Draft, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// Components that must hold secrets (they log in to a store, a service or a third party that has classified
    /// assets, or handle keys and tokens themselves) and of which somebody has said that these do not come from a
    /// vault. Where nobody has said, it asks, once for all
    /// of them, unless a flow to a vault is drawn. Members of a pool are found as one.
    ///
    /// ## Why it matters
    /// Secrets in code, images and settings are read by everybody who may read those, stay in every copy and every
    /// backup, and are hardly ever changed. One leaked repository then opens the store.
    ///
    /// ## Example
    /// `web -> db: postgres [authenticated]; web [secrets no]; db [stores cards]; asset cards: secret`
    ///
    /// ## How to fix it
    /// Keep the secrets in a vault, fetch them at the start under the component's own identity, and change them often.
    /// Better still are identities that the platform gives, which leave no secret to keep.
    ///
    /// ## References
    /// * CWE-798, Use of hard-coded credentials; CWE-522; MITRE ATT&CK T1552, Unsecured credentials
    /// * OWASP ASVS 4.0, V2.10 and V6.4; NIST SP 800-53, IA-5(7)
    "secrets-outside-vault", "Secrets outside a vault",
    kind: Asks, on: Whole, reads: [Structure, Assets, Pools, Reach], answers: ["authenticated", "authentication", "secrets"],
    stride: [InformationDisclosure, Spoofing], cwe: [798, 522],
    check: check, fixes: fixes,
}

const CONTROL: &str = "secrets";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let truth = |it: ComponentIx| control(facts, it, CONTROL);
    let components = facts.topology.components().map(|(it, _)| it);
    let asked: Vec<ComponentIx> = components.filter(|it| is_asked(facts, *it, truth(*it))).collect();
    // Where secrets lie is mostly decided for all at once, and so it is asked.
    let unknown: Vec<ComponentIx> = asked.iter().copied().filter(|it| truth(*it) == Truth::Unknown).collect();
    say(facts, &unknown, Truth::Unknown, out);
    for component in asked.into_iter().filter(|it| truth(*it) == Truth::No) {
        let is_same = |it| truth(it) == Truth::No && is_asked(facts, it, Truth::No);
        let same = together(facts, component, is_same);
        // Alternatives are one: the first of them speaks for all.
        if same.first() == Some(&component) {
            say(facts, &same, Truth::No, out);
        }
    }
}

fn say(facts: &Facts, same: &[ComponentIx], truth: Truth, out: &mut Out<'_>) {
    let Some(component) = same.first().copied() else { return };
    let opened: Vec<AssetIx> = once(same.iter().flat_map(|it| opened(facts, *it)));
    let (impact, worth) = worth(facts, &opened);
    let Some((exposure, near, nearest)) = nearest(facts, same.iter().copied()) else { return };
    let near =
        if same.len() > 1 { nearness_of(facts, nearest, &words::name(facts, nearest)).1 } else { near };
    let names = words::names(facts, same.iter().copied());
    let logins = same.iter().flat_map(|it| logins(facts, *it));
    let evidence =
        same.iter().map(|it| id(facts, *it)).chain(logins.map(|it| facts.topology.flow(it).id.clone()));
    Case {
        control: CONTROL,
        subjects: same.iter().map(|it| id(facts, *it)).collect(),
        truth,
        impact,
        exposure,
        question: format!("Do the passwords and keys of {names} come from a vault?"),
        message: format!("The secrets of {names} lie outside a vault"),
        because: format!("the secrets of {names} open {worth}, and {near}"),
        place: words::place(facts, component),
        evidence: Evidence::set(evidence),
        facts: sensitive::said(facts, &opened),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let known = facts.topology.components().any(|(_, it)| it.record.kind == VAULT);
    let label = if known { "Fetch them from the vault" } else { "Add a secrets vault" }.to_owned();
    let mut draft = Draft::of(facts.model());
    for subject in &finding.subjects {
        draft.edit::<Component>(subject, |it| it.controls.set(CONTROL, Answer::yes()));
    }
    beside(facts, &mut draft, ids, &finding.subjects, (VAULT, "Secrets vault", "tcp/8200"));
    vec![
        Fix { label, edit: draft.finish() },
        holds(facts, finding, CONTROL, "Keep no secrets in the code, images and settings of"),
    ]
}

// The rule is about this very kind.
const VAULT: &str = "secrets-vault";

fn is_asked(facts: &Facts, component: ComponentIx, truth: Truth) -> bool {
    let node = facts.topology.component(component);
    let holds = node.is(Family::Compute) || node.is(Family::Operations);
    let uses_vault = || {
        let out = node.out.iter().map(|it| facts.topology.flow(*it));
        out.filter(|it| !it.reply).any(|it| facts.topology.component(it.to).record.kind == VAULT)
    };
    let is_told = truth == Truth::No || !uses_vault();
    holds && is_open(truth) && opened(facts, component).next().is_some() && is_told
}

/// The flows on which it has to log in.
fn logins(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = FlowIx> + '_ {
    facts.topology.component(component).out.iter().copied().filter(|it| {
        let flow = facts.topology.flow(*it);
        let target = facts.topology.component(flow.to);
        let said = match flow.record.authenticated.is {
            Truth::Unknown => target.control("authentication"),
            said => said,
        };
        !flow.reply && flow.access != Access::Replicate && said == Truth::Yes && !target.is(Family::Trust)
    })
}

/// What its secrets open: the classified assets that flows with a login carry or reach, and the keys and tokens that
/// it handles itself.
fn opened(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = AssetIx> + '_ {
    let of = move |it: FlowIx| {
        let kept = facts.data.kept(facts.topology.flow(it).to);
        classified(facts, facts.data.carried(it)).chain(classified(facts, kept))
    };
    // What users send to log in with is no secret of the component.
    let own = &facts.topology.component(component).record.stores;
    let handled = facts.data.handled(component).iter().copied();
    let own = handled.filter(move |it| {
        facts.data.asset(*it).credential.is_yes() && own.contains(facts.data.asset_id(*it))
    });
    logins(facts, component).flat_map(of).chain(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(web: &str) -> String {
        format!(
            "user -> web: https; web -> db: postgres [authenticated]; web \"Web\" [{web}]; db [stores cards]
             asset cards \"Cards\": secret; asset key: internal [credential]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("secrets no"),
            "critical secrets-outside-vault:web — The secrets of Web lie outside a vault (Web)",
        );
        silent(&RULE, &shop("secrets yes"));
        silent(&RULE, &format!("{}; web -> vault: https", shop("notes x")));
        let unknown = shop("notes x");
        asks(&RULE, &unknown, "? web.controls.secrets — Do the passwords and keys of Web come from a vault?");
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn all_are_asked_about_together() {
        let text = format!("{}; job \"Job\"; job -> db: postgres [authenticated]", shop("notes x"));
        asks(
            &RULE,
            &text,
            "? job.controls.secrets — Do the passwords and keys of Job and Web come from a vault?",
        );
        assert_eq!(answered(&RULE, &text, "Yes"), "");
    }

    #[test]
    fn only_who_logs_in_or_keeps_a_key_is_asked() {
        silent(&RULE, &shop("secrets no").replace("[authenticated]", "[authenticated no]"));
        silent(&RULE, &shop("processes key").replace("[authenticated]", ""));
        fires(
            &RULE,
            &shop("stores key; secrets no").replace("[authenticated]", ""),
            "critical secrets-outside-vault:web — The secrets of Web lie outside a vault (Web)",
        );
    }

    #[test]
    fn each_fix_mends_it() {
        let text = shop("secrets no");
        let labels = "Add a secrets vault\nKeep no secrets in the code, images and settings of Web";
        assert_eq!(offered(&RULE, &text), labels);
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        let known = format!("{text}; vault \"Safe\"");
        assert!(offered(&RULE, &known).starts_with("Fetch them from the vault\n"));
        assert_eq!(mended(&RULE, &known, 0), "");
    }
}
