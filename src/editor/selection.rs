//! Selection: what is chosen, kept sound in one place.

use std::collections::BTreeSet;

use super::{Editor, Wish};
use crate::model::{Change, Edit, Id};

impl Editor {
    pub fn selection(&self) -> &BTreeSet<Id> {
        &self.selection
    }

    pub fn is_selected(&self, id: &Id) -> bool {
        self.selection.contains(id)
    }

    /// The one that is selected, if it is one.
    pub fn selected_one(&self) -> Option<&Id> {
        self.selection.iter().next().filter(|_| self.selection.len() == 1)
    }

    pub fn select(&mut self, ids: impl IntoIterator<Item = Id>) {
        self.selection = ids.into_iter().collect();
        self.keep_selection_sound();
    }

    pub fn toggle_selected(&mut self, id: &Id) {
        if !self.selection.remove(id) {
            self.selection.insert(id.clone());
        }
        self.keep_selection_sound();
    }

    pub fn add_to_selection(&mut self, ids: impl IntoIterator<Item = Id>) {
        self.selection.extend(ids);
        self.keep_selection_sound();
    }

    pub fn clear_selection(&mut self) {
        self.selection.clear();
    }

    /// Everything in the boundary that holds the selection; again, everything one boundary further out. What is locked is
    /// left out; of a locked boundary, what stands in it is taken.
    pub fn select_all(&mut self) {
        let mut parents = self.selection.iter().map(|it| self.nesting.parent(it));
        let common = parents.next().flatten().filter(|first| parents.all(|it| it == Some(first))).cloned();
        let mut scope = common;
        loop {
            let mut all = self.unlocked(match &scope {
                Some(boundary) => self.shown_in(boundary).cloned().collect(),
                None => self.everything_at_the_top(),
            });
            all.retain(|it| !self.is_hidden(it));
            if scope.is_none() || !all.is_subset(&self.selection) {
                self.selection = all;
                return;
            }
            scope = scope.and_then(|it| self.nesting.parent(&it).cloned());
        }
    }

    /// What nothing on the view stands around: boundaries bring their contents along.
    pub(super) fn everything_at_the_top(&self) -> Vec<Id> {
        let layout = &self.layout;
        let all = layout.cards.keys().chain(layout.boundaries.keys()).chain(layout.gates.keys());
        all.filter(|it| self.nesting.parent(it).is_none_or(|it| layout.rect(it).is_none())).cloned().collect()
    }

    /// What stands directly in a boundary and is drawn.
    pub(super) fn shown_in(&self, boundary: &Id) -> impl Iterator<Item = &Id> {
        let inside = self.nesting.components_in(boundary).iter().chain(self.nesting.boundaries_in(boundary));
        inside.filter(|it| self.layout.rect(it).is_some())
    }

    fn unlocked(&self, mut open: Vec<Id>) -> BTreeSet<Id> {
        let mut found = BTreeSet::new();
        while let Some(id) = open.pop() {
            if !self.is_locked(&id) {
                found.insert(id);
            } else if self.layout.boundaries.contains_key(&id) {
                open.extend(self.shown_in(&id).cloned());
            }
        }
        found
    }

    /// Brings what is selected into view.
    pub(super) fn follow_selection(&mut self) {
        self.shown.wishes.push(Wish::Follow(self.selection.iter().cloned().collect()));
    }

    /// Selects what a step brought back or altered, if that is drawn here: boxes, else the flows alone. Else what was
    /// selected stays so.
    pub(super) fn select_what_came(&mut self, happened: &Edit) {
        let (mut back, mut altered) = (BTreeSet::new(), BTreeSet::new());
        for change in happened.changes() {
            let (id, is_back) = match change {
                Change::Component(it) => (&it.key, it.before.is_none()),
                Change::Boundary(it) => (&it.key, it.before.is_none()),
                Change::Flow(it) => (&it.key, it.before.is_none()),
                Change::Place(it) if it.key.0 == self.view => (&it.key.1, false),
                _ => continue,
            };
            let set = if is_back { &mut back } else { &mut altered };
            set.insert(id.clone());
        }
        for ids in [back, altered] {
            let drawn = |it: &Id| self.layout.rect(it).is_some() || self.layout.flows.contains_key(it);
            let (flows, boxes): (Vec<Id>, Vec<Id>) =
                ids.into_iter().filter(drawn).partition(|it| self.model.flow(it).is_some());
            let came = if boxes.is_empty() { flows } else { boxes };
            if came.is_empty() {
                continue;
            }
            // What was selected with it stays: one goes on with all of it.
            if !came.iter().all(|it| self.selection.contains(it)) {
                self.select(came);
            }
            return;
        }
    }

    /// What is gone is not selected; where an element and a boundary around it are, the boundary alone stands for both.
    pub(super) fn keep_selection_sound(&mut self) {
        let model = &self.model;
        self.selection.retain(|it| model.has(it));
        let within: Vec<Id> = self
            .selection
            .iter()
            .filter(|it| self.nesting.ancestors(it).any(|outer| self.selection.contains(outer)))
            .cloned()
            .collect();
        for id in &within {
            self.selection.remove(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Membership, Surroundings};
    use crate::scene::Pos;

    #[test]
    fn undo_and_redo_select_what_they_bring_back_or_alter() {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("web-server", Pos::new(0.0, 0.0));
        let b = editor.add_component("sql-database", Pos::new(400.0, 0.0));
        let flow = editor.connect(&a, &b).unwrap();
        editor.delete(&BTreeSet::from([a.clone()]));
        editor.select([b.clone()]);
        editor.undo();
        assert_eq!(editor.selected_one(), Some(&a), "without its flow, which came with it");
        editor.undo();
        editor.redo();
        assert_eq!(editor.selected_one(), Some(&flow));
        editor.move_by(&BTreeSet::from([b.clone()]), Pos::new(0.0, 80.0), &Membership::Keep);
        editor.undo();
        assert_eq!(editor.selected_one(), Some(&b));
        // What was selected beside it is not lost.
        let both = BTreeSet::from([a.clone(), b]);
        editor.move_by(&BTreeSet::from([a.clone()]), Pos::new(0.0, 80.0), &Membership::Keep);
        editor.select(both.clone());
        editor.undo();
        assert_eq!(*editor.selection(), both);
        // A step about something else leaves it.
        editor.add_asset("Orders");
        editor.select([a.clone()]);
        editor.undo();
        assert_eq!(editor.selected_one(), Some(&a));
    }
}
