//! The fields of a form. Each shows a value under its name, alters it and says whether it did.

use egui::Ui;

use crate::editor::Editor;
use crate::model::{Figure, Id, Ports, ended};
use crate::tokens::Ink;
use crate::ui::panels::family_ink;
use crate::ui::widgets::{Choice, TextField, field, segmented_for, select};

/// What a field says of elements that differ: typing there overwrites what is not seen.
pub(super) const SEVERAL: &str = "Several";
/// What the field for a pool says while it is empty.
pub(super) const POOL: &str = "A name that stand-ins share";

/// A line of text.
pub(super) fn text(ui: &mut Ui, name: &str, hint: &str, value: &mut String) -> bool {
    field(ui, name, |ui| put(value, TextField::new(name, value).hint(hint).show(ui))).1
}

/// A line of text with what may be meant.
pub(super) fn suggested(ui: &mut Ui, name: &str, hint: &str, value: &mut String, words: &[&str]) -> bool {
    field(ui, name, |ui| put(value, TextField::new(name, value).hint(hint).suggestions(words).show(ui))).1
}

/// Several lines of text, as wide as there is room.
pub(super) fn notes(ui: &mut Ui, hint: &str, value: &mut String) -> bool {
    put(value, TextField::new("Notes", value).hint(hint).rows(3).show(ui))
}

/// Ports under a name.
pub(super) fn ports(ui: &mut Ui, name: &str, hint: &str, value: &mut Ports) -> bool {
    field(ui, name, |ui| ports_alone(ui, name, hint, value)).1
}

/// Ports, their name unseen.
pub(super) fn ports_alone(ui: &mut Ui, name: &str, hint: &str, value: &mut Ports) -> bool {
    let check = |text: &str| text.parse::<Ports>().map(drop).map_err(|it| sentence(&it.to_string()));
    let now = value.to_string();
    let new = TextField::new(name, &now).hint(hint).mono().check(&check).show(ui);
    put(value, new.and_then(|it| it.parse().ok()))
}

/// A whole number of at least 1, or nothing.
pub(super) fn count(ui: &mut Ui, name: &str, hint: &str, value: &mut Option<u32>) -> bool {
    let read = |text: &str| match text.trim() {
        "" => Ok(None),
        text => match text.parse::<u32>() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err("Give a whole number, 1 or more.".to_owned()),
        },
    };
    let now = value.map(|it| it.to_string()).unwrap_or_default();
    number(ui, name, hint, &now, value, &read)
}

/// A number of 0 or more, or nothing.
pub(super) fn figure(ui: &mut Ui, name: &str, hint: &str, value: &mut Option<Figure>) -> bool {
    let read = |text: &str| match text.trim() {
        "" => Ok(None),
        text => match text.parse::<f64>().ok().and_then(Figure::new).filter(|it| it.get() >= 0.0) {
            Some(number) => Ok(Some(number)),
            None => Err("Give a number, 0 or more.".to_owned()),
        },
    };
    let now = value.map(|it| it.get().to_string()).unwrap_or_default();
    number(ui, name, hint, &now, value, &read)
}

/// A share, shown in per cent, or nothing.
pub(super) fn share(ui: &mut Ui, name: &str, hint: &str, value: &mut Option<Figure>) -> bool {
    let now = value.map(|it| format!("{} %", rounded(it.get() * 100.0))).unwrap_or_default();
    number(ui, name, hint, &now, value, &read_share)
}

/// `95 %`, `95%`, `0.95`.
fn read_share(text: &str) -> Result<Option<Figure>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (number, unit) = match text.strip_suffix('%') {
        Some(number) => (number.trim(), 100.0),
        None => (text, 1.0),
    };
    let share = number.parse::<f64>().ok().map(|it| it / unit).filter(|it| (0.0..=1.0).contains(it));
    match share.and_then(Figure::new) {
        Some(share) => Ok(Some(share)),
        None => Err("Give a share from 0 to 100 %, for example 95 %.".to_owned()),
    }
}

/// Without the tail that a division leaves: 99.95, not 99.95000000000001.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

fn number<T: PartialEq>(
    ui: &mut Ui,
    name: &str,
    hint: &str,
    now: &str,
    value: &mut T,
    read: &dyn Fn(&str) -> Result<T, String>,
) -> bool {
    let check = |text: &str| read(text).map(drop);
    let new = field(ui, name, |ui| TextField::new(name, now).hint(hint).mono().check(&check).show(ui)).1;
    put(value, new.and_then(|it| read(&it).ok()))
}

/// One of a few, side by side.
pub(super) fn one_of<T: Copy + PartialEq>(ui: &mut Ui, name: &str, all: &[(T, &str)], value: &mut T) -> bool {
    let labels: Vec<&str> = all.iter().map(|it| it.1).collect();
    let selected = all.iter().position(|it| it.0 == *value);
    let pressed = field(ui, name, |ui| segmented_for(ui, name, &labels, selected)).1;
    put(value, pressed.and_then(|it| all.get(it)).map(|it| it.0))
}

/// One of many, from a list that drops down.
pub(super) fn listed<T: Copy + PartialEq>(ui: &mut Ui, name: &str, all: &[(T, &str)], value: &mut T) -> bool {
    let selected = all.iter().position(|it| it.0 == *value);
    let shown = Choice::new(selected.and_then(|it| all.get(it)).map_or("", |it| it.1));
    let choices = || all.iter().map(|it| Choice::new(it.1)).collect();
    let chosen = field(ui, name, |ui| select(ui, name, &shown, selected, choices)).1;
    put(value, chosen.and_then(|it| all.get(it)).map(|it| it.0))
}

/// Sets a value to a new one, if there is one; true if it is another.
pub(super) fn put<T: PartialEq>(value: &mut T, new: Option<T>) -> bool {
    match new {
        Some(new) if new != *value => {
            *value = new;
            true
        }
        _ => false,
    }
}

/// An error as it stands alone below a field.
fn sentence(error: &str) -> String {
    let mut chars = error.chars();
    let first = chars.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
    ended(&format!("{first}{}", chars.as_str()))
}

/// An element as a line of a list: its icon and its name.
pub(super) fn element(editor: &Editor, id: &Id) -> Choice {
    let model = editor.model();
    let choice = Choice::new(model.title(id));
    if let Some(it) = model.component(id) {
        return choice.icon(it.kind().icon.clone(), family_ink(it.kind().family));
    }
    if let Some(it) = model.boundary(id) {
        return choice.icon(it.kind().icon.clone(), Ink::Muted);
    }
    if model.flow(id).is_some() {
        return choice.icon("spline", Ink::Muted);
    }
    choice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_as_people_write_them() {
        for (text, share) in [("95 %", 0.95), ("95%", 0.95), ("0.95", 0.95), ("100 %", 1.0), ("0", 0.0)] {
            assert_eq!(read_share(text).unwrap().map(Figure::get), Some(share), "{text}");
        }
        assert_eq!(read_share(" "), Ok(None));
        for text in ["95", "101 %", "-1 %", "many", "%"] {
            assert!(read_share(text).is_err(), "{text}");
        }
        assert_eq!(rounded(0.9995 * 100.0).to_string(), "99.95");
    }
}
