//! A list to choose from, searched by typing: what drops from a choice and from a set of chips.

use egui::{Id, Key, ScrollArea, Ui};

use super::{menu_item, search_field, wrapped};
use crate::tokens::{Face, Ink, size};

/// One line of a list to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub text: String,
    /// Said quietly behind it.
    pub note: String,
    /// The name of an icon, and its colour.
    pub icon: Option<(String, Ink)>,
    /// It is no choice but says why none is shown.
    pub is_quiet: bool,
}

impl Choice {
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), note: String::new(), icon: None, is_quiet: false }
    }

    /// What stands where no choice is shown.
    pub fn quiet(text: impl Into<String>) -> Self {
        Self { is_quiet: true, ..Self::new(text) }
    }

    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    pub fn icon(self, icon: impl Into<String>, ink: Ink) -> Self {
        Self { icon: Some((icon.into(), ink)), ..self }
    }
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chosen {
    /// The one of that number.
    Listed(usize),
    /// A name that the list has not.
    New(String),
}

/// Lists of more than this are searched.
const SEARCHED: usize = 9;
/// The list scrolls from here on.
const HEIGHT: f32 = 300.0;

#[derive(Debug, Clone, Default)]
struct State {
    words: String,
    /// The line that Enter takes: the first that holds the words, or the one that the arrows lead to. Before either there
    /// is none, as Enter would take what nobody meant.
    at: Option<usize>,
}

/// Shows the list in a drop-down, which it closes when something is chosen. With `new`, a name that the list has not
/// may be given; `new` says what it would be: `New data`.
pub(super) fn option_list(
    ui: &mut Ui,
    id: Id,
    choices: &[Choice],
    selected: Option<usize>,
    new: Option<&str>,
) -> Option<Chosen> {
    let is_searched = choices.len() > SEARCHED || new.is_some();
    let mut state: State = ui.data(|it| it.get_temp(id)).unwrap_or_default();
    let mut chosen = None;
    if is_searched {
        chosen = search(ui, &mut state, choices, new);
    }
    let found = found(choices, &state.words);
    let moved = is_searched && ui.input(|it| it.key_pressed(Key::ArrowDown) || it.key_pressed(Key::ArrowUp));
    ScrollArea::vertical().max_height(HEIGHT).show(ui, |ui| {
        for (place, n) in found.iter().enumerate() {
            let Some(choice) = choices.get(*n) else { continue };
            let icon = choice.icon.as_ref().map(|it| (it.0.as_str(), it.1));
            let is_at = is_searched && state.at == Some(place);
            let item = menu_item(ui, icon, &choice.text, &choice.note, is_at || selected == Some(*n));
            if is_at && moved {
                item.scroll_to_me(None);
            }
            if item.clicked() {
                chosen = Some(Chosen::Listed(*n));
            }
        }
        let name = state.words.trim();
        match new {
            Some(what) if !name.is_empty() && !choices.iter().any(|it| it.text == name) => {
                let plus = Some(("plus", Ink::Accent));
                if menu_item(ui, plus, &format!("{what} “{name}”"), "", found.is_empty()).clicked() {
                    chosen = Some(Chosen::New(name.to_owned()));
                }
            }
            _ if found.is_empty() => {
                let text = if choices.is_empty() {
                    "There is nothing to choose from yet."
                } else {
                    "Nothing is called so."
                };
                ui.add_space(size::SPACE_6);
                wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
            }
            _ => {}
        }
    });
    if chosen.is_some() {
        state = State::default();
        ui.close();
    }
    ui.data_mut(|it| it.insert_temp(id, state));
    chosen
}

/// The field above the list. The arrows move along the list, Enter takes what they are at.
fn search(ui: &mut Ui, state: &mut State, choices: &[Choice], new: Option<&str>) -> Option<Chosen> {
    let count = found(choices, &state.words).len();
    let (down, up, enter) = ui.input(|it| {
        (it.key_pressed(Key::ArrowDown), it.key_pressed(Key::ArrowUp), it.key_pressed(Key::Enter))
    });
    if down && count > 0 {
        state.at = Some(state.at.map_or(0, |it| (it + 1).min(count - 1)));
    }
    if up {
        state.at = state.at.map(|it| it.saturating_sub(1));
    }
    let label = if new.is_some() { "Search or name a new one" } else { "Search" };
    let field = search_field(ui, &mut state.words, label, "");
    ui.add_space(size::SPACE_6);
    if field.changed() {
        state.at = (!state.words.trim().is_empty()).then_some(0);
    }
    if !enter {
        // It is where one types as soon as the list is open.
        if !field.has_focus() {
            field.request_focus();
        }
        return None;
    }
    let listed = state.at.and_then(|at| found(choices, &state.words).get(at).copied());
    let name = state.words.trim();
    listed
        .map(Chosen::Listed)
        .or_else(|| new.filter(|_| !name.is_empty()).map(|_| Chosen::New(name.to_owned())))
}

/// The numbers of what holds every word.
fn found(choices: &[Choice], words: &str) -> Vec<usize> {
    let words = words.to_lowercase();
    let holds = |it: &Choice| {
        let text = format!("{} {}", it.text.to_lowercase(), it.note.to_lowercase());
        words.split_whitespace().all(|word| text.contains(word))
    };
    choices.iter().enumerate().filter(|it| holds(it.1)).map(|it| it.0).collect()
}
