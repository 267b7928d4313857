//! `pipeline-exposed`: pipelines and repositories that strangers get to without a login.

use super::bundles::alternatives;
use super::exposures::{Open, Speaker, login, meant, open};
use super::shutting::{Between, Shutting};
use super::{
    Asked, Exposure, Finding, Fix, Impact, Out, Subject, alike, answer, nearness, rule, severity, yes_or_no,
};
use super::{steering, words};
use crate::analysis::{ComponentIx, Facts, Unknown};
use crate::model::{Id, Ids, Ports, Truth};

rule! {
    /// ## What it finds
    /// Build servers, repositories and image registries at which anybody on the internet arrives and need not log in,
    /// and those at which nobody meant the internet to arrive. Where a flow is drawn from there and nobody has said
    /// whether a login is demanded, or it depends on a filter of which nobody has said what it lets in, it asks. One
    /// with a login is looked at by `exposed-port` and `exposed-admin-port` like anything else.
    ///
    /// ## Why it matters
    /// What the pipeline builds runs everywhere, with the keys of production at hand. Whoever gets in there need not
    /// break into anything else: the next release brings them along.
    ///
    /// ## Example
    /// `user -> ci: https; ci "Builds": jenkins [authentication no]; ci -> web: ssh [admin]`
    ///
    /// ## How to fix it
    /// Put it behind a VPN, or demand a login with a second factor, for reading too: logs and images hold secrets. Let
    /// calls from outside in by signed callbacks only.
    ///
    /// ## References
    /// * CWE-306, Missing authentication for critical function; CWE-668, Exposure of resource to wrong sphere
    /// * ATT&CK T1195, Supply chain compromise; T1190, Exploit public-facing application
    /// * OWASP Top 10 CI/CD Security Risks, CICD-SEC-2 and CICD-SEC-7; NIST SP 800-53, AC-17 and SA-15
    "pipeline-exposed", "Pipeline exposed",
    kind: Asks, on: Component, reads: [Structure, Pools, Reach, Assets], answers: ["authenticated", "authentication"], stride: [Spoofing, Tampering, ElevationOfPrivilege],
    cwe: [306, 668],
    check: check, fixes: fixes,
}

const CONTROL: &str = "authentication";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    if !steering::is_pipeline(facts.topology.component(component)) {
        return;
    }
    for open in open(facts, component, Speaker::Pipeline) {
        let (impact, exposure, because) = stake(facts, &open);
        let level = severity(facts, impact, exposure);
        let is_meant = open.ports.is_subset(&meant(facts, component));
        if open.row.question {
            open.ask(facts, out, level);
        } else if is_meant && login(facts, component) == Truth::Unknown {
            // Of alternatives the first speaks for all.
            let same: Vec<ComponentIx> =
                alternatives(facts, component).into_iter().filter(|it| asks(facts, *it)).collect();
            if same.first() != Some(&component) {
                continue;
            }
            let about: Vec<Unknown> = alike::ids(facts, &same).iter().map(unknown).collect();
            out.question(Asked {
                about: unknown(&open.id(facts)),
                stake: level,
                text: format!("Must everyone who calls {} prove who they are?", words::names(facts, same)),
                why: format!("{}.", words::capital(&because)),
                choices: yes_or_no(&about),
                evidence: open.evidence(facts),
            });
        } else {
            out.finding(open.found(facts, (impact, exposure, because)));
        }
    }
}

/// Whether it is open by what is meant to be, and nobody has said whether it demands a login.
fn asks(facts: &Facts, component: ComponentIx) -> bool {
    let is_pipeline = steering::is_pipeline(facts.topology.component(component));
    is_pipeline
        && login(facts, component) == Truth::Unknown
        && open(facts, component, Speaker::Pipeline)
            .iter()
            .any(|it| !it.row.question && it.ports.is_subset(&meant(facts, component)))
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let component = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some((component, ports)) = component.zip(finding.detail.parse::<Ports>().ok()) else {
        return Vec::new();
    };
    let shutting = || Shutting::of(facts, component, ports.clone());
    let label = format!("Demand a login at {}", words::name(facts, component));
    let about = alike::unknowns(&finding.subjects, CONTROL);
    let demanded = Fix { label, edit: answer(facts, &about, Truth::Yes) };
    let vpn = shutting().fix_behind("Put a VPN gateway in front", Between::of("vpn-gateway", "VPN"), ids);
    [vpn, Some(demanded), shutting().fix_by_closing()].into_iter().flatten().collect()
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// What it builds or brings out, how near the internet is, and in words why.
fn stake(facts: &Facts, open: &Open<'_>) -> (Impact, Exposure, String) {
    let name = words::name(facts, open.component);
    let (exposure, near) = nearness(facts, open.component);
    match &steering::deployed(facts, open.component)[..] {
        [] => (Impact::Serious, exposure, format!("what the others run comes from {name}, and {near}")),
        deployed => {
            let (impact, words) = steering::stake(facts, deployed);
            (impact, exposure, format!("{name} can change {words}, and {near}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    fn shop(ci: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; user -> web: https [carries cards]; web \"Web\"
             ci \"Builds\": jenkins [{ci}]; ci -> web: ssh [admin]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let with = |ci: &str| format!("{}; user -> ci: https", shop(ci));
        fires(
            &RULE,
            &with("authentication no"),
            "critical pipeline-exposed:ci:tcp/443 — HTTPS is exposed to the internet (Builds · port 443)",
        );
        assert_eq!(
            only(&RULE, &with("authentication no")).because,
            "Builds can change Web with Card numbers (secret), and anyone on the internet gets there: grave impact, critical."
        );
        silent(&RULE, &with("authentication yes"));
        silent(&RULE, &format!("{} [authenticated yes]", with("")));
        silent(&RULE, &shop("authentication no"));
        asks(
            &RULE,
            &with(""),
            "? ci.controls.authentication — Must everyone who calls Builds prove who they are?",
        );
        assert_eq!(answered(&RULE, &with(""), "Yes"), "");
    }

    #[test]
    fn what_nobody_meant_is_found_at_once() {
        let text = "user -> web: https; boundary net: network [ingress open] { web: web-server; ci: jenkins [listens 8080] }";
        fires(
            &RULE,
            text,
            "high pipeline-exposed:ci:tcp/8080 — Port 8080 is exposed to the internet (ci · port 8080)",
        );
        silent(&RULE, &text.replace("listens 8080", "listens 8080; authentication yes"));
    }

    #[test]
    fn each_fix_mends_it() {
        let text = format!("{}; user -> ci: https", shop("authentication no"));
        assert_eq!(offered(&RULE, &text), "Put a VPN gateway in front\nDemand a login at Builds");
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
