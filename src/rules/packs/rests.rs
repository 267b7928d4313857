//! What a finding of a pack rests on: the facts for which its condition holds, and the elements in which it found them. A
//! verdict keeps the facts, and opens again when one of them is another; the elements light up on the canvas.
//!
//! Of a condition that holds for one of several reasons all reasons count, and of one that does not hold none. Where some
//! flow or component must not be so, it counts only what holds of them all: a further one that is not so either is no
//! news.

use super::compiled::{Test, Walk};
use super::eval::{Eval, Tri};
use crate::analysis::{AssetIx, BoundaryIx, ComponentIx, Exposed, Facts, FlowIx};
use crate::model::{Id, Ports, Text, Worth, Zone};
use crate::rules::{Evidence, Hop, Subject, exposures};

/// A verdict keeps no more facts.
const MOST_FACTS: usize = 40;
/// So many tests are looked into for one finding.
const MOST_TESTS: usize = 1000;
/// A fact names no more elements.
const MOST_NAMED: usize = 12;
/// No more elements light up.
const MOST_LIT: usize = 200;

/// Looks into one condition.
struct Look<'e, 'f> {
    eval: &'e Eval<'f>,
    found: Vec<Found>,
    left: usize,
}

/// What was looked at.
struct Found {
    /// `web.kind: cache`.
    fact: String,
    /// Its test holds; else it is a fact that it does not.
    holds: bool,
    /// Where it holds.
    lit: Vec<Id>,
    /// The flow that led there.
    step: Option<(ComponentIx, ComponentIx)>,
    /// The way of whoever gets there from the internet.
    way: Vec<Hop>,
}

impl Found {
    fn of(fact: String, holds: bool) -> Self {
        Self { fact, holds, lit: Vec::new(), step: None, way: Vec::new() }
    }
}

/// What a condition rests on that holds: its facts, and what lights up.
pub(super) fn rests(eval: &Eval<'_>, test: &Test, of: Subject) -> (Vec<String>, Evidence) {
    let mut look = Look { eval, found: Vec::new(), left: MOST_TESTS };
    if let Subject::Flow(ix) = of {
        look.ends(ix);
    }
    look.at(test, of);
    let evidence = evidence(eval, &look.found, of);
    let mut facts: Vec<String> = Vec::new();
    for it in look.found {
        if facts.len() < MOST_FACTS && !facts.contains(&it.fact) {
            facts.push(it.fact);
        }
    }
    (facts, evidence)
}

/// The subject and what was found: what joins on to it end to end is a way, all else takes part.
fn evidence(eval: &Eval<'_>, found: &[Found], of: Subject) -> Evidence {
    let topology = &eval.facts.topology;
    let hop = |it: &Id| Hop { element: it.clone(), ports: None, note: Text::default() };
    let mut evidence = subject(eval.facts, of);
    let path = &mut evidence.path;
    let has = |path: &[Hop], id: &Id| path.iter().any(|it| it.element == *id);
    for (from, to) in found.iter().filter_map(|it| it.step) {
        let (from_id, to_id) = (&topology.component(from).id, &topology.component(to).id);
        let (starts, ends) = (path.first().map(|it| &it.element), path.last().map(|it| &it.element));
        if ends == Some(from_id) && !has(path, to_id) {
            path.push(hop(to_id));
        } else if starts == Some(to_id) && !has(path, from_id) {
            path.insert(0, hop(from_id));
        }
    }
    for way in found.iter().map(|it| &it.way) {
        let Some((last, before)) = way.split_last() else { continue };
        let joins = path.first().is_some_and(|it| it.element == last.element);
        if joins && !before.iter().any(|it| has(path, &it.element)) {
            path.splice(..1, way.iter().cloned());
        }
    }
    let ways = found.iter().flat_map(|it| it.way.iter().map(|it| &it.element));
    for id in found.iter().flat_map(|it| &it.lit).chain(ways) {
        if evidence.also.len() < MOST_LIT && !has(&evidence.path, id) && !evidence.also.contains(id) {
            evidence.also.push(id.clone());
        }
    }
    evidence
}

/// What a subject is on the canvas, whatever is found of it.
pub(super) fn subject(facts: &Facts, of: Subject) -> Evidence {
    let (topology, data) = (&facts.topology, &facts.data);
    let around = |id: &Id, components: &[ComponentIx]| {
        let components = components.iter().take(MOST_LIT).map(|it| topology.component(*it).id.clone());
        Evidence::set(std::iter::once(id.clone()).chain(components))
    };
    match of {
        Subject::Component(ix) => Evidence::way(facts, [ix]),
        Subject::Flow(ix) => {
            let edge = topology.flow(ix);
            Evidence { also: vec![edge.id.clone()], ..Evidence::way(facts, [edge.from, edge.to]) }
        }
        Subject::Boundary(ix) => around(&topology.boundary(ix).id, &[]),
        Subject::Api(ix) => around(&data.api(ix).id, data.api(ix).component.as_slice()),
        Subject::Dataset(ix) => around(&data.dataset(ix).id, data.dataset(ix).store.as_slice()),
        Subject::Asset(ix) => around(data.asset_id(ix), data.keepers(ix)),
        Subject::Whole => Evidence::default(),
    }
}

impl Look<'_, '_> {
    /// What a test comes to; puts down what it rests on.
    fn at(&mut self, test: &Test, of: Subject) -> Tri {
        // What is left out is asked all the same, without being put down.
        let Some(left) = self.left.checked_sub(1) else { return self.eval.ask(test, of) };
        self.left = left;
        match (test, of) {
            (Test::All(all), _) => self.each(true, all, of),
            (Test::Any(all), _) => self.each(false, all, of),
            (Test::Not(it), _) => self.at(it, of).not(),
            (Test::Source(it), Subject::Flow(ix)) => self.end("from", it, ix),
            (Test::Target(it), Subject::Flow(ix)) => self.end("to", it, ix),
            (Test::Some(_, way, it), _) => {
                let tri = self.eval.ask(test, of);
                match &tri {
                    Tri::Yes => self.some(*way, it, of),
                    Tri::No => self.none(*way, it, of),
                    Tri::Maybe(_) => {}
                }
                tri
            }
            _ => {
                let tri = self.eval.ask(test, of);
                self.leaf(test, of, tri == Tri::Yes);
                tri
            }
        }
    }

    /// All of some tests, or any: what it came to rests on those that came to the same.
    fn each(&mut self, is_all: bool, tests: &[Test], of: Subject) -> Tri {
        let start = self.found.len();
        let mut parts: Vec<(Tri, Vec<Found>)> = Vec::new();
        for test in tests {
            let tri = self.at(test, of);
            parts.push((tri, self.found.split_off(start)));
        }
        let each = parts.iter().map(|it| it.0.clone());
        let tri = if is_all { Tri::all(each) } else { Tri::any(each) };
        let same = parts.into_iter().filter(|it| it.0 == tri);
        self.found.extend(same.flat_map(|it| it.1));
        tri
    }

    fn end(&mut self, which: &str, test: &Test, flow: FlowIx) -> Tri {
        let edge = self.eval.facts.topology.flow(flow);
        let end = if which == "from" { edge.from } else { edge.to };
        let fact = format!("{}.{which}: {}", edge.id, self.eval.facts.topology.component(end).id);
        let at = self.found.len();
        let tri = self.at(test, Subject::Component(end));
        self.found.insert(at, Found::of(fact, tri == Tri::Yes));
        tri
    }

    fn ends(&mut self, flow: FlowIx) {
        let (topology, edge) = (&self.eval.facts.topology, self.eval.facts.topology.flow(flow));
        for (which, end) in [("from", edge.from), ("to", edge.to)] {
            let fact = format!("{}.{which}: {}", edge.id, topology.component(end).id);
            self.found.push(Found::of(fact, true));
        }
    }

    /// Some other element is so: it rests on all that are.
    fn some(&mut self, way: Walk, test: &Test, of: Subject) {
        for other in self.eval.others(way, of) {
            if self.left == 0 {
                break;
            }
            let start = self.found.len();
            if self.at(test, other) == Tri::Yes {
                let step = self.step(way, of, other);
                self.found.insert(start, step);
            } else {
                self.found.truncate(start);
            }
        }
    }

    /// No other element is so: it rests on what holds of each all the same.
    fn none(&mut self, way: Walk, test: &Test, of: Subject) {
        for other in self.eval.others(way, of) {
            if self.left == 0 {
                break;
            }
            let start = self.found.len();
            self.at(test, other);
            let mut kept = self.found.split_off(start);
            kept.retain(|it| it.holds);
            self.found.append(&mut kept);
        }
    }

    /// `web.incoming: user-web from user`, and what lights up of it.
    fn step(&self, way: Walk, of: Subject, other: Subject) -> Found {
        let topology = &self.eval.facts.topology;
        let id = |it: Subject| self.eval.id(it).map(Id::as_str).unwrap_or_default();
        let (of, other_id) = (id(of), id(other));
        let lit = self.eval.id(other).cloned().into_iter();
        let Subject::Flow(ix) = other else {
            return Found { lit: lit.collect(), ..Found::of(format!("{of}.component: {other_id}"), true) };
        };
        let edge = topology.flow(ix);
        let [from, to] = [edge.from, edge.to].map(|it| topology.component(it).id.clone());
        let fact = match way {
            Walk::Incoming => format!("{of}.incoming: {other_id} from {from}"),
            _ => format!("{of}.outgoing: {other_id} to {to}"),
        };
        let step = Some((edge.from, edge.to));
        Found { lit: lit.chain([from, to]).collect(), step, ..Found::of(fact, true) }
    }

    /// A test without others in it.
    fn leaf(&mut self, test: &Test, of: Subject, holds: bool) {
        let Some(id) = self.eval.id(of) else { return };
        // What is not there is no fact: once it is, the condition holds no more.
        let Some((field, value)) = self.told(test, of).filter(|it| holds || !it.1.is_empty()) else { return };
        // A reply is told by the flow that it answers.
        let id = match (test, of) {
            (Test::Protocol(_), Subject::Flow(ix)) => {
                &self.eval.facts.topology.flow(self.eval.speaker(ix)).id
            }
            _ => id,
        };
        let mut found = Found::of(format!("{id}.{field}: {value}"), holds);
        if holds {
            (found.lit, found.way) = self.shown(test, of);
        }
        self.found.push(found);
    }

    /// Where a test holds: its subject, the boundaries that are meant, the way from the internet.
    fn shown(&self, test: &Test, of: Subject) -> (Vec<Id>, Vec<Hop>) {
        let boundary = |it: BoundaryIx| self.eval.facts.topology.boundary(it).id.clone();
        let mut lit: Vec<Id> = self.eval.id(of).cloned().into_iter().collect();
        let mut way = Vec::new();
        match (test, of) {
            (Test::Crosses(zone), Subject::Flow(ix)) => {
                lit.extend(self.eval.crossed(ix).filter(|it| self.eval.is_meant(zone, *it)).map(boundary));
            }
            // The innermost alone: those around it hold half of the drawing.
            (Test::Within(zone), _) => {
                lit.extend(self.eval.outward(of).find(|it| self.eval.is_meant(zone, *it)).map(boundary));
            }
            (Test::Exposed, Subject::Component(ix)) => {
                way = self.open(ix).next().map(|it| exposures::way(self.eval.facts, it)).unwrap_or_default();
            }
            _ => {}
        }
        (lit, way)
    }

    /// The field that a test asks for, and what it is.
    fn told(&self, test: &Test, of: Subject) -> Option<(String, String)> {
        let (topology, data) = (&self.eval.facts.topology, &self.eval.facts.data);
        let fact = |field: &str, value: &str| Some((field.to_owned(), value.to_owned()));
        let chosen = |word: &str| match word.trim() {
            "" => "unknown".to_owned(),
            word => word.to_owned(),
        };
        match (test, of) {
            (Test::Answer(asks, _), _) => fact(&asks.field, self.eval.said(asks, of).slug()),
            (Test::Kind(_), Subject::Boundary(ix)) => fact("kind", &topology.boundary(ix).kind.slug),
            (Test::Kind(_) | Test::Family(_) | Test::Can(_), Subject::Component(ix)) => {
                fact("kind", &topology.component(ix).kind.slug)
            }
            (Test::Technology(_), Subject::Component(ix)) => {
                let node = topology.component(ix);
                let word = node.technology.map_or(&node.record.technology, |it| &it.slug);
                fact("technology", &chosen(word))
            }
            (Test::Protocol(_), Subject::Flow(ix)) => {
                let edge = topology.flow(self.eval.speaker(ix));
                let word = edge.protocol.map_or(&edge.record.protocol, |it| &it.slug);
                fact("protocol", &chosen(word))
            }
            (Test::Access(_), Subject::Flow(ix)) => fact("access", topology.flow(ix).access.slug()),
            (Test::Carries(worth), Subject::Flow(ix)) => {
                fact("carries", &self.assets(*worth, data.carried(ix)))
            }
            (Test::Keeps(worth), Subject::Component(ix)) => {
                fact("keeps", &self.assets(*worth, data.kept(ix)))
            }
            (Test::Keeps(worth), Subject::Dataset(ix)) => {
                fact("keeps", &self.assets(*worth, &data.dataset(ix).assets))
            }
            (Test::Handles(worth), Subject::Component(ix)) => {
                fact("handles", &self.assets(*worth, data.handled(ix)))
            }
            (Test::Asset(worth), Subject::Asset(ix)) => fact("is", &self.assets(*worth, &[ix])),
            (Test::Crosses(zone), Subject::Flow(ix)) => {
                fact("crosses", &self.boundaries(zone, self.eval.crossed(ix)))
            }
            (Test::Within(zone), _) => fact("within", &self.boundaries(zone, self.eval.outward(of))),
            (Test::Listens(ports), Subject::Component(ix)) => {
                fact("listens", &topology.component(ix).listens.intersect(ports).to_string())
            }
            (Test::Exposed, Subject::Component(ix)) => {
                let ports = self.open(ix).fold(Ports::default(), |all, it| all.union(&it.ports));
                fact("exposed", &ports.to_string())
            }
            _ => None,
        }
    }

    /// Those assets that are meant, `cards (secret)` where the class counts.
    fn assets(&self, worth: Worth, all: &[AssetIx]) -> String {
        let data = &self.eval.facts.data;
        let name = |it: AssetIx| match worth {
            Worth::AtLeast(_) => format!("{} ({})", data.asset_id(it), data.asset(it).class.slug()),
            Worth::Anything | Worth::Personal | Worth::Credential => data.asset_id(it).to_string(),
        };
        let meant = all.iter().filter(|it| self.eval.is_worth(worth, **it) == Tri::Yes);
        listed(meant.map(|it| name(*it)))
    }

    fn boundaries(&self, zone: &Zone, all: impl Iterator<Item = BoundaryIx>) -> String {
        let meant = all.filter(|it| self.eval.is_meant(zone, *it));
        listed(meant.map(|it| self.eval.facts.topology.boundary(it).id.to_string()))
    }

    /// What of a component the internet certainly reaches.
    fn open(&self, ix: ComponentIx) -> impl Iterator<Item = &Exposed> {
        self.eval.facts.reach.exposed_of(ix).iter().filter(|it| it.hop == 0 && !it.question)
    }
}

/// Names, sorted, each once.
fn listed(names: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = names.collect();
    all.sort();
    all.dedup();
    let more = all.len().saturating_sub(MOST_NAMED);
    all.truncate(MOST_NAMED);
    if more > 0 {
        all.push(format!("{more} more"));
    }
    all.join(", ")
}
