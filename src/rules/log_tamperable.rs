//! `log-tamperable`: logs that can be changed by those they are about.

use super::keeping::{components, id, ids, is_ours, once, speaks_for};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, nearness, nearness_of,
    rule, sensitive, severity, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Access, Ids, Truth};

rule! {
    /// ## What it finds
    /// Logs that components of yours write to, and of which somebody has said that their records are not safe from
    /// change by those they are about. Where nobody has said, it asks, if one of the writers handles sensitive assets.
    ///
    /// ## Why it matters
    /// The first thing an intruder does is to remove the traces. A record that its own subject can change proves
    /// nothing, neither what an attacker took nor what somebody of your own did.
    ///
    /// ## Example
    /// `web -> logs: syslog-tls [write]; web [processes people]; logs: logging [append-only-logs no]; asset people: confidential`
    ///
    /// ## How to fix it
    /// Send records at once to a place where writers can only add, never change or delete: another account, a store
    /// that is written once, with other administrators; and chain or sign them, so that a gap is seen.
    ///
    /// ## References
    /// * CWE-779 and CWE-778 on logging; CWE-284, Improper access control
    /// * CAPEC-268, Audit log manipulation; MITRE ATT&CK T1070, Indicator removal
    /// * OWASP ASVS 4.0, V7.3; NIST SP 800-53, AU-9, Protection of audit information
    "log-tamperable", "Logs can be changed",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools, Reach], answers: ["append-only-logs"], stride: [Repudiation, Tampering], cwe: [284],
    check: check, fixes: fixes,
}

const CONTROL: &str = "append-only-logs";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for truth in [Truth::No, Truth::Unknown] {
        // The rule is about this kind.
        let is_meant = |it: ComponentIx| {
            let node = facts.topology.component(it);
            node.kind.slug == "logging" && node.control(CONTROL) == truth && !writers(facts, it).is_empty()
        };
        let Some(logs) = speaks_for(facts, component, is_meant) else { continue };
        let writers = once(logs.iter().flat_map(|it| writers(facts, *it)));
        let handled = |it: &ComponentIx| sensitive::handled(facts, *it).collect::<Vec<AssetIx>>();
        let assets = once(writers.iter().flat_map(handled));
        let names = words::names(facts, logs.iter().copied());
        let from = words::names(facts, writers.iter().copied());
        let nearest = writers.iter().copied().min_by_key(|it| nearness(facts, *it).0);
        let exposure = nearest.map_or(Exposure::Deeper, |it| nearness(facts, it).0);
        // It takes a writer that was taken over: a hop more than to the writer.
        let exposure = exposure.max(Exposure::OneHop);
        let (impact, worth) =
            if assets.is_empty() { (Impact::Slight, String::new()) } else { worth(facts, &assets) };
        let evidence = Evidence::set(ids(facts, &logs).into_iter().chain(ids(facts, &writers)));
        if truth == Truth::Unknown {
            if assets.is_empty() {
                continue;
            }
            out.question(Asked {
                about: unknown(facts, component),
                stake: severity(facts, impact, exposure),
                text: format!("Are the records in {names} safe from change by {from}?"),
                why: format!("Whoever takes {worth} from {from} wants to hide that first."),
                choices: yes_or_no(&unknowns(facts, &logs)),
                evidence,
            });
            continue;
        }
        let by = nearest.map(|it| words::name(facts, it)).unwrap_or_default();
        let near = nearest.map(|it| nearness_of(facts, it, &by).1).unwrap_or_default();
        let to = if assets.is_empty() { String::new() } else { format!(" to {worth}") };
        let because = format!("whoever takes over {by} can hide in {names} what was done{to}, and {near}");
        out.finding(Found {
            subjects: ids(facts, &logs),
            detail: String::new(),
            impact,
            exposure,
            because,
            message: format!("{from} can change what stands in {names}"),
            place: words::place(facts, component),
            evidence,
            facts: sensitive::said(facts, &assets),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let logs = components(facts, &finding.subjects);
    let label = format!("Let writers only add to {}", words::titles(facts, &finding.subjects));
    vec![Fix { label, edit: answer(facts, &unknowns(facts, &logs), Truth::Yes) }]
}

/// Those of ours that write there.
fn writers(facts: &Facts, log: ComponentIx) -> Vec<ComponentIx> {
    let into = facts.topology.component(log).into.iter().map(|it| facts.topology.flow(*it));
    let writes = into.filter(|it| !it.reply && !matches!(it.access, Access::Read | Access::Consume));
    once(writes.map(|it| it.from).filter(|it| is_ours(facts, *it)))
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
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    fn shop(logs: &str, access: &str) -> String {
        format!(
            "asset people \"People\": confidential; user -> web: https; web \"Web\" [processes people]
             logs \"Logs\": logging {logs}; web -> logs [{access}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("[append-only-logs no]", "write"),
            "high log-tamperable:logs — Web can change what stands in Logs (Logs)",
        );
        silent(&RULE, &shop("[append-only-logs yes]", "write"));
        silent(&RULE, &shop("[append-only-logs no]", "read"));
        let unknown = shop("", "write");
        asks(
            &RULE,
            &unknown,
            "? logs.controls.append-only-logs — Are the records in Logs safe from change by Web?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn it_asks_only_where_something_sensitive_is_at_stake() {
        let plain = |logs: &str| shop(logs, "write").replace(" [processes people]", "");
        silent(&RULE, &plain(""));
        let finding = only(&RULE, &plain("[append-only-logs no]"));
        assert_eq!(
            finding.because,
            "Whoever takes over Web can hide in Logs what was done, and anyone on the internet gets to Web: slight impact, low."
        );
    }

    #[test]
    fn the_fix_is_an_answer() {
        let text = shop("[append-only-logs no]", "write");
        assert_eq!(offered(&RULE, &text), "Let writers only add to Logs");
        assert_eq!(mended(&RULE, &text, 0), "");
    }
}
