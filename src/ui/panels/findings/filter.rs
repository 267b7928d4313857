//! What of the findings is shown, and in which order: levels, kinds, rules, states, words, the selection; groups.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Align, Layout, ScrollArea, Ui};

use super::Counts;
use crate::editor::{Editor, FindingState};
use crate::model::{Severity, Stride};
use crate::rules::{self, Finding, RuleId};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::searching::{Searching, is_searched_for};
use crate::ui::panels::{severity_ink, working};
use crate::ui::widgets::{chip, icon_button, label, menu_as_wide, menu_item};

/// What is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// Only these levels; none is all.
    levels: BTreeSet<Severity>,
    /// Only what this rule found.
    rule: Option<RuleId>,
    /// Only threats of this kind.
    stride: Option<Stride>,
    /// Only what stands so, by [`STATES`].
    state: Option<usize>,
    pub(super) group: Group,
    pub(super) order: Order,
    /// Only what is about the selection.
    pub(super) only_selected: bool,
    searching: Searching,
    /// What was asked of the groups just now.
    pub(super) fold: Option<Fold>,
}

/// What all groups are to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    All,
    None,
}

/// What stands together under one head.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Group {
    Nothing,
    /// What one rule found in several places.
    #[default]
    Alike,
    Level,
    Rule,
    Element,
}

/// What stands first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    Worst,
    Words,
    Place,
}

const GROUPS: [(Group, &str); 5] = [
    (Group::Alike, "Alike ones together"),
    (Group::Nothing, "Not grouped"),
    (Group::Level, "By level"),
    (Group::Rule, "By rule"),
    (Group::Element, "By element"),
];

const ORDERS: [(Order, &str); 3] =
    [(Order::Worst, "The worst first"), (Order::Words, "By what is wrong"), (Order::Place, "By where it is")];

/// A filter in words, and what takes it back.
type Narrowed = (String, fn(&mut Filter));

type IsSo = fn(FindingState) -> bool;

/// How findings may stand, in words.
const STATES: [(&str, IsSo); 4] = [
    ("Open, not judged", |it| it == FindingState::Open),
    ("In discussion", |it| it == FindingState::Discussed),
    ("Open again", |it| it == FindingState::Reopened),
    ("Settled", |it| !it.is_open()),
];

impl Group {
    /// The head that a finding stands under, with what puts the heads in order.
    pub(super) fn head(self, editor: &Editor, finding: &Finding) -> (u8, String) {
        match self {
            Self::Nothing | Self::Alike => (0, String::new()),
            Self::Level => (u8::MAX - finding.severity as u8, finding.severity.label().to_owned()),
            Self::Rule => (0, rules::label(editor.model(), &finding.rule).to_owned()),
            Self::Element => {
                (0, finding.subjects.first().map(|it| editor.model().title(it)).unwrap_or_default())
            }
        }
    }
}

impl Filter {
    /// One that hides nothing; groups and order stay.
    pub(super) fn cleared(&self) -> Self {
        Self { group: self.group, order: self.order, ..Self::default() }
    }

    /// One that hides only what is not about the selection.
    pub(super) fn of_selection(&self) -> Self {
        Self { only_selected: true, ..self.cleared() }
    }

    /// Whether what one rule found stands in one row: not where only that is shown.
    pub(super) fn joins_alike(&self) -> bool {
        self.group == Group::Alike && self.rule.is_none()
    }

    /// Whether settled findings are asked for, whatever else is shown.
    pub(super) fn wants_settled(&self) -> bool {
        self.state == Some(STATES.len() - 1)
    }

    /// What is asked for beside levels.
    fn narrowed(&self, editor: &Editor) -> Vec<Narrowed> {
        let mut all: Vec<Narrowed> = Vec::new();
        if self.only_selected {
            all.push(("Selected".to_owned(), |it| it.only_selected = false));
        }
        if let Some((text, _)) = self.state.and_then(|it| STATES.get(it)) {
            all.push(((*text).to_owned(), |it| it.state = None));
        }
        if let Some(kind) = self.stride {
            all.push((kind.label().to_owned(), |it| it.stride = None));
        }
        if let Some(rule) = &self.rule {
            all.push((rules::label(editor.model(), rule).to_owned(), |it| it.rule = None));
        }
        all
    }

    pub(super) fn passes(&self, editor: &Editor, finding: &Finding, state: FindingState) -> bool {
        let is_about = || finding.subjects.iter().any(|it| editor.is_selected(it));
        let is_kind = |kind: Stride| match editor.threat_of(finding) {
            Some(id) => editor.model().threats().get(&id).is_some_and(|it| it.stride.contains(&kind)),
            None => rules::stride(editor.model(), &finding.rule).contains(&kind),
        };
        (self.levels.is_empty() || self.levels.contains(&finding.severity))
            && self.rule.as_ref().is_none_or(|it| *it == finding.rule)
            && self.stride.is_none_or(is_kind)
            && self.state.and_then(|it| STATES.get(it)).is_none_or(|it| it.1(state))
            && (!self.only_selected || is_about())
            && is_searched_for(editor, || {
                let [message, place] = [&finding.message, &finding.place].map(|it| it.read(editor.model()));
                format!("{message} {place} {}", finding.rule)
            })
    }
}

/// A chip for each level and for what is settled, then search and the menu.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, filter: &mut Filter, counts: &Counts) {
    filter.searching.heed(editor);
    ui.horizontal(|ui| {
        let tools = 2.0 * size::CONTROL_HEIGHT + size::SPACE_6;
        let room = ui.available_width() - tools - size::SPACE_6;
        let (room, down) = (egui::vec2(room, size::CONTROL_HEIGHT), Layout::top_down(Align::Min));
        ui.allocate_ui_with_layout(room, down, |ui| {
            // So that the first row stands level with the tools beside it.
            ui.add_space(size::SPACE_4);
            chips_ui(ui, editor, filter, counts);
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            menu_ui(ui, editor, filter);
            filter.searching.button_ui(ui, editor, "Search findings");
        });
    });
    filter.searching.field_ui(ui, editor, "Search findings by words");
}

fn chips_ui(ui: &mut Ui, editor: &mut Editor, filter: &mut Filter, counts: &Counts) {
    let room = ui.available_width();
    // Rows of chips lie close, and no row is higher than they are.
    ui.spacing_mut().item_spacing = egui::Vec2::splat(size::SPACE_6);
    ui.spacing_mut().interact_size.y = 0.0;
    ui.horizontal_wrapped(|ui| {
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
        for (text, take_back) in filter.narrowed(editor) {
            let text = Face::SansMedium.elide(size::TYPE_12, &text, room - 3.0 * size::SPACE_12);
            let narrowed = chip(ui, &format!("{text} ×"), None, true);
            if narrowed.on_hover_text("Take this filter away").clicked() {
                take_back(filter);
            }
        }
        if editor.is_behind() && !editor.is_blank() {
            let (text, about) = if editor.has_failed() {
                ("Out of date".to_owned(), "the analysis failed, and the next change tries again.")
            } else {
                (working(ui, editor, "Working"), "new ones are on their way.")
            };
            let about = format!("These are the findings from before the last change; {about}");
            label(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted).on_hover_text(about);
        }
    });
}

fn menu_ui(ui: &mut Ui, editor: &mut Editor, filter: &mut Filter) {
    let usual = Filter { levels: filter.levels.clone(), searching: filter.searching, ..Filter::default() };
    let button = icon_button(ui, "list-filter", "Filter and sort findings", "", *filter != usual);
    menu_as_wide(&button, MENU_WIDTH, |ui| {
        let room = ui.ctx().content_rect().bottom() - ui.cursor().top() - size::SPACE_24;
        let room = room.clamp(200.0, MENU_HEIGHT);
        // A popup offers a scroll area little room by itself.
        let area = ScrollArea::vertical().max_height(room).min_scrolled_height(room);
        area.show(ui, |ui| menu_rows_ui(ui, editor, filter));
    });
}

/// Room for the longest label of a rule.
const MENU_WIDTH: f32 = 320.0;
/// It stays a menu, beside which the list is seen that it narrows; the rules, of which there may be a hundred, scroll. A
/// line that is half seen says so.
const MENU_HEIGHT: f32 = 15.8 * size::CONTROL_HEIGHT_IN_ROW;

/// The head of a part of the menu.
fn part_ui(ui: &mut Ui, name: &str) {
    ui.add_space(size::SPACE_8);
    ui.horizontal(|ui| {
        ui.add_space(size::SPACE_8);
        label(ui, name, Face::SansSemibold, size::TYPE_11, Ink::Muted);
    });
    ui.add_space(size::SPACE_4);
}

fn menu_rows_ui(ui: &mut Ui, editor: &mut Editor, filter: &mut Filter) {
    let check = |is_on: bool| Some((if is_on { "check" } else { "" }, Ink::Accent));
    let item = |ui: &mut Ui, is_on: bool, text: &str, note: &str| {
        menu_item(ui, check(is_on), text, note, false).clicked()
    };
    if item(ui, filter.only_selected, "Only what is selected", "") {
        filter.only_selected = !filter.only_selected;
    }
    if item(ui, editor.shown.show_settled, "Settled ones too", "") {
        editor.shown.show_settled = !editor.shown.show_settled;
    }
    part_ui(ui, "Group");
    for (group, text) in GROUPS {
        if item(ui, filter.group == group, text, "") {
            filter.group = group;
        }
    }
    if filter.group != Group::Nothing {
        for (fold, text) in [(Fold::All, "Fold all groups"), (Fold::None, "Unfold all groups")] {
            if item(ui, false, text, "") {
                filter.fold = Some(fold);
            }
        }
    }
    part_ui(ui, "Sort");
    for (order, text) in ORDERS {
        if item(ui, filter.order == order, text, "") {
            filter.order = order;
        }
    }
    part_ui(ui, "State");
    if item(ui, filter.state.is_none(), "However they stand", "") {
        filter.state = None;
    }
    for (n, (text, is_so)) in STATES.iter().enumerate() {
        let count = editor.findings().filter(|it| is_so(it.state)).count();
        if item(ui, filter.state == Some(n), text, &count.to_string()) {
            filter.state = Some(n);
        }
    }
    part_ui(ui, "Kind of threat");
    if item(ui, filter.stride.is_none(), "Of all kinds", "") {
        filter.stride = None;
    }
    for kind in Stride::ALL {
        if item(ui, filter.stride == Some(kind), kind.label(), &kind.letter().to_string()) {
            filter.stride = Some(kind);
        }
    }
    part_ui(ui, "Rule");
    if item(ui, filter.rule.is_none(), "Of all rules", "") {
        filter.rule = None;
    }
    let mut rules: BTreeMap<&RuleId, usize> = BTreeMap::new();
    for finding in &editor.report().findings {
        *rules.entry(&finding.rule).or_default() += 1;
    }
    let model = editor.model();
    let mut named: Vec<_> =
        rules.into_iter().map(|(rule, count)| (rules::label(model, rule), rule, count)).collect();
    named.sort_unstable();
    for (name, rule, count) in named {
        if item(ui, filter.rule.as_ref() == Some(rule), name, &count.to_string()) {
            filter.rule = Some(rule.clone());
        }
    }
}
