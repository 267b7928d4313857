//! The sentences of the meanings on failure, each as a small drawing.

use super::fixture::{facts, names, unit, unit_name};
use super::{Need, Reason, Unit};

/// `down | cut but not down | degraded` after a loss of units.
fn lose(text: &str, units: &str) -> String {
    let facts = facts(text);
    let units: Vec<Unit> = units.split_whitespace().map(|it| unit(&facts, it)).collect();
    let outcome = facts.failure.simulate(&units);
    assert!(outcome.down.is_subset(&outcome.cut) && outcome.down.is_disjoint(&outcome.degraded));
    for ix in outcome.cut.union(&outcome.degraded) {
        assert!(outcome.reasons.contains_key(ix), "no reason for {}", names(&facts, [*ix]));
    }
    let (down, only_cut) = (outcome.down.iter().copied(), outcome.cut.difference(&outcome.down).copied());
    format!(
        "{} | {} | {}",
        names(&facts, down),
        names(&facts, only_cut),
        names(&facts, outcome.degraded.iter().copied())
    )
}

/// All single points: `unit: actors or features [all] [alone] [?unknown]`.
fn points(text: &str) -> Vec<String> {
    let facts = facts(text);
    let told = facts.failure.single_points().iter().map(|it| {
        let mut told =
            format!("{}: {}", unit_name(&facts, &it.unit), names(&facts, it.actors.iter().copied()));
        for feature in it.features.iter() {
            told = format!("{told} {feature}");
        }
        for (is_so, word) in [(it.all_lost, " all"), (it.alone, " alone")] {
            told += if is_so { word } else { "" };
        }
        for unknown in &it.unknowns {
            told = format!("{told} ?{}.{}", unknown.subject, unknown.field);
        }
        told
    });
    told.collect()
}

const USERS: &str = "user: user\nlb: load-balancer\ndb: sql-database\nqueue: message-queue\ncache: cache\n\
    logs: logging\nregistry: service-registry\n";

fn need(line: &str) -> Need {
    let facts = facts(&format!("{USERS}{line}"));
    let (_, flow) = facts.topology.flows().next().unwrap();
    Need::of(&facts.topology, flow)
}

#[test]
fn what_a_flow_needs() {
    for (line, expected) in [
        ("app -> db", Need::Hard),
        ("app -> db: async", Need::Soft),
        ("app -> db: async hard", Need::Hard),
        ("app -> db: soft", Need::Soft),
        ("app -> db: reply", Need::None),
        ("app -> db: reply hard", Need::None),
        ("app -> db: replicate", Need::None),
        ("app -> db: admin hard", Need::None),
        ("app -> queue: publish", Need::Hard),
        ("app -> queue: publish async", Need::Soft),
        ("app -> queue: consume async", Need::Hard),
        ("app -> cache", Need::Soft),
        ("app -> cache: hard", Need::Hard),
        ("app -> logs", Need::Soft),
        ("app -> registry", Need::Hard),
        ("logs -> app: hard", Need::None),
        ("registry -> app", Need::Hard),
        ("queue -> app", Need::Soft),
        ("queue -> app: hard", Need::Hard),
    ] {
        assert_eq!(need(line), expected, "{line}");
    }
}

#[test]
fn down_goes_upward_and_stops_at_alternatives() {
    assert_eq!(lose("user: user\nuser -> app\napp -> db", "db"), "app db user |  | ");
    let pool = "user: user\nw1: worker pool=w\nw2: worker pool=w\nuser -> app\napp -> w1";
    assert_eq!(lose(pool, "w1"), "w1 |  | app");
    assert_eq!(lose(pool, "w2"), "w2 |  | app");
    assert_eq!(lose(pool, "w1 w2"), "app user w1 w2 |  | ");
}

#[test]
fn instances_are_counted() {
    let three = "app: worker\netcd: nosql-store replicas=3 quorum=2\napp -> etcd";
    assert_eq!(lose(three, "etcd"), " |  | etcd");
    assert_eq!(lose(three, "etcd etcd"), "app |  | etcd");
    assert_eq!(lose(three, "etcd*"), "app etcd |  | ");
    assert_eq!(lose("a: worker replicas=0\nb -> a", "a"), "a b |  | ");
}

#[test]
fn a_quorum_counts_over_the_pool() {
    let text = "e1: nosql-store pool=e quorum=3\ne2: nosql-store pool=e replicas=2\ne3: nosql-store pool=e\napp -> e1";
    assert_eq!(lose(text, "e1"), "e1 |  | app");
    assert_eq!(lose(text, "e1 e2"), "app e1 |  | e2");
}

#[test]
fn what_goes_on_lives_with_the_routes_that_are_left() {
    let text = "user: user\nlb: load-balancer\nuser -> lb\nlb -> cart\nlb -> shop";
    assert_eq!(lose(text, "cart"), "cart | lb user | lb user");
    assert_eq!(lose(text, "cart shop"), "cart lb shop user |  | ");
    assert_eq!(lose("app -> cart\napp -> shop", "cart"), "app cart |  | ");
}

#[test]
fn a_group_of_cut_members_cuts() {
    let text = "user: user\nlb-1: load-balancer pool=lb\nlb-2: load-balancer pool=lb\nuser -> lb-1\n\
        lb-1 -> cart\nlb-1 -> shop\nlb-2 -> cart\nlb-2 -> shop";
    assert_eq!(lose(text, "cart"), "cart | lb-1 lb-2 user | lb-1 lb-2 user");
    let one = text.replace("lb-2 -> cart", "");
    assert_eq!(lose(&one, "cart"), "cart | lb-1 | lb-1");
}

#[test]
fn a_cycle_with_nothing_failed_is_up() {
    assert_eq!(lose("a -> b\nb -> a", ""), " |  | ");
    assert_eq!(lose("a -> b\nb -> a\nb -> c", "c"), "a b c |  | ");
}

#[test]
fn degraded_passes_upward_or_stays() {
    let soft = "cache: cache\nuser: user\nuser -> app\napp -> cache";
    assert_eq!(lose(soft, "cache"), "cache |  | app user");
    let pool = "w1: worker pool=w\nw2: worker pool=w\nuser: user\nuser -> app\napp -> w1";
    assert_eq!(lose(pool, "w1"), "w1 |  | app");
    assert_eq!(lose("app: worker replicas=2\nuser: user\nuser -> app", "app"), " |  | app");
    // Only where every usable member of a group is so.
    let half = "cache: cache\na-1: worker pool=a\na-2: worker pool=a\nuser: user\nuser -> a-1\na-1 -> cache";
    assert_eq!(lose(half, "cache"), "cache |  | a-1");
    assert_eq!(lose(half, "cache a-2"), "a-2 cache |  | a-1 user");
}

#[test]
fn messaging_misses_its_consumers() {
    let text = "q: message-queue\nw1: worker pool=w\nw2: worker pool=w\napp -> q: publish\nw1 -> q: consume\n\
        w2 -> q: consume";
    assert_eq!(lose(text, "w1"), "w1 |  | ");
    assert_eq!(lose(text, "w1 w2"), "w1 w2 |  | app q");
    assert_eq!(lose(text, "q"), "app q w1 w2 |  | ");
    assert_eq!(lose("q: message-queue\napp -> q: publish\nq -> w", "w"), "w |  | app q");
}

#[test]
fn writes_go_to_those_who_take_them() {
    let text = "p: sql-database\nr: sql-database\np -> r: replicate\nwriter -> p: write\nreader -> r: read\n\
        other -> r: write\nunsaid -> r";
    assert_eq!(lose(text, "p"), "other p unsaid writer |  | reader");
    assert_eq!(lose(text, "r"), "r |  | reader");
    let takes_over = text.replace("r: sql-database", "r: sql-database takes_over=yes");
    assert_eq!(lose(&takes_over, "p"), "p |  | other reader unsaid writer");
    assert_eq!(lose(&takes_over, "p r"), "other p r reader unsaid writer |  | ");
}

#[test]
fn a_stores_quorum_is_counted_over_all_of_it() {
    let text = "p: sql-database quorum=2\nr1: sql-database\nr2: sql-database\np -> r1: replicate\n\
        p -> r2: replicate\nwriter -> p: write";
    assert_eq!(lose(text, ""), " |  | ");
    assert_eq!(lose(text, "r1"), "r1 |  | ");
    assert_eq!(lose(text, "r1 r2"), "r1 r2 writer |  | ");
}

#[test]
fn a_declared_pool_goes_before_a_store() {
    let text = "p: sql-database\nr: sql-database pool=r\np -> r: replicate\napp -> r: read";
    assert_eq!(lose(text, "r"), "app r |  | ");
}

const GATED: &str = "[tier: subnet-tier]\nfw-1: firewall gate=tier\nfw-2: firewall gate=tier allows=tcp/443\n\
    app: worker in=tier\n";

#[test]
fn what_enters_needs_a_gate_that_lets_it_in() {
    let web = format!("{GATED}client -> app: tcp/443");
    assert_eq!(lose(&web, "fw-1"), "fw-1 |  | ");
    assert_eq!(lose(&web, "fw-1 fw-2"), "client fw-1 fw-2 |  | ");
    let ssh = format!("{GATED}client -> app: tcp/22");
    assert_eq!(lose(&ssh, "fw-1"), "client fw-1 |  | ");
    assert_eq!(lose(&ssh, "fw-2"), "fw-2 |  | ");
    // If none lets it in, the drawing contradicts itself; that is no failure.
    let closed = ssh.replace("fw-1: firewall gate=tier", "fw-1: firewall gate=tier allows=tcp/80");
    assert_eq!(lose(&closed, "fw-1 fw-2"), "fw-1 fw-2 |  | ");
    // A gate that terminates lets nothing through by itself.
    assert_eq!(lose(&web.replace("firewall", "load-balancer"), "fw-1 fw-2"), "fw-1 fw-2 |  | ");
}

#[test]
fn what_starts_or_ends_at_the_gate_needs_no_other() {
    let text = format!("{GATED}client -> fw-1\nfw-1 -> app\nadmin -> fw-2");
    assert_eq!(lose(&text, "fw-2"), "admin fw-2 |  | ");
    assert_eq!(lose(&text, "fw-1"), "client fw-1 |  | ");
    let inside = format!("{GATED}mate: worker in=tier\nmate -> app: tcp/443");
    assert_eq!(lose(&inside, "fw-1 fw-2"), "fw-1 fw-2 |  | ");
}

#[test]
fn gates_of_two_zones_stand_in_for_each_other() {
    let text = "[a: subnet-tier]\n[b: subnet-tier]\nfw-a: firewall gate=a\nfw-b: firewall gate=b\n\
        lb-a: load-balancer in=a pool=lb\nlb-b: load-balancer in=b pool=lb\nuser: user\nuser -> lb-a: tcp/443\n\
        user -> lb-b: tcp/443";
    assert_eq!(lose(text, "fw-a"), "fw-a |  | user");
    assert_eq!(lose(text, "fw-a lb-b"), "fw-a lb-b user |  | ");
    assert_eq!(lose(text, "fw-a fw-b"), "fw-a fw-b user |  | ");
    assert!(points(text).is_empty());
}

#[test]
fn boundaries_of_one_kind_and_name_are_one_unit() {
    let text = "[z1: availability-zone name=a]\n[z2: availability-zone name=a]\n[z3: availability-zone]\n\
        [z4: availability-zone]\nx: worker in=z1\ny: worker in=z2\nv: worker in=z3\nw: worker in=z4";
    assert_eq!(lose(text, "z1"), "x y |  | ");
    assert_eq!(lose(text, "z3"), "v |  | ");
}

#[test]
fn highly_available_survives_a_zone_and_a_host_and_no_more() {
    for (kind, survives) in [
        ("availability-zone", true),
        ("host", true),
        ("cluster", false),
        ("data-centre", false),
        ("region", false),
        ("network", false),
    ] {
        let text = format!("[x: {kind}]\ns3: object-store technology=s3 in=x");
        assert_eq!(lose(&text, "x") == " |  | ", survives, "{kind}");
        let plain = format!("[x: {kind}]\ns3: object-store in=x");
        assert_eq!(lose(&plain, "x"), "s3 |  | ", "{kind}");
    }
}

#[test]
fn what_if_may_fail_anything() {
    assert_eq!(lose("user: user\nuser -> app", "user"), "user |  | ");
    assert_eq!(lose("s3: object-store technology=s3\napp -> s3", "s3"), "app s3 |  | ");
}

#[test]
fn reasons_name_the_group() {
    let facts = facts("user: user\nw1: worker pool=w\nw2: worker pool=w\nuser -> app\napp -> w1");
    let units = ["w1", "w2"].map(|it| unit(&facts, it));
    let outcome = facts.failure.simulate(&units);
    let said = |id: &str| match unit(&facts, id) {
        Unit::Instance(ix) => outcome.reasons[&ix].clone(),
        _ => Vec::new(),
    };
    let [Unit::Instance(w1), Unit::Instance(w2)] = units else { panic!() };
    assert_eq!(said("w1"), [Reason::Failed]);
    assert_eq!(said("app"), [Reason::Lost { alternatives: vec![w1, w2] }]);
    assert_eq!(said("user").len(), 1);
}

#[test]
fn entry_actors_need_something_and_have_a_fallback() {
    let entry = |text: &str| {
        let facts = facts(text);
        names(&facts, facts.failure.entry_actors().iter().copied())
    };
    let drawn = "user: user\nadmin: admin\nidle: browser\nevil: attacker\nuser -> app\nadmin -> app: admin\nevil -> app";
    assert_eq!(entry(drawn), "user");
    assert_eq!(
        entry("lb: load-balancer\ndb: sql-database\nlb -> app\napp -> db\ndb -> store\napp -> lb: reply"),
        "lb"
    );
    assert_eq!(entry("p: partner-system\np -> app"), "p");
}

#[test]
fn single_points_of_a_simple_shop() {
    let text = "user: user\nlb: load-balancer\nweb-1: web-server pool=web\nweb-2: web-server pool=web\ndb: sql-database\n\
        user -> lb\nlb -> web-1\nlb -> web-2\nweb-1 -> db\nweb-2 -> db";
    assert_eq!(points(text), ["db: user all", "lb: user all"]);
}

#[test]
fn a_part_is_told_from_all() {
    let text = "user: user\nlb: load-balancer\nuser -> lb\nlb -> cart\nlb -> shop";
    assert_eq!(points(text), ["cart: user", "lb: user all", "shop: user"]);
    let two = "user: user\nboss: user\nuser -> a\nboss -> b";
    assert_eq!(points(two), ["a: user", "b: boss"]);
}

#[test]
fn third_parties_and_the_internet_are_no_units() {
    let text = "user: user\npay: third-party-service\nnet: internet\nuser -> net\nnet -> app\napp -> pay";
    assert_eq!(points(text), ["app: net user all"]);
}

#[test]
fn a_boundary_is_listed_for_whom_nothing_inside_cuts() {
    let text = "[dc: data-centre]\n[h1: host in=dc]\n[h2: host in=dc]\nuser: user\nw1: worker pool=w in=h1\n\
        w2: worker pool=w in=h1\nuser -> w1";
    assert_eq!(points(text), ["h1: user all"]);
    let spread = text.replace("w2: worker pool=w in=h1", "w2: worker pool=w in=h2");
    assert_eq!(points(&spread), ["dc: user all alone"]);
    let two = format!("{spread}\n[dc2: data-centre]");
    assert_eq!(points(&two), ["dc: user all"]);
    let one = text.replace("user -> w1", "user -> w1\nw1 -> db\nw2 -> db\ndb: sql-database in=h2");
    assert_eq!(points(&one), ["db: user all", "h1: user all"]);
}

#[test]
fn what_rests_on_an_unknown_is_a_question() {
    let bought = "user: user\ncdn: cdn\nuser -> cdn\ncdn -> app";
    assert_eq!(points(bought), ["app: user all", "cdn: user all ?cdn.highly_available"]);
    let said = bought.replace("cdn: cdn", "cdn: cdn ha=yes");
    assert_eq!(points(&said), ["app: user all"]);
    let store = "user: user\np: sql-database\nr: sql-database\np -> r: replicate\nuser -> p: write";
    assert_eq!(points(store), ["p: user all ?r.takes_over"]);
    assert_eq!(points(&store.replace("r: sql-database", "r: sql-database takes_over=no")), ["p: user all"]);
    assert!(points(&store.replace("r: sql-database", "r: sql-database takes_over=yes")).is_empty());
    // It would be lost in any case: nothing rests on the answer.
    let host = format!("[h: host]\n{}", store.replace("sql-database", "sql-database in=h"));
    assert_eq!(points(&host), ["p: user all ?r.takes_over"]);
    let other = "[h: host]\nuser: user\np: sql-database in=h\nr: sql-database in=h\np -> r: replicate\nuser -> p: read";
    assert_eq!(points(other), ["h: user all"]);
}

#[test]
fn a_zone_that_bought_parts_may_survive_is_a_question() {
    let text =
        "[z: availability-zone]\n[y: availability-zone]\nuser: user\nf: function in=z replicas=2\nuser -> f";
    assert_eq!(points(text), ["z: user all ?f.highly_available"]);
}

#[test]
fn features_need_their_path_and_no_more() {
    let text = "user: user\nlb: load-balancer\nuser -> lb\nlb -> cart\nlb -> shop\nfeature buy: user>lb lb>cart\n\
        feature browse: user>lb lb>shop";
    assert_eq!(points(text), ["cart: user buy", "lb: user browse buy all", "shop: user browse"]);
    // What a component on the path needs is needed; a pool on it is not one component.
    let pool = "user: user\nw1: worker pool=w\nw2: worker pool=w\nuser -> w1\nw1 -> db\nw2 -> db\nfeature f: user>w1";
    assert_eq!(points(pool), ["db: user f all"]);
}

#[test]
fn a_feature_needs_a_gate_that_no_hard_need_goes_through() {
    let text = "user: user\n[tier: subnet-tier]\nfw: firewall gate=tier allows=tcp/443\nshop: microservice\n\
        search: search-index in=tier\nuser -> shop: https\nshop -> search: https soft\nfeature find: user>shop shop>search";
    assert_eq!(points(text), ["fw:  find all", "search:  find all", "shop: user find all"]);
}

#[test]
fn chains_lead_from_the_unit_to_the_actor() {
    let chain = |text: &str, id: &str| {
        let facts = facts(text);
        let wanted = unit(&facts, id);
        let point = facts.failure.single_points().iter().find(|it| it.unit == wanted).unwrap();
        names(&facts, facts.failure.chains().chain(point))
    };
    assert_eq!(chain("user: user\nuser -> a\na -> b\nb -> c\nuser -> c", "c"), "c user");
    assert_eq!(chain("user: user\nuser -> a\na -> b\nb -> c", "c"), "c b a user");
    let gated = format!("{GATED}user: user\nuser -> app: tcp/22");
    assert_eq!(chain(&gated, "fw-1"), "fw-1 user");
    let feature =
        "user: user\nlb: load-balancer\nuser -> lb\nlb -> app\napp -> db\nfeature f: user>lb lb>app";
    assert_eq!(chain(feature, "db"), "db app lb user");
    // What lost one of its instances, and the rest by what that took, is still where the way begins.
    let round = "user: user\nuser -> x\nx -> b\nb -> x\nb: microservice pool=p replicas=2 quorum=2";
    assert_eq!(chain(round, "b"), "b x user");
}

#[test]
fn what_takes_itself_in_a_circle_is_counted_once() {
    let text = "[h: host name=h]\n[g: host name=g]\nada: admin in=h\nada -> c\nc -> ada\nx -> c";
    assert_eq!(points(text), ["c: ada all", "h: ada all"]);
}

#[test]
fn what_is_lost_with_nothing_failed_is_no_single_point() {
    assert_eq!(lose("user: user\netcd: nosql-store quorum=3\nuser -> etcd", ""), "user |  | ");
    assert!(points("user: user\netcd: nosql-store quorum=3\nuser -> etcd").is_empty());
}
