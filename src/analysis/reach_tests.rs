//! The section *Reachability*, sentence by sentence.

use super::sketch::Sketch;
use super::{Arrivals, Detours, Ingress, Passed, Requests};
use crate::model::{Capability, Id, Truth};

fn sketch() -> Sketch {
    Sketch::default()
}

#[track_caller]
fn check(sketch: &Sketch, rows: &str) {
    check_from(sketch, None, rows);
}

#[track_caller]
fn check_from(sketch: &Sketch, foothold: Option<&str>, rows: &str) {
    let told = sketch.reach(foothold);
    assert!(told.lines().eq(rows.lines().map(str::trim).filter(|it| !it.is_empty())), "{told}");
}

#[test]
fn the_internet_stands_at_the_top_and_at_actors_outside() {
    // At the top, without any actor.
    let open = sketch().boundary("tier", "", "open").put("web", "web-server", "tier").listens("tcp/443");
    check(&open, "web tcp/443 0 by web");
    // At an actor that stands in a place outside, not in one that stands in our office.
    let actors = |kind| {
        let place = sketch().boundary("place", "", "").of_kind(kind).put("user", "user", "place");
        place.put("web", "web-server", "").flow("user", "web", "tcp/443")
    };
    check(&actors("internet-edge"), "web tcp/443 0 by user web");
    check(&actors("organisation"), "");
    // A partner is no part of the internet, and an origin of its own.
    let partner =
        sketch().put("p", "partner-system", "").put("api", "microservice", "").flow("p", "api", "tcp/443");
    check(&partner, "");
    check_from(&partner, Some("p"), "api tcp/443 0 by p api");
}

#[test]
fn what_is_not_ours_is_never_a_target() {
    let outside =
        sketch().boundary("tier", "", "open").put("s", "third-party-service", "tier").listens("tcp/443");
    check(&outside.put("u", "user", "").flow("u", "s", "tcp/443"), "");
}

#[test]
fn what_stands_in_no_boundary_is_reached_by_drawn_flows_only() {
    let loose = sketch().put("u", "user", "").put("web", "web-server", "").listens("tcp/22,443");
    check(&loose, "");
    // A flow opens the way for all ports, not for its own alone.
    check(&loose.flow("u", "web", "tcp/443"), "web tcp/22 0 by u web\nweb tcp/443 0 by u web");
}

#[test]
fn a_reply_opens_nothing() {
    let mut reply = sketch().put("u", "user", "").put("web", "web-server", "").flow("u", "web", "tcp/443");
    reply.flows[0].reply = true;
    check(&reply, "");
}

#[test]
fn every_boundary_entered_filters_and_leaving_is_free() {
    let nested = sketch()
        .boundary("outer", "", "tcp/80,443 anywhere")
        .boundary("inner", "outer", "tcp/22,443 anywhere")
        .put("web", "web-server", "inner")
        .listens("tcp/22,80,443")
        .boundary("shut", "", "")
        .put("app", "microservice", "shut")
        .listens("tcp/443");
    check(&nested, "web tcp/443 0 by web");
    check_from(&nested, Some("app"), "web tcp/443 0 by app web");
    // From within, only the inner one is entered.
    let inside = nested.put("mate", "microservice", "outer");
    check_from(&inside, Some("mate"), "web tcp/22 0 by mate web\nweb tcp/443 0 by mate web");
}

#[test]
fn a_segmented_boundary_keeps_members_and_inner_boundaries_apart() {
    let flat = |is| {
        sketch()
            .boundary("net", "", "")
            .segmented(is)
            .boundary("cell", "net", "open")
            .put("a", "microservice", "net")
            .put("b", "microservice", "net")
            .listens("tcp/1")
            .put("c", "microservice", "cell")
            .listens("tcp/1")
            .put("d", "microservice", "cell")
            .listens("tcp/1")
    };
    check_from(&flat(Truth::No), Some("a"), "b tcp/1 0 by a b\nc tcp/1 0 by a c\nd tcp/1 0 by a d");
    check_from(&flat(Truth::Yes), Some("a"), "");
    check_from(
        &flat(Truth::Unknown),
        Some("a"),
        "b tcp/1 0 ?net.segmented by a b
         c tcp/1 0 ?net.segmented by a c
         d tcp/1 0 ?net.segmented by a d",
    );
    // The innermost boundary that holds both counts, and drawn flows cross.
    check_from(&flat(Truth::Yes), Some("c"), "c tcp/1 1 by c d c\nd tcp/1 0 by c d");
    check_from(&flat(Truth::Yes).flow("a", "b", "tcp/1"), Some("a"), "b tcp/1 0 by a b");
    // Nobody leaves a segmented network only to come back into it.
    let back = sketch().boundary("net", "", "open").segmented(Truth::Yes).put("a", "microservice", "net");
    check_from(&back.put("b", "microservice", "net").listens("tcp/1"), Some("a"), "");
}

#[test]
fn filters_that_are_passed_take_their_share() {
    let line = sketch()
        .put("u", "user", "")
        .put("fw", "firewall", "")
        .allows("tcp/80,443 anywhere")
        .put("waf", "waf", "")
        .allows("tcp/443 anywhere")
        .listens("tcp/8443")
        .put("web", "web-server", "")
        .listens("tcp/22,80,443")
        .flow("u", "fw", "")
        .flow("fw", "waf", "")
        .flow("waf", "web", "tcp/443");
    check(&line, "web tcp/443 0 by u fw waf web");
    // What a filter itself listens on has not passed it.
    check(
        &line.flow("u", "waf", ""),
        "waf tcp/8443 0 by u waf\nweb tcp/22 1 by u waf web
                                       web tcp/80 1 by u waf web\nweb tcp/443 0 by u waf web",
    );
}

#[test]
fn gates_are_a_boundarys_ingress() {
    let gated = |kind, allows| {
        sketch()
            .boundary("tier", "", "open")
            .put("gate", kind, "")
            .gate_of("tier")
            .allows(allows)
            .put("web", "web-server", "tier")
            .listens("tcp/22,443")
    };
    check(&gated("firewall", "tcp/443 anywhere"), "web tcp/443 0 by web");
    let union =
        gated("firewall", "tcp/443 anywhere").put("b", "waf", "").gate_of("tier").allows("tcp/22 anywhere");
    check(&union, "web tcp/22 0 by web\nweb tcp/443 0 by web");
    check(
        &gated("firewall", "unknown"),
        "web tcp/22 0 ?gate.allows by web\nweb tcp/443 0 ?gate.allows by web",
    );
    check(&gated("firewall", ""), "");
    // One that terminates lets nothing through by itself; from it, no ingress is applied again.
    let balancer =
        gated("load-balancer", "tcp/443 anywhere").put("u", "user", "").flow("u", "gate", "tcp/443");
    check(&balancer, "gate tcp/443 0 by u gate\nweb tcp/22 1 by u gate web\nweb tcp/443 1 by u gate web");
}

#[test]
fn a_gate_stands_around_its_boundary_whatever_it_was_drawn_in() {
    let gate = sketch()
        .boundary("net", "", "tcp/443 anywhere")
        .boundary("tier", "net", "open")
        .put("vpn", "vpn-gateway", "tier")
        .gate_of("tier")
        .listens("tcp/443")
        .listens("udp/1194");
    check(&gate, "vpn tcp/443 0 by vpn");
}

#[test]
fn filters_in_the_line_are_inferred_gates() {
    let line = sketch()
        .put("u", "user", "")
        .put("fw", "firewall", "")
        .allows("tcp/443 anywhere")
        .boundary("tier", "", "unknown")
        .put("web", "web-server", "tier")
        .listens("tcp/22,443")
        .put("db", "sql-database", "tier")
        .listens("tcp/5432")
        .flow("u", "fw", "tcp/443")
        .flow("fw", "web", "tcp/443");
    let topology = line.topology();
    let ingress = Ingress::of(&topology);
    let tier = topology.find_boundary(&Id::slug("tier")).unwrap();
    assert!(ingress.is_inferred(tier));
    assert_eq!(ingress.gates(tier), [topology.find_component(&Id::slug("fw")).unwrap()]);
    check(&line, "db tcp/5432 1 by u fw web db\nweb tcp/22 2 by u fw web db web\nweb tcp/443 0 by u fw web");
    // A flow past them, and the boundary's ingress is unknown again.
    let past = line.flow("u", "db", "tcp/5432");
    check(
        &past,
        "db tcp/5432 0 ?tier.ingress by u db
         web tcp/22 0 ?tier.ingress by u web
         web tcp/443 0 ?tier.ingress by u fw web",
    );
}

#[test]
fn entries_hold_where_they_may_come_from() {
    let entries = |let_in| {
        sketch()
            .boundary("tier", "", let_in)
            .put("db", "sql-database", "tier")
            .listens("tcp/22,5432")
            .boundary("apps", "", "")
            .put("app", "microservice", "apps")
            .put("job", "worker", "apps")
    };
    check_from(&entries("tcp/5432 app"), Some("app"), "db tcp/5432 0 by app db");
    check_from(&entries("tcp/5432 app"), Some("job"), "");
    check_from(&entries("tcp/5432 apps"), Some("job"), "db tcp/5432 0 by job db");
    check(&entries("tcp/5432 apps; tcp/22 gone"), "");
    // The source is who stands there, seen through what passes the traffic on.
    let through = entries("tcp/5432 apps")
        .put("nat", "nat-gateway", "apps")
        .flow("app", "nat", "")
        .flow("nat", "db", "");
    check_from(&through, Some("app"), "db tcp/5432 0 by app nat db");
}

#[test]
fn an_entry_from_nobody_knows_where_is_certain_for_whom_it_was_drawn() {
    let tier = |let_in| {
        sketch()
            .put("u", "user", "")
            .boundary("tier", "", let_in)
            .put("db", "sql-database", "tier")
            .listens("tcp/3306")
            .boundary("apps", "", "")
            .put("app", "microservice", "apps")
            .put("job", "worker", "apps")
            .put("fw", "firewall", "")
            .allows("any anywhere")
    };
    let drawn = tier("tcp/3306 unknown").flow("app", "fw", "").flow("fw", "db", "tcp/3306");
    check_from(&drawn, Some("app"), "db tcp/3306 0 by app fw db");
    check_from(&drawn, Some("job"), "db tcp/3306 0 ?tier.ingress by job db");
    check(&drawn, "db tcp/3306 0 ?tier.ingress by u db");
    // For everyone, if such a flow comes from the internet.
    let internet = drawn.flow("u", "fw", "");
    check_from(&internet, Some("job"), "db tcp/3306 0 by job db");
}

#[test]
fn only_what_listens_where_a_port_arrives_is_compromised() {
    let chain = sketch()
        .boundary("front", "", "tcp/443 anywhere")
        .put("web", "web-server", "front")
        .listens("tcp/443")
        .put("deaf", "worker", "front")
        .put("cron", "scheduler", "front")
        .listens("tcp/9")
        .boundary("back", "", "tcp/5432 deaf; tcp/5432 cron")
        .put("db", "sql-database", "back")
        .listens("tcp/5432");
    check(&chain, "cron tcp/9 1 by web cron\ndb tcp/5432 2 by web cron db\nweb tcp/443 0 by web");
    // A NAT gateway passes traffic and does not listen: it does not fall.
    let nat = sketch().put("u", "user", "").put("nat", "nat-gateway", "").put("web", "web-server", "");
    let nat = nat.flow("u", "nat", "tcp/443").flow("nat", "web", "tcp/443");
    check(&nat, "web tcp/443 0 by u nat web");
}

#[test]
fn the_question_is_the_first_unknown_on_the_way() {
    let way = sketch()
        .boundary("front", "", "unknown")
        .put("web", "web-server", "front")
        .listens("tcp/443")
        .boundary("back", "", "unknown")
        .put("db", "sql-database", "back")
        .listens("tcp/5432")
        .put("u", "user", "")
        .flow("u", "web", "tcp/443")
        .flow("web", "db", "tcp/5432");
    check(&way, "db tcp/5432 0 ?back.ingress by u db\nweb tcp/443 0 ?front.ingress by u web");
}

#[test]
fn adjacent_ports_are_one_row_if_all_else_is_equal() {
    let ranges = sketch()
        .boundary("tier", "", "tcp/1-10 anywhere; tcp/11-20 unknown")
        .put("web", "web-server", "tier")
        .listens("tcp/1-4")
        .listens("tcp/5-30 udp/31");
    check(&ranges, "web tcp/1-10 0 by web\nweb tcp/11-20 0 ?tier.ingress by web");
}

#[test]
fn what_hands_requests_on_serves_its_targets() {
    let served = sketch()
        .put("u", "user", "")
        .put("cdn", "cdn", "")
        .put("lb", "load-balancer", "")
        .boundary("tier", "", "")
        .put("web", "web-server", "tier")
        .put("db", "sql-database", "tier")
        .flow("u", "cdn", "tcp/443")
        .flow("cdn", "lb", "tcp/443")
        .flow("lb", "web", "tcp/8443")
        .flow("web", "db", "tcp/5432");
    let topology = served.topology();
    let reach = super::Reach::from_internet(&topology, &Ingress::of(&topology));
    let rows: Vec<String> = reach
        .served()
        .iter()
        .map(|it| {
            let path = reach
                .served_path(it)
                .iter()
                .map(|it| topology.component(it.component).id.to_string())
                .collect::<Vec<_>>();
            format!("{} {} {} {}", topology.component(it.component).id, it.ports, it.hop, path.join(" "))
        })
        .collect();
    assert_eq!(rows, ["lb tcp/443 0 u cdn lb", "web tcp/8443 0 u cdn lb web"]);
}

#[test]
fn ways_that_avoid_filters_are_found() {
    let two = sketch()
        .put("u", "user", "")
        .put("fw", "firewall", "")
        .allows("tcp/443 anywhere")
        .put("lb", "load-balancer", "")
        .put("web", "web-server", "")
        .put("app", "web-server", "")
        .flow("u", "fw", "tcp/443")
        .flow("fw", "lb", "tcp/443")
        .flow("lb", "web", "tcp/443")
        .flow("u", "app", "tcp/443");
    let topology = two.topology();
    let ingress = Ingress::of(&topology);
    let filters = |it| topology.component(it).can(Capability::Filters);
    let find = |it: &str| topology.find_component(&Id::slug(it)).unwrap();
    let arrivals = Arrivals::avoiding(&topology, &ingress, filters);
    assert!(arrivals.at(find("lb")).is_empty() && arrivals.at(find("app")).is_all());
    let all = Requests::avoiding(&topology, &ingress, |_| false);
    assert_eq!(all.to(find("web")), Some(["u", "fw", "lb", "web"].map(find).to_vec()));
    assert_eq!(Requests::avoiding(&topology, &ingress, filters).to(find("web")), None);
}

#[test]
fn ways_around_a_guard_are_told_where_they_leave_it() {
    let two = sketch()
        .put("u", "user", "")
        .put("waf", "waf", "")
        .put("dns", "dns", "")
        .put("lb", "load-balancer", "")
        .put("web", "web-server", "")
        .put("db", "sql-database", "")
        .flow("u", "waf", "tcp/443")
        .flow("waf", "lb", "tcp/443")
        .flow("u", "dns", "tcp/443")
        .flow("dns", "lb", "tcp/443")
        .flow("lb", "web", "tcp/443")
        .flow("web", "db", "tcp/5432");
    let topology = two.topology();
    let ingress = Ingress::of(&topology);
    let find = |it: &str| topology.find_component(&Id::slug(it)).unwrap();
    let ends = |flows: Vec<super::FlowIx>| {
        let end = |it: &super::FlowEdge| {
            format!("{}-{}", topology.component(it.from).id, topology.component(it.to).id)
        };
        flows.into_iter().map(|it| end(topology.flow(it))).collect::<Vec<_>>().join(" ")
    };
    let waf = find("waf");
    let detours = Detours::of(&topology, &ingress, |flow| match topology.flow(flow).from {
        from if from == waf => Passed::Guard,
        _ => Passed::Nothing,
    });
    let around = |it: &str| detours.around(&topology, find(it));
    assert_eq!(ends(around("lb")), "dns-lb");
    assert_eq!(ends(detours.way_around(&topology, around("lb")[0])), "u-dns dns-lb");
    assert_eq!(ends(detours.guarded_way(&topology, find("web"))), "u-waf waf-lb lb-web");
    // Behind the balancer both ways are one, and a web server ends them.
    assert_eq!(ends(around("web")), "");
    assert_eq!(ends(detours.guarded_way(&topology, find("db"))), "");
    let none = Detours::of(&topology, &ingress, |_| Passed::End);
    assert!(none.around(&topology, find("lb")).is_empty());
}
