//! The sentences of the meanings on load, each as a small drawing, and what holds for all drawings.

#![cfg(test)]

use std::sync::Arc;

use proptest::prelude::*;

use super::fixture::unit;
use super::{ComponentIx, Demand, Facts, Load, Loss};
use crate::formats::text;
use crate::model::{Capability, Id};

fn facts(text: &str) -> Facts {
    Facts::of(Arc::new(text::read(text).unwrap_or_else(|it| panic!("{it}\n{text}"))))
}

/// `reads/writes/either`; one number where all are of one sort and read, `-` for nothing.
fn told(demand: Demand) -> String {
    let Demand { reads, writes, either } = demand;
    let round = |it: f64| (it * 1000.0).round() / 1000.0;
    match [reads, writes, either].map(round) {
        [0.0, 0.0, 0.0] => "-".to_owned(),
        [reads, 0.0, 0.0] => reads.to_string(),
        [reads, writes, 0.0] => format!("{reads}/{writes}"),
        [reads, writes, either] => format!("{reads}/{writes}/{either}"),
    }
}

/// What arrives at each, in the order asked for.
fn at(facts: &Facts, load: &Load, ids: &str) -> String {
    let component = |id: &str| facts.topology.find_component(&Id::slug(id)).unwrap();
    let of = |id: &str| format!("{id} {}", told(load.of_component(component(id))));
    ids.split_whitespace().map(of).collect::<Vec<_>>().join(", ")
}

fn load(text: &str, ids: &str) -> String {
    let facts = facts(text);
    at(&facts, facts.load().unwrap(), ids)
}

fn without(text: &str, lost: &str, cold: &str, ids: &str) -> String {
    let facts = facts(text);
    let failed = lost.split_whitespace().map(|it| unit(&facts, it)).collect();
    let find = |it: &str| facts.topology.find_component(&Id::slug(it)).unwrap();
    let cold = cold.split_whitespace().map(find).collect();
    let load = facts.load_without(&Loss { failed, cold }).unwrap();
    at(&facts, &load, ids)
}

const USER: &str = "user [requests-per-second 100; read-share 0.9]\n";

#[test]
fn where_no_demand_is_stated_nothing_is_computed() {
    assert!(facts("user -> web: https; web [capacity 10]").load().is_none());
    assert!(facts("user -> web; user [requests-per-second 0]").load().is_none());
    assert!(facts("user -> web; feature buy [flows user-web]").load().is_none());
    // Only who acts makes requests.
    assert!(facts("web -> db; web [requests-per-second 5]").load().is_none());
    // A feature without a path has nowhere to enter.
    assert!(facts("user -> web; feature buy [requests-per-second 5]").load().is_none());
}

#[test]
fn demand_follows_the_flows_of_requests() {
    let text =
        format!("{USER}user -> web -> db; web -> replica [read]; web -> archive [write]; lone: service");
    assert_eq!(
        load(&text, "user web db replica archive lone"),
        "user 90/10, web 90/10, db 90/10, replica 90, archive 0/10, lone -"
    );
    // Neither answers nor administration are requests.
    assert_eq!(load(&format!("{USER}user -> web; web -> a [reply]; web -> b [admin]"), "a b"), "a -, b -");
}

#[test]
fn a_flow_may_ask_more_often_than_it_was_asked() {
    let text =
        format!("{USER}user -> web; web -> db [requests-per-request 3]; web -> x [requests-per-request 0]");
    assert_eq!(load(&text, "db x"), "db 270/30, x -");
}

#[test]
fn a_share_of_reads_that_nobody_has_said_goes_both_ways() {
    let text = "user [requests-per-second 100]; user -> web; web -> a [read]; web -> b [write]; web -> c";
    assert_eq!(load(text, "web a b c"), "web 0/0/100, a 100, b 0/100, c 0/0/100");
}

#[test]
fn an_actor_makes_what_its_features_do_not_state() {
    let text = format!(
        "{USER}user -> web; user -> shop; feature buy [flows user-shop; requests-per-second 30; read-share 0]
         feature look [flows user-web]"
    );
    assert_eq!(load(&text, "user web shop"), "user 63/37, web 63/7, shop 63/37");
    // Features that state more than their actor does stand for themselves.
    let text = "user [requests-per-second 10]; user -> web
        feature buy [flows user-web; requests-per-second 30; read-share 100%]";
    assert_eq!(load(text, "user web"), "user 30, web 30");
}

#[test]
fn a_feature_says_where_it_goes_from_what_it_names() {
    let text = "user -> gw -> web: https; gw -> other: https; web -> db; web -> cache; db -> disk
        feature buy [flows user-gw, gw-web, web-db; requests-per-second 10; read-share 1]";
    assert_eq!(load(text, "gw web other db cache disk"), "gw 10, web 10, other -, db 10, cache -, disk 10");
    // One named member of a pool stands for all of it.
    let text = "user -> lb -> web-1, web-2: https
        feature buy [flows user-lb, lb-web-1; requests-per-second 10; read-share 1]";
    assert_eq!(load(text, "web-1 web-2"), "web-1 5, web-2 5");
    // What a spreader asks on the path of one feature, it asks each time.
    let text = "user -> gw -> a, b: https; feature buy [flows user-gw, gw-a, gw-b; requests-per-second 10; read-share 1]";
    assert_eq!(load(text, "a b"), "a 10, b 10");
}

#[test]
fn what_spreads_splits() {
    let spread = |more: &str| load(&format!("{USER}user -> lb -> a, b: https; {more}"), "a b");
    assert_eq!(spread(""), "a 45/5, b 45/5");
    // Two things behind one gateway share as well, and so do instances of a pool.
    assert_eq!(spread("a: service [replicas 4]"), "a 45/5, b 45/5");
    assert_eq!(spread("a: service [replicas 4; pool p]; b: service [pool p]"), "a 72/8, b 18/2");
    let pool = "a: service [replicas 4; pool p; capacity 10]; b: service [pool p; capacity 10]";
    assert_eq!(spread(&format!("{pool}; lb [balancing dns]")), "a 45/5, b 45/5");
    assert_eq!(spread(&format!("{pool}; lb [balancing least-busy]")), "a 72/8, b 18/2");
    let weighed = "user -> lb; lb -> a: https [weight 3]; lb -> b: https";
    assert_eq!(load(&format!("{USER}{weighed}"), "a b"), "a 67.5/7.5, b 22.5/2.5");
    assert_eq!(load(&format!("{USER}user -> web -> a, b: https"), "a b"), "a 90/10, b 90/10");
}

#[test]
fn reads_and_writes_split_apart() {
    let text = format!("{USER}user -> lb; lb -> r-1, r-2 [read]; lb -> w [write]");
    assert_eq!(load(&text, "r-1 r-2 w"), "r-1 45, r-2 45, w 0/10");
}

#[test]
fn a_spreader_asks_for_each_request_who_it_is() {
    let text = format!("{USER}user -> gw -> a, b: https; gw -> idp: oidc; gw -> logs [write; async]");
    assert_eq!(load(&text, "a b idp logs"), "a 45/5, b 45/5, idp 90/10, logs 0/10");
    assert_eq!(
        load(&format!("{USER}user -> lb -> idp-1, idp-2: oidc"), "idp-1 idp-2"),
        "idp-1 45/5, idp-2 45/5"
    );
}

#[test]
fn over_what_is_up() {
    let text = format!("{USER}user -> lb -> web-1, web-2: https; web-1 [replicas 3]");
    assert_eq!(without(&text, "", "", "web-1 web-2"), "web-1 67.5/7.5, web-2 22.5/2.5");
    assert_eq!(without(&text, "web-2", "", "web-1 web-2"), "web-1 90/10, web-2 -");
    assert_eq!(without(&text, "web-1 web-1", "", "web-1 web-2"), "web-1 45/5, web-2 45/5");
    assert_eq!(without(&text, "web-1* web-2", "", "lb web-1 web-2"), "lb -, web-1 -, web-2 -");
    // What only one of two different things serves is not served by the other.
    let text = format!("{USER}user -> gw -> cart, catalogue: https");
    assert_eq!(without(&text, "cart", "", "cart catalogue"), "cart -, catalogue 45/5");
    // What is down because it lacks something takes no requests.
    let text = format!("{USER}user -> lb -> web-1, web-2: https; web-1 -> db-1; web-2 -> db-2");
    assert_eq!(without(&text, "db-1", "", "web-1 web-2 db-2"), "web-1 -, web-2 90/10, db-2 90/10");
}

#[test]
fn a_cache_passes_its_misses() {
    let text = format!("{USER}user -> cdn -> web: https; cdn [hit-ratio 0.8]");
    assert_eq!(load(&text, "cdn web"), "cdn 90/10, web 18/10");
    assert_eq!(without(&text, "", "cdn", "web"), "web 90/10");
    let open = "user [requests-per-second 100]; user -> cdn -> web: https; cdn [hit-ratio 0.8]";
    assert_eq!(load(open, "web"), "web 0/0/20");
}

#[test]
fn a_store_beside_a_cache_gets_the_misses() {
    let text = |cache: &str, db: &str| {
        format!(
            "{USER}user -> web -> db; web -> cache; cache: redis [hit-ratio 0.9{cache}]; db: postgres [stores {db}]"
        )
    };
    assert_eq!(load(&text("", "b"), "cache db"), "cache 90/10, db 9/10");
    assert_eq!(load(&text("; stores a, b", "b"), "cache db"), "cache 90/10, db 9/10");
    assert_eq!(load(&text("; stores a", "b"), "cache db"), "cache 90/10, db 90/10");
    assert_eq!(without(&text("", "b"), "", "cache", "cache db"), "cache 90/10, db 90/10");
    assert_eq!(without(&text("", "b"), "cache", "", "cache db"), "cache -, db 90/10");
    // A feature that names the store alone asks the cache all the same.
    let named = "user -> web -> db; web -> cache; cache: redis [hit-ratio 0.9]
        feature read [flows user-web, web-db; requests-per-second 10; read-share 1]";
    assert_eq!(load(named, "cache db"), "cache 10, db 1");
    // A cache in the line is asked once.
    let line = format!("{USER}user -> web -> cache -> db; cache: redis [hit-ratio 0.9]; web -> db");
    assert_eq!(load(&line, "cache db"), "cache 90/10, db 99/20");
}

#[test]
fn a_queue_levels_to_its_consumers() {
    let text = |worker: &str| {
        format!(
            "{USER}user -> web; web -> queue [publish]; worker -> queue [consume]; worker [{worker}]; worker -> db [write]; worker -> rates [read]"
        )
    };
    let ids = "queue worker db rates";
    assert_eq!(load(&text("replicas 1"), ids), "queue 0/10, worker 0/0/10, db 0/10, rates 10");
    assert_eq!(load(&text("capacity 4"), ids), "queue 0/10, worker 0/0/4, db 0/4, rates 4");
    assert_eq!(load(&text("capacity 4; replicas 3"), ids), "queue 0/10, worker 0/0/10, db 0/10, rates 10");
    let facts = facts(&text("capacity 4"));
    let queue = facts.topology.find_component(&Id::slug("queue")).unwrap();
    assert!((facts.load().unwrap().backlog(queue) - 6.0).abs() < 1e-9);
    assert_eq!(facts.load().unwrap().overloaded().count(), 0);
    // What two features bring is levelled together.
    let two = "user -> web; web -> queue [publish]; worker -> queue [consume]; worker [capacity 15]
        feature a [flows user-web; requests-per-second 10; read-share 0]
        feature b [flows user-web, web-queue; requests-per-second 10; read-share 0]";
    assert_eq!(load(two, "queue worker"), "queue 0/20, worker 0/0/15");
}

#[test]
fn consumers_of_one_pool_share_and_others_take_all() {
    let text = format!(
        "{USER}user -> web; web -> bus [publish]; a, b, c -> bus [consume]; a: worker [pool p]; b: worker [pool p]; c: worker"
    );
    assert_eq!(load(&text, "a b c"), "a 0/0/5, b 0/0/5, c 0/0/10");
    let text = format!("{USER}user -> web; web -> bus [publish]; bus -> a: https [read]");
    assert_eq!(load(&text, "a"), "a 0/0/10");
}

#[test]
fn brokers_that_copy_each_other_deliver_once() {
    let text = format!(
        "{USER}user -> web; web -> k-1 [publish]; k-1 -> k-2 [replicate]; k-2 -> k-1 [replicate]; worker -> k-1, k-2 [consume]; k-1: kafka; k-2: kafka"
    );
    assert_eq!(load(&text, "k-1 k-2 worker"), "k-1 0/10, k-2 0/10, worker 0/0/20".replace("20", "10"));
    let text = format!(
        "{USER}user -> web; web -> k-1 [publish]; k-1 -> k-2 [replicate]; k-2 -> k-1 [replicate]; worker -> k-2 [consume]; k-1: kafka; k-2: kafka"
    );
    assert_eq!(load(&text, "k-1 k-2 worker"), "k-1 0/10, k-2 0/10, worker 0/0/10");
}

const STORE: &str = "user -> web; p: postgres; r: postgres; p -> r [replicate]\n";

#[test]
fn writes_go_to_those_who_take_them_and_then_to_every_replica() {
    let text = format!("{USER}{STORE}web -> p");
    assert_eq!(load(&text, "p r"), "p 90/10, r 0/10");
    // Written to a replica, it goes to the primary all the same.
    let text = format!("{USER}{STORE}web -> r");
    assert_eq!(load(&text, "p r"), "p 0/10, r 90/10");
    // Flows to both share the reads.
    let text = format!("{USER}{STORE}web -> p; web -> r [read]");
    assert_eq!(load(&text, "p r"), "p 45/10, r 45/10");
    let two = format!(
        "{USER}user -> web; p: postgres; q: postgres; r: postgres; p -> q [replicate]; q -> p [replicate]; q -> r [replicate]; p -> r [replicate]; web -> p, q [write]; web -> r [read]"
    );
    assert_eq!(load(&two, "p q r"), "p 0/10, q 0/10, r 90/10");
    let facts = facts(&two);
    let of = |id: &str| told(facts.load().unwrap().of_flow(facts.topology.find_flow(&Id::slug(id)).unwrap()));
    assert_eq!(["web-p", "web-q", "p-q", "q-p", "p-r", "q-r"].map(of), ["0/5"; 6]);
    // A copy of another sort is no member, but gets the writes.
    let text = format!("{USER}user -> web -> p; p: postgres; w: warehouse; p -> w [replicate]");
    assert_eq!(load(&text, "p w"), "p 90/10, w 0/10");
}

#[test]
fn a_replica_takes_over() {
    let text = format!("{USER}{STORE}web -> p; r [takes-over yes]")
        .replace("r: postgres", "r: postgres [takes-over yes]")
        .replace("; r [takes-over yes]", "");
    assert_eq!(without(&text, "p", "", "web p r"), "web 90/10, p -, r 90/10");
    let text = format!("{USER}{STORE}web -> p [soft]");
    assert_eq!(without(&text, "p", "", "web p r"), "web 90/10, p -, r 90");
}

#[test]
fn a_cycle_is_walked_once_and_reported() {
    let text = format!("{USER}user -> a -> b -> c -> a: https; c -> d");
    assert_eq!(load(&text, "a b c d"), "a 90/10, b 90/10, c 90/10, d 90/10");
    let facts = facts(&text);
    let cycles = facts.load().unwrap().cycles().iter();
    assert_eq!(cycles.map(|it| facts.topology.flow(*it).id.as_str()).collect::<Vec<_>>(), ["c-a"]);
    // Of what takes no requests nothing is said.
    let quiet = super::load_tests::facts(&format!("{USER}user -> x; a -> b -> a"));
    assert!(quiet.load().unwrap().cycles().is_empty());
    let queue = format!(
        "{USER}user -> web; web -> queue [publish]; worker -> queue [consume]; worker -> queue [publish]"
    );
    assert_eq!(load(&queue, "queue worker"), "queue 0/10, worker 0/0/10");
}

#[test]
fn what_passes_keeps_ports_apart() {
    let text = format!(
        "{USER}admin [requests-per-second 1; read-share 1]; user -> fw: https; admin -> fw: ssh; fw -> lb: https; fw -> bastion: ssh"
    );
    assert_eq!(load(&text, "fw lb bastion"), "fw 91/10, lb 90/10, bastion 1");
}

#[test]
fn utilisation_is_demand_over_what_all_instances_can() {
    let of = |web: &str, lost: &str| {
        let facts = facts(&format!("{USER}user -> lb -> web: https; web [{web}]"));
        let web = facts.topology.find_component(&Id::slug("web")).unwrap();
        let failed = lost.split_whitespace().map(|it| unit(&facts, it)).collect();
        let load = facts.load_without(&Loss { failed, cold: Vec::new() }).unwrap();
        (load.utilisation(web), load.overloaded().count())
    };
    assert_eq!(of("replicas 2", ""), (None, 0));
    assert_eq!(of("capacity 0", ""), (None, 0));
    assert_eq!(of("capacity 100", ""), (Some(1.0), 0));
    assert_eq!(of("capacity 50; replicas 4", ""), (Some(0.5), 0));
    assert_eq!(of("capacity 50; replicas 4", "web web web"), (Some(2.0), 1));
    assert_eq!(of("capacity 50", "web"), (None, 0));
}

#[test]
fn a_zone_takes_all_in_it() {
    let text = format!(
        "{USER}user -> lb -> web-1, web-2: https; boundary a: zone {{ web-1 }}; boundary b: zone {{ web-2 [capacity 60] }}"
    );
    assert_eq!(without(&text, "a", "", "web-1 web-2"), "web-1 -, web-2 90/10");
}

/// Numbers from which a drawing is made.
fn drawing(numbers: &[u8], requests: f64) -> String {
    let mut it = numbers.iter().copied().map(usize::from);
    let mut below = |n: usize| it.next().unwrap_or(0) % n;
    let kinds = [
        "user",
        "load-balancer",
        "web-server",
        "sql-database",
        "message-queue",
        "cache",
        "firewall",
        "worker",
        "cdn",
        "internet",
    ];
    let count = 3 + below(7);
    let mut text = String::new();
    for n in 0..count {
        let kind = if n == 0 { "user" } else { kinds[below(kinds.len())] };
        let mut said: Vec<String> = Vec::new();
        if n == 0 || below(4) == 0 {
            said.push(format!("requests-per-second {requests}; read-share 0.{}", below(10)));
        }
        match below(6) {
            0 => said.push("hit-ratio 0.5".to_owned()),
            1 => said.push(format!("replicas {}; pool p", below(4))),
            2 => said.push("takes-over yes".to_owned()),
            _ => {}
        }
        text += &format!("c{n}: {kind} [{}]\n", said.join("; "));
    }
    for n in 0..2 + below(14) {
        let access =
            ["unknown", "read", "write", "read-write", "replicate", "publish", "consume", "admin"][below(8)];
        let access = if access == "unknown" { String::new() } else { format!("; {access}") };
        let more =
            ["", "; weight 3", "; weight 0", "; requests-per-request 2", "; reply", "; async"][below(6)];
        text += &format!("f{n}: c{} -> c{} [soft{access}{more}]\n", below(count), below(count));
    }
    if below(2) == 1 {
        text += &format!("feature a [flows f0, f1; requests-per-second {requests}; read-share 0.5]\n");
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn twice_the_demand_is_twice_the_load(numbers in prop::collection::vec(any::<u8>(), 0..140)) {
        let [one, two] = [10.0, 20.0].map(|it| facts(&drawing(&numbers, it)));
        let (one_load, two_load) = (one.load().unwrap(), two.load().unwrap());
        let is_twice = |a: Demand, b: Demand| {
            [(a.reads, b.reads), (a.writes, b.writes), (a.either, b.either)]
                .iter().all(|(a, b)| (2.0 * a - b).abs() <= 1e-9 * b.abs().max(1.0) && a.is_finite() && *a >= 0.0)
        };
        for (ix, _) in one.topology.components() {
            prop_assert!(is_twice(one_load.of_component(ix), two_load.of_component(ix)));
        }
        for (ix, _) in one.topology.flows() {
            prop_assert!(is_twice(one_load.of_flow(ix), two_load.of_flow(ix)));
        }
    }

    #[test]
    fn what_spreads_gives_what_it_takes(numbers in prop::collection::vec(any::<u8>(), 0..140)) {
        let facts = facts(&drawing(&numbers, 10.0).replace("feature", "#"));
        let load = facts.load().unwrap();
        for (ix, node) in facts.topology.components() {
            let flows = || node.out.iter().map(|it| (facts.topology.flow(*it), *it));
            let is_plain = flows().all(|(it, _)| {
                let target = facts.topology.component(it.to);
                let takes_all = matches!(it.access, crate::model::Access::Unknown | crate::model::Access::ReadWrite);
                takes_all && !it.reply && !target.can(Capability::Cache)
            });
            let consumed = node.into.iter().any(|it| facts.topology.flow(*it).access == crate::model::Access::Consume);
            if !node.can(Capability::Spreads) || node.out.is_empty() || !is_plain || consumed || node.record.hit_ratio.is_some() {
                continue;
            }
            let beside = |it: &crate::analysis::FlowEdge| {
                it.record.style == crate::model::Style::Asynchronous && facts.topology.component(it.to).is(crate::model::Family::Messaging)
            };
            if flows().any(|(it, _)| beside(it)) {
                continue;
            }
            let given: f64 = flows()
                .map(|(it, ix)| load.of_flow(ix).total() / it.record.requests_per_request.map_or(1.0, |it| it.get()))
                .sum();
            let taken = load.of_component(ix).total();
            prop_assert!((given - taken).abs() <= 1e-9 * taken.max(1.0), "{given} of {taken} at {}", node.id);
        }
    }

    #[test]
    fn nothing_is_lost_on_the_way(numbers in prop::collection::vec(any::<u8>(), 0..140), lost in 0_usize..10) {
        let facts = facts(&drawing(&numbers, 10.0));
        let lost = ComponentIx::from(lost % facts.topology.component_count());
        let load = facts.load_without(&Loss { failed: vec![super::Unit::Component(lost)], cold: Vec::new() }).unwrap();
        // What is lost takes nothing; an actor still sends.
        let node = facts.topology.component(lost);
        if !node.can(Capability::Actor) {
            prop_assert_eq!(load.of_component(lost).total(), 0.0, "{} in\n{}", node.id, text::write(facts.model()));
        }
        for flow in &node.out {
            prop_assert!(load.of_flow(*flow).total() == 0.0 || facts.topology.flow(*flow).access == crate::model::Access::Consume);
        }
    }
}
