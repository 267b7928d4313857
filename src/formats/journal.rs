//! The journal of a document: what it was when it was opened or saved last, and every step since, so that none is lost
//! when the program ends before the next save.
//!
//! It is text. Its first line says what it is a journal of and how long the document below is; then that document stands
//! as in its own file; then comes one line a step, only ever appended:
//!
//! ```text
//! parapet journal (format:1,of:(name:"shop.parapet.ron",is_saved:true),base:120)
//! (
//!   format: 1,
//!   …
//! )
//! step(turn:done,label:"Rename",edit:[component((key:"web",before:(name:"Web"),after:(name:"Shop")))])
//! step(turn:undone,label:"Rename",edit:[component((key:"web",before:(name:"Shop"),after:(name:"Web")))])
//! saved(behind:0,name:"shop.parapet.ron",path:"/home/me/shop.parapet.ron",print:(length:120,hash:7))
//! ```
//!
//! A program that is killed leaves at worst a last line without its end, which is dropped. Whatever else does not read
//! ends the reading: what stands before it is offered, and it is told.

use ron::extensions::Extensions;
use serde::{Deserialize, Serialize};

use super::fingerprint::Fingerprint;
use crate::model::{self, Edit, History, MAX_FILE_BYTES, Model, ReadError, Turn};

/// The format that is written, and the newest that is read. It grows with [`model::FORMAT`] where that changes records,
/// as they stand in the steps too.
pub const JOURNAL_FORMAT: u32 = 1;

/// The longest journal that is read, in bytes. Whoever writes one begins anew long before.
pub const MAX_JOURNAL_BYTES: usize = 8 * MAX_FILE_BYTES;

const MAGIC: &str = "parapet journal ";

/// What a journal is one of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Head {
    /// The name of the document's file; may be empty.
    pub name: String,
    /// Where it is saved, on the desktop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What lay there when it was read or written last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print: Option<Fingerprint>,
    /// The document as it heads the journal lies there, or is not worth keeping: only steps can be lost.
    pub is_saved: bool,
}

/// One line of a journal, below the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// A step of history, as it really happened.
    Step { turn: Turn, label: String, edit: Edit },
    /// The document was saved as it was so many steps ago.
    Saved {
        behind: u64,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        print: Option<Fingerprint>,
    },
}

/// What a journal brings back.
#[derive(Debug, Clone)]
pub struct Recovered {
    /// As it was at the last save.
    pub head: Head,
    pub model: Model,
    pub history: History,
    /// The state in history that was saved, if that can be reached.
    pub saved: Option<u64>,
    /// How many steps are not saved.
    pub unsaved: usize,
    /// How many bytes of the journal were read: behind them, more can be appended.
    pub whole: usize,
    /// What could not be read; its beginning is torn off at `whole`.
    pub fault: Option<String>,
}

impl Recovered {
    /// Whether nothing would be lost without it.
    pub fn is_saved(&self) -> bool {
        self.saved == Some(self.history.state()) && self.fault.is_none()
    }
}

/// Why bytes are no journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    #[error("it is no journal of Parapet")]
    Foreign,
    #[error("its first line does not read: {0}")]
    Head(String),
    #[error(
        "it has format {0}, and this Parapet reads up to format {JOURNAL_FORMAT}: a newer one restores it"
    )]
    Newer(u32),
    #[error("the document in it does not read: {0}")]
    Base(#[from] ReadError),
    #[error("the document in it is not whole")]
    Torn,
}

#[derive(Deserialize)]
struct Format {
    #[serde(default)]
    format: u32,
}

#[derive(Serialize, Deserialize)]
struct FirstLine {
    format: u32,
    of: Head,
    /// The length of the document below, in bytes.
    base: usize,
}

/// The beginning of a journal: what it is of, and the document.
pub fn begin(head: &Head, base: &Model) -> String {
    let document = model::write(base);
    let first = FirstLine { format: JOURNAL_FORMAT, of: head.clone(), base: document.len() };
    format!("{MAGIC}{}\n{document}", written(&first))
}

/// A line of a journal, with its end.
pub fn line(line: &Line) -> String {
    let mut text = written(line);
    text.push('\n');
    text
}

/// Reads a journal and does again what it says.
///
/// # Errors
/// Not even the document at its head can be had. All else is told in [`Recovered::fault`].
pub fn read(bytes: &[u8]) -> Result<Recovered, JournalError> {
    let is_cut = bytes.len() > MAX_JOURNAL_BYTES;
    let bytes = bytes.get(..MAX_JOURNAL_BYTES).unwrap_or(bytes);
    let (head, base, start) = read_head(bytes)?;
    let mut it = Replay {
        saved: if head.is_saved { Some(0) } else { None },
        head,
        model: base,
        history: History::default(),
        states: Vec::new(),
    };
    it.states.push(it.history.state());
    let (mut whole, mut fault) = (start, None);
    // Where a disk lost its power, the end of a file may be there as zeros only.
    let end = bytes.iter().rposition(|it| *it != 0).map_or(0, |it| it + 1);
    for (n, text) in bytes.get(start..end).unwrap_or_default().split_inclusive(|it| *it == b'\n').enumerate()
    {
        if !text.ends_with(b"\n") {
            break;
        }
        if let Err(what) = it.take(text) {
            fault = Some(format!("line {} below the document does not read: {what}", n + 1));
            break;
        }
        whole += text.len();
    }
    if is_cut && fault.is_none() {
        fault = Some(format!("it is longer than {MAX_JOURNAL_BYTES} bytes, and the rest is not read"));
    }
    let Replay { head, model, history, saved, states } = it;
    let unsaved = saved.map_or(states.len(), |it| states.len() - 1 - it);
    let saved = saved.and_then(|it| states.get(it)).copied();
    let unsaved = if saved == Some(history.state()) { 0 } else { unsaved };
    Ok(Recovered { head, model, history, saved, unsaved, whole, fault })
}

/// The head, the document, and where the lines begin.
fn read_head(bytes: &[u8]) -> Result<(Head, Model, usize), JournalError> {
    let rest = bytes.strip_prefix(MAGIC.as_bytes()).ok_or(JournalError::Foreign)?;
    let end = rest.iter().position(|it| *it == b'\n').ok_or(JournalError::Torn)?;
    let first = rest.get(..end).unwrap_or_default();
    let first = std::str::from_utf8(first).map_err(|it| JournalError::Head(it.to_string()))?;
    let refused = |it: ron::error::SpannedError| JournalError::Head(it.code.to_string());
    // The format first, by itself: a newer one may hold what we do not know.
    let format = options().from_str::<Format>(first).map_err(refused)?.format;
    if format > JOURNAL_FORMAT {
        return Err(JournalError::Newer(format));
    }
    let FirstLine { of: head, base, .. } = options().from_str(first).map_err(refused)?;
    let start = MAGIC.len() + end + 1;
    let after = start.checked_add(base).ok_or(JournalError::Torn)?;
    let document = bytes.get(start..after).ok_or(JournalError::Torn)?;
    Ok((head, model::read(document)?, after))
}

/// A journal while it is read.
struct Replay {
    head: Head,
    model: Model,
    history: History,
    /// Which of `states` was saved.
    saved: Option<usize>,
    /// The state in history after each step, the document's own first.
    states: Vec<u64>,
}

impl Replay {
    /// Does again what a line says, or tells why that cannot be.
    fn take(&mut self, line: &[u8]) -> Result<(), String> {
        let text = std::str::from_utf8(line).map_err(|it| it.to_string())?;
        match options().from_str(text).map_err(|it| it.code.to_string())? {
            Line::Step { turn, label, edit } => {
                let happened = self.history.replay(&mut self.model, turn, &label, &edit);
                self.states.push(self.history.state());
                if happened != edit {
                    return Err("it does not fit what stands before it".to_owned());
                }
            }
            Line::Saved { behind, name, path, print } => {
                let behind = usize::try_from(behind).map_err(|it| it.to_string())?;
                self.saved = (self.states.len() - 1).checked_sub(behind);
                self.head = Head { name, path, print, ..std::mem::take(&mut self.head) };
            }
        }
        Ok(())
    }
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

fn written(value: &impl Serialize) -> String {
    let text = options().to_string(value);
    // All our types write to a string; see `model::write`.
    debug_assert!(text.is_ok(), "{}", text.as_ref().err().map(ToString::to_string).unwrap_or_default());
    text.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::text;
    use crate::model::{Component, Draft, Id};

    /// A journal of a small document with so many renames, and what it is then.
    fn journal(steps: usize) -> (String, Model) {
        let mut model = text::read("user -> web: https").unwrap();
        let head = Head {
            name: "shop.parapet.ron".to_owned(),
            path: Some("/home/me/shop.parapet.ron".to_owned()),
            print: Some(Fingerprint::of(b"as it was")),
            is_saved: true,
        };
        let mut text = begin(&head, &model);
        for n in 0..steps {
            text.push_str(&line(&rename(&mut model, &format!("Web {n}"))));
        }
        (text, model)
    }

    fn rename(model: &mut Model, name: &str) -> Line {
        let mut draft = Draft::of(model);
        draft.edit::<Component>(&Id::slug("web"), |it| it.name = name.to_owned());
        let edit = draft.finish();
        Line::Step { turn: Turn::Done, label: "Rename".to_owned(), edit: model.apply(&edit) }
    }

    #[test]
    fn what_was_done_is_done_again_and_can_be_undone() {
        let (text, model) = journal(3);
        let read = read(text.as_bytes()).unwrap();
        assert_eq!((&read.model, read.unsaved, read.whole), (&model, 3, text.len()));
        assert_eq!((read.head.name.as_str(), read.fault.as_deref()), ("shop.parapet.ron", None));
        assert_eq!(read.head.print, Some(Fingerprint::of(b"as it was")));
        assert!(!read.is_saved());
        let Recovered { mut model, mut history, saved, .. } = read;
        while history.undo(&mut model).is_some() {}
        assert_eq!(saved, Some(history.state()), "all undone, it is as it was saved");
    }

    #[test]
    fn a_line_is_one_and_stays_as_it_is_written() {
        let mut model = text::read("user -> web: https").unwrap();
        let written = line(&rename(&mut model, "two\nlines \"quoted\" \u{2028}é"));
        insta::assert_snapshot!(written.trim_end(), @r#"step(turn:done,label:"Rename",edit:[component((key:"web",before:(kind:"web-server",name:"web"),after:(kind:"web-server",name:"two\nlines \"quoted\" \u{2028}é")))])"#);
        assert_eq!(written.matches('\n').count(), 1);
        let saved = Line::Saved { behind: 2, name: "a".to_owned(), path: None, print: None };
        insta::assert_snapshot!(line(&saved).trim_end(), @r#"saved(behind:2,name:"a")"#);
        let (head, _) = journal(0);
        let first = r#"parapet journal (format:1,of:(name:"shop.parapet.ron",path:"/home/me/shop.parapet.ron",print:(length:9,hash:"#;
        assert!(head.starts_with(first), "{head}");
    }

    #[test]
    fn wherever_it_breaks_off_at_most_the_last_step_is_lost() {
        let (text, _) = journal(4);
        let ends: Vec<usize> = text.match_indices('\n').map(|it| it.0 + 1).collect();
        let first = text.find("step(").unwrap();
        for length in first..=text.len() {
            let read = read(&text.as_bytes()[..length]).unwrap();
            let whole = ends.iter().filter(|it| **it > first && **it <= length).count();
            assert_eq!((read.unsaved, read.fault), (whole, None), "broken off at {length}");
        }
        // So does what a disk made of it when its power failed.
        let zeros = [text.as_bytes(), &[0; 4096]].concat();
        let read = read(&zeros).unwrap();
        assert_eq!((read.unsaved, read.whole, read.fault), (4, text.len(), None));
        for length in 0..first {
            assert!(super::read(&text.as_bytes()[..length]).is_err(), "without its document: {length}");
        }
    }

    #[test]
    fn what_does_not_read_is_told_and_what_stands_before_is_offered() {
        let (text, _) = journal(4);
        let third = text.match_indices("step(").nth(2).unwrap().0;
        let mut spoilt = text.clone();
        spoilt.replace_range(third..third + 4, "stop");
        let told = read(spoilt.as_bytes()).unwrap();
        assert_eq!((told.unsaved, told.whole), (2, third));
        assert!(told.fault.unwrap().starts_with("line 3 below the document does not read"));
        // A step is missing, so that the next one finds something else than it says.
        let (second, third) = (text.match_indices("step(").nth(1).unwrap().0, third);
        let told = read([&text[..second], &text[third..]].concat().as_bytes()).unwrap();
        assert!(told.fault.unwrap().contains("does not fit"));
        assert_eq!(told.model.component(&Id::slug("web")).unwrap().name, "Web 2", "nothing is thrown away");
    }

    #[test]
    fn what_was_saved_is_not_lost() {
        let (mut text, mut model) = journal(2);
        let saved = |behind| Line::Saved { behind, name: "b".to_owned(), path: None, print: None };
        // While it was written, one step came.
        text.push_str(&line(&rename(&mut model, "Later")));
        text.push_str(&line(&saved(1)));
        let read_now = read(text.as_bytes()).unwrap();
        assert_eq!((read_now.unsaved, read_now.head.name.as_str()), (1, "b"));
        text.push_str(&line(&saved(0)));
        let read_now = read(text.as_bytes()).unwrap();
        assert!(read_now.is_saved() && read_now.unsaved == 0);
        // Before the journal began: nobody knows any more what that was.
        text.push_str(&line(&saved(9)));
        let read_now = read(text.as_bytes()).unwrap();
        assert_eq!((read_now.saved, read_now.is_saved()), (None, false));
    }

    #[test]
    fn foreign_bytes_are_refused() {
        let refused = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert_eq!(refused(b""), "it is no journal of Parapet");
        assert_eq!(refused(b"(format: 1)"), "it is no journal of Parapet");
        assert!(refused(b"parapet journal (format:2,marvel:1)\n").contains("a newer one restores it"));
        assert!(refused(b"parapet journal ((((\n").starts_with("its first line does not read"));
        assert_eq!(
            refused(b"parapet journal (format:1,of:(),base:9)\n()"),
            "the document in it is not whole"
        );
        let huge = format!("parapet journal (format:1,of:(),base:{})\n()", usize::MAX);
        assert_eq!(refused(huge.as_bytes()), "the document in it is not whole");
        assert!(
            refused(b"parapet journal (format:1,of:(),base:2)\n[]")
                .starts_with("the document in it does not read")
        );
        let deep = format!("{}step(turn:done,label:\"\",edit:{}\n", journal(0).0, "[".repeat(100_000));
        assert!(read(deep.as_bytes()).unwrap().fault.is_some());
    }
}
