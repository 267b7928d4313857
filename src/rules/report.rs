//! The report: what all rules said of one model, in order, and what changes in it when some of them ran again.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::packs::Packs;
use super::{Finding, Question};
use crate::analysis::Particulars;
use crate::model::Id;

/// What all rules said of one model.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The worst first; equal ones by rule and key. Whoever lists them does so by [`super::in_order`].
    pub findings: Vec<Arc<Finding>>,
    /// The weightiest first; equal ones by rule, then by subject and field. One for each field.
    pub questions: Vec<Arc<Question>>,
    /// What it was put together from, in the order of their rules.
    said: Vec<Said>,
    /// The rules of packs among them, behind the built-in ones.
    packs: Packs,
}

impl PartialEq for Report {
    fn eq(&self, other: &Self) -> bool {
        self.findings == other.findings && self.questions == other.questions
    }
}

impl Eq for Report {}

/// What one rule said of one model.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// By key, each once.
    findings: Vec<Arc<Finding>>,
    /// By subject and field, each once.
    asked: Vec<Asked>,
    /// The components of which it read how they are called, or whether one logs in.
    pub(super) particulars: Particulars,
}

impl Said {
    /// How much it said.
    pub(super) fn count(&self) -> usize {
        self.findings.len() + self.asked.len()
    }
}

/// A question of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    question: Arc<Question>,
    /// How often it was asked besides.
    more: u32,
}

/// A weight is a level in thousands, and how many more results rest on the field.
pub(super) const LEVEL: u32 = 1000;

/// Takes in what one rule says as it says it.
#[derive(Debug, Default)]
pub(super) struct Saying {
    findings: Vec<Finding>,
    asked: BTreeMap<(Id, String), (Question, u32)>,
    pub(super) particulars: Particulars,
}

impl Saying {
    pub(super) fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Of two of one field, the weightier words it, of two as weighty the first.
    pub(super) fn ask(&mut self, question: Question) {
        let field = (question.subject.clone(), question.field.clone());
        match self.asked.get_mut(&field) {
            None => drop(self.asked.insert(field, (question, 0))),
            Some((known, more)) => {
                *more += 1;
                if known.weight < question.weight {
                    *known = question;
                }
            }
        }
    }

    /// Counts one more result that rests on a field, if it was asked at its weight or a higher one.
    pub(super) fn count(&mut self, subject: &Id, field: &str, weight: u32) -> bool {
        let known = self.asked.get_mut(&(subject.clone(), field.to_owned()));
        let Some((_, more)) = known.filter(|it| it.0.weight >= weight) else { return false };
        *more += 1;
        true
    }

    pub(super) fn finish(self) -> Said {
        let particulars = self.particulars;
        let mut findings = self.findings;
        // Of two under one key, the worse stands, of two as bad the first.
        findings.sort_by(|a, b| a.key.cmp(&b.key).then(b.severity.cmp(&a.severity)));
        findings.dedup_by(|it, before| it.key == before.key);
        let asked = self.asked.into_values();
        let asked = asked.map(|(question, more)| Asked { question: Arc::new(question), more });
        Said { findings: findings.into_iter().map(Arc::new).collect(), asked: asked.collect(), particulars }
    }
}

impl Report {
    /// Puts together what rules said, in the order of their ids.
    pub(super) fn of(said: Vec<Said>, packs: Packs) -> Self {
        let mut report = Self { said, packs, ..Self::default() };
        report.put_together();
        report
    }

    pub fn finding(&self, key: &str) -> Option<&Finding> {
        self.findings.iter().find(|it| it.key == key).map(|it| &**it)
    }

    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|it| it.key == key).map(|it| &**it)
    }

    /// What of a pack could not be meant as it stands, a sentence each.
    pub fn pack_faults(&self, pack: &Id) -> &[String] {
        self.packs.faults(pack)
    }

    pub(super) fn said(&self) -> &[Said] {
        &self.said
    }

    pub(super) fn packs(&self) -> &Packs {
        &self.packs
    }

    fn put_together(&mut self) {
        // Places instead of texts, as each rule's are in order already.
        let mut findings: Vec<(Reverse<_>, usize, usize)> = Vec::new();
        let mut askers: HashMap<&str, Vec<&Asked>> = HashMap::new();
        for (rule, said) in self.said.iter().enumerate() {
            let numbered = said.findings.iter().enumerate();
            findings.extend(numbered.map(|(n, it)| (Reverse(it.severity), rule, n)));
            for asked in &said.asked {
                askers.entry(&asked.question.key).or_default().push(asked);
            }
        }
        findings.sort_unstable();
        self.findings =
            findings.into_iter().map(|(_, rule, n)| Arc::clone(&self.said[rule].findings[n])).collect();
        let mut questions = Vec::with_capacity(askers.len());
        for (rule, said) in self.said.iter().enumerate() {
            for (n, asked) in said.asked.iter().enumerate() {
                let all = askers.get(&*asked.question.key).map_or(&[][..], Vec::as_slice);
                // Whoever words it puts it in.
                if let Some((first, weight)) = weighed(all).filter(|it| std::ptr::eq(it.0, asked)) {
                    questions.push((Reverse(weight), rule, n, worded(first, weight)));
                }
            }
        }
        questions.sort_unstable_by_key(|it| (it.0, it.1, it.2));
        self.questions = questions.into_iter().map(|it| it.3).collect();
    }

    /// Puts what some rules said now in the place of what they said before.
    pub(super) fn replace(&mut self, now: Vec<(usize, Said)>) {
        let mut fields: Vec<(Id, String)> = Vec::new();
        let (mut gone, mut new) = (Vec::new(), Vec::new());
        for (rule, said) in &now {
            let before = &self.said[*rule];
            gone.extend(missing(&before.findings, &said.findings).cloned());
            new.extend(missing(&said.findings, &before.findings).cloned());
            fields.extend(differ(&before.asked, &said.asked));
        }
        fields.sort_unstable();
        fields.dedup();
        if fields.len() + gone.len() + new.len() > MUCH {
            for (rule, said) in now {
                self.said[rule] = said;
            }
            self.put_together();
            return;
        }
        for field in &fields {
            if let Some((first, weight)) = self.asked(field) {
                let at = self.questions.binary_search_by(|it| question_order(it, &first.question, weight));
                if let Ok(at) = at {
                    self.questions.remove(at);
                }
            }
        }
        for (rule, said) in now {
            self.said[rule] = said;
        }
        for gone in gone {
            if let Ok(at) = self.findings.binary_search_by(|it| finding_order(it, &gone)) {
                self.findings.remove(at);
            }
        }
        for new in new {
            if let Err(at) = self.findings.binary_search_by(|it| finding_order(it, &new)) {
                self.findings.insert(at, new);
            }
        }
        for field in &fields {
            let Some((first, weight)) = self.asked(field) else { continue };
            let at = self.questions.binary_search_by(|it| question_order(it, &first.question, weight));
            if let Err(at) = at {
                let question = worded(first, weight);
                self.questions.insert(at, question);
            }
        }
    }

    /// Who words the question of a field, and its weight.
    fn asked(&self, field: &(Id, String)) -> Option<(&Asked, u32)> {
        let of =
            |said: &'_ Said| said.asked.binary_search_by(|it| it.field().cmp(&(&field.0, &field.1))).ok();
        let all: Vec<&Asked> =
            self.said.iter().filter_map(|it| of(it).and_then(|at| it.asked.get(at))).collect();
        weighed(&all)
    }
}

/// When this much is said anew, all is put in order anew.
const MUCH: usize = 256;

impl Asked {
    fn field(&self) -> (&Id, &str) {
        (&self.question.subject, &self.question.field)
    }
}

/// Of all who ask about one field, in the order of their rules' ids, the one who words the question, and its weight.
fn weighed<'a>(all: &[&'a Asked]) -> Option<(&'a Asked, u32)> {
    let level = all.iter().map(|it| it.question.weight).max()?;
    let first = all.iter().find(|it| it.question.weight == level)?;
    let more = all.iter().map(|it| it.more + 1).sum::<u32>() - 1;
    Some((first, level + more.min(LEVEL - 1)))
}

fn worded(asked: &Asked, weight: u32) -> Arc<Question> {
    if asked.question.weight == weight {
        return Arc::clone(&asked.question);
    }
    Arc::new(Question { weight, ..Question::clone(&asked.question) })
}

fn finding_order(a: &Finding, b: &Finding) -> std::cmp::Ordering {
    (Reverse(a.severity), &a.rule, &a.key).cmp(&(Reverse(b.severity), &b.rule, &b.key))
}

fn question_order(a: &Question, b: &Question, weight: u32) -> std::cmp::Ordering {
    (Reverse(a.weight), &a.rule, &a.subject, &a.field).cmp(&(Reverse(weight), &b.rule, &b.subject, &b.field))
}

/// Those of some findings, by key, that are not among others as they are.
fn missing<'a>(some: &'a [Arc<Finding>], of: &'a [Arc<Finding>]) -> impl Iterator<Item = &'a Arc<Finding>> {
    some.iter().filter(|it| {
        let at = of.binary_search_by(|other| other.key.cmp(&it.key));
        at.ok().and_then(|at| of.get(at)).is_none_or(|other| other != *it)
    })
}

/// The fields of which one rule asks not what it asked.
fn differ(before: &[Asked], after: &[Asked]) -> Vec<(Id, String)> {
    let not_in = |some: &[Asked], of: &[Asked]| {
        let is_new = |it: &&Asked| {
            let at = of.binary_search_by(|other| other.field().cmp(&it.field()));
            at.ok().and_then(|at| of.get(at)).is_none_or(|other| other != *it)
        };
        let field = |it: &Asked| (it.question.subject.clone(), it.question.field.clone());
        some.iter().filter(is_new).map(field).collect::<Vec<_>>()
    };
    [not_in(before, after), not_in(after, before)].concat()
}
