//! Coverage: every element against every kind of threat, and a way from each cell to what was found or asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{
    Align, Align2, Rect, Response, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};

use super::{looking_ui, severity_ink};
use crate::editor::{Editor, Tab};
use crate::model::{Id, Model, Severity, Text};
use crate::rules::{COLUMNS, Cell, Finding, Question, Report, Row, coverage, totals};
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;
use crate::ui::widgets::{in_margin, nothing, wrapped};

/// How high a cell is, and how wide under a word and under a letter.
const HEIGHT: f32 = size::CONTROL_HEIGHT_IN_ROW;
const UNDER_WORD: f32 = 76.0;
const UNDER_LETTER: f32 = 56.0;
/// Words stand above the columns where so much is left for names.
const NAMES: f32 = 180.0;
/// A cell of the legend.
const MARK: Vec2 = Vec2::new(26.0, 20.0);

/// The table, and of which results it was made.
#[derive(Debug, Default)]
pub struct Coverage {
    rows: Vec<Row>,
    said: Said,
    /// The levels that cells have, the worst first.
    levels: Vec<Severity>,
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

impl Said {
    /// The level of the worst of some findings.
    fn worst(&self, keys: &[String]) -> Severity {
        let worst = keys.iter().filter_map(|it| self.findings.get(it)).map(|it| it.severity).max();
        worst.unwrap_or(Severity::Low)
    }

    /// The levels that some rows show, the worst first.
    fn levels(&self, rows: &[Row]) -> Vec<Severity> {
        let cells = rows.iter().flat_map(|it| &it.cells);
        let shown: BTreeSet<Severity> = cells
            .filter_map(|it| if let Cell::Found(keys) = it { Some(self.worst(keys)) } else { None })
            .collect();
        shown.into_iter().rev().collect()
    }
}

impl Coverage {
    /// Shows the table; a click on a cell goes to what was found or asked, one on a name to the element.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        if self.made_of != Some(editor.stamp()) {
            self.rows = coverage(editor.facts(), editor.report(), &editor.today());
            self.said = Said::of(editor.report());
            self.levels = self.said.levels(&self.rows);
            self.made_of = Some(editor.stamp());
        }
        if editor.is_blank() {
            looking_ui(ui, editor);
            return;
        }
        if self.rows.is_empty() {
            let why = "Each element gets a row here, and each kind of threat a cell in it: what was found, what is \
                       asked, what was answered.";
            nothing(ui, "Nothing is drawn yet.", why, None);
            return;
        }
        legend_ui(ui, totals(&self.rows), &self.levels);
        ui.add_space(size::SPACE_8);
        let left = |cell: f32| ui.available_width() - COLUMNS.len() as f32 * (cell + size::SPACE_4);
        let cell = if left(UNDER_WORD) >= NAMES { UNDER_WORD } else { UNDER_LETTER };
        let widths = (left(cell).max(120.0), cell);
        head_ui(ui, widths);
        let height = ui.ctx().content_rect().height() * 0.6;
        let mut done = None;
        let rows = &self.rows;
        ui.spacing_mut().item_spacing.y = size::SPACE_4;
        let area = ScrollArea::vertical().max_height(height).auto_shrink([false, true]);
        in_margin(ui, area, |area, ui| {
            area.show_rows(ui, HEIGHT, rows.len(), |ui, seen| {
                for row in rows.get(seen).into_iter().flatten() {
                    if let Some(goal) = row_ui(ui, (editor, &self.said), row, widths) {
                        done = Some(goal);
                    }
                }
            })
        });
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

/// What each mark means, and how many cells have it.
///
/// Findings have the mark of each level that a cell has.
fn legend_ui(ui: &mut Ui, [found, asked, answered, clear, not]: [usize; 5], levels: &[Severity]) {
    let levels = if levels.is_empty() { &[Severity::Low] } else { levels };
    let marks = [
        ("!", levels.iter().map(|it| severity_ink(*it)).collect(), format!("{found} with findings")),
        ("?", vec![Ink::Question], format!("{asked} with questions")),
        ("✓", vec![Ink::Settled], format!("{answered} answered")),
        ("·", vec![Ink::Muted], format!("{clear} with nothing to say")),
        ("–", vec![Ink::Faint], format!("{not} that do not apply")),
    ];
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::new(size::SPACE_6, size::SPACE_4);
        for (mark, inks, meaning) in marks {
            // A mark and what it means stay on one line.
            let text = Face::Sans.width(size::TYPE_12, &meaning).ceil();
            let marked = inks.len() as f32 * (MARK.x + size::SPACE_4) - size::SPACE_4 + size::SPACE_6;
            let wanted = Vec2::new(marked + text + size::SPACE_8, MARK.y);
            let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &meaning));
            for (n, ink) in inks.into_iter().enumerate() {
                let corner = rect.min + Vec2::new(n as f32 * (MARK.x + size::SPACE_4), 0.0);
                paint_cell(ui, Rect::from_min_size(corner, MARK), (mark, ink), Ink::Hairline);
            }
            let at = pos2(rect.left() + marked, rect.center().y);
            let font = theme::font(Face::Sans, size::TYPE_12);
            let colour = theme::colour(ui.ctx(), Ink::Muted);
            ui.painter().text(at, Align2::LEFT_CENTER, &meaning, font, colour);
        }
    });
    let about = "Rest on a cell to see why; click it to go there.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
}

/// The heads of the columns: words where there is room for them, and else letters.
fn head_ui(ui: &mut Ui, (names, cell): (f32, f32)) {
    let colour = theme::colour(ui.ctx(), Ink::Muted);
    let has_words = cell >= UNDER_WORD;
    let type_ = if has_words { size::TYPE_11 } else { size::TYPE_13 };
    let layout = |(letter, name, _): &(char, &str, _)| {
        let text = if has_words { (*name).to_owned() } else { letter.to_string() };
        let mut job = LayoutJob::simple(text, theme::font(Face::SansSemibold, type_), colour, cell);
        job.halign = Align::Center;
        ui.fonts_mut(|it| it.layout_job(job))
    };
    let heads: Vec<_> = COLUMNS.iter().map(layout).collect();
    let height = heads.iter().map(|it| it.size().y).fold(0.0, f32::max) + size::SPACE_4;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        ui.allocate_exact_size(Vec2::new(names, height), Sense::hover());
        for (head, (_, name, _)) in heads.into_iter().zip(COLUMNS) {
            let (rect, response) = ui.allocate_exact_size(Vec2::new(cell, height), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
            let top = rect.bottom() - size::SPACE_4 - head.size().y;
            ui.painter().galley(pos2(rect.center().x, top), head, colour);
            response.on_hover_text(name);
        }
    });
}

fn row_ui(
    ui: &mut Ui,
    (editor, said): (&Editor, &Said),
    row: &Row,
    (names, width): (f32, f32),
) -> Option<Goal> {
    let title = editor.model().title(&row.element);
    let mut done = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        let (rect, response) = ui.allocate_exact_size(Vec2::new(names, HEIGHT), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &title));
        let ink = if response.hovered() || response.has_focus() { Ink::Accent } else { Ink::Text };
        let text = Face::Sans.elide_middle(size::TYPE_13, &title, names - size::SPACE_8);
        let is_cut = *text != *title;
        let font = theme::font(Face::Sans, size::TYPE_13);
        let at = pos2(rect.left(), rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, text, font, theme::colour(ui.ctx(), ink));
        let response = if is_cut { response.on_hover_text(&title) } else { response };
        if response.clicked() {
            done = Some(Goal::Element(row.element.clone()));
        }
        for (cell, (_, name, _)) in row.cells.iter().zip(COLUMNS) {
            let (shown, ink, why) = told((editor, said), cell);
            let response =
                cell_ui(ui, width, (&shown, ink), &format!("{title}, {name}: {}", first_line(&why)));
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
        Cell::Found(keys) => (format!("! {}", keys.len()), severity_ink(said.worst(keys)), messages(keys)),
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

fn cell_ui(ui: &mut Ui, width: f32, mark: (&str, Ink), name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let is_on = response.hovered() || response.has_focus();
    paint_cell(ui, rect, mark, if is_on { Ink::Accent } else { Ink::Hairline });
    response
}

fn paint_cell(ui: &Ui, rect: Rect, (text, ink): (&str, Ink), line: Ink) {
    let ctx = ui.ctx();
    let is_loud = !matches!(ink, Ink::Muted | Ink::Faint);
    let fill =
        if is_loud { theme::tint(ctx, Ink::Raised, ink, TINT) } else { theme::colour(ctx, Ink::Raised) };
    ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, line));
    ui.painter().rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    let font = theme::font(Face::SansMedium, size::TYPE_12);
    let colour = if is_loud { theme::on_tint(ctx, ink) } else { theme::colour(ctx, ink) };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, colour);
}
