//! `session-tied-to-instance`: sessions that one of several instances keeps for itself.

use std::collections::BTreeSet;

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words,
    yes_or_no,
};
use crate::analysis::{ComponentIx, Facts, Unknown};
use crate::model::{
    Access, Answer, Capability, Component, Draft, Family, Flow, Id, Ids, Listener, Ports, Truth,
};

rule! {
    /// ## What it finds
    /// Servers of which several stand behind a load balancer, proxy or gateway, and of which somebody has said that
    /// they keep sessions themselves, while nothing keeps a user at one of them. Where nobody has said, it asks.
    ///
    /// ## Why it matters
    /// The next request of a user may go to a server that does not know the session: the user is logged out, or loses
    /// what was entered. And each server that goes takes its sessions along, so that none can be replaced in peace.
    ///
    /// ## Example
    /// `user -> lb -> web: https; web [replicas 2; session-handling no]`
    ///
    /// ## How to fix it
    /// Keep sessions in a store that all instances share, or in a signed token. Or let the balancer keep each user at
    /// one instance, by a cookie that names no server; then only the loss of an instance loses sessions.
    ///
    /// ## References
    /// * The Twelve-Factor App, VI, Processes; OWASP Session Management Cheat Sheet
    "session-tied-to-instance", "Session tied to an instance",
    kind: Asks, on: Component, reads: [Structure, Pools], answers: ["session-handling"], stride: [Availability], cwe: [],
    check: check, fixes: fixes,
}

const CONTROL: &str = "session-handling";
const AFFINITY: &str = "cookie-affinity";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    if !facts.topology.component(component).is(Family::Compute) {
        return;
    }
    let truth = sessions(facts, component);
    if !matches!(truth, Truth::No | Truth::Unknown) {
        return;
    }
    let pool = alternatives(facts, component);
    let same: Vec<ComponentIx> = pool.iter().copied().filter(|it| sessions(facts, *it) == truth).collect();
    // Alternatives are one: the first of them speaks for all.
    if same.first() != Some(&component) || instances(facts, &pool) < 2 {
        return;
    }
    let spreaders = spreaders(facts, &pool);
    if spreaders.is_empty() {
        return;
    }
    let id = |it: &ComponentIx| facts.topology.component(*it).id.clone();
    let (names, ids) = (words::names(facts, same.iter().copied()), same.iter().map(id).collect::<Vec<_>>());
    let balancers = words::names(facts, spreaders.iter().copied());
    let evidence = Evidence::set(spreaders.iter().chain(&same).map(id));
    let (impact, exposure) = (Impact::Serious, Exposure::Guarded);
    if truth == Truth::Unknown {
        let about: Vec<Unknown> = ids.iter().map(unknown).collect();
        out.question(Asked {
            about: unknown(&id(&component)),
            stake: severity(facts, impact, exposure),
            text: format!("Are the sessions of {names} kept outside the instances?"),
            why: format!("{balancers} may send the next request of a user to another instance. Yes, too, if there are no sessions."),
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
        because: format!("users whom {balancers} may send to another instance lose their session"),
        message: format!("Sessions are tied to one instance of {names}"),
        place: words::place(facts, component),
        evidence,
        facts: spreaders.iter().map(|it| format!("behind {}", id(it))).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let members: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| topology.find_component(it)).collect();
    let Some(first) = members.first().copied() else { return Vec::new() };
    let mut draft = Draft::of(facts.model());
    for spreader in spreaders(facts, &alternatives(facts, first)) {
        draft
            .edit::<Component>(&topology.component(spreader).id, |it| AFFINITY.clone_into(&mut it.balancing));
    }
    let affinity = Fix { label: "Keep each user at one instance by cookie".to_owned(), edit: draft.finish() };
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    let settled = answer(facts, &about, Truth::Yes);
    vec![
        Fix { label: "Add a shared session store".to_owned(), edit: session_store(facts, &members, ids) },
        affinity,
        Fix { label: format!("Keep no sessions in {names}"), edit: settled },
    ]
}

/// A cache beside the servers, which all of them use.
fn session_store(facts: &Facts, members: &[ComponentIx], ids: &mut Ids) -> crate::model::Edit {
    let mut draft = Draft::of(facts.model());
    let store = draft.mint(ids, "session-store");
    let port: Ports = "tcp/6380".parse().unwrap_or_default();
    let within = members.first().and_then(|it| facts.topology.place_of(*it));
    let listener = Listener { port: port.clone(), protocol: "redis-tls".to_owned(), ..Listener::default() };
    let record = Component {
        kind: "cache".to_owned(),
        name: "Session store".to_owned(),
        technology: "redis".to_owned(),
        replicas: Some(2),
        listeners: vec![listener],
        within,
        ..Component::default()
    };
    draft.put(store.clone(), record);
    for member in members {
        let member = &facts.topology.component(*member).id;
        draft.edit::<Component>(member, |it| it.controls.set(CONTROL, Answer::yes()));
        let flow = Flow {
            protocol: "redis-tls".to_owned(),
            port: port.clone(),
            access: Access::ReadWrite,
            encrypted: Answer::yes(),
            ..Flow::between(member.clone(), store.clone())
        };
        let id = draft.mint(ids, "sessions");
        draft.put(id, flow);
    }
    draft.finish()
}

fn sessions(facts: &Facts, component: ComponentIx) -> Truth {
    facts.topology.component(component).control(CONTROL)
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// The servers of its pool, itself included.
fn alternatives(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let Some(pool) = facts.pools.pool_of(component) else { return vec![component] };
    let members = facts.pools.pool(pool).members.iter().copied();
    members.filter(|it| facts.topology.component(*it).is(Family::Compute)).collect()
}

fn instances(facts: &Facts, components: &[ComponentIx]) -> u64 {
    components.iter().map(|it| u64::from(facts.topology.component(*it).record.instances())).sum()
}

/// Who spreads the requests of users over them, without keeping a user at one.
fn spreaders(facts: &Facts, pool: &[ComponentIx]) -> BTreeSet<ComponentIx> {
    let topology = &facts.topology;
    let into = pool.iter().flat_map(|it| topology.component(*it).into.iter());
    let sources = into.map(|it| topology.flow(*it)).filter(|it| !it.reply).map(|it| it.from);
    let spreads = |it: &ComponentIx| {
        let node = topology.component(*it);
        let serves_users = facts.reach.exposed_of(*it).iter().any(|it| it.hop == 0)
            || facts.reach.served_of(*it).iter().any(|it| it.hop == 0);
        node.can(Capability::HandsOn) && node.record.balancing != AFFINITY && serves_users
    };
    sources.filter(spreads).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            "user -> lb -> web: https; web \"Web\" [replicas 2; session-handling no]",
            "medium session-tied-to-instance:web — Sessions are tied to one instance of Web (Web)",
        );
        silent(&RULE, "user -> lb -> web: https; web [replicas 2; session-handling yes]");
        silent(&RULE, "user -> lb -> web: https; web [session-handling no]");
        silent(&RULE, "user -> web: https; web [replicas 2; session-handling no]");
        silent(
            &RULE,
            "user -> lb -> web: https; lb [balancing cookie-affinity]; web [replicas 2; session-handling no]",
        );
        let text = "user -> lb -> web-1, web-2: https";
        asks(
            &RULE,
            text,
            "? web-1.controls.session-handling — Are the sessions of web-1 and web-2 kept outside the instances?",
        );
        assert_eq!(answered(&RULE, text, "Yes"), "");
    }

    #[test]
    fn only_what_users_are_spread_over_counts() {
        silent(
            &RULE,
            "user -> web -> lb -> api: https; api [replicas 2; session-handling no]; lb: load-balancer",
        );
        silent(&RULE, "user -> lb -> db: postgres; db: postgres [replicas 2]");
    }

    #[test]
    fn every_fix_mends_it() {
        let text =
            "user -> lb -> web-1, web-2: https; web-1 [session-handling no]; web-2 [session-handling no]";
        assert_eq!(
            offered(&RULE, text),
            "Add a shared session store\nKeep each user at one instance by cookie\nKeep no sessions in web-1 and web-2"
        );
        for n in 0..3 {
            assert_eq!(mended(&RULE, text, n), "", "fix {n}");
        }
    }
}
