//! `agent-overreach`: language models that may write or administer more than their work needs.

use super::outside::{control, is_open, sender, together};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words,
    worth, yes_or_no,
};
use crate::analysis::{Arrival, AssetIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Access, Capability, Draft, Family, Flow, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Language models with flows that write, publish or administer, of which somebody has said that they have more
    /// rights than their work needs. Where nobody has said, it asks. A flow whose access nobody has said counts where
    /// it leads to data that was named.
    ///
    /// ## Why it matters
    /// What a model does follows from what it reads. Whoever can put text before it acts with its rights: orders are
    /// cancelled, mails are sent, tables are emptied, and the log says that the assistant did it.
    ///
    /// ## Example
    /// `user -> web -> bot: https; bot: llm [least-privilege no]; bot -> db: postgres [write]`
    ///
    /// ## How to fix it
    /// Let the model read only, with the rights of whoever asks, and propose what has consequences, so that a person or
    /// a plain service with rules of its own carries it out.
    ///
    /// ## References
    /// * CWE-250, Execution with unnecessary privileges; CWE-269, Improper privilege management
    /// * OWASP Top 10 for LLM Applications 2025, LLM06, Excessive agency; NIST SP 800-53, AC-6
    "agent-overreach", "Model with too many rights",
    kind: Asks, on: Component, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "least-privilege"],
    stride: [Tampering, ElevationOfPrivilege], cwe: [250, 269],
    check: check, fixes: fixes,
}

const CONTROL: &str = "least-privilege";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(model) = subject else { return };
    let truth = control(facts, model, CONTROL);
    if !is_open(truth) || changes(facts, model).is_empty() {
        return;
    }
    let same =
        together(facts, model, |it| control(facts, it, CONTROL) == truth && !changes(facts, it).is_empty());
    if same.first() != Some(&model) {
        return;
    }
    let flows: Vec<FlowIx> = same.iter().flat_map(|it| changes(facts, *it)).collect();
    let targets = targets(facts, &flows);
    let (worth_of, worth) = worth(facts, &assets(facts, &targets));
    let administers = flows.iter().any(|it| facts.topology.flow(*it).access == Access::Admin);
    let impact = if administers { Impact::Grave } else { worth_of.max(Impact::Serious) };
    let way = text(facts, model);
    let (exposure, who) = match &way[..] {
        [] => (Exposure::Deeper, "no text from outside gets there".to_owned()),
        way => sender(facts, way),
    };
    let (names, reached) = (words::names(facts, same.iter().copied()), words::names(facts, targets));
    let verb = if administers { "administer" } else { "change" };
    let ids: Vec<Id> = same.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
    let flow_ids = flows.iter().map(|it| facts.topology.flow(*it).id.clone());
    let mut evidence = Evidence::way(facts, way.iter().copied());
    evidence.also = ids.iter().cloned().chain(flow_ids).collect();
    let who =
        if exposure == Exposure::Deeper { who } else { format!("{names} can be led by text, and {who}") };
    if truth == Truth::Unknown {
        let unknowns: Vec<Unknown> = ids.iter().map(unknown).collect();
        out.question(Asked {
            about: unknown(&facts.topology.component(model).id),
            stake: severity(facts, impact, exposure),
            text: format!("In {reached}, may {names} {verb} only what the work needs?"),
            why: format!("A model follows what it reads: {worth} can be changed in {reached}, and {who}."),
            choices: yes_or_no(&unknowns),
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: ids,
        detail: String::new(),
        impact,
        exposure,
        because: format!("{worth} can be changed in {reached}; {who}"),
        message: format!("{names} may {verb} more in {reached} than the work needs"),
        place: words::place(facts, model),
        evidence,
        facts: flows.iter().map(|it| said(facts, *it)).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let unknowns: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let models = finding.subjects.iter().filter_map(|it| facts.topology.find_component(it));
    let flows: Vec<FlowIx> = models.flat_map(|it| changes(facts, it)).collect();
    let mut draft = Draft::of(facts.model());
    for flow in &flows {
        draft.edit::<Flow>(&facts.topology.flow(*flow).id, |it| it.access = Access::Read);
    }
    let names = words::titles(facts, &finding.subjects);
    let reached = words::names(facts, targets(facts, &flows));
    vec![
        Fix { label: format!("Let {names} only read {reached}"), edit: draft.finish() },
        Fix {
            label: format!("Give {names} only the rights that are needed"),
            edit: answer(facts, &unknowns, Truth::Yes),
        },
    ]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

fn said(facts: &Facts, flow: FlowIx) -> String {
    let flow = facts.topology.flow(flow);
    format!("{}: {}", flow.id, flow.access.slug())
}

/// The flows by which a language model changes something; none of any other component.
fn changes(facts: &Facts, model: ComponentIx) -> Vec<FlowIx> {
    let topology = &facts.topology;
    let node = topology.component(model);
    if node.kind.slug != "language-model" {
        return Vec::new();
    }
    let changes = |it: &FlowIx| {
        let flow = topology.flow(*it);
        let target = topology.component(flow.to);
        // To write a log is what a model should do.
        let matters = !target.is(Family::Operations) && !target.is(Family::Note);
        let is_known = !facts.data.handled(flow.to).is_empty() && !target.can(Capability::NotOurs);
        !flow.reply
            && match flow.access {
                Access::Admin => true,
                Access::Write | Access::ReadWrite | Access::Publish => matters,
                Access::Unknown => matters && is_known,
                Access::Read | Access::Consume | Access::Replicate => false,
            }
    };
    node.out.iter().copied().filter(changes).collect()
}

fn targets(facts: &Facts, flows: &[FlowIx]) -> Vec<ComponentIx> {
    let mut targets: Vec<ComponentIx> = flows.iter().map(|it| facts.topology.flow(*it).to).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

fn assets(facts: &Facts, of: &[ComponentIx]) -> Vec<AssetIx> {
    let mut assets: Vec<AssetIx> = of.iter().flat_map(|it| facts.data.handled(*it).to_vec()).collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}

/// The way of text from outside to it.
fn text(facts: &Facts, model: ComponentIx) -> Vec<ComponentIx> {
    let asked = facts.inputs().way(model, Arrival::Request);
    if asked.is_empty() { facts.inputs().way(model, Arrival::Content) } else { asked }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(bot: &str, access: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; user -> web -> bot: https; bot \"Assistant\": llm {bot}
             db \"Order store\": postgres [stores orders]; bot -> db: postgres {access}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("[least-privilege no]", "[write]"),
            "critical agent-overreach:bot — Assistant may change more in Order store than the work needs (Assistant)",
        );
        silent(&RULE, &shop("[least-privilege yes]", "[write]"));
        silent(&RULE, &shop("[least-privilege no]", "[read]"));
        let question =
            "? bot.controls.least-privilege — In Order store, may Assistant change only what the work needs?";
        asks(&RULE, &shop("", "[write]"), question);
        asks(&RULE, &shop("", ""), question);
        assert_eq!(answered(&RULE, &shop("", "[write]"), "Yes"), "");
    }

    #[test]
    fn an_access_that_nobody_has_said_counts_only_where_data_was_named() {
        silent(&RULE, "user -> web -> bot: https; bot: llm; bot -> db: postgres");
        silent(&RULE, "user -> web -> bot: https; bot: llm; bot -> logs [write]");
        asks(
            &RULE,
            "job -> bot: https; bot: llm; bot -> host: docker [admin]",
            "? bot.controls.least-privilege — In host, may bot administer only what the work needs?",
        );
    }

    #[test]
    fn both_fixes_mend_it() {
        let text = shop("[least-privilege no]", "[write]");
        let expected = "Let Assistant only read Order store\nGive Assistant only the rights that are needed";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
