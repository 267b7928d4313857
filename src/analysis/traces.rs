//! Traces: where each asset goes over the drawing: who keeps it, who uses it, which flows carry it and which way, and
//! through whom it merely passes.

use foldhash::HashMap;

use super::{ApiIx, AssetIx, ComponentIx, Data, DatasetIx, FlowEdge, FlowIx, Topology};
use crate::model::Access;

/// Which way the data of a flow moves. An access that nobody has said is read as both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moves {
    pub to_target: bool,
    pub to_source: bool,
}

impl Moves {
    pub fn of(flow: &FlowEdge) -> Self {
        let (to_target, to_source) = match flow.access {
            // An answer goes one way, whatever it answers.
            _ if flow.reply => (true, false),
            Access::Write | Access::Replicate | Access::Publish => (true, false),
            Access::Read | Access::Consume => (false, true),
            Access::ReadWrite | Access::Admin | Access::Unknown => (true, true),
        };
        Self { to_target, to_source }
    }
}

/// One asset over the drawing. All lists are in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// Components that keep it.
    pub kept: Vec<ComponentIx>,
    /// Components that use it: they keep it, or are said to process it.
    pub used: Vec<ComponentIx>,
    /// Components that have to do with it at all.
    pub visited: Vec<ComponentIx>,
    /// Components that use it not, and have it on flows with two others or more: it passes through them.
    pub passed: Vec<ComponentIx>,
    /// Flows that carry it.
    pub flows: Vec<FlowIx>,
}

/// The traces of all assets.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    by_asset: Vec<Trace>,
    /// By component; those that have none are left out.
    datasets: HashMap<ComponentIx, Vec<DatasetIx>>,
    apis: HashMap<ComponentIx, Vec<ApiIx>>,
}

impl Traces {
    pub fn of(topology: &Topology, data: &Data) -> Self {
        let mut by_asset = vec![Trace::default(); data.assets().len()];
        let (mut datasets, mut apis) = (HashMap::default(), HashMap::default());
        for (n, dataset) in data.datasets().iter().enumerate() {
            if let Some(store) = dataset.store {
                let of_store: &mut Vec<DatasetIx> = datasets.entry(store).or_default();
                of_store.push(n.into());
            }
        }
        for (n, api) in data.apis().iter().enumerate() {
            if let Some(component) = api.component {
                let of_component: &mut Vec<ApiIx> = apis.entry(component).or_default();
                of_component.push(n.into());
            }
        }
        if by_asset.is_empty() {
            return Self { by_asset, datasets, apis };
        }
        for (flow, _) in topology.flows() {
            for asset in data.carried(flow) {
                by_asset[asset.at()].flows.push(flow);
            }
        }
        for (component, node) in topology.components() {
            let processes = &node.record.processes;
            let processed: Vec<AssetIx> = processes.iter().filter_map(|it| data.find_asset(it)).collect();
            for asset in data.kept(component) {
                by_asset[asset.at()].kept.push(component);
            }
            for asset in data.handled(component) {
                let trace = &mut by_asset[asset.at()];
                trace.visited.push(component);
                if processed.contains(asset) || data.kept(component).binary_search(asset).is_ok() {
                    trace.used.push(component);
                } else if others(topology, data, component, *asset) > 1 {
                    trace.passed.push(component);
                }
            }
        }
        Self { by_asset, datasets, apis }
    }

    pub fn trace(&self, asset: AssetIx) -> &Trace {
        &self.by_asset[asset.at()]
    }

    /// The datasets that a component keeps, in order.
    pub fn datasets_in(&self, component: ComponentIx) -> &[DatasetIx] {
        self.datasets.get(&component).map(Vec::as_slice).unwrap_or_default()
    }

    /// The APIs that a component offers, in order.
    pub fn apis_of(&self, component: ComponentIx) -> &[ApiIx] {
        self.apis.get(&component).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The assets that a flow brings to one of its ends: those that it carries. A flow that copies and says nothing of
/// what it carries brings all that its source keeps.
pub fn brought<'d>(topology: &Topology, data: &'d Data, flow: FlowIx, to: ComponentIx) -> &'d [AssetIx] {
    let edge = topology.flow(flow);
    let moves = Moves::of(edge);
    let arrives = (edge.to == to && moves.to_target) || (edge.from == to && moves.to_source);
    if !arrives {
        return &[];
    }
    if edge.access == Access::Replicate && !edge.reply && edge.record.carries.is_empty() {
        return data.kept(edge.from);
    }
    data.carried(flow)
}

/// How many others a component shares an asset with over flows: one, two, or more, which is told as two.
fn others(topology: &Topology, data: &Data, component: ComponentIx, asset: AssetIx) -> usize {
    let node = topology.component(component);
    let carrying = node.out.iter().chain(&node.into).filter(|it| data.carried(**it).contains(&asset));
    let mut first = None;
    for flow in carrying.map(|it| topology.flow(*it)) {
        let other = if flow.from == component { flow.to } else { flow.from };
        if *first.get_or_insert(other) != other {
            return 2;
        }
    }
    usize::from(first.is_some())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Facts;
    use crate::formats::text;
    use crate::model::Id;

    fn facts(text: &str) -> Facts {
        Facts::of(Arc::new(text::read(&format!("asset a: secret; asset b: secret\n{text}")).unwrap()))
    }

    fn names(facts: &Facts, components: &[ComponentIx]) -> String {
        let id = |it: &ComponentIx| facts.topology.component(*it).id.to_string();
        components.iter().map(id).collect::<Vec<_>>().join(" ")
    }

    /// `kept / used / visited / passed` of the first asset.
    fn trace(text: &str) -> String {
        let facts = facts(text);
        let it = facts.traces().trace(AssetIx(0));
        [&it.kept, &it.used, &it.visited, &it.passed].map(|it| names(&facts, it)).join(" / ")
    }

    #[test]
    fn an_asset_is_kept_used_and_passed_on() {
        let way = "user -> lb -> web -> shop -> db: https [carries a]; db: postgres";
        assert_eq!(trace(way), "db / db / db lb shop user web / lb shop web");
        assert_eq!(
            trace(&format!("{way}; shop [processes a]")),
            "db / db shop / db lb shop user web / lb web"
        );
        assert_eq!(trace("web [processes b]; web -> shop [carries b]"), " /  /  / ");
    }

    #[test]
    fn whoever_shares_it_with_one_alone_is_an_end() {
        assert_eq!(
            trace("web -> shop [read; carries a]; shop -> web [reply; carries a]"),
            " /  / shop web / "
        );
        assert_eq!(trace("web -> shop [carries b, a]; shop -> job [carries b]"), " /  / shop web / ");
    }

    #[test]
    fn what_a_component_keeps_and_offers_is_known() {
        let facts =
            facts("db: postgres; web; dataset d [store db]; dataset e [store db]; api p [component web]");
        let [db, web] = ["db", "web"].map(|it| facts.topology.find_component(&Id::slug(it)).unwrap());
        assert_eq!(facts.traces().datasets_in(db), [DatasetIx(0), DatasetIx(1)]);
        assert_eq!(facts.traces().apis_of(web), [ApiIx(0)]);
        assert!(facts.traces().datasets_in(web).is_empty() && facts.traces().apis_of(db).is_empty());
    }

    #[test]
    fn flows_are_those_that_carry_it() {
        let facts = facts("web -> shop -> job [carries a]; job -> db [carries b]");
        assert_eq!(facts.traces().trace(AssetIx(0)).flows.len(), 2);
    }

    /// What one flow brings to its source and to its target.
    fn brings(text: &str) -> [usize; 2] {
        let facts = facts(text);
        let find = |id: &str| facts.topology.find_component(&Id::slug(id)).unwrap();
        ["x", "y"].map(|it| brought(&facts.topology, &facts.data, FlowIx(0), find(it)).len())
    }

    #[test]
    fn access_says_which_way_data_moves() {
        for (access, expected) in [
            ("read", [1, 0]),
            ("consume", [1, 0]),
            ("write", [0, 1]),
            ("publish", [0, 1]),
            ("replicate", [0, 1]),
            ("read-write", [1, 1]),
            ("admin", [1, 1]),
            ("sync", [1, 1]),
            ("read; reply", [0, 1]),
        ] {
            assert_eq!(brings(&format!("x -> y [{access}; carries a]")), expected, "{access}");
        }
    }

    #[test]
    fn a_copy_brings_all_that_its_source_keeps() {
        let stores = "x: postgres [stores a, b]; y: postgres";
        assert_eq!(brings(&format!("{stores}; x -> y [replicate]")), [0, 2]);
        assert_eq!(brings(&format!("{stores}; x -> y [replicate; carries b]")), [0, 1]);
        assert_eq!(brings(&format!("{stores}; x -> y [write]")), [0, 0]);
    }
}
