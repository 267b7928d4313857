//! `shadowed-or-unused-allow`: entries of filters that others cover, or that no drawn flow uses.

use std::collections::BTreeMap;

use super::exposures::impact_on;
use super::passing::{self, Filter};
use super::{Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, rule, words};
use crate::analysis::{BoundaryIx, ComponentIx, Facts, FlowIx, Ingress, Shadowed, let_through};
use crate::model::{Allow, Capability, Draft, From, Id, Ids, Ports};

rule! {
    /// ## What it finds
    /// Entries of a filter, or of a boundary that says by itself what it lets in, of which all gets through by other
    /// entries of the same filter; and entries for ports that drawn flows use, but for somebody from where none is drawn
    /// and for whom nothing that listens behind it is meant. Ports on which nothing listens are told by
    /// `over-permissive-filter`, listeners that no flow uses by `listener-without-flow`. What several gates of one boundary
    /// let in alike is no shadow: each is there for when the other fails.
    ///
    /// ## Why it matters
    /// An entry that is covered deceives: whoever takes it out believes that a door is shut. One that nobody uses is left
    /// over from yesterday, and it is how an intruder gets from where nobody expects him.
    ///
    /// ## Example
    /// `web -> db: postgres; job: worker; web: web-server; boundary data: subnet-tier [ingress tcp/5432 from web, tcp/5432 from job] { db: postgres }`
    ///
    /// ## How to fix it
    /// Take the entry out, or draw the flow that it is for. Where a wide entry covers a narrow one, it is often the wide one
    /// that should go.
    ///
    /// ## References
    /// * CWE-1220, Insufficient granularity of access control
    /// * NIST SP 800-53, SC-7(5), Deny by default; AC-4; NIST SP 800-41, Guidelines on firewalls and firewall policy
    "shadowed-or-unused-allow", "Allow that is covered or unused",
    kind: Structure, on: Whole, reads: [Structure, Assets], answers: [], stride: [ElevationOfPrivilege], cwe: [1220],
    check: check, fixes: fixes,
}

/// Entries of one filter that could go, by their place.
#[derive(Debug, Default)]
struct Idle {
    unused: Vec<usize>,
    shadowed: Vec<Shadowed>,
    /// What the components are worth that the unused ones open.
    behind: Option<Impact>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let mut into = Into::default();
    for filter in filters(facts) {
        let draft = Draft::of(facts.model());
        let Some(entries) = passing::said(facts, &draft, filter) else { continue };
        let idle = idle(facts, &mut into, filter, entries);
        let Some(message) = message(facts, filter, entries, &idle) else { continue };
        let id = id(facts, filter);
        let title = facts.title_of(&id);
        let (impact, because) = match idle.behind {
            Some(impact) => {
                (impact, format!("somebody who has no business behind {title} can use there what others use"))
            }
            None => (
                Impact::Slight,
                format!("what gets through {title} is not what a reader of that entry believes"),
            ),
        };
        let entry = |n: usize| entries.get(n).map(|it| told(facts, it)).unwrap_or_default();
        let unused = idle.unused.iter().map(|it| format!("unused: {}", entry(*it)));
        let shadowed = idle.shadowed.iter().map(|it| format!("covered: {}", entry(it.at)));
        out.finding(Found {
            subjects: vec![id.clone()],
            detail: String::new(),
            impact,
            // Whoever stands there must be taken over first, and what listens has a login of its own.
            exposure: Exposure::Deeper,
            because,
            message,
            place: title,
            evidence: evidence(facts, filter, id, entries, &idle),
            facts: unused.chain(shadowed).collect(),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let found = finding.subjects.first().and_then(|it| {
        let component = facts.topology.find_component(it).map(Filter::Component);
        component.or_else(|| facts.topology.find_boundary(it).map(Filter::Own))
    });
    let Some(filter) = found else { return Vec::new() };
    let mut draft = Draft::of(facts.model());
    let Some(entries) = passing::said(facts, &draft, filter).map(<[Allow]>::to_vec) else {
        return Vec::new();
    };
    let idle = idle(facts, &mut Into::default(), filter, &entries);
    let gone: Vec<usize> = idle.unused.iter().copied().chain(idle.shadowed.iter().map(|it| it.at)).collect();
    let label = match &gone[..] {
        [one] => format!("Remove {}", entries.get(*one).map(|it| told(facts, it)).unwrap_or_default()),
        more => format!("Remove {} entries", more.len()),
    };
    let left = entries.into_iter().enumerate().filter(|(n, _)| !gone.contains(n)).map(|(_, it)| it).collect();
    passing::say(facts, &mut draft, filter, left);
    vec![Fix { label, edit: draft.finish() }]
}

/// All that has entries and decides by them.
fn filters(facts: &Facts) -> Vec<Filter> {
    let components = facts.topology.components().filter(|(_, it)| it.can(Capability::Filters));
    let own = facts.topology.boundaries().filter(|(b, _)| facts.ingress.gates(*b).is_empty());
    components.map(|(c, _)| Filter::Component(c)).chain(own.map(|(b, _)| Filter::Own(b))).collect()
}

/// What may use the filters of a boundary: flows into it, and what is meant behind it. Each boundary is looked at once.
#[derive(Default)]
struct Into {
    flows: BTreeMap<BoundaryIx, Vec<FlowIx>>,
}

impl Into {
    /// Drawn flows that have to get through a filter.
    fn flows(&mut self, facts: &Facts, filter: Filter) -> Vec<FlowIx> {
        let mut of =
            |it: BoundaryIx| self.flows.entry(it).or_insert_with(|| passing::flows_into(facts, it)).clone();
        match filter {
            Filter::Own(it) => of(it),
            Filter::Component(it) => {
                let node = facts.topology.component(it);
                let at = node.out.iter().chain(&node.into).copied();
                let mut flows: Vec<FlowIx> = at.filter(|it| !facts.topology.flow(*it).reply).collect();
                facts.ingress.gate_of(it).iter().for_each(|it| flows.extend(of(*it)));
                flows.sort_unstable();
                flows.dedup();
                flows
            }
        }
    }
}

fn idle(facts: &Facts, into: &mut Into, filter: Filter, entries: &[Allow]) -> Idle {
    let topology = &facts.topology;
    let flows = into.flows(facts, filter);
    let drawn =
        Ports::from_ranges(flows.iter().flat_map(|it| topology.flow(*it).ports.ranges().iter().copied()));
    let mut found = Idle::default();
    for (at, entry) in entries.iter().enumerate() {
        // Where it may come from nobody knows, so nobody knows whether it is used.
        let is_open = entry.from == From::Unknown || !entry.ports.overlaps(&drawn);
        if is_open || flows.iter().any(|it| uses(facts, entry, *it)) || is_meant(facts, filter, entry) {
            continue;
        }
        let opened = flows.iter().map(|it| topology.flow(*it)).filter(|it| it.ports.overlaps(&entry.ports));
        let worth = opened.map(|it| impact_on(facts, it.to)).max();
        found.unused.push(at);
        found.behind = found.behind.max(worth).max(Some(Impact::Slight));
    }
    let is_used = |it: &usize| !found.unused.contains(it);
    let places: Vec<usize> = (0..entries.len()).filter(is_used).collect();
    let used: Vec<Allow> = places.iter().filter_map(|it| entries.get(*it)).cloned().collect();
    let place = |it: &usize| places.get(*it).copied().unwrap_or_default();
    let shadowed = Shadowed::among(topology, &facts.ingress, &used).into_iter();
    found.shadowed =
        shadowed.map(|it| Shadowed { at: place(&it.at), by: it.by.iter().map(place).collect() }).collect();
    found
}

/// Whether an entry lets some of a flow through, for any whom its start stands for.
fn uses(facts: &Facts, entry: &Allow, flow: FlowIx) -> bool {
    let edge = facts.topology.flow(flow);
    let sources = Ingress::seen_back(&facts.topology, edge.from);
    let lets = |it| let_through(&facts.topology, &facts.ingress, std::slice::from_ref(entry), it);
    entry.ports.overlaps(&edge.ports) && sources.into_iter().any(|it| lets(it).overlaps(&edge.ports))
}

/// Whether something that listens behind a filter is said to be there for somebody for whom an entry holds.
fn is_meant(facts: &Facts, filter: Filter, entry: &Allow) -> bool {
    let topology = &facts.topology;
    let boundaries: Vec<BoundaryIx> = match filter {
        Filter::Own(it) => vec![it],
        Filter::Component(it) => facts.ingress.gate_of(it).to_vec(),
    };
    let behind: Vec<ComponentIx> = match filter {
        Filter::Component(it) if boundaries.is_empty() => {
            topology.component(it).out.iter().map(|it| topology.flow(*it).to).collect()
        }
        _ => boundaries.iter().flat_map(|it| topology.all_in(*it)).collect(),
    };
    let is_for_them = |from: &From| match (from, &entry.from) {
        (From::Anywhere, _) => true,
        (From::Of(meant), From::Of(_)) => meant.iter().any(|id| {
            let component = topology.find_component(id);
            let holds = |it| let_through(topology, &facts.ingress, std::slice::from_ref(entry), it);
            component.map_or_else(|| entry.from == From::Of(vec![id.clone()]), |it| !holds(it).is_empty())
        }),
        (From::Unknown | From::Of(_), _) => false,
    };
    behind
        .into_iter()
        .flat_map(|it| &topology.component(it).record.listeners)
        .any(|it| it.port.overlaps(&entry.ports) && is_for_them(&it.meant_for))
}

/// `At Wall, no drawn flow uses 5432 from Job`.
fn message(facts: &Facts, filter: Filter, entries: &[Allow], idle: &Idle) -> Option<String> {
    let title = facts.title_of(&id(facts, filter));
    let entry = |n: usize| entries.get(n).map(|it| told(facts, it)).unwrap_or_default();
    let more = match (idle.unused.len() + idle.shadowed.len()).checked_sub(1)? {
        0 => String::new(),
        1 => ", and 1 more entry could go".to_owned(),
        more => format!(", and {more} more entries could go"),
    };
    let why = match (idle.unused.first(), idle.shadowed.first()) {
        (Some(unused), _) => format!("At {title}, no drawn flow uses {}", entry(*unused)),
        (None, Some(shadowed)) => {
            let by: Vec<String> = shadowed.by.iter().map(|it| entry(*it)).collect();
            format!("At {title}, {} repeats {}", entry(shadowed.at), words::list(&by))
        }
        (None, None) => return None,
    };
    Some(format!("{why}{more}"))
}

fn told(facts: &Facts, entry: &Allow) -> String {
    passing::told(facts, std::slice::from_ref(entry))
}

/// The filter, what it guards, and from where the entries let through.
fn evidence(facts: &Facts, filter: Filter, id: Id, entries: &[Allow], idle: &Idle) -> Evidence {
    let mut also = vec![id];
    if let Filter::Component(it) = filter {
        also.extend(facts.ingress.gate_of(it).iter().map(|it| facts.topology.boundary(*it).id.clone()));
    }
    for entry in idle.unused.iter().filter_map(|it| entries.get(*it)) {
        if let From::Of(ids) = &entry.from {
            also.extend(ids.iter().filter(|it| facts.model().has(it)).cloned());
        }
    }
    Evidence::set(also)
}

fn id(facts: &Facts, filter: Filter) -> Id {
    match filter {
        Filter::Component(it) => facts.topology.component(it).id.clone(),
        Filter::Own(it) => facts.topology.boundary(it).id.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent, words};

    /// A store behind a gate that allows that.
    fn shop(allows: &str) -> String {
        format!(
            "asset cards: secret; user -> web: https; web \"Web\"; web -> db: postgres [carries cards]; job \"Job\": worker
             fw \"Wall\": firewall [gate-of data; allows {allows}]
             boundary data \"Data tier\": subnet-tier {{ db \"Orders\": postgres [listens 22 ssh for job] }}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shop("5432 from web, 5432 from job"),
            "medium shadowed-or-unused-allow:fw — At Wall, no drawn flow uses 5432 from Job (Wall)",
        );
        fires(
            &RULE,
            &shop("5432 from web, 5432 from anywhere"),
            "low shadowed-or-unused-allow:fw — At Wall, 5432 from Web repeats 5432 from anywhere (Wall)",
        );
        silent(&RULE, &shop("5432 from web"));
        silent(&RULE, &shop("5432 from unknown"));
        silent(&RULE, &shop("unknown"));
        silent(&RULE, &shop("5432 from web and job"));
    }

    #[test]
    fn other_rules_tell_ports_that_no_flow_uses_at_all() {
        // Nothing listens there; a listener is meant for it; a listener that nobody uses.
        silent(&RULE, &shop("5432 from web, 9000 from job"));
        silent(&RULE, &shop("5432 from web, 22 from job"));
        silent(&RULE, &shop("5432 from web, 22 from web"));
    }

    #[test]
    fn a_redirect_that_is_meant_for_all_is_used() {
        silent(
            &RULE,
            "user -> lb: https; user -> app: http; fw: firewall [gate-of t; allows 443 from anywhere, 80 from anywhere]
             boundary t: tier { lb [listens 80 for anywhere]; app }",
        );
        silent(
            &RULE,
            "user -> waf -> lb: https; waf; fw: firewall [gate-of t; allows 443 from waf]; boundary t: tier { lb }",
        );
    }

    #[test]
    fn gates_stand_for_each_other_and_boundaries_filter_by_themselves() {
        silent(
            &RULE,
            &format!("{}; fw2: firewall [gate-of data; allows 5432 from web]", shop("5432 from web")),
        );
        fires(
            &RULE,
            "job: worker; web -> db: postgres; web; boundary t \"Tier\": tier [ingress 5432 from web, 5432 from job] { db: postgres }",
            "low shadowed-or-unused-allow:t — At Tier, no drawn flow uses 5432 from job (Tier)",
        );
    }

    #[test]
    fn the_fix_takes_out_all_that_could_go_and_nothing_else() {
        let text = shop("5432 from web, 5432 from job, 5432 from web, 22 from job");
        assert_eq!(only(&RULE, &text).facts, ["covered: 5432 from web", "unused: 5432 from job"]);
        assert_eq!(offered(&RULE, &text), "Remove 2 entries");
        assert_eq!(mended(&RULE, &text, 0), "");
        let facts = mended_facts(&RULE, &text, 0);
        let fw = facts.model().component(&Id::slug("fw")).unwrap();
        assert_eq!(words(&facts, passing::told(&facts, fw.allows.entries())), "5432 from Web, 22 from Job");
        assert_eq!(offered(&RULE, &shop("5432 from web, 5432 from job")), "Remove 5432 from Job");
    }
}
