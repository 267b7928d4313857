//! What one rule found in several places, as one row: what is wrong, how bad it is at worst, how often, and where.

use std::collections::BTreeSet;

use egui::{Align, Id, Layout, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};

use super::listing::Passed;
use super::row::title_ui;
use crate::editor::Editor;
use crate::model::Severity;
use crate::rules::{self, RuleId};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::severity_ink;
use crate::ui::theme;
use crate::ui::widgets::{RowLook, dot, indented, label, row};

/// So many of one rule are told in one row; fewer stand by themselves.
pub(super) const SEVERAL: usize = 3;
/// What a row says in which the chosen finding is folded away.
pub(super) const HIDES_CHOSEN: &str = "holds the chosen one";
/// So many places are named at most; the rest is counted.
const NAMED: usize = 3;

/// Findings of one rule, in one row.
#[derive(Debug, Clone)]
pub(super) struct Alike {
    pub(super) rule: RuleId,
    pub(super) is_folded: bool,
    /// By their places in the report.
    pub(super) members: Vec<usize>,
    title: String,
    /// That of the worst that is open; none if all are settled.
    worst: Option<Severity>,
    /// The first of the places, and how many there are.
    named: Vec<String>,
    places: usize,
}

impl Alike {
    pub(super) fn of(editor: &Editor, rule: &RuleId, same: &[&Passed], is_folded: bool) -> Self {
        let findings = || same.iter().filter_map(|it| Some((editor.report().findings.get(it.at)?, it.state)));
        let worst = findings().filter(|it| it.1.is_open()).map(|it| it.0.severity).max();
        let mut named: Vec<String> = Vec::new();
        let mut known = BTreeSet::new();
        for (finding, _) in findings() {
            let Some(subject) = finding.subjects.first() else { continue };
            if known.insert(subject) && named.len() < NAMED {
                named.push(editor.model().title(subject));
            }
        }
        let title = rules::label(editor.model(), rule).to_owned();
        let members = same.iter().map(|it| it.at).collect();
        Self { rule: rule.clone(), is_folded, members, title, worst, named, places: known.len() }
    }

    /// Where they are, with so many of the places by name: `Web, Cache and 2 more`.
    fn places(&self, named: usize) -> String {
        let named = named.min(self.named.len());
        let names = self.named.iter().take(named).map(String::as_str).collect::<Vec<_>>().join(", ");
        match self.places - named {
            0 => names,
            more => format!("{names} and {more} more"),
        }
    }

    /// The same with as many as fit, and one at least.
    fn places_within(&self, width: f32) -> String {
        let fits = |it: &String| Face::Sans.width(size::TYPE_12, it) <= width;
        (1..=NAMED).rev().map(|it| self.places(it)).find(fits).unwrap_or_else(|| self.places(1))
    }

    fn look(&self) -> (Ink, &'static str) {
        self.worst.map_or((Ink::Settled, "Settled"), |it| (severity_ink(it), it.label()))
    }

    /// The id of its row.
    pub(super) fn id(&self) -> Id {
        Id::unique(("alike", self.rule.as_str()))
    }
}

/// Shows it; a click asks for the other way. It says if the chosen one is folded away in it.
pub(super) fn ui(ui: &mut Ui, id: Id, it: &Alike, hides_chosen: bool) -> Response {
    let (ink, word) = it.look();
    let look = RowLook { ink: None, is_ruled: true };
    let (response, ()) = row(ui, id, look, |ui, response| {
        ui.spacing_mut().item_spacing.y = size::SPACE_4;
        dot(ui, ink);
        indented(ui, |ui| {
            title_ui(ui, &it.title, word, ink);
            let is_looked_at = response.hovered() || response.has_focus();
            where_ui(ui, it, if is_looked_at { Ink::Text } else { Ink::Muted }, hides_chosen);
        });
    });
    let name = format!("{} ({})", it.title, it.members.len());
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, !it.is_folded, &name));
    let chosen = if hides_chosen { format!("; {HIDES_CHOSEN}") } else { String::new() };
    let about = format!("{word}. {}{chosen}", it.places(NAMED));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(about));
    response
}

/// How many there are, and where, behind the mark of whether they are folded.
fn where_ui(ui: &mut Ui, it: &Alike, mark: Ink, hides_chosen: bool) {
    let line = Vec2::new(ui.available_width(), Face::Sans.line_height(size::TYPE_13));
    ui.allocate_ui_with_layout(line, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        let (place, _) = ui.allocate_exact_size(Vec2::new(size::ICON_SMALL, line.y), Sense::hover());
        let square = Rect::from_center_size(place.center(), Vec2::splat(size::ICON_SMALL));
        let icon = if it.is_folded { "chevron-right" } else { "chevron-down" };
        theme::icon(ui.painter(), square, icon, theme::colour(ui.ctx(), mark));
        let count = format!("{} findings", it.members.len());
        label(ui, &count, Face::SansMedium, size::TYPE_12, Ink::Text);
        if hides_chosen {
            label(ui, "·", Face::Sans, size::TYPE_12, Ink::Muted);
            label(ui, HIDES_CHOSEN, Face::SansMedium, size::TYPE_12, Ink::Accent);
        }
        label(ui, "·", Face::Sans, size::TYPE_12, Ink::Muted);
        let places = it.places_within(ui.available_width());
        label(ui, &places, Face::Sans, size::TYPE_12, Ink::Muted);
    });
}
