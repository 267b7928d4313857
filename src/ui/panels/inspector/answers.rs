//! An answer: unknown, yes or no side by side; not applicable, and a note, in a menu.

use egui::Ui;

use crate::model::{Answer, Truth};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{
    NAMES, TextField, field_beside, icon_button_in_row, menu, menu_item, segmented_answer, segmented_for,
    segmented_width, wrapped,
};

/// The three that stand side by side.
const SIDE_BY_SIDE: [Truth; 3] = [Truth::Unknown, Truth::Yes, Truth::No];

/// An answer as a form asks for it.
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    /// The question in full, and why it is asked.
    pub(super) help: &'a str,
    /// What follows where nothing is said: `PostgreSQL does this by itself`.
    pub(super) implied: Option<String>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(name: &'a str, help: &'a str) -> Self {
        Self { name, help, implied: None }
    }

    /// What `by` says where nobody has.
    pub(super) fn implied(self, by: &str, truth: Truth) -> Self {
        let implied = match truth {
            Truth::Unknown => None,
            Truth::Yes => Some(format!("{by} does this by itself.")),
            Truth::No => Some(format!("{by} does not.")),
            Truth::NotApplicable => Some(format!("This does not apply to {by}.")),
        };
        Self { implied, ..self }
    }
}

/// Shows an answer and alters it; `None` where several elements differ. True if it was altered.
pub(super) fn answer(ui: &mut Ui, asked: &Asked<'_>, now: Option<&Answer>) -> Option<Answer> {
    ui.push_id(asked.name, |ui| {
        let buttons =
            segmented_width(&SIDE_BY_SIDE.map(Truth::label)) + size::SPACE_4 + size::CONTROL_HEIGHT_IN_ROW;
        let names = NAMES.min(ui.available_width() - buttons);
        let note_id = ui.make_persistent_id("note");
        let mut new = None;
        let (name, ()) = field_beside(ui, asked.name, names, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = size::SPACE_4;
                new = buttons_ui(ui, asked.name, now);
                // It stands at the end, however wide the answer is.
                ui.add_space((ui.available_width() - size::CONTROL_HEIGHT_IN_ROW).max(0.0));
                let more = more_ui(ui, asked.name, now);
                if more == Some(More::Note) {
                    ui.data_mut(|it| it.insert_temp(note_id, true));
                }
                if let Some(More::Is(answer)) = more {
                    new = Some(answer);
                }
            });
            if let Some(implied) = asked.implied.as_ref().filter(|_| now.is_some_and(Answer::is_unknown)) {
                wrapped(ui, implied, Face::Sans, size::TYPE_11, Ink::Muted);
            }
        });
        if !asked.help.is_empty() {
            name.on_hover_text(asked.help);
        }
        let is_noting = ui.data(|it| it.get_temp(note_id)).unwrap_or(false);
        if let Some(now) = now.filter(|it| is_noting || !it.note.is_empty()) {
            let label = format!("{}: note", asked.name);
            if let Some(note) =
                TextField::new(&label, &now.note).hint("A note: who says so, since when").show(ui)
            {
                ui.data_mut(|it| it.remove::<bool>(note_id));
                new = Some(Answer { note, ..now.clone() });
            }
        }
        new
    })
    .inner
}

/// Unknown, yes and no; or that it does not apply, which a press takes back.
fn buttons_ui(ui: &mut Ui, name: &str, now: Option<&Answer>) -> Option<Answer> {
    let keep = |is: Truth| Answer { is, later: false, ..now.cloned().unwrap_or_default() };
    if now.is_some_and(|it| it.is == Truth::NotApplicable) {
        let pressed = segmented_for(ui, name, &[Truth::NotApplicable.label()], Some(0));
        return pressed.map(|_| keep(Truth::Unknown));
    }
    let labels = SIDE_BY_SIDE.map(Truth::label);
    let selected = now.and_then(|it| SIDE_BY_SIDE.iter().position(|truth| *truth == it.is));
    let pressed = segmented_answer(ui, name, &labels, selected).and_then(|it| SIDE_BY_SIDE.get(it))?;
    (selected.is_none() || now.is_some_and(|it| it.is != *pressed)).then(|| keep(*pressed))
}

/// What the menu behind an answer was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum More {
    Is(Answer),
    Note,
}

fn more_ui(ui: &mut Ui, name: &str, now: Option<&Answer>) -> Option<More> {
    let button = icon_button_in_row(ui, "ellipsis", &format!("{name}: more answers"));
    let answered = menu(&button, |ui| {
        let mut more = None;
        for truth in Truth::ALL {
            let is_now = now.is_some_and(|it| it.is == truth);
            if menu_item(ui, None, truth.label(), "", is_now).clicked() && !is_now {
                more = Some(More::Is(Answer { is: truth, ..now.cloned().unwrap_or_default() }));
            }
        }
        if now.is_some_and(|it| it.note.is_empty()) {
            ui.separator();
            if menu_item(ui, Some(("pencil", Ink::Muted)), "Add a note", "", false).clicked() {
                more = Some(More::Note);
            }
        }
        more
    });
    answered.flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_implied_is_said_in_words() {
        let implied = |truth| Asked::new("Encrypted", "").implied("HTTP", truth).implied;
        assert_eq!(implied(Truth::Yes).unwrap(), "HTTP does this by itself.");
        assert_eq!(implied(Truth::No).unwrap(), "HTTP does not.");
        assert_eq!(implied(Truth::Unknown), None);
    }
}
