//! The inspector: everything of what is selected, to be read and to be set. Each field that is left is one step.

mod answers;
mod asset;
mod boundary;
mod brief;
mod component;
mod controls;
mod document;
mod filter;
mod flow;
mod form;
mod head;
mod holdings;
mod inferred;
mod issues;
mod listeners;
mod origins;
mod several;

use std::collections::BTreeSet;

use egui::{ScrollArea, Ui};

use crate::editor::Editor;
use crate::model::{Id, Problem};
use crate::tokens::size;

/// The panel of the inspector.
#[derive(Debug, Default)]
pub struct Inspector {
    /// What was shown at the last frame.
    shown: BTreeSet<Id>,
    /// The problems of the file, and of which revision.
    problems: (Option<u64>, Vec<Problem>),
}

impl Inspector {
    /// Fills its panel.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        editor.shown.hovered = None;
        let subject = self.subject(ui, editor);
        ui.push_id(&subject, |ui| {
            ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add_space(size::SPACE_12);
                self.subject_ui(ui, editor, &subject);
                ui.add_space(size::SPACE_24);
            });
        });
    }

    /// What to show. While something is typed of what was selected before, that stays for a frame: its field is left,
    /// and says what was typed.
    fn subject(&mut self, ui: &Ui, editor: &Editor) -> BTreeSet<Id> {
        let selected = editor.selection();
        if *selected == self.shown {
            return selected.clone();
        }
        let before = std::mem::replace(&mut self.shown, selected.clone());
        let is_there = before.iter().all(|it| editor.model().has(it));
        let focused = ui.memory(|it| it.focused()).filter(|_| ui.ctx().text_edit_focused());
        let Some(focused) = focused.filter(|_| is_there) else { return selected.clone() };
        ui.memory_mut(|it| it.surrender_focus(focused));
        ui.request_repaint();
        before
    }

    fn subject_ui(&mut self, ui: &mut Ui, editor: &mut Editor, subject: &BTreeSet<Id>) {
        let mut ids = subject.iter();
        match (ids.next().cloned(), ids.next()) {
            (None, _) => document::ui(ui, editor, self.problems(editor)),
            (Some(id), None) if editor.model().component(&id).is_some() => component::ui(ui, editor, &id),
            (Some(id), None) if editor.model().boundary(&id).is_some() => boundary::ui(ui, editor, &id),
            (Some(id), None) if editor.model().flow(&id).is_some() => flow::ui(ui, editor, &id),
            (Some(id), None) => asset::ui(ui, editor, &id),
            (Some(_), Some(_)) => several::ui(ui, editor, subject),
        }
    }

    fn problems(&mut self, editor: &Editor) -> &[Problem] {
        let revision = Some(editor.document.revision);
        if self.problems.0 != revision {
            self.problems = (revision, editor.model().problems());
        }
        &self.problems.1
    }
}
