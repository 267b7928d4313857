//! Filters of views: what passes, how much that is, and what is done with the rest. No finding follows from it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::create::put_view;
use super::tints::ranked;
use super::{Editor, Tint, Words};
use crate::model::{Component, Edit, Family, Flow, Id, Only, Severity, Truth, View};
use crate::rules::{self, Finding};
use crate::scene::LeftOut;

/// What a condition says of elements.
#[derive(Debug, Default)]
struct Passed {
    /// Components and boundaries.
    boxes: BTreeSet<Id>,
    /// None: those between what passes.
    flows: Option<BTreeSet<Id>>,
}

impl Passed {
    fn any(self, other: Self) -> Self {
        let flows = match (self.flows, other.flows) {
            (Some(one), Some(two)) => Some(&one | &two),
            (one, two) => one.or(two),
        };
        Self { boxes: &self.boxes | &other.boxes, flows }
    }
}

/// What the filter of the view leaves out, found once for each state of the drawing: pointer and panels ask in each frame.
#[derive(Debug, Default)]
pub(super) struct Filtered(RefCell<Option<(State, Known)>>);

/// All that a filter follows from: stamp and marks of the editor.
type State = ((u64, u64, bool), (u64, u64));

#[derive(Debug, Clone)]
struct Known {
    left_out: Option<Arc<LeftOut>>,
    /// How many components are shown, and of how many.
    counts: (usize, usize),
}

impl Editor {
    /// Whether the view has a filter.
    pub fn has_filter(&self) -> bool {
        self.shown_view().is_some_and(|it| !it.only.is_empty() || !it.filter.trim().is_empty())
    }

    fn shown_view(&self) -> Option<&View> {
        self.model.views().get(&self.view).map(|it| &**it)
    }

    /// Whether the shown view has a condition in its filter.
    pub fn filters_by(&self, only: &Only) -> bool {
        self.shown_view().is_some_and(|it| it.only.contains(only))
    }

    /// Puts a condition into the filter of the shown view, or takes it out. Of levels there is one at most.
    pub fn toggle_filter(&mut self, only: &Only) {
        let is_on = self.filters_by(only);
        let label = format!("Filter: {}", self.filter_words(only));
        self.edit_filter(label, |it| {
            it.only.retain(|other| {
                other != only && !(matches!((other, only), (Only::Severity(_), Only::Severity(_))))
            });
            if !is_on {
                it.only.push(only.clone());
                it.only.sort_unstable();
            }
        });
    }

    /// The words that what is shown must hold.
    pub fn set_filter_words(&mut self, words: &str) {
        let words = words.trim().to_owned();
        self.edit_filter("Filter by words".to_owned(), |it| it.filter.clone_from(&words));
    }

    /// Dims what is left out, or hides it.
    pub fn set_filter_dims(&mut self, dims: bool) {
        let label = if dims { "Dim the rest" } else { "Hide the rest" };
        self.edit_filter(label.to_owned(), |it| it.dims = dims);
    }

    pub fn clear_filter(&mut self) {
        self.edit_filter("Remove the filter".to_owned(), |it| {
            it.only.clear();
            it.filter.clear();
        });
    }

    fn edit_filter(&mut self, label: String, edit: impl Fn(&mut View)) {
        let view = self.view.clone();
        self.shown.shows_all = false;
        self.change(label, |draft, _| {
            put_view(draft, &view);
            draft.edit::<View>(&view, &edit);
        });
    }

    /// Shows all for a while, or what passes the filter again; the filter stays.
    pub fn toggle_show_all(&mut self) {
        self.shown.shows_all = !self.shown.shows_all;
        self.judgements += 1;
    }

    /// A condition in words.
    pub fn filter_words(&self, only: &Only) -> String {
        match only {
            Only::Family(it) => it.label().to_owned(),
            Only::Within(id) => format!("In {}", self.model.title(id)),
            Only::PersonalData => "Personal data".to_owned(),
            Only::Reached => "Reached from the internet".to_owned(),
            Only::Severity(Severity::Critical) => "Findings: critical".to_owned(),
            Only::Severity(Severity::Low) => "Any finding".to_owned(),
            Only::Severity(it) => format!("Findings: {} or worse", it.slug()),
            Only::Stride(it) => it.label().to_owned(),
            Only::Encrypted => "Encrypted flows".to_owned(),
            Only::Clear => "Flows in clear or unknown".to_owned(),
        }
    }

    /// The filter of the shown view in words: `Personal data, Data`.
    pub fn filter_in_words(&self) -> String {
        let Some(view) = self.shown_view() else { return String::new() };
        let mut all: Vec<String> = view.only.iter().map(|it| self.filter_words(it)).collect();
        let words = view.filter.trim();
        if !words.is_empty() {
            all.push(format!("“{words}”"));
        }
        all.join(", ")
    }

    /// How many components of the view pass a condition by itself.
    pub fn filter_count(&self, only: &Only) -> usize {
        let passed = self.passed(only);
        self.filtered_components().filter(|it| passed.boxes.contains(it.0)).count()
    }

    /// How many components of the view its filter shows, and of how many.
    pub fn filter_counts(&self) -> (usize, usize) {
        self.filtered().counts
    }

    /// The components of the view that a filter is about: notes are always shown.
    fn filtered_components(&self) -> impl Iterator<Item = (&Id, &Component)> {
        let all = self.model.components().iter().map(|(id, it)| (id, &**it));
        all.filter(|(id, it)| is_filtered(it) && self.model.place(&self.view, id).is_some())
    }

    /// What the filter of the view leaves out, unless all is to be shown.
    pub fn left_out(&self) -> Option<Arc<LeftOut>> {
        if self.shown.shows_all || !self.has_filter() { None } else { self.filtered().left_out }
    }

    /// Whether neither pointer nor keys are to come to an element: a filter hides it, and it is not selected.
    pub fn is_hidden(&self, id: &Id) -> bool {
        let hides = |it: Arc<LeftOut>| !it.dims && it.ids.contains(id);
        self.left_out().is_some_and(hides) && !self.selection.contains(id)
    }

    fn filtered(&self) -> Known {
        let now = (self.stamp(), self.marked());
        let mut known = self.filtered.0.borrow_mut();
        match &*known {
            Some((then, it)) if *then == now => it.clone(),
            _ => {
                let left_out = if self.has_filter() { self.filter_anew().map(Arc::new) } else { None };
                let is_shown = |id: &Id| left_out.as_ref().is_none_or(|it| !it.ids.contains(id));
                let all = self.filtered_components();
                let counts =
                    all.fold((0, 0), |(shown, of), (id, _)| (shown + usize::from(is_shown(id)), of + 1));
                known.insert((now, Known { left_out, counts })).1.clone()
            }
        }
    }

    fn filter_anew(&self) -> Option<LeftOut> {
        let view = self.shown_view()?;
        let mut sorts: BTreeMap<u8, Passed> = BTreeMap::new();
        for only in &view.only {
            let passed = self.passed(only);
            let passed = match sorts.remove(&only.sort()) {
                Some(other) => other.any(passed),
                None => passed,
            };
            sorts.insert(only.sort(), passed);
        }
        let words = Words::of(&view.filter);
        if !words.is_empty() {
            sorts.insert(u8::MAX, self.holding(&words));
        }
        Some(LeftOut { ids: self.without(&sorts), dims: view.dims })
    }

    /// All that does not pass one of each sort.
    fn without(&self, sorts: &BTreeMap<u8, Passed>) -> BTreeSet<Id> {
        let model = &self.model;
        let all_pass = |id: &Id| sorts.values().all(|it| it.boxes.contains(id));
        let shown: BTreeSet<&Id> = (model.components().iter())
            .filter(|(id, it)| !is_filtered(it) || all_pass(id))
            .map(|it| it.0)
            .collect();
        let mut left_out: BTreeSet<Id> =
            model.components().keys().filter(|it| !shown.contains(*it)).cloned().collect();
        let passes = |id: &Id, flow: &Flow| {
            let is_between = shown.contains(&flow.from) && shown.contains(&flow.to);
            is_between && sorts.values().all(|it| it.flows.as_ref().is_none_or(|it| it.contains(id)))
        };
        left_out.extend(model.flows().iter().filter(|it| !passes(it.0, it.1)).map(|it| it.0.clone()));
        // A boundary is there for what is in it, or as what was looked for itself.
        let mut around: BTreeSet<&Id> = BTreeSet::new();
        for id in shown.iter().filter(|it| model.component(it).is_some_and(is_filtered)) {
            let gate_of = model.component(id).and_then(|it| it.gate_of.as_ref());
            around.extend(self.nesting.ancestors(id).chain(gate_of));
        }
        let boundaries = model.boundaries().keys();
        left_out.extend(boundaries.filter(|it| !around.contains(it) && !all_pass(it)).cloned());
        left_out
    }

    fn passed(&self, only: &Only) -> Passed {
        let model = &self.model;
        let boxes = |boxes: BTreeSet<Id>| Passed { boxes, flows: None };
        match only {
            Only::Family(family) => {
                let all = model.components().iter().filter(|it| it.1.kind().family == *family);
                boxes(all.map(|it| it.0.clone()).collect())
            }
            Only::Within(id) => {
                let inside = self.nesting.all_in(id).into_iter().chain([id.clone()]);
                let gates = model.components().iter().filter(|it| it.1.gate_of.as_ref() == Some(id));
                boxes(inside.chain(gates.map(|it| it.0.clone())).collect())
            }
            Only::PersonalData => {
                let ranked = ranked(self.facts(), &Tint::PersonalData);
                self.with_ends(ranked.iter().filter(|it| model.flow(it).is_some()), &ranked)
            }
            Only::Reached => boxes(ranked(self.facts(), &Tint::Exposure)),
            Only::Severity(least) => self.found(|it| it.severity >= *least),
            Only::Stride(kind) => self.found(|it| match self.threat_of(it) {
                Some(id) => model.threats().get(&id).is_some_and(|it| it.stride.contains(kind)),
                None => rules::stride(model, &it.rule).contains(kind),
            }),
            Only::Encrypted => self.flows_that(|it| it == Truth::Yes),
            Only::Clear => self.flows_that(|it| matches!(it, Truth::No | Truth::Unknown)),
        }
    }

    /// What open findings are about; of flows, their ends.
    fn found(&self, is_wanted: impl Fn(&Finding) -> bool) -> Passed {
        let open = self.findings().filter(|it| it.state.is_open() && is_wanted(it.finding));
        let subjects: BTreeSet<Id> = open.flat_map(|it| it.finding.subjects.iter().cloned()).collect();
        let flows = subjects.iter().filter(|it| self.model.flow(it).is_some());
        Passed { flows: None, ..self.with_ends(flows, &subjects) }
    }

    fn flows_that(&self, is_wanted: impl Fn(Truth) -> bool) -> Passed {
        let flows = self.model.flows().iter();
        let wanted = flows.filter(|it| is_wanted(it.1.is_encrypted(it.1.protocol())));
        self.with_ends(wanted.map(|it| it.0), &BTreeSet::new())
    }

    /// Flows with their ends, and others.
    fn with_ends<'a>(&self, flows: impl Iterator<Item = &'a Id>, others: &BTreeSet<Id>) -> Passed {
        let flows: BTreeSet<Id> = flows.cloned().collect();
        let ends = flows.iter().filter_map(|it| self.model.flow(it)).flat_map(|it| [&it.from, &it.to]);
        let boxes = ends.chain(others).cloned().collect();
        Passed { boxes, flows: Some(flows) }
    }

    /// What holds words, in whatever it says of itself.
    fn holding(&self, words: &Words) -> Passed {
        let all = self.texts_of_all().into_iter().filter(|it| words.are_in(&it.1)).map(|it| it.0);
        let all: BTreeSet<Id> = all.collect();
        let flows = all.iter().filter(|it| self.model.flow(it).is_some());
        Passed { flows: None, ..self.with_ends(flows, &all) }
    }
}

/// Whether an edit may change what a filter shows though no finding follows from it.
pub(super) fn is_filtered_anew(happened: &Edit) -> bool {
    happened.of::<View>().next().is_some()
}

fn is_filtered(component: &Component) -> bool {
    component.kind().family != Family::Note
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{NewView, Surroundings};
    use crate::formats::{self, text};
    use crate::model::{self, Stride};

    const SHOP: &str = "net \"Internet\": internet; note \"Read me\": note
        boundary edge: subnet-tier { web \"Web\": web-server }
        boundary data \"Data tier\": subnet-tier { db \"Orders\": sql-database [stores people]; cache: redis }
        boundary away: subnet-tier { batch: worker }
        asset people \"Customers\": confidential [personal yes]
        net -> web: https; web -> db: postgres [encrypted no; carries people]; web -> cache: redis [encrypted yes]
        batch -> cache: redis [encrypted yes]";

    fn editor() -> Editor {
        let model = formats::placed(text::read(SHOP).unwrap());
        Editor::with(model, Surroundings::fixed())
    }

    /// What is shown by a filter, by id.
    fn shown(editor: &Editor) -> String {
        let left_out = editor.left_out().unwrap();
        let model = editor.model();
        let all = model.components().keys().chain(model.boundaries().keys()).chain(model.flows().keys());
        all.filter(|it| !left_out.ids.contains(*it)).map(Id::as_str).collect::<Vec<_>>().join(" ")
    }

    fn filtered(all: &[Only]) -> String {
        let mut editor = editor();
        all.iter().for_each(|it| editor.toggle_filter(it));
        shown(&editor)
    }

    #[test]
    fn each_condition_shows_what_it_says() {
        let within = Only::Within(Id::slug("data"));
        for (only, ids) in [
            (Only::Family(Family::Data), "cache db note data"),
            (within, "cache db note data"),
            (Only::PersonalData, "db note web data edge web-db"),
            (Only::Encrypted, "batch cache net note web away data edge batch-cache net-web web-cache"),
            (Only::Clear, "db note web data edge web-db"),
        ] {
            assert_eq!(filtered(std::slice::from_ref(&only)), ids, "{only:?}");
        }
        let reached = filtered(&[Only::Reached]);
        assert!(
            reached.contains("web") && !reached.contains("net ") && !reached.contains("batch"),
            "{reached}"
        );
    }

    #[test]
    fn of_one_sort_any_is_enough_and_of_each_sort_one_has_to_hold() {
        let data = Only::Family(Family::Data);
        let both = filtered(&[data.clone(), Only::Family(Family::Compute)]);
        for id in ["cache", "db", "web", "batch", "web-db", "batch-cache"] {
            assert!(both.contains(id), "{id}: {both}");
        }
        assert_eq!(filtered(&[data.clone(), Only::PersonalData]), "db note data");
        assert_eq!(filtered(&[data, Only::Encrypted, Only::Clear]), "cache db note data");
    }

    #[test]
    fn findings_filter_by_level_and_kind_of_threat() {
        let mut editor = editor();
        let subjects = |editor: &Editor, is_wanted: &dyn Fn(&Finding) -> bool| {
            let open = editor.findings().filter(|it| it.state.is_open() && is_wanted(it.finding));
            open.flat_map(|it| it.finding.subjects.clone()).collect::<BTreeSet<_>>()
        };
        let high = subjects(&editor, &|it| it.severity >= Severity::High);
        editor.toggle_filter(&Only::Severity(Severity::High));
        let left_out = editor.left_out().unwrap().ids.clone();
        assert!(!high.is_empty() && high.iter().all(|it| !left_out.contains(it)), "{high:?}");
        let is_told = |it: &Id| {
            let at = |it: &Flow| [it.from.clone(), it.to.clone()];
            let ends = high.iter().filter_map(|it| editor.model().flow(it)).flat_map(at);
            high.contains(it) || ends.collect::<Vec<_>>().contains(it)
        };
        for id in editor.model().components().keys().filter(|it| !is_told(it) && it.as_str() != "note") {
            assert!(left_out.contains(id), "{id}");
        }
        // There is one level at most; another kind of condition comes beside it.
        editor.toggle_filter(&Only::Severity(Severity::Critical));
        assert_eq!(editor.model().views()[editor.view()].only, [Only::Severity(Severity::Critical)]);
        editor.toggle_filter(&Only::Stride(Stride::Tampering));
        assert_eq!(editor.filter_in_words(), "Findings: critical, Tampering");
    }

    #[test]
    fn words_filter_too_and_all_is_one_step_each_and_kept_in_the_file() {
        let mut editor = editor();
        let findings = editor.report().clone();
        let before = editor.model().clone();
        assert!(!editor.has_filter() && editor.left_out().is_none());
        editor.set_filter_words(" orders ");
        assert!(shown(&editor).starts_with("db note"), "{}", shown(&editor));
        editor.toggle_filter(&Only::PersonalData);
        editor.set_filter_dims(true);
        assert!(editor.left_out().unwrap().dims);
        assert_eq!(editor.filter_in_words(), "Personal data, “orders”");
        assert_eq!(*editor.report(), findings, "what is hidden still counts");
        let written = model::write(editor.model());
        assert!(written.contains(r#"filter: "orders", only: [personal_data], dims: true"#), "{written}");
        assert_eq!(model::read(written.as_bytes()).unwrap(), *editor.model());
        editor.add_view(NewView::Copy);
        assert_eq!(
            editor.filter_in_words(),
            "Personal data, “orders”",
            "a copy of a view is filtered as it is"
        );
        editor.clear_filter();
        assert!(!editor.has_filter());
        for _ in 0..5 {
            editor.undo();
        }
        assert_eq!(*editor.model(), before);
    }

    #[test]
    fn all_is_shown_for_a_while_and_the_filter_stays() {
        let mut editor = editor();
        editor.toggle_filter(&Only::Family(Family::Data));
        assert_eq!(editor.filter_counts(), (2, 5), "a note is no component to count");
        let marked = editor.marked();
        assert!(editor.run("view.filter") && editor.marked() != marked);
        assert!(editor.left_out().is_none() && editor.marks().left_out.is_none() && editor.has_filter());
        assert!(editor.run("view.filter") && editor.left_out().is_some());
        editor.toggle_show_all();
        editor.add_view(NewView::Empty);
        assert!(!editor.shown.shows_all, "that was meant of the other view");
        assert!(!editor.run("view.filter"), "there is nothing to turn off");
    }

    #[test]
    fn what_is_hidden_is_neither_walked_to_nor_selected_with_all_until_it_is_selected() {
        let mut editor = editor();
        editor.toggle_filter(&Only::Family(Family::Data));
        editor.select_all();
        let selected = editor.selection().clone();
        assert!(selected.contains(&Id::slug("data")) && !selected.contains(&Id::slug("net")), "{selected:?}");
        editor.clear_selection();
        let mut walked = BTreeSet::new();
        for _ in 0..8 {
            editor.walk_in_order(true);
            walked.extend(editor.selection().iter().cloned());
        }
        assert_eq!(walked, BTreeSet::from(["cache", "db", "note"].map(Id::slug)));
        // What is new stays in sight until one has done with it.
        let added = editor.add_component("web-server", crate::scene::Pos::new(0.0, 900.0));
        assert!(editor.left_out().unwrap().ids.contains(&added) && !editor.is_hidden(&added));
        editor.clear_selection();
        assert!(editor.is_hidden(&added));
        editor.set_filter_dims(true);
        assert!(!editor.is_hidden(&added), "what is dimmed is there");
    }

    #[test]
    fn a_boundary_that_is_deleted_leaves_the_filter() {
        let mut editor = editor();
        editor.toggle_filter(&Only::Within(Id::slug("data")));
        editor.toggle_filter(&Only::Within(Id::slug("edge")));
        editor.delete(&BTreeSet::from([Id::slug("data")]));
        assert_eq!(editor.model().views()[editor.view()].only, [Only::Within(Id::slug("edge"))]);
    }
}
