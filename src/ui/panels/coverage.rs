//! Coverage: every element against every kind of threat, and a way from each cell to what was found or asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Align2, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::{looking_ui, severity_ink};
use crate::editor::{Editor, Tab};
use crate::model::{Id, Model, Severity, Text};
use crate::rules::{COLUMNS, Cell, Finding, Question, Report, Row, coverage, totals};
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;
use crate::ui::widgets::{label, wrapped};

const CELL: Vec2 = Vec2::new(56.0, 28.0);

/// The table, and of which results it was made.
#[derive(Debug, Default)]
pub struct Coverage {
    rows: Vec<Row>,
    said: Said,
    made_of: Option<(u64, u64, bool)>,
}

/// What was found and asked, by key: a cell of one element may hold thousands.
#[derive(Debug, Default)]
struct Said {
    findings: BTreeMap<String, Arc<Finding>>,
    questions: BTreeMap<String, Arc<Question>>,
}

impl Said {
    fn of(report: &Report) -> Self {
        Self {
            findings: report.findings.iter().map(|it| (it.key.clone(), Arc::clone(it))).collect(),
            questions: report.questions.iter().map(|it| (it.key.clone(), Arc::clone(it))).collect(),
        }
    }
}

impl Coverage {
    /// Shows the table; a click on a cell goes to what was found or asked, one on a name to the element.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        if self.made_of != Some(editor.stamp()) {
            self.rows = coverage(editor.facts(), editor.report(), &editor.today());
            self.said = Said::of(editor.report());
            self.made_of = Some(editor.stamp());
        }
        if editor.is_blank() {
            looking_ui(ui, editor);
            return;
        }
        if self.rows.is_empty() {
            label(ui, "Nothing is drawn yet.", Face::SansSemibold, size::TYPE_13, Ink::Text);
            let text = "Each element gets a row here, and each kind of threat a cell in it: what was found, what is \
                        asked, what was answered.";
            wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
            return;
        }
        let [found, asked, answered, clear, not] = totals(&self.rows);
        let text = format!(
            "{found} cells with findings, {asked} with questions, {answered} answered, {clear} looked at with nothing to \
             say, {not} that do not apply. Rest on a cell to see why; click it to go there."
        );
        wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted);
        ui.add_space(size::SPACE_8);
        let names = (ui.available_width() - COLUMNS.len() as f32 * (CELL.x + size::SPACE_4) - size::SPACE_12)
            .max(120.0);
        head_ui(ui, names);
        let height = ui.ctx().content_rect().height() * 0.6;
        let mut done = None;
        let rows = &self.rows;
        ui.spacing_mut().item_spacing.y = size::SPACE_4;
        ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show_rows(
            ui,
            CELL.y,
            rows.len(),
            |ui, seen| {
                for row in rows.get(seen).into_iter().flatten() {
                    if let Some(goal) = row_ui(ui, (editor, &self.said), row, names) {
                        done = Some(goal);
                    }
                }
            },
        );
        match done {
            Some(Goal::Element(id)) => {
                editor.shown.modal = None;
                editor.select([id]);
                editor.run("view.fit-selection");
            }
            Some(Goal::Answers(id)) => {
                editor.shown.modal = None;
                editor.select([id]);
                editor.show_tab(Tab::Inspector);
                editor.run("view.fit-selection");
            }
            Some(Goal::Said(key, tab)) => {
                editor.shown.modal = None;
                editor.seek(&key, tab);
            }
            None => {}
        }
    }
}

/// Where a click leads.
enum Goal {
    Element(Id),
    /// An element, and what was answered of it.
    Answers(Id),
    /// A finding or a question, in its panel.
    Said(String, Tab),
}

fn head_ui(ui: &mut Ui, names: f32) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        ui.allocate_exact_size(Vec2::new(names, CELL.y), Sense::hover());
        for (letter, name, _) in COLUMNS {
            let (rect, response) = ui.allocate_exact_size(CELL, Sense::hover());
            let font = theme::font(Face::SansSemibold, size::TYPE_13);
            let colour = theme::colour(ui.ctx(), Ink::Muted);
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, letter, font, colour);
            response.on_hover_text(name);
        }
    });
}

fn row_ui(ui: &mut Ui, (editor, said): (&Editor, &Said), row: &Row, names: f32) -> Option<Goal> {
    let title = editor.model().title(&row.element);
    let mut done = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        let (rect, response) = ui.allocate_exact_size(Vec2::new(names, CELL.y), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &title));
        let ink = if response.hovered() || response.has_focus() { Ink::Accent } else { Ink::Text };
        let text = Face::Sans.elide(size::TYPE_13, &title, names - size::SPACE_8);
        let font = theme::font(Face::Sans, size::TYPE_13);
        let at = pos2(rect.left(), rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, text, font, theme::colour(ui.ctx(), ink));
        if response.clicked() {
            done = Some(Goal::Element(row.element.clone()));
        }
        for (cell, (_, name, _)) in row.cells.iter().zip(COLUMNS) {
            let (shown, ink, why) = told((editor, said), cell);
            let response = cell_ui(ui, &shown, ink, &format!("{title}, {name}: {}", first_line(&why)));
            if response.clicked() {
                let goal = match cell {
                    Cell::Found(keys) | Cell::Settled(keys) => {
                        keys.first().map(|it| Goal::Said(it.clone(), Tab::Findings))
                    }
                    Cell::Asked(keys) => keys.first().map(|it| Goal::Said(it.clone(), Tab::Questions)),
                    Cell::Answered(_) => Some(Goal::Answers(row.element.clone())),
                    // There is nothing to show but whose cell it is.
                    Cell::Clear(_) | Cell::NotApplicable(_) => Some(Goal::Element(row.element.clone())),
                };
                if goal.is_some() {
                    done = goal;
                }
            }
            response.on_hover_text(why);
        }
    });
    done
}

/// A cell says no more than so many lines of what was found or asked.
const LINES: usize = 20;

/// The first of some texts, a line each, and how many more there are.
fn some_of<'t>(texts: impl Iterator<Item = &'t Text>, model: &Model) -> String {
    let mut texts = texts;
    let mut lines: Vec<_> = texts.by_ref().take(LINES).map(|it| it.read(model)).collect();
    match texts.count() {
        0 => {}
        more => lines.push(format!("and {more} more").into()),
    }
    lines.join("\n")
}

/// What a cell shows, its colour, and why: a sign beside the colour, never the colour alone.
fn told((editor, said): (&Editor, &Said), cell: &Cell) -> (String, Ink, String) {
    let model = editor.model();
    let messages = |keys: &[String]| {
        some_of(keys.iter().filter_map(|it| said.findings.get(it)).map(|it| &it.message), model)
    };
    match cell {
        Cell::Found(keys) => {
            let worst = keys.iter().filter_map(|it| said.findings.get(it)).map(|it| it.severity).max();
            (format!("! {}", keys.len()), severity_ink(worst.unwrap_or(Severity::Low)), messages(keys))
        }
        Cell::Asked(keys) => {
            let texts = keys.iter().filter_map(|it| said.questions.get(it)).map(|it| &it.text);
            (format!("? {}", keys.len()), Ink::Question, some_of(texts, model))
        }
        Cell::Settled(keys) => {
            ("✓".to_owned(), Ink::Settled, format!("Settled by a verdict: {}", messages(keys)))
        }
        Cell::Answered(answers) => ("✓".to_owned(), Ink::Settled, answers.join("\n")),
        Cell::Clear(1) => {
            ("·".to_owned(), Ink::Muted, "One rule looks for this, and has nothing to say.".to_owned())
        }
        Cell::Clear(rules) => {
            ("·".to_owned(), Ink::Muted, format!("{rules} rules look for this, and have nothing to say."))
        }
        Cell::NotApplicable(why) => ("–".to_owned(), Ink::Faint, (*why).to_owned()),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn cell_ui(ui: &mut Ui, text: &str, ink: Ink, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(CELL, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let ctx = ui.ctx();
    let is_loud = !matches!(ink, Ink::Muted | Ink::Faint);
    let fill =
        if is_loud { theme::tint(ctx, Ink::Raised, ink, TINT) } else { theme::colour(ctx, Ink::Raised) };
    let is_on = response.hovered() || response.has_focus();
    let line = if is_on { Ink::Accent } else { Ink::Hairline };
    ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, line));
    ui.painter().rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    let font = theme::font(Face::SansMedium, size::TYPE_12);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, theme::colour(ctx, ink));
    response
}
