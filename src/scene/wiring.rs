//! Which flows are drawn as which line, and between which boxes: ends that a collapsed boundary hides, gates on the
//! way, several flows in one.

use std::collections::{BTreeSet, HashMap};

use foldhash::quality::FixedState;

use crate::model::{Allows, BorderPoint, Component, Flow, Id, Model, Side};

use super::Layout;
use super::bends::Bends;
use super::boxes::Route;
use super::boxing::Moved;
use super::geometry::Rect;
use super::nest::{Role, Stage};
use super::route::{Lane, Twins};
use super::sights::Sight;

/// A piece of a flow: its number along the flow, which gates on the way cut into several.
pub(super) type WireKey = (Id, u8);

/// One line from box to box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wire {
    pub(super) from: End,
    pub(super) to: End,
    /// How it was laid by hand.
    pub(super) bends: Bends,
}

/// Where a wire meets a box.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct End {
    pub(super) id: Id,
    pub(super) side: Side,
    /// Along the side; not a number before it is assigned.
    pub(super) port: f32,
    pub(super) lane: Lane,
    pub(super) twins: Twins,
    /// How far along the side its owner fixed it, 0 to 1.
    pub(super) fixed: Option<f32>,
}

/// What is drawn as one line: from box to box, all flows together if one end is hidden, else a flow of its own.
pub(super) type Bundle = (Id, Id, Option<Id>);

/// Nobody goes through such a map, so that its order decides nothing.
type Map<K, V> = HashMap<K, V, FixedState>;

#[derive(Debug, Clone, Default)]
pub(super) struct Wiring {
    /// The flows of each component.
    flows_at: Map<Id, BTreeSet<Id>>,
    ends: Map<Id, (Id, Id)>,
    bundles: Map<Bundle, BTreeSet<Id>>,
    bundle_of: Map<Id, Bundle>,
    pub(super) wires: Map<WireKey, Wire>,
    /// The wires at each side of each box.
    pub(super) sides: Map<(Id, Side), BTreeSet<WireKey>>,
    /// The lines that meet each box.
    attached: Map<Id, BTreeSet<Id>>,
}

impl Wiring {
    /// The flow that stands for a flow.
    pub(super) fn drawn(&self, flow: &Id) -> Option<&Id> {
        self.bundles.get(self.bundle_of.get(flow)?)?.first()
    }

    /// The flows that are drawn as one with a flow, itself included.
    pub(super) fn bundled(&self, flow: &Id) -> impl Iterator<Item = &Id> {
        self.bundle_of.get(flow).and_then(|it| self.bundles.get(it)).into_iter().flatten()
    }

    /// The lines at a box.
    pub(super) fn attached(&self, id: &Id) -> impl Iterator<Item = &Id> {
        self.attached.get(id).into_iter().flatten()
    }

    fn record(&mut self, id: &Id, flow: Option<&Flow>) {
        if let Some((from, to)) = self.ends.remove(id) {
            for end in [from, to] {
                if let Some(flows) = self.flows_at.get_mut(&end) {
                    flows.remove(id);
                }
            }
        }
        if let Some(flow) = flow {
            for end in [&flow.from, &flow.to] {
                self.flows_at.entry(end.clone()).or_default().insert(id.clone());
            }
            self.ends.insert(id.clone(), (flow.from.clone(), flow.to.clone()));
        }
    }

    /// Whether a flow is drawn between its own ends.
    pub(super) fn is_own(&self, flow: &Id) -> bool {
        self.bundle_of.get(flow).is_some_and(|it| it.2.is_some())
    }

    /// How a flow is drawn.
    pub(super) fn bundle_of(&self, flow: &Id) -> Option<&Bundle> {
        self.bundle_of.get(flow)
    }

    /// Takes a line out; notes the sides that it met.
    pub(super) fn cut(&mut self, id: &Id, sides: &mut BTreeSet<(Id, Side)>) {
        for leg in 0..=u8::MAX {
            let key = (id.clone(), leg);
            let Some(wire) = self.wires.remove(&key) else { break };
            for end in [wire.from, wire.to] {
                let side = (end.id, end.side);
                if let Some(wires) = self.sides.get_mut(&side) {
                    wires.remove(&key);
                }
                if let Some(lines) = self.attached.get_mut(&side.0) {
                    lines.remove(id);
                }
                sides.insert(side);
            }
        }
    }

    fn join(&mut self, key: WireKey, wire: Wire, sides: &mut BTreeSet<(Id, Side)>) {
        for end in [&wire.from, &wire.to] {
            let side = (end.id.clone(), end.side);
            self.sides.entry(side.clone()).or_default().insert(key.clone());
            self.attached.entry(end.id.clone()).or_default().insert(key.0.clone());
            sides.insert(side);
        }
        self.wires.insert(key, wire);
    }
}

impl Layout {
    /// The flows of a component, on the view or not.
    pub fn flows_of(&self, component: &Id) -> impl Iterator<Item = &Id> {
        self.wiring.flows_at.get(component).into_iter().flatten()
    }

    /// Notes what moved boxes and changed flows mean for lines; takes out those that are not there any more.
    pub(super) fn refresh_flows(&mut self, stage: &Stage<'_>, touched: &BTreeSet<Id>, moved: &Moved) {
        for id in touched {
            self.wiring.record(id, stage.model.flow(id));
        }
        let flows = self.flows_at(stage, touched, moved);
        let bundles = self.bundle_anew(stage, &flows);
        let mut to_lay = Vec::new();
        let mut gone: Vec<Id> =
            flows.into_iter().filter(|it| !self.wiring.bundle_of.contains_key(it)).collect();
        for bundle in bundles {
            let Some(all) = self.wiring.bundles.get(&bundle) else { continue };
            let Some(first) = all.first().cloned() else {
                self.wiring.bundles.remove(&bundle);
                continue;
            };
            gone.extend(all.iter().skip(1).cloned());
            let is_other = |it: &Route| (&it.from, &it.to) != (&bundle.0, &bundle.1);
            if self.flows.get(&first).is_some_and(is_other) {
                gone.push(first.clone());
            }
            to_lay.push(first);
        }
        self.take_out(&gone);
        for id in to_lay {
            self.todo.later.remove(&id);
            self.todo.lay.insert(id);
        }
        // Lines that only looked there come after all that the edit is about.
        self.todo.moved.extend(&moved.areas);
        for area in moved.areas.iter().chain(&moved.borders) {
            self.look_again(area);
        }
    }

    /// Takes out lines with all that was to be done for them.
    fn take_out(&mut self, all: &[Id]) {
        let mut sides = std::mem::take(&mut self.todo.sides);
        all.iter().for_each(|it| self.wiring.cut(it, &mut sides));
        self.todo.sides = sides;
        all.iter().for_each(|it| self.forget_line(it));
    }

    /// Sorts flows into bundles anew; returns all bundles that they left or joined.
    fn bundle_anew(&mut self, stage: &Stage<'_>, flows: &BTreeSet<Id>) -> BTreeSet<Bundle> {
        let mut bundles: BTreeSet<Bundle> = BTreeSet::new();
        for id in flows {
            let new = self.bundle(stage, id);
            if new.is_some() && self.wiring.bundle_of.get(id) == new.as_ref() {
                bundles.extend(new);
                continue;
            }
            if let Some(old) = self.wiring.bundle_of.remove(id) {
                if let Some(all) = self.wiring.bundles.get_mut(&old) {
                    all.remove(id);
                }
                // Whatever stood for it is drawn anew.
                bundles.insert(old);
            }
            if let Some(new) = new {
                self.wiring.bundles.entry(new.clone()).or_default().insert(id.clone());
                self.wiring.bundle_of.insert(id.clone(), new.clone());
                bundles.insert(new);
            }
        }
        bundles
    }

    /// How a flow is drawn; `None` if it is not on the view.
    fn bundle(&self, stage: &Stage<'_>, id: &Id) -> Option<Bundle> {
        let flow = stage.model.flow(id)?;
        let end = |id: &Id| {
            if self.cards.contains_key(id) || self.gates.contains_key(id) {
                return Some(id.clone());
            }
            stage.drawn_as(id).filter(|it| stage.role(it) != Role::Hidden)
        };
        let (from, to) = (end(&flow.from)?, end(&flow.to)?);
        let is_merged = from != flow.from || to != flow.to;
        if is_merged && from == to {
            return None;
        }
        Some((from, to, (!is_merged).then(|| id.clone())))
    }

    /// The flows that changed, and those that lead to boxes that did.
    fn flows_at(&self, stage: &Stage<'_>, touched: &BTreeSet<Id>, moved: &Moved) -> BTreeSet<Id> {
        let mut flows = touched.clone();
        for id in &moved.elements {
            flows.extend(self.wiring.flows_at.get(id).into_iter().flatten().cloned());
            flows.extend(self.wiring.attached(id).cloned());
        }
        for boundary in &moved.regated {
            for id in stage.nesting.all_in(boundary) {
                flows.extend(self.wiring.flows_at.get(&id).into_iter().flatten().cloned());
            }
        }
        flows
    }

    /// Lays the wires of a line, between the sides that suit them best; returns what it looked at for that.
    pub(super) fn lay(
        &mut self,
        stage: &Stage<'_>,
        id: &Id,
        bundle: &Bundle,
        sides: &mut BTreeSet<(Id, Side)>,
    ) -> Rect {
        let sight = Sight::new();
        let bends = stage.place(id).map(Bends::of).unwrap_or_default();
        let mut stops = vec![bundle.0.clone()];
        if bends.is_none() && bundle.0 != bundle.1 {
            stops.extend(self.gates_between(stage.model, id, &bundle.0, &bundle.1));
        }
        stops.push(bundle.1.clone());
        let [exit, entry] = self.fixed_ends(stage, id, bundle);
        let last = stops.len() - 2;
        for (leg, pair) in stops.windows(2).enumerate() {
            let fixed = [exit.filter(|_| leg == 0), entry.filter(|_| leg == last)];
            let whole = (&bundle.0, &bundle.1);
            let (from_side, to_side) =
                self.best_sides(stage, (&pair[0], &pair[1]), whole, (&bends.corners, fixed), &sight);
            let end = |id: &Id, side, fixed: Option<BorderPoint>| {
                let fixed = fixed.map(|it| it.offset.px().clamp(0.0, 1.0));
                End {
                    id: id.clone(),
                    side,
                    port: f32::NAN,
                    lane: Lane::default(),
                    twins: Twins::default(),
                    fixed,
                }
            };
            let (from, to) = (end(&pair[0], from_side, fixed[0]), end(&pair[1], to_side, fixed[1]));
            let wire = Wire { from, to, bends: bends.clone() };
            self.wiring.join((id.clone(), leg as u8), wire, sides);
        }
        sight.seen()
    }

    /// Where the ends of a line are fixed. What stands for several flows, or for one whose end is hidden, goes its own way;
    /// and a gate is passed from the one side to the other, whatever somebody has said of it when it was a card.
    fn fixed_ends(&self, stage: &Stage<'_>, id: &Id, bundle: &Bundle) -> [Option<BorderPoint>; 2] {
        let place = stage.place(id).filter(|_| bundle.2.is_some());
        let is_card = |it: &Id| self.cards.contains_key(it);
        [
            place.and_then(|it| it.exit).filter(|_| is_card(&bundle.0)),
            place.and_then(|it| it.entry).filter(|_| is_card(&bundle.1)),
        ]
    }

    /// The gates that a flow goes through, from the outermost; also if its line was bent, so that it keeps to none.
    pub fn gates_on_the_way(&self, model: &Model, flow: &Id) -> Vec<Id> {
        let ends = self.wiring.bundle_of(flow);
        ends.map(|(from, to, _)| self.gates_between(model, flow, from, to)).unwrap_or_default()
    }

    fn gates_between(&self, model: &Model, flow: &Id, from: &Id, to: &Id) -> Vec<Id> {
        let (Some(start), Some(end)) = (self.port_box(from), self.port_box(to)) else { return Vec::new() };
        let flow = model.flow(flow);
        let is_let_in =
            |gate: &Id| model.component(gate).zip(flow).is_none_or(|(gate, flow)| lets_in(gate, flow));
        let way = (start.0.centre(), end.0.centre());
        self.gates_into((from, self.home(to)), way, is_let_in).into_iter().cloned().collect()
    }

    /// The box that lines may meet, and the front card whose sides they are spread along.
    pub(super) fn port_box(&self, id: &Id) -> Option<(Rect, Rect)> {
        let card = || self.cards.get(id).map(|it| (it.outer(), it.rect));
        card().or_else(|| self.gates.get(id).map(|it| (it.rect, it.rect)))
    }
}

/// Whether a gate's allows hold a flow's port; unknown does.
pub(super) fn lets_in(gate: &Component, flow: &Flow) -> bool {
    let Allows::Only(entries) = &gate.allows else { return true };
    let by_protocol = flow.protocol().map(|it| &it.port);
    let ports = if flow.port.is_empty() { by_protocol } else { Some(&flow.port) };
    ports.is_none_or(|it| it.is_empty() || entries.iter().any(|entry| entry.ports.overlaps(it)))
}

#[cfg(test)]
mod tests {
    use crate::scene::tests::{layout, model};

    #[test]
    fn a_flow_that_enters_a_guarded_boundary_goes_through_its_gate() {
        let text = r#"components: {"a": (kind: "user"), "fw": (kind: "firewall", gate_of: "t"), "b": (kind: "cache", within: "t")},
            boundaries: {"t": (kind: "network")}, flows: {"f": (from: "a", to: "b")},
            places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 400, y: 200), ("main", "t"): (x: 360, y: 120),
                ("main", "fw"): (side: top, offset: 0.5)}"#;
        let layout = layout(&model(text));
        let (flow, gate) = (layout.flows.values().next().unwrap(), layout.gates.values().next().unwrap());
        assert!(flow.points.windows(2).any(|it| gate.rect.is_crossed(it[0], it[1])), "{flow:?} {gate:?}");
        assert_eq!(gate.words[0].text.as_ref(), "?");
    }

    #[test]
    fn flows_to_what_is_hidden_end_at_the_collapsed_boundary_as_one() {
        let text = r#"components: {"a": (kind: "user"), "b": (kind: "cache", within: "t"), "c": (kind: "cache", within: "t")},
            boundaries: {"t": (kind: "network")},
            flows: {"f": (from: "a", to: "b"), "g": (from: "a", to: "c"), "h": (from: "c", to: "a"), "i": (from: "b", to: "c")},
            places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 400, y: 200), ("main", "t"): (x: 360, y: 120, collapsed: true)}"#;
        let layout = layout(&model(text));
        let text: Vec<String> = layout
            .flows
            .iter()
            .map(|(id, it)| format!("{id} {}-{} {:?}", it.from, it.to, it.merged))
            .collect();
        assert_eq!(text, [r#"f a-t ["g"]"#, "h t-a []"]);
        let id = crate::model::Id::slug;
        assert_eq!(layout.drawn_as(&id("g")), Some(&id("f")));
        assert_eq!(layout.drawn_as(&id("i")), None);
        assert_eq!(layout.cards.len(), 2);
    }
}
