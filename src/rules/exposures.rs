//! Exposures: what the internet reaches before any compromise, which of the rules on it speaks of which port, and how
//! they show it.

use std::sync::LazyLock;

use super::{
    Asked, Evidence, Exposure, Found, Hop, Impact, Out, impact, nearness, passing, severity, steering, words,
    worth,
};
use crate::analysis::{AssetIx, ComponentIx, ComponentNode, Exposed, Facts, FlowEdge, FlowIx};
use crate::model::{
    Access, Capability, Class, Family, From, Id, Listener, Ports, Protocol, Severity, Text, Truth,
};

/// Who speaks of an exposed port: the narrowest rule that it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaker {
    DataStore,
    /// Of what steers other components.
    Orchestrator,
    /// Of what builds and brings out, as long as nobody has to log in there.
    Pipeline,
    AdminPort,
    Port,
}

/// One range of ports of a component that the internet reaches, or may reach.
pub(super) struct Open<'f> {
    pub(super) component: ComponentIx,
    pub(super) row: &'f Exposed,
    pub(super) ports: Ports,
}

/// What is open on a component of which a rule has to speak.
pub(super) fn open<'f>(facts: &'f Facts, component: ComponentIx, speaker: Speaker) -> Vec<Open<'f>> {
    let rows = facts.reach.exposed_of(component).iter().filter(|it| it.hop == 0);
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Vec::new();
    }
    let theirs = ports_of(facts, component, speaker);
    let mut found: Vec<Open<'f>> = Vec::new();
    for row in rows {
        for ports in by_listener(facts, component, &row.ports.intersect(&theirs)) {
            // What listens on the same port of both transports is one thing.
            let twin = |it: &&mut Open<'_>| {
                (it.row.question, &it.row.asks) == (row.question, &row.asks) && are_twins(&it.ports, &ports)
            };
            match found.iter_mut().find(twin) {
                Some(known) => known.ports = known.ports.union(&ports),
                None => found.push(Open { component, row, ports }),
            }
        }
    }
    found
}

impl Open<'_> {
    pub(super) fn id(&self, facts: &Facts) -> Id {
        facts.topology.component(self.component).id.clone()
    }

    /// `SSH`, `HTTPS on 8443`, `Port 9000`, `Ports 8000-8080`.
    pub(super) fn service(&self, facts: &Facts) -> String {
        match protocol(facts, self.component, &self.ports) {
            Some(it) if self.ports.is_subset(&it.port) => it.label.clone(),
            Some(it) => format!("{} on {}", it.label, self.ports.numbers()),
            None => words::capital(&self.port()),
        }
    }

    /// The finding that it is open, at its stake.
    pub(super) fn found(
        &self,
        facts: &Facts,
        (impact, exposure, because): (Impact, Exposure, String),
    ) -> Found {
        Found {
            subjects: vec![self.id(facts)],
            detail: self.ports.to_string(),
            impact,
            exposure,
            because,
            message: self.is_exposed(facts),
            place: self.place(facts),
            evidence: self.evidence(facts),
            facts: self.facts(facts, impact),
        }
    }

    /// `SSH is exposed to the internet`.
    pub(super) fn is_exposed(&self, facts: &Facts) -> String {
        let service = self.service(facts);
        let verb = if service.starts_with("Ports ") { "are" } else { "is" };
        format!("{service} {verb} exposed to the internet")
    }

    /// `port 22`, `ports 8000-8080`.
    pub(super) fn port(&self) -> String {
        let noun = if self.ports.single().is_some() { "port" } else { "ports" };
        format!("{noun} {}", self.ports.numbers())
    }

    /// `Load balancer · port 22`.
    pub(super) fn place(&self, facts: &Facts) -> String {
        format!("{} · {}", words::name(facts, self.component), self.port())
    }

    /// Impact and exposure, and in words why.
    pub(super) fn stake(&self, facts: &Facts) -> (Impact, Exposure, String) {
        let (impact, worth) = stake(facts, self.component);
        let (exposure, near) = nearness(facts, self.component);
        let name = words::name(facts, self.component);
        (impact, exposure, format!("{worth} can be taken from {name}, and {near}"))
    }

    /// The way of the attacker, with the gates that let it in and the ports that arrive at each step.
    pub(super) fn evidence(&self, facts: &Facts) -> Evidence {
        let mut path = way(facts, self.row);
        if let Some(last) = path.last_mut() {
            last.ports = Some(self.ports.clone());
            last.note = format!("listens on {}", self.ports.numbers()).into();
        }
        Evidence { path, also: Vec::new() }
    }

    /// What a verdict on it rests on.
    pub(super) fn facts(&self, facts: &Facts, impact: Impact) -> Vec<String> {
        let node = facts.topology.component(self.component);
        let way: Vec<String> = self.evidence(facts).path.iter().map(|it| it.element.to_string()).collect();
        vec![
            format!("authentication: {}", node.control("authentication").slug()),
            format!("impact: {}", impact.label()),
            format!("way: {}", way.join(" ")),
        ]
    }

    /// Asks for the first unknown on the way.
    pub(super) fn ask(&self, facts: &Facts, out: &mut Out<'_>, stake: Severity) {
        let Some(about) = self.row.asks.clone() else { return };
        if out.counts(&about, stake) {
            return;
        }
        let (text, choices) = passing::asked(facts, &about);
        let (name, service) = (words::name(facts, self.component), self.service(facts));
        let why = format!("Nobody has said, and through it {service} of {name} may be open to the internet.");
        let mut evidence = self.evidence(facts);
        evidence.also.push(about.subject.clone());
        out.question(Asked { about, stake, text, why, choices, evidence });
    }

    /// The level that it has, or would have if the unknown on its way were answered badly.
    pub(super) fn level(&self, facts: &Facts) -> Severity {
        severity(facts, impact_on(facts, self.component), nearness(facts, self.component).0)
    }
}

/// What the data is worth that a component handles. Where nobody has named any, it is read as unclassified.
pub(super) fn stake(facts: &Facts, component: ComponentIx) -> (Impact, String) {
    let words = match facts.data.handled(component) {
        [] => "data that nobody has named".to_owned(),
        handled => worth(facts, handled).1,
    };
    (impact_on(facts, component), words)
}

/// The same without words.
pub(super) fn impact_on(facts: &Facts, component: ComponentIx) -> Impact {
    match facts.data.handled(component) {
        [] => Impact::Serious,
        handled => impact(facts, handled),
    }
}

/// How near the internet is to what a flow leads to, going by the flow alone: what filters may let in besides, nobody
/// may have said yet.
pub(super) fn along(facts: &Facts, flow: &FlowEdge) -> (Exposure, String) {
    let topology = &facts.topology;
    let from = words::name(facts, flow.from);
    if facts.ingress.brings_internet(flow.from) {
        return match topology.component(flow.to).control("authentication") {
            Truth::Yes | Truth::NotApplicable => {
                (Exposure::Guarded, "the internet reaches the login there".to_owned())
            }
            Truth::No | Truth::Unknown => (Exposure::Open, "anyone on the internet gets there".to_owned()),
        };
    }
    let is_edge = matches!(nearness(facts, flow.from).0, Exposure::Open | Exposure::Guarded);
    match (is_edge, topology.component(flow.from).can(Capability::HandsOn)) {
        (true, true) => (Exposure::Guarded, format!("requests from the internet get there through {from}")),
        (true, false) => (Exposure::OneHop, format!("whoever takes over {from} gets there")),
        (false, _) => (Exposure::Deeper, format!("the internet does not get to {from} at once")),
    }
}

/// Whether a flow or a listener is there to administer, going by what it speaks.
pub(super) fn administers(flow: &FlowEdge) -> bool {
    flow.access == Access::Admin || flow.protocol.is_some_and(|it| it.admin)
}

/// Flows from the internet into a component on some of these ports.
pub(super) fn flows_from_internet<'f>(
    facts: &'f Facts,
    component: ComponentIx,
    ports: &'f Ports,
) -> impl Iterator<Item = FlowIx> + 'f {
    let into = facts.topology.component(component).into.iter().copied();
    into.filter(move |it| {
        let flow = facts.topology.flow(*it);
        !flow.reply && facts.ingress.brings_internet(flow.from) && flow.ports.overlaps(ports)
    })
}

/// Whether a listener is said to be there for the whole internet.
pub(super) fn is_for_internet(facts: &Facts, listener: &Listener) -> bool {
    let is_internet = |id: &Id| {
        let node = facts.topology.find_component(id).map(|it| facts.topology.component(it));
        node.is_some_and(|it| it.can(Capability::OnTheInternet) && it.can(Capability::Passes))
    };
    match &listener.meant_for {
        From::Anywhere => true,
        From::Unknown => false,
        From::Of(ids) => ids.iter().any(is_internet),
    }
}

/// The ports of a component of which a rule speaks if they are open.
fn ports_of(facts: &Facts, component: ComponentIx, speaker: Speaker) -> Ports {
    let node = facts.topology.component(component);
    if node.is(Family::Data) || node.is(Family::Messaging) {
        return match speaker {
            Speaker::DataStore if is_published(facts, component) => {
                Ports::all().minus(&declared(node, |it| is_for_internet(facts, it)))
            }
            Speaker::DataStore => Ports::all(),
            _ => Ports::NONE,
        };
    }
    let admin = || if demands_login(node) { Ports::NONE } else { admin_ports(facts, node) };
    let others = || Ports::all().minus(&admin()).minus(&meant(facts, component));
    // What steers others has a rule of its own that says all that the two general ones would, and so has a pipeline
    // without a login. One with a login is told like anything else, by what nobody meant for the internet.
    let narrow = if steering::steers(node) {
        Speaker::Orchestrator
    } else if steering::is_pipeline(node) && !is_settled(login(facts, component)) {
        Speaker::Pipeline
    } else {
        return match speaker {
            Speaker::AdminPort => admin(),
            Speaker::Port => others(),
            _ => Ports::NONE,
        };
    };
    match narrow {
        _ if speaker != narrow => Ports::NONE,
        Speaker::Pipeline => Ports::all(),
        _ => admin().union(&others()),
    }
}

/// Whether whoever comes from the internet has to log in at a component: what it says of itself or, where it does not,
/// what all flows from there say.
pub(super) fn login(facts: &Facts, component: ComponentIx) -> Truth {
    let said = facts.topology.component(component).control("authentication");
    if said != Truth::Unknown {
        return said;
    }
    let all = Ports::all();
    let flows = flows_from_internet(facts, component, &all);
    let said: Vec<Truth> = flows.map(|it| facts.topology.flow(it).record.authenticated.is).collect();
    match &said[..] {
        [] => Truth::Unknown,
        said if said.contains(&Truth::No) => Truth::No,
        said if said.iter().all(|it| is_settled(*it)) => Truth::Yes,
        _ => Truth::Unknown,
    }
}

fn is_settled(truth: Truth) -> bool {
    matches!(truth, Truth::Yes | Truth::NotApplicable)
}

/// A store of nothing but public data may be there for everybody.
fn is_published(facts: &Facts, component: ComponentIx) -> bool {
    let kept = facts.data.kept(component);
    let is_public = |it: &AssetIx| {
        let it = facts.data.asset(*it);
        it.class == Class::Public && !it.credential.is_yes() && it.personal.is != Truth::Yes
    };
    !kept.is_empty() && kept.iter().all(is_public)
}

/// A VPN gateway or a bastion: it stands at the edge and hands nothing on unless somebody logs in.
fn demands_login(node: &ComponentNode) -> bool {
    node.is(Family::Edge) && !node.can(Capability::Passes) && !node.can(Capability::HandsOn)
}

/// The ports on which a component is administered: those of admin protocols and, where nobody has said what is spoken,
/// the usual ports of these; those of flows that administer, unless others use them too.
fn admin_ports(facts: &Facts, node: &ComponentNode) -> Ports {
    let usual = |ports: &Ports, protocol: &str| match Protocol::find(protocol) {
        Some(it) if it.admin => ports.clone(),
        Some(_) => Ports::NONE,
        None => ports.intersect(&USUAL_ADMIN_PORTS),
    };
    let mut ranges = Vec::new();
    let mut console = Ports::NONE;
    let mut others = declared(node, |it| is_for_internet(facts, it));
    for listener in &node.record.listeners {
        ranges.extend_from_slice(usual(&listener.port, &listener.protocol).ranges());
    }
    for flow in node.into.iter().map(|it| facts.topology.flow(*it)).filter(|it| !it.reply) {
        ranges.extend_from_slice(usual(&flow.ports, &flow.record.protocol).ranges());
        let group = if flow.access == Access::Admin { &mut console } else { &mut others };
        *group = group.union(&flow.ports);
    }
    Ports::from_ranges(ranges).union(&console.minus(&others))
}

/// The ports that admin protocols have first claim to, going by the order of the table.
static USUAL_ADMIN_PORTS: LazyLock<Ports> = LazyLock::new(|| {
    let (mut taken, mut admin) = (Ports::NONE, Ports::NONE);
    for protocol in Protocol::all() {
        let own = protocol.port.minus(&taken);
        taken = taken.union(&own);
        if protocol.admin {
            admin = admin.union(&own);
        }
    }
    admin
});

/// The ports on which the internet is meant to call a component: those that are said to be, those of flows that are
/// drawn from there unless their listener says otherwise and, at the edge, what the kind is there for.
pub(super) fn meant(facts: &Facts, component: ComponentIx) -> Ports {
    let node = facts.topology.component(component);
    let said = declared(node, |it| is_for_internet(facts, it));
    let otherwise = declared(node, |it| matches!(it.meant_for, From::Of(_))).minus(&said);
    let all = Ports::all();
    let mut drawn = Vec::new();
    for flow in flows_from_internet(facts, component, &all) {
        drawn.extend_from_slice(facts.topology.flow(flow).ports.ranges());
        if node.is(Family::Edge) {
            drawn.extend(node.kind.listeners.iter().flat_map(|it| it.port.ranges()));
        }
    }
    said.union(&Ports::from_ranges(drawn).minus(&otherwise))
}

fn declared(node: &ComponentNode, which: impl Fn(&Listener) -> bool) -> Ports {
    let listeners = node.record.listeners.iter().filter(|it| which(it));
    Ports::from_ranges(listeners.flat_map(|it| it.port.ranges().iter().copied()))
}

/// Ports one range at a time, each of one listener as far as they are declared.
fn by_listener(facts: &Facts, component: ComponentIx, ports: &Ports) -> Vec<Ports> {
    let mut rest = ports.clone();
    let mut found = Vec::new();
    for listener in &facts.topology.component(component).record.listeners {
        let own = rest.intersect(&listener.port);
        found.extend(own.ranges().iter().copied());
        rest = rest.minus(&own);
    }
    found.extend(rest.ranges().iter().copied());
    found.sort_unstable();
    found.into_iter().map(|it| Ports::from_ranges([it])).collect()
}

/// Whether two ranges are the same but for their transport.
fn are_twins(a: &Ports, b: &Ports) -> bool {
    match (a.ranges(), b.ranges()) {
        ([a], [b]) => a.transport != b.transport && (a.first, a.last) == (b.first, b.last),
        _ => false,
    }
}

/// What a component speaks on some ports: what a listener says, or else a flow, or else for what a single port is
/// known to everybody.
fn protocol(facts: &Facts, component: ComponentIx, ports: &Ports) -> Option<&'static Protocol> {
    let node = facts.topology.component(component);
    let listeners = node.record.listeners.iter().filter(|it| it.port.overlaps(ports));
    let flows = node.into.iter().map(|it| facts.topology.flow(*it)).filter(|it| it.ports.overlaps(ports));
    let said = listeners.filter_map(|it| Protocol::find(&it.protocol));
    let known = || {
        let (transport, port) = ports.single()?;
        let first = Protocol::all().iter().find(|it| it.port.contains(transport, port));
        first.filter(|it| it.admin || it.web)
    };
    said.chain(flows.filter_map(|it| it.protocol)).next().or_else(known)
}

/// The steps to an exposed component, with the gates of the boundaries that they enter.
pub(super) fn way(facts: &Facts, row: &Exposed) -> Vec<Hop> {
    let (topology, ingress) = (&facts.topology, &facts.ingress);
    let steps = facts.reach.path(row);
    let source = steps.first().map(|it| it.component).filter(|it| ingress.is_origin(*it));
    let mut path: Vec<Hop> = Vec::new();
    let mut before: Option<ComponentIx> = None;
    for step in steps {
        let entered = match before {
            Some(before) => ingress.entered(topology, before, step.component),
            None => topology.entered(None, ingress.place(step.component)),
        };
        for boundary in entered {
            let gates = ingress.gates(boundary).iter().copied();
            let arriving = gates
                .filter(|it| *it != step.component && Some(*it) != before)
                .map(|it| (it, ingress.lets_through(topology, it, source).possible))
                .find(|(_, ports)| ports.overlaps(&row.ports));
            if let Some((gate, ports)) = arriving {
                let note = format!("gate of {}", topology.boundary(boundary).record.title()).into();
                path.push(Hop { element: topology.component(gate).id.clone(), ports: Some(ports), note });
            }
        }
        let element = topology.component(step.component).id.clone();
        path.push(Hop { element, ports: Some(step.ports), note: Text::default() });
        before = Some(step.component);
    }
    path
}
