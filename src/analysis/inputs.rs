//! Inputs: where what comes in from outside goes.
//!
//! Requests of the internet, of partners and of third parties enter the components that *take* them, through what
//! passes traffic or hands requests on. What they bring goes on along the flows: with requests, writes and what is
//! published, and to whoever consumes. A store keeps what is written to it, so does what sends nothing on; what is
//! kept comes back as *content* to whoever reads it, and from there with each answer and each further write.
//!
//! It ends at what is not ours, at what demands a login before all else (bastion, VPN), at trust and at operations. An
//! access that nobody has said is read as the worse one; what administers from outside is no input.

use std::collections::VecDeque;

use smallvec::SmallVec;

use super::{ComponentIx, FlowEdge, Ingress, Topology};
use crate::model::{Access, Capability, Family, Style};

/// How something from outside comes to a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrival {
    /// In a request, a write or a message.
    Request,
    /// Kept before, and read.
    Content,
}

/// One component, and how something arrives there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spot(u32);

impl Spot {
    fn of(component: ComponentIx, arrival: Arrival) -> Self {
        Self(component.0 * 2 + u32::from(arrival == Arrival::Content))
    }

    fn at(self) -> usize {
        self.0 as usize
    }

    fn component(self) -> ComponentIx {
        ComponentIx(self.0 / 2)
    }

    fn arrival(self) -> Arrival {
        if self.0.is_multiple_of(2) { Arrival::Request } else { Arrival::Content }
    }
}

/// There is one such list for each spot, and few are long.
type Spots = SmallVec<[Spot; 4]>;

/// Where outside input goes.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// By spot: those from which something comes there.
    before: Vec<Spots>,
    /// By spot: from where it is reached from outside; itself where input begins.
    from: Vec<Option<Spot>>,
    takes: Vec<bool>,
}

impl Inputs {
    pub fn of(topology: &Topology, ingress: &Ingress) -> Self {
        let count = topology.component_count();
        let (mut before, mut next) = (vec![Spots::new(); count * 2], vec![Spots::new(); count * 2]);
        let mut link = |from: Spot, to: Spot| {
            if !next[from.at()].contains(&to) {
                next[from.at()].push(to);
                before[to.at()].push(from);
            }
        };
        let starts: Vec<bool> = topology.components().map(|(c, _)| starts(topology, ingress, c)).collect();
        let request = |it| Spot::of(it, Arrival::Request);
        let content = |it| Spot::of(it, Arrival::Content);
        let goes_on: Vec<bool> = topology.components().map(|(c, _)| goes_on(topology, c)).collect();
        for (c, _) in topology.components().filter(|(c, _)| goes_on[c.at()] && keeps(topology, *c)) {
            link(request(c), content(c));
        }
        for (_, flow) in topology.flows() {
            let (from, to) = (flow.from, flow.to);
            let begins = starts[from.at()] && flow.access != Access::Admin;
            if (begins || goes_on[from.at()]) && brings(topology, flow) {
                link(request(from), request(to));
            }
            if goes_on[to.at()] && delivers(topology, flow) {
                link(request(to), request(from));
            }
            if goes_on[to.at()] && answers(topology, flow) {
                link(content(to), content(from));
            }
            if goes_on[from.at()] && hands_over(topology, flow) {
                link(content(from), content(to));
            }
        }
        let begin: Vec<Spot> =
            topology.components().map(|(c, _)| c).filter(|it| starts[it.at()]).map(request).collect();
        let from = walk(&begin, &next, |_| true);
        let on_the_way = |it: Spot| {
            let node = topology.component(it.component());
            let passes = node.can(Capability::Passes) || node.can(Capability::HandsOn);
            starts[it.component().at()] || (it.arrival() == Arrival::Request && passes)
        };
        let entered = walk(&begin, &next, on_the_way);
        let takes = |(c, node): (ComponentIx, &super::ComponentNode)| {
            let is_outer = node.is(Family::Edge) || node.can(Capability::NotOurs);
            !is_outer && entered[request(c).at()].is_some()
        };
        let takes = topology.components().map(takes).collect();
        Self { before, from, takes }
    }

    /// Whether requests from outside come to it before any other own component that works on them.
    pub fn takes(&self, component: ComponentIx) -> bool {
        self.takes[component.at()]
    }

    /// Whether something from outside comes to it in that way.
    pub fn reaches(&self, component: ComponentIx, arrival: Arrival) -> bool {
        self.from[Spot::of(component, arrival).at()].is_some()
    }

    /// The shortest way of it, from where it begins; empty if there is none.
    pub fn way(&self, component: ComponentIx, arrival: Arrival) -> Vec<ComponentIx> {
        let target = Spot::of(component, arrival);
        if self.from[target.at()].is_none() {
            return Vec::new();
        }
        let before = |it: &Spot| self.from[it.at()].filter(|from| from != it);
        let mut way: Vec<ComponentIx> =
            std::iter::successors(Some(target), before).map(Spot::component).collect();
        way.reverse();
        way.dedup();
        way
    }

    /// The shortest ways from each component to the nearest of some: one search for all of them.
    pub fn toward(&self, is_target: impl Fn(ComponentIx, Arrival) -> bool) -> Onward {
        self.toward_through(is_target, |_| true)
    }

    /// The same, with none but some components between.
    pub fn toward_through(
        &self,
        is_target: impl Fn(ComponentIx, Arrival) -> bool,
        is_between: impl Fn(ComponentIx) -> bool,
    ) -> Onward {
        let is_target = |it: Spot| is_target(it.component(), it.arrival());
        let spots = (0..self.before.len()).map(|it| Spot(it as u32));
        let targets: Vec<Spot> = spots.filter(|it| is_target(*it)).collect();
        Onward { next: walk(&targets, &self.before, |it| is_between(it.component()) || is_target(it)) }
    }
}

/// The ways on from each component to the nearest of some targets.
#[derive(Debug, Clone)]
pub struct Onward {
    /// By spot: the next on the way; itself at the target.
    next: Vec<Option<Spot>>,
}

impl Onward {
    /// The ways of requests that end at the nearest of some targets, through nothing but the edge: who asks them.
    pub fn askers(topology: &Topology, is_target: impl Fn(ComponentIx) -> bool) -> Self {
        let mut before = vec![Spots::new(); topology.component_count() * 2];
        for (_, flow) in topology.flows().filter(|(_, it)| !it.reply) {
            before[Spot::of(flow.to, Arrival::Request).at()].push(Spot::of(flow.from, Arrival::Request));
        }
        let all = topology.components().map(|(c, _)| c);
        let targets: Vec<Spot> =
            all.filter(|it| is_target(*it)).map(|it| Spot::of(it, Arrival::Request)).collect();
        let is_between = |it: Spot| {
            topology.component(it.component()).is(Family::Edge) || targets.binary_search(&it).is_ok()
        };
        Self { next: walk(&targets, &before, is_between) }
    }

    /// The way of what a component gets in requests, from it to the target; `None` if there is none.
    pub fn from(&self, component: ComponentIx) -> Option<Vec<ComponentIx>> {
        self.of(component, Arrival::Request)
    }

    /// The way of what comes to a component in some way, from it to the target; `None` if there is none.
    pub fn of(&self, component: ComponentIx, arrival: Arrival) -> Option<Vec<ComponentIx>> {
        let start = Spot::of(component, arrival);
        self.next[start.at()]?;
        let next = |it: &Spot| self.next[it.at()].filter(|next| next != it);
        let mut way: Vec<ComponentIx> =
            std::iter::successors(Some(start), next).map(Spot::component).collect();
        way.dedup();
        Some(way)
    }
}

/// Walks from some spots, through those that let it; each spot that was met with the one before it.
fn walk(begin: &[Spot], next: &[Spots], goes_through: impl Fn(Spot) -> bool) -> Vec<Option<Spot>> {
    let mut from = vec![None; next.len()];
    let mut open: VecDeque<Spot> = begin.iter().copied().collect();
    for start in begin {
        from[start.at()] = Some(*start);
    }
    while let Some(spot) = open.pop_front() {
        if !goes_through(spot) {
            continue;
        }
        for to in &next[spot.at()] {
            if from[to.at()].is_none() {
                from[to.at()] = Some(spot);
                open.push_back(*to);
            }
        }
    }
    from
}

/// Whether outside input begins there: where the internet stands, at partners and at third parties.
fn starts(topology: &Topology, ingress: &Ingress, component: ComponentIx) -> bool {
    let node = topology.component(component);
    let is_other = node.is(Family::Outside) && !node.can(Capability::OnTheInternet);
    ingress.is_origin(component) || is_other
}

fn goes_on(topology: &Topology, component: ComponentIx) -> bool {
    let node = topology.component(component);
    let ends = match node.kind.family {
        Family::Trust | Family::Operations | Family::Note | Family::Outside => true,
        Family::Edge => !node.can(Capability::Passes) && !node.can(Capability::HandsOn),
        Family::Compute | Family::Data | Family::Messaging => false,
    };
    !ends
}

/// Whether what it gets stays there: in a store, and in what sends nothing on.
fn keeps(topology: &Topology, component: ComponentIx) -> bool {
    let node = topology.component(component);
    let sends = |it: &FlowEdge| !it.reply && !topology.component(it.to).can(Capability::NotOurs);
    let works = node.is(Family::Compute) && !node.out.iter().any(|it| sends(topology.flow(*it)));
    node.is(Family::Data) || works
}

/// Whether a flow brings its target what its source got in a request. A read brings a store nothing to keep.
fn brings(topology: &Topology, flow: &FlowEdge) -> bool {
    let is_question = flow.access == Access::Read && topology.component(flow.to).is(Family::Data);
    !flow.reply && flow.access != Access::Consume && !is_question
}

/// Whether a flow fetches messages for its source: against the arrow.
fn delivers(topology: &Topology, flow: &FlowEdge) -> bool {
    let may_consume = matches!(flow.access, Access::Unknown | Access::Read | Access::ReadWrite);
    let is_queue = topology.component(flow.to).is(Family::Messaging);
    !flow.reply && (flow.access == Access::Consume || (is_queue && may_consume))
}

/// Whether the target of a flow answers its source with what it keeps.
fn answers(topology: &Topology, flow: &FlowEdge) -> bool {
    // What hands out messages waits for no answer with content.
    let is_queue = topology.component(flow.from).is(Family::Messaging);
    let waits = flow.record.style == Style::Synchronous && !is_queue;
    !flow.reply
        && match flow.access {
            Access::Read | Access::ReadWrite | Access::Consume => true,
            Access::Unknown => waits,
            Access::Write | Access::Publish | Access::Replicate | Access::Admin => false,
        }
}

/// Whether the source of a flow hands on what it keeps or has read.
fn hands_over(topology: &Topology, flow: &FlowEdge) -> bool {
    match flow.access {
        _ if flow.reply => true,
        Access::Write | Access::ReadWrite | Access::Publish | Access::Replicate => true,
        // Most services are asked with an access that nobody has said; a store is written to by it.
        Access::Unknown => !topology.component(flow.to).can(Capability::NotOurs),
        Access::Read | Access::Consume | Access::Admin => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::analysis::Facts;
    use crate::formats::text;
    use crate::model::{Answer, Component, Draft, Flow, Id, Model};

    fn facts(text: &str) -> Facts {
        Facts::of(Arc::new(text::read(text).unwrap()))
    }

    fn ids(facts: &Facts, way: &[ComponentIx]) -> String {
        let id = |it: &ComponentIx| facts.topology.component(*it).id.to_string();
        way.iter().map(id).collect::<Vec<_>>().join(" ")
    }

    fn those(facts: &Facts, is_one: impl Fn(ComponentIx) -> bool) -> String {
        let all = facts.topology.components().map(|(c, _)| c).filter(|it| is_one(*it));
        ids(facts, &all.collect::<Vec<_>>())
    }

    /// `those that take input | those it reaches in requests | those it reaches as content`.
    fn told(text: &str) -> String {
        let facts = facts(text);
        let inputs = facts.inputs();
        let is_ours = |it: ComponentIx| !facts.topology.component(it).can(Capability::NotOurs);
        let reached = |how: Arrival| those(&facts, move |it| is_ours(it) && inputs.reaches(it, how));
        let takes = those(&facts, |it| inputs.takes(it));
        format!("{takes} | {} | {}", reached(Arrival::Request), reached(Arrival::Content))
    }

    #[test]
    fn input_enters_through_the_edge_and_goes_on() {
        assert_eq!(
            told("user -> fw -> lb -> web -> db: postgres; fw: firewall"),
            "web | db fw lb web | db fw lb web"
        );
        assert_eq!(
            told("partner -> api; stripe: third-party-service; stripe -> hook"),
            "api hook | api hook | api hook"
        );
        assert_eq!(told("job -> db: postgres"), " |  | ");
        assert_eq!(told("admin -> web: https [admin]; admin -> vpn -> inner"), " | vpn | ");
    }

    #[test]
    fn messages_come_to_whoever_consumes() {
        let shop = "user -> web -> queue: amqps [publish]; worker -> queue: amqps [consume]; worker -> files: nfs [write]";
        assert_eq!(told(shop), "web | files queue web worker | files");
        assert_eq!(told("user -> web -> queue: amqps; queue -> worker"), "web | queue web worker | worker");
    }

    #[test]
    fn what_is_kept_comes_back_to_whoever_reads_it() {
        let read = "user -> web: https [write]; web -> db: postgres [write]; page -> db: postgres [read]; reader: browser; reader -> page [read]";
        assert_eq!(told(read), "page web | db page web | db page");
        let facts = facts(read);
        let reader = facts.topology.find_component(&Id::slug("reader")).unwrap();
        assert_eq!(ids(&facts, &facts.inputs().way(reader, Arrival::Content)), "user web db page reader");
        // A question to a store leaves nothing there.
        assert_eq!(told("user -> web: https; web -> db: postgres [read]"), "web | web | ");
        // What is copied, and what an answer brings.
        assert_eq!(
            told(
                "user -> web: https; web -> db: postgres [write]; db -> copy: postgres [replicate]; copy -> web [reply]"
            ),
            "web | copy db web | copy db web"
        );
    }

    #[test]
    fn it_ends_at_trust_and_operations() {
        assert_eq!(told("user -> web -> logs, idp; logs -> other; idp -> more"), "web | idp logs web | ");
    }

    #[test]
    fn the_nearest_of_some_and_who_asks_it() {
        let facts = facts(
            "user -> web -> orders -> lb -> db: postgres; web -> cache: redis; job -> db: postgres; idle",
        );
        let find = |it: &str| facts.topology.find_component(&Id::slug(it)).unwrap();
        let db = find("db");
        let onward = facts.inputs().toward(|it, how| it == db && how == Arrival::Request);
        let way = |onward: &Onward, it: &str| onward.from(find(it)).map(|it| ids(&facts, &it));
        assert_eq!(way(&onward, "web").as_deref(), Some("web orders lb db"));
        assert_eq!([way(&onward, "cache"), way(&onward, "idle")], [None, None]);
        let askers = Onward::askers(&facts.topology, |it| it == db);
        assert_eq!(way(&askers, "orders").as_deref(), Some("orders lb db"));
        assert_eq!(way(&askers, "job").as_deref(), Some("job db"));
        assert_eq!(way(&askers, "web"), None);
        let is_lb = |it| it == find("lb");
        let near = facts.inputs().toward_through(|it, how| it == db && how == Arrival::Request, is_lb);
        assert_eq!(way(&near, "orders").as_deref(), Some("orders lb db"));
        assert_eq!(way(&near, "web"), None);
    }

    /// Whether something steps from one spot to another: by the words of the module, flow by flow.
    fn steps(facts: &Facts, (a, how): (ComponentIx, Arrival), (b, then): (ComponentIx, Arrival)) -> bool {
        use Access::{Admin, Consume, Publish, Read, ReadWrite, Replicate, Unknown, Write};
        let topology = &facts.topology;
        let (node, other) = (topology.component(a), topology.component(b));
        let outside = |it: Family| matches!(it, Family::Outside);
        let is_start =
            facts.ingress.is_origin(a) || (outside(node.kind.family) && !node.can(Capability::OnTheInternet));
        let inner = matches!(node.kind.family, Family::Compute | Family::Data | Family::Messaging)
            || node.can(Capability::Passes)
            || node.can(Capability::HandsOn);
        if a == b {
            let mut flows = topology.flows().filter(|(_, it)| it.from == a && !it.reply);
            let sends = flows.any(|(_, it)| !topology.component(it.to).can(Capability::NotOurs));
            let stays = node.is(Family::Data) || (node.is(Family::Compute) && !sends);
            return how == Arrival::Request && then == Arrival::Content && inner && stays;
        }
        topology.flows().any(|(_, it)| {
            let along = it.from == a && it.to == b;
            let against = it.from == b && it.to == a && !it.reply;
            let lingers = it.record.style == Style::Synchronous && !other.is(Family::Messaging);
            let queue = node.is(Family::Messaging);
            match (how, then) {
                (Arrival::Request, Arrival::Request) => {
                    let asks = it.access == Read && other.is(Family::Data);
                    let may = inner || (is_start && it.access != Admin);
                    let forth = along && !it.reply && may && it.access != Consume && !asks;
                    let back = against
                        && inner
                        && (it.access == Consume
                            || (queue && matches!(it.access, Unknown | Read | ReadWrite)));
                    forth || back
                }
                (Arrival::Content, Arrival::Content) => {
                    let written = matches!(it.access, Write | ReadWrite | Publish | Replicate)
                        || (it.access == Unknown && !other.can(Capability::NotOurs));
                    let read =
                        matches!(it.access, Read | ReadWrite | Consume) || (it.access == Unknown && lingers);
                    inner && ((along && (it.reply || written)) || (against && read))
                }
                _ => false,
            }
        })
    }

    fn spots(facts: &Facts) -> Vec<(ComponentIx, Arrival)> {
        let both = |c| [(c, Arrival::Request), (c, Arrival::Content)];
        facts.topology.components().flat_map(|(c, _)| both(c)).collect()
    }

    /// The spots from which steps lead to any of some, found by trying all pairs until nothing is new.
    fn leads_to(facts: &Facts, targets: &[(ComponentIx, Arrival)]) -> Vec<(ComponentIx, Arrival)> {
        let mut found = targets.to_vec();
        loop {
            let is_new = |it: &(ComponentIx, Arrival)| {
                !found.contains(it) && found.iter().any(|to| steps(facts, *it, *to))
            };
            let Some(new) = spots(facts).into_iter().find(is_new) else { return found };
            found.push(new);
        }
    }

    const KINDS: [&str; 12] = [
        "web-server",
        "user",
        "load-balancer",
        "sql-database",
        "microservice",
        "firewall",
        "message-queue",
        "third-party-service",
        "bastion",
        "logging",
        "internet",
        "cache",
    ];

    fn model(numbers: &[u8]) -> Model {
        let mut numbers = numbers.iter().map(|it| usize::from(*it));
        let mut below = |n: usize| numbers.next().unwrap_or(0) % n;
        let id = |stem: &str, n: usize| Id::slug(&format!("{stem}{n}"));
        let (count, flows) = (2 + below(6), 1 + below(12));
        let mut model = Model::new();
        let mut draft = Draft::of(&model);
        for n in 0..count {
            let kind = if n == 0 { "user" } else { KINDS[below(KINDS.len())] };
            draft.put(id("c", n), Component { kind: kind.to_owned(), ..Component::default() });
        }
        for n in 0..flows {
            let flow = Flow {
                access: Access::ALL[below(8)],
                style: if below(4) == 3 { Style::Asynchronous } else { Style::Synchronous },
                reply: below(8) == 7,
                encrypted: Answer::default(),
                ..Flow::between(id("c", below(count)), id("c", below(count)))
            };
            draft.put(id("f", n), flow);
        }
        let edit = draft.finish();
        model.apply(&edit);
        model
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

        #[test]
        fn input_goes_where_brute_force_leads_it(numbers in prop::collection::vec(any::<u8>(), 0..90)) {
            let facts = Facts::of(Arc::new(model(&numbers)));
            let inputs = facts.inputs();
            for (target, how) in spots(&facts) {
                let leads = leads_to(&facts, &[(target, how)]);
                let begins = |it: &&(ComponentIx, Arrival)| {
                    it.1 == Arrival::Request && starts(&facts.topology, &facts.ingress, it.0)
                };
                prop_assert_eq!(inputs.reaches(target, how), leads.iter().any(|it| begins(&it)));
                let onward = inputs.toward(|it, arrival| (it, arrival) == (target, how));
                for (c, arrival) in spots(&facts) {
                    let way = onward.of(c, arrival);
                    prop_assert_eq!(way.is_some(), leads.contains(&(c, arrival)));
                    if let Some(way) = way {
                        prop_assert_eq!((way.first(), way.last()), (Some(&c), Some(&target)));
                    }
                }
                let way = inputs.way(target, how);
                prop_assert_eq!(way.is_empty(), !inputs.reaches(target, how));
            }
        }
    }
}
