//! Single points of failure: units whose loss cuts an entry actor, or a feature where features are drawn.

use std::sync::Arc;

use crate::model::Id;

use super::failure::Failure;
use super::losses::{Loss, LossIx, Losses};
use super::run::Run;
use super::units::Unit;
use super::{BoundaryIx, ComponentIx, Unknown};

/// A unit whose loss cuts an entry actor, or a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinglePoint {
    pub unit: Unit,
    /// The entry actors that are cut, in order; of a boundary, those that no unit inside it cuts already.
    pub actors: Arc<[ComponentIx]>,
    /// The features that are lost, in order; of a boundary, those that no unit inside it takes already.
    pub features: Arc<[Id]>,
    /// Nothing is left: every entry actor is down or, where features are drawn, every feature is lost.
    pub all_lost: bool,
    /// If not empty, nothing is lost for certain: it is a question, and these are to be asked.
    pub unknowns: Vec<Unknown>,
    /// If not empty, a part is lost for certain, and all only if the answers to these are bad.
    pub all_rests_on: Vec<Unknown>,
    /// The only one of a kind of which more could be: a question, "must it survive the loss of …?"
    pub alone: bool,
}

/// What a loss does to the entry actors, or to features where these are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Toll {
    /// All are down.
    pub all: bool,
    /// Some are cut.
    pub some: bool,
}

/// What a search found.
#[derive(Debug)]
pub(super) struct SearchResult {
    pub(super) points: Vec<SinglePoint>,
    /// By boundary unit.
    pub(super) tolls: Vec<Toll>,
}

pub(super) fn find(failure: &Failure) -> SearchResult {
    let mut search = Search::of(failure);
    let mut points = Vec::new();
    for component in (0..failure.parts.len()).filter(|it| failure.parts[*it].is_unit).map(ComponentIx::from) {
        let number = search.losses.of_component(component);
        let loss = search.losses.get(number).clone();
        if search.is_listed(&loss.actors, &loss.features) {
            let (actors, features) = (Arc::clone(&loss.actors), search.features(&loss.features));
            points.push(search.point(Place::Component(component), &loss, actors, features));
        }
    }
    for unit in 0..failure.boundary_units.len() {
        let loss = search.losses.get(search.losses.of_boundary(unit)).clone();
        if !search.is_listed(&loss.actors, &loss.features) {
            continue;
        }
        search.mark_inside(unit);
        let is_own = |it: &&ComponentIx| search.actors[it.at()] != search.round;
        let actors: Arc<[ComponentIx]> = loss.actors.iter().filter(is_own).copied().collect();
        let is_own = |it: &&u32| search.taken[**it as usize] != search.round;
        let features: Vec<u32> = loss.features.iter().filter(is_own).copied().collect();
        if search.is_listed(&actors, &features) {
            let features = search.features(&features);
            points.push(search.point(Place::Boundary(unit), &loss, actors, features));
        }
    }
    let tolls = (0..failure.boundary_units.len()).map(|it| search.losses.of_boundary(it));
    SearchResult {
        tolls: tolls.map(|it| search.losses.toll_of_actors(search.losses.get(it))).collect(),
        points,
    }
}

/// A unit by its place.
#[derive(Debug, Clone, Copy)]
enum Place {
    Component(ComponentIx),
    /// Of `boundary_units`.
    Boundary(usize),
}

struct Search<'f> {
    failure: &'f Failure,
    losses: Losses,
    /// With all replicas taking over of which nobody has said, and all surviving that may.
    hopeful: Option<Losses>,
    /// The boundary unit that each boundary belongs to.
    unit_of: Vec<Option<u32>>,
    /// In which round an actor, a feature or a loss was last marked; so nothing has to be cleared.
    round: u32,
    actors: Vec<u32>,
    taken: Vec<u32>,
    seen: Vec<u32>,
}

impl<'f> Search<'f> {
    fn of(failure: &'f Failure) -> Self {
        let mut unit_of = vec![None; failure.places.len()];
        for (n, unit) in failure.boundary_units.iter().enumerate() {
            for boundary in unit {
                unit_of[boundary.at()] = Some(n as u32);
            }
        }
        let losses = Losses::of(failure, &failure.wired, true);
        Self {
            failure,
            unit_of,
            round: 0,
            actors: vec![0; failure.parts.len()],
            taken: vec![0; failure.paths.len()],
            seen: vec![0; losses.count()],
            losses,
            hopeful: None,
        }
    }

    fn is_listed(&self, actors: &[ComponentIx], features: &[u32]) -> bool {
        if self.failure.paths.is_empty() { !actors.is_empty() } else { !features.is_empty() }
    }

    fn features(&self, features: &[u32]) -> Arc<[Id]> {
        features.iter().map(|it| self.failure.paths[*it as usize].feature.clone()).collect()
    }

    fn point(
        &mut self,
        place: Place,
        loss: &Loss,
        actors: Arc<[ComponentIx]>,
        features: Arc<[Id]>,
    ) -> SinglePoint {
        let all_lost = if self.failure.paths.is_empty() {
            self.losses.toll_of_actors(loss).all
        } else {
            self.losses.toll_of_features(loss).all
        };
        let (unknowns, all_rests_on) = self.unknowns(place, loss, all_lost);
        let (unit, alone) = match place {
            Place::Component(it) => (Unit::Instance(it), false),
            Place::Boundary(it) => {
                (Unit::Boundary(self.failure.boundary_units[it].clone()), self.is_alone(it))
            }
        };
        SinglePoint { unit, actors, features, all_lost, unknowns, all_rests_on, alone }
    }

    fn is_alone(&self, unit: usize) -> bool {
        let units = &self.failure.boundary_units;
        let place = |unit: &[BoundaryIx]| unit.first().map(|it| self.failure.places[it.at()]);
        let Some(this) = place(&units[unit]).filter(|it| it.may_be_alone) else { return false };
        let same = |it: &&Vec<BoundaryIx>| place(it).is_some_and(|it| it.kind == this.kind);
        units.iter().filter(same).nth(1).is_none()
    }

    /// Marks all that units inside a boundary unit take.
    fn mark_inside(&mut self, unit: usize) {
        self.round += 1;
        let mut inner: Vec<u32> = Vec::new();
        for boundary in &self.failure.boundary_units[unit] {
            for component in self.failure.all_in(*boundary) {
                self.mark(self.losses.of_component(*component));
            }
            inner.extend(self.failure.boundaries_in(*boundary).iter().filter_map(|it| self.unit_of[it.at()]));
        }
        // A unit of several boundaries is inside only if all of them are; one that lies in two of this unit, nested,
        // was met twice.
        inner.sort_unstable();
        let whole = |it: &&[u32]| it[0] as usize != unit && self.is_all_inside(it[0], unit);
        let inner: Vec<u32> = inner.chunk_by(|a, b| a == b).filter(whole).map(|it| it[0]).collect();
        for other in inner {
            self.mark(self.losses.of_boundary(other as usize));
        }
    }

    fn is_all_inside(&self, inner: u32, outer: usize) -> bool {
        let outer = &self.failure.boundary_units[outer];
        let is_in = |it: &BoundaryIx| outer.iter().any(|outer| self.failure.is_inside(*it, *outer));
        self.failure.boundary_units[inner as usize].iter().all(is_in)
    }

    fn mark(&mut self, loss: LossIx) {
        if std::mem::replace(&mut self.seen[loss as usize], self.round) == self.round {
            return;
        }
        let loss = self.losses.get(loss);
        for actor in loss.actors.iter() {
            self.actors[actor.at()] = self.round;
        }
        for feature in loss.features.iter() {
            self.taken[*feature as usize] = self.round;
        }
    }

    /// What a loss rests on, if nothing would be lost with the better answers; and what the loss of all rests on, if it
    /// would be of a part then.
    fn unknowns(&mut self, place: Place, loss: &Loss, all_lost: bool) -> (Vec<Unknown>, Vec<Unknown>) {
        let failure = self.failure;
        let mut bought: Vec<ComponentIx> = match place {
            Place::Component(it) => vec![it],
            Place::Boundary(unit) => failure.boundary_units[unit]
                .iter()
                .filter(|it| failure.places[it.at()].survivable)
                .flat_map(|it| failure.all_in(*it).iter().copied())
                .collect(),
        };
        bought.retain(|it| failure.parts[it.at()].may_survive);
        if bought.is_empty() && loss.asks.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let survives = matches!(place, Place::Component(_)) && !bought.is_empty();
        let even_so = if survives { Toll::default() } else { self.lost_even_so(place) };
        if even_so.some && (even_so.all || !all_lost) {
            return (Vec::new(), Vec::new());
        }
        let replicas = loss.asks.iter().flat_map(|it| &failure.open_replicas[*it as usize]);
        let unknown = |it: &ComponentIx, field| Unknown::new(&failure.parts[it.at()].id, field);
        let mut unknowns: Vec<Unknown> = bought.iter().map(|it| unknown(it, "highly_available")).collect();
        unknowns.extend(replicas.map(|it| unknown(it, "takes_over")));
        unknowns.sort();
        unknowns.dedup();
        if even_so.some { (Vec::new(), unknowns) } else { (unknowns, Vec::new()) }
    }

    /// What a loss takes with the better answers.
    fn lost_even_so(&mut self, place: Place) -> Toll {
        let failure = self.failure;
        let wired = failure.hopeful.as_ref().unwrap_or(&failure.wired);
        let losses = self.hopeful.get_or_insert_with(|| Losses::of(failure, wired, false));
        let loss = losses.get(match place {
            Place::Component(it) => losses.of_component(it),
            Place::Boundary(it) => losses.of_boundary(it),
        });
        if failure.paths.is_empty() { losses.toll_of_actors(loss) } else { losses.toll_of_features(loss) }
    }
}

/// The ways of losses, one after another on one network.
#[derive(Debug)]
pub struct Chains<'f> {
    failure: &'f Failure,
    run: Run<'f>,
}

impl<'f> Chains<'f> {
    pub(super) fn of(failure: &'f Failure) -> Self {
        let mut run = Run::of(&failure.wired.network);
        run.keep_ways();
        Self { failure, run }
    }

    /// The way from a unit to an entry actor that its loss cuts or, where features are drawn, to the start of a
    /// feature that it takes; both included.
    pub fn chain(&mut self, point: &SinglePoint) -> Vec<ComponentIx> {
        let start = self.run.mark();
        self.failure.fail(&mut self.run, &point.unit, true);
        // The ways are those of whoever is cut first; what follows after that is nothing to them.
        let path = self.failure.paths.iter().position(|it| point.features.first() == Some(&it.feature));
        let feature = path.map(|it| self.failure.wired.features_from + it as u32);
        let target = self.run.spread_to(|node| match feature {
            Some(feature) => node == feature,
            None => point.actors.binary_search(&ComponentIx(node)).is_ok(),
        });
        let chain = target.map_or_else(Vec::new, |it| chain(self.failure, &self.run, it, path));
        self.run.undo_to(start);
        chain
    }
}

fn chain(failure: &Failure, run: &Run<'_>, target: u32, path: Option<usize>) -> Vec<ComponentIx> {
    let mut node = target;
    let mut chain = Vec::new();
    loop {
        if (node as usize) < failure.parts.len() {
            chain.push(ComponentIx(node));
        }
        let next = run.why(node);
        if next == node {
            break;
        }
        node = next;
    }
    chain.reverse();
    if let Some(path) = path.map(|it| &failure.paths[it].components) {
        // From where the feature breaks back to its start; an alternative stands for the one on the path.
        let last = chain.last().copied();
        let stands_for = |it: &ComponentIx| {
            let alternatives = &failure.groups.alternatives;
            last.is_some_and(|last| alternatives.members(alternatives.reading(*it)).contains(&last))
        };
        let at = path.iter().position(|it| Some(*it) == last).or_else(|| path.iter().position(stands_for));
        chain.extend(path[..at.unwrap_or(0)].iter().rev());
    }
    chain
}
