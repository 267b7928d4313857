//! Where something may come from: unknown, anywhere, or named components and boundaries.

use std::cell::OnceCell;

use egui::Ui;

use super::form::element;
use crate::editor::Editor;
use crate::model::{From, Id};
use crate::ui::widgets::{Choice, Picked, picks, segmented_answer};

/// Shows an origin and alters it; true if it did.
pub(super) fn origins(ui: &mut Ui, editor: &Editor, name: &str, value: &mut From) -> bool {
    let selected = match value {
        From::Unknown => 0,
        From::Anywhere => 1,
        From::Of(_) => 2,
    };
    let mut is_new = false;
    let pressed = segmented_answer(ui, name, &["Unknown", "Anywhere", "These"], Some(selected));
    if let Some(pressed) = pressed.filter(|it| *it != selected) {
        *value = match pressed {
            0 => From::Unknown,
            1 => From::Anywhere,
            _ => From::Of(Vec::new()),
        };
        is_new = true;
    }
    if let From::Of(ids) = value {
        is_new |= these(ui, editor, ids);
    }
    is_new
}

fn these(ui: &mut Ui, editor: &Editor, ids: &mut Vec<Id>) -> bool {
    let model = editor.model();
    // Put in order only while the list is open: there may be thousands.
    let others: OnceCell<Vec<&Id>> = OnceCell::new();
    let offered = || {
        let all = [model.by_title(model.boundaries().keys()), model.by_title(model.components().keys())];
        all.into_iter().flatten().filter(|it| !ids.contains(*it)).collect()
    };
    let held: Vec<Choice> = ids.iter().map(|it| element(editor, it)).collect();
    let offers = || others.get_or_init(offered).iter().map(|it| element(editor, it)).collect();
    match picks(ui, &held, ("Add an origin", "Add an origin"), None, offers) {
        Some(Picked::Out(n)) if n < ids.len() => drop(ids.remove(n)),
        Some(Picked::In(n)) => ids.extend(others.get().and_then(|it| it.get(n)).map(|it| (*it).clone())),
        _ => return false,
    }
    true
}
