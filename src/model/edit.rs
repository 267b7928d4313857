//! Edits: every change to a model, invertible.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::tables::{Change, Stored, Table};

/// A record before and after; `None` is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "T: Serialize, T::Key: Serialize",
    deserialize = "T: DeserializeOwned, T::Key: DeserializeOwned"
))]
pub struct Delta<T: Stored> {
    pub key: T::Key,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Arc<T>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Arc<T>>,
}

impl<T: Stored> Delta<T> {
    pub(super) fn inverted(&self) -> Self {
        Self { key: self.key.clone(), before: self.after.clone(), after: self.before.clone() }
    }
}

/// A list of changes: a command, a fix, an import, an undo, another person's work. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Edit {
    changes: Arc<[Change]>,
}

impl Edit {
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The edit that takes this one back: swapped changes, last first.
    #[must_use]
    pub fn inverted(&self) -> Self {
        self.changes.iter().rev().map(Change::inverted).collect()
    }

    /// The changes of one table.
    pub fn of<T: Stored>(&self) -> impl Iterator<Item = &Delta<T>> {
        self.changes.iter().filter_map(T::delta)
    }
}

impl FromIterator<Change> for Edit {
    fn from_iter<I: IntoIterator<Item = Change>>(changes: I) -> Self {
        Self { changes: changes.into_iter().collect() }
    }
}

/// Applies one change to its table, field by field; returns what really happened, `None` if nothing did.
pub(super) fn apply_delta<T: Stored>(
    table: &mut Table<T>,
    delta: &Delta<T>,
    only_if_before: bool,
) -> Option<Delta<T>> {
    let now = table.get(&delta.key);
    let after = match (&delta.before, &delta.after, now) {
        (None, Some(after), None) => Some(Arc::clone(after)),
        (Some(_), None, Some(_)) => None,
        (Some(before), Some(after), Some(now)) => {
            let mut merged = T::clone(now);
            merged.merge(before, after, only_if_before);
            if merged == **now {
                return None;
            }
            Some(Arc::new(merged))
        }
        // Gone, or there already.
        _ => return None,
    };
    let before = match &after {
        Some(after) => table.insert(delta.key.clone(), Arc::clone(after)),
        None => table.remove(&delta.key),
    };
    Some(Delta { key: delta.key.clone(), before, after })
}

#[cfg(test)]
mod tests {
    use crate::model::{Answer, Component, Draft, Edit, Id, Model};

    fn model_with(edit: impl FnOnce(&mut Component)) -> (Model, Id) {
        let (mut model, id) = (Model::new(), Id::slug("a"));
        let mut component = Component { name: "A".to_owned(), ..Component::default() };
        edit(&mut component);
        let mut draft = Draft::of(&model);
        draft.put(id.clone(), component);
        let edit = draft.finish();
        model.apply(&edit);
        (model, id)
    }

    fn edit(model: &Model, id: &Id, change: impl FnOnce(&mut Component)) -> Edit {
        let mut draft = Draft::of(model);
        draft.edit::<Component>(id, change);
        draft.finish()
    }

    #[test]
    fn fields_that_an_edit_did_not_touch_keep_what_they_hold_now() {
        let (mut model, id) = model_with(|_| {});
        let rename = edit(&model, &id, |it| it.name = "B".to_owned());
        let pool = edit(&model, &id, |it| it.pool = "web".to_owned());
        model.apply(&rename);
        model.apply(&pool);
        let it = model.component(&id).unwrap();
        assert_eq!((it.name.as_str(), it.pool.as_str()), ("B", "web"));
    }

    #[test]
    fn an_undo_leaves_alone_a_field_that_was_written_since() {
        let (mut model, id) = model_with(|_| {});
        let mine = edit(&model, &id, |it| {
            it.name = "Mine".to_owned();
            it.pool = "web".to_owned();
        });
        let mine = model.apply(&mine);
        let theirs = edit(&model, &id, |it| it.name = "Theirs".to_owned());
        model.apply(&theirs);
        model.revert(&mine);
        let it = model.component(&id).unwrap();
        assert_eq!((it.name.as_str(), it.pool.as_str()), ("Theirs", ""));
    }

    #[test]
    fn controls_merge_by_entry() {
        let (mut model, id) = model_with(|_| {});
        let logging = edit(&model, &id, |it| it.controls.set("logging", Answer::yes()));
        let patching = edit(&model, &id, |it| it.controls.set("patching", Answer::no()));
        let logging = model.apply(&logging);
        model.apply(&patching);
        assert_eq!(model.component(&id).unwrap().controls.0.len(), 2);
        model.revert(&logging);
        assert_eq!(model.component(&id).unwrap().controls.0.keys().collect::<Vec<_>>(), ["patching"]);
    }

    #[test]
    fn what_alters_nothing_is_skipped() {
        let (mut model, id) = model_with(|_| {});
        let rename = edit(&model, &id, |it| it.name = "B".to_owned());
        assert!(!model.apply(&rename).is_empty());
        assert!(model.apply(&rename).is_empty());
        let mut draft = Draft::of(&model);
        draft.remove::<Component>(&id);
        let gone = draft.finish();
        model.apply(&gone);
        assert!(model.apply(&rename).is_empty());
        assert!(model.apply(&gone).is_empty());
    }
}
