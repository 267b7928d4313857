//! Entries for outside input, for all rules: the APIs that outsiders can call and, where nobody drew any, the
//! components that take outside input themselves. A rule asks by API, or once for such a component.

use super::arguments::{Argument, arguments};
use super::outside::{control, is_open, sender, speaks, together};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, answer, severity, words, yes_or_no,
};
use crate::analysis::{ApiIx, ApiNode, Arrival, AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Family, Id, Truth};

/// Where outside input comes in, and what was said of it.
pub(super) struct Entry {
    /// `None` for components.
    pub api: Option<ApiIx>,
    /// The component that offers it, or the first of those that are asked about together.
    pub component: Option<ComponentIx>,
    /// The API, or the components.
    pub subjects: Vec<Id>,
    pub name: String,
    pub place: String,
    /// `No` or `Unknown`.
    pub truth: Truth,
    /// The way of requests from outside to the component; empty where none is drawn.
    pub way: Vec<ComponentIx>,
    pub exposure: Exposure,
    /// `anyone on the internet can send it`
    pub who: String,
}

/// What a rule has to say of an entry, whether it finds or asks.
pub(super) struct Said {
    pub impact: Impact,
    /// What is asked while the answer is unknown.
    pub question: String,
    /// What is wrong if it is no.
    pub message: String,
    /// Why it matters, small and without a period: for both.
    pub because: String,
    /// The way of the input; empty: that to the entry.
    pub way: Vec<ComponentIx>,
    pub facts: Vec<String>,
}

impl Entry {
    /// Asks for a control, or finds that it does not hold.
    pub(super) fn say(&self, facts: &Facts, slug: &str, said: Said, out: &mut Out<'_>) {
        let way = if said.way.is_empty() { &self.way } else { &said.way };
        let mut evidence = Evidence::way(facts, way.iter().copied());
        evidence.also = self.subjects.clone();
        if self.truth == Truth::Unknown {
            let unknowns = unknowns(&self.subjects, slug);
            let Some(about) = unknowns.first().cloned() else { return };
            out.question(Asked {
                about,
                stake: severity(said.impact, self.exposure),
                text: said.question,
                why: format!("{}.", words::capital(&said.because)),
                choices: yes_or_no(facts, &unknowns),
                evidence,
            });
            return;
        }
        out.finding(Found {
            subjects: self.subjects.clone(),
            detail: String::new(),
            impact: said.impact,
            exposure: self.exposure,
            because: said.because,
            message: said.message,
            place: self.place.clone(),
            evidence,
            facts: said.facts,
        });
    }

    /// The API's parameters; none of a component.
    pub(super) fn arguments(&self, facts: &Facts) -> Vec<Argument> {
        self.api.map(|it| arguments(&facts.data.api(it).record)).unwrap_or_default()
    }
}

/// The answer that a control holds, for all subjects of a finding; its label begins with what is done.
pub(super) fn holds(facts: &Facts, finding: &Finding, slug: &str, label: &str) -> Fix {
    let label = format!("{label} {}", words::titles(facts, &finding.subjects));
    Fix { label, edit: answer(facts, &unknowns(&finding.subjects, slug), Truth::Yes) }
}

fn unknowns(subjects: &[Id], slug: &str) -> Vec<Unknown> {
    subjects.iter().map(|it| Unknown::new(it, format!("controls.{slug}"))).collect()
}

/// All entries of which a control is not known to hold. Where a component says that it does not, that explains its
/// APIs, too.
pub(super) fn entries(facts: &Facts, slug: &str) -> Vec<Entry> {
    let mut entries = apis(facts, slug);
    let mut has_apis = vec![false; facts.topology.component_count()];
    for component in facts.data.apis().iter().filter_map(|it| it.component) {
        for one in together(facts, component, |_| true) {
            has_apis[one.at()] = true;
        }
    }
    for (component, _) in facts.topology.components().filter(|(_, it)| it.is(Family::Compute)) {
        let truth = control(facts, component, slug);
        let enters = |it: ComponentIx| {
            let is_entry = if truth == Truth::No { is_reached(facts, it) } else { facts.inputs().takes(it) };
            is_entry && control(facts, it, slug) == truth
        };
        if !is_open(truth) || !enters(component) || (truth == Truth::Unknown && has_apis[component.at()]) {
            continue;
        }
        if !speaks(facts, component, enters) {
            continue;
        }
        let same = together(facts, component, enters);
        let way = facts.inputs().way(component, Arrival::Request);
        let (exposure, who) = sender(facts, &way);
        entries.push(Entry {
            api: None,
            component: Some(component),
            subjects: same.iter().map(|it| facts.topology.component(*it).id.clone()).collect(),
            name: words::names(facts, same.iter().copied()),
            place: words::place(facts, component),
            truth,
            way,
            exposure,
            who,
        });
    }
    entries
}

/// The APIs that outsiders can call of which a control is not known to hold.
pub(super) fn apis(facts: &Facts, slug: &str) -> Vec<Entry> {
    apis_unless(facts, slug, |it| control(facts, it, slug))
}

/// The same, whatever their components say: where another component has to see to it.
pub(super) fn apis_alone(facts: &Facts, slug: &str) -> Vec<Entry> {
    apis_unless(facts, slug, |_| Truth::Unknown)
}

fn apis_unless(facts: &Facts, slug: &str, said: impl Fn(ComponentIx) -> Truth) -> Vec<Entry> {
    let one = |(n, api): (usize, &ApiNode)| {
        let of_component = api.component.map(&said).unwrap_or_default();
        let truth = match api.record.controls.truth(slug) {
            Truth::Unknown if of_component != Truth::Unknown => return None,
            Truth::No if of_component == Truth::No => return None,
            said => said,
        };
        let is_entry = api.component.is_none_or(|it| is_reached(facts, it));
        (is_entry && is_open(truth)).then(|| entry(facts, n.into(), api, truth))
    };
    facts.data.apis().iter().enumerate().filter_map(one).collect()
}

fn entry(facts: &Facts, ix: ApiIx, api: &ApiNode, truth: Truth) -> Entry {
    let way = api.component.map(|it| facts.inputs().way(it, Arrival::Request)).unwrap_or_default();
    let name = if api.record.name.is_empty() { api.id.to_string() } else { api.record.name.clone() };
    let (exposure, who) = if !is_open(api.record.controls.truth("authentication")) {
        (Exposure::Guarded, format!("whoever may call {name} can send it"))
    } else if way.is_empty() {
        // Nobody has drawn yet who calls it.
        (Exposure::Guarded, "whoever calls it can send it".to_owned())
    } else {
        sender(facts, &way)
    };
    let place =
        api.component.map_or_else(|| name.clone(), |it| format!("{name} · {}", words::name(facts, it)));
    let subjects = vec![api.id.clone()];
    Entry { api: Some(ix), component: api.component, subjects, name, place, truth, way, exposure, who }
}

/// Whether requests from outside come to a component, or nobody has drawn yet what does.
fn is_reached(facts: &Facts, component: ComponentIx) -> bool {
    facts.topology.component(component).into.is_empty() || facts.inputs().reaches(component, Arrival::Request)
}

/// All assets that components handle, in order, each once.
pub(super) fn handled(facts: &Facts, components: impl IntoIterator<Item = ComponentIx>) -> Vec<AssetIx> {
    let all = components.into_iter().flat_map(|it| facts.data.handled(it).iter().copied());
    let mut assets: Vec<AssetIx> = all.collect();
    assets.sort_unstable();
    assets.dedup();
    assets
//! Entries: the ways of requests from the internet on which nothing does a thing (limits rates, bans, filters attacks), by the
//! first on each that could.

use std::collections::BTreeMap;

use super::bundles::{alternatives, bundle};
use super::{Choice, Finding, answer, words};
use crate::analysis::{BoundaryIx, ComponentIx, ComponentNode, Facts, FlowEdge, FlowIx, Requests, Unknown};
use crate::model::{Capability, Control, Family, Id, Truth};

/// What is to be done on the ways.
pub(super) struct Duty {
    /// The control that says who does it.
    pub(super) control: &'static str,
    /// Who does it by its kind or answer.
    pub(super) does: fn(&ComponentNode) -> bool,
    /// Whom to ask, of those of whom the control is asked.
    pub(super) could: fn(&ComponentNode) -> bool,
    /// What the ways lead to, of what is ours.
    pub(super) is_target: fn(&Facts, ComponentIx) -> bool,
    /// Which flows they take.
    pub(super) takes: fn(&FlowEdge) -> bool,
}

/// Ways that begin at the same own edge.
pub(super) struct Entry {
    /// The way to the first target.
    pub(super) way: Vec<ComponentIx>,
    pub(super) targets: Vec<ComponentIx>,
    /// Who on that way could do it and is not known to, from the internet on; alternatives together.
    pub(super) could: Vec<Vec<ComponentIx>>,
}

impl Entry {
    /// Whether a finding is about the first of it who could.
    pub(super) fn is_of(&self, facts: &Facts, finding: &Finding) -> bool {
        let mut first = self.could.first().map(|it| ids(facts, it)).unwrap_or_default();
        first.sort();
        first == finding.subjects
    }

    /// `Web`, `Web and 2 more`.
    pub(super) fn behind(&self, facts: &Facts) -> String {
        let Some(first) = self.targets.first().map(|it| words::name(facts, *it)) else {
            return String::new();
        };
        match self.targets.len() {
            0 | 1 => first,
            more => format!("{first} and {} more", more - 1),
        }
    }
}

impl Duty {
    /// The ways on which nobody does it, by the first who could.
    pub(super) fn entries(&self, facts: &Facts) -> BTreeMap<Vec<ComponentIx>, Entry> {
        let topology = &facts.topology;
        let requests = self.requests(facts);
        let mut entries: BTreeMap<Vec<ComponentIx>, Entry> = BTreeMap::new();
        for (component, node) in topology.components() {
            let is_target = !node.can(Capability::NotOurs) && (self.is_target)(facts, component);
            let Some(way) = requests.to(component).filter(|_| is_target) else { continue };
            let could = self.could(facts, &way);
            let Some(edge) = could.first().cloned() else { continue };
            let entry = entries.entry(edge).or_insert(Entry { way, targets: Vec::new(), could });
            entry.targets.push(component);
        }
        entries
    }

    /// The ways around all who do it.
    pub(super) fn requests(&self, facts: &Facts) -> Requests {
        let does = |it| self.does(facts, it);
        let is_start = |it| facts.ingress.is_origin(it) && !does(it);
        Requests::from(&facts.topology, is_start, does, |it| self.avoids(facts, it))
    }

    /// Who on a way could do it, from the internet on: the gates of what it enters, and what it comes to.
    pub(super) fn could(&self, facts: &Facts, way: &[ComponentIx]) -> Vec<Vec<ComponentIx>> {
        let mut found: Vec<Vec<ComponentIx>> = Vec::new();
        let mut note = |group: Vec<ComponentIx>| {
            if !group.is_empty() && !found.contains(&group) {
                found.push(group);
            }
        };
        let mut before = None;
        for component in way.iter().copied() {
            if let Some(flow) = before.and_then(|it| self.between(facts, it, component)) {
                self.gates_on(facts, flow).into_iter().for_each(&mut note);
            }
            if self.may(facts, component) {
                let mut group = alternatives(facts, component);
                group.retain(|it| self.may(facts, *it));
                note(group);
            }
            before = Some(component);
        }
        found
    }

    /// The least that was said of some.
    pub(super) fn said(&self, facts: &Facts, group: &[ComponentIx]) -> Truth {
        group.iter().map(|it| facts.topology.component(*it).control(self.control)).min().unwrap_or_default()
    }

    pub(super) fn about(&self, facts: &Facts, component: ComponentIx) -> Unknown {
        Unknown::new(&facts.topology.component(component).id, format!("controls.{}", self.control))
    }

    pub(super) fn abouts(&self, facts: &Facts, group: &[ComponentIx]) -> Vec<Unknown> {
        group.iter().map(|it| self.about(facts, *it)).collect()
    }

    /// One choice for each who could, and none of them.
    ///
    /// The first does it for all that lies behind; what stands further on just for what is asked of it, so it is no answer
    /// for all.
    pub(super) fn choices(&self, facts: &Facts, entry: &Entry) -> Vec<Choice> {
        let unknown: Vec<&Vec<ComponentIx>> = self.unknown(facts, entry).collect();
        let here = |it: &&Vec<ComponentIx>| Choice {
            label: words::names(facts, it.iter().copied()),
            edit: answer(facts, &self.abouts(facts, it), Truth::Yes),
        };
        let offered = if entry.targets.len() > 1 { 1 } else { unknown.len() };
        let mut choices: Vec<Choice> = unknown.iter().take(offered).map(here).collect();
        let all: Vec<Unknown> = unknown.iter().flat_map(|it| self.abouts(facts, it)).collect();
        choices.push(Choice { label: "Nowhere".to_owned(), edit: answer(facts, &all, Truth::No) });
        choices
    }

    /// Those who could and of whom nobody has said.
    pub(super) fn unknown<'e>(
        &'e self,
        facts: &'e Facts,
        entry: &'e Entry,
    ) -> impl Iterator<Item = &'e Vec<ComponentIx>> {
        entry.could.iter().filter(|it| self.said(facts, it) == Truth::Unknown)
    }

    /// Whether it is of a kind that could do it, and is not known to; one to which that does not apply is no choice.
    fn may(&self, facts: &Facts, component: ComponentIx) -> bool {
        let node = facts.topology.component(component);
        let is_meant = Control::find(self.control).is_some_and(|it| it.is_for_kind(node.kind));
        let is_open = matches!(node.control(self.control), Truth::Unknown | Truth::No);
        is_meant && is_open && (self.could)(node) && !(self.does)(node)
    }

    fn does(&self, facts: &Facts, component: ComponentIx) -> bool {
        (self.does)(facts.topology.component(component))
    }

    /// Whether no way of this sort takes a flow, or one on which a gate does it.
    fn avoids(&self, facts: &Facts, flow: FlowIx) -> bool {
        let edge = facts.topology.flow(flow);
        let is_done = |it: BoundaryIx| facts.ingress.gates(it).iter().any(|it| self.does(facts, *it));
        !(self.takes)(edge)
            || facts.ingress.entered(&facts.topology, edge.from, edge.to).into_iter().any(is_done)
    }

    /// The gates that a flow and those of alternatives pass and who could do it, from the outermost in.
    fn gates_on(&self, facts: &Facts, flow: FlowIx) -> Vec<Vec<ComponentIx>> {
        let mut found: Vec<Vec<ComponentIx>> = Vec::new();
        for edge in bundle(facts, flow).into_iter().map(|it| facts.topology.flow(it)) {
            for (n, boundary) in
                facts.ingress.entered(&facts.topology, edge.from, edge.to).into_iter().enumerate()
            {
                let gates = gates_for(facts, boundary, edge).into_iter().filter(|it| self.may(facts, *it));
                match found.get_mut(n) {
                    Some(known) => known.extend(gates),
                    None => found.push(gates.collect()),
                }
            }
        }
        for group in &mut found {
            group.sort_unstable();
            group.dedup();
        }
        found
    }

    /// The flow that a way takes between two.
    fn between(&self, facts: &Facts, from: ComponentIx, to: ComponentIx) -> Option<FlowIx> {
        let out = facts.topology.component(from).out.iter().copied();
        out.filter(|it| facts.topology.flow(*it).to == to && !facts.topology.flow(*it).reply)
            .find(|it| !self.avoids(facts, *it))
    }
}

/// The gates of a boundary that let a flow in, or of which nobody has said.
fn gates_for(facts: &Facts, boundary: BoundaryIx, edge: &FlowEdge) -> Vec<ComponentIx> {
    let gates = facts.ingress.gates(boundary).iter().copied();
    let lets = |it: &ComponentIx| {
        let through = facts.ingress.lets_through(&facts.topology, *it, Some(edge.from)).possible;
        edge.ports.is_empty() || through.overlaps(&edge.ports)
    };
    gates.filter(lets).collect()
}

/// What does the work behind the edge.
pub(super) fn works(facts: &Facts, component: ComponentIx) -> bool {
    let family = facts.topology.component(component).kind.family;
    matches!(family, Family::Compute | Family::Data | Family::Messaging | Family::Trust)
}

pub(super) fn ids(facts: &Facts, components: &[ComponentIx]) -> Vec<Id> {
    components.iter().map(|it| facts.topology.component(*it).id.clone()).collect()
}
