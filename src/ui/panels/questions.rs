//! The questions: what nobody has said yet and what matters, most at stake first, answered one after another.

use egui::{Align, Id, Layout, ScrollArea, Ui};

use super::searching::{self, Searching};
use super::{looking_ui, question_id, question_ui};
use crate::editor::Editor;
use crate::rules::Question;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{FOLD_HEIGHT, TallList, fold, inset, nothing, wrapped};

/// A row that was not seen yet.
const ROW_HEIGHT: f32 = 104.0;

/// The panel of the questions.
#[derive(Debug, Default)]
pub struct Questions {
    list: TallList,
    /// Those that were put off are shown.
    is_unfolded: bool,
    /// Where one was just answered, and which has the focus since.
    answered: Option<(usize, Id)>,
    /// The key whose evidence was shown at the last frame.
    chosen: Option<String>,
    searching: Searching,
    listed: Listed,
}

/// The questions that are listed: to read thousands of them at each frame would take long.
#[derive(Debug, Default)]
struct Listed {
    /// Of which results, which edit and which words.
    made_of: Option<(u64, u64, String)>,
    /// The keys of what is open and of what was put off, in order, if they hold the words that are searched for.
    keys: [Vec<String>; 2],
    counts: Counts,
}

impl Listed {
    fn bring_up_to_date(&mut self, editor: &Editor) {
        let made_of = (editor.results(), editor.document.revision, editor.shown.search.clone());
        if self.made_of.as_ref() == Some(&made_of) {
            return;
        }
        let all: [Vec<&Question>; 2] =
            [editor.listed_questions().collect(), editor.questions_put_off().collect()];
        let [open, put_off] = [&all[0], &all[1]].map(Vec::len);
        self.keys = all.map(|all| {
            let found = all.into_iter().filter(|it| searching::is_asked(editor, it));
            found.map(|it| it.key.clone()).collect()
        });
        let is_searched = !editor.shown.search.trim().is_empty();
        let found = is_searched.then(|| self.keys.iter().map(Vec::len).sum());
        self.counts = Counts { open, put_off, found };
        self.made_of = Some(made_of);
    }

    fn holds(&self, key: &String) -> bool {
        self.keys.iter().any(|it| it.contains(key))
    }
}

/// How many questions there are.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    open: usize,
    put_off: usize,
    /// How many of either hold the words that are searched for, if there are any words.
    found: Option<usize>,
}

/// A row of the list. What was put off stands in the same one, so that the arrow keys lead there too.
#[derive(Debug, PartialEq, Eq)]
enum Row {
    Question(String),
    /// The head of those that were put off, which folds.
    Head,
}

impl Row {
    fn id(&self) -> Id {
        match self {
            Self::Question(key) => question_id(key),
            Self::Head => Id::unique("questions put off"),
        }
    }

    /// About how high it is, while nobody has seen it.
    fn usual_height(&self) -> f32 {
        match self {
            Self::Question(_) => ROW_HEIGHT,
            Self::Head => FOLD_HEIGHT,
        }
    }
}

impl Questions {
    /// Fills its panel.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        editor.shown.hovered = None;
        self.give_way(editor);
        self.listed.bring_up_to_date(editor);
        let [keys, put_off] = self.listed.keys.clone();
        let counts = self.listed.counts;
        let is_searched = counts.found.is_some();
        self.searching.heed(editor);
        ui.add_space(size::SPACE_12);
        inset(ui, |ui| self.top_ui(ui, editor, counts));
        ScrollArea::vertical().id_salt("questions").animated(false).auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            self.seek(ui, editor, &put_off);
            self.go_on(ui, editor, &keys);
            let count = put_off.len();
            let mut rows: Vec<Row> = keys.into_iter().map(Row::Question).collect();
            if count > 0 {
                rows.push(Row::Head);
            }
            // What somebody searches for is not kept folded.
            if self.is_unfolded || is_searched {
                rows.extend(put_off.into_iter().map(Row::Question));
            }
            if std::mem::take(&mut editor.shown.list_is_called) {
                let ids: Vec<Id> = rows.iter().map(Row::id).collect();
                self.list.call(ui, &ids, editor.shown.chosen.as_deref().map(question_id));
            }
            self.list_ui(ui, editor, &rows, count);
        });
    }

    /// What somebody came for is shown, whatever words would hide it.
    fn give_way(&mut self, editor: &mut Editor) {
        let Some(key) = editor.shown.sought.clone().filter(|_| !editor.shown.search.is_empty()) else {
            return;
        };
        self.listed.bring_up_to_date(editor);
        if !self.listed.holds(&key) {
            editor.shown.search.clear();
        }
    }

    /// How many there are, and the search.
    fn top_ui(&mut self, ui: &mut Ui, editor: &mut Editor, counts: Counts) {
        ui.horizontal(|ui| {
            let room = ui.available_width() - size::CONTROL_HEIGHT - size::SPACE_6;
            let (room, down) = (egui::vec2(room, size::CONTROL_HEIGHT), Layout::top_down(Align::Min));
            ui.allocate_ui_with_layout(room, down, |ui| {
                ui.add_space(size::SPACE_4);
                head_ui(ui, editor, counts);
            });
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                self.searching.button_ui(ui, editor, "Search questions");
            });
        });
        self.searching.field_ui(ui, editor, "Search questions by words");
    }

    /// Brings what somebody came for into sight, and gives it the focus; what was opened here stays in sight.
    fn seek(&mut self, ui: &Ui, editor: &mut Editor, put_off: &[String]) {
        if self.chosen != editor.shown.chosen {
            self.chosen.clone_from(&editor.shown.chosen);
            if let Some(key) = &self.chosen {
                self.list.reveal(question_id(key));
            }
        }
        let Some(key) = editor.shown.sought.take() else { return };
        self.is_unfolded |= put_off.contains(&key);
        let id = question_id(&key);
        self.list.go_to(ui, id);
    }

    /// An answer may weigh others anew: once the results are there, what stands in the answered one's place is next,
    /// and not what has sunk from there out of sight.
    fn go_on(&mut self, ui: &Ui, editor: &Editor, keys: &[String]) {
        let Some((n, id)) = self.answered.filter(|_| !editor.is_behind()) else { return };
        self.answered = None;
        let is_elsewhere = ui.memory(|it| it.focused()).is_some_and(|it| it != id);
        if let Some(next) = keys.get(n).or_else(|| keys.last()).filter(|_| !is_elsewhere) {
            let next = question_id(next);
            self.list.call(ui, &[next], None);
        }
    }

    /// The list; when a question is answered, the next has the focus.
    fn list_ui(&mut self, ui: &mut Ui, editor: &mut Editor, rows: &[Row], put_off: usize) {
        let ids: Vec<Id> = rows.iter().map(Row::id).collect();
        let height = |n: usize| rows.get(n).map_or(ROW_HEIGHT, Row::usual_height);
        let (mut done, mut turned) = (None, false);
        let is_unfolded = self.is_unfolded || !editor.shown.search.trim().is_empty();
        self.list.show(ui, &ids, height, |ui, n| match rows.get(n) {
            Some(Row::Question(key)) => done = question_ui(ui, editor, key).then_some(n).or(done),
            Some(Row::Head) => {
                turned |= fold(ui, Row::Head.id(), "Put off", &put_off.to_string(), is_unfolded).clicked();
            }
            None => {}
        });
        if turned {
            self.is_unfolded = !self.is_unfolded;
        }
        let Some(done) = done else { return };
        // What was next, if the answer did not settle it too, and of the same kind as long as there is one.
        let head = rows.iter().position(|it| *it == Row::Head).unwrap_or(rows.len());
        let was_open = done < head;
        let others = || rows.iter().skip(done + 1).chain(rows.iter().take(done).rev());
        let is_left = |row: &&Row, is_open: bool| {
            let Row::Question(key) = row else { return false };
            editor.report().question(key).is_some_and(|it| editor.is_put_off(it) != is_open)
        };
        let same = others().find(|it| is_left(it, was_open));
        let is_any_put_off = {
            let mut questions = editor.report().questions.iter();
            questions.any(|it| editor.is_put_off(it) && searching::is_asked(editor, it))
        };
        let next = same.map(Row::id).or_else(|| is_any_put_off.then(|| Row::Head.id()));
        let Some(id) = next.or_else(|| others().find(|it| is_left(it, true)).map(Row::id)) else { return };
        self.list.go_to(ui, id);
        if was_open {
            self.answered = Some((done, id));
        }
    }
}

fn head_ui(ui: &mut Ui, editor: &mut Editor, counts: Counts) {
    let (count, put_off) = (counts.open, counts.put_off);
    if editor.is_blank() {
        looking_ui(ui, editor);
        return;
    }
    if count + put_off == 0 && editor.model().components().is_empty() {
        let why = "Questions come up as you draw: what nobody has said yet and what matters.";
        if nothing(ui, "Nothing is drawn yet.", why, Some("Open a sample…")) {
            editor.run("file.gallery");
        }
        return;
    }
    let behind = match (editor.is_behind(), editor.has_failed()) {
        (false, _) => "",
        (true, false) => " · working…",
        (true, true) => " · out of date",
    };
    let waits = if put_off == 0 { String::new() } else { format!(" · {put_off} put off") };
    let text = match (count, put_off) {
        (0, 0) => "No question is open: what matters here was said.".to_owned(),
        (0, 1) => "1 question was put off, and no other is open.".to_owned(),
        (0, n) => format!("{n} questions were put off, and no other is open."),
        (1, _) => format!("1 question{waits}{behind}"),
        (n, _) => format!("{n} questions, most at stake first{waits}{behind}"),
    };
    let text = match counts.found.filter(|_| count + put_off > 0) {
        None => text,
        Some(0) => format!("No question holds these words{behind}"),
        Some(n) => format!("{n} of {} questions hold these words{behind}", count + put_off),
    };
    wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted);
    if count + put_off > 0 && counts.found != Some(0) {
        let help = "Answer by click or number key; 0 leads to its note.";
        wrapped(ui, help, Face::Sans, size::TYPE_11, Ink::Muted);
    }
}
