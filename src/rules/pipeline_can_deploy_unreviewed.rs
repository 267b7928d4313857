//! `pipeline-can-deploy-unreviewed`: pipelines that bring out what one person alone wrote.

use super::bundles::alternatives;
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, alike, answer, nearness, rule,
    severity, steering, words, yes_or_no,
};
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Ids, Truth};

rule! {
    /// ## What it finds
    /// Build servers and repositories with a flow that administers another component (or that says nothing, and goes
    /// to what runs the program), of which somebody has said that a change needs no second person's approval. Where
    /// nobody has said, it asks.
    ///
    /// ## Why it matters
    /// Whoever may release alone can put anything into production, by mistake or on purpose, and so can whoever steals
    /// their login. Every other guard stands behind this one.
    ///
    /// ## Example
    /// `ci: jenkins [review-before-deploy no]; ci -> web: ssh [admin]; user -> web: https`
    ///
    /// ## How to fix it
    /// Protect the branch that is released: a second person approves each change, the pipeline itself included, and
    /// nobody has rights in production besides it. Sign what is built, and check that where it runs.
    ///
    /// ## References
    /// * CWE-494, Download of code without integrity check; ATT&CK T1195.002, Compromise software supply chain
    /// * OWASP Top 10 CI/CD Security Risks, CICD-SEC-1, Insufficient flow control mechanisms
    /// * NIST SP 800-53, CM-3 and CM-5; SLSA, Source track
    "pipeline-can-deploy-unreviewed", "Release without review",
    kind: Asks, on: Component, reads: [Structure, Pools, Assets, Reach], answers: ["review-before-deploy"],
    stride: [Tampering, ElevationOfPrivilege, Repudiation],
    cwe: [494],
    check: check, fixes: fixes,
}

const CONTROL: &str = "review-before-deploy";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let node = facts.topology.component(component);
    let truth = node.control(CONTROL);
    if !steering::is_pipeline(node) || !matches!(truth, Truth::No | Truth::Unknown) {
        return;
    }
    let deployed = steering::deployed(facts, component);
    if deployed.is_empty() {
        return;
    }
    let (impact, exposure, changes) = stake(facts, component, &deployed);
    let (name, id) = (words::name(facts, component), alike::id(facts, component));
    let evidence = Evidence::set(std::iter::once(id.clone()).chain(alike::ids(facts, &deployed)));
    if truth == Truth::Unknown {
        let is_asked = |it: &ComponentIx| {
            let node = facts.topology.component(*it);
            let is_open = steering::is_pipeline(node) && node.control(CONTROL) == truth;
            is_open && !steering::deployed(facts, *it).is_empty()
        };
        // Of alternatives the first speaks for all.
        let same: Vec<ComponentIx> = alternatives(facts, component).into_iter().filter(is_asked).collect();
        if same.first() != Some(&component) {
            return;
        }
        let abouts = alike::unknowns(&alike::ids(facts, &same), CONTROL);
        let Some(about) = abouts.first().cloned() else { return };
        let name = words::names(facts, same.iter().copied());
        out.question(Asked {
            about,
            stake: severity(facts, impact, exposure),
            text: format!("Must a second person approve each change that goes out through {name}?"),
            why: format!("Changes go out to {changes}."),
            choices: yes_or_no(&abouts),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: vec![id],
        detail: String::new(),
        impact,
        exposure,
        because: format!("{name} can change {changes}"),
        message: format!("One person alone can bring out anything through {name}"),
        place: words::place(facts, component),
        evidence,
        facts: alike::ids(facts, &deployed).iter().map(|it| format!("changes {it}")).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about = alike::unknowns(&finding.subjects, CONTROL);
    let label = "Let a second person approve each change".to_owned();
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

/// What it changes. One stolen login of those who release is enough, so it is never deeper than one compromise.
fn stake(facts: &Facts, component: ComponentIx, deployed: &[ComponentIx]) -> (Impact, Exposure, String) {
    let (impact, words) = steering::stake(facts, deployed);
    (impact, nearness(facts, component).0.min(Exposure::OneHop), words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only, silent};

    fn shop(ci: &str, flow: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; user -> web: https [carries cards]; web \"Web\"
             ci \"Builds\": jenkins [{ci}]; ci -> {flow}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shop("review-before-deploy no", "web: ssh [admin]");
        fires(
            &RULE,
            &no,
            "high pipeline-can-deploy-unreviewed:ci — One person alone can bring out anything through Builds (Builds)",
        );
        assert_eq!(
            only(&RULE, &no).because,
            "Builds can change Web with Card numbers (secret): grave impact, high."
        );
        assert_eq!(mended(&RULE, &no, 0), "");
        silent(&RULE, &shop("review-before-deploy yes", "web: ssh [admin]"));
        let unsaid = shop("", "web: ssh");
        asks(
            &RULE,
            &unsaid,
            "? ci.controls.review-before-deploy — Must a second person approve each change that goes out through Builds?",
        );
        assert_eq!(answered(&RULE, &unsaid, "Yes"), "");
    }

    #[test]
    fn only_what_brings_out_is_asked() {
        silent(&RULE, &shop("", "files: https [write]; files: object-store"));
        silent(&RULE, &shop("", "web: https [read]"));
        silent(&RULE, &shop("", "other: ssh; other: github"));
        silent(&RULE, &shop("", "chat: https [admin]; chat: third-party-service"));
    }
}
