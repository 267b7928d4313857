//! What is listed, in which order: findings that pass the filters, and heads of groups, which fold.

use std::borrow::Cow;
use std::collections::BTreeSet;

use egui::Id;

use super::filter::{Filter, Group, Order};
use crate::editor::{Editor, FindingState};
use crate::model::natural;
use crate::ui::widgets::FOLD_HEIGHT;

/// A finding that was not seen yet.
pub(super) const ROW_HEIGHT: f32 = 108.0;

/// A row of the list.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) id: Id,
    pub(super) what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    /// The head of a group, and how many stand below it.
    Head {
        text: String,
        count: usize,
        is_folded: bool,
    },
    Finding(Passed),
}

impl Listed {
    /// About how high it is, while nobody has seen it.
    pub(super) fn usual_height(&self) -> f32 {
        match self.what {
            What::Head { .. } => FOLD_HEIGHT,
            What::Finding(_) => ROW_HEIGHT,
        }
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

/// Rows for what passes, which comes as every listing has it: the worst first. Of groups that are folded, the head alone.
pub(super) fn rows(
    editor: &Editor,
    filter: &Filter,
    passed: Vec<Passed>,
    folded: &BTreeSet<String>,
) -> Vec<Listed> {
    let findings = &editor.report().findings;
    let (group, order) = (filter.group, filter.order);
    let row = |it: Passed| {
        let id = findings.get(it.at).map_or(Id::NULL, |it| row_id(&it.key));
        Listed { id, what: What::Finding(it) }
    };
    if (group, order) == (Group::Nothing, Order::Worst) {
        return passed.into_iter().map(row).collect();
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
    if group == Group::Nothing {
        return sorted.into_iter().map(|it| row(it.1)).collect();
    }
    let mut rows: Vec<Listed> = Vec::with_capacity(sorted.len());
    for same in sorted.chunk_by(|a, b| a.0 == b.0) {
        let Some(((_, text), _)) = same.first() else { continue };
        let is_folded = folded.contains(text);
        let id = Id::unique(("group", text));
        rows.push(Listed { id, what: What::Head { text: text.clone(), count: same.len(), is_folded } });
        if !is_folded {
            rows.extend(same.iter().map(|it| row(it.1.clone())));
        }
    }
    rows
}
