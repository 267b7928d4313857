//! Twins: fixes that copy a part of the drawing and wire the copy the same, so that either of the two will do.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::{copy_of, known};
use crate::analysis::{BoundaryIx, ComponentIx, ComponentNode, Facts, FlowEdge, FlowIx};
use crate::model::{
    Access, Allow, Allows, Answer, Boundary, Component, Draft, Edit, Family, Flow, From, Id, Ids, Ingress,
    Model, Style,
};

/// An edit that draws twins.
pub(super) struct Twins<'f, 'i> {
    facts: &'f Facts,
    ids: &'i mut Ids,
    draft: Draft<'f>,
    /// Components and boundaries that were copied, with their twins.
    copies: BTreeMap<Id, Id>,
    copied: BTreeSet<ComponentIx>,
}

impl<'f, 'i> Twins<'f, 'i> {
    pub(super) fn new(facts: &'f Facts, ids: &'i mut Ids) -> Self {
        let draft = Draft::of(facts.model());
        Self { facts, ids, draft, copies: BTreeMap::new(), copied: BTreeSet::new() }
    }

    /// A component's twin, in that boundary. What keeps data gets it as a replica that takes over; all else shares a
    /// pool with it.
    pub(super) fn component(&mut self, component: ComponentIx, within: Option<Id>) -> Id {
        let within = within.filter(|it| self.draft.get::<Boundary>(it).is_some());
        let node = self.facts.topology.component(component);
        let Some(record) = self.draft.get::<Component>(&node.id).cloned() else { return node.id.clone() };
        let keeps = node.is(Family::Data) || node.is(Family::Messaging);
        let pool = if keeps { record.pool.clone() } else { self.pool(component) };
        let id = self.draft.mint(self.ids, node.id.as_str());
        let twin = Component {
            name: next_name(&record.name, |it| self.is_name_taken(it)),
            within,
            pool,
            // None of it would be no twin.
            replicas: record.replicas.map(|it| it.max(1)),
            takes_over: if keeps && self.takes_writes(component) {
                Answer::yes()
            } else {
                record.takes_over.clone()
            },
            ..sound(self.facts, &record)
        };
        self.draft.put(id.clone(), twin);
        if keeps {
            let flow = Flow {
                access: Access::Replicate,
                style: Style::Asynchronous,
                protocol: self.protocol_of(component),
                encrypted: Answer::yes(),
                carries: known(self.facts, &record.stores),
                ..Flow::between(node.id.clone(), id.clone())
            };
            let name = self.draft.mint(self.ids, &format!("{}-copy", node.id));
            self.draft.put(name, flow);
        }
        self.copies.insert(node.id.clone(), id.clone());
        self.copied.insert(component);
        id
    }

    /// Boundaries with all of ours that stands in them, and the gates that guard them.
    ///
    /// What is not ours stays: a place of ours that fails must not hold it, so it moves out.
    pub(super) fn boundaries(&mut self, roots: &[BoundaryIx]) {
        let topology = &self.facts.topology;
        let all = |roots: &[BoundaryIx]| {
            let (mut all, mut open) = (BTreeSet::new(), roots.to_vec());
            while let Some(next) = open.pop() {
                if all.insert(next) {
                    open.extend(&topology.boundary(next).inner);
                }
            }
            all
        };
        let boundaries = all(roots);
        let mut names: BTreeMap<(String, String), String> = BTreeMap::new();
        for boundary in &boundaries {
            let node = topology.boundary(*boundary);
            let id = self.draft.mint(self.ids, node.id.as_str());
            let record = &node.record;
            // Those that are one by their name stay one.
            let known = (record.kind.clone(), record.name.trim().to_owned());
            let name = names.get(&known).cloned();
            let name = name.unwrap_or_else(|| next_name(&record.name, |it| self.is_name_taken(it)));
            names.insert(known, name.clone());
            self.draft.put(id.clone(), Boundary { name, ..sound_place(self.facts.model(), record) });
            self.copies.insert(node.id.clone(), id);
        }
        for boundary in &boundaries {
            let node = topology.boundary(*boundary);
            if let Some(twin) = self.copies.get(&node.id).cloned() {
                let within = self.twin_of(node.record.within.as_ref());
                self.draft.edit::<Boundary>(&twin, |it| it.within = within);
            }
        }
        let inside = boundaries.iter().flat_map(|it| topology.boundary(*it).members.iter().copied());
        let gates = boundaries.iter().flat_map(|it| topology.boundary(*it).gates.iter().copied());
        let members: BTreeSet<ComponentIx> = inside.chain(gates).collect();
        let flows = self.facts.model().flows();
        let is_drawn_to =
            |it: &ComponentNode| flows.values().any(|flow| flow.from == it.id || flow.to == it.id);
        for member in members {
            let node = topology.component(member);
            let is_inside = node.within.is_some_and(|it| boundaries.contains(&it));
            if !node.can(crate::model::Capability::NotOurs) {
                let within = self.twin_of(node.record.within.as_ref());
                let twin = self.component(member, within);
                self.fill_up(member, &twin);
            } else if is_inside && (!node.is(Family::Note) || is_drawn_to(node)) {
                let outside = topology.outward(node.within).find(|it| !boundaries.contains(it));
                let outside = outside.map(|it| topology.boundary(it).id.clone());
                self.draft.edit::<Component>(&node.id, |it| it.within = outside);
            }
        }
    }

    /// Adds the instances that a component and its twin lack so that enough are up when either is lost: where nobody
    /// needs it yet, nobody was cut off by there being too few.
    fn fill_up(&mut self, component: ComponentIx, twin: &Id) {
        let node = self.facts.topology.component(component);
        let lacking = lacking(self.facts, component);
        if lacking > 0 {
            let enough = node.record.instances().saturating_add(lacking);
            for id in [&node.id, twin] {
                self.draft.edit::<Component>(id, |it| it.replicas = Some(enough));
            }
        }
    }

    /// Draws the flows of all twins and lets them through the filters that let through what they were copied from.
    pub(super) fn wire(&mut self) {
        let topology = &self.facts.topology;
        let at = |it: &ComponentIx| {
            let node = topology.component(*it);
            node.out.iter().chain(&node.into).copied().collect::<Vec<_>>()
        };
        let flows: BTreeSet<FlowIx> = self.copied.iter().flat_map(at).collect();
        for flow in flows.into_iter().map(|it| topology.flow(it)) {
            let [from, to] = [&flow.record.from, &flow.record.to].map(|it| self.copies.get(it).cloned());
            let target = topology.component(flow.to);
            let is_replica = target.is(Family::Data) || target.is(Family::Messaging);
            // A replica is an alternative without being drawn, unless the way to the first is lost with it; who copies
            // to it was drawn with it.
            if flow.access == Access::Replicate
                || from.is_none() && is_replica && !self.has_copied_gate_inside(flow)
            {
                continue;
            }
            let twin = Flow {
                from: from.unwrap_or_else(|| flow.record.from.clone()),
                to: to.unwrap_or_else(|| flow.record.to.clone()),
                ..copy_of(self.facts, &flow.record)
            };
            let id = self.draft.mint(self.ids, flow.id.as_str());
            self.draft.put(id, twin);
        }
        for component in self.copied.clone() {
            self.pass_on_gate(&topology.component(component).id);
        }
        self.let_through();
    }

    /// An empty boundary like another, beside it.
    pub(super) fn place_like(&mut self, boundary: BoundaryIx) -> Id {
        let node = self.facts.topology.boundary(boundary);
        let name = next_name(&node.record.name, |it| self.is_name_taken(it));
        let id = self.draft.mint(self.ids, node.id.as_str());
        self.draft.put(id.clone(), Boundary { name, ..sound_place(self.facts.model(), &node.record) });
        id
    }

    /// Draws users who enter by these components, and by their twins.
    pub(super) fn users_of(&mut self, entries: &[&Id]) {
        let user = self.draft.mint(self.ids, "users");
        let name = "Users".to_owned();
        self.draft.put(user.clone(), Component { kind: "user".to_owned(), name, ..Component::default() });
        let twins: Vec<Id> = entries.iter().filter_map(|it| self.copies.get(*it)).cloned().collect();
        for entry in entries.iter().copied().chain(&twins) {
            let id = self.draft.mint(self.ids, "users-enter");
            self.draft.put(id, Flow::between(user.clone(), (*entry).clone()));
        }
    }

    pub(super) fn has_copied(&self, component: ComponentIx) -> bool {
        self.copied.contains(&component)
    }

    pub(super) fn finish(self) -> Edit {
        self.draft.finish()
    }

    /// Whether a flow passes a gate that stands in what was copied, and fails with it.
    fn has_copied_gate_inside(&self, flow: &FlowEdge) -> bool {
        let topology = &self.facts.topology;
        let place = |it: ComponentIx| topology.component(it).within;
        let is_copied = |it: BoundaryIx| self.copies.contains_key(&topology.boundary(it).id);
        let is_inside = |it: &ComponentIx| topology.outward(place(*it)).any(is_copied);
        // Who was not copied stands outside, or has moved there.
        let from = topology.outward(place(flow.from)).find(|it| !is_copied(*it));
        let mut entered = topology.entered(from, place(flow.to)).into_iter();
        entered.any(|it| is_copied(it) && topology.boundary(it).gates.iter().any(is_inside))
    }

    /// A twin of a gate of a copied boundary guards that one's twin.
    fn pass_on_gate(&mut self, id: &Id) {
        let Some(twin) = self.copies.get(id).cloned() else { return };
        let gate_of = self.facts.model().component(id).and_then(|it| it.gate_of.clone());
        let gate_of = self.twin_of(gate_of.as_ref());
        self.draft.edit::<Component>(&twin, |it| it.gate_of = gate_of);
    }

    /// Wherever one that was copied may come from, its twin may.
    fn let_through(&mut self) {
        let copies = self.copies.clone();
        let add = |from: &mut From| {
            if let From::Of(ids) = from {
                let twins: Vec<Id> = ids.iter().filter_map(|it| copies.get(it)).cloned().collect();
                ids.extend(twins);
            }
        };
        let add_all = |entries: &mut Vec<Allow>| entries.iter_mut().for_each(|it| add(&mut it.from));
        let model = self.facts.model();
        let twins: Vec<Id> = self.copies.values().cloned().collect();
        for id in model.components().keys().chain(&twins) {
            self.draft.edit::<Component>(id, |it| {
                it.listeners.iter_mut().for_each(|it| add(&mut it.meant_for));
                if let Allows::Only(entries) = &mut it.allows {
                    add_all(entries);
                }
            });
        }
        for id in model.boundaries().keys().chain(&twins) {
            self.draft.edit::<Boundary>(id, |it| {
                if let Ingress::Only(entries) = &mut it.ingress {
                    add_all(entries);
                }
            });
        }
    }

    fn twin_of(&self, id: Option<&Id>) -> Option<Id> {
        let there = id.filter(|it| self.facts.model().boundary(it).is_some());
        there.map(|it| self.copies.get(it).unwrap_or(it).clone())
    }

    /// The pool of a component; if it bears none, one of its own, for it and all that the drawing says are its
    /// alternatives.
    fn pool(&mut self, component: ComponentIx) -> String {
        let facts = self.facts;
        let id = &facts.topology.component(component).id;
        let said = self.draft.get::<Component>(id).map(|it| it.pool.clone()).unwrap_or_default();
        if !said.trim().is_empty() {
            return said;
        }
        let inferred = facts.pools.pool_of(component).map(|it| facts.pools.pool(it));
        let stem = inferred.map(|it| it.name.clone()).filter(|it| !it.is_empty());
        let stem = stem.unwrap_or_else(|| id.to_string());
        let is_taken = |draft: &Draft<'_>, name: &str| {
            let is_it = |id: &Id| draft.get::<Component>(id).is_some_and(|it| it.pool.trim() == name);
            facts.model().components().keys().any(is_it)
        };
        let mut pool = stem.clone();
        for n in 2..=facts.topology.component_count() + 2 {
            if !is_taken(&self.draft, &pool) {
                break;
            }
            pool = format!("{stem}-{n}");
        }
        let members = inferred.map_or_else(|| vec![component], |it| it.members.clone());
        for member in members {
            self.draft
                .edit::<Component>(&facts.topology.component(member).id, |it| it.pool.clone_from(&pool));
        }
        pool
    }

    fn takes_writes(&self, component: ComponentIx) -> bool {
        let pools = &self.facts.pools;
        pools.store_of(component).is_none_or(|it| pools.store(it).writers.contains(&component))
    }

    /// The protocol by which others speak to a component.
    fn protocol_of(&self, component: ComponentIx) -> String {
        let topology = &self.facts.topology;
        let spoken = topology.component(component).into.iter().map(|it| &topology.flow(*it).record.protocol);
        spoken.filter(|it| !it.is_empty()).min().cloned().unwrap_or_default()
    }

    fn is_name_taken(&self, name: &str) -> bool {
        let model = self.facts.model();
        let is_new = |id: &Id| {
            self.draft.get::<Component>(id).is_some_and(|it| it.name == name)
                || self.draft.get::<Boundary>(id).is_some_and(|it| it.name == name)
        };
        model.components().values().any(|it| it.name == name)
            || model.boundaries().values().any(|it| it.name == name)
            || self.copies.values().any(is_new)
    }
}

/// How many instances a component and its alternatives lack to be as many as the quorum says. A store with its twin
/// is a replicated store, which counts without the pool.
pub(super) fn lacking(facts: &Facts, component: ComponentIx) -> u32 {
    let node = |it: &ComponentIx| facts.topology.component(*it);
    let lack = |members: &[ComponentIx], quorum: u32| {
        let instances = members.iter().map(|it| node(it).record.instances());
        quorum.saturating_sub(instances.fold(0, u32::saturating_add))
    };
    let pool = facts.pools.pool_of(component).map(|it| facts.pools.pool(it));
    let store = facts.pools.store_of(component).map(|it| facts.pools.store(it));
    let alone = || lack(&[component], node(&component).record.quorum.unwrap_or(1));
    let keeps = node(&component).is(Family::Data) || node(&component).is(Family::Messaging);
    let of_pool = pool.map(|it| lack(&it.members, it.quorum));
    let of_store = store.map(|it| lack(&it.members, it.quorum));
    of_pool.max(of_store.or_else(|| keeps.then(alone))).unwrap_or_else(alone)
}

/// A component without what it names that is not there: that is said at the first, and a twin says it no second time.
fn sound(facts: &Facts, record: &Component) -> Component {
    let model = facts.model();
    let mut sound = record.clone();
    sound.gate_of = sound.gate_of.filter(|it| model.boundary(it).is_some());
    (sound.stores, sound.processes) = (known(facts, &record.stores), known(facts, &record.processes));
    sound.listeners.iter_mut().for_each(|it| forget(model, &mut it.meant_for));
    if let Allows::Only(entries) = &mut sound.allows {
        entries.iter_mut().for_each(|it| forget(model, &mut it.from));
    }
    sound
}

/// The same of a boundary.
fn sound_place(model: &Model, record: &Boundary) -> Boundary {
    let mut sound = record.clone();
    sound.within = sound.within.filter(|it| model.boundary(it).is_some());
    if let Ingress::Only(entries) = &mut sound.ingress {
        entries.iter_mut().for_each(|it| forget(model, &mut it.from));
    }
    sound
}

fn forget(model: &Model, from: &mut From) {
    if let From::Of(ids) = from {
        ids.retain(|it| model.component(it).is_some() || model.boundary(it).is_some());
    }
}

/// The next free name of its kind: `Web` and `Web 1` become `Web 2`, or `Web 3` if there is one; `Zone A` becomes
/// `Zone B`. No name stays none.
fn next_name(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let name = name.trim();
    let at = name.rfind([' ', '-', '_']).map_or(0, |it| it + 1);
    let (stem, last) = name.split_at(at);
    let mut letters = last.chars();
    let letter = letters.next().filter(|it| it.is_ascii_alphabetic() && !stem.is_empty() && last.len() == 1);
    let is_number = !stem.is_empty() && !last.is_empty() && last.bytes().all(|it| it.is_ascii_digit());
    let numbers = (2..1000_u32).map(|it| it.to_string());
    let free = |stem: &str, mut counters: Box<dyn Iterator<Item = String>>| {
        counters.find_map(|it| Some(format!("{stem}{it}")).filter(|it| !is_taken(it)))
    };
    let next = match letter {
        Some(letter) => {
            let last = if letter.is_ascii_uppercase() { 'Z' } else { 'z' };
            let letters = (letter..=last).skip(1).map(String::from);
            free(stem, Box::new(letters.chain(numbers)))
        }
        None if is_number => free(stem, Box::new(numbers)),
        None if name.is_empty() => None,
        None => free(&format!("{name} "), Box::new(numbers)),
    };
    next.unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::text;
    use crate::rules::testing;

    fn after(before: &str, twin: impl FnOnce(&mut Twins<'_, '_>, &Facts)) -> String {
        let facts = testing::facts(before);
        let mut ids = Ids::seeded(1);
        let mut twins = Twins::new(&facts, &mut ids);
        twin(&mut twins, &facts);
        twins.wire();
        let mut model = facts.model().clone();
        model.apply(&twins.finish());
        assert_eq!(model.problems(), []);
        text::write(&model)
    }

    #[test]
    fn names_go_on() {
        let next = |name: &str| next_name(name, |it| it == "Web 2" || it == "Zone B");
        for (name, expected) in [
            ("Web", "Web 3"),
            ("Web 1", "Web 3"),
            ("web-1", "web-2"),
            ("Zone A", "Zone C"),
            ("Zone Z", "Zone 2"),
            ("S3", "S3 2"),
            ("", ""),
            ("7", "7 2"),
        ] {
            assert_eq!(next(name), expected);
        }
    }

    #[test]
    fn a_twin_is_wired_the_same() {
        let web = |twins: &mut Twins<'_, '_>, facts: &Facts| {
            let web = facts.topology.find_component(&Id::slug("web")).unwrap();
            twins.component(web, None);
        };
        let drawn = after("web \"Web\"; lb -> web: https; web -> db: postgres [read]", web);
        for line in [
            "web \"Web\": web-server [pool web]",
            "web-16q4 \"Web 2\": web-server [pool web]",
            "lb-web-73vx: lb -> web-16q4: https",
            "web-db-yan4: web-16q4 -> db: postgres [read]",
        ] {
            assert!(drawn.lines().any(|it| it == line), "{line} is missing in\n{drawn}");
        }
    }

    #[test]
    fn a_stores_twin_is_a_replica_that_takes_over() {
        let db = |twins: &mut Twins<'_, '_>, facts: &Facts| {
            let db = facts.topology.find_component(&Id::slug("db")).unwrap();
            twins.component(db, None);
        };
        let drawn = after("db \"Orders\": postgres; web -> db: postgres", db);
        let replicate: Vec<&str> = drawn.lines().filter(|it| it.contains("->")).collect();
        assert_eq!(replicate.len(), 2, "{drawn}");
        assert!(
            drawn.contains("\"Orders 2\": sql-database [technology postgres; takes-over yes]"),
            "{drawn}"
        );
    }

    #[test]
    fn a_twin_of_a_place_has_its_own_gate_and_is_let_in_where_the_first_was() {
        let text = "fw: firewall [gate-of tier; allows 443 from anywhere]
            boundary a \"Zone A\": zone { boundary tier \"Tier\": tier { web \"Web\"; user: user } }
            db: postgres; boundary data: tier [ingress tcp/5432 from web] { db }; web -> db: postgres";
        let zone = |twins: &mut Twins<'_, '_>, facts: &Facts| {
            twins.boundaries(&[facts.topology.find_boundary(&Id::slug("a")).unwrap()]);
        };
        let drawn = after(&text.replace("db: postgres; boundary", "boundary"), zone);
        let model = text::read(&drawn).unwrap();
        let boundaries: Vec<&str> = model.boundaries().values().map(|it| it.title()).collect();
        assert_eq!(boundaries.len(), 5, "{drawn}");
        let gates: Vec<&Id> = model.components().values().filter_map(|it| it.gate_of.as_ref()).collect();
        assert_eq!((gates.len(), gates[0] == gates[1]), (2, false), "{drawn}");
        let data = model.boundary(&Id::slug("data")).unwrap();
        let Ingress::Only(entries) = &data.ingress else { panic!() };
        assert!(matches!(&entries[0].from, From::Of(ids) if ids.len() == 2), "{drawn}");
        // Users do not fail with a zone of ours.
        assert_eq!(model.component(&Id::slug("user")).unwrap().within, None);
    }

    #[test]
    fn a_twin_names_nothing_that_is_not_there() {
        let text = "web [within \"gone\"; stores \"gone\"; allows 443 from \"gone\"; listens 443 https for \"gone\"]; lb -> web: https [carries \"gone\"]";
        let mut model = text::read(text).unwrap();
        let facts = Facts::of(std::sync::Arc::new(model.clone()));
        let mut ids = Ids::seeded(1);
        let mut twins = Twins::new(&facts, &mut ids);
        let web = facts.topology.find_component(&Id::slug("web")).unwrap();
        twins.component(web, facts.topology.place_of(web));
        twins.wire();
        let before = model.problems();
        model.apply(&twins.finish());
        assert_eq!(model.problems(), before);
    }
}
