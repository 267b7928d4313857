//! History: what was done, so that it can be undone and redone.

use serde::{Deserialize, Serialize};

use super::{Edit, Model};

/// How a step came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    Done,
    Undone,
    Redone,
}

/// One step of history: an edit that really happened, and what it is called in a menu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    pub label: String,
    pub edit: Edit,
    /// The state of the model that it leads to when it is done.
    state: u64,
}

/// The steps behind and ahead.
///
/// Limitations: it keeps the last [`History::LIMIT`] steps; it knows nothing of selection or camera.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// The state before the oldest step that is kept, and the newest that there was.
    oldest: u64,
    newest: u64,
}

impl History {
    /// How many steps are kept.
    pub const LIMIT: usize = 1000;

    /// Applies an edit and keeps what really happened; returns it. An edit without effect leaves no step.
    pub fn apply(&mut self, model: &mut Model, label: impl Into<String>, edit: &Edit) -> Edit {
        let happened = model.apply(edit);
        if !happened.is_empty() {
            self.undone.clear();
            if self.done.len() >= Self::LIMIT {
                self.oldest = self.done.remove(0).state;
            }
            self.newest += 1;
            self.done.push(Step { label: label.into(), edit: happened.clone(), state: self.newest });
        }
        happened
    }

    /// Takes back the last step that still has an effect; returns what happened and what it is called.
    pub fn undo(&mut self, model: &mut Model) -> Option<Step> {
        Self::step(&mut self.done, &mut self.undone, model)
    }

    /// Does again what was taken back last.
    pub fn redo(&mut self, model: &mut Model) -> Option<Step> {
        Self::step(&mut self.undone, &mut self.done, model)
    }

    /// Does again what a journal says that happened; returns what happens.
    ///
    /// What was taken back is taken back where it is the last step here too. It may be none of these: a journal begins
    /// with a document that was saved, and undo leads behind that. Then it is a step like any other.
    pub fn replay(&mut self, model: &mut Model, turn: Turn, label: &str, edit: &Edit) -> Edit {
        let is_taken_back = |it: Option<&Step>| it.is_some_and(|it| it.edit.inverted() == *edit);
        let step = match turn {
            Turn::Undone if is_taken_back(self.done.last()) => self.undo(model),
            Turn::Redone if is_taken_back(self.undone.last()) => self.redo(model),
            _ => return self.apply(model, label, edit),
        };
        step.map(|it| it.edit).unwrap_or_default()
    }

    /// The number of the state that the model is in: after undo and redo the same as before, if the model is.
    pub fn state(&self) -> u64 {
        self.done.last().map_or(self.oldest, |it| it.state)
    }

    /// The step that the next undo takes back, or that the next redo does again.
    pub fn next(&self, turn: Turn) -> Option<&Step> {
        if turn == Turn::Redone { self.undone.last() } else { self.done.last() }
    }

    /// The number of the state that the next undo or redo leads to, if there is one.
    pub fn leads_to(&self, turn: Turn) -> Option<u64> {
        if turn == Turn::Redone {
            return self.undone.last().map(|it| it.state);
        }
        let [.., before, _] = self.done.as_slice() else { return self.done.last().map(|_| self.oldest) };
        Some(before.state)
    }

    /// Takes note of an undo or a redo in which somebody puts back the model itself, where that is known; `happened` is
    /// what it comes to. Returns the step as it was.
    pub fn turn(&mut self, turn: Turn, happened: Edit) -> Option<Step> {
        let (from, to) = match turn {
            Turn::Redone => (&mut self.undone, &mut self.done),
            _ => (&mut self.done, &mut self.undone),
        };
        let step = from.pop()?;
        to.push(Step { edit: happened, ..step.clone() });
        Some(step)
    }

    pub fn next_undo(&self) -> Option<&str> {
        self.done.last().map(|it| it.label.as_str())
    }

    pub fn next_redo(&self) -> Option<&str> {
        self.undone.last().map(|it| it.label.as_str())
    }

    fn step(from: &mut Vec<Step>, to: &mut Vec<Step>, model: &mut Model) -> Option<Step> {
        while let Some(Step { label, edit, state }) = from.pop() {
            let happened = model.revert(&edit);
            if !happened.is_empty() {
                let step = Step { label, edit: happened, state };
                to.push(step.clone());
                return Some(step);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Component, Draft, Id};

    #[test]
    fn a_state_is_known_again_by_undo_and_redo() {
        let (mut model, mut history) = (Model::new(), History::default());
        let add = |history: &mut History, model: &mut Model, name: &str| {
            let mut draft = Draft::of(model);
            draft.put(Id::slug(name), Component::default());
            let edit = draft.finish();
            history.apply(model, "Add", &edit);
            history.state()
        };
        let empty = history.state();
        let one = add(&mut history, &mut model, "a");
        let two = add(&mut history, &mut model, "b");
        assert!(empty != one && one != two);
        history.undo(&mut model);
        assert_eq!(history.state(), one);
        history.redo(&mut model);
        assert_eq!(history.state(), two);
        // Another way from there leads to another state, though it is as many steps.
        history.undo(&mut model);
        assert!(![empty, one, two].contains(&add(&mut history, &mut model, "c")));
        history.undo(&mut model);
        history.undo(&mut model);
        assert_eq!(history.state(), empty);
        // Where steps fall off the far end, the way back ends in another state.
        for n in 0..=History::LIMIT {
            add(&mut history, &mut model, &format!("d{n}"));
        }
        while history.undo(&mut model).is_some() {}
        assert_eq!(model.components().len(), 1);
        assert_ne!(history.state(), empty);
    }

    #[test]
    fn what_is_replayed_can_be_undone_as_far_as_it_reaches() {
        let (mut model, mut history) = (Model::new(), History::default());
        let mut base = None;
        let mut journal = Vec::new();
        for name in ["a", "b", "c"] {
            let mut draft = Draft::of(&model);
            draft.put(Id::slug(name), Component::default());
            let edit = draft.finish();
            let happened = history.apply(&mut model, name, &edit);
            // The journal begins after the first step.
            match base {
                None => base = Some(model.clone()),
                Some(_) => journal.push((Turn::Done, name.to_owned(), happened)),
            }
        }
        // Behind its beginning, and half the way back.
        for _ in 0..3 {
            let step = history.undo(&mut model).unwrap();
            journal.push((Turn::Undone, step.label, step.edit));
        }
        for _ in 0..2 {
            let step = history.redo(&mut model).unwrap();
            journal.push((Turn::Redone, step.label, step.edit));
        }
        let (mut again, mut replayed) = (base.unwrap(), History::default());
        for (turn, label, edit) in &journal {
            assert_eq!(replayed.replay(&mut again, *turn, label, edit), *edit);
        }
        assert_eq!(again, model);
        replayed.undo(&mut again);
        assert_eq!(again.components().len(), 1);
    }

    #[test]
    fn undo_and_redo_walk_the_steps() {
        let (mut model, mut history) = (Model::new(), History::default());
        for name in ["a", "b", "c"] {
            let mut draft = Draft::of(&model);
            draft.put(Id::slug(name), Component::default());
            let edit = draft.finish();
            history.apply(&mut model, format!("Add {name}"), &edit);
        }
        let full = model.clone();
        assert_eq!(history.next_undo(), Some("Add c"));
        while history.undo(&mut model).is_some() {}
        assert_eq!(model, Model::new());
        while history.redo(&mut model).is_some() {}
        assert_eq!(model, full);
        history.undo(&mut model);
        history.apply(&mut model, "nothing", &Edit::default());
        assert_eq!(history.next_redo(), Some("Add c"), "an edit without effect takes nothing away");
    }
}
