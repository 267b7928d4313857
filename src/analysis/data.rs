//! Data: which assets each component keeps and which it handles, as far as the drawing says.

use std::sync::Arc;

use foldhash::HashMap;
use smallvec::SmallVec;

use super::topology::index;
use super::{ComponentIx, FlowIx, Topology};
use crate::model::{Api, Asset, Dataset, Edit, Family, Id, Model};

index! {
    /// An asset, by its place in the order of ids.
    AssetIx
}

index! {
    /// An API, by its place in the order of ids.
    ApiIx
}
index! {
    /// A dataset, by its place in the order of ids.
    DatasetIx
}

/// An API, with the component that offers it, if that is in the model.
#[derive(Debug, Clone)]
pub struct ApiNode {
    pub id: Id,
    pub record: Arc<Api>,
    pub component: Option<ComponentIx>,
}

/// A dataset, with the component that keeps it, if that is in the model.
#[derive(Debug, Clone)]
pub struct DatasetNode {
    pub id: Id,
    pub record: Arc<Dataset>,
    pub store: Option<ComponentIx>,
    /// The assets of its columns, in order, each once.
    pub assets: Vec<AssetIx>,
}

/// There is one such list for each flow, and few are long.
type Assets = SmallVec<[AssetIx; 4]>;

/// What each component has to do with assets. Assets that are not in the model are left out.
#[derive(Debug, Clone, Default)]
pub struct Data {
    assets: Vec<(Id, Arc<Asset>)>,
    kept: Vec<Assets>,
    /// Who keeps each asset, in order.
    keepers: Vec<SmallVec<[ComponentIx; 4]>>,
    handled: Vec<Assets>,
    carried: Vec<Assets>,
    apis: Vec<ApiNode>,
    datasets: Vec<DatasetNode>,
}

impl Data {
    pub fn of(topology: &Topology) -> Self {
        let model = topology.model();
        let count = topology.component_count();
        let mut data = Self {
            assets: model.assets().iter().map(|(id, it)| (id.clone(), Arc::clone(it))).collect(),
            kept: vec![Assets::new(); count],
            keepers: vec![SmallVec::new(); model.assets().len()],
            handled: vec![Assets::new(); count],
            carried: vec![Assets::new(); topology.flow_count()],
            apis: Vec::new(),
            datasets: Vec::new(),
        };
        let find = |it: &Option<Id>| it.as_ref().and_then(|it| topology.find_component(it));
        let api = |(id, it): (&Id, &Arc<Api>)| ApiNode {
            id: id.clone(),
            record: Arc::clone(it),
            component: find(&it.component),
        };
        data.apis = model.apis().iter().map(api).collect();
        let dataset = |(id, it): (&Id, &Arc<Dataset>)| DatasetNode {
            id: id.clone(),
            record: Arc::clone(it),
            store: find(&it.store),
            assets: Vec::new(),
        };
        data.datasets = model.datasets().iter().map(dataset).collect();
        if data.assets.is_empty() {
            return data;
        }
        let places: HashMap<&Id, AssetIx> = model.assets().keys().zip((0..).map(AssetIx)).collect();
        let known = |ids: &[Id]| -> Assets {
            let mut known: Assets = ids.iter().filter_map(|it| places.get(it)).copied().collect();
            known.sort_unstable();
            known.dedup();
            known
        };
        for (ix, component) in topology.components() {
            data.kept[ix.at()] = known(&component.record.stores);
            data.handled[ix.at()] = known(&component.record.processes);
        }
        for dataset in &mut data.datasets {
            let columns = &dataset.record.columns;
            dataset.assets =
                columns.iter().filter_map(|it| places.get(it.asset.as_ref()?).copied()).collect();
            dataset.assets.sort_unstable();
            dataset.assets.dedup();
            if let Some(store) = dataset.store {
                data.kept[store.at()].extend_from_slice(&dataset.assets);
            }
        }
        for (ix, flow) in topology.flows().filter(|(_, it)| !it.record.carries.is_empty()) {
            let carried = known(&flow.record.carries);
            for end in [flow.from, flow.to] {
                data.handled[end.at()].extend_from_slice(&carried);
            }
            // What comes to a store stays there; an answer of it tells what it keeps.
            let keeper = if flow.reply { flow.from } else { flow.to };
            if keeps(topology, keeper) {
                data.kept[keeper.at()].extend_from_slice(&carried);
            }
            data.carried[ix.at()] = carried;
        }
        for (kept, handled) in data.kept.iter_mut().zip(&mut data.handled) {
            handled.extend_from_slice(kept);
            for assets in [kept, handled] {
                assets.sort_unstable();
                assets.dedup();
            }
        }
        for (n, kept) in data.kept.iter().enumerate() {
            kept.iter().for_each(|it| data.keepers[it.at()].push(n.into()));
        }
        data
    }

    /// Puts the records that an edit changed in the place of those before, where nothing follows from the change.
    pub(super) fn put_records(&mut self, model: &Model, edit: &Edit) {
        for id in edit.of::<Api>().map(|it| &it.key) {
            let node = self.apis.iter_mut().find(|it| it.id == *id);
            if let (Some(node), Some(record)) = (node, model.apis().get(id)) {
                node.record = Arc::clone(record);
            }
        }
        for id in edit.of::<Dataset>().map(|it| &it.key) {
            let node = self.datasets.iter_mut().find(|it| it.id == *id);
            if let (Some(node), Some(record)) = (node, model.datasets().get(id)) {
                node.record = Arc::clone(record);
            }
        }
    }

    pub fn asset(&self, ix: AssetIx) -> &Asset {
        &self.assets[ix.at()].1
    }

    pub fn asset_id(&self, ix: AssetIx) -> &Id {
        &self.assets[ix.at()].0
    }

    /// All assets, in the order of ids.
    pub fn assets(&self) -> impl ExactSizeIterator<Item = (AssetIx, &Id, &Asset)> {
        self.assets.iter().enumerate().map(|(n, (id, it))| (n.into(), id, &**it))
    }

    pub fn find_asset(&self, id: &Id) -> Option<AssetIx> {
        // All are in the order of their ids.
        self.assets.binary_search_by(|(it, _)| it.cmp(id)).ok().map(AssetIx::from)
    }

    /// All APIs, in the order of ids.
    pub fn apis(&self) -> &[ApiNode] {
        &self.apis
    }

    pub fn api(&self, ix: ApiIx) -> &ApiNode {
        &self.apis[ix.at()]
    }

    /// All datasets, in the order of ids.
    pub fn datasets(&self) -> &[DatasetNode] {
        &self.datasets
    }

    pub fn dataset(&self, ix: DatasetIx) -> &DatasetNode {
        &self.datasets[ix.at()]
    }

    /// The assets that it keeps: those that it is said to, those in the columns of its datasets and, for data and
    /// messaging, those on flows to it. In order.
    pub fn kept(&self, component: ComponentIx) -> &[AssetIx] {
        &self.kept[component.at()]
    }

    /// The components that keep an asset, in order.
    pub fn keepers(&self, asset: AssetIx) -> &[ComponentIx] {
        &self.keepers[asset.at()]
    }

    /// The assets that it keeps or handles: also those that it is said to process, and those on any flow of its own.
    /// In order.
    pub fn handled(&self, component: ComponentIx) -> &[AssetIx] {
        &self.handled[component.at()]
    }

    /// The assets that are said to go over a flow, in order.
    pub fn carried(&self, flow: FlowIx) -> &[AssetIx] {
        &self.carried[flow.at()]
    }
}

fn keeps(topology: &Topology, component: ComponentIx) -> bool {
    let node = topology.component(component);
    node.is(Family::Data) || node.is(Family::Messaging)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::analysis::Facts;
    use crate::formats::text;

    /// `id: kept / handled`, one a component that has to do with any.
    fn data(text: &str) -> Vec<String> {
        let assets = "asset a: secret; asset b: public; asset c: internal\n";
        let facts = Facts::of(Arc::new(text::read(&format!("{assets}{text}")).unwrap()));
        let list = |assets: &[super::AssetIx]| {
            assets.iter().map(|it| facts.data.asset_id(*it).as_str()).collect::<Vec<_>>().join(" ")
        };
        let row = |(ix, it): (crate::analysis::ComponentIx, &crate::analysis::ComponentNode)| {
            let handled = list(facts.data.handled(ix));
            (!handled.is_empty()).then(|| format!("{}: {} / {handled}", it.id, list(facts.data.kept(ix))))
        };
        facts.topology.components().filter_map(row).collect()
    }

    #[test]
    fn what_is_said_is_kept_or_handled() {
        assert_eq!(data("db: postgres [stores b, a]; web [processes c]"), ["db: a b / a b", "web:  / c"]);
        assert_eq!(data("db: postgres; dataset d [store db; columns id, card holds a]"), ["db: a / a"]);
    }

    #[test]
    fn a_store_keeps_what_comes_to_it() {
        assert_eq!(data("web -> db: postgres [carries a]"), ["db: a / a", "web:  / a"]);
        assert_eq!(data("web -> queue [publish; carries a]"), ["queue: a / a", "web:  / a"]);
        assert_eq!(data("web -> db: postgres; db -> web [reply; carries b]"), ["db: b / b", "web:  / b"]);
        assert_eq!(data("lb -> web: https [carries a]"), ["lb:  / a", "web:  / a"]);
    }
}
