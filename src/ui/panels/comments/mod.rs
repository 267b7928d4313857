//! The comments: all threads, those that were spoken in last first, to be read, answered and resolved; and the words of a
//! new one.

mod thread;

use std::collections::BTreeMap;

use egui::{Id as UiId, Key, Modifiers, Response, ScrollArea, TextEdit, Ui};

use crate::editor::{Editor, PinTo, Words, command, folded};
use crate::model::{Comment, Id, MAX_AUTHOR, MAX_MESSAGE};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{
    Button, FIELD_MARGIN, TallList, chip, heading, inset, nothing, search_field, wrapped,
};

use thread::Act;

/// A thread that was not seen yet.
const ROW_HEIGHT: f32 = 84.0;

/// The panel of the comments.
#[derive(Debug, Default)]
pub struct Comments {
    typing: Typing,
    search: String,
    shows_resolved: bool,
    list: TallList,
    /// What is listed, and how many are resolved.
    listed: Vec<Id>,
    resolved: usize,
    /// Of which document and edit, which words, and whether with those that are resolved.
    made_of: Option<(u64, u64, String, bool)>,
}

/// What is being typed, until it is sent or given up.
#[derive(Debug, Default)]
struct Typing {
    /// In which document.
    document: u64,
    new: String,
    answers: BTreeMap<Id, String>,
    /// Other words for a message of a thread.
    rewording: Option<(Id, Id, String)>,
}

impl Comments {
    /// Fills its panel.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        editor.shown.hovered = None;
        if self.typing.document != editor.document.number() {
            self.typing = Typing { document: editor.document.number(), ..Typing::default() };
        }
        self.give_way(editor);
        self.bring_up_to_date(editor);
        ui.add_space(size::SPACE_12);
        inset(ui, |ui| self.top_ui(ui, editor));
        ScrollArea::vertical().id_salt("comments").animated(false).auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            self.list_ui(ui, editor);
        });
    }

    /// What somebody came for is shown, whatever would hide it.
    fn give_way(&mut self, editor: &Editor) {
        let Some(id) = editor.shown.thread.as_ref().filter(|_| editor.shown.thread_is_sought) else { return };
        let Some(thread) = editor.model().comments().get(id) else { return };
        self.shows_resolved |= thread.resolved;
        if !holds(editor, thread, &Words::of(&self.search)) {
            self.search.clear();
        }
    }

    fn bring_up_to_date(&mut self, editor: &Editor) {
        let document = (editor.document.number(), editor.document.revision);
        let made_of = Some((document.0, document.1, self.search.clone(), self.shows_resolved));
        if self.made_of == made_of {
            return;
        }
        let words = Words::of(&self.search);
        let threads = editor.model().comments();
        let is_listed = |id: &&Id| {
            let it = threads.get(*id);
            it.is_some_and(|it| (self.shows_resolved || !it.resolved) && holds(editor, it, &words))
        };
        let threads_in_order = editor.model().threads().into_iter().map(|it| it.0);
        self.listed = threads_in_order.filter(is_listed).cloned().collect();
        self.resolved = threads.len() - editor.open_threads();
        self.made_of = made_of;
    }

    fn top_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        if let Some(on) = editor.shown.composing.clone() {
            self.new_ui(ui, editor, &on);
            return;
        }
        let (open, resolved) = (editor.open_threads(), self.resolved);
        if open + resolved == 0 {
            let keys = command("edit.comment").map(|it| editor.keys_of(it)).unwrap_or_default();
            let about = format!(
                "A comment is pinned to what is selected, else to where you click next. It stays in this document. {keys} begins one."
            );
            if nothing(ui, "Nobody has commented yet.", &about, Some("Add a comment")) {
                editor.run("edit.comment");
            }
            return;
        }
        search_field(ui, &mut self.search, "Search comments", "");
        ui.horizontal(|ui| {
            let text = match (open, self.search.trim().is_empty()) {
                (_, false) => format!("{} of {} found", self.listed.len(), self.all(open)),
                (0, _) => "None is open.".to_owned(),
                (1, _) => "1 is open".to_owned(),
                (n, _) => format!("{n} are open, the newest first"),
            };
            wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted);
            if resolved > 0 {
                let label = format!("Resolved: {resolved}");
                if chip(ui, &label, Some(Ink::Settled), self.shows_resolved).clicked() {
                    self.shows_resolved = !self.shows_resolved;
                }
            }
        });
    }

    fn all(&self, open: usize) -> usize {
        if self.shows_resolved { open + self.resolved } else { open }
    }

    /// The words of a new thread.
    fn new_ui(&mut self, ui: &mut Ui, editor: &mut Editor, on: &PinTo) {
        heading(ui, &format!("New comment: {}", editor.composes_about(on)));
        let words =
            words_ui(ui, "New comment", "What should others know or answer?", &mut self.typing.new, 3);
        let name = name_ui(ui, UiId::unique("author of a new comment"), editor);
        if std::mem::take(&mut editor.shown.words_are_called) {
            words.request_focus();
        }
        let is_complete = is_complete(editor, &self.typing.new);
        let is_entered = (words.has_focus() || name.has_focus()) && is_sent(ui);
        // Whoever is done too early is led to what is missing.
        if is_entered && !is_complete {
            if self.typing.new.trim().is_empty() { words.request_focus() } else { name.request_focus() }
        }
        let mut is_done = false;
        ui.horizontal(|ui| {
            let button = Button::new("Comment").primary().enabled(is_complete);
            let button = ui.add(button).on_hover_text("It needs words and a name. Ctrl+Enter sends it.");
            if (button.clicked() || is_entered) && is_complete {
                editor.add_comment(on, &self.typing.new);
                is_done = true;
            }
            if ui.add(Button::new("Cancel").quiet()).clicked() {
                editor.shown.composing = None;
                is_done = true;
            }
        });
        if is_done {
            self.typing.new.clear();
            editor.shown.wishes.push(crate::editor::Wish::Focus);
        }
    }

    fn list_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let ids: Vec<UiId> = self.listed.iter().map(row_id).collect();
        if std::mem::take(&mut editor.shown.list_is_called) {
            self.list.call(ui, &ids, editor.shown.thread.as_ref().map(row_id));
        }
        if std::mem::take(&mut editor.shown.thread_is_sought)
            && let Some(id) = &editor.shown.thread
        {
            self.list.go_to(ui, row_id(id));
        }
        let (listed, typing) = (&self.listed, &mut self.typing);
        let mut acts: Vec<(Id, Act)> = Vec::new();
        self.list.show(
            ui,
            &ids,
            |_| ROW_HEIGHT,
            |ui, n| {
                let Some(id) = listed.get(n) else { return };
                let is_open = editor.shown.thread.as_ref() == Some(id);
                acts.extend(thread::ui(ui, editor, (id, is_open), typing).map(|it| (id.clone(), it)));
            },
        );
        for (id, act) in acts {
            self.act(editor, &id, act);
        }
    }

    fn act(&mut self, editor: &mut Editor, id: &Id, act: Act) {
        match act {
            Act::Turn if editor.shown.thread.as_ref() == Some(id) => editor.shown.thread = None,
            Act::Turn => {
                editor.shown.thread = Some(id.clone());
                editor.go_to_thread(id);
            }
            Act::GoThere => editor.go_to_thread(id),
            Act::Resolve(is_resolved) => editor.resolve_comment(id, is_resolved),
            Act::Delete => editor.delete_comment(id),
            Act::DeleteMessage(message) => editor.delete_message(id, &message),
            Act::Answer => {
                if let Some(text) = self.typing.answers.remove(id) {
                    editor.answer_comment(id, &text);
                }
            }
            Act::Reword => {
                if let Some((id, message, text)) = self.typing.rewording.take() {
                    editor.reword_message(&id, &message, &text);
                }
            }
        }
    }
}

/// The id of the row of a thread.
fn row_id(id: &Id) -> UiId {
    UiId::unique(("thread", id.as_str()))
}

/// Whether a thread holds words: in what was said, by whom, about what.
fn holds(editor: &Editor, thread: &Comment, words: &Words) -> bool {
    if words.is_empty() {
        return true;
    }
    let mut all = thread.about(editor.model());
    for it in thread.messages.0.values() {
        all.extend(["\n", &it.author, "\n", &it.text, "\n", &it.day]);
    }
    words.are_in(&folded(&all))
}

/// Who writes here; it is asked for once, and kept.
fn name_ui(ui: &mut Ui, id: UiId, editor: &mut Editor) -> Response {
    let edit = TextEdit::singleline(&mut editor.who).id(id).hint_text("Your name").char_limit(MAX_AUTHOR);
    named(ui, edit.desired_width(f32::INFINITY), "Your name")
}

/// A field for what is said.
fn words_ui(ui: &mut Ui, name: &str, hint: &str, text: &mut String, rows: usize) -> Response {
    let edit = TextEdit::multiline(text).hint_text(hint).char_limit(MAX_MESSAGE);
    named(ui, edit.desired_rows(rows).desired_width(f32::INFINITY), name)
}

fn named(ui: &mut Ui, edit: TextEdit<'_>, name: &str) -> Response {
    let response = ui.add(edit.margin(FIELD_MARGIN));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name));
    response
}

fn is_complete(editor: &Editor, text: &str) -> bool {
    !text.trim().is_empty() && !editor.who.trim().is_empty()
}

/// Whether the key was pressed that sends what is typed; Enter alone begins another line.
fn is_sent(ui: &Ui) -> bool {
    ui.input_mut(|it| it.consume_key(Modifiers::COMMAND, Key::Enter))
}
