//! Locks: what stays where it is, whatever the pointer and the keys do. An element has its own, in its place; a view has
//! one for all that is on it. Forms, fixes and undo go past them: whoever uses those does not slip.

use std::collections::BTreeSet;

use super::create::put_view;
use super::{Editor, Tone};
use crate::model::{Edit, Flow, Id, Model, Place, View};

/// The elements of a view that are locked: they are asked for in each frame, of whatever is selected.
pub(super) fn locked_on(model: &Model, view: &Id) -> BTreeSet<Id> {
    let places = model.places().iter().filter(|((on, _), it)| it.locked && on == view);
    places.map(|((_, id), _)| id.clone()).collect()
}

impl Editor {
    /// Whether an element itself is locked.
    pub fn is_locked(&self, id: &Id) -> bool {
        self.locked.contains(id)
    }

    /// The elements that are locked themselves.
    pub fn locked(&self) -> &BTreeSet<Id> {
        &self.locked
    }

    /// Brings the list of what is locked up to date with an edit.
    pub(super) fn note_locks(&mut self, happened: &Edit) {
        for delta in happened.of::<Place>().filter(|it| it.key.0 == self.view) {
            if delta.after.as_ref().is_some_and(|it| it.locked) {
                self.locked.insert(delta.key.1.clone());
            } else {
                self.locked.remove(&delta.key.1);
            }
        }
    }

    /// Whether all that is on the view is to stay where it is.
    pub fn is_layout_locked(&self) -> bool {
        self.model.views().get(&self.view).is_some_and(|it| it.locked)
    }

    /// Whether an element may be moved: with it goes what stands in it, so nothing there may be locked.
    pub fn can_move(&self, id: &Id) -> bool {
        !self.is_layout_locked() && self.held_by(id, false).is_none()
    }

    /// Whether an element may be given another size.
    pub fn can_resize(&self, id: &Id) -> bool {
        self.has_size(id) && !self.is_layout_locked() && !self.is_locked(id)
    }

    /// Whether an element may be deleted, with all that stands in it.
    pub fn can_delete(&self, id: &Id) -> bool {
        self.held_by(id, true).is_none()
    }

    /// What is locked: the element itself, or something in it. A gate in it goes with its boundary, and so keeps its place
    /// when that is moved, but not when it is deleted.
    fn held_by(&self, id: &Id, with_gates: bool) -> Option<Id> {
        if self.is_locked(id) {
            return Some(id.clone());
        }
        if self.locked.is_empty() {
            return None;
        }
        let inside = self.nesting.all_in(id).into_iter();
        let mut counts = inside.filter(|it| with_gates || !self.layout.gates.contains_key(it));
        counts.find(|it| self.is_locked(it))
    }

    /// Those for which something is allowed; if that is none of them, it says why and returns `None`.
    pub(super) fn free_of(
        &mut self,
        ids: &BTreeSet<Id>,
        is_allowed: fn(&Self, &Id) -> bool,
    ) -> Option<BTreeSet<Id>> {
        let free: BTreeSet<Id> = ids.iter().filter(|it| is_allowed(self, it)).cloned().collect();
        if let Some(first) = ids.first().filter(|_| free.is_empty()) {
            self.say_what_holds(first);
        }
        (!free.is_empty()).then_some(free)
    }

    /// Says why an element stays where it is, if a lock is the reason.
    pub fn say_what_holds(&mut self, id: &Id) {
        let title = |it: &Id| self.model.title(it);
        let text = match self.held_by(id, true) {
            Some(held) if held == *id => format!("A lock holds {}.", title(id)),
            Some(held) => format!("A lock holds {}, and so {}.", title(&held), title(id)),
            None if self.is_layout_locked() => "The layout is locked.".to_owned(),
            None => return,
        };
        self.say(Tone::Info, text, &[]);
    }

    /// Whether something is selected that has a place to stay at.
    pub fn can_lock(&self) -> bool {
        self.selection.iter().any(|it| self.is_lockable(it))
    }

    fn is_lockable(&self, id: &Id) -> bool {
        self.model.flow(id).is_some() || self.model.place(&self.view, id).is_some()
    }

    /// Whether all that is selected is locked, so that it would be unlocked.
    pub fn would_unlock(&self) -> bool {
        self.selection.iter().filter(|it| self.is_lockable(it)).all(|it| self.is_locked(it))
    }

    /// Locks what is selected; if all of it is locked, unlocks it.
    pub fn toggle_lock(&mut self) {
        let ids: BTreeSet<Id> = self.selection.iter().filter(|it| self.is_lockable(it)).cloned().collect();
        self.set_locked(&ids, !self.would_unlock());
    }

    pub fn unlock_all(&mut self) {
        let ids = self.locked.clone();
        self.set_locked(&ids, false);
    }

    fn set_locked(&mut self, ids: &BTreeSet<Id>, locked: bool) {
        let verb = if locked { "Lock" } else { "Unlock" };
        let label = match ids.first() {
            Some(only) if ids.len() == 1 => format!("{verb} {}", self.model.title(only)),
            _ => format!("{verb} {} elements", ids.len()),
        };
        let view = self.view.clone();
        self.change(label, |draft, _| {
            for id in ids {
                let key = (view.clone(), id.clone());
                let mut place = draft.get::<Place>(&key).cloned().unwrap_or_default();
                place.locked = locked;
                // A flow that finds its own way needs no place to say so.
                if place == Place::default() && draft.get::<Flow>(id).is_some() {
                    draft.remove::<Place>(&key);
                } else {
                    draft.put(key, place);
                }
            }
        });
    }

    /// Locks the layout of the view, or unlocks it. It is kept with the view: a drawing that is done stays so for whoever
    /// opens it next.
    pub fn toggle_layout_lock(&mut self) {
        let locked = !self.is_layout_locked();
        let view = self.view.clone();
        self.change(if locked { "Lock layout" } else { "Unlock layout" }, |draft, _| {
            put_view(draft, &view);
            draft.edit::<View>(&view, |it| it.locked = locked);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Membership, NewView, Surroundings, TargetOf, Wanted};
    use crate::model::{self, Side};
    use crate::scene::{Pos, Rect};

    const BY: Pos = Pos::new(16.0, 8.0);

    /// A tier with a component in it, and one beside it with a flow between.
    fn small() -> (Editor, Id, Id, Id) {
        let mut editor = Editor::new(Surroundings::fixed());
        let tier = editor.add_boundary("subnet-tier", Rect::new(0.0, 0.0, 320.0, 240.0));
        let db = editor.add_component("sql-database", Pos::new(160.0, 120.0));
        let web = editor.add_component("web-server", Pos::new(600.0, 120.0));
        (editor, tier, db, web)
    }

    fn lock(editor: &mut Editor, id: &Id) {
        editor.select([id.clone()]);
        assert!(editor.run("arrange.lock"));
        assert!(editor.is_locked(id));
    }

    fn rect(editor: &Editor, id: &Id) -> Rect {
        editor.layout().rect(id).unwrap()
    }

    fn said(editor: &Editor) -> &str {
        editor.notice().map_or("", |it| &it.text)
    }

    fn all(ids: &[&Id]) -> BTreeSet<Id> {
        ids.iter().map(|it| (*it).clone()).collect()
    }

    #[test]
    fn what_is_locked_is_neither_moved_resized_nor_deleted_and_is_kept_in_the_file() {
        let (mut editor, _, _, web) = small();
        lock(&mut editor, &web);
        let (before, model) = (rect(&editor, &web), editor.model().clone());
        editor.move_by(&all(&[&web]), BY, &Membership::Keep);
        editor.resize(&web, Rect::new(0.0, 0.0, 400.0, 400.0));
        editor.resize_selection_by(BY);
        editor.delete(&all(&[&web]));
        assert_eq!((rect(&editor, &web), editor.model()), (before, &model));
        assert_eq!(said(&editor), "A lock holds Web server.");
        let text = model::write(&model);
        assert_eq!(text.matches("locked: true").count(), 1, "{text}");
        assert_eq!(model::read(text.as_bytes()).unwrap(), model);
        assert!(Editor::with(model, Surroundings::fixed()).is_locked(&web));
        editor.undo();
        assert!(!editor.is_locked(&web), "a lock is a step like any other");
        editor.redo();
        editor.select([web.clone()]);
        editor.toggle_lock();
        editor.move_by(&all(&[&web]), BY, &Membership::Keep);
        assert_eq!(rect(&editor, &web), before.moved(BY));
        assert!(!model::write(editor.model()).contains("locked"));
    }

    #[test]
    fn of_several_the_others_go() {
        let (mut editor, _, db, web) = small();
        lock(&mut editor, &web);
        let (there, before) = (rect(&editor, &db), rect(&editor, &web));
        editor.move_by(&all(&[&db, &web]), BY, &Membership::Keep);
        assert_eq!((rect(&editor, &db), rect(&editor, &web)), (there.moved(BY), before));
        editor.select([db, web.clone()]);
        editor.cut();
        assert_eq!(editor.model().components().keys().collect::<Vec<_>>(), [&web]);
        assert_eq!(said(&editor), "Delete SQL database. One is locked and stays.");
    }

    #[test]
    fn what_is_in_a_locked_boundary_moves_and_a_boundary_stays_with_what_is_locked_in_it() {
        let (mut editor, tier, db, _) = small();
        lock(&mut editor, &tier);
        let (outer, inner) = (rect(&editor, &tier), rect(&editor, &db));
        editor.move_by(&all(&[&db]), BY, &Membership::Keep);
        assert_eq!(rect(&editor, &db), inner.moved(BY));
        editor.move_by(&all(&[&tier]), BY, &Membership::Keep);
        editor.dissolve(&all(&[&tier]));
        assert_eq!(rect(&editor, &tier), outer);
        editor.unlock_all();
        assert!(editor.locked().is_empty());
        lock(&mut editor, &db);
        editor.move_by(&all(&[&tier]), BY, &Membership::Keep);
        assert_eq!(said(&editor), "A lock holds SQL database, and so Subnet tier.");
        editor.delete(&all(&[&tier]));
        assert_eq!(rect(&editor, &tier), outer);
    }

    #[test]
    fn to_what_is_locked_the_others_are_aligned() {
        let (mut editor, _, db, web) = small();
        editor.move_by(&all(&[&web]), Pos::new(3.0, 5.0), &Membership::Keep);
        lock(&mut editor, &web);
        let before = rect(&editor, &web);
        editor.select([db.clone(), web.clone()]);
        editor.run("arrange.align-top");
        assert_eq!((rect(&editor, &web), rect(&editor, &db).min.y), (before, before.min.y));
        lock(&mut editor, &db);
        editor.select([db, web]);
        assert!(!editor.can_align());
    }

    #[test]
    fn select_all_passes_by_what_is_locked_and_takes_what_is_in_it() {
        let (mut editor, tier, db, web) = small();
        lock(&mut editor, &tier);
        editor.clear_selection();
        editor.select_all();
        assert_eq!(*editor.selection(), all(&[&db, &web]));
    }

    #[test]
    fn a_flow_is_locked_without_corners_of_its_own() {
        let (mut editor, _, db, web) = small();
        let flow = editor.connect(&web, &db).unwrap();
        let before = editor.model().clone();
        let line = editor.layout().flows[&flow].points.to_vec();
        lock(&mut editor, &flow);
        assert_eq!(editor.layout().flows[&flow].points.to_vec(), line);
        editor.bend(&flow, &[Pos::new(300.0, 400.0)], 1);
        editor.reattach(&flow, true, &web);
        editor.delete(&all(&[&flow]));
        assert!(editor.model().flow(&flow).is_some_and(|it| it.to == db) && !editor.is_bent(&flow));
        editor.select([flow]);
        editor.toggle_lock();
        assert_eq!(*editor.model(), before);
    }

    #[test]
    fn a_gate_keeps_its_lock_and_commands_keep_to_it() {
        let (mut editor, tier, db, web) = small();
        let fw = editor.add_component("firewall", Pos::new(600.0, 400.0));
        let place = |editor: &Editor| editor.model().place(editor.view(), &fw).unwrap().clone();
        editor.set_gate(&fw, Some(&tier));
        editor.slide_gate(&fw, Side::Left, 0.5);
        lock(&mut editor, &fw);
        // A form goes past a lock, and leaves it.
        editor.set_gate(&fw, None);
        assert!(place(&editor).locked && place(&editor).side.is_none());
        editor.take_target(Wanted::Gated, &TargetOf::Element(tier.clone()));
        assert_eq!((said(&editor), place(&editor).side), ("A lock holds Firewall.", None));
        editor.set_gate(&fw, Some(&tier));
        assert!(place(&editor).locked && place(&editor).side.is_some());
        assert!(editor.run("arrange.take-off-gate") && place(&editor).side.is_some());
        // Nor is anything put into a flow that is locked.
        let flow = editor.connect(&web, &db).unwrap();
        assert!(editor.has_target(Wanted::Inserted));
        lock(&mut editor, &flow);
        assert!(!editor.has_target(Wanted::Inserted));
    }

    #[test]
    fn what_is_locked_is_not_taken_off_the_view() {
        let (mut editor, tier, db, _) = small();
        editor.add_view(NewView::Copy);
        lock(&mut editor, &db);
        for id in [&db, &tier] {
            editor.select([id.clone()]);
            editor.take_off_view();
            assert!(
                editor.layout().rect(&db).is_some() && said(&editor).starts_with("A lock holds SQL database")
            );
        }
    }

    #[test]
    fn a_copy_is_not_locked() {
        let (mut editor, _, _, web) = small();
        lock(&mut editor, &web);
        editor.duplicate();
        let copy = editor.selected_one().cloned().unwrap();
        assert!(copy != web && !editor.is_locked(&copy));
    }

    #[test]
    fn a_locked_layout_holds_all_places_and_nothing_else() {
        let (mut editor, _, db, web) = small();
        assert!(editor.run("view.lock-layout"));
        let before = rect(&editor, &web);
        editor.move_by(&all(&[&web]), BY, &Membership::Keep);
        editor.resize(&web, Rect::new(0.0, 0.0, 400.0, 400.0));
        assert_eq!((rect(&editor, &web), said(&editor)), (before, "The layout is locked."));
        editor.select([db.clone(), web.clone()]);
        assert!(!editor.can_align());
        assert!(editor.connect(&web, &db).is_some(), "it can be drawn on");
        editor.delete(&all(&[&db]));
        assert!(editor.model().component(&db).is_none());
        let opened = Editor::with(
            model::read(model::write(editor.model()).as_bytes()).unwrap(),
            Surroundings::fixed(),
        );
        assert!(opened.is_layout_locked(), "it is kept with the view");
        editor.toggle_layout_lock();
        editor.move_by(&all(&[&web]), BY, &Membership::Keep);
        assert_eq!(rect(&editor, &web), before.moved(BY));
    }

    #[test]
    fn a_menu_says_whether_it_locks_or_unlocks() {
        let (mut editor, tier, ..) = small();
        let label = |editor: &Editor| crate::editor::command("arrange.lock").unwrap().label_now(editor);
        editor.select([tier]);
        assert_eq!(label(&editor), "Lock");
        editor.toggle_lock();
        assert_eq!(label(&editor), "Unlock");
        editor.clear_selection();
        assert_eq!(label(&editor), "Lock or unlock");
    }
}
