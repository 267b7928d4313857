//! Facts: what follows from a model. Pure functions of it, which never fail and never change it.
//!
//! The definitions are those of the manual's page on meanings; each file names the part that it computes. Results
//! are told by index ([`ComponentIx`] and its like), in the order of ids, so that every walk is the same every time.

mod allows;
mod answers;
mod availability;
mod calls;
mod closed;
mod crowd;
mod data;
mod degraded;
mod echoes;
mod endings;
mod exposure;
mod failure;
#[cfg(test)]
mod failure_oracle;
#[cfg(test)]
mod failure_tests;
#[cfg(test)]
mod fixture;
mod groups;
mod ingress;
mod inputs;
mod load;
mod load_tests;
mod load_walk;
mod load_ways;
mod losses;
mod needs;
mod neighbours;
mod network;
mod particulars;
mod patch;
mod pool_names;
mod pools;
mod port_sets;
mod reach;
#[cfg(test)]
mod reach_oracle;
#[cfg(test)]
mod reach_tests;
mod run;
mod search;
mod single_points;
mod sites;
#[cfg(test)]
mod sketch;

mod spread;
mod stores;
mod topology;
mod traces;
mod units;
mod ways;
mod wiring;
mod worth_attacking;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

pub use allows::{Shadowed, let_through};
pub use availability::Availability;
pub use calls::Calls;
pub use closed::{Closed, Stop};
pub use data::{ApiIx, ApiNode, AssetIx, Data, DatasetIx, DatasetNode};
pub use endings::Ending;
pub use failure::{Failure, HardNeed, Outcome, Reason};
pub use ingress::{Ingress, Passage};
pub use inputs::{Arrival, Inputs, Onward};
pub use load::{Demand, Load, Loss, TIGHT, is_over, is_tight};
pub use needs::Need;
pub use neighbours::Network;
pub use particulars::{Particulars, listening, particulars_of};
pub use patch::Touched;
pub use pools::{Pool, PoolIx, Pools};
pub use reach::{Exposed, Reach, Served, Step};
pub use single_points::{Chains, SinglePoint, Toll};
pub use stores::{Store, StoreIx};
pub use topology::{
    BoundaryIx, BoundaryNode, ComponentIx, ComponentNode, Entered, FlowEdge, FlowIx, Topology,
};
pub use traces::{Moves, Trace, Traces, brought};
pub use units::Unit;
pub use ways::{Arrivals, Detours, Passed, Requests};
pub use worth_attacking::{Target, WorthAttacking};

use crate::model::{Id, Model, Named};

/// An unknown that a result rests on: a field of an element, to be asked of the architect.
///
/// `field` is a field of the model (`ingress`, `segmented`, `takes_over`, `highly_available`, `allows`) or, behind
/// `controls.`, the slug of a control.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unknown {
    pub subject: Id,
    pub field: Cow<'static, str>,
}

impl Unknown {
    pub fn new(subject: &Id, field: impl Into<Cow<'static, str>>) -> Self {
        Self { subject: subject.clone(), field: field.into() }
    }
}

/// All that was derived from one model.
#[derive(Debug, Clone)]
pub struct Facts {
    pub topology: Topology,
    pub data: Data,
    pub pools: Pools,
    pub failure: Failure,
    pub ingress: Ingress,
    /// From the internet.
    pub reach: Reach,
    later: Later,
}

/// From so many components on, two threads make facts: fewer are done before a thread has begun.
const SHARED: usize = 400;

/// What is found when somebody asks for it first.
#[derive(Debug, Clone, Default)]
struct Later {
    calls: OnceLock<Arc<Calls>>,
    inputs: OnceLock<Inputs>,
    /// None where no demand is stated.
    load: OnceLock<Option<Loaded>>,
    traces: OnceLock<Arc<Traces>>,
    worth_attacking: OnceLock<WorthAttacking>,
}

/// The ways of demand, with the load if nothing is lost.
#[derive(Debug, Clone)]
struct Loaded {
    ways: load_ways::Ways,
    load: Load,
}

impl Facts {
    pub fn of(model: Arc<Model>) -> Self {
        if model.components().len() >= SHARED && !cfg!(target_arch = "wasm32") {
            return Self::shared(model);
        }
        let mut making = Making::of(model);
        loop {
            if let Some(facts) = making.part() {
                return facts;
            }
        }
    }

    /// What fails and who gets in follow from the topology, and neither from the other: a thread each.
    fn shared(model: Arc<Model>) -> Self {
        let topology = Topology::of(model);
        let fails = || {
            let (data, pools) = (Data::of(&topology), Pools::of(&topology));
            let failure = Failure::of(&topology, &pools);
            failure.single_points();
            (data, pools, failure)
        };
        let gets_in = || {
            let ingress = Ingress::of(&topology);
            let reach = Reach::from_internet(&topology, &ingress);
            (ingress, reach)
        };
        let ((data, pools, failure), (ingress, reach)) = std::thread::scope(|scope| {
            let other = scope.spawn(gets_in);
            let one = fails();
            // A panic there goes on here, as it would without threads.
            (one, other.join().unwrap_or_else(|it| std::panic::resume_unwind(it)))
        });
        Self { topology, data, pools, failure, ingress, reach, later: Later::default() }
    }

    pub fn model(&self) -> &Model {
        self.topology.model()
    }

    /// Puts another model in the place of the one that these were found in: the same but for what no fact follows from
    /// or, while it is edited, none at all, so that its tables need not be copied.
    pub fn put_model(&mut self, model: Arc<Model>) {
        self.topology.put_model(model);
    }

    /// How a component is called, its name or its kind: a part of a [`Text`](crate::model::Text).
    pub fn title(&self, component: ComponentIx) -> Named<'_> {
        Named(&self.topology.component(component).id)
    }

    /// How an element of any table is called, as a part of a [`Text`](crate::model::Text).
    pub fn title_of(&self, id: &Id) -> String {
        let named = |id: &Id| match self.model().component(id) {
            Some(_) => Named(id).to_string(),
            None => id.to_string(),
        };
        if self.model().component(id).is_some() {
            return named(id);
        }
        match self.model().flow(id) {
            Some(flow) => format!("{} → {}", named(&flow.from), named(&flow.to)),
            None => self.model().title(id),
        }
    }

    /// For what users wait; found when it is first asked for.
    pub fn calls(&self) -> &Calls {
        self.later.calls.get_or_init(|| Arc::new(Calls::of(&self.topology, &self.pools, &self.failure)))
    }

    /// Where outside input goes; found when somebody asks first.
    pub fn inputs(&self) -> &Inputs {
        self.later.inputs.get_or_init(|| Inputs::of(&self.topology, &self.ingress))
    }

    /// The load with all up; none where no demand is stated.
    pub fn load(&self) -> Option<&Load> {
        self.loaded().map(|it| &it.load)
    }

    /// The load if this is lost; none where no demand is stated.
    pub fn load_without(&self, loss: &Loss) -> Option<Load> {
        self.loaded().map(|it| Load::of(self, &it.ways, loss))
    }

    /// The share of time that a feature is up, if anything on its path states a figure.
    pub fn availability(&self, feature: &Id) -> Option<Availability> {
        availability::of_feature(self, feature)
    }

    fn loaded(&self) -> Option<&Loaded> {
        let find = || {
            let ways = load_ways::Ways::of(self)?;
            let load = Load::of(self, &ways, &Loss::default());
            Some(Loaded { ways, load })
        };
        self.later.load.get_or_init(find).as_ref()
    }

    /// Where each asset goes; found when it is first asked for.
    pub fn traces(&self) -> &Traces {
        self.later.traces.get_or_init(|| Arc::new(Traces::of(&self.topology, &self.data)))
    }

    /// What is most worth attacking; found when first asked for.
    pub fn worth_attacking(&self) -> &WorthAttacking {
        let found = || WorthAttacking::of(&self.topology, &self.data, &self.pools, &self.reach);
        self.later.worth_attacking.get_or_init(found)
    }
}

/// Facts in the making, a part at a time, for whoever has frames to keep.
#[derive(Debug)]
pub struct Making {
    model: Arc<Model>,
    topology: Option<Topology>,
    pools: Option<(Data, Pools)>,
    failure: Option<Failure>,
    ingress: Option<Ingress>,
}

impl Making {
    pub fn of(model: Arc<Model>) -> Self {
        Self { model, topology: None, pools: None, failure: None, ingress: None }
    }

    /// Makes the next part; the last one brings the facts.
    pub fn part(&mut self) -> Option<Facts> {
        let Some(topology) = &self.topology else {
            self.topology = Some(Topology::of(Arc::clone(&self.model)));
            return None;
        };
        let Some((_, pools)) = &self.pools else {
            self.pools = Some((Data::of(topology), Pools::of(topology)));
            return None;
        };
        let Some(failure) = &self.failure else {
            self.failure = Some(Failure::of(topology, pools));
            return None;
        };
        let Some(ingress) = &self.ingress else {
            // It is kept with what it was found in; whoever asks for it first would wait for it.
            failure.single_points();
            self.ingress = Some(Ingress::of(topology));
            return None;
        };
        let reach = Reach::from_internet(topology, ingress);
        let (topology, (data, pools)) = self.topology.take().zip(self.pools.take())?;
        let (failure, ingress) = self.failure.take().zip(self.ingress.take())?;
        Some(Facts { topology, data, pools, failure, ingress, reach, later: Later::default() })
    }
}
