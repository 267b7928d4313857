//! What gestures of the canvas end in, each one edit: placing, splitting, copying, sliding, bending, reattaching.

use std::collections::BTreeSet;

use super::create::{new_component, place, put_within, seat};
use super::routes::{RESET, put_line};
use super::{Editor, LastRoom, Membership};
use crate::model::{self, Component, Draft, Feature, Flow, Id, Kind, Place, PlaceKey, Side};
use crate::scene::{self, Pos};

/// The kind of a boundary that is drawn without saying of which.
pub const NEW_BOUNDARY: &str = "subnet-tier";

impl Editor {
    /// A component of a kind as it would be made: what is shown before it is dropped.
    pub fn sketch(kind: &str, technology: &str) -> Component {
        let kind = Kind::of(kind);
        new_component(kind, technology, kind.label.clone())
    }

    /// Makes a component of a kind and technology with its centre near a position, in the boundary there; selects it.
    pub fn place_component(&mut self, kind: &str, technology: &str, at: Pos) -> Id {
        let component = Component { within: self.boundary_at(at), ..self.named(kind, technology) };
        self.place_new("Add", component, at, |_, _, _| {})
    }

    /// Makes a component the gate of a boundary.
    pub fn place_gate(
        &mut self,
        (kind, technology): (&str, &str),
        boundary: &Id,
        (side, offset): (Side, f32),
    ) -> Id {
        let component = Component {
            within: self.nesting.parent(boundary).cloned(),
            gate_of: Some(boundary.clone()),
            ..self.named(kind, technology)
        };
        let view = self.view.clone();
        self.shown.recent.note(&component.kind);
        let label = format!("Add {} as a gate", component.kind().label.to_lowercase());
        let id = self.change(label, |draft, ids| {
            let id = draft.mint(ids, &component.name);
            draft.put(id.clone(), component);
            draft.put((view, id.clone()), Place::on_side(side, offset));
            id
        });
        self.select([id.clone()]);
        id
    }

    /// Puts a new component in the middle of a flow, which from then on leads to it; another goes on from there. It stands in
    /// the line, and the ends make room for it, if that can be.
    pub fn place_into_flow(&mut self, (kind, technology): (&str, &str), flow: &Id, at: Pos) -> Id {
        let component = Component { within: self.boundary_at(at), ..self.named(kind, technology) };
        let lines = self.places_of(flow);
        let between = self.seat_between(&self.new_comer(&component), flow, at, &mut LastRoom::default());
        let corner = between.as_ref().map(|it| it.corner);
        let room = between.map(|it| self.room_as_shown(it.with_room()));
        let view = self.view.clone();
        self.place_new("Insert", component, at, |draft, ids, id| {
            if let Some(room) = room {
                room.write(draft);
            }
            if let Some(corner) = corner {
                draft.put((view, id.clone()), Place::at(corner.x, corner.y));
            }
            split(draft, ids, (flow, lines), id);
        })
    }

    /// Puts a component that has no flows yet into one, as [`Editor::place_into_flow`] does a new one. Where it can stand only
    /// aside, its corner comes to `aside`.
    pub fn put_into_flow(&mut self, id: &Id, flow: &Id, at: Pos, aside: Pos) {
        if !self.may_go_between(id) {
            return;
        }
        if let Some(held) = [(id, self.can_move(id)), (flow, !self.is_locked(flow))].iter().find(|it| !it.1) {
            return self.say_what_holds(held.0);
        }
        let within = self.boundary_at(at);
        let lines = self.places_of(flow);
        let between = self.between_with(id, flow, at, &mut LastRoom::default());
        let corner = between.as_ref().map_or(aside, |it| it.corner);
        let room = between.map(|it| self.room_as_shown(it.with_room()));
        let key = (self.view.clone(), id.clone());
        let label = format!("Put {} into {}", self.model.title(id), self.model.title(flow));
        self.change(label, |draft, ids| {
            if let Some(room) = room {
                room.write(draft);
            }
            put_within(draft, id, within.as_ref());
            draft.edit::<Place>(&key, |it| (it.x, it.y) = (corner.x.into(), corner.y.into()));
            split(draft, ids, (flow, lines), id);
        });
    }

    /// Makes a component and draws a flow to it from another, unless it is none that flows end at.
    pub fn place_connected(&mut self, kind: &str, from: &Id, at: Pos) -> Id {
        let component = Component { within: self.boundary_at(at), ..self.named(kind, "") };
        let source = self.model.component(from).filter(|_| component.kind().can_end_flows()).cloned();
        self.place_new("Add", component.clone(), at, |draft, ids, id| {
            if let Some(source) = source {
                let flow = super::create::suggested_flow(from, &source, id, &component);
                let flow_id = draft.mint(ids, &format!("{from}-{id}"));
                draft.put(flow_id, flow);
            }
        })
    }

    fn place_new(
        &mut self,
        verb: &str,
        component: Component,
        at: Pos,
        more: impl FnOnce(&mut Draft<'_>, &mut model::Ids, &Id),
    ) -> Id {
        let view = self.view.clone();
        self.shown.recent.note(&component.kind);
        let label = format!("{verb} {}", component.kind().label.to_lowercase());
        let id = self.change(label, |draft, ids| {
            let id = draft.mint(ids, &component.name);
            draft.put(id.clone(), component);
            more(draft, ids, &id);
            place(draft, &view, &[scene::New { id: id.clone(), wish: scene::Wish::At(at) }]);
            id
        });
        self.select([id.clone()]);
        id
    }

    /// Adds copies of elements, that far away from them; selects the copies.
    pub fn duplicate_by(&mut self, ids: &BTreeSet<Id>, by: Pos, membership: &Membership) {
        self.select(ids.iter().cloned());
        let fragment = self.fragment().and_then(|it| model::read(it.as_bytes()).ok());
        let Some(mut fragment) = fragment else { return };
        if let Membership::Within(boundary) = membership {
            let edit = {
                let mut draft = Draft::of(&fragment);
                ids.iter().for_each(|it| put_within(&mut draft, it, boundary.as_ref()));
                draft.finish()
            };
            fragment.apply(&edit);
        }
        self.insert("Duplicate", &fragment, Some(by), true);
    }

    /// Moves a gate along the edges of its boundary.
    pub fn slide_gate(&mut self, id: &Id, side: Side, offset: f32) {
        let key = (self.view.clone(), id.clone());
        self.change("Slide the gate", |draft, _| seat(draft, &key, side, offset));
    }

    /// Lays the corners of a flow by hand; with none, it finds its own way again. The piece of that number, and those that
    /// were pinned before, stay where they are; the others may find another way once something stands in theirs.
    pub fn bend(&mut self, flow: &Id, corners: &[Pos], piece: usize) {
        if !self.can_move(flow) {
            return self.say_what_holds(flow);
        }
        let key = (self.view.clone(), flow.clone());
        let label = if corners.is_empty() { RESET } else { "Bend the flow" };
        let pinned = self.model.place(&self.view, flow).map_or_else(Vec::new, scene::pinned_pieces);
        let stays = |n: usize, ends: &[Pos]| n == piece || pinned.iter().any(|it| lies_along(it, ends));
        // The first piece leads to the first corner.
        let pinned: Vec<u32> =
            (1..).zip(corners.windows(2)).filter(|it| stays(it.0, it.1)).map(|it| it.0 as u32).collect();
        self.change(label, |draft, _| {
            put_line(draft, &key, |it| {
                it.waypoints = corners.iter().map(|it| (it.x.into(), it.y.into())).collect();
                it.pinned.clone_from(&pinned);
            });
        });
    }

    /// Whether a flow's corners were laid by hand.
    pub fn is_bent(&self, flow: &Id) -> bool {
        self.model.place(&self.view, flow).is_some_and(|it| !it.waypoints.is_empty())
    }

    /// Moves the target of a flow, or its source, to another component.
    pub fn reattach(&mut self, flow: &Id, is_target: bool, to: &Id) {
        self.end_at(flow, is_target, to, None);
    }
}

/// Whether two pieces of a line lie on each other, and be it in part.
fn lies_along(one: &[Pos; 2], two: &[Pos]) -> bool {
    let [c, d] = two else { return false };
    let [a, b] = one;
    let shared = |a: f32, b: f32, c: f32, d: f32| a.max(b).min(c.max(d)) - a.min(b).max(c.min(d));
    let at_same = |all: [f32; 4]| all.iter().all(|it| (it - all[0]).abs() < 0.5);
    at_same([a.y, b.y, c.y, d.y]) && shared(a.x, b.x, c.x, d.x) > 0.0
        || at_same([a.x, b.x, c.x, d.x]) && shared(a.y, b.y, c.y, d.y) > 0.0
}

/// Lets a flow lead to a component, and another go on from there; `lines` are the places of that flow.
fn split(draft: &mut Draft<'_>, ids: &mut model::Ids, (flow, lines): (&Id, Vec<PlaceKey>), id: &Id) {
    let Some(old) = draft.get::<Flow>(flow).cloned() else { return };
    let next = draft.mint(ids, &format!("{id}-{}", old.to));
    draft.put(next.clone(), Flow { from: id.clone(), ..old.clone() });
    draft.put(flow.clone(), Flow { to: id.clone(), ..old });
    // Each half keeps the end that it has.
    for key in lines {
        let mut entry = None;
        put_line(draft, &key, |it| {
            entry = it.entry;
            *it = Place { exit: it.exit, locked: it.locked, ..Place::default() };
        });
        put_line(draft, &(key.0, next.clone()), |it| it.entry = entry);
    }
    // Whoever takes the way through the one goes on through the other.
    for (feature, it) in draft.model().features() {
        if it.flows.contains(flow) {
            let both = |it: &Id| [Some(it.clone()), (it == flow).then(|| next.clone())];
            let flows = it.flows.iter().flat_map(both).flatten().collect();
            draft.edit::<Feature>(feature, |it| it.flows = flows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    fn editor_with_flow() -> (Editor, Id, Id, Id) {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("web-server", Pos::new(100.0, 100.0));
        let b = editor.add_component("sql-database", Pos::new(700.0, 100.0));
        let flow = editor.connect(&a, &b).unwrap();
        (editor, a, b, flow)
    }

    #[test]
    fn a_flow_is_split_in_one_step() {
        let (mut editor, a, b, flow) = editor_with_flow();
        let id = editor.place_into_flow(("firewall", ""), &flow, Pos::new(400.0, 100.0));
        let flows: Vec<(Id, Id)> =
            editor.model().flows().values().map(|it| (it.from.clone(), it.to.clone())).collect();
        assert!(flows.contains(&(a, id.clone())) && flows.contains(&(id, b.clone())), "{flows:?}");
        editor.undo();
        assert_eq!(editor.model().flows().len(), 1);
        assert_eq!(editor.model().flow(&flow).unwrap().to, b);
    }

    #[test]
    fn what_flows_cannot_end_at_is_placed_without_one() {
        let (mut editor, a, ..) = editor_with_flow();
        editor.place_connected("note", &a, Pos::new(100.0, 400.0));
        assert_eq!(editor.model().flows().len(), 1);
        editor.place_connected("cache", &a, Pos::new(400.0, 400.0));
        assert_eq!(editor.model().flows().len(), 2);
    }

    #[test]
    fn both_halves_of_a_flow_belong_to_its_features_and_find_their_ways_on_all_views() {
        let (mut editor, _, _, flow) = editor_with_flow();
        let main = editor.view().clone();
        editor.bend(&flow, &[Pos::new(400.0, 300.0)], 1);
        editor.move_label(&flow, Some(0.25));
        editor.fix_ends();
        let feature = Id::slug("checkout");
        editor.change("Add a feature", |draft, _| {
            let flows = vec![flow.clone(), flow.clone()];
            draft.put(feature.clone(), Feature { flows, ..Feature::default() });
        });
        editor.add_view(crate::editor::NewView::Copy);
        let id = editor.place_into_flow(("firewall", ""), &flow, Pos::new(400.0, 100.0));
        let (next, _) = editor.model().flows().iter().find(|it| it.1.from == id).unwrap();
        assert_eq!(editor.model().features()[&feature].flows, [&flow, next, &flow, next].map(Id::clone));
        for view in [&main, editor.view()] {
            let [first, second] = [&flow, next].map(|it| editor.model().place(view, it).unwrap());
            assert_eq!(*first, Place { exit: first.exit, ..Place::default() });
            assert_eq!(*second, Place { entry: second.entry, ..Place::default() });
            assert!(first.exit.is_some() && second.entry.is_some());
        }
    }

    #[test]
    fn no_flow_begins_or_ends_at_a_note_or_a_boundary() {
        let (mut editor, a, ..) = editor_with_flow();
        let note = editor.add_component("note", Pos::new(100.0, 400.0));
        let tier = editor.add_boundary("network", scene::Rect::new(0.0, 600.0, 320.0, 200.0));
        editor.fold(&BTreeSet::from([tier.clone()]), true);
        let before = editor.model().clone();
        for other in [&note, &tier] {
            assert_eq!((editor.connect(other, &a), editor.connect(&a, other)), (None, None));
        }
        assert_eq!(*editor.model(), before);
    }

    #[test]
    fn what_was_pinned_stays_pinned_while_other_pieces_are_dragged() {
        let (mut editor, .., flow) = editor_with_flow();
        let corners =
            |x: f32| [(250.0, 28.0), (250.0, 200.0), (x, 200.0), (x, 28.0)].map(|it| Pos::new(it.0, it.1));
        let pinned = |editor: &Editor| editor.model().place(editor.view(), &flow).unwrap().pinned.clone();
        editor.bend(&flow, &corners(500.0), 2);
        assert_eq!(pinned(&editor), [2]);
        editor.bend(&flow, &corners(320.0), 3);
        assert_eq!(pinned(&editor), [2, 3]);
        // A piece that only crosses where one was is not that.
        editor.bend(&flow, &[(285.0, 0.0), (285.0, 400.0), (700.0, 400.0)].map(|it| Pos::new(it.0, it.1)), 2);
        assert_eq!(pinned(&editor), [2]);
        editor.turn_around(&flow);
        assert_eq!(pinned(&editor), [1]);
    }

    #[test]
    fn copies_leave_what_they_are_copies_of() {
        let (mut editor, a, b, _) = editor_with_flow();
        let before = editor.layout().rect(&a).unwrap();
        editor.duplicate_by(&BTreeSet::from([a.clone(), b]), Pos::new(0.0, 200.0), &Membership::Keep);
        assert_eq!((editor.model().components().len(), editor.model().flows().len()), (4, 2));
        assert_eq!(editor.layout().rect(&a), Some(before));
        let copy = editor.selection().iter().find_map(|it| editor.layout().rect(it)).unwrap();
        assert_eq!(copy.min.y, before.min.y + 200.0);
        editor.undo();
        assert_eq!(editor.model().components().len(), 2);
    }

    #[test]
    fn a_bent_flow_finds_its_own_way_again() {
        let (mut editor, _, _, flow) = editor_with_flow();
        let before = editor.layout().flows[&flow].points.to_vec();
        editor.bend(&flow, &[Pos::new(400.0, 300.0), Pos::new(500.0, 300.0)], 1);
        assert!(editor.is_bent(&flow));
        assert!(editor.layout().flows[&flow].bounds.max.y >= 300.0);
        editor.bend(&flow, &[], 1);
        assert_eq!(editor.layout().flows[&flow].points.to_vec(), before);
    }

    #[test]
    fn several_flows_find_their_ways_again_in_one_step() {
        let (mut editor, a, b, flow) = editor_with_flow();
        let other = editor.connect(&b, &a).unwrap();
        for it in [&flow, &other] {
            editor.bend(it, &[Pos::new(400.0, 300.0)], 1);
        }
        editor.select([flow.clone(), other.clone()]);
        assert!(editor.run("arrange.reset-route") && !editor.is_bent(&flow) && !editor.is_bent(&other));
        editor.undo();
        assert!(editor.is_bent(&flow) && editor.is_bent(&other));
    }

    #[test]
    fn an_end_goes_elsewhere() {
        let (mut editor, a, b, flow) = editor_with_flow();
        let c = editor.add_component("cache", Pos::new(700.0, 400.0));
        editor.reattach(&flow, true, &c);
        assert_eq!(editor.model().flow(&flow).unwrap().to, c);
        editor.reattach(&flow, false, &b);
        assert_eq!(editor.model().flow(&flow).unwrap().from, b);
        editor.undo();
        editor.undo();
        assert_eq!(editor.model().flow(&flow).unwrap().from, a);
    }
}
