//! History: what was done, so that it can be undone and redone.

use super::{Edit, Model};

/// One step of history: an edit that really happened, and what it is called in a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub edit: Edit,
}

/// The steps behind and ahead.
///
/// Limitations: it keeps the last [`History::LIMIT`] steps; it knows nothing of selection or camera.
#[derive(Debug, Clone, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
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
                self.done.remove(0);
            }
            self.done.push(Step { label: label.into(), edit: happened.clone() });
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

    pub fn next_undo(&self) -> Option<&str> {
        self.done.last().map(|it| it.label.as_str())
    }

    pub fn next_redo(&self) -> Option<&str> {
        self.undone.last().map(|it| it.label.as_str())
    }

    fn step(from: &mut Vec<Step>, to: &mut Vec<Step>, model: &mut Model) -> Option<Step> {
        while let Some(Step { label, edit }) = from.pop() {
            let happened = model.revert(&edit);
            if !happened.is_empty() {
                to.push(Step { label: label.clone(), edit: happened.clone() });
                return Some(Step { label, edit: happened });
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
