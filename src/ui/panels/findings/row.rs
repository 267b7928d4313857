//! One finding: what a person would say, where, the way there, and what can be done.

use egui::{Align, Align2, Id, Layout, Ui, Vec2, pos2};

use super::path;
use crate::editor::{Editor, FindingState};
use crate::model::{Verdict, VerdictState};
use crate::rules::{self, Finding, THREAT_BY_HAND};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::severity_ink;
use crate::ui::theme;
use crate::ui::widgets::{
    Button, RowLook, dot, icon_button_in_row, indented, is_looked_at, label, prose, row, wrapped,
};

/// A finding as it is shown.
pub(super) struct Shown<'a> {
    pub(super) finding: &'a Finding,
    pub(super) state: FindingState,
    pub(super) fixes: &'a [String],
    /// The fix that is looked at, if it is one of these, and what it would do to the lists.
    pub(super) difference: Option<(usize, &'a str)>,
    pub(super) is_chosen: bool,
    pub(super) id: Id,
}

/// What was done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Choose,
    /// The fix of that number.
    Fix(usize),
    /// Look at what the fix of that number would do.
    Look(usize),
    /// Give a verdict.
    Judge,
    /// Take the verdict back.
    Reopen,
    /// Change the threat that was added by hand.
    Edit,
    /// Select what it is about.
    Select,
    /// Show the table of levels.
    Levels,
    /// Open the page of its rule.
    Manual,
}

/// Shows it; whether the pointer or the focus is on it, and what was done.
pub(super) fn ui(ui: &mut Ui, editor: &Editor, it: &Shown<'_>) -> (bool, Option<Act>) {
    let (ink, word) = match it.state {
        FindingState::Open | FindingState::Discussed | FindingState::Reopened => {
            (severity_ink(it.finding.severity), it.finding.severity.label())
        }
        FindingState::Settled(state) => (Ink::Settled, state.label()),
    };
    // What is settled says so in the place of its level.
    let stands = match it.state {
        FindingState::Discussed => Some((VerdictState::InDiscussion.label(), Ink::Muted)),
        FindingState::Reopened => Some(("Open again", Ink::Text)),
        FindingState::Open | FindingState::Settled(_) => None,
    };
    let [message, place] = [&it.finding.message, &it.finding.place].map(|it| it.read(editor.model()));
    let look = RowLook { ink: it.is_chosen.then_some(ink), is_ruled: true };
    let (response, act) = row(ui, it.id, look, |ui, _| {
        ui.spacing_mut().item_spacing.y = size::SPACE_4;
        dot(ui, ink);
        indented(ui, |ui| {
            title_ui(ui, &message, word, ink);
            place_ui(ui, &place, stands);
            if let Some(source) = rules::source(editor.model(), &it.finding.rule) {
                label(ui, &format!("Rule pack: {source}"), Face::Sans, size::TYPE_11, Ink::Muted);
            }
            if it.is_chosen {
                ui.add_space(size::SPACE_4);
                path::ui(ui, editor, it.finding);
                because_ui(ui, editor, it);
            }
            acts_ui(ui, editor, it)
        })
    });
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListItem, true, it.is_chosen, &message));
    let stands = stands.map(|it| format!("{}. ", it.0)).unwrap_or_default();
    let about = format!("{word}. {stands}{place}");
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(about));
    let is_hovered = is_looked_at(ui, &response);
    // Looking does nothing, so whatever else is done goes before it.
    let is_idle = matches!(act, None | Some(Act::Look(_)));
    (is_hovered, if is_idle && response.clicked() { Some(Act::Choose) } else { act })
}

/// The message, with the level at the end of its first line.
pub(super) fn title_ui(ui: &mut Ui, message: &str, word: &str, ink: Ink) {
    let width = Face::SansSemibold.width(size::TYPE_11, word);
    let top = ui.cursor().min.y;
    let right = ui.max_rect().right();
    let room = ui.available_width() - width - size::SPACE_8;
    ui.allocate_ui(Vec2::new(room, 0.0), |ui| {
        prose(ui, message, Face::SansSemibold, size::TYPE_13, Ink::Text);
    });
    let at = pos2(right, top + Face::SansSemibold.line_height(size::TYPE_13) / 2.0);
    let font = theme::font(Face::SansSemibold, size::TYPE_11);
    ui.painter().text(at, Align2::RIGHT_CENTER, word, font, theme::colour(ui.ctx(), ink));
}

/// Where it is, with how it stands at the end of the line, below the level: what is talked about, and what has come back,
/// is told from what nobody has looked at without opening it.
fn place_ui(ui: &mut Ui, place: &str, stands: Option<(&str, Ink)>) {
    let Some((word, ink)) = stands else {
        label(ui, place, Face::Sans, size::TYPE_13, Ink::Muted);
        return;
    };
    let (face, type_) = (Face::SansMedium, size::TYPE_11);
    // As high as a line of text, and not as a control.
    let line = Vec2::new(ui.available_width(), Face::Sans.line_height(size::TYPE_13));
    ui.allocate_ui_with_layout(line, Layout::right_to_left(Align::Center), |ui| {
        label(ui, word, face, type_, ink);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            label(ui, place, Face::Sans, size::TYPE_13, Ink::Muted);
        });
    });
}

/// Why it has its level, and the verdict if one was given.
fn because_ui(ui: &mut Ui, editor: &Editor, it: &Shown<'_>) {
    let finding = it.finding;
    if !finding.because.is_empty() {
        wrapped(ui, &finding.because.read(editor.model()), Face::Sans, size::TYPE_12, Ink::Muted);
    }
    if let Some(reason) = editor.reopened_because(finding) {
        wrapped(ui, &format!("Open again. {reason}"), Face::SansMedium, size::TYPE_12, Ink::Text);
    }
    if let Some(verdict) = editor.verdict(&finding.key) {
        wrapped(ui, &told(verdict), Face::Sans, size::TYPE_12, Ink::Text);
    }
}

/// A verdict in a line: `Accepted by Ada on 2026-11-24 until 2027-01-01: reason (link)`.
pub(super) fn told(verdict: &Verdict) -> String {
    let mut text = verdict.state.label().to_owned();
    for (word, said) in [(" by ", &verdict.who), (" on ", &verdict.when), (" until ", &verdict.until)] {
        if !said.is_empty() {
            text.push_str(word);
            text.push_str(said);
        }
    }
    if !verdict.reason.is_empty() {
        text.push_str(": ");
        text.push_str(&verdict.reason);
    }
    if !verdict.link.is_empty() {
        text.push_str(&format!(" ({})", verdict.link));
    }
    text
}

/// The fixes as buttons, and with them, where it is chosen, verdict and manual.
fn acts_ui(ui: &mut Ui, editor: &Editor, it: &Shown<'_>) -> Option<Act> {
    let fixes: &[String] = if it.state.is_open() { it.fixes } else { &[] };
    if fixes.is_empty() && !it.is_chosen {
        return None;
    }
    let mut act = None;
    ui.add_space(size::SPACE_4);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = size::SPACE_6;
        let room = ui.available_width();
        // One that takes several lines stands by itself: beside it others would get its height.
        let is_long = |n: &usize| fixes.get(*n).is_some_and(|it| Button::new(it).width() > room);
        let mut next = 0;
        loop {
            while is_long(&next) {
                fix_ui(ui, it, next, &mut act);
                next += 1;
            }
            let end = (next..fixes.len()).find(is_long).unwrap_or(fixes.len());
            let is_last = end == fixes.len();
            if next < end || is_last && it.is_chosen {
                ui.horizontal_wrapped(|ui| {
                    (next..end).for_each(|n| fix_ui(ui, it, n, &mut act));
                    if is_last && it.is_chosen {
                        act = standing_ui(ui, editor, it).or(act);
                    }
                });
            }
            if is_last {
                break;
            }
            next = end;
        }
    });
    act
}

/// The button of the fix of a number: pressed it mends, looked at it shows what it would do.
fn fix_ui(ui: &mut Ui, it: &Shown<'_>, n: usize, act: &mut Option<Act>) {
    let Some(fix) = it.fixes.get(n) else { return };
    // A name in it may be long, and what is cut off may be what tells two fixes apart.
    let button = Button::new(fix).in_row().wraps();
    let button = if n == 0 && it.is_chosen { button.primary() } else { button };
    let response = ui.add(button);
    if response.clicked() {
        *act = Some(Act::Fix(n));
    } else if response.hovered() || response.has_focus() && !matches!(act, Some(Act::Look(_))) {
        // The pointer goes before the focus, of which there is always one.
        *act = act.filter(|it| !matches!(it, Act::Look(_))).or(Some(Act::Look(n)));
        match it.difference.filter(|it| it.0 == n) {
            // Who comes by keyboard rests on it from the first.
            Some((_, told)) if response.has_focus() => response.show_tooltip_text(told),
            Some((_, told)) => drop(response.on_hover_text(told)),
            None => {}
        }
    }
}

/// What can be done about its verdict and its level, and the page of its rule.
fn standing_ui(ui: &mut Ui, editor: &Editor, it: &Shown<'_>) -> Option<Act> {
    let is_judged = it.state != FindingState::Open;
    let is_by_hand = it.finding.rule == THREAT_BY_HAND;
    let by_table = !rules::is_stated(editor.model(), &it.finding.rule);
    let judge = if is_judged { "Change verdict…" } else { "Accept…" };
    let select = if it.finding.subjects.len() == 1 { "Select it" } else { "Select them" };
    let buttons = [
        (true, Button::new(judge), Act::Judge),
        (is_judged, Button::new("Reopen"), Act::Reopen),
        (is_by_hand, Button::new("Edit…"), Act::Edit),
        (!it.finding.subjects.is_empty(), Button::new(select), Act::Select),
        (by_table, Button::new("Levels…"), Act::Levels),
    ];
    let mut buttons: Vec<(Button<'_>, Act)> =
        buttons.into_iter().filter(|it| it.0).map(|it| (it.1.in_row(), it.2)).collect();
    let last = buttons.pop();
    let mut act = None;
    for (button, does) in buttons {
        if ui.add(button).clicked() {
            act = Some(does);
        }
    }
    // The book goes with the last word to the next line: alone there it would look like a slip.
    let side = size::CONTROL_HEIGHT_IN_ROW;
    let word = last.map_or(0.0, |it| it.0.width() + ui.spacing().item_spacing.x);
    let middle = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(Vec2::new(word + side, side), middle, |ui| {
        if let Some((button, does)) = last
            && ui.add(button).clicked()
        {
            act = Some(does);
        }
        if icon_button_in_row(ui, "book-open", "About this rule").clicked() {
            act = Some(Act::Manual);
        }
    });
    act
}
