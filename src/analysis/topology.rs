//! The model as a graph: elements by index, flows with their ends and ports, boundaries with their depth; read
//! repaired, so that all other analyses can rely on it.

use std::sync::Arc;

use foldhash::HashMap;
use smallvec::SmallVec;

use super::answers::Answers;
use crate::model::{
    Access, Boundary, BoundaryKind, Capability, Component, Edit, Family, Flow, Id, Kind, Model, Parents,
    Ports, Protocol, Technology, Truth,
};

macro_rules! index {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(n: usize) -> Self {
                Self(n as u32)
            }
        }
    };
}

pub(super) use index;

index! {
    /// A component, by its place in the order of ids.
    ComponentIx
}
index! {
    /// A flow that has both its ends and is no loop at one component, by its place in the order of ids.
    FlowIx
}
index! {
    /// A boundary, by its place in the order of ids.
    BoundaryIx
}

/// A component in the graph.
#[derive(Debug, Clone)]
pub struct ComponentNode {
    pub id: Id,
    pub record: Arc<Component>,
    pub kind: &'static Kind,
    pub technology: Option<&'static Technology>,
    /// The innermost boundary that it stands in.
    pub within: Option<BoundaryIx>,
    /// The boundary whose gate it is said to be.
    pub gate_of: Option<BoundaryIx>,
    /// Flows that start here, in order.
    pub out: Flows,
    /// Flows that end here, in order.
    pub into: Flows,
    answers: Answers,
    /// The ports on which it listens: those that it declares and, where it terminates, those of flows to it.
    pub listens: Ports,
}

impl ComponentNode {
    pub fn can(&self, capability: Capability) -> bool {
        self.kind.can(capability)
    }

    pub fn is(&self, family: Family) -> bool {
        self.kind.family == family
    }

    /// The answer to a control: its own or, where that is unknown, its technology's.
    pub fn control(&self, slug: &str) -> Truth {
        self.answers.get(slug).unwrap_or_else(|| self.record.control(self.technology, slug))
    }

    /// The answer of its own or, where that is unknown, its technology's.
    pub fn is_highly_available(&self) -> Truth {
        self.record.is_highly_available(self.technology)
    }
}

/// A flow in the graph.
#[derive(Debug, Clone)]
pub struct FlowEdge {
    pub id: Id,
    pub record: Arc<Flow>,
    pub from: ComponentIx,
    pub to: ComponentIx,
    pub protocol: Option<&'static Protocol>,
    /// Of its record, as nearly every walk asks for them, and records lie far apart.
    pub reply: bool,
    pub access: Access,
    /// Whether it is encrypted: what was said or, where nothing was, what its protocol says.
    pub encrypted: Truth,
    /// Its port, or its protocol's, or its target's kind's default; empty if none of them says.
    pub ports: Ports,
}

/// A boundary in the graph.
#[derive(Debug, Clone)]
pub struct BoundaryNode {
    pub id: Id,
    pub record: Arc<Boundary>,
    pub kind: &'static BoundaryKind,
    pub parent: Option<BoundaryIx>,
    /// 0 at the top.
    pub depth: u32,
    /// Components directly in it, in order.
    pub members: Vec<ComponentIx>,
    /// Boundaries directly in it, in order.
    pub inner: Vec<BoundaryIx>,
    /// Components that are said to be its gates, in order.
    pub gates: Vec<ComponentIx>,
}

/// The flows at one end of a component. Most have a few.
type Flows = SmallVec<[FlowIx; 4]>;

/// Boundaries that are entered one after the other. There is one such list for each flow, and few are long.
pub type Entered = SmallVec<[BoundaryIx; 6]>;

/// The graph of a model.
#[derive(Debug, Clone)]
pub struct Topology {
    model: Arc<Model>,
    components: Vec<ComponentNode>,
    flows: Vec<FlowEdge>,
    boundaries: Vec<BoundaryNode>,
}

impl Topology {
    pub fn of(model: Arc<Model>) -> Self {
        let parents = Parents::of(&model);
        let parent = |it: &Option<u32>| it.map(BoundaryIx);
        let component_of: HashMap<&Id, ComponentIx> =
            model.components().keys().zip((0..).map(ComponentIx)).collect();
        let boundary_of: HashMap<&Id, BoundaryIx> =
            model.boundaries().keys().zip((0..).map(BoundaryIx)).collect();

        let components = model.components().iter().zip(&parents.components);
        let mut components: Vec<ComponentNode> = components
            .map(|((id, record), within)| (id, record, within, record.technology()))
            .map(|(id, record, within, technology)| ComponentNode {
                id: id.clone(),
                kind: record.kind(),
                technology,
                within: parent(within),
                gate_of: record.gate_of.as_ref().and_then(|it| boundary_of.get(it)).copied(),
                out: Flows::new(),
                into: Flows::new(),
                listens: Ports::NONE,
                answers: Answers::of(record, technology),
                record: Arc::clone(record),
            })
            .collect();

        let boundaries = model.boundaries().iter().zip(&parents.boundaries);
        let mut boundaries: Vec<BoundaryNode> = boundaries
            .map(|((id, record), within)| BoundaryNode {
                id: id.clone(),
                record: Arc::clone(record),
                kind: record.kind(),
                parent: parent(within),
                depth: 0,
                members: Vec::new(),
                inner: Vec::new(),
                gates: Vec::new(),
            })
            .collect();
        for n in 0..boundaries.len() {
            if let Some(outer) = boundaries[n].parent {
                boundaries[outer.at()].inner.push(n.into());
            }
        }
        say_depths(&mut boundaries);
        for (n, component) in components.iter().enumerate() {
            if let Some(within) = component.within {
                boundaries[within.at()].members.push(n.into());
            }
            if let Some(gate_of) = component.gate_of {
                boundaries[gate_of.at()].gates.push(n.into());
            }
        }

        let mut flows = Vec::with_capacity(model.flows().len());
        for (id, record) in model.flows() {
            let ends = component_of.get(&record.from).copied().zip(component_of.get(&record.to).copied());
            let Some((from, to)) = ends.filter(|(from, to)| from != to) else { continue };
            let ix = FlowIx::from(flows.len());
            components[from.at()].out.push(ix);
            components[to.at()].into.push(ix);
            let protocol = record.protocol();
            let ports = port_of(record, protocol, components[to.at()].kind);
            let (reply, access) = (record.reply, record.access);
            let encrypted = record.is_encrypted(protocol);
            let (id, record) = (id.clone(), Arc::clone(record));
            flows.push(FlowEdge { id, record, from, to, protocol, reply, access, encrypted, ports });
        }
        for component in &mut components {
            component.listens = listens(component, &flows);
        }

        drop((component_of, boundary_of));
        Self { model, components, flows, boundaries }
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Puts the records that an edit changed in the place of those before, where no node and no edge but they alone
    /// changed.
    pub(super) fn put_records(&mut self, model: &Arc<Model>, edit: &Edit) {
        for id in edit.of::<Component>().map(|it| &it.key) {
            if let (Some(ix), Some(record)) = (self.find_component(id), model.components().get(id)) {
                let node = &mut self.components[ix.at()];
                node.answers = Answers::of(record, node.technology);
                node.record = Arc::clone(record);
            }
        }
        for id in edit.of::<Boundary>().map(|it| &it.key) {
            if let (Some(ix), Some(record)) = (self.find_boundary(id), model.boundaries().get(id)) {
                self.boundaries[ix.at()].record = Arc::clone(record);
            }
        }
        for id in edit.of::<Flow>().map(|it| &it.key) {
            if let (Some(ix), Some(record)) = (self.find_flow(id), model.flows().get(id)) {
                let flow = &mut self.flows[ix.at()];
                flow.encrypted = record.is_encrypted(flow.protocol);
                flow.record = Arc::clone(record);
            }
        }
        self.put_model(Arc::clone(model));
    }

    pub(super) fn put_model(&mut self, model: Arc<Model>) {
        self.model = model;
    }

    pub fn components(&self) -> impl ExactSizeIterator<Item = (ComponentIx, &ComponentNode)> {
        self.components.iter().enumerate().map(|(n, it)| (n.into(), it))
    }

    pub fn flows(&self) -> impl ExactSizeIterator<Item = (FlowIx, &FlowEdge)> {
        self.flows.iter().enumerate().map(|(n, it)| (n.into(), it))
    }

    pub fn boundaries(&self) -> impl ExactSizeIterator<Item = (BoundaryIx, &BoundaryNode)> {
        self.boundaries.iter().enumerate().map(|(n, it)| (n.into(), it))
    }

    pub fn component(&self, ix: ComponentIx) -> &ComponentNode {
        &self.components[ix.at()]
    }

    pub fn flow(&self, ix: FlowIx) -> &FlowEdge {
        &self.flows[ix.at()]
    }

    pub fn boundary(&self, ix: BoundaryIx) -> &BoundaryNode {
        &self.boundaries[ix.at()]
    }

    pub fn component_count(&self) -> usize {
        self.components.len()
    }

    pub fn flow_count(&self) -> usize {
        self.flows.len()
    }

    pub fn boundary_count(&self) -> usize {
        self.boundaries.len()
    }

    pub fn find_component(&self, id: &Id) -> Option<ComponentIx> {
        // All are in the order of their ids.
        self.components.binary_search_by(|it| it.id.cmp(id)).ok().map(ComponentIx::from)
    }

    /// `None` too for a flow that lacks an end or loops at one component.
    pub fn find_flow(&self, id: &Id) -> Option<FlowIx> {
        self.flows.binary_search_by(|it| it.id.cmp(id)).ok().map(FlowIx::from)
    }

    pub fn find_boundary(&self, id: &Id) -> Option<BoundaryIx> {
        self.boundaries.binary_search_by(|it| it.id.cmp(id)).ok().map(BoundaryIx::from)
    }

    /// The id of the boundary that a component stands in, if that is there.
    pub fn place_of(&self, component: ComponentIx) -> Option<Id> {
        self.component(component).within.map(|it| self.boundary(it).id.clone())
    }

    /// A boundary and those around it, from the inside out.
    pub fn outward(&self, from: Option<BoundaryIx>) -> impl Iterator<Item = BoundaryIx> {
        std::iter::successors(from, |it| self.boundary(*it).parent)
    }

    /// The innermost boundary that holds both places; `None` is the space around all boundaries.
    pub fn common(&self, a: Option<BoundaryIx>, b: Option<BoundaryIx>) -> Option<BoundaryIx> {
        let (mut a, mut b) = (a?, b?);
        while a != b {
            let (deep_a, deep_b) = (self.boundary(a).depth, self.boundary(b).depth);
            if deep_a >= deep_b {
                a = self.boundary(a).parent?;
            } else {
                b = self.boundary(b).parent?;
            }
        }
        Some(a)
    }

    /// Whether a place is a boundary or stands inside it.
    pub fn is_within(&self, place: Option<BoundaryIx>, outer: BoundaryIx) -> bool {
        self.outward(place).any(|it| it == outer)
    }

    /// The boundaries entered on the way from one place to another, from the outermost in: those that hold the
    /// target's place and not the start's.
    pub fn entered(&self, from: Option<BoundaryIx>, to: Option<BoundaryIx>) -> Entered {
        let common = self.common(from, to);
        let mut entered: Entered = self.outward(to).take_while(|it| Some(*it) != common).collect();
        entered.reverse();
        entered
    }

    /// All components in a boundary, at any depth, in no special order but always the same.
    pub fn all_in(&self, boundary: BoundaryIx) -> Vec<ComponentIx> {
        let (mut found, mut open) = (Vec::new(), vec![boundary]);
        while let Some(next) = open.pop() {
            let node = self.boundary(next);
            found.extend_from_slice(&node.members);
            open.extend_from_slice(&node.inner);
        }
        found
    }
}

fn say_depths(boundaries: &mut [BoundaryNode]) {
    let mut open: Vec<usize> = (0..boundaries.len()).filter(|it| boundaries[*it].parent.is_none()).collect();
    while let Some(outer) = open.pop() {
        for n in 0..boundaries[outer].inner.len() {
            let inner = boundaries[outer].inner[n].at();
            boundaries[inner].depth = boundaries[outer].depth + 1;
            open.push(inner);
        }
    }
}

/// A flow's port, or its protocol's, or else the target kind's default.
fn port_of(flow: &Flow, protocol: Option<&'static Protocol>, target: &'static Kind) -> Ports {
    if !flow.port.is_empty() {
        return flow.port.clone();
    }
    let of_protocol = protocol.map(|it| &it.port).filter(|it| !it.is_empty());
    of_protocol.or_else(|| target.default_port()).cloned().unwrap_or_default()
}

fn listens(component: &ComponentNode, flows: &[FlowEdge]) -> Ports {
    let declared = component.record.listeners.iter().map(|it| &it.port);
    let drawn = if component.can(Capability::Passes) { &[][..] } else { component.into.as_slice() };
    let drawn = drawn.iter().map(|it| &flows[it.at()]).filter(|it| !it.reply).map(|it| &it.ports);
    let all = declared.chain(drawn);
    // Most say the same, time and again.
    let Some(first) = all.clone().next() else { return Ports::NONE };
    if all.clone().all(|it| it == first) {
        return first.clone();
    }
    Ports::from_ranges(all.flat_map(|it| it.ranges().iter().copied()))
}
