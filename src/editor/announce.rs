//! What screen readers are to say: of an edit, of the selection, of findings that came and went. Whoever speaks asks
//! for it once a frame ([`Editor::said`]); where nobody does, nothing of it is looked for.

use std::collections::BTreeSet;
use std::hash::BuildHasher as _;

use foldhash::quality::FixedState;

use super::{Editor, StepNotice, Turn};
use crate::model::{Boundary, Component, Edit, Flow, Id, Place, counted};

/// So many findings are told by what they say; more are counted.
const SPELT_OUT: usize = 2;
/// What nobody listened to for so long is not told any more.
const WAITING: usize = 6;

/// What was said last, and what is still to be said.
#[derive(Debug, Default)]
pub(super) struct Voice {
    waiting: Vec<String>,
    said: String,
    /// The document of which it was said.
    document: Option<u64>,
    view: Option<Id>,
    selection: BTreeSet<Id>,
    /// Open findings by a number that each key has, sorted, and of which results they are.
    heard: Vec<u64>,
    results: Option<(u64, u64)>,
}

impl Editor {
    /// Has something said beside what is said anyway.
    pub fn tell(&mut self, text: impl Into<String>) {
        let waiting = &mut self.voice.waiting;
        waiting.push(text.into());
        if waiting.len() > WAITING {
            waiting.remove(0);
        }
    }

    /// What is to be said now. It differs whenever something new is: the same words twice differ in a space.
    pub fn said(&mut self) -> &str {
        let is_new_document = self.voice.document != Some(self.document.number());
        if is_new_document {
            self.voice.waiting = vec![self.in_short()];
            self.voice.document = Some(self.document.number());
            self.voice.view = Some(self.view.clone());
            self.voice.selection.clone_from(&self.selection);
            self.voice.results = None;
        }
        let is_edited = !self.voice.waiting.is_empty();
        self.note_view();
        self.note_selection(is_edited);
        self.note_findings();
        let voice = &mut self.voice;
        if !voice.waiting.is_empty() {
            let text = std::mem::take(&mut voice.waiting).join(" ");
            let again = if text == voice.said { "\u{a0}" } else { "" };
            voice.said = format!("{text}{again}");
        }
        &self.voice.said
    }

    /// What the document holds, in a line.
    fn in_short(&self) -> String {
        let model = &self.model;
        let drawn = format!(
            "{}: {}, {}, {}.",
            self.title(),
            counted(model.components().len(), "component"),
            counted(model.flows().len(), "flow"),
            counted(model.boundaries().len(), "boundary"),
        );
        if self.is_blank() { drawn } else { format!("{drawn} {}.", counted(self.open_count(), "finding")) }
    }

    /// Tells of a step once it has happened.
    pub(super) fn tell_step(&mut self, turn: Turn, label: &str, happened: &Edit) {
        if happened.is_empty() {
            return;
        }
        let back = match turn {
            Turn::Done => None,
            Turn::Undone => Some("edit.redo"),
            Turn::Redone => Some("edit.undo"),
        };
        let text = match turn {
            Turn::Done => self.moved(label, happened).unwrap_or_else(|| done(label, happened)),
            Turn::Undone => format!("Undone: {}.", lower(label)),
            Turn::Redone => format!("Redone: {}.", lower(label)),
        };
        let number = (self.document.number(), self.document.revision);
        let shown = text.trim_end_matches('.').to_owned();
        self.step_notice = back.map(|back| StepNotice { text: shown, back, number });
        self.tell(text);
    }

    /// What an undo or a redo has just done, if nothing was edited since.
    pub fn step_notice(&self) -> Option<&StepNotice> {
        let number = (self.document.number(), self.document.revision);
        self.step_notice.as_ref().filter(|it| it.number == number)
    }

    /// It was read, or something else is done now.
    pub fn end_step_notice(&mut self) {
        self.step_notice = None;
    }

    /// `Moved Web right, into Data tier.`
    fn moved(&self, label: &str, happened: &Edit) -> Option<String> {
        let is_move = matches!(label, "Move" | "Move elements") || label.starts_with("Put ");
        if !is_move {
            return None;
        }
        let places: Vec<_> = happened.of::<Place>().filter(|it| it.before.is_some()).collect();
        let moved: BTreeSet<&Id> = places.iter().map(|it| &it.key.1).collect();
        // What stands in something that moved goes along and is not told.
        let outer: Vec<&Id> = (places.iter().map(|it| &it.key.1))
            .filter(|id| {
                self.model.flow(id).is_none() && !self.nesting.ancestors(id).any(|it| moved.contains(it))
            })
            .collect();
        let into = self.moved_into(happened);
        let first = outer.first().copied();
        let what = match (first, outer.len()) {
            (Some(only), 1) => self.model.title(only),
            (Some(_), n) => format!("{n} elements"),
            (None, _) => return into.map(|(id, it)| format!("Moved {} {it}.", self.model.title(&id))),
        };
        let delta = places.iter().find(|it| Some(&it.key.1) == first)?;
        let (before, after) = (delta.before.as_ref()?, delta.after.as_ref()?);
        let (x, y) = (after.x.px() - before.x.px(), after.y.px() - before.y.px());
        let way = if x.abs() > y.abs() {
            if x > 0.0 { " right" } else { " left" }
        } else if y == 0.0 {
            ""
        } else if y > 0.0 {
            " down"
        } else {
            " up"
        };
        Some(match into {
            Some((_, into)) => format!("Moved {what} {into}."),
            None => format!("Moved {what}{way}."),
        })
    }

    /// What has another boundary now, and `into Data tier`.
    fn moved_into(&self, happened: &Edit) -> Option<(Id, String)> {
        let component = happened.of::<Component>().find_map(|it| {
            let (before, after) = (it.before.as_ref()?, it.after.as_ref()?);
            (before.within != after.within).then(|| (it.key.clone(), after.within.clone()))
        });
        let boundary = || {
            happened.of::<Boundary>().find_map(|it| {
                let (before, after) = (it.before.as_ref()?, it.after.as_ref()?);
                (before.within != after.within).then(|| (it.key.clone(), after.within.clone()))
            })
        };
        let (id, within) = component.or_else(boundary)?;
        let into = within.map_or_else(
            || "out of all boundaries".to_owned(),
            |it| format!("into {}", self.model.title(&it)),
        );
        Some((id, into))
    }

    /// What of the last notice is to be said: of what is offered to be undone the step is told already.
    pub fn notice_in_words(&self) -> Option<&str> {
        let notice = self.notice()?;
        if notice.offers.contains(&"edit.undo") {
            return notice.text.split_once(". ").map(|it| it.1);
        }
        Some(&notice.text)
    }

    fn note_view(&mut self) {
        if self.voice.view.as_ref() == Some(&self.view) {
            return;
        }
        self.voice.view = Some(self.view.clone());
        let views = self.views();
        let at = views.iter().position(|it| *it == self.view).unwrap_or_default();
        self.tell(format!("View {}, {} of {}.", self.view_name(&self.view), at + 1, views.len()));
    }

    /// A selection that an edit brought is told with that. In the outline the row that has the focus says it.
    fn note_selection(&mut self, is_edited: bool) {
        if self.voice.selection == self.selection {
            return;
        }
        self.voice.selection.clone_from(&self.selection);
        if is_edited || self.shown.outline_at.is_some() {
            return;
        }
        let text = match (self.selected_one(), self.selection.len()) {
            (_, 0) => "Nothing selected.".to_owned(),
            (Some(one), _) => {
                let open = self.findings().filter(|it| it.state.is_open());
                let findings = open.filter(|it| it.finding.subjects.contains(one)).count();
                let findings = Some(findings).filter(|it| *it > 0).map(|it| counted(it, "finding"));
                let order = self.layout.reading_order();
                let place = order.iter().position(|it| it == one);
                let place = place.map(|it| format!("{} of {}", it + 1, order.len()));
                let words = self.element_in_words(one);
                let parts: Vec<String> = [Some(words), findings, place].into_iter().flatten().collect();
                format!("{}.", parts.join(", "))
            }
            (None, n) => format!("{n} selected."),
        };
        self.tell(text);
    }

    /// Findings that came and went since they were looked at last.
    fn note_findings(&mut self) {
        let results = self.marked();
        if self.is_behind() || self.is_blank() || self.voice.results == Some(results) {
            return;
        }
        let is_first = self.voice.results.replace(results).is_none();
        let hash = |key: &str| FixedState::default().hash_one(key);
        let open = || self.findings().filter(|it| it.state.is_open());
        let mut now: Vec<u64> = open().map(|it| hash(&it.finding.key)).collect();
        now.sort_unstable();
        if is_first {
            self.voice.heard = now;
            return;
        }
        let heard = &self.voice.heard;
        let is_new = |key: &str| heard.binary_search(&hash(key)).is_err();
        let new: Vec<String> = (open().map(|it| it.finding).filter(|it| is_new(&it.key)))
            .map(|it| format!("{}: {}", it.severity.label(), it.message.read(&self.model)))
            .collect();
        let gone = heard.iter().filter(|it| now.binary_search(it).is_err()).count();
        self.voice.heard = now;
        if !new.is_empty() {
            let spelt = new.iter().take(SPELT_OUT).map(String::as_str).collect::<Vec<_>>().join("; ");
            let more = match new.len().saturating_sub(SPELT_OUT) {
                0 => String::new(),
                n => format!("; and {n} more"),
            };
            self.tell(format!("{}: {spelt}{more}.", counted(new.len(), "new finding")));
        }
        match gone {
            0 => {}
            1 => self.tell("1 finding is gone."),
            n => self.tell(format!("{n} findings are gone.")),
        }
    }
}

/// `Deleted Cache and 2 flows.`
fn done(label: &str, happened: &Edit) -> String {
    let gone = happened.of::<Flow>().filter(|it| it.after.is_none()).count();
    let is_of_boxes = happened.of::<Component>().any(|it| it.after.is_none())
        || happened.of::<Boundary>().any(|it| it.after.is_none());
    let flows = match gone {
        n if n > 0 && is_of_boxes && label.starts_with("Delete ") => format!(" and {}", counted(n, "flow")),
        _ => String::new(),
    };
    format!("{}{flows}.", past(label))
}

/// The label of a step as what was done: `Delete Cache` becomes `Deleted Cache`.
fn past(label: &str) -> String {
    let (verb, rest) = label.split_once(' ').unwrap_or((label, ""));
    let done = PAST.iter().find(|it| it.0 == verb).map(|it| it.1);
    match (done, rest) {
        (Some(done), "") => done.to_owned(),
        (Some(done), rest) => format!("{done} {rest}"),
        (None, _) => format!("Done: {}", lower(label)),
    }
}

/// Within a sentence. A name at its head keeps its capital, as no label begins with one.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}

/// The verbs of steps, and what is said of them once they are done.
const PAST: &[(&str, &str)] = &[
    ("Add", "Added"),
    ("Align", "Aligned"),
    ("Bend", "Bent"),
    ("Bring", "Brought"),
    ("Change", "Changed"),
    ("Clear", "Cleared"),
    ("Collapse", "Collapsed"),
    ("Connect", "Connected"),
    ("Cut", "Cut"),
    ("Delete", "Deleted"),
    ("Dissolve", "Dissolved"),
    ("Distribute", "Distributed"),
    ("Draw", "Drew"),
    ("Duplicate", "Duplicated"),
    ("Edit", "Edited"),
    ("Expand", "Expanded"),
    ("Insert", "Inserted"),
    ("Lock", "Locked"),
    ("Make", "Made"),
    ("Move", "Moved"),
    ("Paste", "Pasted"),
    ("Put", "Put"),
    ("Reattach", "Reattached"),
    ("Remove", "Removed"),
    ("Rename", "Renamed"),
    ("Reset", "Reset"),
    ("Resize", "Resized"),
    ("Send", "Sent"),
    ("Set", "Set"),
    ("Slide", "Slid"),
    ("Take", "Took"),
    ("Turn", "Turned"),
    ("Unlock", "Unlocked"),
];
