//! Texts in which components stand by their ids: whoever shows one puts in how they are called by then, so that after a
//! rename nothing is to be worded anew.

use std::borrow::Cow;
use std::fmt;

use super::{Id, Model};

/// A text of which components may be parts.
///
/// There is no way to its words but through a model. Of a component that is there no more, it says the id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(String);

/// A component within a text: written out, it is the mark of a place, not yet a name.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a>(pub &'a Id);

/// Before an id; of Unicode's noncharacters, of which nobody makes words.
const START: char = '\u{fdd0}';
/// Before an id whose name begins with a capital, however it is written.
const START_CAPITAL: char = '\u{fdd1}';
/// After an id.
const END: char = '\u{fdd2}';

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{START}{}{END}", self.0)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Text {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What it says, with components as the model calls them.
    pub fn read(&self, model: &Model) -> Cow<'_, str> {
        read(&self.0, model)
    }

    /// What it says beside the components in it: its own words, whatever they are called.
    pub fn without_names(&self) -> String {
        let mut words = String::with_capacity(self.0.len());
        let mut is_name = false;
        for letter in self.0.chars() {
            match letter {
                START | START_CAPITAL => is_name = true,
                END => is_name = false,
                _ if !is_name => words.push(letter),
                _ => {}
            }
        }
        words
    }
}

/// The same words with components by their ids: what is kept must not depend on how they are called.
pub fn by_ids(text: String) -> String {
    if text.contains(END) { text.replace([START, START_CAPITAL, END], "") } else { text }
}

fn read<'t>(text: &'t str, model: &Model) -> Cow<'t, str> {
    if !text.contains([START, START_CAPITAL]) {
        return Cow::Borrowed(text);
    }
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once([START, START_CAPITAL]) {
        words.push_str(before);
        let mark = rest.get(before.len()..).and_then(|it| it.chars().next()).unwrap_or(START);
        if let Some((id, after)) =
            from.split_once(END).and_then(|(id, after)| Some((Id::new(id).ok()?, after)))
        {
            let title = model.title(&id);
            words.push_str(&if mark == START_CAPITAL { capital(&title) } else { title });
            rest = after;
        } else {
            words.push(mark);
            rest = from;
        }
    }
    words.push_str(rest);
    Cow::Owned(words)
}

/// A text as a sentence: with a full stop, unless it ends with a sign of its own, as a question does.
pub fn ended(text: &str) -> String {
    let text = text.trim_end();
    let is_ended = text.is_empty() || text.ends_with(['.', '?', '!', '…']);
    if is_ended { text.to_owned() } else { format!("{text}.") }
}

/// `1 boundary`, `2 boundaries`, `3 days`, `0 components`.
pub fn counted(n: usize, word: &str) -> String {
    match word.strip_suffix('y') {
        _ if n == 1 => format!("1 {word}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{n} {stem}ies"),
        _ => format!("{n} {word}s"),
    }
}

/// The same text with a capital at its head.
pub fn capital(text: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(START) => std::iter::once(START_CAPITAL).chain(rest).collect(),
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Component, Draft};

    fn model(name: &str) -> Model {
        let mut model = Model::default();
        let mut draft = Draft::of(&model);
        draft.put(Id::slug("web"), Component { name: name.to_owned(), ..Component::default() });
        let edit = draft.finish();
        model.apply(&edit);
        model
    }

    #[test]
    fn a_component_is_called_as_it_is_called_by_then() {
        let id = Id::slug("web");
        let text = Text::from(format!("{} and {} — {}", Named(&id), Named(&Id::slug("db")), Named(&id)));
        assert_eq!(text.read(&model("Web 1")), "Web 1 and db — Web 1");
        assert_eq!(text.read(&model("\u{fdd0}db\u{fdd2}")), "\u{fdd0}db\u{fdd2} and db — \u{fdd0}db\u{fdd2}");
        assert!(matches!(Text::from("nobody").read(&model("a")), Cow::Borrowed("nobody")));
    }

    #[test]
    fn a_capital_at_the_head_waits_for_the_name() {
        let id = Id::slug("web");
        let text = format!("{} is lost", Named(&id));
        assert_eq!(read(&capital(&text), &model("édge")), "Édge is lost");
        assert_eq!(read(&capital("it"), &model("")), "It");
    }

    #[test]
    fn its_own_words_are_those_beside_names() {
        let text = Text::from(capital(&format!(
            "{} is reached by {}.",
            Named(&Id::slug("a")),
            Named(&Id::slug("b"))
        )));
        assert_eq!(text.without_names(), " is reached by .");
        assert_eq!(Text::from("SSH is exposed").without_names(), "SSH is exposed");
    }

    #[test]
    fn what_is_kept_has_ids() {
        let id = Id::slug("web");
        assert_eq!(by_ids(capital(&format!("{} from {}", Named(&id), Named(&id)))), "web from web");
        assert_eq!(by_ids("22 from anywhere".to_owned()), "22 from anywhere");
    }

    #[test]
    fn what_only_looks_like_a_mark_stands_as_it_is() {
        for odd in ["\u{fdd0}", "a\u{fdd0}b", "\u{fdd2}", "x\u{fdd2}\u{fdd1}y"] {
            assert_eq!(read(odd, &model("Web")), odd);
        }
    }
}
