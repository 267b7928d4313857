//! Reviewing: findings with their verdicts, fixes, answers, and what of them the canvas marks.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};

use super::evidence::evidence;
use super::{Editor, Modal, Tab, Wish};
use crate::model::{Draft, Edit, Id, Ids, Model, Severity, Threat, Verdict, VerdictState};
use crate::rules::{self, Evidence, Finding, Fix, Question, Standing};
use crate::scene::{Badge, Level, Marks};

/// How a finding stands with its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingState {
    Open,
    /// It is being talked about, and open.
    Discussed,
    /// It was settled, and is open again.
    Reopened,
    Settled(VerdictState),
}

impl FindingState {
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Settled(_))
    }
}

/// A finding with how it stands.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'e> {
    pub finding: &'e Finding,
    pub state: FindingState,
}

/// How a finding stands on a day: settled while its verdict holds.
pub fn state(model: &Model, finding: &Finding, today: &str) -> FindingState {
    match finding.standing(model, today) {
        Standing::Open => FindingState::Open,
        Standing::Discussed(_) => FindingState::Discussed,
        Standing::Reopened(_) => FindingState::Reopened,
        Standing::Settled(it) => FindingState::Settled(it.state),
    }
}

impl Editor {
    /// All findings with how they stand, the worst first.
    pub fn findings(&self) -> impl Iterator<Item = Listed<'_>> {
        let today = self.today();
        let listed = move |finding| Listed { finding, state: state(&self.model, finding, &today) };
        self.report().findings.iter().map(|it| &**it).map(listed)
    }

    /// The same as every listing has them, each with its place in the report (see [`rules::in_order`]).
    pub fn listed_findings(&self) -> impl Iterator<Item = (usize, Listed<'_>)> {
        rules::in_order(&self.model, self.findings().enumerate(), |it| it.1.finding)
    }

    /// Open findings about some elements, as every listing has them.
    pub fn open_about(&self, is_about: impl Fn(&Id) -> bool) -> impl Iterator<Item = &Finding> {
        let all = self.findings().filter(move |it| it.finding.subjects.iter().any(&is_about));
        let open = all.filter(|it| it.state.is_open()).map(|it| it.finding);
        rules::in_order(&self.model, open, |it| *it)
    }

    /// The day, `2026-11-24`.
    pub fn today(&self) -> String {
        (self.surroundings.today)()
    }

    /// Why a finding that was settled is open again.
    pub fn reopened_because(&self, finding: &Finding) -> Option<String> {
        let today = self.today();
        match finding.standing(&self.model, &today) {
            Standing::Reopened(verdict) => finding.reopened_because(&self.model, verdict, &today),
            _ => None,
        }
    }

    /// Verdicts whose finding is gone, as long as the findings are those of the drawing.
    pub fn orphans(&self) -> Vec<(&str, &Verdict)> {
        if self.is_behind() { Vec::new() } else { self.report().orphans(&self.model) }
    }

    /// Keeps a threat, a new one under an id of its own.
    pub fn put_threat(&mut self, id: Option<&Id>, threat: &Threat) {
        let threat = Threat { title: threat.title.trim().to_owned(), ..threat.clone() };
        let label = if id.is_some() { "Change a threat" } else { "Add a threat" };
        let is_new = id.is_none();
        let mut put = None;
        self.change(label, |draft, ids| {
            let id = id.cloned().unwrap_or_else(|| draft.mint(ids, &threat.title));
            put = Some(id.clone());
            draft.put(id, threat);
        });
        if let Some(id) = put.filter(|_| is_new) {
            // Among hundreds nobody would find what they have just written.
            self.seek(&rules::key_of_threat(&self.model, &id), Tab::Findings);
        }
    }

    pub fn delete_threat(&mut self, id: &Id) {
        self.change("Delete a threat", |draft, _| draft.remove::<Threat>(id));
    }

    /// The threat by hand that a finding stands for.
    pub fn threat_of(&self, finding: &Finding) -> Option<Id> {
        let is_by_hand = finding.rule == rules::THREAT_BY_HAND;
        let id = Id::slug(&finding.detail);
        (is_by_hand && self.model.threats().contains_key(&id)).then_some(id)
    }

    /// Takes a verdict away whose finding is gone.
    pub fn drop_verdict(&mut self, key: &str) {
        self.change("Remove a verdict", |draft, _| draft.remove::<Verdict>(&key.to_owned()));
    }

    /// How many findings are open.
    pub fn open_count(&self) -> usize {
        self.findings().filter(|it| it.state.is_open()).count()
    }

    /// The verdict on a finding, if one was given.
    pub fn verdict(&self, key: &str) -> Option<&Verdict> {
        self.model.verdicts().get(key).map(|it| &**it)
    }

    /// Questions that were not put off, the weightiest first; for counts and marks.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.report().questions.iter().map(|it| &**it).filter(|it| !self.is_put_off(it))
    }

    /// The same as every listing has them: whoever shows more than a few keeps what it lists (see
    /// [`rules::questions_in_order`]).
    pub fn listed_questions(&self) -> impl Iterator<Item = &Question> {
        rules::questions_in_order(&self.model, self.questions())
    }

    /// Those that were put off, as a listing has them.
    pub fn questions_put_off(&self) -> impl Iterator<Item = &Question> {
        let all = self.report().questions.iter().map(|it| &**it);
        rules::questions_in_order(&self.model, all.filter(|it| self.is_put_off(it)))
    }

    /// Questions about some elements, as every listing has them.
    pub fn asked_about(&self, is_about: impl Fn(&Id) -> bool) -> impl Iterator<Item = &Question> {
        rules::questions_in_order(&self.model, self.questions().filter(move |it| is_about(&it.subject)))
    }

    /// Whether a question was put off.
    pub fn is_put_off(&self, question: &Question) -> bool {
        self.put_off.holds(&question.subject, &question.field)
    }

    /// The ways to mend a finding.
    pub fn fixes(&self, finding: &Finding) -> Vec<Fix> {
        rules::fixes(self.facts(), finding)
    }

    /// Applies a fix of a finding, by its place among [`Editor::fixes`].
    ///
    /// New elements get places, and ids of our own: those of the offer follow from the finding's key alone.
    pub fn apply_fix(&mut self, key: &str, number: usize) {
        let Some(finding) = self.report().finding(key).cloned() else { return };
        let offered = self.fixes(&finding);
        let Some(label) = offered.get(number).map(|it| it.label.clone()) else { return };
        let mut ids: Ids = self.surroundings.ids.clone();
        let Some(edit) = self.fix_edit(&finding, number, &mut ids) else { return };
        self.surroundings.ids = ids;
        self.apply(label.clone(), &edit);
        // What was done may stand where nobody looks. What it is about comes first, as it is there in any case.
        let changed = super::preview::new(&edit, &self.nesting);
        let shown = finding.subjects.iter().cloned().chain(changed);
        let shown = self.drawn_of(shown);
        self.shown.wishes.push(Wish::Show(shown));
        self.say(super::Tone::Done, format!("{label}."), &["edit.undo"]);
    }

    /// The edit of a fix, with ids of our own and places for what is new.
    pub(super) fn fix_edit(&self, finding: &Finding, number: usize, ids: &mut Ids) -> Option<Edit> {
        let fix = self.fixes(finding).into_iter().nth(number)?;
        let edit = super::inserting::with_fresh_ids(&self.model, &fix.edit, ids);
        Some(super::inserting::with_places(&self.model, &self.view, &edit))
    }

    /// Gives a verdict on a finding. An open one is taken back.
    pub fn give_verdict(&mut self, key: &str, verdict: &Verdict) {
        let facts = self.report().finding(key).map(|it| it.facts.clone()).unwrap_or_default();
        let text = |it: &str| it.trim().to_owned();
        let verdict = Verdict {
            state: verdict.state,
            reason: text(&verdict.reason),
            who: text(&verdict.who),
            when: self.today(),
            until: text(&verdict.until),
            link: text(&verdict.link),
            facts,
        };
        self.who.clone_from(&verdict.who);
        let label = format!("Verdict: {}", verdict.state.label().to_lowercase());
        self.change(label, |draft, _| match verdict.state {
            VerdictState::Open => draft.remove::<Verdict>(&key.to_owned()),
            _ => draft.put(key.to_owned(), verdict),
        });
    }

    /// Takes the verdict on a finding back.
    pub fn reopen(&mut self, key: &str) {
        self.change("Reopen", |draft, _| draft.remove::<Verdict>(&key.to_owned()));
    }

    /// Answers a question by one of its choices.
    pub fn answer(&mut self, key: &str, choice: usize) {
        let Some(question) = self.report().question(key) else { return };
        let Some(choice) = question.choices.get(choice).cloned() else { return };
        let (id, field) = (question.subject.clone(), question.field.clone());
        let answer = choice.edit(&self.model);
        // What was answered is not put off any more, should it be asked again.
        let mut draft = Draft::of(&self.model);
        if self.put_off.holds(&id, &field) && self.model.answer(&id, &field).is_none() {
            draft.edit_remark(&id, &field, |it| it.later = false);
        }
        let edit = answer.changes().iter().cloned().chain(draft.finish().changes().iter().cloned()).collect();
        self.apply(format!("Answer: {}", choice.label.read(&self.model)), &edit);
    }

    /// Notes something on the answer to a question, whether it was given or not.
    pub fn note(&mut self, key: &str, note: &str) {
        let Some(question) = self.report().question(key) else { return };
        let (id, field, note) = (question.subject.clone(), question.field.clone(), note.trim().to_owned());
        self.change("Note on an answer", |draft, _| {
            draft.edit_remark(&id, &field, |it| it.note.clone_from(&note));
        });
    }

    /// Puts a question off.
    pub fn put_off(&mut self, key: &str) {
        let Some(question) = self.report().question(key) else { return };
        let (id, field) = (question.subject.clone(), question.field.clone());
        self.change("Answer later", |draft, _| draft.edit_remark(&id, &field, |it| it.later = true));
    }

    /// Shows the evidence of a finding or question for good, and brings it into view; the same again hides it.
    pub fn choose(&mut self, key: &str) {
        if self.shown.chosen.as_deref() == Some(key) {
            self.shown.chosen = None;
            return;
        }
        self.shown.chosen = Some(key.to_owned());
        if let Some(evidence) = self.evidence_of(key) {
            let elements = evidence.elements();
            self.shown.wishes.push(Wish::Show(self.drawn_of(elements)));
        }
    }

    /// Shows a finding or question in its list, for who comes for it from elsewhere.
    pub fn seek(&mut self, key: &str, tab: Tab) {
        self.show_tab(tab);
        self.shown.chosen = None;
        self.choose(key);
        self.shown.sought = Some(key.to_owned());
    }

    /// Shows the first finding that the badge of an element counts in its list or, if there is none, the first question.
    pub fn seek_first_about(&mut self, id: &Id) {
        let merged = self.layout.flows.get(id).map(|it| it.merged.clone()).unwrap_or_default();
        let is_about = |it: &Id| it == id || merged.contains(it) || self.stand_in(it).as_ref() == Some(id);
        let finding = self.open_about(is_about).next().map(|it| (it.key.clone(), Tab::Findings));
        let question = || self.asked_about(is_about).next().map(|it| (it.key.clone(), Tab::Questions));
        if let Some((key, tab)) = finding.or_else(question) {
            self.seek(&key, tab);
        }
    }

    /// Lists the findings of what is selected, and no others.
    pub fn list_selected(&mut self) {
        self.show_tab(Tab::Findings);
        self.shown.search.clear();
        self.shown.narrows_to_selection = true;
    }

    /// Opens the page of a rule.
    pub fn show_manual(&mut self, rule: &str) {
        self.shown.modal = Some(Modal::Manual(rule.to_owned()));
    }

    /// The evidence of the finding or question of a key.
    pub fn evidence_of(&self, key: &str) -> Option<&Evidence> {
        let report = self.report();
        report.finding(key).map(|it| &it.evidence).or_else(|| report.question(key).map(|it| &it.evidence))
    }

    /// In words: the name, counts and findings, for the page's live summary and for screen readers.
    pub fn summary(&self) -> String {
        // Whoever searches wants to hear of that alone, at each letter.
        if let Some(found) = self.search_in_words().filter(|it| !it.is_empty()) {
            return format!("Find on the drawing: {found}.");
        }
        let model = &self.model;
        let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let drawn = format!(
            "{}. {}, {}, {}",
            self.title(),
            count(model.components().len(), "component", "components"),
            count(model.flows().len(), "flow", "flows"),
            count(model.boundaries().len(), "boundary", "boundaries"),
        );
        if self.is_blank() {
            let state = if self.has_failed() { "Its analysis failed" } else { "Looking for findings" };
            return format!("{drawn}. {state}.");
        }
        let mut text = format!("{drawn}. {}", count(self.open_count(), "finding", "findings"));
        let open = self.listed_findings().map(|it| it.1).filter(|it| it.state.is_open());
        for Listed { finding, .. } in open.take(20) {
            let [message, place] = [&finding.message, &finding.place].map(|it| it.read(model));
            text = format!("{text}; {}: {message} ({place})", finding.severity.label());
        }
        format!("{text}. {}.", count(self.questions().count(), "question", "questions"))
    }
}

/// What the canvas marks.
pub(super) fn marks(editor: &Editor) -> Marks {
    let tints = editor.shown.tint.as_ref().map(|it| super::tints::tinted(editor, it));
    let left_out = editor.left_out();
    let mut marks = Marks { evidence: evidence(editor), tints, left_out, ..Marks::default() };
    super::inferred::mark(editor, &mut marks);
    if !editor.shown.hides_comments {
        super::comments::mark(editor, &mut marks);
    }
    if editor.shown.hides_badges {
        return marks;
    }
    let mut badges: HashMap<&Id, Badge> = HashMap::new();
    for listed in editor.findings().filter(|it| it.state.is_open()) {
        for id in &listed.finding.subjects {
            add_badge(&mut badges, id, level(listed.finding.severity));
        }
    }
    for question in editor.questions() {
        add_badge(&mut badges, &question.subject, Level::Question);
    }
    // Put in order once: there may be a badge on each of ten thousand elements.
    marks.badges = badges.into_iter().map(|(id, badge)| (id.clone(), badge)).collect();
    let mut hidden: BTreeMap<Id, Badge> = BTreeMap::new();
    if !editor.collapsed.is_empty() {
        for (id, badge) in &marks.badges {
            if let Some(outer) = editor.stand_in(id) {
                let all = hidden.entry(outer).or_insert(Badge { count: 0, ..*badge });
                *all = all.and(*badge);
            }
        }
    }
    for (id, badge) in hidden {
        let own = marks.badges.get(&id).copied();
        marks.badges.insert(id, own.map_or(badge, |it| it.and(badge)));
    }
    marks
}

fn add_badge<'e>(badges: &mut HashMap<&'e Id, Badge>, id: &'e Id, level: Level) {
    let badge = badges.entry(id).or_insert(Badge { level, count: 0 });
    if level == Level::Question && badge.level > Level::Question {
        return;
    }
    badge.count += 1;
    badge.level = badge.level.max(level);
}

pub(super) fn level(severity: Severity) -> Level {
    match severity {
        Severity::Low => Level::Low,
        Severity::Medium => Level::Medium,
        Severity::High => Level::High,
        Severity::Critical => Level::Critical,
    }
}
