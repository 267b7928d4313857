//! What is wrong with what is selected, what is asked of it and what is said about it, in small rows that lead there.

use std::collections::BTreeSet;

use egui::{Align2, Rect, Sense, Ui, Vec2, WidgetInfo, pos2};

use crate::editor::{Editor, Tab};
use crate::model::{Id, Text};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::severity_ink;
use crate::ui::theme;
use crate::ui::widgets::inset;

/// How many rows there are of each.
const ROWS: usize = 4;

/// Findings, the worst first, then questions, the weightiest first, then comments, the newest first.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>) {
    let open = || editor.open_about(|it| ids.contains(it));
    let asked = || editor.asked_about(|it| ids.contains(it));
    let (findings, questions) = (open().count(), asked().count());
    let threads: Vec<Id> = editor.threads_about(|it| ids.contains(it)).into_iter().cloned().collect();
    if findings + questions + threads.len() == 0 {
        return;
    }
    let read = |it: &Text| it.read(editor.model()).into_owned();
    let mut rows: Vec<(String, Ink, String, Tab)> = open()
        .take(ROWS)
        .map(|it| (read(&it.message), severity_ink(it.severity), it.key.clone(), Tab::Findings))
        .collect();
    if findings > ROWS {
        rows.push((format!("{} more findings", findings - ROWS), Ink::Faint, String::new(), Tab::Findings));
    }
    rows.extend(asked().take(ROWS).map(|it| (read(&it.text), Ink::Question, it.key.clone(), Tab::Questions)));
    if questions > ROWS {
        rows.push((
            format!("{} more questions", questions - ROWS),
            Ink::Faint,
            String::new(),
            Tab::Questions,
        ));
    }
    let model = editor.model();
    rows.extend(
        threads.iter().take(ROWS).map(|it| (model.title(it), Ink::Accent, it.to_string(), Tab::Comments)),
    );
    if threads.len() > ROWS {
        let text = format!("{} more comments", threads.len() - ROWS);
        rows.push((text, Ink::Faint, String::new(), Tab::Comments));
    }
    inset(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (text, ink, key, tab) in rows {
            row_ui(ui, editor, &text, ink, &key, tab);
        }
    });
}

fn row_ui(ui: &mut Ui, editor: &mut Editor, text: &str, ink: Ink, key: &str, tab: Tab) {
    let wanted = Vec2::new(ui.available_width(), size::HIT_TARGET);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, text));
    let (ctx, painter) = (ui.ctx(), ui.painter());
    if response.hovered() || response.has_focus() {
        let over = Rect::from_min_max(pos2(rect.left() - size::SPACE_6, rect.top()), rect.max);
        painter.rect_filled(over, size::RADIUS_FLOW, theme::tint(ctx, Ink::Panel, Ink::Text, theme::HOVER));
        if !key.is_empty() && tab != Tab::Comments {
            editor.shown.hovered = Some(key.to_owned());
        }
    }
    painter.circle_filled(pos2(rect.left() + 4.0, rect.center().y), 3.5, theme::colour(ctx, ink));
    let left = rect.left() + size::SPACE_14 + size::SPACE_4;
    let shown = Face::Sans.elide(size::TYPE_12, text, rect.right() - left);
    let (font, colour) = (theme::font(Face::Sans, size::TYPE_12), theme::colour(ctx, Ink::Text));
    painter.text(pos2(left, rect.center().y), Align2::LEFT_CENTER, &*shown, font, colour);
    if !response.clicked() {
        return;
    }
    editor.show_tab(tab);
    if tab == Tab::Comments {
        if let Ok(id) = Id::new(key) {
            editor.show_thread(&id);
        }
        return;
    }
    if !key.is_empty() {
        editor.seek(key, tab);
    }
}
