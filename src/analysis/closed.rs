//! Closed: drawn flows that a filter on their way does not let through, and where they stop.

use foldhash::{HashMap, HashMapExt as _};

use super::{BoundaryIx, ComponentIx, FlowEdge, FlowIx, Ingress, Topology};
use crate::model::{Access, Capability, Ports};

/// Where a flow stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stop {
    /// At a filter at one of its ends.
    Filter(ComponentIx),
    /// Before a boundary that it enters.
    Boundary(BoundaryIx),
}

/// A flow that contradicts the filters on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    pub flow: FlowIx,
    /// Where it stops and with which of its ports, in the order of its way.
    pub stops: Vec<(Stop, Ports)>,
}

impl Closed {
    /// All such flows, in order.
    ///
    /// Unknowns are read as the better answer here: what nobody has said contradicts nothing. A flow from what passes
    /// traffic on stands for whoever sends it there. Each filter is judged alone, and a port that already stopped on
    /// its way to what passes it on is told there.
    pub fn all(topology: &Topology, ingress: &Ingress) -> Vec<Self> {
        let mut search = Search {
            topology,
            ingress,
            back: HashMap::new(),
            through: HashMap::with_capacity(topology.flow_count()),
            stopped: HashMap::new(),
        };
        let flows = topology.flows().filter(|(_, it)| !it.reply && !it.ports.is_empty());
        let found = flows.map(|(flow, edge)| Self { flow, stops: search.stops(edge) });
        found.filter(|it| !it.stops.is_empty()).collect()
    }
}

struct Search<'a> {
    topology: &'a Topology,
    ingress: &'a Ingress,
    /// By start: whom it stands for.
    back: HashMap<ComponentIx, Vec<ComponentIx>>,
    /// What gets through for whom a start stands for: many flows have one start.
    through: HashMap<(Stop, ComponentIx), Ports>,
    /// By filter: the ports that stop at it on their way to it.
    stopped: HashMap<ComponentIx, Ports>,
}

impl Search<'_> {
    fn stops(&mut self, edge: &FlowEdge) -> Vec<(Stop, Ports)> {
        let (topology, ingress) = (self.topology, self.ingress);
        let mut stops = Vec::new();
        if is_sent(topology, edge.from) && topology.component(edge.from).can(Capability::Filters) {
            let stop = Stop::Filter(edge.from);
            let lacking = lacking(edge, &self.through(stop, edge.from)).minus(&self.stopped_at(edge.from));
            stops.push((stop, lacking));
        }
        for boundary in ingress.entered(topology, edge.from, edge.to) {
            let stop = Stop::Boundary(boundary);
            stops.push((stop, lacking(edge, &self.through(stop, edge.from))));
        }
        if passes_on_what_comes(topology, ingress, edge) {
            stops.push((Stop::Filter(edge.to), self.lacking_at(edge)));
        }
        stops.retain(|it| !it.1.is_empty());
        stops
    }

    /// The ports of a flow to a filter that this does not let through.
    fn lacking_at(&mut self, edge: &FlowEdge) -> Ports {
        lacking(edge, &self.through(Stop::Filter(edge.to), edge.from))
    }

    /// What gets through of what comes from a start. At the start itself, those count who send their traffic there.
    fn through(&mut self, stop: Stop, start: ComponentIx) -> Ports {
        if let Some(known) = self.through.get(&(stop, start)) {
            return known.clone();
        }
        let (topology, ingress) = (self.topology, self.ingress);
        let through = match stop {
            Stop::Boundary(it) => {
                union(&self.back(start), |who| ingress.lets_in(topology, it, Some(who)).possible)
            }
            Stop::Filter(it) => {
                let who = if it == start { self.openers(start) } else { self.back(start) };
                // Where nobody opens anything, nothing is stopped.
                if who.is_empty() {
                    Ports::all()
                } else {
                    union(&who, |who| ingress.lets_through(topology, it, Some(who)).possible)
                }
            }
        };
        self.through.insert((stop, start), through.clone());
        through
    }

    fn stopped_at(&mut self, filter: ComponentIx) -> Ports {
        if let Some(known) = self.stopped.get(&filter) {
            return known.clone();
        }
        let (topology, ingress) = (self.topology, self.ingress);
        let into = topology.component(filter).into.iter().map(|it| topology.flow(*it));
        let sent = into.filter(|it| !it.reply && passes_on_what_comes(topology, ingress, it));
        let stopped = sent.fold(Ports::NONE, |sum, it| sum.union(&self.lacking_at(it)));
        self.stopped.insert(filter, stopped.clone());
        stopped
    }

    /// A start and, as long as they pass traffic on, all whose flows lead to it.
    fn back(&mut self, start: ComponentIx) -> Vec<ComponentIx> {
        let topology = self.topology;
        self.back.entry(start).or_insert_with(|| Ingress::seen_back(topology, start)).clone()
    }

    /// Of these, those who open connections.
    fn openers(&mut self, start: ComponentIx) -> Vec<ComponentIx> {
        let (topology, ingress) = (self.topology, self.ingress);
        let mut openers = self.back(start);
        openers.retain(|it| {
            let passes_on = topology.component(*it).can(Capability::Passes) && is_sent(topology, *it);
            ingress.is_origin(*it) || !passes_on
        });
        openers
    }
}

/// What is let through for any of some sources. The first that gets all through settles it.
fn union(sources: &[ComponentIx], lets: impl Fn(ComponentIx) -> Ports) -> Ports {
    let mut sum = Ports::NONE;
    for source in sources {
        sum = sum.union(&lets(*source));
        if sum.is_all() {
            break;
        }
    }
    sum
}

/// The ports of a flow that do not get through. Of ports that nobody has named one by one, one is enough.
fn lacking(edge: &FlowEdge, through: &Ports) -> Ports {
    let is_named = !edge.record.port.is_empty() && !edge.ports.is_all();
    if !is_named && edge.ports.overlaps(through) { Ports::NONE } else { edge.ports.minus(through) }
}

fn is_sent(topology: &Topology, component: ComponentIx) -> bool {
    topology.component(component).into.iter().any(|it| !topology.flow(*it).reply)
}

/// Whether a flow ends at a filter that has to let it through: not what is spoken to the filter itself.
fn passes_on_what_comes(topology: &Topology, ingress: &Ingress, edge: &FlowEdge) -> bool {
    let filter = topology.component(edge.to);
    if !filter.can(Capability::Filters) {
        return false;
    }
    let spoken = filter.record.listeners.iter().any(|it| edge.ports.is_subset(&it.port));
    let out = || filter.out.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
    let administers = edge.access == Access::Admin || edge.protocol.is_some_and(|it| it.admin);
    if spoken || administers {
        return out().any(|it| it.ports.overlaps(&edge.ports));
    }
    !ingress.gate_of(edge.to).is_empty() || out().next().is_some()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Facts;
    use crate::formats::text;

    /// `flow: ports at stop`, one a stop.
    fn closed(text: &str) -> Vec<String> {
        let facts = Facts::of(Arc::new(text::read(text).unwrap()));
        let topology = &facts.topology;
        let stop = |it: Stop| match it {
            Stop::Filter(it) => topology.component(it).id.to_string(),
            Stop::Boundary(it) => topology.boundary(it).id.to_string(),
        };
        Closed::all(topology, &facts.ingress)
            .iter()
            .flat_map(|it| it.stops.iter().map(|(at, ports)| (it.flow, *at, ports)))
            .map(|(flow, at, ports)| format!("{}: {ports} at {}", topology.flow(flow).id, stop(at)))
            .collect()
    }

    const NONE: [&str; 0] = [];

    #[test]
    fn a_boundary_stops_what_neither_gate_lets_in() {
        let tier = |allows: &str| {
            format!(
                "web -> db: postgres; web: web-server; job: worker; boundary t: tier {{ db: postgres }}; fw: firewall [gate-of t; {allows}]"
            )
        };
        assert_eq!(closed(&tier("allows 3306 from web")), ["web-db: tcp/5432 at t"]);
        assert_eq!(closed(&tier("allows 5432 from job")), ["web-db: tcp/5432 at t"]);
        for open in ["allows 5432 from web", "allows 5432 from anywhere", "allows 5432 from unknown", ""] {
            assert_eq!(closed(&tier(open)), NONE, "{open}");
        }
        let second = "; fw2: firewall [gate-of t; allows 5432 from web]";
        assert_eq!(closed(&format!("{}{second}", tier("allows none"))), NONE);
        assert_eq!(closed(&tier("allows none").replace("postgres;", "postgres [reply];")), NONE);
    }

    #[test]
    fn a_gate_that_terminates_lets_nothing_through() {
        let text = "user -> web: https; boundary t: tier { web: web-server }; lb: load-balancer [gate-of t]";
        assert_eq!(closed(text), ["user-web: tcp/443 at t"]);
        assert_eq!(closed(&text.replace("user ->", "user -> lb ->")), NONE);
    }

    #[test]
    fn a_filter_in_the_line_stops_what_it_does_not_allow() {
        let line = |allows: &str| format!("user -> fw -> web: https; fw: firewall [allows {allows}]");
        // Told once: where it comes to the filter.
        assert_eq!(closed(&line("80 from anywhere")), ["user-fw: tcp/443 at fw"]);
        assert_eq!(closed(&line("443 from user")), NONE);
        assert_eq!(closed(&line("unknown")), NONE);
        let other =
            "user -> waf: https; waf -> web: http; waf: waf [listens 443 https; allows 443 from user]";
        assert_eq!(closed(other), ["waf-web: tcp/80 at waf"]);
    }

    #[test]
    fn what_is_spoken_to_a_filter_itself_need_not_pass_it() {
        assert_eq!(
            closed("admin -> fw: ssh; user -> fw -> web: https; fw: firewall [allows 443 from user]"),
            NONE
        );
        assert_eq!(closed("user -> fw: https; fw: firewall [allows none]"), NONE);
    }

    #[test]
    fn of_ports_that_nobody_has_named_one_is_enough() {
        let names = |port: &str| {
            format!(
                "web -> ns: dns {port}; web: web-server; boundary t: tier [ingress udp/53 from web] {{ ns: worker }}"
            )
        };
        assert_eq!(closed(&names("")), NONE);
        assert_eq!(closed(&names("tcp/53")), ["web-ns: tcp/53 at t"]);
    }
}
