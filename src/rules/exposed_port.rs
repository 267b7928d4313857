//! `exposed-port`: listeners that the internet reaches and that nobody meant for it.

use super::exposures::{Speaker, open};
use super::shutting::Shutting;
use super::{Finding, Fix, Out, Subject, rule};
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Component, Draft, Edit, From, Ids, Listener, Ports};

rule! {
    /// ## What it finds
    /// Ports on which a component listens and at which anybody on the internet arrives without having broken into
    /// anything, though nobody meant them for it. A port is meant for the internet if its listener says so, or if a
    /// flow on it is drawn from there and its listener does not say otherwise; at the edge, a flow from the internet
    /// also stands for what the kind is there for. Of a port that administers speaks `exposed-admin-port`, of a store
    /// or a queue `exposed-data-store`, of an orchestrator `orchestrator-exposed`, of a pipeline without a login
    /// `pipeline-exposed`. Where it depends on a filter of which nobody has said what it lets in, it asks.
    ///
    /// ## Why it matters
    /// The internet is searched for open ports all the time. What was opened by accident is looked after by nobody: it
    /// is neither patched nor watched, and often asks for no login, since everyone thought that it was inside.
    ///
    /// ## Example
    /// `user -> lb: https; boundary tier [ingress open] { lb: load-balancer [listens 443 for anywhere; listens 9000] }`
    ///
    /// ## How to fix it
    /// Let the filter before it allow only the ports that are meant for the internet, or put a firewall there that
    /// does. If the port is there for the internet, say so; if nobody uses it, close it.
    ///
    /// ## References
    /// * CWE-668, Exposure of resource to wrong sphere; CWE-1327, Binding to an unrestricted IP address
    /// * CAPEC-300, Port scanning; ATT&CK T1190, Exploit public-facing application
    /// * NIST SP 800-53, SC-7 and CM-7; OWASP ASVS 4.0, V14.1
    "exposed-port", "Port exposed to the internet",
    kind: Asks, on: Component, reads: [Structure, Reach, Assets], answers: ["authenticated", "authentication"],
    stride: [InformationDisclosure, ElevationOfPrivilege],
    cwe: [668, 1327],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for open in open(facts, component, Speaker::Port) {
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
    let shutting = Shutting::of(facts, component, ports.clone());
    let label = format!("Declare {} as meant for the internet", ports.numbers());
    let declared = Fix { label, edit: declaring(facts, component, &ports) };
    [shutting.fix_at_the_edge(ids), Some(declared), shutting.fix_by_closing()].into_iter().flatten().collect()
}

fn declaring(facts: &Facts, component: ComponentIx, ports: &Ports) -> Edit {
    let mut draft = Draft::of(facts.model());
    draft.edit::<Component>(&facts.topology.component(component).id, |it| {
        let mut rest = ports.clone();
        for listener in it.listeners.iter_mut().filter(|it| it.port.overlaps(ports)) {
            listener.meant_for = From::Anywhere;
            rest = rest.minus(&listener.port);
        }
        if !rest.is_empty() {
            it.listeners.push(Listener { port: rest, meant_for: From::Anywhere, ..Listener::default() });
        }
    });
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent, told};

    /// A balancer in a tier, with a way in.
    fn shop(tier: &str, lb: &str) -> String {
        format!(
            "asset names: internal [personal]; user \"Users\"; user -> lb: https [carries names]
             boundary tier \"Service tier\": subnet-tier [{tier}] {{ lb \"Load balancer\": load-balancer [listens 443 for anywhere; {lb}] }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("ingress open", "listens 9000"),
            "high exposed-port:lb:tcp/9000 — Port 9000 is exposed to the internet (Load balancer · port 9000)",
        );
        silent(&RULE, &shop("ingress 443 from anywhere", "listens 9000"));
        silent(&RULE, &shop("ingress open", "listens 9000 for anywhere"));
        asks(
            &RULE,
            &shop("segmented no", "listens 9000"),
            "? tier.ingress — What may enter Service tier, and from where?",
        );
    }

    #[test]
    fn a_flow_that_is_drawn_from_the_internet_says_what_is_meant() {
        let text = |lb: &str| format!("user -> lb: https 8443; lb: load-balancer [{lb}]");
        silent(&RULE, &text(""));
        silent(&RULE, &text("listens 8443"));
        // What the kind is there for, once it is used at all.
        silent(&RULE, &text("listens 443"));
        fires(
            &RULE,
            &text("listens 8443 https for lb"),
            "high exposed-port:lb:tcp/8443 — HTTPS on 8443 is exposed to the internet (lb · port 8443)",
        );
        // A flow from what is not the internet says nothing of it.
        let partner = "user -> lb: https; job: worker; job -> lb: http; lb: load-balancer";
        assert!(told(&RULE, partner).contains("HTTP is exposed"), "{}", told(&RULE, partner));
    }

    #[test]
    fn narrower_rules_speak_of_their_ports() {
        silent(&RULE, "user -> web: https; web: web-server [listens 22]");
        silent(&RULE, "user -> db: https; db: postgres [listens 9000]");
        silent(&RULE, "user -> k8s: https 443; k8s: orchestrator [listens 9000]");
        silent(&RULE, "user -> ci: https; ci: jenkins [listens 9000]");
    }

    #[test]
    fn the_way_shows_the_gate_and_the_ports() {
        let text = format!(
            "{}\nfw \"Firewall\": firewall [gate-of tier; allows 443, 9000 from anywhere]",
            shop("", "listens 9000")
        );
        let finding = only(&RULE, &text);
        let hops: Vec<String> = finding
            .evidence
            .path
            .iter()
            .map(|it| format!("{} {} {}", it.element, it.ports.as_ref().unwrap().numbers(), it.note))
            .collect();
        assert_eq!(hops, ["user all ports ", "fw 443, 9000 gate of Service tier", "lb 9000 listens on 9000"]);
        assert_eq!(
            finding.because,
            "Names (internal) can be taken from Load balancer, and anyone on the internet gets there: serious impact, high."
        );
        assert_eq!(finding.facts, ["authentication: unknown", "impact: serious", "way: user fw lb"]);
    }

    #[test]
    fn each_fix_mends_it() {
        let gated = format!(
            "{}\nfw: firewall [gate-of tier; allows 80, 443, 9000 from anywhere]",
            shop("", "listens 80 for anywhere; listens 9000")
        );
        assert_eq!(
            offered(&RULE, &gated),
            "Allow only 80, 443\nDeclare 9000 as meant for the internet\nClose 9000 on Load balancer"
        );
        let bare = shop("ingress open", "listens 9000");
        assert_eq!(
            offered(&RULE, &bare),
            "Put a firewall before Service tier\nDeclare 9000 as meant for the internet\nClose 9000 on Load balancer"
        );
        for n in 0..3 {
            assert_eq!(
                (mended(&RULE, &gated, n).as_str(), mended(&RULE, &bare, n).as_str()),
                ("", ""),
                "{n}"
            );
        }
        // A filter cannot tell two that listen on one port.
        let twins = "user -> lb: https; boundary tier [ingress open] { lb: load-balancer; web: web-server [listens 443] }";
        assert_eq!(
            offered(&RULE, twins),
            "Move web into a filtered tier\nDeclare 443 as meant for the internet\nClose 443 on web"
        );
        for n in 0..3 {
            assert_eq!(mended(&RULE, twins, n), "", "{n}");
        }
    }

    #[test]
    fn answers_settle_it() {
        let text = shop("segmented no", "listens 9000");
        assert_eq!(answered(&RULE, &text, "Only what is drawn (443 from anywhere)"), "");
        assert_eq!(answered(&RULE, &text, "Nothing"), "");
        assert!(
            answered(&RULE, &text, "Anything from anywhere").starts_with("high exposed-port:lb:tcp/9000")
        );
    }
}
