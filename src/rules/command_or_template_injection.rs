//! `command-or-template-injection`: text from outside that reaches workers and hosts, where it becomes commands.

use std::collections::BTreeMap;

use super::arguments::{Means, arguments, named};
use super::entries::handled;
use super::outside::{control, is_open, sender};
use super::{
    Asked, Evidence, Finding, Fix, Found, Impact, Out, Subject, answer, list, rule, sensitive, severity,
    words, worth, yes_or_no,
};
use crate::analysis::{Arrival, ComponentIx, Facts, Unknown};
use crate::model::{Access, Capability, DefaultListener, Family, Id, Ids, Protocol, Truth};

rule! {
    /// ## What it finds
    /// Workers (what works off messages, or has no port of its own) and hosts that are administered over the network, to
    /// which text from outside comes, and of which somebody has said that it is not kept out of commands, code and
    /// templates. Where nobody has said, it asks, once for all that is behind one entry: if an API there takes text,
    /// a file or an address or, where none is drawn, if sensitive assets are handled behind it.
    ///
    /// ## Why it matters
    /// Work in the background is often done by other programs: a converter, a shell, a template. Text that becomes part
    /// of their command runs with all the rights of the machine, far behind the checks at the front door.
    ///
    /// ## Example
    /// `user -> web -> queue: https [publish]; worker -> queue: amqps [consume]; worker [safe-commands no]`
    ///
    /// ## How to fix it
    /// Call programs with a list of arguments, never through a shell; take names from a fixed list; fill templates with
    /// values and never build them; run the worker with few rights and no way out.
    ///
    /// ## References
    /// * CWE-78, OS command injection; CWE-94, Code injection; CWE-1336, Template injection
    /// * CAPEC-88; ATT&CK T1059; OWASP ASVS 4.0, V5.2 and V5.3
    "command-or-template-injection", "Input that becomes a command",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "safe-commands"],
    stride: [Tampering, ElevationOfPrivilege], cwe: [78, 94, 1336],
    check: check, fixes: fixes,
}

const CONTROL: &str = "safe-commands";

/// What stands behind one entry.
#[derive(Default)]
struct Behind {
    /// Those of which nobody has said.
    unknown: Vec<ComponentIx>,
    /// What a caller may send; empty where no API is drawn.
    brings: Vec<String>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let inputs = facts.inputs();
    let mut by_api = vec![None; facts.topology.component_count()];
    for api in facts.data.apis() {
        if let Some(component) = api.component {
            let texts = named(&arguments(&api.record), &[Means::Text, Means::File, Means::Address]);
            by_api[component.at()].get_or_insert_with(Vec::new).extend(texts);
        }
    }
    let mut behind: BTreeMap<Option<ComponentIx>, Behind> = BTreeMap::new();
    for (component, node) in facts.topology.components() {
        if !node.is(Family::Compute) {
            continue;
        }
        let truth = control(facts, component, CONTROL);
        if !is_open(truth) || !inputs.reaches(component, Arrival::Request) || !runs_others(facts, component) {
            continue;
        }
        let way = inputs.way(component, Arrival::Request);
        if truth == Truth::No {
            found(facts, component, way, out);
            continue;
        }
        // The last on the way that has APIs, or else the first that takes input.
        let offers = way.iter().rev().copied().find(|it| by_api[it.at()].is_some());
        let entry = offers.or_else(|| way.iter().copied().find(|it| inputs.takes(*it)));
        let brings = offers.and_then(|it| by_api[it.at()].clone()).unwrap_or_default();
        if offers.is_some() && brings.is_empty() {
            continue;
        }
        let group = behind.entry(entry).or_default();
        group.unknown.push(component);
        group.brings = brings;
    }
    for group in behind.into_values() {
        ask(facts, &group, out);
    }
}

fn ask(facts: &Facts, group: &Behind, out: &mut Out<'_>) {
    let assets = handled(facts, group.unknown.iter().copied());
    if group.brings.is_empty() && sensitive::sensitive(facts, &assets).next().is_none() {
        return;
    }
    let Some(first) = group.unknown.first().copied() else { return };
    let way = facts.inputs().way(first, Arrival::Request);
    let (exposure, who) = sender(facts, &way);
    let unknowns: Vec<Unknown> =
        group.unknown.iter().map(|it| unknown(&facts.topology.component(*it).id)).collect();
    let Some(about) = unknowns.first().cloned() else { return };
    let what = if group.brings.is_empty() { "text from outside".to_owned() } else { list(&group.brings) };
    let names = words::names(facts, group.unknown.iter().copied());
    out.question(Asked {
        about,
        stake: severity(facts, worth(facts, &assets).0.max(Impact::Serious), exposure),
        text: format!("Are commands, code and templates in {names} kept free of {what}?"),
        why: format!("{}, and {names} may work on with it.", words::capital(&who)),
        choices: yes_or_no(&unknowns),
        evidence: Evidence::way(facts, way),
    });
}

fn found(facts: &Facts, component: ComponentIx, way: Vec<ComponentIx>, out: &mut Out<'_>) {
    let node = facts.topology.component(component);
    let assets = handled(facts, [component]);
    let (worth_of, worth) = worth(facts, &assets);
    let (exposure, who) = sender(facts, &way);
    let stake =
        if assets.is_empty() { String::new() } else { format!(", and {worth} can be taken from there") };
    let name = words::name(facts, component);
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        // Whoever runs commands there has all that it has.
        impact: worth_of.max(Impact::Serious),
        exposure,
        because: format!("{who} to {name}{stake}"),
        message: format!("Text from outside becomes part of commands or templates in {name}"),
        place: words::place(facts, component),
        evidence: Evidence::way(facts, way),
        facts: sensitive::said(facts, &assets).into_iter().chain([format!("input to {}", node.id)]).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    let label = format!("Keep text from outside out of commands in {names}");
    vec![Fix { label, edit: answer(facts, &about, Truth::Yes) }]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// Whether it works off messages, has no port of its own, or is a host that runs what it is told to.
fn runs_others(facts: &Facts, component: ComponentIx) -> bool {
    let topology = &facts.topology;
    let node = topology.component(component);
    if !node.is(Family::Compute) || node.can(Capability::NotOurs) {
        return false;
    }
    let is_queue = |it: ComponentIx| topology.component(it).is(Family::Messaging);
    let into = node.into.iter().map(|it| topology.flow(*it)).any(|it| !it.reply && is_queue(it.from));
    let consumes = |it| {
        let flow = topology.flow(it);
        flow.access == Access::Consume && is_queue(flow.to)
    };
    let administered = |it: &DefaultListener| Protocol::find(&it.protocol).is_some_and(|it| it.admin);
    let listeners = &node.kind.listeners;
    listeners.is_empty()
        || listeners.iter().any(administered)
        || into
        || node.out.iter().any(|it| consumes(*it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only, silent};

    /// A shop with a worker behind a queue.
    fn shop(worker: &str) -> String {
        format!(
            "asset mails \"Mails\": confidential; user -> web -> queue: amqps [publish]
             renderer \"Renderer\": worker {worker}; renderer -> queue: amqps [consume]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("[safe-commands no]"),
            "high command-or-template-injection:renderer — Text from outside becomes part of commands or templates in Renderer (Renderer)",
        );
        silent(&RULE, &shop("[safe-commands yes; processes mails]"));
        silent(&RULE, &shop(""));
        let asked = "? renderer.controls.safe-commands — Are commands, code and templates in Renderer kept free of text from outside?";
        asks(&RULE, &shop("[processes mails]"), asked);
        assert_eq!(answered(&RULE, &shop("[processes mails]"), "Yes"), "");
        assert_eq!(mended(&RULE, &shop("[safe-commands no]"), 0), "");
        let finding = only(&RULE, &shop("[safe-commands no; processes mails]"));
        assert_eq!(
            finding.because,
            "Anyone on the internet can send it to Renderer, and Mails (confidential) can be taken from there: grave impact, critical."
        );
    }

    #[test]
    fn where_apis_are_drawn_what_they_take_decides() {
        let text =
            |of: &str| format!("{}; api post [component web; parameters {of}]", shop("[processes mails]"));
        asks(
            &RULE,
            &text("userID, comment_text"),
            "? renderer.controls.safe-commands — Are commands, code and templates in Renderer kept free of comment_text?",
        );
        silent(&RULE, &text("userID"));
    }

    #[test]
    fn all_behind_one_entry_are_asked_about_together() {
        let text = format!(
            "{}; second: worker; second -> queue: amqps [consume]; host: container-host; renderer -> host [admin]
             idle: worker",
            shop("[processes mails]")
        );
        let question = "? host.controls.safe-commands — Are commands, code and templates in host, Renderer and second kept free of text from outside?";
        asks(&RULE, &text, question);
        assert_eq!(answered(&RULE, &text, "Yes"), "");
        assert_eq!(answered(&RULE, &text, "No").lines().count(), 3);
    }
}
