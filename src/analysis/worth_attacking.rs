//! Worth attacking: which parts of the system an attacker gains most by, ranked by how near the internet is, what data
//! they handle and how much depends on them.
//!
//! A *target* is a pool, a replicated store or a component alone, of ours. Its score is the product of three factors:
//! * reach: 4 if it is exposed or served before any compromise, 2 after one, 1 after more, 0 if it never is;
//! * assets: 1, and for each asset that it handles 4 if that is confidential, secret or a credential, 2 if it is personal,
//!   internal or unclassified, 1 if it is public; what is there for trust holds one credential more than was named;
//! * dependents: 1, and one for each component outside it that has a hard need of it or that it administers.

use std::collections::BTreeSet;

use super::{AssetIx, ComponentIx, Data, Need, Pools, Reach, Topology};
use crate::model::{Access, Asset, Capability, Class, Family, natural_order};

/// A part of the system, and what makes it worth attacking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Alternatives or copies of each other, in order.
    pub members: Vec<ComponentIx>,
    /// The fewest compromises after which one of them is exposed or served.
    pub hop: Option<u32>,
    /// What they handle, in order.
    pub assets: Vec<AssetIx>,
    /// Components that need them or that they administer.
    pub dependents: usize,
    pub score: u64,
}

/// All targets, the one most worth attacking first, equal ones in the order of their first members.
#[derive(Debug, Clone, Default)]
pub struct WorthAttacking {
    targets: Vec<Target>,
}

impl WorthAttacking {
    pub fn of(topology: &Topology, data: &Data, pools: &Pools, reach: &Reach) -> Self {
        let mut targets: Vec<Target> = Vec::new();
        for (component, node) in topology.components() {
            let members = alike(pools, component);
            // The first of those that are alike speaks for all.
            if node.can(Capability::NotOurs) || members.first().is_some_and(|it| *it != component) {
                continue;
            }
            let members = if members.is_empty() { vec![component] } else { members.to_vec() };
            targets.push(target(topology, data, reach, members));
        }
        // Of those that are worth the same, the first few are those that people count first.
        let first = |it: &Target| it.members.first().map_or("", |it| topology.component(*it).id.as_str());
        targets.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| natural_order(first(a), first(b))));
        Self { targets }
    }

    pub fn targets(&self) -> &[Target] {
        &self.targets
    }
}

fn alike(pools: &Pools, component: ComponentIx) -> &[ComponentIx] {
    let pool = pools.pool_of(component).map(|it| &pools.pool(it).members[..]);
    pool.or_else(|| pools.store_of(component).map(|it| &pools.store(it).members[..])).unwrap_or_default()
}

fn target(topology: &Topology, data: &Data, reach: &Reach, members: Vec<ComponentIx>) -> Target {
    let hop = members.iter().filter_map(|it| reach.hop(*it)).min();
    let mut assets: Vec<AssetIx> = members.iter().flat_map(|it| data.handled(*it)).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    let nodes = || members.iter().map(|it| topology.component(*it));
    let mut dependents: BTreeSet<ComponentIx> = BTreeSet::new();
    for flow in nodes().flat_map(|it| &it.into).map(|it| topology.flow(*it)) {
        if Need::of(topology, flow) == Need::Hard {
            dependents.insert(flow.from);
        }
    }
    for flow in nodes().flat_map(|it| &it.out).map(|it| topology.flow(*it)).filter(|it| !it.reply) {
        if flow.access == Access::Admin || flow.protocol.is_some_and(|it| it.admin) {
            dependents.insert(flow.to);
        }
    }
    dependents.retain(|it| members.binary_search(it).is_err());
    let held = assets.iter().map(|it| weight(data.asset(*it))).sum::<u64>();
    let trusted = if nodes().any(|it| it.is(Family::Trust)) { 4 } else { 0 };
    let nearness = match hop {
        Some(0) => 4,
        Some(1) => 2,
        Some(_) => 1,
        None => 0,
    };
    let dependents = dependents.len();
    let score = nearness * (1 + held + trusted) * (1 + dependents as u64);
    Target { members, hop, assets, dependents, score }
}

fn weight(asset: &Asset) -> u64 {
    if asset.credential.is_yes() || matches!(asset.class, Class::Confidential | Class::Secret) {
        4
    } else if asset.personal.is_yes() || matches!(asset.class, Class::Internal | Class::Unknown) {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Facts;
    use crate::formats::text;

    /// `score: members`, the first ones.
    fn ranked(text: &str) -> Vec<String> {
        let facts = Facts::of(Arc::new(text::read(text).unwrap()));
        let name = |it: &ComponentIx| facts.topology.component(*it).id.to_string();
        let row = |it: &Target| {
            let members: Vec<String> = it.members.iter().map(name).collect();
            format!("{}: {}", it.score, members.join(" "))
        };
        facts.worth_attacking().targets().iter().map(row).collect()
    }

    #[test]
    fn reach_assets_and_dependents_count() {
        // The balancer is exposed and needed by the user; the server is served, and handles a secret; the store is two
        // compromises away and keeps it.
        assert_eq!(
            ranked(
                "user -> lb -> web: https; web -> db: postgres; web [processes a]; db [stores a]; asset a: secret"
            ),
            ["40: web", "10: db", "8: lb"],
        );
        assert_eq!(ranked("job -> db: postgres"), ["0: db", "0: job"]);
    }

    #[test]
    fn those_that_are_alike_are_one() {
        assert_eq!(ranked("user -> lb -> web-1, web-2: https"), ["8: lb", "8: web-1 web-2"]);
        let copies = "user -> web: https; web -> db: postgres [write]; copy: postgres; db: postgres; db -> copy [replicate]";
        assert_eq!(ranked(copies), ["8: web", "4: copy db"]);
    }

    #[test]
    fn who_administers_holds_what_it_administers() {
        assert_eq!(
            ranked("user -> jump: ssh; jump: bastion; jump -> a, b: ssh [admin]")[0],
            "16: jump",
            "the user and both servers"
        );
    }

    #[test]
    fn what_is_there_for_trust_holds_credentials() {
        assert_eq!(ranked("user -> idp: https; idp: identity-provider"), ["40: idp"]);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

        /// The more depends on it, the higher it stands, and the ranking is one of all that is ours.
        #[test]
        fn more_dependents_never_lower_the_score(users in 1usize..6, others in 0usize..4) {
            let flows: Vec<String> = (0..users).map(|n| format!("s{n} -> db: postgres")).collect();
            let idle: Vec<String> = (0..others).map(|n| format!("x{n}")).collect();
            let text = format!("user -> s0: https; {}; {}", flows.join("; "), idle.join("; "));
            let rows = ranked(&text);
            proptest::prop_assert_eq!(rows.len(), users + 1 + others);
            let expected = format!("{}: db", 2 * (1 + users));
            proptest::prop_assert!(rows.contains(&expected), "{:?}", rows);
        }
    }
}
