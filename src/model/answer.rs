//! Answers: what the architect has said, with *unknown* kept apart from *no*.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Field, merge_by_entry};

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Truth {
    /// Nobody has said. Where it matters, this is a question, never a finding.
    #[default]
    Unknown,
    Yes,
    No,
    /// It does not apply: silences like yes, and shows as what it is.
    NotApplicable,
}

impl Truth {
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Yes, Self::No, Self::NotApplicable];

    /// The word in the text language and in machine output.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotApplicable => "na",
        }
    }

    /// The word on a button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "Unknown",
            Self::Yes => "Yes",
            Self::No => "No",
            Self::NotApplicable => "Not applicable",
        }
    }

    pub fn from_slug(text: &str) -> Option<Self> {
        match text {
            "n/a" => Some(Self::NotApplicable),
            _ => Self::ALL.into_iter().find(|it| it.slug() == text),
        }
    }
}

/// An answer: a [`Truth`] with an optional note, and whether it was put off.
///
/// In a file it is one word, `yes`, or `noted((is: yes, note: "since 2024", later: true))`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Answer {
    pub is: Truth,
    pub note: String,
    pub later: bool,
}

impl Answer {
    pub fn of(is: Truth) -> Self {
        Self { is, note: String::new(), later: false }
    }

    pub fn yes() -> Self {
        Self::of(Truth::Yes)
    }

    pub fn no() -> Self {
        Self::of(Truth::No)
    }

    pub fn is_yes(&self) -> bool {
        self.is == Truth::Yes
    }

    pub fn is_no(&self) -> bool {
        self.is == Truth::No
    }

    pub fn is_unknown(&self) -> bool {
        self.is == Truth::Unknown
    }

    /// Yes, or not applicable: nothing to find and nothing to ask.
    pub fn is_settled(&self) -> bool {
        matches!(self.is, Truth::Yes | Truth::NotApplicable)
    }
}

impl From<Truth> for Answer {
    fn from(is: Truth) -> Self {
        Self::of(is)
    }
}

/// How an answer stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Written {
    Unknown,
    Yes,
    No,
    Na,
    Noted(Noted),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Noted {
    is: Word,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    later: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    Unknown,
    Yes,
    No,
    Na,
}

impl From<Written> for Answer {
    fn from(written: Written) -> Self {
        match written {
            Written::Unknown => Self::of(Truth::Unknown),
            Written::Yes => Self::of(Truth::Yes),
            Written::No => Self::of(Truth::No),
            Written::Na => Self::of(Truth::NotApplicable),
            Written::Noted(Noted { is, note, later }) => {
                let is = match is {
                    Word::Unknown => Truth::Unknown,
                    Word::Yes => Truth::Yes,
                    Word::No => Truth::No,
                    Word::Na => Truth::NotApplicable,
                };
                Self { is, note, later }
            }
        }
    }
}

impl From<Answer> for Written {
    fn from(answer: Answer) -> Self {
        let Answer { is, note, later } = answer;
        if !note.is_empty() || later {
            let is = match is {
                Truth::Unknown => Word::Unknown,
                Truth::Yes => Word::Yes,
                Truth::No => Word::No,
                Truth::NotApplicable => Word::Na,
            };
            return Self::Noted(Noted { is, note, later });
        }
        match is {
            Truth::Unknown => Self::Unknown,
            Truth::Yes => Self::Yes,
            Truth::No => Self::No,
            Truth::NotApplicable => Self::Na,
        }
    }
}

/// Answers to the controls of `assets/controls.ron`, by slug. A slug that the table lacks is kept, and said as a
/// problem.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Controls(pub BTreeMap<String, Answer>);

impl Controls {
    /// What was answered; unknown if nothing was.
    pub fn truth(&self, slug: &str) -> Truth {
        self.0.get(slug).map(|it| it.is).unwrap_or_default()
    }

    /// Sets an answer; an unknown one without note is taken out, so that files hold only what was said.
    pub fn set(&mut self, slug: &str, answer: Answer) {
        if answer == Answer::default() {
            self.0.remove(slug);
        } else {
            self.0.insert(slug.to_owned(), answer);
        }
    }
}

impl Field for Controls {
    /// A map goes by entry: an answer that an edit did not touch keeps what it holds now.
    fn merge(now: &mut Self, before: &Self, after: &Self, only_if_before: bool) {
        merge_by_entry(&mut now.0, (&before.0, &after.0), only_if_before);
    }
}
