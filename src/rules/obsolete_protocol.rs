//! `obsolete-protocol`: flows that speak what has been given up or broken.

use std::collections::BTreeSet;

use super::bundles::bundle;
use super::clear::{crossing, evidence, exposure, passed_on, place, switch, switch_label, twin, worth_of};
use super::{Finding, Fix, Found, Out, Subject, rule, words};
use crate::analysis::{Facts, FlowEdge, FlowIx};
use crate::model::{Capability, Draft, Ids, Truth};

rule! {
    /// ## What it finds
    /// Flows that speak FTP, TFTP, Telnet, remote shells, HTTP with basic login, LDAP without TLS, SNMP v1 or v2, SMBv1,
    /// PPTP, or TLS below 1.2. Where such a flow crosses a boundary in clear, `plaintext-across-boundary` tells it, not
    /// both. What is said to go encrypted all the same, through a tunnel or by STARTTLS, is left out.
    ///
    /// ## Why it matters
    /// These protocols send passwords as they are, or rest on ciphers and code whose holes are known and are no longer
    /// closed. Behind a firewall they are what an intruder looks for first: one sniffed login opens the next machine.
    ///
    /// ## Example
    /// `boundary lan: network { scanner: worker; files: file-store }; scanner -> files: smbv1 [write; carries invoices]`
    ///
    /// ## How to fix it
    /// Speak what has taken its place: SFTP, SSH, HTTPS with tokens, LDAP over TLS, SNMP v3, SMB 3, IPsec or WireGuard, TLS
    /// 1.2 or later. Then switch the old one off on both sides, so that nothing falls back to it.
    ///
    /// ## References
    /// * CWE-327, Use of a broken or risky cryptographic algorithm; CWE-477, Use of obsolete function; CWE-319
    /// * RFC 8996, Deprecating TLS 1.0 and TLS 1.1; ATT&CK T1040, Network sniffing; T1210
    /// * OWASP ASVS 4.0, V9.1.3; NIST SP 800-53, SC-8 and CM-7
    "obsolete-protocol", "Obsolete protocol",
    kind: Structure, on: Flow, reads: [Structure, Pools, Assets, Reach], answers: ["encrypted"],
    stride: [InformationDisclosure, Spoofing], cwe: [319, 327, 477],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Flow(flow) = subject else { return };
    let edge = facts.topology.flow(flow);
    let Some(protocol) = edge.protocol.filter(|_| is_obsolete(facts, edge)) else { return };
    // What is passed on as it came is told where it comes from.
    let from = facts.topology.component(edge.from);
    let comes = |it: &FlowEdge| it.record.protocol == edge.record.protocol && is_obsolete(facts, it);
    if from.can(Capability::Passes) && from.into.iter().any(|it| comes(facts.topology.flow(*it))) {
        return;
    }
    let same = bundle(facts, flow);
    if same.first() != Some(&flow) {
        return;
    }
    let crossing = crossing(facts, edge);
    let ((impact, worth), (exposure, near)) =
        (worth_of(facts, flow), exposure(facts, edge, crossing.as_ref()));
    let (from, to) = (words::name(facts, edge.from), words::name(facts, edge.to));
    let instead = twin(edge).map(|it| format!("instead of {}", it.1.label)).unwrap_or_default();
    let mut evidence = evidence(facts, edge, crossing.as_ref());
    evidence.also.extend(same.iter().skip(1).map(|it| facts.topology.flow(*it).id.clone()));
    out.finding(Found {
        subjects: same.iter().map(|it| facts.topology.flow(*it).id.clone()).collect(),
        detail: String::new(),
        impact,
        exposure,
        because: format!("it carries {worth}, and {near}"),
        message: format!("{from} and {to} speak {} {instead}", protocol.label).trim_end().to_owned(),
        place: place(facts, edge),
        evidence,
        facts: vec![format!("impact: {}", impact.label()), format!("protocol: {}", protocol.slug)],
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let flows: Vec<FlowIx> = finding.subjects.iter().filter_map(|it| topology.find_flow(it)).collect();
    let Some(first) = flows.first().map(|it| topology.flow(*it)) else { return Vec::new() };
    let Some((plain, twin, ports)) = twin(first) else { return Vec::new() };
    let mut draft = Draft::of(facts.model());
    let all: BTreeSet<FlowIx> = flows.into_iter().flat_map(|it| passed_on(facts, it)).collect();
    for flow in all {
        switch(facts, &mut draft, flow, plain, twin);
    }
    vec![Fix { label: switch_label(first, twin, &ports), edit: draft.finish() }]
}

/// Whether a flow of ours speaks something obsolete, and no other rule tells it.
fn is_obsolete(facts: &Facts, flow: &FlowEdge) -> bool {
    let Some(protocol) = flow.protocol.filter(|it| it.obsolete && !flow.reply) else { return false };
    let is_ours = |it| !facts.topology.component(it).can(Capability::NotOurs);
    // Of what is plain by its nature, Yes is the tunnel around it.
    let is_plain = protocol.encrypted() == Truth::No;
    let is_saved = is_plain && matches!(flow.encrypted, Truth::Yes | Truth::NotApplicable);
    let is_told = flow.encrypted == Truth::No && crossing(facts, flow).is_some();
    (is_ours(flow.from) || is_ours(flow.to)) && !is_saved && !is_told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent};

    fn lan(flow: &str) -> String {
        format!(
            "asset bills \"Invoices\": confidential; user -> scanner: https
             boundary lan: network {{ scanner \"Scanner\": web-server; files \"Files\": file-store }}; scanner -> files: {flow}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &lan("smbv1 [carries bills]"),
            "high obsolete-protocol:scanner-files — Scanner and Files speak SMBv1 instead of SMB with encryption (Scanner → Files · SMBv1 139, 445)",
        );
        fires(
            &RULE,
            "user -> lb: tls-obsolete 443; lb",
            "high obsolete-protocol:user-lb — user and lb speak TLS below 1.2 instead of TLS (user → lb · TLS below 1.2 443)",
        );
        silent(&RULE, &lan("smb [carries bills]"));
        silent(&RULE, &lan("ftp [encrypted yes]"));
        silent(&RULE, &lan("http"));
        silent(&RULE, &lan("telnet [reply]"));
    }

    #[test]
    fn what_crosses_in_clear_is_told_by_another_rule() {
        silent(&RULE, "user -> web: telnet; web");
        silent(&RULE, "boundary t: tier { db: postgres }; job: worker; job -> db: ftp");
        silent(&RULE, "user -> pay: tls-obsolete 443; pay: third-party-service");
    }

    #[test]
    fn what_is_passed_on_and_what_alternatives_do_is_told_once() {
        let passed = "user -> fw -> web: tls-obsolete 443; fw: firewall [allows 443 from user]";
        assert_eq!(only(&RULE, passed).key, "obsolete-protocol:user-fw");
        assert_eq!(mended(&RULE, passed, 0), "");
        let pool = "lb -> web-1, web-2: http-basic; lb";
        assert_eq!(only(&RULE, pool).key, "obsolete-protocol:lb-web-1+lb-web-2");
        assert_eq!(mended(&RULE, pool, 0), "");
    }

    #[test]
    fn the_fix_opens_the_new_port_and_closes_the_old_one() {
        let text = "job -> box: telnet; job: worker; box: worker [listens 23 telnet]";
        assert_eq!(offered(&RULE, text), "Switch to SSH on 22");
        let facts = mended_facts(&RULE, text, 0);
        let target = facts.model().component(&crate::model::Id::slug("box")).unwrap();
        let listens: Vec<String> =
            target.listeners.iter().map(|it| format!("{} {}", it.port, it.protocol)).collect();
        assert_eq!(listens, ["tcp/22 ssh"]);
        assert_eq!(
            only(&RULE, &lan("smbv1 [carries bills]")).because,
            "It carries Invoices (confidential), and whoever takes over Scanner can listen: grave impact, high."
        );
    }
}
