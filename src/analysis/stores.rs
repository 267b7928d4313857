//! Replicated stores: stores joined by replicate flows, and who of them takes writes.

use std::collections::BTreeMap;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{Graph, NodeIndex};

use crate::model::{Access, Family};

use super::pools::quorum;
use super::topology::index;
use super::{ComponentIx, Topology};

index! {
    /// A replicated store, in the order of first members.
    StoreIx
}

/// Stores, or messaging, that copy each other: one thing to those who read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// In order; two or more.
    pub members: Vec<ComponentIx>,
    /// Those that take writes, in order: by the drawing, or because they were said to take over. Never empty.
    pub writers: Vec<ComponentIx>,
    /// Replicas of which nobody has said whether they take over, in order: read as if they did not.
    pub takes_over_unknown: Vec<ComponentIx>,
    /// How many instances must be up: the largest that a member says, 1 if none does.
    pub quorum: u32,
}

/// The technology of a component: the row of the table that its name means, else what was written. Versions of one
/// product are one technology.
pub(super) fn technology(topology: &Topology, component: ComponentIx) -> String {
    let record = &topology.component(component).record;
    record.technology().map_or_else(|| record.technology.trim().to_lowercase(), |it| it.slug.clone())
}

type Copies = Graph<ComponentIx, ()>;

pub(super) fn stores_of(topology: &Topology) -> Vec<Store> {
    let all = copies(topology);
    if all.edge_count() == 0 {
        return Vec::new();
    }
    let merges = Merges::of(&all);
    let mut joined = all;
    joined.retain_edges(|graph, edge| {
        graph
            .edge_endpoints(edge)
            .is_some_and(|(from, to)| !merges.is_merge(to) && is_one_sort(topology, graph[from], graph[to]))
    });
    let writes = writers(&joined);
    let mut stores: Vec<Store> =
        parts(&joined).into_iter().map(|it| store(topology, &joined, &writes, &it)).collect();
    stores.sort_by(|a, b| a.members.cmp(&b.members));
    stores
}

/// All that copies anything, whatever it is: the sources of a warehouse count even if they are of other products.
fn copies(topology: &Topology) -> Copies {
    let mut graph = Copies::new();
    let mut nodes: BTreeMap<ComponentIx, NodeIndex> = BTreeMap::new();
    for (_, flow) in topology.flows().filter(|(_, it)| it.access == Access::Replicate && !it.reply) {
        let [from, to] =
            [flow.from, flow.to].map(|it| *nodes.entry(it).or_insert_with(|| graph.add_node(it)));
        graph.update_edge(from, to, ());
    }
    graph
}

fn is_one_sort(topology: &Topology, a: ComponentIx, b: ComponentIx) -> bool {
    let [first, second] = [a, b].map(|it| topology.component(it));
    let keeps = first.is(Family::Data) || first.is(Family::Messaging);
    keeps && first.record.kind == second.record.kind && technology(topology, a) == technology(topology, b)
}

/// Who copies several sources of which neither copies the other, directly or through others.
struct Merges {
    merges: Vec<bool>,
}

impl Merges {
    fn of(graph: &Copies) -> Self {
        let mut order = vec![0; graph.node_count()];
        // Sinks come first, so a part can only copy to parts of lower numbers.
        for (n, part) in kosaraju_scc(graph).iter().enumerate() {
            for node in part {
                order[node.index()] = n;
            }
        }
        let merges = graph.node_indices().map(|node| {
            let mut sources: Vec<NodeIndex> =
                graph.neighbors_directed(node, petgraph::Direction::Incoming).collect();
            sources.sort_by_key(|it| std::cmp::Reverse(order[it.index()]));
            sources.windows(2).any(|pair| !reaches(graph, &order, pair[0], pair[1]))
        });
        Self { merges: merges.collect() }
    }

    fn is_merge(&self, node: NodeIndex) -> bool {
        self.merges[node.index()]
    }
}

fn reaches(graph: &Copies, order: &[usize], from: NodeIndex, to: NodeIndex) -> bool {
    if order[from.index()] == order[to.index()] || graph.contains_edge(from, to) {
        return true;
    }
    let (mut seen, mut open) = (std::collections::BTreeSet::from([from]), vec![from]);
    while let Some(node) = open.pop() {
        for next in graph.neighbors(node).filter(|it| order[it.index()] >= order[to.index()]) {
            if order[next.index()] == order[to.index()] {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

/// What is joined, in whatever direction, as lists of two and more.
fn parts(graph: &Copies) -> Vec<Vec<NodeIndex>> {
    let mut seen = vec![false; graph.node_count()];
    let mut parts = Vec::new();
    for start in graph.node_indices() {
        let (mut part, mut open) = (Vec::new(), vec![start]);
        while let Some(node) = open.pop() {
            if !std::mem::replace(&mut seen[node.index()], true) {
                part.push(node);
                open.extend(graph.neighbors_undirected(node));
            }
        }
        if part.len() > 1 {
            parts.push(part);
        }
    }
    parts
}

fn store(topology: &Topology, graph: &Copies, writes: &[bool], part: &[NodeIndex]) -> Store {
    let mut members: Vec<ComponentIx> = part.iter().map(|it| graph[*it]).collect();
    members.sort_unstable();
    let mut store = Store {
        quorum: quorum(topology, &members),
        members,
        writers: Vec::new(),
        takes_over_unknown: Vec::new(),
    };
    for node in part {
        let member = graph[*node];
        let takes_over = &topology.component(member).record.takes_over;
        if writes[node.index()] || takes_over.is_settled() {
            store.writers.push(member);
        } else if takes_over.is_unknown() {
            store.takes_over_unknown.push(member);
        }
    }
    store.writers.sort_unstable();
    store.takes_over_unknown.sort_unstable();
    store
}

/// Whether each copies to every member that copies to it: whether nothing outside its cycle copies into that.
fn writers(graph: &Copies) -> Vec<bool> {
    let cycles = kosaraju_scc(graph);
    let mut cycle_of = vec![0; graph.node_count()];
    for (n, cycle) in cycles.iter().enumerate() {
        for node in cycle {
            cycle_of[node.index()] = n;
        }
    }
    let mut is_copied_into = vec![false; cycles.len()];
    for (from, to) in graph.edge_indices().filter_map(|it| graph.edge_endpoints(it)) {
        let [from, to] = [from, to].map(|it| cycle_of[it.index()]);
        is_copied_into[to] |= from != to;
    }
    cycle_of.into_iter().map(|it| !is_copied_into[it]).collect()
}

#[cfg(test)]
mod tests {
    use crate::analysis::fixture::{facts, names};

    /// `members: writers ?those to be asked`, one a store.
    fn stores(text: &str) -> Vec<String> {
        let facts = facts(text);
        let list = |it: &[crate::analysis::ComponentIx]| names(&facts, it.iter().copied());
        let told = facts.pools.stores().iter().map(|it| {
            let asked = list(&it.takes_over_unknown);
            format!("{}: {} ?{asked}", list(&it.members), list(&it.writers))
        });
        told.collect()
    }

    fn databases(names: &str, flows: &str) -> Vec<String> {
        let databases = names.split_whitespace().map(|it| format!("{it}: sql-database\n"));
        let flows = flows.split_whitespace().map(|it| format!("{}: replicate\n", it.replace('>', " -> ")));
        stores(&databases.chain(flows).collect::<String>())
    }

    #[test]
    fn who_takes_writes() {
        assert_eq!(databases("p r", "p>r"), ["p r: p ?r"]);
        assert_eq!(databases("a b", "a>b b>a"), ["a b: a b ?"]);
        assert_eq!(databases("a b r", "a>b b>a a>r"), ["a b r: a b ?r"]);
        assert_eq!(databases("a b c", "a>b b>c c>a"), ["a b c: a b c ?"]);
        assert_eq!(databases("p r s", "p>r r>s p>s"), ["p r s: p ?r s"]);
        assert_eq!(databases("p r", ""), [""; 0]);
        // Upstream of a pair of primaries one more copies in: the pair copies nothing back.
        assert_eq!(databases("x y z", "z>y x>y y>x"), ["x y z: z ?x y"]);
    }

    #[test]
    fn a_replica_that_was_said_to_take_over() {
        let text =
            |said: &str| format!("p: sql-database\nr: sql-database takes_over={said}\np -> r: replicate");
        assert_eq!(stores(&text("yes")), ["p r: p r ?"]);
        assert_eq!(stores(&text("no")), ["p r: p ?"]);
        assert_eq!(stores(&text("unknown")), ["p r: p ?r"]);
    }

    #[test]
    fn a_warehouse_is_no_replica() {
        assert_eq!(databases("orders users house", "orders>house users>house"), [""; 0]);
        assert_eq!(
            databases("orders users house copy", "orders>house users>house house>copy"),
            ["copy house: house ?copy"]
        );
        assert_eq!(databases("hub a b", "hub>a a>hub hub>b b>hub"), ["a b hub: a b hub ?"]);
        // Sources of another kind count: what comes from them is merged, too.
        let mixed = "o: sql-database\nu: nosql-store\nw: sql-database\no -> w: replicate\nu -> w: replicate";
        assert_eq!(stores(mixed), [""; 0]);
    }

    #[test]
    fn only_stores_and_messaging_of_one_kind_and_technology() {
        let pair = |a: &str, b: &str| stores(&format!("a: {a}\nb: {b}\na -> b: replicate")).len();
        assert_eq!(pair("event-stream", "event-stream"), 1);
        assert_eq!(pair("sql-database", "nosql-store"), 0);
        assert_eq!(pair("worker", "worker"), 0);
        assert_eq!(pair("sql-database technology=postgres:15", "sql-database technology=PostgreSQL_16"), 1);
        assert_eq!(pair("sql-database technology=postgres", "sql-database technology=mysql"), 0);
        assert_eq!(stores("a: sql-database\nb: sql-database\na -> b: read"), [""; 0]);
    }
}
