//! Records: what a table holds, and how one of their fields takes part in an edit.

use std::collections::BTreeMap;

/// One field of a record.
pub(super) trait Field: Clone + PartialEq {
    /// Sets `now` to `after` if the edit changed this field; with `only_if_before`, only if `now` still holds
    /// what the edit found (an undo leaves alone a field that no longer holds what it wrote).
    fn merge(now: &mut Self, before: &Self, after: &Self, only_if_before: bool) {
        if before != after && (!only_if_before || now == before) {
            now.clone_from(after);
        }
    }
}

/// A record of a table: merged field by field, so that two edits of different fields never undo each other.
pub trait Record: Clone + PartialEq + Default {
    /// Merges every field, as [`Field::merge`].
    fn merge(&mut self, before: &Self, after: &Self, only_if_before: bool);
}

impl<T: Clone + PartialEq> Field for Vec<T> {}
impl<T: Clone + PartialEq> Field for Option<T> {}

/// Merges a map entry by entry, as [`Field::merge`] does a field: an entry that an edit did not touch keeps what it holds.
pub(super) fn merge_by_entry<K: Ord + Clone, V: PartialEq + Clone>(
    now: &mut BTreeMap<K, V>,
    (before, after): (&BTreeMap<K, V>, &BTreeMap<K, V>),
    only_if_before: bool,
) {
    for key in before.keys().chain(after.keys()).filter(|key| before.get(*key) != after.get(*key)) {
        if only_if_before && now.get(key) != before.get(key) {
            continue;
        }
        match after.get(key) {
            Some(value) => now.insert(key.clone(), value.clone()),
            None => now.remove(key),
        };
    }
}

/// Declares that types are fields as a whole.
macro_rules! fields {
    ($($type:ty),+ $(,)?) => { $(impl $crate::model::record::Field for $type {})+ };
}

/// Declares a record: a struct whose fields are left out of a file while they hold their default.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$about:meta])* pub $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[$about])* #[serde(skip_serializing_if = "crate::model::record::is_default")] pub $field: $type,)+
        }

        impl $crate::model::record::Record for $name {
            fn merge(&mut self, before: &Self, after: &Self, only_if_before: bool) {
                $($crate::model::record::Field::merge(
                    &mut self.$field, &before.$field, &after.$field, only_if_before,
                );)+
            }
        }
    };
}

pub(crate) use {fields, record};

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fields!(String, bool, super::Id, super::Answer, super::Figure);
