//! `image-or-patch-unmanaged`: known holes that stay open in what faces the internet, or come along in images.

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, alike, answer, impact, nearness,
    rule, severity, steering, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Capability, Ids, Truth};

rule! {
    /// ## What it finds
    /// Own components at which the internet arrives, that handle data which is more than public, and in which, or in
    /// whose image, known holes are not closed within days; and pipelines that bring out programs without their images
    /// being scanned, where containers or clusters are drawn. Where nobody has said, it asks once for all. What its
    /// provider patches is left out, and an answer at a boundary around a component counts.
    ///
    /// ## Why it matters
    /// Attackers try a hole everywhere within hours of its becoming known. An image holds a whole system, mostly written
    /// by others, and stays as old as the day on which it was built.
    ///
    /// ## Example
    /// `user -> web: https [carries accounts]; asset accounts: confidential; web [patching no]`
    ///
    /// ## How to fix it
    /// Know what runs (a list of all parts of each image), scan it each day, build small images anew each week, and
    /// have a way to bring out a patch within a day. Let the provider do it where that is on offer.
    ///
    /// ## References
    /// * CWE-1104, Use of unmaintained third-party components; CWE-1395, Dependency on vulnerable third-party component
    /// * ATT&CK T1190, Exploit public-facing application; T1525, Implant internal image
    /// * OWASP ASVS 4.0, V14.2; NIST SP 800-53, SI-2 and RA-5; NIST SP 800-190, 4.1
    "image-or-patch-unmanaged", "Known holes stay open",
    kind: Asks, on: Whole, reads: [Structure, Pools, Reach, Assets], answers: ["image-scanning", "patching"],
    stride: [ElevationOfPrivilege, Tampering], cwe: [1104, 1395],
    check: check, fixes: fixes,
}

const PATCHING: &str = "patching";
const SCANNING: &str = "image-scanning";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let all = || facts.topology.components().map(|it| it.0);
    let facing: Vec<ComponentIx> = all().filter(|it| is_facing(facts, *it)).collect();
    look_at(facts, PATCHING, &facing, out);
    let is_boxed =
        facts.topology.boundaries().any(|(_, it)| it.kind.shares_runtime && it.kind.slug != "host");
    let holds = |it: ComponentIx| facts.topology.component(it).kind.slug == "container-host";
    if is_boxed || all().any(|it| holds(it) || facts.topology.component(it).kind.slug == "orchestrator") {
        let pipelines = all().filter(|it| steering::is_pipeline(facts.topology.component(*it)));
        let brings_out = |it: &ComponentIx| !steering::deployed(facts, *it).is_empty();
        let pipelines: Vec<ComponentIx> = pipelines.filter(brings_out).collect();
        look_at(facts, SCANNING, &pipelines, out);
    }
}

fn look_at(facts: &Facts, control: &'static str, all: &[ComponentIx], out: &mut Out<'_>) {
    let of = |truth: Truth| -> Vec<ComponentIx> {
        all.iter().copied().filter(|it| alike::control(facts, *it, control) == truth).collect()
    };
    let (unsaid, not) = (of(Truth::Unknown), of(Truth::No));
    let ids = alike::ids(facts, &unsaid);
    let about = alike::unknowns(&ids, control);
    if let Some(first) = about.first().cloned() {
        let (impact, exposure, why) = stake(facts, control, &unsaid);
        let names = words::names(facts, unsaid.iter().copied());
        out.question(Asked {
            about: first,
            stake: severity(facts, impact, exposure),
            text: match control {
                PATCHING => {
                    format!("Are known holes in {names}, in libraries and images too, closed within days?")
                }
                _ => format!("Are container images scanned for known holes before they leave {names}?"),
            },
            why: format!("{}.", words::capital(&why)),
            choices: yes_or_no(&about),
            evidence: Evidence::set(ids),
        });
    }
    let Some(first) = not.first() else { return };
    let (impact, exposure, because) = stake(facts, control, &not);
    let names = words::names(facts, not.iter().copied());
    out.finding(Found {
        subjects: alike::ids(facts, &not),
        detail: control.to_owned(),
        impact,
        exposure,
        because,
        message: match control {
            PATCHING => format!("Known holes in {names} stay open"),
            _ => format!("Images from {names} are not scanned for known holes"),
        },
        place: words::place(facts, *first),
        evidence: alike::evidence(facts, &not),
        facts: vec![format!("impact: {}", impact.label())],
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about = alike::unknowns(&finding.subjects, &finding.detail);
    let names = words::titles(facts, &finding.subjects);
    let label = match finding.detail.as_str() {
        PATCHING => format!("Patch {names} within days"),
        _ => format!("Scan the images of {names}"),
    };
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

/// Whether the internet arrives at it, and what it handles is more than public.
fn is_facing(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let reach = &facts.reach;
    let arrives = reach.exposed_of(component).iter().any(|it| it.hop == 0)
        || reach.served_of(component).iter().any(|it| it.hop == 0);
    !node.can(Capability::NotOurs) && arrives && impact(facts, facts.data.handled(component)) > Impact::Slight
}

fn stake(facts: &Facts, control: &str, members: &[ComponentIx]) -> (Impact, Exposure, String) {
    let names = words::names(facts, members.iter().copied());
    if control == SCANNING {
        let mut deployed: Vec<ComponentIx> =
            members.iter().flat_map(|it| steering::deployed(facts, *it)).collect();
        deployed.sort_unstable();
        deployed.dedup();
        let (impact, changes) = steering::stake(facts, &deployed);
        return (impact, Exposure::OneHop, format!("{names} can change {changes}"));
    }
    let mut assets: Vec<AssetIx> = members.iter().flat_map(|it| facts.data.handled(*it)).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    let (impact, worth) = worth(facts, &assets);
    let nearest = members.iter().map(|it| nearness(facts, *it)).min_by_key(|it| it.0);
    let (exposure, _) = nearest.unwrap_or((Exposure::Deeper, String::new()));
    let why = format!("requests from the internet get to {names}, and {worth} can be taken from there");
    // A hole has to become known first.
    (impact, exposure.max(Exposure::Guarded), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only, silent};

    fn shop(web: &str) -> String {
        format!(
            "asset accounts \"Accounts\": confidential; user -> lb -> web: https [carries accounts]; web \"Web\" [{web}]; lb: aws-alb"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("patching no"),
            "high image-or-patch-unmanaged:web:patching — Known holes in Web stay open (Web)",
        );
        assert_eq!(
            only(&RULE, &shop("patching no")).because,
            "Requests from the internet get to Web, and Accounts (confidential) can be taken from there: grave impact, high."
        );
        assert_eq!(mended(&RULE, &shop("patching no"), 0), "");
        silent(&RULE, &shop("patching yes"));
        asks(
            &RULE,
            &shop(""),
            "? web.controls.patching — Are known holes in Web, in libraries and images too, closed within days?",
        );
        assert_eq!(answered(&RULE, &shop(""), "Yes"), "");
        silent(&RULE, "user -> web: https; web [patching no]");
        silent(
            &RULE,
            &format!(
                "boundary net: network [patching yes] {{ web }}; {}",
                shop("").replace("; web \"Web\" []", "")
            ),
        );
    }

    #[test]
    fn images_are_asked_about_where_they_are_brought_out() {
        let ci = |said: &str, place: &str| {
            format!(
                "ci \"Builds\": jenkins [{said}]; ci -> web: ssh [admin]; boundary k: {place} {{ web }}; job -> web: https"
            )
        };
        asks(
            &RULE,
            &ci("", "cluster"),
            "? ci.controls.image-scanning — Are container images scanned for known holes before they leave Builds?",
        );
        fires(
            &RULE,
            &ci("image-scanning no", "cluster"),
            "medium image-or-patch-unmanaged:ci:image-scanning — Images from Builds are not scanned for known holes (Builds)",
        );
        assert_eq!(mended(&RULE, &ci("image-scanning no", "cluster"), 0), "");
        silent(&RULE, &ci("", "tier"));
    }
}
