//! What rules say: findings with their evidence, questions with their answers, fixes.

use std::sync::Arc;

use super::RuleId;
use crate::analysis::{ComponentIx, Facts, Step, Unknown};
use crate::model::{Edit, Id, Model, Ports, Severity, Text, Truth};

/// Something that is wrong, by a fact of the structure or by an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that found it.
    pub rule: RuleId,
    /// `rule:subject+subject`, subjects sorted, then `:detail`: survives renames and moves.
    pub key: String,
    pub severity: Severity,
    /// How it came to its level: one sentence with impact and exposure.
    pub because: Text,
    /// What it is about, sorted.
    pub subjects: Vec<Id>,
    /// What a rule finds several of on the same subjects: a port, an asset, a zone. Empty if it does not.
    pub detail: String,
    /// What is wrong, as a person would say it: `SSH is exposed to the internet`.
    pub message: Text,
    /// Where, in a few words: `Load balancer · port 22`.
    pub place: Text,
    pub evidence: Evidence,
    /// The facts that it rests on, sorted: a verdict keeps them, so that it can reopen by itself.
    pub facts: Vec<String>,
}

/// What lights up on the canvas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// A way through the drawing, from its origin to its target; empty where the evidence is no way.
    pub path: Vec<Hop>,
    /// Other elements that take part: components, flows, boundaries.
    pub also: Vec<Id>,
}

/// One step of a way: an element, and what of the traffic arrives there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    pub element: Id,
    /// The ports that arrive; none where the way is one of needs.
    pub ports: Option<Ports>,
    /// What to say of it: `listens on 22`, `needs both`.
    pub note: Text,
}

impl Evidence {
    /// A way of needs or requests: without ports.
    pub fn way(facts: &Facts, path: impl IntoIterator<Item = ComponentIx>) -> Self {
        let id = |it| facts.topology.component(it).id.clone();
        let hop = |it| Hop { element: id(it), ports: None, note: Text::default() };
        Self { path: path.into_iter().map(hop).collect(), also: Vec::new() }
    }

    /// The way of an attacker, with the ports that arrive at each step.
    pub fn steps(facts: &Facts, steps: Vec<Step>) -> Self {
        let id = |it| facts.topology.component(it).id.clone();
        let hop = |it: Step| Hop { element: id(it.component), ports: Some(it.ports), note: Text::default() };
        Self { path: steps.into_iter().map(hop).collect(), also: Vec::new() }
    }

    /// Elements without a way.
    pub fn set(also: impl IntoIterator<Item = Id>) -> Self {
        Self { path: Vec::new(), also: also.into_iter().collect() }
    }

    pub fn holds(&self, id: &Id) -> bool {
        self.path.iter().any(|it| it.element == *id) || self.also.contains(id)
    }

    /// All elements, the way first, each once.
    pub fn elements(&self) -> Vec<Id> {
        let mut all: Vec<Id> = Vec::new();
        for id in self.path.iter().map(|it| &it.element).chain(&self.also) {
            if !all.contains(id) {
                all.push(id.clone());
            }
        }
        all
    }
}

/// An unknown that matters, asked of the architect. All rules that rest on one field share its question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// `subject.field`.
    pub key: String,
    /// The weightiest rule that asks it, which words it.
    pub rule: RuleId,
    pub subject: Id,
    pub field: String,
    /// In plain words: `Are Primary 1 and 2 encrypted at rest?`
    pub text: Text,
    /// Why it matters here.
    pub why: Text,
    /// Every button is an edit; yes and no are only the commonest pair.
    pub choices: Vec<Choice>,
    /// What is at stake: the level that the finding would have, and how many results rest on it.
    pub weight: u32,
    /// What lights up on the canvas.
    pub evidence: Evidence,
}

/// One answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub label: Text,
    pub says: Says,
}

/// What a choice does. Some questions are about thousands of fields at once, and nearly none is answered in the run that
/// asks it: the edit is written when it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// The same answer to all of these fields.
    Answer(Arc<[Unknown]>, Truth),
    Edit(Edit),
}

impl Says {
    pub fn answer(about: &[Unknown], truth: Truth) -> Self {
        Self::Answer(about.into(), truth)
    }
}

impl Choice {
    /// The edit of the model that the question was asked of.
    pub fn edit(&self, model: &Model) -> Edit {
        match &self.says {
            Says::Answer(about, truth) => super::out::answers(model, about, *truth),
            Says::Edit(edit) => edit.clone(),
        }
    }
}

/// A way to mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// A verb with its object: `Allow only 80, 443`.
    pub label: String,
    pub edit: Edit,
}
