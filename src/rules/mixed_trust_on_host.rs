//! `mixed-trust-on-host`: what strangers get to, and what must be kept from them, on one machine or runtime.

use std::sync::Arc;

use super::passing::{entries, needs};
use super::{
    Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, alike, rule, sensitive, words, worth,
};
use crate::analysis::{AssetIx, BoundaryIx, ComponentIx, Facts};
use crate::model::{Answer, Boundary, Capability, Component, Draft, Edit, Family, Id, Ids, Ingress, Truth};

rule! {
    /// ## What it finds
    /// Hosts, clusters, containers and processes in which something to which requests from the internet are drawn
    /// stands together with something else that keeps sensitive assets or that others trust (identity provider, vault,
    /// key manager), and that they do not reach. Inner boundaries that filter or are machines of their own keep apart,
    /// and so does a cluster that is segmented. Of boundaries inside each other the innermost is told.
    ///
    /// ## Why it matters
    /// No firewall stands between programs on one machine. Whoever breaks into the one that faces the internet, and out
    /// of it, reads the memory, the disks and the keys of all others there.
    ///
    /// ## Example
    /// `user -> web: https; web -> db: postgres; asset cards: secret; boundary box: host { web; db: postgres [stores cards] }`
    ///
    /// ## How to fix it
    /// Run what keeps the data on machines of its own, or at least on nodes of the cluster that nothing else is placed
    /// on, and let in there only what is drawn.
    ///
    /// ## References
    /// * CWE-653, Improper isolation or compartmentalization; CWE-1189, Improper isolation of shared resources
    /// * ATT&CK T1611, Escape to host; CAPEC-480, Escaping virtualization
    /// * NIST SP 800-190, 4.3.4; NIST SP 800-53, SC-39 and SC-49
    "mixed-trust-on-host", "Mixed trust on one host",
    kind: Structure, on: Boundary, reads: [Structure, Reach, Assets], answers: [],
    stride: [ElevationOfPrivilege, InformationDisclosure],
    cwe: [653, 1189],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Boundary(boundary) = subject else { return };
    let Some(mix) = Mix::of(facts, boundary) else { return };
    let node = facts.topology.boundary(boundary);
    let (guarded, place) = (words::names(facts, mix.guarded.iter().copied()), node.record.title());
    let facing = words::names(facts, mix.facing.iter().copied());
    let (impact, worth) = mix.stake(facts);
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact,
        // Whoever breaks into what faces the internet stands there.
        exposure: Exposure::OneHop,
        because: format!(
            "whoever breaks out of {facing} is on the machine or runtime of {guarded}, and can get at {worth}"
        ),
        message: format!("{guarded} must share {place} with {facing}"),
        place: place.to_owned(),
        evidence: Evidence::set(
            std::iter::once(node.id.clone())
                .chain(alike::ids(facts, &mix.guarded))
                .chain(alike::ids(facts, &mix.facing)),
        ),
        facts: alike::ids(facts, &mix.guarded).iter().map(|it| format!("guards {it}")).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let boundary = finding.subjects.first().and_then(|it| facts.topology.find_boundary(it));
    let Some((boundary, mix)) = boundary.and_then(|it| Some((it, Mix::of(facts, it)?))) else {
        return Vec::new();
    };
    let node = facts.topology.boundary(boundary);
    let mut guarded = mix.guarded;
    let mut edit = moved(facts, boundary, &guarded, ids);
    // What was reached by way of those that move is guarded without them, and has to go with them.
    while let Some(more) = still_guarded(facts, &node.id, &edit, &guarded) {
        guarded.extend(more);
        guarded.sort_unstable();
        edit = moved(facts, boundary, &guarded, ids);
    }
    let label = format!(
        "Move {} to a separate {}",
        words::names(facts, guarded.iter().copied()),
        node.kind.label.to_lowercase()
    );
    vec![Fix { label, edit }]
}

/// Moves components out of a boundary, into one that lets in what is drawn to them.
fn moved(facts: &Facts, boundary: BoundaryIx, guarded: &[ComponentIx], ids: &mut Ids) -> Edit {
    let node = facts.topology.boundary(boundary);
    let mut draft = Draft::of(facts.model());
    let names = words::in_full(facts, words::names(facts, guarded.iter().copied()));
    let place = draft.mint(ids, &format!("{names} {}", node.kind.slug));
    let into = guarded.iter().flat_map(|it| facts.topology.component(*it).into.iter().copied());
    let into = into.filter(|it| {
        let flow = facts.topology.flow(*it);
        !flow.reply && !guarded.contains(&flow.from)
    });
    let record = Boundary {
        kind: node.record.kind.clone(),
        name: format!("{names} {}", node.kind.label.to_lowercase()),
        within: node.parent.map(|it| facts.topology.boundary(it).id.clone()),
        ingress: Ingress::Only(entries(&needs(facts, into))),
        segmented: Answer::no(),
        ..Boundary::default()
    };
    draft.put(place.clone(), record);
    for member in guarded {
        draft.edit::<Component>(&alike::id(facts, *member), |it| it.within = Some(place.clone()));
    }
    draft.finish()
}

/// Who must be kept from what faces the internet in a boundary once others have moved out.
fn still_guarded(
    facts: &Facts,
    boundary: &Id,
    edit: &Edit,
    gone: &[ComponentIx],
) -> Option<Vec<ComponentIx>> {
    let mut model = facts.model().clone();
    model.apply(edit);
    let then = Facts::of(Arc::new(model));
    let mix = Mix::of(&then, then.topology.find_boundary(boundary)?)?;
    let here = |it: &ComponentIx| facts.topology.find_component(&then.topology.component(*it).id);
    let more: Vec<ComponentIx> =
        mix.guarded.iter().filter_map(here).filter(|it| !gone.contains(it)).collect();
    (!more.is_empty()).then_some(more)
}

/// What shares a machine or a runtime and should not.
struct Mix {
    /// What requests from the internet are drawn to.
    facing: Vec<ComponentIx>,
    /// What must be kept from them, and is not reached.
    guarded: Vec<ComponentIx>,
}

impl Mix {
    fn of(facts: &Facts, boundary: BoundaryIx) -> Option<Self> {
        let topology = &facts.topology;
        let node = topology.boundary(boundary);
        let is_apart =
            !node.kind.starts_open && !node.kind.survivable && node.record.segmented.is == Truth::Yes;
        if !node.kind.shares_runtime || is_apart {
            return None;
        }
        let (mut mix, mut inner_mix) = (Self { facing: Vec::new(), guarded: Vec::new() }, false);
        // What stands in an inner boundary that does not filter stands here too.
        let mut open = vec![boundary];
        while let Some(next) = open.pop() {
            let node = topology.boundary(next);
            let (before, after) = (mix.len(), mix.add(facts, &node.members));
            inner_mix |=
                next != boundary && node.kind.shares_runtime && before.0 < after.0 && before.1 < after.1;
            open.extend(node.inner.iter().filter(|it| topology.boundary(**it).kind.starts_open));
        }
        mix.facing.sort_unstable();
        mix.guarded.sort_unstable();
        let is_mixed = !mix.facing.is_empty() && !mix.guarded.is_empty() && !inner_mix;
        is_mixed.then_some(mix)
    }

    fn len(&self) -> (usize, usize) {
        (self.facing.len(), self.guarded.len())
    }

    fn add(&mut self, facts: &Facts, members: &[ComponentIx]) -> (usize, usize) {
        for member in members {
            let node = facts.topology.component(*member);
            if node.can(Capability::NotOurs) || !facts.ingress.gate_of(*member).is_empty() {
                continue;
            }
            if is_reached(facts, *member) {
                self.facing.push(*member);
            } else if node.is(Family::Trust) || sensitive::kept(facts, *member).next().is_some() {
                self.guarded.push(*member);
            }
        }
        self.len()
    }

    fn stake(&self, facts: &Facts) -> (Impact, String) {
        let mut assets: Vec<AssetIx> =
            self.guarded.iter().flat_map(|it| sensitive::handled(facts, *it)).collect();
        assets.sort_unstable();
        assets.dedup();
        match &assets[..] {
            // What is there for trust holds logins or keys, whether they were named or not.
            [] => (Impact::Grave, "logins or keys".to_owned()),
            assets => worth(facts, assets),
        }
    }
}

/// Whether requests from the internet are drawn to it, or handed on to it. What filters may let in besides tells no
/// trust: of that speak others.
fn is_reached(facts: &Facts, component: ComponentIx) -> bool {
    let mut into = facts.topology.component(component).into.iter().map(|it| facts.topology.flow(*it));
    let is_called = into.any(|it| !it.reply && facts.ingress.brings_internet(it.from));
    is_called || facts.reach.served_of(component).iter().any(|it| it.hop == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, only, silent};

    #[test]
    fn what_fires_and_what_does_not() {
        let text = "asset cards \"Card numbers\": secret; user -> web: https; web -> db: postgres
            boundary box \"Box\": host { web \"Web\"; db \"Orders\": postgres [stores cards] }";
        fires(&RULE, text, "high mixed-trust-on-host:box — Orders must share Box with Web (Box)");
        assert_eq!(
            only(&RULE, text).because,
            "Whoever breaks out of Web is on the machine or runtime of Orders, and can get at Card numbers (secret): grave impact, high."
        );
        silent(&RULE, &text.replace(": host", ": tier"));
        silent(&RULE, &text.replace("asset cards \"Card numbers\": secret", "asset cards: public"));
        silent(&RULE, &text.replace("user ->", "job ->"));
    }

    /// The same in braces.
    fn nested(places: &str) -> String {
        format!("asset cards: secret; user -> web: https; web -> db: postgres; {places}")
    }

    #[test]
    fn what_keeps_apart_and_what_does_not() {
        let db = "db: postgres [stores cards]";
        silent(&RULE, &nested(&format!("boundary k: cluster {{ web; boundary n: host {{ {db} }} }}")));
        silent(&RULE, &nested(&format!("boundary k: cluster [segmented yes] {{ web; {db} }}")));
        fires(
            &RULE,
            &nested(&format!("boundary k: cluster {{ boundary p: container {{ web }}; {db} }}")),
            "high mixed-trust-on-host:k — db must share k with web (k)",
        );
        fires(
            &RULE,
            &nested(&format!("boundary k: cluster {{ boundary p: container {{ web; {db} }} }}")),
            "high mixed-trust-on-host:p — db must share p with web (p)",
        );
    }

    #[test]
    fn the_fix_moves_what_must_be_guarded() {
        let text = nested(
            "boundary box: host { web; db: postgres [stores cards]; idp: identity-provider }; web -> idp: https",
        );
        assert_eq!(offered(&RULE, &text), "Move db and idp to a separate host");
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn what_was_reached_by_way_of_what_moves_moves_too() {
        let text = "asset cards: secret; lb: load-balancer; job -> lb -> k8s: https; user -> web: https
            boundary box: container { lb [stores cards]; k8s: orchestrator [stores cards]; web }";
        let text = text.replace("lb: load-balancer; ", "").replace("lb [", "lb: load-balancer [");
        assert_eq!(only(&RULE, &text).message, "lb must share box with k8s and web");
        assert_eq!(offered(&RULE, &text), "Move k8s and lb to a separate container");
        assert_eq!(mended(&RULE, &text, 0), "");
    }
}
