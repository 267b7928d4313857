//! History: what was done, so that it can be undone and redone.

use super::{Edit, Model};

/// One step of history: an edit that really happened, and what it is called in a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// The number of the state that the model is in: after undo and redo the same as before, if the model is.
    pub fn state(&self) -> u64 {
        self.done.last().map_or(self.oldest, |it| it.state)
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
