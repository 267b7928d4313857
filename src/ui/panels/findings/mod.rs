//! The findings: what is wrong, the worst first, each with its evidence, its fixes and its verdict.

mod alike;
mod filter;
mod listing;
mod path;
mod row;

use std::collections::BTreeSet;

use egui::{EventFilter, Key, Modifiers, Response, ScrollArea, Ui, UiBuilder};

use super::{looking_ui, question_ui, searching};
use crate::editor::{Editor, Modal, Tab};
use crate::model::{Id, Severity, Verdict};
use crate::rules::{RuleId, key_in_words};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, TallList, fold, inset, label, nothing, wrapped};

use alike::HIDES_CHOSEN;
use filter::{Filter, Fold};
use listing::{Folds, Listed, Passed, ROW_HEIGHT, What, row_id, rows};
use row::Act;

/// How many questions stand below the findings.
const ASKED: usize = 3;
/// How many of those that are searched for do.
const FOUND: usize = 10;

/// The panel of the findings.
#[derive(Debug, Default)]
pub struct Findings {
    filter: Filter,
    list: TallList,
    /// What is listed, and of which results and filters it was made.
    listed: Vec<Listed>,
    counts: Counts,
    /// The keys of the questions that hold the words that are searched for.
    asked: Vec<String>,
    orphans: Vec<Orphan>,
    made_of: Option<(u64, u64, Filter, String, bool)>,
    /// What was selected then, if that counts.
    selected: BTreeSet<Id>,
    folds: Folds,
    /// The key whose evidence was shown at the last frame.
    chosen: Option<String>,
}

/// A verdict whose finding is gone, in words.
#[derive(Debug)]
struct Orphan {
    key: String,
    what: String,
    told: String,
}

/// How many findings there are, filters apart.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    open: [usize; Severity::ALL.len()],
    settled: usize,
}

impl Findings {
    /// Fills its panel.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        editor.shown.hovered = None;
        if std::mem::take(&mut editor.shown.narrows_to_selection) {
            self.filter = self.filter.of_selection();
        }
        self.bring_up_to_date(editor);
        ui.add_space(size::SPACE_12);
        inset(ui, |ui| filter::ui(ui, editor, &mut self.filter, &self.counts));
        if let Some(all) = self.filter.fold.take() {
            self.fold_all(all);
        }
        self.seek(ui, editor);
        ScrollArea::vertical().id_salt("findings").animated(false).auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if self.listed.is_empty() {
                inset(ui, |ui| self.nothing_ui(ui, editor));
            } else {
                self.list_ui(ui, editor);
            }
            ask_ui(ui, editor, &self.asked);
            orphans_ui(ui, editor, &self.orphans);
        });
    }

    /// What is listed, made anew when the results, the verdicts or the filters are others.
    fn bring_up_to_date(&mut self, editor: &Editor) {
        let shown = &editor.shown;
        let made_of = (
            editor.results(),
            editor.document.revision,
            self.filter.clone(),
            shown.search.clone(),
            shown.show_settled,
        );
        let is_same_selection = !self.filter.only_selected || self.selected == *editor.selection();
        if self.made_of.as_ref() == Some(&made_of) && is_same_selection {
            return;
        }
        self.counts = Counts::default();
        let mut passed = Vec::new();
        for (at, it) in editor.listed_findings() {
            let is_open = it.state.is_open();
            match Severity::ALL.iter().position(|level| *level == it.finding.severity) {
                Some(n) if is_open => self.counts.open[n] += 1,
                _ => self.counts.settled += usize::from(!is_open),
            }
            let is_wanted = is_open || shown.show_settled || self.filter.wants_settled();
            if is_wanted && self.filter.passes(editor, it.finding, it.state) {
                passed.push(Passed { at, state: it.state, fixes: None });
            }
        }
        let asked = editor.listed_questions().filter(|it| searching::is_asked(editor, it));
        self.asked = asked.map(|it| it.key.clone()).collect();
        self.orphans = orphans(editor);
        let is_searching = !shown.search.trim().is_empty();
        if self.folds.is_searching != is_searching {
            self.folds =
                Folds { is_searching, heads: std::mem::take(&mut self.folds.heads), ..Folds::default() };
        }
        self.listed = rows(editor, &self.filter, passed, &self.folds);
        self.made_of = Some(made_of);
        self.selected.clear();
        if self.filter.only_selected {
            self.selected.clone_from(editor.selection());
        }
    }

    /// Folds all groups that are listed, or none.
    fn fold_all(&mut self, how: Fold) {
        let folds = &mut self.folds;
        folds.heads.clear();
        folds.turned.clear();
        folds.shut.clear();
        for it in &self.listed {
            match &it.what {
                What::Head { text, .. } if how == Fold::All => drop(folds.heads.insert(text.clone())),
                What::Alike(it) => {
                    if folds.is_folded(&it.rule) != (how == Fold::All) {
                        folds.turn(&it.rule);
                    }
                    if how == Fold::All {
                        folds.shut.insert(it.rule.clone());
                    }
                }
                _ => {}
            }
        }
        self.made_of = None;
    }

    /// Unfolds the group of a finding that is shown from elsewhere.
    fn unfold(&mut self, editor: &Editor, key: &str) {
        let Some(finding) = editor.report().finding(key) else { return };
        let is_joined = |it: &Listed| matches!(&it.what, What::Alike(it) if it.rule == finding.rule);
        let is_turned = self.folds.is_folded(&finding.rule) && self.listed.iter().any(is_joined);
        if is_turned {
            self.folds.turn(&finding.rule);
        }
        if self.folds.heads.remove(&self.filter.group.head(editor, finding).1) || is_turned {
            self.made_of = None;
            self.bring_up_to_date(editor);
        }
    }

    /// Brings what somebody came for into sight, and gives it the focus; a filter that hides it gives way.
    fn seek(&mut self, ui: &Ui, editor: &mut Editor) {
        let Some(key) = editor.shown.sought.take() else { return };
        let Some(at) = editor.report().findings.iter().position(|it| it.key == key) else {
            // What was just written is not found yet: it is gone to once it is.
            editor.shown.sought = Some(key).filter(|_| editor.is_behind());
            return;
        };
        self.unfold(editor, &key);
        let is_listed = |it: &Listed| matches!(&it.what, What::Finding { passed, .. } if passed.at == at);
        if !self.listed.iter().any(is_listed) {
            let is_settled = editor.findings().any(|it| it.finding.key == key && !it.state.is_open());
            editor.shown.show_settled |= is_settled;
            self.bring_up_to_date(editor);
        }
        if !self.listed.iter().any(is_listed) {
            self.filter = self.filter.cleared();
            editor.shown.search.clear();
            self.bring_up_to_date(editor);
        }
        self.unfold(editor, &key);
        let id = row_id(&key);
        self.chosen = Some(key);
        self.list.go_to(ui, id);
    }

    fn list_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        if self.chosen != editor.shown.chosen {
            self.chosen.clone_from(&editor.shown.chosen);
            if let Some(key) = &editor.shown.chosen {
                self.list.reveal(row_id(key));
                self.unfold(editor, key);
            }
        }
        let is_called = std::mem::take(&mut editor.shown.list_is_called);
        let ids: Vec<egui::Id> = self.listed.iter().map(|it| it.id).collect();
        let findings = &editor.report().findings;
        let chosen = editor.shown.chosen.as_ref();
        let chosen_at = chosen.and_then(|key| findings.iter().position(|it| it.key == *key));
        if is_called {
            let hiding = self.listed.iter().find(|it| it.hides(chosen_at)).map(|it| it.id);
            self.list.call(ui, &ids, hiding.or_else(|| chosen.map(|it| row_id(it))));
        }
        let heights: Vec<f32> = self.listed.iter().map(Listed::usual_height).collect();
        let height = |n: usize| heights.get(n).copied().unwrap_or(ROW_HEIGHT);
        let (listed, mut act) = (&mut self.listed, None);
        let difference = told(editor);
        let (mut hovered, mut turned) = (None, None);
        self.list.show(ui, &ids, height, |ui, n| {
            let Some(it) = listed.get_mut(n) else { return };
            let hides_chosen = it.hides(chosen_at);
            let Listed { id, what } = it;
            let it = match what {
                What::Head { text, count, is_folded, .. } => {
                    let note = if hides_chosen { HIDES_CHOSEN } else { "" };
                    let head = fold(ui, *id, &format!("{text} ({count})"), note, !*is_folded);
                    if hides_chosen {
                        ui.ctx().accesskit_node_builder(head.id, |node| node.set_description(note));
                    }
                    if is_turned(ui, &head, *is_folded) {
                        turned = Some(Turned::Head(text.clone()));
                    }
                    return;
                }
                What::Alike(it) => {
                    let head = alike::ui(ui, *id, it, hides_chosen);
                    if is_turned(ui, &head, it.is_folded) {
                        turned = Some(Turned::Alike { rule: it.rule.clone(), was_folded: it.is_folded });
                    }
                    return;
                }
                What::Finding { passed, is_within } => (passed, *is_within),
            };
            let (it, is_within) = it;
            let Some(finding) = editor.report().findings.get(it.at) else { return };
            let fixes = it
                .fixes
                .get_or_insert_with(|| editor.fixes(finding).into_iter().map(|it| it.label).collect());
            let is_chosen = editor.shown.chosen.as_ref() == Some(&finding.key);
            let difference = difference.as_ref().filter(|it| it.0 == finding.key);
            let difference = difference.map(|(_, number, told)| (*number, told.as_str()));
            let shown = row::Shown { finding, state: it.state, fixes, difference, is_chosen, id: *id };
            let (is_hovered, done) = if is_within {
                within(ui, |ui| row::ui(ui, editor, &shown))
            } else {
                row::ui(ui, editor, &shown)
            };
            if is_hovered {
                hovered = Some(finding.key.clone());
            }
            if let Some(done) = done {
                act = Some((finding.key.clone(), done));
            }
        });
        self.keep_arrows(ui);
        if let Some(turned) = turned {
            self.turn(editor, turned);
        }
        editor.shown.hovered = hovered;
        match act {
            Some((key, Act::Look(number))) => {
                // The evidence of the finding stays lit beside it.
                let before = told(editor);
                editor.preview_fix(&key, number);
                if told(editor) != before {
                    // It is told beside the fix, which is laid out by now.
                    ui.request_repaint();
                }
                editor.shown.hovered = Some(key);
            }
            Some((key, act)) => {
                editor.end_preview();
                self.do_it(editor, &key, act);
            }
            None => editor.end_preview(),
        }
    }

    fn turn(&mut self, editor: &mut Editor, turned: Turned) {
        self.made_of = None;
        match turned {
            Turned::Head(head) => {
                if !self.folds.heads.remove(&head) {
                    self.folds.heads.insert(head);
                }
            }
            Turned::Alike { rule, was_folded } => {
                // It may be open for the chosen one in it alone.
                if self.folds.is_folded(&rule) == was_folded {
                    self.folds.turn(&rule);
                }
                // What is folded away is not looked at any more.
                let chosen = editor.shown.chosen.as_ref().and_then(|it| editor.report().finding(it));
                if self.folds.is_folded(&rule) && chosen.is_some_and(|it| it.rule == rule) {
                    editor.shown.chosen = None;
                }
            }
        }
    }

    /// Left and right fold and unfold a head that has the focus, and do not lead away from it.
    fn keep_arrows(&self, ui: &Ui) {
        let is_head = |it: &&Listed| matches!(it.what, What::Head { .. } | What::Alike(_));
        let focused = ui.memory(|it| it.focused());
        if let Some(head) = self.listed.iter().filter(is_head).find(|it| Some(it.id) == focused) {
            let arrows =
                EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|it| it.set_focus_lock_filter(head.id, arrows));
        }
    }

    fn do_it(&mut self, editor: &mut Editor, key: &str, act: Act) {
        match act {
            Act::Choose => {
                editor.choose(key);
                // It opens downwards, perhaps out of sight.
                self.chosen.clone_from(&editor.shown.chosen);
                self.list.reveal(row_id(key));
            }
            Act::Fix(number) => editor.apply_fix(key, number),
            Act::Look(number) => editor.preview_fix(key, number),
            Act::Judge => editor.shown.modal = Some(Modal::Verdict(key.to_owned())),
            Act::Reopen => editor.reopen(key),
            Act::Edit => {
                let threat = editor.report().finding(key).and_then(|it| editor.threat_of(it));
                editor.shown.modal = threat.map(|it| Modal::Threat(Some(it)));
            }
            Act::Select => editor.select_subjects(key),
            Act::Levels => editor.shown.modal = Some(Modal::Levels),
            Act::Manual => {
                let rule = editor.report().finding(key).map(|it| it.rule.clone());
                rule.iter().for_each(|it| editor.show_manual(it));
            }
        }
    }

    /// Why the list is empty, and what to do.
    fn nothing_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        if editor.is_blank() {
            looking_ui(ui, editor);
            return;
        }
        let open: usize = self.counts.open.iter().sum();
        let questions = editor.questions().count();
        let is_selected = !self.filter.only_selected || !editor.selection().is_empty();
        if open > 0 || editor.shown.show_settled && self.counts.settled > 0 {
            let (what, why) = if is_selected {
                ("No finding passes the filter.", "")
            } else {
                ("Nothing is selected.", "Click something in the drawing to see what is found about it.")
            };
            if nothing(ui, what, why, Some("Show all")) {
                self.filter = Filter::default();
                editor.shown.search.clear();
            }
        } else if editor.model().components().is_empty() {
            let why = "Drag a component from the left onto the drawing, or open a sample.";
            if nothing(ui, "Nothing is drawn yet.", why, Some("Open a sample…")) {
                editor.run("file.gallery");
            }
        } else {
            let why = match questions {
                0 => "Nothing is left to ask either.".to_owned(),
                _ if self.asked.is_empty() => "No question holds these words.".to_owned(),
                1 => "1 question is open.".to_owned(),
                n => format!("{n} questions are open."),
            };
            nothing(ui, "No findings.", &why, None);
        }
    }
}

/// A group that is to fold or unfold.
enum Turned {
    Head(String),
    Alike { rule: RuleId, was_folded: bool },
}

/// Whether a head is asked to fold or unfold: by a click, or by the arrow that leads there.
fn is_turned(ui: &Ui, head: &Response, is_folded: bool) -> bool {
    let arrow = if is_folded { Key::ArrowRight } else { Key::ArrowLeft };
    head.clicked() || head.has_focus() && ui.input_mut(|it| it.consume_key(Modifiers::NONE, arrow))
}

/// Shows a row below the one of those that are alike.
fn within<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap().with_min_x(ui.cursor().min.x + size::SPACE_14);
    ui.scope_builder(UiBuilder::new().max_rect(room), add).inner
}

/// The fix that is looked at, by its finding and number, and what it would do to the lists.
fn told(editor: &Editor) -> Option<(String, usize, String)> {
    let preview = editor.preview()?;
    let (key, number) = preview.of();
    Some((key.to_owned(), number, preview.difference?.told()))
}

/// Verdicts whose finding is gone, of which somebody searches for something.
fn orphans(editor: &Editor) -> Vec<Orphan> {
    let in_words = |(key, verdict): (&str, &Verdict)| Orphan {
        key: key.to_owned(),
        what: key_in_words(editor.model(), key),
        told: row::told(verdict),
    };
    let is_wanted = |it: &Orphan| searching::is_searched_for(editor, || format!("{} {}", it.what, it.told));
    editor.orphans().into_iter().map(in_words).filter(is_wanted).collect()
}

/// Verdicts whose finding is gone, below all else: it may come back, and so may they.
fn orphans_ui(ui: &mut Ui, editor: &mut Editor, orphans: &[Orphan]) {
    if orphans.is_empty() {
        return;
    }
    ui.add_space(size::SPACE_14);
    inset(ui, |ui| {
        label(ui, "Verdicts whose finding is gone", Face::SansSemibold, size::TYPE_11, Ink::Muted);
        for Orphan { key, what, told } in orphans {
            ui.add_space(size::SPACE_6);
            wrapped(ui, what, Face::SansMedium, size::TYPE_12, Ink::Text);
            wrapped(ui, told, Face::Sans, size::TYPE_12, Ink::Muted);
            if ui.add(Button::new("Remove").quiet().in_row()).clicked() {
                editor.drop_verdict(key);
            }
        }
        ui.add_space(size::SPACE_14);
    });
}

/// The weightiest questions, below the findings; of those that are searched for, more.
fn ask_ui(ui: &mut Ui, editor: &mut Editor, asked: &[String]) {
    let count = asked.len();
    if count == 0 {
        return;
    }
    ui.add_space(size::SPACE_14);
    inset(ui, |ui| {
        let top = ui.cursor().min;
        label(ui, "Ask the architect", Face::SansSemibold, size::TYPE_11, Ink::Muted);
        let font = crate::ui::theme::font(Face::Sans, size::TYPE_11);
        let at = egui::pos2(ui.max_rect().right(), top.y);
        let colour = crate::ui::theme::colour(ui.ctx(), Ink::Muted);
        ui.painter().text(at, egui::Align2::RIGHT_TOP, "most at stake first", font, colour);
    });
    let is_searched = !editor.shown.search.trim().is_empty();
    let most = if is_searched { FOUND } else { ASKED };
    for key in asked.iter().take(most) {
        question_ui(ui, editor, key);
    }
    if count <= most {
        return;
    }
    ui.add_space(size::SPACE_8);
    inset(ui, |ui| {
        let which = if is_searched { " that hold these words" } else { "" };
        if ui.add(Button::new(&format!("All {count} questions{which}")).quiet().in_row()).clicked() {
            editor.shown.tab = Tab::Questions;
        }
    });
}
