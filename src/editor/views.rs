//! Views: several diagrams of one model, each with its own places. What is drawn on none still counts in every finding.

use std::collections::BTreeSet;

use super::collapse::collapsed_on;
use super::create::{place, put_view};
use super::lock::locked_on;
use super::{Editor, Tone, Tool, Wish};
use crate::model::{Component, Flow, Id, Place, View};
use crate::scene::{self, Layout};

/// What a new view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewView {
    Empty,
    /// What the view that is shown does, in the same places.
    Copy,
    /// What is selected, with all in it, its gates and those on the way of its flows, in the same places.
    Selection,
}

impl Editor {
    /// The views, in their order.
    pub fn views(&self) -> Vec<Id> {
        let mut views: Vec<(u32, &Id)> = self.model.views().iter().map(|(id, it)| (it.order, id)).collect();
        views.sort_unstable();
        views.into_iter().map(|it| it.1.clone()).collect()
    }

    /// What a view is called.
    pub fn view_name(&self, view: &Id) -> String {
        let name = self.model.views().get(view).map(|it| it.name.as_str()).unwrap_or_default();
        if name.is_empty() { view.to_string() } else { name.to_owned() }
    }

    /// Shows another view. That is no edit: a document opens with its first one.
    pub fn show_view(&mut self, view: &Id) {
        if *view == self.view || !self.model.views().contains_key(view) {
            return;
        }
        self.turn_to_view(view.clone());
        self.settle_for(super::SETTLE_FIRST_MS);
        let layout = &self.layout;
        self.selection.retain(|it| layout.rect(it).is_some() || layout.flows.contains_key(it));
        self.shown.wishes.push(Wish::Fit);
    }

    /// Shows the next view in their order, or the one before; returns whether there is one.
    pub fn step_view(&mut self, forwards: bool) -> bool {
        let views = self.views();
        let at = views.iter().position(|it| *it == self.view);
        let next = at.and_then(|it| if forwards { it.checked_add(1) } else { it.checked_sub(1) });
        let Some(next) = next.and_then(|it| views.get(it)) else { return false };
        self.show_view(next);
        true
    }

    /// Lays out what a view shows.
    pub(super) fn turn_to_view(&mut self, view: Id) {
        self.discard_layout();
        self.view = view;
        self.layout = Layout::unsettled(&self.model, &self.view, &self.nesting);
        self.locked = locked_on(&self.model, &self.view);
        self.collapsed = collapsed_on(&self.model, &self.view);
        self.shown.shows_all = false;
        self.judgements += 1;
        self.turns += 1;
        if let Some(search) = &mut self.search {
            search.note_moves();
        }
    }

    /// Makes a view and shows it.
    pub fn add_view(&mut self, what: NewView) {
        let wanted: Option<BTreeSet<Id>> = match what {
            NewView::Empty => Some(BTreeSet::new()),
            NewView::Copy => None,
            NewView::Selection => {
                Some(self.with_gates_on_the_way(self.with_contents_and_gates(&self.selection)))
            }
        };
        let is_wanted = |id: &Id| match (&wanted, self.model.flow(id)) {
            (None, _) => true,
            (Some(wanted), Some(flow)) => wanted.contains(&flow.from) && wanted.contains(&flow.to),
            (Some(wanted), None) => wanted.contains(id),
        };
        let places: Vec<(Id, Place)> = (self.model.places().keys())
            .filter(|(view, id)| *view == self.view && is_wanted(id))
            .filter_map(|(_, id)| Some((id.clone(), self.place_among(id, is_wanted)?)))
            .collect();
        let (only, filter, dims) = match self.model.views().get(&self.view).filter(|_| what == NewView::Copy)
        {
            Some(it) => (it.only.clone(), it.filter.clone(), it.dims),
            None => Default::default(),
        };
        let order = self.model.views().values().map(|it| it.order).max().unwrap_or(0).saturating_add(1);
        let name = self.free_view_name();
        let shown = self.view.clone();
        let id = self.change(format!("Add the view {name}"), |draft, ids| {
            // A document without views has one all the same.
            put_view(draft, &shown);
            let id = draft.mint(ids, &name);
            draft.put(id.clone(), View { name, order, filter, only, dims, ..View::default() });
            for (element, place) in places {
                draft.put((id.clone(), element), place);
            }
            id
        });
        self.show_view(&id);
    }

    fn free_view_name(&self) -> String {
        let names: BTreeSet<&str> = self.model.views().values().map(|it| it.name.as_str()).collect();
        let mut numbered = (names.len().max(1) + 1..).map(|n| format!("View {n}"));
        numbered.find(|it| !names.contains(it.as_str())).unwrap_or_default()
    }

    pub fn rename_view(&mut self, view: &Id, name: &str) {
        let name = name.trim().to_owned();
        if name.is_empty() || self.view_name(view) == name {
            return;
        }
        self.change(format!("Rename the view to {name}"), |draft, _| {
            put_view(draft, view);
            draft.edit::<View>(view, |it| it.name.clone_from(&name));
        });
    }

    /// Moves a view one forwards in their order, or one back.
    pub fn move_view(&mut self, view: &Id, forwards: bool) {
        let mut views = self.views();
        let Some(at) = views.iter().position(|it| it == view) else { return };
        let other = if forwards { at + 1 } else { at.wrapping_sub(1) };
        if other >= views.len() {
            return;
        }
        views.swap(at, other);
        self.change("Order the views", |draft, _| {
            for (order, id) in (0..).zip(&views) {
                draft.edit::<View>(id, |it| it.order = order);
            }
        });
    }

    /// Deletes a view, with its places alone; the last one stays.
    pub fn delete_view(&mut self, view: &Id) {
        let views = self.views();
        let Some(at) = views.iter().position(|it| it == view).filter(|_| views.len() > 1) else { return };
        if *view == self.view {
            let next = at.checked_sub(1).unwrap_or(1);
            if let Some(next) = views.get(next) {
                self.show_view(next);
            }
        }
        let label = format!("Delete the view {}", self.view_name(view));
        let on_it: Vec<Id> = self.placed_on(view);
        self.change(label.clone(), |draft, _| {
            for id in &on_it {
                draft.remove::<Place>(&(view.clone(), id.clone()));
            }
            draft.remove::<View>(view);
        });
        self.say_what_is_nowhere(&label, &on_it);
    }

    /// Says what was done, and how many of those that were taken off a view are on no other.
    fn say_what_is_nowhere(&mut self, done: &str, taken_off: &[Id]) {
        let is_nowhere = |it: &&Id| self.model.flow(it).is_none() && !self.is_on_a_view(it);
        let lost = match taken_off.iter().filter(is_nowhere).count() {
            0 => String::new(),
            1 => " One element is drawn nowhere now, and still counts.".to_owned(),
            n => format!(" {n} elements are drawn nowhere now, and still count."),
        };
        self.say(Tone::Info, format!("{done}.{lost}"), &["edit.undo"]);
    }

    fn placed_on(&self, view: &Id) -> Vec<Id> {
        self.model.places().keys().filter(|it| it.0 == *view).map(|it| it.1.clone()).collect()
    }

    fn is_on_a_view(&self, id: &Id) -> bool {
        self.model.views().keys().any(|view| self.model.place(view, id).is_some())
    }

    /// Components and boundaries that the shown view lacks.
    pub fn missing_on_view(&self) -> Vec<Id> {
        let all = self.model.components().keys().chain(self.model.boundaries().keys());
        all.filter(|it| self.model.place(&self.view, it).is_none()).cloned().collect()
    }

    /// Draws elements on the shown view, wherever there is room for them.
    pub fn put_on_view(&mut self, ids: &[Id]) {
        let Some(first) = ids.first() else { return };
        let label = match ids.len() {
            1 => format!("Show {} here", self.model.title(first)),
            n => format!("Show {n} elements here"),
        };
        let view = self.view.clone();
        let new: Vec<scene::New> =
            (ids.iter().cloned()).map(|id| scene::New { id, wish: scene::Wish::Anywhere }).collect();
        self.change(label, |draft, _| place(draft, &view, &new));
        self.select(ids.iter().cloned());
        self.shown.wishes.push(Wish::Follow(ids.to_vec()));
    }

    /// Whether something is selected that would still be drawn elsewhere.
    pub fn can_take_off_view(&self) -> bool {
        self.selection.iter().any(|it| self.is_on_another_view(it))
    }

    fn is_on_another_view(&self, id: &Id) -> bool {
        let is_other = |view: &&Id| **view != self.view;
        self.model.flow(id).is_none()
            && self.model.views().keys().filter(is_other).any(|it| self.model.place(it, id).is_some())
    }

    /// Takes what is selected, with all in it, off the shown view. It stays in the model, and on other views.
    pub fn take_off_view(&mut self) {
        let chosen: BTreeSet<Id> =
            self.selection.iter().filter(|it| self.is_on_another_view(it)).cloned().collect();
        let Some(chosen) = self.free_of(&chosen, Self::can_delete) else { return };
        let Some(first) = chosen.first() else { return };
        let label = match chosen.len() {
            1 => format!("Take {} off this view", self.model.title(first)),
            n => format!("Take {n} elements off this view"),
        };
        let (view, all) = (self.view.clone(), self.with_contents(&chosen));
        // A line that is drawn no more keeps no corners for when it is drawn anew.
        let is_at = |it: &Flow| all.contains(&it.from) || all.contains(&it.to);
        let lines = self.model.flows().iter().filter(|it| is_at(it.1)).map(|it| it.0.clone());
        let lines: Vec<Id> = lines.collect();
        let guards = |it: &Component| it.gate_of.as_ref().is_some_and(|it| all.contains(it));
        let gates = self.model.components().iter().filter(|(id, it)| guards(it) && !all.contains(*id));
        let gates: Vec<(Id, Place)> = gates
            .filter_map(|(id, _)| Some((id.clone(), self.place_among(id, |it| !all.contains(it))?)))
            .collect();
        self.change(label.clone(), |draft, _| {
            for id in all.iter().chain(&lines) {
                draft.remove::<Place>(&(view.clone(), id.clone()));
            }
            for (id, place) in gates {
                draft.put((view.clone(), id), place);
            }
        });
        self.clear_selection();
        self.say_what_is_nowhere(&label, &all.into_iter().collect::<Vec<_>>());
    }

    /// The place of an element on the shown view, for where not all others stand: a gate without its boundary is a card, and
    /// stands where it sat.
    pub(super) fn place_among(&self, id: &Id, is_there: impl Fn(&Id) -> bool) -> Option<Place> {
        let place = self.model.place(&self.view, id)?.clone();
        let guarded = self.model.component(id).and_then(|it| it.gate_of.as_ref());
        let (x, y) = match guarded.filter(|it| place.side.is_some() && !is_there(it)) {
            Some(_) => self.model.spot(&self.view, id)?,
            None => (place.x.px(), place.y.px()),
        };
        Some(Place { x: x.into(), y: y.into(), ..place })
    }

    /// Elements, and all that stands in those that are boundaries.
    fn with_contents(&self, ids: &BTreeSet<Id>) -> BTreeSet<Id> {
        ids.iter().flat_map(|it| self.nesting.all_in(it)).chain(ids.iter().cloned()).collect()
    }

    /// The same with the gates of these boundaries: what a copy holds.
    pub fn with_contents_and_gates(&self, ids: &BTreeSet<Id>) -> BTreeSet<Id> {
        let mut all = self.with_contents(ids);
        let guards = |it: &Component| it.gate_of.as_ref().is_some_and(|it| all.contains(it));
        let gates = self.model.components().iter().filter(|it| guards(it.1));
        let gates: Vec<Id> = gates.map(|it| it.0.clone()).collect();
        all.extend(gates);
        all
    }

    /// Elements, and the gates that flows between them go through.
    fn with_gates_on_the_way(&self, mut ids: BTreeSet<Id>) -> BTreeSet<Id> {
        let flows = self.model.flows().iter();
        let between = flows.filter(|it| ids.contains(&it.1.from) && ids.contains(&it.1.to));
        let gates = between.flat_map(|it| self.layout.gates_on_the_way(&self.model, it.0));
        let gates: Vec<Id> = gates.collect();
        ids.extend(gates);
        ids
    }

    /// Shows the views one after the other, with nothing around them; again, ends it, and shows the one from before.
    pub fn toggle_presenting(&mut self) {
        self.shown.presents = !self.shown.presents;
        // Whoever points at something while presenting moves nothing.
        self.shown.tool = if self.shown.presents { Tool::Hand } else { Tool::Pointer };
        if self.shown.presents {
            self.clear_selection();
            self.shown.modal = None;
            self.shown.view_before = Some(self.view.clone());
            if let Some(first) = self.views().first().cloned() {
                self.show_view(&first);
            }
            self.shown.wishes.push(Wish::Fit);
        } else if let Some(before) = self.shown.view_before.take() {
            self.show_view(&before);
        }
        self.shown.wishes.push(Wish::Focus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::formats::{self, text};
    use crate::model;

    const SKETCH: &str =
        "user -> web: https; boundary tier: subnet-tier { web: web-server; db: sql-database }
        web -> db: postgres";

    fn editor() -> Editor {
        let model = formats::placed(text::read(SKETCH).unwrap());
        Editor::with(model, Surroundings::fixed())
    }

    fn cards(editor: &Editor) -> String {
        editor.layout().cards.keys().map(Id::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_view_of_the_selection_shows_that_where_it_was() {
        let mut editor = editor();
        let before = editor.layout().rect(&Id::slug("db"));
        let findings = editor.report().clone();
        editor.select([Id::slug("tier")]);
        editor.add_view(NewView::Selection);
        assert_eq!((cards(&editor).as_str(), editor.views().len()), ("db web", 2));
        assert_eq!(editor.layout().rect(&Id::slug("db")), before);
        assert!(editor.layout().flows.contains_key(&Id::slug("web-db")));
        assert!(!editor.layout().flows.contains_key(&Id::slug("user-web")));
        assert_eq!(*editor.report(), findings, "what is drawn where changes no finding");
        // Each has its own places.
        let main = editor.views()[0].clone();
        let tier = BTreeSet::from([Id::slug("tier")]);
        editor.move_by(&tier, scene::Pos::new(800.0, 0.0), &crate::editor::Membership::Keep);
        assert_ne!(editor.layout().rect(&Id::slug("db")), before);
        assert!(editor.step_view(false) && *editor.view() == main);
        assert_eq!(editor.layout().rect(&Id::slug("db")), before);
        assert!(!editor.step_view(false) && editor.step_view(true));
    }

    #[test]
    fn elements_are_put_on_a_view_and_taken_off() {
        let mut editor = editor();
        editor.add_view(NewView::Empty);
        assert_eq!((cards(&editor).as_str(), editor.missing_on_view().len()), ("", 4));
        editor.put_on_view(&[Id::slug("user"), Id::slug("web")]);
        assert_eq!(cards(&editor), "user web");
        assert!(editor.layout().flows.contains_key(&Id::slug("user-web")), "flows come by themselves");
        editor.select([Id::slug("web")]);
        assert!(editor.can_take_off_view());
        editor.take_off_view();
        assert_eq!(cards(&editor), "user");
        editor.undo();
        assert_eq!(cards(&editor), "user web");
        // What would be drawn nowhere stays.
        editor.add_component("web-server", scene::Pos::new(0.0, 400.0));
        assert!(!editor.can_take_off_view());
    }

    /// A gate on the left of a tier, on two views.
    fn gated() -> (Editor, [Id; 2]) {
        let text = r#"(format: 1,
            components: {"fw": (kind: "firewall", gate_of: "tier"), "db": (kind: "cache", within: "tier")},
            boundaries: {"tier": (kind: "network")},
            views: {"a": (name: "A"), "b": (name: "B", order: 1), "c": (name: "C", order: 2)},
            places: {
                ("a", "tier"): (x: 400, y: 400, width: 400, height: 200), ("a", "fw"): (side: left, offset: 0.5),
                ("b", "tier"): (x: 800, y: 0, width: 200, height: 200), ("b", "fw"): (side: bottom, offset: 0.5),
                ("a", "db"): (x: 560, y: 480), ("b", "db"): (x: 860, y: 80), ("c", "fw"): (x: 40, y: 48),
            },
        )"#;
        (
            Editor::with(model::read(text.as_bytes()).unwrap(), Surroundings::fixed()),
            ["fw", "tier"].map(Id::slug),
        )
    }

    fn corner(editor: &Editor, view: &str) -> (f32, f32) {
        let place = editor.model().place(&Id::slug(view), &Id::slug("fw")).unwrap();
        (place.x.px(), place.y.px())
    }

    #[test]
    fn a_gate_stays_where_it_sat_when_its_boundary_goes() {
        let goes: [fn(&mut Editor, Id); 2] =
            [|it, tier| it.dissolve(&BTreeSet::from([tier])), |it, tier| it.delete(&BTreeSet::from([tier]))];
        for go in goes {
            let (mut editor, [_, tier]) = gated();
            go(&mut editor, tier);
            let places = ["a", "b", "c"].map(|it| corner(&editor, it));
            assert_eq!(places, [(400.0, 500.0), (900.0, 200.0), (40.0, 48.0)]);
        }
        let (mut editor, [fw, _]) = gated();
        editor.take_off_gate(&fw, scene::Pos::new(100.0, 100.0));
        assert_eq!(corner(&editor, "b"), (900.0, 200.0));
    }

    #[test]
    fn a_gate_without_its_boundary_on_a_view_stands_where_it_sat() {
        let (mut editor, [fw, tier]) = gated();
        editor.select([fw.clone()]);
        editor.add_view(NewView::Selection);
        assert_eq!(editor.layout().rect(&fw).unwrap().min, scene::Pos::new(400.0, 500.0));
        let (mut editor, _) = gated();
        editor.select([tier]);
        editor.take_off_view();
        assert_eq!(editor.layout().rect(&fw).unwrap().min, scene::Pos::new(400.0, 500.0));
    }

    #[test]
    fn a_view_of_the_selection_takes_its_gates_along_and_those_on_the_way_of_its_flows() {
        let text = r#"(format: 1,
            components: {
                "web": (kind: "web-server"), "db": (kind: "cache", within: "tier"), "lone": (kind: "cache"),
                "near": (kind: "firewall", gate_of: "tier"), "far": (kind: "firewall", gate_of: "tier"),
            },
            boundaries: {"tier": (kind: "network")}, flows: {"f": (from: "web", to: "db")}, views: {"main": (name: "Main")},
            places: {
                ("main", "web"): (x: 0, y: 80), ("main", "tier"): (x: 400, y: 0, width: 400, height: 240),
                ("main", "db"): (x: 520, y: 80), ("main", "lone"): (x: 0, y: 400),
                ("main", "near"): (side: left, offset: 0.5), ("main", "far"): (side: right, offset: 0.5),
            },
        )"#;
        let view_of = |ids: &[&str], edit: fn(&mut Editor)| {
            let mut editor = Editor::with(model::read(text.as_bytes()).unwrap(), Surroundings::fixed());
            edit(&mut editor);
            editor.select(ids.iter().map(|it| Id::slug(it)));
            editor.add_view(NewView::Selection);
            editor
        };
        let gates = |editor: &Editor| editor.layout().gates.keys().map(Id::to_string).collect::<Vec<_>>();
        let editor = view_of(&["tier"], |_| {});
        assert_eq!(
            (gates(&editor), cards(&editor)),
            (vec!["far".to_owned(), "near".to_owned()], "db".to_owned())
        );
        // Without its boundary it stands where it sat, also if the line was bent by hand.
        for edit in [
            |_: &mut Editor| {},
            |it: &mut Editor| it.bend(&Id::slug("f"), &[scene::Pos::new(300.0, 300.0)], 1),
        ] {
            let editor = view_of(&["web", "db"], edit);
            assert_eq!((gates(&editor).len(), cards(&editor).as_str()), (0, "db near web"));
        }
        assert_eq!(cards(&view_of(&["db", "lone"], |_| {})), "db lone");
    }

    #[test]
    fn what_is_taken_off_a_view_leaves_no_corners_on_it() {
        let mut editor = editor();
        let (main, flow) = (editor.view().clone(), Id::slug("web-db"));
        editor.bend(&flow, &[scene::Pos::new(8.0, 8.0)], 1);
        editor.add_view(NewView::Copy);
        editor.select([Id::slug("db")]);
        editor.take_off_view();
        let places = [&main, editor.view()].map(|it| editor.model().place(it, &flow).is_some());
        assert_eq!(places, [true, false]);
    }

    #[test]
    fn views_are_renamed_ordered_and_deleted() {
        let mut editor = editor();
        editor.add_view(NewView::Copy);
        let [main, copy] = editor.views().try_into().unwrap();
        assert_eq!((editor.view(), editor.view_name(&copy).as_str()), (&copy, "View 2"));
        assert_eq!(cards(&editor), "db user web");
        editor.rename_view(&copy, "  Data ");
        assert_eq!(editor.view_name(&copy), "Data");
        editor.move_view(&copy, false);
        assert_eq!(editor.views(), [copy.clone(), main.clone()]);
        let added = editor.add_component("web-server", scene::Pos::new(0.0, 600.0));
        editor.delete_view(&copy);
        assert_eq!((editor.views(), editor.view()), (vec![main.clone()], &main));
        let notice = editor.notice().unwrap().text.clone();
        assert_eq!(notice, "Delete the view Data. One element is drawn nowhere now, and still counts.");
        assert_eq!(editor.missing_on_view(), [added]);
        assert!(editor.model().places().keys().all(|it| it.0 == main));
        editor.delete_view(&main);
        assert_eq!(editor.views().len(), 1, "the last one stays");
        editor.undo();
        assert_eq!(editor.views().len(), 2);
    }

    #[test]
    fn a_shown_view_that_an_undo_takes_away_gives_way_to_the_first() {
        let mut editor = editor();
        let main = editor.view().clone();
        editor.add_view(NewView::Empty);
        let stamp = editor.stamp();
        editor.undo();
        assert_eq!((editor.view(), cards(&editor).as_str()), (&main, "db user web"));
        assert_ne!(editor.stamp(), stamp);
        editor.redo();
        let stamp = editor.stamp();
        editor.step_view(true);
        assert_ne!(editor.stamp(), stamp, "the canvas has to paint anew");
    }
}
