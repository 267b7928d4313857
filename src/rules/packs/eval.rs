//! Asking a condition of a subject, in three values: it holds, it does not, or it hangs on what nobody has said (Kleene,
//! "Introduction to Metamathematics", 1952, section 64).

use std::cell::RefCell;
use std::sync::Arc;

use foldhash::HashMap;

use super::compiled::{Asks, Test, Walk, Words};
use crate::analysis::{AssetIx, BoundaryIx, ComponentIx, ComponentNode, Facts, FlowIx, Unknown};
use crate::model::{Access, Class, Technology, Truth, Worth, Zone};
use crate::rules::Subject;

/// What came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) enum Tri {
    No,
    Yes,
    /// It hangs on this, and perhaps on more.
    Maybe(Arc<Unknown>),
}

impl Tri {
    pub(super) fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
            maybe @ Self::Maybe(_) => maybe,
        }
    }

    pub(super) fn all(of: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Yes;
        for it in of {
            match (&all, it) {
                (_, Self::No) => return Self::No,
                (Self::Yes, maybe @ Self::Maybe(_)) => all = maybe,
                _ => {}
            }
        }
        all
    }

    pub(super) fn any(of: impl IntoIterator<Item = Self>) -> Self {
        Self::all(of.into_iter().map(Self::not)).not()
    }
}

impl From<bool> for Tri {
    fn from(it: bool) -> Self {
        if it { Self::Yes } else { Self::No }
    }
}

/// What walks came to, by the walk's number and where it started: without it, walks within walks would go every way
/// again from every start.
pub(in crate::rules) type Memory = HashMap<(u32, Subject), Tri>;

/// Asks the conditions of one rule.
pub(super) struct Eval<'f> {
    pub(super) facts: &'f Facts,
    pub(super) memory: RefCell<Memory>,
}

impl Eval<'_> {
    pub(super) fn ask(&self, test: &Test, of: Subject) -> Tri {
        let topology = &self.facts.topology;
        match (test, of) {
            (Test::All(all), _) => Tri::all(all.iter().map(|it| self.ask(it, of))),
            (Test::Any(all), _) => Tri::any(all.iter().map(|it| self.ask(it, of))),
            (Test::Not(it), _) => self.ask(it, of).not(),
            (Test::Answer(asks, wanted), _) => self.answer(asks, *wanted, of),
            (Test::Some(number, way, it), _) => self.some(*number, *way, it, of),
            (Test::Source(it), Subject::Flow(ix)) => self.ask(it, Subject::Component(topology.flow(ix).from)),
            (Test::Target(it), Subject::Flow(ix)) => self.ask(it, Subject::Component(topology.flow(ix).to)),
            (Test::Kind(words), Subject::Boundary(ix)) => {
                words.contains(&topology.boundary(ix).kind.slug).into()
            }
            (Test::Within(zone), _) => self.outward(of).any(|it| self.is_meant(zone, it)).into(),
            (Test::Keeps(worth), Subject::Dataset(ix)) => {
                self.worth(*worth, &self.facts.data.dataset(ix).assets)
            }
            (Test::Asset(worth), Subject::Asset(ix)) => self.worth(*worth, &[ix]),
            (_, Subject::Component(ix)) => self.of_component(test, ix),
            (_, Subject::Flow(ix)) => self.of_flow(test, ix),
            // What was not asked of such subjects was refused.
            _ => Tri::No,
        }
    }

    fn of_component(&self, test: &Test, ix: ComponentIx) -> Tri {
        let (facts, node) = (self.facts, self.facts.topology.component(ix));
        match test {
            Test::Kind(words) => words.contains(&node.kind.slug).into(),
            Test::Family(it) => node.is(*it).into(),
            Test::Technology(words) => match node.technology {
                Some(it) => words.has(it).into(),
                None if may_be(node, words) => Tri::Maybe(Arc::new(Unknown::new(&node.id, "technology"))),
                None => words.but.into(),
            },
            Test::Can(it) => node.can(*it).into(),
            Test::Keeps(worth) => self.worth(*worth, facts.data.kept(ix)),
            Test::Handles(worth) => self.worth(*worth, facts.data.handled(ix)),
            Test::Listens(ports) => node.listens.overlaps(ports).into(),
            Test::Exposed => {
                let open = facts.reach.exposed_of(ix).iter().filter(|it| it.hop == 0);
                let asks = |it: &crate::analysis::Exposed| match &it.asks {
                    Some(about) if it.question => Tri::Maybe(Arc::new(about.clone())),
                    _ => (!it.question).into(),
                };
                Tri::any(open.map(asks))
            }
            _ => Tri::No,
        }
    }

    fn of_flow(&self, test: &Test, ix: FlowIx) -> Tri {
        let (topology, edge) = (&self.facts.topology, self.facts.topology.flow(ix));
        match test {
            Test::Protocol(words) => {
                let edge = topology.flow(self.speaker(ix));
                match edge.protocol {
                    Some(it) => words.has(it).into(),
                    None if edge.record.protocol.trim().is_empty() && !words.all.is_empty() => {
                        Tri::Maybe(Arc::new(Unknown::new(&edge.id, "protocol")))
                    }
                    // Somebody has chosen another word.
                    None => words.but.into(),
                }
            }
            Test::Access(_) if edge.access == Access::Unknown => {
                Tri::Maybe(Arc::new(Unknown::new(&edge.id, "access")))
            }
            Test::Access(all) => all.contains(&edge.access).into(),
            Test::Carries(worth) => self.worth(*worth, self.facts.data.carried(ix)),
            Test::Crosses(zone) => self.crossed(ix).any(|it| self.is_meant(zone, it)).into(),
            _ => Tri::No,
        }
    }

    /// The boundaries that a flow leaves, then those that it enters. A gate stands in the space around its boundary.
    pub(super) fn crossed(&self, ix: FlowIx) -> impl Iterator<Item = BoundaryIx> {
        let (topology, edge) = (&self.facts.topology, self.facts.topology.flow(ix));
        let ends = [edge.from, edge.to].map(|it| self.facts.ingress.place(it));
        let common = topology.common(ends[0], ends[1]);
        ends.into_iter().flat_map(move |end| topology.outward(end).take_while(move |it| Some(*it) != common))
    }

    /// The flow whose protocol a flow speaks: a reply of which nobody has said speaks as it was asked.
    pub(super) fn speaker(&self, ix: FlowIx) -> FlowIx {
        let (topology, edge) = (&self.facts.topology, self.facts.topology.flow(ix));
        if !edge.reply || !edge.record.protocol.trim().is_empty() {
            return ix;
        }
        let is_answered = |it: &&FlowIx| {
            let asked = topology.flow(**it);
            asked.from == edge.to && !asked.reply
        };
        let mut answered = topology.component(edge.from).into.iter().filter(is_answered);
        match (answered.next(), answered.next()) {
            (Some(only), None) => *only,
            _ => ix,
        }
    }

    pub(super) fn is_meant(&self, zone: &Zone, boundary: BoundaryIx) -> bool {
        match zone {
            Zone::Any => true,
            Zone::Kind(words) => words.contains(&self.facts.topology.boundary(boundary).kind.slug),
        }
    }

    /// The boundaries around a subject, from the inside out.
    pub(super) fn outward(&self, of: Subject) -> impl Iterator<Item = BoundaryIx> {
        let (topology, data) = (&self.facts.topology, &self.facts.data);
        let place = |it: Option<ComponentIx>| it.and_then(|it| topology.component(it).within);
        let from = match of {
            Subject::Component(ix) => place(Some(ix)),
            Subject::Boundary(ix) => topology.boundary(ix).parent,
            Subject::Api(ix) => place(data.api(ix).component),
            Subject::Dataset(ix) => place(data.dataset(ix).store),
            Subject::Flow(_) | Subject::Asset(_) | Subject::Whole => None,
        };
        topology.outward(from)
    }

    /// Whether one of some assets is such a one.
    fn worth(&self, worth: Worth, assets: &[AssetIx]) -> Tri {
        Tri::any(assets.iter().map(|it| self.is_worth(worth, *it)))
    }

    /// Whether an asset is such a one. A class that nobody has given may be any.
    pub(super) fn is_worth(&self, worth: Worth, ix: AssetIx) -> Tri {
        let (asset, id) = (self.facts.data.asset(ix), self.facts.data.asset_id(ix));
        let said = |field: &'static str, truth: Truth| match truth {
            Truth::Yes => Tri::Yes,
            Truth::No | Truth::NotApplicable => Tri::No,
            Truth::Unknown => Tri::Maybe(Arc::new(Unknown::new(id, field))),
        };
        match worth {
            Worth::Anything => Tri::Yes,
            Worth::AtLeast(_) if asset.class == Class::Unknown => {
                Tri::Maybe(Arc::new(Unknown::new(id, "class")))
            }
            Worth::AtLeast(class) => (asset.class >= class).into(),
            Worth::Personal => said("personal", asset.personal.is),
            Worth::Credential => said("credential", asset.credential.is),
        }
    }

    fn some(&self, number: u32, way: Walk, test: &Test, of: Subject) -> Tri {
        if let Some(known) = self.memory.borrow().get(&(number, of)) {
            return known.clone();
        }
        let tri = Tri::any(self.others(way, of).into_iter().map(|it| self.ask(test, it)));
        self.memory.borrow_mut().insert((number, of), tri.clone());
        tri
    }

    /// Where a walk gets to.
    pub(super) fn others(&self, way: Walk, of: Subject) -> Vec<Subject> {
        let (topology, data) = (&self.facts.topology, &self.facts.data);
        let components = |all: &[ComponentIx]| all.iter().copied().map(Subject::Component).collect();
        match (way, of) {
            (Walk::Incoming | Walk::Outgoing, Subject::Component(ix)) => {
                let node = topology.component(ix);
                let flows = if way == Walk::Incoming { &node.into } else { &node.out };
                let asked = flows.iter().filter(|it| !topology.flow(**it).reply);
                asked.copied().map(Subject::Flow).collect()
            }
            (Walk::Component, Subject::Api(ix)) => components(data.api(ix).component.as_slice()),
            (Walk::Component, Subject::Dataset(ix)) => components(data.dataset(ix).store.as_slice()),
            (Walk::Component, Subject::Asset(ix)) => components(data.keepers(ix)),
            (Walk::Component, Subject::Boundary(ix)) => {
                let mut inside = topology.all_in(ix);
                inside.sort_unstable();
                components(&inside)
            }
            _ => Vec::new(),
        }
    }

    /// An answer against the one that is wanted. What nobody has said may be any.
    fn answer(&self, asks: &Asks, wanted: Truth, of: Subject) -> Tri {
        let Some(id) = self.id(of) else { return Tri::No };
        let said = self.said(asks, of);
        match said {
            Truth::Unknown => Tri::Maybe(Arc::new(Unknown::new(id, asks.field.clone()))),
            said => (said == wanted).into(),
        }
    }

    /// What was said. A control that is not asked of such a component does not apply to it.
    pub(super) fn said(&self, asks: &Asks, of: Subject) -> Truth {
        let (topology, data) = (&self.facts.topology, &self.facts.data);
        match (asks.control, of) {
            (Some(control), Subject::Component(ix)) => {
                let node = topology.component(ix);
                match node.control(&control.slug) {
                    Truth::Unknown if !control.is_for_kind(node.kind) => Truth::NotApplicable,
                    said => said,
                }
            }
            (Some(it), Subject::Boundary(ix)) => topology.boundary(ix).record.controls.truth(&it.slug),
            (Some(it), Subject::Flow(ix)) => topology.flow(ix).record.controls.truth(&it.slug),
            (Some(it), Subject::Api(ix)) => data.api(ix).record.controls.truth(&it.slug),
            (Some(it), Subject::Dataset(ix)) => data.dataset(ix).record.controls.truth(&it.slug),
            (None, Subject::Component(ix)) if asks.field == "highly_available" => {
                topology.component(ix).is_highly_available()
            }
            (None, Subject::Flow(ix)) if asks.field == "encrypted" => topology.flow(ix).encrypted,
            (None, _) => {
                let said = self.id(of).and_then(|it| self.facts.model().answer(it, &asks.field));
                said.map_or(Truth::NotApplicable, |it| it.is)
            }
            (Some(_), Subject::Asset(_) | Subject::Whole) => Truth::NotApplicable,
        }
    }

    pub(super) fn id(&self, of: Subject) -> Option<&crate::model::Id> {
        let (topology, data) = (&self.facts.topology, &self.facts.data);
        Some(match of {
            Subject::Component(ix) => &topology.component(ix).id,
            Subject::Boundary(ix) => &topology.boundary(ix).id,
            Subject::Flow(ix) => &topology.flow(ix).id,
            Subject::Asset(ix) => data.asset_id(ix),
            Subject::Api(ix) => &data.api(ix).id,
            Subject::Dataset(ix) => &data.dataset(ix).id,
            Subject::Whole => return None,
        })
    }
}

/// Whether a component of which nobody has said what it is may be one of these: one of its kind. Whoever draws a cache and
/// means a database says so.
fn may_be(node: &ComponentNode, words: &Words<Technology>) -> bool {
    node.record.technology.trim().is_empty() && words.all.iter().any(|it| it.kind == node.kind.slug)
}
