//! Comments: threads that are pinned to elements and to points of views; who says what, and what of them the canvas shows.
//!
//! Each is one step of history, as all else is: whoever has written, resolved or deleted something by mistake takes back the
//! last step, and the answers of others stay.

use std::collections::BTreeMap;

use super::{Editor, Modal, Tab, Tone, Tool, Wish};
use crate::model::{Anchor, Comment, Draft, Edit, Id, Ids, MAX_AUTHOR, MAX_MESSAGE, Message, kept};
use crate::scene::{Marks, Pin, Pos};

/// What a thread is to be pinned to.
#[derive(Debug, Clone, PartialEq)]
pub enum PinTo {
    Element(Id),
    /// A point of the view that is shown.
    Point(Pos),
}

impl Editor {
    /// Asks for a comment on what is selected; with nothing or several selected, the next click says on what.
    pub fn begin_comment(&mut self) {
        match self.selected_one().cloned() {
            Some(id) => self.compose(PinTo::Element(id)),
            None => self.shown.tool = Tool::Comment,
        }
    }

    /// Asks for the words of a new thread.
    pub fn compose(&mut self, on: PinTo) {
        self.shown.tool = Tool::Pointer;
        self.shown.hides_comments = false;
        self.show_tab(Tab::Comments);
        self.shown.composing = Some(on);
        self.shown.thread = None;
        self.shown.words_are_called = true;
    }

    /// What a new thread would be about, in words.
    pub fn composes_about(&self, on: &PinTo) -> String {
        match on {
            PinTo::Element(id) => self.model.title(id),
            PinTo::Point(_) => format!("A point of {}", self.view_name(&self.view)),
        }
    }

    /// Begins a thread; nothing happens without words.
    pub fn add_comment(&mut self, on: &PinTo, text: &str) -> Option<Id> {
        let message = self.message(text)?;
        let mut thread = match on {
            PinTo::Element(id) => {
                // Should its element go by a way that nobody notes, this is where it was.
                let at = self.layout.rect(id).map(|it| it.min).unwrap_or_default();
                let view = Some(self.view.clone());
                Comment { on: Some(id.clone()), view, x: at.x.into(), y: at.y.into(), ..Comment::default() }
            }
            PinTo::Point(at) => Comment {
                view: Some(self.view.clone()),
                x: at.x.into(),
                y: at.y.into(),
                ..Comment::default()
            },
        };
        let label = format!("Comment on {}", self.composes_about(on));
        let id = self.change(label, |draft, ids| {
            let id = draft.mint(ids, "comment");
            say(&mut thread, message, ids);
            draft.put(id.clone(), thread);
            id
        });
        self.shown.composing = None;
        self.shown.thread = Some(id.clone());
        Some(id)
    }

    /// Answers in a thread; one that was resolved is open again. Nothing happens without words.
    pub fn answer_comment(&mut self, id: &Id, text: &str) {
        let Some(message) = self.message(text) else { return };
        self.edit_comment("Answer a comment", id, |it, ids| {
            say(it, message, ids);
            open_again(it);
        });
    }

    /// Puts other words into the place of a message.
    pub fn reword_message(&mut self, id: &Id, message: &Id, text: &str) {
        let text = kept(text, MAX_MESSAGE);
        if !text.is_empty() {
            self.edit_comment("Change a comment", id, |it, _| {
                if let Some(it) = it.messages.0.get_mut(message) {
                    it.text.clone_from(&text);
                }
            });
        }
    }

    /// Takes a message out; with the last one, the thread.
    pub fn delete_message(&mut self, id: &Id, message: &Id) {
        let Some(thread) = self.model.comments().get(id) else { return };
        if thread.messages.0.keys().all(|it| it == message) {
            self.delete_comment(id);
            return;
        }
        self.edit_comment("Delete a message", id, |it, _| {
            it.messages.0.remove(message);
        });
        self.say(Tone::Info, "Deleted a message.", &["edit.undo"]);
    }

    pub fn delete_comment(&mut self, id: &Id) {
        self.change("Delete a comment", |draft, _| draft.remove::<Comment>(id));
        self.say(Tone::Info, "Deleted a comment.", &["edit.undo"]);
    }

    /// Says that nothing is left to be said in a thread, or that something is.
    pub fn resolve_comment(&mut self, id: &Id, is_resolved: bool) {
        let (who, today) = (self.author(), self.today());
        let label = if is_resolved { "Resolve a comment" } else { "Reopen a comment" };
        self.edit_comment(label, id, |it, _| {
            open_again(it);
            if is_resolved {
                (it.resolved, it.resolved_by, it.resolved_on) = (true, who, today);
            }
        });
    }

    /// Moves the point that a thread is pinned to.
    pub fn move_comment(&mut self, id: &Id, by: Pos) {
        if by != Pos::ZERO {
            self.edit_comment("Move a comment", id, |it, _| {
                (it.x, it.y) = ((it.x.px() + by.x).into(), (it.y.px() + by.y).into());
            });
        }
    }

    fn edit_comment(&mut self, label: &str, id: &Id, edit: impl FnOnce(&mut Comment, &mut Ids)) {
        self.change(label, |draft: &mut Draft<'_>, ids| draft.edit::<Comment>(id, |it| edit(it, ids)));
    }

    fn message(&self, text: &str) -> Option<Message> {
        let text = kept(text, MAX_MESSAGE);
        (!text.is_empty()).then(|| Message { author: self.author(), day: self.today(), text })
    }

    fn author(&self) -> String {
        kept(&self.who, MAX_AUTHOR)
    }

    /// Whether a message is of who writes here.
    pub fn is_own(&self, message: &Message) -> bool {
        !message.author.is_empty() && message.author == self.author()
    }

    /// How many threads are open.
    pub fn open_threads(&self) -> usize {
        self.model.comments().values().filter(|it| !it.resolved).count()
    }

    /// Open threads about some elements, those that were spoken in last first.
    pub fn threads_about(&self, is_about: impl Fn(&Id) -> bool) -> Vec<&Id> {
        let open = self.model.threads().into_iter().filter(|it| !it.1.resolved);
        open.filter(|it| it.1.on.as_ref().is_some_and(&is_about)).map(|it| it.0).collect()
    }

    /// Opens a thread where all of them are listed.
    pub fn show_thread(&mut self, id: &Id) {
        self.show_tab(Tab::Comments);
        self.shown.composing = None;
        self.shown.thread = Some(id.clone());
        self.shown.thread_is_sought = true;
    }

    /// Opens the threads of a pin: the one of a point, or the first about an element.
    pub fn open_pin(&mut self, id: &Id) {
        let of_point = self.model.comments().contains_key(id).then(|| id.clone());
        let drawn = |it: &Id| it == id || self.stand_in(it).as_ref() == Some(id);
        let about = || self.threads_about(drawn).first().map(|it| Id::clone(it));
        if let Some(thread) = of_point.or_else(about) {
            self.show_thread(&thread);
        }
    }

    /// Brings into view what a thread is pinned to, on another view if it is there, and selects it if it is an element.
    pub fn go_to_thread(&mut self, id: &Id) {
        let Some(thread) = self.model.comments().get(id).cloned() else { return };
        match thread.anchor(&self.model) {
            Anchor::Element(on) => {
                let is_here = self.shown_as(on).is_some() || self.layout.flows.contains_key(on);
                let boxes = self.model.flow(on).map_or_else(|| vec![on], |it| vec![&it.from, &it.to]);
                let is_on = |view: &Id| boxes.iter().all(|it| self.model.place(view, it).is_some());
                if !is_here && let Some(view) = self.views().into_iter().find(is_on) {
                    self.show_view(&view);
                }
                let drawn = self.drawn_of([on.clone()]);
                self.select(drawn.clone());
                self.shown.wishes.push(Wish::Show(drawn));
            }
            Anchor::Point { view, x, y } => {
                self.show_view(view);
                self.shown.wishes.push(Wish::ShowPoint(Pos::new(x, y)));
            }
            Anchor::Nowhere => {}
        }
        if self.shown.modal == Some(Modal::Views) {
            self.shown.modal = None;
        }
    }

    /// Whether there is anywhere to go to.
    pub fn has_place(&self, id: &Id) -> bool {
        self.model.comments().get(id).is_some_and(|it| it.anchor(&self.model) != Anchor::Nowhere)
    }
}

/// Whether an edit changed what is said.
pub(super) fn is_said(happened: &Edit) -> bool {
    happened.of::<Comment>().next().is_some()
}

/// The pins of all that is open, on the view that is shown.
pub(super) fn mark(editor: &Editor, marks: &mut Marks) {
    let mut pins: BTreeMap<Id, u32> = BTreeMap::new();
    for (id, thread) in editor.model.comments().iter().filter(|it| !it.1.resolved) {
        let count = u32::try_from(thread.messages.0.len()).unwrap_or(u32::MAX);
        match thread.anchor(&editor.model) {
            Anchor::Element(on) => {
                let drawn = editor.stand_in(on).unwrap_or_else(|| on.clone());
                let all = pins.entry(drawn).or_default();
                *all = all.saturating_add(count);
            }
            Anchor::Point { view, x, y } if *view == editor.view => {
                marks.points.insert(id.clone(), Pin { at: Pos::new(x, y), count });
            }
            Anchor::Point { .. } | Anchor::Nowhere => {}
        }
    }
    marks.pins = pins;
}

fn say(thread: &mut Comment, message: Message, ids: &mut Ids) {
    let id = thread.messages.next(ids);
    thread.messages.0.insert(id, message);
}

fn open_again(thread: &mut Comment) {
    thread.resolved = false;
    thread.resolved_by.clear();
    thread.resolved_on.clear();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::editor::{NewView, Surroundings};
    use crate::formats::{self, text};

    const SKETCH: &str =
        "user -> web: https; boundary tier: subnet-tier { web: web-server; db: sql-database }
        web -> db: postgres";

    fn editor() -> Editor {
        let model = formats::placed(text::read(SKETCH).unwrap());
        let mut editor = Editor::with(model, Surroundings::fixed());
        editor.who = " Ada ".to_owned();
        editor
    }

    fn id(text: &str) -> Id {
        Id::slug(text)
    }

    fn said(editor: &Editor, thread: &Id) -> String {
        let Some(it) = editor.model().comments().get(thread) else { return "gone".to_owned() };
        let lines = it.messages.0.values().map(|it| format!("{} {}: {}", it.author, it.day, it.text));
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_thread_is_written_answered_resolved_and_reopened_each_one_step() {
        let mut editor = editor();
        let findings = editor.report().clone();
        assert_eq!(editor.add_comment(&PinTo::Element(id("web")), "  \n "), None);
        let thread = editor.add_comment(&PinTo::Element(id("web")), " Who patches this? ").unwrap();
        assert_eq!(said(&editor, &thread), "Ada 2026-01-01: Who patches this?");
        assert_eq!((editor.open_threads(), editor.marks().pins.get(&id("web"))), (1, Some(&1)));
        editor.answer_comment(&thread, "We do");
        assert_eq!(editor.marks().pins[&id("web")], 2);
        editor.resolve_comment(&thread, true);
        let it = Arc::clone(&editor.model().comments()[&thread]);
        assert_eq!(
            (it.resolved, it.resolved_by.as_str(), it.resolved_on.as_str()),
            (true, "Ada", "2026-01-01")
        );
        assert!(editor.marks().pins.is_empty() && editor.open_threads() == 0);
        editor.answer_comment(&thread, "Really?");
        assert_eq!(
            (editor.open_threads(), editor.marks().pins[&id("web")]),
            (1, 3),
            "an answer opens it again"
        );
        assert_eq!(*editor.report(), findings, "nothing follows from what is said");
        editor.undo();
        assert_eq!(editor.model().comments()[&thread], it);
        for _ in 0..3 {
            editor.undo();
        }
        assert!(editor.model().comments().is_empty());
    }

    #[test]
    fn only_own_messages_are_changed_and_the_last_takes_its_thread_along() {
        let mut editor = editor();
        let thread = editor.add_comment(&PinTo::Element(id("web")), "one").unwrap();
        editor.who = "Grace".to_owned();
        editor.answer_comment(&thread, "two");
        let messages: Vec<(Id, Message)> =
            editor.model().comments()[&thread].messages.0.clone().into_iter().collect();
        assert_eq!([editor.is_own(&messages[0].1), editor.is_own(&messages[1].1)], [false, true]);
        editor.reword_message(&thread, &messages[1].0, "three");
        editor.reword_message(&thread, &messages[1].0, " ");
        assert!(said(&editor, &thread).ends_with("Grace 2026-01-01: three"));
        editor.delete_message(&thread, &messages[0].0);
        assert_eq!(said(&editor, &thread), "Grace 2026-01-01: three");
        editor.delete_message(&thread, &messages[1].0);
        assert_eq!(said(&editor, &thread), "gone");
        assert_eq!(editor.notice().unwrap().offers, ["edit.undo"]);
        editor.undo();
        assert_eq!(said(&editor, &thread), "Grace 2026-01-01: three");
        editor.who.clear();
        assert!(!editor.is_own(&Message::default()), "nobody is not anybody");
    }

    #[test]
    fn what_is_deleted_leaves_its_thread_at_its_place() {
        let mut editor = editor();
        let thread = editor.add_comment(&PinTo::Element(id("db")), "Backups?").unwrap();
        let stood = editor.layout().rect(&id("db")).unwrap().min;
        editor.delete(&BTreeSet::from([id("db")]));
        let marks = editor.marks();
        assert!(marks.pins.is_empty());
        assert_eq!(marks.points[&thread], Pin { at: stood, count: 1 });
        assert_eq!(editor.model().comments()[&thread].about(editor.model()), "db, which is gone");
        editor.undo();
        assert_eq!(editor.marks().pins.get(&id("db")), Some(&1));
        // Neither does whoever takes back that it was added.
        let added = editor.add_component("web-server", Pos::new(640.0, 480.0));
        let thread = editor.add_comment(&PinTo::Element(added.clone()), "New").unwrap();
        editor.delete(&BTreeSet::from([added]));
        assert!(editor.marks().points.contains_key(&thread));
    }

    #[test]
    fn a_collapsed_boundary_wears_the_pins_of_what_is_in_it() {
        let mut editor = editor();
        let thread = editor.add_comment(&PinTo::Element(id("db")), "one").unwrap();
        editor.add_comment(&PinTo::Element(id("tier")), "two");
        editor.fold(&BTreeSet::from([id("tier")]), true);
        assert_eq!(editor.marks().pins, BTreeMap::from([(id("tier"), 2)]));
        editor.show_thread(&thread);
        editor.go_to_thread(&thread);
        assert_eq!(editor.selected_one(), Some(&id("tier")));
    }

    #[test]
    fn one_goes_to_a_thread_on_whatever_view_it_is() {
        let mut editor = editor();
        let main = editor.view().clone();
        let on_db = editor.add_comment(&PinTo::Element(id("db")), "db").unwrap();
        let on_flow = editor.add_comment(&PinTo::Element(id("web-db")), "flow").unwrap();
        editor.add_view(NewView::Empty);
        let point = editor.add_comment(&PinTo::Point(Pos::new(40.0, 24.0)), "here").unwrap();
        let second = editor.view().clone();
        assert_eq!(editor.marks().points.len(), 1);
        editor.go_to_thread(&on_db);
        assert_eq!((editor.view(), editor.selected_one()), (&main, Some(&id("db"))));
        assert!(editor.marks().points.is_empty(), "it is on its own view alone");
        editor.shown.wishes.clear();
        editor.go_to_thread(&point);
        assert_eq!(editor.view(), &second);
        assert!(editor.shown.wishes.contains(&Wish::ShowPoint(Pos::new(40.0, 24.0))));
        editor.go_to_thread(&on_flow);
        assert_eq!((editor.view(), editor.selected_one()), (&main, Some(&id("web-db"))));
        editor.delete_view(&second);
        assert!(!editor.has_place(&point) && editor.has_place(&on_db));
        assert_eq!(editor.model().comments()[&point].about(editor.model()), "A view that is gone");
    }

    #[test]
    fn the_key_comments_on_what_is_selected_or_asks_where() {
        let mut editor = editor();
        assert!(editor.run("edit.comment"));
        assert_eq!((&editor.shown.tool, &editor.shown.composing), (&Tool::Comment, &None));
        editor.select([id("web")]);
        editor.shown.hides_comments = true;
        assert!(editor.run("edit.comment"));
        assert_eq!(editor.shown.composing, Some(PinTo::Element(id("web"))));
        assert_eq!((editor.shown.tab, &editor.shown.tool), (Tab::Comments, &Tool::Pointer));
        assert!(!editor.shown.hides_comments);
        editor.add_comment(&PinTo::Element(id("web")), "x");
        assert!(!editor.marks().pins.is_empty() && editor.run("view.comments"));
        assert!(editor.marks().pins.is_empty() && editor.marks().points.is_empty());
    }
}
