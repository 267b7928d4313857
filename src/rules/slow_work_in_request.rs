//! `slow-work-in-request`: calls that do long work while somebody waits.

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words,
};
use crate::analysis::{ApiNode, ComponentIx, Facts, Unknown};
use crate::model::{Access, Capability, Component, Draft, Edit, Family, Flow, Id, Ids, Style, Truth};

rule! {
    /// ## What it finds
    /// Calls whose name or parameters tell of long work (export, import, upload, render, transcode, report and their
    /// like), that somebody asks synchronously, and of which somebody has said that they do not answer at once. Where
    /// nobody has said, it asks. A component that hands work to a queue is asked nothing.
    ///
    /// ## Why it matters
    /// Whoever waits gives up and asks again, and the work is done twice. Each long request holds a connection and a
    /// thread, so a few dozen of them, sent on purpose, keep everybody else out.
    ///
    /// ## Example
    /// `user -> web: https; api export "exportOrders" [component web; quick-answers no]`
    ///
    /// ## How to fix it
    /// Put the work into a queue, answer at once with a number to ask for, and let workers do it, behind the same checks
    /// of who asks and what they may. Or do it ahead of time, so that it is there when it is asked for.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption; CWE-1050; CAPEC-130, Excessive allocation
    /// * OWASP API Security Top 10 2023, API4; NIST SP 800-53, SC-5
    "slow-work-in-request", "Long work while somebody waits",
    kind: Asks, on: Api, reads: [Structure, Assets], answers: ["quick-answers"], stride: [DenialOfService, Availability], cwe: [400, 1050],
    check: check, fixes: fixes,
}

const CONTROL: &str = "quick-answers";

/// Words of long work, as they begin.
const LONG: [&str; 21] = [
    "export", "import", "upload", "render", "transcod", "convert", "report", "generat", "resize", "video",
    "pdf", "batch", "bulk", "migrat", "reindex", "crawl", "scan", "train", "backup", "archiv", "summari",
];

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Api(api) = subject else { return };
    let api = facts.data.api(api);
    let truth = api.record.controls.truth(CONTROL);
    let Some((component, word)) = api.component.zip(long_word(api)) else { return };
    let Some(asker) = asker(facts, component) else { return };
    if !matches!(truth, Truth::Unknown | Truth::No) || queues(facts, component) {
        return;
    }
    let (name, call) = (words::name(facts, component), title(api));
    let by = words::name(facts, asker);
    let (impact, exposure) = (Impact::Slight, Exposure::Guarded);
    let ids = [asker, component].map(|it| facts.topology.component(it).id.clone());
    let evidence = Evidence { also: vec![api.id.clone()], ..Evidence::way(facts, [asker, component]) };
    if truth == Truth::Unknown {
        out.question(Asked {
            about: Unknown::new(&api.id, format!("controls.{CONTROL}")),
            stake: severity(facts, impact, exposure),
            text: format!("Is long work in {call} left to a queue, so that callers get an answer at once?"),
            why: format!(
                "The name tells of long work ({word}), {by} must wait, and no queue is drawn behind {name}."
            ),
            choices: Vec::new(),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: vec![api.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("a few such calls at once keep others from {name}"),
        message: format!("{by} must wait for long work in {call}"),
        place: words::place(facts, component),
        evidence,
        facts: ids.iter().map(|it| format!("{it} takes part")).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let found = facts.data.apis().iter().find(|it| finding.subjects.contains(&it.id));
    let Some((api, component)) = found.and_then(|it| Some((it, it.component?))) else { return Vec::new() };
    let about = [Unknown::new(&api.id, format!("controls.{CONTROL}"))];
    let name = words::name(facts, component);
    vec![
        Fix {
            label: format!("Let {name} put it into a queue for a worker"),
            edit: with_queue(facts, component, ids),
        },
        Fix { label: format!("Let {} answer at once", title(api)), edit: answer(facts, &about, Truth::Yes) },
    ]
}

/// A queue and a worker beside a component.
fn with_queue(facts: &Facts, component: ComponentIx, ids: &mut Ids) -> Edit {
    let node = facts.topology.component(component);
    let mut draft = Draft::of(facts.model());
    let mut put = |draft: &mut Draft<'_>, kind: &str, name: String| {
        let id = draft.mint(ids, kind);
        let within = facts.topology.place_of(component);
        draft.put(id.clone(), Component { kind: kind.to_owned(), name, within, ..Component::default() });
        id
    };
    let title = facts.topology.component(component).record.title();
    let queue = put(&mut draft, "message-queue", format!("{title} jobs"));
    let worker = put(&mut draft, "worker", format!("{title} worker"));
    let flow =
        |from: &Id, to: &Id, access, style| Flow { access, style, ..Flow::between(from.clone(), to.clone()) };
    let publish = flow(&node.id, &queue, Access::Publish, Style::Asynchronous);
    let consume = flow(&worker, &queue, Access::Consume, Style::Asynchronous);
    for (stem, flow) in [("publish", publish), ("consume", consume)] {
        let id = draft.mint(ids, stem);
        draft.put(id, flow);
    }
    draft.finish()
}

fn title(api: &ApiNode) -> String {
    if api.record.name.trim().is_empty() { api.id.to_string() } else { api.record.name.clone() }
}

/// The first word of the call that tells of long work.
fn long_word(api: &ApiNode) -> Option<String> {
    let parameters = api.record.parameters.iter().flat_map(|it| [&it.name, &it.recognised_as]);
    let texts = [&api.record.name, &api.record.signature].into_iter().chain(parameters);
    let words = texts.flat_map(|it| words_of(it));
    words.into_iter().find(|word| LONG.iter().any(|it| word.starts_with(it)))
}

/// The words of a name in small letters: `exportOrders` is two.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if !letter.is_alphanumeric() || letter.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

/// Somebody who waits for its answers.
fn asker(facts: &Facts, component: ComponentIx) -> Option<ComponentIx> {
    let topology = &facts.topology;
    let node = topology.component(component);
    let waits = |it: &&crate::analysis::FlowEdge| {
        let asks = !matches!(it.access, Access::Replicate | Access::Admin | Access::Consume);
        !it.reply
            && asks
            && it.record.style == Style::Synchronous
            && !topology.component(it.from).is(Family::Messaging)
    };
    let is_ours = !node.can(Capability::NotOurs);
    node.into.iter().map(|it| topology.flow(*it)).find(waits).map(|it| it.from).filter(|_| is_ours)
}

/// Whether it hands work on through messaging.
fn queues(facts: &Facts, component: ComponentIx) -> bool {
    let topology = &facts.topology;
    let mut flows = topology.component(component).out.iter().map(|it| topology.flow(*it));
    flows.any(|it| it.access != Access::Consume && topology.component(it.to).is(Family::Messaging))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(api: &str, more: &str) -> String {
        format!(
            "user \"Buyer\": user; user -> web: https; web \"Shop\": service; api call \"{api}\" [component web{more}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = shop("exportOrders", "; quick-answers no");
        fires(
            &RULE,
            &no,
            "low slow-work-in-request:call — Buyer must wait for long work in exportOrders (Shop)",
        );
        assert_eq!(
            offered(&RULE, &no),
            "Let Shop put it into a queue for a worker\nLet exportOrders answer at once"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &no, n), "", "fix {n}");
        }
        silent(&RULE, &shop("exportOrders", "; quick-answers yes"));
        let unknown = shop("exportOrders", "");
        asks(
            &RULE,
            &unknown,
            "? call.controls.quick-answers — Is long work in exportOrders left to a queue, so that callers get an answer at once?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn only_long_work_that_somebody_waits_for() {
        silent(&RULE, &shop("getOrder", "; quick-answers no"));
        // A word counts as it begins, not in the middle of another.
        silent(&RULE, &shop("transport", "; quick-answers no"));
        let unasked =
            shop("exportOrders", "; quick-answers no").replace("user -> web: https", "web -> user [reply]");
        silent(&RULE, &unasked);
        let queue = format!("{}; web -> queue [publish]", shop("exportOrders", ""));
        silent(&RULE, &queue);
        let signature = shop("getOrder", "; signature \"getOrder(id, asPDF, pdf)\"");
        assert!(answered(&RULE, &signature, "Yes").is_empty());
    }
}
