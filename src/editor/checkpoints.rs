//! Checkpoints: whole states of the document that a large step led away from. Undo and redo put them back, where to
//! make them again from the step would keep the frame.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use super::edits::is_drawing;
use super::effects::Unneeded;
use super::{Editor, Effect};
use crate::model::{Edit, Id, Model, Nesting, PutOff, Step, Turn};
use crate::scene::Layout;

/// A step is large if it changes so many records, or such a part of all, if that is more: a checkpoint is a copy of all
/// that is drawn, which a smaller step would take longer for than its undo is worth.
const LARGE: usize = 512;
const PART: usize = 32;
/// So many records are kept in all, but the last two states whatever they hold: to go to and fro between.
const MOST_RECORDS: usize = 100_000;
const LEAST: usize = 2;

/// A state of the document, and what follows from it but the findings.
#[derive(Debug, Clone)]
pub struct Checkpoint {
    /// Its number in history, and that of the state that it was left for. A step leads from one to the other.
    state: u64,
    left_for: u64,
    /// What happens on the way back to it.
    step: Edit,
    model: Arc<Model>,
    nesting: Nesting,
    layout: Layout,
    selection: BTreeSet<Id>,
    locked: BTreeSet<Id>,
    collapsed: BTreeSet<Id>,
    put_off: PutOff,
}

/// The oldest first.
#[derive(Debug, Default)]
pub(super) struct Checkpoints(VecDeque<Checkpoint>);

impl Checkpoints {
    /// The way from one state to another, if it ends at one that was left on this view.
    fn take(&mut self, from: u64, to: u64, view: &Id) -> Option<Checkpoint> {
        let is_sought = |it: &Checkpoint| (it.left_for, it.state) == (from, to) && it.layout.view() == view;
        let at = self.0.iter().position(is_sought)?;
        self.0.remove(at)
    }

    /// Takes out what is too much.
    fn shrink(&mut self) -> Vec<Checkpoint> {
        let mut records: usize = self.0.iter().map(|it| records(&it.model)).sum();
        let mut gone = Vec::new();
        while self.0.len() > LEAST && records > MOST_RECORDS {
            let Some(oldest) = self.0.pop_front() else { break };
            records -= self::records(&oldest.model);
            gone.push(oldest);
        }
        gone
    }

    fn clear(&mut self) -> Vec<Checkpoint> {
        std::mem::take(&mut self.0).into()
    }
}

fn records(model: &Model) -> usize {
    model.components().len() + model.boundaries().len() + model.flows().len() + model.places().len()
}

impl Editor {
    /// The state that an edit is about to lead away from, if that edit is a large one.
    pub(super) fn checkpoint(&self, edit: &Edit) -> Option<Checkpoint> {
        let is_large = edit.changes().len() >= LARGE.max(records(&self.model) / PART);
        is_large.then(|| Checkpoint {
            state: self.history.state(),
            left_for: self.history.state(),
            step: Edit::default(),
            model: Arc::clone(&self.model),
            nesting: self.nesting.clone(),
            layout: self.layout.clone(),
            selection: self.selection.clone(),
            locked: self.locked.clone(),
            collapsed: self.collapsed.clone(),
            put_off: self.put_off.clone(),
        })
    }

    /// Keeps a state that an edit has led away from.
    pub(super) fn keep_checkpoint(&mut self, left: Checkpoint, happened: &Edit) {
        if !happened.is_empty() {
            let left_for = self.history.state();
            self.push_checkpoint(Checkpoint { left_for, step: happened.inverted(), ..left });
        }
    }

    fn push_checkpoint(&mut self, it: Checkpoint) {
        self.checkpoints.0.push_back(it);
        let gone = self.checkpoints.shrink();
        self.let_go_beside(gone);
    }

    /// Nothing leads back to any of them: another document is open.
    pub(super) fn drop_checkpoints(&mut self) {
        let gone = self.checkpoints.clear();
        self.let_go_beside(gone);
    }

    fn let_go_beside(&mut self, gone: Vec<Checkpoint>) {
        for it in gone {
            self.ask(Effect::Discard(Unneeded::Checkpoint(Box::new(it))));
        }
    }

    /// Puts back the state that an undo or redo leads to, if it was kept; what is left for it is kept in its place.
    pub(super) fn return_to_checkpoint(&mut self, turn: Turn) -> bool {
        let here = self.history.state();
        let known = self.history.leads_to(turn).and_then(|it| self.checkpoints.take(here, it, &self.view));
        let Some(mut other) = known else { return false };
        let Some(Step { label, edit, .. }) = self.history.turn(turn, other.step.clone()) else {
            return false;
        };
        let happened = std::mem::replace(&mut other.step, edit);
        (other.state, other.left_for) = (here, other.state);
        std::mem::swap(&mut self.model, &mut other.model);
        std::mem::swap(&mut self.nesting, &mut other.nesting);
        std::mem::swap(&mut self.layout, &mut other.layout);
        std::mem::swap(&mut self.selection, &mut other.selection);
        std::mem::swap(&mut self.locked, &mut other.locked);
        std::mem::swap(&mut self.collapsed, &mut other.collapsed);
        std::mem::swap(&mut self.put_off, &mut other.put_off);
        self.push_checkpoint(other);
        self.keep_step(turn, label.clone(), &happened);
        self.document.state = self.history.state();
        self.note_change();
        // Whatever it was about.
        self.judgements += 1;
        self.settlings += 1;
        if let Some(search) = &mut self.search {
            search.note(&happened);
        }
        if is_drawing(&happened) {
            self.derivation.keep(&self.model);
        } else {
            let asked = self.derivation.renew(&self.model, self.surroundings.now_ms);
            self.ask_for_results(asked);
        }
        self.tell_step(turn, &label, &happened);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::keeping::tests::Journals;
    use crate::editor::{Membership, NewView, Surroundings};
    use crate::model::{Component, Draft, Flow, Place};
    use crate::scene::Pos;

    fn crowd(rows: u16) -> Editor {
        let mut editor = Editor::new(Surroundings::fixed());
        let view = editor.view().clone();
        editor.change("Make a crowd", |draft, _| {
            let id = |n: u16| Id::slug(&format!("web-{n}"));
            for n in 0..rows * 20 {
                draft.put(id(n), Component::default());
                let (x, y) = (f32::from(n % 20) * 240.0, f32::from(n / 20) * 160.0);
                draft.put((view.clone(), id(n)), Place { x: x.into(), y: y.into(), ..Place::default() });
                if n > 0 {
                    let flow = Flow { from: id(n - 1), to: id(n), ..Flow::default() };
                    draft.put(Id::slug(&format!("flow-{n}")), flow);
                }
            }
        });
        editor
    }

    /// All that is seen of a document, as made from its model alone.
    fn is_sound(editor: &mut Editor) {
        while !editor.settle() {}
        let model = editor.model();
        assert_eq!(*editor.nesting(), Nesting::of(model));
        let fresh = Layout::of(model, editor.view(), editor.nesting());
        assert_eq!((&editor.layout().cards, &editor.layout().flows), (&fresh.cards, &fresh.flows));
        assert!(editor.selection().iter().all(|it| model.has(it)));
        let report = crate::rules::run(&crate::analysis::Facts::of(Arc::new(model.clone())));
        assert_eq!(*editor.report(), report);
    }

    #[test]
    fn what_is_deleted_at_once_is_back_as_it_was_and_gone_again() {
        let mut editor = crowd(14);
        let (full, state) = (editor.model().clone(), editor.document.state);
        let all: BTreeSet<Id> = editor.layout().cards.keys().cloned().collect();
        let mut journals = Journals::default();
        editor.select(all.clone());
        editor.run("edit.delete");
        assert!(editor.model().components().is_empty());
        for _ in 0..2 {
            editor.undo();
            assert_eq!((editor.model(), editor.selection(), editor.document.state), (&full, &all, state));
            is_sound(&mut editor);
            journals.keep(&mut editor);
            editor.redo();
            assert!(editor.model().components().is_empty() && editor.selection().is_empty());
            is_sound(&mut editor);
        }
        journals.keep(&mut editor);
        assert_eq!(journals.read().model, *editor.model(), "a crash loses nothing of it");
    }

    #[test]
    fn small_steps_between_large_ones_are_taken_back_one_by_one() {
        let mut editor = crowd(14);
        let mut states = vec![editor.model().clone()];
        let first = editor.layout().cards.keys().next().cloned().unwrap();
        let steps: [&dyn Fn(&mut Editor); 5] = [
            &|it| it.rename(&first, "First"),
            &|it| {
                it.run("edit.select-all");
                it.run("edit.duplicate");
            },
            &|it| it.move_by(&BTreeSet::from([first.clone()]), Pos::new(-400.0, 0.0), &Membership::Keep),
            &|it| {
                it.run("edit.select-all");
                it.run("edit.delete");
            },
            &|it| _ = it.add_component("user", Pos::ZERO),
        ];
        for step in steps {
            step(&mut editor);
            states.push(editor.model().clone());
        }
        for _ in 0..2 {
            for state in states.iter().rev().skip(1) {
                editor.undo();
                assert!(editor.model() == state);
                is_sound(&mut editor);
            }
            for state in &states[1..] {
                editor.redo();
                assert!(editor.model() == state);
                is_sound(&mut editor);
            }
        }
        // Another way from there: what was done again before is not to be had any more.
        (0..5).for_each(|_| editor.undo());
        editor.rename(&first, "Another");
        editor.redo();
        assert_eq!(editor.model().component(&first).unwrap().name, "Another");
        is_sound(&mut editor);
    }

    #[test]
    fn a_state_that_was_left_on_another_view_is_made_again() {
        let mut editor = crowd(14);
        let main = editor.view().clone();
        editor.add_view(NewView::Empty);
        let other = editor.view().clone();
        editor.show_view(&main);
        let full = editor.model().clone();
        editor.run("edit.select-all");
        editor.run("edit.delete");
        editor.show_view(&other);
        editor.undo();
        assert!(editor.model() == &full);
        editor.show_view(&main);
        is_sound(&mut editor);
    }

    #[test]
    fn a_state_is_come_back_to_by_the_step_that_leads_there() {
        let mut editor = crowd(14);
        let main = editor.view().clone();
        editor.add_view(NewView::Empty);
        let other = editor.view().clone();
        editor.show_view(&main);
        let (full, mut journals) = (editor.model().clone(), Journals::default());
        let all_and = |editor: &mut Editor, id: &str| {
            editor.run("edit.select-all");
            editor.run(id);
        };
        // Left for one state, come back to on another view, and left for another state.
        all_and(&mut editor, "edit.duplicate");
        editor.show_view(&other);
        editor.undo();
        editor.show_view(&main);
        all_and(&mut editor, "edit.delete");
        editor.undo();
        journals.keep(&mut editor);
        assert!(*editor.model() == full && journals.read().model == full);
        editor.show_view(&other);
        editor.redo();
        assert!(editor.model().components().is_empty());
        journals.keep(&mut editor);
        assert!(journals.read().model == *editor.model());
    }

    #[test]
    fn what_only_moves_leaves_findings_as_they_are() {
        let mut editor = crowd(30);
        editor.run("edit.select-all");
        let all = editor.selection().clone();
        editor.move_by(&all, Pos::new(80.0, 0.0), &Membership::Keep);
        editor.take_effects();
        let results = editor.results();
        for turn in [Editor::undo, Editor::redo] {
            turn(&mut editor);
            assert!(!editor.is_behind() && editor.results() == results);
            is_sound(&mut editor);
        }
    }

    #[test]
    fn few_of_them_are_kept() {
        let mut editor = crowd(14);
        let mut draft = Draft::of(editor.model());
        editor.model().flows().keys().for_each(|it| draft.remove::<Flow>(it));
        editor.model().components().keys().for_each(|it| draft.remove::<Component>(it));
        let edit = draft.finish();
        let left = editor.checkpoint(&edit).unwrap();
        for _ in 0..200 {
            editor.keep_checkpoint(left.clone(), &edit);
        }
        let kept = editor.checkpoints.0.len();
        let records: usize = editor.checkpoints.0.iter().map(|it| records(&it.model)).sum();
        assert!(kept >= LEAST && records <= MOST_RECORDS, "{kept}");
        let discarded = editor.take_effects().into_iter().filter(|it| matches!(it, Effect::Discard(_)));
        assert_eq!(discarded.count(), 200 + 1 - kept);
        editor.new_document();
        editor.discard_and_go_on();
        assert!(editor.checkpoints.0.is_empty());
    }
}
