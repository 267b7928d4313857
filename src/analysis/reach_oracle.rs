//! A naive search, written apart from the real one, against which that is compared on random models: single ports,
//! all pairs of components, and nothing but the words of the manual's page.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::sketch::{Sketch, allows, entries, ingress, ports};
use super::{Ingress, Reach};
use crate::model::{
    Allow, Allows, Boundary, Capability, Component, Flow, From, Id, Ingress as Own, Listener, Model, Nesting,
    Transport, Truth,
};

type Port = (Transport, u16);

const SAMPLES: [Port; 6] = [
    (Transport::Tcp, 22),
    (Transport::Tcp, 80),
    (Transport::Tcp, 443),
    (Transport::Udp, 53),
    (Transport::Tcp, 5432),
    (Transport::Tcp, 8443),
];

/// Component, port: hop and whether it is a question.
type Answer = BTreeMap<(Id, Port), (u32, bool)>;

struct Naive<'m> {
    model: &'m Model,
    nesting: Nesting,
    gates: BTreeMap<Id, BTreeSet<Id>>,
    moved: BTreeMap<Id, Option<Id>>,
}

/// Whoever attacks: where the traffic started, and where it stands now. `None` is the internet at the top.
type Stand = (Option<Id>, Option<Id>);

impl<'m> Naive<'m> {
    fn of(model: &'m Model) -> Self {
        let mut naive =
            Self { model, nesting: Nesting::of(model), gates: BTreeMap::new(), moved: BTreeMap::new() };
        let mut declared = BTreeSet::new();
        for (id, component) in model.components() {
            if let Some(gated) = component.gate_of.as_ref().filter(|it| model.boundaries().contains_key(*it))
            {
                naive.gates.entry(gated.clone()).or_default().insert(id.clone());
                naive.moved.insert(id.clone(), naive.nesting.parent(gated).cloned());
                declared.insert(id.clone());
            }
        }
        let mut inferred = Vec::new();
        for (b, boundary) in model.boundaries() {
            if boundary.ingress != Own::Unknown || naive.gates.contains_key(b) {
                continue;
            }
            let into: Vec<&Flow> = naive.flows().filter(|it| naive.goes_into(it, b)).collect();
            let is_filter = |it: &&Id| naive.can(it, Capability::Filters);
            let filters =
                |it: &&Flow| [&it.from, &it.to].into_iter().filter(is_filter).cloned().collect::<Vec<_>>();
            if into.iter().all(|it| !filters(it).is_empty()) {
                inferred.push((b.clone(), into.iter().flat_map(filters).collect::<BTreeSet<Id>>()));
            }
        }
        for (b, found) in inferred.into_iter().filter(|(_, found)| !found.is_empty()) {
            naive.gates.insert(b, found);
        }
        for id in model.components().keys().filter(|it| !declared.contains(*it)) {
            let around: Vec<&Id> = naive.nesting.ancestors(id).collect();
            let gated = around.iter().rposition(|it| naive.gates.get(*it).is_some_and(|it| it.contains(id)));
            if let Some(n) = gated {
                naive.moved.insert(id.clone(), naive.nesting.parent(around[n]).cloned());
            }
        }
        naive
    }

    fn can(&self, id: &Id, capability: Capability) -> bool {
        self.model.components()[id].can(capability)
    }

    /// Flows that open something.
    fn flows(&self) -> impl Iterator<Item = &'m Flow> {
        let there = |id: &Id| self.model.components().contains_key(id);
        let model = self.model;
        model
            .flows()
            .values()
            .map(|it| &**it)
            .filter(move |it| !it.reply && it.from != it.to && there(&it.from) && there(&it.to))
    }

    /// The boundaries that hold a component, from the outermost in.
    fn around(&self, id: &Id) -> Vec<Id> {
        let place = match self.moved.get(id) {
            Some(place) => place.clone(),
            None => self.nesting.parent(id).cloned(),
        };
        let mut around: Vec<Id> = place
            .iter()
            .flat_map(|it| std::iter::once(it).chain(self.nesting.ancestors(it)))
            .cloned()
            .collect();
        around.reverse();
        around
    }

    fn goes_into(&self, flow: &Flow, boundary: &Id) -> bool {
        self.around(&flow.to).contains(boundary) && !self.around(&flow.from).contains(boundary)
    }

    fn is_gate(&self, component: &Id, boundary: &Id) -> bool {
        self.gates.get(boundary).is_some_and(|it| it.contains(component))
    }

    fn is_internet(&self, id: &Id) -> bool {
        let outside = |it: &Id| self.model.boundaries()[it].kind().outside;
        self.can(id, Capability::OnTheInternet) && self.around(id).iter().all(outside)
    }

    /// Where these flows start, seen through what passes traffic on.
    fn starts<'f>(&self, flows: impl Iterator<Item = &'f Flow>) -> BTreeSet<Id> {
        let mut starts: BTreeSet<Id> = flows.map(|it| it.from.clone()).collect();
        loop {
            let behind: BTreeSet<Id> = self
                .flows()
                .filter(|it| starts.contains(&it.to) && self.can(&it.to, Capability::Passes))
                .map(|it| it.from.clone())
                .collect();
            if behind.is_subset(&starts) {
                return starts;
            }
            starts.extend(behind);
        }
    }

    fn starts_into(&self, boundary: &Id) -> BTreeSet<Id> {
        let ends_at_gate =
            |it: &Flow| self.is_gate(&it.to, boundary) && !self.around(&it.from).contains(boundary);
        self.starts(self.flows().filter(|it| self.goes_into(it, boundary) || ends_at_gate(it)))
    }

    /// Whether one of the entries lets a port pass.
    fn lets(
        &self,
        entries: &[Allow],
        source: Option<&Id>,
        port: Port,
        sure: bool,
        starts: &BTreeSet<Id>,
    ) -> bool {
        entries.iter().filter(|it| it.ports.contains(port.0, port.1)).any(|it| match &it.from {
            From::Anywhere => true,
            From::Unknown => {
                !sure
                    || starts.iter().any(|it| self.is_internet(it))
                    || source.is_some_and(|it| starts.contains(it))
            }
            From::Of(ids) => {
                source.is_some_and(|it| ids.contains(it) || self.around(it).iter().any(|it| ids.contains(it)))
            }
        })
    }

    fn lets_through(
        &self,
        id: &Id,
        source: Option<&Id>,
        port: Port,
        sure: bool,
        starts: &BTreeSet<Id>,
    ) -> bool {
        if !self.can(id, Capability::Passes) {
            return false;
        }
        match &self.model.components()[id].allows {
            _ if !self.can(id, Capability::Filters) => true,
            Allows::Unknown => !sure,
            Allows::Only(entries) => self.lets(entries, source, port, sure, starts),
        }
    }

    fn lets_in(&self, boundary: &Id, source: Option<&Id>, port: Port, sure: bool) -> bool {
        let starts = self.starts_into(boundary);
        if let Some(gates) = self.gates.get(boundary) {
            return gates.iter().any(|it| self.lets_through(it, source, port, sure, &starts));
        }
        match &self.model.boundaries()[boundary].ingress {
            Own::Open => true,
            Own::Unknown => !sure,
            Own::Only(entries) => self.lets(entries, source, port, sure, &starts),
        }
    }

    fn passes(&self, id: &Id, source: Option<&Id>, port: Port, sure: bool) -> bool {
        let gated: Vec<&Id> = self.gates.iter().filter(|(_, it)| it.contains(id)).map(|(it, _)| it).collect();
        let starts = if gated.is_empty() {
            self.starts(self.flows().filter(|it| it.to == *id))
        } else {
            gated.into_iter().flat_map(|it| self.starts_into(it)).collect()
        };
        self.lets_through(id, source, port, sure, &starts)
    }

    fn steps(&self, stand: &Stand, target: &Id, port: Port, sure: bool) -> bool {
        let (source, at) = (stand.0.as_ref(), stand.1.as_ref());
        if at == Some(target) {
            return false;
        }
        let (from, to) = (at.map(|it| self.around(it)).unwrap_or_default(), self.around(target));
        let drawn = self.flows().any(|it| Some(&it.from) == at && it.to == *target);
        let both = from.iter().zip(&to).take_while(|(a, b)| a == b).last().map(|(it, _)| it);
        let open = both.is_none_or(|it| match self.model.boundaries()[it].segmented.is {
            Truth::No => true,
            Truth::Unknown => !sure,
            Truth::Yes | Truth::NotApplicable => false,
        });
        let entered = to.iter().filter(|it| !from.contains(it));
        (drawn || !to.is_empty() && open)
            && entered
                .filter(|it| !at.is_some_and(|at| self.is_gate(at, it)))
                .all(|it| self.lets_in(it, source, port, sure))
    }

    fn listens(&self, id: &Id, port: Port) -> bool {
        let has = |it: &crate::model::Ports| it.contains(port.0, port.1);
        let flow_port = |it: &Flow| {
            if !it.port.is_empty() {
                return has(&it.port);
            }
            match it.protocol().map(|it| &it.port).filter(|it| !it.is_empty()) {
                Some(port) => has(port),
                None => self.model.components()[id].kind().default_port().is_some_and(has),
            }
        };
        self.model.components()[id].listeners.iter().any(|it| has(&it.port))
            || !self.can(id, Capability::Passes) && self.flows().any(|it| it.to == *id && flow_port(it))
    }

    /// The listeners on one port to which it gets from what is held.
    fn reached(&self, held: &BTreeSet<Stand>, port: Port, sure: bool) -> BTreeSet<Id> {
        let (mut stands, mut reached) = (held.clone(), BTreeSet::new());
        loop {
            let mut next = stands.clone();
            let targets = |stand| {
                let all = self.model.components().keys();
                all.filter(move |it| self.steps(stand, it, port, sure)).map(move |it| (stand, it))
            };
            for (stand, target) in stands.iter().flat_map(targets) {
                if self.listens(target, port) && !self.can(target, Capability::NotOurs) {
                    reached.insert(target.clone());
                }
                if self.passes(target, stand.0.as_ref(), port, sure) {
                    next.insert((stand.0.clone(), Some(target.clone())));
                }
            }
            if next == stands {
                return reached;
            }
            stands = next;
        }
    }

    /// The hop of each listener, port by port.
    fn run(&self, foothold: Option<&Id>, sure: bool) -> BTreeMap<(Id, Port), u32> {
        let at = |it: &Id| (Some(it.clone()), Some(it.clone()));
        let mut held: BTreeSet<Stand> = if let Some(it) = foothold {
            BTreeSet::from([at(it)])
        } else {
            let origins = self.model.components().keys().filter(|it| self.is_internet(it));
            origins.map(at).chain([(None, None)]).collect()
        };
        let mut hops = BTreeMap::new();
        for hop in 0.. {
            let mut fallen = held.clone();
            for port in SAMPLES {
                for target in self.reached(&held, port, sure) {
                    fallen.insert(at(&target));
                    hops.entry((target, port)).or_insert(hop);
                }
            }
            if fallen == held {
                break;
            }
            held = fallen;
        }
        hops
    }

    fn answer(&self, foothold: Option<&Id>) -> Answer {
        let sure = self.run(foothold, true);
        let possible = self.run(foothold, false);
        possible
            .into_iter()
            .map(|(key, hop)| {
                let question = sure.get(&key) != Some(&hop);
                (key, (hop, question))
            })
            .collect()
    }
}

fn answer(sketch: &Sketch, foothold: Option<&Id>) -> Answer {
    let topology = sketch.topology();
    let ingress = Ingress::of(&topology);
    let reach = match foothold.and_then(|it| topology.find_component(it)) {
        Some(it) => Reach::from_foothold(&topology, &ingress, it),
        None => Reach::from_internet(&topology, &ingress),
    };
    let mut answer = Answer::new();
    for row in reach.exposed() {
        let id = |it| topology.component(it).id.clone();
        let path = reach.path(row);
        assert_eq!(path.last().map(|it| (it.component, &it.ports)), Some((row.component, &row.ports)));
        assert!(path.iter().all(|it| !it.ports.is_empty()));
        assert_eq!(row.question, row.asks.is_some());
        assert_eq!(row.question, row.certain_hop != Some(row.hop));
        for port in SAMPLES.into_iter().filter(|it| row.ports.contains(it.0, it.1)) {
            assert_eq!(
                answer.insert((id(row.component), port), (row.hop, row.question)),
                None,
                "a port twice"
            );
        }
    }
    for row in reach.served() {
        assert_eq!(reach.served_path(row).last().map(|it| it.component), Some(row.component));
    }
    answer
}

const KINDS: [&str; 13] = [
    "user",
    "internet",
    "firewall",
    "firewall",
    "waf",
    "nat-gateway",
    "load-balancer",
    "bastion",
    "web-server",
    "sql-database",
    "microservice",
    "partner-system",
    "note",
];
const PORTS: [&str; 7] = ["", "tcp/22", "tcp/80,443", "tcp/443", "udp/53", "tcp/5432", "any"];
const BOUNDARIES: [&str; 4] = ["network", "network", "internet-edge", "region"];

fn component_id(n: usize) -> Id {
    Id::slug(&format!("c{n}"))
}

fn boundary_id(n: usize) -> Id {
    Id::slug(&format!("b{n}"))
}

fn maybe_boundary() -> impl Strategy<Value = Option<Id>> {
    prop_oneof![2 => Just(None), 6 => (0..5_usize).prop_map(|n| Some(boundary_id(n)))]
}

fn some_from() -> impl Strategy<Value = From> {
    let id = prop_oneof![(0..9_usize).prop_map(component_id), (0..5_usize).prop_map(boundary_id)];
    prop_oneof![
        1 => Just(From::Anywhere),
        2 => Just(From::Unknown),
        3 => prop::collection::vec(id, 0..3).prop_map(From::Of),
    ]
}

fn some_entries() -> impl Strategy<Value = Vec<Allow>> {
    let entry = (prop::sample::select(&PORTS[..]), some_from());
    prop::collection::vec(entry.prop_map(|(it, from)| Allow::of(ports(it), from)), 0..4)
}

fn some_component() -> impl Strategy<Value = Component> {
    let allows = prop_oneof![1 => Just(Allows::Unknown), 3 => some_entries().prop_map(Allows::Only)];
    let gate_of = prop_oneof![4 => Just(None), 1 => maybe_boundary()];
    let listeners = prop::collection::vec(prop::sample::select(&PORTS[..]), 0..3);
    (prop::sample::select(&KINDS[..]), maybe_boundary(), gate_of, listeners, allows).prop_map(
        |(kind, within, gate_of, listeners, allows)| Component {
            kind: kind.to_owned(),
            within,
            gate_of,
            listeners: listeners
                .into_iter()
                .map(|it| Listener { port: ports(it), ..Listener::default() })
                .collect(),
            allows,
            ..Component::default()
        },
    )
}

fn some_boundary() -> impl Strategy<Value = Boundary> {
    let let_in =
        prop_oneof![1 => Just(Own::Unknown), 1 => Just(Own::Open), 3 => some_entries().prop_map(Own::Only)];
    let segmented = prop_oneof![
        3 => Just(Truth::No),
        1 => Just(Truth::Unknown),
        1 => Just(Truth::Yes),
        1 => Just(Truth::NotApplicable),
    ];
    (prop::sample::select(&BOUNDARIES[..]), maybe_boundary(), let_in, segmented).prop_map(
        |(kind, within, ingress, segmented)| Boundary {
            kind: kind.to_owned(),
            within,
            ingress,
            segmented: segmented.into(),
            ..Boundary::default()
        },
    )
}

fn some_flow() -> impl Strategy<Value = Flow> {
    let port = prop::sample::select(&PORTS[..6]);
    (0..9_usize, 0..9_usize, port, prop::bool::weighted(0.1)).prop_map(|(from, to, port, reply)| Flow {
        port: ports(port),
        reply,
        ..Flow::between(component_id(from), component_id(to))
    })
}

fn some_sketch() -> impl Strategy<Value = Sketch> {
    let components = prop::collection::vec(some_component(), 1..=8);
    let boundaries = prop::collection::vec(some_boundary(), 0..=4);
    let flows = prop::collection::vec(some_flow(), 0..=10);
    (components, boundaries, flows).prop_map(|(components, boundaries, flows)| Sketch {
        components: components
            .into_iter()
            .enumerate()
            .map(|(n, it)| (component_id(n).to_string(), it))
            .collect(),
        boundaries: boundaries
            .into_iter()
            .enumerate()
            .map(|(n, it)| (boundary_id(n).to_string(), it))
            .collect(),
        flows,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn the_search_agrees_with_the_naive_one(sketch in some_sketch(), foothold in 0..8_usize) {
        let model = sketch.model();
        let naive = Naive::of(&model);
        prop_assert_eq!(answer(&sketch, None), naive.answer(None));
        let foothold = component_id(foothold % sketch.components.len());
        prop_assert_eq!(answer(&sketch, Some(&foothold)), naive.answer(Some(&foothold)));
    }

    #[test]
    fn the_same_model_gives_the_same_rows(sketch in some_sketch()) {
        prop_assert_eq!(sketch.reach(None), sketch.reach(None));
    }
}

#[test]
fn short_forms_mean_what_they_say() {
    assert_eq!(entries("tcp/22 a,b")[0].from, From::Of(vec![Id::slug("a"), Id::slug("b")]));
    assert_eq!((ingress("open"), allows("unknown")), (Own::Open, Allows::Unknown));
}
