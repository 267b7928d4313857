//! Wording: a title may be one or many (`Gateway`, `Web servers`), so that no text may have it as the subject of a verb
//! that inflects. Finds out from what is said of a model whose titles all stand in brackets.

#![cfg(test)]

use crate::model::{Asset, Boundary, Component, Dataset, Draft, Feature, Id, Model};

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

/// Words after which a title is no subject: what follows it belongs to a word before them.
const BEFORE_NO_SUBJECT: [&str; 34] = [
    "about",
    "against",
    "among",
    "as",
    "at",
    "before",
    "behind",
    "beside",
    "between",
    "by",
    "for",
    "from",
    "in",
    "inside",
    "into",
    "like",
    "losing",
    "of",
    "on",
    "or",
    "over",
    "past",
    "per",
    "restoring",
    "than",
    "through",
    "to",
    "under",
    "until",
    "up",
    "with",
    "within",
    "without",
    "calls",
];

/// Words that end as verbs do and are none.
const NO_VERBS: [&str; 8] = ["as", "its", "plus", "less", "unless", "across", "this", "always"];

/// Words between a subject and its verb.
const BETWEEN: [&str; 6] = ["alone", "also", "both", "now", "only", "still"];

/// The model with all titles in brackets but those of APIs, which are named as code is; those of components only if
/// asked for, since a rule may see in them which are a pool.
pub(crate) fn bracketed(model: &Model, with_components: bool) -> Model {
    let bracket = |title: &str| format!("{OPEN}{title}{CLOSE}");
    let mut draft = Draft::of(model);
    if with_components {
        for id in model.components().keys() {
            draft.edit::<Component>(id, |it| it.name = bracket(it.title()));
        }
    }
    for id in model.boundaries().keys() {
        draft.edit::<Boundary>(id, |it| it.name = bracket(it.title()));
    }
    let title = |name: &str, id: &Id| bracket(if name.is_empty() { id.as_str() } else { name });
    for id in model.assets().keys() {
        draft.edit::<Asset>(id, |it| it.name = title(&it.name, id));
    }
    for id in model.datasets().keys() {
        draft.edit::<Dataset>(id, |it| it.name = title(&it.name, id));
    }
    for id in model.features().keys() {
        draft.edit::<Feature>(id, |it| it.name = title(&it.name, id));
    }
    let edit = draft.finish();
    let mut bracketed = model.clone();
    bracketed.apply(&edit);
    bracketed
}

/// What of a text reads wrong where its titles are many, or where they are one; none if all reads right.
pub(crate) fn complaint(text: &str) -> Option<String> {
    let words = words(text);
    for (n, word) in words.iter().enumerate().filter(|it| it.1.is_title()) {
        let before = n.checked_sub(1).and_then(|it| words.get(it)).filter(|it| !it.ends);
        let before = before.map(|it| it.plain().to_lowercase()).unwrap_or_default();
        let before = before.as_str();
        if ["is", "are", "was", "were", "has", "have", "does", "do"].contains(&before) {
            return Some(format!("{before:?} before {} in {text:?}", word.text));
        }
        // Whatever ends a part of a sentence ends the subject.
        if word.ends || BEFORE_NO_SUBJECT.contains(&before) {
            continue;
        }
        let after = words.iter().skip(n + 1).find(|it| !BETWEEN.contains(&it.plain()));
        let Some(verb) = after.map(|it| it.plain()) else { continue };
        let is_plural = ["are", "were", "have", "do"].contains(&verb);
        let inflects = verb.len() > 1
            && verb.ends_with('s')
            && verb.bytes().all(|it| it.is_ascii_lowercase())
            && !NO_VERBS.contains(&verb);
        if inflects || is_plural && !word.are_many {
            return Some(format!("{verb:?} after {} in {text:?}", word.text));
        }
    }
    let stands_for_one = |it: &&Word| ["its", "itself"].contains(&it.plain());
    let odd = words.iter().find(stands_for_one).filter(|_| words.iter().any(Word::is_title));
    odd.map(|it| format!("{:?} beside a title in {text:?}", it.plain()))
}

/// A word or a title, or titles that are listed together.
struct Word {
    text: String,
    /// A comma, a colon or the like stands behind it.
    ends: bool,
    are_many: bool,
}

impl Word {
    fn is_title(&self) -> bool {
        self.text.starts_with(OPEN)
    }

    fn plain(&self) -> &str {
        self.text.trim_end_matches(['.', ',', ':', ';', '?', ')']).trim_start_matches('(')
    }
}

/// The words of a text; titles in a row are one, and what stands in parentheses behind a title belongs to it.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = match rest.strip_prefix(OPEN).and_then(|it| it.find(CLOSE)) {
            Some(at) => at + OPEN.len_utf8() + CLOSE.len_utf8(),
            None if rest.starts_with('(') && words.last().is_some_and(|it| it.is_title() && !it.ends) => {
                let at = rest.find(')').map_or(rest.len(), |it| it + 1);
                let ends = rest[at..].starts_with([',', ':', ';', '.', '?']);
                if let Some(title) = words.last_mut() {
                    title.ends = ends;
                }
                rest = rest[at..].trim_start_matches([',', ':', ';', '.', '?']).trim_start();
                continue;
            }
            None => rest.find(|it: char| it.is_whitespace() || it == OPEN).unwrap_or(rest.len()).max(1),
        };
        let (word, after) = rest.split_at(end.min(rest.len()));
        let is_title = word.starts_with(OPEN);
        let marks = if is_title {
            after.len() - after.trim_start_matches([',', ':', ';', '.', '?', ')', '"']).len()
        } else {
            0
        };
        let ends = marks > 0 || word.ends_with([',', ':', ';', '.', '?']);
        words.push(Word { text: word.to_owned(), ends, are_many: false });
        rest = after[marks..].trim_start();
    }
    joined(words)
}

/// `A and B`, `A, B and C`, `A, B and 3 more`, `A → B`: one word each.
fn joined(words: Vec<Word>) -> Vec<Word> {
    let mut joined: Vec<Word> = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let link = joined.len().checked_sub(2).filter(|_| word.is_title());
        match link.and_then(|it| joined.get(it).zip(joined.get(it + 1))) {
            Some((title, link))
                if title.is_title() && ["and", "→"].contains(&link.text.as_str()) && !title.ends =>
            {
                let are_many = link.text == "and";
                joined.pop();
                if let Some(title) = joined.last_mut() {
                    (title.ends, title.are_many) = (word.ends, are_many);
                }
                continue;
            }
            _ => {}
        }
        let is_in_a_row = word.is_title() && joined.last().is_some_and(|it| it.is_title() && it.ends);
        if is_in_a_row {
            if let Some(title) = joined.last_mut() {
                (title.ends, title.are_many) = (word.ends, true);
            }
            continue;
        }
        // `and 2 more`
        let is_more = word.text.bytes().all(|it| it.is_ascii_digit())
            && words.peek().is_some_and(|it| it.plain() == "more");
        if is_more && joined.last().is_some_and(|it| it.text == "and") {
            joined.pop();
            let ends = words.next().is_some_and(|it| it.ends);
            if let Some(title) = joined.last_mut() {
                (title.ends, title.are_many) = (ends, true);
            }
            continue;
        }
        joined.push(word);
    }
    joined
}

#[test]
fn what_inflects_by_a_title_is_found() {
    for wrong in [
        "⟦Web servers⟧ is reached without a login",
        "⟦A⟧ alone takes all",
        "⟦Cards⟧ (secret) is kept there",
        "⟦Cards⟧ (secret) and 2 more goes there",
        "⟦A⟧, ⟦B⟧ and ⟦C⟧ stands there",
        "Does ⟦Web⟧ check it?",
        "Where is ⟦Web⟧, and why?",
        "What ⟦Web⟧ keeps can be taken",
        "⟦Web⟧ are lost",
        "⟦Web⟧ → ⟦Orders⟧ has no end",
        "⟦Web⟧ may fail, and ⟦Orders⟧ fails",
        "⟦Web⟧ can be reached by its port",
    ] {
        assert!(complaint(wrong).is_some(), "{wrong}");
    }
    for right in [
        "⟦Web servers⟧ can be reached without a login",
        "⟦Cards⟧ (secret) can be taken from ⟦Orders⟧, and anyone on the internet gets there",
        "Losing ⟦Web⟧ cuts off everyone",
        "requests to ⟦A⟧, ⟦B⟧ and 3 more wait",
        "⟦A⟧ and ⟦B⟧ are lost",
        "Nobody checks who reaches ⟦Web⟧, and that is all",
        "Do the passwords of ⟦Web⟧ come from a vault?",
        "8080 in ⟦Web⟧: 2 entries",
    ] {
        assert_eq!(complaint(right), None);
    }
}
