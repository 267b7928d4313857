//! Passing: what filters have to let through, going by the flows that are drawn, and how one is asked about of which
//! nobody has said what it lets through.

use std::collections::BTreeMap;

use super::{Choice, Says, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, FlowIx, Ingress, Unknown};
use crate::model::{
    Allow, Allows, Boundary, Capability, Component, Draft, From, Id, Ingress as Own, PortRange, Ports,
};

/// Who opens connections, as a filter sees them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// They come from the internet.
    Anyone,
    At(Id),
}

/// Connections that filters have to let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) who: Who,
    pub(super) ports: Ports,
}

/// What lets through: a filter, or a boundary by its own ingress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    Component(ComponentIx),
    Own(BoundaryIx),
}

/// What flows need, one for each who opens any.
pub(super) fn needs(facts: &Facts, flows: impl IntoIterator<Item = FlowIx>) -> Vec<Need> {
    // By start first: what passes traffic on may stand for as many as it has flows.
    let mut by_start: BTreeMap<ComponentIx, Vec<PortRange>> = BTreeMap::new();
    for flow in flows.into_iter().map(|it| facts.topology.flow(it)) {
        by_start.entry(flow.from).or_default().extend_from_slice(flow.ports.ranges());
    }
    let mut by_who: BTreeMap<Who, Vec<PortRange>> = BTreeMap::new();
    for (start, ranges) in by_start {
        let ranges = Ports::from_ranges(ranges);
        for who in openers(facts, start) {
            by_who.entry(who).or_default().extend_from_slice(ranges.ranges());
        }
    }
    by_who.into_iter().map(|(who, ranges)| Need { who, ports: Ports::from_ranges(ranges) }).collect()
}

/// Drawn flows that enter a boundary, those that end at its gates included.
pub(super) fn flows_into(facts: &Facts, boundary: BoundaryIx) -> Vec<FlowIx> {
    let (topology, ingress) = (&facts.topology, &facts.ingress);
    let is_in = |it: ComponentIx| topology.is_within(ingress.place(it), boundary);
    let mut ends: Vec<ComponentIx> = topology.all_in(boundary).into_iter().filter(|it| is_in(*it)).collect();
    ends.extend(ingress.gates(boundary));
    let mut flows: Vec<FlowIx> = ends
        .into_iter()
        .flat_map(|it| topology.component(it).into.iter().copied())
        .filter(|it| !topology.flow(*it).reply && !is_in(topology.flow(*it).from))
        .collect();
    flows.sort_unstable();
    flows.dedup();
    flows
}

/// Drawn flows that have to get through a filter: those at it and, of a gate, those into its boundaries.
pub(super) fn flows_through(facts: &Facts, filter: Filter) -> Vec<FlowIx> {
    let component = match filter {
        Filter::Own(boundary) => return flows_into(facts, boundary),
        Filter::Component(it) => it,
    };
    let node = facts.topology.component(component);
    let mut flows: Vec<FlowIx> = node.out.iter().chain(&node.into).copied().collect();
    flows.retain(|it| !facts.topology.flow(*it).reply);
    for boundary in facts.ingress.gate_of(component) {
        flows.extend(flows_into(facts, *boundary));
    }
    flows.sort_unstable();
    flows.dedup();
    flows
}

/// The ports that the internet needs.
pub(super) fn of_anyone(needs: &[Need]) -> Ports {
    needs.iter().find(|it| it.who == Who::Anyone).map(|it| it.ports.clone()).unwrap_or_default()
}

/// The entries that let through just what is needed: those for anyone first, then those for whoever needs the same.
pub(super) fn entries(needs: &[Need]) -> Vec<Allow> {
    let anyone = of_anyone(needs);
    let mut by_ports: BTreeMap<Ports, Vec<Id>> = BTreeMap::new();
    for need in needs {
        let ports = need.ports.minus(&anyone);
        if let Who::At(id) = &need.who
            && !ports.is_empty()
        {
            by_ports.entry(ports).or_default().push(id.clone());
        }
    }
    let first = (!anyone.is_empty()).then(|| Allow::of(anyone, From::Anywhere));
    let rest = by_ports.into_iter().map(|(ports, ids)| Allow::of(ports, From::Of(ids)));
    first.into_iter().chain(rest).collect()
}

/// What entries let through: `80, 443 from anywhere, 3306 from Web servers`.
pub(super) fn told(facts: &Facts, entries: &[Allow]) -> String {
    let entry = |it: &Allow| {
        let from = match &it.from {
            From::Unknown => "nobody knows where".to_owned(),
            From::Anywhere => "anywhere".to_owned(),
            From::Of(ids) => words::titles(facts, ids),
        };
        format!("{} from {from}", it.ports.numbers())
    };
    let mut told: Vec<String> = entries.iter().take(2).map(entry).collect();
    if entries.len() > told.len() {
        told.push(format!("{} more", entries.len() - told.len()));
    }
    told.join(", ")
}

/// What decides what a boundary lets in: its gates or, without any, itself.
pub(super) fn filters_of(facts: &Facts, boundary: BoundaryIx) -> Vec<Filter> {
    let gates = facts.ingress.gates(boundary);
    if gates.is_empty() {
        return vec![Filter::Own(boundary)];
    }
    gates.iter().copied().map(Filter::Component).collect()
}

/// The entries of a filter as a draft leaves them; `None` if it has none: nobody has said, or it does not filter.
pub(super) fn said<'d>(facts: &Facts, draft: &'d Draft<'_>, filter: Filter) -> Option<&'d [Allow]> {
    match filter {
        Filter::Component(it) => {
            let node = facts.topology.component(it);
            match &draft.get::<Component>(&node.id)?.allows {
                Allows::Only(entries) if node.can(Capability::Filters) => Some(entries),
                _ => None,
            }
        }
        Filter::Own(it) => match &draft.get::<Boundary>(&facts.topology.boundary(it).id)?.ingress {
            Own::Only(entries) => Some(entries),
            Own::Unknown | Own::Open => None,
        },
    }
}

/// Says what a filter lets through.
pub(super) fn say(facts: &Facts, draft: &mut Draft<'_>, filter: Filter, entries: Vec<Allow>) {
    match filter {
        Filter::Component(it) => draft.edit::<Component>(&facts.topology.component(it).id, |it| {
            it.allows = Allows::Only(entries);
        }),
        Filter::Own(it) => draft.edit::<Boundary>(&facts.topology.boundary(it).id, |it| {
            it.ingress = Own::Only(entries);
        }),
    }
}

/// Lets a need into a boundary, if all that guards it says what it lets in and this is not among it.
pub(super) fn grant(facts: &Facts, draft: &mut Draft<'_>, boundary: BoundaryIx, need: &Need) {
    grant_at(facts, draft, &filters_of(facts, boundary), need);
}

/// Lets a need through one of some filters, if all of them say what they let through and this is not among it.
pub(super) fn grant_at(facts: &Facts, draft: &mut Draft<'_>, filters: &[Filter], need: &Need) {
    let terminates = |it: &Filter| match it {
        Filter::Component(it) => !facts.topology.component(*it).can(Capability::Passes),
        Filter::Own(_) => false,
    };
    let covers = |it: &&Allow| match (&it.from, &need.who) {
        (From::Anywhere, _) => true,
        (From::Of(ids), Who::At(id)) => ids.contains(id),
        _ => false,
    };
    let filters: Vec<Filter> = filters.iter().copied().filter(|it| !terminates(it)).collect();
    let mut missing = need.ports.clone();
    for filter in &filters {
        let Some(entries) = said(facts, draft, *filter) else { return };
        missing = entries.iter().filter(covers).fold(missing, |rest, it| rest.minus(&it.ports));
    }
    if let Some(filter) = filters.first().filter(|_| !missing.is_empty()) {
        let mut entries = said(facts, draft, *filter).unwrap_or_default().to_vec();
        entries.push(need_entry(&need.who, missing));
        say(facts, draft, *filter, entries);
    }
}

fn need_entry(who: &Who, ports: Ports) -> Allow {
    match who {
        Who::Anyone => Allow::of(ports, From::Anywhere),
        Who::At(id) => Allow::of(ports, From::Of(vec![id.clone()])),
    }
}

/// How an unknown is asked about that decides what gets through: the question, and its answers.
pub(super) fn asked(facts: &Facts, about: &Unknown) -> (String, Vec<Choice>) {
    let topology = &facts.topology;
    let title = facts.title_of(&about.subject);
    let filter = match about.field.as_ref() {
        "allows" => topology.find_component(&about.subject).map(Filter::Component),
        "ingress" => topology.find_boundary(&about.subject).map(Filter::Own),
        _ => None,
    };
    let Some(filter) = filter else {
        // No answers of its own: yes, no and not applicable.
        let text = format!("Are the members of {title} kept apart, so that only drawn flows cross?");
        return (text, Vec::new());
    };
    let gated = match filter {
        Filter::Component(it) => facts.ingress.gate_of(it).first().copied(),
        Filter::Own(it) => Some(it),
    };
    let needs = needs(facts, flows_through(facts, filter));
    let unsaid = unsaid(facts, filter);
    let (verb, what) = match gated {
        Some(it) => ("enter", topology.boundary(it).record.title()),
        None => ("pass", title.as_str()),
    };
    if unsaid.is_empty() {
        let of = if gated.is_some() && matches!(filter, Filter::Component(_)) {
            format!("{what} through {title}")
        } else {
            what.to_owned()
        };
        (format!("What may {verb} {of}, and from where?"), all_choices(facts, filter, &needs))
    } else {
        (format!("From where may {unsaid} {verb} {what}?"), origin_choices(facts, filter, &needs, &unsaid))
    }
}

/// Who opens the connections that start at a component: it, or whoever sends traffic through it.
fn openers(facts: &Facts, start: ComponentIx) -> Vec<Who> {
    let topology = &facts.topology;
    let passes_on = |it: ComponentIx| {
        let node = topology.component(it);
        let is_sent = node.into.iter().any(|it| !topology.flow(*it).reply);
        node.can(Capability::Passes) && is_sent
    };
    let mut openers: Vec<Who> = Ingress::seen_back(topology, start)
        .into_iter()
        .filter_map(|it| match facts.ingress.is_origin(it) {
            true => Some(Who::Anyone),
            false if passes_on(it) => None,
            false => Some(Who::At(topology.component(it).id.clone())),
        })
        .collect();
    openers.sort_unstable();
    openers.dedup();
    openers
}

/// The ports of the entries of which nobody has said from where they may come.
fn unsaid(facts: &Facts, filter: Filter) -> Ports {
    let draft = Draft::of(facts.model());
    let entries = said(facts, &draft, filter).unwrap_or_default();
    let unsaid = entries.iter().filter(|it| it.from == From::Unknown);
    Ports::from_ranges(unsaid.flat_map(|it| it.ports.ranges().iter().copied()))
}

/// The answers for a filter of which nothing was said.
fn all_choices(facts: &Facts, filter: Filter, needs: &[Need]) -> Vec<Choice> {
    let only = |entries: Vec<Allow>| {
        let mut draft = Draft::of(facts.model());
        say(facts, &mut draft, filter, entries);
        draft.finish()
    };
    let anything = vec![Allow::of(Ports::all(), From::Anywhere)];
    let drawn = entries(needs);
    let mut choices = Vec::new();
    if !drawn.is_empty() {
        let label = format!("Only what is drawn ({})", told(facts, &drawn));
        choices.push(Choice { label: label.into(), says: Says::Edit(only(drawn)) });
    }
    choices.push(Choice { label: "Anything from anywhere".into(), says: Says::Edit(only(anything)) });
    choices.push(Choice { label: "Nothing".into(), says: Says::Edit(only(Vec::new())) });
    choices
}

/// The answers for entries of which nobody has said from where they may come.
fn origin_choices(facts: &Facts, filter: Filter, needs: &[Need], unsaid: &Ports) -> Vec<Choice> {
    let instead = |new: Vec<Allow>| {
        let mut draft = Draft::of(facts.model());
        let known = said(facts, &draft, filter).unwrap_or_default().iter();
        let known: Vec<Allow> = known.filter(|it| it.from != From::Unknown).cloned().collect();
        say(facts, &mut draft, filter, known.into_iter().chain(new).collect());
        draft.finish()
    };
    let drawn: Vec<Need> = needs
        .iter()
        .map(|it| Need { who: it.who.clone(), ports: it.ports.intersect(unsaid) })
        .filter(|it| !it.ports.is_empty())
        .collect();
    let drawn = entries(&drawn);
    let mut choices = Vec::new();
    if !drawn.is_empty() {
        let label = format!("Only what is drawn ({})", told(facts, &drawn));
        choices.push(Choice { label: label.into(), says: Says::Edit(instead(drawn)) });
    }
    let anywhere = vec![Allow::of(unsaid.clone(), From::Anywhere)];
    choices.push(Choice { label: "From anywhere".into(), says: Says::Edit(instead(anywhere)) });
    choices.push(Choice { label: "From nowhere".into(), says: Says::Edit(instead(Vec::new())) });
    choices
}
