//! Drafts: how an edit is written down, one record after another, each seen as the draft left it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Change, Delta, Edit, Id, Ids, Model, Slot, Stored};

/// An edit that is being written. Later steps see what earlier ones did; the model is not touched.
pub struct Draft<'m> {
    model: &'m Model,
    changes: Vec<Change>,
    slots: BTreeMap<Slot, usize>,
}

impl<'m> Draft<'m> {
    pub fn of(model: &'m Model) -> Self {
        Self { model, changes: Vec::new(), slots: BTreeMap::new() }
    }

    /// The model as it is without this draft.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// A record as the draft leaves it.
    pub fn get<T: Stored>(&self, key: &T::Key) -> Option<&T> {
        match self.slots.get(&T::slot(key)) {
            Some(n) => T::delta(&self.changes[*n]).and_then(|it| it.after.as_deref()),
            None => self.model.get(key),
        }
    }

    /// Sets a whole record, new or not.
    pub fn put<T: Stored>(&mut self, key: T::Key, record: T) {
        self.set(key, Some(Arc::new(record)));
    }

    /// Alters a record; nothing happens if there is none.
    pub fn edit<T: Stored>(&mut self, key: &T::Key, change: impl FnOnce(&mut T)) {
        if let Some(record) = self.get::<T>(key) {
            let mut record = record.clone();
            change(&mut record);
            self.put(key.clone(), record);
        }
    }

    /// Takes a record out, and nothing else; [`Draft::delete`] takes along what hangs on it.
    pub fn remove<T: Stored>(&mut self, key: &T::Key) {
        self.set::<T>(key.clone(), None);
    }

    /// A fresh id that neither the model nor this draft knows.
    pub fn mint(&self, ids: &mut Ids, stem: &str) -> Id {
        ids.mint(stem, |id| self.model.is_taken(id) || self.mentions(id))
    }

    /// The edit as far as it is written.
    pub fn so_far(&self) -> Edit {
        self.changes.iter().filter(|it| !it.is_idle()).cloned().collect()
    }

    /// The edit: the changes that change something.
    pub fn finish(self) -> Edit {
        self.changes.into_iter().filter(|it| !it.is_idle()).collect()
    }

    fn mentions(&self, id: &Id) -> bool {
        let slots = [
            Slot::Component(id.clone()),
            Slot::Boundary(id.clone()),
            Slot::Flow(id.clone()),
            Slot::Asset(id.clone()),
            Slot::Feature(id.clone()),
            Slot::Api(id.clone()),
            Slot::Dataset(id.clone()),
            Slot::Decision(id.clone()),
            Slot::Threat(id.clone()),
            Slot::View(id.clone()),
            Slot::Comment(id.clone()),
        ];
        slots.iter().any(|it| self.slots.contains_key(it))
    }

    fn set<T: Stored>(&mut self, key: T::Key, after: Option<Arc<T>>) {
        let slot = T::slot(&key);
        if let Some(delta) =
            self.slots.get(&slot).and_then(|n| self.changes.get_mut(*n)).and_then(T::delta_mut)
        {
            delta.after = after;
            return;
        }
        let before = T::table(self.model).get(&key).cloned();
        self.slots.insert(slot, self.changes.len());
        self.changes.push(T::wrap(Delta { key, before, after }));
    }
}
