//! Where a rule puts what it has to say.

use std::sync::Arc;

use super::report::{LEVEL, Saying};
use super::{Choice, Evidence, Exposure, Finding, Impact, Question, RuleId, Says, key, severity, words};
use crate::analysis::{Facts, Unknown};
use crate::model::{Draft, Edit, Id, Model, Severity, Truth, by_ids};

/// Collects what one rule finds and asks.
pub struct Out<'f> {
    facts: &'f Facts,
    rule: RuleId,
    saying: Saying,
}

/// A finding as a rule words it.
pub struct Found {
    pub subjects: Vec<Id>,
    pub detail: String,
    pub impact: Impact,
    pub exposure: Exposure,
    /// Why that impact and that exposure, without the period: `it keeps Card numbers (secret), and anyone on the
    /// internet reaches it`. What impact and level follow is added to it.
    pub because: String,
    /// What is wrong, without a period.
    pub message: String,
    pub place: String,
    pub evidence: Evidence,
    pub facts: Vec<String>,
}

/// A finding whose level somebody has given.
pub struct Stated {
    pub subjects: Vec<Id>,
    pub detail: String,
    pub severity: Severity,
    /// One sentence, with its period.
    pub because: String,
    /// What is wrong, without a period.
    pub message: String,
    pub place: String,
    pub evidence: Evidence,
    pub facts: Vec<String>,
}

/// A question as a rule words it.
pub struct Asked {
    pub about: Unknown,
    /// The level that the finding would have if the answer were bad.
    pub stake: Severity,
    pub text: String,
    pub why: String,
    /// Empty: yes, no and not applicable. Fields that are no answers (`ingress`, `allows`) need their own.
    pub choices: Vec<Choice>,
    pub evidence: Evidence,
}

impl<'f> Out<'f> {
    /// Goes on with what the rule has said of these facts before.
    pub(super) fn new(facts: &'f Facts, rule: RuleId, saying: Saying) -> Self {
        Self { facts, rule, saying }
    }

    pub(super) fn finish(self) -> Saying {
        self.saying
    }

    pub(super) fn facts(&self) -> &'f Facts {
        self.facts
    }

    /// Says that something is wrong.
    pub fn finding(&mut self, found: Found) {
        let Found { subjects, detail, impact, exposure, because, message, place, evidence, facts } = found;
        let level = severity(self.facts, impact, exposure);
        let because = format!(
            "{}: {} impact, {}.",
            words::capital(&because),
            impact.label(),
            level.label().to_lowercase()
        );
        self.stated(Stated { subjects, detail, severity: level, because, message, place, evidence, facts });
    }

    /// Says that something is wrong, as bad as somebody has said.
    pub fn stated(&mut self, stated: Stated) {
        let Stated { mut subjects, detail, severity, because, message, place, evidence, facts } = stated;
        subjects.sort();
        subjects.dedup();
        let mut facts: Vec<String> = facts.into_iter().map(by_ids).collect();
        facts.sort();
        facts.dedup();
        self.saying.find(Finding {
            rule: self.rule.clone(),
            key: key(&self.rule, &subjects, &detail),
            severity,
            because: because.into(),
            subjects,
            detail,
            message: message.into(),
            place: place.into(),
            evidence,
            facts,
        });
    }

    /// Asks for an unknown that matters. A field has one question: of all rules that ask, the weightiest words it,
    /// and each further result that rests on it adds a little weight.
    pub fn question(&mut self, asked: Asked) {
        let Asked { about, stake, text, why, mut choices, mut evidence } = asked;
        if choices.is_empty() {
            choices = yes_or_no(std::slice::from_ref(&about));
        }
        // Whoever looks at a question looks for what it is about.
        if let Some(id) = drawn(self.facts.model(), &about.subject).filter(|it| !evidence.holds(it)) {
            evidence.also.push(id.clone());
        }
        let (rule, subject, field) = (self.rule.clone(), about.subject, about.field.into_owned());
        let (key, weight) = (format!("{subject}.{field}"), weight(stake));
        let (text, why) = (text.into(), words::capital(&why).into());
        self.saying.ask(Question { key, rule, subject, field, text, why, choices, weight, evidence });
    }

    /// Counts one more result that rests on a field, if the rule has asked for it at this stake or a higher one; else
    /// it is still to be asked. So a rule need not word again what it has worded a thousand times.
    pub fn counts(&mut self, about: &Unknown, stake: Severity) -> bool {
        self.saying.count(&about.subject, &about.field, weight(stake))
    }
}

/// What of an element is on the drawing: itself, or what offers or keeps it. An asset is in many places.
fn drawn<'m>(model: &'m Model, id: &'m Id) -> Option<&'m Id> {
    let is_drawn = model.components().contains_key(id)
        || model.flows().contains_key(id)
        || model.boundaries().contains_key(id);
    let holder = || match model.apis().get(id) {
        Some(it) => it.component.as_ref(),
        None => model.datasets().get(id).and_then(|it| it.store.as_ref()),
    };
    let holder = || holder().filter(|it| model.components().contains_key(*it));
    if is_drawn { Some(id) } else { holder() }
}

fn weight(stake: Severity) -> u32 {
    (stake as u32 + 1) * LEVEL
}

/// Yes, no and not applicable, said of several at once: what is asked of a store is asked of all that copy each other.
pub fn yes_or_no(about: &[Unknown]) -> Vec<Choice> {
    let about: Arc<[Unknown]> = about.into();
    let says = |truth| Says::Answer(Arc::clone(&about), truth);
    let choice = |truth: Truth| Choice { label: truth.label().into(), says: says(truth) };
    [Truth::Yes, Truth::No, Truth::NotApplicable].map(choice).to_vec()
}

/// The edit that answers fields of elements: `encrypted`, `controls.logging`.
pub fn answer(facts: &Facts, about: &[Unknown], truth: Truth) -> Edit {
    answers(facts.model(), about, truth)
}

/// The same for a model.
pub(super) fn answers(model: &Model, about: &[Unknown], truth: Truth) -> Edit {
    let mut draft = Draft::of(model);
    for unknown in about {
        draft.edit_answer(&unknown.subject, &unknown.field, |it| (it.is, it.later) = (truth, false));
    }
    draft.finish()
}
