//! `over-permissive-filter`: filters that allow ports on which nothing behind them listens.

use std::collections::BTreeSet;

use super::exposures::{impact_on, stake};
use super::passing::{self, Filter};
use super::{Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, rule, severity, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, Unknown};
use crate::model::{Allow, Allows, Capability, Draft, Id, Ids, Ingress as Own, PortRange, Ports};

rule! {
    /// ## What it finds
    /// Filters, and boundaries that say by themselves what they let in, with entries for ports on which nothing behind
    /// them listens and no drawn flow passes, or for all ports. Of a filter of which nobody has said what it lets
    /// through, it asks.
    ///
    /// ## Why it matters
    /// An entry that nothing needs is a door that opens by itself: the day somebody starts a debugger or a second
    /// service behind it, that is on the network at once, and no one has decided it.
    ///
    /// ## Example
    /// `user -> lb: https; boundary tier { lb: load-balancer }; fw: firewall [gate-of tier; allows any from anywhere]`
    ///
    /// ## How to fix it
    /// Allow what is in use, port by port and from where it comes, and nothing else. What is needed for a while is
    /// taken out again.
    ///
    /// ## References
    /// * CWE-1220, Insufficient granularity of access control; CWE-284, Improper access control
    /// * NIST SP 800-53, SC-7(5), Deny by default; CM-7, Least functionality
    "over-permissive-filter", "Filter allows more than is used",
    kind: Asks, on: Whole, reads: [Structure, Assets], answers: [], stride: [ElevationOfPrivilege], cwe: [284, 1220],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let behind = Behind::of(facts);
    for (component, node) in facts.topology.components().filter(|it| it.1.can(Capability::Filters)) {
        let filter = Filter::Component(component);
        match &node.record.allows {
            Allows::Only(entries) => find(facts, &behind, filter, entries, out),
            Allows::Unknown => ask(facts, &behind, component, out),
        }
    }
    for (boundary, node) in facts.topology.boundaries() {
        if let Own::Only(entries) = &node.record.ingress
            && facts.ingress.gates(boundary).is_empty()
        {
            find(facts, &behind, Filter::Own(boundary), entries, out);
        }
    }
}

fn find(facts: &Facts, behind: &Behind, filter: Filter, entries: &[Allow], out: &mut Out<'_>) {
    let allowed = all_ports(entries);
    let Some(what) = behind.filter(facts, filter) else { return };
    let unused = allowed.minus(&what.used);
    let is_any = entries.iter().any(|it| it.ports.is_all());
    // What listens on nothing at all is not drawn to the end.
    if unused.is_empty() || what.used.is_empty() && !is_any {
        return;
    }
    let id = id(facts, filter);
    let title = facts.title_of(&id);
    let (impact, worth) = what.worth(facts);
    let message = if is_any {
        format!("All ports may pass {title}")
    } else {
        format!("Behind {title}, nothing listens on {}, which may pass", short(&unused))
    };
    // Nothing listens there yet: it takes one mistake, or with all ports open any mistake.
    let (exposure, near) = if is_any {
        (Exposure::OneHop, "whatever starts to listen there is open at once")
    } else {
        (Exposure::Deeper, "what starts to listen on these ports is open at once")
    };
    out.finding(Found {
        subjects: vec![id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("{worth} can be taken from behind {title}, and {near}"),
        message,
        place: place(facts, filter),
        evidence: Evidence::set(std::iter::once(id).chain(boundaries(facts, filter))),
        facts: vec![format!("allowed: {allowed}"), format!("used: {}", what.used)],
    });
}

fn ask(facts: &Facts, behind: &Behind, component: ComponentIx, out: &mut Out<'_>) {
    let filter = Filter::Component(component);
    let Some(what) = behind.filter(facts, filter) else { return };
    let (impact, worth) = what.worth(facts);
    let about = Unknown::new(&facts.topology.component(component).id, "allows");
    let stake = severity(facts, impact, Exposure::OneHop);
    if out.counts(&about, stake) {
        return;
    }
    let (text, choices) = passing::asked(facts, &about);
    let why = format!("A filter is worth what it keeps out, and {worth} can be taken from behind this one.");
    let evidence = Evidence::set(std::iter::once(about.subject.clone()).chain(boundaries(facts, filter)));
    out.question(Asked { about, stake, text, why, choices, evidence });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let filter = finding.subjects.first().and_then(|it| {
        let component = facts.topology.find_component(it).map(Filter::Component);
        component.or_else(|| facts.topology.find_boundary(it).map(Filter::Own))
    });
    let Some(filter) = filter else { return Vec::new() };
    let Some(what) = Behind::of(facts).filter(facts, filter) else { return Vec::new() };
    let mut draft = Draft::of(facts.model());
    let entries: Vec<Allow> = passing::said(facts, &draft, filter)
        .unwrap_or_default()
        .iter()
        .map(|it| Allow::of(it.ports.intersect(&what.used), it.from.clone()))
        .filter(|it| !it.ports.is_empty())
        .collect();
    let left = all_ports(&entries);
    passing::say(facts, &mut draft, filter, entries);
    let label =
        if left.is_empty() { "Allow nothing".to_owned() } else { format!("Tighten to {}", left.numbers()) };
    vec![Fix { label, edit: draft.finish() }]
}

/// What stands behind a filter: what of the ports is in use there, and what is worth most.
#[derive(Debug, Clone, Default)]
struct What {
    used: Ports,
    dearest: Option<(Impact, ComponentIx)>,
}

impl What {
    fn worth(&self, facts: &Facts) -> (Impact, String) {
        self.dearest.map_or_else(|| (Impact::Slight, "nothing".to_owned()), |it| stake(facts, it.1))
    }
}

/// What is being gathered; ports are put in order once, at the end.
#[derive(Debug, Clone, Default)]
struct Gathered {
    ranges: Vec<PortRange>,
    dearest: Option<(Impact, ComponentIx)>,
}

impl Gathered {
    fn component(&mut self, facts: &Facts, component: ComponentIx) {
        let node = facts.topology.component(component);
        self.ranges.extend_from_slice(facts.topology.component(component).listens.ranges());
        if node.can(Capability::Passes) {
            self.flows_to(facts, component);
        }
        if !node.can(Capability::NotOurs) {
            self.dearest = self.dearest.max(Some((impact_on(facts, component), component)));
        }
    }

    fn flows_to(&mut self, facts: &Facts, component: ComponentIx) {
        let into = facts.topology.component(component).into.iter().map(|it| facts.topology.flow(*it));
        self.ranges.extend(into.filter(|it| !it.reply).flat_map(|it| it.ports.ranges()));
    }

    fn what(&mut self, what: &What) {
        self.ranges.extend_from_slice(what.used.ranges());
        self.dearest = self.dearest.max(what.dearest);
    }

    fn finish(self) -> What {
        What { used: Ports::from_ranges(self.ranges), dearest: self.dearest }
    }
}

/// What stands in each boundary.
struct Behind {
    inside: Vec<What>,
}

impl Behind {
    fn of(facts: &Facts) -> Self {
        let topology = &facts.topology;
        let mut inside = vec![What::default(); topology.boundary_count()];
        // From the inside out, so that each boundary is looked at once.
        let mut order: Vec<BoundaryIx> = topology.boundaries().map(|(b, _)| b).collect();
        order.sort_by_key(|it| std::cmp::Reverse(topology.boundary(*it).depth));
        for boundary in order {
            let node = topology.boundary(boundary);
            let mut gathered = Gathered::default();
            node.members.iter().for_each(|it| gathered.component(facts, *it));
            node.inner.iter().for_each(|it| gathered.what(&inside[it.at()]));
            inside[boundary.at()] = gathered.finish();
        }
        Self { inside }
    }

    /// `None` if nothing stands behind it.
    fn filter(&self, facts: &Facts, filter: Filter) -> Option<What> {
        let component = match filter {
            Filter::Own(it) => return Some(self.inside[it.at()].clone()).filter(|it| it.dearest.is_some()),
            Filter::Component(it) => it,
        };
        let mut gathered = Gathered::default();
        facts.ingress.gate_of(component).iter().for_each(|it| gathered.what(&self.inside[it.at()]));
        targets(facts, component).into_iter().for_each(|it| gathered.component(facts, it));
        // What is spoken to the filter itself passes it.
        gathered.flows_to(facts, component);
        gathered.ranges.extend_from_slice(facts.topology.component(component).listens.ranges());
        Some(gathered.finish()).filter(|it| it.dearest.is_some())
    }
}

/// Where the flows from a filter lead, through what passes them on.
fn targets(facts: &Facts, filter: ComponentIx) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let (mut seen, mut open) = (BTreeSet::new(), vec![filter]);
    while let Some(next) = open.pop() {
        for flow in topology.component(next).out.iter().map(|it| topology.flow(*it)) {
            let passes = topology.component(flow.to).can(Capability::Passes);
            if !flow.reply && flow.to != filter && seen.insert(flow.to) && passes {
                open.push(flow.to);
            }
        }
    }
    seen.into_iter().collect()
}

fn boundaries(facts: &Facts, filter: Filter) -> Vec<Id> {
    match filter {
        Filter::Own(_) => Vec::new(),
        Filter::Component(it) => {
            let gated = facts.ingress.gate_of(it).iter();
            gated.map(|it| facts.topology.boundary(*it).id.clone()).collect()
        }
    }
}

fn id(facts: &Facts, filter: Filter) -> Id {
    match filter {
        Filter::Component(it) => facts.topology.component(it).id.clone(),
        Filter::Own(it) => facts.topology.boundary(it).id.clone(),
    }
}

/// `Edge firewall · gate of Service tier`.
fn place(facts: &Facts, filter: Filter) -> String {
    let title = facts.title_of(&id(facts, filter));
    match &boundaries(facts, filter)[..] {
        [] => title,
        gated => format!("{title} · gate of {}", words::titles(facts, gated)),
    }
}

fn all_ports(entries: &[Allow]) -> Ports {
    Ports::from_ranges(entries.iter().flat_map(|it| it.ports.ranges().iter().copied()))
}

/// The first ranges, and how many more there are.
fn short(ports: &Ports) -> String {
    let ranges = ports.ranges();
    let first = Ports::from_ranges(ranges.iter().take(3).copied()).numbers();
    match ranges.len().saturating_sub(3) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, only, silent};

    /// A tier whose gate allows that.
    fn shop(allows: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; user -> lb: https [carries cards]; bastion -> lb: ssh; lb -> web: http
             fw \"Edge\": firewall [gate-of tier; allows {allows}]
             boundary tier \"Service tier\": subnet-tier {{ lb; web: web-server [listens 8000-8010] }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("443, 8080 from anywhere"),
            "medium over-permissive-filter:fw — Behind Edge, nothing listens on 8080, which may pass (Edge · gate of Service tier)",
        );
        fires(
            &RULE,
            &shop("any from bastion"),
            "high over-permissive-filter:fw — All ports may pass Edge (Edge · gate of Service tier)",
        );
        silent(&RULE, &shop("443 from anywhere, 22 from bastion, 8004-8006 from unknown"));
        silent(&RULE, &shop("none"));
        asks(
            &RULE,
            &shop("unknown"),
            "? fw.allows — What may enter Service tier through Edge, and from where?",
        );
    }

    #[test]
    fn a_boundary_may_filter_by_itself() {
        let text = |own: &str| {
            format!(
                "user -> web: https; boundary t: subnet-tier [{own}] {{ boundary in: host {{ web: web-server }} }}"
            )
        };
        fires(
            &RULE,
            &text("ingress 80, 443 from anywhere"),
            "low over-permissive-filter:t — Behind t, nothing listens on 80, which may pass (t)",
        );
        silent(&RULE, &text("ingress 443 from anywhere"));
        silent(&RULE, &text("ingress open"));
        silent(&RULE, &text(""));
        // Its gate decides.
        silent(
            &RULE,
            &format!(
                "{}; fw: firewall [gate-of t; allows 443 from anywhere]",
                text("ingress 80 from anywhere")
            ),
        );
    }

    #[test]
    fn a_firewall_in_the_line_filters_what_follows_it() {
        let text = |allows: &str| {
            format!(
                "user -> fw -> waf -> lb: https; fw \"Outer\": firewall [allows {allows}]; waf [allows 443 from anywhere]"
            )
        };
        silent(&RULE, &text("443 from anywhere"));
        fires(
            &RULE,
            &text("443, 8443 from anywhere"),
            "low over-permissive-filter:fw — Behind Outer, nothing listens on 8443, which may pass (Outer)",
        );
        asks(&RULE, &text("unknown"), "? fw.allows — What may pass Outer, and from where?");
    }

    #[test]
    fn what_is_not_drawn_to_the_end_is_left_alone() {
        silent(&RULE, "fw: firewall [allows 443 from anywhere]");
        silent(&RULE, "boundary t: subnet-tier {}; fw: firewall [gate-of t]");
        silent(
            &RULE,
            "boundary t: subnet-tier { job: worker }; fw: firewall [gate-of t; allows 443 from anywhere]",
        );
    }

    #[test]
    fn the_fix_leaves_what_is_in_use() {
        let text = shop("any from anywhere");
        assert_eq!(offered(&RULE, &text), "Tighten to 22, 80, 443, 8000-8010");
        assert_eq!(mended(&RULE, &text, 0), "");
        let facts = mended_facts(&RULE, &text, 0);
        for (flow, edge) in facts.topology.flows() {
            assert!(
                edge.ports.is_subset(&facts.ingress.lets_flow(&facts.topology, flow).certain),
                "{edge:?}"
            );
        }
        assert_eq!(
            only(&RULE, &text).because,
            "Card numbers (secret) can be taken from behind Edge, and whatever starts to listen there is open at once: grave impact, high."
        );
    }

    #[test]
    fn answers_settle_it() {
        let text = shop("unknown");
        assert_eq!(answered(&RULE, &text, "Only what is drawn (443 from anywhere, 22 from bastion)"), "");
        assert_eq!(answered(&RULE, &text, "Nothing"), "");
        assert!(answered(&RULE, &text, "Anything from anywhere").contains("All ports may pass"));
    }
}
