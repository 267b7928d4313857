//! What is listed, in which order: findings that pass the filters, and heads of groups, which fold.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use egui::Id;

use super::alike::{Alike, SEVERAL};
use super::filter::{Filter, Group, Order};
use crate::editor::{Editor, FindingState};
use crate::model::natural;
use crate::rules::{RuleId, THREAT_BY_HAND};
use crate::ui::widgets::FOLD_HEIGHT;

/// A finding that was not seen yet.
pub(super) const ROW_HEIGHT: f32 = 108.0;

/// A row of those that are alike.
const ALIKE_HEIGHT: f32 = 62.0;

/// A row of the list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) id: Id,
    pub(super) what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    /// The head of a group, and how many stand below it.
    Head { text: String, count: usize, is_folded: bool, members: Vec<usize> },
    /// What one rule found in several places, in one row.
    Alike(Alike),
    Finding {
        passed: Passed,
        /// It stands below the row of those that are alike.
        is_within: bool,
    },
}

impl Listed {
    /// About how high it is, while nobody has seen it.
    pub(super) fn usual_height(&self) -> f32 {
        match self.what {
            What::Head { .. } => FOLD_HEIGHT,
            What::Alike(_) => ALIKE_HEIGHT,
            What::Finding { .. } => ROW_HEIGHT,
        }
    }

    /// Whether a finding, by its place in the report, is folded away in it.
    pub(super) fn hides(&self, at: Option<usize>) -> bool {
        let (is_folded, members) = match &self.what {
            What::Head { is_folded, members, .. } => (*is_folded, members),
            What::Alike(it) => (it.is_folded, &it.members),
            What::Finding { .. } => return false,
        };
        is_folded && at.is_some_and(|it| members.contains(&it))
    }
}

/// A finding that passes the filters, by its place in the report.
#[derive(Debug, Clone)]
pub(super) struct Passed {
    pub(super) at: usize,
    pub(super) state: FindingState,
    /// What its fixes are called, once they were asked for.
    pub(super) fixes: Option<Vec<String>>,
}

/// The id of a finding's row.
pub(super) fn row_id(key: &str) -> Id {
    Id::unique(("finding", key))
}

/// What of the groups is folded.
#[derive(Debug, Default)]
pub(super) struct Folds {
    /// The heads of groups of which nothing else is shown.
    pub(super) heads: BTreeSet<String>,
    /// The rules whose row somebody turned. What is alike is folded before; but while somebody searches, it is not.
    pub(super) turned: BTreeSet<RuleId>,
    /// The rules whose row is folded whatever is chosen in it, since all were.
    pub(super) shut: BTreeSet<RuleId>,
    pub(super) is_searching: bool,
}

impl Folds {
    pub(super) fn is_folded(&self, rule: &RuleId) -> bool {
        self.is_searching == self.turned.contains(rule)
    }

    pub(super) fn turn(&mut self, rule: &RuleId) {
        self.shut.remove(rule);
        if !self.turned.remove(rule) {
            self.turned.insert(rule.clone());
        }
    }
}

/// Rows for what passes, which comes as every listing has it: the worst first. Of groups that are folded, the head alone.
pub(super) fn rows(editor: &Editor, filter: &Filter, passed: Vec<Passed>, folds: &Folds) -> Vec<Listed> {
    let findings = &editor.report().findings;
    let (group, order) = (filter.group, filter.order);
    let row = |it: Passed| {
        let id = findings.get(it.at).map_or(Id::NULL, |it| row_id(&it.key));
        Listed { id, what: What::Finding { passed: it, is_within: false } }
    };
    let is_flat = matches!(group, Group::Nothing | Group::Alike);
    if is_flat && order == Order::Worst {
        return joined(editor, filter, &passed, folds);
    }
    let head = |it: &Passed| findings.get(it.at).map(|it| group.head(editor, it)).unwrap_or_default();
    let words = |it: &Passed| {
        let finding = findings.get(it.at);
        finding.map_or(Cow::Borrowed(""), |it| match order {
            Order::Worst => Cow::Borrowed(""),
            Order::Words => it.message.read(editor.model()),
            Order::Place => it.place.read(editor.model()),
        })
    };
    let mut sorted: Vec<((u8, String), Passed)> = passed.into_iter().map(|it| (head(&it), it)).collect();
    // Two heads that differ by no more than a capital must not mix. What is alike stays as it came.
    sorted.sort_by_cached_key(|((rank, head), it)| (*rank, natural(head), head.clone(), natural(&words(it))));
    if is_flat {
        return joined(editor, filter, &sorted.into_iter().map(|it| it.1).collect::<Vec<_>>(), folds);
    }
    let mut rows: Vec<Listed> = Vec::with_capacity(sorted.len());
    for same in sorted.chunk_by(|a, b| a.0 == b.0) {
        let Some(((_, text), _)) = same.first() else { continue };
        let is_folded = folds.heads.contains(text);
        let id = Id::unique(("group", text));
        let members = same.iter().map(|it| it.1.at).collect();
        rows.push(Listed {
            id,
            what: What::Head { text: text.clone(), count: same.len(), is_folded, members },
        });
        if !is_folded {
            rows.extend(same.iter().map(|it| row(it.1.clone())));
        }
    }
    rows
}

/// Rows in this order; what one rule found in several places stands in one row, where the first of them would.
fn joined(editor: &Editor, filter: &Filter, passed: &[Passed], folds: &Folds) -> Vec<Listed> {
    let findings = &editor.report().findings;
    let row = |it: &Passed, is_within: bool| {
        let id = findings.get(it.at).map_or(Id::NULL, |it| row_id(&it.key));
        Listed { id, what: What::Finding { passed: it.clone(), is_within } }
    };
    let mut by_rule: BTreeMap<&RuleId, Vec<&Passed>> = BTreeMap::new();
    // Whoever writes a threat by hand gives it a name of its own.
    let rule = |it: &Passed| findings.get(it.at).map(|it| &it.rule).filter(|it| *it != THREAT_BY_HAND);
    if filter.joins_alike() {
        for it in passed {
            if let Some(rule) = rule(it) {
                by_rule.entry(rule).or_default().push(it);
            }
        }
        by_rule.retain(|_, same| same.len() >= SEVERAL);
    }
    let mut rows: Vec<Listed> = Vec::with_capacity(passed.len());
    let mut told: BTreeSet<&RuleId> = BTreeSet::new();
    for it in passed {
        let Some((rule, same)) = rule(it).and_then(|rule| by_rule.get_key_value(rule)) else {
            rows.push(row(it, false));
            continue;
        };
        if !told.insert(rule) {
            continue;
        }
        let chosen = editor.shown.chosen.as_ref();
        let is_chosen = |it: &&Passed| findings.get(it.at).is_some_and(|it| Some(&it.key) == chosen);
        let is_held_open = || !folds.shut.contains(rule) && same.iter().any(is_chosen);
        let is_folded = folds.is_folded(rule) && !is_held_open();
        let alike = Alike::of(editor, rule, same, is_folded);
        rows.push(Listed { id: alike.id(), what: What::Alike(alike) });
        if !is_folded {
            rows.extend(same.iter().map(|it| row(it, true)));
        }
    }
    rows
}
