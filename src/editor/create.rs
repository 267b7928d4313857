//! Making and moving: components, boundaries, flows and gates, each gesture one edit.

use std::collections::BTreeSet;

use super::{Editor, Wish};
use crate::model::{
    Access, Boundary, BoundaryKind, Capability, Component, Draft, Family, Flow, Id, Ingress, Kind, Listener,
    MAIN_VIEW, Nesting, Place, PlaceKey, Side, Style, Technology, View,
};
use crate::scene::{self, Pos, Rect};

/// A component as it is when it is made: what its kind brings is written then.
pub(super) fn new_component(kind: &Kind, technology: &str, name: String) -> Component {
    let product = Technology::find(technology);
    let listeners = match product.filter(|it| !it.port.is_empty()) {
        Some(it) => {
            vec![Listener { port: it.port.clone(), protocol: it.protocol.clone(), ..Listener::default() }]
        }
        None => kind
            .listeners
            .iter()
            .map(|it| Listener {
                port: it.port.clone(),
                protocol: it.protocol.clone(),
                ..Listener::default()
            })
            .collect(),
    };
    let technology = if technology.is_empty() { kind.technology.clone() } else { technology.to_owned() };
    Component { kind: kind.slug.clone(), name, technology, listeners, ..Component::default() }
}

/// A boundary as it is when it is made.
fn new_boundary(kind: &BoundaryKind, name: String, within: Option<Id>) -> Boundary {
    let ingress = if kind.starts_open { Ingress::Open } else { Ingress::Unknown };
    Boundary { kind: kind.slug.clone(), name, within, ingress, ..Boundary::default() }
}

/// What it is called that a gate is none any more.
pub(super) const TAKE_OFF: &str = "Take off the gate";

/// What moved elements stand in afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// What they stood in before.
    Keep,
    /// That boundary, or none.
    Within(Option<Id>),
}

impl Editor {
    /// Makes a component of a kind with its centre near a position, in the boundary there; selects it.
    pub fn add_component(&mut self, kind: &str, at: Pos) -> Id {
        let within = self.boundary_at(at);
        let id = self.add_component_in(kind, Some(at), within);
        self.select([id.clone()]);
        id
    }

    /// Makes a component wherever there is room, in the selected boundary if one is selected.
    pub fn add_component_anywhere(&mut self, kind: &str) -> Id {
        self.add_product_anywhere(kind, "")
    }

    /// Makes a component of a technology wherever there is room, in the selected boundary if one is selected.
    pub fn add_product_anywhere(&mut self, kind: &str, technology: &str) -> Id {
        let within = self.selected_one().filter(|it| self.model.boundaries().contains_key(*it)).cloned();
        let word =
            if technology.is_empty() { Kind::of(kind).label.to_lowercase() } else { technology.to_owned() };
        let component = Component { within, ..self.named(kind, technology) };
        let id = self.add(format!("Add {word}"), component, None);
        self.select([id.clone()]);
        self.shown.wishes.push(Wish::Follow(vec![id.clone()]));
        id
    }

    fn add_component_in(&mut self, kind: &str, at: Option<Pos>, within: Option<Id>) -> Id {
        let label = format!("Add {}", Kind::of(kind).label.to_lowercase());
        let component = Component { within, ..self.named(kind, "") };
        self.add(label, component, at)
    }

    /// A component with a free name, that of its technology if there is one.
    pub(super) fn named(&self, kind: &str, technology: &str) -> Component {
        let kind = Kind::of(kind);
        let label = if technology.is_empty() { &kind.label } else { technology };
        new_component(kind, technology, self.free_name(label))
    }

    fn add(&mut self, label: String, component: Component, at: Option<Pos>) -> Id {
        let view = self.view.clone();
        let anywhere = self.anywhere();
        self.shown.recent.note(&component.kind);
        self.change(label, |draft, ids| {
            let id = draft.mint(ids, &component.name);
            draft.put(id.clone(), component);
            let wish = at.map_or(anywhere, scene::Wish::At);
            place(draft, &view, &[scene::New { id: id.clone(), wish }]);
            id
        })
    }

    /// Wherever there is room: in view, if there is some.
    fn anywhere(&self) -> scene::Wish {
        self.shown.seen.map_or(scene::Wish::Anywhere, scene::Wish::In)
    }

    /// Draws a boundary. Components and boundaries that lie in it as a whole, and stood beside each other before,
    /// become its members.
    pub fn add_boundary(&mut self, kind: &str, rect: Rect) -> Id {
        let kind = BoundaryKind::of(kind);
        let within = self.boundary_around(&rect);
        let members = self.taken_in(&rect);
        let name = self.free_name(&kind.label);
        let boundary = new_boundary(kind, name, within);
        let view = self.view.clone();
        let id = self.change(format!("Draw {}", kind.label.to_lowercase()), |draft, ids| {
            let id = draft.mint(ids, &boundary.name);
            draft.put(id.clone(), boundary);
            let (width, height) = (rect.width(), rect.height());
            draft.put((view, id.clone()), Place::boxed(rect.min.x, rect.min.y, width, height));
            for member in members {
                put_within(draft, &member, Some(&id));
            }
            id
        });
        self.select([id.clone()]);
        id
    }

    /// Draws a boundary around what is selected or, where nothing is, an empty one wherever there is room.
    pub fn add_boundary_anywhere(&mut self, kind: &str) -> Id {
        let is_box = |it: &Id| self.layout.rect(it).is_some() && !self.model.flows().contains_key(it);
        if self.selection.iter().any(is_box) {
            self.enclose_selection(kind);
            return self.selected_one().cloned().unwrap_or_default();
        }
        let kind = BoundaryKind::of(kind);
        let view = self.view.clone();
        let boundary = new_boundary(kind, self.free_name(&kind.label), None);
        let wish = self.anywhere();
        let id = self.change(format!("Draw {}", kind.label.to_lowercase()), |draft, ids| {
            let id = draft.mint(ids, &boundary.name);
            draft.put(id.clone(), boundary);
            place(draft, &view, &[scene::New { id: id.clone(), wish }]);
            id
        });
        self.select([id.clone()]);
        self.shown.wishes.push(Wish::Follow(vec![id.clone()]));
        id
    }

    /// Draws a boundary around what is selected.
    pub fn enclose_selection(&mut self, kind: &str) {
        let boxes = self.selection.iter().filter(|it| !self.model.flows().contains_key(*it));
        let around = boxes.filter_map(|it| self.layout.rect(it)).reduce(|a, b| a.union(&b));
        if let Some(around) = around {
            let mut rect = around.grown(24.0);
            rect.min.y -= 24.0;
            self.add_boundary(kind, rect);
        }
    }

    /// Draws a flow from one component to another, with the protocol, port and access that its target suggests.
    /// `None` if it has nowhere to go: the two ends are one, or not components.
    pub fn connect(&mut self, from: &Id, to: &Id) -> Option<Id> {
        self.connect_at(from, to, None)
    }

    /// Moves boxes, boundaries with all in them.
    pub fn move_by(&mut self, ids: &BTreeSet<Id>, by: Pos, membership: &Membership) {
        if by == Pos::ZERO && *membership == Membership::Keep {
            return;
        }
        let Some(ids) = self.free_of(ids, Self::can_move) else { return };
        let shift = self.shift(ids.iter().map(|it| (it.clone(), by)).collect());
        self.change(if ids.len() == 1 { "Move" } else { "Move elements" }, |draft, _| {
            shift.write(draft);
            if let Membership::Within(boundary) = membership {
                for id in &ids {
                    put_within(draft, id, boundary.as_ref());
                }
            }
        });
    }

    /// Puts a component on the edge of a boundary as its gate. It stands in the space around that boundary.
    pub fn make_gate(&mut self, id: &Id, boundary: &Id, side: Side, offset: f32) {
        let around = self.nesting.parent(boundary).cloned();
        let view = self.view.clone();
        let label = format!("Make {} the gate of {}", self.model.title(id), self.model.title(boundary));
        self.change(label, |draft, _| {
            draft.edit::<Component>(id, |it| {
                it.gate_of = Some(boundary.clone());
                it.within = around;
            });
            seat(draft, &(view, id.clone()), side, offset);
        });
    }

    /// Makes a new component of a kind the gate of a boundary.
    pub fn add_gate(&mut self, kind: &str, boundary: &Id, side: Side, offset: f32) -> Id {
        self.place_gate((kind, ""), boundary, (side, offset))
    }

    /// Takes a gate off its boundary and puts it with its centre at a position.
    pub fn take_off_gate(&mut self, id: &Id, at: Pos) {
        let within = self.boundary_at(at);
        let view = self.view.clone();
        self.change(TAKE_OFF, |draft, _| {
            draft.come_off_the_edge(id);
            draft.edit::<Component>(id, |it| {
                it.gate_of = None;
                it.within = within;
            });
            draft.edit::<Place>(&(view, id.clone()), |it| {
                (it.x, it.y) = ((at.x - 76.0).into(), (at.y - 28.0).into());
            });
        });
    }

    /// Deletes elements, boundaries with all in them; not what is locked.
    pub fn delete(&mut self, ids: &BTreeSet<Id>) {
        self.delete_with(ids, BTreeSet::new());
    }

    /// The same with what goes along and is not told.
    pub(super) fn delete_with(&mut self, ids: &BTreeSet<Id>, along: BTreeSet<Id>) {
        let asked = ids.len();
        let Some(ids) = self.free_of(ids, Self::can_delete) else { return };
        let mut all = along;
        all.extend(ids.iter().cloned());
        for id in &ids {
            all.extend(self.nesting.all_in(id));
        }
        let label = match ids.iter().next() {
            Some(only) if ids.len() == 1 => format!("Delete {}", self.model.title(only)),
            _ => format!("Delete {} elements", ids.len()),
        };
        self.change(label.clone(), |draft, _| draft.delete(&all));
        let left = match asked - ids.len() {
            0 => String::new(),
            1 => " One is locked and stays.".to_owned(),
            n => format!(" {n} are locked and stay."),
        };
        self.say(super::Tone::Info, format!("{label}.{left}"), &["edit.undo"]);
    }

    /// Takes boundaries away and leaves what is in them where it is.
    pub fn dissolve(&mut self, ids: &BTreeSet<Id>) {
        let boundaries: BTreeSet<Id> =
            ids.iter().filter(|it| self.model.boundaries().contains_key(*it)).cloned().collect();
        let Some(boundaries) = self.free_of(&boundaries, |editor, it| !editor.is_locked(it)) else { return };
        self.change("Dissolve boundary", |draft, _| draft.delete(&boundaries));
    }

    /// Whether whoever makes it types next: a note is its words, and no two boundaries are alike.
    pub fn is_named_at_once(&self, id: &Id) -> bool {
        let is_note = |it: &Component| it.kind().family == Family::Note;
        self.model.boundary(id).is_some() || self.model.component(id).is_some_and(is_note)
    }

    pub fn rename(&mut self, id: &Id, name: &str) {
        let name = name.trim().to_owned();
        self.change(renaming(&name), |draft, _| {
            draft.edit::<Component>(id, |it| it.name.clone_from(&name));
            draft.edit::<Boundary>(id, |it| it.name.clone_from(&name));
            draft.edit::<Flow>(id, |it| it.name.clone_from(&name));
        });
    }

    /// What stands on a note: its name, and its notes in the lines after that. None for what is no note.
    pub fn note_text(&self, id: &Id) -> Option<String> {
        let note = self.model.component(id).filter(|it| it.kind().family == Family::Note)?;
        Some(format!("{}\n{}", note.name.trim(), note.notes.trim()).trim().to_owned())
    }

    /// Writes on a note, as one step.
    pub fn take_note(&mut self, id: &Id, text: &str) {
        if self.note_text(id).is_none_or(|it| it == text.trim()) {
            return;
        }
        let (name, notes) = text.trim().split_once('\n').unwrap_or_else(|| (text.trim(), ""));
        self.amend::<Component>(id, "Write the note", |it| {
            (it.name, it.notes) = (name.trim().to_owned(), notes.trim().to_owned());
        });
    }

    /// The deepest boundary on the view that holds a position.
    pub fn boundary_at(&self, at: Pos) -> Option<Id> {
        // What cannot be seen takes in nothing: where something stands is a statement about security.
        let boxes = self.layout.boundaries.iter();
        let boxes = boxes.filter(|(id, it)| it.rect.contains(at) && !self.is_hidden(id));
        boxes
            .max_by_key(|(id, it)| (it.depth, it.order, std::cmp::Reverse((*id).clone())))
            .map(|(id, _)| id.clone())
    }

    fn boundary_around(&self, rect: &Rect) -> Option<Id> {
        let boxes = self.layout.boundaries.iter();
        let boxes = boxes.filter(|(id, it)| it.rect.contains_rect(rect) && !self.is_hidden(id));
        boxes
            .max_by_key(|(id, it)| (it.depth, it.order, std::cmp::Reverse((*id).clone())))
            .map(|(id, _)| id.clone())
    }

    /// What a boundary takes in that is drawn there.
    pub fn taken_in(&self, rect: &Rect) -> Vec<Id> {
        let within = self.boundary_around(rect);
        let cards = self.layout.cards.iter().map(|(id, it)| (id, it.rect));
        let boundaries = self.layout.boundaries.iter().map(|(id, it)| (id, it.rect));
        let is_beside = |it: &Id| self.nesting.parent(it) == within.as_ref() && !self.is_hidden(it);
        let inside = cards.chain(boundaries).filter(|(id, it)| rect.contains_rect(it) && is_beside(id));
        inside.map(|(id, _)| id.clone()).collect()
    }

    /// `Web server`, or `Web server 2` if there is one of that name.
    pub(super) fn free_name(&self, label: &str) -> String {
        self.free_name_but(label, |_| false)
    }

    /// The same, if others are taken, too.
    pub(super) fn free_name_but(&self, label: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let components = self.model.components().values().map(|it| it.name.as_str());
        let names: BTreeSet<&str> =
            components.chain(self.model.boundaries().values().map(|it| it.name.as_str())).collect();
        let is_free = |it: &str| !names.contains(it) && !is_taken(it);
        let mut numbered = (2..).map(|n: u32| format!("{label} {n}"));
        if is_free(label) { label.to_owned() } else { numbered.find(|it| is_free(it)).unwrap_or_default() }
    }
}

/// Gives new elements their places, and the view itself a record if it has none.
pub(super) fn place(draft: &mut Draft<'_>, view: &Id, new: &[scene::New]) {
    let places = {
        let mut model = draft.model().clone();
        let so_far = draft.so_far();
        model.apply(&so_far);
        let nesting = Nesting::of(&model);
        scene::place_new(&model, &nesting, view, new)
    };
    put_view(draft, view);
    for (id, place) in places {
        draft.put((view.clone(), id), place);
    }
}

/// Gives a view a record, if it has none.
pub(super) fn put_view(draft: &mut Draft<'_>, view: &Id) {
    if draft.get::<View>(view).is_none() {
        let name = if view.as_str() == MAIN_VIEW { "Main".to_owned() } else { view.to_string() };
        draft.put(view.clone(), View { name, ..View::default() });
    }
}

/// Seats a gate on a side of its boundary on a view that it is on.
pub(super) fn seat(draft: &mut Draft<'_>, key: &PlaceKey, side: Side, offset: f32) {
    draft.edit::<Place>(key, |it| (it.side, it.offset) = (Some(side), Some(offset.into())));
}

pub(super) fn move_waypoints(place: &mut Place, by: Pos) {
    for (x, y) in &mut place.waypoints {
        (*x, *y) = ((x.px() + by.x).into(), (y.px() + by.y).into());
    }
}

/// Sets what an element stands in. The gates of a boundary stand beside it, in the same.
pub(super) fn put_within(draft: &mut Draft<'_>, id: &Id, within: Option<&Id>) {
    draft.edit::<Component>(id, |it| it.within = within.cloned());
    if draft.get::<Boundary>(id).is_none() {
        return;
    }
    draft.edit::<Boundary>(id, |it| it.within = within.cloned());
    let guards = |it: &Component| it.gate_of.as_ref() == Some(id);
    for (gate, _) in draft.model().components().iter().filter(|it| guards(it.1)) {
        draft.edit::<Component>(gate, |it| it.within = within.cloned());
    }
}

/// Protocol, port and access as its target suggests them.
pub(super) fn suggested_flow(from: &Id, source: &Component, to: &Id, target: &Component) -> Flow {
    let mut flow = Flow::between(from.clone(), to.clone());
    let product = target.technology();
    if let Some(listener) = target.listeners.first() {
        flow.protocol.clone_from(&listener.protocol);
        flow.port.clone_from(&listener.port);
    } else if let Some(product) = product {
        flow.protocol.clone_from(&product.protocol);
        flow.port.clone_from(&product.port);
    }
    let (source_kind, target_kind) = (source.kind(), target.kind());
    let stores = |it: &Kind| matches!(it.family, Family::Data);
    flow.access = match target_kind.family {
        Family::Data if stores(source_kind) && source.kind == target.kind => Access::Replicate,
        Family::Data => Access::ReadWrite,
        Family::Messaging if source_kind.slug == "worker" => Access::Consume,
        Family::Messaging => Access::Publish,
        _ => Access::Unknown,
    };
    if target_kind.family == Family::Messaging && flow.access == Access::Publish {
        flow.style = Style::Asynchronous;
    }
    flow
}

/// A copy of a component under a fresh id is told apart by its name: `Web 1` becomes `Web 2`.
pub(super) fn next_name(name: &str, taken: &BTreeSet<String>) -> String {
    let digits = name.chars().rev().take_while(char::is_ascii_digit).count();
    let (stem, number) = name.split_at(name.len() - digits);
    let mut number: u32 = number.parse().unwrap_or(1);
    let stem = if digits == 0 { format!("{} ", stem.trim_end()) } else { stem.to_owned() };
    loop {
        number = number.saturating_add(1);
        let next = format!("{stem}{number}");
        if !taken.contains(&next) || number == u32::MAX {
            return next;
        }
    }
}

/// Whether a kind may be a gate: what filters, and what terminates at the edge.
pub fn may_be_gate(kind: &Kind) -> bool {
    kind.can(Capability::Filters) || (kind.family == Family::Edge && !kind.can(Capability::NotOurs))
}

/// What giving something a name is called.
pub(super) fn renaming(name: &str) -> String {
    if name.is_empty() { "Remove the name".to_owned() } else { format!("Rename to {name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    #[test]
    fn a_component_brings_what_its_kind_listens_on() {
        let mut editor = Editor::new(Surroundings::fixed());
        let id = editor.add_component("web-server", Pos::new(100.0, 100.0));
        let it = editor.model().component(&id).unwrap();
        assert_eq!((it.name.as_str(), it.listeners.len()), ("Web server", 1));
        assert!(editor.model().place(editor.view(), &id).is_some());
        editor.undo();
        assert_eq!(editor.model().components().len(), 0);
        assert_eq!(editor.model().places().len(), 0, "an undone element leaves no place");
    }

    #[test]
    fn gates_go_with_their_boundary_into_another() {
        let mut editor = Editor::new(Surroundings::fixed());
        let tier = editor.add_boundary("subnet-tier", Rect::new(80.0, 80.0, 320.0, 240.0));
        let gate = editor.add_gate("firewall", &tier, Side::Top, 0.5);
        let within = |editor: &Editor| editor.model().component(&gate).unwrap().within.clone();
        let outer = editor.add_boundary("network", Rect::new(0.0, 0.0, 480.0, 400.0));
        assert_eq!((editor.nesting().parent(&tier), within(&editor)), (Some(&outer), Some(outer.clone())));
        let far = Pos::new(800.0, 0.0);
        editor.move_by(&BTreeSet::from([tier.clone()]), far, &Membership::Within(None));
        assert_eq!(within(&editor), None);
        editor.put_into(&BTreeSet::from([tier]), Some(&outer));
        assert_eq!(within(&editor), Some(outer));
    }

    #[test]
    fn what_a_filter_hides_is_not_taken_into_a_boundary() {
        let mut editor = Editor::new(Surroundings::fixed());
        let web = editor.add_component("web-server", Pos::new(100.0, 100.0));
        let db = editor.add_component("sql-database", Pos::new(100.0, 300.0));
        let zone = editor.add_boundary("network", Rect::new(2000.0, 0.0, 400.0, 400.0));
        editor.clear_selection();
        editor.set_filter_words("web");
        let area = Rect::new(-200.0, -200.0, 800.0, 800.0);
        assert_eq!(editor.taken_in(&area), std::slice::from_ref(&web));
        let tier = editor.add_boundary("network", area);
        assert_eq!([&web, &db].map(|it| editor.nesting().parent(it)), [Some(&tier), None]);
        // Nor does what is hidden take in anything.
        let other = editor.add_boundary("network", Rect::new(2100.0, 100.0, 160.0, 160.0));
        assert!(editor.is_hidden(&zone));
        assert_eq!(editor.nesting().parent(&other), None);
    }

    #[test]
    fn copies_count_on() {
        let taken = BTreeSet::from(["Web 2".to_owned()]);
        assert_eq!(next_name("Web 1", &taken), "Web 3");
        assert_eq!(next_name("Cart", &taken), "Cart 2");
        assert_eq!(next_name("web02", &taken), "web3");
    }
}
