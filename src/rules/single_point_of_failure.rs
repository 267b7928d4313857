//! `single-point-of-failure`: what takes users with it when it is lost.

use super::twins::{Twins, lacking};
use super::{
    Asked, Choice, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Says, Subject, answer, rule,
    severity, words,
};
use crate::analysis::{BoundaryIx, Chains, ComponentIx, Facts, SinglePoint, Unit, Unknown};
use crate::model::{Capability, Component, Draft, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// One instance of a component, or one place that fails as one (a host, a zone, a cluster, a data centre, a
    /// region), whose loss cuts off people who use the system or, where features are drawn, takes a feature. Load
    /// balancers, DNS, firewalls, queues, shard directories and identity providers count like all others. A place is
    /// found only for those whom nothing inside it cuts off already. Where only one region, data centre, zone or
    /// cluster is drawn, it asks whether its loss must be survived.
    ///
    /// ## Why it matters
    /// Everything fails at times: disks, machines, power, and whoever changes a setting. What stands there once takes
    /// the system down with it, and for as long as the repair takes.
    ///
    /// ## Example
    /// `user -> lb: https; lb -> web-1, web-2: https`
    ///
    /// ## How to fix it
    /// Add a second instance, or a twin that is wired the same; give a store a replica that takes over; put a second
    /// zone or data centre beside the first. Or make the need of it soft: answer from a cache, or put the work on a
    /// queue.
    ///
    /// ## References
    /// * Nygard, *Release It!*, 2nd edition, on stability patterns
    /// * NIST SP 800-53, CP-2(8), SC-36 and SI-13; CWE-654, Reliance on a single factor in a security decision
    "single-point-of-failure", "Single point of failure",
    kind: Asks, on: Whole, reads: [Structure, Pools, Failure], answers: ["loss-accepted"], stride: [Availability, DenialOfService], cwe: [],
    check: check, fixes: fixes,
}

/// Whether its loss was accepted, a control of boundaries.
const ACCEPTED: &str = "loss-accepted";

/// So many of those who are lost are named in the facts of a finding: who is lost with each link of a long chain would
/// fill a book.
const NAMED: usize = 100;

/// So many chains of evidence are drawn, times components: the rest lights up its ends alone.
const CHAINS: usize = 4_000_000;

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let mut left = CHAINS / facts.topology.component_count().max(1);
    let mut chains = facts.failure.chains();
    for point in facts.failure.single_points() {
        let accepted = if point.alone { accepted(facts, &point.unit) } else { Truth::No };
        if accepted != Truth::No {
            if accepted == Truth::Unknown {
                ask_whether_to_survive(facts, point, out);
            }
            continue;
        }
        let evidence = if left > 0 { evidence(facts, &mut chains, point) } else { ends(facts, point) };
        left = left.saturating_sub(1);
        ask_unknowns(facts, point, &evidence, out);
        if point.unknowns.is_empty() {
            out.finding(found(facts, point, evidence));
        }
    }
}

fn found(facts: &Facts, point: &SinglePoint, evidence: Evidence) -> Found {
    let all_lost = point.all_lost && point.all_rests_on.is_empty();
    let (impact, exposure) = level(all_lost);
    let takes = takes(facts, point, all_lost);
    let unit = unit_name(facts, &point.unit);
    let lost: Vec<&Id> = lost(facts, point);
    let mut said: Vec<String> = lost.iter().take(NAMED).map(|it| format!("takes {it}")).collect();
    if lost.len() > NAMED {
        said.push(format!("takes {} in all, {:016x}", lost.len(), Id::fingerprint(lost.iter().copied())));
    }
    if all_lost {
        said.push("takes all".to_owned());
    }
    if let Unit::Instance(it) | Unit::Component(it) = &point.unit {
        let node = facts.topology.component(*it);
        said.push(format!("{}: {} up", node.id, node.record.instances()));
    }
    Found {
        subjects: unit_ids(facts, &point.unit),
        detail: String::new(),
        impact,
        exposure,
        because: if all_lost {
            format!("losing {unit} {takes}, and nobody is left")
        } else if lost_actors_are_all(facts, point) {
            format!("losing {unit} {takes}, though not from everything")
        } else {
            format!("losing {unit} {takes}, while others go on")
        },
        message: format!("Losing {unit} {takes}"),
        place: place(facts, &point.unit),
        evidence,
        facts: said,
    }
}

/// Whether nobody is spared, though somebody keeps a part of what they need.
fn lost_actors_are_all(facts: &Facts, point: &SinglePoint) -> bool {
    point.features.is_empty() && point.actors.len() == facts.failure.entry_actors().len()
}

fn level(all_lost: bool) -> (Impact, Exposure) {
    if all_lost { (Impact::Grave, Exposure::Open) } else { (Impact::Serious, Exposure::Guarded) }
}

/// `cuts off Users and Admin`, `takes Checkout`.
fn takes(facts: &Facts, point: &SinglePoint, all_lost: bool) -> String {
    let own = unit_ids(facts, &point.unit);
    match (point.features.is_empty(), all_lost) {
        (true, true) => "cuts off everyone".to_owned(),
        (false, true) => "takes every feature".to_owned(),
        // Where no users are drawn, what they enter by stands for them.
        (true, false) if lost(facts, point).iter().all(|it| own.contains(it)) => {
            "cuts off whoever comes that way".to_owned()
        }
        (true, false) => format!("cuts off {}", words::titles(facts, lost(facts, point))),
        (false, false) => format!("takes {}", words::titles(facts, lost(facts, point))),
    }
}

/// The features that it takes or, where none are drawn, the entry actors that it cuts.
fn lost<'f>(facts: &'f Facts, point: &'f SinglePoint) -> Vec<&'f Id> {
    if point.features.is_empty() {
        point.actors.iter().map(|it| &facts.topology.component(*it).id).collect()
    } else {
        point.features.iter().collect()
    }
}

fn unit_name(facts: &Facts, unit: &Unit) -> String {
    match unit {
        Unit::Instance(it) | Unit::Component(it) => words::name(facts, *it),
        Unit::Boundary(boundaries) => {
            let first = boundaries.first().map(|it| facts.topology.boundary(*it).record.title());
            first.unwrap_or_default().to_owned()
        }
    }
}

fn unit_ids(facts: &Facts, unit: &Unit) -> Vec<Id> {
    let topology = &facts.topology;
    match unit {
        Unit::Instance(it) | Unit::Component(it) => vec![topology.component(*it).id.clone()],
        Unit::Boundary(boundaries) => boundaries.iter().map(|it| topology.boundary(*it).id.clone()).collect(),
    }
}

fn place(facts: &Facts, unit: &Unit) -> String {
    match unit {
        Unit::Instance(it) | Unit::Component(it) => words::place(facts, *it),
        Unit::Boundary(boundaries) => {
            let kind = boundaries.first().map(|it| facts.topology.boundary(*it).kind);
            let kind = kind.map_or("Boundary", |it| &it.label);
            let name = unit_name(facts, unit);
            if name == kind { name } else { format!("{name} · {kind}") }
        }
    }
}

/// The chain from the unit to who is lost.
fn evidence(facts: &Facts, chains: &mut Chains<'_>, point: &SinglePoint) -> Evidence {
    let mut evidence = Evidence::way(facts, chains.chain(point));
    if let Unit::Boundary(_) = point.unit {
        evidence.also = unit_ids(facts, &point.unit);
    }
    evidence
}

fn ends(facts: &Facts, point: &SinglePoint) -> Evidence {
    let actors = point.actors.iter().take(1).map(|it| facts.topology.component(*it).id.clone());
    Evidence::set(unit_ids(facts, &point.unit).into_iter().chain(actors))
}

fn accepted(facts: &Facts, unit: &Unit) -> Truth {
    let Unit::Boundary(boundaries) = unit else { return Truth::No };
    let said = |it: &BoundaryIx| facts.topology.boundary(*it).record.controls.truth(ACCEPTED);
    boundaries.iter().map(said).find(|it| *it != Truth::Unknown).unwrap_or_default()
}

fn about_loss(facts: &Facts, unit: &Unit) -> Vec<Unknown> {
    unit_ids(facts, unit).iter().map(|it| Unknown::new(it, format!("controls.{ACCEPTED}"))).collect()
}

/// The only place of its kind is a question, as long as nobody has said whether its loss is accepted.
fn ask_whether_to_survive(facts: &Facts, point: &SinglePoint, out: &mut Out<'_>) {
    let (impact, exposure) = level(point.all_lost);
    let (unit, about) = (unit_name(facts, &point.unit), about_loss(facts, &point.unit));
    let Some(first) = about.first().cloned() else { return };
    let choice = |label: &str, truth| Choice { label: label.into(), says: Says::answer(&about, truth) };
    out.question(Asked {
        about: first,
        stake: severity(facts, impact, exposure),
        text: format!("Must the service survive the loss of {unit}?"),
        why: format!("There is no other of that kind, and the loss {}.", takes(facts, point, point.all_lost)),
        choices: vec![
            choice("Yes, it must", Truth::No),
            choice("No, the loss is accepted", Truth::Yes),
            choice("Not applicable", Truth::NotApplicable),
        ],
        evidence: ends(facts, point),
    });
}

/// Asks for what would settle it: of the replicas of one store together which takes over, of all else whether it is
/// highly available.
fn ask_unknowns(facts: &Facts, point: &SinglePoint, evidence: &Evidence, out: &mut Out<'_>) {
    let (impact, exposure) = level(point.all_lost);
    let stake = severity(facts, impact, exposure);
    let why = format!(
        "If not, the loss of {} {}.",
        unit_name(facts, &point.unit),
        takes(facts, point, point.all_lost)
    );
    let mut stores = Vec::new();
    let asked: Vec<Unknown> = point.unknowns.iter().chain(&point.all_rests_on).cloned().collect();
    for unknown in &asked {
        let Some(component) = facts.topology.find_component(&unknown.subject) else { continue };
        let name = words::name(facts, component);
        let (text, choices) = if unknown.field == "takes_over" {
            let store = facts.pools.store_of(component);
            if stores.contains(&store) {
                continue;
            }
            stores.push(store);
            let same = |it: &&Unknown| {
                it.field == unknown.field
                    && facts
                        .topology
                        .find_component(&it.subject)
                        .is_some_and(|it| facts.pools.store_of(it) == store)
            };
            takes_over(facts, point, &asked.iter().filter(same).cloned().collect::<Vec<_>>())
        } else {
            (format!("Can {name} survive the loss of an instance or a zone unaided?"), Vec::new())
        };
        let (about, why, evidence) = (unknown.clone(), why.clone(), evidence.clone());
        out.question(Asked { about, stake, text, why, choices, evidence });
    }
}

fn takes_over(facts: &Facts, point: &SinglePoint, replicas: &[Unknown]) -> (String, Vec<Choice>) {
    let lost = unit_name(facts, &point.unit);
    let title = |it: &Unknown| facts.title_of(&it.subject);
    if let [only] = replicas {
        return (format!("Can {} take writes after the loss of {lost}?", title(only)), Vec::new());
    }
    let mut choices: Vec<Choice> = replicas
        .iter()
        .map(|it| Choice {
            label: title(it).into(),
            says: Says::answer(std::slice::from_ref(it), Truth::Yes),
        })
        .collect();
    choices.push(Choice { label: "None of them".into(), says: Says::answer(replicas, Truth::No) });
    (format!("Which replica takes writes after the loss of {lost}?"), choices)
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let is_it = |it: &&SinglePoint| {
        let mut ids = unit_ids(facts, &it.unit);
        ids.sort();
        ids == finding.subjects
    };
    let Some(point) = facts.failure.single_points().iter().find(is_it) else { return Vec::new() };
    match &point.unit {
        Unit::Instance(it) | Unit::Component(it) => of_component(facts, *it, ids),
        Unit::Boundary(boundaries) => of_boundary(facts, point, boundaries, ids),
    }
}

fn of_component(facts: &Facts, component: ComponentIx, ids: &mut Ids) -> Vec<Fix> {
    let node = facts.topology.component(component);
    let (name, instances) = (words::name(facts, component), node.record.instances());
    let mut fixes = Vec::new();
    for replica in stand_ins(facts, component) {
        let id = &facts.topology.component(replica).id;
        let about = [Unknown::new(id, "takes_over")];
        let label = format!("Let {} take over", words::name(facts, replica));
        fixes.push(Fix { label, edit: answer(facts, &about, Truth::Yes) });
    }
    let twin = |ids: &mut Ids| {
        let mut twins = Twins::new(facts, ids);
        twins.component(component, facts.topology.place_of(component));
        twins.wire();
        twins.finish()
    };
    let keeps = node.is(Family::Data) || node.is(Family::Messaging);
    // As many must be up as the quorum says, with one lost.
    let lacking = lacking(facts, component);
    let twins_do = lacking < instances;
    if node.is(Family::Data) && twins_do {
        fixes.push(Fix { label: format!("Add a replica of {name} that takes over"), edit: twin(ids) });
    }
    let mut draft = Draft::of(facts.model());
    draft.edit::<Component>(&node.id, |it| {
        it.replicas = Some(instances.saturating_add(lacking).saturating_add(1));
    });
    let label = if instances == 1 { "Add a second instance" } else { "Add another instance" };
    fixes.push(Fix { label: format!("{label} of {name}"), edit: draft.finish() });
    // A twin of what users enter by helps them only if they are drawn.
    if !keeps && twins_do && !facts.failure.entry_actors().contains(&component) {
        fixes.push(Fix { label: format!("Add a twin of {name}"), edit: twin(ids) });
    }
    if node.can(Capability::UsuallyBought) {
        let about = [Unknown::new(&node.id, "highly_available")];
        let label = format!("Buy {name} as a highly available service");
        fixes.push(Fix { label, edit: answer(facts, &about, Truth::Yes) });
    }
    fixes
}

/// Replicas of the only one that takes writes, of which somebody has said that they do not.
fn stand_ins(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let Some(store) = facts.pools.store_of(component).map(|it| facts.pools.store(it)) else {
        return Vec::new();
    };
    if store.writers != [component] || store.quorum > 1 {
        return Vec::new();
    }
    let topology = &facts.topology;
    // What lacks a part of its needs with nothing lost takes nothing over.
    let cut = facts.failure.simulate(&[]).cut;
    // Those who read go by the pool that it bears, if it bears one.
    let pool = |it: ComponentIx| topology.component(it).record.pool.trim();
    let may = |it: &ComponentIx| *it != component && !cut.contains(it) && pool(*it) == pool(component);
    store.members.iter().copied().filter(may).collect()
}

fn of_boundary(facts: &Facts, point: &SinglePoint, boundaries: &[BoundaryIx], ids: &mut Ids) -> Vec<Fix> {
    let topology = &facts.topology;
    let Some(kind) = boundaries.first().map(|it| topology.boundary(*it).kind) else {
        return Vec::new();
    };
    let mut twins = Twins::new(facts, ids);
    twins.boundaries(boundaries);
    twins.wire();
    // Where no users are drawn, what they enter by stands for them; two such places help only if they are. What a part of
    // the place cut off is no longer lost with that alone, but with the place.
    let actors = facts.failure.entry_actors().iter().filter(|it| twins.has_copied(**it));
    let entries: Vec<&Id> = actors.map(|it| &topology.component(*it).id).collect();
    if !entries.is_empty() {
        twins.users_of(&entries);
    }
    let label = format!("Add a second {} like {}", kind.label.to_lowercase(), unit_name(facts, &point.unit));
    let mut fixes = vec![Fix { label, edit: twins.finish() }];
    if point.alone {
        let about = about_loss(facts, &point.unit);
        let label = format!("Accept the loss of {}", unit_name(facts, &point.unit));
        fixes.push(Fix { label, edit: answer(facts, &about, Truth::Yes) });
    }
    fixes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{self, answered, asks, fires, mended, offered, only, silent};

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            "user \"Users\"; lb \"Balancer\"; user -> lb -> web-1, web-2: https",
            "critical single-point-of-failure:lb — Losing Balancer cuts off everyone (Balancer)",
        );
        silent(&RULE, "lb [replicas 2]; user -> lb -> web-1, web-2: https");
        asks(
            &RULE,
            "dns \"DNS\": dns; lb [replicas 2]; user -> dns -> lb -> web-1, web-2: https",
            "? dns.highly_available — Can DNS survive the loss of an instance or a zone unaided?",
        );
    }

    #[test]
    fn a_part_of_the_users_is_not_all() {
        let text = "user \"Users\"; admin \"Admin\"; vpn [replicas 2]; lb \"Balancer\"; user -> lb: https
            admin -> vpn -> console: https; console [replicas 2]";
        fires(&RULE, text, "medium single-point-of-failure:lb — Losing Balancer cuts off Users (Balancer)");
        assert_eq!(
            only(&RULE, text).because,
            "Losing Balancer cuts off Users, while others go on: serious impact, medium."
        );
        let all = only(&RULE, "user -> lb: https");
        assert_eq!(all.because, "Losing lb cuts off everyone, and nobody is left: grave impact, critical.");
        assert_eq!(all.facts, ["lb: 1 up", "takes all", "takes user"]);
    }

    #[test]
    fn all_is_lost_only_if_it_is_so_for_certain() {
        let text = "user -> idp, shop: https; idp [replicas 2]; shop: microservice [replicas 2]
            shop -> main: postgres [write]; main -> copy: postgres [replicate]; main: postgres [replicas 2]
            idp -> san: nfs; main -> san: nfs; san: file-store; copy: postgres";
        let facts = testing::facts(text);
        let report = testing::read(crate::rules::run(&facts), facts.model());
        let found = report.finding("single-point-of-failure:san").unwrap();
        assert_eq!(
            found.because,
            "Losing san cuts off user, though not from everything: serious impact, medium."
        );
        let asked = report.question("copy.takes_over").unwrap();
        assert_eq!(asked.why, "If not, the loss of san cuts off everyone.");
        fires(
            &RULE,
            &format!("{text} [takes-over no]"),
            "critical single-point-of-failure:san — Losing san cuts off everyone (san)",
        );
    }

    #[test]
    fn features_and_entries_without_users_are_told_as_such() {
        let features = "user -> lb -> web, shop: https; lb [replicas 2]; web [replicas 2]
            feature buy \"Buying\" [flows user-lb, lb-shop]; feature look [flows user-lb, lb-web]";
        fires(&RULE, features, "medium single-point-of-failure:shop — Losing shop takes Buying (shop)");
        let entries =
            "lb-1 -> web: https; gateway -> api: https; web [replicas 2]; gateway, api [replicas 2]";
        let entries = entries.replace("gateway, api [replicas 2]", "gateway [replicas 2]; api [replicas 2]");
        fires(
            &RULE,
            &entries,
            "medium single-point-of-failure:lb-1 — Losing lb-1 cuts off whoever comes that way (lb-1)",
        );
    }

    #[test]
    fn the_chain_lights_up() {
        let finding = only(&RULE, "lb [replicas 2]; web [replicas 2]; user -> lb -> web -> db: https");
        assert_eq!(
            finding.evidence.elements().iter().map(Id::as_str).collect::<Vec<_>>(),
            ["db", "web", "lb", "user"]
        );
    }

    #[test]
    fn each_way_to_mend_a_component_mends_it() {
        let balancer = "user -> lb -> web-1, web-2: https";
        assert_eq!(offered(&RULE, balancer), "Add a second instance of lb\nAdd a twin of lb");
        let database = "web [replicas 2]; user -> web -> db: postgres";
        assert_eq!(
            offered(&RULE, database),
            "Add a replica of db that takes over\nAdd a second instance of db"
        );
        let replica =
            format!("{database}; copy: postgres [takes_over no]; db: postgres; db -> copy [replicate]");
        assert_eq!(offered(&RULE, &replica).lines().next(), Some("Let copy take over"));
        let bought = "dns [highly_available no]; web [replicas 2]; user -> dns -> web: https";
        assert_eq!(offered(&RULE, bought).lines().last(), Some("Buy dns as a highly available service"));
        for text in [balancer, database, &replica, bought] {
            for n in 0..offered(&RULE, text).lines().count() {
                assert_eq!(mended(&RULE, text, n), "", "fix {n} of {text}");
            }
        }
        // What users enter by needs a second instance: a twin would not help those who are not drawn.
        assert_eq!(offered(&RULE, "lb -> web-1, web-2: https"), "Add a second instance of lb");
    }

    const TWO_HOSTS: &str = "user -> lb: https; lb [replicas 2]; boundary other: host; boundary h \"Host\": host { web [replicas 2] }
        lb -> web: https";

    #[test]
    fn a_host_is_found_and_gets_a_second() {
        fires(&RULE, TWO_HOSTS, "critical single-point-of-failure:h — Losing Host cuts off everyone (Host)");
        assert_eq!(offered(&RULE, TWO_HOSTS), "Add a second host like Host");
        assert_eq!(mended(&RULE, TWO_HOSTS, 0), "");
        let inside = "boundary h \"Host\": host { lb [replicas 2]; web [replicas 2]; lb -> web: https }";
        assert_eq!(mended(&RULE, inside, 0), "");
    }

    #[test]
    fn the_only_data_centre_is_a_question_until_it_is_answered() {
        let text = "user -> lb: https; boundary dc \"Data centre\": data-centre { lb [replicas 2] }";
        asks(&RULE, text, "? dc.controls.loss-accepted — Must the service survive the loss of Data centre?");
        assert_eq!(answered(&RULE, text, "No, the loss is accepted"), "");
        let must = "critical single-point-of-failure:dc — Losing Data centre cuts off everyone (Data centre)";
        assert_eq!(answered(&RULE, text, "Yes, it must"), must);
        let must = text.replace("data-centre {", "data-centre [loss-accepted no] {");
        assert_eq!(
            offered(&RULE, &must),
            "Add a second data centre like Data centre\nAccept the loss of Data centre"
        );
        assert_eq!(mended(&RULE, &must, 0), "");
        assert_eq!(mended(&RULE, &must, 1), "");
    }

    #[test]
    fn replicas_of_one_store_are_asked_about_together() {
        let one =
            "web [replicas 2]; user -> web -> db: postgres; db: postgres; r1: postgres; db -> r1 [replicate]";
        asks(&RULE, one, "? r1.takes_over — Can r1 take writes after the loss of db?");
        let two = format!("{one}; r2: postgres; db -> r2 [replicate]");
        asks(&RULE, &two, "? r1.takes_over — Which replica takes writes after the loss of db?");
        assert_eq!(answered(&RULE, &two, "r2"), "");
        let lost = "critical single-point-of-failure:db — Losing db cuts off everyone (db)";
        assert_eq!(answered(&RULE, &two, "None of them"), lost);
    }

    #[test]
    fn the_sample_has_none() {
        let sample = include_bytes!("../../samples/reference.parapet.ron");
        let model = crate::model::read(sample).unwrap();
        let report = crate::rules::run(&Facts::of(std::sync::Arc::new(model)));
        assert!(report.findings.iter().all(|it| it.rule != RULE.id), "{:?}", report.findings);
    }

    /// No fix leaves any.
    fn each_fix_mends(text: &str) {
        let offered = offered(&RULE, text);
        assert!(!offered.is_empty(), "{text}");
        for (n, label) in offered.lines().enumerate() {
            assert!(!mended(&RULE, text, n).contains("failure:a —"), "{label} of {text}");
        }
    }

    #[test]
    fn a_second_place_has_as_many_as_the_quorum_says() {
        // Nobody needs the gateway yet, so nobody was cut off by there being too few of it.
        each_fix_mends(
            "gw -> web: https; web [replicas 2]; boundary b: host; boundary a: host { gw [replicas 2; quorum 4] }",
        );
    }

    #[test]
    fn a_second_place_is_reached_by_its_own_gate_and_leaves_notes_behind() {
        let text = "user -> db: postgres [write]; boundary b: zone
            boundary a: zone { db: postgres [replicas 2]; fw: firewall [gate-of a; replicas 2] }";
        each_fix_mends(text);
        each_fix_mends(
            "user -> web -> n: https; boundary b: zone; boundary a: zone { web [replicas 2]; n: note }",
        );
    }

    #[test]
    fn a_feature_goes_by_whichever_gate_is_left() {
        each_fix_mends(
            "user -> web: https; feature buy [flows user-web]; boundary b: data-centre; boundary a: data-centre {
               fw: firewall [gate-of t; replicas 2]; boundary t: tier { web [replicas 2] } }",
        );
    }

    #[test]
    fn only_what_is_up_and_read_instead_takes_over() {
        let replica = |said: &str| {
            format!(
                "web [replicas 2]; user -> web -> db: postgres; db: postgres [quorum 0]
                 copy: postgres [takes_over no{said}]; db -> copy [replicate]"
            )
        };
        let first = |text: &str| offered(&RULE, text).lines().next().map(ToOwned::to_owned);
        assert_eq!(first(&replica("")).as_deref(), Some("Let copy take over"));
        // It lacks what it needs itself, or stands in another pool, by which readers go.
        let down = format!("{}; copy -> san: nfs; san: file-store [pool s; quorum 2]", replica(""));
        for text in [down, replica("; pool other")] {
            assert_eq!(first(&text).as_deref(), Some("Add a replica of db that takes over"), "{text}");
        }
    }
}
