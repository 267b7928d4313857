//! `exposed-admin-port`: shells, consoles, orchestrator and debug ports that the internet reaches.

use super::exposures::{Speaker, open};
use super::shutting::{Between, Shutting};
use super::{Finding, Fix, Out, Subject, rule};
use crate::analysis::Facts;
use crate::model::{Ids, Ports};

rule! {
    /// ## What it finds
    /// Ports that administer a component (SSH, remote desktop, the APIs of orchestrators and container hosts, debug
    /// ports, whatever a drawn flow administers it by) and at which anybody on the internet arrives without having
    /// broken into anything. That a flow is drawn from there, or that a listener is meant for it, does not silence it.
    /// VPN gateways and bastions are there for just this and are left alone; of
    /// orchestrators and of pipelines without a login speak `orchestrator-exposed` and `pipeline-exposed`. Where it depends on a filter of which
    /// nobody has said what it lets in, it asks.
    ///
    /// ## Why it matters
    /// Whoever gets in there owns the machine, past the application and all that it checks. Such ports are tried with
    /// stolen and guessed passwords within minutes of being opened, and a single hole in the service is enough.
    ///
    /// ## Example
    /// `user -> lb: https; boundary tier [ingress open] { lb: load-balancer [listens 443 for anywhere; listens 22 ssh] }`
    ///
    /// ## How to fix it
    /// Let the filter before it allow only what users need. Whoever administers the system gets in by a VPN gateway or
    /// a bastion that demands a second factor and logs what is done. Close the port if nobody uses it.
    ///
    /// ## References
    /// * CWE-749, Exposed dangerous method or function; CWE-668, Exposure of resource to wrong sphere
    /// * CAPEC-49, Password brute forcing; ATT&CK T1133, External remote services; T1021, Remote services
    /// * NIST SP 800-53, AC-17 and SC-7
    "exposed-admin-port", "Admin port exposed to the internet",
    kind: Asks, on: Component, reads: [Structure, Reach, Assets], answers: ["authenticated", "authentication"],
    stride: [Spoofing, ElevationOfPrivilege], cwe: [668, 749],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for open in open(facts, component, Speaker::AdminPort) {
        if open.row.question {
            open.ask(facts, out, open.level(facts));
            continue;
        }
        out.finding(open.found(facts, open.stake(facts)));
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let component = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some((component, ports)) = component.zip(finding.detail.parse::<Ports>().ok()) else {
        return Vec::new();
    };
    let shutting = || Shutting::of(facts, component, ports.clone());
    let edge = shutting().fix_at_the_edge(ids);
    let bastion = shutting().fix_behind("Put a bastion in front", Between::of("bastion", "Bastion"), ids);
    let mut fixes: Vec<Fix> = [edge, bastion, shutting().fix_by_closing()].into_iter().flatten().collect();
    if fixes.is_empty() {
        fixes.extend(shutting().fix_by_removing());
    }
    fixes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{asks, fires, mended, mended_facts, offered, silent, told};

    /// A balancer of that many ports, behind a gate that allows some.
    fn shop(lb: &str, allows: &str) -> String {
        format!(
            "asset names: internal [personal]; user \"Users\"; user -> lb: https [carries names]
             fw \"Firewall\": firewall [gate-of tier; allows {allows}]
             boundary tier \"Service tier\": subnet-tier {{
               lb \"Load balancer\": load-balancer [listens 80, 443 for anywhere; {lb}]
             }}
             boundary office: organisation {{ }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("listens 22", "22, 80, 443 from anywhere"),
            "high exposed-admin-port:lb:tcp/22 — SSH is exposed to the internet (Load balancer · port 22)",
        );
        silent(&RULE, &shop("listens 22", "80, 443 from anywhere"));
        silent(&RULE, &shop("listens 22", "80, 443 from anywhere, 22 from office"));
        asks(
            &RULE,
            &shop("listens 22", "unknown"),
            "? fw.allows — What may enter Service tier through Firewall, and from where?",
        );
    }

    #[test]
    fn what_administers_is_told_by_what_is_spoken() {
        let web = |web: &str| format!("user -> web: https; web: web-server [{web}]");
        silent(&RULE, &web("listens 22 sftp"));
        silent(&RULE, &web("listens 8443"));
        fires(
            &RULE,
            &web("listens 2222 ssh for anywhere"),
            "high exposed-admin-port:web:tcp/2222 — SSH on 2222 is exposed to the internet (web · port 2222)",
        );
        fires(
            &RULE,
            &web("listens 5005; listens 6443"),
            "high exposed-admin-port:web:tcp/5005 — Java debugging is exposed to the internet (web · port 5005)
             high exposed-admin-port:web:tcp/6443 — Kubernetes API is exposed to the internet (web · port 6443)",
        );
        // A console of its own, but not one port for everybody.
        fires(
            &RULE,
            "user -> web: https; admin -> web: https 8443 [admin]; web: web-server",
            "high exposed-admin-port:web:tcp/8443 — HTTPS on 8443 is exposed to the internet (web · port 8443)",
        );
        silent(&RULE, "user -> web: https; admin -> web: https [admin]; web: web-server");
        // These are there for it.
        silent(&RULE, "admin -> jump: ssh; jump: bastion [listens 22 ssh]");
        // Of a store speaks another rule, and so it is with what steers others and with a pipeline without a login.
        silent(&RULE, "admin -> k8s: kubernetes; k8s: orchestrator");
        silent(&RULE, "admin -> ci: ssh; ci: jenkins");
        let guarded = "admin -> ci: ssh; ci: jenkins [authentication yes]";
        assert!(told(&RULE, guarded).contains("SSH is exposed"), "{}", told(&RULE, guarded));
        silent(&RULE, "user -> db: postgres; db: postgres [listens 22]");
    }

    #[test]
    fn each_fix_mends_it() {
        let gated = shop("listens 22 ssh", "22, 80, 443 from anywhere");
        assert_eq!(
            offered(&RULE, &gated),
            "Allow only 80, 443\nPut a bastion in front and allow only 80, 443\nClose 22 on Load balancer"
        );
        for n in 0..3 {
            assert_eq!(mended(&RULE, &gated, n), "", "{n}");
        }
    }

    #[test]
    fn a_bastion_takes_over_what_was_drawn() {
        let drawn =
            format!("{}\nadmin -> lb: ssh [admin]", shop("listens 22 ssh", "22, 80, 443 from anywhere"));
        let bare = "user -> web: https; admin -> web: rdp; web: web-server".to_owned();
        let shut = ["allow only 80, 443", "move web into a filtered tier"];
        for ((text, fw), shut) in [(drawn, "fw"), (bare, "web-firewall")].into_iter().zip(shut) {
            assert_eq!(offered(&RULE, &text), format!("Put a bastion in front and {shut}"), "{text}");
            assert_eq!(mended(&RULE, &text, 0), "");
            let facts = mended_facts(&RULE, &text, 0);
            let model = facts.model();
            let bastion = model.components().iter().find(|it| it.1.kind == "bastion").unwrap().0;
            let admin = model.flows().values().find(|it| it.from.as_str() == "admin").unwrap();
            assert_eq!((&admin.to, admin.protocol.as_str()), (bastion, "ssh"));
            let gate = model.components().iter().find(|it| it.0.as_str().starts_with(fw)).unwrap().1;
            let allows: Vec<String> =
                gate.allows.entries().iter().map(|it| format!("{} {:?}", it.ports, it.from)).collect();
            assert!(allows.iter().any(|it| it.contains(bastion.as_str())), "{allows:?}");
            for (flow, edge) in facts.topology.flows() {
                assert!(
                    edge.ports.is_subset(&facts.ingress.lets_flow(&facts.topology, flow).certain),
                    "{edge:?}"
                );
            }
        }
    }
}
