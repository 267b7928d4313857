//! `flat-network`: sensitive stores that stand in one network with what the internet reaches.

use super::exposures::administers;
use super::passing;
use super::shutting::Shutting;
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Hop, Out, Subject, answer, rule, sensitive, severity,
    words, worth,
};
use crate::analysis::{AssetIx, ComponentIx, ComponentNode, Facts, Network, Unknown};
use crate::model::{Capability, Family, Id, Ids, Ports, Truth};

rule! {
    /// ## What it finds
    /// Networks in which a store of sensitive assets stands beside something that the internet reaches and that has no
    /// business with it: no flow is drawn between the two, no filter stands between them, and the members of the network
    /// are not kept apart. As long as nobody has said whether they are, it asks. A store that the internet reaches at once is
    /// told by `exposed-data-store`; what stands in tiers of its own by `unfiltered-tier`.
    ///
    /// ## Why it matters
    /// Whatever faces the internet falls first. In a flat network that is all it takes: from the broken balancer every port
    /// of the store is one step away, those for its administrators included.
    ///
    /// ## Example
    /// `boundary lan: network [segmented no; ingress 443 from anywhere] { lb; web; db: postgres [stores cards] }; user -> lb -> web: https; web -> db: postgres; asset cards "Card numbers": secret`
    ///
    /// ## How to fix it
    /// Move the store into a tier of its own behind a filter that lets in what is drawn, or let the platform keep the members
    /// of the network apart so that only drawn flows cross.
    ///
    /// ## References
    /// * CWE-653, Improper isolation or compartmentalization
    /// * ATT&CK T1021, Remote services; M1030, Network segmentation
    /// * NIST SP 800-53, SC-7(13) and SC-32; NIST SP 800-207, Zero trust architecture
    "flat-network", "Flat network",
    kind: Asks, on: Whole, reads: [Structure, Reach, Assets], answers: ["authentication"],
    stride: [ElevationOfPrivilege, InformationDisclosure], cwe: [653],
    check: check, fixes: fixes,
}

/// A store in one network with a foothold.
struct Beside {
    store: ComponentIx,
    foothold: ComponentIx,
    /// Whether the store asks for a login.
    has_login: bool,
    assets: Vec<AssetIx>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for network in Network::all(&facts.topology, &facts.ingress) {
        say(facts, &network, out);
    }
}

fn say(facts: &Facts, network: &Network, out: &mut Out<'_>) {
    let found = beside(facts, network);
    // The one that it is easiest to read, then the dearest.
    let rank = |it: &&Beside| (!it.has_login, super::impact(facts, &it.assets), std::cmp::Reverse(it.store));
    let Some(worst) = found.iter().max_by_key(rank) else { return };
    let mut assets: Vec<AssetIx> = found.iter().flat_map(|it| it.assets.iter().copied()).collect();
    assets.sort_unstable();
    assets.dedup();
    let (impact, worth) = worth(facts, &assets);
    let node = facts.topology.boundary(network.boundary);
    let title = node.record.title();
    let stores = words::names(facts, found.iter().map(|it| it.store));
    let foothold = words::name(facts, worst.foothold);
    let (exposure, login) = if worst.has_login {
        (
            Exposure::Deeper,
            format!(", with nothing but a login of {} between", words::name(facts, worst.store)),
        )
    } else {
        (Exposure::OneHop, String::new())
    };
    let evidence = evidence(facts, network, worst, &found);
    if network.segmented == Truth::Unknown {
        let about = Unknown::new(&node.id, "segmented");
        let (text, choices) = passing::asked(facts, &about);
        let why = format!("Otherwise whoever takes over {foothold} gets to {worth} in {stores}.");
        out.question(Asked { about, stake: severity(facts, impact, exposure), text, why, choices, evidence });
        return;
    }
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("whoever takes over {foothold} gets to {worth}{login}"),
        message: format!("One network holds {stores} beside {foothold}"),
        place: title.to_owned(),
        evidence,
        facts: found.iter().map(|it| fact(facts, it)).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let Some(boundary) = finding.subjects.first().and_then(|it| facts.topology.find_boundary(it)) else {
        return Vec::new();
    };
    let networks = Network::all(&facts.topology, &facts.ingress);
    let Some(network) = networks.iter().find(|it| it.boundary == boundary) else { return Vec::new() };
    let node = facts.topology.boundary(boundary);
    let moved = match &beside(facts, network)[..] {
        // One edit moves one.
        [only] => {
            let listens = facts.topology.component(only.store).listens.clone();
            Shutting::of(facts, only.store, listens).fix_by_moving(ids)
        }
        _ => None,
    };
    let about = [Unknown::new(&node.id, "segmented")];
    let label = format!("Keep the members of {} apart", node.record.title());
    let apart = Fix { label, edit: answer(facts, &about, Truth::Yes) };
    moved.into_iter().chain([apart]).collect()
}

/// The sensitive stores of a network that a foothold at its edge gets to, each with one from where.
fn beside(facts: &Facts, network: &Network) -> Vec<Beside> {
    let topology = &facts.topology;
    // What certainly falls first: it listens, and the internet reaches it before any compromise.
    let is_foothold = |it: &ComponentIx| {
        let rows = facts.reach.exposed_of(*it).iter();
        !is_store(topology.component(*it)) && rows.clone().any(|it| it.certain_hop == Some(0))
    };
    let ours = network.members.iter().copied().filter(|it| !topology.component(*it).can(Capability::NotOurs));
    let (stores, others): (Vec<_>, Vec<_>) = ours.partition(|it| is_store(topology.component(*it)));
    let footholds: Vec<ComponentIx> = others.into_iter().filter(is_foothold).collect();
    let mut found = Vec::new();
    for store in stores {
        let node = topology.component(store);
        let is_exposed = facts.reach.exposed_of(store).iter().any(|it| it.hop == 0);
        let assets: Vec<AssetIx> = sensitive::kept(facts, store).collect();
        if assets.is_empty() || is_exposed || node.listens.is_empty() {
            continue;
        }
        let has_business = |it: &&ComponentIx| {
            let flows = node.into.iter().map(|it| topology.flow(*it));
            flows.into_iter().any(|flow| flow.from == **it && !flow.reply && !administers(flow))
        };
        let Some(foothold) = footholds.iter().find(|it| !has_business(it)).copied() else { continue };
        let has_login = matches!(node.control("authentication"), Truth::Yes | Truth::NotApplicable);
        found.push(Beside { store, foothold, has_login, assets });
    }
    found
}

fn is_store(node: &ComponentNode) -> bool {
    node.is(Family::Data) || node.is(Family::Messaging) || node.is(Family::Trust)
}

fn fact(facts: &Facts, it: &Beside) -> String {
    let id = |it| facts.topology.component(it).id.clone();
    format!("{} beside {}", id(it.store), id(it.foothold))
}

/// From the foothold to the store, with the network and all stores that stand there.
fn evidence(facts: &Facts, network: &Network, worst: &Beside, found: &[Beside]) -> Evidence {
    let topology = &facts.topology;
    let id = |it: ComponentIx| -> Id { topology.component(it).id.clone() };
    let hop = |it: ComponentIx, ports: Ports, note: &str| Hop {
        element: id(it),
        ports: Some(ports),
        note: note.into(),
    };
    let store = topology.component(worst.store);
    let path = vec![
        hop(worst.foothold, Ports::all(), "taken over"),
        hop(worst.store, store.listens.clone(), "in the same network"),
    ];
    let also = std::iter::once(topology.boundary(network.boundary).id.clone())
        .chain(found.iter().map(|it| id(it.store)));
    Evidence { path, also: also.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, only, silent};

    fn lan(network: &str, db: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; user -> lb -> web: https; web -> db: postgres
             fw: firewall [gate-of lan; allows 443 from anywhere]
             boundary lan \"Network\": network [segmented {network}] {{ lb \"Balancer\"; web \"Web\"; db \"Orders\": postgres [{db}] }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &lan("no", "stores cards"),
            "high flat-network:lan — One network holds Orders beside Balancer (Network)",
        );
        silent(&RULE, &lan("yes", "stores cards"));
        silent(&RULE, &lan("no", ""));
        asks(
            &RULE,
            &lan("unknown", "stores cards"),
            "? lan.segmented — Are the members of Network kept apart, so that only drawn flows cross?",
        );
        assert_eq!(answered(&RULE, &lan("unknown", "stores cards"), "Yes"), "");
        assert!(answered(&RULE, &lan("unknown", "stores cards"), "No").starts_with("high"));
    }

    #[test]
    fn whoever_has_business_there_is_no_neighbour() {
        let text = "asset cards: secret; user -> web: https; web -> db: postgres
            boundary lan: network [segmented no; ingress 443 from anywhere] { web; db: postgres [stores cards] }";
        silent(&RULE, text);
        fires(
            &RULE,
            &text
                .replace("{ web;", "{ web; cms: web-server;")
                .replace("web -> db", "user -> cms: https; web -> db"),
            "high flat-network:lan — One network holds db beside cms (lan)",
        );
    }

    #[test]
    fn other_rules_tell_stores_that_are_exposed_and_tiers() {
        silent(&RULE, &lan("no", "stores cards").replace("allows 443", "allows any"));
        let tiers = lan("no", "")
            .replace("db \"Orders\": postgres []", "boundary data: tier { db: postgres [stores cards] }");
        silent(&RULE, &tiers);
        // What is not known to be reached is no foothold yet.
        silent(&RULE, &lan("no", "stores cards").replace("; allows 443 from anywhere", ""));
    }

    #[test]
    fn a_login_is_one_more_step() {
        let text = lan("no", "stores cards; authentication yes");
        assert_eq!(
            only(&RULE, &text).because,
            "Whoever takes over Balancer gets to Card numbers (secret), with nothing but a login of Orders between: grave impact, medium."
        );
    }

    #[test]
    fn each_fix_mends_it() {
        let text = lan("no", "stores cards");
        assert_eq!(
            offered(&RULE, &text),
            "Move Orders into a filtered tier\nKeep the members of Network apart"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        let facts = mended_facts(&RULE, &text, 0);
        for (flow, edge) in facts.topology.flows() {
            let passes = facts.ingress.lets_flow(&facts.topology, flow).certain;
            assert!(edge.ports.is_subset(&passes), "{edge:?}");
        }
    }
}
