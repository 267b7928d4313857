//! Pools: components of which any one will do, as declared or as the drawing says. Part *Pools and replicated stores*
//! of the meanings; the stores are told in `stores.rs`, what names have in common in `pool_names.rs`.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Access, Capability, Family, Ports};

use super::pool_names::Alike;
use super::stores::{Store, StoreIx, stores_of};
use super::topology::index;
use super::{ComponentIx, FlowEdge, Topology};

index! {
    /// A pool: the declared ones in the order of their names, then the inferred ones in that of their first members.
    PoolIx
}

/// Components that are alternatives: any one will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// What its members bear or, if it is inferred, what their names have in common, as words with hyphens.
    pub name: String,
    /// In order; a declared pool may have one.
    pub members: Vec<ComponentIx>,
    /// Nobody has said so: it is drawn dashed, until someone confirms or separates it.
    pub inferred: bool,
    /// How many instances must be up: the largest that a member says, 1 if none does.
    pub quorum: u32,
}

/// The pools and replicated stores of a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pools {
    pools: Vec<Pool>,
    pool_of: Vec<Option<PoolIx>>,
    stores: Vec<Store>,
    store_of: Vec<Option<StoreIx>>,
}

impl Pools {
    pub fn of(topology: &Topology) -> Self {
        let mut pools = declared(topology);
        pools.extend(inferred(topology));
        let count = topology.component_count();
        let mut pool_of = vec![None; count];
        for (n, pool) in pools.iter().enumerate() {
            for member in &pool.members {
                pool_of[member.at()] = Some(n.into());
            }
        }
        let stores = stores_of(topology);
        let mut store_of = vec![None; count];
        for (n, store) in stores.iter().enumerate() {
            for member in &store.members {
                store_of[member.at()] = Some(n.into());
            }
        }
        Self { pools, pool_of, stores, store_of }
    }

    pub fn pools(&self) -> &[Pool] {
        &self.pools
    }

    pub fn pool(&self, ix: PoolIx) -> &Pool {
        &self.pools[ix.at()]
    }

    /// The pool of a component, declared or inferred; never both.
    pub fn pool_of(&self, component: ComponentIx) -> Option<PoolIx> {
        self.pool_of[component.at()]
    }

    pub fn stores(&self) -> &[Store] {
        &self.stores
    }

    pub fn store(&self, ix: StoreIx) -> &Store {
        &self.stores[ix.at()]
    }

    /// The replicated store that a component is a member of.
    pub fn store_of(&self, component: ComponentIx) -> Option<StoreIx> {
        self.store_of[component.at()]
    }
}

/// The largest quorum that a member says; none said, or 0, is one.
pub(super) fn quorum(topology: &Topology, members: &[ComponentIx]) -> u32 {
    members.iter().filter_map(|it| topology.component(*it).record.quorum).max().unwrap_or(1).max(1)
}

fn declared(topology: &Topology) -> Vec<Pool> {
    let mut by_name: BTreeMap<&str, Vec<ComponentIx>> = BTreeMap::new();
    for (ix, component) in topology.components() {
        let name = component.record.pool.trim();
        if !name.is_empty() {
            by_name.entry(name).or_default().push(ix);
        }
    }
    let pool = |(name, members): (&str, Vec<ComponentIx>)| Pool {
        name: name.to_owned(),
        quorum: quorum(topology, &members),
        members,
        inferred: false,
    };
    by_name.into_iter().map(pool).collect()
}

/// What flows from one spreader have in common if they may lead to alternatives.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Lane<'t> {
    protocol: String,
    ports: &'t Ports,
    access: Access,
    kind: &'t str,
}

fn inferred(topology: &Topology) -> Vec<Pool> {
    let mut alike = Alike::new(topology);
    for (_, spreader) in
        topology.components().filter(|(_, it)| it.can(Capability::Spreads) && it.out.len() > 1)
    {
        let mut lanes: BTreeMap<Lane<'_>, BTreeSet<ComponentIx>> = BTreeMap::new();
        for flow in spreader.out.iter().map(|it| topology.flow(*it)).filter(|it| may_be_pooled(topology, it))
        {
            let lane = Lane {
                protocol: protocol(flow),
                ports: &flow.ports,
                access: flow.access,
                kind: &topology.component(flow.to).record.kind,
            };
            lanes.entry(lane).or_default().insert(flow.to);
        }
        for targets in lanes.into_values().filter(|it| it.len() > 1) {
            alike.join(&targets.into_iter().collect::<Vec<_>>());
        }
    }
    let pool = |(name, members): (String, Vec<ComponentIx>)| Pool {
        name,
        quorum: quorum(topology, &members),
        members,
        inferred: true,
    };
    alike.finish().into_iter().map(pool).collect()
}

/// A reply opens nothing, so it reaches nobody.
fn may_be_pooled(topology: &Topology, flow: &FlowEdge) -> bool {
    let target = topology.component(flow.to);
    let keeps = target.is(Family::Data) || target.is(Family::Messaging);
    !flow.reply && !keeps && target.record.pool.trim().is_empty()
}

/// `HTTPS` and `https` are one, as are the names of one row of the table.
fn protocol(flow: &FlowEdge) -> String {
    flow.protocol.map_or_else(|| flow.record.protocol.trim().to_lowercase(), |it| it.slug.clone())
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use crate::analysis::fixture::{facts, names};

    /// `name: members`, one a pool; a `~` before the inferred ones.
    fn pools(text: &str) -> Vec<String> {
        let facts = facts(text);
        let told = facts.pools.pools().iter().map(|it| {
            let mark = if it.inferred { "~" } else { "" };
            format!("{mark}{}: {}", it.name, names(&facts, it.members.iter().copied()))
        });
        told.collect()
    }

    /// Web servers of these names behind one load balancer; `@` and a zone tells where one stands.
    fn named(list: &str) -> Vec<String> {
        let mut text = "lb: load-balancer\n[east: availability-zone]\n[west: availability-zone]\n\
            [west-too: availability-zone name=w]\n[west-again: availability-zone name=w]\n"
            .to_owned();
        for (n, name) in list.split_whitespace().enumerate() {
            let (name, place) =
                name.split_once('@').map_or((name, String::new()), |(a, b)| (a, format!("in={b}")));
            // Writing to a String cannot fail.
            _ = writeln!(text, "c{n}: web-server name={name} {place}\nlb -> c{n}: https");
        }
        pools(&text)
    }

    #[test]
    fn declared_pools() {
        let text = "a: worker pool=x\nb: cache pool=x\nc: worker pool=a";
        assert_eq!(pools(text), ["a: c", "x: a b"]);
    }

    #[test]
    fn names_that_count() {
        for names in ["web-1 web-2", "web01 web02", "Web_A web_b", "web web-2", "Web Web", "web-1 web-b"] {
            assert_eq!(named(names), ["~web: c0 c1"], "{names}");
        }
        assert_eq!(named("Order_web-1 order-web_2 order_3"), ["~order-web: c0 c1"]);
        for names in
            ["cart catalogue", "Service_A Service_B", "lambda-1 lambda-2", "web-one web-two", "a b", "1 2"]
        {
            assert_eq!(named(names), [""; 0], "{names}");
        }
        assert_eq!(named("web-1-a web-2-b"), [""; 0]);
    }

    #[test]
    fn names_that_say_where() {
        assert_eq!(named("lb-east@east lb-west@west"), ["~lb: c0 c1"]);
        assert_eq!(named("east-lb-1@east west-lb-1@west"), ["~lb: c0 c1"]);
        for names in [
            "lb-east@east lb-west@east",
            "lb-east@east lb-west",
            "lb-east lb-west",
            "east@east west@west",
            "service-east@east service-west@west",
            "lb-east@west-too lb-west@west-again",
            "lb-east-one@east lb-west-two@west",
        ] {
            assert_eq!(named(names), [""; 0], "{names}");
        }
        // Pools that overlap are one.
        assert_eq!(
            named("lb-east@east lb-west@west lb-north@east web-1 web-2"),
            ["~lb: c0 c1 c2", "~web: c3 c4"]
        );
    }

    #[test]
    fn what_reaches_them() {
        let two = |change: (&str, &str)| {
            let text = "lb: load-balancer\nw1: web-server name=web-1\nw2: web-server name=web-2\nlb -> w1: https read\n\
                lb -> w2: https read";
            pools(&text.replacen(change.0, change.1, 1)).len()
        };
        assert_eq!(two(("", "")), 1);
        assert_eq!(two(("w1: https", "w1: HTTPS")), 1);
        for change in [
            ("load-balancer", "worker"),
            ("w1: https read", "w1: http read"),
            ("w1: https read", "w1: https write"),
            ("w1: https read", "w1: https tcp/8443 read"),
            ("w1: https read", "w1: https read reply"),
            ("w1: web-server", "w1: worker"),
            ("w1: web-server", "w1: web-server technology=nginx"),
            ("w1: web-server", "w1: web-server pool=own"),
            ("lb -> w1", "other -> w1"),
        ] {
            let expected = usize::from(change.1.contains("pool="));
            assert_eq!(two(change), expected, "{change:?}");
        }
        let kept = "lb: load-balancer\nd1: cache name=d-1\nd2: cache name=d-2\nlb -> d1\nlb -> d2";
        assert_eq!(pools(kept), [""; 0]);
    }

    #[test]
    fn the_largest_quorum_counts() {
        let facts = facts(
            "a: worker pool=x quorum=2\nb: worker pool=x\nc: worker pool=x quorum=3\nd: worker pool=y quorum=0",
        );
        assert_eq!(facts.pools.pools().iter().map(|it| it.quorum).collect::<Vec<_>>(), [3, 1]);
    }
}
