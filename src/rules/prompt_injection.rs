//! `prompt-injection`: language models that read text from outside, which nothing filters.

use super::outside::{control, is_open, sender, together};
use super::{
    Asked, Evidence, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words, worth,
    yes_or_no,
};
use crate::analysis::{Arrival, AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Access, Capability, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Language models to which text from outside comes, in a request, out of a store that keeps what others wrote, or
    /// fetched from elsewhere, and of which somebody has said that text and answers are not filtered. Where nobody
    /// has said, it asks, once for each model.
    ///
    /// ## Why it matters
    /// A model cannot tell orders from data. Text from outside can make it give away what it knows of others, or do
    /// with its tools what the sender wants. The text need not come from whoever asks: a comment, a page or a mail that
    /// the model reads later works as well.
    ///
    /// ## Example
    /// `user -> web -> bot: https; bot: llm [prompt-filtering no]; bot -> db: postgres [read]`
    ///
    /// ## How to fix it
    /// Filter what goes in and what comes out, mark what is data, show the model nothing that whoever asks may not
    /// see, and let a person confirm what has consequences. Filters are never complete: rights matter more.
    ///
    /// ## References
    /// * CWE-1427, Improper neutralization of input used for LLM prompting; MITRE ATLAS AML.T0051
    /// * OWASP Top 10 for LLM Applications 2025, LLM01, Prompt injection
    "prompt-injection", "Unfiltered text for a model",
    kind: Asks, on: Component, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "prompt-filtering"],
    stride: [Tampering, InformationDisclosure, ElevationOfPrivilege], cwe: [1427],
    check: check, fixes: fixes,
}

const CONTROL: &str = "prompt-filtering";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(model) = subject else { return };
    let truth = control(facts, model, CONTROL);
    if !is_model(facts, model) || !is_open(truth) {
        return;
    }
    let Some((way, from)) = text(facts, model) else { return };
    let is_so = |it| control(facts, it, CONTROL) == truth && text(facts, it).is_some();
    let same = together(facts, model, is_so);
    if same.first() != Some(&model) {
        return;
    }
    let assets = at_hand(facts, &same);
    let (worth_of, worth) = worth(facts, &assets);
    // Whatever it says, somebody reads as the answer of the house.
    let impact = worth_of.max(if acts(facts, model) { Impact::Serious } else { Impact::Slight });
    let (exposure, who) = sender(facts, &way);
    let names = words::names(facts, same.iter().copied());
    let ids: Vec<Id> = same.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
    let id = |it: &ComponentIx| facts.topology.component(*it).id.to_string();
    let said = way.iter().rev().take(2).map(|it| format!("text comes by {}", id(it))).collect();
    let evidence = Evidence::way(facts, way);
    let what = if assets.is_empty() { String::new() } else { format!(", with {worth} at hand") };
    if truth == Truth::Unknown {
        let unknowns: Vec<Unknown> = ids.iter().map(unknown).collect();
        out.question(Asked {
            about: unknown(&facts.topology.component(model).id),
            stake: severity(facts, impact, exposure),
            text: format!("Are text from outside to {names} and what comes back filtered?"),
            why: format!("{} gets in there{what}; {who}.", words::capital(&from)),
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
        because: format!("{from} gets to {names}{what}, and {who}"),
        message: format!("{} gets to {names} unfiltered{what}", words::capital(&from)),
        place: words::place(facts, model),
        evidence,
        facts: said,
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let unknowns: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let label = format!("Filter what goes into and comes out of {}", words::titles(facts, &finding.subjects));
    vec![Fix { label, edit: answer(facts, &unknowns, Truth::Yes) }]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

fn is_model(facts: &Facts, component: ComponentIx) -> bool {
    facts.topology.component(component).kind.slug == "language-model"
}

/// How text from outside comes to a model, and in words; `None` if none does.
fn text(facts: &Facts, model: ComponentIx) -> Option<(Vec<ComponentIx>, String)> {
    let (topology, inputs) = (&facts.topology, facts.inputs());
    let read = inputs.way(model, Arrival::Content);
    if let [.., store, _] = read[..]
        && !topology.component(store).can(Capability::NotOurs)
    {
        return Some((read, format!("what others left in {}", words::name(facts, store))));
    }
    let asked = inputs.way(model, Arrival::Request);
    if !asked.is_empty() {
        return Some((asked, "text from outside".to_owned()));
    }
    let fetches = |access| matches!(access, Access::Unknown | Access::Read | Access::ReadWrite);
    let out = topology.component(model).out.iter().map(|it| topology.flow(*it));
    let mut sources = out.filter(|it| !it.reply && fetches(it.access)).map(|it| it.to);
    let source = sources.find(|it| topology.component(*it).can(Capability::NotOurs))?;
    Some((vec![source, model], format!("what comes from {}", words::name(facts, source))))
}

/// The assets that models handle, or that stand one flow further on.
fn at_hand(facts: &Facts, models: &[ComponentIx]) -> Vec<AssetIx> {
    let node = |it: &ComponentIx| facts.topology.component(*it);
    let next =
        |it: &ComponentIx| node(it).out.iter().map(|it| facts.topology.flow(*it).to).collect::<Vec<_>>();
    let all = models.iter().flat_map(|it| [vec![*it], next(it)].concat());
    let mut assets: Vec<AssetIx> = all.flat_map(|it| facts.data.handled(it).to_vec()).collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}

/// Whether it changes anything by itself.
fn acts(facts: &Facts, model: ComponentIx) -> bool {
    let changes =
        |access| matches!(access, Access::Write | Access::ReadWrite | Access::Publish | Access::Admin);
    facts.topology.component(model).out.iter().any(|it| changes(facts.topology.flow(*it).access))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only, silent};

    const SHOP: &str =
        "asset orders \"Orders\": confidential; user -> web -> bot: https; bot -> db: postgres [read]
         db: postgres [stores orders]";

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let with = |said: &str| format!("{SHOP}; bot \"Assistant\": llm {said}");
        fires(
            &RULE,
            &with("[prompt-filtering no]"),
            "critical prompt-injection:bot — Text from outside gets to Assistant unfiltered, with Orders (confidential) at hand (Assistant)",
        );
        silent(&RULE, &with("[prompt-filtering yes]"));
        asks(
            &RULE,
            &with(""),
            "? bot.controls.prompt-filtering — Are text from outside to Assistant and what comes back filtered?",
        );
        assert_eq!(answered(&RULE, &with(""), "Yes"), "");
        assert_eq!(mended(&RULE, &with("[prompt-filtering no]"), 0), "");
        silent(&RULE, "job -> bot: https; bot: llm [prompt-filtering no]");
    }

    #[test]
    fn what_others_left_is_text_from_outside() {
        let kept = "user -> web -> db: postgres [write]; job -> bot: https; bot -> db: postgres [read]; db \"Comments\"
             bot: llm [prompt-filtering no]; web [authentication yes]";
        assert_eq!(
            only(&RULE, kept).because,
            "What others left in Comments gets to bot, and whoever may log in at web can send it: slight impact, low."
        );
        let fetched = "job -> bot: https; pages: third-party-service; bot -> pages: https [read]
             bot: llm [prompt-filtering no]";
        fires(
            &RULE,
            fetched,
            "low prompt-injection:bot — What comes from pages gets to bot unfiltered (bot)",
        );
    }

    #[test]
    fn models_of_one_pool_are_asked_about_once() {
        let text = "user -> lb -> m-1, m-2: https; m-1: llm [pool m]; m-2: llm [pool m]";
        asks(
            &RULE,
            text,
            "? m-1.controls.prompt-filtering — Are text from outside to m-1 and m-2 and what comes back filtered?",
        );
        assert_eq!(answered(&RULE, text, "Yes"), "");
    }
}
