//! The manual: the page of a rule, from its doc comment.

use egui::Ui;

use crate::editor::{Editor, Modal};
use crate::rules;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{label, scrolled, with_code, wrapped};

/// Shows the page of the rule that the modal names.
pub fn ui(ui: &mut Ui, editor: &Editor) {
    let Some(Modal::Manual(id)) = &editor.shown.modal else { return };
    let Some(rule) = rules::about(editor.model(), id) else {
        wrapped(ui, &format!("There is no rule {id}."), Face::Sans, size::TYPE_13, Ink::Text);
        return;
    };
    wrapped(ui, rule.label, Face::SansSemibold, size::TYPE_14, Ink::Text);
    let classes: Vec<String> = rule
        .stride
        .iter()
        .map(|it| it.label().to_owned())
        .chain(rule.cwe.iter().map(|it| format!("CWE-{it}")))
        .collect();
    label(ui, &format!("{} · {}", rule.id, classes.join(" · ")), Face::Mono, size::TYPE_11, Ink::Muted);
    ui.add_space(size::SPACE_8);
    scrolled(ui, ui.ctx().content_rect().height() * 0.6, |ui| {
        ui.set_min_width(ui.available_width());
        page_ui(ui, &rule.manual);
    });
}

/// The few marks that manual pages use: headings, lists, code between fences, paragraphs.
fn page_ui(ui: &mut Ui, page: &str) {
    let mut paragraph = String::new();
    let mut is_code = false;
    for line in page.lines().map(|it| it.strip_prefix(' ').unwrap_or(it).trim_end()).chain([""]) {
        if line.trim_start().starts_with("```") {
            paragraph_ui(ui, &mut paragraph);
            is_code = !is_code;
        } else if is_code {
            label(ui, line, Face::Mono, size::TYPE_12, Ink::Text);
        } else if let Some(title) = line.strip_prefix("## ") {
            paragraph_ui(ui, &mut paragraph);
            ui.add_space(size::SPACE_6);
            label(ui, title, Face::SansSemibold, size::TYPE_13, Ink::Text);
        } else if line.is_empty() || line.starts_with("- ") || line.starts_with("* ") {
            paragraph_ui(ui, &mut paragraph);
            paragraph.push_str(&line.replacen("- ", "• ", 1).replacen("* ", "• ", 1));
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim_start());
        }
    }
    paragraph_ui(ui, &mut paragraph);
}

fn paragraph_ui(ui: &mut Ui, text: &mut String) {
    if !text.trim().is_empty() {
        with_code(ui, text, size::TYPE_13, Ink::Muted);
    }
    text.clear();
}
