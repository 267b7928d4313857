//! Search on the drawing: what holds the words that somebody types, in the order in which one reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::{Editor, Wish, Words, folded};
use crate::model::{Boundary, Component, Edit, Flow, Id, Model, Place, Technology};
use crate::rules;
use crate::scene::Layout;

/// What is searched for on the drawing, and what was found.
#[derive(Debug, Clone, Default)]
pub struct Search {
    text: String,
    words: Words,
    /// What elements say of themselves, folded, each with the element that stands for it on the view: most are themselves,
    /// those in a collapsed boundary are that boundary.
    texts: Vec<(Id, String)>,
    /// The results that the texts were read from; none if the model was another.
    read: Option<(u64, u64)>,
    hits: Arc<BTreeSet<Id>>,
    /// The hits as one reads.
    order: Vec<Id>,
    /// Another view on which something holds the words, if nothing on this one does.
    elsewhere: Option<Id>,
    /// The words and all that was read were looked through.
    is_found: bool,
    /// Nothing was moved since the hits were put in order.
    is_ordered: bool,
    /// The hit that was gone to last.
    at: Option<usize>,
}

impl Search {
    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was found.
    pub fn hits(&self) -> &Arc<BTreeSet<Id>> {
        &self.hits
    }

    /// How far one has come, from 1; none before the first step.
    pub fn number(&self) -> Option<usize> {
        self.at.map(|it| it + 1)
    }

    /// Another view on which something was found, as nothing was on this one.
    pub fn elsewhere(&self) -> Option<&Id> {
        self.elsewhere.as_ref()
    }

    /// `3 of 12`; `12 found` before the first step; nothing while nothing was asked.
    pub fn count(&self) -> String {
        match (self.words.is_empty(), self.number(), self.order.len()) {
            (true, ..) => String::new(),
            (false, _, 0) if self.elsewhere.is_some() => "Not on this view".to_owned(),
            (false, _, 0) => "Nothing found".to_owned(),
            (false, Some(at), all) => format!("{at} of {all}"),
            (false, None, all) => format!("{all} found"),
        }
    }

    /// Takes note of an edit: where things are only moved, what they say stays.
    pub(super) fn note(&mut self, happened: &Edit) {
        let is_collapsed = |it: &Option<Arc<Place>>| it.as_ref().map(|it| it.collapsed);
        let moves = happened.of::<Place>().filter(|it| is_collapsed(&it.before) == is_collapsed(&it.after));
        if moves.count() < happened.changes().len() {
            self.read = None;
        }
        self.note_moves();
    }

    /// Takes note that things stand elsewhere, as they do on another view.
    pub(super) fn note_moves(&mut self) {
        self.is_ordered = false;
    }

    fn find(&mut self) {
        let found = self.texts.iter().filter(|it| !self.words.is_empty() && self.words.are_in(&it.1));
        let hits: BTreeSet<Id> = found.map(|it| it.0.clone()).collect();
        if *self.hits != hits {
            self.hits = Arc::new(hits);
            self.is_ordered = false;
        }
        self.is_found = true;
    }

    fn put_in_order(&mut self, layout: &Layout) {
        let last = self.at.and_then(|it| self.order.get(it)).cloned();
        self.order = layout.order_as_read(self.hits.iter());
        self.at = last.and_then(|last| self.order.iter().position(|it| *it == last));
        self.is_ordered = true;
    }
}

impl Editor {
    /// Opens the search, or leads back to it; what was typed before is still there.
    pub fn begin_search(&mut self) {
        self.search.get_or_insert_default();
        self.shown.search_is_called = true;
    }

    /// Closes the search and leaves selected what is. Returns whether one was open.
    pub fn end_search(&mut self) -> bool {
        self.shown.search_is_called = false;
        self.search.take().is_some()
    }

    /// What is searched for, if somebody searches.
    pub fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    /// How the search stands, for whoever listens: `3 of 12: Orders`.
    pub fn search_in_words(&self) -> Option<String> {
        let search = self.search.as_ref()?;
        let hit = self.selected_one().filter(|it| search.hits.contains(*it));
        let count = search.count();
        Some(hit.map_or_else(|| count.clone(), |it| format!("{count}: {}", self.model.title(it))))
    }

    /// Searches for what was typed: all its words, in whatever order.
    pub fn search_for(&mut self, text: &str) {
        let search = self.search.get_or_insert_default();
        if search.text != text {
            text.clone_into(&mut search.text);
            search.words = Words::of(text);
            (search.is_found, search.at) = (false, None);
        }
        self.update_search();
    }

    /// Searches again if the drawing or its findings are others than they were; the canvas asks for it in each frame. What
    /// is selected by other means is where one goes on from.
    pub fn update_search(&mut self) {
        let Some(mut search) = self.search.take() else { return };
        let now = self.marked();
        if search.read != Some(now) && !search.words.is_empty() {
            search.texts = self.texts();
            (search.read, search.is_found) = (Some(now), false);
        }
        if !search.is_found {
            search.find();
            let is_nowhere = search.hits.is_empty() && !search.words.is_empty();
            search.elsewhere = is_nowhere.then(|| self.view_with(&search.words)).flatten();
        }
        if !search.is_ordered {
            search.put_in_order(&self.layout);
        }
        if let Some(one) = self.selected_one().filter(|it| search.hits.contains(*it)) {
            let is_there = search.at.and_then(|it| search.order.get(it)) == Some(one);
            if !is_there {
                search.at = search.order.iter().position(|it| it == one);
            }
        }
        self.search = Some(search);
    }

    /// The first of the other views on which something holds words.
    fn view_with(&self, words: &Words) -> Option<Id> {
        let others: Vec<Id> = self.views().into_iter().filter(|it| *it != self.view).collect();
        if others.is_empty() {
            return None;
        }
        let found: Vec<Id> =
            self.texts_of_all().into_iter().filter(|it| words.are_in(&it.1)).map(|it| it.0).collect();
        let is_on = |view: &Id, id: &Id| self.model.place(view, id).is_some();
        let is_drawn = |view: &Id, id: &Id| match self.model.flow(id) {
            Some(flow) => is_on(view, &flow.from) && is_on(view, &flow.to),
            None => is_on(view, id),
        };
        others.into_iter().find(|view| found.iter().any(|it| is_drawn(view, it)))
    }

    /// Selects the next hit, or the one before, and brings it into view; after the last comes the first. Where nothing is
    /// found but on another view, shows that; where nothing is searched for, opens the search.
    pub fn go_to_hit(&mut self, forwards: bool) {
        self.update_search();
        if let Some(view) = self.search.as_ref().and_then(|it| it.elsewhere.clone()) {
            self.show_view(&view);
            self.update_search();
        }
        let Some(search) = self.search.as_mut().filter(|it| !it.words.is_empty()) else {
            return self.begin_search();
        };
        let Some(last) = search.order.len().checked_sub(1) else { return };
        let next = match (search.at, forwards) {
            (None, true) => 0,
            (Some(at), true) if at >= last => 0,
            (Some(at), true) => at + 1,
            (None | Some(0), false) => last,
            (Some(at), false) => at - 1,
        };
        search.at = Some(next);
        if let Some(id) = search.order.get(next).cloned() {
            self.select([id.clone()]);
            self.shown.wishes.push(Wish::Show(vec![id]));
        }
    }

    /// What every element says of itself, folded, wherever it is drawn.
    pub(super) fn texts_of_all(&self) -> Vec<(Id, String)> {
        let model = &self.model;
        let boxes = model.components().iter().map(|(id, it)| (id, words_of_component(model, it)));
        let rooms = model.boundaries().iter().map(|(id, it)| (id, words_of_boundary(it)));
        let flows = model.flows().iter().map(|(id, it)| (id, words_of_flow(model, it)));
        boxes.chain(rooms).chain(flows).map(|(id, words)| (id.clone(), folded(&words))).collect()
    }

    /// What every element on the view says of itself, folded.
    fn texts(&self) -> Vec<(Id, String)> {
        let mut said: HashMap<&Id, String> = HashMap::new();
        for listed in self.findings().filter(|it| it.state.is_open()) {
            let finding = listed.finding;
            // Without the names in it: they are what others are called.
            let title = finding.message.without_names();
            for id in &finding.subjects {
                let words = said.entry(id).or_default();
                push(words, rules::label(&self.model, &finding.rule));
                push(words, &title);
            }
        }
        let mut texts = Vec::with_capacity(self.layout.cards.len() + self.model.flows().len());
        let mut add = |id: &Id, shown: Id, mut words: String| {
            if let Some(more) = said.get(id) {
                push(&mut words, more);
            }
            texts.push((shown, folded(&words)));
        };
        for (id, it) in self.model.components() {
            if let Some(shown) = self.shown_as(id) {
                add(id, shown, words_of_component(&self.model, it));
            }
        }
        for (id, it) in self.model.boundaries() {
            if let Some(shown) = self.shown_as(id) {
                add(id, shown, words_of_boundary(it));
            }
        }
        for (id, it) in self.model.flows() {
            if let (Some(from), Some(to)) = (self.shown_as(&it.from), self.shown_as(&it.to)) {
                add(id, if from == to { from } else { id.clone() }, words_of_flow(&self.model, it));
            }
        }
        texts
    }
}

/// Adds words, apart from those before: what was typed is found in one of them or in the other.
fn push(words: &mut String, more: &str) {
    if !more.is_empty() {
        words.push_str(more);
        words.push('\n');
    }
}

fn push_assets(words: &mut String, model: &Model, assets: &[Id]) {
    assets.iter().for_each(|it| push(words, &model.title(it)));
}

fn words_of_component(model: &Model, it: &Component) -> String {
    let mut words = String::new();
    push(&mut words, &it.name);
    push(&mut words, &it.kind().label);
    push(&mut words, &it.technology);
    if let Some(Technology { label, .. }) = it.technology() {
        push(&mut words, label);
    }
    for listener in &it.listeners {
        push(&mut words, &listener.protocol);
        push(&mut words, &listener.port.to_string());
        push(&mut words, &listener.purpose);
    }
    for entry in it.allows.entries() {
        push(&mut words, &entry.ports.to_string());
    }
    push_assets(&mut words, model, &it.stores);
    push_assets(&mut words, model, &it.processes);
    push(&mut words, &it.notes);
    words
}

fn words_of_boundary(it: &Boundary) -> String {
    let mut words = String::new();
    push(&mut words, &it.name);
    push(&mut words, &it.kind().label);
    push(&mut words, &it.notes);
    words
}

fn words_of_flow(model: &Model, it: &Flow) -> String {
    let mut words = String::new();
    push(&mut words, &it.name);
    push(&mut words, &it.protocol);
    let protocol = it.protocol();
    if let Some(protocol) = protocol {
        push(&mut words, &protocol.label);
    }
    // The port on its pill: its own, or that of its protocol.
    let port = Some(&it.port).filter(|it| !it.is_empty()).or_else(|| protocol.map(|it| &it.port));
    push(&mut words, &port.map(ToString::to_string).unwrap_or_default());
    push_assets(&mut words, model, &it.carries);
    push(&mut words, &it.notes);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::model;

    const DRAWING: &str = r#"(
        format: 1,
        assets: {"cards": (name: "Card numbers", class: secret)},
        components: {
            "web": (kind: "web-server", name: "Frönt", technology: "nginx", notes: "behind the CDN"),
            "app": (kind: "application-server", name: "App"),
            "fw": (kind: "firewall", name: "Guard", gate_of: "tier", allows: only([(ports: "tcp/9443", from: anywhere)])),
            "db": (kind: "sql-database", name: "Orders", technology: "postgres:16", within: "tier", stores: ["cards"]),
            "copy": (kind: "sql-database", name: "Orders copy", within: "tier"),
            "elsewhere": (kind: "sql-database", name: "Orders archive"),
        },
        boundaries: {"tier": (kind: "subnet-tier", name: "Data tier")},
        flows: {
            "f": (from: "web", to: "db", protocol: "mysql"),
            "g": (from: "app", to: "db", protocol: "postgres", port: "tcp/6432", carries: ["cards"]),
            "h": (from: "db", to: "copy", name: "log shipping"),
        },
        views: {"main": (name: "Main")},
        places: {
            ("main", "web"): (x: 0, y: 160),
            ("main", "app"): (x: 0, y: 0),
            ("main", "tier"): (x: 320, y: 0, width: 320, height: 360),
            ("main", "fw"): (side: left, offset: 0.5),
            ("main", "db"): (x: 400, y: 96),
            ("main", "copy"): (x: 400, y: 240),
        },
    )"#;

    fn editor() -> Editor {
        Editor::with(model::read(DRAWING.as_bytes()).unwrap(), Surroundings::fixed())
    }

    fn found(editor: &mut Editor, text: &str) -> Vec<String> {
        editor.search_for(text);
        let order = editor.search().unwrap().order.iter();
        order.map(ToString::to_string).collect()
    }

    #[test]
    fn whatever_an_element_says_of_itself_is_found() {
        let mut editor = editor();
        for (text, ids) in [
            ("orders", vec!["db", "copy"]),
            ("front", vec!["web"]),
            ("FRÖNT", vec!["web"]),
            ("web server", vec!["web"]),
            ("server web", vec!["web"]),
            ("nginx", vec!["web"]),
            ("behind cdn", vec!["web"]),
            // What is found on the tier names the ports that come in.
            ("3306", vec!["f", "tier"]),
            ("6432", vec!["g", "tier"]),
            ("9443", vec!["fw"]),
            ("postgresql", vec!["g", "db"]),
            ("shipping", vec!["h"]),
            ("card numbers", vec!["g", "db"]),
            ("subnet", vec!["tier"]),
            ("orders web", vec![]),
            ("", vec![]),
            ("  ", vec![]),
        ] {
            let mut found = found(&mut editor, text);
            let mut ids = ids;
            found.sort_unstable();
            ids.sort_unstable();
            assert_eq!(found, ids, "{text}");
        }
    }

    /// Goes to the next hit or the one before: which it is, and the count.
    fn step(editor: &mut Editor, forwards: bool) -> (String, String) {
        editor.shown.wishes.clear();
        editor.go_to_hit(forwards);
        let one = editor.selected_one().unwrap().clone();
        assert_eq!(editor.shown.wishes, [Wish::Show(vec![one.clone()])]);
        (one.to_string(), editor.search().unwrap().count())
    }

    #[test]
    fn hits_come_as_one_reads_and_go_round() {
        let mut editor = editor();
        let before = editor.summary();
        editor.search_for("server");
        assert_eq!(editor.search().unwrap().count(), "2 found");
        assert_eq!(step(&mut editor, true), ("app".to_owned(), "1 of 2".to_owned()));
        assert_eq!(
            editor.summary(),
            "Find on the drawing: 1 of 2: App.",
            "a page has nothing else to say it by"
        );
        assert_eq!(step(&mut editor, true), ("web".to_owned(), "2 of 2".to_owned()));
        assert_eq!(step(&mut editor, true), ("app".to_owned(), "1 of 2".to_owned()));
        assert_eq!(step(&mut editor, false), ("web".to_owned(), "2 of 2".to_owned()));
        let moved = BTreeSet::from([Id::slug("app")]);
        editor.move_by(&moved, crate::scene::Pos::new(0.0, 800.0), &crate::editor::Membership::Keep);
        editor.update_search();
        assert_eq!(editor.search().unwrap().count(), "1 of 2", "the other one has come to stand below it");
        assert!(editor.end_search() && !editor.end_search());
        assert_eq!(editor.selected_one(), Some(&Id::slug("web")));
        assert_eq!(editor.summary(), before);
    }

    #[test]
    fn hits_come_as_one_reads_on_another_view_too() {
        let mut editor = editor();
        let (main, db) = (editor.view().clone(), Id::slug("db"));
        editor.add_view(crate::editor::NewView::Copy);
        let down = crate::scene::Pos::new(0.0, 400.0);
        editor.move_by(&BTreeSet::from([db]), down, &crate::editor::Membership::Keep);
        assert_eq!(found(&mut editor, "orders"), ["copy", "db"]);
        editor.show_view(&main);
        editor.go_to_hit(true);
        assert_eq!(editor.search().unwrap().order, ["db", "copy"].map(Id::slug));
    }

    #[test]
    fn one_goes_on_from_what_is_selected() {
        let mut editor = editor();
        editor.search_for("server");
        editor.select([Id::slug("web")]);
        editor.update_search();
        assert_eq!(editor.search().unwrap().count(), "2 of 2");
        editor.go_to_hit(false);
        assert_eq!(editor.selected_one(), Some(&Id::slug("app")));
        editor.select([Id::slug("tier")]);
        editor.go_to_hit(true);
        assert_eq!(
            editor.selected_one(),
            Some(&Id::slug("web")),
            "after the last hit, not after what is none"
        );
    }

    #[test]
    fn findings_are_found_by_their_words_and_not_by_names_in_them() {
        let mut editor = editor();
        let finding = editor.findings().find(|it| !it.finding.subjects.is_empty()).unwrap().finding.clone();
        let label = rules::label(editor.model(), &finding.rule).to_owned();
        let hits = found(&mut editor, &label);
        assert!(hits.contains(&finding.subjects[0].to_string()), "{label}: {hits:?}");
        // Findings on the flow to it name the database.
        assert!(editor.findings().any(|it| it.finding.message.read(editor.model()).contains("Orders")));
        assert!(!found(&mut editor, "orders").contains(&"f".to_owned()));
    }

    #[test]
    fn what_changes_is_found_anew_and_only_then_is_anything_read() {
        let mut editor = editor();
        editor.search_for("invoices");
        assert_eq!(editor.search().unwrap().count(), "Nothing found");
        let texts = |editor: &Editor| editor.search().unwrap().texts.as_ptr();
        let before = texts(&editor);
        editor.update_search();
        editor.search_for("invoice");
        let moved = BTreeSet::from([Id::slug("app")]);
        editor.move_by(&moved, crate::scene::Pos::new(0.0, 80.0), &crate::editor::Membership::Keep);
        editor.update_search();
        assert_eq!(texts(&editor), before, "what moves says what it said");
        editor.rename(&Id::slug("app"), "Invoices");
        editor.update_search();
        assert_eq!(editor.search().unwrap().count(), "1 found");
        editor.load_sample(&crate::editor::SAMPLES[0]);
        assert!(editor.search().is_none(), "another document is not searched");
    }

    #[test]
    fn what_a_collapsed_boundary_hides_is_found_as_that() {
        let mut editor = editor();
        let tier = Id::slug("tier");
        let key = (editor.view().clone(), tier);
        editor.change("Collapse", |draft, _| draft.edit::<Place>(&key, |it| it.collapsed = true));
        assert_eq!(found(&mut editor, "orders"), ["tier"]);
        assert_eq!(found(&mut editor, "shipping"), ["tier"]);
        assert_eq!(found(&mut editor, "6432"), ["g", "tier"]);
        editor.go_to_hit(true);
        assert_eq!(editor.selected_one(), Some(&Id::slug("g")));
        // Its gates are hidden with it.
        let sketch = "boundary tier: subnet-tier { web: web-server }; fw \"Guard\": firewall [gate-of tier]";
        let model = crate::formats::placed(crate::formats::text::read(sketch).unwrap());
        let mut editor = Editor::with(model, Surroundings::fixed());
        assert_eq!(found(&mut editor, "guard"), ["fw"]);
        editor.fold(&BTreeSet::from([Id::slug("tier")]), true);
        assert_eq!(found(&mut editor, "guard"), ["tier"]);
    }

    #[test]
    fn without_words_the_next_hit_is_asked_for() {
        let mut editor = editor();
        editor.go_to_hit(true);
        assert!(editor.search().is_some() && editor.shown.search_is_called && editor.selection().is_empty());
        assert_eq!(editor.search().unwrap().count(), "");
    }

    #[test]
    fn what_is_only_on_another_view_is_said_and_gone_to() {
        let mut editor = editor();
        let main = editor.view().clone();
        editor.add_view(crate::editor::NewView::Empty);
        editor.search_for("server");
        let search = editor.search().unwrap();
        assert_eq!((search.count().as_str(), search.elsewhere()), ("Not on this view", Some(&main)));
        editor.go_to_hit(true);
        assert_eq!((editor.view(), editor.search().unwrap().count().as_str()), (&main, "1 of 2"));
        editor.search_for("no such thing");
        let search = editor.search().unwrap();
        assert_eq!((search.count().as_str(), search.elsewhere()), ("Nothing found", None));
    }
}
