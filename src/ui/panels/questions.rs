//! The questions: what nobody has said yet and what matters, most at stake first, answered one after another.

use egui::{Id, ScrollArea, Ui};

use super::{looking_ui, question_id, question_ui};
use crate::editor::Editor;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{TallList, inset, label, section, wrapped};

/// A row that was not seen yet.
const ROW_HEIGHT: f32 = 104.0;

/// The panel of the questions.
#[derive(Debug, Default)]
pub struct Questions {
    open: TallList,
    put_off: TallList,
    /// Where one was just answered, and which has the focus since.
    answered: Option<(usize, Id)>,
}

impl Questions {
    /// Fills its panel.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        editor.shown.hovered = None;
        let keys: Vec<String> = editor.questions().map(|it| it.key.clone()).collect();
        let put_off: Vec<String> = {
            let questions = editor.report().questions.iter();
            questions.filter(|it| editor.is_put_off(it)).map(|it| it.key.clone()).collect()
        };
        ui.add_space(size::SPACE_12);
        inset(ui, |ui| head_ui(ui, editor, keys.len()));
        ScrollArea::vertical().id_salt("questions").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if std::mem::take(&mut editor.shown.list_is_called) {
                let ids: Vec<Id> = keys.iter().map(|it| question_id(it)).collect();
                self.open.call(ui, &ids, editor.shown.chosen.as_deref().map(question_id));
            }
            self.go_on(ui, editor, &keys);
            self.answered = list_ui(ui, editor, &mut self.open, &keys).or(self.answered);
            if !put_off.is_empty() {
                ui.add_space(size::SPACE_12);
                if section(ui, "Put off", &put_off.len().to_string(), false) {
                    list_ui(ui, editor, &mut self.put_off, &put_off);
                }
            }
        });
    }

    /// An answer may weigh others anew: once the results are there, what stands in the answered one's place is next,
    /// and not what has sunk from there out of sight.
    fn go_on(&mut self, ui: &Ui, editor: &Editor, keys: &[String]) {
        let Some((n, id)) = self.answered.filter(|_| !editor.is_behind()) else { return };
        self.answered = None;
        let is_elsewhere = ui.memory(|it| it.focused()).is_some_and(|it| it != id);
        if let Some(next) = keys.get(n).or_else(|| keys.last()).filter(|_| !is_elsewhere) {
            let next = question_id(next);
            self.open.call(ui, &[next], None);
        }
    }
}

fn head_ui(ui: &mut Ui, editor: &Editor, count: usize) {
    if editor.is_blank() {
        looking_ui(ui, editor);
        return;
    }
    let behind = match (editor.is_behind(), editor.has_failed()) {
        (false, _) => "",
        (true, false) => " · working…",
        (true, true) => " · out of date",
    };
    let text = match count {
        0 if editor.model().components().is_empty() => "Questions come up as you draw.".to_owned(),
        0 => "No question is open: what matters here was said.".to_owned(),
        1 => format!("1 question{behind}"),
        n => format!("{n} questions, most at stake first{behind}"),
    };
    wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted);
    if count > 0 {
        label(ui, "Answer by click, or by the number keys.", Face::Sans, size::TYPE_11, Ink::Muted);
    }
}

/// A list of questions; when one is answered, the next has the focus. Where that was, and which is next.
fn list_ui(ui: &mut Ui, editor: &mut Editor, list: &mut TallList, keys: &[String]) -> Option<(usize, Id)> {
    let ids: Vec<Id> = keys.iter().map(|it| question_id(it)).collect();
    let mut done = None;
    list.show(
        ui,
        &ids,
        |_| ROW_HEIGHT,
        |ui, n| {
            if keys.get(n).is_some_and(|key| question_ui(ui, editor, key)) {
                done = Some(n);
            }
        },
    );
    let done = done?;
    // What was next, if the answer did not settle it too.
    let mut others = keys.iter().skip(done + 1).chain(keys.iter().take(done).rev());
    let id = question_id(others.find(|key| editor.questions().any(|it| it.key == **key))?);
    list.reveal(id);
    ui.memory_mut(|it| it.request_focus(id));
    Some((done, id))
}
