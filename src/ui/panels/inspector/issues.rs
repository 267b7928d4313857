//! What is wrong with what is selected, what is asked of it and what is said about it, in small rows that lead there.

use std::collections::BTreeSet;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Rect, Sense, Ui, Vec2, WidgetInfo, pos2};

use crate::editor::{Editor, Tab};
use crate::model::{Id, Text};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::severity_ink;
use crate::ui::theme;
use crate::ui::widgets::inset;

/// How many rows there are of each: what they are about is to be seen below them.
const ROWS: usize = 3;
/// How many lines a row has at most.
const LINES: usize = 2;

/// Where a row leads.
enum Goal {
    /// A finding or a question of that key.
    Said(String, Tab),
    Thread(Id),
    /// All findings about what is selected.
    Findings,
}

/// A row: what it says, its dot if it is no mere way to more, where it leads.
type Row = (String, Option<Ink>, Goal);

/// Findings, the worst first, then questions, the weightiest first, then comments, the newest first.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>) {
    let rows = rows(editor, ids);
    if rows.is_empty() {
        return;
    }
    let mut goal = None;
    inset(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for row in rows {
            if row_ui(ui, editor, &row) {
                goal = Some(row.2);
            }
        }
    });
    match goal {
        Some(Goal::Said(key, tab)) => editor.seek(&key, tab),
        Some(Goal::Thread(id)) => {
            editor.show_tab(Tab::Comments);
            editor.show_thread(&id);
        }
        Some(Goal::Findings) => editor.list_selected(),
        None => {}
    }
}

fn rows(editor: &Editor, ids: &BTreeSet<Id>) -> Vec<Row> {
    let read = |it: &Text| it.read(editor.model()).into_owned();
    let said = |key: &str, tab| Goal::Said(key.to_owned(), tab);
    let findings = editor.open_about(|it| ids.contains(it));
    let findings =
        findings.map(|it| (read(&it.message), Some(severity_ink(it.severity)), said(&it.key, Tab::Findings)));
    let questions = editor.asked_about(|it| ids.contains(it));
    let questions = questions.map(|it| (read(&it.text), Some(Ink::Question), said(&it.key, Tab::Questions)));
    let threads = editor.threads_about(|it| ids.contains(it)).into_iter();
    let threads = threads.map(|it| (editor.model().title(it), Some(Ink::Accent), Goal::Thread(it.clone())));
    let mut rows = first(findings, "finding", |_| Goal::Findings);
    // Where a list cannot be narrowed, the first that is not seen here is shown in it.
    rows.extend(first(questions, "question", |next| next));
    rows.extend(first(threads, "comment", |next| next));
    rows
}

/// The first of a list, and a way to the others; `more` says where, given where the first of those leads.
fn first(mut all: impl Iterator<Item = Row>, what: &str, more: impl FnOnce(Goal) -> Goal) -> Vec<Row> {
    let mut rows: Vec<Row> = all.by_ref().take(ROWS).collect();
    if let Some((_, _, next)) = all.next() {
        let count = 1 + all.count();
        let plural = if count == 1 { "" } else { "s" };
        rows.push((format!("{count} more {what}{plural}…"), None, more(next)));
    }
    rows
}

/// One row; returns whether it was clicked.
fn row_ui(ui: &mut Ui, editor: &mut Editor, (text, dot, goal): &Row) -> bool {
    let left = size::SPACE_14 + size::SPACE_4;
    let (face, ink) = match dot {
        Some(_) => (Face::Sans, Ink::Text),
        None => (Face::SansMedium, Ink::Accent),
    };
    let colour = theme::colour(ui.ctx(), ink);
    // Names often differ only at their ends, and sentences in their names.
    let words = text.replace(char::is_control, " ");
    let mut job =
        LayoutJob::simple(words, theme::font(face, size::TYPE_12), colour, ui.available_width() - left);
    job.wrap = TextWrapping { max_rows: LINES, ..job.wrap };
    let lines = ui.fonts_mut(|it| it.layout_job(job));
    let line = face.line_height(size::TYPE_12);
    let above = ((size::HIT_TARGET - line) / 2.0).floor();
    let height = (lines.size().y + 2.0 * above).max(size::HIT_TARGET);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, text));
    let (ctx, painter) = (ui.ctx(), ui.painter());
    if response.hovered() || response.has_focus() {
        let over = Rect::from_min_max(pos2(rect.left() - size::SPACE_6, rect.top()), rect.max);
        painter.rect_filled(over, size::RADIUS_FLOW, theme::tint(ctx, Ink::Panel, Ink::Text, theme::HOVER));
        if let (Some(_), Goal::Said(key, _)) = (dot, goal) {
            editor.shown.hovered = Some(key.clone());
        }
    }
    if let Some(ink) = dot {
        let at = pos2(rect.left() + 4.0, rect.top() + above + line / 2.0);
        painter.circle_filled(at, 3.5, theme::colour(ctx, *ink));
    }
    let is_cut = lines.elided;
    painter.galley(pos2(rect.left() + left, rect.top() + above), lines, colour);
    let response = if is_cut { response.on_hover_text(text) } else { response };
    response.clicked()
}
