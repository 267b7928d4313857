//! What of the findings is shown: levels, rules, words, the selection.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Align, Layout, Ui};

use super::Counts;
use crate::editor::Editor;
use crate::model::Severity;
use crate::rules::{self, Finding};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::severity_ink;
use crate::ui::widgets::{chip, icon_button, label, menu, menu_item, search_field};

/// What is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// Only these levels; none is all.
    levels: BTreeSet<Severity>,
    /// Only what this rule found.
    rule: Option<&'static str>,
    /// Only what is about the selection.
    pub(super) only_selected: bool,
    is_searching: bool,
}

impl Filter {
    pub(super) fn passes(&self, editor: &Editor, finding: &Finding) -> bool {
        let is_about = || finding.subjects.iter().any(|it| editor.is_selected(it));
        (self.levels.is_empty() || self.levels.contains(&finding.severity))
            && self.rule.is_none_or(|it| it == finding.rule)
            && (!self.only_selected || is_about())
            && holds(finding, &editor.shown.search)
    }
}

/// Whether a finding holds every word.
fn holds(finding: &Finding, words: &str) -> bool {
    let words = words.trim().to_lowercase();
    if words.is_empty() {
        return true;
    }
    let text = format!("{} {} {}", finding.message, finding.place, finding.rule).to_lowercase();
    words.split_whitespace().all(|it| text.contains(it))
}

/// A chip for each level and for what is settled, then search and the menu.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, filter: &mut Filter, counts: &Counts) {
    ui.horizontal(|ui| {
        let tools = 2.0 * size::CONTROL_HEIGHT + size::SPACE_6;
        let room = ui.available_width() - tools - size::SPACE_6;
        ui.allocate_ui(egui::vec2(room, size::CONTROL_HEIGHT), |ui| chips_ui(ui, editor, filter, counts));
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            menu_ui(ui, editor, filter);
            let is_on = filter.is_searching || !editor.shown.search.is_empty();
            if icon_button(ui, "search", "Search findings", "", is_on).clicked() {
                filter.is_searching = !is_on;
                if is_on {
                    editor.shown.search.clear();
                }
            }
        });
    });
    if filter.is_searching || !editor.shown.search.is_empty() {
        let field = search_field(ui, &mut editor.shown.search, "Search findings by words", "");
        if filter.is_searching && editor.shown.search.is_empty() && ui.memory(|it| it.focused().is_none()) {
            field.request_focus();
        }
    }
}

fn chips_ui(ui: &mut Ui, editor: &mut Editor, filter: &mut Filter, counts: &Counts) {
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(size::CONTROL_HEIGHT);
        for (level, count) in Severity::ALL.into_iter().zip(counts.open) {
            let is_on = filter.levels.contains(&level);
            if count == 0 && !is_on {
                continue;
            }
            let text = format!("{} {count}", level.label());
            if chip(ui, &text, Some(severity_ink(level)), is_on).clicked() && !filter.levels.remove(&level) {
                filter.levels.insert(level);
            }
        }
        if counts.settled > 0 {
            let text = format!("Settled {}", counts.settled);
            let settled = chip(ui, &text, None, editor.shown.show_settled);
            if settled.on_hover_text("Show findings with a verdict too").clicked() {
                editor.shown.show_settled = !editor.shown.show_settled;
            }
        }
        if editor.is_behind() {
            label(ui, "Working…", Face::Sans, size::TYPE_12, Ink::Muted).on_hover_text(
                "These are the findings from before the last change; new ones are on their way.",
            );
        }
    });
}

fn menu_ui(ui: &mut Ui, editor: &mut Editor, filter: &mut Filter) {
    let is_on = filter.rule.is_some() || filter.only_selected;
    let button = icon_button(ui, "list-filter", "Filter findings", "", is_on);
    menu(&button, |ui| {
        let check = |is_on: bool| Some((if is_on { "check" } else { "" }, Ink::Accent));
        if menu_item(ui, check(filter.only_selected), "Only what is selected", "", false).clicked() {
            filter.only_selected = !filter.only_selected;
        }
        if menu_item(ui, check(editor.shown.show_settled), "Settled ones too", "", false).clicked() {
            editor.shown.show_settled = !editor.shown.show_settled;
        }
        ui.separator();
        if menu_item(ui, check(filter.rule.is_none()), "Of all rules", "", false).clicked() {
            filter.rule = None;
        }
        let mut rules: BTreeMap<&'static str, usize> = BTreeMap::new();
        for finding in &editor.report().findings {
            *rules.entry(finding.rule).or_default() += 1;
        }
        for (rule, count) in rules {
            let name = rules::find(rule).map_or(rule, |it| it.label);
            if menu_item(ui, check(filter.rule == Some(rule)), name, &count.to_string(), false).clicked() {
                filter.rule = Some(rule);
            }
        }
    });
}
