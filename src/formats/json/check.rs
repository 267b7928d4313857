//! What `parapet check --format json` prints. Fields stand in the order in which they are written.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::Export;
use crate::model::{self, Severity, VerdictState};
use crate::rules;

/// The findings and questions of a document, as `parapet check --format json` prints them.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "parapet check", deny_unknown_fields)]
pub(super) struct Check<'a> {
    /// The number of this output's format.
    #[schemars(extend("const" = super::FORMAT_NUMBER))]
    format: u32,
    /// The file that was checked, as it was named.
    file: &'a str,
    counts: Counts,
    /// The worst first; equal ones by rule, then by message and place, in which numbers are ordered by what they say.
    findings: Vec<Finding<'a>>,
    /// Verdicts whose finding is gone, by key: they are kept, as it may come back. Absent if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    orphans: Vec<Orphan<'a>>,
    /// The weightiest first; equal ones by key.
    questions: Vec<Question<'a>>,
    /// Comments that are not resolved, those that were spoken in last first. Absent if there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comments: Vec<Thread<'a>>,
}

/// A thread of comments.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Thread<'a> {
    /// The id of the element that it is about; null if it is about a point of a view, or its element is gone.
    element: Option<&'a str>,
    /// What it is about, in words.
    about: String,
    messages: Vec<Message<'a>>,
}

/// What somebody said.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Message<'a> {
    who: &'a str,
    /// The day it was said; may be empty.
    when: &'a str,
    text: &'a str,
}

/// How many elements the document has.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Counts {
    components: usize,
    flows: usize,
    boundaries: usize,
}

/// Something that is wrong.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Finding<'a> {
    /// The id of the rule; `parapet explain` shows its page.
    rule: &'a str,
    /// Names the finding through renames and moves: `rule:subject+subject`, then `:detail` if there is one.
    key: &'a str,
    #[schemars(with = "Level")]
    severity: &'static str,
    /// The ids of the elements that it is about, sorted.
    subjects: Vec<&'a str>,
    message: Cow<'a, str>,
    /// The ids of the elements that show it: the way to it first, in order.
    evidence: Vec<String>,
    /// The verdict that settles it; null while it is open.
    verdict: Option<Verdict<'a>>,
    /// A verdict that was given on it and does not settle it: it is in discussion, or holds no longer. Absent if there is
    /// none.
    #[serde(skip_serializing_if = "Option::is_none")]
    open_verdict: Option<Verdict<'a>>,
    /// Why a verdict holds no longer; absent if none was given, or it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    open_again: Option<String>,
    /// The title of the rule pack that the rule is of; absent for Parapet's own rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Cow<'a, str>>,
}

/// A verdict whose finding is gone.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Orphan<'a> {
    /// The key of the finding that it was given on.
    key: &'a str,
    /// The key in words: the rule, what it was about and what of it.
    finding: String,
    verdict: Verdict<'a>,
}

/// What was decided about a finding.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Verdict<'a> {
    #[schemars(with = "State")]
    state: &'static str,
    reason: &'a str,
    who: &'a str,
    /// The day it was given; may be empty.
    when: &'a str,
    /// The day until which it holds; empty is for good.
    until: &'a str,
    /// A ticket or a page; may be empty.
    link: &'a str,
}

/// An unknown that matters.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Question<'a> {
    /// The weightiest rule that asks.
    rule: &'a str,
    /// `subject.field`.
    key: &'a str,
    /// The id of the element that it is about.
    subject: &'a str,
    /// The field that nobody has said.
    field: &'a str,
    text: Cow<'a, str>,
    /// What is at stake; more is more.
    weight: u32,
}

/// How bad a finding is.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
#[expect(dead_code, reason = "states the words of a schema")]
enum Level {
    Critical,
    High,
    Medium,
    Low,
}

/// What a verdict says. `open` and `in-discussion` settle nothing.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case", inline)]
#[expect(dead_code, reason = "states the words of a schema")]
enum State {
    Open,
    InDiscussion,
    Accepted,
    Mitigated,
    FalsePositive,
    Transferred,
}

impl<'a> Check<'a> {
    pub(super) fn of(it: &Export<'a>) -> Self {
        let model = it.model;
        Self {
            format: super::FORMAT_NUMBER,
            file: it.file,
            counts: Counts {
                components: model.components().len(),
                flows: model.flows().len(),
                boundaries: model.boundaries().len(),
            },
            findings: it.in_order().map(|finding| Finding::of(model, finding, it.today)).collect(),
            orphans: it.orphans().into_iter().map(|(key, it)| Orphan::of(model, key, it)).collect(),
            questions: it.questions_in_order().map(|question| Question::of(model, question)).collect(),
            comments: {
                let open = model.threads().into_iter().filter(|it| !it.1.resolved);
                open.map(|it| Thread::of(model, it.1)).collect()
            },
        }
    }
}

impl<'a> Finding<'a> {
    fn of(model: &'a model::Model, it: &'a rules::Finding, today: &str) -> Self {
        let standing = it.standing(model, today);
        let given = standing.verdict().filter(|_| standing.is_open());
        Self {
            rule: &it.rule,
            key: &it.key,
            severity: Severity::slug(it.severity),
            subjects: it.subjects.iter().map(|it| it.as_str()).collect(),
            message: it.message.read(model),
            evidence: it.evidence.elements().iter().map(ToString::to_string).collect(),
            verdict: standing.settled().map(Verdict::of),
            open_verdict: given.map(Verdict::of),
            open_again: given.and_then(|verdict| it.reopened_because(model, verdict, today)),
            source: rules::source(model, &it.rule),
        }
    }
}

impl<'a> Thread<'a> {
    fn of(model: &model::Model, it: &'a model::Comment) -> Self {
        let element = match it.anchor(model) {
            model::Anchor::Element(id) => Some(id.as_str()),
            _ => None,
        };
        let message = |it: &'a model::Message| Message { who: &it.author, when: &it.day, text: &it.text };
        Self { element, about: it.about(model), messages: it.messages.0.values().map(message).collect() }
    }
}

impl<'a> Orphan<'a> {
    fn of(model: &model::Model, key: &'a str, it: &'a model::Verdict) -> Self {
        Self { key, finding: rules::key_in_words(model, key), verdict: Verdict::of(it) }
    }
}

impl<'a> Verdict<'a> {
    fn of(it: &'a model::Verdict) -> Self {
        Self {
            state: VerdictState::slug(it.state),
            reason: &it.reason,
            who: &it.who,
            when: &it.when,
            until: &it.until,
            link: &it.link,
        }
    }
}

impl<'a> Question<'a> {
    fn of(model: &model::Model, it: &'a rules::Question) -> Self {
        Self {
            rule: &it.rule,
            key: &it.key,
            subject: it.subject.as_str(),
            field: &it.field,
            text: it.text.read(model),
            weight: it.weight,
        }
    }
}
