//! Copy, paste, duplicate: a fragment is a small document of its own, as text.

use std::collections::BTreeSet;

use super::create::put_within;
use super::inserting::{added, insertion, with_places};
use super::{Editor, Effect, Tone};
use crate::formats::{svg, text};
use crate::model::{self, Asset, Component, Draft, From, Id, Model, Nesting, ReadError, View, ended};
use crate::scene::{self, Pos};

/// How far from what was copied a copy stands that can be told apart from it.
const ASIDE: Pos = Pos::new(24.0, 24.0);
/// From what was copied to a copy that stands beside it, and how many of its lengths away at most.
const BESIDE: f32 = 56.0;
const FURTHEST: u8 = 4;

/// Why a pasted text is no fragment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FragmentError {
    #[error("The clipboard holds a document that does not read: {0}")]
    Document(ReadError),
    #[error("The clipboard holds neither elements nor a sketch: {0}")]
    NoSketch(text::TextError),
    #[error("The clipboard holds no element")]
    Nothing,
    #[error("The clipboard holds {0}")]
    Svg(svg::NoDocument),
}

/// Reads what was copied: a fragment of our own, an SVG that holds one, or a sketch in the text language.
///
/// # Errors
/// The text is none of these.
pub fn fragment_from_text(pasted: &str) -> Result<Model, FragmentError> {
    let pasted = pasted.trim_start_matches('\u{feff}').trim_start();
    if pasted.starts_with('<') {
        let held = svg::document_in(pasted).map_err(FragmentError::Svg)?;
        return model::read(held.as_bytes()).map_err(FragmentError::Document);
    }
    if pasted.starts_with('(') {
        return model::read(pasted.as_bytes()).map_err(FragmentError::Document);
    }
    let sketch = text::read(pasted).map_err(FragmentError::NoSketch)?;
    let is_empty = sketch.components().is_empty() && sketch.boundaries().is_empty();
    if is_empty { Err(FragmentError::Nothing) } else { Ok(sketch) }
}

impl Editor {
    /// The selection as a document of its own: boundaries with all in them and their gates, flows whose ends are both
    /// there, assets that they name, and places.
    pub fn fragment(&self) -> Option<String> {
        self.fragment_of(&self.selection)
    }

    /// The same of other elements.
    pub(super) fn fragment_of(&self, ids: &BTreeSet<Id>) -> Option<String> {
        let ids = self.with_contents_and_gates(ids);
        if ids.is_empty() {
            return None;
        }
        let model = &self.model;
        let mut empty = Model::new();
        let mut draft = Draft::of(&empty);
        let view = model::main_view_id(|it| model.is_taken(it) && !model.views().contains_key(it));
        draft.put(view.clone(), View { name: "Main".to_owned(), ..View::default() });
        for id in &ids {
            if let Some(it) = model.component(id) {
                draft.put(id.clone(), it.clone());
                for asset in it.stores.iter().chain(&it.processes) {
                    copy_asset(model, &mut draft, asset);
                }
            }
            if let Some(it) = model.boundary(id) {
                draft.put(id.clone(), it.clone());
            }
            if let Some(place) = self.place_among(id, |it| ids.contains(it)) {
                draft.put((view.clone(), id.clone()), place);
            }
        }
        for (id, flow) in model.flows() {
            if ids.contains(&flow.from) && ids.contains(&flow.to) {
                draft.put(id.clone(), (**flow).clone());
                flow.carries.iter().for_each(|it| copy_asset(model, &mut draft, it));
                if let Some(place) = model.place(&self.view, id) {
                    draft.put((view.clone(), id.clone()), place.clone());
                }
            }
        }
        let drawn_with = |id: &Id| {
            let of_component = model.component(id).and_then(|it| it.icon.as_ref());
            of_component.or_else(|| model.boundary(id).and_then(|it| it.icon.as_ref()))
        };
        for icon in ids.iter().filter_map(drawn_with) {
            if let Some(it) = model.artwork(icon) {
                draft.put(icon.clone(), it.clone());
            }
        }
        let edit = draft.finish();
        empty.apply(&edit);
        (!empty.components().is_empty() || !empty.boundaries().is_empty()).then(|| model::write(&empty))
    }

    pub fn copy(&mut self) {
        match self.fragment() {
            Some(text) => {
                self.note_copied(&text);
                self.ask(Effect::Copy(text));
            }
            None => self.say(Tone::Info, "Nothing is selected to copy.", &[]),
        }
    }

    /// Asks for what is on the clipboard, which comes as if its keys had been pressed.
    pub fn ask_for_paste(&mut self) {
        self.ask(Effect::Paste);
    }

    pub fn cut(&mut self) {
        if let Some(text) = self.fragment() {
            self.note_copied(&text);
            self.ask(Effect::Copy(text));
            // Where a boundary goes, its gates go with it: they are in what was copied.
            let goes: BTreeSet<Id> =
                self.selection.iter().filter(|it| self.can_delete(it)).cloned().collect();
            let goes = self.with_contents_and_gates(&goes);
            let is_gate = |it: &&Id| self.model.component(it).is_some_and(|it| it.gate_of.is_some());
            let gates = goes.iter().filter(is_gate).cloned().collect();
            self.delete_with(&self.selection.clone(), gates);
        }
    }

    pub fn duplicate(&mut self) {
        if let Some(fragment) = self.fragment().and_then(|it| model::read(it.as_bytes()).ok()) {
            let by = self.beside_selection();
            self.insert("Duplicate", &fragment, Some(by), true);
            self.follow_selection();
        }
    }

    /// How far from the selection its copy stands: a little aside where it can be told apart from it, else on free ground
    /// beside it.
    fn beside_selection(&self) -> Pos {
        let boxes = || self.selection.iter().filter_map(|it| self.layout.rect(it));
        let gates = self.layout.gates.values().filter(|it| self.selection.contains(&it.boundary));
        let is_all = || self.everything_at_the_top().iter().all(|it| self.selection.contains(it));
        let is_heap = self.selection.iter().any(|it| self.layout.boundaries.contains_key(it))
            || boxes().nth(1).is_some() && is_all();
        let all = boxes().chain(gates.map(|it| it.rect));
        let Some(around) = all.reduce(|a, b| a.union(&b)).filter(|_| is_heap) else { return ASIDE };
        let (right, down) = (around.width() + BESIDE, around.height() + BESIDE);
        let right = Pos::new((right / scene::SNAP).ceil() * scene::SNAP, 0.0);
        let down = Pos::new(0.0, (down / scene::SNAP).ceil() * scene::SNAP);
        // What is wider than high grows downwards, as drawings do.
        let ways = if around.width() > around.height() { [down, right] } else { [right, down] };
        let is_own = |it: &Id| {
            let mut own = self.nesting.ancestors(it).chain([it]);
            own.any(|it| self.selection.contains(it))
                || self.selection.iter().any(|inner| self.nesting.is_in(inner, it))
        };
        let layout = &self.layout;
        let others: Vec<scene::Rect> = (layout.cards.iter().map(|(id, it)| (id, it.outer())))
            .chain(layout.boundaries.iter().map(|(id, it)| (id, it.rect)))
            .filter(|it| !is_own(it.0))
            .map(|it| it.1)
            .collect();
        let is_free = |by: &Pos| {
            let there = around.moved(*by);
            !others.iter().any(|it| it.overlaps(&there))
        };
        let further = |n: u8| ways.map(|it| Pos::new(it.x * f32::from(n), it.y * f32::from(n)));
        (1..=FURTHEST).flat_map(further).find(is_free).unwrap_or(ways[0])
    }

    /// Pastes a fragment or a sketch: beside where it stood, or with its centre at a position, in the boundary there.
    pub fn paste(&mut self, pasted: &str, centre: Option<Pos>) {
        match fragment_from_text(pasted) {
            Ok(fragment) => {
                let mut fragment = self.without_strangers(fragment);
                let by = match centre.zip(centre_of(&fragment)) {
                    Some((to, from)) => {
                        stand_in(&mut fragment, self.boundary_at(to).as_ref());
                        (to - from).snapped(scene::SNAP)
                    }
                    None => ASIDE,
                };
                self.insert("Paste", &fragment, Some(by), true);
                self.follow_selection();
            }
            Err(error) => self.say(Tone::Error, ended(&error.to_string()), &[]),
        }
    }

    /// Remembers a fragment that goes to the clipboard, to know it again.
    pub(super) fn note_copied(&mut self, fragment: &str) {
        self.copied = Some((self.document.number(), fragment.to_owned()));
    }

    /// A fragment without what it names and does not hold: in another document that is nothing, or a stranger. What was
    /// copied here goes back to where it stood.
    fn without_strangers(&self, mut fragment: Model) -> Model {
        let here = self.copied.as_ref().filter(|it| it.0 == self.document.number());
        let is_ours = here.is_some_and(|it| it.1 == model::write(&fragment));
        let is_known = |it: &Id| fragment.has(it) || is_ours && self.model.has(it);
        let strangers = named_in(&fragment).into_iter().filter(|it| !is_known(it)).collect();
        let edit = {
            let mut draft = Draft::of(&fragment);
            draft.delete(&strangers);
            draft.finish()
        };
        fragment.apply(&edit);
        fragment
    }

    /// Adds all elements of a model under fresh ids; selects them. Those without a place get one.
    pub fn insert(&mut self, label: &str, fragment: &Model, by: Option<Pos>, rename: bool) {
        let mut ids = self.surroundings.ids.clone();
        let edit = insertion(&self.model, fragment, &self.view, by.unwrap_or(Pos::ZERO), rename, &mut ids);
        self.surroundings.ids = ids;
        let edit = with_places(&self.model, &self.view, &edit);
        let mut new: Vec<Id> = added(&edit);
        self.apply(label, &edit);
        // A gate goes where its boundary goes.
        let model = &self.model;
        let guarded = |it: &Id| model.component(it).and_then(|it| it.gate_of.clone());
        let added: BTreeSet<Id> = new.iter().cloned().collect();
        new.retain(|it| guarded(it).is_none_or(|it| !added.contains(&it)));
        self.select(new);
    }
}

/// What a fragment names, whether it holds it or not.
fn named_in(fragment: &Model) -> BTreeSet<Id> {
    let origins = |it: &From| if let From::Of(ids) = it { ids.clone() } else { Vec::new() };
    let mut named = BTreeSet::new();
    for it in fragment.components().values() {
        named.extend(it.within.iter().chain(&it.gate_of).chain(&it.stores).chain(&it.processes).cloned());
        named.extend(it.allows.entries().iter().flat_map(|it| origins(&it.from)));
        named.extend(it.listeners.iter().flat_map(|it| origins(&it.meant_for)));
    }
    for it in fragment.boundaries().values() {
        named.extend(it.within.clone());
        named.extend(it.ingress.entries().iter().flat_map(|it| origins(&it.from)));
    }
    for it in fragment.flows().values() {
        named.extend([&it.from, &it.to].into_iter().chain(&it.carries).cloned());
    }
    named
}

/// Puts what stands in no boundary of a fragment into another one, or into none. A gate of what is not there stays its gate.
fn stand_in(fragment: &mut Model, within: Option<&Id>) {
    let is_there = |it: &Option<Id>| it.as_ref().is_some_and(|it| fragment.boundary(it).is_some());
    let is_loose = |it: &Component| !is_there(&it.within) && (it.gate_of.is_none() || is_there(&it.gate_of));
    let components = fragment.components().iter().filter(|it| is_loose(it.1)).map(|it| it.0);
    let boundaries = fragment.boundaries().iter().filter(|it| !is_there(&it.1.within)).map(|it| it.0);
    let loose: Vec<Id> = components.chain(boundaries).cloned().collect();
    let edit = {
        let mut draft = Draft::of(fragment);
        loose.iter().for_each(|it| put_within(&mut draft, it, within));
        draft.finish()
    };
    fragment.apply(&edit);
}

fn copy_asset(model: &Model, draft: &mut Draft<'_>, id: &Id) {
    if let Some(asset) = model.asset(id) {
        draft.put::<Asset>(id.clone(), asset.clone());
    }
}

fn centre_of(fragment: &Model) -> Option<Pos> {
    let layout = scene::Layout::of(fragment, fragment.first_view()?, &Nesting::of(fragment));
    layout.bounds().map(|it| it.centre())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    fn editor_with_two() -> (Editor, Id, Id) {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("web-server", Pos::new(100.0, 100.0));
        let b = editor.add_component("sql-database", Pos::new(400.0, 100.0));
        editor.connect(&a, &b);
        (editor, a, b)
    }

    #[test]
    fn a_copy_takes_along_what_has_both_ends() {
        let (mut editor, a, b) = editor_with_two();
        editor.select([a.clone(), b]);
        let both = editor.fragment().unwrap();
        editor.select([a]);
        let one = editor.fragment().unwrap();
        editor.paste(&both, None);
        assert_eq!((editor.model().components().len(), editor.model().flows().len()), (4, 2));
        assert_eq!(editor.selection().len(), 2);
        editor.paste(&one, None);
        assert_eq!((editor.model().components().len(), editor.model().flows().len()), (5, 2));
        let names: Vec<&str> = editor.model().components().values().map(|it| it.name.as_str()).collect();
        assert!(names.contains(&"Web server 2") && names.contains(&"Web server 3"), "{names:?}");
        editor.undo();
        editor.undo();
        assert_eq!(editor.model().components().len(), 2);
    }

    #[test]
    fn a_copied_flow_takes_its_corners_along_and_nothing_else() {
        let (mut editor, a, b) = editor_with_two();
        let flow = editor.model().flows().keys().next().unwrap().clone();
        editor.bend(&flow, &[Pos::new(200.0, 300.0)], 1);
        editor.select([a.clone(), b]);
        editor.duplicate();
        let copy = editor.model().flows().keys().find(|it| **it != flow).unwrap();
        let from = &editor.model().flow(copy).unwrap().from;
        let corner = |id: &Id| editor.layout().rect(id).unwrap().min;
        let bend = Pos::new(200.0, 300.0) + corner(from) - corner(&a);
        let waypoints = vec![(bend.x.into(), bend.y.into())];
        let place = model::Place { waypoints, ..model::Place::default() };
        assert_eq!(editor.model().place(editor.view(), copy), Some(&place));
    }

    #[test]
    fn a_copied_gate_lies_beside_what_it_is_a_copy_of() {
        let mut editor = tiers();
        editor.select([Id::slug("fw")]);
        editor.duplicate();
        let [gate, copy] = [Id::slug("fw"), editor.selected_one().unwrap().clone()]
            .map(|it| editor.layout().gates[&it].rect);
        assert!(!gate.overlaps(&copy), "{gate:?} {copy:?}");
    }

    #[test]
    fn a_boundary_is_copied_with_its_gates_and_those_of_what_is_in_it() {
        let text = r#"(format: 1,
            components: {
                "db": (kind: "sql-database", within: "inner"),
                "fw": (kind: "firewall", gate_of: "outer", allows: only([(ports: "tcp/443", from: anywhere)])),
                "in": (kind: "firewall", within: "outer", gate_of: "inner"),
            },
            boundaries: {"outer": (kind: "network"), "inner": (kind: "subnet-tier", within: "outer")},
            places: {
                ("main", "outer"): (x: 0, y: 0, width: 480, height: 400), ("main", "inner"): (x: 80, y: 80, width: 320, height: 240),
                ("main", "db"): (x: 160, y: 160), ("main", "fw"): (side: left, offset: 0.25), ("main", "in"): (side: bottom, offset: 0.75),
            },
        )"#;
        let mut editor = Editor::with(model::read(text.as_bytes()).unwrap(), Surroundings::fixed());
        let outer = Id::slug("outer");
        let gates = |editor: &Editor, of: &Id| {
            let all = editor.with_contents_and_gates(&BTreeSet::from([of.clone()]));
            let corner = editor.layout().rect(of).unwrap().min;
            let gates = all.iter().filter_map(|it| editor.layout().gates.get(it));
            let mut seats: Vec<String> = gates
                .map(|it| {
                    let by = it.rect.min - corner;
                    format!("{:?} {:.1} {:.1}", it.side, by.x, by.y)
                })
                .collect();
            seats.sort();
            (all.len(), seats)
        };
        let before = gates(&editor, &outer);
        assert_eq!((before.0, before.1.len()), (5, 2));
        let whole = editor.model().clone();
        editor.select([outer.clone()]);
        editor.duplicate();
        let copy = editor.selected_one().unwrap().clone();
        assert_eq!(gates(&editor, &copy), before);
        let [old, new] = [&outer, &copy].map(|it| {
            let all = editor.with_contents_and_gates(&BTreeSet::from([it.clone()]));
            all.iter().filter_map(|it| editor.layout().rect(it)).reduce(|a, b| a.union(&b)).unwrap()
        });
        assert!(!old.overlaps(&new), "{old:?} {new:?}");
        editor.undo();
        assert_eq!(*editor.model(), whole, "one step");
        // With Alt, and into another boundary.
        let tier = editor.add_boundary("network", scene::Rect::new(0.0, 1000.0, 800.0, 600.0));
        let into = crate::editor::Membership::Within(Some(tier.clone()));
        editor.duplicate_by(&BTreeSet::from([outer.clone()]), Pos::new(80.0, 1080.0), &into);
        let copy = editor.selected_one().unwrap().clone();
        assert_eq!(gates(&editor, &copy), before);
        let of_copy = |it: &&std::sync::Arc<Component>| it.gate_of.as_ref() == Some(&copy);
        let gate = editor.model().components().values().find(of_copy).unwrap();
        assert_eq!(gate.within, Some(tier));
        editor.undo();
        editor.undo();
        // What is cut leaves no gate behind, and pasted it is whole again.
        editor.select([outer]);
        editor.cut();
        assert!(editor.model().components().is_empty());
        let copied = |it| if let Effect::Copy(text) = it { Some(text) } else { None };
        let text = editor.take_effects().into_iter().find_map(copied).unwrap();
        editor.paste(&text, Some(Pos::new(2000.0, 0.0)));
        let back = editor.selected_one().unwrap().clone();
        assert_eq!(gates(&editor, &back), before);
        assert_eq!(editor.model().components().len(), 3);
    }

    #[test]
    fn an_asset_that_is_called_as_something_else_is_gets_another_id() {
        let (mut editor, a, b) = editor_with_two();
        let flow = editor.connect(&b, &a).unwrap();
        let fragment = format!(
            r#"(format: 1,
                components: {{"x": (kind: "cache", stores: ["{a}"], processes: ["{flow}", "new"]), "y": (kind: "cache")}},
                flows: {{"f": (from: "x", to: "y", carries: ["{b}", "new"])}},
                assets: {{"{a}": (name: "A"), "{b}": (name: "B"), "{flow}": (name: "C"), "new": (name: "D")}},
            )"#
        );
        for _ in 0..2 {
            editor.paste(&fragment, None);
            let model = editor.model();
            let read = model::read(model::write(model).as_bytes()).unwrap();
            assert_eq!(&read, model);
            let [x, y] = [0, 1].map(|n| editor.selection().iter().nth(n).unwrap().clone());
            let (x, y) = if model.component(&x).unwrap().stores.is_empty() { (y, x) } else { (x, y) };
            let name = |id: &Id| model.asset(id).unwrap().name.as_str();
            let component = model.component(&x).unwrap();
            assert_eq!(component.stores.iter().map(name).collect::<Vec<_>>(), ["A"]);
            assert_eq!(component.processes.iter().map(name).collect::<Vec<_>>(), ["C", "D"]);
            let flow = model.flows().values().find(|it| it.from == x && it.to == y).unwrap();
            assert_eq!(flow.carries.iter().map(name).collect::<Vec<_>>(), ["B", "D"]);
            assert!(model.asset(&Id::slug("new")).is_some(), "it is shared");
        }
    }

    /// A tier with a store and a gate, and a web server that lets in what comes from the store.
    fn tiers() -> Editor {
        let text = r#"(format: 1,
            components: {
                "db": (kind: "sql-database", within: "tier"),
                "fw": (kind: "firewall", gate_of: "tier", allows: only([(ports: "tcp/443", from: of(["net", "web"]))])),
                "web": (kind: "web-server"), "net": (kind: "internet"),
            },
            boundaries: {"tier": (kind: "subnet-tier")},
            flows: {"f": (from: "web", to: "db")},
            places: {
                ("main", "tier"): (x: 320, y: 0, width: 320, height: 240), ("main", "db"): (x: 400, y: 96),
                ("main", "fw"): (side: left, offset: 0.5), ("main", "web"): (x: 0, y: 0), ("main", "net"): (x: 0, y: 400),
            },
        )"#;
        Editor::with(model::read(text.as_bytes()).unwrap(), Surroundings::fixed())
    }

    #[test]
    fn what_is_pasted_elsewhere_names_no_stranger() {
        let names = |editor: &Editor, kind: &str| {
            let mut copies = editor.selection().iter().filter_map(|it| editor.model().component(it));
            let it = copies.find(|it| it.kind == kind).unwrap();
            let origins = it.allows.entries().iter().map(|it| it.from.clone()).collect::<Vec<_>>();
            ([it.within.clone(), it.gate_of.clone()], origins)
        };
        let mut editor = tiers();
        editor.select(["db", "fw", "web"].map(Id::slug));
        editor.copy();
        let Some(Effect::Copy(text)) = editor.take_effects().pop() else { panic!() };
        assert!(editor.run("edit.paste") && matches!(editor.take_effects()[..], [Effect::Paste]));
        // Where it was copied from, it stands where it stood.
        editor.paste(&text, None);
        let tier = Some(Id::slug("tier"));
        assert_eq!(names(&editor, "sql-database").0, [tier.clone(), None]);
        let (stands, origins) = names(&editor, "firewall");
        let From::Of(origins) = &origins[0] else { panic!() };
        assert_eq!((stands, origins.len()), ([None, tier.clone()], 2));
        // Unless that is gone.
        editor.dissolve(&tier.into_iter().collect());
        editor.paste(&text, None);
        assert_eq!(
            [names(&editor, "sql-database").0, names(&editor, "firewall").0],
            [[None, None], [None, None]]
        );
        let mut other = tiers();
        other.paste(&text, None);
        assert_eq!(names(&other, "sql-database").0, [None, None]);
        let (stands, origins) = names(&other, "firewall");
        let web =
            other.selection().iter().find(|it| other.model().component(it).unwrap().kind == "web-server");
        assert_eq!((stands, origins), ([None, None], vec![From::Of(web.cloned().into_iter().collect())]));
        let fw = other.selection().iter().find(|it| other.model().component(it).unwrap().kind == "firewall");
        assert_eq!(
            other.layout().rect(fw.unwrap()).unwrap().min,
            Pos::new(344.0, 144.0),
            "beside where it sat"
        );
    }

    #[test]
    fn what_is_called_as_the_main_view_is_copied_too() {
        let text = r#"(format: 1, components: {"main": (kind: "user")},
            places: {("main-2", "main"): (x: 8, y: 8)})"#;
        let mut editor = Editor::with(model::read(text.as_bytes()).unwrap(), Surroundings::fixed());
        editor.select([Id::slug("main")]);
        editor.duplicate();
        assert_eq!((editor.model().components().len(), editor.model().places().len()), (2, 2));
    }

    #[test]
    fn what_is_no_fragment_is_said() {
        let (mut editor, ..) = editor_with_two();
        editor.paste("(format: 9)", None);
        assert!(editor.notice().unwrap().text.contains("format 9"));
        editor.paste("a -> b\nb -> c: htps", None);
        assert!(editor.notice().unwrap().text.contains("line 2, column 9"), "{:?}", editor.notice());
        editor.paste("# nothing", None);
        assert!(editor.notice().unwrap().text.contains("no element"));
        assert_eq!(editor.model().components().len(), 2);
    }

    #[test]
    fn a_copy_of_all_stands_beside_it_and_a_copy_of_one_a_little_aside() {
        let (mut editor, a, b) = editor_with_two();
        let at = |editor: &Editor, id: &Id| editor.layout().rect(id).unwrap();
        editor.select([a.clone()]);
        editor.duplicate();
        let copy = editor.selected_one().cloned().unwrap();
        assert_eq!(at(&editor, &copy).min - at(&editor, &a).min, ASIDE);
        editor.undo();
        editor.select([a, b]);
        let before = editor.layout().bounds().unwrap();
        for _ in 0..2 {
            editor.select_all();
            editor.duplicate();
            for id in editor.selection() {
                assert!(!at(&editor, id).overlaps(&before), "{id}");
            }
        }
        let tier = editor.add_boundary("network", scene::Rect::new(0.0, 1000.0, 400.0, 200.0));
        editor.add_component("cache", Pos::new(200.0, 1400.0));
        editor.select([tier.clone()]);
        let others: Vec<scene::Rect> = editor.layout().cards.values().map(|it| it.rect).collect();
        editor.duplicate();
        let copy = at(&editor, editor.selected_one().unwrap());
        assert!(
            !copy.overlaps(&at(&editor, &tier)) && !others.iter().any(|it| it.overlaps(&copy)),
            "{copy:?}"
        );
    }
}
