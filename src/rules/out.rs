//! Where a rule puts what it has to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{
    Choice, Evidence, Exposure, Finding, Impact, Question, Report, Rule, RuleId, Says, key, level, words,
};
use crate::analysis::{Facts, Unknown};
use crate::model::{Draft, Edit, Id, Model, Severity, Truth};

/// Collects findings and questions of one run.
pub struct Out<'f> {
    facts: &'f Facts,
    said: Said,
}

/// What a run has said so far.
#[derive(Debug, Default)]
pub(super) struct Said {
    rule: RuleId,
    findings: Vec<Finding>,
    questions: BTreeMap<String, Question>,
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
    /// Goes on with what was said of these facts before.
    pub(super) fn new(facts: &'f Facts, said: Said) -> Self {
        Self { facts, said }
    }

    pub(super) fn begin(&mut self, rule: &'static Rule) {
        self.begin_as(rule.id.into());
    }

    /// What is said from now on is said by a rule of that id.
    pub(super) fn begin_as(&mut self, rule: RuleId) {
        self.said.rule = rule;
    }

    pub(super) fn pause(self) -> Said {
        self.said
    }

    /// Says that something is wrong.
    pub fn finding(&mut self, found: Found) {
        let Found { subjects, detail, impact, exposure, because, message, place, evidence, facts } = found;
        let level = level(&self.facts.model().the_brief().levels, impact, exposure);
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
        let Stated { mut subjects, detail, severity, because, message, place, evidence, mut facts } = stated;
        subjects.sort();
        subjects.dedup();
        facts.sort();
        facts.dedup();
        self.said.findings.push(Finding {
            rule: self.said.rule.clone(),
            key: key(&self.said.rule, &subjects, &detail),
            severity,
            because,
            subjects,
            detail,
            message,
            place,
            evidence,
            facts,
        });
    }

    /// Asks for an unknown that matters. A field has one question: of all rules that ask, the weightiest words it,
    /// and each further result that rests on it adds a little weight.
    pub fn question(&mut self, asked: Asked) {
        let Asked { about, stake, text, why, mut choices, evidence } = asked;
        if choices.is_empty() {
            choices = yes_or_no(std::slice::from_ref(&about));
        }
        let key = format!("{}.{}", about.subject, about.field);
        let weight = (stake as u32 + 1) * 1000;
        let (rule, subject, field) = (self.said.rule.clone(), about.subject, about.field.into_owned());
        let question =
            Question { key: key.clone(), rule, subject, field, text, why, choices, weight, evidence };
        match self.said.questions.get_mut(&key) {
            None => drop(self.said.questions.insert(key, question)),
            // Of two as weighty, the first by its id words it, in whatever order they ran.
            Some(known) if (known.weight / 1000, &question.rule) >= (weight / 1000, &known.rule) => {
                known.weight = (known.weight + 1).min(weight_cap(known));
            }
            Some(known) => {
                let more = known.weight % 1000 + 1;
                *known = Question { weight: weight + more.min(999), ..question };
            }
        }
    }

    /// Counts one more result that rests on a field, if that was asked at its stake or a higher one; else it is still
    /// to be asked. So a rule need not word again what it has worded a thousand times.
    pub fn counts(&mut self, about: &Unknown, stake: Severity) -> bool {
        let Some(known) = self.said.questions.get_mut(&format!("{}.{}", about.subject, about.field)) else {
            return false;
        };
        let is_as_weighty = known.weight / 1000 > stake as u32;
        if is_as_weighty {
            known.weight = (known.weight + 1).min(weight_cap(known));
        }
        is_as_weighty
    }
}

impl Said {
    pub(super) fn finish(mut self) -> Report {
        self.findings.sort_by(|a, b| (b.severity, &a.rule, &a.key).cmp(&(a.severity, &b.rule, &b.key)));
        // Of two under one key, the worse stands first.
        let mut keys = BTreeSet::new();
        self.findings.retain(|it| keys.insert(it.key.clone()));
        let mut questions: Vec<Question> = self.questions.into_values().collect();
        questions.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.key.cmp(&b.key)));
        Report { findings: self.findings, questions }
    }
}

fn weight_cap(question: &Question) -> u32 {
    question.weight / 1000 * 1000 + 999
}

/// Yes, no and not applicable, said of several at once: what is asked of a store is asked of all that copy each other.
pub fn yes_or_no(about: &[Unknown]) -> Vec<Choice> {
    let about: Arc<[Unknown]> = about.into();
    let says = |truth| Says::Answer(Arc::clone(&about), truth);
    let choice = |truth: Truth| Choice { label: truth.label().to_owned(), says: says(truth) };
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
