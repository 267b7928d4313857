//! `sensitive-data-to-third-party`: sensitive assets that go to somebody else's system.

use super::keeping::{
    asset_names, brings, flow_ids, flows_of, id, ids, is_ours, is_third_party, once, other, put_token, unload,
};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, rule, sensitive, severity, words,
    worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Draft, Flow, Ids, Truth};

rule! {
    /// ## What it finds
    /// Flows that bring sensitive assets from a component of yours to a third-party service or a partner, where
    /// somebody has said that no contract says what may be done with them. Where nobody has said, it asks, once for
    /// each third party. What users send there themselves does not count, nor does what is read from there.
    ///
    /// ## Why it matters
    /// What has left cannot be called back. From then on others decide who reads it, how long it is kept and where,
    /// and their breach is yours: the law holds whoever collected the data to account.
    ///
    /// ## Example
    /// `shop -> mail: https [write; carries names; data-agreement no]; mail "Mail provider": third-party-service; asset names: confidential [personal yes]`
    ///
    /// ## How to fix it
    /// Send less: a token or a number that means nothing to others, or only those fields that the work needs. For what
    /// has to go, agree on purpose, place, time and deletion in a contract, and give the answer.
    ///
    /// ## References
    /// * CWE-359, Exposure of private personal information to an unauthorised actor
    /// * OWASP ASVS 4.0, V8.3; NIST SP 800-53, SA-9, External system services
    /// * GDPR, article 28, Processor
    "sensitive-data-to-third-party", "Sensitive data to a third party",
    kind: Asks, on: Component, reads: [Structure, Assets], answers: ["data-agreement"], stride: [InformationDisclosure, Privacy], cwe: [359],
    check: check, fixes: fixes,
}

const CONTROL: &str = "data-agreement";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(party) = subject else { return };
    for truth in [Truth::No, Truth::Unknown] {
        let (flows, assets) = sent(facts, party, truth);
        let Some(first) = flows.first() else { continue };
        // No attacker is needed, only somebody there who does as they like.
        let (exposure, (impact, worth)) = (Exposure::OneHop, worth(facts, &assets));
        let name = words::name(facts, party);
        let senders = once(flows.iter().map(|it| other(facts, *it, party)));
        let from = words::names(facts, senders.iter().copied());
        let ends = ids(facts, &senders).into_iter().chain([id(facts, party)]);
        let evidence = Evidence::set(ends.chain(flow_ids(facts, &flows)));
        if truth == Truth::Unknown {
            out.question(Asked {
                about: unknown(facts, *first),
                stake: severity(facts, impact, exposure),
                text: format!("Does a contract say what {name} may do with {}?", asset_names(facts, &assets)),
                why: format!("{name} can get {worth} from {from}, and what has left cannot be called back."),
                choices: yes_or_no(&unknowns(facts, &flows)),
                evidence,
            });
            continue;
        }
        out.finding(Found {
            subjects: vec![id(facts, party)],
            detail: String::new(),
            impact,
            exposure,
            because: format!(
                "{name} can get {worth} from {from}, and no contract says what may be done with it"
            ),
            message: format!("No contract covers {worth} from {from} to {name}"),
            place: words::place(facts, party),
            evidence,
            facts: sensitive::said(facts, &assets),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let party = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some(party) = party else { return Vec::new() };
    let (flows, assets) = sent(facts, party, Truth::No);
    let (name, what) = (words::name(facts, party), asset_names(facts, &assets));
    let mut draft = Draft::of(facts.model());
    flows.iter().for_each(|it| unload(facts, &mut draft, *it, &assets));
    let less = Fix { label: format!("Send {name} no {what}"), edit: draft.finish() };
    let mut draft = Draft::of(facts.model());
    let token = put_token(facts, &mut draft, ids, &assets);
    for flow in &flows {
        unload(facts, &mut draft, *flow, &assets);
        draft.edit::<Flow>(&facts.topology.flow(*flow).id, |it| it.carries.push(token.clone()));
    }
    let tokens = Fix { label: format!("Send tokens to {name} in place of {what}"), edit: draft.finish() };
    let agreed = answer(facts, &unknowns(facts, &flows), Truth::Yes);
    vec![
        tokens,
        less,
        Fix { label: format!("Agree with {name} on what may be done with {what}"), edit: agreed },
    ]
}

/// The flows that bring sensitive assets from ours to a third party, of which that was said, and those assets.
fn sent(facts: &Facts, party: ComponentIx, truth: Truth) -> (Vec<FlowIx>, Vec<AssetIx>) {
    if !is_third_party(facts, party) {
        return (Vec::new(), Vec::new());
    }
    let said = |it: &FlowIx| facts.topology.flow(*it).record.controls.truth(CONTROL);
    let sends = |it: &FlowIx| sensitive::sensitive(facts, brings(facts, *it, party)).next().is_some();
    let flows = flows_of(facts, party)
        .filter(|it| said(it) == truth && is_ours(facts, other(facts, *it, party)) && sends(it));
    let flows = once(flows);
    let assets = flows.iter().flat_map(|it| sensitive::sensitive(facts, brings(facts, *it, party)));
    let assets = once(assets);
    (flows, assets)
}

fn unknown(facts: &Facts, flow: FlowIx) -> Unknown {
    Unknown::new(&facts.topology.flow(flow).id, format!("controls.{CONTROL}"))
}

fn unknowns(facts: &Facts, flows: &[FlowIx]) -> Vec<Unknown> {
    flows.iter().map(|it| unknown(facts, *it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, only, silent};

    fn shop(flow: &str) -> String {
        format!(
            "asset names \"Names\": confidential [personal yes]; asset goods: public
             shop \"Shop\"; mail \"Mail provider\": third-party-service; {flow}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("shop -> mail: https [write; carries names; data-agreement no]"),
            "high sensitive-data-to-third-party:mail — No contract covers Names (confidential) from Shop to Mail provider (Mail provider)",
        );
        silent(&RULE, &shop("shop -> mail: https [write; carries names; data-agreement yes]"));
        silent(&RULE, &shop("shop -> mail: https [write; carries goods; data-agreement no]"));
        let unknown = shop("shop -> mail: https [write; carries names]");
        asks(
            &RULE,
            &unknown,
            "? shop-mail.controls.data-agreement — Does a contract say what Mail provider may do with Names?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
        assert_eq!(answered(&RULE, &unknown, "Not applicable"), "");
    }

    #[test]
    fn only_what_goes_there_from_us_counts() {
        silent(&RULE, &shop("shop -> mail: https [read; carries names; data-agreement no]"));
        silent(&RULE, &shop("user -> mail: https [write; carries names; data-agreement no]"));
        silent(&RULE, &shop("shop -> user: https [write; carries names; data-agreement no]"));
        let pulled = shop("mail -> shop: https [read; carries names; data-agreement no]");
        assert_eq!(only(&RULE, &pulled).facts, ["names: confidential, personal"]);
        assert_eq!(only(&RULE, &shop("shop -> mail [reply; carries names; data-agreement no]")).detail, "");
    }

    #[test]
    fn one_third_party_is_one_question() {
        let text = shop("shop, job -> mail: https [write; carries names]");
        asks(
            &RULE,
            &text,
            "? job-mail.controls.data-agreement — Does a contract say what Mail provider may do with Names?",
        );
        assert_eq!(answered(&RULE, &text, "Yes"), "");
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("shop -> mail: https [write; carries goods, names; data-agreement no]");
        let expected = "Send tokens to Mail provider in place of Names\nSend Mail provider no Names\n\
            Agree with Mail provider on what may be done with Names";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([0, 1, 2].map(|it| mended(&RULE, &text, it)), ["", "", ""]);
        let facts = mended_facts(&RULE, &text, 0);
        let names: Vec<&str> = facts.model().assets().values().map(|it| it.name.as_str()).collect();
        assert!(names.contains(&"Tokens for Names"), "{names:?}");
    }
}
