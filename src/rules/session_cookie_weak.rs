//! `session-cookie-weak`: session cookies that scripts, other sites or listeners can get at.

use super::browsers::{Door, door};
use super::bundles::alternatives;
use super::cases::{Case, classified, id, once};
use super::entries::holds;
use super::{Evidence, Finding, Fix, Impact, Out, Subject, nearness_of, rule, words, worth};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx};
use crate::model::{Capability, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Where browsers come in, and somebody has said that cookies are not set Secure, HttpOnly and SameSite, or that
    /// they name a server. Where nobody has said, it asks, if one has to log in there, or if a balancer keeps users at
    /// a server by cookie.
    ///
    /// ## Why it matters
    /// A session cookie is as good as the password while it lasts. Without HttpOnly any foreign script reads it,
    /// without Secure any listener, and without SameSite other sites use it. A cookie that names a server tells
    /// attackers of the inner network, and lets them choose whom to overload.
    ///
    /// ## Example
    /// `user -> lb -> web: https; web [authentication]; lb [session-cookies no]`
    ///
    /// ## How to fix it
    /// Set Secure, HttpOnly and SameSite on each, with the prefix `__Host-`. Where a balancer keeps users at a server,
    /// let its cookie hold a random number instead of a name.
    ///
    /// ## References
    /// * CWE-1004, Sensitive cookie without HttpOnly; CWE-614; CWE-1275; CAPEC-31, Accessing HTTP cookies
    /// * OWASP ASVS 4.0, V3.4; NIST SP 800-53, SC-23
    "session-cookie-weak", "Weak session cookie",
    kind: Asks, on: Component, reads: [Structure, Pools, Assets, Reach], answers: ["authenticated", "authentication", "session-cookies"],
    stride: [Spoofing, InformationDisclosure], cwe: [1004, 614, 1275],
    check: check, fixes: fixes,
}

const CONTROL: &str = "session-cookies";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let Some(door) = door(facts, component) else { return };
    for truth in [Truth::No, Truth::Unknown] {
        // What is wrong is said one by one; of alternatives of which nobody has said it, the first asks for all.
        let doors: Vec<(ComponentIx, Door)> = match truth {
            Truth::Unknown => alternatives(facts, component)
                .into_iter()
                .filter_map(|it| Some((it, self::door(facts, it)?)))
                .filter(|(it, door)| !subjects(facts, *it, door, truth).is_empty())
                .collect(),
            _ => Vec::new(),
        };
        match &doors[..] {
            [] => say(facts, truth, &[(component, &door)], out),
            [(first, _), ..] if *first != component => {}
            doors => say(facts, truth, &doors.iter().map(|it| (it.0, &it.1)).collect::<Vec<_>>(), out),
        }
    }
}

/// Of which elements it is said: what hands requests on is asked itself; elsewhere the flows are.
fn subjects(facts: &Facts, component: ComponentIx, door: &Door, truth: Truth) -> Vec<Id> {
    let node = facts.topology.component(component);
    let is_asked = truth == Truth::No || is_sticky(facts, component) || door.has_login(facts, component);
    let of_flows = |truth: Truth| -> Vec<Id> {
        let said = |it: &FlowIx| facts.topology.flow(*it).record.controls.truth(CONTROL);
        let same = door.flows.iter().filter(|it| said(it) == truth);
        same.map(|it| facts.topology.flow(*it).id.clone()).collect()
    };
    if !is_asked {
        return Vec::new();
    }
    if !node.can(Capability::HandsOn) {
        return of_flows(truth);
    }
    let said = match node.control(CONTROL) {
        Truth::Unknown if !of_flows(Truth::No).is_empty() => Truth::No,
        Truth::Unknown if of_flows(Truth::Unknown).is_empty() => Truth::NotApplicable,
        said => said,
    };
    if said == truth { vec![node.id.clone()] } else { Vec::new() }
}

fn is_sticky(facts: &Facts, component: ComponentIx) -> bool {
    facts.topology.component(component).record.balancing == "cookie-affinity"
}

fn say(facts: &Facts, truth: Truth, doors: &[(ComponentIx, &Door)], out: &mut Out<'_>) {
    let Some(component) = doors.first().map(|it| it.0) else { return };
    let subjects: Vec<Id> = doors.iter().flat_map(|(it, door)| subjects(facts, *it, door, truth)).collect();
    if subjects.is_empty() {
        return;
    }
    let behind = || doors.iter().flat_map(|it| it.1.behind.iter().copied());
    let assets: Vec<AssetIx> = once(behind().flat_map(|it| classified(facts, facts.data.handled(it))));
    let (impact, worth) = worth(facts, &assets);
    let name = words::names(facts, doors.iter().map(|it| it.0));
    let (exposure, near) = nearness_of(facts, component, &name);
    let stake =
        if assets.is_empty() { String::new() } else { format!("a session there opens {worth}, and ") };
    let sticky = if doors.iter().any(|it| is_sticky(facts, it.0)) {
        "users are kept at a server by cookie, and "
    } else {
        ""
    };
    let mut also = subjects.clone();
    also.extend(behind().map(|it| id(facts, it)));
    Case {
        control: CONTROL,
        subjects,
        truth,
        // Whoever has the cookie is the user.
        impact: impact.max(Impact::Serious),
        exposure,
        question: format!(
            "Are the cookies of {name} set Secure, HttpOnly and SameSite, and free of server names?"
        ),
        message: format!("Cookies of {name} can be stolen, or tell too much"),
        because: format!("{sticky}{stake}{near}"),
        place: words::place(facts, component),
        evidence: Evidence::set(also),
        facts: assets.iter().map(|it| format!("opens {}", facts.data.asset_id(*it))).collect(),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Set Secure, HttpOnly and SameSite, and no server names, at")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(lb: &str, web: &str) -> String {
        format!("user -> lb -> web: https; lb \"Balancer\" [notes x{lb}]; web \"Web\" [notes x{web}]")
    }

    #[test]
    fn twins_are_asked_about_together() {
        let text = "browser -> lb-1, lb-2: https; lb-1, lb-2 -> web: https; web: web-server
            lb-1: load-balancer [pool lb; authentication yes]; lb-2: load-balancer [pool lb; authentication yes]";
        let together = "? lb-1.controls.session-cookies — \
            Are the cookies of lb-1 and lb-2 set Secure, HttpOnly and SameSite, and free of server names?";
        asks(&RULE, text, together);
        assert_eq!(answered(&RULE, text, "Yes"), "");
        // Each that is wrong is found.
        assert_eq!(answered(&RULE, text, "No").lines().count(), 2);
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let text = shop("; session-cookies no", "");
        fires(
            &RULE,
            &text,
            "high session-cookie-weak:lb — Cookies of Balancer can be stolen, or tell too much (Balancer)",
        );
        silent(&RULE, &shop("; session-cookies yes", "; authentication"));
        silent(&RULE, &shop("", ""));
        for known in [shop("", "; authentication"), shop("; balancing cookie-affinity", "")] {
            asks(
                &RULE,
                &known,
                "? lb.controls.session-cookies — Are the cookies of Balancer set Secure, HttpOnly and SameSite, and free of server names?",
            );
            assert_eq!(answered(&RULE, &known, "Yes"), "");
        }
        assert_eq!(
            offered(&RULE, &text),
            "Set Secure, HttpOnly and SameSite, and no server names, at Balancer"
        );
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn flows_are_asked_where_nothing_hands_on_and_apps_are_not() {
        let text = "user -> web: https; web \"Web\" [authentication]";
        asks(
            &RULE,
            text,
            "? user-web.controls.session-cookies — Are the cookies of Web set Secure, HttpOnly and SameSite, and free of server names?",
        );
        silent(&RULE, &text.replace("user", "mobile"));
        silent(&RULE, &text.replace(": https", ": ssh"));
        // A store lets in what asks it; that makes no session of a reader.
        silent(&RULE, "user -> cdn -> files: https; files: object-store [authentication]");
        let said = shop("", "").replace(": https", ": https [session-cookies no]");
        assert_eq!(mended(&RULE, &said, 0), "");
    }
}
