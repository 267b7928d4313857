//! `entry-without-authentication`: what strangers can use without saying who they are.

use super::{
    Asked, Evidence, Finding, Fix, Found, Out, Subject, answer, nearness, rule, severity, words, worth,
    yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Requests, Unknown};
use crate::model::{
    Access, Answer, Asset, Capability, Class, Component, Draft, Edit, Family, Flow, Id, Ids, Listener, Truth,
};

rule! {
    /// ## What it finds
    /// Components that handle classified assets (internal and above, personal, credentials), that requests from
    /// outside reach along the drawn flows, and whose callers need not prove who they are. It asks where nobody has
    /// said. A login anywhere on the way counts: at a gateway, at a VPN or bastion, or on a flow. What only hands
    /// requests on is not asked, but what stands behind it.
    ///
    /// ## Why it matters
    /// Whoever finds the address can use it, under any name, and nobody can tell afterwards who it was.
    ///
    /// ## Example
    /// `user -> web: https [carries accounts]; asset accounts: confidential; web [authentication no]`
    ///
    /// ## How to fix it
    /// Demand a login, best from an identity provider that the other parts can use, too; or let a gateway before it
    /// demand one.
    ///
    /// ## References
    /// * CWE-306, Missing authentication for critical function; CAPEC-115, Authentication bypass
    /// * OWASP ASVS 4.0, V2; NIST SP 800-53, IA-2 and IA-8
    "entry-without-authentication", "Entry without authentication",
    kind: Asks, on: Whole, reads: [Structure, Assets, Pools, Reach], answers: ["authenticated", "authentication"],
    stride: [Spoofing, ElevationOfPrivilege], cwe: [306],
    check: check, fixes: fixes,
}

const CONTROL: &str = "authentication";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let topology = &facts.topology;
    let login = |it: ComponentIx| said(facts, it) == Truth::Yes;
    let requests = Requests::from(
        topology,
        |it| comes_from_outside(facts, it),
        login,
        |it| topology.flow(it).record.authenticated.is_yes(),
    );
    for (component, _) in topology.components() {
        if let Some(way) = requests.to(component).filter(|_| is_asked(facts, component)) {
            look_at(facts, component, &way, &requests, out);
        }
    }
}

fn look_at(
    facts: &Facts,
    component: ComponentIx,
    way: &[ComponentIx],
    requests: &Requests,
    out: &mut Out<'_>,
) {
    let truth = truth(facts, component);
    let is_same =
        |it: &ComponentIx| is_asked(facts, *it) && requests.reaches(*it) && self::truth(facts, *it) == truth;
    let same: Vec<ComponentIx> = alternatives(facts, component).into_iter().filter(is_same).collect();
    // Alternatives are one: the first of them speaks for all.
    if !matches!(truth, Truth::No | Truth::Unknown) || same.first() != Some(&component) {
        return;
    }
    let assets = classified(facts, component);
    let (impact, worth) = worth(facts, &assets);
    let (exposure, near) = nearness(facts, component);
    let ids: Vec<Id> = same.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
    let names = words::names(facts, same.iter().copied());
    let evidence = Evidence::way(facts, way.iter().copied());
    if truth == Truth::Unknown {
        let about: Vec<Unknown> = ids.iter().map(unknown).collect();
        let start = way.first().map(|it| words::name(facts, *it)).unwrap_or_default();
        out.question(Asked {
            about: unknown(&facts.topology.component(component).id),
            stake: severity(facts, impact, exposure),
            text: format!("Must everyone who calls {names} prove who they are?"),
            why: format!("Requests of {start} get to {worth} there."),
            choices: yes_or_no(&about),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: ids,
        detail: String::new(),
        impact,
        exposure,
        because: format!("{worth} can be taken from {names}, and {near}"),
        message: format!("{names} can be used without a login"),
        place: words::place(facts, component),
        evidence,
        facts: assets.iter().map(|it| format!("handles {}", facts.data.asset_id(*it))).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    let provider = facts
        .topology
        .components()
        .find(|(_, it)| it.record.kind == "identity-provider")
        .map(|(_, it)| (it.id.clone(), it.record.title().to_owned()));
    let label = match &provider {
        Some((_, name)) => format!("Let {name} log users in"),
        None => "Add an identity provider".to_owned(),
    };
    vec![
        Fix { label: format!("Demand a login at {names}"), edit: answer(facts, &about, Truth::Yes) },
        Fix { label, edit: with_provider(facts, finding, provider.map(|it| it.0), ids) },
    ]
}

/// Flows to an identity provider, which is drawn if there is none.
fn with_provider(facts: &Facts, finding: &Finding, provider: Option<Id>, ids: &mut Ids) -> Edit {
    let mut draft = Draft::of(facts.model());
    let provider = provider.unwrap_or_else(|| {
        let id = draft.mint(ids, "identity-provider");
        let within = finding
            .subjects
            .first()
            .and_then(|it| facts.topology.find_component(it))
            .and_then(|it| facts.topology.place_of(it));
        let listener = Listener {
            port: "tcp/443".parse().unwrap_or_default(),
            protocol: "https".to_owned(),
            ..Listener::default()
        };
        let record = Component {
            kind: "identity-provider".to_owned(),
            name: "Identity provider".to_owned(),
            replicas: Some(2),
            listeners: vec![listener],
            within,
            ..Component::default()
        };
        draft.put(id.clone(), record);
        id
    });
    for subject in &finding.subjects {
        draft.edit::<Component>(subject, |it| it.controls.set(CONTROL, Answer::yes()));
        let flow = Flow {
            protocol: "https".to_owned(),
            access: Access::Read,
            encrypted: Answer::yes(),
            ..Flow::between(subject.clone(), provider.clone())
        };
        if *subject != provider {
            let id = draft.mint(ids, "log-in");
            draft.put(id, flow);
        }
    }
    draft.finish()
}

/// Whether whoever stands there is on the internet, or a partner.
fn comes_from_outside(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    facts.ingress.is_origin(component) || (node.can(Capability::Actor) && node.within.is_none())
}

/// What it says of itself.
fn said(facts: &Facts, component: ComponentIx) -> Truth {
    facts.topology.component(component).control(CONTROL)
}

/// What it says of itself or, where that is unknown, whether a flow to it says no.
fn truth(facts: &Facts, component: ComponentIx) -> Truth {
    let topology = &facts.topology;
    let said = said(facts, component);
    let mut into = topology.component(component).into.iter().map(|it| topology.flow(*it));
    let comes_in = |it: ComponentIx| {
        let from = topology.component(it);
        comes_from_outside(facts, it) || from.can(Capability::Passes) || from.can(Capability::HandsOn)
    };
    match said {
        Truth::Unknown if into.any(|it| it.record.authenticated.is_no() && comes_in(it.from)) => Truth::No,
        said => said,
    }
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

fn alternatives(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let pool = facts.pools.pool_of(component).map(|it| facts.pools.pool(it).members.clone());
    pool.unwrap_or_else(|| vec![component])
}

/// Whether it answers requests itself with something that is worth a login.
fn is_asked(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let hands_on = node.can(Capability::HandsOn) && !node.out.is_empty();
    // What guards a way in demands a login by its nature, and so does who gives logins out.
    let is_guard = node.is(Family::Edge) && !node.can(Capability::HandsOn) || node.is(Family::Trust);
    let answers = !node.can(Capability::NotOurs) && !node.can(Capability::Passes) && !hands_on && !is_guard;
    answers && !classified(facts, component).is_empty()
}

fn classified(facts: &Facts, component: ComponentIx) -> Vec<AssetIx> {
    let is_classified = |it: &Asset| {
        matches!(it.class, Class::Internal | Class::Confidential | Class::Secret)
            || it.personal.is_yes()
            || it.credential.is_yes()
    };
    let handled = facts.data.handled(component).iter().copied();
    handled.filter(|it| is_classified(facts.data.asset(*it))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, silent};

    fn shop(rest: &str) -> String {
        format!(
            "user \"Users\"; lb \"Balancer\"; user -> lb -> web: https [carries accounts]
             asset accounts \"Accounts\": confidential; {rest}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("web \"Web\" [authentication no]"),
            "high entry-without-authentication:web — Web can be used without a login (Web)",
        );
        silent(&RULE, &shop("web [authentication yes]"));
        silent(&RULE, &shop("web [authentication na]"));
        asks(
            &RULE,
            &shop("web \"Web\""),
            "? web.controls.authentication — Must everyone who calls Web prove who they are?",
        );
        assert_eq!(answered(&RULE, &shop(""), "Yes"), "");
    }

    #[test]
    fn a_login_on_the_way_counts_and_public_data_needs_none() {
        let web = "web [authentication no]";
        silent(
            &RULE,
            &shop(&format!("{web}; gate: api-gateway"))
                .replace("lb -> web", "gate -> web")
                .replace("lb \"Balancer\"", "gate [authentication]")
                .replace("; gate: api-gateway", ""),
        );
        silent(&RULE, &shop(web).replace("[carries", "[authenticated; carries"));
        silent(&RULE, &shop(web).replace("confidential", "public"));
        silent(&RULE, &shop("job -> inner: https [carries accounts]; web [authentication]"));
    }

    #[test]
    fn what_a_flow_says_counts_where_the_component_says_nothing() {
        fires(
            &RULE,
            &shop("").replace("[carries", "[authenticated no; carries"),
            "high entry-without-authentication:web — web can be used without a login (web)",
        );
        fires(
            &RULE,
            "partner: partner-system; partner -> web: https [carries a; authenticated no]; asset a: secret",
            "medium entry-without-authentication:web — web can be used without a login (web)",
        );
    }

    #[test]
    fn alternatives_are_asked_together_and_each_fix_mends_them() {
        let text = shop("").replace("lb -> web", "lb -> web-1, web-2");
        asks(
            &RULE,
            &text,
            "? web-1.controls.authentication — Must everyone who calls web-1 and web-2 prove who they are?",
        );
        let text = format!("{text}; web-1 [authentication no]; web-2 [authentication no]");
        assert_eq!(offered(&RULE, &text), "Demand a login at web-1 and web-2\nAdd an identity provider");
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
        let known = format!("{text}; idp \"Keycloak\": identity-provider");
        assert!(offered(&RULE, &known).ends_with("Let Keycloak log users in"));
        assert_eq!(
            only(&RULE, &text).because,
            "Accounts (confidential) can be taken from web-1 and web-2, and requests from the internet get there through Balancer: grave impact, high."
        );
    }
}
