//! `sensitive-data-in-logs`: sensitive assets that reach logging or monitoring.

use super::keeping::{
    asset_names, brings, components, flow_ids, flows_of, grave, id, ids, is_ours, keep_out, once, other,
    speaks_for,
};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, nearness, rule, sensitive,
    severity, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Access, Draft, Ids, Truth};

rule! {
    /// ## What it finds
    /// Sensitive assets that are drawn on a flow to logging or monitoring, or are said to be kept there, unless they
    /// are masked first. Where a flow to a log says nothing of what it carries, and whoever sends it handles
    /// confidential data, secrets or credentials, it asks whether they are masked; no is found, too.
    ///
    /// ## Why it matters
    /// Many more people read the logs than may read the data, logs are copied to more places, and they are kept for
    /// longer. Passwords and tokens in a log are a way in for each of those readers.
    ///
    /// ## Example
    /// `web -> logs: syslog-tls [write; carries tokens]; asset tokens "Session tokens": confidential [credential yes]`
    ///
    /// ## How to fix it
    /// Leave sensitive fields out where the line is written, or mask them before it is sent: log the number of an
    /// object, never its content; never log passwords, tokens or card numbers.
    ///
    /// ## References
    /// * CWE-532, Insertion of sensitive information into log file
    /// * OWASP ASVS 4.0, V7.1; NIST SP 800-53, AU-3(3), Limit personally identifiable information elements
    "sensitive-data-in-logs", "Sensitive data in logs",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Reach], answers: ["log-masking"],
    stride: [InformationDisclosure, Privacy], cwe: [532],
    check: check, fixes: fixes,
}

const CONTROL: &str = "log-masking";
/// Of findings on what senders may write, of which the drawing does not say that they do.
const UNMASKED: &str = "unmasked";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for truth in [Truth::No, Truth::Unknown] {
        let Some(logs) = speaks_for(facts, component, |it| is_log(facts, it) && masks(facts, it) == truth)
        else {
            continue;
        };
        let (arrived, flows) = arrived(facts, &logs);
        if arrived.is_empty() {
            check_senders(facts, &logs, truth, out);
        } else {
            out.finding(found(facts, &logs, &arrived, &flows));
        }
    }
}

/// What the drawing says arrives is a fact, whatever was said of masks.
fn found(facts: &Facts, logs: &[ComponentIx], assets: &[AssetIx], flows: &[FlowIx]) -> Found {
    let (impact, worth) = worth(facts, assets);
    let names = words::names(facts, logs.iter().copied());
    let nearest = logs.iter().map(|it| nearness(facts, *it)).min_by_key(|it| it.0);
    let (exposure, near) = nearest.unwrap_or((Exposure::Deeper, String::new()));
    let ends = flows.iter().flat_map(|it| logs.iter().map(|log| other(facts, *it, *log)));
    let ends = once(ends.chain(logs.iter().copied()));
    Found {
        subjects: ids(facts, logs),
        detail: String::new(),
        impact,
        exposure,
        because: format!("all who read logs can see {worth} in {names}, and {near}"),
        message: format!("{worth} can be read in {names}"),
        place: logs.first().map(|it| words::place(facts, *it)).unwrap_or_default(),
        evidence: Evidence::set(ids(facts, &ends).into_iter().chain(flow_ids(facts, flows))),
        facts: sensitive::said(facts, assets),
    }
}

fn check_senders(facts: &Facts, logs: &[ComponentIx], truth: Truth, out: &mut Out<'_>) {
    let Some(first) = logs.first() else { return };
    let senders = senders(facts, logs);
    let assets = once(senders.iter().flat_map(|it| grave(facts, facts.data.handled(*it))));
    if assets.is_empty() {
        return;
    }
    let (impact, worth) = worth(facts, &assets);
    let exposure = Exposure::Deeper;
    let (names, from) = (words::names(facts, logs.iter().copied()), words::names(facts, senders.clone()));
    let evidence = Evidence::set(ids(facts, logs).into_iter().chain(ids(facts, &senders)));
    if truth == Truth::Unknown {
        out.question(Asked {
            about: unknown(facts, *first),
            stake: severity(facts, impact, exposure),
            text: format!("Are secrets and personal data masked before they get to {names}?"),
            why: format!("Records from {from} may contain {worth}."),
            choices: yes_or_no(&unknowns(facts, logs)),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: ids(facts, logs),
        detail: UNMASKED.to_owned(),
        impact,
        exposure,
        because: format!("records from {from} may contain {worth}, and all who read logs may come to see it"),
        message: format!("{from} may write {worth} to {names} unmasked"),
        place: words::place(facts, *first),
        evidence,
        facts: sensitive::said(facts, &assets),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let logs = components(facts, &finding.subjects);
    let names = words::titles(facts, &finding.subjects);
    let masked = answer(facts, &unknowns(facts, &logs), Truth::Yes);
    let mask = Fix { label: format!("Mask what is sensitive before it gets to {names}"), edit: masked };
    if finding.detail == UNMASKED {
        return vec![mask];
    }
    let (assets, _) = arrived(facts, &logs);
    let mut draft = Draft::of(facts.model());
    logs.iter().for_each(|it| keep_out(facts, &mut draft, *it, &assets));
    let label = format!("Keep {} out of {names}", asset_names(facts, &assets));
    vec![Fix { label, edit: draft.finish() }, mask]
}

/// The rule is about these kinds: what stands in them is read by those who look for faults.
fn is_log(facts: &Facts, component: ComponentIx) -> bool {
    matches!(facts.topology.component(component).kind.slug.as_str(), "logging" | "monitoring")
}

fn masks(facts: &Facts, component: ComponentIx) -> Truth {
    facts.topology.component(component).control(CONTROL)
}

/// The sensitive assets that are said to get there or to be there, and the flows that bring them.
fn arrived(facts: &Facts, logs: &[ComponentIx]) -> (Vec<AssetIx>, Vec<FlowIx>) {
    let (mut assets, mut flows) = (Vec::new(), Vec::new());
    for log in logs {
        let processes = &facts.topology.component(*log).record.processes;
        let said = processes.iter().filter_map(|it| facts.data.find_asset(it));
        assets.extend(said.filter(|it| sensitive::is_sensitive(facts.data.asset(*it))));
        assets.extend(sensitive::kept(facts, *log));
        for flow in flows_of(facts, *log) {
            let before = assets.len();
            assets.extend(sensitive::sensitive(facts, brings(facts, flow, *log)));
            if assets.len() > before {
                flows.push(flow);
            }
        }
    }
    (once(assets), once(flows))
}

/// Those of ours that write to logs without saying what.
fn senders(facts: &Facts, logs: &[ComponentIx]) -> Vec<ComponentIx> {
    // Measurements hold no data of users; what is logged may.
    let is_for_lines = |it: &&ComponentIx| facts.topology.component(**it).kind.slug == "logging";
    let into = logs.iter().filter(is_for_lines).flat_map(|it| &facts.topology.component(*it).into);
    let flows =
        into.map(|it| facts.topology.flow(*it)).filter(|it| !it.reply && it.record.carries.is_empty());
    let flows = flows.filter(|it| !matches!(it.access, Access::Read | Access::Consume | Access::Admin));
    once(flows.map(|it| it.from).filter(|it| is_ours(facts, *it)))
}

fn unknown(facts: &Facts, log: ComponentIx) -> Unknown {
    Unknown::new(&id(facts, log), format!("controls.{CONTROL}"))
}

fn unknowns(facts: &Facts, logs: &[ComponentIx]) -> Vec<Unknown> {
    logs.iter().map(|it| unknown(facts, *it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(logs: &str, text: &str) -> String {
        format!(
            "asset tokens \"Tokens\": confidential [credential yes]; asset goods: public
             web \"Web\"; logs \"Logs\": logging {logs}; {text}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let told = "medium sensitive-data-in-logs:logs — Tokens (a credential) can be read in Logs (Logs)";
        fires(&RULE, &shop("", "web -> logs [write; carries tokens]"), told);
        fires(&RULE, &shop("[stores tokens]", ""), told);
        fires(&RULE, &shop("[processes tokens; log-masking no]", ""), told);
        silent(&RULE, &shop("", "web -> logs [write; carries goods]"));
        silent(&RULE, &shop("[log-masking yes]", "web -> logs [write; carries tokens]"));
        let unsaid = shop("", "job -> web [carries tokens]; web -> logs [write]");
        asks(
            &RULE,
            &unsaid,
            "? logs.controls.log-masking — Are secrets and personal data masked before they get to Logs?",
        );
        assert_eq!(answered(&RULE, &unsaid, "Yes"), "");
        assert_eq!(
            answered(&RULE, &unsaid, "No"),
            "medium sensitive-data-in-logs:logs:unmasked — Web may write Tokens (a credential) to Logs unmasked (Logs)"
        );
    }

    #[test]
    fn measurements_and_senders_without_secrets_are_not_asked_about() {
        silent(&RULE, &shop("", "job -> web [carries goods]; web -> logs [write]"));
        silent(&RULE, &shop("", "job -> web [carries tokens]; logs -> web [read]"));
        silent(&RULE, &shop("", "job -> web [carries tokens]; web -> metrics [write]; metrics: monitoring"));
        silent(&RULE, &shop("", "job -> web [carries tokens]; web -> logs [write; carries goods]"));
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("", "web -> logs [write; carries goods, tokens]");
        let expected = "Keep Tokens out of Logs\nMask what is sensitive before it gets to Logs";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
    }
}
