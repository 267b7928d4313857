//! The tables of a model, and one change to one record of one of them.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use super::edit::{Delta, apply_delta};
use super::{
    Api, Artwork, Asset, Boundary, Brief, Comment, Component, Dataset, Decision, Edit, Feature, Flow, Id,
    Pack, Place, Record, Remark, Threat, Verdict, View,
};

/// A table: records by key, in the order of their keys, so that a file is stable under version control.
///
/// Tables and records are shared: a copy of a model costs nothing, and the next edit the tables that it edits.
pub type Table<T> = BTreeMap<<T as Stored>::Key, Arc<T>>;

/// The view, and the element that has a place on it.
pub type PlaceKey = (Id, Id);

/// A record that has a table of its own.
pub trait Stored: Record + 'static {
    type Key: Ord + Clone + Debug;

    fn table(model: &Model) -> &Table<Self>;
    fn slot(key: &Self::Key) -> Slot;
    fn wrap(delta: Delta<Self>) -> Change;
    fn delta(change: &Change) -> Option<&Delta<Self>>;
    fn delta_mut(change: &mut Change) -> Option<&mut Delta<Self>>;
}

macro_rules! tables {
    ($($(#[$about:meta])* $table:ident: $key:ty => $record:ident,)+) => {
        /// A whole document: every table of it.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Model {
            $($table: Arc<Table<$record>>,)+
        }

        impl Model {
            /// A model with nothing in it.
            pub fn new() -> Self {
                let empty = Self { $($table: Arc::default(),)+ };
                Self { brief: Arc::new(BTreeMap::from([((), Arc::default())])), ..empty }
            }

            $($(#[$about])* pub fn $table(&self) -> &Table<$record> { &self.$table })+
        }

        /// One record of one table, before and after.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Change {
            $($record(Delta<$record>),)+
        }

        /// Which record of which table.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Slot {
            $($record($key),)+
        }

        impl Change {
            /// What it changes.
            pub fn slot(&self) -> Slot {
                match self { $(Self::$record(delta) => Slot::$record(delta.key.clone()),)+ }
            }

            /// The change that takes it back.
            #[must_use]
            pub fn inverted(&self) -> Self {
                match self { $(Self::$record(delta) => Self::$record(delta.inverted()),)+ }
            }

            /// Whether its record is the same before and after.
            pub fn is_idle(&self) -> bool {
                match self { $(Self::$record(delta) => delta.before == delta.after,)+ }
            }

            pub(super) fn apply(&self, model: &mut Model, only_if_before: bool) -> Option<Self> {
                match self {
                    $(Self::$record(delta) => {
                        let table = Arc::make_mut(&mut model.$table);
                        apply_delta(table, delta, only_if_before).map(Self::$record)
                    })+
                }
            }
        }

        $(impl Stored for $record {
            type Key = $key;

            fn table(model: &Model) -> &Table<Self> { &model.$table }
            fn slot(key: &$key) -> Slot { Slot::$record(key.clone()) }
            fn wrap(delta: Delta<Self>) -> Change { Change::$record(delta) }
            fn delta(change: &Change) -> Option<&Delta<Self>> {
                if let Change::$record(delta) = change { Some(delta) } else { None }
            }
            fn delta_mut(change: &mut Change) -> Option<&mut Delta<Self>> {
                if let Change::$record(delta) = change { Some(delta) } else { None }
            }
        })+
    };
}

tables! {
    components: Id => Component,
    boundaries: Id => Boundary,
    flows: Id => Flow,
    assets: Id => Asset,
    features: Id => Feature,
    apis: Id => Api,
    datasets: Id => Dataset,
    decisions: Id => Decision,
    /// Threats added by hand.
    threats: Id => Threat,
    views: Id => View,
    /// Verdicts by the key of their finding.
    verdicts: String => Verdict,
    /// Remarks on questions whose field holds no answer, by the key of the question.
    remarks: String => Remark,
    /// Threads of comments. They are no elements.
    comments: Id => Comment,
    /// Rules of a user's own, by what stands before their ids in keys of findings. They are no elements.
    packs: Id => Pack,
    /// Icons of a user's own that elements are drawn with. They are no elements.
    artworks: Id => Artwork,
    places: PlaceKey => Place,
    /// A table of one row; see [`Model::the_brief`].
    brief: () => Brief,
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}

impl Model {
    pub fn get<T: Stored>(&self, key: &T::Key) -> Option<&T> {
        T::table(self).get(key).map(|it| &**it)
    }

    pub fn component(&self, id: &Id) -> Option<&Component> {
        self.get(id)
    }

    pub fn boundary(&self, id: &Id) -> Option<&Boundary> {
        self.get(id)
    }

    pub fn flow(&self, id: &Id) -> Option<&Flow> {
        self.get(id)
    }

    pub fn asset(&self, id: &Id) -> Option<&Asset> {
        self.get(id)
    }

    pub fn place(&self, view: &Id, element: &Id) -> Option<&Place> {
        self.get(&(view.clone(), element.clone()))
    }

    pub fn the_brief(&self) -> &Brief {
        static EMPTY: LazyLock<Brief> = LazyLock::new(Brief::default);
        self.get(&()).unwrap_or(&EMPTY)
    }

    /// Whether an element of any table has that id.
    pub fn has(&self, id: &Id) -> bool {
        self.components.contains_key(id)
            || self.boundaries.contains_key(id)
            || self.flows.contains_key(id)
            || self.assets.contains_key(id)
            || self.features.contains_key(id)
            || self.apis.contains_key(id)
            || self.datasets.contains_key(id)
            || self.decisions.contains_key(id)
            || self.threats.contains_key(id)
            || self.views.contains_key(id)
    }

    /// Whether an id names something already, so that nothing else may be called so.
    pub fn is_taken(&self, id: &Id) -> bool {
        self.has(id) || self.comments.contains_key(id)
    }

    /// How an element is called: its name, or what it is.
    pub fn title(&self, id: &Id) -> String {
        if let Some(it) = self.component(id) {
            return it.title().to_owned();
        }
        if let Some(it) = self.boundary(id) {
            return it.title().to_owned();
        }
        if let Some(it) = self.flow(id) {
            let end = |id: &Id| self.component(id).map_or_else(|| id.to_string(), |it| it.title().to_owned());
            return format!("{} → {}", end(&it.from), end(&it.to));
        }
        let name = (self.assets.get(id).map(|it| &it.name))
            .or_else(|| self.features.get(id).map(|it| &it.name))
            .or_else(|| self.apis.get(id).map(|it| &it.name))
            .or_else(|| self.datasets.get(id).map(|it| &it.name));
        if name.is_none()
            && let Some(comment) = self.comments.get(id)
        {
            return format!("Comment: {}", comment.title());
        }
        name.filter(|it| !it.is_empty()).cloned().unwrap_or_else(|| id.to_string())
    }

    /// The view that is shown first: the one of the lowest order, then of the smallest id.
    pub fn first_view(&self) -> Option<&Id> {
        self.views.iter().min_by_key(|(id, view)| (view.order, (*id).clone())).map(|(id, _)| id)
    }

    /// Applies an edit field by field, and returns the edit that really happened: a change to a record that is
    /// gone, or that alters nothing, is skipped.
    pub fn apply(&mut self, edit: &Edit) -> Edit {
        edit.changes().iter().filter_map(|it| it.apply(self, false)).collect()
    }

    /// Takes back an edit that happened, but leaves alone a field that no longer holds what it wrote. Returns what
    /// really happened, so that this too can be taken back.
    pub fn revert(&mut self, happened: &Edit) -> Edit {
        happened.inverted().changes().iter().filter_map(|it| it.apply(self, true)).collect()
    }
}
