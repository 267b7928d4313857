//! The findings: what is wrong, the worst first, each with its evidence, its fixes and its verdict.

mod filter;
mod path;
mod row;

use std::collections::BTreeMap;

use egui::{Id, ScrollArea, Ui};

use super::question_ui;
use crate::editor::{Editor, FindingState, Modal, Tab};
use crate::model::Severity;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, TallList, heading, inset, label, wrapped};

use filter::{Filter, Group, Order};
use row::Act;

/// How many questions stand below the findings.
const ASKED: usize = 3;
/// A row that was not seen yet.
const ROW_HEIGHT: f32 = 108.0;

/// The panel of the findings.
#[derive(Debug, Default)]
pub struct Findings {
    filter: Filter,
    list: TallList,
    /// What is listed, and of which results and filters it was made.
    listed: Vec<Listed>,
    counts: Counts,
    made_of: Option<(u64, u64, Filter, String, bool, usize)>,
    /// The key whose evidence was shown at the last frame.
    chosen: Option<String>,
}

/// A finding that passes the filters, by its place in the report.
#[derive(Debug, Clone)]
struct Listed {
    at: usize,
    id: Id,
    state: FindingState,
    /// What its fixes are called, once they were asked for.
    fixes: Option<Vec<String>>,
    /// The head of the group that it begins.
    head: Option<String>,
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
        self.bring_up_to_date(editor);
        ui.add_space(size::SPACE_8);
        inset(ui, |ui| filter::ui(ui, editor, &mut self.filter, &self.counts));
        ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if self.listed.is_empty() {
                inset(ui, |ui| self.nothing_ui(ui, editor));
            } else {
                self.list_ui(ui, editor);
            }
            ask_ui(ui, editor);
            orphans_ui(ui, editor);
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
            if self.filter.only_selected { editor.selection().len() } else { 0 },
        );
        if self.made_of.as_ref() == Some(&made_of) && !self.filter.only_selected {
            return;
        }
        self.counts = Counts::default();
        self.listed.clear();
        for (at, it) in editor.findings().enumerate() {
            let is_open = it.state.is_open();
            match Severity::ALL.iter().position(|level| *level == it.finding.severity) {
                Some(n) if is_open => self.counts.open[n] += 1,
                _ => self.counts.settled += usize::from(!is_open),
            }
            let is_wanted = is_open || shown.show_settled || self.filter.wants_settled();
            if is_wanted && self.filter.passes(editor, it.finding, it.state) {
                let id = row_id(&it.finding.key);
                self.listed.push(Listed { at, id, state: it.state, fixes: None, head: None });
            }
        }
        self.sort(editor);
        self.made_of = Some(made_of);
    }

    /// Puts what is listed in order, and heads over groups. The report has the worst first.
    fn sort(&mut self, editor: &Editor) {
        let findings = &editor.report().findings;
        let (group, order) = (self.filter.group, self.filter.order);
        if (group, order) == (Group::Nothing, Order::Worst) {
            return;
        }
        let head = |it: &Listed| findings.get(it.at).map(|it| group.head(editor, it)).unwrap_or_default();
        let words = |it: &Listed| {
            let finding = findings.get(it.at);
            finding.map_or("", |it| match order {
                Order::Worst => "",
                Order::Words => &it.message,
                Order::Place => &it.place,
            })
        };
        self.listed.sort_by_cached_key(|it| (head(it), words(it).to_lowercase(), it.at));
        if group == Group::Nothing {
            return;
        }
        let heads: Vec<(u8, String)> = self.listed.iter().map(head).collect();
        let mut counts: BTreeMap<&(u8, String), usize> = BTreeMap::new();
        for it in &heads {
            *counts.entry(it).or_default() += 1;
        }
        for (n, it) in self.listed.iter_mut().enumerate() {
            let is_first = n == 0 || heads.get(n - 1) != heads.get(n);
            let count = heads.get(n).and_then(|it| counts.get(it)).copied().unwrap_or_default();
            it.head = heads.get(n).filter(|_| is_first).map(|it| format!("{} ({count})", it.1));
        }
    }

    fn list_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let ids: Vec<Id> = self.listed.iter().map(|it| it.id).collect();
        if self.chosen != editor.shown.chosen {
            self.chosen.clone_from(&editor.shown.chosen);
            if let Some(key) = &self.chosen {
                self.list.reveal(row_id(key));
            }
        }
        let (listed, mut act) = (&mut self.listed, None);
        let difference = editor.preview().and_then(|it| it.difference).map(crate::editor::Difference::told);
        let mut hovered = None;
        self.list.show(ui, &ids, ROW_HEIGHT, |ui, n| {
            let Some(it) = listed.get_mut(n) else { return };
            let Some(finding) = editor.report().findings.get(it.at) else { return };
            if let Some(head) = &it.head {
                head_ui(ui, head);
            }
            let fixes = it
                .fixes
                .get_or_insert_with(|| editor.fixes(finding).into_iter().map(|it| it.label).collect());
            let is_chosen = editor.shown.chosen.as_ref() == Some(&finding.key);
            let difference = difference.as_deref();
            let shown = row::Shown { finding, state: it.state, fixes, difference, is_chosen, id: it.id };
            let (is_hovered, done) = row::ui(ui, editor, &shown);
            if is_hovered {
                hovered = Some(finding.key.clone());
            }
            if let Some(done) = done {
                act = Some((finding.key.clone(), done));
            }
        });
        editor.shown.hovered = hovered;
        match act {
            Some((key, Act::Look(number))) => {
                // The evidence of the finding stays lit beside it.
                editor.preview_fix(&key, number);
                editor.shown.hovered = Some(key);
            }
            Some((key, act)) => {
                editor.end_preview();
                self.do_it(editor, &key, act);
            }
            None => editor.end_preview(),
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
            Act::Levels => editor.shown.modal = Some(Modal::Levels),
            Act::Manual => {
                let rule = editor.report().finding(key).map(|it| it.rule.clone());
                rule.iter().for_each(|it| editor.show_manual(it));
            }
        }
    }

    /// Why the list is empty, and what to do.
    fn nothing_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let open: usize = self.counts.open.iter().sum();
        let questions = editor.questions().count();
        let say = |ui: &mut Ui, text: &str| {
            wrapped(ui, text, Face::SansSemibold, size::TYPE_13, Ink::Text);
        };
        if open > 0 || editor.shown.show_settled && self.counts.settled > 0 {
            say(ui, "No finding passes the filter.");
            if ui.add(Button::new("Show all").in_row()).clicked() {
                self.filter = Filter::default();
                editor.shown.search.clear();
            }
        } else if editor.model().components().is_empty() {
            say(ui, "Nothing is drawn yet.");
            let text = "Drag a component from the left onto the drawing, or open a sample.";
            wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
            if ui.add(Button::new("Open a sample…").in_row()).clicked() {
                editor.run("file.gallery");
            }
        } else {
            say(ui, "No findings.");
            let text = match questions {
                0 => "Nothing is left to ask either.".to_owned(),
                1 => "1 question is open.".to_owned(),
                n => format!("{n} questions are open."),
            };
            wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted);
        }
    }
}

/// The head of a group.
fn head_ui(ui: &mut Ui, head: &str) {
    ui.add_space(size::SPACE_12);
    inset(ui, |ui| drop(heading(ui, head)));
}

fn row_id(key: &str) -> Id {
    Id::unique(("finding", key))
}

/// Verdicts whose finding is gone, below all else: it may come back, and so may they.
fn orphans_ui(ui: &mut Ui, editor: &mut Editor) {
    let orphans: Vec<(String, String)> =
        editor.orphans().into_iter().map(|(key, it)| (key.to_owned(), row::told(it))).collect();
    if orphans.is_empty() {
        return;
    }
    ui.add_space(size::SPACE_14);
    inset(ui, |ui| {
        label(ui, "Verdicts whose finding is gone", Face::SansSemibold, size::TYPE_11, Ink::Muted);
        for (key, told) in orphans {
            ui.add_space(size::SPACE_6);
            wrapped(ui, &told, Face::Sans, size::TYPE_12, Ink::Text);
            wrapped(ui, &key, Face::Mono, size::TYPE_11, Ink::Faint);
            if ui.add(Button::new("Remove").quiet().in_row()).clicked() {
                editor.drop_verdict(&key);
            }
        }
        ui.add_space(size::SPACE_14);
    });
}

/// The weightiest questions, below the findings.
fn ask_ui(ui: &mut Ui, editor: &mut Editor) {
    let count = editor.questions().count();
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
    let keys: Vec<String> = editor.questions().take(ASKED).map(|it| it.key.clone()).collect();
    for key in keys {
        question_ui(ui, editor, &key);
    }
    if count > ASKED {
        ui.add_space(size::SPACE_8);
        inset(ui, |ui| {
            if ui.add(Button::new(&format!("All {count} questions")).quiet().in_row()).clicked() {
                editor.shown.tab = Tab::Questions;
            }
        });
    }
}
