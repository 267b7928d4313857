//! The kinds of data that an element keeps, handles or carries.

use std::collections::BTreeSet;

use egui::Ui;

use crate::editor::{Editor, Holds};
use crate::model::{Asset, Class, Id};
use crate::tokens::Ink;
use crate::ui::widgets::{Choice, Picked, field, picks};

/// Shows what elements hold; each thing put in or taken out is one step.
pub(super) fn ui(
    ui: &mut Ui,
    editor: &mut Editor,
    name: &str,
    holds: Holds,
    elements: &BTreeSet<Id>,
    held: &[Id],
) {
    let model = editor.model();
    let others = model.by_title(model.assets().keys().filter(|it| !held.contains(it)));
    let others: Vec<Id> = others.into_iter().cloned().collect();
    let shown: Vec<Choice> = held.iter().map(|it| choice(editor, it)).collect();
    let (add, new) = match holds {
        Holds::Stores => ("Add what it keeps", "New data"),
        Holds::Processes => ("Add what it handles", "New data"),
        Holds::Carries => ("Add what it carries", "New data"),
    };
    let picked = ui
        .push_id(name, |ui| {
            let offers = || others.iter().map(|it| choice(editor, it)).collect();
            field(ui, name, |ui| picks(ui, &shown, ("Add", add), Some(new), offers)).1
        })
        .inner;
    match picked {
        Some(Picked::Out(n)) => {
            if let Some(asset) = held.get(n) {
                editor.hold_asset(elements, holds, asset, false);
            }
        }
        Some(Picked::In(n)) => {
            if let Some(asset) = others.get(n) {
                editor.hold_asset(elements, holds, asset, true);
            }
        }
        Some(Picked::New(name)) => drop(editor.add_asset_to(elements, holds, &name)),
        None => {}
    }
}

/// A kind of data as a line of a list, with its class.
pub(super) fn choice(editor: &Editor, id: &Id) -> Choice {
    let choice = Choice::new(editor.model().title(id));
    match editor.model().asset(id) {
        Some(it) => choice.icon(icon(it), Ink::Muted).note(it.class.label().to_lowercase()),
        None => choice,
    }
}

/// The icon of a kind of data, by what it is worth.
pub(super) fn icon(asset: &Asset) -> &'static str {
    if asset.credential.is_yes() {
        return "key-round";
    }
    match asset.class {
        Class::Secret | Class::Confidential => "lock",
        Class::Internal | Class::Unknown => "file-text",
        Class::Public => "globe",
    }
}
