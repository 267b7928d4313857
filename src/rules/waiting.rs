//! Waiting: fixes that end it, for whoever waits for what may be slow or gone.

use std::collections::BTreeSet;

use super::cases::known;
use super::passing::{self, Need, Who};
use crate::analysis::{ComponentIx, Facts, FlowIx};
use crate::model::{Access, Answer, Component, Draft, Edit, Feature, Flow, Id, Ids, Needs, Style};

/// The sources of flows no longer wait for the targets.
pub(super) fn end(facts: &Facts, flows: &[FlowIx]) -> Edit {
    let mut draft = Draft::of(facts.model());
    for flow in flows {
        draft.edit::<Flow>(&facts.topology.flow(*flow).id, |it| {
            it.style = Style::Asynchronous;
            if it.needs == Needs::Hard {
                it.needs = Needs::Unset;
            }
        });
    }
    draft.finish()
}

/// The sources of flows go on, worse, when the targets are gone.
pub(super) fn go_on(facts: &Facts, flows: &[FlowIx]) -> Edit {
    let mut draft = Draft::of(facts.model());
    for flow in flows {
        draft.edit::<Flow>(&facts.topology.flow(*flow).id, |it| it.needs = Needs::Soft);
    }
    draft.finish()
}

/// Whether flows change something, so that the work can be done later.
pub(super) fn can_wait(facts: &Facts, flows: &[FlowIx]) -> bool {
    let changes = |access| matches!(access, Access::Write | Access::Publish);
    flows.iter().all(|it| changes(facts.topology.flow(*it).access))
}

/// Puts a queue and a worker before the target of flows: their sources leave the work there.
pub(super) fn queue_before(facts: &Facts, target: ComponentIx, flows: &[FlowIx], ids: &mut Ids) -> Edit {
    let topology = &facts.topology;
    let mut draft = Draft::of(facts.model());
    let Some(first) = flows.first().map(|it| topology.flow(*it)) else { return draft.finish() };
    let title = topology.component(target).record.title();
    let within = topology.place_of(first.from);
    let queue = draft.mint(ids, &format!("{}-queue", topology.component(target).id));
    let worker = draft.mint(ids, &format!("{}-worker", topology.component(target).id));
    let part = |kind: &str, name: String| Component {
        kind: kind.to_owned(),
        name,
        within: within.clone(),
        // One alone would be the next to fail.
        replicas: Some(2),
        ..Component::default()
    };
    draft.put(queue.clone(), part("message-queue", format!("Work for {title}")));
    draft.put(worker.clone(), part("worker", format!("Worker for {title}")));
    let carries = |it: &Flow| known(facts, &it.carries);
    let to_queue = |from: Id, access, carries| Flow {
        protocol: "amqps".to_owned(),
        access,
        style: if access == Access::Publish { Style::Asynchronous } else { Style::Synchronous },
        encrypted: Answer::yes(),
        authenticated: Answer::yes(),
        carries,
        ..Flow::between(from, queue.clone())
    };
    let mut all: Vec<Id> = Vec::new();
    for flow in flows.iter().map(|it| topology.flow(*it)) {
        let published = draft.mint(ids, &format!("{}-publish", topology.component(flow.from).id));
        let from = topology.component(flow.from).id.clone();
        draft.put(published.clone(), to_queue(from, Access::Publish, carries(&flow.record)));
        all.extend(carries(&flow.record));
        // A feature is done when the work is left in the queue.
        for (id, feature) in facts.model().features() {
            if feature.flows.contains(&flow.id) {
                draft.edit::<Feature>(id, |it| {
                    it.flows.iter_mut().filter(|it| **it == flow.id).for_each(|it| it.clone_from(&published));
                });
            }
        }
    }
    all.sort();
    all.dedup();
    let consume = draft.mint(ids, &format!("{worker}-consume"));
    draft.put(consume, to_queue(worker.clone(), Access::Consume, all));
    draft.edit::<Flow>(&first.id, |it| it.from = worker.clone());
    let rest: BTreeSet<Id> = flows.iter().skip(1).map(|it| topology.flow(*it).id.clone()).collect();
    if !rest.is_empty() {
        draft.delete(&rest);
    }
    let need = Need { who: Who::At(worker), ports: first.ports.clone() };
    for boundary in topology.entered(facts.ingress.place(first.from), facts.ingress.place(target)) {
        passing::grant(facts, &mut draft, boundary, &need);
    }
    draft.finish()
}
