//! What a finding rests on, as the canvas shows it: what lights up, and the way from hop to hop.

use super::Editor;
use super::review::level;
use crate::model::{Flow, Id, Ports};
use crate::rules;
use crate::scene::{self, Level};

/// The evidence of what is looked at.
pub(super) fn evidence(editor: &Editor) -> Option<scene::Evidence> {
    let key = editor.shown.hovered.as_ref().or(editor.shown.chosen.as_ref())?;
    let report = editor.report();
    let (evidence, level) = match report.finding(key) {
        Some(it) => (&it.evidence, level(it.severity)),
        None => (&report.question(key)?.evidence, Level::Question),
    };
    let model = editor.model();
    let hops = hops(editor, &evidence.path);
    let between = hops.iter().flat_map(|it| it.flows.clone());
    // What a collapsed boundary hides lights up as that, which is drawn as a card.
    let drawn = editor.drawn_of(evidence.elements().into_iter().chain(between));
    let (flows, boxes): (Vec<Id>, Vec<Id>) = drawn.into_iter().partition(|it| model.flows().contains_key(it));
    let is_area = |it: &Id| model.boundaries().contains_key(it) && !editor.is_collapsed(it);
    let (boundaries, components) = boxes.into_iter().partition(is_area);
    let ports = evidence.path.last().and_then(|it| it.ports.clone()).unwrap_or(Ports::NONE);
    Some(scene::Evidence { components, flows, boundaries, hops, ports, level })
}

/// The steps of a way as they are drawn: what a collapsed boundary hides is that, and a filter that a drawn flow goes
/// through is no stop of its own.
fn hops(editor: &Editor, path: &[rules::Hop]) -> Vec<scene::Hop> {
    let model = editor.model();
    let is_gate = |it: &&rules::Hop| model.component(&it.element).is_some_and(|it| it.gate_of.is_some());
    let is_gone_through = |n: usize| {
        let before = path[..n].iter().rev().find(|it| !is_gate(it));
        let behind = path[n..].iter().find(|it| !is_gate(it));
        let ends = before.zip(behind);
        ends.is_some_and(|it| !flows_between(editor, &it.0.element, &it.1.element).is_empty())
    };
    let is_stop = |(n, it): &(usize, &rules::Hop)| {
        model.component(&it.element).is_some() && !(is_gate(it) && is_gone_through(*n))
    };
    let stops: Vec<&rules::Hop> = path.iter().enumerate().filter(is_stop).map(|it| it.1).collect();
    let hop = |pair: &[&rules::Hop]| {
        let [from, to] =
            [pair[0], pair[1]].map(|it| editor.stand_in(&it.element).unwrap_or_else(|| it.element.clone()));
        let flows = flows_between(editor, &pair[0].element, &pair[1].element);
        let is_said =
            |ports: &Ports| flows.iter().filter_map(|it| model.flow(it)).any(|it| port_of(it) == Some(ports));
        let ports = pair[1].ports.as_ref().filter(|it| !it.is_empty() && !is_said(it));
        let ports = ports
            .map_or_else(String::new, |it| if it.is_all() { "any port".to_owned() } else { it.numbers() });
        (from != to).then_some(scene::Hop { from, to, flows, ports })
    };
    stops.windows(2).filter_map(hop).collect()
}

/// The port of a flow: its own, or that of its protocol.
fn port_of(flow: &Flow) -> Option<&Ports> {
    if flow.port.is_empty() { flow.protocol().map(|it| &it.port) } else { Some(&flow.port) }
}

/// The drawn flows that a step of a way may have taken, in either direction: a chain of needs is walked against them.
fn flows_between(editor: &Editor, a: &Id, b: &Id) -> Vec<Id> {
    let topology = &editor.facts().topology;
    let Some((a, b)) = topology.find_component(a).zip(topology.find_component(b)) else { return Vec::new() };
    let node = topology.component(a);
    let forth = node.out.iter().filter(|it| topology.flow(**it).to == b);
    let back = node.into.iter().filter(|it| topology.flow(**it).from == b);
    forth.chain(back).map(|it| topology.flow(*it).id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    fn shown(editor: &mut Editor, title: &str) -> Vec<String> {
        let says = |it: &rules::Finding| it.message.read(editor.model()).contains(title);
        let key = editor.report().findings.iter().find(|it| says(it)).unwrap().key.clone();
        editor.shown.chosen = Some(key);
        let evidence = evidence(editor).unwrap();
        let flows = |it: &scene::Hop| it.flows.iter().map(Id::as_str).collect::<Vec<_>>().join(" ");
        evidence
            .hops
            .iter()
            .map(|it| format!("{} > {} by [{}] at [{}]", it.from, it.to, flows(it), it.ports))
            .collect()
    }

    #[test]
    fn a_way_is_shown_hop_by_hop_with_ports_also_where_no_flow_is_drawn() {
        let mut editor = Editor::new(Surroundings::fixed());
        editor.open_sample("ten-mistakes");
        let exposed = shown(&mut editor, "can reach Session store on 6379");
        // A flow goes through a filter unseen; where none is drawn, the filter says what it lets in.
        let through =
            ["resellers > fw-edge by [] at [22, 80, 443, 6379, 9100]", "fw-edge > sessions by [] at [6379]"];
        assert_eq!(exposed, through);
        let losing = |editor: &mut Editor| shown(editor, "Losing Orders");
        let [first, second, third, last] = [
            "orders > tickets by [tickets-orders] at []",
            "tickets > web by [web-tickets] at []",
            "web > balancer by [balancer-web] at []",
            "balancer > fans by [fans-balancer] at []",
        ];
        assert_eq!(losing(&mut editor), [first, second, third, last]);
        // What a collapsed boundary hides is one stop.
        editor.fold(&[Id::slug("app")].into(), true);
        let hidden =
            ["orders > app by [tickets-orders] at []", "app > web by [web-tickets] at []", third, last];
        assert_eq!(losing(&mut editor), hidden);
    }
}
