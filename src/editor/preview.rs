//! A fix as it would be, before it is applied: the drawing with it, what of it is new, what becomes of the findings.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Derived, Editor};
use crate::model::{Change, Edit, Flow, Id, Nesting, counted};
use crate::rules::Report;
use crate::scene::Layout;

/// Above so many milliseconds for all findings, a preview shows the drawing alone: it must not hold up a frame.
const WEIGHED_MS: f64 = 30.0;

/// A fix that somebody looks at.
#[derive(Debug)]
pub struct Preview {
    /// The finding, and the number of the fix.
    of: (String, usize),
    /// Of which document and results.
    stamp: (u64, u64, bool),
    /// The drawing with the fix.
    pub layout: Layout,
    /// What the fix adds or leads elsewhere: what is shown of that drawing.
    pub new: BTreeSet<Id>,
    /// How many findings it removes and adds, and how many questions it adds; not told of large models.
    pub difference: Option<Difference>,
}

impl Preview {
    /// The key of the finding, and the number of the fix.
    pub fn of(&self) -> (&str, usize) {
        (&self.of.0, self.of.1)
    }
}

/// What a fix does to the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Difference {
    pub removes: usize,
    pub adds: usize,
    /// Questions that it raises.
    pub asks: usize,
}

impl Difference {
    /// What becomes of the lists from one report to another. Reports are searched one finding after the other, so that to
    /// ask them for each finding would take for ever where there are thousands.
    pub fn between(before: &Report, then: &Report) -> Self {
        fn findings(of: &Report) -> BTreeSet<&str> {
            of.findings.iter().map(|it| it.key.as_str()).collect()
        }
        fn questions(of: &Report) -> BTreeSet<&str> {
            of.questions.iter().map(|it| it.key.as_str()).collect()
        }
        let (found, finds) = (findings(before), findings(then));
        let (asked, asks) = (questions(before), questions(then));
        Self {
            removes: found.difference(&finds).count(),
            adds: finds.difference(&found).count(),
            asks: asks.difference(&asked).count(),
        }
    }

    /// `Removes 3 findings, adds 1, and asks 2 questions`.
    pub fn told(self) -> String {
        let mut text = format!("Removes {}", counted(self.removes, "finding"));
        if self.adds > 0 {
            text.push_str(&format!(", adds {}", self.adds));
        }
        if self.asks > 0 {
            text.push_str(&format!(", and asks {}", counted(self.asks, "question")));
        }
        text
    }
}

impl Editor {
    /// Shows what a fix of a finding would do, by its place among [`Editor::fixes`]; nothing is changed.
    pub fn preview_fix(&mut self, key: &str, number: usize) {
        let (of, stamp) = ((key.to_owned(), number), self.stamp());
        if self.preview.as_ref().is_some_and(|it| it.of == of && it.stamp == stamp) {
            return;
        }
        self.preview = self.previewed(of, stamp);
    }

    /// Shows the drawing as it is.
    pub fn end_preview(&mut self) {
        self.preview = None;
    }

    /// The fix that is looked at.
    pub fn preview(&self) -> Option<&Preview> {
        self.preview.as_ref().filter(|it| it.stamp == self.stamp())
    }

    fn previewed(&self, of: (String, usize), stamp: (u64, u64, bool)) -> Option<Preview> {
        let finding = self.report().finding(&of.0)?;
        let edit = self.fix_edit(finding, of.1, &mut self.surroundings.ids.clone())?;
        let mut model = Arc::clone(&self.model);
        let happened = Arc::make_mut(&mut model).apply(&edit);
        let mut nesting = self.nesting.clone();
        nesting.update(&model, &happened);
        let mut layout = self.layout.clone();
        layout.update(&model, &nesting, &happened);
        let start = (self.surroundings.now_ms)();
        let now_ms = self.surroundings.now_ms;
        layout.settle(&model, &nesting, &|| now_ms() - start >= super::SETTLE_MS);
        let difference = (self.took_ms() < WEIGHED_MS && !self.is_behind()).then(|| {
            let then = Derived::of(Arc::clone(&model), self.surroundings.now_ms).report;
            Difference::between(self.report(), &then)
        });
        Some(Preview { of, stamp, new: new(&happened, &nesting), layout, difference })
    }
}

/// What an edit adds, and the flows that it leads elsewhere.
pub(super) fn new(edit: &Edit, nesting: &Nesting) -> BTreeSet<Id> {
    let mut new = BTreeSet::new();
    for change in edit.changes() {
        match change {
            Change::Component(it) if it.before.is_none() => drop(new.insert(it.key.clone())),
            Change::Boundary(it) if it.before.is_none() => drop(new.insert(it.key.clone())),
            Change::Flow(it) => {
                let ends = |it: &Flow| (it.from.clone(), it.to.clone());
                if it.before.as_deref().map(ends) != it.after.as_deref().map(ends) {
                    new.insert(it.key.clone());
                }
            }
            // It stands elsewhere, with all that stands in it.
            Change::Place(it) => {
                new.extend(nesting.all_in(&it.key.1));
                new.insert(it.key.1.clone());
            }
            _ => {}
        }
    }
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::formats::text;

    const SHOP: &str = "asset cards: secret; user -> web: https; web -> db: postgres
        db: postgres [stores cards; encryption-at-rest no]";

    #[test]
    fn a_fix_is_shown_and_weighed_and_changes_nothing() {
        let mut editor = Editor::with(text::read(SHOP).unwrap(), Surroundings::fixed());
        let before = editor.model().clone();
        editor.preview_fix("sensitive-data-at-rest-clear:db", 0);
        let preview = editor.preview().unwrap();
        assert!(preview.difference.is_some_and(|it| (it.removes, it.adds) == (1, 0)), "{preview:?}");
        assert_eq!(
            Difference { removes: 1, adds: 2, asks: 1 }.told(),
            "Removes 1 finding, adds 2, and asks 1 question"
        );
        assert!(preview.new.is_empty(), "an answer adds nothing");
        assert_eq!(*editor.model(), before);
        editor.apply_fix("sensitive-data-at-rest-clear:db", 0);
        assert!(editor.preview().is_none(), "it is of an older drawing");
    }

    #[test]
    fn what_a_fix_adds_stands_in_its_preview_where_it_will_stand() {
        let mut editor = Editor::with(text::read(SHOP).unwrap(), Surroundings::fixed());
        let report = editor.report().clone();
        let point = report.findings.iter().find(|it| it.key == "single-point-of-failure:web").unwrap();
        let number = editor.fixes(point).iter().position(|it| it.label.contains("twin")).unwrap();
        editor.preview_fix(&point.key, number);
        let shown: Vec<_> = {
            let preview = editor.preview().unwrap();
            let card = |it: &Id| preview.layout.cards.get(it).map(|card| (it.clone(), card.rect));
            preview.new.iter().filter_map(card).collect()
        };
        assert_eq!(shown.len(), 1, "{shown:?}");
        editor.apply_fix(&point.key, number);
        let (id, rect) = &shown[0];
        assert_eq!(editor.layout().cards[id].rect, *rect);
    }
}
